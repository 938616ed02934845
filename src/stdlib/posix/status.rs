//! `stat` and its result.

use std::io;

use super::path::PathArg;
use super::raw;
use crate::memory::{Object, Ref};
use crate::objects::args::bind;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{MemberDef, MethodDef, Signature, TypeSpec};
use crate::objects::structseq::{constructible, field, new_instance};
use crate::objects::{Args, PyResult};
use crate::vm::Ctx;

pub static STAT_RESULT: NativeType = NativeType::new(&STAT_SPEC);

// The times among the items are whole seconds; by name they are floats, which lie behind.
static FIELDS: &[MemberDef] = &[
    field::<0>("st_mode", "protection bits"),
    field::<1>("st_ino", "inode"),
    field::<2>("st_dev", "device"),
    field::<3>("st_nlink", "number of hard links"),
    field::<4>("st_uid", "user ID of owner"),
    field::<5>("st_gid", "group ID of owner"),
    field::<6>("st_size", "total size, in bytes"),
    field::<10>("st_atime", "time of last access"),
    field::<11>("st_mtime", "time of last modification"),
    field::<12>("st_ctime", "time of last change"),
    field::<10>("st_atime", "time of last access"),
    field::<11>("st_mtime", "time of last modification"),
    field::<12>("st_ctime", "time of last change"),
    field::<13>("st_atime_ns", "time of last access in nanoseconds"),
    field::<14>("st_mtime_ns", "time of last modification in nanoseconds"),
    field::<15>("st_ctime_ns", "time of last change in nanoseconds"),
    field::<16>("st_blksize", "blocksize for filesystem I/O"),
    field::<17>("st_blocks", "number of blocks allocated"),
    field::<18>("st_rdev", "device type (if inode device)"),
];

static STAT_SPEC: TypeSpec = constructible("os.stat_result", "What stat says of a file.", FIELDS);

/// A `stat_result`.
pub fn stat_result(cx: Ctx, status: &libc::stat) -> PyResult {
    let times = [
        (status.st_atime, status.st_atime_nsec),
        (status.st_mtime, status.st_mtime_nsec),
        (status.st_ctime, status.st_ctime_nsec),
    ];
    let mut fields = vec![
        cx.new_int(i64::from(status.st_mode)),
        cx.new_uint(status.st_ino as usize),
        cx.new_uint(status.st_dev as usize),
        cx.new_uint(status.st_nlink as usize),
        cx.new_int(i64::from(status.st_uid)),
        cx.new_int(i64::from(status.st_gid)),
        cx.new_int(status.st_size),
    ];
    fields.extend(times.iter().map(|(seconds, _)| cx.new_int(*seconds)));
    fields.extend(times.iter().map(|(seconds, nanos)| cx.new_float(*seconds as f64 + 1e-9 * *nanos as f64)));
    fields.extend(times.iter().map(|(seconds, nanos)| cx.new_int(seconds * 1_000_000_000 + nanos)));
    fields.push(cx.new_int(status.st_blksize));
    fields.push(cx.new_int(status.st_blocks));
    fields.push(cx.new_uint(status.st_rdev as usize));
    Ok(new_instance(cx, STAT_RESULT.get(cx)?, 10, fields))
}

fn answer(cx: Ctx, path: &PathArg, status: io::Result<libc::stat>) -> PyResult {
    match status {
        Ok(status) => stat_result(cx, &status),
        Err(error) => Err(path.error(cx, &error)),
    }
}

fn flag(cx: Ctx, value: Option<&Ref>, default: bool) -> PyResult<bool> {
    value.map_or(Ok(default), |value| cx.is_true(value))
}

/// The `dir_fd` argument, when given.
pub fn dir_fd(cx: Ctx, value: Option<&Ref>) -> PyResult<Option<i32>> {
    match value.filter(|value| !cx.is_none(value)) {
        Some(value) => Ok(Some(cx.to_i32(value)?)),
        None => Ok(None),
    }
}

fn stat(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature {
        name: "stat",
        params: &["path", "dir_fd", "follow_symlinks"],
        required: 1,
        max_positional: 1,
    };
    let mut out = [None, None, None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(path), folder, follow] = out else { return Err(cx.system_error("bad internal call")) };
    let path = PathArg::new(cx, "stat", "path", &path, true)?;
    let follow = flag(cx, follow.as_ref(), true)?;
    let status = match (path.fd, dir_fd(cx, folder.as_ref())?) {
        (Some(fd), _) => raw::fstat(fd),
        (None, Some(folder)) => raw::stat_at(folder, path.as_c(), follow),
        (None, None) => raw::stat(path.as_c(), follow),
    };
    answer(cx, &path, status)
}

fn lstat(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature { name: "lstat", params: &["path", "dir_fd"], required: 1, max_positional: 1 };
    let mut out = [None, None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(path), folder] = out else { return Err(cx.system_error("bad internal call")) };
    let path = PathArg::new(cx, "lstat", "path", &path, false)?;
    let status = match dir_fd(cx, folder.as_ref())? {
        Some(folder) => raw::stat_at(folder, path.as_c(), false),
        None => raw::stat(path.as_c(), false),
    };
    answer(cx, &path, status)
}

fn fstat(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let signature = Signature { name: "fstat", params: &["fd"], required: 1, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    let [Some(fd)] = out else { return Err(cx.system_error("bad internal call")) };
    let fd = cx.to_i32(&fd)?;
    match raw::fstat(fd) {
        Ok(status) => stat_result(cx, &status),
        Err(error) => Err(cx.raise_os_error(&error, None)),
    }
}

pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::keywords(
        "stat",
        stat,
        "stat($module, /, path, *, dir_fd=None, follow_symlinks=True)\n--\n\nWhat the system knows of a file.",
    ),
    MethodDef::keywords(
        "lstat",
        lstat,
        "lstat($module, /, path, *, dir_fd=None)\n--\n\nAs stat(), of a link itself.",
    ),
    MethodDef::keywords("fstat", fstat, "fstat($module, /, fd)\n--\n\nAs stat(), of an open file."),
];
