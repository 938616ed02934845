//! `FileIO`: a file descriptor as an unbuffered stream.

use std::cell::Cell;
use std::io;

use super::base::{FLAGS, Stream, closed_error, dealloc_stream, finalize, layout, new_stream, unsupported};
use super::{DEFAULT_BUFFER_SIZE, table};
use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::bytes::BytesObject;
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, MemberDef, MethodDef, Signature, TypeSpec};
use crate::objects::{Args, PyResult, Raised, StrObject, TypeObject, exceptions};
use crate::stdlib::posix::{path, raw};
use crate::vm::Ctx;

#[repr(C)]
pub struct FileIo {
    pub stream: Stream,
    /// -1: not open.
    pub fd: Cell<i32>,
    created: Cell<bool>,
    pub readable: Cell<bool>,
    pub writable: Cell<bool>,
    appending: Cell<bool>,
    closefd: Cell<bool>,
    finalizing: Cell<bool>,
    /// Whether the position can be moved; asked once.
    seekable: Cell<Option<bool>>,
    pub block_size: Cell<u32>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for FileIo {}

impl FileIo {
    /// The object as a `FileIO`, subclasses included.
    pub fn of(object: &Object) -> Option<&FileIo> {
        // SAFETY: every instance of the type has this layout.
        object.is_instance(table().file_io).then(|| unsafe { object.cast() })
    }

    /// The object as exactly a `FileIO`: its methods are ours, and need no lookup.
    pub fn exact(object: &Object) -> Option<&FileIo> {
        // SAFETY: as above.
        object.is_exact(table().file_io).then(|| unsafe { object.cast() })
    }

    pub fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }

    /// Reads once; `None` when it would block.
    pub fn read_some(&self, cx: Ctx, buffer: &mut [u8]) -> PyResult<Option<usize>> {
        let fd = self.open_fd(cx)?;
        if !self.readable.get() {
            return Err(unsupported(cx, "File not open for reading"));
        }
        retry(cx, || raw::read(fd, buffer))
    }

    /// Writes once; `None` when it would block.
    pub fn write_some(&self, cx: Ctx, bytes: &[u8]) -> PyResult<Option<usize>> {
        let fd = self.open_fd(cx)?;
        if !self.writable.get() {
            return Err(unsupported(cx, "File not open for writing"));
        }
        retry(cx, || raw::write(fd, bytes))
    }

    pub fn open_fd(&self, cx: Ctx) -> PyResult<i32> {
        let fd = self.fd.get();
        if fd < 0 { Err(cx.value_error("I/O operation on closed file")) } else { Ok(fd) }
    }

    /// Moves the position; returns the new one.
    pub fn seek_to(&self, cx: Ctx, offset: i64, whence: i32) -> PyResult<i64> {
        let fd = self.open_fd(cx)?;
        let moved = raw::lseek(fd, offset, whence);
        if self.seekable.get().is_none() {
            self.seekable.set(Some(moved.is_ok()));
        }
        moved.map_err(|error| cx.raise_os_error(&error, None))
    }

    pub fn is_seekable(&self, cx: Ctx) -> PyResult<bool> {
        let fd = self.open_fd(cx)?;
        if self.seekable.get().is_none() {
            self.seekable.set(Some(raw::lseek(fd, 0, libc::SEEK_CUR).is_ok()));
        }
        Ok(self.seekable.get().unwrap_or(false))
    }

    /// Reads until the end.
    pub fn read_all(&self, cx: Ctx) -> PyResult<Option<Vec<u8>>> {
        let fd = self.open_fd(cx)?;
        let mut all = Vec::new();
        // A regular file says how much there is to come.
        if let (Ok(status), Ok(at)) = (raw::fstat(fd), raw::lseek(fd, 0, libc::SEEK_CUR))
            && status.st_size > at
        {
            all.reserve((status.st_size - at) as usize + 1);
        }
        let mut filled = 0;
        loop {
            let room = all.capacity().max(filled + DEFAULT_BUFFER_SIZE.min(filled.max(512)) + 1);
            all.resize(room, 0);
            match self.read_some(cx, &mut all[filled..])? {
                Some(0) => break,
                Some(count) => filled += count,
                None if filled == 0 => return Ok(None),
                None => break,
            }
        }
        all.truncate(filled);
        Ok(Some(all))
    }
}

/// Repeats a call that a signal interrupted, unless the signal raises.
pub fn retry(cx: Ctx, mut call: impl FnMut() -> io::Result<usize>) -> PyResult<Option<usize>> {
    loop {
        match call() {
            Ok(count) => return Ok(Some(count)),
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => crate::vm::check_signals(cx)?,
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => return Ok(None),
            Err(error) => return Err(cx.raise_os_error(&error, None)),
        }
    }
}

fn this(object: &Object) -> &FileIo {
    // SAFETY: only slots, methods and attributes of `FileIO` call this.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are valid; the descriptor is set to "none" at once.
    let made = unsafe { new_stream(cx, ty)? };
    let file = this(&made);
    file.fd.set(-1);
    file.seekable.set(None);
    file.closefd.set(true);
    Ok(made)
}

const SIGNATURE: Signature = Signature {
    name: "FileIO",
    params: &["file", "mode", "closefd", "opener"],
    required: 1,
    max_positional: 4,
};

const BAD_MODE: &str = "Must have exactly one of create/read/write/append mode and at most one plus";

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let mut out = [None, None, None, None];
    bind(cx, &SIGNATURE, args, &mut out)?;
    let [file, mode, closefd, opener] = out;
    let Some(file) = file else { return Err(cx.system_error("bad internal call")) };
    let mode = match &mode {
        None => "r".to_string(),
        Some(mode) => match mode.downcast::<StrObject>() {
            Some(text) => text.to_string_lossy(),
            None => {
                return Err(cx.type_error(format_args!(
                    "FileIO() argument 'mode' must be str, not {}",
                    mode.ty().tp_name()
                )));
            }
        },
    };
    let closefd = match &closefd {
        Some(flag) => cx.is_true(flag)?,
        None => true,
    };
    open(cx, object, &file, &mode, closefd, opener.as_deref().filter(|o| !cx.is_none(o)))
}

/// A `FileIO` on a path or descriptor.
pub fn new_file(cx: Ctx, file: &Object, mode: &str, closefd: bool, opener: Option<&Object>) -> PyResult {
    let made = new(cx, table().file_io, Args::EMPTY)?;
    open(cx, &made, file, mode, closefd, opener)?;
    Ok(made)
}

fn open(
    cx: Ctx,
    object: &Object,
    name: &Object,
    mode: &str,
    closefd: bool,
    opener: Option<&Object>,
) -> PyResult<()> {
    let file = this(object);
    if file.fd.get() >= 0 {
        if file.closefd.get() {
            close_fd(cx, file)?;
        } else {
            file.fd.set(-1);
        }
    }
    let mut fd = -1;
    let mut path = None;
    if name.downcast::<crate::objects::IntObject>().is_some() {
        fd = cx.to_i32(name)?;
        if fd < 0 {
            return Err(cx.value_error("negative file descriptor"));
        }
    } else {
        let shown = path::fspath(cx, name)?;
        path = Some(path::to_c(cx, path::encode(cx, &shown)?)?);
    }
    let (mut readable, mut writable, mut created, mut appending) = (false, false, false, false);
    let (mut kinds, mut plus, mut flags) = (0, false, 0);
    for letter in mode.chars() {
        match letter {
            'x' => (created, writable, flags) = (true, true, flags | libc::O_EXCL | libc::O_CREAT),
            'r' => readable = true,
            'w' => (writable, flags) = (true, flags | libc::O_CREAT | libc::O_TRUNC),
            'a' => (writable, appending, flags) = (true, true, flags | libc::O_APPEND | libc::O_CREAT),
            'b' => continue,
            '+' => {
                if plus {
                    return Err(cx.value_error(BAD_MODE));
                }
                (readable, writable, plus) = (true, true, true);
                continue;
            }
            _ => return Err(cx.value_error(format_args!("invalid mode: {mode}"))),
        }
        kinds += 1;
        if kinds > 1 {
            return Err(cx.value_error(BAD_MODE));
        }
    }
    if kinds == 0 {
        return Err(cx.value_error(BAD_MODE));
    }
    flags |= match (readable, writable) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    file.created.set(created);
    file.readable.set(readable);
    file.writable.set(writable);
    file.appending.set(appending);
    file.seekable.set(None);
    let mut own = closefd;
    if fd < 0 {
        let Some(path) = path else { return Err(cx.system_error("no path")) };
        if !closefd {
            return Err(cx.value_error("Cannot use closefd=False with file name"));
        }
        fd = match opener {
            None => raw::open(&path, flags, 0o666)
                .map_err(|error| cx.raise_os_error(&error, Some(name.to_ref())))?,
            Some(opener) => {
                let answer =
                    cx.call(opener, &[name.to_ref(), cx.new_int(i64::from(flags | libc::O_CLOEXEC))])?;
                if answer.downcast::<crate::objects::IntObject>().is_none() {
                    return Err(cx.type_error("expected integer from opener"));
                }
                let fd = cx.to_i32(&answer)?;
                if fd < 0 {
                    return Err(cx.value_error(format_args!("opener returned {fd}")));
                }
                fd
            }
        };
        own = true;
    }
    let result = finish_open(cx, object, name, fd);
    if let Err(raised) = result {
        // What was opened here is closed again; a descriptor given by the caller is left alone.
        if name.downcast::<crate::objects::IntObject>().is_none() {
            let _ = raw::close(fd);
        }
        file.fd.set(-1);
        return Err(raised);
    }
    file.closefd.set(own);
    Ok(())
}

fn finish_open(cx: Ctx, object: &Object, name: &Object, fd: i32) -> PyResult<()> {
    let file = this(object);
    file.block_size.set(DEFAULT_BUFFER_SIZE as u32);
    match raw::fstat(fd) {
        Ok(status) => {
            if status.st_mode & libc::S_IFMT == libc::S_IFDIR {
                return Err(cx.raise_errno(libc::EISDIR, Some(name.to_ref())));
            }
            if status.st_blksize > 1 {
                file.block_size.set(status.st_blksize as u32);
            }
        }
        Err(error) if error.raw_os_error() == Some(libc::EBADF) && !crate::vm::console::owns(fd) => {
            return Err(cx.raise_errno(libc::EBADF, None));
        }
        Err(_) => {}
    }
    file.fd.set(fd);
    cx.set_attr(object, &cx.intern("name"), Some(name))?;
    if file.appending.get() {
        // Where the system does not say, the end is where writing starts anyway.
        let _ = raw::lseek(fd, 0, libc::SEEK_END);
    }
    Ok(())
}

fn close_fd(cx: Ctx, file: &FileIo) -> PyResult<()> {
    let fd = file.fd.replace(-1);
    if fd >= 0 {
        raw::close(fd).map_err(|error| cx.raise_os_error(&error, None))?;
    }
    Ok(())
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    let file = this(object);
    // As the base class does it: flush (a no-op unless a subclass has one) and the closed mark.
    let base = base_close(cx, object);
    if !file.closefd.get() {
        file.fd.set(-1);
        return base;
    }
    if file.finalizing.get() {
        warn_unclosed(cx, file, object);
    }
    match base {
        Ok(_) => {
            close_fd(cx, file)?;
            Ok(cx.none())
        }
        Err(raised) => {
            let fetched = cx.fetch(raised);
            if let Err(other) = close_fd(cx, file) {
                cx.clear_exception(other);
            }
            Err(cx.restore(fetched))
        }
    }
}

fn base_close(cx: Ctx, object: &Object) -> PyResult {
    if FileIo::exact(object).is_some() {
        // Nothing to flush, and whether it is closed is read off the descriptor.
        return Ok(cx.none());
    }
    let method = cx.get_attr(memory::Layout::as_object(table().raw_io_base), &cx.intern("close"))?;
    cx.call1(&method, object)
}

/// `ResourceWarning: unclosed file ...`, which filters drop unless asked for.
fn warn_unclosed(cx: Ctx, file: &FileIo, source: &Object) {
    if file.fd.get() < 0 || !file.closefd.get() || cx.vm().finalizing.get() {
        return;
    }
    cx.with_exception_saved(|| {
        let shown = cx
            .repr_text(source)
            .and_then(|shown| cx.warn(exceptions().resource_warning, &format!("unclosed file {shown}"), 1));
        if let Err(raised) = shown {
            cx.write_unraisable(raised, None, Some(source));
        }
    });
}

fn dealloc_warn(cx: Ctx, object: &Object, source: &Ref) -> PyResult {
    warn_unclosed(cx, this(object), source);
    Ok(cx.none())
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read", args, 0, 1)?;
    let size = super::base::size_or_none(cx, args.first())?;
    let file = this(object);
    file.open_fd(cx)?;
    if !file.readable.get() {
        return Err(unsupported(cx, "File not open for reading"));
    }
    if size < 0 {
        return readall(cx, object);
    }
    let mut buffer = vec![0; (size as usize).min(0x7fff_f000)];
    match file.read_some(cx, &mut buffer)? {
        Some(count) => Ok(cx.new_bytes(&buffer[..count]).into_object()),
        None => Ok(cx.none()),
    }
}

fn readall(cx: Ctx, object: &Object) -> PyResult {
    match this(object).read_all(cx)? {
        Some(bytes) => Ok(cx.new_bytes(&bytes).into_object()),
        None => Ok(cx.none()),
    }
}

fn readinto(cx: Ctx, object: &Object, target: &Ref) -> PyResult {
    let file = this(object);
    file.open_fd(cx)?;
    if !file.readable.get() {
        return Err(unsupported(cx, "File not open for reading"));
    }
    let mut buffer = vec![0; super::buffer_len(cx, target)?];
    match file.read_some(cx, &mut buffer)? {
        Some(count) => {
            super::fill_buffer(cx, target, &buffer[..count])?;
            Ok(cx.new_uint(count))
        }
        None => Ok(cx.none()),
    }
}

fn write(cx: Ctx, object: &Object, bytes: &Ref) -> PyResult {
    let file = this(object);
    file.open_fd(cx)?;
    if !file.writable.get() {
        return Err(unsupported(cx, "File not open for writing"));
    }
    let written = match bytes.downcast_exact::<BytesObject>() {
        Some(bytes) => file.write_some(cx, bytes.as_slice())?,
        None => {
            let copy = cx.with_bytes(bytes, <[u8]>::to_vec)?;
            file.write_some(cx, &copy)?
        }
    };
    Ok(written.map_or_else(|| cx.none(), |count| cx.new_uint(count)))
}

/// `whence` of a seek: 0 unless given.
pub fn whence(cx: Ctx, value: Option<&Ref>) -> PyResult<i32> {
    value.map_or(Ok(0), |value| cx.to_i32(value))
}

fn seek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "seek", args, 1, 2)?;
    let file = this(object);
    file.open_fd(cx)?;
    let whence = whence(cx, args.get(1))?;
    let offset = cx.to_i64(&args[0])?;
    Ok(cx.new_int(file.seek_to(cx, offset, whence)?))
}

fn tell(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_int(this(object).seek_to(cx, 0, libc::SEEK_CUR)?))
}

fn truncate(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "truncate", args, 0, 1)?;
    let file = this(object);
    let fd = file.open_fd(cx)?;
    if !file.writable.get() {
        return Err(unsupported(cx, "File not open for writing"));
    }
    let size = match args.first().filter(|size| !cx.is_none(size)) {
        Some(size) => size.clone(),
        None => tell(cx, object)?,
    };
    raw::ftruncate(fd, cx.to_i64(&size)?).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(size)
}

fn seekable(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.bool(this(object).is_seekable(cx)?))
}

fn readable(cx: Ctx, object: &Object) -> PyResult {
    this(object).open_fd(cx)?;
    Ok(cx.bool(this(object).readable.get()))
}

fn writable(cx: Ctx, object: &Object) -> PyResult {
    this(object).open_fd(cx)?;
    Ok(cx.bool(this(object).writable.get()))
}

fn fileno(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_int(i64::from(this(object).open_fd(cx)?)))
}

fn isatty(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.bool(raw::isatty(this(object).open_fd(cx)?)))
}

fn mode(file: &FileIo) -> &'static str {
    match (file.created.get(), file.appending.get(), file.readable.get(), file.writable.get()) {
        (true, _, true, _) => "xb+",
        (true, _, false, _) => "xb",
        (_, true, true, _) => "ab+",
        (_, true, false, _) => "ab",
        (_, _, true, true) => "rb+",
        (_, _, true, false) => "rb",
        _ => "wb",
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let file = this(object);
    let ty = object.ty().tp_name();
    if file.is_closed() {
        return Ok(cx.new_str(&format!("<{ty} [closed]>")).into_object());
    }
    let closefd = if file.closefd.get() { "True" } else { "False" };
    let shown = match cx.get_attr_opt(object, &cx.intern("name"))? {
        None => format!("<{ty} fd={} mode='{}' closefd={closefd}>", file.fd.get(), mode(file)),
        Some(name) => {
            let Some(_guard) = cx.enter_repr(object) else {
                return Err(reentrant(cx, object));
            };
            format!("<{ty} name={} mode='{}' closefd={closefd}>", cx.repr_text(&name)?, mode(file))
        }
    };
    Ok(cx.new_str(&shown).into_object())
}

/// The error of a repr that calls itself.
pub fn reentrant(cx: Ctx, object: &Object) -> Raised {
    cx.runtime_error(format_args!("reentrant call inside {}.__repr__", object.ty().tp_name()))
}

fn set_finalizing(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let flag = match value {
        Some(value) => cx.is_true(value)?,
        None => return Err(closed_error(cx)),
    };
    this(object).finalizing.set(flag);
    Ok(())
}

pub static FILE_IO: TypeSpec = TypeSpec {
    name: "_io.FileIO",
    doc: Some(
        "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nA file as an unbuffered stream of bytes.\n\nThe mode is 'r', 'w', 'x' or 'a', with '+' for reading and writing. The opener, when given, is called with\nthe file and the flags and returns an open descriptor.",
    ),
    layout: layout::<FileIo>(),
    basicsize: 48,
    flags: FLAGS,
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), ..Slots::EMPTY },
    methods: &[
        MethodDef::fast(
            "read",
            read,
            "read($self, size=-1, /)\n--\n\nReads at most size bytes with one system call; all there are without size.",
        ),
        MethodDef::no_args("readall", readall, "readall($self, /)\n--\n\nReads until the end."),
        MethodDef::one("readinto", readinto, "readinto($self, buffer, /)\n--\n\nReads into the buffer."),
        MethodDef::one(
            "write",
            write,
            "write($self, b, /)\n--\n\nWrites bytes with one system call; returns how many were written.",
        ),
        MethodDef::fast(
            "seek",
            seek,
            "seek($self, pos, whence=0, /)\n--\n\nMoves the position and returns it.",
        ),
        MethodDef::no_args("tell", tell, "tell($self, /)\n--\n\nThe position."),
        MethodDef::fast(
            "truncate",
            truncate,
            "truncate($self, size=None, /)\n--\n\nMakes the file size bytes long, by default up to the position.",
        ),
        MethodDef::no_args("close", close, "close($self, /)\n--\n\nCloses the file."),
        MethodDef::no_args(
            "seekable",
            seekable,
            "seekable($self, /)\n--\n\nWhether the position can be moved.",
        ),
        MethodDef::no_args(
            "readable",
            readable,
            "readable($self, /)\n--\n\nWhether the file is open for reading.",
        ),
        MethodDef::no_args(
            "writable",
            writable,
            "writable($self, /)\n--\n\nWhether the file is open for writing.",
        ),
        MethodDef::no_args("fileno", fileno, "fileno($self, /)\n--\n\nThe file descriptor."),
        MethodDef::no_args("isatty", isatty, "isatty($self, /)\n--\n\nWhether the file is a terminal."),
        MethodDef::one("_dealloc_warn", dealloc_warn, ""),
    ],
    members: &[
        MemberDef {
            name: "_blksize",
            get: |cx, object| Ok(cx.new_int(i64::from(this(object).block_size.get()))),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "_finalizing",
            get: |cx, object| Ok(cx.bool(this(object).finalizing.get())),
            set: Some(set_finalizing),
            doc: "",
        },
    ],
    getset: &[
        GetSetDef {
            name: "closed",
            get: Some(|cx, object| Ok(cx.bool(this(object).is_closed()))),
            set: None,
            doc: "True if the file is closed",
        },
        GetSetDef {
            name: "closefd",
            get: Some(|cx, object| Ok(cx.bool(this(object).closefd.get()))),
            set: None,
            doc: "True if the file descriptor will be closed by close().",
        },
        GetSetDef {
            name: "mode",
            get: Some(|cx, object| Ok(cx.new_str(mode(this(object))).into_object())),
            set: None,
            doc: "String giving the file mode",
        },
    ],
    dealloc: Some(dealloc_stream::<FileIo>),
    traverse: Some(super::base::traverse),
    clear: Some(super::base::clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};
