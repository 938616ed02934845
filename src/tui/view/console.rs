//! The REPL pane and the stepper's output pane: scrollback, and after it the line being typed.
use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::tui::highlight::highlight;
use crate::tui::layout::inside;
use crate::tui::state::console::StyledLine;
use crate::tui::state::editor::Popup;
use crate::tui::state::{EngineState, Pane, State};
use crate::tui::text;
use crate::tui::theme::Role;

/// Candidates shown at once.
const MENU_ROWS: usize = 8;

/// Draws the pane; gives where the text cursor belongs.
pub fn draw(
    state: &State,
    canvas: &mut Canvas<'_>,
    pane: Pane,
    rect: Rect,
    focused: bool,
) -> Option<(u16, u16)> {
    let note = if state.console.scroll > 0 {
        format!("{} {}", canvas.glyphs.down, state.console.scroll)
    } else {
        String::new()
    };
    let title = match (pane, &state.engine) {
        (Pane::Output, EngineState::InputWanted) => "Output: waits for input",
        _ => pane.title(),
    };
    canvas.frame(rect, title, &note, focused);
    let inner = inside(rect);
    let columns = usize::from(inner.width);
    let height = usize::from(inner.height);
    if columns == 0 || height == 0 {
        return None;
    }
    let input = input_lines(state, pane);
    // From the end upwards until the pane is full: what is further up costs nothing.
    let wanted = height.saturating_add(state.console.scroll);
    let mut rows: Vec<(&StyledLine, std::ops::Range<usize>)> = Vec::new();
    let mut cursor = None;
    let typed = input.lines.iter().enumerate().rev().map(|(i, line)| (input.cursor_line == Some(i), line));
    let printed = state.console.lines.iter().rev().skip(input.joined).map(|line| (false, line));
    for (is_cursor_line, line) in typed.chain(printed) {
        if rows.len() >= wanted {
            break;
        }
        let wrapped = text::wrap(&line.text, columns);
        for range in wrapped.into_iter().rev() {
            if is_cursor_line && cursor.is_none() && range.start <= input.cursor {
                let before = line.text.get(range.start..input.cursor.min(range.end)).unwrap_or_default();
                cursor = Some((rows.len(), text::width(before)));
            }
            rows.push((line, range));
        }
    }
    let scroll = state.console.scroll.min(rows.len().saturating_sub(height));
    let shown: Vec<_> = rows.iter().skip(scroll).take(height).collect();
    for (y, (line, range)) in (inner.y..inner.bottom()).zip(shown.iter().rev()) {
        canvas.parts(inner.x, y, inner.width, line.parts(range.clone()));
    }
    let (row, column) = cursor?;
    let from_end = row.checked_sub(scroll)?;
    let y = inner.y + u16::try_from(shown.len().checked_sub(from_end + 1)?).ok()?;
    let x = inner.x + u16::try_from(column.min(columns.saturating_sub(1))).ok()?;
    if let (true, Some(popup)) = (focused, &state.editor.completion) {
        menu(state, popup, canvas, rect, x, y);
    }
    Some((x, y))
}

/// The lines being typed, with their prompt.
struct Input {
    lines: Vec<StyledLine>,
    /// 1 when the first of them continues the open last line of the scrollback, which it contains.
    joined: usize,
    /// Which of them the cursor is in, and its byte offset there.
    cursor_line: Option<usize>,
    cursor: usize,
}

fn input_lines(state: &State, pane: Pane) -> Input {
    let mut input = Input { lines: Vec::new(), joined: 0, cursor_line: None, cursor: 0 };
    let (prompt, roles) = match &state.engine {
        EngineState::InputWanted => ("", Vec::new()),
        _ if pane == Pane::Output => return input,
        EngineState::Prompt { .. } => (state.prompt.as_str(), highlight(state.editor.text())),
        EngineState::Finished { .. } | EngineState::Broken { .. } | EngineState::Leaving => return input,
        // While code runs the prompt is away, but typing ahead is seen.
        _ => ("", highlight(state.editor.text())),
    };
    for ahead in &state.typed_ahead {
        for line in ahead.trim_end().split('\n') {
            let mut styled = StyledLine::default();
            styled.push(line, Role::Muted);
            input.lines.push(styled);
        }
    }
    let ahead = input.lines.len();
    let mut at = 0;
    for (i, line) in state.editor.text().split('\n').enumerate() {
        let mut styled = StyledLine::default();
        if i == 0
            && ahead == 0
            && state.console.open
            && let Some(last) = state.console.lines.back()
        {
            styled = last.clone();
            input.joined = 1;
        }
        styled.push(if i == 0 { prompt } else { "... " }, Role::Prompt);
        let start = styled.text.len();
        let mut done = 0;
        for (range, role) in roles.get(i).into_iter().flatten() {
            styled.push(line.get(done..range.start).unwrap_or_default(), Role::Text);
            styled.push(line.get(range.clone()).unwrap_or_default(), *role);
            done = range.end.max(done);
        }
        styled.push(line.get(done..).unwrap_or_default(), Role::Text);
        let end = at + line.len();
        if (at..=end).contains(&state.editor.cursor()) {
            input.cursor_line = Some(input.lines.len());
            input.cursor = start + state.editor.cursor() - at;
        }
        // A cursor at the very end of a full row needs a cell of its own.
        if end == state.editor.text().len() {
            styled.push(" ", Role::Text);
        }
        input.lines.push(styled);
        at = end + 1;
    }
    input
}

/// The candidates, below the cursor or above it, wherever there is room.
fn menu(state: &State, popup: &Popup, canvas: &mut Canvas<'_>, pane: Rect, x: u16, y: u16) {
    let rows = popup.candidates.len().min(MENU_ROWS);
    let widest = popup.candidates.iter().map(|c| text::width(&c.text)).max().unwrap_or(0);
    let kinds = popup.candidates.iter().map(|c| text::width(&c.kind)).max().unwrap_or(0);
    let typed = state.editor.text().get(popup.start..state.editor.cursor()).unwrap_or_default();
    let width = u16::try_from(widest + kinds + 3).unwrap_or(u16::MAX).min(pane.width.saturating_sub(2));
    let height = u16::try_from(rows).unwrap_or(0);
    let left = x.saturating_sub(u16::try_from(text::width(typed) + 1).unwrap_or(0));
    let left = left.min(pane.right().saturating_sub(width + 1)).max(pane.x + 1);
    let below = pane.bottom().saturating_sub(y + 2) >= height;
    let top = if below { y + 1 } else { y.saturating_sub(height).max(pane.y + 1) };
    let area = Rect::new(left, top, width, height);
    canvas.fill(area, Role::Popup);
    let first = (popup.selected + 1).saturating_sub(rows);
    for (i, (row, candidate)) in (top..top + height).zip(popup.candidates.iter().skip(first)).enumerate() {
        let role = if first + i == popup.selected { Role::PopupSelected } else { Role::Popup };
        canvas.fill(Rect::new(left, row, width, 1), role);
        let after = canvas.clipped(left + 1, row, width.saturating_sub(2), &candidate.text, role);
        let kind_width = u16::try_from(text::width(&candidate.kind)).unwrap_or(0);
        let kind_x = (left + width).saturating_sub(kind_width + 1);
        if kind_x > after {
            canvas.text(kind_x, row, kind_width, &candidate.kind, role);
        }
    }
}
