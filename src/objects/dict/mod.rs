//! `dict`: insertion-ordered, key-sharing for instances, CPython 3.11's growth rules.
//!
//! `raw` holds the key tables, `values` the value blocks of instances, this file what a dict does
//! with them; `methods` is the type, `views` and `iter` what hangs on it, `merge` updating.
//!
//! Always true: a dict whose `values` is null owns its key table alone (count 1, or the static
//! empty table); one with `values` shares its keys and owns the block. A change of any entry
//! gives the dict a new version.

pub mod default;
pub mod iter;
pub mod merge;
pub mod methods;
pub mod ordered;
pub mod raw;
pub mod values;
pub mod views;

pub use iter::{
    DICT_ITEMITERATOR, DICT_KEYITERATOR, DICT_REVERSEITEMITERATOR, DICT_REVERSEKEYITERATOR,
    DICT_REVERSEVALUEITERATOR, DICT_VALUEITERATOR,
};
pub use methods::SPEC;
pub use views::{DICT_ITEMS, DICT_KEYS, DICT_VALUES};

use std::cell::Cell;
use std::ptr::NonNull;

use super::type_object::TypedLayout;
use super::{IntObject, PyResult, StrObject, TypeObject, Types, types};
use crate::memory::free_list::FreeList;
use crate::memory::{Layout, Object, Ref, Visitor, free_object, is_tracked, new_object, track, untrack};
use crate::vm::Ctx;
use raw::{DUMMY, EMPTY, Keys, KeysKind};
use values::{Values, decref_opt};

/// A dict. Layout as CPython's: used, version, keys, values (null unless split).
#[repr(C)]
pub struct DictObject {
    pub object: Object,
    pub(super) used: Cell<usize>,
    /// `ma_version_tag`.
    pub(super) version: Cell<u64>,
    pub(crate) keys: Cell<*mut raw::DictKeys>,
    pub(crate) values: Cell<*mut Option<Ref>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for DictObject {}
// SAFETY: every `dict` instance begins with this layout.
unsafe impl TypedLayout for DictObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.dict
    }
}

/// Dead dicts kept for the next.
static FREE: FreeList = FreeList::new(80);

struct NextVersion(Cell<u64>);
// SAFETY: only the engine thread touches it.
unsafe impl Sync for NextVersion {}
static NEXT_VERSION: NextVersion = NextVersion(Cell::new(1));

#[inline(always)]
fn next_version() -> u64 {
    let next = NEXT_VERSION.0.get() + 1;
    NEXT_VERSION.0.set(next);
    next
}

/// Whether a value in a container can make the container part of a cycle
/// (`_PyObject_GC_MAY_BE_TRACKED`).
#[inline]
pub(crate) fn may_be_tracked(object: &Object) -> bool {
    object.is_gc() && (!object.is_exact(types().tuple) || is_tracked(object))
}

impl DictObject {
    /// A dict made of its parts; takes over one use of `keys`, and `values`. Not tracked.
    #[inline]
    pub(crate) fn from_parts(keys: Keys, values: Option<Values>, used: usize) -> Ref<DictObject> {
        // SAFETY: parked dicts have the layout of `dict`.
        let object = unsafe { FREE.unpark(&types().dict.core) };
        DictObject::fill(object, keys, values, used)
    }

    /// As [`DictObject::from_parts`], never from the free list (as CPython copies split dicts).
    pub(crate) fn fresh_from_parts(keys: Keys, values: Option<Values>, used: usize) -> Ref<DictObject> {
        DictObject::fill(None, keys, values, used)
    }

    #[inline(always)]
    fn fill(
        object: Option<NonNull<Object>>,
        keys: Keys,
        values: Option<Values>,
        used: usize,
    ) -> Ref<DictObject> {
        // SAFETY: all fields are written below, before anything else can look at the object.
        unsafe {
            let object = match object {
                Some(object) => object,
                None => new_object(&types().dict.core, size_of::<DictObject>(), false),
            };
            let dict = object.cast::<DictObject>();
            let this = dict.as_ptr();
            (&raw mut (*this).used).write(Cell::new(used));
            (&raw mut (*this).version).write(Cell::new(next_version()));
            (&raw mut (*this).keys).write(Cell::new(keys.as_ptr()));
            let values = values.map_or(std::ptr::null_mut(), Values::as_ptr);
            (&raw mut (*this).values).write(Cell::new(values));
            Ref::from_owned(dict)
        }
    }

    /// `PyDict_New`: empty, untracked, from the free list when there is one.
    #[inline]
    pub(crate) fn new_empty() -> Ref<DictObject> {
        let keys = Keys::empty();
        keys.incref();
        DictObject::from_parts(keys, None, 0)
    }

    /// A dict with room for `count` entries (`_PyDict_NewPresized`); `MemoryError` past the limit.
    pub fn with_capacity(cx: Ctx, count: usize, unicode: bool) -> PyResult<Ref<DictObject>> {
        if count <= raw::usable_fraction(8) {
            return Ok(DictObject::new_empty());
        }
        let log2_size =
            if count > raw::usable_fraction(128 * 1024) { 17 } else { raw::estimate_log2_keysize(count) };
        let kind = if unicode { KeysKind::Unicode } else { KeysKind::General };
        let keys = Keys::new(log2_size, kind).ok_or_else(|| cx.memory_error())?;
        Ok(DictObject::from_parts(keys, None, 0))
    }

    /// Writes the fields of a zeroed subclass instance (`dict_new`).
    pub(crate) fn init_fields(&self) {
        let keys = Keys::empty();
        keys.incref();
        self.used.set(0);
        self.version.set(next_version());
        self.keys.set(keys.as_ptr());
        self.values.set(std::ptr::null_mut());
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key table, for inline caches.
    #[inline(always)]
    pub fn raw_keys(&self) -> Keys {
        // SAFETY: a dict always has a key table.
        unsafe { Keys::from_raw(self.keys.get()) }
    }

    /// The value block of a split dict.
    #[inline(always)]
    pub(crate) fn raw_values(&self) -> Option<Values> {
        let values = self.values.get();
        // SAFETY: non-null is a live block.
        if values.is_null() { None } else { Some(unsafe { Values::from_raw(values) }) }
    }

    #[inline(always)]
    pub fn is_split(&self) -> bool {
        !self.values.get().is_null()
    }

    /// `ma_version_tag`: different after every change.
    #[inline(always)]
    pub fn version(&self) -> u64 {
        self.version.get()
    }

    #[inline(always)]
    pub(crate) fn touch(&self) {
        self.version.set(next_version());
    }

    /// The value of entry `index`, borrowed: null where a split dict has none.
    #[inline(always)]
    fn value_ptr(&self, index: usize) -> *mut Object {
        match self.raw_values() {
            // SAFETY: key numbers are below the block's size.
            Some(values) => unsafe {
                (*values.as_ptr().add(index))
                    .as_ref()
                    .map_or(std::ptr::null_mut(), |value| value.as_raw().as_ptr())
            },
            None => self.raw_keys().value(index),
        }
    }

    /// A new reference to the value of entry `index` (from [`DictObject::index_of_str`], with
    /// unchanged keys).
    #[inline(always)]
    pub fn value_at(&self, index: usize) -> Option<Ref> {
        // SAFETY: the dict owns the value.
        NonNull::new(self.value_ptr(index)).map(|value| unsafe { Ref::from_borrowed(value) })
    }

    /// The value of entry `index`, borrowed: for inline caches, right before a reference is taken.
    #[inline(always)]
    pub fn peek_at(&self, index: usize) -> Option<&Object> {
        // SAFETY: the dict owns the value; the borrow ends before anything else runs.
        unsafe { self.value_ptr(index).as_ref() }
    }

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
        Ok(())
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
        let mut index = keys.nentries();
        while index > 0 {
            index -= 1;
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

    pub fn contains(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        let hash = DictObject::hash_key(cx, key)?;
        self.contains_known_hash(cx, key, hash)
    }

    pub(crate) fn contains_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<bool> {
        Ok(self.find(cx, key, hash)?.is_some_and(|index| !self.value_ptr(index).is_null()))
    }

    /// The live entry at `position` or after it, borrowed, with its hash if wanted later by
    /// [`Keys::hash`]; `position` moves behind it.
    #[inline]
    pub(crate) fn next_raw(&self, position: &mut usize) -> Option<(NonNull<Object>, NonNull<Object>, usize)> {
        let keys = self.raw_keys();
        if let Some(values) = self.raw_values() {
            if *position >= self.used.get() || *position >= values.count() {
                return None;
            }
            let index = values.nth(*position);
            *position += 1;
            let key = NonNull::new(keys.key(index))?;
            let value = NonNull::new(self.value_ptr(index))?;
            return Some((key, value, index));
        }
        while *position < keys.nentries() {
            let index = *position;
            *position += 1;
            if let (Some(key), Some(value)) = (NonNull::new(keys.key(index)), NonNull::new(keys.value(index)))
            {
                return Some((key, value, index));
            }
        }
        None
    }

    /// The live entry at a place counted as [`DictObject::next_raw`] does; `None` where there is
    /// none (any more).
    pub(crate) fn entry_at(&self, position: usize) -> Option<(NonNull<Object>, NonNull<Object>)> {
        let keys = self.raw_keys();
        let index = match self.raw_values() {
            Some(values) if position < values.count() => values.nth(position),
            None if position < keys.nentries() => position,
            _ => return None,
        };
        Some((NonNull::new(keys.key(index))?, NonNull::new(self.value_ptr(index))?))
    }

    /// Walks entries in order; `position` starts at 0 and is opaque. Robust against changes in
    /// between (entries may be missed or seen, nothing worse).
    #[inline]
    pub fn next_entry(&self, position: &mut usize) -> Option<(Ref, Ref)> {
        let (key, value, _) = self.next_raw(position)?;
        // SAFETY: the dict owns both.
        Some(unsafe { (Ref::from_borrowed(key), Ref::from_borrowed(value)) })
    }

    /// As [`DictObject::next_entry`], with the key's hash.
    #[inline]
    pub(crate) fn next_entry_hashed(&self, position: &mut usize) -> Option<(Ref, Ref, i64)> {
        let (key, value, index) = self.next_raw(position)?;
        let hash = self.raw_keys().hash(index);
        // SAFETY: the dict owns both.
        Some(unsafe { (Ref::from_borrowed(key), Ref::from_borrowed(value), hash) })
    }

    /// New references to all entries, in order.
    pub fn to_vec(&self) -> Vec<(Ref, Ref)> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_entry(&mut position)).collect()
    }

    /// New references to all keys, in order.
    pub fn keys_to_vec(&self) -> Vec<Ref> {
        let mut position = 0;
        std::iter::from_fn(|| {
            // SAFETY: the dict owns its keys.
            self.next_raw(&mut position).map(|(key, _, _)| unsafe { Ref::from_borrowed(key) })
        })
        .collect()
    }

    /// `dict.clear`.
    pub fn clear(&self, cx: Ctx) {
        let _ = cx;
        self.clear_entries();
    }

    /// Empties the dict first, then releases what it held.
    pub(crate) fn clear_entries(&self) {
        let keys = self.raw_keys();
        let values = self.raw_values();
        if keys.is_empty_table() {
            return;
        }
        Keys::empty().incref();
        self.keys.set(raw::DictKeys::empty());
        self.values.set(std::ptr::null_mut());
        self.used.set(0);
        self.touch();
        if let Some(values) = values {
            values.free(keys);
        }
        keys.decref();
    }

    /// `sys.getsizeof` without the pre-header; `basicsize` is the type's.
    pub(crate) fn sizeof(&self, basicsize: usize) -> usize {
        let keys = self.raw_keys();
        let mut size = basicsize;
        if self.is_split() {
            size += keys.shared_usable_size() * 8;
        }
        // The static table of empty dicts is nobody's own.
        if keys.refcount() == 1 && !keys.is_empty_table() {
            size += keys.bytes();
        }
        size
    }
}

/// Whether two exact integers are equal.
fn int_equal(a: &Object, b: &Object) -> bool {
    // SAFETY: the caller has tested both types.
    unsafe { a.cast::<IntObject>().cmp_int(b.cast::<IntObject>()).is_eq() }
}

/// `dict_dealloc`.
///
/// # Safety
/// As [`crate::memory::object::DeallocFn`]; the object is a dict.
pub(crate) unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        untrack(object.as_ref());
        let dict = object.cast::<DictObject>().as_ref();
        let keys = dict.raw_keys();
        if let Some(values) = dict.raw_values() {
            dict.values.set(std::ptr::null_mut());
            values.free(keys);
        }
        keys.decref();
        if !(object.as_ref().is_exact(types().dict) && FREE.park(object)) {
            free_object(object);
        }
    }
}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a dict.
pub(crate) unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let dict = unsafe { object.cast::<DictObject>().as_ref() };
    let keys = dict.raw_keys();
    if let Some(values) = dict.raw_values() {
        values.traverse(keys, visitor);
        return;
    }
    let count = keys.nentries();
    // SAFETY: entries below `nentries` are initialised; one with a value has a key.
    unsafe {
        if keys.is_unicode() {
            for entry in std::slice::from_raw_parts(keys.unicode_entry(0), count) {
                if let Some(value) = NonNull::new(entry.value) {
                    visitor.visit_hidden(NonNull::new_unchecked(entry.key));
                    visitor.visit(value);
                }
            }
        } else {
            for entry in std::slice::from_raw_parts(keys.general_entry(0), count) {
                if let Some(value) = NonNull::new(entry.value) {
                    visitor.visit(value);
                    visitor.visit(NonNull::new_unchecked(entry.key));
                }
            }
        }
    }
}

/// # Safety
/// As [`crate::memory::object::ClearFn`]; the object is a dict.
pub(crate) unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<DictObject>().as_ref() }.clear_entries();
}

/// Untracks a plain dict that holds nothing that can be part of a cycle (`_PyDict_MaybeUntrack`).
pub(crate) fn maybe_untrack(object: &Object) {
    if !object.is_exact(types().dict) || !is_tracked(object) {
        return;
    }
    // SAFETY: just checked.
    let dict = unsafe { object.cast::<DictObject>() };
    let keys = dict.raw_keys();
    let can_be_cyclic = |object: *mut Object| {
        // SAFETY: the dict owns what it points at.
        NonNull::new(object).is_some_and(|object| may_be_tracked(unsafe { object.as_ref() }))
    };
    for index in 0..keys.nentries() {
        let value = dict.value_ptr(index);
        if can_be_cyclic(value) || (!keys.is_unicode() && !value.is_null() && can_be_cyclic(keys.key(index)))
        {
            return;
        }
    }
    untrack(object);
}
