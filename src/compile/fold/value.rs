//! Operators on constants of any kind, with the limits on what folding may make.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::arith::{self, Number};
use crate::code::object::{Const, Text};
use crate::compile::ast::Operator;

/// The largest folded tuple or frozenset.
const MAX_COLLECTION: usize = 256;
/// The largest folded text or bytes from a repetition.
const MAX_STRING: usize = 4096;
/// The most elements in all in a folded repetition of nested tuples.
const MAX_TOTAL_ITEMS: i64 = 1024;

/// `a op b`, or `None` where that is left to the run: an error, or too large.
pub fn binary(op: Operator, a: &Const, b: &Const) -> Option<Const> {
    if let (Some(x), Some(y)) = (Number::of(a), Number::of(b)) {
        return arith::binary(op, x, y);
    }
    match (op, a, b) {
        (Operator::Add, Const::Str(a), Const::Str(b)) => {
            Some(Const::Str(Text::from_code_points(a.code_points().chain(b.code_points()))))
        }
        (Operator::Add, Const::Bytes(a), Const::Bytes(b)) => {
            Some(Const::Bytes([&a[..], &b[..]].concat().into()))
        }
        (Operator::Add, Const::Tuple(a), Const::Tuple(b)) => {
            Some(Const::Tuple([&a[..], &b[..]].concat().into()))
        }
        (Operator::Mult, sequence, times) | (Operator::Mult, times, sequence) if integer(times).is_some() => {
            repeat(sequence, &integer(times)?)
        }
        _ => None,
    }
}

/// An int, or a bool as one.
fn integer(value: &Const) -> Option<BigInt> {
    match value {
        Const::Int(value) => Some(value.clone()),
        Const::True => Some(1.into()),
        Const::False => Some(0.into()),
        _ => None,
    }
}

fn repeat(sequence: &Const, times: &BigInt) -> Option<Const> {
    let (len, limit) = match sequence {
        Const::Tuple(values) => (values.len(), MAX_COLLECTION),
        Const::Str(text) => (text.code_points().count(), MAX_STRING),
        Const::Bytes(bytes) => (bytes.len(), MAX_STRING),
        _ => return None,
    };
    if len == 0 {
        // Still an error for a number that no index can hold.
        return times.to_i64().map(|_| sequence.clone());
    }
    let times = times.to_usize().filter(|&times| times <= limit / len)?;
    if matches!(sequence, Const::Tuple(_)) && times > 0 {
        room(sequence, MAX_TOTAL_ITEMS / times as i64)?;
    }
    Some(match sequence {
        Const::Tuple(values) => Const::Tuple(vec![&values[..]; times].concat().into()),
        Const::Bytes(bytes) => Const::Bytes(bytes.repeat(times).into()),
        Const::Str(text) => {
            let points: Vec<u32> = text.code_points().collect();
            Const::Str(Text::from_code_points(points.repeat(times)))
        }
        _ => return None,
    })
}

/// What is left of a limit on elements after those of a constant, inner ones included.
fn room(value: &Const, limit: i64) -> Option<i64> {
    let (Const::Tuple(values) | Const::FrozenSet(values)) = value else { return Some(limit) };
    let left = limit - values.len() as i64;
    if left < 0 {
        return None;
    }
    values.iter().try_fold(left, |left, value| room(value, left))
}

/// `value[index]`.
pub fn item(value: &Const, index: &Const) -> Option<Const> {
    let index = integer(index)?;
    let at = |len: usize| {
        let index = if index.is_negative() { index.clone() + len } else { index.clone() };
        index.to_usize().filter(|&index| index < len)
    };
    match value {
        Const::Str(text) => {
            let points: Vec<u32> = text.code_points().collect();
            Some(Const::Str(Text::from_code_points([points[at(points.len())?]])))
        }
        Const::Bytes(bytes) => Some(Const::Int(bytes[at(bytes.len())?].into())),
        Const::Tuple(values) => Some(values[at(values.len())?].clone()),
        _ => None,
    }
}

/// A frozenset of these values: of equal ones the first.
pub fn frozen_set(values: Vec<Const>) -> Const {
    let mut kept: Vec<Const> = Vec::new();
    for value in values {
        if !kept.iter().any(|other| equal(other, &value)) {
            kept.push(value);
        }
    }
    Const::FrozenSet(kept.into())
}

/// Python's `==`.
fn equal(a: &Const, b: &Const) -> bool {
    if let (Some(x), Some(y)) = (Number::of(a), Number::of(b)) {
        return arith::equal(x, y);
    }
    match (a, b) {
        (Const::Tuple(a), Const::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| equal(x, y))
        }
        _ => a.same(b),
    }
}
