//! `slice`, and what sequences do with one: bounds clipped to a length.

use std::ptr::NonNull;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::spec::{Layout, TypeSpec};
use super::type_object::TypedLayout;
use super::{
    Args, CompareOp, MemberDef, MethodDef, PyResult, Slots, TypeFlags, TypeObject, Types, args, types,
};
use crate::memory::{
    FreeList, Layout as MemoryLayout, Object, Ref, Trace, Visitor, free_object, new_object, track, untrack,
};
use crate::vm::Ctx;

/// `slice(start, stop, step)`; immutable.
#[repr(C)]
pub struct SliceObject {
    pub object: Object,
    pub start: Ref,
    pub stop: Ref,
    pub step: Ref,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for SliceObject {}
// SAFETY: every `slice` begins with this layout.
unsafe impl TypedLayout for SliceObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.slice
    }
}

/// CPython keeps one dead slice for the next, over collections too.
static FREE: FreeList = FreeList::new_kept(1);

/// A slice of these parts, tracked.
#[inline]
pub fn new_slice(start: Ref, stop: Ref, step: Ref) -> Ref<SliceObject> {
    let core = &types().slice.core;
    // SAFETY: parked slices have the layout of `slice`; all fields are written before anybody
    // sees the object.
    unsafe {
        let object = match FREE.unpark(core) {
            Some(object) => object,
            None => new_object(core, size_of::<SliceObject>(), false),
        };
        let slice = object.cast::<SliceObject>();
        let this = slice.as_ptr();
        (&raw mut (*this).start).write(start);
        (&raw mut (*this).stop).write(stop);
        (&raw mut (*this).step).write(step);
        track(object.as_ref());
        Ref::from_owned(slice)
    }
}

/// `slice_dealloc`.
///
/// # Safety
/// As [`crate::memory::object::DeallocFn`]; the object is a slice.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; CPython releases step, start, stop.
    unsafe {
        untrack(object.as_ref());
        let this = object.cast::<SliceObject>().as_ptr();
        drop((&raw const (*this).step).read());
        drop((&raw const (*this).start).read());
        drop((&raw const (*this).stop).read());
        if crate::era::is_classic() || !FREE.park(object) {
            free_object(object);
        }
    }
}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a slice.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let slice = unsafe { object.cast::<SliceObject>().as_ref() };
    slice.start.trace(visitor);
    slice.stop.trace(visitor);
    slice.step.trace(visitor);
}

const INDEX_MESSAGE: &str = "slice indices must be integers or None or have an __index__ method";

/// A slice bound as a size, clipped (`_PyEval_SliceIndex`); `None` for `None`.
fn bound(cx: Ctx, value: &Object) -> PyResult<Option<isize>> {
    if cx.is_none(value) {
        return Ok(None);
    }
    if value.ty().slots().nb_index.is_none() {
        return Err(cx.type_error(INDEX_MESSAGE));
    }
    cx.index_clipped(value).map(Some)
}

/// A bound that may not be `None` (`_PyEval_SliceIndexNotNone`).
pub(crate) fn bound_not_none(cx: Ctx, value: &Object) -> PyResult<isize> {
    if value.ty().slots().nb_index.is_none() {
        return Err(cx.type_error("slice indices must be integers or have an __index__ method"));
    }
    cx.index_clipped(value)
}

/// Start, stop and step as sizes, not yet clipped to a length (`PySlice_Unpack`).
pub fn unpack(cx: Ctx, slice: &SliceObject) -> PyResult<(isize, isize, isize)> {
    let step = match bound(cx, &slice.step)? {
        None => 1,
        Some(0) => return Err(cx.value_error("slice step cannot be zero")),
        // So that the step can be negated.
        Some(step) => step.max(-isize::MAX),
    };
    let start = bound(cx, &slice.start)?.unwrap_or(if step < 0 { isize::MAX } else { 0 });
    let stop = bound(cx, &slice.stop)?.unwrap_or(if step < 0 { isize::MIN } else { isize::MAX });
    Ok((start, stop, step))
}

/// The places that a slice selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceRange {
    /// First place; may be -1 or the length when nothing is selected.
    pub start: isize,
    pub stop: isize,
    pub step: isize,
    /// How many places.
    pub len: usize,
}

impl SliceRange {
    /// The places in order; all are below the length.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..self.len).map(move |i| (self.start + i as isize * self.step) as usize)
    }
}

/// Clips bounds to a length (`PySlice_AdjustIndices`).
pub fn adjust(length: usize, start: isize, stop: isize, step: isize) -> SliceRange {
    let length = length as isize;
    let clip = |bound: isize| {
        if bound < 0 {
            let bound = bound.saturating_add(length);
            if bound < 0 { if step < 0 { -1 } else { 0 } } else { bound }
        } else if bound >= length {
            if step < 0 { length - 1 } else { length }
        } else {
            bound
        }
    };
    let (start, stop) = (clip(start), clip(stop));
    let len = if step < 0 {
        if stop < start { (start - stop - 1) / -step + 1 } else { 0 }
    } else if start < stop {
        (stop - start - 1) / step + 1
    } else {
        0
    };
    SliceRange { start, stop, step, len: len as usize }
}

/// The bounds of `index(value, start, stop)`: negative ones count from the end. `stop` may be
/// beyond the length.
pub(crate) fn search_bounds(
    cx: Ctx,
    length: usize,
    start: Option<&Ref>,
    stop: Option<&Ref>,
) -> PyResult<(usize, usize)> {
    let length = length as isize;
    let mut start = start.map_or(Ok(0), |bound| bound_not_none(cx, bound))?;
    let mut stop = stop.map_or(Ok(isize::MAX), |bound| bound_not_none(cx, bound))?;
    if start < 0 {
        start = (start + length).max(0);
    }
    if stop < 0 {
        stop = (stop + length).max(0);
    }
    Ok((start as usize, stop as usize))
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "slice",
    doc: Some(
        "slice(stop)\nslice(start, stop[, step])\n\nWhich items to take from a sequence: the object behind a[start:stop:step].",
    ),
    layout: Layout::gc::<SliceObject>(),
    basicsize: 40,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one(
            "indices",
            indices,
            "S.indices(len) -> (start, stop, stride)\n\nStart, stop and stride of the slice for a sequence of that length, clipped\nas slicing does.",
        ),
        MethodDef::no_args("__reduce__", reduce, "Return state information for pickling."),
    ],
    members: &[
        MemberDef { name: "start", get: |_, o| Ok(this(o).start.clone()), set: None, doc: "" },
        MemberDef { name: "stop", get: |_, o| Ok(this(o).stop.clone()), set: None, doc: "" },
        MemberDef { name: "step", get: |_, o| Ok(this(o).step.clone()), set: None, doc: "" },
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

#[inline(always)]
fn this(object: &Object) -> &SliceObject {
    // SAFETY: slots and methods of `slice` are called on slices only.
    unsafe { object.cast() }
}

fn new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "slice", args)?;
    args::check_count(cx, "slice", args.pos(), 1, 3)?;
    let none = || cx.none();
    let slice = match args.pos() {
        [stop] => new_slice(none(), stop.clone(), none()),
        [start, stop] => new_slice(start.clone(), stop.clone(), none()),
        [start, stop, step, ..] => new_slice(start.clone(), stop.clone(), step.clone()),
        [] => return Err(cx.type_error("slice expected at least 1 argument, got 0")),
    };
    Ok(slice.into_object())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let slice = this(object);
    let mut text = super::str::StrBuilder::new();
    text.push_str("slice(");
    text.push_obj(&*cx.repr(&slice.start)?);
    text.push_str(", ");
    text.push_obj(&*cx.repr(&slice.stop)?);
    text.push_str(", ");
    text.push_obj(&*cx.repr(&slice.step)?);
    text.push_str(")");
    Ok(text.finish().into_object())
}

fn parts(slice: &SliceObject) -> Ref {
    super::tuple::of3(slice.start.clone(), slice.stop.clone(), slice.step.clone()).into_object()
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast_exact::<SliceObject>(), b.downcast_exact::<SliceObject>()) else {
        return Ok(cx.not_implemented());
    };
    if a.is(b) {
        return Ok(cx.bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
    }
    let (x, y) = (parts(x), parts(y));
    cx.compare(&x, &y, op)
}

fn reduce(_: Ctx, object: &Object) -> PyResult {
    Ok(super::tuple::of2(object.ty().to_object(), parts(this(object))).into_object())
}

/// A part of a slice as an integer of any size; `None` for `None`.
fn big_bound(cx: Ctx, value: &Object) -> PyResult<Option<BigInt>> {
    if cx.is_none(value) {
        return Ok(None);
    }
    if value.ty().slots().nb_index.is_none() {
        return Err(cx.type_error(INDEX_MESSAGE));
    }
    Ok(Some(cx.index(value)?.to_bigint()))
}

/// Start, stop and step for a length, all of any size (`_PySlice_GetLongIndices`).
pub(crate) fn big_indices(
    cx: Ctx,
    slice: &SliceObject,
    length: &BigInt,
) -> PyResult<(BigInt, BigInt, BigInt)> {
    let step = big_bound(cx, &slice.step)?.unwrap_or_else(|| BigInt::from(1));
    if step.is_zero() {
        return Err(cx.value_error("slice step cannot be zero"));
    }
    let negative = step.is_negative();
    let (lower, upper) =
        if negative { (BigInt::from(-1), length - 1) } else { (BigInt::zero(), length.clone()) };
    let clip = |bound: Option<BigInt>, missing: &BigInt| match bound {
        None => missing.clone(),
        Some(bound) if bound.is_negative() => (bound + length).max(lower.clone()),
        Some(bound) => bound.min(upper.clone()),
    };
    let start = clip(big_bound(cx, &slice.start)?, if negative { &upper } else { &lower });
    let stop = clip(big_bound(cx, &slice.stop)?, if negative { &lower } else { &upper });
    Ok((start, stop, step))
}

fn indices(cx: Ctx, object: &Object, length: &Ref) -> PyResult {
    let length = cx.index(length)?.to_bigint();
    if length.is_negative() {
        return Err(cx.value_error("length should not be negative"));
    }
    let (start, stop, step) = big_indices(cx, this(object), &length)?;
    let (start, stop, step) = (cx.new_bigint(start), cx.new_bigint(stop), cx.new_bigint(step));
    Ok(super::tuple::of3(start, stop, step).into_object())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_as_cpython_does() {
        let range = |length, start, stop, step| {
            let range = adjust(length, start, stop, step);
            (range.start, range.stop, range.len)
        };
        assert_eq!(range(10, 0, isize::MAX, 1), (0, 10, 10));
        assert_eq!(range(10, -3, isize::MAX, 1), (7, 10, 3));
        assert_eq!(range(10, isize::MAX, isize::MIN, -1), (9, -1, 10));
        assert_eq!(range(10, 2, 8, 3), (2, 8, 2));
        assert_eq!(range(10, 8, 2, -3), (8, 2, 2));
        assert_eq!(range(0, isize::MAX, isize::MIN, -1), (-1, -1, 0));
        assert_eq!(range(5, -100, 100, isize::MAX), (0, 5, 1));
    }
}
