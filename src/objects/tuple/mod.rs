//! `tuple`: making, comparing, freeing. The type itself is in `methods`.
//!
//! Always true: `len` initialised references follow the header of a tuple that anybody can see;
//! the empty exact tuple is one shared object, not known to the collector.

pub mod iter;
pub mod methods;

pub use iter::TUPLE_ITERATOR;
pub use methods::SPEC;

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::type_object::TypedLayout;
use super::{PyResult, TypeObject, Types, types};
use crate::memory;
use crate::memory::alloc::{resize_object, try_new_object};
use crate::memory::{
    FreeList, Layout, Object, Ref, Slot, Visitor, decref, free_object, is_tracked, new_object, track, untrack,
};
use crate::vm::Ctx;

/// Header of a tuple; the items follow it in the same block.
#[repr(C)]
pub struct TupleObject {
    pub object: Object,
    pub(super) len: usize,
    pub(super) items: [Ref; 0],
}

const HEADER: usize = size_of::<TupleObject>();
const _: () = assert!(HEADER == 24);

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for TupleObject {}
// SAFETY: every `tuple` instance begins with this layout.
unsafe impl TypedLayout for TupleObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.tuple
    }
}

/// Dead tuples of 1 to 20 items. As in CPython 3.11, those of 20 go in but never come out.
static FREE: [FreeList; 20] = [const { FreeList::new(2000) }; 20];

struct Shared(Slot<TupleObject>);
// SAFETY: only the engine thread, which holds the heap, touches it.
unsafe impl Sync for Shared {}
static EMPTY: Shared = Shared(Slot::empty());

/// Gives up the shared empty tuple; at shutdown, last of all.
pub fn clear_shared() {
    EMPTY.0.set(None);
}

/// The heap goes away with all objects: forgets the empty tuple without touching it.
pub fn forget_shared() {
    std::mem::forget(EMPTY.0.take());
}

/// Shows the shared empty tuple, for heap walks that want every root.
pub fn for_each_shared(each: &mut dyn FnMut(&Object)) {
    if let Some(empty) = EMPTY.0.peek() {
        each(&empty.object);
    }
}

/// The empty tuple, a new reference.
#[inline]
pub(crate) fn empty() -> Ref<TupleObject> {
    match EMPTY.0.get() {
        Some(empty) => empty,
        None => make_empty(),
    }
}

/// The empty tuple, a new reference, for native modules.
pub fn empty_tuple() -> Ref<TupleObject> {
    empty()
}

/// A tuple of new references to `items`, for native modules.
pub fn copy_of(items: &[Ref]) -> Ref<TupleObject> {
    from_slice(items)
}

#[cold]
fn make_empty() -> Ref<TupleObject> {
    // SAFETY: the length is written before anybody sees the tuple; it has no items.
    let made = unsafe {
        let tuple = new_object(&types().tuple.core, HEADER, false).cast::<TupleObject>();
        (&raw mut (*tuple.as_ptr()).len).write(0);
        Ref::from_owned(tuple)
    };
    EMPTY.0.set(Some(made.clone()));
    made
}

/// A block for an exact tuple of `len` (not 0) items, which are uninitialised; untracked.
#[inline]
fn allocate(len: usize) -> NonNull<TupleObject> {
    let core = &types().tuple.core;
    // SAFETY: parked tuples of a list have that list's length; the length is written here and
    // the items by the caller before anybody sees the tuple.
    unsafe {
        if len < FREE.len()
            && let Some(tuple) = FREE[len - 1].unpark(core)
        {
            let tuple = tuple.cast::<TupleObject>();
            (&raw mut (*tuple.as_ptr()).len).write(len);
            return tuple;
        }
        let tuple = new_object(core, HEADER + len * 8, false).cast::<TupleObject>();
        (&raw mut (*tuple.as_ptr()).len).write(len);
        tuple
    }
}

#[inline(always)]
fn items_of(tuple: NonNull<TupleObject>) -> *mut Ref {
    // SAFETY: the items follow the header in the same block.
    unsafe { tuple.as_ptr().cast::<u8>().add(HEADER).cast() }
}

/// A tuple of `len` references moved out of `items`, tracked (`_PyTuple_FromArraySteal`).
///
/// # Safety
/// `items` are `len` references that the caller owns and forgets.
#[inline]
pub unsafe fn from_array_steal(items: *const Ref, len: usize) -> Ref<TupleObject> {
    if len == 0 {
        return empty();
    }
    let tuple = allocate(len);
    // SAFETY: promised by the caller; the block has room for `len` items.
    unsafe {
        items_of(tuple).copy_from_nonoverlapping(items, len);
        track(tuple.cast().as_ref());
        Ref::from_owned(tuple)
    }
}

/// A tuple that CPython does not make: it moves no counter and goes through no free list. The names
/// of keyword arguments that CPython keeps in a dict alone are held by one.
pub struct Unseen(ManuallyDrop<Ref<TupleObject>>);

impl Unseen {
    pub fn new(items: Vec<Ref>) -> Self {
        let len = items.len();
        if len == 0 {
            return Unseen(ManuallyDrop::new(empty()));
        }
        let size = HEADER + len * 8;
        // SAFETY: length and items are written before anybody sees the tuple, which stays untracked.
        unsafe {
            let tuple = memory::gc::state::uncounted(|| new_object(&types().tuple.core, size, false));
            let tuple = tuple.cast::<TupleObject>();
            (&raw mut (*tuple.as_ptr()).len).write(len);
            for (index, item) in items.into_iter().enumerate() {
                items_of(tuple).add(index).write(item);
            }
            Unseen(ManuallyDrop::new(Ref::from_owned(tuple)))
        }
    }
}

impl std::ops::Deref for Unseen {
    type Target = TupleObject;
    fn deref(&self) -> &TupleObject {
        &self.0
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // SAFETY: taken once. A tuple that nobody else holds is taken apart by hand, past the free
        // list; its items are strings, whose release runs no other code.
        unsafe {
            let tuple = ManuallyDrop::take(&mut self.0);
            if tuple.len == 0 || tuple.object.refcount() > 1 {
                return;
            }
            let raw = tuple.into_raw();
            for index in 0..raw.as_ref().len {
                items_of(raw).add(index).drop_in_place();
            }
            raw.as_ref().object.set_refcount(0);
            memory::gc::state::uncounted(|| free_object(raw.cast()));
        }
    }
}

/// A tuple of one item.
#[inline]
pub fn of1(a: Ref) -> Ref<TupleObject> {
    let items = ManuallyDrop::new([a]);
    // SAFETY: the array is forgotten.
    unsafe { from_array_steal(items.as_ptr(), 1) }
}

/// A tuple of two items.
#[inline]
pub fn of2(a: Ref, b: Ref) -> Ref<TupleObject> {
    let items = ManuallyDrop::new([a, b]);
    // SAFETY: the array is forgotten.
    unsafe { from_array_steal(items.as_ptr(), 2) }
}

/// A tuple of three items.
#[inline]
pub fn of3(a: Ref, b: Ref, c: Ref) -> Ref<TupleObject> {
    let items = ManuallyDrop::new([a, b, c]);
    // SAFETY: the array is forgotten.
    unsafe { from_array_steal(items.as_ptr(), 3) }
}

/// A tuple that takes over the references of a vector.
pub(crate) fn from_vec(items: Vec<Ref>) -> Ref<TupleObject> {
    let mut items = ManuallyDrop::new(items);
    // SAFETY: the references move; only the vector's buffer is freed.
    unsafe {
        let tuple = from_array_steal(items.as_ptr(), items.len());
        items.set_len(0);
        ManuallyDrop::drop(&mut items);
        tuple
    }
}

/// A tuple of new references to `items`.
#[inline]
pub(crate) fn from_slice(items: &[Ref]) -> Ref<TupleObject> {
    if items.is_empty() {
        return empty();
    }
    let tuple = allocate(items.len());
    let place = items_of(tuple);
    // SAFETY: the block has room for all items; cloning runs no other code.
    unsafe {
        for (index, item) in items.iter().enumerate() {
            place.add(index).write(item.clone());
        }
        track(tuple.cast().as_ref());
        Ref::from_owned(tuple)
    }
}

/// A tuple of new references to the first `len` items of an iterator that has at least so many.
pub(crate) fn from_iter_exact<'a>(
    cx: Ctx,
    len: usize,
    items: impl Iterator<Item = &'a Ref>,
) -> PyResult<Ref<TupleObject>> {
    if len >= 1 << 16 {
        let mut builder = TupleBuilder::try_new(cx, len)?;
        for item in items.take(len) {
            builder.push(item.clone());
        }
        return Ok(builder.finish());
    }
    if len == 0 {
        return Ok(empty());
    }
    let tuple = allocate(len);
    let place = items_of(tuple);
    let mut filled = 0;
    // SAFETY: the block has room for `len` items, all of which are written (an iterator that ends
    // early shortens the tuple); cloning runs no other code.
    unsafe {
        for item in items.take(len) {
            place.add(filled).write(item.clone());
            filled += 1;
        }
        (&raw mut (*tuple.as_ptr()).len).write(filled);
        track(tuple.cast().as_ref());
        Ok(Ref::from_owned(tuple))
    }
}

/// Writes the length that everybody sees.
///
/// # Safety
/// The block is a tuple's whose first `len` items are filled.
#[inline(always)]
unsafe fn show_len(tuple: NonNull<TupleObject>, len: usize) {
    // SAFETY: promised by the caller.
    unsafe { (&raw mut (*tuple.as_ptr()).len).write(len) };
}

/// A tuple being filled item by item. No program can see it before it is finished; who walks the heap meanwhile sees
/// a tuple of the items so far.
pub struct TupleBuilder {
    tuple: Option<NonNull<TupleObject>>,
    filled: usize,
    len: usize,
}

impl TupleBuilder {
    /// Room for exactly `len` items.
    pub fn new(len: usize) -> TupleBuilder {
        let tuple = (len != 0).then(|| allocate(len));
        if let Some(tuple) = tuple {
            // SAFETY: a new block of ours; no item is filled.
            unsafe { show_len(tuple, 0) };
        }
        TupleBuilder { tuple, filled: 0, len }
    }

    /// As [`TupleBuilder::new`], `MemoryError` for what does not fit.
    pub fn try_new(cx: Ctx, len: usize) -> PyResult<TupleBuilder> {
        if len < 1 << 16 {
            return Ok(TupleBuilder::new(len));
        }
        let size = len.checked_mul(8).and_then(|bytes| bytes.checked_add(HEADER));
        let Some(size) = size.filter(|size| *size <= isize::MAX as usize) else {
            return Err(cx.memory_error());
        };
        // SAFETY: the length is written here, the items before anybody sees the tuple.
        unsafe {
            let Some(tuple) = try_new_object(&types().tuple.core, size, false) else {
                return Err(cx.memory_error());
            };
            let tuple = tuple.cast::<TupleObject>();
            show_len(tuple, 0);
            Ok(TupleBuilder { tuple: Some(tuple), filled: 0, len })
        }
    }

    /// Items put in so far.
    #[allow(clippy::misnamed_getters, reason = "the field `len` is the room, not what is in it")]
    pub fn len(&self) -> usize {
        self.filled
    }

    pub fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Adds the next item, growing as `PySequence_Tuple` does when the estimate was too low.
    #[inline]
    pub fn push(&mut self, item: Ref) {
        if self.filled == self.len {
            let longer = self.len + 10;
            self.resize(longer + (longer >> 2));
        }
        if let Some(tuple) = self.tuple {
            // SAFETY: there is room, as just checked.
            unsafe {
                items_of(tuple).add(self.filled).write(item);
                self.filled += 1;
                show_len(tuple, self.filled);
            }
        }
    }

    /// Changes the room; items beyond must not have been filled.
    #[cold]
    fn resize(&mut self, len: usize) {
        self.tuple = match self.tuple {
            _ if len == 0 => {
                self.release_block();
                None
            }
            None => {
                let tuple = allocate(len);
                // SAFETY: a new block of ours; no item is filled.
                unsafe { show_len(tuple, 0) };
                Some(tuple)
            }
            // SAFETY: only the builder knows the block, which is untracked; where memory is out,
            // shrinking keeps the old block and growing cannot fail silently.
            Some(tuple) => unsafe {
                match resize_object(tuple.cast(), HEADER + len * 8) {
                    Some(tuple) => Some(tuple.cast::<TupleObject>()),
                    None => {
                        let other =
                            new_object(&types().tuple.core, HEADER + len * 8, false).cast::<TupleObject>();
                        show_len(other, self.filled);
                        items_of(other).copy_from_nonoverlapping(items_of(tuple), self.filled);
                        tuple.cast::<Object>().as_ref().set_refcount(0);
                        free_object(tuple.cast());
                        Some(other)
                    }
                }
            },
        };
        self.len = len;
    }

    fn release_block(&mut self) {
        if let Some(tuple) = self.tuple.take() {
            // SAFETY: nobody else knows the block; the filled items are dropped, last first.
            unsafe {
                while self.filled > 0 {
                    self.filled -= 1;
                    show_len(tuple, self.filled);
                    drop(items_of(tuple).add(self.filled).read());
                }
                tuple.cast::<Object>().as_ref().set_refcount(0);
                if !park(tuple, self.len) {
                    free_object(tuple.cast());
                }
            }
        }
    }

    /// The tuple of what was pushed, tracked.
    pub fn finish(mut self) -> Ref<TupleObject> {
        if self.filled == 0 {
            return empty();
        }
        if self.filled != self.len {
            self.resize(self.filled);
        }
        match self.tuple.take() {
            // SAFETY: all `len` items are filled.
            Some(tuple) => unsafe {
                track(tuple.cast().as_ref());
                Ref::from_owned(tuple)
            },
            None => empty(),
        }
    }
}

impl Drop for TupleBuilder {
    fn drop(&mut self) {
        self.release_block();
    }
}

impl TupleObject {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[Ref] {
        // SAFETY: `len` initialised items follow the header.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }

    /// Puts another item in place of one and hands the old one back. For iterators that reuse
    /// their result tuple, which nobody else holds.
    #[inline]
    pub(crate) fn exchange(&self, index: usize, item: Ref) -> Ref {
        debug_assert!(index < self.len);
        // SAFETY: the index is in range, and nobody else looks at the tuple.
        unsafe { self.items.as_ptr().cast_mut().add(index).replace(item) }
    }

    /// The collector may have untracked a reused result tuple: it is watched again.
    #[inline]
    pub(crate) fn ensure_tracked(&self) {
        if !is_tracked(&self.object) {
            track(&self.object);
        }
    }

    /// `tuple[low:high]` with bounds in range; the tuple itself when exact and whole.
    pub fn slice(&self, low: usize, high: usize) -> Ref<TupleObject> {
        if low == 0 && high == self.len && self.object.is_exact(types().tuple) {
            return self.to_ref();
        }
        from_slice(self.as_slice().get(low..high).unwrap_or_default())
    }

    /// `hash(tuple)`: CPython's xxHash variant over the hashes of the items.
    pub(crate) fn hash_items(&self, cx: Ctx) -> PyResult<i64> {
        if crate::era::is_classic() {
            return super::classic::hashes::tuple(cx, self.as_slice());
        }
        const PRIME_1: u64 = 11400714785074694791;
        const PRIME_2: u64 = 14029467366897019727;
        const PRIME_5: u64 = 2870177450012600261;
        let mut state = PRIME_5;
        for item in self.as_slice() {
            let lane = super::dict::DictObject::hash_key(cx, item)? as u64;
            state = state.wrapping_add(lane.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
        }
        state = state.wrapping_add(self.len as u64 ^ (PRIME_5 ^ 3527539));
        Ok(if state == u64::MAX { 1546275796 } else { state as i64 })
    }
}

/// Parks a dead exact tuple with no items left.
///
/// # Safety
/// As [`FreeList::park`].
#[inline]
unsafe fn park(tuple: NonNull<TupleObject>, len: usize) -> bool {
    // SAFETY: promised by the caller.
    unsafe { (1..=FREE.len()).contains(&len) && FREE[len - 1].park(tuple.cast()) }
}

/// `tupledealloc`: items from the last to the first.
///
/// # Safety
/// As [`crate::memory::object::DeallocFn`]; the object is a tuple.
pub(crate) unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; each item is given up once.
    unsafe {
        untrack(object.as_ref());
        let tuple = object.cast::<TupleObject>();
        let len = tuple.as_ref().len;
        let items = items_of(tuple);
        for index in (0..len).rev() {
            decref((*items.add(index)).as_raw());
        }
        if !(object.as_ref().is_exact(types().tuple) && park(tuple, len)) {
            free_object(object);
        }
    }
}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a tuple.
pub(crate) unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let tuple = unsafe { object.cast::<TupleObject>().as_ref() };
    for item in tuple.as_slice().iter().rev() {
        visitor.visit(item.as_raw());
    }
}

/// Untracks an exact tuple whose items can be in no cycle (`_PyTuple_MaybeUntrack`).
pub(crate) fn maybe_untrack(object: &Object) {
    if !object.is_exact(types().tuple) || !is_tracked(object) {
        return;
    }
    // SAFETY: just checked.
    let tuple = unsafe { object.cast::<TupleObject>() };
    if !tuple.as_slice().iter().any(|item| super::dict::may_be_tracked(item)) {
        untrack(object);
    }
}
