//! Finding one text in another, over units of any width.

use super::{Unit, Units, with_units};

/// Narrows `needle` to the width of `T`, `None` when it does not fit (so cannot occur).
fn narrow<T: Unit>(needle: Units<'_>, make: impl Fn(u32) -> T) -> Option<Vec<T>> {
    let limit = if T::KIND == 1 {
        0xff
    } else if T::KIND == 2 {
        0xffff
    } else {
        u32::MAX
    };
    needle.points().map(|point| (point <= limit).then(|| make(point))).collect()
}

/// The first place of `needle` in `haystack`.
pub fn find(haystack: Units<'_>, needle: Units<'_>) -> Option<usize> {
    if needle.len() > haystack.len() {
        return None;
    }
    if needle.is_empty() {
        return Some(0);
    }
    match (haystack, needle) {
        (Units::One(hay), Units::One(needle)) => find_bytes(hay, needle),
        (Units::Two(hay), Units::Two(needle)) => find_units(hay, needle),
        (Units::Four(hay), Units::Four(needle)) => find_units(hay, needle),
        (Units::One(hay), needle) => find_bytes(hay, &narrow(needle, |c| c as u8)?),
        (Units::Two(hay), needle) => find_units(hay, &narrow(needle, |c| c as u16)?),
        (Units::Four(hay), needle) => find_units(hay, &narrow(needle, |c| c)?),
    }
}

/// The last place of `needle` in `haystack`.
pub fn rfind(haystack: Units<'_>, needle: Units<'_>) -> Option<usize> {
    if needle.len() > haystack.len() {
        return None;
    }
    if needle.is_empty() {
        return Some(haystack.len());
    }
    match (haystack, needle) {
        (Units::One(hay), Units::One(needle)) => rfind_bytes(hay, needle),
        (Units::One(hay), needle) => rfind_bytes(hay, &narrow(needle, |c| c as u8)?),
        (Units::Two(hay), needle) => rfind_units(hay, &narrow(needle, |c| c as u16)?),
        (Units::Four(hay), needle) => rfind_units(hay, &narrow(needle, |c| c)?),
    }
}

/// How often `needle` (not empty) occurs without overlap, up to `limit`.
pub fn count(haystack: Units<'_>, needle: Units<'_>, limit: usize) -> usize {
    let (mut from, mut found) = (0, 0);
    while found < limit {
        match find(haystack.range(from, haystack.len()), needle) {
            Some(at) => from += at + needle.len(),
            None => break,
        }
        found += 1;
    }
    found
}

/// The first place of one code point.
pub fn find_point(haystack: Units<'_>, point: u32) -> Option<usize> {
    match haystack {
        Units::One(hay) => u8::try_from(point).ok().and_then(|byte| memchr::memchr(byte, hay)),
        _ => with_units!(haystack, units => units.iter().position(|unit| unit.point() == point)),
    }
}

pub fn find_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [byte] => memchr::memchr(*byte, haystack),
        // Building a searcher costs more than a short haystack is worth.
        _ if haystack.len() < 64 => find_units(haystack, needle),
        _ => memchr::memmem::find(haystack, needle),
    }
}

pub fn rfind_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(haystack.len()),
        [byte] => memchr::memrchr(*byte, haystack),
        _ => memchr::memmem::rfind(haystack, needle),
    }
}

/// Sunday's quick search with a small table of the units' low bits.
fn find_units<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last_start = haystack.len().checked_sub(needle.len())?;
    if rest.is_empty() {
        return haystack.iter().position(|&unit| unit == first);
    }
    if haystack.len() < 64 {
        return (0..=last_start)
            .find(|&at| haystack[at] == first && haystack[at + 1..at + needle.len()] == *rest);
    }
    // `shift[low bits]`: how far the needle moves when this unit stands behind the window.
    let mut shift = [needle.len() + 1; 64];
    for (index, unit) in needle.iter().enumerate() {
        shift[unit.point() as usize & 63] = needle.len() - index;
    }
    let mut at = 0;
    while at <= last_start {
        if haystack[at] == first && haystack[at..at + needle.len()] == *needle {
            return Some(at);
        }
        match haystack.get(at + needle.len()) {
            Some(unit) => at += shift[unit.point() as usize & 63],
            None => break,
        }
    }
    None
}

fn rfind_units<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
    let last_start = haystack.len().checked_sub(needle.len())?;
    (0..=last_start).rev().find(|&at| haystack[at..at + needle.len()] == *needle)
}
