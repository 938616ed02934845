//! The loop itself: fetching, dispatch, and what happens between frames. What the instructions do
//! is in the sibling files, by family; each is inlined here.

use std::sync::atomic::Ordering;

use super::calls::Called;
use super::regs::Regs;
use super::specialize::variant;
use super::{attributes, build, calls, exceptions, generators, imports, items, jumps, locals};
use super::{names, operators, patterns, signals, with};
use crate::code::exception_table;
use crate::code::opcode::op;
use crate::era::is_classic;
use crate::memory::Ref;
use crate::objects::{PyResult, TypeFlags};
use crate::vm::Ctx;
use crate::vm::call;
use crate::vm::classic::handled;
use crate::vm::frame::{Frame, Owner};
use crate::vm::observe::Verdict;
use crate::vm::state::{SIGNALS, signal};
use crate::vm::tracing;

/// How the plain or the tracing loop ended.
enum Exit {
    /// The entry frame returned or yielded a value.
    Value(Ref),
    /// The entry frame was left by an exception, which is pending.
    Raised,
    /// Tracing was switched on or off: go on in the other loop with this frame.
    Switch(*mut Frame),
}

/// Why an instruction did not simply fall through to the next.
enum Stop {
    /// An exception is pending.
    Error,
    /// An exception is pending and already has its traceback entry for this frame (`RERAISE`).
    Reraise,
    /// The frame has changed (return): reload the registers.
    Resume,
    /// As `Resume`, for a frame that has just been pushed.
    Start,
    /// The entry frame is left with a value.
    Exit(Ref),
    /// The loop is left for the other one.
    Switch,
}

/// Executes a frame until it returns, yields or raises. The caller owns the frame's memory and
/// clears it afterwards (generators keep it).
///
/// # Safety
/// The frame is complete and not executing.
pub unsafe fn run_frame(cx: Ctx, entry: *mut Frame) -> PyResult {
    // SAFETY: promised by the caller.
    unsafe { resume_frame(cx, entry, false) }
}

/// As [`run_frame`]; with `throwing`, the pending exception is raised where the frame stands.
///
/// # Safety
/// As [`run_frame`].
pub unsafe fn resume_frame(cx: Ctx, entry: *mut Frame, throwing: bool) -> PyResult {
    let vm = cx.vm();
    // SAFETY: promised by the caller.
    unsafe {
        (*entry).is_entry = true;
        (*entry).previous = vm.frame.get();
        vm.frame.set(entry);
        let mut frame = entry;
        let mut begin = if throwing { Begin::Throw } else { Begin::Fresh };
        let exit = loop {
            let tracing = SIGNALS.load(Ordering::Relaxed) & signal::WATCHED != 0;
            let exit = match () {
                () if tracing => cx.as_traced_loop(entry, || run::<TRACING>(cx, frame, begin)),
                () if vm.counting.get() => cx.as_traced_loop(entry, || run::<COUNTING>(cx, frame, begin)),
                () => run::<PLAIN>(cx, frame, begin),
            };
            match exit {
                Exit::Switch(at) => {
                    frame = at;
                    begin = Begin::Switched;
                }
                exit => break exit,
            }
        };
        vm.frame.set((*entry).previous);
        if is_classic() {
            handled::leave(cx, entry);
        }
        // A function's frame that a traceback keeps is linked to its caller's when it is cleared.
        if (*entry).owner == Owner::Generator {
            (*entry).previous = std::ptr::null_mut();
        }
        match exit {
            Exit::Value(value) => Ok(value),
            _ => Err(cx.raised()),
        }
    }
}

/// How a loop takes up its first frame.
#[derive(Clone, Copy)]
enum Begin {
    /// One more level of recursion.
    Fresh,
    /// As `Fresh`, with an exception pending that is raised at once.
    Throw,
    /// The other loop was running it.
    Switched,
}

/// Nobody looks.
const PLAIN: u8 = 0;
/// Instructions are counted, and the observer is asked when a number is reached.
const COUNTING: u8 = 1;
/// The observer is asked before each instruction.
const TRACING: u8 = 2;

/// The loop, in one of its three forms.
///
/// # Safety
/// The frame is complete and not executing, and its code is well-formed (see [`super::regs`]).
unsafe fn run<const LOOP: u8>(cx: Ctx, entry: *mut Frame, begin: Begin) -> Exit {
    let mut r = Regs::new(entry);
    let mut throwing = matches!(begin, Begin::Throw);
    let mut stop = if matches!(begin, Begin::Switched) { Stop::Resume } else { Stop::Start };
    loop {
        // --- between instructions that follow each other: settle what the last one stopped for ---
        match stop {
            Stop::Start => match cx.count_recursion("") {
                Ok(()) => {
                    // SAFETY: the frame was just made, or given by the caller.
                    unsafe { r.load() };
                    if LOOP == TRACING {
                        observe_entry(&mut r, cx);
                    }
                    if std::mem::take(&mut throwing) {
                        stop = Stop::Error;
                        continue;
                    }
                }
                // As when leaving by an exception, without this frame in the traceback.
                Err(_raised) => match leave(&mut r, cx) {
                    Left::Entry => return Exit::Raised,
                    Left::Caller => {
                        // SAFETY: the caller's frame was saved when it called.
                        unsafe { r.load() };
                        stop = Stop::Error;
                        continue;
                    }
                },
            },
            // SAFETY: the frame's stack was saved when it was left.
            Stop::Resume => unsafe { r.load() },
            Stop::Error | Stop::Reraise => {
                if !unwind::<LOOP>(&mut r, cx, matches!(stop, Stop::Reraise)) {
                    if let Left::Entry = leave(&mut r, cx) {
                        return Exit::Raised;
                    }
                    // SAFETY: the caller's frame was saved when it called.
                    unsafe { r.load() };
                    stop = Stop::Error;
                    continue;
                }
            }
            Stop::Exit(value) => return Exit::Value(value),
            Stop::Switch => return Exit::Switch(r.frame_ptr()),
        }
        stop = execute::<LOOP>(&mut r, cx);
    }
}

/// Executes instructions until one does not simply fall through to the next.
#[inline(always)]
fn execute<const LOOP: u8>(r: &mut Regs, cx: Ctx) -> Stop {
    // The value of what may raise; an exception ends the stretch.
    macro_rules! attempt {
        ($result:expr) => {
            match $result {
                Ok(value) => value,
                Err(_raised) => return Stop::Error,
            }
        };
    }
    // A safepoint: signals from outside, requests of front ends, tracing switched on.
    macro_rules! safepoint {
        () => {
            if SIGNALS.load(Ordering::Relaxed) & !(if LOOP == TRACING { signal::WATCHED } else { 0 }) != 0 {
                r.save();
                let answered = signals::answer_signals(cx);
                r.unsave();
                attempt!(answered);
                if LOOP != TRACING && SIGNALS.load(Ordering::Relaxed) & signal::WATCHED != 0 {
                    r.save();
                    r.mark_previous();
                    return Stop::Switch;
                }
            }
        };
    }
    let vm = cx.vm();
    loop {
        if LOOP == COUNTING {
            r.mark_depth();
        }
        if LOOP == TRACING || (LOOP == COUNTING && vm.executed.get() >= vm.look_at.get()) {
            let previous = r.frame().instr_index();
            attempt!(observe_instruction::<LOOP>(r, cx));
            if LOOP == TRACING && tracing::is_on() {
                attempt!(tell_instruction(r, cx, previous));
            }
            if (SIGNALS.load(Ordering::Relaxed) & signal::WATCHED != 0) != (LOOP == TRACING) {
                r.save();
                return Stop::Switch;
            }
        }
        if LOOP != PLAIN {
            vm.executed.set(vm.executed.get() + 1);
        }
        let (mut opcode, mut oparg) = r.fetch();
        loop {
            // A specialised form that does not fit turns back into the generic one, which is next.
            macro_rules! specialised {
                ($fits:expr, $generic:expr) => {
                    if !$fits {
                        r.cache().revert($generic);
                        opcode = $generic;
                        continue;
                    }
                };
            }
            match opcode {
                op::NOP | op::CACHE => {}
                op::PRECALL => r.skip(1),
                op::EXTENDED_ARG => {
                    let (next, low) = r.fetch();
                    opcode = next;
                    oparg = oparg << 8 | low;
                    continue;
                }
                op::RESUME => {
                    if oparg < 2 {
                        safepoint!();
                    }
                }

                // --- locals, constants, stack ---
                op::LOAD_FAST | op::LOAD_CLOSURE => attempt!(locals::load_fast(r, cx, oparg)),
                op::STORE_FAST => locals::store_fast(r, oparg),
                op::DELETE_FAST => attempt!(locals::delete_fast(r, cx, oparg)),
                op::LOAD_CONST => locals::load_const(r, oparg),
                op::POP_TOP => r.drop_top(),
                op::PUSH_NULL => r.push_null(),
                op::SWAP => r.swap(oparg as usize),
                op::COPY => locals::copy(r, oparg),
                op::LOAD_DEREF => attempt!(locals::load_deref(r, cx, oparg)),
                op::LOAD_CLASSDEREF => attempt!(locals::load_classderef(r, cx, oparg)),
                op::STORE_DEREF => locals::store_deref(r, oparg),
                op::DELETE_DEREF => attempt!(locals::delete_deref(r, cx, oparg)),
                op::MAKE_CELL => locals::make_cell(r, cx, oparg),
                op::COPY_FREE_VARS => locals::copy_free_vars(r, oparg),

                // --- operators ---
                op::UNARY_POSITIVE => attempt!(operators::unary(r, |value| cx.positive(value))),
                op::UNARY_NEGATIVE => attempt!(operators::unary(r, |value| cx.negative(value))),
                op::UNARY_INVERT => attempt!(operators::unary(r, |value| cx.invert(value))),
                op::UNARY_NOT => attempt!(operators::unary_not(r, cx)),
                op::BINARY_OP => attempt!(operators::binary_op(r, cx, oparg)),
                op::COMPARE_OP => attempt!(operators::compare_op(r, cx, oparg, LOOP == PLAIN)),
                op::IS_OP => operators::is_op(r, cx, oparg),
                op::CONTAINS_OP => attempt!(operators::contains_op(r, cx, oparg)),

                // --- items ---
                op::BINARY_SUBSCR => attempt!(items::binary_subscr(r, cx)),
                op::STORE_SUBSCR => attempt!(items::store_subscr(r, cx)),
                op::DELETE_SUBSCR => attempt!(items::delete_subscr(r, cx)),
                op::BUILD_SLICE => items::build_slice(r, cx, oparg),

                // --- building and taking apart ---
                op::BUILD_TUPLE => build::build_tuple(r, cx, oparg),
                op::BUILD_LIST => attempt!(build::build_list(r, cx, oparg)),
                op::LIST_TO_TUPLE => build::list_to_tuple(r, cx),
                op::BUILD_SET => attempt!(build::build_set(r, cx, oparg)),
                op::BUILD_MAP => attempt!(build::build_map(r, cx, oparg)),
                op::BUILD_CONST_KEY_MAP => attempt!(build::build_const_key_map(r, cx, oparg)),
                op::BUILD_STRING => build::build_string(r, oparg),
                op::FORMAT_VALUE => attempt!(build::format_value(r, cx, oparg)),
                op::LIST_APPEND => attempt!(build::list_append(r, cx, oparg)),
                op::SET_ADD => attempt!(build::set_add(r, cx, oparg)),
                op::MAP_ADD => attempt!(build::map_add(r, cx, oparg)),
                op::LIST_EXTEND => attempt!(build::list_extend(r, cx, oparg)),
                op::SET_UPDATE => attempt!(build::set_update(r, cx, oparg)),
                op::DICT_UPDATE => attempt!(build::dict_update(r, cx, oparg)),
                op::DICT_MERGE => attempt!(build::dict_merge(r, cx, oparg)),
                op::UNPACK_SEQUENCE => attempt!(build::unpack_sequence(r, cx, oparg)),
                op::UNPACK_EX => attempt!(build::unpack_ex(r, cx, oparg)),

                // --- iteration and jumps ---
                op::GET_ITER => attempt!(jumps::get_iter(r, cx)),
                op::GET_YIELD_FROM_ITER => attempt!(jumps::get_yield_from_iter(r, cx)),
                op::FOR_ITER => attempt!(jumps::for_iter(r, cx, oparg)),
                op::GET_LEN => attempt!(jumps::get_len(r, cx)),
                op::JUMP_FORWARD => r.jump_forward(oparg),
                op::JUMP_BACKWARD => {
                    r.jump_backward(oparg);
                    safepoint!();
                }
                op::JUMP_BACKWARD_NO_INTERRUPT => r.jump_backward(oparg),
                op::POP_JUMP_FORWARD_IF_FALSE => {
                    if !attempt!(jumps::pop_truth(r, cx)) {
                        r.jump_forward(oparg);
                    }
                }
                op::POP_JUMP_FORWARD_IF_TRUE => {
                    if attempt!(jumps::pop_truth(r, cx)) {
                        r.jump_forward(oparg);
                    }
                }
                op::POP_JUMP_BACKWARD_IF_FALSE => {
                    if !attempt!(jumps::pop_truth(r, cx)) {
                        r.jump_backward(oparg);
                    }
                    safepoint!();
                }
                op::POP_JUMP_BACKWARD_IF_TRUE => {
                    if attempt!(jumps::pop_truth(r, cx)) {
                        r.jump_backward(oparg);
                    }
                    safepoint!();
                }
                op::POP_JUMP_FORWARD_IF_NONE => {
                    if jumps::pop_is_none(r, cx) {
                        r.jump_forward(oparg);
                    }
                }
                op::POP_JUMP_FORWARD_IF_NOT_NONE => {
                    if !jumps::pop_is_none(r, cx) {
                        r.jump_forward(oparg);
                    }
                }
                op::POP_JUMP_BACKWARD_IF_NONE => {
                    if jumps::pop_is_none(r, cx) {
                        r.jump_backward(oparg);
                    }
                    safepoint!();
                }
                op::POP_JUMP_BACKWARD_IF_NOT_NONE => {
                    if !jumps::pop_is_none(r, cx) {
                        r.jump_backward(oparg);
                    }
                    safepoint!();
                }
                op::JUMP_IF_FALSE_OR_POP => attempt!(jumps::jump_if_or_pop(r, cx, false, oparg)),
                op::JUMP_IF_TRUE_OR_POP => attempt!(jumps::jump_if_or_pop(r, cx, true, oparg)),

                // --- names ---
                op::LOAD_GLOBAL => attempt!(names::load_global(r, cx, oparg)),
                variant::LOAD_GLOBAL_MODULE => {
                    specialised!(names::load_global_module(r, oparg), op::LOAD_GLOBAL)
                }
                variant::LOAD_GLOBAL_BUILTIN => {
                    specialised!(names::load_global_builtin(r, oparg), op::LOAD_GLOBAL)
                }
                op::STORE_GLOBAL => attempt!(names::store_global(r, cx, oparg)),
                op::DELETE_GLOBAL => attempt!(names::delete_global(r, cx, oparg)),
                op::LOAD_NAME => attempt!(names::load_name(r, cx, oparg)),
                op::STORE_NAME => attempt!(names::store_name(r, cx, oparg)),
                op::DELETE_NAME => attempt!(names::delete_name(r, cx, oparg)),
                op::LOAD_BUILD_CLASS => attempt!(names::load_build_class(r, cx)),
                op::SETUP_ANNOTATIONS => attempt!(names::setup_annotations(cx, r.frame())),

                // --- attributes ---
                op::LOAD_ATTR => attempt!(attributes::load_attr(r, cx, oparg)),
                variant::LOAD_ATTR_INSTANCE => specialised!(attributes::load_attr_instance(r), op::LOAD_ATTR),
                variant::LOAD_ATTR_SLOT => specialised!(attributes::load_attr_slot(r), op::LOAD_ATTR),
                variant::LOAD_ATTR_MODULE => specialised!(attributes::load_attr_module(r), op::LOAD_ATTR),
                op::STORE_ATTR => attempt!(attributes::store_attr(r, cx, oparg)),
                variant::STORE_ATTR_INSTANCE => {
                    specialised!(attributes::store_attr_instance(r), op::STORE_ATTR)
                }
                variant::STORE_ATTR_SLOT => specialised!(attributes::store_attr_slot(r), op::STORE_ATTR),
                op::DELETE_ATTR => attempt!(attributes::delete_attr(r, cx, oparg)),
                op::LOAD_METHOD => attempt!(attributes::load_method(r, cx, oparg)),
                variant::LOAD_METHOD_VALUES => {
                    specialised!(attributes::load_method_values(r), op::LOAD_METHOD)
                }
                variant::LOAD_METHOD_NO_DICT => {
                    specialised!(attributes::load_method_no_dict(r), op::LOAD_METHOD)
                }

                // --- calls ---
                op::KW_NAMES => r.set_kwnames(oparg),
                op::CALL if LOOP == TRACING && tracing::is_profiling(cx) => {
                    match attempt!(call_profiled(r, cx, oparg)) {
                        Called::Entered => return Stop::Start,
                        Called::Done => safepoint!(),
                    }
                }
                op::CALL => match attempt!(calls::call(r, cx, oparg)) {
                    Called::Entered => return Stop::Start,
                    Called::Done => safepoint!(),
                },
                op::CALL_FUNCTION_EX => {
                    attempt!(calls::call_function_ex(r, cx, oparg));
                    safepoint!();
                }
                op::MAKE_FUNCTION => attempt!(calls::make_function(r, cx, oparg)),
                op::RETURN_VALUE => {
                    if LOOP == TRACING && tracing::is_on() {
                        attempt!(tell_exit(r, cx));
                    }
                    let value = r.pop();
                    r.save();
                    cx.leave_recursion();
                    if LOOP == TRACING {
                        observe_exit(r, cx);
                    }
                    return return_to_caller(r, cx, value);
                }

                // --- generators ---
                op::RETURN_GENERATOR => {
                    let made = generators::return_generator(r, cx);
                    cx.leave_recursion();
                    return return_to_caller(r, cx, made);
                }
                op::YIELD_VALUE => {
                    if LOOP == TRACING && tracing::is_on() {
                        attempt!(tell_exit(r, cx));
                    }
                    let value = generators::yield_value(r, cx);
                    cx.leave_recursion();
                    if LOOP == TRACING {
                        observe_exit(r, cx);
                    }
                    return Stop::Exit(value);
                }
                op::ASYNC_GEN_WRAP => generators::async_gen_wrap(r, cx),
                op::SEND => attempt!(generators::send(r, cx, oparg)),
                op::GET_AWAITABLE => attempt!(generators::get_awaitable(r, cx, oparg)),
                op::GET_AITER => attempt!(generators::get_aiter(r, cx)),
                op::GET_ANEXT => attempt!(generators::get_anext(r, cx)),
                op::END_ASYNC_FOR => {
                    if exceptions::end_async_for(r, cx) {
                        return Stop::Reraise;
                    }
                }

                // --- exceptions, with ---
                op::PUSH_EXC_INFO => exceptions::push_exc_info(r, cx),
                op::POP_EXCEPT => exceptions::pop_except(r, cx),
                op::CHECK_EXC_MATCH => attempt!(exceptions::check_exc_match(r, cx)),
                op::CHECK_EG_MATCH => attempt!(exceptions::check_eg_match(r, cx)),
                op::PREP_RERAISE_STAR => attempt!(exceptions::prep_reraise_star(r, cx)),
                op::CLASSIC => attempt!(calls::classic(r, cx, oparg)),
                op::RAISE_VARARGS => {
                    let again = exceptions::raise_varargs(r, cx, oparg);
                    return if again { Stop::Reraise } else { Stop::Error };
                }
                op::RERAISE => {
                    exceptions::reraise(r, cx, oparg);
                    return Stop::Reraise;
                }
                op::BEFORE_WITH => attempt!(with::before_with(r, cx)),
                op::BEFORE_ASYNC_WITH => attempt!(with::before_async_with(r, cx)),
                op::WITH_EXCEPT_START => attempt!(exceptions::with_except_start(r, cx)),
                op::LOAD_ASSERTION_ERROR => exceptions::load_assertion_error(r),

                // --- imports, the prompt ---
                op::IMPORT_NAME => attempt!(imports::import_name(r, cx, oparg)),
                op::IMPORT_FROM => attempt!(imports::import_from(r, cx, oparg)),
                op::IMPORT_STAR => attempt!(imports::import_star(r, cx)),
                op::PRINT_EXPR => attempt!(calls::print_expr(r, cx)),

                // --- patterns ---
                op::MATCH_MAPPING => patterns::match_kind(r, cx, TypeFlags::MAPPING),
                op::MATCH_SEQUENCE => patterns::match_kind(r, cx, TypeFlags::SEQUENCE),
                op::MATCH_KEYS => attempt!(patterns::match_keys(r, cx)),
                op::MATCH_CLASS => attempt!(patterns::match_class(r, cx, oparg)),
                _ => {
                    exceptions::raise_unknown_opcode(cx, r.code(), opcode);
                    return Stop::Error;
                }
            }
            break;
        }
    }
}

/// Where the loop is after a frame was left.
enum Left {
    /// That was the frame it was entered with.
    Entry,
    /// The registers are at the caller's frame, not loaded yet.
    Caller,
}

/// Leaves a frame that is finished and saved: turns to its caller and clears it, unless it is the
/// entry frame, which belongs to whoever entered the loop.
#[inline(always)]
fn leave(r: &mut Regs, cx: Ctx) -> Left {
    if r.frame().is_entry {
        return Left::Entry;
    }
    let finished = r.frame_ptr();
    r.enter(r.frame().previous);
    cx.vm().frame.set(r.frame_ptr());
    // SAFETY: the finished frame is the top of the data stack and does not execute any more.
    unsafe { call::clear_frame(cx, finished) };
    Left::Caller
}

/// Gives a finished frame's value to the frame that called it.
#[inline(always)]
fn return_to_caller(r: &mut Regs, cx: Ctx, value: Ref) -> Stop {
    match leave(r, cx) {
        Left::Entry => Stop::Exit(value),
        Left::Caller => {
            r.push_saved(value);
            Stop::Resume
        }
    }
}

/// Goes to the handler of the pending exception. Without one the frame is ready to be left, and the
/// answer is false.
#[inline(always)]
fn unwind<const LOOP: u8>(r: &mut Regs, cx: Ctx, reraised: bool) -> bool {
    // `RERAISE` moves `prev_instr` back to where the exception came from, for its line; the handler is
    // that of the instruction itself.
    let offset = if reraised { r.previous_offset() } else { r.frame().instr_index() * 2 };
    if !reraised && !r.frame().is_incomplete() {
        r.save();
        // SAFETY: the frame is alive and its stack was just saved.
        unsafe { exceptions::add_traceback(cx, r.frame_ptr()) };
        if LOOP == TRACING && tracing::is_on() {
            // SAFETY: as above.
            unsafe { tracing::at_exception(cx, r.frame_ptr()) };
        }
        r.unsave();
    }
    match exception_table::lookup(&r.code().plain.exceptiontable, offset.max(0) as u32) {
        Some(handler) => {
            r.unwind_to(handler.depth as usize);
            if handler.lasti {
                r.push(cx.new_int(r.frame().instr_index() as i64));
            }
            r.push(exceptions::take_for_handler(cx));
            r.jump_to(handler.target);
            true
        }
        None => {
            r.unwind_to(0);
            r.save();
            if LOOP == TRACING && tracing::is_on() {
                // SAFETY: the frame is alive and saved. What the function raises takes the place of what is pending.
                let _ = unsafe { tracing::at_exit(cx, r.frame_ptr(), None) };
            }
            cx.leave_recursion();
            if LOOP == TRACING {
                observe_exit(r, cx);
            }
            false
        }
    }
}

/// Shows the instruction that is next to the observer; an error when it wants the program to end.
#[inline(always)]
fn observe_instruction<const LOOP: u8>(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    r.save();
    r.mark_depth();
    r.mark_previous();
    cx.note_traced_loop();
    let (vm, traced) = (cx.vm(), SIGNALS.load(Ordering::Relaxed) & signal::TRACE != 0);
    let verdict = match LOOP {
        TRACING if traced => cx.with_observer(|observer| observer.at_instruction(cx, r.frame())),
        TRACING if !vm.counting.get() || vm.executed.get() < vm.look_at.get() => Verdict::Continue,
        _ => cx.with_observer(|observer| observer.reached(cx, r.frame())),
    };
    r.unsave();
    if verdict == Verdict::Continue {
        return Ok(());
    }
    r.mark_next();
    signals::obey(cx, verdict)
}

/// Tells the program's trace function of the instruction that is next.
#[cold]
fn tell_instruction(r: &mut Regs, cx: Ctx, previous: isize) -> PyResult<()> {
    r.save();
    r.mark_next();
    let (opcode, _) = r.look_ahead(0);
    // SAFETY: the frame is alive and saved.
    let result = unsafe { tracing::at_instruction(cx, r.frame_ptr(), previous, opcode) };
    if result.is_ok() {
        r.mark_previous();
    }
    r.unsave();
    result
}

/// Tells the program's functions that the frame is left with the value on top of its stack.
#[cold]
fn tell_exit(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    r.save();
    // SAFETY: the frame is alive and saved.
    let result = unsafe { tracing::at_exit(cx, r.frame_ptr(), Some(r.peek(1))) };
    r.unsave();
    result
}

/// `CALL` while a profile function is set, which is told of native callables.
#[cold]
fn call_profiled(r: &mut Regs, cx: Ctx, given: u32) -> PyResult<Called> {
    let is_method = !r.raw(given as usize + 2).is_null();
    let callable = r.peek(given as usize + 1 + usize::from(is_method));
    let receiver =
        if is_method || given > 0 { Some(r.peek(given as usize + usize::from(is_method))) } else { None };
    let Some(function) = tracing::native_function(cx, callable, receiver) else {
        return calls::call(r, cx, given);
    };
    r.save();
    // SAFETY: the frame is alive and saved.
    let told = unsafe { tracing::at_native(cx, r.frame_ptr(), tracing::Event::CCall, &function) };
    r.unsave();
    told?;
    let result = calls::call(r, cx, given);
    let event = if result.is_ok() { tracing::Event::CReturn } else { tracing::Event::CException };
    r.save();
    // SAFETY: as above.
    let told = unsafe { tracing::at_native(cx, r.frame_ptr(), event, &function) };
    r.unsave();
    told?;
    result
}

#[inline(always)]
fn observe_entry(r: &mut Regs, cx: Ctx) {
    if SIGNALS.load(Ordering::Relaxed) & signal::TRACE == 0 {
        return;
    }
    r.save();
    cx.with_observer(|observer| {
        observer.entered(cx, r.frame());
        Verdict::Continue
    });
    r.unsave();
}

#[inline(always)]
fn observe_exit(r: &mut Regs, cx: Ctx) {
    if SIGNALS.load(Ordering::Relaxed) & signal::TRACE == 0 {
        return;
    }
    cx.with_observer(|observer| {
        observer.left(cx, r.frame());
        Verdict::Continue
    });
}
