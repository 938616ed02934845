//! A recorded run as one page that replays it in a browser.
//!
//! What is always true:
//! - a recording holds plain data; nothing in it is alive;
//! - a step holds only what is different from the step before, so that long runs stay small;
//! - texts that occur again are kept once, in a table; everything else is numbers.
//!
//! ```text
//! Moment (all that is seen at one stop) ─► Recording (differences, one JSON line each) ─► page (one HTML file)
//! ```

mod encode;
mod page;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use self::encode::{Tables, frames, gauges, happened, object, quote};
use crate::session::protocol::{
    FrameRow, GcState, HeapRow, Link, Location, MemoryEvent, ObjectRow, StopReason, Stream,
};

pub use self::page::page;

/// All that is seen where a program stands.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// What is about to run; `None` at the end.
    pub location: Option<Location>,
    pub depth: usize,
    pub frames: Vec<FrameRow>,
    /// Objects of the user's and groups of the others, as the memory panel lists them.
    pub rows: Vec<HeapRow>,
    /// References among the listed objects.
    pub links: Vec<Link>,
    pub gc: Option<std::sync::Arc<GcState>>,
    pub live_objects: u64,
    pub live_bytes: u64,
    /// What happened to memory since the moment before.
    pub events: Vec<MemoryEvent>,
    /// What was printed since the moment before.
    pub output: Vec<(Stream, String)>,
    pub reason: Option<StopReason>,
}

/// A run, moment by moment.
#[derive(Debug, Default)]
pub struct Recording {
    tables: Tables,
    /// Source files in order of appearance: number of the name, text.
    sources: Vec<(usize, String)>,
    /// One JSON object each.
    steps: Vec<String>,
    /// Number of an object to how it was shown last.
    shown: HashMap<u64, String>,
    /// Groups as they were shown last, in the order of their numbers.
    groups: BTreeMap<i64, String>,
    /// Sections as they were last, by key.
    last: HashMap<&'static str, String>,
    cut: bool,
}

impl Recording {
    /// Steps so far.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether a source file's text is known already.
    pub fn knows_source(&self, file: &str) -> bool {
        self.tables
            .texts
            .known(file)
            .is_some_and(|number| self.sources.iter().any(|(name, _)| *name == number))
    }

    pub fn add_source(&mut self, file: &str, text: &str) {
        let number = self.tables.texts.number(file);
        self.sources.push((number, text.to_owned()));
    }

    /// The program went on, but is not recorded further.
    pub fn cut(&mut self) {
        self.cut = true;
    }

    /// Adds the next moment.
    pub fn add(&mut self, moment: &Moment) {
        let mut step = String::from("{");
        if let Some(place) = &moment.location {
            let (file, function) =
                (self.tables.texts.number(&place.file), self.tables.texts.number(&place.function));
            self.section(&mut step, "l", format!("[{file},{},{function},{}]", place.line, moment.depth));
        } else {
            self.section(&mut step, "l", "null".to_owned());
        }
        let text = frames(&mut self.tables, &moment.frames);
        self.section(&mut step, "f", text);
        self.add_rows(&mut step, &moment.rows);
        let links: Vec<String> = moment
            .links
            .iter()
            .map(|link| {
                let text = format!("[{},{},{}]", link.from, link.to, self.tables.texts.number(&link.path));
                self.tables.links.number(&text).to_string()
            })
            .collect();
        self.section(&mut step, "k", format!("[{}]", links.join(",")));
        let text =
            gauges(&mut self.tables.texts, moment.gc.as_deref(), moment.live_objects, moment.live_bytes);
        self.section(&mut step, "g", text);
        let events: Vec<String> =
            moment.events.iter().map(|event| happened(&mut self.tables.texts, event)).collect();
        if !events.is_empty() {
            field(&mut step, "e", &format!("[{}]", events.join(",")));
        }
        let printed: Vec<String> = moment
            .output
            .iter()
            .map(|(stream, text)| format!("[{},{}]", u8::from(*stream == Stream::Stderr), quote(text)))
            .collect();
        if !printed.is_empty() {
            field(&mut step, "p", &format!("[{}]", printed.join(",")));
        }
        if let Some(StopReason::Exception { type_name, message }) = &moment.reason {
            field(&mut step, "x", &quote(&format!("{type_name}: {message}")));
        }
        if let Some(StopReason::End { code }) = &moment.reason {
            field(&mut step, "z", &code.to_string());
        }
        step.push('}');
        self.steps.push(step);
    }

    /// Rows that are new or changed, the order of all if it is another one, and groups that are not as they were; one
    /// that is gone is its number alone.
    fn add_rows(&mut self, step: &mut String, rows: &[HeapRow]) {
        let mut changed = Vec::new();
        let mut order = Vec::new();
        let mut groups = BTreeMap::new();
        for row in rows {
            match row {
                HeapRow::Object(row) => {
                    order.push(row.label.number.to_string());
                    self.note(row, &mut changed);
                }
                HeapRow::Group(group) => {
                    let number = self.tables.texts.number(&group.type_name);
                    let number = i64::try_from(number).unwrap_or(i64::MAX);
                    groups.insert(number, format!("[{number},{},{}]", group.count, group.bytes));
                }
                HeapRow::Baseline { count, bytes, .. } => {
                    groups.insert(-1, format!("[-1,{count},{bytes}]"));
                }
            }
        }
        if !changed.is_empty() {
            field(step, "r", &format!("[{}]", changed.join(",")));
        }
        self.section(step, "o", format!("[{}]", order.join(",")));
        let gone = self.groups.keys().filter(|number| !groups.contains_key(number)).map(|n| format!("[{n}]"));
        let news =
            groups.iter().filter(|(n, text)| self.groups.get(n) != Some(text)).map(|(_, text)| text.clone());
        let different: Vec<String> = gone.chain(news).collect();
        if !different.is_empty() {
            field(step, "t", &format!("[{}]", different.join(",")));
        }
        self.groups = groups;
    }

    fn note(&mut self, row: &ObjectRow, changed: &mut Vec<String>) {
        let text = object(&mut self.tables.texts, row);
        if self.shown.get(&row.label.number) != Some(&text) {
            self.shown.insert(row.label.number, text.clone());
            changed.push(text);
        }
    }

    /// Writes a section that is not as it was.
    fn section(&mut self, step: &mut String, key: &'static str, text: String) {
        if self.last.get(key) != Some(&text) {
            field(step, key, &text);
            self.last.insert(key, text);
        }
    }

    /// The data that the page works on, as JSON.
    fn data(&self, title: &str) -> String {
        let mut out = String::new();
        let _ = write!(out, "{{\"title\":{},\"cut\":{},", quote(title), self.cut);
        self.tables.write(&mut out);
        out.push_str(",\"sources\":[");
        for (number, (name, text)) in self.sources.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            let _ = write!(out, "{comma}[{name},{}]", quote(text));
        }
        out.push_str("],\"steps\":[\n");
        for (number, step) in self.steps.iter().enumerate() {
            out.push_str(if number > 0 { ",\n" } else { "" });
            out.push_str(step);
        }
        out.push_str("\n]}");
        out
    }
}

/// Adds `"key":value` to an object under construction.
fn field(step: &mut String, key: &str, value: &str) {
    if step.len() > 1 {
        step.push(',');
    }
    let _ = write!(step, "\"{key}\":{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32) -> Moment {
        let location = Location { file: "a.py".into(), line, function: "<module>".into() };
        Moment { location: Some(location), depth: 1, ..Moment::default() }
    }

    #[test]
    fn a_step_holds_only_what_changed() {
        let mut recording = Recording::default();
        recording.add(&at(1));
        let mut second = at(2);
        second.output.push((Stream::Stdout, "hi </script>\n".to_owned()));
        recording.add(&second);
        recording.add(&at(2));
        assert_eq!(recording.len(), 3);
        assert!(recording.steps[0].contains("\"f\":[]"));
        assert_eq!(recording.steps[1], "{\"l\":[0,2,1,1],\"p\":[[0,\"hi \\u003c/script>\\n\"]]}");
        assert_eq!(recording.steps[2], "{}");
    }

    #[test]
    fn a_source_is_added_once() {
        let mut recording = Recording::default();
        recording.add(&at(1));
        assert!(!recording.knows_source("a.py"));
        recording.add_source("a.py", "x = 1\n");
        assert!(recording.knows_source("a.py"));
    }

    #[test]
    fn the_page_asks_for_nothing_from_outside() {
        let mut recording = Recording::default();
        recording.add(&at(1));
        let html = page(&recording, "a <b> & c");
        assert!(html.contains("a &lt;b&gt; &amp; c"));
        // The one address is a name: that of the SVG elements.
        let html = html.replace("http://www.w3.org/2000/svg", "");
        for outside in ["http:", "https:", "src=", "href=", "@import", "fetch(", "XMLHttpRequest"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}
