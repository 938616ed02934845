//! `float`.
//!
//! | file | holds |
//! | --- | --- |
//! | `ops` | arithmetic, comparison, hash: the slots |
//! | `text` | `repr`, C-like formatting, parsing, hexadecimal |
//! | `methods` | the constructor and the methods |

pub mod libm;
pub mod methods;
pub mod ops;
pub mod text;

use std::ptr::NonNull;

use super::type_object::TypedLayout;
use super::{TypeObject, Types, types};
use crate::memory::free_list::FreeList;
use crate::memory::{Layout, Object, Ref, free_object, new_ref};

pub use methods::SPEC;
pub use ops::power;
pub use text::repr as repr_text;

#[repr(C)]
pub struct FloatObject {
    pub object: Object,
    pub value: f64,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for FloatObject {}
// SAFETY: every `float` instance begins with this layout.
unsafe impl TypedLayout for FloatObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.float
    }
}

/// Dead floats for reuse (`PyFloat_MAXFREELIST`).
static FREE: FreeList = FreeList::new(100);

/// A `float` object.
#[inline]
pub fn from_f64(value: f64) -> Ref<FloatObject> {
    let ty = types().float;
    // SAFETY: the list holds exact floats only; the payload is written at once.
    unsafe {
        match FREE.unpark(&ty.core) {
            Some(object) => {
                let float = object.cast::<FloatObject>();
                (&raw mut (*float.as_ptr()).value).write(value);
                Ref::from_owned(float)
            }
            None => new_as(ty, value),
        }
    }
}

/// An instance of `float` or a type derived from it.
pub(super) fn new_as(ty: &TypeObject, value: f64) -> Ref<FloatObject> {
    new_ref(&ty.core, |object| FloatObject { object, value })
}

/// # Safety
/// As `DeallocFn`; the object is a `FloatObject`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; only exact floats are parked.
    unsafe {
        if !object.as_ref().is_exact(types().float) || !FREE.park(object) {
            free_object(object);
        }
    }
}

/// `value * 2**exponent`, exact where the result is representable (`ldexp`).
pub fn scale(value: f64, exponent: i32) -> f64 {
    // Steps that neither overflow nor underflow on the way to a representable result.
    let mut value = value;
    let mut left = exponent.clamp(-4200, 4200);
    while left > 1023 {
        value *= f64::from_bits(0x7fe << 52);
        left -= 1023;
    }
    if left < -1022 {
        // Keep full precision until the last step, so that it rounds once.
        let (fraction, own) = split(value);
        let total = own + left;
        if total < -1080 {
            return value * 0.0;
        }
        if total > -1022 {
            return scale(fraction, total);
        }
        return fraction * power_of_two(-1000) * power_of_two(total + 1000);
    }
    value * power_of_two(left)
}

/// `2**exponent` for -1074 to 1023.
fn power_of_two(exponent: i32) -> f64 {
    if exponent < -1022 {
        f64::from_bits(1u64 << (exponent + 1074).max(0))
    } else {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    }
}

/// `frexp`: a fraction in [0.5, 1) and an exponent; zero, infinities and NaN as they are with 0.
pub fn split(value: f64) -> (f64, i32) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    let (value, lowered) =
        if value.abs() < f64::MIN_POSITIVE { (value * 2f64.powi(64), 64) } else { (value, 0) };
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1022;
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), exponent - lowered)
}

/// The value as a ratio: an odd (or zero) numerator and a power of two, as `numerator * 2**exponent`.
/// The value is finite.
pub fn to_ratio(value: f64) -> (i64, i32) {
    let (fraction, exponent) = split(value);
    let mut numerator = (fraction * 2f64.powi(53)) as i64;
    if numerator == 0 {
        return (0, 0);
    }
    let zeros = numerator.trailing_zeros() as i32;
    numerator >>= zeros;
    (numerator, exponent - 53 + zeros)
}
