//! The process, its environment, and the system it runs on.

use std::os::unix::ffi::OsStrExt;

use super::files::bound;
use super::{path, raw};
use crate::memory::{Layout, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::bytes::BytesObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{MethodDef, TypeSpec};
use crate::objects::structseq::{constructible, field, new_instance};
use crate::objects::{Args, PyResult};
use crate::vm::{Ctx, outside};

pub static TERMINAL_SIZE: NativeType = NativeType::new(&TERMINAL_SIZE_SPEC);
pub static UNAME_RESULT: NativeType = NativeType::new(&UNAME_SPEC);
pub static TIMES_RESULT: NativeType = NativeType::new(&TIMES_SPEC);

static TERMINAL_SIZE_SPEC: TypeSpec = constructible(
    "os.terminal_size",
    "A tuple of (columns, lines) for holding terminal window size",
    &[
        field::<0>("columns", "width of the terminal window in characters"),
        field::<1>("lines", "height of the terminal window in characters"),
    ],
);

static UNAME_SPEC: TypeSpec = constructible(
    "posix.uname_result",
    "What the system says of itself.",
    &[
        field::<0>("sysname", "operating system name"),
        field::<1>("nodename", "name of machine on network (implementation-defined)"),
        field::<2>("release", "operating system release"),
        field::<3>("version", "operating system version"),
        field::<4>("machine", "hardware identifier"),
    ],
);

static TIMES_SPEC: TypeSpec = constructible(
    "posix.times_result",
    "Times that the process and its children have used, in seconds.",
    &[
        field::<0>("user", "user time"),
        field::<1>("system", "system time"),
        field::<2>("children_user", "user time of children"),
        field::<3>("children_system", "system time of children"),
        field::<4>("elapsed", "elapsed time since an arbitrary point in the past"),
    ],
);

/// The environment as a dict of bytes, which `os.environ` is made from.
pub fn environ(cx: Ctx) -> PyResult {
    let dict = cx.new_dict();
    for (name, value) in std::env::vars_os() {
        let name = cx.new_bytes(name.as_bytes());
        dict.set(cx, name.as_object(), cx.new_bytes(value.as_bytes()).into_object())?;
    }
    Ok(dict.into_object())
}

fn env_bytes(cx: Ctx, value: &Ref) -> PyResult<std::ffi::OsString> {
    let bytes = match value.downcast::<BytesObject>() {
        Some(bytes) => bytes.as_slice().to_vec(),
        None => path::encode(cx, value)?,
    };
    if bytes.contains(&0) {
        return Err(cx.value_error("embedded null byte"));
    }
    Ok(std::ffi::OsStr::from_bytes(&bytes).to_os_string())
}

fn putenv(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "putenv", args, 2, 2)?;
    let (name, value) = (env_bytes(cx, &args[0])?, env_bytes(cx, &args[1])?);
    if name.is_empty() || name.as_bytes().contains(&b'=') {
        return Err(cx.value_error("illegal environment variable name"));
    }
    // SAFETY: programs' threads do not exist; the front end's threads do not look at the
    // environment while the engine runs.
    unsafe { std::env::set_var(name, value) };
    Ok(cx.none())
}

fn unsetenv(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    let name = env_bytes(cx, name)?;
    if name.is_empty() || name.as_bytes().contains(&b'=') {
        return Err(cx.raise_errno(libc::EINVAL, None));
    }
    // SAFETY: as in `putenv`.
    unsafe { std::env::remove_var(name) };
    Ok(cx.none())
}

fn getcwd(cx: Ctx, _: &Object) -> PyResult {
    let here = outside::current_dir().map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(path::decode(cx, here.as_os_str().as_bytes())?.into_object())
}

fn getcwdb(cx: Ctx, _: &Object) -> PyResult {
    let here = outside::current_dir().map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.new_bytes(here.as_os_str().as_bytes()).into_object())
}

macro_rules! numbers {
    ($($name:ident),*) => {$(
        fn $name(cx: Ctx, _: &Object) -> PyResult {
            Ok(cx.new_int(raw::$name()))
        }
    )*};
}

numbers!(getpid, getppid, getuid, geteuid, getgid, getegid, getpgrp);

fn umask(cx: Ctx, _: &Object, mask: &Ref) -> PyResult {
    Ok(cx.new_int(i64::from(raw::umask(cx.to_i32(mask)? as u32))))
}

fn kill(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "kill", args, 2, 2)?;
    let sent = raw::kill(cx.to_i32(&args[0])?, cx.to_i32(&args[1])?);
    sent.map_err(|error| cx.raise_os_error(&error, None))?;
    crate::vm::check_signals(cx)?;
    Ok(cx.none())
}

fn exit_now(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let [status] = bound(cx, args, "_exit", &["status"], 1, 1)?;
    let status = status.map_or(Ok(0), |status| cx.to_i32(&status))?;
    raw::exit_now(status)
}

fn strerror(cx: Ctx, _: &Object, code: &Ref) -> PyResult {
    let text = crate::objects::exceptions::os_error::error_text(cx.to_i32(code)?);
    Ok(cx.new_str(&text).into_object())
}

fn urandom(cx: Ctx, _: &Object, size: &Ref) -> PyResult {
    let size = cx.to_size(size)?;
    if size < 0 {
        return Err(cx.value_error("negative argument not allowed"));
    }
    let mut bytes = vec![0; size as usize];
    raw::random(&mut bytes).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.new_bytes(&bytes).into_object())
}

fn cpu_count(cx: Ctx, _: &Object) -> PyResult {
    Ok(match std::thread::available_parallelism() {
        Ok(count) => cx.new_uint(count.get()),
        Err(_) => cx.none(),
    })
}

fn get_terminal_size(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "get_terminal_size", args, 0, 1)?;
    let fd = args.first().map_or(Ok(1), |fd| cx.to_i32(fd))?;
    let (columns, lines) = raw::terminal_size(fd).map_err(|error| cx.raise_os_error(&error, None))?;
    let fields = vec![cx.new_int(i64::from(columns)), cx.new_int(i64::from(lines))];
    Ok(new_instance(cx, TERMINAL_SIZE.get(cx)?, 2, fields))
}

/// A file of the system's as text; nothing when it cannot be read.
fn text_of(path: &str) -> String {
    outside::read_file(path).map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn uname(cx: Ctx, _: &Object) -> PyResult {
    let read = |name: &str| {
        let text = text_of(&format!("/proc/sys/kernel/{name}"));
        cx.new_str(text.trim_end()).into_object()
    };
    let fields = vec![
        read("ostype"),
        read("hostname"),
        read("osrelease"),
        read("version"),
        cx.new_str(std::env::consts::ARCH).into_object(),
    ];
    Ok(new_instance(cx, UNAME_RESULT.get(cx)?, 5, fields))
}

fn times(cx: Ctx, _: &Object) -> PyResult {
    // Fields 14 to 17 of /proc/self/stat, in ticks of 10 ms, after the name in parentheses.
    let text = text_of("/proc/self/stat");
    let ticks: Vec<f64> = text
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|field| field.parse().ok())
        .collect();
    let uptime = text_of("/proc/uptime");
    let elapsed: f64 = uptime.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    let mut fields: Vec<Ref> =
        (0..4).map(|i| cx.new_float(ticks.get(i).copied().unwrap_or(0.0) / 100.0)).collect();
    fields.push(cx.new_float(elapsed));
    Ok(new_instance(cx, TIMES_RESULT.get(cx)?, 5, fields))
}

fn getlogin(cx: Ctx, _: &Object) -> PyResult {
    Err(cx.raise_errno(libc::ENOTTY, None))
}

pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::fast(
        "putenv",
        putenv,
        "putenv($module, name, value, /)\n--\n\nSets a variable of the environment.",
    ),
    MethodDef::one(
        "unsetenv",
        unsetenv,
        "unsetenv($module, name, /)\n--\n\nRemoves a variable from the environment.",
    ),
    MethodDef::no_args("getcwd", getcwd, "getcwd($module, /)\n--\n\nThe current folder."),
    MethodDef::no_args("getcwdb", getcwdb, "getcwdb($module, /)\n--\n\nThe current folder, as bytes."),
    MethodDef::no_args("getpid", getpid, "getpid($module, /)\n--\n\nThe number of this process."),
    MethodDef::no_args(
        "getppid",
        getppid,
        "getppid($module, /)\n--\n\nThe number of the process that started this one.",
    ),
    MethodDef::no_args("getuid", getuid, "getuid($module, /)\n--\n\nThe user."),
    MethodDef::no_args("geteuid", geteuid, "geteuid($module, /)\n--\n\nThe user whose rights count."),
    MethodDef::no_args("getgid", getgid, "getgid($module, /)\n--\n\nThe group."),
    MethodDef::no_args("getegid", getegid, "getegid($module, /)\n--\n\nThe group whose rights count."),
    MethodDef::no_args("getpgrp", getpgrp, "getpgrp($module, /)\n--\n\nThe process group."),
    MethodDef::no_args("getlogin", getlogin, "getlogin($module, /)\n--\n\nThe user logged in."),
    MethodDef::one(
        "umask",
        umask,
        "umask($module, mask, /)\n--\n\nSets the mask of new files' permissions; returns the old one.",
    ),
    MethodDef::fast("kill", kill, "kill($module, pid, signal, /)\n--\n\nSends a signal."),
    MethodDef::keywords("_exit", exit_now, "_exit($module, /, status)\n--\n\nEnds the process at once."),
    MethodDef::one("strerror", strerror, "strerror($module, code, /)\n--\n\nThe text of an error number."),
    MethodDef::one("urandom", urandom, "urandom($module, size, /)\n--\n\nRandom bytes."),
    MethodDef::no_args("cpu_count", cpu_count, "cpu_count($module, /)\n--\n\nThe number of processors."),
    MethodDef::fast("get_terminal_size", get_terminal_size, "Size of the terminal as (columns, lines)."),
    MethodDef::no_args("uname", uname, "uname($module, /)\n--\n\nWhat the system is."),
    MethodDef::no_args("times", times, "times($module, /)\n--\n\nTimes used."),
];
