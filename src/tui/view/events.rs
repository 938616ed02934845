//! The events feed, newest at the bottom.
use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::session::protocol::{MemoryEvent, MemoryEventKind};
use crate::session::report;
use crate::tui::layout::inside;
use crate::tui::state::feed::FeedLine;
use crate::tui::state::{Pane, State};
use crate::tui::text::grouped;
use crate::tui::theme::Role;

/// Draws the feed.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, rect: Rect, focused: bool) {
    canvas.frame(rect, Pane::Events.title(), state.feed.level_words(), focused);
    let inner = inside(rect);
    let height = usize::from(inner.height);
    let total = state.feed.lines.len();
    let last = total.saturating_sub(state.feed.scroll);
    let first = last.saturating_sub(height);
    for (y, line) in (inner.y..inner.bottom()).zip(state.feed.lines.iter().skip(first).take(last - first)) {
        match line {
            FeedLine::Skipped(count) => {
                let text = format!("{} more, too fast to list", grouped(*count));
                canvas.clipped(inner.x, y, inner.width, &text, Role::Muted);
            }
            FeedLine::Event(event) => self::event(event, canvas, inner, y),
        }
    }
    canvas.scrollbar(rect, first, height, total);
}

fn event(event: &MemoryEvent, canvas: &mut Canvas<'_>, area: Rect, y: u16) {
    let mut x = area.x;
    let end = area.right();
    if let Some(place) = &event.location {
        let wide = area.width >= 60;
        let text = if wide && &*place.function != "<module>" {
            format!("line {} in {}  ", place.line, place.function)
        } else {
            format!("line {}  ", place.line)
        };
        x = canvas.clipped(x, y, end.saturating_sub(x), &text, Role::Muted);
    }
    let (object, words, role) = match &event.kind {
        MemoryEventKind::Created { object } => (Some(object), "created".to_owned(), Role::Created),
        MemoryEventKind::Freed { object } => (Some(object), "freed".to_owned(), Role::Freed),
        MemoryEventKind::Resurrected { object } => (Some(object), "resurrected".to_owned(), Role::Created),
        MemoryEventKind::Uncollectable { object } => {
            (Some(object), "uncollectable".to_owned(), Role::Garbage)
        }
        MemoryEventKind::CountChanged { object, from, to } => {
            let role = if to > from { Role::CountUp } else { Role::CountDown };
            (Some(object), format!("{from}{}{to}", canvas.glyphs.arrow), role)
        }
        MemoryEventKind::Collected(collection) => (None, report::collection(collection), Role::Collected),
    };
    if let Some(object) = object {
        x = canvas.clipped(x, y, end.saturating_sub(x), &object.to_string(), Role::TypeName);
        x = canvas.text(x, y, end.saturating_sub(x), "  ", Role::Text);
    }
    canvas.clipped(x, y, end.saturating_sub(x), &words, role);
}
