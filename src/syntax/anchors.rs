//! The `~~~^~~` line under a source line in a traceback, by CPython 3.11's rules.

use ruff_python_ast::{Expr, Mod, PythonVersion, Stmt};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;
use unicode_width::UnicodeWidthChar;

use super::checks::free;

/// The part of a range that is to blame: character offsets into the segment, end exclusive. It gets
/// `^`, the rest `~`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchors {
    pub left: usize,
    pub right: usize,
}

/// Whose rules are followed: the interpreter's own, or those of the `traceback` module, which differ
/// where the left operand is in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    Interpreter,
    Module,
}

/// The operator of a binary operation, or the brackets of a subscript, if the segment is just that.
pub fn anchors(segment: &str, whose: Marks) -> Option<Anchors> {
    let options = ParseOptions::from(RuffMode::Module).with_target_version(PythonVersion::PY311);
    let parsed = parse_unchecked(segment, options);
    let sound = parsed.errors().is_empty() && parsed.unsupported_syntax_errors().is_empty();
    let found = match parsed.syntax() {
        Mod::Module(module) if sound => match module.body.as_slice() {
            [Stmt::Expr(statement)] => in_expression(segment, &statement.value, whose),
            _ => None,
        },
        _ => None,
    };
    // Only a long segment can nest deeply.
    free(parsed, segment.len() > 1000);
    let (left, right) = found?;
    Some(Anchors { left: char_offset(segment, left), right: char_offset(segment, right) })
}

/// Byte offsets of the anchors within an expression.
fn in_expression(segment: &str, expression: &Expr, whose: Marks) -> Option<(usize, usize)> {
    let bytes = segment.as_bytes();
    match expression {
        Expr::BinOp(operation) => {
            let from = operation.left.range().end().to_usize();
            let to = operation.right.range().start().to_usize();
            let blank = |at: usize| matches!(bytes.get(at), None | Some(b' ' | b'\t' | b'\n' | 0x0c));
            if whose == Marks::Interpreter {
                return operator_of_interpreter(from, to, &blank, bytes);
            }
            // Parentheses are no part of the operands. Whether the operator has two characters is
            // decided before a parenthesis that closes the left operand is skipped, as in the
            // reference: in `(a)+(b)` the blame covers `+(`.
            let mut left = (from..to).find(|&at| !blank(at))?;
            let two = left + 1 < to && !blank(left + 1);
            while left < bytes.len() && (blank(left) || matches!(bytes[left], b')' | b'#')) {
                left += 1;
            }
            Some((left, left + 1 + usize::from(two)))
        }
        Expr::Subscript(subscript) => {
            let mut left = subscript.value.range().end().to_usize();
            let mut right = subscript.slice.range().end().to_usize() + 1;
            while left < bytes.len() && bytes[left] != b'[' {
                left += 1;
            }
            while right < bytes.len() && bytes[right] != b']' {
                right += 1;
            }
            Some((left, if right < bytes.len() { right + 1 } else { right }))
        }
        _ => None,
    }
}

/// The interpreter passes over parentheses that close the left operand, one at a time, and takes two
/// characters where the second is not blank and not yet the right operand.
fn operator_of_interpreter(
    from: usize,
    to: usize,
    blank: &dyn Fn(usize) -> bool,
    bytes: &[u8],
) -> Option<(usize, usize)> {
    let left = (from..to).find(|&at| !blank(at) && bytes.get(at) != Some(&b')'))?;
    let two = left + 1 < to && !blank(left + 1);
    Some((left, left + 1 + usize::from(two)))
}

/// A byte offset as a character offset; one byte past the end may be asked for.
fn char_offset(text: &str, byte: usize) -> usize {
    let within = byte.min(text.len());
    let chars = text.as_bytes()[..within].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    chars + usize::from(byte > text.len())
}

/// The line of carets under `line` as a traceback shows it (indented by four, its own indentation
/// removed), without newline. Columns are UTF-8 bytes into `line`; `one_line` says whether the range
/// ends on the line where it starts. `None` where nothing is shown: the whole line is to blame.
pub fn caret_line(line: &str, start: u32, end: u32, one_line: bool, whose: Marks) -> Option<String> {
    const INDENT: usize = 4;
    let line = line.trim_end_matches('\n');
    let start = char_offset(line, start as usize);
    let length = line.chars().count();
    let (end, found) = if one_line {
        let end = char_offset(line, end as usize);
        let segment: String = line.chars().take(end).skip(start).collect();
        (end, anchors(&segment, whose))
    } else {
        // Up to the last character that is not blank.
        (line.trim_end_matches([' ', '\t', '\x0c']).chars().count(), None)
    };
    let margin = line.chars().take_while(|char| matches!(char, ' ' | '\t' | '\x0c')).count();
    if found.is_none() && end as isize - start as isize == length as isize - margin as isize {
        return None;
    }
    // A wide character takes two columns on the screen.
    let width = |char: char| if char.width() == Some(2) { 2 } else { 1 };
    let mut carets = " ".repeat(INDENT);
    // A range may end one past the line, where the newline was.
    let columns = line.chars().map(width).chain(std::iter::repeat(1)).enumerate();
    for (column, width) in columns.skip(margin).take_while(|(column, _)| *column < end) {
        let caret = match found {
            _ if column < start => " ",
            Some(anchors) if !(start + anchors.left..start + anchors.right).contains(&column) => "~",
            _ => "^",
        };
        carets.push_str(&caret.repeat(width));
    }
    Some(carets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pair of lines in `anchors.txt` is a source line and what the reference prints below it;
    /// `record.py` beside it writes them.
    #[test]
    fn recorded() {
        let text = include_str!("../../tests/anchors/anchors.txt");
        let mut count = 0;
        for case in text.lines() {
            let mut fields = case.split('\t');
            let mut next = || fields.next().unwrap();
            let (line, start, end, one_line, expected) = (next(), next(), next(), next(), next());
            let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
            let carets = caret_line(line, start, end, one_line == "1", Marks::Interpreter);
            assert_eq!(carets.as_deref().unwrap_or(""), expected, "{case}");
            count += 1;
        }
        assert!(count > 40);
    }
}
