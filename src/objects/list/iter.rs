//! stub
use crate::objects::spec::TypeSpec;
pub static LIST_ITERATOR: TypeSpec = TypeSpec { name: "list_iterator", ..TypeSpec::EMPTY };
pub static LIST_REVERSEITERATOR: TypeSpec = TypeSpec { name: "list_reverseiterator", ..TypeSpec::EMPTY };
