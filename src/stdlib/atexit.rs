//! `atexit`: functions to run when the interpreter shuts down, last registered first.
//!
//! The interpreter keeps them as tuples (function, arguments, keyword arguments or None).

use crate::memory::{Object, Ref};
use crate::objects::spec::ModuleSpec;
use crate::objects::{Args, CompareOp, DictObject, ListObject, MethodDef, PyResult, TupleObject};
use crate::vm::Ctx;

fn callbacks(cx: Ctx) -> PyResult<Ref<ListObject>> {
    if let Some(list) = cx.vm().atexit.get() {
        return Ok(list);
    }
    let list = cx.new_list(Vec::new())?;
    cx.vm().atexit.set(Some(list.clone()));
    Ok(list)
}

fn register(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let Some((function, rest)) = given.pos().split_first() else {
        return Err(cx.type_error("register() takes at least 1 argument (0 given)"));
    };
    if function.ty().slots().call.is_none() {
        return Err(cx.type_error("the first argument must be callable"));
    }
    let keywords = if given.has_keywords() {
        let dict = cx.new_dict();
        for (name, value) in given.keywords() {
            dict.set_str(cx, name, value.clone())?;
        }
        dict.into_object()
    } else {
        cx.none()
    };
    let arguments = cx.tuple_from_slice(rest).into_object();
    let entry = cx.new_tuple(vec![function.clone(), arguments, keywords]).into_object();
    callbacks(cx)?.push(cx, entry)?;
    Ok(function.clone())
}

fn unregister(cx: Ctx, _module: &Object, function: &Ref) -> PyResult {
    let list = callbacks(cx)?;
    let mut index = 0;
    while let Some(entry) = list.get(index) {
        let registered = entry.downcast::<TupleObject>().and_then(|entry| entry.as_slice().first().cloned());
        let same = match registered {
            Some(registered) => cx.compare_bool(function, &registered, CompareOp::Eq)?,
            None => false,
        };
        if same {
            drop(list.take(cx, index));
        } else {
            index += 1;
        }
    }
    Ok(cx.none())
}

/// Runs all functions registered, the last one first, and forgets them. What they raise is
/// reported and goes no further.
pub fn run_all(cx: Ctx) {
    let Some(list) = cx.vm().atexit.get() else { return };
    loop {
        let Some(last) = list.len().checked_sub(1) else { return };
        let Some(entry) = list.take(cx, last) else { return };
        let parts = entry.downcast::<TupleObject>().map(TupleObject::as_slice);
        let Some([function, arguments, keywords]) = parts else { continue };
        let Some(arguments) = arguments.downcast::<TupleObject>() else { continue };
        let result = cx.call_tuple_dict(function, arguments, keywords.downcast::<DictObject>());
        if let Err(raised) = result {
            cx.write_unraisable(raised, Some("in atexit callback"), Some(function));
        }
    }
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "atexit",
    doc: Some(
        "allow programmer to define multiple exit functions to be executed\nupon normal program termination.\n\nTwo public functions, register and unregister, are defined.\n",
    ),
    functions: &[
        MethodDef::varargs_keywords(
            "register",
            register,
            "register(func, *args, **kwargs) -> func\n\nHave func called with the arguments when the interpreter exits; returns func.",
        ),
        MethodDef::no_args(
            "_clear",
            |cx, _| {
                callbacks(cx)?.clear();
                Ok(cx.none())
            },
            "_clear() -> None\n\nForget all functions registered.",
        ),
        MethodDef::no_args(
            "_run_exitfuncs",
            |cx, _| {
                run_all(cx);
                Ok(cx.none())
            },
            "_run_exitfuncs() -> None\n\nRun all functions registered.\n",
        ),
        MethodDef::no_args(
            "_ncallbacks",
            |cx, _| Ok(cx.new_uint(callbacks(cx)?.len())),
            "_ncallbacks() -> int\n\nReturn the number of registered exit functions.\n",
        ),
        MethodDef::one(
            "unregister",
            unregister,
            "unregister(func) -> None\n\nForget a function registered, however often it was.",
        ),
    ],
    exec: None,
};
