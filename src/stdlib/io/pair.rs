//! `BufferedRWPair`: a reader and a writer as one stream.

use std::ptr::NonNull;

use super::base::{FLAGS, Stream, call, dealloc_stream, finalize, is_closed, layout, new_stream};
use super::buffered;
use super::buffered_type::int_or;
use super::{DEFAULT_BUFFER_SIZE, table};
use crate::memory::{self, Object, Ref, Slot, Trace, Visitor};
use crate::objects::args::{check_count, no_keywords};
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, MethodDef, TypeSpec};
use crate::objects::{Args, PyResult, TypeObject};
use crate::vm::Ctx;

#[repr(C)]
struct Pair {
    stream: Stream,
    reader: Slot,
    writer: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Pair {}

fn this(object: &Object) -> &Pair {
    // SAFETY: only slots, methods and attributes of this type call this.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are empty slots.
    unsafe { new_stream(cx, ty) }
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    no_keywords(cx, "BufferedRWPair", args)?;
    let given = args.pos();
    check_count(cx, "BufferedRWPair", given, 2, 3)?;
    let size = int_or(cx, given.get(2), DEFAULT_BUFFER_SIZE as isize)?;
    call(cx, &given[0], "_checkReadable", &[])?;
    call(cx, &given[1], "_checkWritable", &[])?;
    let reader = buffered::over(cx, table().buffered_reader, given[0].clone(), size, true, false)?;
    let writer = buffered::over(cx, table().buffered_writer, given[1].clone(), size, false, true)?;
    this(object).reader.set(Some(reader));
    this(object).writer.set(Some(writer));
    Ok(())
}

fn end(cx: Ctx, slot: &Slot) -> PyResult {
    slot.get().ok_or_else(|| cx.value_error("I/O operation on uninitialized object"))
}

fn to_reader(cx: Ctx, object: &Object, name: &str, args: &[Ref]) -> PyResult {
    let stream = end(cx, &this(object).reader)?;
    call(cx, &stream, name, args)
}

fn to_writer(cx: Ctx, object: &Object, name: &str, args: &[Ref]) -> PyResult {
    let stream = end(cx, &this(object).writer)?;
    call(cx, &stream, name, args)
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    to_reader(cx, object, "read", args)
}
fn peek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    to_reader(cx, object, "peek", args)
}
fn read1(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    to_reader(cx, object, "read1", args)
}
fn readinto(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    to_reader(cx, object, "readinto", args)
}
fn readinto1(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    to_reader(cx, object, "readinto1", args)
}
fn write(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    to_writer(cx, object, "write", args)
}
fn flush(cx: Ctx, object: &Object) -> PyResult {
    to_writer(cx, object, "flush", &[])
}
fn readable(cx: Ctx, object: &Object) -> PyResult {
    to_reader(cx, object, "readable", &[])
}
fn writable(cx: Ctx, object: &Object) -> PyResult {
    to_writer(cx, object, "writable", &[])
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    let written = to_writer(cx, object, "close", &[]);
    match written {
        Ok(_) => to_reader(cx, object, "close", &[]),
        Err(raised) => {
            let first = cx.fetch(raised);
            if let Err(other) = to_reader(cx, object, "close", &[]) {
                cx.clear_exception(other);
            }
            Err(cx.restore(first))
        }
    }
}

fn isatty(cx: Ctx, object: &Object) -> PyResult {
    let answer = to_writer(cx, object, "isatty", &[])?;
    if cx.is_true(&answer)? { Ok(answer) } else { to_reader(cx, object, "isatty", &[]) }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<Pair>().as_ref() };
    this.stream.dict.trace(visitor);
    this.reader.trace(visitor);
    this.writer.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<Pair>().as_ref() };
    drop(this.reader.take());
    drop(this.writer.take());
    drop(this.stream.dict.take());
}

pub static BUFFERED_RW_PAIR: TypeSpec = TypeSpec {
    name: "_io.BufferedRWPair",
    doc: Some(
        "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)\n--\n\nA stream that reads from one raw stream and writes to another.",
    ),
    layout: layout::<Pair>(),
    basicsize: 48,
    flags: FLAGS,
    slots: Slots { new: Some(new), init: Some(init), ..Slots::EMPTY },
    methods: &[
        MethodDef::fast("read", read, ""),
        MethodDef::fast("peek", peek, ""),
        MethodDef::fast("read1", read1, ""),
        MethodDef::fast("readinto", readinto, ""),
        MethodDef::fast("readinto1", readinto1, ""),
        MethodDef::fast("write", write, ""),
        MethodDef::no_args("flush", flush, ""),
        MethodDef::no_args("readable", readable, ""),
        MethodDef::no_args("writable", writable, ""),
        MethodDef::no_args("close", close, ""),
        MethodDef::no_args("isatty", isatty, ""),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: Some(|cx, object| {
            let writer = end(cx, &this(object).writer)?;
            Ok(cx.bool(is_closed(cx, &writer)?))
        }),
        set: None,
        doc: "",
    }],
    dealloc: Some(dealloc_stream::<Pair>),
    traverse: Some(traverse),
    clear: Some(clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};
