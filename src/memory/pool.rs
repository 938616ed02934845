//! Pools: pages of 16 KiB cut into blocks of one size, for one domain.
//!
//! ```text
//!   page (16 KiB aligned)
//!  +--------+-------+-------+-------+-----------+------------------+
//!  | header | block | block | block | ...       | never used yet   |
//!  +--------+-------+-------+-------+-----------+------------------+
//!   0        64                                 fresh            end
//! ```
//!
//! Freed blocks form a list through their first word, last freed first. Pools of a domain and
//! size that have a free block are linked; a full pool is unlinked when that is noticed and
//! linked again, in front, when a block of it is freed. The page of any block is found by
//! masking its address, and the header tells domain and size: freeing asks nobody else.
//! A large block begins with the same header (class `LARGE`), so freeing needs no test for it on
//! the fast path: its `used` falls to zero, which takes the slow one.
//!
//! Domains (raw buffers, objects without, with short and with long pre-header) never share a
//! pool: that is what makes every live object findable.

use std::cell::Cell;
use std::ptr::NonNull;

use super::heap::HEAP;
use super::object::Object;

/// Bytes of a page: a pool, and the unit of large blocks.
pub(super) const PAGE: usize = 16 * 1024;
/// Bytes of a pool's header.
pub(super) const HEADER: usize = 64;
/// Up to here sizes go in steps of 16.
pub(super) const SMALL_MAX: usize = 512;
/// Up to here blocks live in pools.
pub(super) const POOLED_MAX: usize = 8160;

const SMALL_CLASSES: usize = SMALL_MAX / 16;
/// Sizes above the small ones, chosen so that a page holds a whole number with little left over.
const MEDIUM: [u16; 14] = [640, 768, 896, 1024, 1280, 1536, 1792, 2032, 2320, 2720, 3264, 4080, 5440, 8160];
const CLASSES: usize = SMALL_CLASSES + MEDIUM.len();
const DOMAINS: usize = 4;
/// The class that marks a large block's header.
pub(super) const LARGE: u8 = u8::MAX;

/// What a block is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Domain {
    /// A buffer that belongs to an object.
    Raw = 0,
    /// An object without pre-header.
    Plain = 1,
    /// An object with the collector's two words.
    Gc = 2,
    /// An object with dict and values pointers before these.
    Managed = 3,
}

impl Domain {
    pub const ALL: [Domain; DOMAINS] = [Domain::Raw, Domain::Plain, Domain::Gc, Domain::Managed];

    /// The domain of objects with this pre-header.
    #[inline(always)]
    pub(super) const fn of(pre: super::object::PreHeader) -> Domain {
        match pre {
            super::object::PreHeader::Plain => Domain::Plain,
            super::object::PreHeader::Gc => Domain::Gc,
            super::object::PreHeader::Managed => Domain::Managed,
        }
    }

    /// Bytes between the beginning of the block and the object.
    #[inline(always)]
    pub(super) const fn pre_size(self) -> usize {
        (self as usize).saturating_sub(1) * 16
    }

    /// Whether objects of this domain have the collector's words.
    #[inline(always)]
    pub(super) const fn is_gc(self) -> bool {
        self as u8 >= Domain::Gc as u8
    }
}

/// The header of a page of blocks, or of a large block.
#[repr(C, align(64))]
pub(super) struct Pool {
    /// Freed blocks, last freed first.
    free: Cell<*mut FreeBlock>,
    /// Blocks handed out.
    pub(super) used: Cell<u32>,
    /// Offset of the first block never handed out.
    fresh: Cell<u32>,
    /// Offset behind the last block.
    end: Cell<u32>,
    /// Bytes of a block.
    pub(super) block_size: Cell<u32>,
    pub(super) domain: Cell<Domain>,
    pub(super) class: Cell<u8>,
    /// Whether the pool is in the list of its domain and class.
    linked: Cell<bool>,
    next: Cell<*mut Pool>,
    prev: Cell<*mut Pool>,
    /// Pages of a large block.
    pub(super) pages: Cell<usize>,
}

const _: () = assert!(size_of::<Pool>() == HEADER);

struct FreeBlock {
    next: *mut FreeBlock,
}

/// Stands where a domain and class have no pool with room: its free list is always empty, so that
/// the fast path needs no test for null.
struct NoPool(Pool);
// SAFETY: never written.
unsafe impl Sync for NoPool {}
static NO_POOL: NoPool = NoPool(Pool {
    free: Cell::new(std::ptr::null_mut()),
    used: Cell::new(0),
    fresh: Cell::new(0),
    end: Cell::new(0),
    block_size: Cell::new(0),
    domain: Cell::new(Domain::Raw),
    class: Cell::new(0),
    linked: Cell::new(false),
    next: Cell::new(std::ptr::null_mut()),
    prev: Cell::new(std::ptr::null_mut()),
    pages: Cell::new(0),
});

fn no_pool() -> *mut Pool {
    (&raw const NO_POOL.0).cast_mut()
}

/// The first pool with room for each domain and class.
pub(super) struct Pools {
    first: [Cell<*mut Pool>; DOMAINS * CLASSES],
}

impl Pools {
    pub(super) const fn new() -> Pools {
        Pools { first: [const { Cell::new((&raw const NO_POOL.0).cast_mut()) }; DOMAINS * CLASSES] }
    }

    pub(super) fn reset(&self) {
        for first in &self.first {
            first.set(no_pool());
        }
    }

    #[inline(always)]
    fn slot(&self, domain: Domain, class: usize) -> &Cell<*mut Pool> {
        debug_assert!(class < CLASSES);
        // SAFETY: `domain` is below DOMAINS by its type, `class` below CLASSES by its makers.
        unsafe { self.first.get_unchecked(domain as usize * CLASSES + class) }
    }
}

/// The class of a size up to `POOLED_MAX`.
#[inline(always)]
fn class_of(size: usize) -> usize {
    if size <= SMALL_MAX { (size.max(1) - 1) / 16 } else { medium_class(size) }
}

fn medium_class(size: usize) -> usize {
    SMALL_CLASSES + MEDIUM.partition_point(|&limit| (limit as usize) < size)
}

fn class_size(class: usize) -> usize {
    match class.checked_sub(SMALL_CLASSES) {
        None => (class + 1) * 16,
        Some(medium) => MEDIUM[medium] as usize,
    }
}

/// The header of the page that a block (or an object) begins in.
///
/// # Safety
/// `address` is a block of this heap, or an object in one.
#[inline(always)]
pub(super) unsafe fn pool_of<'a>(address: NonNull<u8>) -> &'a Pool {
    // SAFETY: pages are aligned to their size and begin with their header.
    unsafe { &*address.as_ptr().map_addr(|address| address & !(PAGE - 1)).cast::<Pool>() }
}

/// A block of `size` bytes (at most `POOLED_MAX`), or `None` past the limit (only when
/// `may_fail`) and when the machine has no memory left.
#[inline(always)]
pub(super) fn alloc(domain: Domain, size: usize, may_fail: bool) -> Option<NonNull<u8>> {
    let class = class_of(size);
    let first = HEAP.pools.slot(domain, class);
    // SAFETY: the slot points at a pool of ours or at NO_POOL; its free blocks are ours.
    unsafe {
        let pool = &*first.get();
        let block = pool.free.get();
        if !block.is_null() {
            pool.free.set((*block).next);
            pool.used.set(pool.used.get() + 1);
            return Some(NonNull::new_unchecked(block.cast()));
        }
    }
    refill(domain, class, may_fail)
}

/// Finds or makes a pool with room and takes a block of it.
#[cold]
#[inline(never)]
fn refill(domain: Domain, class: usize, may_fail: bool) -> Option<NonNull<u8>> {
    let first = HEAP.pools.slot(domain, class);
    loop {
        // SAFETY: as in `alloc`.
        let pool = unsafe { &*first.get() };
        if std::ptr::eq(pool, no_pool()) {
            let pool = new_pool(domain, class, may_fail)?;
            link_first(pool, first);
        } else if let Some(block) = NonNull::new(pool.free.get()) {
            // SAFETY: a free block of a pool of ours.
            pool.free.set(unsafe { block.as_ref().next });
            pool.used.set(pool.used.get() + 1);
            return Some(block.cast());
        } else if pool.fresh.get() < pool.end.get() {
            open_fresh(pool);
        } else {
            unlink(pool, first);
        }
    }
}

/// Puts some of the blocks never used yet on the free list, lowest address first.
fn open_fresh(pool: &Pool) {
    const BATCH_BYTES: u32 = 2048;
    let size = pool.block_size.get();
    let room = (pool.end.get() - pool.fresh.get()) / size;
    let count = (BATCH_BYTES / size).clamp(1, room);
    let begin = std::ptr::from_ref(pool).cast_mut().cast::<u8>();
    let mut next = pool.free.get();
    for index in (0..count).rev() {
        // SAFETY: `fresh + count * size <= end`, which is inside the page.
        unsafe {
            let block = begin.add((pool.fresh.get() + index * size) as usize).cast::<FreeBlock>();
            (*block).next = next;
            next = block;
        }
    }
    pool.free.set(next);
    pool.fresh.set(pool.fresh.get() + count * size);
}

fn new_pool<'a>(domain: Domain, class: usize, may_fail: bool) -> Option<&'a Pool> {
    assert!(super::heap::is_acquired(), "objects are made without holding the heap (Heap::acquire)");
    if !HEAP.pages.reserve(1, may_fail) {
        return None;
    }
    // SAFETY: no other borrow of the arenas is alive: nothing below calls back.
    let Some(page) = (unsafe { (*HEAP.arenas.get()).take_page() }) else {
        HEAP.pages.release(1);
        return None;
    };
    let size = class_size(class);
    let count = (PAGE - HEADER) / size;
    let pool = std::ptr::with_exposed_provenance_mut::<Pool>(page);
    // SAFETY: the page is ours alone now, and writable.
    unsafe {
        pool.write(Pool {
            free: Cell::new(std::ptr::null_mut()),
            used: Cell::new(0),
            fresh: Cell::new(HEADER as u32),
            end: Cell::new((HEADER + count * size) as u32),
            block_size: Cell::new(size as u32),
            domain: Cell::new(domain),
            class: Cell::new(class as u8),
            linked: Cell::new(false),
            next: Cell::new(std::ptr::null_mut()),
            prev: Cell::new(std::ptr::null_mut()),
            pages: Cell::new(1),
        });
        Some(&*pool)
    }
}

fn link_first(pool: &Pool, first: &Cell<*mut Pool>) {
    let old = first.get();
    let this = std::ptr::from_ref(pool).cast_mut();
    pool.linked.set(true);
    pool.prev.set(std::ptr::null_mut());
    if std::ptr::eq(old, no_pool()) {
        pool.next.set(std::ptr::null_mut());
    } else {
        pool.next.set(old);
        // SAFETY: a linked pool of ours.
        unsafe { (*old).prev.set(this) };
    }
    first.set(this);
}

fn unlink(pool: &Pool, first: &Cell<*mut Pool>) {
    let (prev, next) = (pool.prev.get(), pool.next.get());
    // SAFETY: neighbours in the list are linked pools of ours.
    unsafe {
        if let Some(next) = next.as_ref() {
            next.prev.set(prev);
        }
        match prev.as_ref() {
            Some(prev) => prev.next.set(next),
            None => first.set(if next.is_null() { no_pool() } else { next }),
        }
    }
    pool.linked.set(false);
}

/// Takes a block back.
///
/// # Safety
/// `block` came from `alloc` or `large::alloc`, `pool` is its page; it is not used any more.
#[inline(always)]
pub(super) unsafe fn free(pool: &Pool, block: NonNull<u8>) {
    let block = block.cast::<FreeBlock>();
    let next = pool.free.get();
    // SAFETY: the block is at least 16 bytes of ours.
    unsafe { block.write(FreeBlock { next }) };
    pool.free.set(block.as_ptr());
    let left = pool.used.get() - 1;
    pool.used.set(left);
    if next.is_null() | (left == 0) {
        free_slow(pool);
    }
}

/// A block of a full pool, the last block of a pool, or a large block was freed.
#[cold]
#[inline(never)]
fn free_slow(pool: &Pool) {
    if pool.class.get() == LARGE {
        super::large::free(pool);
        return;
    }
    let first = HEAP.pools.slot(pool.domain.get(), pool.class.get() as usize);
    if !pool.linked.get() {
        link_first(pool, first);
    }
    // An empty pool goes back unless it is the only one with room: else a single block that
    // comes and goes would take this path each time.
    let is_only = pool.next.get().is_null() && pool.prev.get().is_null();
    if pool.used.get() == 0 && !is_only {
        unlink(pool, first);
        HEAP.pages.release(1);
        let page = std::ptr::from_ref(pool).expose_provenance();
        // SAFETY: as in `new_pool`.
        unsafe { (*HEAP.arenas.get()).give_page(page) };
    }
}

/// The usable bytes of a block.
pub(super) fn usable_size(pool: &Pool) -> usize {
    if pool.class.get() == LARGE { super::large::usable_size(pool) } else { pool.block_size.get() as usize }
}

/// What the pools' part of the heap looks like at one moment.
pub(super) fn for_each_pool(each: &mut dyn FnMut(&Pool)) {
    // SAFETY: the arenas do not change while we look: `each` must not allocate or free.
    let arenas = unsafe { &*HEAP.arenas.get() };
    for (address, arena) in arenas.iter() {
        let mut taken = !arena.free;
        while taken != 0 {
            let page = address + taken.trailing_zeros() as usize * PAGE;
            taken &= taken - 1;
            // SAFETY: a page that is not free begins with a pool's header.
            each(unsafe { &*std::ptr::with_exposed_provenance::<Pool>(page) });
        }
    }
}

/// Calls `each` with every block of the pool that is handed out, lowest address first.
pub(super) fn for_each_block(pool: &Pool, each: &mut dyn FnMut(NonNull<u8>)) {
    const WORDS: usize = (PAGE / 16).div_ceil(64);
    let mut free = [0u64; WORDS];
    let begin = std::ptr::from_ref(pool).expose_provenance();
    let size = pool.block_size.get() as usize;
    let mut block = pool.free.get();
    while let Some(address) = NonNull::new(block) {
        let index = (address.as_ptr().expose_provenance() - begin - HEADER) / size;
        free[index / 64] |= 1 << (index % 64);
        // SAFETY: the free list of a pool of ours.
        block = unsafe { address.as_ref().next };
    }
    let opened = (pool.fresh.get() as usize - HEADER) / size;
    for index in 0..opened {
        if free[index / 64] & 1 << (index % 64) == 0 {
            let address = std::ptr::with_exposed_provenance_mut(begin + HEADER + index * size);
            // SAFETY: inside a page, so not null.
            each(unsafe { NonNull::new_unchecked(address) });
        }
    }
}

/// Visits every block of an object domain as the object in it: pools first, then large blocks.
pub(super) fn walk(visit: &mut dyn FnMut(NonNull<Object>)) {
    for_each_pool(&mut |pool| {
        let domain = pool.domain.get();
        if domain != Domain::Raw {
            // SAFETY: the object lies behind its pre-header in the same block.
            for_each_block(pool, &mut |block| visit(unsafe { block.add(domain.pre_size()).cast() }));
        }
    });
    super::large::for_each_span(&mut |span, block| {
        let domain = span.domain.get();
        if domain != Domain::Raw {
            // SAFETY: as above.
            visit(unsafe { block.add(domain.pre_size()).cast() });
        }
    });
}

/// A header for a large block.
pub(super) fn large_header(domain: Domain, pages: usize) -> Pool {
    Pool {
        free: Cell::new(std::ptr::null_mut()),
        used: Cell::new(1),
        fresh: Cell::new(0),
        end: Cell::new(0),
        block_size: Cell::new(0),
        domain: Cell::new(domain),
        class: Cell::new(LARGE),
        linked: Cell::new(false),
        next: Cell::new(std::ptr::null_mut()),
        prev: Cell::new(std::ptr::null_mut()),
        pages: Cell::new(pages),
    }
}

/// A block that is handed out.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) size: usize,
    pub(super) domain: Domain,
}

/// The block that is handed out around an address that may be anything.
pub(super) fn block_around(address: usize) -> Option<Block> {
    let mut found = None;
    // SAFETY: the arenas do not change while we look.
    let arenas = unsafe { &*HEAP.arenas.get() };
    let page = address & !(PAGE - 1);
    if let Some(arena) = arenas.at(address) {
        let is_free = arena.free >> (address / PAGE % 64) & 1 != 0;
        if !is_free {
            // SAFETY: a page that is not free begins with a pool's header.
            let pool = unsafe { &*std::ptr::with_exposed_provenance::<Pool>(page) };
            let (size, domain) = (pool.block_size.get() as usize, pool.domain.get());
            for_each_block(pool, &mut |block| {
                let start = block.addr().get();
                if (start..start + size).contains(&address) {
                    found = Some(Block { start, size, domain });
                }
            });
        }
    } else if super::heap::contains(address) {
        super::large::for_each_span(&mut |span, block| {
            let (start, size) = (block.addr().get(), super::large::usable_size(span));
            if (start..start + size).contains(&address) {
                found = Some(Block { start, size, domain: span.domain.get() });
            }
        });
    }
    found
}

/// The object that begins at an address that may be anything, in a block that is handed out.
pub(super) fn find_object(address: usize) -> Option<NonNull<Object>> {
    let block = block_around(address)?;
    let begins = block.domain != Domain::Raw && block.start + block.domain.pre_size() == address;
    begins.then(|| NonNull::new(std::ptr::with_exposed_provenance_mut(address))).flatten()
}
