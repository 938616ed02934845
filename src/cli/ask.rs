//! Questions about a script, answered on standard output: `ouro why`, `leaks`, `graph`, `snapshot`.
use std::io::{self, Write};
use std::path::Path;

use super::arguments::Invocation;
use super::compare;
use super::launch::complain;
use super::questions::{Asked, Question, Stop};
use super::script::Script;
use crate::repl::commands::text_of;
use crate::repl::style::Painter;
use crate::session::json::Json;
use crate::session::protocol::{Answer, ObjectGraph, Query, Subject};
use crate::session::report::{self, ReportLine};
use crate::session::{picture, tables};

/// Exit status when the question could not be answered.
const NO_ANSWER: i32 = 2;

/// Runs the script to where it is asked about, and answers; the exit status.
pub fn answer(invocation: &Invocation, asked: &Asked) -> i32 {
    match try_answer(invocation, asked) {
        Ok(status) => status,
        Err(message) => {
            complain(&message);
            NO_ANSWER
        }
    }
}

fn try_answer(invocation: &Invocation, asked: &Asked) -> Result<i32, String> {
    match &asked.question {
        Question::Why { stop, expression } => {
            let mut script = Script::start(invocation, asked)?;
            script.run_to(*stop)?;
            let answer = script.ask(Query::Why(Subject::Expression(expression.clone())));
            let Answer::Why(report) = answer.map_err(|reason| at_stop(*stop, &reason))? else {
                return Err(UNEXPECTED.to_owned());
            };
            if asked.json {
                print(&format!("{}\n", Json::from(&*report)));
            } else {
                print_lines(&report::why(&report), invocation);
            }
            script.finish();
            Ok(0)
        }
        Question::Leaks { from, to, least, type_name } => {
            leaks(invocation, asked, (*from, *to), *least, type_name.as_deref())
        }
        Question::Graph { stop, expression, depth } => {
            let form = asked.output.as_deref().map(picture_form).transpose()?;
            let mut script = Script::start(invocation, asked)?;
            script.run_to(*stop)?;
            let subject = Subject::Expression(expression.clone());
            let answer = script.ask(Query::Graph { subject, depth: *depth });
            let Answer::Graph(graph) = answer.map_err(|reason| at_stop(*stop, &reason))? else {
                return Err(UNEXPECTED.to_owned());
            };
            match (&asked.output, form) {
                (Some(path), Some(form)) => {
                    let shown = path.display();
                    std::fs::write(path, form(&graph))
                        .map_err(|error| format!("'{shown}' cannot be written: {error}"))?;
                    print(&format!("{shown}: {}\n", tables::objects(graph.nodes.len() as u64)));
                }
                _ if asked.json => print(&format!("{}\n", Json::from(&graph))),
                _ => print_lines(&picture::text::lines(&graph), invocation),
            }
            script.finish();
            Ok(0)
        }
        Question::Compare => {
            let (lines, same) = compare::compare(invocation, asked)?;
            print_lines(&lines, invocation);
            Ok(i32::from(!same))
        }
        Question::Snapshot { stop } => {
            let path = asked.output.as_deref().unwrap_or(Path::new("")).to_string_lossy().into_owned();
            let mut script = Script::start(invocation, asked)?;
            script.run_to(*stop)?;
            // The script may have gone to another folder.
            let full = asked.folder.join(&path).to_string_lossy().into_owned();
            let Answer::Written { nodes, edges } = script.ask(Query::Export { path: full })? else {
                return Err(UNEXPECTED.to_owned());
            };
            print(&format!("{path}: {}, {edges} references\n", tables::objects(nodes.saturating_sub(2))));
            script.finish();
            Ok(0)
        }
    }
}

/// How a picture is made, by the ending of its file.
fn picture_form(path: &Path) -> Result<fn(&ObjectGraph) -> String, String> {
    match path.extension().and_then(|end| end.to_str()) {
        Some("svg") => Ok(picture::svg::svg),
        Some("dot" | "gv") => Ok(picture::dot::dot),
        _ => Err(format!("'{}' says not what to draw; end it in .svg or .dot", path.display())),
    }
}

/// `ouro leaks`.
fn leaks(
    invocation: &Invocation,
    asked: &Asked,
    (from, to): (Option<u32>, Option<u32>),
    least: u64,
    type_name: Option<&str>,
) -> Result<i32, String> {
    let mut script = Script::start(invocation, asked)?;
    let mut since = 0;
    if let Some(line) = from {
        script.run_to(Stop::Line { line, hit: 1 })?;
        let Answer::Marked { mark, .. } = script.ask(Query::Mark)? else { return Err(UNEXPECTED.to_owned()) };
        since = mark;
    }
    match to {
        Some(line) => script.run_on_to(line)?,
        None => script.run_to(Stop::End)?,
    }
    let Answer::Leaks(mut report) = script.ask(Query::Leaks { since })? else {
        return Err(UNEXPECTED.to_owned());
    };
    report
        .groups
        .retain(|group| group.count >= least && type_name.is_none_or(|name| name == &*group.type_name));
    if least > 1 || type_name.is_some() {
        report.groups_total = report.groups.len() as u64;
    }
    if asked.json {
        print(&format!("{}\n", Json::from(&report)));
    } else {
        let what = match (from, to) {
            (None, None) => format!("by {}", asked.path),
            (Some(from), None) => format!("after line {from}"),
            (None, Some(to)) => format!("before line {to}"),
            (Some(from), Some(to)) => format!("between line {from} and line {to}"),
        };
        print_lines(&tables::leaks(&report, &what), invocation);
    }
    script.finish();
    Ok(i32::from(!report.groups.is_empty()))
}

const UNEXPECTED: &str = "the engine answered something else than was asked";

/// What was wrong, and where.
fn at_stop(stop: Stop, reason: &str) -> String {
    match stop {
        Stop::End => format!("at the end: {reason}"),
        Stop::Line { line, .. } => format!("at line {line}: {reason}"),
    }
}

/// Prints the answer. A reader that stops reading (`| head`) is no failure of ours.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn print_lines(lines: &[ReportLine], invocation: &Invocation) {
    print(&text_of(lines, Painter::new(invocation.color.is_on(owo_colors::Stream::Stdout))));
}
