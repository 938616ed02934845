//! `range`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "range", ..TypeSpec::EMPTY };
pub static RANGE_ITERATOR: TypeSpec = TypeSpec { name: "range_iterator", ..TypeSpec::EMPTY };
pub static LONGRANGE_ITERATOR: TypeSpec = TypeSpec { name: "longrange_iterator", ..TypeSpec::EMPTY };
