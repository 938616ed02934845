//! The engine's side of a recorded run: leaving checkpoints, being one, and what a fork of one is to do.
use std::cell::{Cell, RefCell};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::session::link::PortEnd;
use crate::session::process::messages::{Hunt, Order, Report};
use crate::session::process::raw::{self, Fork};
use crate::session::protocol::{Back, Event, Request, Subject};
use crate::vm::outside::{self, End};
use crate::vm::wire::{from_bytes, to_bytes};
use crate::vm::{Ctx, state};

use super::stepper::Mode;

/// Least time between two checkpoints while the program runs.
const LEAST_INTERVAL: Duration = Duration::from_millis(40);
/// Checkpoints may take this part of the time: one in so many.
const SHARE: u32 = 8;
/// What a page costs that has to be copied because a checkpoint shares it.
const PAGE_COST: Duration = Duration::from_nanos(900);
/// Instructions after which a stop is worth a checkpoint of its own.
const WORTH_A_STOP: u64 = 2_000;
/// How often a journey reports how far it has come.
const TICK: u32 = 30;

/// What one engine process knows of being recorded.
pub struct Recorder {
    end: Arc<PortEnd>,
    /// A replay, on its way or standing: nothing outside is touched.
    past: Cell<bool>,
    /// Where the run itself stands, for a replay.
    horizon: Cell<u64>,
    /// The mode in which a replay is to be taken over, when it comes to the horizon inside an instruction.
    mode: RefCell<Mode>,
    /// A mode that the run is to go on in, set while it was inside an instruction.
    taken_over: RefCell<Option<Mode>>,
    searching: Cell<bool>,
    found: Cell<Option<u64>>,
    last_at: Cell<u64>,
    last_time: Cell<Instant>,
    /// Time that the last checkpoint took, with the pages copied after it.
    cost: Cell<Duration>,
    pages: Cell<u64>,
    /// Processor time of the run from its start to where this process was forked from it, in microseconds.
    spent_before: Cell<u64>,
}

impl Recorder {
    /// Begins to record the run of this process, which is about to begin.
    ///
    /// # Errors
    /// The system grants no file for the log.
    pub fn begin(cx: Ctx, end: Arc<PortEnd>) -> std::io::Result<Rc<Recorder>> {
        let recorder = Rc::new(Recorder {
            end,
            past: Cell::new(false),
            horizon: Cell::new(u64::MAX),
            mode: RefCell::new(Mode::Continue),
            taken_over: RefCell::default(),
            searching: Cell::new(false),
            found: Cell::new(None),
            last_at: Cell::new(0),
            last_time: Cell::new(Instant::now()),
            cost: Cell::new(Duration::ZERO),
            pages: Cell::new(raw::pages_copied()),
            spent_before: Cell::new(0),
        });
        let theirs = recorder.clone();
        outside::record(raw::nameless_file()?, Rc::new(move |end| theirs.cannot_go_on(end)));
        cx.vm().counting.set(true);
        cx.vm().executed.set(0);
        cx.vm().look_at.set(u64::MAX);
        Ok(recorder)
    }

    /// Whether this is a replay.
    pub fn is_past(&self) -> bool {
        self.past.get()
    }

    /// Where the run itself stands, as far as a replay knows.
    pub fn horizon(&self) -> u64 {
        self.horizon.get()
    }

    /// Tells the supervisor something. One that is gone closes the sockets, which ends this process elsewhere.
    pub fn report(&self, report: Report) {
        let _ = self.end.report(report);
    }

    /// Processor time from the start of the run to here, in microseconds.
    fn spent(&self) -> u64 {
        self.spent_before.get() + raw::processor_time()
    }

    /// Tells where this stands, before what is said about it.
    pub fn stand(&self, cx: Ctx) {
        outside::flush();
        if !self.end.is_silent() {
            let at = cx.vm().executed.get();
            self.report(Report::Standing { at, spent: self.spent(), output: self.end.output() });
        }
    }

    /// Whether it is time for a checkpoint while the program runs.
    pub fn is_due(&self) -> bool {
        if self.past.get() {
            return false;
        }
        let since = self.last_time.get().elapsed();
        if since < LEAST_INTERVAL {
            return false;
        }
        // What the last one has cost is known now: the pages that had to be copied since.
        let copied = u32::try_from(raw::pages_copied().saturating_sub(self.pages.get())).unwrap_or(u32::MAX);
        since >= (self.cost.get() + PAGE_COST.saturating_mul(copied)) * SHARE
    }

    /// Whether the program has come far enough since the last checkpoint for one where it stands.
    pub fn is_worth_a_stop(&self, cx: Ctx) -> bool {
        !self.past.get() && cx.vm().executed.get() >= self.last_at.get() + WORTH_A_STOP
    }

    /// Leaves a checkpoint here. Returns twice and more: in the process that goes on with nothing, in each fork of the
    /// checkpoint with what it is to do.
    pub fn checkpoint(&self, cx: Ctx) -> Option<Order> {
        outside::flush();
        let begun = Instant::now();
        let at = cx.vm().executed.get();
        // No socket or process to be had: there is no checkpoint here, others will do.
        let (theirs, mine) = UnixStream::pair().ok()?;
        let spent = self.spent();
        match raw::fork().ok()? {
            Fork::Parent { child } => {
                drop(mine);
                let message = Event::Report(Box::new(Report::Checkpoint { pid: child, at, spent }));
                let _ = self.end.port.send_with(&to_bytes(&message), &OwnedFd::from(theirs));
                self.last_at.set(at);
                self.cost.set(begun.elapsed());
                self.last_time.set(Instant::now());
                self.pages.set(raw::pages_copied());
                None
            }
            Fork::Child => {
                drop(theirs);
                self.spent_before.set(spent);
                Some(self.sleep(mine))
            }
        }
    }

    /// The life of a checkpoint: waits for orders, forks for each. Returns in the forks.
    fn sleep(&self, socket: UnixStream) -> Order {
        if self.end.port.replace(socket).is_err() {
            raw::exit_now(1);
        }
        raw::forget_children();
        loop {
            let Ok(message) = self.end.port.next() else { raw::exit_now(0) };
            let Some(Request::Order(order)) = from_bytes::<Request>(&message) else { continue };
            let Ok((theirs, mine)) = UnixStream::pair() else { continue };
            match raw::fork() {
                Ok(Fork::Parent { child }) => {
                    drop(mine);
                    let message = Event::Report(Box::new(Report::Worker { pid: child }));
                    let _ = self.end.port.send_with(&to_bytes(&message), &OwnedFd::from(theirs));
                }
                Ok(Fork::Child) => {
                    drop(theirs);
                    if self.end.port.replace(mine).is_err() {
                        raw::exit_now(1);
                    }
                    self.depart(&order);
                    return *order;
                }
                Err(_) => self.report(Report::Lost { message: "the system grants no process".to_owned() }),
            }
        }
    }

    /// Makes this process a replay on its way.
    fn depart(&self, order: &Order) {
        self.past.set(true);
        self.end.set_silent(true);
        self.found.set(None);
        match order {
            Order::Go { rules, .. } => {
                self.horizon.set(rules.horizon);
                self.searching.set(false);
            }
            Order::Search { rules, .. } => {
                self.horizon.set(rules.horizon);
                self.searching.set(true);
            }
            Order::TakeOver { .. } | Order::Show => {}
        }
        outside::replay();
        raw::set_timer(TICK);
    }

    /// A replay stands where it was to go: the front end sees it from now on.
    pub fn arrive(&self) {
        self.report(Report::Arrived);
        self.end.set_silent(false);
    }

    /// A search has come past a moment that it looks for.
    pub fn note_found(&self, at: u64) {
        self.found.set(Some(at));
    }

    /// A search is over.
    pub fn end_search(&self) -> ! {
        self.report(Report::Found { at: self.found.get() });
        raw::exit_now(0)
    }

    /// The mode in which the run goes on if this replay comes to the horizon.
    pub fn set_mode(&self, mode: &Mode) {
        if self.past.get() {
            self.mode.replace(mode.clone());
        }
    }

    /// A replay has come to where the run itself stands.
    pub fn hand_over(&self) -> ! {
        if self.searching.get() {
            self.end_search();
        }
        self.report(Report::Horizon { mode: self.mode.borrow().clone() });
        raw::exit_now(0)
    }

    fn cannot_go_on(&self, end: End) {
        match end {
            End::Exhausted => self.hand_over(),
            End::Differs(what) => {
                let message = format!("the replay asked for '{what}' where the run did not");
                self.report(Report::Lost { message });
                raw::exit_now(1)
            }
        }
    }

    /// Reports how far a journey has come.
    pub fn tell_progress(&self, cx: Ctx) {
        if self.end.is_silent() && self.end.report(Report::Progress { at: cx.vm().executed.get() }).is_err() {
            // Nobody waits for it any more.
            raw::exit_now(0);
        }
    }

    /// `KeyboardInterrupt` is raised from outside. Inside an answer of the outside world it is part of that.
    pub fn note_interrupt(&self, cx: Ctx, inside: bool) {
        if !self.past.get() && !outside::is_asking() {
            self.report(Report::Interrupted { at: cx.vm().executed.get(), inside });
        }
    }

    /// What a wish to go back looks for, for the supervisor. `address` finds the object that a wish is about.
    pub fn wish(&self, cx: Ctx, back: Back, depth: usize, address: impl Fn(&Subject) -> Option<u64>) {
        let hunt = match back {
            Back::Line => Hunt::Line,
            Back::Over => Hunt::Over { depth },
            Back::Out => Hunt::Out { depth },
            Back::Instruction => Hunt::Instruction,
            Back::Breakpoint => Hunt::Breakpoint,
            Back::Free => Hunt::Free,
            Back::Collection => Hunt::Collection,
            Back::CountChange(subject) => match address(&subject) {
                Some(address) => Hunt::Count { address },
                None => return self.report_unknown(),
            },
            Back::Creation(subject) => match address(&subject) {
                Some(address) => Hunt::Creation { address },
                None => return self.report_unknown(),
            },
        };
        self.report(Report::Hunt { hunt, before: cx.vm().executed.get() });
    }

    fn report_unknown(&self) {
        self.report(Report::Lost { message: "there is no such object here".to_owned() });
    }

    /// The run is to go on in this mode, once it is out of the instruction that it is inside of.
    pub fn take_over_later(&self, mode: Mode) {
        self.taken_over.replace(Some(mode));
        state::raise_signal(state::signal::REQUEST);
    }

    /// The mode that was set meanwhile.
    pub fn taken_over(&self) -> Option<Mode> {
        self.taken_over.take()
    }
}
