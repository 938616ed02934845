//! `_warnings`: the native half of `warnings`; the rules are in `vm::warn`.

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::spec::{ModuleSpec, Signature};
use crate::objects::{
    Args, DictObject, MethodDef, ModuleObject, PyResult, StrObject, TypeObject, args, exceptions, types,
};
use crate::vm::Ctx;
use crate::vm::warn::{Place, filters_mutated};

static WARN: Signature = Signature {
    name: "warn",
    params: &["message", "category", "stacklevel", "source"],
    required: 1,
    max_positional: 4,
};

/// The category of a warning as `warn` is told it.
fn category_of(cx: Ctx, message: &Object, category: Option<Ref>) -> PyResult {
    if message.is_instance(exceptions().warning) {
        return Ok(message.ty().to_object());
    }
    let Some(category) = category.filter(|category| !cx.is_none(category)) else {
        return Ok(exceptions().user_warning.to_object());
    };
    match category.downcast::<TypeObject>() {
        Some(ty) if ty.is_subtype(exceptions().warning) => Ok(category),
        Some(_) => Err(cx.type_error("category must be a Warning subclass, not 'type'")),
        None => Err(cx.type_error(format_args!(
            "category must be a Warning subclass, not '{}'",
            category.ty().tp_name()
        ))),
    }
}

fn warn(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let mut values = [None, None, None, None];
    args::bind(cx, &WARN, given, &mut values)?;
    let [message, category, stacklevel, source] = values;
    let Some(message) = message else { return Ok(cx.none()) };
    let category = category_of(cx, &message, category)?;
    let stacklevel = match &stacklevel {
        Some(level) => cx.to_i64(level)?,
        None => 1,
    };
    cx.warn_object(&message, &category, stacklevel, source.filter(|source| !cx.is_none(source)))?;
    Ok(cx.none())
}

static WARN_EXPLICIT: Signature = Signature {
    name: "warn_explicit",
    params: &["message", "category", "filename", "lineno", "module", "registry", "module_globals", "source"],
    required: 4,
    max_positional: 8,
};

fn warn_explicit(cx: Ctx, _module: &Object, given: Args<'_>) -> PyResult {
    let mut values = [const { None }; 8];
    args::bind(cx, &WARN_EXPLICIT, given, &mut values)?;
    let [message, category, filename, lineno, module, registry, globals, source] = values;
    let (Some(message), Some(category), Some(filename), Some(lineno)) = (message, category, filename, lineno)
    else {
        return Ok(cx.none());
    };
    if !filename.is_instance(types().str) {
        return Err(cx.type_error(format_args!(
            "warn_explicit() argument 3 must be str, not {}",
            filename.ty().tp_name()
        )));
    }
    let line = i64::from(cx.to_i32(&lineno)?);
    let mut source_line = None;
    if let Some(globals) = globals.filter(|globals| !cx.is_none(globals)) {
        let Some(globals) = globals.downcast::<DictObject>() else {
            return Err(cx.type_error(format_args!(
                "module_globals must be a dict, not '{}'",
                globals.ty().tp_name()
            )));
        };
        source_line = line_from_loader(cx, globals, line)?;
    }
    let place = Place { filename, line, module, registry, source_line, source };
    cx.warn_at(&message, &category, place)?;
    Ok(cx.none())
}

/// The source line as the module's loader tells it.
fn line_from_loader(cx: Ctx, globals: &DictObject, line: i64) -> PyResult<Option<Ref>> {
    let loader = globals.get_str(cx, &cx.intern("__loader__"));
    let name = globals.get_str(cx, &cx.intern("__name__"));
    let (Some(loader), Some(name)) = (loader, name) else { return Ok(None) };
    let Some(get_source) = cx.get_attr_opt(&loader, &cx.intern("get_source"))? else { return Ok(None) };
    let source = cx.call1(&get_source, &name)?;
    let Some(text) = source.downcast::<StrObject>() else { return Ok(None) };
    let index = usize::try_from(line - 1).unwrap_or(usize::MAX);
    Ok(text.to_string_lossy().lines().nth(index).map(|line| cx.new_str(line).into_object()))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    filters_mutated();
    module.add(cx, "filters", cx.warning_filters()?.into_object())?;
    module.add(cx, "_onceregistry", cx.once_registry()?)?;
    module.add(cx, "_defaultaction", cx.intern("default").into_object())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_warnings",
    doc: Some(
        "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    ),
    functions: &[
        MethodDef::keywords(
            "warn",
            warn,
            "warn($module, /, message, category=None, stacklevel=1, source=None)\n--\n\nIssue a warning, or maybe ignore it or raise an exception.",
        ),
        MethodDef::varargs_keywords(
            "warn_explicit",
            warn_explicit,
            "Issue a warning for a place given, or maybe ignore it or raise an exception.",
        ),
        MethodDef::no_args(
            "_filters_mutated",
            |cx, _| {
                filters_mutated();
                Ok(cx.none())
            },
            "",
        ),
    ],
    exec: Some(exec),
};
