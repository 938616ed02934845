//! Between two instructions: is it time to stop? And what is asked while the program is stopped.
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::answers;
use super::desk::Desk;
use super::journey::{Journey, refuse};
use crate::inspect::origin::is_users_frame;
use crate::session::link::Closed;
use crate::session::process::messages::Order;
use crate::session::process::raw;
use crate::session::protocol::{Breakpoint, Event, Location, Request, Step, StopReason};
use crate::vm::Ctx;
use crate::vm::frame::Frame;
use crate::vm::look::{clear_signal, take_signal};
use crate::vm::observe::{Observer, Verdict};
use crate::vm::outside;
use crate::vm::state::{raise_signal, signal};
use crate::vm::wire::wire_enum;

/// How far the program runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mode {
    /// Nobody steps: the program runs at full speed.
    #[default]
    Free,
    /// To the next line, whichever frame.
    Into,
    /// To the next line at this depth or above.
    Over {
        depth: usize,
    },
    /// To the next line above this depth.
    Out {
        depth: usize,
    },
    Instruction,
    ToLine {
        file: Arc<str>,
        line: u32,
    },
    /// To a breakpoint.
    Continue,
    NextFree,
    NextCollection,
    /// At the next line, because of [`Request::Pause`].
    Pause,
    /// To where the count of the object at this address has changed; searches only.
    Count {
        address: u64,
    },
    /// To where an object was made at the address that the desk knows; searches only.
    Creation,
}

wire_enum!(Mode {
    0 => Free,
    1 => Into,
    2 => Over { depth },
    3 => Out { depth },
    4 => Instruction,
    5 => ToLine { file, line },
    6 => Continue,
    7 => NextFree,
    8 => NextCollection,
    9 => Pause,
    10 => Count { address },
    11 => Creation,
});

/// A frame on the way, and the line that it is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    frame: usize,
    line: i32,
    /// Offset of the last instruction seen: going back begins a line anew.
    offset: i32,
}

/// The observer of an engine.
pub struct Stepper {
    pub(super) desk: Rc<Desk>,
    pub(super) mode: Mode,
    pub(super) breakpoints: BTreeSet<Breakpoint>,
    /// The frames, outermost first, as far as they were entered while tracing.
    pub(super) levels: Vec<Level>,
    /// The program has been stopped at its first line.
    pub(super) begun: bool,
    /// Where a replay is going.
    pub(super) journey: Journey,
}

impl Stepper {
    /// An observer that reports to this desk.
    pub fn new(desk: Rc<Desk>) -> Stepper {
        Stepper {
            desk,
            mode: Mode::Free,
            breakpoints: BTreeSet::new(),
            levels: Vec::new(),
            begun: true,
            journey: Journey::default(),
        }
    }

    /// Stop at the first line of what is run next.
    pub fn stop_at_entry(&mut self) {
        self.mode = Mode::Into;
        self.begun = false;
        self.levels.clear();
        raise_signal(signal::TRACE);
    }

    /// Nobody steps any more.
    pub fn let_go(&mut self) {
        self.mode = Mode::Free;
        self.levels.clear();
        clear_signal(signal::TRACE);
    }

    pub(super) fn set_mode(&mut self, cx: Ctx, mode: Mode) {
        // Breakpoints need each line to be looked at; without them the program runs at full speed.
        let traced = !(mode == Mode::Free || (mode == Mode::Continue && self.breakpoints.is_empty()));
        if let Some(recorder) = self.desk.recorder() {
            recorder.set_mode(&mode);
        }
        self.mode = mode;
        self.desk.freed.borrow_mut().clear();
        self.desk.collected.set(0);
        self.set_traced(cx, traced);
    }

    /// Looks before each instruction, or only where a replay has something to do.
    pub(super) fn set_traced(&mut self, cx: Ctx, traced: bool) {
        if traced {
            raise_signal(signal::TRACE);
            // Outer loops of a counted run notice at their next instruction.
            cx.vm().look_at.set(0);
        } else {
            self.levels.clear();
            clear_signal(signal::TRACE);
            cx.vm().look_at.set(self.journey.next);
        }
    }

    /// Whether this instruction begins a line of its frame.
    pub(super) fn begins_line(&mut self, cx: Ctx, frame: &Frame, line: i32) -> bool {
        let address = std::ptr::from_ref(frame).addr();
        let offset = frame.lasti() + 2;
        // A frame that became a generator's was not left, and is on the way no more.
        if let Some(place) = self.levels.iter().rposition(|level| level.frame == address) {
            self.levels.truncate(place + 1);
        }
        match self.levels.last_mut() {
            Some(level) if level.frame == address => {
                let begins = level.line != line || offset <= level.offset;
                level.line = line;
                level.offset = offset;
                begins
            }
            _ => {
                // Tracing began inside this frame: the frames below it are on the way, too.
                self.levels.clear();
                cx.each_frame(&mut |running| {
                    self.levels.push(Level {
                        frame: std::ptr::from_ref(running).addr(),
                        line: running.line().unwrap_or(-1),
                        offset: running.lasti(),
                    });
                });
                self.levels.reverse();
                if let Some(level) = self.levels.last_mut() {
                    (level.line, level.offset) = (line, offset);
                }
                true
            }
        }
    }

    fn reason_to_stop(&mut self, file: &str, line: u32, begins: bool) -> Option<StopReason> {
        let depth = self.levels.len();
        if self.mode == Mode::Instruction {
            return Some(StopReason::Step);
        }
        if self.mode == Mode::NextFree && !self.desk.freed.borrow().is_empty() {
            return Some(StopReason::Freed(std::mem::take(&mut *self.desk.freed.borrow_mut())));
        }
        if self.mode == Mode::NextCollection
            && self.desk.collected.get() > 0
            && let Some(report) = self.desk.last.borrow().clone()
        {
            return Some(StopReason::Collected(report));
        }
        if !begins {
            return None;
        }
        if !self.begun {
            self.begun = true;
            return Some(StopReason::Entry);
        }
        let here = || Breakpoint { file: file.into(), line };
        if !self.breakpoints.is_empty() && self.breakpoints.contains(&here()) {
            return Some(StopReason::Breakpoint);
        }
        let stop = match &self.mode {
            Mode::Into => true,
            Mode::Over { depth: limit } => depth <= *limit,
            Mode::Out { depth: limit } => depth < *limit,
            Mode::ToLine { file: wanted, line: at } => *at == line && &**wanted == file,
            Mode::Pause => return Some(StopReason::Pause),
            _ => false,
        };
        stop.then_some(StopReason::Step)
    }

    /// The program stands: tell, and serve until it is to go on.
    pub(super) fn stop(&mut self, cx: Ctx, frame: &Frame, reason: StopReason, location: Location) -> Verdict {
        let depth = self.levels.len();
        let recorder = self.desk.recorder();
        if let Some(recorder) = &recorder {
            if recorder.is_worth_a_stop(cx)
                && let Some(order) = recorder.checkpoint(cx)
            {
                self.depart(cx, order);
                return self.milestone(cx, frame);
            }
            self.arrive(recorder);
        }
        let stand = |desk: &Desk| {
            desk.outbox.flush(false);
            if let Some(recorder) = &recorder {
                recorder.stand(cx);
            }
            // What changed was done by the line before.
            desk.push(cx);
            *desk.location.borrow_mut() = Some(location.clone());
            desk.send(Event::Stopped { reason: reason.clone(), location: location.clone(), depth });
        };
        stand(&self.desk);
        loop {
            let request = match self.desk.link.next() {
                Ok(request) => request,
                Err(Closed) => {
                    if recorder.as_ref().is_some_and(|recorder| recorder.is_past()) {
                        raw::exit_now(0);
                    }
                    self.desk.quit.set(true);
                    return Verdict::Quit;
                }
            };
            match request {
                Request::Step(step) => {
                    self.resume(cx, step);
                    self.desk.send(Event::Running);
                    return self.go_on(cx);
                }
                Request::Back(back) => match &recorder {
                    Some(recorder) => {
                        let address = |subject: &_| answers::address_of(cx, &self.desk, subject);
                        recorder.wish(cx, back, depth, address);
                    }
                    None => refuse(&self.desk),
                },
                Request::Order(order) => match *order {
                    Order::TakeOver { mode } => {
                        self.set_mode(cx, mode);
                        self.desk.begin_anew();
                        self.desk.send(Event::Running);
                        return Verdict::Continue;
                    }
                    _ => {
                        self.desk.begin_anew();
                        stand(&self.desk);
                    }
                },
                // What has happened is not to be changed.
                Request::Interrupt if recorder.as_ref().is_some_and(|r| r.is_past()) => {
                    clear_signal(signal::INTERRUPT);
                }
                Request::Interrupt => {
                    clear_signal(signal::INTERRUPT);
                    if let Some(recorder) = &recorder {
                        recorder.note_interrupt(cx, false);
                    }
                    self.set_mode(cx, Mode::Into);
                    self.desk.send(Event::Running);
                    return Verdict::Interrupt;
                }
                Request::Quit => {
                    self.desk.quit.set(true);
                    self.let_go();
                    return Verdict::Quit;
                }
                other => self.serve(cx, other, true),
            }
        }
    }

    fn resume(&mut self, cx: Ctx, step: Step) {
        let depth = self.levels.len();
        let mode = match step {
            Step::Into => Mode::Into,
            Step::Over => Mode::Over { depth },
            Step::Out => Mode::Out { depth },
            Step::Instruction => Mode::Instruction,
            Step::ToLine { file, line } => Mode::ToLine { file, line },
            Step::Continue => Mode::Continue,
            Step::NextFree => Mode::NextFree,
            Step::NextCollection => Mode::NextCollection,
        };
        self.set_mode(cx, mode);
    }

    /// A request that does not resume the program.
    pub fn serve(&mut self, cx: Ctx, request: Request, stopped: bool) {
        match request {
            Request::Subscribe(subscription) => {
                *self.desk.subscription.borrow_mut() = Some(subscription);
                if stopped {
                    self.desk.push(cx);
                }
            }
            Request::Ask { ticket, query } => {
                let answer = answers::answer(cx, &self.desk, query);
                self.desk.send(Event::Answer { ticket, answer });
            }
            Request::SetBreakpoint { file, line } => {
                let line = answers::line_with_code(cx, &file, line);
                self.breakpoints.insert(Breakpoint { file, line });
                self.tell_breakpoints(cx);
            }
            Request::ClearBreakpoint { file, line } => {
                self.breakpoints.remove(&Breakpoint { file, line });
                self.tell_breakpoints(cx);
            }
            Request::Stdin { text } => self.desk.stdin.borrow_mut().push_back(text),
            Request::Pause => self.set_mode(cx, Mode::Pause),
            Request::Back(_) | Request::Seek { .. } | Request::Present | Request::Lines { .. } => {
                refuse(&self.desk);
            }
            Request::Interrupt | Request::Quit | Request::Step(_) | Request::Order(_) => {}
            Request::SetWatch { .. }
            | Request::Collect { .. }
            | Request::Evaluate { .. }
            | Request::Run { .. } => {}
        }
    }

    fn tell_breakpoints(&mut self, cx: Ctx) {
        if self.mode == Mode::Continue && !self.breakpoints.is_empty() {
            self.set_traced(cx, true);
        }
        self.desk.send(Event::Breakpoints(self.breakpoints.iter().cloned().collect()));
    }
}

impl Observer for Stepper {
    fn at_instruction(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        let at = cx.vm().executed.get();
        if self.journey.passed == at {
            return Verdict::Continue;
        }
        if at >= self.journey.next {
            return self.milestone(cx, frame);
        }
        if cx.vm().counting.get() {
            self.journey.passed = at;
        }
        self.consider(cx, frame)
    }

    fn reached(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        if cx.vm().executed.get() >= self.journey.next {
            return self.milestone(cx, frame);
        }
        if !self.happened(cx, frame) && self.mode_is_untraced() {
            cx.vm().look_at.set(self.journey.next);
        }
        Verdict::Continue
    }

    fn entered(&mut self, _: Ctx, frame: &Frame) {
        self.levels.push(Level { frame: std::ptr::from_ref(frame).addr(), line: -1, offset: i32::MAX });
    }

    fn left(&mut self, _: Ctx, frame: &Frame) {
        let address = std::ptr::from_ref(frame).addr();
        if let Some(place) = self.levels.iter().rposition(|level| level.frame == address) {
            self.levels.truncate(place);
        }
    }

    fn poll(&mut self, cx: Ctx) -> Verdict {
        let recorder = self.desk.recorder();
        if let Some(recorder) = &recorder {
            if recorder.is_past() {
                recorder.tell_progress(cx);
            }
            self.desk.outbox.flush(false);
            if let Some(mode) = recorder.taken_over() {
                self.set_mode(cx, mode);
            }
            // Inside an answer of the outside world there is no going on from.
            if recorder.is_due()
                && !outside::is_asking()
                && let Some(order) = recorder.checkpoint(cx)
            {
                self.depart(cx, order);
                return Verdict::Continue;
            }
        }
        let mut interrupted = false;
        while let Ok(Some(request)) = self.desk.link.try_next() {
            match request {
                Request::Interrupt if recorder.as_ref().is_some_and(|r| r.is_past()) => {
                    clear_signal(signal::INTERRUPT);
                    self.set_mode(cx, Mode::Pause);
                }
                // The signal comes before the request; if it is gone, the interrupt has been delivered.
                Request::Interrupt => interrupted |= take_signal(signal::INTERRUPT),
                Request::Quit => self.desk.quit.set(true),
                other => self.serve(cx, other, false),
            }
        }
        self.desk.push_if_due(cx);
        if self.desk.quit.get() {
            self.let_go();
            return Verdict::Quit;
        }
        if interrupted {
            if let Some(recorder) = &recorder {
                recorder.note_interrupt(cx, true);
            }
            return Verdict::Interrupt;
        }
        Verdict::Continue
    }
}

impl Stepper {
    /// Whether to stop before this instruction; stops.
    pub(super) fn consider(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        if self.mode == Mode::Free || frame.is_incomplete() {
            return Verdict::Continue;
        }
        let Some(line) = frame.next_line() else { return Verdict::Continue };
        let begins = self.begins_line(cx, frame, line);
        if let Mode::Count { address } = self.mode {
            return self.compare_count(cx, frame, address);
        }
        if !begins && matches!(self.mode, Mode::Into | Mode::Over { .. } | Mode::Out { .. } | Mode::Continue)
        {
            return Verdict::Continue;
        }
        if !is_users_frame(cx, frame) {
            return Verdict::Continue;
        }
        let file = frame.code().filename.to_string_lossy();
        let number = u32::try_from(line).unwrap_or(0);
        match self.reason_to_stop(&file, number, begins) {
            Some(reason) => {
                if self.journey.is_search() {
                    self.note_hit(cx);
                    return Verdict::Continue;
                }
                let function = frame.code().qualname.to_string_lossy().into();
                self.stop(cx, frame, reason, Location { file: file.into(), line: number, function })
            }
            None => Verdict::Continue,
        }
    }
}

/// The line that runs now: of the innermost frame of the user's, else of the innermost.
pub fn place_of(cx: Ctx) -> Option<Location> {
    let mut place: Option<Location> = None;
    let mut found = false;
    cx.each_frame(&mut |frame| {
        if found || frame.is_incomplete() {
            return;
        }
        let file = frame.code().filename.to_string_lossy();
        found = is_users_frame(cx, frame);
        if found || place.is_none() {
            let line = frame.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
            place = Some(Location {
                file: file.into(),
                line,
                function: frame.code().qualname.to_string_lossy().into(),
            });
        }
    });
    place
}
