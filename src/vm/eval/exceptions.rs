//! Raising, matching and handling exceptions in the loop.

use crate::memory::{Layout, Object, Ref};
use crate::objects::exceptions::{ExceptionObject, group};
use crate::objects::{PyResult, TupleObject, TypeFlags, TypeObject, exceptions, types};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::errors::Fetched;
use crate::vm::frame::Frame;
use crate::vm::{frame_object, traceback};

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
pub(super) fn restore_raised(cx: Ctx, value: Ref) {
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
pub(super) fn raise(cx: Ctx, exception: Option<Ref>, cause: Option<Ref>) -> bool {
    let Some(exception) = exception else {
        if crate::era::is_classic() {
            return crate::vm::classic::handled::reraise(cx);
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
    if crate::era::is_classic() {
        return crate::vm::classic::handled::raise_prepared(cx, instance);
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
pub(super) fn check_match(cx: Ctx, exception: &Object, wanted: &Object) -> PyResult<bool> {
    let valid = match wanted.downcast::<TupleObject>() {
        Some(tuple) => tuple.as_slice().iter().all(|one| is_exception_class(one)),
        None => is_exception_class(wanted),
    };
    if !valid && !crate::era::is_classic() {
        return Err(cx.type_error("catching classes that do not inherit from BaseException is not allowed"));
    }
    Ok(exception_matches(exception, wanted))
}

/// `except* wanted:`: the part that matches and the rest.
pub(super) fn check_group_match(
    cx: Ctx,
    exception: &Object,
    wanted: &Object,
) -> PyResult<(Option<Ref>, Option<Ref>)> {
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

/// The end of a `try`/`except*`: what is still to be raised.
pub(super) fn prepare_reraise_star(cx: Ctx, original: &Object, raised: &Object) -> PyResult {
    group::prepare_reraise_star(cx, original, raised)
}

/// Calls `__exit__(type, value, traceback)` for a handled exception.
/// In the classic era the traceback lies beside the exception.
pub(super) fn call_exit(cx: Ctx, exit: &Object, value: &Object, beside: Option<&Object>) -> PyResult {
    let traceback = beside
        .map(Object::to_ref)
        .or_else(|| value.downcast::<ExceptionObject>().and_then(|e| e.traceback.get()))
        .unwrap_or_else(|| cx.none());
    let _ = types();
    cx.call(exit, &[value.ty().to_object(), value.to_ref(), traceback])
}
