//! The memory panel's list: one window of the heap, as the engine last sent it, with ghosts of what just died.
//!
//! Positions are row numbers of the engine's whole list; the panel holds only the window around what is on
//! screen. Ghosts are the panel's own: they stand where the object was until they have faded.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::session::protocol::{
    HeapRow, HeapUpdate, HeapView, Location, ObjectId, ObjectLabel, RowDelta, RowKey, RowState, SortKey,
};

/// How long a ghost is seen.
pub const GHOST_TIME: Duration = Duration::from_millis(2500);
/// After this it is faint.
pub const GHOST_FRESH: Duration = Duration::from_millis(1200);
/// How long a new or changed row stays lit.
pub const LIT_TIME: Duration = Duration::from_millis(1500);
/// Ghosts kept at most, newest first to stay.
const MAX_GHOSTS: usize = 64;

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRow {
    pub row: HeapRow,
    /// When it died, and by which line.
    pub ghost: Option<Ghost>,
    /// When it last was new or changed.
    pub lit: Option<Duration>,
    /// Its count before the last change.
    pub was: Option<u64>,
}

/// An object that is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    pub since: Duration,
    pub location: Option<Location>,
}

/// State of the memory panel's list.
#[derive(Debug, Default)]
pub struct HeapPanel {
    /// The window, ghosts included.
    pub rows: Vec<ShownRow>,
    /// Row number of the first row of the window.
    pub first: usize,
    /// Rows in the engine's list.
    pub total: usize,
    pub live_objects: u64,
    pub live_bytes: u64,
    /// Row number at the top of the screen.
    pub offset: usize,
    /// Rows that fit on screen, as last known.
    pub visible: usize,
    /// Row number under the cursor.
    pub cursor: usize,
    /// What the user put the cursor on; the cursor follows it. Untouched, the cursor stays at the top.
    pub selected: Option<RowKey>,
    pub sort: SortKey,
    pub descending: bool,
    pub filter: String,
    pub open_groups: Vec<Arc<str>>,
    pub open_baseline: bool,
    pub pinned: Vec<(ObjectId, u64)>,
}

impl HeapPanel {
    /// The window to ask for when so many rows fit on screen: a screenful more on either side.
    pub fn view(&self, rows: usize) -> HeapView {
        HeapView {
            first: self.offset.saturating_sub(rows),
            rows: rows.saturating_mul(3),
            sort: self.sort,
            descending: self.descending,
            filter: self.filter.clone(),
            open_groups: self.open_groups.clone(),
            open_baseline: self.open_baseline,
            pinned: self.pinned.iter().map(|(id, _)| *id).collect(),
        }
    }

    /// Takes what changed. Rows sent by key only are the ones of the last window.
    pub fn apply(&mut self, update: HeapUpdate, now: Duration) {
        let old = std::mem::take(&mut self.rows);
        let mut known: HashMap<RowKey, ShownRow> = HashMap::new();
        // Each ghost, old or new, stands after the last row before it that is still there.
        let mut ghosts: Vec<(Option<RowKey>, ShownRow)> = Vec::new();
        let staying: std::collections::HashSet<RowKey> = update.rows.iter().map(delta_key).collect();
        let mut anchor = None;
        for mut shown in old {
            let key = shown.row.key();
            if shown.ghost.is_some() {
                ghosts.push((anchor.clone(), shown));
                continue;
            }
            if staying.contains(&key) {
                anchor = Some(key.clone());
            } else if let Some(gone) = update.gone.iter().find(|g| is_object(&key, &g.object)) {
                if let HeapRow::Object(row) = &mut shown.row {
                    row.state = RowState::Ghost;
                }
                shown.ghost = Some(Ghost { since: now, location: gone.location.clone() });
                ghosts.push((anchor.clone(), shown));
                continue;
            }
            known.insert(key, shown);
        }
        let surplus = ghosts.len().saturating_sub(MAX_GHOSTS);
        ghosts.drain(..surplus);
        let mut waiting = ghosts.into_iter().peekable();
        let mut rows = Vec::with_capacity(update.rows.len() + MAX_GHOSTS);
        while let Some((_, ghost)) = waiting.next_if(|(anchor, _)| anchor.is_none()) {
            rows.push(ghost);
        }
        let mut by_anchor: HashMap<RowKey, Vec<ShownRow>> = HashMap::new();
        for (anchor, ghost) in waiting {
            if let Some(anchor) = anchor {
                by_anchor.entry(anchor).or_default().push(ghost);
            }
        }
        for delta in update.rows {
            let key = delta_key(&delta);
            let before = known.remove(&key);
            rows.extend(match delta {
                RowDelta::Same(_) => before,
                RowDelta::Row(row) => Some(lit(row, before, now)),
            });
            if let Some(ghosts) = by_anchor.remove(&key) {
                rows.extend(ghosts);
            }
        }
        self.pinned.retain(|(id, number)| {
            !update.gone.iter().any(|g| g.object.id == *id && g.object.number == *number)
        });
        self.rows = rows;
        self.first = update.first;
        self.total = update.total;
        self.live_objects = update.live_objects;
        self.live_bytes = update.live_bytes;
        self.follow_selection();
    }

    /// Lets ghosts that have faded go. Whether anything changed.
    pub fn fade(&mut self, now: Duration) -> bool {
        let before = self.rows.len();
        self.rows.retain(|r| r.ghost.as_ref().is_none_or(|g| now.saturating_sub(g.since) < GHOST_TIME));
        let changed = self.rows.len() != before;
        if changed {
            self.follow_selection();
        }
        changed
    }

    /// Whether something on screen changes by time alone.
    pub fn fading(&self, now: Duration) -> bool {
        self.rows
            .iter()
            .any(|r| r.ghost.is_some() || r.lit.is_some_and(|l| now.saturating_sub(l) <= LIT_TIME))
    }

    /// Rows there are, ghosts of the window included.
    pub fn shown_total(&self) -> usize {
        let ghosts = self.rows.iter().filter(|r| r.ghost.is_some()).count();
        self.total + ghosts
    }

    /// The row with this number, if the window has it.
    pub fn row(&self, number: usize) -> Option<&ShownRow> {
        self.rows.get(number.checked_sub(self.first)?)
    }

    /// Puts the cursor on a row and scrolls so that it is among so many visible ones.
    pub fn move_to(&mut self, number: usize, visible: usize) {
        self.cursor = number.min(self.shown_total().saturating_sub(1));
        self.selected = self.row(self.cursor).map(|r| r.row.key());
        self.scroll_to_cursor(visible);
    }

    /// Scrolls so that the cursor is among so many visible rows.
    pub fn scroll_to_cursor(&mut self, visible: usize) {
        let visible = visible.max(1);
        self.visible = visible;
        self.offset = self.offset.min(self.cursor).max((self.cursor + 1).saturating_sub(visible));
        self.offset = self.offset.min(self.shown_total().saturating_sub(visible));
    }

    /// The object under the cursor, unless it is dead.
    pub fn selected_object(&self) -> Option<&ObjectLabel> {
        match self.row(self.cursor) {
            Some(ShownRow { row: HeapRow::Object(row), ghost: None, .. }) => Some(&row.label),
            _ => None,
        }
    }

    /// Pins the object under the cursor, or lets it go.
    pub fn toggle_pin(&mut self) -> Option<(ObjectLabel, bool)> {
        let label = self.selected_object()?.clone();
        let place = self.pinned.iter().position(|(id, number)| (*id, *number) == (label.id, label.number));
        match place {
            Some(place) => {
                self.pinned.remove(place);
            }
            None => self.pinned.push((label.id, label.number)),
        }
        Some((label, place.is_none()))
    }

    /// Opens or closes the group under the cursor. Whether there was one.
    pub fn toggle_group(&mut self) -> bool {
        match self.row(self.cursor).map(|r| &r.row) {
            Some(HeapRow::Group(group)) => {
                let name = group.type_name.clone();
                match self.open_groups.iter().position(|g| *g == name) {
                    Some(place) => {
                        self.open_groups.remove(place);
                    }
                    None => self.open_groups.push(name),
                }
                true
            }
            Some(HeapRow::Baseline { .. }) => {
                self.open_baseline = !self.open_baseline;
                true
            }
            _ => false,
        }
    }

    /// The next order.
    pub fn next_sort(&mut self) {
        self.sort = match self.sort {
            SortKey::Name => SortKey::Type,
            SortKey::Type => SortKey::RefCount,
            SortKey::RefCount => SortKey::Generation,
            SortKey::Generation => SortKey::Size,
            SortKey::Size => SortKey::Age,
            SortKey::Age => SortKey::Name,
        };
        // Counts and sizes are looked at from the largest, names from the first.
        self.descending = matches!(self.sort, SortKey::RefCount | SortKey::Generation | SortKey::Size);
    }

    /// The order in words.
    pub fn sort_words(&self) -> &'static str {
        match self.sort {
            SortKey::Name => "name",
            SortKey::Type => "type",
            SortKey::RefCount => "refs",
            SortKey::Generation => "generation",
            SortKey::Size => "size",
            SortKey::Age => "age",
        }
    }

    /// Moves the cursor to where the selected row now is; without one it keeps its place.
    fn follow_selection(&mut self) {
        let place = self.selected.as_ref().and_then(|key| self.rows.iter().position(|r| r.row.key() == *key));
        match place {
            Some(place) => {
                let to = self.first + place;
                if self.offset > 0 {
                    // Away from the top the list moves under the reader, not the cursor over the screen.
                    self.offset = (self.offset + to).saturating_sub(self.cursor);
                }
                self.cursor = to;
            }
            None => {
                self.cursor = self.cursor.min(self.shown_total().saturating_sub(1));
                self.selected = None;
            }
        }
        self.scroll_to_cursor(self.visible);
    }
}

fn delta_key(delta: &RowDelta) -> RowKey {
    match delta {
        RowDelta::Same(key) => key.clone(),
        RowDelta::Row(row) => row.key(),
    }
}

fn is_object(key: &RowKey, label: &ObjectLabel) -> bool {
    matches!(key, RowKey::Object { id, number } if *id == label.id && *number == label.number)
}

/// A row that came in, lit when it says that it is new or changed.
fn lit(row: HeapRow, before: Option<ShownRow>, now: Duration) -> ShownRow {
    let refcount = |row: &HeapRow| match row {
        HeapRow::Object(row) => Some(row.refcount),
        _ => None,
    };
    let state = match &row {
        HeapRow::Object(row) => row.state,
        _ => RowState::Live,
    };
    let old_lit = before.as_ref().and_then(|b| b.lit);
    let was = before.as_ref().and_then(|b| refcount(&b.row));
    ShownRow {
        lit: if matches!(state, RowState::New | RowState::Changed) { Some(now) } else { old_lit },
        was: was.filter(|w| Some(*w) != refcount(&row)).or(before.and_then(|b| b.was)),
        ghost: None,
        row,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::protocol::{Generation, Gone, ObjectRow};

    fn object(number: u64, refcount: u64, state: RowState) -> HeapRow {
        HeapRow::Object(ObjectRow {
            label: ObjectLabel { id: 0x1000 + number, number, type_name: "A".into() },
            names: Vec::new(),
            refcount,
            generation: Generation::Tracked(0),
            size: 48,
            repr: String::new(),
            user: true,
            pinned: false,
            state,
            in_group: false,
        })
    }

    fn numbers(panel: &HeapPanel) -> Vec<u64> {
        panel
            .rows
            .iter()
            .map(|r| match &r.row {
                HeapRow::Object(o) => o.label.number,
                _ => 0,
            })
            .collect()
    }

    fn full(numbers: &[u64]) -> HeapUpdate {
        let rows: Vec<RowDelta> =
            numbers.iter().map(|n| RowDelta::Row(object(*n, 1, RowState::Live))).collect();
        HeapUpdate { total: rows.len(), rows, ..HeapUpdate::default() }
    }

    fn gone(number: u64) -> Gone {
        Gone { object: ObjectLabel { id: 0x1000 + number, number, type_name: "A".into() }, location: None }
    }

    #[test]
    fn a_ghost_stands_where_the_object_was_and_fades() {
        let mut panel = HeapPanel::default();
        panel.apply(full(&[1, 2, 3]), Duration::ZERO);
        let mut update = full(&[1, 3]);
        update.gone = vec![gone(2)];
        panel.apply(update, Duration::from_millis(100));
        assert_eq!(numbers(&panel), [1, 2, 3]);
        assert!(panel.rows[1].ghost.is_some());
        assert_eq!(panel.shown_total(), 3);
        panel.apply(full(&[1, 3, 4]), Duration::from_millis(200));
        assert_eq!(numbers(&panel), [1, 2, 3, 4]);
        assert!(panel.fade(Duration::from_millis(100) + GHOST_TIME));
        assert_eq!(numbers(&panel), [1, 3, 4]);
    }

    #[test]
    fn a_row_that_left_the_window_is_no_ghost() {
        let mut panel = HeapPanel::default();
        panel.apply(full(&[1, 2, 3]), Duration::ZERO);
        panel.apply(full(&[2, 3]), Duration::ZERO);
        assert_eq!(numbers(&panel), [2, 3]);
    }

    #[test]
    fn rows_sent_by_key_are_the_old_ones_and_changes_are_lit() {
        let mut panel = HeapPanel::default();
        panel.apply(full(&[1, 2]), Duration::ZERO);
        let update = HeapUpdate {
            total: 2,
            rows: vec![
                RowDelta::Row(object(2, 5, RowState::Changed)),
                RowDelta::Same(object(1, 1, RowState::Live).key()),
            ],
            ..HeapUpdate::default()
        };
        panel.apply(update, Duration::from_millis(7));
        assert_eq!(numbers(&panel), [2, 1]);
        assert_eq!((panel.rows[0].lit, panel.rows[0].was), (Some(Duration::from_millis(7)), Some(1)));
        assert_eq!(panel.rows[1].lit, None);
    }

    #[test]
    fn the_cursor_follows_its_object() {
        let mut panel = HeapPanel::default();
        panel.apply(full(&[1, 2, 3]), Duration::ZERO);
        panel.move_to(1, 10);
        panel.apply(full(&[9, 8, 1, 2, 3]), Duration::ZERO);
        assert_eq!(panel.cursor, 3);
        assert_eq!(panel.selected_object().unwrap().number, 2);
        panel.apply(full(&[]), Duration::ZERO);
        assert_eq!((panel.cursor, panel.selected_object()), (0, None));
    }
}
