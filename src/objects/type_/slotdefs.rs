//! One table from special method names to slots: which slot a name fills, the function that calls
//! the Python method from the slot, and how the slot is called from Python (its wrapper).

use std::mem::offset_of;

use super::slot_functions as f;
use super::wrap::Wrap;
use crate::objects::slots::Slots;

/// Stands for a slot that lies in `TypeInfo`, not in [`Slots`]: `__del__`.
pub const FINALIZE: usize = usize::MAX;

/// One name of one slot.
pub struct SlotDef {
    pub name: &'static str,
    /// Byte offset of the field in [`Slots`], or [`FINALIZE`].
    pub field: usize,
    /// The function (of the field's type) that calls the Python method.
    pub generic: Code,
    /// How Python code calls the slot; `None` for `__new__` and `__getattr__`.
    pub wrap: Option<Wrap>,
    /// Text signature and doc, as in `MethodDef::doc`.
    pub doc: &'static str,
}

/// The address of a slot function, its type erased: the field's type is that of [`SlotDef::field`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(pub *const ());

// SAFETY: the address of code is the same for every thread.
unsafe impl Sync for Code {}

impl Slots {
    /// The slot at a byte offset as an address, 0 for none.
    #[inline]
    pub fn raw(&self, field: usize) -> usize {
        debug_assert!(field < size_of::<Slots>());
        // SAFETY: every field is an optional function pointer, one word, whose `None` is zero.
        unsafe { std::ptr::from_ref(self).cast::<u8>().add(field).cast::<usize>().read() }
    }

    /// Sets the slot at a byte offset.
    ///
    /// # Safety
    /// `code` is zero or the address of a function of that field's type.
    #[inline]
    pub unsafe fn set_raw(&mut self, field: usize, code: usize) {
        debug_assert!(field < size_of::<Slots>());
        // SAFETY: as in `raw`, and the caller promises the type.
        unsafe { std::ptr::from_mut(self).cast::<u8>().add(field).cast::<usize>().write(code) }
    }

    /// The offsets of all fields.
    pub fn fields() -> impl Iterator<Item = usize> {
        (0..size_of::<Slots>()).step_by(size_of::<usize>())
    }
}

macro_rules! table {
    ($($name:literal, $field:ident, $generic:expr, $wrap:expr, $doc:literal;)*) => {
        /// All slot names, those of one field side by side, in the order of CPython's table (it is
        /// the order of a built-in type's `__dict__`).
        pub static SLOT_DEFS: &[SlotDef] = &[$(SlotDef {
            name: $name,
            field: table!(@field $field),
            generic: Code($generic as *const ()),
            wrap: $wrap,
            doc: $doc,
        },)*];
    };
    (@field finalize) => { FINALIZE };
    (@field $field:ident) => { offset_of!(Slots, $field) };
}

use Wrap::*;

table! {
    "__repr__", repr, f::repr, Some(Unary), "__repr__($self, /)\n--\n\nReturn repr(self).";
    "__hash__", hash, f::hash, Some(Hash), "__hash__($self, /)\n--\n\nReturn hash(self).";
    "__call__", call, f::call, Some(Call), "__call__($self, /, *args, **kwargs)\n--\n\nCall self as a function.";
    "__str__", str, f::str, Some(Unary), "__str__($self, /)\n--\n\nReturn str(self).";
    "__getattribute__", getattro, f::getattr_hook, Some(GetAttr), "__getattribute__($self, name, /)\n--\n\nReturn getattr(self, name).";
    "__getattr__", getattro, f::getattr_hook, None, "";
    "__setattr__", setattro, f::setattro, Some(SetAttr), "__setattr__($self, name, value, /)\n--\n\nImplement setattr(self, name, value).";
    "__delattr__", setattro, f::setattro, Some(DelAttr), "__delattr__($self, name, /)\n--\n\nImplement delattr(self, name).";
    "__lt__", richcompare, f::richcompare, Some(Lt), "__lt__($self, value, /)\n--\n\nReturn self<value.";
    "__le__", richcompare, f::richcompare, Some(Le), "__le__($self, value, /)\n--\n\nReturn self<=value.";
    "__eq__", richcompare, f::richcompare, Some(Eq), "__eq__($self, value, /)\n--\n\nReturn self==value.";
    "__ne__", richcompare, f::richcompare, Some(Ne), "__ne__($self, value, /)\n--\n\nReturn self!=value.";
    "__gt__", richcompare, f::richcompare, Some(Gt), "__gt__($self, value, /)\n--\n\nReturn self>value.";
    "__ge__", richcompare, f::richcompare, Some(Ge), "__ge__($self, value, /)\n--\n\nReturn self>=value.";
    "__iter__", iter, f::iter, Some(Unary), "__iter__($self, /)\n--\n\nImplement iter(self).";
    "__next__", iternext, f::iternext, Some(Next), "__next__($self, /)\n--\n\nImplement next(self).";
    "__get__", descr_get, f::descr_get, Some(DescrGet), "__get__($self, instance, owner=None, /)\n--\n\nReturn an attribute of instance, which is of type owner.";
    "__set__", descr_set, f::descr_set, Some(DescrSet), "__set__($self, instance, value, /)\n--\n\nSet an attribute of instance to value.";
    "__delete__", descr_set, f::descr_set, Some(DescrDelete), "__delete__($self, instance, /)\n--\n\nDelete an attribute of instance.";
    "__init__", init, f::init, Some(Init), "__init__($self, /, *args, **kwargs)\n--\n\nInitialize self.  See help(type(self)) for accurate signature.";
    "__new__", new, f::new, None, "__new__(type, /, *args, **kwargs)\n--\n\nCreate and return new object.";
    "__del__", finalize, super::instance::slot_finalize, Some(Del), "";
    "__await__", am_await, f::am_await, Some(Unary), "__await__($self, /)\n--\n\nReturn an iterator to be used in await expression.";
    "__aiter__", am_aiter, f::am_aiter, Some(Unary), "__aiter__($self, /)\n--\n\nReturn an awaitable, that resolves in asynchronous iterator.";
    "__anext__", am_anext, f::am_anext, Some(Unary), "__anext__($self, /)\n--\n\nReturn a value or raise StopAsyncIteration.";
    "__add__", nb_add, f::nb_add, Some(BinaryLeft), "__add__($self, value, /)\n--\n\nReturn self+value.";
    "__radd__", nb_add, f::nb_add, Some(BinaryRight), "__radd__($self, value, /)\n--\n\nReturn value+self.";
    "__sub__", nb_subtract, f::nb_subtract, Some(BinaryLeft), "__sub__($self, value, /)\n--\n\nReturn self-value.";
    "__rsub__", nb_subtract, f::nb_subtract, Some(BinaryRight), "__rsub__($self, value, /)\n--\n\nReturn value-self.";
    "__mul__", nb_multiply, f::nb_multiply, Some(BinaryLeft), "__mul__($self, value, /)\n--\n\nReturn self*value.";
    "__rmul__", nb_multiply, f::nb_multiply, Some(BinaryRight), "__rmul__($self, value, /)\n--\n\nReturn value*self.";
    "__mod__", nb_remainder, f::nb_remainder, Some(BinaryLeft), "__mod__($self, value, /)\n--\n\nReturn self%value.";
    "__rmod__", nb_remainder, f::nb_remainder, Some(BinaryRight), "__rmod__($self, value, /)\n--\n\nReturn value%self.";
    "__divmod__", nb_divmod, f::nb_divmod, Some(BinaryLeft), "__divmod__($self, value, /)\n--\n\nReturn divmod(self, value).";
    "__rdivmod__", nb_divmod, f::nb_divmod, Some(BinaryRight), "__rdivmod__($self, value, /)\n--\n\nReturn divmod(value, self).";
    "__pow__", nb_power, f::nb_power, Some(Ternary), "__pow__($self, value, mod=None, /)\n--\n\nReturn pow(self, value, mod).";
    "__rpow__", nb_power, f::nb_power, Some(TernaryRight), "__rpow__($self, value, mod=None, /)\n--\n\nReturn pow(value, self, mod).";
    "__neg__", nb_negative, f::nb_negative, Some(Unary), "__neg__($self, /)\n--\n\n-self";
    "__pos__", nb_positive, f::nb_positive, Some(Unary), "__pos__($self, /)\n--\n\n+self";
    "__abs__", nb_absolute, f::nb_absolute, Some(Unary), "__abs__($self, /)\n--\n\nabs(self)";
    "__bool__", nb_bool, f::nb_bool, Some(Inquiry), "__bool__($self, /)\n--\n\nTrue if self else False";
    "__invert__", nb_invert, f::nb_invert, Some(Unary), "__invert__($self, /)\n--\n\n~self";
    "__lshift__", nb_lshift, f::nb_lshift, Some(BinaryLeft), "__lshift__($self, value, /)\n--\n\nReturn self<<value.";
    "__rlshift__", nb_lshift, f::nb_lshift, Some(BinaryRight), "__rlshift__($self, value, /)\n--\n\nReturn value<<self.";
    "__rshift__", nb_rshift, f::nb_rshift, Some(BinaryLeft), "__rshift__($self, value, /)\n--\n\nReturn self>>value.";
    "__rrshift__", nb_rshift, f::nb_rshift, Some(BinaryRight), "__rrshift__($self, value, /)\n--\n\nReturn value>>self.";
    "__and__", nb_and, f::nb_and, Some(BinaryLeft), "__and__($self, value, /)\n--\n\nReturn self&value.";
    "__rand__", nb_and, f::nb_and, Some(BinaryRight), "__rand__($self, value, /)\n--\n\nReturn value&self.";
    "__xor__", nb_xor, f::nb_xor, Some(BinaryLeft), "__xor__($self, value, /)\n--\n\nReturn self^value.";
    "__rxor__", nb_xor, f::nb_xor, Some(BinaryRight), "__rxor__($self, value, /)\n--\n\nReturn value^self.";
    "__or__", nb_or, f::nb_or, Some(BinaryLeft), "__or__($self, value, /)\n--\n\nReturn self|value.";
    "__ror__", nb_or, f::nb_or, Some(BinaryRight), "__ror__($self, value, /)\n--\n\nReturn value|self.";
    "__int__", nb_int, f::nb_int, Some(Unary), "__int__($self, /)\n--\n\nint(self)";
    "__float__", nb_float, f::nb_float, Some(Unary), "__float__($self, /)\n--\n\nfloat(self)";
    "__iadd__", nb_inplace_add, f::nb_inplace_add, Some(Binary), "__iadd__($self, value, /)\n--\n\nReturn self+=value.";
    "__isub__", nb_inplace_subtract, f::nb_inplace_subtract, Some(Binary), "__isub__($self, value, /)\n--\n\nReturn self-=value.";
    "__imul__", nb_inplace_multiply, f::nb_inplace_multiply, Some(Binary), "__imul__($self, value, /)\n--\n\nReturn self*=value.";
    "__imod__", nb_inplace_remainder, f::nb_inplace_remainder, Some(Binary), "__imod__($self, value, /)\n--\n\nReturn self%=value.";
    "__ipow__", nb_inplace_power, f::nb_inplace_power, Some(Ternary), "__ipow__($self, value, /)\n--\n\nReturn self**=value.";
    "__ilshift__", nb_inplace_lshift, f::nb_inplace_lshift, Some(Binary), "__ilshift__($self, value, /)\n--\n\nReturn self<<=value.";
    "__irshift__", nb_inplace_rshift, f::nb_inplace_rshift, Some(Binary), "__irshift__($self, value, /)\n--\n\nReturn self>>=value.";
    "__iand__", nb_inplace_and, f::nb_inplace_and, Some(Binary), "__iand__($self, value, /)\n--\n\nReturn self&=value.";
    "__ixor__", nb_inplace_xor, f::nb_inplace_xor, Some(Binary), "__ixor__($self, value, /)\n--\n\nReturn self^=value.";
    "__ior__", nb_inplace_or, f::nb_inplace_or, Some(Binary), "__ior__($self, value, /)\n--\n\nReturn self|=value.";
    "__floordiv__", nb_floor_divide, f::nb_floor_divide, Some(BinaryLeft), "__floordiv__($self, value, /)\n--\n\nReturn self//value.";
    "__rfloordiv__", nb_floor_divide, f::nb_floor_divide, Some(BinaryRight), "__rfloordiv__($self, value, /)\n--\n\nReturn value//self.";
    "__truediv__", nb_true_divide, f::nb_true_divide, Some(BinaryLeft), "__truediv__($self, value, /)\n--\n\nReturn self/value.";
    "__rtruediv__", nb_true_divide, f::nb_true_divide, Some(BinaryRight), "__rtruediv__($self, value, /)\n--\n\nReturn value/self.";
    "__ifloordiv__", nb_inplace_floor_divide, f::nb_inplace_floor_divide, Some(Binary), "__ifloordiv__($self, value, /)\n--\n\nReturn self//=value.";
    "__itruediv__", nb_inplace_true_divide, f::nb_inplace_true_divide, Some(Binary), "__itruediv__($self, value, /)\n--\n\nReturn self/=value.";
    "__index__", nb_index, f::nb_index, Some(Unary), "__index__($self, /)\n--\n\nReturn self converted to an integer, if self is suitable for use as an index into a list.";
    "__matmul__", nb_matrix_multiply, f::nb_matrix_multiply, Some(BinaryLeft), "__matmul__($self, value, /)\n--\n\nReturn self@value.";
    "__rmatmul__", nb_matrix_multiply, f::nb_matrix_multiply, Some(BinaryRight), "__rmatmul__($self, value, /)\n--\n\nReturn value@self.";
    "__imatmul__", nb_inplace_matrix_multiply, f::nb_inplace_matrix_multiply, Some(Binary), "__imatmul__($self, value, /)\n--\n\nReturn self@=value.";
    "__len__", mp_length, f::length, Some(Len), "__len__($self, /)\n--\n\nReturn len(self).";
    "__getitem__", mp_subscript, f::mp_subscript, Some(Binary), "__getitem__($self, key, /)\n--\n\nReturn self[key].";
    "__setitem__", mp_ass_subscript, f::mp_ass_subscript, Some(SetItem), "__setitem__($self, key, value, /)\n--\n\nSet self[key] to value.";
    "__delitem__", mp_ass_subscript, f::mp_ass_subscript, Some(DelItem), "__delitem__($self, key, /)\n--\n\nDelete self[key].";
    "__len__", sq_length, f::length, Some(Len), "__len__($self, /)\n--\n\nReturn len(self).";
    "__add__", sq_concat, std::ptr::null::<()>(), Some(Binary), "__add__($self, value, /)\n--\n\nReturn self+value.";
    "__mul__", sq_repeat, std::ptr::null::<()>(), Some(SizeArg), "__mul__($self, value, /)\n--\n\nReturn self*value.";
    "__rmul__", sq_repeat, std::ptr::null::<()>(), Some(SizeArg), "__rmul__($self, value, /)\n--\n\nReturn value*self.";
    "__getitem__", sq_item, f::sq_item, Some(SequenceItem), "__getitem__($self, key, /)\n--\n\nReturn self[key].";
    "__setitem__", sq_ass_item, f::sq_ass_item, Some(SequenceSetItem), "__setitem__($self, key, value, /)\n--\n\nSet self[key] to value.";
    "__delitem__", sq_ass_item, f::sq_ass_item, Some(SequenceDelItem), "__delitem__($self, key, /)\n--\n\nDelete self[key].";
    "__contains__", sq_contains, f::contains, Some(ObjObj), "__contains__($self, key, /)\n--\n\nReturn key in self.";
    "__iadd__", sq_inplace_concat, std::ptr::null::<()>(), Some(Binary), "__iadd__($self, value, /)\n--\n\nImplement self+=value.";
    "__imul__", sq_inplace_repeat, std::ptr::null::<()>(), Some(SizeArg), "__imul__($self, value, /)\n--\n\nImplement self*=value.";
}
