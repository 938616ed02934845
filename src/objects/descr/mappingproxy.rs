//! `mappingproxy`: a read-only view of a mapping, as `__dict__` of a class gives.

use std::ptr::NonNull;

use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::objects::args::bind;
use crate::objects::protocol::number::BinaryOp;
use crate::objects::slots::{Args, CompareOp, Slots};
use crate::objects::spec::{Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::type_object::TypedLayout;
use crate::objects::{DictObject, ListObject, PyResult, TupleObject, TypeObject, Types, names, types};
use crate::vm::Ctx;

#[repr(C)]
pub struct MappingProxyObject {
    pub object: Object,
    pub mapping: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for MappingProxyObject {}
// SAFETY: every mappingproxy has this layout; the type cannot be derived from.
unsafe impl TypedLayout for MappingProxyObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.mappingproxy
    }
}

/// A proxy for a mapping (not checked).
pub fn new_proxy(mapping: Ref) -> Ref {
    let made = memory::new_ref(&types().mappingproxy.core, |object| MappingProxyObject {
        object,
        mapping: Slot::new(mapping),
    });
    memory::track(&made.object);
    made.into_object()
}

fn mapping(cx: Ctx, object: &Object) -> Ref {
    // SAFETY: only slots and methods of this type call this.
    unsafe { object.cast::<MappingProxyObject>() }.mapping.get().unwrap_or_else(|| cx.none())
}

fn new(cx: Ctx, _ty: &TypeObject, args: Args<'_>) -> PyResult {
    let signature = Signature { name: "mappingproxy", params: &["mapping"], required: 1, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(mapping)] = out else { return Ok(cx.none()) };
    let is_mapping = mapping.ty().slots().mp_subscript.is_some()
        && mapping.downcast::<ListObject>().is_none()
        && mapping.downcast::<TupleObject>().is_none();
    if !is_mapping {
        return Err(cx.type_error(format!(
            "mappingproxy() argument must be a mapping, not {}",
            mapping.ty().tp_name()
        )));
    }
    Ok(new_proxy(mapping))
}

fn unwrap(cx: Ctx, object: &Object) -> Ref {
    match object.downcast_exact::<MappingProxyObject>() {
        Some(_) => mapping(cx, object),
        None => object.to_object(),
    }
}

fn or(cx: Ctx, left: &Object, right: &Object) -> PyResult {
    let (left, right) = (unwrap(cx, left), unwrap(cx, right));
    cx.binary_op(BinaryOp::Or, &left, &right)
}

fn inplace_or(cx: Ctx, object: &Object, _other: &Object) -> PyResult {
    Err(cx.type_error(format!("'|=' is not supported by {}; use '|' instead", object.ty().tp_name())))
}

fn compare(cx: Ctx, object: &Object, other: &Object, op: CompareOp) -> PyResult {
    cx.compare(&mapping(cx, object), other, op)
}

fn forward(cx: Ctx, object: &Object, name: &str) -> PyResult {
    let name = cx.intern(name);
    cx.call_method(&mapping(cx, object), &name, &[])
}

fn get(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    crate::objects::args::check_count(cx, "get", args, 1, 2)?;
    let default = args.get(1).cloned().unwrap_or_else(|| cx.none());
    cx.call_method(&mapping(cx, object), &names().get_plain, &[args[0].clone(), default])
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let proxy = object.as_ref().cast::<MappingProxyObject>();
        memory::untrack(&proxy.object);
        drop(proxy.mapping.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    unsafe { object.as_ref().cast::<MappingProxyObject>() }.mapping.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "mappingproxy",
    layout: Layout::gc::<MappingProxyObject>(),
    basicsize: 24,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::MAPPING),
    slots: Slots {
        new: Some(new),
        repr: Some(|cx, object| {
            let text = format!("mappingproxy({})", cx.repr_text(&mapping(cx, object))?);
            Ok(cx.new_str(&text).into_object())
        }),
        str: Some(|cx, object| Ok(cx.str(&mapping(cx, object))?.into_object())),
        getattro: Some(crate::objects::attr::generic_get_attr),
        richcompare: Some(compare),
        iter: Some(|cx, object| cx.iter(&mapping(cx, object))),
        nb_or: Some(or),
        nb_inplace_or: Some(inplace_or),
        sq_contains: Some(|cx, object, key| {
            let mapping = mapping(cx, object);
            match mapping.downcast_exact::<DictObject>() {
                Some(dict) => dict.contains(cx, key),
                None => cx.contains(&mapping, key),
            }
        }),
        mp_length: Some(|cx, object| cx.len(&mapping(cx, object))),
        mp_subscript: Some(|cx, object, key| cx.get_item(&mapping(cx, object), key)),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::fast("get", get, "Return the value for key if key is in the mapping, else default."),
        MethodDef::no_args("keys", |cx, object| forward(cx, object, "keys"), "The keys of the mapping."),
        MethodDef::no_args(
            "values",
            |cx, object| forward(cx, object, "values"),
            "The values of the mapping.",
        ),
        MethodDef::no_args(
            "items",
            |cx, object| forward(cx, object, "items"),
            "The (key, value) pairs of the mapping.",
        ),
        MethodDef::no_args(
            "copy",
            |cx, object| forward(cx, object, "copy"),
            "A shallow copy of the mapping.",
        ),
        MethodDef::one(
            "__class_getitem__",
            |cx, class, item| crate::objects::generic_alias::new_alias(cx, class, item),
            "See PEP 585",
        )
        .class(),
        MethodDef::no_args(
            "__reversed__",
            |cx, object| forward(cx, object, "__reversed__"),
            "Reverse iterator over the keys.",
        ),
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
