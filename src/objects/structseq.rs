//! Struct sequences: tuples whose items also have names (`sys.flags`, `time.struct_time`).
//!
//! The table of members names all fields in order; the first `visible` of them are the items of
//! the tuple, the others lie behind them and are reached by name only.

use std::ptr::NonNull;

use super::spec::{Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use super::str::StrBuilder;
use super::{Args, DictObject, PyResult, Slots, StrObject, TupleObject, TypeObject, args};
use crate::memory::{Layout as _, Object, Ref, Visitor, decref, free_object, new_object, track, untrack};
use crate::vm::Ctx;

const HEADER: usize = size_of::<TupleObject>();

/// A field: `N` is its place among all fields.
pub const fn field<const N: usize>(name: &'static str, doc: &'static str) -> MemberDef {
    MemberDef { name, get: get_field::<N>, set: None, doc }
}

fn get_field<const N: usize>(cx: Ctx, object: &Object) -> PyResult {
    Ok(all_fields(object).get(N).cloned().unwrap_or_else(|| cx.none()))
}

static METHODS: &[MethodDef] = &[
    MethodDef::no_args("__reduce__", reduce, ""),
    MethodDef::no_args("__sizeof__", sizeof, "__sizeof__($self, /)\n--\n\nBytes that the object takes."),
];

/// As CPython has it: fields that are not items do not count.
fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    // SAFETY: struct sequences are tuples.
    let items = unsafe { object.cast::<TupleObject>() }.len();
    Ok(cx.new_uint(HEADER + items * size_of::<Ref>()))
}

/// The spec of a struct sequence that Python code cannot make itself.
pub const fn spec(name: &'static str, doc: &'static str, members: &'static [MemberDef]) -> TypeSpec {
    TypeSpec {
        name,
        doc: Some(doc),
        layout: Layout::gc::<TupleObject>().items(8),
        basicsize: HEADER,
        itemsize: 8,
        flags: TypeFlags::HAVE_GC.with(TypeFlags::TUPLE_SUBCLASS).with(TypeFlags::DISALLOW_INSTANTIATION),
        base: Some(|types| types.tuple),
        slots: Slots { repr: Some(repr), ..Slots::EMPTY },
        methods: METHODS,
        members,
        dealloc: Some(dealloc),
        traverse: Some(traverse),
        ..TypeSpec::EMPTY
    }
}

/// As [`spec`], with a constructor that takes a sequence and a dict of further fields.
pub const fn constructible(name: &'static str, doc: &'static str, members: &'static [MemberDef]) -> TypeSpec {
    let mut made = spec(name, doc, members);
    made.flags = made.flags.without(TypeFlags::DISALLOW_INSTANTIATION);
    made.slots.new = Some(new);
    made
}

/// Makes the type of a spec; `visible` fields are items of the tuple.
pub fn make_type(cx: Ctx, spec: &'static TypeSpec, visible: usize) -> PyResult<&'static TypeObject> {
    let ty = super::type_::ready::new_static_type(cx, spec)?;
    if let Some(dict) = ty.dict.get() {
        let set = |name: &str, value: Ref| dict.set_str(cx, &cx.intern(name), value);
        set("n_sequence_fields", cx.new_uint(visible))?;
        set("n_fields", cx.new_uint(spec.members.len()))?;
        set("n_unnamed_fields", cx.new_int(0))?;
        let names =
            spec.members.iter().take(visible).map(|member| cx.intern(member.name).into_object()).collect();
        set("__match_args__", cx.new_tuple(names).into_object())?;
    }
    Ok(ty)
}

/// An instance of a type from [`make_type`]; fields not given are `None`.
pub fn new_instance(cx: Ctx, ty: &TypeObject, visible: usize, mut fields: Vec<Ref>) -> Ref {
    let count = field_count(ty);
    fields.resize_with(count, || cx.none());
    // SAFETY: all `count` items are written before anybody sees the object; they move out of the
    // vector exactly once.
    unsafe {
        let object = new_object(&ty.core, HEADER + count * size_of::<Ref>(), false);
        let tuple = object.cast::<TupleObject>();
        (&raw mut (*tuple.as_ptr()).len).write(visible.min(count));
        let items = (&raw mut (*tuple.as_ptr()).items).cast::<Ref>();
        for (index, value) in fields.into_iter().enumerate() {
            items.add(index).write(value);
        }
        track(object.as_ref());
        Ref::from_owned(object)
    }
}

/// All fields, those behind the tuple's items included.
pub fn all_fields(object: &Object) -> &[Ref] {
    // SAFETY: instances of struct sequences have as many initialised items as their type has
    // members; the types cannot be derived from.
    unsafe {
        let tuple = object.cast::<TupleObject>();
        std::slice::from_raw_parts(tuple.items.as_ptr(), field_count(object.ty()))
    }
}

fn members(ty: &TypeObject) -> &'static [MemberDef] {
    ty.spec.get().map_or(&[], |spec| spec.members)
}

fn field_count(ty: &TypeObject) -> usize {
    members(ty).len()
}

/// How many fields are items, as the type's dict says.
fn visible_of(cx: Ctx, ty: &TypeObject) -> usize {
    ty.dict
        .get()
        .and_then(|dict| dict.get_str(cx, &cx.intern("n_sequence_fields")))
        .and_then(|count| count.downcast::<super::IntObject>()?.as_i64())
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(field_count(ty))
}

static SIGNATURE: Signature =
    Signature { name: "structseq", params: &["sequence", "dict"], required: 1, max_positional: 2 };

fn new(cx: Ctx, ty: &TypeObject, given: Args<'_>) -> PyResult {
    let mut values = [None, None];
    args::bind(cx, &SIGNATURE, given, &mut values)?;
    let [sequence, dict] = values;
    let Some(sequence) = sequence else {
        return Err(cx.type_error("structseq() missing required argument 'sequence' (pos 1)"));
    };
    let mut items = cx.sequence_fast(&sequence, "constructor requires a sequence")?;
    if let Some(dict) = &dict
        && dict.downcast::<DictObject>().is_none()
    {
        return Err(cx.type_error(format_args!("{}() takes a dict as second arg, if any", ty.tp_name())));
    }
    let (least, most, given) = (visible_of(cx, ty), field_count(ty), items.len());
    let bound = match (given < least, given > most) {
        (true, _) if least != most => Some(("an at least ", least)),
        (_, true) if least != most => Some(("an at most ", most)),
        (true, _) | (_, true) => Some(("a ", least)),
        _ => None,
    };
    if let Some((bound, count)) = bound {
        return Err(cx.type_error(format_args!(
            "{}() takes {bound}{count}-sequence ({given}-sequence given)",
            ty.tp_name()
        )));
    }
    for member in &members(ty)[given..] {
        let found = match dict.as_ref().and_then(|d| d.downcast::<DictObject>()) {
            Some(dict) => dict.get(cx, cx.new_str(member.name).as_object())?,
            None => None,
        };
        items.push(found.unwrap_or_else(|| cx.none()));
    }
    Ok(new_instance(cx, ty, least, items))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let ty = object.ty();
    let mut text = StrBuilder::new();
    text.push_str(&ty.tp_name());
    text.push_char('(');
    // SAFETY: struct sequences are tuples.
    let visible = unsafe { object.cast::<TupleObject>() }.len();
    for (index, member) in members(ty).iter().take(visible).enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(member.name);
        text.push_char('=');
        let value = all_fields(object)[index].clone();
        let shown: Ref<StrObject> = cx.repr(&value)?;
        text.push_obj(&shown);
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    // SAFETY: struct sequences are tuples.
    let tuple = unsafe { object.cast::<TupleObject>() };
    let items = cx.tuple_from_slice(tuple.as_slice()).into_object();
    let rest = cx.new_dict();
    for (member, value) in members(object.ty()).iter().zip(all_fields(object)).skip(tuple.len()) {
        rest.set_str(cx, &cx.intern(member.name), value.clone())?;
    }
    let state = cx.new_tuple(vec![items, rest.into_object()]).into_object();
    Ok(cx.new_tuple(vec![object.ty().to_object(), state]).into_object())
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of a struct sequence; each field is released once, first to last.
    unsafe {
        untrack(object.as_ref());
        for value in all_fields(object.as_ref()) {
            decref(value.as_raw());
        }
        free_object(object);
    }
}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of a struct sequence.
    for value in all_fields(unsafe { object.as_ref() }) {
        visitor.visit(value.as_raw());
    }
}
