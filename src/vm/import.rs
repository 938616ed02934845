//! `import`: names to modules (`__import__`, PEP 328 levels, packages, `sys.modules`).
//!
//! What turns a full name into a module object is `import_find`; this file resolves names, keeps
//! parents and children linked and speaks CPython's errors.

use super::Ctx;
use crate::memory::{Layout, Object, Ref};
use crate::objects::{DictObject, PyResult, Raised, StrObject, exceptions, names};

/// Whether a module spec says that its module is still being imported.
pub fn is_initializing(cx: Ctx, spec: &Object) -> PyResult<bool> {
    match cx.get_attr_opt(spec, &cx.intern("_initializing"))? {
        Some(flag) => cx.is_true(&flag),
        None => Ok(false),
    }
}

/// `sys.modules`.
pub fn modules(cx: Ctx) -> Ref<DictObject> {
    cx.vm().modules.get().unwrap_or_else(|| cx.new_dict())
}

/// `ModuleNotFoundError` with its name filled in.
pub fn not_found(cx: Ctx, message: &str, name: &str) -> Raised {
    crate::objects::exceptions::raise_import_error(
        cx,
        not_found_type(),
        &if crate::era::is_classic() { crate::objects::classic::words::of(message) } else { message.into() },
        Some(cx.new_str(name).into_object()),
        None,
    )
}

/// The package that relative imports in a namespace start from (`_calc___package__`).
fn package_of(cx: Ctx, globals: &DictObject) -> PyResult<String> {
    let package = globals.get_str(cx, &names().package).filter(|p| !cx.is_none(p));
    let spec = globals.get_str(cx, &names().spec).filter(|s| !cx.is_none(s));
    if let Some(package) = package {
        return match package.downcast::<StrObject>() {
            Some(text) => Ok(text.to_string_lossy()),
            None => Err(cx.type_error("package must be a string")),
        };
    }
    if let Some(spec) = spec
        && let Some(parent) = cx.get_attr_opt(&spec, &cx.intern("parent"))?
    {
        return match parent.downcast::<StrObject>() {
            Some(text) => Ok(text.to_string_lossy()),
            None => Err(cx.type_error("__spec__.parent must be a string")),
        };
    }
    let Some(name) = globals.get_str(cx, &names().name) else {
        return Err(cx.raise(exceptions().key_error, "'__name__' not in globals"));
    };
    let Some(name) = name.downcast::<StrObject>() else {
        return Err(cx.type_error("__name__ must be a string"));
    };
    let name = name.to_string_lossy();
    if globals.get_str(cx, &names().path).is_some() {
        return Ok(name);
    }
    Ok(name.rsplit_once('.').map_or_else(String::new, |(parent, _)| parent.to_string()))
}

/// The absolute name of a relative import.
fn resolve(cx: Ctx, name: &str, globals: Option<&DictObject>, level: usize) -> PyResult<String> {
    let Some(globals) = globals else {
        return Err(cx.raise(exceptions().key_error, "'__name__' not in globals"));
    };
    let package = package_of(cx, globals)?;
    if package.is_empty() {
        return Err(
            cx.raise(exceptions().import_error, "attempted relative import with no known parent package")
        );
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((parent, _)) => base = parent,
            None => {
                return Err(
                    cx.raise(exceptions().import_error, "attempted relative import beyond top-level package")
                );
            }
        }
    }
    Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
}

/// `__import__(name, globals, locals, fromlist, level)`.
pub fn import(
    cx: Ctx,
    name: &StrObject,
    globals: Option<&Object>,
    from_list: &Object,
    level: i64,
) -> PyResult {
    if level < 0 {
        return Err(cx.value_error("level must be >= 0"));
    }
    let text = name.to_string_lossy();
    let globals = globals.and_then(|g| g.downcast::<DictObject>());
    let absolute = if level > 0 {
        resolve(cx, &text, globals, level as usize)?
    } else if text.is_empty() {
        return Err(cx.value_error("Empty module name"));
    } else {
        text.clone()
    };
    let module = import_module(cx, &absolute)?;
    if cx.is_true(from_list)? {
        if cx.get_attr_opt(&module, &names().path)?.is_some() {
            handle_from_list(cx, &module, from_list, false)?;
        }
        return Ok(module);
    }
    // `import a.b` binds `a`; a relative one what its front names.
    let front = text.split('.').next().unwrap_or("");
    if front.len() == text.len() {
        return Ok(module);
    }
    if level == 0 {
        return import_module(cx, front);
    }
    let cut = text.len() - front.len();
    let wanted = &absolute[..absolute.len() - cut];
    match modules(cx).get(cx, cx.new_str(wanted).as_object())? {
        Some(found) => Ok(found),
        None => Err(cx.key_error(cx.new_str(wanted).into_object())),
    }
}

/// Imports the submodules that a `from package import ...` names.
fn handle_from_list(cx: Ctx, module: &Object, from_list: &Object, recursive: bool) -> PyResult<()> {
    for item in cx.collect(from_list)? {
        let Some(name) = item.downcast::<StrObject>() else {
            let where_ = if recursive {
                let shown = cx.get_attr(module, &names().name)?;
                format!("{}.__all__", cx.str(&shown)?.to_string_lossy())
            } else {
                "``from list''".to_string()
            };
            return Err(
                cx.type_error(format_args!("Item in {where_} must be str, not {}", item.ty().tp_name()))
            );
        };
        if name.eq_str("*") {
            if !recursive && let Some(all) = cx.get_attr_opt(module, &names().all)? {
                handle_from_list(cx, module, &all, true)?;
            }
            continue;
        }
        if cx.get_attr_opt(module, name)?.is_some() {
            continue;
        }
        let package = cx.get_attr(module, &names().name)?;
        let full = format!("{}.{}", cx.str(&package)?.to_string_lossy(), name.to_string_lossy());
        match import_module(cx, &full) {
            Ok(_) => {}
            Err(raised) if cx.raised_is(&raised, not_found_type()) => {
                // A missing submodule is not an error here: the attribute lookup reports it.
                let error = cx.take_exception(raised);
                let named = cx.get_attr_opt(error.as_object(), &cx.intern("name"))?;
                let same =
                    named.and_then(|n| n.downcast::<StrObject>().map(|n| n.eq_str(&full))).unwrap_or(false);
                if !same {
                    return Err(cx.raise_instance_as_is(error));
                }
            }
            Err(raised) => return Err(raised),
        }
    }
    Ok(())
}

/// The module of an absolute name: from `sys.modules`, else found and loaded, parents first.
pub fn import_module(cx: Ctx, name: &str) -> PyResult {
    let key = cx.intern(name);
    if let Some(found) = modules(cx).get(cx, key.as_object())? {
        if cx.is_none(&found) {
            return Err(not_found(cx, &format!("import of {name} halted; None in sys.modules"), name));
        }
        return Ok(found);
    }
    let mut search = None;
    let mut parent_module = None;
    if let Some((parent, child)) = name.rsplit_once('.') {
        let module = import_module(cx, parent)?;
        // Importing the parent may have imported this very module.
        if let Some(found) = modules(cx).get(cx, key.as_object())? {
            return Ok(found);
        }
        match cx.get_attr_opt(&module, &names().path)? {
            Some(path) => search = Some(path),
            None => {
                return Err(not_found(
                    cx,
                    &format!("No module named '{name}'; '{parent}' is not a package"),
                    name,
                ));
            }
        }
        parent_module = Some((module, child.to_string()));
    }
    let module = match super::import_find::load(cx, name, search.as_deref())? {
        Some(module) => module,
        None => return Err(not_found(cx, &format!("No module named '{name}'"), name)),
    };
    if let Some((parent, child)) = parent_module {
        cx.set_attr(&parent, &cx.intern(&child), Some(&module))?;
    }
    Ok(module)
}

/// `builtins.__import__` as a native function body.
pub fn import_builtin(cx: Ctx, values: [Option<Ref>; 5]) -> PyResult {
    let [name, globals, _locals, from_list, level] = values;
    let Some(name) = name else {
        return Err(cx.type_error("__import__() missing required argument 'name' (pos 1)"));
    };
    let Some(text) = name.downcast::<StrObject>() else {
        return Err(cx.type_error("module name must be a string"));
    };
    let level = match level {
        Some(level) => cx.to_i64(&level)?,
        None => 0,
    };
    let from_list = from_list.unwrap_or_else(|| cx.new_tuple(Vec::new()).into_object());
    import(cx, text, globals.as_deref().filter(|g| !cx.is_none(g)), &from_list, level)
}

/// What is raised for a module that is not there: a class of its own in the modern era only.
fn not_found_type() -> &'static crate::objects::TypeObject {
    if crate::era::is_classic() { exceptions().import_error } else { exceptions().module_not_found_error }
}
