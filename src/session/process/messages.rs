//! What the supervisor and the processes of a recorded run say to each other, besides the protocol's own messages.
use crate::session::engine::stepper::Mode;
use crate::session::protocol::{Breakpoint, Subscription};
use crate::vm::wire::{wire_enum, wire_struct};

/// What holds in a process that replays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Instructions executed where the run itself stands: nothing is known of what comes after.
    pub horizon: u64,
    pub breakpoints: Vec<Breakpoint>,
    pub subscription: Option<Subscription>,
    /// When `KeyboardInterrupt` was raised from outside: before the instruction of that number, or (`true`) inside it.
    pub interrupts: Vec<(u64, bool)>,
}

wire_struct!(Rules { horizon, breakpoints, subscription, interrupts });

/// From the supervisor.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// To a checkpoint: a fork of it runs to this moment and stands there, or (`settle`) at the first line of the
    /// user's from there on. On the way it leaves checkpoints at the moments of `ladder`, ascending.
    Go { to: u64, settle: bool, ladder: Vec<u64>, rules: Rules },
    /// To a checkpoint: a fork of it looks for the last moment after `from` and before `until` that `hunt` asks for,
    /// reports it and ends.
    Search { from: u64, until: u64, hunt: Hunt, ladder: Vec<u64>, rules: Rules },
    /// To the run itself: it is on the screen again, and goes on like this.
    TakeOver { mode: Mode },
    /// To whoever stands: it is on the screen again.
    Show,
}

wire_enum!(Order {
    0 => Go { to, settle, ladder, rules },
    1 => Search { from, until, hunt, ladder, rules },
    2 => TakeOver { mode },
    3 => Show,
});

/// A moment looked for, backwards.
#[derive(Clone, Debug, PartialEq)]
pub enum Hunt {
    /// Where a line of the user's begins.
    Line,
    /// The same in frames no deeper than this.
    Over { depth: usize },
    /// The same in frames less deep than this.
    Out { depth: usize },
    /// Any instruction of the user's.
    Instruction,
    /// A line with a breakpoint.
    Breakpoint,
    /// After an object with a number was freed.
    Free,
    /// After a collection.
    Collection,
    /// After the count of the object at this address changed.
    Count { address: u64 },
    /// After the object at this address was made.
    Creation { address: u64 },
}

wire_enum!(Hunt {
    0 => Line,
    1 => Over { depth },
    2 => Out { depth },
    3 => Instruction,
    4 => Breakpoint,
    5 => Free,
    6 => Collection,
    7 => Count { address },
    8 => Creation { address },
});

impl Hunt {
    /// Whether each instruction has to be looked at; otherwise events of memory tell.
    pub fn is_traced(&self) -> bool {
        !matches!(self, Hunt::Free | Hunt::Collection | Hunt::Creation { .. })
    }
}

/// To the supervisor.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// A checkpoint was left at this moment; its socket comes along. `spent` is processor time, in microseconds.
    Checkpoint { pid: i32, at: u64, spent: u64 },
    /// A checkpoint has forked for an order; the fork's socket comes along.
    Worker { pid: i32 },
    /// The sender stands, after so many bytes of output as text. What is said next is about this moment.
    Standing { at: u64, spent: u64, output: u64 },
    /// The sender, which stands, was asked to go back: this is what to look for before its moment.
    Hunt { hunt: Hunt, before: u64 },
    /// A search has ended.
    Found { at: Option<u64> },
    /// The sender stands where it was to go.
    Arrived,
    /// The sender has come to where the run itself stands and ends; the run is to go on like this.
    Horizon { mode: Mode },
    /// The sender is on its way.
    Progress { at: u64 },
    /// `KeyboardInterrupt` was raised from outside, see [`Rules::interrupts`].
    Interrupted { at: u64, inside: bool },
    /// A replay did not go as the run did.
    Lost { message: String },
}

wire_enum!(Report {
    0 => Checkpoint { pid, at, spent },
    1 => Worker { pid },
    2 => Standing { at, spent, output },
    3 => Hunt { hunt, before },
    4 => Found { at },
    5 => Arrived,
    6 => Horizon { mode },
    7 => Progress { at },
    8 => Interrupted { at, inside },
    9 => Lost { message },
});
