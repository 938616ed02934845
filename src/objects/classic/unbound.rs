//! Methods as Python 2.7 makes them: `instancemethod`s that know the class they were looked up in, bound or not.
//!
//! A bound one is the modern `method` with its class noted; an unbound one is a type of its own, so that the eval loop
//! never opens it.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::classobj::ClassObject;
use super::instance::InstanceObject;
use super::{CLASSOBJ, UNBOUND};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::method::{MethodObject, new_method};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{GetSetDef, Layout, TypeFlags, TypeSpec};
use crate::objects::{PyResult, StrObject, TypeObject, attr, names};
use crate::vm::Ctx;

/// A method looked up in a class.
#[repr(C)]
pub struct UnboundObject {
    object: Object,
    function: Slot,
    class: Slot,
    weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for UnboundObject {}

/// `function.__get__(instance, owner)` of the classic era.
pub fn bind(cx: Ctx, function: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    match instance {
        Some(instance) if !cx.is_none(instance) => {
            let method = new_method(cx, function.to_ref(), instance.to_ref());
            method.class.set(owner.map(Object::to_ref));
            Ok(method.into_object())
        }
        _ => {
            let ty = UNBOUND.get(cx)?;
            let made = memory::new_ref(&ty.core, |object| UnboundObject {
                object,
                function: Slot::new(function.to_ref()),
                class: Slot::from_option(owner.map(Object::to_ref)),
                weaklist: Cell::new(0),
            });
            memory::track(&made.object);
            Ok(made.into_object())
        }
    }
}

/// The name of a class of either kind.
pub fn class_name(class: &Object) -> String {
    if let Some(class) = ClassObject::from(class) {
        return class.name_text();
    }
    class.downcast::<TypeObject>().map_or_else(|| "?".to_owned(), TypeObject::name_text)
}

fn function_name(cx: Ctx, function: &Object) -> PyResult<String> {
    let name = cx.get_attr_opt(function, &names().name)?;
    Ok(name
        .and_then(|name| name.downcast::<StrObject>().map(StrObject::to_string_lossy))
        .unwrap_or_else(|| "?".to_owned()))
}

/// What an object's class is called in messages: "A instance" or "int instance".
fn shown_instance(object: Option<&Ref>) -> String {
    match object {
        None => "nothing".to_owned(),
        Some(object) => match InstanceObject::from(object) {
            Some(instance) => format!("{} instance", instance.class_name()),
            None => format!("{} instance", object.ty().name_text()),
        },
    }
}

fn this(object: &Object) -> &UnboundObject {
    // SAFETY: slots of the type are called on its instances only.
    unsafe { object.cast() }
}

fn call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let method = this(object);
    let Some(function) = method.function.get() else { return Ok(cx.none()) };
    if let Some(class) = method.class.get() {
        let first = args.pos().first();
        let fits = match first {
            Some(first) => cx.is_instance(first, &class)?,
            None => false,
        };
        if !fits {
            return Err(cx.type_error(format!(
                "unbound method {}() must be called with {} instance as first argument (got {} instead)",
                function_name(cx, &function)?,
                class_name(&class),
                shown_instance(first)
            )));
        }
    }
    cx.call_args(&function, args)
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let method = this(object);
    let Some(function) = method.function.get() else { return Ok(cx.none()) };
    let class = method.class.peek().map_or_else(|| "?".to_owned(), class_name);
    let text = format!("<unbound method {class}.{}>", function_name(cx, &function)?);
    Ok(cx.new_str(&text).into_object())
}

/// `<bound method A.f of <__main__.A instance at 0x…>>`.
pub fn bound_repr(cx: Ctx, method: &MethodObject) -> PyResult {
    let (function, receiver) = method.parts();
    let class = match method.class.get() {
        Some(class) => class_name(&class),
        None => receiver.ty().name_text(),
    };
    let shown = cx.repr_text(&receiver)?;
    let text = format!("<bound method {class}.{} of {shown}>", function_name(cx, &function)?);
    Ok(cx.new_str(&text).into_object())
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    if cx.type_lookup(object.ty(), name).is_some()
        && let Some(value) = attr::generic_get_attr_opt(cx, object, name)?
    {
        return Ok(value);
    }
    match this(object).function.get() {
        Some(function) => cx.get_attr(&function, name),
        None => Ok(cx.none()),
    }
}

/// Unbound methods bind when they are found in a class of which the instance is one.
fn descr_get(cx: Ctx, object: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    let method = this(object);
    let (Some(instance), Some(class)) = (instance.filter(|i| !cx.is_none(i)), method.class.get()) else {
        return Ok(object.to_ref());
    };
    if CLASSOBJ.is_exact(&class) || cx.is_instance(instance, &class)? {
        let Some(function) = method.function.get() else { return Ok(object.to_ref()) };
        return bind(cx, &function, Some(instance), owner);
    }
    Ok(object.to_ref())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let method = object.as_ref().cast::<UnboundObject>();
        memory::untrack(&method.object);
        if method.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(&method.object);
        }
        drop(method.function.take());
        drop(method.class.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let method = unsafe { object.as_ref().cast::<UnboundObject>() };
    method.function.trace(visitor);
    method.class.trace(visitor);
}

macro_rules! field {
    ($name:literal, $get:expr) => {
        GetSetDef { name: $name, get: Some($get), set: None, doc: "" }
    };
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "instancemethod",
    doc: Some("instancemethod(function, instance, class)\n\nCreate an instance method object."),
    layout: Layout::gc::<UnboundObject>().weaklist(offset_of!(UnboundObject, weaklist)),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        repr: Some(repr),
        call: Some(call),
        getattro: Some(getattro),
        descr_get: Some(descr_get),
        ..Slots::EMPTY
    },
    getset: &[
        field!("im_func", |cx, object| Ok(this(object).function.get().unwrap_or_else(|| cx.none()))),
        field!("__func__", |cx, object| Ok(this(object).function.get().unwrap_or_else(|| cx.none()))),
        field!("im_self", |cx, _| Ok(cx.none())),
        field!("__self__", |cx, _| Ok(cx.none())),
        field!("im_class", |cx, object| Ok(this(object).class.get().unwrap_or_else(|| cx.none()))),
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
