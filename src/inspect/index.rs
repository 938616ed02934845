//! From an address to the number of the object there, in two look-ups and without hashing.
//!
//! Objects lie at multiples of 16 in pages of 16 KiB. Each page that holds one has a table of its 1024 places:
//! what is written there, added to the number of the page's first object, is the object's number. Pages far apart (the
//! heap's zones, and what lies outside it) are in different stretches.
use std::ops::Range;

/// Bits of an address inside its page.
const PAGE_BITS: u32 = 14;
/// Places of a page.
const PLACES: usize = 1 << (PAGE_BITS - 4);
/// Pages that may be skipped inside a stretch.
const GAP: usize = 1 << 12;
/// No object begins here.
const NOTHING: u16 = u16::MAX;
/// No object begins in this page.
const NO_TABLE: u32 = u32::MAX;

/// Pages that lie together.
#[derive(Debug)]
struct Stretch {
    pages: Range<usize>,
    /// For each page its table, or [`NO_TABLE`].
    tables: Vec<u32>,
}

/// The numbers of objects by their addresses.
#[derive(Debug, Default)]
pub struct AddressIndex {
    stretches: Vec<Stretch>,
    /// For each table, the number of the page's first object.
    first: Vec<u32>,
    places: Vec<u16>,
}

impl AddressIndex {
    /// An index of ascending addresses; each gets its position for its number.
    pub fn new(addresses: &[usize]) -> AddressIndex {
        let mut index = AddressIndex::default();
        let mut last = usize::MAX;
        let mut places: &mut [u16] = &mut [];
        let mut first = 0;
        // Tables are counted first, so that they can be made at once.
        let mut count = 0;
        for address in addresses {
            let page = address >> PAGE_BITS;
            if page != last {
                last = page;
                count += 1;
            }
        }
        index.first.reserve(count);
        index.places = vec![NOTHING; count * PLACES];
        let mut rest: &mut [u16] = &mut index.places;
        last = usize::MAX;
        for (number, address) in addresses.iter().enumerate() {
            let page = address >> PAGE_BITS;
            if page != last {
                last = page;
                first = number;
                let table = index.first.len() as u32;
                index.first.push(number as u32);
                (places, rest) = std::mem::take(&mut rest).split_at_mut(PLACES);
                match index.stretches.last_mut() {
                    Some(stretch) if page - stretch.pages.end < GAP => {
                        stretch.tables.resize(page - stretch.pages.start, NO_TABLE);
                        stretch.tables.push(table);
                        stretch.pages.end = page + 1;
                    }
                    _ => index.stretches.push(Stretch { pages: page..page + 1, tables: vec![table] }),
                }
            }
            places[(address >> 4) % PLACES] = (number - first) as u16;
        }
        index
    }

    /// The number of the object at an address.
    #[inline]
    pub fn find(&self, address: usize) -> Option<u32> {
        let page = address >> PAGE_BITS;
        let stretch = self.stretches.iter().find(|stretch| stretch.pages.contains(&page))?;
        let table = stretch.tables[page - stretch.pages.start];
        if table == NO_TABLE {
            return None;
        }
        let place = self.places[table as usize * PLACES + (address >> 4) % PLACES];
        (place != NOTHING).then(|| self.first[table as usize] + u32::from(place))
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        let tables: usize = self.stretches.iter().map(|stretch| stretch.tables.len() * 4).sum();
        tables + self.first.len() * 4 + self.places.len() * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_number_and_no_other_has_one() {
        let base = 0x2000_0000_0000;
        let far = base + (1 << 39);
        let addresses = [base + 64, base + 96, base + (3 << 14) + 64, base + (9 << 14) + 16_000, far + 80];
        let index = AddressIndex::new(&addresses);
        for (number, address) in addresses.iter().enumerate() {
            assert_eq!(index.find(*address), Some(number as u32));
        }
        for other in
            [0, base, base + 80, base + (1 << 14), base + (20 << 14), far, far + (1 << 14), usize::MAX]
        {
            assert_eq!(index.find(other), None, "{other:#x}");
        }
        assert_eq!(AddressIndex::new(&[]).find(base), None);
    }
}
