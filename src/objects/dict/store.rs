//! Storing and removing entries, and the growth of tables.

use std::cell::Cell;
use std::ptr::NonNull;

use super::raw::{self, Keys, KeysKind};
use super::values::decref_opt;
use super::{DictObject, may_be_tracked};
use crate::memory::{Layout as _, Object, Ref, is_tracked, track};
use crate::objects::{PyResult, StrObject, types};
use crate::vm::Ctx;

impl DictObject {
    /// `dict[key] = value`.
    #[inline]
    pub fn set(&self, cx: Ctx, key: &Object, value: Ref) -> PyResult<()> {
        // Held before it is hashed, as `PyDict_SetItem` does.
        let key = key.to_ref();
        let hash = DictObject::hash_key(cx, &key)?;
        self.insert(cx, key, hash, value)
    }

    /// Sets a string key (interned or not); raises only when memory is out or a foreign key's
    /// comparison does.
    #[inline]
    pub fn set_str(&self, cx: Ctx, key: &StrObject, value: Ref) -> PyResult<()> {
        self.set(cx, &key.object, value)
    }

    /// Stores into a live entry found before (`index` from [`DictObject::index_of_str`], keys
    /// unchanged since).
    #[inline]
    pub fn set_value_at(&self, index: usize, value: Ref) {
        if !is_tracked(&self.object) && may_be_tracked(&value) {
            track(&self.object);
        }
        drop(self.exchange_value(index, Some(value)));
    }

    /// Puts a value in place of the one at `index`; keeps `used` and the version right.
    #[inline]
    fn exchange_value(&self, index: usize, value: Option<Ref>) -> Option<Ref> {
        let old = match self.raw_values() {
            Some(values) => {
                let old = values.replace(index, value);
                if old.is_none() {
                    self.used.set(self.used.get() + 1);
                }
                old
            }
            None => {
                let value = value.map_or(std::ptr::null_mut(), |value| value.into_raw().as_ptr());
                let old = self.raw_keys().replace_value(index, value);
                // SAFETY: the table gives its reference away.
                NonNull::new(old).map(|old| unsafe { Ref::from_owned(old) })
            }
        };
        self.touch();
        old
    }

    /// `insertdict`: stores under a key whose hash is known.
    pub(crate) fn insert(&self, cx: Ctx, key: Ref, hash: i64, value: Ref) -> PyResult<()> {
        let is_text = key.is_exact(types().str);
        if self.raw_keys().is_empty_table() {
            return self.insert_first(cx, key, hash, value, is_text);
        }
        if !is_text && self.raw_keys().is_unicode() {
            self.grow(cx, false)?;
        }
        let found = self.find(cx, &key, hash)?;
        self.maintain_tracking(&key, &value);
        match found {
            None => self.append(cx, key, hash, value),
            Some(index) => {
                if !std::ptr::eq(self.value_ptr(index), &raw const *value) {
                    // The old value dies after the store: its end may come back to this dict.
                    let old = self.exchange_value(index, Some(value));
                    drop(old);
                }
                drop(key);
                Ok(())
            }
        }
    }

    /// Adds an entry for a key known to be absent.
    fn append(&self, cx: Ctx, key: Ref, hash: i64, value: Ref) -> PyResult<()> {
        self.raw_keys().invalidate_version();
        // The lookup may have run code that emptied the dict: a table for strings only is no
        // place for another key (CPython does not look again here).
        let is_text = key.is_exact(types().str);
        if self.raw_keys().usable() <= 0 || (!is_text && self.raw_keys().is_unicode()) {
            self.grow(cx, is_text)?;
        }
        let keys = self.raw_keys();
        match self.raw_values() {
            Some(values) => {
                let index = keys.append(key.into_raw(), hash, std::ptr::null_mut());
                values.replace(index, Some(value));
            }
            None => {
                keys.append(key.into_raw(), hash, value.into_raw().as_ptr());
            }
        }
        self.used.set(self.used.get() + 1);
        self.touch();
        if keys.is_slotted() && keys.usable() <= 0 {
            self.grow_slotted(cx)?;
        }
        Ok(())
    }

    /// A slotted table grows right after the entry that fills two thirds of it.
    fn grow_slotted(&self, cx: Ctx) -> PyResult<()> {
        let used = self.used.get();
        self.resize_slotted(cx, used * if used > 50_000 { 2 } else { 4 })
    }

    /// A slotted table of more than `least` slots.
    pub(crate) fn resize_slotted(&self, cx: Ctx, least: usize) -> PyResult<()> {
        let mut log2_size = raw::LOG2_MIN_SIZE;
        while (1usize << log2_size) <= least {
            log2_size += 1;
        }
        self.resize(cx, log2_size, false)
    }

    /// `insert_to_emptydict`.
    fn insert_first(&self, cx: Ctx, key: Ref, hash: i64, value: Ref, is_text: bool) -> PyResult<()> {
        let kind = if is_text { KeysKind::Unicode } else { KeysKind::General };
        let keys = Keys::new(raw::LOG2_MIN_SIZE, kind).ok_or_else(|| cx.memory_error())?;
        self.maintain_tracking(&key, &value);
        Keys::empty().decref();
        keys.append(key.into_raw(), hash, value.into_raw().as_ptr());
        self.keys.set(keys.as_ptr());
        self.used.set(self.used.get() + 1);
        self.touch();
        Ok(())
    }

    /// A dict is untracked until something that can be part of a cycle is stored.
    #[inline(always)]
    pub(crate) fn maintain_tracking(&self, key: &Object, value: &Object) {
        if !is_tracked(&self.object) && (may_be_tracked(key) || may_be_tracked(value)) {
            track(&self.object);
        }
    }

    /// `insertion_resize`: room for three times what is used.
    #[cold]
    fn grow(&self, cx: Ctx, unicode: bool) -> PyResult<()> {
        self.resize(cx, raw::log2_keysize(self.used.get() * 3), unicode)
    }

    /// `dictresize`: a combined table of 2^log2_size slots with the live entries in order.
    pub(crate) fn resize(&self, cx: Ctx, log2_size: u8, unicode: bool) -> PyResult<()> {
        let old = self.raw_keys();
        let kind = if unicode && old.is_unicode() { KeysKind::Unicode } else { KeysKind::General };
        let new = Keys::new(log2_size, kind).ok_or_else(|| cx.memory_error())?;
        match self.raw_values() {
            Some(values) => {
                let count = values.count();
                for position in 0..count {
                    let index = values.nth(position);
                    let key = old.key(index);
                    // SAFETY: keys are alive; the value's reference moves to the new table.
                    unsafe {
                        crate::memory::incref(NonNull::new_unchecked(key));
                        let value = (*values.as_ptr().add(index)).take();
                        let value = value.map_or(std::ptr::null_mut(), |value| value.into_raw().as_ptr());
                        new.put_fresh(position, key, old.hash(index), value);
                    }
                }
                new.finish_fresh(count);
                self.keys.set(new.as_ptr());
                self.values.set(std::ptr::null_mut());
                values.free_block();
                old.decref();
            }
            None => {
                old.move_entries_to(new);
                self.keys.set(new.as_ptr());
                old.discard_moved();
            }
        }
        Ok(())
    }

    /// `setdefault`: the value of `key`, stored first when absent.
    pub fn set_default(&self, cx: Ctx, key: &Object, default: &Object) -> PyResult<Ref> {
        let hash = DictObject::hash_key(cx, key)?;
        let is_text = key.is_exact(types().str);
        if self.raw_keys().is_empty_table() {
            self.insert_first(cx, key.to_ref(), hash, default.to_ref(), is_text)?;
            return Ok(default.to_ref());
        }
        if !is_text && self.raw_keys().is_unicode() {
            self.grow(cx, false)?;
        }
        match self.find(cx, key, hash)? {
            None => {
                self.maintain_tracking(key, default);
                self.append(cx, key.to_ref(), hash, default.to_ref())?;
                Ok(default.to_ref())
            }
            Some(index) => match self.value_at(index) {
                Some(value) => Ok(value),
                None => {
                    self.maintain_tracking(key, default);
                    self.exchange_value(index, Some(default.to_ref()));
                    Ok(default.to_ref())
                }
            },
        }
    }

    /// Removes a key; `false` when it is not there (no KeyError raised).
    pub fn remove(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        Ok(self.pop(cx, key)?.is_some())
    }

    /// Removes a key and returns its value, `None` when it is not there.
    pub fn pop(&self, cx: Ctx, key: &Object) -> PyResult<Option<Ref>> {
        let hash = DictObject::hash_key(cx, key)?;
        self.pop_known_hash(cx, key, hash)
    }

    /// As [`DictObject::pop`] with the hash known.
    pub fn pop_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
        let Some(index) = self.find(cx, key, hash)? else {
            return Ok(None);
        };
        Ok(self.take_entry(index, hash))
    }

    /// `delitem_common`: takes a live entry out; its key is released here, before the value.
    fn take_entry(&self, index: usize, hash: i64) -> Option<Ref> {
        if self.value_ptr(index).is_null() {
            return None;
        }
        self.used.set(self.used.get() - 1);
        self.touch();
        if let Some(values) = self.raw_values() {
            return values.replace(index, None);
        }
        let (key, value) = self.raw_keys().delete(hash, index);
        // SAFETY: the table gave both references away.
        unsafe {
            let value = NonNull::new(value).map(|value| Ref::from_owned(value));
            decref_opt(key);
            value
        }
    }

    /// `popitem`: takes the last entry out.
    pub fn pop_last(&self, cx: Ctx) -> PyResult<Option<(Ref, Ref)>> {
        if self.used.get() == 0 {
            return Ok(None);
        }
        if self.is_split() {
            self.resize(cx, self.raw_keys().log2_size(), true)?;
        }
        let keys = self.raw_keys();
        let count = keys.nentries();
        for step in 0..count {
            // Python 2.7 takes what its table begins with.
            let index = if keys.is_slotted() { step } else { count - 1 - step };
            if !keys.value(index).is_null() {
                let hash = keys.hash(index);
                let (key, value) = keys.delete(hash, index);
                keys.forget_tail(index);
                self.used.set(self.used.get() - 1);
                self.touch();
                // SAFETY: the table gave both references away; a live entry has both.
                return Ok(Some(unsafe {
                    (
                        Ref::from_owned(NonNull::new_unchecked(key)),
                        Ref::from_owned(NonNull::new_unchecked(value)),
                    )
                }));
            }
        }
        Ok(None)
    }

    /// The value of a key, whose entry becomes the last one; `None` when it is not there.
    pub fn touch_entry(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
        let Some(index) = self.find(cx, key, hash)? else {
            return Ok(None);
        };
        let Some(value) = self.value_at(index) else {
            return Ok(None);
        };
        if self.is_split() || index + 1 == self.raw_keys().nentries() {
            return Ok(Some(value));
        }
        let (key, moved) = self.raw_keys().delete(hash, index);
        self.used.set(self.used.get() - 1);
        self.touch();
        // SAFETY: the table gave both references away; a live entry has both.
        let (key, moved) = unsafe {
            (Ref::from_owned(NonNull::new_unchecked(key)), Ref::from_owned(NonNull::new_unchecked(moved)))
        };
        self.append(cx, key, hash, moved)?;
        Ok(Some(value))
    }

    /// The key of the first entry, with its hash. `hint` remembers how far the front of this very
    /// table has been emptied, so that taking entries from the front again and again is cheap.
    pub fn oldest(&self, hint: &Cell<(usize, usize)>) -> Option<(Ref, i64)> {
        let table = self.keys.get().addr();
        let mut position = if hint.get().0 == table { hint.get().1 } else { 0 };
        let (key, _, index) = self.next_raw(&mut position)?;
        hint.set((table, if self.is_split() { 0 } else { index }));
        // SAFETY: the dict owns its keys.
        Some((unsafe { Ref::from_borrowed(key) }, self.raw_keys().hash(index)))
    }
}
