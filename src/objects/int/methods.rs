//! The constructor and the methods of `int`.

use num_bigint::{BigInt, Sign};
use num_traits::Signed;

use super::{IntObject, copy_as, from_bigint, from_i64, ops, parse};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::{bind_borrowed, check_count};
use crate::objects::bytes::BytesObject;
use crate::objects::slots::{Args, PyResult, Slots};
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{StrObject, TypeObject, exceptions, format, names, types};
use crate::vm::Ctx;

fn receiver(object: &Object) -> &IntObject {
    // SAFETY: the call layer checks that methods of `int` get an instance of it.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "int", params: &["", "base"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind_borrowed(cx, &SIGNATURE, args, &mut bound)?;
    let [value, base] = bound;
    let int = match (value, base) {
        (None, Some(_)) => return Err(cx.type_error("int() missing string argument")),
        (None, None) => from_i64(0),
        (Some(value), None) => from_object(cx, value)?,
        (Some(value), Some(base)) => {
            let base = cx.index_clipped(base)?;
            let base = match u32::try_from(base) {
                Ok(base @ (0 | 2..=36)) => base,
                _ => return Err(cx.value_error("int() base must be >= 2 and <= 36, or 0")),
            };
            if let Some(text) = value.downcast::<StrObject>() {
                parse::parse_or_raise(cx, &parse::ascii_number(text), base, value)?
            } else if value.downcast::<BytesObject>().is_some() || value.is_instance(types().bytearray) {
                let text = cx.with_bytes(value, <[u8]>::to_vec)?;
                parse::parse_or_raise(cx, &text, base, cx.new_bytes(&text).as_object())?
            } else {
                return Err(cx.type_error("int() can't convert non-string with explicit base"));
            }
        }
    };
    if ty.is_type(types().int) { Ok(int.into_object()) } else { Ok(copy_as(ty, &int).into_object()) }
}

/// `int(object)`: `__int__`, `__index__`, `__trunc__`, text (`PyNumber_Long`).
pub fn from_object(cx: Ctx, object: &Object) -> PyResult<Ref<IntObject>> {
    if let Some(int) = object.downcast_exact::<IntObject>() {
        return Ok(int.to_ref());
    }
    let slots = *object.ty().slots();
    if let Some(slot) = slots.nb_int {
        let result = slot(cx, object)?;
        return exact(cx.check_int_result(result, "__int__")?);
    }
    if slots.nb_index.is_some() {
        return exact(cx.index(object)?);
    }
    if let Some(result) = cx.call_special(object, &names().trunc, &[])? {
        cx.warn(exceptions().deprecation_warning, "The delegation of int() to __trunc__ is deprecated.", 1)?;
        if let Some(int) = result.downcast::<IntObject>() {
            return exact(int.to_ref());
        }
        if result.ty().slots().nb_index.is_some() {
            return exact(cx.index(&result)?);
        }
        return Err(
            cx.type_error(format_args!("__trunc__ returned non-Integral (type {})", result.ty().tp_name()))
        );
    }
    if let Some(text) = object.downcast::<StrObject>() {
        return parse::parse_or_raise(cx, &parse::ascii_number(text), 10, object);
    }
    if slots.as_bytes.is_some() {
        let text = cx.with_bytes(object, <[u8]>::to_vec)?;
        return parse::parse_or_raise(cx, &text, 10, cx.new_bytes(&text).as_object());
    }
    Err(cx.type_error(format_args!(
        "int() argument must be a string, a bytes-like object or a real number, not '{}'",
        object.ty().tp_name()
    )))
}

/// The value as an exact `int`.
fn exact(int: Ref<IntObject>) -> PyResult<Ref<IntObject>> {
    if int.as_object().is_exact(types().int) {
        return Ok(int);
    }
    Ok(match int.as_i64() {
        Some(value) => from_i64(value),
        None => from_bigint(int.to_bigint()),
    })
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    Ok(parse::to_str(cx, receiver(this))?.into_object())
}

fn itself(cx: Ctx, this: &Object) -> PyResult {
    ops::nb_int(cx, this)
}

fn bit_length(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_int(receiver(this).bit_length() as i64))
}

fn bit_count(cx: Ctx, this: &Object) -> PyResult {
    let this = receiver(this);
    let count = match this.as_big() {
        None => u64::from(this.small.unsigned_abs().count_ones()),
        Some(big) => big.magnitude().count_ones(),
    };
    Ok(cx.new_int(count as i64))
}

/// The `byteorder` argument: whether it says little-endian.
fn little_endian(cx: Ctx, function: &str, order: Option<&Ref>) -> PyResult<bool> {
    let Some(order) = order else { return Ok(false) };
    let Some(text) = order.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!(
            "{function}() argument 'byteorder' must be str, not {}",
            order.ty().tp_name()
        )));
    };
    match text.as_ascii() {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        _ => Err(cx.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "to_bytes",
        params: &["length", "byteorder", "signed"],
        required: 0,
        max_positional: 2,
    };
    let mut bound = [None, None, None];
    bind_borrowed(cx, &SIGNATURE, args, &mut bound)?;
    let [length, order, signed] = bound;
    let length = match length {
        Some(length) => cx.to_size(length)?,
        None => 1,
    };
    let little = little_endian(cx, "to_bytes", order)?;
    let signed = match signed {
        Some(signed) => cx.is_true(signed)?,
        None => false,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(cx.value_error("length argument must be non-negative"));
    };
    let this = receiver(this);
    if this.is_negative() && !signed {
        return Err(cx.overflow_error("can't convert negative int to unsigned"));
    }
    crate::objects::bytes::check_size(cx, length)?;
    let Some(mut bytes) = ops::to_bytes(&this.to_bigint(), length, signed) else {
        return Err(cx.overflow_error("int too big to convert"));
    };
    if little {
        bytes.reverse();
    }
    Ok(cx.new_bytes(&bytes).into_object())
}

fn from_bytes(cx: Ctx, ty: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "from_bytes",
        params: &["bytes", "byteorder", "signed"],
        required: 1,
        max_positional: 2,
    };
    let mut bound = [None, None, None];
    bind_borrowed(cx, &SIGNATURE, args, &mut bound)?;
    let [source, order, signed] = bound;
    let little = little_endian(cx, "from_bytes", order)?;
    let signed = match signed {
        Some(signed) => cx.is_true(signed)?,
        None => false,
    };
    let Some(source) = source else { return Err(cx.system_error("bad internal call")) };
    let mut bytes = crate::objects::bytes::from_object(cx, source)?;
    if little {
        bytes.reverse();
    }
    let value = match signed {
        true => BigInt::from_signed_bytes_be(&bytes),
        false => BigInt::from_bytes_be(Sign::Plus, &bytes),
    };
    let int = from_bigint(value).into_object();
    if ty.is(types().int.as_object()) { Ok(int) } else { cx.call(ty, &[int]) }
}

fn as_integer_ratio(cx: Ctx, this: &Object) -> PyResult {
    let numerator = ops::nb_int(cx, this)?;
    Ok(cx.new_tuple(vec![numerator, cx.new_int(1)]).into_object())
}

fn round(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "__round__", args, 0, 1)?;
    let Some(digits) = args.first() else { return itself(cx, this) };
    let digits = cx.index(digits)?;
    if !digits.is_negative() {
        return itself(cx, this);
    }
    let digits = digits.to_bigint().abs();
    let digits = u64::try_from(digits).unwrap_or(u64::MAX);
    Ok(cx.new_bigint(ops::round_to(&receiver(this).to_bigint(), digits)))
}

fn getnewargs(cx: Ctx, this: &Object) -> PyResult {
    let value = ops::nb_int(cx, this)?;
    Ok(cx.new_tuple(vec![value]).into_object())
}

fn format_(cx: Ctx, this: &Object, spec: &Ref) -> PyResult {
    let spec = format::spec_argument(cx, spec)?;
    Ok(format::format_int(cx, this, spec)?.into_object())
}

fn sizeof(cx: Ctx, this: &Object) -> PyResult {
    // What a subclass adds is not part of the answer.
    Ok(cx.new_uint(receiver(this).size_shown()))
}

fn zero(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_int(0))
}

fn one(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_int(1))
}

pub(crate) const SLOTS: Slots = Slots {
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
    nb_positive: Some(ops::nb_int),
    nb_absolute: Some(ops::nb_absolute),
    nb_bool: Some(ops::nb_bool),
    nb_invert: Some(ops::nb_invert),
    nb_lshift: Some(ops::nb_lshift),
    nb_rshift: Some(ops::nb_rshift),
    nb_and: Some(ops::nb_and),
    nb_xor: Some(ops::nb_xor),
    nb_or: Some(ops::nb_or),
    nb_int: Some(ops::nb_int),
    nb_float: Some(ops::nb_float),
    nb_floor_divide: Some(ops::nb_floor_divide),
    nb_true_divide: Some(ops::nb_true_divide),
    nb_index: Some(ops::nb_int),
    ..Slots::EMPTY
};

pub static SPEC: TypeSpec = TypeSpec {
    name: "int",
    doc: Some(
        "int([x]) -> integer\nint(x, base=10) -> integer\n\nMakes an integer from a number (cut off towards zero) or from \
         text; without\narguments, 0. With a base the text may have digits of that base, and with\nbase 0 the \
         prefix of a literal decides.",
    ),
    layout: Layout::plain::<IntObject>(),
    basicsize: 24,
    itemsize: 4,
    flags: TypeFlags::BASETYPE.with(TypeFlags::LONG_SUBCLASS).with(TypeFlags::MATCH_SELF),
    slots: SLOTS,
    methods: &[
        MethodDef::no_args("conjugate", itself, "The complex conjugate of an integer: itself."),
        MethodDef::no_args(
            "bit_length",
            bit_length,
            "bit_length($self, /)\n--\n\nHow many bits the number needs in binary, without sign.\n\n>>> bin(37)\n'0b100101'\n>>> (37).bit_length()\n6",
        ),
        MethodDef::no_args(
            "bit_count",
            bit_count,
            "bit_count($self, /)\n--\n\nHow many ones the absolute value has in binary.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3",
        ),
        MethodDef::keywords(
            "to_bytes",
            to_bytes,
            "to_bytes($self, /, length=1, byteorder='big', *, signed=False)\n--\n\nThe number as an array of bytes.",
        ),
        MethodDef::keywords(
            "from_bytes",
            from_bytes,
            "from_bytes($type, /, bytes, byteorder='big', *, signed=False)\n--\n\nThe number that an array of bytes stands for.",
        )
        .class(),
        MethodDef::no_args(
            "as_integer_ratio",
            as_integer_ratio,
            "as_integer_ratio($self, /)\n--\n\nA pair of integers whose ratio is the number: itself and 1.",
        ),
        MethodDef::no_args("__trunc__", itself, "Truncating an integer gives itself."),
        MethodDef::no_args("__floor__", itself, "Flooring an integer gives itself."),
        MethodDef::no_args("__ceil__", itself, "The ceiling of an integer is itself."),
        MethodDef::fast(
            "__round__",
            round,
            "__round__($self, ndigits=<unrepresentable>, /)\n--\n\nRounding an integer gives itself; with a negative ndigits, a multiple of a power of ten.",
        ),
        MethodDef::no_args("__getnewargs__", getnewargs, "__getnewargs__($self, /)\n--\n\n"),
        MethodDef::one("__format__", format_, "__format__($self, format_spec, /)\n--\n\n"),
        MethodDef::no_args("__sizeof__", sizeof, "__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
    ],
    getset: &[
        GetSetDef { name: "real", get: Some(itself), set: None, doc: "the real part of a complex number" },
        GetSetDef { name: "imag", get: Some(zero), set: None, doc: "the imaginary part of a complex number" },
        GetSetDef {
            name: "numerator",
            get: Some(itself),
            set: None,
            doc: "the numerator of a rational number in lowest terms",
        },
        GetSetDef {
            name: "denominator",
            get: Some(one),
            set: None,
            doc: "the denominator of a rational number in lowest terms",
        },
    ],
    dealloc: Some(super::dealloc),
    ..TypeSpec::EMPTY
};
