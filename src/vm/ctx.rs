//! `Ctx`: what native code may ask of the interpreter. The one door from `objects` into `vm`.
//!
//! It is a zero-sized token: proof of being on the engine thread of a live interpreter. The
//! protocols (`getattr`, `call`, `iter`, ...) are further `impl Ctx` blocks in
//! `objects/protocol`; raising and the pending exception are in `vm/errors.rs`.

use std::marker::PhantomData;

/// Access to the interpreter. Zero-sized, copied freely, never leaves its thread.
#[derive(Clone, Copy)]
pub struct Ctx {
    not_send: PhantomData<*mut ()>,
}

impl Ctx {
    /// The interpreter of this thread.
    ///
    /// # Safety
    /// The caller is on the engine thread while an interpreter is alive: in a slot, a finalizer or
    /// the engine itself.
    #[inline(always)]
    pub unsafe fn current() -> Ctx {
        Ctx { not_send: PhantomData }
    }
}
