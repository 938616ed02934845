//! `iterator`, which asks for index after index, and `callable_iterator`, which calls until a
//! value comes.

use std::cell::Cell;
use std::ptr::NonNull;

use super::common::{self, SequenceIterator};
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::{MethodDef, PyResult, Raised, Slots, TypeFlags, exceptions, tuple, types};
use crate::vm::Ctx;

pub static ITERATOR: TypeSpec = TypeSpec {
    name: "iterator",
    slots: Slots { iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", setstate, common::SETSTATE_DOC),
    ],
    ..common::SPEC
};

/// An iterator over anything with `__getitem__` (`PySeqIter_New`).
pub fn new_sequence_iterator(_: Ctx, sequence: &Object) -> PyResult {
    let iterator = new_ref(&types().iterator.core, |object| SequenceIterator {
        object,
        index: Cell::new(0),
        sequence: Slot::new(sequence.to_ref()),
    });
    track(&iterator.object);
    Ok(iterator.into_object())
}

fn this(object: &Object) -> &SequenceIterator<Object> {
    // SAFETY: slots and methods of the type are called on its instances only.
    unsafe { object.cast() }
}

/// Whether an error just means that the sequence has ended.
pub(super) fn is_end(cx: Ctx, raised: &Raised) -> bool {
    cx.raised_is(raised, exceptions().index_error) || cx.raised_is(raised, exceptions().stop_iteration)
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    let Some(sequence) = iterator.sequence.as_raw() else {
        return Ok(None);
    };
    let index = iterator.index.get();
    if index == isize::MAX {
        return Err(cx.overflow_error("iter index too large"));
    }
    // SAFETY: the iterator holds the sequence; a call that makes it let go is one on the
    // iterator itself, whose caller holds what is needed: so it is held here when native.
    let sequence = unsafe { sequence.as_ref() };
    let held = common::hold_for_call(sequence);
    let result = cx.sequence_item(sequence, index);
    drop(held);
    match result {
        Ok(item) => {
            iterator.index.set(index + 1);
            Ok(Some(item))
        }
        Err(raised) if is_end(cx, &raised) => {
            cx.clear_exception(raised);
            iterator.sequence.set(None);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let Some(sequence) = iterator.sequence.get() else {
        return Ok(cx.new_int(0));
    };
    let slots = sequence.ty().slots();
    if slots.sq_length.is_none() && slots.mp_length.is_none() {
        return Ok(cx.not_implemented());
    }
    let left = cx.len(&sequence)? as isize - iterator.index.get();
    Ok(cx.new_int(left.max(0) as i64))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let sequence = iterator.sequence.get();
    common::reduce_sequence(cx, "iter", sequence, iterator.index.get(), || tuple::empty().into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let index = common::state_arg(cx, state)?;
    let iterator = this(object);
    if !iterator.sequence.is_empty() {
        iterator.index.set(index.max(0));
    }
    Ok(cx.none())
}

/// Calls until the sentinel comes; both are gone afterwards.
#[repr(C)]
pub struct CallableIterator {
    pub object: Object,
    pub callable: Slot,
    pub sentinel: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for CallableIterator {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a callable iterator.
unsafe fn traverse_callable(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let iterator = unsafe { object.cast::<CallableIterator>().as_ref() };
    iterator.callable.trace(visitor);
    iterator.sentinel.trace(visitor);
}

pub static CALLABLE_ITERATOR: TypeSpec = TypeSpec {
    name: "callable_iterator",
    layout: Layout::gc::<CallableIterator>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC,
    slots: Slots { iter: Some(common::iter_self), iternext: Some(callable_next), ..Slots::EMPTY },
    methods: &[MethodDef::no_args("__reduce__", callable_reduce, common::REDUCE_DOC)],
    dealloc: Some(dealloc_as::<CallableIterator>),
    traverse: Some(traverse_callable),
    ..TypeSpec::EMPTY
};

/// `iter(callable, sentinel)`; the caller has checked that it can be called.
pub fn new_callable_iterator(_: Ctx, callable: &Object, sentinel: &Object) -> PyResult {
    let iterator = new_ref(&types().callable_iterator.core, |object| CallableIterator {
        object,
        callable: Slot::new(callable.to_ref()),
        sentinel: Slot::new(sentinel.to_ref()),
    });
    track(&iterator.object);
    Ok(iterator.into_object())
}

fn this_callable(object: &Object) -> &CallableIterator {
    // SAFETY: slots and methods of the type are called on its instances only.
    unsafe { object.cast() }
}

fn callable_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this_callable(object);
    let Some(callable) = iterator.callable.get() else {
        return Ok(None);
    };
    let outcome = cx.call0(&callable);
    drop(callable);
    let finish = || {
        iterator.callable.set(None);
        iterator.sentinel.set(None);
    };
    match outcome {
        Ok(result) => {
            let Some(sentinel) = iterator.sentinel.get() else {
                return Ok(None);
            };
            let ended = cx.equal(&sentinel, &result);
            drop(sentinel);
            if !ended? {
                return Ok(Some(result));
            }
            drop(result);
            finish();
            Ok(None)
        }
        Err(raised) if cx.raised_is(&raised, exceptions().stop_iteration) => {
            cx.clear_exception(raised);
            finish();
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

fn callable_reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this_callable(object);
    let function = common::builtin(cx, "iter")?;
    let arguments = match (iterator.callable.get(), iterator.sentinel.get()) {
        (Some(callable), Some(sentinel)) => tuple::of2(callable, sentinel),
        _ => tuple::of1(tuple::empty().into_object()),
    };
    Ok(tuple::of2(function, arguments.into_object()).into_object())
}
