//! `repr`, `str`, `ascii`, `format`, truth.

use crate::memory::{Object, Ref};
use crate::objects::{PyResult, StrObject};
use crate::vm::Ctx;

impl Ctx {
    /// `repr(object)`.
    pub fn repr(self, object: &Object) -> PyResult<Ref<StrObject>> {
        let _ = object;
        todo!("types helper")
    }
    /// `str(object)`.
    pub fn str(self, object: &Object) -> PyResult<Ref<StrObject>> {
        let _ = object;
        todo!("types helper")
    }
    /// `ascii(object)`.
    pub fn ascii(self, object: &Object) -> PyResult<Ref<StrObject>> {
        let _ = object;
        todo!("types helper")
    }
    /// `format(object, spec)`.
    pub fn format(self, object: &Object, spec: &StrObject) -> PyResult<Ref<StrObject>> {
        let _ = (object, spec);
        todo!("types helper")
    }
    /// Truth of an object: `nb_bool`, then length, else true.
    #[inline]
    pub fn is_true(self, object: &Object) -> PyResult<bool> {
        let _ = object;
        todo!("types helper")
    }
    /// `repr` as Rust text, surrogates replaced: for messages.
    pub fn repr_text(self, object: &Object) -> PyResult<String> {
        Ok(self.repr(object)?.to_string_lossy())
    }
}
