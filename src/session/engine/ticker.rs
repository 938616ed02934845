//! The clock of a session: while code runs, it asks the engine to look up, and sends on what was printed.
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::outbox::Outbox;
use crate::session::process::raw;

/// How often the engine looks up.
const TICK: Duration = Duration::from_millis(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Running,
    Over,
}

/// What the thread and the engine share.
#[derive(Debug)]
pub struct TickerState {
    state: Mutex<State>,
    changed: Condvar,
}

/// Ends with the engine.
#[derive(Debug)]
pub enum Ticker {
    /// A thread, which also sends on what was printed while the engine is inside something long.
    Thread(Arc<TickerState>),
    /// A timer of the process, which must have no other thread to be forked.
    Timer,
}

impl Ticker {
    /// A ticker that calls `look_up` while code runs.
    pub fn start(outbox: Arc<Outbox>, look_up: fn()) -> Ticker {
        let shared = Arc::new(TickerState { state: Mutex::new(State::Idle), changed: Condvar::new() });
        let theirs = shared.clone();
        thread::spawn(move || tick(&theirs, &outbox, look_up));
        Ticker::Thread(shared)
    }

    /// Code runs, or has stopped running.
    pub fn set_running(&self, running: bool) {
        match self {
            Ticker::Thread(_) => self.set(if running { State::Running } else { State::Idle }),
            Ticker::Timer => raw::set_timer(if running { TICK.as_millis() as u32 } else { 0 }),
        }
    }

    fn set(&self, state: State) {
        if let Ticker::Thread(shared) = self {
            *shared.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
            shared.changed.notify_all();
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.set(State::Over);
    }
}

fn tick(shared: &TickerState, outbox: &Outbox, look_up: fn()) {
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match *state {
            State::Over => return,
            State::Idle => state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            State::Running => {
                let waited = shared.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner);
                drop(waited);
                outbox.flush(false);
                look_up();
                state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
