//! `None`, `Ellipsis`, `NotImplemented`, `True`, `False`.

use std::cell::UnsafeCell;
use std::ptr::NonNull;

use super::PyResult;
use super::slots::{Args, Slots};
use super::spec::{MethodDef, TypeSpec};
use crate::memory::{Object, Ref};
use crate::vm::Ctx;

/// The singletons of the interpreter, made at start-up.
pub(crate) struct Singletons {
    pub none: Ref,
    pub ellipsis: Ref,
    pub not_implemented: Ref,
    pub false_: Ref,
    pub true_: Ref,
}

pub(crate) struct Table(pub UnsafeCell<Option<Singletons>>);

// SAFETY: only the engine thread, which holds the heap guard, touches the table.
unsafe impl Sync for Table {}

pub(crate) static TABLE: Table = Table(UnsafeCell::new(None));

#[inline(always)]
fn table() -> &'static Singletons {
    // SAFETY: written once at start-up, before anything can call this; taken away last.
    unsafe { (*TABLE.0.get()).as_ref().unwrap_unchecked() }
}

#[inline(always)]
pub fn none() -> &'static Ref {
    &table().none
}

#[inline(always)]
pub fn ellipsis() -> &'static Ref {
    &table().ellipsis
}

#[inline(always)]
pub fn not_implemented() -> &'static Ref {
    &table().not_implemented
}

#[inline(always)]
pub fn bool(value: bool) -> &'static Ref {
    if value { &table().true_ } else { &table().false_ }
}

fn new_singleton(cx: Ctx, args: Args<'_>, name: &str, value: &Ref) -> PyResult {
    if !args.all().is_empty() {
        return Err(cx.type_error(format!("{name} takes no arguments")));
    }
    Ok(value.clone())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn never(object: NonNull<Object>) {
    // The interpreter holds a reference until the heap itself goes: somebody gave one up that
    // was not theirs. The object stays.
    // SAFETY: the object is whole; nobody else holds it.
    unsafe { object.as_ref().set_refcount(1) };
}

const EMPTY: TypeSpec = TypeSpec { dealloc: Some(never), ..TypeSpec::EMPTY };

pub static NONE_TYPE: TypeSpec = TypeSpec {
    name: "NoneType",
    slots: Slots {
        new: Some(|cx, _, args| new_singleton(cx, args, "NoneType", none())),
        repr: Some(|cx, _| Ok(cx.new_str("None").into_object())),
        nb_bool: Some(|_, _| Ok(false)),
        ..Slots::EMPTY
    },
    ..EMPTY
};

pub static ELLIPSIS_TYPE: TypeSpec = TypeSpec {
    name: "ellipsis",
    slots: Slots {
        new: Some(|cx, _, args| new_singleton(cx, args, "EllipsisType", ellipsis())),
        repr: Some(|cx, _| Ok(cx.new_str("Ellipsis").into_object())),
        getattro: Some(super::attr::generic_get_attr),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", |cx, _| Ok(cx.new_str("Ellipsis").into_object()), "")],
    ..EMPTY
};

pub static NOT_IMPLEMENTED_TYPE: TypeSpec = TypeSpec {
    name: "NotImplementedType",
    slots: Slots {
        new: Some(|cx, _, args| new_singleton(cx, args, "NotImplementedType", not_implemented())),
        repr: Some(|cx, _| Ok(cx.new_str("NotImplemented").into_object())),
        nb_bool: Some(|cx, _| {
            cx.warn(
                super::exceptions().deprecation_warning,
                "NotImplemented should not be used in a boolean context",
                1,
            )?;
            Ok(true)
        }),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", |cx, _| Ok(cx.new_str("NotImplemented").into_object()), "")],
    ..EMPTY
};

/// Shows every singleton, once for each reference that the table holds.
pub fn each_shared(each: &mut dyn FnMut(&Object)) {
    let table = table();
    for held in [&table.none, &table.ellipsis, &table.not_implemented, &table.false_, &table.true_] {
        each(held);
    }
}
