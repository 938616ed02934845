//! `weakref.ReferenceType`: a reference that does not keep its referent alive.
//!
//! The lists that lead from a referent to its weak references are in `memory::weakref`; the
//! proxies are in `weakproxy`.

use std::ptr::NonNull;

use super::slots::{Args, CompareOp, PyResult, Slots};
use super::spec::{Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use super::{StrObject, TypeObject, args, names, types};
use crate::memory::object::WeakKind;
use crate::memory::weakref::{self, WeakRefCore};
use crate::memory::{Layout as _, Object, Ref, Slot, Trace, Visitor, free_object, new_ref, track, untrack};
use crate::vm::Ctx;

pub use super::weakproxy::{WEAKCALLABLEPROXY, WEAKPROXY};

/// The receiver of a slot of weak references.
pub(super) fn this(object: &Object) -> &WeakRefCore {
    // SAFETY: slots of the weak reference types are called with their instances only, which begin
    // with this layout.
    unsafe { object.cast() }
}

/// The object under a weak reference's layout, if it is a `ref` (proxies do not count).
pub fn as_weakref(object: &Object) -> Option<&WeakRefCore> {
    object.is_instance(types().weakref).then(|| this(object))
}

/// Whether objects of this type can be weakly referenced.
pub fn is_referable(object: &Object) -> bool {
    object.type_core().info.weaklist_offset.get() != 0
}

pub(super) fn check_referable(cx: Ctx, object: &Object) -> PyResult<()> {
    if is_referable(object) {
        return Ok(());
    }
    Err(cx.type_error(format_args!("cannot create weak reference to '{}' object", object.ty().tp_name())))
}

/// A fresh weak reference of a built-in type, attached to its referent and tracked.
pub(super) fn make(ty: &TypeObject, referent: &Object, callback: Option<Ref>) -> Ref {
    let made = new_ref(&ty.core, |object| WeakRefCore {
        object,
        referent: None.into(),
        callback: Slot::from_option(callback),
        hash: (-1).into(),
        prev: None.into(),
        next: None.into(),
    });
    weakref::attach(&made, referent);
    track(&made.object);
    made.into_object()
}

/// `weakref.ref(referent, callback)`: without callback the one that exists already, if any.
pub fn new_weakref(cx: Ctx, referent: &Object, callback: Option<&Object>) -> PyResult {
    check_referable(cx, referent)?;
    let callback = callback.filter(|callback| !cx.is_none(callback));
    if callback.is_none()
        && let Some(shared) = weakref::find_shared(referent, WeakKind::Ref)
    {
        return Ok(shared.into_object());
    }
    Ok(make(types().weakref, referent, callback.map(Object::to_ref)))
}

fn new(cx: Ctx, ty: &TypeObject, given: Args<'_>) -> PyResult {
    args::check_count(cx, "__new__", given.pos(), 1, 2)?;
    let referent = &given.pos()[0];
    let callback = given.pos().get(1);
    if ty.is_type(types().weakref) {
        return new_weakref(cx, referent, callback.map(|c| &**c));
    }
    check_referable(cx, referent)?;
    let callback = callback.filter(|callback| !cx.is_none(callback)).cloned();
    let object = super::type_::instance::new_instance(cx, ty)?;
    let made = this(&object);
    made.hash.set(-1);
    made.callback.set(callback);
    weakref::attach(made, referent);
    Ok(object)
}

fn init(cx: Ctx, _object: &Object, given: Args<'_>) -> PyResult<()> {
    args::no_keywords(cx, "ref", given)?;
    args::check_count(cx, "__init__", given.pos(), 1, 2)
}

fn call(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult {
    args::no_keywords(cx, "weakref", given)?;
    args::check_count(cx, "weakref", given.pos(), 0, 0)?;
    Ok(weakref::referent(this(object)).unwrap_or_else(|| cx.none()))
}

fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let known = this(object).hash.get();
    if known != -1 {
        return Ok(known);
    }
    let Some(referent) = weakref::referent(this(object)) else {
        return Err(cx.type_error("weak object has gone away"));
    };
    let hash = cx.hash(&referent)?;
    this(object).hash.set(hash);
    Ok(hash)
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let Some(referent) = weakref::referent(this(object)) else {
        return Ok(cx.new_str(&format!("<weakref at {:#x}; dead>", object.address())).into_object());
    };
    let name = cx.get_attr_opt(&referent, &names().name)?;
    let mut text = super::str::StrBuilder::new();
    text.push_str(&format!(
        "<weakref at {:#x}; to '{}' at {:#x}",
        object.address(),
        referent.ty().tp_name(),
        referent.address()
    ));
    if let Some(name) = name.as_ref().and_then(|name| name.downcast::<StrObject>()) {
        text.push_str(" (");
        text.push_obj(name);
        text.push_char(')');
    }
    text.push_char('>');
    Ok(text.finish().into_object())
}

/// Two live references compare as their referents do, others by identity.
fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(left), Some(right)) = (as_weakref(a), as_weakref(b)) else {
        return Ok(cx.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.not_implemented());
    }
    match (weakref::referent(left), weakref::referent(right)) {
        (Some(left), Some(right)) => cx.compare(&left, &right, op),
        _ => Ok(cx.bool(a.is(b) == (op == CompareOp::Eq))),
    }
}

/// # Safety
/// The slot of the weak reference types.
pub(super) unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the reference leaves its referent's list before it is freed.
    unsafe {
        untrack(object.as_ref());
        weakref::clear(this(object.as_ref()));
        free_object(object);
    }
}

/// # Safety
/// The slot of the weak reference types.
pub(super) unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    this(unsafe { object.as_ref() }).callback.trace(visitor);
}

/// # Safety
/// The slot of the weak reference types.
pub(super) unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    weakref::clear(this(unsafe { object.as_ref() }));
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    super::generic_alias::new_alias(cx, class, item)
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "weakref.ReferenceType",
    layout: Layout::gc::<WeakRefCore>(),
    basicsize: 64,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::BASETYPE).with(TypeFlags::HAVE_VECTORCALL),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        call: Some(call),
        hash: Some(hash),
        repr: Some(repr),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class()],
    members: &[MemberDef {
        name: "__callback__",
        get: |cx, object| Ok(this(object).callback.get().unwrap_or_else(|| cx.none())),
        set: None,
        doc: "",
    }],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};

const _: () = assert!(size_of::<WeakRefCore>() == 56);

/// A plain `weakref.ref` without callback.
pub fn new_plain(cx: Ctx, referent: &Object) -> PyResult<Ref<WeakRefCore>> {
    let made = new_weakref(cx, referent, None)?;
    // SAFETY: every weak reference has this layout.
    Ok(unsafe { made.cast_unchecked() })
}
