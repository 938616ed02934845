//! `raise type, value, traceback`.

use crate::memory::{Object, Ref};
use crate::objects::exceptions::ExceptionObject;
use crate::objects::{PyResult, TupleObject, TypeFlags, TypeObject, exceptions};
use crate::vm::Ctx;
use crate::vm::traceback::TracebackObject;

fn exception_class(object: &Object) -> Option<&TypeObject> {
    object.downcast::<TypeObject>().filter(|ty| ty.has_flag(TypeFlags::BASE_EXC_SUBCLASS))
}

/// The instance that is to be raised; a traceback that was given lies in it.
pub(super) fn prepare(cx: Ctx, ty: Ref, value: Option<Ref>, traceback: Option<Ref>) -> PyResult {
    let traceback = traceback.filter(|traceback| !cx.is_none(traceback));
    if let Some(given) = &traceback
        && given.downcast::<TracebackObject>().is_none()
    {
        return Err(cx.type_error("raise: arg 3 must be a traceback or None"));
    }
    let value = value.filter(|value| !cx.is_none(value));
    let mut ty = ty;
    while let Some(first) = ty.downcast::<TupleObject>().and_then(|tuple| tuple.as_slice().first()) {
        ty = first.clone();
    }
    let instance = if let Some(class) = exception_class(&ty) {
        let made = match value {
            None => cx.call0(&ty)?,
            Some(value) if value.is_instance(class) => value,
            Some(value) => match value.downcast::<TupleObject>() {
                Some(args) => cx.call(&ty, args.as_slice())?,
                None => cx.call1(&ty, &value)?,
            },
        };
        if made.downcast::<ExceptionObject>().is_none() {
            return Err(cx.type_error(format!(
                "calling {} should have returned an instance of BaseException, not {}",
                cx.repr_text(&ty)?,
                made.ty().tp_name()
            )));
        }
        made
    } else if ty.is_instance(exceptions().base_exception) {
        if value.is_some() {
            return Err(cx.type_error("instance exception may not have a separate value"));
        }
        ty
    } else {
        return Err(cx.type_error(format!(
            "exceptions must be old-style classes or derived from BaseException, not {}",
            ty.ty().tp_name()
        )));
    };
    if let Some(exception) = instance.downcast::<ExceptionObject>() {
        exception.traceback.set(traceback);
    }
    Ok(instance)
}
