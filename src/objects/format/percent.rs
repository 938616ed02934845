//! `%` of `str` and of `bytes`: C-like conversions.

use super::number::in_base;
use crate::memory::{Layout, Object, Ref};
use crate::objects::float::text::{self, Style};
use crate::objects::int::{methods::from_object, parse};
use crate::objects::str::{StrBuilder, Units};
use crate::objects::{FloatObject, IntObject, PyResult, StrObject, TupleObject, exceptions, names, types};
use crate::vm::Ctx;

/// The right operand: values one after another, or a mapping for `%(key)s`.
struct Arguments {
    values: Ref,
    mapping: bool,
    /// The value of the last `%(key)`, which the conversion takes.
    keyed: Option<Ref>,
    used: usize,
}

impl Arguments {
    fn new(values: &Object) -> Arguments {
        let tuple = values.is_instance(types().tuple);
        let mapping =
            values.ty().slots().mp_subscript.is_some() && !tuple && !values.is_instance(types().str);
        Arguments { values: values.to_ref(), mapping, keyed: None, used: 0 }
    }

    fn next(&mut self, cx: Ctx) -> PyResult {
        let missing = || cx.type_error("not enough arguments for format string");
        let index = self.used;
        self.used += 1;
        if let Some(keyed) = &self.keyed {
            return if index == 0 { Ok(keyed.clone()) } else { Err(missing()) };
        }
        match self.values.downcast::<TupleObject>() {
            Some(tuple) => tuple.as_slice().get(index).cloned().ok_or_else(missing),
            None if index == 0 => Ok(self.values.clone()),
            None => Err(missing()),
        }
    }

    fn all_used(&self) -> bool {
        self.mapping
            || self.keyed.is_some()
            || self.used >= self.values.downcast::<TupleObject>().map_or(1, TupleObject::len)
    }
}

/// One conversion between `%` and its letter.
#[derive(Default)]
struct Conversion {
    left: bool,
    plus: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

/// What is formatted: text, or bytes seen as Latin-1.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Str,
    Bytes,
}

/// `text % values`.
pub fn format_str(cx: Ctx, text: &StrObject, values: &Object) -> PyResult<Ref<StrObject>> {
    // A lone `%s` gives back the very string that `str()` gives.
    if text.eq_str("%s") {
        match values.downcast::<TupleObject>() {
            Some(tuple) => {
                if let [value] = tuple.as_slice() {
                    return cx.str(value);
                }
            }
            None => return cx.str(values),
        }
    }
    Ok(run(cx, text.units(), values, Mode::Str)?.finish())
}

/// `bytes % values`.
pub fn format_bytes(cx: Ctx, bytes: &[u8], values: &Object) -> PyResult<Vec<u8>> {
    let out = run(cx, Units::One(bytes), values, Mode::Bytes)?;
    Ok(out.units().points().map(|c| c as u8).collect())
}

fn run(cx: Ctx, text: Units<'_>, values: &Object, mode: Mode) -> PyResult<StrBuilder> {
    // The text may belong to an object that the values' code frees: its units are copied.
    let points: Vec<u32> = text.points().collect();
    let mut arguments = Arguments::new(values);
    let mut out = StrBuilder::with_capacity(points.len() + 32);
    let mut at = 0;
    while at < points.len() {
        let start = at;
        at = points[start..].iter().position(|&c| c == u32::from('%')).map_or(points.len(), |n| start + n);
        out.push_units(Units::Four(&points[start..at]));
        if at < points.len() {
            at += 1;
            convert(cx, &points, &mut at, &mut arguments, mode, &mut out)?;
        }
    }
    if !arguments.all_used() {
        return Err(cx.type_error(match mode {
            Mode::Str => "not all arguments converted during string formatting",
            Mode::Bytes => "not all arguments converted during bytes formatting",
        }));
    }
    Ok(out)
}

/// `%(key)`: looks the key up and makes its value the next argument.
fn take_key(cx: Ctx, points: &[u32], at: &mut usize, arguments: &mut Arguments, mode: Mode) -> PyResult<()> {
    if !arguments.mapping {
        return Err(cx.type_error("format requires a mapping"));
    }
    let (start, mut depth) = (*at + 1, 1);
    let mut end = start;
    while depth > 0 {
        match points.get(end).copied().and_then(char::from_u32) {
            None if end >= points.len() => return Err(cx.value_error("incomplete format key")),
            Some('(') => depth += 1,
            Some(')') => depth -= 1,
            _ => {}
        }
        end += 1;
    }
    let key = &points[start..end - 1];
    let key = match mode {
        Mode::Str => cx.new_str_from_code_points(key).into_object(),
        Mode::Bytes => cx.new_bytes(&key.iter().map(|&c| c as u8).collect::<Vec<_>>()).into_object(),
    };
    arguments.keyed = Some(cx.get_item(&arguments.values, &key)?);
    arguments.used = 0;
    *at = end;
    Ok(())
}

/// A width or precision: a number or `*`. `None` where there is neither.
fn size(
    cx: Ctx,
    points: &[u32],
    at: &mut usize,
    arguments: &mut Arguments,
    what: &str,
) -> PyResult<Option<i64>> {
    if points.get(*at) == Some(&u32::from('*')) {
        *at += 1;
        let value = arguments.next(cx)?;
        let Some(int) = value.downcast::<IntObject>() else { return Err(cx.type_error("* wants int")) };
        let Some(value) = int.as_i64() else {
            return Err(cx.overflow_error(if what == "width" {
                "Python int too large to convert to C ssize_t"
            } else {
                "Python int too large to convert to C int"
            }));
        };
        if what == "precision" && i32::try_from(value).is_err() {
            return Err(cx.overflow_error("Python int too large to convert to C int"));
        }
        return Ok(Some(value));
    }
    let mut value = None;
    while let Some(digit) = points.get(*at).and_then(|c| c.checked_sub(48)).filter(|&digit| digit < 10) {
        let limit = if what == "width" { i64::MAX } else { i64::from(i32::MAX) };
        let next = value.unwrap_or(0i64).checked_mul(10).and_then(|v| v.checked_add(digit.into()));
        match next.filter(|&next| next <= limit) {
            Some(next) => value = Some(next),
            None => return Err(cx.value_error(format_args!("{what} too big"))),
        }
        *at += 1;
    }
    Ok(value)
}

fn convert(
    cx: Ctx,
    points: &[u32],
    at: &mut usize,
    arguments: &mut Arguments,
    mode: Mode,
    out: &mut StrBuilder,
) -> PyResult<()> {
    let begin = *at;
    if points.get(*at) == Some(&u32::from('(')) {
        take_key(cx, points, at, arguments, mode)?;
    }
    let mut conversion = Conversion::default();
    while let Some(flag) = points.get(*at).copied().and_then(char::from_u32) {
        match flag {
            '-' => conversion.left = true,
            '+' => conversion.plus = true,
            ' ' => conversion.blank = true,
            '#' => conversion.alternate = true,
            '0' => conversion.zero = true,
            _ => break,
        }
        *at += 1;
    }
    if let Some(width) = size(cx, points, at, arguments, "width")? {
        conversion.left |= width < 0;
        conversion.width = width.unsigned_abs() as usize;
    }
    if points.get(*at) == Some(&u32::from('.')) {
        *at += 1;
        let precision = size(cx, points, at, arguments, "precision")?.unwrap_or(0);
        conversion.precision = Some(precision.max(0) as usize);
    }
    if points.get(*at).is_some_and(|&c| "hlL".chars().any(|modifier| c == u32::from(modifier))) {
        *at += 1;
    }
    let Some(&letter) = points.get(*at) else { return Err(cx.value_error("incomplete format")) };
    let index = *at;
    *at += 1;
    if letter == u32::from('%') && index == begin {
        out.push(letter);
        return Ok(());
    }
    let value = arguments.next(cx)?;
    crate::objects::bytes::check_size(cx, conversion.width)?;
    let letter_char = char::from_u32(letter).unwrap_or('?');
    match letter_char {
        's' | 'r' | 'a' | 'b' if mode == Mode::Bytes => {
            let bytes = bytes_of(cx, &value, letter_char)?;
            conversion.put_text(out, Units::One(&bytes));
        }
        's' | 'r' | 'a' => {
            let text = match letter_char {
                's' => cx.str(&value)?,
                'r' => cx.repr(&value)?,
                _ => cx.ascii(&value)?,
            };
            conversion.put_text(out, text.units());
        }
        'c' => {
            let point = char_of(cx, &value, mode)?;
            let cut = Conversion { precision: None, ..conversion };
            cut.put_text(out, Units::Four(&[point]));
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let int = integer_of(cx, &value, letter_char)?;
            conversion.put_integer(cx, out, &int, letter_char)?;
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let value = float_of(cx, &value, mode)?;
            conversion.put_float(cx, out, value, letter_char)?;
        }
        _ => {
            let shown = if (32..127).contains(&letter) { letter_char } else { '?' };
            return Err(cx.value_error(format_args!(
                "unsupported format character '{shown}' (0x{letter:x}) at index {index}"
            )));
        }
    }
    Ok(())
}

fn float_of(cx: Ctx, value: &Object, mode: Mode) -> PyResult<f64> {
    if mode == Mode::Bytes && !value.is_instance(types().float) {
        let slots = value.ty().slots();
        if slots.nb_float.is_none() && slots.nb_index.is_none() {
            return Err(cx.type_error(format_args!("float argument required, not {}", value.ty().tp_name())));
        }
    }
    match value.downcast_exact::<FloatObject>() {
        Some(float) => Ok(float.value),
        None => cx.to_f64(value),
    }
}

/// The argument of an integer conversion.
fn integer_of(cx: Ctx, value: &Ref, letter: char) -> PyResult<Ref<IntObject>> {
    if let Some(int) = value.downcast::<IntObject>() {
        return Ok(int.to_ref());
    }
    let exact = matches!(letter, 'o' | 'x' | 'X');
    let slots = value.ty().slots();
    let number = slots.nb_index.is_some()
        || slots.nb_int.is_some()
        || slots.nb_float.is_some()
        || value.is_instance(types().complex);
    if number {
        let result = if exact { cx.index(value) } else { from_object(cx, value) };
        match result {
            Err(raised) if cx.raised_is(&raised, exceptions().type_error) => cx.clear_exception(raised),
            other => return other,
        }
    }
    let wanted = if exact { "an integer" } else { "a real number" };
    Err(cx.type_error(format_args!("%{letter} format: {wanted} is required, not {}", value.ty().tp_name())))
}

/// The argument of `%c`.
fn char_of(cx: Ctx, value: &Ref, mode: Mode) -> PyResult<u32> {
    let wrong = || {
        cx.type_error(match mode {
            Mode::Str => "%c requires int or char",
            Mode::Bytes => "%c requires an integer in range(256) or a single byte",
        })
    };
    if mode == Mode::Str {
        if let Some(text) = value.downcast::<StrObject>() {
            return if text.len() == 1 { Ok(text.code_point(0)) } else { Err(wrong()) };
        }
    } else if value.is_instance(types().bytes) || value.is_instance(types().bytearray) {
        let byte = cx.with_bytes(value, |bytes| if let [byte] = bytes { Some(*byte) } else { None })?;
        return byte.map(u32::from).ok_or_else(wrong);
    }
    if value.ty().slots().nb_index.is_none() {
        return Err(wrong());
    }
    let int = match cx.index(value) {
        Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            return Err(wrong());
        }
        other => other?,
    };
    let limit = if mode == Mode::Str { 0x110000 } else { 256 };
    match int.as_i64().and_then(|value| u32::try_from(value).ok()) {
        Some(point) if point < limit => Ok(point),
        _ => Err(cx.overflow_error(match mode {
            Mode::Str => "%c arg not in range(0x110000)",
            Mode::Bytes => "%c arg not in range(256)",
        })),
    }
}

/// The argument of `%s`, `%b`, `%r` and `%a` in bytes.
fn bytes_of(cx: Ctx, value: &Ref, letter: char) -> PyResult<Vec<u8>> {
    if matches!(letter, 'r' | 'a') {
        return Ok(cx.ascii(value)?.to_string_lossy().into_bytes());
    }
    if value.is_exact(types().bytes) || value.is_instance(types().bytearray) {
        return cx.with_bytes(value, <[u8]>::to_vec);
    }
    if let Some(result) = cx.call_special(value, &names().bytes, &[])? {
        if !result.is_instance(types().bytes) {
            return Err(
                cx.type_error(format_args!("__bytes__ returned non-bytes (type {})", result.ty().tp_name()))
            );
        }
        return cx.with_bytes(&result, <[u8]>::to_vec);
    }
    if value.ty().slots().as_bytes.is_some() {
        return cx.with_bytes(value, <[u8]>::to_vec);
    }
    Err(cx.type_error(format_args!(
        "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
        value.ty().tp_name()
    )))
}

impl Conversion {
    fn put_text(&self, out: &mut StrBuilder, text: Units<'_>) {
        let text = text.range(0, self.precision.map_or(text.len(), |p| p.min(text.len())));
        let missing = self.width.saturating_sub(text.len());
        if !self.left {
            out.push_many(' '.into(), missing);
        }
        out.push_units(text);
        if self.left {
            out.push_many(' '.into(), missing);
        }
    }

    /// A number: sign, prefix and digits within the width.
    fn put_number(&self, out: &mut StrBuilder, negative: bool, prefix: &str, digits: &str) {
        let sign = match (negative, self.plus, self.blank) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let missing = self.width.saturating_sub(sign.len() + prefix.len() + digits.len());
        let zeros = self.zero && !self.left;
        if !self.left && !zeros {
            out.push_many(' '.into(), missing);
        }
        out.push_str(sign);
        out.push_str(prefix);
        if zeros {
            out.push_many('0'.into(), missing);
        }
        out.push_str(digits);
        if self.left {
            out.push_many(' '.into(), missing);
        }
    }

    fn put_integer(&self, cx: Ctx, out: &mut StrBuilder, int: &IntObject, letter: char) -> PyResult<()> {
        let (digits, prefix) = match letter {
            'o' => (in_base(int, 3, false), if crate::era::is_classic() { "0" } else { "0o" }),
            'x' => (in_base(int, 4, false), "0x"),
            'X' => (in_base(int, 4, true), "0X"),
            _ => (parse::to_text(cx, int)?.trim_start_matches('-').to_string(), ""),
        };
        let wanted = self.precision.unwrap_or(0);
        crate::objects::bytes::check_size(cx, wanted)?;
        let zeros = "0".repeat(wanted.saturating_sub(digits.len()));
        let prefix = if self.alternate { prefix } else { "" };
        self.put_number(out, int.is_negative(), prefix, &(zeros + &digits));
        Ok(())
    }

    fn put_float(&self, cx: Ctx, out: &mut StrBuilder, value: f64, letter: char) -> PyResult<()> {
        let style = match letter.to_ascii_lowercase() {
            'e' => Style::Exponent,
            'f' => Style::Fixed,
            _ => Style::General,
        };
        let precision = self.precision.unwrap_or(6);
        crate::objects::bytes::check_size(cx, precision)?;
        let text = text::format(value, style, precision, self.alternate, false, letter.is_ascii_uppercase());
        let digits = text.strip_prefix('-');
        self.put_number(out, digits.is_some(), "", digits.unwrap_or(&text));
        Ok(())
    }
}
