//! Where each pane is, from the size of the terminal alone. Update and view both ask here, so that a click lands
//! on what was drawn.
use ratatui::layout::Rect;

use super::state::{Pane, Screen, State};

/// Smallest terminal that anything is drawn on.
pub const MIN_WIDTH: u16 = 30;
pub const MIN_HEIGHT: u16 = 8;
/// Below this only the focused pane is shown.
const TWO_COLUMNS: u16 = 72;
const STACKED_ROWS: u16 = 15;

/// The panes and the bottom line.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub panes: Vec<(Pane, Rect)>,
    pub status: Rect,
    /// One pane at a time.
    pub single: bool,
}

impl Layout {
    /// Where a pane is, if it is shown.
    pub fn rect(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(p, _)| *p == pane).map(|(_, rect)| *rect)
    }

    /// The pane at a cell.
    pub fn at(&self, column: u16, row: u16) -> Option<(Pane, Rect)> {
        self.panes
            .iter()
            .copied()
            .find(|(_, r)| (r.left()..r.right()).contains(&column) && (r.top()..r.bottom()).contains(&row))
    }
}

/// The layout for the present size; `None` when the terminal is too small.
pub fn arrange(state: &State) -> Option<Layout> {
    let (width, height) = (state.width, state.height);
    if width < MIN_WIDTH || height < MIN_HEIGHT {
        return None;
    }
    let body = Rect::new(0, 0, width, height - 1);
    let status = Rect::new(0, height - 1, width, 1);
    if width < TWO_COLUMNS || height < STACKED_ROWS {
        return Some(Layout { panes: vec![(state.focus, body)], status, single: true });
    }
    let right_width = (width * 46 / 100).clamp(width.min(80) / 2, 96).max(width.saturating_sub(120));
    let left = Rect::new(0, 0, width - right_width, body.height);
    let right = Rect::new(left.width, 0, right_width, body.height);
    let mut panes = Vec::new();
    match state.screen {
        Screen::Repl => panes.push((Pane::Console, left)),
        Screen::Stepper => stepper_column(&mut panes, left, state.stepper.show_bytecode),
    }
    let events = (body.height * 27 / 100).clamp(5, 18);
    let (memory, events) = split_bottom(right, events);
    panes.push((Pane::Memory, memory));
    panes.push((Pane::Events, events));
    Some(Layout { panes, status, single: false })
}

fn stepper_column(panes: &mut Vec<(Pane, Rect)>, area: Rect, bytecode: bool) {
    let output = (area.height / 5).clamp(4, 12);
    let variables = (area.height / 4).clamp(4, 14);
    let (area, output) = split_bottom(area, output);
    let (source, variables) = split_bottom(area, variables);
    if !bytecode {
        panes.push((Pane::Source, source));
    } else if source.width >= 100 {
        let half = source.width / 2;
        panes.push((Pane::Source, Rect::new(source.x, source.y, half, source.height)));
        panes
            .push((Pane::Bytecode, Rect::new(source.x + half, source.y, source.width - half, source.height)));
    } else {
        let (source, code) = split_bottom(source, source.height / 2);
        panes.push((Pane::Source, source));
        panes.push((Pane::Bytecode, code));
    }
    panes.push((Pane::Variables, variables));
    panes.push((Pane::Output, output));
}

/// Cuts so many rows off the bottom.
fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let top = Rect::new(area.x, area.y, area.width, area.height - rows);
    (top, Rect::new(area.x, area.y + top.height, area.width, rows))
}

/// What is inside a pane's border.
pub fn inside(rect: Rect) -> Rect {
    Rect::new(
        rect.x.saturating_add(1),
        rect.y.saturating_add(1),
        rect.width.saturating_sub(2),
        rect.height.saturating_sub(2),
    )
}

/// How the memory panel divides its rows: the collector's part, then a header, then the list.
pub fn memory_parts(rect: Rect) -> (Rect, Rect) {
    let inner = inside(rect);
    let gauges = match inner.height {
        0..=6 => 0,
        7..=9 => 1,
        10..=12 => 3,
        _ => 5,
    };
    let list_height = inner.height.saturating_sub(gauges);
    (
        Rect::new(inner.x, inner.y, inner.width, gauges),
        Rect::new(inner.x, inner.y + gauges, inner.width, list_height),
    )
}

/// Rows of objects that fit into the memory panel, its header not counted.
pub fn memory_rows(rect: Rect) -> usize {
    usize::from(memory_parts(rect).1.height.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::state::tests::state;

    #[test]
    fn panes_cover_the_screen_once_at_any_size() {
        for stepper in [false, true] {
            for bytecode in [false, true] {
                let mut state = state(stepper);
                state.stepper.show_bytecode = bytecode && stepper;
                for (width, height) in (1..230).step_by(7).flat_map(|w| (1..80).map(move |h| (w, h))) {
                    (state.width, state.height) = (width, height);
                    let Some(layout) = arrange(&state) else {
                        assert!(width < MIN_WIDTH || height < MIN_HEIGHT);
                        continue;
                    };
                    let cells: u32 = layout.panes.iter().map(|(_, r)| r.area()).sum();
                    assert_eq!(cells, u32::from(width) * u32::from(height - 1), "{width}x{height}");
                    assert!(layout.panes.iter().all(|(_, r)| r.right() <= width && r.bottom() < height));
                }
            }
        }
    }
}
