//! `ouro record FILE -o run.html`: runs a script and writes a page that replays it.
use std::path::Path;

use super::arguments::Invocation;
use super::engine;
use super::launch::complain;
use crate::inspect::recording::page;
use crate::session::protocol::Program;
use crate::session::recorder::Recorder;

/// Exit status when there is no recording; otherwise it is the script's.
const FAILURE: i32 = 2;

/// What `ouro record` was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The page.
    pub output: String,
    /// Lines recorded at most.
    pub steps: usize,
}

/// Records a script; the exit status of the command.
pub fn run(invocation: &Invocation, path: &str, args: &[String], wish: &Wish) -> i32 {
    match try_run(invocation, path, args, wish) {
        Ok(status) => status,
        Err(message) => {
            complain(&message);
            FAILURE
        }
    }
}

fn try_run(invocation: &Invocation, path: &str, args: &[String], wish: &Wish) -> Result<i32, String> {
    let (handle, events) = engine::start(invocation)?;
    let program = Program::File { path: path.to_owned(), args: args.to_vec() };
    let (recording, status) = Recorder::record(handle, events, program, wish.steps)?;
    let title = Path::new(path).file_name().map_or(path.into(), |name| name.to_string_lossy());
    std::fs::write(&wish.output, page(&recording, &title)).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or(&text);
        format!("the recording cannot be written to {}: {reason}", wish.output)
    })?;
    Ok(status)
}
