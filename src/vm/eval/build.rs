//! Building tuples, lists, sets, dicts and strings, adding to those being built, and taking apart.

use super::calls;
use super::regs::Regs;
use crate::memory::{Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::str::StrBuilder;
use crate::objects::{ListObject, PyResult, StrObject, TupleObject, exceptions, names, set, types};
use crate::vm::Ctx;

/// Caches behind `UNPACK_SEQUENCE`, in units.
const UNPACK_CACHES: usize = 1;

#[inline(always)]
pub(super) fn build_tuple(r: &mut Regs, cx: Ctx, count: u32) {
    let items = r.take(count as usize);
    r.push(cx.new_tuple(items).into_object());
}

#[inline(always)]
pub(super) fn build_list(r: &mut Regs, cx: Ctx, count: u32) -> PyResult<()> {
    let items = r.take(count as usize);
    r.push(cx.new_list(items)?.into_object());
    Ok(())
}

#[inline(always)]
pub(super) fn list_to_tuple(r: &mut Regs, cx: Ctx) {
    let list = r.pop();
    // SAFETY: the compiler converts only lists that it built.
    let tuple = cx.tuple_from_slice(unsafe { list.cast::<ListObject>() }.peek_slice());
    drop(list);
    r.push(tuple.into_object());
}

#[inline(always)]
pub(super) fn build_set(r: &mut Regs, cx: Ctx, count: u32) -> PyResult<()> {
    let items = r.take(count as usize);
    r.push(set_of(cx, items)?);
    Ok(())
}

#[inline(always)]
pub(super) fn build_map(r: &mut Regs, cx: Ctx, pairs: u32) -> PyResult<()> {
    let items = r.take(2 * pairs as usize);
    r.push(dict_of(cx, items)?);
    Ok(())
}

#[inline(always)]
pub(super) fn build_const_key_map(r: &mut Regs, cx: Ctx, count: u32) -> PyResult<()> {
    let keys = r.pop();
    let values = r.take(count as usize);
    // SAFETY: the compiler pushes the keys as a tuple.
    let dict = dict_with_keys(cx, unsafe { keys.cast() }, values)?;
    r.push(dict);
    Ok(())
}

#[inline(always)]
pub(super) fn build_string(r: &mut Regs, count: u32) {
    let parts = r.take(count as usize);
    r.push(joined(&parts).into_object());
}

#[inline(always)]
pub(super) fn format_value(r: &mut Regs, cx: Ctx, how: u32) -> PyResult<()> {
    let spec = r.pop_if(how & 4 != 0);
    let value = r.pop();
    r.push(formatted(cx, value, spec, how & 3)?);
    Ok(())
}

#[inline(always)]
pub(super) fn list_append(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let item = r.pop();
    // SAFETY: the compiler appends only to lists that it built.
    unsafe { r.peek(depth as usize).cast::<ListObject>() }.push(cx, item)
}

#[inline(always)]
pub(super) fn set_add(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let item = r.pop();
    set::add(cx, r.peek(depth as usize), &item).map(drop)
}

#[inline(always)]
pub(super) fn map_add(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let value = r.pop();
    let key = r.pop();
    built_dict(r, depth).set(cx, &key, value)
}

#[inline(always)]
pub(super) fn list_extend(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let iterable = r.pop();
    extend_list(cx, r.peek(depth as usize), &iterable)
}

#[inline(always)]
pub(super) fn set_update(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let iterable = r.pop();
    set::update(cx, r.peek(depth as usize), &iterable)
}

#[inline(always)]
pub(super) fn dict_update(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let mapping = r.pop();
    update_dict(cx, built_dict(r, depth), &mapping)
}

#[inline(always)]
pub(super) fn dict_merge(r: &mut Regs, cx: Ctx, depth: u32) -> PyResult<()> {
    let mapping = r.pop();
    let callable = r.peek(2 + depth as usize);
    calls::merge_keywords(cx, callable, built_dict(r, depth), &mapping)
}

#[inline(always)]
fn built_dict<'a>(r: &Regs, depth: u32) -> &'a DictObject {
    // SAFETY: the compiler adds only to dicts that it built.
    unsafe { r.peek(depth as usize).cast() }
}

#[inline(always)]
pub(super) fn unpack_sequence(r: &mut Regs, cx: Ctx, count: u32) -> PyResult<()> {
    let sequence = r.pop();
    let items: Option<&[Ref]> = match sequence.downcast_exact::<TupleObject>() {
        Some(tuple) => Some(tuple.as_slice()),
        None => sequence.downcast_exact::<ListObject>().map(ListObject::peek_slice),
    };
    match items {
        Some(items) if items.len() == count as usize => {
            for item in items.iter().rev() {
                r.push(item.clone());
            }
            drop(sequence);
        }
        _ => {
            let items = unpack(cx, &sequence, count as usize, None);
            drop(sequence);
            for item in items?.into_iter().rev() {
                r.push(item);
            }
        }
    }
    r.skip(UNPACK_CACHES);
    Ok(())
}

#[inline(always)]
pub(super) fn unpack_ex(r: &mut Regs, cx: Ctx, counts: u32) -> PyResult<()> {
    let sequence = r.pop();
    let items = unpack(cx, &sequence, (counts & 0xff) as usize, Some((counts >> 8) as usize));
    drop(sequence);
    for item in items?.into_iter().rev() {
        r.push(item);
    }
    Ok(())
}

fn set_of(cx: Ctx, items: Vec<Ref>) -> PyResult {
    let result = set::new_set(cx);
    for item in items {
        set::add(cx, &result, &item)?;
    }
    Ok(result)
}

fn dict_of(cx: Ctx, items: Vec<Ref>) -> PyResult {
    let dict = cx.new_dict();
    for pair in items.chunks_exact(2) {
        dict.set(cx, &pair[0], pair[1].clone())?;
    }
    Ok(dict.into_object())
}

fn dict_with_keys(cx: Ctx, keys: &TupleObject, values: Vec<Ref>) -> PyResult {
    let dict = cx.new_dict();
    for (key, value) in keys.as_slice().iter().zip(values) {
        dict.set(cx, key, value)?;
    }
    Ok(dict.into_object())
}

fn joined(parts: &[Ref]) -> Ref<StrObject> {
    let mut builder = StrBuilder::new();
    for part in parts {
        if let Some(text) = part.downcast::<StrObject>() {
            builder.push_obj(text);
        }
    }
    builder.finish()
}

/// `FORMAT_VALUE`: `conversion` is 0 none, 1 `!s`, 2 `!r`, 3 `!a`.
fn formatted(cx: Ctx, value: Ref, spec: Option<Ref>, conversion: u32) -> PyResult {
    let value = match conversion {
        1 => cx.str(&value)?.into_object(),
        2 => cx.repr(&value)?.into_object(),
        3 => cx.ascii(&value)?.into_object(),
        _ => value,
    };
    match spec {
        None if value.is_exact(types().str) => Ok(value),
        None => Ok(cx.format(&value, &names().empty)?.into_object()),
        Some(spec) => {
            // SAFETY: the compiler builds format specs as strings.
            let spec = unsafe { spec.cast::<StrObject>() };
            Ok(cx.format(&value, spec)?.into_object())
        }
    }
}

fn extend_list(cx: Ctx, list: &Object, iterable: &Object) -> PyResult<()> {
    // SAFETY: the compiler extends only lists that it built.
    let list = unsafe { list.cast::<ListObject>() };
    match list.extend(cx, iterable) {
        Ok(()) => Ok(()),
        Err(raised)
            if cx.raised_is(&raised, exceptions().type_error)
                && iterable.ty().slots().iter.is_none()
                && iterable.ty().slots().sq_item.is_none() =>
        {
            cx.clear_exception(raised);
            Err(cx.type_error(format_args!(
                "Value after * must be an iterable, not {}",
                iterable.ty().tp_name()
            )))
        }
        Err(raised) => Err(raised),
    }
}

fn update_dict(cx: Ctx, dict: &DictObject, mapping: &Object) -> PyResult<()> {
    match dict.update(cx, mapping) {
        Ok(()) => Ok(()),
        Err(raised) if cx.raised_is(&raised, exceptions().attribute_error) => {
            cx.clear_exception(raised);
            Err(cx.type_error(format_args!("'{}' object is not a mapping", mapping.ty().tp_name())))
        }
        Err(raised) => Err(raised),
    }
}

/// Unpacks into `before` items, and with `after` into a list of the rest and `after` more.
fn unpack(cx: Ctx, sequence: &Object, before: usize, after: Option<usize>) -> PyResult<Vec<Ref>> {
    let iterator = match cx.iter(sequence) {
        Ok(iterator) => iterator,
        Err(raised)
            if cx.raised_is(&raised, exceptions().type_error)
                && sequence.ty().slots().iter.is_none()
                && sequence.ty().slots().sq_item.is_none() =>
        {
            cx.clear_exception(raised);
            return Err(
                cx.type_error(format_args!("cannot unpack non-iterable {} object", sequence.ty().tp_name()))
            );
        }
        Err(raised) => return Err(raised),
    };
    let mut items = Vec::with_capacity(before + after.map_or(0, |a| a + 1));
    for got in 0..before {
        match cx.next(&iterator)? {
            Some(item) => items.push(item),
            None => {
                let message = match after {
                    None => format!("not enough values to unpack (expected {before}, got {got})"),
                    Some(after) => {
                        format!(
                            "not enough values to unpack (expected at least {}, got {got})",
                            before + after
                        )
                    }
                };
                return Err(cx.value_error(message));
            }
        }
    }
    let Some(after) = after else {
        return match cx.next(&iterator)? {
            None => Ok(items),
            Some(_extra) => {
                Err(cx.value_error(format_args!("too many values to unpack (expected {before})")))
            }
        };
    };
    let mut rest = Vec::new();
    while let Some(item) = cx.next(&iterator)? {
        rest.push(item);
    }
    if rest.len() < after {
        return Err(cx.value_error(format_args!(
            "not enough values to unpack (expected at least {}, got {})",
            before + after,
            before + rest.len()
        )));
    }
    let tail = rest.split_off(rest.len() - after);
    items.push(cx.new_list(rest)?.into_object());
    items.extend(tail);
    Ok(items)
}
