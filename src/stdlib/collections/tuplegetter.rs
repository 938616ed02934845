//! `_tuplegetter`: the fields of named tuples.

use std::cell::Cell;

use crate::declare_object;
use crate::memory::{Layout as _, Object, Slot, dealloc_as};
use crate::objects::iterators::common;
use crate::objects::spec::{Layout, MemberDef, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{
    Args, MethodDef, PyResult, Slots, TupleObject, TypeFlags, TypeObject, args, declare, exceptions, tuple,
};
use crate::vm::Ctx;

declare_object! {
    /// A place in a tuple, as an attribute.
    TupleGetter {
        traced { doc: Slot, }
        plain { index: Cell<isize>, }
    }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "_collections._tuplegetter",
    layout: Layout::gc::<TupleGetter>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        descr_get: Some(get),
        descr_set: Some(set),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", reduce, "")],
    members: &[MemberDef {
        name: "__doc__",
        get: |cx, object| Ok(TupleGetter::of(object).doc.get().unwrap_or_else(|| cx.none())),
        set: Some(|_, object, value| {
            TupleGetter::of(object).doc.set(value.map(|value| value.to_ref()));
            Ok(())
        }),
        doc: "",
    }],
    dealloc: Some(dealloc_as::<TupleGetter>),
    traverse: Some(TupleGetter::traverse),
    ..TypeSpec::EMPTY
};

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "_tuplegetter", args)?;
    args::check_count(cx, "_tuplegetter", args.pos(), 2, 2)?;
    let [index, doc] = args.pos() else {
        return Ok(cx.none());
    };
    let index = common::size_arg(cx, index)?;
    let this = declare::make::<TupleGetter>(cx, ty)?;
    this.index.set(index);
    this.doc.set(Some(doc.clone()));
    Ok(this.into_object())
}

fn get(cx: Ctx, object: &Object, instance: Option<&Object>, _: Option<&Object>) -> PyResult {
    let this = TupleGetter::of(object);
    let Some(instance) = instance else {
        return Ok(object.to_ref());
    };
    let index = this.index.get();
    let Some(tuple) = instance.downcast::<TupleObject>() else {
        if cx.is_none(instance) {
            return Ok(object.to_ref());
        }
        return Err(cx.type_error(format!(
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{}' object",
            instance.ty().tp_name()
        )));
    };
    let item = usize::try_from(index).ok().and_then(|index| tuple.as_slice().get(index));
    item.cloned().ok_or_else(|| cx.index_error("tuple index out of range"))
}

fn set(cx: Ctx, _: &Object, _: &Object, value: Option<&Object>) -> PyResult<()> {
    let what = if value.is_some() { "set" } else { "delete" };
    Err(cx.raise(exceptions().attribute_error, format!("can't {what} attribute")))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let this = TupleGetter::of(object);
    let mut text = StrBuilder::new();
    text.push_str(&format!("{}({}, ", object.ty().name_text(), this.index.get()));
    let doc = this.doc.get().unwrap_or_else(|| cx.none());
    text.push_obj(&*cx.repr(&doc)?);
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = TupleGetter::of(object);
    let doc = this.doc.get().unwrap_or_else(|| cx.none());
    let state = tuple::of2(cx.new_int(this.index.get() as i64), doc).into_object();
    Ok(tuple::of2(object.ty().to_object(), state).into_object())
}
