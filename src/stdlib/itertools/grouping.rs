//! `chain`, `pairwise`, `zip_longest`, `groupby` and its groups.

use std::cell::Cell;

use super::spec;
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot};
use crate::objects::iterators::common::{self, REDUCE_DOC, SETSTATE_DOC};
use crate::objects::spec::{Signature, TypeSpec};
use crate::objects::tuple::TupleBuilder;
use crate::objects::{
    Args, MethodDef, PyResult, TupleObject, TypeFlags, TypeObject, args, declare, exceptions, tuple,
};
use crate::vm::Ctx;

declare_object! {
    /// Iterables one after the other.
    Chain {
        traced {
            /// Of the iterables; gone at the end.
            source: Slot,
            active: Slot,
        }
        plain {}
    }
}

pub static CHAIN: TypeSpec = {
    let mut spec = spec::<Chain>(
        "itertools.chain",
        32,
        "chain(*iterables) --> chain object\n\nThe items of the first iterable, then of the next, to the last.",
        chain_new,
        chain_next,
        &[
            MethodDef::one(
                "from_iterable",
                chain_from_iterable,
                "from_iterable($type, iterable, /)\n--\n\nAs chain(), of the iterables that one iterable gives.",
            )
            .class(),
            MethodDef::no_args("__reduce__", chain_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", chain_setstate, SETSTATE_DOC),
            MethodDef::one("__class_getitem__", common::class_getitem, "See PEP 585").class(),
        ],
    );
    spec.traverse = Some(Chain::traverse);
    spec
};

fn make_chain(cx: Ctx, ty: &TypeObject, source: Ref) -> PyResult {
    let this = declare::make::<Chain>(cx, ty)?;
    this.source.set(Some(source));
    Ok(this.into_object())
}

fn chain_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let chain = super::CHAIN.get(cx)?;
    if ty.is_type(chain) || common::same_init(ty, chain) {
        args::no_keywords(cx, "chain", args)?;
    }
    let iterables = args.to_tuple(cx);
    let source = cx.iter(iterables.as_object())?;
    drop(iterables);
    make_chain(cx, ty, source)
}

fn chain_from_iterable(cx: Ctx, class: &Object, iterable: &Ref) -> PyResult {
    let source = cx.iter(iterable)?;
    match class.downcast::<TypeObject>() {
        Some(ty) => make_chain(cx, ty, source),
        None => Ok(source),
    }
}

fn chain_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Chain::of(object);
    while let Some(source) = this.source.get() {
        if this.active.is_empty() {
            let started = match cx.next(&source) {
                Ok(Some(iterable)) => cx.iter(&iterable).map(Some),
                other => other,
            };
            drop(source);
            match started {
                Ok(Some(iterator)) => this.active.set(Some(iterator)),
                Ok(None) => {
                    this.source.set(None);
                    return Ok(None);
                }
                Err(raised) => {
                    this.source.set(None);
                    return Err(raised);
                }
            }
        }
        match common::advance(cx, &this.active) {
            Ok(Some(item)) => return Ok(Some(item)),
            Ok(None) => {}
            Err(raised) if cx.raised_is(&raised, exceptions().stop_iteration) => cx.clear_exception(raised),
            Err(raised) => return Err(raised),
        }
        this.active.set(None);
    }
    Ok(None)
}

fn chain_reduce(_: Ctx, object: &Object) -> PyResult {
    let this = Chain::of(object);
    let ty = object.ty().to_object();
    let nothing = tuple::empty_tuple().into_object();
    match (this.source.get(), this.active.get()) {
        (Some(source), Some(active)) => {
            Ok(tuple::of3(ty, nothing, tuple::of2(source, active).into_object()).into_object())
        }
        (Some(source), None) => Ok(tuple::of3(ty, nothing, tuple::of1(source).into_object()).into_object()),
        (None, _) => Ok(tuple::of2(ty, nothing).into_object()),
    }
}

fn chain_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let Some(state) = state.downcast::<TupleObject>() else {
        return Err(cx.type_error("state is not a tuple"));
    };
    let (source, active) = match state.as_slice() {
        [source] => (source, None),
        [source, active] => (source, Some(active)),
        [] => return Err(cx.type_error("function takes at least 1 argument (0 given)")),
        more => {
            let message = format!("function takes at most 2 arguments ({} given)", more.len());
            return Err(cx.type_error(message));
        }
    };
    if !cx.is_iterator(source) || active.is_some_and(|active| !cx.is_iterator(active)) {
        return Err(cx.type_error("Arguments must be iterators."));
    }
    let this = Chain::of(object);
    this.source.set(Some(source.clone()));
    this.active.set(active.cloned());
    Ok(cx.none())
}

declare_object! {
    /// Neighbours.
    Pairwise {
        traced {
            /// Gone at the end.
            iterator: Slot,
            old: Slot,
        }
        plain {}
    }
}

pub static PAIRWISE: TypeSpec = {
    let mut spec = spec::<Pairwise>(
        "itertools.pairwise",
        32,
        "pairwise(iterable, /)\n--\n\nEach item with the one after it:\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...",
        pairwise_new,
        pairwise_next,
        &[],
    );
    spec.traverse = Some(Pairwise::traverse);
    spec
};

fn pairwise_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, "pairwise", args, 1, 1)?;
    let iterator = cx.iter(&args[0])?;
    let this = declare::make::<Pairwise>(cx, ty)?;
    this.iterator.set(Some(iterator));
    Ok(this.into_object())
}

fn pairwise_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Pairwise::of(object);
    let outcome = pairwise_step(cx, this);
    if !matches!(outcome, Ok(Some(_))) {
        this.iterator.set(None);
        this.old.set(None);
    }
    outcome
}

fn pairwise_step(cx: Ctx, this: &Pairwise) -> PyResult<Option<Ref>> {
    if this.old.is_empty() {
        let Some(iterator) = this.iterator.get() else {
            return Ok(None);
        };
        let Some(first) = common::advance_plain(cx, &iterator)? else {
            return Ok(None);
        };
        this.old.set(Some(first));
    }
    let (Some(iterator), Some(old)) = (this.iterator.get(), this.old.get()) else {
        return Ok(None);
    };
    let Some(new) = common::advance_plain(cx, &iterator)? else {
        return Ok(None);
    };
    let pair = tuple::of2(old, new.clone());
    this.old.set(Some(new));
    Ok(Some(pair.into_object()))
}

declare_object! {
    /// Iterators side by side until the last one ends.
    ZipLongest {
        traced {
            /// `None` in the place of one that has ended.
            iterators: Slot<TupleObject>,
            /// Handed out again while nobody else holds it.
            result: Slot<TupleObject>,
            fill: Slot,
        }
        plain {
            active: Cell<usize>,
            reserved: Cell<usize>,
        }
    }
}

pub static ZIP_LONGEST: TypeSpec = {
    let mut spec = spec::<ZipLongest>(
        "itertools.zip_longest",
        56,
        "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\n\
         Tuples of one item from each iterable until the longest ends; the fill value\nstands for those that have ended before.",
        zip_longest_new,
        zip_longest_next,
        &[
            MethodDef::no_args("__reduce__", zip_longest_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", zip_longest_setstate, SETSTATE_DOC),
        ],
    );
    spec.traverse = Some(ZipLongest::traverse);
    spec
};

fn zip_longest_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let mut fill = cx.none();
    let named = args.all().len() - args.pos().len();
    for (name, value) in args.keywords() {
        if named > 1 || !name.eq_str("fillvalue") {
            return Err(cx.type_error("zip_longest() got an unexpected keyword argument"));
        }
        fill = value.clone();
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
    let this = declare::make::<ZipLongest>(cx, ty)?;
    this.iterators.set(Some(iterators));
    this.active.set(size);
    this.result.set(Some(result));
    this.fill.set(Some(fill));
    Ok(this.into_object())
}

/// The item of iterator `index`, or the fill value; `None` when all have ended.
fn longest_item(cx: Ctx, this: &ZipLongest, iterators: &TupleObject, index: usize) -> PyResult<Option<Ref>> {
    let iterator = iterators.as_slice()[index].clone();
    if !cx.is_none(&iterator) {
        match cx.next(&iterator) {
            Ok(Some(item)) => return Ok(Some(item)),
            Ok(None) => {
                this.active.set(this.active.get().saturating_sub(1));
                if this.active.get() == 0 {
                    return Ok(None);
                }
                drop(iterator);
                drop(iterators.exchange(index, cx.none()));
            }
            Err(raised) => {
                this.active.set(0);
                return Err(raised);
            }
        }
    }
    Ok(Some(this.fill.get().unwrap_or_else(|| cx.none())))
}

fn zip_longest_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = ZipLongest::of(object);
    let (Some(iterators), Some(result)) = (this.iterators.peek(), this.result.peek()) else {
        return Ok(None);
    };
    if this.active.get() == 0 {
        return Ok(None);
    }
    if result.object.refcount() == 1 {
        let result = result.to_ref();
        for index in 0..iterators.len() {
            let Some(item) = longest_item(cx, this, iterators, index)? else {
                return Ok(None);
            };
            drop(result.exchange(index, item));
        }
        result.ensure_tracked();
        return Ok(Some(result.into_object()));
    }
    let mut fresh = TupleBuilder::new(iterators.len());
    for index in 0..iterators.len() {
        let Some(item) = longest_item(cx, this, iterators, index)? else {
            return Ok(None);
        };
        fresh.push(item);
    }
    Ok(Some(fresh.finish().into_object()))
}

fn zip_longest_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = ZipLongest::of(object);
    let iterators = this.iterators.get();
    let iterators = iterators.as_ref().map_or(&[][..], |iterators| iterators.as_slice());
    let mut arguments = TupleBuilder::new(iterators.len());
    for iterator in iterators {
        let ended = cx.is_none(iterator);
        arguments.push(if ended { tuple::empty_tuple().into_object() } else { iterator.clone() });
    }
    let fill = this.fill.get().unwrap_or_else(|| cx.none());
    Ok(tuple::of3(object.ty().to_object(), arguments.finish().into_object(), fill).into_object())
}

fn zip_longest_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    ZipLongest::of(object).fill.set(Some(state.clone()));
    Ok(cx.none())
}

declare_object! {
    /// Runs of items with equal keys.
    GroupBy {
        traced {
            iterator: Slot,
            function: Slot,
            target_key: Slot,
            current_key: Slot,
            current_value: Slot,
        }
        plain {
            /// Address of the group that may still give items; not a reference.
            grouper: Cell<usize>,
        }
    }
}

pub static GROUPBY: TypeSpec = {
    let mut spec = spec::<GroupBy>(
        "itertools.groupby",
        64,
        "groupby(iterable, key=None)\n--\n\nPairs of a key and an iterator over the run of items that have it.",
        groupby_new,
        groupby_next,
        &[
            MethodDef::no_args("__reduce__", groupby_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", groupby_setstate, SETSTATE_DOC),
        ],
    );
    spec.traverse = Some(GroupBy::traverse);
    spec
};

fn groupby_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "groupby", params: &["iterable", "key"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(iterable), key] = bound else {
        return Ok(cx.none());
    };
    let this = declare::make::<GroupBy>(cx, ty)?;
    this.function.set(Some(key.unwrap_or_else(|| cx.none())));
    this.iterator.set(Some(cx.iter(&iterable)?));
    Ok(this.into_object())
}

/// Takes the next item and its key; false at the end.
fn groupby_step(cx: Ctx, this: &GroupBy) -> PyResult<bool> {
    let Some(value) = common::advance(cx, &this.iterator)? else {
        return Ok(false);
    };
    let key = match this.function.get() {
        Some(function) if !cx.is_none(&function) => cx.call(&function, std::slice::from_ref(&value))?,
        _ => value.clone(),
    };
    this.current_value.set(Some(value));
    this.current_key.set(Some(key));
    Ok(true)
}

fn groupby_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = GroupBy::of(object);
    this.grouper.set(0);
    loop {
        if let Some(current) = this.current_key.get() {
            let Some(target) = this.target_key.get() else { break };
            if !cx.equal(&target, &current)? {
                break;
            }
        }
        if !groupby_step(cx, this)? {
            return Ok(None);
        }
    }
    let Some(key) = this.current_key.get() else {
        return Ok(None);
    };
    this.target_key.set(Some(key.clone()));
    let group = make_grouper(cx, object, &key)?;
    Ok(Some(tuple::of2(key, group).into_object()))
}

fn groupby_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = GroupBy::of(object);
    let part = |slot: &Slot| slot.get().unwrap_or_else(|| cx.none());
    let arguments = tuple::of2(part(&this.iterator), part(&this.function)).into_object();
    let ty = object.ty().to_object();
    match (this.target_key.get(), this.current_key.get(), this.current_value.get()) {
        (Some(target), Some(key), Some(value)) => {
            Ok(tuple::of3(ty, arguments, tuple::of3(key, value, target).into_object()).into_object())
        }
        _ => Ok(tuple::of2(ty, arguments).into_object()),
    }
}

fn groupby_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let Some(state) = state.downcast::<TupleObject>() else {
        return Err(cx.type_error("state is not a tuple"));
    };
    let [key, value, target] = state.as_slice() else {
        let message = format!("function takes exactly 3 arguments ({} given)", state.len());
        return Err(cx.type_error(message));
    };
    let this = GroupBy::of(object);
    this.current_key.set(Some(key.clone()));
    this.current_value.set(Some(value.clone()));
    this.target_key.set(Some(target.clone()));
    Ok(cx.none())
}

declare_object! {
    /// The items of one run; of use until its `groupby` moves on.
    Grouper {
        traced {
            parent: Slot,
            target_key: Slot,
        }
        plain {}
    }
}

pub static GROUPER: TypeSpec = {
    let mut spec = spec::<Grouper>(
        "itertools._grouper",
        32,
        "",
        grouper_new,
        grouper_next,
        &[MethodDef::no_args("__reduce__", grouper_reduce, REDUCE_DOC)],
    );
    spec.doc = None;
    spec.flags = TypeFlags::HAVE_GC;
    spec.traverse = Some(Grouper::traverse);
    spec
};

fn make_grouper(cx: Ctx, parent: &Object, target_key: &Object) -> PyResult {
    let this = declare::make::<Grouper>(cx, super::GROUPER.get(cx)?)?;
    this.parent.set(Some(parent.to_ref()));
    this.target_key.set(Some(target_key.to_ref()));
    GroupBy::of(parent).grouper.set(this.object.address());
    Ok(this.into_object())
}

fn grouper_new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, "_grouper", args, 2, 2)?;
    if !args[0].is_instance(super::GROUPBY.get(cx)?) {
        let message =
            format!("_grouper() argument 1 must be itertools.groupby, not {}", args[0].ty().tp_name());
        return Err(cx.type_error(message));
    }
    make_grouper(cx, &args[0], &args[1])
}

fn grouper_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Grouper::of(object);
    let (Some(parent), Some(target)) = (this.parent.get(), this.target_key.get()) else {
        return Ok(None);
    };
    let parent = GroupBy::of(&parent);
    if parent.grouper.get() != object.address() {
        return Ok(None);
    }
    if parent.current_value.is_empty() && !groupby_step(cx, parent)? {
        return Ok(None);
    }
    let Some(current) = parent.current_key.get() else {
        return Ok(None);
    };
    if !cx.equal(&target, &current)? {
        return Ok(None);
    }
    drop(current);
    let value = parent.current_value.take();
    parent.current_key.set(None);
    Ok(value)
}

fn grouper_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Grouper::of(object);
    match (this.parent.get(), this.target_key.get()) {
        (Some(parent), Some(target)) if GroupBy::of(&parent).grouper.get() == object.address() => {
            let arguments = tuple::of2(parent, target).into_object();
            Ok(tuple::of2(object.ty().to_object(), arguments).into_object())
        }
        _ => {
            let function = common::builtin(cx, "iter")?;
            let arguments = tuple::of1(tuple::empty_tuple().into_object()).into_object();
            Ok(tuple::of2(function, arguments).into_object())
        }
    }
}
