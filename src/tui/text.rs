//! Text in columns: width, clipping, wrapping, by what a terminal shows, not by characters.
//!
//! Whatever comes in (wide characters, combining marks, control characters, a megabyte of repr), what goes out
//! never takes more columns than it was given.
use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Which end of a column text keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Columns that a grapheme takes. Control characters take none: they are replaced before they get here.
pub fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.chars().any(char::is_control) { 0 } else { grapheme.width() }
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(grapheme_width).sum()
}

/// Makes a text fit to be shown on one line: control characters become visible, tabs become spaces.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() || is_format(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push(' '),
            '\u{1b}' => out.push_str("^["),
            c if c.is_control() || is_format(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Characters without a picture that would reorder or hide what follows them on a terminal.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The longest beginning of a text that takes at most `columns`: its end in bytes, and the columns it takes.
pub fn prefix(text: &str, columns: usize) -> (usize, usize) {
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let more = grapheme_width(grapheme);
        if taken + more > columns {
            return (at, taken);
        }
        taken += more;
    }
    (text.len(), taken)
}

/// A text cut to at most `columns`, ending in `ellipsis` if anything was cut.
pub fn clip<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    let (end, _) = prefix(text, columns);
    if end == text.len() {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(width(ellipsis));
    let (end, _) = prefix(text, room);
    let mut out = text.get(..end).unwrap_or_default().to_owned();
    if width(ellipsis) <= columns {
        out.push_str(ellipsis);
    }
    Cow::Owned(out)
}

/// A text of exactly `columns`: cut or padded.
pub fn fit(text: &str, columns: usize, align: Align, ellipsis: &str) -> String {
    let clean = one_line(text);
    let clipped = clip(&clean, columns, ellipsis);
    let padding = " ".repeat(columns.saturating_sub(width(&clipped)));
    match align {
        Align::Left => format!("{clipped}{padding}"),
        Align::Right => format!("{padding}{clipped}"),
    }
}

/// Byte ranges of the rows that a line takes when broken at `columns`. Always at least one row.
/// A grapheme wider than the whole row is a row of its own.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    let mut rows = Vec::new();
    let (mut start, mut taken) = (0, 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        let more = grapheme_width(grapheme);
        if taken + more > columns && at > start {
            rows.push(start..at);
            start = at;
            taken = 0;
        }
        taken += more;
    }
    rows.push(start..text.len());
    rows
}

/// The grapheme boundary before a byte offset.
pub fn previous_boundary(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.grapheme_indices(true).next_back()).map_or(0, |(i, _)| i)
}

/// The grapheme boundary after a byte offset.
pub fn next_boundary(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.graphemes(true).next()).map_or(text.len(), |g| at + g.len())
}

/// A number with thin grouping: `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A number in at most five columns: `48`, `99999`, `1.2M`.
pub fn short(number: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")];
    if number < 100_000 {
        return number.to_string();
    }
    for (unit, suffix) in UNITS {
        if number >= unit {
            let tenths = number / (unit / 10);
            return if tenths < 1000 {
                format!("{}.{}{suffix}", tenths / 10, tenths % 10)
            } else {
                format!("{}{suffix}", tenths / 10)
            };
        }
    }
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_never_overflow_a_column() {
        for text in [
            "漢字かな",
            "a漢b字c",
            "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
            "plain text",
            "",
            "\x1b[31mred\n",
        ] {
            for columns in 0..12 {
                assert_eq!(width(&fit(text, columns, Align::Left, "…")), columns, "{text:?} in {columns}");
                assert_eq!(width(&fit(text, columns, Align::Right, "…")), columns, "{text:?} in {columns}");
            }
        }
    }

    #[test]
    fn wrapping_loses_nothing() {
        let text = "漢字かな abc e\u{301}";
        for columns in 1..20 {
            let joined: String = wrap(text, columns).into_iter().map(|r| &text[r]).collect();
            assert_eq!(joined, text);
        }
        assert_eq!(wrap("", 5), vec![0..0]);
        assert_eq!(wrap("abcde", 5).len(), 1);
        assert_eq!(wrap("abcdef", 5).len(), 2);
    }

    #[test]
    fn numbers() {
        assert_eq!(grouped(1234567), "1,234,567");
        assert_eq!(grouped(123), "123");
        assert_eq!(short(99_999), "99999");
        assert_eq!(short(100_000), "100k");
        assert_eq!(short(1_250_000), "1.2M");
        assert_eq!(short(123_456_789), "123M");
    }

    #[test]
    fn clipping_says_that_something_was_cut() {
        assert_eq!(clip("abcdef", 4, "…"), "abc…");
        assert_eq!(clip("abcd", 4, "…"), "abcd");
        assert_eq!(clip("abcd", 0, "…"), "");
    }
}
