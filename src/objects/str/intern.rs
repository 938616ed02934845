//! The table of interned strings. It owns no reference: a string leaves the table when it dies
//! (CPython's dict holds two references that are taken off the count again).

use std::cell::UnsafeCell;
use std::ptr::NonNull;

use super::{StrObject, raw};
use crate::memory::{Layout, Object, Ref};
use crate::objects::types;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Empty,
    Removed,
    Used(NonNull<StrObject>),
}

/// Open addressing with linear probing; the size is a power of two.
struct Interned {
    entries: Vec<Entry>,
    used: usize,
    /// Entries that are not `Empty`.
    filled: usize,
}

struct Table(UnsafeCell<Interned>);
// SAFETY: only the engine thread, which holds the heap guard, touches the table.
unsafe impl Sync for Table {}
static TABLE: Table = Table(UnsafeCell::new(Interned { entries: Vec::new(), used: 0, filled: 0 }));

/// Runs `f` over the table. `f` must run no code that interns or frees strings.
fn with_table<R>(f: impl FnOnce(&mut Interned) -> R) -> R {
    // SAFETY: single-threaded, and no `f` in this file calls out while it holds the table.
    f(unsafe { &mut *TABLE.0.get() })
}

impl Interned {
    /// Where the text is, or the place to put it.
    fn find(&self, hash: i64, same: impl Fn(&StrObject) -> bool) -> Result<NonNull<StrObject>, usize> {
        let mask = self.entries.len() - 1;
        let mut index = hash as usize & mask;
        let mut free = None;
        loop {
            match self.entries[index] {
                Entry::Empty => return Err(free.unwrap_or(index)),
                Entry::Removed => free = free.or(Some(index)),
                // SAFETY: a string takes itself out before it is freed.
                Entry::Used(string) => unsafe {
                    if string.as_ref().hash() == hash && same(string.as_ref()) {
                        return Ok(string);
                    }
                },
            }
            index = (index + 1) & mask;
        }
    }

    fn grow(&mut self) {
        if self.entries.is_empty() || self.filled * 3 >= self.entries.len() * 2 {
            let size = (self.used * 4).next_power_of_two().max(4096);
            let old = std::mem::replace(&mut self.entries, vec![Entry::Empty; size]);
            for entry in old {
                if let Entry::Used(string) = entry {
                    // SAFETY: as in `find`.
                    let mut index = unsafe { string.as_ref().hash() } as usize & (size - 1);
                    while self.entries[index] != Entry::Empty {
                        index = (index + 1) & (size - 1);
                    }
                    self.entries[index] = entry;
                }
            }
            self.filled = self.used;
        }
    }
}

/// The canonical string of this text; `text` becomes it when there is none yet. Instances of
/// derived types are returned as they are.
pub fn intern(text: Ref<StrObject>) -> Ref<StrObject> {
    if text.is_interned() || !text.as_object().is_exact(types().str) {
        return text;
    }
    let hash = text.hash();
    let found = with_table(|table| {
        table.grow();
        match table.find(hash, |other| other.eq_text(&text)) {
            Ok(string) => Some(string),
            Err(index) => {
                table.filled += usize::from(table.entries[index] == Entry::Empty);
                table.used += 1;
                table.entries[index] = Entry::Used(text.as_raw());
                None
            }
        }
    });
    match found {
        // SAFETY: strings in the table are alive.
        Some(string) => unsafe { Ref::from_borrowed(string) },
        None => {
            text.interned.set(true);
            text
        }
    }
}

/// The interned string of this text.
pub fn intern_text(text: &str) -> Ref<StrObject> {
    if text.is_ascii() {
        let hash = super::hash_bytes(text.as_bytes());
        let found = with_table(|table| {
            table.grow();
            table.find(hash, |other| other.eq_str(text)).ok()
        });
        if let Some(string) = found {
            // SAFETY: strings in the table are alive.
            return unsafe { Ref::from_borrowed(string) };
        }
    }
    intern(raw::from_utf8(text))
}

/// Takes a dying string out.
pub(super) fn remove(string: &StrObject) {
    with_table(|table| {
        if table.entries.is_empty() {
            return;
        }
        let mask = table.entries.len() - 1;
        let mut index = string.hash() as usize & mask;
        while table.entries[index] != Entry::Empty {
            if table.entries[index] == Entry::Used(NonNull::from(string)) {
                table.entries[index] = Entry::Removed;
                table.used -= 1;
                return;
            }
            index = (index + 1) & mask;
        }
    });
}

/// How many strings are interned.
pub fn count() -> usize {
    with_table(|table| table.used)
}

/// Empties the table without touching the strings: the heap they were in is gone.
pub(super) fn forget() {
    with_table(|table| *table = Interned { entries: Vec::new(), used: 0, filled: 0 });
}

/// Whether this very object is the interned one.
pub fn is_interned(object: &Object) -> bool {
    object.downcast_exact::<StrObject>().is_some_and(StrObject::is_interned)
}
