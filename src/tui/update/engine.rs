//! What the engine said.
use super::{commands, editing, panes};
use crate::session::protocol::{Answer, Event, Query, Request, StopReason, Stream, Ticket};
use crate::session::report::{self, ReportLine, Tone};
use crate::session::{picture, tables};
use crate::tui::layers::{Layer, pages::Pages};
use crate::tui::state::{Effect, EngineState, Purpose, Screen, State};
use crate::tui::theme::Role;

/// Takes an event.
pub fn event(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Started { banner } => {
            if state.screen == Screen::Repl {
                for line in banner.lines() {
                    state.console.line(line, Role::Muted);
                }
            }
            if let Some(program) = state.program.clone() {
                effects.push(Effect::Send(Request::Run { program, stepping: true }));
                state.engine = EngineState::Asked;
            }
        }
        Event::Prompt { text, more } => {
            if state.engine != EngineState::Leaving {
                state.prompt = text;
                state.engine = EngineState::Prompt { more };
                editing::send_next(state, effects);
            }
        }
        Event::InputWanted => {
            state.stood = None;
            state.stepper.progress = None;
            state.engine = EngineState::InputWanted;
            if state.screen == Screen::Stepper {
                state.focus = crate::tui::state::Pane::Output;
            }
        }
        Event::Output { stream, text } => {
            let role = if stream == Stream::Stdout { Role::Stdout } else { Role::Stderr };
            state.console.write(&text, role);
        }
        Event::Running => {
            // A pause that was asked for meanwhile is still due.
            if !matches!(state.engine, EngineState::Pausing | EngineState::Leaving) {
                state.engine = EngineState::Running;
            }
        }
        Event::Stopped { reason, location, depth } => stopped(state, reason, location, depth, effects),
        Event::Breakpoints(points) => state.stepper.breakpoints = points.into_iter().collect(),
        Event::Memory { events, skipped } => state.feed.add(events, skipped),
        Event::Heap(update) => {
            let now = state.now;
            state.heap.apply(update, now);
        }
        Event::Gc(gc) => state.gc = Some(gc),
        Event::Answer { ticket, answer } => answered(state, ticket, answer),
        Event::Finished { code } => {
            let leaving = state.engine == EngineState::Leaving;
            state.exit_code = code;
            state.engine = EngineState::Finished { code };
            if leaving || state.screen == Screen::Repl {
                effects.push(Effect::Quit { code });
            }
        }
        Event::Moment(moment) => state.stepper.moment = Some(moment),
        Event::Rewound => rewound(state),
        Event::Typed { text } => state.console.write(&text, Role::Text),
        Event::Progress { at, of } => state.stepper.progress = Some((at, of)),
        Event::Notice { text } => {
            state.stepper.back_left = 0;
            // A journey that is not made leaves everything as it was.
            if let Some(stood) = state.stood.take()
                && matches!(state.engine, EngineState::Asked | EngineState::Pausing)
            {
                state.engine = stood;
            }
            state.say(Role::Notice, text);
        }
        Event::Report(_) => {}
        Event::Broken { message } => {
            state.console.line(&format!("ouro: internal error: {message}"), Role::Error);
            state.engine = EngineState::Broken { message };
        }
    }
}

fn stopped(
    state: &mut State,
    reason: StopReason,
    location: crate::session::protocol::Location,
    depth: usize,
    effects: &mut Vec<Effect>,
) {
    state.stood = None;
    state.stepper.progress = None;
    state.stepper.stop_at(&location);
    panes::keep_in_sight(state);
    let file = location.file.clone();
    state.engine = EngineState::Stopped { reason, location, depth };
    if state.typing() || state.focus == crate::tui::state::Pane::Output {
        state.focus = state.main_pane();
    }
    ask_source(state, file, effects);
    let ticket = state.ticket(Purpose::Frames);
    effects.push(Effect::Send(Request::Ask { ticket, query: Query::Frames }));
    if state.stepper.show_bytecode {
        commands::ask_bytecode(state, effects);
    }
    commands::back_more(state, effects);
}

/// What follows is about another moment of the run: what was said about this one is forgotten.
fn rewound(state: &mut State) {
    state.console.clear();
    state.feed.lines.clear();
    state.heap.rows.clear();
    state.waiting.clear();
    state.stepper.frames.clear();
}

/// Asks for a file's text unless it is there or asked for.
pub fn ask_source(state: &mut State, file: std::sync::Arc<str>, effects: &mut Vec<Effect>) {
    let purpose = Purpose::Source { file: file.clone() };
    if !state.stepper.sources.contains_key(&file) && !state.waiting.values().any(|p| *p == purpose) {
        let ticket = state.ticket(purpose);
        effects.push(Effect::Send(Request::Ask { ticket, query: Query::Source { file } }));
    }
}

fn answered(state: &mut State, ticket: Ticket, answer: Answer) {
    let Some(purpose) = state.waiting.remove(&ticket) else { return };
    match (purpose, answer) {
        (Purpose::Frames, Answer::Frames(frames)) => state.stepper.frames = frames,
        (Purpose::Source { .. }, Answer::Source(text)) => {
            state.stepper.add_source(text);
            panes::keep_in_sight(state);
        }
        (Purpose::Source { file }, Answer::Unknown { reason }) => state.stepper.no_source(file, reason),
        (Purpose::Bytecode, Answer::Dis(listing)) => state.stepper.bytecode = Some(listing),
        (Purpose::Bytecode, Answer::Unknown { .. }) => state.stepper.bytecode = None,
        // An answer to what has changed since is no answer.
        (Purpose::Complete { text, cursor }, Answer::Completion(completion))
            if state.editor.text() == text && state.editor.cursor() == cursor =>
        {
            let line_start = text.get(..cursor).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
            state.editor.offer(line_start + completion.start, completion.candidates);
        }
        (Purpose::Details, Answer::Object(details)) => {
            let title = details.row.label.to_string();
            let layer = Layer::Pages(Pages::new(title, &report::details(&details)));
            state.layers.push(layer);
        }
        (Purpose::Details, Answer::Unknown { reason }) => state.say(Role::Notice, reason),
        (Purpose::Report { title }, answer) => {
            let lines = lines_of(&answer);
            commands::tell(state, &title, &lines);
        }
        _ => {}
    }
}

fn lines_of(answer: &Answer) -> Vec<ReportLine> {
    match answer {
        Answer::Heap(update) => report::heap(update),
        Answer::Object(details) => report::details(details),
        Answer::Holders(list) => report::holders(list),
        Answer::Why(why) => report::why(why),
        Answer::Marked { objects, .. } => report::marked(*objects),
        Answer::Growth(growth) => tables::growth(growth),
        Answer::Sizes(table) => tables::sizes(table),
        Answer::Graph(graph) => picture::text::lines(graph),
        Answer::Dis(listing) => report::dis(listing),
        Answer::Gc(state) => report::gc(state),
        Answer::Audit(audit) => report::audit(audit),
        Answer::Unknown { reason } => vec![ReportLine::new().with(Tone::Bad, reason.clone())],
        Answer::Frames(_)
        | Answer::Source(_)
        | Answer::Completion(_)
        | Answer::State(_)
        | Answer::Leaks(_)
        | Answer::Links(_)
        | Answer::Written { .. } => Vec::new(),
    }
}
