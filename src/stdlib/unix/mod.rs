//! Modules over system calls beside `posix`: `select`, `fcntl`, `termios`, `resource`, `pwd`, `grp`,
//! `_posixsubprocess`, `_socket`. The calls themselves are in `raw`.

mod accounts;
mod descriptors;
pub mod raw;
mod select;
mod socket;
pub mod subprocess;

use crate::memory::{Object, Ref};
use crate::objects::{IntObject, PyResult, StrObject};
use crate::vm::Ctx;

pub use accounts::{GRP, PWD};
pub use descriptors::{FCNTL, RESOURCE, TERMIOS};
pub use select::SELECT;
pub use socket::SOCKET;
pub use subprocess::POSIXSUBPROCESS;

/// The descriptor that an object is or has: an integer, or what its `fileno()` gives.
pub fn descriptor(cx: Ctx, object: &Object) -> PyResult<i32> {
    let fd = if object.downcast::<IntObject>().is_some() {
        cx.to_i32(object)?
    } else {
        let Some(method) = cx.get_attr_opt(object, &cx.intern("fileno"))? else {
            return Err(cx.type_error("argument must be an int, or have a fileno() method."));
        };
        let answer = cx.call0(&method)?;
        if answer.downcast::<IntObject>().is_none() {
            return Err(cx.type_error("fileno() returned a non-integer"));
        }
        cx.to_i32(&answer)?
    };
    if fd < 0 {
        return Err(cx.value_error(format_args!("file descriptor cannot be a negative integer ({fd})")));
    }
    Ok(fd)
}

/// Repeats a call that a signal interrupted, unless the signal raises.
pub fn retried<T>(cx: Ctx, mut call: impl FnMut() -> std::io::Result<T>) -> PyResult<T> {
    loop {
        match call() {
            Ok(answer) => return Ok(answer),
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => crate::vm::check_signals(cx)?,
            Err(error) => return Err(cx.raise_os_error(&error, None)),
        }
    }
}

/// Text as the system has it.
pub fn system_text(cx: Ctx, bytes: &[u8]) -> PyResult {
    Ok(crate::objects::str::codec::decode(cx, bytes, "utf-8", "surrogateescape")?.into_object())
}

/// A `str` argument's text.
pub fn text_argument(cx: Ctx, value: &Ref, function: &str) -> PyResult<String> {
    match value.downcast::<StrObject>() {
        Some(text) => Ok(text.to_string_lossy()),
        None => {
            Err(cx.type_error(format_args!("{function} argument must be str, not {}", value.ty().tp_name())))
        }
    }
}
