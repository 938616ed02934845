//! Memory as it was some lines ago, in a session at a prompt.
//!
//! Before each input the process is forked; the fork sleeps and answers questions about the memory that it has kept. It
//! never runs Python. While one looks at the past, questions and the panel go to a fork; the next input comes back to
//! the present.
use std::collections::VecDeque;
use std::os::unix::net::UnixStream;

use super::answers;
use super::desk::Desk;
use crate::memory::look::stand_still;
use crate::session::process::port::Port;
use crate::session::process::raw::{self, Fork};
use crate::session::protocol::{Event, HeapView, Moment, Request};
use crate::vm::Ctx;
use crate::vm::wire::{from_bytes, to_bytes};

/// Inputs that one can go back over.
const MOST: usize = 40;

/// The forks, oldest first, and which one is looked at.
#[derive(Debug, Default)]
pub struct PastLines {
    kept: VecDeque<Kept>,
    /// Inputs so far.
    lines: u64,
    /// How many lines ago the fork was made that is looked at; 0 is the present.
    back: usize,
}

/// A fork that sleeps.
#[derive(Debug)]
struct Kept {
    pid: i32,
    port: Port,
}

impl Drop for Kept {
    fn drop(&mut self) {
        raw::kill(self.pid);
        raw::wait_for(self.pid);
    }
}

impl PastLines {
    /// Keeps memory as it is now, before an input runs. Where the system grants no process nothing is kept.
    pub fn keep(&mut self, cx: Ctx, desk: &Desk) {
        self.back = 0;
        self.lines += 1;
        let Ok((mine, theirs)) = UnixStream::pair() else { return };
        match raw::fork() {
            Ok(Fork::Child) => {
                drop(mine);
                raw::leave_the_terminal();
                let Ok(port) = Port::new(theirs) else { raw::exit_now(1) };
                sleep(cx, desk, &port)
            }
            Ok(Fork::Parent { child }) => {
                if let Ok(port) = Port::new(mine) {
                    self.kept.push_back(Kept { pid: child, port });
                }
                while self.kept.len() > MOST {
                    self.kept.pop_front();
                }
            }
            Err(_) => {}
        }
    }

    /// Whether the past is looked at.
    pub fn is_past(&self) -> bool {
        self.back > 0
    }

    /// Looks at memory as it was so many lines ago; 0 comes back. What to tell the front end.
    pub fn look(&mut self, cx: Ctx, desk: &Desk, back: u64) -> Vec<Event> {
        let back = usize::try_from(back).unwrap_or(usize::MAX);
        let was_past = self.is_past();
        let text = match back {
            0 if was_past => "this is the present".to_owned(),
            0 => return vec![Event::Notice { text: "this is the present".to_owned() }],
            _ if back > self.kept.len() => {
                let text = match self.kept.len() {
                    0 => "there are no lines to go back over".to_owned(),
                    most => format!("memory is kept for {most} lines"),
                };
                return vec![Event::Notice { text }];
            }
            1 => "memory as it was before the last line; ':back 0' or the next input returns".to_owned(),
            _ => format!("memory as it was {back} lines ago; ':back 0' or the next input returns"),
        };
        self.back = back;
        let moment = Event::Moment(Moment {
            at: self.lines.saturating_sub(back as u64),
            present: self.lines,
            checkpoints: self.kept.len() as u64,
            bytes: 0,
        });
        let mut events = vec![moment];
        if let Some(subscription) = desk.subscription.borrow().clone() {
            match &subscription.heap {
                Some(view) if back == 0 => events.extend(panel(cx, desk, view)),
                Some(_) => events.extend(self.ask(&Request::Subscribe(subscription))),
                None => {}
            }
        }
        events.push(Event::Notice { text });
        events
    }

    /// What the fork that is looked at says to a request.
    pub fn ask(&self, request: &Request) -> Vec<Event> {
        let Some(kept) = self.kept.len().checked_sub(self.back).and_then(|place| self.kept.get(place)) else {
            return Vec::new();
        };
        let mut events = Vec::new();
        if kept.port.send(&to_bytes(request)).is_ok() {
            while let Ok(message) = kept.port.next() {
                match from_bytes::<Event>(&message) {
                    Some(Event::Running) | None => break,
                    Some(event) => events.push(event),
                }
            }
        }
        events
    }
}

/// The life of a fork: answers until its socket closes. Each reply ends with [`Event::Running`], which says nothing here.
fn sleep(cx: Ctx, desk: &Desk, port: &Port) -> ! {
    let send = |event: &Event| {
        if port.send(&to_bytes(event)).is_err() {
            raw::exit_now(0);
        }
    };
    while let Ok(message) = port.next() {
        match from_bytes::<Request>(&message) {
            Some(Request::Ask { ticket, query }) => {
                let answer = answers::answer(cx, desk, query);
                send(&Event::Answer { ticket, answer });
            }
            Some(Request::Subscribe(subscription)) => {
                if let Some(view) = subscription.heap {
                    panel(cx, desk, &view).iter().for_each(send);
                }
            }
            _ => {}
        }
        send(&Event::Running);
    }
    raw::exit_now(0)
}

/// The memory panel, complete.
fn panel(cx: Ctx, desk: &Desk, view: &HeapView) -> Vec<Event> {
    let update = stand_still(|still| {
        let mut window = desk.window.borrow_mut();
        window.forget_sent();
        window.update(cx, still, view, &mut desk.numbers.borrow_mut(), &mut desk.origin.borrow_mut()).0
    });
    let gc = std::sync::Arc::new(answers::gc_state(cx, desk, false));
    vec![Event::Heap(update), Event::Gc(gc)]
}
