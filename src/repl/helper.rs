//! What the line editor asks while a line is typed.
//!
//! Completion is answered by the engine from live names and attributes without running user code; everything else
//! is worked out from the text alone.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::block::{Verdict, judge};
use super::client::Client;
use super::highlight::{builtins, highlight};
use super::style::{Painter, Role};
use crate::session::commands::{self, ArgumentKind, Place};
use crate::session::protocol::{Answer, Query};

/// How long a keystroke may wait for the engine. At a prompt it is idle and answers at once.
const PATIENCE: Duration = Duration::from_millis(300);

/// What one press of Tab inserts where nothing can be completed.
const INDENT: &str = "    ";

/// Words that completion offers when the engine knows nothing better.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// What is being typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Python, or a meta command.
    #[default]
    Code,
    /// An answer to the program's `input()`: no colours, no completion, no hints.
    Answer,
}

/// The editor's helper.
pub struct InputHelper {
    client: Rc<RefCell<Client>>,
    painter: Painter,
    typing: Cell<Typing>,
    /// Lines of the block that were entered before this one.
    earlier: RefCell<String>,
    hinter: HistoryHinter,
}

impl InputHelper {
    /// A helper that asks this client.
    pub fn new(client: Rc<RefCell<Client>>, painter: Painter) -> InputHelper {
        InputHelper {
            client,
            painter,
            typing: Cell::default(),
            earlier: RefCell::default(),
            hinter: HistoryHinter::new(),
        }
    }

    /// Says what the next line is: code that follows `earlier` lines of the same block, or an answer.
    pub fn expect(&self, typing: Typing, earlier: &str) {
        self.typing.set(typing);
        earlier.clone_into(&mut self.earlier.borrow_mut());
    }

    fn is_code(&self) -> bool {
        self.typing.get() == Typing::Code
    }

    fn ask(&self, line: &str, column: usize) -> Option<(usize, Vec<Pair>)> {
        let query = Query::Complete { line: line.to_owned(), column };
        match self.client.borrow_mut().ask(query, PATIENCE) {
            Ok(Answer::Completion(completion)) => {
                let pairs =
                    completion.candidates.into_iter().map(|candidate| pair(&candidate.text)).collect();
                Some((completion.start.min(column), pairs))
            }
            _ => None,
        }
    }

    fn complete_code(&self, line: &str, column: usize) -> (usize, Vec<Pair>) {
        let before = line.get(..column).unwrap_or("");
        if before.trim().is_empty() {
            return (column, vec![pair(INDENT)]);
        }
        match self.ask(line, column) {
            Some((start, pairs)) if !pairs.is_empty() => (start, pairs),
            _ => complete_words(before),
        }
    }

    fn complete_command(&self, line: &str, column: usize) -> (usize, Vec<Pair>) {
        let before = line.get(..column).unwrap_or("");
        let Some(colon) = before.find(':') else { return (column, Vec::new()) };
        let rest = &before[colon + 1..];
        let Some(space) = rest.find(char::is_whitespace) else {
            let names = commands::complete_name(rest, Place::Everywhere);
            return (colon + 1, names.into_iter().map(|command| pair(command.name)).collect());
        };
        let argument = rest[space..].trim_start();
        let start = column - argument.len();
        match commands::find(&rest[..space]).and_then(|command| command.arguments.first()).map(|a| a.kind) {
            Some(ArgumentKind::Expression) => match self.ask(argument, argument.len()) {
                Some((at, pairs)) => (start + at, pairs),
                None => (column, Vec::new()),
            },
            Some(ArgumentKind::Command) => {
                let names = commands::complete_name(argument.trim_start_matches(':'), Place::Everywhere);
                (start, names.into_iter().map(|command| pair(command.name)).collect())
            }
            _ => (column, Vec::new()),
        }
    }
}

fn pair(text: &str) -> Pair {
    Pair { display: text.to_owned(), replacement: text.to_owned() }
}

/// Keywords and builtins that begin with the word before the cursor; nothing after a dot or inside a number.
fn complete_words(before: &str) -> (usize, Vec<Pair>) {
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || *c == '_')
        .last()
        .map_or(before.len(), |(at, _)| at);
    let word = before.get(start..).unwrap_or("");
    let after_dot = before.get(..start).is_some_and(|head| head.trim_end().ends_with('.'));
    if word.is_empty() || after_dot || word.starts_with(|c: char| c.is_ascii_digit()) {
        return (before.len(), Vec::new());
    }
    let mut words: Vec<&str> =
        KEYWORDS.iter().chain(builtins()).copied().filter(|known| known.starts_with(word)).collect();
    words.sort_unstable();
    (start, words.into_iter().map(pair).collect())
}

impl Helper for InputHelper {}

impl Completer for InputHelper {
    type Candidate = Pair;

    fn complete(&self, text: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if !self.is_code() {
            return Ok((at, Vec::new()));
        }
        // Only the line under the cursor matters, whatever else is in the buffer.
        let line_start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1);
        let line_end =
            text.get(at..).and_then(|tail| tail.find('\n')).map_or(text.len(), |newline| at + newline);
        let line = text.get(line_start..line_end).unwrap_or("");
        let column = at - line_start;
        let (start, pairs) = if line_start == 0 && line.trim_start().starts_with(':') {
            self.complete_command(line, column)
        } else {
            self.complete_code(line, column)
        };
        Ok((line_start + start, pairs))
    }
}

impl Hinter for InputHelper {
    type Hint = String;

    fn hint(&self, line: &str, at: usize, context: &Context<'_>) -> Option<String> {
        // Without colour a hint cannot be told from what was typed.
        if !self.is_code() || !self.painter.is_on() || line.contains('\n') {
            return None;
        }
        self.hinter.hint(line, at, context).filter(|hint| !hint.contains('\n'))
    }
}

impl Highlighter for InputHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.is_code() && self.painter.is_on() {
            Cow::Owned(highlight(line, self.painter))
        } else {
            Cow::Borrowed(line)
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(self.painter.paint(Role::Hint, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        // A character can change the role of all that follows it (a quote does).
        self.is_code() && self.painter.is_on()
    }
}

impl Validator for InputHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let input = context.input();
        // A single line is always taken; if the block goes on, it does so at the next prompt. Only text of several
        // lines, pasted or recalled, is finished inside the editor.
        if !self.is_code() || !input.contains('\n') {
            return Ok(ValidationResult::Valid(None));
        }
        let earlier = self.earlier.borrow();
        Ok(match judge(&format!("{earlier}{input}")) {
            Verdict::Complete => ValidationResult::Valid(None),
            Verdict::Incomplete => ValidationResult::Incomplete,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(before: &str) -> Vec<String> {
        complete_words(before).1.into_iter().map(|pair| pair.replacement).collect()
    }

    #[test]
    fn words_are_completed_without_an_engine() {
        assert_eq!(words("pri"), ["print"]);
        assert_eq!(words("x = isin"), ["isinstance"]);
        assert_eq!(words("wh"), ["while"]);
        assert_eq!(words("x.pri"), Vec::<String>::new());
        assert_eq!(words("12"), Vec::<String>::new());
        assert_eq!(words("("), Vec::<String>::new());
        assert_eq!(complete_words("f(le").0, 2);
    }
}
