//! What is alive after shutdown, and why: each object by the root that keeps it. What no root keeps was leaked.
use std::collections::BTreeMap;
use std::fmt::Display;

use super::owned::{Kinds, each_owned};
use super::roots::{STATIC_TYPES, each_certain_root, is_static_type};
use super::tally::Tally;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::vm::Ctx;

/// The objects that are left.
#[derive(Default)]
pub struct Left<'h> {
    /// How many objects each root keeps, by the root's name; an object counts for the first that leads to it.
    pub kept: BTreeMap<String, u64>,
    /// Those that no root leads to.
    pub without_reason: Vec<&'h Object>,
}

/// Walks from every root through everything that is left.
pub fn left_alive<'h>(cx: Ctx, still: Still<'h>) -> Left<'h> {
    let mut seen = Tally::new();
    still.objects(&mut |object| seen.enter(object.address()));
    let mut left = Left::default();
    let mut todo: Vec<&'h Object> = Vec::new();
    let first = |seen: &mut Tally, object: &Object| {
        seen.get(object.address()) == Some(0) && seen.add(object.address())
    };
    let mut kinds = Kinds::default();
    let mut root = |name: &dyn Display, object: &'h Object| {
        if !first(&mut seen, object) {
            return;
        }
        let mut count = 1;
        todo.push(object);
        while let Some(object) = todo.pop() {
            each_owned(still, kinds.of(object), object, &mut |held| {
                if first(&mut seen, held) {
                    count += 1;
                    todo.push(held);
                }
            });
        }
        *left.kept.entry(name.to_string()).or_default() += count;
    };
    each_certain_root(cx, still, &mut |name, object| root(&name, object));
    still.objects(&mut |object| {
        if is_static_type(object) {
            root(&STATIC_TYPES, object);
        }
    });
    still.objects(&mut |object| {
        if seen.get(object.address()) == Some(0) {
            left.without_reason.push(object);
        }
    });
    left
}
