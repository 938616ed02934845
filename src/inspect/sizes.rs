//! Where the memory is: by type, by the line that made it, by who alone keeps it.
use std::collections::HashMap;

use super::births::Births;
use super::diff::diff;
use super::dominators::Dominators;
use super::origin::{is_users_file, module_dict};
use super::roots::{RootName, each_held_root};
use super::short::entry;
use super::snapshot::Snapshot;
use crate::memory::Layout;
use crate::memory::look::Still;
use crate::objects::{ModuleObject, StrObject};
use crate::session::protocol::{GrowthReport, GrowthRow, SizeRow, SizeTable, SizesBy};
use crate::vm::Ctx;

/// Rows told one by one.
const MAX_ROWS: usize = 40;

/// The namespace of the program itself.
const TABLE: &str = "the table of globals";

/// What has neither a line nor an owner of the user's.
const REST: &str = "the interpreter and its library";

/// A table of all live objects.
pub fn sizes(cx: Ctx, still: Still<'_>, shot: &Snapshot, births: &Births, by: SizesBy) -> SizeTable {
    let rows = match by {
        SizesBy::Type => by_type(shot),
        SizesBy::Line => by_line(shot, births),
        SizesBy::Owner => by_owner(cx, still, shot),
    };
    let objects = shot.len() as u64;
    let bytes = shot.sizes.iter().map(|size| u64::from(*size)).sum();
    let rows_total = rows.len() as u64;
    let mut rows = rows;
    rows.truncate(MAX_ROWS);
    SizeTable { by, rows, rows_total, objects, bytes }
}

/// Largest first; equal ones by name.
fn sorted(sums: HashMap<String, (u64, u64)>) -> Vec<SizeRow> {
    let mut rows: Vec<SizeRow> =
        sums.into_iter().map(|(name, (count, bytes))| SizeRow { name, count, bytes }).collect();
    rows.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    rows
}

fn by_type(shot: &Snapshot) -> Vec<SizeRow> {
    let mut sums: Vec<(u64, u64)> = vec![(0, 0); shot.types.len()];
    for (place, size) in shot.type_of.iter().zip(&shot.sizes) {
        let sum = &mut sums[*place as usize];
        sum.0 += 1;
        sum.1 += u64::from(*size);
    }
    let mut named: HashMap<String, (u64, u64)> = HashMap::new();
    for (row, (count, bytes)) in shot.types.iter().zip(sums) {
        let sum = named.entry(row.name.to_string()).or_default();
        *sum = (sum.0 + count, sum.1 + bytes);
    }
    sorted(named)
}

fn by_line(shot: &Snapshot, births: &Births) -> Vec<SizeRow> {
    let mut sums: HashMap<u32, (u64, u64)> = HashMap::new();
    for (object, size) in shot.sizes.iter().enumerate() {
        let sum = sums.entry(shot.birth(object as u32).site()).or_default();
        *sum = (sum.0 + 1, sum.1 + u64::from(*size));
    }
    let mut named: HashMap<String, (u64, u64)> = HashMap::new();
    for (site, (count, bytes)) in sums {
        let name = births.site(site).map_or(REST.to_owned(), |site| {
            let import = if site.import { ", import" } else { "" };
            format!("{}:{}{import}", site.location.file, site.location.line)
        });
        let sum = named.entry(name).or_default();
        *sum = (sum.0 + count, sum.1 + bytes);
    }
    sorted(named)
}

/// What each name alone keeps alive.
fn by_owner(cx: Ctx, still: Still<'_>, shot: &Snapshot) -> Vec<SizeRow> {
    let tree = Dominators::of(shot);
    // How many objects each dominates, itself included.
    let mut counts: Vec<u64> = vec![1; shot.len()];
    for object in tree.order().iter().rev() {
        if let Some(above) = tree.dominator(*object) {
            counts[above as usize] += counts[*object as usize];
        }
    }
    let mut names: HashMap<u32, String> = HashMap::new();
    let main = module_dict(cx, still, "__main__");
    if let Some(main) = main {
        main.for_each_entry(&mut |key, value| {
            if let (Some(name), Some(object)) = (key.downcast::<StrObject>(), shot.find(value.address())) {
                let name = name.to_string_lossy();
                // Those that every module has are no news.
                let special = name.starts_with("__") && name.ends_with("__");
                let name = if special { TABLE.to_owned() } else { format!("global {name}") };
                names.entry(object).or_insert(name);
            }
        });
    }
    each_held_root(cx, still, &mut |name, object| {
        if let (RootName::Local(..), Some(object)) = (name, shot.find(object.address())) {
            names.entry(object).or_insert_with(|| name.to_string());
        }
    });
    let main = main.and_then(|dict| shot.find(dict.as_object().address()));
    if let Some(main) = main {
        names.insert(main, TABLE.to_owned());
    }
    if let Some(modules) = cx.vm().modules.peek() {
        modules.for_each_entry(&mut |key, value| {
            let Some(dict) = value.downcast::<ModuleObject>().and_then(|module| module.dict.peek()) else {
                return;
            };
            let file = entry(still, dict, "__file__").and_then(|file| file.downcast::<StrObject>());
            let users = file.is_some_and(|file| is_users_file(&file.to_string_lossy()));
            if let (true, Some(object)) = (users, shot.find(dict.as_object().address())) {
                let module = key.downcast::<StrObject>().map(StrObject::to_string_lossy).unwrap_or_default();
                names.entry(object).or_insert_with(|| format!("module {module}"));
            }
        });
    }
    let mut sums: HashMap<String, (u64, u64)> = HashMap::new();
    let mut add = |name: &str, count: u64, bytes: u64| {
        let sum = sums.entry(name.to_owned()).or_default();
        *sum = (sum.0 + count, sum.1 + bytes);
    };
    for object in 0..shot.len() as u32 {
        let (count, bytes) = (counts[object as usize], tree.retained[object as usize]);
        if !tree.is_reached(object) {
            add("garbage that waits for the collector", 1, u64::from(shot.sizes[object as usize]));
            continue;
        }
        match (tree.dominator(object), names.get(&object)) {
            (None, Some(name)) if Some(object) == main => {
                add(name, 1, u64::from(shot.sizes[object as usize]));
            }
            (None, Some(name)) => add(name, count, bytes),
            (Some(above), Some(name)) if Some(above) == main => add(name, count, bytes),
            (Some(above), None) if Some(above) == main => add("shared by several globals", count, bytes),
            (None, None) => add(REST, count, bytes),
            _ => {}
        }
    }
    sorted(sums)
}

/// What came and went since another snapshot.
pub fn growth(before: &Snapshot, after: &Snapshot, births: &Births) -> GrowthReport {
    let found = diff(before, after);
    let mut lines: HashMap<String, (u64, u64)> = HashMap::new();
    for object in &found.new {
        let name = births
            .site(after.birth(*object).site())
            .map_or(REST.to_owned(), |site| format!("{}:{}", site.location.file, site.location.line));
        let sum = lines.entry(name).or_default();
        *sum = (sum.0 + 1, sum.1 + u64::from(after.sizes[*object as usize]));
    }
    let mut lines = sorted(lines);
    lines.truncate(MAX_ROWS);
    let rows_total = found.types.len() as u64;
    let rows = found.types.into_iter().take(MAX_ROWS).map(|row| GrowthRow {
        type_name: row.name,
        user: row.users,
        new: row.new,
        gone: row.gone,
        now: row.now,
        bytes: row.bytes,
    });
    GrowthReport {
        rows: rows.collect(),
        rows_total,
        lines,
        new: found.new.len() as u64,
        gone: found.gone.len() as u64,
    }
}
