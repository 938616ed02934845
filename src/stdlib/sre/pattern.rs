//! `re.Pattern`.

use std::cell::Cell;
use std::ptr::NonNull;

use super::match_::{MatchObject, new_match};
use super::{PATTERN as PATTERN_TYPE, Subject, engine, find, length, subject};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::args::bind;
use crate::objects::slots::{CompareOp, Slots};
use crate::objects::spec::{GetSetDef, Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, DictObject, PyResult, descr, exceptions, generic_alias, types};
use crate::vm::Ctx;

#[repr(C)]
pub struct PatternObject {
    pub object: Object,
    /// The source; `None` in patterns made by other means.
    pub pattern: Slot,
    pub flags: i64,
    pub code: Box<[u32]>,
    pub groups: usize,
    pub groupindex: Slot,
    pub indexgroup: Slot,
    /// For bytes, or for text; unknown without a source.
    pub is_bytes: Option<bool>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for PatternObject {}

pub fn this(object: &Object) -> &PatternObject {
    // SAFETY: only slots, methods and attributes of this type call this; it has no subclasses.
    unsafe { object.cast() }
}

/// `_sre.compile(pattern, flags, code, groups, groupindex, indexgroup)`.
pub fn compile(cx: Ctx, args: &[Ref]) -> PyResult {
    let [source, flags, code, groups, groupindex, indexgroup] = args else {
        return Err(cx.system_error("bad internal call"));
    };
    let code = cx
        .collect(code)?
        .iter()
        .map(|word| {
            let value = cx.to_i64(word)?;
            u32::try_from(value).map_err(|_| cx.overflow_error("regular expression code size limit exceeded"))
        })
        .collect::<PyResult<Vec<u32>>>()?;
    let is_bytes = (!cx.is_none(source)).then(|| !source.is_instance(types().str));
    let (flags, groups) = (cx.to_i64(flags)?, cx.to_size(groups)?.max(0) as usize);
    let made = memory::new_ref(&PATTERN_TYPE.get(cx)?.core, |object| PatternObject {
        object,
        pattern: Slot::new(source.clone()),
        flags,
        code: code.into_boxed_slice(),
        groups,
        groupindex: Slot::new(groupindex.clone()),
        indexgroup: Slot::new(indexgroup.clone()),
        is_bytes,
        weaklist: Cell::new(0),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

/// How a pattern has to fit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Match,
    FullMatch,
    Search,
}

/// Where a pattern fits: spans of all groups, and the group that closed last.
pub struct Spans {
    pub groups: Vec<Option<(usize, usize)>>,
    pub last_index: Option<usize>,
}

impl Spans {
    pub fn whole(&self) -> (usize, usize) {
        self.groups.first().copied().flatten().unwrap_or((0, 0))
    }
}

impl PatternObject {
    /// The first place between `start` and `end` where the pattern fits. With `must_advance` it
    /// may not be empty at `start`.
    pub(super) fn find(
        &self,
        subject: &Subject<'_>,
        start: usize,
        end: usize,
        mode: Mode,
        must_advance: bool,
    ) -> Option<Spans> {
        match subject {
            Subject::Bytes(bytes) => self.find_in(bytes.as_ref(), start, end, mode, must_advance),
            Subject::Text(text) => self.find_in(text.as_str(), start, end, mode, must_advance),
        }
    }

    fn find_in<S: engine::StrDrive>(
        &self,
        text: S,
        start: usize,
        end: usize,
        mode: Mode,
        must_advance: bool,
    ) -> Option<Spans> {
        let mut request = engine::Request::new(text, start, end, &self.code, mode == Mode::FullMatch);
        request.must_advance = must_advance;
        let mut state = engine::State::default();
        let found = if mode == Mode::Search { state.search(request) } else { state.pymatch(&request) };
        if !found {
            return None;
        }
        let mut groups = vec![Some((state.start, state.cursor.position))];
        for group in 0..self.groups {
            let (start, end) = state.marks.get(group);
            groups.push(start.into_option().zip(end.into_option()));
        }
        let last_index = usize::try_from(state.marks.last_index()).ok();
        Some(Spans { groups, last_index })
    }
}

/// The subject and bounds of a search method's arguments.
pub struct Search {
    pub string: Ref,
    pub pos: usize,
    pub endpos: usize,
}

pub fn search_args(cx: Ctx, args: Args<'_>, name: &'static str) -> PyResult<Search> {
    let signature = Signature { name, params: &["string", "pos", "endpos"], required: 1, max_positional: 3 };
    let mut out = [None, None, None];
    bind(cx, &signature, args, &mut out)?;
    let [string, pos, endpos] = out;
    let Some(string) = string else { return Err(cx.system_error("bad internal call")) };
    let pos = pos.map_or(Ok(0), |pos| cx.index_clipped(&pos))?;
    let endpos = endpos.map_or(Ok(isize::MAX), |endpos| cx.index_clipped(&endpos))?;
    let plain = string.is_instance(types().str) || string.ty().slots().as_bytes.is_some();
    let length = if plain { length(cx, &string)? } else { 0 };
    let endpos = (endpos.max(0) as usize).min(length);
    let pos = (pos.max(0) as usize).min(length);
    Ok(Search { string, pos, endpos })
}

/// A match object for what was found.
pub fn to_match(
    cx: Ctx,
    pattern: &PatternObject,
    search: &Search,
    spans: Spans,
) -> PyResult<Ref<MatchObject>> {
    new_match(
        cx,
        pattern.to_ref(),
        search.string.clone(),
        (search.pos, search.endpos),
        spans.groups,
        spans.last_index,
    )
}

fn run(cx: Ctx, object: &Object, args: Args<'_>, name: &'static str, mode: Mode) -> PyResult {
    let search = search_args(cx, args, name)?;
    let pattern = this(object);
    let found = {
        let subject = subject(cx, &search.string, pattern.is_bytes)?;
        if search.pos > search.endpos {
            None
        } else {
            pattern.find(&subject, search.pos, search.endpos, mode, false)
        }
    };
    match found {
        Some(spans) => Ok(to_match(cx, pattern, &search, spans)?.into_object()),
        None => Ok(cx.none()),
    }
}

fn match_(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    run(cx, object, args, "match", Mode::Match)
}
fn fullmatch(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    run(cx, object, args, "fullmatch", Mode::FullMatch)
}
fn search(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    run(cx, object, args, "search", Mode::Search)
}

fn copy(_: Ctx, object: &Object) -> PyResult {
    Ok(object.to_ref())
}

fn deepcopy(_: Ctx, object: &Object, _: &Ref) -> PyResult {
    Ok(object.to_ref())
}

const FLAG_NAMES: [(i64, &str); 9] = [
    (1, "re.TEMPLATE"),
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (32, "re.UNICODE"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let pattern = this(object);
    let source = pattern.pattern.get().unwrap_or_else(|| cx.none());
    let mut flags = pattern.flags;
    // Text patterns are Unicode unless they say otherwise.
    if source.is_instance(types().str) && flags & (4 | 32 | 256) == 32 {
        flags &= !32;
    }
    let mut names: Vec<String> = Vec::new();
    for (bit, name) in FLAG_NAMES {
        if flags & bit != 0 {
            names.push(name.to_string());
            flags &= !bit;
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    // At most 200 characters of the source.
    let shown: String = cx.repr_text(&source)?.chars().take(200).collect();
    let text = if names.is_empty() {
        format!("re.compile({shown})")
    } else {
        format!("re.compile({shown}, {})", names.join("|"))
    };
    Ok(cx.new_str(&text).into_object())
}

fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let pattern = this(object);
    let source = pattern.pattern.get().unwrap_or_else(|| cx.none());
    let mut hash = cx.hash(&source)? ^ pattern.flags ^ pattern.groups as i64;
    for word in &pattern.code {
        hash = hash.wrapping_mul(31).wrapping_add(i64::from(*word));
    }
    Ok(if hash == -1 { -2 } else { hash })
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !b.is_exact(a.ty()) {
        return Ok(cx.not_implemented());
    }
    let (left, right) = (this(a), this(b));
    let source = |pattern: &PatternObject| pattern.pattern.get().unwrap_or_else(|| cx.none());
    let equal = a.is(b)
        || (left.flags == right.flags
            && left.is_bytes == right.is_bytes
            && left.code == right.code
            && cx.equal(&source(left), &source(right))?);
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn groupindex(cx: Ctx, object: &Object) -> PyResult {
    match this(object).groupindex.get() {
        Some(names) if names.downcast::<DictObject>().is_some() => Ok(descr::mappingproxy::new_proxy(names)),
        _ => Err(cx.raise(exceptions().attribute_error, "groupindex")),
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<PatternObject>().as_ref() };
    this.groupindex.trace(visitor);
    this.indexgroup.trace(visitor);
    this.pattern.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<PatternObject>().as_ref() };
    drop(this.groupindex.take());
    drop(this.indexgroup.take());
    drop(this.pattern.take());
}

pub static PATTERN: TypeSpec = TypeSpec {
    name: "re.Pattern",
    doc: Some("Compiled regular expression object."),
    layout: Layout::gc::<PatternObject>().weaklist(std::mem::offset_of!(PatternObject, weaklist)),
    basicsize: 96,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots { repr: Some(repr), hash: Some(hash), richcompare: Some(richcompare), ..Slots::EMPTY },
    methods: &[
        MethodDef::keywords(
            "match",
            match_,
            "match($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nMatches at the beginning of the string.",
        ),
        MethodDef::keywords(
            "fullmatch",
            fullmatch,
            "fullmatch($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nMatches all of the string.",
        ),
        MethodDef::keywords(
            "search",
            search,
            "search($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nFinds the first place that matches.",
        ),
        MethodDef::keywords(
            "sub",
            find::sub,
            "sub($self, /, repl, string, count=0)\n--\n\nThe string with what matches replaced.",
        ),
        MethodDef::keywords(
            "subn",
            find::subn,
            "subn($self, /, repl, string, count=0)\n--\n\nAs sub(), with the number of replacements.",
        ),
        MethodDef::keywords(
            "findall",
            find::findall,
            "findall($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nAll that matches, as a list.",
        ),
        MethodDef::keywords(
            "split",
            find::split,
            "split($self, /, string, maxsplit=0)\n--\n\nSplits the string at what matches.",
        ),
        MethodDef::keywords(
            "finditer",
            find::finditer,
            "finditer($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\nIterates over all matches.",
        ),
        MethodDef::keywords(
            "scanner",
            find::scanner,
            "scanner($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\n",
        ),
        MethodDef::no_args("__copy__", copy, "__copy__($self, /)\n--\n\n"),
        MethodDef::one("__deepcopy__", deepcopy, "__deepcopy__($self, memo, /)\n--\n\n"),
        MethodDef::one("__class_getitem__", generic_alias::new_alias_method, "See PEP 585").class(),
    ],
    members: &[
        MemberDef {
            name: "pattern",
            get: |cx, object| Ok(this(object).pattern.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "The pattern string from which the RE object was compiled.",
        },
        MemberDef {
            name: "flags",
            get: |cx, object| Ok(cx.new_int(this(object).flags)),
            set: None,
            doc: "The regex matching flags.",
        },
        MemberDef {
            name: "groups",
            get: |cx, object| Ok(cx.new_uint(this(object).groups)),
            set: None,
            doc: "The number of capturing groups in the pattern.",
        },
    ],
    getset: &[GetSetDef {
        name: "groupindex",
        get: Some(groupindex),
        set: None,
        doc: "A dictionary mapping group names to group numbers.",
    }],
    dealloc: Some(memory::dealloc_as::<PatternObject>),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
