//! `_io`: streams over files, in memory, of bytes and of text.
//!
//! | file | holds |
//! | --- | --- |
//! | `base` | what every stream begins with; the abstract classes |
//! | `file` | `FileIO`: a descriptor, unbuffered |
//! | `buffered`, `buffered_type`, `pair` | the buffered streams |
//! | `decoder` | bytes to text piece by piece; line ends |
//! | `text`, `text_read`, `text_type` | `TextIOWrapper` |
//! | `memory_bytes`, `memory_text` | `BytesIO`, `StringIO` |
//! | `open` | `open()` and the standard streams |
//!
//! Native streams talk to each other directly when both are exactly of our types; a subclass, or
//! any other object with the right methods, is called through them.

mod base;
mod buffered;
mod buffered_type;
mod decoder;
mod file;
mod memory_bytes;
mod memory_text;
mod open;
mod pair;
mod text;
mod text_read;
mod text_type;

use std::cell::UnsafeCell;

pub use open::{OPEN, init_streams};

use crate::memory::{Layout, Object, Ref, Slot};
use crate::objects::bytearray::ByteArrayObject;
use crate::objects::module::ModuleObject;
use crate::objects::type_::ready::{new_static_subtype, new_static_type};
use crate::objects::{ModuleSpec, PyResult, StrObject, TypeObject, exceptions, names, types};
use crate::vm::Ctx;

/// Bytes in a buffer unless the file says better.
pub const DEFAULT_BUFFER_SIZE: usize = 8192;

/// The types of this module.
pub struct IoTypes {
    pub raw_io_base: &'static TypeObject,
    pub file_io: &'static TypeObject,
    pub bytes_io: &'static TypeObject,
    pub string_io: &'static TypeObject,
    pub buffered_reader: &'static TypeObject,
    pub buffered_writer: &'static TypeObject,
    pub buffered_random: &'static TypeObject,
    pub text_io: &'static TypeObject,
    /// The class `UnsupportedOperation`.
    pub unsupported: Slot,
}

struct Table(UnsafeCell<Option<IoTypes>>);

// SAFETY: only the engine thread, which holds the heap guard, touches the table.
unsafe impl Sync for Table {}

static TABLE: Table = Table(UnsafeCell::new(None));

/// The types; valid once the module has been made, which start-up does.
pub fn table() -> &'static IoTypes {
    // SAFETY: written when the module is made, before any stream exists, and not again while the
    // interpreter lives.
    unsafe { (*TABLE.0.get()).as_ref().unwrap_unchecked() }
}

/// The answer of a method without arguments, as a truth value.
pub fn truth_of(cx: Ctx, object: &Object, method: &str) -> PyResult<bool> {
    let answer = base::call(cx, object, method, &[])?;
    cx.is_true(&answer)
}

/// A `str` or `None` argument.
pub fn text_argument(cx: Ctx, function: &str, name: &str, value: Option<&Ref>) -> PyResult<Option<String>> {
    let Some(value) = value.filter(|value| !cx.is_none(value)) else { return Ok(None) };
    let Some(text) = value.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!(
            "{function}() argument '{name}' must be str or None, not {}",
            value.ty().tp_name()
        )));
    };
    let text = text.to_string_lossy();
    if text.contains('\0') {
        return Err(cx.value_error("embedded null character"));
    }
    Ok(Some(text))
}

/// Bytes in a writable buffer.
pub fn buffer_len(cx: Ctx, target: &Object) -> PyResult<usize> {
    if let Some(array) = target.downcast::<ByteArrayObject>() {
        return Ok(array.peek().len());
    }
    if let Some(lend) = target.ty().slots().get_buffer {
        let lent = lend(cx, target)?;
        if let Some(release) = target.ty().slots().release_buffer {
            release(target);
        }
        if !lent.readonly {
            return Ok(lent.len);
        }
    }
    Err(cx.type_error(format_args!(
        "readinto() argument must be read-write bytes-like object, not {}",
        target.ty().tp_name()
    )))
}

/// Copies `bytes` to the beginning of a writable buffer that has room for them.
pub fn fill_buffer(cx: Ctx, target: &Object, bytes: &[u8]) -> PyResult<()> {
    if let Some(array) = target.downcast::<ByteArrayObject>() {
        array.change(|all| {
            let count = all.len().min(bytes.len());
            all[..count].copy_from_slice(&bytes[..count]);
        });
        return Ok(());
    }
    if let Some(lend) = target.ty().slots().get_buffer {
        let lent = lend(cx, target)?;
        lent.write(0, bytes);
        if let Some(release) = target.ty().slots().release_buffer {
            release(target);
        }
    }
    Ok(())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let io_base = new_static_type(cx, &base::IO_BASE)?;
    let raw_io_base = new_static_subtype(cx, &base::RAW_IO_BASE, io_base)?;
    let buffered_io_base = new_static_subtype(cx, &base::BUFFERED_IO_BASE, io_base)?;
    let text_io_base = new_static_subtype(cx, &base::TEXT_IO_BASE, io_base)?;
    let sub = |spec, base| new_static_subtype(cx, spec, base);
    let file_io = sub(&file::FILE_IO, raw_io_base)?;
    let bytes_io = sub(&memory_bytes::BYTES_IO, buffered_io_base)?;
    let string_io = sub(&memory_text::STRING_IO, text_io_base)?;
    let buffered_reader = sub(&buffered_type::BUFFERED_READER, buffered_io_base)?;
    let buffered_writer = sub(&buffered_type::BUFFERED_WRITER, buffered_io_base)?;
    let pair = sub(&pair::BUFFERED_RW_PAIR, buffered_io_base)?;
    let buffered_random = sub(&buffered_type::BUFFERED_RANDOM, buffered_io_base)?;
    let text_io = sub(&text_type::TEXT_IO, text_io_base)?;
    let newline_decoder = new_static_type(cx, &decoder::NEWLINE_DECODER)?;
    let unsupported = make_unsupported(cx)?;
    let all: &[&TypeObject] = &[
        io_base,
        raw_io_base,
        buffered_io_base,
        text_io_base,
        file_io,
        bytes_io,
        string_io,
        buffered_reader,
        buffered_writer,
        pair,
        buffered_random,
        text_io,
        newline_decoder,
    ];
    module.add(cx, "DEFAULT_BUFFER_SIZE", cx.new_uint(DEFAULT_BUFFER_SIZE))?;
    module.add(cx, "UnsupportedOperation", unsupported.clone())?;
    module.add(cx, "BlockingIOError", exceptions().blocking_io_error.to_object())?;
    for ty in all {
        module.add(cx, &ty.name_text(), ty.to_object())?;
    }
    // The functions of this module say that they belong to `io`.
    module.add(cx, "__name__", cx.intern("_io").into_object())?;
    let table = IoTypes {
        raw_io_base,
        file_io,
        bytes_io,
        string_io,
        buffered_reader,
        buffered_writer,
        buffered_random,
        text_io,
        unsupported: Slot::new(unsupported),
    };
    // SAFETY: nothing reads the table before this module is made; a table left over from an
    // interpreter that is gone refers to memory that is gone, so it is forgotten, not dropped.
    unsafe { std::mem::forget((*TABLE.0.get()).replace(table)) };
    cx.vm().root_tables.borrow_mut().push(each_held);
    Ok(())
}

/// What the table holds, for explaining counts.
fn each_held(each: &mut dyn FnMut(&str, &Object)) {
    if let Some(held) = table().unsupported.peek() {
        each("the io module", held);
    }
}

fn make_unsupported(cx: Ctx) -> PyResult {
    let bases = cx.new_tuple(vec![exceptions().os_error.to_object(), exceptions().value_error.to_object()]);
    let namespace = cx.new_dict();
    namespace.set_str(cx, &names().module, cx.intern("io").into_object())?;
    cx.call(
        types().type_.as_object(),
        &[cx.intern("UnsupportedOperation").into_object(), bases.into_object(), namespace.into_object()],
    )
}

/// Lets go of what the table holds.
pub fn forget_table() {
    // SAFETY: the table is read only; the slot is a cell.
    if let Some(table) = unsafe { (*TABLE.0.get()).as_ref() } {
        drop(table.unsupported.take());
    }
}

/// Writes a string to a stream if it is a text stream of ours whose `write` nobody has replaced:
/// what `write(text)` would do, without a call. `None` when it has to be called.
#[inline]
pub fn write_text(cx: Ctx, stream: &Object, text: &StrObject) -> Option<PyResult<()>> {
    let out = text::TextIo::exact(stream)?;
    if let Some(dict) = out.stream.dict.peek()
        && dict.index_of_str(&names().write).is_some()
    {
        return None;
    }
    if let Err(raised) = out.buffer(cx) {
        return Some(Err(raised));
    }
    Some(out.write(cx, text))
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_io",
    doc: Some(
        "Streams: open() and the classes behind it.\n\nA raw stream (FileIO) carries bytes to and from a file; a buffered one (BufferedReader, BufferedWriter,\nBufferedRandom) makes that cheap; a text stream (TextIOWrapper) makes them strings. BytesIO and StringIO are\nstreams in memory.",
    ),
    functions: &[open::OPEN, open::OPEN_CODE, open::TEXT_ENCODING],
    exec: Some(exec),
};
