//! The tokenizer.

use num_bigint::BigInt;

use super::{number, string};
use crate::code::object::Text;
use crate::syntax::ErrorKind;

/// The value of a literal token.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Int(BigInt),
    /// With an `L`, or too large for an `int`.
    Long(BigInt),
    Float(f64),
    Imaginary(f64),
    Str(Text),
    Unicode(Text),
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name or a keyword.
    Name,
    Literal(Literal),
    /// An operator or delimiter.
    Op,
    Newline,
    Indent,
    Dedent,
    End,
}

/// A token with its place: bytes into the source, one-based lines, zero-based columns in bytes.
#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub line: u32,
    pub col: u32,
    pub end_line: u32,
    pub end_col: u32,
}

/// What stopped the tokenizer.
#[derive(Clone, Debug)]
pub struct Fault {
    pub kind: ErrorKind,
    pub message: String,
    /// One-based line, and the offset that the caret stands under.
    pub line: u32,
    pub offset: u32,
    /// More text could mend it: an open bracket or triple-quoted string at the end of the text.
    pub at_end: bool,
}

/// All tokens up to the end of the text or the first fault.
#[derive(Debug)]
pub struct Tokens {
    pub list: Vec<Token>,
    pub fault: Option<Fault>,
    /// Open brackets at the end.
    pub open: usize,
}

/// Operators, longest first.
const OPERATORS: [&str; 45] = [
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "<>", "+=", "-=",
    "*=", "/=", "%=", "&=", "|=", "^=", "+", "-", "*", "/", "%", "&", "|", "^", "~", "<", ">", "(", ")", "[",
    "]", "{", "}", ",", ":", ".", "`", "=", ";",
];

struct Scanner<'a> {
    source: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
    list: Vec<Token>,
    indents: Vec<usize>,
    open: usize,
}

/// Cuts a source, whose lines end with `\n`, into tokens.
pub fn tokenize(source: &str) -> Tokens {
    let mut scanner =
        Scanner { source, at: 0, line: 1, line_start: 0, list: Vec::new(), indents: vec![0], open: 0 };
    let fault = scanner.run().err();
    Tokens { list: scanner.list, fault, open: scanner.open }
}

impl Scanner<'_> {
    fn byte(&self, offset: usize) -> u8 {
        self.source.as_bytes().get(self.at + offset).copied().unwrap_or(0)
    }

    fn fault(&self, kind: ErrorKind, message: &str, at_end: bool) -> Fault {
        let offset = (self.at - self.line_start) as u32;
        Fault { kind, message: message.to_string(), line: self.line, offset, at_end }
    }

    fn push(&mut self, kind: Kind, start: usize, line: u32, line_start: usize) {
        self.list.push(Token {
            kind,
            start,
            end: self.at,
            line,
            col: (start - line_start) as u32,
            end_line: self.line,
            end_col: (self.at - self.line_start) as u32,
        });
    }

    fn empty(&mut self, kind: Kind) {
        let (at, line, line_start) = (self.at, self.line, self.line_start);
        self.push(kind, at, line, line_start);
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    fn run(&mut self) -> Result<(), Fault> {
        if self.source.starts_with('\u{feff}') {
            self.at = 3;
        }
        let mut fresh = true;
        loop {
            if fresh && self.open == 0 {
                if self.indentation()? {
                    continue;
                }
                fresh = false;
            }
            match self.byte(0) {
                b' ' | b'\t' | b'\x0c' => self.at += 1,
                b'#' => self.skip_comment(),
                b'\n' if self.open > 0 => self.next_line(),
                b'\n' => {
                    let (start, line, line_start) = (self.at, self.line, self.line_start);
                    self.at += 1;
                    self.push(Kind::Newline, start, line, line_start);
                    self.at -= 1;
                    self.next_line();
                    fresh = true;
                }
                b'\\' if self.byte(1) == b'\n' => {
                    self.at += 1;
                    self.next_line();
                    if self.at >= self.source.len() {
                        return Err(self.fault(ErrorKind::Syntax, "unexpected EOF while parsing", true));
                    }
                }
                b'\\' => {
                    self.at += 1;
                    let message = "unexpected character after line continuation character";
                    return Err(self.fault(ErrorKind::Syntax, message, false));
                }
                0 if self.at >= self.source.len() => return self.finish(),
                _ => self.token()?,
            }
        }
    }

    fn skip_comment(&mut self) {
        while self.at < self.source.len() && self.byte(0) != b'\n' {
            self.at += 1;
        }
    }

    fn finish(&mut self) -> Result<(), Fault> {
        if self.open > 0 {
            return Err(self.fault(ErrorKind::Syntax, "unexpected EOF while parsing", true));
        }
        if self.list.last().is_some_and(|token| token.kind != Kind::Newline && token.kind != Kind::Dedent) {
            self.empty(Kind::Newline);
        }
        while self.indents.len() > 1 {
            self.indents.pop();
            self.empty(Kind::Dedent);
        }
        self.empty(Kind::End);
        Ok(())
    }

    /// White space at the start of a line; true when the line holds nothing else.
    fn indentation(&mut self) -> Result<bool, Fault> {
        let mut column = 0;
        loop {
            match self.byte(0) {
                b' ' => column += 1,
                b'\t' => column = (column / 8 + 1) * 8,
                b'\x0c' => column = 0,
                _ => break,
            }
            self.at += 1;
        }
        if self.byte(0) == b'#' {
            self.skip_comment();
        }
        if self.byte(0) == b'\n' {
            self.next_line();
            return Ok(true);
        }
        if self.at >= self.source.len() {
            return Ok(false);
        }
        let top = self.indents.last().copied().unwrap_or(0);
        if column > top {
            self.indents.push(column);
            self.empty(Kind::Indent);
        } else if column < top {
            while self.indents.last().is_some_and(|&indent| indent > column) {
                self.indents.pop();
                self.empty(Kind::Dedent);
            }
            if self.indents.last() != Some(&column) {
                let message = "unindent does not match any outer indentation level";
                self.at =
                    self.source[self.at..].find('\n').map_or(self.source.len(), |length| self.at + length);
                return Err(self.fault(ErrorKind::Indentation, message, false));
            }
        }
        Ok(false)
    }

    fn token(&mut self) -> Result<(), Fault> {
        let rest = &self.source[self.at..];
        if let Some((prefix, length)) = string::prefix(rest) {
            return self.string(prefix, length);
        }
        let (start, line, line_start) = (self.at, self.line, self.line_start);
        let first = self.byte(0);
        if first.is_ascii_alphabetic() || first == b'_' {
            let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            self.at += length;
            self.push(Kind::Name, start, line, line_start);
            return Ok(());
        }
        if first.is_ascii_digit() || (first == b'.' && self.byte(1).is_ascii_digit()) {
            let (length, literal) = number::scan(rest);
            self.at += length;
            let Some(literal) = literal else {
                return Err(self.fault(ErrorKind::Syntax, "invalid token", false));
            };
            self.push(Kind::Literal(literal), start, line, line_start);
            return Ok(());
        }
        let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) else {
            self.at += 1;
            return Err(self.fault(ErrorKind::Syntax, "invalid syntax", false));
        };
        // `...` is three tokens in Python 2; the grammar takes it as one.
        match *operator {
            "(" | "[" | "{" => self.open += 1,
            ")" | "]" | "}" => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.at += operator.len();
        self.push(Kind::Op, start, line, line_start);
        Ok(())
    }

    fn string(&mut self, prefix: string::Prefix, length: usize) -> Result<(), Fault> {
        let (start, line, line_start) = (self.at, self.line, self.line_start);
        self.at += length;
        let quote = self.byte(0);
        let triple = self.byte(1) == quote && self.byte(2) == quote;
        self.at += if triple { 3 } else { 1 };
        let body = self.at;
        loop {
            if self.at >= self.source.len() {
                let message = if triple {
                    "EOF while scanning triple-quoted string literal"
                } else {
                    "EOL while scanning string literal"
                };
                return Err(self.fault(ErrorKind::Syntax, message, triple));
            }
            match self.byte(0) {
                b'\\' => {
                    self.at += 1;
                    match self.byte(0) {
                        b'\n' => self.next_line(),
                        0 if self.at >= self.source.len() => {}
                        _ => self.at += 1,
                    }
                }
                b'\n' if triple => self.next_line(),
                b'\n' => {
                    return Err(self.fault(ErrorKind::Syntax, "EOL while scanning string literal", false));
                }
                byte if byte == quote && (!triple || (self.byte(1) == quote && self.byte(2) == quote)) => {
                    break;
                }
                _ => self.at += 1,
            }
        }
        let text = &self.source[body..self.at];
        self.at += if triple { 3 } else { 1 };
        let value = match string::decode(text, prefix) {
            Ok(value) => value,
            Err(message) => {
                let kind = if prefix.unicode { ErrorKind::Syntax } else { ErrorKind::Value };
                return Err(self.fault(kind, &message, false));
            }
        };
        let literal = if prefix.unicode { Literal::Unicode(value) } else { Literal::Str(value) };
        self.push(Kind::Literal(literal), start, line, line_start);
        Ok(())
    }
}
