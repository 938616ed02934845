//! `_codecs`: the registry of codecs and error handlers, and the codecs written natively.

mod escapes;

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::exceptions::ExceptionObject;
use crate::objects::spec::{ModuleSpec, Signature};
use crate::objects::str::StrBuilder;
use crate::objects::str::codec::{self, Encoding, Order};
use crate::objects::{
    Args, DictObject, IntObject, ListObject, MethodDef, PyResult, StrObject, TupleObject, args, exceptions,
};
use crate::vm::Ctx;

// ---- the registry ----

fn root_list(cx: Ctx) -> PyResult<Ref<ListObject>> {
    if let Some(list) = cx.named_root("codecs.search")
        && let Ok(list) = list.downcast_ref::<ListObject>()
    {
        return Ok(list);
    }
    let list = cx.new_list(Vec::new())?;
    cx.set_named_root("codecs.search", Some(list.to_object()));
    Ok(list)
}

fn root_dict(cx: Ctx, name: &'static str) -> Ref<DictObject> {
    if let Some(dict) = cx.named_root(name)
        && let Ok(dict) = dict.downcast_ref::<DictObject>()
    {
        return dict;
    }
    let dict = cx.new_dict();
    cx.set_named_root(name, Some(dict.to_object()));
    dict
}

fn str_argument<'a>(cx: Ctx, function: &str, given: &'a Object) -> PyResult<&'a StrObject> {
    given.downcast::<StrObject>().ok_or_else(|| {
        cx.type_error(format_args!("{function}() argument must be str, not {}", given.ty().tp_name()))
    })
}

fn register(cx: Ctx, _module: &Object, function: &Ref) -> PyResult {
    if function.ty().slots().call.is_none() {
        return Err(cx.type_error("argument must be callable"));
    }
    root_list(cx)?.push(cx, function.clone())?;
    Ok(cx.none())
}

fn unregister(cx: Ctx, _module: &Object, function: &Ref) -> PyResult {
    let list = root_list(cx)?;
    let found = list.to_vec().iter().position(|registered| registered.is(function));
    if let Some(index) = found {
        drop(list.take(cx, index));
        root_dict(cx, "codecs.cache").clear(cx);
    }
    Ok(cx.none())
}

/// The codec of an encoding: a tuple (encode, decode, reader, writer). The library's `encodings`
/// is asked when nobody else has registered.
fn find_codec(cx: Ctx, encoding: &str) -> PyResult {
    let normal: String =
        encoding.chars().map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    let cache = root_dict(cx, "codecs.cache");
    let key = cx.intern(&normal);
    if let Some(known) = cache.get_str(cx, &key) {
        return Ok(known);
    }
    let search = root_list(cx)?;
    if search.is_empty() {
        let imported = crate::vm::import::import_module(cx, "encodings");
        drop(cx.catch(imported, exceptions().import_error)?);
    }
    let mut index = 0;
    while let Some(function) = search.get(index) {
        let found = cx.call(&function, &[key.to_object()])?;
        if !cx.is_none(&found) {
            if found.downcast::<TupleObject>().is_none_or(|codec| codec.len() != 4) {
                return Err(cx.type_error("codec search functions must return 4-tuples"));
            }
            cache.set_str(cx, &key, found.clone())?;
            return Ok(found);
        }
        index += 1;
    }
    Err(cx.raise(exceptions().lookup_error, format_args!("unknown encoding: {encoding}")))
}

fn lookup(cx: Ctx, _module: &Object, encoding: &Ref) -> PyResult {
    let encoding = str_argument(cx, "lookup", encoding)?.to_string_lossy();
    find_codec(cx, &encoding)
}

static ENCODE: Signature =
    Signature { name: "encode", params: &["obj", "encoding", "errors"], required: 1, max_positional: 3 };
static DECODE: Signature =
    Signature { name: "decode", params: &["obj", "encoding", "errors"], required: 1, max_positional: 3 };

/// `encode` or `decode`: what a codec's function `which` makes of an object.
fn convert(cx: Ctx, given: Args<'_>, which: usize) -> PyResult {
    let signature = if which == 0 { &ENCODE } else { &DECODE };
    let mut values = [None, None, None];
    args::bind(cx, signature, given, &mut values)?;
    let [object, encoding, errors] = values;
    let Some(object) = object else { return Ok(cx.none()) };
    let encoding = match &encoding {
        Some(encoding) => str_argument(cx, signature.name, encoding)?.to_string_lossy(),
        None => "utf-8".to_string(),
    };
    let errors_text = match &errors {
        Some(errors) => str_argument(cx, signature.name, errors)?.to_string_lossy(),
        None => "strict".to_string(),
    };
    if let Some(native) = Encoding::by_name(&encoding) {
        if which == 0
            && let Some(text) = object.downcast::<StrObject>()
        {
            return Ok(cx.new_bytes(&codec::encode_as(cx, text, native, &errors_text)?).into_object());
        }
        if which == 1
            && let Some(bytes) = object.downcast::<BytesObject>()
        {
            return Ok(codec::decode_as(cx, bytes.as_slice(), native, &errors_text)?.into_object());
        }
    }
    let found = find_codec(cx, &encoding)?;
    let function = found.downcast::<TupleObject>().and_then(|codec| codec.as_slice().get(which).cloned());
    let function = function.unwrap_or_else(|| cx.none());
    let mut arguments = vec![object];
    arguments.extend(errors);
    let result = cx.call(&function, &arguments)?;
    match result.downcast::<TupleObject>().map(TupleObject::as_slice) {
        Some([converted, _]) => Ok(converted.clone()),
        _ => {
            let word = if which == 0 { "encoder" } else { "decoder" };
            Err(cx.type_error(format_args!("{word} must return a tuple (object, integer)")))
        }
    }
}

// ---- error handlers ----

const HANDLERS: &[MethodDef] = &[
    MethodDef::one("strict_errors", strict, "Raise the exception."),
    MethodDef::one("ignore_errors", ignore, "Leave out what cannot be converted."),
    MethodDef::one("replace_errors", replace, "Put a replacement mark for what cannot be converted."),
    MethodDef::one(
        "xmlcharrefreplace_errors",
        xmlcharref,
        "Put an XML reference for what cannot be encoded.",
    ),
    MethodDef::one("backslashreplace_errors", backslash, "Put an escape for what cannot be converted."),
    MethodDef::one("namereplace_errors", backslash, "Put an escape for what cannot be encoded."),
    MethodDef::one("surrogatepass_errors", strict, "Let lone surrogates pass."),
    MethodDef::one("surrogateescape_errors", strict, "Hide undecodable bytes in surrogates."),
];
static HANDLER_TABLE: &[MethodDef] = HANDLERS;

/// What a handler is told: where the trouble is, and in what.
struct Trouble {
    subject: Ref,
    start: usize,
    end: usize,
    is_decode: bool,
}

fn trouble(cx: Ctx, error: &Object) -> PyResult<Trouble> {
    let e = exceptions();
    let known = error.is_instance(e.unicode_encode_error)
        || error.is_instance(e.unicode_decode_error)
        || error.is_instance(e.unicode_translate_error);
    if !known {
        return Err(cx.type_error(format_args!(
            "don't know how to handle {} in error callback",
            error.ty().tp_name()
        )));
    }
    let number = |name: &str| -> PyResult<usize> {
        let value = cx.get_attr_str(error, name)?;
        Ok(usize::try_from(cx.to_i64(&value)?).unwrap_or(0))
    };
    Ok(Trouble {
        subject: cx.get_attr_str(error, "object")?,
        start: number("start")?,
        end: number("end")?,
        is_decode: error.is_instance(e.unicode_decode_error),
    })
}

fn answer(cx: Ctx, text: StrBuilder, end: usize) -> PyResult {
    Ok(cx.new_tuple(vec![text.finish().into_object(), cx.new_uint(end)]).into_object())
}

fn strict(cx: Ctx, _receiver: &Object, error: &Ref) -> PyResult {
    match error.clone().downcast_ref::<ExceptionObject>() {
        Ok(exception) => Err(cx.raise_instance(exception)),
        Err(_) => Err(cx.type_error("codec must pass exception instance")),
    }
}

fn ignore(cx: Ctx, _receiver: &Object, error: &Ref) -> PyResult {
    let trouble = trouble(cx, error)?;
    answer(cx, StrBuilder::new(), trouble.end)
}

fn replace(cx: Ctx, _receiver: &Object, error: &Ref) -> PyResult {
    let trouble = trouble(cx, error)?;
    let mut text = StrBuilder::new();
    if trouble.is_decode {
        text.push(0xfffd);
    } else {
        let mark = if error.is_instance(exceptions().unicode_encode_error) { u32::from('?') } else { 0xfffd };
        text.push_many(mark, trouble.end.saturating_sub(trouble.start));
    }
    answer(cx, text, trouble.end)
}

/// The code points that are in trouble.
fn points(trouble: &Trouble) -> Vec<u32> {
    match trouble.subject.downcast::<StrObject>() {
        Some(text) => {
            let end = trouble.end.min(text.len());
            (trouble.start.min(end)..end).map(|at| text.code_point(at)).collect()
        }
        None => Vec::new(),
    }
}

fn xmlcharref(cx: Ctx, _receiver: &Object, error: &Ref) -> PyResult {
    let trouble = trouble(cx, error)?;
    let mut text = StrBuilder::new();
    for point in points(&trouble) {
        text.push_str(&format!("&#{point};"));
    }
    answer(cx, text, trouble.end)
}

fn escape(point: u32) -> String {
    match point {
        0..=0xff => format!("\\x{point:02x}"),
        0x100..=0xffff => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    }
}

fn backslash(cx: Ctx, _receiver: &Object, error: &Ref) -> PyResult {
    let trouble = trouble(cx, error)?;
    let mut text = StrBuilder::new();
    if trouble.is_decode {
        let bytes = trouble.subject.downcast::<BytesObject>().map_or(&[][..], BytesObject::as_slice);
        let end = trouble.end.min(bytes.len());
        for byte in &bytes[trouble.start.min(end)..end] {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    } else {
        for point in points(&trouble) {
            text.push_str(&escape(point));
        }
    }
    answer(cx, text, trouble.end)
}

fn register_error(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "register_error", given, 2, 2)?;
    let name = str_argument(cx, "register_error", &given[0])?;
    if given[1].ty().slots().call.is_none() {
        return Err(cx.type_error("handler must be callable"));
    }
    root_dict(cx, "codecs.errors").set_str(cx, &cx.intern(&name.to_string_lossy()), given[1].clone())?;
    Ok(cx.none())
}

fn lookup_error(cx: Ctx, _module: &Object, name: &Ref) -> PyResult {
    let name = str_argument(cx, "lookup_error", name)?.to_string_lossy();
    let known = root_dict(cx, "codecs.errors");
    let key = cx.intern(&name);
    if let Some(handler) = known.get_str(cx, &key) {
        return Ok(handler);
    }
    let native = format!("{name}_errors");
    let Some(def) = HANDLER_TABLE.iter().find(|def| def.name == native) else {
        return Err(cx.raise(exceptions().lookup_error, format_args!("unknown error handler name '{name}'")));
    };
    let handler = crate::objects::native::new_native(cx, def, None, None).into_object();
    known.set_str(cx, &key, handler.clone())?;
    Ok(handler)
}

// ---- the native codecs ----

fn errors_of(cx: Ctx, given: Option<&Ref>) -> PyResult<String> {
    match given.filter(|errors| !cx.is_none(errors)) {
        Some(errors) => Ok(str_argument(cx, "codec", errors)?.to_string_lossy()),
        None => Ok("strict".to_string()),
    }
}

fn pair(cx: Ctx, converted: Ref, consumed: usize) -> PyResult {
    Ok(cx.new_tuple(vec![converted, cx.new_uint(consumed)]).into_object())
}

fn encode_with(cx: Ctx, name: &str, encoding: Encoding, given: &[Ref]) -> PyResult {
    args::check_count(cx, name, given, 1, 3)?;
    let Some(text) = given[0].downcast::<StrObject>() else {
        return Err(
            cx.type_error(format_args!("{name}() argument 1 must be str, not {}", given[0].ty().tp_name()))
        );
    };
    let bytes = codec::encode_as(cx, text, encoding, &errors_of(cx, given.get(1))?)?;
    pair(cx, cx.new_bytes(&bytes).into_object(), text.len())
}

/// How many bytes can be decoded when more may follow: a character cut in half stays.
fn complete(bytes: &[u8], encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => {
            let tail = bytes.len().saturating_sub(3);
            let Some(at) = (tail..bytes.len()).rev().find(|&at| bytes[at] & 0xc0 != 0x80) else {
                return bytes.len();
            };
            // What is wrong already is not waited for, but for a surrogate that may pass.
            let rest = &bytes[at..];
            let open = std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none());
            let surrogate = matches!(rest, [0xed, 0xa0..=0xbf]);
            if open || surrogate { at } else { bytes.len() }
        }
        Encoding::Wide { unit, order } => {
            let whole = bytes.len() / unit * unit;
            let high = if order == Some(Order::Big) { 2 } else { 1 };
            let cut = unit == 2 && whole >= 2 && bytes[whole - high] & 0xfc == 0xd8;
            if cut { whole - 2 } else { whole }
        }
        Encoding::Latin1 | Encoding::Ascii => bytes.len(),
    }
}

fn decode_with(cx: Ctx, name: &str, encoding: Encoding, given: &[Ref]) -> PyResult {
    args::check_count(cx, name, given, 1, 3)?;
    let bytes = cx.with_bytes(&given[0], <[u8]>::to_vec)?;
    let errors = errors_of(cx, given.get(1))?;
    let is_final = match given.get(2) {
        Some(last) => cx.is_true(last)?,
        None => false,
    };
    let end = if is_final { bytes.len() } else { complete(&bytes, encoding) };
    let text = codec::decode_as(cx, &bytes[..end], encoding, &errors)?;
    pair(cx, text.into_object(), end)
}

macro_rules! codecs {
    ($($encode:ident $decode:ident = $encoding:expr;)*) => {
        $(fn $encode(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
            encode_with(cx, stringify!($encode), $encoding, given)
        }
        fn $decode(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
            decode_with(cx, stringify!($decode), $encoding, given)
        })*
    };
}

codecs! {
    utf_8_encode utf_8_decode = Encoding::Utf8;
    ascii_encode ascii_decode = Encoding::Ascii;
    latin_1_encode latin_1_decode = Encoding::Latin1;
    utf_16_encode utf_16_decode = Encoding::Wide { unit: 2, order: None };
    utf_16_le_encode utf_16_le_decode = Encoding::Wide { unit: 2, order: Some(Order::Little) };
    utf_16_be_encode utf_16_be_decode = Encoding::Wide { unit: 2, order: Some(Order::Big) };
    utf_32_encode utf_32_decode = Encoding::Wide { unit: 4, order: None };
    utf_32_le_encode utf_32_le_decode = Encoding::Wide { unit: 4, order: Some(Order::Little) };
    utf_32_be_encode utf_32_be_decode = Encoding::Wide { unit: 4, order: Some(Order::Big) };
}

fn readbuffer_encode(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "readbuffer_encode", given, 1, 2)?;
    let bytes = match given[0].downcast::<StrObject>() {
        Some(text) => codec::encode_as(cx, text, Encoding::Utf8, "strict")?,
        None => cx.with_bytes(&given[0], <[u8]>::to_vec)?,
    };
    pair(cx, cx.new_bytes(&bytes).into_object(), bytes.len())
}

/// A character that a mapping gives for a byte: `None` where there is none.
fn mapped(cx: Ctx, mapping: &Object, byte: u8) -> PyResult<Option<Ref>> {
    if let Some(table) = mapping.downcast::<StrObject>() {
        let at = usize::from(byte);
        let point = (at < table.len()).then(|| table.code_point(at)).filter(|&point| point != 0xfffe);
        return Ok(point.map(|point| cx.new_str_from_code_points(&[point]).into_object()));
    }
    let found = cx.catch(cx.get_item(mapping, &cx.new_int(i64::from(byte))), exceptions().lookup_error)?;
    Ok(found.filter(|found| {
        !cx.is_none(found) && found.downcast::<IntObject>().and_then(IntObject::as_i64) != Some(0xfffe)
    }))
}

fn charmap_decode(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "charmap_decode", given, 1, 3)?;
    let bytes = cx.with_bytes(&given[0], <[u8]>::to_vec)?;
    let errors = errors_of(cx, given.get(1))?;
    let Some(mapping) = given.get(2).filter(|mapping| !cx.is_none(mapping)) else {
        return pair(cx, codec::decode_as(cx, &bytes, Encoding::Latin1, &errors)?.into_object(), bytes.len());
    };
    let mut text = StrBuilder::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match mapped(cx, mapping, byte)? {
            Some(found) => match (found.downcast::<StrObject>(), found.downcast::<IntObject>()) {
                (Some(found), _) => text.push_obj(found),
                (_, Some(point)) => match point.as_i64().and_then(|point| u32::try_from(point).ok()) {
                    Some(point) if point < 0x11_0000 => text.push(point),
                    _ => return Err(cx.type_error("character mapping must be in range(0x110000)")),
                },
                _ => return Err(cx.type_error("character mapping must return integer, None or str")),
            },
            None => match errors.as_str() {
                "ignore" => {}
                "replace" => text.push(0xfffd),
                "backslashreplace" => text.push_str(&format!("\\x{byte:02x}")),
                "surrogateescape" if byte >= 0x80 => text.push(0xdc00 + u32::from(byte)),
                _ => {
                    let reason = "character maps to <undefined>";
                    let refused = cx.unicode_decode_error("charmap", &bytes, at - 1, at, reason);
                    if errors == "strict" {
                        return Err(refused);
                    }
                    let (put, next) = codec::call_handler(cx, &errors, refused, bytes.len())?;
                    if let Some(put) = put.downcast::<StrObject>() {
                        text.push_obj(put);
                    }
                    at = next;
                }
            },
        }
    }
    pair(cx, text.finish().into_object(), bytes.len())
}

fn charmap_encode(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "charmap_encode", given, 1, 3)?;
    let Some(mapping) = given.get(2).filter(|mapping| !cx.is_none(mapping)) else {
        return encode_with(cx, "charmap_encode", Encoding::Latin1, &given[..given.len().min(2)]);
    };
    let text = str_argument(cx, "charmap_encode", &given[0])?;
    let errors = errors_of(cx, given.get(1))?;
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if let Some(bytes) = mapped_back(cx, mapping, text.code_point(at))? {
            out.extend(bytes);
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        while at < text.len() && mapped_back(cx, mapping, text.code_point(at))?.is_none() {
            at += 1;
        }
        let refuse = || {
            let reason = "character maps to <undefined>";
            cx.unicode_encode_error("charmap", text.to_object(), start, at, reason)
        };
        for point in (start..at).map(|at| text.code_point(at)) {
            match errors.as_str() {
                "ignore" => {}
                "replace" => match mapped_back(cx, mapping, u32::from('?'))? {
                    Some(bytes) => out.extend(bytes),
                    None => return Err(refuse()),
                },
                "backslashreplace" | "xmlcharrefreplace" => {
                    let shown = if errors.starts_with('b') { escape(point) } else { format!("&#{point};") };
                    for c in shown.chars() {
                        match mapped_back(cx, mapping, c.into())? {
                            Some(bytes) => out.extend(bytes),
                            None => return Err(refuse()),
                        }
                    }
                }
                "surrogateescape" if (0xdc80..0xdd00).contains(&point) => out.push((point - 0xdc00) as u8),
                "strict" | "surrogateescape" => return Err(refuse()),
                _ => {
                    let (put, next) = codec::call_handler(cx, &errors, refuse(), text.len())?;
                    match put.downcast::<StrObject>() {
                        None => out.extend(cx.with_bytes(&put, <[u8]>::to_vec)?),
                        Some(put) => {
                            for point in put.code_points() {
                                match mapped_back(cx, mapping, point)? {
                                    Some(bytes) => out.extend(bytes),
                                    None => return Err(refuse()),
                                }
                            }
                        }
                    }
                    at = next;
                    break;
                }
            }
        }
    }
    pair(cx, cx.new_bytes(&out).into_object(), text.len())
}

/// The bytes that a mapping has for a code point.
fn mapped_back(cx: Ctx, mapping: &Object, point: u32) -> PyResult<Option<Vec<u8>>> {
    let found = cx.catch(cx.get_item(mapping, &cx.new_int(i64::from(point))), exceptions().lookup_error)?;
    let Some(found) = found.filter(|found| !cx.is_none(found)) else { return Ok(None) };
    if let Some(byte) = found.downcast::<IntObject>() {
        let byte = byte.as_i64().and_then(|byte| u8::try_from(byte).ok());
        return match byte {
            Some(byte) => Ok(Some(vec![byte])),
            None => Err(cx.type_error("character mapping must be in range(256)")),
        };
    }
    if !found.is_instance(crate::objects::types().bytes) {
        let ty = found.ty().tp_name();
        return Err(
            cx.type_error(format_args!("character mapping must return integer, bytes or None, not {ty}"))
        );
    }
    cx.with_bytes(&found, <[u8]>::to_vec).map(Some)
}

/// The mapping for encoding that belongs to a table for decoding.
fn charmap_build(cx: Ctx, _module: &Object, table: &Ref) -> PyResult {
    let table = str_argument(cx, "charmap_build", table)?;
    let mapping = cx.new_dict();
    for at in 0..table.len().min(256) {
        let point = table.code_point(at);
        if point != 0xfffe {
            mapping.set(cx, &cx.new_int(i64::from(point)), cx.new_uint(at))?;
        }
    }
    Ok(mapping.into_object())
}

fn unicode_escape_encode(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "unicode_escape_encode", given, 1, 2)?;
    let text = str_argument(cx, "unicode_escape_encode", &given[0])?;
    let mut out = String::new();
    for point in text.code_points() {
        match point {
            0x5c => out.push_str("\\\\"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x20..0x7f => out.push(point as u8 as char),
            _ => out.push_str(&escape(point)),
        }
    }
    pair(cx, cx.new_bytes(out.as_bytes()).into_object(), text.len())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_codecs",
    doc: None,
    functions: &[
        MethodDef::one(
            "register",
            register,
            "register($module, search_function, /)\n--\n\nAdd a function that finds codecs by name.",
        ),
        MethodDef::one(
            "unregister",
            unregister,
            "unregister($module, search_function, /)\n--\n\nForget a search function, and what it has found.",
        ),
        MethodDef::one("lookup", lookup, "lookup($module, encoding, /)\n--\n\nThe codec of an encoding."),
        MethodDef::keywords(
            "encode",
            |cx, _, given| convert(cx, given, 0),
            "encode($module, /, obj, encoding='utf-8', errors='strict')\n--\n\nEncode an object with a codec.",
        ),
        MethodDef::keywords(
            "decode",
            |cx, _, given| convert(cx, given, 1),
            "decode($module, /, obj, encoding='utf-8', errors='strict')\n--\n\nDecode an object with a codec.",
        ),
        MethodDef::fast("utf_8_encode", utf_8_encode, "utf_8_encode($module, str, errors=None, /)\n--\n\n"),
        MethodDef::fast(
            "utf_8_decode",
            utf_8_decode,
            "utf_8_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast("ascii_encode", ascii_encode, "ascii_encode($module, str, errors=None, /)\n--\n\n"),
        MethodDef::fast("ascii_decode", ascii_decode, "ascii_decode($module, data, errors=None, /)\n--\n\n"),
        MethodDef::fast(
            "latin_1_encode",
            latin_1_encode,
            "latin_1_encode($module, str, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "latin_1_decode",
            latin_1_decode,
            "latin_1_decode($module, data, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_16_encode",
            utf_16_encode,
            "utf_16_encode($module, str, errors=None, byteorder=0, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_16_decode",
            utf_16_decode,
            "utf_16_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_16_le_encode",
            utf_16_le_encode,
            "utf_16_le_encode($module, str, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_16_le_decode",
            utf_16_le_decode,
            "utf_16_le_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_16_be_encode",
            utf_16_be_encode,
            "utf_16_be_encode($module, str, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_16_be_decode",
            utf_16_be_decode,
            "utf_16_be_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_32_encode",
            utf_32_encode,
            "utf_32_encode($module, str, errors=None, byteorder=0, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_32_decode",
            utf_32_decode,
            "utf_32_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_32_le_encode",
            utf_32_le_encode,
            "utf_32_le_encode($module, str, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_32_le_decode",
            utf_32_le_decode,
            "utf_32_le_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_32_be_encode",
            utf_32_be_encode,
            "utf_32_be_encode($module, str, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "utf_32_be_decode",
            utf_32_be_decode,
            "utf_32_be_decode($module, data, errors=None, final=False, /)\n--\n\n",
        ),
        MethodDef::fast(
            "unicode_escape_encode",
            unicode_escape_encode,
            "unicode_escape_encode($module, str, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "charmap_encode",
            charmap_encode,
            "charmap_encode($module, str, errors=None, mapping=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "charmap_decode",
            charmap_decode,
            "charmap_decode($module, data, errors=None, mapping=None, /)\n--\n\n",
        ),
        MethodDef::one("charmap_build", charmap_build, "charmap_build($module, map, /)\n--\n\n"),
        MethodDef::fast(
            "readbuffer_encode",
            readbuffer_encode,
            "readbuffer_encode($module, data, errors=None, /)\n--\n\n",
        ),
        MethodDef::fast(
            "register_error",
            register_error,
            "register_error($module, errors, handler, /)\n--\n\nAdd an error handler under a name.",
        ),
        MethodDef::one(
            "lookup_error",
            lookup_error,
            "lookup_error($module, name, /)\n--\n\nThe error handler of a name.",
        ),
    ],
    exec: Some(|cx, module| {
        for def in escapes::FUNCTIONS {
            let name = cx.intern("_codecs").into_object();
            let function = crate::objects::native::new_native(cx, def, Some(module.to_object()), Some(name));
            module.add(cx, def.name, function.into_object())?;
        }
        Ok(())
    }),
};
