//! A line to type in at the bottom of the screen: the search of the memory panel, and the command line.
use ratatui::layout::Rect;

use super::Fate;
use crate::session::commands;
use crate::tui::keymap::{Key, KeyCode};
use crate::tui::state::editor::Editor;
use crate::tui::state::{Effect, State};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::update;
use crate::tui::view::canvas::Canvas;

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Filters the memory panel while it is typed.
    Search,
    /// A command, as after a colon.
    Command,
}

/// A line being typed.
#[derive(Debug)]
pub struct Field {
    pub usage: Use,
    editor: Editor,
}

impl Field {
    /// The search, with the present filter to be changed.
    pub fn search(filter: &str) -> Field {
        let mut editor = Editor::default();
        editor.set_text(filter.to_owned());
        Field { usage: Use::Search, editor }
    }

    /// An empty command line.
    pub fn command() -> Field {
        Field { usage: Use::Command, editor: Editor::default() }
    }

    /// What has been typed.
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// Inserts pasted text, its first line.
    pub fn insert(&mut self, pasted: &str, state: &mut State) {
        self.editor.paste(pasted.lines().next().unwrap_or_default());
        self.changed(state);
    }

    pub fn key(&mut self, key: Key, state: &mut State, effects: &mut Vec<Effect>) -> Fate {
        match key.code {
            KeyCode::Esc => return self.give_up(state),
            KeyCode::Char('c' | 'g') if key.ctrl => return self.give_up(state),
            KeyCode::Enter => {
                if self.usage == Use::Command {
                    let line = format!(":{}", self.editor.text());
                    update::commands::typed(state, &line, effects);
                }
                return Fate::Close;
            }
            KeyCode::Backspace if self.editor.is_empty() => return self.give_up(state),
            KeyCode::Backspace => self.editor.backspace(),
            KeyCode::Delete => self.editor.delete(),
            KeyCode::Left => self.editor.left(),
            KeyCode::Right => self.editor.right(),
            KeyCode::Home => self.editor.go_line_start(),
            KeyCode::End => self.editor.go_line_end(),
            KeyCode::Char('u') if key.ctrl => self.editor.delete_to_start(),
            KeyCode::Char('w') if key.ctrl => self.editor.delete_word_back(),
            KeyCode::Tab if self.usage == Use::Command => self.complete(state),
            _ => {
                if let Some(c) = key.typed() {
                    self.editor.insert(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
        self.changed(state);
        Fate::Stay
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) -> Option<(u16, u16)> {
        let y = screen.bottom().checked_sub(1)?;
        canvas.fill(Rect::new(screen.x, y, screen.width, 1), Role::Popup);
        let label = match self.usage {
            Use::Search => "search name, type, #number or id: ",
            Use::Command => ":",
        };
        let x = canvas.text(screen.x, y, screen.width, label, Role::Prompt);
        let room = usize::from(screen.right().saturating_sub(x + 1));
        // The end that is being typed stays in sight.
        let typed = self.editor.text().get(..self.editor.cursor()).unwrap_or_default();
        let mut start = 0;
        while text::width(typed.get(start..).unwrap_or_default()) > room {
            start = text::next_boundary(typed, start);
        }
        let shown = self.editor.text().get(start..).unwrap_or_default();
        canvas.text(x, y, screen.right().saturating_sub(x), shown, Role::Popup);
        let column = u16::try_from(text::width(typed.get(start..).unwrap_or_default())).unwrap_or(0);
        Some((x + column, y))
    }

    fn give_up(&mut self, state: &mut State) -> Fate {
        if self.usage == Use::Search {
            update::commands::filter(state, String::new());
        }
        Fate::Close
    }

    fn changed(&mut self, state: &mut State) {
        if self.usage == Use::Search && state.heap.filter != self.editor.text() {
            update::commands::filter(state, self.editor.text().to_owned());
        }
    }

    fn complete(&mut self, state: &State) {
        let typed = self.editor.text().to_owned();
        let names = commands::complete_name(&typed, state.place());
        let candidates = names
            .iter()
            .map(|c| crate::session::protocol::Candidate { text: c.name.to_owned(), kind: "command".into() })
            .collect();
        self.editor.offer(0, candidates);
        self.editor.completion = None;
    }
}
