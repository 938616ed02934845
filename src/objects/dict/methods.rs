//! The type `dict`.

use super::{DictObject, iter, raw, views};
use crate::memory::{Layout as _, Object, Ref, untrack};
use crate::objects::iterators::common;
use crate::objects::set::SetObject;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, CompareOp, MethodDef, PyResult, Slots, TypeFlags, TypeObject, args, exceptions, names, tuple, types,
};
use crate::vm::Ctx;

pub static SPEC: TypeSpec = TypeSpec {
    name: "dict",
    doc: Some(
        "dict() -> empty dictionary\n\
         dict(mapping) -> dictionary with the entries of a mapping\n\
         dict(iterable) -> dictionary of the (key, value) pairs that come:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\n\
         dict(**kwargs) -> dictionary of the keyword arguments, as in dict(one=1, two=2)",
    ),
    layout: Layout::gc::<DictObject>(),
    basicsize: 48,
    flags: TypeFlags::BASETYPE
        .with(TypeFlags::HAVE_GC)
        .with(TypeFlags::MAPPING)
        .with(TypeFlags::MATCH_SELF)
        .with(TypeFlags::DICT_SUBCLASS),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        richcompare: Some(richcompare),
        iter: Some(iter::iter_keys),
        nb_or: Some(or),
        nb_inplace_or: Some(inplace_or),
        sq_contains: Some(contains),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        mp_ass_subscript: Some(assign_subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one(
            "__contains__",
            contains_method,
            "__contains__($self, key, /)\n--\n\nWhether the dictionary has the key.",
        )
        .coexist(),
        MethodDef::one("__getitem__", getitem, "x.__getitem__(y) <==> x[y]").coexist(),
        MethodDef::no_args("__sizeof__", sizeof, "D.__sizeof__() -> bytes of the dictionary and its table"),
        MethodDef::fast(
            "get",
            get,
            "get($self, key, default=None, /)\n--\n\nThe value of the key, or the default when there is none.",
        ),
        MethodDef::fast(
            "setdefault",
            setdefault,
            "setdefault($self, key, default=None, /)\n--\n\nThe value of the key, after storing the default when there was none.",
        ),
        MethodDef::fast(
            "pop",
            pop,
            "pop($self, key, default=<unrepresentable>, /)\n--\n\nD.pop(k[,d]) -> v: takes the key out and returns its value.\n\n\
             A missing key gives the default if there is one, else KeyError.",
        ),
        MethodDef::no_args(
            "popitem",
            popitem,
            "popitem($self, /)\n--\n\nTakes the pair stored last out and returns it.\n\nRaises KeyError when the dict is empty.",
        ),
        MethodDef::no_args("keys", views::keys, "D.keys() -> a set-like view of D's keys"),
        MethodDef::no_args("items", views::items, "D.items() -> a set-like view of D's items"),
        MethodDef::no_args("values", views::values, "D.values() -> a view of D's values"),
        MethodDef::varargs_keywords(
            "update",
            update,
            "D.update([E, ]**F) -> None.  Stores what E and F hold into D.\n\
             If E has a .keys() method:      for k in E: D[k] = E[k]\n\
             If E has none:                  for k, v in E: D[k] = v\n\
             Then, either way:               for k in F: D[k] = F[k]",
        ),
        MethodDef::fast(
            "fromkeys",
            fromkeys,
            "fromkeys($type, iterable, value=None, /)\n--\n\nA dictionary with the keys that come, all with one value.",
        )
        .class(),
        MethodDef::no_args("clear", clear, "D.clear() -> None.  Takes all items out of D."),
        MethodDef::no_args("copy", copy, "D.copy() -> a shallow copy of D"),
        MethodDef::no_args(
            "__reversed__",
            iter::reversed_keys,
            "__reversed__($self, /)\n--\n\nAn iterator over the keys from the last one stored.",
        ),
        MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class(),
    ],
    dealloc: Some(super::dealloc),
    traverse: Some(super::traverse),
    clear: Some(super::clear),
    trashcan: true,
    maybe_untrack: Some(super::maybe_untrack),
    ..TypeSpec::EMPTY
};

#[inline(always)]
fn this(object: &Object) -> &DictObject {
    // SAFETY: slots and methods of `dict` are called on dicts only.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: the fields that may not be zero are written at once.
    let object = unsafe { common::alloc_instance(cx, ty, 0)? };
    this(&object).init_fields();
    if ty.is_type(types().dict) {
        untrack(&object);
    }
    Ok(object)
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    this(object).update_common(cx, "dict", args)
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("{...}").into_object());
    };
    let dict = this(object);
    if dict.is_empty() {
        return Ok(cx.new_str("{}").into_object());
    }
    let mut text = StrBuilder::new();
    text.push_char('{');
    let (mut position, mut first) = (0, true);
    while let Some((key, value)) = dict.next_entry(&mut position) {
        if !first {
            text.push_str(", ");
        }
        first = false;
        text.push_obj(&*cx.repr(&key)?);
        text.push_str(": ");
        text.push_obj(&*cx.repr(&value)?);
    }
    text.push_char('}');
    Ok(text.finish().into_object())
}

/// Whether both dicts have the same keys with equal values.
fn equal(cx: Ctx, a: &DictObject, b: &DictObject) -> PyResult<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut index = 0;
    while index < a.raw_keys().nentries() {
        let keys = a.raw_keys();
        if let Some(value) = a.value_at(index)
            && let Some(key) = std::ptr::NonNull::new(keys.key(index))
        {
            let hash = keys.hash(index);
            // SAFETY: the dict owns its keys.
            let key = unsafe { Ref::from_borrowed(key) };
            let Some(other) = b.get_known_hash(cx, &key, hash)? else {
                return Ok(false);
            };
            drop(key);
            if !cx.equal(&other, &value)? {
                return Ok(false);
            }
        }
        index += 1;
    }
    Ok(true)
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match (a.downcast::<DictObject>(), b.downcast::<DictObject>(), op) {
        (Some(a), Some(b), CompareOp::Eq) => Ok(cx.bool(equal(cx, a, b)?)),
        (Some(a), Some(b), CompareOp::Ne) => Ok(cx.bool(!equal(cx, a, b)?)),
        _ => Ok(cx.not_implemented()),
    }
}

fn or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (Some(left), Some(_)) = (a.downcast::<DictObject>(), b.downcast::<DictObject>()) else {
        return Ok(cx.not_implemented());
    };
    // A subclass with its own `copy` is copied plainly all the same, as in CPython.
    let result = left.copy(cx)?;
    result.update_from(cx, b)?;
    Ok(result.into_object())
}

fn inplace_or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    this(a).update_from(cx, b)?;
    Ok(a.to_ref())
}

fn contains(cx: Ctx, object: &Object, key: &Object) -> PyResult<bool> {
    this(object).contains(cx, key)
}

fn contains_method(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    Ok(cx.bool(this(object).contains(cx, key)?))
}

fn length(_: Ctx, object: &Object) -> PyResult<usize> {
    Ok(this(object).len())
}

pub(crate) fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    if let Some(value) = this(object).get(cx, key)? {
        return Ok(value);
    }
    if !object.is_exact(types().dict)
        && let Some(missing) = cx.lookup_special(object, &names().missing)?
    {
        return cx.call1(&missing, key);
    }
    Err(cx.key_error(key.to_ref()))
}

fn getitem(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    subscript(cx, object, key)
}

fn assign_subscript(cx: Ctx, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let dict = this(object);
    match value {
        Some(value) => dict.set(cx, key, value.to_ref()),
        None => match dict.pop(cx, key)? {
            Some(_) => Ok(()),
            None => Err(cx.key_error(key.to_ref())),
        },
    }
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(this(object).sizeof(object.ty().basicsize.get())))
}

fn get(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "get", args, 1, 2)?;
    match this(object).get(cx, &args[0])? {
        Some(value) => Ok(value),
        None => Ok(args.get(1).map_or_else(|| cx.none(), Ref::clone)),
    }
}

fn setdefault(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "setdefault", args, 1, 2)?;
    let default = args.get(1).unwrap_or_else(|| crate::objects::singletons::none());
    this(object).set_default(cx, &args[0], default)
}

fn pop(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "pop", args, 1, 2)?;
    let dict = this(object);
    // An empty dict does not even ask for the hash.
    let found = if dict.is_empty() { None } else { dict.pop(cx, &args[0])? };
    match (found, args.get(1)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(cx.key_error(args[0].clone())),
    }
}

fn popitem(cx: Ctx, object: &Object) -> PyResult {
    match this(object).pop_last(cx)? {
        Some((key, value)) => Ok(tuple::of2(key, value).into_object()),
        None => Err(cx.raise(exceptions().key_error, "popitem(): dictionary is empty")),
    }
}

fn update(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    this(object).update_common(cx, "update", args)?;
    Ok(cx.none())
}

/// `_PyDict_FromKeys`.
fn fromkeys(cx: Ctx, class: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "fromkeys", args, 1, 2)?;
    let iterable = &args[0];
    let value = args.get(1).map_or_else(|| cx.none(), Ref::clone);
    let made = cx.call0(class)?;
    if let Some(dict) = made.downcast_exact::<DictObject>().filter(|dict| dict.is_empty()) {
        if let Some(source) = iterable.downcast_exact::<DictObject>() {
            presize(cx, dict, source.len(), source.raw_keys().is_unicode())?;
            let mut position = 0;
            while let Some((key, _, hash)) = source.next_entry_hashed(&mut position) {
                dict.insert(cx, key, hash, value.clone())?;
            }
            return Ok(made);
        }
        if iterable.is_exact(types().set) || iterable.is_exact(types().frozenset) {
            // SAFETY: both types have this layout.
            let source = unsafe { iterable.cast::<SetObject>() };
            presize(cx, dict, source.len(), false)?;
            let mut position = 0;
            while let Some((key, hash)) = source.next_entry(&mut position) {
                dict.insert(cx, key, hash, value.clone())?;
            }
            return Ok(made);
        }
    }
    let iterator = cx.iter(iterable)?;
    if let Some(dict) = made.downcast_exact::<DictObject>() {
        while let Some(key) = cx.next(&iterator)? {
            dict.set(cx, &key, value.clone())?;
        }
    } else {
        while let Some(key) = cx.next(&iterator)? {
            cx.set_item(&made, &key, Some(&value))?;
        }
    }
    Ok(made)
}

fn presize(cx: Ctx, dict: &DictObject, count: usize, unicode: bool) -> PyResult<()> {
    let log2_size = raw::estimate_log2_keysize(count).max(dict.raw_keys().log2_size());
    dict.resize(cx, log2_size, unicode)
}

fn clear(cx: Ctx, object: &Object) -> PyResult {
    this(object).clear_entries();
    Ok(cx.none())
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    Ok(this(object).copy(cx)?.into_object())
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::iterators::common::class_getitem(cx, class, item)
}
