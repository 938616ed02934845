//! The one place where the command line meets the engine: what `ouro` was told becomes the engine's configuration.

use std::path::Path;
use std::sync::mpsc::Receiver;

use super::arguments::{Action, DisSubject, Era, Invocation};
use super::questions::Asked;
use crate::code::pyc;
use crate::session::engine::{self, Companion};
use crate::session::link::EngineHandle;
use crate::session::process;
use crate::session::protocol::{Event, Program};
use crate::vm::Options;

/// The interpreter's options for what the command line said.
fn options(invocation: &Invocation) -> Options {
    let flags = &invocation.flags;
    crate::era::choose(match invocation.era {
        Era::Modern => crate::era::Era::Modern,
        Era::Classic => crate::era::Era::Classic,
    });
    // As in python: a variable that is set and not empty counts, and -E does not look.
    let is_set = |name: &str| {
        !flags.ignore_environment && std::env::var_os(name).is_some_and(|value| !value.is_empty())
    };
    let (argv, path0) = match &invocation.action {
        Action::Interactive => (vec![String::new()], Some(String::new())),
        Action::Run(program) => arguments_of(program),
        Action::Step { path, args }
        | Action::Audit { path, args, .. }
        | Action::Record { path, args, .. } => {
            arguments_of(&Program::File { path: path.clone(), args: args.clone() })
        }
        Action::Dis(DisSubject::File(path)) => (vec![path.clone(), path.clone()], None),
        Action::Dis(DisSubject::Source(source)) => (vec!["-c".to_owned(), source.clone()], None),
        Action::Ask(Asked { path, args, .. }) => {
            arguments_of(&Program::File { path: path.clone(), args: args.clone() })
        }
    };
    // The option goes before the variable; empty, it switches the variable off.
    let named = flags.implementation.iter().rev().find_map(|option| option.strip_prefix("pycache_prefix="));
    let pycache_prefix = match named {
        Some(folder) => Some(folder.to_owned()),
        None if is_set("PYTHONPYCACHEPREFIX") => std::env::var("PYTHONPYCACHEPREFIX").ok(),
        None => None,
    };
    Options {
        pycache_prefix: pycache_prefix.filter(|folder| !folder.is_empty()),
        dont_write_bytecode: flags.dont_write_bytecode || is_set("PYTHONDONTWRITEBYTECODE"),
        optimize: flags.optimize.max(u8::from(is_set("PYTHONOPTIMIZE"))),
        inspect: flags.inspect || is_set("PYTHONINSPECT"),
        interactive: invocation.action == Action::Interactive,
        quiet: flags.quiet,
        unbuffered: flags.unbuffered || is_set("PYTHONUNBUFFERED"),
        argv,
        path0,
        stdlib: invocation.stdlib.as_ref().map(|path| path.to_string_lossy().into_owned()),
        warnings: flags.warnings.clone(),
        memory_limit: invocation.memory_limit.and_then(|bytes| usize::try_from(bytes).ok()),
        executable: std::env::current_exe().map_or(String::new(), |path| path.to_string_lossy().into_owned()),
        ..Options::default()
    }
}

/// `sys.argv`, and the first entry of `sys.path`.
fn arguments_of(program: &Program) -> (Vec<String>, Option<String>) {
    let with = |first: &str, args: &[String]| {
        std::iter::once(first.to_owned()).chain(args.iter().cloned()).collect::<Vec<_>>()
    };
    match program {
        Program::File { path, args } => {
            let file = Path::new(path);
            // Like CPython: the folder of the script itself, behind links; a folder or archive is its own.
            let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
            let folder = if real.is_dir() { Some(real.as_path()) } else { real.parent() };
            (with(path, args), folder.map(|folder| folder.to_string_lossy().into_owned()))
        }
        Program::Command { args, .. } => (with("-c", args), Some(String::new())),
        Program::Module { args, .. } => {
            let here =
                std::env::current_dir().map_or(String::new(), |path| path.to_string_lossy().into_owned());
            (with("-m", args), Some(here))
        }
        // `ouro < script` has no name at all, `ouro -` is called `-`.
        Program::Stdin { args } if args.is_empty() => (vec![String::new()], Some(String::new())),
        Program::Stdin { args } => (with("-", args), Some(String::new())),
    }
}

/// Starts an engine thread and gives the front end's half of its wire.
///
/// # Errors
/// A message for the user.
pub fn start(invocation: &Invocation) -> Result<(EngineHandle, Receiver<Event>), String> {
    engine::spawn(options(invocation)).map_err(|error| format!("the system grants no thread: {error}"))
}

/// Starts an engine in a process of its own, which can go back in time.
///
/// # Errors
/// A message for the user.
pub fn start_recorded(invocation: &Invocation) -> Result<(EngineHandle, Receiver<Event>), String> {
    process::spawn(options(invocation)).map_err(|error| format!("the system grants no process: {error}"))
}

/// Runs a program with the process's own standard streams; the exit status.
pub fn run(invocation: &Invocation, program: &Program) -> i32 {
    match engine::run_plain(options(invocation), program.clone()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ouro: the system grants no thread: {error}");
            1
        }
    }
}

/// Runs a program with the process's own standard streams and with somebody who looks at it.
///
/// # Errors
/// A message for the user.
pub fn run_with<C: Companion, R: Send + 'static>(
    invocation: &Invocation,
    program: &Program,
    make: impl FnOnce() -> C + Send + 'static,
    result: impl FnOnce(C, i32) -> R + Send + 'static,
) -> Result<R, String> {
    match engine::run_with(options(invocation), program.clone(), make, result) {
        Ok(Some(result)) => Ok(result),
        Ok(None) => Err("the engine has panicked".to_owned()),
        Err(error) => Err(format!("the system grants no thread: {error}")),
    }
}

/// Prints bytecode as `dis` shows it; the exit status.
///
/// # Errors
/// A message for the user, with its newline: the subject cannot be read or compiled.
pub fn dis(invocation: &Invocation, subject: &DisSubject) -> Result<i32, String> {
    let failed = |error: crate::syntax::SyntaxError| format!("{error}\n");
    let compiles = |text: &str, path: &str| {
        let options = crate::compile::Options::default();
        crate::compile::compile(text, path, crate::syntax::Mode::Exec, options).map(drop).map_err(failed)
    };
    // What cannot be shown is said here, plainly; the rest is a program like others, whose constants
    // are objects with a `repr`.
    let show = match subject {
        DisSubject::Source(source) => {
            compiles(source, "<string>")?;
            "_show_source"
        }
        DisSubject::File(path) => {
            let bytes = std::fs::read(path).map_err(|error| format!("ouro: {path}: {error}\n"))?;
            if path.ends_with(".pyc") || bytes.starts_with(&pyc::MAGIC) {
                pyc::read(&bytes).map_err(|error| format!("ouro: {}\n", error.message(path)))?;
            } else {
                let origin = crate::syntax::Origin::Script;
                let text = crate::syntax::decode_source(&bytes, path, origin).map_err(failed)?;
                compiles(&text, path)?;
            }
            "_show_file"
        }
    };
    let code = format!("import _dis, sys; _dis.{show}(sys.argv[1])");
    Ok(run(invocation, &Program::Command { code, args: Vec::new() }))
}
