//! `posix`: what the operating system offers, as `os` wants it.
//!
//! | file | holds |
//! | --- | --- |
//! | `raw` | the system calls |
//! | `path` | path arguments |
//! | `status` | `stat` and its result |
//! | `files` | files and folders by path or descriptor |
//! | `scan` | `listdir`, `scandir` |
//! | `process` | the process, its environment, the system |
//! | `constants` | numbers |

mod constants;
mod files;
pub mod path;
mod process;
pub mod raw;
mod scan;
mod status;

use crate::memory::{Layout, Ref};
use crate::objects::module::ModuleObject;
use crate::objects::{ModuleSpec, PyResult, exceptions};
use crate::vm::Ctx;

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    for (name, value) in constants::NUMBERS {
        module.add(cx, name, cx.new_int(*value))?;
    }
    module.add(cx, "error", exceptions().os_error.to_object())?;
    module.add(cx, "stat_result", status::STAT_RESULT.make_structseq(cx, 10)?.to_object())?;
    module.add(cx, "terminal_size", process::TERMINAL_SIZE.make_structseq(cx, 2)?.to_object())?;
    module.add(cx, "uname_result", process::UNAME_RESULT.make_structseq(cx, 5)?.to_object())?;
    module.add(cx, "times_result", process::TIMES_RESULT.make_structseq(cx, 5)?.to_object())?;
    module.add(cx, "DirEntry", scan::DIR_ENTRY_TYPE.make(cx)?.to_object())?;
    scan::ITERATOR_TYPE.make(cx)?;
    module.add(cx, "environ", process::environ(cx)?)?;
    // What `os` may offer beyond the plain calls.
    let have = ["HAVE_LSTAT", "HAVE_FDOPENDIR", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FTRUNCATE", "MS_WINDOWS"];
    let have: Vec<Ref> = have[..5].iter().map(|name| cx.new_str(name).into_object()).collect();
    module.add(cx, "_have_functions", cx.new_list(have)?.into_object())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "posix",
    doc: Some("Access to the operating system, as the C standard and POSIX have it. Use os instead."),
    functions: files::FUNCTIONS,
    exec: Some(exec_all),
};

/// `exec`, and the functions of the other files.
fn exec_all(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let processes = super::unix::subprocess::FUNCTIONS;
    for def in status::FUNCTIONS.iter().chain(scan::FUNCTIONS).chain(process::FUNCTIONS).chain(processes) {
        let name = cx.intern("posix").into_object();
        let function =
            crate::objects::native::new_native(cx, def, Some(module.to_object()), Some(name)).into_object();
        module.add(cx, def.name, function)?;
    }
    exec(cx, module)
}
