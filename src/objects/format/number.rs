//! `int`, `float` and `complex` by a format specifier.

use super::spec::Spec;
use crate::memory::{Object, Ref};
use crate::objects::complex::{self, ComplexObject};
use crate::objects::float::text::{self, Style};
use crate::objects::int::parse;
use crate::objects::str::{StrBuilder, Units, raw};
use crate::objects::{FloatObject, IntObject, PyResult, StrObject, types};
use crate::vm::Ctx;

/// `int.__format__`; also that of `bool`.
pub fn format_int(cx: Ctx, value: &Object, spec: &StrObject) -> PyResult<Ref<StrObject>> {
    let Some(int) = value.downcast::<IntObject>() else { return cx.str(value) };
    if spec.is_empty() {
        return if value.is_exact(types().int) { parse::to_str(cx, int) } else { cx.str(value) };
    }
    let ty = value.ty().tp_name();
    let spec = Spec::parse(cx, spec, &ty, 'd', '>')?;
    match char::from_u32(spec.kind) {
        Some('b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') => format_integer(cx, int, &spec),
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
            let value = int.to_f64().ok_or_else(|| cx.overflow_error("int too large to convert to float"))?;
            format_real(cx, value, &spec)
        }
        _ => Err(spec.unknown_kind(cx, &ty)),
    }
}

/// The magnitude in a power-of-two base.
pub fn in_base(int: &IntObject, bits: u32, upper: bool) -> String {
    let text = match (int.as_i64(), bits) {
        (Some(value), 1) => format!("{:b}", value.unsigned_abs()),
        (Some(value), 3) => format!("{:o}", value.unsigned_abs()),
        (Some(value), _) => format!("{:x}", value.unsigned_abs()),
        (None, _) => int.to_bigint().magnitude().to_str_radix(1 << bits),
    };
    if upper { text.to_ascii_uppercase() } else { text }
}

fn format_integer(cx: Ctx, int: &IntObject, spec: &Spec) -> PyResult<Ref<StrObject>> {
    if spec.precision.is_some() {
        return Err(cx.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(cx.value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    let (digits, prefix) = match char::from_u32(spec.kind) {
        Some('c') => {
            if spec.sign.is_some() {
                return Err(cx.value_error("Sign not allowed with integer format specifier 'c'"));
            }
            if spec.alternate {
                return Err(
                    cx.value_error("Alternate form (#) not allowed with integer format specifier 'c'")
                );
            }
            let Some(value) = int.as_i64() else {
                return Err(cx.overflow_error("Python int too large to convert to C long"));
            };
            let point = u32::try_from(value).ok().filter(|&point| point < 0x110000);
            let Some(point) = point else { return Err(cx.overflow_error("%c arg not in range(0x110000)")) };
            return super::pad(cx, raw::from_point(point).units(), spec);
        }
        Some('b') => (in_base(int, 1, false), "0b"),
        Some('o') => (in_base(int, 3, false), "0o"),
        Some('x') => (in_base(int, 4, false), "0x"),
        Some('X') => (in_base(int, 4, true), "0X"),
        _ => {
            let text = parse::to_text(cx, int)?;
            (text.trim_start_matches('-').to_string(), "")
        }
    };
    let number = Number {
        sign: sign(int.is_negative(), spec.sign),
        prefix: if spec.alternate { prefix } else { "" },
        whole: &digits,
        rest: "",
        group: if prefix.is_empty() { 3 } else { 4 },
    };
    number.write(cx, spec)
}

fn sign(negative: bool, wanted: Option<char>) -> &'static str {
    match wanted {
        _ if negative => "-",
        Some('+') => "+",
        Some(' ') => " ",
        _ => "",
    }
}

/// The parts of a number before it is laid out.
struct Number<'a> {
    sign: &'a str,
    prefix: &'a str,
    whole: &'a str,
    /// Point, decimals, exponent, percent sign.
    rest: &'a str,
    group: usize,
}

impl Number<'_> {
    fn write(&self, cx: Ctx, spec: &Spec) -> PyResult<Ref<StrObject>> {
        let around = self.sign.len() + self.prefix.len() + self.rest.len();
        // Zeros that fill belong to the digits, and are grouped with them.
        let wanted =
            if spec.align == '=' && spec.fill == u32::from('0') { spec.width.unwrap_or(0) } else { 0 };
        let grouped = match spec.grouping {
            Some(separator) if self.whole.bytes().all(|b| b.is_ascii_hexdigit()) => {
                crate::objects::bytes::check_size(cx, wanted)?;
                group(self.whole, self.group, separator, wanted.saturating_sub(around))
            }
            _ => self.whole.to_string(),
        };
        if spec.align != '=' {
            let text = [self.sign, self.prefix, &grouped, self.rest].concat();
            return super::pad(cx, Units::One(text.as_bytes()), spec);
        }
        let missing = spec.width.unwrap_or(0).saturating_sub(around + grouped.len());
        crate::objects::bytes::check_size(cx, missing)?;
        let mut out = StrBuilder::with_capacity(around + grouped.len() + missing);
        out.push_str(self.sign);
        out.push_str(self.prefix);
        out.push_many(spec.fill, missing);
        out.push_str(&grouped);
        out.push_str(self.rest);
        Ok(out.finish())
    }
}

/// Digits in groups from the right, filled with zeros to at least `width`.
fn group(digits: &str, size: usize, separator: char, width: usize) -> String {
    let mut reversed = String::with_capacity(digits.len().max(width) * 2);
    let mut count = 0;
    let mut from_right = digits.chars().rev();
    loop {
        let digit = match from_right.next() {
            Some(digit) => digit,
            None if reversed.len() < width => '0',
            None => break,
        };
        if count > 0 && count % size == 0 {
            reversed.push(separator);
        }
        reversed.push(digit);
        count += 1;
    }
    reversed.chars().rev().collect()
}

/// `float.__format__`.
pub fn format_float(cx: Ctx, value: &Object, spec: &StrObject) -> PyResult<Ref<StrObject>> {
    let Some(float) = value.downcast::<FloatObject>() else { return cx.str(value) };
    if spec.is_empty() {
        return if value.is_exact(types().float) {
            Ok(cx.new_str(&text::repr(float.value)))
        } else {
            cx.str(value)
        };
    }
    let ty = value.ty().tp_name();
    let spec = Spec::parse(cx, spec, &ty, '\0', '>')?;
    match char::from_u32(spec.kind) {
        Some('\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => format_real(cx, float.value, &spec),
        _ => Err(spec.unknown_kind(cx, &ty)),
    }
}

/// How a presentation type writes digits: style, precision, `point_zero`, upper case.
fn style_of(kind: u32, precision: Option<usize>) -> (Style, usize, bool, bool) {
    let upper = char::from_u32(kind).is_some_and(|c| c.is_ascii_uppercase());
    match char::from_u32(kind) {
        Some('e' | 'E') => (Style::Exponent, precision.unwrap_or(6), false, upper),
        Some('f' | 'F' | '%') => (Style::Fixed, precision.unwrap_or(6), false, upper),
        Some('g' | 'G' | 'n') => (Style::General, precision.unwrap_or(6), false, upper),
        _ => match precision {
            None => (Style::Repr, 0, true, false),
            Some(precision) => (Style::General, precision, true, false),
        },
    }
}

/// The text of a real number without sign, and whether it is negative.
fn real_text(cx: Ctx, value: f64, spec: &Spec) -> PyResult<(String, bool)> {
    let percent = spec.kind == u32::from('%');
    let value = if percent { value * 100.0 } else { value };
    if spec.precision.is_some_and(|precision| precision > i32::MAX as usize) {
        return Err(cx.value_error("precision too big"));
    }
    let (style, precision, point_zero, upper) = style_of(spec.kind, spec.precision);
    crate::objects::bytes::check_size(cx, precision)?;
    let mut text = text::format(value, style, precision, spec.alternate, point_zero, upper);
    let mut negative = text.starts_with('-');
    if negative {
        text.remove(0);
    }
    if negative && spec.no_negative_zero && value.is_finite() {
        let mantissa = text.split(['e', 'E']).next().unwrap_or("");
        negative = mantissa.bytes().any(|b| (b'1'..=b'9').contains(&b));
    }
    if percent {
        text.push('%');
    }
    Ok((text, negative))
}

fn format_real(cx: Ctx, value: f64, spec: &Spec) -> PyResult<Ref<StrObject>> {
    let (text, negative) = real_text(cx, value, spec)?;
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    // "inf" and "nan" are padded like digits but never grouped.
    let whole = if whole == 0 { text.len() - usize::from(text.ends_with('%')) } else { whole };
    let number = Number {
        sign: sign(negative, spec.sign),
        prefix: "",
        whole: &text[..whole],
        rest: &text[whole..],
        group: 3,
    };
    number.write(cx, spec)
}

/// `complex.__format__`.
pub fn format_complex(cx: Ctx, value: &Object, spec: &StrObject) -> PyResult<Ref<StrObject>> {
    let Some(number) = value.downcast::<ComplexObject>() else { return cx.str(value) };
    if spec.is_empty() {
        return if value.is_exact(types().complex) {
            Ok(cx.new_str(&complex::repr_text(number.re, number.im)))
        } else {
            cx.str(value)
        };
    }
    let ty = value.ty().tp_name();
    let spec = Spec::parse(cx, spec, &ty, '\0', '>')?;
    if !matches!(char::from_u32(spec.kind), Some('\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')) {
        return Err(spec.unknown_kind(cx, &ty));
    }
    if spec.fill == u32::from('0') {
        return Err(cx.value_error("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == '=' {
        return Err(cx.value_error("'=' alignment flag is not allowed in complex format specifier"));
    }
    // Without a type the text is that of `repr`: parentheses, no ".0", no zero real part.
    let plain = spec.kind == 0;
    let skip_real = plain && number.re == 0.0 && number.re.is_sign_positive();
    let part = |value: f64, forced: bool| -> PyResult<String> {
        let (text, negative) = if plain {
            let style = if spec.precision.is_some() { Style::General } else { Style::Repr };
            let precision = spec.precision.unwrap_or(0);
            let text = text::format(value, style, precision, spec.alternate, false, false);
            let negative = text.starts_with('-');
            (text.trim_start_matches('-').to_string(), negative)
        } else {
            real_text(cx, value, &spec)?
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = match spec.grouping {
            Some(separator) => group(&text[..digits], 3, separator, 0),
            None => text[..digits].to_string(),
        };
        let sign = if forced { sign(negative, Some('+')) } else { sign(negative, spec.sign) };
        Ok(format!("{sign}{whole}{}", &text[digits..]))
    };
    let mut text = String::new();
    if !skip_real {
        text.push_str(&part(number.re, false)?);
    }
    text.push_str(&part(number.im, !skip_real)?);
    text.push('j');
    if plain && !skip_real {
        text = format!("({text})");
    }
    super::pad(cx, Units::One(text.as_bytes()), &spec)
}
