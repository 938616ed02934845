//! What `traceback` prints, natively: the library's own version knows no columns, so that the
//! marks under source lines would be missing.
//!
//! The common calls (a whole exception, with its chain) are answered here; those with a limit or
//! without the chain, or of something that is no exception, are passed on.

use crate::memory::{Layout, Object, Ref};
use crate::objects::module::ModuleObject;
use crate::objects::spec::MethodDef;
use crate::objects::{Args, PyResult, StrObject, exceptions, names};
use crate::vm::Ctx;
use crate::vm::print_exception::format_exception;

/// Puts the native functions into the module, the originals behind them.
pub fn install(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let Some(dict) = module.dict.get() else { return Ok(()) };
    for def in &FUNCTIONS {
        let name = cx.intern(def.name);
        if let Some(original) = dict.get_str(cx, &name) {
            dict.set_str(cx, &cx.intern(&format!("_plain_{}", def.name)), original)?;
            let shown = cx.intern("traceback").into_object();
            let native = crate::objects::native::new_native(cx, def, Some(module.to_object()), Some(shown));
            dict.set_str(cx, &name, native.into_object())?;
        }
    }
    Ok(())
}

/// The arguments of a call that is answered here.
struct Plain {
    exception: Option<Ref>,
    file: Option<Ref>,
}

/// Looks at the arguments: `None` for a call to pass on. `exception_args`: how many of the
/// positional ones say which exception.
fn look(cx: Ctx, args: Args<'_>, with_exception: bool, with_file: bool) -> PyResult<Option<Plain>> {
    let none = |value: &Ref| cx.is_none(value);
    let mut plain = Plain { exception: None, file: None };
    let mut rest = args.pos();
    let mut value = None;
    let mut traceback = None;
    if with_exception {
        let Some((first, others)) = rest.split_first() else { return Ok(None) };
        value = Some(first.clone());
        rest = others;
        if first.is_instance(crate::objects::types().type_) {
            // The old form: type, value, traceback.
            let [second, third, others @ ..] = rest else { return Ok(None) };
            (value, traceback, rest) = (Some(second.clone()), Some(third.clone()), others);
        } else if !rest.is_empty() {
            return Ok(None);
        }
    }
    // limit, file, chain
    let mut options: [Option<Ref>; 3] = [None, None, None];
    let order: &[usize] = if with_file { &[0, 1, 2] } else { &[0, 2] };
    for (place, given) in order.iter().zip(rest) {
        options[*place] = Some(given.clone());
    }
    if rest.len() > order.len() {
        return Ok(None);
    }
    for (name, given) in args.keywords() {
        match name.to_string_lossy().as_str() {
            "limit" => options[0] = Some(given.clone()),
            "file" if with_file => options[1] = Some(given.clone()),
            "chain" => options[2] = Some(given.clone()),
            _ => return Ok(None),
        }
    }
    let [limit, file, chain] = options;
    if limit.is_some_and(|limit| !none(&limit)) {
        return Ok(None);
    }
    if let Some(chain) = &chain
        && !cx.is_true(chain)?
    {
        return Ok(None);
    }
    if let Some(value) = value {
        if !value.is_instance(exceptions().base_exception) {
            return Ok(None);
        }
        // A traceback other than the exception's own is for the original to show.
        if let Some(traceback) = traceback {
            let own = cx.get_attr(&value, &names().traceback)?;
            if !own.is(&traceback) {
                return Ok(None);
            }
        }
        plain.exception = Some(value);
    } else {
        match cx.topmost_handled() {
            Some(handled) if !none(&handled) => plain.exception = Some(handled),
            _ => return Ok(None),
        }
    }
    plain.file = file.filter(|file| !none(file));
    Ok(Some(plain))
}

fn pass_on(cx: Ctx, module: &Object, name: &str, args: Args<'_>) -> PyResult {
    let original = cx.get_attr(module, &cx.intern(&format!("_plain_{name}")))?;
    cx.call_args(&original, args)
}

fn text_of(cx: Ctx, plain: &Plain) -> Ref<StrObject> {
    match &plain.exception {
        Some(exception) => format_exception(cx, exception),
        None => cx.new_str(""),
    }
}

fn write(cx: Ctx, plain: &Plain) -> PyResult {
    let text = text_of(cx, plain);
    let file = match &plain.file {
        Some(file) => file.clone(),
        None => match cx.vm().sys_dict.get().and_then(|sys| sys.get_str(cx, &names().stderr)) {
            Some(file) if !cx.is_none(&file) => file,
            _ => return Ok(cx.none()),
        },
    };
    cx.call_method(&file, &names().write, &[text.into_object()])?;
    Ok(cx.none())
}

fn print_exception(cx: Ctx, module: &Object, args: Args<'_>) -> PyResult {
    match look(cx, args, true, true)? {
        Some(plain) => write(cx, &plain),
        None => pass_on(cx, module, "print_exception", args),
    }
}

fn print_exc(cx: Ctx, module: &Object, args: Args<'_>) -> PyResult {
    match look(cx, args, false, true)? {
        Some(plain) => write(cx, &plain),
        None => pass_on(cx, module, "print_exc", args),
    }
}

fn format_exc(cx: Ctx, module: &Object, args: Args<'_>) -> PyResult {
    match look(cx, args, false, false)? {
        Some(plain) => Ok(text_of(cx, &plain).into_object()),
        None => pass_on(cx, module, "format_exc", args),
    }
}

fn format_lines(cx: Ctx, module: &Object, args: Args<'_>) -> PyResult {
    let Some(plain) = look(cx, args, true, false)? else {
        return pass_on(cx, module, "format_exception", args);
    };
    let text = text_of(cx, &plain).to_string_lossy();
    // One item for the head, for each frame, and for the exception itself.
    let mut items: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let continues =
            line.starts_with("    ") && items.last().is_some_and(|item| item.starts_with("  File "));
        match items.last_mut() {
            Some(item) if continues => item.push_str(line),
            _ => items.push(line.to_string()),
        }
    }
    let items = items.iter().map(|item| cx.new_str(item).into_object()).collect();
    Ok(cx.new_list(items)?.into_object())
}

static FUNCTIONS: [MethodDef; 4] = [
    MethodDef::keywords(
        "print_exception",
        print_exception,
        "Prints an exception with its traceback and its chain.",
    ),
    MethodDef::keywords("print_exc", print_exc, "Prints the exception being handled."),
    MethodDef::keywords("format_exc", format_exc, "What print_exc() would print."),
    MethodDef::keywords(
        "format_exception",
        format_lines,
        "What print_exception() would print, as a list of lines.",
    ),
];
