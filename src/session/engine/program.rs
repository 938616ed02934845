//! Running a program in `__main__`.
use std::path::Path;

use crate::objects::{DictObject, PyResult};
use crate::session::protocol::Program;
use crate::vm::{Ctx, module_spec, outside, run};

/// Runs a program as `python` would, given `sys.argv` and `sys.path` from the start.
pub fn run(cx: Ctx, program: &Program, main: &DictObject) -> PyResult<()> {
    match program {
        Program::File { path, .. } if Path::new(path).is_dir() => run_module(cx, "__main__", false),
        Program::File { path, .. } => {
            // The classic era shows a script's name as it was given.
            let path = if crate::era::is_classic() { path.clone() } else { absolute(path) };
            let name = cx.new_str(&path).into_object();
            main.set_str(cx, &cx.intern("__file__"), name)?;
            if !crate::era::is_classic() {
                main.set_str(cx, &cx.intern("__cached__"), cx.none())?;
                main.set_str(cx, &cx.intern("__loader__"), module_spec::loader_of_main(cx, Some(&path))?)?;
            }
            let source = outside::read_file(&path)
                .map_err(|error| cx.runtime_error(format_args!("can't open file '{path}': {error}")))?;
            run::run_source(cx, &source, &path, main)
        }
        Program::Command { code, .. } => run::run_source(cx, code.as_bytes(), "<string>", main),
        Program::Stdin { .. } => {
            let mut source = Vec::new();
            let read = std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut source);
            if let Err(error) = read {
                return Err(cx.runtime_error(format_args!("standard input cannot be read: {error}")));
            }
            run::run_source(cx, &source, "<stdin>", main)
        }
        Program::Module { name, .. } => run_module(cx, name, true),
    }
}

/// `-m NAME`, and a folder with a `__main__`: `runpy` finds it and runs it in `__main__`. `alter_argv` puts its
/// file name into `sys.argv[0]`.
fn run_module(cx: Ctx, name: &str, alter_argv: bool) -> PyResult<()> {
    let runpy = crate::vm::import::import_module(cx, "runpy")?;
    let function = cx.get_attr(&runpy, &cx.intern("_run_module_as_main"))?;
    cx.call(&function, &[cx.new_str(name).into_object(), cx.bool(alter_argv)]).map(drop)
}

/// The name of the script as tracebacks and `__file__` show it: absolute, otherwise as given.
fn absolute(path: &str) -> String {
    let file = Path::new(path);
    match outside::current_dir() {
        Ok(folder) if file.is_relative() => {
            folder.join(path.strip_prefix("./").unwrap_or(path)).to_string_lossy().into_owned()
        }
        _ => path.to_owned(),
    }
}
