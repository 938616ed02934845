//! `list_iterator` and `list_reverseiterator`.

use std::cell::Cell;

use super::ListObject;
use crate::memory::{Layout as _, Object, Ref, Slot, new_ref, track};
use crate::objects::iterators::common::{self, SequenceIterator};
use crate::objects::spec::TypeSpec;
use crate::objects::{MethodDef, PyResult, Slots, types};
use crate::vm::Ctx;

/// Walks a list; holds it until exhausted. Sees items appended meanwhile.
pub type ListIterator = SequenceIterator<ListObject>;

pub static LIST_ITERATOR: TypeSpec = TypeSpec {
    name: "list_iterator",
    slots: Slots { iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", setstate, common::SETSTATE_DOC),
    ],
    ..common::SPEC
};

pub static LIST_REVERSEITERATOR: TypeSpec = TypeSpec {
    name: "list_reverseiterator",
    slots: Slots { iter: Some(common::iter_self), iternext: Some(reverse_next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", reverse_length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reverse_reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", reverse_setstate, common::SETSTATE_DOC),
    ],
    ..common::SPEC
};

fn this(object: &Object) -> &ListIterator {
    // SAFETY: slots and methods of both types are called on their instances only, which share
    // this layout.
    unsafe { object.cast() }
}

fn list(object: &Object) -> &ListObject {
    // SAFETY: called on lists only.
    unsafe { object.cast() }
}

pub(super) fn iter(_: Ctx, object: &Object) -> PyResult {
    let iterator = new_ref(&types().list_iterator.core, |head| SequenceIterator {
        object: head,
        index: Cell::new(0),
        sequence: Slot::new(list(object).to_ref()),
    });
    track(&iterator.object);
    Ok(iterator.into_object())
}

pub(super) fn reversed(_: Ctx, object: &Object) -> PyResult {
    let list = list(object);
    let iterator = new_ref(&types().list_reverseiterator.core, |head| SequenceIterator {
        object: head,
        index: Cell::new(list.len() as isize - 1),
        sequence: Slot::new(list.to_ref()),
    });
    track(&iterator.object);
    Ok(iterator.into_object())
}

impl ListIterator {
    /// The next item; `None` at the end, where the list is let go of.
    #[inline(always)]
    pub fn next_item(&self) -> Option<Ref> {
        let list = self.sequence.peek()?;
        let index = self.index.get() as usize;
        if let Some(item) = list.peek_slice().get(index) {
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
    let left = iterator.sequence.peek().map_or(0, |list| list.len() as isize - iterator.index.get());
    Ok(cx.new_int(left.max(0) as i64))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let sequence = iterator.sequence.get().map(Ref::into_object);
    common::reduce_sequence(cx, "iter", sequence, iterator.index.get(), || super::new_empty().into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let index = common::state_arg(cx, state)?;
    let iterator = this(object);
    if let Some(list) = iterator.sequence.peek() {
        iterator.index.set(index.clamp(0, list.len() as isize));
    }
    Ok(cx.none())
}

fn reverse_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    let Some(list) = iterator.sequence.peek() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    if let Some(item) = usize::try_from(index).ok().and_then(|index| list.get(index)) {
        iterator.index.set(index - 1);
        return Ok(Some(item));
    }
    iterator.index.set(-1);
    iterator.sequence.set(None);
    Ok(None)
}

fn reverse_length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let left = iterator.index.get() + 1;
    let fits = iterator.sequence.peek().is_some_and(|list| list.len() as isize >= left);
    Ok(cx.new_int(if fits { left as i64 } else { 0 }))
}

fn reverse_reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let sequence = iterator.sequence.get().map(Ref::into_object);
    common::reduce_sequence(cx, "reversed", sequence, iterator.index.get(), || {
        super::new_empty().into_object()
    })
}

fn reverse_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let index = common::state_arg(cx, state)?;
    let iterator = this(object);
    if let Some(list) = iterator.sequence.peek() {
        iterator.index.set(index.max(-1).min(list.len() as isize - 1));
    }
    Ok(cx.none())
}
