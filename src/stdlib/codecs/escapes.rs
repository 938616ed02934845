//! Codecs of `_codecs` that write what they cannot hold in ASCII: `raw_unicode_escape`, the
//! escapes of bytes literals, UTF-7; and decoders that tell the byte order they found.

use super::{errors_of, str_argument};
use crate::memory::{Object, Ref};
use crate::objects::args::check_count;
use crate::objects::spec::MethodDef;
use crate::objects::str::StrBuilder;
use crate::objects::str::codec::{self, Encoding, Order};
use crate::objects::{PyResult, StrObject};
use crate::vm::Ctx;

fn pair(cx: Ctx, converted: Ref, consumed: usize) -> PyResult {
    Ok(cx.new_tuple(vec![converted, cx.new_uint(consumed)]).into_object())
}

/// Bytes, or text that stands for its UTF-8.
fn bytes_or_text(cx: Ctx, value: &Object) -> PyResult<Vec<u8>> {
    match value.downcast::<StrObject>() {
        Some(text) => codec::encode_as(cx, text, Encoding::Utf8, "strict"),
        None => cx.with_bytes(value, <[u8]>::to_vec),
    }
}

fn is_final(cx: Ctx, given: Option<&Ref>, default: bool) -> PyResult<bool> {
    given.map_or(Ok(default), |flag| cx.is_true(flag))
}

fn raw_unicode_escape_encode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    check_count(cx, "raw_unicode_escape_encode", given, 1, 2)?;
    let text = str_argument(cx, "raw_unicode_escape_encode", &given[0])?;
    let mut out = Vec::with_capacity(text.len());
    for point in text.code_points() {
        match point {
            0..=0xff => out.push(point as u8),
            0x100..=0xffff => out.extend(format!("\\u{point:04x}").bytes()),
            _ => out.extend(format!("\\U{point:08x}").bytes()),
        }
    }
    pair(cx, cx.new_bytes(&out).into_object(), text.len())
}

/// What an error handler does with a decoding error: text goes to `out`; where to go on.
fn handle(
    cx: Ctx,
    name: &str,
    bytes: &[u8],
    (start, end): (usize, usize),
    reason: &str,
    errors: &str,
    out: &mut StrBuilder,
) -> PyResult<usize> {
    let refused = cx.unicode_decode_error(name, bytes, start, end, reason);
    let (put, next) = codec::call_handler(cx, errors, refused, bytes.len())?;
    if let Some(put) = put.downcast::<StrObject>() {
        out.push_obj(put);
    }
    Ok(next)
}

fn raw_unicode_escape_decode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    check_count(cx, "raw_unicode_escape_decode", given, 1, 3)?;
    let bytes = bytes_or_text(cx, &given[0])?;
    let errors = errors_of(cx, given.get(1))?;
    let last = is_final(cx, given.get(2), true)?;
    let mut out = StrBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let width = match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            (b'\\', None) if !last => break,
            (b'\\', Some(next)) => {
                out.push(u32::from(b'\\'));
                out.push(u32::from(*next));
                at += 2;
                continue;
            }
            (byte, _) => {
                out.push(u32::from(byte));
                at += 1;
                continue;
            }
        };
        let digits = bytes[at + 2..].iter().take(width).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let value = bytes[at + 2..at + 2 + digits]
            .iter()
            .fold(0u32, |value, byte| value << 4 | char::from(*byte).to_digit(16).unwrap_or(0));
        if digits < width {
            if !last && at + 2 + digits == bytes.len() {
                break;
            }
            let reason = if width == 4 { "truncated \\uXXXX escape" } else { "truncated \\UXXXXXXXX escape" };
            let place = (at, at + 2 + digits);
            at = handle(cx, "rawunicodeescape", &bytes, place, reason, &errors, &mut out)?;
        } else if value >= 0x110000 {
            let place = (at, at + 10);
            at =
                handle(cx, "rawunicodeescape", &bytes, place, "\\Uxxxxxxxx out of range", &errors, &mut out)?;
        } else {
            out.push(value);
            at += 2 + width;
        }
    }
    pair(cx, out.finish().into_object(), at)
}

fn unicode_escape_decode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    const NAME: &str = "unicodeescape";
    check_count(cx, "unicode_escape_decode", given, 1, 3)?;
    let bytes = bytes_or_text(cx, &given[0])?;
    let errors = errors_of(cx, given.get(1))?;
    let last = is_final(cx, given.get(2), true)?;
    let mut out = StrBuilder::with_capacity(bytes.len());
    let (mut at, mut warned) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        if byte != b'\\' {
            out.push(u32::from(byte));
            continue;
        }
        let Some(&kind) = bytes.get(at) else {
            if !last {
                return pair(cx, out.finish().into_object(), start);
            }
            at = handle(cx, NAME, &bytes, (start, at), "\\ at end of string", &errors, &mut out)?;
            continue;
        };
        at += 1;
        let width = match kind {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => {
                out.push(u32::from(kind));
                continue;
            }
            b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' => {
                const MEANT: [(u8, u32); 7] =
                    [(b'a', 7), (b'b', 8), (b'f', 12), (b'n', 10), (b'r', 13), (b't', 9), (b'v', 11)];
                MEANT.iter().filter(|known| known.0 == kind).for_each(|known| out.push(known.1));
                continue;
            }
            b'0'..=b'7' => {
                let digits = bytes[at..].iter().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
                let value = bytes[at - 1..at + digits].iter().fold(0, |v, d| v * 8 + u32::from(d - b'0'));
                at += digits;
                if value > 0xff && !warned {
                    warned = true;
                    let message = format!("invalid octal escape sequence '\\{value:o}'");
                    cx.warn(crate::objects::exceptions().deprecation_warning, &message, 1)?;
                }
                out.push(value);
                continue;
            }
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'N' => {
                let reason = "malformed \\N character escape";
                if bytes.get(at) == Some(&b'{') {
                    let Some(length) = bytes[at..].iter().position(|byte| *byte == b'}') else {
                        if !last {
                            return pair(cx, out.finish().into_object(), start);
                        }
                        at = handle(cx, NAME, &bytes, (start, bytes.len()), reason, &errors, &mut out)?;
                        continue;
                    };
                    if length > 1 {
                        let name = String::from_utf8_lossy(&bytes[at + 1..at + length]).into_owned();
                        at += length + 1;
                        match unicode_names2::character(&name) {
                            Some(c) => out.push(c.into()),
                            None => {
                                let reason = "unknown Unicode character name";
                                at = handle(cx, NAME, &bytes, (start, at), reason, &errors, &mut out)?;
                            }
                        }
                        continue;
                    }
                    at += length + 1;
                } else if !last && at == bytes.len() {
                    return pair(cx, out.finish().into_object(), start);
                }
                at = handle(cx, NAME, &bytes, (start, at), reason, &errors, &mut out)?;
                continue;
            }
            _ => {
                if !warned {
                    warned = true;
                    let message = format!("invalid escape sequence '\\{}'", char::from(kind));
                    cx.warn(crate::objects::exceptions().deprecation_warning, &message, 1)?;
                }
                out.push(u32::from(b'\\'));
                out.push(u32::from(kind));
                continue;
            }
        };
        let digits = bytes[at..].iter().take(width).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let value = bytes[at..at + digits]
            .iter()
            .fold(0u32, |value, byte| value << 4 | char::from(*byte).to_digit(16).unwrap_or(0));
        at += digits;
        if digits < width {
            if !last && at == bytes.len() {
                return pair(cx, out.finish().into_object(), start);
            }
            let reason = format!("truncated \\{}{} escape", char::from(kind), "X".repeat(width));
            at = handle(cx, NAME, &bytes, (start, at), &reason, &errors, &mut out)?;
        } else if value >= 0x110000 {
            at = handle(cx, NAME, &bytes, (start, at), "illegal Unicode character", &errors, &mut out)?;
        } else {
            out.push(value);
        }
    }
    pair(cx, out.finish().into_object(), bytes.len())
}

fn escape_encode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    check_count(cx, "escape_encode", given, 1, 2)?;
    if !given[0].is_instance(crate::objects::types().bytes) {
        let ty = given[0].ty().tp_name();
        return Err(cx.type_error(format_args!("escape_encode() argument 1 must be bytes, not {ty}")));
    }
    let bytes = cx.with_bytes(&given[0], <[u8]>::to_vec)?;
    let mut out = Vec::with_capacity(bytes.len());
    for byte in &bytes {
        match byte {
            b'\\' | b'\'' => out.extend([b'\\', *byte]),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            0x20..=0x7e => out.push(*byte),
            _ => out.extend(format!("\\x{byte:02x}").bytes()),
        }
    }
    pair(cx, cx.new_bytes(&out).into_object(), bytes.len())
}

fn escape_decode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    check_count(cx, "escape_decode", given, 1, 2)?;
    let bytes = bytes_or_text(cx, &given[0])?;
    let errors = errors_of(cx, given.get(1))?;
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&kind) = bytes.get(at) else {
            return Err(cx.value_error("Trailing \\ in string"));
        };
        at += 1;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b't' => out.push(9),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let mut value = u32::from(kind - b'0');
                for _ in 0..2 {
                    match bytes.get(at) {
                        Some(digit @ b'0'..=b'7') => {
                            value = value << 3 | u32::from(digit - b'0');
                            at += 1;
                        }
                        _ => break,
                    }
                }
                if value > 0xff {
                    let message = format!("invalid octal escape sequence '\\{value:o}'");
                    cx.warn(crate::objects::exceptions().deprecation_warning, &message, 1)?;
                }
                out.push(value as u8);
            }
            b'x' => {
                let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
                match (digit(at), digit(at + 1)) {
                    (Some(high), Some(low)) => {
                        out.push((high << 4 | low) as u8);
                        at += 2;
                    }
                    (first, _) => {
                        match errors.as_str() {
                            "strict" => {
                                return Err(
                                    cx.value_error(format_args!("invalid \\x escape at position {}", at - 2))
                                );
                            }
                            "replace" => out.push(b'?'),
                            "ignore" => {}
                            other => {
                                return Err(cx.value_error(format_args!(
                                    "decoding error; unknown error handling code: {other}"
                                )));
                            }
                        }
                        at += usize::from(first.is_some());
                    }
                }
            }
            other => {
                let message = format!("invalid escape sequence '\\{}'", char::from(other));
                cx.warn(crate::objects::exceptions().deprecation_warning, &message, 1)?;
                out.extend([b'\\', other]);
            }
        }
    }
    pair(cx, cx.new_bytes(&out).into_object(), bytes.len())
}

// ---- UTF-7 ----

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(byte: u8) -> Option<u32> {
    BASE64.iter().position(|digit| *digit == byte).map(|value| value as u32)
}

/// Whether UTF-7 writes a character as it is.
fn is_direct(point: u32) -> bool {
    match u8::try_from(point) {
        Ok(b'\t' | b'\n' | b'\r' | b' ') => true,
        Ok(b'+' | b'\\' | b'~') | Err(_) => false,
        Ok(byte) => (0x20..0x7f).contains(&byte),
    }
}

fn utf_7_encode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    check_count(cx, "utf_7_encode", given, 1, 2)?;
    let text = str_argument(cx, "utf_7_encode", &given[0])?;
    let (mut out, mut shifted, mut bits, mut word) = (Vec::new(), false, 0, 0u32);
    for point in text.code_points() {
        if shifted && is_direct(point) {
            if bits > 0 {
                out.push(BASE64[(word << (6 - bits) & 63) as usize]);
                (bits, word) = (0, 0);
            }
            shifted = false;
            let ambiguous = u8::try_from(point).is_ok_and(|byte| from_base64(byte).is_some() || byte == b'-');
            if ambiguous {
                out.push(b'-');
            }
            out.push(point as u8);
        } else if !shifted && point == u32::from(b'+') {
            out.extend(b"+-");
        } else if !shifted && is_direct(point) {
            out.push(point as u8);
        } else {
            if !shifted {
                out.push(b'+');
                shifted = true;
            }
            let mut units = [0u16; 2];
            let units = match char::from_u32(point) {
                Some(c) => &*c.encode_utf16(&mut units),
                None => {
                    units[0] = point as u16;
                    &units[..1]
                }
            };
            for unit in units {
                word = word << 16 | u32::from(*unit);
                bits += 16;
                while bits >= 6 {
                    bits -= 6;
                    out.push(BASE64[(word >> bits & 63) as usize]);
                }
                word &= (1 << bits) - 1;
            }
        }
    }
    if shifted {
        if bits > 0 {
            out.push(BASE64[(word << (6 - bits) & 63) as usize]);
        }
        out.push(b'-');
    }
    pair(cx, cx.new_bytes(&out).into_object(), text.len())
}

fn utf_7_decode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    check_count(cx, "utf_7_decode", given, 1, 3)?;
    let bytes = cx.with_bytes(&given[0], <[u8]>::to_vec)?;
    let errors = errors_of(cx, given.get(1))?;
    let last = is_final(cx, given.get(2), false)?;
    let mut out = StrBuilder::with_capacity(bytes.len());
    let mut at = 0;
    // Of a shifted run that is not complete, everything is kept for later.
    let mut consumed = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte != b'+' {
            if byte >= 0x80 {
                at = handle(
                    cx,
                    "utf7",
                    &bytes,
                    (at, at + 1),
                    "unexpected special character",
                    &errors,
                    &mut out,
                )?;
            } else {
                out.push(u32::from(byte));
                at += 1;
            }
            consumed = at;
            continue;
        }
        let start = at;
        at += 1;
        if bytes.get(at) == Some(&b'-') {
            out.push(u32::from(b'+'));
            at += 1;
            consumed = at;
            continue;
        }
        let mut run = StrBuilder::new();
        let (mut bits, mut word, mut high) = (0, 0u32, None::<u32>);
        while let Some(value) = bytes.get(at).and_then(|byte| from_base64(*byte)) {
            word = word << 6 | value;
            bits += 6;
            at += 1;
            if bits >= 16 {
                bits -= 16;
                let unit = word >> bits & 0xffff;
                word &= (1 << bits) - 1;
                match (high.take(), unit) {
                    (Some(first), 0xdc00..=0xdfff) => {
                        run.push(0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00));
                    }
                    (before, unit) => {
                        if let Some(alone) = before {
                            run.push(alone);
                        }
                        if (0xd800..0xdc00).contains(&unit) { high = Some(unit) } else { run.push(unit) }
                    }
                }
            }
        }
        if at == bytes.len() && !last {
            break;
        }
        let open = high.is_some() || bits >= 6 || word != 0;
        let reason = if at == bytes.len() {
            open.then_some("unterminated shift sequence")
        } else if at == start + 1 {
            Some("ill-formed sequence")
        } else if bits >= 6 {
            Some("partial character in base64 sequence")
        } else if word != 0 {
            Some("non-zero padding bits in base64 sequence")
        } else {
            None
        };
        match reason {
            Some(reason) => {
                out.push_units(run.units());
                // The character that ends the run is part of what is wrong.
                let end = (at + 1).min(bytes.len());
                at = handle(cx, "utf7", &bytes, (start, end), reason, &errors, &mut out)?;
            }
            None => {
                out.push_units(run.units());
                if let Some(alone) = high.filter(|_| bytes.get(at).is_some_and(|byte| byte.is_ascii())) {
                    out.push(alone);
                }
                if bytes.get(at) == Some(&b'-') {
                    at += 1;
                }
            }
        }
        consumed = at;
    }
    pair(cx, out.finish().into_object(), consumed)
}

/// `utf_16_ex_decode` and `utf_32_ex_decode`: text, bytes used, and the order (-1 little, 1 big).
fn decode_with_order(cx: Ctx, name: &str, given: &[Ref], unit: usize) -> PyResult {
    check_count(cx, name, given, 1, 4)?;
    let bytes = cx.with_bytes(&given[0], <[u8]>::to_vec)?;
    let errors = errors_of(cx, given.get(1))?;
    let mut order = given.get(2).map_or(Ok(0), |order| cx.to_i32(order))?;
    let last = is_final(cx, given.get(3), false)?;
    let mut start = 0;
    if order == 0 && bytes.len() >= unit {
        let mark = &bytes[..unit];
        let little: &[u8] = if unit == 2 { b"\xff\xfe" } else { b"\xff\xfe\0\0" };
        if mark == little {
            (order, start) = (-1, unit);
        } else if mark.iter().rev().eq(little) {
            (order, start) = (1, unit);
        }
    }
    let encoding = Encoding::Wide { unit, order: Some(if order == 1 { Order::Big } else { Order::Little }) };
    let end = if last { bytes.len() } else { start + super::complete(&bytes[start..], encoding) };
    let text = codec::decode_as(cx, &bytes[start..end], encoding, &errors)?;
    let parts = vec![text.into_object(), cx.new_uint(end), cx.new_int(order.into())];
    Ok(cx.new_tuple(parts).into_object())
}

fn utf_16_ex_decode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    decode_with_order(cx, "utf_16_ex_decode", given, 2)
}

fn utf_32_ex_decode(cx: Ctx, _: &Object, given: &[Ref]) -> PyResult {
    decode_with_order(cx, "utf_32_ex_decode", given, 4)
}

macro_rules! functions {
    ($($name:ident: $signature:literal,)*) => {
        /// Functions of `_codecs`.
        pub static FUNCTIONS: &[MethodDef] = &[$(MethodDef::fast(
            stringify!($name),
            $name,
            concat!(stringify!($name), "($module, ", $signature, ")\n--\n\n"),
        ),)*];
    };
}

functions! {
    raw_unicode_escape_encode: "str, errors=None, /",
    raw_unicode_escape_decode: "data, errors=None, final=True, /",
    unicode_escape_decode: "data, errors=None, final=True, /",
    escape_encode: "data, errors=None, /",
    escape_decode: "data, errors=None, /",
    utf_7_encode: "str, errors=None, /",
    utf_7_decode: "data, errors=None, final=False, /",
    utf_16_ex_decode: "data, errors=None, byteorder=0, final=False, /",
    utf_32_ex_decode: "data, errors=None, byteorder=0, final=False, /",
}
