//! What the heap looks like now: totals, and rows to draw a map of it from.
//!
//! Nothing is counted while the program runs; these functions look at the pages when asked.

use super::arena::ARENA;
use super::heap::HEAP;
pub use super::pool::Domain;
use super::pool::{self, PAGE, Pool};

/// Totals of one domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DomainTotals {
    /// Blocks handed out, parked ones included.
    pub blocks: usize,
    /// Bytes of these blocks.
    pub bytes: usize,
    /// Pools that hold them.
    pub pools: usize,
    /// How many of the blocks are large.
    pub large: usize,
}

/// Totals of the heap.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// By `Domain as usize`.
    pub domains: [DomainTotals; Domain::ALL.len()],
    pub arenas: usize,
    /// Bytes of pools and large blocks together, and the most there has been.
    pub used_bytes: usize,
    pub peak_bytes: usize,
}

/// One arena of the map.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArenaRow {
    pub address: usize,
    /// Its 64 places; `None` is free.
    pub pools: Vec<Option<PoolRow>>,
}

/// One pool of the map.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PoolRow {
    pub address: usize,
    pub domain: Domain,
    /// Bytes of each block.
    pub block_size: usize,
    pub used: usize,
    pub capacity: usize,
}

/// One large block of the map.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LargeRow {
    pub address: usize,
    pub domain: Domain,
    pub bytes: usize,
}

/// Counts blocks and bytes by domain.
pub fn totals() -> Totals {
    let mut totals = Totals {
        used_bytes: super::heap::used_bytes(),
        peak_bytes: super::heap::peak_bytes(),
        // SAFETY: the borrow ends here.
        arenas: unsafe { (*HEAP.arenas.get()).iter().count() },
        ..Totals::default()
    };
    pool::for_each_pool(&mut |pool| {
        let row = &mut totals.domains[pool.domain.get() as usize];
        row.pools += 1;
        row.blocks += pool.used.get() as usize;
        row.bytes += (pool.used.get() * pool.block_size.get()) as usize;
    });
    for row in large_map() {
        let domain = &mut totals.domains[row.domain as usize];
        domain.blocks += 1;
        domain.large += 1;
        domain.bytes += row.bytes;
    }
    totals
}

fn pool_row(pool: &Pool) -> PoolRow {
    let block_size = pool.block_size.get() as usize;
    PoolRow {
        address: std::ptr::from_ref(pool).addr(),
        domain: pool.domain.get(),
        block_size,
        used: pool.used.get() as usize,
        capacity: (PAGE - pool::HEADER) / block_size,
    }
}

/// The arenas, lowest address first.
pub fn arena_map() -> Vec<ArenaRow> {
    // SAFETY: the borrow ends here.
    let mut rows: Vec<ArenaRow> = unsafe { (*HEAP.arenas.get()).iter() }
        .map(|(address, _)| ArenaRow { address, pools: vec![None; ARENA / PAGE] })
        .collect();
    let base = rows.first().map_or(0, |row| row.address);
    pool::for_each_pool(&mut |pool| {
        let offset = std::ptr::from_ref(pool).addr() - base;
        if let Some(place) =
            rows.get_mut(offset / ARENA).and_then(|row| row.pools.get_mut(offset % ARENA / PAGE))
        {
            *place = Some(pool_row(pool));
        }
    });
    rows
}

/// The large blocks, lowest address first.
pub fn large_map() -> Vec<LargeRow> {
    let mut rows = Vec::new();
    super::large::for_each_span(&mut |span, block| {
        rows.push(LargeRow {
            address: block.as_ptr().addr(),
            domain: span.domain.get(),
            bytes: span.pages.get() * PAGE,
        });
    });
    rows
}

/// The addresses of the blocks handed out in the pool at `address` (from a [`PoolRow`]).
pub fn blocks_of(address: usize) -> Vec<usize> {
    let mut blocks = Vec::new();
    pool::for_each_pool(&mut |pool| {
        if std::ptr::from_ref(pool).addr() == address {
            pool::for_each_block(pool, &mut |block| blocks.push(block.as_ptr().addr()));
        }
    });
    blocks
}
