//! Checks that the heap is what the rest of memory takes for granted. Slow; for tests, stress runs
//! and the debugger's audit.

use std::collections::BTreeMap;
use std::ptr::NonNull;

use super::gc::header::Node;
use super::gc::query::for_each_referent;
use super::gc::state::GENERATIONS;
use super::heap::{HEAP, walk_objects};
use super::object::Object;

/// Something that is not as it must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The backward link of an object does not lead to the one before it.
    BrokenLink { generation: usize, address: usize },
    /// A flag of a running collection is set outside one.
    StaleFlag { address: usize },
    /// A tracked object has count zero, or a parked one is tracked.
    DeadTracked { address: usize },
    /// Live objects hold more references to an object than its count says.
    TooFewCounted { address: usize, count: usize, holders: usize },
    /// With all roots known: count and holders differ.
    Miscounted { address: usize, count: usize, holders: usize },
}

/// Shows every reference held from outside the heap, each as often as it is held, by calling what
/// it is given.
pub type Roots<'a> = &'a mut dyn FnMut(&mut dyn FnMut(NonNull<Object>));

/// Checks lists and flags, and that no object is held more often than it counts.
pub fn verify() -> Result<(), Fault> {
    verify_lists()?;
    for (address, (count, holders)) in count_holders(&mut |_| {}) {
        if holders > count {
            return Err(Fault::TooFewCounted { address, count, holders });
        }
    }
    Ok(())
}

/// Checks that every object's count is exactly the number of its holders: live objects, and the
/// roots that `roots` shows, each as often as it holds.
pub fn verify_counts(roots: Roots<'_>) -> Result<(), Fault> {
    verify_lists()?;
    for (address, (count, holders)) in count_holders(roots) {
        if holders != count {
            return Err(Fault::Miscounted { address, count, holders });
        }
    }
    Ok(())
}

/// Checks the generations' lists.
pub fn verify_lists() -> Result<(), Fault> {
    for generation in 0..=GENERATIONS {
        let list = HEAP.gc.generation(generation);
        let (mut prev, mut node) = (list, list.next());
        while node != list {
            let address = node.object().as_ptr().addr();
            if node.prev() != prev {
                return Err(Fault::BrokenLink { generation, address });
            }
            if node.is_collecting() || node.is_marked_unreachable() {
                return Err(Fault::StaleFlag { address });
            }
            // SAFETY: a linked node belongs to an object whose block is not free.
            if unsafe { node.object().as_ref() }.refcount() == 0 {
                return Err(Fault::DeadTracked { address });
            }
            (prev, node) = (node, node.next());
        }
        if list.prev() != prev {
            return Err(Fault::BrokenLink { generation, address: 0 });
        }
    }
    let mut fault = None;
    HEAP.free_lists.for_each_parked(&mut |object| {
        // SAFETY: the object is parked.
        if !unsafe { super::free_list::is_parked_untracked(object) } {
            fault = Some(Fault::DeadTracked { address: object.as_ptr().addr() });
        }
    });
    fault.map_or(Ok(()), Err)
}

/// For every live object of the heap, by address: its count and how often it is held.
fn count_holders(roots: Roots<'_>) -> BTreeMap<usize, (usize, usize)> {
    let mut found = BTreeMap::new();
    walk_objects(&mut |object| {
        // SAFETY: the walk shows live objects.
        found.insert(object.as_ptr().addr(), (unsafe { object.as_ref() }.refcount(), 0));
    });
    let mut hold = |referent: NonNull<Object>| {
        if let Some((_, holders)) = found.get_mut(&referent.as_ptr().addr()) {
            *holders += 1;
        }
    };
    walk_objects(&mut |object| {
        // SAFETY: as above.
        let object = unsafe { object.as_ref() };
        let info = &object.type_core().info;
        if info.traverse.get().is_some() {
            for_each_referent(object, &mut hold);
        } else if info.is_heap_type.get() {
            // Instances of heap types hold their type; without a traverse nobody shows it.
            hold(NonNull::from(&object.type_core().object));
        }
    });
    roots(&mut hold);
    found
}

/// Whether the object's flags are those of an object at rest; for tests.
pub fn is_at_rest(object: &Object) -> bool {
    // SAFETY: `is_gc` tells that there is a pre-header.
    !object.is_gc() || !unsafe { Node::of(object.as_ptr()) }.is_collecting()
}
