//! Iteration over any object.

use crate::memory::{Object, Ref};
use crate::objects::PyResult;
use crate::vm::Ctx;

impl Ctx {
    /// `iter(object)`; "'T' object is not iterable" otherwise.
    pub fn iter(self, object: &Object) -> PyResult {
        let _ = object;
        todo!("types helper")
    }
    /// The next item, `None` at the end (a raised StopIteration is swallowed: `PyIter_Next`).
    pub fn next(self, iterator: &Object) -> PyResult<Option<Ref>> {
        let _ = iterator;
        todo!("types helper")
    }
    /// All items of an iterable (`PySequence_List` as a vector).
    pub fn collect(self, iterable: &Object) -> PyResult<Vec<Ref>> {
        let _ = iterable;
        todo!("types helper")
    }
    /// `operator.length_hint(object, default)`.
    pub fn length_hint(self, object: &Object, default: usize) -> PyResult<usize> {
        let _ = (object, default);
        todo!("types helper")
    }
}
