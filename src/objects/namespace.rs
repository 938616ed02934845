//! `types.SimpleNamespace`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "types.SimpleNamespace", ..TypeSpec::EMPTY };
