//! `gc` of Python 2.7: more debugging flags, fewer functions.

use crate::memory::gc::state::DebugFlags;
use crate::memory::{Object, Ref};
use crate::objects::spec::MethodDef;
use crate::objects::{IntObject, ModuleObject, PyResult};
use crate::vm::Ctx;

/// Changes the module `gc`, which is made for it.
pub(super) fn init(cx: Ctx) -> PyResult<()> {
    let Some(spec) = crate::stdlib::find("gc") else { return Ok(()) };
    let module = crate::objects::module::new_native_module(cx, spec)?;
    if let Some(modules) = cx.vm().modules.get() {
        modules.set_str(cx, &cx.intern("gc"), crate::memory::Layout::to_object(&*module))?;
    }
    change(cx, &module)
}

fn change(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let flags = [
        ("DEBUG_INSTANCES", DebugFlags::INSTANCES.0),
        ("DEBUG_OBJECTS", DebugFlags::OBJECTS.0),
        ("DEBUG_LEAK", DebugFlags::CLASSIC_LEAK.0),
    ];
    for (name, flag) in flags {
        module.add(cx, name, cx.new_int(i64::from(flag)))?;
    }
    let Some(dict) = module.dict.get() else { return Ok(()) };
    super::remove(
        cx,
        &dict,
        &["callbacks", "get_stats", "is_finalized", "freeze", "unfreeze", "get_freeze_count"],
    )?;
    super::add_functions(cx, &dict, FUNCTIONS, "gc")
}

/// A plain int argument, in the words of `PyArg_ParseTuple`.
fn int(cx: Ctx, object: &Object) -> PyResult<i64> {
    if object.downcast::<crate::objects::FloatObject>().is_some() {
        return Err(cx.type_error("integer argument expected, got float"));
    }
    match object.downcast::<IntObject>() {
        Some(number) => {
            number.as_i64().ok_or_else(|| cx.overflow_error("Python int too large to convert to C long"))
        }
        None => Err(cx.type_error("an integer is required")),
    }
}

fn set_threshold(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    if args.is_empty() || args.len() > 3 {
        let bound = if args.is_empty() { "at least 1 argument" } else { "at most 3 arguments" };
        return Err(cx.type_error(format!("set_threshold() takes {bound} ({} given)", args.len())));
    }
    let mut thresholds = crate::memory::gc::thresholds();
    for (threshold, value) in thresholds.iter_mut().zip(args) {
        *threshold = int(cx, value)? as i32;
    }
    crate::memory::gc::set_thresholds(thresholds);
    Ok(cx.none())
}

/// Running frames refer to their locals, too.
fn get_referrers(cx: Ctx, _: &Object, targets: &[Ref]) -> PyResult {
    let mut found = crate::vm::classic::frames::that_refer_to(cx, targets);
    let borrowed: Vec<&Object> = targets.iter().map(|target| &**target).collect();
    for object in crate::memory::gc::query::referrers(&borrowed) {
        if !found.iter().any(|known| known.is(&object)) {
            found.push(object);
        }
    }
    Ok(cx.new_list(found)?.into_object())
}

static FUNCTIONS: &[MethodDef] = &[
    MethodDef::fast(
        "get_referrers",
        get_referrers,
        "get_referrers(*objs) -> list\nReturn the list of objects that directly refer to any of objs.",
    ),
    MethodDef::fast(
        "set_threshold",
        set_threshold,
        "set_threshold(threshold0, [threshold1, threshold2]) -> None\n\nSets the collection thresholds.  Setting threshold0 to zero disables\ncollection.\n",
    ),
];
