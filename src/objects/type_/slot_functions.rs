//! What stands in the slots of a class that defines special methods: functions that look the
//! method up on the type and call it (CPython's `slot_*` functions).

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{call_spread, with_borrowed, with_first};
use crate::objects::attr;
use crate::objects::slots::{Args, BinaryFn, CompareOp, Slots};
use crate::objects::{IntObject, PyResult, StrObject, TypeObject, exceptions, names};
use crate::vm::Ctx;

/// `object.name(*args)` by the type, `None` when the type has no such method.
fn call_maybe<const N: usize>(
    cx: Ctx,
    this: &Object,
    name: &StrObject,
    args: [&Object; N],
) -> PyResult<Option<Ref>> {
    let Some((method, unbound)) = cx.lookup_maybe_method(this, name)? else { return Ok(None) };
    with_borrowed(args, |args| {
        if unbound { with_first(this, args, |all| cx.call(&method, all)) } else { cx.call(&method, args) }
    })
    .map(Some)
}

/// As [`call_maybe`], an `AttributeError` naming the method where there is none.
fn call_method<const N: usize>(cx: Ctx, this: &Object, name: &StrObject, args: [&Object; N]) -> PyResult {
    match call_maybe(cx, this, name, args)? {
        Some(result) => Ok(result),
        None => Err(cx.raise_with(exceptions().attribute_error, name.to_object())),
    }
}

macro_rules! unary {
    ($($function:ident: $name:ident,)*) => {
        $(pub fn $function(cx: Ctx, this: &Object) -> PyResult {
            call_method(cx, this, &names().$name, [])
        })*
    };
}

unary! {
    nb_negative: neg, nb_positive: pos, nb_absolute: abs, nb_invert: invert, nb_int: int, nb_float: float,
    nb_index: index, am_await: await_, am_aiter: aiter, am_anext: anext,
}

macro_rules! in_place {
    ($($function:ident: $name:ident,)*) => {
        $(pub fn $function(cx: Ctx, this: &Object, other: &Object) -> PyResult {
            call_method(cx, this, &names().$name, [other])
        })*
    };
}

in_place! {
    nb_inplace_add: iadd, nb_inplace_subtract: isub, nb_inplace_multiply: imul, nb_inplace_remainder: imod,
    nb_inplace_lshift: ilshift, nb_inplace_rshift: irshift, nb_inplace_and: iand, nb_inplace_xor: ixor,
    nb_inplace_or: ior, nb_inplace_floor_divide: ifloordiv, nb_inplace_true_divide: itruediv,
    nb_inplace_matrix_multiply: imatmul, mp_subscript: getitem,
}

pub fn nb_inplace_power(cx: Ctx, this: &Object, other: &Object, _modulus: &Object) -> PyResult {
    call_method(cx, this, &names().ipow, [other])
}

/// Whether the reflected method of `right`'s type is another one than `left`'s type has.
fn is_overloaded(cx: Ctx, left: &Object, right: &Object, name: &StrObject) -> PyResult<bool> {
    let Some(theirs) = cx.get_attr_opt(right.ty().as_object(), name)? else { return Ok(false) };
    let Some(ours) = cx.get_attr_opt(left.ty().as_object(), name)? else { return Ok(true) };
    cx.compare_bool(&ours, &theirs, CompareOp::Ne)
}

/// A binary operator between objects of which at least one has `slot` (this very function) for it.
fn binary(
    cx: Ctx,
    left: &Object,
    right: &Object,
    pick: fn(&Slots) -> Option<usize>,
    slot: usize,
    names: (&StrObject, &StrObject),
) -> PyResult {
    let (name, reflected) = names;
    let same_type = left.ty().is_type(right.ty());
    let mut try_right = !same_type && pick(right.ty().slots()) == Some(slot);
    if pick(left.ty().slots()) == Some(slot) {
        if try_right && right.ty().is_subtype(left.ty()) && is_overloaded(cx, left, right, reflected)? {
            if let Some(result) = call_maybe(cx, right, reflected, [left])?
                && !cx.is_not_implemented(&result)
            {
                return Ok(result);
            }
            try_right = false;
        }
        if let Some(result) = call_maybe(cx, left, name, [right])?
            && (!cx.is_not_implemented(&result) || right.ty().is_type(left.ty()))
        {
            return Ok(result);
        }
    }
    if try_right && let Some(result) = call_maybe(cx, right, reflected, [left])? {
        return Ok(result);
    }
    Ok(cx.not_implemented())
}

macro_rules! binary {
    ($($function:ident: $name:ident, $reflected:ident,)*) => {
        $(pub fn $function(cx: Ctx, left: &Object, right: &Object) -> PyResult {
            binary(
                cx,
                left,
                right,
                |slots| slots.$function.map(|f: BinaryFn| f as usize),
                $function as *const () as usize,
                (&names().$name, &names().$reflected),
            )
        })*
    };
}

binary! {
    nb_add: add, radd, nb_subtract: sub, rsub, nb_multiply: mul, rmul, nb_remainder: mod_, rmod,
    nb_divmod: divmod, rdivmod, nb_lshift: lshift, rlshift, nb_rshift: rshift, rrshift, nb_and: and, rand,
    nb_xor: xor, rxor, nb_or: or, ror, nb_floor_divide: floordiv, rfloordiv, nb_true_divide: truediv, rtruediv,
    nb_matrix_multiply: matmul, rmatmul,
}

pub fn nb_power(cx: Ctx, left: &Object, right: &Object, modulus: &Object) -> PyResult {
    let this_slot = nb_power as *const () as usize;
    if cx.is_none(modulus) {
        return binary(
            cx,
            left,
            right,
            |slots| slots.nb_power.map(|f| f as usize),
            this_slot,
            (&names().pow, &names().rpow),
        );
    }
    // With a modulus there is no reflected form: `left` is asked if it is the one with the method.
    if left.ty().slots().nb_power.map(|f| f as usize) == Some(this_slot) {
        return call_method(cx, left, &names().pow, [right, modulus]);
    }
    Ok(cx.not_implemented())
}

pub fn nb_bool(cx: Ctx, this: &Object) -> PyResult<bool> {
    if let Some(result) = call_maybe(cx, this, &names().bool, [])? {
        if !result.is_exact(crate::objects::types().bool) {
            return Err(
                cx.type_error(format!("__bool__ should return bool, returned {}", result.ty().tp_name()))
            );
        }
        return cx.is_true(&result);
    }
    match call_maybe(cx, this, &names().len, [])? {
        Some(result) => cx.is_true(&result),
        None => Ok(true),
    }
}

pub fn length(cx: Ctx, this: &Object) -> PyResult<usize> {
    let result = call_method(cx, this, &names().len, [])?;
    let result = cx.index(&result)?;
    if result.as_i64().is_none_or(|value| value < 0)
        && cx.to_bigint(&result.to_object())?.sign() == num_bigint::Sign::Minus
    {
        return Err(cx.value_error("__len__() should return >= 0"));
    }
    let length = cx.index_sized(&result.to_object(), exceptions().overflow_error)?;
    usize::try_from(length).map_err(|_| cx.value_error("__len__() should return >= 0"))
}

pub fn sq_item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    let index = cx.new_int(index as i64);
    match call_maybe(cx, this, &names().getitem, [&index])? {
        Some(item) => Ok(item),
        None => Err(cx.raise_with(exceptions().attribute_error, names().getitem.clone().into_object())),
    }
}

pub fn sq_ass_item(cx: Ctx, this: &Object, index: isize, value: Option<&Object>) -> PyResult<()> {
    let index = cx.new_int(index as i64);
    mp_ass_subscript(cx, this, &index, value)
}

pub fn mp_ass_subscript(cx: Ctx, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => call_method(cx, this, &names().setitem, [key, value])?,
        None => call_method(cx, this, &names().delitem, [key])?,
    };
    Ok(())
}

pub fn contains(cx: Ctx, this: &Object, item: &Object) -> PyResult<bool> {
    let Some((method, unbound)) = cx.lookup_maybe_method(this, &names().contains)? else {
        return cx.contains_by_iteration(this, item);
    };
    if cx.is_none(&method) {
        return Err(cx.type_error(format!("'{}' object is not a container", this.ty().tp_name())));
    }
    let result = with_borrowed([item], |args| {
        if unbound { with_first(this, args, |all| cx.call(&method, all)) } else { cx.call(&method, args) }
    })?;
    cx.is_true(&result)
}

pub fn repr(cx: Ctx, this: &Object) -> PyResult {
    match call_maybe(cx, this, &names().repr, [])? {
        Some(result) => Ok(result),
        None => {
            let text = format!("<{} object at {:#x}>", this.ty().tp_name(), this.address());
            Ok(cx.new_str(&text).into_object())
        }
    }
}

pub fn str(cx: Ctx, this: &Object) -> PyResult {
    call_method(cx, this, &names().str, [])
}

pub fn hash(cx: Ctx, this: &Object) -> PyResult<i64> {
    let found = cx.lookup_maybe_method(this, &names().hash)?;
    let Some((method, unbound)) = found.filter(|(method, _)| !cx.is_none(method)) else {
        return Err(cx.type_error(format!("unhashable type: '{}'", this.ty().tp_name())));
    };
    let result = if unbound { cx.call1(&method, this)? } else { cx.call0(&method)? };
    let Some(number) = result.downcast::<IntObject>() else {
        return Err(cx.type_error("__hash__ method should return an integer"));
    };
    // Small values are taken as they are, large ones are hashed as integers are.
    let hash = match number.as_i64() {
        Some(value) => value,
        None => cx.hash(&result)?,
    };
    Ok(if hash == -1 { -2 } else { hash })
}

/// `tp_hash` of what says `__hash__ = None` (`PyObject_HashNotImplemented`).
pub fn hash_not_implemented(cx: Ctx, this: &Object) -> PyResult<i64> {
    Err(cx.type_error(format!("unhashable type: '{}'", this.ty().tp_name())))
}

pub fn call(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    let Some((method, unbound)) = cx.lookup_maybe_method(this, &names().call)? else {
        return Err(cx.raise_with(exceptions().attribute_error, names().call.clone().into_object()));
    };
    call_spread(cx, &method, this, unbound, args)
}

/// `tp_getattro` of classes with `__getattribute__` or `__getattr__`.
pub fn getattr_hook(cx: Ctx, this: &Object, name: &StrObject) -> PyResult {
    let ty = this.ty();
    let fallback = cx.type_lookup(ty, &names().getattr);
    let own = cx.type_lookup(ty, &names().getattribute);
    let is_generic = own.as_ref().is_none_or(|own| {
        crate::objects::descr::wrapped_code(own) == Some(attr::generic_get_attr as *const () as usize)
    });
    let Some(fallback) = fallback else {
        if is_generic {
            return attr::generic_get_attr(cx, this, name);
        }
        return call_method(cx, this, &names().getattribute, [name.as_object()]);
    };
    let result = match own {
        Some(own) if !is_generic => match call_attribute(cx, this, &own, name) {
            Ok(value) => Some(value),
            Err(raised) if cx.raised_is(&raised, exceptions().attribute_error) => {
                cx.clear_exception(raised);
                None
            }
            Err(raised) => return Err(raised),
        },
        // The error of the first search is made, and goes, as in CPython: with it its arguments' tuple.
        _ => match attr::generic_get_attr(cx, this, name) {
            Ok(found) => Some(found),
            Err(raised) if cx.raised_is(&raised, exceptions().attribute_error) => {
                cx.clear_exception(raised);
                None
            }
            Err(raised) => return Err(raised),
        },
    };
    match result {
        Some(value) => Ok(value),
        None => call_attribute(cx, this, &fallback, name),
    }
}

/// Calls a class attribute as a method with one name. It is bound first, also where it need not
/// be: CPython 3.11 does, and the bound method holds the object.
fn call_attribute(cx: Ctx, this: &Object, method: &Object, name: &StrObject) -> PyResult {
    match method.ty().slots().descr_get {
        None => cx.call1(method, name.as_object()),
        Some(get) => {
            let bound = get(cx, method, Some(this), Some(this.ty().as_object()))?;
            cx.call1(&bound, name.as_object())
        }
    }
}

pub fn setattro(cx: Ctx, this: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => call_method(cx, this, &names().setattr, [name.as_object(), value])?,
        None => call_method(cx, this, &names().delattr, [name.as_object()])?,
    };
    Ok(())
}

pub fn richcompare(cx: Ctx, this: &Object, other: &Object, op: CompareOp) -> PyResult {
    let names = names();
    let name = match op {
        CompareOp::Lt => &names.lt,
        CompareOp::Le => &names.le,
        CompareOp::Eq => &names.eq,
        CompareOp::Ne => &names.ne,
        CompareOp::Gt => &names.gt,
        CompareOp::Ge => &names.ge,
    };
    Ok(call_maybe(cx, this, name, [other])?.unwrap_or_else(|| cx.not_implemented()))
}

pub fn iter(cx: Ctx, this: &Object) -> PyResult {
    let not_iterable = || cx.type_error(format!("'{}' object is not iterable", this.ty().tp_name()));
    if let Some((method, unbound)) = cx.lookup_maybe_method(this, &names().iter)? {
        if cx.is_none(&method) {
            return Err(not_iterable());
        }
        return if unbound { cx.call1(&method, this) } else { cx.call0(&method) };
    }
    match cx.lookup_maybe_method(this, &names().getitem)? {
        Some(_) => crate::objects::iterators::new_sequence_iterator(cx, this),
        None => Err(not_iterable()),
    }
}

pub fn iternext(cx: Ctx, this: &Object) -> PyResult<Option<Ref>> {
    call_method(cx, this, &names().next, []).map(Some)
}

pub fn descr_get(cx: Ctx, this: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    let Some(get) = cx.type_lookup(this.ty(), &names().get) else { return Ok(this.to_object()) };
    let none = crate::objects::singletons::none();
    with_borrowed([this, instance.unwrap_or(none), owner.unwrap_or(none)], |args| cx.call(&get, args))
}

pub fn descr_set(cx: Ctx, this: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => call_method(cx, this, &names().set, [instance, value])?,
        None => call_method(cx, this, &names().delete, [instance])?,
    };
    Ok(())
}

pub fn init(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult<()> {
    let Some((method, unbound)) = cx.lookup_maybe_method(this, &names().init)? else {
        return Err(cx.raise_with(exceptions().attribute_error, names().init.clone().into_object()));
    };
    let result = call_spread(cx, &method, this, unbound, args)?;
    if !cx.is_none(&result) {
        return Err(cx.type_error(format!("__init__() should return None, not '{}'", result.ty().tp_name())));
    }
    Ok(())
}

pub fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let function = cx.get_attr(ty.as_object(), &names().new)?;
    call_spread(cx, &function, ty.as_object(), true, args)
}
