//! `tuple_iterator`.

use std::cell::Cell;

use super::TupleObject;
use crate::memory::{Layout as _, Object, Ref, Slot, new_ref, track};
use crate::objects::iterators::common::{self, SequenceIterator};
use crate::objects::spec::TypeSpec;
use crate::objects::{MethodDef, PyResult, Slots, types};
use crate::vm::Ctx;

/// Walks a tuple; holds it until exhausted.
pub type TupleIterator = SequenceIterator<TupleObject>;

pub static TUPLE_ITERATOR: TypeSpec = TypeSpec {
    name: "tuple_iterator",
    slots: Slots { iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", setstate, common::SETSTATE_DOC),
    ],
    ..common::SPEC
};

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

#[inline(always)]
fn this(object: &Object) -> &TupleIterator {
    // SAFETY: slots and methods of the type are called on its instances only.
    unsafe { object.cast() }
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

fn next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    Ok(this(object).next_item())
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let left = iterator.sequence.peek().map_or(0, |tuple| tuple.len() as isize - iterator.index.get());
    Ok(cx.new_int(left as i64))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let sequence = iterator.sequence.get().map(Ref::into_object);
    common::reduce_sequence(cx, "iter", sequence, iterator.index.get(), || super::empty().into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let index = common::state_arg(cx, state)?;
    let iterator = this(object);
    if let Some(tuple) = iterator.sequence.peek() {
        iterator.index.set(index.clamp(0, tuple.len() as isize));
    }
    Ok(cx.none())
}
