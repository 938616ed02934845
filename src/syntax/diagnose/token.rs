//! The tokens of a source, and the error that ends them, as CPython 3.11's tokenizer has it.

use super::super::{ErrorKind, Mode};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum TokenKind {
    Name,
    Number,
    String,
    Operator,
    Newline,
    Indent,
    Dedent,
    End,
    /// Where the tokenizer gave up; always the last.
    Error,
}

/// One token. Offsets are bytes into the source.
#[derive(Clone, Debug)]
pub(in crate::syntax) struct Token {
    pub kind: TokenKind,
    /// `None` for tokens without text (indents, dedents, the end).
    pub span: Option<(u32, u32)>,
    pub line: u32,
    /// How far the tokenizer had read.
    pub cursor: u32,
    /// Where the line that it was reading starts.
    pub line_start: u32,
    /// Where the text starts that the tokenizer had at hand: a line, or the first of several that a
    /// string or backslashes join.
    pub chain_start: u32,
    /// How many brackets are open after the token.
    pub level: u32,
}

/// An error of the tokenizer.
#[derive(Clone, Debug)]
pub(in crate::syntax) struct TokenError {
    pub kind: ErrorKind,
    pub message: String,
    pub place: Place,
    /// Raised on the spot, so that it wins over an error of the parser further up; the others are
    /// only met when the parser gets there.
    pub immediate: bool,
    /// The end of the input was met where more was needed (the REPL asks for another line).
    pub at_end: bool,
}

/// Where a tokenizer error is reported.
#[derive(Clone, Debug)]
pub(in crate::syntax) enum Place {
    /// One-based line and character offset, with the offset of the end.
    Known { line: u32, offset: i64, end_offset: i64 },
    /// So many bytes into the text at hand, as the parser counts.
    Bytes { line: u32, bytes: u32 },
    /// At the last token, as parser errors are.
    LastToken,
}

/// All tokens of a source up to its end or the first error.
pub(in crate::syntax) struct Tokens {
    /// The text that offsets count in: the source, with a newline at its end where one is supplied.
    pub text: String,
    pub list: Vec<Token>,
    pub error: Option<TokenError>,
    /// Brackets open at the end or at the error: character, line, byte column.
    pub open: Vec<(char, u32, u32)>,
}

const MAX_INDENT: usize = 100;
const MAX_LEVEL: usize = 200;

/// Splits a source (newlines normalised) into tokens. A module gets a newline at its end if it has
/// none, interactive input ends in `NEWLINE` tokens, an expression stays as it is.
pub(in crate::syntax) fn tokenize(source: &str, mode: Mode) -> Tokens {
    let mut text = source.to_string();
    if mode == Mode::Exec && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let mut tokenizer = Tokenizer {
        text: &text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        line_start: 0,
        chain_start: 0,
        indents: vec![(0, 0)],
        open: Vec::new(),
        out: Vec::new(),
        mode,
    };
    let error = tokenizer.run().err();
    if error.is_some() {
        tokenizer.push_raw(TokenKind::Error, None, tokenizer.line);
    }
    let Tokenizer { out: list, open, .. } = tokenizer;
    Tokens { text, list, error, open }
}

pub(super) struct Tokenizer<'a> {
    text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    line: u32,
    pub(super) line_start: usize,
    /// Where the current chain of backslash-continued lines starts.
    chain_start: usize,
    /// Columns with tabs to eight and with tabs to one.
    indents: Vec<(usize, usize)>,
    open: Vec<(char, u32, u32)>,
    out: Vec<Token>,
    mode: Mode,
}

pub(super) type Step = Result<(), TokenError>;

impl Tokenizer<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn push_raw(&mut self, kind: TokenKind, span: Option<(u32, u32)>, line: u32) {
        self.out.push(Token {
            kind,
            span,
            line,
            cursor: self.at as u32,
            line_start: self.line_start as u32,
            chain_start: self.chain_start as u32,
            level: self.open.len() as u32,
        });
    }

    pub(super) fn push(&mut self, kind: TokenKind, start: usize) {
        self.push_raw(kind, Some((start as u32, self.at as u32)), self.line);
    }

    /// An error at the last character read, the form most tokenizer errors have.
    pub(super) fn error(&self, message: impl Into<String>) -> TokenError {
        let offset = self.text[self.line_start..self.at].chars().count() as i64;
        self.error_at(message, offset, offset)
    }

    pub(super) fn error_at(&self, message: impl Into<String>, offset: i64, end_offset: i64) -> TokenError {
        TokenError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            place: Place::Known { line: self.line, offset, end_offset },
            immediate: true,
            at_end: false,
        }
    }

    fn next_line(&mut self) {
        self.line += 1;
        self.line_start = self.at;
    }

    fn run(&mut self) -> Step {
        let mut line_begins = true;
        // Blanks and backslashes at the start of a line within brackets are indentation, too.
        let mut fresh = false;
        loop {
            if line_begins {
                line_begins = false;
                self.indentation()?;
            }
            let comment = self.skip_blanks();
            let Some(byte) = self.peek() else { return self.end() };
            let start = self.at;
            match byte {
                b'\n' => {
                    let blank = self.out.last().is_none_or(|last| {
                        matches!(last.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
                    });
                    let within = !self.open.is_empty();
                    if !blank && !within {
                        self.at += 1;
                        // A comment counts to the newline that ends it.
                        let span = Some((comment.unwrap_or(start) as u32, start as u32));
                        self.push_raw(TokenKind::Newline, span, self.line);
                    } else {
                        self.at += 1;
                    }
                    // At the end of the input the last line stays at hand.
                    if self.at < self.bytes.len() {
                        self.next_line();
                        self.chain_start = self.at;
                    }
                    line_begins = !within;
                    fresh = within;
                    continue;
                }
                b'\\' => {
                    self.continuation()?;
                    if fresh {
                        self.chain_start = self.line_start;
                    }
                    continue;
                }
                b'.' if self.peek_at(1).is_some_and(|next| next.is_ascii_digit()) => self.number()?,
                b'0'..=b'9' => self.number()?,
                b'"' | b'\'' => self.string(start)?,
                b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.name()?,
                _ => self.operator()?,
            }
            fresh = false;
        }
    }

    /// Moves over blanks and a comment; gives where the comment starts.
    fn skip_blanks(&mut self) -> Option<usize> {
        while let Some(b' ' | b'\t' | 0x0c) = self.peek() {
            self.at += 1;
        }
        if self.peek() != Some(b'#') {
            return None;
        }
        let start = self.at;
        while self.peek().is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
        Some(start)
    }

    fn end(&mut self) -> Step {
        if !self.open.is_empty() {
            return Err(self.unclosed());
        }
        if self.mode == Mode::Single && !self.out.is_empty() {
            // The end of interactive input counts as a newline, and again once it has closed blocks:
            // `if x: y` without a newline of its own lacks the one that ends the whole statement.
            self.push_raw(TokenKind::Newline, None, self.line);
            let dedents = self.indents.len() - 1;
            self.indents.truncate(1);
            for _ in 0..dedents {
                self.push_raw(TokenKind::Dedent, None, self.line);
            }
            if dedents > 0 {
                self.push_raw(TokenKind::Newline, None, self.line);
            }
        }
        self.push_raw(TokenKind::End, None, self.line);
        Ok(())
    }

    fn unclosed(&self) -> TokenError {
        let (bracket, line, column) = self.open.last().copied().unwrap_or(('(', 1, 0));
        TokenError {
            kind: ErrorKind::Syntax,
            message: format!("'{bracket}' was never closed"),
            place: Place::Known { line, offset: i64::from(column) + 1, end_offset: 0 },
            immediate: false,
            at_end: true,
        }
    }

    fn indentation(&mut self) -> Step {
        let (mut column, mut plain) = (0usize, 0usize);
        let mut continued: Option<(usize, usize)> = None;
        loop {
            match self.peek() {
                Some(b' ') => {
                    column += 1;
                    plain += 1;
                }
                Some(b'\t') => {
                    column = (column / 8 + 1) * 8;
                    plain += 1;
                }
                Some(0x0c) => (column, plain) = (0, 0),
                Some(b'\\') => {
                    // The first backslash decides the indentation of what follows.
                    continued = Some(continued.unwrap_or((column, plain)));
                    self.continuation()?;
                    self.chain_start = self.line_start;
                    continue;
                }
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.peek(), Some(b'#' | b'\n')) || !self.open.is_empty() {
            return Ok(());
        }
        let (column, plain) = continued.unwrap_or((column, plain));
        let (mut top, mut top_plain) = self.indents.last().copied().unwrap_or((0, 0));
        if column == top {
            if plain != top_plain {
                return Err(self.indent_error(ErrorKind::Tab));
            }
        } else if column > top {
            if self.indents.len() >= MAX_INDENT {
                return Err(self.indent_error(ErrorKind::Indentation));
            }
            if plain <= top_plain {
                return Err(self.indent_error(ErrorKind::Tab));
            }
            self.indents.push((column, plain));
            self.push_raw(TokenKind::Indent, None, self.line);
        } else {
            let mut dedents = 0;
            while self.indents.len() > 1 && column < top {
                self.indents.pop();
                (top, top_plain) = self.indents.last().copied().unwrap_or((0, 0));
                dedents += 1;
            }
            if column != top {
                self.at = self.line_end();
                return Err(TokenError {
                    kind: ErrorKind::Indentation,
                    message: "unindent does not match any outer indentation level".to_string(),
                    place: Place::LastToken,
                    immediate: false,
                    at_end: false,
                });
            }
            if plain != top_plain {
                return Err(self.indent_error(ErrorKind::Tab));
            }
            for _ in 0..dedents {
                self.push_raw(TokenKind::Dedent, None, self.line);
            }
        }
        Ok(())
    }

    /// Just behind the newline of the current line.
    fn line_end(&self) -> usize {
        self.text[self.at..].find('\n').map_or(self.text.len(), |newline| self.at + newline + 1)
    }

    fn indent_error(&self, kind: ErrorKind) -> TokenError {
        let message = if kind == ErrorKind::Tab {
            "inconsistent use of tabs and spaces in indentation"
        } else {
            "too many levels of indentation"
        };
        TokenError {
            kind,
            message: message.to_string(),
            place: Place::Known { line: self.line, offset: 1, end_offset: 0 },
            immediate: false,
            at_end: false,
        }
    }

    /// A backslash: only a newline may follow, and after that something.
    fn continuation(&mut self) -> Step {
        self.at += 1;
        if self.peek() != Some(b'\n') {
            let read = usize::from(self.at < self.bytes.len());
            let bytes = (self.at + read - self.chain_start) as u32;
            return Err(TokenError {
                kind: ErrorKind::Syntax,
                message: "unexpected character after line continuation character".to_string(),
                place: Place::Bytes { line: self.line, bytes },
                immediate: false,
                at_end: self.at >= self.bytes.len(),
            });
        }
        self.at += 1;
        if self.at >= self.bytes.len() {
            if !self.open.is_empty() {
                return Err(self.unclosed());
            }
            return Err(TokenError {
                kind: ErrorKind::Syntax,
                message: "unexpected EOF while parsing".to_string(),
                place: Place::LastToken,
                immediate: false,
                at_end: true,
            });
        }
        self.next_line();
        Ok(())
    }

    fn name(&mut self) -> Step {
        let start = self.at;
        let mut prefix = [false; 4];
        // `b`, `r`, `u`, `f` in the combinations that may stand before a quote.
        while let Some(byte) = self.peek() {
            let [b, r, u, f] = prefix;
            match byte {
                b'b' | b'B' if !(b || u || f) => prefix[0] = true,
                b'u' | b'U' if !(b || u || r || f) => prefix[2] = true,
                b'r' | b'R' if !(r || u) => prefix[1] = true,
                b'f' | b'F' if !(f || b || u) => prefix[3] = true,
                _ => break,
            }
            self.at += 1;
            if matches!(self.peek(), Some(b'"' | b'\'')) {
                return self.string(start);
            }
        }
        while self.peek().is_some_and(is_name_byte) {
            self.at += 1;
        }
        self.verify_name(start)?;
        self.push(TokenKind::Name, start);
        Ok(())
    }

    fn verify_name(&mut self, start: usize) -> Step {
        let name = &self.text[start..self.at];
        if name.is_ascii() {
            return Ok(());
        }
        for (index, char) in name.char_indices() {
            let fits = if index == 0 { is_name_start(char) } else { is_name_continue(char) };
            if !fits {
                self.at = start + index + char.len_utf8();
                let code = char as u32;
                return Err(self.error(if super::super::ident::is_printable(char) {
                    format!("invalid character '{char}' (U+{code:04X})")
                } else {
                    format!("invalid non-printable character U+{code:04X}")
                }));
            }
        }
        Ok(())
    }

    fn operator(&mut self) -> Step {
        const LONG: [&str; 25] = [
            "**=", "//=", ">>=", "<<=", "...", "!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=",
            ":=", "<<", "<=", "<>", "==", ">=", ">>", "@=", "^=", "|=",
        ];
        let start = self.at;
        let rest = &self.bytes[start..];
        if let Some(long) = LONG.iter().find(|long| rest.starts_with(long.as_bytes())) {
            self.at += long.len();
            self.push(TokenKind::Operator, start);
            return Ok(());
        }
        let char = char::from(rest[0]);
        self.at += 1;
        match char {
            '(' | '[' | '{' => {
                if self.open.len() >= MAX_LEVEL {
                    return Err(self.error("too many nested parentheses"));
                }
                self.open.push((char, self.line, (start - self.line_start) as u32));
            }
            ')' | ']' | '}' => {
                let Some((opening, line, _)) = self.open.pop() else {
                    return Err(self.error(format!("unmatched '{char}'")));
                };
                if !matches!((opening, char), ('(', ')') | ('[', ']') | ('{', '}')) {
                    let place = if line == self.line { String::new() } else { format!(" on line {line}") };
                    return Err(self.error(format!(
                        "closing parenthesis '{char}' does not match opening parenthesis '{opening}'{place}"
                    )));
                }
            }
            _ if (char as u32) < 0x20 || char == '\x7f' => {
                return Err(self.error(format!("invalid non-printable character U+{:04X}", char as u32)));
            }
            _ => {}
        }
        self.push(TokenKind::Operator, start);
        Ok(())
    }

    fn string(&mut self, start: usize) -> Step {
        let (first_line, first_line_start) = (self.line, self.line_start);
        let quote = self.bytes[self.at];
        let triple = self.bytes[self.at..].starts_with(&[quote; 3]);
        self.at += if triple { 3 } else { 1 };
        loop {
            let byte = self.peek();
            match byte {
                None | Some(b'\n') if byte.is_none() || !triple => {
                    let last = self.line;
                    let at_end = byte.is_none();
                    self.at = start + 1;
                    (self.line, self.line_start) = (first_line, first_line_start);
                    let what = if triple { "triple-quoted string" } else { "string" };
                    let mut error =
                        self.error(format!("unterminated {what} literal (detected at line {last})"));
                    error.at_end = at_end;
                    return Err(error);
                }
                Some(b'\n') => {
                    self.at += 1;
                    if self.at < self.bytes.len() {
                        self.next_line();
                    }
                }
                Some(b'\\') => {
                    self.at += 1;
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                        if self.at < self.bytes.len() {
                            self.next_line();
                        }
                    } else if self.at < self.bytes.len() {
                        self.at += 1;
                    }
                }
                Some(byte) if byte == quote => {
                    if !triple {
                        self.at += 1;
                        break;
                    }
                    if self.bytes[self.at..].starts_with(&[quote; 3]) {
                        self.at += 3;
                        break;
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        self.push_raw(TokenKind::String, Some((start as u32, self.at as u32)), first_line);
        Ok(())
    }
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_name_start(char: char) -> bool {
    super::super::ident::is_identifier_start(char)
}

fn is_name_continue(char: char) -> bool {
    super::super::ident::is_identifier_continue(char)
}
