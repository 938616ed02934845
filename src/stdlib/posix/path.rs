//! Paths as Python gives them: `str`, `bytes`, or anything with `__fspath__`; some functions take
//! an open descriptor instead.
//!
//! File names are bytes; as text they are UTF-8, and bytes that are not are smuggled through as
//! lone surrogates (`surrogateescape`).

use std::ffi::{CStr, CString};
use std::io;

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::str::codec::{self, Encoding};
use crate::objects::{PyResult, Raised, StrObject, names, types};
use crate::vm::Ctx;

/// The path that an object stands for: a `str` or `bytes` (`PyOS_FSPath`).
pub fn fspath(cx: Ctx, object: &Object) -> PyResult {
    if object.is_instance(types().str) || object.is_instance(types().bytes) {
        return Ok(object.to_ref());
    }
    let Some(method) = cx.lookup_special(object, &names().fspath)? else {
        return Err(cx.type_error(format_args!(
            "expected str, bytes or os.PathLike object, not {}",
            object.ty().tp_name()
        )));
    };
    let path = cx.call0(&method)?;
    if path.is_instance(types().str) || path.is_instance(types().bytes) {
        return Ok(path);
    }
    Err(cx.type_error(format_args!(
        "expected {}.__fspath__() to return str or bytes, not {}",
        object.ty().tp_name(),
        path.ty().tp_name()
    )))
}

/// The bytes of a `str` or `bytes` path.
pub fn encode(cx: Ctx, path: &Object) -> PyResult<Vec<u8>> {
    if let Some(text) = path.downcast::<StrObject>() {
        return codec::encode_as(cx, text, Encoding::Utf8, "surrogateescape");
    }
    match path.downcast::<BytesObject>() {
        Some(bytes) => Ok(bytes.as_slice().to_vec()),
        None => Err(cx.type_error(format_args!(
            "expected str, bytes or os.PathLike object, not {}",
            path.ty().tp_name()
        ))),
    }
}

/// File name bytes as text.
pub fn decode(cx: Ctx, bytes: &[u8]) -> PyResult<Ref<StrObject>> {
    codec::decode_as(cx, bytes, Encoding::Utf8, "surrogateescape")
}

/// For a system call.
pub fn to_c(cx: Ctx, bytes: Vec<u8>) -> PyResult<CString> {
    CString::new(bytes).map_err(|_| cx.value_error("embedded null byte"))
}

/// A path argument of an `os` function.
pub struct PathArg {
    /// What was given, for error messages; `None` when the argument was left out.
    pub object: Option<Ref>,
    pub path: CString,
    /// The descriptor, when one was given instead of a path.
    pub fd: Option<i32>,
    /// Results are `bytes`, since the argument was.
    pub is_bytes: bool,
}

impl PathArg {
    /// Converts a path argument. `allow_fd`: an integer is a descriptor.
    pub fn new(
        cx: Ctx,
        function: &str,
        argument: &str,
        object: &Object,
        allow_fd: bool,
    ) -> PyResult<PathArg> {
        PathArg::convert(cx, function, argument, object, allow_fd, false)
    }

    /// As [`PathArg::new`] for an argument that may be `None`, the current folder.
    pub fn or_here(
        cx: Ctx,
        function: &str,
        argument: &str,
        object: Option<&Ref>,
        allow_fd: bool,
    ) -> PyResult<PathArg> {
        match object.filter(|object| !cx.is_none(object)) {
            Some(object) => PathArg::convert(cx, function, argument, object, allow_fd, true),
            None => Ok(PathArg { object: None, path: c".".to_owned(), fd: None, is_bytes: false }),
        }
    }

    fn convert(
        cx: Ctx,
        function: &str,
        argument: &str,
        object: &Object,
        allow_fd: bool,
        nullable: bool,
    ) -> PyResult<PathArg> {
        let refuse = |object: &Object| -> Raised {
            let kinds = match (allow_fd, nullable) {
                (true, true) => "string, bytes, os.PathLike, integer or None",
                (true, false) => "string, bytes, os.PathLike or integer",
                (false, true) => "string, bytes, os.PathLike or None",
                (false, false) => "string, bytes or os.PathLike",
            };
            cx.type_error(format_args!(
                "{function}: {argument} should be {kinds}, not {}",
                object.ty().tp_name()
            ))
        };
        let is_path = |object: &Object| object.is_instance(types().str) || object.is_instance(types().bytes);
        let given = if is_path(object) {
            object.to_ref()
        } else if allow_fd && object.ty().slots().nb_index.is_some() {
            let fd = cx.to_i32(object)?;
            return Ok(PathArg {
                object: Some(object.to_ref()),
                path: c"".to_owned(),
                fd: Some(fd),
                is_bytes: false,
            });
        } else {
            let Some(method) = cx.lookup_special(object, &names().fspath)? else {
                return Err(refuse(object));
            };
            let path = cx.call0(&method)?;
            if !is_path(&path) {
                return Err(cx.type_error(format_args!(
                    "expected {}.__fspath__() to return str or bytes, not {}",
                    object.ty().tp_name(),
                    path.ty().tp_name()
                )));
            }
            path
        };
        let is_bytes = given.is_instance(types().bytes);
        let bytes = encode(cx, &given)?;
        let path = to_c(cx, bytes)?;
        Ok(PathArg { object: Some(given), path, fd: None, is_bytes })
    }

    pub fn as_c(&self) -> &CStr {
        &self.path
    }

    /// The OSError of a failed call on this path.
    pub fn error(&self, cx: Ctx, error: &io::Error) -> Raised {
        cx.raise_os_error(error, self.object.clone())
    }

    /// A file name as the caller wants it: as the argument was.
    pub fn name(&self, cx: Ctx, bytes: &[u8]) -> PyResult {
        if self.is_bytes {
            Ok(cx.new_bytes(bytes).into_object())
        } else {
            Ok(decode(cx, bytes)?.into_object())
        }
    }
}
