//! Why a source is broken, as CPython 3.11 tells it. Runs on error paths only.
//!
//! [`token`] splits the source as CPython's tokenizer does and knows its errors; [`peg`] runs the
//! [`grammar`] over the tokens in CPython's two passes; [`actions`] and [`fstring`] word what the
//! grammar finds.

mod actions;
mod fstring;
mod grammar;
mod node;
mod notation;
mod number;
mod peg;
pub(super) mod token;

use super::{Columns, Mode, SyntaxError};
use peg::{Parser, Raised};

/// The error of a source (newlines normalised); `None` where the grammar has nothing against it.
pub(super) fn diagnose(source: &str, filename: &str, mode: Mode, columns: Columns) -> Option<SyntaxError> {
    let mut parser = Parser::new(token::tokenize(source, mode));
    parser.columns = columns;
    let rule = match mode {
        Mode::Exec => "file",
        Mode::Eval => "eval",
        Mode::Single => "interactive",
    };
    let raised = parser.run(rule, mode)?;
    let Raised { kind, message, line, offset, end_line, end_offset, text, .. } = raised;
    let text = text.or_else(|| parser.shown_line(line));
    // An empty input has no first line.
    let first = u32::from(!parser.tokens.text.is_empty());
    let (line, end_line) = if first == 0 { (0, 0) } else { (line, end_line) };
    let error = SyntaxError::new(message, filename)
        .with_kind(kind)
        .at(i64::from(line), offset, i64::from(end_line), end_offset)
        .with_text(text);
    Some(error)
}

/// Whether a module source is broken, and if so, only because it ends too early.
pub(super) fn diagnose_end(source: &str) -> Option<bool> {
    let mut parser = Parser::new(token::tokenize(source, Mode::Exec));
    parser.run("file", Mode::Exec).map(|_| parser.reached_end)
}
