//! Number literals of Python 2.7.

use num_bigint::BigInt;

use super::token::Literal;

/// The length of the number that starts `text` and its value; `None` for one that is no number.
pub(super) fn scan(text: &str) -> (usize, Option<Literal>) {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let run = |from: usize, test: fn(u8) -> bool| {
        let mut end = from;
        while test(at(end)) {
            end += 1;
        }
        end
    };
    if at(0) == b'0' && matches!(at(1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B') {
        let (radix, test): (u32, fn(u8) -> bool) = match at(1) {
            b'x' | b'X' => (16, |b| b.is_ascii_hexdigit()),
            b'o' | b'O' => (8, |b| (b'0'..b'8').contains(&b)),
            _ => (2, |b| b == b'0' || b == b'1'),
        };
        let end = run(2, test);
        let value = BigInt::parse_bytes(&bytes[2..end], radix);
        return finish_int(end, value, at(end));
    }
    let digits = run(0, |b| b.is_ascii_digit());
    let is_float =
        at(digits) == b'.' || (matches!(at(digits), b'e' | b'E') && exponent(bytes, digits).is_some());
    if is_float {
        let mut end = digits;
        if at(end) == b'.' {
            end = run(end + 1, |b| b.is_ascii_digit());
        }
        if let Some(after) = exponent(bytes, end) {
            end = after;
        }
        let value: f64 = text[..end].parse().unwrap_or(0.0);
        if matches!(at(end), b'j' | b'J') {
            return (end + 1, Some(Literal::Imaginary(value)));
        }
        return (end, Some(Literal::Float(value)));
    }
    if matches!(at(digits), b'j' | b'J') {
        return (digits + 1, Some(Literal::Imaginary(text[..digits].parse().unwrap_or(0.0))));
    }
    if at(0) == b'0' && digits > 1 {
        let octal = bytes[..digits].iter().all(|b| (b'0'..b'8').contains(b));
        let value = if octal { BigInt::parse_bytes(&bytes[..digits], 8) } else { None };
        return finish_int(digits, value, at(digits));
    }
    finish_int(digits, BigInt::parse_bytes(&bytes[..digits], 10), at(digits))
}

fn finish_int(end: usize, value: Option<BigInt>, next: u8) -> (usize, Option<Literal>) {
    let Some(value) = value else { return (end, None) };
    if matches!(next, b'l' | b'L') {
        return (end + 1, Some(Literal::Long(value)));
    }
    let literal = match i64::try_from(&value) {
        Ok(_) => Literal::Int(value),
        Err(_) => Literal::Long(value),
    };
    (end, Some(literal))
}

/// Where an exponent that starts at `from` ends.
fn exponent(bytes: &[u8], from: usize) -> Option<usize> {
    if !matches!(bytes.get(from), Some(b'e' | b'E')) {
        return None;
    }
    let mut end = from + 1;
    if matches!(bytes.get(end), Some(b'+' | b'-')) {
        end += 1;
    }
    let digits = end;
    while bytes.get(end).is_some_and(u8::is_ascii_digit) {
        end += 1;
    }
    (end > digits).then_some(end)
}
