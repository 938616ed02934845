//! `set_iterator`, for both kinds of sets.

use std::cell::Cell;
use std::ptr::NonNull;

use super::SetObject;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::iterators::common;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::{MethodDef, PyResult, Slots, TypeFlags, tuple, types};
use crate::vm::Ctx;

/// A place in a set. The set is gone once the iterator is exhausted.
#[repr(C)]
pub struct SetIterator {
    pub object: Object,
    pub set: Slot<SetObject>,
    /// Keys of the set at the start; -1 after a change was reported.
    used: Cell<isize>,
    position: Cell<usize>,
    /// Keys still to come.
    left: Cell<isize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for SetIterator {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a set iterator.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<SetIterator>().as_ref() }.set.trace(visitor);
}

pub static SET_ITERATOR: TypeSpec = TypeSpec {
    name: "set_iterator",
    layout: Layout::gc::<SetIterator>(),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC,
    slots: Slots { iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
    ],
    dealloc: Some(dealloc_as::<SetIterator>),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

fn this(object: &Object) -> &SetIterator {
    // SAFETY: slots and methods of the type are called on its instances only.
    unsafe { object.cast() }
}

pub(super) fn iter(_: Ctx, object: &Object) -> PyResult {
    // SAFETY: the slot is called on sets only.
    let set = unsafe { object.cast::<SetObject>() };
    let iterator = new_ref(&types().set_iterator.core, |head| SetIterator {
        object: head,
        set: Slot::new(set.to_ref()),
        used: Cell::new(set.len() as isize),
        position: Cell::new(0),
        left: Cell::new(set.len() as isize),
    });
    track(&iterator.object);
    Ok(iterator.into_object())
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    let Some(set) = iterator.set.peek() else {
        return Ok(None);
    };
    if iterator.used.get() != set.len() as isize {
        iterator.used.set(-1);
        return Err(cx.runtime_error("Set changed size during iteration"));
    }
    let mut position = iterator.position.get();
    let found = set.next_entry(&mut position);
    iterator.position.set(position);
    match found {
        Some((key, _)) => {
            iterator.left.set(iterator.left.get() - 1);
            Ok(Some(key))
        }
        None => {
            iterator.set.set(None);
            Ok(None)
        }
    }
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let unchanged = iterator.set.peek().is_some_and(|set| set.len() as isize == iterator.used.get());
    Ok(cx.new_int(if unchanged { iterator.left.get() as i64 } else { 0 }))
}

/// `(iter, (list of what is left,))`; the iterator itself does not move.
fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let copy = new_ref(&object.ty().core, |head| SetIterator {
        object: head,
        set: Slot::from_option(iterator.set.get()),
        used: Cell::new(iterator.used.get()),
        position: Cell::new(iterator.position.get()),
        left: Cell::new(iterator.left.get()),
    });
    let list = cx.new_list(Vec::new())?;
    list.extend(cx, &copy.object)?;
    let function = common::builtin(cx, "iter")?;
    Ok(tuple::of2(function, tuple::of1(list.into_object()).into_object()).into_object())
}
