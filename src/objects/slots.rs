//! Type slots: what a type can do, as plain function pointers (CPython's `tp_*`, `nb_*`, `sq_*`,
//! `mp_*`, `am_*` under their own names).
//!
//! Arguments are borrowed, results owned. A slot that does not know the operand returns
//! `NotImplemented` as in CPython.

use super::tuple::TupleObject;
use super::{StrObject, TypeObject};
use crate::memory::{Object, Ref};
use crate::vm::Ctx;

/// Proof that an exception is pending in the interpreter. Created by `Ctx::raise*` only; to
/// swallow one, hand it to `Ctx::take_exception` or `Ctx::clear_exception`.
#[must_use = "an exception is pending: propagate it or clear it"]
#[derive(Debug)]
pub struct Raised(());

impl Raised {
    /// For `Ctx`, right after it has stored an exception.
    pub(crate) fn new() -> Self {
        Raised(())
    }
}

/// Result of anything that can raise.
pub type PyResult<T = Ref> = Result<T, Raised>;

/// The arguments of a call, borrowed from the caller (vectorcall): positional values, then
/// keyword values in the order of `names`.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [Ref],
    positional: usize,
    names: Option<&'a TupleObject>,
    /// The tuple that holds the positional values, where the caller made one (`tp_call`).
    tuple: Option<&'a TupleObject>,
}

impl<'a> Args<'a> {
    pub const EMPTY: Args<'static> = Args { values: &[], positional: 0, names: None, tuple: None };

    /// Positional arguments only.
    #[inline(always)]
    pub fn positional(values: &'a [Ref]) -> Self {
        Args { values, positional: values.len(), names: None, tuple: None }
    }

    /// Positional values followed by one value for each of `names` (a tuple of `str`).
    #[inline(always)]
    pub fn new(values: &'a [Ref], names: Option<&'a TupleObject>) -> Self {
        let named = names.map_or(0, |n| n.len());
        Args { values, positional: values.len() - named, names, tuple: None }
    }

    /// The same arguments, whose positional values `tuple` holds: what keeps them (an exception's
    /// `args`) keeps that tuple.
    #[inline(always)]
    pub fn held_by(self, tuple: &'a TupleObject) -> Self {
        Args { tuple: Some(tuple), ..self }
    }

    /// The tuple of the positional values, if the call has one.
    #[inline(always)]
    pub fn tuple(&self) -> Option<&'a TupleObject> {
        self.tuple
    }

    /// The positional values as a tuple: the call's own, else a new one.
    pub fn to_tuple(&self, cx: Ctx) -> Ref<TupleObject> {
        use crate::memory::Layout;
        match self.tuple {
            Some(tuple) => tuple.to_ref(),
            None => cx.tuple_from_slice(self.pos()),
        }
    }

    #[inline(always)]
    pub fn pos(&self) -> &'a [Ref] {
        &self.values[..self.positional]
    }

    /// Positional and keyword values as they lie.
    #[inline(always)]
    pub fn all(&self) -> &'a [Ref] {
        self.values
    }

    #[inline(always)]
    pub fn names(&self) -> Option<&'a TupleObject> {
        self.names
    }

    #[inline(always)]
    pub fn has_keywords(&self) -> bool {
        self.values.len() != self.positional
    }

    /// Keyword arguments in call order.
    pub fn keywords(&self) -> impl Iterator<Item = (&'a StrObject, &'a Ref)> + use<'a> {
        let names: &'a [Ref] = self.names.map_or(&[], |names| names.as_slice());
        names.iter().zip(&self.values[self.positional..]).map(|(name, value)| {
            // SAFETY: the interpreter makes keyword-name tuples of exact strings only.
            (unsafe { &*std::ptr::from_ref::<Object>(name).cast::<StrObject>() }, value)
        })
    }
}

/// Rich comparison operators, CPython's numbering (`Py_LT` ...).
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareOp {
    Lt = 0,
    Le = 1,
    Eq = 2,
    Ne = 3,
    Gt = 4,
    Ge = 5,
}

impl CompareOp {
    /// The operator with its operands exchanged.
    pub fn swapped(self) -> Self {
        use CompareOp::*;
        [Gt, Ge, Eq, Ne, Lt, Le][self as usize]
    }

    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    /// The operator's answer for an ordering of its operands.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }
    }
}

pub type UnaryFn = fn(Ctx, &Object) -> PyResult;
pub type BinaryFn = fn(Ctx, &Object, &Object) -> PyResult;
pub type TernaryFn = fn(Ctx, &Object, &Object, &Object) -> PyResult;
pub type InquiryFn = fn(Ctx, &Object) -> PyResult<bool>;
pub type LenFn = fn(Ctx, &Object) -> PyResult<usize>;
pub type HashFn = fn(Ctx, &Object) -> PyResult<i64>;
pub type SizeArgFn = fn(Ctx, &Object, isize) -> PyResult;
pub type SizeObjFn = fn(Ctx, &Object, isize, Option<&Object>) -> PyResult<()>;
pub type ObjObjFn = fn(Ctx, &Object, &Object) -> PyResult<bool>;
pub type SetItemFn = fn(Ctx, &Object, &Object, Option<&Object>) -> PyResult<()>;
pub type GetAttrFn = fn(Ctx, &Object, &StrObject) -> PyResult;
pub type SetAttrFn = fn(Ctx, &Object, &StrObject, Option<&Object>) -> PyResult<()>;
pub type CompareFn = fn(Ctx, &Object, &Object, CompareOp) -> PyResult;
pub type NextFn = fn(Ctx, &Object) -> PyResult<Option<Ref>>;
/// `descr, instance or None, owner`.
pub type DescrGetFn = fn(Ctx, &Object, Option<&Object>, Option<&Object>) -> PyResult;
pub type DescrSetFn = fn(Ctx, &Object, &Object, Option<&Object>) -> PyResult<()>;
pub type InitFn = fn(Ctx, &Object, Args<'_>) -> PyResult<()>;
pub type NewFn = fn(Ctx, &TypeObject, Args<'_>) -> PyResult;
pub type CallFn = fn(Ctx, &Object, Args<'_>) -> PyResult;
/// `am_send`: sends a value into a generator-like object.
pub type SendFn = fn(Ctx, &Object, &Object) -> PyResult<SendResult>;
/// Runs `each` over the object's bytes (read-only view).
pub type BytesFn = fn(Ctx, &Object, each: &mut dyn FnMut(&[u8])) -> PyResult<()>;

/// Lends an object's bytes out; see [`Lent`].
pub type BufferFn = fn(Ctx, &Object) -> PyResult<Lent>;
/// Takes back what [`BufferFn`] lent.
pub type ReleaseFn = fn(&Object);

/// Bytes that an object has lent out (`Py_buffer`): until they are given back they stay where they
/// are and keep their number.
#[derive(Clone, Copy)]
pub struct Lent {
    data: *mut u8,
    pub len: usize,
    /// What an item is, in the `struct` module's letters.
    pub format: u8,
    pub readonly: bool,
}

impl Lent {
    /// Bytes that nobody may write to.
    pub fn read_only(bytes: &[u8], format: u8) -> Lent {
        Lent { data: bytes.as_ptr().cast_mut(), len: bytes.len(), format, readonly: true }
    }

    /// Bytes that may be written to.
    pub fn writable(bytes: &mut [u8], format: u8) -> Lent {
        Lent { data: bytes.as_mut_ptr(), len: bytes.len(), format, readonly: false }
    }

    /// A part of these bytes, under the same loan.
    pub fn part(&self, offset: usize, len: usize, format: u8, readonly: bool) -> Lent {
        debug_assert!(offset + len <= self.len);
        Lent { data: self.data.wrapping_add(offset), len, format, readonly }
    }

    /// The bytes.
    ///
    /// # Safety
    /// The loan is not given back, and nothing writes to them while they are borrowed.
    pub unsafe fn bytes(&self) -> &[u8] {
        // SAFETY: promised by the caller; empty buffers may have any address.
        unsafe { if self.len == 0 { &[] } else { std::slice::from_raw_parts(self.data, self.len) } }
    }

    /// Writes at `offset`; nothing where the bytes are read-only or too few.
    pub fn write(&self, offset: usize, bytes: &[u8]) {
        if !self.readonly && offset.checked_add(bytes.len()).is_some_and(|end| end <= self.len) {
            // SAFETY: whoever holds a `Lent` keeps the loan, so the bytes are where they were;
            // the engine is one thread and the source is not part of them or may overlap.
            unsafe { std::ptr::copy(bytes.as_ptr(), self.data.add(offset), bytes.len()) };
        }
    }
}

/// Outcome of `am_send`.
pub enum SendResult {
    /// Yielded a value.
    Next(Ref),
    /// Finished with a value.
    Return(Ref),
}

macro_rules! slots {
    ($($(#[$meta:meta])* $name:ident: $ty:ty,)*) => {
        /// The slot table of a type. `None` where the type cannot.
        #[derive(Clone, Copy)]
        pub struct Slots { $($(#[$meta])* pub $name: Option<$ty>,)* }
        impl Slots {
            /// No slot set: the base for `Slots { repr: Some(f), ..Slots::EMPTY }`.
            pub const EMPTY: Slots = Slots { $($name: None,)* };
        }
    };
}

slots! {
    new: NewFn,
    init: InitFn,
    call: CallFn,
    repr: UnaryFn,
    str: UnaryFn,
    hash: HashFn,
    getattro: GetAttrFn,
    setattro: SetAttrFn,
    richcompare: CompareFn,
    iter: UnaryFn,
    iternext: NextFn,
    descr_get: DescrGetFn,
    descr_set: DescrSetFn,
    /// Read-only bytes of bytes-like objects.
    as_bytes: BytesFn,
    get_buffer: BufferFn,
    release_buffer: ReleaseFn,

    nb_add: BinaryFn,
    nb_subtract: BinaryFn,
    nb_multiply: BinaryFn,
    nb_remainder: BinaryFn,
    nb_divmod: BinaryFn,
    nb_power: TernaryFn,
    nb_negative: UnaryFn,
    nb_positive: UnaryFn,
    nb_absolute: UnaryFn,
    nb_bool: InquiryFn,
    nb_invert: UnaryFn,
    nb_lshift: BinaryFn,
    nb_rshift: BinaryFn,
    nb_and: BinaryFn,
    nb_xor: BinaryFn,
    nb_or: BinaryFn,
    nb_int: UnaryFn,
    nb_float: UnaryFn,
    nb_inplace_add: BinaryFn,
    nb_inplace_subtract: BinaryFn,
    nb_inplace_multiply: BinaryFn,
    nb_inplace_remainder: BinaryFn,
    nb_inplace_power: TernaryFn,
    nb_inplace_lshift: BinaryFn,
    nb_inplace_rshift: BinaryFn,
    nb_inplace_and: BinaryFn,
    nb_inplace_xor: BinaryFn,
    nb_inplace_or: BinaryFn,
    nb_floor_divide: BinaryFn,
    nb_true_divide: BinaryFn,
    nb_inplace_floor_divide: BinaryFn,
    nb_inplace_true_divide: BinaryFn,
    nb_index: UnaryFn,
    nb_matrix_multiply: BinaryFn,
    nb_inplace_matrix_multiply: BinaryFn,

    sq_length: LenFn,
    sq_concat: BinaryFn,
    sq_repeat: SizeArgFn,
    sq_item: SizeArgFn,
    sq_ass_item: SizeObjFn,
    sq_contains: ObjObjFn,
    sq_inplace_concat: BinaryFn,
    sq_inplace_repeat: SizeArgFn,

    mp_length: LenFn,
    mp_subscript: BinaryFn,
    mp_ass_subscript: SetItemFn,

    am_await: UnaryFn,
    am_aiter: UnaryFn,
    am_anext: UnaryFn,
    am_send: SendFn,
}
