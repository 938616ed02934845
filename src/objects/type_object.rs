//! The type object: layout and plain accessors. Class creation, MRO, slot inheritance and
//! attribute lookup live in `type_/`.

use std::cell::{Cell, UnsafeCell};

use super::dict::DictObject;
use super::slots::Slots;
use super::spec::{TypeFlags, TypeSpec};
use super::str::StrObject;
use super::tuple::TupleObject;
use crate::memory::{Layout, Object, Ref, Slot, TypeCore};

/// A class. Built-in ones live as long as the interpreter; heap types (from `class`) are counted
/// by their instances.
#[repr(C)]
pub struct TypeObject {
    pub core: TypeCore,
    pub(crate) slots: UnsafeCell<Slots>,
    pub flags: Cell<TypeFlags>,
    /// `__basicsize__`, `__itemsize__`: CPython 3.11's numbers.
    pub basicsize: Cell<usize>,
    pub itemsize: Cell<usize>,
    /// Real byte offset of the instance dict slot; 0 for none or when managed (inline values).
    pub dict_offset: Cell<usize>,
    /// What `__dictoffset__` and `__weakrefoffset__` show.
    pub shown_dictoffset: Cell<isize>,
    pub shown_weakrefoffset: Cell<isize>,
    /// The table a built-in type was made from.
    pub spec: Cell<Option<&'static TypeSpec>>,
    /// `__name__` and `__qualname__`.
    pub name: Slot<StrObject>,
    pub qualname: Slot<StrObject>,
    pub base: Slot<TypeObject>,
    pub bases: Slot<TupleObject>,
    pub mro: Slot<TupleObject>,
    pub dict: Slot<DictObject>,
    /// `__slots__` as given by a class body (mangled, sorted), for deallocation order and copying.
    pub slot_names: Slot,
    /// Weak references to direct subclasses, in creation order: a dict from address to weakref.
    pub subclasses: Slot<DictObject>,
    /// Bumped through `modified()`; 0 means no valid version. Inline caches key on it.
    pub version_tag: Cell<u32>,
    /// Shared keys of inline-values instances (a `dict::raw` keys table), null until needed.
    pub cached_keys: Cell<*mut super::dict::raw::DictKeys>,
    pub weaklist: Cell<usize>,
    /// Byte offset and count of `__slots__` members this very type adds (each a `Slot`).
    pub member_offset: Cell<u32>,
    pub member_count: Cell<u32>,
}

// SAFETY: `repr(C)`, begins with the object header.
unsafe impl Layout for TypeObject {}

impl TypeObject {
    /// The slot table. Slots are `Copy`: read the one you need and let go of the borrow.
    #[inline(always)]
    pub fn slots(&self) -> &Slots {
        // SAFETY: readers copy a function pointer out at once; `set_slots` runs no other code.
        unsafe { &*self.slots.get() }
    }

    /// Changes slots in place.
    pub fn set_slots(&self, change: impl FnOnce(&mut Slots)) {
        // SAFETY: single-threaded, and no borrow from `slots()` is held across calls.
        change(unsafe { &mut *self.slots.get() });
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: TypeFlags) -> bool {
        self.flags.get().has(flag)
    }

    /// Whether both are one type.
    #[inline(always)]
    pub fn is_type(&self, other: &TypeObject) -> bool {
        std::ptr::eq(self, other)
    }

    /// Whether `self` is `other` or derived from it (by MRO, no hooks: `PyType_IsSubtype`).
    pub fn is_subtype(&self, other: &TypeObject) -> bool {
        if self.is_type(other) {
            return true;
        }
        match self.mro.peek() {
            Some(mro) => mro.as_slice().iter().any(|t| t.address() == other.as_object().address()),
            None => {
                let mut base = self.base.peek();
                while let Some(ty) = base {
                    if ty.is_type(other) {
                        return true;
                    }
                    base = ty.base.peek();
                }
                false
            }
        }
    }

    /// The name without module (`type.__name__`), for messages.
    pub fn name_text(&self) -> String {
        match self.name.peek() {
            Some(name) => name.to_string_lossy(),
            None => self.spec.get().map_or(String::new(), |s| {
                let name = shown_name(s.name);
                name.rsplit('.').next().unwrap_or(name).to_string()
            }),
        }
    }

    /// `tp_name`: what `%.200s` of `Py_TYPE(x)->tp_name` shows in messages (built-in types outside
    /// `builtins` show their module: `collections.deque`; classes show the bare name).
    pub fn tp_name(&self) -> String {
        match self.spec.get() {
            Some(spec) => shown_name(spec.name).to_string(),
            None => self.name_text(),
        }
    }
}

/// A built-in type's name in the era that is followed.
fn shown_name(name: &'static str) -> &'static str {
    if crate::era::is_classic() { super::classic::names::type_name(name) } else { name }
}

impl Object {
    /// The type of the object.
    #[inline(always)]
    pub fn ty(&self) -> &TypeObject {
        // SAFETY: every type pointer is set from a `TypeObject`, whose prefix `TypeCore` is.
        unsafe { &*self.type_ptr().cast::<TypeObject>() }
    }

    /// Whether the object's type is exactly `ty`.
    #[inline(always)]
    pub fn is_exact(&self, ty: &TypeObject) -> bool {
        std::ptr::eq(self.type_ptr(), &raw const ty.core)
    }

    /// Whether the object's type is `ty` or derived from it (no `__instancecheck__`).
    #[inline(always)]
    pub fn is_instance(&self, ty: &TypeObject) -> bool {
        self.is_exact(ty) || self.ty().is_subtype(ty)
    }

    /// This object under layout `T`.
    ///
    /// # Safety
    /// The object's real layout is `T`.
    #[inline(always)]
    pub unsafe fn cast<T: Layout>(&self) -> &T {
        // SAFETY: promised by the caller.
        unsafe { &*std::ptr::from_ref(self).cast::<T>() }
    }
}

/// A layout that belongs to one built-in type, for checked downcasts.
///
/// # Safety
/// Every instance of the type returned (subclasses included) has this layout as a prefix.
pub unsafe trait TypedLayout: Layout {
    fn type_of(types: &super::Types) -> &'static TypeObject;
}

impl Object {
    /// The object as `T` if its type is `T`'s or derived from it.
    #[inline]
    pub fn downcast<T: TypedLayout>(&self) -> Option<&T> {
        // SAFETY: `TypedLayout` promises the layout for all instances.
        self.is_instance(T::type_of(super::types())).then(|| unsafe { self.cast::<T>() })
    }

    /// The object as `T` if its type is exactly `T`'s.
    #[inline(always)]
    pub fn downcast_exact<T: TypedLayout>(&self) -> Option<&T> {
        // SAFETY: as above.
        self.is_exact(T::type_of(super::types())).then(|| unsafe { self.cast::<T>() })
    }
}

impl Ref {
    /// The owning handle as `T` if the type fits, else the handle back.
    pub fn downcast_ref<T: TypedLayout>(self) -> Result<Ref<T>, Ref> {
        if self.is_instance(T::type_of(super::types())) {
            // SAFETY: the type was just checked.
            Ok(unsafe { self.cast_unchecked() })
        } else {
            Err(self)
        }
    }
}
