//! `_stat`: what the bits of a file's mode mean.

use crate::memory::{Object, Ref};
use crate::objects::spec::ModuleSpec;
use crate::objects::{MethodDef, ModuleObject, PyResult};
use crate::vm::Ctx;

#[rustfmt::skip]
static CONSTANTS: &[(&str, i64)] = &[
    ("SF_APPEND", 262144), ("SF_ARCHIVED", 65536), ("SF_IMMUTABLE", 131072), ("SF_NOUNLINK", 1048576),
    ("SF_SNAPSHOT", 2097152), ("ST_ATIME", 7), ("ST_CTIME", 9), ("ST_DEV", 2), ("ST_GID", 5), ("ST_INO", 1),
    ("ST_MODE", 0), ("ST_MTIME", 8), ("ST_NLINK", 3), ("ST_SIZE", 6), ("ST_UID", 4), ("S_ENFMT", 1024),
    ("S_IEXEC", 64), ("S_IFBLK", 24576), ("S_IFCHR", 8192), ("S_IFDIR", 16384), ("S_IFDOOR", 0), ("S_IFIFO", 4096),
    ("S_IFLNK", 40960), ("S_IFPORT", 0), ("S_IFREG", 32768), ("S_IFSOCK", 49152), ("S_IFWHT", 0), ("S_IREAD", 256),
    ("S_IRGRP", 32), ("S_IROTH", 4), ("S_IRUSR", 256), ("S_IRWXG", 56), ("S_IRWXO", 7), ("S_IRWXU", 448),
    ("S_ISGID", 1024), ("S_ISUID", 2048), ("S_ISVTX", 512), ("S_IWGRP", 16), ("S_IWOTH", 2), ("S_IWRITE", 128),
    ("S_IWUSR", 128), ("S_IXGRP", 8), ("S_IXOTH", 1), ("S_IXUSR", 64), ("UF_APPEND", 4), ("UF_COMPRESSED", 32),
    ("UF_HIDDEN", 32768), ("UF_IMMUTABLE", 2), ("UF_NODUMP", 1), ("UF_NOUNLINK", 16), ("UF_OPAQUE", 8),
];

const FORMAT: i64 = 0o170_000;

fn mode(cx: Ctx, given: &Object) -> PyResult<i64> {
    let Ok(mode) = u32::try_from(cx.to_i64(given)?) else {
        return Err(cx.overflow_error("mode out of range"));
    };
    Ok(i64::from(mode))
}

/// Whether a mode is of the format `WANTED`.
fn is_format<const WANTED: i64>(cx: Ctx, _module: &Object, given: &Ref) -> PyResult {
    Ok(cx.bool(WANTED != 0 && mode(cx, given)? & FORMAT == WANTED))
}

/// The bits in three letters, `special` for the sticky bits.
fn push_bits(text: &mut String, bits: i64, special: bool, letter: char) {
    text.push(if bits & 4 != 0 { 'r' } else { '-' });
    text.push(if bits & 2 != 0 { 'w' } else { '-' });
    text.push(match (special, bits & 1 != 0) {
        (true, true) => letter,
        (true, false) => letter.to_ascii_uppercase(),
        (false, true) => 'x',
        (false, false) => '-',
    });
}

fn filemode(cx: Ctx, _module: &Object, given: &Ref) -> PyResult {
    let mode = mode(cx, given)?;
    let mut text = String::new();
    text.push(match mode & FORMAT {
        0o100_000 => '-',
        0o040_000 => 'd',
        0o120_000 => 'l',
        0o060_000 => 'b',
        0o020_000 => 'c',
        0o010_000 => 'p',
        0o140_000 => 's',
        _ => '?',
    });
    push_bits(&mut text, mode >> 6, mode & 0o4000 != 0, 's');
    push_bits(&mut text, mode >> 3, mode & 0o2000 != 0, 's');
    push_bits(&mut text, mode, mode & 0o1000 != 0, 't');
    Ok(cx.new_str(&text).into_object())
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    CONSTANTS.iter().try_for_each(|&(name, value)| module.add(cx, name, cx.new_int(value)))
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_stat",
    doc: Some("The bits of a file's mode: formats, permissions, flags."),
    functions: &[
        MethodDef::one(
            "S_ISDIR",
            is_format::<0o040_000>,
            "S_ISDIR(mode) -> bool\n\nWhether the file is a directory.",
        ),
        MethodDef::one(
            "S_ISCHR",
            is_format::<0o020_000>,
            "S_ISCHR(mode) -> bool\n\nWhether the file is a character device.",
        ),
        MethodDef::one(
            "S_ISBLK",
            is_format::<0o060_000>,
            "S_ISBLK(mode) -> bool\n\nWhether the file is a block device.",
        ),
        MethodDef::one(
            "S_ISREG",
            is_format::<0o100_000>,
            "S_ISREG(mode) -> bool\n\nWhether the file is a regular file.",
        ),
        MethodDef::one(
            "S_ISFIFO",
            is_format::<0o010_000>,
            "S_ISFIFO(mode) -> bool\n\nWhether the file is a named pipe.",
        ),
        MethodDef::one(
            "S_ISLNK",
            is_format::<0o120_000>,
            "S_ISLNK(mode) -> bool\n\nWhether the file is a symbolic link.",
        ),
        MethodDef::one(
            "S_ISSOCK",
            is_format::<0o140_000>,
            "S_ISSOCK(mode) -> bool\n\nWhether the file is a socket.",
        ),
        MethodDef::one("S_ISDOOR", is_format::<0>, "S_ISDOOR(mode) -> bool\n\nWhether the file is a door."),
        MethodDef::one(
            "S_ISPORT",
            is_format::<0>,
            "S_ISPORT(mode) -> bool\n\nWhether the file is an event port.",
        ),
        MethodDef::one("S_ISWHT", is_format::<0>, "S_ISWHT(mode) -> bool\n\nWhether the file is a whiteout."),
        MethodDef::one(
            "S_IMODE",
            |cx, _, given| Ok(cx.new_int(mode(cx, given)? & 0o7777)),
            "The part of a mode that chmod() can set.",
        ),
        MethodDef::one(
            "S_IFMT",
            |cx, _, given| Ok(cx.new_int(mode(cx, given)? & FORMAT)),
            "The part of a mode that tells the kind of file.",
        ),
        MethodDef::one("filemode", filemode, "A mode as text of the form '-rwxrwxrwx'"),
    ],
    exec: Some(exec),
};
