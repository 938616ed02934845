//! Large blocks: runs of pages for everything that fits no pool.
//!
//! A run begins with the same header as a pool, then the block. Free runs are kept by address
//! (to join neighbours) and by length (best fit, lowest address first), so the same requests get
//! the same addresses. Runs that end at the frontier go back to it.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr::NonNull;

use super::heap::HEAP;
use super::pool::{self, Domain, HEADER, PAGE, Pool};
use super::region::{Zone, give_back, move_pages};

/// Free pages that may stay resident before memory is given back.
const SLACK_PAGES: usize = (64 << 20) / PAGE;
/// Runs shorter than this are not worth a system call.
const GIVE_BACK_PAGES: usize = (256 << 10) / PAGE;
/// From here on moving pages beats copying bytes.
const MOVE_PAGES: usize = (1 << 20) / PAGE;

pub(super) struct LargeZone {
    zone: Zone,
    /// Pages from the zone's base up to here have been used at some time.
    frontier: usize,
    /// Pages from here on hold no memory and read as zeros.
    touched: usize,
    /// Free runs: first page, length and whether memory may be resident.
    runs: BTreeMap<usize, Run>,
    by_len: BTreeSet<(usize, usize)>,
    /// Pages of free runs that may be resident.
    resident: usize,
}

#[derive(Clone, Copy)]
struct Run {
    pages: usize,
    resident: bool,
}

impl LargeZone {
    pub(super) const fn new() -> LargeZone {
        LargeZone {
            zone: Zone::none(),
            frontier: 0,
            touched: 0,
            runs: BTreeMap::new(),
            by_len: BTreeSet::new(),
            resident: 0,
        }
    }

    pub(super) fn set_up(&mut self, zone: Zone) {
        self.zone = zone;
    }

    fn address(&self, page: usize) -> usize {
        self.zone.base + page * PAGE
    }

    fn page(&self, address: usize) -> usize {
        (address - self.zone.base) / PAGE
    }

    fn insert(&mut self, start: usize, run: Run) {
        self.runs.insert(start, run);
        self.by_len.insert((run.pages, start));
        if run.resident {
            self.resident += run.pages;
        }
    }

    fn remove(&mut self, start: usize) -> Option<Run> {
        let run = self.runs.remove(&start)?;
        self.by_len.remove(&(run.pages, start));
        if run.resident {
            self.resident -= run.pages;
        }
        Some(run)
    }

    /// The first page of a run of `pages`, and whether it is known to be all zeros.
    fn take(&mut self, pages: usize) -> Option<(usize, bool)> {
        if let Some(&(_, start)) = self.by_len.range((pages, 0)..).next() {
            let run = self.remove(start)?;
            if run.pages > pages {
                self.insert(start + pages, Run { pages: run.pages - pages, resident: run.resident });
            }
            return Some((start, !run.resident));
        }
        let start = self.frontier;
        self.extend_frontier(start.checked_add(pages)?)
            .then_some((start, start >= self.touched_before(start + pages)))
    }

    /// What `touched` was before the frontier last grew to `end`.
    fn touched_before(&mut self, end: usize) -> usize {
        let before = self.touched;
        self.touched = before.max(end);
        before
    }

    fn extend_frontier(&mut self, end: usize) -> bool {
        let Some(bytes) = end.checked_mul(PAGE) else { return false };
        if !self.zone.commit(bytes) {
            return false;
        }
        self.frontier = end;
        true
    }

    /// Grows the run `[start, start + pages)` to `wanted` pages in place, if what follows is free.
    fn grow(&mut self, start: usize, pages: usize, wanted: usize) -> bool {
        let end = start + pages;
        if end == self.frontier {
            if !self.extend_frontier(start + wanted) {
                return false;
            }
            self.touched = self.touched.max(self.frontier);
            return true;
        }
        match self.runs.get(&end) {
            Some(run) if pages + run.pages >= wanted => {}
            _ => return false,
        }
        let Some(run) = self.remove(end) else { return false };
        let left = pages + run.pages - wanted;
        if left > 0 {
            self.insert(start + wanted, Run { pages: left, resident: run.resident });
        }
        true
    }

    /// Makes a run free, joined with its free neighbours.
    fn give(&mut self, mut start: usize, mut pages: usize) {
        let mut resident = true;
        if self.resident + pages > SLACK_PAGES && pages >= GIVE_BACK_PAGES {
            resident = !give_back(self.address(start), pages * PAGE);
        }
        if let Some((&before, &run)) = self.runs.range(..start).next_back()
            && before + run.pages == start
            && (run.resident == resident || start + pages == self.frontier)
        {
            self.remove(before);
            start = before;
            pages += run.pages;
            resident |= run.resident;
        }
        if let Some(&run) = self.runs.get(&(start + pages))
            && run.resident == resident
        {
            self.remove(start + pages);
            pages += run.pages;
        }
        if start + pages == self.frontier {
            self.frontier = start;
            // Runs before it that differ in residency join the frontier too.
            while let Some((&before, &run)) = self.runs.range(..self.frontier).next_back()
                && before + run.pages == self.frontier
            {
                self.remove(before);
                self.frontier = before;
            }
            self.trim();
        } else {
            self.insert(start, Run { pages, resident });
        }
    }

    /// Gives memory behind the frontier back once there is much of it.
    fn trim(&mut self) {
        let behind = self.touched - self.frontier;
        if behind > SLACK_PAGES && give_back(self.address(self.frontier), behind * PAGE) {
            self.touched = self.frontier;
        }
    }
}

/// Pages that a block of `size` bytes takes, or `None` for a size no machine has.
fn pages_for(size: usize) -> Option<usize> {
    if size > isize::MAX as usize / 2 {
        return None;
    }
    Some((size + HEADER).div_ceil(PAGE))
}

/// No other borrow of the zone is alive while the closure runs: it calls nothing outside this
/// file that allocates.
fn with_zone<R>(with: impl FnOnce(&mut LargeZone) -> R) -> R {
    // SAFETY: single-threaded, and not re-entered as said above.
    with(unsafe { &mut *HEAP.large.get() })
}

/// A block of `size` bytes and whether it is known to be all zeros. `None` as for `pool::alloc`.
pub(super) fn alloc(domain: Domain, size: usize, may_fail: bool) -> Option<(NonNull<u8>, bool)> {
    assert!(super::heap::is_acquired(), "objects are made without holding the heap (Heap::acquire)");
    let pages = pages_for(size)?;
    if !HEAP.pages.reserve(pages, may_fail) {
        return None;
    }
    let Some((address, zero)) =
        with_zone(|zone| zone.take(pages).map(|(start, zero)| (zone.address(start), zero)))
    else {
        HEAP.pages.release(pages);
        return None;
    };
    let header = std::ptr::with_exposed_provenance_mut::<Pool>(address);
    // SAFETY: the run is ours alone now, committed, and longer than the header.
    unsafe {
        header.write(pool::large_header(domain, pages));
        Some((NonNull::new_unchecked(header.add(1).cast()), zero))
    }
}

/// Takes the block behind `header` back.
pub(super) fn free(header: &Pool) {
    let (address, pages) = (std::ptr::from_ref(header).expose_provenance(), header.pages.get());
    HEAP.pages.release(pages);
    with_zone(|zone| zone.give(zone.page(address), pages));
}

pub(super) fn usable_size(header: &Pool) -> usize {
    header.pages.get() * PAGE - HEADER
}

/// Makes the block `size` bytes long, in place or by moving its pages; `None` when neither can be
/// done (the caller then copies, or gives up) and the block is as before.
pub(super) fn resize(header: &Pool, size: usize) -> Option<NonNull<u8>> {
    let wanted = pages_for(size)?;
    let (address, pages) = (std::ptr::from_ref(header).expose_provenance(), header.pages.get());
    // SAFETY: the block lies behind its header.
    let block = unsafe { NonNull::from(header).add(1).cast::<u8>() };
    if wanted <= pages {
        if wanted < pages {
            header.pages.set(wanted);
            HEAP.pages.release(pages - wanted);
            with_zone(|zone| zone.give(zone.page(address) + wanted, pages - wanted));
        }
        return Some(block);
    }
    if !HEAP.pages.reserve(wanted - pages, true) {
        return None;
    }
    if with_zone(|zone| zone.grow(zone.page(address), pages, wanted)) {
        header.pages.set(wanted);
        return Some(block);
    }
    HEAP.pages.release(wanted - pages);
    if pages < MOVE_PAGES {
        return None;
    }
    let domain = header.domain.get();
    let (new_block, _) = alloc(domain, size, true)?;
    // SAFETY: the new header lies before the new block.
    let new_header = unsafe { new_block.cast::<Pool>().sub(1) };
    if !move_pages(address, new_header.as_ptr().expose_provenance(), pages * PAGE) {
        // SAFETY: the new block was never used.
        free(unsafe { new_header.as_ref() });
        return None;
    }
    // SAFETY: the old header has moved here along with its page; `header` reads as zeros now and
    // is not used again.
    unsafe { new_header.as_ref() }.pages.set(wanted);
    HEAP.pages.release(pages);
    with_zone(|zone| zone.give(zone.page(address), pages));
    Some(new_block)
}

/// Calls `each` with the header and the block of every large block, lowest address first.
pub(super) fn for_each_span(each: &mut dyn FnMut(&Pool, NonNull<u8>)) {
    // SAFETY: the zone does not change while we look: `each` must not allocate or free.
    let zone = unsafe { &*HEAP.large.get() };
    let mut page = 0;
    while page < zone.frontier {
        if let Some(run) = zone.runs.get(&page) {
            page += run.pages;
            continue;
        }
        // SAFETY: below the frontier, what is not a free run is a block with its header.
        unsafe {
            let header = std::ptr::with_exposed_provenance_mut::<Pool>(zone.address(page));
            each(&*header, NonNull::new_unchecked(header.add(1).cast()));
            page += (*header).pages.get();
        }
    }
}
