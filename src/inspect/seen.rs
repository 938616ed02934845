//! A set of addresses of objects: one bit for each place of the heap that an object can begin at.
use std::collections::HashSet;

/// Places that may lie below the first one met.
const BELOW: usize = 1 << 22;
/// Places that have a bit: 64 GiB of heap. What lies farther off is in a table.
const LIMIT: usize = 1 << 32;

/// A set of addresses.
#[derive(Debug, Default)]
pub struct Seen {
    base: Option<usize>,
    bits: Vec<u64>,
    far: HashSet<usize>,
}

impl Seen {
    /// Whether it was not in the set, in which it is now.
    #[inline]
    pub fn insert(&mut self, address: usize) -> bool {
        let base = *self.base.get_or_insert((address >> 4).saturating_sub(BELOW));
        let offset = (address >> 4).wrapping_sub(base);
        if offset >= LIMIT {
            return self.far.insert(address);
        }
        let word = offset / 64;
        if word >= self.bits.len() {
            self.bits.resize((word + 1).max(self.bits.len() * 2), 0);
        }
        let bit = 1 << (offset % 64);
        let is_new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        is_new
    }

    /// Whether it is in the set.
    pub fn contains(&self, address: usize) -> bool {
        let Some(base) = self.base else { return false };
        let offset = (address >> 4).wrapping_sub(base);
        if offset >= LIMIT {
            return self.far.contains(&address);
        }
        self.bits.get(offset / 64).is_some_and(|word| word & (1 << (offset % 64)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        let mut seen = Seen::default();
        let near = 0x2000_0000_1000;
        for address in [near, near + 16, near + (1 << 30), near + (1 << 39), 64, near - (1 << 20)] {
            assert!(!seen.contains(address));
            assert!(seen.insert(address), "{address:#x}");
            assert!(!seen.insert(address));
            assert!(seen.contains(address));
        }
        assert!(!seen.contains(near + 32));
    }
}
