//! `None`, `Ellipsis`, `NotImplemented`, `True`, `False`.

use std::cell::UnsafeCell;

use super::spec::TypeSpec;
use crate::memory::Ref;

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

pub static NONE_TYPE: TypeSpec = TypeSpec { name: "NoneType", ..TypeSpec::EMPTY };
pub static ELLIPSIS_TYPE: TypeSpec = TypeSpec { name: "ellipsis", ..TypeSpec::EMPTY };
pub static NOT_IMPLEMENTED_TYPE: TypeSpec = TypeSpec { name: "NotImplementedType", ..TypeSpec::EMPTY };
