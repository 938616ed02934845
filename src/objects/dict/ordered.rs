//! The layout of `collections.OrderedDict`: a dict that also knows when its order has changed.
//!
//! The order is the dict's own, since that keeps insertion order; moving a key to the front
//! rewrites the key table.

use std::cell::Cell;
use std::ptr::NonNull;

use super::DictObject;
use super::raw::{Keys, KeysKind};
use crate::memory::weakref::clear_weakrefs;
use crate::memory::{Layout, Object, Ref, Slot, Trace, Visitor, untrack};
use crate::objects::PyResult;
use crate::vm::Ctx;

#[repr(C)]
pub struct OrderedDict {
    pub dict: DictObject,
    /// See [`DictObject::oldest`].
    pub front: Cell<(usize, usize)>,
    /// Bumped by every change of the set of keys or their order but `clear`.
    pub state: Cell<usize>,
    reserved: Cell<[usize; 3]>,
    pub instance_dict: Slot<DictObject>,
    pub weaklist: Cell<usize>,
}

const _: () = assert!(size_of::<OrderedDict>() == 112);

// SAFETY: `repr(C)`, begins with a layout.
unsafe impl Layout for OrderedDict {}

impl OrderedDict {
    /// The receiver of a slot or method of the type.
    #[inline(always)]
    pub fn of(object: &Object) -> &OrderedDict {
        // SAFETY: slots and methods of the type are called on its instances only.
        unsafe { object.cast() }
    }

    pub fn changed(&self) {
        self.state.set(self.state.get() + 1);
    }
}

impl DictObject {
    /// Makes the entry of a key the first one; false when it is not there, `None` when it was
    /// first already.
    pub fn move_to_front(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<bool>> {
        let Some(wanted) = self.find(cx, key, hash)? else {
            return Ok(Some(false));
        };
        let old = self.raw_keys();
        if self.is_split() || old.value(wanted).is_null() {
            return Ok(Some(false));
        }
        let mut first = 0;
        while old.value(first).is_null() {
            first += 1;
        }
        if first == wanted {
            return Ok(None);
        }
        let kind = if old.is_unicode() { KeysKind::Unicode } else { KeysKind::General };
        let new = Keys::new(old.log2_size(), kind).ok_or_else(|| cx.memory_error())?;
        let order = std::iter::once(wanted).chain((0..old.nentries()).filter(|&index| index != wanted));
        let mut count = 0;
        for index in order.filter(|&index| !old.value(index).is_null()) {
            new.put_fresh(count, old.key(index), old.hash(index), old.value(index));
            count += 1;
        }
        new.finish_fresh(count);
        self.keys.set(new.as_ptr());
        self.touch();
        old.discard_moved();
        Ok(Some(true))
    }

    /// Whether the keys of both come in the same order.
    pub fn same_key_order(&self, cx: Ctx, other: &DictObject) -> PyResult<bool> {
        let (mut a, mut b) = (0, 0);
        loop {
            match (self.next_entry(&mut a), other.next_entry(&mut b)) {
                (Some((x, _)), Some((y, _))) => {
                    if !cx.equal(&x, &y)? {
                        return Ok(false);
                    }
                }
                (None, None) => return Ok(true),
                _ => return Ok(false),
            }
        }
    }

    /// The entry at or before `position`, walking backwards; `position` is one behind the place to
    /// look at next and starts at `usize::MAX`.
    pub fn previous_entry(&self, position: &mut usize) -> Option<(Ref, Ref)> {
        *position = (*position).min(self.raw_keys().nentries());
        while *position > 0 {
            *position -= 1;
            if let Some((key, value)) = self.entry_at(*position) {
                // SAFETY: the dict owns both.
                return Some(unsafe { (Ref::from_borrowed(key), Ref::from_borrowed(value)) });
            }
        }
        None
    }

    /// Bytes of the table as `sys.getsizeof` counts them, and slots in it: both 0 when empty.
    pub fn table_size(&self, basicsize: usize) -> (usize, usize) {
        let keys = self.raw_keys();
        (self.sizeof(basicsize), if keys.is_empty_table() { 0 } else { keys.slots() })
    }
}

/// # Safety
/// As `DeallocFn`; the object is an `OrderedDict`.
pub unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; attributes and weak references go before the entries.
    unsafe {
        untrack(object.as_ref());
        let this = OrderedDict::of(object.as_ref());
        this.instance_dict.set(None);
        if this.weaklist.get() != 0 {
            clear_weakrefs(object.as_ref());
        }
        super::dealloc(object);
    }
}

/// # Safety
/// As `TraverseFn`; the object is an `OrderedDict`.
pub unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe {
        OrderedDict::of(object.as_ref()).instance_dict.trace(visitor);
        super::traverse(object, visitor);
    }
}

/// # Safety
/// As `ClearFn`; the object is an `OrderedDict`.
pub unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        OrderedDict::of(object.as_ref()).instance_dict.set(None);
        super::clear(object);
    }
}
