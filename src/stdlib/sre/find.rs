//! Everything that matches: `findall`, `finditer`, `split`, `sub`, and scanners.

use std::cell::Cell;
use std::ptr::NonNull;

use super::pattern::{Mode, PatternObject, Search, Spans, search_args, this, to_match};
use super::{SCANNER as SCANNER_TYPE, part, subject, template};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::args::bind;
use crate::objects::slots::Slots;
use crate::objects::spec::{Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{Args, PyResult, StrObject, types};
use crate::vm::Ctx;

/// All places that match, first to last, none overlapping; at most `limit` of them (0: all).
fn all_spans(cx: Ctx, pattern: &PatternObject, search: &Search, limit: usize) -> PyResult<Vec<Spans>> {
    let subject = subject(cx, &search.string, pattern.is_bytes)?;
    let mut found = Vec::new();
    let (mut at, mut must_advance) = (search.pos, false);
    while at <= search.endpos && (limit == 0 || found.len() < limit) {
        let Some(spans) = pattern.find(&subject, at, search.endpos, Mode::Search, must_advance) else {
            break;
        };
        let (start, end) = spans.whole();
        must_advance = start == end;
        at = end;
        found.push(spans);
    }
    Ok(found)
}

/// The text of a group, `None` for a group that took no part.
fn group_text(cx: Ctx, search: &Search, spans: &Spans, index: usize) -> PyResult<Option<Ref>> {
    match spans.groups.get(index).copied().flatten() {
        Some((start, end)) => Ok(Some(part(cx, &search.string, start, end)?)),
        None => Ok(None),
    }
}

fn empty_like(cx: Ctx, string: &Object) -> Ref {
    if string.is_instance(types().str) {
        cx.new_str("").into_object()
    } else {
        cx.new_bytes(b"").into_object()
    }
}

pub fn findall(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let search = search_args(cx, args, "findall")?;
    let pattern = this(object);
    let mut items = Vec::new();
    for spans in all_spans(cx, pattern, &search, 0)? {
        let text = |index: usize| -> PyResult {
            Ok(group_text(cx, &search, &spans, index)?.unwrap_or_else(|| empty_like(cx, &search.string)))
        };
        items.push(match pattern.groups {
            0 => text(0)?,
            1 => text(1)?,
            count => {
                let groups = (1..=count).map(text).collect::<PyResult<Vec<Ref>>>()?;
                cx.new_tuple(groups).into_object()
            }
        });
    }
    Ok(cx.new_list(items)?.into_object())
}

pub fn split(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let signature =
        Signature { name: "split", params: &["string", "maxsplit"], required: 1, max_positional: 2 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(string), limit] = out else { return Err(cx.system_error("bad internal call")) };
    let limit = limit.map_or(Ok(0), |limit| cx.to_size(&limit))?;
    let pattern = this(object);
    let search = search_args(cx, Args::positional(std::slice::from_ref(&string)), "split")?;
    let spans = if limit < 0 { Vec::new() } else { all_spans(cx, pattern, &search, limit as usize)? };
    let (mut items, mut at) = (Vec::new(), 0);
    for spans in &spans {
        let (start, end) = spans.whole();
        items.push(part(cx, &string, at, start)?);
        for group in 1..=pattern.groups {
            items.push(group_text(cx, &search, spans, group)?.unwrap_or_else(|| cx.none()));
        }
        at = end;
    }
    items.push(part(cx, &string, at, search.endpos)?);
    Ok(cx.new_list(items)?.into_object())
}

fn substitute(cx: Ctx, object: &Object, args: Args<'_>, name: &'static str) -> PyResult<(Ref, usize)> {
    let signature = Signature { name, params: &["repl", "string", "count"], required: 2, max_positional: 3 };
    let mut out = [None, None, None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(repl), Some(string), count] = out else { return Err(cx.system_error("bad internal call")) };
    let count = count.map_or(Ok(0), |count| cx.to_size(&count))?;
    let pattern = this(object);
    let search = search_args(cx, Args::positional(std::slice::from_ref(&string)), name)?;
    // What each match becomes: a function's answer, a literal, or a template filled in.
    let is_function = repl.ty().slots().call.is_some();
    let literal = match repl.downcast::<StrObject>() {
        Some(text) => !text.code_points().any(|point| point == u32::from('\\')),
        None if is_function => false,
        None => cx.with_bytes(&repl, |bytes| !bytes.contains(&b'\\'))?,
    };
    let filled = if is_function || literal { None } else { Some(template::of(cx, object, &repl)?) };
    let spans = if count < 0 { Vec::new() } else { all_spans(cx, pattern, &search, count as usize)? };
    if spans.is_empty() {
        return Ok((part(cx, &string, 0, search.endpos)?, 0));
    }
    let total = spans.len();
    let (mut pieces, mut at) = (Vec::new(), 0);
    for spans in spans {
        let (start, end) = spans.whole();
        if start > at {
            pieces.push(part(cx, &string, at, start)?);
        }
        let new = if literal {
            repl.clone()
        } else {
            let found = to_match(cx, pattern, &search, spans)?;
            match &filled {
                Some(filled) => template::fill(cx, filled, &found)?,
                None => cx.call1(&repl, found.as_object())?,
            }
        };
        if !cx.is_none(&new) {
            pieces.push(new);
        }
        at = end;
    }
    if at < search.endpos {
        pieces.push(part(cx, &string, at, search.endpos)?);
    }
    Ok((join(cx, &string, &pieces)?, total))
}

/// The pieces one after another, as text or bytes like `string`.
pub fn join(cx: Ctx, string: &Object, pieces: &[Ref]) -> PyResult {
    if string.is_instance(types().str) {
        let mut out = StrBuilder::new();
        for (index, piece) in pieces.iter().enumerate() {
            let Some(text) = piece.downcast::<StrObject>() else {
                return Err(cx.type_error(format_args!(
                    "sequence item {index}: expected str instance, {} found",
                    piece.ty().tp_name()
                )));
            };
            out.push_obj(text);
        }
        return Ok(out.finish().into_object());
    }
    let mut out = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if piece.ty().slots().as_bytes.is_none() {
            return Err(cx.type_error(format_args!(
                "sequence item {index}: expected a bytes-like object, {} found",
                piece.ty().tp_name()
            )));
        }
        cx.with_bytes(piece, |bytes| out.extend_from_slice(bytes))?;
    }
    Ok(cx.new_bytes(&out).into_object())
}

pub fn sub(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    Ok(substitute(cx, object, args, "sub")?.0)
}

pub fn subn(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let (text, count) = substitute(cx, object, args, "subn")?;
    Ok(cx.new_tuple(vec![text, cx.new_uint(count)]).into_object())
}

/// A search that goes on where it left off.
#[repr(C)]
struct Scanner {
    object: Object,
    pattern: Slot<PatternObject>,
    string: Slot,
    start: usize,
    at: Cell<usize>,
    endpos: usize,
    must_advance: Cell<bool>,
    done: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Scanner {}

fn new_scanner(cx: Ctx, object: &Object, args: Args<'_>, name: &'static str) -> PyResult {
    let search = search_args(cx, args, name)?;
    drop(subject(cx, &search.string, this(object).is_bytes)?);
    let made = memory::new_ref(&SCANNER_TYPE.get(cx)?.core, |head| Scanner {
        object: head,
        pattern: Slot::new(this(object).to_ref()),
        string: Slot::new(search.string),
        start: search.pos,
        at: Cell::new(search.pos),
        endpos: search.endpos,
        must_advance: Cell::new(false),
        done: Cell::new(search.pos > search.endpos),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

pub fn scanner(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    new_scanner(cx, object, args, "scanner")
}

pub fn finditer(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let scanner = new_scanner(cx, object, args, "finditer")?;
    let search = cx.get_attr(&scanner, &cx.intern("search"))?;
    crate::objects::iterators::new_callable_iterator(cx, &search, &cx.none())
}

fn step(cx: Ctx, object: &Object, mode: Mode) -> PyResult {
    // SAFETY: only methods of this type call this.
    let scanner: &Scanner = unsafe { object.cast() };
    let (Some(pattern), Some(string)) = (scanner.pattern.get(), scanner.string.get()) else {
        return Ok(cx.none());
    };
    if scanner.done.get() {
        return Ok(cx.none());
    }
    let found = {
        let subject = subject(cx, &string, pattern.is_bytes)?;
        pattern.find(&subject, scanner.at.get(), scanner.endpos, mode, scanner.must_advance.get())
    };
    let Some(spans) = found else {
        scanner.done.set(true);
        return Ok(cx.none());
    };
    let (start, end) = spans.whole();
    scanner.must_advance.set(start == end);
    scanner.at.set(end);
    let search = Search { string, pos: scanner.start, endpos: scanner.endpos };
    Ok(to_match(cx, &pattern, &search, spans)?.into_object())
}

fn scanner_match(cx: Ctx, object: &Object) -> PyResult {
    step(cx, object, Mode::Match)
}

fn scanner_search(cx: Ctx, object: &Object) -> PyResult {
    step(cx, object, Mode::Search)
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<Scanner>().as_ref() };
    this.pattern.trace(visitor);
    this.string.trace(visitor);
}

pub static SCANNER: TypeSpec = TypeSpec {
    name: "_sre.SRE_Scanner",
    layout: Layout::gc::<Scanner>(),
    basicsize: 424,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots::EMPTY,
    methods: &[
        MethodDef::no_args("match", scanner_match, "match($self, /)\n--\n\n"),
        MethodDef::no_args("search", scanner_search, "search($self, /)\n--\n\n"),
    ],
    members: &[MemberDef {
        name: "pattern",
        get: |cx, object| {
            // SAFETY: only this attribute of this type calls this.
            let scanner: &Scanner = unsafe { object.cast() };
            Ok(scanner.pattern.get().map_or_else(|| cx.none(), Ref::into_object))
        },
        set: None,
        doc: "",
    }],
    dealloc: Some(memory::dealloc_as::<Scanner>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
