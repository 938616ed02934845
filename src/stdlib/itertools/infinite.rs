//! `count`, `cycle`, `repeat`, `accumulate`.

use std::cell::Cell;

use super::spec;
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot};
use crate::objects::iterators::common::{self, REDUCE_DOC, SETSTATE_DOC};
use crate::objects::protocol::number::BinaryOp;
use crate::objects::spec::{Signature, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, IntObject, ListObject, MethodDef, PyResult, TupleObject, TypeObject, args, declare, tuple,
};
use crate::vm::Ctx;

declare_object! {
    /// Counts in machine words while it can.
    Count {
        traced {
            /// The next number once `small` is `isize::MAX`; empty while that itself is next.
            number: Slot,
            step: Slot,
        }
        plain {
            small: Cell<isize>,
        }
    }
}

pub static COUNT: TypeSpec = {
    let mut spec = spec::<Count>(
        "itertools.count",
        40,
        "count(start=0, step=1)\n--\n\nThe numbers from start on, step by step, without end.",
        count_new,
        count_next,
        &[MethodDef::no_args("__reduce__", count_reduce, REDUCE_DOC)],
    );
    spec.traverse = Some(Count::traverse);
    spec.slots.repr = Some(count_repr);
    spec
};

fn is_number(object: &Object) -> bool {
    let slots = object.ty().slots();
    slots.nb_index.is_some()
        || slots.nb_int.is_some()
        || slots.nb_float.is_some()
        || object.is_instance(crate::objects::types().complex)
}

fn count_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "count", params: &["start", "step"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [start, step] = bound;
    if start.iter().chain(step.iter()).any(|number| !is_number(number)) {
        return Err(cx.type_error("a number is required"));
    }
    let small_int = |number: &Ref| number.downcast::<IntObject>().and_then(IntObject::as_i64);
    let small = start.as_ref().map_or(Some(0), small_int);
    let steps_by_one = step.as_ref().is_none_or(|step| small_int(step) == Some(1));
    let this = declare::make::<Count>(cx, ty)?;
    match small.filter(|_| steps_by_one) {
        Some(small) => this.small.set(small as isize),
        None => {
            this.small.set(isize::MAX);
            this.number.set(Some(start.unwrap_or_else(|| cx.new_int(0))));
        }
    }
    this.step.set(Some(step.unwrap_or_else(|| cx.new_int(1))));
    Ok(this.into_object())
}

fn count_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Count::of(object);
    let small = this.small.get();
    if small != isize::MAX {
        this.small.set(small + 1);
        return Ok(Some(cx.new_int(small as i64)));
    }
    let number = this.number.get().unwrap_or_else(|| cx.new_int(i64::MAX));
    let step = this.step.get().unwrap_or_else(|| cx.new_int(1));
    let next = cx.binary_op(BinaryOp::Add, &number, &step)?;
    drop(this.number.replace(Some(next)));
    Ok(Some(number))
}

fn step_is_one(this: &Count) -> bool {
    this.step.peek().and_then(|step| step.downcast::<IntObject>()).and_then(IntObject::as_i64) == Some(1)
}

fn count_repr(cx: Ctx, object: &Object) -> PyResult {
    let this = Count::of(object);
    let name = object.ty().name_text();
    if this.small.get() != isize::MAX {
        return Ok(cx.new_str(&format!("{name}({})", this.small.get())).into_object());
    }
    let mut text = StrBuilder::new();
    text.push_str(&name);
    text.push_char('(');
    match this.number.get() {
        Some(number) => text.push_obj(&*cx.repr(&number)?),
        None => text.push_str("<NULL>"),
    }
    if !step_is_one(this)
        && let Some(step) = this.step.get()
    {
        text.push_str(", ");
        text.push_obj(&*cx.repr(&step)?);
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn count_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Count::of(object);
    let state = if this.small.get() == isize::MAX {
        let number = this.number.get().unwrap_or_else(|| cx.new_int(i64::MAX));
        tuple::of2(number, this.step.get().unwrap_or_else(|| cx.none()))
    } else {
        tuple::of1(cx.new_int(this.small.get() as i64))
    };
    Ok(tuple::of2(object.ty().to_object(), state.into_object()).into_object())
}

declare_object! {
    /// Gives one object again and again; `left` is -1 without end.
    Repeat {
        traced { element: Slot, }
        plain { left: Cell<isize>, }
    }
}

pub static REPEAT: TypeSpec = {
    let mut spec = spec::<Repeat>(
        "itertools.repeat",
        32,
        "repeat(object [,times]) -> an iterator that gives the object again and again,\nthe given number of times or without end.",
        repeat_new,
        repeat_next,
        &[
            MethodDef::no_args("__length_hint__", repeat_length_hint, common::LENGTH_HINT_DOC),
            MethodDef::no_args("__reduce__", repeat_reduce, REDUCE_DOC),
        ],
    );
    spec.traverse = Some(Repeat::traverse);
    spec.slots.repr = Some(repeat_repr);
    spec
};

fn repeat_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "repeat", params: &["object", "times"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [element, times] = bound;
    let left = match times {
        Some(times) => common::size_arg(cx, &times)?.max(0),
        None => -1,
    };
    let this = declare::make::<Repeat>(cx, ty)?;
    this.element.set(element);
    this.left.set(left);
    Ok(this.into_object())
}

fn repeat_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Repeat::of(object);
    match this.left.get() {
        0 => Ok(None),
        left => {
            if left > 0 {
                this.left.set(left - 1);
            }
            Ok(this.element.get())
        }
    }
}

fn repeat_repr(cx: Ctx, object: &Object) -> PyResult {
    let this = Repeat::of(object);
    let mut text = StrBuilder::new();
    text.push_str(&object.ty().name_text());
    text.push_char('(');
    if let Some(element) = this.element.get() {
        text.push_obj(&*cx.repr(&element)?);
    }
    if this.left.get() != -1 {
        text.push_str(&format!(", {}", this.left.get()));
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn repeat_length_hint(cx: Ctx, object: &Object) -> PyResult {
    match Repeat::of(object).left.get() {
        -1 => Err(cx.type_error("len() of unsized object")),
        left => Ok(cx.new_int(left as i64)),
    }
}

fn repeat_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Repeat::of(object);
    let element = this.element.get().unwrap_or_else(|| cx.none());
    let state = match this.left.get() {
        -1 => tuple::of1(element),
        left => tuple::of2(element, cx.new_int(left as i64)),
    };
    Ok(tuple::of2(object.ty().to_object(), state.into_object()).into_object())
}

declare_object! {
    /// Remembers the items of its first round.
    Cycle {
        traced {
            /// Gone after the first round.
            iterator: Slot,
            saved: Slot<ListObject>,
        }
        plain {
            index: Cell<usize>,
            /// Restored from a pickle: what comes is saved already.
            is_saved: Cell<bool>,
        }
    }
}

pub static CYCLE: TypeSpec = {
    let mut spec = spec::<Cycle>(
        "itertools.cycle",
        48,
        "cycle(iterable, /)\n--\n\nThe items of the iterable, then the same again and again.",
        cycle_new,
        cycle_next,
        &[
            MethodDef::no_args("__reduce__", cycle_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", cycle_setstate, SETSTATE_DOC),
        ],
    );
    spec.traverse = Some(Cycle::traverse);
    spec
};

fn cycle_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, "cycle", args, 1, 1)?;
    let iterator = cx.iter(&args[0])?;
    let saved = cx.new_list(Vec::new())?;
    let this = declare::make::<Cycle>(cx, ty)?;
    this.iterator.set(Some(iterator));
    this.saved.set(Some(saved));
    Ok(this.into_object())
}

fn cycle_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Cycle::of(object);
    if let Some(iterator) = this.iterator.get() {
        let item = cx.next(&iterator)?;
        drop(iterator);
        if let Some(item) = item {
            if !this.is_saved.get()
                && let Some(saved) = this.saved.peek()
            {
                saved.push(cx, item.clone())?;
            }
            return Ok(Some(item));
        }
        this.iterator.set(None);
    }
    let Some(saved) = this.saved.peek() else {
        return Ok(None);
    };
    let index = this.index.get();
    let Some(item) = saved.get(index) else {
        return Ok(None);
    };
    this.index.set(if index + 1 >= saved.len() { 0 } else { index + 1 });
    Ok(Some(item))
}

fn cycle_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Cycle::of(object);
    let saved = this.saved.get().map_or_else(|| cx.none(), Ref::into_object);
    let (iterator, is_saved) = match this.iterator.get() {
        Some(iterator) => (iterator, this.is_saved.get()),
        None => {
            let iterator = cx.iter(&saved)?;
            if this.index.get() != 0 {
                let index = cx.new_uint(this.index.get());
                let name = cx.intern("__setstate__");
                drop(cx.call_method(&iterator, &name, &[index])?);
            }
            (iterator, true)
        }
    };
    let state = tuple::of2(saved, cx.bool(is_saved)).into_object();
    let arguments = tuple::of1(iterator).into_object();
    Ok(tuple::of3(object.ty().to_object(), arguments, state).into_object())
}

fn cycle_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let Some(state) = state.downcast::<TupleObject>() else {
        return Err(cx.type_error("state is not a tuple"));
    };
    let [saved, is_saved] = state.as_slice() else {
        let message = format!("function takes exactly 2 arguments ({} given)", state.len());
        return Err(cx.type_error(message));
    };
    let Some(saved) = saved.downcast::<ListObject>() else {
        let message = format!("argument 1 must be list, not {}", saved.ty().tp_name());
        return Err(cx.type_error(message));
    };
    let is_saved = cx.to_i32(is_saved)? != 0;
    let this = Cycle::of(object);
    this.saved.set(Some(saved.to_ref()));
    this.is_saved.set(is_saved);
    this.index.set(0);
    Ok(cx.none())
}

declare_object! {
    /// Running totals.
    Accumulate {
        traced {
            total: Slot,
            iterator: Slot,
            function: Slot,
            /// Comes first, once, unless it is `None`.
            initial: Slot,
        }
        plain {}
    }
}

pub static ACCUMULATE: TypeSpec = {
    let mut spec = spec::<Accumulate>(
        "itertools.accumulate",
        48,
        "accumulate(iterable, func=None, *, initial=None)\n--\n\nThe running totals of the items: sums, or what the function makes of\nthe total so far and the next item.",
        accumulate_new,
        accumulate_next,
        &[
            MethodDef::no_args("__reduce__", accumulate_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", accumulate_setstate, SETSTATE_DOC),
        ],
    );
    spec.traverse = Some(Accumulate::traverse);
    spec
};

fn accumulate_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature = Signature {
        name: "accumulate",
        params: &["iterable", "func", "initial"],
        required: 1,
        max_positional: 2,
    };
    let mut bound = [None, None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [iterable, function, initial] = bound;
    let iterable = iterable.unwrap_or_else(|| cx.none());
    let iterator = cx.iter(&iterable)?;
    drop(iterable);
    let this = declare::make::<Accumulate>(cx, ty)?;
    this.function.set(function.filter(|function| !cx.is_none(function)));
    this.iterator.set(Some(iterator));
    this.initial.set(initial.filter(|initial| !cx.is_none(initial)));
    Ok(this.into_object())
}

fn accumulate_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Accumulate::of(object);
    if let Some(initial) = this.initial.take() {
        this.total.set(Some(initial.clone()));
        return Ok(Some(initial));
    }
    let Some(value) = common::advance(cx, &this.iterator)? else {
        return Ok(None);
    };
    // Moved out for the call: the callee sees no reference of ours.
    let Some(total) = this.total.take() else {
        this.total.set(Some(value.clone()));
        return Ok(Some(value));
    };
    let arguments = [total, value];
    let next = match this.function.peek() {
        Some(function) => cx.call(function, &arguments),
        None => cx.binary_op(BinaryOp::Add, &arguments[0], &arguments[1]),
    };
    let [total, value] = arguments;
    drop(value);
    let next = match next {
        Ok(next) => next,
        Err(raised) => {
            this.total.set(Some(total));
            return Err(raised);
        }
    };
    this.total.set(Some(next.clone()));
    drop(total);
    Ok(Some(next))
}

fn accumulate_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Accumulate::of(object);
    let ty = object.ty().to_object();
    let function = this.function.get().unwrap_or_else(|| cx.none());
    let iterator = this.iterator.get().unwrap_or_else(|| cx.none());
    let after = |first: Ref| -> PyResult {
        let chain = super::CHAIN.get(cx)?.to_object();
        cx.call(&chain, &[tuple::of1(first).into_object(), iterator.clone()])
    };
    if let Some(initial) = this.initial.get() {
        let arguments = tuple::of2(after(initial)?, function).into_object();
        return Ok(tuple::of3(ty, arguments, cx.none()).into_object());
    }
    match this.total.get() {
        Some(total) if cx.is_none(&total) => {
            let again = cx.call(&ty, &[after(total)?, function])?;
            let arguments = tuple::of3(again, cx.new_int(1), cx.none()).into_object();
            Ok(tuple::of2(super::ISLICE.get(cx)?.to_object(), arguments).into_object())
        }
        total => {
            let arguments = tuple::of2(iterator.clone(), function).into_object();
            Ok(tuple::of3(ty, arguments, total.unwrap_or_else(|| cx.none())).into_object())
        }
    }
}

fn accumulate_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    Accumulate::of(object).total.set(Some(state.clone()));
    Ok(cx.none())
}
