//! The format mini-language, shared by `format()`, `str.format`, f-strings and `%`.
//!
//! | file | holds |
//! | --- | --- |
//! | `spec` | format specifiers as data |
//! | `number` | `int`, `float` and `complex` by a specifier |
//! | `template` | replacement fields: `str.format`, `format_map` |
//! | `percent` | `%` of `str` and `bytes` |

pub mod number;
pub mod percent;
pub mod spec;
pub mod template;

use super::str::{StrBuilder, Units};
use super::{PyResult, StrObject, types};
use crate::memory::{Layout, Object, Ref};
use crate::vm::Ctx;

pub use number::{format_complex, format_float, format_int};
use spec::Spec;

/// The argument of `__format__` as a string.
pub fn spec_argument(cx: Ctx, spec: &Ref) -> PyResult<&StrObject> {
    spec.downcast::<StrObject>().ok_or_else(|| {
        cx.type_error(format_args!("__format__() argument must be str, not {}", spec.ty().tp_name()))
    })
}

/// The value formatted without a call, when its type is exactly one of the built-in ones that know
/// how; `None` for others.
pub fn format_exact(cx: Ctx, value: &Object, spec: &StrObject) -> Option<PyResult<Ref<StrObject>>> {
    let types = types();
    if value.is_exact(types.str) {
        Some(format_str(cx, value, spec))
    } else if value.is_exact(types.int) {
        Some(format_int(cx, value, spec))
    } else if value.is_exact(types.float) {
        Some(format_float(cx, value, spec))
    } else if value.is_exact(types.complex) {
        Some(format_complex(cx, value, spec))
    } else {
        None
    }
}

/// `str.__format__`.
pub fn format_str(cx: Ctx, value: &Object, spec: &StrObject) -> PyResult<Ref<StrObject>> {
    let Some(text) = value.downcast::<StrObject>() else { return cx.str(value) };
    if spec.is_empty() {
        return if value.is_exact(types().str) { Ok(text.to_ref()) } else { cx.str(value) };
    }
    let spec = Spec::parse(cx, spec, "str", 's', '<')?;
    if spec.kind != 's' as u32 {
        return Err(spec.unknown_kind(cx, "str"));
    }
    if spec.sign == Some(' ') {
        return Err(cx.value_error("Space not allowed in string format specifier"));
    }
    if spec.sign.is_some() {
        return Err(cx.value_error("Sign not allowed in string format specifier"));
    }
    if spec.no_negative_zero {
        return Err(cx.value_error("Negative zero coercion (z) not allowed in string format specifier"));
    }
    if spec.alternate {
        return Err(cx.value_error("Alternate form (#) not allowed in string format specifier"));
    }
    if spec.align == '=' {
        return Err(cx.value_error("'=' alignment not allowed in string format specifier"));
    }
    let shown = text.units().range(0, spec.precision.map_or(text.len(), |p| p.min(text.len())));
    if spec.width.is_none_or(|width| width <= shown.len()) {
        if shown.len() == text.len() && value.is_exact(types().str) {
            return Ok(text.to_ref());
        }
        return Ok(super::str::raw::from_units(shown));
    }
    pad(cx, shown, &spec)
}

/// The text within the specifier's width, aligned and filled.
fn pad(cx: Ctx, text: Units<'_>, spec: &Spec) -> PyResult<Ref<StrObject>> {
    let missing = spec.width.unwrap_or(0).saturating_sub(text.len());
    let left = match spec.align {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    if missing > 1 << 16 {
        // A width out of all proportion: let memory be refused rather than exhausted.
        return super::str::raw::pad(cx, &super::str::raw::from_units(text), left, missing - left, spec.fill);
    }
    let mut out = StrBuilder::with_capacity(text.len() + missing);
    out.push_many(spec.fill, left);
    out.push_units(text);
    out.push_many(spec.fill, missing - left);
    Ok(out.finish())
}
