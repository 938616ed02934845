//! Arithmetic and numeric conversion of any object.

use num_bigint::BigInt;

use crate::memory::{Layout, Object, Ref};
use crate::objects::slots::{BinaryFn, SizeArgFn, UnaryFn};
use crate::objects::{FloatObject, IntObject, PyResult, Raised, Slots, exceptions, int};
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

type Pick<F> = fn(&Slots) -> Option<F>;

/// The slots of each operator, in the order of [`BinaryOp`]: plain, in place, symbol.
const OPERATORS: [(Pick<BinaryFn>, Pick<BinaryFn>, &str); 13] = [
    (|s| s.nb_add, |s| s.nb_inplace_add, "+"),
    (|s| s.nb_and, |s| s.nb_inplace_and, "&"),
    (|s| s.nb_floor_divide, |s| s.nb_inplace_floor_divide, "//"),
    (|s| s.nb_lshift, |s| s.nb_inplace_lshift, "<<"),
    (|s| s.nb_matrix_multiply, |s| s.nb_inplace_matrix_multiply, "@"),
    (|s| s.nb_multiply, |s| s.nb_inplace_multiply, "*"),
    (|s| s.nb_remainder, |s| s.nb_inplace_remainder, "%"),
    (|s| s.nb_or, |s| s.nb_inplace_or, "|"),
    (|_| None, |_| None, "** or pow()"),
    (|s| s.nb_rshift, |s| s.nb_inplace_rshift, ">>"),
    (|s| s.nb_subtract, |s| s.nb_inplace_subtract, "-"),
    (|s| s.nb_true_divide, |s| s.nb_inplace_true_divide, "/"),
    (|s| s.nb_xor, |s| s.nb_inplace_xor, "^"),
];

/// Tries `a`'s slot, then `b`'s; a subclass's goes first. `NotImplemented` where both decline
/// (`binary_op1`).
#[inline]
fn binary_slots(cx: Ctx, a: &Object, b: &Object, pick: Pick<BinaryFn>) -> PyResult {
    let (left_type, right_type) = (a.ty(), b.ty());
    let left = pick(left_type.slots());
    let mut right = None;
    if !left_type.is_type(right_type) {
        right = pick(right_type.slots());
        if right.map(|f| f as usize) == left.map(|f| f as usize) {
            right = None;
        }
    }
    if let Some(left) = left {
        if let Some(first) = right
            && right_type.is_subtype(left_type)
        {
            let result = first(cx, a, b)?;
            if !cx.is_not_implemented(&result) {
                return Ok(result);
            }
            right = None;
        }
        let result = left(cx, a, b)?;
        if !cx.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    match right {
        Some(right) => right(cx, a, b),
        None => Ok(cx.not_implemented()),
    }
}

#[cold]
fn operand_error(cx: Ctx, a: &Object, b: &Object, symbol: &str) -> Raised {
    let message = format!(
        "unsupported operand type(s) for {symbol}: '{}' and '{}'",
        a.ty().tp_name(),
        b.ty().tp_name()
    );
    // People who come from Python 2 write `print >> stream, ...`.
    if symbol == ">>"
        && let Some(function) = a.downcast_exact::<crate::objects::native::NativeFunctionObject>()
        && function.def.name == "print"
    {
        return cx.type_error(format!("{message}. Did you mean \"print(<message>, file=<output_stream>)\"?"));
    }
    cx.type_error(message)
}

/// Repeats a sequence `count` times.
fn repeat(cx: Ctx, slot: SizeArgFn, sequence: &Object, count: &Object) -> PyResult {
    if count.ty().slots().nb_index.is_none() {
        return Err(
            cx.type_error(format!("can't multiply sequence by non-int of type '{}'", count.ty().tp_name()))
        );
    }
    let count = cx.index_sized(count, crate::objects::exceptions().overflow_error)?;
    slot(cx, sequence, count)
}

/// `nb_power` of both operands (and of the modulus), `ternary_op`.
fn power_slots(cx: Ctx, a: &Object, b: &Object, modulus: &Object, symbol: &str) -> PyResult {
    let (left_type, right_type) = (a.ty(), b.ty());
    let left = left_type.slots().nb_power;
    let mut right = None;
    if !left_type.is_type(right_type) {
        right = right_type.slots().nb_power;
        if right.map(|f| f as usize) == left.map(|f| f as usize) {
            right = None;
        }
    }
    let tried = [left.map(|f| f as usize), right.map(|f| f as usize)];
    if let Some(left) = left {
        if let Some(first) = right
            && right_type.is_subtype(left_type)
        {
            let result = first(cx, a, b, modulus)?;
            if !cx.is_not_implemented(&result) {
                return Ok(result);
            }
            right = None;
        }
        let result = left(cx, a, b, modulus)?;
        if !cx.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if let Some(right) = right {
        let result = right(cx, a, b, modulus)?;
        if !cx.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if let Some(third) = modulus.ty().slots().nb_power
        && !tried.contains(&Some(third as usize))
    {
        let result = third(cx, a, b, modulus)?;
        if !cx.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if cx.is_none(modulus) {
        return Err(operand_error(cx, a, b, symbol));
    }
    Err(cx.type_error(format!(
        "unsupported operand type(s) for {symbol}: '{}', '{}', '{}'",
        a.ty().tp_name(),
        b.ty().tp_name(),
        modulus.ty().tp_name()
    )))
}

fn unary(cx: Ctx, a: &Object, slot: Option<UnaryFn>, what: &str) -> PyResult {
    match slot {
        Some(slot) => slot(cx, a),
        None => Err(cx.type_error(format!("bad operand type for {what}: '{}'", a.ty().tp_name()))),
    }
}

impl Ctx {
    /// `a <op> b`, with reflected methods and sequence fallbacks.
    #[inline]
    pub fn binary_op(self, op: BinaryOp, a: &Object, b: &Object) -> PyResult {
        if op == BinaryOp::Power {
            return power_slots(self, a, b, crate::objects::singletons::none(), "** or pow()");
        }
        let (pick, _, symbol) = OPERATORS[op as usize];
        let result = binary_slots(self, a, b, pick)?;
        if !self.is_not_implemented(&result) {
            return Ok(result);
        }
        drop(result);
        match op {
            BinaryOp::Add => {
                if let Some(concat) = a.ty().slots().sq_concat {
                    return concat(self, a, b);
                }
            }
            BinaryOp::Multiply => {
                if let Some(slot) = a.ty().slots().sq_repeat {
                    return repeat(self, slot, a, b);
                }
                if let Some(slot) = b.ty().slots().sq_repeat {
                    return repeat(self, slot, b, a);
                }
            }
            _ => {}
        }
        Err(operand_error(self, a, b, symbol))
    }
    /// `a <op>= b`.
    pub fn inplace_op(self, op: BinaryOp, a: &Object, b: &Object) -> PyResult {
        let slots = a.ty().slots();
        if op == BinaryOp::Power {
            if let Some(power) = slots.nb_inplace_power {
                let result = power(self, a, b, crate::objects::singletons::none())?;
                if !self.is_not_implemented(&result) {
                    return Ok(result);
                }
            }
            return power_slots(self, a, b, crate::objects::singletons::none(), "**=");
        }
        let (pick, pick_inplace, symbol) = OPERATORS[op as usize];
        if let Some(inplace) = pick_inplace(slots) {
            let result = inplace(self, a, b)?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        let result = binary_slots(self, a, b, pick)?;
        if !self.is_not_implemented(&result) {
            return Ok(result);
        }
        drop(result);
        match op {
            BinaryOp::Add => {
                if let Some(concat) = slots.sq_inplace_concat.or(slots.sq_concat) {
                    return concat(self, a, b);
                }
            }
            BinaryOp::Multiply => {
                if let Some(slot) = slots.sq_inplace_repeat.or(slots.sq_repeat) {
                    return repeat(self, slot, a, b);
                }
                if let Some(slot) = b.ty().slots().sq_repeat {
                    return repeat(self, slot, b, a);
                }
            }
            _ => {}
        }
        let text = format!("{symbol}=");
        Err(operand_error(self, a, b, &text))
    }
    /// `divmod(a, b)`.
    pub fn divmod(self, a: &Object, b: &Object) -> PyResult {
        let result = binary_slots(self, a, b, |s| s.nb_divmod)?;
        if self.is_not_implemented(&result) {
            return Err(operand_error(self, a, b, "divmod()"));
        }
        Ok(result)
    }
    /// `pow(a, b, c)`; pass `None` (the object) for no modulus.
    pub fn power(self, a: &Object, b: &Object, modulus: &Object) -> PyResult {
        power_slots(self, a, b, modulus, "** or pow()")
    }
    pub fn negative(self, a: &Object) -> PyResult {
        unary(self, a, a.ty().slots().nb_negative, "unary -")
    }
    pub fn positive(self, a: &Object) -> PyResult {
        unary(self, a, a.ty().slots().nb_positive, "unary +")
    }
    pub fn invert(self, a: &Object) -> PyResult {
        unary(self, a, a.ty().slots().nb_invert, "unary ~")
    }
    pub fn absolute(self, a: &Object) -> PyResult {
        unary(self, a, a.ty().slots().nb_absolute, "abs()")
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
