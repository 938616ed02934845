//! `classmethod` and `staticmethod`.

use std::mem::offset_of;
use std::ptr::NonNull;

use super::attr::{get_dict, set_instance_dict};
use super::slots::{Args, Slots};
use super::spec::{GetSetDef, Layout, MemberDef, TypeFlags, TypeSpec};
use super::{DictObject, PyResult, StrObject, TypeObject, names, types};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

/// Both kinds: a callable and a dict for the attributes copied from it.
#[repr(C)]
pub struct CallableWrapper {
    pub object: Object,
    pub callable: Slot,
    pub dict: Slot<DictObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for CallableWrapper {}

fn make(ty: &TypeObject, callable: Option<Ref>) -> Ref {
    let made = memory::new_ref(&ty.core, |object| CallableWrapper {
        object,
        callable: Slot::from_option(callable),
        dict: Slot::empty(),
    });
    memory::track(&made.object);
    made.into_object()
}

/// A `staticmethod` without the attributes of its function (`PyStaticMethod_New`).
pub fn new_static_method(callable: Ref) -> Ref {
    make(types().staticmethod, Some(callable))
}

/// A `classmethod` without the attributes of its function (`PyClassMethod_New`).
pub fn new_class_method(callable: Ref) -> Ref {
    make(types().classmethod, Some(callable))
}

fn this(object: &Object) -> &CallableWrapper {
    // SAFETY: only slots and attributes of the two types call this.
    unsafe { object.cast() }
}

fn callable(cx: Ctx, object: &Object) -> Ref {
    this(object).callable.get().unwrap_or_else(|| cx.none())
}

fn new(_cx: Ctx, ty: &TypeObject, _args: Args<'_>) -> PyResult {
    Ok(make(ty, None))
}

fn init(cx: Ctx, object: &Object, args: Args<'_>, name: &str) -> PyResult<()> {
    let args = super::args::positional(cx, name, args, 1, 1)?;
    let function = args[0].clone();
    this(object).callable.set(Some(function.clone()));
    let names = names();
    let copied: [&StrObject; 5] =
        [&names.module, &names.name, &names.qualname, &names.doc, &names.annotations];
    for name in copied {
        if let Some(value) = cx.get_attr_opt(&function, name)? {
            cx.set_attr(object, name, Some(&value))?;
        }
    }
    Ok(())
}

fn class_get(cx: Ctx, object: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    let function = callable(cx, object);
    if cx.is_none(&function) {
        return Err(cx.runtime_error("uninitialized classmethod object"));
    }
    let owner = match (owner, instance) {
        (Some(owner), _) => owner.to_object(),
        (None, Some(instance)) => instance.ty().to_object(),
        (None, None) => cx.none(),
    };
    if let Some(get) = function.ty().slots().descr_get {
        return get(cx, &function, Some(&owner), None);
    }
    Ok(super::method::new_method(cx, function, owner).into_object())
}

fn static_get(cx: Ctx, object: &Object, _instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let function = callable(cx, object);
    if cx.is_none(&function) {
        return Err(cx.runtime_error("uninitialized staticmethod object"));
    }
    Ok(function)
}

/// Whether a function says that it is abstract.
pub fn is_abstract(cx: Ctx, function: &Object) -> PyResult<bool> {
    let name = cx.intern("__isabstractmethod__");
    match cx.get_attr_opt(function, &name)? {
        Some(value) => cx.is_true(&value),
        None => Ok(false),
    }
}

fn repr(cx: Ctx, object: &Object, name: &str) -> PyResult {
    let text = format!("<{name}({})>", cx.repr_text(&callable(cx, object))?);
    Ok(cx.new_str(&text).into_object())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the two types, called once with the count at zero.
    unsafe {
        let wrapper = object.as_ref().cast::<CallableWrapper>();
        memory::untrack(&wrapper.object);
        drop(wrapper.callable.take());
        drop(wrapper.dict.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of the two types.
    let wrapper = unsafe { object.as_ref().cast::<CallableWrapper>() };
    wrapper.dict.trace(visitor);
    wrapper.callable.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of the two types.
    let wrapper = unsafe { object.as_ref().cast::<CallableWrapper>() };
    drop(wrapper.dict.take());
    drop(wrapper.callable.take());
}

const MEMBERS: &[MemberDef] = &[
    MemberDef { name: "__func__", get: |cx, object| Ok(callable(cx, object)), set: None, doc: "" },
    MemberDef { name: "__wrapped__", get: |cx, object| Ok(callable(cx, object)), set: None, doc: "" },
];

const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "__isabstractmethod__",
        get: Some(|cx, object| Ok(cx.bool(is_abstract(cx, &callable(cx, object))?))),
        set: None,
        doc: "",
    },
    GetSetDef { name: "__dict__", get: Some(get_dict), set: Some(set_instance_dict), doc: "" },
];

const EMPTY: TypeSpec = TypeSpec {
    layout: Layout::gc::<CallableWrapper>().dict(offset_of!(CallableWrapper, dict)),
    basicsize: 32,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    members: MEMBERS,
    getset: GETSET,
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};

pub static CLASSMETHOD: TypeSpec = TypeSpec {
    name: "classmethod",
    doc: Some(
        "classmethod(function) -> method\n\nMake a function a method of the class: it gets the class as its first\nargument, whether it is called on the class or on an instance.\n\n  class C:\n      @classmethod\n      def f(cls, arg1, arg2, argN):\n          ...",
    ),
    slots: Slots {
        new: Some(new),
        init: Some(|cx, object, args| init(cx, object, args, "classmethod")),
        repr: Some(|cx, object| repr(cx, object, "classmethod")),
        descr_get: Some(class_get),
        ..Slots::EMPTY
    },
    ..EMPTY
};

pub static STATICMETHOD: TypeSpec = TypeSpec {
    name: "staticmethod",
    doc: Some(
        "staticmethod(function) -> method\n\nMake a function a method that gets no implicit first argument.\n\n     class C:\n         @staticmethod\n         def f(arg1, arg2, argN):\n             ...",
    ),
    slots: Slots {
        new: Some(new),
        init: Some(|cx, object, args| init(cx, object, args, "staticmethod")),
        repr: Some(|cx, object| repr(cx, object, "staticmethod")),
        call: Some(|cx, object, args| cx.call_args(&callable(cx, object), args)),
        descr_get: Some(static_get),
        ..Slots::EMPTY
    },
    ..EMPTY
};
