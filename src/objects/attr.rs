//! Generic attribute access on instances: descriptors, inline values, instance dicts.
//!
//! Where an instance keeps its attributes:
//!
//! | type | place |
//! | --- | --- |
//! | class made by `class`, no dict from its base | [`ManagedHead`] before the object: inline values, or a dict once somebody asked for it |
//! | built-in type with `dict_offset`, and classes derived from it | a `Slot<DictObject>` at that offset |
//! | others | nowhere |

use std::cell::Cell;

use super::dict::raw::Keys;
use super::dict::values::{Stored, Values, dict_from_values, store_attribute};
use super::slots::DescrSetFn;
use super::{DictObject, PyResult, Raised, StrObject, TypeFlags, TypeObject, exceptions};
use crate::memory::{Layout, Object, PreHeader, Ref, Slot};
use crate::vm::Ctx;

/// The two words before the GC header of an instance of a `Managed` type. At most one is set.
#[repr(C)]
pub struct ManagedHead {
    pub dict: Slot<DictObject>,
    values: Cell<*mut Option<Ref>>,
}

impl ManagedHead {
    /// The instance's inline values, unless it has a dict (or nothing yet). Only for types with
    /// the flag `INLINE_VALUES`: others keep something else in the word.
    #[inline(always)]
    pub fn values(&self) -> Option<Values> {
        let values = self.values.get();
        // SAFETY: the word holds null or the instance's live block.
        (!values.is_null()).then(|| unsafe { Values::from_raw(values) })
    }

    #[inline(always)]
    pub fn set_values(&self, values: Option<Values>) {
        self.values.set(values.map_or(std::ptr::null_mut(), Values::as_ptr));
    }
}

/// The managed words of an instance, if its type has them.
#[inline(always)]
pub fn managed_head(object: &Object) -> Option<&ManagedHead> {
    if object.type_core().info.pre_header.get() != PreHeader::Managed {
        return None;
    }
    // SAFETY: a block of the `Managed` kind begins 32 bytes before its object.
    Some(unsafe { &*std::ptr::from_ref(object).cast::<u8>().sub(32).cast::<ManagedHead>() })
}

/// The shared keys of a type whose instances have inline values.
#[inline(always)]
pub fn shared_keys(ty: &TypeObject) -> Option<Keys> {
    let keys = ty.cached_keys.get();
    // SAFETY: the word holds null or a live table that the type owns.
    (!keys.is_null()).then(|| unsafe { Keys::from_raw(keys) })
}

/// Inline values of an instance together with their keys.
#[inline(always)]
pub fn inline_values(object: &Object) -> Option<(Keys, Values)> {
    let ty = object.ty();
    if !ty.has_flag(TypeFlags::INLINE_VALUES) {
        return None;
    }
    let values = managed_head(object)?.values()?;
    Some((shared_keys(ty)?, values))
}

/// The place of the instance dict, whether or not there is a dict in it.
#[inline(always)]
pub fn dict_slot(object: &Object) -> Option<&Slot<DictObject>> {
    if let Some(head) = managed_head(object) {
        return object.ty().has_flag(TypeFlags::HAS_DICT).then_some(&head.dict);
    }
    let offset = object.ty().dict_offset.get();
    // SAFETY: the type says that its instances hold a dict slot at this offset.
    (offset != 0)
        .then(|| unsafe { &*std::ptr::from_ref(object).cast::<u8>().add(offset).cast::<Slot<DictObject>>() })
}

/// What the instance itself holds under `name`; no descriptor is consulted.
#[inline]
pub fn instance_value(cx: Ctx, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
    if let Some((keys, values)) = inline_values(object) {
        return Ok(keys.find_str(name).and_then(|index| values.get(index)));
    }
    let Some(dict) = dict_slot(object).and_then(Slot::peek) else { return Ok(None) };
    if dict.as_object().is_exact(super::types().dict) {
        return Ok(dict.get_str(cx, name));
    }
    // Lookups in a dict of a derived class may run code that replaces the dict.
    let dict = dict.to_ref();
    Ok(dict.get_str(cx, name))
}

/// `PyObject_GenericGetAttr`, with `None` for what is not there.
#[inline]
pub fn generic_get_attr_opt(cx: Ctx, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
    let ty = object.ty();
    let found = cx.type_lookup(ty, name);
    let mut get = None;
    if let Some(found) = &found {
        let slots = found.ty().slots();
        get = slots.descr_get;
        if let Some(get) = get
            && slots.descr_set.is_some()
        {
            return get(cx, found, Some(object), Some(ty.as_object())).map(Some);
        }
    }
    if let Some(value) = instance_value(cx, object, name)? {
        return Ok(Some(value));
    }
    match (found, get) {
        (Some(found), Some(get)) => get(cx, &found, Some(object), Some(object.ty().as_object())).map(Some),
        (found, _) => Ok(found),
    }
}

/// `PyObject_GenericGetAttr`: the usual `getattro` slot.
pub fn generic_get_attr(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    match generic_get_attr_opt(cx, object, name)? {
        Some(value) => Ok(value),
        None => Err(cx.no_attribute(object, name)),
    }
}

/// `PyObject_GenericSetAttr`: the usual `setattro` slot.
pub fn generic_set_attr(cx: Ctx, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    let ty = object.ty();
    let found = cx.type_lookup(ty, name);
    if let Some(found) = &found
        && let Some(set) = found.ty().slots().descr_set
    {
        return set(cx, found, object, value);
    }
    if let Some((keys, values)) = inline_values(object) {
        match store_attribute(keys, values, name, value.map(Layout::to_object)) {
            Stored::Done(old) => {
                drop(old);
                return Ok(());
            }
            Stored::Missing => return Err(missing(cx, object, name)),
            Stored::NeedsDict if value.is_none() => return Err(missing(cx, object, name)),
            Stored::NeedsDict => {}
        }
    }
    if dict_slot(object).is_none() {
        return Err(match found {
            None => missing(cx, object, name),
            Some(_) => cx.raise(
                exceptions().attribute_error,
                format!("'{}' object attribute '{}' is read-only", ty.tp_name(), name.to_string_lossy()),
            ),
        });
    }
    set_in_dict(cx, object, name, value)
}

/// Stores into the instance dict, making it first if need be.
fn set_in_dict(cx: Ctx, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    if crate::era::is_classic() && value.is_none() && dict_slot(object).is_some_and(|slot| !slot.is_empty()) {
        // Python 2.7 says the name and nothing else.
        let removed = match instance_dict(cx, object)? {
            Some(dict) => dict.remove(cx, name.as_object())?,
            None => false,
        };
        return if removed {
            Ok(())
        } else {
            Err(cx.raise_with(exceptions().attribute_error, name.to_object()))
        };
    }
    if crate::era::is_classic() && value.is_none() {
        return Err(missing(cx, object, name));
    }
    let dict = match shared_dict(cx, object)? {
        Some(dict) => Some(dict),
        None => instance_dict(cx, object)?,
    };
    let Some(dict) = dict else { return Err(missing(cx, object, name)) };
    match value {
        Some(value) => dict.set_str(cx, name, value.to_object()),
        None => {
            if dict.remove(cx, name.as_object())? {
                Ok(())
            } else {
                Err(missing(cx, object, name))
            }
        }
    }
}

/// The dict with the class's shared keys that the first store into an instance makes which has
/// neither inline values nor a dict (`_PyObjectDict_SetItem`).
fn shared_dict(cx: Ctx, object: &Object) -> PyResult<Option<Ref<DictObject>>> {
    let (Some(slot), Some(keys)) = (dict_slot(object), shared_keys(object.ty())) else { return Ok(None) };
    if !slot.is_empty() || inline_values(object).is_some() {
        return Ok(None);
    }
    let values = Values::new(keys.shared_usable_size()).ok_or_else(|| cx.memory_error())?;
    let dict = dict_from_values(keys, values);
    slot.set(Some(dict.clone()));
    Ok(Some(dict))
}

/// The error of storing or deleting; unlike that of loading it does not carry name and object.
#[cold]
fn missing(cx: Ctx, object: &Object, name: &StrObject) -> Raised {
    cx.raise(
        exceptions().attribute_error,
        format!("'{}' object has no attribute '{}'", object.ty().tp_name(), name.to_string_lossy()),
    )
}

/// The instance's dict, made on demand (`PyObject_GenericGetDict`); `None` where instances of the
/// type have none.
pub fn instance_dict(cx: Ctx, object: &Object) -> PyResult<Option<Ref<DictObject>>> {
    let Some(slot) = dict_slot(object) else { return Ok(None) };
    if let Some(dict) = slot.get() {
        return Ok(Some(dict));
    }
    let dict = if let Some((keys, values)) = inline_values(object) {
        let dict = dict_from_values(keys, values);
        if let Some(head) = managed_head(object) {
            head.set_values(None);
        }
        dict
    } else {
        cx.new_dict()
    };
    slot.set(Some(dict.clone()));
    Ok(Some(dict))
}

/// Puts another dict in the place of the instance's (`PyObject_GenericSetDict`).
pub fn set_instance_dict(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(slot) = dict_slot(object) else {
        return Err(no_dict(cx));
    };
    let Some(value) = value else {
        return Err(cx.type_error("cannot delete __dict__"));
    };
    let Some(dict) = value.downcast::<DictObject>() else {
        return Err(
            cx.type_error(format!("__dict__ must be set to a dictionary, not a '{}'", value.ty().tp_name()))
        );
    };
    drop_values(object, slot, Some(dict.to_ref()));
    Ok(())
}

/// Replaces inline values or dict by `dict`; what was there is released last.
pub fn drop_values(object: &Object, slot: &Slot<DictObject>, dict: Option<Ref<DictObject>>) {
    let old_values = inline_values(object);
    if old_values.is_some()
        && let Some(head) = managed_head(object)
    {
        head.set_values(None);
    }
    let old = slot.replace(dict);
    if let Some((keys, values)) = old_values {
        values.free(keys);
    }
    drop(old);
}

#[cold]
pub fn no_dict(cx: Ctx) -> Raised {
    cx.raise(exceptions().attribute_error, "This object has no __dict__")
}

/// `__dict__` of built-in types with a dict slot.
pub fn get_dict(cx: Ctx, object: &Object) -> PyResult {
    match instance_dict(cx, object)? {
        Some(dict) => Ok(dict.into_object()),
        None => Err(no_dict(cx)),
    }
}

/// Whether the found class attribute is a data descriptor.
#[inline]
pub fn data_descriptor(found: &Object) -> Option<DescrSetFn> {
    found.ty().slots().descr_set
}

/// What the eval loop needs to cache an attribute load on instances of one type version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InstanceAccess {
    /// The value stands at this number of the inline values.
    Inline(usize),
    /// Look into the instance's dict, which is managed (`true`) or at `dict_offset`.
    Dict { managed: bool },
    /// The instance has no attributes of its own.
    None,
}

/// How instances shaped as `object` keep the attribute `name`.
pub fn instance_access(object: &Object, name: &StrObject) -> InstanceAccess {
    if let Some((keys, _)) = inline_values(object) {
        return match keys.find_str(name) {
            Some(index) => InstanceAccess::Inline(index),
            None => InstanceAccess::None,
        };
    }
    match dict_slot(object) {
        Some(_) => InstanceAccess::Dict { managed: managed_head(object).is_some() },
        None => InstanceAccess::None,
    }
}
