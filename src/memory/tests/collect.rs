//! The collector.

use super::toy::{
    Toy, ToyHeap, as_toy, container, finalized, legacy, set_pending, take_garbage, take_log, take_saved, toy,
    untrackable, weak, weak_type,
};
use crate::memory::gc::{self, CollectResult, DebugFlags, query};
use crate::memory::object::{TypeCore, UntrackPass, WeakKind};
use crate::memory::refs::{Layout, Ref};
use crate::memory::verify::{Fault, verify, verify_counts};
use crate::memory::{walk_objects, weakref};

/// A ring of new toys with ids from `first` on, held by nobody but the returned reference.
fn ring(ty: &'static TypeCore, first: usize, length: usize) -> Ref<Toy> {
    let toys: Vec<_> = (0..length).map(|index| toy(ty, first + index)).collect();
    for (index, member) in toys.iter().enumerate() {
        member.set(0, &toys[(index + 1) % length]);
    }
    toys[0].clone()
}

/// `gc.collect()` without its callback lines in the log.
fn collect_quietly(generation: usize) -> (usize, Vec<String>) {
    let result = gc::collect(generation);
    let mut log = take_log();
    log.retain(|line| !line.starts_with("st") && line != "clear caches");
    (result.unreachable, log)
}

fn live() -> usize {
    let mut count = 0;
    walk_objects(&mut |_| count += 1);
    count
}

#[test]
fn a_dropped_ring_is_collected_and_a_held_one_is_not() {
    let _heap = ToyHeap::new();
    let ty = container();
    let held = ring(ty, 1, 3);
    drop(ring(ty, 11, 2));
    assert_eq!(collect_quietly(2), (2, vec!["free 12".into(), "free 11".into()]));
    assert_eq!(live(), 3);
    assert_eq!(collect_quietly(2), (0, vec![]));
    drop(held);
    assert_eq!(collect_quietly(2).0, 3);
    assert_eq!(live(), 0);
}

#[test]
fn what_garbage_reaches_is_garbage_and_what_holds_garbage_saves_it() {
    let _heap = ToyHeap::new();
    let ty = container();
    let holder = toy(ty, 1);
    let inner = ring(ty, 11, 2);
    let leaf = toy(ty, 21);
    inner.set(1, &leaf);
    holder.set(0, &inner);
    drop((inner, leaf));
    assert_eq!(collect_quietly(2).0, 0);
    drop(holder);
    take_log();
    assert_eq!(collect_quietly(2).0, 3);
    assert_eq!(live(), 0);
}

#[test]
fn the_example_of_the_module() {
    let _heap = ToyHeap::new();
    let ty = finalized();
    let (a, b, c) = (toy(ty, 1), toy(ty, 2), toy(ty, 3));
    a.set(0, &b);
    b.set(0, &a);
    b.set(1, &c);
    drop((a, b));
    let (found, log) = collect_quietly(2);
    assert_eq!(found, 2);
    assert_eq!(log, ["finalize 1", "finalize 2", "free 2", "free 1"].map(String::from));
    assert_eq!(c.object.refcount(), 1);
}

#[test]
fn survivors_grow_old() {
    let _heap = ToyHeap::new();
    let ty = container();
    let object = toy(ty, 0);
    let generation = || query::generation_of(&object.object);
    assert_eq!(generation(), Some(0));
    gc::collect(0);
    assert_eq!(generation(), Some(1));
    gc::collect(0);
    assert_eq!(generation(), Some(1));
    gc::collect(1);
    assert_eq!(generation(), Some(2));
    gc::collect(2);
    assert_eq!(generation(), Some(2));
    gc::untrack(&object.object);
    assert_eq!(generation(), None);
    gc::track(&object.object);
}

#[test]
fn young_garbage_held_by_old_garbage_waits_for_the_old_collection() {
    let _heap = ToyHeap::new();
    let ty = container();
    let old = ring(ty, 1, 2);
    gc::collect(2);
    let young = ring(ty, 11, 2);
    old.set(1, &young);
    drop((old, young));
    assert_eq!(collect_quietly(0).0, 0);
    assert_eq!(collect_quietly(1).0, 0);
    assert_eq!(collect_quietly(2).0, 4);
}

#[test]
fn a_collection_starts_at_the_allocation_that_exceeds_the_threshold() {
    let _heap = ToyHeap::new();
    let ty = container();
    gc::set_thresholds([10, 2, 2]);
    let mut kept = Vec::new();
    let mut starts = Vec::new();
    for allocation in 1..=120 {
        kept.push(toy(ty, 0));
        for line in take_log() {
            if let Some(rest) = line.strip_prefix("start ") {
                starts.push((allocation, rest[..1].to_owned()));
            }
        }
    }
    let at = |generation: &str| -> Vec<i32> {
        starts.iter().filter(|(_, seen)| seen == generation).map(|(allocation, _)| *allocation).collect()
    };
    // Every 11 allocations one of generation 0; the fourth finds generation 1's count at 3.
    assert_eq!(at("0"), [11, 22, 33, 55, 66, 77, 99, 110]);
    assert_eq!(at("1"), [44, 88]);
    assert_eq!(at("2"), [] as [i32; 0]);
    assert_eq!(gc::counts(), [10, 2, 2]);
    kept.push(toy(ty, 0));
    assert_eq!(gc::counts(), [11 - 11, 3, 2], "what triggers a collection is not counted after it");
}

#[test]
fn a_full_collection_waits_for_enough_new_survivors() {
    let _heap = ToyHeap::new();
    let ty = container();
    let mut kept: Vec<_> = (0..600).map(|_| toy(ty, 0)).collect();
    gc::collect(2);
    assert_eq!(gc::state::long_lived(), (600, 0));
    gc::set_thresholds([10, 1, 1]);
    take_log();
    let mut full_at = None;
    for allocation in 1..=400 {
        kept.push(toy(ty, 0));
        if take_log().iter().any(|line| line.starts_with("start 2")) {
            full_at = Some((allocation, gc::state::long_lived()));
            break;
        }
    }
    // Generation 1 is collected every 33 allocations; 600 / 4 pending are there after the fifth.
    let (allocation, long_lived) = full_at.expect("a full collection");
    assert!(allocation > 150, "{allocation}");
    assert_eq!(long_lived, (600 + allocation - 1, 0));
}

#[test]
fn nothing_starts_while_disabled_at_threshold_zero_or_with_an_exception() {
    let _heap = ToyHeap::new();
    let ty = container();
    gc::set_thresholds([5, 1, 1]);
    let quiet = |what: &str| {
        let made: Vec<_> = (0..20).map(|_| toy(ty, 0)).collect();
        assert_eq!(take_log(), [] as [String; 0], "{what}");
        made
    };
    gc::disable();
    drop(quiet("disabled"));
    gc::enable();
    gc::set_thresholds([0, 1, 1]);
    drop(quiet("threshold zero"));
    gc::set_thresholds([5, 1, 1]);
    set_pending(true);
    drop(quiet("exception"));
    set_pending(false);
    let made: Vec<_> = (0..20).map(|_| toy(ty, 0)).collect();
    assert!(!take_log().is_empty());
    drop(made);
}

#[test]
fn frees_lower_the_count_to_zero_and_no_further() {
    let _heap = ToyHeap::new();
    let ty = container();
    let made: Vec<_> = (0..5).map(|_| toy(ty, 0)).collect();
    assert_eq!(gc::counts(), [5, 0, 0]);
    gc::collect(0);
    assert_eq!(gc::counts(), [0, 1, 0]);
    drop(made);
    assert_eq!(gc::counts(), [0, 1, 0]);
    gc::collect(1);
    assert_eq!(gc::counts(), [0, 0, 1]);
    gc::collect(2);
    assert_eq!(gc::counts(), [0, 0, 0]);
}

#[test]
fn finalizers_run_once_and_can_bring_back() {
    let _heap = ToyHeap::new();
    let ty = finalized();
    let (a, b) = (toy(ty, 1), toy(ty, 2));
    a.set(0, &b);
    b.set(0, &a);
    a.saves.set(Some(a.to_object()));
    drop((a, b));
    let (found, log) = collect_quietly(2);
    assert_eq!(log, ["finalize 1", "finalize 2"].map(String::from));
    assert_eq!(found, 0, "both are reachable again");
    let saved = take_saved();
    assert_eq!(as_toy(&saved[0]).id.get(), 1);
    assert!(gc::is_finalized(&saved[0]));
    assert_eq!(query::generation_of(&saved[0]), Some(2));
    assert_eq!(verify(), Ok(()));
    drop(saved);
    let (found, log) = collect_quietly(2);
    assert_eq!((found, log), (2, vec!["free 2".into(), "free 1".into()]), "not finalized again");
}

#[test]
fn resurrection_of_one_ring_leaves_another_dead() {
    let _heap = ToyHeap::new();
    let ty = finalized();
    let (kept, lost) = (ring(ty, 1, 2), ring(ty, 11, 2));
    kept.saves.set(Some(kept.to_object()));
    drop((kept, lost));
    assert_eq!(collect_quietly(1).0, 2);
    let saved = take_saved();
    assert_eq!(live(), 2);
    assert_eq!(query::generation_of(&saved[0]), Some(2));
}

#[test]
fn legacy_finalizers_make_garbage() {
    let _heap = ToyHeap::new();
    let (plain, with_del) = (container(), legacy());
    let (a, b, reached) = (toy(with_del, 1), toy(plain, 2), toy(plain, 3));
    a.set(0, &b);
    b.set(0, &a);
    b.set(1, &reached);
    drop((a, b, reached));
    drop(ring(plain, 11, 2));
    let result = gc::collect(2);
    assert_eq!(result, CollectResult { collected: 2, uncollectable: 3, unreachable: 5 });
    let garbage = take_garbage();
    assert_eq!(garbage.len(), 1, "only what has the finalizer is listed");
    assert_eq!(as_toy(&garbage[0]).id.get(), 1);
    assert_eq!(gc::stats()[2], gc::Stats { collections: 1, collected: 2, uncollectable: 3 });
    as_toy(&garbage[0]).slots[0].set(None);
}

#[test]
fn save_all_keeps_what_would_be_deleted() {
    let _heap = ToyHeap::new();
    gc::set_debug_flags(DebugFlags::SAVEALL);
    drop(ring(container(), 1, 3));
    assert_eq!(collect_quietly(2), (3, vec![]));
    let garbage = take_garbage();
    let ids: Vec<_> = garbage.iter().map(|object| as_toy(object).id.get()).collect();
    assert_eq!(ids, [1, 2, 3]);
    gc::set_debug_flags(DebugFlags::default());
    drop(garbage);
    assert_eq!(collect_quietly(2).0, 3);
}

#[test]
fn debug_lines_are_those_of_the_reference() {
    let _heap = ToyHeap::new();
    let ty = container();
    let held = toy(ty, 0);
    gc::collect(1);
    let dead = ring(ty, 0, 1);
    let address = dead.object.address();
    drop(dead);
    take_log();
    gc::set_debug_flags(DebugFlags(DebugFlags::STATS.0 | DebugFlags::COLLECTABLE.0));
    gc::collect(1);
    assert_eq!(
        take_log(),
        [
            "start 1 0 0".to_owned(),
            "gc: collecting generation 1...".to_owned(),
            "gc: objects in each generation: 1 0 1".to_owned(),
            "gc: objects in permanent generation: 0".to_owned(),
            format!("gc: collectable <Toy {address:#x}>"),
            "gc: done, 1 unreachable, 0 uncollectable, 0.0000s elapsed".to_owned(),
            "stop 1 1 0".to_owned(),
        ]
    );
    drop(held);
}

#[test]
fn callbacks_get_the_result_and_a_full_collection_clears_caches() {
    let _heap = ToyHeap::new();
    drop(ring(container(), 0, 1));
    gc::collect(2);
    assert_eq!(take_log(), ["start 2 0 0", "clear caches", "stop 2 1 0"]);
    gc::collect(0);
    assert_eq!(take_log(), ["start 0 0 0", "stop 0 0 0"]);
    gc::collect_at_exit();
    assert_eq!(take_log(), ["clear caches"]);
    gc::disable();
    gc::collect_if_enabled();
    assert_eq!(take_log(), [] as [String; 0]);
}

#[test]
fn untracking_takes_place_in_the_right_collections() {
    let _heap = ToyHeap::new();
    let (tuple, dict, list) = (untrackable(UntrackPass::Every), untrackable(UntrackPass::Full), container());
    let (empty_tuple, nested, full_tuple, empty_dict) =
        (toy(tuple, 0), toy(tuple, 0), toy(tuple, 0), toy(dict, 0));
    nested.set(0, &empty_tuple);
    full_tuple.set(0, &toy(list, 0));
    let tracked = |toy: &Ref<Toy>| gc::is_tracked(&toy.object);
    gc::collect(0);
    assert!(!tracked(&empty_tuple) && !tracked(&nested) && tracked(&full_tuple) && tracked(&empty_dict));
    gc::collect(1);
    assert!(tracked(&empty_dict));
    gc::collect(2);
    assert!(!tracked(&empty_dict) && tracked(&full_tuple));
    assert_eq!(gc::state::long_lived(), (2, 0));
}

#[test]
fn frozen_objects_are_left_alone() {
    let _heap = ToyHeap::new();
    let ty = container();
    drop(ring(ty, 1, 2));
    let young = toy(ty, 0);
    gc::freeze();
    assert_eq!((gc::frozen_count(), gc::counts()), (3, [0, 0, 0]));
    assert_eq!(collect_quietly(2).0, 0);
    assert_eq!(query::objects(None).len(), 0);
    gc::unfreeze();
    assert_eq!(gc::frozen_count(), 0);
    assert_eq!(query::generation_of(&young.object), Some(2));
    assert_eq!(collect_quietly(1).0, 0);
    assert_eq!(collect_quietly(2).0, 2);
}

#[test]
fn questions_are_answered_in_order() {
    let _heap = ToyHeap::new();
    let ty = container();
    let target = toy(ty, 1);
    let (old, young) = (toy(ty, 2), toy(ty, 3));
    old.set(0, &target);
    gc::collect(0);
    gc::untrack(&young.object);
    gc::track(&young.object);
    young.set(0, &target);
    young.set(2, &target);
    let ids =
        |objects: Vec<Ref>| -> Vec<usize> { objects.iter().map(|object| as_toy(object).id.get()).collect() };
    assert_eq!(ids(query::objects(None)), [3, 1, 2]);
    assert_eq!(ids(query::objects(Some(1))), [1, 2]);
    assert_eq!(ids(query::referrers(&[&target.object])), [3, 2]);
    assert_eq!(ids(query::referents(&[&young.object, &old.object])), [1, 1, 1]);
}

#[test]
fn weak_references_in_a_collection() {
    let _heap = ToyHeap::new();
    let (ty, weak_ty) = (finalized(), weak_type(WeakKind::Ref));
    let (first, second) = (toy(container(), 101), toy(container(), 102));
    let dead = ring(ty, 1, 2);
    let outside_old = weak(weak_ty, &dead, Some(&first));
    let outside_new = weak(weak_ty, &dead, Some(&second));
    // A weak reference that is garbage itself: its callback does not run.
    let inside = weak(weak_ty, &dead, Some(&toy(container(), 103)));
    dead.slots[1].set(Some(inside.to_object()));
    drop((dead, inside));
    let (found, log) = collect_quietly(2);
    assert_eq!(found, 4, "the ring, and the weak reference in it with its callback");
    assert_eq!(
        log,
        [
            "callback 102 empty",
            "callback 101 empty",
            "finalize 1",
            "finalize 2",
            "free 2",
            "free 103",
            "free 1"
        ]
        .map(String::from)
    );
    assert!(weakref::referent(&outside_old).is_none() && weakref::referent(&outside_new).is_none());
    assert!(gc::is_tracked(&outside_old.object));
}

#[test]
fn an_exception_left_by_a_step_is_reported() {
    let _heap = ToyHeap::new();
    drop(ring(container(), 0, 1));
    set_pending(true);
    gc::collect(0);
    assert!(take_log().iter().any(|line| line == "unraisable in tp_clear of"));
}

#[test]
fn a_collection_inside_a_collection_does_nothing() {
    let _heap = ToyHeap::new();
    let ty = container();
    gc::set_thresholds([1, 1, 1]);
    // Automatic collections at every second allocation while objects are made and dropped.
    let mut kept = Vec::new();
    for index in 0..500 {
        let member = ring(ty, 0, 1 + index % 3);
        if index % 2 == 0 {
            kept.push(member);
        }
        assert!(!gc::collecting());
    }
    assert_eq!(verify(), Ok(()));
    kept.clear();
    gc::collect(2);
    assert_eq!(live(), 0);
}

#[test]
fn the_audit_finds_a_lost_and_an_invented_reference() {
    let _heap = ToyHeap::new();
    let ty = container();
    let (holder, held) = (toy(ty, 0), toy(ty, 0));
    holder.set(0, &held);
    let address = held.object.address();
    let audit = || {
        verify_counts(&mut |hold| {
            hold(holder.object.as_ptr());
            hold(held.object.as_ptr());
        })
    };
    assert_eq!(audit(), Ok(()));
    // SAFETY: put right below.
    unsafe { held.object.set_refcount(3) };
    assert_eq!(audit(), Err(Fault::Miscounted { address, count: 3, holders: 2 }));
    // SAFETY: as above.
    unsafe { held.object.set_refcount(0) };
    assert_eq!(verify(), Err(Fault::DeadTracked { address }));
    // SAFETY: the true count.
    unsafe { held.object.set_refcount(2) };
    assert_eq!(audit(), Ok(()));
}
