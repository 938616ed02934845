//! Answers as lines of text, each stretch with a tone: one wording for line mode and the full screen.
use super::protocol::{
    AuditReport, CollectionReport, DisListing, Edge, GcState, Generation, HeapRow, HeapUpdate, HolderList,
    Location, ObjectDetails, PathStep, RowDelta, Trigger, WhyReport,
};

/// What a stretch of a report means; front ends choose how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Muted,
    Strong,
    Name,
    Type,
    Number,
    Good,
    Bad,
}

/// One line of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportLine {
    pub spans: Vec<(Tone, String)>,
}

impl ReportLine {
    /// An empty line.
    pub fn new() -> ReportLine {
        ReportLine::default()
    }

    /// Adds a stretch.
    pub fn with(mut self, tone: Tone, text: impl Into<String>) -> ReportLine {
        self.spans.push((tone, text.into()));
        self
    }

    /// The text without tones.
    pub fn text(&self) -> String {
        self.spans.iter().map(|(_, text)| text.as_str()).collect()
    }
}

fn plain(text: impl Into<String>) -> ReportLine {
    ReportLine::new().with(Tone::Plain, text)
}

fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// `0`, `1`, `2`, `-` (untracked), `.` (atomic), `P` (permanent).
pub fn generation_mark(generation: Generation) -> &'static str {
    match generation {
        Generation::Tracked(0) => "0",
        Generation::Tracked(1) => "1",
        Generation::Tracked(_) => "2",
        Generation::Untracked => "-",
        Generation::Atomic => ".",
        Generation::Permanent => "P",
    }
}

/// A generation in words.
pub fn generation_words(generation: Generation) -> &'static str {
    match generation {
        Generation::Tracked(0) => "generation 0",
        Generation::Tracked(1) => "generation 1",
        Generation::Tracked(_) => "generation 2",
        Generation::Untracked => "untracked",
        Generation::Atomic => "never tracked",
        Generation::Permanent => "permanent",
    }
}

/// `gc.collect(2): 4 unreachable, 4 collected, 0 uncollectable`.
pub fn collection(report: &CollectionReport) -> String {
    let who = match report.trigger {
        Trigger::Threshold => format!("gc({})", report.generation),
        Trigger::Explicit => format!("gc.collect({})", report.generation),
        Trigger::Exit => "gc at exit".to_owned(),
    };
    format!(
        "{who}: {} unreachable, {} collected, {} uncollectable",
        report.unreachable, report.collected, report.uncollectable
    )
}

/// `:gc`.
pub fn gc(state: &GcState) -> Vec<ReportLine> {
    let mut lines = Vec::new();
    let on = if state.enabled { (Tone::Good, "enabled") } else { (Tone::Bad, "disabled") };
    let mut first = plain("automatic collection ").with(on.0, on.1);
    if state.debug != 0 {
        first = first.with(Tone::Plain, format!(", debug flags {}", state.debug));
    }
    lines.push(first);
    let rows = state.counts.iter().zip(&state.thresholds).zip(&state.stats).zip(&state.tracked);
    for (generation, (((counter, threshold), stats), tracked)) in rows.enumerate() {
        lines.push(
            ReportLine::new()
                .with(Tone::Strong, format!("generation {generation}  "))
                .with(Tone::Number, format!("{counter:>5}"))
                .with(Tone::Plain, format!(" of {threshold:<5} "))
                .with(
                    Tone::Muted,
                    format!(
                        "{}, {} collected, {} uncollectable, {} tracked",
                        count(stats.collections, "run", "runs"),
                        stats.collected,
                        stats.uncollectable,
                        tracked
                    ),
                ),
        );
    }
    lines.push(plain(format!(
        "long-lived: {} pending, {} in all; a full collection waits for pending > all / 4",
        state.long_lived_pending, state.long_lived_total
    )));
    if state.frozen > 0 {
        lines.push(plain(format!("frozen: {}", count(state.frozen, "object", "objects"))));
    }
    let mut garbage = plain(format!("gc.garbage: {}", count(state.garbage_len, "object", "objects")));
    for label in &state.garbage {
        garbage = garbage.with(Tone::Type, format!("  {label}"));
    }
    lines.push(garbage);
    if let Some(last) = &state.last {
        lines.push(plain(format!("last {}", collection(last))));
    }
    if let Some(asked) = state.last_explicit.as_ref().filter(|l| state.last.as_ref() != Some(l)) {
        lines.push(plain(format!("last asked for: {}", collection(asked))));
    }
    lines
}

/// `:refs x`.
pub fn holders(list: &HolderList) -> Vec<ReportLine> {
    let mut lines = vec![
        ReportLine::new()
            .with(Tone::Type, list.object.to_string())
            .with(Tone::Plain, " has ")
            .with(Tone::Number, count(list.refcount, "reference", "references"))
            .with(Tone::Muted, format!("  (id {:#x})", list.object.id)),
    ];
    for holder in &list.holders {
        let line = plain("  held by ").with(Tone::Name, holder.description.clone());
        lines.push(match &holder.object {
            Some(label) if !holder.description.contains(&label.to_string()) => {
                line.with(Tone::Muted, format!("  {label}"))
            }
            _ => line,
        });
    }
    let shown = list.holders.len() as u64;
    if list.total > shown {
        lines.push(plain(format!("  and {} more", list.total - shown)));
    }
    if list.unexplained != 0 {
        lines.push(ReportLine::new().with(Tone::Bad, format!("  {} not explained", list.unexplained)));
    }
    lines
}

/// `:why x`.
pub fn why(report: &WhyReport) -> Vec<ReportLine> {
    let mut lines = holders(&report.holders);
    if let Some(first) = lines.first_mut() {
        first.spans.insert(1, (Tone::Muted, format!("  {} ", report.repr)));
    }
    if let Some(place) = &report.created {
        lines.push(plain(format!("  made by line {} of {}", place.line, place_name(place))));
    }
    lines.extend(path(&report.path));
    lines.extend(notes(&report.notes));
    lines
}

fn place_name(place: &Location) -> String {
    match &*place.function {
        "<module>" => place.file.to_string(),
        function => format!("{}, in {function}", place.file),
    }
}

/// The way from a root.
pub fn path(steps: &[PathStep]) -> Vec<ReportLine> {
    if steps.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![ReportLine::new().with(Tone::Strong, "Kept alive by")];
    for step in steps {
        if step.left_out > 0 {
            lines.push(ReportLine::new().with(Tone::Muted, format!("  … {} more steps …", step.left_out)));
            continue;
        }
        let mut line = plain("  ").with(Tone::Name, step.text.clone());
        if let Some(object) = &step.object {
            line = line.with(Tone::Type, format!("  {object}"));
        }
        lines.push(line);
    }
    lines
}

/// `:mark`.
pub fn marked(objects: u64) -> Vec<ReportLine> {
    vec![plain(format!(
        "marked {}; ':diff' shows what came and went since",
        count(objects, "live object", "live objects")
    ))]
}

/// Sentences.
pub fn notes(notes: &[String]) -> Vec<ReportLine> {
    if notes.is_empty() {
        return Vec::new();
    }
    let heading = ReportLine::new().with(Tone::Strong, "Worth knowing");
    std::iter::once(heading).chain(notes.iter().map(|note| plain(format!("  {note}")))).collect()
}

/// Everything about one object.
pub fn details(details: &ObjectDetails) -> Vec<ReportLine> {
    let row = &details.row;
    let fact = |name: &str, value: String| {
        ReportLine::new().with(Tone::Muted, format!("{name:<12}")).with(Tone::Plain, value)
    };
    let mut lines = vec![
        ReportLine::new()
            .with(Tone::Type, row.label.to_string())
            .with(Tone::Muted, format!("  id {:#x}", row.label.id)),
        fact("value", row.repr.clone()),
        fact("references", row.refcount.to_string()),
        fact("generation", generation_words(row.generation).to_owned()),
        fact("size", format!("{} bytes", row.size)),
    ];
    if details.real_size != row.size {
        lines.push(fact("really", format!("{} bytes", details.real_size)));
    }
    if let Some(place) = &details.created {
        lines.push(fact("created", format!("{}:{} in {}", place.file, place.line, place.function)));
    }
    lines.extend(details.facts.iter().map(|(name, value)| fact(name, value.clone())));
    lines.push(ReportLine::new());
    lines.push(ReportLine::new().with(Tone::Strong, format!("Held by ({})", details.holders.total)));
    lines.extend(holders(&details.holders).into_iter().skip(1));
    lines.push(ReportLine::new());
    lines.extend(path(&details.path));
    lines.extend(notes(&details.notes));
    lines.push(ReportLine::new());
    lines.push(ReportLine::new().with(Tone::Strong, format!("Refers to ({})", details.referents_total)));
    lines.extend(details.referents.iter().map(edge));
    let shown = details.referents.len() as u64;
    if details.referents_total > shown {
        lines.push(plain(format!("  and {} more", details.referents_total - shown)));
    }
    lines
}

fn edge(edge: &Edge) -> ReportLine {
    plain("  ")
        .with(Tone::Name, edge.path.clone())
        .with(Tone::Plain, "  ")
        .with(Tone::Type, edge.object.to_string())
        .with(Tone::Muted, format!("  {}", edge.repr))
}

/// `:heap`.
pub fn heap(update: &HeapUpdate) -> Vec<ReportLine> {
    let mut lines = vec![ReportLine::new().with(
        Tone::Strong,
        format!("{:<12} {:<20} {:>6} {:>3} {:>10}", "name", "object", "refs", "gen", "bytes"),
    )];
    for delta in &update.rows {
        let RowDelta::Row(row) = delta else { continue };
        lines.push(match row {
            HeapRow::Object(row) => {
                let names: Vec<&str> = row.names.iter().map(|n| n.name.as_ref()).collect();
                ReportLine::new()
                    .with(Tone::Name, format!("{:<12} ", names.join(",")))
                    .with(Tone::Type, format!("{:<20} ", row.label.to_string()))
                    .with(Tone::Number, format!("{:>6} ", row.refcount))
                    .with(Tone::Plain, format!("{:>3} {:>10}", generation_mark(row.generation), row.size))
                    .with(Tone::Muted, format!("  {}", row.repr))
            }
            HeapRow::Group(row) => plain(format!("{:<12} ", ""))
                .with(Tone::Type, format!("{:<20} ", row.type_name))
                .with(Tone::Plain, format!("{:>6} {:>3} {:>10}", format!("x{}", row.count), "", row.bytes)),
            HeapRow::Baseline { count: number, bytes, .. } => ReportLine::new().with(
                Tone::Muted,
                format!(
                    "{:<12} {:<20} {:>6} {:>3} {:>10}",
                    "",
                    "before your first line",
                    format!("x{number}"),
                    "",
                    bytes
                ),
            ),
        });
    }
    let shown = update.rows.len();
    if update.total > shown {
        lines.push(plain(format!("and {} more rows", update.total - shown)));
    }
    lines.push(plain(format!("{} live objects, {} bytes", update.live_objects, update.live_bytes)));
    lines
}

/// `:dis f`.
pub fn dis(listing: &DisListing) -> Vec<ReportLine> {
    let mut lines = vec![ReportLine::new().with(Tone::Strong, listing.title.clone())];
    for row in &listing.rows {
        let line = row.line.map_or(String::new(), |l| l.to_string());
        let marks = format!(
            "{}{}",
            if row.current { "-->" } else { "   " },
            if row.jump_target { " >>" } else { "   " }
        );
        let argument = row.argument.map_or(String::new(), |a| a.to_string());
        let mut out = ReportLine::new()
            .with(Tone::Number, format!("{line:>4} "))
            .with(Tone::Plain, format!("{marks} {:>5} ", row.offset))
            .with(Tone::Name, format!("{:<24}", row.name))
            .with(Tone::Plain, format!("{argument:>6}"));
        if !row.meaning.is_empty() {
            out = out.with(Tone::Muted, format!(" ({})", row.meaning));
        }
        lines.push(out);
    }
    lines
}

/// `:audit`.
pub fn audit(report: &AuditReport) -> Vec<ReportLine> {
    if report.differences_total == 0 {
        let text = format!("{}: every count has its holders", count(report.objects, "object", "objects"));
        return vec![ReportLine::new().with(Tone::Good, text)];
    }
    let text = format!("{} of {} differ from their holders", report.differences_total, report.objects);
    let mut lines = vec![ReportLine::new().with(Tone::Bad, text)];
    lines.extend(report.differences.iter().flat_map(holders));
    lines
}
