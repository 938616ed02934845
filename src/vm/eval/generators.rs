//! What generators, coroutines and asynchronous iteration add to the instructions. The objects
//! themselves are in `vm::generator`.

use super::regs::Regs;
use crate::memory::Ref;
use crate::objects::PyResult;
use crate::objects::slots::SendResult;
use crate::vm::frame::{Frame, Owner};
use crate::vm::tracing;
use crate::vm::{Ctx, generator};

/// `RETURN_GENERATOR`: the frame moves into a generator object, the first result of its call.
#[inline(always)]
pub(super) fn return_generator(r: &mut Regs, cx: Ctx) -> Ref {
    r.save();
    // SAFETY: the frame is executing and its stack was just saved.
    unsafe { generator::from_frame(cx, r.frame_ptr()) }
}

/// `YIELD_VALUE`: the frame rests, with its stack saved.
#[inline(always)]
pub(super) fn yield_value(r: &mut Regs, cx: Ctx) -> Ref {
    let value = r.pop();
    r.save();
    debug_assert!(r.frame().owner == Owner::Generator);
    // SAFETY: only generators' code yields; the stack was just saved.
    unsafe { generator::suspended(cx, r.frame_ptr()) };
    value
}

#[inline(always)]
pub(super) fn async_gen_wrap(r: &mut Regs, cx: Ctx) {
    let value = r.pop();
    r.push(generator::wrap_async_value(cx, value));
}

#[inline(always)]
pub(super) fn send(r: &mut Regs, cx: Ctx, distance: u32) -> PyResult<()> {
    let value = r.pop();
    let sent = generator::send_to(cx, r.peek(1), &value);
    drop(value);
    match sent? {
        SendResult::Next(value) => r.push(value),
        SendResult::Return(value) => {
            if tracing::is_on() && !cx.is_none(&value) {
                r.save();
                let told = tell_stop(cx, r.frame_ptr(), value.clone());
                r.unsave();
                told?;
            }
            r.drop_top();
            r.push(value);
            r.jump_forward(distance);
        }
    }
    Ok(())
}

/// A trace function is told of the `StopIteration` that carries a generator's result. Given the frame, not the
/// registers: those must not be seen by what is not inlined.
#[cold]
fn tell_stop(cx: Ctx, frame: *mut Frame, value: Ref) -> PyResult<()> {
    let _pending = cx.raise_with(crate::objects::exceptions().stop_iteration, value);
    // SAFETY: the frame is alive and saved.
    unsafe { tracing::at_stop(cx, frame) }
}

#[inline(always)]
pub(super) fn get_awaitable(r: &mut Regs, cx: Ctx, place: u32) -> PyResult<()> {
    let awaitable = r.pop();
    r.push(generator::get_awaitable(cx, awaitable, place)?);
    Ok(())
}

#[inline(always)]
pub(super) fn get_aiter(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let iterable = r.pop();
    r.push(generator::get_aiter(cx, &iterable)?);
    Ok(())
}

#[inline(always)]
pub(super) fn get_anext(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let next = generator::get_anext(cx, r.peek(1))?;
    r.push(next);
    Ok(())
}
