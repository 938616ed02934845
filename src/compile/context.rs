//! What every station needs to know of the source: its name, its text, what is to be warned about.

use std::cell::RefCell;

use super::ast::Location;
use crate::syntax::{LineMap, SourceWarning, SyntaxError, WarningCategory};

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
    warnings: RefCell<Vec<Warning>>,
}

impl<'a> Source<'a> {
    pub fn new(filename: &'a str, text: &'a str, lines: &'a LineMap) -> Self {
        Source { filename, text, lines, warnings: RefCell::new(Vec::new()) }
    }

    /// A `SyntaxError` at a place. Offsets count bytes, as they do for the errors that the
    /// reference finds after parsing; the line's text is there only for a file.
    pub fn error(&self, loc: Location, message: impl Into<String>) -> SyntaxError {
        let text = if self.filename.starts_with('<') {
            None
        } else {
            self.lines.line_text(self.text, loc.line.max(0) as u32).map(str::to_string)
        };
        SyntaxError::new(message, self.filename)
            .at(
                i64::from(loc.line),
                i64::from(loc.col) + 1,
                i64::from(loc.end_line),
                i64::from(loc.end_col) + 1,
            )
            .with_text(text)
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
        let line = Location { line: lineno, end_line: lineno, col: 0, end_col: 0 };
        let error = self.error(line, warning.message.clone());
        let message = warning.message.clone();
        self.warnings.borrow_mut().push(Warning { category, message, lineno, error });
    }

    pub fn take_warnings(&self) -> Vec<Warning> {
        self.warnings.take()
    }
}
