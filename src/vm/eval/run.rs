//! The loop itself. Each arm is short; what is long lives in the sibling files by family.

use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use super::specialize::{self, Cache, variant};
use super::{calls, exceptions, names, ops, patterns};
use crate::code::exception_table;
use crate::code::opcode::op;
use crate::memory::{Layout, Object, Ref, decref, incref};
use crate::objects::attr;
use crate::objects::dict::DictObject;
use crate::objects::protocol::number::BinaryOp;
use crate::objects::{
    CellObject, CompareOp, IntObject, ListObject, ModuleObject, PyResult, StrObject, TupleObject, types,
};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::{Frame, Owner, Raw};
use crate::vm::function::FunctionObject;
use crate::vm::observe::Verdict;
use crate::vm::state::{SIGNALS, signal};
use crate::vm::{call, generator};

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
    /// `frame` was changed (call, return): reload the registers.
    Resume,
    /// As `Resume`, for a frame that has just been pushed.
    Start,
    Exit(Ref),
}

const BINARY_OPS: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::And,
    BinaryOp::FloorDivide,
    BinaryOp::Lshift,
    BinaryOp::MatrixMultiply,
    BinaryOp::Multiply,
    BinaryOp::Remainder,
    BinaryOp::Or,
    BinaryOp::Power,
    BinaryOp::Rshift,
    BinaryOp::Subtract,
    BinaryOp::TrueDivide,
    BinaryOp::Xor,
];

const COMPARE_OPS: [CompareOp; 6] =
    [CompareOp::Lt, CompareOp::Le, CompareOp::Eq, CompareOp::Ne, CompareOp::Gt, CompareOp::Ge];

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
            let tracing = SIGNALS.load(Ordering::Relaxed) & signal::TRACE != 0;
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
        if crate::era::is_classic() {
            crate::vm::classic::handled::leave(cx, entry);
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

unsafe fn run<const LOOP: u8>(cx: Ctx, entry: *mut Frame, begin: Begin) -> Exit {
    let vm = cx.vm();
    let types = types();
    // A register all along; the branches on it are those of calls and handlers.
    let classic = crate::era::is_classic();
    let mut frame = entry;
    let mut pc: *const u16 = std::ptr::null();
    let mut sp: *mut Raw = std::ptr::null_mut();
    let mut locals: *mut Raw = std::ptr::null_mut();
    let mut consts: *const Raw = std::ptr::null();
    let mut kwnames: *const TupleObject = std::ptr::null();

    // SAFETY (for the whole loop): the compiler's code keeps the stack balanced and within the
    // frame's size, jumps land on instructions, and indices into names, constants and locals are in
    // range; code from elsewhere is verified to do the same (`code::verify`). Slots below `sp` own their
    // references; a reference read from a slot and kept on the stack or in a local is alive.
    // SAFETY: as said above.
    unsafe {
        macro_rules! load_registers {
            () => {{
                let code: &Code = &*(*frame).code;
                pc = (*frame).prev_instr.cast_const().wrapping_add(1);
                locals = (*frame).slots();
                sp = locals.add((*frame).stacktop as usize);
                consts = code.consts.as_slice().as_ptr().cast::<Raw>();
                (*frame).stacktop = -1;
            }};
        }
        macro_rules! save_stack {
            () => {
                (*frame).stacktop = sp.offset_from(locals) as i32
            };
        }
        macro_rules! push {
            ($value:expr) => {{
                let value: Raw = $value;
                *sp = value;
                sp = sp.add(1);
            }};
        }
        macro_rules! push_ref {
            ($value:expr) => {{
                let value: Ref = $value;
                push!(value.into_raw().as_ptr())
            }};
        }
        macro_rules! pop {
            () => {{
                sp = sp.sub(1);
                *sp
            }};
        }
        // Takes the top of the stack as an owning handle.
        macro_rules! pop_ref {
            () => {{
                sp = sp.sub(1);
                Ref::from_owned(NonNull::new_unchecked(*sp))
            }};
        }
        macro_rules! peek {
            ($depth:expr) => {
                *sp.sub($depth as usize)
            };
        }
        macro_rules! top {
            ($depth:expr) => {
                &*peek!($depth)
            };
        }
        macro_rules! name {
            ($index:expr) => {{
                let code: &Code = &*(*frame).code;
                &*std::ptr::from_ref::<Object>(&**code.names.as_slice().get_unchecked($index as usize))
                    .cast::<StrObject>()
            }};
        }
        macro_rules! skip {
            ($caches:expr) => {
                pc = pc.add($caches)
            };
        }

        let mut throwing = matches!(begin, Begin::Throw);
        let mut stop = if matches!(begin, Begin::Switched) { Stop::Resume } else { Stop::Start };
        'frames: loop {
            // --- between frames: settle what the last instruction stopped for ---------------
            match stop {
                Stop::Start => match cx.count_recursion("") {
                    Ok(()) => {
                        load_registers!();
                        if LOOP == TRACING {
                            observe_entry(cx, frame, sp, locals);
                        }
                        if throwing {
                            throwing = false;
                            stop = Stop::Error;
                            continue 'frames;
                        }
                    }
                    Err(_raised) => {
                        // As when leaving by an exception, without this frame in the traceback.
                        if (*frame).is_entry {
                            return Exit::Raised;
                        }
                        let finished = frame;
                        frame = (*finished).previous;
                        vm.frame.set(frame);
                        call::clear_frame(cx, finished);
                        load_registers!();
                        stop = Stop::Error;
                        continue 'frames;
                    }
                },
                Stop::Resume => load_registers!(),
                Stop::Error | Stop::Reraise => {
                    // `RERAISE` moves `prev_instr` back to where the exception came from, for its line;
                    // the handler is that of the instruction itself.
                    let here = match stop {
                        Stop::Reraise => pc.wrapping_sub(1).cast_mut(),
                        _ => (*frame).prev_instr,
                    };
                    if matches!(stop, Stop::Error) && !(*frame).is_incomplete() {
                        save_stack!();
                        exceptions::add_traceback(cx, frame);
                        (*frame).stacktop = -1;
                    }
                    let code: &Code = &*(*frame).code;
                    let index = here.cast_const().offset_from(code.first_instr());
                    match exception_table::lookup(&code.plain.exceptiontable, (index * 2).max(0) as u32) {
                        Some(handler) => {
                            let base = locals.add(code.nlocalsplus as usize + handler.depth as usize);
                            while sp > base {
                                release(pop!());
                            }
                            if handler.lasti {
                                let lasti = (*frame).prev_instr.cast_const().offset_from(code.first_instr());
                                push_ref!(cx.new_int(lasti as i64));
                            }
                            push_ref!(exceptions::take_for_handler(cx));
                            pc = code.first_instr().add(handler.target as usize / 2);
                        }
                        None => {
                            let base = locals.add(code.nlocalsplus as usize);
                            while sp > base {
                                release(pop!());
                            }
                            save_stack!();
                            cx.leave_recursion();
                            if LOOP == TRACING {
                                observe_exit(cx, frame);
                            }
                            if (*frame).is_entry {
                                return Exit::Raised;
                            }
                            let finished = frame;
                            frame = (*finished).previous;
                            vm.frame.set(frame);
                            call::clear_frame(cx, finished);
                            load_registers!();
                            stop = Stop::Error;
                            continue 'frames;
                        }
                    }
                }
                Stop::Exit(value) => return Exit::Value(value),
            }

            // --- instructions -----------------------------------------------------------------
            stop = 'stop: {
                macro_rules! attempt {
                    ($result:expr) => {
                        match $result {
                            Ok(value) => value,
                            Err(_raised) => break 'stop Stop::Error,
                        }
                    };
                }
                // A safepoint: signals from outside, requests of front ends, tracing.
                macro_rules! safepoint {
                    () => {
                        if SIGNALS.load(Ordering::Relaxed)
                            & !(if LOOP == TRACING { signal::TRACE } else { 0 })
                            != 0
                        {
                            save_stack!();
                            let answered = super::ops::answer_signals(cx);
                            (*frame).stacktop = -1;
                            if answered.is_err() {
                                break 'stop Stop::Error;
                            }
                            if LOOP != TRACING && SIGNALS.load(Ordering::Relaxed) & signal::TRACE != 0 {
                                save_stack!();
                                (*frame).prev_instr = pc.sub(1).cast_mut();
                                return Exit::Switch(frame);
                            }
                        }
                    };
                }
                macro_rules! unary {
                    ($method:ident) => {{
                        let value = pop_ref!();
                        let result = cx.$method(&value);
                        drop(value);
                        push_ref!(attempt!(result));
                    }};
                }
                // A conditional jump on truth: `$jump_if`, by `$target` code units from here.
                macro_rules! pop_jump_if {
                    ($jump_if:expr, $target:expr) => {{
                        let value = pop!();
                        let truth = if value == types_true() {
                            release(value);
                            true
                        } else if value == types_false() {
                            release(value);
                            false
                        } else {
                            let value = Ref::from_owned(NonNull::new_unchecked(value));
                            let truth = cx.is_true(&value);
                            drop(value);
                            attempt!(truth)
                        };
                        if truth == $jump_if {
                            pc = $target;
                        }
                    }};
                }

                loop {
                    if LOOP == COUNTING {
                        (*frame).traced_top = sp.offset_from(locals) as i32;
                    }
                    if LOOP == TRACING || (LOOP == COUNTING && vm.executed.get() >= vm.look_at.get()) {
                        save_stack!();
                        (*frame).traced_top = (*frame).stacktop;
                        (*frame).prev_instr = pc.sub(1).cast_mut();
                        cx.note_traced_loop();
                        let verdict = cx.with_observer(|observer| match LOOP {
                            TRACING => observer.at_instruction(cx, &*frame),
                            _ => observer.reached(cx, &*frame),
                        });
                        (*frame).stacktop = -1;
                        if verdict != Verdict::Continue {
                            (*frame).prev_instr = pc.cast_mut();
                            let _ = ops::obey(cx, verdict);
                            break 'stop Stop::Error;
                        }
                        if (SIGNALS.load(Ordering::Relaxed) & signal::TRACE != 0) != (LOOP == TRACING) {
                            save_stack!();
                            return Exit::Switch(frame);
                        }
                    }
                    if LOOP != PLAIN {
                        vm.executed.set(vm.executed.get() + 1);
                    }
                    let unit = *pc;
                    (*frame).prev_instr = pc.cast_mut();
                    pc = pc.add(1);
                    let mut opcode = unit as u8;
                    let mut oparg = (unit >> 8) as u32;
                    loop {
                        match opcode {
                            op::NOP | op::CACHE | op::PRECALL => {
                                if opcode == op::PRECALL {
                                    skip!(1);
                                }
                            }
                            op::EXTENDED_ARG => {
                                let unit = *pc;
                                (*frame).prev_instr = pc.cast_mut();
                                pc = pc.add(1);
                                opcode = unit as u8;
                                oparg = oparg << 8 | (unit >> 8) as u32;
                                continue;
                            }
                            op::RESUME => {
                                if oparg < 2 {
                                    safepoint!();
                                }
                            }

                            // --- locals, constants, stack ---
                            op::LOAD_FAST | op::LOAD_CLOSURE => {
                                let value = *locals.add(oparg as usize);
                                if value.is_null() {
                                    names::raise_unbound_local(cx, &*(*frame).code, oparg as usize);
                                    break 'stop Stop::Error;
                                }
                                incref(NonNull::new_unchecked(value));
                                push!(value);
                            }
                            op::LOAD_CONST => {
                                let value = *consts.add(oparg as usize);
                                incref(NonNull::new_unchecked(value));
                                push!(value);
                            }
                            op::STORE_FAST => {
                                let value = pop!();
                                let slot = locals.add(oparg as usize);
                                let old = *slot;
                                *slot = value;
                                release(old);
                            }
                            op::DELETE_FAST => {
                                let slot = locals.add(oparg as usize);
                                let old = *slot;
                                if old.is_null() {
                                    names::raise_unbound_local(cx, &*(*frame).code, oparg as usize);
                                    break 'stop Stop::Error;
                                }
                                *slot = std::ptr::null_mut();
                                release(old);
                            }
                            op::POP_TOP => release(pop!()),
                            op::PUSH_NULL => push!(std::ptr::null_mut()),
                            op::SWAP => {
                                let other = sp.sub(oparg as usize);
                                std::ptr::swap(sp.sub(1), other);
                            }
                            op::COPY => {
                                let value = peek!(oparg);
                                incref(NonNull::new_unchecked(value));
                                push!(value);
                            }

                            // --- operators ---
                            op::UNARY_POSITIVE => unary!(positive),
                            op::UNARY_NEGATIVE => unary!(negative),
                            op::UNARY_INVERT => unary!(invert),
                            op::UNARY_NOT => {
                                let value = pop_ref!();
                                let truth = cx.is_true(&value);
                                drop(value);
                                push_ref!(cx.bool(!attempt!(truth)));
                            }
                            op::BINARY_OP => {
                                let b = peek!(1);
                                let a = peek!(2);
                                let result = if (*a).is_exact(types.int)
                                    && (*b).is_exact(types.int)
                                    && let Some(result) = ops::int_op(
                                        cx,
                                        oparg,
                                        (*a).cast::<IntObject>(),
                                        (*b).cast::<IntObject>(),
                                    ) {
                                    result
                                } else if (*a).is_exact(types.float)
                                    && (*b).is_exact(types.float)
                                    && let Some(result) = ops::float_op(cx, oparg, a, b)
                                {
                                    result
                                } else if (oparg == 0 || oparg == 13)
                                    && (*a).is_exact(types.str)
                                    && (*b).is_exact(types.str)
                                {
                                    // `s += t` on a local: drop the local's own reference first, so that
                                    // the string can grow in place.
                                    let next = *pc.add(1);
                                    if next as u8 == op::STORE_FAST {
                                        let slot = locals.add((next >> 8) as usize);
                                        if *slot == a {
                                            *slot = std::ptr::null_mut();
                                            decref(NonNull::new_unchecked(a));
                                        }
                                    }
                                    sp = sp.sub(2);
                                    let left: Ref<StrObject> =
                                        Ref::from_owned(NonNull::new_unchecked(a).cast());
                                    let result = crate::objects::str::append_in_place(cx, left, (*b).cast());
                                    decref(NonNull::new_unchecked(b));
                                    push_ref!(attempt!(result).into_object());
                                    skip!(1);
                                    break;
                                } else {
                                    let result = if oparg < 13 {
                                        cx.binary_op(BINARY_OPS[oparg as usize], &*a, &*b)
                                    } else {
                                        cx.inplace_op(BINARY_OPS[oparg as usize - 13], &*a, &*b)
                                    };
                                    sp = sp.sub(2);
                                    decref(NonNull::new_unchecked(a));
                                    decref(NonNull::new_unchecked(b));
                                    push_ref!(attempt!(result));
                                    skip!(1);
                                    break;
                                };
                                sp = sp.sub(2);
                                decref(NonNull::new_unchecked(a));
                                decref(NonNull::new_unchecked(b));
                                push_ref!(result);
                                skip!(1);
                            }
                            op::COMPARE_OP => {
                                let b = peek!(1);
                                let a = peek!(2);
                                let operator = COMPARE_OPS[(oparg as usize).min(5)];
                                let result = match ops::compare_fast(&*a, &*b, operator) {
                                    Some(truth) => {
                                        // A conditional jump that follows needs no object.
                                        let next = *pc.add(2);
                                        let wanted = match next as u8 {
                                            // Each instruction is one of its own where they are counted.
                                            _ if LOOP != PLAIN => None,
                                            op::POP_JUMP_FORWARD_IF_FALSE => Some(false),
                                            op::POP_JUMP_FORWARD_IF_TRUE => Some(true),
                                            _ => None,
                                        };
                                        if let Some(wanted) = wanted {
                                            sp = sp.sub(2);
                                            decref(NonNull::new_unchecked(a));
                                            decref(NonNull::new_unchecked(b));
                                            (*frame).prev_instr = pc.add(2).cast_mut();
                                            pc = pc.add(3);
                                            if truth == wanted {
                                                pc = pc.add((next >> 8) as usize);
                                            }
                                            break;
                                        }
                                        cx.bool(truth)
                                    }
                                    None => {
                                        let result = cx.compare(&*a, &*b, operator);
                                        sp = sp.sub(2);
                                        decref(NonNull::new_unchecked(a));
                                        decref(NonNull::new_unchecked(b));
                                        push_ref!(attempt!(result));
                                        skip!(2);
                                        break;
                                    }
                                };
                                sp = sp.sub(2);
                                decref(NonNull::new_unchecked(a));
                                decref(NonNull::new_unchecked(b));
                                push_ref!(result);
                                skip!(2);
                            }
                            op::IS_OP => {
                                let b = pop_ref!();
                                let a = pop_ref!();
                                let truth = a.is(&b) != (oparg != 0);
                                drop(a);
                                drop(b);
                                push_ref!(cx.bool(truth));
                            }
                            op::CONTAINS_OP => {
                                let container = pop_ref!();
                                let item = pop_ref!();
                                let found = cx.contains(&container, &item);
                                drop(item);
                                drop(container);
                                push_ref!(cx.bool(attempt!(found) != (oparg != 0)));
                            }

                            // --- items ---
                            op::BINARY_SUBSCR => {
                                let key = peek!(1);
                                let container = peek!(2);
                                let result = match ops::subscript_fast(&*container, &*key) {
                                    Some(value) => Ok(value),
                                    None if (*container).is_exact(types.dict) => {
                                        match (*container).cast::<DictObject>().get(cx, &*key) {
                                            Ok(Some(value)) => Ok(value),
                                            Ok(None) => Err(cx.key_error((*key).to_ref())),
                                            Err(raised) => Err(raised),
                                        }
                                    }
                                    None => cx.get_item(&*container, &*key),
                                };
                                sp = sp.sub(2);
                                decref(NonNull::new_unchecked(container));
                                decref(NonNull::new_unchecked(key));
                                push_ref!(attempt!(result));
                                skip!(4);
                            }
                            op::STORE_SUBSCR => {
                                let key = peek!(1);
                                let container = peek!(2);
                                let value = peek!(3);
                                let result = if let Some(place) = ops::list_place(&*container, &*key) {
                                    drop((*container).cast::<ListObject>().replace(place, (*value).to_ref()));
                                    Ok(())
                                } else if (*container).is_exact(types.dict) {
                                    (*container).cast::<DictObject>().set(cx, &*key, (*value).to_ref())
                                } else {
                                    cx.set_item(&*container, &*key, Some(&*value))
                                };
                                sp = sp.sub(3);
                                decref(NonNull::new_unchecked(value));
                                decref(NonNull::new_unchecked(container));
                                decref(NonNull::new_unchecked(key));
                                attempt!(result);
                                skip!(1);
                            }
                            op::DELETE_SUBSCR => {
                                let key = pop_ref!();
                                let container = pop_ref!();
                                let result = cx.set_item(&container, &key, None);
                                drop(container);
                                drop(key);
                                attempt!(result);
                            }
                            op::BUILD_SLICE => {
                                let step = if oparg == 3 { pop_ref!() } else { cx.none() };
                                let stop = pop_ref!();
                                let start = pop_ref!();
                                push_ref!(crate::objects::slice::new_slice(start, stop, step).into_object());
                            }

                            // --- building ---
                            op::BUILD_TUPLE => {
                                let items = take_stack(&mut sp, oparg as usize);
                                push_ref!(cx.new_tuple(items).into_object());
                            }
                            op::BUILD_LIST => {
                                let items = take_stack(&mut sp, oparg as usize);
                                push_ref!(attempt!(cx.new_list(items)).into_object());
                            }
                            op::LIST_TO_TUPLE => {
                                let list = pop_ref!();
                                let tuple = cx.tuple_from_slice(list.cast::<ListObject>().peek_slice());
                                drop(list);
                                push_ref!(tuple.into_object());
                            }
                            op::BUILD_SET => {
                                let items = take_stack(&mut sp, oparg as usize);
                                push_ref!(attempt!(ops::build_set(cx, items)));
                            }
                            op::BUILD_MAP => {
                                let items = take_stack(&mut sp, 2 * oparg as usize);
                                push_ref!(attempt!(ops::build_map(cx, items)));
                            }
                            op::BUILD_CONST_KEY_MAP => {
                                let keys = pop_ref!();
                                let values = take_stack(&mut sp, oparg as usize);
                                push_ref!(attempt!(ops::build_const_key_map(cx, keys.cast(), values)));
                            }
                            op::BUILD_STRING => {
                                let parts = take_stack(&mut sp, oparg as usize);
                                push_ref!(ops::build_string(cx, &parts).into_object());
                            }
                            op::FORMAT_VALUE => {
                                let spec = if oparg & 4 != 0 { Some(pop_ref!()) } else { None };
                                let value = pop_ref!();
                                push_ref!(attempt!(ops::format_value(cx, value, spec, oparg & 3)));
                            }
                            op::LIST_APPEND => {
                                let item = pop_ref!();
                                let list = (*peek!(oparg)).cast::<ListObject>();
                                attempt!(list.push(cx, item));
                            }
                            op::SET_ADD => {
                                let item = pop_ref!();
                                attempt!(crate::objects::set::add(cx, top!(oparg), &item));
                            }
                            op::MAP_ADD => {
                                let value = pop_ref!();
                                let key = pop_ref!();
                                let result = (*peek!(oparg)).cast::<DictObject>().set(cx, &key, value);
                                drop(key);
                                attempt!(result);
                            }
                            op::LIST_EXTEND => {
                                let iterable = pop_ref!();
                                let result = ops::list_extend(cx, top!(oparg), &iterable);
                                drop(iterable);
                                attempt!(result);
                            }
                            op::SET_UPDATE => {
                                let iterable = pop_ref!();
                                let result = crate::objects::set::update(cx, top!(oparg), &iterable);
                                drop(iterable);
                                attempt!(result);
                            }
                            op::DICT_UPDATE => {
                                let mapping = pop_ref!();
                                let result = ops::dict_update(cx, (*peek!(oparg)).cast(), &mapping);
                                drop(mapping);
                                attempt!(result);
                            }
                            op::DICT_MERGE => {
                                let mapping = pop_ref!();
                                let callable = top!(2 + oparg);
                                let result =
                                    calls::dict_merge(cx, callable, (*peek!(oparg)).cast(), &mapping);
                                drop(mapping);
                                attempt!(result);
                            }

                            // --- iteration ---
                            op::GET_ITER => {
                                let iterable = pop_ref!();
                                let iterator = cx.iter(&iterable);
                                drop(iterable);
                                push_ref!(attempt!(iterator));
                            }
                            op::GET_YIELD_FROM_ITER => {
                                let iterable = pop_ref!();
                                push_ref!(attempt!(generator::yield_from_iter(
                                    cx,
                                    iterable,
                                    &*(*frame).code
                                )));
                            }
                            op::FOR_ITER => {
                                let iterator = peek!(1);
                                let next = match (*iterator).ty().slots().iternext {
                                    Some(next) => next(cx, &*iterator),
                                    None => Ok(None),
                                };
                                match next {
                                    Ok(Some(value)) => push_ref!(value),
                                    Ok(None) => {
                                        release(pop!());
                                        pc = pc.add(oparg as usize);
                                    }
                                    Err(raised) => {
                                        if !cx.raised_is(&raised, crate::objects::exceptions().stop_iteration)
                                        {
                                            break 'stop Stop::Error;
                                        }
                                        cx.clear_exception(raised);
                                        release(pop!());
                                        pc = pc.add(oparg as usize);
                                    }
                                }
                            }
                            op::UNPACK_SEQUENCE => {
                                let sequence = pop_ref!();
                                let count = oparg as usize;
                                let items: Option<&[Ref]> = if sequence.is_exact(types.tuple) {
                                    Some(sequence.cast::<TupleObject>().as_slice())
                                } else if sequence.is_exact(types.list) {
                                    Some(sequence.cast::<ListObject>().peek_slice())
                                } else {
                                    None
                                };
                                match items {
                                    Some(items) if items.len() == count => {
                                        for item in items.iter().rev() {
                                            push_ref!(item.clone());
                                        }
                                    }
                                    _ => {
                                        let items = ops::unpack(cx, &sequence, count, None);
                                        drop(sequence);
                                        for item in attempt!(items).into_iter().rev() {
                                            push_ref!(item);
                                        }
                                        skip!(1);
                                        break;
                                    }
                                }
                                drop(sequence);
                                skip!(1);
                            }
                            op::UNPACK_EX => {
                                let sequence = pop_ref!();
                                let before = (oparg & 0xff) as usize;
                                let after = (oparg >> 8) as usize;
                                let items = ops::unpack(cx, &sequence, before, Some(after));
                                drop(sequence);
                                for item in attempt!(items).into_iter().rev() {
                                    push_ref!(item);
                                }
                            }
                            op::GET_LEN => {
                                let length = attempt!(cx.len(top!(1)));
                                push_ref!(cx.new_uint(length));
                            }

                            // --- jumps ---
                            op::JUMP_FORWARD => pc = pc.add(oparg as usize),
                            op::JUMP_BACKWARD => {
                                pc = pc.sub(oparg as usize);
                                safepoint!();
                            }
                            op::JUMP_BACKWARD_NO_INTERRUPT => pc = pc.sub(oparg as usize),
                            op::POP_JUMP_FORWARD_IF_FALSE => pop_jump_if!(false, pc.add(oparg as usize)),
                            op::POP_JUMP_FORWARD_IF_TRUE => pop_jump_if!(true, pc.add(oparg as usize)),
                            op::POP_JUMP_BACKWARD_IF_FALSE => {
                                pop_jump_if!(false, pc.sub(oparg as usize));
                                safepoint!();
                            }
                            op::POP_JUMP_BACKWARD_IF_TRUE => {
                                pop_jump_if!(true, pc.sub(oparg as usize));
                                safepoint!();
                            }
                            op::POP_JUMP_FORWARD_IF_NONE => {
                                let value = pop_ref!();
                                if cx.is_none(&value) {
                                    pc = pc.add(oparg as usize);
                                }
                            }
                            op::POP_JUMP_FORWARD_IF_NOT_NONE => {
                                let value = pop_ref!();
                                if !cx.is_none(&value) {
                                    pc = pc.add(oparg as usize);
                                }
                            }
                            op::POP_JUMP_BACKWARD_IF_NONE => {
                                let value = pop_ref!();
                                if cx.is_none(&value) {
                                    pc = pc.sub(oparg as usize);
                                }
                                drop(value);
                                safepoint!();
                            }
                            op::POP_JUMP_BACKWARD_IF_NOT_NONE => {
                                let value = pop_ref!();
                                if !cx.is_none(&value) {
                                    pc = pc.sub(oparg as usize);
                                }
                                drop(value);
                                safepoint!();
                            }
                            op::JUMP_IF_FALSE_OR_POP => {
                                if attempt!(cx.is_true(top!(1))) {
                                    release(pop!());
                                } else {
                                    pc = pc.add(oparg as usize);
                                }
                            }
                            op::JUMP_IF_TRUE_OR_POP => {
                                if attempt!(cx.is_true(top!(1))) {
                                    pc = pc.add(oparg as usize);
                                } else {
                                    release(pop!());
                                }
                            }

                            // --- names ---
                            op::LOAD_GLOBAL => {
                                let cache = Cache::new(pc);
                                let name = name!(oparg >> 1);
                                if cache.is_due() {
                                    specialize::load_global(cache, &*frame, name);
                                }
                                if oparg & 1 != 0 {
                                    push!(std::ptr::null_mut());
                                }
                                let value = attempt!(names::load_global(cx, &*frame, name));
                                push_ref!(value);
                                skip!(5);
                            }
                            variant::LOAD_GLOBAL_MODULE => {
                                let cache = Cache::new(pc);
                                let found = specialize::global_in_module(cache, &*frame);
                                let Some(value) = found else {
                                    cache.revert(op::LOAD_GLOBAL);
                                    opcode = op::LOAD_GLOBAL;
                                    continue;
                                };
                                let value = value.as_ptr();
                                incref(value);
                                if oparg & 1 != 0 {
                                    push!(std::ptr::null_mut());
                                }
                                push!(value.as_ptr());
                                skip!(5);
                            }
                            variant::LOAD_GLOBAL_BUILTIN => {
                                let cache = Cache::new(pc);
                                let found = specialize::global_in_builtins(cache, &*frame);
                                let Some(value) = found else {
                                    cache.revert(op::LOAD_GLOBAL);
                                    opcode = op::LOAD_GLOBAL;
                                    continue;
                                };
                                let value = value.as_ptr();
                                incref(value);
                                if oparg & 1 != 0 {
                                    push!(std::ptr::null_mut());
                                }
                                push!(value.as_ptr());
                                skip!(5);
                            }
                            op::LOAD_NAME => push_ref!(attempt!(names::load_name(cx, &*frame, name!(oparg)))),
                            op::STORE_NAME => {
                                let value = pop_ref!();
                                attempt!(names::store_name(cx, &*frame, name!(oparg), value));
                            }
                            op::DELETE_NAME => attempt!(names::delete_name(cx, &*frame, name!(oparg))),
                            op::STORE_GLOBAL => {
                                let value = pop_ref!();
                                attempt!((*frame).globals().set_str(cx, name!(oparg), value));
                            }
                            op::DELETE_GLOBAL => attempt!(names::delete_global(cx, &*frame, name!(oparg))),
                            op::LOAD_DEREF => {
                                let cell = (*(*locals.add(oparg as usize))).cast::<CellObject>();
                                match cell.contents.get() {
                                    Some(value) => push_ref!(value),
                                    None => {
                                        names::raise_unbound_cell(cx, &*(*frame).code, oparg as usize);
                                        break 'stop Stop::Error;
                                    }
                                }
                            }
                            op::LOAD_CLASSDEREF => {
                                push_ref!(attempt!(names::load_classderef(cx, &*frame, oparg as usize)));
                            }
                            op::STORE_DEREF => {
                                let value = pop_ref!();
                                let cell = (*(*locals.add(oparg as usize))).cast::<CellObject>();
                                cell.contents.set(Some(value));
                            }
                            op::DELETE_DEREF => {
                                let cell = (*(*locals.add(oparg as usize))).cast::<CellObject>();
                                match cell.contents.take() {
                                    Some(old) => drop(old),
                                    None => {
                                        names::raise_unbound_cell(cx, &*(*frame).code, oparg as usize);
                                        break 'stop Stop::Error;
                                    }
                                }
                            }
                            op::MAKE_CELL => {
                                let slot = locals.add(oparg as usize);
                                let initial = NonNull::new(*slot).map(|value| Ref::from_owned(value));
                                *slot = crate::objects::cell::new_cell(cx, initial)
                                    .into_object()
                                    .into_raw()
                                    .as_ptr();
                            }
                            op::COPY_FREE_VARS => {
                                let code: &Code = &*(*frame).code;
                                if let Some(closure) = (*frame).function().closure.peek() {
                                    let first = code.nlocalsplus as usize - oparg as usize;
                                    for (i, cell) in
                                        closure.as_slice().iter().take(oparg as usize).enumerate()
                                    {
                                        *locals.add(first + i) = cell.clone().into_raw().as_ptr();
                                    }
                                }
                            }

                            // --- attributes ---
                            op::LOAD_ATTR => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                if cache.is_due() {
                                    specialize::load_attr(cx, cache, &*object, name!(oparg));
                                }
                                let value = attempt!(cx.get_attr(&*object, name!(oparg)));
                                peek!(1) = value.into_raw().as_ptr();
                                decref(NonNull::new_unchecked(object));
                                skip!(4);
                            }

                            variant::LOAD_ATTR_INSTANCE => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                let found = if specialize::type_matches(cache, &*object) {
                                    attr::managed_head(&*object)
                                        .and_then(attr::ManagedHead::values)
                                        .and_then(|values| values.get(specialize::attribute_index(cache)))
                                } else {
                                    None
                                };
                                let Some(value) = found else {
                                    cache.revert(op::LOAD_ATTR);
                                    opcode = op::LOAD_ATTR;
                                    continue;
                                };
                                peek!(1) = value.into_raw().as_ptr();
                                decref(NonNull::new_unchecked(object));
                                skip!(4);
                            }

                            variant::LOAD_ATTR_SLOT => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                let found = if specialize::type_matches(cache, &*object) {
                                    slot_at(object, specialize::attribute_index(cache)).get()
                                } else {
                                    None
                                };
                                let Some(value) = found else {
                                    cache.revert(op::LOAD_ATTR);
                                    opcode = op::LOAD_ATTR;
                                    continue;
                                };
                                peek!(1) = value.into_raw().as_ptr();
                                decref(NonNull::new_unchecked(object));
                                skip!(4);
                            }

                            variant::LOAD_ATTR_MODULE => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                let dict = if (*object).is_exact(types.module) {
                                    (*object).cast::<ModuleObject>().dict.peek()
                                } else {
                                    None
                                };
                                let found = dict
                                    .filter(|dict| {
                                        dict.raw_keys().peek_version()
                                            == specialize::module_keys_version(cache)
                                    })
                                    .and_then(|dict| dict.value_at(specialize::attribute_index(cache)));
                                let Some(value) = found else {
                                    cache.revert(op::LOAD_ATTR);
                                    opcode = op::LOAD_ATTR;
                                    continue;
                                };
                                peek!(1) = value.into_raw().as_ptr();
                                decref(NonNull::new_unchecked(object));
                                skip!(4);
                            }

                            op::STORE_ATTR => {
                                let object = peek!(1);
                                let value = peek!(2);
                                let cache = Cache::new(pc);
                                if cache.is_due() {
                                    specialize::store_attr(cx, cache, &*object, name!(oparg));
                                }
                                let result = cx.set_attr(&*object, name!(oparg), Some(&*value));
                                sp = sp.sub(2);
                                decref(NonNull::new_unchecked(value));
                                decref(NonNull::new_unchecked(object));
                                attempt!(result);
                                skip!(4);
                            }
                            variant::STORE_ATTR_INSTANCE => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                let found = if specialize::type_matches(cache, &*object) {
                                    attr::managed_head(&*object).and_then(attr::ManagedHead::values)
                                } else {
                                    None
                                };
                                let Some(values) = found else {
                                    cache.revert(op::STORE_ATTR);
                                    opcode = op::STORE_ATTR;
                                    continue;
                                };
                                let value = Ref::from_owned(NonNull::new_unchecked(peek!(2)));
                                sp = sp.sub(2);
                                let old = values.replace(specialize::attribute_index(cache), Some(value));
                                drop(old);
                                decref(NonNull::new_unchecked(object));
                                skip!(4);
                            }
                            variant::STORE_ATTR_SLOT => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                if !specialize::type_matches(cache, &*object) {
                                    cache.revert(op::STORE_ATTR);
                                    opcode = op::STORE_ATTR;
                                    continue;
                                }
                                let value = Ref::from_owned(NonNull::new_unchecked(peek!(2)));
                                sp = sp.sub(2);
                                let old =
                                    slot_at(object, specialize::attribute_index(cache)).replace(Some(value));
                                drop(old);
                                decref(NonNull::new_unchecked(object));
                                skip!(4);
                            }
                            op::DELETE_ATTR => {
                                let object = pop_ref!();
                                let result = cx.set_attr(&object, name!(oparg), None);
                                drop(object);
                                attempt!(result);
                            }
                            op::LOAD_METHOD => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                if cache.is_due() {
                                    specialize::load_method(cx, cache, &*object, name!(oparg));
                                }
                                let (found, is_method) = attempt!(cx.get_method(&*object, name!(oparg)));
                                if is_method {
                                    peek!(1) = found.into_raw().as_ptr();
                                    push!(object);
                                } else {
                                    peek!(1) = std::ptr::null_mut();
                                    decref(NonNull::new_unchecked(object));
                                    push_ref!(found);
                                }
                                skip!(10);
                            }
                            variant::LOAD_METHOD_VALUES => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                // A materialized dict may hold the name; shared keys cannot without changing their version.
                                let fits = specialize::type_matches(cache, &*object)
                                    && attr::inline_values(&*object).is_some_and(|(keys, _)| {
                                        keys.peek_version() == specialize::shared_keys_version(cache)
                                    });
                                if !fits {
                                    cache.revert(op::LOAD_METHOD);
                                    opcode = op::LOAD_METHOD;
                                    continue;
                                }
                                let method = specialize::cached_method(cache);
                                incref(NonNull::new_unchecked(method));
                                peek!(1) = method;
                                push!(object);
                                skip!(10);
                            }

                            variant::LOAD_METHOD_NO_DICT => {
                                let object = peek!(1);
                                let cache = Cache::new(pc);
                                if !specialize::type_matches(cache, &*object) {
                                    cache.revert(op::LOAD_METHOD);
                                    opcode = op::LOAD_METHOD;
                                    continue;
                                }
                                let method = specialize::cached_method(cache);
                                incref(NonNull::new_unchecked(method));
                                peek!(1) = method;
                                push!(object);
                                skip!(10);
                            }
                            // --- calls ---
                            op::KW_NAMES => {
                                kwnames = (*consts.add(oparg as usize)).cast_const().cast::<TupleObject>();
                            }
                            op::CALL => {
                                let given = oparg as usize;
                                let mut is_method = !peek!(given + 2).is_null();
                                let mut callable =
                                    if is_method { peek!(given + 2) } else { peek!(given + 1) };
                                if !is_method && (*callable).is_exact(types.method) {
                                    calls::open_method(sp, given);
                                    is_method = true;
                                    callable = peek!(given + 2);
                                }
                                let total = given + usize::from(is_method);
                                let names = kwnames.as_ref();
                                kwnames = std::ptr::null();
                                // In the classic era the caller keeps its arguments on the stack.
                                if (*callable).is_exact(types.function) && !classic {
                                    let named = names.map_or(0, TupleObject::len);
                                    let func: Ref<FunctionObject> =
                                        Ref::from_owned(NonNull::new_unchecked(callable).cast());
                                    sp = sp.sub(total);
                                    let args = sp;
                                    sp = sp.sub(2 - usize::from(is_method));
                                    let locals = if func.code().is_optimized() {
                                        std::ptr::null_mut()
                                    } else {
                                        func.globals.get().map_or(std::ptr::null_mut(), |g| {
                                            g.into_object().into_raw().as_ptr()
                                        })
                                    };
                                    let new_frame = if named == 0 && call::fits_exactly(&func, total) {
                                        call::push_simple(cx, func, locals, args, total)
                                    } else {
                                        attempt!(call::push_frame(
                                            cx,
                                            func,
                                            locals,
                                            args,
                                            total - named,
                                            names
                                        ))
                                    };
                                    skip!(4);
                                    (*frame).prev_instr = pc.sub(1).cast_mut();
                                    save_stack!();
                                    (*new_frame).previous = frame;
                                    frame = new_frame;
                                    vm.frame.set(frame);
                                    break 'stop Stop::Start;
                                }
                                let result = calls::call_native(cx, &*callable, sp.sub(total), total, names);
                                if classic {
                                    // Last argument first, the function at the end.
                                    for _ in 0..total {
                                        release(pop!());
                                    }
                                    sp = sp.sub(2 - usize::from(is_method));
                                    decref(NonNull::new_unchecked(callable));
                                    push_ref!(attempt!(result));
                                    skip!(4);
                                    safepoint!();
                                    break;
                                }
                                decref(NonNull::new_unchecked(callable));
                                let args = sp.sub(total);
                                for i in 0..total {
                                    decref(NonNull::new_unchecked(*args.add(i)));
                                }
                                sp = args.sub(2 - usize::from(is_method));
                                push_ref!(attempt!(result));
                                skip!(4);
                                safepoint!();
                            }
                            op::CALL_FUNCTION_EX => {
                                let kwargs = if oparg & 1 != 0 { Some(pop_ref!()) } else { None };
                                let args = pop_ref!();
                                let callable = pop_ref!();
                                // The empty slot below the callable.
                                sp = sp.sub(1);
                                let result = calls::call_spread(cx, &callable, args, kwargs);
                                drop(callable);
                                push_ref!(attempt!(result));
                                safepoint!();
                            }
                            op::MAKE_FUNCTION => {
                                let code = pop_ref!();
                                let closure = if oparg & 8 != 0 { Some(pop_ref!()) } else { None };
                                let annotations = if oparg & 4 != 0 { Some(pop_ref!()) } else { None };
                                let kwdefaults = if oparg & 2 != 0 { Some(pop_ref!()) } else { None };
                                let defaults = if oparg & 1 != 0 { Some(pop_ref!()) } else { None };
                                let parts =
                                    calls::FunctionParts { closure, annotations, kwdefaults, defaults };
                                push_ref!(attempt!(calls::make_function(cx, &*frame, code, parts)));
                            }
                            op::LOAD_BUILD_CLASS => push_ref!(attempt!(names::load_build_class(cx, &*frame))),
                            op::RETURN_VALUE => {
                                let value = pop_ref!();
                                save_stack!();
                                cx.leave_recursion();
                                if LOOP == TRACING {
                                    observe_exit(cx, frame);
                                }
                                if (*frame).is_entry {
                                    break 'stop Stop::Exit(value);
                                }
                                let finished = frame;
                                frame = (*finished).previous;
                                vm.frame.set(frame);
                                call::clear_frame(cx, finished);
                                let slots = (*frame).slots();
                                let top = (*frame).stacktop;
                                *slots.add(top as usize) = value.into_raw().as_ptr();
                                (*frame).stacktop = top + 1;
                                break 'stop Stop::Resume;
                            }

                            // --- generators ---
                            op::RETURN_GENERATOR => {
                                save_stack!();
                                let made = generator::from_frame(cx, frame);
                                cx.leave_recursion();
                                if (*frame).is_entry {
                                    break 'stop Stop::Exit(made);
                                }
                                let finished = frame;
                                frame = (*finished).previous;
                                vm.frame.set(frame);
                                call::clear_frame(cx, finished);
                                let slots = (*frame).slots();
                                let top = (*frame).stacktop;
                                *slots.add(top as usize) = made.into_raw().as_ptr();
                                (*frame).stacktop = top + 1;
                                break 'stop Stop::Resume;
                            }
                            op::YIELD_VALUE => {
                                let value = pop_ref!();
                                save_stack!();
                                debug_assert!((*frame).owner == Owner::Generator);
                                generator::suspended(cx, frame);
                                cx.leave_recursion();
                                if LOOP == TRACING {
                                    observe_exit(cx, frame);
                                }
                                break 'stop Stop::Exit(value);
                            }
                            op::ASYNC_GEN_WRAP => {
                                let value = pop_ref!();
                                push_ref!(generator::wrap_async_value(cx, value));
                            }
                            op::SEND => {
                                let value = pop_ref!();
                                let receiver = top!(1);
                                let sent = generator::send_to(cx, receiver, &value);
                                drop(value);
                                match attempt!(sent) {
                                    crate::objects::slots::SendResult::Next(value) => push_ref!(value),
                                    crate::objects::slots::SendResult::Return(value) => {
                                        release(pop!());
                                        push_ref!(value);
                                        pc = pc.add(oparg as usize);
                                    }
                                }
                            }
                            op::GET_AWAITABLE => {
                                let awaitable = pop_ref!();
                                push_ref!(attempt!(generator::get_awaitable(cx, awaitable, oparg)));
                            }
                            op::GET_AITER => {
                                let iterable = pop_ref!();
                                push_ref!(attempt!(generator::get_aiter(cx, &iterable)));
                            }
                            op::GET_ANEXT => {
                                let next = attempt!(generator::get_anext(cx, top!(1)));
                                push_ref!(next);
                            }
                            op::END_ASYNC_FOR => {
                                let value = pop_ref!();
                                if value.is_instance(crate::objects::exceptions().stop_async_iteration) {
                                    drop(value);
                                    release(pop!());
                                } else {
                                    exceptions::restore_raised(cx, value);
                                    break 'stop Stop::Reraise;
                                }
                            }

                            // --- exceptions, with ---
                            op::CLASSIC => {
                                let result = crate::vm::classic::operate(cx, frame, oparg, &mut sp);
                                attempt!(result);
                            }
                            op::PUSH_EXC_INFO if classic => {
                                let value = pop_ref!();
                                push_ref!(crate::vm::classic::handled::catch(cx, frame, &value));
                                push_ref!(value);
                            }
                            op::POP_EXCEPT if classic => release(pop!()),
                            op::PUSH_EXC_INFO => {
                                let value = pop_ref!();
                                // SAFETY: the innermost item is alive while its frame runs.
                                let handled = &*vm.handled.get();
                                let previous = handled.value.replace(Some(value.clone()));
                                push_ref!(previous.unwrap_or_else(|| cx.none()));
                                push_ref!(value);
                            }
                            op::POP_EXCEPT => {
                                let value = pop_ref!();
                                let handled = &*vm.handled.get();
                                handled.value.set(Some(value));
                            }
                            op::CHECK_EXC_MATCH => {
                                let wanted = pop_ref!();
                                let matches = exceptions::check_match(cx, top!(1), &wanted);
                                drop(wanted);
                                push_ref!(cx.bool(attempt!(matches)));
                            }
                            op::CHECK_EG_MATCH => {
                                let wanted = pop_ref!();
                                let result = exceptions::check_group_match(cx, top!(1), &wanted);
                                drop(wanted);
                                let (matched, rest) = attempt!(result);
                                match matched {
                                    Some(matched) => {
                                        let old = pop_ref!();
                                        push_ref!(rest.unwrap_or_else(|| cx.none()));
                                        let handled = &*vm.handled.get();
                                        handled.value.set(Some(matched.clone()));
                                        push_ref!(matched);
                                        drop(old);
                                    }
                                    None => push_ref!(cx.none()),
                                }
                            }
                            op::PREP_RERAISE_STAR => {
                                let raised = pop_ref!();
                                let original = pop_ref!();
                                push_ref!(attempt!(exceptions::prepare_reraise_star(cx, &original, &raised)));
                            }
                            op::RAISE_VARARGS => {
                                let cause = if oparg == 2 { Some(pop_ref!()) } else { None };
                                let exception = if oparg >= 1 { Some(pop_ref!()) } else { None };
                                break 'stop if exceptions::raise(cx, exception, cause) {
                                    Stop::Reraise
                                } else {
                                    Stop::Error
                                };
                            }
                            op::RERAISE => {
                                if oparg != 0 {
                                    let lasti = top!(oparg + 1);
                                    if let Some(index) =
                                        lasti.downcast_exact::<IntObject>().and_then(IntObject::as_i64)
                                    {
                                        let code: &Code = &*(*frame).code;
                                        (*frame).prev_instr =
                                            code.first_instr().offset(index as isize).cast_mut();
                                    }
                                }
                                let value = pop_ref!();
                                if classic {
                                    crate::vm::classic::handled::pass_on(cx, value, peek!(1).as_ref());
                                } else {
                                    exceptions::restore_raised(cx, value);
                                }
                                break 'stop Stop::Reraise;
                            }
                            op::BEFORE_WITH => {
                                let manager = peek!(1);
                                let (enter, exit) = attempt!(ops::before_with(cx, &*manager));
                                peek!(1) = exit.into_raw().as_ptr();
                                decref(NonNull::new_unchecked(manager));
                                let result = cx.call0(&enter);
                                drop(enter);
                                push_ref!(attempt!(result));
                            }
                            op::BEFORE_ASYNC_WITH => {
                                let manager = peek!(1);
                                let (enter, exit) = attempt!(ops::before_async_with(cx, &*manager));
                                peek!(1) = exit.into_raw().as_ptr();
                                decref(NonNull::new_unchecked(manager));
                                let result = cx.call0(&enter);
                                drop(enter);
                                push_ref!(attempt!(result));
                            }
                            op::WITH_EXCEPT_START => {
                                let value = top!(1);
                                let exit = top!(4);
                                let traceback = if classic { peek!(2).as_ref() } else { None };
                                push_ref!(attempt!(exceptions::call_exit(cx, exit, value, traceback)));
                            }
                            op::LOAD_ASSERTION_ERROR => {
                                push_ref!(crate::objects::exceptions().assertion_error.to_object());
                            }

                            // --- imports, printing, annotations ---
                            op::IMPORT_NAME => {
                                let from_list = pop_ref!();
                                let level = pop_ref!();
                                let result =
                                    names::import_name(cx, &*frame, name!(oparg), &from_list, &level);
                                drop(level);
                                drop(from_list);
                                push_ref!(attempt!(result));
                            }
                            op::IMPORT_FROM => {
                                let value = attempt!(names::import_from(cx, top!(1), name!(oparg)));
                                push_ref!(value);
                            }
                            op::IMPORT_STAR => {
                                let module = pop_ref!();
                                let result = names::import_star(cx, frame, &module);
                                drop(module);
                                attempt!(result);
                            }
                            op::PRINT_EXPR => {
                                let value = pop_ref!();
                                let result = ops::print_expression(cx, &value);
                                drop(value);
                                attempt!(result);
                            }
                            op::SETUP_ANNOTATIONS => attempt!(names::setup_annotations(cx, &*frame)),

                            // --- patterns ---
                            op::MATCH_MAPPING => {
                                let flag = crate::objects::TypeFlags::MAPPING;
                                let truth = (*peek!(1)).ty().has_flag(flag);
                                push_ref!(cx.bool(truth));
                            }
                            op::MATCH_SEQUENCE => {
                                let flag = crate::objects::TypeFlags::SEQUENCE;
                                let truth = (*peek!(1)).ty().has_flag(flag);
                                push_ref!(cx.bool(truth));
                            }
                            op::MATCH_KEYS => {
                                let values = attempt!(patterns::match_keys(cx, top!(2), top!(1)));
                                push_ref!(values);
                            }
                            op::MATCH_CLASS => {
                                let names = pop_ref!();
                                let class = peek!(1);
                                let subject = peek!(2);
                                let result = patterns::match_class(
                                    cx,
                                    &*subject,
                                    &*class,
                                    oparg as usize,
                                    names.cast(),
                                );
                                drop(names);
                                let attributes = attempt!(result);
                                sp = sp.sub(2);
                                push_ref!(attributes.unwrap_or_else(|| cx.none()));
                                decref(NonNull::new_unchecked(subject));
                                decref(NonNull::new_unchecked(class));
                            }
                            _ => {
                                exceptions::raise_unknown_opcode(cx, &*(*frame).code, opcode);
                                break 'stop Stop::Error;
                            }
                        }
                        break;
                    }
                }
            };
        }
    }
}

/// The `__slots__` member at `index` words into the object.
#[inline(always)]
unsafe fn slot_at<'a>(object: Raw, index: usize) -> &'a crate::memory::Slot {
    // SAFETY: the inline cache was made for this type, whose instances hold a slot there.
    unsafe { &*object.cast::<u8>().add(index * 8).cast::<crate::memory::Slot>() }
}

/// Releases a slot's content, which may be null.
#[inline(always)]
unsafe fn release(value: Raw) {
    if let Some(value) = NonNull::new(value) {
        // SAFETY: the slot owned the reference.
        unsafe { decref(value) }
    }
}

/// Moves the top `count` values off the stack, bottom first.
#[inline(always)]
unsafe fn take_stack(sp: &mut *mut Raw, count: usize) -> Vec<Ref> {
    // SAFETY: the values are owned, non-null references (`Ref` is a non-null pointer).
    unsafe {
        *sp = sp.sub(count);
        let mut items = Vec::with_capacity(count);
        std::ptr::copy_nonoverlapping(sp.cast::<Ref>(), items.as_mut_ptr(), count);
        items.set_len(count);
        items
    }
}

#[inline(always)]
fn types_true() -> Raw {
    crate::objects::singletons::bool(true).as_raw().as_ptr()
}

#[inline(always)]
fn types_false() -> Raw {
    crate::objects::singletons::bool(false).as_raw().as_ptr()
}

unsafe fn observe_entry(cx: Ctx, frame: *mut Frame, sp: *mut Raw, locals: *mut Raw) {
    // SAFETY: the frame is alive; the stack pointer is saved while the observer looks.
    unsafe {
        (*frame).stacktop = sp.offset_from(locals) as i32;
        cx.with_observer(|observer| {
            observer.entered(cx, &*frame);
            Verdict::Continue
        });
        (*frame).stacktop = -1;
    }
}

unsafe fn observe_exit(cx: Ctx, frame: *mut Frame) {
    // SAFETY: the frame is alive until its owner clears it.
    unsafe {
        cx.with_observer(|observer| {
            observer.left(cx, &*frame);
            Verdict::Continue
        });
    }
}
