//! `str`: immutable text in CPython's compact form: one, two or four bytes a code point, whichever
//! the widest needs, in one block behind the header. Lone surrogates are allowed.

use std::cell::Cell;

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object};

/// Header of a string; the units follow it in the same block.
#[repr(C)]
pub struct StrObject {
    pub object: Object,
    /// Length in code points.
    pub(super) len: usize,
    /// -1 until computed.
    pub(super) hash: Cell<i64>,
    /// Bytes per unit: 1, 2 or 4.
    pub(super) kind: u8,
    pub(super) ascii: bool,
    pub(super) interned: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for StrObject {}
// SAFETY: every `str` instance begins with this layout.
unsafe impl TypedLayout for StrObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.str
    }
}

impl StrObject {
    /// Length in code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text as `&str` when it is ASCII.
    #[inline(always)]
    pub fn as_ascii(&self) -> Option<&str> {
        todo!("text helper")
    }

    /// As UTF-8; a surrogate becomes U+FFFD. For messages and lookups by well-known names.
    pub fn to_string_lossy(&self) -> String {
        todo!("text helper")
    }

    /// As UTF-8, or `None` where a surrogate stands in the way.
    pub fn to_utf8(&self) -> Option<std::borrow::Cow<'_, str>> {
        todo!("text helper")
    }

    /// The code point at `index`, which is in range.
    #[inline]
    pub fn code_point(&self, index: usize) -> u32 {
        let _ = index;
        todo!("text helper")
    }

    /// All code points.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len).map(|i| self.code_point(i))
    }

    /// Whether the text equals `text`.
    pub fn eq_str(&self, text: &str) -> bool {
        let _ = text;
        todo!("text helper")
    }

    /// Whether both hold the same text (no Python code runs).
    pub fn eq_text(&self, other: &StrObject) -> bool {
        let _ = other;
        todo!("text helper")
    }

    /// The hash (cached): SipHash-1-3 with a zero key, CPython's under `PYTHONHASHSEED=0`.
    #[inline]
    pub fn hash(&self) -> i64 {
        todo!("text helper")
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "str", ..TypeSpec::EMPTY };
pub static STR_ITERATOR: TypeSpec = TypeSpec { name: "str_iterator", ..TypeSpec::EMPTY };
pub static STR_ASCII_ITERATOR: TypeSpec = TypeSpec { name: "str_ascii_iterator", ..TypeSpec::EMPTY };
