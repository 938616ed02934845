//! Visitors: what the collector (and everybody who asks for referents) hands to `traverse`.
//!
//! The collector's own passes are variants instead of closures, so that the per-reference work is
//! inlined into each type's `traverse`; everybody else passes a closure.

use std::ptr::NonNull;

use super::object::Object;
use super::refs::{Layout, Ref, Slot};

/// Receives each reference that an object owns.
pub struct Visitor<'a> {
    pub(super) pass: Pass<'a>,
}

/// What is done with each reference.
pub(super) enum Pass<'a> {
    /// Collector, step 1: take internal references from the copied counts.
    SubtractRefs,
    /// Collector, step 2: mark reachable, moving unreachable candidates back to `young`.
    Reachable { young: super::gc::header::Node },
    /// Anybody: call the closure with each referent.
    Each(&'a mut dyn FnMut(NonNull<Object>)),
    /// As `Each`, with the references that CPython's `traverse` keeps to itself.
    EachOwned(&'a mut dyn FnMut(NonNull<Object>)),
}

impl<'a> Visitor<'a> {
    /// A visitor that calls `each` with every referent. The closure must not change any object.
    pub fn new(each: &'a mut dyn FnMut(NonNull<Object>)) -> Self {
        Visitor { pass: Pass::Each(each) }
    }

    /// A visitor for audits: also gets the references that `gc.get_referents` does not show
    /// because they can be part of no cycle (the string keys of a dict).
    pub fn owned(each: &'a mut dyn FnMut(NonNull<Object>)) -> Self {
        Visitor { pass: Pass::EachOwned(each) }
    }

    /// Shows a reference to audits only.
    #[inline(always)]
    pub fn visit_hidden(&mut self, referent: NonNull<Object>) {
        if let Pass::EachOwned(each) = &mut self.pass {
            each(referent);
        }
    }

    /// Shows one reference.
    #[inline(always)]
    pub fn visit(&mut self, referent: NonNull<Object>) {
        match &mut self.pass {
            // SAFETY: `traverse` shows only live objects.
            Pass::SubtractRefs => unsafe { super::gc::collect::visit_subtract(referent) },
            // SAFETY: as above.
            Pass::Reachable { young } => unsafe { super::gc::collect::visit_reachable(referent, *young) },
            Pass::Each(each) | Pass::EachOwned(each) => each(referent),
        }
    }
}

/// Something that holds references and can show them: the fields of an object.
pub trait Trace {
    fn trace(&self, visitor: &mut Visitor<'_>);
}

impl<T: Layout> Trace for Ref<T> {
    #[inline(always)]
    fn trace(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(self.as_raw().cast());
    }
}

impl<T: Layout> Trace for Slot<T> {
    #[inline(always)]
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Some(referent) = self.as_raw() {
            visitor.visit(referent);
        }
    }
}

impl<T: Trace> Trace for Option<T> {
    #[inline(always)]
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Some(value) = self {
            value.trace(visitor);
        }
    }
}

impl<T: Trace> Trace for [T] {
    #[inline(always)]
    fn trace(&self, visitor: &mut Visitor<'_>) {
        for value in self {
            value.trace(visitor);
        }
    }
}

impl<T: Trace> Trace for Vec<T> {
    #[inline(always)]
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.as_slice().trace(visitor);
    }
}

impl<T: Trace> Trace for Box<T> {
    #[inline(always)]
    fn trace(&self, visitor: &mut Visitor<'_>) {
        (**self).trace(visitor);
    }
}
