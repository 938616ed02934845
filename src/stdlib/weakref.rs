//! `_weakref`: what the `weakref` library is built on.

use crate::memory::{Layout as _, Object, Ref, weakref};
use crate::objects::spec::ModuleSpec;
use crate::objects::weakproxy::new_proxy;
use crate::objects::weakref::as_weakref;
use crate::objects::{DictObject, MethodDef, ModuleObject, PyResult, args, types};
use crate::vm::Ctx;

fn getweakrefs(cx: Ctx, _module: &Object, object: &Ref) -> PyResult {
    let all = weakref::list(object).into_iter().map(Ref::into_object).collect();
    Ok(cx.new_list(all)?.into_object())
}

fn proxy(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "proxy", given, 1, 2)?;
    new_proxy(cx, &given[0], given.get(1).map(|callback| &**callback))
}

/// Removes a key from a dict if its value is a weak reference whose referent is gone.
fn remove_dead(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "_remove_dead_weakref", given, 2, 2)?;
    let Some(dict) = given[0].downcast::<DictObject>() else {
        return Err(cx.type_error(format_args!(
            "_remove_dead_weakref() argument 1 must be dict, not {}",
            given[0].ty().tp_name()
        )));
    };
    if let Some(value) = dict.get(cx, &given[1])? {
        let Some(found) = as_weakref(&value) else {
            return Err(cx.type_error("not a weakref"));
        };
        if weakref::referent(found).is_none() {
            drop(dict.pop(cx, &given[1])?);
        }
    }
    Ok(cx.none())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let types = types();
    module.add(cx, "ref", types.weakref.to_object())?;
    module.add(cx, "ReferenceType", types.weakref.to_object())?;
    module.add(cx, "ProxyType", types.weakproxy.to_object())?;
    module.add(cx, "CallableProxyType", types.weakcallableproxy.to_object())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_weakref",
    doc: Some("Weak-reference support module."),
    functions: &[
        MethodDef::one(
            "getweakrefcount",
            |cx, _, object| Ok(cx.new_uint(weakref::count(object))),
            "getweakrefcount($module, object, /)\n--\n\nHow many weak references the object has.",
        ),
        MethodDef::fast(
            "_remove_dead_weakref",
            remove_dead,
            "_remove_dead_weakref($module, dct, key, /)\n--\n\nRemove a key from a dict if its value is a dead weak reference.",
        ),
        MethodDef::one(
            "getweakrefs",
            getweakrefs,
            "getweakrefs($module, object, /)\n--\n\nAll weak references to the object, as a list.",
        ),
        MethodDef::fast(
            "proxy",
            proxy,
            "proxy($module, object, callback=None, /)\n--\n\nMake a proxy that weakly references the object.\n\n\
             'callback', if given, is called with the proxy when the object is\nabout to die.",
        ),
    ],
    exec: Some(exec),
};
