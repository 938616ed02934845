//! Attributes and methods, generic and specialised (see [`super::specialize`]).
//!
//! A specialised form answers whether it fits; where it does not, nothing has happened yet and the
//! loop goes on with the generic instruction.

use super::regs::{Regs, acquire};
use super::specialize;
use crate::memory::{Object, Ref};
use crate::objects::{ModuleObject, PyResult, attr};
use crate::vm::Ctx;

/// Caches, in units.
const LOAD_CACHES: usize = 4;
const STORE_CACHES: usize = 4;
const METHOD_CACHES: usize = 10;

#[inline(always)]
pub(super) fn load_attr(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let (object, name, cache) = (r.peek(1), r.name(name), r.cache());
    if cache.is_due() {
        specialize::load_attr(cx, cache, object, name);
    }
    let value = cx.get_attr(object, name)?;
    loaded(r, value);
    Ok(())
}

#[inline(always)]
fn loaded(r: &mut Regs, value: Ref) {
    r.replace_top(value);
    r.skip(LOAD_CACHES);
}

/// `LOAD_ATTR_INSTANCE`: from the inline values.
#[inline(always)]
pub(super) fn load_attr_instance(r: &mut Regs) -> bool {
    let (object, cache) = (r.peek(1), r.cache());
    if !specialize::type_matches(cache, object) {
        return false;
    }
    let value = attr::managed_head(object)
        .and_then(attr::ManagedHead::values)
        .and_then(|values| values.get(specialize::attribute_index(cache)));
    let Some(value) = value else { return false };
    loaded(r, value);
    true
}

/// `LOAD_ATTR_SLOT`: a `__slots__` member.
#[inline(always)]
pub(super) fn load_attr_slot(r: &mut Regs) -> bool {
    let (object, cache) = (r.peek(1), r.cache());
    if !specialize::type_matches(cache, object) {
        return false;
    }
    let Some(value) = specialize::slot(cache, object).get() else { return false };
    loaded(r, value);
    true
}

/// `LOAD_ATTR_MODULE`: from a module's dict.
#[inline(always)]
pub(super) fn load_attr_module(r: &mut Regs) -> bool {
    let cache = r.cache();
    let Some(dict) = r.peek(1).downcast_exact::<ModuleObject>().and_then(|module| module.dict.peek()) else {
        return false;
    };
    if dict.raw_keys().peek_version() != specialize::module_keys_version(cache) {
        return false;
    }
    let Some(value) = dict.value_at(specialize::attribute_index(cache)) else { return false };
    loaded(r, value);
    true
}

#[inline(always)]
pub(super) fn store_attr(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let (object, name, cache) = (r.peek(1), r.name(name), r.cache());
    if cache.is_due() {
        specialize::store_attr(cx, cache, object, name);
    }
    let result = cx.set_attr(object, name, Some(r.peek(2)));
    let object = r.pop();
    drop(r.pop());
    drop(object);
    result?;
    r.skip(STORE_CACHES);
    Ok(())
}

/// `STORE_ATTR_INSTANCE`: into the inline values.
#[inline(always)]
pub(super) fn store_attr_instance(r: &mut Regs) -> bool {
    let (object, cache) = (r.peek(1), r.cache());
    if !specialize::type_matches(cache, object) {
        return false;
    }
    let Some(values) = attr::managed_head(object).and_then(attr::ManagedHead::values) else { return false };
    let object = r.pop();
    let value = r.pop();
    drop(values.replace(specialize::attribute_index(cache), Some(value)));
    drop(object);
    r.skip(STORE_CACHES);
    true
}

/// `STORE_ATTR_SLOT`: a `__slots__` member.
#[inline(always)]
pub(super) fn store_attr_slot(r: &mut Regs) -> bool {
    let cache = r.cache();
    if !specialize::type_matches(cache, r.peek(1)) {
        return false;
    }
    let object = r.pop();
    let value = r.pop();
    drop(specialize::slot(cache, &object).replace(Some(value)));
    drop(object);
    r.skip(STORE_CACHES);
    true
}

#[inline(always)]
pub(super) fn delete_attr(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let object = r.pop();
    cx.set_attr(&object, r.name(name), None)
}

/// Leaves the method and its receiver, or nothing and a callable that is already bound.
#[inline(always)]
pub(super) fn load_method(r: &mut Regs, cx: Ctx, name: u32) -> PyResult<()> {
    let (object, name, cache) = (r.peek(1), r.name(name), r.cache());
    if cache.is_due() {
        specialize::load_method(cx, cache, object, name);
    }
    let (found, is_method) = cx.get_method(object, name)?;
    if is_method {
        let object = r.pop_raw();
        r.push(found);
        r.push_raw(object);
    } else {
        let object = r.pop();
        r.push_null();
        drop(object);
        r.push(found);
    }
    r.skip(METHOD_CACHES);
    Ok(())
}

#[inline(always)]
fn method_found(r: &mut Regs, method: &Object) {
    let object = r.pop_raw();
    // SAFETY: the cached method is alive while its type's version holds.
    r.push_raw(unsafe { acquire(method) });
    r.push_raw(object);
    r.skip(METHOD_CACHES);
}

/// `LOAD_METHOD_VALUES`: instances with inline values, none of which has the method's name.
#[inline(always)]
pub(super) fn load_method_values(r: &mut Regs) -> bool {
    let (object, cache) = (r.peek(1), r.cache());
    // A materialized dict may hold the name; shared keys cannot without changing their version.
    let fits = specialize::type_matches(cache, object)
        && attr::inline_values(object)
            .is_some_and(|(keys, _)| keys.peek_version() == specialize::shared_keys_version(cache));
    if fits {
        method_found(r, specialize::cached_method(cache));
    }
    fits
}

/// `LOAD_METHOD_NO_DICT`: instances that have no attributes of their own.
#[inline(always)]
pub(super) fn load_method_no_dict(r: &mut Regs) -> bool {
    let cache = r.cache();
    let fits = specialize::type_matches(cache, r.peek(1));
    if fits {
        method_found(r, specialize::cached_method(cache));
    }
    fits
}
