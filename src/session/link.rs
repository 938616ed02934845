//! The wire between a front end and the engine: one channel each way, and a way to wake the engine.
//!
//! Requests wait in their channel until the engine looks, which it does at a prompt, when stopped, and at the
//! safepoint after it was woken. Events are bounded: an engine that outruns its front end waits, as a program that
//! outruns its terminal does. A half that is dropped closes the wire; the other half then gets [`Closed`].
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::time::Duration;

use super::protocol::{Event, Query, Request, Ticket};

/// Events that may be under way before the engine waits for the front end.
const EVENTS_UNDER_WAY: usize = 256;

/// Makes the engine look at its channel at its next safepoint; with `true` also raises `KeyboardInterrupt` there.
/// Called from any thread.
pub type Wake = fn(interrupt: bool);

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
    wake: Wake,
}

impl EngineHandle {
    /// Sends a request and wakes the engine.
    pub fn send(&self, request: Request) -> Result<(), Closed> {
        self.requests.send(request).map_err(|_| Closed)?;
        (self.wake)(false);
        Ok(())
    }

    /// Asks a question under a ticket of the caller's choice.
    pub fn ask(&self, ticket: Ticket, query: Query) -> Result<(), Closed> {
        self.send(Request::Ask { ticket, query })
    }

    /// Ctrl-C: `KeyboardInterrupt` in whatever runs. At a prompt it does nothing but a fresh prompt.
    pub fn interrupt(&self) -> Result<(), Closed> {
        (self.wake)(true);
        self.send(Request::Interrupt)
    }
}

/// The engine's half.
#[derive(Debug)]
pub struct FrontLink {
    requests: Receiver<Request>,
    events: SyncSender<Event>,
}

impl FrontLink {
    /// The sending end for events, for other threads of the engine.
    pub fn events(&self) -> SyncSender<Event> {
        self.events.clone()
    }

    /// Sends an event; waits while too many are under way.
    pub fn send(&self, event: Event) -> Result<(), Closed> {
        self.events.send(event).map_err(|_| Closed)
    }

    /// The next request, if one is there.
    pub fn try_next(&self) -> Result<Option<Request>, Closed> {
        match self.requests.try_recv() {
            Ok(request) => Ok(Some(request)),
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
pub fn link(wake: Wake) -> (EngineHandle, Receiver<Event>, FrontLink) {
    let (requests_in, requests_out) = channel();
    let (events_in, events_out) = sync_channel(EVENTS_UNDER_WAY);
    let handle = EngineHandle { requests: requests_in, wake };
    let front = FrontLink { requests: requests_out, events: events_in };
    (handle, events_out, front)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn a_request_wakes_the_engine() {
        static WOKEN: AtomicU32 = AtomicU32::new(0);
        let (handle, _events, front) = link(|interrupt| {
            WOKEN.fetch_add(if interrupt { 100 } else { 1 }, Ordering::SeqCst);
        });
        handle.send(Request::Pause).unwrap();
        handle.interrupt().unwrap();
        assert_eq!(WOKEN.load(Ordering::SeqCst), 102);
        assert_eq!(front.try_next(), Ok(Some(Request::Pause)));
        assert_eq!(front.try_next(), Ok(Some(Request::Interrupt)));
        assert_eq!(front.try_next(), Ok(None));
    }

    #[test]
    fn a_dropped_half_closes_the_wire() {
        let (handle, events, front) = link(|_| {});
        drop(events);
        assert_eq!(front.send(Event::Running), Err(Closed));
        drop(front);
        assert_eq!(handle.send(Request::Quit), Err(Closed));
    }
}
