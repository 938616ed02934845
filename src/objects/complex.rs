//! `complex`.

use super::type_object::TypedLayout;
use super::{TypeObject, Types, types};
use crate::memory::{Layout, Object, Ref, new_ref};
use crate::objects::spec::TypeSpec;

#[repr(C)]
pub struct ComplexObject {
    pub object: Object,
    pub re: f64,
    pub im: f64,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ComplexObject {}
// SAFETY: every `complex` instance begins with this layout.
unsafe impl TypedLayout for ComplexObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.complex
    }
}

/// A `complex` object.
pub fn from_parts(re: f64, im: f64) -> Ref<ComplexObject> {
    new_ref(&types().complex.core, |object| ComplexObject { object, re, im })
}

pub static SPEC: TypeSpec = TypeSpec { name: "complex", ..TypeSpec::EMPTY };
