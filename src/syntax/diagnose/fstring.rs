//! String literals on the error path: mixing, values, and 3.11's f-strings.
//!
//! In 3.11 an f-string is one token; its expressions are cut out by hand and parsed on their own,
//! in parentheses. So their errors have messages and places of their own.

use super::super::literal::{decode_bytes, decode_str};
use super::super::{Columns, ErrorKind, Mode};
use super::node::{Id, Kind};
use super::peg::{Match, Parser, Stop};
use super::token::tokenize;

impl Parser {
    /// One or more adjacent string tokens.
    pub(super) fn strings(&mut self, row: Id) -> Match {
        let first = self.nodes.get(row).first as usize;
        let end = self.nodes.get(row).end as usize;
        let mut kind = Kind::Literal;
        let mut first_is_bytes = None;
        for index in first..end {
            let token = self.token_text(index).to_string();
            let prefix_len = token.find(['"', '\'']).unwrap_or(0);
            let prefix = token[..prefix_len].to_ascii_lowercase();
            let quote = &token[prefix_len..];
            let quote_len = if quote.starts_with("\"\"\"") || quote.starts_with("'''") { 3 } else { 1 };
            let body_start = prefix_len + quote_len;
            let body =
                token.get(body_start..token.len().saturating_sub(quote_len)).unwrap_or_default().to_string();
            let (bytes, raw) = (prefix.contains('b'), prefix.contains('r'));
            if bytes && !body.is_ascii() {
                let message = "bytes can only contain ASCII literal characters".to_string();
                return Err(self.raise_token(index, message));
            }
            if prefix.contains('f') {
                kind = Kind::FString;
            } else if !raw {
                let error = if bytes {
                    decode_bytes(&body).err().map(|error| format!("(value error) {}", error.message))
                } else {
                    decode_str(&body).err().map(|error| format!("(unicode error) {}", error.message))
                };
                if let Some(message) = error {
                    return Err(self.raise_last(ErrorKind::Syntax, message));
                }
            }
            if *first_is_bytes.get_or_insert(bytes) != bytes {
                let message = "cannot mix bytes and nonbytes literals".to_string();
                return Err(self.raise_last(ErrorKind::Syntax, message));
            }
            if prefix.contains('f') {
                let mut scanner = Scanner { body: body.as_bytes(), at: 0, raw };
                let token_start = self.tokens.list[index].span.map_or(0, |(start, _)| start);
                self.fstring(&mut scanner, 0, token_start + body_start as u32)?;
            }
        }
        Ok(self.node(kind, first, vec![row]))
    }

    fn fail(&mut self, message: impl Into<String>) -> Stop {
        // Already an f-string message: no second prefix even when nested.
        let message = message.into();
        let nested = std::mem::replace(&mut self.in_fstring, false);
        let message = if nested { format!("f-string: {message}") } else { message };
        let stop = self.raise_last(ErrorKind::Syntax, message);
        self.in_fstring = nested;
        stop
    }

    /// Literal text and expressions in turn, up to the end (or the `}` that ends a format spec).
    fn fstring(&mut self, scanner: &mut Scanner<'_>, level: u32, base: u32) -> Result<(), Stop> {
        loop {
            let start = scanner.at;
            let Some((end, stop)) = scanner.literal(level) else {
                return Err(self.fail("f-string: single '}' is not allowed"));
            };
            if !scanner.raw {
                let text = String::from_utf8_lossy(&scanner.body[start..end]).into_owned();
                if let Err(error) = decode_str(&text) {
                    return Err(self.fail(format!("(unicode error) {}", error.message)));
                }
            }
            match stop {
                LiteralEnd::DoubledBrace => {}
                LiteralEnd::Field => self.replacement_field(scanner, level, base)?,
                LiteralEnd::End => break,
            }
        }
        if level > 0 && scanner.peek() != Some(b'}') {
            return Err(self.fail("f-string: expecting '}'"));
        }
        Ok(())
    }

    fn replacement_field(&mut self, scanner: &mut Scanner<'_>, level: u32, base: u32) -> Result<(), Stop> {
        if level >= 2 {
            return Err(self.fail("f-string: expressions nested too deeply"));
        }
        scanner.at += 1;
        let start = scanner.at;
        if let Err(message) = scanner.expression() {
            return Err(self.fail(message));
        }
        let end = scanner.at;
        let Some(mut next) = scanner.peek() else { return Err(self.fail("f-string: expecting '}'")) };
        let text = String::from_utf8_lossy(&scanner.body[start..end]).into_owned();
        self.fstring_expression(&text, next, base + start as u32)?;
        let expecting = "f-string: expecting '}'";
        if next == b'=' {
            scanner.at += 1;
            while scanner.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
                scanner.at += 1;
            }
            next = scanner.peek().ok_or_else(|| self.fail(expecting))?;
        }
        if next == b'!' {
            scanner.at += 1;
            let conversion = scanner.peek().ok_or_else(|| self.fail(expecting))?;
            scanner.at += 1;
            if !matches!(conversion, b's' | b'r' | b'a') {
                let message = "f-string: invalid conversion character: expected 's', 'r', or 'a'";
                return Err(self.fail(message));
            }
            next = scanner.peek().ok_or_else(|| self.fail(expecting))?;
        }
        if next == b':' {
            scanner.at += 1;
            if scanner.peek().is_none() {
                return Err(self.fail(expecting));
            }
            self.fstring(scanner, level + 1, base)?;
        }
        if scanner.peek() != Some(b'}') {
            return Err(self.fail(expecting));
        }
        scanner.at += 1;
        Ok(())
    }

    /// Parses an expression by itself, in the parentheses that 3.11 puts around it.
    fn fstring_expression(&mut self, text: &str, next: u8, start: u32) -> Result<(), Stop> {
        if text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)) {
            return Err(match next {
                b'}' => self.fail("f-string: empty expression not allowed"),
                _ => self.fail(format!("f-string: expression required before '{}'", char::from(next))),
            });
        }
        let mut inner = Parser::new(tokenize(&format!("({text})"), Mode::Exec));
        inner.in_fstring = true;
        // The reference reads the expression with no codec at hand.
        inner.columns = Columns::Bytes;
        let Some(mut raised) = inner.run("fstring", Mode::Eval) else { return Ok(()) };
        if raised.text.is_none() {
            raised.text = inner.lines.line_text(&inner.tokens.text, raised.line).map(str::to_string);
        }
        let line = self.lines.line(start) - 1;
        raised.line += line;
        raised.end_line += line;
        self.raised.get_or_insert(raised);
        Err(Stop::Raised)
    }
}

struct Scanner<'a> {
    body: &'a [u8],
    at: usize,
    raw: bool,
}

/// What ended a piece of literal text.
enum LiteralEnd {
    DoubledBrace,
    Field,
    End,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    /// Moves over literal text; gives its end (one brace of a doubled pair included).
    /// `None` for a single `}` at the top level.
    fn literal(&mut self, level: u32) -> Option<(usize, LiteralEnd)> {
        while let Some(byte) = self.peek() {
            self.at += 1;
            if !self.raw && byte == b'\\' && self.at < self.body.len() {
                let escaped = self.body[self.at];
                if escaped == b'N' {
                    self.at += 1;
                    if self.peek() == Some(b'{') {
                        while self.peek().is_some_and(|byte| byte != b'}') {
                            self.at += 1;
                        }
                        self.at = (self.at + 1).min(self.body.len());
                    }
                    continue;
                }
                if escaped != b'{' && escaped != b'}' {
                    self.at += 1;
                    continue;
                }
                // A brace is not escaped by a backslash: it is looked at as any other.
                continue;
            }
            if byte == b'{' || byte == b'}' {
                if level == 0 {
                    if self.peek() == Some(byte) {
                        let end = self.at;
                        self.at += 1;
                        return Some((end, LiteralEnd::DoubledBrace));
                    }
                    if byte == b'}' {
                        return None;
                    }
                }
                self.at -= 1;
                let stop = if byte == b'{' { LiteralEnd::Field } else { LiteralEnd::End };
                return Some((self.at, stop));
            }
        }
        Some((self.at, LiteralEnd::End))
    }

    /// Moves over an expression to the character that ends it.
    fn expression(&mut self) -> Result<(), String> {
        let mut quote: Option<(u8, bool)> = None;
        let mut open = Vec::new();
        while let Some(byte) = self.peek() {
            let pair =
                |at: usize| self.body.get(at + 1) == Some(&byte) && self.body.get(at + 2) == Some(&byte);
            if byte == b'\\' {
                return Err("f-string expression part cannot include a backslash".to_string());
            }
            if let Some((character, triple)) = quote {
                if byte == character {
                    if !triple {
                        quote = None;
                    } else if pair(self.at) {
                        self.at += 2;
                        quote = None;
                    }
                }
                self.at += 1;
                continue;
            }
            match byte {
                b'"' | b'\'' => {
                    let triple = pair(self.at);
                    quote = Some((byte, triple));
                    self.at += if triple { 2 } else { 0 };
                }
                b'(' | b'[' | b'{' => {
                    if open.len() >= 200 {
                        return Err("f-string: too many nested parenthesis".to_string());
                    }
                    open.push(byte);
                }
                b'#' => return Err("f-string expression part cannot include '#'".to_string()),
                b'!' | b':' | b'}' | b'=' | b'<' | b'>' if open.is_empty() => {
                    let next = self.body.get(self.at + 1);
                    if matches!(byte, b'!' | b'=' | b'<' | b'>') && next == Some(&b'=') {
                        self.at += 1;
                    } else if !matches!(byte, b'<' | b'>') {
                        break;
                    }
                }
                b')' | b']' | b'}' => {
                    let closing = char::from(byte);
                    let Some(opening) = open.pop() else {
                        return Err(format!("f-string: unmatched '{closing}'"));
                    };
                    if !matches!((opening, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
                        return Err(format!(
                            "f-string: closing parenthesis '{closing}' does not match opening parenthesis '{}'",
                            char::from(opening)
                        ));
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        if quote.is_some() {
            return Err("f-string: unterminated string".to_string());
        }
        match open.last() {
            Some(&opening) => Err(format!("f-string: unmatched '{}'", char::from(opening))),
            None => Ok(()),
        }
    }
}
