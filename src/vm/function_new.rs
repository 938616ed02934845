//! `types.FunctionType(...)`.

use super::Ctx;
use super::code_object::Code;
use super::function::new_function;
use crate::objects::spec::Signature;
use crate::objects::{Args, DictObject, PyResult, StrObject, TupleObject, args, types};

pub const DOC: &str =
    "function(code, globals, name=None, argdefs=None, closure=None)\n--\n\nCreate a function object.";

static SIGNATURE: Signature = Signature {
    name: "function",
    params: &["code", "globals", "name", "argdefs", "closure"],
    required: 2,
    max_positional: 5,
};

pub fn new(cx: Ctx, given: Args<'_>) -> PyResult {
    let mut values = [None, None, None, None, None];
    args::bind(cx, &SIGNATURE, given, &mut values)?;
    let [code, globals, name, defaults, closure] = values;
    let wrong = |what: &str, value: &crate::memory::Object| {
        cx.type_error(format_args!(
            "function() argument '{what}' must be {}, not {}",
            what_type(what),
            value.ty().tp_name()
        ))
    };
    let (Some(code), Some(globals)) = (code, globals) else {
        return Err(cx.type_error("function() missing required arguments"));
    };
    let code = code.downcast_ref::<Code>().map_err(|v| wrong("code", &v))?;
    let globals = globals.downcast_ref::<DictObject>().map_err(|v| wrong("globals", &v))?;
    let name = name.filter(|n| !cx.is_none(n));
    let defaults = defaults.filter(|d| !cx.is_none(d));
    let closure = closure.filter(|c| !cx.is_none(c));
    if let Some(name) = &name
        && !name.is_instance(types().str)
    {
        return Err(cx.type_error("arg 3 (name) must be None or string"));
    }
    if let Some(defaults) = &defaults
        && !defaults.is_instance(types().tuple)
    {
        return Err(cx.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let free = code.nfreevars as usize;
    match &closure {
        Some(cells) => {
            let Some(cells) = cells.downcast::<TupleObject>() else {
                return Err(cx.type_error("arg 5 (closure) must be tuple"));
            };
            if cells.len() != free {
                return Err(cx.value_error(format_args!(
                    "{} requires closure of length {free}, not {}",
                    code.name.to_string_lossy(),
                    cells.len()
                )));
            }
            if let Some(odd) = cells.as_slice().iter().find(|c| !c.is_exact(types().cell)) {
                return Err(cx.type_error(format_args!(
                    "arg 5 (closure) expected cell, found {}",
                    odd.ty().tp_name()
                )));
            }
        }
        None if free > 0 => return Err(cx.type_error("arg 5 (closure) must be tuple")),
        None => {}
    }
    let function = new_function(cx, code, globals)?;
    if let Some(name) = name.and_then(|n| n.downcast_ref::<StrObject>().ok()) {
        function.name.set(Some(name));
    }
    function.defaults.set(defaults.and_then(|d| d.downcast_ref::<TupleObject>().ok()));
    function.closure.set(closure.and_then(|c| c.downcast_ref::<TupleObject>().ok()));
    Ok(function.into_object())
}

fn what_type(what: &str) -> &'static str {
    if what == "code" { "code" } else { "dict" }
}
