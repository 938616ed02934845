//! `sys`: what the interpreter shows of itself.

mod functions;
mod hooks;
mod info;
mod names;

use crate::memory::Ref;
use crate::objects::spec::ModuleSpec;
use crate::objects::{ModuleObject, PyResult};
use crate::vm::Ctx;

/// The version that this interpreter is like.
pub const VERSION: &str =
    concat!("3.11.7 (main, Dec  4 2023, 00:00:00) [ouro ", env!("CARGO_PKG_VERSION"), "]");
const HEXVERSION: i64 = 0x030b_07f0;

const COPYRIGHT: &str = "Copyright (c) the ouro authors.\nLicensed under MIT or Apache-2.0.";

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let text = |value: &str| cx.new_str(value).into_object();
    let options = cx.vm().options.borrow().clone();
    let version = info::add(cx, module)?;
    for hook in ["displayhook", "excepthook", "breakpointhook", "unraisablehook"] {
        if let Some(function) = module.dict.get().and_then(|dict| dict.get_str(cx, &cx.intern(hook))) {
            module.add(cx, &format!("__{hook}__"), function)?;
        }
    }
    module.add(cx, "version", text(VERSION))?;
    module.add(cx, "hexversion", cx.new_int(HEXVERSION))?;
    module.add(cx, "_git", cx.new_tuple(vec![text("CPython"), text(""), text("")]).into_object())?;
    module.add(cx, "_framework", text(""))?;
    module.add(cx, "api_version", cx.new_int(1013))?;
    module.add(cx, "copyright", text(COPYRIGHT))?;
    module.add(cx, "platform", text(std::env::consts::OS))?;
    module.add(cx, "maxsize", cx.new_int(i64::MAX))?;
    module.add(cx, "maxunicode", cx.new_int(0x10_ffff))?;
    let byteorder = if cfg!(target_endian = "little") { "little" } else { "big" };
    module.add(cx, "byteorder", text(byteorder))?;
    module.add(cx, "abiflags", text(""))?;
    module.add(cx, "float_repr_style", text("short"))?;
    module.add(cx, "implementation", implementation(cx, version)?)?;

    let strings = |items: &[String]| items.iter().map(|item| text(item)).collect::<Vec<Ref>>();
    let argv = if options.argv.is_empty() { vec![String::new()] } else { options.argv.clone() };
    module.add(cx, "argv", cx.new_list(strings(&argv))?.into_object())?;
    module.add(
        cx,
        "orig_argv",
        cx.new_list(strings(&std::env::args().collect::<Vec<_>>()))?.into_object(),
    )?;
    module.add(cx, "warnoptions", cx.new_list(strings(&options.warnings))?.into_object())?;
    module.add(cx, "_xoptions", cx.new_dict().into_object())?;
    let path: Vec<String> = options.path0.iter().chain(&options.stdlib).cloned().collect();
    module.add(cx, "path", cx.new_list(strings(&path))?.into_object())?;
    module.add(cx, "meta_path", cx.new_list(Vec::new())?.into_object())?;
    module.add(cx, "path_hooks", cx.new_list(Vec::new())?.into_object())?;
    module.add(cx, "path_importer_cache", cx.new_dict().into_object())?;
    module.add(cx, "dont_write_bytecode", cx.bool(options.dont_write_bytecode))?;
    let cache_folder = options.pycache_prefix.as_ref().map_or_else(|| cx.none(), |folder| text(folder));
    module.add(cx, "pycache_prefix", cache_folder)?;
    module.add(cx, "executable", text(&options.executable))?;
    module.add(cx, "_base_executable", text(&options.executable))?;
    let stdlib_folder = options.stdlib.as_ref().map_or_else(|| cx.none(), |folder| text(folder));
    module.add(cx, "_stdlib_dir", stdlib_folder)?;
    module.add(cx, "_home", cx.none())?;
    let prefix = prefix_of(&options);
    for name in ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"] {
        module.add(cx, name, text(&prefix))?;
    }
    module.add(cx, "platlibdir", text("lib"))?;

    let builtin = crate::stdlib::MODULES.iter().map(|spec| spec.name);
    let mut builtin: Vec<&str> = builtin.collect();
    builtin.sort_unstable();
    let builtin = builtin.into_iter().map(|name| cx.intern(name).into_object()).collect();
    module.add(cx, "builtin_module_names", cx.new_tuple(builtin).into_object())?;
    let names: Vec<Ref> = names::STDLIB.iter().map(|name| cx.intern(name).into_object()).collect();
    module.add(cx, "stdlib_module_names", crate::objects::set::new_frozenset(cx, &names)?)?;
    Ok(())
}

/// The folder that the interpreter is installed under, as far as one can tell.
fn prefix_of(options: &crate::vm::Options) -> String {
    let executable = std::path::Path::new(&options.executable);
    match executable.parent() {
        Some(folder) if folder.ends_with("bin") => {
            folder.parent().map_or_else(String::new, |prefix| prefix.display().to_string())
        }
        Some(folder) => folder.display().to_string(),
        None => String::new(),
    }
}

/// `sys.implementation`: scripts and `.pyc` tags are CPython's, so the name is.
fn implementation(cx: Ctx, version: Ref) -> PyResult {
    let dict = cx.new_dict();
    let set = |name: &str, value: Ref| dict.set_str(cx, &cx.intern(name), value);
    set("name", cx.intern("cpython").into_object())?;
    set("cache_tag", cx.intern("cpython-311").into_object())?;
    set("version", version)?;
    set("hexversion", cx.new_int(HEXVERSION))?;
    let multiarch = format!("{}-linux-gnu", std::env::consts::ARCH);
    set("_multiarch", cx.new_str(&multiarch).into_object())?;
    Ok(crate::objects::namespace::new_namespace(dict))
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "sys",
    doc: Some(
        "This module provides access to some objects used or maintained by the\n\
         interpreter and to functions that interact strongly with the interpreter.",
    ),
    functions: functions::FUNCTIONS,
    exec: Some(exec),
};
