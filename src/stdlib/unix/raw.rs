//! The system calls of the modules in this folder, safe to call from anywhere.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;

use crate::vm::outside;

/// Asks the outside world; -1 means "look at errno".
fn check(what: &'static str, call: impl FnOnce() -> i64) -> io::Result<i64> {
    outside::ask(what, || {
        let result = call();
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
    })
}

/// Asks with a call that reads and writes a buffer, whose contents are part of the answer.
fn exchange(what: &'static str, buffer: &mut [u8], call: impl FnOnce(&mut [u8]) -> i64) -> io::Result<i64> {
    if outside::is_open() {
        let result = call(buffer);
        return if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) };
    }
    let (result, bytes) = outside::ask(what, || {
        let result = call(buffer);
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok((result, buffer.to_vec())) }
    })?;
    buffer.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
    Ok(result)
}

/// Asks with a call that reads and writes a structure of plain numbers.
fn exchange_with<T: Copy>(
    what: &'static str,
    place: &mut [T],
    call: impl FnOnce(*mut T) -> i64,
) -> io::Result<i64> {
    let count = size_of_val(place);
    // SAFETY: the structures are plain numbers, zeroed or filled by the system before: all bytes are initialised, and
    // any bytes are a valid value.
    let bytes = unsafe { std::slice::from_raw_parts_mut(place.as_mut_ptr().cast::<u8>(), count) };
    exchange(what, bytes, |bytes| call(bytes.as_mut_ptr().cast()))
}

/// Runs a call that fills a structure of plain numbers.
fn filled<T: Copy>(what: &'static str, call: impl FnOnce(*mut T) -> i32) -> io::Result<T> {
    // SAFETY: zero is a value of every number.
    let mut place = [unsafe { MaybeUninit::<T>::zeroed().assume_init() }];
    exchange_with(what, &mut place, |place| call(place).into())?;
    Ok(place[0])
}

// ---- waiting for descriptors ----

/// `poll`; `timeout` in milliseconds, negative for none.
pub fn poll(fds: &mut [libc::pollfd], timeout: i32) -> io::Result<usize> {
    // SAFETY: the slice is writable for its length.
    let count = fds.len() as libc::nfds_t;
    exchange_with("poll", fds, |fds|
        // SAFETY: the slice is writable for its length.
        unsafe { libc::poll(fds, count, timeout) }.into())
    .map(|count| count as usize)
}

pub fn epoll_create() -> io::Result<i32> {
    // SAFETY: takes a number only.
    check("epoll_create", || unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }.into()).map(|fd| fd as i32)
}

pub fn epoll_control(epoll: i32, operation: i32, fd: i32, events: u32) -> io::Result<()> {
    let mut event = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: the event outlives the call.
    check("epoll_control", || unsafe { libc::epoll_ctl(epoll, operation, fd, &raw mut event) }.into())
        .map(drop)
}

/// `epoll_wait`: descriptor and events of each that is ready.
pub fn epoll_wait(epoll: i32, most: usize, timeout: i32) -> io::Result<Vec<(i32, u32)>> {
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most.max(1)];
    // SAFETY: the vector is writable for its length.
    let room = events.len() as i32;
    let count = exchange_with("epoll_wait", &mut events, |events| {
        // SAFETY: the vector is writable for its length.
        unsafe { libc::epoll_wait(epoll, events, room, timeout) }.into()
    })?;
    Ok(events[..count as usize].iter().map(|event| (event.u64 as i32, event.events)).collect())
}

// ---- descriptors ----

pub fn fcntl(fd: i32, command: i32, argument: i64) -> io::Result<i64> {
    // SAFETY: the commands that take a pointer are given through `fcntl_bytes`.
    check("fcntl", || unsafe { libc::fcntl(fd, command, argument) }.into())
}

pub fn fcntl_bytes(fd: i32, command: i32, buffer: &mut [u8; 1024]) -> io::Result<i64> {
    // SAFETY: every structure that a command reads or writes is smaller than the buffer.
    exchange("fcntl", buffer, |buffer| unsafe { libc::fcntl(fd, command, buffer.as_mut_ptr()) }.into())
}

pub fn ioctl(fd: i32, request: u64, argument: i64) -> io::Result<i64> {
    // SAFETY: requests that take a pointer are given through `ioctl_bytes`.
    check("ioctl", || unsafe { libc::ioctl(fd, request as _, argument) }.into())
}

pub fn ioctl_bytes(fd: i32, request: u64, buffer: &mut [u8; 1024]) -> io::Result<i64> {
    // SAFETY: every structure that a request reads or writes is smaller than the buffer.
    exchange("ioctl", buffer, |buffer| unsafe { libc::ioctl(fd, request as _, buffer.as_mut_ptr()) }.into())
}

pub fn flock(fd: i32, operation: i32) -> io::Result<()> {
    // SAFETY: takes numbers only.
    check("flock", || unsafe { libc::flock(fd, operation) }.into()).map(drop)
}

pub fn lockf(fd: i32, command: i32, lock: &mut libc::flock) -> io::Result<()> {
    // SAFETY: the structure outlives the call.
    exchange_with("lockf", std::slice::from_mut(lock), |lock| {
        // SAFETY: the structure outlives the call.
        unsafe { libc::fcntl(fd, command, lock) }.into()
    })
    .map(drop)
}

pub fn tcgetattr(fd: i32) -> io::Result<libc::termios> {
    // SAFETY: `filled` gives room for the structure.
    filled("tcgetattr", |place| unsafe { libc::tcgetattr(fd, place) })
}

pub fn tcsetattr(fd: i32, when: i32, mode: &libc::termios) -> io::Result<()> {
    // SAFETY: the structure outlives the call.
    check("tcsetattr", || unsafe { libc::tcsetattr(fd, when, mode) }.into()).map(drop)
}

pub fn speeds(mode: &libc::termios) -> (u32, u32) {
    // SAFETY: both only read the structure.
    unsafe { (libc::cfgetispeed(mode), libc::cfgetospeed(mode)) }
}

pub fn set_speeds(mode: &mut libc::termios, input: u32, output: u32) -> io::Result<()> {
    // SAFETY: both only write the structure.
    unsafe {
        check("set_speeds", || libc::cfsetispeed(mode, input).into())?;
        check("set_speeds", || libc::cfsetospeed(mode, output).into()).map(drop)
    }
}

// ---- limits and accounts ----

pub fn getrusage(who: i32) -> io::Result<libc::rusage> {
    // SAFETY: `filled` gives room for the structure.
    filled("getrusage", |place| unsafe { libc::getrusage(who, place) })
}

pub fn getrlimit(which: u32) -> io::Result<(u64, u64)> {
    // SAFETY: `filled` gives room for the structure.
    let limit: libc::rlimit = filled("getrlimit", |place| unsafe { libc::getrlimit(which as _, place) })?;
    Ok((limit.rlim_cur, limit.rlim_max))
}

pub fn setrlimit(which: u32, soft: u64, hard: u64) -> io::Result<()> {
    let limit = libc::rlimit { rlim_cur: soft, rlim_max: hard };
    // SAFETY: the structure outlives the call.
    check("setrlimit", || unsafe { libc::setrlimit(which as _, &raw const limit) }.into()).map(drop)
}

pub fn page_size() -> i64 {
    // SAFETY: takes a number only.
    unsafe { libc::sysconf(libc::_SC_PAGESIZE) }
}

// ---- processes ----

pub fn fork() -> io::Result<i32> {
    // SAFETY: the child has this thread only; whoever calls this keeps to what one thread needs.
    check("fork", || {
        let pid =
            // SAFETY: the child has this thread only; whoever calls this keeps to what one thread needs.
            unsafe { libc::fork() };
        if pid == 0 {
            // What the child learns and does is no part of the recorded run.
            outside::leave();
        }
        pid.into()
    })
    .map(|pid| pid as i32)
}

pub fn waitpid(pid: i32, options: i32) -> io::Result<(i32, i32)> {
    let mut status = [0];
    // SAFETY: the status outlives the call.
    let pid = exchange_with("waitpid", &mut status, |status| {
        // SAFETY: the status outlives the call.
        unsafe { libc::waitpid(pid, status, options) }.into()
    })?;
    Ok((pid as i32, status[0]))
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
}

pub fn exec(path: &CStr, args: &[CString], env: Option<&[CString]>) -> io::Error {
    let args = pointers(args);
    outside::ask("exec", || {
        // SAFETY: the arrays end with a null pointer and their strings outlive the call.
        unsafe {
            match env {
                Some(env) => libc::execve(path.as_ptr(), args.as_ptr(), pointers(env).as_ptr()),
                None => libc::execv(path.as_ptr(), args.as_ptr()),
            };
        }
        io::Error::last_os_error()
    })
}

pub fn system(command: &CStr) -> i32 {
    // SAFETY: the command is a NUL-terminated string.
    outside::ask("system", || unsafe { libc::system(command.as_ptr()) })
}

/// What a child is to be like, all prepared before the fork.
pub struct Spawn {
    pub executables: Vec<CString>,
    pub args: Vec<CString>,
    pub env: Option<Vec<CString>>,
    pub cwd: Option<CString>,
    pub close_fds: bool,
    pub keep: Vec<i32>,
    /// Ends of the pipes: `p2cread p2cwrite c2pread c2pwrite errread errwrite`.
    pub pipes: [i32; 6],
    pub error_read: i32,
    pub error_write: i32,
    pub restore_signals: bool,
    pub new_session: bool,
    pub process_group: i32,
    pub umask: i32,
    /// What the library wants to hear when the folder could not be entered.
    pub no_folder: &'static [u8],
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub groups: Option<Vec<u32>>,
}

/// Forks and runs a program in the child; the child tells why it could not through `error_write`.
pub fn fork_exec(spawn: &Spawn) -> io::Result<i32> {
    outside::ask("fork_exec", || fork_exec_now(spawn))
}

fn fork_exec_now(spawn: &Spawn) -> io::Result<i32> {
    let args = pointers(&spawn.args);
    let env = spawn.env.as_deref().map(pointers);
    let mut keep = spawn.keep.clone();
    keep.sort_unstable();
    // SAFETY: signal masks are plain sets of bits.
    let mut old: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: no signal shall run a handler in the child; the mask is put back on both sides.
    // Between fork and exec the child makes system calls only and allocates nothing.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, &raw mut old);
        let pid = libc::fork();
        if pid == 0 {
            run_child(spawn, &args, env.as_deref(), &keep, &old);
        }
        let result = if pid < 0 { Err(io::Error::last_os_error()) } else { Ok(pid) };
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const old, std::ptr::null_mut());
        result
    }
}

fn errno() -> i32 {
    // SAFETY: the address of errno is always valid.
    unsafe { *libc::__errno_location() }
}

/// The child's part of [`fork_exec`].
///
/// # Safety
/// To be called in a child right after the fork.
unsafe fn run_child(
    spawn: &Spawn,
    args: &[*const libc::c_char],
    env: Option<&[*const libc::c_char]>,
    keep: &[i32],
    mask: &libc::sigset_t,
) -> ! {
    // SAFETY: system calls on numbers and on strings and arrays that the parent prepared.
    unsafe {
        let error = prepare_child(spawn, keep, mask);
        let (kind, error) = match error {
            Some(error) => (&b"OSError:"[..], error),
            None => {
                let mut last = 0;
                for path in &spawn.executables {
                    match env {
                        Some(env) => libc::execve(path.as_ptr(), args.as_ptr(), env.as_ptr()),
                        None => libc::execv(path.as_ptr(), args.as_ptr()),
                    };
                    let error = errno();
                    if error != libc::ENOENT && error != libc::ENOTDIR && last == 0 {
                        last = error;
                    }
                }
                (&b"OSError:"[..], (if last == 0 { errno() } else { last }, Failure::Exec))
            }
        };
        let mut message = [0u8; 64];
        let mut length = kind.len();
        message[..length].copy_from_slice(kind);
        let mut digits = [0u8; 8];
        let (mut number, mut count) = (error.0 as u32, 0);
        while number > 0 || count == 0 {
            digits[count] = b"0123456789ABCDEF"[(number & 15) as usize];
            number >>= 4;
            count += 1;
        }
        for digit in digits[..count].iter().rev() {
            message[length] = *digit;
            length += 1;
        }
        message[length] = b':';
        length += 1;
        let reason: &[u8] = match error.1 {
            Failure::Exec => b"",
            Failure::Folder => spawn.no_folder,
            Failure::Other => b"noexec",
        };
        message[length..length + reason.len()].copy_from_slice(reason);
        length += reason.len();
        libc::write(spawn.error_write, message.as_ptr().cast(), length);
        libc::_exit(255);
    }
}

/// Where a child failed before the program ran.
#[derive(Clone, Copy)]
enum Failure {
    Exec,
    Folder,
    Other,
}

/// Sets up descriptors, folder, session and rights; the error and what failed.
///
/// # Safety
/// To be called in a child right after the fork.
unsafe fn prepare_child(spawn: &Spawn, keep: &[i32], mask: &libc::sigset_t) -> Option<(i32, Failure)> {
    // SAFETY: system calls on numbers and on strings that the parent prepared.
    unsafe {
        let [p2cread, p2cwrite, c2pread, mut c2pwrite, errread, mut errwrite] = spawn.pipes;
        for fd in [p2cwrite, c2pread, errread, spawn.error_read] {
            if fd != -1 {
                libc::close(fd);
            }
        }
        // Ends that lie where the standard streams shall be move out of the way.
        if c2pwrite == 0 {
            c2pwrite = libc::dup(c2pwrite);
        }
        while errwrite == 0 || errwrite == 1 {
            errwrite = libc::dup(errwrite);
        }
        for (fd, wanted) in [(p2cread, 0), (c2pwrite, 1), (errwrite, 2)] {
            if fd == wanted {
                let flags = libc::fcntl(fd, libc::F_GETFD);
                libc::fcntl(fd, libc::F_SETFD, flags & !libc::FD_CLOEXEC);
            } else if fd != -1 && libc::dup2(fd, wanted) < 0 {
                return Some((errno(), Failure::Other));
            }
        }
        for fd in keep {
            if *fd != spawn.error_write {
                let flags = libc::fcntl(*fd, libc::F_GETFD);
                if flags >= 0 {
                    libc::fcntl(*fd, libc::F_SETFD, flags & !libc::FD_CLOEXEC);
                }
            }
        }
        if let Some(cwd) = &spawn.cwd
            && libc::chdir(cwd.as_ptr()) < 0
        {
            return Some((errno(), Failure::Folder));
        }
        if spawn.umask >= 0 {
            libc::umask(spawn.umask as libc::mode_t);
        }
        if spawn.restore_signals {
            libc::signal(libc::SIGPIPE, libc::SIG_DFL);
            libc::signal(libc::SIGXFSZ, libc::SIG_DFL);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, mask, std::ptr::null_mut());
        if spawn.new_session {
            libc::setsid();
        }
        if spawn.process_group >= 0 && libc::setpgid(0, spawn.process_group) < 0 {
            return Some((errno(), Failure::Other));
        }
        if let Some(groups) = &spawn.groups
            && libc::setgroups(groups.len(), groups.as_ptr()) < 0
        {
            return Some((errno(), Failure::Other));
        }
        if let Some(gid) = spawn.gid
            && libc::setregid(gid, gid) < 0
        {
            return Some((errno(), Failure::Other));
        }
        if let Some(uid) = spawn.uid
            && libc::setreuid(uid, uid) < 0
        {
            return Some((errno(), Failure::Other));
        }
        if spawn.close_fds {
            close_others(keep);
        }
        None
    }
}

/// Closes every descriptor above the standard streams but those to keep (sorted).
///
/// # Safety
/// To be called in a child right before exec.
unsafe fn close_others(keep: &[i32]) {
    let close = |from: i32, to: i32| {
        if from <= to {
            // SAFETY: closing numbers that are no descriptors is an error, nothing worse.
            unsafe {
                if libc::syscall(libc::SYS_close_range, from as u32, to as u32, 0u32) != 0 {
                    for fd in from..=to.min(65535) {
                        libc::close(fd);
                    }
                }
            }
        }
    };
    let mut from = 3;
    for fd in keep {
        if *fd >= from {
            close(from, fd - 1);
            from = fd + 1;
        }
    }
    close(from, i32::MAX);
}

// ---- sockets ----

pub fn socket(family: i32, kind: i32, protocol: i32) -> io::Result<i32> {
    // SAFETY: takes numbers only.
    check("socket", || unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) }.into())
        .map(|fd| fd as i32)
}

pub fn socketpair(family: i32, kind: i32, protocol: i32) -> io::Result<[i32; 2]> {
    let mut ends = [0; 2];
    // SAFETY: the array has room for both.
    exchange_with("socketpair", &mut ends, |ends| {
        // SAFETY: the array has room for both.
        unsafe { libc::socketpair(family, kind | libc::SOCK_CLOEXEC, protocol, ends) }.into()
    })?;
    Ok(ends)
}

/// An address as the system has it: bytes of a `sockaddr`.
pub type Address = Vec<u8>;

pub fn bind(fd: i32, address: &Address) -> io::Result<()> {
    // SAFETY: the address is readable for its length.
    check("bind", || unsafe { libc::bind(fd, address.as_ptr().cast(), address.len() as u32) }.into())
        .map(drop)
}

pub fn connect(fd: i32, address: &Address) -> io::Result<()> {
    // SAFETY: the address is readable for its length.
    check("connect", || unsafe { libc::connect(fd, address.as_ptr().cast(), address.len() as u32) }.into())
        .map(drop)
}

pub fn listen(fd: i32, backlog: i32) -> io::Result<()> {
    // SAFETY: takes numbers only.
    check("listen", || unsafe { libc::listen(fd, backlog) }.into()).map(drop)
}

/// Runs a call that fills in an address.
fn with_address(call: impl FnOnce(*mut libc::sockaddr, *mut u32) -> i64) -> io::Result<(i64, Address)> {
    let mut room = vec![0u8; size_of::<libc::sockaddr_storage>()];
    let mut length = room.len() as u32;
    let address = outside::ask("address", || {
        let answer = call(room.as_mut_ptr().cast(), &raw mut length);
        if answer < 0 {
            return Err(io::Error::last_os_error());
        }
        room.truncate(length as usize);
        Ok((answer, std::mem::take(&mut room)))
    })?;
    Ok(address)
}

pub fn accept(fd: i32) -> io::Result<(i32, Address)> {
    // SAFETY: `with_address` gives room for any address and says how much.
    let accepted = with_address(|address, length| unsafe {
        libc::accept4(fd, address, length, libc::SOCK_CLOEXEC).into()
    });
    accepted.map(|(fd, address)| (fd as i32, address))
}

pub fn name_of(fd: i32, peer: bool) -> io::Result<Address> {
    // SAFETY: `with_address` gives room for any address and says how much.
    with_address(|address, length| unsafe {
        if peer {
            libc::getpeername(fd, address, length).into()
        } else {
            libc::getsockname(fd, address, length).into()
        }
    })
    .map(|(_, address)| address)
}

pub fn receive(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    // SAFETY: the buffer is writable for its length.
    exchange("recv", buffer, |buffer| {
        (
            // SAFETY: the buffer is writable for its length.
            unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) }
        ) as i64
    })
    .map(|count| count as usize)
}

pub fn receive_from(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<(usize, Address)> {
    // SAFETY: buffer and address are writable for their lengths.
    let mut address = Vec::new();
    let count = exchange("recvfrom", buffer, |buffer| {
        let received = with_address(|address, length|
            // SAFETY: buffer and address are writable for their lengths.
            unsafe {
            libc::recvfrom(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, address, length) as i64
        });
        match received {
            Ok((count, from)) => {
                address = from;
                count
            }
            Err(_) => -1,
        }
    })?;
    let address = outside::ask("sender", || address);
    Ok((count as usize, address))
}

pub fn send(fd: i32, bytes: &[u8], flags: i32, to: Option<&Address>) -> io::Result<usize> {
    let (address, length) = to.map_or((std::ptr::null(), 0), |to| (to.as_ptr(), to.len() as u32));
    // SAFETY: bytes and address are readable for their lengths.
    check("send", || unsafe {
        libc::sendto(
            fd,
            bytes.as_ptr().cast(),
            bytes.len(),
            flags | libc::MSG_NOSIGNAL,
            address.cast(),
            length,
        )
    } as i64)
    .map(|count| count as usize)
}

pub fn shutdown(fd: i32, how: i32) -> io::Result<()> {
    // SAFETY: takes numbers only.
    check("shutdown", || unsafe { libc::shutdown(fd, how) }.into()).map(drop)
}

pub fn set_option(fd: i32, level: i32, name: i32, value: &[u8]) -> io::Result<()> {
    // SAFETY: the value is readable for its length.
    check("set_option", || {
        // SAFETY: the value is readable for its length.
        unsafe { libc::setsockopt(fd, level, name, value.as_ptr().cast(), value.len() as u32) }.into()
    })
    .map(drop)
}

pub fn get_option(fd: i32, level: i32, name: i32, room: usize) -> io::Result<Vec<u8>> {
    let mut value = vec![0u8; room];
    let mut length = room as u32;
    // SAFETY: the value is writable for the length given.
    let length = exchange("getsockopt", &mut value, |value| {
        let answer =
            // SAFETY: the value is writable for the length given.
            unsafe { libc::getsockopt(fd, level, name, value.as_mut_ptr().cast(), &raw mut length) };
        if answer < 0 { -1 } else { length.into() }
    })?;
    value.truncate(length as usize);
    Ok(value)
}

pub fn set_blocking(fd: i32, blocking: bool) -> io::Result<()> {
    let flags = fcntl(fd, libc::F_GETFL, 0)?;
    let flags =
        if blocking { flags & !i64::from(libc::O_NONBLOCK) } else { flags | i64::from(libc::O_NONBLOCK) };
    fcntl(fd, libc::F_SETFL, flags).map(drop)
}

pub fn host_name() -> io::Result<Vec<u8>> {
    let mut room = vec![0u8; 256];
    // SAFETY: the buffer is writable for its length.
    exchange("gethostname", &mut room, |room| {
        // SAFETY: the buffer is writable for its length.
        unsafe { libc::gethostname(room.as_mut_ptr().cast(), room.len()) }.into()
    })?;
    let end = room.iter().position(|byte| *byte == 0).unwrap_or(room.len());
    room.truncate(end);
    Ok(room)
}
