//! `zip`.

use std::cell::Cell;
use std::ptr::NonNull;

use super::common;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::tuple::{self, TupleBuilder};
use crate::objects::{Args, MethodDef, PyResult, Slots, TupleObject, TypeFlags, TypeObject, exceptions};
use crate::vm::Ctx;

/// Iterators walked side by side.
#[repr(C)]
pub struct ZipObject {
    pub object: Object,
    size: Cell<usize>,
    pub iterators: Slot<TupleObject>,
    /// The tuple handed out again while nobody else holds it.
    pub result: Slot<TupleObject>,
    strict: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for ZipObject {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a `zip`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let this = unsafe { object.cast::<ZipObject>().as_ref() };
    this.iterators.trace(visitor);
    this.result.trace(visitor);
}

pub static ZIP: TypeSpec = TypeSpec {
    name: "zip",
    doc: Some(
        "zip(*iterables, strict=False) --> Tuples of one item from each iterable, until one ends.\n\n   \
         >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]\n\n\
         With strict, iterables of different length raise a ValueError.",
    ),
    layout: Layout::gc::<ZipObject>(),
    basicsize: 48,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots { new: Some(new), iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", setstate, common::SETSTATE_DOC),
    ],
    dealloc: Some(dealloc_as::<ZipObject>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let mut strict = false;
    let named = args.all().len() - args.pos().len();
    if named > 1 {
        return Err(cx.type_error(format!("zip() takes at most 1 keyword argument ({named} given)")));
    }
    for (name, value) in args.keywords() {
        if !name.eq_str("strict") {
            let message = format!("'{}' is an invalid keyword argument for zip()", name.to_string_lossy());
            return Err(cx.type_error(message));
        }
        strict = cx.is_true(value)?;
    }
    let size = args.pos().len();
    let mut iterators = TupleBuilder::new(size);
    for iterable in args.pos() {
        iterators.push(cx.iter(iterable)?);
    }
    let iterators = iterators.finish();
    let mut result = TupleBuilder::new(size);
    for _ in 0..size {
        result.push(cx.none());
    }
    let result = result.finish();
    // SAFETY: zero is empty slots and false.
    let object = unsafe { common::alloc_instance(cx, ty, 0)? };
    let this = this(&object);
    this.size.set(size);
    this.iterators.set(Some(iterators));
    this.result.set(Some(result));
    this.strict.set(strict);
    Ok(object)
}

#[inline(always)]
fn this(object: &Object) -> &ZipObject {
    // SAFETY: slots and methods of `zip` are called on its instances only.
    unsafe { object.cast() }
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = this(object);
    let (Some(iterators), Some(result)) = (this.iterators.peek(), this.result.peek()) else {
        return Ok(None);
    };
    let iterators = iterators.as_slice();
    if iterators.is_empty() {
        return Ok(None);
    }
    if result.object.refcount() == 1 {
        let result = result.to_ref();
        for (index, iterator) in iterators.iter().enumerate() {
            match common::advance_plain(cx, iterator) {
                Ok(Some(item)) => drop(result.exchange(index, item)),
                ended => {
                    drop(result);
                    return end(cx, this, index, ended.map(drop));
                }
            }
        }
        result.ensure_tracked();
        return Ok(Some(result.into_object()));
    }
    let mut fresh = TupleBuilder::new(iterators.len());
    for (index, iterator) in iterators.iter().enumerate() {
        match common::advance_plain(cx, iterator) {
            Ok(Some(item)) => fresh.push(item),
            ended => {
                drop(fresh);
                return end(cx, this, index, ended.map(drop));
            }
        }
    }
    Ok(Some(fresh.finish().into_object()))
}

/// Iterator `index` has ended or failed: with `strict`, all must end in the same round.
fn end(cx: Ctx, this: &ZipObject, index: usize, outcome: PyResult<()>) -> PyResult<Option<Ref>> {
    if !this.strict.get() {
        return outcome.map(|()| None);
    }
    cx.catch(outcome, exceptions().stop_iteration)?;
    let others = |before: usize| if before == 1 { " 1".to_string() } else { format!("s 1-{before}") };
    if index > 0 {
        let message = format!("zip() argument {} is shorter than argument{}", index + 1, others(index));
        return Err(cx.value_error(message));
    }
    let iterators = this.iterators.get();
    let rest = iterators.as_ref().map_or(&[][..], |iterators| iterators.as_slice());
    for (index, iterator) in rest.iter().enumerate().skip(1) {
        let item = cx.catch(common::advance_plain(cx, iterator), exceptions().stop_iteration)?;
        if let Some(Some(item)) = item {
            drop(item);
            let message = format!("zip() argument {} is longer than argument{}", index + 1, others(index));
            return Err(cx.value_error(message));
        }
    }
    Ok(None)
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = this(object);
    let iterators = this.iterators.get().map_or_else(|| cx.none(), Ref::into_object);
    let ty = object.ty().to_object();
    if this.strict.get() {
        return Ok(tuple::of3(ty, iterators, cx.bool(true)).into_object());
    }
    Ok(tuple::of2(ty, iterators).into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    this(object).strict.set(cx.is_true(state)?);
    Ok(cx.none())
}
