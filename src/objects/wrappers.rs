//! `classmethod`.

use crate::objects::spec::TypeSpec;

pub static CLASSMETHOD: TypeSpec = TypeSpec { name: "classmethod", ..TypeSpec::EMPTY };
pub static STATICMETHOD: TypeSpec = TypeSpec { name: "staticmethod", ..TypeSpec::EMPTY };
