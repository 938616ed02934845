//! The part of the command line that asks about a script: `why`, `leaks`, `graph`, `compare`, `snapshot`.
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};

use super::arguments::{PROGRAM, first_and_rest, program, texts};

/// Where a script that is asked about is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// When this line is about to run for the n-th time.
    Line { line: u32, hit: u32 },
    /// When it has ended, before anything is torn down.
    End,
}

/// What is asked about a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why an object is alive.
    Why { stop: Stop, expression: String },
    /// What is left alive: between two lines, or from the beginning to the end.
    Leaks { from: Option<u32>, to: Option<u32>, least: u64, type_name: Option<String> },
    /// The objects around one, drawn.
    Graph { stop: Stop, expression: String, depth: u32 },
    /// What differs between the eras.
    Compare,
    /// The whole heap in the format of a browser's developer tools.
    Snapshot { stop: Stop },
}

/// A question about a script, answered without a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub question: Question,
    pub path: String,
    pub args: Vec<String>,
    /// Answer in JSON.
    pub json: bool,
    /// File for the answer.
    pub output: Option<PathBuf>,
    /// The folder in which ouro was started.
    pub folder: PathBuf,
}

/// The subcommands that run a script and answer a question about it.
pub fn commands() -> [Command; 5] {
    let script = || {
        program("FILE", "Script to run, with its arguments; those that begin with a hyphen go after --")
            .required(true)
    };
    let at = |names: [&'static str; 2]| {
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        Arg::new("at")
            .long("at")
            .num_args(names.len())
            .value_names(names)
            .allow_hyphen_values(true)
            .help("Stop when LINE is about to run, or at the 'end'")
    };
    let hit = || {
        Arg::new("hit")
            .long("hit")
            .value_name("N")
            .value_parser(value_parser!(u32).range(1..))
            .default_value("1")
            .help("Stop when the line is reached for the N-th time")
    };
    let json = || Arg::new("json").long("json").action(ArgAction::SetTrue).help("Answer in JSON");
    let output = |help: &'static str| {
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath)
            .help(help)
    };
    let line = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("LINE").value_parser(value_parser!(u32).range(1..)).help(help)
    };
    [
        Command::new("why")
            .about("Explain why an object is alive and what its reference count is made of")
            .override_usage("ouro why FILE [ARG]... --at LINE EXPR [--hit N] [--json]")
            .args([script(), at(["LINE", "EXPR"]).required(true), hit(), json()]),
        Command::new("leaks")
            .about("List what a script leaves alive, by type and by the line that made it")
            .after_help("Exit status: 0 nothing is left, 1 something is, 2 the script could not be asked.")
            .override_usage(
                "ouro leaks FILE [ARG]... [--from LINE] [--to LINE] [--min N] [--type NAME] [--json]",
            )
            .args([
                script(),
                line("from", "Count what is made after this line is first reached (else from the beginning)"),
                line("to", "Look when this line is reached after that (else at the end)"),
                Arg::new("min")
                    .long("min")
                    .value_name("N")
                    .value_parser(value_parser!(u64))
                    .default_value("1")
                    .help("Leave out groups of fewer objects"),
                Arg::new("type").long("type").value_name("NAME").help("Only objects of this type"),
                json(),
            ]),
        Command::new("graph")
            .about("Draw the objects around one: as text, .dot or .svg")
            .override_usage(
                "ouro graph FILE [ARG]... --at LINE EXPR [--hit N] [--depth N] [-o FILE.svg|FILE.dot]",
            )
            .args([
                script(),
                at(["LINE", "EXPR"]).required(true),
                hit(),
                Arg::new("depth")
                    .long("depth")
                    .value_name("N")
                    .value_parser(value_parser!(u32).range(1..=20))
                    .default_value("3")
                    .help("Follow references this many steps"),
                json(),
                output("Picture to write; its ending says which kind (else text)"),
            ]),
        Command::new("compare")
            .about("Run a script in both eras, and tell where they differ")
            .after_help("Exit status: 0 both do the same, 1 they differ, 2 the script could not be run.")
            .override_usage("ouro compare FILE [ARG]...")
            .args([script()]),
        Command::new("snapshot")
            .about("Write the whole heap as a .heapsnapshot for a browser's developer tools")
            .override_usage("ouro snapshot FILE [ARG]... [--at LINE] [--hit N] -o FILE.heapsnapshot")
            .args([script(), at(["LINE", ""]), hit(), output("File to write").required(true)]),
    ]
}

/// Reads the part of a subcommand of [`commands`].
///
/// # Errors
/// A message for the user.
pub fn read(command: &mut Command, name: &str, matches: &ArgMatches) -> Result<Asked, clap::Error> {
    let (path, args) = first_and_rest(texts(command, matches, PROGRAM)?);
    let mut at = matches.try_get_many::<String>("at").ok().flatten().into_iter().flatten().cloned();
    let hit = matches.try_get_one("hit").ok().flatten().copied().unwrap_or(1);
    let stop = match at.next().as_deref() {
        None | Some("end") => Stop::End,
        Some(line) => match line.parse() {
            Ok(line) if line > 0 => Stop::Line { line, hit },
            _ => {
                let message = format!("'{line}' is no line; write its number, or 'end': --at 12");
                let mut command = command.find_subcommand(name).cloned().unwrap_or_default();
                return Err(command.error(ErrorKind::ValueValidation, message));
            }
        },
    };
    let expression = at.next().unwrap_or_default();
    let number = |name: &str| matches.get_one::<u32>(name).copied();
    let question = match name {
        "why" => Question::Why { stop, expression },
        "graph" => Question::Graph { stop, expression, depth: number("depth").unwrap_or(3) },
        "compare" => Question::Compare,
        "snapshot" => Question::Snapshot { stop },
        _ => Question::Leaks {
            from: number("from"),
            to: number("to"),
            least: matches.get_one::<u64>("min").copied().unwrap_or(1),
            type_name: matches.get_one::<String>("type").cloned(),
        },
    };
    Ok(Asked {
        question,
        path,
        args,
        json: matches.try_get_one("json").ok().flatten().copied().unwrap_or(false),
        output: matches.try_get_one::<PathBuf>("output").ok().flatten().cloned(),
        folder: std::env::current_dir().unwrap_or_default(),
    })
}
