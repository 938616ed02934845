//! `type`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "type", ..TypeSpec::EMPTY };
