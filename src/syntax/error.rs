//! The syntax error as plain data; the VM makes the exception object from it.

use std::fmt;

/// Which exception class the error is raised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Syntax,
    Indentation,
    Tab,
    /// Not a `SyntaxError`: `compile()` reports a NUL character or an over-deep nesting as these.
    Value,
    Memory,
    Recursion,
}

impl ErrorKind {
    /// The Python class name, such as `IndentationError`.
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Memory => "MemoryError",
            ErrorKind::Recursion => "RecursionError",
        }
    }
}

/// An error in source text, with the fields of Python's `SyntaxError`.
///
/// Lines and offsets are one-based; offsets count characters, not bytes. `None` is Python's `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub kind: ErrorKind,
    pub message: String,
    pub filename: String,
    pub lineno: Option<i64>,
    pub offset: Option<i64>,
    pub end_lineno: Option<i64>,
    pub end_offset: Option<i64>,
    /// The source line, its newline included where CPython includes it.
    pub text: Option<String>,
    /// The line to show is that of the file with this name, if there is one: so the errors have it
    /// that are found after parsing, when the source text is gone.
    pub text_of_file: bool,
}

impl SyntaxError {
    /// A `SyntaxError` with a message and a file, and no place.
    pub fn new(message: impl Into<String>, filename: &str) -> Self {
        SyntaxError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            filename: filename.to_string(),
            lineno: None,
            offset: None,
            end_lineno: None,
            end_offset: None,
            text: None,
            text_of_file: false,
        }
    }

    /// The same error as another class.
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same error at a place: line, character offset (both one-based), and the same for its end.
    pub fn at(mut self, lineno: i64, offset: i64, end_lineno: i64, end_offset: i64) -> Self {
        self.lineno = Some(lineno);
        self.offset = Some(offset);
        self.end_lineno = Some(end_lineno);
        self.end_offset = Some(end_offset);
        self
    }

    /// The same error with the text of its line.
    pub fn with_text(mut self, text: Option<String>) -> Self {
        self.text = text;
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}", self.kind.class_name(), self.message, self.filename)?;
        if let Some(line) = self.lineno {
            write!(f, ", line {line}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for SyntaxError {}
