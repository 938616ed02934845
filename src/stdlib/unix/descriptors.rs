//! `fcntl`, `termios` and `resource`.

use super::{descriptor, raw, retried};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::check_count;
use crate::objects::bytearray::ByteArrayObject;
use crate::objects::bytes::BytesObject;
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{MethodDef, TypeSpec};
use crate::objects::structseq::{constructible, field, new_instance};
use crate::objects::{ListObject, ModuleSpec, PyResult, exceptions};
use crate::stdlib::support::{add_numbers, new_exception, raise_of};
use crate::vm::Ctx;

// ---- fcntl ----

/// Copies an argument into the buffer that a call works on; how many bytes it has.
fn fill(cx: Ctx, buffer: &mut [u8; 1024], argument: &Object, what: &str) -> PyResult<usize> {
    cx.with_bytes(argument, |bytes| {
        let fits = bytes.len() <= buffer.len();
        if fits {
            buffer[..bytes.len()].copy_from_slice(bytes);
        }
        fits.then_some(bytes.len())
    })?
    .ok_or_else(|| cx.value_error(format_args!("{what} argument 3 is too long")))
}

fn fcntl(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "fcntl", args, 2, 3)?;
    let (fd, command) = (descriptor(cx, &args[0])?, cx.to_i32(&args[1])?);
    if let Some(argument) = args.get(2)
        && argument.ty().slots().as_bytes.is_some()
    {
        let mut buffer = [0; 1024];
        let length = fill(cx, &mut buffer, argument, "fcntl")?;
        retried(cx, || raw::fcntl_bytes(fd, command, &mut buffer))?;
        return Ok(cx.new_bytes(&buffer[..length]).into_object());
    }
    let argument = args.get(2).map_or(Ok(0), |argument| cx.to_i64(argument))?;
    Ok(cx.new_int(retried(cx, || raw::fcntl(fd, command, argument))?))
}

fn ioctl(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "ioctl", args, 2, 4)?;
    let fd = descriptor(cx, &args[0])?;
    let request = u64::from(crate::stdlib::support::wrapped_u32(cx, &args[1])?);
    if let Some(argument) = args.get(2)
        && argument.ty().slots().as_bytes.is_some()
    {
        let mut buffer = [0; 1024];
        let length = fill(cx, &mut buffer, argument, "ioctl")?;
        let answer = retried(cx, || raw::ioctl_bytes(fd, request, &mut buffer))?;
        let mutate = args.get(3).map_or(Ok(true), |flag| cx.is_true(flag))?;
        if let Some(array) = argument.downcast::<ByteArrayObject>()
            && mutate
        {
            array.change(|bytes| bytes.copy_from_slice(&buffer[..length]));
            return Ok(cx.new_int(answer));
        }
        return Ok(cx.new_bytes(&buffer[..length]).into_object());
    }
    let argument = args.get(2).map_or(Ok(0), |argument| cx.to_i64(argument))?;
    Ok(cx.new_int(retried(cx, || raw::ioctl(fd, request, argument))?))
}

fn flock(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "flock", args, 2, 2)?;
    let (fd, operation) = (descriptor(cx, &args[0])?, cx.to_i32(&args[1])?);
    retried(cx, || raw::flock(fd, operation))?;
    Ok(cx.none())
}

fn lockf(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "lockf", args, 2, 5)?;
    let (fd, operation) = (descriptor(cx, &args[0])?, cx.to_i32(&args[1])?);
    let kind = match operation & !libc::LOCK_NB {
        libc::LOCK_UN => libc::F_UNLCK,
        libc::LOCK_SH => libc::F_RDLCK,
        libc::LOCK_EX => libc::F_WRLCK,
        _ => return Err(cx.value_error("unrecognized lockf argument")),
    };
    let number = |index: usize| args.get(index).map_or(Ok(0), |value| cx.to_i64(value));
    let (length, start, whence) = (number(2)?, number(3)?, number(4)?);
    let command = if operation & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
    let mut lock =
        libc::flock { l_type: kind as i16, l_whence: whence as i16, l_start: start, l_len: length, l_pid: 0 };
    retried(cx, || raw::lockf(fd, command, &mut lock))?;
    Ok(cx.none())
}

pub static FCNTL: ModuleSpec = ModuleSpec {
    name: "fcntl",
    doc: Some("This module performs file control and I/O control on file descriptors."),
    functions: &[
        MethodDef::fast(
            "fcntl",
            fcntl,
            "fcntl($module, fd, cmd, arg=0, /)\n--\n\nPerform the operation `cmd` on file descriptor fd.",
        ),
        MethodDef::fast(
            "ioctl",
            ioctl,
            "ioctl($module, fd, request, arg=0, mutate_flag=True, /)\n--\n\nPerform the operation request on file descriptor fd.",
        ),
        MethodDef::fast(
            "flock",
            flock,
            "flock($module, fd, operation, /)\n--\n\nPerform the lock operation `operation` on file descriptor `fd`.",
        ),
        MethodDef::fast(
            "lockf",
            lockf,
            "lockf($module, fd, cmd, len=0, start=0, whence=0, /)\n--\n\nA wrapper around the fcntl() locking calls.",
        ),
    ],
    exec: Some(|cx, module| {
        add_numbers(
            cx,
            module,
            &[
                ("LOCK_SH", 1),
                ("LOCK_EX", 2),
                ("LOCK_NB", 4),
                ("LOCK_UN", 8),
                ("F_DUPFD", 0),
                ("F_DUPFD_CLOEXEC", 1030),
                ("F_GETFD", 1),
                ("F_SETFD", 2),
                ("F_GETFL", 3),
                ("F_SETFL", 4),
                ("F_GETLK", 5),
                ("F_SETLK", 6),
                ("F_SETLKW", 7),
                ("F_SETOWN", 8),
                ("F_GETOWN", 9),
                ("F_SETSIG", 10),
                ("F_GETSIG", 11),
                ("F_RDLCK", 0),
                ("F_WRLCK", 1),
                ("F_UNLCK", 2),
                ("F_SETLEASE", 1024),
                ("F_GETLEASE", 1025),
                ("F_NOTIFY", 1026),
                ("F_SETPIPE_SZ", 1031),
                ("F_GETPIPE_SZ", 1032),
                ("F_ADD_SEALS", 1033),
                ("F_GET_SEALS", 1034),
                ("FD_CLOEXEC", 1),
                ("FASYNC", 8192),
            ],
        )
    }),
};

// ---- termios ----

fn terminal_error(cx: Ctx, error: &std::io::Error) -> crate::objects::Raised {
    let number = error.raw_os_error().unwrap_or(0);
    let text = crate::objects::exceptions::os_error::error_text(number);
    let raised = raise_of(cx, "termios", "error", exceptions().os_error, "");
    let class = cx.take_exception(raised);
    let args = vec![cx.new_int(number.into()), cx.new_str(&text).into_object()];
    match cx.call(class.as_object().ty().as_object(), &args) {
        Ok(made) => cx.raise_with(class.as_object().ty(), made),
        Err(raised) => raised,
    }
}

fn tcgetattr(cx: Ctx, _: &Object, fd: &Ref) -> PyResult {
    let mode = raw::tcgetattr(descriptor(cx, fd)?).map_err(|error| terminal_error(cx, &error))?;
    let (input, output) = raw::speeds(&mode);
    let mut controls = Vec::with_capacity(mode.c_cc.len());
    for (index, control) in mode.c_cc.iter().enumerate() {
        let counted = mode.c_lflag & libc::ICANON == 0 && (index == libc::VMIN || index == libc::VTIME);
        controls.push(if counted {
            cx.new_int(i64::from(*control))
        } else {
            cx.new_bytes(&[*control]).into_object()
        });
    }
    let mut fields: Vec<Ref> = [mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag, input, output]
        .into_iter()
        .map(|value| cx.new_int(value.into()))
        .collect();
    fields.push(cx.new_list(controls)?.into_object());
    Ok(cx.new_list(fields)?.into_object())
}

fn tcsetattr(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "tcsetattr", args, 3, 3)?;
    let (fd, when) = (descriptor(cx, &args[0])?, cx.to_i32(&args[1])?);
    let wrong = || cx.type_error("tcsetattr, arg 3: must be 7 element list");
    let fields = args[2].downcast::<ListObject>().map(ListObject::to_vec).ok_or_else(wrong)?;
    if fields.len() != 7 {
        return Err(wrong());
    }
    let mut mode = raw::tcgetattr(fd).map_err(|error| terminal_error(cx, &error))?;
    let number = |index: usize| cx.to_i64(&fields[index]).map(|value| value as u32);
    (mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag) =
        (number(0)?, number(1)?, number(2)?, number(3)?);
    let (input, output) = (number(4)?, number(5)?);
    let controls = fields[6].downcast::<ListObject>().map(ListObject::to_vec).unwrap_or_default();
    if controls.len() != mode.c_cc.len() {
        return Err(
            cx.type_error(format_args!("tcsetattr: attributes[6] must be {} element list", mode.c_cc.len()))
        );
    }
    for (place, control) in mode.c_cc.iter_mut().zip(&controls) {
        *place = match control.downcast::<BytesObject>().map(BytesObject::as_slice) {
            Some([byte]) => *byte,
            Some(_) => {
                return Err(cx.type_error("tcsetattr: elements of attributes must be characters or integers"));
            }
            None => cx.to_i64(control)? as u8,
        };
    }
    raw::set_speeds(&mut mode, input, output)
        .and_then(|()| raw::tcsetattr(fd, when, &mode))
        .map_err(|error| terminal_error(cx, &error))?;
    Ok(cx.none())
}

pub static TERMIOS: ModuleSpec = ModuleSpec {
    name: "termios",
    doc: Some("This module provides an interface to the Posix calls for tty I/O control."),
    functions: &[
        MethodDef::one(
            "tcgetattr",
            tcgetattr,
            "tcgetattr($module, fd, /)\n--\n\nGet the tty attributes for file descriptor fd.",
        ),
        MethodDef::fast(
            "tcsetattr",
            tcsetattr,
            "tcsetattr($module, fd, when, attributes, /)\n--\n\nSet the tty attributes for file descriptor fd.",
        ),
    ],
    exec: Some(|cx, module| {
        let class = new_exception(cx, "termios", "error", exceptions().exception.to_object())?;
        module.add(cx, "error", class)?;
        macro_rules! from_libc {
            ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64),)*] };
        }
        add_numbers(
            cx,
            module,
            from_libc!(
                TCSANOW TCSADRAIN TCSAFLUSH TCIFLUSH TCOFLUSH TCIOFLUSH TCOOFF TCOON TCIOFF TCION
                IGNBRK BRKINT IGNPAR PARMRK INPCK ISTRIP INLCR IGNCR ICRNL IXON IXANY IXOFF IMAXBEL
                OPOST ONLCR OCRNL ONOCR ONLRET OFILL CSIZE CS5 CS6 CS7 CS8 CSTOPB CREAD PARENB PARODD
                HUPCL CLOCAL ISIG ICANON ECHO ECHOE ECHOK ECHONL ECHOCTL ECHOPRT ECHOKE FLUSHO NOFLSH
                TOSTOP PENDIN IEXTEN VINTR VQUIT VERASE VKILL VEOF VTIME VMIN VSTART VSTOP VSUSP VEOL
                VREPRINT VDISCARD VWERASE VLNEXT VEOL2 B0 B50 B75 B110 B134 B150 B200 B300 B600 B1200
                B1800 B2400 B4800 B9600 B19200 B38400 B57600 B115200 B230400 TIOCGWINSZ TIOCSWINSZ
                FIONREAD TIOCGPGRP TIOCSPGRP TIOCSTI TIOCOUTQ TIOCINQ FIONBIO FIOCLEX FIONCLEX
            ),
        )
    }),
};

// ---- resource ----

static USAGE: NativeType = NativeType::new(&USAGE_SPEC);

static USAGE_SPEC: TypeSpec = constructible(
    "resource.struct_rusage",
    "What a process has used.",
    &[
        field::<0>("ru_utime", "user time used"),
        field::<1>("ru_stime", "system time used"),
        field::<2>("ru_maxrss", "max. resident set size"),
        field::<3>("ru_ixrss", "shared memory size"),
        field::<4>("ru_idrss", "unshared data size"),
        field::<5>("ru_isrss", "unshared stack size"),
        field::<6>("ru_minflt", "page faults not requiring I/O"),
        field::<7>("ru_majflt", "page faults requiring I/O"),
        field::<8>("ru_nswap", "number of swap outs"),
        field::<9>("ru_inblock", "block input operations"),
        field::<10>("ru_oublock", "block output operations"),
        field::<11>("ru_msgsnd", "IPC messages sent"),
        field::<12>("ru_msgrcv", "IPC messages received"),
        field::<13>("ru_nsignals", "signals received"),
        field::<14>("ru_nvcsw", "voluntary context switches"),
        field::<15>("ru_nivcsw", "involuntary context switches"),
    ],
);

fn getrusage(cx: Ctx, _: &Object, who: &Ref) -> PyResult {
    let usage = raw::getrusage(cx.to_i32(who)?).map_err(|error| match error.raw_os_error() {
        Some(libc::EINVAL) => cx.value_error("invalid who parameter"),
        _ => cx.raise_os_error(&error, None),
    })?;
    let seconds = |time: libc::timeval| cx.new_float(time.tv_sec as f64 + time.tv_usec as f64 * 1e-6);
    let mut fields = vec![seconds(usage.ru_utime), seconds(usage.ru_stime)];
    fields.extend(
        [
            usage.ru_maxrss,
            usage.ru_ixrss,
            usage.ru_idrss,
            usage.ru_isrss,
            usage.ru_minflt,
            usage.ru_majflt,
            usage.ru_nswap,
            usage.ru_inblock,
            usage.ru_oublock,
            usage.ru_msgsnd,
            usage.ru_msgrcv,
            usage.ru_nsignals,
            usage.ru_nvcsw,
            usage.ru_nivcsw,
        ]
        .map(|value| cx.new_int(value)),
    );
    Ok(new_instance(cx, USAGE.get(cx)?, 16, fields))
}

fn which(cx: Ctx, value: &Ref) -> PyResult<u32> {
    u32::try_from(cx.to_i64(value)?)
        .ok()
        .filter(|which| *which < 16)
        .ok_or_else(|| cx.value_error("invalid resource specified"))
}

fn getrlimit(cx: Ctx, _: &Object, resource: &Ref) -> PyResult {
    let (soft, hard) =
        raw::getrlimit(which(cx, resource)?).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.new_tuple(vec![cx.new_int(soft as i64), cx.new_int(hard as i64)]).into_object())
}

fn setrlimit(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "setrlimit", args, 2, 2)?;
    let resource = which(cx, &args[0])?;
    let limits = cx.sequence_fast(&args[1], "expected a tuple of 2 integers")?;
    let [soft, hard] = &limits[..] else { return Err(cx.value_error("expected a tuple of 2 integers")) };
    let (soft, hard) = (cx.to_i64(soft)? as u64, cx.to_i64(hard)? as u64);
    raw::setrlimit(resource, soft, hard).map_err(|error| match error.raw_os_error() {
        Some(libc::EINVAL) => cx.value_error("current limit exceeds maximum limit"),
        Some(libc::EPERM) => cx.value_error("not allowed to raise maximum limit"),
        _ => cx.raise_os_error(&error, None),
    })?;
    Ok(cx.none())
}

fn getpagesize(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.new_int(raw::page_size()))
}

fn resource_exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "error", exceptions().os_error.to_object())?;
    module.add(cx, "struct_rusage", USAGE.make_structseq(cx, 16)?.to_object())?;
    add_numbers(
        cx,
        module,
        &[
            ("RLIMIT_CPU", 0),
            ("RLIMIT_FSIZE", 1),
            ("RLIMIT_DATA", 2),
            ("RLIMIT_STACK", 3),
            ("RLIMIT_CORE", 4),
            ("RLIMIT_RSS", 5),
            ("RLIMIT_NPROC", 6),
            ("RLIMIT_NOFILE", 7),
            ("RLIMIT_OFILE", 7),
            ("RLIMIT_MEMLOCK", 8),
            ("RLIMIT_AS", 9),
            ("RLIMIT_SIGPENDING", 11),
            ("RLIMIT_MSGQUEUE", 12),
            ("RLIMIT_NICE", 13),
            ("RLIMIT_RTPRIO", 14),
            ("RLIMIT_RTTIME", 15),
            ("RUSAGE_SELF", 0),
            ("RUSAGE_CHILDREN", -1),
            ("RUSAGE_THREAD", 1),
            ("RLIM_INFINITY", -1),
        ],
    )
}

pub static RESOURCE: ModuleSpec = ModuleSpec {
    name: "resource",
    doc: None,
    functions: &[
        MethodDef::one("getrusage", getrusage, "getrusage($module, who, /)\n--\n\n"),
        MethodDef::one("getrlimit", getrlimit, "getrlimit($module, resource, /)\n--\n\n"),
        MethodDef::fast("setrlimit", setrlimit, "setrlimit($module, resource, limits, /)\n--\n\n"),
        MethodDef::no_args("getpagesize", getpagesize, "getpagesize($module, /)\n--\n\n"),
    ],
    exec: Some(resource_exec),
};
