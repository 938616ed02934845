//! Text that grows: what methods and `repr`s write into.

use super::{StrObject, Unit, Units, raw, with_units};
use crate::memory::Ref;

/// Collects code points in the narrowest width seen so far.
pub struct StrBuilder(Buffer);

enum Buffer {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Default for StrBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl StrBuilder {
    pub fn new() -> Self {
        StrBuilder(Buffer::One(Vec::new()))
    }

    /// With room for `len` narrow units.
    pub fn with_capacity(len: usize) -> Self {
        StrBuilder(Buffer::One(Vec::with_capacity(len)))
    }

    pub fn len(&self) -> usize {
        self.units().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn units(&self) -> Units<'_> {
        match &self.0 {
            Buffer::One(units) => Units::One(units),
            Buffer::Two(units) => Units::Two(units),
            Buffer::Four(units) => Units::Four(units),
        }
    }

    /// Makes room for units of `kind` bytes.
    #[cold]
    fn widen(&mut self, kind: u8) {
        let units = self.units();
        let capacity = units.len() * 2;
        if kind == 2 {
            let mut wide: Vec<u16> = Vec::with_capacity(capacity);
            wide.extend(units.points().map(|c| c as u16));
            self.0 = Buffer::Two(wide);
        } else {
            let mut wide: Vec<u32> = Vec::with_capacity(capacity);
            wide.extend(units.points());
            self.0 = Buffer::Four(wide);
        }
    }

    /// Appends a code point.
    #[inline]
    pub fn push(&mut self, point: u32) {
        loop {
            match &mut self.0 {
                Buffer::One(units) if point < 0x100 => return units.push(point as u8),
                Buffer::Two(units) if point < 0x10000 => return units.push(point as u16),
                Buffer::Four(units) => return units.push(point),
                _ => self.widen(if point < 0x10000 { 2 } else { 4 }),
            }
        }
    }

    #[inline]
    pub fn push_char(&mut self, c: char) {
        self.push(c.into());
    }

    /// `count` times the same code point.
    pub fn push_many(&mut self, point: u32, count: usize) {
        for _ in 0..count {
            self.push(point);
        }
    }

    pub fn push_str(&mut self, text: &str) {
        if let (Buffer::One(units), true) = (&mut self.0, text.is_ascii()) {
            units.extend_from_slice(text.as_bytes());
            return;
        }
        text.chars().for_each(|c| self.push(c.into()));
    }

    pub fn push_units(&mut self, more: Units<'_>) {
        match (&mut self.0, more) {
            (Buffer::One(units), Units::One(more)) => units.extend_from_slice(more),
            (Buffer::Two(units), Units::One(more)) => units.extend(more.iter().map(|&u| u16::from(u))),
            (Buffer::Two(units), Units::Two(more)) => units.extend_from_slice(more),
            (Buffer::Four(units), more) => with_units!(more, u => units.extend(u.iter().map(|u| u.point()))),
            (_, more) => more.points().for_each(|c| self.push(c)),
        }
    }

    pub fn push_obj(&mut self, text: &StrObject) {
        self.push_units(text.units());
    }

    /// The last code point.
    pub fn last(&self) -> Option<u32> {
        let units = self.units();
        units.len().checked_sub(1).map(|index| units.at(index))
    }

    pub fn finish(self) -> Ref<StrObject> {
        raw::from_units(self.units())
    }
}

impl std::fmt::Write for StrBuilder {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push_str(text);
        Ok(())
    }
}
