//! The type `str`: constructor, operators and the methods that have no file of their own.

use super::case::{self, receiver, unchanged};
use super::{StrBuilder, StrObject, Units, codec, iter, raw, search, split, unicode};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::slice::{self, SliceObject};
use crate::objects::slots::{Args, CompareOp, PyResult, Slots};
use crate::objects::spec::{Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{DictObject, IntObject, TupleObject, TypeObject, exceptions, format, types};
use crate::vm::Ctx;

/// A `str` argument given by name: "encode() argument 'encoding' must be str, not int".
pub(crate) fn named_text<'a>(
    cx: Ctx,
    function: &str,
    name: &str,
    value: &'a Option<Ref>,
    default: &'a str,
) -> PyResult<std::borrow::Cow<'a, str>> {
    let Some(value) = value else { return Ok(default.into()) };
    match value.downcast::<StrObject>() {
        Some(text) => Ok(text.to_utf8().unwrap_or_else(|| text.to_string_lossy().into())),
        None => Err(cx.type_error(format_args!(
            "{function}() argument '{name}' must be str, not {}",
            value.ty().tp_name()
        ))),
    }
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "str", params: &["object", "encoding", "errors"], required: 0, max_positional: 3 };
    let text = match (args.pos(), args.has_keywords()) {
        ([], false) => raw::empty(),
        ([object], false) => cx.str(object)?,
        _ => {
            let mut bound = [None, None, None];
            bind(cx, &SIGNATURE, args, &mut bound)?;
            let [object, encoding, errors] = bound;
            let plain = encoding.is_none() && errors.is_none();
            let encoding = named_text(cx, "str", "encoding", &encoding, "utf-8")?.into_owned();
            let errors = named_text(cx, "str", "errors", &errors, "strict")?.into_owned();
            match object {
                None => raw::empty(),
                Some(object) if plain => cx.str(&object)?,
                Some(object) if object.is_instance(types().str) => {
                    return Err(cx.type_error("decoding str is not supported"));
                }
                Some(object) if object.ty().slots().as_bytes.is_none() => {
                    return Err(cx.type_error(format_args!(
                        "decoding to str: need a bytes-like object, {} found",
                        object.ty().tp_name()
                    )));
                }
                Some(object) => {
                    let bytes = cx.with_bytes(&object, <[u8]>::to_vec)?;
                    codec::decode(cx, &bytes, &encoding, &errors)?
                }
            }
        }
    };
    if ty.is_type(types().str) {
        return Ok(text.into_object());
    }
    Ok(raw::from_units_as(ty, text.units()).into_object())
}

/// The text as a literal: quotes, escapes, printable characters as they are.
pub fn repr_of(text: &StrObject) -> Ref<StrObject> {
    let has = |c: char| search::find_point(text.units(), c.into()).is_some();
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = StrBuilder::with_capacity(text.len() + 2);
    out.push_char(quote);
    for point in text.code_points() {
        match char::from_u32(point) {
            Some(c @ '\\') => {
                out.push_char('\\');
                out.push_char(c);
            }
            Some(c) if c == quote => {
                out.push_char('\\');
                out.push_char(c);
            }
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            _ if unicode::is_printable(point) => out.push(point),
            _ => out.push_str(&codec::escape(point)),
        }
    }
    out.push_char(quote);
    out.finish()
}

fn repr(_: Ctx, this: &Object) -> PyResult {
    Ok(repr_of(receiver(this)).into_object())
}

fn str_(_: Ctx, this: &Object) -> PyResult {
    Ok(unchanged(receiver(this)).into_object())
}

fn hash(_: Ctx, this: &Object) -> PyResult<i64> {
    Ok(receiver(this).hash())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<StrObject>(), b.downcast::<StrObject>()) else {
        return Ok(cx.not_implemented());
    };
    Ok(cx.bool(match op {
        CompareOp::Eq => a.eq_text(b),
        CompareOp::Ne => !a.eq_text(b),
        _ => op.holds(a.cmp_text(b)),
    }))
}

fn length(_: Ctx, this: &Object) -> PyResult<usize> {
    Ok(receiver(this).len())
}

/// `a + b`.
fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some(right) = b.downcast::<StrObject>() else {
        return Err(
            cx.type_error(format_args!("can only concatenate str (not \"{}\") to str", b.ty().tp_name()))
        );
    };
    let left = receiver(a);
    if left.is_empty() && b.is_exact(types().str) {
        return Ok(b.to_ref());
    }
    if right.is_empty() && a.is_exact(types().str) {
        return Ok(a.to_ref());
    }
    Ok(raw::concat(cx, &[left, right])?.into_object())
}

fn repeat(cx: Ctx, this: &Object, count: isize) -> PyResult {
    Ok(raw::repeat(cx, receiver(this), count)?.into_object())
}

fn item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    let text = receiver(this);
    match usize::try_from(index) {
        Ok(index) if index < text.len() => Ok(raw::from_point(text.code_point(index)).into_object()),
        _ => Err(cx.index_error("string index out of range")),
    }
}

fn subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    let text = receiver(this);
    if let Some(slice) = key.downcast::<SliceObject>() {
        let (start, stop, step) = slice::unpack(cx, slice)?;
        let range = slice::adjust(text.len(), start, stop, step);
        if range.len == 0 {
            return Ok(raw::empty().into_object());
        }
        if range.step == 1 {
            if range.len == text.len() {
                return Ok(unchanged(text).into_object());
            }
            let start = range.start as usize;
            return Ok(raw::from_units(text.units().range(start, start + range.len)).into_object());
        }
        let units = text.units();
        let mut out = StrBuilder::with_capacity(range.len);
        range.indices().for_each(|index| out.push(units.at(index)));
        return Ok(out.finish().into_object());
    }
    if key.ty().slots().nb_index.is_none() {
        return Err(
            cx.type_error(format_args!("string indices must be integers, not '{}'", key.ty().tp_name()))
        );
    }
    let index = cx.index_sized(key, exceptions().index_error)?;
    item(cx, this, if index < 0 { index + text.len() as isize } else { index })
}

fn contains(cx: Ctx, this: &Object, needle: &Object) -> PyResult<bool> {
    let Some(needle) = needle.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!(
            "'in <string>' requires string as left operand, not {}",
            needle.ty().tp_name()
        )));
    };
    Ok(search::find(receiver(this).units(), needle.units()).is_some())
}

fn iter_(_: Ctx, this: &Object) -> PyResult {
    Ok(iter::new(receiver(this)).into_object())
}

fn remainder(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some(text) = a.downcast::<StrObject>() else { return Ok(cx.not_implemented()) };
    Ok(format::percent::format_str(cx, text, b)?.into_object())
}

/// Bounds given as arguments, `None` or left out, clipped to the length.
pub(crate) fn bounds(cx: Ctx, len: usize, args: &[Ref]) -> PyResult<(usize, usize)> {
    let bound = |index: usize, default: isize| match args.get(index) {
        Some(value) if !cx.is_none(value) => {
            if value.ty().slots().nb_index.is_none() {
                return Err(
                    cx.type_error("slice indices must be integers or None or have an __index__ method")
                );
            }
            cx.index_clipped(value)
        }
        _ => Ok(default),
    };
    let (start, end) = (bound(0, 0)?, bound(1, isize::MAX)?);
    let len = len as isize;
    let clip = |value: isize| if value < 0 { (value + len).max(0) } else { value };
    // A start past the end stays past it: nothing is found there, not even the empty text.
    Ok((clip(start) as usize, clip(end).min(len) as usize))
}

/// Arguments of the `find` family: what to look for, and where.
fn find_arguments<'a>(
    cx: Ctx,
    name: &str,
    text: &'a StrObject,
    args: &'a [Ref],
) -> PyResult<Option<(&'a StrObject, usize, usize)>> {
    if args.is_empty() || args.len() > 3 {
        let (bound, count) =
            if args.is_empty() { ("at least", "1 argument") } else { ("at most", "3 arguments") };
        return Err(cx.type_error(format_args!("{name}() takes {bound} {count} ({} given)", args.len())));
    }
    let (start, end) = bounds(cx, text.len(), &args[1..])?;
    let Some(needle) = args[0].downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!("must be str, not {}", args[0].ty().tp_name())));
    };
    Ok((start <= end).then_some((needle, start, end)))
}

fn find_in(cx: Ctx, name: &str, this: &Object, args: &[Ref], backwards: bool) -> PyResult<Option<usize>> {
    let text = receiver(this);
    let Some((needle, start, end)) = find_arguments(cx, name, text, args)? else { return Ok(None) };
    let part = text.units().range(start, end);
    let found =
        if backwards { search::rfind(part, needle.units()) } else { search::find(part, needle.units()) };
    Ok(found.map(|at| at + start))
}

fn find(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    Ok(cx.new_int(find_in(cx, "find", this, args, false)?.map_or(-1, |at| at as i64)))
}

fn rfind(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    Ok(cx.new_int(find_in(cx, "rfind", this, args, true)?.map_or(-1, |at| at as i64)))
}

fn index(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    match find_in(cx, "index", this, args, false)? {
        Some(at) => Ok(cx.new_uint(at)),
        None => Err(cx.value_error("substring not found")),
    }
}

fn rindex(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    match find_in(cx, "rindex", this, args, true)? {
        Some(at) => Ok(cx.new_uint(at)),
        None => Err(cx.value_error("substring not found")),
    }
}

fn count(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    let text = receiver(this);
    let Some((needle, start, end)) = find_arguments(cx, "count", text, args)? else {
        return Ok(cx.new_int(0));
    };
    if needle.is_empty() {
        return Ok(cx.new_uint(end - start + 1));
    }
    Ok(cx.new_uint(search::count(text.units().range(start, end), needle.units(), usize::MAX)))
}

fn tail_match(cx: Ctx, name: &str, this: &Object, args: &[Ref], at_end: bool) -> PyResult {
    if args.is_empty() || args.len() > 3 {
        let (bound, count) =
            if args.is_empty() { ("at least", "1 argument") } else { ("at most", "3 arguments") };
        return Err(cx.type_error(format_args!("{name}() takes {bound} {count} ({} given)", args.len())));
    }
    let text = receiver(this);
    let (start, end) = bounds(cx, text.len(), &args[1..])?;
    let matches = |affix: &StrObject| {
        if start > end || affix.len() > end - start {
            return false;
        }
        let from = if at_end { end - affix.len() } else { start };
        text.units().range(from, from + affix.len()).eq_units(affix.units())
    };
    if let Some(affixes) = args[0].downcast::<TupleObject>() {
        for affix in affixes.as_slice() {
            let Some(affix) = affix.downcast::<StrObject>() else {
                return Err(cx.type_error(format_args!(
                    "tuple for {name} must only contain str, not {}",
                    affix.ty().tp_name()
                )));
            };
            if matches(affix) {
                return Ok(cx.bool(true));
            }
        }
        return Ok(cx.bool(false));
    }
    match args[0].downcast::<StrObject>() {
        Some(affix) => Ok(cx.bool(matches(affix))),
        None => Err(cx.type_error(format_args!(
            "{name} first arg must be str or a tuple of str, not {}",
            args[0].ty().tp_name()
        ))),
    }
}

fn startswith(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    tail_match(cx, "startswith", this, args, false)
}

fn endswith(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    tail_match(cx, "endswith", this, args, true)
}

fn affix<'a>(cx: Ctx, name: &str, arg: &'a Ref) -> PyResult<&'a StrObject> {
    arg.downcast::<StrObject>().ok_or_else(|| {
        cx.type_error(format_args!("{name}() argument must be str, not {}", arg.ty().tp_name()))
    })
}

fn removeprefix(cx: Ctx, this: &Object, arg: &Ref) -> PyResult {
    let (text, prefix) = (receiver(this), affix(cx, "removeprefix", arg)?);
    let (len, cut) = (text.len(), prefix.len());
    if cut > 0 && cut <= len && text.units().range(0, cut).eq_units(prefix.units()) {
        return Ok(raw::from_units(text.units().range(cut, len)).into_object());
    }
    Ok(unchanged(text).into_object())
}

fn removesuffix(cx: Ctx, this: &Object, arg: &Ref) -> PyResult {
    let (text, suffix) = (receiver(this), affix(cx, "removesuffix", arg)?);
    let (len, cut) = (text.len(), suffix.len());
    if cut > 0 && cut <= len && text.units().range(len - cut, len).eq_units(suffix.units()) {
        return Ok(raw::from_units(text.units().range(0, len - cut)).into_object());
    }
    Ok(unchanged(text).into_object())
}

/// Width and fill character of `center`, `ljust`, `rjust`.
fn padding(cx: Ctx, name: &str, args: &[Ref]) -> PyResult<(usize, u32)> {
    check_count(cx, name, args, 1, 2)?;
    let width = cx.to_size(&args[0])?;
    let fill = match args.get(1) {
        None => ' '.into(),
        Some(fill) => match fill.downcast::<StrObject>() {
            Some(fill) if fill.len() == 1 => fill.code_point(0),
            Some(_) => return Err(cx.type_error("The fill character must be exactly one character long")),
            None => {
                return Err(cx.type_error(format_args!(
                    "The fill character must be a unicode character, not {}",
                    fill.ty().tp_name()
                )));
            }
        },
    };
    Ok((usize::try_from(width).unwrap_or(0), fill))
}

fn padded(
    cx: Ctx,
    name: &str,
    this: &Object,
    args: &[Ref],
    left: impl Fn(usize, usize) -> usize,
) -> PyResult {
    let (width, fill) = padding(cx, name, args)?;
    let text = receiver(this);
    let missing = width.saturating_sub(text.len());
    if missing == 0 {
        return Ok(unchanged(text).into_object());
    }
    let before = left(missing, width);
    Ok(raw::pad(cx, text, before, missing - before, fill)?.into_object())
}

fn center(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    padded(cx, "center", this, args, |missing, width| missing / 2 + (missing & width & 1))
}

fn ljust(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    padded(cx, "ljust", this, args, |_, _| 0)
}

fn rjust(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    padded(cx, "rjust", this, args, |missing, _| missing)
}

fn zfill(cx: Ctx, this: &Object, width: &Ref) -> PyResult {
    let width = usize::try_from(cx.to_size(width)?).unwrap_or(0);
    let text = receiver(this);
    let missing = width.saturating_sub(text.len());
    if missing == 0 {
        return Ok(unchanged(text).into_object());
    }
    if !text.is_empty() && matches!(char::from_u32(text.code_point(0)), Some('+' | '-')) {
        let sign = raw::from_point(text.code_point(0));
        let rest = raw::from_units(text.units().range(1, text.len()));
        let padded = raw::pad(cx, &rest, missing, 0, '0'.into())?;
        return Ok(raw::concat(cx, &[&sign, &padded])?.into_object());
    }
    Ok(raw::pad(cx, text, missing, 0, '0'.into())?.into_object())
}

fn expandtabs(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "expandtabs", params: &["tabsize"], required: 0, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let size = match &bound[0] {
        Some(size) => usize::try_from(cx.to_i32(size)?).unwrap_or(0),
        None => 8,
    };
    let text = receiver(this);
    if search::find_point(text.units(), 9).is_none() {
        return Ok(unchanged(text).into_object());
    }
    let mut out = StrBuilder::with_capacity(text.len() + 8);
    let mut column = 0usize;
    for point in text.code_points() {
        if point == 9 {
            if size > 0 {
                let step = size - column % size;
                crate::objects::bytes::check_size(cx, step)?;
                out.push_many(' '.into(), step);
                column += step;
            }
        } else {
            out.push(point);
            column = if matches!(point, 10 | 13) { 0 } else { column + 1 };
        }
    }
    Ok(out.finish().into_object())
}

/// What a translation table says of a character.
enum Translation {
    Keep,
    Delete,
    Point(u32),
    Text(Ref),
}

fn translation(cx: Ctx, table: &Object, point: u32) -> PyResult<Translation> {
    let found = match cx.get_item(table, &cx.new_int(point.into())) {
        Err(raised) if cx.raised_is(&raised, exceptions().lookup_error) => {
            cx.clear_exception(raised);
            return Ok(Translation::Keep);
        }
        other => other?,
    };
    if cx.is_none(&found) {
        return Ok(Translation::Delete);
    }
    if let Some(int) = found.downcast::<IntObject>() {
        return match int.as_i64().and_then(|value| u32::try_from(value).ok()) {
            Some(point) if point < 0x110000 => Ok(Translation::Point(point)),
            _ => Err(cx.value_error("character mapping must be in range(0x110000)")),
        };
    }
    if found.is_instance(types().str) {
        return Ok(Translation::Text(found));
    }
    Err(cx.type_error("character mapping must return integer, None or str"))
}

fn translate(cx: Ctx, this: &Object, table: &Ref) -> PyResult {
    let text = this.to_ref();
    let text = receiver(&text);
    let mut out = StrBuilder::with_capacity(text.len());
    // Answers for ASCII characters that stay ASCII or vanish are kept, as CPython does.
    let mut known: [Option<Option<u8>>; 128] = [None; 128];
    for point in text.code_points() {
        if let Some(Some(answer)) = known.get(point as usize) {
            if let Some(byte) = answer {
                out.push((*byte).into());
            }
            continue;
        }
        let answer = match translation(cx, table, point)? {
            Translation::Keep => Some(point),
            Translation::Delete => None,
            Translation::Point(point) => Some(point),
            Translation::Text(found) => {
                out.push_obj(receiver(&found));
                continue;
            }
        };
        if let Some(point) = answer {
            out.push(point);
        }
        if point < 128 && answer.is_none_or(|answer| answer < 128) && text.is_ascii() {
            known[point as usize] = Some(answer.map(|answer| answer as u8));
        }
    }
    Ok(out.finish().into_object())
}

fn maketrans(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "maketrans", args, 1, 3)?;
    let table = cx.new_dict();
    if let [source] = args {
        let Some(source) = source.downcast_exact::<DictObject>() else {
            return Err(cx.type_error("if you give only one argument to maketrans it must be a dict"));
        };
        for (key, value) in source.to_vec() {
            let key = if let Some(text) = key.downcast::<StrObject>() {
                if text.len() != 1 {
                    return Err(cx.value_error("string keys in translate table must be of length 1"));
                }
                cx.new_int(text.code_point(0).into())
            } else if key.is_instance(types().int) {
                key
            } else {
                return Err(cx.type_error("keys in translate table must be strings or integers"));
            };
            table.set(cx, &key, value)?;
        }
        return Ok(table.into_object());
    }
    let text = |index: usize| {
        args[index].downcast::<StrObject>().ok_or_else(|| {
            cx.type_error(format_args!(
                "maketrans() argument {} must be str, not {}",
                index + 1,
                args[index].ty().tp_name()
            ))
        })
    };
    if !args[0].is_instance(types().str) {
        text(1)?;
        return Err(cx.type_error("first maketrans argument must be a string if there is a second argument"));
    }
    let (from, to) = (text(0)?, text(1)?);
    let delete = if args.len() > 2 { Some(text(2)?) } else { None };
    if from.len() != to.len() {
        return Err(cx.value_error("the first two maketrans arguments must have equal length"));
    }
    for (from, to) in from.code_points().zip(to.code_points()) {
        table.set(cx, &cx.new_int(from.into()), cx.new_int(to.into()))?;
    }
    for point in delete.iter().flat_map(|delete| delete.code_points()) {
        table.set(cx, &cx.new_int(point.into()), cx.none())?;
    }
    Ok(table.into_object())
}

fn encode(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "encode", params: &["encoding", "errors"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let encoding = named_text(cx, "encode", "encoding", &bound[0], "utf-8")?;
    let errors = named_text(cx, "encode", "errors", &bound[1], "strict")?;
    Ok(cx.new_bytes(&codec::encode(cx, receiver(this), &encoding, &errors)?).into_object())
}

fn format_(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    Ok(format::template::format(cx, receiver(this), args)?.into_object())
}

fn format_map(cx: Ctx, this: &Object, mapping: &Ref) -> PyResult {
    Ok(format::template::format_map(cx, receiver(this), mapping)?.into_object())
}

fn dunder_format(cx: Ctx, this: &Object, spec: &Ref) -> PyResult {
    let spec = format::spec_argument(cx, spec)?;
    Ok(format::format_str(cx, this, spec)?.into_object())
}

/// `str.__sizeof__`: CPython's headers of 48 or 72 bytes, the units and a terminator.
pub fn size_shown(text: &StrObject) -> usize {
    if !text.as_object().is_exact(types().str) {
        return 80 + (text.len() + 1) * text.kind as usize;
    }
    if text.is_ascii() { 49 + text.len() } else { 72 + (text.len() + 1) * text.kind as usize }
}

fn sizeof(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_uint(size_shown(receiver(this))))
}

fn getnewargs(cx: Ctx, this: &Object) -> PyResult {
    let text = raw::from_units(receiver(this).units()).into_object();
    Ok(cx.new_tuple(vec![text]).into_object())
}

/// The text as code points, for modules that scan it (`_string`, `re`).
pub fn to_points(text: &StrObject) -> Vec<u32> {
    match text.units() {
        Units::Four(units) => units.to_vec(),
        units => units.points().collect(),
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "str",
    doc: Some(
        "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nMakes a string of an object. With \
         an encoding or errors the object must be\nbytes-like and is decoded; otherwise object.__str__() decides, or \
         repr(object)\nwhere that is not defined. encoding is 'utf-8' and errors 'strict' by default.",
    ),
    layout: Layout::plain::<StrObject>(),
    basicsize: 80,
    flags: TypeFlags::BASETYPE.with(TypeFlags::UNICODE_SUBCLASS).with(TypeFlags::MATCH_SELF),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(str_),
        hash: Some(hash),
        richcompare: Some(richcompare),
        iter: Some(iter_),
        nb_remainder: Some(remainder),
        sq_length: Some(length),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        sq_contains: Some(contains),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        ..Slots::EMPTY
    },
    methods: METHODS,
    dealloc: Some(raw::dealloc),
    ..TypeSpec::EMPTY
};

const METHODS: &[MethodDef] = &[
    MethodDef::keywords("encode", encode, "encode($self, /, encoding='utf-8', errors='strict')\n--\n\nThe text as bytes of an encoding.\n\nerrors says what is done about characters that the encoding has not: 'strict'\nraises UnicodeEncodeError; 'ignore', 'replace' and others go on."),
    MethodDef::fast("replace", split::replace, "replace($self, old, new, count=-1, /)\n--\n\nA copy with each old replaced by new; with count, only the first ones."),
    MethodDef::keywords("split", split::split, "split($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, from the left.\n\nWithout sep, any run of whitespace separates, and empty parts are left out.\nmaxsplit limits how often is split; -1 is no limit."),
    MethodDef::keywords("rsplit", split::rsplit, "rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nA list of the parts between separators, split from the right."),
    MethodDef::one("join", split::join, "join($self, iterable, /)\n--\n\nThe strings of the iterable one after another, this string between them.\n\n'.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'"),
    MethodDef::no_args("capitalize", case::capitalize, "capitalize($self, /)\n--\n\nA copy whose first character is upper case and the rest lower."),
    MethodDef::no_args("casefold", case::casefold, "casefold($self, /)\n--\n\nA copy for comparing without regard to case."),
    MethodDef::no_args("title", case::title, "title($self, /)\n--\n\nA copy in which each word begins with a title case character."),
    MethodDef::fast("center", center, "center($self, width, fillchar=' ', /)\n--\n\nThe text in the middle of width characters."),
    MethodDef::varargs("count", count, "S.count(sub[, start[, end]]) -> int\n\nHow often sub occurs in S[start:end] without overlap."),
    MethodDef::keywords("expandtabs", expandtabs, "expandtabs($self, /, tabsize=8)\n--\n\nA copy with spaces for tabs."),
    MethodDef::varargs("find", find, "S.find(sub[, start[, end]]) -> int\n\nThe lowest index at which sub lies within S[start:end], or -1."),
    MethodDef::one("partition", split::partition, "partition($self, sep, /)\n--\n\nThe part before the first separator, the separator, and the part after it;\nthe whole text and two empty ones when there is none."),
    MethodDef::varargs("index", index, "S.index(sub[, start[, end]]) -> int\n\nThe lowest index at which sub lies within S[start:end]; ValueError if nowhere."),
    MethodDef::fast("ljust", ljust, "ljust($self, width, fillchar=' ', /)\n--\n\nThe text at the left of width characters."),
    MethodDef::no_args("lower", case::lower, "lower($self, /)\n--\n\nA copy in lower case."),
    MethodDef::fast("lstrip", split::lstrip, "lstrip($self, chars=None, /)\n--\n\nA copy without whitespace, or the characters given, at its beginning."),
    MethodDef::varargs("rfind", rfind, "S.rfind(sub[, start[, end]]) -> int\n\nThe highest index at which sub lies within S[start:end], or -1."),
    MethodDef::varargs("rindex", rindex, "S.rindex(sub[, start[, end]]) -> int\n\nThe highest index at which sub lies within S[start:end]; ValueError if nowhere."),
    MethodDef::fast("rjust", rjust, "rjust($self, width, fillchar=' ', /)\n--\n\nThe text at the right of width characters."),
    MethodDef::fast("rstrip", split::rstrip, "rstrip($self, chars=None, /)\n--\n\nA copy without whitespace, or the characters given, at its end."),
    MethodDef::one("rpartition", split::rpartition, "rpartition($self, sep, /)\n--\n\nThe part before the last separator, the separator, and the part after it;\ntwo empty texts and the whole when there is none."),
    MethodDef::keywords("splitlines", split::splitlines, "splitlines($self, /, keepends=False)\n--\n\nA list of the lines; with keepends, their ends are kept."),
    MethodDef::fast("strip", split::strip, "strip($self, chars=None, /)\n--\n\nA copy without whitespace, or the characters given, at both ends."),
    MethodDef::no_args("swapcase", case::swapcase, "swapcase($self, /)\n--\n\nA copy with upper and lower case exchanged."),
    MethodDef::one("translate", translate, "translate($self, table, /)\n--\n\nA copy with each character mapped by the table: code points to code points,\nstrings or None (which deletes); see str.maketrans."),
    MethodDef::no_args("upper", case::upper, "upper($self, /)\n--\n\nA copy in upper case."),
    MethodDef::varargs("startswith", startswith, "S.startswith(prefix[, start[, end]]) -> bool\n\nWhether S[start:end] begins with the prefix, or one of a tuple of them."),
    MethodDef::varargs("endswith", endswith, "S.endswith(suffix[, start[, end]]) -> bool\n\nWhether S[start:end] ends with the suffix, or one of a tuple of them."),
    MethodDef::one("removeprefix", removeprefix, "removeprefix($self, prefix, /)\n--\n\nA copy without the prefix, if the text begins with it."),
    MethodDef::one("removesuffix", removesuffix, "removesuffix($self, suffix, /)\n--\n\nA copy without the suffix, if the text ends with it."),
    MethodDef::no_args("isascii", case::isascii, "isascii($self, /)\n--\n\nWhether all characters are ASCII."),
    MethodDef::no_args("islower", case::islower, "islower($self, /)\n--\n\nWhether there are cased characters and all are lower case."),
    MethodDef::no_args("isupper", case::isupper, "isupper($self, /)\n--\n\nWhether there are cased characters and all are upper case."),
    MethodDef::no_args("istitle", case::istitle, "istitle($self, /)\n--\n\nWhether each word begins in upper or title case and goes on in lower case."),
    MethodDef::no_args("isspace", case::isspace, "isspace($self, /)\n--\n\nWhether there are characters and all are whitespace."),
    MethodDef::no_args("isdecimal", case::isdecimal, "isdecimal($self, /)\n--\n\nWhether there are characters and all are decimal digits."),
    MethodDef::no_args("isdigit", case::isdigit, "isdigit($self, /)\n--\n\nWhether there are characters and all are digits."),
    MethodDef::no_args("isnumeric", case::isnumeric, "isnumeric($self, /)\n--\n\nWhether there are characters and all are numeric."),
    MethodDef::no_args("isalpha", case::isalpha, "isalpha($self, /)\n--\n\nWhether there are characters and all are letters."),
    MethodDef::no_args("isalnum", case::isalnum, "isalnum($self, /)\n--\n\nWhether there are characters and all are letters or numeric."),
    MethodDef::no_args("isidentifier", case::isidentifier, "isidentifier($self, /)\n--\n\nWhether the text is a valid name; keyword.iskeyword tells of reserved ones."),
    MethodDef::no_args("isprintable", case::isprintable, "isprintable($self, /)\n--\n\nWhether repr would show all characters as they are."),
    MethodDef::one("zfill", zfill, "zfill($self, width, /)\n--\n\nThe text filled with zeros at the left, after a sign, to width characters."),
    MethodDef::varargs_keywords("format", format_, "S.format(*args, **kwargs) -> str\n\nS with its replacement fields ('{' and '}') filled from args and kwargs."),
    MethodDef::one("format_map", format_map, "S.format_map(mapping) -> str\n\nS with its replacement fields ('{' and '}') filled from the mapping."),
    MethodDef::one("__format__", dunder_format, "__format__($self, format_spec, /)\n--\n\nThe text formatted by format_spec."),
    MethodDef::fast("maketrans", maketrans, "maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)\n--\n\nA table for str.translate: from a dict of characters or code points, or from\ntwo texts of equal length and a third whose characters are deleted.").static_(),
    MethodDef::no_args("__sizeof__", sizeof, "__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
    MethodDef::no_args("__getnewargs__", getnewargs, ""),
];
