//! The memory panel: gauges of the collector, then objects: pinned, named, other user objects, the rest by type.
use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::session::protocol::{GcState, Generation, GroupRow, HeapRow, ObjectRow, RowState, Scope, SortKey};
use crate::session::report::{self, generation_mark};
use crate::tui::layout::{memory_parts, memory_rows};
use crate::tui::state::heap::{GHOST_FRESH, LIT_TIME, ShownRow};
use crate::tui::state::{Pane, Screen, State};
use crate::tui::text::{Align, grouped, short};
use crate::tui::theme::Role;

/// Where each column begins and how wide it is.
struct Columns {
    name: u16,
    object: u16,
    /// 0 when there is no room for it.
    value: u16,
}

const REFS: u16 = 5;
const GEN: u16 = 3;
const BYTES: u16 = 6;
/// Marker, gaps between columns, and the three narrow ones.
const FIXED: u16 = 1 + REFS + GEN + BYTES + 4;

impl Columns {
    fn new(width: u16) -> Columns {
        let room = width.saturating_sub(FIXED);
        if room < 44 {
            let name = (room * 2 / 5).min(14);
            return Columns { name, object: room - name, value: 0 };
        }
        let name = (room / 5).clamp(10, 18);
        let object = (room / 4).clamp(16, 26);
        Columns { name, object, value: room - name - object - 1 }
    }
}

/// Draws the panel.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, rect: Rect, focused: bool) {
    let heap = &state.heap;
    let note = if heap.live_objects > 0 {
        format!("{} objects {}B", grouped(heap.live_objects), short(heap.live_bytes))
    } else {
        String::new()
    };
    let ago = match (&state.stepper.moment, state.screen) {
        (Some(moment), Screen::Repl) => moment.present.saturating_sub(moment.at),
        _ => 0,
    };
    let title = if ago > 0 {
        format!("{} as it was {ago} {} ago", Pane::Memory.title(), if ago == 1 { "line" } else { "lines" })
    } else if heap.filter.is_empty() {
        Pane::Memory.title().to_owned()
    } else {
        format!("{} /{}", Pane::Memory.title(), heap.filter)
    };
    canvas.frame(rect, &title, &note, focused);
    let (gauges, list) = memory_parts(rect);
    if let Some(gc) = &state.gc {
        collector(gc, canvas, gauges);
    }
    header(state, canvas, list);
    let columns = Columns::new(list.width);
    let visible = memory_rows(rect);
    if heap.shown_total() == 0 && list.height > 1 {
        let words = if heap.filter.is_empty() {
            "nothing yet: make an object"
        } else {
            "nothing matches; / changes the search"
        };
        canvas.clipped(list.x + 1, list.y + 1, list.width.saturating_sub(1), words, Role::Muted);
    }
    for i in 0..visible {
        let number = heap.offset + i;
        let Some(shown) = heap.row(number) else { continue };
        let y = list.y + 1 + u16::try_from(i).unwrap_or(0);
        row(state, shown, canvas, list, y, &columns);
        if focused && number == heap.cursor {
            canvas.tint(Rect::new(list.x, y, list.width, 1), Role::Selection);
        }
    }
    canvas.scrollbar(rect, heap.offset, visible, heap.shown_total());
}

/// Counters against thresholds, collections so far, garbage, and what the last collection found.
fn collector(gc: &GcState, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let numbers = gc.counts.iter().zip(&gc.thresholds).zip(&gc.stats);
    if area.height < 3 {
        let mut x = area.x;
        for (generation, ((count, threshold), _)) in numbers.enumerate() {
            let text = format!("g{generation} {count}/{threshold}  ");
            x = canvas.text(x, area.y, area.right().saturating_sub(x), &text, generation_role(generation));
        }
        return;
    }
    let wide = area.width >= 44;
    for (generation, ((count, threshold), stats)) in numbers.enumerate() {
        let y = area.y + u16::try_from(generation).unwrap_or(0);
        let label = if wide { format!("gen{generation} ") } else { format!("g{generation} ") };
        let x = canvas.text(area.x, y, area.width, &label, generation_role(generation));
        let runs = format!("{}{} runs", canvas.glyphs.times, short(stats.collections));
        let text = format!(" {count}/{threshold}");
        let text_width = if wide { 12 } else { 8 };
        let runs_width = 11;
        let gauge = area.right().saturating_sub(x + text_width + runs_width).max(3);
        let part = if *threshold > 0 { *count as f64 / *threshold as f64 } else { 0.0 };
        canvas.gauge(x, y, gauge, part);
        let x = canvas.column(x + gauge, y, text_width, Align::Left, &text, Role::RefCount);
        canvas.column(x, y, area.right().saturating_sub(x), Align::Right, &runs, Role::Muted);
    }
    if area.height < 5 {
        return;
    }
    let mut x = area.x;
    if !gc.enabled {
        x = canvas.text(x, area.y + 3, area.width, "gc disabled  ", Role::Error);
    }
    let role = if gc.garbage_len > 0 { Role::Garbage } else { Role::Muted };
    let mut garbage = format!("garbage {}", gc.garbage_len);
    if let Some(first) = gc.garbage.first() {
        garbage.push_str(&format!(": {first}"));
        if gc.garbage_len > 1 {
            garbage.push_str(canvas.glyphs.ellipsis);
        }
    }
    if gc.frozen > 0 {
        garbage.push_str(&format!("  frozen {}", short(gc.frozen)));
    }
    canvas.clipped(x, area.y + 3, area.right().saturating_sub(x), &garbage, role);
    let last = gc.last_explicit.as_ref().or(gc.last.as_ref());
    let words = match last {
        Some(last) if wide => report::collection(last),
        Some(last) => {
            format!(
                "gc({}) {} found, {} uncollectable",
                last.generation, last.unreachable, last.uncollectable
            )
        }
        None => "no collection yet".to_owned(),
    };
    canvas.clipped(area.x, area.y + 4, area.width, &words, Role::Collected);
}

fn generation_role(generation: usize) -> Role {
    match generation {
        0 => Role::Young,
        1 => Role::Middle,
        _ => Role::Old,
    }
}

fn header(state: &State, canvas: &mut Canvas<'_>, list: Rect) {
    if list.height == 0 {
        return;
    }
    let columns = Columns::new(list.width);
    let mark = if state.heap.descending { canvas.glyphs.down } else { canvas.glyphs.up };
    let sort = state.heap.sort;
    let title =
        |name: &str, key: SortKey| if sort == key { format!("{name}{mark}") } else { name.to_owned() };
    canvas.fill(Rect::new(list.x, list.y, list.width, 1), Role::Header);
    let mut x = list.x + 1;
    x = canvas.column(x, list.y, columns.name, Align::Left, &title("name", SortKey::Name), Role::Header) + 1;
    let object =
        if sort == SortKey::Age { title("object", SortKey::Age) } else { title("object", SortKey::Type) };
    x = canvas.column(x, list.y, columns.object, Align::Left, &object, Role::Header) + 1;
    x = canvas.column(x, list.y, REFS, Align::Right, &title("refs", SortKey::RefCount), Role::Header) + 1;
    let generation = title("g", SortKey::Generation);
    x = canvas.column(x, list.y, GEN, Align::Right, &generation, Role::Header) + 1;
    x = canvas.column(x, list.y, BYTES, Align::Right, &title("bytes", SortKey::Size), Role::Header) + 1;
    if columns.value > 0 {
        canvas.column(x, list.y, columns.value, Align::Left, "value", Role::Header);
    }
}

fn row(state: &State, shown: &ShownRow, canvas: &mut Canvas<'_>, list: Rect, y: u16, columns: &Columns) {
    match &shown.row {
        HeapRow::Object(row) => object(state, shown, row, canvas, list, y, columns),
        HeapRow::Group(row) => group(row, canvas, list, y, columns),
        HeapRow::Baseline { count, bytes, open } => {
            let mark = if *open { canvas.glyphs.open } else { canvas.glyphs.closed };
            let x = canvas.text(list.x, y, 1, mark, Role::Muted);
            let count = format!("{}{}", canvas.glyphs.times, short(*count));
            let x = canvas.column(x, y, columns.name, Align::Left, &count, Role::Muted) + 1;
            let words = columns.object + 1 + REFS + 1 + GEN;
            let x = canvas.column(x, y, words, Align::Left, "there before you", Role::Muted) + 1;
            canvas.column(x, y, BYTES, Align::Right, &short(*bytes), Role::Muted);
        }
    }
}

fn object(
    state: &State,
    shown: &ShownRow,
    row: &ObjectRow,
    canvas: &mut Canvas<'_>,
    list: Rect,
    y: u16,
    columns: &Columns,
) {
    let lit = shown.lit.is_some_and(|l| state.now.saturating_sub(l) <= LIT_TIME);
    let ghost = shown.ghost.as_ref().map(|g| {
        if state.now.saturating_sub(g.since) < GHOST_FRESH { Role::Ghost } else { Role::GhostFaint }
    });
    let (mark, mark_role) = match (ghost, row.state) {
        (Some(role), _) => (canvas.glyphs.ghost, role),
        (_, RowState::New) if lit => (canvas.glyphs.new, Role::New),
        (_, RowState::Changed) if lit => (canvas.glyphs.changed, Role::Changed),
        _ if row.pinned => (canvas.glyphs.pinned, Role::Pinned),
        _ => (" ", Role::Text),
    };
    let role = |own: Role| ghost.unwrap_or(own);
    let mut x = canvas.text(list.x, y, 1, mark, mark_role);
    let indent = if row.in_group { " " } else { "" };
    let name = if row.names.is_empty() { format!("{indent}{}", canvas.glyphs.unnamed) } else { names(row) };
    let name_role = if row.names.is_empty() { Role::Muted } else { Role::Name };
    x = canvas.column(x, y, columns.name, Align::Left, &name, role(name_role)) + 1;
    let type_role = if row.user { Role::UserType } else { Role::TypeName };
    let number = format!(" #{}", row.label.number);
    let number_width = u16::try_from(number.len()).unwrap_or(0).min(columns.object);
    // The number tells objects apart: a long type name is cut, the number is not.
    let type_end = x + columns.object - number_width;
    let after = canvas.clipped(x, y, columns.object - number_width, &row.label.type_name, role(type_role));
    canvas.text(after.min(type_end), y, number_width, &number, role(Role::ObjectNumber));
    x += columns.object + 1;
    let refs_role = match shown.was {
        Some(was) if lit && was < row.refcount => Role::CountUp,
        Some(was) if lit && was > row.refcount => Role::CountDown,
        _ => Role::RefCount,
    };
    let refs = if ghost.is_some() { "0".to_owned() } else { short(row.refcount) };
    x = canvas.column(x, y, REFS, Align::Right, &refs, role(refs_role)) + 1;
    let generation = match row.generation {
        Generation::Tracked(0) => Role::Young,
        Generation::Tracked(1) => Role::Middle,
        Generation::Tracked(_) => Role::Old,
        Generation::Untracked | Generation::Atomic | Generation::Permanent => Role::Untracked,
    };
    x = canvas.column(x, y, GEN, Align::Right, generation_mark(row.generation), role(generation)) + 1;
    x = canvas.column(x, y, BYTES, Align::Right, &short(row.size), role(Role::Size)) + 1;
    if columns.value > 0 {
        let value = match (&shown.ghost, shown.was) {
            (Some(ghost), _) => match &ghost.location {
                Some(place) => format!("freed at line {}", place.line),
                None => "freed".to_owned(),
            },
            (None, Some(was)) if lit => format!("{was}{}{}  {}", canvas.glyphs.arrow, row.refcount, row.repr),
            _ => row.repr.clone(),
        };
        canvas.clipped(x, y, columns.value, &value, role(Role::Value));
    }
}

fn names(row: &ObjectRow) -> String {
    let mut out = String::new();
    for (i, name) in row.names.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        match &name.scope {
            Scope::Global | Scope::Local { .. } => out.push_str(&name.name),
            Scope::Attribute { owner } => {
                out.push_str(owner);
                out.push('.');
                out.push_str(&name.name);
            }
        }
    }
    out
}

fn group(row: &GroupRow, canvas: &mut Canvas<'_>, list: Rect, y: u16, columns: &Columns) {
    let mark = if row.open { canvas.glyphs.open } else { canvas.glyphs.closed };
    let mut x = canvas.text(list.x, y, 1, mark, Role::Muted);
    let count = format!("{}{}", canvas.glyphs.times, short(row.count));
    x = canvas.column(x, y, columns.name, Align::Left, &count, Role::Group) + 1;
    let role = match (row.user, row.baseline) {
        (true, _) => Role::UserType,
        (_, true) => Role::Muted,
        _ => Role::Group,
    };
    x = canvas.column(x, y, columns.object, Align::Left, &row.type_name, role) + 1;
    let (change, role) = match row.change {
        0 => (String::new(), Role::Muted),
        n if n > 0 => (format!("+{}", short(n.unsigned_abs())), Role::CountUp),
        n => (format!("-{}", short(n.unsigned_abs())), Role::CountDown),
    };
    x = canvas.column(x, y, REFS + 1 + GEN, Align::Right, &change, role) + 1;
    canvas.column(x, y, BYTES, Align::Right, &short(row.bytes), Role::Size);
}
