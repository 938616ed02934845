//! `Ref<T>`: the one owning handle.
//!
//! | type | means | count |
//! | --- | --- | --- |
//! | `Ref<T>` | one owned reference to a live `T` | owns 1 |
//! | `Ref` | one owned reference to an object of any type | owns 1 |
//! | `&T`, `&Object` | a borrow: somebody else's reference keeps it alive | owns 0 |
//! | `Slot<T>` | a field that may hold one owned reference | owns 0 or 1 |
//! | `NonNull<Object>` | an address; nothing is promised | owns 0 |
//!
//! A borrow must not outlive the reference it was taken from. Code that calls into Python while
//! it holds a borrow taken out of a *mutable* place (a list item, a dict value, a field) must
//! clone it first.

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use super::object::Object;

/// A struct that is the layout of a Python object.
///
/// # Safety
/// The struct is `#[repr(C)]` and its first field is an `Object` or another `Layout`.
pub unsafe trait Layout {
    /// The object header.
    #[inline(always)]
    fn as_object(&self) -> &Object
    where
        Self: Sized,
    {
        // SAFETY: the trait promises that the header is at offset 0.
        unsafe { &*std::ptr::from_ref(self).cast::<Object>() }
    }

    /// A new owned reference to this object.
    #[inline(always)]
    fn to_ref(&self) -> Ref<Self>
    where
        Self: Sized,
    {
        // SAFETY: `&self` shows that the object is alive.
        unsafe { Ref::from_borrowed(NonNull::from(self)) }
    }

    /// A new owned reference to this object, typed as any object.
    #[inline(always)]
    fn to_object(&self) -> Ref
    where
        Self: Sized,
    {
        self.to_ref().into_object()
    }
}

// SAFETY: it is the header itself.
unsafe impl Layout for Object {}

/// One owned reference. Clone adds one to the count, drop takes one away and destroys the
/// object at once when none is left.
#[repr(transparent)]
pub struct Ref<T: Layout = Object> {
    ptr: NonNull<T>,
    owns: PhantomData<T>,
}

impl<T: Layout> Ref<T> {
    /// Takes over a reference that the caller owns.
    ///
    /// # Safety
    /// `ptr` is a live `T` and the caller gives up one reference to it.
    #[inline(always)]
    pub unsafe fn from_owned(ptr: NonNull<T>) -> Self {
        Ref { ptr, owns: PhantomData }
    }

    /// Makes a new reference (adds one to the count).
    ///
    /// # Safety
    /// `ptr` is a live `T`.
    #[inline(always)]
    pub unsafe fn from_borrowed(ptr: NonNull<T>) -> Self {
        // SAFETY: `ptr` is live, so its header can be read and written.
        unsafe { incref(ptr.cast()) };
        Ref { ptr, owns: PhantomData }
    }

    /// Gives the reference away as an address; the count stays.
    #[inline(always)]
    pub fn into_raw(self) -> NonNull<T> {
        ManuallyDrop::new(self).ptr
    }

    #[inline(always)]
    pub fn as_raw(&self) -> NonNull<T> {
        self.ptr
    }

    /// The same reference, typed as any object.
    #[inline(always)]
    pub fn into_object(self) -> Ref {
        Ref { ptr: self.into_raw().cast(), owns: PhantomData }
    }

    /// The same reference under another layout, unchecked.
    ///
    /// # Safety
    /// The object has layout `U`.
    #[inline(always)]
    pub unsafe fn cast_unchecked<U: Layout>(self) -> Ref<U> {
        Ref { ptr: self.into_raw().cast(), owns: PhantomData }
    }
}

impl<T: Layout> Clone for Ref<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        // SAFETY: `self` owns a reference, so the object is alive.
        unsafe { Ref::from_borrowed(self.ptr) }
    }
}

impl<T: Layout> Drop for Ref<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: this handle owned one reference, given up here.
        unsafe { decref(self.ptr.cast()) }
    }
}

impl<T: Layout> Deref for Ref<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: `self` owns a reference, so the object is alive and a `T`.
        unsafe { self.ptr.as_ref() }
    }
}

impl<T: Layout> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ref({:#x})", self.ptr.as_ptr() as usize)
    }
}

/// Adds one to the count.
///
/// # Safety
/// `ptr` is a live object.
#[inline(always)]
pub unsafe fn incref(ptr: NonNull<Object>) {
    // SAFETY: promised by the caller.
    let count = unsafe { &ptr.as_ref().refcount };
    count.set(count.get() + 1);
}

/// Takes one from the count, destroying the object when it was the last.
///
/// # Safety
/// `ptr` is a live object and the caller owns the reference given up.
#[inline(always)]
pub unsafe fn decref(ptr: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        let count = &ptr.as_ref().refcount;
        let left = count.get() - 1;
        count.set(left);
        if left == 0 {
            super::dealloc::dealloc(ptr);
        }
    }
}

/// A field of an object that may hold one owned reference.
///
/// Reads hand out a new reference; writes store first and release the old value last, so that
/// code run by the release sees the new state (`Py_XSETREF`).
#[repr(transparent)]
pub struct Slot<T: Layout = Object>(UnsafeCell<Option<Ref<T>>>);

impl<T: Layout> Slot<T> {
    pub const fn empty() -> Self {
        Slot(UnsafeCell::new(None))
    }

    pub const fn new(value: Ref<T>) -> Self {
        Slot(UnsafeCell::new(Some(value)))
    }

    pub const fn from_option(value: Option<Ref<T>>) -> Self {
        Slot(UnsafeCell::new(value))
    }

    /// A new reference to what the slot holds.
    #[inline(always)]
    pub fn get(&self) -> Option<Ref<T>> {
        // SAFETY: no reference into the cell outlives this expression; cloning runs no other code.
        unsafe { (*self.0.get()).clone() }
    }

    /// A borrow of what the slot holds.
    ///
    /// The borrow is valid until the slot is written; callers that run Python code meanwhile use
    /// [`Slot::get`] instead.
    #[inline(always)]
    pub fn peek(&self) -> Option<&T> {
        // SAFETY: the slot's own reference keeps the object alive; the documented rule keeps
        // writers away while the borrow lasts.
        unsafe { (*self.0.get()).as_deref() }
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.peek().is_none()
    }

    /// Stores a value; the old one is released after the store.
    #[inline(always)]
    pub fn set(&self, value: Option<Ref<T>>) {
        drop(self.replace(value));
    }

    #[inline(always)]
    pub fn replace(&self, value: Option<Ref<T>>) -> Option<Ref<T>> {
        // SAFETY: `mem::replace` runs no other code, so nothing else looks at the cell meanwhile.
        unsafe { std::mem::replace(&mut *self.0.get(), value) }
    }

    /// Empties the slot (`Py_CLEAR` when the result is dropped).
    #[inline(always)]
    pub fn take(&self) -> Option<Ref<T>> {
        self.replace(None)
    }

    /// The address held, for traverse.
    #[inline(always)]
    pub fn as_raw(&self) -> Option<NonNull<Object>> {
        // SAFETY: as in `peek`, the read is not held.
        unsafe { (*self.0.get()).as_ref().map(|r| r.as_raw().cast()) }
    }
}
