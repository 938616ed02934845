//! Python's protocols as methods of `Ctx`: what the language's operators, built-in functions and
//! native code do with any object (CPython's abstract object layer).

pub mod attribute;
pub mod call;
pub mod compare;
pub mod convert;
pub mod iter;
pub mod make;
pub mod number;
pub mod sequence;
