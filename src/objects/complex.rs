//! `complex`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "complex", ..TypeSpec::EMPTY };
