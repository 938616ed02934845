//! The mouse: press to focus and select, press again to open, wheel to scroll what is under it.
use super::{commands, panes};
use crate::tui::keymap::{Key, KeyCode};
use crate::tui::layers;
use crate::tui::layout::{arrange, inside, memory_parts};
use crate::tui::state::stepper::VariableRow;
use crate::tui::state::{Effect, Mouse, MouseKind, Pane, State};

/// Rows that one notch of the wheel scrolls.
const NOTCH: i64 = 3;

/// Takes a mouse event.
pub fn mouse(state: &mut State, mouse: Mouse, effects: &mut Vec<Effect>) {
    if !state.layers.is_empty() {
        let code = match mouse.kind {
            MouseKind::ScrollUp => KeyCode::Up,
            MouseKind::ScrollDown => KeyCode::Down,
            MouseKind::Press => return,
        };
        layers::key(state, Key::plain(code), effects);
        return;
    }
    let Some(layout) = arrange(state) else { return };
    let Some((pane, rect)) = layout.at(mouse.column, mouse.row) else { return };
    match mouse.kind {
        MouseKind::ScrollUp => panes::scroll(state, pane, -NOTCH),
        MouseKind::ScrollDown => panes::scroll(state, pane, NOTCH),
        MouseKind::Press => {
            let focused = state.focus == pane;
            state.focus = pane;
            let inner = inside(rect);
            if mouse.row < inner.y || mouse.row >= inner.bottom() {
                return;
            }
            let row = usize::from(mouse.row - inner.y);
            match pane {
                Pane::Memory => {
                    let (_, list) = memory_parts(rect);
                    let Some(row) = mouse.row.checked_sub(list.y + 1).map(usize::from) else { return };
                    let number = state.heap.offset + row;
                    if number >= state.heap.shown_total() {
                        return;
                    }
                    if focused && number == state.heap.cursor {
                        return commands::details(state, effects);
                    }
                    let visible = panes::visible_rows(state, Pane::Memory);
                    state.heap.move_to(number, visible);
                }
                Pane::Source => {
                    let line = state.stepper.top.saturating_add(u32::try_from(row).unwrap_or(0));
                    if line > state.stepper.line_count() {
                        return;
                    }
                    // The margin with the line numbers sets breakpoints.
                    if mouse.column < inner.x + 6 {
                        commands::toggle_breakpoint(state, line, effects);
                    } else {
                        state.stepper.cursor = line;
                    }
                }
                Pane::Variables => {
                    let chosen = state.stepper.variable_top + row;
                    let frame = match state.stepper.variables().get(chosen) {
                        Some(VariableRow::Frame { index, .. }) => Some(*index),
                        Some(_) => None,
                        None => return,
                    };
                    state.stepper.variable = chosen;
                    if let Some(frame) = frame {
                        panes::select_frame(state, frame);
                    }
                }
                Pane::Console | Pane::Output | Pane::Bytecode | Pane::Events => {}
            }
        }
    }
}
