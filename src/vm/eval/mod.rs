//! The eval loop: one native function that executes frames until the one it was entered with is
//! left. Calls from Python to Python push frames and stay in the loop.
//!
//! | file | holds |
//! | --- | --- |
//! | `run` | fetching, dispatch, what happens between frames |
//! | `regs` | the loop's registers: the only place where slots and code units are touched |
//! | `locals` `operators` `items` `build` `jumps` `names` `attributes` `calls` `generators` `exceptions` `with` `imports` `patterns` | the instructions, by family |
//! | `specialize` | variants of instructions with inline caches |
//! | `signals` | safepoints |
//!
//! Ownership: a value-stack slot below the stack pointer owns its reference or is null. An
//! instruction that fails leaves the stack in a state that unwinding can clean up: every reference
//! is either on the stack or already released.

mod attributes;
mod build;
mod calls;
mod exceptions;
mod generators;
mod imports;
mod items;
mod jumps;
mod locals;
mod names;
mod operators;
mod patterns;
mod regs;
mod run;
mod signals;
mod specialize;
mod with;

pub(crate) use exceptions::exception_matches;
pub use run::{resume_frame, run_frame};

use super::Ctx;
use super::frame::Frame;

/// Adds the frame to the traceback of the pending exception (`PyTraceBack_Here`).
///
/// # Safety
/// The frame is alive.
pub(super) unsafe fn note_traceback(cx: Ctx, frame: *mut Frame) {
    // SAFETY: promised by the caller.
    unsafe { exceptions::add_traceback(cx, frame) }
}
pub(crate) use signals::answer_signals;
