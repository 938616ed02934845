//! Finding entries: by text where all keys are strings, else by identity, hash and `==`.

use super::DictObject;
use super::raw::{DUMMY, EMPTY};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::{IntObject, PyResult, StrObject, types};
use crate::vm::Ctx;

impl DictObject {
    /// The number of a string key's entry when all keys are strings; valid as long as the key
    /// table's version is. For inline caches.
    #[inline]
    pub fn index_of_str(&self, key: &StrObject) -> Option<usize> {
        let keys = self.raw_keys();
        if keys.is_unicode() { keys.find_str(key) } else { None }
    }

    /// The value of a string key. Never runs Python code when all keys are exact strings; a
    /// comparison that raises is swallowed (`PyDict_GetItem` as used for namespaces).
    #[inline]
    pub fn get_str(&self, cx: Ctx, key: &StrObject) -> Option<Ref> {
        let keys = self.raw_keys();
        if keys.is_unicode() && key.object.is_exact(types().str) {
            let index = keys.find_str(key)?;
            return self.value_at(index);
        }
        match self.get(cx, &key.object) {
            Ok(value) => value,
            Err(raised) => {
                cx.clear_exception(raised);
                None
            }
        }
    }

    /// The hash of a key: at once for plain strings and integers, else by `hash()`.
    #[inline(always)]
    pub(crate) fn hash_key(cx: Ctx, key: &Object) -> PyResult<i64> {
        if let Some(text) = key.downcast_exact::<StrObject>() {
            return Ok(text.hash());
        }
        if let Some(int) = key.downcast_exact::<IntObject>() {
            return Ok(int.hash());
        }
        cx.hash(key)
    }

    /// The value of `key` (hash and comparison may run Python code).
    #[inline]
    pub fn get(&self, cx: Ctx, key: &Object) -> PyResult<Option<Ref>> {
        let hash = DictObject::hash_key(cx, key)?;
        self.get_known_hash(cx, key, hash)
    }

    /// As [`DictObject::get`] with the hash known.
    #[inline]
    pub fn get_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
        Ok(self.find(cx, key, hash)?.and_then(|index| self.value_at(index)))
    }

    /// The number of the entry of `key`; in a split dict its value may be missing.
    #[inline]
    pub(crate) fn find(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<usize>> {
        if let Some(text) = key.downcast_exact::<StrObject>() {
            let keys = self.raw_keys();
            if keys.is_unicode() {
                return Ok(keys.find_str_hashed(text, hash));
            }
        }
        self.find_slow(cx, key, hash)
    }

    /// The general lookup: identity, then hash, then `==`, starting over when the comparison
    /// changed the table.
    fn find_slow(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<usize>> {
        let int = types().int;
        let str = types().str;
        let (key_is_int, key_is_text) = (key.is_exact(int), key.is_exact(str));
        'restart: loop {
            let keys = self.raw_keys();
            let mut probe = keys.probe(hash);
            loop {
                let index = keys.index_at(probe.slot);
                if index >= 0 {
                    let index = index as usize;
                    let found = keys.key(index);
                    if std::ptr::eq(found, key) {
                        return Ok(Some(index));
                    }
                    if keys.hash(index) == hash {
                        // SAFETY: an indexed entry has a key, which the table owns.
                        let found = unsafe { &*found };
                        if key_is_int && found.is_exact(int) {
                            if int_equal(found, key) {
                                return Ok(Some(index));
                            }
                        } else if key_is_text && found.is_exact(str) {
                            // SAFETY: both are exact strings.
                            if unsafe { found.cast::<StrObject>().eq_text(key.cast::<StrObject>()) } {
                                return Ok(Some(index));
                            }
                        } else {
                            // The comparison may free the table: hold it, so that an address
                            // means this very table.
                            keys.incref();
                            let held = found.to_ref();
                            let equal = cx.equal(&held, key);
                            let address = held.as_raw();
                            // The last reference may go here, and its end may change the dict.
                            drop(held);
                            let same = std::ptr::eq(self.keys.get(), keys.as_ptr())
                                && std::ptr::eq(keys.key(index), address.as_ptr());
                            keys.decref();
                            if !same {
                                equal?;
                                continue 'restart;
                            }
                            if equal? {
                                return Ok(Some(index));
                            }
                        }
                    }
                } else if index == EMPTY {
                    return Ok(None);
                } else {
                    debug_assert_eq!(index, DUMMY);
                }
                probe.advance();
            }
        }
    }

    pub fn contains(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        let hash = DictObject::hash_key(cx, key)?;
        self.contains_known_hash(cx, key, hash)
    }

    pub(crate) fn contains_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<bool> {
        Ok(self.find(cx, key, hash)?.is_some_and(|index| !self.value_ptr(index).is_null()))
    }
}

/// Whether two exact integers are equal.
fn int_equal(a: &Object, b: &Object) -> bool {
    // SAFETY: the caller has tested both types.
    unsafe { a.cast::<IntObject>().cmp_int(b.cast::<IntObject>()).is_eq() }
}
