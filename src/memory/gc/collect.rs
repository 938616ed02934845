//! One collection, step by step. The steps are explained with an example in [`super`].
//!
//! Lists of a collection in progress lie on the stack of `run`; each is empty when it returns.

use std::ptr::NonNull;

use super::header::{GcHead, Node};
use super::report::{
    emit_end, emit_promoted, emit_start, phase, phase_of, report_end, report_objects, report_start,
};
use super::state::{CollectResult, DebugFlags, GENERATIONS};
use crate::memory::events::Phase;
use crate::memory::heap::HEAP;
use crate::memory::host::{CallbackPhase, host};
use crate::memory::object::{Object, UntrackPass, WeakKind};
use crate::memory::refs::{Layout, Ref};
use crate::memory::visit::{Pass, Visitor};
use crate::memory::weakref::{self, WeakRefCore};

/// `gc.collect(generation)`. Nothing happens while another collection is running.
pub fn collect(generation: usize) -> CollectResult {
    let generation = generation.min(GENERATIONS - 1);
    let before = HEAP.gc.asked.replace(true);
    let result = exclusively(|| with_callbacks(generation));
    HEAP.gc.asked.set(before);
    result
}

/// `PyGC_Collect`: a full collection, unless the collector is disabled.
pub fn collect_if_enabled() -> CollectResult {
    if super::is_enabled() { collect(GENERATIONS - 1) } else { CollectResult::default() }
}

/// `_PyGC_CollectNoFail`: a full collection without callbacks, for the interpreter's exit.
pub fn collect_at_exit() -> CollectResult {
    exclusively(|| run(GENERATIONS - 1))
}

/// The allocation that was just counted exceeds generation 0's threshold.
#[cold]
#[inline(never)]
pub(super) fn collect_automatically() {
    if HEAP.gc.is_stressed() {
        exclusively(|| run(GENERATIONS - 1));
    } else if !host().exception_pending() {
        exclusively(collect_due_generation);
    }
}

/// Collects the oldest generation whose count exceeds its threshold, with all younger ones.
fn collect_due_generation() -> CollectResult {
    let gc = &HEAP.gc;
    for generation in (0..GENERATIONS).rev() {
        if gc.count(generation) <= gc.threshold(generation) {
            continue;
        }
        // A full collection costs time in proportion to all objects; waiting until a quarter as
        // many new ones have survived makes the cost linear in the number of allocations.
        let is_full = generation == GENERATIONS - 1;
        if is_full && gc.long_lived_pending.get() < gc.long_lived_total.get() / 4 {
            continue;
        }
        return with_callbacks(generation);
    }
    CollectResult::default()
}

fn exclusively(collect: impl FnOnce() -> CollectResult) -> CollectResult {
    if HEAP.gc.is_collecting() {
        return CollectResult::default();
    }
    HEAP.gc.set_collecting(true);
    let bomb = AbortOnUnwind;
    let result = collect();
    std::mem::forget(bomb);
    HEAP.gc.set_collecting(false);
    result
}

/// Lists of a collection lie on the stack: were it unwound, live objects would be linked to what
/// is no more. Nothing that a program does leads here.
struct AbortOnUnwind;

impl Drop for AbortOnUnwind {
    fn drop(&mut self) {
        std::process::abort();
    }
}

fn with_callbacks(generation: usize) -> CollectResult {
    host().run_gc_callbacks(CallbackPhase::Start, generation, &CollectResult::default());
    let result = run(generation);
    host().run_gc_callbacks(CallbackPhase::Stop, generation, &result);
    result
}

/// The collection proper (`gc_collect_main`).
fn run(generation: usize) -> CollectResult {
    let gc = &HEAP.gc;
    let started = report_start(generation);
    emit_start(generation);

    count_collection(generation);
    phase(Phase::Merge, 0);
    let young = merge_younger(generation);
    let is_full = generation == GENERATIONS - 1;
    let old = if is_full { young } else { gc.generation(generation + 1) };

    let unreachable_head = GcHead::new();
    let unreachable = Node::list(&unreachable_head);
    unreachable.init_list();
    deduce_unreachable(young, unreachable);
    promote(young, old, generation);

    let finalizers_head = GcHead::new();
    let finalizers = Node::list(&finalizers_head);
    finalizers.init_list();
    phase(Phase::LegacyFinalizers, 0);
    move_legacy_finalizers(unreachable, finalizers);
    move_legacy_finalizer_reachable(finalizers);
    report_objects(unreachable, DebugFlags::COLLECTABLE, "collectable");

    phase_of(Phase::WeakRefs, unreachable);
    let mut collected = handle_weakrefs(unreachable, old);
    let still_head = GcHead::new();
    let still_unreachable = Node::list(&still_head);
    still_unreachable.init_list();
    if crate::era::is_classic() {
        // Nothing that is left has a finalizer, so nothing can come back.
        unreachable.merge_into(still_unreachable);
    } else {
        phase_of(Phase::Finalize, unreachable);
        finalize_garbage(unreachable);
        phase_of(Phase::Resurrect, unreachable);
        handle_resurrected_objects(unreachable, still_unreachable);
    }
    let old_index = (generation + 1).min(GENERATIONS - 1);
    emit_promoted(unreachable, old_index);
    unreachable.merge_into(old);

    let dead = still_unreachable.list_len() + unseen(still_unreachable);
    phase(Phase::Delete, dead);
    collected += dead;
    delete_garbage(still_unreachable, old);

    let uncollectable = finalizers.list_len() + unseen(finalizers);
    report_objects(finalizers, DebugFlags::UNCOLLECTABLE, "uncollectable");
    let result = CollectResult { collected, uncollectable, unreachable: collected + uncollectable };
    report_end(started, &result);
    handle_legacy_finalizers(finalizers);
    emit_promoted(finalizers, old_index);
    finalizers.merge_into(old);
    if is_full {
        crate::memory::free_list::clear_all();
        host().clear_caches();
    }
    if host().exception_pending() {
        host().report_pending("in garbage collection", None);
    }
    let mut stats = gc.stats[generation].get();
    stats.collections += 1;
    stats.collected += collected;
    stats.uncollectable += uncollectable;
    gc.stats[generation].set(stats);
    emit_end(generation, &result);
    result
}

/// What the classic era counts beside the objects of a list.
fn unseen(list: Node) -> usize {
    let mut count = 0;
    if crate::era::is_classic() {
        list.for_each(&mut |object| count += host().unseen_beside(object));
    }
    count
}

// ---- 1: counters and lists ----

/// One collection more for the next older generation's count; the counts of what is collected
/// start again.
fn count_collection(generation: usize) {
    let gc = &HEAP.gc;
    if generation + 1 < GENERATIONS {
        gc.set_count(generation + 1, gc.count(generation + 1) + 1);
    }
    for younger in 0..=generation {
        gc.set_count(younger, 0);
    }
}

fn merge_younger(generation: usize) -> Node {
    let young = HEAP.gc.generation(generation);
    for younger in 0..generation {
        HEAP.gc.generation(younger).merge_into(young);
    }
    young
}

// ---- 2 to 4: what cannot be reached from outside ----

/// Splits `base` into what is reachable from outside of it, which stays, and the rest, which
/// moves to `unreachable` with COLLECTING and the UNREACHABLE link flag set.
fn deduce_unreachable(base: Node, unreachable: Node) {
    phase(Phase::SubtractRefs, 0);
    update_refs(base);
    subtract_refs(base);
    phase(Phase::MoveUnreachable, 0);
    move_unreachable(base, unreachable);
}

/// Copies each object's count into its pre-header.
fn update_refs(list: Node) {
    let mut node = list.plain_next();
    while node != list {
        // SAFETY: a linked node belongs to a live object.
        let count = unsafe { node.object().as_ref() }.refcount();
        debug_assert!(count > 0, "a dead object is still tracked");
        node.start_collecting(count);
        node = node.plain_next();
    }
}

/// Takes each reference between candidates from the copied count of its target.
fn subtract_refs(list: Node) {
    let mut visitor = Visitor { pass: Pass::SubtractRefs };
    let mut node = list.plain_next();
    while node != list {
        traverse(node, &mut visitor);
        node = node.plain_next();
    }
}

#[inline(always)]
fn traverse(node: Node, visitor: &mut Visitor<'_>) {
    let object = node.object();
    // SAFETY: a linked node belongs to a live object, and the slot to its type.
    unsafe {
        if let Some(traverse) = object.as_ref().type_core().info.traverse.get() {
            traverse(object, visitor);
        }
    }
}

/// The subtracting pass, for one reference.
///
/// # Safety
/// `referent` is live.
#[inline(always)]
pub(in crate::memory) unsafe fn visit_subtract(referent: NonNull<Object>) {
    // SAFETY: promised by the caller; `is_gc` tells that there is a pre-header.
    unsafe {
        if referent.as_ref().is_gc() {
            Node::of(referent).subtract_ref();
        }
    }
}

/// Goes through `young` once, front to back. An object with a count left is reachable from
/// outside, and everything that it holds is then too; an object with none goes to `unreachable`
/// for now and is brought back when something reachable turns out to hold it. Backward links are
/// mended on the way.
fn move_unreachable(young: Node, unreachable: Node) {
    let mut visitor = Visitor { pass: Pass::Reachable { young } };
    let mut prev = young;
    let mut node = young.next();
    while node != young {
        if node.refs() != 0 {
            traverse(node, &mut visitor);
            node.set_prev(prev);
            node.clear_collecting();
            prev = node;
        } else {
            prev.set_raw_next(node.raw_next());
            // Every link in `unreachable` is flagged, the head's too for the time being.
            let last = unreachable.prev();
            last.set_next_unreachable(node);
            node.set_prev(last);
            node.set_next_unreachable(unreachable);
            unreachable.set_list_prev(node);
        }
        node = prev.plain_next();
    }
    young.set_list_prev(prev);
    unreachable.clear_unreachable();
}

/// The separating pass, for one reference out of a reachable object. Objects that are no
/// candidates, or were found reachable before, are not COLLECTING and stay as they are.
///
/// # Safety
/// `referent` is live, `young` the list under examination.
#[inline(always)]
pub(in crate::memory) unsafe fn visit_reachable(referent: NonNull<Object>, young: Node) {
    // SAFETY: as in `visit_subtract`.
    let node = unsafe {
        if !referent.as_ref().is_gc() {
            return;
        }
        Node::of(referent)
    };
    if !node.is_collecting() {
        return;
    }
    if node.is_marked_unreachable() {
        bring_back(node, young);
    } else if node.refs() == 0 {
        // Not seen yet; one is enough to keep it when its turn comes.
        node.set_refs(1);
    }
}

/// Moves a node from the unreachable list to the end of `young`, where its turn comes again.
fn bring_back(node: Node, young: Node) {
    let (prev, next) = (node.prev(), node.next());
    prev.set_raw_next(node.raw_next());
    next.set_prev(prev);
    young.append(node);
    node.set_refs(1);
}

// ---- 5: survivors ----

/// Moves survivors to the next generation and untracks what cannot be part of a cycle.
fn promote(young: Node, old: Node, generation: usize) {
    let gc = &HEAP.gc;
    let is_full = generation == GENERATIONS - 1;
    phase(Phase::Promote, 0);
    let tuples = untrack(young, UntrackPass::Every);
    if is_full {
        let survivors = untrack(young, UntrackPass::Full);
        emit_promoted(young, generation);
        gc.long_lived_pending.set(0);
        gc.long_lived_total.set(survivors);
        return;
    }
    if generation == GENERATIONS - 2 {
        gc.long_lived_pending.set(gc.long_lived_pending.get() + tuples);
    }
    emit_promoted(young, generation + 1);
    young.merge_into(old);
}

/// Asks each object of a kind that can be untracked; returns how many stay in the list.
fn untrack(list: Node, pass: UntrackPass) -> usize {
    let mut staying = 0;
    let mut node = list.plain_next();
    while node != list {
        let next = node.plain_next();
        // SAFETY: a linked node belongs to a live object.
        let object = unsafe { node.object().as_ref() };
        let info = &object.type_core().info;
        staying += 1;
        if let Some(maybe_untrack) = info.maybe_untrack.get()
            && info.untrack_pass.get() == pass
        {
            maybe_untrack(object);
            staying -= usize::from(!node.is_tracked());
        }
        node = next;
    }
    staying
}

// ---- 6: finalizers from before PEP 442 ----

fn has_legacy_finalizer(object: &Object) -> bool {
    if crate::era::is_classic() {
        return host().has_classic_finalizer(object);
    }
    object.type_core().info.legacy_finalize.get().is_some()
}

/// Sets aside what has a legacy finalizer; takes the UNREACHABLE flag off all links.
fn move_legacy_finalizers(unreachable: Node, finalizers: Node) {
    let mut node = unreachable.next();
    while node != unreachable {
        node.clear_unreachable();
        let next = node.plain_next();
        // SAFETY: a linked node belongs to a live object.
        if has_legacy_finalizer(unsafe { node.object().as_ref() }) {
            node.clear_collecting();
            node.move_to(finalizers);
        }
        node = next;
    }
}

/// Sets aside what those reach, too: the list grows while it is walked.
fn move_legacy_finalizer_reachable(finalizers: Node) {
    let mut node = finalizers.plain_next();
    while node != finalizers {
        let mut set_aside = |referent: NonNull<Object>| {
            // SAFETY: traverse shows live objects; `is_gc` tells that there is a pre-header.
            let node = unsafe {
                if !referent.as_ref().is_gc() {
                    return;
                }
                Node::of(referent)
            };
            if node.is_collecting() {
                node.clear_collecting();
                node.move_to(finalizers);
            }
        };
        traverse(node, &mut Visitor::new(&mut set_aside));
        node = node.plain_next();
    }
}

/// Appends the uncollectable objects with a finalizer (all of them with `DEBUG_SAVEALL`) to
/// `gc.garbage`.
fn handle_legacy_finalizers(finalizers: Node) {
    let save_all = HEAP.gc.debug().has(DebugFlags::SAVEALL);
    let mut node = finalizers.plain_next();
    while node != finalizers {
        // SAFETY: a linked node belongs to a live object.
        let object = unsafe { node.object().as_ref() };
        if save_all || has_legacy_finalizer(object) {
            host().append_garbage(object);
        }
        node = node.plain_next();
    }
}

// ---- 7: weak references ----

/// Empties every weak reference to garbage, and those that are garbage themselves, before any
/// callback or finalizer runs: none of these can then see an object half deleted. Then runs the
/// callbacks of those that are not garbage. Returns how many of these weak references died of it.
fn handle_weakrefs(unreachable: Node, old: Node) -> usize {
    let calls_head = GcHead::new();
    let calls = Node::list(&calls_head);
    calls.init_list();
    let mut node = unreachable.plain_next();
    while node != unreachable {
        let next = node.plain_next();
        // SAFETY: a linked node belongs to a live object; a type with a weak kind has that layout.
        unsafe {
            let object = node.object();
            if object.as_ref().type_core().info.weak_kind.get() != WeakKind::No {
                weakref::detach(object.cast::<WeakRefCore>().as_ref());
            }
            empty_weakrefs_to(object.as_ref(), calls);
        }
        node = next;
    }
    run_weakref_callbacks(calls, old)
}

/// Empties the weak references to one piece of garbage; those whose callback must run move to
/// `calls`, with one reference more.
fn empty_weakrefs_to(object: &Object, calls: Node) {
    let Some(head) = weakref::list_head(object) else { return };
    while let Some(first) = head.get() {
        // SAFETY: links lead to live weak references.
        let weakref = unsafe { first.as_ref() };
        weakref::detach(weakref);
        if weakref.callback.is_empty() {
            continue;
        }
        // SAFETY: weak references are GC objects.
        let node = unsafe { Node::of(first.cast()) };
        if node.is_collecting() {
            continue;
        }
        let _kept_until_called = weakref.to_ref().into_raw();
        node.move_to(calls);
    }
}

fn run_weakref_callbacks(calls: Node, old: Node) -> usize {
    let mut freed = 0;
    while !calls.is_empty_list() {
        let node = calls.plain_next();
        // SAFETY: the reference taken in `empty_weakrefs_to` is given up here.
        let weakref = unsafe { Ref::from_owned(node.object().cast::<WeakRefCore>()) };
        if let Some(callback) = weakref.callback.get() {
            host().call_weakref_callback(&callback, weakref.as_object());
        }
        drop(weakref);
        if !calls.is_empty_list() && calls.plain_next() == node {
            node.move_to(old);
        } else {
            freed += 1;
        }
    }
    freed
}

// ---- 8 and 9: finalizers and what they bring back ----

/// Runs the finalizer of each object that has one and has not run it yet. Objects move to a list
/// of those seen before theirs runs, since it may untrack any of them.
fn finalize_garbage(collectable: Node) {
    let seen_head = GcHead::new();
    let seen = Node::list(&seen_head);
    seen.init_list();
    while !collectable.is_empty_list() {
        let node = collectable.plain_next();
        node.move_to(seen);
        // SAFETY: a linked node belongs to a live object.
        let finalize = unsafe { node.object().as_ref() }.type_core().info.finalize.get();
        if let Some(finalize) = finalize
            && !node.is_finalized()
        {
            node.set_finalized();
            // SAFETY: as above; the reference keeps the object through its own finalizer.
            let object = unsafe { Ref::from_borrowed(node.object()) };
            finalize(&object);
        }
    }
    seen.merge_into(collectable);
}

/// Looks again at what was unreachable, alone: what a finalizer has made reachable, and what that
/// reaches, stays in `unreachable`; the rest moves to `still_unreachable`.
fn handle_resurrected_objects(unreachable: Node, still_unreachable: Node) {
    let mut node = unreachable.plain_next();
    while node != unreachable {
        node.clear_collecting();
        node = node.plain_next();
    }
    deduce_unreachable(unreachable, still_unreachable);
    let mut node = still_unreachable.next();
    while node != still_unreachable {
        node.clear_unreachable();
        node = node.plain_next();
    }
}

// ---- 10: delete ----

/// Drops what each piece of garbage holds, until nothing is left or what is left cannot be
/// cleared (it may die later: it moves to `old`).
fn delete_garbage(collectable: Node, old: Node) {
    while !collectable.is_empty_list() {
        let node = collectable.plain_next();
        // SAFETY: a linked node belongs to a live object.
        let object = unsafe { node.object().as_ref() };
        if HEAP.gc.debug().has(DebugFlags::SAVEALL) {
            host().append_garbage(object);
        } else if let Some(clear) = object.type_core().info.clear.get() {
            // SAFETY: as above; the reference keeps the object through its own clearing.
            unsafe {
                let kept = Ref::from_borrowed(node.object());
                clear(kept.as_raw());
                if host().exception_pending() {
                    host().report_pending("in tp_clear of", Some(&kept.type_core().object));
                }
            }
        }
        if collectable.plain_next() == node {
            node.clear_collecting();
            node.move_to(old);
        }
    }
}
