//! What objects ask of the running program: its frame and its builtins.

use super::{DictObject, PyResult, TypeObject};
use crate::memory::Ref;
use crate::vm::Ctx;

impl Ctx {
    /// A builtin function by name.
    pub fn builtin(self, name: &str) -> PyResult {
        Err(self.runtime_error(format!("builtin {name} is not there yet")))
    }

    /// The globals of the running Python frame.
    pub fn current_globals(self) -> Option<Ref<DictObject>> {
        None
    }

    /// Class and first argument of the running method, for `super()`.
    pub fn super_arguments(self) -> PyResult<(Ref<TypeObject>, Ref)> {
        Err(self.runtime_error("super(): no arguments"))
    }
}

/// An iterator over an object by `__getitem__` with 0, 1, 2 ... (`PySeqIter_New`).
pub fn new_sequence_iterator(cx: Ctx, object: &crate::memory::Object) -> PyResult {
    let _ = object;
    Err(cx.runtime_error("sequence iterators are not there yet"))
}
