//! `tee`: iterators that share what they have read, in a linked list of blocks.

use std::cell::Cell;
use std::mem::offset_of;

use super::spec;
use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot};
use crate::objects::iterators::common::{self, REDUCE_DOC, SETSTATE_DOC};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::tuple::TupleBuilder;
use crate::objects::{
    Args, ListObject, MethodDef, PyResult, TupleObject, TypeFlags, TypeObject, args, declare, tuple,
};
use crate::vm::Ctx;

/// Items in a block.
const CELLS: usize = 57;

/// The items of a block.
#[repr(transparent)]
pub struct Cells([Slot; CELLS]);

impl crate::memory::Trace for Cells {
    fn trace(&self, visitor: &mut crate::memory::Visitor<'_>) {
        for cell in &self.0 {
            cell.trace(visitor);
        }
    }
}

declare_object! {
    /// A block of items read, and where the next block is.
    TeeData {
        traced {
            iterator: Slot,
            values: Cells,
            next: Slot,
        }
        plain {
            read: Cell<u32>,
            running: Cell<bool>,
        }
    }
}

pub static TEE_DATA: TypeSpec = {
    let mut spec = spec::<TeeData>(
        "itertools._tee_dataobject",
        496,
        "teedataobject(iterable, values, next, /)\n--\n\nItems read once for several iterators.",
        data_new,
        |_, _| Ok(None),
        &[MethodDef::no_args("__reduce__", data_reduce, REDUCE_DOC)],
    );
    spec.slots.iter = None;
    spec.slots.iternext = None;
    spec.flags = TypeFlags::HAVE_GC;
    spec.traverse = Some(TeeData::traverse);
    spec
};

fn make_data(cx: Ctx, iterator: Ref) -> PyResult<Ref<TeeData>> {
    let this = declare::make::<TeeData>(cx, super::TEE_DATA.get(cx)?)?;
    this.iterator.set(Some(iterator));
    Ok(this)
}

impl TeeData {
    /// The item at a place; the first to ask reads it.
    fn item(&self, cx: Ctx, index: usize) -> PyResult<Option<Ref>> {
        if index < self.read.get() as usize {
            return Ok(self.values.0[index].get());
        }
        if self.running.get() {
            return Err(cx.runtime_error("cannot re-enter the tee iterator"));
        }
        let Some(iterator) = self.iterator.get() else {
            return Ok(None);
        };
        self.running.set(true);
        let item = cx.next(&iterator);
        self.running.set(false);
        let Some(item) = item? else {
            return Ok(None);
        };
        self.read.set(self.read.get() + 1);
        self.values.0[index].set(Some(item.clone()));
        Ok(Some(item))
    }

    /// The block after this one.
    fn link(&self, cx: Ctx) -> PyResult<Ref> {
        if self.next.is_empty()
            && let Some(iterator) = self.iterator.get()
        {
            self.next.set(Some(make_data(cx, iterator)?.into_object()));
        }
        Ok(self.next.get().unwrap_or_else(|| cx.none()))
    }
}

fn data_new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, "teedataobject", args, 3, 3)?;
    let Some(values) = args[1].downcast::<ListObject>() else {
        let message = format!("teedataobject() argument 2 must be list, not {}", args[1].ty().tp_name());
        return Err(cx.type_error(message));
    };
    let this = make_data(cx, args[0].clone())?;
    if values.len() > CELLS {
        return Err(cx.value_error("Invalid arguments"));
    }
    for (cell, value) in this.values.0.iter().zip(values.to_vec()) {
        cell.set(Some(value));
    }
    this.read.set(values.len() as u32);
    if values.len() == CELLS {
        if !cx.is_none(&args[2]) {
            if !args[2].is_exact(super::TEE_DATA.get(cx)?) {
                return Err(cx.value_error("Invalid arguments"));
            }
            this.next.set(Some(args[2].clone()));
        }
    } else if !cx.is_none(&args[2]) {
        return Err(cx.value_error("Invalid arguments"));
    }
    Ok(this.into_object())
}

fn data_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = TeeData::of(object);
    let read = this.values.0.iter().take(this.read.get() as usize);
    let values = cx.new_list(read.filter_map(Slot::get).collect())?.into_object();
    let iterator = this.iterator.get().unwrap_or_else(|| cx.none());
    let next = this.next.get().unwrap_or_else(|| cx.none());
    Ok(tuple::of2(object.ty().to_object(), tuple::of3(iterator, values, next).into_object()).into_object())
}

declare_object! {
    /// A place in the list of blocks.
    Tee {
        traced { data: Slot, }
        plain {
            index: Cell<u32>,
            weaklist: Cell<usize>,
        }
    }
}

pub static TEE: TypeSpec = {
    let mut spec = spec::<Tee>(
        "itertools._tee",
        40,
        "_tee(iterable, /)\n--\n\nAn iterator that can be copied.",
        tee_new,
        tee_next,
        &[
            MethodDef::no_args("__copy__", tee_copy, "An independent iterator at the same place."),
            MethodDef::no_args("__reduce__", tee_reduce, REDUCE_DOC),
            MethodDef::one("__setstate__", tee_setstate, SETSTATE_DOC),
        ],
    );
    spec.layout = Layout::gc::<Tee>().weaklist(offset_of!(Tee, weaklist));
    spec.flags = TypeFlags::HAVE_GC;
    spec.traverse = Some(Tee::traverse);
    spec
};

fn tee_new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    let args = args::positional(cx, "_tee", args, 1, 1)?;
    tee_from(cx, &args[0])
}

fn tee_from(cx: Ctx, iterable: &Object) -> PyResult {
    let iterator = cx.iter(iterable)?;
    let ty = super::TEE.get(cx)?;
    if iterator.is_exact(ty) {
        return tee_copy(cx, &iterator);
    }
    let data = make_data(cx, iterator)?;
    let this = declare::make::<Tee>(cx, ty)?;
    this.data.set(Some(data.into_object()));
    Ok(this.into_object())
}

fn tee_next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = Tee::of(object);
    let Some(mut data) = this.data.get() else {
        return Ok(None);
    };
    if this.index.get() as usize >= CELLS {
        data = TeeData::of(&data).link(cx)?;
        this.data.set(Some(data.clone()));
        this.index.set(0);
    }
    let item = TeeData::of(&data).item(cx, this.index.get() as usize)?;
    if item.is_some() {
        this.index.set(this.index.get() + 1);
    }
    Ok(item)
}

fn tee_copy(cx: Ctx, object: &Object) -> PyResult {
    let this = Tee::of(object);
    let copy = declare::make::<Tee>(cx, super::TEE.get(cx)?)?;
    copy.data.set(this.data.get());
    copy.index.set(this.index.get());
    Ok(copy.into_object())
}

fn tee_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Tee::of(object);
    let arguments = tuple::of1(tuple::empty_tuple().into_object()).into_object();
    let data = this.data.get().unwrap_or_else(|| cx.none());
    let state = tuple::of2(data, cx.new_int(this.index.get().into())).into_object();
    Ok(tuple::of3(object.ty().to_object(), arguments, state).into_object())
}

fn tee_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let Some(state) = state.downcast::<TupleObject>() else {
        return Err(cx.type_error("state is not a tuple"));
    };
    let [data, index] = state.as_slice() else {
        let message = format!("function takes exactly 2 arguments ({} given)", state.len());
        return Err(cx.type_error(message));
    };
    if !data.is_exact(super::TEE_DATA.get(cx)?) {
        let message = format!("argument 1 must be itertools._tee_dataobject, not {}", data.ty().tp_name());
        return Err(cx.type_error(message));
    }
    let index = cx.to_i32(index)?;
    let Some(index) = u32::try_from(index).ok().filter(|index| *index as usize <= CELLS) else {
        return Err(cx.value_error("Index out of range"));
    };
    let this = Tee::of(object);
    this.data.set(Some(data.clone()));
    this.index.set(index);
    Ok(cx.none())
}

/// `tee(iterable, n=2)`.
pub(super) fn tee(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "tee", args, 1, 2)?;
    let count = args.get(1).map_or(Ok(2), |count| common::size_arg(cx, count))?;
    if count < 0 {
        return Err(cx.value_error("n must be >= 0"));
    }
    let mut result = TupleBuilder::try_new(cx, count as usize)?;
    if count == 0 {
        return Ok(result.finish().into_object());
    }
    let iterator = cx.iter(&args[0])?;
    let name = cx.intern("__copy__");
    let (first, copy) = match cx.get_attr_opt(&iterator, &name)? {
        Some(copy) => (iterator, copy),
        None => {
            let first = tee_from(cx, &iterator)?;
            drop(iterator);
            let copy = cx.get_attr(&first, &name)?;
            (first, copy)
        }
    };
    result.push(first);
    for _ in 1..count {
        result.push(cx.call0(&copy)?);
    }
    Ok(result.finish().into_object())
}
