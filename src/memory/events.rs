//! What can be watched: a sink gets an event for each object made, freed, tracked or promoted and
//! for each step of a collection.
//!
//! With no sink installed an event costs one predictable branch on one static flag. A sink must
//! leave no trace: it changes no count, makes no object, calls no Python.

use std::cell::Cell;

use super::gc::CollectResult;
use super::heap::HEAP;
use super::object::Object;

/// Kinds of events, as bits. What no sink asks for costs no more than with no sink at all.
pub mod interest {
    /// `created`, for instances of classes made by a `class` statement only.
    pub const INSTANCES: u8 = 1;
    /// `created`, for every object.
    pub const CREATED: u8 = 2;
    /// `freed`, for every object.
    pub const FREED: u8 = 4;
    /// `freed`, for addresses that were marked ([`super::mark`]) and a few others.
    pub const MARKED_FREED: u8 = 128;
    /// `dying`.
    pub const DYING: u8 = 8;
    /// `tracked`, `untracked`, `promoted`.
    pub const LISTS: u8 = 16;
    /// `collection_start`, `collection_end`.
    pub const COLLECTIONS: u8 = 32;
    /// `collection_phase`, for which objects are counted.
    pub const PHASES: u8 = 64;
    pub const ALL: u8 = CREATED | FREED | DYING | LISTS | COLLECTIONS | PHASES;
}

/// Receives events. Every method has an empty default.
pub trait Sink {
    /// Which events it wants, bits of [`interest`]. Asked when it is installed.
    fn interests(&self) -> u8 {
        interest::ALL
    }
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
    HEAP.watching.set(sink.map_or(0, Sink::interests));
    HEAP.sink.replace(sink)
}

/// Asks the sink again which events it wants.
pub fn ask_interests() {
    HEAP.watching.set(HEAP.sink.get().map_or(0, Sink::interests));
}

/// Whether a sink is installed.
#[inline(always)]
pub fn watching() -> bool {
    HEAP.watching.get() != 0
}

/// Whether the sink asked for events of this kind.
#[inline(always)]
pub(super) fn wants(kind: u8) -> bool {
    HEAP.watching.get() & kind != 0
}

/// Entries of the table of marks.
const MARKS: usize = 1 << 14;

/// How often addresses were marked, many addresses to a counter. A counter that is full stays full.
pub(super) struct Marks([Cell<u8>; MARKS]);

impl Marks {
    pub(super) const fn new() -> Marks {
        Marks([const { Cell::new(0) }; MARKS])
    }

    #[inline(always)]
    fn place(&self, address: usize) -> &Cell<u8> {
        // Blocks are 16 bytes apart.
        &self.0[(address >> 4) % MARKS]
    }
}

/// Asks to be told when the object at this address is freed ([`interest::MARKED_FREED`]).
pub fn mark(address: usize) {
    let place = HEAP.marks.place(address);
    place.set(place.get().saturating_add(1));
}

/// Takes one mark of this address back.
pub fn unmark(address: usize) {
    let place = HEAP.marks.place(address);
    if place.get() != u8::MAX {
        place.set(place.get().saturating_sub(1));
    }
}

/// Takes all marks away.
pub(super) fn clear_marks() {
    HEAP.marks.0.iter().for_each(|place| place.set(0));
}

/// Tells that the object at this address is no more, if that is wanted.
#[inline(always)]
pub(super) fn emit_freed(address: usize) {
    let wanted = HEAP.watching.get();
    if wanted & (interest::FREED | interest::MARKED_FREED) != 0
        && (wanted & interest::FREED != 0 || HEAP.marks.place(address).get() != 0)
    {
        emit(|sink| sink.freed(address));
    }
}

/// Tells of a new object, if that is wanted.
#[inline(always)]
pub(super) fn emit_created(object: &Object) {
    let wanted = HEAP.watching.get();
    if wanted & (interest::CREATED | interest::INSTANCES) != 0
        && (wanted & interest::CREATED != 0 || object.type_core().info.is_heap_type.get())
    {
        emit(|sink| sink.created(object));
    }
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
