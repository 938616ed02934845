//! The whole heap at one moment as plain numbers: every live object with type, count, size, generation and birth,
//! and every reference between them. Taken without touching the program; outlives the moment.
//!
//! Objects are numbered by ascending address. References are kept in two arrays (compressed sparse rows):
//! those of object `n` are `edges[starts[n] .. starts[n + 1]]`.
use std::collections::HashMap;
use std::sync::Arc;

use super::births::{Birth, Births};
use super::index::AddressIndex;
use super::origin::Origin;
use super::owned::{Owns, each_owned};
use super::roots::{STATIC_TYPES, each_held_root, is_static_type};
use super::size::{fixed_size, size_of};
use crate::memory::look::Still;
use crate::memory::{Object, gc};
use crate::objects::TypeFlags;
use crate::session::protocol::Generation;
use crate::vm::Ctx;

/// A type that has live objects.
#[derive(Clone, Debug)]
pub struct TypeRow {
    /// Of the type object.
    pub address: usize,
    pub name: Arc<str>,
    /// Defined by the user's code.
    pub users: bool,
    /// Its objects are classes.
    pub is_metaclass: bool,
    owns: Owns,
    fixed: Option<u32>,
}

/// A reference that no object holds.
#[derive(Clone, Debug)]
pub struct RootRow {
    pub name: Arc<str>,
    pub object: u32,
}

/// The heap at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Ascending.
    pub addresses: Vec<usize>,
    /// Places in `types`.
    pub type_of: Vec<u32>,
    pub counts: Vec<u32>,
    /// `sys.getsizeof`, in bytes.
    pub sizes: Vec<u32>,
    /// 0, 1, 2; 3 permanent, 4 untracked, 5 never tracked.
    generations: Vec<u8>,
    /// Where each was made; empty if that was not recorded.
    pub births: Vec<Birth>,
    pub starts: Vec<u32>,
    pub edges: Vec<u32>,
    pub types: Vec<TypeRow>,
    pub roots: Vec<RootRow>,
    index: AddressIndex,
}

const UNTRACKED: u8 = 4;
const ATOMIC: u8 = 5;

/// The types met so far. Types are few and neighbours are often of the same: the last few are tried first.
struct Types<'a> {
    cx: Ctx,
    origin: &'a mut Origin,
    rows: Vec<TypeRow>,
    places: HashMap<usize, u32>,
    recent: [(usize, u32); 64],
}

impl Types<'_> {
    #[inline]
    fn place(&mut self, still: Still<'_>, object: &Object) -> u32 {
        let key = object.type_ptr().addr();
        let slot = (key >> 4) % self.recent.len();
        if self.recent[slot].0 == key {
            return self.recent[slot].1;
        }
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => self.add(still, object),
        };
        self.recent[slot] = (key, place);
        place
    }

    fn add(&mut self, still: Still<'_>, object: &Object) -> u32 {
        let place = self.rows.len() as u32;
        let ty = object.ty();
        self.places.insert(object.type_ptr().addr(), place);
        self.rows.push(TypeRow {
            address: object.type_ptr().addr(),
            name: ty.name_text().into(),
            users: self.origin.is_users(self.cx, still, ty),
            is_metaclass: ty.has_flag(TypeFlags::TYPE_SUBCLASS),
            owns: Owns::of(object),
            fixed: fixed_size(object).and_then(|size| u32::try_from(size).ok()),
        });
        place
    }
}

impl Snapshot {
    /// Looks at every live object.
    pub fn take(cx: Ctx, still: Still<'_>, origin: &mut Origin, births: Option<&Births>) -> Snapshot {
        let mut objects: Vec<&Object> = Vec::new();
        still.objects(&mut |object| objects.push(object));
        if !objects.is_sorted_by_key(|object| object.address()) {
            objects.sort_unstable_by_key(|object| object.address());
        }
        let mut shot =
            Snapshot { addresses: objects.iter().map(|o| o.address()).collect(), ..Snapshot::default() };
        shot.index = AddressIndex::new(&shot.addresses);
        let count = objects.len();
        shot.type_of.reserve_exact(count);
        shot.counts.reserve_exact(count);
        shot.sizes.reserve_exact(count);
        shot.generations.reserve_exact(count);
        shot.starts.reserve_exact(count + 1);
        shot.edges.reserve(count * 2);
        let mut types = Types { cx, origin, rows: Vec::new(), places: HashMap::new(), recent: [(0, 0); 64] };
        for (number, object) in objects.iter().enumerate() {
            // The line of a block some steps ahead is asked for now: most of the time goes into waiting for memory.
            if let Some(ahead) = objects.get(number + 8) {
                still.prefetch(ahead);
            }
            let place = types.place(still, object);
            let row = &types.rows[place as usize];
            shot.type_of.push(place);
            shot.counts.push(u32::try_from(object.refcount()).unwrap_or(u32::MAX));
            let size = row.fixed.unwrap_or_else(|| u32::try_from(size_of(object)).unwrap_or(u32::MAX));
            shot.sizes.push(size);
            shot.generations.push(match object.is_gc() {
                false => ATOMIC,
                true if gc::is_tracked(object) => 2,
                true => UNTRACKED,
            });
            shot.starts.push(shot.edges.len() as u32);
            let (index, edges) = (&shot.index, &mut shot.edges);
            // What lies outside the heap is no object of the program's.
            each_owned(still, row.owns, object, &mut |held| edges.extend(index.find(held.address())));
        }
        shot.starts.push(shot.edges.len() as u32);
        shot.edges.shrink_to_fit();
        shot.types = types.rows;
        for generation in [0u8, 1, 3] {
            still.generation(usize::from(generation), &mut |object| {
                if let Some(number) = shot.index.find(object.address()) {
                    shot.generations[number as usize] = generation;
                }
            });
        }
        if let Some(births) = births {
            shot.births = shot.addresses.iter().map(|address| births.of(*address)).collect();
        }
        shot.add_roots(cx, still, &objects);
        shot
    }

    fn add_roots(&mut self, cx: Ctx, still: Still<'_>, objects: &[&Object]) {
        let mut names: HashMap<String, Arc<str>> = HashMap::new();
        each_held_root(cx, still, &mut |name, object| {
            let Some(object) = self.index.find(object.address()) else { return };
            let text = name.to_string();
            let name = names.entry(text).or_insert_with_key(|text| text.as_str().into()).clone();
            self.roots.push(RootRow { name, object });
        });
        let name: Arc<str> = STATIC_TYPES.into();
        for (number, object) in objects.iter().enumerate() {
            if self.types[self.type_of[number] as usize].is_metaclass && is_static_type(object) {
                self.roots.push(RootRow { name: name.clone(), object: number as u32 });
            }
        }
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The number of the object at an address.
    pub fn find(&self, address: usize) -> Option<u32> {
        self.index.find(address)
    }

    /// The type of an object.
    pub fn type_row(&self, object: u32) -> &TypeRow {
        &self.types[self.type_of[object as usize] as usize]
    }

    /// What an object refers to.
    pub fn held_by(&self, object: u32) -> &[u32] {
        let (from, to) = (self.starts[object as usize], self.starts[object as usize + 1]);
        &self.edges[from as usize..to as usize]
    }

    /// The generation of an object.
    pub fn generation(&self, object: u32) -> Generation {
        match self.generations[object as usize] {
            3 => Generation::Permanent,
            UNTRACKED => Generation::Untracked,
            ATOMIC => Generation::Atomic,
            generation => Generation::Tracked(generation),
        }
    }

    /// Where an object was made, if that was recorded.
    pub fn birth(&self, object: u32) -> Birth {
        self.births.get(object as usize).copied().unwrap_or_default()
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        let words = self.type_of.len() + self.counts.len() + self.sizes.len() + self.births.len();
        let lists = self.starts.len() + self.edges.len();
        self.addresses.len() * 8 + words * 4 + self.generations.len() + lists * 4 + self.index.bytes()
    }
}
