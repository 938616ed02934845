//! `object`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "object", ..TypeSpec::EMPTY };
