//! Operators and comparisons. What is done in every loop (small ints, floats, short strings) is
//! answered here; the rest goes the way of the slots.

use super::regs::Regs;
use crate::code::opcode::op;
use crate::memory::{Object, Ref};
use crate::objects::protocol::number::BinaryOp;
use crate::objects::{CompareOp, FloatObject, IntObject, PyResult, StrObject, types};
use crate::vm::Ctx;

/// `BINARY_OP`'s argument; those from 13 on are the in-place forms.
const BINARY_OPS: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::And,
    BinaryOp::FloorDivide,
    BinaryOp::Lshift,
    BinaryOp::MatrixMultiply,
    BinaryOp::Multiply,
    BinaryOp::Remainder,
    BinaryOp::Or,
    BinaryOp::Power,
    BinaryOp::Rshift,
    BinaryOp::Subtract,
    BinaryOp::TrueDivide,
    BinaryOp::Xor,
];

const ADD: u32 = 0;
const INPLACE: u32 = 13;

const COMPARE_OPS: [CompareOp; 6] =
    [CompareOp::Lt, CompareOp::Le, CompareOp::Eq, CompareOp::Ne, CompareOp::Gt, CompareOp::Ge];

/// Caches behind `BINARY_OP` and `COMPARE_OP`, in units.
const BINARY_CACHES: usize = 1;
const COMPARE_CACHES: usize = 2;

#[inline(always)]
pub(super) fn unary(r: &mut Regs, operation: impl FnOnce(&Object) -> PyResult) -> PyResult<()> {
    let value = r.pop();
    let result = operation(&value);
    drop(value);
    r.push(result?);
    Ok(())
}

#[inline(always)]
pub(super) fn unary_not(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    unary(r, |value| cx.is_true(value).map(|truth| cx.bool(!truth)))
}

#[inline(always)]
pub(super) fn binary_op(r: &mut Regs, cx: Ctx, operator: u32) -> PyResult<()> {
    let (a, b) = (r.peek(2), r.peek(1));
    let fast = if a.is_exact(types().int) && b.is_exact(types().int) {
        // SAFETY: both types were just checked.
        unsafe { int_op(cx, operator, a.cast(), b.cast()) }
    } else if a.is_exact(types().float) && b.is_exact(types().float) {
        // SAFETY: as above.
        unsafe { float_op(cx, operator, a.cast(), b.cast()) }
    } else if operator % INPLACE == ADD && a.is_exact(types().str) && b.is_exact(types().str) {
        return concatenate(r, cx);
    } else {
        None
    };
    let result = match fast {
        Some(result) => Ok(result),
        None if operator < INPLACE => cx.binary_op(BINARY_OPS[operator as usize], a, b),
        None => cx.inplace_op(BINARY_OPS[(operator - INPLACE) as usize % 13], a, b),
    };
    let b = r.pop();
    drop(r.pop());
    drop(b);
    r.push(result?);
    r.skip(BINARY_CACHES);
    Ok(())
}

/// `s + t` and `s += t` for two strings. Where the sum goes back to the local that `s` came from,
/// the local's own reference is dropped first, so that the string can grow in place.
#[inline(always)]
fn concatenate(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let (next, index) = r.look_ahead(BINARY_CACHES);
    if next == op::STORE_FAST && r.local(index).is_some_and(|local| local.is(r.peek(2))) {
        drop(r.replace_local(index, None));
    }
    let b = r.pop();
    // SAFETY: the caller checked both types.
    let result = unsafe {
        let a: Ref<StrObject> = r.pop().cast_unchecked();
        crate::objects::str::append_in_place(cx, a, b.cast())
    };
    drop(b);
    r.push(result?.into_object());
    r.skip(BINARY_CACHES);
    Ok(())
}

/// A comparison. A conditional jump that follows needs no object and is done along, where nobody
/// counts instructions (`may_fuse`).
#[inline(always)]
pub(super) fn compare_op(r: &mut Regs, cx: Ctx, operator: u32, may_fuse: bool) -> PyResult<()> {
    let (a, b) = (r.peek(2), r.peek(1));
    let operator = COMPARE_OPS[(operator as usize).min(5)];
    let result = match compare_fast(a, b, operator) {
        Some(truth) => {
            let (next, distance) = r.look_ahead(COMPARE_CACHES);
            let jumps_on = match next {
                _ if !may_fuse => None,
                op::POP_JUMP_FORWARD_IF_FALSE => Some(false),
                op::POP_JUMP_FORWARD_IF_TRUE => Some(true),
                _ => None,
            };
            if let Some(jumps_on) = jumps_on {
                let b = r.pop();
                drop(r.pop());
                drop(b);
                r.skip_executing(COMPARE_CACHES);
                if truth == jumps_on {
                    r.jump_forward(distance);
                }
                return Ok(());
            }
            Ok(cx.bool(truth))
        }
        None => cx.compare(a, b, operator),
    };
    let b = r.pop();
    drop(r.pop());
    drop(b);
    r.push(result?);
    r.skip(COMPARE_CACHES);
    Ok(())
}

#[inline(always)]
pub(super) fn is_op(r: &mut Regs, cx: Ctx, inverted: u32) {
    let b = r.pop();
    let a = r.pop();
    let truth = a.is(&b) != (inverted != 0);
    drop(a);
    drop(b);
    r.push(cx.bool(truth));
}

#[inline(always)]
pub(super) fn contains_op(r: &mut Regs, cx: Ctx, inverted: u32) -> PyResult<()> {
    let container = r.pop();
    let item = r.pop();
    let found = cx.contains(&container, &item);
    drop(item);
    drop(container);
    r.push(cx.bool(found? != (inverted != 0)));
    Ok(())
}

/// `a op b` for two exact ints that fit machine words, when the result does too.
#[inline(always)]
fn int_op(cx: Ctx, operator: u32, a: &IntObject, b: &IntObject) -> Option<Ref> {
    let (a, b) = (a.as_i64()?, b.as_i64()?);
    let result = match operator {
        0 | 13 => a.checked_add(b)?,
        10 | 23 => a.checked_sub(b)?,
        5 | 18 => a.checked_mul(b)?,
        1 | 14 => a & b,
        7 | 20 => a | b,
        12 | 25 => a ^ b,
        2 | 15 if b > 0 => a.div_euclid(b),
        6 | 19 if b > 0 => a.rem_euclid(b),
        9 | 22 if (0..64).contains(&b) => a >> b,
        3 | 16 if (0..62).contains(&b) && a.unsigned_abs().leading_zeros() as i64 > b + 1 => a << b,
        _ => return None,
    };
    Some(cx.new_int(result))
}

/// `a op b` for two exact floats, for the operators that cannot fail.
#[inline(always)]
fn float_op(cx: Ctx, operator: u32, a: &FloatObject, b: &FloatObject) -> Option<Ref> {
    let (a, b) = (a.value, b.value);
    let result = match operator {
        0 | 13 => a + b,
        10 | 23 => a - b,
        5 | 18 => a * b,
        11 | 24 if b != 0.0 => a / b,
        _ => return None,
    };
    Some(cx.new_float(result))
}

/// Comparison of two ints, floats or strings without any call.
#[inline(always)]
fn compare_fast(a: &Object, b: &Object, op: CompareOp) -> Option<bool> {
    if a.is_exact(types().int) && b.is_exact(types().int) {
        // SAFETY: both types were just checked.
        let (a, b) = unsafe { (a.cast::<IntObject>().as_i64()?, b.cast::<IntObject>().as_i64()?) };
        return Some(op.holds(a.cmp(&b)));
    }
    if a.is_exact(types().float) && b.is_exact(types().float) {
        // SAFETY: as above.
        let (a, b) = unsafe { (a.cast::<FloatObject>().value, b.cast::<FloatObject>().value) };
        return Some(match op {
            CompareOp::Lt => a < b,
            CompareOp::Le => a <= b,
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            CompareOp::Gt => a > b,
            CompareOp::Ge => a >= b,
        });
    }
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && a.is_exact(types().str) && b.is_exact(types().str) {
        // SAFETY: as above.
        let equal = a.is(b) || unsafe { a.cast::<StrObject>().eq_text(b.cast::<StrObject>()) };
        return Some(equal == (op == CompareOp::Eq));
    }
    None
}
