//! `str`: immutable text in CPython's compact form: one, two or four bytes a code point, whichever
//! the widest needs. Lone surrogates are allowed.
//!
//! | file | holds |
//! | --- | --- |
//! | `raw` | making and destroying strings, the shared ones, growing in place |
//! | `intern` | the table of interned strings |
//! | `builder` | text that grows code point by code point |
//! | `unicode` | character properties and case mappings (Unicode 14) |
//! | `search` | finding one text in another |
//! | `codec` | encodings, both ways, with their error handlers |
//! | `methods`, `case`, `split` | the methods |
//! | `iter` | iterators |
//!
//! Always true: `kind` is the narrowest that holds every code point, so equal texts have equal
//! kinds; the empty string and single Latin-1 characters of type `str` exist once.

pub mod builder;
pub mod case;
pub mod codec;
pub mod intern;
pub mod iter;
pub mod methods;
pub mod raw;
pub mod search;
pub mod split;
pub mod unicode;

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

pub use builder::StrBuilder;
pub use iter::{STR_ASCII_ITERATOR, STR_ITERATOR};
pub use methods::SPEC;
pub use raw::append_in_place;

use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object};

/// Header of a string. The units follow it in the same block when they are few, else they lie in
/// a raw buffer.
#[repr(C)]
pub struct StrObject {
    pub object: Object,
    /// Length in code points. Changes only while [`append_in_place`] holds the sole reference.
    pub(super) len: Cell<usize>,
    /// -1 until computed.
    pub(super) hash: Cell<i64>,
    pub(super) data: Cell<*mut u8>,
    /// Bytes per unit: 1, 2 or 4.
    pub(super) kind: u8,
    pub(super) ascii: Cell<bool>,
    pub(super) interned: Cell<bool>,
    pub(super) storage: raw::Storage,
    /// Units that still fit behind the last one in a raw buffer.
    pub(super) spare: Cell<u32>,
}

const _: () = assert!(size_of::<StrObject>() == 48);

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for StrObject {}
// SAFETY: every `str` instance begins with this layout.
unsafe impl TypedLayout for StrObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.str
    }
}

/// The units of a string, by width.
#[derive(Clone, Copy)]
pub enum Units<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

/// Runs the same expression over the units, whatever their width.
macro_rules! with_units {
    ($units:expr, $name:ident => $body:expr) => {
        match $units {
            $crate::objects::str::Units::One($name) => $body,
            $crate::objects::str::Units::Two($name) => $body,
            $crate::objects::str::Units::Four($name) => $body,
        }
    };
}
pub(crate) use with_units;

/// One unit of text: `u8`, `u16` or `u32`.
pub trait Unit: Copy + Eq + Ord + 'static {
    const KIND: u8;
    fn point(self) -> u32;
}
impl Unit for u8 {
    const KIND: u8 = 1;
    #[inline(always)]
    fn point(self) -> u32 {
        self.into()
    }
}
impl Unit for u16 {
    const KIND: u8 = 2;
    #[inline(always)]
    fn point(self) -> u32 {
        self.into()
    }
}
impl Unit for u32 {
    const KIND: u8 = 4;
    #[inline(always)]
    fn point(self) -> u32 {
        self
    }
}

impl<'a> Units<'a> {
    #[inline]
    pub fn len(self) -> usize {
        with_units!(self, units => units.len())
    }
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// The code point at `index`, which is in range.
    #[inline(always)]
    pub fn at(self, index: usize) -> u32 {
        with_units!(self, units => units[index].point())
    }
    /// The part from `start` to `end`, both in range.
    #[inline]
    pub fn range(self, start: usize, end: usize) -> Units<'a> {
        match self {
            Units::One(units) => Units::One(&units[start..end]),
            Units::Two(units) => Units::Two(&units[start..end]),
            Units::Four(units) => Units::Four(&units[start..end]),
        }
    }
    /// The bytes per unit.
    #[inline]
    pub fn kind(self) -> u8 {
        match self {
            Units::One(_) => 1,
            Units::Two(_) => 2,
            Units::Four(_) => 4,
        }
    }
    /// All code points.
    pub fn points(self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + use<'a> {
        (0..self.len()).map(move |index| self.at(index))
    }
    /// As UTF-8; a surrogate becomes U+FFFD.
    pub fn to_string_lossy(self) -> String {
        match self {
            Units::One(units) if units.is_ascii() => String::from_utf8_lossy(units).into_owned(),
            _ => self.points().map(|c| char::from_u32(c).unwrap_or('\u{fffd}')).collect(),
        }
    }
    /// Whether both hold the same text.
    pub fn eq_units(self, other: Units<'_>) -> bool {
        match (self, other) {
            (Units::One(a), Units::One(b)) => a == b,
            (Units::Two(a), Units::Two(b)) => a == b,
            (Units::Four(a), Units::Four(b)) => a == b,
            _ => self.len() == other.len() && self.points().eq(other.points()),
        }
    }
}

impl StrObject {
    /// Length in code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The units, by width.
    #[inline(always)]
    pub fn units(&self) -> Units<'_> {
        match self.kind {
            1 => Units::One(self.units_unchecked()),
            2 => Units::Two(self.units_unchecked()),
            _ => Units::Four(self.units_unchecked()),
        }
    }

    /// The bytes of a string of Latin-1 characters only.
    #[inline(always)]
    pub fn as_latin1(&self) -> Option<&[u8]> {
        if self.kind == 1 { Some(self.units_unchecked()) } else { None }
    }

    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.ascii.get()
    }

    /// The text as `&str` when it is ASCII.
    #[inline(always)]
    pub fn as_ascii(&self) -> Option<&str> {
        if self.ascii.get() {
            // SAFETY: `ascii` says that every unit is below 128, which is valid UTF-8.
            Some(unsafe { std::str::from_utf8_unchecked(self.units_unchecked()) })
        } else {
            None
        }
    }

    /// As UTF-8; a surrogate becomes U+FFFD. For messages and lookups by well-known names.
    pub fn to_string_lossy(&self) -> String {
        match self.as_ascii() {
            Some(text) => text.to_string(),
            None => self.units().to_string_lossy(),
        }
    }

    /// As UTF-8, or `None` where a surrogate stands in the way.
    pub fn to_utf8(&self) -> Option<Cow<'_, str>> {
        match self.as_ascii() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.code_points().map(char::from_u32).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    /// The code point at `index`, which is in range.
    #[inline]
    pub fn code_point(&self, index: usize) -> u32 {
        self.units().at(index)
    }

    /// All code points.
    pub fn code_points(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + '_ {
        self.units().points()
    }

    /// Whether the text equals `text`.
    pub fn eq_str(&self, text: &str) -> bool {
        match self.as_ascii() {
            Some(own) => own == text,
            None => self.code_points().eq(text.chars().map(u32::from)),
        }
    }

    /// Whether both hold the same text (no Python code runs).
    #[inline]
    pub fn eq_text(&self, other: &StrObject) -> bool {
        std::ptr::eq(self, other)
            || (self.len() == other.len()
                && self.kind == other.kind
                && self.unit_bytes() == other.unit_bytes())
    }

    /// Order by code points.
    pub fn cmp_text(&self, other: &StrObject) -> Ordering {
        match (self.units(), other.units()) {
            (Units::One(a), Units::One(b)) => a.cmp(b),
            (a, b) => a.points().cmp(b.points()),
        }
    }

    /// The hash (cached): SipHash-1-3 with a zero key, CPython's under `PYTHONHASHSEED=0`.
    #[inline]
    pub fn hash(&self) -> i64 {
        match self.hash.get() {
            -1 => self.compute_hash(),
            hash => hash,
        }
    }

    #[inline(never)]
    fn compute_hash(&self) -> i64 {
        let hash = if crate::era::is_classic() {
            crate::objects::classic::hashes::text(self.code_points())
        } else {
            hash_bytes(self.unit_bytes())
        };
        self.hash.set(hash);
        hash
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }
}

/// CPython's hash of a run of bytes (`_Py_HashBytes` with seed 0); never -1.
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    match siphasher::sip::SipHasher13::new_with_keys(0, 0).hash(bytes) as i64 {
        -1 => -2,
        hash => hash,
    }
}
