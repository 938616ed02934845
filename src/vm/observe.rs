//! What watches the interpreter: the stepper, the panel, the recorder.
//!
//! The observer is asked between two instructions while tracing is on, and at safepoints when a
//! front end has a request. It reads; it never changes a count.

use super::Ctx;
use super::frame::Frame;

/// What the interpreter should do after it asked the observer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Go on.
    Continue,
    /// Raise `KeyboardInterrupt`.
    Interrupt,
    /// Raise `SystemExit` (the front end is gone).
    Quit,
}

/// Receives control while Python runs. All methods are called on the engine thread.
pub trait Observer {
    /// Before the instruction at `frame.prev_instr + 1` runs; only while tracing is on.
    fn at_instruction(&mut self, cx: Ctx, frame: &Frame) -> Verdict;
    /// Before an instruction of a counted run, when as many as `vm.look_at` have been executed.
    fn reached(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        let _ = (cx, frame);
        Verdict::Continue
    }
    /// A frame has been entered (before its first instruction); only while tracing is on.
    fn entered(&mut self, cx: Ctx, frame: &Frame);
    /// A frame is being left, by return, yield or exception; only while tracing is on.
    fn left(&mut self, cx: Ctx, frame: &Frame);
    /// At a safepoint after `raise_signal(REQUEST)`.
    fn poll(&mut self, cx: Ctx) -> Verdict;
}

impl Ctx {
    /// Runs `ask` with the observer, if there is one. The observer is out of its place meanwhile,
    /// so nested code runs unobserved.
    pub(super) fn with_observer(self, ask: impl FnOnce(&mut dyn Observer) -> Verdict) -> Verdict {
        let taken = self.vm().observer.borrow_mut().take();
        let Some(mut observer) = taken else { return Verdict::Continue };
        let verdict = ask(observer.as_mut());
        let mut place = self.vm().observer.borrow_mut();
        if place.is_none() {
            *place = Some(observer);
        }
        verdict
    }
}
