//! `map` and `filter`.

use std::ptr::NonNull;

use super::common;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::tuple::{self, TupleBuilder};
use crate::objects::{Args, MethodDef, PyResult, Slots, TupleObject, TypeFlags, TypeObject, args, types};
use crate::vm::Ctx;

/// Calls a function with one item of each iterator.
#[repr(C)]
pub struct MapObject {
    pub object: Object,
    pub iterators: Slot<TupleObject>,
    pub function: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for MapObject {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a `map`.
unsafe fn traverse_map(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let this = unsafe { object.cast::<MapObject>().as_ref() };
    this.iterators.trace(visitor);
    this.function.trace(visitor);
}

pub static MAP: TypeSpec = TypeSpec {
    name: "map",
    doc: Some(
        "map(func, *iterables) --> map object\n\nCalls the function with one item of each iterable at a time, until the shortest ends.",
    ),
    layout: Layout::gc::<MapObject>(),
    basicsize: 32,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(new_map),
        iter: Some(common::iter_self),
        iternext: Some(next_map),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", reduce_map, common::REDUCE_DOC)],
    dealloc: Some(dealloc_as::<MapObject>),
    traverse: Some(traverse_map),
    ..TypeSpec::EMPTY
};

fn new_map(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if ty.is_type(types().map) || common::same_init(ty, types().map) {
        args::no_keywords(cx, "map", args)?;
    }
    let [function, iterables @ ..] = args.pos() else {
        return Err(cx.type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(cx.type_error("map() must have at least two arguments."));
    }
    let mut iterators = TupleBuilder::new(iterables.len());
    for iterable in iterables {
        iterators.push(cx.iter(iterable)?);
    }
    let iterators = iterators.finish();
    // SAFETY: zero is empty slots.
    let object = unsafe { common::alloc_instance(cx, ty, 0)? };
    this_map(&object).iterators.set(Some(iterators));
    this_map(&object).function.set(Some(function.clone()));
    Ok(object)
}

#[inline(always)]
fn this_map(object: &Object) -> &MapObject {
    // SAFETY: slots and methods of `map` are called on its instances only.
    unsafe { object.cast() }
}

fn next_map(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = this_map(object);
    let (Some(iterators), Some(function)) = (this.iterators.peek(), this.function.as_raw()) else {
        return Ok(None);
    };
    // SAFETY: nothing empties the function of a map that somebody is walking.
    let function = unsafe { function.as_ref() };
    if let [iterator] = iterators.as_slice() {
        let Some(item) = common::advance_plain(cx, iterator)? else {
            return Ok(None);
        };
        return cx.call(function, std::slice::from_ref(&item)).map(Some);
    }
    let mut items = Vec::with_capacity(iterators.len());
    for iterator in iterators.as_slice() {
        match common::advance_plain(cx, iterator)? {
            Some(item) => items.push(item),
            None => return Ok(None),
        }
    }
    cx.call(function, &items).map(Some)
}

fn reduce_map(cx: Ctx, object: &Object) -> PyResult {
    let this = this_map(object);
    let iterators = this.iterators.get();
    let iterators = iterators.as_ref().map_or(&[][..], |iterators| iterators.as_slice());
    let mut arguments = TupleBuilder::new(iterators.len() + 1);
    arguments.push(this.function.get().unwrap_or_else(|| cx.none()));
    for iterator in iterators {
        arguments.push(iterator.clone());
    }
    Ok(tuple::of2(object.ty().to_object(), arguments.finish().into_object()).into_object())
}

/// Lets the items pass for which a function says yes.
#[repr(C)]
pub struct FilterObject {
    pub object: Object,
    pub function: Slot,
    pub iterator: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for FilterObject {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a `filter`.
unsafe fn traverse_filter(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let this = unsafe { object.cast::<FilterObject>().as_ref() };
    this.iterator.trace(visitor);
    this.function.trace(visitor);
}

pub static FILTER: TypeSpec = TypeSpec {
    name: "filter",
    doc: Some(
        "filter(function or None, iterable) --> filter object\n\nThe items for which the function is true; with None, the items that are true.",
    ),
    layout: Layout::gc::<FilterObject>(),
    basicsize: 32,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(new_filter),
        iter: Some(common::iter_self),
        iternext: Some(next_filter),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", reduce_filter, common::REDUCE_DOC)],
    dealloc: Some(dealloc_as::<FilterObject>),
    traverse: Some(traverse_filter),
    ..TypeSpec::EMPTY
};

fn new_filter(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if ty.is_type(types().filter) || common::same_init(ty, types().filter) {
        args::no_keywords(cx, "filter", args)?;
    }
    args::check_count(cx, "filter", args.pos(), 2, 2)?;
    let [function, iterable] = args.pos() else {
        return Ok(cx.none());
    };
    let iterator = cx.iter(iterable)?;
    // SAFETY: zero is empty slots.
    let object = unsafe { common::alloc_instance(cx, ty, 0)? };
    this_filter(&object).function.set(Some(function.clone()));
    this_filter(&object).iterator.set(Some(iterator));
    Ok(object)
}

#[inline(always)]
fn this_filter(object: &Object) -> &FilterObject {
    // SAFETY: slots and methods of `filter` are called on its instances only.
    unsafe { object.cast() }
}

fn next_filter(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = this_filter(object);
    let Some(function) = this.function.as_raw() else {
        return Ok(None);
    };
    // SAFETY: nothing empties the function of a filter that somebody is walking.
    let function = unsafe { function.as_ref() };
    let asks_item = cx.is_none(function) || function.is(types().bool.as_object());
    while let Some(item) = common::advance(cx, &this.iterator)? {
        let passes = if asks_item {
            cx.is_true(&item)?
        } else {
            let answer = cx.call(function, std::slice::from_ref(&item))?;
            cx.is_true(&answer)?
        };
        if passes {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn reduce_filter(cx: Ctx, object: &Object) -> PyResult {
    let this = this_filter(object);
    let part = |slot: &Slot| slot.get().unwrap_or_else(|| cx.none());
    let arguments = tuple::of2(part(&this.function), part(&this.iterator)).into_object();
    Ok(tuple::of2(object.ty().to_object(), arguments).into_object())
}
