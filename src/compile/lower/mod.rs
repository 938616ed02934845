//! From the parser's tree to ours.
//!
//! The two differ in shape where the parser's authors and Python's grammar do: `elif` chains are
//! nested, a definition starts at its keyword and not at its decorators, string literals are
//! decoded from the source text (so that lone surrogates survive), f-strings become `JoinedStr`.
//! Every place is CPython 3.11's.

mod expr;
mod fstring;
mod literal;
mod pattern;
mod stmt;

use std::cell::{Cell, RefCell};

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::ast::{Expr, Identifier, Location, Module, NodeId};
use crate::syntax::{ErrorKind, Mode, Parsed, SyntaxError};

/// How deeply statements and expressions may nest. CPython gives up at about the same depth.
const MAX_DEPTH: u32 = 2900;

/// Lowers a parsed source.
///
/// # Errors
/// Literals the parser accepted and Python does not, and nesting too deep to compile.
pub fn lower(parsed: &Parsed, mode: Mode) -> Result<Module, SyntaxError> {
    let mut lower = Lower {
        parsed,
        source: &parsed.source,
        next_id: 0,
        depth: 0,
        names: RefCell::default(),
        line: Cell::new(1),
    };
    Ok(match &parsed.ast {
        ruff::Mod::Expression(module) => Module::Expression(Box::new(lower.expr(&module.body)?)),
        ruff::Mod::Module(module) => {
            let body = lower.body(&module.body)?;
            match mode {
                Mode::Single => Module::Interactive(body),
                _ => Module::Module(body),
            }
        }
    })
}

struct Lower<'a> {
    parsed: &'a Parsed,
    source: &'a str,
    next_id: u32,
    depth: u32,
    /// Every identifier once.
    names: RefCell<FxHashSet<Identifier>>,
    /// The line of the last place asked for: the next is mostly near.
    line: Cell<u32>,
}

type Result_<T> = Result<T, SyntaxError>;

impl Lower<'_> {
    fn fresh_id(&mut self) -> NodeId {
        self.next_id += 1;
        NodeId(self.next_id)
    }

    fn range_location(&self, range: TextRange) -> Location {
        let start = self.parsed.lines.position_near(range.start().to_u32(), self.line.get());
        let end = self.parsed.lines.position_near(range.end().to_u32(), start.line);
        self.line.set(start.line);
        Location {
            line: start.line as i32,
            end_line: end.line as i32,
            col: start.col as i32,
            end_col: end.col as i32,
        }
    }

    fn location(&self, node: &impl Ranged) -> Location {
        self.range_location(node.range())
    }

    fn identifier(&self, identifier: &ruff::Identifier) -> Identifier {
        self.intern(identifier.id.as_str())
    }

    /// One and the same identifier for equal names.
    fn intern(&self, name: &str) -> Identifier {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.get(name) {
            return known.clone();
        }
        let new = Identifier::from(name);
        names.insert(new.clone());
        new
    }

    fn boxed(&mut self, expr: &ruff::Expr) -> Result_<Box<Expr>> {
        Ok(Box::new(self.expr(expr)?))
    }

    fn optional(&mut self, expr: Option<&ruff::Expr>) -> Result_<Option<Box<Expr>>> {
        expr.map(|expr| self.boxed(expr)).transpose()
    }

    /// Goes one level deeper, or reports that there are too many.
    fn enter(&mut self) -> Result_<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError::new(
                "maximum recursion depth exceeded during compilation",
                &self.parsed.filename,
            )
            .with_kind(ErrorKind::Recursion));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The offset of the first thing after `from` that is neither white space, a comment nor a
    /// line continuation.
    fn skip_trivia(&self, from: TextSize) -> TextSize {
        let bytes = self.source.as_bytes();
        let mut at = from.to_usize();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'\\' => at += 1,
                b'#' => {
                    while bytes.get(at).is_some_and(|&byte| byte != b'\n') {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        TextSize::try_from(at).unwrap_or(from)
    }
}
