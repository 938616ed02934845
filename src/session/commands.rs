//! The command registry: every command as data, once.
//!
//! A command is a name, aliases, a sentence, arguments and an action. In line mode and in the REPL pane it is
//! typed after a colon (`:refs c1`), which can never begin a Python statement; on the full screen keys are bound
//! to the same names. `:help`, completion, key hints and the manual are made from this list, so what they say
//! cannot differ from what exists.
use super::protocol::SizesBy;

/// What a command does. Front ends match on this; [`Command`] says how it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CommandAction {
    Help,
    Refs,
    Why,
    Graph,
    Mark,
    Diff,
    Gc,
    Heap,
    Dis,
    Era,
    Theme,
    Quit,
    // the screen
    NextPane,
    PreviousPane,
    Search,
    Sort,
    SortReverse,
    Pin,
    Details,
    ToggleGroup,
    ToggleFeed,
    // the stepper
    StepInto,
    StepOver,
    StepOut,
    StepToLine,
    Continue,
    Pause,
    Interrupt,
    Breakpoint,
    NextFree,
    NextCollection,
    Bytecode,
    StepInstruction,
    // back in time
    BackInto,
    BackOver,
    BackOut,
    BackInstruction,
    BackBreakpoint,
    LastFree,
    LastCollection,
    LastChange,
    WhereMade,
    Moment,
    Earlier,
    Later,
    Present,
}

/// Where a command can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Line mode and full screen.
    Everywhere,
    /// Both full screens.
    Screen,
    /// `ouro step` only.
    Stepper,
}

/// What an argument is, for checking and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A name such as `c1` or `c1.t`; completed from live names.
    Expression,
    /// The name of a command.
    Command,
    /// The name of a built-in theme, or a file.
    Theme,
    /// 0, 1 or 2.
    Generation,
    /// Words to look for: a name, a type, `#12`.
    Text,
    /// A line number.
    Line,
}

/// One argument of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// As shown in help: `EXPR`.
    pub name: &'static str,
    pub kind: ArgumentKind,
    pub required: bool,
}

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Without the colon.
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub arguments: &'static [Argument],
    /// One sentence, imperative, no full stop: what `:help` lists.
    pub doc: &'static str,
    /// More, for `:help NAME`; may be empty.
    pub detail: &'static str,
    pub action: CommandAction,
    pub place: Place,
}

impl Command {
    /// `:refs EXPR`, `:help [COMMAND]`.
    pub fn usage(&self) -> String {
        let mut text = format!(":{}", self.name);
        for argument in self.arguments {
            text.push(' ');
            if argument.required {
                text.push_str(argument.name);
            } else {
                text.push('[');
                text.push_str(argument.name);
                text.push(']');
            }
        }
        text
    }
}

const fn required(name: &'static str, kind: ArgumentKind) -> Argument {
    Argument { name, kind, required: true }
}

const fn optional(name: &'static str, kind: ArgumentKind) -> Argument {
    Argument { name, kind, required: false }
}

const fn command(
    name: &'static str,
    aliases: &'static [&'static str],
    arguments: &'static [Argument],
    action: CommandAction,
    place: Place,
    doc: &'static str,
    detail: &'static str,
) -> Command {
    Command { name, aliases, arguments, doc, detail, action, place }
}

use ArgumentKind as Kind;
use CommandAction as Do;
use Place::{Everywhere, Screen, Stepper};

/// All commands, in the order in which help lists them.
pub static COMMANDS: &[Command] = &[
    command(
        "help",
        &["h", "?"],
        &[optional("COMMAND", Kind::Command)],
        Do::Help,
        Everywhere,
        "List the commands, or explain one",
        "",
    ),
    command(
        "refs",
        &["r"],
        &[required("EXPR", Kind::Expression)],
        Do::Refs,
        Everywhere,
        "Show an object's reference count and everything that holds it",
        "EXPR is a name, an attribute or a constant subscript: c1, c1.t, cache['k']. It is looked up without running \
         any Python code, so the count is not changed by asking.",
    ),
    command(
        "why",
        &[],
        &[required("EXPR", Kind::Expression)],
        Do::Why,
        Everywhere,
        "Explain why an object is alive: holders, the way from a root, what a call adds",
        "EXPR is a name, an attribute or a constant subscript: c1, c1.t, cache['k'].",
    ),
    command(
        "graph",
        &[],
        &[required("EXPR", Kind::Expression)],
        Do::Graph,
        Everywhere,
        "Draw the objects around one: what it holds, who holds it, cycles",
        "",
    ),
    command("mark", &[], &[], Do::Mark, Everywhere, "Remember what is alive now, for ':diff'", ""),
    command(
        "diff",
        &[],
        &[],
        Do::Diff,
        Everywhere,
        "Show what came and went since ':mark', by type and by the line that made it",
        "Atomic objects (numbers, strings) count, too.",
    ),
    command(
        "gc",
        &[],
        &[],
        Do::Gc,
        Everywhere,
        "Show the collector: counters, thresholds, collections, garbage",
        "The counters are what gc.get_count() gives; a collection starts when one exceeds its threshold.",
    ),
    command(
        "heap",
        &[],
        &[optional("TEXT", Kind::Text)],
        Do::Heap,
        Everywhere,
        "List live objects: yours by name, the rest counted by type",
        "TEXT keeps only what matches a name, a type, a number (#12) or an id (0x7f...). ':heap types' sums up all \
         objects by type, ':heap owners' by the name that alone keeps them alive, ':heap lines' by the line that made them.",
    ),
    command(
        "dis",
        &[],
        &[required("EXPR", Kind::Expression)],
        Do::Dis,
        Everywhere,
        "Show the bytecode of a function, method, class or module",
        "",
    ),
    command("era", &[], &[], Do::Era, Everywhere, "Tell which Python is being followed", ""),
    command(
        "theme",
        &[],
        &[optional("NAME|FILE", Kind::Theme)],
        Do::Theme,
        Everywhere,
        "Choose the colours, or list the themes",
        "",
    ),
    command("quit", &["q", "exit"], &[], Do::Quit, Everywhere, "Leave", ""),
    command("next-pane", &[], &[], Do::NextPane, Screen, "Move to the next pane", ""),
    command("previous-pane", &[], &[], Do::PreviousPane, Screen, "Move to the previous pane", ""),
    command(
        "search",
        &["find"],
        &[optional("TEXT", Kind::Text)],
        Do::Search,
        Screen,
        "Show only objects that match a name, a type, #number or an id",
        "",
    ),
    command("sort", &[], &[], Do::Sort, Screen, "Sort objects by the next column", ""),
    command("sort-reverse", &[], &[], Do::SortReverse, Screen, "Reverse the order of objects", ""),
    command("pin", &[], &[], Do::Pin, Screen, "Keep the selected object at the top", ""),
    command("details", &[], &[], Do::Details, Screen, "Show everything about the selected object", ""),
    command(
        "open",
        &[],
        &[],
        Do::ToggleGroup,
        Screen,
        "List the objects of the selected type one by one",
        "",
    ),
    command("feed", &[], &[], Do::ToggleFeed, Screen, "Choose how much the events feed reports", ""),
    command("step", &["into"], &[], Do::StepInto, Stepper, "Run to the next line, entering calls", ""),
    command("over", &["next"], &[], Do::StepOver, Stepper, "Run to the next line of this function", ""),
    command("out", &["finish"], &[], Do::StepOut, Stepper, "Run until this function has returned", ""),
    command(
        "to",
        &["until"],
        &[optional("LINE", Kind::Line)],
        Do::StepToLine,
        Stepper,
        "Run to the line under the cursor, or to LINE",
        "",
    ),
    command("continue", &["c"], &[], Do::Continue, Stepper, "Run to the next breakpoint or the end", ""),
    command("pause", &[], &[], Do::Pause, Stepper, "Stop the running program at its next line", ""),
    command("interrupt", &[], &[], Do::Interrupt, Screen, "Raise KeyboardInterrupt in the running code", ""),
    command(
        "break",
        &["b"],
        &[optional("LINE", Kind::Line)],
        Do::Breakpoint,
        Stepper,
        "Set or clear a breakpoint on the line under the cursor, or on LINE",
        "",
    ),
    command("next-free", &["free"], &[], Do::NextFree, Stepper, "Run until an object is freed", ""),
    command(
        "next-gc",
        &["collection"],
        &[],
        Do::NextCollection,
        Stepper,
        "Run until the collector has run",
        "",
    ),
    command("bytecode", &[], &[], Do::Bytecode, Stepper, "Show or hide the bytecode of this function", ""),
    command("instruction", &["si"], &[], Do::StepInstruction, Stepper, "Run one bytecode instruction", ""),
    command(
        "back",
        &["back-over"],
        &[optional("N", Kind::Text)],
        Do::BackOver,
        Everywhere,
        "Go back a line, or N: in the stepper the program, at a prompt what is shown of memory",
        "In the stepper everything is as it was then: variables, counts, addresses, output. Stepping forward from \
         there repeats the run as it went; what it read and wrote is not read and written again. At a prompt the \
         panel and questions are about memory as it was before the last N inputs; ':back 0' or the next input \
         returns to the present.",
    ),
    command("back-into", &[], &[], Do::BackInto, Stepper, "Go back one line, into calls from their end", ""),
    command("back-out", &[], &[], Do::BackOut, Stepper, "Go back to the line that called this function", ""),
    command(
        "back-instruction",
        &["bi"],
        &[],
        Do::BackInstruction,
        Stepper,
        "Go back one bytecode instruction",
        "",
    ),
    command(
        "back-continue",
        &["bc"],
        &[],
        Do::BackBreakpoint,
        Stepper,
        "Go back to the last time that a breakpoint was reached",
        "",
    ),
    command("last-free", &[], &[], Do::LastFree, Stepper, "Go back to after an object was freed", ""),
    command("last-gc", &[], &[], Do::LastCollection, Stepper, "Go back to after the last collection", ""),
    command(
        "last-change",
        &[],
        &[optional("EXPR", Kind::Expression)],
        Do::LastChange,
        Stepper,
        "Go back to the last change of an object's count",
        "Without EXPR it is the object selected in the memory panel.",
    ),
    command(
        "made",
        &[],
        &[optional("EXPR", Kind::Expression)],
        Do::WhereMade,
        Stepper,
        "Go back to where an object was made",
        "Without EXPR it is the object selected in the memory panel.",
    ),
    command(
        "moment",
        &["at"],
        &[required("N|N%", Kind::Text)],
        Do::Moment,
        Stepper,
        "Go to a moment of the run: after N instructions, or a part of it",
        "",
    ),
    command("earlier", &[], &[], Do::Earlier, Stepper, "Go a twentieth of the run back", ""),
    command("later", &[], &[], Do::Later, Stepper, "Go a twentieth of the run forth", ""),
    command("present", &[], &[], Do::Present, Stepper, "Go to where the run itself stands", ""),
];

/// What `:heap WORD` sums up, if the word is one of those.
pub fn heap_table(argument: &str) -> Option<SizesBy> {
    match argument {
        "types" => Some(SizesBy::Type),
        "owners" => Some(SizesBy::Owner),
        "lines" => Some(SizesBy::Line),
        _ => None,
    }
}

/// How far `:graph` follows references.
pub const GRAPH_DEPTH: u32 = 3;

/// A command with the text of its argument, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    pub command: &'static Command,
    /// Trimmed; `None` when nothing follows the name.
    pub argument: Option<String>,
}

/// What was wrong with a typed command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// No such command; the closest one, if any is close.
    Unknown { name: String, closest: Option<&'static str> },
    /// It needs an argument.
    Missing { command: &'static Command },
    /// It takes none.
    Unexpected { command: &'static Command, argument: String },
    /// It exists, but not here.
    Elsewhere { command: &'static Command },
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CommandError::Unknown { name, closest: Some(closest) } => {
                write!(f, "no command ':{name}'; did you mean ':{closest}'? ':help' lists them all")
            }
            CommandError::Unknown { name, closest: None } => {
                write!(f, "no command ':{name}'; ':help' lists them all")
            }
            CommandError::Missing { command } => {
                write!(f, "':{}' needs an argument: {}", command.name, command.usage())
            }
            CommandError::Unexpected { command, argument } => {
                write!(f, "':{}' takes no argument, but got '{argument}'", command.name)
            }
            CommandError::Elsewhere { command } => {
                let place =
                    if command.place == Place::Stepper { "'ouro step FILE'" } else { "the full screen" };
                write!(f, "':{}' works in {place} only", command.name)
            }
        }
    }
}

impl std::error::Error for CommandError {}

/// Finds a command by name or alias, without the colon.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.name == name || c.aliases.contains(&name))
}

/// The command that performs an action.
pub fn for_action(action: CommandAction) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.action == action)
}

/// Whether a command can be used where the user is.
pub fn works_in(command: &Command, place: Place) -> bool {
    match place {
        Place::Everywhere => command.place == Place::Everywhere,
        Place::Screen => command.place != Place::Stepper,
        Place::Stepper => true,
    }
}

/// Reads a line as a command. `None`: it does not begin with a colon and is Python.
/// `place` is where the user is: [`Place::Everywhere`] in line mode.
pub fn parse(line: &str, place: Place) -> Option<Result<Invocation, CommandError>> {
    let rest = line.trim_start().strip_prefix(':')?.trim();
    let (name, argument) = match rest.split_once(char::is_whitespace) {
        Some((name, argument)) => (name, Some(argument.trim().to_owned())),
        None => (rest, None),
    };
    let name = if name.is_empty() { "help" } else { name };
    let Some(command) = find(name) else {
        return Some(Err(CommandError::Unknown { name: name.to_owned(), closest: closest(name, place) }));
    };
    Some(match argument {
        _ if !works_in(command, place) => Err(CommandError::Elsewhere { command }),
        None if command.arguments.iter().any(|a| a.required) => Err(CommandError::Missing { command }),
        Some(argument) if command.arguments.is_empty() => Err(CommandError::Unexpected { command, argument }),
        argument => Ok(Invocation { command, argument }),
    })
}

/// Names (without colon) that complete a typed prefix, in registry order.
pub fn complete_name(prefix: &str, place: Place) -> Vec<&'static Command> {
    COMMANDS.iter().filter(|c| works_in(c, place) && c.name.starts_with(prefix)).collect()
}

/// The whole of `:help`, or of `:help NAME`, as lines.
pub fn help_lines(about: Option<&Command>, place: Place) -> Vec<String> {
    match about {
        Some(command) => {
            let mut lines = vec![format!("{}: {}", command.usage(), command.doc)];
            if !command.aliases.is_empty() {
                let names: Vec<String> = command.aliases.iter().map(|a| format!(":{a}")).collect();
                lines.push(format!("Also: {}", names.join(", ")));
            }
            if !command.detail.is_empty() {
                lines.push(command.detail.to_owned());
            }
            lines
        }
        None => {
            let shown: Vec<&Command> = COMMANDS.iter().filter(|c| works_in(c, place)).collect();
            let width = shown.iter().map(|c| c.usage().len()).max().unwrap_or(0);
            shown.iter().map(|c| format!("{:width$}  {}", c.usage(), c.doc)).collect()
        }
    }
}

/// The command whose name is nearest to a mistyped one, if it is near at all.
fn closest(name: &str, place: Place) -> Option<&'static str> {
    COMMANDS
        .iter()
        .filter(|c| works_in(c, place))
        .map(|c| (distance(name, c.name), c.name))
        .filter(|(d, known)| *d <= 2 && *d < known.len())
        .min_by_key(|(d, _)| *d)
        .map(|(_, known)| known)
}

/// Edits (insert, delete, replace) between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut previous = i;
        let mut left = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let up = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let cell = (previous + usize::from(ca != *cb)).min(left + 1).min(up + 1);
            if let Some(slot) = row.get_mut(j) {
                *slot = left;
            }
            previous = up;
            left = cell;
        }
        if let Some(last) = row.last_mut() {
            *last = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_is_not_a_command() {
        assert_eq!(parse("x = 1", Place::Everywhere), None);
        assert_eq!(parse("d[:2]", Place::Everywhere), None);
    }

    #[test]
    fn names_aliases_and_arguments() {
        let refs = parse(":refs  c1.t ", Place::Everywhere).unwrap().unwrap();
        assert_eq!((refs.command.action, refs.argument.as_deref()), (Do::Refs, Some("c1.t")));
        let quit = parse(" :q", Place::Everywhere).unwrap().unwrap();
        assert_eq!((quit.command.action, quit.argument), (Do::Quit, None));
        assert_eq!(parse(":", Place::Everywhere).unwrap().unwrap().command.action, Do::Help);
    }

    #[test]
    fn errors_say_what_to_do() {
        let message = |line, place| parse(line, place).unwrap().unwrap_err().to_string();
        assert_eq!(
            message(":hepl", Place::Everywhere),
            "no command ':hepl'; did you mean ':help'? ':help' lists them all"
        );
        assert_eq!(message(":refs", Place::Everywhere), "':refs' needs an argument: :refs EXPR");
        assert_eq!(message(":gc 1", Place::Everywhere), "':gc' takes no argument, but got '1'");
        assert_eq!(message(":over", Place::Screen), "':over' works in 'ouro step FILE' only");
    }

    #[test]
    fn the_registry_is_consistent() {
        let mut seen = std::collections::BTreeSet::new();
        for command in COMMANDS {
            for name in std::iter::once(&command.name).chain(command.aliases) {
                assert!(seen.insert(*name), "{name} is registered twice");
            }
            assert!(!command.doc.ends_with('.') && !command.doc.is_empty(), "{}", command.name);
            assert!(for_action(command.action).is_some_and(|c| c.name == command.name), "{}", command.name);
        }
    }

    #[test]
    fn distances() {
        assert_eq!(distance("hepl", "help"), 2);
        assert_eq!(distance("", "gc"), 2);
        assert_eq!(distance("quit", "quit"), 0);
        assert_eq!(distance("quiet", "quit"), 1);
    }
}
