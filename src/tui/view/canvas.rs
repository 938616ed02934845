//! The brush: text, fills, frames and gauges by role, clipped to the screen.
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::text::{self, Align};
use crate::tui::theme::{Glyphs, Role, Theme};

/// A buffer to draw on, with the theme and the glyphs to draw with.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    pub glyphs: &'static Glyphs,
}

impl<'a> Canvas<'a> {
    /// Draws on this buffer.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme, glyphs: &'static Glyphs) -> Canvas<'a> {
        Canvas { buffer, theme, glyphs }
    }

    /// Writes text of one line in at most `columns`; gives the column after it. Nothing is drawn off the screen.
    pub fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let area = self.buffer.area;
        if columns == 0 || y < area.y || y >= area.bottom() || x < area.x || x >= area.right() {
            return x;
        }
        let clean = text::one_line(text);
        let style = self.theme.style(role);
        self.buffer.set_stringn(x, y, clean.as_ref(), usize::from(columns), style).0
    }

    /// Writes text cut with an ellipsis where it does not fit.
    pub fn clipped(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let clean = text::one_line(text);
        let clipped = text::clip(&clean, usize::from(columns), self.glyphs.ellipsis).into_owned();
        self.text(x, y, columns, &clipped, role)
    }

    /// Writes text into a column of exactly this width.
    pub fn column(&mut self, x: u16, y: u16, columns: u16, align: Align, text: &str, role: Role) -> u16 {
        let fitted = text::fit(text, usize::from(columns), align, self.glyphs.ellipsis);
        self.text(x, y, columns, &fitted, role);
        x.saturating_add(columns)
    }

    /// Writes several parts one after the other; gives the column after them.
    pub fn parts(&mut self, x: u16, y: u16, columns: u16, parts: Vec<(&str, Role)>) -> u16 {
        let end = x.saturating_add(columns);
        parts.into_iter().fold(x, |at, (text, role)| self.text(at, y, end.saturating_sub(at), text, role))
    }

    /// Clears an area to a role's style.
    pub fn fill(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        let style = self.theme.style(role);
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Lays a role's style over what is drawn.
    pub fn tint(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        let style = self.theme.style(role);
        self.buffer.set_style(area, style);
    }

    /// A pane's border with its title, and a note on the right.
    pub fn frame(&mut self, rect: Rect, title: &str, note: &str, focused: bool) {
        let (border, heading) =
            if focused { (Role::BorderFocused, Role::TitleFocused) } else { (Role::Border, Role::Title) };
        self.border(rect, border);
        let room = rect.width.saturating_sub(4);
        let title = format!(" {title} ");
        let end = self.clipped(rect.x + 2, rect.y, room, &title, heading);
        let note_width = u16::try_from(text::width(note)).unwrap_or(u16::MAX);
        let start = rect.right().saturating_sub(note_width.saturating_add(4));
        if !note.is_empty() && start > end {
            self.text(start, rect.y, note_width + 2, &format!(" {note} "), Role::Muted);
        }
    }

    /// A box over everything, cleared inside.
    pub fn popup(&mut self, rect: Rect, title: &str, note: &str) {
        self.fill(rect, Role::Popup);
        self.border(rect, Role::PopupBorder);
        let room = rect.width.saturating_sub(4);
        self.clipped(rect.x + 2, rect.y, room, &format!(" {title} "), Role::PopupBorder);
        let width = u16::try_from(text::width(note) + 2).unwrap_or(u16::MAX);
        if rect.height > 1 && width + 3 < rect.width {
            let x = rect.right().saturating_sub(width + 2);
            self.text(x, rect.bottom() - 1, width, &format!(" {note} "), Role::PopupBorder);
        }
    }

    /// The position in a list, on a pane's right border.
    pub fn scrollbar(&mut self, rect: Rect, first: usize, visible: usize, total: usize) {
        let track = usize::from(rect.height.saturating_sub(2));
        if total <= visible || track == 0 {
            return;
        }
        let size = (track * visible / total).max(1);
        let room = track - size.min(track);
        let hidden = total - visible;
        let top = (first.min(hidden) * room + hidden / 2) / hidden;
        let x = rect.right().saturating_sub(1);
        for i in top..(top + size).min(track) {
            let y = rect.y + 1 + u16::try_from(i).unwrap_or(0);
            self.text(x, y, 1, self.glyphs.scroll_thumb, Role::BorderFocused);
        }
    }

    /// A gauge of so many columns.
    pub fn gauge(&mut self, x: u16, y: u16, columns: u16, part: f64) {
        let part = if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 };
        // Columns are few: the product is small and not negative.
        let full = ((f64::from(columns) * part).round() as u16).min(columns);
        let full = if part > 0.0 { full.max(1) } else { full };
        let role = if part >= 0.9 { Role::GaugeHot } else { Role::Gauge };
        for i in 0..columns {
            let (glyph, role) = if i < full {
                (self.glyphs.gauge_full, role)
            } else {
                (self.glyphs.gauge_empty, Role::GaugeEmpty)
            };
            self.text(x + i, y, 1, glyph, role);
        }
    }

    fn border(&mut self, rect: Rect, role: Role) {
        let glyphs = self.glyphs;
        if rect.width < 2 || rect.height < 2 {
            return;
        }
        let (right, bottom) = (rect.right() - 1, rect.bottom() - 1);
        for x in rect.x + 1..right {
            self.text(x, rect.y, 1, glyphs.horizontal, role);
            self.text(x, bottom, 1, glyphs.horizontal, role);
        }
        for y in rect.y + 1..bottom {
            self.text(rect.x, y, 1, glyphs.vertical, role);
            self.text(right, y, 1, glyphs.vertical, role);
        }
        self.text(rect.x, rect.y, 1, glyphs.top_left, role);
        self.text(right, rect.y, 1, glyphs.top_right, role);
        self.text(rect.x, bottom, 1, glyphs.bottom_left, role);
        self.text(right, bottom, 1, glyphs.bottom_right, role);
    }
}
