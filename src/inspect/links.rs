//! References among a few objects, for drawing them together.
//!
//! A list, tuple, dict or set between two of them that is not one of them itself does not hide that one holds the
//! other: the way through it is a link too.

use std::collections::HashMap;

use super::edges::each_edge;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::types;
use crate::session::protocol::Link;

/// Containers passed through on the way from one object to another, at most.
const MAX_PASSED: usize = 2;
/// Items looked at in one such container.
const MAX_ITEMS: usize = 200;

/// All links among the objects at these addresses, each with its number.
pub fn links(still: Still<'_>, objects: &[(usize, u64)]) -> Vec<Link> {
    let numbers: HashMap<usize, u64> = objects.iter().copied().collect();
    let mut found = Vec::new();
    for &(address, number) in objects {
        // Static types and the like do not lie in the heap; they are not drawn from.
        let Some(object) = still.at(address) else { continue };
        from(still, object, &mut |path, held| {
            if let Some(to) = numbers.get(&held.address()) {
                found.push(Link { from: number, to: *to, path: path.to_owned() });
                return false;
            }
            true
        });
    }
    found
}

/// Shows what an object holds, directly and through plain containers; `goes_on` says whether to look into one.
fn from<'h>(still: Still<'h>, object: &'h Object, goes_on: &mut dyn FnMut(&str, &Object) -> bool) {
    let mut level = vec![(String::new(), object)];
    for passed in 0..=MAX_PASSED {
        let mut next = Vec::new();
        for (way, holder) in level {
            let mut items = 0;
            each_edge(still, holder, &mut |place, held| {
                items += 1;
                if passed > 0 && items > MAX_ITEMS {
                    return;
                }
                let path = format!("{way}{}", place.path(still));
                if goes_on(&path, held)
                    && is_plain_container(held)
                    && let Some(held) = still.at(held.address())
                {
                    next.push((path, held));
                }
            });
        }
        level = next;
    }
}

fn is_plain_container(object: &Object) -> bool {
    let ty = types();
    [ty.list, ty.tuple, ty.dict, ty.set, ty.cell].iter().any(|plain| object.is_exact(plain))
}
