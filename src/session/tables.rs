//! Answers about the whole heap as lines of text: where the memory is, what grew, what is left.
use super::protocol::{GrowthReport, LeakGroup, LeakReport, Location, SizeRow, SizeTable, SizesBy};
use super::report::{ReportLine, Tone, path};

fn line(tone: Tone, text: impl Into<String>) -> ReportLine {
    ReportLine::new().with(tone, text)
}

/// `1 object`, `2 objects`.
pub fn objects(count: u64) -> String {
    if count == 1 { "1 object".to_owned() } else { format!("{count} objects") }
}

/// Bytes as people read them: `512 B`, `1.5 kB`, `20 MB`.
pub fn bytes(count: u64) -> String {
    let mut value = count as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 || unit == "GB" {
            return match unit {
                "B" => format!("{count} B"),
                _ if value < 10.0 => format!("{value:.1} {unit}"),
                _ => format!("{value:.0} {unit}"),
            };
        }
        value /= 1000.0;
    }
    format!("{count} B")
}

fn row(row: &SizeRow) -> ReportLine {
    ReportLine::new()
        .with(Tone::Number, format!("{:>9} ", bytes(row.bytes)))
        .with(Tone::Plain, format!("{:>9}  ", format!("x{}", row.count)))
        .with(Tone::Name, row.name.clone())
}

/// `:heap types`, `:heap owners`, `:heap lines`.
pub fn sizes(table: &SizeTable) -> Vec<ReportLine> {
    let heading = match table.by {
        SizesBy::Type => "type",
        SizesBy::Owner => "kept alive by this alone",
        SizesBy::Line => "made by this line",
    };
    let mut lines = vec![line(Tone::Strong, format!("{:>9} {:>9}  {heading}", "bytes", "objects"))];
    lines.extend(table.rows.iter().map(row));
    more(&mut lines, table.rows_total, table.rows.len(), "rows");
    lines.push(line(Tone::Plain, format!("{} live, {}", objects(table.objects), bytes(table.bytes))));
    lines
}

fn more(lines: &mut Vec<ReportLine>, total: u64, shown: usize, what: &str) {
    let shown = shown as u64;
    if total > shown {
        lines.push(line(Tone::Muted, format!("and {} more {what}", total - shown)));
    }
}

/// `:diff`.
pub fn growth(report: &GrowthReport) -> Vec<ReportLine> {
    if report.rows.is_empty() {
        return vec![line(Tone::Plain, "nothing came or went since the mark")];
    }
    let mut lines =
        vec![line(Tone::Strong, format!("{:>8} {:>8} {:>8} {:>10}  type", "new", "gone", "now", "bytes"))];
    for row in &report.rows {
        let grown = row.new > row.gone;
        lines.push(
            ReportLine::new()
                .with(
                    if grown { Tone::Number } else { Tone::Plain },
                    format!("{:>8} ", format!("+{}", row.new)),
                )
                .with(
                    Tone::Plain,
                    format!("{:>8} {:>8} {:>+10}  ", format!("-{}", row.gone), row.now, row.bytes),
                )
                .with(if row.user { Tone::Name } else { Tone::Type }, row.type_name.to_string()),
        );
    }
    more(&mut lines, report.rows_total, report.rows.len(), "types");
    if !report.lines.is_empty() {
        lines.push(line(Tone::Strong, "New, by the line that made it"));
        lines.extend(report.lines.iter().map(row));
    }
    lines.push(line(Tone::Plain, format!("{} new, {} gone", objects(report.new), objects(report.gone))));
    lines
}

/// `ouro leaks`. `what` says between which moments: `by a.py`, `between line 3 and line 9`.
pub fn leaks(report: &LeakReport, what: &str) -> Vec<ReportLine> {
    let mut lines = Vec::new();
    if report.groups.is_empty() {
        lines.push(line(Tone::Good, format!("nothing made {what} is left but what names keep")));
    } else {
        let text = format!("{} made {what} left alive, {}", objects(report.objects), bytes(report.bytes));
        lines.push(line(Tone::Strong, text));
    }
    for group in &report.groups {
        lines.push(ReportLine::new());
        lines.extend(leak(group));
    }
    if report.groups_total > report.groups.len() as u64 {
        lines.push(ReportLine::new());
    }
    more(&mut lines, report.groups_total, report.groups.len(), "groups");
    if report.imported > 0 {
        let text = format!(
            "not counted: what imports made, {}, {}",
            objects(report.imported),
            bytes(report.imported_bytes)
        );
        lines.push(line(Tone::Muted, text));
    }
    lines
}

fn place(location: &Location) -> String {
    match &*location.function {
        "<module>" => format!("{}:{}", location.file, location.line),
        function => format!("{}:{} in {function}", location.file, location.line),
    }
}

fn leak(group: &LeakGroup) -> Vec<ReportLine> {
    let mut head = ReportLine::new()
        .with(if group.user { Tone::Name } else { Tone::Type }, group.type_name.to_string())
        .with(Tone::Number, format!(" x{}", group.count));
    if let Some(location) = &group.location {
        head = head.with(Tone::Plain, format!("  made at {}", place(location)));
    }
    let inside = group.retained - group.bytes.min(group.retained);
    let size = match inside {
        0 => format!("  {}", bytes(group.bytes)),
        inside => format!("  {} and {} inside", bytes(group.bytes), bytes(inside)),
    };
    let mut lines = vec![head.with(Tone::Muted, size)];
    if group.unreachable {
        let text = "  nothing leads to them: garbage that waits for the collector";
        lines.push(line(Tone::Bad, text).with(Tone::Muted, format!("  {} {}", group.example, group.repr)));
    } else {
        let way = path(&group.path);
        lines.extend(way.into_iter().skip(1).map(|step| {
            let mut shown = line(Tone::Muted, "  kept by");
            shown.spans.extend(step.spans.into_iter().map(|(tone, text)| (tone, text.replace("\n", " "))));
            shown
        }));
    }
    lines
}
