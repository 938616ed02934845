//! `ouro audit FILE`: runs a script and checks at each line, or before each instruction, that every count of every
//! object on the heap is explained by holders that can be named.
//!
//! The program prints what it prints without the audit; what the audit has to say goes to standard error, or into a
//! file. From the first object that does not agree on, nothing is checked any more: one mistake makes others.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::rc::Rc;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::arguments::Invocation;
use super::engine;
use crate::inspect::audit::audit;
use crate::inspect::left::left_alive;
use crate::inspect::numbers::Numbers;
use crate::inspect::origin::is_users_frame;
use crate::inspect::short::short;
use crate::memory::look::stand_still;
use crate::session::engine::Companion;
use crate::session::protocol::{HolderList, Program};
use crate::vm::Ctx;
use crate::vm::frame::Frame;
use crate::vm::look::clear_signal;
use crate::vm::observe::{Observer, Verdict};
use crate::vm::state::{raise_signal, signal};

/// Every count was explained.
const CLEAN: i32 = 0;
/// One was not.
const MISMATCH: i32 = 1;
/// The report could not be written.
const FAILURE: i32 = 2;

/// When the heap is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    #[default]
    Line,
    Instruction,
}

impl ValueEnum for Every {
    fn value_variants<'a>() -> &'a [Self] {
        &[Every::Line, Every::Instruction]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Every::Line => "line",
            Every::Instruction => "instruction",
        }))
    }
}

/// What `ouro audit` was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub every: Every,
    /// Check one in this many stops; which one in each row of so many changes from row to row.
    pub sample: u64,
    /// Check at the same place so often; from then on less and less often. 0: each time.
    pub thin: u64,
    /// Write JSON instead of text.
    pub json: bool,
    /// Write the report there instead of to standard error.
    pub output: Option<String>,
}

/// Where a check was made.
#[derive(Clone, Debug)]
struct Stop {
    file: String,
    line: u32,
    function: String,
}

/// What has been found so far.
#[derive(Debug, Default)]
struct Findings {
    stops: u64,
    /// Of all checks together.
    objects: u64,
    holders: u64,
    in_native_code: u64,
    first: Option<(Stop, HolderList)>,
    /// Objects in the same check that do not agree either.
    others: u64,
    /// What is left after shutdown, by reason, and what has none.
    kept: Vec<(String, u64)>,
    leaked: Vec<String>,
    status: i32,
}

/// A frame on the way, and the line that it is on.
struct Level {
    frame: usize,
    line: i32,
    offset: i32,
}

struct Auditor {
    wish: Wish,
    findings: Rc<RefCell<Findings>>,
    levels: Vec<Level>,
    /// How often the program came by each place: a code object's address and an offset.
    visits: HashMap<(usize, i32), u64>,
    /// Stops until the next check.
    left: u64,
    row: u64,
}

impl Auditor {
    fn begins_line(&mut self, frame: &Frame, line: i32) -> bool {
        let address = std::ptr::from_ref(frame).addr();
        let offset = frame.lasti() + 2;
        match self.levels.last_mut().filter(|level| level.frame == address) {
            Some(level) => {
                let begins = level.line != line || offset <= level.offset;
                (level.line, level.offset) = (line, offset);
                begins
            }
            None => {
                self.levels.push(Level { frame: address, line, offset });
                true
            }
        }
    }

    /// Whether this stop is one of those to check.
    fn is_chosen(&mut self, frame: &Frame) -> bool {
        if self.wish.thin > 0 {
            let visits = self.visits.entry((frame.code.addr(), frame.lasti())).or_default();
            *visits += 1;
            if *visits > self.wish.thin && !visits.is_power_of_two() {
                return false;
            }
        }
        self.is_in_sample()
    }

    /// Whether this stop is one of the sample.
    fn is_in_sample(&mut self) -> bool {
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        let every = self.wish.sample.max(1);
        // The last stop's place in its row, and the next one's, which lies anywhere in the next row.
        let place = |row: u64| row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 0xffff_ffff;
        let (here, next) = (place(self.row) % every, place(self.row + 1) % every);
        self.row += 1;
        self.left = every - 1 - here + next;
        true
    }
}

impl Observer for Auditor {
    fn at_instruction(&mut self, cx: Ctx, frame: &Frame) -> Verdict {
        let Some(line) = frame.next_line() else { return Verdict::Continue };
        let begins = self.begins_line(frame, line);
        if (self.wish.every == Every::Line && (!begins || frame.is_incomplete()))
            || !is_users_frame(cx, frame)
        {
            return Verdict::Continue;
        }
        if self.findings.borrow().first.is_none() && self.is_chosen(frame) {
            let stop = Stop {
                file: frame.code().filename.to_string_lossy(),
                line: u32::try_from(line).unwrap_or(0),
                function: frame.code().qualname.to_string_lossy(),
            };
            check(cx, &mut self.findings.borrow_mut(), || stop);
        }
        Verdict::Continue
    }

    fn entered(&mut self, _: Ctx, frame: &Frame) {
        self.levels.push(Level { frame: std::ptr::from_ref(frame).addr(), line: -1, offset: i32::MAX });
    }

    fn left(&mut self, _: Ctx, frame: &Frame) {
        let address = std::ptr::from_ref(frame).addr();
        if let Some(place) = self.levels.iter().rposition(|level| level.frame == address) {
            self.levels.truncate(place);
        }
    }

    fn poll(&mut self, _: Ctx) -> Verdict {
        Verdict::Continue
    }
}

/// Checks the whole heap.
fn check(cx: Ctx, findings: &mut Findings, stop: impl FnOnce() -> Stop) {
    let mut report = stand_still(|still| audit(cx, still, &mut Numbers::default()));
    findings.stops += 1;
    findings.objects += report.objects;
    findings.holders += report.holders;
    findings.in_native_code += report.in_native_code;
    if !report.differences.is_empty() {
        findings.first = Some((stop(), report.differences.swap_remove(0)));
        findings.others = report.differences_total - 1;
    }
}

/// Looks at a program from its first line until nothing of it is left.
struct Audit {
    wish: Wish,
    findings: Rc<RefCell<Findings>>,
}

impl Companion for Audit {
    fn begin(&self, cx: Ctx) {
        let left = self.wish.sample.saturating_sub(1) / 2;
        let auditor = Auditor {
            wish: self.wish.clone(),
            findings: self.findings.clone(),
            levels: Vec::new(),
            visits: HashMap::new(),
            left,
            row: 0,
        };
        *cx.vm().observer.borrow_mut() = Some(Box::new(auditor));
        raise_signal(signal::TRACE);
    }

    fn ended(&self, cx: Ctx, code: i32) {
        let mut findings = self.findings.borrow_mut();
        findings.status = code;
        if findings.first.is_none() {
            let end = || Stop { file: String::new(), line: 0, function: "the end of the program".to_owned() };
            check(cx, &mut findings, end);
        }
    }

    fn shut_down(&self, cx: Ctx) {
        clear_signal(signal::TRACE);
        let mut findings = self.findings.borrow_mut();
        stand_still(|still| {
            let left = left_alive(cx, still);
            findings.leaked = left
                .without_reason
                .iter()
                .map(|object| {
                    format!(
                        "{} at {:#x}: {}",
                        object.ty().name_text(),
                        object.address(),
                        short(still, object)
                    )
                })
                .collect();
            findings.kept = left.kept.into_iter().collect();
        });
        if findings.first.is_none() {
            check(cx, &mut findings, || Stop {
                file: String::new(),
                line: 0,
                function: "what is left after shutdown".to_owned(),
            });
        }
    }
}

/// Runs a script under audit; the exit status of the command.
pub fn run(invocation: &Invocation, program: &Program, wish: &Wish) -> i32 {
    let make = {
        let wish = wish.clone();
        move || Audit { wish, findings: Rc::default() }
    };
    let json = wish.json;
    let outcome = engine::run_with(invocation, program, make, move |audit, code| {
        let mut findings = audit.findings.borrow_mut();
        findings.status = code;
        let status = if findings.first.is_none() && findings.leaked.is_empty() { CLEAN } else { MISMATCH };
        (status, if json { as_json(&findings) } else { as_text(&findings) })
    });
    let (status, report) = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            eprintln!("ouro: {error}");
            return FAILURE;
        }
    };
    match &wish.output {
        None => eprint!("{report}"),
        Some(path) => {
            if let Err(error) = std::fs::write(path, report) {
                eprintln!("ouro: {path}: {error}");
                return FAILURE;
            }
        }
    }
    status
}

fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn place(stop: &Stop) -> String {
    if stop.line == 0 {
        return stop.function.clone();
    }
    format!("{}:{} in {}", stop.file, stop.line, stop.function)
}

fn as_text(findings: &Findings) -> String {
    let mut text = String::new();
    if let Some((stop, object)) = &findings.first {
        let _ = writeln!(text, "audit: {}: a count is not explained", place(stop));
        let _ = writeln!(
            text,
            "  {} at {:#x} has {}; known holders: {}",
            object.object,
            object.object.id,
            plural(object.refcount, "reference"),
            object.total
        );
        for holder in &object.holders {
            let _ = writeln!(text, "    {}", holder.description);
        }
        let unlisted = object.total.saturating_sub(object.holders.len() as u64);
        if unlisted > 0 {
            let _ = writeln!(text, "    and {unlisted} more");
        }
        let _ = match object.unexplained {
            missing @ 1.. => writeln!(text, "  missing: {}", plural(missing.unsigned_abs(), "holder")),
            surplus => writeln!(text, "  too many: {}", plural(surplus.unsigned_abs(), "holder")),
        };
        if findings.others > 0 {
            let _ = writeln!(text, "  {} do not agree either", plural(findings.others, "other object"));
        }
    }
    for leaked in findings.leaked.iter().take(20) {
        let _ = writeln!(text, "audit: left after shutdown, and nothing holds it: {leaked}");
    }
    let left: u64 = findings.kept.iter().map(|(_, count)| count).sum();
    let verdict = if findings.first.is_some() {
        "a count is not explained"
    } else if !findings.leaked.is_empty() {
        "every count is explained, but something was left behind"
    } else {
        "every count is explained"
    };
    let _ = writeln!(
        text,
        "audit: {verdict}: {}, {}, {} (of them {} by native code at work); {left} objects live as long as the interpreter",
        plural(findings.stops, "stop"),
        plural(findings.objects, "object"),
        plural(findings.holders, "holder"),
        findings.in_native_code,
    );
    text
}

/// Text as JSON has it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn as_json(findings: &Findings) -> String {
    let list = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>().join(", ");
    let mismatch = match &findings.first {
        None => "null".to_owned(),
        Some((stop, object)) => format!(
            "{{\"file\": {}, \"line\": {}, \"function\": {}, \"object\": {}, \"id\": {}, \"refcount\": {}, \
             \"named\": {}, \"missing\": {}, \"holders\": [{}], \"other_objects\": {}}}",
            quoted(&stop.file),
            stop.line,
            quoted(&stop.function),
            quoted(&object.object.to_string()),
            object.object.id,
            object.refcount,
            object.total,
            object.unexplained,
            list(&mut object.holders.iter().map(|holder| quoted(&holder.description))),
            findings.others,
        ),
    };
    format!(
        "{{\"clean\": {}, \"stops\": {}, \"objects\": {}, \"holders\": {}, \"in_native_code\": {}, \"status\": {}, \
         \"mismatch\": {mismatch}, \"left\": {{{}}}, \"leaked\": [{}]}}\n",
        findings.first.is_none() && findings.leaked.is_empty(),
        findings.stops,
        findings.objects,
        findings.holders,
        findings.in_native_code,
        findings.status,
        list(&mut findings.kept.iter().map(|(reason, count)| format!("{}: {count}", quoted(reason)))),
        list(&mut findings.leaked.iter().map(|leaked| quoted(leaked))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_takes_one_stop_of_each_row() {
        let wish = Wish { sample: 7, ..Wish::default() };
        let mut auditor = Auditor {
            wish,
            findings: Rc::default(),
            levels: Vec::new(),
            visits: HashMap::new(),
            left: 3,
            row: 0,
        };
        let chosen: Vec<usize> = (0..700).filter(|_| auditor.is_in_sample()).collect();
        assert!((95..=105).contains(&chosen.len()), "{}", chosen.len());
        let mut phases: Vec<usize> = chosen.iter().map(|stop| stop % 7).collect();
        phases.sort_unstable();
        phases.dedup();
        assert_eq!(phases.len(), 7);
    }

    #[test]
    fn text_is_quoted() {
        assert_eq!(quoted("a\"b\\c\n\u{1}"), "\"a\\\"b\\\\c\\n\\u0001\"");
    }
}
