//! Finding and loading modules: native ones, then source files and packages along a path.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Ctx;
use super::code_object::{Code, make_code};
use super::function::new_function;
use super::import::modules;
use crate::code::object::CodeObject;
use crate::memory::{Layout, Object, Ref};
use crate::objects::module::{ModuleObject, new_module, new_native_module};
use crate::objects::{Args, DictObject, PyResult, StrObject, names};

/// Loads the module of an absolute name; `search` is the parent package's `__path__`, `None` at
/// top level. `Ok(None)` when there is no such module.
pub fn load(cx: Ctx, name: &str, search: Option<&Object>) -> PyResult<Option<Ref>> {
    if search.is_none()
        && let Some(spec) = crate::stdlib::find(name)
    {
        let module = new_native_module(cx, spec)?;
        modules(cx).set_str(cx, &cx.intern(name), module.to_object())?;
        return Ok(Some(module.into_object()));
    }
    let tail = name.rsplit('.').next().unwrap_or(name);
    let path = match search {
        Some(path) => cx.collect(path)?,
        None => match cx.vm().sys_dict.get().and_then(|sys| sys.get_str(cx, &cx.intern("path"))) {
            Some(path) => cx.collect(&path)?,
            None => Vec::new(),
        },
    };
    for entry in path {
        let Some(folder) = entry.downcast::<StrObject>() else { continue };
        let folder = folder.to_string_lossy();
        let folder = if folder.is_empty() { PathBuf::from(".") } else { PathBuf::from(folder) };
        let package = folder.join(tail).join("__init__.py");
        if package.is_file() {
            return load_file(cx, name, &package, Some(&folder.join(tail))).map(Some);
        }
        let file = folder.join(format!("{tail}.py"));
        if file.is_file() {
            return load_file(cx, name, &file, None).map(Some);
        }
    }
    Ok(None)
}

fn load_file(cx: Ctx, name: &str, file: &Path, package: Option<&Path>) -> PyResult {
    let shown = file.to_string_lossy().into_owned();
    let source = std::fs::read(file)
        .map_err(|error| cx.raise_os_error(&error, Some(cx.new_str(&shown).into_object())))?;
    let code = super::run::compile_bytes(cx, &source, &shown)?;
    let module = new_module(cx, &cx.intern(name))?;
    let dict = module.dict.get().unwrap_or_else(|| cx.new_dict());
    dict.set_str(cx, &names().file, cx.new_str(&shown).into_object())?;
    let parent = match package {
        Some(folder) => {
            let path = cx.new_list(vec![cx.new_str(&folder.to_string_lossy()).into_object()])?;
            dict.set_str(cx, &names().path, path.into_object())?;
            name.to_string()
        }
        None => name.rsplit_once('.').map_or_else(String::new, |(parent, _)| parent.to_string()),
    };
    dict.set_str(cx, &names().package, cx.new_str(&parent).into_object())?;
    execute(cx, name, &module, &code)
}

/// Runs a module's code in its dict, registered in `sys.modules` meanwhile.
fn execute(cx: Ctx, name: &str, module: &ModuleObject, code: &Arc<CodeObject>) -> PyResult {
    let key = cx.intern(name);
    modules(cx).set_str(cx, &key, module.to_object())?;
    let dict = module.dict.get().unwrap_or_else(|| cx.new_dict());
    if let Some(builtins) = cx.vm().builtins.get() {
        dict.set_str(cx, &names().builtins, builtins.into_object())?;
    }
    let code = make_code(cx, code);
    if let Err(raised) = run_code(cx, code, &dict, None) {
        let fetched = cx.fetch(raised);
        let _ = modules(cx).remove(cx, key.as_object());
        return Err(cx.restore(fetched));
    }
    // The module may have replaced itself.
    match modules(cx).get(cx, key.as_object())? {
        Some(found) => Ok(found),
        None => Err(cx.raise_with(
            crate::objects::exceptions().import_error,
            cx.new_str(&format!("module {name:?} not in sys.modules")).into_object(),
        )),
    }
}

/// Runs a code object in a namespace (`PyEval_EvalCode`).
pub fn run_code(cx: Ctx, code: Ref<Code>, globals: &DictObject, locals: Option<Ref>) -> PyResult {
    let function = new_function(cx, code, globals.to_ref())?;
    let locals = locals.unwrap_or_else(|| globals.to_object());
    super::call::call_with_locals(cx, &function, Args::EMPTY, Some(locals))
}
