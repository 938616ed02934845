//! The virtual machine: frames, the eval loop, calls, generators, imports, start-up and shutdown.

mod async_generator;
mod call;
mod code_attrs;
pub mod clock;
pub mod code_object;
pub mod console;
pub mod ctx;
pub mod errors;
pub mod eval;
pub mod frame;
pub mod frame_object;
pub mod function;
mod function_new;
pub mod generator;
pub mod host;
pub mod import;
pub mod import_find;
pub mod lifecycle;
pub mod look;
pub mod observe;
pub mod print_exception;
pub mod roots;
pub mod run;
mod stack;
pub mod state;
mod suggestions;
pub mod sys_attr;
pub mod traceback;
mod traceback_text;
pub mod unraisable;
pub mod warn;

pub use call::{call_function, call_with_locals};
pub use ctx::Ctx;
pub use errors::{Fetched, RecursionGuard, ReprGuard};
pub(crate) use eval::exception_matches;
pub use state::Options;
