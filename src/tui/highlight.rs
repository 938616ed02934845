//! Colours for Python source: byte ranges and roles, from the parser's tokens, so that broken input is coloured too.
use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use super::theme::Role;

/// Longest source that is coloured at each keystroke; beyond it typing stays fluid and plain.
const TOO_LONG: usize = 200_000;

/// Coloured stretches of one line: byte ranges within the line, ascending, not overlapping.
pub type LineRoles = Vec<(Range<usize>, Role)>;

/// Colours of each line of a source text.
pub fn highlight(source: &str) -> Vec<LineRoles> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(source.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let mut lines: Vec<LineRoles> = vec![Vec::new(); starts.len()];
    if source.len() > TOO_LONG {
        return lines;
    }
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut previous = TokenKind::Newline;
    for token in parsed.tokens() {
        let kind = token.kind();
        let range = usize::from(token.range_start())..usize::from(token.range_end());
        let role = source.get(range.clone()).and_then(|text| role_of(kind, previous, text));
        if !kind.is_trivia() {
            previous = kind;
        }
        let Some(role) = role else { continue };
        // A triple-quoted string covers several lines: each gets its part.
        let mut line = starts.partition_point(|s| *s <= range.start).saturating_sub(1);
        while let Some(start) = starts.get(line).copied().filter(|s| *s < range.end) {
            let end = starts.get(line + 1).map_or(source.len(), |next| next - 1);
            let part = range.start.max(start)..range.end.min(end);
            if let (false, Some(roles)) = (part.is_empty(), lines.get_mut(line)) {
                roles.push((part.start - start..part.end - start, role));
            }
            line += 1;
        }
    }
    lines
}

trait TokenRange {
    fn range_start(&self) -> ruff_text_size::TextSize;
    fn range_end(&self) -> ruff_text_size::TextSize;
}

impl TokenRange for ruff_python_ast::token::Token {
    fn range_start(&self) -> ruff_text_size::TextSize {
        ruff_text_size::Ranged::range(self).start()
    }

    fn range_end(&self) -> ruff_text_size::TextSize {
        ruff_text_size::Ranged::range(self).end()
    }
}

fn role_of(kind: TokenKind, previous: TokenKind, text: &str) -> Option<Role> {
    Some(match kind {
        TokenKind::Comment => Role::Comment,
        TokenKind::Int | TokenKind::Float | TokenKind::Complex => Role::Number,
        TokenKind::String | TokenKind::FStringStart | TokenKind::FStringMiddle | TokenKind::FStringEnd => {
            Role::String
        }
        TokenKind::Name if matches!(previous, TokenKind::Def | TokenKind::Class) => Role::Definition,
        TokenKind::Name if previous != TokenKind::Dot && is_builtin(text) => Role::Builtin,
        kind if kind.is_singleton() => Role::Number,
        kind if kind.is_non_soft_keyword() => Role::Keyword,
        kind if kind.is_operator() => Role::Operator,
        _ => return None,
    })
}

/// Names that are always there.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "abs"
            | "all"
            | "any"
            | "ascii"
            | "bin"
            | "bool"
            | "bytearray"
            | "bytes"
            | "callable"
            | "chr"
            | "classmethod"
            | "compile"
            | "complex"
            | "delattr"
            | "dict"
            | "dir"
            | "divmod"
            | "enumerate"
            | "eval"
            | "exec"
            | "filter"
            | "float"
            | "format"
            | "frozenset"
            | "getattr"
            | "globals"
            | "hasattr"
            | "hash"
            | "help"
            | "hex"
            | "id"
            | "input"
            | "int"
            | "isinstance"
            | "issubclass"
            | "iter"
            | "len"
            | "list"
            | "locals"
            | "map"
            | "max"
            | "memoryview"
            | "min"
            | "next"
            | "object"
            | "oct"
            | "open"
            | "ord"
            | "pow"
            | "print"
            | "property"
            | "range"
            | "repr"
            | "reversed"
            | "round"
            | "set"
            | "setattr"
            | "slice"
            | "sorted"
            | "staticmethod"
            | "str"
            | "sum"
            | "super"
            | "tuple"
            | "type"
            | "vars"
            | "zip"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_get_roles_line_by_line() {
        let lines = highlight("def f(x):\n    return \"\"\"a\nb\"\"\" + str(12)  # why");
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].first(), Some(&(0..3, Role::Keyword)));
        assert_eq!(lines[0].get(1), Some(&(4..5, Role::Definition)));
        assert_eq!(lines[1].last(), Some(&(11..15, Role::String)));
        assert_eq!(lines[2].first(), Some(&(0..4, Role::String)));
        assert_eq!(lines[2].last().map(|(_, role)| *role), Some(Role::Comment));
    }

    #[test]
    fn broken_input_is_coloured_and_never_panics() {
        for text in ["x = (", "'unterminated", "f'{", "\"\"\"", "é = 'ü", "\t\0", "def", "if x:\n"] {
            assert_eq!(highlight(text).len(), text.matches('\n').count() + 1);
        }
        assert_eq!(
            highlight("for x in").first().and_then(|l| l.first()).map(|(_, r)| *r),
            Some(Role::Keyword)
        );
    }
}
