//! The object header and the part of a type that memory management needs.
//!
//! ```text
//!   managed pre-header   GC pre-header     object
//!  +----------+--------+---------+--------+----------+--------+-----------------
//!  | dict     | values | gc next | gc prev| refcount | type   | payload ...
//!  +----------+--------+---------+--------+----------+--------+-----------------
//!  -32        -24      -16       -8       0          8        16
//! ```
//!
//! A block of the `Plain` kind begins at the object, a `Gc` block 16 bytes before it, a `Managed`
//! block 32 bytes before it (instances with inline values, as in CPython 3.11).

use std::cell::Cell;
use std::ptr::NonNull;

use super::visit::Visitor;

/// What every Python object begins with: its count and its type.
///
/// `Object` is also the type of an object of which nothing more is known. It has no drop glue:
/// objects are destroyed by their type's `dealloc` when the count falls to zero.
#[repr(C)]
pub struct Object {
    pub(super) refcount: Cell<usize>,
    pub(super) ty: Cell<NonNull<TypeCore>>,
}

const _: () = assert!(size_of::<Object>() == 16);

/// The beginning of every type object: what memory knows of it. `objects` puts the rest behind.
#[repr(C)]
pub struct TypeCore {
    pub object: Object,
    pub info: TypeInfo,
}

/// Which pre-header the instances of a type carry.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PreHeader {
    /// None: not known to the collector.
    Plain = 0,
    /// The collector's two words.
    Gc = 1,
    /// Instance dict pointer, inline values pointer, then the collector's two words.
    Managed = 2,
}

impl PreHeader {
    /// Bytes before the object.
    #[inline(always)]
    pub const fn size(self) -> usize {
        self as usize * 16
    }
}

/// Runs when the count has reached zero: release everything the object holds and its memory.
///
/// # Safety
/// Called once, with the object's count at zero.
pub type DeallocFn = unsafe fn(NonNull<Object>);
/// Shows every reference that the object owns to the visitor, each as often as it is owned.
///
/// # Safety
/// The object is alive and of the type whose slot this is. A reference left out makes the
/// collector keep garbage; one invented makes it free a live object.
pub type TraverseFn = unsafe fn(NonNull<Object>, &mut Visitor<'_>);
/// Drops the references that can be part of a cycle (`tp_clear`). May run Python code.
///
/// # Safety
/// The object is alive and of the type whose slot this is.
pub type ClearFn = unsafe fn(NonNull<Object>);

/// Tells instances with a GC pre-header from those without, where a type has both.
pub type IsGcFn = fn(&Object) -> bool;

/// Layout and memory slots of a type.
pub struct TypeInfo {
    /// Real bytes of an instance without pre-header and without items.
    pub size: Cell<u32>,
    /// Real bytes of each inline item (tuples, strings' units, ...), or 0.
    pub item_size: Cell<u32>,
    pub pre_header: Cell<PreHeader>,
    /// Byte offset in the instance of the head of its weak reference list (an
    /// `Cell<*mut WeakRefCore>`), or 0 where instances cannot be weakly referenced. To be read as
    /// `i32`: subclasses of `str`, whose text follows the header, have it before the object (-24).
    pub weaklist_offset: Cell<u32>,
    /// Type objects made by a `class` statement are themselves counted by their instances.
    pub is_heap_type: Cell<bool>,
    /// The dealloc takes part in the trashcan (CPython's list of types: list, tuple, dict, set,
    /// frame, traceback, exceptions, instances of heap types ...).
    pub uses_trashcan: Cell<bool>,
    /// Per object: whether it carries a GC pre-header although its type says so (`tp_is_gc`).
    pub is_gc: Cell<Option<IsGcFn>>,
    pub dealloc: Cell<DeallocFn>,
    pub traverse: Cell<Option<TraverseFn>>,
    /// For types that the collector does not know, so that they have no `traverse`: shows every reference that the
    /// object owns. For audits only.
    pub owned: Cell<Option<TraverseFn>>,
    pub clear: Cell<Option<ClearFn>>,
    /// `tp_finalize` (PEP 442): may run Python code, may resurrect.
    pub finalize: Cell<Option<fn(&Object)>>,
    /// `tp_del`, the finalizer from before PEP 442: makes a cycle uncollectable.
    pub legacy_finalize: Cell<Option<fn(&Object)>>,
    /// Lets the collector drop an object that cannot be part of a cycle any more: the function
    /// untracks the object if nothing in it can be tracked. Exact `tuple` and `dict` only;
    /// subclasses do not inherit it.
    pub maybe_untrack: Cell<Option<fn(&Object)>>,
    /// In which collections `maybe_untrack` is asked.
    pub untrack_pass: Cell<UntrackPass>,
    /// Whether instances are weak references, and which kind. A subclass of `weakref.ref` has
    /// `Other`.
    pub weak_kind: Cell<WeakKind>,
}

/// When the collector tries to untrack an object that survived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UntrackPass {
    /// In every collection (tuples).
    Every,
    /// Only when the oldest generation is collected (dicts).
    Full,
}

/// What kind of weak reference the instances of a type are; they are all laid out as
/// [`super::weakref::WeakRefCore`] then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakKind {
    /// No weak references.
    No,
    /// Exactly `weakref.ref`: without callback it is shared and stands first in the list.
    Ref,
    /// A proxy: without callback it is shared and stands behind the shared `ref`.
    Proxy,
    /// A subclass of `weakref.ref`.
    Other,
}

impl TypeInfo {
    /// A type of `size` bytes, whose instances have no items, are not known to the collector and
    /// cannot be weakly referenced. Set the rest field by field.
    pub const fn new(size: u32, dealloc: DeallocFn) -> TypeInfo {
        TypeInfo {
            size: Cell::new(size),
            item_size: Cell::new(0),
            pre_header: Cell::new(PreHeader::Plain),
            weaklist_offset: Cell::new(0),
            is_heap_type: Cell::new(false),
            uses_trashcan: Cell::new(false),
            is_gc: Cell::new(None),
            dealloc: Cell::new(dealloc),
            traverse: Cell::new(None),
            owned: Cell::new(None),
            clear: Cell::new(None),
            finalize: Cell::new(None),
            legacy_finalize: Cell::new(None),
            maybe_untrack: Cell::new(None),
            untrack_pass: Cell::new(UntrackPass::Every),
            weak_kind: Cell::new(WeakKind::No),
        }
    }
}

impl Object {
    /// A header that has no block yet, for the first types of all and for `Layout` structs under
    /// construction.
    ///
    /// # Safety
    /// `ty` lives as long as the object is used.
    pub const unsafe fn header(count: usize, ty: NonNull<TypeCore>) -> Object {
        Object { refcount: Cell::new(count), ty: Cell::new(ty) }
    }

    /// The number of references to this object.
    #[inline(always)]
    pub fn refcount(&self) -> usize {
        self.refcount.get()
    }

    /// The type, as memory knows it.
    #[inline(always)]
    pub fn type_core(&self) -> &TypeCore {
        // SAFETY: the type pointer is set when the object is made and the object keeps a heap
        // type alive by a counted reference; built-in types live as long as the heap.
        unsafe { self.ty.get().as_ref() }
    }

    /// The type pointer, for identity tests.
    #[inline(always)]
    pub fn type_ptr(&self) -> *const TypeCore {
        self.ty.get().as_ptr()
    }

    /// The address: `id()`.
    #[inline(always)]
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self) as usize
    }

    /// Whether both are one object (`is`).
    #[inline(always)]
    pub fn is(&self, other: &Object) -> bool {
        std::ptr::eq(self, other)
    }

    #[inline(always)]
    pub fn as_ptr(&self) -> NonNull<Object> {
        NonNull::from(self)
    }

    /// Whether the object carries a GC pre-header (`PyObject_IS_GC`).
    #[inline]
    pub fn is_gc(&self) -> bool {
        let info = &self.type_core().info;
        info.pre_header.get() != PreHeader::Plain && info.is_gc.get().is_none_or(|test| test(self))
    }

    /// Points the object at another type without touching either type's count
    /// (`Py_SET_TYPE`): for `__class__` assignment and for the first types of all.
    pub fn set_type_uncounted(&self, ty: NonNull<TypeCore>) {
        self.ty.set(ty);
    }

    /// Sets the count. For objects that come back to life (free lists, resurrection).
    ///
    /// # Safety
    /// The caller owns exactly the references that the new count adds.
    pub unsafe fn set_refcount(&self, count: usize) {
        self.refcount.set(count);
    }
}
