//! `cell`: a variable shared between a function and its closures.

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object, Slot};

#[repr(C)]
pub struct CellObject {
    pub object: Object,
    pub contents: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for CellObject {}
// SAFETY: every cell begins with this layout.
unsafe impl TypedLayout for CellObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.cell
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "cell", ..TypeSpec::EMPTY };
