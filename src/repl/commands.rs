//! Meta commands of line mode: each asks the engine one question and prints the answer.

use std::time::Duration;

use super::client::Client;
use super::style::{Painter, Role};
use crate::session::commands::{self, CommandAction, Invocation, Place};
use crate::session::protocol::{Answer, HeapView, Query, SizesBy, SortKey, Subject};
use crate::session::report::{self, ReportLine, Tone};
use crate::session::{picture, tables};

/// How long an answer may take: a walk over millions of objects takes a while.
const PATIENCE: Duration = Duration::from_secs(60);

/// Rows of `:heap`; more would scroll away.
const HEAP_ROWS: usize = 60;

/// What happens after a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Print this, then prompt again. Ends with a newline.
    Text(String),
    /// Leave.
    Quit,
}

/// Carries out a command.
pub fn carry_out(invocation: &Invocation, client: &mut Client, era: &str, painter: Painter) -> Outcome {
    let argument = invocation.argument.as_deref().unwrap_or("");
    let subject = || Subject::Expression(argument.to_owned());
    let text = match invocation.command.action {
        CommandAction::Quit => return Outcome::Quit,
        CommandAction::Help => help(argument, painter),
        CommandAction::Era => format!("following {era}\n"),
        CommandAction::Theme => {
            "Line mode keeps to the colours of your terminal. Themes are for the full screen: \
                                 start ouro without --plain.\n"
                .to_owned()
        }
        CommandAction::Refs => ask(client, Query::Holders(subject()), painter),
        CommandAction::Why => ask(client, Query::Why(subject()), painter),
        CommandAction::Gc => ask(client, Query::Gc, painter),
        CommandAction::Dis => ask(client, Query::Dis(subject()), painter),
        CommandAction::Graph => {
            ask(client, Query::Graph { subject: subject(), depth: commands::GRAPH_DEPTH }, painter)
        }
        CommandAction::Mark => ask(client, Query::Mark, painter),
        CommandAction::Diff => ask(client, Query::Growth, painter),
        CommandAction::Heap if commands::heap_table(argument).is_some() => {
            let by = commands::heap_table(argument).unwrap_or(SizesBy::Type);
            ask(client, Query::Sizes(by), painter)
        }
        CommandAction::Heap => ask(client, Query::Heap(heap_view(argument)), painter),
        CommandAction::BackOver => back(argument, client, painter),
        _ => trouble(&format!("':{}' works on the full screen only", invocation.command.name), painter),
    };
    Outcome::Text(text)
}

fn help(about: &str, painter: Painter) -> String {
    let about = about.trim_start_matches(':');
    let command = commands::find(about);
    if command.is_none() && !about.is_empty() {
        return trouble(&format!("no command ':{about}'; ':help' lists them all"), painter);
    }
    let mut text = String::new();
    if command.is_none() {
        text.push_str(
            &painter
                .paint(Role::Heading, "A line that begins with a colon is a command; all else is Python."),
        );
        text.push('\n');
    }
    for line in commands::help_lines(command, Place::Everywhere) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Looks at memory as it was some lines ago.
fn back(lines: &str, client: &mut Client, painter: Painter) -> String {
    let back = match lines {
        "" => 1,
        _ => match lines.parse() {
            Ok(back) => back,
            Err(_) => return trouble(&format!("'{lines}' is no number of lines"), painter),
        },
    };
    match client.look_back(back, PATIENCE) {
        Ok(text) => text + "\n",
        Err(error) => trouble(&error.to_string(), painter),
    }
}

fn trouble(message: &str, painter: Painter) -> String {
    painter.paint(Role::Error, message) + "\n"
}

fn heap_view(filter: &str) -> HeapView {
    HeapView {
        first: 0,
        rows: HEAP_ROWS,
        sort: SortKey::Name,
        descending: false,
        filter: filter.to_owned(),
        open_groups: Vec::new(),
        open_baseline: false,
        pinned: Vec::new(),
    }
}

fn ask(client: &mut Client, query: Query, painter: Painter) -> String {
    match client.ask(query, PATIENCE) {
        Ok(answer) => render(&answer, painter),
        Err(problem) => trouble(&problem.to_string(), painter),
    }
}

/// An answer as text.
fn render(answer: &Answer, painter: Painter) -> String {
    let lines = match answer {
        Answer::Holders(list) => report::holders(list),
        Answer::Why(why) => report::why(why),
        Answer::Marked { objects, .. } => report::marked(*objects),
        Answer::Growth(growth) => tables::growth(growth),
        Answer::Sizes(table) => tables::sizes(table),
        Answer::Graph(graph) => picture::text::lines(graph),
        Answer::Gc(state) => report::gc(state),
        Answer::Heap(update) => report::heap(update),
        Answer::Dis(listing) => report::dis(listing),
        Answer::Object(details) => report::details(details),
        Answer::Audit(audit) => report::audit(audit),
        Answer::Unknown { reason } => return trouble(reason, painter),
        _ => return trouble("the engine answered something else than was asked", painter),
    };
    text_of(&lines, painter)
}

/// The lines of a report as text.
pub fn text_of(lines: &[ReportLine], painter: Painter) -> String {
    lines.iter().map(|line| paint(line, painter) + "\n").collect()
}

fn paint(line: &ReportLine, painter: Painter) -> String {
    let text: String = line.spans.iter().map(|(tone, text)| painter.paint(role(*tone), text)).collect();
    if painter.is_on() { text } else { text.trim_end().to_owned() }
}

fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Plain,
        Tone::Muted => Role::Quiet,
        Tone::Strong => Role::Heading,
        Tone::Name => Role::Name,
        Tone::Type => Role::Object,
        Tone::Number => Role::Number,
        Tone::Good => Role::Good,
        Tone::Bad => Role::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::protocol::{GcState, Holder, HolderList, ObjectLabel};

    #[test]
    fn answers_become_text() {
        let list = HolderList {
            object: ObjectLabel { id: 1, number: 12, type_name: "ClassA".into() },
            refcount: 1,
            holders: vec![Holder { object: None, description: "global c1".into() }],
            total: 1,
            unexplained: 0,
        };
        let text = render(&Answer::Holders(list), Painter::new(false));
        assert!(text.starts_with("ClassA #12 has 1 reference"), "{text}");
        assert!(text.contains("global c1\n"), "{text}");
        let text = render(&Answer::Gc(GcState::default().into()), Painter::new(true));
        assert!(text.contains("\x1b["), "{text}");
        assert_eq!(render(&Answer::Unknown { reason: "no x".into() }, Painter::new(false)), "no x\n");
    }

    #[test]
    fn help_names_what_it_cannot_find() {
        let painter = Painter::new(false);
        assert!(help("", painter).contains(":refs EXPR"));
        assert!(help(":gc", painter).starts_with(":gc: "));
        assert!(help("nope", painter).contains("':nope'"));
    }
}
