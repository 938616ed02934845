//! Layouts of exception objects and the spec of each layout.

use std::cell::Cell;
use std::mem::offset_of;

use super::{base as base_impl, fields, group as group_impl, os_error, unicode as unicode_impl};
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
    spec.dealloc = Some(base_impl::dealloc);
    spec.traverse = Some(base_impl::traverse);
    spec.clear = Some(base_impl::clear);
    spec.slots.new = Some(base_impl::new);
    spec.slots.init = Some(base_impl::init);
    spec
}

const fn is(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

pub const fn base(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<ExceptionObject>(), 72);
    if is(name, "BaseException") {
        spec.slots.repr = Some(base_impl::repr);
        spec.slots.str = Some(base_impl::str);
        spec.methods = base_impl::METHODS;
        spec.members = base_impl::MEMBERS;
        spec.getset = base_impl::GETSET;
    }
    if is(name, "KeyError") {
        spec.slots.str = Some(base_impl::key_error_str);
    }
    spec
}

pub const fn value(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<1>>(), 80);
    if is(name, "SystemExit") {
        spec.slots.init = Some(fields::system_exit_init);
        spec.members = fields::SYSTEM_EXIT_MEMBERS;
    } else {
        spec.slots.init = Some(fields::stop_iteration_init);
        spec.members = fields::STOP_ITERATION_MEMBERS;
    }
    spec
}

pub const fn name(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<1>>(), 80);
    spec.slots.init = Some(fields::name_error_init);
    if is(name, "NameError") {
        spec.members = fields::NAME_ERROR_MEMBERS;
    }
    spec
}

pub const fn attribute(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<2>>(), 88);
    spec.slots.init = Some(fields::attribute_error_init);
    spec.members = fields::ATTRIBUTE_ERROR_MEMBERS;
    spec
}

pub const fn import(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<3>>(), 96);
    spec.slots.init = Some(fields::import_error_init);
    spec.slots.str = Some(fields::import_error_str);
    if is(name, "ImportError") {
        spec.members = fields::IMPORT_ERROR_MEMBERS;
        spec.methods = fields::IMPORT_ERROR_METHODS;
    }
    spec
}

pub const fn os(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<4>>(), 112);
    spec.slots.new = Some(os_error::new);
    spec.slots.init = Some(os_error::init);
    spec.slots.str = Some(os_error::str);
    if is(name, "OSError") {
        spec.members = os_error::MEMBERS;
        spec.methods = os_error::METHODS;
    }
    spec
}

pub const fn syntax(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<8>>(), 136);
    spec.slots.init = Some(fields::syntax_error_init);
    spec.slots.str = Some(fields::syntax_error_str);
    if is(name, "SyntaxError") {
        spec.members = fields::SYNTAX_ERROR_MEMBERS;
    }
    spec
}

pub const fn unicode(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<5>>(), 112);
    if is(name, "UnicodeEncodeError") {
        spec.slots.init = Some(unicode_impl::encode_init);
    } else if is(name, "UnicodeDecodeError") {
        spec.slots.init = Some(unicode_impl::decode_init);
    } else {
        spec.slots.init = Some(unicode_impl::translate_init);
    }
    spec.slots.str = Some(unicode_impl::str);
    spec.members = unicode_impl::MEMBERS;
    spec
}

pub const fn group(name: &'static str, doc: &'static str) -> TypeSpec {
    let mut spec = spec(name, doc, size_of::<FieldsException<2>>(), 88);
    spec.slots.new = Some(group_impl::new);
    spec.slots.str = Some(group_impl::str);
    spec.methods = group_impl::METHODS;
    spec.members = group_impl::MEMBERS;
    spec
}
