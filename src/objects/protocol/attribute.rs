//! Attribute access on any object.

use crate::memory::{Object, Ref};
use crate::objects::{PyResult, StrObject, TypeObject};
use crate::vm::Ctx;

impl Ctx {
    /// `object.name`.
    pub fn get_attr(self, object: &Object, name: &StrObject) -> PyResult {
        let _ = (object, name);
        todo!("types helper")
    }
    /// `object.name`, `None` where that raises `AttributeError` (no exception is made when the
    /// generic lookup fails: `_PyObject_LookupAttr`).
    pub fn get_attr_opt(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        let _ = (object, name);
        todo!("types helper")
    }
    /// Sets, or deletes with `None`.
    pub fn set_attr(self, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
        let _ = (object, name, value);
        todo!("types helper")
    }
    /// `object.name` by text (for names not in [`crate::objects::Names`]).
    pub fn get_attr_str(self, object: &Object, name: &str) -> PyResult {
        let name = self.intern(name);
        self.get_attr(object, &name)
    }
    /// Looks `name` up along the MRO; no descriptor is called. Cached by type version.
    #[inline]
    pub fn type_lookup(self, ty: &TypeObject, name: &StrObject) -> Option<Ref> {
        let _ = (ty, name);
        todo!("types helper")
    }
    /// A special method looked up on the type and bound to the object (`_PyObject_LookupSpecial`).
    pub fn lookup_special(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        let _ = (object, name);
        todo!("types helper")
    }
    /// For method calls without a bound method: the function to call and whether the object must
    /// be passed as first argument (`_PyObject_GetMethod`).
    pub fn get_method(self, object: &Object, name: &StrObject) -> PyResult<(Ref, bool)> {
        let _ = (object, name);
        todo!("types helper")
    }
    /// `PyObject_GenericGetAttr`, `None` instead of AttributeError where nothing is found.
    pub fn generic_get_attr_opt(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        let _ = (object, name);
        todo!("types helper")
    }
    /// `PyObject_GenericSetAttr`.
    pub fn generic_set_attr(self, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
        let _ = (object, name, value);
        todo!("types helper")
    }
    /// `isinstance(object, class_or_tuple)` with hooks.
    pub fn is_instance(self, object: &Object, class_or_tuple: &Object) -> PyResult<bool> {
        let _ = (object, class_or_tuple);
        todo!("types helper")
    }
    /// `issubclass(class, class_or_tuple)` with hooks.
    pub fn is_subclass(self, class: &Object, class_or_tuple: &Object) -> PyResult<bool> {
        let _ = (class, class_or_tuple);
        todo!("types helper")
    }
    /// `dir(object)`: a sorted list.
    pub fn dir(self, object: &Object) -> PyResult {
        let _ = object;
        todo!("types helper")
    }
}
