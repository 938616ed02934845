//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: a buffer in front of a raw stream.
//!
//! Always true: never are both bytes waiting to be written and bytes read ahead. Bytes read ahead
//! lie at the raw stream's position minus their number; bytes to be written belong at its
//! position.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use super::base::{Stream, call, is_closed, new_stream};
use super::file::FileIo;
use super::{DEFAULT_BUFFER_SIZE, table};
use crate::memory::{self, Object, Ref, Slot, Trace, Visitor};
use crate::objects::args::bind;
use crate::objects::bytes::BytesObject;
use crate::objects::spec::Signature;
use crate::objects::{Args, PyResult, Raised, TypeObject, exceptions};
use crate::vm::Ctx;

/// The bytes on their way.
#[derive(Default)]
pub struct Buffers {
    /// Read ahead, and how many of them have been handed out.
    pub ahead: Vec<u8>,
    pub taken: usize,
    /// Waiting to be written.
    pub pending: Vec<u8>,
}

impl Buffers {
    pub fn rest(&self) -> &[u8] {
        self.ahead.get(self.taken..).unwrap_or_default()
    }
}

#[repr(C)]
pub struct Buffered {
    pub stream: Stream,
    pub raw: Slot,
    pub state: RefCell<Option<Box<Buffers>>>,
    pub size: Cell<usize>,
    pub ready: Cell<bool>,
    pub detached: Cell<bool>,
    pub finalizing: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Buffered {}

/// # Safety
/// As `TraverseFn`.
pub unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of types with this layout.
    let this = unsafe { object.cast::<Buffered>().as_ref() };
    this.raw.trace(visitor);
    this.stream.dict.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
pub unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of types with this layout.
    let this = unsafe { object.cast::<Buffered>().as_ref() };
    this.ready.set(false);
    drop(this.raw.take());
    drop(this.stream.dict.take());
}

pub fn this(object: &Object) -> &Buffered {
    // SAFETY: only slots, methods and attributes of the three types call this.
    unsafe { object.cast() }
}

pub fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are empty slots, an unborrowed `None` and falsehoods.
    unsafe { new_stream(cx, ty) }
}

/// What kinds of access a class needs of its raw stream.
pub fn init(
    cx: Ctx,
    object: &Object,
    args: Args<'_>,
    name: &'static str,
    reads: bool,
    writes: bool,
) -> PyResult<()> {
    let signature = Signature { name, params: &["raw", "buffer_size"], required: 1, max_positional: 2 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [raw, size] = out;
    let Some(raw) = raw else { return Err(cx.system_error("bad internal call")) };
    let size = match size {
        Some(size) => cx.to_size(&size)?,
        None => DEFAULT_BUFFER_SIZE as isize,
    };
    setup(cx, object, raw, size, reads, writes)
}

pub fn setup(cx: Ctx, object: &Object, raw: Ref, size: isize, reads: bool, writes: bool) -> PyResult<()> {
    let buffered = this(object);
    buffered.ready.set(false);
    buffered.detached.set(false);
    if reads && writes {
        call(cx, &raw, "_checkSeekable", &[])?;
    }
    if reads {
        call(cx, &raw, "_checkReadable", &[])?;
    }
    if writes {
        call(cx, &raw, "_checkWritable", &[])?;
    }
    if size <= 0 {
        return Err(cx.value_error("buffer size must be strictly positive"));
    }
    buffered.raw.set(Some(raw));
    buffered.size.set(size as usize);
    *buffered.state.borrow_mut() = Some(Box::default());
    buffered.ready.set(true);
    Ok(())
}

/// A buffered stream of one of the three types over `raw`.
pub fn over(cx: Ctx, ty: &TypeObject, raw: Ref, size: isize, reads: bool, writes: bool) -> PyResult {
    let made = new(cx, ty, Args::EMPTY)?;
    setup(cx, &made, raw, size, reads, writes)?;
    Ok(made)
}

impl Buffered {
    /// The object as exactly a `BufferedWriter` (or reader, or random).
    pub fn exact(object: &Object) -> Option<&Buffered> {
        let table = table();
        let ours = object.is_exact(table.buffered_writer)
            || object.is_exact(table.buffered_reader)
            || object.is_exact(table.buffered_random);
        // SAFETY: instances of these types have this layout.
        ours.then(|| unsafe { object.cast() })
    }

    /// The raw stream, or the error of a stream without one.
    pub fn raw(&self, cx: Ctx) -> PyResult {
        if self.ready.get()
            && let Some(raw) = self.raw.get()
        {
            return Ok(raw);
        }
        Err(cx.value_error(if self.detached.get() {
            "raw stream has been detached"
        } else {
            "I/O operation on uninitialized object"
        }))
    }

    /// Runs `change` on the buffers; it must not run Python code.
    pub fn with<R>(&self, change: impl FnOnce(&mut Buffers) -> R) -> R {
        let mut state = self.state.borrow_mut();
        change(state.get_or_insert_default())
    }

    pub fn closed(&self, cx: Ctx) -> PyResult<bool> {
        let raw = self.raw(cx)?;
        match FileIo::exact(&raw) {
            Some(file) => Ok(file.is_closed()),
            None => is_closed(cx, &raw),
        }
    }

    /// "read of closed file" and its like.
    pub fn check_open(&self, cx: Ctx, what: &str) -> PyResult<()> {
        if self.closed(cx)? { Err(cx.value_error(format_args!("{what} closed file"))) } else { Ok(()) }
    }

    /// Reads once from the raw stream; `None` when it would block.
    pub fn raw_read(&self, cx: Ctx, buffer: &mut [u8]) -> PyResult<Option<usize>> {
        let raw = self.raw(cx)?;
        if let Some(file) = FileIo::exact(&raw) {
            return file.read_some(cx, buffer);
        }
        let array = crate::objects::bytearray::from_slice(buffer);
        let view = cx.call1(
            memory::Layout::as_object(crate::objects::types().memoryview),
            memory::Layout::as_object(&*array),
        )?;
        let answer = call(cx, &raw, "readinto", &[view])?;
        if cx.is_none(&answer) {
            return Ok(None);
        }
        let count = cx.to_size(&answer)?;
        if count < 0 || count as usize > buffer.len() {
            return Err(cx.raise(
                exceptions().os_error,
                format_args!(
                    "raw readinto() returned invalid length {count} (should have been between 0 and {})",
                    buffer.len()
                ),
            ));
        }
        let count = count as usize;
        if let Some(read) = array.peek().get(..count) {
            buffer[..count].copy_from_slice(read);
        }
        Ok(Some(count))
    }

    /// Writes once to the raw stream; `None` when it would block.
    fn raw_write(&self, cx: Ctx, bytes: &[u8]) -> PyResult<Option<usize>> {
        let raw = self.raw(cx)?;
        if let Some(file) = FileIo::exact(&raw) {
            return file.write_some(cx, bytes);
        }
        let copy = cx.new_bytes(bytes);
        let view = cx.call1(
            memory::Layout::as_object(crate::objects::types().memoryview),
            memory::Layout::as_object(&*copy),
        )?;
        let answer = call(cx, &raw, "write", &[view])?;
        if cx.is_none(&answer) {
            return Ok(None);
        }
        let count = cx.to_size(&answer)?;
        if count < 0 || count as usize > bytes.len() {
            return Err(cx.raise(
                exceptions().os_error,
                format_args!(
                    "raw write() returned invalid length {count} (should have been between 0 and {})",
                    bytes.len()
                ),
            ));
        }
        Ok(Some(count as usize))
    }

    /// Writes out what is waiting. What could not be written stays.
    pub fn flush_pending(&self, cx: Ctx) -> PyResult<()> {
        let pending = self.with(|buffers| std::mem::take(&mut buffers.pending));
        if pending.is_empty() {
            return Ok(());
        }
        let mut done = 0;
        let mut result = Ok(());
        while done < pending.len() {
            match self.raw_write(cx, &pending[done..]) {
                Ok(Some(count)) => done += count,
                Ok(None) => {
                    result = Err(would_block(cx, 0));
                    break;
                }
                Err(raised) => {
                    result = Err(raised);
                    break;
                }
            }
        }
        self.with(|buffers| {
            if done < pending.len() {
                let newer = std::mem::take(&mut buffers.pending);
                buffers.pending = pending[done..].to_vec();
                buffers.pending.extend(newer);
            } else if buffers.pending.is_empty() {
                // Keep the room.
                buffers.pending = pending;
                buffers.pending.clear();
            }
        });
        result
    }

    /// Gives up what was read ahead: the raw position becomes the logical one.
    pub fn forget_ahead(&self, cx: Ctx) -> PyResult<()> {
        let unread = self.with(|buffers| {
            let unread = buffers.rest().len();
            buffers.ahead.clear();
            buffers.taken = 0;
            unread
        });
        if unread > 0 {
            self.raw_seek(cx, -(unread as i64), libc::SEEK_CUR)?;
        }
        Ok(())
    }

    pub fn raw_seek(&self, cx: Ctx, offset: i64, whence: i32) -> PyResult<i64> {
        let raw = self.raw(cx)?;
        let at = match FileIo::exact(&raw) {
            Some(file) => file.seek_to(cx, offset, whence)?,
            None => {
                let answer = call(cx, &raw, "seek", &[cx.new_int(offset), cx.new_int(i64::from(whence))])?;
                cx.to_i64(&answer)?
            }
        };
        if at < 0 {
            return Err(
                cx.raise(exceptions().os_error, format_args!("Raw stream returned invalid position {at}"))
            );
        }
        Ok(at)
    }

    pub fn raw_tell(&self, cx: Ctx) -> PyResult<i64> {
        let raw = self.raw(cx)?;
        let at = match FileIo::exact(&raw) {
            Some(file) => file.seek_to(cx, 0, libc::SEEK_CUR)?,
            None => {
                let answer = call(cx, &raw, "tell", &[])?;
                cx.to_i64(&answer)?
            }
        };
        if at < 0 {
            return Err(
                cx.raise(exceptions().os_error, format_args!("Raw stream returned invalid position {at}"))
            );
        }
        Ok(at)
    }

    /// The logical position.
    pub fn position(&self, cx: Ctx) -> PyResult<i64> {
        let at = self.raw_tell(cx)?;
        Ok(self.with(|buffers| at - buffers.rest().len() as i64 + buffers.pending.len() as i64))
    }

    /// Appends bytes to what is written, past the buffer when they are too many.
    pub fn write_bytes(&self, cx: Ctx, bytes: &[u8]) -> PyResult<()> {
        self.forget_ahead(cx)?;
        let size = self.size.get();
        let fits = self.with(|buffers| {
            let fits = buffers.pending.len() + bytes.len() <= size;
            if fits {
                buffers.pending.extend_from_slice(bytes);
            }
            fits
        });
        if fits {
            return Ok(());
        }
        self.flush_pending(cx)?;
        let mut rest = bytes;
        // What is more than a buffer goes out directly, as much as the raw stream takes.
        while rest.len() > size {
            match self.raw_write(cx, rest)? {
                Some(count) => rest = &rest[count..],
                None => return Err(would_block(cx, bytes.len() - rest.len())),
            }
            if rest.len() > size {
                crate::vm::check_signals(cx)?;
            }
        }
        self.with(|buffers| buffers.pending.extend_from_slice(rest));
        Ok(())
    }

    /// Reads ahead once into an empty buffer. 0 at the end, `None` when it would block.
    pub fn fill(&self, cx: Ctx) -> PyResult<Option<usize>> {
        self.flush_pending(cx)?;
        let mut room = self.with(|buffers| {
            buffers.taken = 0;
            std::mem::take(&mut buffers.ahead)
        });
        room.resize(self.size.get(), 0);
        let read = self.raw_read(cx, &mut room);
        let count = match &read {
            Ok(Some(count)) => *count,
            _ => 0,
        };
        room.truncate(count);
        self.with(|buffers| {
            buffers.ahead = room;
            buffers.taken = 0;
        });
        read
    }

    /// Takes at most `count` of the bytes read ahead.
    pub fn take(&self, out: &mut Vec<u8>, count: usize) -> usize {
        self.with(|buffers| {
            let rest = buffers.rest();
            let count = count.min(rest.len());
            out.extend_from_slice(&rest[..count]);
            buffers.taken += count;
            count
        })
    }

    /// At most `limit` bytes up to and with the next newline.
    pub fn read_line(&self, cx: Ctx, limit: Option<usize>) -> PyResult<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            let wanted = limit.map_or(usize::MAX, |limit| limit - line.len());
            let (count, ended) = self.with(|buffers| {
                let rest = buffers.rest();
                let rest = &rest[..rest.len().min(wanted)];
                match memchr::memchr(b'\n', rest) {
                    Some(at) => (at + 1, true),
                    None => (rest.len(), false),
                }
            });
            self.take(&mut line, count);
            if ended || limit == Some(line.len()) {
                return Ok(line);
            }
            match self.fill(cx)? {
                Some(0) | None => return Ok(line),
                Some(_) => {}
            }
        }
    }

    /// Reads `count` bytes, fewer only at the end; `None` when not a byte is there without
    /// blocking.
    pub fn read_exactly(&self, cx: Ctx, count: usize) -> PyResult<Option<Vec<u8>>> {
        let mut out = Vec::new();
        self.take(&mut out, count);
        self.flush_pending(cx)?;
        while out.len() < count {
            let missing = count - out.len();
            if missing >= self.size.get() {
                // Whole buffers are read straight into the result.
                let filled = out.len();
                let direct = missing - missing % self.size.get();
                out.resize(filled + direct, 0);
                let read = self.raw_read(cx, &mut out[filled..]);
                let got = match &read {
                    Ok(Some(got)) => *got,
                    _ => 0,
                };
                out.truncate(filled + got);
                match read? {
                    Some(0) => break,
                    Some(_) => {}
                    None if out.is_empty() => return Ok(None),
                    None => break,
                }
                continue;
            }
            match self.fill(cx)? {
                Some(0) => break,
                Some(_) => {
                    self.take(&mut out, missing);
                }
                None if out.is_empty() => return Ok(None),
                None => break,
            }
        }
        Ok(Some(out))
    }

    /// Reads until the end.
    pub fn read_to_end(&self, cx: Ctx) -> PyResult<Option<Vec<u8>>> {
        let mut out = Vec::new();
        self.take(&mut out, usize::MAX);
        self.flush_pending(cx)?;
        let raw = self.raw(cx)?;
        if let Some(file) = FileIo::exact(&raw) {
            return Ok(match file.read_all(cx)? {
                Some(more) if out.is_empty() => Some(more),
                Some(more) => {
                    out.extend(more);
                    Some(out)
                }
                None if out.is_empty() => None,
                None => Some(out),
            });
        }
        let all = match cx.get_attr_opt(&raw, &cx.intern("readall"))? {
            Some(readall) => cx.call0(&readall)?,
            None => call(cx, &raw, "read", &[])?,
        };
        if cx.is_none(&all) {
            return Ok(if out.is_empty() { None } else { Some(out) });
        }
        match all.downcast::<BytesObject>() {
            Some(bytes) => out.extend_from_slice(bytes.as_slice()),
            None => return Err(cx.type_error("readall() should return bytes")),
        }
        Ok(Some(out))
    }

    /// Moves the logical position.
    pub fn seek_to(&self, cx: Ctx, offset: i64, whence: i32) -> PyResult<i64> {
        self.flush_pending(cx)?;
        // Within what was read ahead nothing needs to be asked for again.
        if whence != libc::SEEK_END {
            let raw_at = self.raw_tell(cx)?;
            let found = self.with(|buffers| {
                let start = raw_at - buffers.ahead.len() as i64;
                let current = raw_at - buffers.rest().len() as i64;
                let target = if whence == libc::SEEK_SET { offset } else { current + offset };
                if !buffers.ahead.is_empty() && (start..=raw_at).contains(&target) {
                    buffers.taken = (target - start) as usize;
                    return Some(target);
                }
                None
            });
            if let Some(at) = found {
                return Ok(at);
            }
        }
        let unread = self.with(|buffers| {
            let unread = buffers.rest().len();
            buffers.ahead.clear();
            buffers.taken = 0;
            unread
        });
        let offset = if whence == libc::SEEK_CUR { offset - unread as i64 } else { offset };
        self.raw_seek(cx, offset, whence)
    }
}

/// `BlockingIOError` of a write that would block.
pub fn would_block(cx: Ctx, written: usize) -> Raised {
    let args = [
        cx.new_int(i64::from(libc::EAGAIN)),
        cx.new_str("write could not complete without blocking").into_object(),
        cx.new_uint(written),
    ];
    match cx.call(memory::Layout::as_object(exceptions().blocking_io_error), &args) {
        Ok(error) => cx.raise_with(exceptions().blocking_io_error, error),
        Err(raised) => raised,
    }
}
