//! The algebra of sets. Which of two sets is walked and which is asked is CPython's choice each
//! time: it decides the order of the result and which `__eq__` runs.

use super::{SetObject, as_any_set, hold, is_exact_set, make};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::{PyResult, TypeObject, types};
use crate::vm::Ctx;

/// `set` for sets and what derives from it, `frozenset` for frozensets.
fn base_type(ty: &TypeObject) -> &'static TypeObject {
    if ty.is_subtype(types().set) { types().set } else { types().frozenset }
}

impl SetObject {
    /// An empty set of this set's base type.
    fn make_like(&self, cx: Ctx) -> PyResult<Ref<SetObject>> {
        make(cx, base_type(self.object.ty()))
    }

    /// A copy as a plain set or frozenset.
    pub fn copy(&self, cx: Ctx) -> PyResult<Ref<SetObject>> {
        let copy = self.make_like(cx)?;
        copy.merge(cx, self)?;
        Ok(copy)
    }

    /// Adds all keys of another set (`set_merge`).
    fn merge(&self, cx: Ctx, other: &SetObject) -> PyResult<()> {
        if other.object.is(&self.object) || other.is_empty() {
            return Ok(());
        }
        if (self.fill.get() + other.len()) * 5 >= self.mask.get() * 3 {
            self.rebuild(cx, (self.len() + other.len()) * 2)?;
        }
        if self.fill.get() == 0 {
            let same_shape = self.mask.get() == other.mask.get() && other.fill.get() == other.used.get();
            self.fill.set(other.len());
            self.used.set(other.len());
            for index in 0..=other.mask.get() {
                let entry = other.entry(index);
                if let Some(key) = entry.live() {
                    if same_shape {
                        self.write(index, super::Entry { key: hold(key), hash: entry.hash });
                    } else {
                        self.insert_clean(hold(key), entry.hash);
                    }
                }
            }
            return Ok(());
        }
        let mut position = 0;
        while let Some((key, hash)) = other.next_entry(&mut position) {
            self.add_known_hash(cx, &key, hash)?;
        }
        Ok(())
    }

    /// Adds the items of any iterable (`set_update_internal`).
    pub fn update(&self, cx: Ctx, other: &Object) -> PyResult<()> {
        if let Some(other) = as_any_set(other) {
            return self.merge(cx, other);
        }
        if let Some(dict) = other.downcast_exact::<DictObject>() {
            if (self.fill.get() + dict.len()) * 5 >= self.mask.get() * 3 {
                self.rebuild(cx, (self.len() + dict.len()) * 2)?;
            }
            let mut position = 0;
            while let Some((key, value, hash)) = dict.next_entry_hashed(&mut position) {
                drop(value);
                self.add_known_hash(cx, &key, hash)?;
            }
            return Ok(());
        }
        let iterator = cx.iter(other)?;
        while let Some(key) = cx.next(&iterator)? {
            self.add(cx, &key)?;
        }
        Ok(())
    }

    pub fn intersection(&self, cx: Ctx, other: &Object) -> PyResult {
        Ok(self.intersect(cx, other)?.into_object())
    }

    pub(super) fn intersect(&self, cx: Ctx, other: &Object) -> PyResult<Ref<SetObject>> {
        if self.object.is(other) {
            return self.copy(cx);
        }
        let result = self.make_like(cx)?;
        if let Some(other) = as_any_set(other) {
            let (asked, walked) = if other.len() > self.len() { (other, self) } else { (self, other) };
            let mut position = 0;
            while let Some((key, hash)) = walked.next_entry(&mut position) {
                if asked.contains_known_hash(cx, &key, hash)? {
                    result.add_known_hash(cx, &key, hash)?;
                }
            }
            return Ok(result);
        }
        let iterator = cx.iter(other)?;
        while let Some(key) = cx.next(&iterator)? {
            let hash = DictObject::hash_key(cx, &key)?;
            if self.contains_known_hash(cx, &key, hash)? {
                result.add_known_hash(cx, &key, hash)?;
                if result.len() >= self.len() {
                    break;
                }
            }
        }
        Ok(result)
    }

    /// Exchanges the contents of two sets (`set_swap_bodies`).
    fn swap(&self, other: &SetObject) {
        let (self_small, other_small) = (self.is_small(), other.is_small());
        self.fill.swap(&other.fill);
        self.used.swap(&other.used);
        self.mask.swap(&other.mask);
        self.table.swap(&other.table);
        // SAFETY: both small tables are plain data, and no borrow of them is held.
        unsafe { std::ptr::swap(self.small.get(), other.small.get()) };
        if self_small {
            other.table.set(other.small.get().cast());
        }
        if other_small {
            self.table.set(self.small.get().cast());
        }
        let frozen = types().frozenset;
        if self.object.is_instance(frozen) && other.object.is_instance(frozen) {
            self.hash.swap(&other.hash);
        } else {
            self.hash.set(-1);
            other.hash.set(-1);
        }
    }

    pub fn intersection_update(&self, cx: Ctx, other: &Object) -> PyResult<()> {
        let result = self.intersect(cx, other)?;
        self.swap(&result);
        Ok(())
    }

    pub(super) fn intersection_update_many(&self, cx: Ctx, others: &[Ref]) -> PyResult<()> {
        let result = self.intersect_many(cx, others)?;
        self.swap(&result);
        Ok(())
    }

    pub(super) fn intersect_many(&self, cx: Ctx, others: &[Ref]) -> PyResult<Ref<SetObject>> {
        let Some((first, rest)) = others.split_first() else {
            return self.copy(cx);
        };
        let mut result = self.intersect(cx, first)?;
        for other in rest {
            result = result.intersect(cx, other)?;
        }
        Ok(result)
    }

    /// Removes the items of any iterable.
    pub fn difference_update(&self, cx: Ctx, other: &Object) -> PyResult<()> {
        if self.object.is(other) {
            self.clear();
            return Ok(());
        }
        if let Some(set) = as_any_set(other) {
            // Of a much larger set only the common part matters.
            let common;
            let walked = if set.len() >> 3 > self.len() {
                common = self.intersect(cx, other)?;
                &*common
            } else {
                set
            };
            let mut position = 0;
            while let Some((key, hash)) = walked.next_entry(&mut position) {
                self.discard_known_hash(cx, &key, hash)?;
            }
        } else {
            let iterator = cx.iter(other)?;
            while let Some(key) = cx.next(&iterator)? {
                self.discard(cx, &key)?;
            }
        }
        if self.fill.get() - self.used.get() <= self.mask.get() / 4 {
            return Ok(());
        }
        self.rebuild(cx, self.growth())
    }

    pub(super) fn difference(&self, cx: Ctx, other: &Object) -> PyResult<Ref<SetObject>> {
        let other_set = as_any_set(other);
        let other_dict = other.downcast_exact::<DictObject>();
        let other_len = match (other_set, other_dict) {
            (Some(set), _) => set.len(),
            (None, Some(dict)) => dict.len(),
            (None, None) => usize::MAX,
        };
        if other_len == usize::MAX || self.len() >> 2 > other_len {
            let result = self.copy(cx)?;
            result.difference_update(cx, other)?;
            return Ok(result);
        }
        let result = self.make_like(cx)?;
        let mut position = 0;
        while let Some((key, hash)) = self.next_entry(&mut position) {
            let there = match (other_set, other_dict) {
                (Some(set), _) => set.contains_known_hash(cx, &key, hash)?,
                (None, Some(dict)) => dict.contains_known_hash(cx, &key, hash)?,
                (None, None) => false,
            };
            if !there {
                result.add_known_hash(cx, &key, hash)?;
            }
        }
        Ok(result)
    }

    /// Keeps what is in exactly one of both.
    pub fn symmetric_difference_update(&self, cx: Ctx, other: &Object) -> PyResult<()> {
        if self.object.is(other) {
            self.clear();
            return Ok(());
        }
        if let Some(dict) = other.downcast_exact::<DictObject>() {
            let mut position = 0;
            while let Some((key, value, hash)) = dict.next_entry_hashed(&mut position) {
                drop(value);
                self.toggle(cx, &key, hash)?;
            }
            return Ok(());
        }
        let made;
        let walked = match as_any_set(other) {
            Some(set) => set,
            None => {
                made = self.make_like(cx)?;
                made.update(cx, other)?;
                &*made
            }
        };
        let mut position = 0;
        while let Some((key, hash)) = walked.next_entry(&mut position) {
            self.toggle(cx, &key, hash)?;
        }
        Ok(())
    }

    fn toggle(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<()> {
        if !self.discard_known_hash(cx, key, hash)? {
            self.add_known_hash(cx, key, hash)?;
        }
        Ok(())
    }

    pub(super) fn symmetric_difference(&self, cx: Ctx, other: &Object) -> PyResult<Ref<SetObject>> {
        let result = self.make_like(cx)?;
        result.update(cx, other)?;
        result.symmetric_difference_update(cx, &self.object)?;
        Ok(result)
    }

    pub(super) fn isdisjoint(&self, cx: Ctx, other: &Object) -> PyResult<bool> {
        if self.object.is(other) {
            return Ok(self.is_empty());
        }
        if is_exact_set(other)
            && let Some(other) = as_any_set(other)
        {
            let (asked, walked) = if other.len() > self.len() { (other, self) } else { (self, other) };
            let mut position = 0;
            while let Some((key, hash)) = walked.next_entry(&mut position) {
                if asked.contains_known_hash(cx, &key, hash)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let iterator = cx.iter(other)?;
        while let Some(key) = cx.next(&iterator)? {
            if self.contains(cx, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn issubset(&self, cx: Ctx, other: &Object) -> PyResult<bool> {
        let Some(other) = as_any_set(other) else {
            let other = super::from_iterable(cx, other)?;
            return self.issubset(cx, &other.object);
        };
        if self.len() > other.len() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((key, hash)) = self.next_entry(&mut position) {
            if !other.contains_known_hash(cx, &key, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn issuperset(&self, cx: Ctx, other: &Object) -> PyResult<bool> {
        if let Some(other) = as_any_set(other) {
            return other.issubset(cx, self.as_object());
        }
        let iterator = cx.iter(other)?;
        while let Some(key) = cx.next(&iterator)? {
            if !self.contains(cx, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn equals(&self, cx: Ctx, other: &SetObject) -> PyResult<bool> {
        if self.len() != other.len() {
            return Ok(false);
        }
        let (a, b) = (self.hash.get(), other.hash.get());
        if a != -1 && b != -1 && a != b {
            return Ok(false);
        }
        self.issubset(cx, &other.object)
    }
}
