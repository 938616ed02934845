//! `reversed`: `__reversed__` where there is one, else index by index from the end.

use super::common::{self, SequenceIterator};
use super::plain::is_end;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::spec::TypeSpec;
use crate::objects::{Args, MethodDef, PyResult, Slots, TypeFlags, TypeObject, args, names, tuple, types};
use crate::vm::Ctx;

pub static REVERSED: TypeSpec = TypeSpec {
    name: "reversed",
    doc: Some(
        "reversed(sequence, /)\n--\n\nAn iterator over the items of a sequence from the last to the first.",
    ),
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots { new: Some(new), iter: Some(common::iter_self), iternext: Some(next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
        MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
        MethodDef::one("__setstate__", setstate, common::SETSTATE_DOC),
    ],
    ..common::SPEC
};

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if ty.is_type(types().reversed) || common::same_init(ty, types().reversed) {
        args::no_keywords(cx, "reversed", args)?;
    }
    args::check_count(cx, "reversed", args.pos(), 1, 1)?;
    let Some(sequence) = args.pos().first() else {
        return Ok(cx.none());
    };
    let not_reversible = || cx.type_error(format!("'{}' object is not reversible", sequence.ty().tp_name()));
    if let Some(method) = cx.lookup_special(sequence, &names().reversed)? {
        if cx.is_none(&method) {
            return Err(not_reversible());
        }
        return cx.call0(&method);
    }
    let is_dict = sequence.is_instance(types().dict);
    if is_dict || sequence.ty().slots().sq_item.is_none() {
        return Err(not_reversible());
    }
    let len = cx.len(sequence)?;
    // SAFETY: zero is an empty slot and index zero.
    let object = unsafe { common::alloc_instance(cx, ty, 0)? };
    this(&object).index.set(len as isize - 1);
    this(&object).sequence.set(Some(sequence.clone()));
    Ok(object)
}

fn this(object: &Object) -> &SequenceIterator<Object> {
    // SAFETY: slots and methods of `reversed` are called on its instances only.
    unsafe { object.cast() }
}

fn next(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    let index = iterator.index.get();
    if index >= 0
        && let Some(sequence) = iterator.sequence.as_raw()
    {
        // SAFETY: the iterator holds the sequence; it is held here too when the call is native.
        let sequence = unsafe { sequence.as_ref() };
        let held = common::hold_for_call(sequence);
        let result = cx.sequence_item(sequence, index);
        drop(held);
        match result {
            Ok(item) => {
                iterator.index.set(index - 1);
                return Ok(Some(item));
            }
            Err(raised) if is_end(cx, &raised) => cx.clear_exception(raised),
            Err(raised) => return Err(raised),
        }
    }
    iterator.index.set(-1);
    iterator.sequence.set(None);
    Ok(None)
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let Some(sequence) = iterator.sequence.get() else {
        return Ok(cx.new_int(0));
    };
    let len = cx.len(&sequence)? as isize;
    let left = iterator.index.get() + 1;
    Ok(cx.new_int(if len < left { 0 } else { left as i64 }))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let ty = object.ty().to_object();
    match iterator.sequence.get() {
        Some(sequence) => {
            let index = cx.new_int(iterator.index.get() as i64);
            Ok(tuple::of3(ty, tuple::of1(sequence).into_object(), index).into_object())
        }
        None => Ok(tuple::of2(ty, tuple::of1(tuple::empty().into_object()).into_object()).into_object()),
    }
}

fn setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let index = common::state_arg(cx, state)?;
    let iterator = this(object);
    if let Some(sequence) = iterator.sequence.get() {
        let len = cx.len(&sequence)? as isize;
        iterator.index.set(index.max(-1).min(len - 1));
    }
    Ok(cx.none())
}
