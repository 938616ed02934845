//! The memory panel's list: pinned objects, named ones, other objects of the user's, the rest by type, and at the
//! end what was there before the user. Only the rows of the window asked for are made.
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::names::{Named, named};
use super::numbers::Numbers;
use super::origin::Origin;
use super::row::{Generations, Rows};
use super::size::size_of;
use super::survey::Survey;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::look::as_class;
use crate::objects::{TypeObject, types};
use crate::session::protocol::{
    Generation, GroupRow, HeapRow, HeapUpdate, HeapView, Name, ObjectLabel, ObjectRow, RowDelta, RowKey,
    RowState, SortKey,
};
use crate::vm::Ctx;

/// Unnamed objects of one class that are listed one by one without being asked for.
const LISTED: usize = 100;

/// What the panel remembers between two updates.
#[derive(Debug, Default)]
pub struct Window {
    /// Objects alive before the user's first line, by address of their type.
    baseline: HashMap<usize, u64>,
    /// Counts by type at the last stop or prompt.
    marked: HashMap<usize, u64>,
    /// Counts by type at the last update.
    latest: HashMap<usize, u64>,
    /// What was sent, to send changes only.
    sent: HashMap<RowKey, HeapRow>,
}

/// An object on screen whose count changed: from, to.
pub type CountChange = (ObjectLabel, u64, u64);

/// A line of the list before its row is made.
enum Line<'h> {
    Object { object: &'h Object, names: Vec<Name>, pinned: bool, in_group: bool },
    Group(GroupRow),
    Baseline { count: u64, bytes: u64 },
}

impl Window {
    /// A window over the same baseline, of which nothing was sent.
    pub fn like(other: &Window) -> Window {
        Window { baseline: other.baseline.clone(), marked: other.marked.clone(), ..Window::default() }
    }

    /// Takes what is alive now for what was there before the user.
    pub fn set_baseline(&mut self, still: Still<'_>) {
        let survey = Survey::walk(still, &mut |_| false, &mut |_| {});
        self.baseline = survey.types.iter().map(|(key, count)| (*key, count.count)).collect();
        self.marked = self.baseline.clone();
    }

    /// Takes the counts of the last update for what changes are counted from.
    pub fn mark(&mut self) {
        if !self.latest.is_empty() {
            self.marked = self.latest.clone();
        }
    }

    /// Forgets what was sent: the next update is complete.
    pub fn forget_sent(&mut self) {
        self.sent.clear();
    }

    /// The window as it is now, with changes against what was sent before.
    pub fn update(
        &mut self,
        cx: Ctx,
        still: Still<'_>,
        view: &HeapView,
        numbers: &mut Numbers,
        origin: &mut Origin,
    ) -> (HeapUpdate, Vec<CountChange>) {
        let mut changes = Vec::new();
        let (lines, objects, bytes) = self.lines(cx, still, view, numbers, origin);
        let total = lines.len();
        let first = view.first.min(total.saturating_sub(1));
        let shown: Vec<Line<'_>> = lines.into_iter().skip(first).take(view.rows).collect();
        let mut addresses: Vec<usize> = shown
            .iter()
            .filter_map(|line| match line {
                Line::Object { object, .. } => Some(object.address()),
                _ => None,
            })
            .collect();
        addresses.sort_unstable();
        let generations = Generations::of(still, &addresses);
        let mut rows = Rows { cx, numbers, origin, generations };
        let mut now: HashMap<RowKey, HeapRow> = HashMap::with_capacity(shown.len());
        let mut deltas = Vec::with_capacity(shown.len());
        let fresh = self.sent.is_empty();
        for line in shown {
            let known = match &line {
                Line::Object { object, .. } => rows.numbers.known(object).is_some(),
                _ => true,
            };
            let mut row = match line {
                Line::Object { object, names, pinned, in_group } => {
                    HeapRow::Object(ObjectRow { pinned, in_group, ..rows.row(still, object, names) })
                }
                Line::Group(group) => HeapRow::Group(group),
                Line::Baseline { count, bytes } => {
                    HeapRow::Baseline { count, bytes, open: view.open_baseline }
                }
            };
            let key = row.key();
            let before = self.sent.get(&key);
            if before == Some(&row) {
                deltas.push(RowDelta::Same(key.clone()));
                now.insert(key, row);
                continue;
            }
            now.insert(key, row.clone());
            if let (HeapRow::Object(object), Some(HeapRow::Object(before))) = (&row, before)
                && object.refcount != before.refcount
            {
                changes.push((object.label.clone(), before.refcount, object.refcount));
            }
            if let HeapRow::Object(object) = &mut row {
                object.state = match before {
                    Some(_) => RowState::Changed,
                    None if !known && !fresh => RowState::New,
                    None => RowState::Live,
                };
            }
            deltas.push(RowDelta::Row(row));
        }
        self.sent = now;
        let update = HeapUpdate {
            first,
            total,
            rows: deltas,
            gone: Vec::new(),
            live_objects: objects,
            live_bytes: bytes,
        };
        (update, changes)
    }

    fn lines<'h>(
        &mut self,
        cx: Ctx,
        still: Still<'h>,
        view: &HeapView,
        numbers: &mut Numbers,
        origin: &mut Origin,
    ) -> (Vec<Line<'h>>, u64, u64) {
        let filter = Filter::new(&view.filter);
        let named = named(cx, still);
        let has_name: HashSet<usize> = named.iter().map(|n| n.object.address()).collect();
        // One walk counts everything and gathers what is listed one by one.
        let mut mine: Vec<&'h Object> = Vec::new();
        let mut opened: HashMap<usize, Vec<&'h Object>> = HashMap::new();
        let mut matching: Vec<&'h Object> = Vec::new();
        let mut users_types: HashSet<usize> = HashSet::new();
        let survey = {
            let open = &view.open_groups;
            let mut wanted = |object: &'h Object| {
                let users = origin.is_users(cx, still, object.ty());
                if users {
                    users_types.insert(object.type_ptr().addr());
                }
                let name = numbers.type_name(object);
                if open.contains(&name) {
                    opened.insert(object.type_ptr().addr(), Vec::new());
                }
                users || opened.contains_key(&object.type_ptr().addr()) || filter.wants_all()
            };
            let mut gathered: Vec<&'h Object> = Vec::new();
            let survey = Survey::walk(still, &mut wanted, &mut |object| gathered.push(object));
            for object in gathered {
                let key = object.type_ptr().addr();
                if filter.wants_all() && filter.matches_id(object, numbers) {
                    matching.push(object);
                }
                if has_name.contains(&object.address()) {
                    continue;
                }
                if let Some(list) = opened.get_mut(&key) {
                    list.push(object);
                } else if users_types.contains(&key) {
                    mine.push(object);
                }
            }
            survey
        };
        self.latest = survey.types.iter().map(|(key, count)| (*key, count.count)).collect();
        let pinned: Vec<&'h Object> =
            view.pinned.iter().filter_map(|id| still.at(usize::try_from(*id).ok()?)).collect();
        let is_pinned = |object: &Object| view.pinned.contains(&(object.address() as u64));

        let mut lines: Vec<Line<'h>> = Vec::new();
        for object in &pinned {
            let names =
                named.iter().find(|n| n.object.is(object)).map(|n| n.names.clone()).unwrap_or_default();
            lines.push(Line::Object { object, names, pinned: true, in_group: false });
        }
        let mut section: Vec<Named<'h>> = named
            .into_iter()
            .filter(|n| !is_pinned(n.object) && filter.matches(n.object, &n.names, numbers))
            .collect();
        sort(still, &mut section, view, numbers);
        lines.extend(section.into_iter().map(line));

        // A class with many nameless instances is one row; it can be opened.
        let mut crowds: HashMap<usize, usize> = HashMap::new();
        for object in &mine {
            *crowds.entry(object.type_ptr().addr()).or_default() += 1;
        }
        let mut section: Vec<Named<'h>> = mine
            .into_iter()
            .filter(|o| crowds.get(&o.type_ptr().addr()).is_some_and(|crowd| *crowd <= LISTED))
            .chain(matching.iter().copied().filter(|o| !has_name.contains(&o.address())))
            .filter(|o| !is_pinned(o) && filter.matches(o, &[], numbers))
            .map(|object| Named { object, names: Vec::new() })
            .collect();
        section.dedup_by_key(|n| n.object.address());
        sort(still, &mut section, view, numbers);
        let listed: HashSet<usize> = section.iter().map(|n| n.object.type_ptr().addr()).collect();
        lines.extend(section.into_iter().map(line));

        let mut baseline = (0, 0);
        let mut groups: Vec<(usize, GroupRow)> = Vec::new();
        let mut old_groups: Vec<GroupRow> = Vec::new();
        for (key, count) in &survey.types {
            let name = numbers.type_name(count.example);
            let old = self.baseline.get(key).copied().unwrap_or(0).min(count.count);
            let share = |part: u64| (count.bytes * part).checked_div(count.count).unwrap_or(0);
            baseline.0 += old;
            baseline.1 += share(old);
            let before = self.marked.get(key).copied().unwrap_or(0);
            let change = i64::try_from(count.count).unwrap_or(0) - i64::try_from(before).unwrap_or(0);
            let group = |part: u64, change: i64, baseline: bool, open: bool| GroupRow {
                type_name: name.clone(),
                count: part,
                bytes: share(part),
                change,
                user: users_types.contains(key),
                open,
                baseline,
            };
            if old > 0 {
                old_groups.push(group(old, 0, true, false));
            }
            let new = count.count - old;
            let open = opened.contains_key(key);
            if (new > 0 || open)
                && !(users_types.contains(key) && listed.contains(key))
                && filter.matches_text(&name)
            {
                groups.push((*key, group(new, change, false, open)));
            }
        }
        groups.sort_by(|(_, a), (_, b)| compare_groups(a, b, view));
        for (key, group) in groups {
            lines.push(Line::Group(group));
            if let Some(list) = opened.remove(&key) {
                let mut section: Vec<Named<'h>> =
                    list.into_iter().map(|object| Named { object, names: Vec::new() }).collect();
                if view.sort != SortKey::Name && view.sort != SortKey::Type {
                    sort(still, &mut section, view, numbers);
                }
                lines.extend(section.into_iter().map(|n| Line::Object {
                    object: n.object,
                    names: n.names,
                    pinned: false,
                    in_group: true,
                }));
            }
        }
        if baseline.0 > 0 && filter.is_empty() {
            lines.push(Line::Baseline { count: baseline.0, bytes: baseline.1 });
            if view.open_baseline {
                old_groups.sort_by(|a, b| compare_groups(a, b, view));
                lines.extend(old_groups.into_iter().map(Line::Group));
            }
        }
        (lines, survey.objects, survey.bytes)
    }
}

fn line(named: Named<'_>) -> Line<'_> {
    Line::Object { object: named.object, names: named.names, pinned: false, in_group: false }
}

fn sort<'h>(still: Still<'h>, section: &mut [Named<'h>], view: &HeapView, numbers: &mut Numbers) {
    if view.sort == SortKey::Name {
        // Sections are made in the order of binding.
        if view.descending {
            section.reverse();
        }
        return;
    }
    let generations = if view.sort == SortKey::Generation {
        let mut addresses: Vec<usize> = section.iter().map(|n| n.object.address()).collect();
        addresses.sort_unstable();
        Generations::of(still, &addresses)
    } else {
        Generations::default()
    };
    let no_name: Arc<str> = "".into();
    section.sort_by_cached_key(|named| {
        let object = named.object;
        let number = match view.sort {
            SortKey::RefCount => object.refcount() as u64,
            SortKey::Size => size_of(object),
            SortKey::Generation => u64::from(generation_rank(generations.get(object))),
            SortKey::Age => numbers.known(object).map_or(u64::MAX, |label| label.number),
            SortKey::Name | SortKey::Type => 0,
        };
        let name = if view.sort == SortKey::Type { numbers.type_name(object) } else { no_name.clone() };
        (number, name, object.address())
    });
    if view.descending {
        section.reverse();
    }
}

fn compare_groups(a: &GroupRow, b: &GroupRow, view: &HeapView) -> Ordering {
    // The user's classes first, then the most numerous, unless another order was asked for.
    let order = match view.sort {
        SortKey::Size => b.bytes.cmp(&a.bytes),
        SortKey::Type => a.type_name.cmp(&b.type_name),
        _ => b.count.cmp(&a.count),
    };
    b.user.cmp(&a.user).then(order).then_with(|| a.type_name.cmp(&b.type_name))
}

/// What the search text asks for.
struct Filter {
    text: String,
    number: Option<u64>,
    address: Option<usize>,
}

impl Filter {
    fn new(text: &str) -> Filter {
        let text = text.trim().to_lowercase();
        let number = text.strip_prefix('#').and_then(|n| n.parse().ok());
        let address = match text.strip_prefix("0x") {
            Some(digits) => usize::from_str_radix(digits, 16).ok(),
            // `id()` prints decimal.
            None if text.len() >= 9 => text.parse().ok(),
            None => None,
        };
        Filter { text, number, address }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether every object must be looked at.
    fn wants_all(&self) -> bool {
        self.number.is_some() || self.address.is_some()
    }

    fn matches_id(&self, object: &Object, numbers: &Numbers) -> bool {
        self.address == Some(object.address())
            || (self.number.is_some() && self.number == numbers.known(object).map(|label| label.number))
    }

    fn matches_text(&self, text: &str) -> bool {
        self.is_empty() || (!self.wants_all() && text.to_lowercase().contains(&self.text))
    }

    fn matches(&self, object: &Object, names: &[Name], numbers: &mut Numbers) -> bool {
        if self.is_empty() || self.matches_id(object, numbers) {
            return true;
        }
        if names.iter().any(|n| self.matches_text(&n.name)) {
            return true;
        }
        let class_name = if object.is_instance(types().type_) {
            as_class(object).map(TypeObject::name_text).unwrap_or_default()
        } else {
            String::new()
        };
        self.matches_text(&numbers.type_name(object))
            || (!class_name.is_empty() && self.matches_text(&class_name))
    }
}

/// A generation as a number to sort by.
fn generation_rank(generation: Generation) -> u8 {
    match generation {
        Generation::Atomic => 0,
        Generation::Untracked => 1,
        Generation::Tracked(n) => 2 + n,
        Generation::Permanent => 5,
    }
}
