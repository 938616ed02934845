//! The line editor of the REPL pane: several lines of input, history, one kill buffer, undo, completion popup.
use crate::session::protocol::Candidate;
use crate::tui::text;

/// Inputs remembered.
const MAX_HISTORY: usize = 5_000;
/// Undo steps remembered.
const MAX_UNDO: usize = 200;
/// Columns of one level of indentation.
const INDENT: usize = 4;

/// What is being typed.
#[derive(Debug, Default)]
pub struct Editor {
    /// Spaces right before the cursor that [`Editor::new_line`] put there and nobody has touched.
    offered: usize,
    /// Whoever types indents by hand: nothing is offered until the input is done.
    by_hand: bool,
    text: String,
    /// Byte offset, always on a grapheme boundary.
    cursor: usize,
    killed: String,
    undo: Vec<(String, usize)>,
    history: Vec<String>,
    /// Place in the history while going through it, and what had been typed before.
    place: Option<usize>,
    draft: String,
    pub completion: Option<Popup>,
}

/// Candidates offered at the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Popup {
    /// Byte offset in the text from which a candidate replaces.
    pub start: usize,
    pub candidates: Vec<Candidate>,
    pub selected: usize,
}

impl Editor {
    /// What has been typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor is, in bytes.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Older inputs, oldest first.
    pub fn set_history(&mut self, history: Vec<String>) {
        self.history = history;
    }

    /// Whether nothing has been typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes the input away and remembers it. Whether it is worth keeping for later runs is the second value.
    pub fn take(&mut self) -> (String, bool) {
        self.offered = 0;
        self.by_hand = false;
        let text = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.undo.clear();
        self.place = None;
        self.completion = None;
        let kept = text.trim_end().to_owned();
        let fresh = !kept.is_empty() && self.history.last() != Some(&kept);
        if fresh {
            self.history.push(kept);
            if self.history.len() > MAX_HISTORY {
                self.history.remove(0);
            }
        }
        (text, fresh)
    }

    /// Throws the input away.
    pub fn discard(&mut self) {
        self.offered = 0;
        self.by_hand = false;
        self.text.clear();
        self.cursor = 0;
        self.undo.clear();
        self.place = None;
        self.completion = None;
    }

    /// Replaces the input, with the cursor at its end.
    pub fn set_text(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
        self.completion = None;
    }

    /// Inserts typed text. Spaces typed over an offered indentation take it up instead of adding to
    /// it, so that a block typed with its own indentation comes out as typed.
    pub fn insert(&mut self, text: &str) {
        if text == " " && self.offered > 0 {
            self.offered -= 1;
            self.by_hand = true;
            return;
        }
        self.offered = 0;
        self.remember();
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
        self.completion = None;
        self.settle();
    }

    /// Inserts pasted text: line ends become newlines, control characters go.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        self.insert(&clean.replace('\t', "    "));
    }

    /// Begins a line, indented as Python wants it: like the line before, one level more after a colon, one less
    /// after `return` and the like.
    pub fn new_line(&mut self) {
        let line = self.text.get(self.line_start()..self.cursor).unwrap_or_default();
        let mut indent = line.chars().take_while(|c| *c == ' ').count();
        let code = line.split('#').next().unwrap_or_default().trim();
        if code.ends_with(':') {
            indent += INDENT;
        } else if ["return", "pass", "break", "continue", "raise"]
            .iter()
            .any(|k| code.split(' ').next() == Some(k))
        {
            indent = indent.saturating_sub(INDENT);
        }
        if self.by_hand {
            indent = 0;
        }
        self.insert(&format!("\n{}", " ".repeat(indent)));
        self.offered = indent;
    }

    /// Takes back an indentation that was offered and not used: the line is empty then.
    pub fn decline_offer(&mut self) {
        if self.offered > 0 && self.cursor == self.text.len() && self.in_indent() {
            let start = self.line_start();
            self.text.truncate(start);
            self.cursor = start;
        }
        self.offered = 0;
    }

    /// Goes to the next stop of indentation.
    pub fn indent(&mut self) {
        let column = self.cursor - self.line_start();
        self.insert(&" ".repeat(INDENT - column % INDENT));
    }

    /// Whether the cursor is after nothing but spaces on its line.
    pub fn in_indent(&self) -> bool {
        self.text.get(self.line_start()..self.cursor).is_some_and(|before| before.trim().is_empty())
    }

    pub fn backspace(&mut self) {
        self.offered = 0;
        if self.cursor == 0 {
            return;
        }
        let start = self.line_start();
        let column = self.cursor - start;
        let from = if column > 0 && column.is_multiple_of(INDENT) && self.in_indent() {
            self.cursor - INDENT
        } else {
            text::previous_boundary(&self.text, self.cursor)
        };
        self.cut(from, self.cursor);
    }

    pub fn delete(&mut self) {
        self.cut(self.cursor, text::next_boundary(&self.text, self.cursor));
    }

    pub fn delete_word_back(&mut self) {
        let from = self.word_left();
        self.kill(from, self.cursor);
    }

    pub fn delete_word(&mut self) {
        let to = self.word_right();
        self.kill(self.cursor, to);
    }

    pub fn delete_to_end(&mut self) {
        let end = self.line_end();
        let end = if end == self.cursor { text::next_boundary(&self.text, end) } else { end };
        self.kill(self.cursor, end);
    }

    pub fn delete_to_start(&mut self) {
        self.kill(self.line_start(), self.cursor);
    }

    pub fn yank(&mut self) {
        let killed = self.killed.clone();
        self.insert(&killed);
    }

    pub fn undo(&mut self) {
        if let Some((text, cursor)) = self.undo.pop() {
            self.text = text;
            self.cursor = cursor;
            self.completion = None;
        }
    }

    pub fn left(&mut self) {
        self.move_to(text::previous_boundary(&self.text, self.cursor));
    }

    pub fn right(&mut self) {
        self.move_to(text::next_boundary(&self.text, self.cursor));
    }

    pub fn go_word_left(&mut self) {
        self.move_to(self.word_left());
    }

    pub fn go_word_right(&mut self) {
        self.move_to(self.word_right());
    }

    pub fn go_line_start(&mut self) {
        self.move_to(self.line_start());
    }

    pub fn go_line_end(&mut self) {
        self.move_to(self.line_end());
    }

    /// One line up. Whether there was one.
    pub fn up(&mut self) -> bool {
        let start = self.line_start();
        if start == 0 {
            return false;
        }
        let column = text::width(self.text.get(start..self.cursor).unwrap_or_default());
        let above = self.text.get(..start - 1).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        self.go_to_column(above, start - 1, column);
        true
    }

    /// One line down. Whether there was one.
    pub fn down(&mut self) -> bool {
        let end = self.line_end();
        if end == self.text.len() {
            return false;
        }
        let column = text::width(self.text.get(self.line_start()..self.cursor).unwrap_or_default());
        let below = end + 1;
        let below_end =
            self.text.get(below..).and_then(|t| t.find('\n')).map_or(self.text.len(), |i| below + i);
        self.go_to_column(below, below_end, column);
        true
    }

    /// The input before, as one goes back in time.
    pub fn history_back(&mut self) {
        let place = self.place.unwrap_or(self.history.len());
        if let Some(older) = place.checked_sub(1) {
            self.recall(older);
        }
    }

    /// The input after; past the newest comes what had been typed.
    pub fn history_forward(&mut self) {
        let Some(place) = self.place else { return };
        if place + 1 < self.history.len() {
            self.recall(place + 1);
        } else {
            self.place = None;
            let draft = std::mem::take(&mut self.draft);
            self.set_text(draft);
        }
    }

    /// The last input before the present place that begins with what stands before the cursor.
    pub fn history_search(&mut self) {
        let prefix = self.text.get(..self.cursor).unwrap_or_default().to_owned();
        let place = self.place.unwrap_or(self.history.len());
        let older = self.history.get(..place).unwrap_or_default();
        if let Some(found) = older.iter().rposition(|h| h.starts_with(&prefix) && *h != self.text) {
            let cursor = self.cursor;
            self.recall(found);
            self.cursor = cursor.min(self.text.len());
        }
    }

    /// Offers candidates that replace from `start`; a single one is taken at once, a common beginning filled in.
    pub fn offer(&mut self, start: usize, candidates: Vec<Candidate>) {
        let typed = self.text.get(start..self.cursor).unwrap_or_default().to_owned();
        let Some(first) = candidates.first() else { return };
        let mut common = first.text.clone();
        for candidate in &candidates {
            let shared: usize = common
                .chars()
                .zip(candidate.text.chars())
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a.len_utf8())
                .sum();
            common.truncate(shared);
        }
        if common.len() > typed.len() && common.starts_with(&typed) {
            self.replace_from(start, &common);
        }
        if candidates.len() > 1 {
            self.completion = Some(Popup { start, candidates, selected: 0 });
        }
    }

    /// Moves through the candidates.
    pub fn choose(&mut self, by: isize) {
        if let Some(popup) = &mut self.completion {
            let len = isize::try_from(popup.candidates.len()).unwrap_or(1).max(1);
            let at = isize::try_from(popup.selected).unwrap_or(0);
            popup.selected = usize::try_from((at + by).rem_euclid(len)).unwrap_or(0);
        }
    }

    /// Takes the chosen candidate.
    pub fn accept(&mut self) {
        if let Some(popup) = self.completion.take()
            && let Some(candidate) = popup.candidates.get(popup.selected)
        {
            self.replace_from(popup.start, &candidate.text);
        }
    }

    fn replace_from(&mut self, start: usize, with: &str) {
        if start <= self.cursor && self.text.is_char_boundary(start) {
            self.remember();
            self.text.replace_range(start..self.cursor, with);
            self.cursor = start + with.len();
            self.settle();
        }
    }

    fn recall(&mut self, place: usize) {
        if self.place.is_none() {
            self.draft = self.text.clone();
        }
        if let Some(text) = self.history.get(place).cloned() {
            self.place = Some(place);
            self.set_text(text);
        }
    }

    fn line_start(&self) -> usize {
        self.text.get(..self.cursor).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1)
    }

    fn line_end(&self) -> usize {
        self.text.get(self.cursor..).and_then(|t| t.find('\n')).map_or(self.text.len(), |i| self.cursor + i)
    }

    fn go_to_column(&mut self, start: usize, end: usize, column: usize) {
        let line = self.text.get(start..end).unwrap_or_default();
        let (at, _) = text::prefix(line, column);
        self.move_to(start + at);
    }

    fn word_left(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let trimmed = before.trim_end_matches(|c: char| !is_word(c));
        trimmed.trim_end_matches(is_word).len()
    }

    fn word_right(&self) -> usize {
        let after = self.text.get(self.cursor..).unwrap_or_default();
        let trimmed = after.trim_start_matches(|c: char| !is_word(c));
        self.text.len() - trimmed.trim_start_matches(is_word).len()
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at;
        self.completion = None;
    }

    fn kill(&mut self, from: usize, to: usize) {
        if let Some(killed) = self.text.get(from..to).filter(|k| !k.is_empty()) {
            self.killed = killed.to_owned();
        }
        self.cut(from, to);
    }

    fn cut(&mut self, from: usize, to: usize) {
        if from < to && self.text.is_char_boundary(from) && self.text.is_char_boundary(to) {
            self.remember();
            self.text.replace_range(from..to, "");
            self.cursor = from;
            self.completion = None;
            self.settle();
        }
    }

    /// An edit may have joined a combining mark to its neighbour: the cursor leaves the middle of a grapheme.
    fn settle(&mut self) {
        let before = text::previous_boundary(&self.text, self.cursor);
        let after = text::next_boundary(&self.text, before);
        if self.cursor > before && after > self.cursor {
            self.cursor = after;
        }
    }

    fn remember(&mut self) {
        self.undo.push((self.text.clone(), self.cursor));
        if self.undo.len() > MAX_UNDO {
            self.undo.remove(0);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.insert(text);
        editor
    }

    #[test]
    fn lines_are_indented_like_python() {
        let mut editor = typed("def f():");
        editor.new_line();
        editor.insert("if x:");
        editor.new_line();
        editor.insert("return 1");
        editor.new_line();
        assert_eq!(editor.text(), "def f():\n    if x:\n        return 1\n    ");
        editor.backspace();
        assert!(editor.text().ends_with("1\n"));
    }

    #[test]
    fn indentation_typed_by_hand_replaces_what_is_offered() {
        let mut editor = typed("if x:");
        editor.new_line();
        for c in ["    ", "a()"].concat().chars() {
            editor.insert(&c.to_string());
        }
        editor.new_line();
        editor.insert("else:");
        editor.new_line();
        "    b()".chars().for_each(|c| editor.insert(&c.to_string()));
        assert_eq!(editor.text(), "if x:\n    a()\nelse:\n    b()");
    }

    #[test]
    fn an_unused_offer_leaves_an_empty_line() {
        let mut editor = typed("def f():");
        editor.new_line();
        editor.insert("g()");
        editor.new_line();
        editor.decline_offer();
        assert_eq!(editor.text(), "def f():\n    g()\n");
    }

    #[test]
    fn moving_and_deleting_by_grapheme_and_word() {
        let mut editor = typed("e\u{301}漢 = foo.bar");
        editor.go_word_left();
        assert_eq!(&editor.text()[editor.cursor()..], "bar");
        editor.delete_word_back();
        assert_eq!(editor.text(), "e\u{301}漢 = bar");
        editor.go_line_start();
        editor.delete();
        assert_eq!(editor.text(), "漢 = bar");
        editor.undo();
        editor.undo();
        assert_eq!(editor.text(), "e\u{301}漢 = foo.bar");
        editor.go_line_start();
        editor.delete_to_end();
        assert!(editor.is_empty());
        editor.yank();
        assert_eq!(editor.text(), "e\u{301}漢 = foo.bar");
    }

    #[test]
    fn history_keeps_the_draft() {
        let mut editor = typed("a = 1");
        assert_eq!(editor.take(), ("a = 1".to_owned(), true));
        editor.insert("b = 2");
        editor.take();
        editor.insert("b = 2");
        assert!(!editor.take().1);
        editor.insert("draft");
        editor.history_back();
        editor.history_back();
        editor.history_back();
        assert_eq!(editor.text(), "a = 1");
        editor.history_forward();
        editor.history_forward();
        assert_eq!(editor.text(), "draft");
        editor.discard();
        editor.insert("a");
        editor.history_search();
        assert_eq!((editor.text(), editor.cursor()), ("a = 1", 1));
    }

    #[test]
    fn lines_up_and_down_keep_the_column() {
        let mut editor = typed("long line\nab\n漢字漢字");
        assert!(editor.up());
        assert_eq!(editor.cursor(), 12);
        assert!(editor.up());
        assert_eq!(editor.cursor(), 2);
        assert!(!editor.up());
        assert!(editor.down());
        assert!(editor.down());
        assert_eq!(&editor.text()[editor.cursor()..], "字漢字");
        assert!(!editor.down());
    }

    #[test]
    fn completion_fills_what_is_common_and_offers_the_rest() {
        let candidate = |text: &str| Candidate { text: text.to_owned(), kind: "int".into() };
        let mut editor = typed("x.co");
        editor.offer(2, vec![candidate("count_a"), candidate("count_b")]);
        assert_eq!(editor.text(), "x.count_");
        editor.choose(1);
        editor.accept();
        assert_eq!(editor.text(), "x.count_b");
        let mut editor = typed("x.");
        editor.offer(2, vec![candidate("only")]);
        assert_eq!((editor.text(), editor.completion.is_none()), ("x.only", true));
    }
}
