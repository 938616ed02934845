//! `range`: bounds of any size, and what can be asked of them without walking.
//!
//! The parts are integer objects, as in CPython, since `r.start` hands them out. Arithmetic runs on
//! 64 bits where all parts fit.

pub mod iter;

pub use iter::{LONGRANGE_ITERATOR, RANGE_ITERATOR, RangeIterator};

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::slice::SliceObject;
use super::spec::{Layout, TypeSpec};
use super::str::StrBuilder;
use super::type_object::TypedLayout;
use super::{
    Args, CompareOp, IntObject, MemberDef, MethodDef, PyResult, Slots, TypeFlags, TypeObject, Types, args,
    slice, tuple, types,
};
use crate::memory::{Layout as MemoryLayout, Object, Ref, dealloc_as, new_ref};
use crate::vm::Ctx;

/// `range(start, stop, step)`; immutable. All parts are exact integers.
#[repr(C)]
pub struct RangeObject {
    pub object: Object,
    pub start: Ref<IntObject>,
    pub stop: Ref<IntObject>,
    pub step: Ref<IntObject>,
    pub length: Ref<IntObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for RangeObject {}
// SAFETY: every `range` begins with this layout.
unsafe impl TypedLayout for RangeObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.range
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "range",
    doc: Some(
        "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n\
         The integers from start (0 when left out) up to, not including, stop,\nstep by step: \
         range(4) is 0, 1, 2, 3. A negative step counts down.",
    ),
    layout: Layout::plain::<RangeObject>(),
    basicsize: 48,
    flags: TypeFlags::SEQUENCE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        iter: Some(iter::iter),
        nb_bool: Some(truth),
        sq_length: Some(length),
        sq_item: Some(item),
        sq_contains: Some(contains),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("__reversed__", iter::reversed, "An iterator over the numbers from the last one."),
        MethodDef::no_args("__reduce__", reduce, ""),
        MethodDef::one("count", count, "rangeobject.count(value) -> integer -- how often the value occurs"),
        MethodDef::one(
            "index",
            index,
            "rangeobject.index(value) -> integer -- the place of the value.\nRaises ValueError when it is not there.",
        ),
    ],
    members: &[
        MemberDef { name: "start", get: |_, o| Ok(this(o).start.to_object()), set: None, doc: "" },
        MemberDef { name: "stop", get: |_, o| Ok(this(o).stop.to_object()), set: None, doc: "" },
        MemberDef { name: "step", get: |_, o| Ok(this(o).step.to_object()), set: None, doc: "" },
    ],
    dealloc: Some(dealloc_as::<RangeObject>),
    ..TypeSpec::EMPTY
};

#[inline(always)]
fn this(object: &Object) -> &RangeObject {
    // SAFETY: slots and methods of `range` are called on ranges only.
    unsafe { object.cast() }
}

/// An exact integer from anything with `__index__`.
fn exact_index(cx: Ctx, value: &Object) -> PyResult<Ref<IntObject>> {
    if let Some(int) = value.downcast_exact::<IntObject>() {
        return Ok(int.to_ref());
    }
    let int = cx.index(value)?;
    if int.object.is_exact(types().int) {
        return Ok(int);
    }
    Ok(super::int::from_bigint(int.to_bigint()))
}

/// How many numbers lie between bounds.
fn length_of(start: &IntObject, stop: &IntObject, step: &IntObject) -> Ref<IntObject> {
    if let (Some(start), Some(stop), Some(step)) = (start.as_i64(), stop.as_i64(), step.as_i64()) {
        let (low, high, step) =
            if step > 0 { (start, stop, step.unsigned_abs()) } else { (stop, start, step.unsigned_abs()) };
        if low >= high {
            return super::int::from_i64(0);
        }
        let distance = high.wrapping_sub(low) as u64 - 1;
        let length = distance / step;
        if let Ok(length) = i64::try_from(length)
            && length < i64::MAX
        {
            return super::int::from_i64(length + 1);
        }
        return super::int::from_bigint(BigInt::from(length) + 1);
    }
    let (start, stop, step) = (start.to_bigint(), stop.to_bigint(), step.to_bigint());
    let (low, high) = if step.is_positive() { (start, stop) } else { (stop, start) };
    if low >= high {
        return super::int::from_i64(0);
    }
    super::int::from_bigint((high - low - 1) / step.abs() + 1)
}

/// A range of these exact integers; `step` is not zero.
pub(crate) fn make(start: Ref<IntObject>, stop: Ref<IntObject>, step: Ref<IntObject>) -> Ref<RangeObject> {
    let length = length_of(&start, &stop, &step);
    new_ref(&types().range.core, |object| RangeObject { object, start, stop, step, length })
}

fn make_big(start: BigInt, stop: BigInt, step: BigInt) -> Ref<RangeObject> {
    let int = super::int::from_bigint;
    make(int(start), int(stop), int(step))
}

fn new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "range", args)?;
    args::check_count(cx, "range", args.pos(), 1, 3)?;
    let one = || super::int::from_i64(1);
    let (start, stop, step) = match args.pos() {
        [stop] => {
            let stop = exact_index(cx, stop)?;
            (super::int::from_i64(0), stop, one())
        }
        [start, stop] => (exact_index(cx, start)?, exact_index(cx, stop)?, one()),
        [start, stop, step, ..] => {
            let (start, stop) = (exact_index(cx, start)?, exact_index(cx, stop)?);
            let step = exact_index(cx, step)?;
            if step.is_zero() {
                return Err(cx.value_error("range() arg 3 must not be zero"));
            }
            (start, stop, step)
        }
        [] => return Err(cx.type_error("range expected at least 1 argument, got 0")),
    };
    Ok(make(start, stop, step).into_object())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let range = this(object);
    let mut text = StrBuilder::new();
    text.push_str("range(");
    text.push_obj(&*cx.repr(&range.start.object)?);
    text.push_str(", ");
    text.push_obj(&*cx.repr(&range.stop.object)?);
    if range.step.as_i64() != Some(1) {
        text.push_str(", ");
        text.push_obj(&*cx.repr(&range.step.object)?);
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

/// What decides equality: the length, then the first number, then the step, as far as they matter.
fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let range = this(object);
    let start = if range.length.is_zero() { cx.none() } else { range.start.to_object() };
    let several = !range.length.is_zero() && range.length.as_i64() != Some(1);
    let step = if several { range.step.to_object() } else { cx.none() };
    let parts = tuple::of3(range.length.to_object(), start, step);
    cx.hash(&parts.object)
}

fn equals(a: &RangeObject, b: &RangeObject) -> bool {
    let same = |a: &IntObject, b: &IntObject| a.cmp_int(b).is_eq();
    if a.object.is(&b.object) {
        return true;
    }
    if !same(&a.length, &b.length) {
        return false;
    }
    if a.length.is_zero() {
        return true;
    }
    same(&a.start, &b.start) && (a.length.as_i64() == Some(1) || same(&a.step, &b.step))
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match (b.downcast::<RangeObject>(), op) {
        (Some(b), CompareOp::Eq) => Ok(cx.bool(equals(this(a), b))),
        (Some(b), CompareOp::Ne) => Ok(cx.bool(!equals(this(a), b))),
        _ => Ok(cx.not_implemented()),
    }
}

fn truth(_: Ctx, object: &Object) -> PyResult<bool> {
    Ok(!this(object).length.is_zero())
}

fn length(cx: Ctx, object: &Object) -> PyResult<usize> {
    let length = this(object).length.as_i64();
    match length.and_then(|length| usize::try_from(length).ok()) {
        Some(length) => Ok(length),
        None => Err(cx.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// The number at a place in range (`compute_item`).
fn number_at(range: &RangeObject, place: &IntObject) -> Ref {
    if let (Some(start), Some(step), Some(place)) =
        (range.start.as_i64(), range.step.as_i64(), place.as_i64())
        && let Some(number) = place.checked_mul(step).and_then(|offset| start.checked_add(offset))
    {
        return super::int::from_i64(number).into_object();
    }
    super::int::from_bigint(range.start.to_bigint() + place.to_bigint() * range.step.to_bigint())
        .into_object()
}

/// The number at a place, which may count from the end.
fn checked_number_at(cx: Ctx, range: &RangeObject, place: &IntObject) -> PyResult {
    let place = if place.is_negative() {
        super::int::from_bigint(range.length.to_bigint() + place.to_bigint())
    } else {
        place.to_ref()
    };
    if place.is_negative() || place.cmp_int(&range.length).is_ge() {
        return Err(cx.index_error("range object index out of range"));
    }
    Ok(number_at(range, &place))
}

fn item(cx: Ctx, object: &Object, place: isize) -> PyResult {
    checked_number_at(cx, this(object), &super::int::from_i64(place as i64))
}

fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    let range = this(object);
    if key.ty().slots().nb_index.is_some() {
        let place = cx.index(key)?;
        return checked_number_at(cx, range, &place);
    }
    let Some(slice) = key.downcast_exact::<SliceObject>() else {
        let message = format!("range indices must be integers or slices, not {}", key.ty().tp_name());
        return Err(cx.type_error(message));
    };
    let (start, stop, step) = slice::big_indices(cx, slice, &range.length.to_bigint())?;
    let (first, stride) = (range.start.to_bigint(), range.step.to_bigint());
    let at = |place: BigInt| &first + place * &stride;
    Ok(make_big(at(start), at(stop), &stride * step).into_object())
}

/// Whether an exact integer (or a truth value) is one of the numbers.
fn contains_int(range: &RangeObject, value: &IntObject) -> bool {
    if let (Some(start), Some(stop), Some(step), Some(value)) =
        (range.start.as_i64(), range.stop.as_i64(), range.step.as_i64(), value.as_i64())
    {
        let inside = if step > 0 { start <= value && value < stop } else { stop < value && value <= start };
        return inside && (i128::from(value) - i128::from(start)) % i128::from(step) == 0;
    }
    let (start, stop, step) = (range.start.to_bigint(), range.stop.to_bigint(), range.step.to_bigint());
    let value = value.to_bigint();
    let inside =
        if step.is_positive() { start <= value && value < stop } else { stop < value && value <= start };
    inside && ((value - start) % step).is_zero()
}

/// An integer that can be looked for by arithmetic: exact, or a truth value.
fn plain_int(value: &Object) -> Option<&IntObject> {
    let types = types();
    // SAFETY: `bool` has the layout of `int`.
    (value.is_exact(types.int) || value.is_exact(types.bool)).then(|| unsafe { value.cast() })
}

/// Walks the numbers and calls `each` with the places of those equal to a value, until it says
/// stop.
fn search(cx: Ctx, object: &Object, value: &Object, mut each: impl FnMut(usize) -> bool) -> PyResult<()> {
    let iterator = cx.iter(object)?;
    let mut place = 0;
    while let Some(number) = cx.next(&iterator)? {
        if cx.equal(&number, value)? && !each(place) {
            break;
        }
        place += 1;
    }
    Ok(())
}

fn contains(cx: Ctx, object: &Object, value: &Object) -> PyResult<bool> {
    if let Some(value) = plain_int(value) {
        return Ok(contains_int(this(object), value));
    }
    let mut found = false;
    search(cx, object, value, |_| {
        found = true;
        false
    })?;
    Ok(found)
}

fn count(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    if let Some(value) = plain_int(value) {
        return Ok(cx.new_int(contains_int(this(object), value).into()));
    }
    let mut found = 0;
    search(cx, object, value, |_| {
        found += 1;
        true
    })?;
    Ok(cx.new_uint(found))
}

fn index(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let range = this(object);
    if let Some(int) = plain_int(value) {
        if !contains_int(range, int) {
            let value = cx.repr_text(value)?;
            return Err(cx.value_error(format!("{value} is not in range")));
        }
        let place = (int.to_bigint() - range.start.to_bigint()).div_floor(&range.step.to_bigint());
        return Ok(cx.new_bigint(place));
    }
    let mut found = None;
    search(cx, object, value, |place| {
        found = Some(place);
        false
    })?;
    match found {
        Some(place) => Ok(cx.new_uint(place)),
        None => Err(cx.value_error("sequence.index(x): x not in sequence")),
    }
}

fn reduce(_: Ctx, object: &Object) -> PyResult {
    let range = this(object);
    let parts = tuple::of3(range.start.to_object(), range.stop.to_object(), range.step.to_object());
    Ok(tuple::of2(object.ty().to_object(), parts.into_object()).into_object())
}

/// The bounds as 64-bit numbers when walking cannot leave them: `(start, step, length)`.
fn small_walk(range: &RangeObject) -> Option<(i64, i64, i64)> {
    let (start, stop, step) = (range.start.as_i64()?, range.stop.as_i64()?, range.step.as_i64()?);
    let length = range.length.as_i64()?;
    if length > 0 {
        // CPython keeps away from the ends even of the number after the last.
        let fits = if step > 0 { stop <= i64::MAX - (step - 1) } else { stop >= i64::MIN + (-1 - step) };
        if !fits {
            return None;
        }
    }
    Some((start, step, length))
}

/// Start, step and length of the same numbers backwards, of any size.
fn backwards(range: &RangeObject) -> (BigInt, BigInt, BigInt) {
    let (start, step, length) = (range.start.to_bigint(), range.step.to_bigint(), range.length.to_bigint());
    (start + (&length - BigInt::one()) * &step, -step, length)
}

/// As [`backwards`] in 64 bits when all parts fit (`range_reverse`).
fn small_backwards(range: &RangeObject) -> Option<(i64, i64, i64)> {
    let (start, stop, step) = (range.start.as_i64()?, range.stop.as_i64()?, range.step.as_i64()?);
    // Neither the negated step nor the number before the first may overflow.
    if step == i64::MIN {
        return None;
    }
    let fits = if step > 0 { start >= i64::MIN + step } else { start <= i64::MAX + step };
    let length = range.length.as_i64()?;
    if !fits || stop == i64::MIN && length == 0 {
        return None;
    }
    let (first, step, length) = backwards(range);
    Some((first.to_i64()?, step.to_i64()?, length.to_i64()?))
}
