//! A script that is run, without a screen, to a place where questions can be asked.
//!
//! What the script prints goes to standard error, so that standard output has nothing but the answer. It reads
//! the standard input that ouro was given.
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::arguments::Invocation;
use super::engine;
use super::questions::{Asked, Stop};
use crate::code::location;
use crate::code::object::{CodeObject, Const};
use crate::session::link::EngineHandle;
use crate::session::protocol::{
    Answer, Event, FeedLevel, MemoryEvent, Program, Query, Request, Step, StopReason, Subscription,
};

/// A script under way.
pub struct Script {
    handle: EngineHandle,
    events: Receiver<Event>,
    path: String,
    /// As the program knows it.
    file: Arc<str>,
    /// The line about to run; 0 at the end.
    line: u32,
    over: Option<i32>,
    ticket: u64,
    /// What the script prints is kept here instead, and what happens to memory.
    kept: Option<Kept>,
}

/// What a script did that nobody was shown yet.
#[derive(Debug, Default)]
pub struct Kept {
    pub output: String,
    pub events: Vec<MemoryEvent>,
}

impl Script {
    /// Starts a script and stands before its first line.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn start(invocation: &Invocation, asked: &Asked) -> Result<Script, String> {
        Script::begin(invocation, asked, None)
    }

    /// Starts a script of which everything is kept, to be taken at its end.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn start_kept(invocation: &Invocation, asked: &Asked) -> Result<Script, String> {
        Script::begin(invocation, asked, Some(Kept::default()))
    }

    fn begin(invocation: &Invocation, asked: &Asked, kept: Option<Kept>) -> Result<Script, String> {
        let (handle, events) = engine::start(invocation)?;
        let mut script = Script {
            handle,
            events,
            path: asked.path.clone(),
            file: "".into(),
            line: 0,
            over: None,
            ticket: 0,
            kept,
        };
        let feed = if script.kept.is_some() { FeedLevel::Collections } else { FeedLevel::Off };
        let nothing = Subscription { heap: None, feed, interval: std::time::Duration::from_secs(1) };
        script.send(Request::Subscribe(nothing))?;
        let program = Program::File { path: asked.path.clone(), args: asked.args.clone() };
        script.send(Request::Run { program, stepping: true })?;
        script.wait()?;
        Ok(script)
    }

    /// Runs on to a stop.
    ///
    /// # Errors
    /// A sentence for the user: there is no such line, or it was never reached.
    pub fn run_to(&mut self, stop: Stop) -> Result<(), String> {
        let Stop::Line { line, hit } = stop else {
            while self.over.is_none() {
                self.send(Request::Step(Step::Continue))?;
                self.wait()?;
            }
            return Ok(());
        };
        self.check_line(line)?;
        let mut hits = u32::from(self.over.is_none() && self.line == line);
        self.send(Request::SetBreakpoint { file: self.file.clone(), line })?;
        while hits < hit && self.over.is_none() {
            self.send(Request::Step(Step::Continue))?;
            self.wait()?;
            hits += u32::from(self.over.is_none() && self.line == line);
        }
        self.send(Request::ClearBreakpoint { file: self.file.clone(), line })?;
        match self.over {
            Some(status) if hits < hit => Err(never_reached(line, hit, hits, status)),
            _ => Ok(()),
        }
    }

    /// As [`Script::run_to`], for a line that may have been the last one stopped at: it is awaited anew.
    ///
    /// # Errors
    /// As there.
    pub fn run_on_to(&mut self, line: u32) -> Result<(), String> {
        let again = self.line == line;
        self.run_to(Stop::Line { line, hit: 1 + u32::from(again) })
    }

    /// Asks about the present moment.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn ask(&mut self, query: Query) -> Result<Answer, String> {
        self.ticket += 1;
        let ticket = self.ticket;
        self.send(Request::Ask { ticket, query })?;
        loop {
            match self.next()? {
                Event::Answer { ticket: for_whom, answer: Answer::Unknown { reason } }
                    if for_whom == ticket =>
                {
                    return Err(reason);
                }
                Event::Answer { ticket: for_whom, answer } if for_whom == ticket => return Ok(answer),
                _ => {}
            }
        }
    }

    /// Ends a script that has run to its end as scripts end: exit functions, teardown.
    pub fn finish(mut self) -> Kept {
        if self.over.is_some() && self.send(Request::Quit).is_ok() {
            while !matches!(self.next(), Ok(Event::Finished { .. }) | Err(_)) {}
        }
        self.kept.unwrap_or_default()
    }

    /// The script's exit status, once it is over.
    pub fn status(&self) -> Option<i32> {
        self.over
    }

    fn send(&self, request: Request) -> Result<(), String> {
        self.handle.send(request).map_err(|_| "the engine is gone".to_owned())
    }

    /// Waits until the script stands.
    fn wait(&mut self) -> Result<(), String> {
        loop {
            match self.next()? {
                Event::Stopped { reason: StopReason::End { code }, .. } => {
                    (self.line, self.over) = (0, Some(code));
                    return Ok(());
                }
                Event::Stopped { location, .. } => {
                    if self.file.is_empty() {
                        self.file = location.file.clone();
                    }
                    // A line of the same number elsewhere is another line.
                    self.line = if location.file == self.file { location.line } else { 0 };
                    return Ok(());
                }
                Event::Finished { code } => {
                    (self.line, self.over) = (0, Some(code));
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// The next event; what the program prints and wants to read is dealt with here.
    fn next(&mut self) -> Result<Event, String> {
        let event = self.events.recv().map_err(|_| "the engine is gone".to_owned())?;
        match &event {
            Event::Output { text, .. } if self.kept.is_some() => {
                if let Some(kept) = &mut self.kept {
                    kept.output.push_str(text);
                }
            }
            Event::Memory { events, .. } => {
                if let Some(kept) = &mut self.kept {
                    kept.events.extend(events.iter().cloned());
                }
            }
            Event::Output { text, .. } => {
                // A closed standard error is no reason to stop.
                let _ = io::stderr().lock().write_all(text.as_bytes());
            }
            Event::InputWanted => {
                let mut text = String::new();
                // What cannot be read ends the input.
                let _ = io::stdin().read_line(&mut text);
                self.send(Request::Stdin { text })?;
            }
            Event::Broken { message } => return Err(message.clone()),
            _ => {}
        }
        Ok(event)
    }

    /// Checks that the script can stop at a line.
    fn check_line(&self, line: u32) -> Result<(), String> {
        let Ok(source) = std::fs::read(&self.path) else { return Ok(()) };
        let Ok(text) = crate::syntax::decode_source(&source, &self.path, crate::syntax::Origin::Script)
        else {
            return Ok(());
        };
        let count = text.lines().count() as u32;
        if line == 0 || line > count {
            let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            return Err(format!("{} has {lines}; there is no line {line}", self.path));
        }
        let options = crate::compile::Options::default();
        let Ok(code) = crate::compile::compile(&text, &self.path, crate::syntax::Mode::Exec, options) else {
            return Ok(());
        };
        let mut stops = BTreeSet::new();
        lines_of(&code, &mut stops);
        if stops.contains(&line) {
            return Ok(());
        }
        let before = stops.range(..line).next_back();
        let after = stops.range(line..).next();
        let near: Vec<String> = before.into_iter().chain(after).map(u32::to_string).collect();
        let advice = match near.as_slice() {
            [] => String::new(),
            [one] => format!("; the nearest line with code is {one}"),
            [one, two, ..] => format!("; the nearest lines with code are {one} and {two}"),
        };
        Err(format!("line {line} of {} has no code to stop at{advice}", self.path))
    }
}

fn never_reached(line: u32, hit: u32, hits: u32, status: i32) -> String {
    let times = match hits {
        0 => format!("line {line} was never reached"),
        1 => format!("line {line} was reached once, not {hit} times"),
        hits => format!("line {line} was reached {hits} times, not {hit}"),
    };
    format!("{times}; the script ended with status {status}")
}

/// All lines that begin an instruction.
fn lines_of(code: &CodeObject, stops: &mut BTreeSet<u32>) {
    stops.extend(
        location::line_starts(&code.linetable, code.firstlineno)
            .filter_map(|(_, line)| u32::try_from(line).ok().filter(|line| *line > 0)),
    );
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            lines_of(inner, stops);
        }
    }
}
