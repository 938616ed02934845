//! What the iterator types share: the layout of "a place in a sequence", making instances of any
//! type, looking up the built-in functions that `__reduce__` names.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::memory::object::TypeInfo;
use crate::memory::{
    Layout as MemoryLayout, Object, PreHeader, Ref, Slot, Trace, Visitor, alloc, dealloc_as, track,
};
use crate::objects::dict::raw::Keys;
use crate::objects::dict::values::Values;
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{PyResult, TypeObject};
use crate::vm::Ctx;

/// A sequence and the next place in it; the sequence is gone once the iterator is exhausted.
#[repr(C)]
pub struct SequenceIterator<T: MemoryLayout> {
    pub object: Object,
    pub index: Cell<isize>,
    pub sequence: Slot<T>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl<T: MemoryLayout> MemoryLayout for SequenceIterator<T> {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a `SequenceIterator`.
pub(crate) unsafe fn traverse_sequence(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller; all instances of the generic have one layout.
    unsafe { object.cast::<SequenceIterator<Object>>().as_ref() }.sequence.trace(visitor);
}

/// The base of the specs of sequence iterators.
pub const SPEC: TypeSpec = TypeSpec {
    layout: Layout::gc::<SequenceIterator<Object>>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC,
    dealloc: Some(dealloc_as::<SequenceIterator<Object>>),
    traverse: Some(traverse_sequence),
    ..TypeSpec::EMPTY
};

/// A zeroed instance of any type with room for `items` inline items, tracked when the collector
/// knows its kind (`PyType_GenericAlloc`). Instances with managed attributes get their value block.
///
/// # Safety
/// Zeroed fields must be a valid state of the layout, or be written before anything else runs.
pub(crate) unsafe fn alloc_instance(cx: Ctx, ty: &TypeObject, items: usize) -> PyResult<Ref> {
    let info: &TypeInfo = &ty.core.info;
    let size = items
        .checked_mul(info.item_size.get() as usize)
        .and_then(|bytes| bytes.checked_add(info.size.get() as usize))
        .filter(|size| *size <= isize::MAX as usize)
        .ok_or_else(|| cx.memory_error())?;
    // SAFETY: the payload is zeroed; the caller promises that this is a valid state.
    unsafe {
        let object = alloc::try_new_object(&ty.core, size, true).ok_or_else(|| cx.memory_error())?;
        if info.pre_header.get() == PreHeader::Managed && !ty.cached_keys.get().is_null() {
            let values = Values::for_instance(Keys::from_raw(ty.cached_keys.get()));
            let values = values.map_or(std::ptr::null_mut(), Values::as_ptr);
            object.cast::<*mut Option<Ref>>().sub(3).write(values);
        }
        if object.as_ref().is_gc() {
            track(object.as_ref());
        }
        Ok(Ref::from_owned(object))
    }
}

