//! Arenas: megabytes cut into 64 pools of 16 KiB.
//!
//! A pool is taken from the lowest arena that has one, so that high arenas run empty; an empty
//! arena keeps its memory while there are few such, then it is given back to the system.

use super::pool::PAGE;
use super::region::{Zone, give_back};

/// Bytes of an arena.
pub(super) const ARENA: usize = 1 << 20;
/// Empty arenas that keep their memory for the next use.
const SLACK: usize = 24;

const _: () = assert!(ARENA / PAGE == 64, "an arena's free pools are the bits of one word");

pub(super) struct Arenas {
    zone: Zone,
    list: Vec<Arena>,
    /// No arena below this one has a free pool.
    first_free: usize,
    /// Arenas with all pools free whose memory is still resident.
    resident_empty: usize,
}

/// One arena; its address follows from its place in the list.
#[derive(Clone, Copy)]
pub(super) struct Arena {
    /// Bit per pool: free.
    pub(super) free: u64,
    /// Whether memory may be resident.
    resident: bool,
}

impl Arenas {
    pub(super) const fn new() -> Arenas {
        Arenas { zone: Zone::none(), list: Vec::new(), first_free: 0, resident_empty: 0 }
    }

    pub(super) fn set_up(&mut self, zone: Zone) {
        self.zone = zone;
    }

    /// The arenas so far, each with its address.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Arena)> + '_ {
        self.list.iter().enumerate().map(|(index, arena)| (self.zone.base + index * ARENA, *arena))
    }

    /// The arena around an address that may be anything.
    pub(super) fn at(&self, address: usize) -> Option<Arena> {
        let index = address.checked_sub(self.zone.base)? / ARENA;
        self.list.get(index).copied()
    }

    /// The address of a page to make a pool of; its contents are arbitrary. `None` when the zone
    /// is used up or the system has no memory.
    pub(super) fn take_page(&mut self) -> Option<usize> {
        while let Some(arena) = self.list.get_mut(self.first_free) {
            if arena.free != 0 {
                if arena.free == u64::MAX && arena.resident {
                    self.resident_empty -= 1;
                }
                let index = arena.free.trailing_zeros() as usize;
                arena.free &= arena.free - 1;
                arena.resident = true;
                return Some(self.zone.base + self.first_free * ARENA + index * PAGE);
            }
            self.first_free += 1;
        }
        if !self.zone.commit((self.list.len() + 1) * ARENA) {
            return None;
        }
        self.list.push(Arena { free: u64::MAX, resident: false });
        self.take_page()
    }

    /// Takes a page back.
    pub(super) fn give_page(&mut self, page: usize) {
        let offset = page - self.zone.base;
        let index = offset / ARENA;
        let Some(arena) = self.list.get_mut(index) else { return };
        arena.free |= 1 << (offset % ARENA / PAGE);
        self.first_free = self.first_free.min(index);
        if arena.free == u64::MAX {
            if self.resident_empty < SLACK {
                self.resident_empty += 1;
            } else {
                arena.resident = !give_back(self.zone.base + index * ARENA, ARENA);
                self.resident_empty += usize::from(arena.resident);
            }
        }
    }
}
