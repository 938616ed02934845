//! Floats as text: the shortest `repr`, C-like formats, parsing, hexadecimal.
//!
//! Digits come from the standard library, which rounds correctly; the layout is CPython's.

use crate::objects::float::scale;
use crate::objects::int::parse::trim_c_space;

/// How a float is written (`PyOS_double_to_string`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// `e`: one digit, point, `precision` digits, exponent.
    Exponent,
    /// `f`: `precision` digits after the point.
    Fixed,
    /// `g`: `precision` digits in all, fixed or exponent by size.
    General,
    /// The shortest text that reads back the same.
    Repr,
}

/// A double has no more digits than this after the point, and fewer significant ones.
const MAX_DIGITS: usize = 1100;

/// Decimal digits and the place of the point: 0.DIGITS * 10**point.
fn digits(value: f64, significant: Option<usize>) -> (Vec<u8>, i32) {
    let text = match significant {
        None => format!("{value:e}"),
        Some(count) => format!("{value:.*e}", count.clamp(1, MAX_DIGITS) - 1),
    };
    halfway(value, significant, &text).unwrap_or_else(|| split_exponent(&text))
}

/// Digits and point of text in scientific notation.
fn split_exponent(text: &str) -> (Vec<u8>, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

/// Where two shortest texts are equally near, the standard library takes the upper one and CPython
/// the even one. That needs as many digits as a float has, and a value without many binary places.
fn halfway(value: f64, significant: Option<usize>, shortest: &str) -> Option<(Vec<u8>, i32)> {
    if significant.is_some() || shortest.len() < 15 || !(1e13..1e24).contains(&value) {
        return None;
    }
    let digits = shortest.split('e').next()?.bytes().filter(u8::is_ascii_digit).count();
    let even = format!("{value:.*e}", digits - 1);
    (even.parse() == Ok(value)).then(|| split_exponent(&even))
}

/// The text of a float: "inf", "nan", or digits with a minus sign where negative. `alternate`
/// keeps the point and trailing zeros; `point_zero` adds ".0" to what would look like an integer.
pub fn format(
    value: f64,
    style: Style,
    precision: usize,
    alternate: bool,
    point_zero: bool,
    upper: bool,
) -> String {
    let mut out = String::new();
    if value.is_nan() {
        out.push_str("nan");
    } else {
        if value.is_sign_negative() {
            out.push('-');
        }
        if value.is_infinite() {
            out.push_str("inf");
        } else {
            write_finite(&mut out, value.abs(), style, precision, alternate, point_zero);
        }
    }
    if upper { out.to_ascii_uppercase() } else { out }
}

fn write_finite(
    out: &mut String,
    value: f64,
    style: Style,
    precision: usize,
    alternate: bool,
    point_zero: bool,
) {
    match style {
        Style::Fixed => {
            let exact = precision.min(MAX_DIGITS);
            out.push_str(&format!("{value:.exact$}"));
            out.extend(std::iter::repeat_n('0', precision - exact));
            if precision == 0 && alternate {
                out.push('.');
            }
        }
        Style::Exponent => {
            let (mut digits, point) = digits(value, Some(precision.saturating_add(1)));
            digits.resize(precision + 1, b'0');
            write_exponent(out, &digits, point, alternate);
        }
        Style::General | Style::Repr => {
            let wanted = if style == Style::Repr { 17 } else { precision.max(1) };
            let (mut digits, point) = digits(value, (style == Style::General).then_some(wanted));
            if alternate && style == Style::General {
                digits.resize(wanted, b'0');
            } else {
                let kept = digits.iter().rposition(|&digit| digit != b'0').map_or(1, |last| last + 1);
                digits.truncate(kept);
            }
            let limit = if style == Style::Repr { 16 } else { wanted as i64 - i64::from(point_zero) };
            if point <= -4 || i64::from(point) > limit {
                write_exponent(out, &digits, point, alternate);
            } else {
                write_plain(out, &digits, point, alternate, point_zero);
            }
        }
    }
}

fn push_digits(out: &mut String, digits: &[u8]) {
    out.extend(digits.iter().map(|&digit| digit as char));
}

fn write_exponent(out: &mut String, digits: &[u8], point: i32, alternate: bool) {
    push_digits(out, &digits[..1]);
    if digits.len() > 1 || alternate {
        out.push('.');
    }
    push_digits(out, &digits[1..]);
    let exponent = if digits.iter().all(|&digit| digit == b'0') { 0 } else { point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("e{sign}{:02}", exponent.abs()));
}

fn write_plain(out: &mut String, digits: &[u8], point: i32, alternate: bool, point_zero: bool) {
    if point <= 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', -point as usize));
        push_digits(out, digits);
        return;
    }
    let whole = point as usize;
    let split = whole.min(digits.len());
    push_digits(out, &digits[..split]);
    out.extend(std::iter::repeat_n('0', whole - split));
    if split < digits.len() {
        out.push('.');
        push_digits(out, &digits[split..]);
    } else if point_zero {
        out.push_str(".0");
    } else if alternate {
        out.push('.');
    }
}

/// `repr(float)`.
pub fn repr(value: f64) -> String {
    format(value, Style::Repr, 0, false, true, false)
}

/// A float literal as `float()` takes it: spaces around, sign, single underscores between digits,
/// "inf", "infinity", "nan".
pub fn parse(text: &[u8]) -> Option<f64> {
    let text = trim_c_space(text);
    if !text.contains(&b'_') {
        return parse_plain(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut previous = 0;
    for (index, &byte) in text.iter().enumerate() {
        if byte == b'_' {
            let next = text.get(index + 1).copied().unwrap_or(0);
            if !u8::is_ascii_digit(&previous) || !next.is_ascii_digit() {
                return None;
            }
        } else {
            plain.push(byte);
        }
        previous = byte;
    }
    parse_plain(&plain)
}

fn parse_plain(text: &[u8]) -> Option<f64> {
    match parse_prefix(text) {
        Some((value, used)) if used == text.len() => Some(value),
        _ => None,
    }
}

/// The longest float at the beginning of the text, and how long it is (`PyOS_string_to_double`).
pub fn parse_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let (negative, start) = match text.first() {
        Some(b'-') => (true, 1),
        Some(b'+') => (false, 1),
        _ => (false, 0),
    };
    let body = &text[start..];
    let signed = |value: f64| if negative { -value } else { value };
    let begins =
        |word: &str| body.len() >= word.len() && body[..word.len()].eq_ignore_ascii_case(word.as_bytes());
    for (word, value) in [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
        if begins(word) {
            return Some((signed(value), start + word.len()));
        }
    }
    let count =
        |from: usize| body[from.min(body.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = count(0);
    let mut end = whole;
    let mut fraction = 0;
    if body.get(end) == Some(&b'.') {
        fraction = count(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = body.get(end) {
        let sign = usize::from(matches!(body.get(end + 1), Some(b'+' | b'-')));
        let exponent = count(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let value = std::str::from_utf8(&body[..end]).ok()?.parse::<f64>().ok()?;
    Some((signed(value), start + end))
}

/// `float.hex()`.
pub fn to_hex(value: f64) -> String {
    if !value.is_finite() {
        return repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let (biased, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let (lead, exponent) = if biased == 0 { (0, -1022) } else { (1, biased as i32 - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// Why a text is no hexadecimal float.
pub enum HexError {
    Malformed,
    TooLarge,
}

/// `float.fromhex`: the parts are optional but for one digit, any number of digits is rounded once.
pub fn from_hex(text: &[u8]) -> Result<f64, HexError> {
    let text = trim_c_space(text);
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let signed = |value: f64| if negative { -value } else { value };
    for (word, value) in [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
        if rest.eq_ignore_ascii_case(word.as_bytes()) {
            return Ok(signed(value));
        }
    }
    if let [b'0', b'x' | b'X', tail @ ..] = rest {
        rest = tail;
    }
    // The leading digits that fit, the rest folded into a sticky bit.
    let (mut mantissa, mut sticky, mut exponent) = (0u64, false, 0i64);
    let (mut any, mut after_point) = (false, false);
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        if byte == b'.' && !after_point {
            after_point = true;
        } else if let Some(digit) = char::from(byte).to_digit(16) {
            any = true;
            if mantissa >> 60 == 0 {
                mantissa = mantissa << 4 | u64::from(digit);
                exponent -= if after_point { 4 } else { 0 };
            } else {
                sticky |= digit != 0;
                exponent += if after_point { 0 } else { 4 };
            }
        } else {
            break;
        }
        at += 1;
    }
    if !any {
        return Err(HexError::Malformed);
    }
    if let [b'p' | b'P', tail @ ..] = &rest[at..] {
        let (minus, number) = match tail {
            [b'-', number @ ..] => (true, number),
            [b'+', number @ ..] => (false, number),
            _ => (false, tail),
        };
        if number.is_empty() || !number.iter().all(u8::is_ascii_digit) {
            return Err(HexError::Malformed);
        }
        let size = number.iter().fold(0i64, |n, d| (n * 10 + i64::from(d - b'0')).min(1 << 40));
        exponent += if minus { -size } else { size };
    } else if at != rest.len() {
        return Err(HexError::Malformed);
    }
    if mantissa == 0 {
        return Ok(signed(0.0));
    }
    let value = round_mantissa(mantissa, sticky, exponent).ok_or(HexError::TooLarge)?;
    Ok(signed(value))
}

/// `mantissa * 2**exponent` rounded half to even, `None` past the largest float.
fn round_mantissa(mantissa: u64, sticky: bool, exponent: i64) -> Option<f64> {
    let top = 63 - i64::from(mantissa.leading_zeros()) + exponent;
    if top >= 1024 {
        return None;
    }
    if top < -1075 {
        return Some(0.0);
    }
    let lowest = (top - 52).max(-1074);
    let drop = lowest - exponent;
    let wide = (u128::from(mantissa) << 2) | u128::from(sticky);
    let kept = if drop <= 0 {
        u128::from(mantissa) << -drop
    } else {
        let drop = drop as u32 + 2;
        let (kept, lost, half) = (wide >> drop, wide & ((1 << drop) - 1), 1u128 << (drop - 1));
        kept + u128::from(lost > half || (lost == half && kept & 1 == 1))
    };
    let value = scale(kept as f64, lowest as i32);
    value.is_finite().then_some(value)
}

/// The value rounded to `digits` places after the point (negative: before it), ties by the exact
/// binary value to even. `None` when the result is too large.
pub fn round(value: f64, digits: i64) -> Option<f64> {
    if !value.is_finite() || value == 0.0 || digits > 323 {
        return Some(value);
    }
    if digits < -308 {
        return Some(0.0 * value);
    }
    let text = if digits >= 0 {
        format!("{value:.*}", digits as usize)
    } else {
        let (exact, point) = self::digits(value.abs(), Some(MAX_DIGITS));
        let kept = i64::from(point) + digits;
        let sign = if value < 0.0 { "-" } else { "" };
        if kept > 0 {
            format!("{value:.*e}", kept as usize - 1)
        } else if kept == 0
            && (exact[0] > b'5' || (exact[0] == b'5' && exact[1..].iter().any(|&d| d != b'0')))
        {
            format!("{sign}1e{point}")
        } else {
            format!("{sign}0")
        }
    };
    text.parse::<f64>().ok().filter(|rounded| rounded.is_finite())
}

/// Whether the value has no fraction.
pub fn is_integer(value: f64) -> bool {
    value.is_finite() && value.floor() == value
}
