//! `method`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "method", ..TypeSpec::EMPTY };
