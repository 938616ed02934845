//! Character properties and case mappings of Unicode 14.0, the version of CPython 3.11.
//!
//! The table `unicode14.bin` is recorded from the reference by `tests/record/unicode.py`; its parts
//! are, all little-endian: four counts; records of 20 bytes (flags, decimal, digit, and upper,
//! lower, title and folded mapping); mappings of more than one code point; a two-level index
//! from code point to record.

static DATA: &[u8] = include_bytes!("unicode14.bin");

const ALPHA: u16 = 1;
const DECIMAL: u16 = 1 << 1;
const DIGIT: u16 = 1 << 2;
const NUMERIC: u16 = 1 << 3;
const LOWER: u16 = 1 << 4;
const UPPER: u16 = 1 << 5;
const TITLE: u16 = 1 << 6;
const PRINTABLE: u16 = 1 << 7;
const SPACE: u16 = 1 << 8;
const ID_START: u16 = 1 << 9;
const ID_CONTINUE: u16 = 1 << 10;
const CASE_IGNORABLE: u16 = 1 << 11;
const CASED: u16 = 1 << 12;

const HEAD: usize = 16;
const RECORD: usize = 20;
const SPECIAL: usize = 16;
const BLOCK_BITS: usize = 7;

const fn word(at: usize) -> usize {
    u32::from_le_bytes([DATA[at], DATA[at + 1], DATA[at + 2], DATA[at + 3]]) as usize
}
const SPECIALS_AT: usize = HEAD + word(0) * RECORD;
const INDEX_AT: usize = SPECIALS_AT + word(4) * SPECIAL;
const BLOCKS_AT: usize = INDEX_AT + word(8) * 2;

#[inline]
fn half(at: usize) -> usize {
    u16::from_le_bytes([DATA[at], DATA[at + 1]]) as usize
}

/// Where the record of a code point begins.
#[inline]
fn record(point: u32) -> usize {
    let point = point as usize;
    if point >= 0x110000 {
        return HEAD + half(BLOCKS_AT) * RECORD;
    }
    let block = half(INDEX_AT + (point >> BLOCK_BITS) * 2);
    let index = (block << BLOCK_BITS) + (point & ((1 << BLOCK_BITS) - 1));
    HEAD + half(BLOCKS_AT + index * 2) * RECORD
}

#[inline]
fn has(point: u32, flag: u16) -> bool {
    half(record(point)) as u16 & flag != 0
}

pub fn is_alpha(point: u32) -> bool {
    if point < 128 { (point as u8).is_ascii_alphabetic() } else { has(point, ALPHA) }
}
pub fn is_decimal(point: u32) -> bool {
    if point < 128 { (point as u8).is_ascii_digit() } else { has(point, DECIMAL) }
}
pub fn is_digit(point: u32) -> bool {
    has(point, DIGIT)
}
pub fn is_numeric(point: u32) -> bool {
    has(point, NUMERIC)
}
pub fn is_alnum(point: u32) -> bool {
    has(point, ALPHA | DECIMAL | DIGIT | NUMERIC)
}
pub fn is_lower(point: u32) -> bool {
    if point < 128 { (point as u8).is_ascii_lowercase() } else { has(point, LOWER) }
}
pub fn is_upper(point: u32) -> bool {
    if point < 128 { (point as u8).is_ascii_uppercase() } else { has(point, UPPER) }
}
/// A titlecase letter such as U+01C5.
pub fn is_title(point: u32) -> bool {
    has(point, TITLE)
}
/// What `repr` shows as it is.
#[inline]
pub fn is_printable(point: u32) -> bool {
    if point < 127 { point >= 32 } else { has(point, PRINTABLE) }
}
#[inline]
pub fn is_space(point: u32) -> bool {
    if point < 128 { matches!(point, 9..=13 | 28..=32) } else { has(point, SPACE) }
}
pub fn is_id_start(point: u32) -> bool {
    has(point, ID_START)
}
pub fn is_id_continue(point: u32) -> bool {
    has(point, ID_CONTINUE)
}
pub fn is_case_ignorable(point: u32) -> bool {
    has(point, CASE_IGNORABLE)
}
pub fn is_cased(point: u32) -> bool {
    has(point, CASED)
}

/// Ends a line for `splitlines`.
pub fn is_line_break(point: u32) -> bool {
    matches!(point, 10..=13 | 28..=30 | 0x85 | 0x2028 | 0x2029)
}

/// The value of a decimal digit in any script.
pub fn decimal(point: u32) -> Option<u32> {
    if point < 128 {
        return (point as u8).is_ascii_digit().then(|| point - 48);
    }
    match DATA[record(point) + 2] {
        255 => None,
        value => Some(value.into()),
    }
}

/// Up to three code points: the result of a case mapping.
#[derive(Clone, Copy)]
pub struct Mapped {
    points: [u32; 3],
    len: u8,
}

impl Mapped {
    /// A character mapped to itself.
    pub fn of(point: u32) -> Self {
        Mapped::one(point)
    }
    fn one(point: u32) -> Self {
        Mapped { points: [point, 0, 0], len: 1 }
    }
    pub fn as_slice(&self) -> &[u32] {
        &self.points[..self.len as usize]
    }
}

fn mapped(point: u32, which: usize) -> Mapped {
    let value = word(record(point) + 4 + which * 4) as u32 as i32;
    if value < 0x200000 {
        return Mapped::one(point.wrapping_add_signed(value));
    }
    let at = SPECIALS_AT + (value as usize - 0x200000) * SPECIAL;
    Mapped { points: [word(at + 4) as u32, word(at + 8) as u32, word(at + 12) as u32], len: word(at) as u8 }
}

pub fn to_upper(point: u32) -> Mapped {
    if point < 128 { Mapped::one((point as u8).to_ascii_uppercase().into()) } else { mapped(point, 0) }
}
/// The context-free mapping: a capital sigma gives the non-final form.
pub fn to_lower(point: u32) -> Mapped {
    if point < 128 { Mapped::one((point as u8).to_ascii_lowercase().into()) } else { mapped(point, 1) }
}
pub fn to_title(point: u32) -> Mapped {
    mapped(point, 2)
}
pub fn to_folded(point: u32) -> Mapped {
    mapped(point, 3)
}
