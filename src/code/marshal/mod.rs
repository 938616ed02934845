//! `marshal`: the byte form of code objects and plain values (format version 4).
//!
//! The codec works on plain data. [`Value`] is what a byte stream can describe; everything a code
//! object may hold is a [`Const`]. Reading trusts nothing: broken input gives a [`MarshalError`]
//! in CPython's words, memory stays proportional to the input, and nesting is bounded.

pub(crate) mod read;
pub(crate) mod write;

use std::fmt;
use std::sync::Arc;

use super::object::Const;

pub use read::{Loaded, load, loads, loads_code};
pub use write::{dumps, dumps_code};

/// The newest format version, the one `.pyc` files have.
pub const VERSION: u8 = 4;

/// How deep values may be nested (CPython's `MAX_MARSHAL_STACK_DEPTH`).
pub const MAX_DEPTH: u32 = 2000;

/// A value that `marshal` can describe.
///
/// Containers are shared (`Arc`) where the stream used references, so a small stream can describe
/// a value that is huge when unfolded: whoever makes objects from it remembers containers by
/// pointer. DIFFERENCE: a container that holds itself is refused, as `Arc`s cannot form a cycle.
#[derive(Clone, Debug)]
pub enum Value {
    /// Anything a code object can hold; tuples and frozensets of such values too.
    Plain(Const),
    StopIteration,
    /// A tuple that holds a value which is not plain.
    Tuple(Arc<[Value]>),
    List(Arc<[Value]>),
    Set(Arc<[Value]>),
    /// A frozenset that holds a value which is not plain.
    FrozenSet(Arc<[Value]>),
    Dict(Arc<[(Value, Value)]>),
}

/// The exception class of a [`MarshalError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarshalErrorKind {
    EofError,
    ValueError,
    TypeError,
}

/// Why bytes could not be read, or a value not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarshalError {
    pub kind: MarshalErrorKind,
    pub message: String,
}

/// What [`loads_code`] says of a value of another type.
const NOT_CODE: &str = "marshal data is not a code object";

impl MarshalError {
    /// Whether a sound value was read, which is no code object.
    pub fn is_not_code(&self) -> bool {
        self.message == NOT_CODE
    }

    pub(crate) fn eof(message: &str) -> Self {
        MarshalError { kind: MarshalErrorKind::EofError, message: message.to_string() }
    }

    pub(crate) fn value(message: &str) -> Self {
        MarshalError { kind: MarshalErrorKind::ValueError, message: message.to_string() }
    }

    /// "bad marshal data (…)".
    pub(crate) fn bad(what: &str) -> Self {
        MarshalError { kind: MarshalErrorKind::ValueError, message: format!("bad marshal data ({what})") }
    }

    pub(crate) fn null(owner: &str) -> Self {
        MarshalError {
            kind: MarshalErrorKind::TypeError,
            message: format!("NULL object in marshal data for {owner}"),
        }
    }
}

impl fmt::Display for MarshalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MarshalError {}

/// Type bytes of the format; the high bit ([`FLAG_REF`]) asks the reader to remember the value.
pub(crate) mod tag {
    pub const FLAG_REF: u8 = 0x80;
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOP_ITERATION: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const LONG: u8 = b'l';
    pub const FLOAT: u8 = b'f';
    pub const BINARY_FLOAT: u8 = b'g';
    pub const COMPLEX: u8 = b'x';
    pub const BINARY_COMPLEX: u8 = b'y';
    pub const STRING: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const UNICODE: u8 = b'u';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
    pub const TUPLE: u8 = b'(';
    pub const SMALL_TUPLE: u8 = b')';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const SET: u8 = b'<';
    pub const FROZENSET: u8 = b'>';
    pub const CODE: u8 = b'c';
    pub const REF: u8 = b'r';
}

#[cfg(test)]
mod tests;
