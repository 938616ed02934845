//! The event loop: the only part that touches the terminal, the engine and the clock.
//!
//! Two threads feed one bounded inbox, the terminal's and the engine's; the loop applies what came, performs the
//! effects, and draws at most once per frame. An engine that outruns the screen waits.
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crossterm::event as term;
use rustyline::history::{FileHistory, History, SearchDirection};

use super::keymap::{Key, KeyCode};
use super::state::{Action, Effect, Look, Mouse, MouseKind, State};
use super::terminal::Guard;
use super::theme::{ASCII, Depth, Theme, ThemeError, UNICODE, Wish, locale_is_unicode};
use super::update::update;
use super::view;
use crate::session::link::EngineHandle;
use crate::session::protocol::{Event, Program};

/// Least time between two frames.
const FRAME: Duration = Duration::from_millis(16);
/// How often something that fades is drawn.
const FADE: Duration = Duration::from_millis(100);
/// How often time passes when nothing else happens.
const IDLE: Duration = Duration::from_secs(1);
/// Actions applied before the screen is drawn again.
const BATCH: usize = 256;

/// What the command line decided.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What to step through; `None` for the REPL.
    pub program: Option<Program>,
    /// Name of a theme, or a file.
    pub theme: Option<String>,
    pub colour: Wish,
    /// Which Python is followed, for `:era`.
    pub era: String,
    /// Where inputs are remembered between runs.
    pub history: Option<PathBuf>,
}

/// Why the screen could not be run.
#[derive(Debug)]
pub enum TuiError {
    Theme(ThemeError),
    Terminal(io::Error),
}

impl std::fmt::Display for TuiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TuiError::Theme(error) => write!(f, "{error}"),
            TuiError::Terminal(error) => write!(f, "the terminal cannot be used: {error}; try --plain"),
        }
    }
}

impl std::error::Error for TuiError {}

/// Colours and glyphs for this terminal and these wishes.
pub fn look(theme: Option<&str>, colour: Wish) -> Result<Look, ThemeError> {
    let var = |name: &str| std::env::var(name).ok();
    let depth = Depth::detect(
        colour,
        var("NO_COLOR").as_deref(),
        var("COLORTERM").as_deref(),
        var("TERM").as_deref(),
    );
    let name = theme.unwrap_or_else(|| Theme::guess(var("COLORFGBG").as_deref()));
    let unicode =
        locale_is_unicode(var("LC_ALL").as_deref(), var("LC_CTYPE").as_deref(), var("LANG").as_deref());
    let glyphs = if unicode { &UNICODE } else { &ASCII };
    Ok(Look { theme: Theme::find(name)?.at_depth(depth), depth, glyphs })
}

/// Runs the full screen until it is left; gives the exit status.
pub fn run(engine: EngineHandle, events: Receiver<Event>, options: Options) -> Result<i32, TuiError> {
    let look = look(options.theme.as_deref(), options.colour).map_err(TuiError::Theme)?;
    let mut state = State::new(look, options.program, &options.era);
    let mut history = Remembered::load(options.history);
    state.editor.set_history(history.lines());
    let mut guard = Guard::enter().map_err(TuiError::Terminal)?;
    let size = guard.terminal.size().map_err(TuiError::Terminal)?;
    (state.width, state.height) = (size.width, size.height);

    let (inbox_in, inbox) = sync_channel(BATCH);
    listen_to_terminal(inbox_in.clone());
    listen_to_signals(inbox_in.clone());
    listen_to_engine(events, inbox_in);

    let start = Instant::now();
    let mut drawn: Option<Instant> = None;
    let mut dirty = true;
    loop {
        let since_frame = drawn.map_or(FRAME, |at| at.elapsed());
        if dirty && since_frame >= FRAME {
            let drawing = guard.terminal.draw(|frame| view::draw(&state, frame));
            drawing.map_err(TuiError::Terminal)?;
            drawn = Some(Instant::now());
            dirty = false;
        }
        let patience = match () {
            () if dirty => FRAME.saturating_sub(since_frame),
            () if state.heap.fading(state.now) => FADE,
            () => IDLE,
        };
        let first = match inbox.recv_timeout(patience) {
            Ok(action) => Some(action),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Action::Terminate),
        };
        let passing = state.heap.fading(state.now) || state.message.is_some();
        let mut effects = update(&mut state, Action::Tick(start.elapsed()));
        dirty |= first.is_some() || passing;
        for action in first.into_iter().chain(inbox.try_iter().take(BATCH)) {
            effects.extend(update(&mut state, action));
        }
        let mut pending: std::collections::VecDeque<Effect> = effects.into();
        while let Some(effect) = pending.pop_front() {
            match effect {
                // An engine that is gone is reported by its own thread.
                Effect::Send(request) => drop(engine.send(request)),
                Effect::Interrupt => drop(engine.interrupt()),
                Effect::LoadTheme(file) => {
                    let loaded = Theme::find(&file).map(Box::new);
                    pending.extend(update(&mut state, Action::ThemeLoaded(loaded)));
                }
                Effect::SaveHistory(line) => history.save(&line),
                Effect::Redraw => guard.terminal.clear().map_err(TuiError::Terminal)?,
                Effect::Quit { code } => return Ok(code),
            }
        }
    }
}

/// The history file, shared with line mode. A file that cannot be used is done without.
struct Remembered {
    file: Option<PathBuf>,
    history: FileHistory,
}

impl Remembered {
    fn load(file: Option<PathBuf>) -> Remembered {
        let mut history = FileHistory::default();
        if let Some(file) = &file {
            let _ = history.load(file);
        }
        Remembered { file, history }
    }

    fn lines(&self) -> Vec<String> {
        (0..self.history.len())
            .filter_map(|i| self.history.get(i, SearchDirection::Forward).ok().flatten())
            .map(|found| found.entry.into_owned())
            .collect()
    }

    fn save(&mut self, line: &str) {
        if let (Ok(true), Some(file)) = (self.history.add(line), &self.file) {
            if let Some(folder) = file.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            let _ = self.history.append(file);
        }
    }
}

fn listen_to_engine(events: Receiver<Event>, inbox: SyncSender<Action>) {
    std::thread::spawn(move || {
        for event in events {
            if inbox.send(Action::Engine(event)).is_err() {
                return;
            }
        }
        let _ = inbox.send(Action::EngineClosed);
    });
}

fn listen_to_terminal(inbox: SyncSender<Action>) {
    std::thread::spawn(move || {
        loop {
            let action = match term::read() {
                Ok(event) => from_terminal(event),
                // The terminal is gone.
                Err(_) => Some(Action::Terminate),
            };
            let last = matches!(action, Some(Action::Terminate));
            if action.is_some_and(|action| inbox.send(action).is_err()) || last {
                return;
            }
        }
    });
}

#[cfg(unix)]
fn listen_to_signals(inbox: SyncSender<Action>) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGTERM, SIGINT]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let action = match signal {
                SIGINT => Action::Key(Key { ctrl: true, ..Key::plain(KeyCode::Char('c')) }),
                _ => Action::Terminate,
            };
            if inbox.send(action).is_err() {
                return;
            }
        }
    });
}

#[cfg(not(unix))]
fn listen_to_signals(_inbox: SyncSender<Action>) {}

/// A terminal event as an action; `None` for those that mean nothing here.
fn from_terminal(event: term::Event) -> Option<Action> {
    Some(match event {
        term::Event::Key(key) if key.kind != term::KeyEventKind::Release => Action::Key(key_of(key)?),
        term::Event::Mouse(mouse) => {
            let kind = match mouse.kind {
                term::MouseEventKind::Down(term::MouseButton::Left) => MouseKind::Press,
                term::MouseEventKind::ScrollUp => MouseKind::ScrollUp,
                term::MouseEventKind::ScrollDown => MouseKind::ScrollDown,
                _ => return None,
            };
            Action::Mouse(Mouse { column: mouse.column, row: mouse.row, kind })
        }
        term::Event::Paste(text) => Action::Paste(text),
        term::Event::Resize(width, height) => Action::Resize { width, height },
        _ => return None,
    })
}

fn key_of(key: term::KeyEvent) -> Option<Key> {
    let code = match key.code {
        term::KeyCode::Char(c) => KeyCode::Char(c),
        term::KeyCode::Enter => KeyCode::Enter,
        term::KeyCode::Tab => KeyCode::Tab,
        term::KeyCode::BackTab => KeyCode::BackTab,
        term::KeyCode::Esc => KeyCode::Esc,
        term::KeyCode::Backspace => KeyCode::Backspace,
        term::KeyCode::Delete => KeyCode::Delete,
        term::KeyCode::Left => KeyCode::Left,
        term::KeyCode::Right => KeyCode::Right,
        term::KeyCode::Up => KeyCode::Up,
        term::KeyCode::Down => KeyCode::Down,
        term::KeyCode::Home => KeyCode::Home,
        term::KeyCode::End => KeyCode::End,
        term::KeyCode::PageUp => KeyCode::PageUp,
        term::KeyCode::PageDown => KeyCode::PageDown,
        term::KeyCode::F(n) => KeyCode::F(n),
        _ => return None,
    };
    let modifiers = key.modifiers;
    let ctrl = modifiers.contains(term::KeyModifiers::CONTROL);
    // For characters shift is in the character already; backtab is shift-tab by itself.
    let shifted = !matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
    Some(Key {
        code: if ctrl { lower(code) } else { code },
        ctrl,
        alt: modifiers.contains(term::KeyModifiers::ALT),
        shift: shifted && modifiers.contains(term::KeyModifiers::SHIFT),
    })
}

fn lower(code: KeyCode) -> KeyCode {
    match code {
        KeyCode::Char(c) => KeyCode::Char(c.to_ascii_lowercase()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_translated() {
        let key = |code, modifiers| key_of(term::KeyEvent::new(code, modifiers));
        let ctrl_c = Key { ctrl: true, ..Key::plain(KeyCode::Char('c')) };
        assert_eq!(key(term::KeyCode::Char('C'), term::KeyModifiers::CONTROL), Some(ctrl_c));
        assert_eq!(
            key(term::KeyCode::Char('?'), term::KeyModifiers::SHIFT),
            Some(Key::plain(KeyCode::Char('?')))
        );
        assert_eq!(
            key(term::KeyCode::BackTab, term::KeyModifiers::SHIFT),
            Some(Key::plain(KeyCode::BackTab))
        );
        assert_eq!(key(term::KeyCode::Null, term::KeyModifiers::NONE), None);
    }
}
