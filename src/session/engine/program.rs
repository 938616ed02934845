//! Running a program in `__main__`.
use crate::objects::{DictObject, PyResult};
use crate::session::protocol::Program;
use crate::vm::{Ctx, run};

/// Runs a program as `python` would, given `sys.argv` and `sys.path` from the start.
pub fn run(cx: Ctx, program: &Program, main: &DictObject) -> PyResult<()> {
    match program {
        Program::File { path, .. } => {
            let name = cx.new_str(path).into_object();
            main.set_str(cx, &cx.intern("__file__"), name)?;
            let source = read(cx, path)?;
            run::run_source(cx, &source, path, main)
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
        Program::Module { name, .. } => {
            let runpy = crate::vm::import::import_module(cx, "runpy")?;
            let function = cx.get_attr(&runpy, &cx.intern("_run_module_as_main"))?;
            cx.call(&function, &[cx.new_str(name).into_object()]).map(drop)
        }
    }
}

fn read(cx: Ctx, path: &str) -> PyResult<Vec<u8>> {
    let folder = std::path::Path::new(path);
    let file = if folder.is_dir() { folder.join("__main__.py") } else { folder.to_owned() };
    std::fs::read(&file).map_err(|error| cx.runtime_error(format_args!("can't open file '{path}': {error}")))
}
