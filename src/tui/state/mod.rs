//! What the full screen knows: plain data, no terminal, no engine.
pub mod console;
pub mod editor;
pub mod feed;
pub mod heap;
pub mod stepper;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::keymap::{Context, Key};
use super::layers::Layer;
use super::theme::{Depth, Glyphs, Role, Theme, ThemeError};
use crate::session::commands::Place;
use crate::session::protocol::{
    Event, FeedLevel, GcState, Location, Program, Request, StopReason, Subject, Subscription, Ticket,
};
use console::Console;
use editor::Editor;
use feed::Feed;
use heap::HeapPanel;
use stepper::Stepper;

/// How long a status message stays.
pub const MESSAGE_TIME: Duration = Duration::from_secs(6);

/// Which of the two full screens this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Repl,
    Stepper,
}

/// A part of the screen that can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The REPL: what was typed and printed, and the editor.
    Console,
    Source,
    Variables,
    Bytecode,
    /// What the stepped program printed.
    Output,
    Memory,
    Events,
}

impl Pane {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Console => "Python",
            Pane::Source => "Source",
            Pane::Variables => "Variables",
            Pane::Bytecode => "Bytecode",
            Pane::Output => "Output",
            Pane::Memory => "Memory",
            Pane::Events => "Events",
        }
    }
}

/// What the engine is doing, as far as it has said. A request and its acknowledgement are different moments.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineState {
    /// Not heard of yet.
    Starting,
    /// Waiting for input; `more` of a statement that is begun.
    Prompt {
        more: bool,
    },
    /// Input was sent, or a step asked for; not acknowledged.
    Asked,
    Running,
    /// Asked to pause; not acknowledged.
    Pausing,
    /// The program waits for a line of standard input.
    InputWanted,
    Stopped {
        reason: StopReason,
        location: Location,
        depth: usize,
    },
    /// Asked to end; not acknowledged.
    Leaving,
    Finished {
        code: i32,
    },
    Broken {
        message: String,
    },
}

/// What an answer is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    Frames,
    Source {
        file: Arc<str>,
    },
    Bytecode,
    Complete {
        text: String,
        cursor: usize,
    },
    Details,
    /// A command's result, shown in the REPL or in a layer.
    Report {
        title: String,
    },
}

/// Everything that happens.
#[derive(Clone, Debug)]
pub enum Action {
    Key(Key),
    Mouse(Mouse),
    /// Bracketed paste.
    Paste(String),
    Resize {
        width: u16,
        height: u16,
    },
    /// Time since the start. Fades and messages depend on it.
    Tick(Duration),
    Engine(Event),
    /// The engine hung up.
    EngineClosed,
    ThemeLoaded(Result<Box<Theme>, ThemeError>),
    /// SIGTERM, SIGHUP, or the terminal is gone.
    Terminate,
}

/// What the mouse did, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub column: u16,
    pub row: u16,
    pub kind: MouseKind,
}

/// The kinds that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    Press,
    ScrollUp,
    ScrollDown,
}

/// What the event loop is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Send(Request),
    /// Ctrl-C for the running code.
    Interrupt,
    /// Read a theme file; comes back as [`Action::ThemeLoaded`].
    LoadTheme(String),
    /// Remember an input for later runs.
    SaveHistory(String),
    /// Clear and redraw everything.
    Redraw,
    /// Leave with this exit status.
    Quit {
        code: i32,
    },
}

/// A passing message in the bottom line.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub text: String,
    pub role: Role,
    pub until: Duration,
}

/// How the screen looks, decided at start.
#[derive(Clone, Debug)]
pub struct Look {
    pub theme: Theme,
    pub depth: Depth,
    pub glyphs: &'static Glyphs,
}

/// The whole state.
#[derive(Debug)]
pub struct State {
    pub screen: Screen,
    pub width: u16,
    pub height: u16,
    pub now: Duration,
    pub focus: Pane,
    pub engine: EngineState,
    /// What the engine did when it was asked to go back in time, until it has.
    pub stood: Option<EngineState>,
    pub console: Console,
    pub editor: Editor,
    pub heap: HeapPanel,
    pub gc: Option<Arc<GcState>>,
    pub feed: Feed,
    pub stepper: Stepper,
    /// Topmost last.
    pub layers: Vec<Layer>,
    pub look: Look,
    pub message: Option<Message>,
    /// The prompt of the editor, as the engine gave it.
    pub prompt: String,
    /// Complete inputs typed while the engine was busy.
    pub typed_ahead: VecDeque<String>,
    /// What to run when the engine has started (stepper).
    pub program: Option<Program>,
    /// What the engine was last told that is on screen.
    pub subscribed: Option<Subscription>,
    pub waiting: BTreeMap<Ticket, Purpose>,
    pub next_ticket: Ticket,
    /// Which Python is followed, for `:era`.
    pub era: String,
    /// Exit status to leave with once the engine has ended.
    pub exit_code: i32,
}

impl State {
    /// A fresh screen. `program` is what the stepper runs; `None` for the REPL.
    pub fn new(look: Look, program: Option<Program>, era: &str) -> State {
        let screen = if program.is_some() { Screen::Stepper } else { Screen::Repl };
        State {
            screen,
            width: 80,
            height: 24,
            now: Duration::ZERO,
            focus: if screen == Screen::Repl { Pane::Console } else { Pane::Source },
            engine: EngineState::Starting,
            stood: None,
            console: Console::default(),
            editor: Editor::default(),
            heap: HeapPanel::default(),
            gc: None,
            feed: Feed::default(),
            stepper: Stepper::default(),
            layers: Vec::new(),
            look,
            message: None,
            prompt: String::new(),
            typed_ahead: VecDeque::new(),
            program,
            subscribed: None,
            waiting: BTreeMap::new(),
            next_ticket: 1,
            era: era.to_owned(),
            exit_code: 0,
        }
    }

    /// Whether keys go to the line editor.
    pub fn typing(&self) -> bool {
        match self.focus {
            Pane::Console => true,
            Pane::Output => self.engine == EngineState::InputWanted,
            _ => false,
        }
    }

    /// Where bindings are looked up, most special first.
    pub fn contexts(&self) -> &'static [Context] {
        use Context::{Anywhere, Editor, Memory, Panes, Source, Stepper};
        match (self.screen, self.focus) {
            _ if self.typing() => &[Editor, Anywhere],
            (Screen::Repl, Pane::Memory) => &[Memory, Panes, Anywhere],
            (Screen::Repl, _) => &[Panes, Anywhere],
            (Screen::Stepper, Pane::Memory) => &[Memory, Stepper, Panes, Anywhere],
            (Screen::Stepper, Pane::Source) => &[Source, Stepper, Panes, Anywhere],
            (Screen::Stepper, _) => &[Stepper, Panes, Anywhere],
        }
    }

    /// The panes of this screen, in the order in which the focus moves.
    pub fn panes(&self) -> Vec<Pane> {
        match self.screen {
            Screen::Repl => vec![Pane::Console, Pane::Memory, Pane::Events],
            Screen::Stepper => {
                let mut panes = vec![Pane::Source];
                if self.stepper.show_bytecode {
                    panes.push(Pane::Bytecode);
                }
                panes.extend([Pane::Variables, Pane::Output, Pane::Memory, Pane::Events]);
                panes
            }
        }
    }

    /// The pane that one comes back to.
    pub fn main_pane(&self) -> Pane {
        if self.screen == Screen::Repl { Pane::Console } else { Pane::Source }
    }

    /// Which commands can be used.
    pub fn place(&self) -> Place {
        if self.screen == Screen::Repl { Place::Screen } else { Place::Stepper }
    }

    /// Whether Python code is running, or is about to.
    pub fn busy(&self) -> bool {
        matches!(self.engine, EngineState::Asked | EngineState::Running | EngineState::Pausing)
    }

    /// Shows a message in the bottom line for a moment.
    pub fn say(&mut self, role: Role, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), role, until: self.now + MESSAGE_TIME });
    }

    /// A ticket for a question.
    pub fn ticket(&mut self, purpose: Purpose) -> Ticket {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiting.insert(ticket, purpose);
        ticket
    }

    /// What the engine should push: what is on screen, no more.
    pub fn subscription(&self, heap_rows: Option<usize>) -> Subscription {
        Subscription {
            heap: heap_rows.map(|rows| self.heap.view(rows)),
            feed: if heap_rows.is_some() { self.feed.level } else { FeedLevel::Collections },
            interval: Duration::from_millis(33),
        }
    }

    /// The object that a row key names, as the subject of a question.
    pub fn selected_subject(&self) -> Option<Subject> {
        self.heap.selected_object().map(|label| Subject::Object { id: label.id, number: label.number })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tui::theme::UNICODE;

    /// A state as it is before anything happened.
    pub(crate) fn state(stepper: bool) -> State {
        let theme = Theme::built_in("dark").expect("built-in themes load").at_depth(Depth::None);
        let look = Look { theme, depth: Depth::None, glyphs: &UNICODE };
        let program = stepper.then(|| Program::File { path: "demo.py".into(), args: Vec::new() });
        State::new(look, program, "3.11")
    }
}
