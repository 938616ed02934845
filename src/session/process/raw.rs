//! What the operating system gives and Rust's library does not: forks, descriptors sent over a socket, a timer, a
//! file without a name. Everything unsafe of the process boundary is here.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

use crate::vm::state::{raise_signal, signal};

/// Which side of a fork this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    Child,
    Parent { child: i32 },
}

/// Splits this process in two. Only the calling thread exists in the child.
///
/// # Errors
/// The system grants no process.
pub fn fork() -> io::Result<Fork> {
    // SAFETY: callers fork from the process's only thread, or before there is an interpreter; the C library readies
    // its allocator on both sides.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Fork::Child),
        child => Ok(Fork::Parent { child }),
    }
}

/// Ends this process at once: no destructor, no exit function, no buffer written.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: the call does not return.
    unsafe { libc::_exit(status) }
}

/// Ends another process of this session.
pub fn kill(pid: i32) {
    // SAFETY: the call only names a process; it was made by this session and has not been waited for by others.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}

/// Children of this process vanish when they end.
pub fn forget_children() {
    // SAFETY: no handler is installed, the signal is ignored.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
}

/// Keys of the terminal are the front end's: they end no process of the engine. A front end that dies closes its
/// sockets, which does.
pub fn leave_the_terminal() {
    // SAFETY: no handler is installed, the signals are ignored.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::signal(libc::SIGQUIT, libc::SIG_IGN);
        libc::signal(libc::SIGTSTP, libc::SIG_IGN);
        libc::signal(libc::SIGWINCH, libc::SIG_IGN);
    }
}

extern "C" fn look_up(_: i32) {
    raise_signal(signal::REQUEST);
}

/// Asks the engine to look up every so many milliseconds, or no more with 0. Forked processes begin without.
pub fn set_timer(milliseconds: u32) {
    let micros = i64::from(milliseconds) * 1000;
    let interval = libc::timeval { tv_sec: micros / 1_000_000, tv_usec: micros % 1_000_000 };
    let timer = libc::itimerval { it_interval: interval, it_value: interval };
    // SAFETY: the handler does one atomic operation; interrupted calls are taken up again (`SA_RESTART`); the structs
    // are whole.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = look_up as extern "C" fn(i32) as libc::sighandler_t;
        action.sa_flags = libc::SA_RESTART;
        libc::sigaction(libc::SIGALRM, &raw const action, std::ptr::null_mut());
        libc::setitimer(libc::ITIMER_REAL, &raw const timer, std::ptr::null_mut());
    }
}

/// A file that has no name and goes with the last process that has it open.
///
/// # Errors
/// The system grants none.
pub fn nameless_file() -> io::Result<File> {
    // SAFETY: the name is a terminated string; the descriptor is new and owned by nobody else.
    unsafe {
        let fd = libc::memfd_create(c"ouro answers".as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(File::from_raw_fd(fd))
    }
}

/// Processor time that this process has used, in microseconds.
pub fn processor_time() -> u64 {
    // SAFETY: the kernel fills the struct.
    let time = unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time);
        time
    };
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0) / 1000
}

/// Room for the control message that carries one descriptor.
#[repr(C, align(8))]
struct Control([u8; 64]);

/// Sends bytes together with a descriptor; the rest of the bytes when not all went.
///
/// # Errors
/// The socket is closed.
pub fn send_with(socket: &UnixStream, bytes: &[u8], fd: &OwnedFd) -> io::Result<usize> {
    let mut control = Control([0; 64]);
    let raw = fd.as_raw_fd();
    let mut part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: the message points to buffers that outlive the call; the control buffer has room for one descriptor,
    // which is open.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = libc::CMSG_SPACE(4) as _;
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SCM_RIGHTS;
        (*header).cmsg_len = libc::CMSG_LEN(4) as _;
        libc::CMSG_DATA(header).cast::<i32>().write_unaligned(raw);
        loop {
            let sent = libc::sendmsg(socket.as_raw_fd(), &raw const message, libc::MSG_NOSIGNAL);
            if sent >= 0 {
                return Ok(sent as usize);
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }
}

/// Receives bytes, and a descriptor if one came with them. 0 bytes: the other end is closed.
///
/// # Errors
/// `WouldBlock` when nothing is there and `wait` is false; others when the socket is unusable.
pub fn receive(socket: &UnixStream, buffer: &mut [u8], wait: bool) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut control = Control([0; 64]);
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: the message points to buffers that outlive the call; a descriptor that comes is new and ours.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = size_of::<Control>() as _;
        let flags = libc::MSG_CMSG_CLOEXEC | if wait { 0 } else { libc::MSG_DONTWAIT };
        let count = loop {
            let count = libc::recvmsg(socket.as_raw_fd(), &raw mut message, flags);
            if count >= 0 {
                break count as usize;
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        };
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        let fd = match header.as_ref() {
            Some(found) if found.cmsg_level == libc::SOL_SOCKET && found.cmsg_type == libc::SCM_RIGHTS => {
                Some(OwnedFd::from_raw_fd(libc::CMSG_DATA(header).cast::<i32>().read_unaligned()))
            }
            _ => None,
        };
        Ok((count, fd))
    }
}

/// Pages that were made or copied for this process so far.
pub fn pages_copied() -> u64 {
    // SAFETY: the kernel fills the struct.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
        usage
    };
    u64::try_from(usage.ru_minflt).unwrap_or(0)
}

/// Waits for a child that has closed its socket; its exit status, if it ended by itself.
pub fn wait_for(pid: i32) -> Option<i32> {
    let mut status = 0;
    // SAFETY: the kernel writes the status.
    let waited = unsafe { libc::waitpid(pid, &raw mut status, 0) };
    (waited == pid && libc::WIFEXITED(status)).then(|| libc::WEXITSTATUS(status))
}
