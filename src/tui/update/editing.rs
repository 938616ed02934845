//! The REPL's editor, and the input line of the stepper's output pane.
use super::commands;
use crate::repl::block::{Verdict, judge, split};
use crate::session::commands as registry;
use crate::session::protocol::{Candidate, Query, Request};
use crate::tui::highlight::highlight;
use crate::tui::keymap::Edit;
use crate::tui::state::{Effect, EngineState, Pane, Purpose, State};
use crate::tui::theme::Role;

/// Rows that a page key scrolls.
const PAGE: usize = 10;

/// One key of the editor.
pub fn edit(state: &mut State, edit: Edit, effects: &mut Vec<Effect>) {
    if state.editor.completion.is_some() {
        match edit {
            Edit::Complete | Edit::Down => return state.editor.choose(1),
            Edit::Up => return state.editor.choose(-1),
            Edit::Submit => return state.editor.accept(),
            Edit::Escape => {
                state.editor.completion = None;
                return;
            }
            _ => {}
        }
    }
    let editor = &mut state.editor;
    match edit {
        Edit::Submit => submit(state, effects),
        Edit::NewLine => editor.new_line(),
        Edit::Complete => complete(state, effects),
        Edit::Left => editor.left(),
        Edit::Right => editor.right(),
        Edit::WordLeft => editor.go_word_left(),
        Edit::WordRight => editor.go_word_right(),
        Edit::LineStart => editor.go_line_start(),
        Edit::LineEnd => editor.go_line_end(),
        Edit::Up => {
            if !editor.up() {
                editor.history_back();
            }
        }
        Edit::Down => {
            if !editor.down() {
                editor.history_forward();
            }
        }
        Edit::HistoryBack => editor.history_back(),
        Edit::HistoryForward => editor.history_forward(),
        Edit::HistorySearch => editor.history_search(),
        Edit::Backspace => editor.backspace(),
        Edit::Delete => editor.delete(),
        Edit::DeleteWordBack => editor.delete_word_back(),
        Edit::DeleteWord => editor.delete_word(),
        Edit::DeleteToEnd => editor.delete_to_end(),
        Edit::DeleteToStart => editor.delete_to_start(),
        Edit::Yank => editor.yank(),
        Edit::Undo => editor.undo(),
        Edit::ScrollUp => state.console.scroll += PAGE,
        Edit::ScrollDown => state.console.scroll = state.console.scroll.saturating_sub(PAGE),
        Edit::ScrollEnd => state.console.scroll = 0,
        Edit::EndOfInput => end_of_input(state, effects),
        Edit::Escape => {}
        Edit::Clear => {
            state.console.clear();
            effects.push(Effect::Redraw);
        }
    }
    if !matches!(edit, Edit::ScrollUp | Edit::ScrollDown) {
        state.console.scroll = 0;
    }
    state.console.scroll = state.console.scroll.min(state.console.lines.len());
}

/// A typed character.
pub fn type_char(state: &mut State, c: char) {
    state.editor.insert(c.encode_utf8(&mut [0; 4]));
    state.console.scroll = 0;
}

/// Sends what waits to be run, when the engine is ready for it.
pub fn send_next(state: &mut State, effects: &mut Vec<Effect>) {
    if let EngineState::Prompt { .. } = state.engine
        && let Some(source) = state.typed_ahead.pop_front()
    {
        evaluate(state, source, effects);
    }
}

fn submit(state: &mut State, effects: &mut Vec<Effect>) {
    if state.engine == EngineState::InputWanted {
        let (mut text, _) = state.editor.take();
        state.console.write(&format!("{text}\n"), Role::Text);
        text.push('\n');
        effects.push(Effect::Send(Request::Stdin { text }));
        state.engine = EngineState::Running;
        return;
    }
    if state.focus != Pane::Console {
        return;
    }
    state.editor.decline_offer();
    if state.editor.text().trim_start().starts_with(':') {
        let (text, fresh) = state.editor.take();
        let prompt = state.prompt.clone();
        state.console.echo(&prompt, "", &text, &[]);
        remember(&text, fresh, effects);
        return commands::typed(state, &text, effects);
    }
    let more = matches!(state.engine, EngineState::Prompt { more: true });
    // The indentation of a line on which nothing was typed is the editor's, not the user's.
    let text = state.editor.text();
    let typed = match text.rsplit_once('\n') {
        Some((above, last)) if last.trim().is_empty() => text.get(..=above.len()).unwrap_or(text),
        _ => text,
    };
    if !more && judge(typed) == Verdict::Incomplete {
        return state.editor.new_line();
    }
    let (source, fresh) = state.editor.take();
    remember(&source, fresh, effects);
    if matches!(
        state.engine,
        EngineState::Finished { .. } | EngineState::Broken { .. } | EngineState::Leaving
    ) {
        return;
    }
    // Python evaluates one statement at a time; a pasted text has many.
    match split(&source) {
        units if units.is_empty() || more => state.typed_ahead.push_back(source),
        units => state.typed_ahead.extend(units),
    }
    send_next(state, effects);
}

fn evaluate(state: &mut State, source: String, effects: &mut Vec<Effect>) {
    let more = matches!(state.engine, EngineState::Prompt { more: true });
    let prompt = state.prompt.clone();
    state.console.echo(&prompt, "... ", source.trim_end(), &highlight(&source));
    if source.trim().is_empty() && !more {
        return send_next(state, effects);
    }
    let source = if source.ends_with('\n') { source } else { source + "\n" };
    effects.push(Effect::Send(Request::Evaluate { source }));
    state.engine = EngineState::Asked;
}

fn remember(text: &str, fresh: bool, effects: &mut Vec<Effect>) {
    if fresh {
        effects.push(Effect::SaveHistory(text.trim_end().to_owned()));
    }
}

fn end_of_input(state: &mut State, effects: &mut Vec<Effect>) {
    if !state.editor.is_empty() {
        return state.editor.delete();
    }
    match state.engine {
        EngineState::InputWanted => {
            effects.push(Effect::Send(Request::Stdin { text: String::new() }));
            state.engine = EngineState::Running;
        }
        EngineState::Running | EngineState::Asked | EngineState::Pausing => {
            state.say(Role::Notice, "code is running; ctrl-c interrupts it");
        }
        _ => commands::leave(state, effects),
    }
}

fn complete(state: &mut State, effects: &mut Vec<Effect>) {
    if state.editor.is_empty() {
        return commands::move_focus(state, 1);
    }
    if state.editor.in_indent() {
        return state.editor.indent();
    }
    let text = state.editor.text().to_owned();
    let cursor = state.editor.cursor();
    if let Some(typed) = text.get(..cursor).and_then(|t| t.strip_prefix(':'))
        && !typed.contains(' ')
    {
        let candidates = registry::complete_name(typed, state.place())
            .into_iter()
            .map(|c| Candidate { text: c.name.to_owned(), kind: "command".into() })
            .collect();
        return state.editor.offer(1, candidates);
    }
    // The line of the cursor is what the question is about.
    let start = text.get(..cursor).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
    let line = text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default().to_owned();
    let ticket = state.ticket(Purpose::Complete { text, cursor });
    effects
        .push(Effect::Send(Request::Ask { ticket, query: Query::Complete { line, column: cursor - start } }));
}
