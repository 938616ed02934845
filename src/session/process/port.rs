//! One end of the socket between two processes of a session: whole messages, each its length and its bytes.
use std::collections::VecDeque;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::raw;
use crate::session::link::Closed;

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// An end. The socket can be exchanged, as a forked process does first.
#[derive(Debug)]
pub struct Port {
    /// Shared by those who write, so that messages stay whole.
    out: Mutex<UnixStream>,
    inward: Mutex<Inward>,
}

#[derive(Debug)]
struct Inward {
    socket: UnixStream,
    bytes: Vec<u8>,
    fds: VecDeque<OwnedFd>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inward {
    /// The next message, if all of it is here.
    fn whole(&mut self) -> Option<Vec<u8>> {
        let head = self.bytes.first_chunk::<4>()?;
        let length = u32::from_le_bytes(*head) as usize;
        let message = self.bytes.get(4..4 + length)?.to_vec();
        self.bytes.drain(..4 + length);
        Some(message)
    }

    fn read(&mut self, wait: bool) -> io::Result<usize> {
        let mut buffer = vec![0; CHUNK];
        let (count, fd) = raw::receive(&self.socket, &mut buffer, wait)?;
        self.bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
        self.fds.extend(fd);
        Ok(count)
    }
}

impl Port {
    /// An end of this socket.
    ///
    /// # Errors
    /// The system grants no second descriptor.
    pub fn new(socket: UnixStream) -> io::Result<Port> {
        let other = socket.try_clone()?;
        Ok(Port {
            out: Mutex::new(socket),
            inward: Mutex::new(Inward { socket: other, bytes: Vec::new(), fds: VecDeque::new() }),
        })
    }

    /// Goes on with another socket; what came over the old one and was not read is dropped with it.
    ///
    /// # Errors
    /// As [`Port::new`].
    pub fn replace(&self, socket: UnixStream) -> io::Result<()> {
        let other = socket.try_clone()?;
        *lock(&self.out) = socket;
        *lock(&self.inward) = Inward { socket: other, bytes: Vec::new(), fds: VecDeque::new() };
        Ok(())
    }

    /// Sends a message; waits while the other end does not read.
    pub fn send(&self, message: &[u8]) -> Result<(), Closed> {
        lock(&self.out).write_all(&framed(message)).map_err(|_| Closed)
    }

    /// Sends a message with a descriptor.
    pub fn send_with(&self, message: &[u8], fd: &OwnedFd) -> Result<(), Closed> {
        let bytes = framed(message);
        let mut out = lock(&self.out);
        let sent = raw::send_with(&out, &bytes, fd).map_err(|_| Closed)?;
        out.write_all(bytes.get(sent..).unwrap_or_default()).map_err(|_| Closed)
    }

    /// Waits for the next message.
    pub fn next(&self) -> Result<Vec<u8>, Closed> {
        let mut inward = lock(&self.inward);
        loop {
            if let Some(message) = inward.whole() {
                return Ok(message);
            }
            match inward.read(true) {
                Ok(0) | Err(_) => return Err(Closed),
                Ok(_) => {}
            }
        }
    }

    /// The next message, if one is there.
    pub fn try_next(&self) -> Result<Option<Vec<u8>>, Closed> {
        let mut inward = lock(&self.inward);
        loop {
            if let Some(message) = inward.whole() {
                return Ok(Some(message));
            }
            match inward.read(false) {
                Ok(0) => return Err(Closed),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(_) => return Err(Closed),
            }
        }
    }

    /// The oldest descriptor that came with a message and was not taken.
    pub fn take_fd(&self) -> Option<OwnedFd> {
        lock(&self.inward).fds.pop_front()
    }
}

fn framed(message: &[u8]) -> Vec<u8> {
    // A message of more than 4 GiB is cut off by its length and refused at the other end.
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(message.len() + 4);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(message);
    bytes
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn messages_stay_whole() {
        let (a, b) = UnixStream::pair().unwrap();
        let (a, b) = (Port::new(a).unwrap(), Port::new(b).unwrap());
        assert_eq!(b.try_next(), Ok(None));
        a.send(b"one").unwrap();
        a.send(b"").unwrap();
        a.send(b"three").unwrap();
        assert_eq!(b.next(), Ok(b"one".to_vec()));
        assert_eq!(b.next(), Ok(Vec::new()));
        assert_eq!(b.try_next(), Ok(Some(b"three".to_vec())));
        drop(a);
        assert_eq!(b.next(), Err(Closed));
    }

    #[test]
    fn a_descriptor_travels() {
        let (a, b) = UnixStream::pair().unwrap();
        let (a, b) = (Port::new(a).unwrap(), Port::new(b).unwrap());
        let (mine, theirs) = UnixStream::pair().unwrap();
        a.send_with(b"here", &theirs.as_fd().try_clone_to_owned().unwrap()).unwrap();
        assert_eq!(b.next(), Ok(b"here".to_vec()));
        let received = Port::new(UnixStream::from(b.take_fd().unwrap())).unwrap();
        received.send(b"hello").unwrap();
        assert_eq!(Port::new(mine).unwrap().next(), Ok(b"hello".to_vec()));
    }
}
