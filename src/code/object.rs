//! The code object as plain data: what the compiler makes, `marshal` reads and writes, `dis` shows.
//!
//! Nothing here is a heap object. The VM turns the constants into Python objects when it makes a
//! code object live, merging equal ones within one module as the reference compiler does.

use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;

/// A Python string as plain data: WTF-8, so that lone surrogates (`'\ud800'`) can be held.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// A text of code points, surrogates allowed.
    ///
    /// A high surrogate directly followed by a low one stays two code points, as in a Python
    /// string; such a pair is encoded as two three-byte sequences, which makes the encoding
    /// unambiguous within ouro though it is not strict WTF-8.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Self {
        let mut bytes = Vec::new();
        for point in points {
            push_code_point(&mut bytes, point);
        }
        Text(bytes)
    }

    /// The text as UTF-8, or `None` where it holds a surrogate.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The WTF-8 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The code points in order, surrogates included.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let (&first, _) = rest.split_first()?;
            let (len, mut point) = match first {
                0..=0x7f => (1, u32::from(first)),
                0xc0..=0xdf => (2, u32::from(first & 0x1f)),
                0xe0..=0xef => (3, u32::from(first & 0x0f)),
                _ => (4, u32::from(first & 0x07)),
            };
            for &byte in &rest[1..len] {
                point = point << 6 | u32::from(byte & 0x3f);
            }
            rest = &rest[len..];
            Some(point)
        })
    }

    /// Whether there is no code point at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn push_code_point(bytes: &mut Vec<u8>, point: u32) {
    match point {
        0..=0x7f => bytes.push(point as u8),
        0x80..=0x7ff => bytes.extend([0xc0 | (point >> 6) as u8, 0x80 | (point & 0x3f) as u8]),
        0x800..=0xffff => bytes.extend([
            0xe0 | (point >> 12) as u8,
            0x80 | (point >> 6 & 0x3f) as u8,
            0x80 | (point & 0x3f) as u8,
        ]),
        _ => bytes.extend([
            0xf0 | (point >> 18) as u8,
            0x80 | (point >> 12 & 0x3f) as u8,
            0x80 | (point >> 6 & 0x3f) as u8,
            0x80 | (point & 0x3f) as u8,
        ]),
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(text.as_bytes().to_vec())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(text.into_bytes())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

/// For messages and listings: a surrogate shows as U+FFFD.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// A constant of a code object.
///
/// `PartialEq` is not derived: two constants are "the same" by type and exact value (`0.0` is not
/// `-0.0`, `1` is not `True`), which is [`Const::same`].
#[derive(Clone, Debug)]
pub enum Const {
    None,
    True,
    False,
    Ellipsis,
    Int(BigInt),
    /// Classic: a `long`.
    Long(BigInt),
    Float(f64),
    Complex {
        re: f64,
        im: f64,
    },
    Str(Text),
    /// Classic: a `unicode`.
    Unicode(Text),
    Bytes(Arc<[u8]>),
    Tuple(Arc<[Const]>),
    FrozenSet(Arc<[Const]>),
    Code(Arc<CodeObject>),
}

impl Const {
    /// Whether two constants have the same type and exactly the same value, so that the compiler
    /// may merge them. Code objects are the same only when they are one.
    pub fn same(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::None, Const::None)
            | (Const::True, Const::True)
            | (Const::False, Const::False)
            | (Const::Ellipsis, Const::Ellipsis) => true,
            (Const::Int(a), Const::Int(b)) | (Const::Long(a), Const::Long(b)) => a == b,
            (Const::Unicode(a), Const::Unicode(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => a.to_bits() == b.to_bits(),
            (Const::Complex { re: a, im: b }, Const::Complex { re: c, im: d }) => {
                a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            (Const::Str(a), Const::Str(b)) => a == b,
            (Const::Bytes(a), Const::Bytes(b)) => a == b,
            (Const::Tuple(a), Const::Tuple(b)) | (Const::FrozenSet(a), Const::FrozenSet(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.same(y))
            }
            (Const::Code(a), Const::Code(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// What a `co_localsplus` slot holds; a slot can be a local and a cell at once.
/// Values are those of CPython 3.11 (`CO_FAST_*`).
pub mod kind {
    pub const LOCAL: u8 = 0x20;
    pub const CELL: u8 = 0x40;
    pub const FREE: u8 = 0x80;
}

/// `co_flags` bits, CPython 3.11's values.
pub mod flags {
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const FUTURE_DIVISION: u32 = 0x20000;
    pub const FUTURE_ABSOLUTE_IMPORT: u32 = 0x40000;
    pub const FUTURE_WITH_STATEMENT: u32 = 0x80000;
    pub const FUTURE_PRINT_FUNCTION: u32 = 0x100000;
    pub const FUTURE_UNICODE_LITERALS: u32 = 0x200000;
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x400000;
    pub const FUTURE_GENERATOR_STOP: u32 = 0x800000;
    pub const FUTURE_ANNOTATIONS: u32 = 0x1000000;
}

/// A compiled block: module, class body, function, lambda or comprehension.
/// The fields are those that CPython 3.11 marshals, under the same names.
#[derive(Clone, Debug)]
pub struct CodeObject {
    /// Positional parameters, positional-only ones included, `*args` not.
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    /// Value-stack slots needed.
    pub stacksize: u32,
    /// See [`flags`].
    pub flags: u32,
    /// Code units of two bytes, opcode then argument, inline-cache slots (zeroed) included.
    pub code: Vec<u8>,
    pub consts: Vec<Const>,
    pub names: Vec<Text>,
    /// Locals, then cells, then free variables; parallel to `localspluskinds`.
    pub localsplusnames: Vec<Text>,
    /// See [`kind`].
    pub localspluskinds: Vec<u8>,
    pub filename: Text,
    pub name: Text,
    pub qualname: Text,
    pub firstlineno: i32,
    /// PEP 626 / 657 location table, 3.11's encoding.
    pub linetable: Vec<u8>,
    /// Exception table, 3.11's varint encoding.
    pub exceptiontable: Vec<u8>,
}

impl CodeObject {
    /// The code under another file name; nested code of another file than this one's keeps its own.
    pub fn with_filename(self: &Arc<Self>, name: &Text) -> Arc<Self> {
        if self.filename == *name { self.clone() } else { self.renamed(&self.filename, name) }
    }

    fn renamed(self: &Arc<Self>, old: &Text, new: &Text) -> Arc<Self> {
        if self.filename != *old {
            return self.clone();
        }
        let mut code = (**self).clone();
        code.filename = new.clone();
        for item in &mut code.consts {
            if let Const::Code(nested) = item {
                *nested = nested.renamed(old, new);
            }
        }
        Arc::new(code)
    }

    /// Whether the fields of a code object that was read fit together, as far as every reader of code
    /// objects relies on it; what the instructions do is the verifier's to check.
    ///
    /// # Errors
    /// The field that does not.
    pub fn check_fields(&self) -> Result<(), &'static str> {
        if self.localspluskinds.len() != self.localsplusnames.len() {
            return Err("co_localspluskinds");
        }
        if self.code.is_empty() || !self.code.len().is_multiple_of(2) {
            return Err("co_code");
        }
        let arguments = u64::from(self.argcount) + u64::from(self.kwonlyargcount);
        if self.posonlyargcount > self.argcount || arguments > self.localsplusnames.len() as u64 {
            return Err("co_argcount");
        }
        if self.stacksize > i32::MAX as u32 {
            return Err("co_stacksize");
        }
        Ok(())
    }
}
