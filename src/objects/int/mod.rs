//! `int`: small values inline, larger ones as a `num_bigint::BigInt`.

use num_bigint::BigInt;

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{TypeObject, Types};
use crate::memory::{Layout, Object};

/// An integer. `big` is null for values that fit `i64`, which then are in `small`; a value that
/// fits is never stored big. `bool` has the same layout.
#[repr(C)]
pub struct IntObject {
    pub object: Object,
    pub(crate) big: *mut BigInt,
    pub(crate) small: i64,
}

const _: () = assert!(size_of::<IntObject>() == 32);

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for IntObject {}
// SAFETY: every `int` instance begins with this layout.
unsafe impl TypedLayout for IntObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.int
    }
}

impl IntObject {
    /// The value if it fits `i64`.
    #[inline(always)]
    pub fn as_i64(&self) -> Option<i64> {
        if self.big.is_null() { Some(self.small) } else { None }
    }

    /// The value, whatever its size.
    pub fn to_bigint(&self) -> BigInt {
        if self.big.is_null() {
            BigInt::from(self.small)
        } else {
            // SAFETY: a non-null `big` is owned by this immutable object.
            unsafe { (*self.big).clone() }
        }
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "int", ..TypeSpec::EMPTY };
