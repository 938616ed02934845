//! What a program made and left alive, told so that a leak stands out: by type and by the line that made it, only the
//! outermost objects, each group with the way that keeps one of it alive.
//!
//! Left out is what the program keeps on purpose under a name: what a module's globals, a class or a running
//! function hold directly, and what belongs to the definition of functions and classes. What an `import` made is one sum.
use std::collections::{HashMap, HashSet};

use super::births::Births;
use super::dominators::Dominators;
use super::edges::{Place, each_edge};
use super::numbers::Numbers;
use super::roots::{RootName, each_held_root};
use super::short::short;
use super::snapshot::Snapshot;
use super::why::ways;
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::look::as_class;
use crate::objects::{ModuleObject, types};
use crate::session::protocol::{LeakGroup, LeakReport};
use crate::vm::Ctx;

/// Groups that are told one by one.
const MAX_GROUPS: usize = 100;

/// The group of an object: type, place of birth, whether a root leads to it.
type Key = (u32, u32, bool);

/// What was made since a mark (0: since the beginning) and is left.
pub fn leaks(
    cx: Ctx,
    still: Still<'_>,
    shot: &Snapshot,
    births: &Births,
    since: u32,
    numbers: &mut Numbers,
) -> LeakReport {
    let tree = Dominators::of(shot);
    let named = named(cx, still);
    let mut report = LeakReport::default();
    let mut is_left = vec![false; shot.len()];
    for object in 0..shot.len() as u32 {
        let birth = shot.birth(object);
        let Some(site) = births.site(birth.site()) else { continue };
        if birth.stretch() < since {
            continue;
        }
        if site.import {
            report.imported += 1;
            report.imported_bytes += u64::from(shot.sizes[object as usize]);
        } else {
            is_left[object as usize] = !named.contains(&shot.addresses[object as usize]);
        }
    }
    // What is inside something else that is left is told with that.
    let mut is_inside = vec![false; shot.len()];
    for object in tree.order() {
        if let Some(above) = tree.dominator(*object) {
            is_inside[*object as usize] = is_inside[above as usize] || is_left[above as usize];
        }
    }
    let garbage = unreachable(shot, &tree, &is_left);
    struct Group {
        example: u32,
        count: u64,
        bytes: u64,
        retained: u64,
    }
    let mut groups: HashMap<Key, Group> = HashMap::new();
    for object in 0..shot.len() as u32 {
        if !is_left[object as usize] {
            continue;
        }
        report.objects += 1;
        report.bytes += u64::from(shot.sizes[object as usize]);
        let reached = tree.is_reached(object);
        let retained = match garbage.get(&object) {
            None if !reached || is_inside[object as usize] => continue,
            None => tree.retained[object as usize],
            Some(retained) => *retained,
        };
        let key = (shot.type_of[object as usize], shot.birth(object).site(), reached);
        let group = groups.entry(key).or_insert(Group { example: object, count: 0, bytes: 0, retained: 0 });
        group.count += 1;
        group.bytes += u64::from(shot.sizes[object as usize]);
        group.retained += retained;
    }
    let mut groups: Vec<(Key, Group)> = groups.into_iter().collect();
    // What nothing leads to first, then by size; the order is the same each time.
    groups.sort_by(|((_, site_a, reached_a), a), ((_, site_b, reached_b), b)| {
        (reached_a, std::cmp::Reverse(a.retained), site_a, a.example).cmp(&(
            reached_b,
            std::cmp::Reverse(b.retained),
            site_b,
            b.example,
        ))
    });
    report.groups_total = groups.len() as u64;
    groups.truncate(MAX_GROUPS);
    let examples: Vec<&Object> =
        groups.iter().filter_map(|(_, group)| still.at(shot.addresses[group.example as usize])).collect();
    let paths = ways(cx, still, &examples, numbers);
    for (((type_place, site, reached), group), (example, path)) in
        groups.into_iter().zip(examples.iter().zip(paths))
    {
        let row = &shot.types[type_place as usize];
        report.groups.push(LeakGroup {
            type_name: row.name.clone(),
            user: row.users,
            location: births.site(site).map(|site| site.location.clone()),
            count: group.count,
            bytes: group.bytes,
            retained: group.retained,
            unreachable: !reached,
            example: numbers.label(example),
            repr: short(still, example),
            path,
        });
    }
    report
}

/// What no root leads to: the objects that stand for it, each with its bytes and those of what hangs on it. Instances of
/// the user's classes stand for themselves; for other things does the first of its type on a cycle.
fn unreachable(shot: &Snapshot, tree: &Dominators, is_left: &[bool]) -> HashMap<u32, u64> {
    let mut heads: Vec<u32> = (0..shot.len() as u32)
        .filter(|object| is_left[*object as usize] && !tree.is_reached(*object))
        .collect();
    heads.sort_by_key(|object| (!shot.type_row(*object).users, shot.held_by(*object).is_empty(), *object));
    let mut taken: HashSet<u32> = HashSet::new();
    let mut found = HashMap::new();
    for head in heads {
        if !taken.insert(head) {
            continue;
        }
        let mut bytes = 0;
        let mut stack = vec![head];
        while let Some(object) = stack.pop() {
            bytes += u64::from(shot.sizes[object as usize]);
            for held in shot.held_by(object) {
                let stands_alone =
                    shot.type_row(*held).users || shot.type_of[*held as usize] == shot.type_of[head as usize];
                if !tree.is_reached(*held) && !stands_alone && taken.insert(*held) {
                    stack.push(*held);
                }
            }
        }
        found.insert(head, bytes);
    }
    found
}

/// The addresses of what a program keeps under a name, and of the parts of its functions and classes.
fn named(cx: Ctx, still: Still<'_>) -> HashSet<usize> {
    let mut found: HashSet<usize> = HashSet::new();
    let mut stack: Vec<&Object> = Vec::new();
    let ty = types();
    if let Some(modules) = cx.vm().modules.peek() {
        modules.for_each_entry(&mut |_, value| {
            found.insert(value.address());
            let Some(dict) = value.downcast::<ModuleObject>().and_then(|module| module.dict.peek()) else {
                return;
            };
            found.insert(dict.as_object().address());
            dict.for_each_entry(&mut |key, value| {
                found.insert(key.address());
                if found.insert(value.address()) && is_definition(value) {
                    stack.push(still.keep(value));
                }
            });
        });
    }
    each_held_root(cx, still, &mut |name, object| {
        if matches!(name, RootName::Local(..) | RootName::Stack(..)) {
            found.insert(object.address());
            if object.is_exact(ty.cell) {
                stack.push(object);
            }
        }
    });
    while let Some(object) = stack.pop() {
        let owns_dict = as_class(object).is_some() || object.is_exact(ty.function);
        each_edge(still, object, &mut |place, held| {
            if matches!(place, Place::Part(".__globals__" | ".__builtins__")) {
                return;
            }
            let goes_on = is_definition(held) || is_part(held) || (owns_dict && held.is_exact(ty.dict));
            // The classes above and the modules around are looked at on their own.
            if found.insert(held.address()) && goes_on && held.downcast::<ModuleObject>().is_none() {
                stack.push(held);
            }
        });
    }
    found
}

/// Functions, classes, and what stands for one in a class.
fn is_definition(object: &Object) -> bool {
    let ty = types();
    let kinds = [ty.function, ty.property, ty.staticmethod, ty.classmethod, ty.code];
    as_class(object).is_some() || kinds.iter().any(|kind| object.is_exact(kind))
}

/// What definitions are made of: tuples of names, constants and defaults, cells.
fn is_part(object: &Object) -> bool {
    object.is_exact(types().tuple) || object.is_exact(types().cell)
}
