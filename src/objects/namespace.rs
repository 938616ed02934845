//! `types.SimpleNamespace`.

use std::mem::offset_of;
use std::ptr::NonNull;

use super::attr::{generic_get_attr, generic_set_attr, get_dict, instance_dict};
use super::slots::{Args, CompareOp, Slots};
use super::spec::{Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use super::{DictObject, PyResult, StrObject, TypeObject, types};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

#[repr(C)]
pub struct NamespaceObject {
    pub object: Object,
    pub dict: Slot<DictObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for NamespaceObject {}

/// A namespace over `dict`, for native modules (`sys.implementation`, ...).
pub fn new_namespace(dict: Ref<DictObject>) -> Ref {
    let made =
        memory::new_ref(&types().namespace.core, |object| NamespaceObject { object, dict: Slot::new(dict) });
    memory::track(&made.object);
    made.into_object()
}

fn new(cx: Ctx, ty: &TypeObject, _args: Args<'_>) -> PyResult {
    let dict = cx.new_dict();
    let made = memory::new_ref(&ty.core, |object| NamespaceObject { object, dict: Slot::new(dict) });
    memory::track(&made.object);
    Ok(made.into_object())
}

fn dict_of(cx: Ctx, object: &Object) -> PyResult<Ref<DictObject>> {
    Ok(instance_dict(cx, object)?.unwrap_or_else(|| cx.new_dict()))
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    if !args.pos().is_empty() {
        return Err(cx.type_error("no positional arguments expected"));
    }
    let dict = dict_of(cx, object)?;
    for (name, value) in args.keywords() {
        dict.set_str(cx, name, value.clone())?;
    }
    Ok(())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let name =
        if object.is_exact(types().namespace) { "namespace".to_string() } else { object.ty().name_text() };
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str(&format!("{name}(...)")).into_object());
    };
    let mut shown = Vec::new();
    for (key, value) in dict_of(cx, object)?.to_vec() {
        if let Some(key) = key.downcast::<StrObject>()
            && !key.is_empty()
        {
            shown.push(format!("{}={}", key.to_string_lossy(), cx.repr_text(&value)?));
        }
    }
    Ok(cx.new_str(&format!("{name}({})", shown.join(", "))).into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !a.is_instance(types().namespace) || !b.is_instance(types().namespace) {
        return Ok(cx.not_implemented());
    }
    let (left, right) = (dict_of(cx, a)?, dict_of(cx, b)?);
    cx.compare(left.as_object(), right.as_object(), op)
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let dict = dict_of(cx, object)?;
    let empty = cx.new_tuple(Vec::new()).into_object();
    Ok(cx.new_tuple(vec![object.ty().to_object(), empty, dict.into_object()]).into_object())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let namespace = object.as_ref().cast::<NamespaceObject>();
        memory::untrack(&namespace.object);
        drop(namespace.dict.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    unsafe { object.as_ref().cast::<NamespaceObject>() }.dict.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    drop(unsafe { object.as_ref().cast::<NamespaceObject>() }.dict.take());
}

/// What types derived from this one natively begin with.
pub const SPEC_BASE: TypeSpec = TypeSpec {
    layout: Layout::gc::<NamespaceObject>().dict(offset_of!(NamespaceObject, dict)),
    basicsize: 24,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};

pub static SPEC: TypeSpec = TypeSpec {
    name: "types.SimpleNamespace",
    doc: Some("A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)"),
    layout: Layout::gc::<NamespaceObject>().dict(offset_of!(NamespaceObject, dict)),
    basicsize: 24,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(generic_get_attr),
        setattro: Some(generic_set_attr),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", reduce, "Return state information for pickling")],
    members: &[MemberDef { name: "__dict__", get: get_dict, set: None, doc: "" }],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
