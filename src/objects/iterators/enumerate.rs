//! `enumerate`: counts of any size, the result tuple used again while nobody else holds it.

use std::cell::Cell;
use std::ptr::NonNull;

use num_bigint::BigInt;

use super::common;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as};
use crate::objects::spec::{Layout, Signature, TypeSpec};
use crate::objects::{
    Args, IntObject, MethodDef, PyResult, Slots, TupleObject, TypeFlags, TypeObject, args, int, tuple,
};
use crate::vm::Ctx;

/// Counts the items of an iterator.
#[repr(C)]
pub struct EnumerateObject {
    pub object: Object,
    /// The next count while it fits; `isize::MAX` once `long_index` counts.
    index: Cell<isize>,
    pub iterator: Slot,
    pub result: Slot<TupleObject>,
    long_index: Slot<IntObject>,
    /// Where CPython keeps the integer 1.
    reserved: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for EnumerateObject {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is an `enumerate`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let this = unsafe { object.cast::<EnumerateObject>().as_ref() };
    this.iterator.trace(visitor);
    this.result.trace(visitor);
    this.long_index.trace(visitor);
}

pub static ENUMERATE: TypeSpec = TypeSpec {
    name: "enumerate",
    doc: Some(
        "enumerate(iterable, start=0)\n--\n\nPairs of a count, from start on, and an item of the iterable:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    ),
    layout: Layout::gc::<EnumerateObject>(),
    basicsize: 56,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots { new: Some(new), iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__class_getitem__", common::class_getitem, "See PEP 585").class(),
    ],
    dealloc: Some(dealloc_as::<EnumerateObject>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

static SIGNATURE: Signature =
    Signature { name: "enumerate", params: &["iterable", "start"], required: 1, max_positional: 2 };

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if args.all().is_empty() {
        return Err(cx.type_error("enumerate() missing required argument 'iterable'"));
    }
    if args.pos().is_empty()
        && args.all().len() == 1
        && let Some((name, _)) = args.keywords().next()
        && !name.eq_str("iterable")
    {
        let message = format!("'{}' is an invalid keyword argument for enumerate()", name.to_string_lossy());
        return Err(cx.type_error(message));
    }
    let mut bound = [None, None];
    args::bind_borrowed(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(iterable), start] = bound else {
        return Err(cx.type_error("enumerate() missing required argument 'iterable'"));
    };
    // SAFETY: zero is an empty slot and the count zero.
    let object = unsafe { common::alloc_instance(cx, ty, 0)? };
    let this = this(&object);
    if let Some(start) = start {
        let start = cx.index(start)?;
        match start.as_i64() {
            Some(small) => this.index.set(small as isize),
            None => {
                this.index.set(isize::MAX);
                this.long_index.set(Some(start));
            }
        }
    }
    this.iterator.set(Some(cx.iter(iterable)?));
    this.result.set(Some(tuple::of2(cx.none(), cx.none())));
    Ok(object)
}

#[inline(always)]
fn this(object: &Object) -> &EnumerateObject {
    // SAFETY: slots and methods of `enumerate` are called on its instances only.
    unsafe { object.cast() }
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let this = this(object);
    let Some(item) = common::advance(cx, &this.iterator)? else {
        return Ok(None);
    };
    let index = this.index.get();
    let count = if index == isize::MAX {
        let count = this.long_index.get().unwrap_or_else(|| int::from_i64(index as i64));
        this.long_index.set(Some(int::from_bigint(count.to_bigint() + BigInt::from(1))));
        count
    } else {
        this.index.set(index + 1);
        int::from_i64(index as i64)
    };
    if let Some(result) = this.result.peek()
        && result.object.refcount() == 1
    {
        let pair = result.to_ref();
        let old_count = pair.exchange(0, count.into_object());
        let old_item = pair.exchange(1, item);
        drop(old_count);
        drop(old_item);
        pair.ensure_tracked();
        return Ok(Some(pair.into_object()));
    }
    Ok(Some(tuple::of2(count.into_object(), item).into_object()))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = this(object);
    let count = match this.long_index.get() {
        Some(count) => count.into_object(),
        None => cx.new_int(this.index.get() as i64),
    };
    let iterator = this.iterator.get().unwrap_or_else(|| cx.none());
    let arguments = tuple::of2(iterator, count).into_object();
    Ok(tuple::of2(object.ty().to_object(), arguments).into_object())
}
