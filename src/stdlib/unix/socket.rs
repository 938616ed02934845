//! `_socket`: stream and datagram sockets of the families IPv4, IPv6 and Unix.

use std::cell::Cell;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::time::Instant;

use super::raw::{self, Address};
use super::{retried, system_text, text_argument};
use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::args::{bind, check_count};
use crate::objects::declare::{self, TypeCell};
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{
    Args, IntObject, ModuleSpec, PyResult, Raised, Slots, StrObject, TupleObject, TypeObject, exceptions,
};
use crate::stdlib::support::{add_numbers, new_exception, raise_of};
use crate::vm::{Ctx, outside};

crate::declare_object! {
    /// `_socket.socket`.
    Socket {
        traced {}
        plain {
            /// The descriptor plus one; zero once closed.
            fd: Cell<i32>,
            family: Cell<i32>,
            kind: Cell<i32>,
            protocol: Cell<i32>,
            /// Seconds plus one; zero for none.
            timeout: Cell<f64>,
        }
    }
}

static TYPE: TypeCell = TypeCell::new();
const DEFAULT_TIMEOUT: &str = "socket.timeout";

/// The addresses of a host, as the system finds them.
fn lookup(host: &str) -> Vec<IpAddr> {
    let found = outside::ask("lookup", || {
        let found = (host, 0u16).to_socket_addrs().ok();
        found.map_or(Vec::new(), |found| found.map(|address| address.ip().to_string()).collect())
    });
    found.iter().filter_map(|address| address.parse().ok()).collect()
}

impl Socket {
    fn descriptor(&self) -> i32 {
        self.fd.get() - 1
    }

    fn timeout(&self) -> Option<f64> {
        match self.timeout.get() {
            0.0 => None,
            stored => Some(stored - 1.0),
        }
    }

    /// Stores the timeout and the descriptor's mode that goes with it.
    fn set_timeout(&self, cx: Ctx, timeout: Option<f64>) -> PyResult<()> {
        self.timeout.set(timeout.map_or(0.0, |timeout| timeout + 1.0));
        raw::set_blocking(self.descriptor(), timeout.is_none())
            .map_err(|error| cx.raise_os_error(&error, None))
    }

    /// Runs a call, waiting for the descriptor as long as the timeout allows.
    fn patiently<T>(&self, cx: Ctx, events: i16, mut call: impl FnMut(i32) -> io::Result<T>) -> PyResult<T> {
        let begun = Instant::now();
        loop {
            match call(self.descriptor()) {
                Ok(answer) => return Ok(answer),
                Err(error) => match (error.raw_os_error(), self.timeout()) {
                    (Some(libc::EINTR), _) => crate::vm::check_signals(cx)?,
                    (Some(libc::EAGAIN | libc::EINPROGRESS), Some(timeout)) if timeout > 0.0 => {
                        let left = outside::ask("time left", || timeout - begun.elapsed().as_secs_f64());
                        let mut fds = [libc::pollfd { fd: self.descriptor(), events, revents: 0 }];
                        let milliseconds = (left * 1000.0).ceil().clamp(0.0, 2e9) as i32;
                        let ready = left > 0.0 && retried(cx, || raw::poll(&mut fds, milliseconds))? > 0;
                        if !ready {
                            return Err(cx.raise(exceptions().timeout_error, "timed out"));
                        }
                    }
                    _ => return Err(cx.raise_os_error(&error, None)),
                },
            }
        }
    }
}

/// A timeout argument: seconds or `None`.
fn timeout_argument(cx: Ctx, value: &Object) -> PyResult<Option<f64>> {
    if cx.is_none(value) {
        return Ok(None);
    }
    let seconds = cx.to_f64(value)?;
    if seconds < 0.0 {
        return Err(cx.value_error("Timeout value out of range"));
    }
    Ok(Some(seconds))
}

fn init(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult<()> {
    const SIGNATURE: Signature = Signature {
        name: "socket",
        params: &["family", "type", "proto", "fileno"],
        required: 0,
        max_positional: 4,
    };
    let mut given: [Option<Ref>; 4] = Default::default();
    bind(cx, &SIGNATURE, args, &mut given)?;
    let number = |index: usize| given[index].as_ref().map_or(Ok(-1), |value| cx.to_i32(value));
    let (mut family, mut kind, mut protocol) = (number(0)?, number(1)?, number(2)?);
    let fd = match given[3].as_ref().filter(|value| !cx.is_none(value)) {
        Some(fd) => {
            if fd.is_instance(crate::objects::types().float) {
                return Err(cx.type_error("integer argument expected, got float"));
            }
            let fd = cx.to_i32(fd)?;
            if fd < 0 {
                return Err(cx.value_error("negative file descriptor"));
            }
            let option = |name: i32| {
                raw::get_option(fd, libc::SOL_SOCKET, name, 4)
                    .map(|bytes| bytes.try_into().map_or(-1, i32::from_ne_bytes))
                    .map_err(|error| cx.raise_os_error(&error, None))
            };
            if family == -1 {
                family = option(libc::SO_DOMAIN)?;
            }
            if kind == -1 {
                kind = option(libc::SO_TYPE)?;
            }
            if protocol == -1 {
                protocol = option(libc::SO_PROTOCOL)?;
            }
            fd
        }
        None => {
            family = if family == -1 { libc::AF_INET } else { family };
            kind = if kind == -1 { libc::SOCK_STREAM } else { kind };
            protocol = protocol.max(0);
            raw::socket(family, kind, protocol).map_err(|error| cx.raise_os_error(&error, None))?
        }
    };
    let socket = Socket::of(this);
    socket.fd.set(fd + 1);
    socket.family.set(family);
    socket.kind.set(kind & !(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK));
    socket.protocol.set(protocol);
    socket.timeout.set(0.0);
    match cx.named_root(DEFAULT_TIMEOUT).filter(|value| !cx.is_none(value)) {
        Some(timeout) => socket.set_timeout(cx, Some(cx.to_f64(&timeout)?)),
        None if kind & libc::SOCK_NONBLOCK != 0 => socket.set_timeout(cx, Some(0.0)),
        None => Ok(()),
    }
}

fn new(cx: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    Ok(declare::make::<Socket>(cx, ty)?.into_object())
}

unsafe fn dealloc(object: std::ptr::NonNull<Object>) {
    // SAFETY: the slot of this type; a descriptor that is still open is closed with it.
    unsafe {
        let socket = Socket::of(object.as_ref());
        if socket.fd.get() > 0 {
            drop(crate::stdlib::posix::raw::close(socket.descriptor()));
        }
        memory::dealloc_as::<Socket>(object);
    }
}

// ---- addresses ----

fn port_of(cx: Ctx, value: &Object) -> PyResult<u16> {
    let port = cx.to_i64(value)?;
    u16::try_from(port).map_err(|_| cx.overflow_error("port must be 0-65535."))
}

fn gai_error(cx: Ctx, number: i64, text: &str) -> Raised {
    let raised = raise_of(cx, "_socket", "gaierror", exceptions().os_error, "");
    let made = cx.take_exception(raised);
    let class = made.as_object().ty();
    match cx.call(class.as_object(), &[cx.new_int(number), cx.new_str(text).into_object()]) {
        Ok(error) => cx.raise_with(class, error),
        Err(raised) => raised,
    }
}

/// The IP address behind a host name.
fn resolve(cx: Ctx, host: &str, family: i32) -> PyResult<IpAddr> {
    match host {
        "" if family == libc::AF_INET6 => return Ok(Ipv6Addr::UNSPECIFIED.into()),
        "" => return Ok(Ipv4Addr::UNSPECIFIED.into()),
        "<broadcast>" => return Ok(Ipv4Addr::BROADCAST.into()),
        _ => {}
    }
    let fits = |address: &IpAddr| address.is_ipv6() == (family == libc::AF_INET6);
    if let Ok(address) = host.parse::<IpAddr>()
        && fits(&address)
    {
        return Ok(address);
    }
    let found = lookup(host);
    found
        .into_iter()
        .find(|address| family == 0 || fits(address))
        .ok_or_else(|| gai_error(cx, -2, "Name or service not known"))
}

fn pack_ip(address: IpAddr, port: u16, flow: u32, scope: u32) -> Address {
    let mut out = Vec::with_capacity(28);
    match address {
        IpAddr::V4(address) => {
            out.extend((libc::AF_INET as u16).to_ne_bytes());
            out.extend(port.to_be_bytes());
            out.extend(address.octets());
            out.extend([0; 8]);
        }
        IpAddr::V6(address) => {
            out.extend((libc::AF_INET6 as u16).to_ne_bytes());
            out.extend(port.to_be_bytes());
            out.extend(flow.to_be_bytes());
            out.extend(address.octets());
            out.extend(scope.to_ne_bytes());
        }
    }
    out
}

/// A Python address as the system has it.
fn to_address(cx: Ctx, socket: &Socket, value: &Object, function: &str) -> PyResult<Address> {
    let family = socket.family.get();
    match family {
        libc::AF_UNIX => {
            let bytes = match value.downcast::<StrObject>() {
                Some(_) => crate::stdlib::posix::path::encode(cx, value)?,
                None => cx.with_bytes(value, <[u8]>::to_vec)?,
            };
            if bytes.len() > 107 {
                return Err(cx.raise(exceptions().os_error, "AF_UNIX path too long"));
            }
            let mut out = (libc::AF_UNIX as u16).to_ne_bytes().to_vec();
            let is_abstract = bytes.first() == Some(&0);
            out.extend(bytes);
            if !is_abstract {
                out.push(0);
            }
            Ok(out)
        }
        libc::AF_INET | libc::AF_INET6 => {
            let name = if family == libc::AF_INET { "AF_INET" } else { "AF_INET6" };
            let Some(parts) = value.downcast::<TupleObject>().map(TupleObject::as_slice) else {
                let ty = value.ty().tp_name();
                return Err(
                    cx.type_error(format_args!("{function}(): {name} address must be tuple, not {ty}"))
                );
            };
            let allowed = if family == libc::AF_INET { 2..=2 } else { 2..=4 };
            if !allowed.contains(&parts.len()) {
                let shape = if family == libc::AF_INET {
                    "a pair (host, port)"
                } else {
                    "a tuple (host, port[, flowinfo[, scopeid]])"
                };
                return Err(cx.type_error(format_args!("{name} address must be {shape}")));
            }
            let host = match parts[0].downcast::<StrObject>() {
                Some(text) => text.to_string_lossy(),
                None => String::from_utf8_lossy(&cx.with_bytes(&parts[0], <[u8]>::to_vec)?).into_owned(),
            };
            let port = port_of(cx, &parts[1]).map_err(|raised| {
                if cx.raised_is(&raised, exceptions().overflow_error) {
                    cx.clear_exception(raised);
                    cx.overflow_error(format_args!("{function}(): port must be 0-65535."))
                } else {
                    raised
                }
            })?;
            let extra =
                |index: usize| parts.get(index).map_or(Ok(0), |value| cx.to_i64(value).map(|v| v as u32));
            Ok(pack_ip(resolve(cx, &host, family)?, port, extra(2)?, extra(3)?))
        }
        _ => Err(cx.raise(exceptions().os_error, format_args!("{function}(): bad family"))),
    }
}

/// An address of the system's as Python shows it.
fn from_address(cx: Ctx, address: &[u8]) -> PyResult {
    let family = address.get(..2).map_or(0, |bytes| i32::from(u16::from_ne_bytes([bytes[0], bytes[1]])));
    match family {
        libc::AF_INET if address.len() >= 8 => {
            let ip = Ipv4Addr::new(address[4], address[5], address[6], address[7]).to_string();
            let port = u16::from_be_bytes([address[2], address[3]]);
            Ok(cx.new_tuple(vec![cx.new_str(&ip).into_object(), cx.new_int(port.into())]).into_object())
        }
        libc::AF_INET6 if address.len() >= 28 => {
            let mut octets = [0; 16];
            octets.copy_from_slice(&address[8..24]);
            let word = |at: usize| [address[at], address[at + 1], address[at + 2], address[at + 3]];
            let fields = vec![
                cx.new_str(&Ipv6Addr::from(octets).to_string()).into_object(),
                cx.new_int(u16::from_be_bytes([address[2], address[3]]).into()),
                cx.new_int(u32::from_be_bytes(word(4)).into()),
                cx.new_int(u32::from_ne_bytes(word(24)).into()),
            ];
            Ok(cx.new_tuple(fields).into_object())
        }
        libc::AF_UNIX => {
            let name = &address[2..];
            if name.first() == Some(&0) && name.len() > 1 {
                return Ok(cx.new_bytes(name).into_object());
            }
            let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
            system_text(cx, &name[..end])
        }
        _ => Ok(cx.none()),
    }
}

// ---- methods ----

fn s_bind(cx: Ctx, this: &Object, address: &Ref) -> PyResult {
    let socket = Socket::of(this);
    let address = to_address(cx, socket, address, "bind")?;
    raw::bind(socket.descriptor(), &address).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn connect_error(cx: Ctx, socket: &Socket, address: &Address) -> PyResult<i32> {
    match raw::connect(socket.descriptor(), address) {
        Ok(()) => Ok(0),
        Err(error) => match (error.raw_os_error(), socket.timeout()) {
            (Some(libc::EINPROGRESS | libc::EINTR), timeout)
                if timeout.is_none_or(|timeout| timeout > 0.0) =>
            {
                let milliseconds = timeout.map_or(-1, |timeout| (timeout * 1000.0).ceil().min(2e9) as i32);
                let mut fds = [libc::pollfd { fd: socket.descriptor(), events: libc::POLLOUT, revents: 0 }];
                if retried(cx, || raw::poll(&mut fds, milliseconds))? == 0 {
                    return Err(cx.raise(exceptions().timeout_error, "timed out"));
                }
                let status = raw::get_option(socket.descriptor(), libc::SOL_SOCKET, libc::SO_ERROR, 4);
                Ok(status.map_or(0, |bytes| bytes.try_into().map_or(0, i32::from_ne_bytes)))
            }
            (number, _) => Ok(number.unwrap_or(libc::EINVAL)),
        },
    }
}

fn s_connect(cx: Ctx, this: &Object, address: &Ref) -> PyResult {
    let socket = Socket::of(this);
    let address = to_address(cx, socket, address, "connect")?;
    match connect_error(cx, socket, &address)? {
        0 => Ok(cx.none()),
        number => Err(cx.raise_errno(number, None)),
    }
}

fn s_connect_ex(cx: Ctx, this: &Object, address: &Ref) -> PyResult {
    let socket = Socket::of(this);
    let address = to_address(cx, socket, address, "connect_ex")?;
    Ok(cx.new_int(connect_error(cx, socket, &address)?.into()))
}

fn s_listen(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "listen", args, 0, 1)?;
    let backlog = args.first().map_or(Ok(128), |backlog| cx.to_i32(backlog))?.max(0);
    raw::listen(Socket::of(this).descriptor(), backlog).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn s_accept(cx: Ctx, this: &Object) -> PyResult {
    let (fd, address) = Socket::of(this).patiently(cx, libc::POLLIN, raw::accept)?;
    Ok(cx.new_tuple(vec![cx.new_int(fd.into()), from_address(cx, &address)?]).into_object())
}

fn room(cx: Ctx, value: &Object, function: &str) -> PyResult<usize> {
    usize::try_from(cx.to_size(value)?)
        .map_err(|_| cx.value_error(format_args!("negative buffersize in {function}")))
}

fn flags_of(cx: Ctx, value: Option<&Ref>) -> PyResult<i32> {
    value.map_or(Ok(0), |flags| cx.to_i32(flags))
}

fn s_recv(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "recv", args, 1, 2)?;
    let (size, flags) = (room(cx, &args[0], "recv")?, flags_of(cx, args.get(1))?);
    let mut buffer = vec![0; size];
    let count = Socket::of(this).patiently(cx, libc::POLLIN, |fd| raw::receive(fd, &mut buffer, flags))?;
    Ok(cx.new_bytes(&buffer[..count]).into_object())
}

fn s_recvfrom(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "recvfrom", args, 1, 2)?;
    let (size, flags) = (room(cx, &args[0], "recvfrom")?, flags_of(cx, args.get(1))?);
    let mut buffer = vec![0; size];
    let (count, address) =
        Socket::of(this).patiently(cx, libc::POLLIN, |fd| raw::receive_from(fd, &mut buffer, flags))?;
    let bytes = cx.new_bytes(&buffer[..count]).into_object();
    Ok(cx.new_tuple(vec![bytes, from_address(cx, &address)?]).into_object())
}

fn s_recv_into(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "recv_into",
        params: &["buffer", "nbytes", "flags"],
        required: 1,
        max_positional: 3,
    };
    let mut given = [None, None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(target), size, flags] = given else { return Err(cx.system_error("bad internal call")) };
    let size = size.map_or(Ok(0), |size| room(cx, &size, "recv_into"))?;
    let flags = flags_of(cx, flags.as_ref())?;
    let have = crate::stdlib::io::buffer_len(cx, &target)?;
    if have < size {
        return Err(cx.value_error("buffer too small for requested bytes"));
    }
    let mut buffer = vec![0; if size == 0 { have } else { size }];
    let count = Socket::of(this).patiently(cx, libc::POLLIN, |fd| raw::receive(fd, &mut buffer, flags))?;
    crate::stdlib::io::fill_buffer(cx, &target, &buffer[..count])?;
    Ok(cx.new_uint(count))
}

fn s_send(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "send", args, 1, 2)?;
    let (bytes, flags) = (cx.with_bytes(&args[0], <[u8]>::to_vec)?, flags_of(cx, args.get(1))?);
    let count = Socket::of(this).patiently(cx, libc::POLLOUT, |fd| raw::send(fd, &bytes, flags, None))?;
    Ok(cx.new_uint(count))
}

fn s_sendall(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "sendall", args, 1, 2)?;
    let (bytes, flags) = (cx.with_bytes(&args[0], <[u8]>::to_vec)?, flags_of(cx, args.get(1))?);
    let mut sent = 0;
    while sent < bytes.len() {
        sent +=
            Socket::of(this).patiently(cx, libc::POLLOUT, |fd| raw::send(fd, &bytes[sent..], flags, None))?;
    }
    Ok(cx.none())
}

fn s_sendto(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "sendto", args, 2, 3)?;
    let bytes = cx.with_bytes(&args[0], <[u8]>::to_vec)?;
    let flags = if args.len() == 3 { cx.to_i32(&args[1])? } else { 0 };
    let socket = Socket::of(this);
    let address = to_address(cx, socket, &args[args.len() - 1], "sendto")?;
    let count = socket.patiently(cx, libc::POLLOUT, |fd| raw::send(fd, &bytes, flags, Some(&address)))?;
    Ok(cx.new_uint(count))
}

fn s_close(cx: Ctx, this: &Object) -> PyResult {
    let fd = Socket::of(this).fd.replace(0);
    if fd > 0 {
        match crate::stdlib::posix::raw::close(fd - 1) {
            Err(error) if error.raw_os_error() != Some(libc::ECONNRESET) => {
                return Err(cx.raise_os_error(&error, None));
            }
            _ => {}
        }
    }
    Ok(cx.none())
}

fn s_detach(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_int(i64::from(Socket::of(this).fd.replace(0)) - 1))
}

fn s_shutdown(cx: Ctx, this: &Object, how: &Ref) -> PyResult {
    raw::shutdown(Socket::of(this).descriptor(), cx.to_i32(how)?)
        .map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn s_name(cx: Ctx, this: &Object, peer: bool) -> PyResult {
    let address =
        raw::name_of(Socket::of(this).descriptor(), peer).map_err(|error| cx.raise_os_error(&error, None))?;
    from_address(cx, &address)
}

fn s_setblocking(cx: Ctx, this: &Object, flag: &Ref) -> PyResult {
    let blocking = cx.is_true(flag)?;
    Socket::of(this).set_timeout(cx, (!blocking).then_some(0.0))?;
    Ok(cx.none())
}

fn s_settimeout(cx: Ctx, this: &Object, value: &Ref) -> PyResult {
    let timeout = timeout_argument(cx, value)?;
    Socket::of(this).set_timeout(cx, timeout)?;
    Ok(cx.none())
}

fn s_gettimeout(cx: Ctx, this: &Object) -> PyResult {
    Ok(Socket::of(this).timeout().map_or_else(|| cx.none(), |timeout| cx.new_float(timeout)))
}

fn s_setsockopt(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "setsockopt", args, 3, 4)?;
    let (level, name) = (cx.to_i32(&args[0])?, cx.to_i32(&args[1])?);
    let value = match args[2].downcast::<IntObject>() {
        Some(_) => cx.to_i32(&args[2])?.to_ne_bytes().to_vec(),
        None => cx.with_bytes(&args[2], <[u8]>::to_vec)?,
    };
    raw::set_option(Socket::of(this).descriptor(), level, name, &value)
        .map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn s_getsockopt(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "getsockopt", args, 2, 3)?;
    let (level, name) = (cx.to_i32(&args[0])?, cx.to_i32(&args[1])?);
    let size = args.get(2).map_or(Ok(0), |size| cx.to_i32(size))?;
    if !(0..=1024).contains(&size) {
        return Err(cx.raise(exceptions().os_error, "getsockopt buflen out of range"));
    }
    let bytes = raw::get_option(
        Socket::of(this).descriptor(),
        level,
        name,
        if size == 0 { 4 } else { size as usize },
    )
    .map_err(|error| cx.raise_os_error(&error, None))?;
    if size == 0 {
        return Ok(cx.new_int(bytes.try_into().map_or(0, i32::from_ne_bytes).into()));
    }
    Ok(cx.new_bytes(&bytes).into_object())
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    let socket = Socket::of(this);
    let text = format!(
        "<socket object, fd={}, family={}, type={}, proto={}>",
        socket.descriptor(),
        socket.family.get(),
        socket.kind.get(),
        socket.protocol.get()
    );
    Ok(cx.new_str(&text).into_object())
}

macro_rules! number {
    ($name:literal, $field:ident) => {
        GetSetDef {
            name: $name,
            get: Some(|cx, this| Ok(cx.new_int(Socket::of(this).$field.get().into()))),
            set: None,
            doc: "",
        }
    };
}

static SPEC: TypeSpec = TypeSpec {
    name: "_socket.socket",
    doc: Some(
        "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\n\nOpen a socket of the given type.",
    ),
    layout: Layout::plain::<Socket>(),
    basicsize: 48,
    flags: TypeFlags::BASETYPE,
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args("_accept", s_accept, "_accept() -> (integer, address info)"),
        MethodDef::one("bind", s_bind, "bind(address)"),
        MethodDef::no_args("close", s_close, "close()"),
        MethodDef::one("connect", s_connect, "connect(address)"),
        MethodDef::one("connect_ex", s_connect_ex, "connect_ex(address) -> errno"),
        MethodDef::no_args("detach", s_detach, "detach()"),
        MethodDef::no_args(
            "fileno",
            |cx, this| Ok(cx.new_int(Socket::of(this).descriptor().into())),
            "fileno() -> integer",
        ),
        MethodDef::no_args("getpeername", |cx, this| s_name(cx, this, true), "getpeername() -> address info"),
        MethodDef::no_args(
            "getsockname",
            |cx, this| s_name(cx, this, false),
            "getsockname() -> address info",
        ),
        MethodDef::fast("getsockopt", s_getsockopt, "getsockopt(level, option[, buffersize]) -> value"),
        MethodDef::fast("listen", s_listen, "listen([backlog])"),
        MethodDef::fast("recv", s_recv, "recv(buffersize[, flags]) -> data"),
        MethodDef::keywords("recv_into", s_recv_into, "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read"),
        MethodDef::fast("recvfrom", s_recvfrom, "recvfrom(buffersize[, flags]) -> (data, address info)"),
        MethodDef::fast("send", s_send, "send(data[, flags]) -> count"),
        MethodDef::fast("sendall", s_sendall, "sendall(data[, flags])"),
        MethodDef::fast("sendto", s_sendto, "sendto(data[, flags], address) -> count"),
        MethodDef::one("setblocking", s_setblocking, "setblocking(flag)"),
        MethodDef::no_args(
            "getblocking",
            |cx, this| Ok(cx.bool(Socket::of(this).timeout() != Some(0.0))),
            "getblocking()",
        ),
        MethodDef::one("settimeout", s_settimeout, "settimeout(timeout)"),
        MethodDef::no_args("gettimeout", s_gettimeout, "gettimeout() -> timeout"),
        MethodDef::fast("setsockopt", s_setsockopt, "setsockopt(level, option, value)"),
        MethodDef::one("shutdown", s_shutdown, "shutdown(flag)"),
    ],
    getset: &[
        number!("family", family),
        number!("type", kind),
        number!("proto", protocol),
        GetSetDef { name: "timeout", get: Some(s_gettimeout), set: None, doc: "the socket timeout" },
    ],
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

// ---- functions ----

fn socketpair(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "socketpair", args, 0, 3)?;
    let number = |index: usize, default: i32| args.get(index).map_or(Ok(default), |value| cx.to_i32(value));
    let (family, kind, protocol) = (number(0, libc::AF_UNIX)?, number(1, libc::SOCK_STREAM)?, number(2, 0)?);
    let ends = raw::socketpair(family, kind, protocol).map_err(|error| cx.raise_os_error(&error, None))?;
    let mut made = Vec::with_capacity(2);
    for fd in ends {
        let socket = declare::make::<Socket>(cx, TYPE.get(cx)?)?;
        socket.fd.set(fd + 1);
        socket.family.set(family);
        socket.kind.set(kind);
        socket.protocol.set(protocol);
        made.push(socket.into_object());
    }
    Ok(cx.new_tuple(made).into_object())
}

fn getaddrinfo(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature = Signature {
        name: "getaddrinfo",
        params: &["host", "port", "family", "type", "proto", "flags"],
        required: 2,
        max_positional: 6,
    };
    let mut given: [Option<Ref>; 6] = Default::default();
    bind(cx, &SIGNATURE, args, &mut given)?;
    let number = |index: usize| given[index].as_ref().map_or(Ok(0), |value| cx.to_i32(value));
    let (family, kind, protocol, flags) = (number(2)?, number(3)?, number(4)?, number(5)?);
    let host = match given[0].as_ref().filter(|host| !cx.is_none(host)) {
        None => None,
        Some(host) => Some(match host.downcast::<StrObject>() {
            Some(text) => text.to_string_lossy(),
            None => String::from_utf8_lossy(&cx.with_bytes(host, <[u8]>::to_vec)?).into_owned(),
        }),
    };
    let port = match given[1].as_ref().filter(|port| !cx.is_none(port)) {
        None => 0,
        Some(port) if port.downcast::<IntObject>().is_some() => cx.to_i64(port)? as u16,
        Some(port) => {
            let text = match port.downcast::<StrObject>() {
                Some(text) => text.to_string_lossy(),
                None => String::from_utf8_lossy(&cx.with_bytes(port, <[u8]>::to_vec)?).into_owned(),
            };
            match (text.parse::<u16>(), service_port(&text)) {
                (Ok(port), _) | (Err(_), Some(port)) => port,
                _ => return Err(gai_error(cx, -8, "Servname not supported for ai_socktype")),
            }
        }
    };
    let wanted = |address: &IpAddr| match family {
        libc::AF_INET => address.is_ipv4(),
        libc::AF_INET6 => address.is_ipv6(),
        _ => true,
    };
    let mut addresses: Vec<IpAddr> = match host.as_deref() {
        None if flags & libc::AI_PASSIVE != 0 => {
            vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()]
        }
        None => vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()],
        Some(host) => match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) if flags & libc::AI_NUMERICHOST != 0 => Vec::new(),
            Err(_) => lookup(host),
        },
    };
    addresses.retain(wanted);
    addresses.dedup();
    if addresses.is_empty() {
        return Err(gai_error(cx, -2, "Name or service not known"));
    }
    let kinds: Vec<(i32, i32)> = [(libc::SOCK_STREAM, 6), (libc::SOCK_DGRAM, 17), (libc::SOCK_RAW, 0)]
        .into_iter()
        .filter(|(k, p)| (kind == 0 || *k == kind) && (protocol == 0 || *p == protocol || *p == 0))
        .collect();
    let mut rows = Vec::new();
    for address in addresses {
        for (kind, protocol) in &kinds {
            let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
            let row = vec![
                cx.new_int(family.into()),
                cx.new_int((*kind).into()),
                cx.new_int((*protocol).into()),
                cx.new_str("").into_object(),
                from_address(cx, &pack_ip(address, port, 0, 0))?,
            ];
            rows.push(cx.new_tuple(row).into_object());
        }
    }
    Ok(cx.new_list(rows)?.into_object())
}

/// The port of a service, as `/etc/services` lists it.
fn service_port(name: &str) -> Option<u16> {
    let known =
        [("http", 80), ("https", 443), ("ftp", 21), ("ssh", 22), ("smtp", 25), ("domain", 53), ("echo", 7)];
    let text = crate::vm::outside::read_file("/etc/services")
        .map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned());
    let listed = text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(name)).then(|| words.next()?.split('/').next()?.parse().ok()).flatten()
    });
    listed.or_else(|| known.iter().find(|(known, _)| *known == name).map(|(_, port)| *port))
}

fn getservbyname(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "getservbyname", args, 1, 2)?;
    let name = text_argument(cx, &args[0], "getservbyname()")?;
    match service_port(&name) {
        Some(port) => Ok(cx.new_int(port.into())),
        None => Err(cx.raise(exceptions().os_error, "service/proto not found")),
    }
}

fn gethostname(cx: Ctx, _: &Object) -> PyResult {
    let name = raw::host_name().map_err(|error| cx.raise_os_error(&error, None))?;
    system_text(cx, &name)
}

fn gethostbyname(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    let name = text_argument(cx, name, "gethostbyname()")?;
    let address = resolve(cx, &name, libc::AF_INET)?;
    Ok(cx.new_str(&address.to_string()).into_object())
}

fn inet_aton(cx: Ctx, _: &Object, text: &Ref) -> PyResult {
    let text = text_argument(cx, text, "inet_aton()")?;
    match text.parse::<Ipv4Addr>() {
        Ok(address) => Ok(cx.new_bytes(&address.octets()).into_object()),
        Err(_) => Err(cx.raise(exceptions().os_error, "illegal IP address string passed to inet_aton")),
    }
}

fn inet_ntoa(cx: Ctx, _: &Object, packed: &Ref) -> PyResult {
    match cx.with_bytes(packed, <[u8]>::to_vec)?[..] {
        [a, b, c, d] => Ok(cx.new_str(&Ipv4Addr::new(a, b, c, d).to_string()).into_object()),
        _ => Err(cx.raise(exceptions().os_error, "packed IP wrong length")),
    }
}

fn inet_pton(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "inet_pton", args, 2, 2)?;
    let text = text_argument(cx, &args[1], "inet_pton()")?;
    let bytes = match cx.to_i32(&args[0])? {
        libc::AF_INET => text.parse::<Ipv4Addr>().ok().map(|address| address.octets().to_vec()),
        libc::AF_INET6 => text.parse::<Ipv6Addr>().ok().map(|address| address.octets().to_vec()),
        _ => return Err(cx.raise_errno(libc::EAFNOSUPPORT, None)),
    };
    match bytes {
        Some(bytes) => Ok(cx.new_bytes(&bytes).into_object()),
        None => Err(cx.raise(exceptions().os_error, "illegal IP address string passed to inet_pton")),
    }
}

fn inet_ntop(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "inet_ntop", args, 2, 2)?;
    let bytes = cx.with_bytes(&args[1], <[u8]>::to_vec)?;
    let family = cx.to_i32(&args[0])?;
    let text = match family {
        libc::AF_INET => {
            <[u8; 4]>::try_from(&bytes[..]).ok().map(|octets| Ipv4Addr::from(octets).to_string())
        }
        libc::AF_INET6 => {
            <[u8; 16]>::try_from(&bytes[..]).ok().map(|octets| Ipv6Addr::from(octets).to_string())
        }
        _ => return Err(cx.value_error(format_args!("unknown address family {family}"))),
    };
    match text {
        Some(text) => Ok(cx.new_str(&text).into_object()),
        None => Err(cx.value_error("invalid length of packed IP address string")),
    }
}

macro_rules! orders {
    ($($name:ident $ty:ident $method:ident;)*) => {$(
        fn $name(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
            let value = cx.to_i64(value)?;
            match $ty::try_from(value) {
                Ok(value) => Ok(cx.new_int(value.$method().into())),
                Err(_) if value < 0 => Err(cx.overflow_error(concat!(stringify!($name), ": can't convert negative Python int to C ", stringify!($ty)))),
                Err(_) => Err(cx.overflow_error(concat!(stringify!($name), ": Python int too large to convert to C ", stringify!($ty)))),
            }
        }
    )*};
}
orders! { htons u16 to_be; ntohs u16 to_be; htonl u32 to_be; ntohl u32 to_be; }

fn close(cx: Ctx, _: &Object, fd: &Ref) -> PyResult {
    crate::stdlib::posix::raw::close(cx.to_i32(fd)?).map_err(|error| cx.raise_os_error(&error, None))?;
    Ok(cx.none())
}

fn getdefaulttimeout(cx: Ctx, _: &Object) -> PyResult {
    Ok(cx.named_root(DEFAULT_TIMEOUT).unwrap_or_else(|| cx.none()))
}

fn setdefaulttimeout(cx: Ctx, _: &Object, value: &Ref) -> PyResult {
    let timeout = timeout_argument(cx, value)?.map(|seconds| cx.new_float(seconds));
    cx.set_named_root(DEFAULT_TIMEOUT, timeout);
    Ok(cx.none())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let ty = crate::objects::type_::ready::new_static_type(cx, &SPEC)?;
    TYPE.set(ty);
    module.add(cx, "socket", ty.to_object())?;
    module.add(cx, "SocketType", ty.to_object())?;
    module.add(cx, "has_ipv6", cx.bool(true))?;
    module.add(cx, "error", exceptions().os_error.to_object())?;
    module.add(cx, "timeout", exceptions().timeout_error.to_object())?;
    for name in ["herror", "gaierror"] {
        let class = new_exception(cx, "socket", name, exceptions().os_error.to_object())?;
        module.add(cx, name, class)?;
    }
    macro_rules! from_libc {
        ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64),)*] };
    }
    add_numbers(
        cx,
        module,
        from_libc!(
            AF_UNSPEC AF_UNIX AF_INET AF_INET6 SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_SEQPACKET
            SOCK_CLOEXEC SOCK_NONBLOCK SOL_SOCKET SO_REUSEADDR SO_KEEPALIVE SO_BROADCAST SO_LINGER
            SO_RCVBUF SO_SNDBUF SO_ERROR SO_TYPE SO_REUSEPORT SO_ACCEPTCONN SO_DONTROUTE SO_OOBINLINE
            SO_RCVTIMEO SO_SNDTIMEO SO_RCVLOWAT SO_SNDLOWAT SO_DOMAIN SO_PROTOCOL SO_PRIORITY
            SO_PASSCRED SO_PEERCRED SO_MARK IPPROTO_IP IPPROTO_TCP IPPROTO_UDP IPPROTO_IPV6 IPPROTO_ICMP
            IPPROTO_RAW IPPROTO_ICMPV6 TCP_NODELAY TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_MAXSEG
            TCP_CORK TCP_DEFER_ACCEPT TCP_FASTOPEN TCP_INFO TCP_LINGER2 TCP_QUICKACK TCP_SYNCNT
            TCP_USER_TIMEOUT TCP_WINDOW_CLAMP IP_TTL IP_TOS IP_MULTICAST_TTL IP_MULTICAST_LOOP
            IP_MULTICAST_IF IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP IPV6_V6ONLY IPV6_MULTICAST_HOPS
            IPV6_MULTICAST_IF IPV6_MULTICAST_LOOP IPV6_UNICAST_HOPS SHUT_RD SHUT_WR SHUT_RDWR
            MSG_OOB MSG_PEEK MSG_DONTWAIT MSG_WAITALL MSG_NOSIGNAL MSG_TRUNC MSG_CTRUNC MSG_DONTROUTE
            MSG_EOR MSG_MORE AI_PASSIVE AI_CANONNAME AI_NUMERICHOST AI_NUMERICSERV AI_ADDRCONFIG
            AI_V4MAPPED AI_ALL EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NONAME
            EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM NI_DGRAM NI_NAMEREQD NI_NUMERICHOST NI_NUMERICSERV
            NI_NOFQDN SOMAXCONN
        ),
    )?;
    add_numbers(
        cx,
        module,
        &[
            ("INADDR_ANY", 0),
            ("INADDR_BROADCAST", 0xffff_ffff),
            ("INADDR_LOOPBACK", 0x7f00_0001),
            ("INADDR_NONE", 0xffff_ffff),
            ("INADDR_ALLHOSTS_GROUP", 0xe000_0001),
            ("INADDR_UNSPEC_GROUP", 0xe000_0000),
            ("INADDR_MAX_LOCAL_GROUP", 0xe000_00ff),
            ("NI_MAXHOST", 1025),
            ("NI_MAXSERV", 32),
            ("IPPORT_RESERVED", 1024),
            ("IPPORT_USERRESERVED", 5000),
        ],
    )?;
    Ok(())
}

pub static SOCKET: ModuleSpec = ModuleSpec {
    name: "_socket",
    doc: Some("Implementation module for socket operations.\n\nSee the socket module for documentation."),
    functions: &[
        MethodDef::fast(
            "socketpair",
            socketpair,
            "socketpair([family[, type [, proto]]]) -> (socket object, socket object)",
        ),
        MethodDef::keywords(
            "getaddrinfo",
            getaddrinfo,
            "getaddrinfo(host, port [, family, type, proto, flags]) -> list of (family, type, proto, canonname, sockaddr)",
        ),
        MethodDef::fast(
            "getservbyname",
            getservbyname,
            "getservbyname(servicename[, protocolname]) -> integer",
        ),
        MethodDef::no_args("gethostname", gethostname, "gethostname() -> string"),
        MethodDef::one("gethostbyname", gethostbyname, "gethostbyname(host) -> address"),
        MethodDef::one(
            "inet_aton",
            inet_aton,
            "inet_aton(string) -> bytes giving packed 32-bit IP representation",
        ),
        MethodDef::one("inet_ntoa", inet_ntoa, "inet_ntoa(packed_ip) -> ip_address_string"),
        MethodDef::fast("inet_pton", inet_pton, "inet_pton(af, ip) -> packed IP address string"),
        MethodDef::fast("inet_ntop", inet_ntop, "inet_ntop(af, packed_ip) -> string formatted IP address"),
        MethodDef::one("htons", htons, "htons(integer) -> integer"),
        MethodDef::one("ntohs", ntohs, "ntohs(integer) -> integer"),
        MethodDef::one("htonl", htonl, "htonl(integer) -> integer"),
        MethodDef::one("ntohl", ntohl, "ntohl(integer) -> integer"),
        MethodDef::one("close", close, "close(integer) -> None"),
        MethodDef::no_args("getdefaulttimeout", getdefaulttimeout, "getdefaulttimeout() -> timeout"),
        MethodDef::one("setdefaulttimeout", setdefaulttimeout, "setdefaulttimeout(timeout)"),
    ],
    exec: Some(exec),
};
