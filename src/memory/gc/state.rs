//! Generations, counters, thresholds, flags and statistics of the collector.

use std::cell::Cell;

use super::header::{GcHead, Node};
use crate::memory::heap::HEAP;

/// Number of generations, the permanent one aside.
pub const GENERATIONS: usize = 3;
/// Where `gc.freeze()` puts objects.
pub(super) const PERMANENT: usize = GENERATIONS;
const DEFAULT_THRESHOLDS: [i32; GENERATIONS] = [700, 10, 10];

/// What one collection did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CollectResult {
    /// Objects found unreachable and deleted (or saved by `DEBUG_SAVEALL`).
    pub collected: usize,
    /// Objects that cannot be deleted because of a legacy finalizer.
    pub uncollectable: usize,
    /// Both together: what `gc.collect()` returns.
    pub unreachable: usize,
}

/// Statistics of one generation since the start (`gc.get_stats`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    pub collections: usize,
    pub collected: usize,
    pub uncollectable: usize,
}

/// Flags of `gc.set_debug`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DebugFlags(pub i32);

impl DebugFlags {
    pub const STATS: DebugFlags = DebugFlags(1);
    pub const COLLECTABLE: DebugFlags = DebugFlags(2);
    pub const UNCOLLECTABLE: DebugFlags = DebugFlags(4);
    /// Classic era: old-style instances are reported, by class.
    pub const INSTANCES: DebugFlags = DebugFlags(8);
    /// Classic era: everything else is reported.
    pub const OBJECTS: DebugFlags = DebugFlags(16);
    pub const SAVEALL: DebugFlags = DebugFlags(32);
    /// Classic era: all but statistics.
    pub const CLASSIC_LEAK: DebugFlags = DebugFlags(62);
    /// Collectable, uncollectable and saveall.
    pub const LEAK: DebugFlags = DebugFlags(2 | 4 | 32);

    #[inline]
    pub fn has(self, flag: DebugFlags) -> bool {
        self.0 & flag.0 != 0
    }
}

/// All that the collector remembers between collections.
pub(in crate::memory) struct GcState {
    /// Generation 0's count: GC allocations minus frees since its last collection.
    allocations: Cell<i32>,
    /// The count above which `count_allocation` looks closer: the threshold while collections may
    /// start by themselves, else the largest number.
    trigger: Cell<i32>,
    /// The lists; the last one is the permanent generation.
    heads: [GcHead; GENERATIONS + 1],
    /// Somebody asked for the collection that runs.
    pub(super) asked: Cell<bool>,
    /// Counts of generations 1 and 2 (collections of the next younger one); entry 0 is unused.
    counts: [Cell<i32>; GENERATIONS],
    thresholds: [Cell<i32>; GENERATIONS],
    enabled: Cell<bool>,
    collecting: Cell<bool>,
    /// Collect at every allocation, for tests.
    stress: Cell<bool>,
    debug: Cell<DebugFlags>,
    /// Objects that survived the last full collection.
    pub(super) long_lived_total: Cell<usize>,
    /// Objects that survived a collection of generation 1 since then.
    pub(super) long_lived_pending: Cell<usize>,
    pub(super) stats: [Cell<Stats>; GENERATIONS],
}

impl GcState {
    pub(in crate::memory) const fn new() -> GcState {
        GcState {
            allocations: Cell::new(0),
            trigger: Cell::new(DEFAULT_THRESHOLDS[0]),
            heads: [const { GcHead::new() }; GENERATIONS + 1],
            asked: Cell::new(false),
            counts: [const { Cell::new(0) }; GENERATIONS],
            thresholds: [
                Cell::new(DEFAULT_THRESHOLDS[0]),
                Cell::new(DEFAULT_THRESHOLDS[1]),
                Cell::new(DEFAULT_THRESHOLDS[2]),
            ],
            enabled: Cell::new(true),
            collecting: Cell::new(false),
            stress: Cell::new(false),
            debug: Cell::new(DebugFlags(0)),
            long_lived_total: Cell::new(0),
            long_lived_pending: Cell::new(0),
            stats: [const { Cell::new(Stats { collections: 0, collected: 0, uncollectable: 0 }) };
                GENERATIONS],
        }
    }

    /// Everything as at the start, the lists empty.
    pub(in crate::memory) fn reset(&self) {
        for head in &self.heads {
            Node::list(head).init_list();
        }
        for (index, default) in DEFAULT_THRESHOLDS.into_iter().enumerate() {
            self.counts[index].set(0);
            self.thresholds[index].set(default);
            self.stats[index].set(Stats::default());
        }
        self.allocations.set(0);
        self.enabled.set(true);
        self.collecting.set(false);
        self.stress.set(false);
        self.debug.set(DebugFlags(0));
        self.long_lived_total.set(0);
        self.long_lived_pending.set(0);
        self.arm();
    }

    /// The list of a generation; [`PERMANENT`] is one more.
    #[inline(always)]
    pub(in crate::memory) fn generation(&self, index: usize) -> Node {
        Node::list(&self.heads[index])
    }

    pub(super) fn count(&self, generation: usize) -> i32 {
        if generation == 0 { self.allocations.get() } else { self.counts[generation].get() }
    }

    pub(super) fn set_count(&self, generation: usize, count: i32) {
        if generation == 0 {
            self.allocations.set(count);
        } else {
            self.counts[generation].set(count);
        }
    }

    pub(super) fn threshold(&self, generation: usize) -> i32 {
        self.thresholds[generation].get()
    }

    pub(super) fn debug(&self) -> DebugFlags {
        self.debug.get()
    }

    pub(super) fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    pub(super) fn is_stressed(&self) -> bool {
        self.stress.get()
    }

    pub(super) fn set_collecting(&self, collecting: bool) {
        self.collecting.set(collecting);
        self.arm();
    }

    /// Works out the trigger after one of the things that it depends on has changed.
    fn arm(&self) {
        let threshold = self.thresholds[0].get();
        let may_start = self.enabled.get() && threshold != 0 && !self.collecting.get();
        self.trigger.set(match (self.stress.get() && !self.collecting.get(), may_start) {
            (true, _) => -1,
            (false, true) => threshold,
            (false, false) => i32::MAX,
        });
    }
}

/// An object with a GC pre-header is about to be made: counts it, and collects when the count
/// exceeds generation 0's threshold.
#[inline(always)]
pub(in crate::memory) fn count_allocation() {
    let gc = &HEAP.gc;
    let count = gc.allocations.get().wrapping_add(1);
    gc.allocations.set(count);
    if count > gc.trigger.get() {
        super::collect::collect_automatically();
    }
}

/// An object with a GC pre-header has been freed.
#[inline(always)]
pub(in crate::memory) fn count_free() {
    let gc = &HEAP.gc;
    let count = gc.allocations.get();
    if count > 0 {
        gc.allocations.set(count - 1);
    }
}

/// Counts an object that only the followed interpreter has: the classic era's frames.
pub fn count_unseen() {
    count_allocation();
}

/// One of those is gone.
pub fn uncount_unseen() {
    count_free();
}

/// Runs `work`, whose allocations and frees of GC objects nobody is to notice: they start no
/// collection and leave the count as it is. For objects that CPython has no counterpart of.
pub fn uncounted<R>(work: impl FnOnce() -> R) -> R {
    let gc = &HEAP.gc;
    let count = gc.allocations.get();
    let trigger = gc.trigger.replace(i32::MAX);
    let result = work();
    gc.trigger.set(trigger);
    gc.allocations.set(count);
    result
}

/// Makes every allocation of a GC object run a full collection first, without callbacks: a test
/// mode in which a reference that nobody counts shows up at once. Counters then mean nothing.
pub fn set_stress(stress: bool) {
    HEAP.gc.stress.set(stress);
    HEAP.gc.arm();
}

/// `gc.enable()`.
pub fn enable() {
    HEAP.gc.enabled.set(true);
    HEAP.gc.arm();
}

/// `gc.disable()`.
pub fn disable() {
    HEAP.gc.enabled.set(false);
    HEAP.gc.arm();
}

/// `gc.isenabled()`.
pub fn is_enabled() -> bool {
    HEAP.gc.enabled.get()
}

/// Whether a collection is running.
pub fn collecting() -> bool {
    HEAP.gc.collecting.get()
}

/// Whether the collection that runs was asked for (`gc.collect()`), not started by an allocation.
pub fn asked_for() -> bool {
    HEAP.gc.asked.get()
}

/// `gc.get_count()`.
pub fn counts() -> [i32; GENERATIONS] {
    std::array::from_fn(|generation| HEAP.gc.count(generation))
}

/// Sets the counters, for an interpreter that has just started: everything made so far counts as
/// old, and the counters stand where the reference's stand then.
pub fn begin_program(counts: [i32; GENERATIONS]) {
    freeze();
    unfreeze();
    for (generation, count) in counts.into_iter().enumerate() {
        HEAP.gc.set_count(generation, count);
    }
}

/// `gc.get_threshold()`.
pub fn thresholds() -> [i32; GENERATIONS] {
    std::array::from_fn(|generation| HEAP.gc.threshold(generation))
}

/// `gc.set_threshold()`, with the thresholds not given passed as they are.
pub fn set_thresholds(thresholds: [i32; GENERATIONS]) {
    for (cell, threshold) in HEAP.gc.thresholds.iter().zip(thresholds) {
        cell.set(threshold);
    }
    HEAP.gc.arm();
}

/// `gc.get_debug()`.
pub fn debug_flags() -> DebugFlags {
    HEAP.gc.debug.get()
}

/// `gc.set_debug()`.
pub fn set_debug_flags(flags: DebugFlags) {
    HEAP.gc.debug.set(flags);
}

/// `gc.get_stats()`, youngest generation first.
pub fn stats() -> [Stats; GENERATIONS] {
    std::array::from_fn(|generation| HEAP.gc.stats[generation].get())
}

/// Survivors of the last full collection, and of collections of generation 1 since: a full one
/// starts by itself only when the second exceeds a quarter of the first.
pub fn long_lived() -> (usize, usize) {
    (HEAP.gc.long_lived_total.get(), HEAP.gc.long_lived_pending.get())
}

/// `gc.freeze()`: every tracked object moves to the permanent generation.
pub fn freeze() {
    for generation in 0..GENERATIONS {
        HEAP.gc.generation(generation).merge_into(HEAP.gc.generation(PERMANENT));
        HEAP.gc.set_count(generation, 0);
    }
}

/// `gc.unfreeze()`: the permanent generation moves to the oldest one.
pub fn unfreeze() {
    HEAP.gc.generation(PERMANENT).merge_into(HEAP.gc.generation(GENERATIONS - 1));
}

/// `gc.get_freeze_count()`.
pub fn frozen_count() -> usize {
    HEAP.gc.generation(PERMANENT).list_len()
}
