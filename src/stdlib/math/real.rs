//! Functions of floats.

use num_traits::ToPrimitive;

use super::{domain_error, range_error};
use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::float::{libm, ops, scale, split};
use crate::objects::slots::Args;
use crate::objects::spec::Signature;
use crate::objects::{FloatObject, IntObject, PyResult, TupleObject};
use crate::vm::Ctx;

/// A function of one float; an infinite result of a finite argument is a domain error, or a range
/// error where the function can overflow.
fn apply(cx: Ctx, arg: &Ref, function: fn(f64) -> f64, overflows: bool) -> PyResult {
    let x = cx.to_f64(arg)?;
    let result = function(x);
    if result.is_nan() && !x.is_nan() {
        return Err(domain_error(cx));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(if overflows { range_error(cx) } else { domain_error(cx) });
    }
    Ok(cx.new_float(result))
}

macro_rules! functions {
    ($($name:ident = $function:expr, $overflows:literal;)*) => {$(
        pub(super) fn $name(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
            apply(cx, arg, $function, $overflows)
        }
    )*};
}

functions! {
    acos = |x| libm::acos(x), false;
    acosh = |x| libm::acosh(x), false;
    asin = |x| libm::asin(x), false;
    asinh = |x| libm::asinh(x), false;
    atan = |x| libm::atan(x), false;
    atanh = |x| libm::atanh(x), false;
    cbrt = libm::cbrt, false;
    cos = |x| libm::cos(x), false;
    cosh = |x| libm::cosh(x), true;
    erf = |x| libm::erf(x), false;
    erfc = |x| libm::erfc(x), false;
    exp = |x| libm::exp(x), true;
    exp2 = |x| libm::exp2(x), true;
    expm1 = |x| libm::expm1(x), true;
    fabs = f64::abs, false;
    log1p = |x| if x == 0.0 { x } else { libm::log1p(x) }, false;
    sin = |x| libm::sin(x), false;
    sinh = |x| libm::sinh(x), true;
    sqrt = f64::sqrt, false;
    tan = |x| libm::tan(x), false;
    tanh = |x| libm::tanh(x), false;
    degrees = |x| x * (180.0 / std::f64::consts::PI), false;
    radians = |x| x * (std::f64::consts::PI / 180.0), false;
}

/// Two float arguments of a function.
fn two(cx: Ctx, name: &str, args: &[Ref]) -> PyResult<(f64, f64)> {
    check_count(cx, name, args, 2, 2)?;
    Ok((cx.to_f64(&args[0])?, cx.to_f64(&args[1])?))
}

pub(super) fn atan2(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (y, x) = two(cx, "atan2", args)?;
    Ok(cx.new_float(y.atan2(x)))
}

pub(super) fn copysign(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (x, y) = two(cx, "copysign", args)?;
    Ok(cx.new_float(x.copysign(y)))
}

pub(super) fn fmod(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (x, y) = two(cx, "fmod", args)?;
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(domain_error(cx));
    }
    Ok(cx.new_float(result))
}

pub(super) fn pow(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (x, y) = two(cx, "pow", args)?;
    let result = libm::pow(x, y);
    if x.is_finite() && y.is_finite() {
        if result.is_nan() || (result.is_infinite() && x == 0.0) {
            return Err(domain_error(cx));
        }
        if result.is_infinite() {
            return Err(range_error(cx));
        }
    }
    Ok(cx.new_float(result))
}

pub(super) fn remainder(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (x, y) = two(cx, "remainder", args)?;
    if x.is_nan() || y.is_nan() {
        return Ok(cx.new_float(x + y));
    }
    if x.is_infinite() || y == 0.0 {
        return Err(domain_error(cx));
    }
    if y.is_infinite() {
        return Ok(cx.new_float(x));
    }
    let (size, step) = (x.abs(), y.abs());
    let low = size % step;
    let high = step - low;
    let rest = if low < high {
        low
    } else if low > high {
        -high
    } else {
        // Half way: to the even multiple.
        low - 2.0 * ((0.5 * (size - low)) % step)
    };
    Ok(cx.new_float(1f64.copysign(x) * rest))
}

pub(super) fn nextafter(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let (x, y) = two(cx, "nextafter", args)?;
    let next = if x.is_nan() || y.is_nan() {
        x + y
    } else if x == y {
        y
    } else if y > x {
        x.next_up()
    } else {
        x.next_down()
    };
    Ok(cx.new_float(if next == 0.0 { 0f64.copysign(if x == y { y } else { x }) } else { next }))
}

pub(super) fn ulp(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    let x = cx.to_f64(arg)?.abs();
    let next = x.next_up();
    let step = if !x.is_finite() {
        x
    } else if next.is_infinite() {
        x - x.next_down()
    } else {
        next - x
    };
    Ok(cx.new_float(step))
}

/// The result of a rounding method looked up on the type, else the float's own rounding.
fn rounded(cx: Ctx, arg: &Ref, method: &str, round: fn(f64) -> f64) -> PyResult {
    if let Some(float) = arg.downcast_exact::<FloatObject>() {
        return ops::to_int(cx, round(float.value));
    }
    if let Some(method) = cx.lookup_special(arg, &cx.intern(method))? {
        return cx.call0(&method);
    }
    ops::to_int(cx, round(cx.to_f64(arg)?))
}

pub(super) fn floor(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    rounded(cx, arg, "__floor__", f64::floor)
}

pub(super) fn ceil(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    rounded(cx, arg, "__ceil__", f64::ceil)
}

pub(super) fn trunc(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    if let Some(float) = arg.downcast_exact::<FloatObject>() {
        return ops::to_int(cx, float.value.trunc());
    }
    match cx.lookup_special(arg, &crate::objects::names().trunc)? {
        Some(method) => cx.call0(&method),
        None => {
            Err(cx.type_error(format_args!("type {} doesn't define __trunc__ method", arg.ty().tp_name())))
        }
    }
}

pub(super) fn frexp(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    let (fraction, exponent) = split(cx.to_f64(arg)?);
    Ok(cx.new_tuple(vec![cx.new_float(fraction), cx.new_int(exponent.into())]).into_object())
}

pub(super) fn ldexp(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "ldexp", args, 2, 2)?;
    let x = cx.to_f64(&args[0])?;
    let Some(exponent) = args[1].downcast::<IntObject>() else {
        return Err(cx.type_error("Expected an int as second argument to ldexp."));
    };
    if x == 0.0 || !x.is_finite() {
        return Ok(cx.new_float(x));
    }
    let largest = i64::from(i32::MAX);
    let clipped = exponent.as_i64().unwrap_or(if exponent.is_negative() { -largest } else { largest });
    let result = scale(x, clipped.clamp(-largest, largest) as i32);
    if result.is_infinite() { Err(range_error(cx)) } else { Ok(cx.new_float(result)) }
}

pub(super) fn modf(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    let x = cx.to_f64(arg)?;
    let whole = x.trunc();
    let fraction = if x.is_infinite() { 0f64.copysign(x) } else { (x - whole).copysign(x) };
    Ok(cx.new_tuple(vec![cx.new_float(fraction), cx.new_float(whole)]).into_object())
}

/// A logarithm of any number; integers too large for a float go by mantissa and exponent.
fn logarithm(cx: Ctx, arg: &Ref, function: fn(f64) -> f64) -> PyResult<f64> {
    let finite = |x: f64| match x {
        x if x.is_nan() || x == f64::INFINITY => Ok(x),
        x if x > 0.0 => Ok(function(x)),
        _ => Err(domain_error(cx)),
    };
    let Some(int) = arg.downcast::<IntObject>() else { return finite(cx.to_f64(arg)?) };
    if int.is_negative() || int.is_zero() {
        return Err(domain_error(cx));
    }
    match int.to_f64() {
        Some(x) => finite(x),
        None => {
            let bits = int.bit_length();
            let top = (int.to_bigint() >> (bits - 64)).to_f64().unwrap_or(1.0);
            Ok(function(scale(top, -64)) + function(2.0) * bits as f64)
        }
    }
}

pub(super) fn log(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    if args.is_empty() || args.len() > 2 {
        return Err(cx.type_error("math.log requires 1 to 2 arguments"));
    }
    let number = logarithm(cx, &args[0], |x| libm::log(x))?;
    let Some(base) = args.get(1) else { return Ok(cx.new_float(number)) };
    let base = logarithm(cx, base, |x| libm::log(x))?;
    if base == 0.0 {
        return Err(cx.zero_division_error("float division by zero"));
    }
    Ok(cx.new_float(number / base))
}

pub(super) fn log2(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    Ok(cx.new_float(logarithm(cx, arg, |x| libm::log2(x))?))
}

pub(super) fn log10(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    Ok(cx.new_float(logarithm(cx, arg, |x| libm::log10(x))?))
}

pub(super) fn isfinite(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    Ok(cx.bool(cx.to_f64(arg)?.is_finite()))
}

pub(super) fn isinf(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    Ok(cx.bool(cx.to_f64(arg)?.is_infinite()))
}

pub(super) fn isnan(cx: Ctx, _: &Object, arg: &Ref) -> PyResult {
    Ok(cx.bool(cx.to_f64(arg)?.is_nan()))
}

pub(super) fn isclose(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "isclose",
        params: &["a", "b", "rel_tol", "abs_tol"],
        required: 2,
        max_positional: 2,
    };
    let mut bound = [None, None, None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let value = |arg: &Option<Ref>, default| arg.as_ref().map_or(Ok(default), |arg| cx.to_f64(arg));
    let (a, b) = (value(&bound[0], 0.0)?, value(&bound[1], 0.0)?);
    let (relative, absolute) = (value(&bound[2], 1e-9)?, value(&bound[3], 0.0)?);
    if relative < 0.0 || absolute < 0.0 {
        return Err(cx.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(cx.bool(true));
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(cx.bool(false));
    }
    let difference = (b - a).abs();
    let close =
        difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute;
    Ok(cx.bool(close))
}

/// The Euclidean length of a vector, nearly correctly rounded: squares and their sum are carried in
/// two floats each, and the root is corrected once.
fn length(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0f64, |largest, x| largest.max(x.abs()));
    if vector.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if vector.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || vector.len() <= 1 {
        return largest;
    }
    let (_, exponent) = split(largest);
    if exponent < -1023 {
        let scaled: Vec<f64> = vector.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * length(&scaled);
    }
    let factor = scale(1.0, -exponent);
    let (mut sum, mut products, mut sums) = (1.0, 0.0, 0.0);
    let mut add_square = |x: f64, sign: f64| {
        let high = sign * x * x;
        products += (sign * x).mul_add(x, -high);
        let total = sum + high;
        sums += high - (total - sum);
        sum = total;
        (sum, products + sums)
    };
    let mut state = (1.0, 0.0);
    for x in vector {
        state = add_square(x * factor, 1.0);
    }
    let root = (state.0 - 1.0 + state.1).sqrt();
    let (sum, rest) = add_square(root, -1.0);
    let error = sum - 1.0 + rest;
    (root + error / (2.0 * root)) / factor
}

pub(super) fn hypot(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    let vector = args.iter().map(|arg| cx.to_f64(arg)).collect::<PyResult<Vec<f64>>>()?;
    Ok(cx.new_float(length(&vector.iter().map(|x| x.abs()).collect::<Vec<_>>())))
}

pub(super) fn dist(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "dist", args, 2, 2)?;
    let point = |arg: &Ref| match arg.downcast::<TupleObject>() {
        Some(tuple) => Ok(tuple.as_slice().to_vec()),
        None => cx.collect(arg),
    };
    let (p, q) = (point(&args[0])?, point(&args[1])?);
    if p.len() != q.len() {
        return Err(cx.value_error("both points must have the same number of dimensions"));
    }
    let mut vector = Vec::with_capacity(p.len());
    for (p, q) in p.iter().zip(&q) {
        vector.push((cx.to_f64(p)? - cx.to_f64(q)?).abs());
    }
    Ok(cx.new_float(length(&vector)))
}

/// Shewchuk's exact summation: partial sums that do not overlap, rounded once at the end.
pub(super) fn fsum(cx: Ctx, _: &Object, iterable: &Ref) -> PyResult {
    let iterator = cx.iter(iterable)?;
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinite) = (0.0, 0.0);
    while let Some(item) = cx.next(&iterator)? {
        let given = cx.to_f64(&item)?;
        let mut x = given;
        let mut kept = 0;
        for index in 0..partials.len() {
            let mut y = partials[index];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
            continue;
        }
        if given.is_finite() {
            return Err(cx.overflow_error("intermediate overflow in fsum"));
        }
        if given.is_infinite() {
            infinite += given;
        }
        special += given;
        partials.clear();
    }
    if special != 0.0 {
        if f64::is_nan(infinite) {
            return Err(cx.value_error("-inf + inf in fsum"));
        }
        return Ok(cx.new_float(special));
    }
    let mut high = partials.pop().unwrap_or(0.0);
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // Half way between two floats: what is left below decides.
    if let Some(&next) = partials.last() {
        if (low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0) {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
    }
    Ok(cx.new_float(high))
}
