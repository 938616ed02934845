//! Weak references as memory sees them: an intrusive list per referent, newest first but for the
//! shared callback-less reference and proxy, which stand at its head (as in CPython).
use std::cell::Cell;
use std::ptr::NonNull;

use super::object::Object;
use super::refs::{Layout, Slot};

/// The layout of `weakref.ref` and the proxies.
#[repr(C)]
pub struct WeakRefCore {
    pub object: Object,
    /// The referent, or `None` once it is gone.
    pub referent: Cell<Option<NonNull<Object>>>,
    pub callback: Slot,
    /// Hash of the referent once asked for, -1 before.
    pub hash: Cell<i64>,
    pub prev: Cell<Option<NonNull<WeakRefCore>>>,
    pub next: Cell<Option<NonNull<WeakRefCore>>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for WeakRefCore {}

/// `PyObject_ClearWeakRefs`: the referent is dying by count; each reference is emptied, then
/// their callbacks run, newest first, through the host.
pub fn clear_weakrefs(referent: &Object) {
    let _ = referent;
    todo!("memory helper")
}
