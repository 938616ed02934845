//! The way from count zero to freed memory, without native recursion (the trashcan).
use std::ptr::NonNull;

use super::object::Object;

/// Destroys an object whose count has just reached zero.
///
/// # Safety
/// The count is zero and nobody else destroys the object.
#[inline(never)]
pub unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the type's slot fits the object; called once as promised.
    unsafe { (object.as_ref().type_core().info.dealloc.get())(object) }
}
