//! Rows of a recording as JSON arrays. The page's script reads them by position.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::session::protocol::{
    FrameRow, GcState, Generation, LocalRow, MemoryEvent, MemoryEventKind, ObjectRow, Scope, Trigger,
};

/// The tables of a recording: what occurs again and again is written once.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub texts: Table,
    /// Variables with what they hold, as JSON.
    values: Table,
    /// Lists of such, as JSON.
    lists: Table,
    /// References from object to object, as JSON.
    pub links: Table,
}

impl Tables {
    /// Adds `"texts":[…],"values":[…],"lists":[…],"links":[…]`.
    pub fn write(&self, out: &mut String) {
        out.push_str("\"texts\":[");
        self.texts.write(out, quote);
        out.push_str("],\"values\":[");
        self.values.write(out, str::to_owned);
        out.push_str("],\"lists\":[");
        self.lists.write(out, str::to_owned);
        out.push_str("],\"links\":[");
        self.links.write(out, str::to_owned);
        out.push(']');
    }
}

/// Texts, each once, by number.
#[derive(Debug, Default)]
pub(super) struct Table {
    list: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Table {
    pub fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.list.push(text.to_owned());
        self.numbers.insert(text.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    pub fn known(&self, text: &str) -> Option<usize> {
        self.numbers.get(text).copied()
    }

    fn write(&self, out: &mut String, form: impl Fn(&str) -> String) {
        for (number, text) in self.list.iter().enumerate() {
            out.push_str(if number > 0 { "," } else { "" });
            out.push_str(&form(text));
        }
    }
}

/// A JSON string that may also stand inside a `script` element: no `<` ends or opens anything there.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '<' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `[number, type, names, count, generation, size, repr, user]`.
pub(super) fn object(texts: &mut Table, row: &ObjectRow) -> String {
    let names: Vec<String> = row
        .names
        .iter()
        .map(|name| match &name.scope {
            Scope::Global => name.name.to_string(),
            Scope::Local { function } => format!("{} in {function}", name.name),
            Scope::Attribute { owner } => format!("{owner}.{}", name.name),
        })
        .collect();
    let generation = match row.generation {
        Generation::Tracked(number) => number.to_string(),
        Generation::Untracked => "u".to_owned(),
        Generation::Atomic => String::new(),
        Generation::Permanent => "frozen".to_owned(),
    };
    format!(
        "[{},{},{},{},{},{},{},{}]",
        row.label.number,
        texts.number(&row.label.type_name),
        texts.number(&names.join(", ")),
        row.refcount,
        texts.number(&generation),
        row.size,
        texts.number(&row.repr),
        u8::from(row.user)
    )
}

/// `[function, file, line, locals, stack]` each, innermost first; the last two are numbers of lists.
pub(super) fn frames(tables: &mut Tables, rows: &[FrameRow]) -> String {
    let each: Vec<String> = rows
        .iter()
        .map(|row| {
            let (locals, stack) = (values(tables, &row.locals), values(tables, &row.stack));
            let function = tables.texts.number(&row.location.function);
            let file = tables.texts.number(&row.location.file);
            format!("[{function},{file},{},{locals},{stack}]", row.location.line)
        })
        .collect();
    format!("[{}]", each.join(","))
}

/// The number of a list of values, `[name, number, type, count, repr]` each; an unbound one is `[name]`.
fn values(tables: &mut Tables, rows: &[LocalRow]) -> usize {
    let Tables { texts, values, lists, .. } = tables;
    let each: Vec<String> = rows
        .iter()
        .map(|row| {
            let name = texts.number(&row.name);
            let value = match &row.object {
                None => format!("[{name}]"),
                Some(value) => format!(
                    "[{name},{},{},{},{}]",
                    value.label.number,
                    texts.number(&value.label.type_name),
                    value.refcount,
                    texts.number(&value.repr)
                ),
            };
            values.number(&value).to_string()
        })
        .collect();
    lists.number(&format!("[{}]", each.join(",")))
}

/// `[counts, thresholds, enabled, garbage, objects, bytes, collections]`.
pub(super) fn gauges(texts: &mut Table, gc: Option<&GcState>, objects: u64, bytes: u64) -> String {
    let Some(gc) = gc else { return "null".to_owned() };
    let garbage: Vec<String> =
        gc.garbage.iter().map(|label| texts.number(&label.to_string()).to_string()).collect();
    let three = |numbers: [i64; 3]| format!("[{},{},{}]", numbers[0], numbers[1], numbers[2]);
    format!(
        "[{},{},{},[{}],{objects},{bytes},[{},{},{}]]",
        three(gc.counts),
        three(gc.thresholds),
        u8::from(gc.enabled),
        garbage.join(","),
        gc.stats[0].collections,
        gc.stats[1].collections,
        gc.stats[2].collections,
    )
}

/// `[kind, line, text]`, the kind as one letter: created, moved (count), freed, resurrected, uncollectable,
/// collected (g).
pub(super) fn happened(texts: &mut Table, event: &MemoryEvent) -> String {
    let (kind, text) = match &event.kind {
        MemoryEventKind::Created { object } => ('c', format!("{object} created")),
        MemoryEventKind::CountChanged { object, from, to } => ('m', format!("{object} {from} → {to}")),
        MemoryEventKind::Freed { object } => ('f', format!("{object} freed")),
        MemoryEventKind::Resurrected { object } => ('r', format!("{object} came back")),
        MemoryEventKind::Uncollectable { object } => ('u', format!("{object} uncollectable")),
        MemoryEventKind::Collected(report) => {
            let who = match report.trigger {
                Trigger::Threshold => "automatic collection",
                Trigger::Explicit => "gc.collect",
                Trigger::Exit => "collection at exit",
            };
            let text = format!(
                "{who}({}): {} unreachable, {} collected, {} uncollectable",
                report.generation, report.unreachable, report.collected, report.uncollectable
            );
            ('g', text)
        }
    };
    let line = event.location.as_ref().map_or(0, |place| place.line);
    format!("[\"{kind}\",{line},{}]", texts.number(&text))
}
