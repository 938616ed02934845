//! `dict_keys`, `dict_values`, `dict_items`: live views, the first and last set-like.

use std::ptr::NonNull;

use super::{DictObject, iter};
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::iterators::common;
use crate::objects::set::SetObject;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    CompareOp, GetSetDef, MethodDef, PyResult, Slots, TupleObject, TypeFlags, TypeObject, set, tuple, types,
};
use crate::vm::Ctx;

/// A view holds its dict.
#[repr(C)]
pub struct DictView {
    pub object: Object,
    pub dict: Slot<DictObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for DictView {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a view.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<DictView>().as_ref() }.dict.trace(visitor);
}

/// Memory slots of views, for the types derived from them.
pub const VIEW_DEALLOC: Option<crate::memory::object::DeallocFn> = Some(dealloc_as::<DictView>);
pub const VIEW_TRAVERSE: Option<crate::memory::object::TraverseFn> = Some(traverse);

const BASE: TypeSpec = TypeSpec {
    layout: Layout::gc::<DictView>(),
    basicsize: 24,
    flags: TypeFlags::HAVE_GC,
    getset: &[GetSetDef {
        name: "mapping",
        get: Some(mapping),
        set: None,
        doc: "dictionary that this view refers to",
    }],
    dealloc: Some(dealloc_as::<DictView>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

/// Slots of the set-like views.
const SET_LIKE: Slots = Slots {
    repr: Some(repr),
    richcompare: Some(richcompare),
    nb_subtract: Some(subtract),
    nb_and: Some(and),
    nb_xor: Some(xor),
    nb_or: Some(or),
    sq_length: Some(length),
    ..Slots::EMPTY
};

const DISJOINT_DOC: &str = "Whether the view and the iterable have nothing in common.";

pub static DICT_KEYS: TypeSpec = TypeSpec {
    name: "dict_keys",
    slots: Slots { iter: Some(iter_keys), sq_contains: Some(keys_contain), ..SET_LIKE },
    methods: &[
        MethodDef::one("isdisjoint", isdisjoint, DISJOINT_DOC),
        MethodDef::no_args("__reversed__", reversed_keys, "An iterator over the keys from the last one."),
    ],
    ..BASE
};

pub static DICT_VALUES: TypeSpec = TypeSpec {
    name: "dict_values",
    slots: Slots { repr: Some(repr), iter: Some(iter_values), sq_length: Some(length), ..Slots::EMPTY },
    methods: &[MethodDef::no_args(
        "__reversed__",
        reversed_values,
        "An iterator over the values from the last one.",
    )],
    ..BASE
};

pub static DICT_ITEMS: TypeSpec = TypeSpec {
    name: "dict_items",
    slots: Slots { iter: Some(iter_items), sq_contains: Some(items_contain), ..SET_LIKE },
    methods: &[
        MethodDef::one("isdisjoint", isdisjoint, DISJOINT_DOC),
        MethodDef::no_args("__reversed__", reversed_items, "An iterator over the items from the last one."),
    ],
    ..BASE
};

/// A view of type `ty` over a dict.
pub fn make(ty: &TypeObject, dict: &DictObject) -> Ref {
    let view = new_ref(&ty.core, |object| DictView { object, dict: Slot::new(dict.to_ref()) });
    track(&view.object);
    view.into_object()
}

fn receiver(object: &Object) -> &DictObject {
    // SAFETY: dict methods are called on dicts only.
    unsafe { object.cast() }
}

pub(super) fn keys(_: Ctx, object: &Object) -> PyResult {
    Ok(make(types().dict_keys, receiver(object)))
}

pub(super) fn values(_: Ctx, object: &Object) -> PyResult {
    Ok(make(types().dict_values, receiver(object)))
}

pub(super) fn items(_: Ctx, object: &Object) -> PyResult {
    Ok(make(types().dict_items, receiver(object)))
}

/// The dict of a view.
pub fn dict_of(object: &Object) -> Option<&DictObject> {
    // SAFETY: called on views only.
    unsafe { object.cast::<DictView>() }.dict.peek()
}

fn make_iter(cx: Ctx, object: &Object, ty: &TypeObject) -> PyResult {
    match dict_of(object) {
        Some(dict) => Ok(iter::make(cx, ty, dict)),
        None => Ok(cx.none()),
    }
}

fn iter_keys(cx: Ctx, object: &Object) -> PyResult {
    make_iter(cx, object, types().dict_keyiterator)
}
fn iter_values(cx: Ctx, object: &Object) -> PyResult {
    make_iter(cx, object, types().dict_valueiterator)
}
fn iter_items(cx: Ctx, object: &Object) -> PyResult {
    make_iter(cx, object, types().dict_itemiterator)
}
fn reversed_keys(cx: Ctx, object: &Object) -> PyResult {
    make_iter(cx, object, types().dict_reversekeyiterator)
}
fn reversed_values(cx: Ctx, object: &Object) -> PyResult {
    make_iter(cx, object, types().dict_reversevalueiterator)
}
fn reversed_items(cx: Ctx, object: &Object) -> PyResult {
    make_iter(cx, object, types().dict_reverseitemiterator)
}

fn len_of(object: &Object) -> usize {
    dict_of(object).map_or(0, DictObject::len)
}

fn length(_: Ctx, object: &Object) -> PyResult<usize> {
    Ok(len_of(object))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("...").into_object());
    };
    let list = cx.new_list(Vec::new())?;
    list.extend(cx, object)?;
    let mut text = StrBuilder::new();
    text.push_str(&object.ty().tp_name());
    text.push_char('(');
    text.push_obj(&*cx.repr(&list.object)?);
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn mapping(cx: Ctx, object: &Object) -> PyResult {
    match dict_of(object) {
        Some(dict) => common::mapping_proxy(dict),
        None => Ok(cx.none()),
    }
}

fn keys_contain(cx: Ctx, object: &Object, key: &Object) -> PyResult<bool> {
    dict_of(object).map_or(Ok(false), |dict| dict.contains(cx, key))
}

fn items_contain(cx: Ctx, object: &Object, item: &Object) -> PyResult<bool> {
    let (Some(dict), Some(pair)) = (dict_of(object), item.downcast::<TupleObject>()) else {
        return Ok(false);
    };
    let [key, value] = pair.as_slice() else {
        return Ok(false);
    };
    match dict.get(cx, key)? {
        Some(found) => cx.equal(&found, value),
        None => Ok(false),
    }
}

fn is_keys(object: &Object) -> bool {
    object.is_instance(types().dict_keys)
}

fn is_items(object: &Object) -> bool {
    object.is_instance(types().dict_items)
}

/// Whether the object is a set-like view.
pub(crate) fn is_set_like(object: &Object) -> bool {
    is_keys(object) || is_items(object)
}

fn all_contained(cx: Ctx, items: &Object, container: &Object) -> PyResult<bool> {
    let iterator = cx.iter(items)?;
    while let Some(item) = cx.next(&iterator)? {
        if !cx.contains(container, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !(set::is_any_set(b) || is_set_like(b)) {
        return Ok(cx.not_implemented());
    }
    let (left, right) = (cx.len(a)?, cx.len(b)?);
    let answer = match op {
        CompareOp::Eq => left == right && all_contained(cx, a, b)?,
        CompareOp::Ne => !(left == right && all_contained(cx, a, b)?),
        CompareOp::Lt => left < right && all_contained(cx, a, b)?,
        CompareOp::Le => left <= right && all_contained(cx, a, b)?,
        CompareOp::Gt => left > right && all_contained(cx, b, a)?,
        CompareOp::Ge => left >= right && all_contained(cx, b, a)?,
    };
    Ok(cx.bool(answer))
}

/// A set of what a view (or any iterable on the left of an operator) shows.
fn to_set(cx: Ctx, object: &Object) -> PyResult<Ref<SetObject>> {
    if is_keys(object)
        && let Some(dict) = dict_of(object).filter(|dict| dict.object.is_exact(types().dict))
    {
        return set::from_iterable(cx, &dict.object);
    }
    set::from_iterable(cx, object)
}

fn subtract(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let result = to_set(cx, a)?;
    result.difference_update(cx, b)?;
    Ok(result.into_object())
}

fn or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let result = to_set(cx, a)?;
    result.update(cx, b)?;
    Ok(result.into_object())
}

fn and(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (mut view, mut other) = if is_set_like(a) { (a, b) } else { (b, a) };
    if other.is_exact(types().set) && len_of(view) <= cx.len(other)? {
        // SAFETY: just checked.
        return unsafe { other.cast::<SetObject>() }.intersection(cx, view);
    }
    if is_set_like(other) && len_of(other) > len_of(view) {
        std::mem::swap(&mut view, &mut other);
    }
    let result = set::new_empty(cx);
    let iterator = cx.iter(other)?;
    while let Some(item) = cx.next(&iterator)? {
        let found =
            if is_keys(view) { keys_contain(cx, view, &item)? } else { items_contain(cx, view, &item)? };
        if found {
            result.add(cx, &item)?;
        }
    }
    Ok(result.into_object())
}

fn xor(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    if is_items(a)
        && is_items(b)
        && let (Some(left), Some(right)) = (dict_of(a), dict_of(b))
    {
        return items_xor(cx, left, right);
    }
    let result = to_set(cx, a)?;
    result.symmetric_difference_update(cx, b)?;
    Ok(result.into_object())
}

/// The pairs that only one of two dicts has.
fn items_xor(cx: Ctx, left: &DictObject, right: &DictObject) -> PyResult {
    let (small, large) = if left.len() > right.len() { (right, left) } else { (left, right) };
    let rest = small.copy(cx)?;
    let result = set::new_empty(cx);
    let mut position = 0;
    while let Some((key, value, hash)) = large.next_entry_hashed(&mut position) {
        let same = match rest.get_known_hash(cx, &key, hash)? {
            Some(other) => cx.equal(&other, &value)?,
            None => false,
        };
        if same {
            drop(rest.pop_known_hash(cx, &key, hash)?);
        } else {
            let pair = tuple::of2(key, value);
            result.add(cx, &pair.object)?;
        }
    }
    let remaining = make(types().dict_items, &rest);
    result.update(cx, &remaining)?;
    Ok(result.into_object())
}

fn isdisjoint(cx: Ctx, object: &Object, other: &Ref) -> PyResult {
    if object.is(other) {
        return Ok(cx.bool(len_of(object) == 0));
    }
    let (mut view, mut other): (&Object, &Object) = (object, other);
    let is_plain_set = other.is_exact(types().set) || other.is_exact(types().frozenset);
    if (is_plain_set || is_set_like(other)) && cx.len(other)? > len_of(object) {
        std::mem::swap(&mut view, &mut other);
    }
    let iterator = cx.iter(other)?;
    while let Some(item) = cx.next(&iterator)? {
        if cx.contains(view, &item)? {
            return Ok(cx.bool(false));
        }
    }
    Ok(cx.bool(true))
}
