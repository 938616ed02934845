//! `int`: small values inline, larger ones as a `num_bigint::BigInt`.
//!
//! | file | holds |
//! | --- | --- |
//! | `ops` | arithmetic, shifts, bits, comparison: the slots |
//! | `parse` | text to integer and back, with the digit limit |
//! | `methods` | the constructor and the methods |
//!
//! Always true: a value that fits `i64` is stored in `small`; -5 to 256 exist once.

pub mod methods;
pub mod ops;
pub mod parse;

use std::cell::UnsafeCell;
use std::cmp::Ordering;
use std::ptr::NonNull;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use super::type_object::TypedLayout;
use super::{TypeObject, Types, types};
use crate::memory::{Layout, Object, Ref, free_object, new_ref};

pub use methods::SPEC;

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

const SHARED_MIN: i64 = -5;
const SHARED_MAX: i64 = 256;
const SHARED_COUNT: usize = (SHARED_MAX - SHARED_MIN + 1) as usize;

/// The small integers; each entry owns a reference, null until first asked for.
struct Shared(UnsafeCell<[*mut IntObject; SHARED_COUNT]>);
// SAFETY: only the engine thread, which holds the heap guard, touches the table.
unsafe impl Sync for Shared {}
static SHARED: Shared = Shared(UnsafeCell::new([std::ptr::null_mut(); SHARED_COUNT]));

/// A new object of `int` or a type derived from it, whatever the value.
#[inline]
fn make(ty: &TypeObject, value: i64) -> Ref<IntObject> {
    new_ref(&ty.core, |object| IntObject { object, big: std::ptr::null_mut(), small: value })
}

/// An `int`; -5 to 256 are shared.
#[inline]
pub fn from_i64(value: i64) -> Ref<IntObject> {
    if (SHARED_MIN..=SHARED_MAX).contains(&value) { shared(value) } else { make(types().int, value) }
}

#[inline]
fn shared(value: i64) -> Ref<IntObject> {
    // SAFETY: the index is in range by the caller's test; entries own references to live
    // integers, and no borrow of the table is held across the allocation.
    unsafe {
        let entry = SHARED.0.get().cast::<*mut IntObject>().add((value - SHARED_MIN) as usize);
        match NonNull::new(entry.read()) {
            Some(int) => Ref::from_borrowed(int),
            None => {
                let int = make(types().int, value);
                entry.write(int.clone().into_raw().as_ptr());
                int
            }
        }
    }
}

/// Shows every shared integer made so far (a root of the interpreter).
pub fn for_each_shared(each: &mut dyn FnMut(&Object)) {
    // SAFETY: as in `shared`.
    unsafe {
        for entry in (*SHARED.0.get()).iter().filter_map(|&entry| NonNull::new(entry)) {
            each(entry.as_ref().as_object());
        }
    }
}

/// Gives the shared integers back. For shutdown.
pub fn clear_shared() {
    for index in 0..SHARED_COUNT {
        // SAFETY: as in `shared`; the entry is emptied before its reference is dropped.
        unsafe {
            let entry = SHARED.0.get().cast::<*mut IntObject>().add(index);
            if let Some(int) = NonNull::new(entry.replace(std::ptr::null_mut())) {
                drop(Ref::from_owned(int));
            }
        }
    }
}

/// Forgets the shared integers without touching them: the heap they were in is gone.
pub fn forget_shared() {
    // SAFETY: as in `shared`.
    unsafe { *SHARED.0.get() = [std::ptr::null_mut(); SHARED_COUNT] };
}

/// An `int` of any size.
pub fn from_bigint(value: BigInt) -> Ref<IntObject> {
    match value.to_i64() {
        Some(small) => from_i64(small),
        None if crate::era::is_classic() => make_big(crate::objects::classic::long_type(), value),
        None => make_big(types().int, value),
    }
}

fn make_big(ty: &TypeObject, value: BigInt) -> Ref<IntObject> {
    let big = Box::into_raw(Box::new(value));
    new_ref(&ty.core, |object| IntObject { object, big, small: 0 })
}

/// The value as a new instance of `ty`, a type derived from `int`.
pub(crate) fn copy_as(ty: &TypeObject, value: &IntObject) -> Ref<IntObject> {
    match value.as_i64() {
        Some(small) => make(ty, small),
        None => make_big(ty, value.to_bigint()),
    }
}

/// Destroys an integer.
///
/// # Safety
/// As `DeallocFn`; the object is an `IntObject`.
pub(super) unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; a non-null `big` came from `Box::into_raw`.
    unsafe {
        let big = object.cast::<IntObject>().as_ref().big;
        if !big.is_null() {
            drop(Box::from_raw(big));
        }
        free_object(object);
    }
}

/// The modulus of numeric hashes: 2^61 - 1.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

impl IntObject {
    /// The value if it fits `i64`.
    #[inline(always)]
    pub fn as_i64(&self) -> Option<i64> {
        if self.big.is_null() { Some(self.small) } else { None }
    }

    /// The big value if it does not fit `i64`.
    #[inline(always)]
    pub fn as_big(&self) -> Option<&BigInt> {
        // SAFETY: a non-null `big` is owned by this immutable object.
        unsafe { self.big.as_ref() }
    }

    /// The value, whatever its size.
    pub fn to_bigint(&self) -> BigInt {
        match self.as_big() {
            None => BigInt::from(self.small),
            Some(big) => big.clone(),
        }
    }

    #[inline]
    pub fn is_negative(&self) -> bool {
        self.as_big().map_or(self.small < 0, Signed::is_negative)
    }

    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        self.small == 0 && self.big.is_null()
    }

    /// The nearest float; `None` when it is out of range.
    pub fn to_f64(&self) -> Option<f64> {
        match self.as_big() {
            None => Some(self.small as f64),
            Some(big) => big.to_f64().filter(|value| value.is_finite()),
        }
    }

    /// Order of two integers.
    #[inline]
    pub fn cmp_int(&self, other: &IntObject) -> Ordering {
        match (self.as_big(), other.as_big()) {
            (None, None) => self.small.cmp(&other.small),
            (Some(a), Some(b)) => a.cmp(b),
            (Some(a), None) => {
                if a.is_negative() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (None, Some(b)) => {
                if b.is_negative() {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
        }
    }

    /// The hash: the value modulo 2^61 - 1 with the value's sign; never -1.
    #[inline]
    pub fn hash(&self) -> i64 {
        match self.as_big() {
            None => hash_i64(self.small),
            Some(big) if crate::era::is_classic() => crate::objects::classic::hashes::big(big),
            Some(big) => {
                let rest = (big.magnitude() % HASH_MODULUS).to_i64().unwrap_or(0);
                let hash = if big.is_negative() { -rest } else { rest };
                if hash == -1 { -2 } else { hash }
            }
        }
    }

    /// `int.__sizeof__`: CPython's 24 bytes and 4 for each 30-bit digit.
    pub fn size_shown(&self) -> usize {
        let bits = match self.as_big() {
            None => (64 - self.small.unsigned_abs().leading_zeros()) as u64,
            Some(big) => big.bits(),
        };
        24 + 4 * (bits.div_ceil(30).max(1) as usize)
    }

    /// The magnitude's two's-complement-free bit length.
    pub fn bit_length(&self) -> u64 {
        match self.as_big() {
            None => (64 - self.small.unsigned_abs().leading_zeros()) as u64,
            Some(big) => big.bits(),
        }
    }

    /// Whether the value is odd.
    pub fn is_odd(&self) -> bool {
        match self.as_big() {
            None => self.small & 1 != 0,
            Some(big) => !(big & BigInt::from(1)).is_zero(),
        }
    }
}

/// Hash of an integer that fits `i64`.
#[inline]
pub fn hash_i64(value: i64) -> i64 {
    if value.unsigned_abs() >= HASH_MODULUS && crate::era::is_classic() {
        return value;
    }
    let rest = (value.unsigned_abs() % HASH_MODULUS) as i64;
    let hash = if value < 0 { -rest } else { rest };
    if hash == -1 { -2 } else { hash }
}
