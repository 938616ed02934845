//! stub
use crate::objects::spec::{Layout, TypeSpec};
pub static SPEC: TypeSpec = TypeSpec { name: "dict", layout: Layout::gc::<super::DictObject>(), basicsize: 48, dealloc: Some(super::dealloc), traverse: Some(super::traverse), clear: Some(super::clear), ..TypeSpec::EMPTY };
