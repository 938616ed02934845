//! The reserved stretch of address space in which everything lies.
//!
//! The lower half is for arenas of pools, the upper half for large blocks. Reserving costs
//! nothing; memory is committed as the two zones grow and given back with `madvise`. The base is
//! the same in every run where the kernel allows it, so addresses are too; where it does not
//! (valgrind, sanitizers, a tight address-space limit), any base and a smaller size do.

use std::ptr::NonNull;

/// Where the region begins when nothing is in the way.
const BASE: usize = 0x2000_0000_0000;
/// Sizes tried, largest first.
const SIZES: [usize; 9] = [1 << 40, 1 << 38, 1 << 36, 1 << 34, 1 << 32, 1 << 30, 1 << 29, 1 << 28, 1 << 26];
/// Zones begin and end at multiples of this.
const ALIGN: usize = 1 << 20;
/// Memory is committed in steps of this, to keep system calls few.
const COMMIT_STEP: usize = 8 << 20;

#[derive(Clone, Copy)]
pub(super) struct Region {
    /// What was mapped.
    start: usize,
    len: usize,
    /// The aligned part in use.
    base: usize,
    size: usize,
}

/// A half of the region, committed up to a frontier.
pub(super) struct Zone {
    pub(super) base: usize,
    pub(super) size: usize,
    committed: usize,
}

impl Region {
    /// Reserves address space; `None` when not even the smallest size is granted.
    pub(super) fn reserve() -> Option<Region> {
        for size in SIZES {
            if let Some(start) = map(BASE, size, libc::MAP_FIXED_NOREPLACE) {
                if start == BASE {
                    return Some(Region { start, len: size, base: start, size });
                }
                // An old kernel took the address as a hint and went elsewhere.
                unmap(start, size);
            }
        }
        for size in SIZES {
            if let Some(start) = map(0, size + ALIGN, 0) {
                let base = start.next_multiple_of(ALIGN);
                return Some(Region { start, len: size + ALIGN, base, size });
            }
        }
        None
    }

    pub(super) fn pool_zone(&self) -> Zone {
        Zone { base: self.base, size: self.size / 2, committed: 0 }
    }

    pub(super) fn large_zone(&self) -> Zone {
        Zone { base: self.base + self.size / 2, size: self.size / 2, committed: 0 }
    }

    pub(super) fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.base) < self.size
    }

    pub(super) fn unmap(&self) {
        unmap(self.start, self.len);
    }
}

impl Zone {
    pub(super) const fn none() -> Zone {
        Zone { base: 0, size: 0, committed: 0 }
    }

    /// Makes the first `bytes` of the zone usable; false when the system refuses.
    pub(super) fn commit(&mut self, bytes: usize) -> bool {
        if bytes <= self.committed {
            return true;
        }
        if bytes > self.size {
            return false;
        }
        let target = bytes.next_multiple_of(COMMIT_STEP).min(self.size);
        let start = address(self.base + self.committed);
        // SAFETY: the range lies in the region, which is ours, and holds nothing yet.
        let done =
            unsafe { libc::mprotect(start, target - self.committed, libc::PROT_READ | libc::PROT_WRITE) };
        if done != 0 {
            return false;
        }
        self.committed = target;
        true
    }
}

/// Gives the memory of a page-aligned range back; it reads as zeros from then on. Returns
/// whether that was done.
pub(super) fn give_back(start: usize, len: usize) -> bool {
    // SAFETY: callers pass ranges of the region in which nothing lives.
    unsafe { libc::madvise(address(start), len, libc::MADV_DONTNEED) == 0 }
}

/// Moves the pages of `[from, from + len)` to `to` without copying; the old range reads as zeros
/// afterwards. False when the system refuses; nothing has changed then.
pub(super) fn move_pages(from: usize, to: usize, len: usize) -> bool {
    let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
    // SAFETY: both ranges lie in the region; the target holds nothing that is still needed, and
    // the hole left behind is mapped anew at once.
    unsafe {
        let moved = libc::mremap(address(from), len, len, flags, address(to));
        if moved == libc::MAP_FAILED {
            return false;
        }
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_FIXED;
        let hole = libc::mmap(address(from), len, protection, flags, -1, 0);
        assert!(hole != libc::MAP_FAILED, "the operating system took back a part of the heap");
    }
    true
}

/// Memory and swap of the machine in bytes; no single request beyond it can be met.
pub(super) fn machine_memory() -> usize {
    let mut info = std::mem::MaybeUninit::<libc::sysinfo>::zeroed();
    // SAFETY: `sysinfo` fills the struct that it is given.
    let info = unsafe {
        if libc::sysinfo(info.as_mut_ptr()) != 0 {
            return usize::MAX;
        }
        info.assume_init()
    };
    (info.totalram as usize).saturating_add(info.totalswap as usize).saturating_mul(info.mem_unit as usize)
}

fn address(value: usize) -> *mut libc::c_void {
    std::ptr::with_exposed_provenance_mut(value)
}

fn map(hint: usize, len: usize, more_flags: i32) -> Option<usize> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | more_flags;
    // SAFETY: a fresh mapping; with `MAP_FIXED_NOREPLACE` it never lands on an existing one.
    let start = unsafe { libc::mmap(address(hint), len, libc::PROT_NONE, flags, -1, 0) };
    if start == libc::MAP_FAILED {
        return None;
    }
    NonNull::new(start).map(|start| start.as_ptr().expose_provenance())
}

fn unmap(start: usize, len: usize) {
    // SAFETY: the range was mapped by `map` and nothing in it is used any more.
    unsafe { libc::munmap(address(start), len) };
}
