//! Names: globals, builtins, namespaces of classes and modules, free variables of class bodies.

use super::regs::Regs;
use super::specialize;
use crate::code::object::kind;
use crate::memory::{Layout, Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::{CellObject, PyResult, Raised, StrObject, exceptions, names};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::Frame;

/// Caches behind `LOAD_GLOBAL`, in units.
const GLOBAL_CACHES: usize = 5;

/// `LOAD_GLOBAL`: the argument's lowest bit asks for a null below, as a call wants it.
#[inline(always)]
pub(super) fn load_global(r: &mut Regs, cx: Ctx, argument: u32) -> PyResult<()> {
    let (name, cache) = (r.name(argument >> 1), r.cache());
    if cache.is_due() {
        specialize::load_global(cache, r.frame(), name);
    }
    let value = find_global(cx, r.frame(), name)?;
    if argument & 1 != 0 {
        r.push_null();
    }
    r.push(value);
    r.skip(GLOBAL_CACHES);
    Ok(())
}

/// `LOAD_GLOBAL_MODULE`. Answers whether it fits.
#[inline(always)]
pub(super) fn load_global_module(r: &mut Regs, argument: u32) -> bool {
    let found = specialize::global_in_module(r.cache(), r.frame());
    push_global(r, argument, found)
}

/// `LOAD_GLOBAL_BUILTIN`. Answers whether it fits.
#[inline(always)]
pub(super) fn load_global_builtin(r: &mut Regs, argument: u32) -> bool {
    let found = specialize::global_in_builtins(r.cache(), r.frame());
    push_global(r, argument, found)
}

#[inline(always)]
fn push_global(r: &mut Regs, argument: u32, found: Option<&Object>) -> bool {
    let Some(value) = found else { return false };
    // Before anything else can change the namespace that it was borrowed from.
    let value = value.to_ref();
    if argument & 1 != 0 {
        r.push_null();
    }
    r.push(value);
    r.skip(GLOBAL_CACHES);
    true
}

#[inline(always)]
pub(super) fn load_name(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let value = find_name(cx, r.frame(), r.name(name))?;
    r.push(value);
    Ok(())
}

#[inline(always)]
pub(super) fn store_name(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    // The stack's own reference goes last, after what the name stood for.
    let value = r.pop();
    bind_name(cx, r.frame(), r.name(name), value.clone())
}

#[inline(always)]
pub(super) fn delete_name(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    unbind_name(cx, r.frame(), r.name(name))
}

#[inline(always)]
pub(super) fn store_global(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let value = r.pop();
    r.frame().globals().set_str(cx, r.name(name), value.clone())
}

#[inline(always)]
pub(super) fn delete_global(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let (frame, name) = (r.frame(), r.name(name));
    if frame.globals().remove(cx, name.as_object())? { Ok(()) } else { Err(not_defined(cx, name)) }
}

#[inline(always)]
pub(super) fn load_build_class(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let builder = load_builtin(cx, r.frame(), &names().build_class)?
        .ok_or_else(|| cx.raise(exceptions().name_error, "__build_class__ not found"))?;
    r.push(builder);
    Ok(())
}

pub(super) fn unbound_local(cx: Ctx, code: &Code, index: usize) -> Raised {
    let name = code.local_name(index);
    cx.name_error(
        exceptions().unbound_local_error,
        name,
        format_args!(
            "cannot access local variable '{}' where it is not associated with a value",
            name.to_string_lossy()
        ),
    )
}

pub(super) fn unbound_cell(cx: Ctx, code: &Code, index: usize) -> Raised {
    let name = code.local_name(index);
    if code.local_kind(index) & kind::FREE != 0 {
        cx.name_error(
            exceptions().name_error,
            name,
            format_args!(
                "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
                name.to_string_lossy()
            ),
        )
    } else {
        unbound_local(cx, code, index)
    }
}

fn not_defined(cx: Ctx, name: &StrObject) -> Raised {
    cx.name_error(
        exceptions().name_error,
        name,
        format_args!("name '{}' is not defined", name.to_string_lossy()),
    )
}

/// Looks a name up in the frame's builtins, which need not be a dict.
pub(super) fn load_builtin(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult<Option<Ref>> {
    let builtins = frame.builtins();
    match builtins.downcast_exact::<DictObject>() {
        Some(dict) => dict.get(cx, name.as_object()),
        None => {
            let found = cx.get_item(builtins, name.as_object());
            cx.catch(found, exceptions().key_error)
        }
    }
}

fn find_global(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult {
    if let Some(value) = frame.globals().get(cx, name.as_object())? {
        return Ok(value);
    }
    match load_builtin(cx, frame, name)? {
        Some(value) => Ok(value),
        // Python 2.7 says where it has looked, for names of functions.
        None if crate::era::is_classic() && frame.code().is_optimized() => Err(cx.raise(
            exceptions().name_error,
            format_args!("global name '{}' is not defined", name.to_string_lossy()),
        )),
        None => Err(not_defined(cx, name)),
    }
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

fn find_name(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult {
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
        None => find_global(cx, frame, name),
    }
}

fn bind_name(cx: Ctx, frame: &Frame, name: &StrObject, value: Ref) -> PyResult<()> {
    let locals = locals_of(cx, frame, "storing", name)?;
    match locals.downcast_exact::<DictObject>() {
        Some(dict) => dict.set_str(cx, name, value),
        None => cx.set_item(locals, name.as_object(), Some(&value)),
    }
}

fn unbind_name(cx: Ctx, frame: &Frame, name: &StrObject) -> PyResult<()> {
    let locals = locals_of(cx, frame, "deleting", name)?;
    match cx.set_item(locals, name.as_object(), None) {
        Ok(()) => Ok(()),
        Err(raised) => {
            cx.clear_exception(raised);
            Err(not_defined(cx, name))
        }
    }
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
        None => Err(unbound_cell(cx, code, index)),
    }
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
