//! `tuple`.

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object, Ref};

/// Header of a tuple; the items follow it in the same block.
#[repr(C)]
pub struct TupleObject {
    pub object: Object,
    pub(super) len: usize,
    pub(super) items: [Ref; 0],
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for TupleObject {}
// SAFETY: every `tuple` instance begins with this layout.
unsafe impl TypedLayout for TupleObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.tuple
    }
}

impl TupleObject {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[Ref] {
        // SAFETY: `len` initialised items follow the header.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "tuple", ..TypeSpec::EMPTY };
pub static TUPLE_ITERATOR: TypeSpec = TypeSpec { name: "tuple_iterator", ..TypeSpec::EMPTY };
