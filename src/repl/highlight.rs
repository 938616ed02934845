//! Colours for Python source as it is typed, from the parser's tokens, so that unfinished input is coloured too.

use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use super::style::{Painter, Role};

/// Longest input that is coloured; beyond it, typing stays fluid and plain.
const LONGEST: usize = 100_000;

/// Names that every program has, in `builtins`, apart from exceptions (those are recognised by their endings).
const BUILTINS: &[&str] = &[
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "Exception",
    "BaseException",
    "StopIteration",
    "KeyboardInterrupt",
    "SystemExit",
    "GeneratorExit",
];

/// Coloured stretches of a source text: byte ranges, ascending, not overlapping.
pub fn spans(source: &str) -> Vec<(Range<usize>, Role)> {
    if source.len() > LONGEST {
        return Vec::new();
    }
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut spans = Vec::new();
    let mut previous = TokenKind::Newline;
    for token in parsed.tokens() {
        let range = token.range().start().to_usize()..token.range().end().to_usize();
        let kind = token.kind();
        if let Some(role) = source.get(range.clone()).and_then(|text| role(kind, previous, text)) {
            spans.push((range, role));
        }
        if !kind.is_trivia() {
            previous = kind;
        }
    }
    spans
}

fn role(kind: TokenKind, previous: TokenKind, text: &str) -> Option<Role> {
    match kind {
        _ if text.is_empty() => None,
        TokenKind::Comment => Some(Role::Comment),
        TokenKind::Int | TokenKind::Float | TokenKind::Complex => Some(Role::Number),
        TokenKind::String | TokenKind::FStringStart | TokenKind::FStringMiddle | TokenKind::FStringEnd => {
            Some(Role::String)
        }
        TokenKind::Name if matches!(previous, TokenKind::Def | TokenKind::Class) => Some(Role::Definition),
        TokenKind::Name if previous != TokenKind::Dot && is_builtin(text) => Some(Role::Builtin),
        kind if kind.is_non_soft_keyword() => Some(Role::Keyword),
        _ => None,
    }
}

fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name)
        || (name.starts_with(|first: char| first.is_ascii_uppercase())
            && (name.ends_with("Error") || name.ends_with("Warning")))
}

/// The names that completion offers before the engine has been asked, and colours know: builtins.
pub fn builtins() -> &'static [&'static str] {
    BUILTINS
}

/// The source with its colours in it. A meta command is coloured as one.
pub fn highlight(source: &str, painter: Painter) -> String {
    if let Some(rest) = source.trim_start().strip_prefix(':') {
        let name_end = source.len() - rest.len() + rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (name, argument) = source.split_at(name_end);
        return painter.paint(Role::Command, name) + argument;
    }
    let mut result = String::with_capacity(source.len() * 2);
    let mut at = 0;
    for (range, role) in spans(source) {
        if range.start < at {
            continue;
        }
        result.push_str(source.get(at..range.start).unwrap_or(""));
        // Line by line: an editor may redraw any single line of a long string.
        let text = source.get(range.clone()).unwrap_or("");
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                result.push('\n');
            }
            result.push_str(&painter.paint(role, line));
        }
        at = range.end;
    }
    result.push_str(source.get(at..).unwrap_or(""));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(source: &str) -> Vec<(&str, Role)> {
        spans(source).into_iter().map(|(range, role)| (&source[range], role)).collect()
    }

    #[test]
    fn tokens_get_roles() {
        assert_eq!(
            marked("def f(x): return len('a') + 1.5  # c"),
            [
                ("def", Role::Keyword),
                ("f", Role::Definition),
                ("return", Role::Keyword),
                ("len", Role::Builtin),
                ("'a'", Role::String),
                ("1.5", Role::Number),
                ("# c", Role::Comment),
            ]
        );
        assert_eq!(marked("x.len"), []);
        assert_eq!(marked("raise KeyError"), [("raise", Role::Keyword), ("KeyError", Role::Builtin)]);
    }

    #[test]
    fn unfinished_input_is_coloured_and_never_changed() {
        let painter = Painter::new(true);
        for source in
            ["def f(", "'''abc\ndef", "f'{x", "x = (1, [", "", "\u{65e5}\u{672c} = 'é", ":refs x", ":", "$%&"]
        {
            let painted = highlight(source, painter);
            let mut plain = String::new();
            let mut escape = false;
            for c in painted.chars() {
                match c {
                    '\x1b' => escape = true,
                    'm' if escape => escape = false,
                    _ if escape => {}
                    _ => plain.push(c),
                }
            }
            assert_eq!(plain, source);
        }
    }
}
