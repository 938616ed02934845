//! The command line as plain data.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, ValueHint, value_parser};

use super::audit::{Every, Wish};
use super::questions::{self, Asked};
use super::record;
use crate::repl::style::ColorChoice;
use crate::session::protocol::Program;

/// Which Python is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Era {
    /// CPython 3.11.
    #[default]
    Modern,
    /// CPython 2.7, as far as its memory model goes.
    Classic,
}

impl Era {
    /// As shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Era::Modern => "Python 3.11",
            Era::Classic => "Python 2.7",
        }
    }
}

impl ValueEnum for Era {
    fn value_variants<'a>() -> &'a [Self] {
        &[Era::Modern, Era::Classic]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Era::Modern => PossibleValue::new("3.11"),
            Era::Classic => PossibleValue::new("2.7"),
        })
    }
}

impl ValueEnum for ColorChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &[ColorChoice::Auto, ColorChoice::Always, ColorChoice::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            ColorChoice::Auto => "auto",
            ColorChoice::Always => "always",
            ColorChoice::Never => "never",
        }))
    }
}

/// Flags of `python` that mean the same here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-B`: write no `.pyc` files.
    pub dont_write_bytecode: bool,
    /// `-E`: ignore `PYTHON*` variables.
    pub ignore_environment: bool,
    /// `-i`: go on interactively when the program is done.
    pub inspect: bool,
    /// `-O`, `-OO`: 0, 1 or 2.
    pub optimize: u8,
    /// `-q`: no banner.
    pub quiet: bool,
    /// `-u`: standard output and error are not buffered.
    pub unbuffered: bool,
    /// `-W`, in order.
    pub warnings: Vec<String>,
    /// `-X`, in order.
    pub implementation: Vec<String>,
}

/// What `ouro dis` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisSubject {
    File(String),
    Source(String),
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A session at the keyboard.
    Interactive,
    /// Run a program.
    Run(Program),
    /// Step through a script.
    Step { path: String, args: Vec<String> },
    /// Print the bytecode of a script, of a compiled file, or of source given as it is.
    Dis(DisSubject),
    /// Run a script and check every count.
    Audit { path: String, args: Vec<String>, wish: Wish },
    /// Run a script and write a page that replays it.
    Record { path: String, args: Vec<String>, wish: record::Wish },
    /// Run a script to some place and answer a question.
    Ask(Asked),
}

/// A command line that makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    pub action: Action,
    pub era: Era,
    /// Line mode even where the full screen would work.
    pub plain: bool,
    pub theme: Option<String>,
    pub color: ColorChoice,
    /// In bytes.
    pub memory_limit: Option<u64>,
    /// Where an installed standard library is.
    pub stdlib: Option<PathBuf>,
    pub flags: Flags,
}

pub(super) const PROGRAM: &str = "PROGRAM";

fn flag(name: &'static str, short: char, help: &'static str) -> Arg {
    Arg::new(name).short(short).action(ArgAction::SetTrue).help(help)
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).global(true).help(help)
}

/// The rest of the command line, from FILE on.
pub(super) fn program(value: &'static str, help: &'static str) -> Arg {
    Arg::new(PROGRAM)
        .value_name(value)
        .num_args(1..)
        .value_parser(value_parser!(OsString))
        .value_hint(ValueHint::FilePath)
        .help(help)
}

fn command() -> Command {
    Command::new("ouro")
        .version(concat!(env!("CARGO_PKG_VERSION"), " (Python 3.11.7)"))
        .about("An interactive Python that you can see through")
        .override_usage(
            "ouro [OPTIONS] [FILE [ARG]...]\n       ouro [OPTIONS] -c CODE [ARG]...\n       ouro [OPTIONS] -m MODULE [ARG]...\n       ouro [OPTIONS] step FILE [ARG]...\n       ouro [OPTIONS] audit FILE [ARG]...\n       ouro [OPTIONS] record FILE [ARG]... -o PAGE\n       ouro [OPTIONS] dis FILE\n       ouro [OPTIONS] why FILE [ARG]... --at LINE EXPR\n       ouro [OPTIONS] leaks FILE [ARG]... [--from LINE] [--to LINE]\n       ouro [OPTIONS] graph FILE [ARG]... --at LINE EXPR [-o FILE]\n       ouro [OPTIONS] compare FILE [ARG]...\n       ouro [OPTIONS] snapshot FILE [ARG]... [--at LINE] -o FILE",
        )
        .after_help("Without FILE: an interactive session with the memory panel.\nA lone - reads the program from standard input.")
        .disable_help_subcommand(true)
        .arg(program("FILE", "Script to run; what follows it is for the script"))
        .arg(
            Arg::new("command")
                .short('c')
                .value_name("CODE")
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString))
                .help("Run CODE; what follows it is for the program"),
        )
        .arg(
            Arg::new("module")
                .short('m')
                .value_name("MODULE")
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString))
                .conflicts_with("command")
                .help("Run a library module as a script"),
        )
        .arg(flag("inspect", 'i', "Go on interactively when the program is done"))
        .arg(flag("no-bytecode", 'B', "Write no .pyc files"))
        .arg(flag("ignore-environment", 'E', "Ignore PYTHON* environment variables"))
        .arg(flag("isolated", 'I', "Ignore the environment, and do not look beside the script").hide(true))
        .arg(flag("no-user-site", 's', "Accepted for python's sake: there is no user site").hide(true))
        .arg(flag("no-site", 'S', "Accepted for python's sake: there is no site").hide(true))
        .arg(flag("bytes-warning", 'b', "Accepted for python's sake").action(ArgAction::Count).hide(true))
        .arg(
            Arg::new("optimize")
                .short('O')
                .action(ArgAction::Count)
                .help("Leave out assert statements; twice: docstrings too"),
        )
        .arg(flag("quiet", 'q', "Do not print the banner"))
        .arg(flag("unbuffered", 'u', "Do not buffer standard output and error"))
        .arg(
            Arg::new("warning")
                .short('W')
                .value_name("FILTER")
                .action(ArgAction::Append)
                .help("Add a warning filter"),
        )
        .arg(
            Arg::new("implementation")
                .short('X')
                .value_name("OPTION")
                .action(ArgAction::Append)
                .help("Set an option of the implementation (seen in sys._xoptions)"),
        )
        .arg(
            option("era", "ERA", "Which Python's memory model to follow")
                .value_parser(EnumValueParser::<Era>::new()),
        )
        .arg(
            Arg::new("plain")
                .long("plain")
                .global(true)
                .action(ArgAction::SetTrue)
                .help("Line mode: text only, no full screen"),
        )
        .arg(option("theme", "NAME|FILE", "Colours of the full screen"))
        .arg(
            option("color", "WHEN", "When to colour plain output")
                .value_parser(EnumValueParser::<ColorChoice>::new()),
        )
        .arg(
            option("memory-limit", "SIZE", "Most memory the program may take, such as 512M; past it: MemoryError")
                .value_parser(parse_size),
        )
        .arg(
            option("stdlib", "DIR", "Use the standard library of an installed CPython 3.11")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath),
        )
        .subcommand(
            Command::new("step")
                .about("Step through a script and watch its memory")
                .override_usage("ouro step FILE [ARG]...")
                .arg(program("FILE", "Script to step through; what follows it is for the script").required(true)),
        )
        .subcommand(
            Command::new("audit")
                .about("Run a script and check that every reference count is explained by holders with a name")
                .override_usage("ouro audit [--every line|instruction] [--sample N] [--thin N] [--json] [-o FILE] FILE [ARG]...")
                .after_help("Exit status: 0 when every count is explained, 1 when one is not, 2 for a wrong command line.")
                .arg(
                    Arg::new("every")
                        .long("every")
                        .value_name("WHEN")
                        .value_parser(EnumValueParser::<Every>::new())
                        .help("Check at each line, or before each instruction [default: line]"),
                )
                .arg(
                    Arg::new("sample")
                        .long("sample")
                        .value_name("N")
                        .value_parser(value_parser!(u64).range(1..))
                        .help("Check at one in N of these only, at places that vary"),
                )
                .arg(
                    Arg::new("thin")
                        .long("thin")
                        .value_name("N")
                        .value_parser(value_parser!(u64))
                        .help("Check N times at the same place, from then on less and less often"),
                )
                .arg(
                    Arg::new("json").long("json").action(ArgAction::SetTrue).help("Write the report as JSON"),
                )
                .arg(
                    Arg::new("output")
                        .short('o')
                        .long("output")
                        .value_name("REPORT")
                        .value_hint(ValueHint::FilePath)
                        .help("Write the report there, not to standard error"),
                )
                .arg(program("FILE", "Script to run; what follows it is for the script").required(true)),
        )
        .subcommand(
            Command::new("record")
                .about("Run a script and write a page that replays it in a browser, line by line")
                .override_usage("ouro record [--steps N] -o PAGE FILE [ARG]...")
                .after_help("Exit status: that of the script; 2 when nothing could be recorded.")
                .arg(
                    Arg::new("output")
                        .short('o')
                        .long("output")
                        .value_name("PAGE")
                        .required(true)
                        .value_hint(ValueHint::FilePath)
                        .help("Write the page there: one HTML file with everything in it"),
                )
                .arg(
                    Arg::new("steps")
                        .long("steps")
                        .value_name("N")
                        .value_parser(value_parser!(u32).range(1..))
                        .help("Record N lines at most; the script runs on to its end [default: 10000]"),
                )
                .arg(program("FILE", "Script to run; what follows it is for the script").required(true)),
        )
        .subcommand(
            Command::new("dis")
                .about("Print the bytecode of a script or a compiled file")
                .override_usage("ouro dis FILE\n       ouro dis -c CODE")
                .arg(
                    Arg::new("source")
                        .short('c')
                        .value_name("CODE")
                        .allow_hyphen_values(true)
                        .value_parser(value_parser!(OsString))
                        .conflicts_with(PROGRAM)
                        .help("Source to compile"),
                )
                .arg(
                    Arg::new(PROGRAM)
                        .value_name("FILE")
                        .required_unless_present("source")
                        .value_parser(value_parser!(OsString))
                        .value_hint(ValueHint::FilePath)
                        .help("Script to compile, or a .pyc file"),
                ),
        )
        .subcommands(questions::commands())
}

/// A number of bytes: digits, then nothing, K, M, G or T (powers of 1024), then perhaps B.
fn parse_size(text: &str) -> Result<u64, String> {
    let upper = text.trim().to_ascii_uppercase();
    let upper = upper.strip_suffix('B').unwrap_or(&upper);
    let (digits, shift) = match upper.char_indices().next_back() {
        Some((at, 'K')) => (&upper[..at], 10),
        Some((at, 'M')) => (&upper[..at], 20),
        Some((at, 'G')) => (&upper[..at], 30),
        Some((at, 'T')) => (&upper[..at], 40),
        _ => (upper, 0),
    };
    let number: u64 = digits
        .trim()
        .parse()
        .map_err(|_| "not a size; write bytes, or a number with K, M or G: 512M".to_owned())?;
    match number.checked_mul(1 << shift) {
        Some(0) => Err("a limit of nothing leaves no room to start; write at least 16M".to_owned()),
        Some(bytes) => Ok(bytes),
        None => Err("more than can be counted".to_owned()),
    }
}

/// Reads a command line; the first item is the name of the program.
///
/// # Errors
/// A message for the user with what was wrong; also `--help` and `--version`, whose text is an answer.
pub fn parse<I>(arguments: I) -> Result<Invocation, clap::Error>
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let mut command = command();
    let arguments = mark_program(&command, arguments.into_iter().map(Into::into).collect());
    let matches = command.try_get_matches_from_mut(arguments)?;
    let flags = Flags {
        dont_write_bytecode: matches.get_flag("no-bytecode"),
        ignore_environment: matches.get_flag("ignore-environment") || matches.get_flag("isolated"),
        inspect: matches.get_flag("inspect"),
        optimize: matches.get_count("optimize").min(2),
        quiet: matches.get_flag("quiet"),
        unbuffered: matches.get_flag("unbuffered"),
        warnings: strings(&matches, "warning"),
        implementation: strings(&matches, "implementation"),
    };
    let action = match matches.subcommand() {
        Some(("step", step)) => {
            let (path, args) = first_and_rest(texts(&mut command, step, PROGRAM)?);
            Action::Step { path, args }
        }
        Some(("dis", dis)) => Action::Dis(match dis.contains_id("source") {
            true => DisSubject::Source(first_and_rest(texts(&mut command, dis, "source")?).0),
            false => DisSubject::File(first_and_rest(texts(&mut command, dis, PROGRAM)?).0),
        }),
        Some(("audit", audit)) => {
            let (path, args) = first_and_rest(texts(&mut command, audit, PROGRAM)?);
            let wish = Wish {
                every: audit.get_one("every").copied().unwrap_or_default(),
                sample: audit.get_one("sample").copied().unwrap_or(1),
                thin: audit.get_one("thin").copied().unwrap_or(0),
                json: audit.get_flag("json"),
                output: audit.get_one::<String>("output").cloned(),
            };
            Action::Audit { path, args, wish }
        }
        Some(("record", asked)) => {
            let (path, args) = first_and_rest(texts(&mut command, asked, PROGRAM)?);
            let wish = record::Wish {
                output: asked.get_one::<String>("output").cloned().unwrap_or_default(),
                steps: asked.get_one::<u32>("steps").map_or(10_000, |steps| *steps as usize),
            };
            Action::Record { path, args, wish }
        }
        Some((name, question)) => Action::Ask(questions::read(&mut command, name, question)?),
        None => run_action(&mut command, &matches)?,
    };
    Ok(Invocation {
        action,
        era: matches.get_one("era").copied().unwrap_or_default(),
        plain: matches.get_flag("plain"),
        theme: matches.get_one::<String>("theme").cloned(),
        color: matches.get_one("color").copied().unwrap_or_default(),
        memory_limit: matches.get_one("memory-limit").copied(),
        stdlib: matches.get_one::<PathBuf>("stdlib").cloned(),
        flags,
    })
}

/// Puts `--` before the part of the command line that belongs to the program, so that nothing in it is taken for
/// an option: before FILE, after `-c CODE` and `-m MODULE`.
fn mark_program(command: &Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let takes_value = |found: Option<&Arg>| found.is_some_and(|arg| arg.get_action().takes_values());
    // Options of a subcommand stand behind its name, among those for all.
    let mut subcommand: Option<&Command> = None;
    let find = |subcommand: Option<&Command>, wanted: &dyn Fn(&Arg) -> bool| {
        subcommand
            .into_iter()
            .flat_map(Command::get_arguments)
            .chain(command.get_arguments())
            .find(|arg| wanted(arg))
            .cloned()
    };
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        // What is not UTF-8 is no option of ours.
        let text = argument.to_str().unwrap_or("");
        at += 1;
        if text == "--" {
            return arguments;
        } else if let Some(long) = text.strip_prefix("--") {
            if takes_value(find(subcommand, &|arg| arg.get_long() == Some(long)).as_ref()) {
                at += 1;
            }
        } else if text.len() > 1 && text.starts_with('-') {
            for (position, short) in text.char_indices().skip(1) {
                let arg = find(subcommand, &|arg| arg.get_short() == Some(short));
                if !takes_value(arg.as_ref()) {
                    continue;
                }
                if position + short.len_utf8() == text.len() {
                    at += 1;
                }
                if subcommand.is_none() && matches!(short, 'c' | 'm') {
                    // Without CODE there is nothing to mark, and the parser says so.
                    if at <= arguments.len() {
                        arguments.insert(at, "--".into());
                    }
                    return arguments;
                }
                break;
            }
        } else if questions::commands().iter().any(|question| question.get_name() == text) {
            // These have options after the script, too.
            return arguments;
        } else if let Some(found) = command.find_subcommand(text).filter(|_| subcommand.is_none()) {
            subcommand = Some(found);
        } else {
            arguments.insert(at - 1, "--".into());
            return arguments;
        }
    }
    arguments
}

fn run_action(command: &mut Command, matches: &ArgMatches) -> Result<Action, clap::Error> {
    let program = texts(command, matches, PROGRAM)?;
    if let Some(code) = texts(command, matches, "command")?.pop() {
        return Ok(Action::Run(Program::Command { code, args: program }));
    }
    if let Some(name) = texts(command, matches, "module")?.pop() {
        return Ok(Action::Run(Program::Module { name, args: program }));
    }
    if program.is_empty() {
        return Ok(Action::Interactive);
    }
    let (path, args) = first_and_rest(program);
    if path == "-" {
        Ok(Action::Run(Program::Stdin { args }))
    } else {
        Ok(Action::Run(Program::File { path, args }))
    }
}

fn strings(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).map(|values| values.cloned().collect()).unwrap_or_default()
}

/// Values that must be text, since Python sees them as `str`.
pub(super) fn texts(
    command: &mut Command,
    matches: &ArgMatches,
    name: &str,
) -> Result<Vec<String>, clap::Error> {
    let values = matches.get_many::<OsString>(name).into_iter().flatten();
    values
        .map(|value| {
            value.clone().into_string().map_err(|value| {
                let message = format!("the argument '{}' is not valid UTF-8", value.to_string_lossy());
                command.error(ErrorKind::InvalidUtf8, message)
            })
        })
        .collect()
}

pub(super) fn first_and_rest(values: Vec<String>) -> (String, Vec<String>) {
    let mut values = values.into_iter();
    (values.next().unwrap_or_default(), values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(arguments: &[&str]) -> Invocation {
        let all = std::iter::once("ouro").chain(arguments.iter().copied());
        parse(all).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    }

    fn error(arguments: &[&str]) -> String {
        let all = std::iter::once("ouro").chain(arguments.iter().copied());
        parse(all).expect_err("a wrong command line").to_string()
    }

    fn file(path: &str, args: &[&str]) -> Action {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Action::Run(Program::File { path: path.to_owned(), args })
    }

    #[test]
    fn the_definitions_are_sound() {
        command().debug_assert();
    }

    #[test]
    fn what_follows_the_file_belongs_to_it() {
        assert_eq!(ok(&[]).action, Action::Interactive);
        assert_eq!(ok(&["a.py"]).action, file("a.py", &[]));
        assert_eq!(
            ok(&["-B", "a.py", "-B", "--theme", "step", "-c", "--", "-h"]).action,
            file("a.py", &["-B", "--theme", "step", "-c", "--", "-h"])
        );
        assert!(ok(&["-B", "a.py"]).flags.dont_write_bytecode);
        assert!(!ok(&["a.py", "-B"]).flags.dont_write_bytecode);
        assert_eq!(ok(&["--", "step"]).action, file("step", &[]));
    }

    #[test]
    fn commands_and_modules_take_the_rest() {
        let Action::Run(Program::Command { code, args }) =
            ok(&["-q", "-c", "print(1)", "-x", "--y", "z"]).action
        else {
            panic!("a command");
        };
        assert_eq!((code.as_str(), args), ("print(1)", vec!["-x".into(), "--y".into(), "z".into()]));
        let Action::Run(Program::Module { name, args }) = ok(&["-m", "pkg.mod", "-v", "step"]).action else {
            panic!("a module");
        };
        assert_eq!((name.as_str(), args), ("pkg.mod", vec!["-v".into(), "step".into()]));
        assert_eq!(
            ok(&["-c", "-1", "-B"]).action,
            Action::Run(Program::Command { code: "-1".into(), args: vec!["-B".into()] })
        );
        assert!(ok(&["-Bc", "pass"]).flags.dont_write_bytecode);
        assert_eq!(
            ok(&["-cprint(1)", "--help"]).action,
            Action::Run(Program::Command { code: "print(1)".into(), args: vec!["--help".into()] })
        );
    }

    #[test]
    fn standard_input_and_flags() {
        assert_eq!(ok(&["-", "a"]).action, Action::Run(Program::Stdin { args: vec!["a".into()] }));
        let flags = ok(&["-OO", "-i", "-q", "-u", "-Werror", "-Xdev", "-E", "x", "-X"]).flags;
        assert_eq!((flags.optimize, flags.inspect, flags.quiet, flags.unbuffered), (2, true, true, true));
        assert_eq!((flags.warnings, flags.implementation), (vec!["error".into()], vec!["dev".into()]));
        assert_eq!(ok(&["-OOO"]).flags.optimize, 2);
    }

    #[test]
    fn options_of_ours() {
        let all = ok(&[
            "--era",
            "2.7",
            "--plain",
            "--theme",
            "dark",
            "--color=never",
            "--memory-limit",
            "64M",
            "step",
            "a.py",
            "-b",
        ]);
        assert_eq!(all.action, Action::Step { path: "a.py".into(), args: vec!["-b".into()] });
        assert_eq!((all.era, all.plain, all.color), (Era::Classic, true, ColorChoice::Never));
        assert_eq!((all.theme.as_deref(), all.memory_limit), (Some("dark"), Some(64 << 20)));
        assert_eq!(ok(&["step", "--theme", "x", "a.py"]).theme.as_deref(), Some("x"));
        assert_eq!(ok(&["dis", "a.py"]).action, Action::Dis(DisSubject::File("a.py".into())));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error(&["--era", "3.12"]).contains("3.12"));
        assert!(error(&["-Z"]).contains("-Z"));
        assert!(error(&["--nonsense"]).contains("--nonsense"));
        assert!(error(&["--memory-limit", "lots"]).contains("512M"));
        assert!(error(&["step"]).contains("FILE"));
        assert!(error(&["-c"]).contains("CODE"));
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("1024"), Ok(1024));
        assert_eq!(parse_size("2g"), Ok(2 << 30));
        assert_eq!(parse_size("512MB"), Ok(512 << 20));
        assert!(parse_size("").is_err() && parse_size("M").is_err() && parse_size("-1").is_err());
        assert!(parse_size("0").is_err() && parse_size("99999999T").is_err());
    }
}
