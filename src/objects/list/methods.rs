//! The type `list`.

use super::ListObject;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::iterators::common;
use crate::objects::protocol::compare::quick_compare;
use crate::objects::slice::{self, SliceObject};
use crate::objects::spec::{Layout, Signature, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, CompareOp, MethodDef, PyResult, Slots, TypeFlags, TypeObject, args, exceptions, types,
};
use crate::vm::Ctx;

pub static SPEC: TypeSpec = TypeSpec {
    name: "list",
    doc: Some(
        "list(iterable=(), /)\n--\n\nA changeable sequence.\n\nWithout an argument it is empty; otherwise it holds the items of\n\
         the iterable.",
    ),
    layout: Layout::gc::<ListObject>(),
    basicsize: 40,
    flags: TypeFlags::BASETYPE
        .with(TypeFlags::HAVE_GC)
        .with(TypeFlags::SEQUENCE)
        .with(TypeFlags::MATCH_SELF)
        .with(TypeFlags::LIST_SUBCLASS),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        richcompare: Some(richcompare),
        iter: Some(super::iter::iter),
        sq_length: Some(length),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        sq_ass_item: Some(assign_item),
        sq_contains: Some(contains),
        sq_inplace_concat: Some(inplace_concat),
        sq_inplace_repeat: Some(inplace_repeat),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        mp_ass_subscript: Some(assign_subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("__getitem__", getitem, "x.__getitem__(y) <==> x[y]").coexist(),
        MethodDef::no_args(
            "__reversed__",
            super::iter::reversed,
            "__reversed__($self, /)\n--\n\nAn iterator over the list from its end.",
        ),
        MethodDef::no_args(
            "__sizeof__",
            sizeof,
            "__sizeof__($self, /)\n--\n\nBytes of the list and its buffer.",
        ),
        MethodDef::no_args("clear", clear, "clear($self, /)\n--\n\nTakes all items out."),
        MethodDef::no_args("copy", copy, "copy($self, /)\n--\n\nA new list of the same items."),
        MethodDef::one("append", append, "append($self, object, /)\n--\n\nAdds an item at the end."),
        MethodDef::fast(
            "insert",
            insert,
            "insert($self, index, object, /)\n--\n\nAdds an item before the index.",
        ),
        MethodDef::one(
            "extend",
            extend,
            "extend($self, iterable, /)\n--\n\nAdds all items of an iterable at the end.",
        ),
        MethodDef::fast(
            "pop",
            pop,
            "pop($self, index=-1, /)\n--\n\nTakes the item at the index (the last) out and returns it.\n\n\
             Raises IndexError when there is none.",
        ),
        MethodDef::one(
            "remove",
            remove,
            "remove($self, value, /)\n--\n\nTakes the first item equal to the value out.\n\n\
             Raises ValueError when there is none.",
        ),
        MethodDef::fast(
            "index",
            index,
            "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nThe first place of the value.\n\n\
             Raises ValueError when it is not there.",
        ),
        MethodDef::one("count", count, "count($self, value, /)\n--\n\nHow often the value occurs."),
        MethodDef::no_args("reverse", reverse, "reverse($self, /)\n--\n\nTurns the order around, in place."),
        MethodDef::keywords(
            "sort",
            sort,
            "sort($self, /, *, key=None, reverse=False)\n--\n\nSorts in place, ascending; equal items keep their order.\n\n\
             `key` maps each item, once, to what is compared; `reverse` sorts descending.",
        ),
        MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class(),
    ],
    dealloc: Some(super::dealloc),
    traverse: Some(super::traverse),
    clear: Some(super::clear),
    trashcan: true,
    ..TypeSpec::EMPTY
};

#[inline(always)]
fn this(object: &Object) -> &ListObject {
    // SAFETY: slots and methods of `list` are called on lists only.
    unsafe { object.cast() }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    // SAFETY: the fields that may not be zero are written at once.
    unsafe {
        let object = common::alloc_instance(cx, ty, 0)?;
        let list = object.as_raw().cast::<ListObject>().as_ptr();
        (&raw mut (*list).items).write(std::cell::Cell::new(std::ptr::NonNull::dangling()));
        Ok(object)
    }
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    if object.is_exact(types().list) || same_function(object.ty().slots().new, types().list.slots().new) {
        args::no_keywords(cx, "list", args)?;
    }
    args::check_count(cx, "list", args.pos(), 0, 1)?;
    let list = this(object);
    list.clear();
    match args.pos().first() {
        Some(iterable) => list.extend(cx, iterable),
        None => Ok(()),
    }
}

/// Whether two slots hold the same function.
pub(crate) fn same_function(
    a: Option<crate::objects::slots::NewFn>,
    b: Option<crate::objects::slots::NewFn>,
) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let list = this(object);
    if list.is_empty() {
        return Ok(cx.new_str("[]").into_object());
    }
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("[...]").into_object());
    };
    let mut text = StrBuilder::new();
    text.push_char('[');
    let mut index = 0;
    while let Some(item) = list.peek_slice().get(index).map(Ref::as_raw) {
        if index > 0 {
            text.push_str(", ");
        }
        // SAFETY: the list holds the item now; where it might let go of it during the call
        // without anybody else holding it, a reference of our own does.
        let item = unsafe { item.as_ref() };
        let held = common::hold_for_call(item);
        text.push_obj(&*cx.repr(item)?);
        drop(held);
        index += 1;
    }
    text.push_char(']');
    Ok(text.finish().into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<ListObject>(), b.downcast::<ListObject>()) else {
        return Ok(cx.not_implemented());
    };
    if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.bool(op == CompareOp::Ne));
    }
    let mut index = 0;
    while let (Some(x), Some(y)) = (a.peek_slice().get(index), b.peek_slice().get(index)) {
        let equal = match quick_compare(x, y, CompareOp::Eq) {
            _ if x.is(y) => true,
            Some(equal) => equal,
            None => {
                let (x, y) = (x.clone(), y.clone());
                cx.equal(&x, &y)?
            }
        };
        if !equal {
            break;
        }
        index += 1;
    }
    match (a.get(index), b.get(index)) {
        (Some(x), Some(y)) => match op {
            CompareOp::Eq => Ok(cx.bool(false)),
            CompareOp::Ne => Ok(cx.bool(true)),
            _ => cx.compare(&x, &y, op),
        },
        _ => Ok(cx.bool(op.holds(a.len().cmp(&b.len())))),
    }
}

fn length(_: Ctx, object: &Object) -> PyResult<usize> {
    Ok(this(object).len())
}

fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some(other) = b.downcast::<ListObject>() else {
        let message = format!("can only concatenate list (not \"{}\") to list", b.ty().tp_name());
        return Err(cx.type_error(message));
    };
    let items = this(a).peek_slice().iter().chain(other.peek_slice());
    Ok(super::from_iter_exact(cx, this(a).len() + other.len(), items)?.into_object())
}

fn repeat(cx: Ctx, object: &Object, times: isize) -> PyResult {
    let list = this(object);
    let times = times.max(0) as usize;
    if list.is_empty() || times == 0 {
        return Ok(super::new_empty().into_object());
    }
    let total = list.len().checked_mul(times).filter(|total| *total <= isize::MAX as usize / 8);
    let Some(total) = total else {
        return Err(cx.memory_error());
    };
    Ok(super::repeated(cx, list.peek_slice(), total)?.into_object())
}

fn item(cx: Ctx, object: &Object, index: isize) -> PyResult {
    let found = usize::try_from(index).ok().and_then(|index| this(object).get(index));
    found.ok_or_else(|| cx.index_error("list index out of range"))
}

fn assign_item(cx: Ctx, object: &Object, index: isize, value: Option<&Object>) -> PyResult<()> {
    let list = this(object);
    let Some(index) = usize::try_from(index).ok().filter(|index| *index < list.len()) else {
        return Err(cx.index_error("list assignment index out of range"));
    };
    match value {
        Some(value) => drop(list.replace(index, value.to_ref())),
        None => drop(list.take(cx, index)),
    }
    Ok(())
}

fn contains(cx: Ctx, object: &Object, value: &Object) -> PyResult<bool> {
    Ok(find(cx, this(object), value, 0, usize::MAX)?.is_some())
}

/// Whether the item at an index equals a value; `None` when there is no such item (any more).
/// Plain values are compared where they are, others are held meanwhile.
#[inline]
fn item_equals(cx: Ctx, list: &ListObject, index: usize, value: &Object) -> PyResult<Option<bool>> {
    let Some(item) = list.peek_slice().get(index) else {
        return Ok(None);
    };
    if item.is(value) {
        return Ok(Some(true));
    }
    if let Some(answer) = quick_compare(item, value, CompareOp::Eq) {
        return Ok(Some(answer));
    }
    let item = item.clone();
    cx.equal(&item, value).map(Some)
}

fn inplace_concat(cx: Ctx, object: &Object, other: &Object) -> PyResult {
    this(object).extend(cx, other)?;
    Ok(object.to_ref())
}

fn inplace_repeat(cx: Ctx, object: &Object, times: isize) -> PyResult {
    let list = this(object);
    if times < 1 {
        list.clear();
    } else if !list.is_empty() && times > 1 {
        list.repeat_in_place(cx, times as usize)?;
    }
    Ok(object.to_ref())
}

fn bad_index(cx: Ctx, key: &Object) -> crate::objects::Raised {
    cx.type_error(format!("list indices must be integers or slices, not {}", key.ty().tp_name()))
}

fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    let list = this(object);
    if let Some(mut index) = common::plain_index(key) {
        if index < 0 {
            index += list.len() as isize;
        }
        return item(cx, object, index);
    }
    if key.ty().slots().nb_index.is_some() {
        let mut index = cx.index_sized(key, exceptions().index_error)?;
        if index < 0 {
            index += list.len() as isize;
        }
        return item(cx, object, index);
    }
    let Some(slice) = key.downcast_exact::<SliceObject>() else {
        return Err(bad_index(cx, key));
    };
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(list.len(), start, stop, step);
    if range.len == 0 {
        return Ok(super::new_empty().into_object());
    }
    Ok(list.select(cx, range)?.into_object())
}

fn getitem(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    subscript(cx, object, key)
}

fn assign_subscript(cx: Ctx, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let list = this(object);
    if key.ty().slots().nb_index.is_some() {
        let mut index = cx.index_sized(key, exceptions().index_error)?;
        if index < 0 {
            index += list.len() as isize;
        }
        return assign_item(cx, object, index, value);
    }
    let Some(slice) = key.downcast_exact::<SliceObject>() else {
        return Err(bad_index(cx, key));
    };
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(list.len(), start, stop, step);
    if step == 1 {
        return list.assign_range(cx, range.start, range.stop, value);
    }
    match value {
        None => list.delete_extended(cx, range),
        Some(value) => list.assign_extended(cx, range, value)?,
    }
    Ok(())
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(object.ty().basicsize.get() + this(object).allocated() * 8))
}

fn clear(cx: Ctx, object: &Object) -> PyResult {
    this(object).clear();
    Ok(cx.none())
}

fn copy(cx: Ctx, object: &Object) -> PyResult {
    Ok(super::from_slice(cx, this(object).peek_slice())?.into_object())
}

fn append(cx: Ctx, object: &Object, item: &Ref) -> PyResult {
    this(object).push(cx, item.clone())?;
    Ok(cx.none())
}

fn insert(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "insert", args, 2, 2)?;
    let index = common::size_arg(cx, &args[0])?;
    let list = this(object);
    let index = if index < 0 { (index + list.len() as isize).max(0) } else { index };
    list.insert(cx, index as usize, args[1].clone())?;
    Ok(cx.none())
}

fn extend(cx: Ctx, object: &Object, iterable: &Ref) -> PyResult {
    this(object).extend(cx, iterable)?;
    Ok(cx.none())
}

fn pop(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "pop", args, 0, 1)?;
    let mut index = args.first().map_or(Ok(-1), |index| common::size_arg(cx, index))?;
    let list = this(object);
    if list.is_empty() {
        return Err(cx.index_error("pop from empty list"));
    }
    if index < 0 {
        index += list.len() as isize;
    }
    let taken = usize::try_from(index).ok().and_then(|index| list.take(cx, index));
    taken.ok_or_else(|| cx.index_error("pop index out of range"))
}

/// The first place of a value between bounds, looked for while the list may change.
fn find(cx: Ctx, list: &ListObject, value: &Object, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut index = start;
    while index < stop {
        match item_equals(cx, list, index, value)? {
            Some(true) => return Ok(Some(index)),
            Some(false) => index += 1,
            None => break,
        }
    }
    Ok(None)
}

fn remove(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let list = this(object);
    match find(cx, list, value, 0, usize::MAX)? {
        Some(index) => {
            drop(list.take(cx, index));
            Ok(cx.none())
        }
        None => Err(cx.value_error("list.remove(x): x not in list")),
    }
}

fn index(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "index", args, 1, 3)?;
    let list = this(object);
    let (start, stop) = slice::search_bounds(cx, list.len(), args.get(1), args.get(2))?;
    match find(cx, list, &args[0], start, stop)? {
        Some(index) => Ok(cx.new_uint(index)),
        None => {
            let value = cx.repr_text(&args[0])?;
            Err(cx.value_error(format!("{value} is not in list")))
        }
    }
}

fn count(cx: Ctx, object: &Object, value: &Ref) -> PyResult {
    let list = this(object);
    let (mut found, mut index) = (0, 0);
    while let Some(equal) = item_equals(cx, list, index, value)? {
        found += usize::from(equal);
        index += 1;
    }
    Ok(cx.new_uint(found))
}

fn reverse(cx: Ctx, object: &Object) -> PyResult {
    this(object).reverse();
    Ok(cx.none())
}

static SORT: Signature =
    Signature { name: "sort", params: &["key", "reverse"], required: 0, max_positional: 0 };

fn sort(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let mut bound = [None, None];
    args::bind_borrowed(cx, &SORT, args, &mut bound)?;
    let [key, reverse] = bound;
    let reverse = reverse.map_or(Ok(0), |reverse| cx.to_i32(reverse))?;
    let key = key.filter(|key| !cx.is_none(key));
    this(object).sort(cx, key.map(|key| &**key), reverse != 0)?;
    Ok(cx.none())
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::iterators::common::class_getitem(cx, class, item)
}
