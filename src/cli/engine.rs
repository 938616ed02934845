//! The one place where the command line meets the engine: what `ouro` was told becomes the engine's configuration.

use std::sync::mpsc::Receiver;

use super::arguments::Invocation;
use crate::session::link::EngineHandle;
use crate::session::protocol::{Event, Program};

/// What a build without a virtual machine says.
const NO_ENGINE: &str = "this build has no virtual machine";

/// Starts an engine thread and gives the front end's half of its wire.
///
/// # Errors
/// A message for the user.
pub fn start(_: &Invocation) -> Result<(EngineHandle, Receiver<Event>), String> {
    Err(NO_ENGINE.to_owned())
}

/// Runs a program on this thread, with the process's own standard streams; the exit status.
pub fn run(_: &Invocation, _: &Program) -> i32 {
    eprintln!("ouro: {NO_ENGINE}");
    1
}

/// The bytecode of a script as text.
///
/// # Errors
/// A message for the user, with its newline.
pub fn dis(_: &str) -> Result<String, String> {
    Err(format!("ouro: {NO_ENGINE}\n"))
}
