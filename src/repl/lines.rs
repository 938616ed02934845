//! Where lines come from: an editor on a terminal, plain reading from anything else.

use std::cell::RefCell;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustyline::config::{BellStyle, ColorMode, CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Editor, Prompt};

use super::client::Client;
use super::helper::{InputHelper, Typing};
use super::style::{Painter, Role};

/// Entries kept in the history file.
const HISTORY_LENGTH: usize = 10_000;

/// One answer to a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Without its newline. Pasted text may hold several lines.
    Text(String),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or the end of the input.
    End,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Text on the same screen line that the program has written already.
    pub tail: &'a str,
    pub prompt: &'a str,
    pub typing: Typing,
    /// Earlier lines of the same block, each with its newline.
    pub earlier: &'a str,
}

/// Reads lines.
pub trait Lines {
    /// Shows the prompt and waits for a line. An error means that the terminal or pipe is gone.
    fn read(&mut self, ask: Ask<'_>) -> io::Result<Line>;

    /// Puts what was entered into the history, now: a session that ends badly loses nothing.
    fn remember(&mut self, entry: &str);

    /// Whether a person sits at the other end.
    fn is_terminal(&self) -> bool;
}

/// The editor on a terminal.
pub struct TerminalLines {
    editor: Editor<InputHelper, FileHistory>,
    history: Option<PathBuf>,
    painter: Painter,
}

/// A prompt without and with colour, of the same width.
struct Painted {
    raw: String,
    styled: String,
}

impl Prompt for Painted {
    fn raw(&self) -> &str {
        &self.raw
    }

    fn styled(&self) -> &str {
        &self.styled
    }
}

impl TerminalLines {
    /// An editor whose history lives in this file (none: it is forgotten at the end).
    pub fn new(
        client: Rc<RefCell<Client>>,
        painter: Painter,
        history: Option<PathBuf>,
    ) -> io::Result<TerminalLines> {
        let config = Config::builder()
            .max_history_size(HISTORY_LENGTH)
            .map_err(into_io)?
            .history_ignore_dups(true)
            .map_err(into_io)?
            .auto_add_history(false)
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .bell_style(BellStyle::None)
            .bracketed_paste(true)
            .tab_stop(4)
            .indent_size(4)
            .color_mode(if painter.is_on() { ColorMode::Forced } else { ColorMode::Disabled })
            .build();
        let mut editor = Editor::with_config(config).map_err(into_io)?;
        editor.set_helper(Some(InputHelper::new(client, painter)));
        let history = history.and_then(|file| usable(&file).then_some(file));
        if let Some(file) = &history {
            // A missing or unreadable history is an empty one.
            let _ = editor.load_history(file);
        }
        Ok(TerminalLines { editor, history, painter })
    }
}

/// Makes the folder of the history file; `false` when that cannot be done.
fn usable(file: &Path) -> bool {
    file.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok())
}

impl Lines for TerminalLines {
    fn read(&mut self, ask: Ask<'_>) -> io::Result<Line> {
        if let Some(helper) = self.editor.helper() {
            helper.expect(ask.typing, ask.earlier);
        }
        // The editor draws its line from the first column, so what the program left there becomes part of the prompt.
        let prompt = Painted {
            raw: format!("{}{}", ask.tail, ask.prompt),
            styled: format!("{}{}", ask.tail, self.painter.paint(Role::Prompt, ask.prompt)),
        };
        match self.editor.readline(&prompt) {
            Ok(text) => Ok(Line::Text(text)),
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
            // Typed bytes that are not UTF-8: the line is lost, the session is not.
            Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                eprintln!("that line was not valid UTF-8");
                Ok(Line::Text(String::new()))
            }
            Err(error) => Err(into_io(error)),
        }
    }

    fn remember(&mut self, entry: &str) {
        let entry = entry.trim_end();
        if entry.is_empty() || !self.editor.add_history_entry(entry).unwrap_or(false) {
            return;
        }
        if let Some(file) = &self.history {
            // A full disk must not end the session.
            let _ = self.editor.append_history(file);
        }
    }

    fn is_terminal(&self) -> bool {
        true
    }
}

fn into_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

/// Lines of a pipe or file, for `ouro -i` without a terminal. Prompts go to standard error, as in `python -i`.
#[derive(Debug)]
pub struct PipedLines<R> {
    input: R,
}

impl PipedLines<io::StdinLock<'static>> {
    /// Reads standard input.
    pub fn stdin() -> Self {
        PipedLines { input: io::stdin().lock() }
    }
}

impl<R: BufRead> PipedLines<R> {
    /// Reads any input.
    pub fn new(input: R) -> PipedLines<R> {
        PipedLines { input }
    }
}

impl<R: BufRead> Lines for PipedLines<R> {
    fn read(&mut self, ask: Ask<'_>) -> io::Result<Line> {
        if ask.typing == Typing::Code {
            let mut stderr = io::stderr();
            // Nobody may be reading prompts; that is no reason to stop.
            let _ = stderr.write_all(ask.prompt.as_bytes()).and_then(|()| stderr.flush());
        }
        let mut bytes = Vec::new();
        loop {
            match self.input.read_until(b'\n', &mut bytes) {
                Ok(0) if bytes.is_empty() => return Ok(Line::End),
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Ok(Line::Text(text))
    }

    fn remember(&mut self, _: &str) {}

    fn is_terminal(&self) -> bool {
        false
    }
}
