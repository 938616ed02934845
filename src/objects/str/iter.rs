//! Iterators over the characters of a string. One of their type serves ASCII strings.

use std::cell::Cell;

use super::{StrObject, raw};
use crate::memory::{Layout, Object, Ref, Slot, Trace, Visitor, new_ref, track};
use crate::objects::slots::{PyResult, Slots};
use crate::objects::spec::{Layout as SpecLayout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::types;
use crate::vm::Ctx;

#[repr(C)]
pub struct StrIterator {
    pub object: Object,
    index: Cell<usize>,
    /// Empty once exhausted.
    text: Slot<StrObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for StrIterator {}

/// `iter(text)`.
pub fn new(text: &StrObject) -> Ref<StrIterator> {
    let ty = if text.is_ascii() { types().str_ascii_iterator } else { types().str_iterator };
    let text = text.to_ref();
    let iterator =
        new_ref(&ty.core, |object| StrIterator { object, index: Cell::new(0), text: Slot::new(text) });
    track(iterator.as_object());
    iterator
}

fn receiver(object: &Object) -> &StrIterator {
    // SAFETY: slots and methods of the type are called with its instances only.
    unsafe { object.cast() }
}

impl StrIterator {
    /// The next character.
    #[inline]
    pub fn advance(&self) -> Option<Ref<StrObject>> {
        let text = self.text.peek()?;
        let index = self.index.get();
        if index < text.len() {
            self.index.set(index + 1);
            return Some(raw::from_point(text.code_point(index)));
        }
        self.text.set(None);
        None
    }
}

fn next(_: Ctx, this: &Object) -> PyResult<Option<Ref>> {
    Ok(receiver(this).advance().map(Ref::into_object))
}

fn itself(_: Ctx, this: &Object) -> PyResult {
    Ok(this.to_ref())
}

fn length_hint(cx: Ctx, this: &Object) -> PyResult {
    let this = receiver(this);
    let left = this.text.peek().map_or(0, |text| text.len() - this.index.get().min(text.len()));
    Ok(cx.new_uint(left))
}

/// The built-in function `iter`, as `__reduce__` of iterators names it.
pub(crate) fn builtin_iter(cx: Ctx) -> PyResult {
    crate::objects::iterators::common::builtin(cx, "iter")
}

fn reduce(cx: Ctx, this: &Object) -> PyResult {
    let this = receiver(this);
    let iter = builtin_iter(cx)?;
    Ok(match this.text.get() {
        Some(text) => {
            let args = cx.new_tuple(vec![text.into_object()]).into_object();
            cx.new_tuple(vec![iter, args, cx.new_uint(this.index.get())]).into_object()
        }
        None => {
            let args = cx.new_tuple(vec![raw::empty().into_object()]).into_object();
            cx.new_tuple(vec![iter, args]).into_object()
        }
    })
}

fn setstate(cx: Ctx, this: &Object, state: &Ref) -> PyResult {
    let index = cx.to_i64(state)?;
    let this = receiver(this);
    if let Some(text) = this.text.peek() {
        this.index.set(usize::try_from(index).unwrap_or(0).min(text.len()));
    }
    Ok(cx.none())
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: std::ptr::NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<StrIterator>().as_ref() }.text.trace(visitor);
}

const METHODS: &[MethodDef] = &[
    MethodDef::no_args("__length_hint__", length_hint, "An estimate of how many items are left."),
    MethodDef::no_args("__reduce__", reduce, "The state, for pickling."),
    MethodDef::one("__setstate__", setstate, "Sets the state, for unpickling."),
];

const fn spec(name: &'static str) -> TypeSpec {
    TypeSpec {
        name,
        layout: SpecLayout::gc::<StrIterator>(),
        basicsize: 32,
        flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
        slots: Slots { iter: Some(itself), iternext: Some(next), ..Slots::EMPTY },
        methods: METHODS,
        dealloc: Some(crate::memory::dealloc_as::<StrIterator>),
        traverse: Some(traverse),
        ..TypeSpec::EMPTY
    }
}

pub static STR_ITERATOR: TypeSpec = spec("str_iterator");
pub static STR_ASCII_ITERATOR: TypeSpec = spec("str_ascii_iterator");
