//! String and bytes literals, decoded from their source text.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, Result_};
use crate::code::object::{Const, Text};
use crate::compile::ast::ExprKind;

/// More decimal digits than this are refused, as `sys.set_int_max_str_digits` has it by default.
pub(super) const MAX_INT_DIGITS: usize = 4300;

impl Lower<'_> {
    /// A string literal, or several next to each other.
    pub(super) fn string(&mut self, node: &ruff::ExprStringLiteral) -> Result_<ExprKind> {
        let mut text = Decoded::default();
        for part in node.value.iter() {
            text.push(content(self.parsed.text(part)));
        }
        let unicode = node.value.iter().next().is_some_and(|part| self.parsed.text(part).starts_with('u'));
        Ok(ExprKind::Constant { value: Const::Str(text.finish()), unicode })
    }

    /// A bytes literal, or several next to each other.
    pub(super) fn bytes(&mut self, node: &ruff::ExprBytesLiteral) -> Result_<ExprKind> {
        let mut bytes = Vec::new();
        for part in node.value.iter() {
            let (body, raw) = content(self.parsed.text(part));
            decode_bytes(body, raw, &mut bytes);
        }
        Ok(super::expr::constant(Const::Bytes(bytes.into())))
    }

    /// A plain string literal inside a concatenation with f-strings.
    pub(super) fn string_part(&self, part: &ruff::StringLiteral, text: &mut Decoded) {
        text.push(content(self.parsed.text(part)));
    }

    /// A piece of literal text of an f-string, where doubled braces stand for one.
    pub(super) fn fstring_piece(&self, piece: &impl Ranged, raw: bool, text: &mut Decoded) {
        text.push_fstring(self.parsed.text(piece), raw);
    }
}

/// What is between the quotes of a literal, and whether it is a raw one.
fn content(literal: &str) -> (&str, bool) {
    let quote_at = literal.find(['"', '\'']).unwrap_or(0);
    let (prefix, quoted) = literal.split_at(quote_at);
    let raw = prefix.contains(['r', 'R']);
    let width =
        if quoted.len() >= 6 && (quoted.starts_with("\"\"\"") || quoted.starts_with("'''")) { 3 } else { 1 };
    (quoted.get(width..quoted.len().saturating_sub(width)).unwrap_or(""), raw)
}

/// Text being decoded: UTF-8 as long as no surrogate turns up, code points from then on.
#[derive(Default)]
pub(super) struct Decoded {
    plain: String,
    /// Everything so far, once a surrogate has been met.
    points: Option<Vec<u32>>,
}

impl Decoded {
    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.points.is_none()
    }

    pub(super) fn finish(self) -> Text {
        match self.points {
            Some(points) => Text::from_code_points(points),
            None => Text::from(self.plain),
        }
    }

    pub(super) fn push_str(&mut self, text: &str) {
        match &mut self.points {
            Some(points) => points.extend(text.chars().map(u32::from)),
            None => self.plain.push_str(text),
        }
    }

    fn push_point(&mut self, point: u32) {
        match (&mut self.points, char::from_u32(point)) {
            (Some(points), _) => points.push(point),
            (None, Some(char)) => self.plain.push(char),
            (None, None) => {
                let mut points: Vec<u32> = std::mem::take(&mut self.plain).chars().map(u32::from).collect();
                points.push(point);
                self.points = Some(points);
            }
        }
    }

    fn push(&mut self, (body, raw): (&str, bool)) {
        if raw || !body.contains('\\') {
            self.push_str(body);
        } else {
            self.push_escaped(body, false);
        }
    }

    fn push_fstring(&mut self, body: &str, raw: bool) {
        if (raw || !body.contains('\\')) && !body.contains(['{', '}']) {
            self.push_str(body);
        } else if raw {
            let mut rest = body;
            while let Some(at) = rest.find(['{', '}']) {
                self.push_str(&rest[..=at]);
                let brace = &rest[at..=at];
                rest = &rest[at + 1..];
                rest = rest.strip_prefix(brace).unwrap_or(rest);
            }
            self.push_str(rest);
        } else {
            self.push_escaped(body, true);
        }
    }

    fn push_escaped(&mut self, body: &str, braces: bool) {
        let mut rest = body;
        while let Some(at) = rest.find(|c| c == '\\' || (braces && (c == '{' || c == '}'))) {
            self.push_str(&rest[..at]);
            let stop = &rest[at..=at];
            rest = &rest[at + 1..];
            if stop != "\\" {
                self.push_str(stop);
                rest = rest.strip_prefix(stop).unwrap_or(rest);
                continue;
            }
            let mut chars = rest.chars();
            let Some(kind) = chars.next() else {
                self.push_str("\\");
                break;
            };
            rest = chars.as_str();
            match kind {
                '\n' => {}
                '\\' => self.push_str("\\"),
                '\'' => self.push_str("'"),
                '"' => self.push_str("\""),
                'a' => self.push_point(7),
                'b' => self.push_point(8),
                'f' => self.push_point(12),
                'n' => self.push_point(10),
                'r' => self.push_point(13),
                't' => self.push_point(9),
                'v' => self.push_point(11),
                '0'..='7' => {
                    let (value, len) = octal(kind as u8, rest.as_bytes());
                    self.push_point(value);
                    rest = &rest[len..];
                }
                'x' | 'u' | 'U' => {
                    let len = match kind {
                        'x' => 2,
                        'u' => 4,
                        _ => 8,
                    };
                    match rest.get(..len).and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
                        Some(point) => {
                            self.push_point(point);
                            rest = &rest[len..];
                        }
                        None => {
                            self.push_str("\\");
                            self.push_point(u32::from(kind));
                        }
                    }
                }
                'N' => {
                    let name = rest
                        .strip_prefix('{')
                        .and_then(|inner| inner.split_once('}'))
                        .and_then(|(name, after)| Some((named(name)?, after)));
                    match name {
                        Some((points, after)) => {
                            self.push_str(&points);
                            rest = after;
                        }
                        None => self.push_str("\\N"),
                    }
                }
                other => {
                    self.push_str("\\");
                    // The character itself is read again: a brace may follow the backslash.
                    rest = &body[body.len() - rest.len() - other.len_utf8()..];
                    if !(braces && (other == '{' || other == '}')) {
                        self.push_point(u32::from(other));
                        rest = &rest[other.len_utf8()..];
                    }
                }
            }
        }
        self.push_str(rest);
    }
}

/// The character of a name in `\N{...}`, in any case, aliases included.
fn named(name: &str) -> Option<String> {
    crate::syntax::character_by_name(name).map(String::from)
}

/// Up to three octal digits, the first of which is given: their value, and how many more were read.
fn octal(first: u8, rest: &[u8]) -> (u32, usize) {
    let mut value = u32::from(first - b'0');
    let mut len = 0;
    while len < 2
        && let Some(digit @ b'0'..=b'7') = rest.get(len)
    {
        value = value * 8 + u32::from(digit - b'0');
        len += 1;
    }
    (value, len)
}

fn decode_bytes(body: &str, raw: bool, out: &mut Vec<u8>) {
    if raw || !body.contains('\\') {
        out.extend_from_slice(body.as_bytes());
        return;
    }
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&kind) = bytes.get(at) else {
            out.push(b'\\');
            break;
        };
        at += 1;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b't' => out.push(9),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let (value, len) = octal(kind, &bytes[at..]);
                out.push(value as u8);
                at += len;
            }
            b'x' => match body.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                Some(value) => {
                    out.push(value);
                    at += 2;
                }
                None => out.extend([b'\\', b'x']),
            },
            other => out.extend([b'\\', other]),
        }
    }
}
