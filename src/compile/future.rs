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
                    return Err(source
                        .error(stmt.loc, "from __future__ imports must occur at the beginning of the file"));
                }
                for alias in names {
                    future.flags |= match &*alias.name {
                        "nested_scopes" | "generators" | "division" | "absolute_import"
                        | "with_statement" | "print_function" | "unicode_literals" | "generator_stop" => 0,
                        "barry_as_FLUFL" => flags::FUTURE_BARRY_AS_BDFL,
                        "annotations" => flags::FUTURE_ANNOTATIONS,
                        "braces" => return Err(source.error(stmt.loc, "not a chance")),
                        other => {
                            return Err(
                                source.error(stmt.loc, format!("future feature {other} is not defined"))
                            );
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
