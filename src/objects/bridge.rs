//! What objects ask of the running program: its frame and its builtins.

use super::{CellObject, DictObject, PyResult, TypeObject};
use crate::code::object::kind;
use crate::memory::{Layout, Ref};
use crate::vm::Ctx;

pub use super::iterators::new_sequence_iterator;

impl Ctx {
    /// A builtin function by name.
    pub fn builtin(self, name: &str) -> PyResult {
        let name = self.intern(name);
        self.vm()
            .builtins
            .get()
            .and_then(|builtins| builtins.get_str(self, &name))
            .ok_or_else(|| self.attribute_missing_builtin(&name.to_string_lossy()))
    }

    fn attribute_missing_builtin(self, name: &str) -> super::Raised {
        self.raise(super::exceptions().attribute_error, name)
    }

    /// The globals of the running Python frame.
    pub fn current_globals(self) -> Option<Ref<DictObject>> {
        let frame = self.vm().frame.get();
        // SAFETY: the running frame is alive.
        (!frame.is_null()).then(|| unsafe { (*frame).globals().to_ref() })
    }

    /// Class and first argument of the running method, for `super()`.
    pub fn super_arguments(self) -> PyResult<(Ref<TypeObject>, Ref)> {
        let frame = self.vm().frame.get();
        if frame.is_null() {
            return Err(self.runtime_error("super(): no current frame"));
        }
        // SAFETY: the running frame is alive; the indices are within its localsplus.
        unsafe {
            let frame = &*frame;
            let code = frame.code();
            if code.argcount == 0 {
                return Err(self.runtime_error("super(): no arguments"));
            }
            let first = match frame.slot(0) {
                Some(value) => match value.downcast_exact::<CellObject>() {
                    Some(cell) if code.local_kind(0) & kind::CELL != 0 => cell.contents.get(),
                    _ => Some(value.to_ref()),
                },
                None => None,
            };
            let Some(first) = first else {
                return Err(self.runtime_error("super(): arg[0] deleted"));
            };
            let start = (code.nlocalsplus - code.nfreevars) as usize;
            for index in start..code.nlocalsplus as usize {
                if !code.local_name(index).eq_str("__class__") {
                    continue;
                }
                let Some(cell) = frame.slot(index).and_then(|c| c.downcast_exact::<CellObject>()) else {
                    return Err(self.runtime_error("super(): bad __class__ cell"));
                };
                let Some(class) = cell.contents.get() else {
                    return Err(self.runtime_error("super(): empty __class__ cell"));
                };
                return class.downcast_ref::<TypeObject>().map(|class| (class, first)).map_err(|class| {
                    self.runtime_error(format_args!(
                        "super(): __class__ is not a type ({})",
                        class.ty().tp_name()
                    ))
                });
            }
            Err(self.runtime_error("super(): __class__ cell not found"))
        }
    }
}
