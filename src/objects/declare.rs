//! Declaring the objects of native modules: struct, layout, traverse and allocation in one place,
//! so that the modules themselves need no unsafe code.

use std::cell::Cell;

use super::iterators::common::alloc_instance;
use super::module::ModuleObject;
use super::spec::TypeSpec;
use super::{PyResult, TypeObject};
use crate::memory::{Layout, Ref};
use crate::vm::Ctx;

/// A layout for which zeroed bytes are a valid, empty state.
///
/// # Safety
/// Every field behind the header is one whose zero bytes mean something: `Slot`s (empty), cells
/// of numbers, flags, and `Option<Box<_>>` (`None`).
pub unsafe trait Empty: Layout {}

/// A new, empty instance of `ty`, which has layout `T` (or is derived from one that has); tracked.
pub fn make<T: Empty>(cx: Ctx, ty: &TypeObject) -> PyResult<Ref<T>> {
    debug_assert!(ty.core.info.size.get() as usize >= size_of::<T>());
    // SAFETY: `Empty` promises that zero bytes are a valid state.
    unsafe { Ok(alloc_instance(cx, ty, 0)?.cast_unchecked()) }
}

/// Declares the struct of a native type whose instances the collector knows.
///
/// `traced` fields implement `Trace`; `plain` ones hold no references. All start out zeroed.
/// Gives `Name::of(&Object) -> &Name`, `Name::traverse`, and what `declare::make` needs.
#[macro_export]
macro_rules! declare_object {
    (
        $(#[$meta:meta])*
        $name:ident {
            traced { $($(#[$tmeta:meta])* $traced:ident: $tty:ty,)* }
            plain { $($(#[$pmeta:meta])* $plain:ident: $pty:ty,)* }
        }
    ) => {
        $(#[$meta])*
        #[repr(C)]
        pub struct $name {
            pub object: $crate::memory::Object,
            $($(#[$tmeta])* pub $traced: $tty,)*
            $($(#[$pmeta])* pub $plain: $pty,)*
        }

        // SAFETY: `repr(C)` with the header first.
        unsafe impl $crate::memory::Layout for $name {}
        // SAFETY: slots, cells of numbers and optional boxes, all of which may be zero.
        unsafe impl $crate::objects::declare::Empty for $name {}

        impl $name {
            /// The receiver of a slot or method of the type.
            #[inline(always)]
            pub fn of(object: &$crate::memory::Object) -> &$name {
                // SAFETY: slots and methods of a type are called on its instances only.
                unsafe { object.cast() }
            }

            /// # Safety
            /// The object is an instance of the type.
            #[allow(dead_code)]
            unsafe fn traverse(
                object: std::ptr::NonNull<$crate::memory::Object>,
                visitor: &mut $crate::memory::Visitor<'_>,
            ) {
                // A type without references visits nothing.
                let _ = &visitor;
                // SAFETY: promised by the caller.
                let this = unsafe { object.cast::<$name>().as_ref() };
                let _ = &this.object;
                $($crate::memory::Trace::trace(&this.$traced, visitor);)*
            }
        }
    };
}

/// Where a native module keeps a type that it makes instances of.
pub struct TypeCell(Cell<Option<&'static TypeObject>>);

// SAFETY: only the engine thread, which holds the heap, touches it.
unsafe impl Sync for TypeCell {}

impl TypeCell {
    pub const fn new() -> TypeCell {
        TypeCell(Cell::new(None))
    }

    /// The type; an error while its module has not been made.
    #[inline]
    pub fn get(&self, cx: Ctx) -> PyResult<&'static TypeObject> {
        self.0.get().ok_or_else(|| cx.system_error("the type's module has not been imported"))
    }

    pub fn set(&self, ty: &'static TypeObject) {
        self.0.set(Some(ty));
    }
}

impl Default for TypeCell {
    fn default() -> Self {
        TypeCell::new()
    }
}

/// Makes a module's types and adds each under the last part of its name.
pub fn add_types(
    cx: Ctx,
    module: &ModuleObject,
    specs: &[(&'static TypeSpec, Option<&'static TypeCell>)],
) -> PyResult<()> {
    for (spec, cell) in specs {
        let ty = super::type_::ready::new_static_type(cx, spec)?;
        if let Some(cell) = cell {
            cell.set(ty);
        }
        add(cx, module, spec.name.rsplit('.').next().unwrap_or(spec.name), ty.to_object())?;
    }
    Ok(())
}

/// Adds a value to a module under construction.
pub fn add(cx: Ctx, module: &ModuleObject, name: &str, value: Ref) -> PyResult<()> {
    let name = cx.intern(name);
    match module.dict.peek() {
        Some(dict) => dict.set_str(cx, &name, value),
        None => Ok(()),
    }
}

/// The `clear` slot of a declared type from one of its methods.
#[macro_export]
macro_rules! declare_clear {
    ($slot:ident, $name:ident, $method:ident) => {
        /// # Safety
        /// The object is an instance of the type.
        unsafe fn $slot(object: std::ptr::NonNull<$crate::memory::Object>) {
            // SAFETY: promised by the caller.
            $name::of(unsafe { object.as_ref() }).$method();
        }
    };
}
