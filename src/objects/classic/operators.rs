//! Operators, calls, items, iteration, comparison and hash of old-style instances, each by its method's name.

use super::instance::{InstanceObject, missing, this};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::protocol::compare::hash_pointer;
use crate::objects::slots::{Args, CompareOp, Slots};
use crate::objects::{IntObject, PyResult, StrObject, TupleObject, exceptions};
use crate::vm::Ctx;

/// The result of `__repr__` or `__str__`, which must be a string.
pub(super) fn text_result(cx: Ctx, result: Ref, name: &str) -> PyResult {
    if result.downcast::<StrObject>().is_some() {
        return Ok(result);
    }
    Err(cx.type_error(format!("{name} returned non-string (type {})", result.ty().tp_name())))
}

/// Calls a method that must be there.
fn required(cx: Ctx, object: &Object, name: &str, args: &[Ref]) -> PyResult {
    let method = cx.get_attr(object, &cx.intern(name))?;
    cx.call(&method, args)
}

/// One side of a binary operation: `object.name(other)`, after `__coerce__` if there is one.
fn half(cx: Ctx, object: &Object, other: &Object, name: &str, swapped: bool) -> PyResult {
    let Some(instance) = InstanceObject::from(object) else { return Ok(cx.not_implemented()) };
    let plain = |object: &InstanceObject, other: &Object| match object.special(cx, name)? {
        Some(method) => cx.call1(&method, other),
        None => Ok(cx.not_implemented()),
    };
    let Some(coerce) = instance.special(cx, "__coerce__")? else { return plain(instance, other) };
    let coerced = cx.call1(&coerce, other)?;
    if cx.is_none(&coerced) || cx.is_not_implemented(&coerced) {
        return plain(instance, other);
    }
    let Some([a, b]) = coerced.downcast::<TupleObject>().map(TupleObject::as_slice) else {
        return Err(cx.type_error("coercion should return None or 2-tuple"));
    };
    if let Some(instance) = InstanceObject::from(a) {
        return plain(instance, b);
    }
    let (left, right) = if swapped { (b, a) } else { (a, b) };
    let Some(op) = super::binary_op_named(name) else { return Ok(cx.not_implemented()) };
    cx.binary_op(op, left, right)
}

/// A binary operation: the left operand's method, then the right one's reflected method.
fn binary(cx: Ctx, a: &Object, b: &Object, name: &str, reflected: &str) -> PyResult {
    let result = half(cx, a, b, name, false)?;
    if !cx.is_not_implemented(&result) {
        return Ok(result);
    }
    half(cx, b, a, reflected, true)
}

macro_rules! binary_slots {
    ($($slot:ident = $name:literal, $reflected:literal, $inplace_slot:ident = $inplace:literal;)*) => {$(
        fn $slot(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            binary(cx, a, b, $name, $reflected)
        }
        fn $inplace_slot(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            let result = half(cx, a, b, $inplace, false)?;
            if cx.is_not_implemented(&result) { binary(cx, a, b, $name, $reflected) } else { Ok(result) }
        }
    )*};
}

binary_slots! {
    nb_add = "__add__", "__radd__", nb_inplace_add = "__iadd__";
    nb_subtract = "__sub__", "__rsub__", nb_inplace_subtract = "__isub__";
    nb_multiply = "__mul__", "__rmul__", nb_inplace_multiply = "__imul__";
    nb_remainder = "__mod__", "__rmod__", nb_inplace_remainder = "__imod__";
    nb_lshift = "__lshift__", "__rlshift__", nb_inplace_lshift = "__ilshift__";
    nb_rshift = "__rshift__", "__rrshift__", nb_inplace_rshift = "__irshift__";
    nb_and = "__and__", "__rand__", nb_inplace_and = "__iand__";
    nb_xor = "__xor__", "__rxor__", nb_inplace_xor = "__ixor__";
    nb_or = "__or__", "__ror__", nb_inplace_or = "__ior__";
    nb_floor_divide = "__floordiv__", "__rfloordiv__", nb_inplace_floor_divide = "__ifloordiv__";
    nb_true_divide = "__truediv__", "__rtruediv__", nb_inplace_true_divide = "__itruediv__";
    classic_divide = "__div__", "__rdiv__", classic_inplace_divide = "__idiv__";
}

/// `a / b` of Python 2 where one of them is an old-style instance; `NotImplemented` for others.
pub fn divide(cx: Ctx, a: &Object, b: &Object, inplace: bool) -> PyResult {
    if inplace { classic_inplace_divide(cx, a, b) } else { classic_divide(cx, a, b) }
}

fn nb_divmod(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    binary(cx, a, b, "__divmod__", "__rdivmod__")
}

fn nb_power(cx: Ctx, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    if cx.is_none(modulus) {
        return binary(cx, a, b, "__pow__", "__rpow__");
    }
    match InstanceObject::from(a) {
        Some(_) => required(cx, a, "__pow__", &[b.to_ref(), modulus.to_ref()]),
        None => Ok(cx.not_implemented()),
    }
}

macro_rules! unary_slots {
    ($($slot:ident = $name:literal;)*) => {$(
        fn $slot(cx: Ctx, object: &Object) -> PyResult {
            required(cx, object, $name, &[])
        }
    )*};
}

unary_slots! {
    nb_negative = "__neg__";
    nb_positive = "__pos__";
    nb_absolute = "__abs__";
    nb_invert = "__invert__";
    nb_float = "__float__";
}

fn nb_int(cx: Ctx, object: &Object) -> PyResult {
    let instance = this(object);
    for name in ["__int__", "__trunc__"] {
        if let Some(method) = instance.special(cx, name)? {
            return cx.call0(&method);
        }
    }
    Err(missing(cx, instance, &cx.intern("__int__")))
}

fn nb_index(cx: Ctx, object: &Object) -> PyResult {
    match this(object).special(cx, "__index__")? {
        Some(method) => cx.call0(&method),
        None => Err(cx.type_error("object cannot be interpreted as an index")),
    }
}

fn nb_bool(cx: Ctx, object: &Object) -> PyResult<bool> {
    let instance = this(object);
    let (name, method) = match instance.special(cx, "__nonzero__")? {
        Some(method) => ("__nonzero__", method),
        None => match instance.special(cx, "__len__")? {
            Some(method) => ("__len__", method),
            None => return Ok(true),
        },
    };
    let result = cx.call0(&method)?;
    let Some(number) = result.downcast::<IntObject>() else {
        return Err(cx.type_error(format!("{name} should return an int")));
    };
    if number.is_negative() {
        return Err(cx.value_error("__nonzero__ should return >= 0"));
    }
    Ok(!number.is_zero())
}

fn length(cx: Ctx, object: &Object) -> PyResult<usize> {
    let result = required(cx, object, "__len__", &[])?;
    let Some(number) = result.downcast::<IntObject>().and_then(IntObject::as_i64) else {
        return Err(cx.type_error("__len__() should return an int"));
    };
    usize::try_from(number).map_err(|_| cx.value_error("__len__() should return >= 0"))
}

fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    required(cx, object, "__getitem__", &[key.to_ref()])
}

fn assign_subscript(cx: Ctx, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => required(cx, object, "__setitem__", &[key.to_ref(), value.to_ref()]).map(drop),
        None => required(cx, object, "__delitem__", &[key.to_ref()]).map(drop),
    }
}

fn item(cx: Ctx, object: &Object, index: isize) -> PyResult {
    required(cx, object, "__getitem__", &[cx.new_int(index as i64)])
}

fn contains(cx: Ctx, object: &Object, item: &Object) -> PyResult<bool> {
    match this(object).special(cx, "__contains__")? {
        Some(method) => cx.call1(&method, item).and_then(|found| cx.is_true(&found)),
        None => cx.contains_by_iteration(object, item),
    }
}

fn iter(cx: Ctx, object: &Object) -> PyResult {
    let instance = this(object);
    if let Some(method) = instance.special(cx, "__iter__")? {
        let iterator = cx.call0(&method)?;
        if iterator.ty().slots().iternext.is_none() {
            let message = format!("__iter__ returned non-iterator of type '{}'", iterator.ty().tp_name());
            return Err(cx.type_error(message));
        }
        return Ok(iterator);
    }
    if instance.special(cx, "__getitem__")?.is_none() {
        return Err(cx.type_error("iteration over non-sequence"));
    }
    crate::objects::bridge::new_sequence_iterator(cx, object)
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let Some(method) = this(object).special(cx, "next")? else {
        return Err(cx.type_error("instance has no next() method"));
    };
    match cx.call0(&method) {
        Ok(value) => Ok(Some(value)),
        Err(raised) if cx.raised_is(&raised, exceptions().stop_iteration) => {
            cx.clear_exception(raised);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

fn call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let instance = this(object);
    match instance.special(cx, "__call__")? {
        Some(method) => {
            let _guard = cx.enter_recursion(" in __call__")?;
            cx.call_args(&method, args)
        }
        None => Err(cx.raise(
            exceptions().attribute_error,
            format!("{} instance has no __call__ method", instance.class_name()),
        )),
    }
}

fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let instance = this(object);
    let Some(method) = instance.special(cx, "__hash__")? else {
        for name in ["__eq__", "__cmp__"] {
            if instance.special(cx, name)?.is_some() {
                return Err(cx.type_error("unhashable instance"));
            }
        }
        return Ok(hash_pointer(object.address()));
    };
    let result = cx.call0(&method)?;
    match result.downcast::<IntObject>() {
        Some(number) => Ok(number.hash()),
        None => Err(cx.type_error("__hash__() should return an int")),
    }
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let name = |op: CompareOp| ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"][op as usize];
    for (object, other, op) in [(a, b, op), (b, a, op.swapped())] {
        let Some(instance) = InstanceObject::from(object) else { continue };
        let Some(method) = instance.special(cx, name(op))? else { continue };
        let result = cx.call1(&method, other)?;
        if !cx.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    Ok(cx.not_implemented())
}

/// The slots, to be completed with those of attributes and text.
pub(super) const SLOTS: Slots = Slots {
    call: Some(call),
    hash: Some(hash),
    richcompare: Some(richcompare),
    iter: Some(iter),
    iternext: Some(iternext),
    nb_add: Some(nb_add),
    nb_subtract: Some(nb_subtract),
    nb_multiply: Some(nb_multiply),
    nb_remainder: Some(nb_remainder),
    nb_divmod: Some(nb_divmod),
    nb_power: Some(nb_power),
    nb_negative: Some(nb_negative),
    nb_positive: Some(nb_positive),
    nb_absolute: Some(nb_absolute),
    nb_bool: Some(nb_bool),
    nb_invert: Some(nb_invert),
    nb_lshift: Some(nb_lshift),
    nb_rshift: Some(nb_rshift),
    nb_and: Some(nb_and),
    nb_xor: Some(nb_xor),
    nb_or: Some(nb_or),
    nb_int: Some(nb_int),
    nb_float: Some(nb_float),
    nb_inplace_add: Some(nb_inplace_add),
    nb_inplace_subtract: Some(nb_inplace_subtract),
    nb_inplace_multiply: Some(nb_inplace_multiply),
    nb_inplace_remainder: Some(nb_inplace_remainder),
    nb_inplace_lshift: Some(nb_inplace_lshift),
    nb_inplace_rshift: Some(nb_inplace_rshift),
    nb_inplace_and: Some(nb_inplace_and),
    nb_inplace_xor: Some(nb_inplace_xor),
    nb_inplace_or: Some(nb_inplace_or),
    nb_floor_divide: Some(nb_floor_divide),
    nb_true_divide: Some(nb_true_divide),
    nb_inplace_floor_divide: Some(nb_inplace_floor_divide),
    nb_inplace_true_divide: Some(nb_inplace_true_divide),
    nb_index: Some(nb_index),
    sq_length: Some(length),
    sq_item: Some(item),
    sq_contains: Some(contains),
    mp_length: Some(length),
    mp_subscript: Some(subscript),
    mp_ass_subscript: Some(assign_subscript),
    ..Slots::EMPTY
};
