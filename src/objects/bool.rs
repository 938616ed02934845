//! `bool`: two integers with names of their own. The objects are made once, at start-up.

use crate::memory::Object;
use crate::objects::args::positional;
use crate::objects::int::ops;
use crate::objects::slots::{Args, PyResult, Slots};
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{IntObject, TypeObject};
use crate::vm::Ctx;

fn new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    match positional(cx, "bool", args, 0, 1)?.first() {
        Some(value) => Ok(cx.bool(cx.is_true(value)?)),
        None => Ok(cx.bool(false)),
    }
}

fn truth(object: &Object) -> Option<bool> {
    object.downcast_exact::<BoolObject>().map(|value| value.0.small != 0)
}

/// An `IntObject` known to be `True` or `False`.
#[repr(C)]
struct BoolObject(IntObject);

// SAFETY: `repr(C)` and the first field is a layout.
unsafe impl crate::memory::Layout for BoolObject {}
// SAFETY: instances of `bool` are integers.
unsafe impl crate::objects::TypedLayout for BoolObject {
    fn type_of(types: &crate::objects::Types) -> &'static TypeObject {
        types.bool
    }
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    let text = if truth(this) == Some(true) { "True" } else { "False" };
    Ok(cx.intern(text).into_object())
}

/// A bit operation that stays within `bool` when both operands are.
macro_rules! logic {
    ($($name:ident, $integer:path: $operator:tt;)*) => {$(
        fn $name(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            match (truth(a), truth(b)) {
                (Some(a), Some(b)) => Ok(cx.bool(a $operator b)),
                _ => $integer(cx, a, b),
            }
        }
    )*};
}

logic! {
    and, ops::nb_and: &;
    or, ops::nb_or: |;
    xor, ops::nb_xor: ^;
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "bool",
    doc: Some(
        "bool(x) -> bool\n\nTrue when the argument x is true, False otherwise.\nTrue and False are the only two \
         instances; the class is derived from int and\ncannot be derived from.",
    ),
    layout: Layout::plain::<IntObject>(),
    basicsize: 32,
    itemsize: 4,
    flags: TypeFlags::LONG_SUBCLASS.with(TypeFlags::MATCH_SELF),
    base: Some(|types| types.int),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        nb_and: Some(and),
        nb_or: Some(or),
        nb_xor: Some(xor),
        ..Slots::EMPTY
    },
    dealloc: Some(crate::objects::int::dealloc),
    ..TypeSpec::EMPTY
};
