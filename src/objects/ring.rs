//! A double-ended buffer of owned references in raw memory, for `collections.deque`.
//!
//! Always true: `len` initialised references lie in the buffer from `head` on, around its end;
//! `capacity` is zero or a power of two. Zeroed bytes are an empty ring.

use std::cell::Cell;
use std::ptr::NonNull;

use super::PyResult;
use crate::memory::alloc::{raw_alloc, raw_free};
use crate::memory::{Object, Ref, Trace, Visitor};
use crate::vm::Ctx;

/// See the module's text. All operations leave the ring consistent before they release anything.
#[repr(C)]
pub struct Ring {
    items: Cell<*mut Ref>,
    capacity: Cell<usize>,
    head: Cell<usize>,
    len: Cell<usize>,
}

impl Ring {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn place(&self, index: usize) -> *mut Ref {
        let slot = (self.head.get() + index) & (self.capacity.get() - 1);
        // SAFETY: masked by the capacity, which is not zero where items are asked for.
        unsafe { self.items.get().add(slot) }
    }

    /// A new reference to an item.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Ref> {
        if index >= self.len() {
            return None;
        }
        // SAFETY: the place is initialised; cloning runs no other code.
        Some(unsafe { (*self.place(index)).clone() })
    }

    /// Puts another item in place of one and hands the old one back.
    pub fn replace(&self, index: usize, item: Ref) -> Option<Ref> {
        if index >= self.len() {
            return None;
        }
        // SAFETY: the place is initialised.
        Some(unsafe { self.place(index).replace(item) })
    }

    #[cold]
    fn grow(&self, cx: Ctx) -> PyResult<()> {
        let capacity = (self.capacity.get() * 2).max(8);
        let Some(buffer) = capacity.checked_mul(8).and_then(raw_alloc) else {
            return Err(cx.memory_error());
        };
        let buffer = buffer.cast::<Ref>().as_ptr();
        for index in 0..self.len() {
            // SAFETY: the new buffer has room for all; the references move.
            unsafe { buffer.add(index).write(self.place(index).read()) };
        }
        if let Some(old) = NonNull::new(self.items.get()) {
            // SAFETY: the buffer came from `raw_alloc` and its references have moved.
            unsafe { raw_free(old.cast()) };
        }
        self.items.set(buffer);
        self.capacity.set(capacity);
        self.head.set(0);
        Ok(())
    }

    /// Adds an item at the end.
    #[inline]
    pub fn push_back(&self, cx: Ctx, item: Ref) -> PyResult<()> {
        if self.len() == self.capacity.get() {
            self.grow(cx)?;
        }
        // SAFETY: there is room behind the last item.
        unsafe { self.place(self.len()).write(item) };
        self.len.set(self.len() + 1);
        Ok(())
    }

    /// Adds an item at the front.
    #[inline]
    pub fn push_front(&self, cx: Ctx, item: Ref) -> PyResult<()> {
        if self.len() == self.capacity.get() {
            self.grow(cx)?;
        }
        self.head.set(self.head.get().wrapping_sub(1) & (self.capacity.get() - 1));
        // SAFETY: the place before the first item is free.
        unsafe { self.place(0).write(item) };
        self.len.set(self.len() + 1);
        Ok(())
    }

    #[inline]
    pub fn pop_back(&self) -> Option<Ref> {
        let last = self.len().checked_sub(1)?;
        self.len.set(last);
        // SAFETY: the place was initialised and is given up.
        Some(unsafe { self.place(last).read() })
    }

    #[inline]
    pub fn pop_front(&self) -> Option<Ref> {
        let left = self.len().checked_sub(1)?;
        // SAFETY: the place is initialised and given up.
        let item = unsafe { self.place(0).read() };
        self.head.set((self.head.get() + 1) & (self.capacity.get() - 1));
        self.len.set(left);
        Some(item)
    }

    /// Moves `count` items, less than the length, from the end to the front.
    pub fn rotate_right(&self, count: usize) {
        for _ in 0..count {
            let Some(item) = self.pop_back() else { return };
            self.head.set(self.head.get().wrapping_sub(1) & (self.capacity.get() - 1));
            // SAFETY: one place has just become free, and with it the one before the first.
            unsafe { self.place(0).write(item) };
            self.len.set(self.len() + 1);
        }
    }

    /// Moves `count` items from the front to the end.
    pub fn rotate_left(&self, count: usize) {
        for _ in 0..count {
            let Some(item) = self.pop_front() else { return };
            // SAFETY: one place has just become free.
            unsafe { self.place(self.len()).write(item) };
            self.len.set(self.len() + 1);
        }
    }

    /// Exchanges two items; both indices are in range.
    pub fn swap(&self, a: usize, b: usize) {
        if a < self.len() && b < self.len() {
            // SAFETY: both places are initialised.
            unsafe { std::ptr::swap(self.place(a), self.place(b)) };
        }
    }

    /// Empties the ring first, then releases the items from first to last.
    pub fn clear(&self) {
        let old = Ring {
            items: Cell::new(self.items.replace(std::ptr::null_mut())),
            capacity: Cell::new(self.capacity.replace(0)),
            head: Cell::new(self.head.replace(0)),
            len: Cell::new(self.len.replace(0)),
        };
        drop(old);
    }

    /// New references to all items.
    pub fn to_vec(&self) -> Vec<Ref> {
        (0..self.len()).filter_map(|index| self.get(index)).collect()
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        while let Some(item) = self.pop_front() {
            drop(item);
        }
        if let Some(buffer) = NonNull::new(self.items.get()) {
            // SAFETY: the buffer came from `raw_alloc` and holds nothing any more.
            unsafe { raw_free(buffer.cast()) };
        }
    }
}

impl Trace for Ring {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        for index in 0..self.len() {
            // SAFETY: the place is initialised.
            let item: NonNull<Object> = unsafe { (*self.place(index)).as_raw() };
            visitor.visit(item);
        }
    }
}
