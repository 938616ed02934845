//! The eval loop: one native function that executes frames until the one it was entered with is
//! left. Calls from Python to Python push frames and stay in the loop.
//!
//! Ownership: a value-stack slot below the stack pointer owns its reference or is null. An
//! instruction that fails leaves the stack in a state that unwinding can clean up: every reference
//! is either on the stack or already released.

mod calls;
mod exceptions;
mod names;
mod ops;
mod patterns;
mod run;
pub mod specialize;

pub(crate) use exceptions::exception_matches;
pub(crate) use ops::answer_signals;
pub use run::{resume_frame, run_frame};
