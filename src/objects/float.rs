//! `float`.

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types, types};
use crate::memory::{Layout, Object, Ref, new_ref};

#[repr(C)]
pub struct FloatObject {
    pub object: Object,
    pub value: f64,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for FloatObject {}
// SAFETY: every `float` instance begins with this layout.
unsafe impl TypedLayout for FloatObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.float
    }
}

/// A `float` object.
#[inline]
pub fn from_f64(value: f64) -> Ref<FloatObject> {
    new_ref(&types().float.core, |object| FloatObject { object, value })
}

pub static SPEC: TypeSpec = TypeSpec { name: "float", ..TypeSpec::EMPTY };
