//! Lists of weak references, and death by count.

use super::toy::{Toy, ToyHeap, container, take_log, toy, weak, weak_type};
use crate::memory::object::WeakKind;
use crate::memory::refs::Ref;
use crate::memory::weakref::{self, WeakRefCore};

fn addresses(referent: &Ref<Toy>) -> Vec<usize> {
    weakref::list(&referent.object).iter().map(|weak| weak.object.address()).collect()
}

fn address(weak: &Ref<WeakRefCore>) -> usize {
    weak.object.address()
}

#[test]
fn the_shared_ones_stand_first_and_others_newest_first() {
    let _heap = ToyHeap::new();
    let (ref_type, proxy_type, sub_type) =
        (weak_type(WeakKind::Ref), weak_type(WeakKind::Proxy), weak_type(WeakKind::Other));
    let (referent, callback) = (toy(container(), 1), toy(container(), 2));
    let old = weak(ref_type, &referent, Some(&callback));
    assert!(weakref::find_shared(&referent.object, WeakKind::Ref).is_none());
    let proxy = weak(proxy_type, &referent, None);
    let new = weak(proxy_type, &referent, Some(&callback));
    let basic = weak(ref_type, &referent, None);
    let sub = weak(sub_type, &referent, None);
    let expected = [&basic, &proxy, &sub, &new, &old].map(address);
    assert_eq!(addresses(&referent), expected);
    assert_eq!(
        weakref::find_shared(&referent.object, WeakKind::Ref).as_ref().map(address),
        Some(address(&basic))
    );
    assert_eq!(
        weakref::find_shared(&referent.object, WeakKind::Proxy).as_ref().map(address),
        Some(address(&proxy))
    );
    assert_eq!(weakref::count(&referent.object), 5);
    drop(proxy);
    drop(new);
    assert_eq!(addresses(&referent), [&basic, &sub, &old].map(address));
    drop(basic);
    assert_eq!(addresses(&referent), [&sub, &old].map(address));
}

#[test]
fn death_by_count_empties_all_then_calls_newest_first() {
    let _heap = ToyHeap::new();
    let ty = weak_type(WeakKind::Ref);
    let referent = toy(container(), 1);
    let callbacks: Vec<_> = (0..3).map(|index| toy(container(), 10 + index)).collect();
    let basic = weak(ty, &referent, None);
    let weaks: Vec<_> = callbacks.iter().map(|callback| weak(ty, &referent, Some(callback))).collect();
    assert!(weakref::referent(&basic).is_some());
    drop(callbacks);
    drop(referent);
    assert_eq!(
        take_log(),
        [
            "callback 12 empty",
            "callback 11 empty",
            "callback 10 empty",
            // The callbacks are released with the last call, last to first.
            "free 10",
            "free 11",
            "free 12",
            "free 1"
        ]
    );
    assert!(weakref::referent(&basic).is_none());
    drop(weaks);
}

#[test]
fn a_single_callback_and_a_dead_weak_reference() {
    let _heap = ToyHeap::new();
    let ty = weak_type(WeakKind::Ref);
    let (referent, callback) = (toy(container(), 1), toy(container(), 2));
    let only = weak(ty, &referent, Some(&callback));
    drop(referent);
    assert_eq!(take_log(), ["callback 2 empty", "free 1"]);
    drop(only);
    let referent = toy(container(), 1);
    drop(weak(ty, &referent, Some(&callback)));
    drop(referent);
    assert_eq!(take_log(), ["free 1"], "a weak reference that died before is not called");
}
