//! Running source text: compile, then execute in a namespace; what a finished program's exception
//! means for the exit status.

use std::sync::Arc;

use super::code_object::{make_code, make_foreign_code};
use super::warn::Place;
use super::{Ctx, import_find};
use crate::code::object::CodeObject;
use crate::code::pyc;
use crate::compile::{Options, Warning, compile_with_warnings};
use crate::memory::Layout;
use crate::objects::{DictObject, PyResult, Raised, exceptions};
use crate::syntax::{Columns, ErrorKind, Mode, Origin, SyntaxError};

/// Compiles a module's source bytes; errors become Python exceptions.
pub fn compile_bytes(cx: Ctx, source: &[u8], filename: &str) -> PyResult<Arc<CodeObject>> {
    let text = crate::syntax::decode_source(source, filename, Origin::Script)
        .map_err(|error| raise_syntax_error(cx, &error))?;
    let optimize = cx.vm().options.borrow().optimize;
    let options = Options { optimize, columns: Columns::of_bytes(source), ..Options::default() };
    compile_with(cx, &text, filename, Mode::Exec, options)
}

/// Compiles source text; errors become Python exceptions.
pub fn compile_text(cx: Ctx, text: &str, filename: &str, mode: Mode) -> PyResult<Arc<CodeObject>> {
    let options = Options { optimize: cx.vm().options.borrow().optimize, ..Options::default() };
    compile_with(cx, text, filename, mode, options)
}

/// Compiles source text and issues what the compiler warns of; errors become Python exceptions, and
/// so does a warning that a filter makes an error.
pub fn compile_with(
    cx: Ctx,
    text: &str,
    filename: &str,
    mode: Mode,
    options: Options,
) -> PyResult<Arc<CodeObject>> {
    // The library is in the modern dialect in either era.
    let classic = crate::era::is_classic() && !crate::stdlib::classic::is_modern(filename);
    let options = Options { classic, ..options };
    finish(cx, filename, compile_with_warnings(text, filename, mode, options))
}

/// As [`compile_with`], for a syntax tree.
pub fn compile_tree(
    cx: Ctx,
    tree: crate::compile::ast::Module,
    filename: &str,
    options: Options,
) -> PyResult<Arc<CodeObject>> {
    finish(cx, filename, crate::compile::compile_tree(tree, filename, options))
}

/// Raises the error of a compilation, or issues its warnings.
fn finish(
    cx: Ctx,
    filename: &str,
    compiled: Result<(Arc<CodeObject>, Vec<Warning>), SyntaxError>,
) -> PyResult<Arc<CodeObject>> {
    let (code, warnings) = compiled.map_err(|error| raise_syntax_error(cx, &error))?;
    for warning in warnings {
        let e = exceptions();
        let category = match warning.category {
            "DeprecationWarning" => e.deprecation_warning,
            _ => e.syntax_warning,
        };
        let place = Place {
            filename: cx.new_str(filename).into_object(),
            line: i64::from(warning.lineno),
            module: None,
            registry: None,
            source_line: None,
            source: None,
        };
        let message = cx.new_str(&warning.message).into_object();
        match cx.warn_at(&message, category.as_object(), place) {
            Err(raised) if cx.raised_is(&raised, category) => {
                cx.clear_exception(raised);
                return Err(raise_syntax_error(cx, &warning.error));
            }
            other => other?,
        }
    }
    Ok(code)
}

/// Raises a compiler error as the Python exception that it describes.
pub fn raise_syntax_error(cx: Ctx, error: &SyntaxError) -> Raised {
    let e = exceptions();
    let ty = match error.kind {
        ErrorKind::Syntax => e.syntax_error,
        ErrorKind::Indentation => e.indentation_error,
        ErrorKind::Tab => e.tab_error,
        ErrorKind::Value => e.value_error,
        ErrorKind::Memory => e.memory_error,
        ErrorKind::Recursion => e.recursion_error,
    };
    let message = cx.new_str(&error.message).into_object();
    // Where there is no line, there is no file to name either.
    if !ty.is_subtype(e.syntax_error) || error.lineno.is_none() {
        return cx.raise_with(ty, message);
    }
    let number = |value: Option<i64>| value.map_or_else(|| cx.none(), |v| cx.new_int(v));
    let of_file = if error.text_of_file { line_of_file(error) } else { None };
    let text =
        error.text.as_ref().or(of_file.as_ref()).map_or_else(|| cx.none(), |t| cx.new_str(t).into_object());
    let place = cx.new_tuple(vec![
        cx.new_str(&error.filename).into_object(),
        number(error.lineno),
        number(error.offset),
        text,
        number(error.end_lineno),
        number(error.end_offset),
    ]);
    match cx.call(ty.as_object(), &[message, place.into_object()]) {
        Ok(made) => cx.raise_with(ty, made),
        Err(raised) => raised,
    }
}

/// The line of an error whose text is looked up in the file by that name. `None` if there is no such
/// file, or none that can be shown.
fn line_of_file(error: &SyntaxError) -> Option<String> {
    let index = usize::try_from(error.lineno?.checked_sub(1)?).ok()?;
    let bytes = std::fs::read(&error.filename).ok()?;
    let line = bytes.split_inclusive(|&byte| byte == b'\n').nth(index)?;
    std::str::from_utf8(line).ok().map(str::to_string)
}

/// Executes source text in `__main__` (`ouro FILE`, `-c`, standard input).
pub fn run_source(cx: Ctx, source: &[u8], filename: &str, main: &DictObject) -> PyResult<()> {
    let code = match filename.ends_with(".pyc") || source.starts_with(&pyc::MAGIC) {
        true => make_foreign_code(cx, &read_compiled(cx, source)?),
        false => make_code(cx, &compile_bytes(cx, source, filename)?),
    };
    super::lifecycle::begin_program(cx)?;
    import_find::run_code(cx, code, main, None)?;
    super::classic::end_line(cx);
    Ok(())
}

/// The code of a compiled file that is run as a program.
pub fn read_compiled(cx: Ctx, bytes: &[u8]) -> PyResult<Arc<CodeObject>> {
    pyc::read(bytes).map(|(_, code)| code).map_err(|error| match error {
        pyc::PycError::Body(_) => cx.runtime_error("Bad code object in .pyc file"),
        pyc::PycError::TruncatedHeader => cx.raise(exceptions().eof_error, "EOF read where not expected"),
        _ => cx.runtime_error("Bad magic number in .pyc file"),
    })
}

/// Reports an uncaught exception and gives the exit status: `SystemExit` decides its own, an
/// interrupt gives 130, anything else is printed by `sys.excepthook` and gives 1.
pub fn report_uncaught(cx: Ctx, raised: Raised) -> i32 {
    super::classic::end_line(cx);
    if cx.raised_is(&raised, exceptions().system_exit) {
        let exception = cx.take_exception(raised);
        return exit_status(cx, exception.as_object());
    }
    let exception = cx.take_exception(raised);
    // Of the class itself: an exception derived from it ends the program like any other.
    let interrupted = exception.object.ty().as_object().is(exceptions().keyboard_interrupt.as_object());
    if let Some(exit) = super::print_exception::report_uncaught(cx, exception, true) {
        return exit_status(cx, &exit);
    }
    if interrupted { 130 } else { 1 }
}

/// The exit status that a `SystemExit` asks for; a message goes to standard error.
pub fn exit_status(cx: Ctx, exception: &crate::memory::Object) -> i32 {
    let code = match cx.get_attr_opt(exception, &cx.intern("code")) {
        Ok(code) => code.unwrap_or_else(|| cx.none()),
        Err(raised) => {
            cx.clear_exception(raised);
            return 1;
        }
    };
    if cx.is_none(&code) {
        return 0;
    }
    if let Some(number) = code.downcast::<crate::objects::IntObject>() {
        return number.as_i64().map_or(-1, |n| n as i32);
    }
    match cx.str(&code) {
        Ok(text) => cx.write_stderr(&format!("{}\n", text.to_string_lossy())),
        Err(raised) => {
            cx.clear_exception(raised);
            cx.write_stderr("\n");
        }
    }
    1
}
