//! A replay on its way: to a moment where it is to stand, or over a stretch in which it looks for one.
use super::desk::Desk;
use super::recorder::Recorder;
use super::stepper::{Mode, Stepper};
use crate::inspect::origin::is_users_frame;
use crate::memory::events::set_sink;
use crate::memory::look::stand_still;
use crate::session::process::messages::{Hunt, Order, Rules};
use crate::session::protocol::{Event, Location, StopReason};
use crate::vm::Ctx;
use crate::vm::frame::Frame;
use crate::vm::observe::Verdict;
use crate::vm::state::{raise_signal, signal};

/// What a replay is to do next.
#[derive(Clone, Debug, Default, PartialEq)]
enum Goal {
    /// It stands, or goes forward as the user asks.
    #[default]
    None,
    /// To stand at a moment, or at the first line of the user's from there on.
    Go { to: u64, settle: bool },
    /// To look for the last moment after `from` and before `until`.
    Search { from: u64, until: u64, hunt: Hunt, begun: bool },
}

/// The state of a replay on its way. Empty in the run itself.
#[derive(Debug)]
pub struct Journey {
    goal: Goal,
    /// Moments at which to leave a checkpoint, descending.
    ladder: Vec<u64>,
    /// Interrupts that came from outside, descending: before which instruction, and whether inside it.
    interrupts: Vec<(u64, bool)>,
    /// The next moment at which there is something to do.
    pub(super) next: u64,
    /// The last moment that was looked at: changing from one loop to the other is not another moment.
    pub(super) passed: u64,
    /// Count of the object that is watched, when last seen in code of the user's.
    count: Option<u64>,
}

impl Default for Journey {
    fn default() -> Journey {
        Journey {
            goal: Goal::None,
            ladder: Vec::new(),
            interrupts: Vec::new(),
            next: u64::MAX,
            passed: u64::MAX,
            count: None,
        }
    }
}

impl Journey {
    /// Whether it looks for something and stands nowhere.
    pub fn is_search(&self) -> bool {
        matches!(self.goal, Goal::Search { .. })
    }
}

/// Says that this run cannot go back.
pub fn refuse(desk: &Desk) {
    desk.send(Event::Notice { text: "going back is for programs run by 'ouro step'".to_owned() });
}

/// The moment, as instructions executed, before whose instruction an interrupt is brought about.
fn head_of((at, inside): (u64, bool)) -> u64 {
    if inside { at.saturating_sub(1) } else { at }
}

impl Stepper {
    /// Takes an order: from here on this process is a replay.
    pub(super) fn depart(&mut self, cx: Ctx, order: Order) {
        let at = cx.vm().executed.get();
        let (goal, mut ladder, rules) = match order {
            Order::Go { to, settle, ladder, rules } => (Goal::Go { to, settle }, ladder, rules),
            Order::Search { from, until, hunt, ladder, rules } => {
                (Goal::Search { from, until, hunt, begun: false }, ladder, rules)
            }
            Order::TakeOver { .. } | Order::Show => return,
        };
        ladder.retain(|moment| *moment > at);
        ladder.sort_unstable_by(|a, b| b.cmp(a));
        let Rules { breakpoints, subscription, mut interrupts, .. } = rules;
        interrupts.retain(|interrupt| head_of(*interrupt) >= at);
        interrupts.sort_unstable_by(|a, b| b.cmp(a));
        self.breakpoints = breakpoints.into_iter().collect();
        *self.desk.subscription.borrow_mut() = subscription;
        self.begun = true;
        self.journey = Journey { goal, ladder, interrupts, next: at, passed: u64::MAX, count: None };
        self.mode = Mode::Free;
        self.desk.begin_anew();
        self.set_traced(cx, false);
    }

    /// Whether only numbers and events of memory are waited for.
    pub(super) fn mode_is_untraced(&self) -> bool {
        match &self.journey.goal {
            Goal::Search { hunt, .. } => !hunt.is_traced(),
            _ => self.mode == Mode::Free || (self.mode == Mode::Continue && self.breakpoints.is_empty()),
        }
    }

    /// A replay has come to a moment at which there is something to do.
    pub(super) fn milestone(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        let at = cx.vm().executed.get();
        let Some(recorder) = self.desk.recorder() else {
            self.journey.next = u64::MAX;
            return Verdict::Continue;
        };
        self.journey.passed = at;
        while let Some(moment) = self.journey.ladder.pop_if(|moment| *moment <= at) {
            if moment == at
                && let Some(order) = recorder.checkpoint(cx)
            {
                self.depart(cx, order);
            }
        }
        match self.journey.goal.clone() {
            Goal::Go { to, settle } if at >= to => {
                self.journey.goal = Goal::None;
                self.levels.clear();
                if settle {
                    self.set_mode(cx, Mode::Into);
                } else {
                    return self.stand_here(cx, frame);
                }
            }
            Goal::Search { until, .. } if at >= until => recorder.end_search(),
            Goal::Search { from, until, hunt, begun: false } if at >= from => {
                self.begin_search(cx, &hunt);
                self.journey.goal = Goal::Search { from, until, hunt, begun: true };
            }
            Goal::None | Goal::Go { .. } | Goal::Search { .. } => {}
        }
        self.set_next(&recorder, at);
        if !self.is_traced_now() {
            cx.vm().look_at.set(self.journey.next);
        }
        let verdict = self.consider(cx, frame);
        if verdict != Verdict::Continue { verdict } else { self.go_on(cx) }
    }

    fn is_traced_now(&self) -> bool {
        !self.mode_is_untraced()
            && !matches!(self.journey.goal, Goal::Go { .. } | Goal::Search { begun: false, .. })
    }

    /// The next moment after this one at which there is something to do.
    fn set_next(&mut self, recorder: &Recorder, at: u64) {
        let journey = &self.journey;
        let goal = match journey.goal {
            Goal::None => recorder.horizon(),
            Goal::Go { to, .. } => to,
            Goal::Search { from, begun: false, .. } => from,
            Goal::Search { until, .. } => until,
        };
        let ladder = journey.ladder.last().copied().unwrap_or(u64::MAX);
        let interrupt = journey.interrupts.last().map_or(u64::MAX, |interrupt| head_of(*interrupt));
        self.journey.next = goal.max(at + 1).min(ladder).min(interrupt.max(at + 1));
        // What is due now is done before this instruction runs, see `go_on`.
        if journey_is_due(&self.journey, recorder, at) {
            self.journey.next = at;
        }
    }

    /// Leaves the place where the program stands or passes: what comes from outside here comes again, and at the place
    /// where the run itself stands this replay ends.
    pub(super) fn go_on(&mut self, cx: Ctx) -> Verdict {
        let Some(recorder) = self.desk.recorder().filter(|recorder| recorder.is_past()) else {
            return Verdict::Continue;
        };
        let at = cx.vm().executed.get();
        if self.journey.goal == Goal::None && at >= recorder.horizon() {
            recorder.hand_over();
        }
        let due = self.journey.interrupts.pop_if(|interrupt| head_of(*interrupt) <= at);
        self.set_next(&recorder, at);
        if !self.is_traced_now() {
            cx.vm().look_at.set(self.journey.next);
        }
        match due {
            Some((_, true)) => {
                raise_signal(signal::INTERRUPT);
                Verdict::Continue
            }
            Some((_, false)) => Verdict::Interrupt,
            None => Verdict::Continue,
        }
    }

    /// Stands before this instruction.
    fn stand_here(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        let line = frame.next_line().unwrap_or(0);
        self.begins_line(cx, frame, line);
        let location = Location {
            file: frame.code().filename.to_string_lossy().into(),
            line: u32::try_from(line).unwrap_or(0),
            function: frame.code().qualname.to_string_lossy().into(),
        };
        if let Some(recorder) = self.desk.recorder() {
            let at = cx.vm().executed.get();
            self.set_next(&recorder, at);
        }
        self.stop(cx, frame, StopReason::Step, location)
    }

    /// A replay that stands is seen from now on.
    pub(super) fn arrive(&mut self, recorder: &Recorder) {
        if self.desk.link.port().is_some_and(|end| end.is_silent()) {
            self.desk.outbox.flush(false);
            self.desk.begin_anew();
            recorder.arrive();
        }
    }

    fn begin_search(&mut self, cx: Ctx, hunt: &Hunt) {
        let mode = match hunt {
            Hunt::Line => Mode::Into,
            Hunt::Over { depth } => Mode::Over { depth: *depth },
            Hunt::Out { depth } => Mode::Out { depth: *depth },
            Hunt::Instruction => Mode::Instruction,
            Hunt::Breakpoint => Mode::Continue,
            Hunt::Free => Mode::NextFree,
            Hunt::Collection => Mode::NextCollection,
            Hunt::Count { address } => Mode::Count { address: *address },
            Hunt::Creation { address } => {
                // The sink is asked anew what it wants to hear of.
                let sink = set_sink(None);
                self.desk.hunted.set(usize::try_from(*address).unwrap_or(0));
                set_sink(sink);
                Mode::Creation
            }
        };
        if let Mode::Count { address } = mode {
            self.journey.count = count_at(address);
        }
        self.levels.clear();
        self.set_mode(cx, mode);
        self.set_traced(cx, hunt.is_traced());
    }

    /// A search has come past something that it looks for.
    pub(super) fn note_hit(&mut self, cx: Ctx) {
        let at = cx.vm().executed.get();
        if let (Goal::Search { from, .. }, Some(recorder)) = (&self.journey.goal, self.desk.recorder())
            && at > *from
        {
            recorder.note_found(at);
        }
        self.desk.freed.borrow_mut().clear();
        self.desk.collected.set(0);
        self.desk.was_made.set(false);
    }

    /// Whether an event of memory that is looked for has happened and was not seen in code of the user's yet.
    pub(super) fn happened(&mut self, cx: Ctx, frame: &Frame) -> bool {
        let Goal::Search { hunt, begun: true, .. } = &self.journey.goal else { return false };
        let happened = match hunt {
            Hunt::Free => !self.desk.freed.borrow().is_empty(),
            Hunt::Collection => self.desk.collected.get() > 0,
            Hunt::Creation { .. } => self.desk.was_made.get(),
            _ => false,
        };
        if happened && !frame.is_incomplete() && frame.next_line().is_some() && is_users_frame(cx, frame) {
            self.note_hit(cx);
            return false;
        }
        happened
    }

    /// Whether the count that is watched has changed, seen from code of the user's.
    pub(super) fn compare_count(&mut self, cx: Ctx, frame: &Frame, address: u64) -> Verdict {
        let now = count_at(address);
        if now != self.journey.count && is_users_frame(cx, frame) {
            self.journey.count = now;
            self.note_hit(cx);
        }
        Verdict::Continue
    }
}

/// Whether something is due before the instruction at hand runs.
fn journey_is_due(journey: &Journey, recorder: &Recorder, at: u64) -> bool {
    let interrupt = journey.interrupts.last().is_some_and(|interrupt| head_of(*interrupt) <= at);
    interrupt || (journey.goal == Goal::None && at >= recorder.horizon())
}

/// The reference count of the object at an address, if one lives there.
fn count_at(address: u64) -> Option<u64> {
    let address = usize::try_from(address).ok()?;
    stand_still(|still| still.at(address).map(|object| object.refcount() as u64))
}
