//! From what happened to the next state: pure, no terminal, no engine, no clock.
pub mod commands;
mod editing;
mod engine;
mod mouse;
mod panes;

use super::keymap::{Bound, Key, KeyCode, lookup};
use super::layers::{self, Layer, field::Field};
use super::layout;
use super::state::{Action, Effect, EngineState, Pane, Screen, State};
use super::theme::Role;
use crate::session::protocol::Request;

/// What happened, applied. The effects are for the event loop, in order.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    let mut effects = Vec::new();
    match action {
        Action::Key(key) => press(state, key, &mut effects),
        Action::Mouse(mouse) => mouse::mouse(state, mouse, &mut effects),
        Action::Paste(text) => {
            if !layers::paste(state, &text) {
                if !state.typing() && state.screen == Screen::Repl {
                    state.focus = Pane::Console;
                }
                if state.typing() {
                    state.editor.paste(&text);
                }
            }
        }
        Action::Resize { width, height } => {
            (state.width, state.height) = (width, height);
            panes::keep_in_sight(state);
        }
        Action::Tick(now) => {
            state.now = now;
            state.heap.fade(now);
            if state.message.as_ref().is_some_and(|m| m.until <= now) {
                state.message = None;
            }
        }
        Action::Engine(event) => engine::event(state, event, &mut effects),
        Action::EngineClosed => match state.engine {
            EngineState::Finished { .. } | EngineState::Broken { .. } => {}
            EngineState::Leaving => effects.push(Effect::Quit { code: state.exit_code }),
            _ => {
                let message = "the engine has ended unexpectedly".to_owned();
                state.console.line(&message, Role::Error);
                state.engine = EngineState::Broken { message };
            }
        },
        Action::ThemeLoaded(Ok(theme)) => {
            state.look.theme = theme.at_depth(state.look.depth);
            let name = state.look.theme.name.clone();
            state.say(Role::Notice, format!("theme {name}"));
        }
        Action::ThemeLoaded(Err(error)) => state.say(Role::Error, error.to_string()),
        Action::Terminate => effects.push(Effect::Quit { code: 143 }),
    }
    subscribe(state, &mut effects);
    effects
}

/// Tells the engine what is on screen, when that is something else than before.
fn subscribe(state: &mut State, effects: &mut Vec<Effect>) {
    if matches!(
        state.engine,
        EngineState::Finished { .. } | EngineState::Broken { .. } | EngineState::Leaving
    ) {
        return;
    }
    let rows = layout::arrange(state).and_then(|l| l.rect(Pane::Memory)).map(layout::memory_rows);
    let wanted = state.subscription(rows);
    if state.subscribed.as_ref() != Some(&wanted) {
        effects.push(Effect::Send(Request::Subscribe(wanted.clone())));
        state.subscribed = Some(wanted);
    }
}

fn press(state: &mut State, key: Key, effects: &mut Vec<Effect>) {
    // Ctrl-C reaches running code from everywhere.
    let ctrl_c = key.ctrl && key.code == KeyCode::Char('c');
    if ctrl_c && state.busy() && state.screen == Screen::Repl {
        return commands::interrupt(state, effects);
    }
    if layers::key(state, key, effects) {
        return;
    }
    if matches!(state.engine, EngineState::Finished { .. } | EngineState::Broken { .. })
        && ends(state, key, effects)
    {
        return;
    }
    match lookup(key, state.contexts()) {
        Some(Bound::Command(action)) => commands::run(state, action, None, effects),
        Some(Bound::Motion(motion)) => panes::motion(state, motion),
        Some(Bound::Edit(edit)) => editing::edit(state, edit, effects),
        Some(Bound::CommandLine) => state.layers.push(Layer::Field(Field::command())),
        Some(Bound::Leave) => state.focus = state.main_pane(),
        None if state.typing() => {
            if let Some(c) = key.typed() {
                editing::type_char(state, c);
            }
        }
        None => {}
    }
}

/// After the end there is nothing to do but to look around and leave. Whether the key left.
fn ends(state: &State, key: Key, effects: &mut Vec<Effect>) -> bool {
    let leave = match key.code {
        KeyCode::Char('q') => !state.typing(),
        KeyCode::Char('d' | 'c') => key.ctrl,
        KeyCode::Enter | KeyCode::Esc => state.focus == Pane::Console,
        _ => false,
    };
    if leave {
        let code = match state.engine {
            EngineState::Finished { code } => code,
            _ => 70,
        };
        effects.push(Effect::Quit { code });
    }
    leave
}
