//! `bool`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "bool", ..TypeSpec::EMPTY };
