//! The same script in both eras: what it prints and what the collector does, side by side, and why they differ.
use std::collections::BTreeSet;

use super::arguments::{Era, Invocation};
use super::questions::{Asked, Stop};
use super::script::Script;
use crate::session::protocol::{CollectionReport, MemoryEventKind};
use crate::session::report::{self, ReportLine, Tone};

/// Characters of a column.
const WIDTH: usize = 46;
/// Lines that are matched with each other at most; longer outputs are compared line by line.
const MATCHED: usize = 3000;

/// One run.
struct Run {
    output: Vec<String>,
    /// The line that ran, and what the collector did; runs in which nothing was found are left out.
    collections: Vec<(u32, CollectionReport)>,
    status: i32,
}

/// Runs the script twice. Gives what to show, and whether both did the same.
///
/// # Errors
/// A sentence for the user.
pub fn compare(invocation: &Invocation, asked: &Asked) -> Result<(Vec<ReportLine>, bool), String> {
    let run = |era: Era| -> Result<Run, String> {
        let invocation = Invocation { era, ..invocation.clone() };
        let mut script = Script::start_kept(&invocation, asked)?;
        script.run_to(Stop::End)?;
        let status = script.status().unwrap_or(0);
        let kept = script.finish();
        let collections = kept.events.into_iter().filter_map(|event| match event.kind {
            MemoryEventKind::Collected(report) if report.unreachable > 0 => {
                Some((event.location.map_or(0, |place| place.line), report))
            }
            _ => None,
        });
        Ok(Run {
            output: kept.output.lines().map(str::to_owned).collect(),
            collections: collections.collect(),
            status,
        })
    };
    let (modern, classic) = (run(Era::Modern)?, run(Era::Classic)?);
    let mut lines = vec![side_by_side(Tone::Strong, "Python 3.11", "Python 2.7", true)];
    let mut reasons = BTreeSet::new();
    let mut same = modern.status == classic.status;
    for (left, right) in matched(&modern.output, &classic.output) {
        let equal = left == right;
        same &= equal;
        let tone = if equal { Tone::Plain } else { Tone::Name };
        lines.push(side_by_side(tone, left.map_or("", |l| l), right.map_or("", |r| r), equal));
        if !equal {
            reasons.extend(reason(left, right, &modern, &classic));
        }
    }
    if !modern.collections.is_empty() || !classic.collections.is_empty() {
        lines.push(ReportLine::new());
        lines.push(ReportLine::new().with(Tone::Strong, "What the collector found"));
        let text =
            |(line, report): &(u32, CollectionReport)| format!("line {line}: {}", report::collection(report));
        let left: Vec<String> = modern.collections.iter().map(text).collect();
        let right: Vec<String> = classic.collections.iter().map(text).collect();
        for row in 0..left.len().max(right.len()) {
            let (left, right) = (left.get(row), right.get(row));
            let equal = left == right;
            same &= equal;
            let tone = if equal { Tone::Plain } else { Tone::Name };
            lines.push(side_by_side(tone, left.map_or("", |l| l), right.map_or("", |r| r), equal));
        }
        let found = |run: &Run| run.collections.iter().map(|(_, report)| report.unreachable).sum::<u64>();
        if found(&classic) > found(&modern) {
            reasons.insert(INSTANCE_DICTS);
        }
        if classic.collections.iter().any(|(_, report)| report.uncollectable > 0) {
            reasons.insert(UNCOLLECTABLE);
        }
    }
    if modern.status != classic.status {
        let (left, right) =
            (format!("exit status {}", modern.status), format!("exit status {}", classic.status));
        lines.push(side_by_side(Tone::Name, &left, &right, false));
    }
    lines.push(ReportLine::new());
    if same {
        lines.push(ReportLine::new().with(Tone::Good, "both eras do the same"));
    } else if reasons.is_empty() {
        lines.push(ReportLine::new().with(Tone::Muted, "why they differ is not known to ouro"));
    } else {
        lines.push(ReportLine::new().with(Tone::Strong, "Why they differ"));
        lines.extend(
            reasons.into_iter().map(|reason| ReportLine::new().with(Tone::Plain, format!("  {reason}"))),
        );
    }
    Ok((lines, same))
}

fn side_by_side(tone: Tone, left: &str, right: &str, equal: bool) -> ReportLine {
    let cut = |text: &str| match text.char_indices().nth(WIDTH) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    };
    let mark = if equal { "  " } else { "! " };
    ReportLine::new()
        .with(Tone::Bad, mark)
        .with(tone, format!("{:<1$}", cut(left), WIDTH + 1))
        .with(Tone::Muted, " │ ")
        .with(tone, cut(right))
}

/// Lines of both outputs beside each other: in order if there are as many, else equal ones matched, what lies between them paired in order.
fn matched<'a>(left: &'a [String], right: &'a [String]) -> Vec<(Option<&'a String>, Option<&'a String>)> {
    let mut pairs = Vec::new();
    let fill = |from: (usize, usize), to: (usize, usize), pairs: &mut Vec<_>| {
        for step in 0..(to.0 - from.0).max(to.1 - from.1) {
            let (l, r) = (from.0 + step, from.1 + step);
            pairs.push((left.get(l).filter(|_| l < to.0), right.get(r).filter(|_| r < to.1)));
        }
    };
    let mut at = (0, 0);
    // As many lines in both: each differs in itself, none was left out.
    if left.len() != right.len() && left.len() <= MATCHED && right.len() <= MATCHED {
        // How long the longest common part of what follows is.
        let mut common = vec![vec![0u16; right.len() + 1]; left.len() + 1];
        for l in (0..left.len()).rev() {
            for r in (0..right.len()).rev() {
                common[l][r] = match left[l] == right[r] {
                    true => common[l + 1][r + 1] + 1,
                    false => common[l + 1][r].max(common[l][r + 1]),
                };
            }
        }
        let (mut l, mut r) = (0, 0);
        while l < left.len() && r < right.len() {
            if left[l] == right[r] {
                fill(at, (l, r), &mut pairs);
                pairs.push((left.get(l), right.get(r)));
                (l, r) = (l + 1, r + 1);
                at = (l, r);
            } else if common[l + 1][r] >= common[l][r + 1] {
                l += 1;
            } else {
                r += 1;
            }
        }
    }
    fill(at, (left.len(), right.len()), &mut pairs);
    pairs
}

const INSTANCE_DICTS: &str = "An instance in 2.7 keeps its attributes in a dict of its own, which the collector counts as a second object; \
     in 3.11 they lie in the instance until its __dict__ is asked for.";
const UNCOLLECTABLE: &str = "A cycle with a __del__ method is not collected in 2.7: it is put into gc.garbage. Since 3.4 the finalizer runs and \
     the cycle is freed.";
const ARGUMENTS: &str = "A call in 2.7 copies its arguments: the caller's value stack holds them beside the callee's locals until it returns. \
     3.11 hands its references over.";
const DIVISION: &str = "In 2.7 the / of two integers gives an integer.";
const PRINT: &str = "In 2.7 print is a statement: several values in parentheses are a tuple.";
const OLD_STYLE: &str =
    "A class without a base is an old-style class in 2.7: its instances are shown as <... instance at ...>.";
const TYPES: &str = "2.7 shows built-in types as <type '...'>.";
const SYNTAX: &str =
    "The script is not written for both: what one era cannot read it reports as a SyntaxError.";
const HEX: &str = "Addresses differ between the eras.";

/// Why two lines differ, as far as their look tells.
fn reason(
    left: Option<&String>,
    right: Option<&String>,
    modern: &Run,
    classic: &Run,
) -> Option<&'static str> {
    let (left, right) = (left.map_or("", |l| l), right.map_or("", |r| r));
    if left.contains("SyntaxError") || right.contains("SyntaxError") {
        return Some(SYNTAX);
    }
    if right.contains(" instance at 0x") {
        return Some(OLD_STYLE);
    }
    if right.contains("<type '") && left.contains("<class '") {
        return Some(TYPES);
    }
    if right.starts_with('(') && right.ends_with(')') && !left.starts_with('(') {
        return Some(PRINT);
    }
    let (a, b) = numbers(left, right)?;
    if a.contains('.') && !b.contains('.') {
        return Some(DIVISION);
    }
    let (a, b): (u64, u64) = (a.parse().ok()?, b.parse().ok()?);
    let found =
        |run: &Run, number: u64| run.collections.iter().any(|(_, report)| report.unreachable == number);
    if found(modern, a) && found(classic, b) {
        return Some(INSTANCE_DICTS);
    }
    if left.contains("0x") {
        return Some(HEX);
    }
    (b == a + 1 || b == a + 2).then_some(ARGUMENTS)
}

/// The first numbers in which two lines that are else alike differ.
fn numbers<'a>(left: &'a str, right: &'a str) -> Option<(&'a str, &'a str)> {
    let words = |text: &'a str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'))
            .filter(|word| !word.is_empty())
    };
    words(left).zip(words(right)).find(|(a, b)| a != b).filter(|(a, b)| {
        a.starts_with(|c: char| c.is_ascii_digit()) && b.starts_with(|c: char| c.is_ascii_digit())
    })
}
