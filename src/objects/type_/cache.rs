//! Attribute lookup along the MRO, cached by type version and name.
//!
//! A type gets a version when it is first looked up and loses it when it or one of its bases
//! changes ([`modified`]); versions are never used twice, so an entry whose version still fits is
//! right. Entries own nothing: a value is held by the dict of a type that has not changed, a name
//! is recognised by address *and* hash.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use crate::memory::Object;
use crate::objects::{StrObject, TypeFlags, TypeObject};
use crate::vm::Ctx;

const SIZE: usize = 4096;

#[derive(Clone, Copy)]
struct Entry {
    version: u32,
    name: *const StrObject,
    hash: i64,
    value: Option<NonNull<Object>>,
}

struct Cache {
    entries: UnsafeCell<[Entry; SIZE]>,
    next_version: Cell<u32>,
}

// SAFETY: only the engine thread, which holds the heap guard, touches the cache.
unsafe impl Sync for Cache {}

static CACHE: Cache = Cache {
    entries: UnsafeCell::new([Entry { version: 0, name: std::ptr::null(), hash: 0, value: None }; SIZE]),
    next_version: Cell::new(1),
};

/// Forgets everything: for a new interpreter.
pub fn reset() {
    clear();
    CACHE.next_version.set(1);
}

/// Forgets every entry (`sys._clear_type_cache`). Versions stay.
pub fn clear() {
    // SAFETY: no borrow into the array outlives an expression.
    let entries = unsafe { &mut *CACHE.entries.get() };
    for entry in entries {
        entry.version = 0;
    }
}

/// The type's version, given now if it has none; 0 where lookups cannot be cached.
#[inline]
pub fn version(ty: &TypeObject) -> u32 {
    match ty.version_tag.get() {
        0 => assign_version(ty),
        version => version,
    }
}

#[cold]
fn assign_version(ty: &TypeObject) -> u32 {
    if ty.has_flag(TypeFlags::NO_VERSION) || !ty.has_flag(TypeFlags::READY) {
        return 0;
    }
    // Every base needs a version first: invalidation stops at types that have none.
    if let Some(bases) = ty.bases.peek() {
        for base in bases.as_slice() {
            match base.downcast::<TypeObject>() {
                Some(base) if version(base) != 0 => {}
                _ => return 0,
            }
        }
    }
    let version = CACHE.next_version.get();
    if version == u32::MAX {
        return 0;
    }
    CACHE.next_version.set(version + 1);
    ty.version_tag.set(version);
    ty.flags.set(ty.flags.get().with(TypeFlags::VALID_VERSION_TAG));
    version
}

/// The type or what it inherits has changed: its version and those of all subclasses go
/// (`PyType_Modified`).
pub fn modified(ty: &TypeObject) {
    if ty.version_tag.get() == 0 {
        return;
    }
    super::for_each_subclass(ty, &mut |subclass| modified(subclass));
    ty.version_tag.set(0);
    ty.flags.set(ty.flags.get().without(TypeFlags::VALID_VERSION_TAG));
}

/// What `name` is along the MRO of `ty`, borrowed from the dict that holds it.
#[inline]
pub fn lookup(cx: Ctx, ty: &TypeObject, name: &StrObject) -> Option<NonNull<Object>> {
    let version = ty.version_tag.get();
    if version != 0 && name.is_interned() {
        let index = slot_of(version, name);
        // SAFETY: the entry is copied out at once.
        let entry = unsafe { (*CACHE.entries.get())[index] };
        if entry.version == version && std::ptr::eq(entry.name, name) && entry.hash == name.hash() {
            return entry.value;
        }
    }
    lookup_slow(cx, ty, name)
}

#[inline(always)]
fn slot_of(version: u32, name: &StrObject) -> usize {
    (version as usize ^ (std::ptr::from_ref(name) as usize >> 4)) % SIZE
}

#[inline(never)]
fn lookup_slow(cx: Ctx, ty: &TypeObject, name: &StrObject) -> Option<NonNull<Object>> {
    let found = find_in_mro(cx, ty, name);
    if name.is_interned() {
        let version = version(ty);
        if version != 0 {
            let entry = Entry { version, name, hash: name.hash(), value: found };
            // SAFETY: no borrow into the array outlives an expression.
            unsafe { (*CACHE.entries.get())[slot_of(version, name)] = entry };
        }
    }
    found
}

/// The lookup itself, without the cache.
pub fn find_in_mro(cx: Ctx, ty: &TypeObject, name: &StrObject) -> Option<NonNull<Object>> {
    let mro = ty.mro.peek()?;
    for class in mro.as_slice() {
        let Some(class) = class.downcast::<TypeObject>() else { continue };
        if let Some(dict) = class.dict.peek()
            && let Some(value) = dict.get_str(cx, name)
        {
            // The dict keeps holding what this reference is given up for.
            return Some(value.as_raw());
        }
    }
    None
}

/// The class along the MRO whose dict has `name`, with the value.
pub fn find_with_owner<'a>(
    cx: Ctx,
    ty: &'a TypeObject,
    name: &StrObject,
) -> Option<(&'a TypeObject, NonNull<Object>)> {
    for class in ty.mro.peek()?.as_slice() {
        let Some(class) = class.downcast::<TypeObject>() else { continue };
        if let Some(value) = class.dict.peek().and_then(|dict| dict.get_str(cx, name)) {
            return Some((class, value.as_raw()));
        }
    }
    None
}

/// The object of a borrowed lookup result.
#[inline(always)]
pub fn borrowed<'a>(found: NonNull<Object>) -> &'a Object {
    // SAFETY: callers use it while the type that holds the value is unchanged.
    unsafe { &*found.as_ptr() }
}
