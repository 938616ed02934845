//! A layer of text to read: an object's details, a command's result, an error.
use ratatui::layout::Rect;

use super::{Fate, centred};
use crate::session::report::{ReportLine, Tone};
use crate::tui::keymap::{Key, KeyCode};
use crate::tui::layout::inside;
use crate::tui::state::console::StyledLine;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::canvas::Canvas;

/// Text with a title, scrolled.
#[derive(Clone, Debug, PartialEq)]
pub struct Pages {
    pub title: String,
    lines: Vec<StyledLine>,
    pub scroll: usize,
}

impl Pages {
    /// A layer for the lines of a report.
    pub fn new(title: impl Into<String>, lines: &[ReportLine]) -> Pages {
        let lines = lines
            .iter()
            .map(|line| {
                let mut styled = StyledLine::default();
                for (tone, text) in &line.spans {
                    let role = if *tone == Tone::Plain { Role::Popup } else { Role::from(*tone) };
                    styled.push(&text::one_line(text), role);
                }
                styled
            })
            .collect();
        Pages { title: title.into(), lines, scroll: 0 }
    }

    pub fn key(&mut self, key: Key) -> Fate {
        match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | ' ') => return Fate::Close,
            KeyCode::Char('c') if key.ctrl => return Fate::Close,
            KeyCode::Up | KeyCode::Char('k') => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.scroll += 1,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(10),
            KeyCode::PageDown => self.scroll += 10,
            KeyCode::Home => self.scroll = 0,
            KeyCode::End => self.scroll = usize::MAX,
            _ => {}
        }
        self.scroll = self.scroll.min(self.lines.len().saturating_sub(1));
        Fate::Stay
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, screen: Rect) {
        let widest = self.lines.iter().take(500).map(|l| text::width(&l.text)).max().unwrap_or(0);
        let room = usize::from(screen.width.saturating_sub(4));
        let width = widest.clamp(text::width(&self.title) + 4, room.max(1)).max(24);
        let rows: Vec<_> = self
            .lines
            .iter()
            .enumerate()
            .flat_map(|(i, line)| {
                text::wrap(&line.text, width.min(room.max(1))).into_iter().map(move |r| (i, r))
            })
            .collect();
        let height = u16::try_from(rows.len() + 2).unwrap_or(u16::MAX);
        let outer = u16::try_from(width + 4).unwrap_or(u16::MAX);
        let rect = centred(screen, outer, height.min(screen.height.saturating_sub(1)));
        canvas.popup(rect, &self.title, "esc closes");
        let inner = inside(rect);
        let visible = usize::from(inner.height);
        let first = self.scroll.min(rows.len().saturating_sub(visible));
        for (y, (i, range)) in (inner.y..inner.bottom()).zip(rows.iter().skip(first)) {
            if let Some(line) = self.lines.get(*i) {
                canvas.parts(inner.x + 1, y, inner.width.saturating_sub(1), line.parts(range.clone()));
            }
        }
        canvas.scrollbar(rect, first, visible, rows.len());
    }
}
