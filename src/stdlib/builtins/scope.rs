//! Functions on scopes: globals, locals, vars, dir.

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::{PyResult, names};
use crate::vm::Ctx;
use crate::vm::frame_object::fast_to_locals;

/// The namespace dict of the running frame, or an error where there is none.
pub fn globals(cx: Ctx, _: &Object) -> PyResult {
    let frame = cx.vm().frame.get();
    if frame.is_null() {
        return Ok(cx.none());
    }
    // SAFETY: the running frame is alive.
    Ok(unsafe { (*frame).globals().to_object() })
}

pub fn locals(cx: Ctx, _: &Object) -> PyResult {
    let frame = cx.vm().frame.get();
    if frame.is_null() {
        return Err(cx.system_error("frame does not exist"));
    }
    // SAFETY: the running frame is alive.
    unsafe { fast_to_locals(cx, frame) }
}

pub fn vars(cx: Ctx, module: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "vars", args, 0, 1)?;
    match args.first() {
        None => locals(cx, module),
        Some(object) => match cx.get_attr_opt(object, &names().dict)? {
            Some(dict) => Ok(dict),
            None => Err(cx.type_error("vars() argument must have __dict__ attribute")),
        },
    }
}

pub fn dir(cx: Ctx, module: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "dir", args, 0, 1)?;
    match args.first() {
        Some(object) => cx.dir(object),
        None => {
            let scope = locals(cx, module)?;
            let keys = cx.call_method(&scope, &names().keys, &[])?;
            let list = cx.new_list(cx.collect(&keys)?)?;
            cx.call_method(list.as_object(), &names().sort, &[])?;
            Ok(list.into_object())
        }
    }
}
