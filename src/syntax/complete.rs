//! Is this input complete? What the interactive prompt asks after every line.
//!
//! The rules are the interactive interpreter's: a simple statement ends with its line, a compound one
//! with an empty line, and nothing ends inside brackets, triple quotes or after a backslash.

use super::Mode;
use super::diagnose::diagnose_end;
use super::diagnose::token::{Token, TokenKind, Tokens, tokenize};

/// What to do with the lines typed so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Run them.
    Complete,
    /// Ask for another line.
    Incomplete,
    /// No further line can mend them: run them to get the error.
    Invalid,
}

/// Judges lines typed so far, joined by `\n`, without the newline that ended the last one.
pub fn completeness(source: &str) -> Completeness {
    if crate::era::is_classic() {
        return super::classic::completeness(source);
    }
    let with_newline = format!("{source}\n");
    let tokens = tokenize(&with_newline, Mode::Exec);
    let ended_by_blank = source.ends_with('\n');
    match diagnose_end(&with_newline) {
        None if ended_by_blank || !ends_in_compound(&tokens) => Completeness::Complete,
        None => Completeness::Incomplete,
        // Within brackets and strings an empty line ends nothing.
        Some(true) if !ended_by_blank || tokens.error.as_ref().is_some_and(|error| error.at_end) => {
            Completeness::Incomplete
        }
        Some(_) => Completeness::Invalid,
    }
}

/// Whether the last statement is a compound one.
fn ends_in_compound(tokens: &Tokens) -> bool {
    let starts = statement_starts(&tokens.list);
    let Some(&start) = starts.last() else { return false };
    let statement = &tokens.list[start..];
    opens_block(text_of(tokens, &statement[0]))
        || statement.iter().any(|token| token.kind == TokenKind::Indent)
}

fn text_of<'a>(tokens: &'a Tokens, token: &Token) -> &'a str {
    token.span.map_or("", |(start, end)| tokens.text.get(start as usize..end as usize).unwrap_or_default())
}

fn opens_block(word: &str) -> bool {
    matches!(word, "if" | "while" | "for" | "try" | "with" | "def" | "class" | "async" | "@")
        || continues(word)
}

fn continues(word: &str) -> bool {
    matches!(word, "elif" | "else" | "except" | "finally")
}

/// Indexes of the tokens that start a line of the outermost block.
fn statement_starts(list: &[Token]) -> Vec<usize> {
    let mut starts = Vec::new();
    let (mut depth, mut fresh) = (0usize, true);
    for (index, token) in list.iter().enumerate() {
        match token.kind {
            TokenKind::Indent => depth += 1,
            TokenKind::Dedent => depth = depth.saturating_sub(1),
            TokenKind::Newline => fresh = true,
            TokenKind::End | TokenKind::Error => {}
            _ => {
                if fresh && depth == 0 {
                    starts.push(index);
                }
                fresh = false;
            }
        }
    }
    starts
}

/// Cuts a text (a pasted block) into the pieces that would be run one by one at the prompt:
/// top-level statements with their decorators and clauses. Comments and blank lines go with the
/// statement before them. A text that cannot be cut safely comes back whole.
pub fn interactive_units(source: &str) -> Vec<&str> {
    if crate::era::is_classic() {
        return super::classic::interactive_units(source);
    }
    let tokens = tokenize(source, Mode::Exec);
    if tokens.error.is_some() {
        return vec![source];
    }
    let mut cuts: Vec<usize> = Vec::new();
    let mut decorated = false;
    for index in statement_starts(&tokens.list) {
        let token = &tokens.list[index];
        let word = text_of(&tokens, token);
        let joins = decorated || continues(word);
        decorated = word == "@";
        if !joins {
            cuts.push(token.span.map_or(0, |(start, _)| start as usize));
        }
    }
    if let Some(first) = cuts.first_mut() {
        *first = 0;
    }
    cuts.push(source.len());
    cuts.windows(2).filter_map(|pair| source.get(pair[0]..pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::Completeness::{Complete, Incomplete, Invalid};
    use super::*;

    #[test]
    fn lines() {
        let cases = [
            ("", Complete),
            ("# only a comment", Complete),
            ("x = 1", Complete),
            ("x = (1,", Incomplete),
            ("x = (1,\n2)", Complete),
            ("'''abc", Incomplete),
            ("'''abc\n", Incomplete),
            ("x = 'abc", Invalid),
            ("x = 'abc\\", Incomplete),
            ("x = \\", Incomplete),
            ("x = \\\n1", Complete),
            ("if x:", Incomplete),
            ("if x", Invalid),
            ("if x: y", Incomplete),
            ("if x: y\n", Complete),
            ("if x:\n    y", Incomplete),
            ("if x:\n    y\n", Complete),
            ("if x:\n    y\nelse:", Incomplete),
            ("if x:\n    y\nelse:\n    z\n", Complete),
            ("try:\n    x", Incomplete),
            ("try:\n    x\n", Invalid),
            ("@d", Incomplete),
            ("@d\ndef f(): pass\n", Complete),
            ("class A:\n    def f(self):", Incomplete),
            ("class A:\n    def f(self):\n        pass\n", Complete),
            ("def f(:", Invalid),
            ("a b", Invalid),
            ("x = )", Invalid),
            ("  x", Invalid),
            ("match x:", Incomplete),
            ("match x:\n    case 1: pass", Incomplete),
            ("match x:\n    case 1: pass\n", Complete),
            ("match = 1", Complete),
            ("for x in y:\n    (1,", Incomplete),
            ("if x:\n    a b", Invalid),
            ("x = [", Incomplete),
            ("f'{x", Invalid),
            ("lambda", Invalid),
            ("if x:\ny", Invalid),
        ];
        for (source, expected) in cases {
            assert_eq!(completeness(source), expected, "{source:?}");
        }
    }

    /// `tests/complete/record.py` writes the cases.
    #[test]
    fn recorded() {
        let mut wrong = Vec::new();
        for case in include_str!("../../tests/complete/cases.txt").lines() {
            let (verdict, source) = case.split_once('\t').unwrap();
            let mut text = String::new();
            let mut chars = source.chars();
            while let Some(char) = chars.next() {
                match (char, char == '\\') {
                    (_, true) => text.push(match chars.next() {
                        Some('n') => '\n',
                        Some('t') => '\t',
                        _ => '\\',
                    }),
                    (char, false) => text.push(char),
                }
            }
            let found = format!("{:?}", completeness(&text)).to_lowercase();
            if found != verdict {
                wrong.push(format!("{found}, not {verdict}: {source}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn units() {
        let source = "# c\nx = 1\n@d\ndef f():\n    pass\n\nif x:\n    y\nelse:\n    z\nw; v\n";
        let units = interactive_units(source);
        assert_eq!(
            units,
            ["# c\nx = 1\n", "@d\ndef f():\n    pass\n\n", "if x:\n    y\nelse:\n    z\n", "w; v\n"]
        );
        assert_eq!(interactive_units("x = (\n"), ["x = (\n"]);
    }
}
