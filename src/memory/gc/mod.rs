//! The generational cycle collector.
pub mod collect;
pub mod header;

use super::object::Object;

/// Puts an object into generation 0. The object has a GC pre-header and is not tracked.
pub fn track(object: &Object) {
    let _ = object;
    todo!("memory helper")
}

/// Takes an object out of its generation; nothing happens when it is not tracked.
pub fn untrack(object: &Object) {
    let _ = object;
    todo!("memory helper")
}

/// Whether the collector knows the object (`gc.is_tracked`); false for objects without pre-header.
pub fn is_tracked(object: &Object) -> bool {
    let _ = object;
    todo!("memory helper")
}
