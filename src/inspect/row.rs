//! One object as a row of the memory panel.
use std::collections::HashMap;

use super::numbers::Numbers;
use super::origin::Origin;
use super::short::short;
use super::size::size_of;
use crate::memory::Object;
use crate::memory::gc;
use crate::memory::look::Still;
use crate::session::protocol::{Generation, Name, ObjectRow, RowState};
use crate::vm::Ctx;

/// Which generation young objects are in. What is tracked and neither here nor permanent is in the oldest.
#[derive(Debug, Default)]
pub struct Generations {
    young: HashMap<usize, u8>,
}

impl Generations {
    /// Notes the generations of these addresses, which must be sorted. Walks the two younger generations and the
    /// permanent one, which are short as a rule.
    pub fn of(still: Still<'_>, addresses: &[usize]) -> Generations {
        let mut young = HashMap::new();
        for generation in [0u8, 1, 3] {
            if generation == 3 && gc::state::frozen_count() == 0 {
                continue;
            }
            still.generation(usize::from(generation), &mut |object| {
                if addresses.binary_search(&object.address()).is_ok() {
                    young.insert(object.address(), generation);
                }
            });
        }
        Generations { young }
    }

    /// The generation of an object that was among the addresses.
    pub fn get(&self, object: &Object) -> Generation {
        if !object.is_gc() {
            return Generation::Atomic;
        }
        if !gc::is_tracked(object) {
            return Generation::Untracked;
        }
        match self.young.get(&object.address()) {
            Some(3) => Generation::Permanent,
            Some(generation) => Generation::Tracked(*generation),
            None => Generation::Tracked(2),
        }
    }
}

/// What rows are made with.
pub struct Rows<'a> {
    pub cx: Ctx,
    pub numbers: &'a mut Numbers,
    pub origin: &'a mut Origin,
    pub generations: Generations,
}

impl Rows<'_> {
    /// The row of an object.
    pub fn row(&mut self, still: Still<'_>, object: &Object, names: Vec<Name>) -> ObjectRow {
        ObjectRow {
            label: self.numbers.label(object),
            names,
            refcount: object.refcount() as u64,
            generation: self.generations.get(object),
            size: size_of(object),
            repr: short(still, object),
            user: self.origin.is_users_object(self.cx, still, object),
            pinned: false,
            state: RowState::Live,
            in_group: false,
        }
    }
}
