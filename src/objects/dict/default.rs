//! The layout of `collections.defaultdict`: a dict and what makes its missing values.

use std::ptr::NonNull;

use super::DictObject;
use crate::memory::{Layout, Object, Slot, Trace, Visitor, untrack};

/// A dict and what makes its missing values.
#[repr(C)]
pub struct DefaultDict {
    pub dict: DictObject,
    pub factory: Slot,
}

// SAFETY: `repr(C)`, begins with a layout.
unsafe impl Layout for DefaultDict {}

impl DefaultDict {
    /// The receiver of a slot or method of the type.
    #[inline(always)]
    pub fn of(object: &Object) -> &DefaultDict {
        // SAFETY: slots and methods of the type are called on its instances only.
        unsafe { object.cast() }
    }
}

/// # Safety
/// As `DeallocFn`; the object is a `defaultdict`.
pub unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the factory goes before the entries.
    unsafe {
        untrack(object.as_ref());
        DefaultDict::of(object.as_ref()).factory.set(None);
        super::dealloc(object);
    }
}

/// # Safety
/// As `TraverseFn`; the object is a `defaultdict`.
pub unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe {
        DefaultDict::of(object.as_ref()).factory.trace(visitor);
        super::traverse(object, visitor);
    }
}

/// # Safety
/// As `ClearFn`; the object is a `defaultdict`.
pub unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        DefaultDict::of(object.as_ref()).factory.set(None);
        super::clear(object);
    }
}
