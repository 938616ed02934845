//! The two words before every object that the collector knows, and the circular lists they form.
//!
//! ```text
//!   next: address of the next head          | bit 0: UNREACHABLE (only during a collection)
//!   prev: address of the previous head      | bit 1: COLLECTING, bit 0: FINALIZED
//!         or, while COLLECTING, a count << 2
//! ```
//!
//! `next == 0` means: not tracked. Outside a collection every list is doubly linked and only
//! `FINALIZED` may be set. While a generation is examined, `prev` carries the copied count of
//! each candidate, so the list is singly linked until `move_unreachable` mends it (CPython 3.11
//! does the same; the flags have the same places).

use std::cell::Cell;
use std::ptr::NonNull;

use crate::memory::object::Object;

/// List links; flags live in their low bits.
#[repr(C, align(16))]
pub struct GcHead {
    pub(super) next: Cell<usize>,
    pub(super) prev: Cell<usize>,
}

const _: () = assert!(size_of::<GcHead>() == 16);

/// `prev` bit: `finalize` has run once already.
pub(super) const FINALIZED: usize = 1;
/// `prev` bit: the object is a candidate of the running collection; `prev` holds its count.
pub(super) const COLLECTING: usize = 2;
/// `next` bit: the object sits in the tentatively unreachable list.
pub(super) const UNREACHABLE: usize = 1;
/// How far the copied count is shifted in `prev`.
const REFS_SHIFT: u32 = 2;
/// The address part of `prev`.
const PREV_ADDRESS: usize = !(FINALIZED | COLLECTING);

impl GcHead {
    /// A list head that must be given [`Node::init_list`] where it finally lies.
    pub(in crate::memory) const fn new() -> GcHead {
        GcHead { next: Cell::new(0), prev: Cell::new(0) }
    }
}

/// A place in a list: the pre-header of a live object, or the head of a list.
///
/// The methods are safe to call because a `Node` is only made from the pre-header of a live
/// object, from a list head that outlives its use, or by following the links of such a one; the
/// invariant that links lead to live heads is kept by every function of this folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::memory) struct Node(NonNull<GcHead>);

impl Node {
    /// The list head `head`.
    #[inline(always)]
    pub(in crate::memory) fn list(head: &GcHead) -> Node {
        Node(NonNull::from(head))
    }

    /// The pre-header of `object`.
    ///
    /// # Safety
    /// The object is alive and has a GC pre-header.
    #[inline(always)]
    pub(in crate::memory) unsafe fn of(object: NonNull<Object>) -> Node {
        // SAFETY: the pre-header lies right before the object, in the same block.
        Node(unsafe { object.cast::<GcHead>().sub(1) })
    }

    /// The object behind this pre-header; meaningless for a list head.
    #[inline(always)]
    pub(in crate::memory) fn object(self) -> NonNull<Object> {
        // SAFETY: the object lies right behind its pre-header, in the same block.
        unsafe { self.0.add(1).cast() }
    }

    #[inline(always)]
    fn head<'a>(self) -> &'a GcHead {
        // SAFETY: the type's invariant.
        unsafe { self.0.as_ref() }
    }

    #[inline(always)]
    fn at(address: usize) -> Node {
        debug_assert!(address != 0);
        // SAFETY: links of tracked nodes are never null.
        Node(unsafe { NonNull::new_unchecked(std::ptr::with_exposed_provenance_mut(address)) })
    }

    #[inline(always)]
    fn address(self) -> usize {
        self.0.as_ptr().expose_provenance()
    }

    // ---- links ----

    #[inline(always)]
    pub(in crate::memory) fn is_tracked(self) -> bool {
        self.head().next.get() != 0
    }

    /// The next node; flags in the link are ignored.
    #[inline(always)]
    pub(in crate::memory) fn next(self) -> Node {
        Node::at(self.head().next.get() & !UNREACHABLE)
    }

    /// The next node of a list in which no link is flagged.
    #[inline(always)]
    pub(super) fn plain_next(self) -> Node {
        Node::at(self.head().next.get())
    }

    #[inline(always)]
    pub(in crate::memory) fn prev(self) -> Node {
        Node::at(self.head().prev.get() & PREV_ADDRESS)
    }

    /// The link as it is, with its flag.
    #[inline(always)]
    pub(super) fn raw_next(self) -> usize {
        self.head().next.get()
    }

    #[inline(always)]
    pub(super) fn set_raw_next(self, link: usize) {
        self.head().next.set(link);
    }

    #[inline(always)]
    pub(super) fn set_next(self, node: Node) {
        self.head().next.set(node.address());
    }

    /// As `set_next`, flagged as unreachable.
    #[inline(always)]
    pub(super) fn set_next_unreachable(self, node: Node) {
        self.head().next.set(node.address() | UNREACHABLE);
    }

    /// Sets the backward link and keeps the flags.
    #[inline(always)]
    pub(super) fn set_prev(self, node: Node) {
        let flags = self.head().prev.get() & !PREV_ADDRESS;
        self.head().prev.set(node.address() | flags);
    }

    /// Sets the backward link of a list head, which has no flags.
    #[inline(always)]
    pub(super) fn set_list_prev(self, node: Node) {
        self.head().prev.set(node.address());
    }

    // ---- flags and copied counts ----

    #[inline(always)]
    pub(in crate::memory) fn is_collecting(self) -> bool {
        self.head().prev.get() & COLLECTING != 0
    }

    #[inline(always)]
    pub(super) fn clear_collecting(self) {
        self.head().prev.set(self.head().prev.get() & !COLLECTING);
    }

    #[inline(always)]
    pub(in crate::memory) fn is_finalized(self) -> bool {
        self.head().prev.get() & FINALIZED != 0
    }

    #[inline(always)]
    pub(in crate::memory) fn set_finalized(self) {
        self.head().prev.set(self.head().prev.get() | FINALIZED);
    }

    #[inline(always)]
    pub(in crate::memory) fn is_marked_unreachable(self) -> bool {
        self.head().next.get() & UNREACHABLE != 0
    }

    #[inline(always)]
    pub(super) fn clear_unreachable(self) {
        self.head().next.set(self.head().next.get() & !UNREACHABLE);
    }

    /// The copied count (only while COLLECTING and not marked unreachable).
    #[inline(always)]
    pub(super) fn refs(self) -> usize {
        self.head().prev.get() >> REFS_SHIFT
    }

    #[inline(always)]
    pub(super) fn set_refs(self, refs: usize) {
        let flags = self.head().prev.get() & !PREV_ADDRESS;
        self.head().prev.set(refs << REFS_SHIFT | flags);
    }

    /// Makes the node a candidate with the copied count `refs`; gives up the backward link.
    #[inline(always)]
    pub(super) fn start_collecting(self, refs: usize) {
        let finalized = self.head().prev.get() & FINALIZED;
        self.head().prev.set(refs << REFS_SHIFT | COLLECTING | finalized);
    }

    /// Takes one from the copied count of a candidate; others are left alone.
    #[inline(always)]
    pub(super) fn subtract_ref(self) {
        let prev = self.head().prev.get();
        if prev & COLLECTING != 0 {
            debug_assert!(prev >> REFS_SHIFT != 0, "more references found than counted");
            self.head().prev.set(prev.wrapping_sub(1 << REFS_SHIFT));
        }
    }

    // ---- lists ----

    /// Makes this head an empty list.
    pub(in crate::memory) fn init_list(self) {
        self.set_next(self);
        self.set_list_prev(self);
    }

    #[inline(always)]
    pub(in crate::memory) fn is_empty_list(self) -> bool {
        self.next() == self
    }

    /// Appends an unlinked node to the list.
    #[inline(always)]
    pub(in crate::memory) fn append(self, node: Node) {
        let last = self.prev();
        node.set_prev(last);
        last.set_next(node);
        node.set_next(self);
        self.set_list_prev(node);
    }

    /// Takes the node out of whatever list it is in: untracked afterwards, `FINALIZED` stays.
    #[inline(always)]
    pub(in crate::memory) fn remove(self) {
        let (prev, next) = (self.prev(), self.next());
        prev.set_next(next);
        next.set_prev(prev);
        self.head().next.set(0);
        self.head().prev.set(self.head().prev.get() & FINALIZED);
    }

    /// Moves a node from its list to the end of `list`; flags in `prev` stay.
    #[inline]
    pub(super) fn move_to(self, list: Node) {
        let (prev, next) = (self.prev(), self.next());
        prev.set_next(next);
        next.set_prev(prev);
        list.append(self);
    }

    /// Appends everything in `self` to `to` and leaves `self` empty.
    pub(super) fn merge_into(self, to: Node) {
        debug_assert!(self != to);
        if !self.is_empty_list() {
            let (first, last, to_last) = (self.next(), self.prev(), to.prev());
            to_last.set_next(first);
            first.set_prev(to_last);
            last.set_next(to);
            to.set_list_prev(last);
        }
        self.init_list();
    }

    /// The number of nodes in the list.
    pub(in crate::memory) fn list_len(self) -> usize {
        let mut len = 0;
        let mut node = self.next();
        while node != self {
            len += 1;
            node = node.next();
        }
        len
    }

    /// Calls `each` with the object of every node, oldest first. `each` must not change lists.
    pub(in crate::memory) fn for_each(self, each: &mut dyn FnMut(&Object)) {
        let mut node = self.next();
        while node != self {
            // SAFETY: a linked node is the pre-header of a live object.
            each(unsafe { node.object().as_ref() });
            node = node.next();
        }
    }
}
