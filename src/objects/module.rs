//! `module`.

use std::cell::Cell;

use super::dict::DictObject;
use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object, Slot};

#[repr(C)]
pub struct ModuleObject {
    pub object: Object,
    /// `__dict__`; never empty while the module is alive.
    pub dict: Slot<DictObject>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ModuleObject {}
// SAFETY: every module instance begins with this layout.
unsafe impl TypedLayout for ModuleObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.module
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "module", ..TypeSpec::EMPTY };
