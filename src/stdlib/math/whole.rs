//! Functions of integers.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::protocol::number::BinaryOp;
use crate::objects::slots::Args;
use crate::objects::spec::Signature;
use crate::objects::{FloatObject, IntObject, PyResult};
use crate::vm::Ctx;

/// The product of `low..=high`, balanced so that factors are of like size.
fn product(low: u64, high: u64) -> BigUint {
    if low > high {
        return BigUint::one();
    }
    if high - low < 8 {
        return (low..=high).fold(BigUint::one(), |product, factor| product * factor);
    }
    let middle = low + (high - low) / 2;
    product(low, middle) * product(middle + 1, high)
}

/// `n * (n-1) * ...`, `count` factors.
fn falling(n: &BigInt, count: u64) -> BigInt {
    match n.to_u64() {
        Some(n) => product((n - count) + 1, n).into(),
        None => (0..count).fold(BigInt::one(), |product, step| product * (n - step)),
    }
}

pub(super) fn factorial(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    let int = cx.index(arg)?;
    match int.as_i64() {
        Some(n) if n >= 0 => Ok(cx.new_bigint(product(2, n as u64).into())),
        None if !int.is_negative() => {
            Err(cx.overflow_error(format_args!("factorial() argument should not exceed {}", i64::MAX)))
        }
        _ => Err(cx.value_error("factorial() not defined for negative values")),
    }
}

/// The arguments of `comb` and `perm`.
fn n_and_k(cx: Ctx, n: &Ref, k: &Ref) -> PyResult<(BigInt, BigInt)> {
    let (n, k) = (cx.to_bigint(n)?, cx.to_bigint(k)?);
    if n.is_negative() {
        return Err(cx.value_error("n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(cx.value_error("k must be a non-negative integer"));
    }
    Ok((n, k))
}

pub(super) fn perm(cx: Ctx, module: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "perm", args, 1, 2)?;
    let Some(k) = args.get(1).filter(|k| !cx.is_none(k)) else { return factorial(cx, module, &args[0]) };
    let (n, k) = n_and_k(cx, &args[0], k)?;
    if k > n {
        return Ok(cx.new_int(0));
    }
    match k.to_u64().filter(|&k| k <= i64::MAX as u64) {
        Some(k) => Ok(cx.new_bigint(falling(&n, k))),
        None => Err(cx.overflow_error(format_args!("k must not exceed {}", i64::MAX))),
    }
}

pub(super) fn comb(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "comb", args, 2, 2)?;
    let (n, k) = n_and_k(cx, &args[0], &args[1])?;
    if k > n {
        return Ok(cx.new_int(0));
    }
    let k = k.clone().min(&n - &k);
    match k.to_u64().filter(|&k| k <= i64::MAX as u64) {
        Some(k) => Ok(cx.new_bigint(falling(&n, k) / BigInt::from(product(2, k)))),
        None => Err(cx.overflow_error(format_args!("min(n - k, k) must not exceed {}", i64::MAX))),
    }
}

pub(super) fn gcd(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let mut result = BigInt::zero();
    for arg in args {
        result = result.gcd(&cx.to_bigint(arg)?);
    }
    Ok(cx.new_bigint(result))
}

pub(super) fn lcm(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let mut result = BigInt::one();
    for arg in args {
        result = result.lcm(&cx.to_bigint(arg)?);
    }
    Ok(cx.new_bigint(result.abs()))
}

pub(super) fn isqrt(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    let n = cx.to_bigint(arg)?;
    if n.is_negative() {
        return Err(cx.value_error("isqrt() argument must be nonnegative"));
    }
    Ok(cx.new_bigint(n.sqrt()))
}

pub(super) fn prod(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "prod", params: &["", "start"], required: 1, max_positional: 1 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(iterable), start] = bound else { return Err(cx.system_error("bad internal call")) };
    let mut result = start.unwrap_or_else(|| cx.new_int(1));
    let iterator = cx.iter(&iterable)?;
    while let Some(item) = cx.next(&iterator)? {
        // Without a new object for each step where both are plain numbers.
        let floats = (result.downcast_exact::<FloatObject>(), item.downcast_exact::<FloatObject>());
        let ints = (result.downcast_exact::<IntObject>(), item.downcast_exact::<IntObject>());
        result = match (floats, ints) {
            ((Some(a), Some(b)), _) => cx.new_float(a.value * b.value),
            (_, (Some(a), Some(b))) => crate::objects::int::ops::multiply(a, b).into_object(),
            _ => cx.binary_op(BinaryOp::Multiply, &result, &item)?,
        };
    }
    Ok(result)
}
