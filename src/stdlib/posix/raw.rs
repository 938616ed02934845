//! System calls on descriptors and paths, safe to call from anywhere: the one place of `stdlib`
//! that speaks to libc. Descriptors 0 to 2 go to the front end where one owns them.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

use crate::vm::wire::wire_struct;
use crate::vm::{console, outside};

/// Asks the outside world; -1 means "look at errno".
fn check(what: &'static str, call: impl FnOnce() -> i64) -> io::Result<i64> {
    outside::ask(what, || {
        let result = call();
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
    })
}

pub fn open(path: &CStr, flags: i32, mode: u32) -> io::Result<i32> {
    // SAFETY: the path is a NUL-terminated string that outlives the call.
    check("open", || i64::from(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) }))
        .map(|fd| fd as i32)
}

/// Reads at most `buffer.len()` bytes; an interrupted read of the front end is `Interrupted`.
pub fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    if let Some(answer) = console::read(fd, buffer) {
        return answer.map_err(|_| io::Error::from_raw_os_error(libc::EINTR));
    }
    if outside::is_open() {
        // SAFETY: the buffer is writable for its length.
        let count = unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) };
        return if count < 0 { Err(io::Error::last_os_error()) } else { Ok(count as usize) };
    }
    let wanted = buffer.len();
    let bytes = outside::ask("read", || {
        let mut bytes = vec![0u8; wanted];
        // SAFETY: the buffer is writable for its length.
        let count = unsafe { libc::read(fd, bytes.as_mut_ptr().cast(), bytes.len()) };
        if count < 0 {
            return Err(io::Error::last_os_error());
        }
        bytes.truncate(count as usize);
        Ok(bytes)
    })?;
    buffer.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
    Ok(bytes.len())
}

pub fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    if let Some(count) = console::write(fd, bytes) {
        return Ok(count);
    }
    // SAFETY: the bytes are readable for their length.
    check("write", || unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) } as i64)
        .map(|n| n as usize)
}

pub fn close(fd: i32) -> io::Result<()> {
    if console::owns(fd) {
        return Ok(());
    }
    // SAFETY: closing a number that is no descriptor is an error, nothing worse.
    check("close", || i64::from(unsafe { libc::close(fd) })).map(drop)
}

pub fn lseek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    if console::owns(fd) {
        return Err(io::Error::from_raw_os_error(libc::ESPIPE));
    }
    // SAFETY: takes numbers only.
    check("lseek", || unsafe { libc::lseek(fd, offset, whence) })
}

pub fn ftruncate(fd: i32, size: i64) -> io::Result<()> {
    // SAFETY: takes numbers only.
    check("ftruncate", || i64::from(unsafe { libc::ftruncate(fd, size) })).map(drop)
}

pub fn truncate(path: &CStr, size: i64) -> io::Result<()> {
    // SAFETY: the path is a NUL-terminated string.
    check("truncate", || i64::from(unsafe { libc::truncate(path.as_ptr(), size) })).map(drop)
}

pub fn isatty(fd: i32) -> bool {
    // SAFETY: takes a number only.
    console::owns(fd) || outside::ask("isatty", || unsafe { libc::isatty(fd) } == 1)
}

/// Runs a call that fills a structure.
fn filled<T>(what: &'static str, call: impl FnOnce(*mut T) -> i32) -> io::Result<T> {
    let bytes = outside::ask(what, || {
        let mut place = MaybeUninit::<T>::zeroed();
        if call(place.as_mut_ptr()) < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the structure was zeroed and filled: each of its bytes is initialised.
        Ok(unsafe { std::slice::from_raw_parts(place.as_ptr().cast::<u8>(), size_of::<T>()) }.to_vec())
    })?;
    let mut place = MaybeUninit::<T>::zeroed();
    let count = bytes.len().min(size_of::<T>());
    // SAFETY: there is room for the bytes; the structure is plain numbers, valid whatever they are.
    unsafe {
        place.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), count);
        Ok(place.assume_init())
    }
}

pub fn fstat(fd: i32) -> io::Result<libc::stat> {
    // SAFETY: `filled` gives room for the structure.
    filled("fstat", |place| unsafe { libc::fstat(fd, place) })
}

/// `stat`, or `lstat` when links are not to be followed.
pub fn stat(path: &CStr, follow: bool) -> io::Result<libc::stat> {
    // SAFETY: the path is NUL-terminated and `filled` gives room for the structure.
    filled("stat", |place| unsafe {
        if follow { libc::stat(path.as_ptr(), place) } else { libc::lstat(path.as_ptr(), place) }
    })
}

/// `stat` relative to a folder's descriptor.
pub fn stat_at(folder: i32, path: &CStr, follow: bool) -> io::Result<libc::stat> {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: as above.
    filled("stat_at", |place| unsafe { libc::fstatat(folder, path.as_ptr(), place, flags) })
}

macro_rules! path_calls {
    ($($name:ident($($arg:ident: $ty:ty),*) = $call:ident;)*) => {$(
        #[doc = concat!("`", stringify!($call), "(path, ...)`.")]
        pub fn $name(path: &CStr $(, $arg: $ty)*) -> io::Result<()> {
            // SAFETY: the path is a NUL-terminated string; the rest are numbers.
            check(stringify!($call), || i64::from(unsafe { libc::$call(path.as_ptr() $(, $arg)*) })).map(drop)
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
            check(stringify!($call), || i64::from(unsafe { libc::$call(a.as_ptr(), b.as_ptr()) })).map(drop)
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
            check(stringify!($call), || i64::from(unsafe { libc::$call($($arg),*) }))
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
            outside::ask(stringify!($call), || i64::from(unsafe { libc::$call() }))
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
    outside::ask("umask", || unsafe { libc::umask(mask) })
}

pub fn dup2(from: i32, to: i32, inheritable: bool) -> io::Result<i32> {
    let flags = if inheritable { 0 } else { libc::O_CLOEXEC };
    // SAFETY: takes numbers only; `dup3` refuses equal ones, which `dup2` leaves alone.
    let call = || unsafe { if from == to { libc::dup2(from, to) } else { libc::dup3(from, to, flags) } };
    check("dup2", || i64::from(call())).map(|fd| fd as i32)
}

pub fn pipe(flags: i32) -> io::Result<[i32; 2]> {
    // SAFETY: `filled` gives room for two descriptors.
    filled("pipe", |place: *mut [i32; 2]| unsafe { libc::pipe2(place.cast(), flags) })
}

/// Whether a new program started from here gets the descriptor.
pub fn get_inheritable(fd: i32) -> io::Result<bool> {
    // SAFETY: takes numbers only.
    let flags = check("get_inheritable", || i64::from(unsafe { libc::fcntl(fd, libc::F_GETFD) }))?;
    Ok(flags & i64::from(libc::FD_CLOEXEC) == 0)
}

pub fn set_inheritable(fd: i32, inheritable: bool) -> io::Result<()> {
    // SAFETY: takes numbers only.
    let flags = check("set_inheritable", || i64::from(unsafe { libc::fcntl(fd, libc::F_GETFD) }))? as i32;
    let flags = if inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    // SAFETY: as above.
    check("set_inheritable", || i64::from(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) })).map(drop)
}

/// Sets access and modification times, each as seconds and nanoseconds.
pub fn utime(path: &CStr, times: [(i64, i64); 2], follow: bool) -> io::Result<()> {
    let specs = times.map(|(sec, nsec)| libc::timespec { tv_sec: sec, tv_nsec: nsec });
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    check("utime", || {
        // SAFETY: the path is NUL-terminated and there are two times.
        let done = unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), specs.as_ptr(), flags) };
        i64::from(done)
    })
    .map(drop)
}

pub fn futime(fd: i32, times: [(i64, i64); 2]) -> io::Result<()> {
    let specs = times.map(|(sec, nsec)| libc::timespec { tv_sec: sec, tv_nsec: nsec });
    // SAFETY: there are two times.
    check("futime", || i64::from(unsafe { libc::futimens(fd, specs.as_ptr()) })).map(drop)
}

/// Columns and lines of the terminal at `fd`.
pub fn terminal_size(fd: i32) -> io::Result<(u16, u16)> {
    // SAFETY: `filled` gives room for the structure that this request fills.
    let size: libc::winsize =
        filled("terminal_size", |place| unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, place) })?;
    Ok((size.ws_col, size.ws_row))
}

/// Ends the process at once.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: nothing runs afterwards.
    unsafe { libc::_exit(status) }
}

/// Random bytes from the system.
pub fn random(buffer: &mut [u8]) -> io::Result<()> {
    let wanted = buffer.len();
    let bytes = outside::ask("random", || {
        let mut bytes = vec![0u8; wanted];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            // SAFETY: the rest is writable for its length.
            let count = unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) };
            if count < 0 {
                return Err(io::Error::last_os_error());
            }
            filled += count as usize;
        }
        Ok(bytes)
    })?;
    buffer.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
    Ok(())
}

/// What a folder holds, without `.` and `..`.
#[derive(Clone, Debug)]
pub struct FolderEntry {
    pub name: Vec<u8>,
    pub inode: u64,
    /// One of `libc::S_IF*`, where the folder knows it.
    pub kind: Option<u32>,
}

wire_struct!(FolderEntry { name, inode, kind });

/// The kind of a file as one of `libc::S_IF*`.
fn kind_of(kind: std::fs::FileType) -> u32 {
    match () {
        () if kind.is_dir() => libc::S_IFDIR,
        () if kind.is_symlink() => libc::S_IFLNK,
        () if kind.is_file() => libc::S_IFREG,
        () => 0,
    }
}

/// Reads a folder by path, in the order in which the system gives its entries.
pub fn read_folder(path: &std::path::Path) -> io::Result<Vec<FolderEntry>> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::DirEntryExt;
    outside::ask("readdir", || {
        std::fs::read_dir(path)?
            .map(|entry| {
                entry.map(|entry| FolderEntry {
                    name: entry.file_name().as_bytes().to_vec(),
                    inode: entry.ino(),
                    kind: entry.file_type().ok().map(kind_of),
                })
            })
            .collect()
    })
}

/// The name of the locale that the environment asks for, "C" when the system does not have it.
pub fn locale_name() -> String {
    // SAFETY: called at start-up on the engine's thread; the answer is copied at once.
    outside::ask("setlocale", || unsafe {
        let name = libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
        if name.is_null() { "C".to_string() } else { CStr::from_ptr(name).to_string_lossy().into_owned() }
    })
}
