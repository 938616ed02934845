//! Names: globals, builtins, class namespaces, free variables, imports.

use crate::code::object::kind;
use crate::memory::{Layout, Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::{CellObject, ModuleObject, PyResult, StrObject, exceptions, names, types};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::Frame;

pub(super) fn raise_unbound_local(cx: Ctx, code: &Code, index: usize) {
    let name = code.local_name(index);
    let _ = cx.name_error(
        exceptions().unbound_local_error,
        name,
        format_args!(
            "cannot access local variable '{}' where it is not associated with a value",
            name.to_string_lossy()
        ),
    );
}

pub(super) fn raise_unbound_cell(cx: Ctx, code: &Code, index: usize) {
    let name = code.local_name(index);
    if code.local_kind(index) & kind::FREE != 0 {
        let _ = cx.name_error(
            exceptions().name_error,
            name,
            format_args!(
                "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
                name.to_string_lossy()
            ),
        );
    } else {
        raise_unbound_local(cx, code, index);
    }
}

fn not_defined(cx: Ctx, name: &StrObject) -> crate::objects::Raised {
    cx.name_error(
        exceptions().name_error,
        name,
        format_args!("name '{}' is not defined", name.to_string_lossy()),
    )
}

/// Looks a name up in the frame's builtins, which need not be a dict.
fn load_builtin(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult<Option<Ref>> {
    let builtins = frame.builtins();
    match builtins.downcast_exact::<DictObject>() {
        Some(dict) => dict.get(cx, name.as_object()),
        None => {
            let found = cx.get_item(builtins, name.as_object());
            cx.catch(found, exceptions().key_error)
        }
    }
}

pub(super) fn load_global(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult {
    if let Some(value) = frame.globals().get(cx, name.as_object())? {
        return Ok(value);
    }
    load_builtin(cx, frame, name)?.ok_or_else(|| not_defined(cx, name))
}

fn locals_of<'a>(cx: Ctx, frame: &'a Frame, what: &str, name: &StrObject) -> PyResult<&'a Object> {
    // SAFETY: the frame owns its locals.
    unsafe { frame.locals.as_ref() }.ok_or_else(|| {
        cx.system_error(format_args!(
            "no locals when {what} {}",
            cx.repr_text(name.as_object()).unwrap_or_default()
        ))
    })
}

pub(super) fn load_name(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult {
    let locals = locals_of(cx, frame, "loading", name)?;
    let found = match locals.downcast_exact::<DictObject>() {
        Some(dict) => dict.get(cx, name.as_object())?,
        None => {
            let found = cx.get_item(locals, name.as_object());
            cx.catch(found, exceptions().key_error)?
        }
    };
    match found {
        Some(value) => Ok(value),
        None => load_global(cx, frame, name),
    }
}

pub(super) fn store_name(cx: Ctx, frame: &Frame, name: &StrObject, value: Ref) -> PyResult<()> {
    let locals = locals_of(cx, frame, "storing", name)?;
    match locals.downcast_exact::<DictObject>() {
        Some(dict) => dict.set_str(cx, name, value),
        None => cx.set_item(locals, name.as_object(), Some(&value)),
    }
}

pub(super) fn delete_name(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult<()> {
    let locals = locals_of(cx, frame, "deleting", name)?;
    match cx.set_item(locals, name.as_object(), None) {
        Ok(()) => Ok(()),
        Err(raised) => {
            cx.clear_exception(raised);
            Err(not_defined(cx, name))
        }
    }
}

pub(super) fn delete_global(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult<()> {
    if frame.globals().remove(cx, name.as_object())? { Ok(()) } else { Err(not_defined(cx, name)) }
}

pub(super) fn load_classderef(cx: Ctx, frame: &Frame, index: usize) -> PyResult {
    let code = frame.code();
    let name = code.local_name(index);
    let locals = locals_of(cx, frame, "loading", name)?;
    let found = match locals.downcast_exact::<DictObject>() {
        Some(dict) => dict.get(cx, name.as_object())?,
        None => {
            let found = cx.get_item(locals, name.as_object());
            cx.catch(found, exceptions().key_error)?
        }
    };
    if let Some(value) = found {
        return Ok(value);
    }
    // SAFETY: `COPY_FREE_VARS` put a cell into this slot.
    let cell = unsafe { frame.slot(index).map(|cell| cell.cast::<CellObject>()) };
    match cell.and_then(|cell| cell.contents.get()) {
        Some(value) => Ok(value),
        None => {
            raise_unbound_cell(cx, code, index);
            Err(cx.raised())
        }
    }
}

pub(super) fn load_build_class(cx: Ctx, frame: &Frame) -> PyResult {
    load_builtin(cx, frame, &names().build_class)?
        .ok_or_else(|| cx.raise(exceptions().name_error, "__build_class__ not found"))
}

pub(super) fn setup_annotations(cx: Ctx, frame: &Frame) -> PyResult<()> {
    // SAFETY: the frame owns its locals.
    let Some(locals) = (unsafe { frame.locals.as_ref() }) else {
        return Err(cx.system_error("no locals found when setting up annotations"));
    };
    let key = names().annotations.as_object();
    let present = match locals.downcast_exact::<DictObject>() {
        Some(dict) => dict.contains(cx, key)?,
        None => {
            let found = cx.get_item(locals, key);
            cx.catch(found, exceptions().key_error)?.is_some()
        }
    };
    if present {
        return Ok(());
    }
    let dict = cx.new_dict();
    cx.set_item(locals, key, Some(dict.as_object()))
}

pub(super) fn import_name(
    cx: Ctx,
    frame: &Frame,
    name: &StrObject,
    from_list: &Object,
    level: &Object,
) -> PyResult {
    let import = load_builtin(cx, frame, &names().import)?
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
pub(super) fn import_from(cx: Ctx, module: &Object, name: &StrObject) -> PyResult {
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
pub(super) unsafe fn import_star(cx: Ctx, frame: *mut Frame, module: &Object) -> PyResult<()> {
    // SAFETY: the frame is executing; its locals are filled in first if they were not.
    let frame = unsafe { &*frame };
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
