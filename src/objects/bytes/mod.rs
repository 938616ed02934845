//! `bytes`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "bytes", ..TypeSpec::EMPTY };
pub static BYTES_ITERATOR: TypeSpec = TypeSpec { name: "bytes_iterator", ..TypeSpec::EMPTY };

use crate::memory::{Layout, Object};
use std::cell::Cell;

/// Header of a bytes object; the bytes follow it in the same block.
#[repr(C)]
pub struct BytesObject {
    pub object: Object,
    pub(super) len: usize,
    /// -1 until computed.
    pub(super) hash: Cell<i64>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for BytesObject {}
// SAFETY: every `bytes` instance begins with this layout.
unsafe impl crate::objects::TypedLayout for BytesObject {
    fn type_of(types: &crate::objects::Types) -> &'static crate::objects::TypeObject {
        types.bytes
    }
}

impl BytesObject {
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `len` bytes follow the header in the same block.
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).add(1).cast::<u8>(), self.len) }
    }
}
