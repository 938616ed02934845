//! `long`: the layout of `int` under a type of its own. Whatever a long takes part in is a long again; an `int` that
//! outgrows 64 bits becomes one.

use super::LONG;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::int::{self, IntObject, ops};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{PyResult, TupleObject, TypeObject, exceptions, types};
use crate::vm::Ctx;

/// The same number as a `long`.
pub fn from_int(cx: Ctx, value: &IntObject) -> PyResult {
    Ok(int::copy_as(LONG.get(cx)?, value).into_object())
}

/// Results that are exact ints, as longs.
fn lengthen(cx: Ctx, result: Ref) -> PyResult {
    if result.is_exact(types().int)
        && let Some(int) = result.downcast::<IntObject>()
    {
        return from_int(cx, int);
    }
    if let Some(pair) = result.downcast_exact::<TupleObject>() {
        let items =
            pair.as_slice().iter().map(|item| lengthen(cx, item.clone())).collect::<PyResult<Vec<_>>>()?;
        return Ok(cx.new_tuple(items).into_object());
    }
    Ok(result)
}

macro_rules! binary_slots {
    ($($slot:ident,)*) => {$(
        fn $slot(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            lengthen(cx, ops::$slot(cx, a, b)?)
        }
    )*};
}

binary_slots! {
    nb_add, nb_subtract, nb_multiply, nb_remainder, nb_divmod, nb_lshift, nb_rshift, nb_and, nb_xor, nb_or,
    nb_floor_divide,
}

macro_rules! unary_slots {
    ($($slot:ident,)*) => {$(
        fn $slot(cx: Ctx, a: &Object) -> PyResult {
            lengthen(cx, ops::$slot(cx, a)?)
        }
    )*};
}

unary_slots! { nb_negative, nb_int, nb_absolute, nb_invert, }

fn nb_power(cx: Ctx, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    lengthen(cx, ops::nb_power(cx, a, b, modulus)?)
}

fn digits(cx: Ctx, object: &Object) -> PyResult<String> {
    match types().int.slots().repr {
        Some(repr) => {
            let text = repr(cx, object)?;
            Ok(text.downcast::<crate::objects::StrObject>().map_or_else(String::new, |t| t.to_string_lossy()))
        }
        None => Ok(String::new()),
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(&format!("{}L", digits(cx, object)?)).into_object())
}

fn str(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(&digits(cx, object)?).into_object())
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let Some(new) = types().int.slots().new else { return Err(cx.system_error("int has no constructor")) };
    let made = match new(cx, types().int, args) {
        Ok(made) => made,
        Err(raised) if cx.raised_is(&raised, exceptions().value_error) => {
            let error = cx.take_exception(raised);
            let text = cx.str(error.as_object())?.to_string_lossy();
            return Err(cx.value_error(text.replacen("for int()", "for long()", 1)));
        }
        Err(raised) => return Err(raised),
    };
    match made.downcast::<IntObject>() {
        Some(value) => Ok(int::copy_as(ty, value).into_object()),
        None => Ok(made),
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "long",
    doc: Some("long(x=0) -> long\nlong(x, base=10) -> long\n\nConvert a number or string to a long integer."),
    layout: Layout::plain::<IntObject>(),
    basicsize: 24,
    itemsize: 4,
    flags: TypeFlags::BASETYPE.with(TypeFlags::LONG_SUBCLASS),
    base: Some(|types| types.int),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(str),
        nb_add: Some(nb_add),
        nb_subtract: Some(nb_subtract),
        nb_multiply: Some(nb_multiply),
        nb_remainder: Some(nb_remainder),
        nb_divmod: Some(nb_divmod),
        nb_power: Some(nb_power),
        nb_negative: Some(nb_negative),
        nb_positive: Some(nb_int),
        nb_absolute: Some(nb_absolute),
        nb_invert: Some(nb_invert),
        nb_lshift: Some(nb_lshift),
        nb_rshift: Some(nb_rshift),
        nb_and: Some(nb_and),
        nb_xor: Some(nb_xor),
        nb_or: Some(nb_or),
        nb_floor_divide: Some(nb_floor_divide),
        ..Slots::EMPTY
    },
    ..TypeSpec::EMPTY
};
