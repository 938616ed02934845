//! The type `list`.
use super::ListObject;
use crate::objects::spec::{Layout, TypeSpec};

pub static SPEC: TypeSpec = TypeSpec {
    name: "list",
    layout: Layout::gc::<ListObject>(),
    basicsize: 40,
    dealloc: Some(super::dealloc),
    traverse: Some(super::traverse),
    clear: Some(super::clear),
    trashcan: true,
    ..TypeSpec::EMPTY
};
