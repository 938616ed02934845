//! Attributes of the `sys` module, as native code reads and writes them.
//!
//! Everything a program may replace (`sys.stderr`, `sys.excepthook`, ...) is looked up here each
//! time it is needed. A name that is missing is simply not there: no exception is made.

use super::Ctx;
use crate::memory::{Object, Ref};
use crate::objects::str::StrBuilder;
use crate::objects::{PyResult, StrObject, names};

impl Ctx {
    /// `sys.<name>`, if there is a `sys` module and it has that attribute (`PySys_GetObject`).
    pub fn sys_attr(self, name: &str) -> Option<Ref> {
        let dict = self.vm().sys_dict.get()?;
        dict.get_str(self, &self.intern(name))
    }

    /// Sets `sys.<name>`, or deletes it with `None`; a missing `sys` is passed over.
    pub fn set_sys_attr(self, name: &str, value: Option<Ref>) -> PyResult<()> {
        let Some(dict) = self.vm().sys_dict.get() else { return Ok(()) };
        let name = self.intern(name);
        match value {
            Some(value) => dict.set_str(self, &name, value),
            None => self
                .catch(dict.remove(self, name.as_object()), crate::objects::exceptions().key_error)
                .map(drop),
        }
    }

    /// `sys.stderr`, unless it is missing or `None`.
    pub fn stderr(self) -> Option<Ref> {
        self.sys_attr("stderr").filter(|file| !self.is_none(file))
    }

    /// Calls `file.write(text)`.
    pub fn write_to(self, file: &Object, text: &StrObject) -> PyResult<()> {
        self.call_method(file, &names().write, &[text.to_object()]).map(drop)
    }

    /// Calls `file.flush()`; what that raises is swallowed.
    pub fn flush_quietly(self, file: &Object) {
        if let Err(raised) = self.call_method(file, &names().flush, &[]) {
            self.clear_exception(raised);
        }
    }

    /// Writes to `sys.stderr` whatever is pending, or to the process's standard error when there is
    /// no such file (`PySys_WriteStderr`). Never raises; a pending exception stays pending.
    pub fn write_stderr(self, text: &str) {
        self.with_exception_saved(|| {
            let written = match self.stderr() {
                Some(file) => {
                    let text = self.new_str(text);
                    match self.write_to(&file, &text) {
                        Ok(()) => true,
                        Err(raised) => {
                            self.clear_exception(raised);
                            false
                        }
                    }
                }
                None => false,
            };
            if !written {
                write_raw_stderr(text);
            }
        });
    }

    /// Writes what a builder has gathered to `sys.stderr` and flushes it. Never raises.
    pub(super) fn write_built(self, file: &Object, text: StrBuilder) {
        let text = text.finish();
        if let Err(raised) = self.write_to(file, &text) {
            self.clear_exception(raised);
        }
        self.flush_quietly(file);
    }
}

use crate::memory::Layout as _;

/// Writes to the process's standard error, past everything Python.
pub fn write_raw_stderr(text: &str) {
    use std::io::Write;
    // Nobody is left to tell when even this fails.
    let _unheard = std::io::stderr().write_all(text.as_bytes());
}
