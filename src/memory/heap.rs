//! The one heap of the process: its state, who may use it, its limit.
//!
//! All state is a single static, reached without indirection or thread-local cost. That is sound
//! because one engine exists at a time: whoever makes objects holds a [`HeapGuard`], which a
//! process-wide lock hands out, and neither the guard nor any `Ref` can leave its thread.
//! When the guard goes, the memory is unmapped and the state is as at the start, so the next
//! engine sees the same addresses.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::arena::Arenas;
use super::dealloc::Trashcan;
use super::events::Sink;
use super::free_list::Registry;
use super::gc::state::GcState;
use super::host::Host;
use super::large::LargeZone;
use super::object::Object;
use super::pool::{self, PAGE, Pools};
use super::region::Region;

/// Everything that memory management remembers. The hot fields stand first.
#[repr(C)]
pub(super) struct HeapState {
    /// Which events the sink asked for: [`super::events::interest`].
    pub(super) watching: Cell<u8>,
    pub(super) gc: GcState,
    pub(super) trashcan: Trashcan,
    pub(super) pools: Pools,
    pub(super) pages: PageCount,
    pub(super) marks: super::events::Marks,
    pub(super) sink: Cell<Option<&'static dyn Sink>>,
    pub(super) host: Cell<Option<&'static dyn Host>>,
    pub(super) free_lists: Registry,
    pub(super) region: Cell<Option<Region>>,
    pub(super) arenas: UnsafeCell<Arenas>,
    pub(super) large: UnsafeCell<LargeZone>,
}

// SAFETY: only the thread that holds the `HeapGuard` has objects and so reaches the state; the
// guard's lock orders one holder after another.
unsafe impl Sync for HeapState {}

pub(super) static HEAP: HeapState = HeapState {
    watching: Cell::new(0),
    gc: GcState::new(),
    trashcan: Trashcan::new(),
    pools: Pools::new(),
    pages: PageCount::new(),
    marks: super::events::Marks::new(),
    sink: Cell::new(None),
    host: Cell::new(None),
    free_lists: Registry::new(),
    region: Cell::new(None),
    arenas: UnsafeCell::new(Arenas::new()),
    large: UnsafeCell::new(LargeZone::new()),
};

/// Pages of 16 KiB in use by pools and large blocks, and what is allowed.
pub(super) struct PageCount {
    used: Cell<usize>,
    peak: Cell<usize>,
    /// Bytes; `usize::MAX` for no limit.
    limit: Cell<usize>,
    /// Bytes that the region has room for, with some to spare: no limit is higher.
    ceiling: Cell<usize>,
    exceeded: Cell<bool>,
    /// What the machine has, memory and swap together, in bytes: more is never granted at once.
    machine: Cell<usize>,
}

impl PageCount {
    const fn new() -> PageCount {
        PageCount {
            used: Cell::new(0),
            peak: Cell::new(0),
            limit: Cell::new(usize::MAX),
            ceiling: Cell::new(usize::MAX),
            exceeded: Cell::new(false),
            machine: Cell::new(usize::MAX),
        }
    }

    /// Nothing in use, no limit but the room there is and what the machine has.
    fn reset(&self, room: usize, machine: usize) {
        self.used.set(0);
        self.peak.set(0);
        self.ceiling.set(room - room / 8);
        self.limit.set(self.ceiling.get());
        self.exceeded.set(false);
        self.machine.set(machine);
    }

    /// Asks for `pages` more. When they exceed the limit, a caller that can fail gets false;
    /// another gets its pages and the flag goes up.
    pub(super) fn reserve(&self, pages: usize, may_fail: bool) -> bool {
        let used = self.used.get().saturating_add(pages);
        let bytes = used.saturating_mul(PAGE);
        if bytes > self.limit.get() {
            if may_fail {
                return false;
            }
            if !self.exceeded.replace(true) {
                super::host::host().memory_limit_exceeded();
            }
        }
        if may_fail && bytes > self.machine.get() {
            return false;
        }
        self.used.set(used);
        self.peak.set(self.peak.get().max(used));
        true
    }

    pub(super) fn release(&self, pages: usize) {
        self.used.set(self.used.get() - pages);
    }
}

static LOCK: Mutex<()> = Mutex::new(());

/// The heap, as a name to acquire it by.
pub struct Heap;

/// Shows that this thread owns the heap. Everything allocated under it must be gone, or never be
/// touched again, when it is dropped: an engine keeps it in its last field.
pub struct HeapGuard {
    _lock: MutexGuard<'static, ()>,
}

impl Heap {
    /// As [`Heap::try_acquire`], for tests and tools.
    ///
    /// # Panics
    /// When the operating system grants no address space at all.
    pub fn acquire() -> HeapGuard {
        Heap::try_acquire().expect("the operating system refuses to reserve address space for the heap")
    }

    /// Waits until no other engine exists in the process, then sets the heap up, empty. `None`
    /// when the operating system does not grant even 64 MiB of address space. A thread that holds
    /// the heap must not ask again: it would wait for itself.
    pub fn try_acquire() -> Option<HeapGuard> {
        let lock = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let region = Region::reserve()?;
        HEAP.region.set(Some(region));
        HEAP.gc.reset();
        HEAP.pages.reset(region.pool_zone().size, super::region::machine_memory());
        // SAFETY: the lock is ours, nobody else looks at the state.
        unsafe {
            (*HEAP.arenas.get()).set_up(region.pool_zone());
            (*HEAP.large.get()).set_up(region.large_zone());
        }
        Some(HeapGuard { _lock: lock })
    }
}

impl Drop for HeapGuard {
    fn drop(&mut self) {
        HEAP.watching.set(0);
        super::events::clear_marks();
        HEAP.sink.set(None);
        HEAP.host.set(None);
        HEAP.gc.reset();
        HEAP.trashcan.reset();
        HEAP.free_lists.forget_all();
        HEAP.pools.reset();
        // SAFETY: the lock is still ours.
        unsafe {
            *HEAP.arenas.get() = Arenas::new();
            *HEAP.large.get() = LargeZone::new();
        }
        if let Some(region) = HEAP.region.take() {
            region.unmap();
        }
    }
}

/// Whether somebody holds the heap; objects can only be made then.
pub(super) fn is_acquired() -> bool {
    HEAP.region.get().is_some()
}

/// Sets the memory limit in bytes, or takes it away. What is in use already is not touched.
pub fn set_limit(bytes: Option<usize>) {
    let ceiling = HEAP.pages.ceiling.get();
    HEAP.pages.limit.set(bytes.map_or(ceiling, |bytes| bytes.min(ceiling)));
    HEAP.pages.exceeded.set(false);
}

/// Whether an allocation that cannot fail has gone past the limit since the flag was last
/// cleared. The virtual machine turns it into `MemoryError` at a safepoint.
#[inline]
pub fn limit_exceeded() -> bool {
    HEAP.pages.exceeded.get()
}

/// Lowers the flag, when `MemoryError` has been raised.
pub fn clear_limit_exceeded() {
    HEAP.pages.exceeded.set(false);
}

/// Bytes of the region in use by pools and large blocks.
pub fn used_bytes() -> usize {
    HEAP.pages.used.get() * PAGE
}

/// The most that [`used_bytes`] has been.
pub fn peak_bytes() -> usize {
    HEAP.pages.peak.get() * PAGE
}

/// Visits every live object, the atomic ones too, in the order of their addresses: first those in
/// pools, then the large ones. Objects with count zero (in a free list, or being destroyed) are
/// left out. `visit` must not allocate or free.
pub fn walk_objects(visit: &mut dyn FnMut(NonNull<Object>)) {
    pool::walk(&mut |object| {
        // SAFETY: `walk` gives the address of an object whose header has been written.
        if unsafe { object.as_ref() }.refcount() != 0 {
            visit(object);
        }
    });
}

/// Whether `address` lies in the region in which all objects live.
pub fn contains(address: usize) -> bool {
    HEAP.region.get().is_some_and(|region| region.contains(address))
}
