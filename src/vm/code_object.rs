//! `code`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "code", ..TypeSpec::EMPTY };
