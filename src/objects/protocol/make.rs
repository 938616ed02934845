//! Making the common objects, and the singletons.

use num_bigint::BigInt;

use crate::memory::Ref;
use crate::objects::bytes::BytesObject;
use crate::objects::{
    DictObject, ListObject, PyResult, StrObject, TupleObject, bytes, complex, float, int, str,
};
use crate::vm::Ctx;

impl Ctx {
    /// `None`, a new reference.
    #[inline(always)]
    pub fn none(self) -> Ref {
        crate::objects::singletons::none().clone()
    }
    #[inline(always)]
    pub fn not_implemented(self) -> Ref {
        crate::objects::singletons::not_implemented().clone()
    }
    #[inline(always)]
    pub fn ellipsis(self) -> Ref {
        crate::objects::singletons::ellipsis().clone()
    }
    /// `True` or `False`, a new reference.
    #[inline(always)]
    pub fn bool(self, value: bool) -> Ref {
        crate::objects::singletons::bool(value).clone()
    }
    #[inline(always)]
    pub fn is_none(self, object: &crate::memory::Object) -> bool {
        object.is(crate::objects::singletons::none())
    }
    #[inline(always)]
    pub fn is_not_implemented(self, object: &crate::memory::Object) -> bool {
        object.is(crate::objects::singletons::not_implemented())
    }

    /// An `int`; -5 to 256 are shared.
    #[inline]
    pub fn new_int(self, value: i64) -> Ref {
        int::from_i64(value).into_object()
    }
    /// An `int` from an unsigned value (sizes, addresses).
    pub fn new_uint(self, value: usize) -> Ref {
        match i64::try_from(value) {
            Ok(small) => self.new_int(small),
            Err(_) => self.new_bigint(BigInt::from(value)),
        }
    }
    pub fn new_bigint(self, value: BigInt) -> Ref {
        int::from_bigint(value).into_object()
    }
    #[inline]
    pub fn new_float(self, value: f64) -> Ref {
        float::from_f64(value).into_object()
    }
    pub fn new_complex(self, re: f64, im: f64) -> Ref {
        complex::from_parts(re, im).into_object()
    }
    /// A string; the empty one and single Latin-1 characters are shared.
    pub fn new_str(self, text: &str) -> Ref<StrObject> {
        str::raw::from_utf8(text)
    }
    /// A string of any code points, surrogates included.
    pub fn new_str_from_code_points(self, points: &[u32]) -> Ref<StrObject> {
        str::raw::from_points(points)
    }
    /// The interned string of this text.
    pub fn intern(self, text: &str) -> Ref<StrObject> {
        str::intern::intern_text(text)
    }
    /// Interns an exact `str` in place: the canonical one is returned.
    pub fn intern_ref(self, text: Ref<StrObject>) -> Ref<StrObject> {
        str::intern::intern(text)
    }
    pub fn new_bytes(self, bytes: &[u8]) -> Ref<BytesObject> {
        bytes::from_slice(bytes)
    }
    /// A tuple that takes over the references (tracked; the empty one is shared).
    pub fn new_tuple(self, items: Vec<Ref>) -> Ref<TupleObject> {
        crate::objects::tuple::from_vec(items)
    }
    /// A tuple of new references to `items`, without an intermediate vector.
    pub fn tuple_from_slice(self, items: &[Ref]) -> Ref<TupleObject> {
        crate::objects::tuple::from_slice(items)
    }
    /// A list that takes over the references; capacity is exactly the length (as `PyList_New`).
    pub fn new_list(self, items: Vec<Ref>) -> PyResult<Ref<ListObject>> {
        crate::objects::list::from_vec(self, items)
    }
    pub fn new_dict(self) -> Ref<DictObject> {
        DictObject::new_empty()
    }
}
