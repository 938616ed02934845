//! The exception table: where an exception raised at a code offset is handled.
//!
//! Each entry is four varints (start, length, target, depth * 2 + lasti), counted in code units.
//! Varints are big-endian groups of six bits; bit 6 says that more follow, bit 7 marks the first
//! byte of an entry. A broken table ends the iteration, it never panics.

/// One protected range. Offsets are in bytes of `co_code`, `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub start: u32,
    pub end: u32,
    /// The handler's offset.
    pub target: u32,
    /// How deep the value stack is cut back before the exception is pushed.
    pub depth: u32,
    /// Whether the offset of the raising instruction is pushed before the exception.
    pub lasti: bool,
}

/// What the VM needs to enter a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The handler's byte offset in `co_code`.
    pub target: u32,
    pub depth: u32,
    pub lasti: bool,
}

/// Iterates over the entries of an exception table.
pub struct Entries<'a> {
    table: &'a [u8],
}

/// All entries of `table`, in order of start.
pub fn entries(table: &[u8]) -> Entries<'_> {
    Entries { table }
}

/// The handler of an exception raised by the instruction at a byte offset.
pub fn lookup(table: &[u8], offset: u32) -> Option<Handler> {
    // Ranges do not overlap and are sorted, so the first that ends beyond the offset decides.
    let entry = entries(table).find(|entry| offset < entry.end)?;
    (entry.start <= offset).then_some(Handler {
        target: entry.target,
        depth: entry.depth,
        lasti: entry.lasti,
    })
}

impl Entries<'_> {
    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        loop {
            let (&byte, rest) = self.table.split_first()?;
            self.table = rest;
            value = value << 6 | u32::from(byte & 0x3f);
            if byte & 0x40 == 0 {
                return Some(value);
            }
        }
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let start = self.varint()?.wrapping_mul(2);
        let length = self.varint()?.wrapping_mul(2);
        let target = self.varint()?.wrapping_mul(2);
        let depth_lasti = self.varint()?;
        let end = start.wrapping_add(length);
        Some(Entry { start, end, target, depth: depth_lasti >> 1, lasti: depth_lasti & 1 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_table() {
        // A function of `try: f()` and `except E: g()`, recorded from the reference.
        let table = b"\x81\x0e\x11\x00\x91\x18-\x03\xac\x01-\x03";
        let all: Vec<_> = entries(table).collect();
        assert_eq!(all[0], Entry { start: 2, end: 30, target: 34, depth: 0, lasti: false });
        assert_eq!(all[1], Entry { start: 34, end: 82, target: 90, depth: 1, lasti: true });
        assert_eq!(all[2], Entry { start: 88, end: 90, target: 90, depth: 1, lasti: true });
        assert_eq!(lookup(table, 0), None);
        assert_eq!(lookup(table, 2), Some(Handler { target: 34, depth: 0, lasti: false }));
        assert_eq!(lookup(table, 30), None);
        assert_eq!(lookup(table, 88), Some(Handler { target: 90, depth: 1, lasti: true }));
        assert_eq!(lookup(&table[..3], 2), None);
    }
}
