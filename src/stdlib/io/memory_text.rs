//! `StringIO`: a text stream in memory.

use std::cell::RefCell;

use super::base::{FLAGS, Stream, call, dealloc_stream, finalize, layout, new_stream, size_or_none};
use super::decoder::Newlines;
use super::file::whence;
use super::text_read::{LineEnd, find_line_end};
use crate::memory::{self, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, MethodDef, Signature, TypeSpec};
use crate::objects::str::{Units, raw};
use crate::objects::{Args, DictObject, PyResult, Raised, StrObject, TypeObject, exceptions, types};
use crate::vm::Ctx;

/// The text and the position in it, both in code points.
struct TextBuffer {
    points: Vec<u32>,
    at: usize,
    newline: Option<&'static str>,
    newlines: Option<Newlines>,
    write_newline: Option<&'static str>,
    closed: bool,
}

#[repr(C)]
struct StringIo {
    stream: Stream,
    /// `None` until `__init__`.
    state: RefCell<Option<Box<TextBuffer>>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for StringIo {}

fn this(object: &Object) -> &StringIo {
    // SAFETY: only slots, methods and attributes of this type call this.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: zeroed fields are empty slots and an unborrowed `None`.
    unsafe { new_stream(cx, ty) }
}

/// Runs `change` on the buffer of an open stream; it runs no Python code.
fn with<R>(cx: Ctx, object: &Object, change: impl FnOnce(&mut TextBuffer) -> R) -> PyResult<R> {
    match this(object).state.borrow_mut().as_deref_mut() {
        Some(state) if !state.closed => return Ok(change(state)),
        Some(_) => {}
        None => return Err(uninitialized(cx)),
    }
    Err(cx.value_error("I/O operation on closed file"))
}

fn uninitialized(cx: Ctx) -> Raised {
    cx.value_error("I/O operation on uninitialized object")
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature =
        Signature { name: "StringIO", params: &["initial_value", "newline"], required: 0, max_positional: 2 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [value, newline] = out;
    let newline = match newline {
        None => Some("\n".to_string()),
        Some(newline) if cx.is_none(&newline) => None,
        Some(newline) => match newline.downcast::<StrObject>() {
            Some(text) => Some(text.to_string_lossy()),
            None => {
                return Err(cx.type_error(format_args!(
                    "newline must be str or None, not {}",
                    newline.ty().tp_name()
                )));
            }
        },
    };
    let newline = match newline.as_deref() {
        None => None,
        Some("") => Some(""),
        Some("\n") => Some("\n"),
        Some("\r") => Some("\r"),
        Some("\r\n") => Some("\r\n"),
        Some(_) => {
            let shown = cx.repr_text(&cx.new_str(&newline.unwrap_or_default()).into_object())?;
            return Err(cx.value_error(format_args!("illegal newline value: {shown}")));
        }
    };
    let value = value.filter(|value| !cx.is_none(value));
    let text = match &value {
        None => None,
        Some(value) => match value.downcast::<StrObject>() {
            Some(text) => Some(text),
            None => {
                return Err(cx.type_error(format_args!(
                    "initial_value must be str or None, not {}",
                    value.ty().tp_name()
                )));
            }
        },
    };
    let universal = matches!(newline, None | Some(""));
    let state = TextBuffer {
        points: Vec::new(),
        at: 0,
        newline,
        newlines: universal.then(|| Newlines::new(newline.is_none())),
        write_newline: newline.filter(|newline| newline.starts_with('\r')),
        closed: false,
    };
    *this(object).state.borrow_mut() = Some(Box::new(state));
    if let Some(text) = text {
        with(cx, object, |state| {
            state.write(text);
            state.at = 0;
        })?;
    }
    Ok(())
}

impl TextBuffer {
    fn write(&mut self, text: &StrObject) {
        let translated;
        let mut text = text;
        if let Some(newlines) = &mut self.newlines {
            translated = newlines.feed(memory::Layout::to_ref(text), true);
            text = &translated;
        }
        if let Some(newline) = self.write_newline {
            let mut points = Vec::with_capacity(text.len());
            for point in text.code_points() {
                if point == 10 { points.extend(newline.chars().map(u32::from)) } else { points.push(point) }
            }
            self.put(&points);
            return;
        }
        if self.at == self.points.len() {
            self.points.extend(text.code_points());
            self.at = self.points.len();
        } else {
            let points: Vec<u32> = text.code_points().collect();
            self.put(&points);
        }
    }

    fn put(&mut self, points: &[u32]) {
        let end = self.at + points.len();
        if self.points.len() < end {
            // Past the end the gap fills with NULs.
            self.points.resize(end, 0);
        }
        self.points[self.at..end].copy_from_slice(points);
        self.at = end;
    }

    fn take(&mut self, count: usize) -> Ref<StrObject> {
        let start = self.at.min(self.points.len());
        let end = start.saturating_add(count).min(self.points.len());
        self.at = self.at.max(end);
        raw::from_points(&self.points[start..end])
    }

    fn line(&mut self, limit: usize) -> Ref<StrObject> {
        let end = match self.newline {
            None | Some("\n") => LineEnd::Newline,
            Some("") => LineEnd::Universal,
            Some("\r") => LineEnd::Return,
            _ => LineEnd::Both,
        };
        let start = self.at.min(self.points.len());
        let found = find_line_end(Units::Four(&self.points), start, end).unwrap_or(self.points.len());
        self.take((found - start).min(limit))
    }
}

fn read(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read", args, 0, 1)?;
    let size = size_or_none(cx, args.first())?;
    let count = usize::try_from(size).unwrap_or(usize::MAX);
    Ok(with(cx, object, |state| state.take(count))?.into_object())
}

fn readline(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "readline", args, 0, 1)?;
    let size = size_or_none(cx, args.first())?;
    let limit = usize::try_from(size).unwrap_or(usize::MAX);
    Ok(with(cx, object, |state| state.line(limit))?.into_object())
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let line = if object.is_exact(super::table().string_io) {
        with(cx, object, |state| state.line(usize::MAX))?.into_object()
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
    Ok(if cx.len(&line)? == 0 { None } else { Some(line) })
}

fn write(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    if this(object).state.borrow().is_none() {
        return Err(uninitialized(cx));
    }
    let Some(text) = value.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!("string argument expected, got '{}'", value.ty().tp_name())));
    };
    with(cx, object, |state| state.write(text))?;
    Ok(cx.new_uint(text.len()))
}

fn getvalue(cx: Ctx, object: &Object) -> PyResult {
    Ok(with(cx, object, |state| raw::from_points(&state.points))?.into_object())
}

fn tell(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(with(cx, object, |state| state.at)?))
}

fn truncate(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "truncate", args, 0, 1)?;
    let at = with(cx, object, |state| state.at)?;
    let size = match args.first().filter(|size| !cx.is_none(size)) {
        Some(size) => size_or_none(cx, Some(size))?,
        None => at as isize,
    };
    if size < 0 {
        return Err(cx.value_error(format_args!("Negative size value {size}")));
    }
    with(cx, object, |state| state.points.truncate(size as usize))?;
    Ok(cx.new_int(size as i64))
}

fn seek(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "seek", args, 1, 2)?;
    let offset = cx.to_size(&args[0])?;
    let whence = whence(cx, args.get(1))?;
    with(cx, object, |_| ())?;
    if !(0..=2).contains(&whence) {
        return Err(cx.value_error(format_args!("Invalid whence ({whence}, should be 0, 1 or 2)")));
    }
    if offset < 0 && whence == 0 {
        return Err(cx.value_error(format_args!("Negative seek position {offset}")));
    }
    if whence != 0 && offset != 0 {
        return Err(cx.raise(exceptions().os_error, "Can't do nonzero cur-relative seeks"));
    }
    let at = with(cx, object, |state| {
        match whence {
            0 => state.at = offset as usize,
            2 => state.at = state.points.len(),
            _ => {}
        }
        state.at
    })?;
    Ok(cx.new_uint(at))
}

fn yes(cx: Ctx, object: &Object) -> PyResult {
    with(cx, object, |_| ())?;
    Ok(cx.bool(true))
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    if let Some(state) = this(object).state.borrow_mut().as_deref_mut() {
        state.closed = true;
        state.points = Vec::new();
    }
    Ok(cx.none())
}

fn getstate(cx: Ctx, object: &Object) -> PyResult {
    let value = getvalue(cx, object)?;
    let (newline, at) = with(cx, object, |state| (state.newline, state.at))?;
    let dict = match this(object).stream.dict.get() {
        Some(dict) => dict.copy(cx)?.into_object(),
        None => cx.none(),
    };
    let newline = newline.map_or_else(|| cx.none(), |newline| cx.new_str(newline).into_object());
    Ok(cx.new_tuple(vec![value, newline, cx.new_uint(at), dict]).into_object())
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    with(cx, object, |_| ())?;
    let items = if state.is_instance(types().tuple) { cx.collect(state)? } else { Vec::new() };
    let [value, newline, at, dict, ..] = items.as_slice() else {
        return Err(cx.type_error(format_args!(
            "{}.__setstate__ argument should be 4-tuple, got {}",
            object.ty().tp_name(),
            state.ty().tp_name()
        )));
    };
    // The text comes as it was stored: it is not translated again.
    init(cx, object, Args::positional(&[cx.none(), newline.clone()]))?;
    let Some(text) = value.downcast::<StrObject>() else {
        return Err(cx.type_error(format_args!("string argument expected, got '{}'", value.ty().tp_name())));
    };
    let at = cx.to_size(at)?;
    if at < 0 {
        return Err(cx.value_error("position value cannot be negative"));
    }
    with(cx, object, |state| {
        state.points = text.code_points().collect();
        state.at = at as usize;
    })?;
    update_dict(cx, &this(object).stream, dict)?;
    Ok(cx.none())
}

/// Puts a pickled instance dict back.
pub fn update_dict(cx: Ctx, stream: &Stream, dict: &Ref) -> PyResult<()> {
    if cx.is_none(dict) {
        return Ok(());
    }
    let Some(given) = dict.downcast::<DictObject>() else {
        return Err(cx.type_error(format_args!(
            "fourth item of state should be a dict, got a {}",
            dict.ty().tp_name()
        )));
    };
    match stream.dict.get() {
        Some(own) => own.update(cx, dict),
        None => {
            stream.dict.set(Some(given.copy(cx)?));
            Ok(())
        }
    }
}

pub static STRING_IO: TypeSpec = TypeSpec {
    name: "_io.StringIO",
    doc: Some(
        "StringIO(initial_value='', newline='\\n')\n--\n\nA text stream in memory.\n\nThe initial text is what is read first; newline is as for TextIOWrapper, but nothing is translated by default.",
    ),
    layout: layout::<StringIo>(),
    basicsize: 120,
    flags: FLAGS,
    slots: Slots { new: Some(new), init: Some(init), iternext: Some(iternext), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args(
            "close",
            close,
            "close($self, /)\n--\n\nCloses the stream and lets go of its text.",
        ),
        MethodDef::no_args("getvalue", getvalue, "getvalue($self, /)\n--\n\nThe whole text."),
        MethodDef::fast(
            "read",
            read,
            "read($self, size=-1, /)\n--\n\nReads at most size characters, all there are without size.",
        ),
        MethodDef::fast("readline", readline, "readline($self, size=-1, /)\n--\n\nReads a line."),
        MethodDef::no_args("tell", tell, "tell($self, /)\n--\n\nThe position."),
        MethodDef::fast(
            "truncate",
            truncate,
            "truncate($self, pos=None, /)\n--\n\nCuts the text, by default at the position.",
        ),
        MethodDef::fast("seek", seek, "seek($self, pos, whence=0, /)\n--\n\nMoves the position."),
        MethodDef::one("write", write, "write($self, s, /)\n--\n\nWrites a string; returns its length."),
        MethodDef::no_args("seekable", yes, "seekable($self, /)\n--\n\n"),
        MethodDef::no_args("readable", yes, "readable($self, /)\n--\n\n"),
        MethodDef::no_args("writable", yes, "writable($self, /)\n--\n\n"),
        MethodDef::no_args("__getstate__", getstate, ""),
        MethodDef::one("__setstate__", setstate, ""),
    ],
    getset: &[
        GetSetDef {
            name: "closed",
            get: Some(|cx, object| match this(object).state.borrow().as_deref() {
                Some(state) => Ok(cx.bool(state.closed)),
                None => Err(uninitialized(cx)),
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "newlines",
            get: Some(|cx, object| {
                let newlines = with(cx, object, |state| state.newlines.clone())?;
                Ok(newlines.map_or_else(|| cx.none(), |newlines| newlines.shown(cx)))
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "line_buffering",
            get: Some(|cx, object| {
                with(cx, object, |_| ())?;
                Ok(cx.bool(false))
            }),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(dealloc_stream::<StringIo>),
    traverse: Some(super::base::traverse),
    clear: Some(super::base::clear),
    finalize: Some(finalize),
    ..TypeSpec::EMPTY
};
