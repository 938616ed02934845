//! The constructor and the methods of `float`.

use num_bigint::BigInt;

use super::{FloatObject, new_as, ops, text, to_ratio};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::{check_count, no_keywords};
use crate::objects::int::parse::ascii_number;
use crate::objects::slots::{Args, PyResult, Slots};
use crate::objects::spec::{GetSetDef, Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{StrObject, TypeObject, format, types};
use crate::vm::Ctx;

fn receiver(object: &Object) -> f64 {
    // SAFETY: the call layer checks that methods of `float` get an instance of it.
    unsafe { object.cast::<FloatObject>() }.value
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let exact = ty.is_type(types().float);
    if exact || crate::objects::iterators::common::same_init(ty, types().float) {
        no_keywords(cx, "float", args)?;
    }
    let args = args.pos();
    check_count(cx, "float", args, 0, 1)?;
    let Some(value) = args.first() else {
        return Ok(if exact { cx.new_float(0.0) } else { new_as(ty, 0.0).into_object() });
    };
    if exact && value.is_exact(types().float) {
        return Ok(value.clone());
    }
    let value = from_object(cx, value)?;
    Ok(if exact { cx.new_float(value) } else { new_as(ty, value).into_object() })
}

/// `float(object)`.
fn from_object(cx: Ctx, object: &Object) -> PyResult<f64> {
    let malformed = || -> PyResult<f64> {
        Err(cx.value_error(format_args!("could not convert string to float: {}", cx.repr_text(object)?)))
    };
    if let Some(string) = object.downcast_exact::<StrObject>() {
        return text::parse(&ascii_number(string)).map_or_else(malformed, Ok);
    }
    let slots = object.ty().slots();
    if slots.nb_float.is_some() || slots.nb_index.is_some() {
        return cx.to_f64(object);
    }
    if let Some(string) = object.downcast::<StrObject>() {
        return text::parse(&ascii_number(string)).map_or_else(malformed, Ok);
    }
    if slots.as_bytes.is_some() {
        let bytes = cx.with_bytes(object, <[u8]>::to_vec)?;
        return text::parse(&bytes).map_or_else(malformed, Ok);
    }
    Err(cx.type_error(format_args!(
        "float() argument must be a string or a real number, not '{}'",
        object.ty().tp_name()
    )))
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_str(&text::repr(receiver(this))).into_object())
}

fn itself(cx: Ctx, this: &Object) -> PyResult {
    ops::nb_float(cx, this)
}

fn trunc(cx: Ctx, this: &Object) -> PyResult {
    ops::nb_int(cx, this)
}

fn floor(cx: Ctx, this: &Object) -> PyResult {
    ops::to_int(cx, receiver(this).floor())
}

fn ceil(cx: Ctx, this: &Object) -> PyResult {
    ops::to_int(cx, receiver(this).ceil())
}

fn round(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "__round__", args, 0, 1)?;
    let value = receiver(this);
    match args.first() {
        Some(digits) if !cx.is_none(digits) => {
            let digits = cx.index_clipped(digits)?;
            match text::round(value, digits as i64) {
                Some(rounded) => Ok(cx.new_float(rounded)),
                None => Err(cx.overflow_error("rounded value too large to represent")),
            }
        }
        _ => ops::to_int(cx, value.round_ties_even()),
    }
}

fn as_integer_ratio(cx: Ctx, this: &Object) -> PyResult {
    let value = receiver(this);
    if value.is_infinite() {
        return Err(cx.overflow_error("cannot convert Infinity to integer ratio"));
    }
    if value.is_nan() {
        return Err(cx.value_error("cannot convert NaN to integer ratio"));
    }
    let (numerator, exponent) = to_ratio(value);
    let (mut top, mut bottom) = (BigInt::from(numerator), BigInt::from(1));
    if exponent > 0 {
        top <<= exponent;
    } else {
        bottom <<= -exponent;
    }
    Ok(cx.new_tuple(vec![cx.new_bigint(top), cx.new_bigint(bottom)]).into_object())
}

fn hex(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_str(&text::to_hex(receiver(this))).into_object())
}

fn fromhex(cx: Ctx, ty: &Object, string: &Ref) -> PyResult {
    let Some(string) = string.downcast::<StrObject>() else {
        return Err(cx.type_error("bad argument type for built-in operation"));
    };
    let malformed = || cx.value_error("invalid hexadecimal floating-point string");
    let source = string.to_utf8().ok_or_else(malformed)?;
    let value = match text::from_hex(source.as_bytes()) {
        Ok(value) => cx.new_float(value),
        Err(text::HexError::Malformed) => return Err(malformed()),
        Err(text::HexError::TooLarge) => {
            return Err(cx.overflow_error("hexadecimal value too large to represent as a float"));
        }
    };
    if ty.is(types().float.as_object()) { Ok(value) } else { cx.call(ty, &[value]) }
}

fn is_integer(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.bool(text::is_integer(receiver(this))))
}

fn getnewargs(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_tuple(vec![cx.new_float(receiver(this))]).into_object())
}

fn getformat(cx: Ctx, _: &Object, kind: &Ref) -> PyResult {
    let Some(text) = kind.downcast::<StrObject>() else {
        return Err(
            cx.type_error(format_args!("__getformat__() argument must be str, not {}", kind.ty().tp_name()))
        );
    };
    if !text.eq_str("double") && !text.eq_str("float") {
        return Err(cx.value_error("__getformat__() argument 1 must be 'double' or 'float'"));
    }
    Ok(cx.new_str("IEEE, little-endian").into_object())
}

fn format_(cx: Ctx, this: &Object, spec: &Ref) -> PyResult {
    let spec = format::spec_argument(cx, spec)?;
    Ok(format::format_float(cx, this, spec)?.into_object())
}

fn zero(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_float(0.0))
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "float",
    doc: Some("Makes a floating-point number from a number or from text, if that can be done."),
    layout: Layout::plain::<FloatObject>(),
    basicsize: 24,
    flags: TypeFlags::BASETYPE.with(TypeFlags::MATCH_SELF),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(ops::hash),
        richcompare: Some(ops::richcompare),
        nb_add: Some(ops::nb_add),
        nb_subtract: Some(ops::nb_subtract),
        nb_multiply: Some(ops::nb_multiply),
        nb_remainder: Some(ops::nb_remainder),
        nb_divmod: Some(ops::nb_divmod),
        nb_power: Some(ops::nb_power),
        nb_negative: Some(ops::nb_negative),
        nb_positive: Some(ops::nb_float),
        nb_absolute: Some(ops::nb_absolute),
        nb_bool: Some(ops::nb_bool),
        nb_int: Some(ops::nb_int),
        nb_float: Some(ops::nb_float),
        nb_floor_divide: Some(ops::nb_floor_divide),
        nb_true_divide: Some(ops::nb_true_divide),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("conjugate", itself, "conjugate($self, /)\n--\n\nThe complex conjugate of a float: itself."),
        MethodDef::no_args("__trunc__", trunc, "__trunc__($self, /)\n--\n\nThe integer between the number and zero that is nearest to it."),
        MethodDef::no_args("__floor__", floor, "__floor__($self, /)\n--\n\nThe largest integer that is not above the number."),
        MethodDef::no_args("__ceil__", ceil, "__ceil__($self, /)\n--\n\nThe smallest integer that is not below the number."),
        MethodDef::fast(
            "__round__",
            round,
            "__round__($self, ndigits=None, /)\n--\n\nThe nearest integer, halves to even; with ndigits, the nearest float of that\nmany decimals.",
        ),
        MethodDef::no_args(
            "as_integer_ratio",
            as_integer_ratio,
            "as_integer_ratio($self, /)\n--\n\nA pair of integers, the second positive, whose ratio is exactly the number.",
        ),
        MethodDef::one("fromhex", fromhex, "fromhex($type, string, /)\n--\n\nMakes a float from hexadecimal text.\n\n>>> float.fromhex('0x1.ffffp10')\n2047.984375").class(),
        MethodDef::no_args("hex", hex, "hex($self, /)\n--\n\nThe number as hexadecimal text.\n\n>>> 3.14159.hex()\n'0x1.921f9f01b866ep+1'"),
        MethodDef::no_args("is_integer", is_integer, "is_integer($self, /)\n--\n\nWhether the number has no fraction."),
        MethodDef::no_args("__getnewargs__", getnewargs, "__getnewargs__($self, /)\n--\n\n"),
        MethodDef::one("__getformat__", getformat, "__getformat__($type, typestr, /)\n--\n\nHow C doubles or floats lie in memory: 'IEEE, little-endian'.").class(),
        MethodDef::one("__format__", format_, "__format__($self, format_spec, /)\n--\n\nThe number formatted by format_spec."),
    ],
    getset: &[
        GetSetDef { name: "real", get: Some(itself), set: None, doc: "the real part of a complex number" },
        GetSetDef { name: "imag", get: Some(zero), set: None, doc: "the imaginary part of a complex number" },
    ],
    dealloc: Some(super::dealloc),
    ..TypeSpec::EMPTY
};
