//! Questions about tracked objects: `gc.get_objects`, `get_referrers`, `get_referents`.

use std::ptr::NonNull;

use super::header::Node;
use super::state::GENERATIONS;
use crate::memory::heap::HEAP;
use crate::memory::object::Object;
use crate::memory::refs::Ref;
use crate::memory::visit::Visitor;

/// Calls `each` with the objects of a generation, oldest first (3 is the permanent one). `each`
/// must not change what is tracked.
pub fn for_each_in(generation: usize, each: &mut dyn FnMut(&Object)) {
    if generation <= GENERATIONS {
        HEAP.gc.generation(generation).for_each(each);
    }
}

/// How many objects a generation holds (3 is the permanent one). Walks the list.
pub fn len_of(generation: usize) -> usize {
    if generation <= GENERATIONS { HEAP.gc.generation(generation).list_len() } else { 0 }
}

/// The tracked objects of one generation, or of all but the permanent one, in CPython's order.
pub fn objects(generation: Option<usize>) -> Vec<Ref> {
    let mut found = Vec::new();
    for index in 0..GENERATIONS {
        if generation.is_none_or(|wanted| wanted == index) {
            for_each_in(index, &mut |object| {
                // SAFETY: `object` is alive.
                found.push(unsafe { Ref::from_borrowed(NonNull::from(object)) });
            });
        }
    }
    found
}

/// The tracked objects that hold a reference to any of `targets`, each once, generation 0 first.
/// Like CPython it leaves frozen objects out.
pub fn referrers(targets: &[&Object]) -> Vec<Ref> {
    let mut found = Vec::new();
    for generation in 0..GENERATIONS {
        for_each_in(generation, &mut |object| {
            let mut holds = false;
            for_each_referent(object, &mut |referent| {
                holds |= targets.iter().any(|target| target.as_ptr() == referent)
            });
            if holds {
                // SAFETY: `object` is alive.
                found.push(unsafe { Ref::from_borrowed(NonNull::from(object)) });
            }
        });
    }
    found
}

/// What the objects hold, in the order of their `traverse`, repetitions included. Objects without
/// GC pre-header hold nothing here, as in CPython.
pub fn referents(objects: &[&Object]) -> Vec<Ref> {
    let mut found = Vec::new();
    for object in objects {
        if object.is_gc() {
            for_each_referent(object, &mut |referent| {
                // SAFETY: what a live object holds is alive.
                found.push(unsafe { Ref::from_borrowed(referent) });
            });
        }
    }
    found
}

/// Calls `each` with everything that the object's `traverse` shows. `each` must not change any
/// object.
pub fn for_each_referent(object: &Object, each: &mut dyn FnMut(NonNull<Object>)) {
    if let Some(traverse) = object.type_core().info.traverse.get() {
        // SAFETY: the slot belongs to the object's type, and the object is alive.
        unsafe { traverse(object.as_ptr(), &mut Visitor::new(each)) };
    }
}

/// The generation in which a tracked object is (3 is the permanent one), found by looking for the
/// head of its list: takes as long as the list. For displays of few objects; whoever needs all
/// walks the generations.
pub fn generation_of(object: &Object) -> Option<usize> {
    if !super::is_tracked(object) {
        return None;
    }
    // SAFETY: tracked, so it has a pre-header.
    let start = unsafe { Node::of(object.as_ptr()) };
    let heads: [Node; GENERATIONS + 1] = std::array::from_fn(|index| HEAP.gc.generation(index));
    let mut node = start.next();
    while node != start {
        if let Some(index) = heads.iter().position(|head| *head == node) {
            return Some(index);
        }
        node = node.next();
    }
    None
}

/// Calls `each` with everything that the object owns and its `traverse` knows of. `each` must not change any object.
pub fn for_each_owned(object: &Object, each: &mut dyn FnMut(NonNull<Object>)) {
    if let Some(traverse) = object.type_core().info.traverse.get() {
        // SAFETY: the slot belongs to the object's type, and the object is alive.
        unsafe { traverse(object.as_ptr(), &mut Visitor::owned(each)) };
    }
    if let Some(owned) = object.type_core().info.owned.get() {
        // SAFETY: as above; a type derived from one without `traverse` takes this over.
        unsafe { owned(object.as_ptr(), &mut Visitor::owned(each)) };
    }
}
