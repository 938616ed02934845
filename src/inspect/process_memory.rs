//! This process's own memory, read as numbers through the system: an address may be anything, and reading one that
//! is not there gives nothing.
use std::fs::{self, File};

/// Words of a native stretch of memory read at most.
const MAX_WORDS: usize = 64 << 20;
/// Size of a word in bytes.
const WORD: usize = size_of::<usize>();

/// Flags in the header of a block of glibc's: the block before is in use; the block is a mapping of its own.
const IN_USE: usize = 1;
const MAPPED: usize = 2;

/// A way to read the memory of this process. On systems without one nothing is ever found.
pub struct ProcessMemory {
    file: Option<File>,
    /// Where the native allocator has its blocks: writable, not backed by a file, not the objects' own region, not a
    /// stack. In order.
    heaps: Vec<(usize, usize)>,
}

impl ProcessMemory {
    /// Without the native allocator's blocks.
    pub fn of_stacks() -> ProcessMemory {
        ProcessMemory { file: File::open("/proc/self/mem").ok(), heaps: Vec::new() }
    }

    /// With the native allocator's blocks, as memory is mapped now.
    pub fn with_blocks() -> ProcessMemory {
        let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let here = (&raw const maps).addr();
        let heaps =
            maps.lines().filter_map(heap).filter(|(start, end)| !(*start..*end).contains(&here)).collect();
        ProcessMemory { file: File::open("/proc/self/mem").ok(), heaps }
    }

    /// The words between two addresses, as many as can be read.
    pub fn words(&self, low: usize, high: usize) -> Vec<usize> {
        let low = low.next_multiple_of(WORD);
        let count = (high.saturating_sub(low) / WORD).min(MAX_WORDS);
        let mut bytes = vec![0; count * WORD];
        let read = self.read(low, &mut bytes);
        bytes.truncate(read);
        let (words, _) = bytes.as_chunks::<WORD>();
        words.iter().map(|word| usize::from_ne_bytes(*word)).collect()
    }

    #[cfg(unix)]
    fn read(&self, address: usize, bytes: &mut [u8]) -> usize {
        use std::os::unix::fs::FileExt;
        let Some(file) = &self.file else { return 0 };
        let mut read = 0;
        while read < bytes.len() {
            match file.read_at(&mut bytes[read..], (address + read) as u64) {
                Ok(0) | Err(_) => break,
                Ok(count) => read += count,
            }
        }
        read
    }

    #[cfg(not(unix))]
    fn read(&self, _: usize, _: &mut [u8]) -> usize {
        let _ = &self.file;
        0
    }

    /// Bytes of the native allocator's block at an address that may be anything; `None` if it cannot be one.
    pub fn block_at(&self, address: usize) -> Option<usize> {
        // glibc: blocks begin at multiples of 16; the word before a block is its size with three flags in it.
        if !address.is_multiple_of(2 * WORD) {
            return None;
        }
        let place = self.heaps.partition_point(|(_, end)| *end <= address);
        let (_, end) = *self.heaps.get(place).filter(|(start, _)| start + 2 * WORD <= address)?;
        let header = *self.words(address - WORD, address).first()?;
        let bytes = (header & !7).checked_sub(WORD)?;
        let last = address.checked_add(bytes).filter(|last| bytes >= WORD && *last <= end + WORD)?;
        if header & MAPPED == 0 {
            // The next block's header says that the one before it is in use; what is no block rarely passes.
            let next = *self.words(last, last + WORD).first()?;
            if next & IN_USE == 0 || next < 4 * WORD {
                return None;
            }
        }
        Some(bytes)
    }
}

/// The addresses of a mapping in which native blocks can lie.
fn heap(line: &str) -> Option<(usize, usize)> {
    let mut parts = line.split_ascii_whitespace();
    let (range, access, _, _, inode) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let name = parts.next().unwrap_or("");
    if !access.starts_with("rw") || inode != "0" || !(name.is_empty() || name == "[heap]") {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let (start, end) = (usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?);
    let is_objects = crate::memory::heap::contains(start);
    (!is_objects).then_some((start, end))
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_found_and_read() {
        let vector: Vec<usize> = vec![0x1234_5678; 100];
        let memory = ProcessMemory::with_blocks();
        let address = vector.as_ptr().addr();
        let bytes = memory.block_at(address).expect("a block");
        assert!(bytes >= 800);
        let words = memory.words(address, address + bytes);
        assert_eq!(words.iter().filter(|word| **word == 0x1234_5678).count(), 100);
    }

    #[test]
    fn what_is_not_there_gives_nothing() {
        let memory = ProcessMemory::with_blocks();
        assert!(memory.words(16, 64).is_empty());
        assert!(memory.block_at(0).is_none() && memory.block_at(usize::MAX - 15).is_none());
    }
}
