//! `traceback`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "traceback", ..TypeSpec::EMPTY };
