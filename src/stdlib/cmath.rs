//! `cmath`: functions of complex numbers.
//!
//! Special values follow C99's annex G, as in the reference.

use std::f64::consts::{LN_2, PI};

use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::complex::value_of;
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{Args, ModuleSpec, PyResult};
use crate::vm::Ctx;

/// What went wrong in a function.
enum Trouble {
    Domain,
    Range,
}
type Answer = Result<(f64, f64), Trouble>;

/// Above this squares overflow.
const LARGE: f64 = f64::MAX / 4.0;

fn sqrt(x: f64, y: f64) -> Answer {
    if y.is_infinite() {
        return Ok((f64::INFINITY, y));
    }
    if x.is_nan() {
        return Ok((x, x));
    }
    if x.is_infinite() {
        return Ok(if y.is_nan() {
            if x > 0.0 { (x, y) } else { (y, x.abs()) }
        } else if x > 0.0 {
            (x, 0f64.copysign(y))
        } else {
            (0.0, f64::INFINITY.copysign(y))
        });
    }
    if y.is_nan() {
        return Ok((y, y));
    }
    if x == 0.0 && y == 0.0 {
        return Ok((0.0, y));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE && (ax > 0.0 || ay > 0.0) {
        let ax = ax * 2f64.powi(54);
        (ax + ax.hypot(ay * 2f64.powi(54))).sqrt() * 2f64.powi(-27) / 2f64.sqrt()
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    Ok(if x >= 0.0 { (s, d.copysign(y)) } else { (d, s.copysign(y)) })
}

fn exp(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        if x.is_infinite() && y.is_finite() && y != 0.0 {
            let size = if x > 0.0 { f64::INFINITY } else { 0.0 };
            return Ok((size.copysign(y.cos()), size.copysign(y.sin())));
        }
        if y.is_infinite() && (x.is_finite() || x == f64::INFINITY) {
            return Err(Trouble::Domain);
        }
        return Ok(match x {
            f64::INFINITY if y == 0.0 => (x, y),
            f64::INFINITY => (x, f64::NAN),
            f64::NEG_INFINITY if y == 0.0 => (0.0, y),
            f64::NEG_INFINITY => (0.0, 0.0),
            _ if y == 0.0 => (x, y),
            _ => (f64::NAN, f64::NAN),
        });
    }
    let (re, im) = if x > 709.0 {
        let l = (x - 1.0).exp();
        (l * y.cos() * std::f64::consts::E, l * y.sin() * std::f64::consts::E)
    } else {
        let l = x.exp();
        (l * y.cos(), l * y.sin())
    };
    if re.is_infinite() || im.is_infinite() { Err(Trouble::Range) } else { Ok((re, im)) }
}

fn log(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        let size = if x.is_infinite() || y.is_infinite() { f64::INFINITY } else { f64::NAN };
        return Ok((size, y.atan2(x)));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let re = if ax > LARGE || ay > LARGE {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(Trouble::Domain);
        }
        (ax * 2f64.powi(53)).hypot(ay * 2f64.powi(53)).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            let (big, small) = if ax > ay { (ax, ay) } else { (ay, ax) };
            ((big - 1.0) * (big + 1.0) + small * small).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok((re, y.atan2(x)))
}

fn cosh(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        if x.is_infinite() && y.is_finite() && y != 0.0 {
            let (c, s) = (f64::INFINITY.copysign(y.cos()), f64::INFINITY.copysign(y.sin()));
            return Ok(if x > 0.0 { (c, s) } else { (c, -s) });
        }
        if y.is_infinite() && !x.is_nan() {
            return Err(Trouble::Domain);
        }
        return Ok(if x.is_infinite() {
            (f64::INFINITY, if y == 0.0 { if x > 0.0 { y } else { -y } } else { f64::NAN })
        } else if x.is_nan() {
            (f64::NAN, if y == 0.0 { 0.0 } else { f64::NAN })
        } else {
            (f64::NAN, if x == 0.0 { 0.0 } else { f64::NAN })
        });
    }
    let (re, im) = if x.abs() > 708.0 {
        let shifted = x - 1f64.copysign(x);
        (y.cos() * shifted.cosh() * std::f64::consts::E, y.sin() * shifted.sinh() * std::f64::consts::E)
    } else {
        (y.cos() * x.cosh(), y.sin() * x.sinh())
    };
    if re.is_infinite() || im.is_infinite() { Err(Trouble::Range) } else { Ok((re, im)) }
}

fn sinh(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        if x.is_infinite() && y.is_finite() && y != 0.0 {
            let (c, s) = (f64::INFINITY.copysign(y.cos()), f64::INFINITY.copysign(y.sin()));
            return Ok(if x > 0.0 { (c, s) } else { (-c, s) });
        }
        if y.is_infinite() && !x.is_nan() {
            return Err(Trouble::Domain);
        }
        return Ok(if x.is_infinite() {
            (x, if y == 0.0 { y } else { f64::NAN })
        } else if x.is_nan() {
            (f64::NAN, if y == 0.0 { y } else { f64::NAN })
        } else {
            (if x == 0.0 { x } else { f64::NAN }, f64::NAN)
        });
    }
    let (re, im) = if x.abs() > 708.0 {
        let shifted = x - 1f64.copysign(x);
        (y.cos() * shifted.sinh() * std::f64::consts::E, y.sin() * shifted.cosh() * std::f64::consts::E)
    } else {
        (y.cos() * x.sinh(), y.sin() * x.cosh())
    };
    if re.is_infinite() || im.is_infinite() { Err(Trouble::Range) } else { Ok((re, im)) }
}

fn tanh(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        if x.is_infinite() && y.is_finite() && y != 0.0 {
            let im = 0f64.copysign(2.0 * y.sin() * y.cos());
            return Ok((1f64.copysign(x), im));
        }
        if y.is_infinite() && x.is_finite() {
            return Err(Trouble::Domain);
        }
        return Ok(if x.is_infinite() {
            (1f64.copysign(x), if y == 0.0 { y } else { 0.0 })
        } else if x.is_nan() {
            (f64::NAN, if y == 0.0 { y } else { f64::NAN })
        } else {
            (if x == 0.0 { x } else { f64::NAN }, f64::NAN)
        });
    }
    if x.abs() > 350.0 {
        return Ok((1f64.copysign(x), 4.0 * y.sin() * y.cos() * (-2.0 * x.abs()).exp()));
    }
    let (tx, ty) = (x.tanh(), y.tan());
    let cx = 1.0 / x.cosh();
    let txty = tx * ty;
    let denominator = 1.0 + txty * txty;
    Ok((tx * (1.0 + ty * ty) / denominator, ty / denominator * cx * cx))
}

fn acos(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        return Ok(if x.is_infinite() || y.is_infinite() {
            let im = if y.is_nan() || (x.is_nan() && !y.is_infinite()) {
                f64::INFINITY
            } else {
                -f64::INFINITY.copysign(y)
            };
            (y.abs().atan2(x), im)
        } else if x == 0.0 {
            (PI / 2.0, f64::NAN)
        } else {
            (f64::NAN, f64::NAN)
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        let re = y.abs().atan2(x);
        let size = (x / 2.0).hypot(y / 2.0).ln() + LN_2 * 2.0;
        return Ok((re, if x < 0.0 { -size.copysign(y) } else { size.copysign(-y) }));
    }
    let (s1, s2) = (sqrt(1.0 - x, -y)?, sqrt(1.0 + x, y)?);
    Ok((2.0 * s1.0.atan2(s2.0), (s2.0 * s1.1 - s2.1 * s1.0).asinh()))
}

fn acosh(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        return Ok(if x.is_infinite() || y.is_infinite() {
            (f64::INFINITY, y.atan2(x))
        } else {
            (f64::NAN, f64::NAN)
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        return Ok(((x / 2.0).hypot(y / 2.0).ln() + LN_2 * 2.0, y.atan2(x)));
    }
    let (s1, s2) = (sqrt(x - 1.0, y)?, sqrt(x + 1.0, y)?);
    Ok(((s1.0 * s2.0 + s1.1 * s2.1).asinh(), 2.0 * s1.1.atan2(s2.0)))
}

fn asinh(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        return Ok(if x.is_infinite() {
            (
                x,
                if y.is_infinite() {
                    (PI / 4.0).copysign(y)
                } else if y.is_nan() {
                    y
                } else {
                    0f64.copysign(y)
                },
            )
        } else if y.is_infinite() {
            (f64::INFINITY.copysign(x), if x.is_nan() { f64::NAN } else { (PI / 2.0).copysign(y) })
        } else {
            (f64::NAN, if y == 0.0 { y } else { f64::NAN })
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        let size = (x / 2.0).hypot(y / 2.0).ln() + LN_2 * 2.0;
        let re = if y < 0.0 { -size.copysign(-x) } else { size.copysign(x) };
        return Ok((re, y.atan2(x.abs())));
    }
    let (s1, s2) = (sqrt(1.0 + y, -x)?, sqrt(1.0 - y, x)?);
    Ok(((s1.0 * s2.1 - s2.0 * s1.1).asinh(), y.atan2(s1.0 * s2.0 - s1.1 * s2.1)))
}

fn atanh(x: f64, y: f64) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        return Ok(if y.is_infinite() {
            (0f64.copysign(x), (PI / 2.0).copysign(y))
        } else if x.is_infinite() {
            (0f64.copysign(x), if y.is_nan() { y } else { (PI / 2.0).copysign(y) })
        } else {
            (if x == 0.0 { x } else { f64::NAN }, f64::NAN)
        });
    }
    if x < 0.0 || (x == 0.0 && x.is_sign_negative()) {
        return atanh(-x, -y).map(|(re, im)| (-re, -im));
    }
    let ay = y.abs();
    let root = (f64::MAX / 4.0).sqrt();
    if x > root || ay > root {
        let h = (x / 2.0).hypot(y / 2.0);
        return Ok((x / 4.0 / h / h, (PI / 2.0).copysign(y)));
    }
    if x == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Trouble::Domain);
        }
        return Ok((-(ay.sqrt() / ay.hypot(2.0).sqrt()).ln(), (2f64.atan2(-ay) / 2.0).copysign(y)));
    }
    let re = (4.0 * x / ((1.0 - x) * (1.0 - x) + ay * ay)).ln_1p() / 4.0;
    Ok((re, -(-2.0 * y).atan2((1.0 - x) * (1.0 + x) - ay * ay) / 2.0))
}

/// A function of `i z` turned back, as the circular functions follow from the hyperbolic ones.
fn sin(x: f64, y: f64) -> Answer {
    sinh(-y, x).map(|(re, im)| (im, -re))
}
fn cos(x: f64, y: f64) -> Answer {
    cosh(-y, x)
}
fn tan(x: f64, y: f64) -> Answer {
    tanh(-y, x).map(|(re, im)| (im, -re))
}
fn asin(x: f64, y: f64) -> Answer {
    asinh(-y, x).map(|(re, im)| (im, -re))
}
fn atan(x: f64, y: f64) -> Answer {
    atanh(-y, x).map(|(re, im)| (im, -re))
}
fn log10(x: f64, y: f64) -> Answer {
    log(x, y).map(|(re, im)| (re / std::f64::consts::LN_10, im / std::f64::consts::LN_10))
}

fn finish(cx: Ctx, answer: Answer) -> PyResult {
    match answer {
        Ok((re, im)) => Ok(cx.new_complex(re, im)),
        Err(Trouble::Domain) => Err(cx.value_error("math domain error")),
        Err(Trouble::Range) => Err(cx.overflow_error("math range error")),
    }
}

macro_rules! functions {
    ($($wrapper:ident $function:ident $name:literal $doc:literal;)*) => {
        $(fn $wrapper(cx: Ctx, _: &Object, z: &Ref) -> PyResult {
            let (x, y) = value_of(cx, z)?;
            finish(cx, $function(x, y))
        })*
        static OF_ONE: &[MethodDef] =
            &[$(MethodDef::one($name, $wrapper, concat!($name, "($module, z, /)\n--\n\n", $doc)),)*];
    };
}

functions! {
    f_acos acos "acos" "Return the arc cosine of z.";
    f_acosh acosh "acosh" "Return the inverse hyperbolic cosine of z.";
    f_asin asin "asin" "Return the arc sine of z.";
    f_asinh asinh "asinh" "Return the inverse hyperbolic sine of z.";
    f_atan atan "atan" "Return the arc tangent of z.";
    f_atanh atanh "atanh" "Return the inverse hyperbolic tangent of z.";
    f_cos cos "cos" "Return the cosine of z.";
    f_cosh cosh "cosh" "Return the hyperbolic cosine of z.";
    f_exp exp "exp" "Return the exponential value e**z.";
    f_log10 log10 "log10" "Return the base-10 logarithm of z.";
    f_sin sin "sin" "Return the sine of z.";
    f_sinh sinh "sinh" "Return the hyperbolic sine of z.";
    f_sqrt sqrt "sqrt" "Return the square root of z.";
    f_tan tan "tan" "Return the tangent of z.";
    f_tanh tanh "tanh" "Return the hyperbolic tangent of z.";
}

fn f_log(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "log", args, 1, 2)?;
    let (x, y) = value_of(cx, &args[0])?;
    let value = finish(cx, log(x, y))?;
    let Some(base) = args.get(1) else { return Ok(value) };
    let (x, y) = value_of(cx, base)?;
    let base = finish(cx, log(x, y))?;
    cx.binary_op(crate::objects::protocol::number::BinaryOp::TrueDivide, &value, &base)
}

fn phase(cx: Ctx, _: &Object, z: &Ref) -> PyResult {
    let (x, y) = value_of(cx, z)?;
    Ok(cx.new_float(y.atan2(x)))
}

fn modulus(cx: Ctx, x: f64, y: f64) -> PyResult<f64> {
    let size = x.hypot(y);
    if size.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(cx.overflow_error("math range error"));
    }
    Ok(size)
}

fn polar(cx: Ctx, _: &Object, z: &Ref) -> PyResult {
    let (x, y) = value_of(cx, z)?;
    let parts = vec![cx.new_float(modulus(cx, x, y)?), cx.new_float(y.atan2(x))];
    Ok(cx.new_tuple(parts).into_object())
}

fn rect(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "rect", args, 2, 2)?;
    let (r, phi) = (cx.to_f64(&args[0])?, cx.to_f64(&args[1])?);
    if phi.is_infinite() && r != 0.0 && !r.is_nan() {
        return Err(cx.value_error("math domain error"));
    }
    Ok(if r.is_infinite() && phi.is_finite() && phi != 0.0 {
        let size =
            |part: f64| if r > 0.0 { f64::INFINITY.copysign(part) } else { -f64::INFINITY.copysign(part) };
        cx.new_complex(size(phi.cos()), size(phi.sin()))
    } else if !r.is_finite() || !phi.is_finite() {
        if r == 0.0 {
            cx.new_complex(0.0, 0.0)
        } else {
            cx.new_complex(r * phi.cos(), if phi == 0.0 { r * phi } else { r * phi.sin() })
        }
    } else if phi == 0.0 {
        cx.new_complex(r, r * phi)
    } else {
        cx.new_complex(r * phi.cos(), r * phi.sin())
    })
}

macro_rules! tests {
    ($($wrapper:ident = |$x:ident, $y:ident| $test:expr;)*) => {$(
        fn $wrapper(cx: Ctx, _: &Object, z: &Ref) -> PyResult {
            let ($x, $y) = value_of(cx, z)?;
            Ok(cx.bool($test))
        }
    )*};
}
tests! {
    isfinite = |x, y| x.is_finite() && y.is_finite();
    isinf = |x, y| x.is_infinite() || y.is_infinite();
    isnan = |x, y| x.is_nan() || y.is_nan();
}

fn isclose(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "isclose",
        params: &["a", "b", "rel_tol", "abs_tol"],
        required: 2,
        max_positional: 2,
    };
    let mut given: [Option<Ref>; 4] = Default::default();
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(a), Some(b), relative, absolute] = given else {
        return Err(cx.system_error("bad internal call"));
    };
    let ((ax, ay), (bx, by)) = (value_of(cx, &a)?, value_of(cx, &b)?);
    let relative = relative.map_or(Ok(1e-9), |value| cx.to_f64(&value))?;
    let absolute = absolute.map_or(Ok(0.0), |value| cx.to_f64(&value))?;
    if relative < 0.0 || absolute < 0.0 {
        return Err(cx.value_error("tolerances must be non-negative"));
    }
    let infinite = [ax, ay, bx, by].iter().any(|part| part.is_infinite());
    let close = if ax == bx && ay == by {
        true
    } else if infinite {
        false
    } else {
        let difference = (ax - bx).hypot(ay - by);
        difference <= relative * bx.hypot(by)
            || difference <= relative * ax.hypot(ay)
            || difference <= absolute
    };
    Ok(cx.bool(close))
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "cmath",
    doc: Some("This module provides access to mathematical functions for complex\nnumbers."),
    functions: &[
        MethodDef::fast(
            "log",
            f_log,
            "log($module, z, base=<unrepresentable>, /)\n--\n\nlog(z[, base]) -> the logarithm of z to the given base.",
        ),
        MethodDef::one(
            "phase",
            phase,
            "phase($module, z, /)\n--\n\nReturn argument, also known as the phase angle, of a complex.",
        ),
        MethodDef::one(
            "polar",
            polar,
            "polar($module, z, /)\n--\n\nConvert a complex from rectangular coordinates to polar coordinates.",
        ),
        MethodDef::fast(
            "rect",
            rect,
            "rect($module, r, phi, /)\n--\n\nConvert from polar coordinates to rectangular coordinates.",
        ),
        MethodDef::one(
            "isfinite",
            isfinite,
            "isfinite($module, z, /)\n--\n\nReturn True if both the real and imaginary parts of z are finite, else False.",
        ),
        MethodDef::one(
            "isinf",
            isinf,
            "isinf($module, z, /)\n--\n\nChecks if the real or imaginary part of z is infinite.",
        ),
        MethodDef::one(
            "isnan",
            isnan,
            "isnan($module, z, /)\n--\n\nChecks if the real or imaginary part of z not a number (NaN).",
        ),
        MethodDef::keywords(
            "isclose",
            isclose,
            "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n--\n\nDetermine whether two complex numbers are close in value.",
        ),
    ],
    exec: Some(|cx, module| {
        for def in OF_ONE {
            let name = cx.intern("cmath").into_object();
            let receiver = crate::memory::Layout::to_object(module);
            let function = crate::objects::native::new_native(cx, def, Some(receiver), Some(name));
            module.add(cx, def.name, function.into_object())?;
        }
        for (name, value) in [
            ("pi", PI),
            ("e", std::f64::consts::E),
            ("tau", std::f64::consts::TAU),
            ("inf", f64::INFINITY),
            ("nan", f64::NAN),
        ] {
            module.add(cx, name, cx.new_float(value))?;
        }
        module.add(cx, "infj", cx.new_complex(0.0, f64::INFINITY))?;
        module.add(cx, "nanj", cx.new_complex(0.0, f64::NAN))
    }),
};
