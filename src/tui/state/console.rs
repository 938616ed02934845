//! Scrollback: what was typed and printed, line by line, cleaned for the screen when it comes in.
use std::collections::VecDeque;
use std::ops::Range;

use crate::session::report::ReportLine;
use crate::tui::highlight::LineRoles;
use crate::tui::theme::Role;

/// Lines that are kept.
const MAX_LINES: usize = 20_000;
/// Bytes after which a line goes on in a new one, so that one endless line cannot make drawing slow.
const MAX_LINE: usize = 4_000;
/// Columns between tab stops.
const TAB: usize = 8;

/// A line of text with roles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StyledLine {
    pub text: String,
    /// Byte ranges with a role of their own, ascending; what is between them has none.
    pub spans: Vec<(Range<usize>, Role)>,
}

impl StyledLine {
    /// Adds text in a role.
    pub fn push(&mut self, text: &str, role: Role) {
        let start = self.text.len();
        self.text.push_str(text);
        match self.spans.last_mut() {
            Some((range, last)) if *last == role && range.end == start => range.end = self.text.len(),
            _ => self.spans.push((start..self.text.len(), role)),
        }
    }

    /// The parts of a byte range of the line, each with its role.
    pub fn parts(&self, range: Range<usize>) -> Vec<(&str, Role)> {
        let mut parts = Vec::new();
        let mut at = range.start;
        for (span, role) in &self.spans {
            let (start, end) = (span.start.max(range.start), span.end.min(range.end));
            if start >= end {
                continue;
            }
            if at < start {
                parts.extend(self.text.get(at..start).map(|t| (t, Role::Text)));
            }
            parts.extend(self.text.get(start..end).map(|t| (t, *role)));
            at = end;
        }
        if at < range.end {
            parts.extend(self.text.get(at..range.end).map(|t| (t, Role::Text)));
        }
        parts
    }
}

/// The lines of a pane that text is written to.
#[derive(Debug, Default)]
pub struct Console {
    pub lines: VecDeque<StyledLine>,
    /// The last line has no newline yet: what comes next, the prompt too, continues it.
    pub open: bool,
    /// Rows scrolled back from the end.
    pub scroll: usize,
    /// A `\r` came last: what follows replaces the line, unless it is a newline.
    returned: bool,
    /// Inside an escape sequence of the program's, which is dropped.
    escape: Escape,
}

/// How far into an escape sequence output is. Sequences may be cut by chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    No,
    /// After ESC.
    Begun,
    /// After ESC `[`, until a final byte.
    Csi,
    /// After ESC `]`, until BEL or ESC.
    Osc,
}

impl Console {
    /// Writes what a program printed.
    pub fn write(&mut self, text: &str, role: Role) {
        let mut plain = String::new();
        for c in text.chars() {
            match (self.escape, c) {
                (Escape::Begun, '[') => self.escape = Escape::Csi,
                (Escape::Begun, ']') => self.escape = Escape::Osc,
                (Escape::Begun, _) => self.escape = Escape::No,
                (Escape::Csi, '\u{40}'..='\u{7e}') => self.escape = Escape::No,
                (Escape::Osc, '\u{7}' | '\u{1b}') => self.escape = Escape::No,
                (Escape::Csi | Escape::Osc, _) => {}
                (Escape::No, '\u{1b}') => self.escape = Escape::Begun,
                (Escape::No, '\n') => {
                    self.append(&plain, role);
                    plain.clear();
                    self.end_line();
                }
                (Escape::No, '\r') => {
                    self.append(&plain, role);
                    plain.clear();
                    self.returned = true;
                }
                (Escape::No, c) => {
                    plain.push(c);
                    if plain.len() >= MAX_LINE {
                        self.append(&plain, role);
                        plain.clear();
                    }
                }
            }
        }
        self.append(&plain, role);
    }

    /// Writes a line of our own.
    pub fn line(&mut self, text: &str, role: Role) {
        self.close();
        self.append(text, role);
        self.end_line();
    }

    /// Writes the lines of a report.
    pub fn report(&mut self, lines: &[ReportLine]) {
        self.close();
        for line in lines {
            for (tone, text) in &line.spans {
                self.append(text, Role::from(*tone));
            }
            self.end_line();
        }
    }

    /// Writes what was typed, with its prompt and colours, as it stood in the editor.
    pub fn echo(&mut self, prompt: &str, more_prompt: &str, source: &str, roles: &[LineRoles]) {
        for (i, text) in source.split('\n').enumerate() {
            self.append(if i == 0 { prompt } else { more_prompt }, Role::Prompt);
            let mut at = 0;
            for (range, role) in roles.get(i).into_iter().flatten() {
                self.append(text.get(at..range.start).unwrap_or_default(), Role::Text);
                self.append(text.get(range.clone()).unwrap_or_default(), *role);
                at = range.end.max(at);
            }
            self.append(text.get(at..).unwrap_or_default(), Role::Text);
            self.end_line();
        }
    }

    /// Ends the open line, if there is one.
    pub fn close(&mut self) {
        if self.open {
            self.end_line();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Console::default();
    }

    fn append(&mut self, text: &str, role: Role) {
        if text.is_empty() {
            return;
        }
        if !self.open {
            self.begin_line();
        }
        if std::mem::take(&mut self.returned)
            && let Some(line) = self.lines.back_mut()
        {
            *line = StyledLine::default();
        }
        let mut clean = String::with_capacity(text.len());
        let column = self.lines.back().map_or(0, |line| crate::tui::text::width(&line.text));
        let mut column = if text.contains('\t') { column } else { 0 };
        for c in text.chars() {
            match c {
                '\t' => {
                    let spaces = TAB - column % TAB;
                    clean.extend(std::iter::repeat_n(' ', spaces));
                    column += spaces;
                }
                '\u{8}' | '\u{7}' | '\0' => {}
                c => {
                    clean.push(c);
                    column += 1;
                }
            }
        }
        let clean = crate::tui::text::one_line(&clean);
        if let Some(line) = self.lines.back_mut() {
            line.push(&clean, role);
            if line.text.len() >= MAX_LINE {
                self.end_line();
            }
        }
    }

    fn begin_line(&mut self) {
        self.lines.push_back(StyledLine::default());
        self.open = true;
        if self.lines.len() > MAX_LINES {
            self.lines.pop_front();
        }
        if self.scroll > 0 {
            // Someone reads further up: what they see stays.
            self.scroll = (self.scroll + 1).min(MAX_LINES);
        }
    }

    fn end_line(&mut self) {
        if !self.open {
            self.begin_line();
        }
        self.open = false;
        self.returned = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(console: &Console) -> Vec<&str> {
        console.lines.iter().map(|l| l.text.as_str()).collect()
    }

    #[test]
    fn lines_are_joined_and_ended() {
        let mut console = Console::default();
        console.write("a", Role::Stdout);
        console.write("b\nc\n\n", Role::Stdout);
        assert_eq!(texts(&console), ["ab", "c", ""]);
        assert!(!console.open);
        console.write("x", Role::Stdout);
        assert!(console.open);
        console.line("note", Role::Report);
        assert_eq!(texts(&console), ["ab", "c", "", "x", "note"]);
    }

    #[test]
    fn terminal_tricks_are_tamed() {
        let mut console = Console::default();
        console.write("10%\r20%\r\n\x1b[31mred\x1b", Role::Stdout);
        console.write("[0m\ta\u{7}\x1b]0;title\u{7}b", Role::Stdout);
        assert_eq!(texts(&console), ["20%", "red     ab"]);
        console.write("\u{202e}", Role::Stdout);
        assert!(!console.lines.back().unwrap().text.contains('\u{202e}'));
    }

    #[test]
    fn an_endless_line_is_cut_and_old_lines_go() {
        let mut console = Console::default();
        console.write(&"x".repeat(10 * MAX_LINE), Role::Stdout);
        assert!(console.lines.iter().all(|l| l.text.len() <= 2 * MAX_LINE));
        console.write(&"y\n".repeat(MAX_LINES + 10), Role::Stdout);
        assert_eq!(console.lines.len(), MAX_LINES);
    }

    #[test]
    fn parts_cover_a_range() {
        let mut line = StyledLine::default();
        line.push(">>> ", Role::Prompt);
        line.push("x = ", Role::Text);
        line.push("12", Role::Number);
        assert_eq!(line.parts(2..9), vec![("> ", Role::Prompt), ("x = ", Role::Text), ("1", Role::Number)]);
    }
}
