//! `builtin_function_or_method`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "builtin_function_or_method", ..TypeSpec::EMPTY };
