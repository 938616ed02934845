//! Keeping slots in step with special methods: which function a slot gets from what the names of
//! its special methods mean on a class.

use std::cell::UnsafeCell;

use super::cache::{borrowed, find_in_mro};
use super::instance::slot_finalize;
use super::slot_functions::hash_not_implemented;
use super::slotdefs::{FINALIZE, SLOT_DEFS, SlotDef};
use crate::memory::{Object, Ref};
use crate::objects::descr::WrapperDescriptor;
use crate::objects::native::NativeFunctionObject;
use crate::objects::protocol::iter::next_not_implemented;
use crate::objects::slots::Slots;
use crate::objects::{StrObject, TypeObject};
use crate::vm::Ctx;

/// The interned names of [`SLOT_DEFS`], in its order.
struct SlotNames(UnsafeCell<Vec<Ref<StrObject>>>);

// SAFETY: only the engine thread, which holds the heap guard, touches the names.
unsafe impl Sync for SlotNames {}

static SLOT_NAMES: SlotNames = SlotNames(UnsafeCell::new(Vec::new()));

/// Interns the names, at start-up.
pub(super) fn make_slot_names(cx: Ctx) {
    let made: Vec<_> = SLOT_DEFS
        .iter()
        .map(|def| cx.intern(crate::objects::classic::names::special_name(def.name)))
        .collect();
    // SAFETY: nothing has read the names yet. The vector of an earlier interpreter points into
    // memory that is gone; it is forgotten, not dropped.
    unsafe { std::mem::forget(std::mem::replace(&mut *SLOT_NAMES.0.get(), made)) };
}

/// The interned names of all slots: a root of the interpreter.
pub fn slot_names() -> &'static [Ref<StrObject>] {
    // SAFETY: written once at start-up.
    unsafe { &*SLOT_NAMES.0.get() }
}

/// The interned name of the slot definition at `index`.
#[inline]
pub(super) fn slot_name(index: usize) -> &'static StrObject {
    &slot_names()[index]
}

/// One past the last definition of the field that the one at `start` belongs to.
fn group_end(start: usize) -> usize {
    let field = SLOT_DEFS[start].field;
    SLOT_DEFS[start..]
        .iter()
        .position(|def| def.field != field)
        .map_or(SLOT_DEFS.len(), |count| start + count)
}

/// Sets every slot of a new class from its special methods (`fixup_slot_dispatchers`).
pub fn update_all(cx: Ctx, ty: &TypeObject) {
    let mut start = 0;
    while start < SLOT_DEFS.len() {
        update_group(cx, ty, start);
        start = group_end(start);
    }
}

/// A special method of a class was set or deleted: its slots, here and in subclasses that do not
/// define the name themselves, follow (`update_slot`).
pub fn update_named(cx: Ctx, ty: &TypeObject, name: &StrObject) {
    if !is_special(name) {
        return;
    }
    let mut starts: Vec<usize> = Vec::new();
    for (index, def) in SLOT_DEFS.iter().enumerate() {
        if slot_name(index).eq_text(name) {
            let start = SLOT_DEFS.iter().position(|other| other.field == def.field).unwrap_or(index);
            if !starts.contains(&start) {
                starts.push(start);
            }
        }
    }
    if !starts.is_empty() {
        update_down(cx, ty, name, &starts);
    }
}

fn update_down(cx: Ctx, ty: &TypeObject, name: &StrObject, starts: &[usize]) {
    for &start in starts {
        update_group(cx, ty, start);
    }
    super::for_each_subclass(ty, &mut |subclass| {
        let overrides = subclass.dict.peek().is_some_and(|dict| dict.get_str(cx, name).is_some());
        if !overrides {
            update_down(cx, subclass, name, starts);
        }
    });
}

/// Whether a name begins and ends with two underscores.
fn is_special(name: &StrObject) -> bool {
    let length = name.len();
    let underscore = u32::from(b'_');
    length > 4
        && name.code_point(0) == underscore
        && name.code_point(1) == underscore
        && name.code_point(length - 1) == underscore
        && name.code_point(length - 2) == underscore
}

/// Decides one field (`update_one_slot`): a slot wrapper of a fitting type is taken out of its
/// wrapping, anything else is called through the generic function.
fn update_group(cx: Ctx, ty: &TypeObject, start: usize) {
    let field = SLOT_DEFS[start].field;
    let mut specific: Option<usize> = None;
    let mut generic: Option<usize> = None;
    let mut use_generic = false;
    for (index, def) in SLOT_DEFS.iter().enumerate().take(group_end(start)).skip(start) {
        let Some(found) = find_in_mro(cx, ty, slot_name(index)).map(borrowed) else {
            if field == std::mem::offset_of!(Slots, iternext) {
                specific = Some(next_not_implemented as *const () as usize);
            }
            continue;
        };
        if let Some(wrapper) = found.downcast_exact::<WrapperDescriptor>()
            && wrapper.def.name == def.name
        {
            let only = the_one_slot(ty, def);
            if only.is_none_or(|only| only == field) {
                generic = Some(def.generic.0 as usize);
            }
            let fits = wrapper.head.class.peek().is_some_and(|class| ty.is_subtype(class));
            if specific.is_none_or(|code| code == wrapper.code) && wrapper.def.wrap == def.wrap && fits {
                specific = Some(wrapper.code);
            } else {
                use_generic = true;
            }
        } else if field == std::mem::offset_of!(Slots, new)
            && found
                .downcast_exact::<NativeFunctionObject>()
                .is_some_and(|function| std::ptr::eq(function.def, &super::ready::NEW_DEF))
        {
            // The built-in `__new__` that was inherited; it checks by itself who is calling.
            specific = ty.slots().new.map(|new| new as usize).filter(|_| !is_generic_new(ty));
            if specific.is_none() {
                specific = inherited_new(found);
            }
        } else if cx.is_none(found) && field == std::mem::offset_of!(Slots, hash) {
            specific = Some(hash_not_implemented as *const () as usize);
        } else {
            use_generic = true;
            generic = Some(def.generic.0 as usize);
        }
    }
    let chosen = match specific {
        Some(code) if !use_generic => code,
        _ => generic.unwrap_or(0),
    };
    if field == FINALIZE {
        let finalize = match (chosen, use_generic) {
            (0, _) => ty.base.peek().and_then(|base| {
                base.core.info.finalize.get().filter(|f| *f as usize != slot_finalize as *const () as usize)
            }),
            _ => Some(slot_finalize as fn(&Object)),
        };
        ty.core.info.finalize.set(finalize);
        return;
    }
    // SAFETY: `specific` comes from a wrapper of the same slot or from this field, `generic` from
    // the table's entry for it.
    ty.set_slots(|slots| unsafe { slots.set_raw(field, chosen) });
}

fn is_generic_new(ty: &TypeObject) -> bool {
    ty.slots().new.map(|new| new as usize) == Some(super::slot_functions::new as *const () as usize)
}

/// The `new` slot of the type that a built-in `__new__` belongs to.
fn inherited_new(found: &Object) -> Option<usize> {
    let function = found.downcast_exact::<NativeFunctionObject>()?;
    let owner = function.self_.peek()?.downcast::<TypeObject>()?;
    owner.slots().new.map(|new| new as usize)
}

/// Where a name stands for several slots: the only one that the type has filled, if it is only
/// one (`resolve_slotdups`). `None` when there are several or none.
fn the_one_slot(ty: &TypeObject, def: &SlotDef) -> Option<usize> {
    let mut only = None;
    for other in SLOT_DEFS.iter().filter(|other| other.name == def.name && other.field != FINALIZE) {
        if ty.slots().raw(other.field) == 0 {
            continue;
        }
        if only.is_some() {
            return None;
        }
        only = Some(other.field);
    }
    only
}
