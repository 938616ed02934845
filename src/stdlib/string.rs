//! `_string`: the parser of format strings, for `string.Formatter`.

use crate::memory::{Object, Ref};
use crate::objects::format::template::{Step, as_index, first_part, next_piece, next_step};
use crate::objects::spec::MethodDef;
use crate::objects::{ModuleSpec, PyResult, StrObject};
use crate::vm::Ctx;

fn points(cx: Ctx, value: &Object) -> PyResult<Vec<u32>> {
    match value.downcast::<StrObject>() {
        Some(text) => Ok(text.code_points().collect()),
        None => Err(cx.type_error(format_args!("expected str, got {}", value.ty().tp_name()))),
    }
}

fn text(cx: Ctx, points: &[u32]) -> Ref {
    cx.new_str_from_code_points(points).into_object()
}

/// `(literal, field name, specifier, conversion)` of each piece.
fn formatter_parser(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    let points = points(cx, value)?;
    let (mut at, mut pieces) = (0, Vec::new());
    while let Some(piece) = next_piece(cx, &points, &mut at)? {
        let mut items = vec![text(cx, piece.literal)];
        match &piece.field {
            Some(field) => {
                let conversion = field.conversion.map_or_else(|| cx.none(), |point| text(cx, &[point]));
                items.extend([text(cx, field.name), text(cx, field.spec), conversion]);
            }
            None => items.extend([cx.none(), cx.none(), cx.none()]),
        }
        pieces.push(cx.new_tuple(items).into_object());
    }
    cx.iter(crate::memory::Layout::as_object(&*cx.new_list(pieces)?))
}

/// `(first, [(is attribute, name or index), ...])` of a field name.
fn formatter_field_name_split(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    let points = points(cx, value)?;
    let (first, mut at) = first_part(&points);
    let first = match as_index(cx, first)? {
        Some(index) => cx.new_uint(index),
        None => text(cx, first),
    };
    let mut steps = Vec::new();
    while let Some(step) = next_step(cx, &points, &mut at)? {
        let (attribute, key) = match step {
            Step::Attribute(name) => (true, text(cx, name)),
            Step::Index(index) => (false, cx.new_uint(index)),
            Step::Item(name) => (false, text(cx, name)),
        };
        steps.push(cx.new_tuple(vec![cx.bool(attribute), key]).into_object());
    }
    let rest = cx.iter(crate::memory::Layout::as_object(&*cx.new_list(steps)?))?;
    Ok(cx.new_tuple(vec![first, rest]).into_object())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_string",
    doc: Some("string helper module"),
    functions: &[
        MethodDef::one(
            "formatter_field_name_split",
            formatter_field_name_split,
            "split the argument as a field name",
        ),
        MethodDef::one("formatter_parser", formatter_parser, "parse the argument as a format string"),
    ],
    exec: None,
};
