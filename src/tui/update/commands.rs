//! Commands, from keys and from what is typed after a colon.
use crate::session::commands::{self, CommandAction as Do};
use crate::session::protocol::{Back, Breakpoint, Query, Request, Step, Subject};
use crate::session::report::{ReportLine, Tone};
use crate::tui::layers::{Layer, field::Field, help::Help, pages::Pages, themes::Themes};
use crate::tui::state::{Effect, EngineState, Pane, Purpose, Screen, State};
use crate::tui::theme::{BUILT_IN, Role, Theme};

/// A leap through the run is one in so many parts of it.
const LEAPS: u64 = 20;

/// Runs what was typed, colon included.
pub fn typed(state: &mut State, line: &str, effects: &mut Vec<Effect>) {
    match commands::parse(line, state.place()) {
        Some(Ok(invocation)) => run(state, invocation.command.action, invocation.argument, effects),
        Some(Err(error)) => tell(state, "Command", &[ReportLine::new().with(Tone::Bad, error.to_string())]),
        None => {}
    }
}

/// Runs a command.
pub fn run(state: &mut State, action: Do, argument: Option<String>, effects: &mut Vec<Effect>) {
    match action {
        Do::Help => help(state, argument),
        Do::Refs => ask_about(state, argument, Query::Holders, effects),
        Do::Why => ask_about(state, argument, Query::Why, effects),
        Do::Graph => {
            let graph = |subject| Query::Graph { subject, depth: commands::GRAPH_DEPTH };
            ask_about(state, argument, graph, effects);
        }
        Do::Mark => ask(state, "Mark", Query::Mark, effects),
        Do::Diff => ask(state, "Since the mark", Query::Growth, effects),
        Do::Dis => ask_about(state, argument, Query::Dis, effects),
        Do::Gc => ask(state, "Collector", Query::Gc, effects),
        Do::Heap if argument.as_deref().and_then(commands::heap_table).is_some() => {
            if let Some(by) = argument.as_deref().and_then(commands::heap_table) {
                ask(state, "Heap", Query::Sizes(by), effects);
            }
        }
        Do::Heap => {
            let mut view = state.heap.view(0);
            (view.first, view.rows) = (0, 60);
            view.filter = argument.unwrap_or_default();
            ask(state, "Heap", Query::Heap(view), effects);
        }
        Do::Era => {
            let text = format!("following Python {}; choose another with 'ouro --era'", state.era);
            tell(state, "Era", &[ReportLine::new().with(Tone::Plain, text)]);
        }
        Do::Theme => theme(state, argument, effects),
        Do::Quit => leave(state, effects),
        Do::NextPane => move_focus(state, 1),
        Do::PreviousPane => move_focus(state, -1),
        Do::Search => match argument {
            Some(text) => filter(state, text),
            None => {
                let layer = Layer::Field(Field::search(&state.heap.filter));
                state.layers.push(layer);
            }
        },
        Do::Sort => {
            state.heap.next_sort();
            let words = state.heap.sort_words();
            state.say(Role::Notice, format!("sorted by {words}"));
        }
        Do::SortReverse => state.heap.descending = !state.heap.descending,
        Do::Pin => match state.heap.toggle_pin() {
            Some((label, true)) => state.say(Role::Notice, format!("pinned {label}")),
            Some((label, false)) => state.say(Role::Notice, format!("let go of {label}")),
            None => state.say(Role::Notice, "choose a living object to pin"),
        },
        Do::Details => details(state, effects),
        Do::ToggleGroup => {
            state.heap.toggle_group();
        }
        Do::ToggleFeed => {
            state.feed.next_level();
            let words = state.feed.level_words();
            state.say(Role::Notice, format!("events: {words}"));
        }
        Do::StepInto => step(state, Step::Into, effects),
        Do::StepOver => step(state, Step::Over, effects),
        Do::StepOut => step(state, Step::Out, effects),
        Do::Continue => step(state, Step::Continue, effects),
        Do::NextFree => step(state, Step::NextFree, effects),
        Do::NextCollection => step(state, Step::NextCollection, effects),
        Do::StepInstruction => step(state, Step::Instruction, effects),
        Do::BackInto => back(state, Request::Back(Back::Line), effects),
        Do::BackOver => back_lines(state, argument, effects),
        Do::BackOut => back(state, Request::Back(Back::Out), effects),
        Do::BackInstruction => back(state, Request::Back(Back::Instruction), effects),
        Do::BackBreakpoint => back(state, Request::Back(Back::Breakpoint), effects),
        Do::LastFree => back(state, Request::Back(Back::Free), effects),
        Do::LastCollection => back(state, Request::Back(Back::Collection), effects),
        Do::LastChange => back_about(state, argument, Back::CountChange, effects),
        Do::WhereMade => back_about(state, argument, Back::Creation, effects),
        Do::Present if is_present(state) => state.say(Role::Notice, "this is the present"),
        Do::Present => back(state, Request::Present, effects),
        Do::Moment => moment(state, argument, effects),
        Do::Earlier => leap(state, -1, effects),
        Do::Later => leap(state, 1, effects),
        Do::StepToLine => {
            if let Some(line) = line_argument(state, argument)
                && let Some(file) = state.stepper.file.clone()
            {
                step(state, Step::ToLine { file, line }, effects);
            }
        }
        Do::Breakpoint => {
            if let Some(line) = line_argument(state, argument) {
                toggle_breakpoint(state, line, effects);
            }
        }
        Do::Pause => pause(state, effects),
        Do::Interrupt => interrupt(state, effects),
        Do::Bytecode => {
            state.stepper.show_bytecode = !state.stepper.show_bytecode;
            if state.stepper.show_bytecode {
                ask_bytecode(state, effects);
            } else if state.focus == Pane::Bytecode {
                state.focus = Pane::Source;
            }
            super::panes::keep_in_sight(state);
        }
    }
}

/// Sets the memory panel's filter.
pub fn filter(state: &mut State, text: String) {
    state.heap.filter = text;
    state.heap.offset = 0;
    state.heap.cursor = 0;
    state.heap.selected = None;
}

/// Ctrl-C: `KeyboardInterrupt` in running code, a fresh line otherwise.
pub fn interrupt(state: &mut State, effects: &mut Vec<Effect>) {
    if state.busy() || state.engine == EngineState::InputWanted {
        state.typed_ahead.clear();
        effects.push(Effect::Interrupt);
    } else if state.screen == Screen::Repl {
        let more = matches!(state.engine, EngineState::Prompt { more: true });
        if state.editor.is_empty() && !more {
            state.say(Role::Notice, "ctrl-d leaves");
        } else {
            let text = state.editor.text().to_owned();
            let prompt = state.prompt.clone();
            state.console.echo(&prompt, "... ", &text, &[]);
            state.console.line("KeyboardInterrupt", Role::Stderr);
            state.editor.discard();
            if more {
                // The engine holds the beginning of the statement: it forgets it and prompts afresh.
                effects.push(Effect::Interrupt);
            }
        }
        state.console.scroll = 0;
    }
}

/// Leaves: first politely, so that the program ends as Python ends; at the second time at once.
pub fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    match state.engine {
        EngineState::Finished { code } => effects.push(Effect::Quit { code }),
        EngineState::Leaving | EngineState::Broken { .. } => {
            effects.push(Effect::Quit { code: state.exit_code.max(1) })
        }
        _ => {
            if state.busy() || state.engine == EngineState::InputWanted {
                effects.push(Effect::Interrupt);
            }
            effects.push(Effect::Send(Request::Quit));
            state.engine = EngineState::Leaving;
        }
    }
}

/// Asks for the bytecode of the frame that is shown.
pub fn ask_bytecode(state: &mut State, effects: &mut Vec<Effect>) {
    let frame = state.stepper.frame;
    let ticket = state.ticket(Purpose::Bytecode);
    effects.push(Effect::Send(Request::Ask { ticket, query: Query::DisFrame { frame } }));
}

/// Sets a breakpoint on a line of the shown file, or clears it.
pub fn toggle_breakpoint(state: &mut State, line: u32, effects: &mut Vec<Effect>) {
    let Some(point) = state.stepper.breakpoint_at(line) else { return };
    let Breakpoint { file, line } = point.clone();
    effects.push(Effect::Send(if state.stepper.breakpoints.contains(&point) {
        Request::ClearBreakpoint { file, line }
    } else {
        Request::SetBreakpoint { file, line }
    }));
}

/// Moves the focus by panes.
pub fn move_focus(state: &mut State, by: isize) {
    let panes = state.panes();
    let here = panes.iter().position(|p| *p == state.focus).unwrap_or(0);
    let count = isize::try_from(panes.len()).unwrap_or(1).max(1);
    let next = (isize::try_from(here).unwrap_or(0) + by).rem_euclid(count);
    if let Some(pane) = usize::try_from(next).ok().and_then(|i| panes.get(i)) {
        state.focus = *pane;
    }
}

/// Shows a result where the user is: in the REPL's scrollback, else in a layer.
pub fn tell(state: &mut State, title: &str, lines: &[ReportLine]) {
    if state.screen == Screen::Repl && state.focus == Pane::Console {
        state.console.report(lines);
        state.console.scroll = 0;
    } else {
        state.layers.push(Layer::Pages(Pages::new(title, lines)));
    }
}

/// Opens the details of the object under the cursor, or its group.
pub fn details(state: &mut State, effects: &mut Vec<Effect>) {
    if state.heap.toggle_group() {
        return;
    }
    match state.selected_subject() {
        Some(subject) => {
            let ticket = state.ticket(Purpose::Details);
            effects.push(Effect::Send(Request::Ask { ticket, query: Query::Object(subject) }));
        }
        None => state.say(Role::Notice, "this object is gone"),
    }
}

fn help(state: &mut State, about: Option<String>) {
    match about {
        None => state.layers.push(Layer::Help(Help::default())),
        Some(name) => {
            let name = name.trim_start_matches(':');
            let lines: Vec<ReportLine> = match commands::find(name) {
                Some(command) => commands::help_lines(Some(command), state.place())
                    .into_iter()
                    .map(|l| ReportLine::new().with(Tone::Plain, l))
                    .collect(),
                None => {
                    let text = format!("no command ':{name}'; ':help' lists them all");
                    vec![ReportLine::new().with(Tone::Bad, text)]
                }
            };
            tell(state, "Help", &lines);
        }
    }
}

fn ask(state: &mut State, title: &str, query: Query, effects: &mut Vec<Effect>) {
    let ticket = state.ticket(Purpose::Report { title: title.to_owned() });
    effects.push(Effect::Send(Request::Ask { ticket, query }));
}

fn ask_about(
    state: &mut State,
    argument: Option<String>,
    query: fn(Subject) -> Query,
    effects: &mut Vec<Effect>,
) {
    if let Some(expression) = argument {
        let title = expression.clone();
        ask(state, &title, query(Subject::Expression(expression)), effects);
    }
}

fn theme(state: &mut State, argument: Option<String>, effects: &mut Vec<Effect>) {
    match argument {
        None => {
            let layer = Layer::Themes(Themes::new(state));
            state.layers.push(layer);
        }
        Some(name) if BUILT_IN.iter().any(|(known, _)| *known == name) => {
            if let Ok(theme) = Theme::built_in(&name) {
                state.look.theme = theme.at_depth(state.look.depth);
                state.say(Role::Notice, format!("theme {name}"));
            }
        }
        Some(file) => effects.push(Effect::LoadTheme(file)),
    }
}

fn step(state: &mut State, step: Step, effects: &mut Vec<Effect>) {
    match &state.engine {
        EngineState::Stopped { .. } => {
            effects.push(Effect::Send(Request::Step(step)));
            state.engine = EngineState::Asked;
        }
        EngineState::Finished { .. } => state.say(Role::Notice, "the program has ended; q leaves"),
        EngineState::InputWanted => state.say(Role::Notice, "the program waits for input in the output pane"),
        _ => state.say(Role::Notice, "the program is running; ctrl-c stops it"),
    }
}

/// Goes to another moment of the run.
fn back(state: &mut State, request: Request, effects: &mut Vec<Effect>) {
    match &state.engine {
        EngineState::Stopped { .. } | EngineState::InputWanted => {
            state.stood = Some(std::mem::replace(&mut state.engine, EngineState::Asked));
            state.stepper.progress = None;
            effects.push(Effect::Send(request));
        }
        EngineState::Finished { .. } => state.say(Role::Notice, "the program has ended; q leaves"),
        _ => state.say(Role::Notice, "the program is running; ctrl-c stops it"),
    }
}

/// Goes back a number of lines: in the stepper one after the other.
fn back_lines(state: &mut State, argument: Option<String>, effects: &mut Vec<Effect>) {
    let text = argument.unwrap_or_else(|| "1".to_owned());
    let Ok(lines) = text.parse::<u64>() else {
        return state.say(Role::Error, format!("'{text}' is no number of lines"));
    };
    match state.screen {
        Screen::Repl => effects.push(Effect::Send(Request::Lines { back: lines })),
        Screen::Stepper if lines == 0 => {}
        Screen::Stepper => {
            back(state, Request::Back(Back::Over), effects);
            state.stepper.back_left = lines - 1;
        }
    }
}

/// Goes on with what is left of several lines back.
pub fn back_more(state: &mut State, effects: &mut Vec<Effect>) {
    if let Some(left) = state.stepper.back_left.checked_sub(1) {
        back(state, Request::Back(Back::Over), effects);
        state.stepper.back_left = left;
    }
}

/// Whether nothing of the run is known after this moment.
fn is_present(state: &State) -> bool {
    state.stepper.moment.is_some_and(|moment| moment.at >= moment.present)
}

/// Goes back to a moment in the life of the object that is named, or selected.
fn back_about(
    state: &mut State,
    argument: Option<String>,
    about: fn(Subject) -> Back,
    effects: &mut Vec<Effect>,
) {
    match argument.map(Subject::Expression).or_else(|| state.selected_subject()) {
        Some(subject) => back(state, Request::Back(about(subject)), effects),
        None => state.say(Role::Notice, "name an object, or select one in the memory panel"),
    }
}

/// Goes to a moment: a number of instructions, or a part of the run.
fn moment(state: &mut State, argument: Option<String>, effects: &mut Vec<Effect>) {
    let Some(present) = state.stepper.moment.map(|moment| moment.present) else {
        return state.say(Role::Notice, "this run is not recorded");
    };
    let text = argument.unwrap_or_default().replace(['_', ','], "");
    let at = match text.strip_suffix('%') {
        Some(part) => part.trim().parse::<f64>().ok().map(|part| (present as f64 * part / 100.0) as u64),
        None => text.parse::<u64>().ok(),
    };
    match at {
        Some(at) => back(state, Request::Seek { at }, effects),
        None => {
            state.say(Role::Error, format!("'{text}' is no moment: give a number of instructions, or 40%"))
        }
    }
}

/// Goes a part of the run back or forth.
fn leap(state: &mut State, parts: i64, effects: &mut Vec<Effect>) {
    let Some(moment) = state.stepper.moment else {
        return state.say(Role::Notice, "this run is not recorded");
    };
    if parts > 0 && is_present(state) {
        return state.say(Role::Notice, "this is the present");
    }
    let length = (moment.present / LEAPS).max(1);
    let at = moment.at.saturating_add_signed(parts.saturating_mul(i64::try_from(length).unwrap_or(i64::MAX)));
    back(state, Request::Seek { at }, effects);
}

fn pause(state: &mut State, effects: &mut Vec<Effect>) {
    match state.engine {
        EngineState::Running | EngineState::Asked => {
            effects.push(Effect::Send(Request::Pause));
            state.engine = EngineState::Pausing;
        }
        // It did not stop: it is inside something long. Interrupt it.
        EngineState::Pausing => effects.push(Effect::Interrupt),
        EngineState::InputWanted => effects.push(Effect::Interrupt),
        _ => state.say(Role::Notice, "q leaves"),
    }
}

fn line_argument(state: &mut State, argument: Option<String>) -> Option<u32> {
    match argument {
        None => Some(state.stepper.cursor),
        Some(text) => match text.parse::<u32>() {
            Ok(line) if line > 0 => Some(line),
            _ => {
                state.say(Role::Error, format!("'{text}' is no line number"));
                None
            }
        },
    }
}
