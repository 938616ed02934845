//! Line mode's end of the wire: sends requests, keeps events in order while an answer is awaited.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::session::link::{Closed, EngineHandle};
use crate::session::protocol::{Answer, Event, Query, Request, Ticket};

/// A session as line mode sees it. Events come out in the order in which the engine sent them; answers are
/// taken out and given to whoever asked.
#[derive(Debug)]
pub struct Client {
    handle: EngineHandle,
    events: Receiver<Event>,
    /// Events that came while an answer was awaited.
    waiting: VecDeque<Event>,
    next_ticket: Ticket,
}

/// Why a question got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The engine did not say anything in time; it is busy.
    Late,
    /// The session has ended.
    Closed,
}

impl From<Closed> for NoAnswer {
    fn from(_: Closed) -> NoAnswer {
        NoAnswer::Closed
    }
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NoAnswer::Late => "the engine is busy and did not answer; try again",
            NoAnswer::Closed => "the session has ended",
        })
    }
}

impl std::error::Error for NoAnswer {}

impl Client {
    /// Takes the front end's half of a wire.
    pub fn new(handle: EngineHandle, events: Receiver<Event>) -> Client {
        Client { handle, events, waiting: VecDeque::new(), next_ticket: 1 }
    }

    /// The sending half, for a signal handler's thread.
    pub fn handle(&self) -> EngineHandle {
        self.handle.clone()
    }

    /// Sends a request.
    pub fn send(&self, request: Request) -> Result<(), Closed> {
        self.handle.send(request)
    }

    /// The next event; waits for it.
    pub fn next_event(&mut self) -> Result<Event, Closed> {
        match self.waiting.pop_front() {
            Some(event) => Ok(event),
            None => self.events.recv().map_err(|_| Closed),
        }
    }

    /// Asks and waits at most `patience` for the answer.
    pub fn ask(&mut self, query: Query, patience: Duration) -> Result<Answer, NoAnswer> {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.handle.ask(ticket, query)?;
        let deadline = Instant::now() + patience;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Event::Answer { ticket: answered, answer }) if answered == ticket => return Ok(answer),
                // An answer that came too late for an earlier question interests nobody any more.
                Ok(Event::Answer { .. }) => {}
                Ok(event) => self.waiting.push_back(event),
                Err(RecvTimeoutError::Timeout) => return Err(NoAnswer::Late),
                Err(RecvTimeoutError::Disconnected) => return Err(NoAnswer::Closed),
            }
        }
    }
}

impl Client {
    /// Has questions answered from memory as it was so many lines ago; what the engine says to that.
    pub fn look_back(&mut self, back: u64, patience: Duration) -> Result<String, NoAnswer> {
        self.send(Request::Lines { back })?;
        let deadline = Instant::now() + patience;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Event::Notice { text }) => return Ok(text),
                Ok(event) => self.waiting.push_back(event),
                Err(RecvTimeoutError::Timeout) => return Err(NoAnswer::Late),
                Err(RecvTimeoutError::Disconnected) => return Err(NoAnswer::Closed),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::link::link;
    use crate::session::protocol::{Completion, Stream};

    #[test]
    fn events_keep_their_order_around_an_answer() {
        let (handle, events, front) = link(|_| {});
        let engine = std::thread::spawn(move || {
            let Ok(Request::Ask { ticket, .. }) = front.next() else { panic!("a question comes first") };
            let output = |text: &str| Event::Output { stream: Stream::Stdout, text: text.to_owned() };
            front.send(output("one")).unwrap();
            front
                .send(Event::Answer { ticket: ticket + 7, answer: Answer::Completion(Completion::default()) })
                .unwrap();
            front.send(Event::Answer { ticket, answer: Answer::Unknown { reason: "yes".into() } }).unwrap();
            front.send(output("two")).unwrap();
        });
        let mut client = Client::new(handle, events);
        let answer = client.ask(Query::Gc, Duration::from_secs(5)).unwrap();
        assert_eq!(answer, Answer::Unknown { reason: "yes".into() });
        for wanted in ["one", "two"] {
            let Ok(Event::Output { text, .. }) = client.next_event() else { panic!("output is kept") };
            assert_eq!(text, wanted);
        }
        engine.join().unwrap();
        assert_eq!(client.next_event(), Err(Closed));
    }
}
