//! What only Python 2.7 has: old-style classes and their instances, `long`, `unicode`, `xrange`, `file`, unbound
//! methods, an order of unlike things. The types are made at the start of an interpreter that follows the classic
//! era, and only there.

pub mod attributes;
pub mod classobj;
pub mod compare;
pub mod file;
pub mod hashes;
pub mod instance;
pub mod long;
pub mod names;
mod operators;
pub mod unbound;
pub mod unicode;
pub mod words;
pub mod xrange;

use std::cell::Cell;

pub use operators::divide;

use super::protocol::number::BinaryOp;
use super::spec::TypeSpec;
use super::{PyResult, TypeObject, types};
use crate::memory::{Object, Ref};
use crate::vm::Ctx;

/// Where a type of the classic era is kept; empty in the modern one.
pub struct ClassicType(Cell<Option<&'static TypeObject>>);

// SAFETY: only the engine thread, which holds the heap, touches it.
unsafe impl Sync for ClassicType {}

impl ClassicType {
    const fn new() -> ClassicType {
        ClassicType(Cell::new(None))
    }

    /// The type; an error in the modern era.
    pub fn get(&self, cx: Ctx) -> PyResult<&'static TypeObject> {
        self.0.get().ok_or_else(|| cx.system_error("a type of the classic era"))
    }

    /// The type, if the classic era is followed.
    pub fn peek(&self) -> Option<&'static TypeObject> {
        self.0.get()
    }

    /// Whether the object is of exactly this type.
    pub fn is_exact(&self, object: &Object) -> bool {
        self.peek().is_some_and(|ty| object.is_exact(ty))
    }

    /// Whether the object is of this type or one derived from it.
    pub fn is_instance(&self, object: &Object) -> bool {
        self.peek().is_some_and(|ty| object.is_instance(ty))
    }
}

pub static CLASSOBJ: ClassicType = ClassicType::new();
pub static INSTANCE: ClassicType = ClassicType::new();
pub static LONG: ClassicType = ClassicType::new();
pub static UNICODE: ClassicType = ClassicType::new();
pub static UNICODE_METHOD: ClassicType = ClassicType::new();
pub static BASESTRING: ClassicType = ClassicType::new();
pub static UNBOUND: ClassicType = ClassicType::new();
pub static FILE: ClassicType = ClassicType::new();
pub static XRANGE: ClassicType = ClassicType::new();
pub static XRANGE_ITERATOR: ClassicType = ClassicType::new();

static ALL: [(&ClassicType, &TypeSpec); 10] = [
    (&CLASSOBJ, &classobj::SPEC),
    (&INSTANCE, &instance::SPEC),
    (&LONG, &long::SPEC),
    (&UNICODE, &unicode::SPEC),
    (&UNICODE_METHOD, &unicode::METHOD),
    (&BASESTRING, &names::BASESTRING_SPEC),
    (&UNBOUND, &unbound::SPEC),
    (&FILE, &file::SPEC),
    (&XRANGE, &xrange::SPEC),
    (&XRANGE_ITERATOR, &xrange::ITERATOR),
];

/// Makes the types of the classic era, and gives those that both eras have what they had in Python 2.7.
pub fn init(cx: Ctx) -> PyResult<()> {
    for (cell, spec) in ALL {
        cell.0.set(Some(super::type_::ready::new_static_type(cx, spec)?));
    }
    attributes::install(cx)
}

/// Forgets the types: their heap is about to go.
pub fn forget() {
    ALL.iter().for_each(|(cell, _)| cell.0.set(None));
}

/// The type of integers that do not fit 64 bits.
pub fn long_type() -> &'static TypeObject {
    LONG.peek().unwrap_or(types().int)
}

/// A `long` constant.
pub fn new_long(cx: Ctx, value: &num_bigint::BigInt) -> Ref {
    let made = cx.new_bigint(value.clone());
    match made.downcast::<super::IntObject>() {
        Some(int) => super::int::copy_as(long_type(), int).into_object(),
        None => made,
    }
}

/// A `unicode` constant.
pub fn new_unicode(cx: Ctx, points: &[u32]) -> Ref {
    let text = cx.new_str_from_code_points(points);
    match UNICODE.peek() {
        Some(ty) => super::str::raw::from_units_as(ty, text.units()).into_object(),
        None => text.into_object(),
    }
}

/// Whether a program must not see that `ty` is derived from `base`: a `long` is no `int`, a `unicode` no `str`.
pub fn hides(ty: &TypeObject, base: &TypeObject) -> bool {
    let derived = |from: Option<&'static TypeObject>| from.is_some_and(|from| ty.is_subtype(from));
    (base.is_type(types().int) && derived(LONG.peek()))
        || (base.is_type(types().str) && derived(UNICODE.peek()))
}

/// The operator of a special method, for operands that `__coerce__` has brought together.
fn binary_op_named(name: &str) -> Option<BinaryOp> {
    let plain = name.trim_matches('_').trim_start_matches(['r', 'i']);
    Some(match plain {
        "add" => BinaryOp::Add,
        "sub" => BinaryOp::Subtract,
        "mul" => BinaryOp::Multiply,
        "mod" => BinaryOp::Remainder,
        "lshift" => BinaryOp::Lshift,
        "shift" => BinaryOp::Rshift,
        "and" => BinaryOp::And,
        "xor" => BinaryOp::Xor,
        "or" => BinaryOp::Or,
        "floordiv" => BinaryOp::FloorDivide,
        "truediv" => BinaryOp::TrueDivide,
        _ => return None,
    })
}
