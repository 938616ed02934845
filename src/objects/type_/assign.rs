//! Assignment to `__class__` and to `__bases__`.

use std::ptr::NonNull;

use super::class::best_base;
use super::mro::set_mro;
use super::{add_subclass, cache, direct_subclasses, instance, remove_subclass, update};
use crate::memory::{self, Layout, Object, Ref};
use crate::objects::attr::{inline_values, instance_dict};
use crate::objects::spec::TypeFlags;
use crate::objects::{PyResult, TupleObject, TypeObject, types};
use crate::vm::Ctx;

/// Whether both have the same real layout, member by member.
fn same_slots_added(a: &TypeObject, b: &TypeObject) -> bool {
    let (info_a, info_b) = (&a.core.info, &b.core.info);
    let names = |ty: &TypeObject| -> Vec<String> {
        ty.slot_names
            .peek()
            .and_then(|names| names.downcast::<TupleObject>())
            .map(|names| {
                names
                    .as_slice()
                    .iter()
                    .filter_map(|name| name.downcast::<crate::objects::StrObject>())
                    .map(|name| name.to_string_lossy())
                    .collect()
            })
            .unwrap_or_default()
    };
    info_a.size.get() == info_b.size.get()
        && info_a.weaklist_offset.get() == info_b.weaklist_offset.get()
        && a.dict_offset.get() == b.dict_offset.get()
        && a.has_flag(TypeFlags::HAS_DICT) == b.has_flag(TypeFlags::HAS_DICT)
        && names(a) == names(b)
}

fn compatible_with_base(child: &TypeObject) -> bool {
    let Some(base) = child.base.peek() else { return false };
    let (info, from) = (&child.core.info, &base.core.info);
    info.size.get() == from.size.get()
        && info.item_size.get() == from.item_size.get()
        && info.pre_header.get() == from.pre_header.get()
        && info.weaklist_offset.get() == from.weaklist_offset.get()
        && child.dict_offset.get() == base.dict_offset.get()
        && child.has_flag(TypeFlags::HAS_DICT) == base.has_flag(TypeFlags::HAS_DICT)
        && (info.clear.get().map(|f| f as usize) == from.clear.get().map(|f| f as usize)
            || from.clear.get().is_none()
            || info.clear.get().map(|f| f as usize) == Some(instance::subtype_clear as *const () as usize))
}

/// Whether instances of the one can become instances of the other (`compatible_for_assignment`).
fn check_compatible(cx: Ctx, old: &TypeObject, new: &TypeObject, what: &str) -> PyResult<()> {
    // Blocks with and without GC header are freed in different ways.
    if old.has_flag(TypeFlags::HAVE_GC) != new.has_flag(TypeFlags::HAVE_GC) {
        return Err(cx.type_error(format!(
            "{what} assignment: '{}' deallocator differs from '{}'",
            new.tp_name(),
            old.tp_name()
        )));
    }
    let mut new_base = new;
    while compatible_with_base(new_base) {
        match new_base.base.peek() {
            Some(base) => new_base = base,
            None => break,
        }
    }
    let mut old_base = old;
    while compatible_with_base(old_base) {
        match old_base.base.peek() {
            Some(base) => old_base = base,
            None => break,
        }
    }
    let parents_agree = match (new_base.base.peek(), old_base.base.peek()) {
        (Some(a), Some(b)) => a.is_type(b),
        _ => false,
    };
    if new_base.is_type(old_base) || (parents_agree && same_slots_added(new_base, old_base)) {
        return Ok(());
    }
    Err(cx.type_error(format!(
        "{what} assignment: '{}' object layout differs from '{}'",
        new.tp_name(),
        old.tp_name()
    )))
}

/// `object.__class__ = value`.
pub fn set_class(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(cx.type_error("can't delete __class__ attribute"));
    };
    let Some(new) = value.downcast::<TypeObject>() else {
        return Err(
            cx.type_error(format!("__class__ must be set to a class, not '{}' object", value.ty().tp_name()))
        );
    };
    let old = object.ty().to_ref();
    let both_modules = new.is_subtype(types().module) && old.is_subtype(types().module);
    let immutable = new.has_flag(TypeFlags::IMMUTABLETYPE) || old.has_flag(TypeFlags::IMMUTABLETYPE);
    if !both_modules && immutable {
        return Err(
            cx.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses")
        );
    }
    check_compatible(cx, &old, new, "__class__")?;
    // Inline values go by the old class's keys: they become a dict.
    if inline_values(object).is_some() {
        instance_dict(cx, object)?;
    }
    // The reference to the class is counted for heap types only.
    if new.has_flag(TypeFlags::HEAPTYPE) {
        let _owned_by_the_object = new.to_ref().into_raw();
    }
    object.set_type_uncounted(NonNull::from(&new.core));
    if old.has_flag(TypeFlags::HEAPTYPE) {
        // SAFETY: the object's own reference to its old class, which it no longer uses.
        unsafe { memory::decref(NonNull::from(old.as_object())) };
    }
    Ok(())
}

/// `type.__bases__ = value`: layouts must fit; MRO, slots and subclass lists follow.
pub(super) fn set_bases(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    // SAFETY: an attribute of `type`.
    let ty = unsafe { object.cast::<TypeObject>() };
    if ty.has_flag(TypeFlags::IMMUTABLETYPE) {
        return Err(
            cx.type_error(format!("cannot set '__bases__' attribute of immutable type '{}'", ty.tp_name()))
        );
    }
    let Some(value) = value else {
        return Err(cx.type_error(format!(
            "cannot delete '__bases__' attribute of immutable type '{}'",
            ty.tp_name()
        )));
    };
    let Some(bases) = value.downcast::<TupleObject>() else {
        return Err(cx.type_error(format!(
            "can only assign tuple to {}.__bases__, not {}",
            ty.tp_name(),
            value.ty().tp_name()
        )));
    };
    if bases.is_empty() {
        return Err(
            cx.type_error(format!("can only assign non-empty tuple to {}.__bases__, not ()", ty.tp_name()))
        );
    }
    for base in bases.as_slice() {
        let Some(base) = base.downcast::<TypeObject>() else {
            return Err(cx.type_error(format!(
                "{}.__bases__ must be tuple of classes, not '{}'",
                ty.tp_name(),
                base.ty().tp_name()
            )));
        };
        if base.is_subtype(ty) {
            return Err(cx.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let new_base = best_base(cx, bases)?;
    if let Some(old_base) = ty.base.get() {
        check_compatible(cx, &old_base, &new_base, "__bases__")?;
    }
    let old_bases = ty.bases.get();
    let old_base = ty.base.get();
    ty.bases.set(Some(bases.to_ref()));
    ty.base.set(Some(new_base));
    // The list in which CPython keeps the old orders meanwhile.
    let list = cx.new_list(Vec::new())?;
    let mut saved: Vec<(Ref<TypeObject>, Option<Ref<TupleObject>>)> = Vec::new();
    if let Err(raised) = recompute_mro(cx, ty, &mut saved) {
        // Back to where we were.
        while let Some((class, mro)) = saved.pop() {
            class.mro.set(mro);
        }
        ty.bases.set(old_bases);
        ty.base.set(old_base);
        return Err(raised);
    }
    drop(saved);
    drop(list);
    if let Some(old_bases) = old_bases {
        for base in old_bases.as_slice() {
            if let Some(base) = base.downcast::<TypeObject>() {
                remove_subclass(cx, base, ty);
            }
        }
    }
    for base in bases.as_slice() {
        if let Some(base) = base.downcast::<TypeObject>() {
            add_subclass(cx, base, ty)?;
        }
    }
    update_down(cx, ty);
    Ok(())
}

fn recompute_mro(
    cx: Ctx,
    ty: &TypeObject,
    saved: &mut Vec<(Ref<TypeObject>, Option<Ref<TupleObject>>)>,
) -> PyResult<()> {
    saved.push((ty.to_ref(), ty.mro.get()));
    set_mro(cx, ty)?;
    cache::modified(ty);
    for subclass in direct_subclasses(ty) {
        recompute_mro(cx, &subclass, saved)?;
    }
    Ok(())
}

fn update_down(cx: Ctx, ty: &TypeObject) {
    cache::modified(ty);
    update::update_all(cx, ty);
    for subclass in direct_subclasses(ty) {
        update_down(cx, &subclass);
    }
}
