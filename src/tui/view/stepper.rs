//! The stepper's panes: source with the current line, frames with their variables, bytecode.
use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::session::protocol::{LocalRow, RowState};
use crate::tui::layout::inside;
use crate::tui::state::console::StyledLine;
use crate::tui::state::stepper::VariableRow;
use crate::tui::state::{Pane, State};
use crate::tui::text::{self, Align, short};
use crate::tui::theme::Role;

/// Columns before the source text: breakpoint, number, arrow.
const MARGIN: u16 = 7;

/// Draws the source.
pub fn source(state: &State, canvas: &mut Canvas<'_>, rect: Rect, focused: bool) {
    let stepper = &state.stepper;
    let file = stepper.file.as_deref().unwrap_or_default();
    let title = match file.rsplit(['/', '\\']).next() {
        Some(name) if !name.is_empty() => name,
        _ => Pane::Source.title(),
    };
    let function = stepper.location.as_ref().map(|l| l.function.to_string()).unwrap_or_default();
    canvas.frame(rect, title, &function, focused);
    let inner = inside(rect);
    let Some(source) = stepper.source() else { return };
    if let Some(missing) = &source.missing {
        canvas.clipped(inner.x, inner.y, inner.width, missing, Role::Muted);
        return;
    }
    let here = stepper.location.as_ref().filter(|l| Some(&l.file) == stepper.file.as_ref()).map(|l| l.line);
    let top = stepper.top.max(1);
    for (y, line) in (inner.y..inner.bottom()).zip(top..) {
        let index = usize::try_from(line - 1).unwrap_or(usize::MAX);
        let Some(content) = source.lines.get(index) else { break };
        let stops = stepper.breakpoint_at(line).is_some_and(|b| stepper.breakpoints.contains(&b));
        let mark = if stops { canvas.glyphs.breakpoint } else { " " };
        canvas.text(inner.x, y, 1, mark, Role::Breakpoint);
        canvas.column(inner.x + 1, y, 4, Align::Right, &line.to_string(), Role::LineNumber);
        if here == Some(line) {
            canvas.text(inner.x + 5, y, 1, canvas.glyphs.current, Role::TitleFocused);
        }
        let mut styled = StyledLine::default();
        let mut done = 0;
        for (range, role) in source.roles.get(index).into_iter().flatten() {
            styled.push(content.get(done..range.start).unwrap_or_default(), Role::Text);
            styled.push(content.get(range.clone()).unwrap_or_default(), *role);
            done = range.end.max(done);
        }
        styled.push(content.get(done..).unwrap_or_default(), Role::Text);
        let (skip, _) = text::prefix(&styled.text, stepper.left);
        let room = inner.width.saturating_sub(MARGIN);
        canvas.parts(inner.x + MARGIN, y, room, styled.parts(skip..styled.text.len()));
        if here == Some(line) {
            canvas.tint(
                Rect::new(inner.x + MARGIN - 1, y, inner.width.saturating_sub(MARGIN - 1), 1),
                Role::CurrentLine,
            );
        } else if focused && line == stepper.cursor {
            canvas.tint(Rect::new(inner.x + 1, y, 4, 1), Role::Selection);
        }
        if focused && line == stepper.cursor {
            canvas.tint(Rect::new(inner.x + 1, y, 4, 1), Role::Selection);
        }
    }
    let visible = usize::from(inner.height);
    canvas.scrollbar(rect, usize::try_from(top - 1).unwrap_or(0), visible, source.lines.len());
}

/// Draws the frames, the chosen one with its variables.
pub fn variables(state: &State, canvas: &mut Canvas<'_>, rect: Rect, focused: bool) {
    let stepper = &state.stepper;
    let depth = stepper.frames.len();
    let note = if depth > 1 { format!("{depth} frames") } else { String::new() };
    canvas.frame(rect, Pane::Variables.title(), &note, focused);
    let inner = inside(rect);
    let rows = stepper.variables();
    let name_width = (inner.width / 4).clamp(6, 20);
    for (i, (y, row)) in (inner.y..inner.bottom()).zip(rows.iter().skip(stepper.variable_top)).enumerate() {
        match row {
            VariableRow::Frame { frame, open, .. } => {
                let mark = if *open { canvas.glyphs.open } else { canvas.glyphs.closed };
                let x = canvas.text(inner.x, y, 2, &format!("{mark} "), Role::Muted);
                let x = canvas.clipped(
                    x,
                    y,
                    inner.right().saturating_sub(x),
                    &frame.location.function,
                    Role::Definition,
                );
                let place = format!("  line {}", frame.location.line);
                canvas.clipped(x, y, inner.right().saturating_sub(x), &place, Role::Muted);
            }
            VariableRow::Local(local) => variable(local, canvas, inner, y, name_width, Role::Name),
            VariableRow::Slot(local) => variable(local, canvas, inner, y, name_width, Role::Muted),
        }
        if focused && stepper.variable_top + i == stepper.variable {
            canvas.tint(Rect::new(inner.x, y, inner.width, 1), Role::Selection);
        }
    }
    canvas.scrollbar(rect, stepper.variable_top, usize::from(inner.height), rows.len());
}

fn variable(local: &LocalRow, canvas: &mut Canvas<'_>, area: Rect, y: u16, name_width: u16, name_role: Role) {
    let name = if local.cell { format!("{} (cell)", local.name) } else { local.name.to_string() };
    let mut x = canvas.column(area.x + 2, y, name_width, Align::Left, &name, name_role) + 1;
    let Some(object) = &local.object else {
        canvas.clipped(x, y, area.right().saturating_sub(x), "unbound", Role::Muted);
        return;
    };
    let refs = short(object.refcount);
    let refs_role = if object.state == RowState::Changed { Role::Changed } else { Role::RefCount };
    x = canvas.column(x, y, 5, Align::Right, &refs, refs_role) + 1;
    let label = object.label.to_string();
    let label_role = if object.user { Role::UserType } else { Role::TypeName };
    let room = area.right().saturating_sub(x);
    let label_width = if room >= 40 { 18 } else { 0 };
    if label_width > 0 {
        x = canvas.column(x, y, label_width, Align::Left, &label, label_role) + 1;
    }
    canvas.clipped(x, y, area.right().saturating_sub(x), &object.repr, Role::Value);
}

/// Draws the bytecode of the frame that is shown.
pub fn bytecode(state: &State, canvas: &mut Canvas<'_>, rect: Rect, focused: bool) {
    let listing = state.stepper.bytecode.as_ref();
    let title = listing.map_or(Pane::Bytecode.title(), |l| l.title.as_str());
    canvas.frame(rect, title, "", focused);
    let inner = inside(rect);
    let Some(listing) = listing else {
        canvas.clipped(inner.x, inner.y, inner.width, "no code here", Role::Muted);
        return;
    };
    let visible = usize::from(inner.height);
    let current = listing.rows.iter().position(|r| r.current).unwrap_or(0);
    let last_first = listing.rows.len().saturating_sub(visible);
    let first = state.stepper.bytecode_top.unwrap_or(current.saturating_sub(visible / 3)).min(last_first);
    for (y, row) in (inner.y..inner.bottom()).zip(listing.rows.iter().skip(first)) {
        let line = row.line.map_or(String::new(), |l| l.to_string());
        let mut x = canvas.column(inner.x, y, 4, Align::Right, &line, Role::LineNumber);
        let mark = match (row.current, row.jump_target) {
            (true, _) => canvas.glyphs.current,
            (_, true) => ">",
            _ => " ",
        };
        x = canvas.column(x, y, 2, Align::Right, mark, Role::JumpTarget);
        x = canvas.column(x, y, 5, Align::Right, &row.offset.to_string(), Role::Muted) + 1;
        let name_width = (inner.right().saturating_sub(x) * 3 / 5).min(22);
        x = canvas.column(x, y, name_width, Align::Left, &row.name, Role::Opcode) + 1;
        let argument = match (row.argument, row.meaning.is_empty()) {
            (None, _) => String::new(),
            (Some(argument), true) => argument.to_string(),
            (Some(argument), false) => format!("{argument} ({})", row.meaning),
        };
        canvas.clipped(x, y, inner.right().saturating_sub(x), &argument, Role::Value);
        if row.current {
            canvas.tint(Rect::new(inner.x, y, inner.width, 1), Role::CurrentLine);
        }
    }
    canvas.scrollbar(rect, first, visible, listing.rows.len());
}
