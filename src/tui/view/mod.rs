//! Drawing: from the state to cells. Reads the state, changes nothing, takes time by the size of the screen only.
pub mod canvas;
mod console;
mod events;
mod memory;
mod status;
mod stepper;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::layers;
use super::layout::{MIN_HEIGHT, MIN_WIDTH, arrange};
use super::state::{Pane, State};
use super::theme::Role;
use canvas::Canvas;

/// Draws everything.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let screen = frame.area();
    let cursor = paint(state, frame.buffer_mut(), screen);
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

/// Draws into a buffer; gives where the text cursor belongs.
fn paint(state: &State, buffer: &mut ratatui::buffer::Buffer, screen: Rect) -> Option<(u16, u16)> {
    let mut canvas = Canvas::new(buffer, &state.look.theme, state.look.glyphs);
    canvas.fill(screen, Role::Text);
    let Some(layout) = arrange(state).filter(|_| screen.width >= MIN_WIDTH && screen.height >= MIN_HEIGHT)
    else {
        too_small(&mut canvas, screen);
        return None;
    };
    let mut cursor = None;
    for (pane, rect) in &layout.panes {
        let focused = state.focus == *pane && state.layers.is_empty();
        let place = match pane {
            Pane::Console | Pane::Output => console::draw(state, &mut canvas, *pane, *rect, focused),
            Pane::Memory => {
                memory::draw(state, &mut canvas, *rect, focused);
                None
            }
            Pane::Events => {
                events::draw(state, &mut canvas, *rect, focused);
                None
            }
            Pane::Source => {
                stepper::source(state, &mut canvas, *rect, focused);
                None
            }
            Pane::Variables => {
                stepper::variables(state, &mut canvas, *rect, focused);
                None
            }
            Pane::Bytecode => {
                stepper::bytecode(state, &mut canvas, *rect, focused);
                None
            }
        };
        if focused {
            cursor = place;
        }
    }
    status::draw(state, &mut canvas, layout.status, layout.single);
    for layer in &state.layers {
        cursor = layers::draw(layer, state, &mut canvas, screen);
    }
    cursor
}

/// What is said on a terminal on which nothing fits.
fn too_small(canvas: &mut Canvas<'_>, screen: Rect) {
    let message = format!(
        "too small: need {MIN_WIDTH}x{MIN_HEIGHT}, is {}x{}; enlarge the terminal or use --plain",
        screen.width, screen.height
    );
    let mut rows = vec![String::new()];
    for word in message.split(' ') {
        match rows.last_mut() {
            Some(row) if row.is_empty() || row.len() + 1 + word.len() <= usize::from(screen.width) => {
                if !row.is_empty() {
                    row.push(' ');
                }
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    for (y, row) in (screen.y..screen.bottom()).zip(rows) {
        canvas.text(screen.x, y, screen.width, &row, Role::Text);
    }
}
