//! `generator` and `coroutine`: a frame that lives in an object and is resumed.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::Ctx;
use super::code_object::Code;
use super::frame::{Frame, Owner};
use super::frame_object::{FrameObject, frame_object, release_frame};
use super::state::HandledException;
use crate::code::object::flags;
use crate::code::opcode::op;
use crate::memory::dealloc::finalize_from_dealloc;
use crate::memory::{
    Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, free_object, new_object, track, untrack,
};
use crate::objects::args::with_borrowed;
use crate::objects::exceptions::ExceptionObject;
use crate::objects::slots::SendResult;
use crate::objects::spec::{Layout, TypeFlags};
use crate::objects::{
    GetSetDef, MemberDef, MethodDef, PyResult, Slots, StrObject, TypeObject, TypeSpec, TypedLayout, Types,
    exceptions, names, types,
};

pub use super::async_generator::{
    ASYNC_GENERATOR, ASYNC_GENERATOR_ASEND, ASYNC_GENERATOR_ATHROW, ASYNC_GENERATOR_WRAPPED_VALUE, get_aiter,
    get_anext, wrap_async_value,
};

/// Where a generator stands (`gi_frame_state`).
#[repr(i8)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    Created,
    Suspended,
    Executing,
    Completed,
    /// The frame has been released.
    Cleared,
}

/// A generator, coroutine or async generator; its frame follows it.
#[repr(C)]
pub struct GeneratorObject {
    pub object: Object,
    pub code: Slot<Code>,
    pub weaklist: Cell<usize>,
    pub name: Slot<StrObject>,
    pub qualname: Slot<StrObject>,
    /// Links into the chain of handled exceptions while running.
    pub handled: HandledException,
    /// `cr_origin`, or the finalizer of an async generator.
    pub origin_or_finalizer: Slot,
    pub hooks_inited: Cell<bool>,
    pub closed: Cell<bool>,
    pub running_async: Cell<bool>,
    pub state: Cell<State>,
    frame: [usize; 0],
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for GeneratorObject {}
// SAFETY: `generator` cannot be subclassed; every instance has this layout.
unsafe impl TypedLayout for GeneratorObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.generator
    }
}

impl GeneratorObject {
    /// The frame behind the header; valid unless the state is `Cleared`.
    #[inline(always)]
    pub fn frame(&self) -> *mut Frame {
        (std::ptr::from_ref(self) as usize + size_of::<GeneratorObject>()) as *mut Frame
    }

    fn is_coroutine(&self) -> bool {
        self.object.is_exact(types().coroutine)
    }

    pub(super) fn is_async_generator(&self) -> bool {
        self.object.is_exact(types().async_generator)
    }

    /// What `yield from` or `await` currently waits for.
    pub fn delegate(&self) -> Option<Ref> {
        if matches!(self.state.get(), State::Created | State::Completed | State::Cleared) {
            return None;
        }
        // SAFETY: the frame exists in these states; `prev_instr + 1` is an instruction of its code.
        unsafe {
            let frame = self.frame();
            let next = *(*frame).prev_instr.add(1);
            if next as u8 != op::RESUME || next >> 8 < 2 || (*frame).stacktop <= 0 {
                return None;
            }
            (*frame).slot((*frame).stacktop as usize - 1).map(Object::to_ref)
        }
    }
}

fn receiver(object: &Object) -> &GeneratorObject {
    // SAFETY: called with generators, coroutines and async generators only.
    unsafe { object.cast() }
}

/// `RETURN_GENERATOR`: moves a frame that has just begun into a new generator object.
///
/// # Safety
/// The frame is executing and its stack is saved; the caller clears what is left of it.
pub unsafe fn from_frame(cx: Ctx, frame: *mut Frame) -> Ref {
    let _ = cx;
    // SAFETY: promised by the caller; every reference of the frame moves into the copy, the
    // original is left holding nothing but its function and code, counted again.
    unsafe {
        let code = (*frame).code();
        let function = (*frame).function();
        let ty = if code.flags & flags::COROUTINE != 0 {
            types().coroutine
        } else if code.flags & flags::ASYNC_GENERATOR != 0 {
            types().async_generator
        } else {
            types().generator
        };
        let words = code.framesize as usize;
        let size = size_of::<GeneratorObject>() + words * size_of::<usize>();
        let object = new_object(&ty.core, size, false).cast::<GeneratorObject>();
        let place = object.as_ptr();
        (&raw mut (*place).code).write(Slot::new(code.to_ref()));
        (&raw mut (*place).weaklist).write(Cell::new(0));
        (&raw mut (*place).name).write(Slot::from_option(function.name.get()));
        (&raw mut (*place).qualname).write(Slot::from_option(function.qualname.get()));
        (&raw mut (*place).handled)
            .write(HandledException { value: Slot::empty(), previous: Cell::new(std::ptr::null()) });
        (&raw mut (*place).origin_or_finalizer).write(Slot::empty());
        (&raw mut (*place).hooks_inited).write(Cell::new(false));
        (&raw mut (*place).closed).write(Cell::new(false));
        (&raw mut (*place).running_async).write(Cell::new(false));
        (&raw mut (*place).state).write(Cell::new(State::Created));
        let copy = (*place).frame();
        let used = super::frame::FRAME_WORDS + (*frame).stacktop as usize;
        std::ptr::copy_nonoverlapping(frame.cast::<usize>(), copy.cast::<usize>(), used);
        (*copy).owner = Owner::Generator;
        (*copy).previous = std::ptr::null_mut();
        (*copy).is_entry = false;
        if let Some(object) = NonNull::new((*copy).frame_obj) {
            object.as_ref().frame.set(copy);
        }
        // The original keeps function and code so that it can be cleared as any other.
        crate::memory::incref(NonNull::new_unchecked((*frame).func).cast());
        crate::memory::incref(NonNull::new_unchecked((*frame).code).cast());
        (*frame).stacktop = 0;
        (*frame).locals = std::ptr::null_mut();
        (*frame).frame_obj = std::ptr::null_mut();
        track(object.as_ref().object.as_ptr().as_ref());
        Ref::from_owned(object.cast())
    }
}

/// `YIELD_VALUE`: the generator whose frame this is stops here.
///
/// # Safety
/// The frame belongs to a generator and its stack is saved.
pub unsafe fn suspended(cx: Ctx, frame: *mut Frame) {
    // SAFETY: a generator's frame lies right behind its header.
    unsafe {
        let generator = &*((frame as usize - size_of::<GeneratorObject>()) as *const GeneratorObject);
        generator.state.set(State::Suspended);
        cx.vm().handled.set(generator.handled.previous.replace(std::ptr::null()));
    }
}

/// Resumes a generator with a value (`None`: as `next()` does) or with the pending exception.
/// `Ok(Return)` carries the value returned.
pub(super) fn resume(
    cx: Ctx,
    generator: &GeneratorObject,
    arg: Option<&Object>,
    throwing: bool,
    closing: bool,
) -> PyResult<SendResult> {
    match generator.state.get() {
        State::Created if arg.is_some_and(|a| !cx.is_none(a)) => {
            let what = kind_text(generator);
            return Err(cx.type_error(format_args!("can't send non-None value to a just-started {what}")));
        }
        State::Executing => {
            let what = kind_text(generator);
            return Err(cx.value_error(format_args!("{what} already executing")));
        }
        State::Completed | State::Cleared => {
            if generator.is_coroutine() && !closing {
                return Err(cx.runtime_error("cannot reuse already awaited coroutine"));
            }
            if !throwing {
                return Ok(SendResult::Return(cx.none()));
            }
            return Err(cx.raised());
        }
        _ => {}
    }
    let frame = generator.frame();
    let vm = cx.vm();
    // The generator must outlive its run: its last reference may go meanwhile.
    // SAFETY: the state says that the frame exists and is not executing; there is room on its
    // stack for the value sent, which the compiler counted.
    let result = unsafe {
        let value = arg.map_or_else(|| cx.none(), Object::to_ref);
        let top = (*frame).stacktop;
        *(*frame).slots().add(top as usize) = value.into_raw().as_ptr();
        (*frame).stacktop = top + 1;
        let outer = vm.handled.get();
        generator.handled.previous.set(outer);
        vm.handled.set(&raw const generator.handled);
        if throwing {
            cx.chain_pending();
        }
        generator.state.set(State::Executing);
        let result = super::eval::resume_frame(cx, frame, throwing);
        if generator.state.get() == State::Executing {
            generator.state.set(State::Completed);
            vm.handled.set(outer);
            generator.handled.previous.set(std::ptr::null());
        }
        result
    };
    let result = match result {
        Ok(value) if generator.state.get() == State::Suspended => return Ok(SendResult::Next(value)),
        Ok(value) => Ok(SendResult::Return(value)),
        Err(raised) if crate::era::is_classic() => Err(raised),
        Err(raised) => Err(stop_iteration_to_runtime_error(cx, generator, raised)),
    };
    drop(generator.handled.value.take());
    generator.state.set(State::Cleared);
    // SAFETY: the activation has ended.
    unsafe { release_frame(cx, frame) };
    result
}

fn kind_text(generator: &GeneratorObject) -> &'static str {
    if generator.is_coroutine() {
        "coroutine"
    } else if generator.is_async_generator() {
        "async generator"
    } else {
        "generator"
    }
}

fn stop_iteration_to_runtime_error(
    cx: Ctx,
    generator: &GeneratorObject,
    raised: crate::objects::Raised,
) -> crate::objects::Raised {
    let message = if cx.raised_is(&raised, exceptions().stop_iteration) {
        format!("{} raised StopIteration", kind_text(generator))
    } else if generator.is_async_generator() && cx.raised_is(&raised, exceptions().stop_async_iteration) {
        "async generator raised StopAsyncIteration".to_string()
    } else {
        return raised;
    };
    cx.raise_from_pending(raised, exceptions().runtime_error, message)
}

impl Ctx {
    /// Raises `ty(message)` with the pending exception as cause and context (`_PyErr_FormatFromCause`).
    pub fn raise_from_pending(
        self,
        raised: crate::objects::Raised,
        ty: &TypeObject,
        message: impl std::fmt::Display,
    ) -> crate::objects::Raised {
        let cause = self.take_exception(raised);
        let raised = self.raise(ty, message);
        let exception = self.take_exception(raised);
        exception.cause.set(Some(cause.clone().into_object()));
        exception.suppress_context.set(true);
        exception.context.set(Some(cause.into_object()));
        self.raise_instance_as_is(exception)
    }

    /// Makes an instance pending without touching its context.
    pub(crate) fn raise_instance_as_is(self, exception: Ref<ExceptionObject>) -> crate::objects::Raised {
        let ty = exception.object.ty().to_ref();
        let traceback = exception.traceback.get();
        self.restore(super::errors::Fetched { ty, value: Some(exception.into_object()), traceback })
    }

    /// Gives the pending exception the handled one as context, as if raised here
    /// (`_PyErr_ChainStackItem`).
    pub(super) fn chain_pending(self) {
        if self.topmost_handled().is_none() {
            return;
        }
        let Some(fetched) = self.fetch_pending() else { return };
        let fetched = self.normalize(fetched);
        let traceback = fetched.traceback;
        if let Some(value) = fetched.value {
            let ty = value.ty().to_ref();
            let _ = self.raise_with(&ty, value);
            if traceback.is_some() {
                self.vm().pending_traceback.set(traceback);
            }
        }
    }

    /// Raises `StopIteration(value)` (`_PyGen_SetStopIterationValue`).
    pub(crate) fn raise_stop_iteration(self, value: Ref) -> crate::objects::Raised {
        let stop = exceptions().stop_iteration;
        if self.is_none(&value) {
            return self.raise_bare(stop);
        }
        if value.is_instance(types().tuple) || value.is_instance(exceptions().base_exception) {
            return match self.call(stop.as_object(), &[value]) {
                Ok(made) => self.raise_with(stop, made),
                Err(raised) => raised,
            };
        }
        self.raise_with(stop, value)
    }
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    match resume(cx, receiver(object), None, false, false)? {
        SendResult::Next(value) => Ok(Some(value)),
        SendResult::Return(value) if cx.is_none(&value) => Ok(None),
        SendResult::Return(value) => Err(cx.raise_stop_iteration(value)),
    }
}

fn am_send(cx: Ctx, object: &Object, value: &Object) -> PyResult<SendResult> {
    resume(cx, receiver(object), Some(value), false, false)
}

fn finish_send(cx: Ctx, generator: &GeneratorObject, result: SendResult) -> PyResult {
    match result {
        SendResult::Next(value) => Ok(value),
        SendResult::Return(value) if generator.is_async_generator() && cx.is_none(&value) => {
            Err(cx.raise_bare(exceptions().stop_async_iteration))
        }
        SendResult::Return(value) => Err(cx.raise_stop_iteration(value)),
    }
}

fn send(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let generator = receiver(object);
    let result = resume(cx, generator, Some(value), false, false)?;
    finish_send(cx, generator, result)
}

/// `SEND`: one step of `yield from` or `await`.
pub fn send_to(cx: Ctx, receiver: &Object, value: &Object) -> PyResult<SendResult> {
    if let Some(send) = receiver.ty().slots().am_send {
        return send(cx, receiver, value);
    }
    let next = if cx.is_none(value) && receiver.ty().slots().iternext.is_some() {
        match receiver.ty().slots().iternext {
            Some(next) => next(cx, receiver),
            None => Ok(None),
        }
    } else {
        with_borrowed([value], |args| cx.call_method(receiver, &names().send, args)).map(Some)
    };
    match next {
        Ok(Some(value)) => Ok(SendResult::Next(value)),
        Ok(None) => Ok(SendResult::Return(cx.none())),
        Err(raised) => stop_value(cx, raised).map(SendResult::Return),
    }
}

/// The value of a pending `StopIteration` (`_PyGen_FetchStopIterationValue`); other exceptions pass.
pub fn stop_value(cx: Ctx, raised: crate::objects::Raised) -> PyResult {
    if !cx.raised_is(&raised, exceptions().stop_iteration) {
        return Err(raised);
    }
    let exception = cx.take_exception(raised);
    Ok(crate::objects::exceptions::stop_iteration_value(&exception).unwrap_or_else(|| cx.none()))
}

/// Closes what a generator delegates to: a generator by its own close, others by their method.
fn close_iterator(cx: Ctx, iterator: &Object) -> PyResult<()> {
    if iterator.is_exact(types().generator) || iterator.is_exact(types().coroutine) {
        return close(cx, iterator).map(drop);
    }
    match cx.get_attr_opt(iterator, &names().close) {
        Ok(Some(method)) => cx.call0(&method).map(drop),
        Ok(None) => Ok(()),
        Err(raised) => {
            cx.write_unraisable(raised, None, Some(iterator));
            Ok(())
        }
    }
}

fn with_executing<R>(generator: &GeneratorObject, body: impl FnOnce() -> R) -> R {
    let state = generator.state.replace(State::Executing);
    let result = body();
    generator.state.set(state);
    result
}

pub(super) fn close(cx: Ctx, object: &Object) -> PyResult {
    let generator = receiver(object);
    let mut failed = None;
    if let Some(delegate) = generator.delegate() {
        failed = with_executing(generator, || close_iterator(cx, &delegate)).err();
    }
    if failed.is_none() && generator.state.get() >= State::Completed {
        return Ok(cx.none());
    }
    if failed.is_none() {
        let _ = cx.raise_bare(exceptions().generator_exit);
    }
    match resume(cx, generator, None, true, true) {
        Ok(SendResult::Next(_)) => {
            let what = kind_text(generator);
            Err(cx.runtime_error(format_args!("{what} ignored GeneratorExit")))
        }
        Ok(SendResult::Return(_)) => Ok(cx.none()),
        Err(raised)
            if cx.raised_is(&raised, exceptions().stop_iteration)
                || cx.raised_is(&raised, exceptions().generator_exit) =>
        {
            cx.clear_exception(raised);
            Ok(cx.none())
        }
        Err(raised) => Err(raised),
    }
}

fn throw(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    crate::objects::args::check_count(cx, "throw", args, 1, 3)?;
    throw_into(cx, object, true, &args[0], args.get(1), args.get(2))
}

/// `throw(type[, value[, traceback]])`.
pub(super) fn throw_into(
    cx: Ctx,
    object: &Object,
    close_on_exit: bool,
    ty: &Ref,
    value: Option<&Ref>,
    traceback: Option<&Ref>,
) -> PyResult {
    let generator = receiver(object);
    if let Some(delegate) = generator.delegate() {
        let is_exit = super::eval::exception_matches(ty, exceptions().generator_exit.as_object());
        if is_exit && close_on_exit {
            match with_executing(generator, || close_iterator(cx, &delegate)) {
                Ok(()) => {}
                Err(_raised) => {
                    let result = resume(cx, generator, None, true, false)?;
                    return finish_send(cx, generator, result);
                }
            }
        } else {
            let result = if delegate.is_exact(types().generator) || delegate.is_exact(types().coroutine) {
                Some(with_executing(generator, || {
                    throw_into(cx, &delegate, close_on_exit, ty, value, traceback)
                }))
            } else {
                match cx.get_attr_opt(&delegate, &names().throw)? {
                    None => None,
                    Some(method) => {
                        let mut args = vec![ty.clone()];
                        args.extend(value.cloned());
                        args.extend(traceback.cloned());
                        Some(with_executing(generator, || cx.call(&method, &args)))
                    }
                }
            };
            if let Some(result) = result {
                return match result {
                    Ok(value) => Ok(value),
                    Err(raised) => {
                        // The delegate is finished: drop it and go on behind the `yield from`.
                        let frame = generator.frame();
                        // SAFETY: the generator is suspended with the delegate on top of its stack,
                        // in front of `RESUME`; the `SEND` before it says how far to jump.
                        unsafe {
                            (*frame).stacktop -= 1;
                            let top = (*frame).slots().add((*frame).stacktop as usize);
                            super::frame::clear_slot(top);
                            let jump = (*(*frame).prev_instr.sub(1)) >> 8;
                            (*frame).prev_instr = (*frame).prev_instr.add(jump as usize - 1);
                        }
                        let result = match stop_value(cx, raised) {
                            Ok(value) => resume(cx, generator, Some(&value), false, false)?,
                            Err(_raised) => resume(cx, generator, None, true, false)?,
                        };
                        finish_send(cx, generator, result)
                    }
                };
            }
        }
    }
    let none = cx.none();
    let traceback = match traceback {
        Some(tb) if cx.is_none(tb) => None,
        Some(tb) if tb.is_exact(types().traceback) => Some(tb.clone()),
        Some(_) => {
            return Err(cx.type_error("throw() third argument must be a traceback object"));
        }
        None => None,
    };
    let value = value.unwrap_or(&none);
    let is_class = ty.downcast::<TypeObject>().is_some_and(|t| t.has_flag(TypeFlags::BASE_EXC_SUBCLASS));
    let exception = if is_class {
        let class = ty.downcast::<TypeObject>().expect("checked above").to_ref();
        let fetched =
            cx.normalize(super::errors::Fetched { ty: class, value: Some(value.clone()), traceback: None });
        match fetched.value {
            Some(made) => made,
            None => return Err(cx.type_error("exceptions must derive from BaseException")),
        }
    } else if ty.is_instance(exceptions().base_exception) {
        if !cx.is_none(value) {
            return Err(cx.type_error("instance exception may not have a separate value"));
        }
        ty.clone()
    } else {
        return Err(cx.type_error(format_args!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            ty.ty().tp_name()
        )));
    };
    let class = exception.ty().to_ref();
    let traceback =
        traceback.or_else(|| exception.downcast::<ExceptionObject>().and_then(|e| e.traceback.get()));
    let _ = cx.restore(super::errors::Fetched { ty: class, value: Some(exception), traceback });
    let result = resume(cx, generator, None, true, false)?;
    finish_send(cx, generator, result)
}

/// `frame.clear()` on a suspended generator's frame: closes the generator.
pub(super) fn clear_from_frame(cx: Ctx, frame: &FrameObject) -> PyResult<()> {
    let address = frame.frame.get() as usize - size_of::<GeneratorObject>();
    // SAFETY: a frame owned by a generator lies right behind the generator's header.
    let generator = unsafe { &*(address as *const GeneratorObject) };
    if generator.state.get() == State::Executing {
        return Err(cx.runtime_error("cannot clear an executing frame"));
    }
    finalize(generator.as_object());
    Ok(())
}

/// `tp_finalize`: an unfinished generator is closed; an error in that cannot be raised.
/// Classic: gives up what a suspended generator's frame holds, without running any of its code. Python 2.7's collector
/// clears the frame, which is an object there.
///
/// # Safety
/// As `ClearFn`; the object is a generator.
pub unsafe fn clear_unrun(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the state says that the frame exists and is not executing.
    unsafe {
        let generator = receiver(object.as_ref());
        if matches!(generator.state.get(), State::Created | State::Suspended) {
            generator.state.set(State::Cleared);
            release_frame(Ctx::current(), generator.frame());
        }
    }
}

/// Whether the generator has a frame that it has not finished.
pub(super) fn has_frame(object: &Object) -> bool {
    object.is_exact(types().generator)
        && matches!(receiver(object).state.get(), State::Created | State::Suspended)
}

/// Whether the generator is suspended within a `try` or `with`.
pub(super) fn stands_in_try(object: &Object) -> bool {
    let generator = receiver(object);
    if generator.state.get() != State::Suspended {
        return false;
    }
    // SAFETY: a suspended generator has its frame.
    unsafe {
        let frame = &*generator.frame();
        let offset = frame.instr_index() * 2;
        crate::code::exception_table::lookup(&frame.code().plain.exceptiontable, offset.max(0) as u32)
            .is_some()
    }
}

fn finalize(object: &Object) {
    // SAFETY: finalizers run on the engine thread of a live interpreter.
    let cx = unsafe { Ctx::current() };
    let generator = receiver(object);
    if generator.state.get() >= State::Completed {
        return;
    }
    if generator.is_async_generator() && super::async_generator::finalize_by_hook(cx, generator) {
        return;
    }
    cx.with_exception_saved(|| {
        if generator.is_coroutine() && generator.state.get() == State::Created {
            let name = generator.qualname.get().map_or_else(String::new, |n| n.to_string_lossy());
            let message = format!("coroutine '{name}' was never awaited");
            let message = cx.new_str(&message).into_object();
            let category = exceptions().runtime_warning.as_object();
            if let Err(raised) = cx.warn_object(&message, category, 1, Some(object.to_ref())) {
                cx.write_unraisable(raised, None, Some(object));
            }
            return;
        }
        if let Err(raised) = close(cx, object) {
            cx.write_unraisable(raised, None, Some(object));
        }
    });
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the generator types; resurrection by the finalizer ends it early.
    unsafe {
        let cx = Ctx::current();
        untrack(object.as_ref());
        let this = receiver(object.as_ref());
        if this.weaklist.get() != 0 {
            crate::memory::weakref::clear_weakrefs(object.as_ref());
        }
        track(object.as_ref());
        if finalize_from_dealloc(object) {
            return;
        }
        untrack(object.as_ref());
        drop(this.origin_or_finalizer.take());
        if this.state.get() < State::Cleared {
            this.state.set(State::Cleared);
            (*this.frame()).previous = std::ptr::null_mut();
            release_frame(cx, this.frame());
        }
        drop(this.code.take());
        drop(this.name.take());
        drop(this.qualname.take());
        drop(this.handled.value.take());
        free_object(object);
    }
}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the generator types.
    let this = unsafe { object.as_ref().cast::<GeneratorObject>() };
    this.code.trace(visitor);
    this.name.trace(visitor);
    this.qualname.trace(visitor);
    this.origin_or_finalizer.trace(visitor);
    if this.state.get() < State::Cleared {
        // SAFETY: the frame exists in these states.
        unsafe { (*this.frame()).trace(visitor) };
    }
    this.handled.value.trace(visitor);
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let generator = receiver(object);
    let name = generator.qualname.get().map_or_else(String::new, |n| n.to_string_lossy());
    let what = object.ty().tp_name();
    Ok(cx.new_str(&format!("<{what} object {name} at {:#x}>", object.address())).into_object())
}

fn iter_self(_: Ctx, object: &Object) -> PyResult {
    Ok(object.to_ref())
}

/// `GET_YIELD_FROM_ITER`.
pub fn yield_from_iter(cx: Ctx, iterable: Ref, code: &Code) -> PyResult {
    if iterable.is_exact(types().coroutine) {
        if code.flags & (flags::COROUTINE | flags::ITERABLE_COROUTINE) == 0 {
            return Err(cx.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(iterable);
    }
    if iterable.is_exact(types().generator) {
        return Ok(iterable);
    }
    cx.iter(&iterable)
}

/// `GET_AWAITABLE`: the iterator that `await` drives. `place` is 1 after `__aenter__`, 2 after `__aexit__`.
pub fn get_awaitable(cx: Ctx, awaitable: Ref, place: u32) -> PyResult {
    let iterator = awaitable_iterator(cx, &awaitable);
    let iterator = match iterator {
        Ok(iterator) => iterator,
        Err(raised) => {
            if place != 0 && awaitable.ty().slots().am_await.is_none() {
                cx.clear_exception(raised);
                let from = if place == 1 { "__aenter__" } else { "__aexit__" };
                return Err(cx.type_error(format_args!(
                    "'async with' received an object from {from} that does not implement __await__: {}",
                    awaitable.ty().tp_name()
                )));
            }
            return Err(raised);
        }
    };
    if iterator.is_exact(types().coroutine) && receiver(&iterator).delegate().is_some() {
        return Err(cx.runtime_error("coroutine is being awaited already"));
    }
    Ok(iterator)
}

/// `_PyCoro_GetAwaitableIter`.
pub fn awaitable_iterator(cx: Ctx, awaitable: &Object) -> PyResult {
    if awaitable.is_exact(types().coroutine) || is_iterable_coroutine(awaitable) {
        return Ok(awaitable.to_ref());
    }
    let Some(get) = awaitable.ty().slots().am_await else {
        return Err(cx.type_error(format_args!(
            "object {} can't be used in 'await' expression",
            awaitable.ty().tp_name()
        )));
    };
    let iterator = get(cx, awaitable)?;
    if iterator.is_exact(types().coroutine) || is_iterable_coroutine(&iterator) {
        return Err(cx.type_error("__await__() returned a coroutine"));
    }
    if iterator.ty().slots().iternext.is_none() {
        return Err(cx.type_error(format_args!(
            "__await__() returned non-iterator of type '{}'",
            iterator.ty().tp_name()
        )));
    }
    Ok(iterator)
}

fn is_iterable_coroutine(object: &Object) -> bool {
    object.is_exact(types().generator)
        && receiver(object).code.peek().is_some_and(|c| c.flags & flags::ITERABLE_COROUTINE != 0)
}

fn optional<T: MemoryLayout>(cx: Ctx, slot: &Slot<T>) -> Ref {
    slot.get().map_or_else(|| cx.none(), Ref::into_object)
}

pub(super) fn get_running(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.bool(receiver(object).state.get() == State::Executing))
}

pub(super) fn get_suspended(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.bool(receiver(object).state.get() == State::Suspended))
}

pub(super) fn get_frame(cx: Ctx, object: &Object) -> PyResult {
    let generator = receiver(object);
    if generator.state.get() == State::Cleared {
        return Ok(cx.none());
    }
    // SAFETY: the frame exists in all other states.
    Ok(unsafe { frame_object(cx, generator.frame()) }.into_object())
}

pub(super) fn get_code(cx: Ctx, object: &Object) -> PyResult {
    Ok(optional(cx, &receiver(object).code))
}

pub(super) fn get_delegate(cx: Ctx, object: &Object) -> PyResult {
    Ok(receiver(object).delegate().unwrap_or_else(|| cx.none()))
}

fn set_text(cx: Ctx, slot: &Slot<StrObject>, value: Option<&Object>, attribute: &str) -> PyResult<()> {
    match value.and_then(|v| v.downcast::<StrObject>()) {
        Some(text) => {
            slot.set(Some(text.to_ref()));
            Ok(())
        }
        None => Err(cx.type_error(format_args!("{attribute} must be set to a string object"))),
    }
}

pub(super) const NAME: GetSetDef = GetSetDef {
    name: "__name__",
    get: Some(|cx, g| Ok(optional(cx, &receiver(g).name))),
    set: Some(|cx, g, value| set_text(cx, &receiver(g).name, value, "__name__")),
    doc: "name of the generator",
};

pub(super) const QUALNAME: GetSetDef = GetSetDef {
    name: "__qualname__",
    get: Some(|cx, g| Ok(optional(cx, &receiver(g).qualname))),
    set: Some(|cx, g, value| set_text(cx, &receiver(g).qualname, value, "__qualname__")),
    doc: "qualified name of the generator",
};

pub(super) fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(shown_size(object)))
}

/// `__sizeof__` of a generator or coroutine: CPython's header and frame, and the slots of its code.
pub(crate) fn shown_size(object: &Object) -> usize {
    152 + 8 * receiver(object).code.peek().map_or(0, super::call::slots_of)
}

/// The frame of a generator, coroutine or async generator that can still be resumed and does not run.
pub(crate) fn suspended_frame(object: &Object) -> Option<&Frame> {
    let kinds = types();
    let is_one =
        [kinds.generator, kinds.coroutine, kinds.async_generator].iter().any(|ty| object.is_exact(ty));
    if !is_one {
        return None;
    }
    let this = receiver(object);
    // SAFETY: the frame exists in these states, and lives in the generator.
    matches!(this.state.get(), State::Created | State::Suspended).then(|| unsafe { &*this.frame() })
}

static GENERATOR_METHODS: &[MethodDef] = &[
    MethodDef::one(
        "send",
        send,
        "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.",
    ),
    MethodDef::fast(
        "throw",
        throw,
        "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or raise\nStopIteration.",
    ),
    MethodDef::no_args("close", close, "close() -> raise GeneratorExit inside generator."),
    MethodDef::no_args("__sizeof__", sizeof, "gen.__sizeof__() -> size of gen in memory, in bytes"),
];

static GENERATOR_GETSET: &[GetSetDef] = &[
    NAME,
    QUALNAME,
    GetSetDef {
        name: "gi_yieldfrom",
        get: Some(get_delegate),
        set: None,
        doc: "object being iterated by yield from, or None",
    },
    GetSetDef { name: "gi_running", get: Some(get_running), set: None, doc: "" },
    GetSetDef { name: "gi_frame", get: Some(get_frame), set: None, doc: "" },
    GetSetDef { name: "gi_suspended", get: Some(get_suspended), set: None, doc: "" },
    GetSetDef { name: "gi_code", get: Some(get_code), set: None, doc: "" },
];

const fn generator_spec(name: &'static str) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.layout = Layout::gc::<GeneratorObject>().items(8).weaklist(offset_of!(GeneratorObject, weaklist));
    spec.basicsize = 96;
    spec.itemsize = 8;
    spec.flags = TypeFlags::HAVE_GC;
    spec.dealloc = Some(dealloc);
    spec.traverse = Some(traverse);
    spec.finalize = Some(finalize);
    spec
}

pub(super) const BASE: TypeSpec = generator_spec("");

pub static SPEC: TypeSpec = TypeSpec {
    slots: Slots {
        repr: Some(repr),
        iter: Some(iter_self),
        iternext: Some(iternext),
        am_send: Some(am_send),
        ..Slots::EMPTY
    },
    methods: GENERATOR_METHODS,
    getset: GENERATOR_GETSET,
    ..generator_spec("generator")
};

static COROUTINE_GETSET: &[GetSetDef] = &[
    NAME,
    QUALNAME,
    GetSetDef {
        name: "cr_await",
        get: Some(get_delegate),
        set: None,
        doc: "object being awaited on, or None",
    },
    GetSetDef { name: "cr_running", get: Some(get_running), set: None, doc: "" },
    GetSetDef { name: "cr_frame", get: Some(get_frame), set: None, doc: "" },
    GetSetDef { name: "cr_suspended", get: Some(get_suspended), set: None, doc: "" },
    GetSetDef { name: "cr_code", get: Some(get_code), set: None, doc: "" },
];

static COROUTINE_METHODS: &[MethodDef] = &[
    MethodDef::one(
        "send",
        send,
        "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration.",
    ),
    MethodDef::fast(
        "throw",
        throw,
        "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated value or raise\nStopIteration.",
    ),
    MethodDef::no_args("close", close, "close() -> raise GeneratorExit inside coroutine."),
    MethodDef::no_args("__sizeof__", sizeof, "gen.__sizeof__() -> size of gen in memory, in bytes"),
];

pub static COROUTINE: TypeSpec = TypeSpec {
    slots: Slots {
        repr: Some(repr),
        am_await: Some(await_coroutine),
        am_send: Some(am_send),
        ..Slots::EMPTY
    },
    methods: COROUTINE_METHODS,
    members: &[MemberDef {
        name: "cr_origin",
        get: |cx, g| Ok(receiver(g).origin_or_finalizer.get().unwrap_or_else(|| cx.none())),
        set: None,
        doc: "",
    }],
    getset: COROUTINE_GETSET,
    ..generator_spec("coroutine")
};

/// What `coroutine.__await__` returns: drives the coroutine as an iterator.
#[repr(C)]
pub struct CoroutineWrapper {
    pub object: Object,
    pub coroutine: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for CoroutineWrapper {}

fn await_coroutine(_: Ctx, object: &Object) -> PyResult {
    let wrapper = crate::memory::new_ref(&types().coroutine_wrapper.core, |head| CoroutineWrapper {
        object: head,
        coroutine: Slot::new(object.to_ref()),
    });
    track(wrapper.as_object());
    Ok(wrapper.into_object())
}

fn wrapped(cx: Ctx, object: &Object) -> Ref {
    // SAFETY: called with coroutine wrappers only.
    unsafe { object.cast::<CoroutineWrapper>() }.coroutine.get().unwrap_or_else(|| cx.none())
}

unsafe fn wrapper_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the type.
    unsafe { crate::memory::dealloc_as::<CoroutineWrapper>(object) }
}

unsafe fn wrapper_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the type.
    unsafe { object.as_ref().cast::<CoroutineWrapper>() }.coroutine.trace(visitor);
}

pub static COROUTINE_WRAPPER: TypeSpec = TypeSpec {
    name: "coroutine_wrapper",
    doc: Some("A wrapper object implementing __await__ for coroutines."),
    layout: Layout::gc::<CoroutineWrapper>(),
    basicsize: 24,
    flags: TypeFlags::HAVE_GC,
    dealloc: Some(wrapper_dealloc),
    traverse: Some(wrapper_traverse),
    slots: Slots {
        iter: Some(iter_self),
        iternext: Some(|cx, object| iternext(cx, &wrapped(cx, object))),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("send", |cx, object, value| send(cx, &wrapped(cx, object), value), ""),
        MethodDef::fast("throw", |cx, object, args| throw(cx, &wrapped(cx, object), args), ""),
        MethodDef::no_args("close", |cx, object| close(cx, &wrapped(cx, object)), ""),
    ],
    ..TypeSpec::EMPTY
};
