//! `memoryview`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "memoryview", ..TypeSpec::EMPTY };
