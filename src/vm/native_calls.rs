//! Where on the native stack each evaluation loop stands, while somebody looks at each instruction.
//!
//! Python code that native code calls (a key function of `sorted`, an imported module, a finalizer) runs in an
//! evaluation loop of its own, whose native frames lie below those of the native code. What lies between two loops
//! belongs to the native code that the outer one has called: there an audit finds what that code holds in its own
//! variables. Loops that run untraced are not listed.

use std::cell::RefCell;

use super::Ctx;
use super::frame::Frame;

/// An evaluation loop on the native stack, which grows downwards.
#[derive(Clone, Copy, Debug)]
pub struct TracedLoop {
    /// Address of the frame with which the loop was entered; what called it is that frame's `previous`.
    pub entry: usize,
    /// Where the loop's native frame begins: everything above belongs to who called it.
    pub high: usize,
    /// Where it ends: everything below belongs to what it has called.
    pub low: usize,
}

/// The loops that are running, outermost first.
pub type TracedLoops = RefCell<Vec<TracedLoop>>;

/// The address right below the native frame of the caller: it calls nothing and has one byte of variables.
#[inline(never)]
fn here() -> usize {
    let place = 0u8;
    std::hint::black_box(&raw const place).addr()
}

impl Ctx {
    /// Runs `work`, an evaluation loop entered with this frame, as one that is listed.
    #[inline(never)]
    pub(super) fn as_traced_loop<R>(self, entry: *const Frame, work: impl FnOnce() -> R) -> R {
        let loops = &self.vm().traced_loops;
        let high = here();
        loops.borrow_mut().push(TracedLoop { entry: entry.addr(), high, low: high });
        let result = work();
        loops.borrow_mut().pop();
        result
    }

    /// The running loop is about to be looked at: notes how far down its native frame reaches.
    #[inline(always)]
    pub(super) fn note_traced_loop(self) {
        let low = here();
        if let Some(running) = self.vm().traced_loops.borrow_mut().last_mut() {
            running.low = low;
        }
    }

    /// Where the native stack begins: the variables of whoever runs the program lie below.
    pub fn native_base(self) -> usize {
        self.vm().native_base.get()
    }

    /// The evaluation loops on the native stack, outermost first.
    pub fn traced_loops(self) -> Vec<TracedLoop> {
        self.vm().traced_loops.borrow().clone()
    }
}
