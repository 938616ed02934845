//! `dropwhile`, `takewhile`, `islice`, `starmap`, `compress`, `filterfalse`.

use std::cell::Cell;

use super::spec;
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot};
use crate::objects::iterators::common::{self, REDUCE_DOC, SETSTATE_DOC};
use crate::objects::spec::{Signature, TypeSpec};
use crate::objects::{
    Args, MethodDef, PyResult, TupleObject, TypeObject, args, declare, exceptions, tuple, types,
};
use crate::vm::Ctx;

declare_object! {
    /// A function and an iterator; `done` marks the turning point of the two "while" types.
    Selecting {
        traced {
            function: Slot,
            iterator: Slot,
        }
        plain { done: Cell<bool>, }
    }
}

/// Two arguments by position: a function and an iterable.
fn make_selecting(cx: Ctx, ty: &TypeObject, name: &str, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, name, args, 2, 2)?;
    let iterator = cx.iter(&args[1])?;
    let this = declare::make::<Selecting>(cx, ty)?;
    this.function.set(Some(args[0].clone()));
    this.iterator.set(Some(iterator));
    Ok(this.into_object())
}

/// Whether the function says yes to an item.
fn says_yes(cx: Ctx, this: &Selecting, item: &Ref) -> PyResult<bool> {
    let Some(function) = this.function.get() else {
        return Ok(false);
    };
    let answer = cx.call(&function, std::slice::from_ref(item))?;
    drop(function);
    cx.is_true(&answer)
}

/// `(type, (function, iterator))`.
fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Selecting::of(object);
    Ok(tuple::of2(object.ty().to_object(), arguments(cx, this)).into_object())
}

fn arguments(cx: Ctx, this: &Selecting) -> Ref {
    let part = |slot: &Slot| slot.get().unwrap_or_else(|| cx.none());
    tuple::of2(part(&this.function), part(&this.iterator)).into_object()
}

/// `(type, (function, iterator), done)`.
fn reduce_state(cx: Ctx, object: &Object) -> PyResult {
    let this = Selecting::of(object);
    let done = cx.new_int(this.done.get().into());
    Ok(tuple::of3(object.ty().to_object(), arguments(cx, this), done).into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    Selecting::of(object).done.set(cx.is_true(state)?);
    Ok(cx.none())
}

const STATE_METHODS: &[MethodDef] = &[
    MethodDef::no_args("__reduce__", reduce_state, REDUCE_DOC),
    MethodDef::one("__setstate__", setstate, SETSTATE_DOC),
];
const METHODS: &[MethodDef] = &[MethodDef::no_args("__reduce__", reduce, REDUCE_DOC)];

pub static DROPWHILE: TypeSpec = {
    let mut spec = spec::<Selecting>(
        "itertools.dropwhile",
        40,
        "dropwhile(predicate, iterable, /)\n--\n\nThe items from the first one on for which the predicate is false.",
        |cx, ty, args| make_selecting(cx, ty, "dropwhile", args),
        dropwhile_next,
        STATE_METHODS,
    );
    spec.traverse = Some(Selecting::traverse);
    spec
};

fn dropwhile_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Selecting::of(object);
    loop {
        let Some(item) = common::advance(cx, &this.iterator)? else {
            return Ok(None);
        };
        if this.done.get() || !says_yes(cx, this, &item)? {
            this.done.set(true);
            return Ok(Some(item));
        }
    }
}

pub static TAKEWHILE: TypeSpec = {
    let mut spec = spec::<Selecting>(
        "itertools.takewhile",
        40,
        "takewhile(predicate, iterable, /)\n--\n\nThe items before the first one for which the predicate is false.",
        |cx, ty, args| make_selecting(cx, ty, "takewhile", args),
        takewhile_next,
        STATE_METHODS,
    );
    spec.traverse = Some(Selecting::traverse);
    spec
};

fn takewhile_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Selecting::of(object);
    if this.done.get() {
        return Ok(None);
    }
    let Some(item) = common::advance(cx, &this.iterator)? else {
        return Ok(None);
    };
    if says_yes(cx, this, &item)? {
        return Ok(Some(item));
    }
    this.done.set(true);
    Ok(None)
}

pub static STARMAP: TypeSpec = {
    let mut spec = spec::<Selecting>(
        "itertools.starmap",
        32,
        "starmap(function, iterable, /)\n--\n\nWhat the function gives for each item, spread into arguments.",
        |cx, ty, args| make_selecting(cx, ty, "starmap", args),
        starmap_next,
        METHODS,
    );
    spec.traverse = Some(Selecting::traverse);
    spec
};

fn starmap_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Selecting::of(object);
    let Some(item) = common::advance(cx, &this.iterator)? else {
        return Ok(None);
    };
    let arguments =
        if item.is_exact(types().tuple) { item } else { cx.tuple_from_iterable(&item)?.into_object() };
    let (Some(function), Some(arguments)) = (this.function.peek(), arguments.downcast::<TupleObject>())
    else {
        return Ok(None);
    };
    cx.call_tuple_dict(function, arguments, None).map(Some)
}

pub static FILTERFALSE: TypeSpec = {
    let mut spec = spec::<Selecting>(
        "itertools.filterfalse",
        32,
        "filterfalse(function, iterable, /)\n--\n\nThe items for which the function is false; with None, the items that are false.",
        |cx, ty, args| make_selecting(cx, ty, "filterfalse", args),
        filterfalse_next,
        METHODS,
    );
    spec.traverse = Some(Selecting::traverse);
    spec
};

fn filterfalse_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Selecting::of(object);
    let asks_item = this
        .function
        .peek()
        .is_none_or(|function| cx.is_none(function) || function.is(types().bool.as_object()));
    while let Some(item) = common::advance(cx, &this.iterator)? {
        let passes = if asks_item { cx.is_true(&item)? } else { says_yes(cx, this, &item)? };
        if !passes {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

declare_object! {
    /// Data and the selectors that let them pass.
    Compress {
        traced {
            data: Slot,
            selectors: Slot,
        }
        plain {}
    }
}

pub static COMPRESS: TypeSpec = {
    let mut spec = spec::<Compress>(
        "itertools.compress",
        32,
        "compress(data, selectors)\n--\n\nThe items of data whose selectors are true.",
        compress_new,
        compress_next,
        &[MethodDef::no_args("__reduce__", compress_reduce, REDUCE_DOC)],
    );
    spec.traverse = Some(Compress::traverse);
    spec
};

fn compress_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "compress", params: &["data", "selectors"], required: 2, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(data), Some(selectors)] = bound else {
        return Ok(cx.none());
    };
    let data = cx.iter(&data)?;
    let selectors = cx.iter(&selectors)?;
    let this = declare::make::<Compress>(cx, ty)?;
    this.data.set(Some(data));
    this.selectors.set(Some(selectors));
    Ok(this.into_object())
}

fn compress_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Compress::of(object);
    loop {
        let Some(datum) = common::advance(cx, &this.data)? else {
            return Ok(None);
        };
        let Some(selector) = common::advance(cx, &this.selectors)? else {
            return Ok(None);
        };
        if cx.is_true(&selector)? {
            return Ok(Some(datum));
        }
    }
}

fn compress_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Compress::of(object);
    let part = |slot: &Slot| slot.get().unwrap_or_else(|| cx.none());
    let arguments = tuple::of2(part(&this.data), part(&this.selectors)).into_object();
    Ok(tuple::of2(object.ty().to_object(), arguments).into_object())
}

declare_object! {
    /// A stretch of an iterator.
    Islice {
        traced {
            /// Gone at the end.
            iterator: Slot,
        }
        plain {
            /// Items to skip before the next one.
            next: Cell<isize>,
            /// -1 without end.
            stop: Cell<isize>,
            step: Cell<isize>,
            /// Items taken from the iterator.
            count: Cell<isize>,
        }
    }
}

pub static ISLICE: TypeSpec = {
    let mut spec = spec::<Islice>(
        "itertools.islice",
        56,
        "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nThe items that slicing would take, taken one by one.",
        islice_new,
        islice_next,
        &[
            MethodDef::no_args("__reduce__", islice_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", islice_setstate, SETSTATE_DOC),
        ],
    );
    spec.traverse = Some(Islice::traverse);
    spec
};

/// A bound as a size; -1 for anything that is none.
fn bound(cx: Ctx, value: &Object) -> isize {
    match cx.index_sized(value, exceptions().overflow_error) {
        Ok(bound) => bound,
        Err(raised) => {
            cx.clear_exception(raised);
            -1
        }
    }
}

fn islice_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, "islice", args, 2, 4)?;
    let given = |index: usize| args.get(index).filter(|value| !cx.is_none(value));
    let (start, stop) = if args.len() == 2 { (None, given(1)) } else { (given(1), given(2)) };
    let start = start.map_or(0, |start| bound(cx, start));
    let stop = match stop {
        None => -1,
        Some(stop) => match bound(cx, stop) {
            -1 => {
                return Err(cx.value_error(
                    "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
                ));
            }
            stop => stop,
        },
    };
    if start < 0 || stop < -1 {
        return Err(cx.value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."));
    }
    let step = given(3).map_or(1, |step| bound(cx, step));
    if step < 1 {
        return Err(cx.value_error("Step for islice() must be a positive integer or None."));
    }
    let iterator = cx.iter(&args[0])?;
    let this = declare::make::<Islice>(cx, ty)?;
    this.iterator.set(Some(iterator));
    this.next.set(start);
    this.stop.set(stop);
    this.step.set(step);
    Ok(this.into_object())
}

fn islice_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Islice::of(object);
    let outcome = islice_step(cx, this);
    if !matches!(outcome, Ok(Some(_))) {
        this.iterator.set(None);
    }
    outcome
}

fn islice_step(cx: Ctx, this: &Islice) -> PyResult<Option<Ref>> {
    let Some(iterator) = this.iterator.get() else {
        return Ok(None);
    };
    while this.count.get() < this.next.get() {
        if common::advance_plain(cx, &iterator)?.is_none() {
            return Ok(None);
        }
        this.count.set(this.count.get() + 1);
    }
    let stop = this.stop.get();
    if stop != -1 && this.count.get() >= stop {
        return Ok(None);
    }
    let Some(item) = common::advance_plain(cx, &iterator)? else {
        return Ok(None);
    };
    this.count.set(this.count.get() + 1);
    let next = this.next.get().checked_add(this.step.get());
    this.next.set(match next {
        Some(next) if stop == -1 || next <= stop => next,
        _ => stop,
    });
    Ok(Some(item))
}

fn islice_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Islice::of(object);
    let number = |value: isize| cx.new_int(value as i64);
    let ty = object.ty().to_object();
    let Some(iterator) = this.iterator.get() else {
        let empty = cx.new_list(Vec::new())?.into_object();
        let arguments = tuple::of2(cx.iter(&empty)?, number(0)).into_object();
        return Ok(tuple::of3(ty, arguments, number(0)).into_object());
    };
    let stop = if this.stop.get() == -1 { cx.none() } else { number(this.stop.get()) };
    let arguments = cx.new_tuple(vec![iterator, number(this.next.get()), stop, number(this.step.get())]);
    Ok(tuple::of3(ty, arguments.into_object(), number(this.count.get())).into_object())
}

fn islice_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    Islice::of(object).count.set(common::state_arg(cx, state)?);
    Ok(cx.none())
}
