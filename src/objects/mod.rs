//! Python's built-in objects: slots and protocols, a file per small type, a folder per large one.

pub mod args;
pub mod attr;
pub mod bool;
pub mod bridge;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod classic;
pub mod complex;
pub mod declare;
pub mod descr;
pub mod dict;
pub mod exceptions;
pub mod float;
pub mod format;
pub mod generic_alias;
pub mod int;
pub mod iterators;
pub mod list;
pub mod look;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod names;
pub mod namespace;
pub mod native;
pub mod native_type;
pub mod object_type;
pub mod protocol;
pub mod range;
pub mod ring;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod slots;
pub mod spec;
pub mod str;
pub mod structseq;
pub mod super_;
pub mod tuple;
pub mod type_;
pub mod type_object;
pub mod types;
pub mod weakproxy;
pub mod weakref;
pub mod wrappers;

pub use cell::CellObject;
pub use dict::DictObject;
pub use float::FloatObject;
pub use int::IntObject;
pub use list::ListObject;
pub use module::ModuleObject;
pub use names::Names;
pub use slots::{Args, CompareOp, PyResult, Raised, Slots};
pub use spec::{GetSetDef, MemberDef, MethodDef, ModuleSpec, NativeFn, TypeFlags, TypeSpec};
pub use str::StrObject;
pub use tuple::TupleObject;
pub use type_object::{TypeObject, TypedLayout};
pub use types::Types;

use std::cell::UnsafeCell;

use exceptions::ExceptionTypes;

/// The tables that exist once per interpreter: built-in types, exception types, well-known names.
pub(crate) struct Tables {
    pub types: UnsafeCell<Option<Types>>,
    pub exceptions: UnsafeCell<Option<ExceptionTypes>>,
    pub names: UnsafeCell<Option<Names>>,
}

// SAFETY: only the engine thread, which holds the heap guard, touches the tables.
unsafe impl Sync for Tables {}

pub(crate) static TABLES: Tables =
    Tables { types: UnsafeCell::new(None), exceptions: UnsafeCell::new(None), names: UnsafeCell::new(None) };

/// The built-in types. Valid on the engine thread between start-up and shutdown.
#[inline(always)]
pub fn types() -> &'static Types {
    // SAFETY: written once at start-up, before anything can call this; taken away last.
    unsafe { (*TABLES.types.get()).as_ref().unwrap_unchecked() }
}

/// The exception types. Valid as [`types`] is.
#[inline(always)]
pub fn exceptions() -> &'static ExceptionTypes {
    // SAFETY: as in `types`.
    unsafe { (*TABLES.exceptions.get()).as_ref().unwrap_unchecked() }
}

/// Interned strings that native code refers to. Valid as [`types`] is.
#[inline(always)]
pub fn names() -> &'static Names {
    // SAFETY: as in `types`.
    unsafe { (*TABLES.names.get()).as_ref().unwrap_unchecked() }
}

/// Forgets every object that native code keeps in statics, without touching it: the heap is about to go, and the
/// next interpreter starts afresh. Called last.
pub(crate) fn forget_all() {
    int::forget_shared();
    tuple::forget_shared();
    bytes::forget_shared();
    str::raw::forget_shared();
    classic::forget();
    // SAFETY: the engine thread is past the last use of the tables; what they own is not dropped, since its
    // memory goes as a whole.
    unsafe {
        // Tables of plain references: nothing to forget.
        *TABLES.types.get() = None;
        *TABLES.exceptions.get() = None;
        std::mem::forget((*TABLES.names.get()).take());
        std::mem::forget((*singletons::TABLE.0.get()).take());
    }
}
