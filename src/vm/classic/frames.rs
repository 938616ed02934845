//! How Python 2.7 counts frames: each is an object that the collector counts. A code object keeps the frame of its last
//! call for the next one; what is left over goes to a list that a full collection empties. Frames here are no such
//! objects, but `gc.get_count()` and the moment of an automatic collection are to be the same.

use std::cell::Cell;

use crate::code::object::flags;
use crate::memory::{Ref, gc};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::{Frame, Owner};

/// The most frames that wait for another code object.
const MOST_SPARE: u32 = 200;

/// Frames that wait.
pub struct SpareFrames(Cell<u32>);

impl SpareFrames {
    pub const fn new() -> SpareFrames {
        SpareFrames(Cell::new(0))
    }
}

impl Default for SpareFrames {
    fn default() -> Self {
        SpareFrames::new()
    }
}

/// A call begins.
pub fn acquire(cx: Ctx, code: &Code) {
    if code.spare_frame.replace(false) {
        return;
    }
    let spare = &cx.vm().spare_frames.0;
    match spare.get() {
        0 => gc::count_unseen(),
        count => spare.set(count - 1),
    }
}

/// A call has ended and its frame is given up. A generator's goes on elsewhere.
pub fn release(cx: Ctx, frame: &Frame) {
    let code = frame.code();
    if code.flags & flags::GENERATOR != 0 && frame.owner == Owner::Thread {
        return;
    }
    if !code.spare_frame.replace(true) {
        return;
    }
    let spare = &cx.vm().spare_frames.0;
    if spare.get() < MOST_SPARE {
        spare.set(spare.get() + 1);
    } else {
        gc::uncount_unseen();
    }
}

/// A code object dies with the frame that it kept.
pub fn forget(code: &Code) {
    if code.spare_frame.replace(false) {
        gc::uncount_unseen();
    }
}

/// A full collection gives the waiting frames back.
pub fn clear(cx: Ctx) {
    for _ in 0..cx.vm().spare_frames.0.replace(0) {
        gc::uncount_unseen();
    }
}

/// The frames that run and have one of the objects in a local variable, innermost first.
pub fn that_refer_to(cx: Ctx, targets: &[Ref]) -> Vec<Ref> {
    let mut found = Vec::new();
    let mut frame = cx.vm().frame.get();
    // SAFETY: frames of the running chain are alive; a slot of a variable holds null or an object.
    unsafe {
        while !frame.is_null() {
            let code = (*frame).code();
            let refers = (0..code.nlocalsplus as usize).any(|index| {
                (*frame).slot(index).is_some_and(|value| targets.iter().any(|target| target.is(value)))
            });
            if refers && !(*frame).is_incomplete() {
                found.push(crate::vm::frame_object::frame_object(cx, frame).into_object());
            }
            frame = (*frame).previous;
        }
    }
    found
}
