//! The two words before every object that the collector knows.
use std::cell::Cell;

/// List links; flags live in their low bits.
#[repr(C)]
pub struct GcHead {
    pub(super) next: Cell<usize>,
    pub(super) prev: Cell<usize>,
}

const _: () = assert!(size_of::<GcHead>() == 16);
