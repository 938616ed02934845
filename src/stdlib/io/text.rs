//! `TextIOWrapper`: text over a buffered stream of bytes.
//!
//! Always true: `decoded` is text of the last piece read, `used` of its characters have been
//! handed out; `pending` is encoded text that the buffer has not got yet. Reading writes out what
//! is pending first; writing forgets what was decoded.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use super::base::{Stream, call, closed_error, is_closed, new_stream};
use super::buffered::Buffered;
use super::decoder::{Codec, Decoder, Newlines};
use super::file::FileIo;
use super::table;
use crate::memory::{self, Object, Ref, Slot, Trace, Visitor};
use crate::objects::bytes::BytesObject;
use crate::objects::str::codec::{self, Encoding, Order};
use crate::objects::str::{StrBuilder, Units, raw};
use crate::objects::{Args, PyResult, StrObject, TypeObject};
use crate::vm::Ctx;

/// Bytes asked for at a time, and how much encoded text is kept back.
pub const CHUNK: usize = 8192;

/// Plain data of a text stream.
pub struct TextState {
    pub codec: Codec,
    /// `None` in write-only streams.
    pub decoder: Option<Decoder>,
    /// The buffer said, when the file was made, that it can be written to.
    pub writable: bool,
    pub pending: Vec<u8>,
    pub decoded: Option<Ref<StrObject>>,
    pub used: usize,
    /// The decoder before the last piece, and the piece: for `tell`.
    pub snapshot: Option<(Decoder, Vec<u8>)>,
    /// Reading: all line ends count (`None` and `''`), else just this one.
    pub universal: bool,
    pub translate: bool,
    pub read_newline: &'static str,
    /// Writing: what `\n` becomes.
    pub write_newline: Option<&'static str>,
    /// Text has been written: no byte order mark any more.
    pub begun: bool,
    pub chunk: usize,
}

#[repr(C)]
pub struct TextIo {
    pub stream: Stream,
    pub buffer: Slot,
    pub encoding: Slot<StrObject>,
    pub errors: Slot<StrObject>,
    pub state: RefCell<Option<Box<TextState>>>,
    pub line_buffering: Cell<bool>,
    pub write_through: Cell<bool>,
    pub finalizing: Cell<bool>,
    pub ready: Cell<bool>,
    pub detached: Cell<bool>,
    pub seekable: Cell<bool>,
    /// `tell` is possible: iteration switches it off.
    pub telling: Cell<bool>,
    pub has_read1: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for TextIo {}

/// # Safety
/// As `TraverseFn`.
pub unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<TextIo>().as_ref() };
    this.buffer.trace(visitor);
    this.encoding.trace(visitor);
    this.errors.trace(visitor);
    if let Ok(state) = this.state.try_borrow()
        && let Some(decoded) = state.as_ref().and_then(|state| state.decoded.as_ref())
    {
        visitor.visit(decoded.as_raw().cast());
    }
    this.stream.dict.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
pub unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<TextIo>().as_ref() };
    this.ready.set(false);
    drop(this.buffer.take());
    drop(this.stream.dict.take());
}

pub fn this(object: &Object) -> &TextIo {
    // SAFETY: only slots, methods and attributes of `TextIOWrapper` call this.
    unsafe { object.cast() }
}

pub fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are empty slots, an unborrowed `None` and falsehoods.
    unsafe { new_stream(cx, ty) }
}

/// What a text stream is opened with.
pub struct TextOptions<'a> {
    pub encoding: Option<&'a str>,
    pub errors: Option<&'a str>,
    pub newline: Option<&'a str>,
    pub line_buffering: bool,
    pub write_through: bool,
}

/// The value of a `newline` argument, checked.
pub fn check_newline(cx: Ctx, newline: Option<&str>) -> PyResult<Option<&'static str>> {
    Ok(match newline {
        None => None,
        Some("") => Some(""),
        Some("\n") => Some("\n"),
        Some("\r") => Some("\r"),
        Some("\r\n") => Some("\r\n"),
        Some(other) => return Err(cx.value_error(format_args!("illegal newline value: {other}"))),
    })
}

pub fn setup(cx: Ctx, object: &Object, buffer: Ref, options: &TextOptions<'_>) -> PyResult<()> {
    let text = this(object);
    text.ready.set(false);
    text.detached.set(false);
    let newline = check_newline(cx, options.newline)?;
    let encoding = match options.encoding {
        None | Some("locale") => "UTF-8",
        Some(name) => name,
    };
    let codec = Codec::lookup(cx, encoding)?;
    let errors = options.errors.unwrap_or("strict");
    text.encoding.set(Some(cx.new_str(encoding)));
    text.errors.set(Some(cx.new_str(errors)));
    let readable = super::truth_of(cx, &buffer, "readable")?;
    let writable = super::truth_of(cx, &buffer, "writable")?;
    let state = new_state(codec, errors, newline, readable, writable);
    *text.state.borrow_mut() = Some(Box::new(state));
    text.line_buffering.set(options.line_buffering);
    text.write_through.set(options.write_through);
    let seekable = super::truth_of(cx, &buffer, "seekable")?;
    text.seekable.set(seekable);
    text.telling.set(seekable);
    let native = Buffered::exact(&buffer).is_some();
    text.has_read1.set(native || cx.get_attr_opt(&buffer, &cx.intern("read1"))?.is_some());
    if seekable && writable {
        // In the middle of a file no byte order mark is written.
        let at = call(cx, &buffer, "tell", &[])?;
        let begun = cx.is_true(&at)?;
        text.with(|state| state.begun = begun);
    }
    text.buffer.set(Some(buffer));
    text.ready.set(true);
    Ok(())
}

fn new_state(
    codec: Codec,
    errors: &str,
    newline: Option<&'static str>,
    readable: bool,
    writable: bool,
) -> TextState {
    let mut state = TextState {
        codec,
        decoder: None,
        writable,
        pending: Vec::new(),
        decoded: None,
        used: 0,
        snapshot: None,
        universal: false,
        translate: false,
        read_newline: "",
        write_newline: None,
        begun: false,
        chunk: CHUNK,
    };
    state.set_newline(newline);
    if readable {
        state.make_decoder(errors);
    }
    state
}

impl TextState {
    pub fn set_newline(&mut self, newline: Option<&'static str>) {
        self.universal = matches!(newline, None | Some(""));
        self.translate = newline.is_none();
        self.read_newline = newline.unwrap_or("");
        self.write_newline = newline.filter(|newline| !matches!(*newline, "" | "\n"));
    }

    pub fn make_decoder(&mut self, errors: &str) {
        let newlines = self.universal.then(|| Newlines::new(self.translate));
        self.decoder = Some(Decoder::new(self.codec, errors, newlines));
    }
}

/// A `TextIOWrapper` over `buffer`.
pub fn over(cx: Ctx, buffer: Ref, options: &TextOptions<'_>) -> PyResult {
    let made = new(cx, table().text_io, Args::EMPTY)?;
    setup(cx, &made, buffer, options)?;
    Ok(made)
}

impl TextIo {
    /// The object as exactly a `TextIOWrapper`.
    pub fn exact(object: &Object) -> Option<&TextIo> {
        // SAFETY: instances of the type have this layout.
        object.is_exact(table().text_io).then(|| unsafe { object.cast() })
    }

    /// Runs `change` on the state; it must not run Python code.
    pub fn with<R>(&self, change: impl FnOnce(&mut TextState) -> R) -> R {
        let mut state = self.state.borrow_mut();
        let state = state.get_or_insert_with(|| {
            let codec = Codec { encoding: Encoding::Utf8, signature: false, registered: None };
            Box::new(new_state(codec, "strict", None, false, true))
        });
        change(state)
    }

    /// The buffer, or the error of a stream without one.
    pub fn buffer(&self, cx: Ctx) -> PyResult {
        if self.ready.get()
            && let Some(buffer) = self.buffer.get()
        {
            return Ok(buffer);
        }
        Err(cx.value_error(if self.detached.get() {
            "underlying buffer has been detached"
        } else {
            "I/O operation on uninitialized object"
        }))
    }

    pub fn closed(&self, cx: Ctx) -> PyResult<bool> {
        let buffer = self.buffer(cx)?;
        if let Some(buffered) = Buffered::exact(&buffer)
            && let Some(file) = buffered.raw.peek().and_then(FileIo::exact)
        {
            return Ok(file.is_closed());
        }
        is_closed(cx, &buffer)
    }

    pub fn check_open(&self, cx: Ctx) -> PyResult<()> {
        if self.closed(cx)? { Err(closed_error(cx)) } else { Ok(()) }
    }

    fn errors_text(&self) -> String {
        self.errors.peek().map_or_else(|| "strict".to_string(), StrObject::to_string_lossy)
    }

    /// Gives what is pending to the buffer.
    pub fn flush_pending(&self, cx: Ctx) -> PyResult<()> {
        let pending = self.with(|state| std::mem::take(&mut state.pending));
        if pending.is_empty() {
            return Ok(());
        }
        let buffer = self.buffer(cx)?;
        if let Some(buffered) = Buffered::exact(&buffer)
            && buffer.is_exact(table().buffered_writer)
        {
            buffered.check_open(cx, "write to")?;
            buffered.write_bytes(cx, &pending)?;
            // Keep the room.
            self.with(|state| {
                if state.pending.is_empty() {
                    state.pending = pending;
                    state.pending.clear();
                }
            });
            return Ok(());
        }
        call(cx, &buffer, "write", &[cx.new_bytes(&pending).into_object()]).map(drop)
    }

    pub fn flush(&self, cx: Ctx) -> PyResult<()> {
        self.flush_pending(cx)?;
        let buffer = self.buffer(cx)?;
        if let Some(buffered) = Buffered::exact(&buffer)
            && buffer.is_exact(table().buffered_writer)
        {
            buffered.check_open(cx, "flush of")?;
            return buffered.flush_pending(cx);
        }
        call(cx, &buffer, "flush", &[]).map(drop)
    }

    /// Writes a string (`TextIOWrapper.write`).
    pub fn write(&self, cx: Ctx, text: &StrObject) -> PyResult<()> {
        self.check_open(cx)?;
        if !self.with(|state| state.writable) {
            return Err(super::base::unsupported(cx, "not writable"));
        }
        let (line_buffering, through) = (self.line_buffering.get(), self.write_through.get());
        let mut flush = false;
        if line_buffering {
            flush = match text.units() {
                Units::One(units) => memchr::memchr2(b'\n', b'\r', units).is_some(),
                units => units.points().any(|point| matches!(point, 10 | 13)),
            };
        }
        // The short way: bytes go as they are.
        let plain = self.with(|state| {
            let plain = state.write_newline.is_none()
                && !matches!(state.codec.encoding, Encoding::Wide { .. })
                && (state.begun || !state.codec.signature);
            if let Units::One(units) = text.units()
                && plain
                && (text.is_ascii() || state.codec.encoding == Encoding::Latin1)
            {
                if state.pending.len() + units.len() <= state.chunk {
                    state.pending.extend_from_slice(units);
                    return Some(state.pending.len() >= state.chunk);
                }
            }
            None
        });
        let full = match plain {
            Some(full) => full,
            None => {
                let bytes = self.encode(cx, text)?;
                let chunk = self.with(|state| state.chunk);
                // What is pending goes first, so that the two are not copied together.
                if self.with(|state| state.pending.len() + bytes.len() > chunk) {
                    self.flush_pending(cx)?;
                }
                self.with(|state| {
                    state.pending.extend_from_slice(&bytes);
                    state.pending.len() >= chunk
                })
            }
        };
        if full || flush || through {
            self.flush_pending(cx)?;
        }
        if flush {
            self.flush(cx)?;
        }
        self.with(|state| {
            if let Some(decoder) = &mut state.decoder {
                decoder.reset(false);
            }
            state.snapshot = None;
            state.used = 0;
            state.decoded.take()
        });
        Ok(())
    }

    fn encode(&self, cx: Ctx, text: &StrObject) -> PyResult<Vec<u8>> {
        let (newline, codec, begun) =
            self.with(|state| (state.write_newline, state.codec, std::mem::replace(&mut state.begun, true)));
        let errors = self.errors_text();
        let translated;
        let mut text = text;
        if let Some(newline) = newline {
            let mut out = StrBuilder::with_capacity(text.len() + 16);
            text.code_points()
                .for_each(|point| if point == 10 { out.push_str(newline) } else { out.push(point) });
            translated = out.finish();
            text = &translated;
        }
        let encoding = match codec.encoding {
            Encoding::Wide { unit, order: None } if begun => {
                Encoding::Wide { unit, order: Some(Order::Little) }
            }
            encoding => encoding,
        };
        let bytes = match codec.registered {
            Some(name) => codec::encode(cx, text, name, &errors)?,
            None => codec::encode_as(cx, text, encoding, &errors)?,
        };
        Ok(if codec.signature && !begun { [b"\xef\xbb\xbf".to_vec(), bytes].concat() } else { bytes })
    }

    /// Reads and decodes the next piece into `decoded`. False at the end of the stream.
    pub fn read_piece(&self, cx: Ctx, hint: usize) -> PyResult<bool> {
        let Some(mut decoder) = self.with(|state| state.decoder.take()) else {
            return Err(super::base::unsupported(cx, "not readable"));
        };
        let before = self.telling.get().then(|| decoder.clone());
        let result = self.fetch(cx, hint).and_then(|bytes| {
            let text = decoder.decode(cx, &bytes, bytes.is_empty())?;
            Ok((bytes, text))
        });
        self.with(|state| state.decoder = Some(decoder));
        let (bytes, text) = result?;
        let more = !bytes.is_empty() || !text.is_empty();
        let old = self.with(|state| {
            state.used = 0;
            state.snapshot = before.map(|before| (before, bytes));
            state.decoded.replace(text)
        });
        drop(old);
        Ok(more)
    }

    fn fetch(&self, cx: Ctx, hint: usize) -> PyResult<Vec<u8>> {
        let wanted = self.with(|state| state.chunk).max(hint);
        let buffer = self.buffer(cx)?;
        if let Some(buffered) = Buffered::exact(&buffer) {
            buffered.check_open(cx, "read of")?;
            return super::buffered_type::read_once(cx, buffered, wanted);
        }
        let method = if self.has_read1.get() { "read1" } else { "read" };
        let bytes = call(cx, &buffer, method, &[cx.new_uint(wanted)])?;
        if let Some(bytes) = bytes.downcast::<BytesObject>() {
            return Ok(bytes.as_slice().to_vec());
        }
        if bytes.ty().slots().as_bytes.is_none() {
            return Err(cx.type_error(format_args!(
                "underlying {method}() should have returned a bytes-like object, not '{}'",
                bytes.ty().tp_name()
            )));
        }
        cx.with_bytes(&bytes, <[u8]>::to_vec)
    }

    /// Text decoded and not handed out, at most `limit` characters of it; it counts as used then.
    pub fn take_decoded(&self, limit: usize) -> Option<Ref<StrObject>> {
        let (text, used) = self.with(|state| (state.decoded.clone(), state.used));
        let text = text?;
        let end = text.len().min(used.saturating_add(limit));
        self.with(|state| state.used = end);
        if used == 0 && end == text.len() {
            return Some(text);
        }
        Some(raw::from_units(text.units().range(used, end)))
    }

    /// Everything up to the end of the stream.
    pub fn read_to_end(&self, cx: Ctx) -> PyResult<Ref<StrObject>> {
        let buffer = self.buffer(cx)?;
        if self.with(|state| state.decoder.is_none()) {
            return Err(super::base::unsupported(cx, "not readable"));
        }
        self.flush_pending(cx)?;
        let bytes = call(cx, &buffer, "read", &[])?;
        if bytes.ty().slots().as_bytes.is_none() {
            return Err(cx.type_error(format_args!(
                "underlying read() should have returned a bytes-like object, not '{}'",
                bytes.ty().tp_name()
            )));
        }
        let Some(mut decoder) = self.with(|state| state.decoder.take()) else {
            return Err(super::base::unsupported(cx, "not readable"));
        };
        let rest = cx.with_bytes(&bytes, |bytes| decoder.decode(cx, bytes, true)).and_then(|result| result);
        self.with(|state| state.decoder = Some(decoder));
        let rest = rest?;
        let mut out = StrBuilder::new();
        let first = self.take_decoded(usize::MAX);
        let old = self.with(|state| {
            state.snapshot = None;
            state.used = 0;
            state.decoded.take()
        });
        drop(old);
        let Some(first) = first.filter(|first| !first.is_empty()) else { return Ok(rest) };
        out.push_obj(&first);
        out.push_obj(&rest);
        Ok(out.finish())
    }

    /// `count` characters, fewer only at the end.
    pub fn read_exactly(&self, cx: Ctx, count: usize) -> PyResult<Ref<StrObject>> {
        self.flush_pending(cx)?;
        let first = self.take_decoded(count);
        if let Some(first) = &first
            && first.len() == count
        {
            return Ok(first.clone());
        }
        let mut out = StrBuilder::new();
        if let Some(first) = &first {
            out.push_obj(first);
        }
        while out.len() < count {
            if !self.read_piece(cx, count - out.len())? {
                break;
            }
            if let Some(more) = self.take_decoded(count - out.len()) {
                out.push_obj(&more);
            }
        }
        Ok(out.finish())
    }
}
