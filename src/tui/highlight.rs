//! Colours for Python source, line by line. What is a keyword and what a string, the line REPL's highlighter knows.
use std::ops::Range;

use super::theme::Role;
use crate::repl::highlight::spans;
use crate::repl::style;

/// Coloured stretches of one line: byte ranges within the line, ascending, not overlapping.
pub type LineRoles = Vec<(Range<usize>, Role)>;

/// Colours of each line of a source text.
pub fn highlight(source: &str) -> Vec<LineRoles> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(source.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let mut lines: Vec<LineRoles> = vec![Vec::new(); starts.len()];
    for (range, role) in spans(source) {
        let Some(role) = role_of(role) else { continue };
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

fn role_of(role: style::Role) -> Option<Role> {
    Some(match role {
        style::Role::Keyword => Role::Keyword,
        style::Role::Builtin => Role::Builtin,
        style::Role::Definition => Role::Definition,
        style::Role::String => Role::String,
        style::Role::Number => Role::Number,
        style::Role::Comment => Role::Comment,
        _ => return None,
    })
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
