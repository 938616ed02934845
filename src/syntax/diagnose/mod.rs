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
mod peg;
pub(super) mod token;

use super::{Mode, SyntaxError};
use peg::{Parser, Raised};

/// What the recogniser says about a source.
pub(super) struct Diagnosis {
    /// `None`: the grammar has nothing against the source.
    pub error: Option<SyntaxError>,
    /// The error is that the input ends too early.
    pub at_end: bool,
}

/// Finds the error of a source (newlines normalised).
pub(super) fn diagnose(source: &str, filename: &str, mode: Mode) -> Diagnosis {
    let mut parser = Parser::new(token::tokenize(source, mode));
    let rule = match mode {
        Mode::Exec => "file",
        Mode::Eval => "eval",
        Mode::Single => "interactive",
    };
    let Some(raised) = parser.run(rule, mode) else { return Diagnosis { error: None, at_end: false } };
    let at_end = raised.at_end;
    let Raised { kind, message, line, offset, end_line, end_offset, text, .. } = raised;
    let text = text.or_else(|| parser.shown_line(line));
    // An empty input has no first line.
    let first = u32::from(!parser.tokens.text.is_empty());
    let (line, end_line) = if first == 0 { (0, 0) } else { (line, end_line) };
    let error = SyntaxError::new(message, filename)
        .with_kind(kind)
        .at(i64::from(line), offset, i64::from(end_line), end_offset)
        .with_text(text);
    Diagnosis { error: Some(error), at_end }
}
