//! The type `tuple`.
use super::TupleObject;
use crate::objects::spec::{Layout, TypeSpec};

pub static SPEC: TypeSpec = TypeSpec {
    name: "tuple",
    layout: Layout::gc::<TupleObject>().items(8),
    basicsize: 24,
    itemsize: 8,
    dealloc: Some(super::dealloc),
    traverse: Some(super::traverse),
    trashcan: true,
    maybe_untrack: Some(super::maybe_untrack),
    ..TypeSpec::EMPTY
};
