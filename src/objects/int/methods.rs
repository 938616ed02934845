//! The constructor and the methods of `int`.

use super::IntObject;
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};

pub static SPEC: TypeSpec = TypeSpec {
    name: "int",
    layout: Layout::plain::<IntObject>(),
    basicsize: 24,
    itemsize: 4,
    flags: TypeFlags::BASETYPE.with(TypeFlags::LONG_SUBCLASS).with(TypeFlags::MATCH_SELF),
    dealloc: Some(super::dealloc),
    ..TypeSpec::EMPTY
};
