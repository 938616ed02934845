//! Memory: arenas, object header, owning references, dealloc, generations and the collector.
//!
//! | file | holds |
//! | --- | --- |
//! | `object`, `refs`, `visit` | the header, the owning handle, what `traverse` calls |
//! | `heap`, `region`, `arena`, `pool`, `large` | where blocks come from; the walk over all objects |
//! | `alloc`, `free_list`, `dealloc` | the life of an object: made, parked, destroyed |
//! | `gc` | generations and the cycle collector, explained with an example |
//! | `weakref` | lists of weak references |
//! | `host`, `events` | the two ways up: what memory asks for, and what it tells |
//! | `survey`, `verify` | what the heap looks like; whether it is sound |
//!
//! Always true: an object is destroyed the moment its count falls to zero; a block is in exactly
//! one page, whose header tells what it is for; one thread at a time has a heap.

pub mod alloc;
mod arena;
pub mod dealloc;
pub mod events;
pub mod free_list;
pub mod gc;
pub mod heap;
pub mod host;
mod large;
pub mod look;
pub mod object;
mod pool;
pub mod refs;
mod region;
pub mod survey;
#[cfg(test)]
mod tests;
pub mod verify;
pub mod visit;
pub mod weakref;

pub use alloc::{
    dealloc_as, free_object, new_object, new_object_with, new_ref, raw_alloc, raw_alloc_zeroed, raw_free,
    raw_realloc, resize_object, try_new_object,
};
pub use dealloc::finalize_from_dealloc;
pub use free_list::{FreeList, RawFreeList};
pub use gc::{is_tracked, track, untrack};
pub use heap::{Heap, HeapGuard, walk_objects};
pub use host::Host;
pub use object::{Object, PreHeader, TypeCore, TypeInfo, UntrackPass, WeakKind};
pub use refs::{Layout, Ref, Slot, decref, incref};
pub use visit::{Trace, Visitor};
