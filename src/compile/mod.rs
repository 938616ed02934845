//! The compiler: source text to the bytecode of CPython 3.11.
//!
//! ```text
//! parse -> lower -> fold -> symtable -> codegen -> flow passes -> assemble
//! ```
//!
//! Each station is a folder or file of its own and can be read alone; what passes between them is
//! plain data.

mod assemble;
pub mod ast;
mod classic;
mod codegen;
mod constants;
mod context;
mod flow;
mod fold;
mod future;
mod lower;
mod symtable;
mod unparse;

use std::sync::Arc;

pub use context::Warning;

use crate::code::object::{CodeObject, flags};
use crate::syntax::{Columns, LineMap, Mode, SyntaxError, parse_with};

/// What changes the output besides the source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// 0 keeps everything, 1 drops asserts, 2 docstrings too.
    pub optimize: u8,
    /// `__future__` bits in force from outside (`co_flags` values).
    pub future_flags: u32,
    /// What the columns of the parser's errors count.
    pub columns: Columns,
    /// The source is in the classic dialect (Python 2.7).
    pub classic: bool,
}

/// Compiles source text.
///
/// # Errors
/// What the reference would raise, in its words and at its place.
pub fn compile(
    source: &str,
    filename: &str,
    mode: Mode,
    options: Options,
) -> Result<Arc<CodeObject>, SyntaxError> {
    compile_with_warnings(source, filename, mode, options).map(|(code, _)| code)
}

/// The syntax tree of source text, before anything is folded or checked further.
///
/// # Errors
/// What the parser would raise.
pub fn parse_tree(source: &str, filename: &str, mode: Mode) -> Result<ast::Module, SyntaxError> {
    lower::lower(&parse_with(source, filename, mode, Columns::default())?, mode)
}

/// As [`compile`], with the warnings that the reference would issue, in order.
///
/// # Errors
/// As [`compile`].
pub fn compile_with_warnings(
    source: &str,
    filename: &str,
    mode: Mode,
    options: Options,
) -> Result<(Arc<CodeObject>, Vec<Warning>), SyntaxError> {
    if options.classic {
        return compile_classic(source, filename, mode, options);
    }
    let parsed = parse_with(source, filename, mode, options.columns)?;
    let module = lower::lower(&parsed, mode)?;
    let source = context::Source::new(filename, &parsed.source, &parsed.lines, options.columns);
    parsed.warnings.iter().for_each(|warning| source.warn_parsed(warning));
    generate(module, &source, options)
}

/// Compiles a tree that no parser made; places in it are taken as they are.
///
/// # Errors
/// As [`compile`], without those of the parser.
pub fn compile_tree(
    module: ast::Module,
    filename: &str,
    options: Options,
) -> Result<(Arc<CodeObject>, Vec<Warning>), SyntaxError> {
    let lines = LineMap::new("");
    generate(module, &context::Source::new(filename, "", &lines, options.columns), options)
}

/// All that follows the parser.
fn generate(
    mut module: ast::Module,
    source: &context::Source<'_>,
    options: Options,
) -> Result<(Arc<CodeObject>, Vec<Warning>), SyntaxError> {
    let future = future::find(&module, source)?;
    let future_flags = options.future_flags | future.flags;
    fold::fold(&mut module, options.optimize, future_flags & flags::FUTURE_ANNOTATIONS != 0);
    let table = symtable::build(&module, source, future_flags & flags::FUTURE_ANNOTATIONS != 0)?;
    let code = codegen::generate(&module, source, &table, options, future_flags, future.line)?;
    Ok((code, source.take_warnings()))
}

/// The same for a source in the classic dialect, which warns of nothing.
fn compile_classic(
    source: &str,
    filename: &str,
    mode: Mode,
    options: Options,
) -> Result<(Arc<CodeObject>, Vec<Warning>), SyntaxError> {
    let classic::Parsed { mut module, source, lines, future_flags } =
        classic::parse(source, filename, mode, options.future_flags)?;
    let mut context = context::Source::new(filename, &source, &lines, options.columns);
    context.classic = true;
    fold::fold_classic(&mut module, options.optimize);
    let table = symtable::build(&module, &context, false)?;
    // Where `from __future__` may stand has been checked.
    let code = codegen::generate(&module, &context, &table, options, future_flags, i32::MAX)?;
    Ok((code, Vec::new()))
}
