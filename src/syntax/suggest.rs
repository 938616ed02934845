//! "Did you mean": the nearest name by CPython 3.11's measure.

/// Lists of this many names or more are not searched.
const MAX_CANDIDATES: usize = 750;
/// Longer names (what is left of them without the common ends) are not compared.
const MAX_LEN: usize = 40;
/// What an inserted, removed or replaced byte costs.
const MOVE: usize = 2;
/// What a byte costs that differs in case only.
const CASE: usize = 1;

/// The candidate most like `name`, if one is like it enough. Of equally good ones the first wins, so
/// order counts: pass `dir()`'s sorted list for an attribute, and for a name one list per scope.
pub fn suggest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    if candidates.len() >= MAX_CANDIDATES {
        return None;
    }
    let mut best: Option<(&str, usize)> = None;
    for &candidate in candidates {
        if candidate == name {
            continue;
        }
        // No more than a third of the characters involved may change, and less than before.
        let mut limit = (name.len() + candidate.len() + 3) * MOVE / 6;
        if let Some((_, distance)) = best {
            match distance.checked_sub(1) {
                Some(better) => limit = limit.min(better),
                None => break,
            }
        }
        let distance = distance(name.as_bytes(), candidate.as_bytes(), limit);
        if distance <= limit {
            best = Some((candidate, distance));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// Weighted Levenshtein distance; anything above `limit` comes back as `limit + 1`.
fn distance(a: &[u8], b: &[u8], limit: usize) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE;
    }
    if a.len() > MAX_LEN || b.len() > MAX_LEN {
        return limit + 1;
    }
    let (a, b) = if b.len() < a.len() { (b, a) } else { (a, b) };
    if (b.len() - a.len()) * MOVE > limit {
        return limit + 1;
    }
    // One row of the usual matrix; before the first byte of b it is all insertions.
    let mut row: Vec<usize> = (1..=a.len()).map(|len| len * MOVE).collect();
    let mut result = 0;
    for (index, &byte) in b.iter().enumerate() {
        let mut diagonal = index * MOVE;
        result = diagonal;
        let mut least = usize::MAX;
        for (cell, &other) in row.iter_mut().zip(a) {
            let replaced = diagonal + replacement_cost(byte, other);
            diagonal = *cell;
            result = (result.min(diagonal) + MOVE).min(replaced);
            *cell = result;
            least = least.min(result);
        }
        if least > limit {
            return limit + 1;
        }
    }
    result
}

fn replacement_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/suggest/record.py` writes the cases.
    #[test]
    fn recorded() {
        for case in include_str!("../../tests/suggest/cases.txt").lines() {
            let fields: Vec<&str> = case.split('\t').collect();
            let names: Vec<&str> = fields[2].split(' ').collect();
            assert_eq!(suggest(fields[0], &names).unwrap_or(""), fields[1], "{case}");
        }
    }

    #[test]
    fn limits() {
        assert_eq!(suggest("noise", &["noise"]), None);
        assert_eq!(suggest("x", &["y"]), None);
        assert_eq!(suggest("abcd", &vec!["abce"; MAX_CANDIDATES]), None);
        let long = "x".repeat(100);
        assert_eq!(suggest(&long.replacen('x', "y", 1), &[&long]), Some(long.as_str()));
    }
}
