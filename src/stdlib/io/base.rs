//! What every stream begins with, and the abstract classes: `_IOBase`, `_RawIOBase`,
//! `_BufferedIOBase`, `_TextIOBase`.
//!
//! Streams are closed when they die: `finalize` calls `close()` of any stream that is still open,
//! by count from `dealloc_stream`, in a collection from the collector.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::table;
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::attr::get_dict;
use crate::objects::iterators::common::{alloc_instance, iter_self};
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{Args, DictObject, IntObject, PyResult, Raised, TypeObject, exceptions};
use crate::vm::Ctx;

/// The beginning of every stream.
#[repr(C)]
pub struct Stream {
    pub object: Object,
    pub dict: Slot<DictObject>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Stream {}

/// Calls a method by name.
pub fn call(cx: Ctx, object: &Object, name: &str, args: &[Ref]) -> PyResult {
    cx.call_method(object, &cx.intern(name), args)
}

/// `io.UnsupportedOperation`.
pub fn unsupported(cx: Ctx, message: &str) -> Raised {
    match table().unsupported.peek().and_then(|class| class.downcast::<TypeObject>()) {
        Some(class) => cx.raise(class, message),
        None => cx.raise(exceptions().os_error, message),
    }
}

pub fn closed_error(cx: Ctx) -> Raised {
    cx.value_error("I/O operation on closed file.")
}

/// Whether `stream.closed` is true.
pub fn is_closed(cx: Ctx, stream: &Object) -> PyResult<bool> {
    let closed = cx.get_attr(stream, &cx.intern("closed"))?;
    cx.is_true(&closed)
}

fn check_closed(cx: Ctx, stream: &Object) -> PyResult<()> {
    if is_closed(cx, stream)? { Err(closed_error(cx)) } else { Ok(()) }
}

/// Whether `_IOBase.close` has run.
fn base_closed(cx: Ctx, stream: &Object) -> PyResult<bool> {
    Ok(cx.get_attr_opt(stream, &cx.intern("__IOBase_closed"))?.is_some())
}

/// A size argument: `None` means -1.
pub fn size_or_none(cx: Ctx, value: Option<&Ref>) -> PyResult<isize> {
    match value {
        None => Ok(-1),
        Some(value) if cx.is_none(value) => Ok(-1),
        Some(value) => {
            if value.downcast::<IntObject>().is_none() && value.ty().slots().nb_index.is_none() {
                return Err(cx.type_error(format_args!(
                    "argument should be integer or None, not '{}'",
                    value.ty().tp_name()
                )));
            }
            cx.index_sized(value, exceptions().overflow_error)
        }
    }
}

/// A zeroed instance of a stream type.
///
/// # Safety
/// As [`alloc_instance`].
pub unsafe fn new_stream(cx: Ctx, ty: &TypeObject) -> PyResult {
    // SAFETY: promised by the caller.
    unsafe { alloc_instance(cx, ty, 0) }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: a zeroed `Stream` has no dict and no weak references.
    unsafe { new_stream(cx, ty) }
}

fn init(_: Ctx, _: &Object, _: Args<'_>) -> PyResult<()> {
    Ok(())
}

/// `tp_finalize` of every stream (`iobase_finalize`): closes it; errors of that are swallowed.
pub fn finalize(stream: &Object) {
    // SAFETY: finalizers run on the engine thread while the interpreter is alive.
    let cx = unsafe { Ctx::current() };
    cx.with_exception_saved(|| {
        let closed = cx.get_attr_opt(stream, &cx.intern("closed")).and_then(|closed| match closed {
            Some(closed) => cx.is_true(&closed),
            None => Ok(false),
        });
        let closed = closed.unwrap_or_else(|raised| {
            cx.clear_exception(raised);
            false
        });
        if closed {
            return;
        }
        let finalizing = cx.bool(true);
        if let Err(raised) = cx.set_attr(stream, &cx.intern("_finalizing"), Some(&finalizing)) {
            cx.clear_exception(raised);
        }
        if let Err(raised) = call(cx, stream, "close", &[]) {
            cx.clear_exception(raised);
        }
    });
}

/// The dealloc of stream types: closes, then drops the payload `T`.
///
/// # Safety
/// As `DeallocFn`; the object has layout `T`, which begins with [`Stream`].
pub unsafe fn dealloc_stream<T: memory::Layout>(object: NonNull<Object>) {
    // SAFETY: called once with the count at zero; the payload is whole until `dealloc_as`.
    unsafe {
        if memory::dealloc::finalize_from_dealloc(object) {
            // Brought back: the heap type's reference, given up by the caller, is taken again.
            let this: &Object = object.as_ref();
            if this.ty().has_flag(TypeFlags::HEAPTYPE) {
                memory::refs::incref(this.ty().as_object().as_ptr());
            }
            memory::track(this);
            return;
        }
        memory::dealloc_as::<T>(object);
    }
}

/// # Safety
/// As `TraverseFn`.
pub unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: every stream begins with `Stream`.
    unsafe { object.cast::<Stream>().as_ref() }.dict.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
pub unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: every stream begins with `Stream`.
    drop(unsafe { object.cast::<Stream>().as_ref() }.dict.take());
}

/// The layout of stream type `T`.
pub const fn layout<T>() -> Layout {
    Layout::gc::<T>().weaklist(offset_of!(Stream, weaklist)).dict(offset_of!(Stream, dict))
}

pub const FLAGS: TypeFlags = TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC);

// Methods of `_IOBase`.

fn seek(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "seek"))
}

fn tell(cx: Ctx, this: &Object) -> PyResult {
    call(cx, this, "seek", &[cx.new_int(0), cx.new_int(1)])
}

fn truncate(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "truncate"))
}

fn flush(cx: Ctx, this: &Object) -> PyResult {
    if base_closed(cx, this)? { Err(closed_error(cx)) } else { Ok(cx.none()) }
}

fn close(cx: Ctx, this: &Object) -> PyResult {
    if base_closed(cx, this)? {
        return Ok(cx.none());
    }
    let flushed = call(cx, this, "flush", &[]);
    let yes = cx.bool(true);
    match flushed {
        Ok(_) => {
            cx.set_attr(this, &cx.intern("__IOBase_closed"), Some(&yes))?;
            Ok(cx.none())
        }
        Err(raised) => {
            let fetched = cx.fetch(raised);
            if let Err(other) = cx.set_attr(this, &cx.intern("__IOBase_closed"), Some(&yes)) {
                cx.clear_exception(other);
            }
            Err(cx.restore(fetched))
        }
    }
}

fn no(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.bool(false))
}

fn m_check_closed(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    check_closed(cx, this)?;
    Ok(cx.none())
}

fn check_able(cx: Ctx, this: &Object, method: &str, message: &str) -> PyResult {
    let answer = call(cx, this, method, &[])?;
    if !answer.is(&cx.bool(true)) {
        return Err(unsupported(cx, message));
    }
    Ok(answer)
}

fn check_seekable(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    check_able(cx, this, "seekable", "File or stream is not seekable.")
}

fn check_readable(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    check_able(cx, this, "readable", "File or stream is not readable.")
}

fn check_writable(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    check_able(cx, this, "writable", "File or stream is not writable.")
}

fn fileno(cx: Ctx, _: &Object) -> PyResult {
    Err(unsupported(cx, "fileno"))
}

fn isatty(cx: Ctx, this: &Object) -> PyResult {
    check_closed(cx, this)?;
    Ok(cx.bool(false))
}

fn enter(cx: Ctx, this: &Object) -> PyResult {
    check_closed(cx, this)?;
    Ok(this.to_ref())
}

fn exit(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    call(cx, this, "close", &[])
}

fn readline(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    crate::objects::args::check_count(cx, "readline", args, 0, 1)?;
    let limit = size_or_none(cx, args.first())?;
    let peek = cx.get_attr_opt(this, &cx.intern("peek"))?;
    let mut line: Vec<u8> = Vec::new();
    while limit < 0 || (line.len() as isize) < limit {
        let mut count = 1;
        if let Some(peek) = &peek {
            let ahead = cx.call(peek, &[cx.new_int(1)])?;
            let Some(ahead) = ahead.downcast::<crate::objects::bytes::BytesObject>() else {
                return Err(cx.raise(
                    exceptions().os_error,
                    format_args!(
                        "peek() should have returned a bytes object, not '{}'",
                        ahead.ty().tp_name()
                    ),
                ));
            };
            let ahead = ahead.as_slice();
            if !ahead.is_empty() {
                count = memchr::memchr(b'\n', ahead).map_or(ahead.len(), |at| at + 1);
                if limit >= 0 {
                    count = count.min(limit as usize - line.len());
                }
            }
        }
        let read = call(cx, this, "read", &[cx.new_uint(count)])?;
        let Some(read) = read.downcast::<crate::objects::bytes::BytesObject>() else {
            return Err(cx.raise(
                exceptions().os_error,
                format_args!("read() should have returned a bytes object, not '{}'", read.ty().tp_name()),
            ));
        };
        if read.is_empty() {
            break;
        }
        line.extend_from_slice(read.as_slice());
        if line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(cx.new_bytes(&line).into_object())
}

/// `next`: a line, the end when it is empty.
pub fn iternext(cx: Ctx, this: &Object) -> PyResult<Option<Ref>> {
    let line = call(cx, this, "readline", &[])?;
    Ok(if cx.len(&line)? == 0 { None } else { Some(line) })
}

fn iter(cx: Ctx, this: &Object) -> PyResult {
    check_closed(cx, this)?;
    iter_self(cx, this)
}

fn readlines(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    crate::objects::args::check_count(cx, "readlines", args, 0, 1)?;
    let hint = size_or_none(cx, args.first())?;
    let mut lines = Vec::new();
    let mut total = 0;
    let iterator = cx.iter(this)?;
    while let Some(line) = cx.next(&iterator)? {
        total += cx.len(&line)?;
        lines.push(line);
        if hint > 0 && total > hint as usize {
            break;
        }
    }
    Ok(cx.new_list(lines)?.into_object())
}

fn writelines(cx: Ctx, this: &Object, lines: &Ref) -> PyResult {
    check_closed(cx, this)?;
    let iterator = cx.iter(lines)?;
    while let Some(line) = cx.next(&iterator)? {
        call(cx, this, "write", &[line])?;
    }
    Ok(cx.none())
}

fn get_closed(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.bool(base_closed(cx, this)?))
}

pub static IO_BASE: TypeSpec = TypeSpec {
    name: "_io._IOBase",
    doc: Some("The abstract base of all streams: what can be said without knowing what they carry."),
    layout: layout::<Stream>(),
    basicsize: 32,
    flags: FLAGS,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        iter: Some(iter),
        iternext: Some(iternext),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::varargs(
            "seek",
            seek,
            "seek($self, offset, whence=os.SEEK_SET, /)\n--\n\nMoves the stream position.",
        ),
        MethodDef::no_args("tell", tell, "tell($self, /)\n--\n\nThe stream position."),
        MethodDef::varargs("truncate", truncate, "Truncates the file to size bytes."),
        MethodDef::no_args(
            "flush",
            flush,
            "flush($self, /)\n--\n\nWrites out what is buffered, if anything is.",
        ),
        MethodDef::no_args(
            "close",
            close,
            "close($self, /)\n--\n\nFlushes and closes the stream; closing again does nothing.",
        ),
        MethodDef::no_args(
            "seekable",
            no,
            "seekable($self, /)\n--\n\nWhether the stream has a position that can be moved.",
        ),
        MethodDef::no_args("readable", no, "readable($self, /)\n--\n\nWhether the stream can be read."),
        MethodDef::no_args("writable", no, "writable($self, /)\n--\n\nWhether the stream can be written."),
        MethodDef::fast("_checkClosed", m_check_closed, ""),
        MethodDef::fast("_checkSeekable", check_seekable, ""),
        MethodDef::fast("_checkReadable", check_readable, ""),
        MethodDef::fast("_checkWritable", check_writable, ""),
        MethodDef::no_args("fileno", fileno, "fileno($self, /)\n--\n\nThe file descriptor, if there is one."),
        MethodDef::no_args("isatty", isatty, "isatty($self, /)\n--\n\nWhether this is a terminal."),
        MethodDef::no_args("__enter__", enter, ""),
        MethodDef::varargs("__exit__", exit, ""),
        MethodDef::varargs(
            "readline",
            readline,
            "readline($self, size=-1, /)\n--\n\nReads a line, at most size bytes of it.",
        ),
        MethodDef::fast(
            "readlines",
            readlines,
            "readlines($self, hint=-1, /)\n--\n\nThe lines as a list; stops past hint bytes.",
        ),
        MethodDef::one(
            "writelines",
            writelines,
            "writelines($self, lines, /)\n--\n\nWrites the lines as they are.",
        ),
    ],
    getset: &[
        GetSetDef { name: "__dict__", get: Some(get_dict), set: None, doc: "" },
        GetSetDef { name: "closed", get: Some(get_closed), set: None, doc: "" },
    ],
    dealloc: Some(dealloc_stream::<Stream>),
    traverse: Some(traverse),
    clear: Some(clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};

// `_RawIOBase`.

fn raw_read(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    crate::objects::args::check_count(cx, "read", args, 0, 1)?;
    let size = match args.first() {
        Some(size) => cx.to_size(size)?,
        None => -1,
    };
    if size < 0 {
        return call(cx, this, "readall", &[]);
    }
    let buffer = crate::objects::bytearray::from_slice(&vec![0; size as usize]);
    let count = call(cx, this, "readinto", &[buffer.to_object()])?;
    if cx.is_none(&count) {
        return Ok(count);
    }
    let count = cx.to_size(&count)?.clamp(0, buffer.peek().len() as isize) as usize;
    Ok(cx.new_bytes(&buffer.peek()[..count]).into_object())
}

fn raw_readall(cx: Ctx, this: &Object) -> PyResult {
    let mut all = Vec::new();
    loop {
        let read = call(cx, this, "read", &[cx.new_int(super::DEFAULT_BUFFER_SIZE as i64)])?;
        if cx.is_none(&read) {
            return Ok(if all.is_empty() { read } else { cx.new_bytes(&all).into_object() });
        }
        let Some(read) = read.downcast::<crate::objects::bytes::BytesObject>() else {
            return Err(cx.type_error("read() should return bytes"));
        };
        if read.is_empty() {
            return Ok(cx.new_bytes(&all).into_object());
        }
        all.extend_from_slice(read.as_slice());
    }
}

fn not_implemented_method(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(cx.raise_bare(exceptions().not_implemented_error))
}

const PLAIN: TypeSpec = TypeSpec {
    layout: layout::<Stream>(),
    basicsize: 32,
    flags: FLAGS,
    dealloc: Some(dealloc_stream::<Stream>),
    traverse: Some(traverse),
    clear: Some(clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};

pub static RAW_IO_BASE: TypeSpec = TypeSpec {
    name: "_io._RawIOBase",
    doc: Some("The abstract base of unbuffered byte streams."),
    methods: &[
        MethodDef::varargs("read", raw_read, "read($self, size=-1, /)\n--\n\n"),
        MethodDef::no_args(
            "readall",
            raw_readall,
            "readall($self, /)\n--\n\nReads until the end, by many calls of read().",
        ),
        MethodDef::varargs("readinto", not_implemented_method, ""),
        MethodDef::varargs("write", not_implemented_method, ""),
    ],
    ..PLAIN
};

// `_BufferedIOBase`.

fn buffered_detach(cx: Ctx, _: &Object) -> PyResult {
    Err(unsupported(cx, "detach"))
}

fn unsupported_read(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "read"))
}

fn unsupported_read1(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "read1"))
}

fn unsupported_readline(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "readline"))
}

fn unsupported_write(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "write"))
}

/// Reads through `method` and copies into `target`, a writable buffer.
pub fn read_into_by(cx: Ctx, this: &Object, method: &str, target: &Ref) -> PyResult {
    let size = super::buffer_len(cx, target)?;
    let read = call(cx, this, method, &[cx.new_uint(size)])?;
    let Some(read) = read.downcast::<crate::objects::bytes::BytesObject>() else {
        return Err(cx.type_error("read() should return bytes"));
    };
    if read.len() > size {
        return Err(cx.value_error(format_args!(
            "read() returned too much data: {size} bytes requested, {} returned",
            read.len()
        )));
    }
    super::fill_buffer(cx, target, read.as_slice())?;
    Ok(cx.new_uint(read.len()))
}

fn buffered_readinto(cx: Ctx, this: &Object, target: &Ref) -> PyResult {
    read_into_by(cx, this, "read", target)
}

fn buffered_readinto1(cx: Ctx, this: &Object, target: &Ref) -> PyResult {
    read_into_by(cx, this, "read1", target)
}

pub static BUFFERED_IO_BASE: TypeSpec = TypeSpec {
    name: "_io._BufferedIOBase",
    doc: Some("The abstract base of buffered byte streams: read() reads as much as was asked for."),
    methods: &[
        MethodDef::no_args(
            "detach",
            buffered_detach,
            "detach($self, /)\n--\n\nTakes the raw stream away from its buffer.",
        ),
        MethodDef::varargs("read", unsupported_read, "Reads at most n bytes, all there are without n."),
        MethodDef::varargs(
            "read1",
            unsupported_read1,
            "Reads at most n bytes with at most one read of the raw stream.",
        ),
        MethodDef::one("readinto", buffered_readinto, "readinto($self, buffer, /)\n--\n\n"),
        MethodDef::one("readinto1", buffered_readinto1, "readinto1($self, buffer, /)\n--\n\n"),
        MethodDef::varargs(
            "write",
            unsupported_write,
            "Writes the bytes; returns how many, which is all of them.",
        ),
    ],
    ..PLAIN
};

// `_TextIOBase`.

fn none(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.none())
}

fn text_detach(cx: Ctx, _: &Object, _: &[Ref]) -> PyResult {
    Err(unsupported(cx, "detach"))
}

pub static TEXT_IO_BASE: TypeSpec = TypeSpec {
    name: "_io._TextIOBase",
    doc: Some("The abstract base of text streams: reads and writes strings, line by line if wanted."),
    methods: &[
        MethodDef::fast("detach", text_detach, "Takes the buffer away from the text stream."),
        MethodDef::varargs("read", unsupported_read, "Reads at most n characters, all there are without n."),
        MethodDef::varargs("readline", unsupported_readline, "Reads until newline or the end."),
        MethodDef::varargs("write", unsupported_write, "Writes a string; returns its length."),
    ],
    getset: &[
        GetSetDef { name: "encoding", get: Some(none), set: None, doc: "Encoding of the text stream." },
        GetSetDef { name: "newlines", get: Some(none), set: None, doc: "Line endings met so far." },
        GetSetDef { name: "errors", get: Some(none), set: None, doc: "What is done about encoding errors." },
    ],
    ..PLAIN
};
