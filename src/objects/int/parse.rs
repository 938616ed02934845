//! Text to integer and back, with the limit on decimal digits that guards against quadratic time.

use std::sync::atomic::{AtomicUsize, Ordering};

use num_bigint::{BigInt, Sign};

use super::{IntObject, from_bigint, from_i64};
use crate::memory::{Object, Ref};
use crate::objects::str::unicode;
use crate::objects::{PyResult, StrObject};
use crate::vm::Ctx;

/// `sys.get_int_max_str_digits()`; 0 for no limit.
static MAX_STR_DIGITS: AtomicUsize = AtomicUsize::new(DEFAULT_MAX_STR_DIGITS);
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;
/// Shorter numbers are never refused; limits below are not accepted.
pub const STR_DIGITS_THRESHOLD: usize = 640;

pub fn max_str_digits() -> usize {
    MAX_STR_DIGITS.load(Ordering::Relaxed)
}

/// Sets the limit; 0 takes it away. The caller has checked it against the threshold.
pub fn set_max_str_digits(limit: usize) {
    MAX_STR_DIGITS.store(limit, Ordering::Relaxed);
}

fn too_long(digits: usize) -> bool {
    let limit = max_str_digits();
    limit != 0 && digits > STR_DIGITS_THRESHOLD && digits > limit
}

/// The decimal text of an integer; `ValueError` past the digit limit.
pub fn to_text(cx: Ctx, int: &IntObject) -> PyResult<String> {
    if let Some(value) = int.as_i64() {
        return Ok(value.to_string());
    }
    let refuse = || {
        cx.value_error(format_args!(
            "Exceeds the limit ({} digits) for integer string conversion; use \
             sys.set_int_max_str_digits() to increase the limit",
            max_str_digits()
        ))
    };
    // A cheap lower bound first, so that a huge number is refused without converting it.
    if too_long((int.bit_length() as f64 * std::f64::consts::LOG10_2 * 0.9999) as usize) {
        return Err(refuse());
    }
    let text = int.to_bigint().to_string();
    if too_long(text.len() - usize::from(int.is_negative())) {
        return Err(refuse());
    }
    Ok(text)
}

/// `repr(int)` as a string object.
pub fn to_str(cx: Ctx, int: &IntObject) -> PyResult<Ref<StrObject>> {
    if let Some(value) = int.as_i64() {
        // Digits from the right into a buffer: no allocation besides the result.
        let mut buffer = [0u8; 20];
        let (mut rest, mut at) = (value.unsigned_abs(), buffer.len());
        loop {
            at -= 1;
            buffer[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        return Ok(crate::objects::str::raw::from_latin1(&buffer[at..]));
    }
    Ok(cx.new_str(&to_text(cx, int)?))
}

/// The text with Unicode digits and spaces made ASCII, as the number parsers take it. Other
/// characters become `?`, which no number contains.
pub fn ascii_number(text: &StrObject) -> Vec<u8> {
    if let Some(ascii) = text.as_ascii() {
        return ascii.as_bytes().to_vec();
    }
    text.code_points()
        .map(|point| match point {
            0..=127 => {
                if unicode::is_space(point) {
                    b' '
                } else {
                    point as u8
                }
            }
            _ if unicode::is_space(point) => b' ',
            _ => unicode::decimal(point).map_or(b'?', |digit| b'0' + digit as u8),
        })
        .collect()
}

/// C's `isspace`.
pub fn is_c_space(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

pub fn trim_c_space(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|&byte| !is_c_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|&byte| !is_c_space(byte)).map_or(start, |at| at + 1);
    &text[start..end]
}

/// Why a text is no integer.
pub enum ParseError {
    Malformed,
    /// More decimal digits than allowed: how many.
    TooLong(usize),
}

/// An integer literal as `int()` takes it: spaces around, sign, prefix, single underscores.
/// `base` is 0 or 2 to 36.
pub fn parse(text: &[u8], base: u32) -> Result<Ref<IntObject>, ParseError> {
    let mut text = trim_c_space(text);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), rest @ ..] = text {
        negative = *sign == b'-';
        text = rest;
    }
    let mut radix = base;
    let mut only_zero = false;
    let prefixed = match text {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    };
    if base == 0 {
        radix = prefixed.unwrap_or(10);
        // Octal in C's style is refused: a leading zero stands for zero only.
        only_zero = prefixed.is_none() && text.first() == Some(&b'0');
    }
    if prefixed == Some(radix) {
        text = &text[2..];
        if let [b'_', rest @ ..] = text {
            text = rest;
        }
    }
    let mut digits = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for &byte in text {
        if byte == b'_' {
            if !after_digit {
                return Err(ParseError::Malformed);
            }
            after_digit = false;
            continue;
        }
        match char::from(byte).to_digit(radix) {
            Some(digit) => digits.push(digit as u8),
            None => return Err(ParseError::Malformed),
        }
        after_digit = true;
    }
    if !after_digit || (only_zero && digits.iter().any(|&digit| digit != 0)) {
        return Err(ParseError::Malformed);
    }
    if !radix.is_power_of_two() && too_long(digits.len()) {
        return Err(ParseError::TooLong(digits.len()));
    }
    if digits.len() <= 12 {
        let value = digits.iter().fold(0i64, |value, &digit| value * i64::from(radix) + i64::from(digit));
        return Ok(from_i64(if negative { -value } else { value }));
    }
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    BigInt::from_radix_be(sign, &digits, radix).map(from_bigint).ok_or(ParseError::Malformed)
}

/// As [`parse`], raising `ValueError`; `shown` is what the message shows.
pub fn parse_or_raise(cx: Ctx, text: &[u8], base: u32, shown: &Object) -> PyResult<Ref<IntObject>> {
    match parse(text, base) {
        Ok(int) => Ok(int),
        Err(ParseError::TooLong(digits)) => Err(cx.value_error(format_args!(
            "Exceeds the limit ({} digits) for integer string conversion: value has {digits} digits; use \
             sys.set_int_max_str_digits() to increase the limit",
            max_str_digits()
        ))),
        Err(ParseError::Malformed) => {
            let shown: String = cx.repr_text(shown)?.chars().take(200).collect();
            Err(cx.value_error(format_args!("invalid literal for int() with base {base}: {shown}")))
        }
    }
}
