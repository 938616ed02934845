//! What the raising actions of the grammar do.

use super::super::ErrorKind;
use super::node::{Id, Kind};
use super::peg::{Match, Parser, Stop};

impl Parser {
    /// Runs a raising action. Most raise; some look closer and let the alternative fail instead.
    pub(super) fn act(
        &mut self,
        verb: &str,
        args: &[&'static str],
        text: &'static str,
        captures: &[(char, Id)],
    ) -> Match {
        let capture = |name: &str| {
            let name = name.chars().next()?;
            captures.iter().rev().find(|(capture, _)| *capture == name).map(|(_, id)| *id)
        };
        let a = args.first().and_then(|name| capture(name));
        let b = args.get(1).and_then(|name| capture(name));
        let message = a.map_or_else(|| text.to_string(), |a| self.fill_in(text, a));
        match (verb, a, b) {
            ("last", ..) => Err(self.raise_last(ErrorKind::Syntax, message)),
            ("indent", ..) => Err(self.raise_last(ErrorKind::Indentation, message)),
            ("at", Some(a), _) => Err(self.raise_range(a, a, message)),
            ("range", Some(a), Some(b)) => Err(self.raise_range(a, b, message)),
            ("from", Some(a), _) => {
                let end = self.fill.checked_sub(1).and_then(|last| self.tokens.list.get(last));
                let end = end.map(|token| token.cursor);
                let start = self.start_of(a);
                let stop = self.raise(ErrorKind::Syntax, message, start, end);
                // The end is where the tokenizer stands, which is not counted from one.
                if let Some(raised) = &mut self.raised {
                    raised.end_offset -= 1;
                }
                Err(stop)
            }
            ("target", _, Some(target)) => self.invalid_target(args[0], target),
            ("genexp", Some(a), Some(clauses)) => {
                let end = self.last_of_comprehension(clauses);
                Err(self.raise_range(a, end, "Generator expression must be parenthesized".to_string()))
            }
            ("genexp_in_call", Some(call), Some(clauses)) => {
                let positional = self.positional(call);
                match positional.as_slice() {
                    [_, .., last] => {
                        let end = self.last_of_comprehension(clauses);
                        let message = "Generator expression must be parenthesized".to_string();
                        Err(self.raise_range(*last, end, message))
                    }
                    _ => Err(Stop::NoMatch),
                }
            }
            ("arguments", Some(call), _) => {
                let unpacking =
                    self.nodes.elements(call).iter().any(|&id| self.nodes.get(id).kind == Kind::DoubleStar)
                        || self.nodes.get(call).kind == Kind::DoubleStar;
                let message = if unpacking {
                    "positional argument follows keyword argument unpacking"
                } else {
                    "positional argument follows keyword argument"
                };
                Err(self.raise_last(ErrorKind::Syntax, message.to_string()))
            }
            ("legacy", Some(name), Some(b)) => {
                if !self.is_legacy_statement(name) {
                    return Err(Stop::NoMatch);
                }
                let name_text = self.token_text(self.nodes.get(name).first as usize).to_string();
                let message =
                    format!("Missing parentheses in call to '{name_text}'. Did you mean {name_text}(...)?");
                Err(self.raise_range(name, b, message))
            }
            ("comma", Some(a), Some(b)) => {
                let last = self.mark.checked_sub(1).and_then(|last| self.tokens.list.get(last));
                let inside = last.is_some_and(|token| token.level > 0);
                if self.is_legacy_statement(a) || !inside {
                    return Err(Stop::NoMatch);
                }
                Err(self.raise_range(a, b, "invalid syntax. Perhaps you forgot a comma?".to_string()))
            }
            ("comprehension_target", Some(a), Some(row)) => {
                let last = self.nodes.elements(row).last().copied().unwrap_or(row);
                let message = "did you forget parentheses around the comprehension target?".to_string();
                Err(self.raise_range(a, last, message))
            }
            ("dict_key", Some(a), _) => {
                // The line where the key starts, the column where it ends.
                let (from, to) = (self.start_of(a), self.lines.position(self.end_of(a)));
                let stop = self.raise(
                    ErrorKind::Syntax,
                    "':' expected after dictionary key".to_string(),
                    from,
                    None,
                );
                let offset = self.offset(self.lines.line(from), to.col);
                if let Some(raised) = &mut self.raised {
                    (raised.offset, raised.end_line) = (offset, to.line);
                }
                Err(stop)
            }
            ("strings", Some(row), _) => self.strings(row),
            ("real", Some(number), _) => {
                if self.is_imaginary(number) {
                    let message = "real number required in complex literal".to_string();
                    return Err(self.raise_range(number, number, message));
                }
                Ok(number)
            }
            ("imaginary", Some(number), _) => {
                if !self.is_imaginary(number) {
                    let message = "imaginary number required in complex literal".to_string();
                    return Err(self.raise_range(number, number, message));
                }
                Ok(number)
            }
            _ => Err(Stop::NoMatch),
        }
    }

    /// `%s` the kind, `%t` the text, `%d` the line of the node.
    fn fill_in(&self, text: &str, a: Id) -> String {
        if !text.contains('%') {
            return text.to_string();
        }
        let first = self.nodes.get(a).first as usize;
        text.replace("%s", self.nodes.get(a).kind.describe())
            .replace("%t", self.token_text(first))
            .replace("%d", &self.tokens.list[first].line.to_string())
    }

    fn raise_range(&mut self, a: Id, b: Id, message: String) -> Stop {
        let (start, end) = (self.start_of(a), self.end_of(b));
        self.raise(ErrorKind::Syntax, message, start, Some(end))
    }

    fn is_legacy_statement(&self, id: Id) -> bool {
        let node = self.nodes.get(id);
        node.kind == Kind::Name && ["print", "exec"].contains(&self.token_text(node.first as usize))
    }

    fn is_imaginary(&self, id: Id) -> bool {
        self.token_text(self.nodes.get(id).first as usize).ends_with(['j', 'J'])
    }

    /// The positional arguments of a call, starred ones included.
    fn positional(&self, call: Id) -> Vec<Id> {
        let mut elements = self.nodes.elements(call);
        if !matches!(self.nodes.get(call).kind, Kind::Row) {
            elements = vec![call];
        }
        elements.retain(|&id| !matches!(self.nodes.get(id).kind, Kind::Keyword | Kind::DoubleStar));
        elements
    }

    /// The last condition, or else the iterable, of the last clause.
    fn last_of_comprehension(&self, clauses: Id) -> Id {
        let last = self.nodes.elements(clauses).last().copied().unwrap_or(clauses);
        let parts = self.nodes.elements(last);
        parts.last().copied().unwrap_or(last)
    }

    fn invalid_target(&mut self, targets: &str, id: Id) -> Match {
        let Some(wrong) = self.find_invalid_target(targets, id) else { return Err(Stop::NoMatch) };
        let verb = if targets == "DEL" { "delete" } else { "assign to" };
        let message = format!("cannot {verb} {}", self.nodes.get(wrong).kind.describe());
        Err(self.raise_range(wrong, wrong, message))
    }

    /// The first part of an expression that cannot be assigned to (or deleted).
    fn find_invalid_target(&self, targets: &str, id: Id) -> Option<Id> {
        let node = self.nodes.get(id);
        match node.kind {
            Kind::Name | Kind::Subscript | Kind::Attribute => None,
            Kind::Tuple | Kind::List => {
                self.nodes.elements(id).into_iter().find_map(|kid| self.find_invalid_target(targets, kid))
            }
            Kind::Starred if targets == "DEL" => Some(id),
            Kind::Starred => {
                self.nodes.elements(id).into_iter().find_map(|kid| self.find_invalid_target(targets, kid))
            }
            // `for a in b` parses as the comparison `a in b`: only its left side is a target.
            Kind::Compare if targets == "FOR" => {
                let parts = self.nodes.elements(id);
                let second = parts.get(1).map(|&part| self.nodes.get(part).kind);
                match (parts.first(), second) {
                    (Some(&left), Some(Kind::InPair)) => self.find_invalid_target(targets, left),
                    _ => None,
                }
            }
            _ => Some(id),
        }
    }
}
