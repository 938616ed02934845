//! Case methods and the `is...` predicates of `str`.

use super::unicode::{self, Mapped};
use super::{StrBuilder, StrObject, raw};
use crate::memory::{Layout, Object, Ref};
use crate::objects::PyResult;
use crate::objects::types;
use crate::vm::Ctx;

pub(super) fn receiver(object: &Object) -> &StrObject {
    // SAFETY: the call layer checks that methods of `str` get an instance of it.
    unsafe { object.cast() }
}

/// The string itself when it is an exact `str`, else a copy that is.
pub(super) fn unchanged(text: &StrObject) -> Ref<StrObject> {
    if text.as_object().is_exact(types().str) { text.to_ref() } else { raw::from_units(text.units()) }
}

/// Maps every code point; `map` gets the text and the place.
fn mapped(text: &StrObject, map: impl Fn(&StrObject, usize, u32) -> Mapped) -> Ref<StrObject> {
    let mut out = StrBuilder::with_capacity(text.len());
    for (index, point) in text.code_points().enumerate() {
        map(text, index, point).as_slice().iter().for_each(|&point| out.push(point));
    }
    out.finish()
}

const SIGMA: u32 = 0x3a3;

/// The lower case of the character at `index`: a sigma at the end of a word has a form of its own.
fn lower_at(text: &StrObject, index: usize, point: u32) -> Mapped {
    if point != SIGMA {
        return unicode::to_lower(point);
    }
    let before = (0..index).rev().map(|i| text.code_point(i)).find(|&c| !unicode::is_case_ignorable(c));
    let after = (index + 1..text.len()).map(|i| text.code_point(i)).find(|&c| !unicode::is_case_ignorable(c));
    let ends = before.is_some_and(unicode::is_cased) && !after.is_some_and(unicode::is_cased);
    // U+03C2 is the lower case of no other letter; it is its own.
    unicode::to_lower(if ends { 0x3c2 } else { point })
}

pub(super) fn lower(_: Ctx, this: &Object) -> PyResult {
    let text = receiver(this);
    if let Some(ascii) = text.as_ascii() {
        return Ok(raw::from_latin1(&ascii.as_bytes().to_ascii_lowercase()).into_object());
    }
    Ok(mapped(text, lower_at).into_object())
}

pub(super) fn upper(_: Ctx, this: &Object) -> PyResult {
    let text = receiver(this);
    if let Some(ascii) = text.as_ascii() {
        return Ok(raw::from_latin1(&ascii.as_bytes().to_ascii_uppercase()).into_object());
    }
    Ok(mapped(text, |_, _, point| unicode::to_upper(point)).into_object())
}

pub(super) fn casefold(cx: Ctx, this: &Object) -> PyResult {
    let text = receiver(this);
    if text.is_ascii() {
        return lower(cx, this);
    }
    Ok(mapped(text, |_, _, point| unicode::to_folded(point)).into_object())
}

pub(super) fn swapcase(_: Ctx, this: &Object) -> PyResult {
    let swap = |text: &StrObject, index, point| {
        if unicode::is_upper(point) {
            lower_at(text, index, point)
        } else if unicode::is_lower(point) {
            unicode::to_upper(point)
        } else {
            // Neither: lower-casing a caseless character gives itself, but a titlecase letter stays.
            Mapped::of(point)
        }
    };
    Ok(mapped(receiver(this), swap).into_object())
}

pub(super) fn capitalize(_: Ctx, this: &Object) -> PyResult {
    let map = |text: &StrObject, index, point| {
        if index == 0 { unicode::to_title(point) } else { lower_at(text, index, point) }
    };
    Ok(mapped(receiver(this), map).into_object())
}

pub(super) fn title(_: Ctx, this: &Object) -> PyResult {
    let text = receiver(this);
    let mut out = StrBuilder::with_capacity(text.len());
    let mut inside = false;
    for (index, point) in text.code_points().enumerate() {
        let mapped = if inside { lower_at(text, index, point) } else { unicode::to_title(point) };
        mapped.as_slice().iter().for_each(|&point| out.push(point));
        inside = unicode::is_cased(point);
    }
    Ok(out.finish().into_object())
}

/// Whether there are characters and all pass the test.
macro_rules! all {
    ($($name:ident = $test:path;)*) => {$(
        pub(super) fn $name(cx: Ctx, this: &Object) -> PyResult {
            let text = receiver(this);
            Ok(cx.bool(!text.is_empty() && text.code_points().all($test)))
        }
    )*};
}

all! {
    isspace = unicode::is_space;
    isdecimal = unicode::is_decimal;
    isdigit = unicode::is_digit;
    isnumeric = unicode::is_numeric;
    isalpha = unicode::is_alpha;
    isalnum = unicode::is_alnum;
}

pub(super) fn isascii(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.bool(receiver(this).is_ascii()))
}

pub(super) fn isprintable(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.bool(receiver(this).code_points().all(unicode::is_printable)))
}

/// Whether the text is a valid name.
pub fn is_identifier(text: &StrObject) -> bool {
    let mut points = text.code_points();
    points.next().is_some_and(|first| first == u32::from('_') || unicode::is_id_start(first))
        && points.all(unicode::is_id_continue)
}

pub(super) fn isidentifier(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.bool(is_identifier(receiver(this))))
}

pub(super) fn islower(cx: Ctx, this: &Object) -> PyResult {
    let text = receiver(this);
    let against = |point| unicode::is_upper(point) || unicode::is_title(point);
    Ok(cx.bool(text.code_points().any(unicode::is_lower) && !text.code_points().any(against)))
}

pub(super) fn isupper(cx: Ctx, this: &Object) -> PyResult {
    let text = receiver(this);
    let against = |point| unicode::is_lower(point) || unicode::is_title(point);
    Ok(cx.bool(text.code_points().any(unicode::is_upper) && !text.code_points().any(against)))
}

pub(super) fn istitle(cx: Ctx, this: &Object) -> PyResult {
    let (mut any, mut inside) = (false, false);
    for point in receiver(this).code_points() {
        if unicode::is_upper(point) || unicode::is_title(point) {
            if inside {
                return Ok(cx.bool(false));
            }
            (any, inside) = (true, true);
        } else if unicode::is_lower(point) {
            if !inside {
                return Ok(cx.bool(false));
            }
        } else {
            inside = false;
        }
    }
    Ok(cx.bool(any))
}
