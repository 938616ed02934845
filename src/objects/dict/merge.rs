//! Copying and updating dicts.

use super::values::Values;
use super::{DictObject, raw};
use crate::memory::{Layout as _, Object, Ref, is_tracked, track};
use crate::objects::{Args, ListObject, PyResult, TupleObject, args, exceptions, names, types};
use crate::vm::Ctx;

/// What to do with keys that are there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Existing {
    Keep,
    Replace,
    /// `KeyError(key)`: for repeated keyword arguments.
    Fail,
}

/// Whether iterating the object visits a dict's own entries (`tp_iter` is the dict's).
fn iterates_plainly(object: &Object) -> bool {
    match (object.ty().slots().iter, types().dict.slots().iter) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        _ => false,
    }
}

impl DictObject {
    /// A shallow copy as a plain dict (`PyDict_Copy`).
    pub fn copy(&self, cx: Ctx) -> PyResult<Ref<DictObject>> {
        if self.is_empty() {
            return Ok(DictObject::new_empty());
        }
        let keys = self.raw_keys();
        if keys.is_slotted() {
            let copy = DictObject::new_empty();
            copy.merge(cx, &self.object, Existing::Replace)?;
            return Ok(copy);
        }
        if let Some(values) = self.raw_values() {
            let copied = values.duplicate(keys.shared_usable_size()).ok_or_else(|| cx.memory_error())?;
            keys.incref();
            let copy = DictObject::fresh_from_parts(keys, Some(copied), self.len());
            if is_tracked(&self.object) {
                track(&copy.object);
            }
            return Ok(copy);
        }
        if iterates_plainly(&self.object) && self.len() >= keys.nentries() * 2 / 3 {
            let copied = keys.duplicate().ok_or_else(|| cx.memory_error())?;
            let copy = DictObject::from_parts(copied, None, self.len());
            if is_tracked(&self.object) {
                track(&copy.object);
            }
            return Ok(copy);
        }
        let copy = DictObject::new_empty();
        copy.merge(cx, &self.object, Existing::Replace)?;
        Ok(copy)
    }

    /// Takes over all entries of a mapping (`dict_merge`).
    pub fn merge(&self, cx: Ctx, other: &Object, existing: Existing) -> PyResult<()> {
        match other.downcast::<DictObject>() {
            Some(dict) if iterates_plainly(other) => self.merge_dict(cx, dict, existing),
            _ => self.merge_mapping(cx, other, existing),
        }
    }

    fn merge_dict(&self, cx: Ctx, other: &DictObject, mut existing: Existing) -> PyResult<()> {
        if other.object.is(&self.object) || other.is_empty() {
            return Ok(());
        }
        if other.raw_keys().is_slotted() {
            return self.merge_slotted(cx, other, existing);
        }
        if self.is_empty() {
            // Nothing can be there already.
            existing = Existing::Replace;
            let keys = other.raw_keys();
            let is_compact = !other.is_split() && other.len() == keys.nentries();
            let is_snug = keys.log2_size() == raw::LOG2_MIN_SIZE
                || raw::usable_fraction(keys.slots() / 2) < other.len();
            if is_compact && is_snug {
                let copied = keys.duplicate().ok_or_else(|| cx.memory_error())?;
                let old = self.raw_keys();
                let old_values: Option<Values> = self.raw_values();
                self.keys.set(copied.as_ptr());
                self.values.set(std::ptr::null_mut());
                self.used.set(other.len());
                self.touch();
                if is_tracked(&other.object) && !is_tracked(&self.object) {
                    track(&self.object);
                }
                if let Some(values) = old_values {
                    values.free_block();
                }
                old.decref();
                return Ok(());
            }
        }
        // One large resize instead of several on the way.
        if raw::usable_fraction(self.raw_keys().slots()) < other.len() {
            let log2_size = raw::estimate_log2_keysize(self.len() + other.len());
            self.resize(cx, log2_size, other.raw_keys().is_unicode())?;
        }
        let entries = other.raw_keys().nentries();
        let mut position = 0;
        while let Some((key, value, hash)) = other.next_entry_hashed(&mut position) {
            if existing == Existing::Replace || !self.contains_known_hash(cx, &key, hash)? {
                self.insert(cx, key, hash, value)?;
            } else if existing == Existing::Fail {
                return Err(cx.key_error(key));
            }
            if entries != other.raw_keys().nentries() {
                return Err(cx.runtime_error("dict mutated during update"));
            }
        }
        Ok(())
    }

    /// The classic era's way: room for twice what there will be, then one entry after the other.
    fn merge_slotted(&self, cx: Ctx, other: &DictObject, existing: Existing) -> PyResult<()> {
        let keys = self.raw_keys();
        let (slots, filled) = if keys.is_slotted() {
            let total = (2 * keys.slots()).div_ceil(3) as isize;
            (keys.slots(), (total - keys.usable()).max(0) as usize)
        } else {
            (1 << raw::LOG2_MIN_SIZE, 0)
        };
        if (filled + other.len()) * 3 >= slots * 2 {
            self.resize_slotted(cx, (self.len() + other.len()) * 2)?;
        }
        let entries = other.raw_keys().nentries();
        let mut position = 0;
        while let Some((key, value, hash)) = other.next_entry_hashed(&mut position) {
            if existing == Existing::Replace || !self.contains_known_hash(cx, &key, hash)? {
                self.insert(cx, key, hash, value)?;
            } else if existing == Existing::Fail {
                return Err(cx.key_error(key));
            }
            if entries != other.raw_keys().nentries() {
                return Err(cx.runtime_error("dict mutated during update"));
            }
        }
        Ok(())
    }

    fn merge_mapping(&self, cx: Ctx, other: &Object, existing: Existing) -> PyResult<()> {
        let keys = mapping_keys(cx, other)?;
        let iterator = cx.iter(&keys)?;
        drop(keys);
        while let Some(key) = cx.next(&iterator)? {
            if existing != Existing::Replace && self.contains(cx, &key)? {
                if existing == Existing::Fail {
                    return Err(cx.key_error(key));
                }
                continue;
            }
            let value = cx.get_item(other, &key)?;
            self.set(cx, &key, value)?;
        }
        Ok(())
    }

    /// Takes over pairs from an iterable (`PyDict_MergeFromSeq2`).
    pub fn merge_pairs(&self, cx: Ctx, pairs: &Object) -> PyResult<()> {
        let iterator = cx.iter(pairs)?;
        let mut number = 0usize;
        while let Some(item) = cx.next(&iterator)? {
            let pair = match sequence_pair(cx, &item) {
                Ok(pair) => pair,
                Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                    cx.clear_exception(raised);
                    let message =
                        format!("cannot convert dictionary update sequence element #{number} to a sequence");
                    return Err(cx.type_error(message));
                }
                Err(raised) => return Err(raised),
            };
            match pair {
                Ok((key, value)) => self.set(cx, &key, value)?,
                Err(len) => {
                    return Err(cx.value_error(format!(
                        "dictionary update sequence element #{number} has length {len}; 2 is required"
                    )));
                }
            }
            number += 1;
        }
        Ok(())
    }

    /// As the method `update` with one argument: a mapping or an iterable of pairs.
    pub fn update(&self, cx: Ctx, source: &Object) -> PyResult<()> {
        self.update_from(cx, source)
    }

    /// `PyDict_Update`: from a mapping only (`AttributeError` where there is no `keys`).
    pub fn dict_update_mapping(&self, cx: Ctx, mapping: &Object) -> PyResult<()> {
        self.merge(cx, mapping, Existing::Replace)
    }

    /// Takes over a mapping whose keys must be new: `KeyError(key)` for the first that is not.
    pub fn merge_unique(&self, cx: Ctx, mapping: &Object) -> PyResult<()> {
        self.merge(cx, mapping, Existing::Fail)
    }

    /// What `update` and the constructor do with their one positional argument.
    pub fn update_from(&self, cx: Ctx, source: &Object) -> PyResult<()> {
        if source.is_exact(types().dict) {
            return self.merge(cx, source, Existing::Replace);
        }
        match cx.get_attr_opt(source, &names().keys)? {
            Some(_) => self.merge(cx, source, Existing::Replace),
            None => self.merge_pairs(cx, source),
        }
    }

    /// `dict.update` and `dict.__init__`: one source, then keywords.
    pub(crate) fn update_common(&self, cx: Ctx, name: &str, args: Args<'_>) -> PyResult<()> {
        args::check_count(cx, name, args.pos(), 0, 1)?;
        if let Some(source) = args.pos().first() {
            self.update_from(cx, source)?;
        }
        for (key, value) in args.keywords() {
            self.set(cx, &key.object, value.clone())?;
        }
        Ok(())
    }
}

/// The two items of a pair, or the length of what is none.
fn sequence_pair(cx: Ctx, item: &Object) -> PyResult<Result<(Ref, Ref), usize>> {
    let from_slice = |items: &[Ref]| match items {
        [key, value] => Ok((key.clone(), value.clone())),
        _ => Err(items.len()),
    };
    if let Some(tuple) = item.downcast::<TupleObject>() {
        return Ok(from_slice(tuple.as_slice()));
    }
    if let Some(list) = item.downcast::<ListObject>() {
        return Ok(from_slice(list.peek_slice()));
    }
    Ok(from_slice(&cx.sequence_fast(item, "")?))
}

/// `mapping.keys()` as a list (`PyMapping_Keys`).
pub fn mapping_keys(cx: Ctx, mapping: &Object) -> PyResult {
    if let Some(dict) = mapping.downcast_exact::<DictObject>() {
        return Ok(cx.new_list(dict.keys_to_vec())?.into_object());
    }
    mapping_method_list(cx, mapping, "keys")
}

/// The result of a mapping's method as a list.
pub fn mapping_method_list(cx: Ctx, mapping: &Object, method: &str) -> PyResult {
    let name = cx.intern(method);
    let output = cx.call_method(mapping, &name, &[])?;
    if output.is_exact(types().list) {
        return Ok(output);
    }
    let iterator = match cx.iter(&output) {
        Ok(iterator) => iterator,
        Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            return Err(cx.type_error(format!(
                "{}.{method}() returned a non-iterable (type {})",
                mapping.ty().tp_name(),
                output.ty().tp_name()
            )));
        }
        Err(raised) => return Err(raised),
    };
    drop(output);
    let list = cx.new_list(Vec::new())?;
    list.extend(cx, &iterator)?;
    Ok(list.as_object().to_ref())
}
