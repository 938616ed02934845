//! Arithmetic, comparison and hash of `float`: the slots.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use super::{FloatObject, split};
use crate::memory::{Layout, Object, Ref};
use crate::objects::{CompareOp, IntObject, PyResult, complex, exceptions};
use crate::vm::Ctx;

/// The operand as a float: floats and ints, `None` for others; an int too large raises.
#[inline(always)]
fn operand(cx: Ctx, object: &Object) -> PyResult<Option<f64>> {
    if let Some(float) = object.downcast::<FloatObject>() {
        return Ok(Some(float.value));
    }
    match object.downcast::<IntObject>() {
        Some(int) => match int.to_f64() {
            Some(value) => Ok(Some(value)),
            None => Err(cx.overflow_error("int too large to convert to float")),
        },
        None => Ok(None),
    }
}

/// Takes both operands as floats, or returns `NotImplemented` from the slot.
macro_rules! operands {
    ($cx:ident, $a:ident, $b:ident) => {{
        let Some(a) = operand($cx, $a)? else { return Ok($cx.not_implemented()) };
        let Some(b) = operand($cx, $b)? else { return Ok($cx.not_implemented()) };
        (a, b)
    }};
}

pub fn nb_add(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    Ok(cx.new_float(a + b))
}

pub fn nb_subtract(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    Ok(cx.new_float(a - b))
}

pub fn nb_multiply(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    Ok(cx.new_float(a * b))
}

pub fn nb_true_divide(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    if b == 0.0 {
        return Err(cx.zero_division_error("float division by zero"));
    }
    Ok(cx.new_float(a / b))
}

pub fn nb_remainder(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    if b == 0.0 {
        return Err(cx.zero_division_error("float modulo"));
    }
    Ok(cx.new_float(div_mod(a, b).1))
}

pub fn nb_floor_divide(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    if b == 0.0 {
        return Err(cx.zero_division_error("float floor division by zero"));
    }
    Ok(cx.new_float(div_mod(a, b).0))
}

pub fn nb_divmod(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    if b == 0.0 {
        return Err(cx.zero_division_error("float divmod()"));
    }
    let (quotient, rest) = div_mod(a, b);
    Ok(cx.new_tuple(vec![cx.new_float(quotient), cx.new_float(rest)]).into_object())
}

/// Floor quotient and remainder with the divisor's sign; the divisor is not zero.
pub fn div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    // Exact up to rounding: `a - rest` is nearly a multiple of `b`.
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = 0f64.copysign(b);
    }
    if quotient != 0.0 {
        let floor = quotient.floor();
        (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
    } else {
        (0f64.copysign(a / b), rest)
    }
}

pub fn nb_power(cx: Ctx, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    if !cx.is_none(modulus) {
        return Err(cx.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    let (a, b) = operands!(cx, a, b);
    power(cx, a, b)
}

/// `a ** b`: a `float`, or a `complex` for a fractional power of a negative number.
pub fn power(cx: Ctx, a: f64, b: f64) -> PyResult {
    if b == 0.0 || a == 1.0 {
        return Ok(cx.new_float(1.0));
    }
    if a == 0.0 && b < 0.0 && b.is_finite() {
        return Err(cx.zero_division_error("0.0 cannot be raised to a negative power"));
    }
    if a.is_nan() || b.is_nan() {
        return Ok(cx.new_float(f64::NAN));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return complex::power(cx, (a, 0.0), (b, 0.0));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(range_error(cx));
    }
    Ok(cx.new_float(result))
}

/// `OverflowError(34, 'Numerical result out of range')`.
pub fn range_error(cx: Ctx) -> crate::objects::Raised {
    let text = cx.new_str("Numerical result out of range").into_object();
    let args = cx.new_tuple(vec![cx.new_int(34), text]).into_object();
    cx.raise_with(exceptions().overflow_error, args)
}

fn receiver(object: &Object) -> f64 {
    // SAFETY: slots and methods of `float` are called with instances of `float` only.
    unsafe { object.cast::<FloatObject>() }.value
}

pub fn nb_negative(cx: Ctx, a: &Object) -> PyResult {
    Ok(cx.new_float(-receiver(a)))
}

pub fn nb_absolute(cx: Ctx, a: &Object) -> PyResult {
    Ok(cx.new_float(receiver(a).abs()))
}

pub fn nb_bool(_: Ctx, a: &Object) -> PyResult<bool> {
    Ok(receiver(a) != 0.0)
}

/// The value as an exact `float`: itself if it is one.
pub fn nb_float(cx: Ctx, a: &Object) -> PyResult {
    if a.is_exact(crate::objects::types().float) { Ok(a.to_ref()) } else { Ok(cx.new_float(receiver(a))) }
}

/// Cut off towards zero.
pub fn nb_int(cx: Ctx, a: &Object) -> PyResult {
    to_int(cx, receiver(a).trunc())
}

/// An integral float as an `int`.
pub fn to_int(cx: Ctx, value: f64) -> PyResult {
    if value.abs() < 9e18 {
        return Ok(cx.new_int(value as i64));
    }
    match BigInt::from_f64(value) {
        Some(big) => Ok(cx.new_bigint(big)),
        None if value.is_nan() => Err(cx.value_error("cannot convert float NaN to integer")),
        None => Err(cx.overflow_error("cannot convert float infinity to integer")),
    }
}

pub fn hash(_: Ctx, a: &Object) -> PyResult<i64> {
    let value = receiver(a);
    Ok(if value.is_nan() { hash_address(a.address()) } else { hash_f64(value) })
}

/// CPython's hash of an address; that of a NaN is its identity's.
pub fn hash_address(address: usize) -> i64 {
    match (address as u64).rotate_right(4) as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// The hash of a number that is not NaN: equal numbers of all types have equal hashes.
pub fn hash_f64(value: f64) -> i64 {
    if crate::era::is_classic() {
        return crate::objects::classic::hashes::float(value);
    }
    const BITS: u32 = 61;
    const MODULUS: u64 = crate::objects::int::HASH_MODULUS;
    if value.is_infinite() {
        return if value > 0.0 { 314_159 } else { -314_159 };
    }
    let (mut fraction, mut exponent) = split(value.abs());
    let mut hash = 0u64;
    while fraction != 0.0 {
        hash = ((hash << 28) & MODULUS) | (hash >> (BITS - 28));
        fraction *= 268_435_456.0;
        exponent -= 28;
        let digit = fraction as u64;
        fraction -= digit as f64;
        hash += digit;
        if hash >= MODULUS {
            hash -= MODULUS;
        }
    }
    let turn = exponent.rem_euclid(BITS as i32) as u32;
    if turn != 0 {
        hash = ((hash << turn) & MODULUS) | (hash >> (BITS - turn));
    }
    let hash = if value < 0.0 { -(hash as i64) } else { hash as i64 };
    if hash == -1 { -2 } else { hash }
}

/// Order of a float and an integer, exactly; `None` for NaN.
pub fn compare_int(value: f64, int: &IntObject) -> Option<Ordering> {
    const EXACT: u64 = 1 << 53;
    if !value.is_finite() {
        return value.partial_cmp(&0.0);
    }
    if let Some(small) = int.as_i64().filter(|small| small.unsigned_abs() <= EXACT) {
        return value.partial_cmp(&(small as f64));
    }
    let whole = value.trunc();
    let order = BigInt::from_f64(whole)?.cmp(&int.to_bigint());
    Some(order.then_with(|| (value - whole).partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}

pub fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let a = receiver(a);
    let order = if let Some(b) = b.downcast::<FloatObject>() {
        a.partial_cmp(&b.value)
    } else if let Some(b) = b.downcast::<IntObject>() {
        compare_int(a, b)
    } else {
        return Ok(cx.not_implemented());
    };
    Ok(cx.bool(order.map_or(op == CompareOp::Ne, |order| op.holds(order))))
}

/// An alias for callers that hold floats: `a <op> b`.
#[inline]
pub fn holds(a: f64, b: f64, op: CompareOp) -> bool {
    a.partial_cmp(&b).map_or(op == CompareOp::Ne, |order| op.holds(order))
}

/// The float of an exact `float`, for fast paths.
#[inline(always)]
pub fn exact(object: &Ref) -> Option<f64> {
    object.downcast_exact::<FloatObject>().map(|float| float.value)
}
