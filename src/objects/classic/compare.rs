//! Order among all things: `__cmp__` where a class has it, else numbers first, then by the name of the type, then by
//! address.

use std::cmp::Ordering;

use super::instance::InstanceObject;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::{CompareOp, DictObject, FloatObject, IntObject, PyResult, TypeFlags};
use crate::vm::Ctx;

/// What `a <op> b` is when no rich comparison knows.
pub fn fallback(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if a.is(b) && !has_cmp(cx, a) {
        return Ok(cx.bool(op.holds(Ordering::Equal)));
    }
    Ok(cx.bool(op.holds(three_way(cx, a, b)?)))
}

/// `cmp(a, b)`: equality and order by rich comparison, else the fallback.
pub fn compare(cx: Ctx, a: &Object, b: &Object) -> PyResult<Ordering> {
    if a.is(b) && !has_cmp(cx, a) {
        return Ok(Ordering::Equal);
    }
    // A type that answers for itself is asked first, except for instances with `__cmp__` alone.
    if !has_cmp(cx, a) && !has_cmp(cx, b) {
        for (op, order) in [
            (CompareOp::Eq, Ordering::Equal),
            (CompareOp::Lt, Ordering::Less),
            (CompareOp::Gt, Ordering::Greater),
        ] {
            if cx.compare_bool(a, b, op)? {
                return Ok(order);
            }
        }
    }
    three_way(cx, a, b)
}

fn has_cmp(cx: Ctx, object: &Object) -> bool {
    if let Some(instance) = InstanceObject::from(object) {
        let name = cx.intern("__cmp__");
        return instance.dict.peek().is_some_and(|dict| dict.get_str(cx, &name).is_some())
            || instance.class.peek().is_some_and(|class| class.lookup(cx, &name).is_some());
    }
    object.ty().has_flag(TypeFlags::HEAPTYPE) && cx.type_lookup(object.ty(), &cx.intern("__cmp__")).is_some()
}

/// `object.__cmp__(other)`, if there is one and it knows.
fn ask(cx: Ctx, object: &Object, other: &Object) -> PyResult<Option<Ordering>> {
    let name = cx.intern("__cmp__");
    let method = if let Some(instance) = InstanceObject::from(object) {
        instance.special(cx, "__cmp__")?
    } else if object.ty().has_flag(TypeFlags::HEAPTYPE) {
        cx.lookup_special(object, &name)?
    } else {
        None
    };
    let Some(method) = method else { return Ok(None) };
    let result: Ref = cx.call1(&method, other)?;
    if cx.is_not_implemented(&result) {
        return Ok(None);
    }
    let Some(number) = result.downcast::<IntObject>() else {
        return Err(cx.type_error("comparison did not return an int"));
    };
    Ok(Some(if number.is_zero() {
        Ordering::Equal
    } else if number.is_negative() {
        Ordering::Less
    } else {
        Ordering::Greater
    }))
}

fn three_way(cx: Ctx, a: &Object, b: &Object) -> PyResult<Ordering> {
    if let Some(order) = ask(cx, a, b)? {
        return Ok(order);
    }
    if let Some(order) = ask(cx, b, a)? {
        return Ok(order.reverse());
    }
    if let (Some(a), Some(b)) = (a.downcast::<DictObject>(), b.downcast::<DictObject>()) {
        return dicts(cx, a, b);
    }
    default(cx, a, b)
}

/// `default_3way_compare`: by address within a type; `None` first, then numbers, then by type name.
fn default(cx: Ctx, a: &Object, b: &Object) -> PyResult<Ordering> {
    let by_address = a.address().cmp(&b.address());
    if a.ty().is_type(b.ty()) {
        return Ok(by_address);
    }
    match (cx.is_none(a), cx.is_none(b)) {
        (true, _) => return Ok(Ordering::Less),
        (_, true) => return Ok(Ordering::Greater),
        _ => {}
    }
    let name = |object: &Object| {
        let is_number = object.downcast::<IntObject>().is_some()
            || object.downcast::<FloatObject>().is_some()
            || object.ty().slots().nb_int.is_some() && InstanceObject::from(object).is_none();
        if is_number { String::new() } else { object.ty().tp_name() }
    };
    let order = name(a).cmp(&name(b));
    Ok(order.then_with(|| a.ty().as_object().address().cmp(&b.ty().as_object().address())))
}

/// Dicts: the shorter first, then by the smallest key for which they differ.
fn dicts(cx: Ctx, a: &DictObject, b: &DictObject) -> PyResult<Ordering> {
    if a.len() != b.len() {
        return Ok(a.len().cmp(&b.len()));
    }
    let Some((a_key, a_value)) = characterize(cx, a, b)? else { return Ok(Ordering::Equal) };
    let Some((b_key, b_value)) = characterize(cx, b, a)? else { return Ok(Ordering::Equal) };
    match compare(cx, &a_key, &b_key)? {
        Ordering::Equal => compare(cx, &a_value, &b_value),
        order => Ok(order),
    }
}

/// The smallest key of `a` whose value differs in `b`.
fn characterize(cx: Ctx, a: &DictObject, b: &DictObject) -> PyResult<Option<(Ref, Ref)>> {
    let mut least: Option<(Ref, Ref)> = None;
    for (key, value) in a.to_vec() {
        if let Some((smallest, _)) = &least
            && compare(cx, &key, smallest)? != Ordering::Less
        {
            continue;
        }
        let same = match b.get(cx, &key)? {
            Some(other) => cx.equal(&value, &other)?,
            None => false,
        };
        if !same {
            least = Some((key, value));
        }
    }
    Ok(least)
}
