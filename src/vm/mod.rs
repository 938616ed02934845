//! The virtual machine.

pub mod code_object;
pub mod console;
pub mod ctx;
pub mod errors;
pub mod frame_object;
pub mod function;
pub mod generator;
pub mod traceback;

pub use ctx::Ctx;
pub use errors::{RecursionGuard, ReprGuard};
