//! Starts what the command line asked for.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::mpsc::Receiver;

use super::arguments::{Action, DisSubject, Invocation};
use super::{ask, engine, places};
use crate::repl::style::ColorChoice;
use crate::repl::{LineMode, Settings};
use crate::session::link::EngineHandle;
use crate::session::protocol::{Event, Program, Request};
use crate::tui;

/// Exit status when a script cannot be opened, as `python` has it.
const NO_FILE: i32 = 2;
/// Exit status of other failures.
const FAILURE: i32 = 1;

/// Carries out an invocation; the exit status of the process.
pub fn launch(invocation: &Invocation) -> i32 {
    match &invocation.action {
        Action::Interactive if io::stdin().is_terminal() || invocation.flags.inspect => {
            interactive(invocation)
        }
        // `ouro < script.py`
        Action::Interactive => run(invocation, &Program::Stdin { args: Vec::new() }),
        Action::Run(program) => run(invocation, program),
        Action::Step { path, args } => step(invocation, path, args),
        Action::Dis(subject) => dis(invocation, subject),
        Action::Ask(asked) => match check_script(&asked.path) {
            Ok(()) => ask::answer(invocation, asked),
            Err(code) => code,
        },
        Action::Record { path, args, wish } => match check_script(path) {
            Ok(()) => super::record::run(invocation, path, args, wish),
            Err(_) => NO_FILE,
        },
        Action::Audit { path, args, wish } => match check_script(path) {
            Ok(()) => {
                let program = Program::File { path: path.clone(), args: args.clone() };
                super::audit::run(invocation, &program, wish)
            }
            Err(_) => NO_FILE,
        },
    }
}

/// Says what went wrong, in one line.
pub(super) fn complain(message: &str) {
    eprintln!("ouro: {message}");
}

/// Whether the full screen can be used: a terminal at both ends that understands more than text.
fn screen_is_possible(invocation: &Invocation) -> bool {
    !invocation.plain
        && io::stdin().is_terminal()
        && io::stdout().is_terminal()
        && std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb")
}

/// Checks that a script can be opened, so that a mistyped name is reported before anything starts.
fn check_script(path: &str) -> Result<(), i32> {
    let shown = std::path::absolute(path).unwrap_or_else(|_| path.into());
    let shown = shown.display();
    let file = Path::new(path);
    if file.is_dir() {
        if file.join("__main__.py").is_file() {
            return Ok(());
        }
        complain(&format!("can't find '__main__' module in '{shown}'"));
        return Err(FAILURE);
    }
    match fs::File::open(file) {
        Ok(_) => Ok(()),
        Err(error) => {
            // As CPython words it; the standard library's text has a suffix for the number.
            let text = error.to_string();
            let reason = text.split(" (os error").next().unwrap_or(&text);
            let number = error.raw_os_error().map_or(String::new(), |number| format!("[Errno {number}] "));
            complain(&format!("can't open file '{shown}': {number}{reason}"));
            Err(NO_FILE)
        }
    }
}

fn settings(invocation: &Invocation) -> Settings {
    Settings {
        color: invocation.color,
        quiet: invocation.flags.quiet,
        history: places::history(),
        terminal: io::stdin().is_terminal() && io::stdout().is_terminal(),
        era: invocation.era.name().to_owned(),
    }
}

pub(super) fn wish(color: ColorChoice) -> tui::theme::Wish {
    match color {
        ColorChoice::Auto => tui::theme::Wish::Auto,
        ColorChoice::Always => tui::theme::Wish::Always,
        ColorChoice::Never => tui::theme::Wish::Never,
    }
}

/// A session at the keyboard: the full screen where it is possible, else line mode.
fn interactive(invocation: &Invocation) -> i32 {
    let (handle, events) = match engine::start(invocation) {
        Ok(wire) => wire,
        Err(message) => {
            complain(&message);
            return FAILURE;
        }
    };
    if screen_is_possible(invocation) {
        return screen(invocation, handle, events, None);
    }
    match LineMode::new(handle, events, settings(invocation)) {
        Ok(mode) => mode.run(),
        Err(error) => {
            complain(&format!("the terminal cannot be used: {error}"));
            FAILURE
        }
    }
}

/// Runs a program; with `-i` a session follows in its namespace.
fn run(invocation: &Invocation, program: &Program) -> i32 {
    if let Program::File { path, .. } = program
        && let Err(code) = check_script(path)
    {
        return code;
    }
    if !invocation.flags.inspect {
        return engine::run(invocation, program);
    }
    let (handle, events) = match engine::start(invocation) {
        Ok(wire) => wire,
        Err(message) => {
            complain(&message);
            return FAILURE;
        }
    };
    let request = Request::Run { program: program.clone(), stepping: false };
    let settings = Settings { quiet: true, ..settings(invocation) };
    match handle
        .send(request)
        .map_err(io::Error::other)
        .and_then(|()| LineMode::new(handle, events, settings))
    {
        Ok(mode) => mode.run(),
        Err(error) => {
            complain(&format!("no session can follow the program: {error}"));
            FAILURE
        }
    }
}

/// Steps through a script on the full screen.
fn step(invocation: &Invocation, path: &str, args: &[String]) -> i32 {
    if let Err(code) = check_script(path) {
        return code;
    }
    if !screen_is_possible(invocation) {
        complain(
            "'step' needs a terminal that can show a full screen; 'ouro FILE' runs the script without one",
        );
        return FAILURE;
    }
    match engine::start_recorded(invocation) {
        Ok((handle, events)) => {
            let program = Program::File { path: path.to_owned(), args: args.to_vec() };
            screen(invocation, handle, events, Some(program))
        }
        Err(message) => {
            complain(&message);
            FAILURE
        }
    }
}

fn screen(
    invocation: &Invocation,
    handle: EngineHandle,
    events: Receiver<Event>,
    program: Option<Program>,
) -> i32 {
    let options = tui::run::Options {
        program,
        theme: invocation.theme.clone(),
        colour: wish(invocation.color),
        era: invocation.era.name().to_owned(),
        history: places::history(),
    };
    match tui::run::run(handle, events, options) {
        Ok(code) => code,
        Err(error) => {
            complain(&error.to_string());
            FAILURE
        }
    }
}

/// Prints the bytecode of a script, a compiled file or source.
fn dis(invocation: &Invocation, subject: &DisSubject) -> i32 {
    if let DisSubject::File(path) = subject
        && let Err(code) = check_script(path)
    {
        return code;
    }
    match engine::dis(invocation, subject) {
        Ok(code) => code,
        Err(message) => {
            eprint!("{message}");
            FAILURE
        }
    }
}
