//! `list`: a growable array of owned references. The type itself is in `methods`, sorting in
//! `sort`, the iterators in `iter`.
//!
//! Always true: `len` initialised references lie in the buffer, `len <= allocated`; the buffer is
//! dangling when `allocated` is 0. Growth is CPython's, to the item (`sys.getsizeof` shows it).

pub mod iter;
pub mod methods;
pub mod slices;
pub mod sort;

pub use iter::{LIST_ITERATOR, LIST_REVERSEITERATOR};
pub use methods::SPEC;

use std::cell::Cell;
use std::ptr::NonNull;

use super::type_object::TypedLayout;
use super::{PyResult, TypeObject, Types, types};
use crate::memory::alloc::{raw_alloc, raw_free, raw_realloc};
use crate::memory::{
    FreeList, Layout, Object, Ref, Visitor, decref, free_object, new_object, track, untrack,
};
use crate::vm::Ctx;

/// A list. Plain operations here never run Python code except by releasing what they remove.
#[repr(C)]
pub struct ListObject {
    pub object: Object,
    pub(super) len: Cell<usize>,
    pub(super) items: Cell<NonNull<Ref>>,
    /// Items that fit the buffer.
    pub(super) allocated: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ListObject {}
// SAFETY: every `list` instance begins with this layout.
unsafe impl TypedLayout for ListObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.list
    }
}

/// Dead lists kept for the next.
static FREE: FreeList = FreeList::new(80).kept_in_classic();

/// A list over a buffer of `allocated` items of which `len` are initialised, tracked.
///
/// # Safety
/// The buffer is as said, from `raw_alloc`, and given away.
#[inline]
unsafe fn from_buffer(items: NonNull<Ref>, len: usize, allocated: usize) -> Ref<ListObject> {
    let core = &types().list.core;
    // SAFETY: parked lists have the layout of `list`; all fields are written before anybody sees
    // the object.
    unsafe {
        let object = match FREE.unpark(core) {
            Some(object) => object,
            None => new_object(core, size_of::<ListObject>(), false),
        };
        let list = object.cast::<ListObject>();
        let this = list.as_ptr();
        (&raw mut (*this).len).write(Cell::new(len));
        (&raw mut (*this).items).write(Cell::new(items));
        (&raw mut (*this).allocated).write(Cell::new(allocated));
        track(object.as_ref());
        Ref::from_owned(list)
    }
}

fn buffer(cx: Ctx, len: usize) -> PyResult<NonNull<Ref>> {
    if len == 0 {
        return Ok(NonNull::dangling());
    }
    match len.checked_mul(8).and_then(raw_alloc) {
        Some(buffer) => Ok(buffer.cast()),
        None => Err(cx.memory_error()),
    }
}

/// The empty list, tracked.
#[inline]
pub(crate) fn new_empty() -> Ref<ListObject> {
    // SAFETY: nothing is in the buffer.
    unsafe { from_buffer(NonNull::dangling(), 0, 0) }
}

/// A list of `len` references moved out of `items`; capacity is exactly the length.
///
/// # Safety
/// `items` are `len` references that the caller owns and, on success, forgets.
#[inline]
pub unsafe fn from_array_steal(cx: Ctx, items: *const Ref, len: usize) -> PyResult<Ref<ListObject>> {
    let buffer = buffer(cx, len)?;
    // SAFETY: promised by the caller; the buffer has room for `len` items.
    unsafe {
        buffer.as_ptr().copy_from_nonoverlapping(items, len);
        Ok(from_buffer(buffer, len, len))
    }
}

/// A list that takes over the references of a vector; capacity is exactly the length.
pub(crate) fn from_vec(cx: Ctx, mut items: Vec<Ref>) -> PyResult<Ref<ListObject>> {
    // SAFETY: on success the references have moved: the vector forgets them.
    unsafe {
        let list = from_array_steal(cx, items.as_ptr(), items.len())?;
        items.set_len(0);
        Ok(list)
    }
}

/// As [`from_vec`] with room for at least `room` items.
pub(crate) fn from_vec_with_room(cx: Ctx, mut items: Vec<Ref>, room: usize) -> PyResult<Ref<ListObject>> {
    let (len, room) = (items.len(), room.max(items.len()));
    let buffer = buffer(cx, room)?;
    // SAFETY: the buffer has room for `len` items; the references move, the vector forgets them.
    unsafe {
        buffer.as_ptr().copy_from_nonoverlapping(items.as_ptr(), len);
        items.set_len(0);
        Ok(from_buffer(buffer, len, room))
    }
}

/// A list of new references to `items`; capacity is exactly the length.
pub fn from_slice(cx: Ctx, items: &[Ref]) -> PyResult<Ref<ListObject>> {
    let buffer = buffer(cx, items.len())?;
    // SAFETY: the buffer has room for all items; cloning runs no other code.
    unsafe {
        for (index, item) in items.iter().enumerate() {
            buffer.as_ptr().add(index).write(item.clone());
        }
        Ok(from_buffer(buffer, items.len(), items.len()))
    }
}

impl ListObject {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Items that fit without growing.
    #[inline(always)]
    pub fn allocated(&self) -> usize {
        self.allocated.get()
    }

    /// A new reference to the item.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Ref> {
        self.peek_slice().get(index).cloned()
    }

    /// The items, borrowed: no Python code may run and the list must not change meanwhile.
    #[inline(always)]
    pub fn peek_slice(&self) -> &[Ref] {
        // SAFETY: `len` initialised items lie in the buffer.
        unsafe { std::slice::from_raw_parts(self.items.get().as_ptr(), self.len.get()) }
    }

    /// New references to all items.
    pub fn to_vec(&self) -> Vec<Ref> {
        self.peek_slice().to_vec()
    }

    #[inline(always)]
    fn place(&self, index: usize) -> *mut Ref {
        // SAFETY: callers stay within `allocated`.
        unsafe { self.items.get().as_ptr().add(index) }
    }

    /// Puts another item in place of one; the old one is handed back, to be dropped last.
    #[inline(always)]
    pub fn replace(&self, index: usize, item: Ref) -> Option<Ref> {
        if index < self.len() {
            // SAFETY: the place is initialised.
            Some(unsafe { self.place(index).replace(item) })
        } else {
            None
        }
    }

    /// `list_resize`: makes room for `new_len` items, over-allocating as CPython does, and sets
    /// the length. New places are uninitialised, places given up must be empty already: callers
    /// write or have taken them before anything else runs.
    #[inline]
    unsafe fn resize(&self, cx: Ctx, new_len: usize) -> PyResult<()> {
        let allocated = self.allocated.get();
        if allocated >= new_len && new_len >= allocated >> 1 {
            self.len.set(new_len);
            return Ok(());
        }
        self.resize_buffer(cx, new_len)
    }

    #[cold]
    fn resize_buffer(&self, cx: Ctx, new_len: usize) -> PyResult<()> {
        let mut room = (new_len.saturating_add(new_len >> 3).saturating_add(6)) & !3;
        // A big jump is followed by no more growth than the next multiple of four.
        if new_len > self.len() && new_len - self.len() > room.saturating_sub(new_len) {
            room = (new_len.saturating_add(3)) & !3;
        }
        if new_len == 0 {
            room = 0;
        }
        self.set_buffer(cx, room)?;
        self.len.set(new_len);
        Ok(())
    }

    fn set_buffer(&self, cx: Ctx, room: usize) -> PyResult<()> {
        let old = self.items.get().cast::<u8>();
        let new = if room == 0 {
            if self.allocated.get() != 0 {
                // SAFETY: the buffer came from `raw_alloc`.
                unsafe { raw_free(old) };
            }
            NonNull::dangling()
        } else {
            let bytes = room.checked_mul(8).filter(|bytes| *bytes <= isize::MAX as usize);
            let made = match bytes {
                None => None,
                Some(bytes) if self.allocated.get() == 0 => raw_alloc(bytes),
                // SAFETY: the buffer came from `raw_alloc`; the old one is not used again.
                Some(bytes) => unsafe { raw_realloc(old, bytes) },
            };
            made.ok_or_else(|| cx.memory_error())?.cast()
        };
        self.items.set(new);
        self.allocated.set(room);
        Ok(())
    }

    /// Room for `len` items in an empty list without buffer (`list_preallocate_exact`), rounded
    /// up to an even number.
    fn preallocate(&self, cx: Ctx, len: usize) -> PyResult<()> {
        self.set_buffer(cx, len.saturating_add(1) & !1)
    }

    /// Appends (growing as CPython's `list_resize` does); `MemoryError` past the limit.
    #[inline]
    pub fn push(&self, cx: Ctx, item: Ref) -> PyResult<()> {
        let len = self.len();
        if len < self.allocated.get() {
            self.len.set(len + 1);
        } else {
            self.resize_buffer(cx, len + 1)?;
        }
        // SAFETY: the place is within the buffer and uninitialised.
        unsafe { self.place(len).write(item) };
        Ok(())
    }

    /// Inserts before `index`, which is clipped to the length.
    pub fn insert(&self, cx: Ctx, index: usize, item: Ref) -> PyResult<()> {
        let len = self.len();
        let index = index.min(len);
        // SAFETY: there is room for one more; the tail moves up by one and the gap is filled.
        unsafe {
            self.resize(cx, len + 1)?;
            self.place(index).copy_to(self.place(index + 1), len - index);
            self.place(index).write(item);
        }
        Ok(())
    }

    /// Takes one item out; `None` when the index is out of range.
    pub fn take(&self, cx: Ctx, index: usize) -> Option<Ref> {
        let len = self.len();
        if index >= len {
            return None;
        }
        // SAFETY: the item is taken, the tail closes the gap, the last place is given up.
        unsafe {
            let item = self.place(index).read();
            self.place(index + 1).copy_to(self.place(index), len - index - 1);
            // Shrinking that finds no memory leaves the larger buffer, which is as good.
            if let Err(raised) = self.resize(cx, len - 1) {
                cx.clear_exception(raised);
                self.len.set(len - 1);
            }
            Some(item)
        }
    }

    /// Empties the list first, then releases the items, last first.
    pub fn clear(&self) {
        let (items, len, allocated) = (self.items.get(), self.len(), self.allocated.get());
        if allocated == 0 {
            return;
        }
        self.len.set(0);
        self.items.set(NonNull::dangling());
        self.allocated.set(0);
        // SAFETY: the buffer is out of everybody's reach.
        unsafe { release_buffer(items, len) };
    }

    /// Reverses in place.
    pub fn reverse(&self) {
        // SAFETY: the items are initialised; nothing else runs.
        unsafe { std::slice::from_raw_parts_mut(self.items.get().as_ptr(), self.len()) }.reverse();
    }

    /// Appends new references to `items`, which may be this list's own.
    pub(crate) fn extend_from_slice(
        &self,
        cx: Ctx,
        count: usize,
        items: impl Fn() -> *const Ref,
    ) -> PyResult<()> {
        if count == 0 {
            return Ok(());
        }
        let len = self.len();
        // SAFETY: `items` gives `count` live references, asked for only after the buffer has
        // moved; every new place is written.
        unsafe {
            if self.allocated.get() == 0 {
                self.preallocate(cx, count)?;
                self.len.set(count);
            } else {
                self.resize(cx, len + count)?;
            }
            let source = items();
            for index in 0..count {
                self.place(len + index).write((*source.add(index)).clone());
            }
        }
        Ok(())
    }

    /// `list_extend`: appends the items of any iterable.
    pub fn extend(&self, cx: Ctx, iterable: &Object) -> PyResult<()> {
        if let Some(list) = iterable.downcast_exact::<ListObject>() {
            return self.extend_from_slice(cx, list.len(), || list.peek_slice().as_ptr());
        }
        if let Some(tuple) = iterable.downcast_exact::<super::TupleObject>() {
            return self.extend_from_slice(cx, tuple.len(), || tuple.as_slice().as_ptr());
        }
        if iterable.is(&self.object) {
            return self.extend_from_slice(cx, self.len(), || self.peek_slice().as_ptr());
        }
        let iterator = cx.iter(iterable)?;
        let estimate = cx.length_hint(iterable, 8)?;
        let len = self.len();
        if estimate > isize::MAX as usize - len {
            // CPython too ignores an estimate that cannot be.
        } else if self.allocated.get() == 0 {
            if estimate != 0 {
                self.preallocate(cx, estimate)?;
            }
        } else {
            // SAFETY: the length is put back at once; the new places stay beyond it.
            unsafe { self.resize(cx, len + estimate)? };
            self.len.set(len);
        }
        let next = iterator.ty().slots().iternext;
        loop {
            let item = match next {
                Some(next) => next(cx, &iterator),
                None => cx.next(&iterator),
            };
            match item {
                Ok(Some(item)) => self.push(cx, item)?,
                Ok(None) => break,
                Err(raised) if cx.raised_is(&raised, super::exceptions().stop_iteration) => {
                    cx.clear_exception(raised);
                    break;
                }
                Err(raised) => return Err(raised),
            }
        }
        if self.len() < self.allocated.get() {
            // SAFETY: the length stays.
            unsafe { self.resize(cx, self.len())? };
        }
        Ok(())
    }
}

/// Releases `len` items, last first, and their buffer.
///
/// # Safety
/// The buffer came from `raw_alloc` and nobody else reaches it.
unsafe fn release_buffer(items: NonNull<Ref>, len: usize) {
    // SAFETY: promised by the caller; each item is given up once.
    unsafe {
        for index in (0..len).rev() {
            decref((*items.as_ptr().add(index)).as_raw());
        }
        raw_free(items.cast());
    }
}

/// `list_dealloc`.
///
/// # Safety
/// As [`crate::memory::object::DeallocFn`]; the object is a list.
pub(crate) unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        untrack(object.as_ref());
        let list = object.cast::<ListObject>().as_ref();
        if list.allocated.get() != 0 {
            release_buffer(list.items.get(), list.len());
        }
        if !(object.as_ref().is_exact(types().list) && FREE.park(object)) {
            free_object(object);
        }
    }
}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a list.
pub(crate) unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let list = unsafe { object.cast::<ListObject>().as_ref() };
    for item in list.peek_slice().iter().rev() {
        visitor.visit(item.as_raw());
    }
}

/// # Safety
/// As [`crate::memory::object::ClearFn`]; the object is a list.
pub(crate) unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<ListObject>().as_ref() }.clear();
}

/// A list of `total` items: `items` again and again.
pub(crate) fn repeated(cx: Ctx, items: &[Ref], total: usize) -> PyResult<Ref<ListObject>> {
    from_iter_exact(cx, total, items.iter().cycle().take(total))
}

/// A list of new references to `len` items; capacity is exactly the length.
pub(crate) fn from_iter_exact<'a>(
    cx: Ctx,
    len: usize,
    items: impl Iterator<Item = &'a Ref>,
) -> PyResult<Ref<ListObject>> {
    let buffer = buffer(cx, len)?;
    let mut filled = 0;
    // SAFETY: the buffer has room for `len` items; cloning runs no other code.
    unsafe {
        for item in items.take(len) {
            buffer.as_ptr().add(filled).write(item.clone());
            filled += 1;
        }
        Ok(from_buffer(buffer, filled, len))
    }
}
