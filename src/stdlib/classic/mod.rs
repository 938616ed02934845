//! What modules have in Python 2.7: applied once, at the start of an interpreter that follows the classic era.
//!
//! | file | holds |
//! | --- | --- |
//! | `functions` | the built-in functions that the modern era has not, or has differently |
//! | `sorting` | `sorted` and `list.sort` with a comparison function |
//! | `gc` | the collector's module: its flags, and the words of its errors |
//! | `modules` | small library modules in Python 2, and which modern ones a program may import |

mod functions;
mod gc;
mod modules;
mod sorting;

pub use modules::{is_modern, source};
pub use sorting::sort_in_place;

use crate::memory::{Layout as _, Ref};
use crate::objects::classic::{self, file};
use crate::objects::native::new_native;
use crate::objects::spec::MethodDef;
use crate::objects::{DictObject, PyResult, exceptions, types};
use crate::vm::Ctx;

/// Puts native functions under their names, as functions of the module that has this dict.
fn add_functions(cx: Ctx, dict: &DictObject, defs: &'static [MethodDef], module: &str) -> PyResult<()> {
    let module = cx.intern(module).into_object();
    for def in defs {
        let function = new_native(cx, def, None, Some(module.clone())).into_object();
        dict.set_str(cx, &cx.intern(def.name), function)?;
    }
    Ok(())
}

fn remove(cx: Ctx, dict: &DictObject, names: &[&str]) -> PyResult<()> {
    for name in names {
        dict.remove(cx, cx.intern(name).as_object())?;
    }
    Ok(())
}

/// Gives `__builtin__`, `sys` and `gc` what they have in Python 2.7, and opens the standard streams.
pub fn init(cx: Ctx) -> PyResult<()> {
    cx.vm().root_tables.borrow_mut().push(crate::vm::classic::handled::each_root);
    if let Some(builtins) = cx.vm().builtins.get() {
        init_builtins(cx, &builtins)?;
    }
    if let Some(sys) = cx.vm().sys_dict.get() {
        init_sys(cx, &sys)?;
    }
    gc::init(cx)
}

fn init_builtins(cx: Ctx, builtins: &DictObject) -> PyResult<()> {
    let set = |name: &str, value: Ref| builtins.set_str(cx, &cx.intern(name), value);
    set("long", classic::LONG.get(cx)?.to_object())?;
    set("unicode", classic::UNICODE.get(cx)?.to_object())?;
    set("basestring", classic::BASESTRING.get(cx)?.to_object())?;
    set("xrange", classic::XRANGE.get(cx)?.to_object())?;
    set("file", classic::FILE.get(cx)?.to_object())?;
    set("bytes", types().str.to_object())?;
    set("StandardError", exceptions().exception.to_object())?;
    set("WindowsError", cx.none())?;
    set("__name__", cx.intern("__builtin__").into_object())?;
    remove(
        cx,
        builtins,
        &[
            "WindowsError",
            "print",
            "exec",
            "ascii",
            "breakpoint",
            "aiter",
            "anext",
            "RecursionError",
            "ModuleNotFoundError",
            "StopAsyncIteration",
            "ExceptionGroup",
            "BaseExceptionGroup",
            "ResourceWarning",
            "EncodingWarning",
            "BlockingIOError",
            "ChildProcessError",
            "ConnectionError",
            "BrokenPipeError",
            "ConnectionAbortedError",
            "ConnectionRefusedError",
            "ConnectionResetError",
            "FileExistsError",
            "FileNotFoundError",
            "InterruptedError",
            "IsADirectoryError",
            "NotADirectoryError",
            "PermissionError",
            "ProcessLookupError",
            "TimeoutError",
        ],
    )?;
    add_functions(cx, builtins, functions::FUNCTIONS, "__builtin__")
}

fn init_sys(cx: Ctx, sys: &DictObject) -> PyResult<()> {
    let set = |name: &str, value: Ref| sys.set_str(cx, &cx.intern(name), value);
    set("maxint", cx.new_int(i64::MAX))?;
    set("maxunicode", cx.new_int(0x10_ffff))?;
    set("version", cx.new_str("2.7.18 (default) \n[ouro]").into_object())?;
    set("hexversion", cx.new_int(0x0207_12f0))?;
    let version = [2, 7, 18].map(|number| cx.new_int(number));
    let mut parts = version.to_vec();
    parts.extend([cx.new_str("final").into_object(), cx.new_int(0)]);
    set("version_info", cx.new_tuple(parts).into_object())?;
    for (fd, name) in ["stdin", "stdout", "stderr"].into_iter().enumerate() {
        let stream = file::standard(cx, fd as i32)?;
        set(name, stream.clone())?;
        set(&format!("__{name}__"), stream)?;
    }
    remove(
        cx,
        sys,
        &[
            "unraisablehook",
            "__unraisablehook__",
            "intern",
            "exception",
            "breakpointhook",
            "__breakpointhook__",
        ],
    )?;
    add_functions(cx, sys, functions::SYS, "sys")
}
