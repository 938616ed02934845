//! `xrange` and its iterator.

use std::cell::Cell;
use std::ptr::NonNull;

use super::{XRANGE, XRANGE_ITERATOR};
use crate::memory::{self, Object, Ref};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{FloatObject, PyResult, TypeObject, exceptions};
use crate::vm::Ctx;

/// Start, length and step are enough.
#[repr(C)]
pub struct XRangeObject {
    object: Object,
    start: i64,
    step: i64,
    len: i64,
}

/// The numbers left.
#[repr(C)]
struct XRangeIterator {
    object: Object,
    index: Cell<i64>,
    start: i64,
    step: i64,
    len: i64,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for XRangeObject {}
// SAFETY: as above.
unsafe impl memory::Layout for XRangeIterator {}

/// The bounds of `range` and `xrange`: start, step and how many numbers; they are plain ints.
pub fn bounds(cx: Ctx, name: &str, args: Args<'_>) -> PyResult<(i64, i64, i64)> {
    let args = crate::objects::args::positional(cx, name, args, 1, 3)?;
    let number = |object: &Object| {
        if object.downcast::<FloatObject>().is_some() {
            let what = if name == "range" {
                "range() integer end argument expected, got float."
            } else {
                "integer argument expected, got float"
            };
            return Err(cx.type_error(what));
        }
        if object.ty().slots().nb_index.is_none() {
            return Err(cx.type_error("an integer is required"));
        }
        cx.to_i64(object)
    };
    let (start, stop, step) = match args {
        [stop] => (0, number(stop)?, 1),
        [start, stop] => (number(start)?, number(stop)?, 1),
        [start, stop, step, ..] => (number(start)?, number(stop)?, number(step)?),
        [] => (0, 0, 1),
    };
    if step == 0 {
        return Err(cx.value_error(format!(
            "{name}() {} must not be zero",
            if name == "range" { "step argument" } else { "arg 3" }
        )));
    }
    let (low, high, by) =
        if step > 0 { (start, stop, i128::from(step)) } else { (stop, start, -i128::from(step)) };
    let span = i128::from(high) - i128::from(low);
    let len = if span <= 0 { 0 } else { (span - 1) / by + 1 };
    match i64::try_from(len) {
        Ok(len) => Ok((start, step, len)),
        Err(_) => Err(cx.overflow_error("Python int too large to convert to C long")),
    }
}

fn new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    let (start, step, len) = bounds(cx, "xrange", args)?;
    let ty = XRANGE.get(cx)?;
    Ok(memory::new_ref(&ty.core, |object| XRangeObject { object, start, step, len }).into_object())
}

fn this(object: &Object) -> &XRangeObject {
    // SAFETY: slots of `xrange` are called on its instances only.
    unsafe { object.cast() }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let range = this(object);
    let stop = range.start + range.len * range.step;
    let text = match (range.start, range.step) {
        (0, 1) => format!("xrange({stop})"),
        (start, 1) => format!("xrange({start}, {stop})"),
        (start, step) => format!("xrange({start}, {stop}, {step})"),
    };
    Ok(cx.new_str(&text).into_object())
}

fn item(cx: Ctx, object: &Object, index: isize) -> PyResult {
    let range = this(object);
    match i64::try_from(index) {
        Ok(index) if (0..range.len).contains(&index) => Ok(cx.new_int(range.start + index * range.step)),
        _ => Err(cx.raise(exceptions().index_error, "xrange object index out of range")),
    }
}

fn iterator(cx: Ctx, start: i64, step: i64, len: i64) -> PyResult {
    let ty = XRANGE_ITERATOR.get(cx)?;
    let made =
        memory::new_ref(&ty.core, |object| XRangeIterator { object, index: Cell::new(0), start, step, len });
    Ok(made.into_object())
}

fn iter(cx: Ctx, object: &Object) -> PyResult {
    let range = this(object);
    iterator(cx, range.start, range.step, range.len)
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    // SAFETY: the slot of the iterator.
    let iterator: &XRangeIterator = unsafe { object.cast() };
    let index = iterator.index.get();
    if index >= iterator.len {
        return Ok(None);
    }
    iterator.index.set(index + 1);
    Ok(Some(cx.new_int(iterator.start + index * iterator.step)))
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; nothing inside is owned.
    unsafe { memory::free_object(object) }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "xrange",
    doc: Some(
        "xrange(stop) -> xrange object\nxrange(start, stop[, step]) -> xrange object\n\nLike range(), but instead of returning a list, returns an object that\ngenerates the numbers in the range on demand.",
    ),
    layout: Layout::plain::<XRangeObject>(),
    basicsize: 40,
    flags: TypeFlags::NONE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        iter: Some(iter),
        sq_length: Some(|_, object| Ok(this(object).len as usize)),
        sq_item: Some(item),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args(
        "__reversed__",
        |cx, object| {
            let range = this(object);
            iterator(cx, range.start + (range.len - 1) * range.step, -range.step, range.len)
        },
        "Returns a reverse iterator.",
    )],
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

pub static ITERATOR: TypeSpec = TypeSpec {
    name: "rangeiterator",
    layout: Layout::plain::<XRangeIterator>(),
    basicsize: 48,
    flags: TypeFlags::NONE,
    slots: Slots {
        iter: Some(|_, object| Ok(memory::Layout::to_object(object))),
        iternext: Some(next),
        ..Slots::EMPTY
    },
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};
