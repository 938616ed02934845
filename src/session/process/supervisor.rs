//! Between the front end and the processes of a recorded run: who is on the screen, and how to get to a moment.
//!
//! The supervisor is a thread of the front end's process. Requests go to whoever is on the screen, and its events come
//! back; wishes to go back are carried out here, by orders to checkpoints. While a journey is under way the screen keeps
//! showing where the user was; a journey that is cancelled leaves no trace.
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::checkpoints::{Checkpoint, Checkpoints};
use super::messages::{Hunt, Order, Report, Rules};
use super::port::Port;
use super::raw;
use super::transcript::Transcript;
use crate::session::engine::stepper::Mode;
use crate::session::link::{Closed, EngineHandle, Outlet, link_to};
use crate::session::protocol::{Breakpoint, Event, Moment, Request, StopReason, Subscription};
use crate::vm::wire::{from_bytes, to_bytes};

/// Messages that may wait for the supervisor.
const UNDER_WAY: usize = 256;
/// Instructions that are looked at one by one at first, when a search has no checkpoint nearby; more each time.
const FIRST_SPAN: u64 = 4_096;
/// How much longer the stretch is that is searched next.
const SPAN_GROWTH: u64 = 6;
/// A checkpoint this near is searched from directly, in instructions.
const NEAR: u64 = 30_000;
/// A journey this long, in instructions, leaves checkpoints on its way.
const LONG: u64 = 400_000;
/// Checkpoints measured anew at each stop.
const MEASURED: usize = 3;

/// What comes to the supervisor.
enum Incoming {
    Request(Request),
    Event {
        from: u64,
        event: Event,
        socket: Option<UnixStream>,
    },
    /// A process has closed its socket.
    Ended {
        from: u64,
    },
    /// The front end is gone.
    FrontGone,
}

/// A process that can be on the screen.
struct Member {
    id: u64,
    pid: i32,
    port: Arc<Port>,
    /// Instructions executed where it stands.
    at: u64,
}

/// A fork that was ordered and has not announced itself yet, or is on its way.
enum Errand {
    /// To the moment; the checkpoint that was asked, then the fork.
    Go {
        asked: u64,
        worker: Option<Member>,
        to: u64,
    },
    Search {
        asked: u64,
        worker: Option<Member>,
        from: u64,
        until: u64,
        span: u64,
        hunt: Hunt,
    },
}

struct Supervisor {
    inbox: Receiver<Incoming>,
    inbox_in: SyncSender<Incoming>,
    front: Outlet,
    next_id: u64,
    /// The run itself.
    run: Member,
    /// A replay that is on the screen instead.
    past: Option<Member>,
    checkpoints: Checkpoints,
    errand: Option<Errand>,
    /// The run stands, so that one can go back from it.
    standing: bool,
    /// Somebody new is on the screen: what it says next begins anew.
    fresh: bool,
    transcript: Transcript,
    breakpoints: Vec<Breakpoint>,
    subscription: Option<Subscription>,
    interrupts: Vec<(u64, bool)>,
    /// Nothing follows.
    over: bool,
}

/// Starts a supervisor for the run at the other end of a socket.
///
/// # Errors
/// The system grants no thread.
pub fn start(port: Port, pid: i32) -> io::Result<(EngineHandle, Receiver<Event>)> {
    let (inbox_in, inbox) = sync_channel(UNDER_WAY);
    let requests_in = inbox_in.clone();
    let (handle, requests, front, events) = link_to();
    thread::Builder::new().name("requests".to_owned()).spawn(move || {
        for request in requests {
            if requests_in.send(Incoming::Request(request)).is_err() {
                return;
            }
        }
        let _ = requests_in.send(Incoming::FrontGone);
    })?;
    let run = Member { id: 0, pid, port: Arc::new(port), at: 0 };
    let supervisor = Supervisor {
        inbox,
        inbox_in,
        front,
        next_id: 1,
        run,
        past: None,
        checkpoints: Checkpoints::default(),
        errand: None,
        standing: false,
        fresh: false,
        transcript: Transcript::default(),
        breakpoints: Vec::new(),
        subscription: None,
        interrupts: Vec::new(),
        over: false,
    };
    listen(&supervisor.run, supervisor.inbox_in.clone())?;
    thread::Builder::new().name("supervisor".to_owned()).spawn(move || supervisor.serve())?;
    Ok((handle, events))
}

/// Reads what a process says, until it ends.
fn listen(member: &Member, inbox: SyncSender<Incoming>) -> io::Result<()> {
    listen_to(member.id, member.port.clone(), inbox)
}

fn listen_to(from: u64, port: Arc<Port>, inbox: SyncSender<Incoming>) -> io::Result<()> {
    thread::Builder::new().name("listener".to_owned()).stack_size(256 * 1024).spawn(move || {
        while let Ok(message) = port.next() {
            let Some(event) = from_bytes::<Event>(&message) else { break };
            let brings = |event: &Event| {
                matches!(event, Event::Report(report)
                    if matches!(**report, Report::Checkpoint { .. } | Report::Worker { .. }))
            };
            let socket = if brings(&event) { port.take_fd().map(UnixStream::from) } else { None };
            if inbox.send(Incoming::Event { from, event, socket }).is_err() {
                return;
            }
        }
        let _ = inbox.send(Incoming::Ended { from });
    })?;
    Ok(())
}

impl Supervisor {
    fn serve(mut self) {
        while !self.over {
            let Ok(incoming) = self.inbox.recv() else { break };
            let alive = match incoming {
                Incoming::Request(request) => self.request(request),
                Incoming::Event { from, event, socket } => self.event(from, event, socket),
                Incoming::Ended { from } => self.ended(from),
                Incoming::FrontGone => Err(Closed),
            };
            if alive == Err(Closed) {
                break;
            }
        }
        // Checkpoints end when their sockets close, and so does the run, in its own order.
        if let Some(past) = &self.past {
            raw::kill(past.pid);
        }
        self.cancel();
    }

    fn tell(&self, event: Event) -> Result<(), Closed> {
        self.front.send(event)
    }

    fn notice(&self, text: &str) -> Result<(), Closed> {
        self.tell(Event::Notice { text: text.to_owned() })
    }

    /// Whoever is on the screen.
    fn shown(&self) -> &Member {
        self.past.as_ref().unwrap_or(&self.run)
    }

    /// A process that cannot be spoken to ends, and that is noticed elsewhere.
    fn send(member: &Member, request: &Request) {
        let _ = member.port.send(&to_bytes(request));
    }

    fn order(port: &Port, order: Order) {
        let _ = port.send(&to_bytes(&Request::Order(Box::new(order))));
    }

    // ------------------------------------------------------------ requests

    fn request(&mut self, request: Request) -> Result<(), Closed> {
        match request {
            Request::Subscribe(subscription) => {
                self.subscription = Some(subscription.clone());
                Self::send(self.shown(), &Request::Subscribe(subscription));
            }
            Request::Pause | Request::Interrupt if self.errand.is_some() => {
                self.cancel();
                self.fresh = true;
                Self::order(&self.shown().port, Order::Show);
                return self.notice("stayed here");
            }
            Request::Back(_) | Request::Seek { .. } | Request::Present | Request::Step(_)
                if self.errand.is_some() =>
            {
                return self.notice("on the way; ctrl-c stays here");
            }
            Request::Back(back) if self.standing => Self::send(self.shown(), &Request::Back(back)),
            Request::Seek { at } if self.standing => self.seek(at)?,
            Request::Present if self.standing => {
                if self.past.is_none() {
                    return self.notice("this is the present");
                }
                self.return_to_run(None)?;
            }
            Request::Back(_) | Request::Seek { .. } | Request::Present => {
                return self.notice("the program is running; ctrl-c stops it");
            }
            Request::Quit => {
                self.cancel();
                if let Some(past) = self.past.take() {
                    raw::kill(past.pid);
                }
                Self::send(&self.run, &Request::Quit);
            }
            Request::Step(step) => {
                if self.past.is_none() {
                    self.standing = false;
                }
                Self::send(self.shown(), &Request::Step(step));
            }
            Request::Stdin { text } => {
                if self.past.is_none() {
                    self.standing = false;
                    self.transcript.typed(&text);
                }
                Self::send(&self.run, &Request::Stdin { text });
            }
            Request::Order(_) => {}
            other => Self::send(self.shown(), &other),
        }
        Ok(())
    }

    fn rules(&self) -> Rules {
        Rules {
            horizon: self.run.at,
            breakpoints: self.breakpoints.clone(),
            subscription: self.subscription.clone(),
            interrupts: self.interrupts.clone(),
        }
    }

    /// Gives up what is under way.
    fn cancel(&mut self) {
        // A fork that announces itself later is not expected and is ended then.
        if let Some(Errand::Go { worker: Some(worker), .. } | Errand::Search { worker: Some(worker), .. }) =
            self.errand.take()
        {
            raw::kill(worker.pid);
        }
    }

    // ------------------------------------------------------------ journeys

    fn seek(&mut self, at: u64) -> Result<(), Closed> {
        if at >= self.run.at {
            return if self.past.is_some() {
                self.return_to_run(None)
            } else {
                self.notice("this is the present")
            };
        }
        let at = at.max(self.checkpoints.first().unwrap_or(0) + 1);
        self.go(at, true)
    }

    /// Moments on a long way at which checkpoints are useful: ever closer to its end.
    fn ladder(from: u64, to: u64) -> Vec<u64> {
        let mut left = to.saturating_sub(from);
        let mut moments = Vec::new();
        while left > LONG {
            left /= 3;
            moments.push(to - left);
        }
        moments
    }

    fn go(&mut self, to: u64, settle: bool) -> Result<(), Closed> {
        let rules = self.rules();
        let Some(checkpoint) = self.checkpoints.at_or_before(to) else {
            return self.lost("there is no checkpoint before that moment");
        };
        let ladder = Self::ladder(checkpoint.at, to);
        Self::order(&checkpoint.port, Order::Go { to, settle, ladder, rules });
        self.errand = Some(Errand::Go { asked: checkpoint.id, worker: None, to });
        Ok(())
    }

    /// Looks for a moment before `until`.
    fn search(&mut self, hunt: Hunt, until: u64, span: u64) -> Result<(), Closed> {
        let rules = self.rules();
        let first = self.checkpoints.first();
        // A search sees moments after the one that it begins at.
        let Some(checkpoint) = until.checked_sub(2).and_then(|last| self.checkpoints.at_or_before(last))
        else {
            return self.found(None, hunt, 0, 0, first);
        };
        let near = !hunt.is_traced() || until - checkpoint.at <= NEAR.max(span.saturating_mul(2));
        let from = if near { checkpoint.at } else { until - span };
        let mut ladder = Self::ladder(checkpoint.at, from);
        if from > checkpoint.at {
            ladder.push(from);
        }
        Self::order(&checkpoint.port, Order::Search { from, until, hunt: hunt.clone(), ladder, rules });
        self.errand = Some(Errand::Search { asked: checkpoint.id, worker: None, from, until, span, hunt });
        Ok(())
    }

    /// A search of the stretch that begins at `from` has ended.
    fn found(
        &mut self,
        at: Option<u64>,
        hunt: Hunt,
        from: u64,
        span: u64,
        first: Option<u64>,
    ) -> Result<(), Closed> {
        match at {
            Some(at) => self.go(at, false),
            None if first.is_none_or(|first| from <= first) => {
                self.errand = None;
                Self::order(&self.shown().port, Order::Show);
                self.fresh = true;
                self.notice(match hunt {
                    Hunt::Line | Hunt::Over { .. } | Hunt::Instruction => "this is the beginning",
                    Hunt::Out { .. } => "this frame was called by nobody",
                    Hunt::Breakpoint => "no line with a breakpoint was reached before",
                    Hunt::Free => "nothing was freed before",
                    Hunt::Collection => "there was no collection before",
                    Hunt::Count { .. } => "its count did not change before",
                    Hunt::Creation { .. } => "it was made before the program began",
                })
            }
            // The moment at which this stretch began was not looked at: the next one ends behind it.
            None => self.search(hunt, from + 1, span.saturating_mul(SPAN_GROWTH)),
        }
    }

    /// A journey cannot be finished.
    fn lost(&mut self, message: &str) -> Result<(), Closed> {
        self.cancel();
        self.fresh = true;
        Self::order(&self.shown().port, Order::Show);
        self.notice(message)
    }

    /// The run itself is on the screen again, and goes on if it is to.
    fn return_to_run(&mut self, mode: Option<Mode>) -> Result<(), Closed> {
        if let Some(past) = self.past.take() {
            raw::kill(past.pid);
        }
        if let Some(subscription) = self.subscription.clone() {
            Self::send(&self.run, &Request::Subscribe(subscription));
        }
        self.send_breakpoints();
        self.show_from_start(u64::MAX)?;
        match mode {
            Some(mode) => {
                self.standing = false;
                Self::order(&self.run.port, Order::TakeOver { mode });
            }
            None => Self::order(&self.run.port, Order::Show),
        }
        Ok(())
    }

    /// The run has its own breakpoints: those that were set or cleared in the past are told to it.
    fn send_breakpoints(&mut self) {
        for Breakpoint { file, line } in self.breakpoints.clone() {
            Self::send(&self.run, &Request::SetBreakpoint { file, line });
        }
    }

    /// What the front end shows is about another moment: output up to there is sent anew.
    fn show_from_start(&mut self, output: u64) -> Result<(), Closed> {
        self.tell(Event::Rewound)?;
        for event in self.transcript.until(output) {
            self.tell(event)?;
        }
        Ok(())
    }

    // ------------------------------------------------------------ events

    fn event(&mut self, from: u64, event: Event, socket: Option<UnixStream>) -> Result<(), Closed> {
        let event = match event {
            Event::Report(report) => return self.report(from, *report, socket),
            event => event,
        };
        if from == self.run.id
            && let Event::Output { stream, text } = &event
        {
            self.transcript.output(*stream, text);
        }
        if from != self.shown().id {
            return Ok(());
        }
        match &event {
            Event::Breakpoints(breakpoints) => self.breakpoints.clone_from(breakpoints),
            Event::Stopped { reason: StopReason::End { .. }, .. }
            | Event::Stopped { .. }
            | Event::InputWanted => {
                self.fresh = false;
                self.checkpoints.measure(MEASURED);
                self.checkpoints.thin_out(&[self.run.at, self.shown().at]);
                let moment = Moment {
                    at: self.shown().at,
                    present: self.run.at,
                    checkpoints: self.checkpoints.len() as u64,
                    bytes: self.checkpoints.bytes(),
                };
                self.tell(Event::Moment(moment))?;
            }
            Event::Finished { .. } | Event::Broken { .. } => self.over = true,
            _ => {}
        }
        self.tell(event)
    }

    fn report(&mut self, from: u64, report: Report, socket: Option<UnixStream>) -> Result<(), Closed> {
        match report {
            Report::Checkpoint { pid, at, spent } => {
                if let Some(port) = socket.and_then(|socket| Port::new(socket).ok()) {
                    let id = self.next_id;
                    self.next_id += 1;
                    let port = Arc::new(port);
                    if listen_to(id, port.clone(), self.inbox_in.clone()).is_err() {
                        raw::kill(pid);
                        return Ok(());
                    }
                    self.checkpoints.add(Checkpoint { id, pid, port, at, spent, bytes: 0 });
                    self.checkpoints.measure(1);
                    self.checkpoints.thin_out(&[self.run.at.max(at), self.shown().at]);
                }
                Ok(())
            }
            Report::Worker { pid } => {
                let Some(port) = socket.and_then(|socket| Port::new(socket).ok()) else { return Ok(()) };
                let member = Member { id: self.next_id, pid, port: Arc::new(port), at: 0 };
                self.next_id += 1;
                match &mut self.errand {
                    Some(Errand::Go { asked, worker, .. } | Errand::Search { asked, worker, .. })
                        if *asked == from && worker.is_none() =>
                    {
                        let listening = listen(&member, self.inbox_in.clone());
                        *worker = Some(member);
                        if listening.is_err() {
                            return self.lost("the system grants no thread");
                        }
                    }
                    // Ordered before the journey was cancelled.
                    _ => raw::kill(member.pid),
                }
                Ok(())
            }
            Report::Standing { at, output, .. } => {
                if from == self.run.id {
                    self.run.at = at;
                    self.standing = true;
                } else if let Some(past) = self.past.as_mut().filter(|past| past.id == from) {
                    past.at = at;
                }
                if self.fresh && from == self.shown().id {
                    self.fresh = false;
                    if self.past.is_some() {
                        self.show_from_start(output)?;
                    }
                }
                Ok(())
            }
            Report::Hunt { hunt, before } if from == self.shown().id => self.search(hunt, before, FIRST_SPAN),
            Report::Found { at } => match self.errand.take() {
                Some(Errand::Search { worker: Some(worker), from: start, span, hunt, .. })
                    if worker.id == from =>
                {
                    let first = self.checkpoints.first();
                    self.found(at, hunt, start, span, first)
                }
                other => {
                    self.errand = other;
                    Ok(())
                }
            },
            Report::Arrived => match self.errand.take() {
                Some(Errand::Go { worker: Some(worker), .. }) if worker.id == from => {
                    if let Some(past) = self.past.replace(worker) {
                        raw::kill(past.pid);
                    }
                    self.fresh = true;
                    Ok(())
                }
                other => {
                    self.errand = other;
                    Ok(())
                }
            },
            Report::Horizon { mode } => {
                let shown = self.past.as_ref().is_some_and(|past| past.id == from);
                if shown || self.is_worker(from) {
                    self.errand = None;
                    return self.return_to_run(shown.then_some(mode));
                }
                Ok(())
            }
            Report::Progress { at } => match &self.errand {
                Some(Errand::Go { worker: Some(worker), to, .. }) if worker.id == from => {
                    self.tell(Event::Progress { at, of: *to })
                }
                Some(Errand::Search { worker: Some(worker), until, .. }) if worker.id == from => {
                    self.tell(Event::Progress { at, of: *until })
                }
                _ => Ok(()),
            },
            Report::Interrupted { at, inside } => {
                self.interrupts.push((at, inside));
                Ok(())
            }
            Report::Lost { message } => self.lost(&message),
            Report::Hunt { .. } => Ok(()),
        }
    }

    fn is_worker(&self, id: u64) -> bool {
        match &self.errand {
            Some(Errand::Go { worker: Some(worker), .. } | Errand::Search { worker: Some(worker), .. }) => {
                worker.id == id
            }
            _ => false,
        }
    }

    fn ended(&mut self, from: u64) -> Result<(), Closed> {
        if from == self.run.id {
            self.over = true;
            return match raw::wait_for(self.run.pid) {
                Some(code) => self.tell(Event::Finished { code }),
                None => self.tell(Event::Broken { message: "the engine's process was killed".to_owned() }),
            };
        }
        self.checkpoints.lost(from);
        if self.is_worker(from) {
            return self.lost("the replay ended early; it cannot be shown");
        }
        if self.past.as_ref().is_some_and(|past| past.id == from) {
            self.return_to_run(None)?;
            return self.notice("the replay ended; this is the present");
        }
        Ok(())
    }
}
