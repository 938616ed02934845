//! `slice`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "slice", ..TypeSpec::EMPTY };
