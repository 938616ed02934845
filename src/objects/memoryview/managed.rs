//! `managedbuffer`: a loan of an object's bytes, shared by all views that were made of it.
//!
//! The loan is given back when the last view of it is released, or with the object itself.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::memory::{self, Layout, Object, Ref, Slot, Trace, Visitor, new_ref, track};
use crate::objects::slots::{Lent, PyResult};
use crate::objects::spec::{Layout as SpecLayout, TypeFlags, TypeSpec};
use crate::objects::type_object::TypedLayout;
use crate::objects::{TypeObject, Types, types};
use crate::vm::Ctx;

#[repr(C)]
pub struct ManagedBuffer {
    pub object: Object,
    /// The object whose bytes are lent; empty once given back.
    base: Slot,
    /// Views that are not released.
    pub(super) exports: Cell<usize>,
    pub(super) lent: Lent,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ManagedBuffer {}
// SAFETY: every managed buffer has this layout; the type cannot be derived from.
unsafe impl TypedLayout for ManagedBuffer {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.managed_buffer
    }
}

impl ManagedBuffer {
    /// Borrows the bytes of `base`.
    pub(super) fn lend(cx: Ctx, base: &Object) -> PyResult<Ref<ManagedBuffer>> {
        let Some(slot) = base.ty().slots().get_buffer else {
            let ty = base.ty().tp_name();
            return Err(
                cx.type_error(format_args!("memoryview: a bytes-like object is required, not '{ty}'"))
            );
        };
        let lent = slot(cx, base)?;
        let made = new_ref(&types().managed_buffer.core, |object| ManagedBuffer {
            object,
            base: Slot::new(base.to_ref()),
            exports: Cell::new(0),
            lent,
        });
        track(made.as_object());
        Ok(made)
    }

    /// The object whose bytes are lent.
    pub(super) fn base(&self) -> Option<Ref> {
        self.base.get()
    }

    /// A view is released: the last one gives the loan back.
    pub(super) fn forget_view(&self) {
        self.exports.set(self.exports.get() - 1);
        if self.exports.get() == 0 {
            self.give_back();
        }
    }

    fn give_back(&self) {
        if let Some(base) = self.base.take()
            && let Some(release) = base.ty().slots().release_buffer
        {
            release(&base);
        }
    }
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        object.cast::<ManagedBuffer>().as_ref().give_back();
        memory::dealloc_as::<ManagedBuffer>(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<ManagedBuffer>().as_ref() }.base.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller. Views that are left keep the loan.
    let buffer = unsafe { object.cast::<ManagedBuffer>().as_ref() };
    if buffer.exports.get() == 0 {
        buffer.give_back();
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "managedbuffer",
    layout: SpecLayout::gc::<ManagedBuffer>(),
    basicsize: 120,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
