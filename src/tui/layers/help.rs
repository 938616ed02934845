//! The help layer: every key that works here, from the keymap, and the commands, from the registry.
use ratatui::layout::Rect;

use super::{Fate, centred};
use crate::session::commands;
use crate::tui::keymap::{Bound, Context, Key, KeyCode, bindings};
use crate::tui::layout::inside;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::view::canvas::Canvas;

/// How far it is scrolled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Help {
    scroll: usize,
}

/// A line of the help.
enum Line {
    Heading(&'static str),
    Entry { left: String, right: String },
    Gap,
}

impl Help {
    pub fn key(&mut self, key: Key, state: &State) -> Fate {
        let last = lines(state).len().saturating_sub(1);
        match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::F(1) | KeyCode::Char('q' | '?') => return Fate::Close,
            KeyCode::Char('c') if key.ctrl => return Fate::Close,
            KeyCode::Up | KeyCode::Char('k') => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.scroll += 1,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(10),
            KeyCode::PageDown | KeyCode::Char(' ') => self.scroll += 10,
            KeyCode::Home => self.scroll = 0,
            KeyCode::End => self.scroll = last,
            _ => {}
        }
        self.scroll = self.scroll.min(last);
        Fate::Stay
    }

    pub fn draw(&self, state: &State, canvas: &mut Canvas<'_>, screen: Rect) {
        let lines = lines(state);
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let rect = centred(screen, 92, height.min(screen.height.saturating_sub(1)));
        canvas.popup(rect, "Help", "esc closes");
        let inner = inside(rect);
        let visible = usize::from(inner.height);
        let first = self.scroll.min(lines.len().saturating_sub(visible));
        let left_width = (inner.width / 3).min(30);
        for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(first)) {
            match line {
                Line::Heading(text) => {
                    canvas.text(inner.x + 1, y, inner.width.saturating_sub(1), text, Role::TitleFocused);
                }
                Line::Entry { left, right } => {
                    canvas.text(inner.x + 2, y, left_width.saturating_sub(1), left, Role::Name);
                    let x = inner.x + 2 + left_width;
                    canvas.text(x, y, inner.right().saturating_sub(x), right, Role::Popup);
                }
                Line::Gap => {}
            }
        }
        canvas.scrollbar(rect, first, visible, lines.len());
    }
}

fn lines(state: &State) -> Vec<Line> {
    let mut contexts: Vec<Context> = state.contexts().to_vec();
    for more in [Context::Memory, Context::Panes, Context::Editor] {
        if !contexts.contains(&more) {
            contexts.push(more);
        }
    }
    let mut lines = Vec::new();
    for context in contexts {
        lines.push(Line::Heading(context.title()));
        for binding in bindings(&[context]) {
            if matches!(binding.bound, Bound::Command(action) if !is_here(action, state)) {
                continue;
            }
            lines
                .push(Line::Entry { left: binding.keys.replace(' ', "  "), right: binding.doc().to_owned() });
        }
        lines.push(Line::Gap);
    }
    lines.push(Line::Heading("Commands"));
    for command in commands::COMMANDS.iter().filter(|c| commands::works_in(c, state.place())) {
        lines.push(Line::Entry { left: command.usage(), right: command.doc.to_owned() });
    }
    lines
}

fn is_here(action: commands::CommandAction, state: &State) -> bool {
    commands::for_action(action).is_some_and(|c| commands::works_in(c, state.place()))
}
