//! The bottom line: what the engine is doing, a passing message, and which keys do what here.
use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::session::protocol::{Moment, StopReason};
use crate::session::report;
use crate::tui::keymap::bindings;
use crate::tui::state::{EngineState, Screen, State};
use crate::tui::text;
use crate::tui::theme::Role;

/// Draws the line.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect, single: bool) {
    canvas.fill(area, Role::Status);
    let mut x = area.x;
    let end = area.right();
    let words = engine_words(state);
    if !words.is_empty() {
        x = canvas.clipped(x, area.y, area.width * 2 / 3, &format!(" {words} "), Role::StatusState);
    }
    if single {
        x = canvas.clipped(
            x,
            area.y,
            end.saturating_sub(x),
            &format!(" {} ", state.focus.title()),
            Role::Status,
        );
    }
    if let Some(message) = &state.message {
        // The message's own role is for its colour; its background is the line's.
        canvas.clipped(x + 1, area.y, end.saturating_sub(x + 1), &message.text, message.role);
        return;
    }
    x += 1;
    for binding in bindings(state.contexts()).filter(|b| !b.hint.is_empty()) {
        let key = binding.keys.split(' ').next().unwrap_or_default();
        let width = text::width(key) + 1 + text::width(binding.hint) + 2;
        if usize::from(x) + width > usize::from(end) {
            continue;
        }
        x = canvas.text(x, area.y, end.saturating_sub(x), key, Role::Key);
        x = canvas.text(x, area.y, end.saturating_sub(x), &format!(" {}  ", binding.hint), Role::Hint);
    }
}

/// Where in the run this is, and what recording takes.
fn moment_words(moment: &Moment) -> String {
    let at = match moment.at < moment.present {
        true => format!("past: {} of {}", text::short(moment.at), text::short(moment.present)),
        false => format!("at {}", text::short(moment.at)),
    };
    match moment.checkpoints {
        0 => at,
        count => format!("{at}, {count} kept in {} MB", moment.bytes.div_ceil(1 << 20)),
    }
}

/// What the engine is doing; empty at a prompt, which speaks for itself.
fn engine_words(state: &State) -> String {
    match &state.engine {
        EngineState::Starting => "starting".to_owned(),
        EngineState::Prompt { .. } => String::new(),
        EngineState::Asked if state.stood.is_some() => match state.stepper.progress {
            Some((at, of)) => format!("going back, {} of {}: ctrl-c stays", text::short(at), text::short(of)),
            None => "going back".to_owned(),
        },
        EngineState::Asked | EngineState::Running => match state.screen {
            Screen::Repl => "running: ctrl-c interrupts".to_owned(),
            Screen::Stepper => "running: ctrl-c stops".to_owned(),
        },
        EngineState::Pausing => "stopping: ctrl-c again interrupts".to_owned(),
        EngineState::InputWanted => "waits for input".to_owned(),
        EngineState::Stopped { reason, location, .. } => {
            let place = format!("line {}", location.line);
            let words = match reason {
                StopReason::Entry | StopReason::Step => place,
                StopReason::Breakpoint => format!("{place}: breakpoint"),
                StopReason::Pause => format!("{place}: stopped"),
                StopReason::Freed(objects) => match objects.as_slice() {
                    [] => format!("{place}: freed"),
                    [one] => format!("{place}: freed {one}"),
                    [one, rest @ ..] => format!("{place}: freed {one} and {} more", rest.len()),
                },
                StopReason::Collected(collection) => format!("{place}: {}", report::collection(collection)),
                StopReason::Exception { type_name, message } => format!("{place}: {type_name}: {message}"),
                StopReason::End { code: 0 } => "the program has ended".to_owned(),
                StopReason::End { code } => format!("the program has ended with status {code}"),
            };
            match &state.stepper.moment {
                Some(moment) => format!("{words} {} {}", state.look.glyphs.dot, moment_words(moment)),
                None => words,
            }
        }
        EngineState::Leaving => "leaving".to_owned(),
        EngineState::Finished { code } => format!("ended with status {code}: q leaves"),
        EngineState::Broken { .. } => "internal error: q leaves".to_owned(),
    }
}
