//! The program's standard streams, when the front end is a full screen.
use std::rc::Rc;

use super::desk::Desk;
use crate::session::link::Closed;
use crate::session::process::messages::Order;
use crate::session::protocol::{Event, Request, Stream};
use crate::vm::Ctx;
use crate::vm::console::{Console, Interrupted};

/// The front end as a terminal.
pub struct FrontConsole {
    pub desk: Rc<Desk>,
    pub cx: Ctx,
}

impl Console for FrontConsole {
    fn write(&self, fd: i32, bytes: &[u8]) {
        self.desk.outbox.write(if fd == 2 { Stream::Stderr } else { Stream::Stdout }, bytes);
    }

    fn read_line(&self) -> Result<Vec<u8>, Interrupted> {
        self.desk.push(self.cx);
        self.desk.outbox.flush(true);
        let recorder = self.desk.recorder();
        let stand = || {
            if let Some(recorder) = &recorder {
                recorder.stand(self.cx);
            }
            self.desk.send(Event::InputWanted);
        };
        if self.desk.stdin.borrow().is_empty() {
            stand();
        }
        loop {
            if let Some(text) = self.desk.stdin.borrow_mut().pop_front() {
                return Ok(text.into_bytes());
            }
            match self.desk.link.next() {
                Ok(Request::Stdin { text }) => self.desk.stdin.borrow_mut().push_back(text),
                Ok(Request::Interrupt) => return Err(Interrupted),
                Ok(Request::Quit) => {
                    self.desk.quit.set(true);
                    return Ok(Vec::new());
                }
                Ok(Request::Subscribe(subscription)) => {
                    *self.desk.subscription.borrow_mut() = Some(subscription);
                    self.desk.push(self.cx);
                }
                Ok(Request::Ask { ticket, query }) => {
                    let answer = super::answers::answer(self.cx, &self.desk, query);
                    self.desk.send(Event::Answer { ticket, answer });
                }
                Ok(Request::Back(back)) => match &recorder {
                    Some(recorder) => {
                        let mut depth = 0;
                        self.cx.each_frame(&mut |_| depth += 1);
                        recorder.wish(self.cx, back, depth, |subject| {
                            super::answers::address_of(self.cx, &self.desk, subject)
                        });
                    }
                    None => super::journey::refuse(&self.desk),
                },
                Ok(Request::Order(order)) => {
                    if let (Order::TakeOver { mode }, Some(recorder)) = (*order, &recorder) {
                        recorder.take_over_later(mode);
                    }
                    self.desk.begin_anew();
                    self.desk.push(self.cx);
                    stand();
                }
                Ok(_) => {}
                Err(Closed) => {
                    self.desk.quit.set(true);
                    return Ok(Vec::new());
                }
            }
        }
    }
}
