//! `open()`, and the standard streams.

use super::base::call;
use super::buffered;
use super::file::{FileIo, new_file};
use super::text::{self, TextOptions};
use super::{DEFAULT_BUFFER_SIZE, table, text_argument};
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{Args, PyResult, StrObject, exceptions, types};
use crate::stdlib::posix::{path, raw};
use crate::vm::Ctx;

pub const OPEN: MethodDef = MethodDef::keywords(
    "open",
    open,
    "open($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, newline=None, closefd=True, opener=None)\n--\n\nOpens a file and returns a stream.\n\nfile is a path or an open descriptor. mode is 'r' (read, the default), 'w' (write, emptied first), 'x' (write,\nmust be new) or 'a' (append), with 'b' for bytes or 't' for text (the default) and '+' for both directions.\nbuffering is 0 for none (bytes only), 1 for lines (text only), else the size of the buffer.",
);

pub const OPEN_CODE: MethodDef = MethodDef::keywords(
    "open_code",
    open_code,
    "open_code($module, /, path)\n--\n\nOpens a file of code, to be read as bytes.",
);

pub const TEXT_ENCODING: MethodDef = MethodDef::fast(
    "text_encoding",
    text_encoding,
    "text_encoding($module, encoding, stacklevel=2, /)\n--\n\nThe encoding to open a text file with: the one given, else \"locale\" or \"utf-8\".",
);

const SIGNATURE: Signature = Signature {
    name: "open",
    params: &["file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"],
    required: 1,
    max_positional: 8,
};

/// What a mode string asks for.
struct Mode {
    /// For the raw stream.
    raw: String,
    /// As given.
    shown: String,
    reading: bool,
    writing: bool,
    updating: bool,
    binary: bool,
}

fn parse_mode(cx: Ctx, mode: &str) -> PyResult<Mode> {
    let invalid = || cx.value_error(format_args!("invalid mode: '{mode}'"));
    let (mut kinds, mut text, mut binary, mut updating) = (String::new(), false, false, false);
    for (index, letter) in mode.char_indices() {
        match letter {
            'x' | 'r' | 'w' | 'a' => kinds.push(letter),
            '+' => updating = true,
            't' => text = true,
            'b' => binary = true,
            _ => return Err(invalid()),
        }
        if mode[..index].contains(letter) {
            return Err(invalid());
        }
    }
    if text && binary {
        return Err(cx.value_error("can't have text and binary mode at once"));
    }
    if kinds.len() > 1 {
        return Err(cx.value_error("must have exactly one of create/read/write/append mode"));
    }
    Ok(Mode {
        raw: format!("{kinds}{}", if updating { "+" } else { "" }),
        shown: mode.to_string(),
        reading: kinds == "r",
        writing: !kinds.is_empty() && kinds != "r",
        updating,
        binary,
    })
}

fn open(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut out = [const { None }; 8];
    bind(cx, &SIGNATURE, args, &mut out)?;
    let [file, mode, buffering, encoding, errors, newline, closefd, opener] = out;
    let Some(file) = file else { return Err(cx.system_error("bad internal call")) };
    let mode = match &mode {
        None => "r".to_string(),
        Some(mode) => match mode.downcast::<StrObject>() {
            Some(text) => text.to_string_lossy(),
            None => {
                return Err(cx.type_error(format_args!(
                    "open() argument 'mode' must be str, not {}",
                    mode.ty().tp_name()
                )));
            }
        },
    };
    let buffering = match &buffering {
        Some(size) => cx.to_i32(size)?,
        None => -1,
    };
    let encoding = text_argument(cx, "open", "encoding", encoding.as_ref())?;
    let errors = text_argument(cx, "open", "errors", errors.as_ref())?;
    let newline = text_argument(cx, "open", "newline", newline.as_ref())?;
    let closefd = match &closefd {
        Some(flag) => cx.is_true(flag)?,
        None => true,
    };
    let opener = opener.filter(|opener| !cx.is_none(opener));
    let file = if file.ty().slots().nb_index.is_some() { file } else { path::fspath(cx, &file)? };
    let mode = parse_mode(cx, &mode)?;
    if mode.binary {
        for (given, what) in [
            (encoding.is_some(), "an encoding"),
            (errors.is_some(), "an errors"),
            (newline.is_some(), "a newline"),
        ] {
            if given {
                return Err(cx.value_error(format_args!("binary mode doesn't take {what} argument")));
            }
        }
        if buffering == 1 {
            cx.warn(
                exceptions().runtime_warning,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
                1,
            )?;
        }
    }
    let raw = new_file(cx, &file, &mode.raw, closefd, opener.as_deref())?;
    // Whatever was made last is closed when a later step fails.
    let mut made = raw.clone();
    let result = wrap(cx, raw, &mode, buffering, &mut made, encoding, errors, newline);
    match result {
        Ok(stream) => Ok(stream),
        Err(raised) => {
            let fetched = cx.fetch(raised);
            if let Err(other) = call(cx, &made, "close", &[]) {
                cx.clear_exception(other);
            }
            drop(made);
            Err(cx.restore(fetched))
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "the arguments of open() themselves")]
fn wrap(
    cx: Ctx,
    raw: Ref,
    mode: &Mode,
    buffering: i32,
    made: &mut Ref,
    encoding: Option<String>,
    errors: Option<String>,
    newline: Option<String>,
) -> PyResult {
    let (is_tty, block) = match FileIo::of(&raw) {
        Some(file) => {
            let fd = file.open_fd(cx)?;
            // Asking costs a system call that regular files need not pay for in vain.
            (buffering < 0 && raw::isatty(fd), file.block_size.get() as usize)
        }
        None => (false, DEFAULT_BUFFER_SIZE),
    };
    let line_buffering = buffering == 1 || is_tty;
    let size = match buffering {
        1 => block as isize,
        size if size < 0 => block as isize,
        size => size as isize,
    };
    if size == 0 {
        if !mode.binary {
            return Err(cx.value_error("can't have unbuffered text I/O"));
        }
        return Ok(raw);
    }
    let table = table();
    let buffer = if mode.updating {
        buffered::over(cx, table.buffered_random, raw, size, true, true)?
    } else if mode.writing {
        buffered::over(cx, table.buffered_writer, raw, size, false, true)?
    } else if mode.reading {
        buffered::over(cx, table.buffered_reader, raw, size, true, false)?
    } else {
        return Err(cx.value_error(format_args!("unknown mode: '{}'", mode.shown)));
    };
    *made = buffer.clone();
    if mode.binary {
        return Ok(buffer);
    }
    let options = TextOptions {
        encoding: encoding.as_deref(),
        errors: errors.as_deref(),
        newline: newline.as_deref(),
        line_buffering,
        write_through: false,
    };
    let stream = text::over(cx, buffer, &options)?;
    *made = stream.clone();
    cx.set_attr(&stream, &cx.intern("mode"), Some(cx.new_str(&mode.shown).as_object()))?;
    Ok(stream)
}

fn open_code(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature { name: "open_code", params: &["path"], required: 1, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(path)] = out else { return Err(cx.system_error("bad internal call")) };
    if !path.is_instance(types().str) {
        return Err(cx.type_error(format_args!(
            "open_code() argument 'path' must be str, not {}",
            path.ty().tp_name()
        )));
    }
    let all = [path, cx.new_str("rb").into_object()];
    open(cx, &cx.none(), Args::positional(&all))
}

fn text_encoding(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "text_encoding", args, 1, 2)?;
    if cx.is_none(&args[0]) { Ok(cx.new_str("locale").into_object()) } else { Ok(args[0].clone()) }
}

/// Whether the locale is the one without a language: text in it may be anything, so nothing is
/// refused.
fn plain_locale() -> bool {
    let name = raw::locale_name();
    matches!(name.as_str(), "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8")
}

/// A standard stream on a descriptor; `None` when the descriptor is not open.
fn standard_stream(cx: Ctx, fd: i32, name: &str, unbuffered: bool) -> PyResult {
    if raw::fstat(fd).is_err() && !crate::vm::console::owns(fd) {
        return Ok(cx.none());
    }
    let writing = fd != 0;
    let raw = new_file(cx, &cx.new_int(i64::from(fd)), if writing { "wb" } else { "rb" }, false, None)?;
    let shown = cx.new_str(name).into_object();
    cx.set_attr(&raw, &cx.intern("name"), Some(&shown))?;
    let is_tty = raw::isatty(fd);
    let size = FileIo::of(&raw).map_or(DEFAULT_BUFFER_SIZE, |file| file.block_size.get() as usize);
    let table = table();
    let buffer = if unbuffered && writing {
        raw
    } else {
        let ty = if writing { table.buffered_writer } else { table.buffered_reader };
        buffered::over(cx, ty, raw, size as isize, !writing, writing)?
    };
    let options = TextOptions {
        encoding: Some("utf-8"),
        errors: Some(match fd {
            2 => "backslashreplace",
            _ if plain_locale() => "surrogateescape",
            _ => "strict",
        }),
        newline: if writing { Some("\n") } else { None },
        line_buffering: !unbuffered && (fd == 2 || is_tty),
        write_through: unbuffered && writing,
    };
    let stream = text::over(cx, buffer, &options)?;
    let mode = cx.new_str(if writing { "w" } else { "r" }).into_object();
    cx.set_attr(&stream, &cx.intern("mode"), Some(&mode))?;
    Ok(stream)
}

/// Makes `sys.stdin`, `sys.stdout`, `sys.stderr` and the copies with underscores.
pub fn init_streams(cx: Ctx) -> PyResult<()> {
    crate::vm::import::import_module(cx, "_io")?;
    let Some(sys) = cx.vm().sys_dict.get() else { return Ok(()) };
    let unbuffered = cx.vm().options.borrow().unbuffered;
    // In the order in which the reference makes them: stdin, stdout, stderr.
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let stream = standard_stream(cx, fd, &format!("<{name}>"), unbuffered)?;
        sys.set_str(cx, &cx.intern(&format!("__{name}__")), stream.clone())?;
        sys.set_str(cx, &cx.intern(name), stream)?;
    }
    if let Some(builtins) = cx.vm().builtins.get()
        && let Some(modules) = cx.vm().modules.get()
        && let Some(io) = modules.get_str(cx, &cx.intern("_io"))
    {
        let open = cx.get_attr(&io, &cx.intern("open"))?;
        builtins.set_str(cx, &cx.intern("open"), open)?;
    }
    Ok(())
}
