//! `range_iterator` in machine words, `longrange_iterator` for everything else.

use std::cell::Cell;

use num_bigint::BigInt;

use super::RangeObject;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, dealloc_as, new_ref};
use crate::objects::iterators::common;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::{IntObject, MethodDef, PyResult, Slots, int, tuple, types};
use crate::vm::Ctx;

/// A place in a range whose numbers all fit 64 bits.
#[repr(C)]
pub struct RangeIterator {
    pub object: Object,
    index: Cell<i64>,
    start: i64,
    step: i64,
    length: i64,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for RangeIterator {}

/// A place in a range of any size.
#[repr(C)]
pub struct LongRangeIterator {
    pub object: Object,
    index: Slot<IntObject>,
    start: Ref<IntObject>,
    step: Ref<IntObject>,
    length: Ref<IntObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for LongRangeIterator {}

pub static RANGE_ITERATOR: TypeSpec = TypeSpec {
    name: "range_iterator",
    layout: Layout::plain::<RangeIterator>(),
    basicsize: 48,
    slots: Slots { iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", setstate, common::SETSTATE_DOC),
    ],
    dealloc: Some(dealloc_as::<RangeIterator>),
    ..TypeSpec::EMPTY
};

pub static LONGRANGE_ITERATOR: TypeSpec = TypeSpec {
    name: "longrange_iterator",
    layout: Layout::plain::<LongRangeIterator>(),
    basicsize: 48,
    slots: Slots { iter: Some(common::iter_self), iternext: Some(long_next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", long_length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", long_reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", long_setstate, common::SETSTATE_DOC),
    ],
    dealloc: Some(dealloc_as::<LongRangeIterator>),
    ..TypeSpec::EMPTY
};

fn range(object: &Object) -> &RangeObject {
    // SAFETY: called on ranges only.
    unsafe { object.cast() }
}

fn small(start: i64, step: i64, length: i64) -> Ref {
    let core = &types().range_iterator.core;
    new_ref(core, |object| RangeIterator { object, index: Cell::new(0), start, step, length }).into_object()
}

pub(super) fn iter(_: Ctx, object: &Object) -> PyResult {
    let range = range(object);
    if let Some((start, step, length)) = super::small_walk(range) {
        return Ok(small(start, step, length));
    }
    let iterator = new_ref(&types().longrange_iterator.core, |object| LongRangeIterator {
        object,
        index: Slot::new(int::from_i64(0)),
        start: range.start.clone(),
        step: range.step.clone(),
        length: range.length.clone(),
    });
    Ok(iterator.into_object())
}

pub(super) fn reversed(_: Ctx, object: &Object) -> PyResult {
    let range = range(object);
    if let Some((start, step, length)) = super::small_backwards(range) {
        return Ok(small(start, step, length));
    }
    let (start, step, length) = super::backwards(range);
    let iterator = new_ref(&types().longrange_iterator.core, |object| LongRangeIterator {
        object,
        index: Slot::new(int::from_i64(0)),
        start: int::from_bigint(start),
        step: int::from_bigint(step),
        length: int::from_bigint(length),
    });
    Ok(iterator.into_object())
}

impl RangeIterator {
    /// The next number as a machine word.
    #[inline(always)]
    pub fn next_i64(&self) -> Option<i64> {
        let index = self.index.get();
        if index < self.length {
            self.index.set(index + 1);
            return Some(self.start.wrapping_add(index.wrapping_mul(self.step)));
        }
        None
    }
}

fn this(object: &Object) -> &RangeIterator {
    // SAFETY: slots and methods of the type are called on its instances only.
    unsafe { object.cast() }
}

fn next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    Ok(this(object).next_i64().map(|number| int::from_i64(number).into_object()))
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    Ok(cx.new_int(iterator.length - iterator.index.get()))
}

/// `(iter, (range,), index)`.
fn reduced(cx: Ctx, start: BigInt, step: BigInt, length: BigInt, index: Ref) -> PyResult {
    let stop = &start + length * &step;
    let range = super::make(int::from_bigint(start), int::from_bigint(stop), int::from_bigint(step));
    let function = common::builtin(cx, "iter")?;
    let arguments = tuple::of1(range.into_object()).into_object();
    Ok(tuple::of3(function, arguments, index).into_object())
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let index = cx.new_int(iterator.index.get());
    reduced(cx, iterator.start.into(), iterator.step.into(), iterator.length.into(), index)
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let iterator = this(object);
    let index = cx.to_i64(state)?;
    iterator.index.set(index.clamp(0, iterator.length.max(0)));
    Ok(cx.none())
}

/// What a `longrange_iterator` holds: the numbers it is made of. Shows nothing for other objects.
pub fn long_parts<'a>(object: &'a Object, each: &mut dyn FnMut(&'a Object)) {
    if object.is_exact(types().longrange_iterator) {
        let this = this_long(object);
        this.index.peek().into_iter().for_each(|index| each(index.as_object()));
        [&this.start, &this.step, &this.length].into_iter().for_each(|part| each(part.as_object()));
    }
}

fn this_long(object: &Object) -> &LongRangeIterator {
    // SAFETY: slots and methods of the type are called on its instances only.
    unsafe { object.cast() }
}

impl LongRangeIterator {
    fn index(&self) -> BigInt {
        self.index.peek().map_or_else(BigInt::default, IntObject::to_bigint)
    }
}

fn long_next(_: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this_long(object);
    let index = iterator.index();
    if index >= iterator.length.to_bigint() {
        return Ok(None);
    }
    let number = iterator.start.to_bigint() + &index * iterator.step.to_bigint();
    let number = int::from_bigint(number).into_object();
    iterator.index.set(Some(int::from_bigint(index + 1)));
    Ok(Some(number))
}

fn long_length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this_long(object);
    Ok(cx.new_bigint(iterator.length.to_bigint() - iterator.index()))
}

fn long_reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this_long(object);
    let index = cx.new_bigint(iterator.index());
    let (start, step) = (iterator.start.to_bigint(), iterator.step.to_bigint());
    reduced(cx, start, step, iterator.length.to_bigint(), index)
}

fn long_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let iterator = this_long(object);
    // The reference compares with `<` and `>`: only a number passes.
    let index = cx.index(state)?.to_bigint();
    let index = index.clamp(BigInt::default(), iterator.length.to_bigint().max(BigInt::default()));
    iterator.index.set(Some(int::from_bigint(index)));
    Ok(cx.none())
}
