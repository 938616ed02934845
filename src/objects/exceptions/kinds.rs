//! Layouts of exception objects and the spec of each layout.

use std::cell::Cell;
use std::mem::offset_of;

use crate::memory::{Layout as MemoryLayout, Object, Slot};
use crate::objects::dict::DictObject;
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::tuple::TupleObject;
use crate::objects::type_object::TypedLayout;
use crate::objects::{TypeObject, Types, exceptions};

/// What every exception holds. Fields are declared in the order in which CPython releases them.
#[repr(C)]
pub struct ExceptionObject {
    pub object: Object,
    pub dict: Slot<DictObject>,
    /// `args`; empty only while being made.
    pub args: Slot<TupleObject>,
    pub traceback: Slot,
    pub cause: Slot,
    pub context: Slot,
    pub suppress_context: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for ExceptionObject {}
// SAFETY: every exception begins with this layout.
unsafe impl TypedLayout for ExceptionObject {
    fn type_of(_: &Types) -> &'static TypeObject {
        exceptions().base_exception
    }
}

/// Exceptions with up to five further fields; what each means depends on the type:
///
/// | type | fields |
/// | --- | --- |
/// | StopIteration | value |
/// | SystemExit | code |
/// | NameError | name |
/// | AttributeError | obj, name |
/// | ImportError | msg, name, path |
/// | OSError | errno, strerror, filename, filename2 |
/// | SyntaxError | msg, filename, lineno, offset, text, end_lineno, end_offset, print_file_and_line |
/// | UnicodeError kinds | encoding, object, start, end, reason |
/// | BaseExceptionGroup | message, exceptions |
#[repr(C)]
pub struct FieldsException<const N: usize> {
    pub base: ExceptionObject,
    pub fields: [Slot; N],
}

// SAFETY: `repr(C)` with the header first.
unsafe impl<const N: usize> MemoryLayout for FieldsException<N> {}

const fn spec(name: &'static str, doc: &'static str, size: usize, basicsize: usize) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.doc = Some(doc);
    let mut layout = Layout::gc::<ExceptionObject>().dict(offset_of!(ExceptionObject, dict));
    layout.size = size;
    spec.layout = layout;
    spec.basicsize = basicsize;
    spec.flags = TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC).with(TypeFlags::BASE_EXC_SUBCLASS);
    spec.trashcan = true;
    spec
}

pub const fn base(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<ExceptionObject>(), 72)
}
pub const fn value(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<1>>(), 80)
}
pub const fn name(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<1>>(), 80)
}
pub const fn attribute(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<2>>(), 88)
}
pub const fn import(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<3>>(), 96)
}
pub const fn os(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<4>>(), 112)
}
pub const fn syntax(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<8>>(), 136)
}
pub const fn unicode(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<5>>(), 112)
}
pub const fn group(name: &'static str, doc: &'static str) -> TypeSpec {
    spec(name, doc, size_of::<FieldsException<2>>(), 88)
}
