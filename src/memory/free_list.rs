//! Free lists: dead objects of one type and size kept for the next of their kind.
//!
//! A parked object has count 0, so walks leave it out; it keeps its block, and the collector's
//! counters do not move when it is parked or taken again. That can be seen in `gc.get_count()`,
//! so which types have free lists, and how long, is CPython's choice and not ours. A collection
//! of the oldest generation empties them all.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use super::events;
use super::gc::header::Node;
use super::heap::HEAP;
use super::object::{Object, TypeCore};

/// A bounded list of dead objects of one built-in type, last parked first. Made as a `static`.
pub struct FreeList {
    first: Cell<Option<NonNull<Object>>>,
    len: Cell<u32>,
    max: u32,
    /// Collections leave the list alone.
    kept: bool,
    kept_in_classic: bool,
    registered: Cell<bool>,
}

// SAFETY: reached only by the thread that holds the heap.
unsafe impl Sync for FreeList {}

impl FreeList {
    pub const fn new(max: u32) -> FreeList {
        FreeList {
            first: Cell::new(None),
            len: Cell::new(0),
            max,
            kept: false,
            kept_in_classic: false,
            registered: Cell::new(false),
        }
    }

    /// A list that Python 2.7's collections do not empty.
    pub const fn kept_in_classic(mut self) -> FreeList {
        self.kept_in_classic = true;
        self
    }

    /// A list that collections do not empty (CPython's cached slice).
    pub const fn new_kept(max: u32) -> FreeList {
        let mut list = FreeList::new(max);
        list.kept = true;
        list
    }

    /// How many objects are parked.
    pub fn len(&self) -> usize {
        self.len.get() as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Parks a dead object; false when the list is full: the caller frees it then.
    ///
    /// # Safety
    /// The count is 0, the payload dropped, the object untracked; its type is not a heap type.
    #[inline]
    #[must_use]
    pub unsafe fn park(&'static self, object: NonNull<Object>) -> bool {
        let len = self.len.get();
        if len >= self.max {
            return false;
        }
        if !self.registered.get() {
            HEAP.free_lists.register(Entry::Objects(self));
            self.registered.set(true);
        }
        events::emit_freed(object.as_ptr().addr());
        // SAFETY: the object is dead, its type word is free to hold the link.
        unsafe {
            let link = std::mem::transmute::<Option<NonNull<Object>>, *mut Object>(self.first.get());
            object.cast::<[*mut Object; 2]>().as_mut()[1] = link;
        }
        self.first.set(Some(object));
        self.len.set(len + 1);
        true
    }

    /// The object parked last, alive again as a `ty` with count 1 and untracked, its payload
    /// arbitrary.
    ///
    /// # Safety
    /// Objects of this list fit the layout of `ty`; the caller initialises the payload.
    #[inline]
    pub unsafe fn unpark(&self, ty: &TypeCore) -> Option<NonNull<Object>> {
        let object = self.pop()?;
        // SAFETY: the block is ours again, long enough for a header.
        unsafe {
            object.write(Object { refcount: Cell::new(1), ty: Cell::new(NonNull::from(ty)) });
            events::emit_created(object.as_ref());
        }
        Some(object)
    }

    #[inline]
    fn pop(&self) -> Option<NonNull<Object>> {
        let object = self.first.get()?;
        // SAFETY: the second word of a parked object is the link.
        self.first.set(NonNull::new(unsafe { object.cast::<[*mut Object; 2]>().as_ref()[1] }));
        self.len.set(self.len.get() - 1);
        Some(object)
    }

    /// Frees everything parked. Lowers generation 0's count for each, as CPython does.
    pub fn clear(&self) {
        while let Some(object) = self.pop() {
            // SAFETY: parked dead; the GC words are as they were when it was untracked.
            unsafe { super::alloc::free_object_silently(object) };
        }
    }

    /// Whether a parked object's pre-header says untracked; for `verify`.
    pub(super) fn for_each(&self, each: &mut dyn FnMut(NonNull<Object>)) {
        let mut next = self.first.get();
        while let Some(object) = next {
            each(object);
            // SAFETY: as in `pop`.
            next = NonNull::new(unsafe { object.cast::<[*mut Object; 2]>().as_ref()[1] });
        }
    }
}

/// A bounded list of raw buffers of one size (key tables of dicts), last parked first.
pub struct RawFreeList {
    first: Cell<*mut Link>,
    len: Cell<u32>,
    max: u32,
    registered: Cell<bool>,
}

struct Link {
    next: *mut Link,
}

// SAFETY: as for `FreeList`.
unsafe impl Sync for RawFreeList {}

impl RawFreeList {
    pub const fn new(max: u32) -> RawFreeList {
        RawFreeList {
            first: Cell::new(std::ptr::null_mut()),
            len: Cell::new(0),
            max,
            registered: Cell::new(false),
        }
    }

    pub fn len(&self) -> usize {
        self.len.get() as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Parks a buffer; false when the list is full.
    ///
    /// # Safety
    /// The buffer came from `raw_alloc` and is not used any more.
    #[inline]
    #[must_use]
    pub unsafe fn park(&'static self, buffer: NonNull<u8>) -> bool {
        if self.len.get() >= self.max {
            return false;
        }
        if !self.registered.get() {
            HEAP.free_lists.register(Entry::Raw(self));
            self.registered.set(true);
        }
        // SAFETY: a raw buffer has 16 bytes at least.
        unsafe { buffer.cast::<Link>().write(Link { next: self.first.get() }) };
        self.first.set(buffer.as_ptr().cast());
        self.len.set(self.len.get() + 1);
        true
    }

    /// The buffer parked last.
    #[inline]
    pub fn unpark(&self) -> Option<NonNull<u8>> {
        let buffer = NonNull::new(self.first.get())?;
        // SAFETY: the first word of a parked buffer is the link.
        self.first.set(unsafe { buffer.as_ref().next });
        self.len.set(self.len.get() - 1);
        Some(buffer.cast())
    }

    /// Frees everything parked.
    pub fn clear(&self) {
        while let Some(buffer) = self.unpark() {
            // SAFETY: parked buffers came from `raw_alloc`.
            unsafe { super::alloc::raw_free(buffer) };
        }
    }
}

#[derive(Clone, Copy)]
enum Entry {
    Objects(&'static FreeList),
    Raw(&'static RawFreeList),
}

/// The free lists that have been used, in the order of their first use.
pub(super) struct Registry {
    lists: UnsafeCell<Vec<Entry>>,
}

impl Registry {
    pub(super) const fn new() -> Registry {
        Registry { lists: UnsafeCell::new(Vec::new()) }
    }

    #[cold]
    fn register(&self, entry: Entry) {
        // SAFETY: the borrow ends here.
        unsafe { (*self.lists.get()).push(entry) }
    }

    fn entries(&self) -> &[Entry] {
        // SAFETY: the list only grows in `register`, which none of the loops below calls.
        unsafe { &*self.lists.get() }
    }

    /// The heap goes away: the lists are empty, with nothing freed.
    pub(super) fn forget_all(&self) {
        for entry in self.entries() {
            match entry {
                Entry::Objects(list) => {
                    list.first.set(None);
                    list.len.set(0);
                    list.registered.set(false);
                }
                Entry::Raw(list) => {
                    list.first.set(std::ptr::null_mut());
                    list.len.set(0);
                    list.registered.set(false);
                }
            }
        }
        // SAFETY: the loop's borrow has ended.
        unsafe { (*self.lists.get()).clear() }
    }

    /// Calls `each` with every parked object.
    pub(super) fn for_each_parked(&self, each: &mut dyn FnMut(NonNull<Object>)) {
        for entry in self.entries() {
            if let Entry::Objects(list) = entry {
                list.for_each(each);
            }
        }
    }
}

/// Empties every free list (part of a collection of the oldest generation).
pub fn clear_all() {
    for entry in HEAP.free_lists.entries() {
        match entry {
            Entry::Objects(list) if list.kept => {}
            Entry::Objects(list) if list.kept_in_classic && crate::era::is_classic() => {}
            Entry::Objects(list) => list.clear(),
            Entry::Raw(list) => list.clear(),
        }
    }
}

/// Whether a parked object is out of the collector's lists.
///
/// # Safety
/// `object` is parked.
pub(super) unsafe fn is_parked_untracked(object: NonNull<Object>) -> bool {
    // SAFETY: promised by the caller; the domain says whether there is a pre-header.
    unsafe { !super::pool::pool_of(object.cast()).domain.get().is_gc() || !Node::of(object).is_tracked() }
}
