//! The hashes of Python 2.7 without `-R`: they decide the order in which dicts and sets are walked.

use num_bigint::{BigInt, Sign};

use crate::memory::Ref;
use crate::objects::{DictObject, PyResult};
use crate::vm::Ctx;

/// No hash is -1.
fn proper(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// Of a `str` or `unicode`.
pub fn text(points: impl ExactSizeIterator<Item = u32>) -> i64 {
    let len = points.len();
    let mut points = points.peekable();
    let Some(&first) = points.peek() else { return 0 };
    let mut hash = u64::from(first) << 7;
    for point in points {
        hash = hash.wrapping_mul(1_000_003) ^ u64::from(point);
    }
    proper((hash ^ len as u64) as i64)
}

/// Of a `long` beyond an `int`: its 30-bit digits, turned and added from the top.
pub fn big(value: &BigInt) -> i64 {
    const SHIFT: u32 = 30;
    let mask = (1u64 << SHIFT) - 1;
    let mut digits = Vec::new();
    let words: Vec<u64> = value.magnitude().iter_u64_digits().collect();
    let bits = value.bits() as usize;
    let mut at = 0;
    while at < bits {
        let (word, offset) = (at / 64, at % 64);
        let low = words[word] >> offset;
        let high = if offset > 34 { words.get(word + 1).map_or(0, |next| next << (64 - offset)) } else { 0 };
        digits.push((low | high) & mask);
        at += SHIFT as usize;
    }
    let mut hash = 0u64;
    for digit in digits.into_iter().rev() {
        hash = hash.rotate_left(SHIFT).wrapping_add(digit);
        if hash < digit {
            hash = hash.wrapping_add(1);
        }
    }
    let hash = hash as i64;
    proper(if value.sign() == Sign::Minus { hash.wrapping_neg() } else { hash })
}

/// Of a `float`; equal to that of an `int` or `long` of the same value.
pub fn float(value: f64) -> i64 {
    if value.is_nan() {
        return 0;
    }
    if value.is_infinite() {
        return if value < 0.0 { -271_828 } else { 314_159 };
    }
    if value.fract() == 0.0 {
        if value.abs() > (i64::MAX / 2) as f64 {
            return num_traits::FromPrimitive::from_f64(value).map_or(0, |value: BigInt| big(&value));
        }
        return proper(value as i64);
    }
    let (mut fraction, exponent) = frexp(value);
    fraction *= 2_147_483_648.0;
    let high = fraction as i64;
    let low = ((fraction - high as f64) * 2_147_483_648.0) as i64;
    proper(high.wrapping_add(low).wrapping_add(i64::from(exponent) << 15))
}

/// A number as a fraction from one half to one, and a power of two.
fn frexp(value: f64) -> (f64, i32) {
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    if exponent == 0 {
        let (fraction, power) = frexp(value * 18_014_398_509_481_984.0);
        return (fraction, power - 54);
    }
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - 1022)
}

/// Of a tuple.
pub fn tuple(cx: Ctx, items: &[Ref]) -> PyResult<i64> {
    let mut hash = 0x345678i64;
    let mut multiplier = 1_000_003i64;
    for (at, item) in items.iter().enumerate() {
        let left = (items.len() - 1 - at) as i64;
        hash = (hash ^ DictObject::hash_key(cx, item)?).wrapping_mul(multiplier);
        multiplier = multiplier.wrapping_add(82_520 + left + left);
    }
    Ok(proper(hash.wrapping_add(97_531)))
}

/// Of a frozenset, from the hashes of its items.
pub fn frozen_set(hashes: impl ExactSizeIterator<Item = i64>) -> i64 {
    let mut hash = 1_927_868_237i64.wrapping_mul(hashes.len() as i64 + 1);
    for item in hashes {
        hash ^= (item ^ (item << 16) ^ 89_869_747).wrapping_mul(3_644_798_167);
    }
    let hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == -1 { 590_923_713 } else { hash }
}
