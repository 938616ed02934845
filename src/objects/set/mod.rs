//! `set`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "set", ..TypeSpec::EMPTY };
pub static FROZENSET: TypeSpec = TypeSpec { name: "frozenset", ..TypeSpec::EMPTY };
pub static SET_ITERATOR: TypeSpec = TypeSpec { name: "set_iterator", ..TypeSpec::EMPTY };
