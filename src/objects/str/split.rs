//! `split`, `rsplit`, `splitlines`, `partition`, `strip`, `join` and `replace` of `str`.

use super::case::{receiver, unchanged};
use super::{StrBuilder, StrObject, Units, raw, search, unicode};
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::slots::Args;
use crate::objects::spec::Signature;
use crate::objects::{ListObject, PyResult, TupleObject, types};
use crate::vm::Ctx;

/// A part of the text as an object.
fn part(text: Units<'_>, start: usize, end: usize) -> Ref {
    raw::from_units(text.range(start, end)).into_object()
}

/// Arguments of `split`: separator and how often at most.
fn split_arguments(cx: Ctx, name: &'static str, args: Args<'_>) -> PyResult<(Option<Ref<StrObject>>, usize)> {
    let signature = Signature { name, params: &["sep", "maxsplit"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &signature, args, &mut bound)?;
    let [separator, count] = bound;
    let count = match count {
        Some(count) => cx.to_size(&count)?,
        None => -1,
    };
    let separator = match separator {
        Some(separator) if !cx.is_none(&separator) => match separator.downcast::<StrObject>() {
            Some(text) if text.is_empty() => return Err(cx.value_error("empty separator")),
            Some(text) => Some(text.to_ref()),
            None => {
                return Err(
                    cx.type_error(format_args!("must be str or None, not {}", separator.ty().tp_name()))
                );
            }
        },
        _ => None,
    };
    Ok((separator, usize::try_from(count).unwrap_or(usize::MAX)))
}

pub(super) fn split(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    let (separator, most) = split_arguments(cx, "split", args)?;
    let text = receiver(this);
    let units = text.units();
    let mut parts = Vec::new();
    match separator {
        Some(separator) => {
            let mut start = 0;
            while parts.len() < most {
                let Some(at) = search::find(units.range(start, units.len()), separator.units()) else {
                    break;
                };
                parts.push(part(units, start, start + at));
                start += at + separator.len();
            }
            if start == 0 && text.as_object().is_exact(types().str) {
                parts.push(text.to_object());
            } else {
                parts.push(part(units, start, units.len()));
            }
        }
        None => {
            let space = |at: usize| unicode::is_space(units.at(at));
            let mut at = 0;
            loop {
                while at < units.len() && space(at) {
                    at += 1;
                }
                if at == units.len() {
                    break;
                }
                let start = at;
                let mut end = units.len();
                if parts.len() < most {
                    while at < units.len() && !space(at) {
                        at += 1;
                    }
                    end = at;
                } else {
                    // The rest as it is, spaces at its end included.
                    at = units.len();
                }
                if start == 0 && end == units.len() && text.as_object().is_exact(types().str) {
                    parts.push(text.to_object());
                } else {
                    parts.push(part(units, start, end));
                }
            }
        }
    }
    split_list(cx, parts, most)
}

pub(super) fn rsplit(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    let (separator, most) = split_arguments(cx, "rsplit", args)?;
    let text = receiver(this);
    let units = text.units();
    let mut parts = Vec::new();
    match separator {
        Some(separator) => {
            let mut end = units.len();
            while parts.len() < most {
                let Some(at) = search::rfind(units.range(0, end), separator.units()) else { break };
                parts.push(part(units, at + separator.len(), end));
                end = at;
            }
            if end == units.len() && text.as_object().is_exact(types().str) {
                parts.push(text.to_object());
            } else {
                parts.push(part(units, 0, end));
            }
        }
        None => {
            let space = |at: usize| unicode::is_space(units.at(at));
            let mut at = units.len();
            loop {
                while at > 0 && space(at - 1) {
                    at -= 1;
                }
                if at == 0 {
                    break;
                }
                let end = at;
                let mut start = 0;
                if parts.len() < most {
                    while at > 0 && !space(at - 1) {
                        at -= 1;
                    }
                    start = at;
                } else {
                    at = 0;
                }
                if start == 0 && end == units.len() && text.as_object().is_exact(types().str) {
                    parts.push(text.to_object());
                } else {
                    parts.push(part(units, start, end));
                }
            }
        }
    }
    parts.reverse();
    split_list(cx, parts, most)
}

/// The list that `split` returns: CPython makes it with room for up to twelve parts at first.
pub(crate) fn split_list(cx: Ctx, mut parts: Vec<Ref>, most: usize) -> PyResult {
    const ROOM: usize = 12;
    if parts.len() > ROOM {
        // Past its room the list grows as by appending.
        let rest = parts.split_off(ROOM);
        let list = crate::objects::list::from_vec_with_room(cx, parts, ROOM)?;
        for part in rest {
            list.push(cx, part)?;
        }
        return Ok(list.into_object());
    }
    let room = ROOM.min(most.saturating_add(1));
    Ok(crate::objects::list::from_vec_with_room(cx, parts, room)?.into_object())
}

pub(super) fn splitlines(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "splitlines", params: &["keepends"], required: 0, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let keep = match &bound[0] {
        Some(keep) => cx.to_i32(keep)? != 0,
        None => false,
    };
    let units = receiver(this).units();
    let lines = cx.new_list(Vec::new())?;
    let (mut start, mut at) = (0, 0);
    while at < units.len() {
        let point = units.at(at);
        at += 1;
        if !unicode::is_line_break(point) {
            continue;
        }
        let end = at - 1;
        if point == 13 && at < units.len() && units.at(at) == 10 {
            at += 1;
        }
        lines.push(cx, part(units, start, if keep { at } else { end }))?;
        start = at;
    }
    if start < units.len() {
        let whole = start == 0 && this.is_exact(types().str);
        lines.push(cx, if whole { this.to_ref() } else { part(units, start, units.len()) })?;
    }
    Ok(lines.into_object())
}

/// The separator argument of `partition`.
fn separator(cx: Ctx, separator: &Ref) -> PyResult<&StrObject> {
    let Some(text) = separator.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!("must be str, not {}", separator.ty().tp_name())));
    };
    if text.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    Ok(text)
}

pub(super) fn partition(cx: Ctx, this: &Object, arg: &Ref) -> PyResult {
    let (text, mark) = (receiver(this), separator(cx, arg)?);
    let units = text.units();
    let items = match search::find(units, mark.units()) {
        Some(at) => vec![part(units, 0, at), arg.clone(), part(units, at + mark.len(), units.len())],
        None => vec![unchanged(text).into_object(), raw::empty().into_object(), raw::empty().into_object()],
    };
    Ok(cx.new_tuple(items).into_object())
}

pub(super) fn rpartition(cx: Ctx, this: &Object, arg: &Ref) -> PyResult {
    let (text, mark) = (receiver(this), separator(cx, arg)?);
    let units = text.units();
    let items = match search::rfind(units, mark.units()) {
        Some(at) => vec![part(units, 0, at), arg.clone(), part(units, at + mark.len(), units.len())],
        None => vec![raw::empty().into_object(), raw::empty().into_object(), unchanged(text).into_object()],
    };
    Ok(cx.new_tuple(items).into_object())
}

fn stripped(cx: Ctx, name: &str, this: &Object, args: &[Ref], left: bool, right: bool) -> PyResult {
    check_count(cx, name, args, 0, 1)?;
    let text = receiver(this);
    let units = text.units();
    let chars = match args.first() {
        Some(chars) if !cx.is_none(chars) => match chars.downcast::<StrObject>() {
            Some(chars) => Some(chars),
            None => return Err(cx.type_error(format_args!("{name} arg must be None or str"))),
        },
        _ => None,
    };
    let drop = |at: usize| {
        let point = units.at(at);
        match chars {
            Some(chars) => search::find_point(chars.units(), point).is_some(),
            None => unicode::is_space(point),
        }
    };
    let (mut start, mut end) = (0, units.len());
    while left && start < end && drop(start) {
        start += 1;
    }
    while right && end > start && drop(end - 1) {
        end -= 1;
    }
    if start == 0 && end == units.len() {
        return Ok(unchanged(text).into_object());
    }
    Ok(part(units, start, end))
}

pub(super) fn strip(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    stripped(cx, "strip", this, args, true, true)
}

pub(super) fn lstrip(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    stripped(cx, "lstrip", this, args, true, false)
}

pub(super) fn rstrip(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    stripped(cx, "rstrip", this, args, false, true)
}

pub(super) fn join(cx: Ctx, this: &Object, iterable: &Ref) -> PyResult {
    Ok(join_text(cx, receiver(this), iterable)?.into_object())
}

/// `separator.join(iterable)`.
pub fn join_text(cx: Ctx, separator: &StrObject, iterable: &Object) -> PyResult<Ref<StrObject>> {
    let items: Vec<Ref>;
    let parts: &[Ref] = if let Some(list) = iterable.downcast_exact::<ListObject>() {
        // No code runs until the text is made, so the list may be borrowed.
        list.peek_slice()
    } else if let Some(tuple) = iterable.downcast_exact::<TupleObject>() {
        tuple.as_slice()
    } else {
        items = cx.sequence_fast(iterable, "can only join an iterable")?;
        &items
    };
    if let [only] = parts {
        if only.is_exact(types().str) {
            // SAFETY: an exact `str` has its layout.
            return Ok(unsafe { only.cast::<StrObject>() }.to_ref());
        }
    }
    let mut texts = Vec::with_capacity(parts.len() * 2);
    for (index, item) in parts.iter().enumerate() {
        let Some(text) = item.downcast::<StrObject>() else {
            return Err(cx.type_error(format_args!(
                "sequence item {index}: expected str instance, {} found",
                item.ty().tp_name()
            )));
        };
        if index > 0 && !separator.is_empty() {
            texts.push(separator);
        }
        texts.push(text);
    }
    raw::concat(cx, &texts)
}

fn text_argument<'a>(cx: Ctx, name: &str, index: usize, arg: &'a Ref) -> PyResult<&'a StrObject> {
    arg.downcast::<StrObject>().ok_or_else(|| {
        cx.type_error(format_args!("{name}() argument {index} must be str, not {}", arg.ty().tp_name()))
    })
}

pub(super) fn replace(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "replace", args, 2, 3)?;
    let old = text_argument(cx, "replace", 1, &args[0])?;
    let new = text_argument(cx, "replace", 2, &args[1])?;
    let count = match args.get(2) {
        Some(count) => cx.to_size(count)?,
        None => -1,
    };
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let text = receiver(this);
    let units = text.units();
    if most == 0 || std::ptr::eq(old, new) || (old.is_empty() && new.is_empty()) || old.len() > units.len() {
        return Ok(unchanged(text).into_object());
    }
    let mut out = StrBuilder::with_capacity(units.len());
    if old.is_empty() {
        let times = most.min(units.len() + 1);
        for index in 0..=units.len() {
            if index < times {
                out.push_obj(new);
            }
            if index < units.len() {
                out.push(units.at(index));
            }
        }
        return Ok(out.finish().into_object());
    }
    let (mut start, mut done) = (0, 0);
    while done < most {
        let Some(at) = search::find(units.range(start, units.len()), old.units()) else { break };
        out.push_units(units.range(start, start + at));
        out.push_obj(new);
        start += at + old.len();
        done += 1;
    }
    if done == 0 {
        return Ok(unchanged(text).into_object());
    }
    out.push_units(units.range(start, units.len()));
    Ok(out.finish().into_object())
}
