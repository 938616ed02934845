//! The encodings that need no Python code (UTF-8, UTF-16, UTF-32, Latin-1, ASCII), both ways, with
//! the built-in error handlers.

use super::{StrBuilder, StrObject, Units, raw};
use crate::memory::{Layout, Object, Ref};
use crate::objects::{PyResult, Raised, exceptions};
use crate::vm::Ctx;

/// An encoding known here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    /// Bytes per unit (2 or 4) and byte order; without one, a byte order mark decides or is written.
    Wide {
        unit: usize,
        order: Option<Order>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    Little,
    Big,
}

impl Encoding {
    /// By name, in any of the usual spellings.
    pub fn by_name(name: &str) -> Option<Encoding> {
        let plain: String = name
            .chars()
            .map(|c| match c {
                '_' | ' ' | '.' => '-',
                c => c.to_ascii_lowercase(),
            })
            .collect();
        let wide = |unit, order| Some(Encoding::Wide { unit, order });
        match plain.as_str() {
            "utf-8" | "utf8" | "u8" | "utf" | "utf8-ucs2" | "utf8-ucs4" | "cp65001" => Some(Encoding::Utf8),
            "latin-1" | "latin1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819"
            | "iso8859" | "iso-ir-100" | "csisolatin1" | "ibm819" | "iso-8859-1-1987" => {
                Some(Encoding::Latin1)
            }
            "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" | "ansi-x3-4-1968" | "iso646-us" | "cp367"
            | "us" | "ibm367" | "csascii" | "iso-646.irv-1991" => Some(Encoding::Ascii),
            "utf-16" | "utf16" | "u16" => wide(2, None),
            "utf-16-le" | "utf-16le" | "utf16le" | "utf16-le" | "unicodelittleunmarked" => {
                wide(2, Some(Order::Little))
            }
            "utf-16-be" | "utf-16be" | "utf16be" | "utf16-be" | "unicodebigunmarked" => {
                wide(2, Some(Order::Big))
            }
            "utf-32" | "utf32" | "u32" => wide(4, None),
            "utf-32-le" | "utf-32le" | "utf32le" | "utf32-le" => wide(4, Some(Order::Little)),
            "utf-32-be" | "utf-32be" | "utf32be" | "utf32-be" => wide(4, Some(Order::Big)),
            _ => None,
        }
    }

    /// The name in error messages; `order` is the one in effect when decoding.
    fn name(self, order: Option<Order>) -> &'static str {
        match (self, order) {
            (Encoding::Utf8, _) => "utf-8",
            (Encoding::Latin1, _) => "latin-1",
            (Encoding::Ascii, _) => "ascii",
            (Encoding::Wide { unit: 2, .. }, None) => "utf-16",
            (Encoding::Wide { unit: 2, .. }, Some(Order::Little)) => "utf-16-le",
            (Encoding::Wide { unit: 2, .. }, Some(Order::Big)) => "utf-16-be",
            (Encoding::Wide { .. }, None) => "utf-32",
            (Encoding::Wide { .. }, Some(Order::Little)) => "utf-32-le",
            (Encoding::Wide { .. }, Some(Order::Big)) => "utf-32-be",
        }
    }
}

/// The encoding of this name, or `LookupError`.
pub fn lookup(cx: Ctx, name: &str) -> PyResult<Encoding> {
    Encoding::by_name(name)
        .ok_or_else(|| cx.raise(exceptions().lookup_error, format_args!("unknown encoding: {name}")))
}

/// What is done about text that cannot be converted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    NameReplace,
    SurrogateEscape,
    SurrogatePass,
    /// One that the program has registered.
    Registered,
}

/// Calls a registered handler with an exception: what it puts in place, and where to go on.
pub fn call_handler(cx: Ctx, name: &str, error: Raised, length: usize) -> PyResult<(Ref, usize)> {
    let error = cx.take_exception(error);
    let handler = codecs_function(cx, "lookup_error")?;
    let handler = cx.call1(&handler, cx.new_str(name).as_object())?;
    let answer = cx.call1(&handler, error.as_object())?;
    let encoding = error.as_object().is_instance(exceptions().unicode_encode_error);
    let parts = answer.downcast::<crate::objects::TupleObject>().map(|parts| parts.as_slice());
    let put_ok = |put: &Object| {
        put.downcast::<StrObject>().is_some() || (encoding && put.is_instance(crate::objects::types().bytes))
    };
    let Some([put, position]) = parts.filter(|parts| parts.len() == 2 && put_ok(&parts[0])) else {
        let kind = if encoding {
            "encoding error handler must return (str/bytes, int) tuple"
        } else {
            "decoding error handler must return (str, int) tuple"
        };
        return Err(cx.type_error(kind));
    };
    let position = cx.index_sized(position, exceptions().index_error)?;
    let at = if position < 0 { position + length as isize } else { position };
    match usize::try_from(at).ok().filter(|at| *at <= length) {
        Some(at) => Ok((put.clone(), at)),
        None => Err(cx.index_error(format_args!("position {position} from error handler out of bounds"))),
    }
}

/// A function of `_codecs`, where the registry is.
fn codecs_function(cx: Ctx, name: &str) -> PyResult {
    let module = crate::vm::import::import_module(cx, "_codecs")?;
    cx.get_attr_str(&module, name)
}

/// Converts by way of the registry (`which` 0 encodes, 1 decodes); only codecs between text and
/// bytes are taken.
fn convert_registered(cx: Ctx, object: Ref, encoding: &str, errors: &str, which: usize) -> PyResult {
    let lookup = codecs_function(cx, "lookup")?;
    let codec = cx.call1(&lookup, cx.new_str(encoding).as_object())?;
    let verb = if which == 0 { "encode" } else { "decode" };
    if let Some(is_text) = cx.get_attr_opt(&codec, &cx.intern("_is_text_encoding"))?
        && !cx.is_true(&is_text)?
    {
        return Err(cx.raise(
            exceptions().lookup_error,
            format_args!(
                "'{encoding}' is not a text encoding; use codecs.{verb}() to handle arbitrary codecs"
            ),
        ));
    }
    let function = cx.get_item(&codec, &cx.new_uint(which))?;
    let answer = cx.call(&function, &[object, cx.new_str(errors).into_object()])?;
    let parts = answer.downcast::<crate::objects::TupleObject>().map(|parts| parts.as_slice());
    match parts {
        Some([converted, _]) => Ok(converted.clone()),
        _ => Err(cx.type_error(format_args!("{verb}r must return a tuple (object, integer)"))),
    }
}

fn handler(cx: Ctx, name: &str) -> PyResult<Handler> {
    Ok(match name {
        "strict" => Handler::Strict,
        "ignore" => Handler::Ignore,
        "replace" => Handler::Replace,
        "backslashreplace" => Handler::BackslashReplace,
        "xmlcharrefreplace" => Handler::XmlCharRefReplace,
        "namereplace" => Handler::NameReplace,
        "surrogateescape" => Handler::SurrogateEscape,
        "surrogatepass" => Handler::SurrogatePass,
        _ => {
            let lookup = codecs_function(cx, "lookup_error")?;
            cx.call1(&lookup, cx.new_str(name).as_object())?;
            Handler::Registered
        }
    })
}

/// `UnicodeEncodeError(encoding, text, start, end, reason)`.
fn encode_error(cx: Ctx, name: &str, text: &StrObject, start: usize, end: usize, reason: &str) -> Raised {
    let args = vec![
        cx.new_str(name).into_object(),
        text.to_object(),
        cx.new_uint(start),
        cx.new_uint(end),
        cx.new_str(reason).into_object(),
    ];
    cx.raise_with(exceptions().unicode_encode_error, cx.new_tuple(args).into_object())
}

fn decode_error(cx: Ctx, name: &str, bytes: &[u8], start: usize, end: usize, reason: &str) -> Raised {
    let args = vec![
        cx.new_str(name).into_object(),
        cx.new_bytes(bytes).into_object(),
        cx.new_uint(start),
        cx.new_uint(end),
        cx.new_str(reason).into_object(),
    ];
    cx.raise_with(exceptions().unicode_decode_error, cx.new_tuple(args).into_object())
}

fn is_surrogate(point: u32) -> bool {
    (0xd800..0xe000).contains(&point)
}

impl Encoding {
    /// Name and reason in the error about what cannot be encoded.
    fn refusal(self) -> (&'static str, &'static str) {
        match self {
            Encoding::Ascii => ("ascii", "ordinal not in range(128)"),
            Encoding::Latin1 => ("latin-1", "ordinal not in range(256)"),
            Encoding::Wide { order, .. } => (self.name(order), "surrogates not allowed"),
            Encoding::Utf8 => ("utf-8", "surrogates not allowed"),
        }
    }

    /// Whether the encoding has this code point.
    fn holds(self, point: u32) -> bool {
        match self {
            Encoding::Ascii => point < 0x80,
            Encoding::Latin1 => point < 0x100,
            _ => !is_surrogate(point),
        }
    }

    /// Appends a code point that the encoding holds, or a surrogate as it is.
    fn put(self, out: &mut Vec<u8>, point: u32) {
        match self {
            Encoding::Ascii | Encoding::Latin1 => out.push(point as u8),
            Encoding::Utf8 => match char::from_u32(point) {
                Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => out.extend([
                    0xe0 | (point >> 12) as u8,
                    0x80 | (point >> 6 & 63) as u8,
                    0x80 | (point & 63) as u8,
                ]),
            },
            Encoding::Wide { unit, order } => {
                let mut put = |value: u32| {
                    let bytes = value.to_le_bytes();
                    if order == Some(Order::Big) {
                        out.extend(bytes[..unit].iter().rev());
                    } else {
                        out.extend(&bytes[..unit]);
                    }
                };
                if unit == 2 && point >= 0x10000 {
                    put(0xd800 + ((point - 0x10000) >> 10));
                    put(0xdc00 + ((point - 0x10000) & 0x3ff));
                } else {
                    put(point);
                }
            }
        }
    }
}

/// The text in an encoding given by name.
pub fn encode(cx: Ctx, text: &StrObject, encoding: &str, errors: &str) -> PyResult<Vec<u8>> {
    if let Some(native) = Encoding::by_name(encoding) {
        return encode_as(cx, text, native, errors);
    }
    let converted = convert_registered(cx, text.to_object(), encoding, errors, 0)?;
    if !converted.is_instance(crate::objects::types().bytes) {
        let ty = converted.ty().tp_name();
        return Err(cx.type_error(format_args!(
            "'{encoding}' encoder returned '{ty}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
        )));
    }
    cx.with_bytes(&converted, <[u8]>::to_vec)
}

/// The text as bytes.
pub fn encode_as(cx: Ctx, text: &StrObject, encoding: Encoding, errors: &str) -> PyResult<Vec<u8>> {
    match (encoding, text.units()) {
        (Encoding::Utf8 | Encoding::Ascii, Units::One(units)) if text.is_ascii() => return Ok(units.to_vec()),
        (Encoding::Latin1, Units::One(units)) => return Ok(units.to_vec()),
        _ => {}
    }
    let mut out = Vec::with_capacity(text.len() + 4);
    if let Encoding::Wide { order: None, .. } = encoding {
        encoding.put(&mut out, 0xfeff);
    }
    let mut at = 0;
    while at < text.len() {
        let point = text.code_point(at);
        if encoding.holds(point) {
            encoding.put(&mut out, point);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < text.len() && !encoding.holds(text.code_point(end)) {
            end += 1;
        }
        let handler = handler(cx, errors)?;
        if handler == Handler::Registered {
            let (name, reason) = encoding.refusal();
            let refuse = || encode_error(cx, name, text, at, end, reason);
            let (put, next) = call_handler(cx, errors, refuse(), text.len())?;
            match put.downcast::<StrObject>() {
                Some(put) if put.code_points().all(|point| encoding.holds(point)) => {
                    put.code_points().for_each(|point| encoding.put(&mut out, point));
                }
                Some(_) => return Err(refuse()),
                None => cx.with_bytes(&put, |bytes| out.extend_from_slice(bytes))?,
            }
            at = next;
            continue;
        }
        encode_run(cx, text, encoding, at, end, handler, &mut out)?;
        at = end;
    }
    Ok(out)
}

/// Handles the code points from `start` to `end`, which the encoding does not hold.
fn encode_run(
    cx: Ctx,
    text: &StrObject,
    encoding: Encoding,
    start: usize,
    end: usize,
    handler: Handler,
    out: &mut Vec<u8>,
) -> PyResult<()> {
    let (name, reason) = encoding.refusal();
    for at in start..end {
        let point = text.code_point(at);
        let refuse = || encode_error(cx, name, text, at, end, reason);
        match handler {
            Handler::Strict | Handler::Registered => return Err(refuse()),
            Handler::Ignore => {}
            Handler::Replace => encoding.put(out, '?'.into()),
            Handler::BackslashReplace => escape(point).chars().for_each(|c| encoding.put(out, c.into())),
            Handler::XmlCharRefReplace => {
                format!("&#{point};").chars().for_each(|c| encoding.put(out, c.into()))
            }
            Handler::NameReplace => {
                let named = char::from_u32(point).and_then(unicode_names2::name);
                let shown = named.map_or_else(|| escape(point), |name| format!("\\N{{{name}}}"));
                shown.chars().for_each(|c| encoding.put(out, c.into()));
            }
            Handler::SurrogateEscape => match point {
                0xdc80..=0xdcff => out.push((point - 0xdc00) as u8),
                _ => return Err(refuse()),
            },
            Handler::SurrogatePass => match encoding {
                Encoding::Utf8 | Encoding::Wide { .. } => encoding.put(out, point),
                _ => return Err(refuse()),
            },
        }
    }
    Ok(())
}

/// `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
pub fn escape(point: u32) -> String {
    match point {
        0..=0xff => format!("\\x{point:02x}"),
        0x100..=0xffff => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    }
}

/// Bytes in an encoding given by name, as text.
pub fn decode(cx: Ctx, bytes: &[u8], encoding: &str, errors: &str) -> PyResult<Ref<StrObject>> {
    if let Some(native) = Encoding::by_name(encoding) {
        return decode_as(cx, bytes, native, errors);
    }
    let converted = convert_registered(cx, cx.new_bytes(bytes).into_object(), encoding, errors, 1)?;
    let ty = converted.ty().tp_name();
    converted.downcast_ref::<StrObject>().map_err(|_| {
        cx.type_error(format_args!(
            "'{encoding}' decoder returned '{ty}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
        ))
    })
}

/// Bytes as text.
pub fn decode_as(cx: Ctx, bytes: &[u8], encoding: Encoding, errors: &str) -> PyResult<Ref<StrObject>> {
    match encoding {
        Encoding::Latin1 => Ok(raw::from_latin1(bytes)),
        Encoding::Ascii | Encoding::Utf8 if bytes.is_ascii() => Ok(raw::from_latin1(bytes)),
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(raw::from_utf8(text)),
            Err(_) => decode_loop(cx, bytes, encoding, None, 0, errors),
        },
        Encoding::Ascii => decode_loop(cx, bytes, encoding, None, 0, errors),
        Encoding::Wide { unit, order: None } => {
            let little: &[u8] = if unit == 2 { b"\xff\xfe" } else { b"\xff\xfe\0\0" };
            let big: Vec<u8> = little.iter().rev().copied().collect();
            let (order, start) = if bytes.starts_with(little) {
                (Order::Little, unit)
            } else if bytes.starts_with(&big) {
                (Order::Big, unit)
            } else {
                (Order::Little, 0)
            };
            decode_loop(cx, bytes, encoding, Some(order), start, errors)
        }
        Encoding::Wide { order, .. } => decode_loop(cx, bytes, encoding, order, 0, errors),
    }
}

/// One step of decoding: a code point and its length, or the length of what is wrong and why.
type Step = Result<(u32, usize), (usize, &'static str)>;

fn decode_loop(
    cx: Ctx,
    bytes: &[u8],
    encoding: Encoding,
    order: Option<Order>,
    start: usize,
    errors: &str,
) -> PyResult<Ref<StrObject>> {
    let mut out = StrBuilder::with_capacity(bytes.len());
    let mut at = start;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let step = match encoding {
            Encoding::Utf8 => utf8_step(rest),
            Encoding::Ascii if rest[0] >= 0x80 => Err((1, "ordinal not in range(128)")),
            Encoding::Ascii | Encoding::Latin1 => Ok((rest[0].into(), 1)),
            Encoding::Wide { unit: 2, .. } => utf16_step(rest, order),
            Encoding::Wide { .. } => utf32_step(rest, order),
        };
        let (wrong, reason) = match step {
            Ok((point, len)) => {
                out.push(point);
                at += len;
                continue;
            }
            Err(problem) => problem,
        };
        let name = encoding.name(order);
        let refuse = || decode_error(cx, name, bytes, at, at + wrong, reason);
        match handler(cx, errors)? {
            Handler::Strict => return Err(refuse()),
            Handler::Registered => {
                let (put, next) = call_handler(cx, errors, refuse(), bytes.len())?;
                if let Some(put) = put.downcast::<StrObject>() {
                    out.push_obj(put);
                }
                at = next;
                continue;
            }
            Handler::Ignore => {}
            Handler::Replace => out.push(0xfffd),
            Handler::BackslashReplace => {
                rest[..wrong].iter().for_each(|&byte| out.push_str(&escape(byte.into())))
            }
            Handler::SurrogateEscape => {
                // Only bytes that are no ASCII can be smuggled through.
                let escaped = rest[..wrong].iter().take_while(|&&byte| byte >= 0x80).count();
                if escaped == 0 {
                    return Err(refuse());
                }
                rest[..escaped].iter().for_each(|&byte| out.push(0xdc00 + u32::from(byte)));
                at += escaped;
                continue;
            }
            Handler::SurrogatePass => match passed_surrogate(rest, encoding, order) {
                Some((point, len)) => {
                    out.push(point);
                    at += len;
                    continue;
                }
                None => return Err(refuse()),
            },
            Handler::XmlCharRefReplace | Handler::NameReplace => {
                return Err(cx.type_error("don't know how to handle UnicodeDecodeError in error callback"));
            }
        }
        at += wrong;
    }
    Ok(out.finish())
}

fn utf8_step(rest: &[u8]) -> Step {
    let first = rest[0];
    let (needed, lowest, highest) = match first {
        0..=0x7f => return Ok((first.into(), 1)),
        0xc2..=0xdf => (2, 0x80, 0xbf),
        0xe0 => (3, 0xa0, 0xbf),
        0xed => (3, 0x80, 0x9f),
        0xe1..=0xef => (3, 0x80, 0xbf),
        0xf0 => (4, 0x90, 0xbf),
        0xf1..=0xf3 => (4, 0x80, 0xbf),
        0xf4 => (4, 0x80, 0x8f),
        _ => return Err((1, "invalid start byte")),
    };
    let mut point = u32::from(first) & (0x7f >> needed);
    for index in 1..needed {
        let Some(&byte) = rest.get(index) else { return Err((index, "unexpected end of data")) };
        let allowed = if index == 1 { lowest..=highest } else { 0x80..=0xbf };
        if !allowed.contains(&byte) {
            return Err((index, "invalid continuation byte"));
        }
        point = point << 6 | u32::from(byte & 63);
    }
    Ok((point, needed))
}

/// A unit of `N` bytes in the given order.
fn unit_at<const N: usize>(rest: &[u8], at: usize, order: Option<Order>) -> Option<u32> {
    let bytes = rest.get(at..at + N)?;
    let fold = |value: u32, &byte: &u8| value << 8 | u32::from(byte);
    Some(match order {
        Some(Order::Big) => bytes.iter().fold(0, fold),
        _ => bytes.iter().rev().fold(0, fold),
    })
}

fn utf16_step(rest: &[u8], order: Option<Order>) -> Step {
    let Some(first) = unit_at::<2>(rest, 0, order) else { return Err((rest.len(), "truncated data")) };
    match first {
        0xd800..=0xdbff => match unit_at::<2>(rest, 2, order) {
            Some(second @ 0xdc00..=0xdfff) => Ok((0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 4)),
            Some(_) => Err((2, "illegal UTF-16 surrogate")),
            None => Err((rest.len(), "unexpected end of data")),
        },
        0xdc00..=0xdfff => Err((2, "illegal encoding")),
        _ => Ok((first, 2)),
    }
}

fn utf32_step(rest: &[u8], order: Option<Order>) -> Step {
    match unit_at::<4>(rest, 0, order) {
        None => Err((rest.len(), "truncated data")),
        Some(point) if is_surrogate(point) => {
            Err((4, "code point in surrogate code point range(0xd800, 0xe000)"))
        }
        Some(point) if point >= 0x110000 => Err((4, "code point not in range(0x110000)")),
        Some(point) => Ok((point, 4)),
    }
}

/// A surrogate encoded as if it were a character.
fn passed_surrogate(rest: &[u8], encoding: Encoding, order: Option<Order>) -> Option<(u32, usize)> {
    let (point, len) = match (encoding, rest) {
        (Encoding::Utf8, [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..]) => {
            (0xd000 | u32::from(second & 63) << 6 | u32::from(third & 63), 3)
        }
        (Encoding::Wide { unit: 2, .. }, _) => (unit_at::<2>(rest, 0, order)?, 2),
        (Encoding::Wide { .. }, _) => (unit_at::<4>(rest, 0, order)?, 4),
        _ => return None,
    };
    is_surrogate(point).then_some((point, len))
}
