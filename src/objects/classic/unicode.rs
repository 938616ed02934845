//! `unicode`: the layout of `str` under a type of its own. Native code takes one for the other, which is what Python 2
//! does with ASCII text; programs see two types, whose results mix as they expect.

use std::fmt::Write as _;
use std::ptr::NonNull;

use super::{UNICODE, UNICODE_METHOD};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::str::raw;
use crate::objects::{ListObject, PyResult, StrObject, TupleObject, TypeObject, attr, types};
use crate::vm::Ctx;

/// The same text as a `unicode`.
pub fn from_str(cx: Ctx, text: &StrObject) -> PyResult {
    Ok(raw::from_units_as(UNICODE.get(cx)?, text.units()).into_object())
}

/// Whether the object is a `unicode`.
pub fn is_unicode(object: &Object) -> bool {
    UNICODE.peek().is_some_and(|ty| object.is_instance(ty))
}

/// Results that are plain strings, as unicode.
fn widen(cx: Ctx, result: Ref) -> PyResult {
    if result.is_exact(types().str)
        && let Some(text) = result.downcast::<StrObject>()
    {
        return from_str(cx, text);
    }
    let all = |items: &[Ref]| items.iter().map(|item| widen(cx, item.clone())).collect::<PyResult<Vec<_>>>();
    if let Some(list) = result.downcast_exact::<ListObject>() {
        return Ok(cx.new_list(all(&list.to_vec())?)?.into_object());
    }
    if let Some(tuple) = result.downcast_exact::<TupleObject>() {
        return Ok(cx.new_tuple(all(tuple.as_slice())?).into_object());
    }
    Ok(result)
}

/// `str.__add__` of the classic era: with a unicode on either side the result is one.
pub fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    if b.downcast::<StrObject>().is_none() {
        let message = if is_unicode(a) {
            format!("coercing to Unicode: need string or buffer, {} found", b.ty().tp_name())
        } else {
            format!("cannot concatenate '{}' and '{}' objects", a.ty().tp_name(), b.ty().tp_name())
        };
        return Err(cx.type_error(message));
    }
    let (Some(left), Some(right)) = (a.downcast::<StrObject>(), b.downcast::<StrObject>()) else {
        return Ok(cx.not_implemented());
    };
    let joined = raw::concat(cx, &[left, right])?;
    if is_unicode(a) || is_unicode(b) { from_str(cx, &joined) } else { Ok(joined.into_object()) }
}

/// `str.__mod__` of the classic era: a unicode among the arguments makes the result one.
pub fn remainder(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some(format) = crate::objects::str::methods::SPEC.slots.nb_remainder else {
        return Ok(cx.not_implemented());
    };
    let result = format(cx, a, b)?;
    let among =
        b.downcast::<TupleObject>().is_some_and(|items| items.as_slice().iter().any(|item| is_unicode(item)));
    if is_unicode(a) || is_unicode(b) || among { widen(cx, result) } else { Ok(result) }
}

fn repeat(cx: Ctx, object: &Object, count: isize) -> PyResult {
    match types().str.slots().sq_repeat {
        Some(repeat) => widen(cx, repeat(cx, object, count)?),
        None => Ok(cx.not_implemented()),
    }
}

fn item(cx: Ctx, object: &Object, index: isize) -> PyResult {
    match types().str.slots().sq_item {
        Some(item) => widen(cx, item(cx, object, index)?),
        None => Ok(cx.not_implemented()),
    }
}

fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    match types().str.slots().mp_subscript {
        Some(subscript) => widen(cx, subscript(cx, object, key)?),
        None => Ok(cx.not_implemented()),
    }
}

fn text(object: &Object) -> &StrObject {
    // SAFETY: slots of `unicode` are called on its instances, which are strings by layout.
    unsafe { object.cast() }
}

/// A string literal's body as Python 2.7 shows it: everything but printable ASCII is escaped.
pub fn escaped(points: impl Iterator<Item = u32>) -> String {
    let points: Vec<u32> = points.collect();
    let has = |wanted: char| points.contains(&u32::from(wanted));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = String::new();
    out.push(quote);
    for point in points {
        match char::from_u32(point) {
            Some(c) if c == quote || c == '\\' => {
                out.push('\\');
                out.push(c);
            }
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some(c) if (' '..='~').contains(&c) => out.push(c),
            _ if point > 0xffff => {
                let _ = write!(out, "\\U{point:08x}");
            }
            _ if point > 0xff => {
                let _ = write!(out, "\\u{point:04x}");
            }
            _ => {
                let _ = write!(out, "\\x{point:02x}");
            }
        }
    }
    out.push(quote);
    out
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let shown = escaped(text(object).units().points());
    Ok(cx.new_str(&format!("u{shown}")).into_object())
}

/// `str.__repr__` of the classic era.
pub fn str_repr(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(&escaped(text(object).units().points())).into_object())
}

/// Raises unless the text is ASCII.
fn check_ascii(cx: Ctx, text: &StrObject) -> PyResult<()> {
    if text.is_ascii() {
        return Ok(());
    }
    let at = text.code_points().position(|point| point > 127).unwrap_or(0);
    let count = text.code_points().skip(at).take_while(|&point| point > 127).count();
    let encoding = cx.new_str("ascii").into_object();
    let reason = cx.new_str("ordinal not in range(128)").into_object();
    let error = cx.call(
        crate::objects::exceptions().unicode_encode_error.as_object(),
        &[encoding, text.to_object(), cx.new_uint(at), cx.new_uint(at + count), reason],
    )?;
    Err(cx.raise_with(crate::objects::exceptions().unicode_encode_error, error))
}

/// `str(unicode)`: ASCII only.
fn str(cx: Ctx, object: &Object) -> PyResult {
    let text = text(object);
    check_ascii(cx, text)?;
    Ok(raw::from_units(text.units()).into_object())
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let given = args.pos();
    let Some(first) = given.first() else {
        return Ok(raw::from_units_as(ty, raw::empty().units()).into_object());
    };
    if let (Some(encoding), Some(bytes)) = (given.get(1), first.downcast::<StrObject>()) {
        let encoding =
            encoding.downcast::<StrObject>().map_or_else(String::new, |text| text.to_string_lossy());
        return decode(cx, bytes, &encoding);
    }
    if let Some(text) = first.downcast::<StrObject>() {
        return Ok(raw::from_units_as(ty, text.units()).into_object());
    }
    if let Some(method) = cx.get_attr_opt(first, &cx.intern("__unicode__"))? {
        return widen(cx, cx.call0(&method)?);
    }
    let shown = cx.str(first)?;
    Ok(raw::from_units_as(ty, shown.units()).into_object())
}

/// The bytes of a classic string, one code point each, decoded.
pub fn decode(cx: Ctx, bytes: &StrObject, encoding: &str) -> PyResult {
    let raw_bytes: Vec<u8> = bytes.code_points().map(|point| point as u8).collect();
    let bytes_object = cx.new_bytes(&raw_bytes).into_object();
    let name = if encoding.is_empty() { "ascii" } else { encoding };
    let decoded = cx.call_method(&bytes_object, &cx.intern("decode"), &[cx.new_str(name).into_object()])?;
    widen(cx, decoded)
}

/// A unicode text encoded: a classic string, one code point for each byte.
pub fn encode(cx: Ctx, text: &StrObject, encoding: &str) -> PyResult {
    let name = if encoding.is_empty() { "ascii" } else { encoding };
    let plain = raw::from_units(text.units()).into_object();
    // The method of this name is the classic one, which comes by here.
    let modern = crate::objects::str::SPEC.methods.iter().find(|def| def.name == "encode");
    let encoded = match modern.map(|def| def.function) {
        Some(crate::objects::NativeFn::Keywords(function)) => {
            function(cx, &plain, Args::positional(&[cx.new_str(name).into_object()]))?
        }
        _ => return Err(cx.system_error("str has no encode")),
    };
    let points =
        cx.with_bytes(&encoded, |bytes| bytes.iter().map(|&byte| u32::from(byte)).collect::<Vec<_>>())?;
    Ok(cx.new_str_from_code_points(&points).into_object())
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    let found = attr::generic_get_attr(cx, object, name)?;
    if !found.is_exact(types().builtin_function) {
        return Ok(found);
    }
    let ty = UNICODE_METHOD.get(cx)?;
    let wrapped =
        memory::new_ref(&ty.core, |header| UnicodeMethod { object: header, inner: Slot::new(found) });
    memory::track(&wrapped.object);
    Ok(wrapped.into_object())
}

/// A method of a unicode text, whose results are unicode.
#[repr(C)]
struct UnicodeMethod {
    object: Object,
    inner: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for UnicodeMethod {}

fn method(object: &Object) -> &UnicodeMethod {
    // SAFETY: slots of the type are called on its instances only.
    unsafe { object.cast() }
}

fn call_method(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let Some(inner) = method(object).inner.get() else { return Ok(cx.none()) };
    let name = cx.get_attr(&inner, &cx.intern("__name__"))?;
    let this = cx.get_attr(&inner, &cx.intern("__self__"))?;
    let name = name.downcast::<StrObject>().map_or_else(String::new, |text| text.to_string_lossy());
    if name == "encode"
        && let Some(text) = this.downcast::<StrObject>()
    {
        let encoding = args.pos().first().and_then(|name| name.downcast::<StrObject>());
        return encode(cx, text, &encoding.map_or_else(String::new, |name| name.to_string_lossy()));
    }
    widen(cx, cx.call_args(&inner, args)?)
}

/// # Safety
/// As `DeallocFn`.
unsafe fn method_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let this = object.as_ref().cast::<UnicodeMethod>();
        memory::untrack(&this.object);
        drop(this.inner.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn method_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    unsafe { object.as_ref().cast::<UnicodeMethod>() }.inner.trace(visitor);
}

pub static METHOD: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    layout: Layout::gc::<UnicodeMethod>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        call: Some(call_method),
        getattro: Some(|cx, object, name| match method(object).inner.get() {
            Some(inner) => cx.get_attr(&inner, name),
            None => Ok(cx.none()),
        }),
        repr: Some(|cx, object| match method(object).inner.get() {
            Some(inner) => Ok(cx.repr(&inner)?.into_object()),
            None => Ok(cx.none()),
        }),
        ..Slots::EMPTY
    },
    dealloc: Some(method_dealloc),
    traverse: Some(method_traverse),
    ..TypeSpec::EMPTY
};

pub static SPEC: TypeSpec = TypeSpec {
    name: "unicode",
    doc: Some(
        "unicode(object='') -> unicode object\nunicode(string[, encoding[, errors]]) -> unicode object\n\nCreate a new Unicode object from the given encoded string.",
    ),
    layout: Layout::plain::<StrObject>(),
    basicsize: 50,
    flags: TypeFlags::BASETYPE.with(TypeFlags::UNICODE_SUBCLASS),
    base: Some(|types| types.str),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(str),
        getattro: Some(getattro),
        nb_remainder: Some(remainder),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        mp_subscript: Some(subscript),
        ..Slots::EMPTY
    },
    dealloc: Some(raw::dealloc),
    ..TypeSpec::EMPTY
};
