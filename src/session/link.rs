//! The wire between a front end and the engine: one channel each way and two flags.
//!
//! The engine polls [`Signals::pending`] at its safepoints, a single relaxed load. Requests wait in their
//! channel until it looks. Events are bounded: an engine that outruns its front end waits, as a program that
//! outruns its terminal does. A half that is dropped closes the wire; the other half then gets [`Closed`].
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::time::Duration;

use super::protocol::{Event, Query, Request, Ticket};

/// Events that may be under way before the engine waits for the front end.
const EVENTS_UNDER_WAY: usize = 256;

/// What the engine looks at between two instructions.
#[derive(Debug, Default)]
pub struct Signals {
    /// A request is in the channel, or an interrupt is due.
    pending: AtomicBool,
    /// `KeyboardInterrupt` is due in the running code.
    interrupt: AtomicBool,
}

impl Signals {
    /// Whether there is anything to do at this safepoint.
    #[inline]
    pub fn pending(&self) -> bool {
        self.pending.load(Ordering::Relaxed)
    }

    /// Raises the flag; the next safepoint looks.
    pub fn raise(&self) {
        self.pending.store(true, Ordering::Release);
    }

    /// Lowers the flag. Call before draining the channel, so that a request sent meanwhile raises it again.
    pub fn lower(&self) {
        self.pending.store(false, Ordering::Release);
    }

    /// Asks for `KeyboardInterrupt`. Safe to call from a signal handler: two stores.
    pub fn interrupt(&self) {
        self.interrupt.store(true, Ordering::Release);
        self.raise();
    }

    /// Whether an interrupt is due; it is due once.
    pub fn take_interrupt(&self) -> bool {
        self.interrupt.swap(false, Ordering::AcqRel)
    }
}

/// The other half is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the session has ended")
    }
}

impl std::error::Error for Closed {}

/// The front end's half, for sending. Cheap to clone; any thread may hold one.
#[derive(Clone, Debug)]
pub struct EngineHandle {
    requests: Sender<Request>,
    signals: Arc<Signals>,
}

impl EngineHandle {
    /// Sends a request and raises the flag.
    pub fn send(&self, request: Request) -> Result<(), Closed> {
        self.requests.send(request).map_err(|_| Closed)?;
        self.signals.raise();
        Ok(())
    }

    /// Asks a question under a ticket of the caller's choice.
    pub fn ask(&self, ticket: Ticket, query: Query) -> Result<(), Closed> {
        self.send(Request::Ask { ticket, query })
    }

    /// Ctrl-C: `KeyboardInterrupt` in whatever runs. At a prompt it does nothing but a fresh prompt.
    pub fn interrupt(&self) -> Result<(), Closed> {
        self.signals.interrupt();
        self.send(Request::Interrupt)
    }

    /// The flags, for a signal handler.
    pub fn signals(&self) -> Arc<Signals> {
        self.signals.clone()
    }
}

/// The engine's half.
#[derive(Debug)]
pub struct FrontLink {
    requests: Receiver<Request>,
    events: SyncSender<Event>,
    signals: Arc<Signals>,
}

impl FrontLink {
    /// The flags, to be polled at safepoints.
    pub fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    /// Sends an event; waits while too many are under way.
    pub fn send(&self, event: Event) -> Result<(), Closed> {
        self.events.send(event).map_err(|_| Closed)
    }

    /// The next request, if one is there. Lowers the flag when the channel is empty.
    pub fn try_next(&self) -> Result<Option<Request>, Closed> {
        self.signals.lower();
        match self.requests.try_recv() {
            Ok(request) => {
                // More may follow; looking once too often costs nothing, missing one hangs a front end.
                self.signals.raise();
                Ok(Some(request))
            }
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Closed),
        }
    }

    /// Waits for the next request: at a prompt, or stopped.
    pub fn next(&self) -> Result<Request, Closed> {
        self.requests.recv().map_err(|_| Closed)
    }

    /// Waits at most this long.
    pub fn next_within(&self, wait: Duration) -> Result<Option<Request>, Closed> {
        match self.requests.recv_timeout(wait) {
            Ok(request) => Ok(Some(request)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Closed),
        }
    }
}

/// Makes a wire: the front end's sender and receiver, and the engine's half.
pub fn link() -> (EngineHandle, Receiver<Event>, FrontLink) {
    let (requests_in, requests_out) = channel();
    let (events_in, events_out) = sync_channel(EVENTS_UNDER_WAY);
    let signals = Arc::new(Signals::default());
    let handle = EngineHandle { requests: requests_in, signals: signals.clone() };
    let front = FrontLink { requests: requests_out, events: events_in, signals };
    (handle, events_out, front)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_raises_the_flag_until_it_is_taken() {
        let (handle, _events, front) = link();
        assert!(!front.signals().pending());
        handle.send(Request::Pause).unwrap();
        assert!(front.signals().pending());
        assert_eq!(front.try_next(), Ok(Some(Request::Pause)));
        assert_eq!(front.try_next(), Ok(None));
        assert!(!front.signals().pending());
    }

    #[test]
    fn an_interrupt_is_due_once() {
        let (handle, _events, front) = link();
        handle.interrupt().unwrap();
        assert!(front.signals().take_interrupt());
        assert!(!front.signals().take_interrupt());
    }

    #[test]
    fn a_dropped_half_closes_the_wire() {
        let (handle, events, front) = link();
        drop(events);
        assert_eq!(front.send(Event::Running), Err(Closed));
        drop(front);
        assert_eq!(handle.send(Request::Quit), Err(Closed));
    }
}
