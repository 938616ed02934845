//! Arithmetic of `int`: the slots, and the same operations on `IntObject`s for the eval loop.
//!
//! Each operation first tries `i64`; what overflows or is big goes through `BigInt`.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

use super::{IntObject, from_bigint, from_i64};
use crate::memory::{Layout, Object, Ref};
use crate::objects::{CompareOp, PyResult, float};
use crate::vm::Ctx;

/// Both operands as integers.
#[inline(always)]
fn pair<'a>(a: &'a Object, b: &'a Object) -> Option<(&'a IntObject, &'a IntObject)> {
    Some((a.downcast::<IntObject>()?, b.downcast::<IntObject>()?))
}

/// A binary slot from an operation on two integers.
macro_rules! binary {
    ($($(#[$doc:meta])* $slot:ident = $operation:path;)*) => {$(
        $(#[$doc])*
        pub fn $slot(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            match pair(a, b) {
                Some((a, b)) => Ok($operation(cx, a, b)?.into_object()),
                None => Ok(cx.not_implemented()),
            }
        }
    )*};
}

binary! {
    nb_add = checked_add;
    nb_subtract = checked_subtract;
    nb_multiply = checked_multiply;
    nb_floor_divide = floor_divide;
    nb_remainder = remainder;
    nb_lshift = shift_left;
    nb_rshift = shift_right;
    nb_and = bit_and;
    nb_or = bit_or;
    nb_xor = bit_xor;
}

/// `a + b`.
#[inline(always)]
pub fn add(a: &IntObject, b: &IntObject) -> Ref<IntObject> {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        if let Some(sum) = x.checked_add(y) {
            return from_i64(sum);
        }
    }
    big_add(a, b)
}

/// `a - b`.
#[inline(always)]
pub fn subtract(a: &IntObject, b: &IntObject) -> Ref<IntObject> {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        if let Some(difference) = x.checked_sub(y) {
            return from_i64(difference);
        }
    }
    big_subtract(a, b)
}

/// `a * b`.
#[inline(always)]
pub fn multiply(a: &IntObject, b: &IntObject) -> Ref<IntObject> {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        if let Some(product) = x.checked_mul(y) {
            return from_i64(product);
        }
    }
    big_multiply(a, b)
}

#[cold]
fn big_add(a: &IntObject, b: &IntObject) -> Ref<IntObject> {
    from_bigint(match (a.as_big(), b.as_big()) {
        (Some(a), Some(b)) => a + b,
        (Some(a), None) => a + b.small,
        (None, Some(b)) => b + a.small,
        (None, None) => BigInt::from(i128::from(a.small) + i128::from(b.small)),
    })
}

#[cold]
fn big_subtract(a: &IntObject, b: &IntObject) -> Ref<IntObject> {
    from_bigint(match (a.as_big(), b.as_big()) {
        (Some(a), Some(b)) => a - b,
        (Some(a), None) => a - b.small,
        (None, Some(b)) => a.small - b,
        (None, None) => BigInt::from(i128::from(a.small) - i128::from(b.small)),
    })
}

#[cold]
fn big_multiply(a: &IntObject, b: &IntObject) -> Ref<IntObject> {
    from_bigint(match (a.as_big(), b.as_big()) {
        (Some(a), Some(b)) => a * b,
        (Some(a), None) => a * b.small,
        (None, Some(b)) => b * a.small,
        (None, None) => BigInt::from(i128::from(a.small) * i128::from(b.small)),
    })
}

fn checked_add(_: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    Ok(add(a, b))
}

fn checked_subtract(_: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    Ok(subtract(a, b))
}

fn checked_multiply(cx: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    if a.as_big().is_some() && b.as_big().is_some() {
        check_bits(cx, a.bit_length().saturating_add(b.bit_length()))?;
    }
    Ok(multiply(a, b))
}

/// `MemoryError` when an integer of this many bits cannot be had.
fn check_bits(cx: Ctx, bits: u64) -> PyResult<()> {
    match usize::try_from(bits / 8) {
        Ok(bytes) => crate::objects::bytes::check_size(cx, bytes),
        Err(_) => Err(cx.memory_error()),
    }
}

/// `a // b`, rounded down.
pub fn floor_divide(cx: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    if b.is_zero() {
        return Err(cx.zero_division_error("integer division or modulo by zero"));
    }
    Ok(match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) if y != -1 => from_i64(Integer::div_floor(&x, &y)),
        _ => from_bigint(a.to_bigint().div_floor(&b.to_bigint())),
    })
}

/// `a % b`, with the sign of `b`.
pub fn remainder(cx: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    if b.is_zero() {
        return Err(cx.zero_division_error("integer modulo by zero"));
    }
    Ok(match (a.as_i64(), b.as_i64()) {
        (Some(_), Some(-1)) => from_i64(0),
        (Some(x), Some(y)) => from_i64(Integer::mod_floor(&x, &y)),
        _ => from_bigint(a.to_bigint().mod_floor(&b.to_bigint())),
    })
}

/// `divmod(a, b)` as a tuple.
pub fn nb_divmod(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some((a, b)) = pair(a, b) else { return Ok(cx.not_implemented()) };
    if b.is_zero() {
        return Err(cx.zero_division_error("integer division or modulo by zero"));
    }
    let (quotient, rest) = match (a.as_i64(), b.as_i64()) {
        (Some(x), Some(y)) if y != -1 => {
            (from_i64(Integer::div_floor(&x, &y)), from_i64(Integer::mod_floor(&x, &y)))
        }
        _ => {
            let (quotient, rest) = a.to_bigint().div_mod_floor(&b.to_bigint());
            (from_bigint(quotient), from_bigint(rest))
        }
    };
    Ok(cx.new_tuple(vec![quotient.into_object(), rest.into_object()]).into_object())
}

/// `a / b`, correctly rounded.
pub fn nb_true_divide(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some((a, b)) = pair(a, b) else { return Ok(cx.not_implemented()) };
    if b.is_zero() {
        return Err(cx.zero_division_error("division by zero"));
    }
    const EXACT: u64 = 1 << 53;
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        if x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT {
            return Ok(cx.new_float(x as f64 / y as f64));
        }
    }
    match divide_to_f64(&a.to_bigint(), &b.to_bigint()) {
        Some(value) => Ok(cx.new_float(value)),
        None => Err(cx.overflow_error("integer division result too large for a float")),
    }
}

/// The float nearest to `a / b` (ties to even); `None` past the largest. `b` is not zero.
pub fn divide_to_f64(a: &BigInt, b: &BigInt) -> Option<f64> {
    let negative = a.is_negative() != b.is_negative();
    if a.is_zero() {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    let difference = a.bits() as i64 - b.bits() as i64;
    if difference > 1025 {
        return None;
    }
    let sign = if negative { -1.0 } else { 1.0 };
    if difference < -1080 {
        return Some(sign * 0.0);
    }
    // A quotient of 66 or 67 bits, its last bit made sticky by the remainder.
    let shift = 66 - difference;
    let (mut top, mut bottom) = (a.magnitude().clone(), b.magnitude().clone());
    if shift >= 0 {
        top <<= shift as u64;
    } else {
        bottom <<= (-shift) as u64;
    }
    let (quotient, rest) = top.div_rem(&bottom);
    let mut quotient = quotient.to_u128()?;
    if !rest.is_zero() {
        quotient |= 1;
    }
    let top_exponent = 127 - i64::from(quotient.leading_zeros()) - shift;
    let lowest = (top_exponent - 52).max(-1074);
    let drop = (lowest + shift) as u32;
    let rounded = round_shift(quotient, drop);
    let value = float::scale(rounded as f64, lowest as i32);
    value.is_finite().then_some(sign * value)
}

/// `value >> drop`, rounded half to even; `drop` may be as large as the value is wide.
fn round_shift(value: u128, drop: u32) -> u64 {
    if drop >= 127 {
        return 0;
    }
    let (kept, lost) = (value >> drop, value & ((1 << drop) - 1));
    let half = 1u128 << (drop - 1);
    let up = lost > half || (lost == half && kept & 1 == 1);
    kept as u64 + u64::from(up)
}

/// `pow(a, b, modulus)`.
pub fn nb_power(cx: Ctx, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    let Some((a, b)) = pair(a, b) else { return Ok(cx.not_implemented()) };
    if cx.is_none(modulus) {
        return power(cx, a, b);
    }
    let Some(modulus) = modulus.downcast::<IntObject>() else { return Ok(cx.not_implemented()) };
    if modulus.is_zero() {
        return Err(cx.value_error("pow() 3rd argument cannot be 0"));
    }
    let (mut base, mut exponent, modulus) = (a.to_bigint(), b.to_bigint(), modulus.to_bigint());
    if exponent.is_negative() {
        let size = modulus.abs();
        base = match base.mod_floor(&size).extended_gcd(&size) {
            found if found.gcd.is_one() => found.x,
            _ => return Err(cx.value_error("base is not invertible for the given modulus")),
        };
        exponent = -exponent;
    }
    Ok(cx.new_bigint(base.modpow(&exponent, &modulus)))
}

/// `a ** b`: an `int`, or a `float` for a negative exponent.
pub fn power(cx: Ctx, a: &IntObject, b: &IntObject) -> PyResult {
    if b.is_negative() {
        let too_large = || cx.overflow_error("int too large to convert to float");
        let base = a.to_f64().ok_or_else(too_large)?;
        let exponent = b.to_f64().ok_or_else(too_large)?;
        return float::power(cx, base, exponent);
    }
    let small_base = a.as_i64();
    if let Some(base @ -1..=1) = small_base {
        return Ok(cx.new_int(if b.is_zero() || (base == -1 && !b.is_odd()) { 1 } else { base }));
    }
    let Some(exponent) = b.as_i64() else { return Err(cx.memory_error()) };
    if let (Some(base), Ok(exponent)) = (small_base, u32::try_from(exponent)) {
        if let Some(value) = base.checked_pow(exponent) {
            return Ok(cx.new_int(value));
        }
    }
    let exponent = exponent as u64;
    check_bits(cx, (a.bit_length() - 1).saturating_mul(exponent))?;
    Ok(cx.new_bigint(Pow::pow(a.to_bigint(), exponent)))
}

/// `a << b`.
pub fn shift_left(cx: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    if b.is_negative() {
        return Err(cx.value_error("negative shift count"));
    }
    if a.is_zero() {
        return Ok(from_i64(0));
    }
    let Some(shift) = b.as_i64() else { return Err(cx.overflow_error("too many digits in integer")) };
    if let Some(value) = a.as_i64() {
        if shift < 63 && (value << shift) >> shift == value {
            return Ok(from_i64(value << shift));
        }
    }
    check_bits(cx, a.bit_length().saturating_add(shift as u64))?;
    Ok(from_bigint(a.to_bigint() << shift as u64))
}

/// `a >> b`, rounded down.
pub fn shift_right(cx: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
    if b.is_negative() {
        return Err(cx.value_error("negative shift count"));
    }
    let all = if a.is_negative() { -1 } else { 0 };
    let Some(shift) = b.as_i64() else { return Ok(from_i64(all)) };
    Ok(match a.as_i64() {
        Some(value) => from_i64(if shift > 63 { all } else { value >> shift }),
        None if shift as u64 > a.bit_length() => from_i64(all),
        None => from_bigint(a.to_bigint() >> shift as u64),
    })
}

/// A bit operation.
macro_rules! bits {
    ($($name:ident: $operator:tt;)*) => {$(
        fn $name(_: Ctx, a: &IntObject, b: &IntObject) -> PyResult<Ref<IntObject>> {
            Ok(match (a.as_i64(), b.as_i64()) {
                (Some(x), Some(y)) => from_i64(x $operator y),
                _ => from_bigint(a.to_bigint() $operator b.to_bigint()),
            })
        }
    )*};
}

bits! {
    bit_and: &;
    bit_or: |;
    bit_xor: ^;
}

fn receiver(object: &Object) -> &IntObject {
    // SAFETY: slots and methods of `int` are called with instances of `int` only; the call layer
    // checks receivers.
    unsafe { object.cast() }
}

/// The value as an exact `int`: itself if it is one.
pub fn nb_int(_: Ctx, a: &Object) -> PyResult {
    if a.is_exact(crate::objects::types().int) {
        return Ok(a.to_ref());
    }
    let int = receiver(a);
    Ok(match int.as_i64() {
        Some(value) => from_i64(value).into_object(),
        None => from_bigint(int.to_bigint()).into_object(),
    })
}

pub fn nb_float(cx: Ctx, a: &Object) -> PyResult {
    let value = receiver(a).to_f64().ok_or_else(|| cx.overflow_error("int too large to convert to float"))?;
    Ok(cx.new_float(value))
}

pub fn nb_negative(_: Ctx, a: &Object) -> PyResult {
    let int = receiver(a);
    Ok(match int.as_i64().and_then(i64::checked_neg) {
        Some(value) => from_i64(value).into_object(),
        None => from_bigint(-int.to_bigint()).into_object(),
    })
}

pub fn nb_absolute(cx: Ctx, a: &Object) -> PyResult {
    if receiver(a).is_negative() { nb_negative(cx, a) } else { nb_int(cx, a) }
}

pub fn nb_invert(_: Ctx, a: &Object) -> PyResult {
    let int = receiver(a);
    Ok(match int.as_i64() {
        Some(value) => from_i64(!value).into_object(),
        None => from_bigint(!int.to_bigint()).into_object(),
    })
}

pub fn nb_bool(_: Ctx, a: &Object) -> PyResult<bool> {
    Ok(!receiver(a).is_zero())
}

pub fn hash(_: Ctx, a: &Object) -> PyResult<i64> {
    Ok(receiver(a).hash())
}

pub fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match pair(a, b) {
        Some((a, b)) => Ok(cx.bool(op.holds(a.cmp_int(b)))),
        None => Ok(cx.not_implemented()),
    }
}

/// The value rounded to a multiple of `10**digits`, halves to even.
pub(super) fn round_to(value: &BigInt, digits: u64) -> BigInt {
    // More digits than the number has: nothing is left.
    if digits as f64 > value.bits() as f64 * 0.302 + 2.0 {
        return BigInt::zero();
    }
    let unit: BigInt = Pow::pow(BigInt::from(10), digits);
    let (quotient, rest) = value.div_mod_floor(&unit);
    let up = match (&rest * 2u8).cmp(&unit) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => quotient.is_odd(),
    };
    (if up { quotient + 1 } else { quotient }) * unit
}

/// The two's-complement form in exactly `length` bytes, big-endian; `None` when it does not fit.
pub(crate) fn to_bytes(value: &BigInt, length: usize, signed: bool) -> Option<Vec<u8>> {
    let mut bytes = if signed { value.to_signed_bytes_be() } else { value.to_bytes_be().1 };
    if value.is_zero() {
        bytes.clear();
    }
    if bytes.len() > length {
        return None;
    }
    let fill = if value.sign() == Sign::Minus { 0xff } else { 0 };
    let mut all = vec![fill; length - bytes.len()];
    all.append(&mut bytes);
    Some(all)
}
