//! `from __future__ import ...`: which features a module asks for.

use super::ast::{Module, Stmt, StmtKind};
use super::context::Source;
use crate::code::object::flags;
use crate::syntax::SyntaxError;

/// What was found.
pub struct Future {
    /// `co_flags` bits.
    pub flags: u32,
    /// Line of the last such import; later ones are errors.
    pub line: i32,
}

/// These errors tell where they begin only.
fn unended(error: SyntaxError) -> SyntaxError {
    SyntaxError { end_lineno: error.lineno, end_offset: None, ..error }
}

/// Reads the imports at the beginning of a module: after the docstring, before anything else.
pub fn find(module: &Module, source: &Source<'_>) -> Result<Future, SyntaxError> {
    let mut future = Future { flags: 0, line: -1 };
    let body: &[Stmt] = match module {
        Module::Module(body) | Module::Interactive(body) => body,
        Module::Expression(_) => return Ok(future),
    };
    let mut done = false;
    let mut previous_line = 0;
    for (at, stmt) in body.iter().enumerate() {
        if done && stmt.loc.line > previous_line {
            return Ok(future);
        }
        previous_line = stmt.loc.line;
        match &stmt.kind {
            StmtKind::ImportFrom { module: Some(name), names, level: 0 } if &**name == "__future__" => {
                if done {
                    let mut error = source
                        .error(stmt.loc, "from __future__ imports must occur at the beginning of the file");
                    error = unended(error);
                    // This one counts from zero.
                    error.offset = Some(i64::from(stmt.loc.col));
                    return Err(error);
                }
                for alias in names {
                    future.flags |= match &*alias.name {
                        "nested_scopes" | "generators" | "division" | "absolute_import"
                        | "with_statement" | "print_function" | "unicode_literals" | "generator_stop" => 0,
                        "barry_as_FLUFL" => flags::FUTURE_BARRY_AS_BDFL,
                        "annotations" => flags::FUTURE_ANNOTATIONS,
                        "braces" => return Err(unended(source.error(stmt.loc, "not a chance"))),
                        other => {
                            let message = format!("future feature {other} is not defined");
                            return Err(unended(source.error(stmt.loc, message)));
                        }
                    };
                }
                future.line = stmt.loc.line;
            }
            StmtKind::Expr(value) if at == 0 && value.as_constant().is_some() => {
                // A docstring may come first.
            }
            _ => done = true,
        }
    }
    Ok(future)
}
