//! The first fork: from here on the engine has a process of its own.
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Receiver;

use super::port::Port;
use super::raw::{self, Fork};
use super::supervisor;
use crate::session::engine::serve::{STACK, engine};
use crate::session::link::{EngineHandle, FrontLink, PortEnd};
use crate::session::protocol::Event;
use crate::vm::Options;

/// Starts an engine in a process of its own; gives the front end's half of its wire. To be called while this process has
/// one thread only.
///
/// # Errors
/// The system grants no process, socket or thread.
pub fn spawn(options: Options) -> io::Result<(EngineHandle, Receiver<Event>)> {
    let (mine, theirs) = UnixStream::pair()?;
    match raw::fork()? {
        Fork::Child => {
            drop(mine);
            raw::leave_the_terminal();
            let status = match Port::new(theirs) {
                Ok(port) => {
                    let link = FrontLink::process(PortEnd::new(port));
                    // The engine's process has this one thread, so that it can be forked; Python may need much stack.
                    stacker::grow(STACK, || engine(options, link));
                    0
                }
                Err(_) => 1,
            };
            raw::exit_now(status)
        }
        Fork::Parent { child } => {
            drop(theirs);
            supervisor::start(Port::new(mine)?, child)
        }
    }
}
