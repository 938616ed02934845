//! A front end that writes everything down: it steps a program from line to line and keeps what can be seen at
//! each ([`Recording`]).
use std::io::{self, Write};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::link::EngineHandle;
use super::protocol::{
    Answer, Event, FeedLevel, HeapRow, HeapView, ObjectId, Program, Query, Request, RowDelta, SortKey, Step,
    StopReason, Stream, Subscription,
};
use crate::inspect::recording::{Moment, Recording};

/// Rows of the memory panel that a moment has at most.
const ROWS: usize = 120;
/// Objects of which references are kept.
const LINKED: usize = 60;

const GONE: &str = "the engine is gone";

/// A program being recorded.
pub struct Recorder {
    handle: EngineHandle,
    events: Receiver<Event>,
    recording: Recording,
    /// What is known of the present moment so far.
    moment: Moment,
    ticket: u64,
    /// The program's exit status, once it is over.
    over: Option<i32>,
}

impl Recorder {
    /// Runs a program to its end and records its first `most` lines. What it prints is printed. Gives the recording and
    /// the program's exit status.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn record(
        handle: EngineHandle,
        events: Receiver<Event>,
        program: Program,
        most: usize,
    ) -> Result<(Recording, i32), String> {
        let mut recorder = Recorder {
            handle,
            events,
            recording: Recording::default(),
            moment: Moment::default(),
            ticket: 0,
            over: None,
        };
        let view = HeapView {
            first: 0,
            rows: ROWS,
            sort: SortKey::Name,
            descending: false,
            filter: String::new(),
            open_groups: Vec::new(),
            open_baseline: false,
            pinned: Vec::new(),
        };
        // Everything is pushed at each stop; between stops nothing is wanted.
        recorder.subscribe(Some(view), FeedLevel::UserObjects)?;
        recorder.send(Request::Run { program, stepping: true })?;
        recorder.wait()?;
        while recorder.over.is_none() {
            recorder.keep()?;
            if recorder.recording.len() >= most {
                recorder.recording.cut();
                recorder.subscribe(None, FeedLevel::Off)?;
                while recorder.over.is_none() {
                    recorder.send(Request::Step(Step::Continue))?;
                    recorder.wait()?;
                }
                break;
            }
            recorder.send(Request::Step(Step::Into))?;
            recorder.wait()?;
        }
        recorder.keep()?;
        recorder.send(Request::Quit)?;
        while !matches!(recorder.next(), Ok(Event::Finished { .. }) | Err(_)) {}
        Ok((recorder.recording, recorder.over.unwrap_or(0)))
    }

    fn subscribe(&self, heap: Option<HeapView>, feed: FeedLevel) -> Result<(), String> {
        self.send(Request::Subscribe(Subscription { heap, feed, interval: Duration::from_secs(3600) }))
    }

    fn send(&self, request: Request) -> Result<(), String> {
        self.handle.send(request).map_err(|_| GONE.to_owned())
    }

    /// Adds the present moment to the recording.
    fn keep(&mut self) -> Result<(), String> {
        if let Ok(Answer::Frames(frames)) = self.ask(Query::Frames) {
            self.moment.frames = frames;
        }
        let objects: Vec<ObjectId> = self
            .moment
            .rows
            .iter()
            .filter_map(|row| match row {
                HeapRow::Object(row) => Some(row.label.id),
                _ => None,
            })
            .take(LINKED)
            .collect();
        if let Ok(Answer::Links(links)) = self.ask(Query::Links { objects }) {
            self.moment.links = links;
        }
        if let Some(place) = self.moment.location.clone()
            && !self.recording.knows_source(&place.file)
        {
            let text = match self.ask(Query::Source { file: place.file.clone() }) {
                Ok(Answer::Source(source)) => source.lines.iter().map(|line| format!("{line}\n")).collect(),
                _ => String::new(),
            };
            self.recording.add_source(&place.file, &text);
        }
        self.recording.add(&self.moment);
        self.moment.events.clear();
        self.moment.output.clear();
        Ok(())
    }

    fn ask(&mut self, query: Query) -> Result<Answer, String> {
        self.ticket += 1;
        let ticket = self.ticket;
        self.send(Request::Ask { ticket, query })?;
        loop {
            match self.next()? {
                Event::Answer { ticket: asked, answer } if asked == ticket => return Ok(answer),
                Event::Finished { .. } => return Err(GONE.to_owned()),
                _ => {}
            }
        }
    }

    /// Waits until the program stands.
    fn wait(&mut self) -> Result<(), String> {
        loop {
            match self.next()? {
                Event::Stopped { reason, location, depth } => {
                    self.moment.location = Some(location);
                    self.moment.depth = depth;
                    if let StopReason::End { code } = reason {
                        self.moment.location = None;
                        self.over = Some(code);
                    }
                    self.moment.reason = Some(reason);
                    return Ok(());
                }
                Event::Finished { code } => {
                    self.over = Some(code);
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// The next event; what it tells of the present moment is noted.
    fn next(&mut self) -> Result<Event, String> {
        let event = self.events.recv().map_err(|_| GONE.to_owned())?;
        match &event {
            Event::Output { stream, text } => {
                // The recording has it too; a closed stream is no reason to stop.
                let _ = match stream {
                    Stream::Stdout => io::stdout().lock().write_all(text.as_bytes()),
                    Stream::Stderr => io::stderr().lock().write_all(text.as_bytes()),
                };
                self.moment.output.push((*stream, text.clone()));
            }
            Event::InputWanted => {
                let mut text = String::new();
                // What cannot be read ends the input.
                let _ = io::stdin().read_line(&mut text);
                self.send(Request::Stdin { text })?;
            }
            Event::Heap(update) => {
                let before = std::mem::take(&mut self.moment.rows);
                self.moment.rows = update
                    .rows
                    .iter()
                    .filter_map(|delta| match delta {
                        RowDelta::Row(row) => Some(row.clone()),
                        RowDelta::Same(key) => before.iter().find(|row| row.key() == *key).cloned(),
                    })
                    .collect();
                self.moment.live_objects = update.live_objects;
                self.moment.live_bytes = update.live_bytes;
            }
            Event::Gc(state) => self.moment.gc = Some(state.clone()),
            Event::Memory { events, .. } => self.moment.events.extend(events.iter().cloned()),
            Event::Broken { message } => return Err(message.clone()),
            _ => {}
        }
        Ok(event)
    }
}
