//! `math`.
//!
//! | file | holds |
//! | --- | --- |
//! | `real` | functions of floats |
//! | `gamma` | the gamma function and its logarithm |
//! | `whole` | functions of integers |
//!
//! Errors are those of C's `errno`: "math domain error" (`ValueError`) and "math range error"
//! (`OverflowError`).

mod gamma;
mod real;
mod whole;

use crate::memory::Layout;
use crate::objects::{MethodDef, ModuleObject, ModuleSpec, PyResult, Raised};
use crate::vm::Ctx;

fn domain_error(cx: Ctx) -> Raised {
    cx.value_error("math domain error")
}

fn range_error(cx: Ctx) -> Raised {
    cx.overflow_error("math range error")
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let constants = [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ];
    for (name, value) in constants {
        cx.set_attr(module.as_object(), &cx.intern(name), Some(&cx.new_float(value)))?;
    }
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "math",
    doc: Some("The mathematical functions that the C standard defines, and some more."),
    functions: &[
        MethodDef::one(
            "acos",
            real::acos,
            "acos($module, x, /)\n--\n\nThe arc cosine of x, in radians, between 0 and pi.",
        ),
        MethodDef::one(
            "acosh",
            real::acosh,
            "acosh($module, x, /)\n--\n\nThe inverse hyperbolic cosine of x.",
        ),
        MethodDef::one(
            "asin",
            real::asin,
            "asin($module, x, /)\n--\n\nThe arc sine of x, in radians, between -pi/2 and pi/2.",
        ),
        MethodDef::one("asinh", real::asinh, "asinh($module, x, /)\n--\n\nThe inverse hyperbolic sine of x."),
        MethodDef::one(
            "atan",
            real::atan,
            "atan($module, x, /)\n--\n\nThe arc tangent of x, in radians, between -pi/2 and pi/2.",
        ),
        MethodDef::fast(
            "atan2",
            real::atan2,
            "atan2($module, y, x, /)\n--\n\nThe arc tangent of y/x, in radians, in the quadrant of the signs.",
        ),
        MethodDef::one(
            "atanh",
            real::atanh,
            "atanh($module, x, /)\n--\n\nThe inverse hyperbolic tangent of x.",
        ),
        MethodDef::one("cbrt", real::cbrt, "cbrt($module, x, /)\n--\n\nThe cube root of x."),
        MethodDef::one(
            "ceil",
            real::ceil,
            "ceil($module, x, /)\n--\n\nThe smallest integer that is not below x.",
        ),
        MethodDef::fast(
            "copysign",
            real::copysign,
            "copysign($module, x, y, /)\n--\n\nThe size of x with the sign of y.",
        ),
        MethodDef::one("cos", real::cos, "cos($module, x, /)\n--\n\nThe cosine of x radians."),
        MethodDef::one("cosh", real::cosh, "cosh($module, x, /)\n--\n\nThe hyperbolic cosine of x."),
        MethodDef::one(
            "degrees",
            real::degrees,
            "degrees($module, x, /)\n--\n\nThe angle x from radians to degrees.",
        ),
        MethodDef::fast(
            "dist",
            real::dist,
            "dist($module, p, q, /)\n--\n\nThe Euclidean distance of two points, sequences of equally many coordinates.",
        ),
        MethodDef::one("erf", real::erf, "erf($module, x, /)\n--\n\nThe error function at x."),
        MethodDef::one(
            "erfc",
            real::erfc,
            "erfc($module, x, /)\n--\n\nThe complementary error function at x.",
        ),
        MethodDef::one("exp", real::exp, "exp($module, x, /)\n--\n\ne to the power of x."),
        MethodDef::one("exp2", real::exp2, "exp2($module, x, /)\n--\n\n2 to the power of x."),
        MethodDef::one(
            "expm1",
            real::expm1,
            "expm1($module, x, /)\n--\n\nexp(x)-1 without loss for small x.",
        ),
        MethodDef::one("fabs", real::fabs, "fabs($module, x, /)\n--\n\nThe absolute value of the float x."),
        MethodDef::one(
            "factorial",
            whole::factorial,
            "factorial($module, n, /)\n--\n\nn!; ValueError for a negative or fractional n.",
        ),
        MethodDef::one(
            "floor",
            real::floor,
            "floor($module, x, /)\n--\n\nThe largest integer that is not above x.",
        ),
        MethodDef::fast(
            "fmod",
            real::fmod,
            "fmod($module, x, y, /)\n--\n\nThe remainder of x / y with the sign of x, as C has it.",
        ),
        MethodDef::one(
            "frexp",
            real::frexp,
            "frexp($module, x, /)\n--\n\nThe pair (m, e) with x == m * 2.**e and 0.5 <= abs(m) < 1, or (x, 0).",
        ),
        MethodDef::one(
            "fsum",
            real::fsum,
            "fsum($module, seq, /)\n--\n\nThe exact sum of the floats in seq, rounded once.",
        ),
        MethodDef::one("gamma", gamma::gamma, "gamma($module, x, /)\n--\n\nThe gamma function at x."),
        MethodDef::fast("gcd", whole::gcd, "gcd($module, *integers)\n--\n\nThe greatest common divisor."),
        MethodDef::fast(
            "hypot",
            real::hypot,
            "hypot(*coordinates) -> value\n\nThe Euclidean distance of a point from the origin.",
        ),
        MethodDef::keywords(
            "isclose",
            real::isclose,
            "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n--\n\nWhether two floats are close: relatively to the larger one, or absolutely.",
        ),
        MethodDef::one(
            "isfinite",
            real::isfinite,
            "isfinite($module, x, /)\n--\n\nWhether x is neither infinite nor NaN.",
        ),
        MethodDef::one("isinf", real::isinf, "isinf($module, x, /)\n--\n\nWhether x is infinite."),
        MethodDef::one("isnan", real::isnan, "isnan($module, x, /)\n--\n\nWhether x is NaN."),
        MethodDef::one(
            "isqrt",
            whole::isqrt,
            "isqrt($module, n, /)\n--\n\nThe integer part of the square root of n.",
        ),
        MethodDef::fast("lcm", whole::lcm, "lcm($module, *integers)\n--\n\nThe least common multiple."),
        MethodDef::fast(
            "ldexp",
            real::ldexp,
            "ldexp($module, x, i, /)\n--\n\nx * (2**i): the inverse of frexp.",
        ),
        MethodDef::one(
            "lgamma",
            gamma::lgamma,
            "lgamma($module, x, /)\n--\n\nThe natural logarithm of the absolute gamma function at x.",
        ),
        MethodDef::varargs(
            "log",
            real::log,
            "log(x, [base=math.e])\nThe logarithm of x to the base, the natural one where none is given.",
        ),
        MethodDef::one(
            "log1p",
            real::log1p,
            "log1p($module, x, /)\n--\n\nThe natural logarithm of 1+x, exact for x near zero.",
        ),
        MethodDef::one(
            "log10",
            real::log10,
            "log10($module, x, /)\n--\n\nThe logarithm of x to the base 10.",
        ),
        MethodDef::one("log2", real::log2, "log2($module, x, /)\n--\n\nThe logarithm of x to the base 2."),
        MethodDef::one(
            "modf",
            real::modf,
            "modf($module, x, /)\n--\n\nThe fraction and the integer part of x, both floats with its sign.",
        ),
        MethodDef::fast("pow", real::pow, "pow($module, x, y, /)\n--\n\nx to the power of y, as a float."),
        MethodDef::one(
            "radians",
            real::radians,
            "radians($module, x, /)\n--\n\nThe angle x from degrees to radians.",
        ),
        MethodDef::fast(
            "remainder",
            real::remainder,
            "remainder($module, x, y, /)\n--\n\nThe difference of x and the multiple of y nearest to it.",
        ),
        MethodDef::one("sin", real::sin, "sin($module, x, /)\n--\n\nThe sine of x radians."),
        MethodDef::one("sinh", real::sinh, "sinh($module, x, /)\n--\n\nThe hyperbolic sine of x."),
        MethodDef::one("sqrt", real::sqrt, "sqrt($module, x, /)\n--\n\nThe square root of x."),
        MethodDef::one("tan", real::tan, "tan($module, x, /)\n--\n\nThe tangent of x radians."),
        MethodDef::one("tanh", real::tanh, "tanh($module, x, /)\n--\n\nThe hyperbolic tangent of x."),
        MethodDef::one(
            "trunc",
            real::trunc,
            "trunc($module, x, /)\n--\n\nx cut off towards zero, by its __trunc__ method.",
        ),
        MethodDef::keywords(
            "prod",
            whole::prod,
            "prod($module, iterable, /, *, start=1)\n--\n\nThe product of start and all items of the iterable.",
        ),
        MethodDef::fast(
            "perm",
            whole::perm,
            "perm($module, n, k=None, /)\n--\n\nHow many ways there are to choose k of n items in order, without repetition.",
        ),
        MethodDef::fast(
            "comb",
            whole::comb,
            "comb($module, n, k, /)\n--\n\nHow many ways there are to choose k of n items without order or repetition.",
        ),
        MethodDef::fast(
            "nextafter",
            real::nextafter,
            "nextafter($module, x, y, /)\n--\n\nThe float next to x in the direction of y.",
        ),
        MethodDef::one("ulp", real::ulp, "ulp($module, x, /)\n--\n\nThe value of the last bit of x."),
    ],
    exec: Some(exec),
};
