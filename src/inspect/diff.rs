//! What changed between two snapshots.
//!
//! An object is the same one if it is at the same place, of the same type and has the same birth. Where births are
//! recorded and a mark was set between the snapshots this is exact; without, an object whose place was taken by
//! another of its type counts as the same.
use std::collections::HashMap;
use std::sync::Arc;

use super::snapshot::Snapshot;

/// How the objects of a type changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeChange {
    pub name: Arc<str>,
    pub users: bool,
    pub new: u64,
    pub gone: u64,
    /// How many there are now.
    pub now: u64,
    /// Bytes more than before.
    pub bytes: i64,
}

/// What changed.
#[derive(Debug, Default)]
pub struct Diff {
    /// Numbers in the later snapshot.
    pub new: Vec<u32>,
    /// Numbers in the earlier snapshot.
    pub gone: Vec<u32>,
    /// Types of which something came or went; those that grew most first.
    pub types: Vec<TypeChange>,
}

/// What changed from `before` to `after`.
pub fn diff(before: &Snapshot, after: &Snapshot) -> Diff {
    // Types are the same if they are called the same and lie at the same place.
    let mut rows: Vec<TypeChange> = Vec::new();
    let mut places: HashMap<(usize, Arc<str>), usize> = HashMap::new();
    let mut number = |shot: &Snapshot| -> Vec<usize> {
        let number_of = |row: &super::snapshot::TypeRow| {
            *places.entry((row.address, row.name.clone())).or_insert_with(|| {
                rows.push(TypeChange {
                    name: row.name.clone(),
                    users: row.users,
                    new: 0,
                    gone: 0,
                    now: 0,
                    bytes: 0,
                });
                rows.len() - 1
            })
        };
        shot.types.iter().map(number_of).collect()
    };
    let (old_types, new_types) = (number(before), number(after));
    let mut found = Diff::default();
    let mut a = 0;
    for b in 0..after.len() {
        let address = after.addresses[b];
        while a < before.len() && before.addresses[a] < address {
            found.gone.push(a as u32);
            a += 1;
        }
        let row = new_types[after.type_of[b] as usize];
        rows[row].now += 1;
        if a < before.len() && before.addresses[a] == address {
            let same = old_types[before.type_of[a] as usize] == row
                && (before.births.is_empty() || before.birth(a as u32) == after.birth(b as u32));
            if same {
                rows[row].bytes += i64::from(after.sizes[b]) - i64::from(before.sizes[a]);
                a += 1;
                continue;
            }
            found.gone.push(a as u32);
            a += 1;
        }
        found.new.push(b as u32);
        rows[row].new += 1;
        rows[row].bytes += i64::from(after.sizes[b]);
    }
    found.gone.extend(a as u32..before.len() as u32);
    for gone in &found.gone {
        let row = &mut rows[old_types[before.type_of[*gone as usize] as usize]];
        row.gone += 1;
        row.bytes -= i64::from(before.sizes[*gone as usize]);
    }
    rows.retain(|row| row.new > 0 || row.gone > 0);
    rows.sort_by(|x, y| {
        let grown = |row: &TypeChange| row.new as i64 - row.gone as i64;
        grown(y).cmp(&grown(x)).then(y.bytes.cmp(&x.bytes)).then_with(|| x.name.cmp(&y.name))
    });
    found.types = rows;
    found
}
