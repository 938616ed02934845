//! The sink of memory events: notes births and deaths of objects that the front end cares for, and collections.
//!
//! This runs at every allocation while somebody watches, so the common case decides with a load or two: most
//! objects are of no class of the user's, most addresses have no number.
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::desk::Desk;
use super::stepper::place_of;
use crate::memory::Object;
use crate::memory::events::{Sink, interest};
use crate::memory::gc::state::CollectResult;
use crate::memory::look::stand_still;
use crate::session::protocol::{CollectionReport, FeedLevel, MemoryEventKind, Trigger};
use crate::vm::Ctx;

/// The sink of one engine.
pub struct Watcher {
    desk: Rc<Desk>,
    cx: Ctx,
    begun: Cell<Option<Instant>>,
    /// The class asked about last, and whether it is the user's: instances come in crowds.
    last_class: Cell<(usize, bool)>,
}

impl Watcher {
    /// A sink that reports to this desk.
    pub fn new(cx: Ctx, desk: Rc<Desk>) -> Watcher {
        Watcher { desk, cx, begun: Cell::new(None), last_class: Cell::new((0, false)) }
    }
}

impl Sink for Watcher {
    fn interests(&self) -> u8 {
        let births = if self.desk.notes_all_births.get() { interest::CREATED } else { interest::INSTANCES };
        births | interest::MARKED_FREED | interest::COLLECTIONS
    }

    fn created(&self, object: &Object) {
        if object.address() == self.desk.hunted.get() {
            self.desk.was_made.set(true);
            self.cx.vm().look_at.set(0);
        }
        self.desk.births.borrow_mut().note(self.cx, object.address());
        if self.desk.level() < FeedLevel::UserObjects || !object.type_core().info.is_heap_type.get() {
            return;
        }
        let class = object.type_ptr().addr();
        let (last, was_users) = self.last_class.get();
        let users = if last == class {
            was_users
        } else {
            let users =
                stand_still(|still| self.desk.origin.borrow_mut().is_users(self.cx, still, object.ty()));
            self.last_class.set((class, users));
            users
        };
        if users && self.desk.has_room() {
            let label = self.desk.numbers.borrow_mut().label(object);
            self.desk.note(MemoryEventKind::Created { object: label }, place_of(self.cx));
        }
    }

    fn freed(&self, address: usize) {
        // It may have been a class.
        self.last_class.set((0, false));
        self.desk.origin.borrow_mut().forget(address);
        self.desk.births.borrow_mut().forget(address);
        let mut numbers = self.desk.numbers.borrow_mut();
        numbers.forget_type(address);
        let Some(label) = numbers.forget(address) else { return };
        drop(numbers);
        self.desk.note_freed(label, place_of(self.cx));
        // A search for this moment looks before the next instruction.
        self.cx.vm().look_at.set(0);
    }

    fn collection_start(&self, _generation: usize) {
        self.begun.set(Some(Instant::now()));
    }

    fn collection_end(&self, generation: usize, result: &CollectResult) {
        let trigger = if self.cx.vm().finalizing.get() {
            Trigger::Exit
        } else if crate::memory::gc::state::asked_for() {
            Trigger::Explicit
        } else {
            Trigger::Threshold
        };
        let report = CollectionReport {
            generation: u8::try_from(generation).unwrap_or(2),
            trigger,
            unreachable: result.unreachable as u64,
            collected: result.collected as u64,
            uncollectable: result.uncollectable as u64,
            pause: self.begun.take().map_or(Duration::ZERO, |at| at.elapsed()),
        };
        self.desk.collected.set(self.desk.collected.get() + 1);
        self.cx.vm().look_at.set(0);
        *self.desk.last.borrow_mut() = Some(report.clone());
        if trigger == Trigger::Explicit {
            *self.desk.last_explicit.borrow_mut() = Some(report.clone());
        }
        if self.desk.level() >= FeedLevel::Collections && self.desk.has_room() {
            self.desk.note(MemoryEventKind::Collected(report), place_of(self.cx));
        }
    }
}
