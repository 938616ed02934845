//! The loop of line mode: prompt, read, evaluate, print, until the session ends.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;

use owo_colors::Stream as Output;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::block::{Verdict, judge, split};
use super::client::Client;
use super::commands::{Outcome, carry_out};
use super::helper::Typing;
use super::lines::{Ask, Line, Lines, PipedLines, TerminalLines};
use super::style::{ColorChoice, Painter, Role};
use crate::session::commands::{self, Place};
use crate::session::link::{Closed, EngineHandle};
use crate::session::protocol::{Event, Request, Stream};

/// Exit status when the engine broke one of its own invariants.
const BROKEN: i32 = 70;

/// How line mode looks and what it keeps.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub color: ColorChoice,
    /// Do not print the banner.
    pub quiet: bool,
    /// Where history is kept; `None`: nowhere.
    pub history: Option<PathBuf>,
    /// Whether lines are edited on a terminal; else they are read from standard input as they come.
    pub terminal: bool,
    /// What `:era` says: `Python 3.11`.
    pub era: String,
}

/// How a session in line mode ended before its program did.
enum Ended {
    /// The engine is gone.
    Closed,
    /// The terminal or pipe is gone, and nobody is left to be told more.
    Terminal,
}

impl From<Closed> for Ended {
    fn from(_: Closed) -> Ended {
        Ended::Closed
    }
}

impl From<io::Error> for Ended {
    fn from(_: io::Error) -> Ended {
        Ended::Terminal
    }
}

/// What the engine is waiting for.
enum Next {
    Prompt { text: String, more: bool },
    Finished { code: i32 },
}

/// Line mode on one session.
pub struct LineMode {
    client: Rc<RefCell<Client>>,
    lines: Box<dyn Lines>,
    painter: Painter,
    settings: Settings,
    /// What the program wrote since its last newline: it stands on the line where the prompt goes.
    tail: String,
    /// Ctrl-C came while code ran: the rest of a pasted text is not evaluated.
    interrupted: Arc<AtomicBool>,
}

impl LineMode {
    /// Takes the front end's half of a session. An error means that the terminal cannot be used.
    pub fn new(handle: EngineHandle, events: Receiver<Event>, settings: Settings) -> io::Result<LineMode> {
        let painter = Painter::new(settings.terminal && settings.color.is_on(Output::Stdout));
        let client = Rc::new(RefCell::new(Client::new(handle, events)));
        let lines: Box<dyn Lines> = if settings.terminal {
            Box::new(TerminalLines::new(client.clone(), painter, settings.history.clone())?)
        } else {
            Box::new(PipedLines::stdin())
        };
        Ok(LineMode::with_lines(client, lines, painter, settings))
    }

    fn with_lines(
        client: Rc<RefCell<Client>>,
        lines: Box<dyn Lines>,
        painter: Painter,
        settings: Settings,
    ) -> LineMode {
        let interrupted = Arc::new(AtomicBool::new(false));
        LineMode { client, lines, painter, settings, tail: String::new(), interrupted }
    }

    /// Runs until the session ends; the exit status of the process.
    pub fn run(mut self) -> i32 {
        // Without the watcher Ctrl-C ends the process, which is still better than no session at all.
        let _ =
            watch_signals(self.client.borrow().handle(), self.interrupted.clone(), self.settings.terminal);
        match self.converse() {
            Ok(code) => code,
            Err(Ended::Closed) => {
                self.complain("the engine stopped without a word; this is a bug in ouro");
                BROKEN
            }
            Err(Ended::Terminal) => 1,
        }
    }

    fn converse(&mut self) -> Result<i32, Ended> {
        let mut next = self.settle()?;
        loop {
            let (prompt, more) = match next {
                Next::Prompt { text, more } => (text, more),
                Next::Finished { code } => return Ok(code),
            };
            next = if more { self.go_on(prompt)? } else { self.turn(prompt)? };
        }
    }

    /// One turn: reads a block or a command and has it carried out.
    fn turn(&mut self, prompt: String) -> Result<Next, Ended> {
        let mut block = String::new();
        loop {
            let shown = if block.is_empty() { prompt.as_str() } else { "... " };
            let line = self.read(shown, Typing::Code, &block)?;
            let text = match line {
                Line::Text(text) => text,
                Line::Interrupted => {
                    self.complain("KeyboardInterrupt");
                    return Ok(Next::Prompt { text: prompt, more: false });
                }
                Line::End => {
                    if !self.lines.is_terminal() {
                        // The prompt stays on a line of its own; on a terminal the editor has seen to that.
                        self.complain("");
                    }
                    // The end of the input also ends a block.
                    return if block.is_empty() { self.quit() } else { self.evaluate(&block, prompt) };
                }
            };
            if block.is_empty()
                && let Some(parsed) = commands::parse(&text, Place::Everywhere)
            {
                self.lines.remember(&text);
                match parsed {
                    Ok(invocation) => {
                        let outcome = carry_out(
                            &invocation,
                            &mut self.client.borrow_mut(),
                            &self.settings.era,
                            self.painter,
                        );
                        match outcome {
                            Outcome::Quit => return self.quit(),
                            Outcome::Text(text) => self.print(&text)?,
                        }
                    }
                    Err(error) => {
                        let message = self.painter.paint(Role::Error, &error.to_string());
                        self.print(&(message + "\n"))?;
                    }
                }
                return Ok(Next::Prompt { text: prompt, more: false });
            }
            block.push_str(&text);
            if judge(&block) == Verdict::Complete {
                return self.evaluate(&block, prompt);
            }
            block.push('\n');
        }
    }

    /// The engine wants more lines of a block than [`judge`] did.
    fn go_on(&mut self, prompt: String) -> Result<Next, Ended> {
        match self.read(&prompt, Typing::Code, "")? {
            Line::Text(text) => {
                self.client.borrow().send(Request::Evaluate { source: text + "\n" })?;
            }
            Line::Interrupted => {
                self.complain("KeyboardInterrupt");
                self.client.borrow().handle().interrupt()?;
            }
            Line::End => return self.quit(),
        }
        self.settle()
    }

    fn evaluate(&mut self, block: &str, prompt: String) -> Result<Next, Ended> {
        self.lines.remember(block);
        let mut next = Next::Prompt { text: prompt, more: false };
        self.interrupted.store(false, Ordering::Relaxed);
        for source in split(block) {
            self.client.borrow().send(Request::Evaluate { source })?;
            next = self.settle()?;
            let stop = matches!(next, Next::Finished { .. } | Next::Prompt { more: true, .. });
            if stop || self.interrupted.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(next)
    }

    fn quit(&mut self) -> Result<Next, Ended> {
        self.client.borrow().send(Request::Quit)?;
        loop {
            // A program that asks for input while it ends gets none.
            match self.settle()? {
                Next::Finished { code } => return Ok(Next::Finished { code }),
                Next::Prompt { .. } => {}
            }
        }
    }

    /// Passes on what the engine says until it waits for input or is done.
    fn settle(&mut self) -> Result<Next, Ended> {
        loop {
            let event = self.client.borrow_mut().next_event()?;
            match event {
                Event::Started { banner } if !self.settings.quiet && !banner.is_empty() => {
                    self.print_on(Stream::Stderr, &(banner.trim_end().to_owned() + "\n"))?;
                }
                Event::Output { stream, text } => self.print_on(stream, &text)?,
                Event::InputWanted => self.answer()?,
                Event::Prompt { text, more } => return Ok(Next::Prompt { text, more }),
                Event::Finished { code } => return Ok(Next::Finished { code }),
                Event::Broken { message } => {
                    self.complain(&format!("ouro broke: {message}"));
                    return Ok(Next::Finished { code: BROKEN });
                }
                _ => {}
            }
        }
    }

    /// Reads a line for the program's `input()`.
    fn answer(&mut self) -> Result<(), Ended> {
        let request = match self.read("", Typing::Answer, "")? {
            Line::Text(text) => Request::Stdin { text: text + "\n" },
            Line::End => Request::Stdin { text: String::new() },
            Line::Interrupted => {
                self.client.borrow().handle().interrupt()?;
                return Ok(());
            }
        };
        self.client.borrow().send(request)?;
        Ok(())
    }

    fn read(&mut self, prompt: &str, typing: Typing, earlier: &str) -> Result<Line, Ended> {
        let tail = std::mem::take(&mut self.tail);
        // Escape sequences have no width the editor could know; such a tail keeps its line to itself.
        let keep = !tail.chars().any(char::is_control);
        if !keep && self.lines.is_terminal() {
            self.print("\n")?;
            self.tail.clear();
        }
        let tail = if keep { tail.as_str() } else { "" };
        Ok(self.lines.read(Ask { tail, prompt, typing, earlier })?)
    }

    fn print(&mut self, text: &str) -> Result<(), Ended> {
        self.print_on(Stream::Stdout, text)
    }

    fn print_on(&mut self, stream: Stream, text: &str) -> Result<(), Ended> {
        match stream {
            Stream::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(text.as_bytes())?;
                stdout.flush()?;
            }
            Stream::Stderr => {
                let mut stderr = io::stderr().lock();
                stderr.write_all(text.as_bytes())?;
                stderr.flush()?;
            }
        }
        match text.rsplit_once('\n') {
            Some((_, last)) => last.clone_into(&mut self.tail),
            None => self.tail.push_str(text),
        }
        Ok(())
    }

    /// Says something of ours on standard error; if nobody can hear it, nothing is lost.
    fn complain(&mut self, message: &str) {
        let _ = self.print_on(Stream::Stderr, &format!("{message}\n"));
    }
}

/// Turns SIGINT into an interrupt of the running code, and gives the terminal back before SIGTERM or SIGHUP
/// end the process.
fn watch_signals(engine: EngineHandle, interrupted: Arc<AtomicBool>, terminal: bool) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            if signal == SIGINT {
                interrupted.store(true, Ordering::Relaxed);
                if engine.interrupt().is_err() {
                    return;
                }
                continue;
            }
            if terminal {
                // The editor's thread sits in a read and cannot tidy up; `stty` can.
                print!("\x1b[?2004l\r\n");
                let _ = io::stdout().flush();
                let _ = std::process::Command::new("stty").arg("sane").status();
            }
            std::process::exit(128 + signal);
        }
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::link::{FrontLink, link};
    use std::collections::VecDeque;
    use std::sync::Mutex;

    /// Lines typed beforehand; prompts are noted.
    struct Script {
        lines: VecDeque<Line>,
        prompts: Arc<Mutex<Vec<String>>>,
    }

    impl Lines for Script {
        fn read(&mut self, ask: Ask<'_>) -> io::Result<Line> {
            self.prompts.lock().unwrap().push(format!("{}{}", ask.tail, ask.prompt));
            Ok(self.lines.pop_front().unwrap_or(Line::End))
        }

        fn remember(&mut self, _: &str) {}

        fn is_terminal(&self) -> bool {
            true
        }
    }

    /// An engine that notes what it evaluates, asks for input on `input`, and leaves a partial line on `tail`.
    fn engine(front: FrontLink) -> Vec<String> {
        let prompt = || Event::Prompt { text: ">>> ".into(), more: false };
        let mut seen = Vec::new();
        front.send(prompt()).unwrap();
        while let Ok(request) = front.next() {
            match request {
                Request::Evaluate { source } => {
                    if source.starts_with("tail") {
                        front.send(Event::Output { stream: Stream::Stdout, text: "abc".into() }).unwrap();
                    }
                    if source.starts_with("input") {
                        front.send(Event::InputWanted).unwrap();
                        let Ok(Request::Stdin { text }) = front.next() else { panic!("an answer comes") };
                        seen.push(format!("stdin {text:?}"));
                    }
                    seen.push(source);
                    front.send(prompt()).unwrap();
                }
                Request::Quit => {
                    front.send(Event::Finished { code: 3 }).unwrap();
                    return seen;
                }
                _ => {}
            }
        }
        seen
    }

    fn session(lines: &[&str]) -> (i32, Vec<String>, Vec<String>) {
        let (handle, events, front) = link(|_| {});
        let engine = thread::spawn(move || engine(front));
        let client = Rc::new(RefCell::new(Client::new(handle, events)));
        let prompts = Arc::new(Mutex::new(Vec::new()));
        let lines = lines
            .iter()
            .map(|line| if *line == "^C" { Line::Interrupted } else { Line::Text((*line).to_owned()) })
            .collect();
        let script = Script { lines, prompts: prompts.clone() };
        let mut mode =
            LineMode::with_lines(client, Box::new(script), Painter::new(false), Settings::default());
        let code = mode.converse().unwrap_or(-1);
        let seen = engine.join().unwrap();
        let prompts = prompts.lock().unwrap().clone();
        (code, seen, prompts)
    }

    #[test]
    fn blocks_are_read_to_their_end() {
        let (code, seen, prompts) = session(&["x = 1", "def f():", "    pass", "", "f()"]);
        assert_eq!(code, 3);
        assert_eq!(seen, ["x = 1\n", "def f():\n    pass\n\n", "f()\n"]);
        assert_eq!(prompts, [">>> ", ">>> ", "... ", "... ", ">>> ", ">>> "]);
    }

    #[test]
    fn pasted_text_is_evaluated_statement_by_statement() {
        let (_, seen, _) = session(&["a = 1\nfor i in a:\n    b\nc"]);
        assert_eq!(seen, ["a = 1\n", "for i in a:\n    b\n\n", "c\n"]);
    }

    #[test]
    fn interrupting_drops_the_block() {
        let (_, seen, prompts) = session(&["if x:", "^C", "y"]);
        assert_eq!(seen, ["y\n"]);
        assert_eq!(prompts, [">>> ", "... ", ">>> ", ">>> "]);
    }

    #[test]
    fn input_and_partial_lines_share_the_prompt_line() {
        let (_, seen, prompts) = session(&["input()", "answer", "tail", ":gibberish", ":quit"]);
        assert_eq!(seen, ["stdin \"answer\\n\"", "input()\n", "tail\n"]);
        assert_eq!(prompts, [">>> ", "", ">>> ", "abc>>> ", ">>> "]);
    }
}
