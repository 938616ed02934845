//! Making and freeing blocks for objects: pre-header, header, counters, events.

use std::ptr::NonNull;

use super::object::{Object, PreHeader, TypeCore};
use super::refs::{Layout, Ref};

/// A fresh object of type `ty`, `size` bytes long from its header on: count 1, type set (a heap
/// type gains a reference), payload zeroed when `zero` is set, else uninitialised.
/// Objects with a GC pre-header come out untracked and may first trigger a collection, at the
/// allocation that makes generation 0's count exceed its threshold.
///
/// # Safety
/// The caller initialises the payload before anything else can look at the object.
pub unsafe fn new_object(ty: &TypeCore, size: usize, zero: bool) -> NonNull<Object> {
    let pre = ty.info.pre_header.get();
    // SAFETY: promised by the caller.
    unsafe { new_object_with(ty, pre, size, zero) }
}

/// As [`new_object`] with another pre-header than the type says (static types are `Plain`
/// instances of `type`).
///
/// # Safety
/// As [`new_object`]; and the type's `is_gc` tells the two kinds apart.
pub unsafe fn new_object_with(ty: &TypeCore, pre: PreHeader, size: usize, zero: bool) -> NonNull<Object> {
    let _ = (ty, pre, size, zero);
    todo!("memory helper")
}

/// Gives the memory of a dead object back (`tp_free`); lowers generation 0's count for an object
/// with a GC pre-header, untracks it if it still is tracked. Does not touch the type's count.
///
/// # Safety
/// The count is zero, the payload has been dropped.
pub unsafe fn free_object(object: NonNull<Object>) {
    let _ = object;
    todo!("memory helper")
}

/// Makes an object of the plain struct `T`, not tracked by the collector yet.
///
/// `make` gets nothing and returns the payload as a `T` whose header is overwritten by the real
/// one; subclasses' extra bytes are zeroed.
pub fn new_ref<T: Layout>(ty: &TypeCore, payload: impl FnOnce(Object) -> T) -> Ref<T> {
    let size = (ty.info.size.get() as usize).max(size_of::<T>());
    // SAFETY: the payload is written below, before the pointer is handed out; the header that
    // `new_object` wrote is read back and moved into it.
    unsafe {
        let object = new_object(ty, size, size > size_of::<T>());
        let head = object.as_ptr().read();
        object.as_ptr().cast::<T>().write(payload(head));
        Ref::from_owned(object.cast())
    }
}

/// Drops the payload of a dead object and frees it: the `dealloc` of types whose fields need no
/// order of their own (fields drop in the order they are declared).
/// Untracks first, clears weak references if the type has them. The reference to a heap type is
/// released by the dealloc slot of heap types, which calls the built-in base's.
///
/// # Safety
/// As [`super::object::DeallocFn`]; the object has layout `T`.
pub unsafe fn dealloc_as<T: Layout>(object: NonNull<Object>) {
    // SAFETY: promised by the caller; after `drop_in_place` only the header is used.
    unsafe {
        let ty = object.as_ref().ty.get();
        if object.as_ref().is_gc() {
            super::gc::untrack(object.as_ref());
        }
        if ty.as_ref().info.weaklist_offset.get() != 0 {
            super::weakref::clear_weakrefs(object.as_ref());
        }
        std::ptr::drop_in_place(object.as_ptr().cast::<T>());
        free_object(object);
    }
}

/// A raw buffer of an object (list items, dict tables, ...), or `None` past the memory limit or
/// for a size no machine has. Alignment 16. `size` 0 is allowed.
pub fn raw_alloc(size: usize) -> Option<NonNull<u8>> {
    let _ = size;
    todo!("memory helper")
}

/// Grows or shrinks a raw buffer, moving it if need be; on `None` the old one is still valid.
///
/// # Safety
/// `ptr` came from `raw_alloc`/`raw_realloc` and is not used after success.
pub unsafe fn raw_realloc(ptr: NonNull<u8>, new_size: usize) -> Option<NonNull<u8>> {
    let _ = (ptr, new_size);
    todo!("memory helper")
}

/// # Safety
/// `ptr` came from `raw_alloc`/`raw_realloc` and is not used any more.
pub unsafe fn raw_free(ptr: NonNull<u8>) {
    let _ = ptr;
    todo!("memory helper")
}
