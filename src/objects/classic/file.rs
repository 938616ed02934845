//! `file`: what `open()` gives and the standard streams are. Bytes in and out, with a buffer; `print` keeps its
//! `softspace` here.

use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::ptr::NonNull;

use super::FILE;
use crate::memory::{self, Object, Ref};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{GetSetDef, Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{PyResult, Raised, StrObject, TypeObject, attr, exceptions};
use crate::vm::{Ctx, console};

/// Where the bytes go.
enum Stream {
    /// 0, 1 or 2: the process's, or a front end's.
    Standard(i32),
    Disk(File),
}

/// The inside of a file; boxed, since it is no plain data.
struct Inner {
    stream: Option<Stream>,
    pending: Vec<u8>,
    unread: Vec<u8>,
    at_end: bool,
}

/// A file object. Not known to the collector.
#[repr(C)]
pub struct FileObject {
    object: Object,
    inner: *mut RefCell<Inner>,
    name: *mut String,
    mode: *mut String,
    /// Whether the next `print` begins with a space.
    pub softspace: Cell<bool>,
    line_buffered: bool,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for FileObject {}

impl FileObject {
    /// The object as a file, if it is one.
    pub fn from(object: &Object) -> Option<&FileObject> {
        // SAFETY: every instance of the type, or of one derived from it, has this layout.
        FILE.is_instance(object).then(|| unsafe { object.cast() })
    }

    fn inner(&self) -> &RefCell<Inner> {
        // SAFETY: made by `make` and freed by `dealloc` alone.
        unsafe { &*self.inner }
    }

    fn name(&self) -> &str {
        // SAFETY: as above.
        unsafe { &*self.name }
    }

    fn mode(&self) -> &str {
        // SAFETY: as above.
        unsafe { &*self.mode }
    }

    fn is_closed(&self) -> bool {
        self.inner().borrow().stream.is_none()
    }

    /// Writes bytes: into the buffer, which a newline empties when a person is reading.
    pub fn write(&self, cx: Ctx, bytes: &[u8]) -> PyResult<()> {
        self.softspace.set(false);
        let mut inner = self.inner().borrow_mut();
        if inner.stream.is_none() {
            return Err(cx.value_error("I/O operation on closed file"));
        }
        inner.pending.extend_from_slice(bytes);
        let due = inner.pending.len() >= 8192 || (self.line_buffered && bytes.contains(&b'\n'));
        if due { flush(cx, &mut inner) } else { Ok(()) }
    }

    /// Empties the buffer.
    pub fn flush(&self, cx: Ctx) -> PyResult<()> {
        flush(cx, &mut self.inner().borrow_mut())
    }
}

fn io_error(cx: Ctx, error: &std::io::Error, name: Option<&str>) -> Raised {
    let number = error.raw_os_error().unwrap_or(0);
    let shown = error.to_string();
    let text = shown.split(" (os error").next().unwrap_or_default().to_owned();
    let mut args = vec![cx.new_int(i64::from(number)), cx.new_str(&text).into_object()];
    args.extend(name.map(|name| cx.new_str(name).into_object()));
    let io_error = match cx.builtin("IOError") {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    match cx.call(&io_error, &args) {
        Ok(made) => match io_error.downcast_ref::<TypeObject>() {
            Ok(ty) => cx.raise_with(&ty, made),
            Err(_) => cx.raise_with(exceptions().os_error, made),
        },
        Err(raised) => raised,
    }
}

fn flush(cx: Ctx, inner: &mut Inner) -> PyResult<()> {
    let bytes = std::mem::take(&mut inner.pending);
    if bytes.is_empty() {
        return Ok(());
    }
    let result = match &mut inner.stream {
        Some(Stream::Standard(fd)) => {
            if console::write(*fd, &bytes).is_some() {
                Ok(())
            } else if *fd == 2 {
                std::io::stderr().write_all(&bytes)
            } else {
                let mut out = std::io::stdout().lock();
                out.write_all(&bytes).and_then(|()| out.flush())
            }
        }
        Some(Stream::Disk(file)) => file.write_all(&bytes),
        None => Ok(()),
    };
    result.map_err(|error| io_error(cx, &error, None))
}

fn make(
    cx: Ctx,
    ty: &TypeObject,
    stream: Stream,
    name: &str,
    mode: &str,
    line_buffered: bool,
) -> Ref<FileObject> {
    let _ = cx;
    let inner = Inner { stream: Some(stream), pending: Vec::new(), unread: Vec::new(), at_end: false };
    memory::new_ref(&ty.core, |object| FileObject {
        object,
        inner: Box::into_raw(Box::new(RefCell::new(inner))),
        name: Box::into_raw(Box::new(name.to_owned())),
        mode: Box::into_raw(Box::new(mode.to_owned())),
        softspace: Cell::new(false),
        line_buffered,
    })
}

/// One of the standard streams.
pub fn standard(cx: Ctx, fd: i32) -> PyResult {
    let (name, mode) = [("<stdin>", "r"), ("<stdout>", "w"), ("<stderr>", "w")][fd.clamp(0, 2) as usize];
    let eager = fd == 2 || console::owns(fd) || std::io::IsTerminal::is_terminal(&std::io::stdout());
    let unbuffered = cx.vm().options.borrow().unbuffered;
    Ok(make(cx, FILE.get(cx)?, Stream::Standard(fd), name, mode, eager || unbuffered).into_object())
}

/// The bytes of a classic string.
pub fn bytes_of(cx: Ctx, text: &StrObject) -> PyResult<Vec<u8>> {
    if let Some(bytes) = text.as_latin1()
        && (text.is_ascii() || !super::unicode::is_unicode(&text.object))
    {
        return Ok(bytes.to_vec());
    }
    let shown = cx.str(&text.object)?;
    Ok(shown.code_points().map(|point| point as u8).collect())
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let given = crate::objects::args::positional(cx, "file", args, 1, 3)?;
    let text = |object: &Ref| object.downcast::<StrObject>().map(StrObject::to_string_lossy);
    let Some(name) = text(&given[0]) else {
        return Err(cx.type_error(format!(
            "coercing to Unicode: need string or buffer, {} found",
            given[0].ty().tp_name()
        )));
    };
    let mode = given.get(1).and_then(text).unwrap_or_else(|| "r".to_owned());
    let mut options = OpenOptions::new();
    let plus = mode.contains('+');
    match mode.trim_start_matches('U').chars().next().unwrap_or('r') {
        'r' => options.read(true).write(plus),
        'w' => options.write(true).create(true).truncate(true).read(plus),
        'a' => options.append(true).create(true).read(plus),
        _ => {
            let message = format!("mode string must begin with one of 'r', 'w', 'a' or 'U', not '{mode}'");
            return Err(cx.value_error(message));
        }
    };
    match options.open(&name) {
        Ok(file) => Ok(make(cx, ty, Stream::Disk(file), &name, &mode, false).into_object()),
        Err(error) => Err(io_error(cx, &error, Some(&name))),
    }
}

fn this(object: &Object) -> &FileObject {
    // SAFETY: slots and methods of `file` are called on its instances only.
    unsafe { object.cast() }
}

/// Reads more into `unread`; false at the end.
fn fill(cx: Ctx, inner: &mut Inner) -> PyResult<bool> {
    if inner.at_end {
        return Ok(false);
    }
    let mut buffer = [0; 8192];
    let count = match &mut inner.stream {
        None => return Err(cx.value_error("I/O operation on closed file")),
        Some(Stream::Standard(fd)) => match console::read(*fd, &mut buffer) {
            Some(Ok(count)) => count,
            Some(Err(_)) => return Err(cx.raise_bare(exceptions().keyboard_interrupt)),
            None => std::io::stdin().read(&mut buffer).map_err(|error| io_error(cx, &error, None))?,
        },
        Some(Stream::Disk(file)) => file.read(&mut buffer).map_err(|error| io_error(cx, &error, None))?,
    };
    inner.unread.extend_from_slice(&buffer[..count]);
    inner.at_end = count == 0;
    Ok(count > 0)
}

fn text_of(cx: Ctx, bytes: &[u8]) -> Ref {
    let points: Vec<u32> = bytes.iter().map(|&byte| u32::from(byte)).collect();
    cx.new_str_from_code_points(&points).into_object()
}

/// The next line with its newline; empty at the end.
pub fn read_line(cx: Ctx, object: &Object) -> PyResult<Vec<u8>> {
    let file = this(object);
    let mut inner = file.inner().borrow_mut();
    flush(cx, &mut inner)?;
    loop {
        if let Some(end) = inner.unread.iter().position(|&byte| byte == b'\n') {
            return Ok(inner.unread.drain(..=end).collect());
        }
        if !fill(cx, &mut inner)? {
            return Ok(std::mem::take(&mut inner.unread));
        }
    }
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    let limit = match args.first() {
        Some(limit) => usize::try_from(cx.to_i64(limit)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let mut inner = this(object).inner().borrow_mut();
    flush(cx, &mut inner)?;
    while inner.unread.len() < limit && fill(cx, &mut inner)? {}
    let count = inner.unread.len().min(limit);
    let bytes: Vec<u8> = inner.unread.drain(..count).collect();
    Ok(text_of(cx, &bytes))
}

fn write(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let Some(text) = value.downcast::<StrObject>() else {
        return Err(cx.type_error("expected a character buffer object"));
    };
    let bytes = bytes_of(cx, text)?;
    this(object).write(cx, &bytes)?;
    Ok(cx.none())
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    let mut inner = this(object).inner().borrow_mut();
    flush(cx, &mut inner)?;
    inner.stream = None;
    Ok(cx.none())
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    if this(object).is_closed() {
        return Err(cx.value_error("I/O operation on closed file"));
    }
    let line = read_line(cx, object)?;
    Ok((!line.is_empty()).then(|| text_of(cx, &line)))
}

fn seek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    let place = cx
        .to_i64(args.first().ok_or_else(|| cx.type_error("function takes at least 1 argument (0 given)"))?)?;
    let whence = args.get(1).map_or(Ok(0), |whence| cx.to_i64(whence))?;
    let mut inner = this(object).inner().borrow_mut();
    flush(cx, &mut inner)?;
    inner.unread.clear();
    inner.at_end = false;
    if let Some(Stream::Disk(file)) = &mut inner.stream {
        let target = match whence {
            1 => SeekFrom::Current(place),
            2 => SeekFrom::End(place),
            _ => SeekFrom::Start(place.max(0) as u64),
        };
        file.seek(target).map_err(|error| io_error(cx, &error, None))?;
    }
    Ok(cx.none())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let file = this(object);
    let state = if file.is_closed() { "closed" } else { "open" };
    let name = super::unicode::escaped(file.name().chars().map(u32::from));
    let text = format!("<{state} file {name}, mode '{}' at {:#x}>", file.mode(), object.address());
    Ok(cx.new_str(&text).into_object())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero; the boxes were made by `make`.
    unsafe {
        let file = object.as_ref().cast::<FileObject>();
        let cx = Ctx::current();
        cx.with_exception_saved(|| {
            if let Err(raised) = file.flush(cx) {
                cx.clear_exception(raised);
            }
        });
        drop(Box::from_raw(file.inner));
        drop(Box::from_raw(file.name));
        drop(Box::from_raw(file.mode));
        memory::free_object(object);
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "file",
    doc: Some("file(name[, mode[, buffering]]) -> file object\n\nOpen a file."),
    layout: Layout::plain::<FileObject>(),
    basicsize: 144,
    flags: TypeFlags::NONE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        getattro: Some(attr::generic_get_attr),
        setattro: Some(attr::generic_set_attr),
        iter: Some(|_, object| Ok(memory::Layout::to_object(object))),
        iternext: Some(next),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("write", write, "write(str) -> None.  Write string str to file."),
        MethodDef::one(
            "writelines",
            |cx, object, lines| {
                for line in cx.collect(lines)? {
                    write(cx, object, &line)?;
                }
                Ok(cx.none())
            },
            "writelines(sequence_of_strings) -> None.",
        ),
        MethodDef::no_args(
            "flush",
            |cx, object| {
                this(object).flush(cx)?;
                Ok(cx.none())
            },
            "flush() -> None.  Flush the internal I/O buffer.",
        ),
        MethodDef::fast("read", read, "read([size]) -> read at most size bytes, returned as a string."),
        MethodDef::fast(
            "readline",
            |cx, object, _| Ok(text_of(cx, &read_line(cx, object)?)),
            "readline([size]) -> next line from the file, as a string.",
        ),
        MethodDef::fast(
            "readlines",
            |cx, object, _| {
                let mut lines = Vec::new();
                while let Some(line) = next(cx, object)? {
                    lines.push(line);
                }
                Ok(cx.new_list(lines)?.into_object())
            },
            "readlines([size]) -> list of strings, each a line from the file.",
        ),
        MethodDef::fast("seek", seek, "seek(offset[, whence]) -> None.  Move to new file position."),
        MethodDef::no_args("close", close, "close() -> None or (perhaps) an integer.  Close the file."),
        MethodDef::no_args(
            "fileno",
            |cx, object| match &this(object).inner().borrow().stream {
                Some(Stream::Standard(fd)) => Ok(cx.new_int(i64::from(*fd))),
                Some(Stream::Disk(_)) => Ok(cx.new_int(3)),
                None => Err(cx.value_error("I/O operation on closed file")),
            },
            "fileno() -> integer \"file descriptor\".",
        ),
        MethodDef::no_args(
            "isatty",
            |cx, object| {
                let is_terminal = match &this(object).inner().borrow().stream {
                    Some(Stream::Standard(fd)) => {
                        console::owns(*fd) || std::io::IsTerminal::is_terminal(&std::io::stdout())
                    }
                    _ => false,
                };
                Ok(cx.bool(is_terminal))
            },
            "isatty() -> true or false.  True if the file is connected to a tty device.",
        ),
        MethodDef::no_args(
            "__enter__",
            |_, object| Ok(memory::Layout::to_object(object)),
            "__enter__() -> self.",
        ),
        MethodDef::fast(
            "__exit__",
            |cx, object, _| close(cx, object),
            "__exit__(*excinfo) -> None.  Closes the file.",
        ),
    ],
    members: &[
        MemberDef {
            name: "name",
            get: |cx, object| Ok(cx.new_str(this(object).name()).into_object()),
            set: None,
            doc: "file name",
        },
        MemberDef {
            name: "mode",
            get: |cx, object| Ok(cx.new_str(this(object).mode()).into_object()),
            set: None,
            doc: "file mode ('r', 'U', 'w', 'a', possibly with 'b' or '+' added)",
        },
        MemberDef { name: "encoding", get: |cx, _| Ok(cx.none()), set: None, doc: "file encoding" },
    ],
    getset: &[
        GetSetDef {
            name: "closed",
            get: Some(|cx, object| Ok(cx.bool(this(object).is_closed()))),
            set: None,
            doc: "True if the file is closed",
        },
        GetSetDef {
            name: "softspace",
            get: Some(|cx, object| Ok(cx.new_int(i64::from(this(object).softspace.get())))),
            set: Some(|cx, object, value| {
                let on = value.map_or(Ok(false), |value| cx.is_true(value))?;
                this(object).softspace.set(on);
                Ok(())
            }),
            doc: "flag indicating that a space needs to be printed; used by print",
        },
    ],
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};
