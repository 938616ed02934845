//! One collection, step by step.
use std::ptr::NonNull;

use super::header::GcHead;
use crate::memory::object::Object;

/// # Safety
/// `referent` is live.
pub(in crate::memory) unsafe fn visit_subtract(referent: NonNull<Object>) {
    let _ = referent;
    todo!("memory helper")
}

/// # Safety
/// `referent` is live, `young` the list under examination.
pub(in crate::memory) unsafe fn visit_reachable(referent: NonNull<Object>, young: NonNull<GcHead>) {
    let _ = (referent, young);
    todo!("memory helper")
}
