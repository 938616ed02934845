//! The recogniser: runs the grammar over the tokens, in two passes, and finds the error.
//!
//! The first pass only finds out how far a parse gets; the second tries the rules for mistakes as
//! well, and the first of those that matches gives the error. Where none does, it is "invalid
//! syntax" at the furthest token that the first pass looked at.

use std::collections::HashMap;

use super::super::{Columns, ErrorKind, LineMap, Mode};
use super::node::{Id, Kind, Node, Nodes};
use super::notation::{Action, Alt, Grammar, Item, Memo, Want};
use super::token::{Place, Token, TokenKind, Tokens};

/// Why an alternative gives no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It does not match here; another may.
    NoMatch,
    /// An error has been raised (in [`Parser::raised`]); nothing else is tried.
    Raised,
}

pub(super) type Match = Result<Id, Stop>;

/// An error with its place: one-based lines, one-based character offsets (or the odd values that
/// CPython gives for places without one).
#[derive(Clone, Debug)]
pub(super) struct Raised {
    pub kind: ErrorKind,
    pub message: String,
    pub line: u32,
    pub offset: i64,
    pub end_line: u32,
    pub end_offset: i64,
    /// The line to show, where it is not simply line `line` of the source.
    pub text: Option<String>,
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Words that are no word of the grammar.
const NO_WORD: u16 = u16::MAX;

/// Nesting of rules at which CPython's parser gives up with `MemoryError`.
const MAX_RULE_DEPTH: u32 = 6000;
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 4 * 1024 * 1024;

pub(super) struct Parser {
    pub tokens: Tokens,
    pub lines: LineMap,
    pub nodes: Nodes,
    pub raised: Option<Raised>,
    /// How many tokens have been looked at.
    pub fill: usize,
    pub mark: usize,
    /// Inside an f-string's expression: messages say so, and places count in the expression.
    pub in_fstring: bool,
    /// What the offsets of errors count.
    pub columns: Columns,
    grammar: &'static Grammar,
    words: Vec<(u16, bool)>,
    /// Whether the first pass came to the end of the input: more input might help.
    pub reached_end: bool,
    /// The last newline that ends a statement: what is looked at beyond it is not there.
    last_newline: usize,
    /// `expression_without_invalid` switches the rules for mistakes off below itself.
    invalid_allowed: bool,
    memo: HashMap<(usize, usize, u8), (Option<Id>, usize)>,
    depth: u32,
}

impl Parser {
    pub fn new(tokens: Tokens) -> Self {
        let grammar = Grammar::get();
        let word = |token: &Token| {
            let Some((start, end)) = token.span else { return (NO_WORD, false) };
            if !matches!(token.kind, TokenKind::Name | TokenKind::Operator) {
                return (NO_WORD, false);
            }
            let text = &tokens.text[start as usize..end as usize];
            let id = grammar.word_ids.get(text).copied().unwrap_or(NO_WORD);
            (id, token.kind == TokenKind::Name && KEYWORDS.contains(&text))
        };
        let words = tokens.list.iter().map(word).collect();
        let is_newline = |token: &Token| token.kind == TokenKind::Newline && token.span.is_some();
        let last_newline = tokens.list.iter().rposition(is_newline).unwrap_or(usize::MAX);
        Parser {
            lines: LineMap::new(&tokens.text),
            tokens,
            nodes: Nodes::default(),
            raised: None,
            fill: 0,
            mark: 0,
            in_fstring: false,
            columns: Columns::Chars,
            grammar,
            words,
            reached_end: false,
            last_newline,
            invalid_allowed: false,
            memo: HashMap::new(),
            depth: 0,
        }
    }

    /// The error of the source, or `None` if there is none that the grammar knows of.
    pub fn run(&mut self, rule: &str, mode: Mode) -> Option<Raised> {
        let start = self.grammar.rule(rule);
        let first = self.rule(start);
        let last = self.fill.saturating_sub(1);
        self.reached_end = self.is_beyond_source(last);
        Some(match first {
            Ok(_) if mode == Mode::Single => return self.check_single(),
            Ok(_) => return None,
            Err(Stop::Raised) => self.settle(),
            Err(Stop::NoMatch) => self.second_pass(start, last)?,
        })
    }

    /// Whether a token is one that the end of the input made, or the error that it is.
    fn is_beyond_source(&self, index: usize) -> bool {
        let is_error = self.tokens.list.get(index).is_some_and(|token| token.kind == TokenKind::Error);
        match &self.tokens.error {
            Some(error) if is_error => error.at_end,
            _ => index > self.last_newline,
        }
    }

    fn second_pass(&mut self, start: usize, last: usize) -> Option<Raised> {
        self.mark = 0;
        self.invalid_allowed = true;
        self.memo.clear();
        if self.rule(start) == Err(Stop::Raised) {
            return Some(self.settle());
        }
        match self.tokens.list.get(last)?.kind {
            kind @ (TokenKind::Indent | TokenKind::Dedent) => {
                let what =
                    if kind == TokenKind::Indent { "unexpected indent" } else { "unexpected unindent" };
                self.raise_last(ErrorKind::Indentation, what.to_string());
                self.raised.take()
            }
            _ => {
                self.raise_token(last, "invalid syntax".to_string());
                Some(self.settle())
            }
        }
    }

    /// After one interactive statement only blanks and comments may follow.
    fn check_single(&mut self) -> Option<Raised> {
        let rest = self.tokens.list.get(self.mark..).unwrap_or_default();
        let clean = |token: &Token| {
            matches!(token.kind, TokenKind::Newline | TokenKind::End | TokenKind::Indent | TokenKind::Dedent)
        };
        if rest.iter().all(clean) {
            return None;
        }
        let message = "multiple statements found while compiling a single statement".to_string();
        self.fill = self.fill.max(self.mark);
        self.raise_last(ErrorKind::Syntax, message);
        self.raised.take()
    }

    /// The raised error, unless the tokenizer finds one further on: those come first.
    fn settle(&mut self) -> Raised {
        let raised = self.raised.take();
        let current_line =
            self.fill.checked_sub(1).and_then(|last| self.tokens.list.get(last)).map(|token| token.line);
        let met = self.fill >= self.tokens.list.len();
        if let (Some(error), false) = (&self.tokens.error, met) {
            if error.immediate {
                // It wins, but the parser had failed before.
                return self.token_error();
            }
            if let Some(&(bracket, line, column)) = self.tokens.open.last()
                && current_line.is_some_and(|current| current > line)
            {
                return self.unclosed(bracket, line, column);
            }
        }
        raised.unwrap_or_else(|| self.token_error())
    }

    fn unclosed(&self, bracket: char, line: u32, column: u32) -> Raised {
        let offset = self.offset(line, column + 1);
        Raised {
            kind: ErrorKind::Syntax,
            message: self.prefixed(format!("'{bracket}' was never closed")),
            line,
            offset,
            end_line: line,
            end_offset: 0,
            text: None,
        }
    }

    /// The tokenizer's error as an error of ours.
    fn token_error(&mut self) -> Raised {
        let Some(error) = self.tokens.error.clone() else {
            return Raised {
                kind: ErrorKind::Syntax,
                message: "invalid syntax".to_string(),
                line: 1,
                offset: 1,
                end_line: 1,
                end_offset: 1,
                text: None,
            };
        };
        if error.message.ends_with("was never closed")
            && let Some(&(bracket, line, column)) = self.tokens.open.last()
        {
            return self.unclosed(bracket, line, column);
        }
        match error.place {
            Place::Known { line, offset, end_offset } => {
                let text = if error.immediate {
                    let text = self.lines.line_text(&self.tokens.text, line);
                    text.map(|text| text.trim_end_matches('\n').to_string())
                } else {
                    self.fill = self.tokens.list.len();
                    self.shown_line(line)
                };
                let message = if error.immediate { error.message } else { self.prefixed(error.message) };
                Raised { kind: error.kind, message, line, offset, end_line: line, end_offset, text }
            }
            Place::Bytes { line, bytes } => {
                self.fill = self.tokens.list.len();
                let (offset, text) = (self.offset(line, bytes), self.shown_line(line));
                let message = self.prefixed(error.message);
                Raised { kind: error.kind, message, line, offset, end_line: line, end_offset: 0, text }
            }
            Place::LastToken => {
                self.fill = self.tokens.list.len();
                self.raise_last(error.kind, error.message);
                self.raised.take().unwrap_or_else(|| self.unclosed('(', 1, 0))
            }
        }
    }

    fn prefixed(&self, message: String) -> String {
        if self.in_fstring { format!("f-string: {message}") } else { message }
    }

    // Raising.

    /// The text of a line as the reference shows it: without its newline where the tokenizer has read
    /// on to a later line, else all that the tokenizer has at hand, which may begin further up.
    pub fn shown_line(&self, line: u32) -> Option<String> {
        let text = self.lines.line_text(&self.tokens.text, line)?;
        let newest = self.fill.min(self.tokens.list.len()).checked_sub(1);
        let Some(newest) = newest.and_then(|last| self.tokens.list.get(last)) else {
            return Some(text.to_string());
        };
        let reached = self.lines.line(newest.line_start);
        if reached > line {
            return Some(text.trim_end_matches('\n').to_string());
        }
        let end = self.lines.line_start(reached + 1).map_or(self.tokens.text.len(), |end| end as usize);
        self.tokens.text.get(newest.chain_start as usize..end).map(str::to_string)
    }

    /// The offset that stands for so many bytes into the line that is shown: the characters in as many
    /// bytes of the text at hand, even where that text begins on an earlier line.
    pub fn offset(&self, line: u32, bytes: u32) -> i64 {
        if self.columns == Columns::Bytes {
            return i64::from(bytes);
        }
        let shown = self.shown_line(line).unwrap_or_default();
        let bytes = bytes as usize;
        let heads = shown.bytes().take(bytes).filter(|byte| byte & 0xc0 != 0x80).count();
        // One byte beyond the text counts, more do not.
        (heads + usize::from(bytes > shown.len())) as i64
    }

    pub fn raise(&mut self, kind: ErrorKind, message: String, start: u32, end: Option<u32>) -> Stop {
        if self.raised.is_none() {
            let from = self.lines.position(start);
            let to = end.map(|end| self.lines.position(end));
            self.raised = Some(Raised {
                kind,
                message: self.prefixed(message),
                line: from.line,
                offset: self.offset(from.line, from.col + 1),
                end_line: to.map_or(from.line, |to| to.line),
                end_offset: to.map_or(0, |to| self.offset(from.line, to.col + 1)),
                text: self.shown_line(from.line),
            });
        }
        Stop::Raised
    }

    /// Raises at the furthest token looked at.
    pub fn raise_last(&mut self, kind: ErrorKind, message: String) -> Stop {
        let last = self.fill.saturating_sub(1).min(self.tokens.list.len().saturating_sub(1));
        let Some(token) = self.tokens.list.get(last).cloned() else { return Stop::Raised };
        match token.span {
            Some((start, end)) => self.raise(kind, message, start, Some(end)),
            None => {
                // Without a column of its own, the error is where the tokenizer stands, counted
                // from zero: the reference adds one to real columns only.
                let newest = &self.tokens.list[last];
                let read = newest.cursor.saturating_sub(newest.line_start);
                let offset = self.offset(token.line, read);
                if self.raised.is_none() {
                    self.raised = Some(Raised {
                        kind,
                        message: self.prefixed(message),
                        line: token.line,
                        offset,
                        end_line: token.line,
                        end_offset: -1,
                        text: None,
                    });
                }
                Stop::Raised
            }
        }
    }

    /// Raises at one token by its known place.
    pub fn raise_token(&mut self, index: usize, message: String) -> Stop {
        let Some(token) = self.tokens.list.get(index).cloned() else { return Stop::Raised };
        match token.span {
            Some((start, end)) => self.raise(ErrorKind::Syntax, message, start, Some(end)),
            None => {
                self.raised.get_or_insert(Raised {
                    kind: ErrorKind::Syntax,
                    message: if self.in_fstring { format!("f-string: {message}") } else { message },
                    line: token.line,
                    offset: 0,
                    end_line: token.line,
                    end_offset: 0,
                    text: None,
                });
                Stop::Raised
            }
        }
    }

    // Places of nodes.

    pub fn token_text(&self, index: usize) -> &str {
        let span = self.tokens.list.get(index).and_then(|token| token.span);
        span.map_or("", |(start, end)| &self.tokens.text[start as usize..end as usize])
    }

    pub fn start_of(&self, id: Id) -> u32 {
        let token = &self.tokens.list[self.nodes.get(id).first as usize];
        token.span.map_or(token.cursor, |(start, _)| start)
    }

    /// The end of the last token of a node that has text.
    pub fn end_of(&self, id: Id) -> u32 {
        let node = self.nodes.get(id);
        let tokens = &self.tokens.list[node.first as usize..node.end as usize];
        let solid = tokens.iter().rev().find(|token| {
            !matches!(token.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::End)
        });
        solid.and_then(|token| token.span).map_or_else(|| self.start_of(id), |(_, end)| end)
    }

    // Matching.

    fn fetch(&mut self, index: usize) -> Result<TokenKind, Stop> {
        let Some(token) = self.tokens.list.get(index) else { return Err(Stop::NoMatch) };
        let kind = token.kind;
        if index >= self.fill {
            self.fill = index + 1;
        }
        if kind == TokenKind::Error {
            let error = self.token_error();
            self.raised.get_or_insert(error);
            return Err(Stop::Raised);
        }
        Ok(kind)
    }

    fn token(&mut self, want: Want) -> Match {
        let index = self.mark;
        let kind = self.fetch(index)?;
        let (word, keyword) = self.words[index];
        let plain_name = kind == TokenKind::Name && !keyword;
        let fits = match want {
            Want::Name => plain_name,
            Want::Number => kind == TokenKind::Number,
            Want::String => kind == TokenKind::String,
            Want::Newline => kind == TokenKind::Newline,
            Want::Indent => kind == TokenKind::Indent,
            Want::Dedent => kind == TokenKind::Dedent,
            Want::End => kind == TokenKind::End,
            // The reference compares only as many characters as the name has, so that `c` and
            // `mat` count as well.
            Want::SoftKeyword => {
                let text = self.token_text(index);
                plain_name && ["match", "case", "_"].iter().any(|keyword| keyword.starts_with(text))
            }
            Want::Word(id) => word == id && (kind == TokenKind::Operator || keyword),
            Want::Soft(id) => word == id && plain_name,
        };
        if !fits {
            return Err(Stop::NoMatch);
        }
        self.mark += 1;
        let kind = match want {
            Want::Name => Kind::Name,
            Want::Number => {
                self.check_number(index)?;
                Kind::Literal
            }
            _ => Kind::Token,
        };
        Ok(self.node(kind, index, Vec::new()))
    }

    /// Decimal integers of more than 4300 digits are refused when they are converted.
    fn check_number(&mut self, index: usize) -> Result<(), Stop> {
        const LIMIT: usize = 4300;
        let text = self.token_text(index);
        if text.len() <= LIMIT || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
            return Ok(());
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits <= LIMIT {
            return Ok(());
        }
        let message = format!(
            "Exceeds the limit ({LIMIT} digits) for integer string conversion: value has {digits} digits; use \
             sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
             literals to avoid decimal conversion limits."
        );
        Err(self.raise_token(index, message))
    }

    pub fn node(&mut self, kind: Kind, first: usize, kids: Vec<Id>) -> Id {
        self.nodes.push(Node { kind, first: first as u32, end: self.mark as u32, kids })
    }

    fn rule(&mut self, index: usize) -> Match {
        self.depth += 1;
        if self.depth > MAX_RULE_DEPTH {
            let start = self.tokens.list.get(self.mark).map_or(0, |token| token.cursor);
            self.depth -= 1;
            return Err(self.raise(ErrorKind::Memory, String::new(), start, None));
        }
        let result = stacker::maybe_grow(RED_ZONE, STACK, || self.remembered(index));
        self.depth -= 1;
        result
    }

    fn remembered(&mut self, index: usize) -> Match {
        let grammar = self.grammar;
        let rule = &grammar.rules[index];
        let mode = match rule.memo {
            Memo::Exact => u8::from(self.invalid_allowed),
            Memo::Shared | Memo::LeftRecursive => 2,
        };
        let key = (index, self.mark, mode);
        if let Some(&(result, end)) = self.memo.get(&key) {
            return match result {
                Some(id) => {
                    self.mark = end;
                    Ok(id)
                }
                None => Err(Stop::NoMatch),
            };
        }
        let start = self.mark;
        if rule.memo == Memo::LeftRecursive {
            return self.grow(index, key);
        }
        // The one rule that switches the rules for mistakes off below itself.
        let allowed = self.invalid_allowed;
        if rule.name == "expression_without_invalid" {
            self.invalid_allowed = false;
        }
        let result = self.alternatives(&rule.alts);
        self.invalid_allowed = allowed;
        match result {
            Ok(id) => {
                self.memo.insert(key, (Some(id), self.mark));
            }
            Err(Stop::NoMatch) => {
                self.mark = start;
                self.memo.insert(key, (None, start));
            }
            Err(Stop::Raised) => {}
        }
        result
    }

    /// Left recursion: each round may use the longest match so far, until one is not longer.
    fn grow(&mut self, index: usize, key: (usize, usize, u8)) -> Match {
        let grammar = self.grammar;
        let start = self.mark;
        let (mut best, mut best_end) = (None, start);
        loop {
            self.memo.insert(key, (best, best_end));
            self.mark = start;
            match self.alternatives(&grammar.rules[index].alts) {
                Ok(id) if self.mark > best_end || best.is_none() => (best, best_end) = (Some(id), self.mark),
                Err(Stop::Raised) => return Err(Stop::Raised),
                _ => break,
            }
        }
        self.mark = best_end;
        self.memo.insert(key, (best, best_end));
        best.ok_or(Stop::NoMatch)
    }

    fn alternatives(&mut self, alts: &'static [Alt]) -> Match {
        let start = self.mark;
        for alt in alts {
            if alt.invalid && !self.invalid_allowed {
                continue;
            }
            self.mark = start;
            let mut cut = false;
            match self.alternative(alt, &mut cut) {
                Err(Stop::NoMatch) if !cut => {}
                result => {
                    if result.is_err() {
                        self.mark = start;
                    }
                    return result;
                }
            }
        }
        self.mark = start;
        Err(Stop::NoMatch)
    }

    fn alternative(&mut self, alt: &'static Alt, cut: &mut bool) -> Match {
        let start = self.mark;
        let mut values = Vec::new();
        let mut captures: Vec<(char, Id)> = Vec::new();
        for (capture, item) in &alt.items {
            if matches!(item, Item::Cut) {
                *cut = true;
                continue;
            }
            if let Some(id) = self.item(item)? {
                values.push(id);
                if let Some(name) = capture {
                    captures.push((*name, id));
                }
            }
        }
        match &alt.action {
            Action::Plain => Ok(match values.as_slice() {
                [only] => *only,
                _ => self.node(Kind::Row, start, values),
            }),
            Action::Make(kind) => Ok(self.node(*kind, start, values)),
            Action::Capture(name) => {
                let found = captures.iter().find(|(capture, _)| capture == name);
                found.map(|(_, id)| *id).ok_or(Stop::NoMatch)
            }
            Action::Raise { verb, args, text } => self.act(verb, args, text, &captures),
        }
    }

    /// Matches an item; `None` for those without a value.
    fn item(&mut self, item: &'static Item) -> Result<Option<Id>, Stop> {
        let start = self.mark;
        match item {
            Item::Token(want) => self.token(*want).map(Some),
            Item::Rule(rule) => self.rule(*rule).map(Some),
            Item::Group(alts) => self.alternatives(alts).map(Some),
            Item::Optional(inner) => match self.item(inner) {
                Err(Stop::NoMatch) => {
                    self.mark = start;
                    Ok(Some(self.node(Kind::Empty, start, Vec::new())))
                }
                found => found,
            },
            Item::Repeat { item: inner, least } => {
                let mut values = Vec::new();
                loop {
                    let before = self.mark;
                    match self.item(inner) {
                        Ok(Some(id)) if self.mark > before => values.push(id),
                        Err(Stop::Raised) => return Err(Stop::Raised),
                        _ => {
                            self.mark = before;
                            break;
                        }
                    }
                }
                if values.len() < *least {
                    return Err(Stop::NoMatch);
                }
                Ok(Some(self.node(Kind::Row, start, values)))
            }
            Item::Separated { item: inner, separator } => {
                let mut values = Vec::new();
                values.extend(self.item(inner)?);
                loop {
                    let before = self.mark;
                    let next = match self.item(separator) {
                        Ok(_) => self.item(inner),
                        Err(stop) => Err(stop),
                    };
                    match next {
                        Ok(id) => values.extend(id),
                        Err(Stop::Raised) => return Err(Stop::Raised),
                        Err(Stop::NoMatch) => {
                            self.mark = before;
                            break;
                        }
                    }
                }
                Ok(Some(self.node(Kind::Row, start, values)))
            }
            Item::Follows(inner) => {
                let result = self.item(inner);
                self.mark = start;
                result.map(|_| None)
            }
            Item::Avoids(inner) => {
                let result = self.item(inner);
                self.mark = start;
                match result {
                    Ok(_) => Err(Stop::NoMatch),
                    Err(Stop::NoMatch) => Ok(None),
                    Err(Stop::Raised) => Err(Stop::Raised),
                }
            }
            Item::Forced(word) => match self.token(Want::Word(*word)) {
                Err(Stop::NoMatch) => {
                    let message = format!("expected '{}'", self.grammar.words[*word as usize]);
                    Err(self.raise_token(start, message))
                }
                found => found.map(Some),
            },
            Item::Cut => Ok(None),
        }
    }
}
