//! `BytesIO`: a stream of bytes in memory. The bytes are a `bytearray`, so that views of them
//! (`getbuffer`) fix their number as everywhere.

use std::cell::Cell;
use std::ptr::NonNull;

use super::base::{FLAGS, Stream, closed_error, dealloc_stream, finalize, layout, new_stream, size_or_none};
use super::file::whence;
use super::memory_text::update_dict;
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::objects::args::{bind, check_count};
use crate::objects::bytearray::{self, ByteArrayObject};
use crate::objects::bytes::BytesObject;
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, MethodDef, Signature, TypeSpec};
use crate::objects::{Args, PyResult, TypeObject, exceptions, types};
use crate::vm::Ctx;

#[repr(C)]
struct BytesIo {
    stream: Stream,
    /// Empty when closed.
    bytes: Slot<ByteArrayObject>,
    at: Cell<usize>,
    /// The bytes object that `getvalue` gave last, while it is still what is here.
    shared: Slot<BytesObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for BytesIo {}

fn this(object: &Object) -> &BytesIo {
    // SAFETY: only slots, methods and attributes of this type call this.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are empty slots and a zero.
    let made = unsafe { new_stream(cx, ty)? };
    this(&made).bytes.set(Some(bytearray::from_slice(b"")));
    Ok(made)
}

fn open(cx: Ctx, object: &Object) -> PyResult<Ref<ByteArrayObject>> {
    this(object).bytes.get().ok_or_else(|| closed_error(cx))
}

fn check_exports(cx: Ctx, array: &ByteArrayObject) -> PyResult<()> {
    if array.is_lent() {
        return Err(
            cx.raise(exceptions().buffer_error, "Existing exports of data: object cannot be re-sized")
        );
    }
    Ok(())
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature = Signature { name: "BytesIO", params: &["initial_bytes"], required: 0, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    let [value] = out;
    if let Some(array) = this(object).bytes.get() {
        check_exports(cx, &array)?;
    }
    let bytes = match value.filter(|value| !cx.is_none(value)) {
        Some(value) => cx.with_bytes(&value, <[u8]>::to_vec)?,
        None => Vec::new(),
    };
    this(object).at.set(0);
    drop(this(object).shared.take());
    this(object).bytes.set(Some(bytearray::from_slice(&bytes)));
    Ok(())
}

/// At most `count` bytes from the position on.
fn take(object: &Object, array: &ByteArrayObject, count: usize) -> Vec<u8> {
    let all = array.peek();
    let start = this(object).at.get().min(all.len());
    let end = start.saturating_add(count).min(all.len());
    if end > start {
        this(object).at.set(end);
    }
    all[start..end].to_vec()
}

fn line(object: &Object, array: &ByteArrayObject, limit: usize) -> Vec<u8> {
    let all = array.peek();
    let start = this(object).at.get().min(all.len());
    let length = memchr::memchr(b'\n', &all[start..]).map_or(all.len() - start, |at| at + 1);
    take(object, array, length.min(limit))
}

fn limit(cx: Ctx, args: &[Ref]) -> PyResult<usize> {
    Ok(usize::try_from(size_or_none(cx, args.first())?).unwrap_or(usize::MAX))
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read", args, 0, 1)?;
    let count = limit(cx, args)?;
    let array = open(cx, object)?;
    Ok(cx.new_bytes(&take(object, &array, count)).into_object())
}

fn readline(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "readline", args, 0, 1)?;
    let limit = limit(cx, args)?;
    let array = open(cx, object)?;
    Ok(cx.new_bytes(&line(object, &array, limit)).into_object())
}

fn readlines(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "readlines", args, 0, 1)?;
    let hint = size_or_none(cx, args.first())?;
    let array = open(cx, object)?;
    let (mut lines, mut total) = (Vec::new(), 0);
    loop {
        let next = line(object, &array, usize::MAX);
        if next.is_empty() {
            break;
        }
        total += next.len();
        lines.push(cx.new_bytes(&next).into_object());
        if hint > 0 && total >= hint as usize {
            break;
        }
    }
    Ok(cx.new_list(lines)?.into_object())
}

fn readinto(cx: Ctx, object: &Object, target: &Ref) -> PyResult {
    let array = open(cx, object)?;
    let size = super::buffer_len(cx, target)?;
    let read = take(object, &array, size);
    super::fill_buffer(cx, target, &read)?;
    Ok(cx.new_uint(read.len()))
}

fn iter(cx: Ctx, object: &Object) -> PyResult {
    open(cx, object)?;
    Ok(object.to_ref())
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let array = open(cx, object)?;
    let line = line(object, &array, usize::MAX);
    Ok(if line.is_empty() { None } else { Some(cx.new_bytes(&line).into_object()) })
}

fn write(cx: Ctx, object: &Object, data: &Ref) -> PyResult {
    let array = open(cx, object)?;
    check_exports(cx, &array)?;
    let copy = match data.downcast_exact::<BytesObject>() {
        Some(_) => None,
        None => Some(cx.with_bytes(data, <[u8]>::to_vec)?),
    };
    let bytes = match (&copy, data.downcast_exact::<BytesObject>()) {
        (Some(copy), _) => copy.as_slice(),
        (None, Some(bytes)) => bytes.as_slice(),
        _ => &[],
    };
    if this(object).bytes.is_empty() {
        return Err(closed_error(cx));
    }
    if bytes.is_empty() {
        return Ok(cx.new_int(0));
    }
    drop(this(object).shared.take());
    let at = this(object).at.get();
    let end = at + bytes.len();
    array.change(|all| {
        if at == all.len() {
            all.extend_from_slice(bytes);
            return;
        }
        if all.len() < end {
            all.resize(end, 0);
        }
        all[at..end].copy_from_slice(bytes);
    });
    this(object).at.set(end);
    Ok(cx.new_uint(bytes.len()))
}

fn writelines(cx: Ctx, object: &Object, lines: &Ref) -> PyResult {
    open(cx, object)?;
    let iterator = cx.iter(lines)?;
    while let Some(line) = cx.next(&iterator)? {
        write(cx, object, &line)?;
    }
    Ok(cx.none())
}

fn getvalue(cx: Ctx, object: &Object) -> PyResult {
    let array = open(cx, object)?;
    if let Some(shared) = this(object).shared.get().filter(|_| !array.is_lent()) {
        return Ok(shared.into_object());
    }
    let value = cx.new_bytes(array.peek());
    if !array.is_lent() {
        this(object).shared.set(Some(value.clone()));
    }
    Ok(value.into_object())
}

fn getbuffer(cx: Ctx, object: &Object) -> PyResult {
    let array = open(cx, object)?;
    drop(this(object).shared.take());
    cx.call1(types().memoryview.as_object(), array.as_object())
}

fn tell(cx: Ctx, object: &Object) -> PyResult {
    open(cx, object)?;
    Ok(cx.new_uint(this(object).at.get()))
}

fn seek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "seek", args, 1, 2)?;
    let offset = cx.to_size(&args[0])?;
    let whence = whence(cx, args.get(1))?;
    let array = open(cx, object)?;
    if offset < 0 && whence == 0 {
        return Err(cx.value_error(format_args!("negative seek value {offset}")));
    }
    let base = match whence {
        0 => 0,
        1 => this(object).at.get() as isize,
        2 => array.peek().len() as isize,
        _ => {
            return Err(cx.value_error(format_args!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    let Some(at) = base.checked_add(offset) else { return Err(cx.overflow_error("new position too large")) };
    let at = at.max(0) as usize;
    this(object).at.set(at);
    Ok(cx.new_uint(at))
}

fn truncate(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "truncate", args, 0, 1)?;
    let array = open(cx, object)?;
    check_exports(cx, &array)?;
    let size = match args.first().filter(|size| !cx.is_none(size)) {
        Some(size) => size_or_none(cx, Some(size))?,
        None => this(object).at.get() as isize,
    };
    if size < 0 {
        return Err(cx.value_error(format_args!("negative size value {size}")));
    }
    if (size as usize) < array.peek().len() {
        drop(this(object).shared.take());
        array.change(|all| all.truncate(size as usize));
    }
    Ok(cx.new_int(size as i64))
}

fn yes(cx: Ctx, object: &Object) -> PyResult {
    open(cx, object)?;
    Ok(cx.bool(true))
}

fn isatty(cx: Ctx, object: &Object) -> PyResult {
    open(cx, object)?;
    Ok(cx.bool(false))
}

fn flush(cx: Ctx, object: &Object) -> PyResult {
    open(cx, object)?;
    Ok(cx.none())
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    if let Some(array) = this(object).bytes.get() {
        check_exports(cx, &array)?;
    }
    drop(this(object).shared.take());
    drop(this(object).bytes.take());
    Ok(cx.none())
}

fn getstate(cx: Ctx, object: &Object) -> PyResult {
    let value = getvalue(cx, object)?;
    let dict = match this(object).stream.dict.get() {
        Some(dict) => dict.copy(cx)?.into_object(),
        None => cx.none(),
    };
    Ok(cx.new_tuple(vec![value, cx.new_uint(this(object).at.get()), dict]).into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let items = if state.is_instance(types().tuple) { cx.collect(state)? } else { Vec::new() };
    let [value, at, dict, ..] = items.as_slice() else {
        return Err(cx.type_error(format_args!(
            "{}.__setstate__ argument should be 3-tuple, got {}",
            object.ty().tp_name(),
            state.ty().tp_name()
        )));
    };
    init(cx, object, Args::positional(std::slice::from_ref(value)))?;
    let at = cx.to_size(at)?;
    if at < 0 {
        return Err(cx.value_error("position value cannot be negative"));
    }
    this(object).at.set(at as usize);
    update_dict(cx, &this(object).stream, dict)?;
    Ok(cx.none())
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let held = match this(object).bytes.get() {
        // A bytes object of its own holds the bytes, unless it is shared with somebody.
        Some(array) if !array.peek().is_empty() && this(object).shared.is_empty() => 33 + array.peek().len(),
        _ => 0,
    };
    Ok(cx.new_uint(object.ty().basicsize.get() + held))
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type; the bytes are atomic and shown to audits only.
    unsafe {
        super::base::traverse(object, visitor);
        let this = object.cast::<BytesIo>().as_ref();
        for hidden in [this.bytes.as_raw(), this.shared.as_raw()].into_iter().flatten() {
            visitor.visit_hidden(hidden);
        }
    }
}

pub static BYTES_IO: TypeSpec = TypeSpec {
    name: "_io.BytesIO",
    doc: Some("BytesIO(initial_bytes=b'')\n--\n\nA stream of bytes in memory."),
    layout: layout::<BytesIo>(),
    basicsize: 64,
    flags: FLAGS,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        iter: Some(iter),
        iternext: Some(iternext),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("readable", yes, "readable($self, /)\n--\n\n"),
        MethodDef::no_args("seekable", yes, "seekable($self, /)\n--\n\n"),
        MethodDef::no_args("writable", yes, "writable($self, /)\n--\n\n"),
        MethodDef::no_args(
            "close",
            close,
            "close($self, /)\n--\n\nCloses the stream and lets go of its bytes.",
        ),
        MethodDef::no_args("flush", flush, "flush($self, /)\n--\n\nDoes nothing."),
        MethodDef::no_args("isatty", isatty, "isatty($self, /)\n--\n\nFalse."),
        MethodDef::no_args("tell", tell, "tell($self, /)\n--\n\nThe position."),
        MethodDef::one("write", write, "write($self, b, /)\n--\n\nWrites bytes; returns how many."),
        MethodDef::one(
            "writelines",
            writelines,
            "writelines($self, lines, /)\n--\n\nWrites each of the lines.",
        ),
        MethodDef::fast("read1", read, "read1($self, size=-1, /)\n--\n\nAs read()."),
        MethodDef::one("readinto", readinto, "readinto($self, buffer, /)\n--\n\nReads into the buffer."),
        MethodDef::fast("readline", readline, "readline($self, size=-1, /)\n--\n\nReads a line."),
        MethodDef::fast(
            "readlines",
            readlines,
            "readlines($self, size=None, /)\n--\n\nThe lines as a list; stops past size bytes.",
        ),
        MethodDef::fast(
            "read",
            read,
            "read($self, size=-1, /)\n--\n\nReads at most size bytes, all there are without size.",
        ),
        MethodDef::no_args(
            "getbuffer",
            getbuffer,
            "getbuffer($self, /)\n--\n\nA view of the bytes, which can be written.",
        ),
        MethodDef::no_args("getvalue", getvalue, "getvalue($self, /)\n--\n\nAll the bytes."),
        MethodDef::fast("seek", seek, "seek($self, pos, whence=0, /)\n--\n\nMoves the position."),
        MethodDef::fast(
            "truncate",
            truncate,
            "truncate($self, size=None, /)\n--\n\nCuts the bytes, by default at the position.",
        ),
        MethodDef::no_args("__getstate__", getstate, ""),
        MethodDef::one("__setstate__", setstate, ""),
        MethodDef::no_args("__sizeof__", sizeof, ""),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: Some(|cx, object| Ok(cx.bool(this(object).bytes.is_empty()))),
        set: None,
        doc: "True if the file is closed.",
    }],
    dealloc: Some(dealloc_stream::<BytesIo>),
    traverse: Some(traverse),
    clear: Some(super::base::clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};
