//! What ruff lets pass and CPython 3.11 does not, found by one walk over ruff's tokens; and the
//! warnings of the tokenizer.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Mod, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use super::LineMap;
use super::literal::{decode_str, invalid_escapes};

/// The class of a [`SourceWarning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningCategory {
    DeprecationWarning,
    SyntaxWarning,
}

/// A warning about source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceWarning {
    pub category: WarningCategory,
    pub message: String,
    /// One-based.
    pub line: u32,
    /// Byte offsets of the literal that the warning is about; where a filter makes it an error, the
    /// error stands there.
    pub start: u32,
    pub end: u32,
}

/// What the tokens tell.
pub(super) struct Survey {
    /// Something is there that CPython may refuse: the full diagnosis decides.
    pub suspicious: bool,
    /// f-strings of which the same is true, as byte offsets.
    pub odd_strings: Vec<(usize, usize)>,
    /// One statement nests or chains so much that the tree may be too deep.
    pub maybe_deep: bool,
    pub warnings: Vec<SourceWarning>,
}

const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 99;
const MAX_DIGITS: usize = 4300;

/// Looks at every token once.
pub(super) fn survey(tokens: &Tokens, source: &str, lines: &LineMap) -> Survey {
    let mut survey =
        Survey { suspicious: false, odd_strings: Vec::new(), maybe_deep: false, warnings: Vec::new() };
    let (mut brackets, mut indents, mut length) = (0usize, 0usize, 0usize);
    // Where each open f-string starts.
    let mut fstrings: Vec<usize> = Vec::new();
    let mut nested = false;
    let mut after_yield = false;
    let mut number_end = usize::MAX;
    for token in tokens {
        let range = token.range();
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        length += 1;
        let kind = token.kind();
        // ruff lets `yield and x` and the like pass, with a value that is not there.
        survey.suspicious |= after_yield && goes_on(kind);
        after_yield = kind == TokenKind::Yield;
        match kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                brackets += 1;
                survey.suspicious |= brackets > MAX_BRACKETS;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => brackets = brackets.saturating_sub(1),
            TokenKind::Indent => {
                indents += 1;
                survey.suspicious |= indents > MAX_INDENTS;
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline => {
                survey.maybe_deep |= length > DEEP / 2;
                length = 0;
            }
            TokenKind::Elif => length = 0,
            TokenKind::Int => survey.suspicious |= end - start > MAX_DIGITS,
            TokenKind::String | TokenKind::FStringMiddle => {
                let text = source.get(start..end).unwrap_or_default();
                if text.contains('\\') {
                    let flags = token.string_flags();
                    let raw = flags.is_some_and(|flags| flags.is_raw_string());
                    if !raw {
                        // To the reference the whole f-string is one token: warnings name its first line.
                        let at = fstrings.first().copied().unwrap_or(start);
                        let quoted = kind == TokenKind::String;
                        survey.escapes(text, quoted, lines.line(at as u32), at as u32, end as u32);
                    }
                }
            }
            TokenKind::FStringStart => {
                // An f-string within another is 3.12's, except within a format spec's nothing.
                nested |= !fstrings.is_empty();
                fstrings.push(start);
            }
            TokenKind::FStringEnd => {
                if let Some(from) = fstrings.pop() {
                    let text = source.get(from..end).unwrap_or_default();
                    if fstrings.is_empty() && (std::mem::take(&mut nested) || odd_fields(text)) {
                        survey.odd_strings.push((from, end));
                    }
                    // What was warned of within the f-string is about all of it.
                    for warning in &mut survey.warnings {
                        if warning.start == from as u32 {
                            warning.end = end as u32;
                        }
                    }
                }
            }
            _ if start == number_end && kind.is_keyword() => {
                let message = format!("invalid {} literal", number_kind(source, start));
                let category = WarningCategory::SyntaxWarning;
                let line = lines.line(start as u32);
                let (start, end) = (start as u32, end as u32);
                survey.warnings.push(SourceWarning { category, message, line, start, end });
            }
            _ => {}
        }
        if matches!(kind, TokenKind::Int | TokenKind::Float | TokenKind::Complex) {
            number_end = end;
        }
    }
    survey.maybe_deep |= length > DEEP / 2;
    survey
}

/// Whether a token can only go on with an expression, not begin one or follow it.
fn goes_on(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        And | Or
            | In
            | Is
            | If
            | Else
            | For
            | Dot
            | Slash
            | DoubleSlash
            | DoubleStar
            | Percent
            | At
            | Vbar
            | Amper
            | CircumFlex
            | LeftShift
            | RightShift
            | Less
            | Greater
            | LessEqual
            | GreaterEqual
            | EqEqual
            | NotEqual
    )
}

/// What messages call the number that ends at an offset.
fn number_kind(source: &str, end: usize) -> &'static str {
    let head = source.get(..end).unwrap_or_default();
    let start =
        head.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).map_or(0, |at| at + 1);
    let number = head.get(start..).unwrap_or_default().to_ascii_lowercase();
    match number.get(..2) {
        Some("0x") => "hexadecimal",
        Some("0o") => "octal",
        Some("0b") => "binary",
        _ if number.ends_with('j') => "imaginary",
        _ => "decimal",
    }
}

/// Whether braces open three deep, or a field starts with a star.
fn odd_fields(text: &str) -> bool {
    let mut depth = 0i32;
    let mut odd = false;
    let mut opened = false;
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'*' => odd |= opened,
            _ => {}
        }
        opened = byte == b'{' || opened && byte.is_ascii_whitespace();
        odd |= depth > 2;
    }
    odd
}

impl Survey {
    fn escapes(&mut self, text: &str, quoted: bool, line: u32, start: u32, end: u32) {
        let (bytes, body) = if quoted {
            let prefix = text.find(['"', '\'']).unwrap_or(0);
            let quotes = &text[prefix..];
            let len = if quotes.starts_with("\"\"\"") || quotes.starts_with("'''") { 3 } else { 1 };
            let body = text.get(prefix + len..text.len().saturating_sub(len)).unwrap_or_default();
            (text[..prefix].contains(['b', 'B']), body)
        } else {
            (false, text)
        };
        if !bytes && body.contains("\\N") && decode_str(body).is_err() {
            self.suspicious = true;
        }
        if let Some(first) = invalid_escapes(body, bytes).first() {
            let category = WarningCategory::DeprecationWarning;
            self.warnings.push(SourceWarning { category, message: first.message(), line, start, end });
        }
    }
}

/// How many statements and expressions may be nested in each other before the reference's compiler
/// gives up with "maximum recursion depth exceeded during compilation".
const DEEP: usize = 2991;
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 4 * 1024 * 1024;

/// Whether a tree is too deep for the reference's compiler.
pub(super) fn too_deep(ast: &Mod) -> bool {
    depth(ast) > DEEP
}

/// How many statements and expressions are nested in each other at the deepest place.
fn depth(ast: &Mod) -> usize {
    let mut meter = Meter { depth: 0, deepest: 0 };
    match ast {
        Mod::Module(module) => module.body.iter().for_each(|stmt| meter.visit_stmt(stmt)),
        Mod::Expression(expression) => meter.visit_expr(&expression.body),
    }
    meter.deepest
}

/// Frees a tree. One that may be deep gets the native stack that dropping it level by level takes;
/// one beyond all measure is given up rather than dropped.
pub(super) fn free(parsed: Parsed<Mod>, maybe_deep: bool) {
    const FRAMES: usize = 1024;
    const GIVEN_UP: usize = 100_000;
    let levels = if maybe_deep { depth(parsed.syntax()) } else { 0 };
    if levels > GIVEN_UP {
        std::mem::forget(parsed);
    } else if levels > 0 {
        stacker::maybe_grow(levels * FRAMES + RED_ZONE, levels * FRAMES + STACK, || drop(parsed));
    }
}

struct Meter {
    depth: usize,
    deepest: usize,
}

impl Meter {
    fn level(&mut self, walk: impl FnOnce(&mut Self)) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        stacker::maybe_grow(RED_ZONE, STACK, || walk(self));
        self.depth -= 1;
    }
}

impl<'a> Visitor<'a> for Meter {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.level(|meter| walk_stmt(meter, stmt));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.level(|meter| walk_expr(meter, expr));
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::{Mode, parse};

    /// Recorded from the reference with every warning on.
    #[test]
    fn warnings() {
        let cases: [(&str, &[(&str, u32)]); 9] = [
            ("x = b'\\d\\q'\n", &[("invalid escape sequence '\\d'", 1)]),
            (
                "x = (\n'\\d',\n'\\w')\n",
                &[("invalid escape sequence '\\d'", 2), ("invalid escape sequence '\\w'", 3)],
            ),
            ("rb'\\d'\n", &[]),
            ("f'''a\n{x}\\d'''\n", &[("invalid escape sequence '\\d'", 1)]),
            ("f'\\{a}'\n", &[("invalid escape sequence '\\{'", 1)]),
            ("'\\400'\n", &[("invalid octal escape sequence '\\400'", 1)]),
            ("[0x1for x in y]\n", &[("invalid hexadecimal literal", 1)]),
            ("1jif x else 2\n", &[("invalid imaginary literal", 1)]),
            ("1_0or 2\n", &[("invalid decimal literal", 1)]),
        ];
        for (source, expected) in cases {
            let parsed = parse(source, "t.py", Mode::Exec).unwrap();
            let found: Vec<_> = parsed.warnings.iter().map(|one| (one.message.as_str(), one.line)).collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
