//! Why an object is alive: all its holders, each called by a name that a person understands, and the shortest way to
//! it from a root.
//!
//! One walk breadth first from the roots, in which every object is seen once: it ends when as many holders are
//! found as the count says. Only then is anything named. What no root leads to is looked for at the end.
use std::collections::HashMap;

use super::edges::each_edge;
use super::native::{Candidates, Reach};
use super::numbers::Numbers;
use super::owned::{Kinds, each_owned};
use super::phrase::Phrase;
use super::roots::{RootName, STATIC_TYPES, each_certain_root, each_held_root, is_static_type};
use super::seen::Seen;
use super::short::short;
use super::stories;
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::{ModuleObject, StrObject};
use crate::session::protocol::{Holder, HolderList, PathStep, WhyReport};
use crate::vm::Ctx;

/// Holders listed at most.
const MAX_HOLDERS: usize = 200;
/// A way longer than this is shown by its beginning and its end.
const LONG_WAY: usize = 16;
/// Steps kept at each end of a long way.
const ENDS: usize = 5;
/// Not reached from another object.
const SEED: u32 = u32::MAX;

/// Something that the walk came to.
#[derive(Clone, Copy)]
struct Stop<'h> {
    object: &'h Object,
    /// Where it came from: a place in the queue.
    from: u32,
}

/// The walk.
pub(super) struct Walk<'h> {
    cx: Ctx,
    still: Still<'h>,
    queue: Vec<Stop<'h>>,
    seen: Seen,
    kinds: Kinds,
    /// What the objects that the walk begins with are called, by their place in the queue.
    seeds: HashMap<u32, Phrase>,
    phrases: HashMap<u32, Phrase>,
}

/// Everything that holds an object.
struct Holders<'h> {
    /// Roots, by name.
    roots: Vec<Phrase>,
    /// Places in the queue, once for each reference.
    reached: Vec<u32>,
    /// Objects that no root leads to, once for each reference.
    loose: Vec<&'h Object>,
}

impl<'h> Walk<'h> {
    /// A walk that stands at the roots.
    fn new(cx: Ctx, still: Still<'h>) -> Walk<'h> {
        let mut walk = Walk {
            cx,
            still,
            queue: Vec::with_capacity(1 << 12),
            seen: Seen::default(),
            kinds: Kinds::default(),
            seeds: HashMap::new(),
            phrases: HashMap::new(),
        };
        let mut modules: Vec<(String, &'h Object)> = Vec::new();
        if let Some(table) = cx.vm().modules.peek() {
            table.for_each_entry(&mut |key, value| {
                if let Some(module) = value.downcast::<ModuleObject>()
                    && let (Some(dict), Some(name)) = (module.dict.peek(), key.downcast::<StrObject>())
                {
                    modules.push((name.to_string_lossy(), still.keep(dict.as_object())));
                }
            });
        }
        // Names that the user sees come first: what can be called by several is called by the nearest.
        if let Some((name, dict)) = modules.iter().find(|(name, _)| name == "__main__") {
            walk.seed(dict, || Phrase::module(name));
        }
        each_held_root(cx, still, &mut |name, object| {
            if matches!(name, RootName::Local(..) | RootName::Stack(..)) {
                walk.seed(object, || Phrase::root(name, object));
            }
        });
        for (name, dict) in &modules {
            walk.seed(dict, || Phrase::module(name));
        }
        each_held_root(cx, still, &mut |name, object| walk.seed(object, || Phrase::root(name, object)));
        walk
    }

    fn seed(&mut self, object: &'h Object, name: impl FnOnce() -> Phrase) {
        if self.seen.insert(object.address()) {
            self.seeds.insert(self.queue.len() as u32, name());
            self.queue.push(Stop { object, from: SEED });
        }
    }

    /// Looks for the holders of an object.
    fn look_for(&mut self, target: &'h Object) -> Holders<'h> {
        let still = self.still;
        let mut holders = Holders { roots: Vec::new(), reached: Vec::new(), loose: Vec::new() };
        each_certain_root(self.cx, still, &mut |name, object| {
            if object.is(target) {
                holders.roots.push(Phrase::root(name, object));
            }
        });
        if is_static_type(target) {
            holders.roots.push(Phrase::noun(STATIC_TYPES));
        }
        let count = target.refcount();
        let mut wanted = count.saturating_sub(holders.roots.len());
        let mut next = 0;
        while wanted > 0
            && let Some(stop) = self.queue.get(next).copied()
        {
            if let Some(ahead) = self.queue.get(next + 8) {
                still.prefetch(ahead.object);
            }
            let from = next as u32;
            next += 1;
            let owns = self.kinds.of(stop.object);
            let (queue, seen) = (&mut self.queue, &mut self.seen);
            each_owned(still, owns, stop.object, &mut |held| {
                if held.is(target) {
                    holders.reached.push(from);
                    wanted = wanted.saturating_sub(1);
                }
                if seen.insert(held.address()) {
                    queue.push(Stop { object: held, from });
                }
            });
        }
        if wanted > 0 {
            let (seen, kinds) = (&self.seen, &mut self.kinds);
            still.objects(&mut |object| {
                if !seen.contains(object.address()) {
                    each_owned(still, kinds.of(object), object, &mut |held| {
                        if held.is(target) {
                            holders.loose.push(object);
                        }
                    });
                }
            });
        }
        holders
    }

    /// Puts what an object holds into the queue.
    fn go_on(&mut self, from: u32, object: &'h Object) {
        let owns = self.kinds.of(object);
        let (queue, seen) = (&mut self.queue, &mut self.seen);
        each_owned(self.still, owns, object, &mut |held| {
            if seen.insert(held.address()) {
                queue.push(Stop { object: held, from });
            }
        });
    }

    /// What the object at this place of the queue is called.
    fn phrase(&mut self, place: u32) -> Phrase {
        let mut way = Vec::new();
        let mut at = place;
        while at != SEED && !self.phrases.contains_key(&at) {
            way.push(at);
            at = self.queue[at as usize].from;
        }
        way.reverse();
        let mut phrase = self.phrases.get(&at).cloned();
        let gap = if way.len() > LONG_WAY { ENDS..way.len() - ENDS } else { 0..0 };
        for (number, place) in way.iter().enumerate() {
            if gap.contains(&number) {
                if number == gap.start {
                    phrase = phrase.map(|phrase| phrase.with_gap(gap.len()));
                }
                continue;
            }
            let stop = self.queue[*place as usize];
            let next = match (&phrase, self.seeds.get(place)) {
                (_, Some(seed)) => seed.clone(),
                (Some(before), None) => {
                    let holder = self.queue[stop.from as usize].object;
                    self.first_step(before, holder, stop.object)
                }
                (None, None) => Phrase::noun("the interpreter"),
            };
            self.phrases.insert(*place, next.clone());
            phrase = Some(next);
        }
        phrase.unwrap_or_else(|| Phrase::noun("the interpreter"))
    }

    fn first_step(&self, phrase: &Phrase, holder: &'h Object, held: &'h Object) -> Phrase {
        let mut found: Option<Phrase> = None;
        each_edge(self.still, holder, &mut |place, object| {
            if found.is_none() && object.is(held) {
                found = Some(phrase.step(self.still, holder, place, held));
            }
        });
        found.unwrap_or_else(|| Phrase::noun(format!("inside {}", phrase.text)))
    }

    /// The way to an object at a place in the queue, root first, as it is shown.
    fn way(&mut self, place: u32, numbers: &mut Numbers) -> Vec<PathStep> {
        let mut places = Vec::new();
        let mut at = place;
        while at != SEED {
            places.push(at);
            at = self.queue[at as usize].from;
        }
        places.reverse();
        let gap = if places.len() > LONG_WAY { ENDS..places.len() - ENDS } else { 0..0 };
        let mut steps = Vec::new();
        for (number, place) in places.iter().enumerate() {
            if gap.contains(&number) {
                if number == gap.start {
                    steps.push(PathStep::gap(gap.len() as u64));
                }
                continue;
            }
            let phrase = self.phrase(*place);
            if !phrase.is_passage() {
                steps.push(step(self.still, phrase.text, self.queue[*place as usize].object, numbers));
            }
        }
        steps
    }
}

fn step(still: Still<'_>, text: String, object: &Object, numbers: &mut Numbers) -> PathStep {
    PathStep { text, object: Some(numbers.label(object)), repr: short(still, object), left_out: 0 }
}

/// The step to the object itself, whose label is added at the end.
fn last_step(text: &str, repr: &str) -> PathStep {
    PathStep { text: text.to_owned(), object: None, repr: repr.to_owned(), left_out: 0 }
}

/// All holders of an object, and what keeps it alive.
///
/// `asked` is the expression by which somebody asked for it.
pub fn why(
    cx: Ctx,
    still: Still<'_>,
    target: &Object,
    asked: Option<&str>,
    numbers: &mut Numbers,
) -> WhyReport {
    let target = still.keep(target);
    let label = numbers.label(target);
    let mut walk = Walk::new(cx, still);
    let found = walk.look_for(target);
    let mut listed: Vec<Holder> = Vec::new();
    let mut best: Option<(u32, Vec<PathStep>)> = None;
    let mut offer = |rank: u32, path: &dyn Fn() -> Vec<PathStep>| {
        if best.as_ref().is_none_or(|(before, _)| rank < *before) {
            best = Some((rank, path()));
        }
    };
    let target_repr = short(still, target);
    let mut name: Option<String> = None;
    // Holders that are objects: by name, each with all its references.
    let mut objects: Vec<Holder> = Vec::new();
    let mut last = None;
    for place in &found.reached {
        if last == Some(*place) || objects.len() >= MAX_HOLDERS {
            continue;
        }
        last = Some(*place);
        let holder = walk.queue[*place as usize].object;
        let phrase = walk.phrase(*place);
        let mut steps = Vec::new();
        each_edge(still, holder, &mut |place, held| {
            if held.is(target) && steps.len() < MAX_HOLDERS {
                steps.push(phrase.step(still, holder, place, target));
            }
        });
        let way = if best_needs(&steps, &objects) { Some(walk.way(*place, numbers)) } else { None };
        for step in steps {
            if let Some(way) = &way {
                name = name.or_else(|| step.code().map(str::to_owned));
                let rank = if way.is_empty() { 0 } else { 2 };
                offer(rank, &|| {
                    let mut path = way.clone();
                    path.push(last_step(&step.text, &target_repr));
                    path
                });
            }
            let object = (!phrase.is_passage()).then(|| numbers.label(holder));
            objects.push(Holder { object, description: step.text });
        }
    }
    for phrase in &found.roots {
        let rank = if phrase.code().is_some() { 1 } else { 3 };
        if name.is_none() {
            name = phrase.code().map(str::to_owned);
        }
        offer(rank, &|| vec![last_step(&phrase.text, &target_repr)]);
        if listed.len() < MAX_HOLDERS {
            listed.push(Holder { object: None, description: phrase.text.clone() });
        }
    }
    listed.append(&mut objects);
    let mut last = None;
    for holder in &found.loose {
        if last == Some(holder.address()) || listed.len() >= MAX_HOLDERS {
            continue;
        }
        last = Some(holder.address());
        let label = numbers.label(holder);
        let phrase = Phrase::noun(label.to_string());
        each_edge(still, holder, &mut |place, held| {
            if held.is(target) {
                let description = phrase.step(still, holder, place, target).text;
                listed.push(Holder { object: Some(label.clone()), description });
            }
        });
    }
    let refcount = target.refcount() as u64;
    let mut total = (found.roots.len() + found.reached.len() + found.loose.len()) as u64;
    if total < refcount {
        let address = target.address();
        let candidates = Candidates::gather(cx, still, Reach::FAR, &mut |other| other == address);
        for place in candidates.of(address).take((refcount - total) as usize) {
            total += 1;
            listed.push(Holder { object: None, description: place.to_owned() });
        }
    }
    listed.truncate(MAX_HOLDERS);
    let mut path = best.map(|(_, path)| path).unwrap_or_default();
    if let Some(last) = path.last_mut() {
        last.object = Some(label.clone());
    }
    let holders = HolderList {
        object: label,
        refcount,
        holders: listed,
        total,
        unexplained: i64::try_from(refcount).unwrap_or(i64::MAX) - i64::try_from(total).unwrap_or(i64::MAX),
    };
    let notes = stories::notes(cx, still, target, asked.or(name.as_deref()), &holders, path.is_empty());
    WhyReport { holders, repr: target_repr, path, notes, created: None }
}

/// The ways from a root to several objects; empty where none leads.
pub fn ways(cx: Ctx, still: Still<'_>, targets: &[&Object], numbers: &mut Numbers) -> Vec<Vec<PathStep>> {
    let mut walk = Walk::new(cx, still);
    let mut wanted: HashMap<usize, Option<u32>> =
        targets.iter().map(|target| (target.address(), None)).collect();
    let mut left = wanted.len();
    let mut next = 0;
    while left > 0
        && let Some(stop) = walk.queue.get(next).copied()
    {
        if let Some(place) = wanted.get_mut(&stop.object.address()) {
            *place = Some(next as u32);
            left -= 1;
        }
        walk.go_on(next as u32, stop.object);
        next += 1;
    }
    targets
        .iter()
        .map(|target| match wanted.get(&target.address()).copied().flatten() {
            Some(place) => walk.way(place, numbers),
            None => Vec::new(),
        })
        .collect()
}

/// Whether a way is still wanted: the first holder that the walk came to is the nearest, but a name beats all.
fn best_needs(steps: &[Phrase], before: &[Holder]) -> bool {
    before.is_empty() || steps.iter().any(|step| step.text.starts_with("global "))
}
