//! `dict`: insertion-ordered, key-sharing for instances, CPython 3.11's growth rules.
//!
//! `raw` holds the key tables, `values` the value blocks of instances; this file makes, walks and
//! frees dicts, `lookup` finds, `store` changes, `merge` updates; `methods` is the type, `views` and
//! `iter` what hangs on it.
//!
//! Always true: a dict whose `values` is null owns its key table alone (count 1, or the static
//! empty table); one with `values` shares its keys and owns the block. A change of any entry
//! gives the dict a new version.

pub mod default;
pub mod iter;
mod lookup;
pub mod merge;
pub mod methods;
pub mod ordered;
pub mod raw;
mod store;
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
use super::{PyResult, TypeObject, Types, types};
use crate::memory::free_list::FreeList;
use crate::memory::{Layout, Object, Ref, Visitor, free_object, is_tracked, new_object, untrack};
use crate::vm::Ctx;
use raw::{Keys, KeysKind};
use values::Values;

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
static FREE: FreeList = FreeList::new(80).kept_in_classic();

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
        if crate::era::is_classic() {
            let dict = DictObject::new_empty();
            if count > 5 {
                dict.resize_slotted(cx, count)?;
            }
            return Ok(dict);
        }
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
    pub(super) fn value_ptr(&self, index: usize) -> *mut Object {
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
