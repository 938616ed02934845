//! `_imp`: what the Python half of the import system (`importlib`) asks of the native half.

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::module::{ModuleObject, new_native_module};
use crate::objects::spec::MethodDef;
use crate::objects::{ModuleSpec, PyResult, Raised, StrObject};
use crate::vm::Ctx;

fn none(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.none())
}

fn no(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.bool(false))
}

fn never(cx: Ctx, _: &Object, _: &Ref) -> PyResult {
    Ok(cx.bool(false))
}

fn text(cx: Ctx, value: &Object, function: &str) -> PyResult<String> {
    match value.downcast::<StrObject>() {
        Some(text) => Ok(text.to_string_lossy()),
        None => {
            Err(cx
                .type_error(format_args!("{function}() argument must be str, not {}", value.ty().tp_name())))
        }
    }
}

/// 1 for native modules, -1 for those that cannot be made again, 0 for others.
fn is_builtin(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    let name = text(cx, name, "is_builtin")?;
    let known = crate::stdlib::find(&name).is_some();
    let once = matches!(name.as_str(), "sys" | "builtins");
    Ok(cx.new_int(if !known {
        0
    } else if once {
        -1
    } else {
        1
    }))
}

fn create_builtin(cx: Ctx, _: &Object, spec: &Ref) -> PyResult {
    let name = cx.get_attr(spec, &cx.intern("name"))?;
    if let Some(modules) = cx.vm().modules.get()
        && let Some(found) = modules.get(cx, &name)?
    {
        return Ok(found);
    }
    match crate::stdlib::find(&text(cx, &name, "create_builtin")?) {
        Some(spec) => Ok(new_native_module(cx, spec)?.into_object()),
        None => Ok(cx.none()),
    }
}

fn exec_builtin(cx: Ctx, _: &Object, _: &Ref) -> PyResult {
    Ok(cx.new_int(0))
}

fn not_frozen(cx: Ctx, name: &Object) -> Raised {
    let name = cx.repr_text(name).unwrap_or_default();
    cx.raise(crate::objects::exceptions().import_error, format_args!("No such frozen object named {name}"))
}

fn find_frozen(cx: Ctx, _: &Object, _: crate::objects::Args<'_>) -> PyResult {
    Ok(cx.none())
}

fn get_frozen_object(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "get_frozen_object", args, 1, 2)?;
    Err(not_frozen(cx, &args[0]))
}

fn frozen_package(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    Err(not_frozen(cx, name))
}

fn extension_suffixes(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_list(Vec::new())?.into_object())
}

fn source_hash(cx: Ctx, _: &Object, args: crate::objects::Args<'_>) -> PyResult {
    let [_, Some(source)] = bound(cx, args)? else { return Err(cx.system_error("bad internal call")) };
    let hash = cx.with_bytes(&source, crate::code::pyc::source_hash)?;
    Ok(cx.new_bytes(&hash).into_object())
}

fn bound(cx: Ctx, args: crate::objects::Args<'_>) -> PyResult<[Option<Ref>; 2]> {
    let signature = crate::objects::spec::Signature {
        name: "source_hash",
        params: &["key", "source"],
        required: 2,
        max_positional: 2,
    };
    let mut out = [None, None];
    crate::objects::args::bind(cx, &signature, args, &mut out)?;
    Ok(out)
}

fn fix_co_filename(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_fix_co_filename", args, 2, 2)?;
    Ok(cx.none())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "check_hash_based_pycs", cx.new_str("default").into_object())
}

/// Imports by name, as `importlib.import_module` does: the import statement's own machinery.
fn gcd_import(cx: Ctx, _: &Object, args: crate::objects::Args<'_>) -> PyResult {
    let signature = crate::objects::spec::Signature {
        name: "_gcd_import",
        params: &["name", "package", "level"],
        required: 1,
        max_positional: 3,
    };
    let mut out = [None, None, None];
    crate::objects::args::bind(cx, &signature, args, &mut out)?;
    let [Some(name), package, level] = out else { return Err(cx.system_error("bad internal call")) };
    let Some(name) = name.downcast::<StrObject>().map(StrObject::to_string_lossy) else {
        return Err(cx.type_error(format_args!("module name must be str, not {}", name.ty().name_text())));
    };
    let level = level.map_or(Ok(0), |level| cx.to_i64(&level))?;
    if level < 0 {
        return Err(cx.value_error("level must be >= 0"));
    }
    if level == 0 {
        if name.is_empty() {
            return Err(cx.value_error("Empty module name"));
        }
        return crate::vm::import::import_module(cx, &name);
    }
    let package = package.unwrap_or_else(|| cx.none());
    let Some(package) = package.downcast::<StrObject>().map(StrObject::to_string_lossy) else {
        return Err(cx.type_error("__package__ not set to a string"));
    };
    let import_error = crate::objects::exceptions().import_error;
    if package.is_empty() {
        return Err(cx.raise(import_error, "attempted relative import with no known parent package"));
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((parent, _)) => base = parent,
            None => {
                return Err(cx.raise(import_error, "attempted relative import beyond top-level package"));
            }
        }
    }
    let full = if name.is_empty() { base.to_string() } else { format!("{base}.{name}") };
    crate::vm::import::import_module(cx, &full)
}

/// `find_spec(name, path=None, target=None)` of the finder for the embedded library.
fn find_library_spec(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "find_spec", args, 1, 3)?;
    let name = text(cx, &args[0], "find_spec")?;
    Ok(crate::vm::import_find::library_spec(cx, &name)?.unwrap_or_else(|| cx.none()))
}

static FIND_LIBRARY_SPEC: MethodDef = MethodDef::fast("find_spec", find_library_spec, "");

static GCD_IMPORT: MethodDef = MethodDef::keywords("_gcd_import", gcd_import, "");

/// Sets up `importlib`'s core, which has just been loaded as `_frozen_importlib`: its finders are
/// installed for those who ask them, and `import_module` goes the native way.
pub fn install_bootstrap(cx: Ctx, module: &Object) -> PyResult<()> {
    let sys = crate::vm::import::import_module(cx, "sys")?;
    let imp = crate::vm::import::import_module(cx, "_imp")?;
    for name in ["_thread", "_warnings", "_weakref"] {
        crate::vm::import::import_module(cx, name)?;
    }
    cx.call_method(module, &cx.intern("_install"), &[sys, imp])?;
    cx.call_method(module, &cx.intern("_install_external_importers"), &[])?;
    // The embedded library comes after everything that is on the path.
    let find = crate::objects::native::new_native(cx, &FIND_LIBRARY_SPEC, Some(module.to_ref()), None);
    let fields = cx.new_dict();
    fields.set_str(cx, &cx.intern("find_spec"), find.into_object())?;
    let finder = crate::objects::namespace::new_namespace(fields);
    let sys = crate::vm::import::import_module(cx, "sys")?;
    let meta_path = cx.get_attr(&sys, &cx.intern("meta_path"))?;
    cx.call_method(&meta_path, &crate::objects::names().append, &[finder])?;
    let native = crate::objects::native::new_native(cx, &GCD_IMPORT, Some(module.to_ref()), None);
    cx.set_attr(module, &cx.intern("_gcd_import"), Some(native.as_object()))
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_imp",
    doc: Some("(Extremely) low-level import machinery bits as used by importlib."),
    functions: &[
        MethodDef::no_args(
            "extension_suffixes",
            extension_suffixes,
            "extension_suffixes($module, /)\n--\n\n",
        ),
        MethodDef::one("_override_frozen_modules_for_tests", |cx, _, _| Ok(cx.none()), ""),
        MethodDef::one("_override_multi_interp_extensions_check", |cx, _, _| Ok(cx.none()), ""),
        MethodDef::no_args("lock_held", no, "lock_held($module, /)\n--\n\n"),
        MethodDef::no_args("acquire_lock", none, "acquire_lock($module, /)\n--\n\n"),
        MethodDef::no_args("release_lock", none, "release_lock($module, /)\n--\n\n"),
        MethodDef::keywords(
            "find_frozen",
            find_frozen,
            "find_frozen($module, name, /, *, withdata=False)\n--\n\n",
        ),
        MethodDef::fast(
            "get_frozen_object",
            get_frozen_object,
            "get_frozen_object($module, name, data=None, /)\n--\n\n",
        ),
        MethodDef::one("is_frozen_package", frozen_package, "is_frozen_package($module, name, /)\n--\n\n"),
        MethodDef::one("create_builtin", create_builtin, "create_builtin($module, spec, /)\n--\n\n"),
        MethodDef::one("init_frozen", frozen_package, "init_frozen($module, name, /)\n--\n\n"),
        MethodDef::one("is_builtin", is_builtin, "is_builtin($module, name, /)\n--\n\n"),
        MethodDef::one("is_frozen", never, "is_frozen($module, name, /)\n--\n\n"),
        MethodDef::one("exec_builtin", exec_builtin, "exec_builtin($module, mod, /)\n--\n\n"),
        MethodDef::fast(
            "_fix_co_filename",
            fix_co_filename,
            "_fix_co_filename($module, code, path, /)\n--\n\n",
        ),
        MethodDef::keywords("source_hash", source_hash, "source_hash($module, /, key, source)\n--\n\n"),
    ],
    exec: Some(exec),
};
