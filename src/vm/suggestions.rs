//! "Did you mean": what a NameError or AttributeError probably meant.

use super::Ctx;
use super::traceback::TracebackObject;
use crate::memory::{Object, Ref};
use crate::objects::exceptions::ExceptionObject;
use crate::objects::{ListObject, PyResult, StrObject, exceptions, types};

/// The nearest known name, if one is near enough. Never raises.
pub fn offer(cx: Ctx, exception: &ExceptionObject) -> Option<Ref<StrObject>> {
    let object = &exception.object;
    let found = if object.is_instance(exceptions().attribute_error) {
        for_attribute(cx, object)
    } else if object.is_instance(exceptions().name_error)
        && !object.is_instance(exceptions().unbound_local_error)
    {
        for_name(cx, exception)
    } else {
        return None;
    };
    found.unwrap_or_else(|raised| {
        cx.clear_exception(raised);
        None
    })
}

fn text_attribute(cx: Ctx, object: &Object, name: &str) -> PyResult<Option<Ref<StrObject>>> {
    let found = cx.get_attr_str(object, name)?;
    Ok(if found.is_exact(types().str) { found.downcast_ref::<StrObject>().ok() } else { None })
}

fn for_attribute(cx: Ctx, error: &Object) -> PyResult<Option<Ref<StrObject>>> {
    let Some(name) = text_attribute(cx, error, "name")? else { return Ok(None) };
    let object = cx.get_attr_str(error, "obj")?;
    if cx.is_none(&object) {
        return Ok(None);
    }
    let listed = cx.dir(&object)?;
    let candidates = listed.downcast::<ListObject>().map_or(Vec::new(), ListObject::to_vec);
    Ok(nearest(&candidates, &name))
}

fn for_name(cx: Ctx, error: &ExceptionObject) -> PyResult<Option<Ref<StrObject>>> {
    let Some(name) = text_attribute(cx, &error.object, "name")? else { return Ok(None) };
    let Some(mut traceback) = error.traceback.get() else { return Ok(None) };
    while let Some(next) = traceback.downcast::<TracebackObject>().and_then(|entry| entry.next.get()) {
        traceback = next;
    }
    let Some(frame) = traceback.downcast::<TracebackObject>().and_then(|entry| entry.frame.get()) else {
        return Ok(None);
    };
    let frame = frame.frame();
    let locals = frame.code().localsplusnames.as_slice().to_vec();
    if let Some(found) = nearest(&locals, &name) {
        return Ok(Some(found));
    }
    let globals = frame.globals().keys_to_vec();
    if let Some(found) = nearest(&globals, &name) {
        return Ok(Some(found));
    }
    let builtins = cx.collect(&frame.builtins().to_ref())?;
    Ok(nearest(&builtins, &name))
}

/// The candidate most like `name`, the first of equals.
fn nearest(candidates: &[Ref], name: &StrObject) -> Option<Ref<StrObject>> {
    let wanted = name.to_utf8()?;
    let texts: Vec<_> =
        candidates.iter().filter_map(|candidate| candidate.downcast::<StrObject>()?.to_utf8()).collect();
    if texts.len() != candidates.len() {
        return None;
    }
    let borrowed: Vec<&str> = texts.iter().map(|text| text.as_ref()).collect();
    let found = crate::syntax::suggest(&wanted, &borrowed)?;
    let index = borrowed.iter().position(|candidate| *candidate == found)?;
    candidates[index].clone().downcast_ref::<StrObject>().ok()
}

use crate::memory::Layout as _;
