//! Raising, matching and handling exceptions in the loop.

use super::regs::Regs;
use crate::era::is_classic;
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::with_borrowed;
use crate::objects::exceptions::{ExceptionObject, group};
use crate::objects::{IntObject, PyResult, TupleObject, TypeFlags, TypeObject, exceptions};
use crate::vm::Ctx;
use crate::vm::classic::handled;
use crate::vm::code_object::Code;
use crate::vm::errors::Fetched;
use crate::vm::frame::Frame;
use crate::vm::state::HandledException;
use crate::vm::{frame_object, traceback};

/// `PUSH_EXC_INFO`: the exception becomes the one being handled; the one before waits below it.
#[inline(always)]
pub(super) fn push_exc_info(r: &mut Regs, cx: Ctx) {
    let value = r.pop();
    if is_classic() {
        r.push(handled::catch(cx, r.frame_ptr(), &value));
        r.push(value);
        return;
    }
    let previous = innermost(cx).value.replace(Some(value.clone()));
    r.push(previous.unwrap_or_else(|| cx.none()));
    r.push(value);
}

#[inline(always)]
pub(super) fn pop_except(r: &mut Regs, cx: Ctx) {
    if is_classic() {
        return r.drop_top();
    }
    let value = r.pop();
    innermost(cx).value.set(Some(value));
}

/// The innermost record of an exception being handled: a generator's or the thread's.
#[inline(always)]
fn innermost<'a>(cx: Ctx) -> &'a HandledException {
    // SAFETY: the innermost record is alive while its frame runs.
    unsafe { &*cx.vm().handled.get() }
}

#[inline(always)]
pub(super) fn check_exc_match(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let wanted = r.pop();
    let matches = check_match(cx, r.peek(1), &wanted);
    drop(wanted);
    r.push(cx.bool(matches?));
    Ok(())
}

#[inline(always)]
pub(super) fn check_eg_match(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let wanted = r.pop();
    let result = check_group_match(cx, r.peek(1), &wanted);
    drop(wanted);
    let (matched, rest) = result?;
    match matched {
        Some(matched) => {
            let old = r.pop();
            r.push(rest.unwrap_or_else(|| cx.none()));
            innermost(cx).value.set(Some(matched.clone()));
            r.push(matched);
            drop(old);
        }
        None => r.push(cx.none()),
    }
    Ok(())
}

#[inline(always)]
pub(super) fn prep_reraise_star(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let raised = r.pop();
    let original = r.pop();
    r.push(group::prepare_reraise_star(cx, &original, &raised)?);
    Ok(())
}

/// `RAISE_VARARGS`. True when the exception that is handled is raised again as it is.
#[inline(always)]
pub(super) fn raise_varargs(r: &mut Regs, cx: Ctx, given: u32) -> bool {
    let cause = r.pop_if(given == 2);
    let exception = r.pop_if(given >= 1);
    raise(cx, exception, cause)
}

/// `RERAISE`: with an argument, the frame is seen where the exception came from.
#[inline(always)]
pub(super) fn reraise(r: &mut Regs, cx: Ctx, depth: u32) {
    if depth != 0 {
        let place = r.peek(depth as usize + 1).downcast_exact::<IntObject>().and_then(IntObject::as_i64);
        if let Some(index) = place {
            r.mark_index(index as isize);
        }
    }
    let value = r.pop();
    if is_classic() {
        handled::pass_on(cx, value, r.peek_nullable(1));
    } else {
        restore_raised(cx, value);
    }
}

/// `END_ASYNC_FOR`. True when the exception is not the end of the iteration and is raised again.
#[inline(always)]
pub(super) fn end_async_for(r: &mut Regs, cx: Ctx) -> bool {
    let value = r.pop();
    if value.is_instance(exceptions().stop_async_iteration) {
        drop(value);
        r.drop_top();
        return false;
    }
    restore_raised(cx, value);
    true
}

#[inline(always)]
pub(super) fn load_assertion_error(r: &mut Regs) {
    r.push_borrowed(exceptions().assertion_error.as_object());
}

/// `WITH_EXCEPT_START`: calls `__exit__(type, value, traceback)` for the exception being handled.
#[inline(always)]
pub(super) fn with_except_start(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let beside = is_classic().then(|| r.peek_nullable(2)).flatten();
    let result = call_exit(cx, r.peek(4), r.peek(1), beside)?;
    r.push(result);
    Ok(())
}

/// Adds this frame to the pending exception's traceback (`PyTraceBack_Here`).
///
/// # Safety
/// The frame is alive and its stack is saved.
pub(super) unsafe fn add_traceback(cx: Ctx, frame: *mut Frame) {
    let Some(fetched) = cx.fetch_pending() else { return };
    // SAFETY: promised by the caller.
    let (object, lasti) = unsafe { (frame_object::frame_object(cx, frame), (*frame).lasti()) };
    let line = object.line_number();
    let entry = traceback::new_traceback(cx, fetched.traceback, object, lasti, line);
    let _ = cx.restore(Fetched { ty: fetched.ty, value: fetched.value, traceback: Some(entry) });
}

/// Takes the pending exception as the instance that a handler sees.
pub(super) fn take_for_handler(cx: Ctx) -> Ref {
    let exception = cx.take_exception(cx.raised());
    exception.into_object()
}

/// Makes an exception instance pending again, with its own traceback (`_PyErr_Restore` of a handled one).
///
/// Our compiler's code gives it exceptions only; foreign code may have anything there.
fn restore_raised(cx: Ctx, value: Ref) {
    if !value.is_instance(exceptions().base_exception) {
        let _ = cx.type_error("exceptions must derive from BaseException");
        return;
    }
    let ty = value.ty().to_ref();
    let traceback = value.downcast::<ExceptionObject>().and_then(|e| e.traceback.get());
    let _ = cx.restore(Fetched { ty, value: Some(value), traceback });
}

/// An instruction that is none: code that may not run says why, by such a one.
#[cold]
pub(super) fn raise_unknown_opcode(cx: Ctx, code: &Code, opcode: u8) {
    let _ = match code.refusal {
        Some(reason) => cx.system_error(format_args!("invalid code object: {reason}")),
        None => cx.system_error(format_args!("unknown opcode {opcode}")),
    };
}

/// `raise`, `raise x`, `raise x from y`. True when the exception being handled is raised again,
/// with its traceback as it is.
fn raise(cx: Ctx, exception: Option<Ref>, cause: Option<Ref>) -> bool {
    let Some(exception) = exception else {
        if is_classic() {
            return handled::reraise(cx);
        }
        return match cx.topmost_handled() {
            Some(value) => {
                restore_raised(cx, value);
                true
            }
            None => {
                let _ = cx.runtime_error("No active exception to reraise");
                false
            }
        };
    };
    let instance = if is_exception_class(&exception) {
        match cx.call0(&exception) {
            Ok(made) if made.is_instance(exceptions().base_exception) => made,
            Ok(made) => {
                let class = cx.repr_text(&exception).unwrap_or_default();
                let _ = cx.type_error(format_args!(
                    "calling {class} should have returned an instance of BaseException, not {}",
                    cx.repr_text(made.ty().as_object()).unwrap_or_default()
                ));
                return false;
            }
            Err(_raised) => return false,
        }
    } else if exception.is_instance(exceptions().base_exception) {
        exception
    } else {
        let _ = cx.type_error("exceptions must derive from BaseException");
        return false;
    };
    if is_classic() {
        return handled::raise_prepared(cx, instance);
    }
    if let Some(cause) = cause {
        let cause = if is_exception_class(&cause) {
            match cx.call0(&cause) {
                Ok(made) if made.is_instance(exceptions().base_exception) => Some(made),
                Ok(made) => {
                    let class = cx.repr_text(&cause).unwrap_or_default();
                    let _ = cx.type_error(format_args!(
                        "calling {class} should have returned an instance of BaseException, not {}",
                        cx.repr_text(made.ty().as_object()).unwrap_or_default()
                    ));
                    return false;
                }
                Err(_raised) => return false,
            }
        } else if cause.is_instance(exceptions().base_exception) {
            Some(cause)
        } else if cx.is_none(&cause) {
            None
        } else {
            let _ = cx.type_error("exception causes must derive from BaseException");
            return false;
        };
        if let Some(instance) = instance.downcast::<ExceptionObject>() {
            instance.suppress_context.set(true);
            instance.cause.set(cause);
        }
    }
    let ty = instance.ty().to_ref();
    let _ = cx.raise_with(&ty, instance);
    false
}

fn is_exception_class(object: &Object) -> bool {
    object.downcast::<TypeObject>().is_some_and(|ty| ty.has_flag(TypeFlags::BASE_EXC_SUBCLASS))
}

/// Whether an exception (instance or class) is caught by `except wanted` (`PyErr_GivenExceptionMatches`).
pub(crate) fn exception_matches(exception: &Object, wanted: &Object) -> bool {
    if let Some(tuple) = wanted.downcast::<TupleObject>() {
        return tuple.as_slice().iter().any(|one| exception_matches(exception, one));
    }
    let class = if exception.is_instance(exceptions().base_exception) {
        exception.ty()
    } else if let Some(class) = exception.downcast::<TypeObject>() {
        class
    } else {
        return exception.is(wanted);
    };
    match wanted.downcast::<TypeObject>() {
        Some(wanted) if is_exception_class(wanted.as_object()) => class.is_subtype(wanted),
        _ => class.as_object().is(wanted),
    }
}

/// `except wanted:`: whether it catches; an error when `wanted` is not made of exception classes.
fn check_match(cx: Ctx, exception: &Object, wanted: &Object) -> PyResult<bool> {
    let valid = match wanted.downcast::<TupleObject>() {
        Some(tuple) => tuple.as_slice().iter().all(|one| is_exception_class(one)),
        None => is_exception_class(wanted),
    };
    if !valid && !is_classic() {
        return Err(cx.type_error("catching classes that do not inherit from BaseException is not allowed"));
    }
    Ok(exception_matches(exception, wanted))
}

/// `except* wanted:`: the part that matches and the rest.
fn check_group_match(cx: Ctx, exception: &Object, wanted: &Object) -> PyResult<(Option<Ref>, Option<Ref>)> {
    check_match(cx, exception, wanted).map_err(|raised| {
        cx.clear_exception(raised);
        cx.type_error("catching classes that do not inherit from BaseException is not allowed")
    })?;
    let groups = exceptions().base_exception_group;
    let catches_groups = match wanted.downcast::<TupleObject>() {
        Some(tuple) => tuple
            .as_slice()
            .iter()
            .any(|one| one.downcast::<TypeObject>().is_some_and(|t| t.is_subtype(groups))),
        None => wanted.downcast::<TypeObject>().is_some_and(|t| t.is_subtype(groups)),
    };
    if catches_groups {
        return Err(cx.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
    }
    group::split_for_handler(cx, exception, wanted)
}

/// Calls `__exit__(type, value, traceback)` for a handled exception.
/// In the classic era the traceback lies beside the exception.
fn call_exit(cx: Ctx, exit: &Object, value: &Object, beside: Option<&Object>) -> PyResult {
    // The arguments are borrowed: the stack and the exception hold them.
    let none = cx.none();
    let traceback = beside
        .or_else(|| value.downcast::<ExceptionObject>().and_then(|e| e.traceback.peek()))
        .unwrap_or(&none);
    with_borrowed([value.ty().as_object(), value, traceback], |args| cx.call(exit, args))
}
