//! Safepoints: what comes from outside between two instructions.

use std::sync::atomic::Ordering;

use crate::objects::{PyResult, exceptions};
use crate::vm::Ctx;
use crate::vm::observe::Verdict;
use crate::vm::state::{SIGNALS, signal};

/// Answers what [`SIGNALS`] asks for; an error when something is to be raised.
#[cold]
#[inline(never)]
pub(crate) fn answer_signals(cx: Ctx) -> PyResult<()> {
    let pending = SIGNALS.load(Ordering::SeqCst);
    if pending & signal::INTERRUPT != 0 {
        SIGNALS.fetch_and(!signal::INTERRUPT, Ordering::SeqCst);
        return Err(cx.raise_bare(exceptions().keyboard_interrupt));
    }
    if pending & signal::MEMORY != 0 {
        SIGNALS.fetch_and(!signal::MEMORY, Ordering::SeqCst);
        return Err(cx.memory_error());
    }
    if pending & signal::REQUEST != 0 {
        SIGNALS.fetch_and(!signal::REQUEST, Ordering::SeqCst);
        let verdict = cx.with_observer(|observer| observer.poll(cx));
        return obey(cx, verdict);
    }
    Ok(())
}

/// Carries out what an observer asked for.
pub(super) fn obey(cx: Ctx, verdict: Verdict) -> PyResult<()> {
    match verdict {
        Verdict::Continue => Ok(()),
        Verdict::Interrupt => Err(cx.raise_bare(exceptions().keyboard_interrupt)),
        Verdict::Quit => Err(cx.raise_bare(exceptions().system_exit)),
    }
}
