//! The generational cycle collector of CPython 3.11.
//!
//! Reference counts free almost everything at once. What they cannot free is a cycle: objects
//! that hold each other although nothing outside holds any of them. The collector finds those.
//! It knows every object that can hold others and has been *tracked*; tracked objects live in one
//! of three generations, and those that survive a collection move to the next.
//!
//! # Worked example
//!
//! `a = A(); b = B(); a.x = b; b.x = a; b.y = c; del a, b`, where the global `c` holds a `C` that has
//! a reference back to nothing.
//!
//! ```text
//!   generation examined:   A(1) <──────> B(1) ──────> C(2)
//!                                                      ↑
//!   outside:                                       global c
//! ```
//!
//! 1. *Merge.* Younger generations join the one examined.
//! 2. *Copy counts* (`update_refs`): A 1, B 1, C 2.
//! 3. *Subtract internal references* (`subtract_refs`): each candidate shows what it holds, and each
//!    candidate shown loses one. A 0, B 0, C 1. What is left came from outside.
//! 4. *Separate* (`move_unreachable`), front to back: A has 0, perhaps unreachable, moved aside.
//!    B likewise. C has 1: reachable, and so is all that it holds; anything of that which was moved
//!    aside already comes back, to the end of the list. Left aside: A, B.
//! 5. *Promote.* Survivors move to the next generation; tuples (and dicts, in a full collection) in
//!    which nothing can be part of a cycle are untracked.
//! 6. *Legacy finalizers.* What has a `__del__` of Python 2's kind, and what it reaches, is set aside
//!    as uncollectable.
//! 7. *Weak references* to A and B are emptied, then the callbacks run whose weak reference is
//!    itself not garbage.
//! 8. *Finalize.* `__del__` of A and B runs, once in the life of each.
//! 9. *Resurrection.* Steps 2 to 4 again, among A and B alone: whatever a finalizer has made
//!    reachable moves to the next generation and lives on.
//! 10. *Delete.* Each remaining object drops what it holds; the counts then fall to zero by
//!     themselves.
//!
//! [`mod@collect`] has one function for each step. [`state`] holds generations, counters and
//! thresholds; [`query`] answers questions (`gc.get_referrers` and the like); [`header`] the two
//! words before each object.

pub mod collect;
pub mod header;
pub mod query;
mod report;
pub mod state;

pub use collect::{collect, collect_at_exit, collect_if_enabled};
pub use state::{
    CollectResult, DebugFlags, GENERATIONS, Stats, collecting, counts, debug_flags, disable, enable, freeze,
    frozen_count, is_enabled, set_debug_flags, set_thresholds, stats, thresholds, unfreeze,
};
pub use state::{count_unseen, uncount_unseen};

use header::Node;

use super::events;
use super::heap::HEAP;
use super::object::Object;

/// Puts an object into generation 0. The object has a GC pre-header and is not tracked.
#[inline]
pub fn track(object: &Object) {
    debug_assert!(object.is_gc());
    // SAFETY: promised by the caller, checked above in debug builds.
    let node = unsafe { Node::of(object.as_ptr()) };
    debug_assert!(!node.is_tracked(), "tracked twice");
    HEAP.gc.generation(0).append(node);
    if events::wants(events::interest::LISTS) {
        events::emit(|sink| sink.tracked(object));
    }
}

/// Takes an object out of its generation; nothing happens when it is not tracked.
#[inline]
pub fn untrack(object: &Object) {
    debug_assert!(object.is_gc());
    // SAFETY: as in `track`.
    let node = unsafe { Node::of(object.as_ptr()) };
    if node.is_tracked() {
        node.remove();
        if events::wants(events::interest::LISTS) {
            events::emit(|sink| sink.untracked(object));
        }
    }
}

/// Whether the collector knows the object (`gc.is_tracked`); false for objects without pre-header.
#[inline]
pub fn is_tracked(object: &Object) -> bool {
    // SAFETY: `is_gc` tells that there is a pre-header.
    object.is_gc() && unsafe { Node::of(object.as_ptr()) }.is_tracked()
}

/// Whether the finalizer has run (`gc.is_finalized`); false for objects without pre-header.
pub fn is_finalized(object: &Object) -> bool {
    // SAFETY: as above.
    object.is_gc() && unsafe { Node::of(object.as_ptr()) }.is_finalized()
}
