//! The way in: source text to AST, or the error CPython 3.11 would give.

use std::sync::Arc;

use ruff_python_ast::{
    BytesLiteral, FString, InterpolatedStringLiteralElement, Mod, PythonVersion, StringFlags, StringLiteral,
};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use super::literal::{decode_bytes, decode_fstring_part, decode_str};
use super::{LineMap, Position, SyntaxError};
use crate::code::object::Text;

/// What a source is parsed as: `compile()`'s third argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A module: any number of statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
}

/// A source that is valid Python 3.11 as far as the grammar goes.
#[derive(Debug)]
pub struct Parsed {
    /// `Mod::Expression` for [`Mode::Eval`], else `Mod::Module`. Offsets count into [`Parsed::source`].
    pub ast: Mod,
    /// The source with newlines normalised to `\n`.
    pub source: Arc<str>,
    pub lines: LineMap,
    pub filename: String,
}

impl Parsed {
    /// Start and end of a node as (line, byte column) pairs.
    pub fn span(&self, node: &impl Ranged) -> (Position, Position) {
        let range = node.range();
        (self.lines.position(range.start().to_u32()), self.lines.position(range.end().to_u32()))
    }

    /// The source text of a node.
    pub fn text(&self, node: &impl Ranged) -> &str {
        let range = node.range();
        &self.source[range.start().to_usize()..range.end().to_usize()]
    }

    /// The value of one string literal (of an implicit concatenation each part is one).
    pub fn string_value(&self, literal: &StringLiteral) -> Text {
        let body = self.literal_body(literal, literal.flags);
        if literal.flags.prefix().is_raw() {
            return Text::from(body);
        }
        // `parse` has refused literals without a value.
        decode_str(body).unwrap_or_else(|_| Text::from(&*literal.value))
    }

    /// The value of one bytes literal.
    pub fn bytes_value(&self, literal: &BytesLiteral) -> Vec<u8> {
        let body = self.literal_body(literal, literal.flags);
        if literal.flags.prefix().is_raw() {
            return body.as_bytes().to_vec();
        }
        decode_bytes(body).unwrap_or_else(|_| literal.value.to_vec())
    }

    /// The value of a literal part of an f-string (or of a format spec in it).
    pub fn fstring_value(&self, fstring: &FString, part: &InterpolatedStringLiteralElement) -> Text {
        let raw = fstring.flags.prefix().is_raw();
        decode_fstring_part(self.text(part), raw).unwrap_or_else(|_| Text::from(&*part.value))
    }

    fn literal_body(&self, literal: &impl Ranged, flags: impl StringFlags) -> &str {
        let text = self.text(literal);
        let end = text.len().saturating_sub(flags.closer_len().to_usize());
        text.get(flags.opener_len().to_usize()..end).unwrap_or_default()
    }

    /// A `SyntaxError` at a node, as the symbol table and the code generator raise it.
    pub fn error_at(&self, node: &impl Ranged, message: impl Into<String>) -> SyntaxError {
        let range = node.range();
        let (start, end) = self.span(node);
        SyntaxError::new(message, &self.filename)
            .at(
                i64::from(start.line),
                i64::from(self.lines.char_col(&self.source, range.start().to_u32())) + 1,
                i64::from(end.line),
                i64::from(self.lines.char_col(&self.source, range.end().to_u32())) + 1,
            )
            .with_text(self.lines.line_text(&self.source, start.line).map(str::to_string))
    }
}

/// Parses a source text.
///
/// # Errors
/// The error CPython 3.11.7's `compile()` raises for it.
pub fn parse(source: &str, filename: &str, mode: Mode) -> Result<Parsed, SyntaxError> {
    let source: Arc<str> = normalise_newlines(source).into();
    let ruff_mode = match mode {
        Mode::Eval => RuffMode::Expression,
        Mode::Exec | Mode::Single => RuffMode::Module,
    };
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion::PY311);
    let parsed = parse_unchecked(&source, options);
    let lines = LineMap::new(&source);
    let first =
        parsed.errors().first().map(|error| (error.error.to_string(), error.location)).or_else(|| {
            let error = parsed.unsupported_syntax_errors().first()?;
            Some(("invalid syntax".to_string(), error.range))
        });
    if let Some((message, range)) = first {
        let start = lines.position(range.start().to_u32());
        let end = lines.position(range.end().to_u32());
        return Err(SyntaxError::new(message, filename)
            .at(
                i64::from(start.line),
                i64::from(lines.char_col(&source, range.start().to_u32())) + 1,
                i64::from(end.line),
                i64::from(lines.char_col(&source, range.end().to_u32())) + 1,
            )
            .with_text(lines.line_text(&source, start.line).map(str::to_string)));
    }
    Ok(Parsed { ast: parsed.into_syntax(), source, lines, filename: filename.to_string() })
}

/// `\r\n` and lone `\r` become `\n`, as CPython's tokenizer reads every source.
fn normalise_newlines(source: &str) -> String {
    if source.contains('\r') { source.replace("\r\n", "\n").replace('\r', "\n") } else { source.to_string() }
}
