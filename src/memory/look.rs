//! Looking at the heap from outside: for panels, audits and debuggers, which must leave no trace.
//!
//! A [`Still`] stands for a stretch of time in which the program does not run. As long as it lasts no object
//! comes or goes, so borrows of objects may be kept for its whole lifetime without counting.

use std::marker::PhantomData;

use super::gc::query;
use super::heap;
use super::object::Object;
use super::pool;

/// Shows that nothing runs. Copied freely; lives inside [`stand_still`] only.
#[derive(Clone, Copy)]
pub struct Still<'h> {
    /// Invariant, and not to be sent anywhere.
    life: PhantomData<*mut &'h ()>,
}

/// Runs `look` while the program stands still. `look` must not run Python code, nor make, keep or drop an owning
/// reference: whatever it borrows is then alive until it returns.
pub fn stand_still<R>(look: impl for<'h> FnOnce(Still<'h>) -> R) -> R {
    look(Still { life: PhantomData })
}

impl<'h> Still<'h> {
    /// The same borrow, for as long as the program stands still.
    pub fn keep(self, object: &Object) -> &'h Object {
        // SAFETY: the object is alive now, and nothing is freed while `self` exists.
        unsafe { &*std::ptr::from_ref(object) }
    }

    /// Every live object, the atomic ones too, in the order of their addresses.
    pub fn objects(self, each: &mut dyn FnMut(&'h Object)) {
        // SAFETY: the walk gives live objects, and nothing is freed while `self` exists.
        heap::walk_objects(&mut |object| each(unsafe { &*object.as_ptr() }));
    }

    /// What the object's `traverse` shows: each reference that it owns, in order.
    pub fn referents(self, object: &Object, each: &mut dyn FnMut(&'h Object)) {
        // SAFETY: what a live object holds is alive, and nothing is freed while `self` exists.
        query::for_each_referent(object, &mut |held| each(unsafe { &*held.as_ptr() }));
    }

    /// Says that an object will be looked at soon, so that its memory is on the way by then.
    #[inline(always)]
    pub fn prefetch(self, object: &Object) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a hint; it reads nothing.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(object).cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = object;
    }

    /// Each reference that the object owns, in the order of its `traverse`; also those that `traverse` keeps from
    /// `gc.get_referents`, since they can be part of no cycle.
    #[inline]
    pub fn owned(self, object: &Object, each: &mut dyn FnMut(&'h Object)) {
        // SAFETY: what a live object holds is alive, and nothing is freed while `self` exists.
        query::for_each_owned(object, &mut |held| each(unsafe { &*held.as_ptr() }));
    }

    /// The objects of a generation, oldest first (3 is the permanent one).
    pub fn generation(self, generation: usize, each: &mut dyn FnMut(&'h Object)) {
        query::for_each_in(generation, &mut |object| each(self.keep(object)));
    }

    /// The live object at an address that may be anything.
    pub fn at(self, address: usize) -> Option<&'h Object> {
        // SAFETY: `find_object` gives blocks that are handed out and have a header; a count of zero is one that
        // is parked or dying.
        pool::find_object(address)
            .map(|object| unsafe { &*object.as_ptr() })
            .filter(|object| object.refcount() != 0)
    }

    /// The memory around an address that may be anything, if it is what native code works on: a buffer, or an object
    /// that is being destroyed. First address and size in bytes.
    pub fn buffer_around(self, address: usize) -> Option<(usize, usize)> {
        let block = pool::block_around(address)?;
        let object = block.start + block.domain.pre_size();
        let is_buffer = block.domain == pool::Domain::Raw || (self.at(object).is_none() && object == address);
        is_buffer.then_some((block.start, block.size))
    }
}
