//! Arithmetic and numeric conversion of any object.

use num_bigint::BigInt;

use crate::memory::{Object, Ref};
use crate::objects::{IntObject, PyResult};
use crate::vm::Ctx;

/// Binary operators in CPython 3.11's `BINARY_OP` numbering (0 to 12; in place + 13).
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOp {
    Add = 0,
    And = 1,
    FloorDivide = 2,
    Lshift = 3,
    MatrixMultiply = 4,
    Multiply = 5,
    Remainder = 6,
    Or = 7,
    Power = 8,
    Rshift = 9,
    Subtract = 10,
    TrueDivide = 11,
    Xor = 12,
}

impl Ctx {
    /// `a <op> b`, with reflected methods and sequence fallbacks.
    pub fn binary_op(self, op: BinaryOp, a: &Object, b: &Object) -> PyResult {
        let _ = (op, a, b);
        todo!("types helper")
    }
    /// `a <op>= b`.
    pub fn inplace_op(self, op: BinaryOp, a: &Object, b: &Object) -> PyResult {
        let _ = (op, a, b);
        todo!("types helper")
    }
    /// `divmod(a, b)`.
    pub fn divmod(self, a: &Object, b: &Object) -> PyResult {
        let _ = (a, b);
        todo!("types helper")
    }
    /// `pow(a, b, c)`; pass `None` (the object) for no modulus.
    pub fn power(self, a: &Object, b: &Object, modulus: &Object) -> PyResult {
        let _ = (a, b, modulus);
        todo!("types helper")
    }
    pub fn negative(self, a: &Object) -> PyResult {
        let _ = a;
        todo!("types helper")
    }
    pub fn positive(self, a: &Object) -> PyResult {
        let _ = a;
        todo!("types helper")
    }
    pub fn invert(self, a: &Object) -> PyResult {
        let _ = a;
        todo!("types helper")
    }
    pub fn absolute(self, a: &Object) -> PyResult {
        let _ = a;
        todo!("types helper")
    }
    /// `operator.index(object)`: an `int`; "'T' object cannot be interpreted as an integer".
    pub fn index(self, object: &Object) -> PyResult<Ref<IntObject>> {
        let _ = object;
        todo!("numbers helper")
    }
    /// `index` as a size; values beyond are clipped (`PyNumber_AsSsize_t(o, NULL)`).
    pub fn index_clipped(self, object: &Object) -> PyResult<isize> {
        let _ = object;
        todo!("numbers helper")
    }
    /// `index` as a size; beyond it `IndexError`-like overflow of type `overflow`
    /// ("cannot fit 'T' into an index-sized integer").
    pub fn index_sized(self, object: &Object, overflow: &crate::objects::TypeObject) -> PyResult<isize> {
        let _ = (object, overflow);
        todo!("numbers helper")
    }
    /// A C-like integer argument (`PyLong_AsLong...`): "Python int too large to convert to C long".
    pub fn to_i64(self, object: &Object) -> PyResult<i64> {
        let _ = object;
        todo!("numbers helper")
    }
    /// As [`Ctx::to_i64`] for C `int`: "Python int too large to convert to C int" forms included.
    pub fn to_i32(self, object: &Object) -> PyResult<i32> {
        let _ = object;
        todo!("numbers helper")
    }
    /// A float argument: `float`, `__float__`, `__index__`; "must be real number, not T".
    pub fn to_f64(self, object: &Object) -> PyResult<f64> {
        let _ = object;
        todo!("numbers helper")
    }
    /// Any int-like object's value.
    pub fn to_bigint(self, object: &Object) -> PyResult<BigInt> {
        let _ = object;
        todo!("numbers helper")
    }
}
