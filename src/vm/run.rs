//! Running source text: compile, then execute in a namespace.

use std::sync::Arc;

use super::Ctx;
use crate::code::object::CodeObject;
use crate::memory::Layout;
use crate::objects::{PyResult, Raised, exceptions};
use crate::syntax::{ErrorKind, Mode, Origin, SyntaxError};

/// Compiles a module's source bytes; errors become Python exceptions.
pub fn compile_bytes(cx: Ctx, source: &[u8], filename: &str) -> PyResult<Arc<CodeObject>> {
    let text = crate::syntax::decode_source(source, filename, Origin::Script).map_err(|error| raise_syntax_error(cx, &error))?;
    compile_text(cx, &text, filename, Mode::Exec)
}

/// Compiles source text; errors become Python exceptions.
pub fn compile_text(cx: Ctx, text: &str, filename: &str, mode: Mode) -> PyResult<Arc<CodeObject>> {
    let options = crate::compile::Options {
        optimize: cx.vm().options.borrow().optimize,
        ..crate::compile::Options::default()
    };
    crate::compile::compile(text, filename, mode, options).map_err(|error| raise_syntax_error(cx, &error))
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
    if !ty.is_subtype(e.syntax_error) {
        return cx.raise_with(ty, message);
    }
    let number = |value: Option<i64>| value.map_or_else(|| cx.none(), |v| cx.new_int(v));
    let text = error.text.as_ref().map_or_else(|| cx.none(), |t| cx.new_str(t).into_object());
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
