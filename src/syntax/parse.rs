//! The way in: source text to AST, or the error CPython 3.11 would give.

use std::sync::Arc;

use ruff_python_ast::{
    BytesLiteral, FString, InterpolatedStringLiteralElement, Mod, PythonVersion, StringFlags, StringLiteral,
};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use super::checks::{SourceWarning, free, survey, too_deep};
use super::diagnose::diagnose;
use super::diagnose::token::{TokenKind, tokenize};
use super::literal::{decode_bytes, decode_fstring_part, decode_str};
use super::source::null_error;
use super::{Columns, ErrorKind, LineMap, Position, SyntaxError};
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
    /// Deprecated forms, in source order; whoever compiles issues them.
    pub warnings: Vec<SourceWarning>,
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
    parse_with(source, filename, mode, Columns::Chars)
}

/// As [`parse`], saying what the columns of errors count.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(source: &str, filename: &str, mode: Mode, columns: Columns) -> Result<Parsed, SyntaxError> {
    if source.contains('\0') {
        return Err(null_error(filename));
    }
    let source: Arc<str> = normalise_newlines(source).into();
    match parse_checked(&source, &source, filename, mode, columns) {
        Err(Refusal::OnlyRuff(error)) => {
            let Some(masked) = mask(&source, mode) else { return Err(error) };
            parse_checked(&masked, &source, filename, mode, columns).map_err(Refusal::into_error)
        }
        other => other.map_err(Refusal::into_error),
    }
}

enum Refusal {
    Error(SyntaxError),
    /// ruff refuses what the grammar allows.
    OnlyRuff(SyntaxError),
}

impl Refusal {
    fn into_error(self) -> SyntaxError {
        match self {
            Refusal::Error(error) | Refusal::OnlyRuff(error) => error,
        }
    }
}

/// Parses `text`, which is `source` except perhaps for the content of some string literals.
fn parse_checked(
    text: &str,
    source: &Arc<str>,
    filename: &str,
    mode: Mode,
    columns: Columns,
) -> Result<Parsed, Refusal> {
    let ruff_mode = match mode {
        Mode::Eval => RuffMode::Expression,
        Mode::Exec | Mode::Single => RuffMode::Module,
    };
    // ruff's expression mode wants nothing before the expression.
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion::PY311);
    let parsed = parse_unchecked(text, options);
    let lines = LineMap::new(text);
    let found = survey(parsed.tokens(), text, &lines);
    let refused = !parsed.errors().is_empty() || !parsed.unsupported_syntax_errors().is_empty();
    // ruff measures tabs in its own way; interactive input has a grammar of its own.
    let last_line = text.rsplit('\n').next().unwrap_or_default();
    let indented_end = mode == Mode::Eval && !last_line.is_empty() && last_line.trim().is_empty();
    let suspicious = found.suspicious || mode == Mode::Single || indented_end || has_broken_tabs(text, mode);
    let broken = |&(start, end): &(usize, usize)| {
        let alone = source.get(start..end).unwrap_or_default();
        diagnose(alone, filename, Mode::Eval, columns).is_some()
    };
    let suspicious = suspicious || found.odd_strings.iter().any(broken);
    if (refused || suspicious)
        && let Some(error) = diagnose(source, filename, mode, columns)
    {
        free(parsed, found.maybe_deep);
        return Err(Refusal::Error(error));
    }
    if refused {
        let first = parsed.errors().first().map(|error| error.location);
        let first = first.or_else(|| parsed.unsupported_syntax_errors().first().map(|error| error.range));
        let range = first.unwrap_or_default();
        let (start, end) = (range.start().to_u32(), range.end().to_u32());
        let (from, to) = (lines.position(start), lines.position(end));
        let error = SyntaxError::new("invalid syntax", filename)
            .at(
                i64::from(from.line),
                i64::from(lines.char_col(text, start)) + 1,
                i64::from(to.line),
                i64::from(lines.char_col(text, end)) + 1,
            )
            .with_text(lines.line_text(text, from.line).map(str::to_string));
        free(parsed, found.maybe_deep);
        return Err(Refusal::OnlyRuff(error));
    }
    if found.maybe_deep && too_deep(parsed.syntax()) {
        free(parsed, found.maybe_deep);
        let message = "maximum recursion depth exceeded during compilation";
        return Err(Refusal::Error(SyntaxError::new(message, filename).with_kind(ErrorKind::Recursion)));
    }
    let ast = parsed.into_syntax();
    let (filename, source) = (filename.to_string(), source.clone());
    Ok(Parsed { ast, source, lines, filename, warnings: found.warnings })
}

/// Whether tabs make the indentation inconsistent.
fn has_broken_tabs(text: &str, mode: Mode) -> bool {
    text.contains('\t') && tokenize(text, mode).error.is_some()
}

/// The source without what ruff refuses although the grammar allows it, every offset kept. `None` if
/// there is nothing of the kind.
///
/// That is `\N{…}` in string literals, since ruff does not know the character names of more than one
/// word (the values of literals are read from the true source), and a `raise` that a semicolon
/// follows, which becomes a name (lowering looks at the true source).
fn mask(source: &str, mode: Mode) -> Option<String> {
    let mut masked = source.as_bytes().to_vec();
    let mut changed = false;
    let tokens = tokenize(source, mode).list;
    for (index, token) in tokens.iter().enumerate() {
        let Some((start, end)) = token.span else { continue };
        let (mut at, end) = (start as usize, (end as usize).min(masked.len()));
        match token.kind {
            TokenKind::Name if source.get(at..end) == Some("raise") => {
                let next = tokens.get(index + 1).and_then(|next| next.span);
                if next.is_some_and(|(at, _)| source.as_bytes().get(at as usize) == Some(&b';')) {
                    masked[at..end].fill(b'x');
                    changed = true;
                }
            }
            TokenKind::String => {
                while let Some(found) = source.get(at..end).and_then(|rest| rest.find("\\N{")) {
                    let from = at + found;
                    let Some(len) = source[from..end].find('}') else { break };
                    masked[from..=from + len].fill(b'x');
                    changed = true;
                    at = from + len + 1;
                }
            }
            _ => {}
        }
    }
    if changed { String::from_utf8(masked).ok() } else { None }
}

/// `\r\n` and lone `\r` become `\n`, as CPython's tokenizer reads every source.
fn normalise_newlines(source: &str) -> String {
    if source.contains('\r') { source.replace("\r\n", "\n").replace('\r', "\n") } else { source.to_string() }
}
