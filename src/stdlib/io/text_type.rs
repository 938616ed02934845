//! The methods and the type of `TextIOWrapper`.

use super::base::{FLAGS, call, dealloc_stream, finalize, layout, size_or_none, unsupported};
use super::decoder::Codec;
use super::file::{reentrant, whence};
use super::text::{TextIo, TextOptions, check_newline, clear, new, setup, this, traverse};
use super::{text_argument, text_read};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, MemberDef, MethodDef, Signature, TypeSpec};
use crate::objects::{Args, PyResult, StrObject, exceptions};
use crate::vm::Ctx;

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature = Signature {
        name: "TextIOWrapper",
        params: &["buffer", "encoding", "errors", "newline", "line_buffering", "write_through"],
        required: 1,
        max_positional: 6,
    };
    let mut out = [const { None }; 6];
    bind(cx, &signature, args, &mut out)?;
    let [buffer, encoding, errors, newline, line_buffering, write_through] = out;
    let Some(buffer) = buffer else { return Err(cx.system_error("bad internal call")) };
    let encoding = text_argument(cx, "TextIOWrapper", "encoding", encoding.as_ref())?;
    let errors = text_argument(cx, "TextIOWrapper", "errors", errors.as_ref())?;
    let newline = text_argument(cx, "TextIOWrapper", "newline", newline.as_ref())?;
    let flag = |value: Option<Ref>| value.map_or(Ok(false), |value| cx.is_true(&value));
    let options = TextOptions {
        encoding: encoding.as_deref(),
        errors: errors.as_deref(),
        newline: newline.as_deref(),
        line_buffering: flag(line_buffering)?,
        write_through: flag(write_through)?,
    };
    setup(cx, object, buffer, &options)
}

fn detach(cx: Ctx, object: &Object) -> PyResult {
    let text = this(object);
    text.buffer(cx)?;
    call(cx, object, "flush", &[])?;
    let buffer = text.buffer(cx)?;
    drop(text.buffer.take());
    text.detached.set(true);
    text.ready.set(false);
    Ok(buffer)
}

fn reconfigure(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature {
        name: "reconfigure",
        params: &["encoding", "errors", "newline", "line_buffering", "write_through"],
        required: 0,
        max_positional: 0,
    };
    let mut out = [const { None }; 5];
    bind(cx, &signature, args, &mut out)?;
    let [encoding, errors, newline, line_buffering, write_through] = out;
    let text = this(object);
    text.buffer(cx)?;
    let given = |value: &Option<Ref>| value.as_ref().is_some_and(|value| !cx.is_none(value));
    let changes_decoding = given(&encoding) || given(&errors) || newline.is_some();
    if changes_decoding && text.with(|state| state.decoded.is_some()) {
        return Err(unsupported(
            cx,
            "It is not possible to set the encoding or newline of stream after the first read",
        ));
    }
    let encoding = text_argument(cx, "reconfigure", "encoding", encoding.as_ref())?;
    let errors_given = text_argument(cx, "reconfigure", "errors", errors.as_ref())?;
    let newline_text = text_argument(cx, "reconfigure", "newline", newline.as_ref())?;
    let newline_value = check_newline(cx, newline_text.as_deref())?;
    let flag = |value: Option<Ref>, old: bool| match value.filter(|value| !cx.is_none(value)) {
        Some(value) => cx.is_true(&value),
        None => Ok(old),
    };
    let line_buffering = flag(line_buffering, text.line_buffering.get())?;
    let write_through = flag(write_through, text.write_through.get())?;
    call(cx, object, "flush", &[])?;
    if changes_decoding {
        let codec = match encoding.as_deref() {
            Some("locale") => Some(Codec::lookup(cx, "UTF-8")?),
            Some(name) => Some(Codec::lookup(cx, name)?),
            None => None,
        };
        // A new encoding without a handler means the strict one.
        let errors = match (&errors_given, &encoding) {
            (Some(errors), _) => Some(errors.clone()),
            (None, Some(_)) => Some("strict".to_string()),
            (None, None) => None,
        };
        if let Some(name) = &encoding {
            text.encoding.set(Some(cx.new_str(if name == "locale" { "UTF-8" } else { name })));
        }
        if let Some(errors) = &errors {
            text.errors.set(Some(cx.new_str(errors)));
        }
        let errors = text.errors.peek().map_or_else(String::new, StrObject::to_string_lossy);
        text.with(|state| {
            if let Some(codec) = codec {
                state.codec = codec;
            }
            if newline.is_some() {
                state.set_newline(newline_value);
            }
            if state.decoder.is_some() {
                state.make_decoder(&errors);
            }
        });
    }
    text.line_buffering.set(line_buffering);
    text.write_through.set(write_through);
    Ok(cx.none())
}

fn write(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let text = this(object);
    text.buffer(cx)?;
    let Some(value) = value.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!("write() argument must be str, not {}", value.ty().tp_name())));
    };
    text.write(cx, value)?;
    Ok(cx.new_uint(value.len()))
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read", args, 0, 1)?;
    let size = size_or_none(cx, args.first())?;
    let text = this(object);
    text.check_open(cx)?;
    if text.with(|state| state.decoder.is_none()) {
        return Err(unsupported(cx, "not readable"));
    }
    Ok(match usize::try_from(size) {
        Ok(count) => text.read_exactly(cx, count)?,
        Err(_) => text.read_to_end(cx)?,
    }
    .into_object())
}

fn readline(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "readline", args, 0, 1)?;
    let size = match args.first() {
        Some(size) => cx.to_size(size)?,
        None => -1,
    };
    let text = this(object);
    text.check_open(cx)?;
    Ok(text_read::read_line(cx, text, usize::try_from(size).ok())?.into_object())
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let text = this(object);
    text.buffer(cx)?;
    text.telling.set(false);
    let line = if TextIo::exact(object).is_some() {
        text.check_open(cx)?;
        text_read::read_line(cx, text, None)?.into_object()
    } else {
        let line = call(cx, object, "readline", &[])?;
        if line.downcast::<StrObject>().is_none() {
            return Err(cx.raise(
                exceptions().os_error,
                format_args!("readline() should have returned a str object, not '{}'", line.ty().tp_name()),
            ));
        }
        line
    };
    if cx.len(&line)? == 0 {
        // The end: the position can be asked for again.
        text.with(|state| state.snapshot = None);
        text.telling.set(text.seekable.get());
        return Ok(None);
    }
    Ok(Some(line))
}

fn flush(cx: Ctx, object: &Object) -> PyResult {
    let text = this(object);
    text.check_open(cx)?;
    text.telling.set(text.seekable.get());
    text.flush(cx)?;
    Ok(cx.none())
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    let text = this(object);
    let buffer = text.buffer(cx)?;
    if text.closed(cx)? {
        return Ok(cx.none());
    }
    if text.finalizing.get() {
        let warned = call(cx, &buffer, "_dealloc_warn", &[object.to_ref()]);
        if let Err(raised) = warned {
            cx.clear_exception(raised);
        }
    }
    match call(cx, object, "flush", &[]) {
        Ok(_) => call(cx, &buffer, "close", &[]),
        Err(raised) => {
            let first = cx.take_exception(raised);
            match call(cx, &buffer, "close", &[]) {
                Ok(_) => Err(cx.raise_instance(first)),
                Err(second) => {
                    let second = cx.take_exception(second);
                    second.context.set(Some(first.into_object()));
                    Err(cx.raise_instance(second))
                }
            }
        }
    }
}

fn forward(cx: Ctx, object: &Object, name: &str) -> PyResult {
    let buffer = this(object).buffer(cx)?;
    call(cx, &buffer, name, &[])
}

fn fileno(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "fileno")
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
fn isatty(cx: Ctx, object: &Object) -> PyResult {
    forward(cx, object, "isatty")
}

fn seek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "seek", args, 1, 2)?;
    let whence = whence(cx, args.get(1))?;
    text_read::seek(cx, object, this(object), &args[0], whence)
}

fn tell(cx: Ctx, object: &Object) -> PyResult {
    text_read::tell(cx, object, this(object))
}

fn truncate(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "truncate", args, 0, 1)?;
    let buffer = this(object).buffer(cx)?;
    call(cx, object, "flush", &[])?;
    let size = args.first().cloned().unwrap_or_else(|| cx.none());
    call(cx, &buffer, "truncate", &[size])
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let text = this(object);
    if !text.ready.get() && !text.detached.get() {
        return Err(cx.value_error("I/O operation on uninitialized object"));
    }
    let mut shown = format!("<{}", object.ty().tp_name());
    let Some(_guard) = cx.enter_repr(object) else { return Err(reentrant(cx, object)) };
    for name in ["name", "mode"] {
        match cx.get_attr_opt(object, &cx.intern(name)) {
            Ok(Some(value)) => shown.push_str(&format!(" {name}={}", cx.repr_text(&value)?)),
            Ok(None) => {}
            Err(raised) if cx.raised_is(&raised, exceptions().value_error) => cx.clear_exception(raised),
            Err(raised) => return Err(raised),
        }
    }
    let encoding = text.encoding.get().map_or_else(|| cx.none(), Ref::into_object);
    shown.push_str(&format!(" encoding={}>", cx.repr_text(&encoding)?));
    Ok(cx.new_str(&shown).into_object())
}

fn set_finalizing(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let flag = value.map_or(Ok(false), |value| cx.is_true(value))?;
    this(object).finalizing.set(flag);
    Ok(())
}

fn set_chunk(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(cx.raise(exceptions().attribute_error, "cannot delete attribute"));
    };
    let size = cx.to_size(value)?;
    if size <= 0 {
        return Err(cx.value_error("a strictly positive integer is required"));
    }
    this(object).with(|state| state.chunk = size as usize);
    Ok(())
}

pub static TEXT_IO: TypeSpec = TypeSpec {
    name: "_io.TextIOWrapper",
    doc: Some(
        "TextIOWrapper(buffer, encoding=None, errors=None, newline=None,\n              line_buffering=False, write_through=False)\n--\n\nText over a buffered stream of bytes.\n\nThe encoding is UTF-8 unless given. newline tells which line ends count when reading and what is written for\n'\\n'. With line_buffering a written newline flushes the stream.",
    ),
    layout: layout::<TextIo>(),
    basicsize: 192,
    flags: FLAGS,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        iternext: Some(iternext),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("detach", detach, "detach($self, /)\n--\n\n"),
        MethodDef::keywords(
            "reconfigure",
            reconfigure,
            "reconfigure($self, /, *, encoding=None, errors=None, newline=None,\n            line_buffering=None, write_through=None)\n--\n\nChanges how the stream works; what is buffered is flushed.",
        ),
        MethodDef::one("write", write, "write($self, text, /)\n--\n\n"),
        MethodDef::fast("read", read, "read($self, size=-1, /)\n--\n\n"),
        MethodDef::fast("readline", readline, "readline($self, size=-1, /)\n--\n\n"),
        MethodDef::no_args("flush", flush, "flush($self, /)\n--\n\n"),
        MethodDef::no_args("close", close, "close($self, /)\n--\n\n"),
        MethodDef::no_args("fileno", fileno, "fileno($self, /)\n--\n\n"),
        MethodDef::no_args("seekable", seekable, "seekable($self, /)\n--\n\n"),
        MethodDef::no_args("readable", readable, "readable($self, /)\n--\n\n"),
        MethodDef::no_args("writable", writable, "writable($self, /)\n--\n\n"),
        MethodDef::no_args("isatty", isatty, "isatty($self, /)\n--\n\n"),
        MethodDef::fast("seek", seek, "seek($self, cookie, whence=os.SEEK_SET, /)\n--\n\n"),
        MethodDef::no_args("tell", tell, "tell($self, /)\n--\n\n"),
        MethodDef::fast("truncate", truncate, "truncate($self, pos=None, /)\n--\n\n"),
    ],
    members: &[
        MemberDef {
            name: "encoding",
            get: |cx, object| Ok(this(object).encoding.get().map_or_else(|| cx.none(), Ref::into_object)),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "buffer",
            get: |cx, object| Ok(this(object).buffer.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "line_buffering",
            get: |cx, object| Ok(cx.bool(this(object).line_buffering.get())),
            set: None,
            doc: "",
        },
        MemberDef {
            name: "write_through",
            get: |cx, object| Ok(cx.bool(this(object).write_through.get())),
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
            name: "name",
            get: Some(|cx, object| {
                let buffer = this(object).buffer(cx)?;
                cx.get_attr(&buffer, &cx.intern("name"))
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "closed",
            get: Some(|cx, object| Ok(cx.bool(this(object).closed(cx)?))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "newlines",
            get: Some(|cx, object| {
                let text = this(object);
                text.buffer(cx)?;
                let newlines = text.with(|state| state.decoder.as_ref().and_then(|d| d.newlines.clone()));
                Ok(newlines.map_or_else(|| cx.none(), |newlines| newlines.shown(cx)))
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "errors",
            get: Some(|cx, object| Ok(this(object).errors.get().map_or_else(|| cx.none(), Ref::into_object))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "_CHUNK_SIZE",
            get: Some(|cx, object| Ok(cx.new_uint(this(object).with(|state| state.chunk)))),
            set: Some(set_chunk),
            doc: "",
        },
    ],
    dealloc: Some(dealloc_stream::<TextIo>),
    traverse: Some(traverse),
    clear: Some(clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};
