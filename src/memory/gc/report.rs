//! What a collection tells: events for the sink, lines for `gc.set_debug`.

use super::header::Node;
use super::state::{CollectResult, DebugFlags, GENERATIONS, PERMANENT};
use crate::memory::events::{self, Phase};
use crate::memory::heap::HEAP;
use crate::memory::host::host;

/// A step begins.
pub(super) fn phase(phase: Phase, objects: usize) {
    if events::wants(events::interest::PHASES) {
        events::emit(|sink| sink.collection_phase(phase, objects));
    }
}

/// A step about the objects of `list` begins.
pub(super) fn phase_of(phase: Phase, list: Node) {
    if events::wants(events::interest::PHASES) {
        let objects = list.list_len();
        events::emit(|sink| sink.collection_phase(phase, objects));
    }
}

/// A collection begins.
pub(super) fn emit_start(generation: usize) {
    if events::wants(events::interest::COLLECTIONS) {
        events::emit(|sink| sink.collection_start(generation));
    }
}

/// Tells of each object in the list that it is in `generation` from now on. In a full collection
/// that is every survivor, also those that were there before.
pub(super) fn emit_promoted(list: Node, generation: usize) {
    if events::wants(events::interest::LISTS) {
        list.for_each(&mut |object| events::emit(|sink| sink.promoted(object, generation)));
    }
}

/// The lines before a collection under `DEBUG_STATS`, and when it began.
pub(super) fn report_start(generation: usize) -> f64 {
    let gc = &HEAP.gc;
    if !gc.debug().has(DebugFlags::STATS) {
        return 0.0;
    }
    host().debug_line(&format!("gc: collecting generation {generation}..."));
    let sizes: String =
        (0..GENERATIONS).map(|index| format!(" {}", gc.generation(index).list_len())).collect();
    host().debug_line(&format!("gc: objects in each generation:{sizes}"));
    if !crate::era::is_classic() {
        let permanent = gc.generation(PERMANENT).list_len();
        host().debug_line(&format!("gc: objects in permanent generation: {permanent}"));
    }
    host().clock()
}

/// The line after it.
pub(super) fn report_end(started: f64, result: &CollectResult) {
    if HEAP.gc.debug().has(DebugFlags::STATS) {
        let elapsed = host().clock() - started;
        if crate::era::is_classic() {
            let found = match result.unreachable {
                0 => String::new(),
                count => format!(", {count} unreachable, {} uncollectable", result.uncollectable),
            };
            return host().debug_line(&format!("gc: done{found}, {elapsed:.4}s elapsed."));
        }
        host().debug_line(&format!(
            "gc: done, {} unreachable, {} uncollectable, {elapsed:.4}s elapsed",
            result.unreachable, result.uncollectable
        ));
    }
}

/// One line for each object under the debug flag.
pub(super) fn report_objects(list: Node, flag: DebugFlags, word: &str) {
    if !HEAP.gc.debug().has(flag) {
        return;
    }
    let mut node = list.plain_next();
    while node != list {
        // SAFETY: a linked node belongs to a live object.
        let object = unsafe { node.object().as_ref() };
        if crate::era::is_classic() {
            report_classic(object, word);
            node = node.plain_next();
            continue;
        }
        let name = host().type_name(object);
        host().debug_line(&format!("gc: {word} <{name} {:#x}>", object.address()));
        node = node.plain_next();
    }
}

/// The line of Python 2.7: old-style instances by class under one flag, everything else under another.
fn report_classic(object: &crate::memory::Object, word: &str) {
    let debug = HEAP.gc.debug();
    if debug.has(DebugFlags::INSTANCES)
        && let Some(class) = host().classic_instance(object)
    {
        host().debug_line(&format!("gc: {word} <{class} instance at {:#x}>", object.address()));
    } else if debug.has(DebugFlags::OBJECTS) {
        let name = host().type_name(object);
        host().debug_line(&format!("gc: {word} <{name} {:#x}>", object.address()));
    }
}

/// A collection is over.
pub(super) fn emit_end(generation: usize, result: &CollectResult) {
    if events::wants(events::interest::COLLECTIONS) {
        events::emit(|sink| sink.collection_end(generation, result));
    }
}
