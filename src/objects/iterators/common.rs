//! What the iterator types share: the layout of "a place in a sequence", making instances of any
//! type, looking up the built-in functions that `__reduce__` names.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::memory::object::TypeInfo;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, alloc, dealloc_as, track};
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{IntObject, PyResult, TypeObject, descr, generic_alias, tuple};
use crate::vm::Ctx;

/// A sequence and the next place in it; the sequence is gone once the iterator is exhausted.
#[repr(C)]
pub struct SequenceIterator<T: MemoryLayout> {
    pub object: Object,
    pub index: Cell<isize>,
    pub sequence: Slot<T>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl<T: MemoryLayout> MemoryLayout for SequenceIterator<T> {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a `SequenceIterator`.
pub(crate) unsafe fn traverse_sequence(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller; all instances of the generic have one layout.
    unsafe { object.cast::<SequenceIterator<Object>>().as_ref() }.sequence.trace(visitor);
}

/// The base of the specs of sequence iterators.
pub const SPEC: TypeSpec = TypeSpec {
    layout: Layout::gc::<SequenceIterator<Object>>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC,
    dealloc: Some(dealloc_as::<SequenceIterator<Object>>),
    traverse: Some(traverse_sequence),
    ..TypeSpec::EMPTY
};

/// A zeroed instance of any type with room for `items` inline items, tracked when the collector
/// knows its kind (`PyType_GenericAlloc`). Instances with managed attributes get their value block.
///
/// # Safety
/// Zeroed fields must be a valid state of the layout, or be written before anything else runs.
pub(crate) unsafe fn alloc_instance(cx: Ctx, ty: &TypeObject, items: usize) -> PyResult<Ref> {
    let info: &TypeInfo = &ty.core.info;
    let size = items
        .checked_mul(info.item_size.get() as usize)
        .and_then(|bytes| bytes.checked_add(info.size.get() as usize))
        .filter(|size| *size <= isize::MAX as usize)
        .ok_or_else(|| cx.memory_error())?;
    // SAFETY: the payload is zeroed; the caller promises that this is a valid state.
    unsafe {
        let object = alloc::try_new_object(&ty.core, size, true).ok_or_else(|| cx.memory_error())?;
        // Only `object.__new__` gives inline values: attributes of these go into a dict.
        if object.as_ref().is_gc() {
            track(object.as_ref());
        }
        Ok(Ref::from_owned(object))
    }
}

/// A built-in function by name, as `__reduce__` of iterators names it.
pub(crate) fn builtin(cx: Ctx, name: &str) -> PyResult {
    cx.builtin(name)
}

/// A size argument (`Py_ssize_t` of Argument Clinic): anything with `__index__`.
pub(crate) fn size_arg(cx: Ctx, value: &Object) -> PyResult<isize> {
    let too_large = || cx.overflow_error("Python int too large to convert to C ssize_t");
    match value.downcast_exact::<IntObject>() {
        Some(int) => int.as_i64().map(|value| value as isize).ok_or_else(too_large),
        None => cx.index(value)?.as_i64().map(|value| value as isize).ok_or_else(too_large),
    }
}

/// The argument of `__setstate__`: an integer and nothing else (`PyLong_AsSsize_t`).
pub(crate) fn state_arg(cx: Ctx, value: &Object) -> PyResult<isize> {
    match value.downcast::<IntObject>() {
        Some(int) => int
            .as_i64()
            .map(|value| value as isize)
            .ok_or_else(|| cx.overflow_error("Python int too large to convert to C ssize_t")),
        None => Err(cx.type_error("an integer is required")),
    }
}

/// The value of a plain integer that fits a size, for subscripts.
#[inline(always)]
pub(crate) fn plain_index(key: &Object) -> Option<isize> {
    key.downcast_exact::<IntObject>()?.as_i64().map(|index| index as isize)
}

/// Holds an item of a mutable container during a call on it where CPython does not: only when
/// the call runs native code, which the item's own frame would not keep alive.
#[inline]
pub(crate) fn hold_for_call(item: &Object) -> Option<Ref> {
    let ty = item.ty();
    let native_layout = TypeFlags::LIST_SUBCLASS
        .with(TypeFlags::DICT_SUBCLASS)
        .with(TypeFlags::TUPLE_SUBCLASS)
        .with(TypeFlags::BASE_EXC_SUBCLASS);
    let in_python = ty.core.info.is_heap_type.get() && !ty.has_flag(native_layout);
    if in_python { None } else { Some(item.to_ref()) }
}

/// `iter` itself, as the `iter` slot of iterators.
pub(crate) fn iter_self(_: Ctx, object: &Object) -> PyResult {
    Ok(object.to_ref())
}

/// `(iter, (sequence,), index)`, or `(iter, (empty,))` of an exhausted iterator.
pub(crate) fn reduce_sequence(
    cx: Ctx,
    function: &str,
    sequence: Option<Ref>,
    index: isize,
    empty: impl FnOnce() -> Ref,
) -> PyResult {
    match sequence {
        Some(sequence) => {
            let function = builtin(cx, function)?;
            let arguments = tuple::of1(sequence).into_object();
            Ok(tuple::of3(function, arguments, cx.new_int(index as i64)).into_object())
        }
        None => {
            let function = builtin(cx, "iter")?;
            Ok(tuple::of2(function, tuple::of1(empty()).into_object()).into_object())
        }
    }
}

pub(crate) const LENGTH_HINT_DOC: &str = "An estimate of how many items are still to come.";
pub(crate) const REDUCE_DOC: &str = "What is needed to pickle the object.";
pub(crate) const SETSTATE_DOC: &str = "Puts the object into a pickled state.";

/// `__class_getitem__` of the containers.
pub(crate) fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    generic_alias::new_alias_method(cx, class, item)
}

/// The read-only proxy of a dict, as views show it.
pub(crate) fn mapping_proxy(dict: &crate::objects::DictObject) -> PyResult {
    Ok(descr::mappingproxy::new_proxy(dict.to_object()))
}

/// Whether both types are initialised by the same function: only then does a subclass refuse
/// keyword arguments as its built-in base does.
pub(crate) fn same_init(a: &TypeObject, b: &TypeObject) -> bool {
    match (a.slots().init, b.slots().init) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

/// `tp_iternext` as it is: a raised `StopIteration` stays raised.
#[inline]
pub(crate) fn advance_plain(cx: Ctx, iterator: &Object) -> PyResult<Option<Ref>> {
    match iterator.ty().slots().iternext {
        Some(next) => next(cx, iterator),
        None => Err(cx.type_error(format!("'{}' object is not an iterator", iterator.ty().tp_name()))),
    }
}

/// Advances the iterator in a slot, which holds on to it meanwhile.
#[inline]
pub(crate) fn advance(cx: Ctx, slot: &Slot) -> PyResult<Option<Ref>> {
    match slot.as_raw() {
        // SAFETY: the slot's owner keeps its iterator until it dies, and is held by its caller.
        Some(iterator) => advance_plain(cx, unsafe { iterator.as_ref() }),
        None => Ok(None),
    }
}
