//! `iterator`.

pub mod common;

use crate::objects::spec::TypeSpec;

pub static ITERATOR: TypeSpec = TypeSpec { name: "iterator", ..TypeSpec::EMPTY };
pub static CALLABLE_ITERATOR: TypeSpec = TypeSpec { name: "callable_iterator", ..TypeSpec::EMPTY };
pub static ENUMERATE: TypeSpec = TypeSpec { name: "enumerate", ..TypeSpec::EMPTY };
pub static ZIP: TypeSpec = TypeSpec { name: "zip", ..TypeSpec::EMPTY };
pub static MAP: TypeSpec = TypeSpec { name: "map", ..TypeSpec::EMPTY };
pub static FILTER: TypeSpec = TypeSpec { name: "filter", ..TypeSpec::EMPTY };
pub static REVERSED: TypeSpec = TypeSpec { name: "reversed", ..TypeSpec::EMPTY };
