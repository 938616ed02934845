//! Where interactive input ends, and how pasted text is taken apart.
//!
//! What Python evaluates at a prompt is one simple statement line or one compound statement. A compound statement
//! that is typed ends with an empty line. Pasted text holds many, often without empty lines between them; it is taken apart at
//! its top-level statements, so that it does what the same text in a file does.

use crate::syntax::{Completeness, completeness, interactive_units};

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
    match completeness(source) {
        Completeness::Complete | Completeness::Invalid => Verdict::Complete,
        Completeness::Incomplete => Verdict::Incomplete,
    }
}

/// Takes a text of several lines apart into what is evaluated one after the other, each with its final newline.
///
/// Common indentation and the prompts of a copied session are taken off. A text that does not parse comes back whole, so that
/// evaluating it reports the error.
pub fn split(text: &str) -> Vec<String> {
    // A single line is what somebody typed; its indentation is theirs to mend.
    let text = if text.contains('\n') { undecorate(text) } else { text.to_owned() };
    let is_code =
        |unit: &&str| unit.lines().any(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    let mut units = interactive_units(&text);
    if units.is_empty() {
        // Nothing begins a statement at the margin: it is for the compiler to say why.
        units.push(&text);
    }
    units.into_iter().filter(is_code).map(as_entered).collect()
}

/// A unit as it would have been entered: a block of several lines ends with an empty one.
fn as_entered(unit: &str) -> String {
    let unit = unit.trim_end();
    let end = if unit.contains('\n') { "\n\n" } else { "\n" };
    format!("{unit}{end}")
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
        assert_eq!(split("x = 1 +\ny").concat().trim_end(), "x = 1 +\ny");
        assert_eq!(split("    x"), ["    x\n"]);
        assert_eq!(split("# nothing\n\n# to do"), Vec::<String>::new());
        assert_eq!(split(" \n\n"), Vec::<String>::new());
    }

    #[test]
    fn copied_sessions_and_indented_code_are_understood() {
        assert_eq!(split(">>> a = 1\n>>> a\n1\n>>> def f():\n...     pass\n...\n>>> f()\n").len(), 4);
        assert_eq!(split("    a = 1\n    if a:\n        b = 2\n"), ["a = 1\n", "if a:\n    b = 2\n\n"]);
    }
}
