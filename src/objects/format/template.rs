//! `str.format` and `str.format_map`: literal text and replacement fields
//! `{name.attribute[item]!conversion:spec}`.

use super::spec::number;
use crate::memory::{Layout, Object, Ref};
use crate::objects::str::{StrBuilder, Units, raw, unicode};
use crate::objects::{PyResult, StrObject, types};
use crate::vm::Ctx;

/// Where the values come from.
struct Source<'a> {
    args: Option<&'a [Ref]>,
    keywords: Keywords<'a>,
    numbering: Numbering,
}

enum Keywords<'a> {
    /// The keyword arguments of `format`.
    Named(Vec<(&'a StrObject, &'a Ref)>),
    /// The mapping of `format_map`.
    Mapping(&'a Object),
}

/// Fields are numbered by themselves or by hand, not both.
enum Numbering {
    Open,
    Automatic(usize),
    Manual,
}

/// `text.format(*args, **keywords)`.
pub fn format(cx: Ctx, text: &StrObject, args: crate::objects::Args<'_>) -> PyResult<Ref<StrObject>> {
    let mut source = Source {
        args: Some(args.pos()),
        keywords: Keywords::Named(args.keywords().collect()),
        numbering: Numbering::Open,
    };
    let points: Vec<u32> = text.code_points().collect();
    let mut out = StrBuilder::with_capacity(points.len());
    build(cx, &points, &mut source, 2, &mut out)?;
    Ok(out.finish())
}

/// `text.format_map(mapping)`.
pub fn format_map(cx: Ctx, text: &StrObject, mapping: &Object) -> PyResult<Ref<StrObject>> {
    let mut source = Source { args: None, keywords: Keywords::Mapping(mapping), numbering: Numbering::Open };
    let points: Vec<u32> = text.code_points().collect();
    let mut out = StrBuilder::with_capacity(points.len());
    build(cx, &points, &mut source, 2, &mut out)?;
    Ok(out.finish())
}

/// One piece of a template.
pub struct Piece<'a> {
    pub literal: &'a [u32],
    pub field: Option<Field<'a>>,
}

/// A replacement field, unresolved.
pub struct Field<'a> {
    pub name: &'a [u32],
    pub conversion: Option<u32>,
    pub spec: &'a [u32],
    /// The specifier has replacement fields itself.
    pub nested: bool,
}

const OPEN: u32 = '{' as u32;
const CLOSE: u32 = '}' as u32;

/// The next piece at `at`, `None` at the end.
pub fn next_piece<'a>(cx: Ctx, text: &'a [u32], at: &mut usize) -> PyResult<Option<Piece<'a>>> {
    if *at >= text.len() {
        return Ok(None);
    }
    let start = *at;
    let Some(offset) = text[start..].iter().position(|&c| c == OPEN || c == CLOSE) else {
        *at = text.len();
        return Ok(Some(Piece { literal: &text[start..], field: None }));
    };
    let brace = start + offset;
    let next = text.get(brace + 1);
    if next == Some(&text[brace]) {
        *at = brace + 2;
        return Ok(Some(Piece { literal: &text[start..=brace], field: None }));
    }
    if text[brace] == CLOSE {
        return Err(cx.value_error("Single '}' encountered in format string"));
    }
    if next.is_none() {
        return Err(cx.value_error("Single '{' encountered in format string"));
    }
    *at = brace + 1;
    let field = parse_field(cx, text, at)?;
    Ok(Some(Piece { literal: &text[start..brace], field: Some(field) }))
}

fn parse_field<'a>(cx: Ctx, text: &'a [u32], at: &mut usize) -> PyResult<Field<'a>> {
    let start = *at;
    let mut end = None;
    while let Some(&c) = text.get(*at) {
        *at += 1;
        match char::from_u32(c) {
            Some('{') => return Err(cx.value_error("unexpected '{' in field name")),
            Some('[') => {
                while text.get(*at).is_some_and(|&c| c != u32::from(']')) {
                    *at += 1;
                }
            }
            Some(mark @ ('}' | ':' | '!')) => {
                end = Some(mark);
                break;
            }
            _ => {}
        }
    }
    let Some(mark) = end else { return Err(cx.value_error("expected '}' before end of string")) };
    let mut field = Field { name: &text[start..*at - 1], conversion: None, spec: &[], nested: false };
    if mark == '}' {
        return Ok(field);
    }
    if mark == '!' {
        let Some(&conversion) = text.get(*at) else {
            return Err(cx.value_error("end of string while looking for conversion specifier"));
        };
        *at += 1;
        field.conversion = Some(conversion);
        if let Some(&c) = text.get(*at) {
            *at += 1;
            if c == CLOSE {
                return Ok(field);
            }
            if c != u32::from(':') {
                return Err(cx.value_error("expected ':' after conversion specifier"));
            }
        }
    }
    let (from, mut depth) = (*at, 1);
    while let Some(&c) = text.get(*at) {
        *at += 1;
        if c == OPEN {
            field.nested = true;
            depth += 1;
        } else if c == CLOSE {
            depth -= 1;
            if depth == 0 {
                field.spec = &text[from..*at - 1];
                return Ok(field);
            }
        }
    }
    Err(cx.value_error("unmatched '{' in format spec"))
}

fn build(cx: Ctx, text: &[u32], source: &mut Source<'_>, depth: u32, out: &mut StrBuilder) -> PyResult<()> {
    if depth == 0 {
        return Err(cx.value_error("Max string recursion exceeded"));
    }
    let mut at = 0;
    while let Some(piece) = next_piece(cx, text, &mut at)? {
        out.push_units(Units::Four(piece.literal));
        let Some(field) = piece.field else { continue };
        let value = resolve(cx, field.name, source)?;
        let value = match field.conversion.map(char::from_u32) {
            None => value,
            Some(Some('r')) => cx.repr(&value)?.into_object(),
            Some(Some('s')) => cx.str(&value)?.into_object(),
            Some(Some('a')) => cx.ascii(&value)?.into_object(),
            Some(Some(c)) if (33..127).contains(&u32::from(c)) => {
                return Err(cx.value_error(format_args!("Unknown conversion specifier {c}")));
            }
            Some(_) => {
                let point = field.conversion.unwrap_or(0);
                return Err(cx.value_error(format_args!("Unknown conversion specifier \\x{point:x}")));
            }
        };
        let spec = if field.nested {
            let mut spec = StrBuilder::new();
            build(cx, field.spec, source, depth - 1, &mut spec)?;
            spec.finish()
        } else {
            raw::from_points(field.spec)
        };
        let text = match super::format_exact(cx, &value, &spec) {
            Some(text) => text?,
            None => cx.format(&value, &spec)?,
        };
        out.push_obj(&text);
    }
    Ok(())
}

/// A part of a field name after the first: `.attribute` or `[item]`.
pub enum Step<'a> {
    Attribute(&'a [u32]),
    Index(usize),
    Item(&'a [u32]),
}

/// Splits a field name into its first part and where the rest begins.
pub fn first_part(name: &[u32]) -> (&[u32], usize) {
    let end = name.iter().position(|&c| c == u32::from('.') || c == u32::from('[')).unwrap_or(name.len());
    (&name[..end], end)
}

/// The text as a number if all of it is digits.
pub fn as_index(cx: Ctx, text: &[u32]) -> PyResult<Option<usize>> {
    let mut at = 0;
    if text.is_empty() || !text.iter().all(|&c| unicode::decimal(c).is_some()) {
        return Ok(None);
    }
    number(cx, text, &mut at)
}

/// The next step of a field name at `at`, `None` at its end.
pub fn next_step<'a>(cx: Ctx, name: &'a [u32], at: &mut usize) -> PyResult<Option<Step<'a>>> {
    let Some(&mark) = name.get(*at) else { return Ok(None) };
    let start = *at + 1;
    let step = match char::from_u32(mark) {
        Some('.') => {
            let (part, len) = first_part(&name[start..]);
            *at = start + len;
            Step::Attribute(part)
        }
        Some('[') => {
            let Some(len) = name[start..].iter().position(|&c| c == u32::from(']')) else {
                return Err(cx.value_error("Missing ']' in format string"));
            };
            *at = start + len + 1;
            let part = &name[start..start + len];
            match as_index(cx, part)? {
                Some(index) => Step::Index(index),
                None => Step::Item(part),
            }
        }
        _ => return Err(cx.value_error("Only '.' or '[' may follow ']' in format field specifier")),
    };
    if let Step::Attribute([]) | Step::Item([]) = step {
        return Err(cx.value_error("Empty attribute in format string"));
    }
    Ok(Some(step))
}

/// The value that a field name stands for.
fn resolve(cx: Ctx, name: &[u32], source: &mut Source<'_>) -> PyResult {
    let (first, mut at) = first_part(name);
    let mut index = as_index(cx, first)?;
    if first.is_empty() || index.is_some() {
        let automatic = first.is_empty();
        match (&mut source.numbering, automatic) {
            (Numbering::Open, true) => source.numbering = Numbering::Automatic(0),
            (Numbering::Open, false) => source.numbering = Numbering::Manual,
            (Numbering::Automatic(_), true) | (Numbering::Manual, false) => {}
            (Numbering::Manual, true) => {
                return Err(cx.value_error(
                    "cannot switch from manual field specification to automatic field numbering",
                ));
            }
            (Numbering::Automatic(_), false) => {
                return Err(cx.value_error(
                    "cannot switch from automatic field numbering to manual field specification",
                ));
            }
        }
        if let (true, Numbering::Automatic(next)) = (automatic, &mut source.numbering) {
            index = Some(*next);
            *next += 1;
        }
    }
    let mut value = match index {
        Some(index) => {
            let Some(args) = source.args else {
                return Err(cx.value_error("Format string contains positional fields"));
            };
            args.get(index).cloned().ok_or_else(|| {
                cx.index_error(format_args!(
                    "Replacement index {index} out of range for positional args tuple"
                ))
            })?
        }
        None => {
            let key = raw::from_points(first);
            match &source.keywords {
                Keywords::Named(named) => match named.iter().find(|(name, _)| name.eq_text(&key)) {
                    Some((_, value)) => (*value).clone(),
                    None => return Err(cx.key_error(key.into_object())),
                },
                Keywords::Mapping(mapping) => cx.get_item(mapping, key.as_object())?,
            }
        }
    };
    while let Some(step) = next_step(cx, name, &mut at)? {
        value = match step {
            Step::Attribute(name) => cx.get_attr(&value, &cx.intern_ref(raw::from_points(name)))?,
            Step::Item(key) => cx.get_item(&value, raw::from_points(key).as_object())?,
            Step::Index(index) => {
                let sequence = value.ty().slots().sq_item.is_some() && !value.is_instance(types().dict);
                match isize::try_from(index) {
                    Ok(index) if sequence => cx.sequence_item(&value, index)?,
                    _ => cx.get_item(&value, &cx.new_uint(index))?,
                }
            }
        };
    }
    Ok(value)
}
