//! `tuple_iterator`.

use std::cell::Cell;
use std::mem::offset_of;

use super::TupleObject;
use crate::memory::{Layout as _, Object, Ref, Slot, new_ref, track};
use crate::objects::iterators::common::{self, SequenceIterator};
use crate::objects::spec::TypeSpec;
use crate::objects::{PyResult, types};
use crate::vm::Ctx;

/// Walks a tuple; holds it until exhausted.
pub type TupleIterator = SequenceIterator<TupleObject>;

pub static TUPLE_ITERATOR: TypeSpec = TypeSpec { name: "tuple_iterator", ..common::SPEC };

const _: () = assert!(offset_of!(TupleIterator, index) == 16);

pub(super) fn iter(_: Ctx, object: &Object) -> PyResult {
    // SAFETY: the slot is called on tuples only.
    let tuple = unsafe { object.cast::<TupleObject>() };
    let iterator = new_ref(&types().tuple_iterator.core, |head| SequenceIterator {
        object: head,
        index: Cell::new(0),
        sequence: Slot::new(tuple.to_ref()),
    });
    track(&iterator.object);
    Ok(iterator.into_object())
}

impl TupleIterator {
    /// The next item; `None` at the end, where the tuple is let go of.
    #[inline(always)]
    pub fn next_item(&self) -> Option<Ref> {
        let tuple = self.sequence.peek()?;
        let index = self.index.get() as usize;
        if let Some(item) = tuple.as_slice().get(index) {
            self.index.set(index as isize + 1);
            return Some(item.clone());
        }
        self.sequence.set(None);
        None
    }
}
