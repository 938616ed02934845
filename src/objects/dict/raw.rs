//! The hash tables beneath dicts: insertion-ordered key tables that cannot call Python.
//!
//! ```text
//!   DictKeys (32 bytes) | indices: 2^log2_size of 1, 2, 4 or 8 bytes | entries: usable
//! ```
//!
//! A slot of `indices` holds the number of an entry, [`EMPTY`] or [`DUMMY`]. Entries stand in
//! insertion order. Three kinds, as in CPython 3.11: `General` entries carry hash, key and value;
//! `Unicode` tables hold exact `str` keys only and leave the hash to the key; `Split` tables hold
//! keys only and are shared by the instances of a class, whose values lie in blocks of their own.
//!
//! In the classic era every table is of a fourth sort, *slotted*: a `General` one as long as its indices, in which
//! entry `n` belongs to slot `n`. Walking the entries in order is then walking Python 2.7's open-addressed table,
//! whose order programs see. `nentries` is the number of slots there, and `usable` counts slots never used.
//!
//! Always true: `usable + nentries` never exceeds the entries allocated; an entry below
//! `nentries` has a key unless it was deleted; a key table is freed by whoever takes its count to
//! zero.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::memory::alloc::{raw_alloc, raw_free};
use crate::memory::free_list::RawFreeList;
use crate::memory::{Object, decref, incref};
use crate::objects::StrObject;

/// Index of a slot never used.
pub(crate) const EMPTY: isize = -1;
/// Index of a slot whose entry was deleted.
pub(crate) const DUMMY: isize = -2;

/// The smallest table has eight slots.
pub(crate) const LOG2_MIN_SIZE: u8 = 3;
/// Slots of a fresh shared key table, as a power of two: room for 30 keys.
const LOG2_SHARED_SIZE: u8 = 6;
/// More attributes than this are not shared (`SHARED_KEYS_MAX_SIZE`).
const SHARED_KEYS_MAX_SIZE: isize = 30;
const PERTURB_SHIFT: u32 = 5;

/// What a key table holds.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeysKind {
    General = 0,
    Unicode = 1,
    Split = 2,
}

/// Header of a key table; indices and entries follow it.
#[repr(C)]
pub struct DictKeys {
    /// Dicts and types that use the table.
    refcount: Cell<usize>,
    log2_size: u8,
    log2_index_bytes: u8,
    kind: KeysKind,
    /// Entry numbers are slot numbers (the classic era).
    slotted: bool,
    /// Set when an inline cache asked for it, zeroed by any change of the keys.
    version: Cell<u32>,
    /// Entries that may still be added.
    usable: Cell<isize>,
    /// Entries used, deleted ones included.
    nentries: Cell<usize>,
}

const HEADER: usize = size_of::<DictKeys>();
const _: () = assert!(HEADER == 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct UnicodeEntry {
    pub key: *mut Object,
    pub value: *mut Object,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct GeneralEntry {
    pub hash: i64,
    pub key: *mut Object,
    pub value: *mut Object,
}

#[repr(C, align(16))]
struct EmptyKeys {
    head: DictKeys,
    indices: [i8; 8],
}

// SAFETY: only the engine thread touches tables; this one never changes but for its count.
unsafe impl Sync for EmptyKeys {}

/// The table of every empty dict: one slot, nothing usable.
static EMPTY_KEYS: EmptyKeys = EmptyKeys {
    head: DictKeys {
        refcount: Cell::new(1),
        log2_size: 0,
        log2_index_bytes: 3,
        kind: KeysKind::Unicode,
        slotted: false,
        version: Cell::new(1),
        usable: Cell::new(0),
        nentries: Cell::new(0),
    },
    indices: [-1; 8],
};

/// Eight-slot string tables kept for the next dict.
static FREE_KEYS: RawFreeList = RawFreeList::new(80);

struct NextVersion(Cell<u32>);
// SAFETY: only the engine thread touches it.
unsafe impl Sync for NextVersion {}
static NEXT_VERSION: NextVersion = NextVersion(Cell::new(2));

/// A live key table. Copying it changes no count.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keys(NonNull<DictKeys>);

/// Entries that fit 2^log2 slots: two thirds.
#[inline(always)]
pub(crate) const fn usable_fraction(slots: usize) -> usize {
    (slots << 1) / 3
}

/// log2 of the slots for at least `minsize` slots, by CPython's formula.
pub(crate) fn log2_keysize(minsize: usize) -> u8 {
    let least = (minsize | 8).wrapping_sub(1) | 7;
    (usize::BITS - least.leading_zeros()) as u8
}

/// log2 of the slots so that `n` entries fit without growing.
pub(crate) fn estimate_log2_keysize(n: usize) -> u8 {
    log2_keysize((n * 3).div_ceil(2))
}

impl DictKeys {
    /// The table of empty dicts.
    #[inline(always)]
    pub(crate) fn empty() -> *mut DictKeys {
        (&raw const EMPTY_KEYS.head).cast_mut()
    }
}

impl Keys {
    /// # Safety
    /// `ptr` is a live key table.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(ptr: *mut DictKeys) -> Keys {
        // SAFETY: a live table is no null pointer.
        Keys(unsafe { NonNull::new_unchecked(ptr) })
    }

    #[inline(always)]
    pub(crate) fn empty() -> Keys {
        // SAFETY: the static is always live.
        unsafe { Keys::from_raw(DictKeys::empty()) }
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut DictKeys {
        self.0.as_ptr()
    }

    #[inline(always)]
    pub(crate) fn is_empty_table(self) -> bool {
        std::ptr::eq(self.as_ptr(), DictKeys::empty())
    }

    #[inline(always)]
    fn head(&self) -> &DictKeys {
        // SAFETY: `Keys` are live tables.
        unsafe { self.0.as_ref() }
    }

    /// A table of 2^log2_size slots with count 1; `None` when memory is out.
    pub(crate) fn new(log2_size: u8, kind: KeysKind) -> Option<Keys> {
        if log2_size >= 58 {
            return None;
        }
        let slotted = crate::era::is_classic() && kind != KeysKind::Split;
        let (kind, usable, entries) = if slotted {
            // Python 2.7 grows a table once two thirds of it have been used.
            (KeysKind::General, (2usize << log2_size).div_ceil(3), 1 << log2_size)
        } else {
            let usable = usable_fraction(1 << log2_size);
            (kind, usable, usable)
        };
        let log2_index_bytes = match log2_size {
            0..8 => log2_size,
            8..16 => log2_size + 1,
            16..32 => log2_size + 2,
            _ => log2_size + 3,
        };
        let index_bytes = 1usize << log2_index_bytes;
        let entry =
            if kind == KeysKind::General { size_of::<GeneralEntry>() } else { size_of::<UnicodeEntry>() };
        let entry_bytes = entries * entry;
        let recycled =
            if log2_size == LOG2_MIN_SIZE && kind != KeysKind::General { FREE_KEYS.unpark() } else { None };
        let buffer = match recycled {
            Some(buffer) => buffer,
            None => raw_alloc(HEADER + index_bytes + entry_bytes)?,
        };
        // SAFETY: the buffer holds header, indices and entries; all parts are 8-aligned.
        unsafe {
            buffer.cast::<DictKeys>().write(DictKeys {
                refcount: Cell::new(1),
                log2_size,
                log2_index_bytes,
                kind,
                slotted,
                version: Cell::new(0),
                usable: Cell::new(usable as isize),
                nentries: Cell::new(if slotted { entries } else { 0 }),
            });
            let indices = buffer.as_ptr().add(HEADER);
            indices.write_bytes(0xff, index_bytes);
            indices.add(index_bytes).write_bytes(0, entry_bytes);
        }
        Some(Keys(buffer.cast()))
    }

    /// A shared key table for the instances of a new class.
    pub fn new_shared() -> Option<Keys> {
        let keys = Keys::new(LOG2_SHARED_SIZE, KeysKind::Split)?;
        // One more than the first instance will see: each instance made takes one away.
        keys.head().usable.set(SHARED_KEYS_MAX_SIZE);
        Some(keys)
    }

    /// A byte copy of a combined table whose entries are all live, with new references.
    pub(crate) fn duplicate(self) -> Option<Keys> {
        let bytes = self.bytes();
        let buffer = if self.head().log2_size == LOG2_MIN_SIZE && self.kind() == KeysKind::Unicode {
            FREE_KEYS.unpark()
        } else {
            None
        };
        let buffer = match buffer {
            Some(buffer) => buffer,
            None => raw_alloc(bytes)?,
        };
        // SAFETY: both are `bytes` long; the copy's references are counted right below.
        unsafe {
            buffer.as_ptr().copy_from_nonoverlapping(self.as_ptr().cast::<u8>(), bytes);
            let copy = Keys(buffer.cast());
            copy.head().refcount.set(1);
            copy.head().version.set(0);
            for index in 0..copy.nentries() {
                let value = copy.value(index);
                if let Some(value) = NonNull::new(value) {
                    incref(value);
                    incref(NonNull::new_unchecked(copy.key(index)));
                }
            }
            Some(copy)
        }
    }

    /// Bytes of the table, as `sys.getsizeof` counts them.
    pub(crate) fn bytes(self) -> usize {
        let entry = if self.kind() == KeysKind::General {
            size_of::<GeneralEntry>()
        } else {
            size_of::<UnicodeEntry>()
        };
        let entries = if self.is_slotted() { self.slots() } else { usable_fraction(self.slots()) };
        HEADER + (1 << self.head().log2_index_bytes) + entries * entry
    }

    #[inline(always)]
    pub fn kind(self) -> KeysKind {
        self.head().kind
    }

    /// Whether entry numbers are slot numbers: the order is that of Python 2.7.
    #[inline(always)]
    pub(crate) fn is_slotted(self) -> bool {
        self.head().slotted
    }

    /// Whether all keys are exact strings.
    #[inline(always)]
    pub fn is_unicode(self) -> bool {
        self.head().kind != KeysKind::General
    }

    #[inline(always)]
    pub fn slots(self) -> usize {
        1 << self.head().log2_size
    }

    #[inline(always)]
    pub(crate) fn log2_size(self) -> u8 {
        self.head().log2_size
    }

    #[inline(always)]
    pub fn usable(self) -> isize {
        self.head().usable.get()
    }

    #[inline(always)]
    pub fn nentries(self) -> usize {
        self.head().nentries.get()
    }

    #[inline(always)]
    pub fn refcount(self) -> usize {
        self.head().refcount.get()
    }

    /// Length of the value blocks of instances sharing the table.
    #[inline(always)]
    pub fn shared_usable_size(self) -> usize {
        self.nentries() + self.usable().max(0) as usize
    }

    /// Called for each new instance: room shrinks by one, so that a class whose instances all
    /// have few attributes gets small value blocks.
    #[inline(always)]
    pub fn shrink_for_instance(self) {
        let usable = self.usable();
        if usable > 1 {
            self.head().usable.set(usable - 1);
        }
    }

    /// A number that changes whenever the set of keys does; 0 when numbers have run out.
    pub fn version(self) -> u32 {
        let version = &self.head().version;
        if version.get() == 0 {
            let next = NEXT_VERSION.0.get();
            if next == 0 {
                return 0;
            }
            NEXT_VERSION.0.set(next.wrapping_add(1));
            version.set(next);
        }
        version.get()
    }

    /// The version for a comparison in an inline cache: 0 when none was asked for.
    #[inline(always)]
    pub fn peek_version(self) -> u32 {
        self.head().version.get()
    }

    #[inline(always)]
    pub(crate) fn invalidate_version(self) {
        self.head().version.set(0);
    }

    #[inline(always)]
    fn indices(self) -> *mut u8 {
        // SAFETY: the indices follow the header in the same buffer.
        unsafe { self.as_ptr().cast::<u8>().add(HEADER) }
    }

    #[inline(always)]
    fn entries(self) -> *mut u8 {
        // SAFETY: the entries follow the indices.
        unsafe { self.indices().add(1 << self.head().log2_index_bytes) }
    }

    /// The entry of a string table. `index` is below the number of entries allocated.
    #[inline(always)]
    pub(crate) fn unicode_entry(self, index: usize) -> *mut UnicodeEntry {
        debug_assert!(self.is_unicode());
        // SAFETY: within the buffer, as the caller's index comes from the table itself.
        unsafe { self.entries().cast::<UnicodeEntry>().add(index) }
    }

    #[inline(always)]
    pub(crate) fn general_entry(self, index: usize) -> *mut GeneralEntry {
        debug_assert!(!self.is_unicode());
        // SAFETY: as above.
        unsafe { self.entries().cast::<GeneralEntry>().add(index) }
    }

    /// The key of an entry, null when deleted.
    #[inline(always)]
    pub(crate) fn key(self, index: usize) -> *mut Object {
        // SAFETY: entries below `nentries` are initialised.
        unsafe {
            if self.is_unicode() {
                (*self.unicode_entry(index)).key
            } else {
                (*self.general_entry(index)).key
            }
        }
    }

    /// The value of an entry of a combined table, null when deleted.
    #[inline(always)]
    pub(crate) fn value(self, index: usize) -> *mut Object {
        // SAFETY: as above.
        unsafe {
            if self.is_unicode() {
                (*self.unicode_entry(index)).value
            } else {
                (*self.general_entry(index)).value
            }
        }
    }

    /// Puts another value into a live entry; the caller takes over the old reference.
    #[inline(always)]
    pub(crate) fn replace_value(self, index: usize, value: *mut Object) -> *mut Object {
        // SAFETY: as above.
        unsafe {
            let place = if self.is_unicode() {
                &raw mut (*self.unicode_entry(index)).value
            } else {
                &raw mut (*self.general_entry(index)).value
            };
            place.replace(value)
        }
    }

    /// The hash of an entry's key (the entry is live).
    #[inline(always)]
    pub(crate) fn hash(self, index: usize) -> i64 {
        // SAFETY: string tables hold exact strings only, whose hash is cached.
        unsafe {
            if self.is_unicode() {
                (*(*self.unicode_entry(index)).key.cast::<StrObject>()).hash()
            } else {
                (*self.general_entry(index)).hash
            }
        }
    }

    /// What stands in a slot: an entry number, [`EMPTY`] or [`DUMMY`].
    #[inline(always)]
    pub(crate) fn index_at(self, slot: usize) -> isize {
        let indices = self.indices();
        // SAFETY: `slot` is masked by the number of slots.
        unsafe {
            match self.head().log2_size {
                0..8 => *indices.cast::<i8>().add(slot) as isize,
                8..16 => *indices.cast::<i16>().add(slot) as isize,
                16..32 => *indices.cast::<i32>().add(slot) as isize,
                _ => *indices.cast::<i64>().add(slot) as isize,
            }
        }
    }

    #[inline(always)]
    pub(crate) fn set_index(self, slot: usize, index: isize) {
        let indices = self.indices();
        // SAFETY: as above; entry numbers fit the width chosen for the table's size.
        unsafe {
            match self.head().log2_size {
                0..8 => *indices.cast::<i8>().add(slot) = index as i8,
                8..16 => *indices.cast::<i16>().add(slot) = index as i16,
                16..32 => *indices.cast::<i32>().add(slot) = index as i32,
                _ => *indices.cast::<i64>().add(slot) = index as i64,
            }
        }
    }

    /// The probe sequence of a hash over this table.
    #[inline(always)]
    pub(crate) fn probe(self, hash: i64) -> Probe {
        let mask = self.slots() - 1;
        // Python 2.7 adds the whole hash before it shifts for the first time.
        let shift = if self.head().slotted { 0 } else { PERTURB_SHIFT };
        Probe { mask, perturb: hash as usize, shift, slot: hash as usize & mask }
    }

    /// The entry of a string in a string table: identity first, then hash and text.
    #[inline]
    pub fn find_str(self, key: &StrObject) -> Option<usize> {
        self.find_str_hashed(key, key.hash())
    }

    /// As [`Keys::find_str`] with the hash at hand.
    #[inline]
    pub(crate) fn find_str_hashed(self, key: &StrObject, hash: i64) -> Option<usize> {
        debug_assert!(self.is_unicode());
        let wanted: *const Object = std::ptr::from_ref(key).cast();
        if self.head().log2_size < 8 {
            // SAFETY: slots below 2^log2_size hold entry numbers; entries of a string table are
            // exact strings or null.
            return unsafe {
                let indices = self.indices().cast::<i8>();
                let entries = self.entries().cast::<UnicodeEntry>();
                let mut probe = self.probe(hash);
                loop {
                    let index = *indices.add(probe.slot) as isize;
                    if index >= 0 {
                        let found = (*entries.add(index as usize)).key;
                        if std::ptr::eq(found, wanted) || same_text(found, key, hash) {
                            break Some(index as usize);
                        }
                    } else if index == EMPTY {
                        break None;
                    }
                    probe.advance();
                }
            };
        }
        let mut probe = self.probe(hash);
        loop {
            let index = self.index_at(probe.slot);
            if index >= 0 {
                // SAFETY: as above.
                let found = unsafe { (*self.unicode_entry(index as usize)).key };
                if std::ptr::eq(found, wanted) || same_text(found, key, hash) {
                    return Some(index as usize);
                }
            } else if index == EMPTY {
                return None;
            }
            probe.advance();
        }
    }

    /// The slot that holds entry `index`, which is live and has this hash.
    pub(crate) fn slot_of(self, hash: i64, index: usize) -> Option<usize> {
        let mut probe = self.probe(hash);
        loop {
            match self.index_at(probe.slot) {
                EMPTY => return None,
                found if found == index as isize => return Some(probe.slot),
                _ => probe.advance(),
            }
        }
    }

    /// The first free slot for a hash (dummies count as free).
    #[inline]
    fn free_slot(self, hash: i64) -> usize {
        let mut probe = self.probe(hash);
        while self.index_at(probe.slot) >= 0 {
            probe.advance();
        }
        probe.slot
    }

    /// Adds an entry and returns its number. Takes over both references; `value` is null in
    /// split tables. There is room for it, and a string table gets a string.
    #[inline]
    pub(crate) fn append(self, key: NonNull<Object>, hash: i64, value: *mut Object) -> usize {
        if self.is_slotted() {
            let slot = self.free_slot(hash);
            let head = self.head();
            if self.index_at(slot) == EMPTY {
                head.usable.set(head.usable.get() - 1);
            }
            self.set_index(slot, slot as isize);
            // SAFETY: a slotted table has an entry for each slot.
            unsafe { self.general_entry(slot).write(GeneralEntry { hash, key: key.as_ptr(), value }) };
            head.version.set(0);
            return slot;
        }
        debug_assert!(self.usable() > 0);
        let index = self.nentries();
        self.set_index(self.free_slot(hash), index as isize);
        // SAFETY: there is room for one more entry.
        unsafe {
            if self.is_unicode() {
                self.unicode_entry(index).write(UnicodeEntry { key: key.as_ptr(), value });
            } else {
                self.general_entry(index).write(GeneralEntry { hash, key: key.as_ptr(), value });
            }
        }
        let head = self.head();
        head.version.set(0);
        head.usable.set(head.usable.get() - 1);
        head.nentries.set(index + 1);
        index
    }

    /// Deletes a live entry of a combined table; the caller takes over key and value.
    pub(crate) fn delete(self, hash: i64, index: usize) -> (*mut Object, *mut Object) {
        if let Some(slot) = self.slot_of(hash, index) {
            self.set_index(slot, DUMMY);
        }
        self.head().version.set(0);
        // SAFETY: the entry is live.
        unsafe {
            if self.is_unicode() {
                let entry = self
                    .unicode_entry(index)
                    .replace(UnicodeEntry { key: std::ptr::null_mut(), value: std::ptr::null_mut() });
                (entry.key, entry.value)
            } else {
                let gone = GeneralEntry { hash: 0, key: std::ptr::null_mut(), value: std::ptr::null_mut() };
                let entry = self.general_entry(index).replace(gone);
                (entry.key, entry.value)
            }
        }
    }

    /// `popitem`: the last entry has just been deleted; entries from `index` on can be used again.
    pub(crate) fn forget_tail(self, index: usize) {
        if self.is_slotted() {
            return;
        }
        // CPython does not give the entries back to `usable` either.
        self.head().nentries.set(index);
    }

    /// Name to entry number in a shared table, added when there is room.
    #[inline]
    pub fn insert_shared(self, name: &StrObject) -> Option<usize> {
        let hash = name.hash();
        if let Some(index) = self.find_str_hashed(name, hash) {
            return Some(index);
        }
        if self.usable() <= 0 {
            return None;
        }
        let key = NonNull::from(name).cast::<Object>();
        // SAFETY: `name` is alive.
        unsafe { incref(key) };
        Some(self.append(key, hash, std::ptr::null_mut()))
    }

    #[inline(always)]
    pub fn incref(self) {
        let count = &self.head().refcount;
        count.set(count.get() + 1);
    }

    /// Gives up one use; the last one releases keys and values in order and frees the table.
    pub fn decref(self) {
        let count = &self.head().refcount;
        count.set(count.get() - 1);
        if count.get() == 0 {
            // SAFETY: nobody else uses the table; its references are given up one by one.
            unsafe {
                for index in 0..self.nentries() {
                    let (key, value) = (self.key(index), self.value(index));
                    if let Some(key) = NonNull::new(key) {
                        decref(key);
                    }
                    if let Some(value) = NonNull::new(value) {
                        decref(value);
                    }
                }
                self.free();
            }
        }
    }

    /// Gives up one use of a combined table whose references have been moved elsewhere.
    pub(crate) fn discard_moved(self) {
        if self.is_empty_table() {
            self.decref();
            return;
        }
        self.head().nentries.set(0);
        let count = &self.head().refcount;
        count.set(count.get() - 1);
        if count.get() == 0 {
            // SAFETY: nobody uses the table and it owns nothing.
            unsafe { self.free() };
        }
    }

    /// # Safety
    /// Nobody uses the table; its references are gone.
    unsafe fn free(self) {
        let buffer = self.0.cast::<u8>();
        // SAFETY: the buffer came from `raw_alloc`; all parked buffers have one size.
        unsafe {
            if self.log2_size() == LOG2_MIN_SIZE && self.is_unicode() && FREE_KEYS.park(buffer) {
                return;
            }
            raw_free(buffer);
        }
    }

    /// Moves the live entries of `self` (combined) into `new`, which is empty and large enough.
    /// Afterwards `self` must be discarded by [`Keys::discard_moved`].
    pub(crate) fn move_entries_to(self, new: Keys) {
        let mut count = 0;
        for index in 0..self.nentries() {
            let key = self.key(index);
            let value = self.value(index);
            if value.is_null() {
                continue;
            }
            let hash = self.hash(index);
            new.put_fresh(count, key, hash, value);
            count += 1;
        }
        new.finish_fresh(count);
    }

    /// Writes entry `index` of a table being built and enters it into the indices.
    #[inline(always)]
    pub(crate) fn put_fresh(self, index: usize, key: *mut Object, hash: i64, value: *mut Object) {
        if let (true, Some(key)) = (self.is_slotted(), NonNull::new(key)) {
            self.append(key, hash, value);
            return;
        }
        // SAFETY: the builder's tables have room for all entries.
        unsafe {
            if self.is_unicode() {
                self.unicode_entry(index).write(UnicodeEntry { key, value });
            } else {
                self.general_entry(index).write(GeneralEntry { hash, key, value });
            }
        }
        let mut probe = self.probe(hash);
        while self.index_at(probe.slot) != EMPTY {
            probe.advance();
        }
        self.set_index(probe.slot, index as isize);
    }

    pub(crate) fn finish_fresh(self, count: usize) {
        if self.is_slotted() {
            return;
        }
        let head = self.head();
        head.usable.set(head.usable.get() - count as isize);
        head.nentries.set(count);
    }
}

/// Where a hash leads, slot by slot.
pub(crate) struct Probe {
    mask: usize,
    perturb: usize,
    shift: u32,
    pub slot: usize,
}

impl Probe {
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        self.perturb >>= self.shift;
        self.shift = PERTURB_SHIFT;
        self.slot = (self.slot.wrapping_mul(5).wrapping_add(self.perturb).wrapping_add(1)) & self.mask;
    }
}

#[inline(always)]
fn same_text(found: *mut Object, key: &StrObject, hash: i64) -> bool {
    // SAFETY: callers pass keys of string tables: exact strings (a deleted entry has no slot).
    let found = unsafe { &*found.cast::<StrObject>() };
    found.hash() == hash && found.eq_text(key)
}
