//! Reads the notation of [`super::grammar`] into tables.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::grammar::GRAMMAR;
use super::node::Kind;

/// A token type or a literal token, as the grammar names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Name,
    Number,
    String,
    Newline,
    Indent,
    Dedent,
    End,
    /// A name that is a keyword somewhere: `match`, `case`, `_`.
    SoftKeyword,
    /// An operator or keyword, by its index in [`Grammar::words`].
    Word(u16),
    /// A soft keyword, by its index in [`Grammar::words`].
    Soft(u16),
}

#[derive(Debug)]
pub(super) enum Item {
    Token(Want),
    Rule(usize),
    Group(Vec<Alt>),
    Optional(Box<Item>),
    Repeat { item: Box<Item>, least: usize },
    Separated { item: Box<Item>, separator: Box<Item> },
    Follows(Box<Item>),
    Avoids(Box<Item>),
    Forced(u16),
    Cut,
}

#[derive(Debug)]
pub(super) enum Action {
    /// The only value, or all of them in a row.
    Plain,
    Make(Kind),
    Capture(char),
    /// A raising action: its verb, its captures, its text.
    Raise {
        verb: &'static str,
        args: Vec<&'static str>,
        text: &'static str,
    },
}

#[derive(Debug)]
pub(super) struct Alt {
    pub items: Vec<(Option<char>, Item)>,
    pub action: Action,
    /// Only tried in the second pass.
    pub invalid: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memo {
    /// Results are remembered for this pass and mode only.
    Exact,
    /// Results are shared between modes, as the reference parser does for some rules.
    Shared,
    LeftRecursive,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub name: &'static str,
    pub memo: Memo,
    pub alts: Vec<Alt>,
}

#[derive(Debug)]
pub(super) struct Grammar {
    pub rules: Vec<Rule>,
    /// Every operator and keyword that the grammar mentions.
    pub words: Vec<&'static str>,
    pub word_ids: HashMap<&'static str, u16>,
    rule_ids: HashMap<&'static str, usize>,
}

impl Grammar {
    /// The grammar, read once. Only error paths come here.
    pub fn get() -> &'static Grammar {
        static TABLES: OnceLock<Grammar> = OnceLock::new();
        TABLES.get_or_init(read)
    }

    pub fn rule(&self, name: &str) -> usize {
        self.rule_ids[name]
    }

    fn word(&mut self, word: &'static str) -> u16 {
        if let Some(&id) = self.word_ids.get(word) {
            return id;
        }
        let id = self.words.len() as u16;
        self.words.push(word);
        self.word_ids.insert(word, id);
        id
    }
}

fn read() -> Grammar {
    let mut grammar =
        Grammar { rules: Vec::new(), words: Vec::new(), word_ids: HashMap::new(), rule_ids: HashMap::new() };
    let headers = GRAMMAR.lines().filter_map(header);
    for (name, memo) in headers {
        grammar.rule_ids.insert(name, grammar.rules.len());
        grammar.rules.push(Rule { name, memo, alts: Vec::new() });
    }
    let mut current = 0;
    for line in GRAMMAR.lines().filter(|line| !line.is_empty()) {
        if let Some((name, _)) = header(line) {
            current = grammar.rule_ids[name];
            continue;
        }
        let body = line.trim_start_matches("| ");
        let (items, action) = match body.split_once(" => ") {
            Some((items, action)) => (items, read_action(action)),
            None => (body, Action::Plain),
        };
        let mut reader = Reader { rest: items, grammar: &mut grammar };
        let mut alt = reader.alternative();
        assert!(reader.rest.is_empty(), "grammar notation: {line}");
        alt.action = action;
        grammar.rules[current].alts.push(alt);
    }
    grammar
}

/// `name:` or `name memo:`.
fn header(line: &'static str) -> Option<(&'static str, Memo)> {
    let head = line.strip_suffix(':').filter(|head| !head.starts_with('|'))?;
    Some(match head.split_once(' ') {
        None => (head, Memo::Exact),
        Some((name, "left")) => (name, Memo::LeftRecursive),
        Some((name, _)) => (name, Memo::Shared),
    })
}

fn read_action(text: &'static str) -> Action {
    if let Some(capture) = text.strip_prefix('=') {
        return Action::Capture(capture.chars().next().unwrap_or('a'));
    }
    let Some(raise) = text.strip_prefix('!') else {
        let kind = Kind::by_name(text);
        return Action::Make(kind.unwrap_or_else(|| panic!("grammar notation: no node kind {text}")));
    };
    let (verb, rest) = raise.split_once(' ').unwrap_or((raise, ""));
    let count = match verb {
        "last" => 0,
        "range" | "genexp" | "genexp_in_call" | "legacy" | "comma" | "comprehension_target" | "target" => 2,
        _ => 1,
    };
    let mut args = Vec::new();
    let mut rest = rest;
    for _ in 0..count {
        let (arg, after) = rest.split_once(' ').unwrap_or((rest, ""));
        args.push(arg);
        rest = after;
    }
    Action::Raise { verb, args, text: rest }
}

struct Reader<'g> {
    rest: &'static str,
    grammar: &'g mut Grammar,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> &'static str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn quoted(&mut self, quote: char) -> &'static str {
        let (word, rest) = self.rest.split_once(quote).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    fn alternative(&mut self) -> Alt {
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.rest.is_empty() || self.rest.starts_with('|') || self.rest.starts_with(')') {
                break;
            }
            let mut capture = None;
            if let [b'a'..=b'z', b'=', ..] = self.rest.as_bytes() {
                capture = self.rest.chars().next();
                self.rest = &self.rest[2..];
            }
            let item = self.item();
            items.push((capture, item));
        }
        let invalid = match items.as_slice() {
            [(None, Item::Rule(rule))] => self.grammar.rules[*rule].name.starts_with("invalid_"),
            _ => false,
        };
        Alt { items, action: Action::Plain, invalid }
    }

    fn item(&mut self) -> Item {
        if self.eat("&&'") {
            let word = self.quoted('\'');
            return Item::Forced(self.grammar.word(word));
        }
        if self.eat("&") {
            return Item::Follows(Box::new(self.atom()));
        }
        if self.eat("!") {
            return Item::Avoids(Box::new(self.atom()));
        }
        if self.eat("~") {
            return Item::Cut;
        }
        let atom = self.atom();
        if self.eat("?") {
            Item::Optional(Box::new(atom))
        } else if self.eat("*") {
            Item::Repeat { item: Box::new(atom), least: 0 }
        } else if self.eat("+") {
            Item::Repeat { item: Box::new(atom), least: 1 }
        } else if self.eat(".") {
            let item = self.atom();
            assert!(self.eat("+"), "grammar notation: separated items end in +");
            Item::Separated { item: Box::new(item), separator: Box::new(atom) }
        } else {
            atom
        }
    }

    fn atom(&mut self) -> Item {
        self.skip();
        if self.eat("'") {
            let word = self.quoted('\'');
            return Item::Token(Want::Word(self.grammar.word(word)));
        }
        if self.eat("\"") {
            let word = self.quoted('"');
            return Item::Token(Want::Soft(self.grammar.word(word)));
        }
        if self.eat("(") {
            let mut alts = vec![self.alternative()];
            while self.eat("|") {
                alts.push(self.alternative());
            }
            assert!(self.eat(")"), "grammar notation: unclosed group before {}", self.rest);
            return Item::Group(alts);
        }
        let name = self.word();
        Item::Token(match name {
            "NAME" => Want::Name,
            "NUMBER" => Want::Number,
            "STRING" => Want::String,
            "NEWLINE" => Want::Newline,
            "INDENT" => Want::Indent,
            "DEDENT" => Want::Dedent,
            "ENDMARKER" => Want::End,
            "SOFT_KEYWORD" => Want::SoftKeyword,
            _ => match self.grammar.rule_ids.get(name) {
                Some(&rule) => return Item::Rule(rule),
                None => panic!("grammar notation: no rule {name}"),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_reads() {
        let grammar = Grammar::get();
        assert!(grammar.rules.len() > 150);
        assert!(grammar.rules.iter().all(|rule| !rule.alts.is_empty()));
        assert!(grammar.rules[grammar.rule("expression")].alts[0].invalid);
    }
}
