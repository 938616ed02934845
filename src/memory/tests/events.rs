//! What a sink is told.

use super::toy::{ToyHeap, as_toy, container, finalized, log, take_log, toy};
use crate::memory::events::{Phase, Sink, set_sink};
use crate::memory::gc::{self, CollectResult};
use crate::memory::object::Object;

/// Writes events to the log.
struct LoggingSink;

impl Sink for LoggingSink {
    fn created(&self, object: &Object) {
        log(format!("created, count {}", object.refcount()));
    }
    fn dying(&self, object: &Object) {
        log(format!("dying {}", as_toy(object).id.get()));
    }
    fn freed(&self, _: usize) {
        log("freed".to_owned());
    }
    fn tracked(&self, object: &Object) {
        log(format!("tracked {}", as_toy(object).id.get()));
    }
    fn untracked(&self, object: &Object) {
        log(format!("untracked {}", as_toy(object).id.get()));
    }
    fn promoted(&self, object: &Object, generation: usize) {
        log(format!("promoted {} to {generation}", as_toy(object).id.get()));
    }
    fn collection_start(&self, generation: usize) {
        log(format!("collection of {generation}"));
    }
    fn collection_phase(&self, phase: Phase, objects: usize) {
        log(format!("{phase:?} {objects}"));
    }
    fn collection_end(&self, _: usize, result: &CollectResult) {
        log(format!("collected {}", result.collected));
    }
}

#[test]
fn the_life_of_an_object_is_told_in_order() {
    let _heap = ToyHeap::new();
    let ty = container();
    set_sink(Some(&LoggingSink));
    drop(toy(ty, 5));
    set_sink(None);
    drop(toy(ty, 0));
    assert_eq!(take_log(), ["created, count 1", "tracked 5", "dying 5", "untracked 5", "free 5", "freed"]);
}

#[test]
fn a_collection_is_told_step_by_step() {
    let _heap = ToyHeap::new();
    let (alive, dead, back) = (toy(container(), 1), toy(container(), 2), toy(finalized(), 3));
    dead.set(0, &dead);
    back.set(0, &back);
    back.saves.set(Some(back.clone().into_object()));
    drop((dead, back));
    set_sink(Some(&LoggingSink));
    gc::collect(0);
    set_sink(None);
    assert_eq!(
        take_log(),
        [
            "start 0 0 0",
            "collection of 0",
            "Merge 0",
            "SubtractRefs 0",
            "MoveUnreachable 0",
            "Promote 0",
            "promoted 1 to 1",
            "LegacyFinalizers 0",
            "WeakRefs 2",
            "Finalize 2",
            "finalize 3",
            "Resurrect 2",
            "SubtractRefs 0",
            "MoveUnreachable 0",
            "promoted 3 to 1",
            "Delete 1",
            "dying 2",
            "untracked 2",
            "free 2",
            "freed",
            "collected 1",
            "stop 0 1 0",
        ]
    );
    drop(alive);
}
