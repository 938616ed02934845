//! The theme picker: each theme is tried on as one moves, and kept with enter.
use ratatui::layout::Rect;

use super::{Fate, centred};
use crate::tui::keymap::{Key, KeyCode};
use crate::tui::layout::inside;
use crate::tui::state::State;
use crate::tui::theme::{BUILT_IN, Role, Theme};
use crate::tui::view::canvas::Canvas;

/// The picker.
#[derive(Clone, Debug, PartialEq)]
pub struct Themes {
    selected: usize,
    /// What to go back to.
    before: Theme,
}

impl Themes {
    /// A picker that stands at the present theme.
    pub fn new(state: &State) -> Themes {
        let selected = BUILT_IN.iter().position(|(name, _)| *name == state.look.theme.name).unwrap_or(0);
        Themes { selected, before: state.look.theme.clone() }
    }

    pub fn key(&mut self, key: Key, state: &mut State) -> Fate {
        let count = BUILT_IN.len();
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => self.selected = (self.selected + count - 1) % count,
            KeyCode::Down | KeyCode::Char('j' | 't') | KeyCode::Tab => {
                self.selected = (self.selected + 1) % count
            }
            KeyCode::Enter | KeyCode::Char(' ') => return Fate::Close,
            KeyCode::Esc | KeyCode::Char('q') => {
                state.look.theme = self.before.clone();
                return Fate::Close;
            }
            _ => return Fate::Stay,
        }
        if let Some(Ok(theme)) = BUILT_IN.get(self.selected).map(|(name, _)| Theme::built_in(name)) {
            state.look.theme = theme.at_depth(state.look.depth);
        }
        Fate::Stay
    }

    pub fn draw(&self, _state: &State, canvas: &mut Canvas<'_>, screen: Rect) {
        let height = u16::try_from(BUILT_IN.len() + 2).unwrap_or(u16::MAX);
        let rect = centred(screen, 34, height);
        canvas.popup(rect, "Theme", "enter keeps");
        let inner = inside(rect);
        for (i, (y, (name, _))) in (inner.y..inner.bottom()).zip(BUILT_IN).enumerate() {
            let role = if i == self.selected { Role::PopupSelected } else { Role::Popup };
            canvas.fill(Rect::new(inner.x, y, inner.width, 1), role);
            canvas.text(inner.x + 1, y, inner.width.saturating_sub(1), name, role);
        }
    }
}
