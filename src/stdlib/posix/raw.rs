//! System calls on descriptors and paths, safe to call from anywhere: the one place of `stdlib`
//! that speaks to libc. Descriptors 0 to 2 go to the front end where one owns them.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

use crate::vm::console;

/// An error number as an `io::Error`: -1 means "look at errno".
fn check(result: i64) -> io::Result<i64> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

pub fn open(path: &CStr, flags: i32, mode: u32) -> io::Result<i32> {
    // SAFETY: the path is a NUL-terminated string that outlives the call.
    check(i64::from(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) })).map(|fd| fd as i32)
}

/// Reads at most `buffer.len()` bytes; an interrupted read of the front end is `Interrupted`.
pub fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    if let Some(answer) = console::read(fd, buffer) {
        return answer.map_err(|_| io::Error::from_raw_os_error(libc::EINTR));
    }
    // SAFETY: the buffer is writable for its length.
    check(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) } as i64).map(|n| n as usize)
}

pub fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    if let Some(count) = console::write(fd, bytes) {
        return Ok(count);
    }
    // SAFETY: the bytes are readable for their length.
    check(unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) } as i64).map(|n| n as usize)
}

pub fn close(fd: i32) -> io::Result<()> {
    if console::owns(fd) {
        return Ok(());
    }
    // SAFETY: closing a number that is no descriptor is an error, nothing worse.
    check(i64::from(unsafe { libc::close(fd) })).map(drop)
}

pub fn lseek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    if console::owns(fd) {
        return Err(io::Error::from_raw_os_error(libc::ESPIPE));
    }
    // SAFETY: takes numbers only.
    check(unsafe { libc::lseek(fd, offset, whence) })
}

pub fn ftruncate(fd: i32, size: i64) -> io::Result<()> {
    // SAFETY: takes numbers only.
    check(i64::from(unsafe { libc::ftruncate(fd, size) })).map(drop)
}

pub fn truncate(path: &CStr, size: i64) -> io::Result<()> {
    // SAFETY: the path is a NUL-terminated string.
    check(i64::from(unsafe { libc::truncate(path.as_ptr(), size) })).map(drop)
}

pub fn isatty(fd: i32) -> bool {
    // SAFETY: takes a number only.
    console::owns(fd) || unsafe { libc::isatty(fd) } == 1
}

/// Runs a call that fills a structure.
fn filled<T>(call: impl FnOnce(*mut T) -> i32) -> io::Result<T> {
    let mut place = MaybeUninit::<T>::zeroed();
    check(i64::from(call(place.as_mut_ptr())))?;
    // SAFETY: the call succeeded, so the structure is filled; it is plain numbers, zeroed before.
    Ok(unsafe { place.assume_init() })
}

pub fn fstat(fd: i32) -> io::Result<libc::stat> {
    // SAFETY: `filled` gives room for the structure.
    filled(|place| unsafe { libc::fstat(fd, place) })
}

/// `stat`, or `lstat` when links are not to be followed.
pub fn stat(path: &CStr, follow: bool) -> io::Result<libc::stat> {
    // SAFETY: the path is NUL-terminated and `filled` gives room for the structure.
    filled(|place| unsafe {
        if follow { libc::stat(path.as_ptr(), place) } else { libc::lstat(path.as_ptr(), place) }
    })
}

/// `stat` relative to a folder's descriptor.
pub fn stat_at(folder: i32, path: &CStr, follow: bool) -> io::Result<libc::stat> {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: as above.
    filled(|place| unsafe { libc::fstatat(folder, path.as_ptr(), place, flags) })
}

macro_rules! path_calls {
    ($($name:ident($($arg:ident: $ty:ty),*) = $call:ident;)*) => {$(
        #[doc = concat!("`", stringify!($call), "(path, ...)`.")]
        pub fn $name(path: &CStr $(, $arg: $ty)*) -> io::Result<()> {
            // SAFETY: the path is a NUL-terminated string; the rest are numbers.
            check(i64::from(unsafe { libc::$call(path.as_ptr() $(, $arg)*) })).map(drop)
        }
    )*};
}

path_calls! {
    mkdir(mode: u32) = mkdir;
    rmdir() = rmdir;
    unlink() = unlink;
    chdir() = chdir;
    chmod(mode: u32) = chmod;
    access(mode: i32) = access;
    chown(uid: u32, gid: u32) = chown;
    lchown(uid: u32, gid: u32) = lchown;
    mkfifo(mode: u32) = mkfifo;
    chroot() = chroot;
}

macro_rules! two_paths {
    ($($name:ident = $call:ident;)*) => {$(
        #[doc = concat!("`", stringify!($call), "(a, b)`.")]
        pub fn $name(a: &CStr, b: &CStr) -> io::Result<()> {
            // SAFETY: both are NUL-terminated strings.
            check(i64::from(unsafe { libc::$call(a.as_ptr(), b.as_ptr()) })).map(drop)
        }
    )*};
}

two_paths! {
    rename = rename;
    link = link;
    symlink = symlink;
}

macro_rules! number_calls {
    ($($name:ident($($arg:ident: $ty:ty),*) = $call:ident;)*) => {$(
        #[doc = concat!("`", stringify!($call), "`.")]
        pub fn $name($($arg: $ty),*) -> io::Result<i64> {
            // SAFETY: takes numbers only.
            check(i64::from(unsafe { libc::$call($($arg),*) }))
        }
    )*};
}

number_calls! {
    fchmod(fd: i32, mode: u32) = fchmod;
    fchown(fd: i32, uid: u32, gid: u32) = fchown;
    fchdir(fd: i32) = fchdir;
    fsync(fd: i32) = fsync;
    fdatasync(fd: i32) = fdatasync;
    dup(fd: i32) = dup;
    kill(pid: i32, signal: i32) = kill;
    killpg(group: i32, signal: i32) = killpg;
    getpgid(pid: i32) = getpgid;
    getsid(pid: i32) = getsid;
    nice(step: i32) = nice;
}

macro_rules! plain_numbers {
    ($($name:ident = $call:ident;)*) => {$(
        #[doc = concat!("`", stringify!($call), "()`, which cannot fail.")]
        pub fn $name() -> i64 {
            // SAFETY: takes nothing and cannot fail.
            i64::from(unsafe { libc::$call() })
        }
    )*};
}

plain_numbers! {
    getpid = getpid;
    getppid = getppid;
    getuid = getuid;
    geteuid = geteuid;
    getgid = getgid;
    getegid = getegid;
    getpgrp = getpgrp;
}

pub fn umask(mask: u32) -> u32 {
    // SAFETY: takes a number and cannot fail.
    unsafe { libc::umask(mask) }
}

pub fn dup2(from: i32, to: i32, inheritable: bool) -> io::Result<i32> {
    let flags = if inheritable { 0 } else { libc::O_CLOEXEC };
    // SAFETY: takes numbers only; `dup3` refuses equal ones, which `dup2` leaves alone.
    let made = unsafe { if from == to { libc::dup2(from, to) } else { libc::dup3(from, to, flags) } };
    check(i64::from(made)).map(|fd| fd as i32)
}

pub fn pipe(flags: i32) -> io::Result<[i32; 2]> {
    let mut ends = [0; 2];
    // SAFETY: there is room for two descriptors.
    check(i64::from(unsafe { libc::pipe2(ends.as_mut_ptr(), flags) }))?;
    Ok(ends)
}

/// Whether a new program started from here gets the descriptor.
pub fn get_inheritable(fd: i32) -> io::Result<bool> {
    // SAFETY: takes numbers only.
    let flags = check(i64::from(unsafe { libc::fcntl(fd, libc::F_GETFD) }))?;
    Ok(flags & i64::from(libc::FD_CLOEXEC) == 0)
}

pub fn set_inheritable(fd: i32, inheritable: bool) -> io::Result<()> {
    // SAFETY: takes numbers only.
    let flags = check(i64::from(unsafe { libc::fcntl(fd, libc::F_GETFD) }))? as i32;
    let flags = if inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    // SAFETY: as above.
    check(i64::from(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) })).map(drop)
}

/// Sets access and modification times, each as seconds and nanoseconds.
pub fn utime(path: &CStr, times: [(i64, i64); 2], follow: bool) -> io::Result<()> {
    let specs = times.map(|(sec, nsec)| libc::timespec { tv_sec: sec, tv_nsec: nsec });
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path is NUL-terminated and there are two times.
    check(i64::from(unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), specs.as_ptr(), flags) }))
        .map(drop)
}

pub fn futime(fd: i32, times: [(i64, i64); 2]) -> io::Result<()> {
    let specs = times.map(|(sec, nsec)| libc::timespec { tv_sec: sec, tv_nsec: nsec });
    // SAFETY: there are two times.
    check(i64::from(unsafe { libc::futimens(fd, specs.as_ptr()) })).map(drop)
}

/// Columns and lines of the terminal at `fd`.
pub fn terminal_size(fd: i32) -> io::Result<(u16, u16)> {
    // SAFETY: `filled` gives room for the structure that this request fills.
    let size: libc::winsize = filled(|place| unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, place) })?;
    Ok((size.ws_col, size.ws_row))
}

/// Ends the process at once.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: nothing runs afterwards.
    unsafe { libc::_exit(status) }
}

/// Random bytes from the system.
pub fn random(buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut buffer[filled..];
        // SAFETY: the rest is writable for its length.
        filled += check(unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) } as i64)? as usize;
    }
    Ok(())
}

/// The name of the locale that the environment asks for, "C" when the system does not have it.
pub fn locale_name() -> String {
    // SAFETY: called at start-up on the engine's thread; the answer is copied at once.
    unsafe {
        let name = libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
        if name.is_null() { "C".to_string() } else { CStr::from_ptr(name).to_string_lossy().into_owned() }
    }
}
