//! Operators, building, unpacking: what the loop's arms call.

use std::sync::atomic::Ordering;

use crate::memory::{Object, Ref};
use crate::objects::dict::DictObject;
use crate::objects::str::StrBuilder;
use crate::objects::{
    CompareOp, FloatObject, IntObject, ListObject, PyResult, StrObject, TupleObject, exceptions, names, types,
};
use crate::vm::Ctx;
use crate::vm::observe::Verdict;
use crate::vm::state::{SIGNALS, signal};

/// `a op b` for two exact ints that fit machine words, when the result does too.
#[inline(always)]
pub(super) fn int_op(cx: Ctx, oparg: u32, a: &IntObject, b: &IntObject) -> Option<Ref> {
    let (a, b) = (a.as_i64()?, b.as_i64()?);
    let result = match oparg {
        0 | 13 => a.checked_add(b)?,
        10 | 23 => a.checked_sub(b)?,
        5 | 18 => a.checked_mul(b)?,
        1 | 14 => a & b,
        7 | 20 => a | b,
        12 | 25 => a ^ b,
        2 | 15 if b > 0 => a.div_euclid(b),
        6 | 19 if b > 0 => a.rem_euclid(b),
        9 | 22 if (0..64).contains(&b) => a >> b,
        3 | 16 if (0..62).contains(&b) && a.unsigned_abs().leading_zeros() as i64 > b + 1 => a << b,
        _ => return None,
    };
    Some(cx.new_int(result))
}

/// `a op b` for two exact floats, for the operators that cannot fail.
#[inline(always)]
pub(super) unsafe fn float_op(cx: Ctx, oparg: u32, a: *mut Object, b: *mut Object) -> Option<Ref> {
    // SAFETY: the caller checked both types.
    let (a, b) = unsafe { ((*a).cast::<FloatObject>().value, (*b).cast::<FloatObject>().value) };
    let result = match oparg {
        0 | 13 => a + b,
        10 | 23 => a - b,
        5 | 18 => a * b,
        11 | 24 if b != 0.0 => a / b,
        _ => return None,
    };
    Some(cx.new_float(result))
}

/// Comparison of two ints, floats or strings without any call.
#[inline(always)]
pub(super) fn compare_fast(a: &Object, b: &Object, op: CompareOp) -> Option<bool> {
    if a.is_exact(types().int) && b.is_exact(types().int) {
        // SAFETY: both types were just checked.
        let (a, b) = unsafe { (a.cast::<IntObject>().as_i64()?, b.cast::<IntObject>().as_i64()?) };
        return Some(op.holds(a.cmp(&b)));
    }
    if a.is_exact(types().float) && b.is_exact(types().float) {
        // SAFETY: as above.
        let (a, b) = unsafe { (a.cast::<FloatObject>().value, b.cast::<FloatObject>().value) };
        return Some(match op {
            CompareOp::Lt => a < b,
            CompareOp::Le => a <= b,
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            CompareOp::Gt => a > b,
            CompareOp::Ge => a >= b,
        });
    }
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && a.is_exact(types().str) && b.is_exact(types().str) {
        // SAFETY: as above.
        let equal = a.is(b) || unsafe { a.cast::<StrObject>().eq_text(b.cast::<StrObject>()) };
        return Some(equal == (op == CompareOp::Eq));
    }
    None
}

/// `container[key]` for exact lists and tuples with a plain index in range.
#[inline(always)]
pub(super) fn subscript_fast(container: &Object, key: &Object) -> Option<Ref> {
    if !key.is_exact(types().int) {
        return None;
    }
    // SAFETY: the types are checked before each cast.
    unsafe {
        let items = if container.is_exact(types().list) {
            container.cast::<ListObject>().peek_slice()
        } else if container.is_exact(types().tuple) {
            container.cast::<TupleObject>().as_slice()
        } else {
            return None;
        };
        let index = key.cast::<IntObject>().as_i64()?;
        let index = if index < 0 { index + items.len() as i64 } else { index };
        items.get(usize::try_from(index).ok()?).cloned()
    }
}

/// The index that `list[key] = value` stores at, for an exact list and a plain index in range.
#[inline(always)]
pub(super) fn list_place(container: &Object, key: &Object) -> Option<usize> {
    if !container.is_exact(types().list) || !key.is_exact(types().int) {
        return None;
    }
    // SAFETY: both types were just checked.
    let (len, index) = unsafe { (container.cast::<ListObject>().len(), key.cast::<IntObject>().as_i64()?) };
    let index = if index < 0 { index + len as i64 } else { index };
    usize::try_from(index).ok().filter(|&index| index < len)
}

pub(super) fn build_set(cx: Ctx, items: Vec<Ref>) -> PyResult {
    let set = crate::objects::set::new_set(cx);
    for item in items {
        crate::objects::set::add(cx, &set, &item)?;
    }
    Ok(set)
}

pub(super) fn build_map(cx: Ctx, items: Vec<Ref>) -> PyResult {
    let dict = cx.new_dict();
    for pair in items.chunks_exact(2) {
        dict.set(cx, &pair[0], pair[1].clone())?;
    }
    Ok(dict.into_object())
}

pub(super) fn build_const_key_map(cx: Ctx, keys: &TupleObject, values: Vec<Ref>) -> PyResult {
    let dict = cx.new_dict();
    for (key, value) in keys.as_slice().iter().zip(values) {
        dict.set(cx, key, value)?;
    }
    Ok(dict.into_object())
}

pub(super) fn build_string(cx: Ctx, parts: &[Ref]) -> Ref<StrObject> {
    let mut builder = StrBuilder::new();
    for part in parts {
        if let Some(text) = part.downcast::<StrObject>() {
            builder.push_obj(text);
        }
    }
    {
        let _ = cx;
        builder.finish()
    }
}

/// `FORMAT_VALUE`: `conversion` is 0 none, 1 `!s`, 2 `!r`, 3 `!a`.
pub(super) fn format_value(cx: Ctx, value: Ref, spec: Option<Ref>, conversion: u32) -> PyResult {
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

pub(super) fn list_extend(cx: Ctx, list: &Object, iterable: &Object) -> PyResult<()> {
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

pub(super) fn dict_update(cx: Ctx, dict: &DictObject, mapping: &Object) -> PyResult<()> {
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
pub(super) fn unpack(cx: Ctx, sequence: &Object, before: usize, after: Option<usize>) -> PyResult<Vec<Ref>> {
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

/// `__enter__` and `__exit__` of a context manager.
pub(super) fn before_with(cx: Ctx, manager: &Object) -> PyResult<(Ref, Ref)> {
    let protocol = "context manager protocol";
    let enter = cx.lookup_special(manager, &names().enter)?.ok_or_else(|| {
        cx.type_error(format_args!("'{}' object does not support the {protocol}", manager.ty().tp_name()))
    })?;
    let exit = cx.lookup_special(manager, &names().exit)?.ok_or_else(|| {
        cx.type_error(format_args!(
            "'{}' object does not support the {protocol} (missed __exit__ method)",
            manager.ty().tp_name()
        ))
    })?;
    Ok((enter, exit))
}

/// `__aenter__` and `__aexit__`.
pub(super) fn before_async_with(cx: Ctx, manager: &Object) -> PyResult<(Ref, Ref)> {
    let protocol = "asynchronous context manager protocol";
    let enter = cx.lookup_special(manager, &names().aenter)?.ok_or_else(|| {
        cx.type_error(format_args!("'{}' object does not support the {protocol}", manager.ty().tp_name()))
    })?;
    let exit = cx.lookup_special(manager, &names().aexit)?.ok_or_else(|| {
        cx.type_error(format_args!(
            "'{}' object does not support the {protocol} (missed __aexit__ method)",
            manager.ty().tp_name()
        ))
    })?;
    Ok((enter, exit))
}

/// An expression statement at the prompt: `sys.displayhook(value)`.
pub(super) fn print_expression(cx: Ctx, value: &Object) -> PyResult<()> {
    let hook = cx.vm().sys_dict.get().and_then(|sys| sys.get_str(cx, &names().displayhook));
    match hook {
        Some(hook) => cx.call1(&hook, value).map(drop),
        None => Err(cx.runtime_error("lost sys.displayhook")),
    }
}

/// Answers what [`SIGNALS`] asks for; an error when something is to be raised.
#[cold]
#[inline(never)]
pub(crate) fn answer_signals(cx: Ctx) -> PyResult<()> {
    let pending = SIGNALS.load(Ordering::SeqCst);
    if pending & signal::INTERRUPT != 0 {
        SIGNALS.fetch_and(!signal::INTERRUPT, Ordering::SeqCst);
        return Err(cx.raise_bare(exceptions().keyboard_interrupt));
    }
    if pending & signal::MEMORY != 0 {
        SIGNALS.fetch_and(!signal::MEMORY, Ordering::SeqCst);
        return Err(cx.memory_error());
    }
    if pending & signal::REQUEST != 0 {
        SIGNALS.fetch_and(!signal::REQUEST, Ordering::SeqCst);
        let verdict = cx.with_observer(|observer| observer.poll(cx));
        return obey(cx, verdict);
    }
    Ok(())
}

/// Carries out what an observer asked for.
pub(super) fn obey(cx: Ctx, verdict: Verdict) -> PyResult<()> {
    match verdict {
        Verdict::Continue => Ok(()),
        Verdict::Interrupt => Err(cx.raise_bare(exceptions().keyboard_interrupt)),
        Verdict::Quit => Err(cx.raise_bare(exceptions().system_exit)),
    }
}
