//! The wire between a front end and the engine: one channel each way, and a way to wake the engine.
//!
//! Requests wait in their channel until the engine looks, which it does at a prompt, when stopped, and at the
//! safepoint after it was woken. Events are bounded: an engine that outruns its front end waits, as a program that
//! outruns its terminal does. A half that is dropped closes the wire; the other half then gets [`Closed`].
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::time::{Duration, Instant};

use super::process::messages::Report;
use super::process::port::Port;
use super::protocol::{Event, Query, Request, Ticket};
use crate::vm::state::{raise_signal, signal};
use crate::vm::wire::{from_bytes, to_bytes};

/// Events that may be under way before the engine waits for the front end.
const EVENTS_UNDER_WAY: usize = 256;
/// Waiting longer than this is waiting for good.
const LONG: Duration = Duration::from_secs(60);

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

/// The engine's end of the socket to its supervisor.
#[derive(Debug)]
pub struct PortEnd {
    pub port: Port,
    /// A replay on its way: the front end is to see nothing of it.
    silent: AtomicBool,
    /// Bytes of text that were output, also silently.
    output: AtomicU64,
}

impl PortEnd {
    /// An end that speaks.
    pub fn new(port: Port) -> Arc<PortEnd> {
        Arc::new(PortEnd { port, silent: AtomicBool::new(false), output: AtomicU64::new(0) })
    }

    /// Whether the front end is to see nothing.
    pub fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed)
    }

    /// Shows events to the front end, or not.
    pub fn set_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::Relaxed);
    }

    /// Bytes of text that were output so far.
    pub fn output(&self) -> u64 {
        self.output.load(Ordering::Relaxed)
    }

    /// Tells the supervisor something.
    pub fn report(&self, report: Report) -> Result<(), Closed> {
        self.port.send(&to_bytes(&Event::Report(Box::new(report))))
    }

    fn send(&self, event: &Event) -> Result<(), Closed> {
        if let Event::Output { text, .. } = event {
            self.output.fetch_add(text.len() as u64, Ordering::Relaxed);
        }
        if self.is_silent() { Ok(()) } else { self.port.send(&to_bytes(event)) }
    }

    /// Reads a request. Ctrl-C is also a signal, as where threads share it.
    fn read(message: &[u8]) -> Result<Request, Closed> {
        let request = from_bytes::<Request>(message).ok_or(Closed)?;
        if request == Request::Interrupt {
            raise_signal(signal::INTERRUPT);
        }
        Ok(request)
    }
}

/// The sending end for events. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Outlet {
    /// To a front end in this process.
    Channel(SyncSender<Event>),
    /// To one in another process.
    Process(Arc<PortEnd>),
}

impl Outlet {
    /// Sends an event; waits while too many are under way.
    pub fn send(&self, event: Event) -> Result<(), Closed> {
        match self {
            Outlet::Channel(events) => events.send(event).map_err(|_| Closed),
            Outlet::Process(end) => end.send(&event),
        }
    }
}

#[derive(Debug)]
enum Inlet {
    Channel(Receiver<Request>),
    Process(Arc<PortEnd>),
}

/// The engine's half.
#[derive(Debug)]
pub struct FrontLink {
    requests: Inlet,
    events: Outlet,
}

impl FrontLink {
    /// A half whose other end is in another process.
    pub fn process(end: Arc<PortEnd>) -> FrontLink {
        FrontLink { requests: Inlet::Process(end.clone()), events: Outlet::Process(end) }
    }

    /// The sending end for events, for other threads of the engine.
    pub fn events(&self) -> Outlet {
        self.events.clone()
    }

    /// The socket, if the front end is in another process.
    pub fn port(&self) -> Option<Arc<PortEnd>> {
        match &self.requests {
            Inlet::Channel(_) => None,
            Inlet::Process(end) => Some(end.clone()),
        }
    }

    /// Sends an event; waits while too many are under way.
    pub fn send(&self, event: Event) -> Result<(), Closed> {
        self.events.send(event)
    }

    /// The next request, if one is there.
    pub fn try_next(&self) -> Result<Option<Request>, Closed> {
        match &self.requests {
            Inlet::Channel(requests) => match requests.try_recv() {
                Ok(request) => Ok(Some(request)),
                Err(TryRecvError::Empty) => Ok(None),
                Err(TryRecvError::Disconnected) => Err(Closed),
            },
            Inlet::Process(end) => end.port.try_next()?.map(|message| PortEnd::read(&message)).transpose(),
        }
    }

    /// Waits for the next request: at a prompt, or stopped.
    pub fn next(&self) -> Result<Request, Closed> {
        match &self.requests {
            Inlet::Channel(requests) => requests.recv().map_err(|_| Closed),
            Inlet::Process(end) => PortEnd::read(&end.port.next()?),
        }
    }

    /// Waits at most this long.
    pub fn next_within(&self, wait: Duration) -> Result<Option<Request>, Closed> {
        let Inlet::Channel(requests) = &self.requests else {
            if wait > LONG {
                return self.next().map(Some);
            }
            let end = Instant::now() + wait;
            loop {
                match self.try_next()? {
                    None if Instant::now() < end => std::thread::sleep(Duration::from_millis(1)),
                    found => return Ok(found),
                }
            }
        };
        match requests.recv_timeout(wait) {
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
    let front = FrontLink { requests: Inlet::Channel(requests_out), events: Outlet::Channel(events_in) };
    (handle, events_out, front)
}

/// Makes a wire to somebody in between: the front end's sender and receiver, and what the one in between receives and
/// sends with.
pub fn link_to() -> (EngineHandle, Receiver<Request>, Outlet, Receiver<Event>) {
    let (requests_in, requests_out) = channel();
    let (events_in, events_out) = sync_channel(EVENTS_UNDER_WAY);
    let handle = EngineHandle { requests: requests_in, wake: |_| {} };
    (handle, requests_out, Outlet::Channel(events_in), events_out)
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
