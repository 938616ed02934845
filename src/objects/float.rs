//! `float`.

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object};

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

pub static SPEC: TypeSpec = TypeSpec { name: "float", ..TypeSpec::EMPTY };
