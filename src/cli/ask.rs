//! Questions about a script, answered on standard output: `ouro why`, `leaks`, `graph`, `snapshot`.
use std::io::{self, Write};

use super::arguments::{Asked, Invocation, Question, Stop};
use super::json::Json;
use super::launch::complain;
use super::script::Script;
use crate::repl::commands::text_of;
use crate::repl::style::Painter;
use crate::session::protocol::{Answer, Query, Subject};
use crate::session::report::{self, ReportLine};

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
        _ => Err("not yet".to_owned()),
    }
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
