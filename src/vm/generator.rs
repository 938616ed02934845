//! `generator`.

use crate::objects::spec::TypeSpec;

pub static SPEC: TypeSpec = TypeSpec { name: "generator", ..TypeSpec::EMPTY };
pub static COROUTINE: TypeSpec = TypeSpec { name: "coroutine", ..TypeSpec::EMPTY };
pub static COROUTINE_WRAPPER: TypeSpec = TypeSpec { name: "coroutine_wrapper", ..TypeSpec::EMPTY };
pub static ASYNC_GENERATOR: TypeSpec = TypeSpec { name: "async_generator", ..TypeSpec::EMPTY };
pub static ASYNC_GENERATOR_ASEND: TypeSpec = TypeSpec { name: "async_generator_asend", ..TypeSpec::EMPTY };
pub static ASYNC_GENERATOR_ATHROW: TypeSpec = TypeSpec { name: "async_generator_athrow", ..TypeSpec::EMPTY };
pub static ASYNC_GENERATOR_WRAPPED_VALUE: TypeSpec =
    TypeSpec { name: "async_generator_wrapped_value", ..TypeSpec::EMPTY };
