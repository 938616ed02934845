//! The data stack: chunks of words in which frames lie, one behind the other.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;

/// Words of an ordinary chunk (16 KiB, as CPython's).
const CHUNK_WORDS: usize = 2048;

#[repr(C)]
struct Chunk {
    previous: *mut Chunk,
    /// `top` of the previous chunk when this one was begun.
    saved_top: *mut usize,
    words: usize,
}

const HEADER_WORDS: usize = size_of::<Chunk>() / size_of::<usize>();

/// A stack of words that never moves what it holds.
pub struct DataStack {
    chunk: Cell<*mut Chunk>,
    top: Cell<*mut usize>,
    limit: Cell<*mut usize>,
}

impl DataStack {
    pub fn new() -> Self {
        DataStack {
            chunk: Cell::new(std::ptr::null_mut()),
            top: Cell::new(std::ptr::null_mut()),
            limit: Cell::new(std::ptr::null_mut()),
        }
    }

    /// Reserves `words` words, uninitialised. Released in reverse order by [`DataStack::pop`].
    #[inline(always)]
    pub fn push(&self, words: usize) -> *mut usize {
        let base = self.top.get();
        // Addresses are compared as numbers: `base` is null before the first chunk.
        if (self.limit.get() as usize).wrapping_sub(base as usize) / size_of::<usize>() >= words {
            self.top.set(base.wrapping_add(words));
            base
        } else {
            self.push_chunk(words)
        }
    }

    #[cold]
    #[inline(never)]
    fn push_chunk(&self, words: usize) -> *mut usize {
        let total = (words + HEADER_WORDS).max(CHUNK_WORDS);
        let layout = Layout::array::<usize>(total).expect("a frame is far smaller than memory");
        // SAFETY: the layout is not empty; the header fits because `total > HEADER_WORDS`.
        unsafe {
            let memory = alloc(layout).cast::<usize>();
            if memory.is_null() {
                handle_alloc_error(layout);
            }
            let chunk = memory.cast::<Chunk>();
            chunk.write(Chunk { previous: self.chunk.get(), saved_top: self.top.get(), words: total });
            self.chunk.set(chunk);
            let base = memory.add(HEADER_WORDS);
            self.top.set(base.add(words));
            self.limit.set(memory.add(total));
            base
        }
    }

    /// Releases everything from `base` on.
    ///
    /// # Safety
    /// `base` came from the latest `push` not yet popped.
    #[inline(always)]
    pub unsafe fn pop(&self, base: *mut usize) {
        let chunk = self.chunk.get();
        // SAFETY: there is a chunk, since something was pushed.
        unsafe {
            if base == chunk.cast::<usize>().add(HEADER_WORDS) {
                self.pop_chunk();
            } else {
                self.top.set(base);
            }
        }
    }

    #[cold]
    unsafe fn pop_chunk(&self) {
        let chunk = self.chunk.get();
        // SAFETY: the chunk was made by `push_chunk` with this layout; its frames are gone.
        unsafe {
            let Chunk { previous, saved_top, words } = chunk.read();
            if previous.is_null() {
                // The first chunk stays for the next frame.
                self.top.set(chunk.cast::<usize>().add(HEADER_WORDS));
                return;
            }
            dealloc(chunk.cast(), Layout::array::<usize>(words).expect("as when it was made"));
            self.chunk.set(previous);
            self.top.set(saved_top);
            self.limit.set(previous.cast::<usize>().add((*previous).words));
        }
    }
}

impl Drop for DataStack {
    fn drop(&mut self) {
        let mut chunk = self.chunk.get();
        while !chunk.is_null() {
            // SAFETY: as in `pop_chunk`; the stack is not used any more.
            unsafe {
                let Chunk { previous, words, .. } = chunk.read();
                dealloc(chunk.cast(), Layout::array::<usize>(words).expect("as when it was made"));
                chunk = previous;
            }
        }
    }
}
