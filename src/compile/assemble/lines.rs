//! The location table (see [`crate::code::location`] for the encoding).

use crate::compile::ast::Location;

/// An entry covers at most so many code units.
const MAX_UNITS: u32 = 8;

pub(super) struct LineTable {
    bytes: Vec<u8>,
    line: i32,
}

impl LineTable {
    pub(super) fn new(firstlineno: i32) -> LineTable {
        LineTable { bytes: Vec::new(), line: firstlineno }
    }

    /// Adds an instruction of so many code units.
    pub(super) fn add(&mut self, loc: Location, mut units: u32) {
        while units > 0 {
            let now = units.min(MAX_UNITS);
            self.entry(loc, now);
            units -= now;
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn head(&mut self, form: u8, units: u32) {
        self.bytes.push(0x80 | form << 3 | (units - 1) as u8);
    }

    fn entry(&mut self, loc: Location, units: u32) {
        if loc.line < 0 {
            self.head(15, units);
            return;
        }
        let delta = loc.line - self.line;
        if loc.col < 0 || loc.end_col < 0 {
            if loc.end_line == loc.line || loc.end_line < 0 {
                self.head(13, units);
                self.signed(delta);
                self.line = loc.line;
                return;
            }
        } else if loc.end_line == loc.line {
            let width = loc.end_col - loc.col;
            if delta == 0 && loc.col < 80 && (0..16).contains(&width) {
                self.head((loc.col >> 3) as u8, units);
                self.bytes.push(((loc.col & 7) << 4 | width) as u8);
                return;
            }
            if (0..3).contains(&delta) && loc.col < 128 && loc.end_col < 128 {
                self.head(10 + delta as u8, units);
                self.bytes.extend([loc.col as u8, loc.end_col as u8]);
                self.line = loc.line;
                return;
            }
        }
        self.head(14, units);
        self.signed(delta);
        self.varint((loc.end_line - loc.line) as u32);
        self.varint((loc.col + 1) as u32);
        self.varint((loc.end_col + 1) as u32);
        self.line = loc.line;
    }

    fn signed(&mut self, value: i32) {
        let folded = if value < 0 { value.unsigned_abs() << 1 | 1 } else { (value as u32) << 1 };
        self.varint(folded);
    }

    fn varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.bytes.push(0x40 | (value & 0x3f) as u8);
            value >>= 6;
        }
        self.bytes.push(value as u8);
    }
}
