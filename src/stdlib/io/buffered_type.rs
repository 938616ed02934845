//! The methods and types of the buffered streams.

use super::base::{FLAGS, call, dealloc_stream, finalize, layout, size_or_none};
use super::buffered::{Buffered, clear, init, new, this, traverse};
use super::file::{reentrant, whence};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::bytes::BytesObject;
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, MemberDef, MethodDef, TypeSpec};
use crate::objects::{IntObject, PyResult, exceptions};
use crate::vm::Ctx;

fn bytes(cx: Ctx, value: &[u8]) -> PyResult {
    Ok(cx.new_bytes(value).into_object())
}

fn maybe_bytes(cx: Ctx, value: Option<Vec<u8>>) -> PyResult {
    value.map_or_else(|| Ok(cx.none()), |value| bytes(cx, &value))
}

/// A method passed on to the raw stream.
fn forward(cx: Ctx, object: &Object, name: &str) -> PyResult {
    let raw = this(object).raw(cx)?;
    call(cx, &raw, name, &[])
}

fn seekable(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "seekable")
}
fn readable(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "readable")
}
fn writable(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "writable")
}
fn fileno(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "fileno")
}
fn isatty(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "isatty")
}

fn detach(cx: Ctx, object: &Object) -> PyResult {
    let buffered = this(object);
    let raw = buffered.raw(cx)?;
    call(cx, object, "flush", &[])?;
    drop(buffered.raw.take());
    buffered.detached.set(true);
    buffered.ready.set(false);
    Ok(raw)
}

fn reader_flush(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "flush")
}

fn flush(cx: Ctx, object: &Object) -> PyResult {
    let buffered = this(object);
    buffered.check_open(cx, "flush of")?;
    buffered.flush_pending(cx)?;
    if !buffered.with(|buffers| buffers.rest().is_empty()) {
        buffered.forget_ahead(cx)?;
    }
    Ok(cx.none())
}

pub fn close(cx: Ctx, object: &Object) -> PyResult {
    let buffered = this(object);
    let raw = buffered.raw(cx)?;
    if buffered.closed(cx)? {
        return Ok(cx.none());
    }
    if buffered.finalizing.get() {
        let warned = call(cx, &raw, "_dealloc_warn", &[object.to_ref()]);
        if let Err(raised) = warned {
            cx.clear_exception(raised);
        }
    }
    let flushed = call(cx, object, "flush", &[]);
    let closed = match flushed {
        Ok(_) => call(cx, &raw, "close", &[]),
        Err(raised) => {
            // Close all the same; the first error is the context of a second.
            let first = cx.take_exception(raised);
            match call(cx, &raw, "close", &[]) {
                Ok(_) => Err(cx.raise_instance(first)),
                Err(second) => {
                    let second = cx.take_exception(second);
                    second.context.set(Some(first.into_object()));
                    Err(cx.raise_instance(second))
                }
            }
        }
    };
    buffered.with(|buffers| {
        buffers.ahead = Vec::new();
        buffers.taken = 0;
    });
    closed
}

fn dealloc_warn(cx: Ctx, object: &Object, source: &Ref) -> PyResult {
    if this(object).ready.get() {
        let raw = this(object).raw(cx)?;
        if let Err(raised) = call(cx, &raw, "_dealloc_warn", std::slice::from_ref(source)) {
            cx.clear_exception(raised);
        }
    }
    Ok(cx.none())
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read", args, 0, 1)?;
    let size = size_or_none(cx, args.first())?;
    let buffered = this(object);
    if size < -1 {
        return Err(cx.value_error("read length must be non-negative or -1"));
    }
    buffered.check_open(cx, "read of")?;
    if size < 0 {
        maybe_bytes(cx, buffered.read_to_end(cx)?)
    } else {
        maybe_bytes(cx, buffered.read_exactly(cx, size as usize)?)
    }
}

/// At most `limit` bytes with at most one read of the raw stream.
pub fn read_once(cx: Ctx, buffered: &Buffered, limit: usize) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    if limit == 0 || buffered.take(&mut out, limit) > 0 {
        return Ok(out);
    }
    buffered.flush_pending(cx)?;
    out.resize(limit, 0);
    let count = buffered.raw_read(cx, &mut out)?.unwrap_or(0);
    out.truncate(count);
    Ok(out)
}

fn read1(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read1", args, 0, 1)?;
    let size = match args.first() {
        Some(size) => cx.to_size(size)?,
        None => -1,
    };
    let buffered = this(object);
    let limit = if size < 0 { buffered.size.get() } else { size as usize };
    buffered.check_open(cx, "read of")?;
    bytes(cx, &read_once(cx, buffered, limit)?)
}

fn peek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "peek", args, 0, 1)?;
    let buffered = this(object);
    buffered.check_open(cx, "peek of")?;
    buffered.flush_pending(cx)?;
    if buffered.with(|buffers| buffers.rest().is_empty()) {
        buffered.fill(cx)?;
    }
    let ahead = buffered.with(|buffers| buffers.rest().to_vec());
    bytes(cx, &ahead)
}

fn read_into(cx: Ctx, object: &Object, target: &Ref, once: bool) -> PyResult {
    let buffered = this(object);
    buffered.check_open(cx, "readinto of")?;
    let size = super::buffer_len(cx, target)?;
    let read = if once { Some(read_once(cx, buffered, size)?) } else { buffered.read_exactly(cx, size)? };
    match read {
        Some(read) => {
            super::fill_buffer(cx, target, &read)?;
            Ok(cx.new_uint(read.len()))
        }
        None => Ok(cx.none()),
    }
}

fn readinto(cx: Ctx, object: &Object, target: &Ref) -> PyResult {
    read_into(cx, object, target, false)
}

fn readinto1(cx: Ctx, object: &Object, target: &Ref) -> PyResult {
    read_into(cx, object, target, true)
}

fn readline(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "readline", args, 0, 1)?;
    let size = size_or_none(cx, args.first())?;
    let buffered = this(object);
    buffered.check_open(cx, "readline of")?;
    let limit = usize::try_from(size).ok();
    bytes(cx, &buffered.read_line(cx, limit)?)
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    if Buffered::exact(object).is_none() {
        return super::base::iternext(cx, object);
    }
    let buffered = this(object);
    buffered.check_open(cx, "readline of")?;
    let line = buffered.read_line(cx, None)?;
    Ok(if line.is_empty() { None } else { Some(cx.new_bytes(&line).into_object()) })
}

fn seek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "seek", args, 1, 2)?;
    let whence = whence(cx, args.get(1))?;
    let buffered = this(object);
    let raw = buffered.raw(cx)?;
    if !(0..=2).contains(&whence) && !matches!(whence, libc::SEEK_DATA | libc::SEEK_HOLE) {
        return Err(cx.value_error(format_args!("whence value {whence} unsupported")));
    }
    buffered.check_open(cx, "seek of")?;
    if !super::truth_of(cx, &raw, "seekable")? {
        return Err(super::base::unsupported(cx, "File or stream is not seekable."));
    }
    let offset = cx.to_i64(&args[0])?;
    Ok(cx.new_int(buffered.seek_to(cx, offset, whence)?))
}

fn tell(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_int(this(object).position(cx)?))
}

fn truncate(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "truncate", args, 0, 1)?;
    let buffered = this(object);
    let raw = buffered.raw(cx)?;
    buffered.check_open(cx, "truncate of")?;
    if !super::truth_of(cx, &raw, "writable")? {
        return Err(super::base::unsupported(cx, "truncate"));
    }
    buffered.flush_pending(cx)?;
    buffered.forget_ahead(cx)?;
    let size = args.first().cloned().unwrap_or_else(|| cx.none());
    call(cx, &raw, "truncate", &[size])
}

fn write(cx: Ctx, object: &Object, data: &Ref) -> PyResult {
    let buffered = this(object);
    buffered.raw(cx)?;
    if let Some(data) = data.downcast_exact::<BytesObject>() {
        buffered.check_open(cx, "write to")?;
        buffered.write_bytes(cx, data.as_slice())?;
        return Ok(cx.new_uint(data.len()));
    }
    let copy = cx.with_bytes(data, <[u8]>::to_vec)?;
    buffered.check_open(cx, "write to")?;
    buffered.write_bytes(cx, &copy)?;
    Ok(cx.new_uint(copy.len()))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let ty = object.ty().tp_name();
    // A broken or missing `name` is left out.
    let name = match cx.get_attr_opt(object, &cx.intern("name")) {
        Ok(name) => name,
        Err(raised) if cx.raised_is(&raised, exceptions().value_error) => {
            cx.clear_exception(raised);
            None
        }
        Err(raised) => return Err(raised),
    };
    let shown = match name {
        None => format!("<{ty}>"),
        Some(name) => {
            let Some(_guard) = cx.enter_repr(object) else { return Err(reentrant(cx, object)) };
            format!("<{ty} name={}>", cx.repr_text(&name)?)
        }
    };
    Ok(cx.new_str(&shown).into_object())
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let buffered = this(object);
    let room = if buffered.ready.get() { buffered.size.get() } else { 0 };
    Ok(cx.new_uint(object.ty().basicsize.get() + room))
}

fn set_finalizing(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let flag = value.map_or(Ok(false), |value| cx.is_true(value))?;
    this(object).finalizing.set(flag);
    Ok(())
}

/// A size given as an int, for `BufferedRWPair`.
pub fn int_or(cx: Ctx, value: Option<&Ref>, default: isize) -> PyResult<isize> {
    match value {
        Some(value) if value.downcast::<IntObject>().is_some() => cx.to_size(value),
        Some(value) => cx.index_sized(value, exceptions().overflow_error),
        None => Ok(default),
    }
}

static MEMBERS: &[MemberDef] = &[
    MemberDef {
        name: "raw",
        get: |cx, object| Ok(this(object).raw.get().unwrap_or_else(|| cx.none())),
        set: None,
        doc: "",
    },
    MemberDef {
        name: "_finalizing",
        get: |cx, object| Ok(cx.bool(this(object).finalizing.get())),
        set: Some(set_finalizing),
        doc: "",
    },
];

fn raw_attribute(cx: Ctx, object: &Object, name: &str) -> PyResult {
    let raw = this(object).raw(cx)?;
    cx.get_attr(&raw, &cx.intern(name))
}

static GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "closed",
        get: Some(|cx, object| Ok(cx.bool(this(object).closed(cx)?))),
        set: None,
        doc: "",
    },
    GetSetDef { name: "name", get: Some(|cx, object| raw_attribute(cx, object, "name")), set: None, doc: "" },
    GetSetDef { name: "mode", get: Some(|cx, object| raw_attribute(cx, object, "mode")), set: None, doc: "" },
];

const DETACH: MethodDef = MethodDef::no_args("detach", detach, "");
const CLOSE: MethodDef = MethodDef::no_args("close", close, "");
const SEEKABLE: MethodDef = MethodDef::no_args("seekable", seekable, "");
const READABLE: MethodDef = MethodDef::no_args("readable", readable, "");
const WRITABLE: MethodDef = MethodDef::no_args("writable", writable, "");
const FILENO: MethodDef = MethodDef::no_args("fileno", fileno, "");
const ISATTY: MethodDef = MethodDef::no_args("isatty", isatty, "");
const WARN: MethodDef = MethodDef::one("_dealloc_warn", dealloc_warn, "");
const FLUSH: MethodDef = MethodDef::no_args("flush", flush, "");
const READ: MethodDef =
    MethodDef::fast("read", read, "read($self, size=-1, /)\n--\n\nReads size bytes, fewer only at the end.");
const PEEK: MethodDef =
    MethodDef::fast("peek", peek, "peek($self, size=0, /)\n--\n\nBytes that come next, without taking them.");
const READ1: MethodDef = MethodDef::fast(
    "read1",
    read1,
    "read1($self, size=-1, /)\n--\n\nReads with at most one read of the raw stream.",
);
const READINTO: MethodDef = MethodDef::one("readinto", readinto, "readinto($self, buffer, /)\n--\n\n");
const READINTO1: MethodDef = MethodDef::one("readinto1", readinto1, "readinto1($self, buffer, /)\n--\n\n");
const READLINE: MethodDef =
    MethodDef::fast("readline", readline, "readline($self, size=-1, /)\n--\n\nReads a line.");
const SEEK: MethodDef = MethodDef::fast("seek", seek, "seek($self, target, whence=0, /)\n--\n\n");
const TELL: MethodDef = MethodDef::no_args("tell", tell, "");
const TRUNCATE: MethodDef = MethodDef::fast("truncate", truncate, "truncate($self, pos=None, /)\n--\n\n");
const WRITE: MethodDef = MethodDef::one(
    "write",
    write,
    "write($self, buffer, /)\n--\n\nWrites the bytes, as soon as that seems good.",
);
const SIZEOF: MethodDef = MethodDef::no_args("__sizeof__", sizeof, "");

const BASE: TypeSpec = TypeSpec {
    layout: layout::<Buffered>(),
    basicsize: 152,
    flags: FLAGS,
    members: MEMBERS,
    getset: GETSET,
    dealloc: Some(dealloc_stream::<Buffered>),
    traverse: Some(traverse),
    clear: Some(clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};

const SLOTS: Slots = Slots { new: Some(new), repr: Some(repr), ..Slots::EMPTY };

pub static BUFFERED_READER: TypeSpec = TypeSpec {
    name: "_io.BufferedReader",
    doc: Some("BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nReads ahead from a raw stream."),
    slots: Slots {
        init: Some(|cx, object, args| init(cx, object, args, "BufferedReader", true, false)),
        iternext: Some(iternext),
        ..SLOTS
    },
    methods: &[
        DETACH,
        MethodDef::no_args("flush", reader_flush, ""),
        CLOSE,
        SEEKABLE,
        READABLE,
        FILENO,
        ISATTY,
        WARN,
        READ,
        PEEK,
        READ1,
        READINTO,
        READINTO1,
        READLINE,
        SEEK,
        TELL,
        TRUNCATE,
        SIZEOF,
    ],
    ..BASE
};

pub static BUFFERED_WRITER: TypeSpec = TypeSpec {
    name: "_io.BufferedWriter",
    doc: Some(
        "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nCollects what is written to a raw stream.",
    ),
    slots: Slots {
        init: Some(|cx, object, args| init(cx, object, args, "BufferedWriter", false, true)),
        ..SLOTS
    },
    methods: &[
        CLOSE, DETACH, SEEKABLE, WRITABLE, FILENO, ISATTY, WARN, WRITE, TRUNCATE, FLUSH, SEEK, TELL, SIZEOF,
    ],
    ..BASE
};

pub static BUFFERED_RANDOM: TypeSpec = TypeSpec {
    name: "_io.BufferedRandom",
    doc: Some(
        "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nReads and writes a raw stream whose position can be moved, through a buffer.",
    ),
    slots: Slots {
        init: Some(|cx, object, args| init(cx, object, args, "BufferedRandom", true, true)),
        iternext: Some(iternext),
        ..SLOTS
    },
    methods: &[
        CLOSE, DETACH, SEEKABLE, READABLE, WRITABLE, FILENO, ISATTY, WARN, FLUSH, SEEK, TELL, TRUNCATE, READ,
        READ1, READINTO, READINTO1, READLINE, PEEK, WRITE, SIZEOF,
    ],
    ..BASE
};
