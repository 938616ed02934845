//! `method_descriptor`.

use crate::objects::spec::TypeSpec;

pub static METHOD_DESCRIPTOR: TypeSpec = TypeSpec { name: "method_descriptor", ..TypeSpec::EMPTY };
pub static CLASSMETHOD_DESCRIPTOR: TypeSpec = TypeSpec { name: "classmethod_descriptor", ..TypeSpec::EMPTY };
pub static WRAPPER_DESCRIPTOR: TypeSpec = TypeSpec { name: "wrapper_descriptor", ..TypeSpec::EMPTY };
pub static METHOD_WRAPPER: TypeSpec = TypeSpec { name: "method-wrapper", ..TypeSpec::EMPTY };
pub static GETSET_DESCRIPTOR: TypeSpec = TypeSpec { name: "getset_descriptor", ..TypeSpec::EMPTY };
pub static MEMBER_DESCRIPTOR: TypeSpec = TypeSpec { name: "member_descriptor", ..TypeSpec::EMPTY };
pub static MAPPINGPROXY: TypeSpec = TypeSpec { name: "mappingproxy", ..TypeSpec::EMPTY };
pub static PROPERTY: TypeSpec = TypeSpec { name: "property", ..TypeSpec::EMPTY };
