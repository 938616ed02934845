//! Random object graphs, compared with a plain walk from the roots.

use std::collections::BTreeSet;
use std::ptr::NonNull;

use super::toy::{Toy, ToyHeap, container, deep_container, finalized, take_log, toy, weak, weak_type};
use crate::memory::gc::{self, query};
use crate::memory::object::{Object, WeakKind};
use crate::memory::refs::Ref;
use crate::memory::verify::{verify, verify_counts};
use crate::memory::walk_objects;
use crate::memory::weakref::WeakRefCore;

/// A small generator of numbers, so that each run is the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % limit
    }
}

/// Everything that can be reached from the roots.
fn reachable(roots: &[Ref<Toy>], weaks: &[Ref<WeakRefCore>]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut todo: Vec<NonNull<Object>> = roots.iter().map(|root| root.as_raw().cast()).collect();
    todo.extend(weaks.iter().map(|weak| weak.as_raw().cast::<Object>()));
    while let Some(object) = todo.pop() {
        if found.insert(object.as_ptr().addr()) {
            // SAFETY: reached from a live root.
            query::for_each_referent(unsafe { object.as_ref() }, &mut |referent| todo.push(referent));
        }
    }
    found
}

fn live() -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    walk_objects(&mut |object| {
        found.insert(object.as_ptr().addr());
    });
    found
}

#[test]
fn what_lives_is_what_can_be_reached() {
    for seed in 0..12 {
        let _heap = ToyHeap::new();
        let types = [container(), deep_container(), finalized(), container()];
        let weak_ty = weak_type(WeakKind::Ref);
        let mut random = Random(seed);
        gc::set_thresholds([[7, 3, 2], [40, 5, 3], [0, 0, 0]][seed as usize % 3]);
        gc::state::set_stress(seed == 11);
        let mut roots: Vec<Ref<Toy>> = vec![toy(types[0], 0)];
        let mut weaks: Vec<Ref<WeakRefCore>> = Vec::new();
        for step in 0..4000 {
            let (a, b) = (random.below(roots.len()), random.below(roots.len()));
            match random.below(10) {
                0..=3 => roots.push(toy(types[random.below(4)], 0)),
                4..=6 => roots[a].set(random.below(3), &roots[b].clone()),
                7 => drop(roots[a].slots[random.below(3)].take()),
                8 => {
                    let callback = (random.below(2) == 0).then(|| roots[b].clone());
                    weaks.push(weak(weak_ty, &roots[a], callback.as_ref()));
                }
                _ => {
                    let dropped = random.below(roots.len() / 2 + 1);
                    for _ in 0..dropped {
                        if roots.len() > 1 {
                            let index = random.below(roots.len());
                            drop(roots.swap_remove(index));
                        }
                    }
                    if random.below(3) == 0 {
                        weaks.truncate(random.below(weaks.len() + 1));
                    }
                }
            }
            if step % 500 == 499 {
                gc::collect(2);
                assert_eq!(live(), reachable(&roots, &weaks), "seed {seed}, step {step}");
                let audit = verify_counts(&mut |hold| {
                    roots.iter().for_each(|root| hold(root.as_raw().cast()));
                    weaks.iter().for_each(|weak| hold(weak.as_raw().cast()));
                });
                assert_eq!(audit, Ok(()), "seed {seed}, step {step}");
            } else if step % 50 == 0 {
                assert_eq!(verify(), Ok(()), "seed {seed}, step {step}");
            }
        }
        drop((roots, weaks));
        gc::collect(2);
        assert_eq!(live().len(), 0);
        take_log();
    }
}
