//! Files and folders: by path, and by open descriptor.

use std::ffi::CStr;
use std::io;

use super::path::{self, PathArg};
use super::{raw, status::dir_fd};
use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{Args, IntObject, PyResult, exceptions, types};
use crate::vm::Ctx;

/// Binds arguments to `N` parameters.
pub fn bound<const N: usize>(
    cx: Ctx,
    args: Args<'_>,
    name: &'static str,
    params: &'static [&'static str],
    required: usize,
    max_positional: usize,
) -> PyResult<[Option<Ref>; N]> {
    let signature = Signature { name, params, required, max_positional };
    let mut out = [const { None }; N];
    bind(cx, &signature, args, &mut out)?;
    Ok(out)
}

fn missing(cx: Ctx) -> crate::objects::Raised {
    cx.system_error("bad internal call")
}

/// A path argument that the signature requires.
fn given(cx: Ctx, function: &str, name: &str, value: Option<Ref>, allow_fd: bool) -> PyResult<PathArg> {
    match value {
        Some(value) => PathArg::new(cx, function, name, &value, allow_fd),
        None => Err(missing(cx)),
    }
}

pub fn done(cx: Ctx, path: &PathArg, result: io::Result<()>) -> PyResult {
    result.map_err(|error| path.error(cx, &error))?;
    Ok(cx.none())
}

fn no_dir_fd(cx: Ctx, name: &str, value: Option<&Ref>) -> PyResult<()> {
    match dir_fd(cx, value)? {
        Some(_) => Err(cx.raise(
            exceptions().not_implemented_error,
            format_args!("{name}: dir_fd unavailable on this platform"),
        )),
        None => Ok(()),
    }
}

fn number(cx: Ctx, value: Option<&Ref>, default: i32) -> PyResult<i32> {
    value.map_or(Ok(default), |value| cx.to_i32(value))
}

/// A function of one path.
fn on_path(cx: Ctx, args: Args<'_>, name: &'static str, call: fn(&CStr) -> io::Result<()>) -> PyResult {
    let [path, folder] = bound(cx, args, name, &["path", "dir_fd"], 1, 1)?;
    let path = given(cx, name, "path", path, false)?;
    no_dir_fd(cx, name, folder.as_ref())?;
    done(cx, &path, call(path.as_c()))
}

fn unlink(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_path(cx, args, "unlink", raw::unlink)
}
fn remove(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_path(cx, args, "remove", raw::unlink)
}
fn rmdir(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_path(cx, args, "rmdir", raw::rmdir)
}

fn mkdir(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, mode, folder] = bound(cx, args, "mkdir", &["path", "mode", "dir_fd"], 1, 2)?;
    let path = given(cx, "mkdir", "path", path, false)?;
    let mode = number(cx, mode.as_ref(), 0o777)?;
    no_dir_fd(cx, "mkdir", folder.as_ref())?;
    done(cx, &path, raw::mkdir(path.as_c(), mode as u32))
}

fn mkfifo(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, mode, folder] = bound(cx, args, "mkfifo", &["path", "mode", "dir_fd"], 1, 2)?;
    let path = given(cx, "mkfifo", "path", path, false)?;
    let mode = number(cx, mode.as_ref(), 0o666)?;
    no_dir_fd(cx, "mkfifo", folder.as_ref())?;
    done(cx, &path, raw::mkfifo(path.as_c(), mode as u32))
}

/// A function of two paths; both are named in its error.
fn on_two(cx: Ctx, args: Args<'_>, name: &'static str, call: fn(&CStr, &CStr) -> io::Result<()>) -> PyResult {
    let [from, to, _, _] = bound(cx, args, name, &["src", "dst", "src_dir_fd", "dst_dir_fd"], 2, 2)?;
    let from = given(cx, name, "src", from, false)?;
    let to = given(cx, name, "dst", to, false)?;
    two_done(cx, &from, &to, call(from.as_c(), to.as_c()))
}

fn two_done(cx: Ctx, from: &PathArg, to: &PathArg, result: io::Result<()>) -> PyResult {
    let Err(error) = result else { return Ok(cx.none()) };
    let errno = error.raw_os_error().unwrap_or(0);
    let object = |path: &PathArg| path.object.clone().unwrap_or_else(|| cx.none());
    let args = [
        cx.new_int(i64::from(errno)),
        cx.new_str(&crate::objects::exceptions::os_error::error_text(errno)).into_object(),
        object(from),
        cx.none(),
        object(to),
    ];
    let class = exceptions().os_error;
    let made = cx.call(crate::memory::Layout::as_object(class), &args)?;
    Err(cx.raise_with(class, made))
}

fn rename(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_two(cx, args, "rename", raw::rename)
}
fn replace(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_two(cx, args, "replace", raw::rename)
}

fn link(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [from, to, _, _, _] =
        bound(cx, args, "link", &["src", "dst", "src_dir_fd", "dst_dir_fd", "follow_symlinks"], 2, 2)?;
    let from = given(cx, "link", "src", from, false)?;
    let to = given(cx, "link", "dst", to, false)?;
    two_done(cx, &from, &to, raw::link(from.as_c(), to.as_c()))
}

fn symlink(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [from, to, _, folder] =
        bound(cx, args, "symlink", &["src", "dst", "target_is_directory", "dir_fd"], 2, 3)?;
    let from = given(cx, "symlink", "src", from, false)?;
    let to = given(cx, "symlink", "dst", to, false)?;
    no_dir_fd(cx, "symlink", folder.as_ref())?;
    two_done(cx, &from, &to, raw::symlink(from.as_c(), to.as_c()))
}

fn readlink(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    use std::os::unix::ffi::OsStrExt;
    let [path, folder] = bound(cx, args, "readlink", &["path", "dir_fd"], 1, 1)?;
    let path = given(cx, "readlink", "path", path, false)?;
    no_dir_fd(cx, "readlink", folder.as_ref())?;
    let target = crate::vm::outside::ask("readlink", || {
        std::fs::read_link(std::ffi::OsStr::from_bytes(path.as_c().to_bytes()))
            .map(|target| target.as_os_str().as_bytes().to_vec())
    })
    .map_err(|error| path.error(cx, &error))?;
    path.name(cx, &target)
}

fn chdir(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path] = bound(cx, args, "chdir", &["path"], 1, 1)?;
    let path = given(cx, "chdir", "path", path, true)?;
    let result = match path.fd {
        Some(fd) => raw::fchdir(fd).map(drop),
        None => raw::chdir(path.as_c()),
    };
    done(cx, &path, result)
}

fn chmod(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, mode, folder, _] =
        bound(cx, args, "chmod", &["path", "mode", "dir_fd", "follow_symlinks"], 2, 2)?;
    let path = given(cx, "chmod", "path", path, true)?;
    let mode = number(cx, mode.as_ref(), 0)? as u32;
    no_dir_fd(cx, "chmod", folder.as_ref())?;
    let result = match path.fd {
        Some(fd) => raw::fchmod(fd, mode).map(drop),
        None => raw::chmod(path.as_c(), mode),
    };
    done(cx, &path, result)
}

fn access(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, mode, folder, _, _] =
        bound(cx, args, "access", &["path", "mode", "dir_fd", "effective_ids", "follow_symlinks"], 2, 2)?;
    let path = given(cx, "access", "path", path, false)?;
    let mode = number(cx, mode.as_ref(), 0)?;
    no_dir_fd(cx, "access", folder.as_ref())?;
    Ok(cx.bool(raw::access(path.as_c(), mode).is_ok()))
}

fn chown(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, uid, gid, _, follow] =
        bound(cx, args, "chown", &["path", "uid", "gid", "dir_fd", "follow_symlinks"], 3, 3)?;
    let path = given(cx, "chown", "path", path, true)?;
    let (uid, gid) = (number(cx, uid.as_ref(), -1)? as u32, number(cx, gid.as_ref(), -1)? as u32);
    let follow = follow.map_or(Ok(true), |flag| cx.is_true(&flag))?;
    let result = match path.fd {
        Some(fd) => raw::fchown(fd, uid, gid).map(drop),
        None if follow => raw::chown(path.as_c(), uid, gid),
        None => raw::lchown(path.as_c(), uid, gid),
    };
    done(cx, &path, result)
}

/// A time as seconds and nanoseconds.
fn split_time(cx: Ctx, value: &Object) -> PyResult<(i64, i64)> {
    if let Some(seconds) = value.downcast::<IntObject>() {
        let seconds = seconds.as_i64();
        return seconds
            .map(|s| (s, 0))
            .ok_or_else(|| cx.overflow_error("timestamp out of range for platform time_t"));
    }
    let seconds = cx.to_f64(value)?;
    let whole = seconds.floor();
    if !whole.is_finite() || whole.abs() > 9e18 {
        return Err(cx.overflow_error("timestamp out of range for platform time_t"));
    }
    Ok((whole as i64, ((seconds - whole) * 1e9) as i64))
}

fn utime(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, times, ns, folder, follow] =
        bound(cx, args, "utime", &["path", "times", "ns", "dir_fd", "follow_symlinks"], 1, 2)?;
    let path = given(cx, "utime", "path", path, true)?;
    no_dir_fd(cx, "utime", folder.as_ref())?;
    let times = times.filter(|times| !cx.is_none(times));
    if times.is_some() && ns.is_some() {
        return Err(cx.value_error("utime: you may specify either 'times' or 'ns' but not both"));
    }
    let pair = |value: &Ref, what: &str| -> PyResult<[Ref; 2]> {
        let items = if value.is_instance(types().tuple) { cx.collect(value)? } else { Vec::new() };
        <[Ref; 2]>::try_from(items).map_err(|_| {
            cx.type_error(format_args!(
                "utime: '{what}' must be {}",
                match what {
                    "times" => "either a tuple of two ints or None",
                    _ => "a tuple of two ints",
                }
            ))
        })
    };
    let specs = match (&times, &ns) {
        (Some(times), _) => {
            let [accessed, modified] = pair(times, "times")?;
            [split_time(cx, &accessed)?, split_time(cx, &modified)?]
        }
        (None, Some(ns)) => {
            let [accessed, modified] = pair(ns, "ns")?;
            let split = |value: &Ref| -> PyResult<(i64, i64)> {
                let nanos = cx.to_i64(value)?;
                Ok((nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000)))
            };
            [split(&accessed)?, split(&modified)?]
        }
        (None, None) => [(0, libc::UTIME_NOW); 2],
    };
    let follow = follow.map_or(Ok(true), |flag| cx.is_true(&flag))?;
    let result = match path.fd {
        Some(fd) => raw::futime(fd, specs),
        None => raw::utime(path.as_c(), specs, follow),
    };
    done(cx, &path, result)
}

fn truncate(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, length] = bound(cx, args, "truncate", &["path", "length"], 2, 2)?;
    let path = given(cx, "truncate", "path", path, true)?;
    let Some(length) = length else { return Err(missing(cx)) };
    let length = cx.to_i64(&length)?;
    let result = match path.fd {
        Some(fd) => raw::ftruncate(fd, length),
        None => raw::truncate(path.as_c(), length),
    };
    done(cx, &path, result)
}

// Descriptors.

fn open(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path, flags, mode, folder] = bound(cx, args, "open", &["path", "flags", "mode", "dir_fd"], 2, 3)?;
    let path = given(cx, "open", "path", path, false)?;
    let flags = number(cx, flags.as_ref(), 0)?;
    let mode = number(cx, mode.as_ref(), 0o777)?;
    no_dir_fd(cx, "open", folder.as_ref())?;
    let fd = raw::open(path.as_c(), flags, mode as u32).map_err(|error| path.error(cx, &error))?;
    Ok(cx.new_int(i64::from(fd)))
}

fn plain<T>(cx: Ctx, result: io::Result<T>) -> PyResult<T> {
    result.map_err(|error| cx.raise_os_error(&error, None))
}

fn close(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [fd] = bound(cx, args, "close", &["fd"], 1, 1)?;
    plain(cx, raw::close(number(cx, fd.as_ref(), -1)?))?;
    Ok(cx.none())
}

fn read(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "read", args, 2, 2)?;
    let fd = cx.to_i32(&args[0])?;
    let length = cx.to_size(&args[1])?;
    if length < 0 {
        return Err(cx.raise_errno(libc::EINVAL, None));
    }
    let mut buffer = vec![0; (length as usize).min(0x7fff_f000)];
    let count = loop {
        match raw::read(fd, &mut buffer) {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => crate::vm::check_signals(cx)?,
            other => break plain(cx, other)?,
        }
    };
    Ok(cx.new_bytes(&buffer[..count]).into_object())
}

fn write(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "write", args, 2, 2)?;
    let fd = cx.to_i32(&args[0])?;
    let bytes = cx.with_bytes(&args[1], <[u8]>::to_vec)?;
    let count = loop {
        match raw::write(fd, &bytes) {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => crate::vm::check_signals(cx)?,
            other => break plain(cx, other)?,
        }
    };
    Ok(cx.new_uint(count))
}

fn lseek(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "lseek", args, 3, 3)?;
    let at = raw::lseek(cx.to_i32(&args[0])?, cx.to_i64(&args[1])?, cx.to_i32(&args[2])?);
    Ok(cx.new_int(plain(cx, at)?))
}

fn isatty(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "isatty", args, 1, 1)?;
    Ok(cx.bool(raw::isatty(cx.to_i32(&args[0])?)))
}

fn dup(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "dup", args, 1, 1)?;
    let fd = plain(cx, raw::dup(cx.to_i32(&args[0])?))?;
    plain(cx, raw::set_inheritable(fd as i32, false))?;
    Ok(cx.new_int(fd))
}

fn dup2(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [from, to, inheritable] = bound(cx, args, "dup2", &["fd", "fd2", "inheritable"], 2, 3)?;
    let inheritable = inheritable.map_or(Ok(true), |flag| cx.is_true(&flag))?;
    let made = raw::dup2(number(cx, from.as_ref(), -1)?, number(cx, to.as_ref(), -1)?, inheritable);
    Ok(cx.new_int(i64::from(plain(cx, made)?)))
}

fn pipe(cx: Ctx, _: &Object) -> PyResult {
    let [read, write] = plain(cx, raw::pipe(libc::O_CLOEXEC))?;
    Ok(cx.new_tuple(vec![cx.new_int(i64::from(read)), cx.new_int(i64::from(write))]).into_object())
}

/// A function of one descriptor.
fn on_fd(cx: Ctx, args: Args<'_>, name: &'static str, call: fn(i32) -> io::Result<i64>) -> PyResult {
    let [fd] = bound(cx, args, name, &["fd"], 1, 1)?;
    plain(cx, call(number(cx, fd.as_ref(), -1)?))?;
    Ok(cx.none())
}

fn fsync(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_fd(cx, args, "fsync", raw::fsync)
}
fn fdatasync(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_fd(cx, args, "fdatasync", raw::fdatasync)
}
fn fchdir(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    on_fd(cx, args, "fchdir", raw::fchdir)
}

fn fchmod(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [fd, mode] = bound(cx, args, "fchmod", &["fd", "mode"], 2, 2)?;
    plain(cx, raw::fchmod(number(cx, fd.as_ref(), -1)?, number(cx, mode.as_ref(), 0)? as u32))?;
    Ok(cx.none())
}

fn ftruncate(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "ftruncate", args, 2, 2)?;
    plain(cx, raw::ftruncate(cx.to_i32(&args[0])?, cx.to_i64(&args[1])?))?;
    Ok(cx.none())
}

fn get_inheritable(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "get_inheritable", args, 1, 1)?;
    Ok(cx.bool(plain(cx, raw::get_inheritable(cx.to_i32(&args[0])?))?))
}

fn set_inheritable(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "set_inheritable", args, 2, 2)?;
    let on = cx.is_true(&args[1])?;
    plain(cx, raw::set_inheritable(cx.to_i32(&args[0])?, on))?;
    Ok(cx.none())
}

fn fspath(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [path] = bound(cx, args, "fspath", &["path"], 1, 1)?;
    let Some(path) = path else { return Err(missing(cx)) };
    path::fspath(cx, &path)
}

pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::keywords(
        "access",
        access,
        "access($module, /, path, mode, *, dir_fd=None, effective_ids=False,\n       follow_symlinks=True)\n--\n\nWhether a path may be used so.",
    ),
    MethodDef::keywords("chdir", chdir, "chdir($module, /, path)\n--\n\nChanges the current folder."),
    MethodDef::keywords(
        "chmod",
        chmod,
        "chmod($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)\n--\n\nChanges the permissions of a file.",
    ),
    MethodDef::keywords(
        "chown",
        chown,
        "chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)\n--\n\nChanges the owner of a file.",
    ),
    MethodDef::keywords("close", close, "close($module, /, fd)\n--\n\nCloses a descriptor."),
    MethodDef::keywords(
        "dup2",
        dup2,
        "dup2($module, /, fd, fd2, inheritable=True)\n--\n\nMakes fd2 a copy of fd.",
    ),
    MethodDef::keywords(
        "fchdir",
        fchdir,
        "fchdir($module, /, fd)\n--\n\nChanges the current folder to an open one.",
    ),
    MethodDef::keywords(
        "fchmod",
        fchmod,
        "fchmod($module, /, fd, mode)\n--\n\nChanges the permissions of an open file.",
    ),
    MethodDef::keywords(
        "fdatasync",
        fdatasync,
        "fdatasync($module, /, fd)\n--\n\nWrites the data of a file to disk.",
    ),
    MethodDef::keywords(
        "fspath",
        fspath,
        "fspath($module, /, path)\n--\n\nThe path that an object stands for.",
    ),
    MethodDef::keywords("fsync", fsync, "fsync($module, /, fd)\n--\n\nWrites a file to disk."),
    MethodDef::keywords(
        "link",
        link,
        "link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,\n     follow_symlinks=True)\n--\n\nGives a file another name.",
    ),
    MethodDef::keywords(
        "mkdir",
        mkdir,
        "mkdir($module, /, path, mode=511, *, dir_fd=None)\n--\n\nMakes a folder.",
    ),
    MethodDef::keywords(
        "mkfifo",
        mkfifo,
        "mkfifo($module, /, path, mode=438, *, dir_fd=None)\n--\n\nMakes a named pipe.",
    ),
    MethodDef::keywords(
        "open",
        open,
        "open($module, /, path, flags, mode=511, *, dir_fd=None)\n--\n\nOpens a file; returns a descriptor.",
    ),
    MethodDef::keywords(
        "readlink",
        readlink,
        "readlink($module, /, path, *, dir_fd=None)\n--\n\nWhere a link points.",
    ),
    MethodDef::keywords("remove", remove, "remove($module, /, path, *, dir_fd=None)\n--\n\nRemoves a file."),
    MethodDef::keywords(
        "rename",
        rename,
        "rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)\n--\n\nRenames a file or folder.",
    ),
    MethodDef::keywords(
        "replace",
        replace,
        "replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)\n--\n\nRenames a file or folder, over what is there.",
    ),
    MethodDef::keywords(
        "rmdir",
        rmdir,
        "rmdir($module, /, path, *, dir_fd=None)\n--\n\nRemoves an empty folder.",
    ),
    MethodDef::keywords(
        "symlink",
        symlink,
        "symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)\n--\n\nMakes a link.",
    ),
    MethodDef::keywords(
        "truncate",
        truncate,
        "truncate($module, /, path, length)\n--\n\nCuts a file to a length.",
    ),
    MethodDef::keywords("unlink", unlink, "unlink($module, /, path, *, dir_fd=None)\n--\n\nRemoves a file."),
    MethodDef::keywords(
        "utime",
        utime,
        "utime($module, /, path, times=None, *, ns=<unrepresentable>,\n      dir_fd=None, follow_symlinks=True)\n--\n\nSets the times of a file.",
    ),
    MethodDef::fast("read", read, "read($module, fd, length, /)\n--\n\nReads at most length bytes."),
    MethodDef::fast("write", write, "write($module, fd, data, /)\n--\n\nWrites bytes; returns how many."),
    MethodDef::fast(
        "lseek",
        lseek,
        "lseek($module, fd, position, whence, /)\n--\n\nMoves the position of an open file.",
    ),
    MethodDef::fast("isatty", isatty, "isatty($module, fd, /)\n--\n\nWhether a descriptor is a terminal."),
    MethodDef::fast("dup", dup, "dup($module, fd, /)\n--\n\nAnother descriptor of the same file."),
    MethodDef::fast(
        "ftruncate",
        ftruncate,
        "ftruncate($module, fd, length, /)\n--\n\nCuts an open file to a length.",
    ),
    MethodDef::fast(
        "get_inheritable",
        get_inheritable,
        "get_inheritable($module, fd, /)\n--\n\nWhether programs started from here get the descriptor.",
    ),
    MethodDef::fast(
        "set_inheritable",
        set_inheritable,
        "set_inheritable($module, fd, inheritable, /)\n--\n\nSets whether programs started from here get the descriptor.",
    ),
    MethodDef::no_args(
        "pipe",
        pipe,
        "pipe($module, /)\n--\n\nA pipe: the end to read from and the end to write to.",
    ),
];
