//! How long memory takes for its basic work, with toy objects and no interpreter.
//!
//! Run with `cargo bench --bench memory`. Each line is the best of several rounds.

use std::cell::Cell;
use std::hint::black_box;
use std::ptr::NonNull;
use std::time::{Duration, Instant};

use ouro::memory::{
    Heap, Layout, Object, PreHeader, Ref, Slot, Trace, TypeCore, TypeInfo, Visitor, dealloc_as, gc, new_ref,
    raw_alloc, raw_free,
};

/// A container of three references.
#[repr(C)]
struct Node {
    object: Object,
    slots: [Slot; 3],
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for Node {}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of nodes.
    unsafe { object.cast::<Node>().as_ref() }.slots.trace(visitor);
}

unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of nodes.
    for slot in &unsafe { object.cast::<Node>().as_ref() }.slots {
        drop(slot.take());
    }
}

/// A number without references.
#[repr(C)]
struct Leaf {
    object: Object,
    value: Cell<f64>,
}

// SAFETY: as above.
unsafe impl Layout for Leaf {}

fn leak(info: TypeInfo) -> &'static TypeCore {
    // SAFETY: the type pointer is set on the next lines, before use.
    let core = unsafe { TypeCore { object: Object::header(1, NonNull::dangling()), info } };
    let core: &'static TypeCore = Box::leak(Box::new(core));
    core.object.set_type_uncounted(NonNull::from(core));
    core
}

fn node(ty: &'static TypeCore) -> Ref<Node> {
    let node = new_ref(ty, |object| Node { object, slots: [const { Slot::empty() }; 3] });
    gc::track(&node.object);
    node
}

fn best(rounds: usize, mut work: impl FnMut() -> Duration) -> Duration {
    (0..rounds).map(|_| work()).min().unwrap_or_default()
}

fn timed<R>(work: impl FnOnce() -> R) -> (Duration, R) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed(), result)
}

fn report(what: &str, time: Duration, count: u32) {
    println!(
        "{what:<52} {:>9.2} ns each {:>9.2} ms",
        time.as_secs_f64() * 1e9 / f64::from(count),
        time.as_secs_f64() * 1e3
    );
}

const MILLION: u32 = 1_000_000;

fn main() {
    let _heap = Heap::acquire();
    gc::disable();
    let leaf_type = leak(TypeInfo::new(size_of::<Leaf>() as u32, dealloc_as::<Leaf>));
    let info = TypeInfo::new(size_of::<Node>() as u32, dealloc_as::<Node>);
    info.pre_header.set(PreHeader::Gc);
    info.uses_trashcan.set(true);
    info.traverse.set(Some(traverse));
    info.clear.set(Some(clear));
    let node_type = leak(info);
    let leaf = || new_ref(leaf_type, |object| Leaf { object, value: Cell::new(1.0) });

    let time = best(5, || timed(|| (0..MILLION).for_each(|_| drop(black_box(leaf())))).0);
    report("atomic object made and freed at once", time, MILLION);
    let time = best(5, || timed(|| (0..MILLION).for_each(|_| drop(black_box(node(node_type))))).0);
    report("container made, tracked and freed at once", time, MILLION);

    let mut freeing = Duration::MAX;
    let making = best(5, || {
        let (making, leaves) = timed(|| (0..MILLION).map(|_| leaf()).collect::<Vec<_>>());
        freeing = freeing.min(timed(|| drop(leaves)).0);
        making
    });
    report("a million atomic objects made", making, MILLION);
    report("and freed", freeing, MILLION);

    let time = best(5, || {
        timed(|| {
            for size in 0..MILLION as usize {
                let block = raw_alloc(size % 500);
                if let Some(block) = black_box(block) {
                    // SAFETY: just allocated.
                    unsafe { raw_free(block) };
                }
            }
        })
        .0
    });
    report("buffer of up to 500 bytes allocated and freed", time, MILLION);
    let time = best(3, || {
        timed(|| {
            for size in 0..100_000usize {
                let block = raw_alloc(20_000 + size % 50_000);
                if let Some(block) = black_box(block) {
                    // SAFETY: just allocated.
                    unsafe { raw_free(block) };
                }
            }
        })
        .0
    });
    report("buffer of 20 to 70 KB allocated and freed", time, 100_000);

    collections(node_type, &leaf);
}

/// Collections over a million containers that hold their neighbours and one atomic object each.
fn collections(node_type: &'static TypeCore, leaf: &dyn Fn() -> Ref<Leaf>) {
    let shared = leaf();
    let make = || {
        let nodes: Vec<_> = (0..MILLION).map(|_| node(node_type)).collect();
        for (index, node) in nodes.iter().enumerate() {
            node.slots[0].set(Some(nodes[(index + 1) % nodes.len()].to_object()));
            node.slots[1].set(Some(nodes[(index * 7919) % nodes.len()].to_object()));
            node.slots[2].set(Some(shared.to_object()));
        }
        nodes
    };
    let nodes = make();
    let time = best(7, || timed(|| gc::collect(2)).0);
    report("full collection, a million live containers", time, MILLION);
    let (time, ()) = timed(|| drop(nodes));
    report("their outside references dropped (cycles stay)", time, MILLION);
    let (time, result) = timed(|| gc::collect(2));
    report("full collection, a million dead containers", time, MILLION);
    assert_eq!(result.collected, MILLION as usize);

    let (time, head) = timed(|| {
        (0..MILLION).fold(None, |head: Option<Ref>, _| {
            let next = node(node_type);
            next.slots[0].set(head);
            Some(next.into_object())
        })
    });
    report("a chain of a million made", time, MILLION);
    let (time, ()) = timed(|| drop(head));
    report("and freed", time, MILLION);
}
