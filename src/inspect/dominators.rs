//! Who alone keeps what alive. An object dominates another if every way from the roots to the other goes through it:
//! were it gone, the other would go too. What an object dominates, itself included, is its retained size.
//!
//! The tree is found by the semi-NCA method over the numbers of a [`Snapshot`], without recursion.
use super::snapshot::Snapshot;

/// No object: the roots' place in the tree, and "not reached".
const NONE: u32 = u32::MAX;

/// The tree of dominators.
#[derive(Debug)]
pub struct Dominators {
    /// By object: its nearest dominator.
    parent: Vec<u32>,
    /// Reached objects, each after its dominator.
    order: Vec<u32>,
    reached: Vec<bool>,
    /// By object: bytes that would go with it, its own included.
    pub retained: Vec<u64>,
}

/// What the search keeps of an object, by its number in the order of the search.
struct Search {
    /// The object; that of number 0 stands for the roots.
    objects: Vec<u32>,
    /// By object, its number; 0 if not reached.
    numbers: Vec<u32>,
    /// The tree of the search.
    parents: Vec<u32>,
}

impl Dominators {
    /// The tree of a snapshot.
    pub fn of(shot: &Snapshot) -> Dominators {
        let search = search(shot);
        let (starts, holders) = holders(shot, &search);
        let idom = nearest(&search, &starts, &holders);
        let count = shot.len();
        let mut tree = Dominators {
            parent: vec![NONE; count],
            order: search.objects[1..].to_vec(),
            reached: vec![false; count],
            retained: shot.sizes.iter().map(|size| u64::from(*size)).collect(),
        };
        for number in (1..search.objects.len()).rev() {
            let object = search.objects[number] as usize;
            tree.reached[object] = true;
            let above = idom[number];
            if above != 0 {
                let dominator = search.objects[above as usize];
                tree.parent[object] = dominator;
                tree.retained[dominator as usize] += tree.retained[object];
            }
        }
        tree
    }

    /// The nearest object without which this one would go; `None` if there is no single one.
    pub fn dominator(&self, object: u32) -> Option<u32> {
        let parent = self.parent[object as usize];
        (parent != NONE).then_some(parent)
    }

    /// Whether a root leads to it.
    pub fn is_reached(&self, object: u32) -> bool {
        self.reached[object as usize]
    }

    /// All objects that a root leads to, each after its dominator.
    pub fn order(&self) -> &[u32] {
        &self.order
    }
}

/// Depth first from the roots.
fn search(shot: &Snapshot) -> Search {
    let mut found = Search { objects: vec![NONE], numbers: vec![0; shot.len()], parents: vec![0] };
    let mut stack: Vec<(u32, u32)> = Vec::new();
    for root in &shot.roots {
        if found.numbers[root.object as usize] != 0 {
            continue;
        }
        found.add(root.object, 0);
        stack.push((root.object, shot.starts[root.object as usize]));
        while let Some((object, next)) = stack.last_mut() {
            if *next == shot.starts[*object as usize + 1] {
                stack.pop();
                continue;
            }
            let held = shot.edges[*next as usize];
            *next += 1;
            if found.numbers[held as usize] == 0 {
                let parent = found.numbers[*object as usize];
                found.add(held, parent);
                stack.push((held, shot.starts[held as usize]));
            }
        }
    }
    found
}

impl Search {
    fn add(&mut self, object: u32, parent: u32) {
        self.numbers[object as usize] = self.objects.len() as u32;
        self.objects.push(object);
        self.parents.push(parent);
    }
}

/// By number: who holds it, as rows; the roots are number 0.
fn holders(shot: &Snapshot, search: &Search) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; search.objects.len() + 1];
    let each = |visit: &mut dyn FnMut(u32, usize)| {
        for root in &shot.roots {
            visit(0, search.numbers[root.object as usize] as usize);
        }
        for (number, object) in search.objects.iter().enumerate().skip(1) {
            for held in shot.held_by(*object) {
                visit(number as u32, search.numbers[*held as usize] as usize);
            }
        }
    };
    each(&mut |_, held| starts[held + 1] += 1);
    for number in 1..starts.len() {
        starts[number] += starts[number - 1];
    }
    let mut rows = vec![0u32; starts.last().copied().unwrap_or(0) as usize];
    let mut next = starts.clone();
    each(&mut |holder, held| {
        rows[next[held] as usize] = holder;
        next[held] += 1;
    });
    (starts, rows)
}

/// By number: the number of the nearest dominator.
fn nearest(search: &Search, starts: &[u32], holders: &[u32]) -> Vec<u32> {
    let count = search.objects.len();
    let mut idom = search.parents.clone();
    let mut ancestor = search.parents.clone();
    let mut semi: Vec<u32> = (0..count as u32).collect();
    let mut label = semi.clone();
    let mut path = Vec::new();
    for number in (1..count).rev() {
        let mut least = search.parents[number];
        for holder in &holders[starts[number] as usize..starts[number + 1] as usize] {
            let found = best(*holder, number as u32 + 1, &mut ancestor, &mut label, &semi, &mut path);
            least = least.min(semi[found as usize]);
        }
        semi[number] = least;
    }
    for number in 1..count {
        while idom[number] > semi[number] {
            idom[number] = idom[idom[number] as usize];
        }
    }
    idom
}

/// The number with the least semidominator on the way up from `number`, among those linked so far (from `linked`
/// on). Shortens the way for the next time.
fn best(
    number: u32,
    linked: u32,
    ancestor: &mut [u32],
    label: &mut [u32],
    semi: &[u32],
    path: &mut Vec<u32>,
) -> u32 {
    let mut at = number;
    if ancestor[at as usize] < linked {
        return label[at as usize];
    }
    path.clear();
    while ancestor[at as usize] >= linked {
        path.push(at);
        at = ancestor[at as usize];
    }
    let mut above = at;
    let mut best = label[at as usize];
    while let Some(next) = path.pop() {
        ancestor[next as usize] = ancestor[above as usize];
        let own = label[next as usize];
        if semi[best as usize] < semi[own as usize] {
            label[next as usize] = best;
        } else {
            best = own;
        }
        above = next;
    }
    label[number as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::snapshot::RootRow;

    fn shot(count: usize, roots: &[u32], edges: &[(u32, u32)]) -> Snapshot {
        let mut shot = Snapshot::default();
        shot.addresses = (0..count).map(|n| n * 16).collect();
        shot.type_of = vec![0; count];
        shot.counts = vec![1; count];
        shot.sizes = vec![10; count];
        for object in 0..count as u32 {
            shot.starts.push(shot.edges.len() as u32);
            shot.edges.extend(edges.iter().filter(|(from, _)| *from == object).map(|(_, to)| *to));
        }
        shot.starts.push(shot.edges.len() as u32);
        shot.roots = roots.iter().map(|object| RootRow { name: "r".into(), object: *object }).collect();
        shot
    }

    /// The nearest dominators by their definition: leave each object out and see what is not reached any more.
    fn by_definition(shot: &Snapshot) -> Vec<Option<u32>> {
        let reach = |without: Option<u32>| {
            let mut seen = vec![false; shot.len()];
            let mut stack: Vec<u32> = shot.roots.iter().map(|root| root.object).collect();
            while let Some(object) = stack.pop() {
                if Some(object) != without && !std::mem::replace(&mut seen[object as usize], true) {
                    stack.extend(shot.held_by(object));
                }
            }
            seen
        };
        let all = reach(None);
        let lost: Vec<Vec<bool>> = (0..shot.len() as u32).map(|object| reach(Some(object))).collect();
        let dominates =
            |a: u32, b: u32| a != b && all[a as usize] && all[b as usize] && !lost[a as usize][b as usize];
        (0..shot.len() as u32)
            .map(|object| {
                let above: Vec<u32> = (0..shot.len() as u32).filter(|a| dominates(*a, object)).collect();
                above.iter().copied().find(|a| above.iter().all(|b| b == a || dominates(*b, *a)))
            })
            .collect()
    }

    #[test]
    fn the_tree_is_what_its_definition_says() {
        let mut seed = 12345u64;
        let mut random = move |below: u32| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as u32 % below
        };
        for round in 0..300 {
            let count = 2 + random(12);
            let edges: Vec<(u32, u32)> =
                (0..random(3 * count)).map(|_| (random(count), random(count))).collect();
            let roots: Vec<u32> = (0..1 + random(3)).map(|_| random(count)).collect();
            let shot = shot(count as usize, &roots, &edges);
            let tree = Dominators::of(&shot);
            let found: Vec<Option<u32>> = (0..count).map(|object| tree.dominator(object)).collect();
            assert_eq!(found, by_definition(&shot), "round {round}: {roots:?} {edges:?}");
        }
    }

    #[test]
    fn a_million_long_chain_is_no_trouble() {
        let count = 1_000_000u32;
        let mut shot = shot(0, &[], &[]);
        shot.addresses = (0..count as usize).map(|n| n * 16).collect();
        shot.sizes = vec![1; count as usize];
        shot.starts = (0..=count).map(|n| n.min(count - 1)).collect();
        shot.edges = (1..count).collect();
        shot.roots = vec![RootRow { name: "r".into(), object: 0 }];
        let tree = Dominators::of(&shot);
        assert_eq!(tree.retained[0], u64::from(count));
        assert_eq!(tree.dominator(count - 1), Some(count - 2));
    }
}
