//! The hooks of `sys`: showing values and exceptions.

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::{Args, PyResult, StrObject, args, exceptions, names};
use crate::vm::Ctx;

/// `sys.displayhook(object)`: shows a value and binds it to `builtins._`.
pub fn displayhook(cx: Ctx, _module: &Object, value: &Ref) -> PyResult {
    let builtins = cx.vm().modules.get().and_then(|m| m.get_str(cx, &names().builtins_module));
    let Some(builtins) = builtins else {
        return Err(cx.runtime_error("lost builtins module"));
    };
    if cx.is_none(value) {
        return Ok(cx.none());
    }
    // Unbound first, so that the `repr` of the value does not find the one before.
    cx.set_attr(&builtins, &names().underscore, Some(&cx.none()))?;
    let Some(file) = cx.sys_attr("stdout").filter(|file| !cx.is_none(file)) else {
        return Err(cx.runtime_error("lost sys.stdout"));
    };
    let shown = cx.repr(value)?;
    if let Err(raised) = cx.write_to(&file, &shown) {
        if !cx.raised_is(&raised, exceptions().unicode_encode_error) {
            return Err(raised);
        }
        cx.clear_exception(raised);
        write_escaped(cx, &file, &shown)?;
    }
    cx.write_to(&file, &cx.new_str("\n"))?;
    cx.set_attr(&builtins, &names().underscore, Some(value))?;
    Ok(cx.none())
}

/// Writes text that the file's encoding cannot show, with escapes.
fn write_escaped(cx: Ctx, file: &Object, text: &StrObject) -> PyResult<()> {
    let encoding = cx.get_attr(file, &names().encoding)?;
    let errors = cx.new_str("backslashreplace").into_object();
    let bytes = cx.call_method(text.as_object(), &cx.intern("encode"), &[encoding.clone(), errors])?;
    match cx.get_attr_opt(file, &cx.intern("buffer"))? {
        Some(buffer) => cx.call_method(&buffer, &names().write, &[bytes]).map(drop),
        None => {
            let strict = cx.new_str("strict").into_object();
            let shown = cx.call_method(&bytes, &cx.intern("decode"), &[encoding, strict])?;
            cx.call_method(file, &names().write, &[shown]).map(drop)
        }
    }
}

/// `sys.excepthook(exctype, value, traceback)`.
pub fn excepthook(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "excepthook", given, 3, 3)?;
    crate::vm::print_exception::excepthook(cx, &given[0], &given[1], &given[2]);
    Ok(cx.none())
}

/// `sys.unraisablehook(unraisable)`.
pub fn unraisablehook(cx: Ctx, _module: &Object, report: &Ref) -> PyResult {
    cx.default_unraisable_hook(report)?;
    Ok(cx.none())
}

/// `sys.breakpointhook(*args, **kws)`: calls what `PYTHONBREAKPOINT` names, by default
/// `pdb.set_trace`.
pub fn breakpointhook(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let wanted = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    let wanted = if wanted.is_empty() { "pdb.set_trace" } else { wanted.as_str() };
    if wanted == "0" {
        return Ok(cx.none());
    }
    let (module, function) = wanted.rsplit_once('.').unwrap_or(("builtins", wanted));
    let found = crate::vm::import::import_module(cx, module)
        .and_then(|module| cx.get_attr(&module, &cx.intern(function)));
    match found {
        Ok(function) => cx.call_args(&function, given),
        Err(raised)
            if cx.raised_is(&raised, exceptions().import_error)
                || cx.raised_is(&raised, exceptions().attribute_error) =>
        {
            cx.clear_exception(raised);
            let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{wanted}\"");
            cx.warn(exceptions().runtime_warning, &message, 1)?;
            Ok(cx.none())
        }
        Err(raised) => Err(raised),
    }
}
