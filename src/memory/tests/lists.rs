//! Free lists.

use std::ptr::NonNull;

use super::toy::{ToyHeap, container, take_log};
use crate::memory::free_list::{FreeList, RawFreeList};
use crate::memory::object::Object;
use crate::memory::{free_object, gc, new_object, raw_alloc, walk_objects};

static TOYS: FreeList = FreeList::new(3);
static BUFFERS: RawFreeList = RawFreeList::new(2);

/// Dies into the free list, or for good.
fn die(object: NonNull<Object>) {
    // SAFETY: made below; nothing is in its payload.
    unsafe {
        object.as_ref().set_refcount(0);
        if !TOYS.park(object) {
            free_object(object);
        }
    }
}

#[test]
fn parked_objects_do_not_move_the_counters() {
    let _heap = ToyHeap::new();
    let ty = container();
    // SAFETY: zeroed bytes are a whole toy; they die through `die`.
    let made: Vec<_> = (0..5).map(|_| unsafe { new_object(ty, 80, true) }).collect();
    assert_eq!(gc::counts()[0], 5);
    for object in &made {
        die(*object);
    }
    assert_eq!((TOYS.len(), gc::counts()[0]), (3, 3), "two were freed, three are parked");
    let mut seen = 0;
    walk_objects(&mut |_| seen += 1);
    assert_eq!(seen, 0);
    // SAFETY: the list holds toys.
    let again = unsafe { TOYS.unpark(ty) }.expect("one is parked");
    assert_eq!(again, made[2], "the last parked comes first");
    // SAFETY: just made alive.
    assert_eq!(unsafe { again.as_ref() }.refcount(), 1);
    assert_eq!(gc::counts()[0], 3);
    die(again);
    gc::collect(1);
    assert_eq!(TOYS.len(), 3, "only a full collection clears free lists");
    gc::collect(2);
    assert!(TOYS.is_empty());
    take_log();
}

#[test]
fn buffers_are_parked_too() {
    let _heap = ToyHeap::new();
    let buffers: Vec<_> = (0..3).map(|_| raw_alloc(208).expect("there is memory")).collect();
    // SAFETY: not used again; the third does not fit and is freed.
    unsafe {
        assert!(BUFFERS.park(buffers[0]));
        assert!(BUFFERS.park(buffers[1]));
        assert!(!BUFFERS.park(buffers[2]));
        crate::memory::raw_free(buffers[2]);
    }
    assert_eq!(BUFFERS.unpark(), Some(buffers[1]));
    // SAFETY: just taken.
    unsafe { crate::memory::raw_free(buffers[1]) };
    crate::memory::free_list::clear_all();
    assert!(BUFFERS.is_empty());
}

#[test]
fn a_new_heap_has_empty_lists() {
    {
        let _heap = ToyHeap::new();
        // SAFETY: as above.
        die(unsafe { new_object(container(), 80, true) });
        assert_eq!(TOYS.len(), 1);
    }
    let _heap = ToyHeap::new();
    assert!(TOYS.is_empty());
}
