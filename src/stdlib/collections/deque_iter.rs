//! The iterators of `deque`.

use std::cell::Cell;

use super::deque::{Deque, changed_error};
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot, dealloc_as};
use crate::objects::iterators::common;
use crate::objects::slots::NewFn;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::{Args, MethodDef, PyResult, TypeFlags, TypeObject, args, declare, tuple};
use crate::vm::Ctx;

declare_object! {
    /// A place in a deque.
    DequeIterator {
        traced { deque: Slot, }
        plain {
            /// How many items have been given, from either side.
            given: Cell<usize>,
            /// Items still to come.
            left: Cell<usize>,
            /// The deque's state when the iterator was made.
            state: Cell<usize>,
        }
    }
}

const METHODS: &[MethodDef] = &[
    MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
    MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
];

const fn spec(name: &'static str, new: NewFn, next: crate::objects::slots::NextFn) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.layout = Layout::gc::<DequeIterator>();
    spec.basicsize = 56;
    spec.flags = TypeFlags::HAVE_GC;
    spec.slots.new = Some(new);
    spec.slots.iter = Some(common::iter_self);
    spec.slots.iternext = Some(next);
    spec.methods = METHODS;
    spec.dealloc = Some(dealloc_as::<DequeIterator>);
    spec.traverse = Some(DequeIterator::traverse);
    spec
}

pub static SPEC: TypeSpec = spec("_collections._deque_iterator", new, next);
pub static REVERSE_SPEC: TypeSpec = spec("_collections._deque_reverse_iterator", new, next_reversed);

fn make(cx: Ctx, ty: &TypeObject, deque: &Object) -> PyResult<Ref<DequeIterator>> {
    let this = declare::make::<DequeIterator>(cx, ty)?;
    this.left.set(Deque::of(deque).len());
    this.state.set(Deque::of(deque).state.get());
    this.deque.set(Some(deque.to_ref()));
    Ok(this)
}

pub(super) fn iter(cx: Ctx, object: &Object) -> PyResult {
    Ok(make(cx, super::DEQUE_ITERATOR.get(cx)?, object)?.into_object())
}

pub(super) fn reversed(cx: Ctx, object: &Object) -> PyResult {
    Ok(make(cx, super::DEQUE_REVERSE_ITERATOR.get(cx)?, object)?.into_object())
}

/// `_deque_iterator(deque, index=0)`, as pickles call it.
fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let name = ty.name_text();
    let args = args::positional(cx, &name, args, 1, 2)?;
    let Some(deque) = args.first().filter(|deque| super::DEQUE.get(cx).is_ok_and(|ty| deque.is_instance(ty)))
    else {
        return Err(cx.type_error(format!("{name}() argument 1 must be collections.deque")));
    };
    let skip = args.get(1).map_or(Ok(0), |index| common::size_arg(cx, index))?.max(0) as usize;
    let this = make(cx, ty, deque)?;
    let skip = skip.min(this.left.get());
    this.given.set(skip);
    this.left.set(this.left.get() - skip);
    Ok(this.into_object())
}

fn step(cx: Ctx, object: &Object, from_right: bool) -> PyResult<Option<Ref>> {
    let this = DequeIterator::of(object);
    let Some(deque) = this.deque.peek().map(Deque::of) else {
        return Ok(None);
    };
    if deque.state.get() != this.state.get() {
        this.left.set(0);
        return Err(changed_error(cx));
    }
    if this.left.get() == 0 {
        return Ok(None);
    }
    let given = this.given.get();
    let index = if from_right { deque.len() - 1 - given } else { given };
    this.given.set(given + 1);
    this.left.set(this.left.get() - 1);
    Ok(deque.items.get(index))
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    step(cx, object, false)
}

fn next_reversed(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    step(cx, object, true)
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(DequeIterator::of(object).left.get()))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = DequeIterator::of(object);
    let deque = this.deque.get().unwrap_or_else(|| cx.none());
    let arguments = tuple::of2(deque, cx.new_uint(this.given.get())).into_object();
    Ok(tuple::of2(object.ty().to_object(), arguments).into_object())
}
