//! What can be watched: a sink gets an event for each object made, freed, tracked or promoted and
//! for each step of a collection.
//!
//! With no sink installed an event costs one predictable branch on one static flag. A sink must
//! leave no trace: it changes no count, makes no object, calls no Python.

use super::gc::CollectResult;
use super::heap::HEAP;
use super::object::Object;

/// Receives events. Every method has an empty default.
pub trait Sink {
    /// A new object: header set, payload *not* readable yet.
    fn created(&self, _object: &Object) {}
    /// The count has reached zero; the payload is still whole. A finalizer may bring the object
    /// back, so `freed` need not follow.
    fn dying(&self, _object: &Object) {}
    /// The memory is given back (or parked in a free list); only the address has meaning.
    fn freed(&self, _address: usize) {}
    /// The object entered generation 0.
    fn tracked(&self, _object: &Object) {}
    /// The object left the collector's lists.
    fn untracked(&self, _object: &Object) {}
    /// The object survived and is now in `generation` (perhaps it was before).
    fn promoted(&self, _object: &Object, _generation: usize) {}
    fn collection_start(&self, _generation: usize) {}
    /// A step begins; `objects` is the size of the set that it is about, where that is known.
    fn collection_phase(&self, _phase: Phase, _objects: usize) {}
    fn collection_end(&self, _generation: usize, _result: &CollectResult) {}
}

/// The steps of a collection, in order (see [`mod@super::gc::collect`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Younger generations are merged into the one examined.
    Merge,
    /// Counts are copied and internal references subtracted.
    SubtractRefs,
    /// What cannot be reached from outside is separated.
    MoveUnreachable,
    /// Survivors move to the next generation, tuples and dicts that cannot be in cycles leave.
    Promote,
    /// Objects with a legacy finalizer, and what they reach, are set aside.
    LegacyFinalizers,
    /// Weak references are emptied and their callbacks run.
    WeakRefs,
    /// Finalizers run.
    Finalize,
    /// What finalizers brought back is separated from what stays dead.
    Resurrect,
    /// References inside the dead set are dropped.
    Delete,
}

/// Installs a sink, or none. Returns the one before.
pub fn set_sink(sink: Option<&'static dyn Sink>) -> Option<&'static dyn Sink> {
    HEAP.watching.set(sink.is_some());
    HEAP.sink.replace(sink)
}

/// Whether a sink is installed.
#[inline(always)]
pub fn watching() -> bool {
    HEAP.watching.get()
}

/// Gives the event to the sink, if there is one. Keep calls to this behind [`watching`] where
/// speed counts.
#[cold]
#[inline(never)]
pub(super) fn emit(event: impl FnOnce(&dyn Sink)) {
    if let Some(sink) = HEAP.sink.get() {
        event(sink);
    }
}
