//! What the program wrote, on its way to the front end: gathered for a moment, sent in order, also while the
//! engine is inside something long.
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::session::link::Outlet;
use crate::session::protocol::{Event, Stream};

/// Bytes that may wait; more are sent at once.
const MAX_WAITING: usize = 16 * 1024;

/// Output under way. The engine and the ticker hold it; whoever sends holds the lock, so that order is kept.
#[derive(Debug)]
pub struct Outbox {
    waiting: Mutex<Vec<(Stream, Vec<u8>)>>,
    events: Outlet,
}

impl Outbox {
    /// An outbox that sends here.
    pub fn new(events: Outlet) -> Outbox {
        Outbox { waiting: Mutex::default(), events }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Stream, Vec<u8>)>> {
        // A panic while the lock was held left whole items behind.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was written. Waits while the front end cannot keep up.
    pub fn write(&self, stream: Stream, bytes: &[u8]) {
        let mut waiting = self.lock();
        match waiting.last_mut() {
            Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
            _ => waiting.push((stream, bytes.to_vec())),
        }
        if waiting.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() >= MAX_WAITING {
            self.send(waiting, false);
        }
    }

    /// Sends what waits. A character that is not complete yet stays, unless this is the `end`.
    pub fn flush(&self, end: bool) {
        self.send(self.lock(), end);
    }

    fn send(&self, mut waiting: MutexGuard<'_, Vec<(Stream, Vec<u8>)>>, end: bool) {
        let items = std::mem::take(&mut *waiting);
        let count = items.len();
        for (i, (stream, bytes)) in items.into_iter().enumerate() {
            let keep = if end || i + 1 < count { 0 } else { incomplete_tail(&bytes) };
            let (whole, rest) = bytes.split_at(bytes.len() - keep);
            if !whole.is_empty() {
                let text = String::from_utf8_lossy(whole).into_owned();
                // A front end that is gone reads nothing; the engine learns it elsewhere.
                let _ = self.events.send(Event::Output { stream, text });
            }
            if !rest.is_empty() {
                waiting.push((stream, rest.to_vec()));
            }
        }
    }
}

/// Bytes at the end that begin a UTF-8 character and do not finish it.
fn incomplete_tail(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let Some(byte) = bytes.get(bytes.len() - back) else { break };
        let needed = match byte {
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf7 => 4,
            0x80..=0xbf => continue,
            _ => return 0,
        };
        return if needed > back { back } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_in_two_waits() {
        assert_eq!(incomplete_tail(b"abc"), 0);
        assert_eq!(incomplete_tail("é".as_bytes()), 0);
        assert_eq!(incomplete_tail(&"é".as_bytes()[..1]), 1);
        assert_eq!(incomplete_tail(&"漢".as_bytes()[..2]), 2);
        assert_eq!(incomplete_tail(&[0x80, 0x80, 0x80, 0x80]), 0);
        assert_eq!(incomplete_tail(b""), 0);
    }

    #[test]
    fn streams_keep_their_order() {
        let (events_in, events) = std::sync::mpsc::sync_channel(8);
        let outbox = Outbox::new(Outlet::Channel(events_in));
        outbox.write(Stream::Stdout, b"a");
        outbox.write(Stream::Stdout, b"b\xc3");
        outbox.flush(false);
        outbox.write(Stream::Stdout, b"\xa9");
        outbox.write(Stream::Stderr, b"e");
        outbox.flush(true);
        drop(outbox);
        let texts: Vec<_> = events
            .iter()
            .map(|event| match event {
                Event::Output { stream, text } => (stream, text),
                other => panic!("{other:?}"),
            })
            .collect();
        let out = |text: &str| (Stream::Stdout, text.to_owned());
        assert_eq!(texts, [out("ab"), out("é"), (Stream::Stderr, "e".to_owned())]);
    }
}
