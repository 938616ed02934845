//! Instances of heap types: how they are made, traversed, cleared and destroyed.

use std::ptr::NonNull;

use crate::memory::object::DeallocFn;
use crate::memory::{self, Layout, Object, Ref, Slot, Visitor};
use crate::objects::attr::{dict_slot, inline_values, managed_head, shared_keys};
use crate::objects::dict::values::Values;
use crate::objects::{PyResult, TypeFlags, TypeObject, names};
use crate::vm::Ctx;

/// A plain instance (`object.__new__` without its checks): zeroed payload, inline values where
/// the class has them, tracked.
#[inline]
pub fn new_instance(cx: Ctx, ty: &TypeObject) -> PyResult {
    let size = ty.core.info.size.get() as usize;
    // SAFETY: a zeroed payload is what an `object` instance with empty slots looks like.
    let object = unsafe { Ref::<Object>::from_owned(memory::new_object(&ty.core, size, true)) };
    if ty.has_flag(TypeFlags::INLINE_VALUES)
        && let (Some(head), Some(keys)) = (managed_head(&object), shared_keys(ty))
    {
        let values = Values::for_instance(keys).ok_or_else(|| cx.memory_error())?;
        head.set_values(Some(values));
    }
    if ty.has_flag(TypeFlags::HAVE_GC) {
        memory::track(&object);
    }
    Ok(object)
}

/// Where the members that `__slots__` of `ty` adds lie in `object`.
fn members<'a>(ty: &TypeObject, object: &'a Object) -> &'a [Slot] {
    let count = ty.member_count.get() as usize;
    if count == 0 {
        return &[];
    }
    // SAFETY: `class` laid out `count` slots there; they were zeroed, that is emptied, at birth.
    unsafe { std::slice::from_raw_parts(member_slot(object, ty.member_offset.get() as usize), count) }
}

/// The `__slots__` member at a class's offset.
#[inline]
pub fn member_slot(object: &Object, offset: usize) -> &Slot {
    // SAFETY: the class made room for a slot at this offset.
    unsafe { &*std::ptr::from_ref(object).cast::<u8>().add(offset).cast::<Slot>() }
}

/// The nearest base whose dealloc is not [`subtype_dealloc`].
pub fn dealloc_base(ty: &TypeObject) -> &TypeObject {
    let mut base = ty;
    while base.core.info.dealloc.get() as usize == subtype_dealloc as *const () as usize {
        match base.base.peek() {
            Some(next) => base = next,
            None => break,
        }
    }
    base
}

/// Whether the class itself, and not the built-in `base`, gave its instances their dict.
fn adds_dict(ty: &TypeObject, base: &TypeObject) -> bool {
    ty.has_flag(TypeFlags::HAS_DICT) && base.dict_offset.get() == 0
}

/// `tp_dealloc` of heap types, in CPython's order: finalizer, weak references, slots, attributes,
/// the built-in base's part, and the class itself last.
///
/// # Safety
/// As `DeallocFn`.
pub unsafe fn subtype_dealloc(object: NonNull<Object>) {
    // SAFETY: the count is zero and the payload whole; nobody else destroys the object, which is
    // not tracked while code runs that could start a collection.
    unsafe {
        let this: &Object = &*object.as_ptr();
        let ty: &TypeObject = &*this.type_ptr().cast::<TypeObject>();
        let is_gc = this.is_gc();
        if is_gc {
            memory::untrack(this);
        }
        let base = dealloc_base(ty);
        let info = &ty.core.info;
        let own_weaklist = info.weaklist_offset.get() != 0 && base.core.info.weaklist_offset.get() == 0;
        let finalizes = info.finalize.get().is_some();
        if finalizes && crate::era::is_classic() {
            // Python 2.7 empties weak references before it finalizes, and finalizes at every death.
            if own_weaklist {
                memory::weakref::clear_weakrefs(this);
            }
            let finalize = info.finalize.get();
            let back = memory::dealloc::with_one_reference(object, || {
                if is_gc {
                    memory::track(this);
                }
                if let Some(finalize) = finalize {
                    finalize(this);
                }
            });
            if back {
                return;
            }
            if is_gc {
                memory::untrack(this);
            }
        } else if finalizes {
            if is_gc {
                memory::track(this);
            }
            if memory::dealloc::finalize_from_dealloc(object) {
                return;
            }
            if is_gc {
                memory::untrack(this);
            }
        }
        // `__class__` may have been assigned by the finalizer.
        let ty: &TypeObject = &*this.type_ptr().cast::<TypeObject>();
        if own_weaklist {
            memory::weakref::clear_weakrefs(this);
        }
        let mut class = ty;
        while class.core.info.dealloc.get() as usize == subtype_dealloc as *const () as usize {
            for slot in members(class, this) {
                drop(slot.take());
            }
            match class.base.peek() {
                Some(next) => class = next,
                None => break,
            }
        }
        if adds_dict(ty, base) {
            release_attributes(this);
        }
        let ty_pointer = this.type_ptr();
        let releases_type = ty.has_flag(TypeFlags::HEAPTYPE) && !base.has_flag(TypeFlags::HEAPTYPE);
        if is_gc && base.has_flag(TypeFlags::HAVE_GC) {
            memory::track(this);
        }
        let base_dealloc: DeallocFn = base.core.info.dealloc.get();
        base_dealloc(object);
        if releases_type {
            memory::decref(NonNull::new_unchecked(ty_pointer.cast_mut().cast()));
        }
    }
}

/// Releases managed dict or inline values.
fn release_attributes(object: &Object) {
    if let Some((keys, values)) = inline_values(object) {
        if let Some(head) = managed_head(object) {
            head.set_values(None);
        }
        values.free(keys);
    } else if let Some(slot) = dict_slot(object) {
        drop(slot.take());
    }
}

/// `tp_traverse` of heap types.
///
/// # Safety
/// As `TraverseFn`.
pub unsafe fn subtype_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the object is alive; its type's chain ends at a built-in type.
    unsafe {
        let this: &Object = &*object.as_ptr();
        let ty = this.ty();
        let mut base = ty;
        while base.core.info.traverse.get().map(|f| f as usize)
            == Some(subtype_traverse as *const () as usize)
        {
            for slot in members(base, this) {
                slot.trace(visitor);
            }
            match base.base.peek() {
                Some(next) => base = next,
                None => break,
            }
        }
        if adds_dict(ty, base) {
            if let Some((keys, values)) = inline_values(this) {
                values.traverse(keys, visitor);
            }
            if let Some(slot) = dict_slot(this) {
                slot.trace(visitor);
            }
        }
        if ty.has_flag(TypeFlags::HEAPTYPE) && !base.has_flag(TypeFlags::HEAPTYPE) {
            visitor.visit(ty.as_object().as_ptr());
        }
        if let Some(traverse) = base.core.info.traverse.get()
            && traverse as usize != subtype_traverse as *const () as usize
        {
            traverse(object, visitor);
        }
    }
}

/// `tp_clear` of heap types.
///
/// # Safety
/// As `ClearFn`.
pub unsafe fn subtype_clear(object: NonNull<Object>) {
    // SAFETY: the object is alive; its type's chain ends at a built-in type.
    unsafe {
        let this: &Object = &*object.as_ptr();
        let ty = this.ty();
        let mut base = ty;
        while base.core.info.clear.get().map(|f| f as usize) == Some(subtype_clear as *const () as usize) {
            for slot in members(base, this) {
                drop(slot.take());
            }
            match base.base.peek() {
                Some(next) => base = next,
                None => break,
            }
        }
        if adds_dict(ty, base) {
            if let Some((keys, values)) = inline_values(this) {
                values.clear(keys);
            }
            if let Some(slot) = dict_slot(this) {
                drop(slot.take());
            }
        }
        if let Some(clear) = base.core.info.clear.get()
            && clear as usize != subtype_clear as *const () as usize
        {
            clear(object);
        }
    }
}

/// `tp_finalize` of classes with `__del__`: whatever is pending stays pending, and what
/// `__del__` raises is reported and forgotten.
pub fn slot_finalize(object: &Object) {
    // SAFETY: finalizers run on the engine thread while the interpreter is alive.
    let cx = unsafe { Ctx::current() };
    let pending = cx.fetch_pending();
    // Whoever destroys it keeps it alive meanwhile.
    let _hold = cx.hold("its finalizer", object);
    match cx.lookup_maybe_method(object, &names().del) {
        Ok(Some((method, unbound))) => {
            let _hold = cx.hold("the call of __del__", &method);
            let result = if unbound { cx.call1(&method, object) } else { cx.call0(&method) };
            if let Err(raised) = result {
                cx.write_unraisable(raised, None, Some(&method));
            }
        }
        Ok(None) => {}
        Err(raised) => cx.write_unraisable(raised, None, Some(object)),
    }
    if let Some(pending) = pending {
        let _pending_again = cx.restore(pending);
    }
}
