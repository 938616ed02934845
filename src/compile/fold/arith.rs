//! Arithmetic on constant numbers, to the last bit what the run would give.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::code::object::Const;
use crate::compile::ast::{Operator, UnaryOp};

/// The most bits of a folded product, power or shift.
const MAX_INT_BITS: u64 = 128;

/// A number, on Python's ladder: bool, int, float, complex.
#[derive(Clone, Debug)]
pub enum Number {
    Bool(bool),
    Int(BigInt),
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    /// The number that a constant is.
    pub fn of(value: &Const) -> Option<Number> {
        match value {
            Const::True => Some(Number::Bool(true)),
            Const::False => Some(Number::Bool(false)),
            Const::Int(value) => Some(Number::Int(value.clone())),
            Const::Float(value) => Some(Number::Float(*value)),
            Const::Complex { re, im } => Some(Number::Complex(*re, *im)),
            _ => None,
        }
    }

    /// A bool or an int.
    fn int(&self) -> Option<BigInt> {
        match self {
            Number::Bool(value) => Some(BigInt::from(u8::from(*value))),
            Number::Int(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// Any but a complex number; `None` also for an int beyond the range of floats.
    fn float(&self) -> Option<f64> {
        match self {
            Number::Float(value) => Some(*value),
            Number::Complex(..) => None,
            other => other.int()?.to_f64().filter(|value| value.is_finite()),
        }
    }

    fn complex(&self) -> Option<(f64, f64)> {
        match self {
            Number::Complex(re, im) => Some((*re, *im)),
            other => Some((other.float()?, 0.0)),
        }
    }
}

fn bool_const(value: bool) -> Const {
    if value { Const::True } else { Const::False }
}

fn complex_const((re, im): (f64, f64)) -> Const {
    Const::Complex { re, im }
}

/// `+`, `-` and `~` of a constant.
pub fn unary(op: UnaryOp, value: &Const) -> Option<Const> {
    let number = Number::of(value)?;
    match (op, number) {
        (UnaryOp::USub, Number::Float(value)) => Some(Const::Float(-value)),
        (UnaryOp::USub, Number::Complex(re, im)) => Some(complex_const((-re, -im))),
        (UnaryOp::USub, number) => Some(Const::Int(-number.int()?)),
        (UnaryOp::UAdd, Number::Bool(value)) => Some(Const::Int(u8::from(value).into())),
        (UnaryOp::UAdd, _) => Some(value.clone()),
        (UnaryOp::Invert, number) => Some(Const::Int(-number.int()? - 1)),
        (UnaryOp::Not, _) => None,
    }
}

/// Python's `==` of numbers.
pub fn equal(a: Number, b: Number) -> bool {
    match (&a, &b) {
        (Number::Complex(re, im), other) | (other, Number::Complex(re, im)) => match other {
            Number::Complex(other_re, other_im) => re == other_re && im == other_im,
            other => *im == 0.0 && equal(Number::Float(*re), other.clone()),
        },
        (Number::Float(a), Number::Float(b)) => a == b,
        (Number::Float(float), other) | (other, Number::Float(float)) => {
            // Compared exactly: as ints.
            float.fract() == 0.0 && num_traits::FromPrimitive::from_f64(*float) == other.int()
        }
        _ => a.int() == b.int(),
    }
}

/// `a op b`, or `None` for an error or a result too large.
pub fn binary(op: Operator, a: Number, b: Number) -> Option<Const> {
    if let (Some(x), Some(y)) = (a.int(), b.int()) {
        if let (Number::Bool(x), Number::Bool(y)) = (&a, &b) {
            match op {
                Operator::BitAnd => return Some(bool_const(x & y)),
                Operator::BitOr => return Some(bool_const(x | y)),
                Operator::BitXor => return Some(bool_const(x ^ y)),
                _ => {}
            }
        }
        return ints(op, x, y);
    }
    if let (Some(x), Some(y)) = (a.float(), b.float()) {
        return floats(op, x, y);
    }
    complexes(op, a.complex()?, b.complex()?).map(complex_const)
}

fn ints(op: Operator, a: BigInt, b: BigInt) -> Option<Const> {
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => {
            if !a.is_zero() && !b.is_zero() && a.bits() + b.bits() > MAX_INT_BITS {
                return None;
            }
            a * b
        }
        Operator::ClassicDiv => return None,
        Operator::Div => return true_div(&a, &b).map(Const::Float),
        Operator::FloorDiv if !b.is_zero() => a.div_floor(&b),
        Operator::Mod if !b.is_zero() => a.mod_floor(&b),
        Operator::Pow if b.is_negative() => return floats(op, a.to_f64()?, b.to_f64()?),
        Operator::Pow => {
            if b.is_zero() {
                BigInt::one()
            } else if a.is_zero() {
                a
            } else {
                let exponent = b.to_u64()?;
                if a.bits() > MAX_INT_BITS / exponent {
                    return None;
                }
                a.pow(u32::try_from(exponent).ok()?)
            }
        }
        Operator::LShift => {
            if b.is_negative() {
                return None;
            } else if a.is_zero() || b.is_zero() {
                a
            } else {
                let shift = b.to_u64().filter(|&shift| shift <= MAX_INT_BITS)?;
                if a.bits() > MAX_INT_BITS - shift {
                    return None;
                }
                a << shift
            }
        }
        Operator::RShift => match b.to_u64() {
            _ if b.is_negative() => return None,
            Some(shift) if shift < a.bits() => a >> shift,
            _ => BigInt::from(if a.is_negative() { -1 } else { 0 }),
        },
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::MatMult | Operator::FloorDiv | Operator::Mod => return None,
    };
    Some(Const::Int(value))
}

/// The float nearest to `a / b`.
fn true_div(a: &BigInt, b: &BigInt) -> Option<f64> {
    if b.is_zero() {
        return None;
    }
    if a.is_zero() {
        return Some(if b.is_negative() { -0.0 } else { 0.0 });
    }
    if a.bits() <= 53 && b.bits() <= 53 {
        return Some(a.to_f64()? / b.to_f64()?);
    }
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.magnitude(), b.magnitude());
    // A quotient of 55 bits or more, with a last bit for the rest, rounds as the exact one does;
    // fewer where the result is subnormal.
    let wanted = a.bits() as i64 - b.bits() as i64;
    let shift = (55 - wanted).min(1075);
    let (numerator, denominator) =
        if shift >= 0 { (a << shift as u64, b.clone()) } else { (a.clone(), b << (-shift) as u64) };
    let (quotient, rest) = numerator.div_rem(&denominator);
    let mut quotient = quotient.to_u64()?;
    quotient |= u64::from(!rest.is_zero());
    // Round to the bits that the result can hold, half to even.
    let bits = i64::from(64 - quotient.leading_zeros());
    let exponent = bits - shift;
    let keep = if exponent < -1021 { (53 + exponent + 1021).max(0) } else { 53 };
    let drop = (bits - keep).max(0) as u32;
    if drop > 0 {
        let half = 1u64 << (drop - 1);
        let low = quotient & ((1u64 << drop) - 1);
        quotient >>= drop;
        if low > half || (low == half && quotient & 1 == 1) {
            quotient += 1;
        }
    }
    let scale = i32::try_from(i64::from(drop) - shift).ok()?;
    let value = scaled(quotient as f64, scale);
    value.is_finite().then_some(if negative { -value } else { value })
}

/// `value * 2**scale`, in two exact steps where one power would be out of range.
fn scaled(value: f64, scale: i32) -> f64 {
    let half = scale / 2;
    value * 2f64.powi(half) * 2f64.powi(scale - half)
}

fn floats(op: Operator, a: f64, b: f64) -> Option<Const> {
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => div_mod(a, b).0,
        Operator::Mod if b != 0.0 => div_mod(a, b).1,
        Operator::Pow => return float_pow(a, b),
        _ => return None,
    };
    Some(Const::Float(value))
}

/// Floor division and remainder; the remainder has the sign of the divisor.
fn div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

fn float_pow(a: f64, b: f64) -> Option<Const> {
    if a == 0.0 && b < 0.0 {
        return None;
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return complexes(Operator::Pow, (a, 0.0), (b, 0.0)).map(complex_const);
    }
    let value = a.powf(b);
    // Overflow is an error.
    (value.is_finite() || !a.is_finite() || !b.is_finite()).then_some(Const::Float(value))
}

type Pair = (f64, f64);

fn complexes(op: Operator, a: Pair, b: Pair) -> Option<Pair> {
    match op {
        Operator::Add => Some((a.0 + b.0, a.1 + b.1)),
        Operator::Sub => Some((a.0 - b.0, a.1 - b.1)),
        Operator::Mult => Some(product(a, b)),
        Operator::Div => quotient(a, b),
        Operator::Pow => {
            let value = power(a, b)?;
            (value.0.is_finite() && value.1.is_finite()).then_some(value)
        }
        _ => None,
    }
}

fn product(a: Pair, b: Pair) -> Pair {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Division scaled by the larger part of the divisor, which avoids overflow on the way.
fn quotient(a: Pair, b: Pair) -> Option<Pair> {
    if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let scale = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / scale, (a.1 - a.0 * ratio) / scale))
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let scale = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / scale, (a.1 * ratio - a.0) / scale))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

fn power(a: Pair, b: Pair) -> Option<Pair> {
    if b.1 == 0.0 && b.0.fract() == 0.0 && b.0.abs() <= 100.0 {
        let whole = b.0 as i64;
        let positive = whole_power(a, whole.unsigned_abs());
        return if whole > 0 { Some(positive) } else { quotient((1.0, 0.0), positive) };
    }
    if a == (0.0, 0.0) {
        return (b.1 == 0.0 && b.0 >= 0.0).then_some((0.0, 0.0));
    }
    let size = a.0.hypot(a.1);
    let angle = a.1.atan2(a.0);
    let mut len = size.powf(b.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        len *= (-angle * b.1).exp();
        phase += b.1 * size.ln();
    }
    Some((len * phase.cos(), len * phase.sin()))
}

fn whole_power(base: Pair, exponent: u64) -> Pair {
    let mut result = (1.0, 0.0);
    let mut square = base;
    let mut mask = 1;
    while mask <= exponent {
        if exponent & mask != 0 {
            result = product(result, square);
        }
        mask <<= 1;
        square = product(square, square);
    }
    result
}
