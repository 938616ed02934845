//! `_signal`: signal numbers and handlers.
//!
//! DIFFERENCE: handlers are kept and shown, and run for `raise_signal`; of the signals from outside
//! only Ctrl-C is acted on, by raising KeyboardInterrupt.

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::spec::ModuleSpec;
use crate::objects::{IntObject, ListObject, MethodDef, ModuleObject, PyResult, args, exceptions, set};
use crate::vm::Ctx;
use crate::vm::frame_object::current_frame;

#[rustfmt::skip]
static CONSTANTS: &[(&str, i64)] = &[
    ("ITIMER_PROF", 2), ("ITIMER_REAL", 0), ("ITIMER_VIRTUAL", 1), ("NSIG", 65), ("SIGABRT", 6), ("SIGALRM", 14),
    ("SIGBUS", 7), ("SIGCHLD", 17), ("SIGCLD", 17), ("SIGCONT", 18), ("SIGFPE", 8), ("SIGHUP", 1), ("SIGILL", 4),
    ("SIGINT", 2), ("SIGIO", 29), ("SIGIOT", 6), ("SIGKILL", 9), ("SIGPIPE", 13), ("SIGPOLL", 29), ("SIGPROF", 27),
    ("SIGPWR", 30), ("SIGQUIT", 3), ("SIGRTMAX", 64), ("SIGRTMIN", 34), ("SIGSEGV", 11), ("SIGSTKFLT", 16),
    ("SIGSTOP", 19), ("SIGSYS", 31), ("SIGTERM", 15), ("SIGTRAP", 5), ("SIGTSTP", 20), ("SIGTTIN", 21),
    ("SIGTTOU", 22), ("SIGURG", 23), ("SIGUSR1", 10), ("SIGUSR2", 12), ("SIGVTALRM", 26), ("SIGWINCH", 28),
    ("SIGXCPU", 24), ("SIGXFSZ", 25), ("SIG_BLOCK", 0), ("SIG_DFL", 0), ("SIG_IGN", 1), ("SIG_SETMASK", 2),
    ("SIG_UNBLOCK", 1),
];

/// What the signals are called, from number 1 on.
#[rustfmt::skip]
static DESCRIPTIONS: &[&str] = &[
    "Hangup", "Interrupt", "Quit", "Illegal instruction", "Trace/breakpoint trap", "Aborted", "Bus error",
    "Floating point exception", "Killed", "User defined signal 1", "Segmentation fault", "User defined signal 2",
    "Broken pipe", "Alarm clock", "Terminated", "Stack fault", "Child exited", "Continued", "Stopped (signal)",
    "Stopped", "Stopped (tty input)", "Stopped (tty output)", "Urgent I/O condition", "CPU time limit exceeded",
    "File size limit exceeded", "Virtual timer expired", "Profiling timer expired", "Window changed",
    "I/O possible", "Power failure", "Bad system call",
];

const NSIG: i64 = 65;
const SIGINT: usize = 2;
const SIGKILL: i64 = 9;
const SIGSTOP: i64 = 19;
const SIG_DFL: i64 = 0;
const SIG_IGN: i64 = 1;

fn number(cx: Ctx, given: &Object) -> PyResult<usize> {
    let number = i64::from(cx.to_i32(given)?);
    if (1..NSIG).contains(&number) {
        Ok(number as usize)
    } else {
        Err(cx.value_error("signal number out of range"))
    }
}

/// The handlers by number.
fn handlers(cx: Ctx) -> PyResult<Ref<ListObject>> {
    if let Some(list) = cx.named_root("signal.handlers")
        && let Ok(list) = list.downcast_ref::<ListObject>()
    {
        return Ok(list);
    }
    let list = cx.new_list((0..NSIG).map(|_| cx.new_int(SIG_DFL)).collect())?;
    cx.set_named_root("signal.handlers", Some(list.to_object()));
    Ok(list)
}

fn signal(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "signal", given, 2, 2)?;
    let wanted = i64::from(cx.to_i32(&given[0])?);
    let handler = &given[1];
    let plain = handler.downcast::<IntObject>().and_then(IntObject::as_i64);
    if handler.ty().slots().call.is_none() && !matches!(plain, Some(SIG_DFL | SIG_IGN)) {
        return Err(
            cx.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
        );
    }
    let number = number(cx, &given[0])?;
    if wanted == SIGKILL || wanted == SIGSTOP {
        return Err(cx.raise_errno(libc::EINVAL, None));
    }
    let old = handlers(cx)?.replace(number, handler.clone());
    Ok(old.unwrap_or_else(|| cx.none()))
}

fn getsignal(cx: Ctx, _module: &Object, given: &Ref) -> PyResult {
    let number = number(cx, given)?;
    Ok(handlers(cx)?.get(number).unwrap_or_else(|| cx.none()))
}

fn default_int_handler(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "default_int_handler", given, 2, 2)?;
    Err(cx.raise_bare(exceptions().keyboard_interrupt))
}

fn raise_signal(cx: Ctx, _module: &Object, given: &Ref) -> PyResult {
    let number = number(cx, given)?;
    let handler = handlers(cx)?.get(number).unwrap_or_else(|| cx.none());
    if handler.ty().slots().call.is_some() {
        let frame = current_frame(cx).map_or_else(|| cx.none(), Ref::into_object);
        cx.call(&handler, &[cx.new_uint(number), frame])?;
    } else if handler.downcast::<IntObject>().and_then(IntObject::as_i64) == Some(SIG_DFL) && number != 17 {
        // The default of nearly every signal ends the process.
        return Err(cx.raise_with(exceptions().system_exit, cx.new_int(128 + number as i64)));
    }
    Ok(cx.none())
}

fn strsignal(cx: Ctx, _module: &Object, given: &Ref) -> PyResult {
    let number = number(cx, given)?;
    Ok(match DESCRIPTIONS.get(number - 1) {
        Some(text) => cx.new_str(text).into_object(),
        None if number >= 34 => cx.new_str(&format!("Real-time signal {}", number - 34)).into_object(),
        None => cx.none(),
    })
}

fn valid_signals(cx: Ctx, _module: &Object) -> PyResult {
    let found = set::new_set(cx);
    for number in (1..NSIG).filter(|number| !(32..34).contains(number)) {
        set::add(cx, &found, &cx.new_int(number))?;
    }
    Ok(found)
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    for &(name, value) in CONSTANTS {
        module.add(cx, name, cx.new_int(value))?;
    }
    module.add(cx, "ItimerError", exceptions().os_error.to_object())?;
    let interrupt = module.dict.get().and_then(|dict| dict.get_str(cx, &cx.intern("default_int_handler")));
    if let Some(interrupt) = interrupt {
        drop(handlers(cx)?.replace(SIGINT, interrupt));
    }
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_signal",
    doc: Some("This module provides mechanisms to use signal handlers in Python."),
    functions: &[
        MethodDef::one(
            "raise_signal",
            raise_signal,
            "raise_signal($module, signalnum, /)\n--\n\nSend a signal to this process.",
        ),
        MethodDef::one(
            "strsignal",
            strsignal,
            "strsignal($module, signalnum, /)\n--\n\nWhat the system calls a signal.",
        ),
        MethodDef::fast(
            "signal",
            signal,
            "signal($module, signalnum, handler, /)\n--\n\nSet the action for a signal; the one before is returned.",
        ),
        MethodDef::one(
            "getsignal",
            getsignal,
            "getsignal($module, signalnum, /)\n--\n\nThe action for a signal.",
        ),
        MethodDef::fast(
            "default_int_handler",
            default_int_handler,
            "default_int_handler($module, signalnum, frame, /)\n--\n\nWhat Ctrl-C does at the start: raises KeyboardInterrupt.",
        ),
        MethodDef::no_args(
            "valid_signals",
            valid_signals,
            "valid_signals($module, /)\n--\n\nThe signal numbers that there are.",
        ),
    ],
    exec: Some(exec),
};
