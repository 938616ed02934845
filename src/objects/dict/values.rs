//! Value blocks: the attribute values of instances whose keys are shared by their class.
//!
//! ```text
//!   ... | 2nd index | 1st index | count | prefix bytes | value 0 | value 1 | ...
//!                                                      ^ the pointer
//! ```
//!
//! The bytes before the values tell the order in which they were set (CPython 3.11's layout:
//! `count` lies two bytes before the values, the order before it, growing downwards). A block
//! belongs to an instance until somebody asks for its `__dict__`, then to that dict.

use std::ptr::NonNull;

use super::DictObject;
use super::raw::Keys;
use crate::memory::alloc::{raw_alloc, raw_free};
use crate::memory::{Object, Ref, Visitor, decref, track};
use crate::objects::StrObject;

/// A live value block. Copying it changes no count.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Values(NonNull<Option<Ref>>);

impl Values {
    /// An empty block for the instances of the class with these shared keys, whose room shrinks
    /// by one (`init_inline_values`). `None` when memory is out.
    pub fn for_instance(keys: Keys) -> Option<Values> {
        keys.shrink_for_instance();
        Values::new(keys.shared_usable_size())
    }

    /// An empty block for `size` values.
    pub(crate) fn new(size: usize) -> Option<Values> {
        let prefix = (size + 2).next_multiple_of(8);
        let buffer = raw_alloc(prefix + size * 8)?;
        // SAFETY: the buffer is prefix + values long; zero bytes are `None`.
        unsafe {
            let values = buffer.as_ptr().add(prefix);
            values.write_bytes(0, size * 8);
            values.sub(1).write(prefix as u8);
            values.sub(2).write(0);
            Some(Values(NonNull::new_unchecked(values.cast())))
        }
    }

    /// # Safety
    /// `ptr` is a live value block.
    #[inline(always)]
    pub unsafe fn from_raw(ptr: *mut Option<Ref>) -> Values {
        // SAFETY: a live block is no null pointer.
        Values(unsafe { NonNull::new_unchecked(ptr) })
    }

    #[inline(always)]
    pub fn as_ptr(self) -> *mut Option<Ref> {
        self.0.as_ptr()
    }

    /// A copy for another dict with the same keys, with new references.
    pub(crate) fn duplicate(self, size: usize) -> Option<Values> {
        let copy = Values::new(size)?;
        for position in 0..self.count() {
            let index = self.nth(position);
            copy.add_to_order(index);
            // SAFETY: indices in the order are below `size`.
            unsafe { copy.as_ptr().add(index).write((*self.as_ptr().add(index)).clone()) };
        }
        Some(copy)
    }

    /// The value at a key's number, borrowed.
    #[inline(always)]
    pub fn peek(self, index: usize) -> Option<&'static Object> {
        // SAFETY: key numbers of the class are below the block's size. The lifetime is the
        // caller's promise not to keep the borrow over a store (as everywhere in containers).
        unsafe { (*self.as_ptr().add(index)).as_ref().map(|value| &*value.as_raw().as_ptr()) }
    }

    /// A new reference to the value at a key's number.
    #[inline(always)]
    pub fn get(self, index: usize) -> Option<Ref> {
        // SAFETY: as above.
        unsafe { (*self.as_ptr().add(index)).clone() }
    }

    /// Stores or removes (`None`) a value and keeps the order; the old one is handed back, to be
    /// dropped last.
    #[inline]
    pub fn replace(self, index: usize, value: Option<Ref>) -> Option<Ref> {
        let (was, is) = {
            // SAFETY: as above.
            let old = unsafe { &*self.as_ptr().add(index) };
            (old.is_some(), value.is_some())
        };
        if was != is {
            if is {
                self.add_to_order(index);
            } else {
                self.remove_from_order(index);
            }
        }
        // SAFETY: as above.
        unsafe { std::mem::replace(&mut *self.as_ptr().add(index), value) }
    }

    /// How many values are set.
    #[inline(always)]
    pub fn count(self) -> usize {
        // SAFETY: the prefix holds at least two bytes.
        unsafe { *self.as_ptr().cast::<u8>().sub(2) as usize }
    }

    /// The key number of the `position`-th value in the order of setting.
    #[inline(always)]
    pub fn nth(self, position: usize) -> usize {
        debug_assert!(position < self.count());
        // SAFETY: the prefix has one byte for each value.
        unsafe { *self.as_ptr().cast::<u8>().sub(3 + position) as usize }
    }

    fn add_to_order(self, index: usize) {
        // SAFETY: each value is entered once, and the prefix has a byte for each.
        unsafe {
            let bytes = self.as_ptr().cast::<u8>();
            let count = *bytes.sub(2) as usize;
            *bytes.sub(3 + count) = index as u8;
            *bytes.sub(2) = (count + 1) as u8;
        }
    }

    fn remove_from_order(self, index: usize) {
        // SAFETY: as above.
        unsafe {
            let bytes = self.as_ptr().cast::<u8>();
            let count = *bytes.sub(2) as usize;
            let mut position = 0;
            while position < count && *bytes.sub(3 + position) as usize != index {
                position += 1;
            }
            while position + 1 < count {
                *bytes.sub(3 + position) = *bytes.sub(4 + position);
                position += 1;
            }
            *bytes.sub(2) = count.saturating_sub(1) as u8;
        }
    }

    /// Shows every value, in key order (`_PyObject_VisitInstanceAttributes`).
    #[inline]
    pub fn traverse(self, keys: Keys, visitor: &mut Visitor<'_>) {
        for index in 0..keys.nentries() {
            // SAFETY: key numbers are below the block's size.
            if let Some(value) = unsafe { &*self.as_ptr().add(index) } {
                visitor.visit(value.as_raw());
            }
        }
    }

    /// Releases every value, in key order, and frees the block. The block is out of its
    /// instance's reach already.
    pub fn free(self, keys: Keys) {
        for index in 0..keys.nentries() {
            // SAFETY: as above; each value is taken out before its release runs other code.
            drop(unsafe { (*self.as_ptr().add(index)).take() });
        }
        self.free_block();
    }

    /// Empties every value, in key order, and keeps the block (`_PyObject_ClearInstanceAttributes`).
    pub fn clear(self, keys: Keys) {
        for index in 0..keys.nentries() {
            // SAFETY: as above.
            drop(unsafe { (*self.as_ptr().add(index)).take() });
        }
        // SAFETY: the prefix holds at least two bytes.
        unsafe { self.as_ptr().cast::<u8>().sub(2).write(0) };
    }

    /// Frees the block, whose values have been moved away.
    pub(crate) fn free_block(self) {
        // SAFETY: the byte before the values tells how far the buffer's begin is.
        unsafe {
            let values = self.as_ptr().cast::<u8>();
            let prefix = *values.sub(1) as usize;
            raw_free(NonNull::new_unchecked(values.sub(prefix)));
        }
    }
}

/// The dict over an instance's values: takes over the block, shares the keys. Tracked only if a
/// value can be part of a cycle (`make_dict_from_instance_attributes`).
pub fn dict_from_values(keys: Keys, values: Values) -> Ref<DictObject> {
    keys.incref();
    let mut used = 0;
    let mut tracked = false;
    for index in 0..keys.nentries() {
        if let Some(value) = values.peek(index) {
            used += 1;
            tracked |= super::may_be_tracked(value);
        }
    }
    let dict = DictObject::from_parts(keys, Some(values), used);
    if tracked {
        track(&dict.object);
    }
    dict
}

/// What storing an attribute into an instance's value block came to.
pub enum Stored {
    /// Stored, or deleted; the old value is to be dropped.
    Done(Option<Ref>),
    /// Deletion of what is not there.
    Missing,
    /// The keys have no room (or the name is no plain string): the instance needs a real dict.
    NeedsDict,
}

/// `_PyObject_StoreInstanceAttribute` up to the point where a dict is needed.
#[inline]
pub fn store_attribute(keys: Keys, values: Values, name: &StrObject, value: Option<Ref>) -> Stored {
    let is_exact = name.object.is_exact(crate::objects::types().str);
    let Some(index) = (if is_exact { keys.insert_shared(name) } else { None }) else {
        return Stored::NeedsDict;
    };
    let deleting = value.is_none();
    if deleting && values.peek(index).is_none() {
        return Stored::Missing;
    }
    Stored::Done(values.replace(index, value))
}

/// Gives up a class's use of its shared keys.
///
/// # Safety
/// `keys` is null or a live table of which the caller owns one use.
pub unsafe fn release_keys(keys: *mut super::raw::DictKeys) {
    if !keys.is_null() {
        // SAFETY: promised by the caller.
        unsafe { Keys::from_raw(keys) }.decref();
    }
}

/// Releases one object reference held as a plain pointer, if there is one.
///
/// # Safety
/// `object` is null or a live object of which the caller owns one reference.
#[inline]
pub(crate) unsafe fn decref_opt(object: *mut Object) {
    if let Some(object) = NonNull::new(object) {
        // SAFETY: promised by the caller.
        unsafe { decref(object) };
    }
}
