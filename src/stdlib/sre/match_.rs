//! `re.Match`.

use std::ptr::NonNull;

use super::pattern::PatternObject;
use super::{MATCH as MATCH_TYPE, part};
use crate::memory::{self, Object, Ref, Slot, Trace, Visitor};
use crate::objects::args::{bind, check_count};
use crate::objects::generic_alias;
use crate::objects::slots::Slots;
use crate::objects::spec::{GetSetDef, Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, DictObject, PyResult, Raised};
use crate::vm::Ctx;

#[repr(C)]
pub struct MatchObject {
    pub object: Object,
    pub string: Slot,
    pub pattern: Slot<PatternObject>,
    pub pos: usize,
    pub endpos: usize,
    /// Start and end of each group, the whole match first.
    pub spans: Box<[Option<(usize, usize)>]>,
    pub last_index: Option<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for MatchObject {}

pub fn this(object: &Object) -> &MatchObject {
    // SAFETY: only slots, methods and attributes of this type call this; it has no subclasses.
    unsafe { object.cast() }
}

pub fn new_match(
    cx: Ctx,
    pattern: Ref<PatternObject>,
    string: Ref,
    bounds: (usize, usize),
    spans: Vec<Option<(usize, usize)>>,
    last_index: Option<usize>,
) -> PyResult<Ref<MatchObject>> {
    let made = memory::new_ref(&MATCH_TYPE.get(cx)?.core, |object| MatchObject {
        object,
        string: Slot::new(string),
        pattern: Slot::new(pattern),
        pos: bounds.0,
        endpos: bounds.1,
        spans: spans.into_boxed_slice(),
        last_index,
    });
    memory::track(&made.object);
    Ok(made)
}

fn no_group(cx: Ctx) -> Raised {
    cx.index_error("no such group")
}

impl MatchObject {
    fn string(&self, cx: Ctx) -> Ref {
        self.string.get().unwrap_or_else(|| cx.none())
    }

    /// The number of a group given by number or name.
    pub fn index(&self, cx: Ctx, group: &Object) -> PyResult<usize> {
        if group.ty().slots().nb_index.is_some() {
            let index = cx.index_clipped(group)?;
            return usize::try_from(index)
                .ok()
                .filter(|index| *index < self.spans.len())
                .ok_or_else(|| no_group(cx));
        }
        let names = self.pattern.peek().and_then(|pattern| pattern.groupindex.get());
        let found = match names.as_ref().and_then(|names| names.downcast::<DictObject>()) {
            Some(names) => names.get(cx, group)?,
            None => None,
        };
        let index = found.map(|index| cx.to_size(&index)).transpose()?;
        index.map(|index| index as usize).filter(|i| *i < self.spans.len()).ok_or_else(|| no_group(cx))
    }

    pub fn group(&self, cx: Ctx, index: usize) -> PyResult<Option<Ref>> {
        match self.spans.get(index) {
            Some(Some((start, end))) => Ok(Some(part(cx, &self.string(cx), *start, *end)?)),
            _ => Ok(None),
        }
    }
}

fn get(cx: Ctx, object: &Object, group: &Object) -> PyResult {
    let found = this(object);
    let index = found.index(cx, group)?;
    Ok(found.group(cx, index)?.unwrap_or_else(|| cx.none()))
}

fn group(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    match args {
        [] => get(cx, object, &cx.new_int(0)),
        [one] => get(cx, object, one),
        many => {
            let items = many.iter().map(|group| get(cx, object, group)).collect::<PyResult<Vec<Ref>>>()?;
            Ok(cx.new_tuple(items).into_object())
        }
    }
}

fn span_of(cx: Ctx, object: &Object, args: &[Ref], name: &str) -> PyResult<Option<(usize, usize)>> {
    check_count(cx, name, args, 0, 1)?;
    let found = this(object);
    let index = match args.first() {
        Some(group) => found.index(cx, group)?,
        None => 0,
    };
    Ok(found.spans.get(index).copied().flatten())
}

fn number(cx: Ctx, value: Option<usize>) -> Ref {
    value.map_or_else(|| cx.new_int(-1), |value| cx.new_uint(value))
}

fn start(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    Ok(number(cx, span_of(cx, object, args, "start")?.map(|span| span.0)))
}

fn end(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    Ok(number(cx, span_of(cx, object, args, "end")?.map(|span| span.1)))
}

fn pair(cx: Ctx, span: Option<(usize, usize)>) -> Ref {
    let items = vec![number(cx, span.map(|s| s.0)), number(cx, span.map(|s| s.1))];
    cx.new_tuple(items).into_object()
}

fn span(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    Ok(pair(cx, span_of(cx, object, args, "span")?))
}

fn default_of(cx: Ctx, args: Args<'_>, name: &'static str) -> PyResult {
    let signature = Signature { name, params: &["default"], required: 0, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    let [default] = out;
    Ok(default.unwrap_or_else(|| cx.none()))
}

fn groups(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let default = default_of(cx, args, "groups")?;
    let found = this(object);
    let mut items = Vec::new();
    for index in 1..found.spans.len() {
        items.push(found.group(cx, index)?.unwrap_or_else(|| default.clone()));
    }
    Ok(cx.new_tuple(items).into_object())
}

fn groupdict(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let default = default_of(cx, args, "groupdict")?;
    let found = this(object);
    let result = cx.new_dict();
    let names = found.pattern.peek().and_then(|pattern| pattern.groupindex.get());
    let names = names.as_ref().and_then(|names| names.downcast::<DictObject>());
    for (name, index) in names.map(DictObject::to_vec).unwrap_or_default() {
        let index = cx.to_size(&index)?.max(0) as usize;
        result.set(cx, &name, found.group(cx, index)?.unwrap_or_else(|| default.clone()))?;
    }
    Ok(result.into_object())
}

fn expand(cx: Ctx, object: &Object, template: &Ref) -> PyResult {
    let pattern = this(object).pattern.get().map_or_else(|| cx.none(), Ref::into_object);
    let filled = super::template::of(cx, &pattern, template)?;
    super::template::fill(cx, &filled, this(object))
}

fn copy(_: Ctx, object: &Object) -> PyResult {
    Ok(memory::Layout::to_ref(object))
}

fn deepcopy(_: Ctx, object: &Object, _: &Ref) -> PyResult {
    Ok(memory::Layout::to_ref(object))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let found = this(object);
    let (start, end) = found.spans.first().copied().flatten().unwrap_or((0, 0));
    let text = part(cx, &found.string(cx), start, end)?;
    let shown = cx.repr_text(&text)?;
    Ok(cx.new_str(&format!("<re.Match object; span=({start}, {end}), match={shown}>")).into_object())
}

fn lastgroup(cx: Ctx, object: &Object) -> PyResult {
    let found = this(object);
    let Some(index) = found.last_index else { return Ok(cx.none()) };
    let names = found.pattern.peek().and_then(|pattern| pattern.indexgroup.get());
    match names {
        Some(names) if index < cx.len(&names)? => cx.sequence_item(&names, index as isize),
        _ => Ok(cx.none()),
    }
}

fn regs(cx: Ctx, object: &Object) -> PyResult {
    let pairs = this(object).spans.iter().map(|span| pair(cx, *span)).collect();
    Ok(cx.new_tuple(pairs).into_object())
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<MatchObject>().as_ref() };
    this.string.trace(visitor);
    this.pattern.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    let this = unsafe { object.cast::<MatchObject>().as_ref() };
    drop(this.string.take());
    drop(this.pattern.take());
}

pub static MATCH: TypeSpec = TypeSpec {
    name: "re.Match",
    doc: Some(
        "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    ),
    layout: Layout::gc::<MatchObject>(),
    basicsize: 88,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots { repr: Some(repr), mp_subscript: Some(get), ..Slots::EMPTY },
    methods: &[
        MethodDef::fast(
            "group",
            group,
            "group([group1, ...]) -> str or tuple.\nThe text of groups, by number or name; the whole match is group 0.",
        ),
        MethodDef::fast("start", start, "start($self, group=0, /)\n--\n\nWhere a group begins."),
        MethodDef::fast("end", end, "end($self, group=0, /)\n--\n\nWhere a group ends."),
        MethodDef::fast("span", span, "span($self, group=0, /)\n--\n\nWhere a group begins and ends."),
        MethodDef::keywords(
            "groups",
            groups,
            "groups($self, /, default=None)\n--\n\nThe texts of all groups.",
        ),
        MethodDef::keywords(
            "groupdict",
            groupdict,
            "groupdict($self, /, default=None)\n--\n\nThe texts of named groups.",
        ),
        MethodDef::one(
            "expand",
            expand,
            "expand($self, /, template)\n--\n\nThe template with groups filled in.",
        ),
        MethodDef::no_args("__copy__", copy, "__copy__($self, /)\n--\n\n"),
        MethodDef::one("__deepcopy__", deepcopy, "__deepcopy__($self, memo, /)\n--\n\n"),
        MethodDef::one("__class_getitem__", generic_alias::new_alias_method, "See PEP 585").class(),
    ],
    members: &[
        MemberDef {
            name: "string",
            get: |cx, object| Ok(this(object).string(cx)),
            set: None,
            doc: "The string passed to match() or search().",
        },
        MemberDef {
            name: "re",
            get: |cx, object| Ok(this(object).pattern.get().map_or_else(|| cx.none(), Ref::into_object)),
            set: None,
            doc: "The regular expression object.",
        },
        MemberDef {
            name: "pos",
            get: |cx, object| Ok(cx.new_uint(this(object).pos)),
            set: None,
            doc: "Where the search began.",
        },
        MemberDef {
            name: "endpos",
            get: |cx, object| Ok(cx.new_uint(this(object).endpos)),
            set: None,
            doc: "Where the search had to end.",
        },
    ],
    getset: &[
        GetSetDef {
            name: "lastindex",
            get: Some(|cx, object| Ok(this(object).last_index.map_or_else(|| cx.none(), |i| cx.new_uint(i)))),
            set: None,
            doc: "The integer index of the last matched capturing group.",
        },
        GetSetDef {
            name: "lastgroup",
            get: Some(lastgroup),
            set: None,
            doc: "The name of the last matched capturing group.",
        },
        GetSetDef { name: "regs", get: Some(regs), set: None, doc: "" },
    ],
    dealloc: Some(memory::dealloc_as::<MatchObject>),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
