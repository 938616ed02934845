//! Comparison and hashing of any object.

use crate::memory::{Object, Ref};
use crate::objects::{CompareOp, FloatObject, IntObject, PyResult, StrObject, types};
use crate::vm::Ctx;

impl Ctx {
    /// `a <op> b` as an object.
    pub fn compare(self, a: &Object, b: &Object, op: CompareOp) -> PyResult {
        let _guard = self.enter_recursion(" in comparison")?;
        let (left, right) = (a.ty(), b.ty());
        let mut tried_reflected = false;
        if !left.is_type(right)
            && right.is_subtype(left)
            && let Some(compare) = right.slots().richcompare
        {
            tried_reflected = true;
            let result = compare(self, b, a, op.swapped())?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if let Some(compare) = a.ty().slots().richcompare {
            let result = compare(self, a, b, op)?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if !tried_reflected && let Some(compare) = b.ty().slots().richcompare {
            let result = compare(self, b, a, op.swapped())?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if crate::era::is_classic() {
            return crate::objects::classic::compare::fallback(self, a, b, op);
        }
        match op {
            CompareOp::Eq => Ok(self.bool(a.is(b))),
            CompareOp::Ne => Ok(self.bool(!a.is(b))),
            _ => Err(self.type_error(format!(
                "'{}' not supported between instances of '{}' and '{}'",
                op.symbol(),
                a.ty().tp_name(),
                b.ty().tp_name()
            ))),
        }
    }
    /// `a <op> b` as a truth value; identity decides `==` and `!=` first (`PyObject_RichCompareBool`).
    #[inline]
    pub fn compare_bool(self, a: &Object, b: &Object, op: CompareOp) -> PyResult<bool> {
        if a.is(b) {
            match op {
                CompareOp::Eq => return Ok(true),
                CompareOp::Ne => return Ok(false),
                _ => {}
            }
        }
        if let Some(answer) = quick_compare(a, b, op) {
            return Ok(answer);
        }
        let result: Ref = self.compare(a, b, op)?;
        self.is_true(&result)
    }
    /// `a is b or a == b`.
    #[inline]
    pub fn equal(self, a: &Object, b: &Object) -> PyResult<bool> {
        self.compare_bool(a, b, CompareOp::Eq)
    }
    /// `hash(object)`; never -1.
    #[inline]
    pub fn hash(self, object: &Object) -> PyResult<i64> {
        match object.ty().slots().hash {
            Some(hash) => hash(self, object),
            None => Err(self.type_error(format!("unhashable type: '{}'", object.ty().tp_name()))),
        }
    }
}

/// The hash of an address, as CPython mixes it: the low bits that alignment leaves empty go to
/// the top. Never -1.
#[inline]
pub fn hash_pointer(address: usize) -> i64 {
    match address.rotate_right(4) as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// The answer for two plain integers, strings or floats, which needs no call and no object.
/// Identity is not looked at: a NaN is not equal to itself here.
#[inline]
pub(crate) fn quick_compare(a: &Object, b: &Object, op: CompareOp) -> Option<bool> {
    if !std::ptr::eq(a.type_ptr(), b.type_ptr()) {
        return None;
    }
    let types = types();
    // SAFETY (all): the type was just compared, and both have it.
    if a.is_exact(types.int) {
        // SAFETY: the types were just compared.
        let (a, b) = unsafe { (a.cast::<IntObject>(), b.cast::<IntObject>()) };
        return Some(op.holds(a.cmp_int(b)));
    }
    if a.is_exact(types.str) {
        // SAFETY: the types were just compared.
        let (a, b) = unsafe { (a.cast::<StrObject>(), b.cast::<StrObject>()) };
        return Some(match op {
            CompareOp::Eq => a.eq_text(b),
            CompareOp::Ne => !a.eq_text(b),
            _ => op.holds(a.cmp_text(b)),
        });
    }
    if a.is_exact(types.float) {
        // SAFETY: the types were just compared.
        let (a, b) = unsafe { (a.cast::<FloatObject>().value, b.cast::<FloatObject>().value) };
        return Some(match op {
            CompareOp::Lt => a < b,
            CompareOp::Le => a <= b,
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            CompareOp::Gt => a > b,
            CompareOp::Ge => a >= b,
        });
    }
    None
}
