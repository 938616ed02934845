//! `frame`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "frame", ..TypeSpec::EMPTY };
