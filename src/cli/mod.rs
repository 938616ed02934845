//! The command line: what `ouro` understands, and which front end it starts.
//!
//! - [`arguments`] turns the command line into an [`Invocation`], plain data.
//! - [`places`] knows where history and configuration live on this platform.
//! - [`engine`] is the one place that starts the engine.
//! - [`ask`] answers questions about a script, [`questions`] are their arguments, [`script`] runs one to where
//!   it is asked, [`compare`] runs one in both eras.
//! - [`record`] writes a run down as a page;
//! - [`audit`] runs a script and checks every count.
//! - [`launch`] starts what was asked for and gives the exit status.
//!
//! Everything after FILE, after `-c CODE`, after `-m MODULE` or after `-` belongs to the program and is never looked at.

pub mod arguments;
pub mod ask;
pub mod audit;
pub mod compare;
pub mod engine;
pub mod launch;
pub mod places;
pub mod questions;
pub mod record;
pub mod script;

use std::process::ExitCode;

pub use arguments::{Action, Era, Flags, Invocation};

/// Exit status of a wrong command line, as `python` has it.
pub const USAGE: u8 = 2;

/// Runs `ouro` with the arguments of this process.
pub fn main() -> ExitCode {
    match arguments::parse(std::env::args_os()) {
        Ok(invocation) => {
            invocation.color.apply();
            exit_code(launch::launch(&invocation))
        }
        Err(error) => {
            // Help and version are answers, not errors; clap prints each where it belongs.
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
        }
    }
}

/// An exit status as the system takes it: the low eight bits, as C's `exit` does.
fn exit_code(code: i32) -> ExitCode {
    ExitCode::from((code & 0xff) as u8)
}
