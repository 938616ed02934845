//! Long chains and the trashcan's order.

use super::toy::{
    Toy, ToyHeap, container, deep_container, finalized, log, plain_container, take_log, take_saved, toy,
};
use crate::memory::gc;
use crate::memory::object::TypeCore;
use crate::memory::refs::{Layout, Ref};
use crate::memory::walk_objects;

fn chain(types: &[&'static TypeCore], length: usize) -> Ref<Toy> {
    let mut head = toy(types[0], 0);
    for index in 1..length {
        let next = toy(types[index % types.len()], 0);
        next.set(0, &head);
        head = next;
    }
    head
}

fn live() -> usize {
    let mut count = 0;
    walk_objects(&mut |_| count += 1);
    count
}

#[test]
fn a_million_long_chain_of_any_types_is_freed_in_little_stack() {
    let freed = std::thread::Builder::new().stack_size(256 << 10).spawn(|| {
        let (shallow, deep, plain, dying) = (container(), deep_container(), plain_container(), finalized());
        let mixtures: [&[&'static TypeCore]; 6] = [
            &[shallow],
            &[deep],
            &[plain],
            &[shallow, deep],
            &[plain, plain, plain, shallow],
            &[deep, plain, shallow],
        ];
        let _heap = ToyHeap::new();
        gc::disable();
        for types in mixtures {
            drop(chain(types, 1_000_000));
            assert_eq!(live(), 0);
        }
        drop(chain(&[dying], 10_000));
        assert_eq!(take_log().len(), 10_000);
        assert_eq!(live(), 0);
    });
    freed.expect("a thread").join().expect("no overflow");
}

#[test]
fn the_trashcan_destroys_in_the_reference_order() {
    // Recorded from CPython 3.11.7: `l = None`, 120 times `l = [Tail(i), l]`, `del l`, where
    // `Tail.__del__` notes i.
    let expected: Vec<String> = EXPECTED.iter().map(|id| format!("free {id}")).collect();
    let _heap = ToyHeap::new();
    gc::disable();
    let ty = container();
    let mut head: Option<Ref<Toy>> = None;
    for id in 0..120 {
        let list = toy(ty, 0);
        list.set(0, &toy(ty, id + 1));
        if let Some(inner) = &head {
            list.set(1, inner);
        }
        head = Some(list);
    }
    drop(head);
    assert_eq!(take_log(), expected);
}

#[test]
fn a_finalizer_can_bring_back_an_object_that_dies_by_count() {
    let _heap = ToyHeap::new();
    let ty = finalized();
    let back = toy(ty, 7);
    let address = back.object.address();
    // SAFETY: the reference in `saves` to itself must not keep it alive: it is not counted.
    unsafe {
        back.saves.set(Some(Ref::from_owned(back.as_raw().cast())));
    }
    drop(back);
    assert_eq!(take_log(), ["finalize 7"]);
    let saved = take_saved();
    assert_eq!(saved[0].address(), address);
    assert!(gc::is_tracked(&saved[0]) && gc::is_finalized(&saved[0]));
    std::mem::forget(super::toy::as_toy(&saved[0]).saves.take());
    drop(saved);
    assert_eq!(take_log(), ["free 7"], "finalized once only");
}

#[test]
fn code_that_runs_during_destruction_sees_a_sound_heap() {
    let _heap = ToyHeap::new();
    let ty = container();
    let outer = toy(ty, 1);
    for slot in 0..3 {
        outer.set(slot, &toy(ty, slot + 2));
    }
    let kept = outer.slots[1].get();
    drop(outer);
    log(format!("kept {}", kept.as_ref().map_or(0, |kept| kept.to_object().refcount())));
    assert_eq!(take_log(), ["free 1", "free 4", "free 2", "kept 2"]);
}

const EXPECTED: [usize; 120] = [
    72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97,
    98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118,
    119, 120, 71, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
    46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 22,
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
];
