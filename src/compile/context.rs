//! What every station needs to know of the source: its name, its text, what is to be warned about.

use std::cell::RefCell;

use super::ast::Location;
use crate::syntax::{Columns, LineMap, SourceWarning, SyntaxError, WarningCategory};

/// A warning that the compiler gives (`SyntaxWarning` or `DeprecationWarning`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The Python class name.
    pub category: &'static str,
    pub message: String,
    /// One-based.
    pub lineno: i32,
    /// What is raised where a filter turns the warning into an error.
    pub error: SyntaxError,
}

/// The source being compiled.
pub struct Source<'a> {
    pub filename: &'a str,
    pub text: &'a str,
    pub lines: &'a LineMap,
    /// What the columns of the parser's errors count.
    columns: Columns,
    /// The classic dialect.
    pub classic: bool,
    warnings: RefCell<Vec<Warning>>,
}

impl<'a> Source<'a> {
    pub fn new(filename: &'a str, text: &'a str, lines: &'a LineMap, columns: Columns) -> Self {
        Source { filename, text, lines, columns, classic: false, warnings: RefCell::new(Vec::new()) }
    }

    /// A `SyntaxError` at a place. Offsets count bytes, as they do for the errors that the
    /// reference finds after parsing.
    pub fn error(&self, loc: Location, message: impl Into<String>) -> SyntaxError {
        let mut error = SyntaxError::new(message, self.filename).at(
            i64::from(loc.line),
            i64::from(loc.col) + 1,
            i64::from(loc.end_line),
            i64::from(loc.end_col) + 1,
        );
        error.text_of_file = true;
        error
    }

    /// Notes a `SyntaxWarning`.
    pub fn warn(&self, loc: Location, message: impl Into<String>) {
        let message = message.into();
        let error = self.error(loc, message.clone());
        self.warnings.borrow_mut().push(Warning {
            category: "SyntaxWarning",
            message,
            lineno: loc.line,
            error,
        });
    }

    /// Notes a warning that the parser found.
    pub fn warn_parsed(&self, warning: &SourceWarning) {
        let category = match warning.category {
            WarningCategory::DeprecationWarning => "DeprecationWarning",
            WarningCategory::SyntaxWarning => "SyntaxWarning",
        };
        let lineno = warning.line as i32;
        let (from, to) = (self.lines.position(warning.start), self.lines.position(warning.end));
        let column = |offset: u32, byte: u32| match self.columns {
            Columns::Chars => i64::from(self.lines.char_col(self.text, offset)) + 1,
            Columns::Bytes => i64::from(byte) + 1,
        };
        let error = SyntaxError::new(warning.message.clone(), self.filename)
            .at(
                i64::from(from.line),
                column(warning.start, from.col),
                i64::from(to.line),
                column(warning.end, to.col),
            )
            .with_text(self.lines.line_text(self.text, from.line).map(str::to_string));
        let message = warning.message.clone();
        self.warnings.borrow_mut().push(Warning { category, message, lineno, error });
    }

    pub fn take_warnings(&self) -> Vec<Warning> {
        self.warnings.take()
    }
}
