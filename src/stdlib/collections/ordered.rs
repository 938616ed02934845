//! `OrderedDict`, its views and its iterator.

use std::cell::Cell;
use std::mem::offset_of;

use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot, dealloc_as};
use crate::objects::declare::{self, TypeCell};
use crate::objects::dict::ordered::{self, OrderedDict};
use crate::objects::dict::views;
use crate::objects::iterators::common;
use crate::objects::spec::{GetSetDef, Layout, Signature, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, CompareOp, DictObject, MethodDef, PyResult, Slots, TupleObject, TypeFlags, TypeObject, args, attr,
    exceptions, names, tuple, types,
};
use crate::vm::Ctx;

pub(super) static TYPE: TypeCell = TypeCell::new();
static ITERATOR: TypeCell = TypeCell::new();
static KEYS: TypeCell = TypeCell::new();
static VALUES: TypeCell = TypeCell::new();
static ITEMS: TypeCell = TypeCell::new();

/// Makes the types that the module does not show.
pub(super) fn make_hidden_types(cx: Ctx) -> PyResult<()> {
    let hidden =
        [(&ITERATOR, &ITERATOR_SPEC), (&KEYS, &KEYS_SPEC), (&VALUES, &VALUES_SPEC), (&ITEMS, &ITEMS_SPEC)];
    for (cell, spec) in hidden {
        cell.set(crate::objects::type_::ready::new_static_type(cx, spec)?);
    }
    Ok(())
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "collections.OrderedDict",
    doc: Some("A dictionary that lets its order be changed and compares with it."),
    layout: Layout::gc::<OrderedDict>()
        .dict(offset_of!(OrderedDict, instance_dict))
        .weaklist(offset_of!(OrderedDict, weaklist)),
    basicsize: 112,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    base: Some(|types| types.dict),
    slots: Slots {
        init: Some(init),
        repr: Some(repr),
        richcompare: Some(richcompare),
        iter: Some(|cx, object| make_iter(cx, object, KEY)),
        nb_or: Some(or),
        nb_inplace_or: Some(inplace_or),
        mp_ass_subscript: Some(assign_subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::keywords(
            "fromkeys",
            fromkeys,
            "fromkeys($type, /, iterable, value=None)\n--\n\nAn ordered dictionary with the keys that come, all with one value.",
        )
        .class(),
        MethodDef::no_args("__sizeof__", sizeof, ""),
        MethodDef::no_args("__reduce__", reduce, "What is needed to pickle the object."),
        MethodDef::keywords(
            "setdefault",
            setdefault,
            "setdefault($self, /, key, default=None)\n--\n\nThe value of the key, after storing the default when there was none.",
        ),
        MethodDef::keywords(
            "pop",
            pop,
            "pop($self, /, key, default=<unrepresentable>)\n--\n\nod.pop(key[,default]) -> v: takes the key out and returns its value.\n\n\
             A missing key gives the default if there is one, else KeyError.",
        ),
        MethodDef::keywords(
            "popitem",
            popitem,
            "popitem($self, /, last=True)\n--\n\nTakes a pair out, the last or the first one, and returns it.",
        ),
        MethodDef::no_args("keys", |cx, o| view(cx, o, &KEYS), ""),
        MethodDef::no_args("values", |cx, o| view(cx, o, &VALUES), ""),
        MethodDef::no_args("items", |cx, o| view(cx, o, &ITEMS), ""),
        MethodDef::varargs_keywords(
            "update",
            |cx, object, args| {
                update(cx, object, args, "update() takes at most 1 positional argument")?;
                Ok(cx.none())
            },
            "",
        ),
        MethodDef::no_args("clear", clear, "od.clear() -> None.  Takes all items out of od."),
        MethodDef::no_args("copy", copy, "od.copy() -> a shallow copy of od"),
        MethodDef::no_args("__reversed__", |cx, object| make_iter(cx, object, KEY | REVERSED), "od.__reversed__() <==> reversed(od)"),
        MethodDef::keywords(
            "move_to_end",
            move_to_end,
            "move_to_end($self, /, key, last=True)\n--\n\nMoves a key to the end, or to the beginning if last is false.\n\nRaises KeyError when it is not there.",
        ),
    ],
    getset: &[GetSetDef { name: "__dict__", get: Some(attr::get_dict), set: Some(attr::set_instance_dict), doc: "" }],
    dealloc: Some(ordered::dealloc),
    traverse: Some(ordered::traverse),
    clear: Some(ordered::clear),
    trashcan: true,
    ..TypeSpec::EMPTY
};

fn dict(object: &Object) -> &DictObject {
    &OrderedDict::of(object).dict
}

fn is_exact(cx: Ctx, object: &Object) -> bool {
    TYPE.get(cx).is_ok_and(|ty| object.is_exact(ty))
}

fn is_ordered(cx: Ctx, object: &Object) -> bool {
    TYPE.get(cx).is_ok_and(|ty| object.is_instance(ty))
}

/// Stores without asking a subclass; a new key changes the order.
fn store(cx: Ctx, object: &Object, key: &Object, value: Ref) -> PyResult<()> {
    let this = OrderedDict::of(object);
    let before = this.dict.len();
    this.dict.set(cx, key, value)?;
    if this.dict.len() != before {
        this.changed();
    }
    Ok(())
}

fn assign_subscript(cx: Ctx, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => store(cx, object, key, value.to_ref()),
        None => match dict(object).pop(cx, key)? {
            Some(value) => {
                OrderedDict::of(object).changed();
                drop(value);
                Ok(())
            }
            None => Err(cx.key_error(key.to_ref())),
        },
    }
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    if args.pos().len() > 1 {
        return Err(cx.type_error(format!("expected at most 1 arguments, got {}", args.pos().len())));
    }
    update(cx, object, args, "")
}

/// `mutablemapping_update`: one source, then keywords, all through `self[key] = value`.
fn update(cx: Ctx, object: &Object, args: Args<'_>, too_many: &str) -> PyResult<()> {
    if args.pos().len() > 1 {
        return Err(cx.type_error(format!("{too_many} ({} given)", args.pos().len())));
    }
    if let Some(source) = args.pos().first() {
        update_from(cx, object, source)?;
    }
    for (key, value) in args.keywords() {
        cx.set_item(object, &key.object, Some(value))?;
    }
    Ok(())
}

fn update_from(cx: Ctx, object: &Object, source: &Object) -> PyResult<()> {
    if source.is_exact(types().dict)
        && let Some(source) = source.downcast::<DictObject>()
    {
        for (key, value) in source.to_vec() {
            cx.set_item(object, &key, Some(&value))?;
        }
        return Ok(());
    }
    if let Some(keys) = cx.get_attr_opt(source, &names().keys)? {
        let keys = cx.call0(&keys)?;
        let iterator = cx.iter(&keys)?;
        drop(keys);
        while let Some(key) = cx.next(&iterator)? {
            let value = cx.get_item(source, &key)?;
            cx.set_item(object, &key, Some(&value))?;
        }
        return Ok(());
    }
    if let Some(items) = cx.get_attr_opt(source, &names().items)? {
        let items = cx.call0(&items)?;
        return add_pairs(cx, object, &items);
    }
    add_pairs(cx, object, source)
}

fn add_pairs(cx: Ctx, object: &Object, pairs: &Object) -> PyResult<()> {
    let iterator = cx.iter(pairs)?;
    while let Some(pair) = cx.next(&iterator)? {
        let parts = cx.iter(&pair)?;
        let Some(key) = cx.next(&parts)? else {
            return Err(cx.value_error("need more than 0 values to unpack"));
        };
        let Some(value) = cx.next(&parts)? else {
            return Err(cx.value_error("need more than 1 value to unpack"));
        };
        if cx.next(&parts)?.is_some() {
            return Err(cx.value_error("too many values to unpack (expected 2)"));
        }
        cx.set_item(object, &key, Some(&value))?;
    }
    Ok(())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let name = object.ty().name_text();
    if dict(object).is_empty() {
        return Ok(cx.new_str(&format!("{name}()")).into_object());
    }
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("...").into_object());
    };
    let pieces = if is_exact(cx, object) {
        let pairs = dict(object).to_vec().into_iter();
        cx.new_list(pairs.map(|(key, value)| tuple::of2(key, value).into_object()).collect())?.into_object()
    } else {
        let items = cx.call_method(object, &names().items, &[])?;
        cx.new_list(cx.collect(&items)?)?.into_object()
    };
    let mut text = StrBuilder::new();
    text.push_str(&name);
    text.push_char('(');
    text.push_obj(&*cx.repr(&pieces)?);
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(other), CompareOp::Eq | CompareOp::Ne) = (b.downcast::<DictObject>(), op) else {
        return Ok(cx.not_implemented());
    };
    let equal = match types().dict.slots().richcompare {
        Some(compare) => {
            let answer = compare(cx, a, b, CompareOp::Eq)?;
            cx.is_true(&answer)?
        }
        None => false,
    };
    let equal = equal && (!is_ordered(cx, b) || dict(a).same_key_order(cx, other)?);
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (ordered, other) = if is_ordered(cx, a) { (a, b) } else { (b, a) };
    if !other.is_instance(types().dict) {
        return Ok(cx.not_implemented());
    }
    let ty = ordered.ty().to_object();
    let made = cx.call1(&ty, a)?;
    update_from(cx, &made, b)?;
    Ok(made)
}

fn inplace_or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    update_from(cx, a, b)?;
    Ok(a.to_ref())
}

fn fromkeys(cx: Ctx, class: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "fromkeys", params: &["iterable", "value"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(iterable), value] = bound else {
        return Ok(cx.none());
    };
    let value = value.unwrap_or_else(|| cx.none());
    let made = cx.call0(class)?;
    let iterator = cx.iter(&iterable)?;
    while let Some(key) = cx.next(&iterator)? {
        cx.set_item(&made, &key, Some(&value))?;
    }
    Ok(made)
}

/// A node of CPython's list of keys takes this many bytes.
const NODE_BYTES: usize = 32;

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let (table, slots) = dict(object).table_size(object.ty().basicsize.get());
    Ok(cx.new_uint(table + slots * 8 + dict(object).len() * NODE_BYTES))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let state = cx.call_method(object, &names().getstate, &[])?;
    let items = cx.call_method(object, &names().items, &[])?;
    let iterator = cx.iter(&items)?;
    drop(items);
    let parts = vec![object.ty().to_object(), tuple::empty_tuple().into_object(), state, cx.none(), iterator];
    Ok(cx.new_tuple(parts).into_object())
}

fn setdefault(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "setdefault", params: &["key", "default"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(key), default] = bound else {
        return Ok(cx.none());
    };
    let default = default.unwrap_or_else(|| cx.none());
    if is_exact(cx, object) {
        if let Some(value) = dict(object).get(cx, &key)? {
            return Ok(value);
        }
        store(cx, object, &key, default.clone())?;
        return Ok(default);
    }
    if cx.contains(object, &key)? {
        return cx.get_item(object, &key);
    }
    cx.set_item(object, &key, Some(&default))?;
    Ok(default)
}

fn pop(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "pop", params: &["key", "default"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(key), default] = bound else {
        return Ok(cx.none());
    };
    match dict(object).pop(cx, &key)? {
        Some(value) => {
            OrderedDict::of(object).changed();
            Ok(value)
        }
        None => default.ok_or_else(|| cx.key_error(key)),
    }
}

fn popitem(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "popitem", params: &["last"], required: 0, max_positional: 1 };
    let mut bound = [None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [last] = bound;
    let last = last.map_or(Ok(true), |last| cx.is_true(&last))?;
    let this = OrderedDict::of(object);
    let pair = if last {
        this.dict.pop_last(cx)?
    } else {
        match this.dict.oldest(&this.front) {
            None => None,
            Some((key, hash)) => this.dict.pop_known_hash(cx, &key, hash)?.map(|value| (key, value)),
        }
    };
    match pair {
        Some((key, value)) => {
            this.changed();
            Ok(tuple::of2(key, value).into_object())
        }
        None => Err(cx.raise(exceptions().key_error, "dictionary is empty")),
    }
}

fn view(cx: Ctx, object: &Object, ty: &TypeCell) -> PyResult {
    Ok(views::make(ty.get(cx)?, dict(object)))
}

fn clear(cx: Ctx, object: &Object) -> PyResult {
    dict(object).clear(cx);
    Ok(cx.none())
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    let made = cx.call0(object.ty().as_object())?;
    if is_exact(cx, object) {
        for (key, value) in dict(object).to_vec() {
            store(cx, &made, &key, value)?;
        }
    } else {
        let mut position = 0;
        while let Some((key, _)) = dict(object).next_entry(&mut position) {
            let value = cx.get_item(object, &key)?;
            cx.set_item(&made, &key, Some(&value))?;
        }
    }
    Ok(made)
}

fn move_to_end(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "move_to_end", params: &["key", "last"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(key), last] = bound else {
        return Ok(cx.none());
    };
    let last = last.map_or(Ok(true), |last| cx.is_true(&last))?;
    let this = OrderedDict::of(object);
    let hash = cx.hash(&key)?;
    let version = this.dict.version();
    let found = if last {
        this.dict.touch_entry(cx, &key, hash)?.is_some()
    } else {
        this.dict.move_to_front(cx, &key, hash)?.unwrap_or(true)
    };
    if !found {
        return Err(cx.key_error(key));
    }
    if this.dict.version() != version {
        this.changed();
    }
    Ok(cx.none())
}

/// What an iterator gives, and which way it goes.
const KEY: u8 = 1;
const VALUE: u8 = 2;
const REVERSED: u8 = 4;

declare_object! {
    /// A place in an ordered dict. The dict is gone once the iterator is exhausted.
    OrderedIterator {
        traced {
            ordered: Slot,
            /// Made for items and never handed out: in 3.11 it always counts as held by another.
            result: Slot<TupleObject>,
        }
        plain {
            position: Cell<usize>,
            /// Length and state of the dict at the start.
            len: Cell<usize>,
            state: Cell<usize>,
            kind: Cell<u8>,
        }
    }
}

pub static ITERATOR_SPEC: TypeSpec = TypeSpec {
    name: "odict_iterator",
    layout: Layout::gc::<OrderedIterator>(),
    basicsize: 64,
    flags: TypeFlags::HAVE_GC,
    slots: Slots { iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[MethodDef::no_args("__reduce__", iterator_reduce, common::REDUCE_DOC)],
    dealloc: Some(dealloc_as::<OrderedIterator>),
    traverse: Some(OrderedIterator::traverse),
    ..TypeSpec::EMPTY
};

fn make_iter(cx: Ctx, object: &Object, kind: u8) -> PyResult {
    let this = declare::make::<OrderedIterator>(cx, ITERATOR.get(cx)?)?;
    this.kind.set(kind);
    this.position.set(if kind & REVERSED != 0 { usize::MAX } else { 0 });
    this.len.set(dict(object).len());
    this.state.set(OrderedDict::of(object).state.get());
    if kind & (KEY | VALUE) == KEY | VALUE {
        this.result.set(Some(tuple::of2(cx.none(), cx.none())));
    }
    this.ordered.set(Some(object.to_ref()));
    Ok(this.into_object())
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = OrderedIterator::of(object);
    let Some(ordered) = this.ordered.get() else {
        return Ok(None);
    };
    if OrderedDict::of(&ordered).state.get() != this.state.get() {
        this.ordered.set(None);
        return Err(cx.runtime_error("OrderedDict mutated during iteration"));
    }
    if dict(&ordered).len() != this.len.get() {
        this.len.set(usize::MAX);
        return Err(cx.runtime_error("OrderedDict changed size during iteration"));
    }
    let mut position = this.position.get();
    let kind = this.kind.get();
    let entry = if kind & REVERSED != 0 {
        dict(&ordered).previous_entry(&mut position)
    } else {
        dict(&ordered).next_entry(&mut position)
    };
    this.position.set(position);
    let Some((key, value)) = entry else {
        this.ordered.set(None);
        return Ok(None);
    };
    match kind & (KEY | VALUE) {
        KEY => Ok(Some(key)),
        VALUE => Ok(Some(value)),
        _ => Ok(Some(tuple::of2(key, value).into_object())),
    }
}

/// `(iter, (list of what is left,))`; the iterator itself does not move.
fn iterator_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = OrderedIterator::of(object);
    let copy = declare::make::<OrderedIterator>(cx, ITERATOR.get(cx)?)?;
    copy.ordered.set(this.ordered.get());
    copy.position.set(this.position.get());
    copy.len.set(this.len.get());
    copy.state.set(this.state.get());
    copy.kind.set(this.kind.get());
    let left = cx.new_list(cx.collect(&copy.object)?)?.into_object();
    let function = common::builtin(cx, "iter")?;
    Ok(tuple::of2(function, tuple::of1(left).into_object()).into_object())
}

/// The iterator over a view's dict, which is an ordered one.
fn view_iter(cx: Ctx, object: &Object, kind: u8) -> PyResult {
    match views::dict_of(object) {
        Some(dict) => make_iter(cx, &dict.object, kind),
        None => Ok(cx.none()),
    }
}

/// A view type over the base view type: only the iterators differ.
const fn view_spec(
    name: &'static str,
    base: fn(&crate::objects::Types) -> &TypeObject,
    iter: crate::objects::slots::UnaryFn,
    methods: &'static [MethodDef],
) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.layout = Layout::gc::<views::DictView>();
    spec.basicsize = 24;
    spec.flags = TypeFlags::HAVE_GC;
    spec.base = Some(base);
    spec.slots.iter = Some(iter);
    spec.methods = methods;
    spec.dealloc = views::VIEW_DEALLOC;
    spec.traverse = views::VIEW_TRAVERSE;
    spec
}

pub static KEYS_SPEC: TypeSpec = view_spec(
    "odict_keys",
    |types| types.dict_keys,
    |cx, object| view_iter(cx, object, KEY),
    &[MethodDef::no_args("__reversed__", |cx, object| view_iter(cx, object, KEY | REVERSED), "")],
);
pub static VALUES_SPEC: TypeSpec = view_spec(
    "odict_values",
    |types| types.dict_values,
    |cx, object| view_iter(cx, object, VALUE),
    &[MethodDef::no_args("__reversed__", |cx, object| view_iter(cx, object, VALUE | REVERSED), "")],
);
pub static ITEMS_SPEC: TypeSpec = view_spec(
    "odict_items",
    |types| types.dict_items,
    |cx, object| view_iter(cx, object, KEY | VALUE),
    &[MethodDef::no_args("__reversed__", |cx, object| view_iter(cx, object, KEY | VALUE | REVERSED), "")],
);
