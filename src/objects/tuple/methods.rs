//! The type `tuple`.

use super::TupleObject;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::slice::{self, SliceObject};
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, CompareOp, MethodDef, PyResult, Slots, TypeFlags, TypeObject, args, exceptions, iterators, types,
};
use crate::vm::Ctx;

pub static SPEC: TypeSpec = TypeSpec {
    name: "tuple",
    doc: Some(
        "tuple(iterable=(), /)\n--\n\nAn unchangeable sequence.\n\nWithout an argument it is empty; otherwise it holds the items of\n\
         the iterable. A tuple given is returned itself.",
    ),
    layout: Layout::gc::<TupleObject>().items(8),
    basicsize: 24,
    itemsize: 8,
    flags: TypeFlags::BASETYPE
        .with(TypeFlags::HAVE_GC)
        .with(TypeFlags::SEQUENCE)
        .with(TypeFlags::MATCH_SELF)
        .with(TypeFlags::TUPLE_SUBCLASS),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        iter: Some(super::iter::iter),
        sq_length: Some(length),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        sq_contains: Some(contains),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("__getnewargs__", getnewargs, "__getnewargs__($self, /)\n--\n\n"),
        MethodDef::fast(
            "index",
            index,
            "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nThe first place of the value.\n\nRaises ValueError when it is not there.",
        ),
        MethodDef::one("count", count, "count($self, value, /)\n--\n\nHow often the value occurs."),
        MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class(),
    ],
    dealloc: Some(super::dealloc),
    traverse: Some(super::traverse),
    trashcan: true,
    maybe_untrack: Some(super::maybe_untrack),
    ..TypeSpec::EMPTY
};

#[inline(always)]
fn this(object: &Object) -> &TupleObject {
    // SAFETY: slots and methods of `tuple` are called on tuples only.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if ty.is_type(types().tuple) || iterators::common::same_init(ty, types().tuple) {
        args::no_keywords(cx, "tuple", args)?;
    }
    args::check_count(cx, "tuple", args.pos(), 0, 1)?;
    let tuple = match args.pos().first() {
        Some(iterable) => cx.tuple_from_iterable(iterable)?,
        None => super::empty(),
    };
    if ty.is_type(types().tuple) {
        return Ok(tuple.into_object());
    }
    // SAFETY: a subclass of `tuple` has its layout and is made with room for the items; nothing
    // is read of them while the length is 0.
    unsafe {
        let object = iterators::common::alloc_instance(cx, ty, tuple.len())?;
        let made = object.as_raw().cast::<TupleObject>();
        let items = super::items_of(made);
        for (index, item) in tuple.as_slice().iter().enumerate() {
            items.add(index).write(item.clone());
        }
        (&raw mut (*made.as_ptr()).len).write(tuple.len());
        Ok(object)
    }
}

impl Ctx {
    /// `PySequence_Tuple`: a tuple itself, else a tuple of the items.
    pub fn tuple_from_iterable(self, iterable: &Object) -> PyResult<Ref<TupleObject>> {
        if let Some(tuple) = iterable.downcast_exact::<TupleObject>() {
            return Ok(tuple.to_ref());
        }
        if let Some(list) = iterable.downcast_exact::<crate::objects::ListObject>() {
            return Ok(super::from_slice(list.peek_slice()));
        }
        let iterator = self.iter(iterable)?;
        let estimate = self.length_hint(iterable, 10)?;
        let mut builder = super::TupleBuilder::try_new(self, estimate)?;
        while let Some(item) = self.next(&iterator)? {
            builder.push(item);
        }
        drop(iterator);
        Ok(builder.finish())
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let tuple = this(object);
    if tuple.is_empty() {
        return Ok(cx.new_str("()").into_object());
    }
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("(...)").into_object());
    };
    let mut text = StrBuilder::new();
    text.push_char('(');
    for (index, item) in tuple.as_slice().iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_obj(&*cx.repr(item)?);
    }
    text.push_str(if tuple.len() == 1 { ",)" } else { ")" });
    Ok(text.finish().into_object())
}

fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    this(object).hash_items(cx)
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<TupleObject>(), b.downcast::<TupleObject>()) else {
        return Ok(cx.not_implemented());
    };
    let (left, right) = (a.as_slice(), b.as_slice());
    for (x, y) in left.iter().zip(right) {
        if !cx.equal(x, y)? {
            return match op {
                CompareOp::Eq => Ok(cx.bool(false)),
                CompareOp::Ne => Ok(cx.bool(true)),
                _ => cx.compare(x, y, op),
            };
        }
    }
    Ok(cx.bool(op.holds(left.len().cmp(&right.len()))))
}

fn length(_: Ctx, object: &Object) -> PyResult<usize> {
    Ok(this(object).len())
}

fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let exact = types().tuple;
    if this(a).is_empty() && b.is_exact(exact) {
        return Ok(b.to_ref());
    }
    let Some(other) = b.downcast::<TupleObject>() else {
        let message = format!("can only concatenate tuple (not \"{}\") to tuple", b.ty().tp_name());
        return Err(cx.type_error(message));
    };
    if other.is_empty() && a.is_exact(exact) {
        return Ok(a.to_ref());
    }
    let (left, right) = (this(a).as_slice(), other.as_slice());
    let tuple = super::from_iter_exact(cx, left.len() + right.len(), left.iter().chain(right))?;
    Ok(tuple.into_object())
}

fn repeat(cx: Ctx, object: &Object, times: isize) -> PyResult {
    let tuple = this(object);
    if (tuple.is_empty() || times == 1) && object.is_exact(types().tuple) {
        return Ok(object.to_ref());
    }
    if tuple.is_empty() || times <= 0 {
        return Ok(super::empty().into_object());
    }
    let Some(len) = tuple.len().checked_mul(times as usize).filter(|len| *len <= isize::MAX as usize / 8)
    else {
        return Err(cx.memory_error());
    };
    Ok(super::from_iter_exact(cx, len, tuple.as_slice().iter().cycle())?.into_object())
}

fn item(cx: Ctx, object: &Object, index: isize) -> PyResult {
    let found = usize::try_from(index).ok().and_then(|index| this(object).as_slice().get(index));
    found.cloned().ok_or_else(|| cx.index_error("tuple index out of range"))
}

fn contains(cx: Ctx, object: &Object, value: &Object) -> PyResult<bool> {
    for item in this(object).as_slice() {
        if cx.equal(item, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    let tuple = this(object);
    if let Some(mut index) = iterators::common::plain_index(key) {
        if index < 0 {
            index += tuple.len() as isize;
        }
        return item(cx, object, index);
    }
    if key.ty().slots().nb_index.is_some() {
        let mut index = cx.index_sized(key, exceptions().index_error)?;
        if index < 0 {
            index += tuple.len() as isize;
        }
        return item(cx, object, index);
    }
    let Some(slice) = key.downcast_exact::<SliceObject>() else {
        let message = format!("tuple indices must be integers or slices, not {}", key.ty().tp_name());
        return Err(cx.type_error(message));
    };
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(tuple.len(), start, stop, step);
    if range.len == 0 {
        return Ok(super::empty().into_object());
    }
    if range.start == 0 && step == 1 && range.len == tuple.len() && object.is_exact(types().tuple) {
        return Ok(object.to_ref());
    }
    if step == 1 {
        return Ok(tuple.slice(range.start as usize, range.start as usize + range.len).into_object());
    }
    let items = range.indices().filter_map(|index| tuple.as_slice().get(index));
    Ok(super::from_iter_exact(cx, range.len, items)?.into_object())
}

fn getnewargs(_: Ctx, object: &Object) -> PyResult {
    let tuple = this(object);
    Ok(super::of1(tuple.slice(0, tuple.len()).into_object()).into_object())
}

fn index(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "index", args, 1, 3)?;
    let tuple = this(object);
    let (start, stop) = slice::search_bounds(cx, tuple.len(), args.get(1), args.get(2))?;
    for index in start..stop {
        let Some(item) = tuple.as_slice().get(index) else { break };
        if cx.equal(item, &args[0])? {
            return Ok(cx.new_uint(index));
        }
    }
    Err(cx.value_error("tuple.index(x): x not in tuple"))
}

fn count(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let mut found = 0;
    for item in this(object).as_slice() {
        if cx.equal(item, value)? {
            found += 1;
        }
    }
    Ok(cx.new_uint(found))
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::iterators::common::class_getitem(cx, class, item)
}
