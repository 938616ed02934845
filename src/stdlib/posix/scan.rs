//! What is in a folder: `listdir`, `scandir`, `DirEntry`.

use std::cell::{Cell, RefCell};
use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::path::PathArg;
use super::raw::FolderEntry;
use super::{raw, status};
use crate::memory::{self, Object, Ref, Slot};
use crate::objects::args::bind;
use crate::objects::generic_alias;
use crate::objects::native_type::NativeType;
use crate::objects::slots::Slots;
use crate::objects::spec::{Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, PyResult};
use crate::vm::Ctx;

pub static DIR_ENTRY_TYPE: NativeType = NativeType::new(&DIR_ENTRY);
pub static ITERATOR_TYPE: NativeType = NativeType::new(&SCANDIR_ITERATOR);

/// What the folder holds.
fn read_folder(cx: Ctx, path: &PathArg) -> PyResult<Vec<FolderEntry>> {
    let result = match path.fd {
        Some(fd) => raw::read_folder(Path::new(&format!("/proc/self/fd/{fd}"))),
        None => raw::read_folder(Path::new(OsStr::from_bytes(path.as_c().to_bytes()))),
    };
    result.map_err(|error| match path.object {
        Some(_) => path.error(cx, &error),
        None => cx.raise_os_error(&error, None),
    })
}

fn one_path(cx: Ctx, args: Args<'_>, name: &'static str) -> PyResult<PathArg> {
    let signature = Signature { name, params: &["path"], required: 0, max_positional: 1 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    PathArg::or_here(cx, name, "path", out[0].as_ref(), true)
}

fn listdir(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let path = one_path(cx, args, "listdir")?;
    let mut names = Vec::new();
    for entry in read_folder(cx, &path)? {
        names.push(path.name(cx, &entry.name)?);
    }
    Ok(cx.new_list(names)?.into_object())
}

#[repr(C)]
struct DirEntry {
    object: Object,
    name: Slot,
    path: Slot,
    full: RefCell<CString>,
    /// One of `libc::S_IF*`, where the folder knew it.
    kind: Cell<Option<u32>>,
    inode: Cell<u64>,
    stat: Slot,
    lstat: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for DirEntry {}

#[repr(C)]
struct ScandirIterator {
    object: Object,
    folder: RefCell<Option<(std::vec::IntoIter<FolderEntry>, Vec<u8>, bool)>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for ScandirIterator {}

/// # Safety
/// As [`memory::object::TraverseFn`]; the object is a `DirEntry`.
unsafe fn owned(object: std::ptr::NonNull<Object>, visitor: &mut memory::Visitor<'_>) {
    // SAFETY: promised by the caller.
    let entry = entry(unsafe { object.as_ref() });
    for slot in [&entry.name, &entry.path, &entry.stat, &entry.lstat] {
        memory::Trace::trace(slot, visitor);
    }
}

fn entry(object: &Object) -> &DirEntry {
    // SAFETY: only methods and attributes of `DirEntry` call this; it has no subclasses.
    unsafe { object.cast() }
}

fn scandir(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let path = one_path(cx, args, "scandir")?;
    let folder = read_folder(cx, &path)?;
    let base = match path.fd {
        Some(_) => Vec::new(),
        None => path.as_c().to_bytes().to_vec(),
    };
    let ty = ITERATOR_TYPE.get(cx)?;
    let made = memory::new_ref(&ty.core, |object| ScandirIterator {
        object,
        folder: RefCell::new(Some((folder.into_iter(), base, path.is_bytes))),
    });
    Ok(made.into_object())
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    // SAFETY: only the slot of this type calls this.
    let iterator: &ScandirIterator = unsafe { object.cast() };
    let next = {
        let mut folder = iterator.folder.borrow_mut();
        let Some((entries, base, is_bytes)) = folder.as_mut() else { return Ok(None) };
        match entries.next() {
            Some(next) => Some((next, base.clone(), *is_bytes)),
            None => {
                *folder = None;
                None
            }
        }
    };
    let Some((next, mut full, is_bytes)) = next else { return Ok(None) };
    if !full.is_empty() && full.last() != Some(&b'/') {
        full.push(b'/');
    }
    full.extend_from_slice(&next.name);
    let shown = |bytes: &[u8]| -> PyResult {
        if is_bytes {
            Ok(cx.new_bytes(bytes).into_object())
        } else {
            Ok(super::path::decode(cx, bytes)?.into_object())
        }
    };
    let (name, path) = (shown(&next.name)?, shown(&full)?);
    let full = super::path::to_c(cx, full)?;
    let made = memory::new_ref(&DIR_ENTRY_TYPE.get(cx)?.core, |object| DirEntry {
        object,
        name: Slot::new(name),
        path: Slot::new(path),
        full: RefCell::new(full),
        kind: Cell::new(next.kind),
        inode: Cell::new(next.inode),
        stat: Slot::empty(),
        lstat: Slot::empty(),
    });
    Ok(Some(made.into_object()))
}

fn close(cx: Ctx, object: &Object) -> PyResult {
    // SAFETY: only a method of this type calls this.
    let iterator: &ScandirIterator = unsafe { object.cast() };
    drop(iterator.folder.take());
    Ok(cx.none())
}

fn enter(_: Ctx, object: &Object) -> PyResult {
    Ok(memory::Layout::to_ref(object))
}

fn exit(cx: Ctx, object: &Object, _: &[Ref]) -> PyResult {
    close(cx, object)
}

fn follow(cx: Ctx, args: Args<'_>, name: &'static str) -> PyResult<bool> {
    let signature = Signature { name, params: &["follow_symlinks"], required: 0, max_positional: 0 };
    let mut out = [None];
    bind(cx, &signature, args, &mut out)?;
    out[0].as_ref().map_or(Ok(true), |flag| cx.is_true(flag))
}

/// Whether the entry is of a kind (`libc::S_IF*`); what is not there any more is of none.
fn is_kind(cx: Ctx, object: &Object, follow: bool, wanted: u32) -> PyResult<bool> {
    let this = entry(object);
    if let Some(kind) = this.kind.get()
        && !(follow && kind == libc::S_IFLNK)
    {
        return Ok(kind == wanted);
    }
    let full = this.full.borrow().clone();
    match raw::stat(&full, follow) {
        Ok(found) => Ok(found.st_mode & libc::S_IFMT == wanted),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(cx.raise_os_error(&error, this.path.get())),
    }
}

fn is_dir(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let follow = follow(cx, args, "is_dir")?;
    Ok(cx.bool(is_kind(cx, object, follow, libc::S_IFDIR)?))
}

fn is_file(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let follow = follow(cx, args, "is_file")?;
    Ok(cx.bool(is_kind(cx, object, follow, libc::S_IFREG)?))
}

fn is_symlink(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.bool(is_kind(cx, object, false, libc::S_IFLNK)?))
}

fn entry_stat(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let follow = follow(cx, args, "stat")?;
    let this = entry(object);
    let slot = if follow { &this.stat } else { &this.lstat };
    if let Some(known) = slot.get() {
        return Ok(known);
    }
    let full = this.full.borrow().clone();
    let found = raw::stat(&full, follow).map_err(|error| cx.raise_os_error(&error, this.path.get()))?;
    let result = status::stat_result(cx, &found)?;
    slot.set(Some(result.clone()));
    Ok(result)
}

fn inode(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_uint(entry(object).inode.get() as usize))
}

fn fspath(cx: Ctx, object: &Object) -> PyResult {
    Ok(entry(object).path.get().unwrap_or_else(|| cx.none()))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let name = entry(object).name.get().unwrap_or_else(|| cx.none());
    Ok(cx.new_str(&format!("<DirEntry {}>", cx.repr_text(&name)?)).into_object())
}

static DIR_ENTRY: TypeSpec = TypeSpec {
    name: "posix.DirEntry",
    doc: None,
    layout: Layout::plain::<DirEntry>(),
    basicsize: 88,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(repr), ..Slots::EMPTY },
    methods: &[
        MethodDef::keywords(
            "is_dir",
            is_dir,
            "is_dir($self, /, *, follow_symlinks=True)\n--\n\nWhether the entry is a folder; asks the system only if it has to.",
        ),
        MethodDef::keywords(
            "is_file",
            is_file,
            "is_file($self, /, *, follow_symlinks=True)\n--\n\nWhether the entry is a file; asks the system only if it has to.",
        ),
        MethodDef::no_args(
            "is_symlink",
            is_symlink,
            "is_symlink($self, /)\n--\n\nWhether the entry is a link.",
        ),
        MethodDef::keywords(
            "stat",
            entry_stat,
            "stat($self, /, *, follow_symlinks=True)\n--\n\nThe stat_result of the entry, asked for once.",
        ),
        MethodDef::no_args("inode", inode, "inode($self, /)\n--\n\nThe inode of the entry."),
        MethodDef::no_args("__fspath__", fspath, "__fspath__($self, /)\n--\n\nThe path of the entry."),
        MethodDef::one("__class_getitem__", generic_alias::new_alias_method, "See PEP 585").class(),
    ],
    members: &[
        MemberDef {
            name: "name",
            get: |cx, object| Ok(entry(object).name.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "the entry's base filename, relative to scandir() \"path\" argument",
        },
        MemberDef {
            name: "path",
            get: |cx, object| Ok(entry(object).path.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)",
        },
    ],
    dealloc: Some(memory::dealloc_as::<DirEntry>),
    owned: Some(owned),
    ..TypeSpec::EMPTY
};

static SCANDIR_ITERATOR: TypeSpec = TypeSpec {
    name: "posix.ScandirIterator",
    layout: Layout::plain::<ScandirIterator>(),
    basicsize: 72,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(|_, object| Ok(memory::Layout::to_ref(object))),
        iternext: Some(iternext),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("__enter__", enter, ""),
        MethodDef::fast("__exit__", exit, ""),
        MethodDef::no_args("close", close, ""),
    ],
    dealloc: Some(memory::dealloc_as::<ScandirIterator>),
    ..TypeSpec::EMPTY
};

pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::keywords(
        "listdir",
        listdir,
        "listdir($module, /, path=None)\n--\n\nThe names of what is in a folder, in no order.",
    ),
    MethodDef::keywords(
        "scandir",
        scandir,
        "scandir($module, /, path=None)\n--\n\nIterates over what is in a folder.",
    ),
];
