//! The location table (PEP 626 and 657) in 3.11's encoding: which source range a code unit came from.
//!
//! The table is a run of entries, each covering one to eight code units:
//!
//! ```text
//! 1 c c c c n n n    c: form of the entry, n: code units - 1
//!   0-9    short     1 byte more: columns within the same line
//!   10-12  one line  2 bytes more: start and end column; the line moves by form - 10
//!   13     line only svarint: line delta
//!   14     long      svarint line delta, varint end line delta, varint column + 1, varint end column + 1
//!   15     none      no location
//! ```
//!
//! Varints are little-endian groups of six bits, bit 6 saying that more follow; a signed one keeps
//! its sign in the lowest bit. Broken tables end the iteration, they never panic.

/// Source range of an instruction. Lines are one-based, columns zero-based in UTF-8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Location {
    pub line: Option<i32>,
    pub end_line: Option<i32>,
    pub col: Option<i32>,
    pub end_col: Option<i32>,
}

/// One entry of the table: byte offsets into `co_code` (end exclusive) and where they came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocationRange {
    pub start: u32,
    pub end: u32,
    pub location: Location,
}

/// Iterates over the entries of a location table.
pub struct Locations<'a> {
    table: &'a [u8],
    /// The computed line, which entries without a location leave alone.
    line: i32,
    offset: u32,
}

/// All entries of `table`, in order of code offset.
pub fn locations(table: &[u8], firstlineno: i32) -> Locations<'_> {
    Locations { table, line: firstlineno, offset: 0 }
}

/// The location of the instruction at a byte offset of `co_code`.
pub fn lookup(table: &[u8], firstlineno: i32, offset: u32) -> Location {
    locations(table, firstlineno)
        .find(|range| range.start <= offset && offset < range.end)
        .map_or_else(Location::default, |range| range.location)
}

/// The line of the instruction at a byte offset of `co_code`, as `PyCode_Addr2Line` gives it.
pub fn line_at(table: &[u8], firstlineno: i32, offset: u32) -> Option<i32> {
    lookup(table, firstlineno, offset).line
}

/// `co_lines()`: (start, end, line) for each entry.
pub fn lines(table: &[u8], firstlineno: i32) -> impl Iterator<Item = (u32, u32, Option<i32>)> + '_ {
    locations(table, firstlineno).map(|range| (range.start, range.end, range.location.line))
}

/// `co_positions()`: one location per code unit.
pub fn positions(table: &[u8], firstlineno: i32) -> impl Iterator<Item = Location> + '_ {
    locations(table, firstlineno)
        .flat_map(|range| std::iter::repeat_n(range.location, ((range.end - range.start) / 2) as usize))
}

/// `dis.findlinestarts`: (offset, line) wherever the line changes.
pub fn line_starts(table: &[u8], firstlineno: i32) -> impl Iterator<Item = (u32, i32)> + '_ {
    let mut last = None;
    lines(table, firstlineno).filter_map(move |(start, _, line)| {
        let line = line?;
        (last.replace(line) != Some(line)).then_some((start, line))
    })
}

impl Locations<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.table.split_first()?;
        self.table = rest;
        Some(first)
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x3f).checked_shl(shift).unwrap_or(0);
            if byte & 0x40 == 0 {
                return Some(value);
            }
            shift += 6;
        }
    }

    fn svarint(&mut self) -> Option<i32> {
        let value = self.varint()?;
        let size = (value >> 1) as i32;
        Some(if value & 1 == 1 { size.wrapping_neg() } else { size })
    }

    fn entry(&mut self, form: u8) -> Option<Location> {
        let on_line = |line: i32, col: i32, end_col: i32| Location {
            line: Some(line),
            end_line: Some(line),
            col: Some(col),
            end_col: Some(end_col),
        };
        Some(match form {
            0..=9 => {
                let byte = self.byte()?;
                let col = i32::from(form) << 3 | i32::from(byte >> 4);
                on_line(self.line, col, col + i32::from(byte & 15))
            }
            10..=12 => {
                self.line = self.line.wrapping_add(i32::from(form) - 10);
                let col = i32::from(self.byte()?);
                on_line(self.line, col, i32::from(self.byte()?))
            }
            13 => {
                self.line = self.line.wrapping_add(self.svarint()?);
                Location { line: Some(self.line), end_line: Some(self.line), col: None, end_col: None }
            }
            14 => {
                self.line = self.line.wrapping_add(self.svarint()?);
                let end_line = self.line.wrapping_add(self.varint()? as i32);
                let column = |value: u32| (value as i32).checked_sub(1).filter(|&col| col >= 0);
                let col = column(self.varint()?);
                let end_col = column(self.varint()?);
                Location { line: Some(self.line), end_line: Some(end_line), col, end_col }
            }
            _ => Location::default(),
        })
    }
}

impl Iterator for Locations<'_> {
    type Item = LocationRange;

    fn next(&mut self) -> Option<LocationRange> {
        let first = self.byte()?;
        let units = u32::from(first & 7) + 1;
        let location = self.entry(first >> 3 & 15)?;
        let start = self.offset;
        self.offset = start + units * 2;
        Some(LocationRange { start, end: self.offset, location })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `def f(a,b):` / `    x = a + b` at line 2, recorded from the reference.
    const TABLE: &[u8] = b"\xf8\x80\x00\xd8\x08\t\x88A\x89\x05\x80A";

    #[test]
    fn recorded_table() {
        let all: Vec<_> = locations(TABLE, 2).collect();
        assert_eq!(all[0], LocationRange { start: 0, end: 2, location: Location::default() });
        assert_eq!(lookup(TABLE, 2, 2).line, Some(2));
        assert_eq!(
            lookup(TABLE, 2, 4),
            Location { line: Some(3), end_line: Some(3), col: Some(8), end_col: Some(9) }
        );
        assert_eq!(line_starts(TABLE, 2).collect::<Vec<_>>(), [(2, 2), (4, 3)]);
        assert_eq!(lookup(TABLE, 2, 400), Location::default());
    }

    #[test]
    fn broken_tables_end() {
        for end in 0..TABLE.len() {
            let _ = locations(&TABLE[..end], i32::MAX).count();
        }
        let _ = locations(&[0xf7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f], i32::MIN).count();
    }
}
