//! `types.GenericAlias`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "types.GenericAlias", ..TypeSpec::EMPTY };
pub static UNION_TYPE: TypeSpec = TypeSpec { name: "types.UnionType", ..TypeSpec::EMPTY };
