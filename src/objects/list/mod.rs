//! `list`.

use std::cell::Cell;
use std::ptr::NonNull;

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object, Ref};

/// A list: a growable array of owned references in a raw buffer. Plain operations here never run
/// Python code except by releasing what they remove.
#[repr(C)]
pub struct ListObject {
    pub object: Object,
    pub(super) len: Cell<usize>,
    pub(super) items: Cell<NonNull<Ref>>,
    /// Items that fit the buffer.
    pub(super) allocated: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ListObject {}
// SAFETY: every `list` instance begins with this layout.
unsafe impl TypedLayout for ListObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.list
    }
}

impl ListObject {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A new reference to the item.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Ref> {
        self.peek_slice().get(index).cloned()
    }

    /// The items, borrowed: no Python code may run and the list must not change meanwhile.
    #[inline(always)]
    pub fn peek_slice(&self) -> &[Ref] {
        // SAFETY: `len` initialised items lie in the buffer.
        unsafe { std::slice::from_raw_parts(self.items.get().as_ptr(), self.len.get()) }
    }

    /// New references to all items.
    pub fn to_vec(&self) -> Vec<Ref> {
        self.peek_slice().to_vec()
    }

    /// Appends (growing as CPython's `list_resize` does); `MemoryError` past the limit.
    pub fn push(&self, cx: crate::vm::Ctx, item: Ref) -> super::PyResult<()> {
        let _ = (cx, item);
        todo!("containers helper")
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "list", ..TypeSpec::EMPTY };
pub static LIST_ITERATOR: TypeSpec = TypeSpec { name: "list_iterator", ..TypeSpec::EMPTY };
pub static LIST_REVERSEITERATOR: TypeSpec = TypeSpec { name: "list_reverseiterator", ..TypeSpec::EMPTY };
