//! `bytearray`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "bytearray", ..TypeSpec::EMPTY };
pub static BYTEARRAY_ITERATOR: TypeSpec = TypeSpec { name: "bytearray_iterator", ..TypeSpec::EMPTY };
