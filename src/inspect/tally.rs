//! A number for each object, by address: as fast as an array, as small as the heap allows.
use std::collections::HashMap;

/// Addresses of one chunk, as a power of two.
const CHUNK_SHIFT: u32 = 20;
/// Objects begin at multiples of this.
const GRAIN_SHIFT: u32 = 4;
const CHUNK_PLACES: usize = 1 << (CHUNK_SHIFT - GRAIN_SHIFT);

/// What is in a place of the table: 0 where no object is, else 1 more than its number.
pub struct Tally {
    chunks: Vec<Box<[u32]>>,
    places: HashMap<usize, usize>,
    /// The chunk used last: objects refer to their neighbours.
    last: (usize, usize),
}

impl Tally {
    pub fn new() -> Tally {
        Tally { chunks: Vec::new(), places: HashMap::new(), last: (usize::MAX, 0) }
    }

    #[inline]
    fn place(&mut self, address: usize) -> Option<&mut u32> {
        let key = address >> CHUNK_SHIFT;
        if key != self.last.0 {
            let index = *self.places.get(&key)?;
            self.last = (key, index);
        }
        let within = (address >> GRAIN_SHIFT) & (CHUNK_PLACES - 1);
        self.chunks.get_mut(self.last.1).and_then(|chunk| chunk.get_mut(within))
    }

    /// There is an object here; its number is 0.
    pub fn enter(&mut self, address: usize) {
        let key = address >> CHUNK_SHIFT;
        if key != self.last.0 && !self.places.contains_key(&key) {
            self.places.insert(key, self.chunks.len());
            self.chunks.push(vec![0; CHUNK_PLACES].into_boxed_slice());
        }
        if let Some(place) = self.place(address) {
            *place = (*place).max(1);
        }
    }

    /// Counts one for the object here. False when there is none.
    #[inline]
    pub fn add(&mut self, address: usize) -> bool {
        match self.place(address) {
            Some(place) if *place != 0 => {
                *place = place.saturating_add(1);
                true
            }
            _ => false,
        }
    }

    /// The number of the object here; `None` when there is none.
    #[inline]
    pub fn get(&mut self, address: usize) -> Option<u64> {
        if address & ((1 << GRAIN_SHIFT) - 1) != 0 {
            return None;
        }
        self.place(address).and_then(|place| place.checked_sub(1)).map(u64::from)
    }
}

impl Default for Tally {
    fn default() -> Tally {
        Tally::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_by_address() {
        let mut tally = Tally::new();
        let far = 0x7000_0000_0010;
        tally.enter(0x10);
        tally.enter(far);
        assert!(tally.add(far) && tally.add(far) && tally.add(0x10));
        assert!(!tally.add(0x20) && !tally.add(far + (1 << CHUNK_SHIFT)));
        assert_eq!(
            (tally.get(far), tally.get(0x10), tally.get(0x20), tally.get(0x11)),
            (Some(2), Some(1), None, None)
        );
        tally.enter(far);
        assert_eq!(tally.get(far), Some(2));
    }
}
