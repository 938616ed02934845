//! `complex`.

use super::float::{ops as real, text};
use super::int::parse::{ascii_number, trim_c_space};
use super::slots::{Args, CompareOp, PyResult, Slots};
use super::spec::{Layout as SpecLayout, MemberDef, MethodDef, Signature, TypeFlags};
use super::type_object::TypedLayout;
use super::{FloatObject, IntObject, StrObject, TypeObject, Types, args::bind_borrowed, exceptions, types};
use crate::memory::{Layout, Object, Ref, new_ref};
use crate::objects::spec::TypeSpec;
use crate::vm::Ctx;

#[repr(C)]
pub struct ComplexObject {
    pub object: Object,
    pub re: f64,
    pub im: f64,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ComplexObject {}
// SAFETY: every `complex` instance begins with this layout.
unsafe impl TypedLayout for ComplexObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.complex
    }
}

/// Real and imaginary part.
type Pair = (f64, f64);

/// A `complex` object.
pub fn from_parts(re: f64, im: f64) -> Ref<ComplexObject> {
    make(types().complex, (re, im))
}

fn make(ty: &TypeObject, (re, im): Pair) -> Ref<ComplexObject> {
    new_ref(&ty.core, |object| ComplexObject { object, re, im })
}

fn receiver(object: &Object) -> Pair {
    // SAFETY: slots and methods of `complex` are called with instances of `complex` only.
    let this = unsafe { object.cast::<ComplexObject>() };
    (this.re, this.im)
}

/// The operand as a complex number; `None` for what is no number.
fn operand(cx: Ctx, object: &Object) -> PyResult<Option<Pair>> {
    if let Some(complex) = object.downcast::<ComplexObject>() {
        return Ok(Some((complex.re, complex.im)));
    }
    if let Some(float) = object.downcast::<FloatObject>() {
        return Ok(Some((float.value, 0.0)));
    }
    match object.downcast::<IntObject>() {
        Some(int) => match int.to_f64() {
            Some(value) => Ok(Some((value, 0.0))),
            None => Err(cx.overflow_error("int too large to convert to float")),
        },
        None => Ok(None),
    }
}

/// Takes both operands, or returns `NotImplemented` from the slot.
macro_rules! operands {
    ($cx:ident, $a:ident, $b:ident) => {{
        let Some(a) = operand($cx, $a)? else { return Ok($cx.not_implemented()) };
        let Some(b) = operand($cx, $b)? else { return Ok($cx.not_implemented()) };
        (a, b)
    }};
}

fn new_pair(cx: Ctx, (re, im): Pair) -> PyResult {
    Ok(cx.new_complex(re, im))
}

fn add(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    new_pair(cx, (a.0 + b.0, a.1 + b.1))
}

fn subtract(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    new_pair(cx, (a.0 - b.0, a.1 - b.1))
}

fn product(a: Pair, b: Pair) -> Pair {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn multiply(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    new_pair(cx, product(a, b))
}

/// Smith's division; `None` for a zero divisor.
fn quotient(a: Pair, b: Pair) -> Option<Pair> {
    let (size_re, size_im) = (b.0.abs(), b.1.abs());
    if size_re >= size_im {
        if size_re == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator))
    } else if size_im >= size_re {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

fn true_divide(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    match quotient(a, b) {
        Some(result) => new_pair(cx, result),
        None => Err(cx.zero_division_error("complex division by zero")),
    }
}

fn nb_power(cx: Ctx, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    let (a, b) = operands!(cx, a, b);
    if !cx.is_none(modulus) {
        return Err(cx.value_error("complex modulo"));
    }
    power(cx, a, b)
}

/// `a ** b`.
pub fn power(cx: Ctx, a: Pair, b: Pair) -> PyResult {
    let zero = || cx.zero_division_error("0.0 to a negative or complex power");
    let result = if b.1 == 0.0 && b.0 == b.0.floor() && b.0.abs() <= 100.0 {
        let positive = power_integer(a, b.0.abs() as u32);
        if b.0 > 0.0 { positive } else { quotient((1.0, 0.0), positive).ok_or_else(zero)? }
    } else if b == (0.0, 0.0) {
        (1.0, 0.0)
    } else if a == (0.0, 0.0) {
        if b.1 != 0.0 || b.0 < 0.0 {
            return Err(zero());
        }
        (0.0, 0.0)
    } else {
        let size = a.0.hypot(a.1);
        let mut length = size.powf(b.0);
        let angle = a.1.atan2(a.0);
        let mut phase = angle * b.0;
        if b.1 != 0.0 {
            length /= (angle * b.1).exp();
            phase += b.1 * size.ln();
        }
        // An angle that is infinite has no direction (`EDOM` in C).
        if phase.is_infinite() {
            return Err(zero());
        }
        (length * phase.cos(), length * phase.sin())
    };
    if result.0.is_infinite() || result.1.is_infinite() {
        return Err(cx.overflow_error("complex exponentiation"));
    }
    new_pair(cx, result)
}

fn power_integer(base: Pair, exponent: u32) -> Pair {
    let (mut result, mut square, mut mask) = ((1.0, 0.0), base, 1);
    while mask > 0 && exponent >= mask {
        if exponent & mask != 0 {
            result = product(result, square);
        }
        mask <<= 1;
        square = product(square, square);
    }
    result
}

fn negative(cx: Ctx, a: &Object) -> PyResult {
    let (re, im) = receiver(a);
    new_pair(cx, (-re, -im))
}

fn positive(cx: Ctx, a: &Object) -> PyResult {
    if a.is_exact(types().complex) { Ok(a.to_ref()) } else { new_pair(cx, receiver(a)) }
}

fn absolute(cx: Ctx, a: &Object) -> PyResult {
    let (re, im) = receiver(a);
    let size = re.hypot(im);
    if size.is_infinite() && re.is_finite() && im.is_finite() {
        return Err(cx.overflow_error("absolute value too large"));
    }
    Ok(cx.new_float(size))
}

fn truth(_: Ctx, a: &Object) -> PyResult<bool> {
    Ok(receiver(a) != (0.0, 0.0))
}

fn hash(_: Ctx, a: &Object) -> PyResult<i64> {
    let part =
        |value: f64| if value.is_nan() { real::hash_address(a.address()) } else { real::hash_f64(value) };
    let (re, im) = receiver(a);
    let hash = part(re).wrapping_add(part(im).wrapping_mul(1_000_003));
    Ok(if hash == -1 { -2 } else { hash })
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.not_implemented());
    }
    let a = receiver(a);
    let equal = if let Some(int) = b.downcast::<IntObject>() {
        a.1 == 0.0 && real::compare_int(a.0, int).is_some_and(|order| order.is_eq())
    } else if let Some(float) = b.downcast::<FloatObject>() {
        a.1 == 0.0 && a.0 == float.value
    } else if let Some(complex) = b.downcast::<ComplexObject>() {
        a == (complex.re, complex.im)
    } else {
        return Ok(cx.not_implemented());
    };
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

/// `repr(complex)`.
pub fn repr_text(re: f64, im: f64) -> String {
    let part = |value: f64| text::format(value, text::Style::Repr, 0, false, false, false);
    let imaginary = part(im);
    if re == 0.0 && re.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imaginary}j)", part(re))
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    let (re, im) = receiver(this);
    Ok(cx.new_str(&repr_text(re, im)).into_object())
}

/// A complex number as text: real part, imaginary part with `j`, or both, in parentheses or not.
fn parse(text: &[u8]) -> Option<Pair> {
    let mut plain = Vec::with_capacity(text.len());
    for (index, &byte) in text.iter().enumerate() {
        let digit_at = |index: Option<usize>| index.and_then(|i| text.get(i)).is_some_and(u8::is_ascii_digit);
        match byte {
            b'_' if digit_at(index.checked_sub(1)) && digit_at(Some(index + 1)) => {}
            b'_' => return None,
            _ => plain.push(byte),
        }
    }
    let mut rest = trim_c_space(&plain);
    if let [b'(', inner @ .., b')'] = rest {
        rest = trim_c_space(inner);
    }
    let ends = |rest: &[u8]| matches!(rest, [b'j' | b'J']);
    let sign_of = |rest: &[u8]| match rest.first() {
        Some(b'+') => (1.0, 1),
        Some(b'-') => (-1.0, 1),
        _ => (1.0, 0),
    };
    let Some((first, used)) = text::parse_prefix(rest) else {
        let (sign, skip) = sign_of(rest);
        return ends(&rest[skip..]).then_some((0.0, sign));
    };
    rest = &rest[used..];
    match rest {
        [] => Some((first, 0.0)),
        [b'+' | b'-', ..] => match text::parse_prefix(rest) {
            Some((second, used)) => ends(&rest[used..]).then_some((first, second)),
            None => ends(&rest[1..]).then_some((first, sign_of(rest).0)),
        },
        _ => ends(rest).then_some((0.0, first)),
    }
}

/// `object.__complex__()`, `None` where there is no such method.
fn special(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let Some(result) = cx.call_special(object, &super::names().complex, &[])? else { return Ok(None) };
    if !result.is_instance(types().complex) {
        let got = result.ty().tp_name();
        return Err(cx.type_error(format_args!("__complex__ returned non-complex (type {got})")));
    }
    if !result.is_exact(types().complex) {
        let message = format!(
            "__complex__ returned non-complex (type {}).  The ability to return an instance of a strict subclass \
             of complex is deprecated, and may not be supported in a future version of Python.",
            result.ty().tp_name()
        );
        cx.warn(exceptions().deprecation_warning, &message, 1)?;
    }
    Ok(Some(result))
}

/// The value of any number: `complex`, `__complex__`, `__float__`, `__index__`. For `cmath` and the
/// like; "must be real number, not T" otherwise.
pub fn value_of(cx: Ctx, object: &Object) -> PyResult<Pair> {
    if let Some(complex) = object.downcast::<ComplexObject>() {
        return Ok((complex.re, complex.im));
    }
    match special(cx, object)? {
        Some(result) => Ok(receiver(&result)),
        None => Ok((cx.to_f64(object)?, 0.0)),
    }
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "complex", params: &["real", "imag"], required: 0, max_positional: 2 };
    let mut bound = [None, None];
    bind_borrowed(cx, &SIGNATURE, args, &mut bound)?;
    let [first, second] = bound;
    if let (Some(value), None) = (&first, &second) {
        if value.is_exact(types().complex) && ty.is_type(types().complex) {
            return Ok((*value).clone());
        }
    }
    if let Some(text) = first.as_ref().and_then(|first| first.downcast::<StrObject>()) {
        if second.is_some() {
            return Err(cx.type_error("complex() can't take second arg if first is a string"));
        }
        let pair = parse(&ascii_number(text));
        let pair = pair.ok_or_else(|| cx.value_error("complex() arg is a malformed string"))?;
        return Ok(make(ty, pair).into_object());
    }
    if second.as_ref().is_some_and(|second| second.is_instance(types().str)) {
        return Err(cx.type_error("complex() second arg can't be a string"));
    }
    let number = |object: &Ref| {
        let slots = object.ty().slots();
        slots.nb_float.is_some() || slots.nb_index.is_some() || object.is_instance(types().complex)
    };
    let converted = match first {
        Some(first) => special(cx, first)?,
        None => None,
    };
    let first = converted.as_ref().or(first);
    if let Some(first) = first.filter(|first| !number(first)) {
        return Err(cx.type_error(format_args!(
            "complex() first argument must be a string or a number, not '{}'",
            first.ty().tp_name()
        )));
    }
    if let Some(second) = second.filter(|second| !number(second)) {
        return Err(cx.type_error(format_args!(
            "complex() second argument must be a number, not '{}'",
            second.ty().tp_name()
        )));
    }
    let value = |object: Option<&Ref>| -> PyResult<(Pair, bool)> {
        match object {
            None => Ok(((0.0, 0.0), false)),
            Some(object) => match object.downcast::<ComplexObject>() {
                Some(complex) => Ok(((complex.re, complex.im), true)),
                None => Ok(((cx.to_f64(object)?, 0.0), false)),
            },
        }
    };
    let ((mut re, own_im), first_complex) = value(first)?;
    let ((second_re, second_im), second_complex) = value(second)?;
    let mut im = second_re;
    if second_complex {
        re -= second_im;
    }
    if first_complex {
        im = if second.is_some() { im + own_im } else { own_im };
    }
    Ok(make(ty, (re, im)).into_object())
}

fn conjugate(cx: Ctx, this: &Object) -> PyResult {
    let (re, im) = receiver(this);
    new_pair(cx, (re, -im))
}

fn getnewargs(cx: Ctx, this: &Object) -> PyResult {
    let (re, im) = receiver(this);
    Ok(cx.new_tuple(vec![cx.new_float(re), cx.new_float(im)]).into_object())
}

fn format_(cx: Ctx, this: &Object, spec: &Ref) -> PyResult {
    let spec = super::format::spec_argument(cx, spec)?;
    Ok(super::format::format_complex(cx, this, spec)?.into_object())
}

fn get_real(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_float(receiver(this).0))
}

fn get_imag(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_float(receiver(this).1))
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "complex",
    doc: Some(
        "Makes a complex number from text or numbers.\n\nIt equals real + imag*1j where imag is 0 by default.",
    ),
    layout: SpecLayout::plain::<ComplexObject>(),
    basicsize: 32,
    flags: TypeFlags::BASETYPE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        nb_add: Some(add),
        nb_subtract: Some(subtract),
        nb_multiply: Some(multiply),
        nb_power: Some(nb_power),
        nb_negative: Some(negative),
        nb_positive: Some(positive),
        nb_absolute: Some(absolute),
        nb_bool: Some(truth),
        nb_true_divide: Some(true_divide),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args(
            "conjugate",
            conjugate,
            "conjugate($self, /)\n--\n\nThe complex conjugate: (3-4j).conjugate() == 3+4j.",
        ),
        MethodDef::no_args(
            "__complex__",
            positive,
            "__complex__($self, /)\n--\n\nThe value as an exact complex.",
        ),
        MethodDef::no_args("__getnewargs__", getnewargs, "__getnewargs__($self, /)\n--\n\n"),
        MethodDef::one(
            "__format__",
            format_,
            "__format__($self, format_spec, /)\n--\n\nThe number formatted by format_spec.",
        ),
    ],
    members: &[
        MemberDef { name: "real", get: get_real, set: None, doc: "the real part of a complex number" },
        MemberDef { name: "imag", get: get_imag, set: None, doc: "the imaginary part of a complex number" },
    ],
    ..TypeSpec::EMPTY
};
