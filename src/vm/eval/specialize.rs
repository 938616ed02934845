//! Specialising instructions in place.
//!
//! A generic instruction whose inline cache is due looks at its operands once and, when they are of
//! a kind worth it, turns itself into a variant that checks a version and goes straight to the
//! value. A variant whose check fails turns back. Variants have opcode numbers that the compiler
//! does not use; the code object keeps the original instructions, which is what everybody outside
//! the loop looks at.
//!
//! Cache units behind the instruction, CPython 3.11's room:
//!
//! | instruction | 0 | 1 | 2 | 3 | 4 | 5.. |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | `LOAD_GLOBAL` | wait | index | globals' keys version (2) | | builtins' keys version | |
//! | `LOAD_ATTR`, `STORE_ATTR` | wait | type version (2) | | index or offset / 8 | | |
//! | `LOAD_METHOD` | wait | type version (2) | | keys version (2) | | function (4) |

use crate::memory::{Layout, Object, Slot};
use crate::objects::attr::{generic_get_attr, generic_set_attr, inline_values, shared_keys};
use crate::objects::descr::{Member, MemberDescriptor};
use crate::objects::type_::cache;
use crate::objects::{DictObject, ModuleObject, StrObject, TypeFlags, TypeObject, types};
use crate::vm::Ctx;
use crate::vm::frame::Frame;

/// The variants' opcode numbers.
pub mod variant {
    pub const LOAD_GLOBAL_MODULE: u8 = 3;
    pub const LOAD_GLOBAL_BUILTIN: u8 = 4;
    pub const LOAD_ATTR_INSTANCE: u8 = 5;
    pub const LOAD_ATTR_SLOT: u8 = 6;
    pub const LOAD_ATTR_MODULE: u8 = 7;
    pub const STORE_ATTR_INSTANCE: u8 = 8;
    pub const STORE_ATTR_SLOT: u8 = 13;
    pub const LOAD_METHOD_VALUES: u8 = 14;
    pub const LOAD_METHOD_NO_DICT: u8 = 16;
}

/// How many executions pass before a failed attempt is repeated.
const WAIT: u16 = 53;

/// The inline caches of one instruction. Who makes one vouches for it ([`Cache::new`]); each function below
/// reads only units that its instruction has.
#[derive(Clone, Copy)]
pub(super) struct Cache(*mut u16);

impl Cache {
    /// # Safety
    /// `pc` points right behind an instruction that has inline caches.
    #[inline(always)]
    pub unsafe fn new(pc: *const u16) -> Cache {
        Cache(pc.cast_mut())
    }

    #[inline(always)]
    fn get(self, unit: usize) -> u16 {
        // SAFETY: promised when the cache was made; callers stay within the instruction's units.
        unsafe { *self.0.add(unit) }
    }

    #[inline(always)]
    fn set(self, unit: usize, value: u16) {
        // SAFETY: as above.
        unsafe { *self.0.add(unit) = value }
    }

    #[inline(always)]
    fn get32(self, unit: usize) -> u32 {
        u32::from(self.get(unit)) | u32::from(self.get(unit + 1)) << 16
    }

    fn set32(self, unit: usize, value: u32) {
        self.set(unit, value as u16);
        self.set(unit + 1, (value >> 16) as u16);
    }

    #[inline(always)]
    fn get64(self, unit: usize) -> u64 {
        u64::from(self.get32(unit)) | u64::from(self.get32(unit + 2)) << 32
    }

    fn set64(self, unit: usize, value: u64) {
        self.set32(unit, value as u32);
        self.set32(unit + 2, (value >> 32) as u32);
    }

    /// Whether an attempt to specialise is due; counts down otherwise.
    #[inline(always)]
    pub fn is_due(self) -> bool {
        let wait = self.get(0);
        if wait == 0 {
            return true;
        }
        self.set(0, wait - 1);
        false
    }

    /// Turns the instruction into another opcode; its argument stays.
    fn become_(self, opcode: u8) {
        // SAFETY: the instruction itself lies right before its caches.
        unsafe {
            let unit = self.0.sub(1);
            *unit = *unit & 0xff00 | u16::from(opcode);
        }
    }

    /// Back to the generic instruction, with a pause before the next attempt.
    #[cold]
    #[inline(never)]
    pub fn revert(self, opcode: u8) {
        self.become_(opcode);
        self.set(0, WAIT);
    }

    fn give_up(self) {
        self.set(0, WAIT);
    }
}

/// Tries to specialise `LOAD_GLOBAL`.
#[cold]
#[inline(never)]
pub(super) fn load_global(cache: Cache, frame: &Frame, name: &StrObject) {
    cache.give_up();
    let globals = frame.globals();
    if !globals.as_object().is_exact(types().dict) || !globals.raw_keys().is_unicode() {
        return;
    }
    let version = globals.raw_keys().version();
    if version == 0 {
        return;
    }
    if let Some(index) = globals.index_of_str(name) {
        let Ok(index) = u16::try_from(index) else { return };
        cache.set(1, index);
        cache.set32(2, version);
        cache.become_(variant::LOAD_GLOBAL_MODULE);
        return;
    }
    let Some(builtins) = frame.builtins().downcast_exact::<DictObject>() else { return };
    if !builtins.raw_keys().is_unicode() {
        return;
    }
    let builtins_version = builtins.raw_keys().version();
    let (Some(index), Ok(short)) = (builtins.index_of_str(name), u16::try_from(builtins_version)) else {
        return;
    };
    let Ok(index) = u16::try_from(index) else { return };
    if short == 0 {
        return;
    }
    cache.set(1, index);
    cache.set32(2, version);
    cache.set(4, short);
    cache.become_(variant::LOAD_GLOBAL_BUILTIN);
}

/// `LOAD_GLOBAL_MODULE`: the value, borrowed, if the keys are still the same.
#[inline(always)]
pub(super) fn global_in_module(cache: Cache, frame: &Frame) -> Option<&Object> {
    let globals = frame.globals();
    if globals.raw_keys().peek_version() != cache.get32(2) {
        return None;
    }
    globals.peek_at(cache.get(1) as usize)
}

/// `LOAD_GLOBAL_BUILTIN`: the same for a name that is not in the globals.
#[inline(always)]
pub(super) fn global_in_builtins(cache: Cache, frame: &Frame) -> Option<&Object> {
    if frame.globals().raw_keys().peek_version() != cache.get32(2) {
        return None;
    }
    let builtins = frame.builtins().downcast_exact::<DictObject>()?;
    if builtins.raw_keys().peek_version() != u32::from(cache.get(4)) {
        return None;
    }
    builtins.peek_at(cache.get(1) as usize)
}

fn same_function(a: Option<usize>, b: usize) -> bool {
    a == Some(b)
}

fn uses_generic_get(ty: &TypeObject) -> bool {
    same_function(ty.slots().getattro.map(|f| f as usize), generic_get_attr as *const () as usize)
}

fn uses_generic_set(ty: &TypeObject) -> bool {
    same_function(ty.slots().setattro.map(|f| f as usize), generic_set_attr as *const () as usize)
}

/// The byte offset of a `__slots__` member, if that is what `found` is, for instances of `ty`.
fn slot_offset(found: &Object, ty: &TypeObject) -> Option<u16> {
    if !found.is_exact(types().member_descriptor) {
        return None;
    }
    // SAFETY: the type was just checked.
    let descriptor = unsafe { found.cast::<MemberDescriptor>() };
    let owner = descriptor.head.class.peek()?;
    match descriptor.kind {
        // Offsets of members count from the object; those of variable-sized types do not.
        Member::Slot(offset)
            if ty.is_subtype(owner) && ty.core.info.item_size.get() == 0 && offset % 8 == 0 =>
        {
            u16::try_from(offset / 8).ok()
        }
        _ => None,
    }
}

/// Tries to specialise `LOAD_ATTR`.
#[cold]
#[inline(never)]
pub(super) fn load_attr(cx: Ctx, cache: Cache, object: &Object, name: &StrObject) {
    cache.give_up();
    if let Some(module) = object.downcast_exact::<ModuleObject>() {
        let Some(dict) = module.dict.peek() else { return };
        if !dict.raw_keys().is_unicode() || cx.type_lookup(object.ty(), name).is_some() {
            return;
        }
        let version = dict.raw_keys().version();
        let Some(index) = dict.index_of_str(name).and_then(|i| u16::try_from(i).ok()) else { return };
        if version == 0 {
            return;
        }
        cache.set32(1, version);
        cache.set(3, index);
        cache.become_(variant::LOAD_ATTR_MODULE);
        return;
    }
    let ty = object.ty();
    let version = cache::version(ty);
    if version == 0 || !uses_generic_get(ty) {
        return;
    }
    let found = cx.type_lookup(ty, name);
    if let Some(found) = &found {
        if let Some(offset) = slot_offset(found, ty) {
            cache.set32(1, version);
            cache.set(3, offset);
            cache.become_(variant::LOAD_ATTR_SLOT);
            return;
        }
        if found.ty().slots().descr_set.is_some() {
            return;
        }
    }
    let Some((keys, _)) = inline_values(object) else { return };
    let Some(index) = keys.find_str(name).and_then(|i| u16::try_from(i).ok()) else { return };
    cache.set32(1, version);
    cache.set(3, index);
    cache.become_(variant::LOAD_ATTR_INSTANCE);
}

/// Tries to specialise `STORE_ATTR`.
#[cold]
#[inline(never)]
pub(super) fn store_attr(cx: Ctx, cache: Cache, object: &Object, name: &StrObject) {
    cache.give_up();
    let ty = object.ty();
    let version = cache::version(ty);
    if version == 0 || !uses_generic_set(ty) {
        return;
    }
    if let Some(found) = cx.type_lookup(ty, name) {
        if let Some(offset) = slot_offset(&found, ty) {
            cache.set32(1, version);
            cache.set(3, offset);
            cache.become_(variant::STORE_ATTR_SLOT);
            return;
        }
        if found.ty().slots().descr_set.is_some() {
            return;
        }
    }
    let Some((keys, _)) = inline_values(object) else { return };
    let Some(index) = keys.find_str(name).and_then(|i| u16::try_from(i).ok()) else { return };
    cache.set32(1, version);
    cache.set(3, index);
    cache.become_(variant::STORE_ATTR_INSTANCE);
}

/// Tries to specialise `LOAD_METHOD`.
#[cold]
#[inline(never)]
pub(super) fn load_method(cx: Ctx, cache: Cache, object: &Object, name: &StrObject) {
    cache.give_up();
    let ty = object.ty();
    let version = cache::version(ty);
    if version == 0 || !uses_generic_get(ty) {
        return;
    }
    let Some(found) = cx.type_lookup(ty, name) else { return };
    if !found.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
        return;
    }
    if ty.has_flag(TypeFlags::INLINE_VALUES) {
        // An instance attribute of this name would have to be in the shared keys.
        let Some(keys) = shared_keys(ty) else { return };
        if inline_values(object).is_none() || keys.find_str(name).is_some() {
            return;
        }
        let keys_version = keys.version();
        if keys_version == 0 {
            return;
        }
        cache.set32(3, keys_version);
        cache.set32(1, version);
        cache.set64(5, found.address() as u64);
        cache.become_(variant::LOAD_METHOD_VALUES);
    } else if crate::objects::attr::dict_slot(object).is_none() && !has_dict(ty) {
        cache.set32(1, version);
        cache.set64(5, found.address() as u64);
        cache.become_(variant::LOAD_METHOD_NO_DICT);
    }
}

fn has_dict(ty: &TypeObject) -> bool {
    ty.has_flag(TypeFlags::HAS_DICT) || ty.dict_offset.get() != 0
}

/// Whether the object's type is still the one that the cache (at unit 1) was made for.
#[inline(always)]
pub(super) fn type_matches(cache: Cache, object: &Object) -> bool {
    object.ty().version_tag.get() == cache.get32(1)
}

/// The cached index or offset of an attribute (unit 3).
#[inline(always)]
pub(super) fn attribute_index(cache: Cache) -> usize {
    cache.get(3) as usize
}

/// The cached version of a module's keys (unit 1).
#[inline(always)]
pub(super) fn module_keys_version(cache: Cache) -> u32 {
    cache.get32(1)
}

/// The cached version of a class's shared keys (unit 3).
#[inline(always)]
pub(super) fn shared_keys_version(cache: Cache) -> u32 {
    cache.get32(3)
}

/// The `__slots__` member of this object that the cache (unit 3) was made for.
#[inline(always)]
pub(super) fn slot(cache: Cache, object: &Object) -> &Slot {
    // SAFETY: asked after `type_matches`: instances of that type hold a slot there.
    unsafe { &*std::ptr::from_ref(object).cast::<u8>().add(attribute_index(cache) * 8).cast::<Slot>() }
}

/// The cached method (unit 5).
#[inline(always)]
pub(super) fn cached_method<'a>(cache: Cache) -> &'a Object {
    // SAFETY: asked after `type_matches`: the method is alive as long as the type's version holds.
    unsafe { &*(cache.get64(5) as usize as *const Object) }
}
