//! What the engine thread keeps for its front end: the wire, the subscription, what was sent, what is to be told.
//!
//! The desk is shared by the main loop, the observer between instructions, the sink of memory events and the
//! console of the standard streams, all on the engine thread. Nothing here makes a Python object or keeps one.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::answers;
use super::outbox::Outbox;
use super::recorder::Recorder;
use crate::inspect::births::Births;
use crate::inspect::numbers::Numbers;
use crate::inspect::origin::Origin;
use crate::inspect::snapshot::Snapshot;
use crate::inspect::window::Window;
use crate::memory::events::ask_interests;
use crate::memory::look::stand_still;
use crate::session::link::{Closed, FrontLink};
use crate::session::protocol::{
    CollectionReport, Event, FeedLevel, GcState, Gone, Location, MemoryEvent, MemoryEventKind, ObjectLabel,
    Subscription,
};
use crate::vm::Ctx;

/// Memory events kept between two pushes; more are only counted.
const MAX_EVENTS: usize = 200;
/// A push may take this part of the time that passes: one in so many.
const PUSH_SHARE: u32 = 50;

/// The desk.
pub struct Desk {
    pub link: FrontLink,
    /// What the program wrote.
    pub outbox: Arc<Outbox>,
    pub subscription: RefCell<Option<Subscription>>,
    pub numbers: RefCell<Numbers>,
    pub origin: RefCell<Origin>,
    pub window: RefCell<Window>,
    /// Which line made what.
    pub births: RefCell<Births>,
    /// Births of all objects are noted, not only those of instances of classes: it costs a program that makes many
    /// objects a third of its speed, so somebody must have asked.
    pub notes_all_births: Cell<bool>,
    /// The heap when the last mark was set.
    pub marked: RefCell<Option<Snapshot>>,
    /// Line being run, as far as is known, for events.
    pub location: RefCell<Option<Location>>,
    /// What `gc.collect()` and the collector reported last.
    pub last: RefCell<Option<CollectionReport>>,
    pub last_explicit: RefCell<Option<CollectionReport>>,
    /// Labels of objects freed since the last stop.
    pub freed: RefCell<Vec<ObjectLabel>>,
    /// Collections since the last stop.
    pub collected: Cell<u64>,
    /// Lines for `sys.stdin` that came before they were asked for.
    pub stdin: RefCell<VecDeque<String>>,
    /// What this process knows of being recorded.
    pub recorder: RefCell<Option<Rc<Recorder>>>,
    /// Address of an object whose making is looked for, or 0; and whether an object was made there.
    pub hunted: Cell<usize>,
    pub was_made: Cell<bool>,
    /// The front end wants to leave, or is gone.
    pub quit: Cell<bool>,
    events: RefCell<Vec<MemoryEvent>>,
    skipped: Cell<u64>,
    sequence: Cell<u64>,
    gone: RefCell<Vec<Gone>>,
    gc_sent: RefCell<Option<Arc<GcState>>>,
    last_push: Cell<Option<Instant>>,
    push_cost: Cell<Duration>,
}

impl Desk {
    /// From now on the place where an object is made is known for each.
    pub fn note_all_births(&self) {
        self.notes_all_births.set(true);
        ask_interests();
    }

    /// A desk at this end of a wire.
    pub fn new(link: FrontLink) -> Rc<Desk> {
        let outbox = Arc::new(Outbox::new(link.events()));
        Rc::new(Desk {
            link,
            subscription: RefCell::default(),
            numbers: RefCell::default(),
            origin: RefCell::default(),
            window: RefCell::default(),
            births: RefCell::default(),
            notes_all_births: Cell::new(false),
            marked: RefCell::default(),
            location: RefCell::default(),
            last: RefCell::default(),
            last_explicit: RefCell::default(),
            freed: RefCell::default(),
            collected: Cell::new(0),
            stdin: RefCell::default(),
            recorder: RefCell::default(),
            hunted: Cell::new(0),
            was_made: Cell::new(false),
            quit: Cell::new(false),
            events: RefCell::default(),
            skipped: Cell::new(0),
            sequence: Cell::new(0),
            gone: RefCell::default(),
            outbox,
            gc_sent: RefCell::default(),
            last_push: Cell::new(None),
            push_cost: Cell::new(Duration::ZERO),
        })
    }

    /// What this process knows of being recorded, if it is.
    pub fn recorder(&self) -> Option<Rc<Recorder>> {
        self.recorder.borrow().clone()
    }

    /// The front end knows nothing of what was sent so far: the next push is complete.
    pub fn begin_anew(&self) {
        self.window.borrow_mut().forget_sent();
        *self.gc_sent.borrow_mut() = None;
        self.gone.borrow_mut().clear();
        self.events.borrow_mut().clear();
        self.skipped.set(0);
    }

    /// Sends an event; when the front end is gone, so is the reason to go on.
    pub fn send(&self, event: Event) {
        // What was printed before comes before.
        self.outbox.flush(false);
        if self.link.send(event) == Err(Closed) {
            self.quit.set(true);
        }
    }

    /// How much the front end wants to hear of memory.
    pub fn level(&self) -> FeedLevel {
        self.subscription.borrow().as_ref().map_or(FeedLevel::Off, |s| s.feed)
    }

    /// Whether there is room for another event before the next push; if not, it is counted.
    pub fn has_room(&self) -> bool {
        if self.events.borrow().len() < MAX_EVENTS {
            return true;
        }
        self.skipped.set(self.skipped.get() + 1);
        self.sequence.set(self.sequence.get() + 1);
        false
    }

    /// Notes an event for the next push.
    pub fn note(&self, kind: MemoryEventKind, location: Option<Location>) {
        let sequence = self.sequence.get() + 1;
        self.sequence.set(sequence);
        self.events.borrow_mut().push(MemoryEvent { sequence, location, kind });
    }

    /// An object that has a number is no more.
    pub fn note_freed(&self, object: ObjectLabel, location: Option<Location>) {
        let mut gone = self.gone.borrow_mut();
        if gone.len() < MAX_EVENTS {
            gone.push(Gone { object: object.clone(), location: location.clone() });
        }
        drop(gone);
        let mut freed = self.freed.borrow_mut();
        if freed.len() < MAX_EVENTS {
            freed.push(object.clone());
        }
        drop(freed);
        if self.level() >= FeedLevel::UserObjects && self.has_room() {
            self.note(MemoryEventKind::Freed { object }, location);
        }
    }

    /// While code runs: pushes when it is time, so that looking takes no more than its share.
    pub fn push_if_due(&self, cx: Ctx) {
        let Some(interval) = self.subscription.borrow().as_ref().map(|s| s.interval) else {
            return;
        };
        let wait = interval.max(self.push_cost.get() * PUSH_SHARE);
        if self.last_push.get().is_none_or(|at| at.elapsed() >= wait) {
            self.push(cx);
        }
    }

    /// Sends everything that changed in what the front end shows.
    pub fn push(&self, cx: Ctx) {
        if self.link.port().is_some_and(|end| end.is_silent()) {
            return;
        }
        let begin = Instant::now();
        let view = self.subscription.borrow().as_ref().and_then(|s| s.heap.clone());
        if let Some(view) = view {
            let (mut update, changes) = stand_still(|still| {
                let mut numbers = self.numbers.borrow_mut();
                let mut origin = self.origin.borrow_mut();
                self.window.borrow_mut().update(cx, still, &view, &mut numbers, &mut origin)
            });
            update.gone = std::mem::take(&mut *self.gone.borrow_mut());
            if self.level() >= FeedLevel::UserObjects {
                let location = self.location.borrow().clone();
                for (object, from, to) in changes {
                    if self.has_room() {
                        self.note(MemoryEventKind::CountChanged { object, from, to }, location.clone());
                    }
                }
            }
            self.send(Event::Heap(update));
            let gc = answers::gc_state(cx, self, false);
            if self.gc_sent.borrow().as_deref() != Some(&gc) {
                let gc = Arc::new(gc);
                *self.gc_sent.borrow_mut() = Some(gc.clone());
                self.send(Event::Gc(gc));
            }
        } else {
            self.gone.borrow_mut().clear();
        }
        let events = std::mem::take(&mut *self.events.borrow_mut());
        let skipped = self.skipped.take();
        if !events.is_empty() || skipped > 0 {
            self.send(Event::Memory { events, skipped });
        }
        self.push_cost.set(begin.elapsed());
        self.last_push.set(Some(Instant::now()));
    }
}
