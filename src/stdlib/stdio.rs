//! The standard streams as the interpreter starts with them: text in UTF-8 over the descriptors
//! 0, 1 and 2, buffered like CPython's.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::native_type::NativeType;
use crate::objects::spec::{GetSetDef, Layout, TypeFlags, TypeSpec};
use crate::objects::{MethodDef, PyResult, Slots, StrObject, args, exceptions};
use crate::vm::{Ctx, console};

/// Bytes gathered before they are written.
const BUFFER: usize = 8192;

/// A standard stream.
#[repr(C)]
pub struct StdStream {
    object: Object,
    fd: Cell<i32>,
    /// Written out at each newline.
    line_buffering: Cell<bool>,
    closed: Cell<bool>,
    /// Bytes to be written, or read and not taken yet.
    pending: RefCell<Vec<u8>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for StdStream {}

static TYPE: NativeType = NativeType::new(&SPEC);

fn this(object: &Object) -> &StdStream {
    // SAFETY: methods of the type are called with its instances only; it cannot be derived from.
    unsafe { object.cast() }
}

/// Makes `sys.stdin`, `sys.stdout`, `sys.stderr` and their `__stdin__`... copies.
pub fn install(cx: Ctx) -> PyResult<()> {
    let ty = TYPE.make(cx)?;
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let stream = memory::new_ref(&ty.core, |object| StdStream {
            object,
            fd: Cell::new(fd),
            line_buffering: Cell::new(fd == 2 || is_terminal(fd)),
            closed: Cell::new(false),
            pending: RefCell::new(Vec::new()),
        })
        .into_object();
        cx.set_sys_attr(&format!("__{name}__"), Some(stream.clone()))?;
        cx.set_sys_attr(name, Some(stream))?;
    }
    Ok(())
}

fn is_terminal(fd: i32) -> bool {
    use std::io::IsTerminal;
    console::owns(fd)
        || match fd {
            0 => std::io::stdin().is_terminal(),
            1 => std::io::stdout().is_terminal(),
            _ => std::io::stderr().is_terminal(),
        }
}

/// Writes everything; interrupted writes go on.
fn write_out(cx: Ctx, fd: i32, bytes: &[u8]) -> PyResult<()> {
    use std::io::Write;
    if console::write(fd, bytes).is_some() {
        return Ok(());
    }
    let result = if fd == 2 {
        std::io::stderr().write_all(bytes)
    } else {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    };
    result.map_err(|error| cx.raise_os_error(&error, None))
}

fn check_open(cx: Ctx, stream: &StdStream) -> PyResult<()> {
    if stream.closed.get() { Err(cx.value_error("I/O operation on closed file.")) } else { Ok(()) }
}

fn write(cx: Ctx, object: &Object, text: &Ref) -> PyResult {
    let stream = this(object);
    let Some(text) = text.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!("write() argument must be str, not {}", text.ty().tp_name())));
    };
    check_open(cx, stream)?;
    if stream.fd.get() == 0 {
        let unsupported = exceptions().os_error;
        return Err(cx.raise(unsupported, "not writable"));
    }
    let has_newline = {
        let mut pending = stream.pending.borrow_mut();
        let before = pending.len();
        match text.to_utf8() {
            Some(text) => pending.extend_from_slice(text.as_bytes()),
            None => {
                if let Some(at) = encode_surrogates(&mut pending, text, stream.fd.get() == 2) {
                    pending.truncate(before);
                    drop(pending);
                    let reason = "surrogates not allowed";
                    return Err(cx.unicode_encode_error("utf-8", text.to_object(), at, at + 1, reason));
                }
            }
        }
        pending[before..].contains(&b'\n')
    };
    if (stream.line_buffering.get() && has_newline) || stream.pending.borrow().len() >= BUFFER {
        flush_stream(cx, stream)?;
    }
    Ok(cx.new_uint(text.len()))
}

/// Encodes text with lone surrogates: as escapes, or gives the place of the first.
fn encode_surrogates(out: &mut Vec<u8>, text: &StrObject, escape: bool) -> Option<usize> {
    for (index, point) in text.code_points().enumerate() {
        match char::from_u32(point) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None if escape => out.extend_from_slice(format!("\\u{point:04x}").as_bytes()),
            None => return Some(index),
        }
    }
    None
}

fn flush_stream(cx: Ctx, stream: &StdStream) -> PyResult<()> {
    if stream.fd.get() == 0 {
        return Ok(());
    }
    let bytes = stream.pending.take();
    if bytes.is_empty() { Ok(()) } else { write_out(cx, stream.fd.get(), &bytes) }
}

fn flush(cx: Ctx, object: &Object) -> PyResult {
    check_open(cx, this(object))?;
    flush_stream(cx, this(object))?;
    Ok(cx.none())
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    let stream = this(object);
    if !stream.closed.get() {
        flush_stream(cx, stream)?;
        stream.closed.set(true);
    }
    Ok(cx.none())
}

/// Reads more into the stream's buffer; false at the end of input.
fn fill(cx: Ctx, stream: &StdStream) -> PyResult<bool> {
    use std::io::Read;
    let mut chunk = [0; BUFFER];
    let count = match console::read(stream.fd.get(), &mut chunk) {
        Some(Ok(count)) => count,
        Some(Err(_)) => return Err(cx.raise_bare(exceptions().keyboard_interrupt)),
        None => std::io::stdin().read(&mut chunk).map_err(|error| cx.raise_os_error(&error, None))?,
    };
    stream.pending.borrow_mut().extend_from_slice(&chunk[..count]);
    Ok(count > 0)
}

fn take(cx: Ctx, stream: &StdStream, count: usize) -> PyResult {
    let bytes: Vec<u8> = stream.pending.borrow_mut().drain(..count).collect();
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(cx.new_str(&text.replace("\r\n", "\n")).into_object()),
        Err(error) => {
            let at = error.valid_up_to();
            Err(cx.unicode_decode_error("utf-8", &bytes, at, at + 1, "invalid start byte"))
        }
    }
}

fn readable(cx: Ctx, stream: &StdStream) -> PyResult<()> {
    check_open(cx, stream)?;
    if stream.fd.get() == 0 { Ok(()) } else { Err(cx.raise(exceptions().os_error, "not readable")) }
}

fn readline(cx: Ctx, object: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "readline", given, 0, 1)?;
    let stream = this(object);
    readable(cx, stream)?;
    loop {
        let end = stream.pending.borrow().iter().position(|&byte| byte == b'\n');
        if let Some(end) = end {
            return take(cx, stream, end + 1);
        }
        if !fill(cx, stream)? {
            let rest = stream.pending.borrow().len();
            return take(cx, stream, rest);
        }
    }
}

fn read(cx: Ctx, object: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "read", given, 0, 1)?;
    let stream = this(object);
    readable(cx, stream)?;
    let limit = match given.first().filter(|limit| !cx.is_none(limit)) {
        Some(limit) => usize::try_from(cx.to_i64(limit)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    while stream.pending.borrow().len() < limit && fill(cx, stream)? {}
    let count = stream.pending.borrow().len().min(limit);
    take(cx, stream, count)
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let line = readline(cx, object, &[])?;
    Ok(Some(line).filter(|line| line.downcast::<StrObject>().is_some_and(|line| !line.is_empty())))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let (name, mode) = match this(object).fd.get() {
        0 => ("<stdin>", "r"),
        1 => ("<stdout>", "w"),
        _ => ("<stderr>", "w"),
    };
    let text = format!("<_io.TextIOWrapper name='{name}' mode='{mode}' encoding='utf-8'>");
    Ok(cx.new_str(&text).into_object())
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the type; slots run while the interpreter is alive.
    unsafe {
        let cx = Ctx::current();
        cx.with_exception_saved(|| {
            if let Err(raised) = flush_stream(cx, this(object.as_ref())) {
                cx.clear_exception(raised);
            }
        });
        memory::dealloc_as::<StdStream>(object);
    }
}

const fn shown(name: &'static str, get: fn(Ctx, &Object) -> PyResult) -> GetSetDef {
    GetSetDef { name, get: Some(get), set: None, doc: "" }
}

static SPEC: TypeSpec = TypeSpec {
    name: "_io.TextIOWrapper",
    layout: Layout::plain::<StdStream>(),
    basicsize: size_of::<StdStream>(),
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(repr),
        iter: Some(|_, object| Ok(object.to_ref())),
        iternext: Some(iternext),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("write", write, "write($self, text, /)\n--\n\n"),
        MethodDef::no_args("flush", flush, "flush($self, /)\n--\n\n"),
        MethodDef::no_args("close", close, "close($self, /)\n--\n\n"),
        MethodDef::fast("read", read, "read($self, size=-1, /)\n--\n\n"),
        MethodDef::fast("readline", readline, "readline($self, size=-1, /)\n--\n\n"),
        MethodDef::no_args(
            "fileno",
            |cx, s| Ok(cx.new_int(i64::from(this(s).fd.get()))),
            "fileno($self, /)\n--\n\n",
        ),
        MethodDef::no_args(
            "isatty",
            |cx, s| Ok(cx.bool(is_terminal(this(s).fd.get()))),
            "isatty($self, /)\n--\n\n",
        ),
        MethodDef::no_args(
            "readable",
            |cx, s| Ok(cx.bool(this(s).fd.get() == 0)),
            "readable($self, /)\n--\n\n",
        ),
        MethodDef::no_args(
            "writable",
            |cx, s| Ok(cx.bool(this(s).fd.get() != 0)),
            "writable($self, /)\n--\n\n",
        ),
    ],
    getset: &[
        shown("encoding", |cx, _| Ok(cx.intern("utf-8").into_object())),
        shown("errors", |cx, s| {
            let errors = if this(s).fd.get() == 2 { "backslashreplace" } else { "strict" };
            Ok(cx.intern(errors).into_object())
        }),
        shown("line_buffering", |cx, s| Ok(cx.bool(this(s).line_buffering.get()))),
        shown("closed", |cx, s| Ok(cx.bool(this(s).closed.get()))),
        shown("newlines", |cx, _| Ok(cx.none())),
        shown("mode", |cx, s| Ok(cx.intern(if this(s).fd.get() == 0 { "r" } else { "w" }).into_object())),
        shown("name", |cx, s| {
            let name = ["<stdin>", "<stdout>", "<stderr>"];
            let index = usize::try_from(this(s).fd.get()).unwrap_or(2).min(2);
            Ok(cx.intern(name[index]).into_object())
        }),
    ],
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};
