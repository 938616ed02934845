//! The grammar of Python 2.7: tokens to the tree that the modern dialect is lowered to.
//!
//! What only the old dialect has (`print`, `exec`, three-part `raise`, backticks, list comprehensions whose variable
//! stays, parameters that unpack) are nodes of their own, which the code generator turns into `CLASSIC` instructions.
//! Every node has the place of its own text, so nothing is lost between the source and a traceback.

mod expr;
mod stmt;
mod targets;

use std::sync::Arc;

use super::ast::{Expr, Identifier, Location, Module, NodeId};
use crate::code::object::flags;
use crate::syntax::classic::{Kind, Token, Tokens, tokenize};
use crate::syntax::{ErrorKind, LineMap, Mode, SyntaxError};

/// How deeply statements and expressions may nest.
const MAX_DEPTH: u32 = 900;

/// A source of Python 2.7, parsed.
pub struct Parsed {
    pub module: Module,
    pub source: Arc<str>,
    pub lines: LineMap,
    /// `__future__` bits that the source switches on.
    pub future_flags: u32,
}

/// Parses a source; `inherited` are the `__future__` bits in force from outside.
///
/// # Errors
/// What the reference would raise.
pub fn parse(source: &str, filename: &str, mode: Mode, inherited: u32) -> Result<Parsed, SyntaxError> {
    if source.contains('\0') {
        return Err(SyntaxError::new("compile() expected string without null bytes", filename)
            .with_kind(ErrorKind::Value));
    }
    let text: Arc<str> = Arc::from(source.replace("\r\n", "\n").replace('\r', "\n").as_str());
    let lines = LineMap::new(&text);
    let Tokens { list, fault, .. } = tokenize(&text);
    let mut parser = Parser {
        text: &text,
        lines: &lines,
        filename,
        tokens: &list,
        at: 0,
        next_id: 0,
        depth: 0,
        future: inherited,
        may_be_future: true,
    };
    let parsed = parser.module(mode);
    // A fault of the tokenizer counts once the grammar has come that far.
    let module = match (parsed, fault) {
        (Err(error), None) => return Err(error),
        (Err(error), Some(fault)) if !parser.is_exhausted() => {
            let _ = fault;
            return Err(error);
        }
        (_, Some(fault)) => {
            let line = lines.line_text(&text, fault.line).map(str::to_owned);
            return Err(SyntaxError::new(fault.message, filename)
                .with_kind(fault.kind)
                .at(i64::from(fault.line), i64::from(fault.offset), 0, 0)
                .with_text(line));
        }
        (Ok(module), None) => module,
    };
    let future_flags = parser.future;
    Ok(Parsed { module, source: text.clone(), lines, future_flags })
}

type Res<T> = Result<T, SyntaxError>;

struct Parser<'a> {
    text: &'a str,
    lines: &'a LineMap,
    filename: &'a str,
    tokens: &'a [Token],
    at: usize,
    next_id: u32,
    depth: u32,
    future: u32,
    /// Only docstring and `__future__` imports have been seen.
    may_be_future: bool,
}

/// Words that are no names. `print` is one unless a `__future__` import says otherwise.
const KEYWORDS: [&str; 31] = [
    "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except", "exec",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "not", "or", "pass", "print",
    "raise", "return", "try", "while", "with", "yield",
];

impl<'a> Parser<'a> {
    fn module(&mut self, mode: Mode) -> Res<Module> {
        match mode {
            Mode::Eval => {
                let value = self.testlist()?;
                while self.eat_newline() {}
                self.expect_end()?;
                Ok(Module::Expression(Box::new(value)))
            }
            Mode::Exec | Mode::Single => {
                let mut body = Vec::new();
                while !self.is_end() {
                    if self.eat_newline() {
                        continue;
                    }
                    self.statement(&mut body)?;
                }
                Ok(if mode == Mode::Single { Module::Interactive(body) } else { Module::Module(body) })
            }
        }
    }

    // --- tokens ---

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    /// Whether every token before a fault has been taken.
    fn is_exhausted(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn is_end(&self) -> bool {
        self.peek().is_none_or(|token| token.kind == Kind::End)
    }

    fn word(&self) -> &'a str {
        self.word_at(0)
    }

    /// The text of a name or operator some tokens ahead, empty for anything else.
    fn word_at(&self, ahead: usize) -> &'a str {
        match self.tokens.get(self.at + ahead) {
            Some(token) if matches!(token.kind, Kind::Name | Kind::Op) => &self.text[token.start..token.end],
            _ => "",
        }
    }

    fn is(&self, word: &str) -> bool {
        self.word() == word
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, word: &str) -> Res<()> {
        if self.eat(word) { Ok(()) } else { Err(self.invalid()) }
    }

    fn eat_kind(&mut self, kind: &Kind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        if found {
            self.at += 1;
        }
        found
    }

    fn eat_newline(&mut self) -> bool {
        self.eat_kind(&Kind::Newline)
    }

    fn expect_end(&mut self) -> Res<()> {
        if self.is_end() { Ok(()) } else { Err(self.invalid()) }
    }

    fn is_keyword(&self, word: &str) -> bool {
        KEYWORDS.contains(&word) && !(word == "print" && self.future & flags::FUTURE_PRINT_FUNCTION != 0)
    }

    /// Whether the next token is a name that is no keyword.
    fn at_name(&self) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Name) && !self.is_keyword(self.word())
    }

    fn identifier(&mut self) -> Res<Identifier> {
        if !self.at_name() {
            return Err(self.invalid());
        }
        let word = self.word();
        self.at += 1;
        Ok(Arc::from(word))
    }

    /// As [`Parser::identifier`] for one that is bound.
    fn bound_identifier(&mut self) -> Res<Identifier> {
        if self.is("None") {
            return Err(self.error_here("cannot assign to None"));
        }
        self.identifier()
    }

    // --- places ---

    fn fresh_id(&mut self) -> NodeId {
        self.next_id += 1;
        NodeId(self.next_id)
    }

    /// The place of the next token.
    fn here(&self) -> Location {
        self.peek().map_or(Location::NONE, |token| Location {
            line: token.line as i32,
            end_line: token.end_line as i32,
            col: token.col as i32,
            end_col: token.end_col as i32,
        })
    }

    /// From a place to the end of the last token taken.
    fn since(&self, start: Location) -> Location {
        match self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
            Some(token) => {
                Location { end_line: token.end_line as i32, end_col: token.end_col as i32, ..start }
            }
            None => start,
        }
    }

    // --- errors ---

    /// "invalid syntax" at the next token, or what the reference says instead.
    fn invalid(&self) -> SyntaxError {
        match self.peek() {
            Some(token) if token.kind == Kind::Indent => {
                self.error_at_token(token, "unexpected indent").with_kind(ErrorKind::Indentation)
            }
            Some(token)
                // A newline of no length stands where the text ends.
                if token.kind == Kind::End || (token.kind == Kind::Newline && token.start == token.end) => {
                self.error_at_token(token, "unexpected EOF while parsing")
            }
            Some(token) => self.error_at_token(token, "invalid syntax"),
            None => SyntaxError::new("invalid syntax", self.filename),
        }
    }

    fn error_at_token(&self, token: &Token, message: &str) -> SyntaxError {
        let text = self.lines.line_text(self.text, token.line).map(str::to_owned);
        SyntaxError::new(message, self.filename)
            .at(i64::from(token.line), i64::from(token.end_col), 0, 0)
            .with_text(text)
    }

    /// An error of the stage after the grammar, which knows the line only.
    fn error_here(&self, message: &str) -> SyntaxError {
        self.error_at(self.here(), message)
    }

    fn error_at(&self, loc: Location, message: &str) -> SyntaxError {
        let text = self.lines.line_text(self.text, loc.line.max(1) as u32).map(str::to_owned);
        SyntaxError::new(message, self.filename)
            .at(i64::from(loc.line), i64::from(loc.col) + 1, 0, 0)
            .with_text(text)
    }

    fn enter(&mut self) -> Res<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(
                SyntaxError::new("s_push: parser stack overflow", self.filename).with_kind(ErrorKind::Memory)
            );
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn boxed(&mut self, parse: fn(&mut Self) -> Res<Expr>) -> Res<Box<Expr>> {
        parse(self).map(Box::new)
    }
}
