//! Arithmetic and numeric conversion of any object.

use num_bigint::BigInt;

use crate::memory::{Layout, Object, Ref};
use crate::objects::{FloatObject, IntObject, PyResult, exceptions, int};
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
        if let Some(int) = object.downcast_exact::<IntObject>() {
            return Ok(int.to_ref());
        }
        if let Some(int) = object.downcast::<IntObject>() {
            return Ok(match int.as_i64() {
                Some(small) => int::from_i64(small),
                None => int::from_bigint(int.to_bigint()),
            });
        }
        let Some(slot) = object.ty().slots().nb_index else {
            return Err(self.type_error(format_args!(
                "'{}' object cannot be interpreted as an integer",
                object.ty().tp_name()
            )));
        };
        let result = slot(self, object)?;
        self.check_int_result(result, "__index__")
    }
    /// `index` as a size; values beyond are clipped (`PyNumber_AsSsize_t(o, NULL)`).
    pub fn index_clipped(self, object: &Object) -> PyResult<isize> {
        let int = self.index(object)?;
        Ok(clip(&int))
    }
    /// `index` as a size; beyond it `IndexError`-like overflow of type `overflow`
    /// ("cannot fit 'T' into an index-sized integer").
    pub fn index_sized(self, object: &Object, overflow: &crate::objects::TypeObject) -> PyResult<isize> {
        let int = self.index(object)?;
        int.as_i64().map(|value| value as isize).ok_or_else(|| {
            self.raise(
                overflow,
                format_args!("cannot fit '{}' into an index-sized integer", object.ty().tp_name()),
            )
        })
    }
    /// A C-like integer argument (`PyLong_AsLong...`): "Python int too large to convert to C long".
    pub fn to_i64(self, object: &Object) -> PyResult<i64> {
        if let Some(int) = object.downcast_exact::<IntObject>() {
            if let Some(value) = int.as_i64() {
                return Ok(value);
            }
        }
        self.index(object)?
            .as_i64()
            .ok_or_else(|| self.overflow_error("Python int too large to convert to C long"))
    }
    /// A size argument (`Py_ssize_t`): "Python int too large to convert to C ssize_t".
    pub fn to_size(self, object: &Object) -> PyResult<isize> {
        let int = self.index(object)?;
        int.as_i64()
            .map(|value| value as isize)
            .ok_or_else(|| self.overflow_error("Python int too large to convert to C ssize_t"))
    }
    /// As [`Ctx::to_i64`] for C `int`: "Python int too large to convert to C int" forms included.
    pub fn to_i32(self, object: &Object) -> PyResult<i32> {
        let int = self.index(object)?;
        int.as_i64()
            .and_then(|value| i32::try_from(value).ok())
            .ok_or_else(|| self.overflow_error("Python int too large to convert to C int"))
    }
    /// A float argument: `float`, `__float__`, `__index__`; "must be real number, not T".
    pub fn to_f64(self, object: &Object) -> PyResult<f64> {
        if let Some(float) = object.downcast::<FloatObject>() {
            return Ok(float.value);
        }
        if let Some(int) = object.downcast_exact::<IntObject>() {
            return int.to_f64().ok_or_else(|| self.overflow_error("int too large to convert to float"));
        }
        if let Some(slot) = object.ty().slots().nb_float {
            let result = slot(self, object)?;
            if let Some(float) = result.downcast_exact::<FloatObject>() {
                return Ok(float.value);
            }
            let (ty, got) = (object.ty().tp_name(), result.ty().tp_name());
            let Some(float) = result.downcast::<FloatObject>() else {
                return Err(self.type_error(format_args!("{ty}.__float__ returned non-float (type {got})")));
            };
            let message = format!(
                "{ty}.__float__ returned non-float (type {got}).  The ability to return an instance of a \
                 strict subclass of float is deprecated, and may not be supported in a future version of Python."
            );
            self.warn(exceptions().deprecation_warning, &message, 1)?;
            return Ok(float.value);
        }
        if object.ty().slots().nb_index.is_some() {
            let int = self.index(object)?;
            return int.to_f64().ok_or_else(|| self.overflow_error("int too large to convert to float"));
        }
        Err(self.type_error(format_args!("must be real number, not {}", object.ty().tp_name())))
    }
    /// Any int-like object's value.
    pub fn to_bigint(self, object: &Object) -> PyResult<BigInt> {
        Ok(self.index(object)?.to_bigint())
    }
    /// The result of `__index__` or `__int__` as an `int`; a derived type is let through with a
    /// `DeprecationWarning`.
    pub(crate) fn check_int_result(self, result: Ref, method: &str) -> PyResult<Ref<IntObject>> {
        if result.downcast_exact::<IntObject>().is_none() {
            let got = result.ty().tp_name();
            if result.downcast::<IntObject>().is_none() {
                return Err(self.type_error(format_args!("{method} returned non-int (type {got})")));
            }
            let message = format!(
                "{method} returned non-int (type {got}).  The ability to return an instance of a strict subclass \
                 of int is deprecated, and may not be supported in a future version of Python."
            );
            self.warn(exceptions().deprecation_warning, &message, 1)?;
        }
        // SAFETY: both branches above have seen that it is an `int` or derived.
        Ok(unsafe { result.cast_unchecked() })
    }
}

/// The value as a size, clipped to what fits.
fn clip(int: &IntObject) -> isize {
    match int.as_i64() {
        Some(value) => value as isize,
        None if int.is_negative() => isize::MIN,
        None => isize::MAX,
    }
}
