//! Where interactive input ends, and how pasted text is taken apart.
//!
//! What Python evaluates at a prompt is one simple statement line or one compound statement. A compound statement
//! that is typed ends with an empty line. Pasted text holds many, often without empty lines between them; it is taken apart at
//! its top-level statements, so that it does what the same text in a file does.

use ruff_python_ast::{Mod, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

/// Whether typed input can be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can, or it is broken and evaluating it says how.
    Complete,
    /// It goes on in the next line.
    Incomplete,
}

/// Judges input as typed so far, without its last newline.
pub fn judge(source: &str) -> Verdict {
    use Verdict::{Complete, Incomplete};
    if source.trim().is_empty() {
        return Complete;
    }
    if ends_with_continuation(source) {
        return Incomplete;
    }
    // What the parser would say to a file that ends here.
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let ends_with_empty_line = source.rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty());
    let end = source.trim_end().len();
    if let Some(error) = parsed.errors().first() {
        let words = error.error.to_string();
        let rest = source.get(error.location.start().to_usize()..).unwrap_or("");
        let unclosed = words.contains("triple-quoted")
            || words.contains("unexpected EOF")
            || (words.contains("closing quote") && begins_triple_quoted(rest));
        // A header without its body may still get one, until an empty line says that it will not.
        let headless =
            ["indented block", "after decorator", "`finally`"].iter().any(|part| words.contains(part));
        let at_end = error.location.start().to_usize() >= end;
        return if unclosed || (headless && at_end && !ends_with_empty_line) { Incomplete } else { Complete };
    }
    match parsed.syntax() {
        Mod::Module(module) if module.body.last().is_some_and(is_compound) && !ends_with_empty_line => {
            Incomplete
        }
        _ => Complete,
    }
}

/// Whether text begins with a string literal in triple quotes, whatever its prefix.
fn begins_triple_quoted(text: &str) -> bool {
    let quotes = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    quotes.starts_with("'''") || quotes.starts_with("\"\"\"")
}

/// A backslash at the very end, outside a comment.
fn ends_with_continuation(source: &str) -> bool {
    source.ends_with('\\')
        && !source.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('#'))
}

fn is_compound(statement: &Stmt) -> bool {
    matches!(
        statement,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
    )
}

/// Takes a text of several lines apart into what is evaluated one after the other, each with its final newline.
///
/// Common indentation and the prompts of a copied session are taken off. A text that does not parse comes back whole, so that
/// evaluating it reports the error.
pub fn split(text: &str) -> Vec<String> {
    let text = undecorate(text);
    if text.trim().is_empty() {
        return Vec::new();
    }
    let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
    let (Mod::Module(module), true) = (parsed.syntax(), parsed.errors().is_empty()) else {
        return vec![ensure_newline(text)];
    };
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).saturating_sub(1);
    let mut units: Vec<(usize, usize, bool)> = Vec::new();
    for statement in &module.body {
        let first = line_of(statement.range().start().to_usize());
        let last = line_of(statement.range().end().to_usize().saturating_sub(1));
        match units.last_mut() {
            // `a = 1; b = 2` is one line and one unit.
            Some((_, end, compound)) if *end >= first => {
                *end = last;
                *compound |= is_compound(statement);
            }
            _ => units.push((first, last, is_compound(statement))),
        }
    }
    let lines: Vec<&str> = text.split('\n').collect();
    units
        .into_iter()
        .map(|(first, last, compound)| {
            let mut unit = lines.get(first..=last).unwrap_or_default().join("\n");
            unit.push('\n');
            if compound {
                // The empty line that ends a block at a prompt.
                unit.push('\n');
            }
            unit
        })
        .collect()
}

fn ensure_newline(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Takes off the prompts of a copied session, and indentation that all lines share.
fn undecorate(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_session = text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| {
        let line = line.trim_start();
        line.starts_with(">>> ") || line == ">>>"
    });
    let mut lines: Vec<&str> = text.split('\n').collect();
    if is_session {
        // Lines without a prompt are what was printed.
        lines = lines
            .into_iter()
            .filter_map(|line| {
                let line = line.trim_start();
                let rest = line.strip_prefix(">>>").or_else(|| line.strip_prefix("..."))?;
                Some(rest.strip_prefix(' ').unwrap_or(rest))
            })
            .collect();
    }
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indentation(line)).min().unwrap_or(0);
    let first = lines.iter().find(|line| !line.trim().is_empty()).copied().unwrap_or("");
    let margin = first.get(..shared).unwrap_or("");
    // Tabs here and spaces there: better leave it as it is and let Python complain.
    if shared > 0 && lines.iter().all(|line| line.trim().is_empty() || line.starts_with(margin)) {
        lines = lines.into_iter().map(|line| line.get(shared..).unwrap_or("")).collect();
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_is_judged_as_at_a_prompt() {
        use Verdict::{Complete, Incomplete};
        for (source, verdict) in [
            ("", Complete),
            ("   ", Complete),
            ("x = 1", Complete),
            ("x = (1,", Incomplete),
            ("x = (1,\n\n2)", Complete),
            ("f(1,\n", Incomplete),
            ("def f():", Incomplete),
            ("def f():\n    return 1", Incomplete),
            ("def f():\n    return 1\n", Complete),
            ("if x: y", Incomplete),
            ("if x: y\n", Complete),
            ("class A: pass", Incomplete),
            ("'''a", Incomplete),
            ("'''a\n\n", Incomplete),
            ("'''a\n'''", Complete),
            ("x = 'a", Complete),
            ("x = )", Complete),
            ("1 +", Complete),
            ("x = 1 \\", Incomplete),
            ("# comment \\", Complete),
            ("@decorator", Incomplete),
            ("a; b", Complete),
            ("try:\n    x", Incomplete),
        ] {
            assert_eq!(judge(source), verdict, "{source:?}");
        }
    }

    #[test]
    fn pasted_text_is_taken_apart_at_its_statements() {
        assert_eq!(split("a = 1\nb = 2\n"), ["a = 1\n", "b = 2\n"]);
        assert_eq!(
            split("def f():\n    x = 1\n\n    return x\nprint(f())"),
            ["def f():\n    x = 1\n\n    return x\n\n", "print(f())\n"]
        );
        assert_eq!(split("a = 1; b = 2\nc = 3"), ["a = 1; b = 2\n", "c = 3\n"]);
        assert_eq!(split("@d\nclass A:\n    pass\nA()"), ["@d\nclass A:\n    pass\n\n", "A()\n"]);
        assert_eq!(split("x = 1 +\ny"), ["x = 1 +\ny\n"]);
        assert_eq!(split(" \n\n"), Vec::<String>::new());
    }

    #[test]
    fn copied_sessions_and_indented_code_are_understood() {
        assert_eq!(split(">>> a = 1\n>>> a\n1\n>>> def f():\n...     pass\n...\n>>> f()\n").len(), 4);
        assert_eq!(split("    a = 1\n    if a:\n        b = 2\n"), ["a = 1\n", "if a:\n    b = 2\n\n"]);
    }
}
