//! `import` statements.

use super::regs::Regs;
use crate::memory::{Layout, Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::{ModuleObject, PyResult, StrObject, exceptions, names, types};
use crate::vm::Ctx;
use crate::vm::frame::Frame;

#[inline(always)]
pub(super) fn import_name(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let from_list = r.pop();
    let level = r.pop();
    let result = load_module(cx, r.frame(), r.name(name), &from_list, &level);
    drop(level);
    drop(from_list);
    r.push(result?);
    Ok(())
}

#[inline(always)]
pub(super) fn import_from(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let value = member(cx, r.peek(1), r.name(name))?;
    r.push(value);
    Ok(())
}

#[inline(always)]
pub(super) fn import_star(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let module = r.pop();
    import_all(cx, r.frame(), &module)
}

fn load_module(cx: Ctx, frame: &Frame, name: &StrObject, from_list: &Object, level: &Object) -> PyResult {
    let import = super::names::load_builtin(cx, frame, &names().import)?
        .ok_or_else(|| cx.raise(exceptions().import_error, "__import__ not found"))?;
    // SAFETY: the frame owns its locals.
    let locals = unsafe { frame.locals.as_ref() }.map_or_else(|| cx.none(), LayoutExt::object_ref);
    cx.call(
        &import,
        &[name.to_object(), frame.globals().to_object(), locals, from_list.to_ref(), level.to_ref()],
    )
}

trait LayoutExt {
    fn object_ref(&self) -> Ref;
}

impl LayoutExt for Object {
    fn object_ref(&self) -> Ref {
        self.to_ref()
    }
}

/// `from module import name`: an attribute, else a submodule that is already loaded.
fn member(cx: Ctx, module: &Object, name: &StrObject) -> PyResult {
    if let Some(value) = cx.get_attr_opt(module, name)? {
        return Ok(value);
    }
    let package = cx.get_attr_opt(module, &names().name)?;
    let package_text = package.as_ref().and_then(|p| p.downcast::<StrObject>());
    if let Some(package) = package_text {
        let full = cx.new_str(&format!("{}.{}", package.to_string_lossy(), name.to_string_lossy()));
        if let Some(modules) = cx.vm().modules.get()
            && let Some(found) = modules.get(cx, full.as_object())?
        {
            return Ok(found);
        }
    }
    let package_name =
        package_text.map_or_else(|| "<unknown module name>".to_string(), StrObject::to_string_lossy);
    let path = module
        .downcast::<ModuleObject>()
        .and_then(|m| m.dict.get())
        .and_then(|dict| dict.get_str(cx, &names().file))
        .filter(|file| file.is_instance(types().str));
    let initializing = match cx.get_attr_opt(module, &names().spec)? {
        Some(spec) if !cx.is_none(&spec) => crate::vm::import::is_initializing(cx, &spec)?,
        _ => false,
    };
    let place = match &path {
        Some(path) => path.downcast::<StrObject>().map_or_else(String::new, StrObject::to_string_lossy),
        None => "unknown location".to_string(),
    };
    let message = if initializing {
        format!(
            "cannot import name {} from partially initialized module {} (most likely due to a circular import) ({place})",
            cx.repr_text(name.as_object())?,
            quoted(cx, &package_name)?,
        )
    } else {
        format!(
            "cannot import name {} from {} ({place})",
            cx.repr_text(name.as_object())?,
            quoted(cx, &package_name)?
        )
    };
    let name_object = cx.new_str(&package_name).into_object();
    Err(crate::objects::exceptions::raise_import_error(
        cx,
        exceptions().import_error,
        &message,
        Some(name_object),
        path,
    ))
}

fn quoted(cx: Ctx, text: &str) -> PyResult<String> {
    cx.repr_text(cx.new_str(text).as_object())
}

/// `from module import *` into the frame's locals.
fn import_all(cx: Ctx, frame: &Frame, module: &Object) -> PyResult<()> {
    // SAFETY: the frame owns its locals.
    let Some(locals) = (unsafe { frame.locals.as_ref() }) else {
        return Err(cx.system_error("no locals found during 'import *'"));
    };
    let all = cx.get_attr_opt(module, &names().all)?;
    let (list, skip_private) = match all {
        Some(all) => (all, false),
        None => match cx.get_attr_opt(module, &names().dict)? {
            Some(dict) => (cx.call_method(&dict, &names().keys, &[])?, true),
            None => {
                return Err(cx.raise(
                    exceptions().import_error,
                    "from-import-* object has no __dict__ and no __all__",
                ));
            }
        },
    };
    for item in cx.collect(&list)? {
        let Some(name) = item.downcast::<StrObject>() else {
            let module_name = cx.get_attr(module, &names().name)?;
            let where_ = if skip_private { "Key in" } else { "Item in" };
            let attribute = if skip_private { "__dict__" } else { "__all__" };
            return Err(cx.type_error(format_args!(
                "{where_} {}.{attribute} must be str, not {}",
                cx.str(&module_name)?.to_string_lossy(),
                item.ty().tp_name()
            )));
        };
        if skip_private && !name.is_empty() && name.code_point(0) == u32::from('_') {
            continue;
        }
        let value = cx.get_attr(module, name)?;
        match locals.downcast_exact::<DictObject>() {
            Some(dict) => dict.set_str(cx, name, value)?,
            None => cx.set_item(locals, name.as_object(), Some(&value))?,
        }
    }
    Ok(())
}
