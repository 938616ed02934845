//! Moving about in the panes.
use crate::tui::keymap::Motion;
use crate::tui::layout;
use crate::tui::state::{Pane, State};

/// Rows inside a pane's border; 1 when it is not on screen.
pub fn visible_rows(state: &State, pane: Pane) -> usize {
    let rect = layout::arrange(state).and_then(|l| l.rect(pane));
    match rect {
        Some(rect) if pane == Pane::Memory => layout::memory_rows(rect).max(1),
        Some(rect) => usize::from(layout::inside(rect).height).max(1),
        None => 1,
    }
}

/// After the size or the place has changed: what matters stays in sight.
pub fn keep_in_sight(state: &mut State) {
    let rows = visible_rows(state, Pane::Source);
    state.stepper.follow(u32::try_from(rows).unwrap_or(u32::MAX));
    let rows = visible_rows(state, Pane::Memory);
    state.heap.scroll_to_cursor(rows);
}

/// A motion in the focused pane.
pub fn motion(state: &mut State, motion: Motion) {
    let rows = visible_rows(state, state.focus);
    let page = rows.saturating_sub(1).max(1);
    let by = match motion {
        Motion::Up => -1,
        Motion::Down => 1,
        Motion::PageUp => -signed(page),
        Motion::PageDown => signed(page),
        Motion::First => i64::MIN,
        Motion::Last => i64::MAX,
        Motion::Left => return sideways(state, -1),
        Motion::Right => return sideways(state, 1),
    };
    scroll(state, state.focus, by);
}

/// Moves a pane's cursor, or its text where it has none, by rows.
pub fn scroll(state: &mut State, pane: Pane, by: i64) {
    let rows = visible_rows(state, pane);
    match pane {
        Pane::Memory => {
            let to = moved(state.heap.cursor, by, state.heap.shown_total());
            state.heap.move_to(to, rows);
        }
        Pane::Source => {
            state.stepper.move_cursor(by);
            state.stepper.follow(u32::try_from(rows).unwrap_or(u32::MAX));
        }
        Pane::Variables => {
            let count = state.stepper.variables().len();
            let stepper = &mut state.stepper;
            stepper.variable = moved(stepper.variable, by, count);
            stepper.variable_top =
                stepper.variable_top.min(stepper.variable).max((stepper.variable + 1).saturating_sub(rows));
        }
        Pane::Bytecode => {
            let count = state.stepper.bytecode.as_ref().map_or(0, |b| b.rows.len());
            let top = state.stepper.bytecode_top.unwrap_or(0);
            state.stepper.bytecode_top = Some(moved(top, by, count.saturating_sub(rows) + 1));
        }
        Pane::Events => {
            state.feed.scroll = moved(state.feed.scroll, by.saturating_neg(), state.feed.lines.len())
        }
        Pane::Console | Pane::Output => {
            state.console.scroll =
                moved(state.console.scroll, by.saturating_neg(), state.console.lines.len());
        }
    }
}

/// Left and right: the source's columns, the variables' frames.
fn sideways(state: &mut State, by: i64) {
    match state.focus {
        Pane::Source => state.stepper.left = moved(state.stepper.left, by.saturating_mul(8), 10_000),
        Pane::Variables => {
            let count = state.stepper.frames.len();
            select_frame(state, moved(state.stepper.frame, by, count));
        }
        _ => {}
    }
}

/// Shows another frame's variables and its place in the source.
pub fn select_frame(state: &mut State, frame: usize) {
    if let Some(row) = state.stepper.frames.get(frame) {
        let location = row.location.clone();
        state.stepper.frame = frame;
        state.stepper.variable = frame;
        state.stepper.variable_top = state.stepper.variable_top.min(frame);
        state.stepper.show(&location);
        keep_in_sight(state);
    }
}

fn moved(from: usize, by: i64, count: usize) -> usize {
    let last = signed(count.saturating_sub(1));
    let to = signed(from).saturating_add(by).clamp(0, last.max(0));
    usize::try_from(to).unwrap_or(0)
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
