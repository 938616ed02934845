//! Is this input complete? The classic prompt's rules are the modern one's, over its own tokens.

use super::token::{Kind, Token, Tokens, tokenize};
use crate::syntax::Completeness;

const OPENERS: [&str; 7] = ["if", "while", "for", "try", "with", "def", "class"];
const CONTINUES: [&str; 4] = ["elif", "else", "except", "finally"];

/// Judges lines typed so far, joined by `\n`, without the newline that ended the last one.
pub fn completeness(source: &str) -> Completeness {
    let text = format!("{source}\n");
    let tokens = tokenize(&text);
    match &tokens.fault {
        Some(fault) if fault.at_end => return Completeness::Incomplete,
        Some(_) => return Completeness::Invalid,
        None => {}
    }
    if source.ends_with('\n') || !ends_in_compound(&text, &tokens) {
        Completeness::Complete
    } else {
        Completeness::Incomplete
    }
}

/// Whether the last statement is a compound one.
fn ends_in_compound(text: &str, tokens: &Tokens) -> bool {
    let Some(&start) = statement_starts(&tokens.list).last() else { return false };
    let word = |token: &Token| text.get(token.start..token.end).unwrap_or_default().to_owned();
    let first = word(&tokens.list[start]);
    OPENERS.contains(&first.as_str())
        || CONTINUES.contains(&first.as_str())
        || first == "@"
        || tokens.list[start..].iter().any(|token| token.kind == Kind::Indent)
}

/// Indexes of the tokens that start a line of the outermost block.
fn statement_starts(list: &[Token]) -> Vec<usize> {
    let mut starts = Vec::new();
    let (mut depth, mut fresh) = (0usize, true);
    for (index, token) in list.iter().enumerate() {
        match token.kind {
            Kind::Indent => depth += 1,
            Kind::Dedent => depth = depth.saturating_sub(1),
            Kind::Newline => fresh = true,
            Kind::End => {}
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

/// Cuts a text into the pieces that would be run one by one at the prompt.
pub fn interactive_units(source: &str) -> Vec<&str> {
    let tokens = tokenize(source);
    let mut cuts = Vec::new();
    let mut decorated = false;
    for start in statement_starts(&tokens.list) {
        let token = &tokens.list[start];
        let word = source.get(token.start..token.end).unwrap_or_default();
        if !CONTINUES.contains(&word) && !decorated {
            cuts.push(token.start - token.col as usize);
        }
        decorated = word == "@";
    }
    let ends = cuts.iter().skip(1).copied().chain([source.len()]).collect::<Vec<_>>();
    cuts.iter().zip(ends).filter_map(|(&start, end)| source.get(start..end)).collect()
}
