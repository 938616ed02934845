//! `_posixsubprocess`, and the functions of `posix` about processes: fork, exec and wait.

use std::ffi::CString;

use super::raw::{self, Spawn};
use super::retried;
use crate::memory::{Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::spec::{MethodDef, Signature};
use crate::objects::{Args, ModuleSpec, PyResult};
use crate::stdlib::posix::path;
use crate::vm::Ctx;

fn c_string(cx: Ctx, object: &Object) -> PyResult<CString> {
    path::to_c(cx, path::encode(cx, object)?)
}

fn c_strings(cx: Ctx, list: &Object, message: &str) -> PyResult<Vec<CString>> {
    cx.sequence_fast(list, message)?.iter().map(|item| c_string(cx, item)).collect()
}

fn fork_exec(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    // 3.11 passes 23 arguments, the library of 3.12 passes the same.
    check_count(cx, "fork_exec", args, 23, 23)?;
    let given = |index: usize| Some(&args[index]).filter(|value| !cx.is_none(value));
    let number = |index: usize| cx.to_i32(&args[index]);
    let flag = |index: usize| cx.is_true(&args[index]);
    let id = |index: usize| -> PyResult<Option<u32>> {
        given(index).map(|value| Ok(cx.to_i64(value)? as u32)).transpose()
    };
    if let Some(function) = given(21) {
        let _ = function;
        return Err(cx.runtime_error("preexec_fn is not supported: the child could not run Python code"));
    }
    let mut keep = Vec::new();
    for fd in cx.sequence_fast(&args[3], "fds_to_keep must be a tuple")? {
        keep.push(cx.to_i32(&fd)?);
    }
    if !keep.is_sorted_by(|a, b| a < b) || keep.first().is_some_and(|fd| *fd < 0) {
        return Err(cx.value_error("bad value(s) in fds_to_keep"));
    }
    let mut pipes = [0; 6];
    for (index, place) in pipes.iter_mut().enumerate() {
        *place = number(6 + index)?;
    }
    let groups = match given(18) {
        None => None,
        Some(list) => {
            let list = cx.sequence_fast(list, "setgroups argument must be a sequence")?;
            Some(list.iter().map(|group| Ok(cx.to_i64(group)? as u32)).collect::<PyResult<Vec<u32>>>()?)
        }
    };
    let spawn = Spawn {
        args: c_strings(cx, &args[0], "argv must be a tuple")?,
        executables: c_strings(cx, &args[1], "executable_list must be a sequence")?,
        close_fds: flag(2)?,
        keep,
        cwd: given(4).map(|cwd| c_string(cx, cwd)).transpose()?,
        env: given(5).map(|env| c_strings(cx, env, "env must be a sequence")).transpose()?,
        pipes,
        error_read: number(12)?,
        error_write: number(13)?,
        restore_signals: flag(14)?,
        new_session: flag(15)?,
        process_group: number(16)?,
        gid: id(17)?,
        groups,
        uid: id(19)?,
        umask: number(20)?,
        // 3.11's library knows one word, later ones tell the folder apart.
        no_folder: if cx.vm().options.borrow().stdlib.is_some() { b"noexec" } else { b"noexec:chdir" },
    };
    let pid = raw::fork_exec(&spawn).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.new_int(pid.into()))
}

pub static POSIXSUBPROCESS: ModuleSpec = ModuleSpec {
    name: "_posixsubprocess",
    doc: Some("A POSIX helper for the subprocess module."),
    functions: &[MethodDef::fast("fork_exec", fork_exec, "Forks and runs a program in the child.")],
    exec: None,
};

fn waitpid(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "waitpid", args, 2, 2)?;
    let (pid, options) = (cx.to_i32(&args[0])?, cx.to_i32(&args[1])?);
    let (pid, status) = retried(cx, || raw::waitpid(pid, options))?;
    Ok(cx.new_tuple(vec![cx.new_int(pid.into()), cx.new_int(status.into())]).into_object())
}

fn wait(cx: Ctx, _: &Object) -> PyResult {
    let (pid, status) = retried(cx, || raw::waitpid(-1, 0))?;
    Ok(cx.new_tuple(vec![cx.new_int(pid.into()), cx.new_int(status.into())]).into_object())
}

fn exit_code(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "waitstatus_to_exitcode", params: &["status"], required: 1, max_positional: 1 };
    let mut given = [None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let status = given[0].as_ref().map_or(Ok(0), |status| cx.to_i32(status))?;
    if libc::WIFEXITED(status) {
        Ok(cx.new_int(libc::WEXITSTATUS(status).into()))
    } else if libc::WIFSIGNALED(status) {
        Ok(cx.new_int((-libc::WTERMSIG(status)).into()))
    } else if libc::WIFSTOPPED(status) {
        let signal = libc::WSTOPSIG(status);
        Err(cx.value_error(format_args!("process stopped by delivery of signal {signal}")))
    } else {
        Err(cx.value_error(format_args!("invalid wait status: {status}")))
    }
}

macro_rules! about_status {
    ($($name:ident = $function:path, $kind:ident;)*) => {$(
        #[allow(non_snake_case)]
        fn $name(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
            check_count(cx, stringify!($name), args, 1, 1)?;
            let answer = $function(cx.to_i32(&args[0])?);
            Ok(about_status!(@$kind cx, answer))
        }
    )*};
    (@flag $cx:ident, $answer:ident) => { $cx.bool($answer) };
    (@number $cx:ident, $answer:ident) => { $cx.new_int($answer.into()) };
}

about_status! {
    WIFEXITED = libc::WIFEXITED, flag;
    WEXITSTATUS = libc::WEXITSTATUS, number;
    WIFSIGNALED = libc::WIFSIGNALED, flag;
    WTERMSIG = libc::WTERMSIG, number;
    WIFSTOPPED = libc::WIFSTOPPED, flag;
    WSTOPSIG = libc::WSTOPSIG, number;
    WIFCONTINUED = libc::WIFCONTINUED, flag;
    WCOREDUMP = libc::WCOREDUMP, flag;
}

fn execv(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "execv", args, 2, 2)?;
    let (program, arguments) =
        (c_string(cx, &args[0])?, c_strings(cx, &args[1], "execv() arg 2 must be a tuple or list")?);
    if arguments.is_empty() {
        return Err(cx.value_error("execv() arg 2 must not be empty"));
    }
    Err(cx.raise_os_error(&raw::exec(&program, &arguments, None), None))
}

fn execve(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "execve", args, 3, 3)?;
    let (program, arguments) =
        (c_string(cx, &args[0])?, c_strings(cx, &args[1], "execve: argv must be a tuple or list")?);
    if arguments.is_empty() {
        return Err(cx.value_error("execve: argv must not be empty"));
    }
    let items = cx.call_method(&args[2], &cx.intern("items"), &[])?;
    let mut env = Vec::new();
    for pair in cx.collect(&items)? {
        let (key, value) = (cx.get_item(&pair, &cx.new_int(0))?, cx.get_item(&pair, &cx.new_int(1))?);
        let mut text = path::encode(cx, &key)?;
        text.push(b'=');
        text.extend(path::encode(cx, &value)?);
        env.push(path::to_c(cx, text)?);
    }
    Err(cx.raise_os_error(&raw::exec(&program, &arguments, Some(&env)), None))
}

fn system(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "system", params: &["command"], required: 1, max_positional: 1 };
    let mut given = [None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let command = given[0].clone().unwrap_or_else(|| cx.none());
    Ok(cx.new_int(raw::system(&c_string(cx, &command)?).into()))
}

fn blocking(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "get_blocking", args, 1, 1)?;
    let flags = raw::fcntl(cx.to_i32(&args[0])?, libc::F_GETFL, 0)
        .map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.bool(flags & i64::from(libc::O_NONBLOCK) == 0))
}

fn set_blocking(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "set_blocking", args, 2, 2)?;
    raw::set_blocking(cx.to_i32(&args[0])?, cx.is_true(&args[1])?)
        .map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn abort(_: Ctx, _: &Object) -> PyResult {
    std::process::abort()
}

/// What `posix` has about processes.
pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::fast(
        "waitpid",
        waitpid,
        "waitpid($module, pid, options, /)\n--\n\nWait for completion of a given child process.",
    ),
    MethodDef::no_args("wait", wait, "wait($module, /)\n--\n\nWait for completion of a child process."),
    MethodDef::keywords(
        "waitstatus_to_exitcode",
        exit_code,
        "waitstatus_to_exitcode($module, /, status)\n--\n\nConvert a wait status to an exit code.",
    ),
    MethodDef::fast(
        "WIFEXITED",
        WIFEXITED,
        "WIFEXITED($module, /, status)\n--\n\nReturn True if the process returning status exited via the exit() system call.",
    ),
    MethodDef::fast(
        "WEXITSTATUS",
        WEXITSTATUS,
        "WEXITSTATUS($module, /, status)\n--\n\nReturn the process return code from status.",
    ),
    MethodDef::fast(
        "WIFSIGNALED",
        WIFSIGNALED,
        "WIFSIGNALED($module, /, status)\n--\n\nReturn True if the process returning status was terminated by a signal.",
    ),
    MethodDef::fast(
        "WTERMSIG",
        WTERMSIG,
        "WTERMSIG($module, /, status)\n--\n\nReturn the signal that terminated the process that provided the status value.",
    ),
    MethodDef::fast(
        "WIFSTOPPED",
        WIFSTOPPED,
        "WIFSTOPPED($module, /, status)\n--\n\nReturn True if the process returning status was stopped.",
    ),
    MethodDef::fast(
        "WSTOPSIG",
        WSTOPSIG,
        "WSTOPSIG($module, /, status)\n--\n\nReturn the signal that stopped the process that provided the status value.",
    ),
    MethodDef::fast(
        "WIFCONTINUED",
        WIFCONTINUED,
        "WIFCONTINUED($module, /, status)\n--\n\nReturn True if a particular process was continued from a job control stop.",
    ),
    MethodDef::fast(
        "WCOREDUMP",
        WCOREDUMP,
        "WCOREDUMP($module, status, /)\n--\n\nReturn True if the process returning status was dumped to a core file.",
    ),
    MethodDef::fast(
        "execv",
        execv,
        "execv($module, path, argv, /)\n--\n\nExecute an executable path with arguments, replacing current process.",
    ),
    MethodDef::fast(
        "execve",
        execve,
        "execve($module, /, path, argv, env)\n--\n\nExecute an executable path with arguments, replacing current process.",
    ),
    MethodDef::keywords(
        "system",
        system,
        "system($module, /, command)\n--\n\nExecute the command in a subshell.",
    ),
    MethodDef::fast(
        "get_blocking",
        blocking,
        "get_blocking($module, fd, /)\n--\n\nGet the blocking mode of the file descriptor.",
    ),
    MethodDef::fast(
        "set_blocking",
        set_blocking,
        "set_blocking($module, fd, blocking, /)\n--\n\nSet the blocking mode of the specified file descriptor.",
    ),
    MethodDef::no_args("abort", abort, "abort($module, /)\n--\n\nAbort the interpreter immediately."),
];
