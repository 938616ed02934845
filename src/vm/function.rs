//! `function`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "function", ..TypeSpec::EMPTY };
