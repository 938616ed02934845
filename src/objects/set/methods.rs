//! The types `set` and `frozenset`.

use std::mem::offset_of;

use super::{SetObject, as_any_set, is_any_set, iter, make};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, CompareOp, MethodDef, PyResult, Slots, TypeFlags, TypeObject, args, exceptions, names, tuple, types,
};
use crate::vm::Ctx;

const FLAGS: TypeFlags = TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC).with(TypeFlags::MATCH_SELF);

const COMMON: TypeSpec = TypeSpec {
    layout: Layout::gc::<SetObject>().weaklist(offset_of!(SetObject, weaklist)),
    basicsize: 200,
    flags: FLAGS,
    dealloc: Some(super::dealloc),
    traverse: Some(super::traverse),
    clear: Some(super::clear),
    trashcan: true,
    ..TypeSpec::EMPTY
};

const COMMON_SLOTS: Slots = Slots {
    repr: Some(repr),
    richcompare: Some(richcompare),
    iter: Some(iter::iter),
    nb_subtract: Some(subtract),
    nb_and: Some(and),
    nb_xor: Some(xor),
    nb_or: Some(or),
    sq_length: Some(length),
    sq_contains: Some(contains),
    ..Slots::EMPTY
};

const CONTAINS: MethodDef =
    MethodDef::one("__contains__", contains_method, "x.__contains__(y) <==> y in x.").coexist();
const DIFFERENCE: MethodDef = MethodDef::varargs(
    "difference",
    difference,
    "What is in this set and in none of the others, as a new set.",
);
const INTERSECTION: MethodDef =
    MethodDef::varargs("intersection", intersection, "What is in this set and in all others, as a new set.");
const ISDISJOINT: MethodDef =
    MethodDef::one("isdisjoint", isdisjoint, "Whether both have nothing in common.");
const ISSUBSET: MethodDef =
    MethodDef::one("issubset", issubset, "Whether the other one has all of this set.");
const ISSUPERSET: MethodDef =
    MethodDef::one("issuperset", issuperset, "Whether this set has all of the other one.");
const REDUCE: MethodDef = MethodDef::no_args("__reduce__", reduce, "What is needed to pickle the set.");
const SIZEOF: MethodDef =
    MethodDef::no_args("__sizeof__", sizeof, "S.__sizeof__() -> bytes of the set and its table");
const SYMMETRIC_DIFFERENCE: MethodDef = MethodDef::one(
    "symmetric_difference",
    symmetric_difference,
    "What is in exactly one of both, as a new set.",
);
const UNION: MethodDef = MethodDef::varargs("union", union, "What is in any of the sets, as a new set.");
const CLASS_GETITEM: MethodDef = MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class();

pub static SPEC: TypeSpec = TypeSpec {
    name: "set",
    doc: Some(
        "set() -> new empty set\nset(iterable) -> new set of the items\n\nUnordered, each element once.",
    ),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        nb_inplace_subtract: Some(inplace_subtract),
        nb_inplace_and: Some(inplace_and),
        nb_inplace_xor: Some(inplace_xor),
        nb_inplace_or: Some(inplace_or),
        ..COMMON_SLOTS
    },
    methods: &[
        MethodDef::one("add", add, "Adds an element.\n\nNothing happens when it is there already."),
        MethodDef::no_args("clear", clear, "Takes all elements out."),
        CONTAINS,
        MethodDef::no_args("copy", copy, "A new set of the same elements."),
        MethodDef::one("discard", discard, "Takes an element out if it is there."),
        DIFFERENCE,
        MethodDef::varargs("difference_update", difference_update, "Takes out what is in any of the others."),
        INTERSECTION,
        MethodDef::varargs("intersection_update", intersection_update, "Keeps what is in all of the others."),
        ISDISJOINT,
        ISSUBSET,
        ISSUPERSET,
        MethodDef::no_args(
            "pop",
            pop,
            "Takes any element out and returns it.\nRaises KeyError when the set is empty.",
        ),
        REDUCE,
        MethodDef::one("remove", remove, "Takes an element out; KeyError when it is not there."),
        SIZEOF,
        SYMMETRIC_DIFFERENCE,
        MethodDef::one(
            "symmetric_difference_update",
            symmetric_difference_update,
            "Keeps what is in exactly one of both.",
        ),
        UNION,
        MethodDef::varargs("update", update, "Adds what is in any of the others."),
        CLASS_GETITEM,
    ],
    ..COMMON
};

pub static FROZENSET: TypeSpec = TypeSpec {
    name: "frozenset",
    doc: Some(
        "frozenset() -> empty frozenset\nfrozenset(iterable) -> frozenset of the items\n\nUnchangeable, unordered, each element once.",
    ),
    slots: Slots { new: Some(frozen_new), hash: Some(frozen_hash), ..COMMON_SLOTS },
    methods: &[
        CONTAINS,
        MethodDef::no_args("copy", frozen_copy, "A set of the same elements."),
        DIFFERENCE,
        INTERSECTION,
        ISDISJOINT,
        ISSUBSET,
        ISSUPERSET,
        REDUCE,
        SIZEOF,
        SYMMETRIC_DIFFERENCE,
        UNION,
        CLASS_GETITEM,
    ],
    ..COMMON
};

#[inline(always)]
fn this(object: &Object) -> &SetObject {
    // SAFETY: slots and methods of both types are called on their instances only.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    Ok(make(cx, ty)?.into_object())
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    args::no_keywords(cx, "set", args)?;
    args::check_count(cx, "set", args.pos(), 0, 1)?;
    let set = this(object);
    set.clear();
    set.hash.set(-1);
    match args.pos().first() {
        Some(iterable) => set.update(cx, iterable),
        None => Ok(()),
    }
}

fn frozen_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let is_plain = ty.is_type(types().frozenset);
    if is_plain || crate::objects::iterators::common::same_init(ty, types().frozenset) {
        args::no_keywords(cx, "frozenset", args)?;
    }
    args::check_count(cx, "frozenset", args.pos(), 0, 1)?;
    let iterable = args.pos().first();
    if let Some(iterable) = iterable
        && is_plain
        && iterable.is_exact(types().frozenset)
    {
        return Ok(iterable.clone());
    }
    let set = make(cx, ty)?;
    if let Some(iterable) = iterable {
        set.update(cx, iterable)?;
    }
    Ok(set.into_object())
}

fn frozen_hash(_: Ctx, object: &Object) -> PyResult<i64> {
    Ok(this(object).frozen_hash())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let name = object.ty().tp_name();
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str(&format!("{name}(...)")).into_object());
    };
    let set = this(object);
    if set.is_empty() && !crate::era::is_classic() {
        return Ok(cx.new_str(&format!("{name}()")).into_object());
    }
    if crate::era::is_classic() {
        let items = set.to_vec().iter().map(|key| cx.repr_text(key)).collect::<PyResult<Vec<_>>>()?;
        return Ok(cx.new_str(&format!("{name}([{}])", items.join(", "))).into_object());
    }
    let is_plain = object.is_exact(types().set);
    let mut text = StrBuilder::new();
    if !is_plain {
        text.push_str(&name);
        text.push_char('(');
    }
    text.push_char('{');
    for (index, key) in set.to_vec().iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_obj(&*cx.repr(key)?);
    }
    text.push_char('}');
    if !is_plain {
        text.push_char(')');
    }
    Ok(text.finish().into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let Some(other) = as_any_set(b) else {
        return Ok(cx.not_implemented());
    };
    let set = this(a);
    let answer = match op {
        CompareOp::Eq => set.equals(cx, other)?,
        CompareOp::Ne => {
            // A subclass may define `__eq__` alone.
            let equal = cx.compare(a, b, CompareOp::Eq)?;
            !cx.is_true(&equal)?
        }
        CompareOp::Le => set.issubset(cx, b)?,
        CompareOp::Ge => set.issuperset(cx, b)?,
        CompareOp::Lt => set.len() < other.len() && set.issubset(cx, b)?,
        CompareOp::Gt => set.len() > other.len() && set.issuperset(cx, b)?,
    };
    Ok(cx.bool(answer))
}

fn length(_: Ctx, object: &Object) -> PyResult<usize> {
    Ok(this(object).len())
}

/// Runs a question about a key; a set as key, which cannot be hashed, stands for the frozenset
/// of its elements.
fn with_key(cx: Ctx, key: &Object, ask: impl Fn(&Object) -> PyResult<bool>) -> PyResult<bool> {
    match ask(key) {
        Err(raised) if key.is_instance(types().set) && cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            let frozen = super::frozen_from_iterable(cx, key)?;
            ask(&frozen.object)
        }
        other => other,
    }
}

fn contains(cx: Ctx, object: &Object, key: &Object) -> PyResult<bool> {
    with_key(cx, key, |key| this(object).contains(cx, key))
}

fn contains_method(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    Ok(cx.bool(contains(cx, object, key)?))
}

fn add(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    this(object).add(cx, key)?;
    Ok(cx.none())
}

fn discard(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    with_key(cx, key, |key| this(object).discard(cx, key))?;
    Ok(cx.none())
}

fn remove(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    if with_key(cx, key, |key| this(object).discard(cx, key))? {
        Ok(cx.none())
    } else {
        Err(cx.key_error(key.clone()))
    }
}

fn clear(cx: Ctx, object: &Object) -> PyResult {
    this(object).clear();
    Ok(cx.none())
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    Ok(this(object).copy(cx)?.into_object())
}

fn frozen_copy(cx: Ctx, object: &Object) -> PyResult {
    if object.is_exact(types().frozenset) { Ok(object.to_ref()) } else { copy(cx, object) }
}

fn pop(cx: Ctx, object: &Object) -> PyResult {
    this(object).pop().ok_or_else(|| cx.raise(exceptions().key_error, "pop from an empty set"))
}

fn union(cx: Ctx, object: &Object, others: &[Ref]) -> PyResult {
    let result = this(object).copy(cx)?;
    for other in others.iter().filter(|other| !other.is(object)) {
        result.update(cx, other)?;
    }
    Ok(result.into_object())
}

fn update(cx: Ctx, object: &Object, others: &[Ref]) -> PyResult {
    for other in others {
        this(object).update(cx, other)?;
    }
    Ok(cx.none())
}

fn intersection(cx: Ctx, object: &Object, others: &[Ref]) -> PyResult {
    Ok(this(object).intersect_many(cx, others)?.into_object())
}

fn intersection_update(cx: Ctx, object: &Object, others: &[Ref]) -> PyResult {
    this(object).intersection_update_many(cx, others)?;
    Ok(cx.none())
}

fn difference(cx: Ctx, object: &Object, others: &[Ref]) -> PyResult {
    let set = this(object);
    let Some((first, rest)) = others.split_first() else {
        return copy(cx, object);
    };
    let result = set.difference(cx, first)?;
    for other in rest {
        result.difference_update(cx, other)?;
    }
    Ok(result.into_object())
}

fn difference_update(cx: Ctx, object: &Object, others: &[Ref]) -> PyResult {
    for other in others {
        this(object).difference_update(cx, other)?;
    }
    Ok(cx.none())
}

fn symmetric_difference(cx: Ctx, object: &Object, other: &Ref) -> PyResult {
    Ok(this(object).symmetric_difference(cx, other)?.into_object())
}

fn symmetric_difference_update(cx: Ctx, object: &Object, other: &Ref) -> PyResult {
    this(object).symmetric_difference_update(cx, other)?;
    Ok(cx.none())
}

fn isdisjoint(cx: Ctx, object: &Object, other: &Ref) -> PyResult {
    Ok(cx.bool(this(object).isdisjoint(cx, other)?))
}

fn issubset(cx: Ctx, object: &Object, other: &Ref) -> PyResult {
    Ok(cx.bool(this(object).issubset(cx, other)?))
}

fn issuperset(cx: Ctx, object: &Object, other: &Ref) -> PyResult {
    Ok(cx.bool(this(object).issuperset(cx, other)?))
}

/// Both operands as sets, for operators that know nothing else.
fn both<'a>(a: &'a Object, b: &'a Object) -> Option<(&'a SetObject, &'a SetObject)> {
    Some((as_any_set(a)?, as_any_set(b)?))
}

fn or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some((set, _)) = both(a, b) else {
        return Ok(cx.not_implemented());
    };
    let result = set.copy(cx)?;
    if !a.is(b) {
        result.update(cx, b)?;
    }
    Ok(result.into_object())
}

fn and(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    match both(a, b) {
        Some((set, _)) => set.intersection(cx, b),
        None => Ok(cx.not_implemented()),
    }
}

fn subtract(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    match both(a, b) {
        Some((set, _)) => Ok(set.difference(cx, b)?.into_object()),
        None => Ok(cx.not_implemented()),
    }
}

fn xor(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    match both(a, b) {
        Some((set, _)) => Ok(set.symmetric_difference(cx, b)?.into_object()),
        None => Ok(cx.not_implemented()),
    }
}

fn in_place(
    cx: Ctx,
    a: &Object,
    b: &Object,
    change: fn(&SetObject, Ctx, &Object) -> PyResult<()>,
) -> PyResult {
    if !is_any_set(b) {
        return Ok(cx.not_implemented());
    }
    change(this(a), cx, b)?;
    Ok(a.to_ref())
}

fn inplace_or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    in_place(cx, a, b, SetObject::update)
}
fn inplace_and(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    in_place(cx, a, b, SetObject::intersection_update)
}
fn inplace_subtract(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    in_place(cx, a, b, SetObject::difference_update)
}
fn inplace_xor(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    in_place(cx, a, b, SetObject::symmetric_difference_update)
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(this(object).sizeof(object.ty().basicsize.get())))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let keys = cx.new_list(this(object).to_vec())?;
    let arguments = tuple::of1(keys.into_object()).into_object();
    let state = cx.call_method(object, &names().getstate, &[])?;
    Ok(tuple::of3(object.ty().to_object(), arguments, state).into_object())
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::iterators::common::class_getitem(cx, class, item)
}
