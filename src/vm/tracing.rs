//! `sys.settrace` and `sys.setprofile`: functions of the program's that are told what its frames do.
//!
//! Always true: while one is set, [`signal::HOOKS`] is up, and frames run in the loop that looks
//! before each instruction; otherwise none of this costs anything. What happens inside such a function is
//! not told ([`Vm::tracing`](super::state::Vm::tracing)). Called by `eval::run` alone.

use std::sync::atomic::Ordering;

use super::Ctx;
use super::frame::Frame;
use super::frame_object::{self, FrameObject};
use super::state::{SIGNALS, lower_signal, raise_signal, signal};
use crate::code::opcode::op;
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::with_borrowed;
use crate::objects::{PyResult, Raised, exceptions};

/// The roots that keep the two functions.
pub const TRACE: &str = "sys.trace";
pub const PROFILE: &str = "sys.profile";

/// What a function is told of, by the names that it gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    Call,
    Exception,
    Line,
    Return,
    CCall,
    CException,
    CReturn,
    Opcode,
}

impl Event {
    fn name(self) -> &'static str {
        match self {
            Event::Call => "call",
            Event::Exception => "exception",
            Event::Line => "line",
            Event::Return => "return",
            Event::CCall => "c_call",
            Event::CException => "c_exception",
            Event::CReturn => "c_return",
            Event::Opcode => "opcode",
        }
    }
}

/// Whether a function is set.
#[inline(always)]
pub fn is_on() -> bool {
    SIGNALS.load(Ordering::Relaxed) & signal::HOOKS != 0
}

/// Whether native calls are told of.
pub fn is_profiling(cx: Ctx) -> bool {
    is_on() && cx.vm().tracing.get() == 0 && cx.named_root(PROFILE).is_some()
}

/// Sets the function kept as `root`; `None` takes it away.
pub fn set(cx: Ctx, root: &'static str, function: Option<Ref>) {
    cx.set_named_root(root, function);
    if cx.named_root(TRACE).is_some() || cx.named_root(PROFILE).is_some() {
        raise_signal(signal::HOOKS);
    } else {
        lower_signal(signal::HOOKS);
    }
}

/// `sys.call_tracing`: what `body` runs is told of even from within such a function.
pub fn call_traced<R>(cx: Ctx, body: impl FnOnce() -> R) -> R {
    let depth = cx.vm().tracing.replace(0);
    let result = body();
    cx.vm().tracing.set(depth);
    result
}

/// Before the instruction at which the frame stands; `previous` is the index of the one before.
///
/// # Safety
/// The frame is alive and saved.
pub unsafe fn at_instruction(cx: Ctx, frame: *mut Frame, previous: isize, opcode: u8) -> PyResult<()> {
    // SAFETY: promised by the caller.
    let (index, code) = unsafe { ((*frame).instr_index(), (*frame).code()) };
    let entry = code.first_traceable.get() as isize;
    if cx.vm().tracing.get() > 0 || index < entry {
        return Ok(());
    }
    let none = cx.none();
    if opcode == op::RESUME {
        // SAFETY: as above.
        return unsafe {
            told(cx, frame, TRACE, Event::Call, &none)?;
            told(cx, frame, PROFILE, Event::Call, &none)
        };
    }
    if cx.named_root(TRACE).is_none() {
        return Ok(());
    }
    // SAFETY: as above.
    let object = unsafe { frame_object::frame_object(cx, frame) };
    let last_line = if previous <= entry { None } else { code.line_of(previous as i32 * 2) };
    let line = code.line_of(index as i32 * 2);
    if line.is_some() && object.trace_lines.get() {
        // A new line, or a jump back to the same one, except where a generator waits for another.
        let is_due = line != last_line || (index < previous && opcode != op::SEND);
        if is_due {
            // SAFETY: as above.
            unsafe { call_trace(cx, frame, TRACE, Event::Line, &none)? };
        }
    }
    if object.trace_opcodes.get() {
        // SAFETY: as above.
        unsafe { call_trace(cx, frame, TRACE, Event::Opcode, &none)? };
    }
    Ok(())
}

/// The frame is about to be left, with `value` or by an exception.
///
/// # Safety
/// As [`at_instruction`].
pub unsafe fn at_exit(cx: Ctx, frame: *mut Frame, value: Option<&Object>) -> PyResult<()> {
    let none = cx.none();
    let value = value.unwrap_or(&none);
    // SAFETY: promised by the caller.
    unsafe {
        told(cx, frame, TRACE, Event::Return, value)?;
        told(cx, frame, PROFILE, Event::Return, value)
    }
}

/// An exception has been raised in the frame; another may be pending afterwards.
///
/// # Safety
/// As [`at_instruction`].
pub unsafe fn at_exception(cx: Ctx, frame: *mut Frame) {
    // SAFETY: promised by the caller.
    let is_hidden = unsafe { (*frame).is_incomplete() };
    if cx.vm().tracing.get() > 0 || is_hidden || cx.named_root(TRACE).is_none() {
        return;
    }
    let Some(fetched) = cx.fetch_pending() else { return };
    let fetched = cx.normalize(fetched);
    let or_none = |value: Option<Ref>| value.unwrap_or_else(|| cx.none());
    let parts = vec![
        fetched.ty.to_object(),
        or_none(fetched.value.clone()),
        or_none(fetched.traceback.clone().map(Ref::into_object)),
    ];
    let about = cx.new_tuple(parts);
    // SAFETY: promised by the caller.
    let told = unsafe { call_trace(cx, frame, TRACE, Event::Exception, about.as_object()) };
    drop(about);
    if told.is_ok() {
        let _ = cx.restore(fetched);
    }
}

/// A `StopIteration` is pending that only ends a loop or a delegation: tells of it and clears it.
/// What the function raises instead is an error.
///
/// # Safety
/// As [`at_instruction`].
pub unsafe fn at_stop(cx: Ctx, frame: *mut Frame) -> PyResult<()> {
    // SAFETY: promised by the caller.
    unsafe { at_exception(cx, frame) };
    match cx.is_pending() {
        true if cx.raised_is(&cx.raised(), exceptions().stop_iteration) => {
            cx.clear_exception(cx.raised());
            Ok(())
        }
        true => Err(cx.raised()),
        false => Ok(()),
    }
}

/// A native function is called, or has returned or raised: for the profile function.
///
/// # Safety
/// As [`at_instruction`].
pub unsafe fn at_native(cx: Ctx, frame: *mut Frame, event: Event, function: &Object) -> PyResult<()> {
    // SAFETY: promised by the caller.
    unsafe { told(cx, frame, PROFILE, event, function) }
}

/// As [`call_trace`], keeping a pending exception (`call_trace_protected`).
unsafe fn told(cx: Ctx, frame: *mut Frame, root: &'static str, event: Event, about: &Object) -> PyResult<()> {
    let saved = cx.fetch_pending();
    // SAFETY: promised by the caller.
    unsafe { call_trace(cx, frame, root, event, about)? };
    if let Some(saved) = saved {
        let _ = cx.restore(saved);
    }
    Ok(())
}

/// Calls the function kept as `root`, or the frame's own (`call_trace` with its trampolines).
unsafe fn call_trace(
    cx: Ctx,
    frame: *mut Frame,
    root: &'static str,
    event: Event,
    about: &Object,
) -> PyResult<()> {
    if cx.vm().tracing.get() > 0 {
        return Ok(());
    }
    let Some(function) = cx.named_root(root) else { return Ok(()) };
    // SAFETY: promised by the caller.
    let object = unsafe { frame_object::frame_object(cx, frame) };
    let is_trace = root == TRACE;
    let callback = if is_trace && event != Event::Call { object.trace.get() } else { Some(function) };
    let Some(callback) = callback else { return Ok(()) };
    // SAFETY: promised by the caller.
    match unsafe { call_back(cx, frame, &object, &callback, event, about) } {
        Ok(result) => {
            if is_trace && !cx.is_none(&result) {
                object.trace.set(Some(result));
            }
            Ok(())
        }
        Err(raised) => {
            let fetched = cx.fetch(raised);
            set(cx, root, None);
            if is_trace {
                object.trace.set(None);
            }
            Err(cx.restore(fetched))
        }
    }
}

unsafe fn call_back(
    cx: Ctx,
    frame: *mut Frame,
    object: &FrameObject,
    callback: &Object,
    event: Event,
    about: &Object,
) -> Result<Ref, Raised> {
    let depth = cx.vm().tracing.get();
    cx.vm().tracing.set(depth + 1);
    // SAFETY: promised by the caller: the frame is alive, and saved while Python runs.
    let result = unsafe {
        frame_object::fast_to_locals(cx, frame).and_then(|locals| {
            drop(locals);
            let name = cx.intern(event.name());
            let result =
                with_borrowed([object.as_object(), name.as_object(), about], |args| cx.call(callback, args));
            let saved = cx.fetch_pending();
            frame_object::locals_to_fast(cx, frame, true);
            if let Some(saved) = saved {
                let _ = cx.restore(saved);
            }
            result
        })
    };
    cx.vm().tracing.set(depth);
    if result.is_err() {
        // SAFETY: as above.
        unsafe { super::eval::note_traceback(cx, frame) };
    }
    result
}

/// The function that stands for a native callable in the profile function's eyes: a method taken from a type is
/// bound to its receiver first. `None` for what is not native.
pub fn native_function(cx: Ctx, callable: &Object, receiver: Option<&Object>) -> Option<Ref> {
    let types = crate::objects::types();
    if callable.is_exact(types.builtin_function) {
        return Some(callable.to_ref());
    }
    if !callable.is_exact(types.method_descriptor) {
        return None;
    }
    let (receiver, get) = (receiver?, callable.ty().slots().descr_get?);
    match get(cx, callable, Some(receiver), Some(receiver.ty().as_object())) {
        Ok(bound) => Some(bound),
        Err(raised) => {
            if cx.raised_is(&raised, exceptions().exception) {
                cx.clear_exception(raised);
            }
            None
        }
    }
}
