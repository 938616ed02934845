//! `product`, `permutations`, `combinations`, `combinations_with_replacement`.
//!
//! All hand out one result tuple again and again while nobody else holds it, as CPython does.

use std::cell::Cell;

use super::spec;
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot};
use crate::objects::iterators::common::{self, REDUCE_DOC, SETSTATE_DOC};
use crate::objects::spec::{Signature, TypeSpec};
use crate::objects::tuple::TupleBuilder;
use crate::objects::{Args, IntObject, MethodDef, PyResult, TupleObject, TypeObject, args, declare, tuple};
use crate::vm::Ctx;

const SIZEOF_DOC: &str = "Bytes of the object and its indices.";

declare_object! {
    /// Choices from pools: `indices` say which, `result` shows them.
    Choosing {
        traced {
            /// The items chosen from; for `product` a tuple of pools.
            pool: Slot<TupleObject>,
            /// Empty before the first choice.
            result: Slot<TupleObject>,
        }
        plain {
            indices: Cell<Option<Box<[usize]>>>,
            /// Of `permutations`: how many more rotations each place makes.
            cycles: Cell<Option<Box<[usize]>>>,
            /// Items in a choice.
            len: Cell<usize>,
            stopped: Cell<bool>,
        }
    }
}

/// Puts a numbers array back when done with it.
struct Borrowed<'a> {
    home: &'a Cell<Option<Box<[usize]>>>,
    numbers: Box<[usize]>,
}

impl<'a> Borrowed<'a> {
    fn take(home: &'a Cell<Option<Box<[usize]>>>) -> Borrowed<'a> {
        Borrowed { home, numbers: home.take().unwrap_or_default() }
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.home.set(Some(std::mem::take(&mut self.numbers)));
    }
}

/// An array of `len` numbers, or `MemoryError`.
fn numbers(cx: Ctx, len: usize, each: impl Fn(usize) -> usize) -> PyResult<Box<[usize]>> {
    let mut array = Vec::new();
    if array.try_reserve_exact(len).is_err() {
        return Err(cx.memory_error());
    }
    array.extend((0..len).map(each));
    Ok(array.into_boxed_slice())
}

fn numbers_tuple(cx: Ctx, numbers: &[usize]) -> Ref {
    cx.new_tuple(numbers.iter().map(|&number| cx.new_uint(number)).collect()).into_object()
}

/// The result tuple to change: the old one when nobody else holds it, else a copy of it.
fn reusable(this: &Choosing) -> Option<Ref<TupleObject>> {
    let result = this.result.peek()?;
    if result.object.refcount() > 1 {
        let copy = tuple::copy_of(result.as_slice());
        this.result.set(Some(copy));
    } else {
        result.ensure_tracked();
    }
    this.result.get()
}

fn stop(this: &Choosing) -> PyResult<Option<Ref>> {
    this.stopped.set(true);
    Ok(None)
}

/// The first choice: one item for each place.
fn first(this: &Choosing, items: impl Iterator<Item = Ref>, len: usize) -> Ref {
    let mut result = TupleBuilder::new(len);
    for item in items {
        result.push(item);
    }
    let result = result.finish();
    this.result.set(Some(result.clone()));
    result.into_object()
}

const fn spec_of(
    name: &'static str,
    basicsize: usize,
    doc: &'static str,
    new: crate::objects::slots::NewFn,
    next: crate::objects::slots::NextFn,
    methods: &'static [MethodDef],
) -> TypeSpec {
    let mut spec = spec::<Choosing>(name, basicsize, doc, new, next, methods);
    spec.traverse = Some(Choosing::traverse);
    spec
}

pub static PRODUCT: TypeSpec = spec_of(
    "itertools.product",
    48,
    "product(*iterables, repeat=1) --> product object\n\n\
     All choices of one item from each iterable, the last changing fastest, as nested\nfor-loops would give them; repeat stands for that many copies of the iterables.",
    product_new,
    product_next,
    &[
        MethodDef::no_args("__reduce__", product_reduce, REDUCE_DOC),
        MethodDef::one("__setstate__", product_setstate, SETSTATE_DOC),
        MethodDef::no_args("__sizeof__", |cx, object| sizeof(cx, object, 0), SIZEOF_DOC),
    ],
);

fn product_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let mut repeat = 1;
    let named = args.all().len() - args.pos().len();
    if named > 1 {
        return Err(cx.type_error(format!("product() takes at most 1 keyword argument ({named} given)")));
    }
    for (name, value) in args.keywords() {
        if !name.eq_str("repeat") {
            let message =
                format!("'{}' is an invalid keyword argument for product()", name.to_string_lossy());
            return Err(cx.type_error(message));
        }
        repeat = common::size_arg(cx, value)?;
        if repeat < 0 {
            return Err(cx.value_error("repeat argument cannot be negative"));
        }
    }
    let given = if repeat == 0 { &[][..] } else { args.pos() };
    let Some(len) = given.len().checked_mul(repeat as usize).filter(|len| *len <= isize::MAX as usize) else {
        return Err(cx.overflow_error("repeat argument too large"));
    };
    let indices = numbers(cx, len, |_| 0)?;
    let mut once = Vec::with_capacity(given.len());
    for iterable in given {
        once.push(cx.tuple_from_iterable(iterable)?.into_object());
    }
    let mut pools = TupleBuilder::try_new(cx, len)?;
    for pool in once.iter().cycle().take(len) {
        pools.push(pool.clone());
    }
    let this = declare::make::<Choosing>(cx, ty)?;
    this.pool.set(Some(pools.finish()));
    this.indices.set(Some(indices));
    this.len.set(len);
    Ok(this.into_object())
}

fn pool_items(pool: &Ref) -> &[Ref] {
    pool.downcast::<TupleObject>().map_or(&[][..], TupleObject::as_slice)
}

fn product_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Choosing::of(object);
    let (false, Some(pools)) = (this.stopped.get(), this.pool.peek()) else {
        return Ok(None);
    };
    let pools = pools.as_slice();
    let Some(result) = reusable(this) else {
        if pools.iter().any(|pool| pool_items(pool).is_empty()) {
            return stop(this);
        }
        return Ok(Some(first(this, pools.iter().map(|pool| pool_items(pool)[0].clone()), pools.len())));
    };
    let mut indices = Borrowed::take(&this.indices);
    let mut old = Vec::new();
    let mut carried = true;
    for (place, pool) in pools.iter().enumerate().rev() {
        let items = pool_items(pool);
        let index = &mut indices.numbers[place];
        *index += 1;
        carried = *index >= items.len();
        if carried {
            *index = 0;
        }
        if let Some(item) = items.get(*index) {
            old.push(result.exchange(place, item.clone()));
        }
        if !carried {
            break;
        }
    }
    drop(indices);
    drop(old);
    if carried { stop(this) } else { Ok(Some(result.into_object())) }
}

fn product_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Choosing::of(object);
    let ty = object.ty().to_object();
    if this.stopped.get() {
        let arguments = tuple::of1(tuple::empty_tuple().into_object()).into_object();
        return Ok(tuple::of2(ty, arguments).into_object());
    }
    let pools = this.pool.get().map_or_else(|| cx.none(), Ref::into_object);
    if this.result.is_empty() {
        return Ok(tuple::of2(ty, pools).into_object());
    }
    let indices = Borrowed::take(&this.indices);
    let state = numbers_tuple(cx, &indices.numbers);
    Ok(tuple::of3(ty, pools, state).into_object())
}

/// The numbers of a state tuple, clipped to what is allowed at each place.
fn state_numbers(
    cx: Ctx,
    state: &Object,
    len: usize,
    limits: impl Fn(usize) -> (i64, i64),
) -> PyResult<Box<[usize]>> {
    let Some(state) = state.downcast::<TupleObject>().filter(|state| state.len() == len) else {
        return Err(cx.value_error("invalid arguments"));
    };
    let mut array = Vec::with_capacity(len);
    for (place, number) in state.as_slice().iter().enumerate() {
        let (low, high) = limits(place);
        array.push(cx.to_i64(number)?.min(high).max(low) as usize);
    }
    Ok(array.into_boxed_slice())
}

fn product_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let this = Choosing::of(object);
    let Some(pools) = this.pool.get() else {
        return Ok(cx.none());
    };
    let pools = pools.as_slice();
    let indices =
        state_numbers(cx, state, pools.len(), |place| (0, pool_items(&pools[place]).len() as i64 - 1))?;
    if pools.iter().any(|pool| pool_items(pool).is_empty()) {
        this.stopped.set(true);
        return Ok(cx.none());
    }
    let items = pools.iter().zip(&*indices).map(|(pool, &index)| pool_items(pool)[index].clone());
    first(this, items, pools.len());
    this.indices.set(Some(indices));
    Ok(cx.none())
}

fn sizeof(cx: Ctx, object: &Object, more: usize) -> PyResult {
    let this = Choosing::of(object);
    Ok(cx.new_uint(object.ty().basicsize.get() + (this.len.get() + more) * 8))
}

/// The pool and the length of a choice, for the three other types.
fn pool_and_len(cx: Ctx, name: &'static str, args: Args<'_>) -> PyResult<(Ref<TupleObject>, usize)> {
    let signature = Signature { name, params: &["iterable", "r"], required: 2, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &signature, args, &mut bound)?;
    let [Some(iterable), Some(len)] = bound else {
        return Err(cx.system_error("bad argument to internal function"));
    };
    let len = common::size_arg(cx, &len)?;
    let pool = cx.tuple_from_iterable(&iterable)?;
    match usize::try_from(len) {
        Ok(len) => Ok((pool, len)),
        Err(_) => Err(cx.value_error("r must be non-negative")),
    }
}

fn make(
    cx: Ctx,
    ty: &TypeObject,
    pool: Ref<TupleObject>,
    len: usize,
    indices: Box<[usize]>,
    stopped: bool,
) -> PyResult<Ref<Choosing>> {
    let this = declare::make::<Choosing>(cx, ty)?;
    this.pool.set(Some(pool));
    this.indices.set(Some(indices));
    this.len.set(len);
    this.stopped.set(stopped);
    Ok(this)
}

/// Shows the items at `indices[from..]` in the result.
fn show(result: &TupleObject, pool: &[Ref], indices: &[usize], from: usize) -> Vec<Ref> {
    let changed = indices.iter().enumerate().take(result.len()).skip(from);
    changed.filter_map(|(place, &index)| Some(result.exchange(place, pool.get(index)?.clone()))).collect()
}

/// `(type, (pool, r))`, with a state once there is a choice.
fn choosing_reduce(cx: Ctx, object: &Object, state: impl Fn(&Choosing) -> Ref) -> PyResult {
    let this = Choosing::of(object);
    let ty = object.ty().to_object();
    let len = cx.new_uint(this.len.get());
    let pool = this.pool.get().map_or_else(|| cx.none(), Ref::into_object);
    if this.result.is_empty() {
        return Ok(tuple::of2(ty, tuple::of2(pool, len).into_object()).into_object());
    }
    if this.stopped.get() {
        let nothing = tuple::empty_tuple().into_object();
        return Ok(tuple::of2(ty, tuple::of2(nothing, len).into_object()).into_object());
    }
    Ok(tuple::of3(ty, tuple::of2(pool, len).into_object(), state(this)).into_object())
}

fn indices_state(cx: Ctx, this: &Choosing) -> Ref {
    numbers_tuple(cx, &Borrowed::take(&this.indices).numbers)
}

pub static COMBINATIONS: TypeSpec = spec_of(
    "itertools.combinations",
    56,
    "combinations(iterable, r)\n--\n\nAll choices of r items in their order.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
    |cx, ty, args| {
        let (pool, len) = pool_and_len(cx, "combinations", args)?;
        let stopped = len > pool.len();
        let indices = numbers(cx, len, |place| place)?;
        Ok(make(cx, ty, pool, len, indices, stopped)?.into_object())
    },
    combinations_next,
    &[
        MethodDef::no_args(
            "__reduce__",
            |cx, object| choosing_reduce(cx, object, |this| indices_state(cx, this)),
            REDUCE_DOC,
        ),
        MethodDef::one("__setstate__", combinations_setstate, SETSTATE_DOC),
        MethodDef::no_args("__sizeof__", |cx, object| sizeof(cx, object, 0), SIZEOF_DOC),
    ],
);

fn combinations_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Choosing::of(object);
    let (false, Some(pool)) = (this.stopped.get(), this.pool.peek()) else {
        return Ok(None);
    };
    let (pool, len) = (pool.as_slice(), this.len.get());
    let Some(result) = reusable(this) else {
        return Ok(Some(first(this, pool.iter().take(len).cloned(), len)));
    };
    let mut indices = Borrowed::take(&this.indices);
    // The last place that can still move right.
    let place = (0..len).rev().find(|&place| indices.numbers[place] != place + pool.len() - len);
    let Some(place) = place else {
        drop(indices);
        return stop(this);
    };
    indices.numbers[place] += 1;
    for later in place + 1..len {
        indices.numbers[later] = indices.numbers[later - 1] + 1;
    }
    let old = show(&result, pool, &indices.numbers, place);
    drop(indices);
    drop(old);
    Ok(Some(result.into_object()))
}

fn combinations_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let this = Choosing::of(object);
    let (Some(pool), len) = (this.pool.get(), this.len.get()) else {
        return Ok(cx.none());
    };
    let spare = pool.len() as i64 - len as i64;
    let indices = state_numbers(cx, state, len, |place| (0, place as i64 + spare))?;
    restore(cx, this, &pool, indices)
}

/// Takes over indices from a pickle and shows them.
fn restore(cx: Ctx, this: &Choosing, pool: &TupleObject, indices: Box<[usize]>) -> PyResult {
    let items = indices.iter().take(this.len.get()).filter_map(|&index| pool.as_slice().get(index).cloned());
    first(this, items, this.len.get());
    this.indices.set(Some(indices));
    Ok(cx.none())
}

pub static COMBINATIONS_WITH_REPLACEMENT: TypeSpec = spec_of(
    "itertools.combinations_with_replacement",
    56,
    "combinations_with_replacement(iterable, r)\n--\n\nAll choices of r items in their order, each as often as one likes.\n\n\
     combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')",
    |cx, ty, args| {
        let (pool, len) = pool_and_len(cx, "combinations_with_replacement", args)?;
        let stopped = pool.is_empty() && len > 0;
        let indices = numbers(cx, len, |_| 0)?;
        Ok(make(cx, ty, pool, len, indices, stopped)?.into_object())
    },
    replacement_next,
    &[
        MethodDef::no_args(
            "__reduce__",
            |cx, object| choosing_reduce(cx, object, |this| indices_state(cx, this)),
            REDUCE_DOC,
        ),
        MethodDef::one("__setstate__", replacement_setstate, SETSTATE_DOC),
        MethodDef::no_args("__sizeof__", |cx, object| sizeof(cx, object, 0), SIZEOF_DOC),
    ],
);

fn replacement_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Choosing::of(object);
    let (false, Some(pool)) = (this.stopped.get(), this.pool.peek()) else {
        return Ok(None);
    };
    let (pool, len) = (pool.as_slice(), this.len.get());
    let Some(result) = reusable(this) else {
        let items = (0..len).filter_map(|_| pool.first().cloned());
        return Ok(Some(first(this, items, len)));
    };
    let mut indices = Borrowed::take(&this.indices);
    let place = (0..len).rev().find(|&place| indices.numbers[place] + 1 != pool.len());
    let Some(place) = place else {
        drop(indices);
        return stop(this);
    };
    let index = indices.numbers[place] + 1;
    indices.numbers[place..].fill(index);
    let old = show(&result, pool, &indices.numbers, place);
    drop(indices);
    drop(old);
    Ok(Some(result.into_object()))
}

fn replacement_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let this = Choosing::of(object);
    let Some(pool) = this.pool.get() else {
        return Ok(cx.none());
    };
    let high = pool.len() as i64 - 1;
    let indices = state_numbers(cx, state, this.len.get(), |_| (0, high))?;
    restore(cx, this, &pool, indices)
}

pub static PERMUTATIONS: TypeSpec = spec_of(
    "itertools.permutations",
    64,
    "permutations(iterable, r=None)\n--\n\nAll choices of r items (all of them) in every order.\n\n\
     permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
    permutations_new,
    permutations_next,
    &[
        MethodDef::no_args("__reduce__", permutations_reduce, REDUCE_DOC),
        MethodDef::one("__setstate__", permutations_setstate, SETSTATE_DOC),
        MethodDef::no_args("__sizeof__", permutations_sizeof, SIZEOF_DOC),
    ],
);

fn permutations_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "permutations", params: &["iterable", "r"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(iterable), len] = bound else {
        return Ok(cx.none());
    };
    let pool = cx.tuple_from_iterable(&iterable)?;
    let len = match len.filter(|len| !cx.is_none(len)) {
        None => pool.len() as isize,
        Some(len) if len.downcast::<IntObject>().is_some() => common::size_arg(cx, &len)?,
        Some(_) => return Err(cx.type_error("Expected int as r")),
    };
    let Ok(len) = usize::try_from(len) else {
        return Err(cx.value_error("r must be non-negative"));
    };
    let size = pool.len();
    let indices = numbers(cx, size, |place| place)?;
    let cycles = numbers(cx, len, |place| size.wrapping_sub(place))?;
    let this = make(cx, ty, pool, len, indices, len > size)?;
    this.cycles.set(Some(cycles));
    Ok(this.into_object())
}

fn permutations_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Choosing::of(object);
    let (false, Some(pool)) = (this.stopped.get(), this.pool.peek()) else {
        return Ok(None);
    };
    let (pool, len) = (pool.as_slice(), this.len.get());
    let Some(result) = reusable(this) else {
        let indices = Borrowed::take(&this.indices);
        let items: Vec<Ref> =
            indices.numbers.iter().take(len).filter_map(|&i| pool.get(i).cloned()).collect();
        drop(indices);
        return Ok(Some(first(this, items.into_iter(), len)));
    };
    let mut indices = Borrowed::take(&this.indices);
    let mut cycles = Borrowed::take(&this.cycles);
    let mut changed = None;
    for place in (0..len.min(pool.len())).rev() {
        cycles.numbers[place] -= 1;
        if cycles.numbers[place] == 0 {
            indices.numbers[place..].rotate_left(1);
            cycles.numbers[place] = pool.len() - place;
        } else {
            let other = pool.len() - cycles.numbers[place];
            indices.numbers.swap(place, other);
            changed = Some(place);
            break;
        }
    }
    let old = changed.map(|place| show(&result, pool, &indices.numbers, place));
    drop((indices, cycles));
    drop(old);
    if changed.is_none() { stop(this) } else { Ok(Some(result.into_object())) }
}

fn permutations_reduce(cx: Ctx, object: &Object) -> PyResult {
    choosing_reduce(cx, object, |this| {
        let cycles = numbers_tuple(cx, &Borrowed::take(&this.cycles).numbers);
        tuple::of2(indices_state(cx, this), cycles).into_object()
    })
}

fn permutations_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let this = Choosing::of(object);
    let Some(state) = state.downcast::<TupleObject>() else {
        return Err(cx.type_error("state is not a tuple"));
    };
    let ([indices, cycles], Some(pool)) = (state.as_slice(), this.pool.get()) else {
        let message = format!("function takes exactly 2 arguments ({} given)", state.len());
        return Err(cx.type_error(message));
    };
    let (size, len) = (pool.len() as i64, this.len.get());
    let indices = state_numbers(cx, indices, pool.len(), |_| (0, size - 1))?;
    let cycles = state_numbers(cx, cycles, len, |place| (1, size - place as i64))?;
    this.cycles.set(Some(cycles));
    restore(cx, this, &pool, indices)
}

fn permutations_sizeof(cx: Ctx, object: &Object) -> PyResult {
    let items = Choosing::of(object).pool.peek().map_or(0, TupleObject::len);
    sizeof(cx, object, items)
}
