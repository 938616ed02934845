//! Which Python is being followed: CPython 3.11 (the default) or CPython 2.7.
//!
//! The era is chosen before the interpreter starts and does not change while it lives. It is no fork of the virtual
//! machine: each place that consults it is a cold one, or one that only its own dialect reaches. What it decides:
//!
//! | where | what |
//! | --- | --- |
//! | `compile` | which dialect a user's source is in (`syntax::classic`, `compile::classic`) |
//! | `objects::dict`, `objects::set`, hashes | order of tables: by slot of an open-addressed table in 2.7 |
//! | `objects::classic` | old-style classes, `long`, `unicode`, `file`, what the types of 2.7 have besides |
//! | `memory::gc` | what counts as a finalizer, and the words of the debug lines |
//! | `vm::call`, `vm::classic` | arguments held twice; what `sys.exc_info()` remembers, and until when |
//! | `vm::lifecycle` | the order of shutdown |
//!
//! Imports nothing of ours, so that everything may ask.

use std::sync::atomic::{AtomicBool, Ordering};

/// A Python to follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Era {
    /// CPython 3.11.7.
    #[default]
    Modern,
    /// CPython 2.7.18.
    Classic,
}

static CLASSIC: AtomicBool = AtomicBool::new(false);

/// Chooses the era of the interpreter that is about to start.
pub fn choose(era: Era) {
    CLASSIC.store(era == Era::Classic, Ordering::Relaxed);
}

/// Whether the classic era is followed.
#[inline(always)]
pub fn is_classic() -> bool {
    CLASSIC.load(Ordering::Relaxed)
}
