//! Comparison and hashing of any object.

use crate::memory::Object;
use crate::objects::{CompareOp, PyResult};
use crate::vm::Ctx;

impl Ctx {
    /// `a <op> b` as an object.
    pub fn compare(self, a: &Object, b: &Object, op: CompareOp) -> PyResult {
        let _ = (a, b, op);
        todo!("types helper")
    }
    /// `a <op> b` as a truth value; identity decides `==` and `!=` first (`PyObject_RichCompareBool`).
    pub fn compare_bool(self, a: &Object, b: &Object, op: CompareOp) -> PyResult<bool> {
        let _ = (a, b, op);
        todo!("types helper")
    }
    /// `a is b or a == b`.
    #[inline]
    pub fn equal(self, a: &Object, b: &Object) -> PyResult<bool> {
        self.compare_bool(a, b, CompareOp::Eq)
    }
    /// `hash(object)`; never -1.
    pub fn hash(self, object: &Object) -> PyResult<i64> {
        let _ = object;
        todo!("types helper")
    }
}
