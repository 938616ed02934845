//! Making and freeing blocks for objects: pre-header, header, counters, events.

use std::cell::Cell;
use std::ptr::NonNull;

use super::events;
use super::gc::header::Node;
use super::large;
use super::object::{Object, PreHeader, TypeCore};
use super::pool::{self, Domain, LARGE, POOLED_MAX, pool_of};
use super::refs::{Layout, Ref};

/// A fresh object of type `ty`, `size` bytes long from its header on: count 1, type set (a heap
/// type gains a reference), payload zeroed when `zero` is set, else uninitialised.
/// Objects with a GC pre-header come out untracked and may first trigger a collection, at the
/// allocation that makes generation 0's count exceed its threshold.
///
/// Never fails: past the memory limit the limit's flag goes up. Objects whose size a program
/// chooses (tuples, strings, big integers) come from [`try_new_object`].
///
/// # Safety
/// The caller initialises the payload before anything else can look at the object.
#[inline]
pub unsafe fn new_object(ty: &TypeCore, size: usize, zero: bool) -> NonNull<Object> {
    // SAFETY: promised by the caller.
    unsafe { new_object_with(ty, ty.info.pre_header.get(), size, zero) }
}

/// As [`new_object`] with another pre-header than the type says (static types are `Plain`
/// instances of `type`).
///
/// # Safety
/// As [`new_object`]; and the type's `is_gc` tells the two kinds apart.
#[inline]
pub unsafe fn new_object_with(ty: &TypeCore, pre: PreHeader, size: usize, zero: bool) -> NonNull<Object> {
    // SAFETY: promised by the caller.
    match unsafe { make::<false>(ty, pre, size, zero) } {
        Some(object) => object,
        None => out_of_memory(size),
    }
}

/// As [`new_object`], but `None` past the memory limit and for a size no machine has.
///
/// # Safety
/// As [`new_object`].
#[inline]
pub unsafe fn try_new_object(ty: &TypeCore, size: usize, zero: bool) -> Option<NonNull<Object>> {
    // SAFETY: promised by the caller.
    unsafe { make::<true>(ty, ty.info.pre_header.get(), size, zero) }
}

#[inline(always)]
unsafe fn make<const MAY_FAIL: bool>(
    ty: &TypeCore,
    pre: PreHeader,
    size: usize,
    zero: bool,
) -> Option<NonNull<Object>> {
    // DIFFERENCE: CPython takes the memory first and collects then; here no half-made object
    // exists while a collection runs, so that everything in the heap can be looked at.
    if pre != PreHeader::Plain {
        super::gc::state::count_allocation();
    }
    let total = size.saturating_add(pre.size());
    let block = if total <= POOLED_MAX {
        pool::alloc(Domain::of(pre), total, MAY_FAIL)
    } else {
        alloc_large(Domain::of(pre), size, zero, MAY_FAIL)
    };
    let Some(block) = block else {
        if pre != PreHeader::Plain {
            super::gc::state::count_free();
        }
        return None;
    };
    // SAFETY: the block is `total` bytes long, aligned to 16, and ours.
    unsafe {
        if pre == PreHeader::Managed {
            block.cast::<[usize; 4]>().write([0; 4]);
        } else if pre == PreHeader::Gc {
            block.cast::<[usize; 2]>().write([0; 2]);
        }
        let object = block.add(pre.size()).cast::<Object>();
        object.write(Object { refcount: Cell::new(1), ty: Cell::new(NonNull::from(ty)) });
        if zero && total <= POOLED_MAX {
            object.add(1).cast::<u8>().write_bytes(0, size - size_of::<Object>());
        }
        if ty.info.is_heap_type.get() {
            super::refs::incref(NonNull::from(&ty.object));
        }
        events::emit_created(object.as_ref());
        Some(object)
    }
}

/// A large block for an object, zeroed behind its header if so wanted.
#[cold]
#[inline(never)]
fn alloc_large(domain: Domain, size: usize, zero: bool, may_fail: bool) -> Option<NonNull<u8>> {
    let total = size.checked_add(domain.pre_size())?;
    let (block, is_zero) = large::alloc(domain, total, may_fail)?;
    if zero && !is_zero {
        // SAFETY: the block is at least `total` bytes long.
        unsafe { block.write_bytes(0, total) };
    }
    Some(block)
}

/// The address space of the heap is used up, by allocations that cannot fail.
#[cold]
#[inline(never)]
fn out_of_memory(size: usize) -> ! {
    match std::alloc::Layout::from_size_align(size, 16) {
        Ok(layout) => std::alloc::handle_alloc_error(layout),
        Err(_) => panic!("an object of {size} bytes cannot exist"),
    }
}

/// Makes an object with inline items longer or shorter (`PyObject_GC_Resize`,
/// `_PyObject_Realloc`); it may move. The bytes gained are uninitialised. On `None` (limit, absurd
/// size) the object is as before.
///
/// # Safety
/// The caller owns the only reference, nobody holds the address, the object is not tracked. The
/// bytes given up hold nothing that must be dropped.
pub unsafe fn resize_object(object: NonNull<Object>, new_size: usize) -> Option<NonNull<Object>> {
    // SAFETY: promised by the caller; the object lies behind its pre-header in its block.
    unsafe {
        let pre = pool_of(object.cast()).domain.get().pre_size();
        let block = object.cast::<u8>().sub(pre);
        let moved = raw_realloc(block, new_size.checked_add(pre)?)?;
        let new_object = moved.add(pre).cast();
        if new_object != object {
            events::emit_freed(object.as_ptr().addr());
            events::emit_created(new_object.as_ref());
        }
        Some(new_object)
    }
}

/// Gives the memory of a dead object back (`tp_free`); lowers generation 0's count for an object
/// with a GC pre-header, untracks it if it still is tracked. Does not touch the type's count.
///
/// # Safety
/// The count is zero, the payload has been dropped.
#[inline]
pub unsafe fn free_object(object: NonNull<Object>) {
    events::emit_freed(object.as_ptr().addr());
    // SAFETY: promised by the caller.
    unsafe { free_object_silently(object) }
}

/// As `free_object`, without an event: for objects that were reported freed when they went to a
/// free list.
///
/// # Safety
/// As [`free_object`].
#[inline]
pub(super) unsafe fn free_object_silently(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the domain tells where the block begins.
    unsafe {
        let pool = pool_of(object.cast());
        let domain = pool.domain.get();
        if domain.is_gc() {
            let node = Node::of(object);
            if node.is_tracked() {
                node.remove();
            }
            super::gc::state::count_free();
        }
        pool::free(pool, object.cast::<u8>().sub(domain.pre_size()));
    }
}

/// The bytes that the block of a live object really takes, pre-header included.
pub fn block_size(object: &Object) -> usize {
    // SAFETY: a live object lies in a page of ours.
    pool::usable_size(unsafe { pool_of(object.as_ptr().cast()) })
}

/// Whether the address is that of a block in this heap's domain of objects; types and singletons
/// that are Rust statics are not.
pub fn is_in_heap(address: usize) -> bool {
    super::heap::contains(address)
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
#[inline]
pub fn raw_alloc(size: usize) -> Option<NonNull<u8>> {
    if size <= POOLED_MAX {
        pool::alloc(Domain::Raw, size, true)
    } else {
        large::alloc(Domain::Raw, size, true).map(|(block, _)| block)
    }
}

/// As [`raw_alloc`], all zeros; for large buffers this touches no memory that is zero already.
pub fn raw_alloc_zeroed(size: usize) -> Option<NonNull<u8>> {
    let (block, is_zero) = if size <= POOLED_MAX {
        (pool::alloc(Domain::Raw, size, true)?, false)
    } else {
        large::alloc(Domain::Raw, size, true)?
    };
    if !is_zero {
        // SAFETY: the block is `size` bytes long at least.
        unsafe { block.write_bytes(0, size) };
    }
    Some(block)
}

/// Grows or shrinks a raw buffer, moving it if need be; on `None` the old one is still valid.
///
/// # Safety
/// `ptr` came from `raw_alloc`/`raw_realloc` and is not used after success.
pub unsafe fn raw_realloc(ptr: NonNull<u8>, new_size: usize) -> Option<NonNull<u8>> {
    // SAFETY: promised by the caller.
    unsafe {
        let pool = pool_of(ptr);
        let old_size = pool::usable_size(pool);
        if pool.class.get() == LARGE {
            if new_size > POOLED_MAX
                && let Some(block) = large::resize(pool, new_size)
            {
                return Some(block);
            }
        } else if new_size <= old_size && new_size > old_size / 4 * 3 {
            // As CPython's allocator does: a block that would shrink a little stays.
            return Some(ptr);
        }
        let domain = pool.domain.get();
        let block = if new_size <= POOLED_MAX {
            pool::alloc(domain, new_size, true)?
        } else {
            large::alloc(domain, new_size, true)?.0
        };
        block.copy_from_nonoverlapping(ptr, old_size.min(new_size));
        pool::free(pool, ptr);
        Some(block)
    }
}

/// The bytes that a raw buffer really has.
///
/// # Safety
/// `ptr` came from `raw_alloc`/`raw_realloc` and is alive.
pub unsafe fn raw_usable_size(ptr: NonNull<u8>) -> usize {
    // SAFETY: promised by the caller.
    pool::usable_size(unsafe { pool_of(ptr) })
}

/// Gives a raw buffer back.
///
/// # Safety
/// `ptr` came from `raw_alloc`/`raw_realloc` and is not used any more.
#[inline]
pub unsafe fn raw_free(ptr: NonNull<u8>) {
    // SAFETY: promised by the caller.
    unsafe { pool::free(pool_of(ptr), ptr) }
}
