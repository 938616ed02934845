//! Jumps and iteration.

use super::regs::Regs;
use crate::memory::Ref;
use crate::objects::{PyResult, exceptions, singletons};
use crate::vm::tracing;
use crate::vm::{Ctx, generator};

/// Truth of a value that is let go of; true and false themselves need no question.
#[inline(always)]
pub(super) fn pop_truth(r: &mut Regs, cx: Ctx) -> PyResult<bool> {
    let value = r.pop();
    if value.is(singletons::bool(true)) {
        return Ok(true);
    }
    if value.is(singletons::bool(false)) {
        return Ok(false);
    }
    cx.is_true(&value)
}

#[inline(always)]
pub(super) fn pop_is_none(r: &mut Regs, cx: Ctx) -> bool {
    let value: Ref = r.pop();
    cx.is_none(&value)
}

/// `JUMP_IF_TRUE_OR_POP` and `JUMP_IF_FALSE_OR_POP`.
#[inline(always)]
pub(super) fn jump_if_or_pop(r: &mut Regs, cx: Ctx, wanted: bool, distance: u32) -> PyResult<()> {
    if cx.is_true(r.peek(1))? == wanted {
        r.jump_forward(distance);
    } else {
        r.drop_top();
    }
    Ok(())
}

#[inline(always)]
pub(super) fn get_iter(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let iterable = r.pop();
    let iterator = cx.iter(&iterable);
    drop(iterable);
    r.push(iterator?);
    Ok(())
}

#[inline(always)]
pub(super) fn get_yield_from_iter(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let iterable = r.pop();
    r.push(generator::yield_from_iter(cx, iterable, r.code())?);
    Ok(())
}

#[inline(always)]
pub(super) fn for_iter(r: &mut Regs, cx: Ctx, distance: u32) -> PyResult<()> {
    let iterator = r.peek(1);
    let next = match iterator.ty().slots().iternext {
        Some(next) => next(cx, iterator),
        None => Ok(None),
    };
    match next {
        Ok(Some(value)) => {
            r.push(value);
            return Ok(());
        }
        Ok(None) => {}
        Err(raised) => {
            if !cx.raised_is(&raised, exceptions().stop_iteration) {
                return Err(raised);
            }
            if tracing::is_on() {
                r.save();
                // SAFETY: the frame is alive and saved.
                let told = unsafe { tracing::at_stop(cx, r.frame_ptr()) };
                r.unsave();
                told?;
            } else {
                cx.clear_exception(raised);
            }
        }
    }
    r.drop_top();
    r.jump_forward(distance);
    Ok(())
}

#[inline(always)]
pub(super) fn get_len(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let length = cx.len(r.peek(1))?;
    r.push(cx.new_uint(length));
    Ok(())
}
