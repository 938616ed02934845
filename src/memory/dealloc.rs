//! The way from count zero to freed memory, without unbounded native recursion.
//!
//! Destroying an object releases what it holds, which may destroy that, and so on. Two limits
//! keep a chain of any length from using up the native stack:
//!
//! * The *trashcan*, exactly as in CPython 3.11: types that take part nest 50 deep; deeper ones
//!   are put aside and destroyed, last put aside first, when the outermost has finished. The order
//!   in which finalizers run can be seen, so this one is part of what must agree.
//! * A bound on all nesting: types that are not in CPython's trashcan recurse there until the
//!   process dies; here they are put aside too, once they are `MAX_DEPTH` deep.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use super::events;
use super::gc::header::Node;
use super::heap::HEAP;
use super::object::Object;

/// Nesting of trashcan types, as in CPython.
const TRASHCAN_NESTING: u32 = 50;
/// Nesting of destroyed objects of any type.
const MAX_DEPTH: u32 = 250;

/// Objects put aside, and how deep destruction is nested now.
pub(super) struct Trashcan {
    /// Trashcan types being destroyed, one within the other.
    nesting: Cell<u32>,
    /// All objects being destroyed, one within the other.
    depth: Cell<u32>,
    /// Trashcan types put aside.
    later: UnsafeCell<Vec<NonNull<Object>>>,
    /// Others put aside.
    deep: UnsafeCell<Vec<NonNull<Object>>>,
}

impl Trashcan {
    pub(super) const fn new() -> Trashcan {
        Trashcan {
            nesting: Cell::new(0),
            depth: Cell::new(0),
            later: UnsafeCell::new(Vec::new()),
            deep: UnsafeCell::new(Vec::new()),
        }
    }

    pub(super) fn reset(&self) {
        self.nesting.set(0);
        self.depth.set(0);
        // SAFETY: no borrow outlives `push` and `pop`.
        unsafe {
            (*self.later.get()).clear();
            (*self.deep.get()).clear();
        }
    }
}

fn push(list: &UnsafeCell<Vec<NonNull<Object>>>, object: NonNull<Object>) {
    // SAFETY: the borrow ends here; growing the vector runs no code of ours.
    unsafe { (*list.get()).push(object) }
}

fn pop(list: &UnsafeCell<Vec<NonNull<Object>>>) -> Option<NonNull<Object>> {
    // SAFETY: as in `push`.
    unsafe { (*list.get()).pop() }
}

/// Destroys an object whose count has just reached zero.
///
/// # Safety
/// The count is zero and nobody else destroys the object.
#[inline(never)]
pub unsafe fn dealloc(object: NonNull<Object>) {
    if events::wants(events::interest::DYING) {
        // SAFETY: nothing of the object has been dropped yet.
        events::emit(|sink| sink.dying(unsafe { object.as_ref() }));
    }
    // SAFETY: promised by the caller.
    unsafe { destroy(object) }
}

/// # Safety
/// As [`dealloc`].
#[inline]
unsafe fn destroy(object: NonNull<Object>) {
    // SAFETY: promised by the caller: the object is whole, its type alive.
    let info = unsafe { &object.as_ref().type_core().info };
    let can = &HEAP.trashcan;
    let dealloc = info.dealloc.get();
    let depth = can.depth.get();
    if info.uses_trashcan.get() {
        let nesting = can.nesting.get();
        if nesting >= TRASHCAN_NESTING {
            // SAFETY: the object is whole.
            unsafe { put_aside(object, &can.later) };
            return;
        }
        can.nesting.set(nesting + 1);
        can.depth.set(depth + 1);
        // SAFETY: the slot fits the object; called once, as promised.
        unsafe { dealloc(object) };
        can.nesting.set(nesting);
        if nesting == 0 {
            destroy_later();
        }
    } else {
        if depth >= MAX_DEPTH {
            // SAFETY: the object is whole.
            unsafe { put_aside(object, &can.deep) };
            return;
        }
        can.depth.set(depth + 1);
        // SAFETY: as above.
        unsafe { dealloc(object) };
    }
    can.depth.set(depth);
    if depth == 0 {
        destroy_deep();
    }
}

/// # Safety
/// The object is whole, its count zero.
#[cold]
#[inline(never)]
unsafe fn put_aside(object: NonNull<Object>, list: &UnsafeCell<Vec<NonNull<Object>>>) {
    // SAFETY: an object of a GC type has its pre-header; a collection must not meet it meanwhile.
    unsafe {
        if object.as_ref().is_gc() {
            super::gc::untrack(object.as_ref());
        }
    }
    push(list, object);
}

/// The outermost trashcan object is gone: destroys what was put aside. The nesting counts one
/// meanwhile, so that what is destroyed here does not start this loop again.
#[inline]
fn destroy_later() {
    let can = &HEAP.trashcan;
    // SAFETY: only looks at the length.
    if unsafe { (*can.later.get()).is_empty() } {
        return;
    }
    can.nesting.set(1);
    while let Some(object) = pop(&can.later) {
        // SAFETY: put aside whole, once.
        unsafe { destroy(object) };
    }
    can.nesting.set(0);
}

/// The outermost object of all is gone: destroys the rest.
#[inline]
fn destroy_deep() {
    let can = &HEAP.trashcan;
    // SAFETY: only looks at the length.
    if unsafe { (*can.deep.get()).is_empty() } {
        return;
    }
    can.depth.set(1);
    while let Some(object) = pop(&can.deep) {
        // SAFETY: put aside whole, once.
        unsafe { destroy(object) };
    }
    can.depth.set(0);
}

/// Runs the finalizer of a dying object (`PyObject_CallFinalizerFromDealloc`). True when it
/// brought the object back: the caller then leaves it alone. An object that the collector knows
/// is finalized once in its life.
///
/// # Safety
/// Called by the type's dealloc with the count at zero and the payload whole.
pub unsafe fn finalize_from_dealloc(object: NonNull<Object>) -> bool {
    // SAFETY: promised by the caller; while the count is 1 the object is an ordinary live one.
    unsafe {
        let header = object.as_ref();
        header.set_refcount(1);
        call_finalizer(header);
        let left = header.refcount() - 1;
        header.set_refcount(left);
        left != 0
    }
}

/// Runs a finalizer of the classic era on a dying object, which may run again at its next death. True when it
/// brought the object back.
///
/// # Safety
/// As [`finalize_from_dealloc`].
pub unsafe fn with_one_reference(object: NonNull<Object>, finalize: impl FnOnce()) -> bool {
    // SAFETY: promised by the caller.
    unsafe {
        let header = object.as_ref();
        header.set_refcount(1);
        finalize();
        let left = header.refcount() - 1;
        header.set_refcount(left);
        left != 0
    }
}

/// `PyObject_CallFinalizer`: once only for objects that the collector knows; the mark is set
/// after the call, so inside it `gc.is_finalized` says no.
pub fn call_finalizer(object: &Object) {
    let Some(finalize) = object.type_core().info.finalize.get() else { return };
    if !object.is_gc() {
        finalize(object);
        return;
    }
    // SAFETY: the object has a GC pre-header and outlives the call, since the caller's reference
    // keeps it.
    let node = unsafe { Node::of(object.as_ptr()) };
    if !node.is_finalized() {
        finalize(object);
        node.set_finalized();
    }
}
