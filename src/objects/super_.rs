//! `super`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "super", ..TypeSpec::EMPTY };
