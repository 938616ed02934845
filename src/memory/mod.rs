//! Memory: arenas, object header, owning references, dealloc, generations and the collector.
pub mod alloc;
pub mod dealloc;
pub mod gc;
pub mod object;
pub mod refs;
pub mod visit;
pub mod weakref;

pub use alloc::{dealloc_as, free_object, new_object, new_ref};
pub use gc::{is_tracked, track, untrack};
pub use object::{Object, PreHeader, TypeCore, TypeInfo};
pub use refs::{Layout, Ref, Slot, decref, incref};
pub use visit::{Trace, Visitor};
