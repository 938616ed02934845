//! `weakref.ReferenceType`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "weakref.ReferenceType", ..TypeSpec::EMPTY };
pub static WEAKPROXY: TypeSpec = TypeSpec { name: "weakref.ProxyType", ..TypeSpec::EMPTY };
pub static WEAKCALLABLEPROXY: TypeSpec = TypeSpec { name: "weakref.CallableProxyType", ..TypeSpec::EMPTY };
