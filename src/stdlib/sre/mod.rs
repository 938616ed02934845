//! `_sre`: the core of `re`. The engine is the published crate `rustpython-sre_engine`; here are
//! the objects around it.
//!
//! Positions are code points of a `str`, or bytes. Text of one byte per character is searched as
//! it lies; wider text as UTF-8.

mod find;
mod match_;
mod pattern;
mod template;

use std::borrow::Cow;

use rustpython_sre_engine as engine;

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::MethodDef;
use crate::objects::str::Units;
use crate::objects::{ModuleSpec, PyResult, StrObject, types};
use crate::vm::Ctx;

static PATTERN: NativeType = NativeType::new(&pattern::PATTERN);
static MATCH: NativeType = NativeType::new(&match_::MATCH);
static SCANNER: NativeType = NativeType::new(&find::SCANNER);
static TEMPLATE: NativeType = NativeType::new(&template::TEMPLATE);

/// What is searched, as the engine takes it.
enum Subject<'a> {
    Bytes(Cow<'a, [u8]>),
    Text(String),
}

/// The subject of a search; text and bytes do not mix with patterns of the other.
fn subject<'a>(cx: Ctx, object: &'a Object, is_bytes: Option<bool>) -> PyResult<Subject<'a>> {
    if let Some(text) = object.downcast::<StrObject>() {
        if is_bytes == Some(true) {
            return Err(cx.type_error("cannot use a bytes pattern on a string-like object"));
        }
        return Ok(match text.units() {
            Units::One(units) => Subject::Bytes(Cow::Borrowed(units)),
            _ => Subject::Text(text.to_string_lossy()),
        });
    }
    if object.ty().slots().as_bytes.is_none() {
        return Err(cx.type_error(format_args!(
            "expected string or bytes-like object, got '{}'",
            object.ty().tp_name()
        )));
    }
    if is_bytes == Some(false) {
        return Err(cx.type_error("cannot use a string pattern on a bytes-like object"));
    }
    Ok(Subject::Bytes(Cow::Owned(cx.with_bytes(object, <[u8]>::to_vec)?)))
}

/// The part of a subject between two positions, as a new object of its kind.
fn part(cx: Ctx, object: &Object, start: usize, end: usize) -> PyResult {
    if let Some(text) = object.downcast::<StrObject>() {
        let end = end.min(text.len());
        let start = start.min(end);
        if start == 0 && end == text.len() && text.as_object().is_exact(types().str) {
            return Ok(text.to_object());
        }
        return Ok(crate::objects::str::raw::from_units(text.units().range(start, end)).into_object());
    }
    let bytes = cx.with_bytes(object, |bytes| {
        let end = end.min(bytes.len());
        bytes[start.min(end)..end].to_vec()
    })?;
    Ok(cx.new_bytes(&bytes).into_object())
}

fn length(cx: Ctx, object: &Object) -> PyResult<usize> {
    match object.downcast::<StrObject>() {
        Some(text) => Ok(text.len()),
        None => cx.with_bytes(object, <[u8]>::len),
    }
}

fn compile(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "compile", args, 6, 6)?;
    pattern::compile(cx, args)
}

fn getcodesize(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_int(4))
}

fn point(cx: Ctx, value: &Object) -> PyResult<u32> {
    Ok(u32::try_from(cx.to_i64(value)?).unwrap_or(u32::MAX))
}

fn as_char(point: u32) -> Option<char> {
    char::from_u32(point)
}

fn ascii_iscased(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    let cased = as_char(point(cx, value)?).is_some_and(|c| c.is_ascii_alphabetic());
    Ok(cx.bool(cased))
}

fn ascii_tolower(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    let point = point(cx, value)?;
    Ok(cx.new_int(as_char(point).map_or(point, |c| u32::from(c.to_ascii_lowercase())).into()))
}

/// The simple lower case of a character: unchanged where it would be several.
fn lower(point: u32) -> u32 {
    let Some(c) = as_char(point) else { return point };
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => u32::from(one),
        (Some(first), Some(_)) => u32::from(first),
        _ => point,
    }
}

fn upper(point: u32) -> u32 {
    let Some(c) = as_char(point) else { return point };
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => u32::from(one),
        _ => point,
    }
}

fn unicode_iscased(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    let point = point(cx, value)?;
    Ok(cx.bool(lower(point) != point || upper(point) != point))
}

fn unicode_tolower(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    Ok(cx.new_int(lower(point(cx, value)?).into()))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    // The opcodes are the same in both; an installed library of 3.11 asks for its own number.
    let installed = cx.vm().options.borrow().stdlib.is_some();
    module.add(cx, "MAGIC", cx.new_uint(if installed { 20_220_615 } else { engine::SRE_MAGIC }))?;
    module.add(cx, "CODESIZE", cx.new_uint(engine::CODESIZE))?;
    module.add(cx, "MAXREPEAT", cx.new_uint(engine::MAXREPEAT))?;
    module.add(cx, "MAXGROUPS", cx.new_uint(engine::MAXGROUPS / 2))?;
    for ty in [&PATTERN, &MATCH, &SCANNER, &TEMPLATE] {
        ty.make(cx)?;
    }
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_sre",
    doc: None,
    functions: &[
        MethodDef::fast(
            "compile",
            compile,
            "compile($module, /, pattern, flags, code, groups, groupindex, indexgroup)\n--\n\n",
        ),
        MethodDef::fast("template", template::template, "template($module, pattern, template, /)\n--\n\n"),
        MethodDef::no_args("getcodesize", getcodesize, "getcodesize($module, /)\n--\n\n"),
        MethodDef::one("ascii_iscased", ascii_iscased, "ascii_iscased($module, character, /)\n--\n\n"),
        MethodDef::one("ascii_tolower", ascii_tolower, "ascii_tolower($module, character, /)\n--\n\n"),
        MethodDef::one("unicode_iscased", unicode_iscased, "unicode_iscased($module, character, /)\n--\n\n"),
        MethodDef::one("unicode_tolower", unicode_tolower, "unicode_tolower($module, character, /)\n--\n\n"),
    ],
    exec: Some(exec),
};
