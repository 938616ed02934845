//! Where a native module keeps the type object of one of its own types.

use std::cell::Cell;

use super::spec::TypeSpec;
use super::{PyResult, TypeObject};
use crate::vm::Ctx;

/// The type made from `spec` when its module was imported.
///
/// The cell is filled anew by each interpreter, before any code of the module can run.
pub struct NativeType {
    pub spec: &'static TypeSpec,
    made: Cell<Option<&'static TypeObject>>,
}

// SAFETY: only the engine thread, which holds the heap guard, touches the cell.
unsafe impl Sync for NativeType {}

impl NativeType {
    pub const fn new(spec: &'static TypeSpec) -> NativeType {
        NativeType { spec, made: Cell::new(None) }
    }

    /// Makes the type; for the module's `exec`.
    pub fn make(&self, cx: Ctx) -> PyResult<&'static TypeObject> {
        let ty = super::type_::ready::new_static_type(cx, self.spec)?;
        self.made.set(Some(ty));
        Ok(ty)
    }

    /// As [`NativeType::make`] for a struct sequence with `visible` items.
    pub fn make_structseq(&self, cx: Ctx, visible: usize) -> PyResult<&'static TypeObject> {
        let ty = super::structseq::make_type(cx, self.spec, visible)?;
        self.made.set(Some(ty));
        Ok(ty)
    }

    /// The type; `SystemError` before its module was imported.
    pub fn get(&self, cx: Ctx) -> PyResult<&'static TypeObject> {
        self.made
            .get()
            .ok_or_else(|| cx.system_error(format_args!("type '{}' has not been made", self.spec.name)))
    }

    /// The type, if it has been made.
    pub fn peek(&self) -> Option<&'static TypeObject> {
        self.made.get()
    }

    /// Forgets the type: the heap it lies in goes away.
    pub fn forget(&self) {
        self.made.set(None);
    }
}
