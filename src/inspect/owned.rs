//! Everything that an object owns, fast: what [`super::edges`] shows, without names.
//!
//! How the references of an object are found depends on its type alone; whoever walks the heap asks once for each type.
use std::collections::HashMap;

use super::edges::each_edge;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::look::as_class;
use crate::objects::{TypeObject, Types, types};

/// How the references that an object owns are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owns {
    /// It owns nothing.
    Nothing,
    /// Its `traverse` shows them all.
    Traversed,
    /// Some are known by name only.
    Named,
}

/// Built-in types without `traverse` whose objects own others all the same; these are no part of a cycle.
const UNTRAVERSED: &[fn(&Types) -> &'static TypeObject] =
    &[|ty| ty.code, |ty| ty.range, |ty| ty.longrange_iterator];

impl Owns {
    /// Of all objects of this one's type.
    pub fn of(object: &Object) -> Owns {
        let info = &object.type_core().info;
        if as_class(object).is_some() {
            Owns::Named
        } else if info.traverse.get().is_some() || info.owned.get().is_some() {
            Owns::Traversed
        } else if info.is_heap_type.get() || UNTRAVERSED.iter().any(|ty| object.is_exact(ty(types()))) {
            Owns::Named
        } else {
            Owns::Nothing
        }
    }
}

/// Shows every reference that an object owns, each as often as it is owned.
#[inline]
pub fn each_owned<'h>(still: Still<'h>, owns: Owns, object: &'h Object, each: &mut dyn FnMut(&'h Object)) {
    match owns {
        Owns::Nothing => {}
        Owns::Traversed => still.owned(object, each),
        Owns::Named => each_edge(still, object, &mut |_, held| each(held)),
    }
}

/// What is known of the types met so far. Types are few and neighbours are often of the same.
#[derive(Debug)]
pub struct Kinds {
    known: HashMap<usize, Owns>,
    recent: [(usize, Owns); 64],
}

impl Default for Kinds {
    fn default() -> Kinds {
        Kinds { known: HashMap::new(), recent: [(0, Owns::Nothing); 64] }
    }
}

impl Kinds {
    /// How the references of this object are found.
    #[inline]
    pub fn of(&mut self, object: &Object) -> Owns {
        let key = object.type_ptr().addr();
        let slot = (key >> 4) % self.recent.len();
        if self.recent[slot].0 == key {
            return self.recent[slot].1;
        }
        let owns = *self.known.entry(key).or_insert_with(|| Owns::of(object));
        self.recent[slot] = (key, owns);
        owns
    }
}
