//! `set` and `frozenset`: one layout, CPython 3.11's table, so that order and sizes agree.
//!
//! A table is an array of (key, hash), a power of two long, the first eight inside the object.
//! A hash is looked for in a run of up to ten neighbours, then the probe jumps. A removed key
//! leaves a dummy, which a later insertion passing by takes over. `ops` holds the algebra,
//! `methods` the types, `iter` the iterator.
//!
//! Always true: `fill` counts keys and dummies, `used` keys; `fill * 5 < mask * 3` after each
//! insertion, so that every probe ends.

pub mod iter;
pub mod methods;
pub mod ops;

pub use iter::SET_ITERATOR;
pub use methods::{FROZENSET, SPEC};

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use super::dict::DictObject;
use super::iterators::common;
use super::type_object::TypedLayout;
use super::{IntObject, PyResult, StrObject, TypeObject, Types, types};
use crate::memory::alloc::{raw_alloc, raw_free};
use crate::memory::weakref::clear_weakrefs;
use crate::memory::{Layout, Object, Ref, Visitor, decref, free_object, incref, untrack};
use crate::vm::Ctx;

/// Slots inside the object.
const MIN_SIZE: usize = 8;
/// Neighbours looked at before the probe jumps.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

#[repr(C)]
#[derive(Clone, Copy)]
struct Entry {
    /// Null when never used, [`DUMMY`] when removed.
    key: *mut Object,
    /// -1, which no hash is, for a dummy.
    hash: i64,
}

const UNUSED: Entry = Entry { key: std::ptr::null_mut(), hash: 0 };
const DUMMY: *mut Object = std::ptr::without_provenance_mut(16);

impl Entry {
    #[inline(always)]
    fn is_unused(self) -> bool {
        self.key.is_null()
    }

    /// The key of a live entry.
    #[inline(always)]
    fn live(self) -> Option<NonNull<Object>> {
        if self.key == DUMMY { None } else { NonNull::new(self.key) }
    }
}

/// A set or frozenset.
#[repr(C)]
pub struct SetObject {
    pub object: Object,
    fill: Cell<usize>,
    used: Cell<usize>,
    mask: Cell<usize>,
    table: Cell<*mut Entry>,
    /// Of a frozenset, once asked for; else -1.
    hash: Cell<i64>,
    /// Where `pop` goes on looking.
    finger: Cell<usize>,
    small: UnsafeCell<[Entry; MIN_SIZE]>,
    pub weaklist: Cell<usize>,
}

const _: () = assert!(size_of::<SetObject>() == 200);

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for SetObject {}
// SAFETY: every `set` instance begins with this layout (so does every `frozenset`).
unsafe impl TypedLayout for SetObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.set
    }
}

/// Whether the object is a set or frozenset, derived types included.
#[inline]
pub fn is_any_set(object: &Object) -> bool {
    let types = types();
    object.is_instance(types.set) || object.is_instance(types.frozenset)
}

/// The object as a set of either kind.
#[inline]
pub fn as_any_set(object: &Object) -> Option<&SetObject> {
    // SAFETY: both types and those derived from them have this layout.
    is_any_set(object).then(|| unsafe { object.cast() })
}

/// Whether the object is exactly a set or a frozenset.
pub(crate) fn is_exact_set(object: &Object) -> bool {
    object.is_exact(types().set) || object.is_exact(types().frozenset)
}

/// An empty set of type `ty`, which is `set`, `frozenset` or derived from one; tracked.
pub(crate) fn make(cx: Ctx, ty: &TypeObject) -> PyResult<Ref<SetObject>> {
    // SAFETY: the fields that may not be zero are written at once; the type has this layout.
    unsafe {
        let object = common::alloc_instance(cx, ty, 0)?;
        let set = object.cast_unchecked::<SetObject>();
        set.forget_entries();
        set.hash.set(-1);
        Ok(set)
    }
}

/// An empty set (`PySet_New(NULL)`).
pub fn new_empty(cx: Ctx) -> Ref<SetObject> {
    match make(cx, types().set) {
        Ok(set) => set,
        // A block of this size is always found; past the limit the engine is told.
        Err(raised) => {
            cx.clear_exception(raised);
            new_empty(cx)
        }
    }
}

/// A set of the items of an iterable (`PySet_New`).
pub fn from_iterable(cx: Ctx, iterable: &Object) -> PyResult<Ref<SetObject>> {
    let set = make(cx, types().set)?;
    set.update(cx, iterable)?;
    Ok(set)
}

/// A frozenset of the items of an iterable (`PyFrozenSet_New`).
pub fn frozen_from_iterable(cx: Ctx, iterable: &Object) -> PyResult<Ref<SetObject>> {
    let set = make(cx, types().frozenset)?;
    set.update(cx, iterable)?;
    Ok(set)
}

/// `set()`, for the interpreter.
pub fn new_set(cx: Ctx) -> Ref {
    new_empty(cx).into_object()
}

/// A frozenset of these items.
pub fn new_frozenset(cx: Ctx, items: &[Ref]) -> PyResult<Ref> {
    let set = make(cx, types().frozenset)?;
    for item in items {
        set.add(cx, item)?;
    }
    Ok(set.into_object())
}

/// Adds an item to a set (`SET_ADD`).
pub fn add(cx: Ctx, set: &Object, item: &Object) -> PyResult<()> {
    match as_any_set(set) {
        Some(set) => set.add(cx, item),
        None => Err(cx.system_error("bad argument to internal function")),
    }
}

/// Adds all items of an iterable to a set (`SET_UPDATE`).
pub fn update(cx: Ctx, set: &Object, iterable: &Object) -> PyResult<()> {
    match as_any_set(set) {
        Some(set) => set.update(cx, iterable),
        None => Err(cx.system_error("bad argument to internal function")),
    }
}

/// Whether a set has an item.
pub fn contains(cx: Ctx, set: &Object, item: &Object) -> PyResult<bool> {
    match as_any_set(set) {
        Some(set) => set.contains(cx, item),
        None => Err(cx.system_error("bad argument to internal function")),
    }
}

/// The probe sequence of a hash: runs of neighbours, then jumps.
struct Probe {
    perturb: usize,
    start: usize,
    at: usize,
    run: usize,
}

impl Probe {
    #[inline(always)]
    fn new(hash: i64, mask: usize) -> Probe {
        let start = hash as usize & mask;
        Probe { perturb: hash as usize, start, at: start, run: Probe::run_from(start, mask) }
    }

    #[inline(always)]
    fn run_from(start: usize, mask: usize) -> usize {
        // Python 2.7 jumps at once.
        if start + LINEAR_PROBES <= mask && !crate::era::is_classic() { LINEAR_PROBES } else { 0 }
    }

    #[inline(always)]
    fn advance(&mut self, mask: usize) {
        if self.run > 0 {
            self.run -= 1;
            self.at += 1;
        } else {
            let classic = crate::era::is_classic();
            if !classic {
                self.perturb >>= PERTURB_SHIFT;
            }
            self.start = self.start.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb) & mask;
            if classic {
                self.perturb >>= PERTURB_SHIFT;
            }
            self.at = self.start;
            self.run = Probe::run_from(self.start, mask);
        }
    }
}

impl SetObject {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn entry(&self, index: usize) -> Entry {
        debug_assert!(index <= self.mask.get());
        // SAFETY: indices are masked by the table's size.
        unsafe { *self.table.get().add(index) }
    }

    #[inline(always)]
    fn write(&self, index: usize, entry: Entry) {
        // SAFETY: as above.
        unsafe { self.table.get().add(index).write(entry) };
    }

    #[inline(always)]
    fn is_small(&self) -> bool {
        std::ptr::eq(self.table.get(), self.small.get().cast())
    }

    /// Goes back to the empty table inside the object, with nothing released.
    fn forget_entries(&self) {
        // SAFETY: no borrow of the small table is ever held.
        unsafe { self.small.get().write([UNUSED; MIN_SIZE]) };
        self.fill.set(0);
        self.used.set(0);
        self.mask.set(MIN_SIZE - 1);
        self.table.set(self.small.get().cast());
        self.hash.set(-1);
    }

    /// Where `key` is, or `Err(slot)` where it would go: over the last dummy met, else into the
    /// unused entry that ended the search. The comparison may run Python code; the search starts
    /// over when that changed the table.
    ///
    /// `ADDING` trusts an answer "equal" even when the table changed meanwhile, as CPython does.
    fn find<const ADDING: bool>(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Result<usize, usize>> {
        let str = types().str;
        let int = types().int;
        let key_text = key.downcast_exact::<StrObject>();
        let key_int = key.downcast_exact::<IntObject>();
        'restart: loop {
            let (table, mask) = (self.table.get(), self.mask.get());
            let mut probe = Probe::new(hash, mask);
            let mut dummy = None;
            loop {
                let entry = self.entry(probe.at);
                if entry.is_unused() {
                    return Ok(Err(dummy.unwrap_or(probe.at)));
                }
                if entry.hash == -1 {
                    dummy = dummy.filter(|_| crate::era::is_classic()).or(Some(probe.at));
                }
                if entry.hash == hash
                    && let Some(found) = entry.live()
                {
                    if std::ptr::eq(found.as_ptr(), key) {
                        return Ok(Ok(probe.at));
                    }
                    // SAFETY: the set owns its keys.
                    let found_ref = unsafe { found.as_ref() };
                    let texts = key_text.filter(|_| found_ref.is_exact(str));
                    if let Some(text) = texts {
                        // SAFETY: just checked.
                        if unsafe { found_ref.cast::<StrObject>() }.eq_text(text) {
                            return Ok(Ok(probe.at));
                        }
                    } else if key_int.is_some_and(|_| found_ref.is_exact(int)) {
                        // SAFETY: both are exact integers.
                        if unsafe { found_ref.cast::<IntObject>().cmp_int(key.cast::<IntObject>()) }.is_eq() {
                            return Ok(Ok(probe.at));
                        }
                    } else {
                        let held = found_ref.to_ref();
                        let equal = cx.equal(&held, key);
                        drop(held);
                        let equal = equal?;
                        if ADDING && equal {
                            return Ok(Ok(usize::MAX));
                        }
                        let unchanged = std::ptr::eq(table, self.table.get())
                            && mask == self.mask.get()
                            && std::ptr::eq(self.entry(probe.at).key, found.as_ptr());
                        if !unchanged {
                            continue 'restart;
                        }
                        if equal {
                            return Ok(Ok(probe.at));
                        }
                    }
                }
                probe.advance(mask);
            }
        }
    }

    /// Whether the set has a key whose hash is known.
    #[inline]
    pub fn contains_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<bool> {
        Ok(self.find::<false>(cx, key, hash)?.is_ok())
    }

    /// `key in set`, without the rule for sets as keys (see `methods`).
    #[inline]
    pub fn contains(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        let hash = DictObject::hash_key(cx, key)?;
        self.contains_known_hash(cx, key, hash)
    }

    /// Adds a key.
    #[inline]
    pub fn add(&self, cx: Ctx, key: &Object) -> PyResult<()> {
        let hash = DictObject::hash_key(cx, key)?;
        self.add_known_hash(cx, key, hash)
    }

    /// Adds a key whose hash is known (`set_add_entry`).
    pub fn add_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<()> {
        // As in CPython the key is held while it is compared, and let go of when it was there.
        let key = key.to_ref();
        let Err(slot) = self.find::<true>(cx, &key, hash)? else {
            return Ok(());
        };
        let was_unused = self.entry(slot).is_unused();
        self.write(slot, Entry { key: key.into_raw().as_ptr(), hash });
        self.used.set(self.used.get() + 1);
        if !was_unused {
            return Ok(());
        }
        self.fill.set(self.fill.get() + 1);
        let has_room = if crate::era::is_classic() {
            self.fill.get() * 3 < (self.mask.get() + 1) * 2
        } else {
            self.fill.get() * 5 < self.mask.get() * 3
        };
        if has_room {
            return Ok(());
        }
        self.rebuild(cx, self.growth())
    }

    /// How many slots, at least, a table that is full or full of dummies gets.
    fn growth(&self) -> usize {
        let used = self.used.get();
        if used > 50000 { used * 2 } else { used * 4 }
    }

    /// Removes a key whose hash is known; false when it is not there.
    pub fn discard_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<bool> {
        let Ok(slot) = self.find::<false>(cx, key, hash)? else {
            return Ok(false);
        };
        let old = self.entry(slot).key;
        self.write(slot, Entry { key: DUMMY, hash: -1 });
        self.used.set(self.used.get() - 1);
        if let Some(old) = NonNull::new(old) {
            // SAFETY: the set gives its reference away.
            unsafe { decref(old) };
        }
        Ok(true)
    }

    /// Removes a key; false when it is not there.
    pub fn discard(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        let hash = DictObject::hash_key(cx, key)?;
        self.discard_known_hash(cx, key, hash)
    }

    /// Takes out the next key, in the order of the table, behind the one taken last.
    pub fn pop(&self) -> Option<Ref> {
        if self.is_empty() {
            return None;
        }
        let mask = self.mask.get();
        let mut index = self.finger.get() & mask;
        loop {
            if let Some(key) = self.entry(index).live() {
                self.write(index, Entry { key: DUMMY, hash: -1 });
                self.used.set(self.used.get() - 1);
                self.finger.set(index + 1);
                // SAFETY: the set gives its reference away.
                return Some(unsafe { Ref::from_owned(key) });
            }
            index = if index == mask { 0 } else { index + 1 };
        }
    }

    /// Puts a key that is not there into a table without dummies; takes over the reference.
    fn insert_clean(&self, key: *mut Object, hash: i64) {
        let mask = self.mask.get();
        let mut probe = Probe::new(hash, mask);
        while !self.entry(probe.at).is_unused() {
            probe.advance(mask);
        }
        self.write(probe.at, Entry { key, hash });
    }

    /// `set_table_resize`: a table of more than `min_used` slots without dummies.
    fn rebuild(&self, cx: Ctx, min_used: usize) -> PyResult<()> {
        let mut size = MIN_SIZE;
        while size <= min_used {
            size <<= 1;
        }
        let was_small = self.is_small();
        let (old_table, old_mask) = (self.table.get(), self.mask.get());
        // SAFETY: no borrow of the small table is ever held.
        let mut small_copy = [UNUSED; MIN_SIZE];
        let mut source: *const Entry = old_table;
        let new_table: *mut Entry = if size == MIN_SIZE {
            if was_small {
                if self.fill.get() == self.used.get() {
                    return Ok(());
                }
                // SAFETY: the old table is the small one.
                small_copy = unsafe { *self.small.get() };
                source = small_copy.as_ptr();
            }
            self.small.get().cast()
        } else {
            let bytes = size.checked_mul(size_of::<Entry>());
            bytes.and_then(raw_alloc).ok_or_else(|| cx.memory_error())?.cast().as_ptr()
        };
        // SAFETY: the new table is `size` entries long, the source is `old_mask + 1`.
        unsafe {
            for index in 0..size {
                new_table.add(index).write(UNUSED);
            }
            self.mask.set(size - 1);
            self.table.set(new_table);
            self.fill.set(self.used.get());
            for index in 0..=old_mask {
                let entry = *source.add(index);
                if entry.live().is_some() {
                    self.insert_clean(entry.key, entry.hash);
                }
            }
            if !was_small {
                raw_free(NonNull::new_unchecked(old_table).cast());
            }
        }
        let _ = &small_copy;
        Ok(())
    }

    /// Empties the set first, then releases the keys in table order.
    pub fn clear(&self) {
        let (table, mask, used) = (self.table.get(), self.mask.get(), self.used.get());
        let was_small = self.is_small();
        if was_small && self.fill.get() == 0 {
            return;
        }
        // SAFETY: the small table is read before it is emptied; a large one is out of
        // everybody's reach afterwards.
        unsafe {
            let small_copy = *self.small.get();
            self.forget_entries();
            let source = if was_small { small_copy.as_ptr() } else { table.cast_const() };
            release_entries(source, mask, used);
            if !was_small {
                raw_free(NonNull::new_unchecked(table).cast());
            }
        }
    }

    /// The next key and its hash at or after `position`, a new reference; `position` starts at 0
    /// and moves behind it. Robust against changes in between.
    #[inline]
    pub fn next_entry(&self, position: &mut usize) -> Option<(Ref, i64)> {
        while *position <= self.mask.get() {
            let entry = self.entry(*position);
            *position += 1;
            if let Some(key) = entry.live() {
                // SAFETY: the set owns its keys.
                return Some((unsafe { Ref::from_borrowed(key) }, entry.hash));
            }
        }
        None
    }

    /// New references to all keys, in table order.
    pub fn to_vec(&self) -> Vec<Ref> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_entry(&mut position).map(|(key, _)| key)).collect()
    }

    /// `sys.getsizeof` without the pre-header; `basicsize` is the type's.
    pub(crate) fn sizeof(&self, basicsize: usize) -> usize {
        if self.is_small() { basicsize } else { basicsize + (self.mask.get() + 1) * size_of::<Entry>() }
    }

    /// The hash of a frozenset: independent of order and of the table's history.
    pub(crate) fn frozen_hash(&self) -> i64 {
        if self.hash.get() != -1 {
            return self.hash.get();
        }
        if crate::era::is_classic() {
            let live: Vec<i64> = (0..=self.mask.get())
                .map(|index| self.entry(index))
                .filter(|entry| entry.live().is_some())
                .map(|entry| entry.hash)
                .collect();
            self.hash.set(super::classic::hashes::frozen_set(live.into_iter()));
            return self.hash.get();
        }
        let shuffle = |hash: u64| ((hash ^ 89869747) ^ (hash << 16)).wrapping_mul(3644798167);
        let mut hash = (0..=self.mask.get())
            .map(|index| self.entry(index))
            .filter(|entry| entry.live().is_some())
            .fold(0, |all, entry| all ^ shuffle(entry.hash as u64));
        hash ^= (self.len() as u64 + 1).wrapping_mul(1927868237);
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69069).wrapping_add(907133923);
        if hash == u64::MAX {
            hash = 590923713;
        }
        self.hash.set(hash as i64);
        hash as i64
    }
}

/// Releases `used` keys in table order.
///
/// # Safety
/// The table is `mask + 1` entries long, holds `used` keys and nobody else reaches it.
unsafe fn release_entries(table: *const Entry, mask: usize, mut used: usize) {
    let mut index = 0;
    while used > 0 && index <= mask {
        // SAFETY: promised by the caller.
        if let Some(key) = unsafe { *table.add(index) }.live() {
            used -= 1;
            // SAFETY: each key is given up once.
            unsafe { decref(key) };
        }
        index += 1;
    }
}

/// `set_dealloc`.
///
/// # Safety
/// As [`crate::memory::object::DeallocFn`]; the object is a set of either kind.
pub(crate) unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        untrack(object.as_ref());
        let set = object.cast::<SetObject>().as_ref();
        if set.weaklist.get() != 0 {
            clear_weakrefs(object.as_ref());
        }
        release_entries(set.table.get(), set.mask.get(), set.used.get());
        if !set.is_small() {
            raw_free(NonNull::new_unchecked(set.table.get()).cast());
        }
        free_object(object);
    }
}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a set of either kind.
pub(crate) unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let set = unsafe { object.cast::<SetObject>().as_ref() };
    if set.table.get().is_null() {
        return;
    }
    for index in 0..=set.mask.get() {
        if let Some(key) = set.entry(index).live() {
            visitor.visit(key);
        }
    }
}

/// # Safety
/// As [`crate::memory::object::ClearFn`]; the object is a set of either kind.
pub(crate) unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<SetObject>().as_ref() }.clear();
}

/// Adds a reference for a key copied from one table to another.
#[inline(always)]
fn hold(key: NonNull<Object>) -> *mut Object {
    // SAFETY: a set owns the key, so it is alive.
    unsafe { incref(key) };
    key.as_ptr()
}
