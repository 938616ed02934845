//! `memory_iterator`: the items of a view of one dimension.

use std::cell::Cell;
use std::ptr::NonNull;

use super::{MemoryViewObject, item_at};
use crate::memory::{self, Layout, Object, Ref, Slot, Trace, Visitor, new_ref, track};
use crate::objects::slots::{PyResult, Slots};
use crate::objects::spec::{Layout as SpecLayout, TypeFlags, TypeSpec};
use crate::objects::types;
use crate::vm::Ctx;

#[repr(C)]
struct MemoryIterator {
    object: Object,
    view: Slot,
    at: Cell<usize>,
    len: usize,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for MemoryIterator {}

fn this(object: &Object) -> &MemoryIterator {
    // SAFETY: slots of this type are called with its instances only.
    unsafe { object.cast() }
}

/// `iter(view)`.
pub(super) fn make(view: &MemoryViewObject) -> Ref {
    let made = new_ref(&types().memory_iterator.core, |object| MemoryIterator {
        object,
        view: Slot::new(view.to_object()),
        at: Cell::new(0),
        len: view.shape.first().copied().unwrap_or(0),
    });
    track(made.as_object());
    made.into_object()
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    let Some(view) = iterator.view.get() else { return Ok(None) };
    let at = iterator.at.get();
    if at < iterator.len {
        let Some(view) = view.downcast::<MemoryViewObject>() else { return Ok(None) };
        view.check(cx)?;
        iterator.at.set(at + 1);
        return item_at(cx, view, view.offset_of(&[at])).map(Some);
    }
    drop(iterator.view.take());
    Ok(None)
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<MemoryIterator>().as_ref() }.view.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "memory_iterator",
    layout: SpecLayout::gc::<MemoryIterator>(),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots { iter: Some(|_, object| Ok(object.to_ref())), iternext: Some(next), ..Slots::EMPTY },
    dealloc: Some(memory::dealloc_as::<MemoryIterator>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
