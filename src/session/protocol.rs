//! What front ends and the engine say to each other: requests in, events out, plain data only.
//!
//! The engine is one thread; the line REPL, the full screen, a recorder or a debug adapter are equal clients.
//! Nothing here owns an object: an object is its address while it lives plus a small number that is never
//! reused (`ClassA #12`), so a new object at an old address is not mistaken for the one that died.
//!
//! How much travels is the front end's choice. It says what it shows ([`Subscription`]: one window of the heap,
//! how often, how much of the feed) and the engine pushes what changed in *that*, never the whole heap. One-off
//! questions are [`Query`]s with a ticket, answered in order by [`Answer`]s.
//!
//! Each type is followed by its form on the wire between processes ([`crate::vm::wire`]).
use std::sync::Arc;
use std::time::Duration;

use super::process::messages::{Order, Report};
use crate::vm::wire::{wire_enum, wire_struct};

// ---------------------------------------------------------------- naming things

/// The address of an object, as `id()` gives it. Meaningful only while the object lives.
pub type ObjectId = u64;

/// What an object is called on screen: `ClassA #12`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectLabel {
    /// Its address.
    pub id: ObjectId,
    /// Small and never reused in a session; numbers are given when the object is first shown.
    pub number: u64,
    /// `type(obj).__name__`.
    pub type_name: Arc<str>,
}

wire_struct!(ObjectLabel { id, number, type_name });

impl std::fmt::Display for ObjectLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} #{}", self.type_name, self.number)
    }
}

/// A place in the program: what a traceback line shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// `co_filename`: a path, or `<stdin>` for what was typed.
    pub file: Arc<str>,
    /// One-based; 0 where the code has no line.
    pub line: u32,
    /// `co_qualname`; `<module>` at top level.
    pub function: Arc<str>,
}

wire_struct!(Location { file, line, function });

/// What a query is about: something already on screen, or something the user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An object by address and number (the number guards against reuse of the address).
    Object { id: ObjectId, number: u64 },
    /// A dotted name or constant subscript (`c1.t`, `cache["k"]`), resolved in the current frame without
    /// running any user code.
    Expression(String),
}

wire_enum!(Subject { 0 => Object { id, number }, 1 => Expression(it) });

// ---------------------------------------------------------------- requests

/// From a front end to the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Evaluate REPL input (one statement or block, with its newlines). Answered by output, then [`Event::Prompt`].
    Evaluate { source: String },
    /// Run a program in `__main__`. Answered by [`Event::Finished`], or first [`Event::Stopped`] when stepping.
    Run { program: Program, stepping: bool },
    /// Resume a stopped program this far. Acknowledged by [`Event::Running`].
    Step(Step),
    /// Stop at the next safepoint. Acknowledged by [`Event::Stopped`] with [`StopReason::Pause`].
    Pause,
    /// Ctrl-C: `KeyboardInterrupt` in the running code, a fresh prompt at a prompt. Sent by
    /// [`link::EngineHandle::interrupt`], which also reaches code that waits for something.
    ///
    /// [`link::EngineHandle::interrupt`]: super::link::EngineHandle::interrupt
    Interrupt,
    /// Stop when this line is about to run. Idempotent; acknowledged by [`Event::Breakpoints`].
    SetBreakpoint { file: Arc<str>, line: u32 },
    /// Forget a breakpoint. Idempotent; acknowledged by [`Event::Breakpoints`].
    ClearBreakpoint { file: Arc<str>, line: u32 },
    /// Report every count change of this object in the feed, whether or not it is on screen.
    SetWatch { subject: Subject, on: bool },
    /// What the front end shows from now on. Replaces the previous subscription.
    Subscribe(Subscription),
    /// A question; its [`Event::Answer`] carries the same ticket.
    Ask { ticket: Ticket, query: Query },
    /// A line for `input()` or `sys.stdin`, newline included. Empty: end of file.
    Stdin { text: String },
    /// A collection asked for by the user, not by the program: as `gc.collect(generation)`.
    Collect { generation: u8 },
    /// End the session: exit as Python exits (atexit, module teardown), then [`Event::Finished`].
    Quit,
    /// Go back in a recorded run. Acknowledged by [`Event::Rewound`] and [`Event::Stopped`], or by [`Event::Notice`]
    /// when there is nothing to go back to.
    Back(Back),
    /// Go to a moment of a recorded run, or to the first line of the user's after it. Acknowledged as [`Request::Back`].
    Seek { at: u64 },
    /// Go to where a recorded run itself stands. Acknowledged as [`Request::Back`].
    Present,
    /// Between the processes of a recorded run; never from a front end.
    Order(Box<Order>),
    /// At a prompt: show memory as it was before the last so many inputs; 0 comes back. Acknowledged by
    /// [`Event::Moment`], counted in inputs, and [`Event::Notice`].
    Lines { back: u64 },
}

wire_enum!(Request {
    0 => Evaluate { source },
    1 => Run { program, stepping },
    2 => Step(it),
    3 => Pause,
    4 => Interrupt,
    5 => SetBreakpoint { file, line },
    6 => ClearBreakpoint { file, line },
    7 => SetWatch { subject, on },
    8 => Subscribe(it),
    9 => Ask { ticket, query },
    10 => Stdin { text },
    11 => Collect { generation },
    12 => Quit,
    13 => Back(it),
    14 => Seek { at },
    15 => Present,
    16 => Order(it),
    17 => Lines { back },
});

/// The reverse of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// To where the last line began, entering calls from their end.
    Line,
    /// To where the last line of this frame or a caller began.
    Over,
    /// To the line that called this frame.
    Out,
    /// One bytecode instruction.
    Instruction,
    /// To the last time that a line with a breakpoint began.
    Breakpoint,
    /// To after the last time that an object was freed.
    Free,
    /// To after the last collection.
    Collection,
    /// To after the last change of this object's count.
    CountChange(Subject),
    /// To after this object was made.
    Creation(Subject),
}

wire_enum!(Back {
    0 => Line,
    1 => Over,
    2 => Out,
    3 => Instruction,
    4 => Breakpoint,
    5 => Free,
    6 => Collection,
    7 => CountChange(it),
    8 => Creation(it),
});

/// Ties an answer to its question; chosen by the front end.
pub type Ticket = u64;

/// What `Run` runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A script (or a folder or archive with `__main__`).
    File { path: String, args: Vec<String> },
    /// `-c CODE`.
    Command { code: String, args: Vec<String> },
    /// `-m MODULE`.
    Module { name: String, args: Vec<String> },
    /// The program is read from standard input as a whole.
    Stdin { args: Vec<String> },
}

wire_enum!(Program {
    0 => File { path, args },
    1 => Command { code, args },
    2 => Module { name, args },
    3 => Stdin { args },
});

/// How far a stopped program goes before it stops again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the next line, entering calls.
    Into,
    /// To the next line of this frame or a caller.
    Over,
    /// To the line after this frame returned.
    Out,
    /// One bytecode instruction.
    Instruction,
    /// Until this line is about to run.
    ToLine { file: Arc<str>, line: u32 },
    /// Until a breakpoint or the end.
    Continue,
    /// Until an object is freed.
    NextFree,
    /// Until the collector has run.
    NextCollection,
}

wire_enum!(Step {
    0 => Into,
    1 => Over,
    2 => Out,
    3 => Instruction,
    4 => ToLine { file, line },
    5 => Continue,
    6 => NextFree,
    7 => NextCollection,
});

/// What a front end shows, and how often it wants to hear of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The window of the heap view that is on screen; `None` while no panel is open.
    pub heap: Option<HeapView>,
    /// Which memory events are wanted.
    pub feed: FeedLevel,
    /// Least time between two pushes while code runs. Everything is also pushed at each stop and prompt.
    pub interval: Duration,
}

wire_struct!(Subscription { heap, feed, interval });

/// How much of what happens to memory is reported. What is not wanted costs the program nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedLevel {
    /// Nothing.
    #[default]
    Off,
    /// Collections only.
    Collections,
    /// And creation, count changes and death of user objects.
    UserObjects,
    /// And of every other object.
    Everything,
}

wire_enum!(FeedLevel { 0 => Off, 1 => Collections, 2 => UserObjects, 3 => Everything });

/// One window onto the heap: which rows, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeapView {
    /// First row wanted.
    pub first: usize,
    /// How many rows fit on screen.
    pub rows: usize,
    /// Order inside each section; sections themselves (pinned, named, other user objects, groups) keep theirs.
    pub sort: SortKey,
    /// Largest or last first.
    pub descending: bool,
    /// Search text: matches a name, a type name, `#number` or a hexadecimal id. Empty: no filter.
    pub filter: String,
    /// Types whose objects are listed one by one below their group row.
    pub open_groups: Vec<Arc<str>>,
    /// Whether what was alive before the user's first line is listed by type.
    pub open_baseline: bool,
    /// Objects listed first, whatever the filter, until they die.
    pub pinned: Vec<ObjectId>,
}

wire_struct!(HeapView { first, rows, sort, descending, filter, open_groups, open_baseline, pinned });

/// What the heap view is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortKey {
    /// By name, in order of binding.
    #[default]
    Name,
    /// By type name, then number.
    Type,
    /// By reference count.
    RefCount,
    /// By generation.
    Generation,
    /// By size in bytes.
    Size,
    /// By number: in the order in which objects were first seen.
    Age,
}

wire_enum!(SortKey { 0 => Name, 1 => Type, 2 => RefCount, 3 => Generation, 4 => Size, 5 => Age });

/// A question about the present state. Allowed whenever the engine is stopped, at a prompt, or (at safepoints) running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// A page of the heap view, without subscribing. Answer: [`Answer::Heap`].
    Heap(HeapView),
    /// Everything about one object. Answer: [`Answer::Object`].
    Object(Subject),
    /// Who holds it, exactly as many as its count. Answer: [`Answer::Holders`].
    Holders(Subject),
    /// Why it is alive: holders, the shortest way from a root, what a learner should know. Answer: [`Answer::Why`].
    Why(Subject),
    /// Sets a mark: what is made from now on, what came and went. Answer: [`Answer::Marked`].
    Mark,
    /// What came and went since the mark. Answer: [`Answer::Growth`].
    Growth,
    /// Where the memory is. Answer: [`Answer::Sizes`].
    Sizes(SizesBy),
    /// What was made since a mark (0: since the beginning) and is left. Answer: [`Answer::Leaks`].
    Leaks { since: u32 },
    /// The objects around one, this many steps far. Answer: [`Answer::Graph`].
    Graph { subject: Subject, depth: u32 },
    /// Writes the whole heap to a file, for a browser's developer tools. Answer: [`Answer::Written`].
    Export { path: String },
    /// The stack, innermost first, each frame with its locals. Answer: [`Answer::Frames`].
    Frames,
    /// Bytecode of a frame of the stack (0 is the innermost). Answer: [`Answer::Dis`].
    DisFrame { frame: usize },
    /// Bytecode of a function, class, module, code object or source text. Answer: [`Answer::Dis`].
    Dis(Subject),
    /// Counters, thresholds, statistics, `gc.garbage`. Answer: [`Answer::Gc`].
    Gc,
    /// Text of a source file as the program sees it. Answer: [`Answer::Source`].
    Source { file: Arc<str> },
    /// Names and attributes that could follow, found without running user code. Answer: [`Answer::Completion`].
    Complete { line: String, column: usize },
    /// References among these objects, also through plain containers between them. Answer: [`Answer::Links`].
    Links { objects: Vec<ObjectId> },
    /// Every object's count against its holders. Answer: [`Answer::Audit`].
    Audit,
    /// All of the program's state in few words, to compare two moments. Answer: [`Answer::State`].
    State,
}

wire_enum!(Query {
    0 => Heap(it),
    1 => Object(it),
    2 => Holders(it),
    3 => Frames,
    4 => DisFrame { frame },
    5 => Dis(it),
    6 => Gc,
    7 => Source { file },
    8 => Complete { line, column },
    9 => Audit,
    10 => Why(it),
    11 => State,
    12 => Mark,
    13 => Growth,
    14 => Sizes(it),
    15 => Leaks { since },
    16 => Graph { subject, depth },
    17 => Export { path },
    30 => Links { objects },
});

// ---------------------------------------------------------------- events

/// From the engine to a front end.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The engine is up; what it is.
    Started { banner: String },
    /// Ready for input. `more`: the last input is incomplete and is kept; send the rest. `text` is `sys.ps1` or `sys.ps2`.
    Prompt { text: String, more: bool },
    /// The program wants a line from its standard input; `prompt` was already written as output.
    InputWanted,
    /// The program wrote this.
    Output { stream: Stream, text: String },
    /// A stopped program was resumed, or an evaluation began.
    Running,
    /// The program stopped.
    Stopped { reason: StopReason, location: Location, depth: usize },
    /// All breakpoints now set; lines moved to the nearest line that has code.
    Breakpoints(Vec<Breakpoint>),
    /// What happened to memory since the last push, oldest first. `skipped` more happened before these and
    /// were not kept, to stay within the interval.
    Memory { events: Vec<MemoryEvent>, skipped: u64 },
    /// What changed in the subscribed heap window.
    Heap(HeapUpdate),
    /// Counters, thresholds and statistics, when they changed.
    Gc(Arc<GcState>),
    /// Reply to [`Request::Ask`].
    Answer { ticket: Ticket, answer: Answer },
    /// The program ended, normally or not; nothing follows. `code` is the process exit status.
    Finished { code: i32 },
    /// The engine broke one of its own invariants and cannot go on; nothing follows.
    Broken { message: String },
    /// Where in a recorded run this is; sent at each stop.
    Moment(Moment),
    /// What follows is about another moment of the run: output so far is sent anew.
    Rewound,
    /// A line that was typed as input, when output is sent anew.
    Typed { text: String },
    /// A journey through a recorded run is under way.
    Progress { at: u64, of: u64 },
    /// What came of a request, in words; nothing else follows.
    Notice { text: String },
    /// Between the processes of a recorded run; never reaches a front end.
    Report(Box<Report>),
}

wire_enum!(Event {
    0 => Started { banner },
    1 => Prompt { text, more },
    2 => InputWanted,
    3 => Output { stream, text },
    4 => Running,
    5 => Stopped { reason, location, depth },
    6 => Breakpoints(it),
    7 => Memory { events, skipped },
    8 => Heap(it),
    9 => Gc(it),
    10 => Answer { ticket, answer },
    11 => Finished { code },
    12 => Broken { message },
    13 => Moment(it),
    14 => Rewound,
    15 => Typed { text },
    16 => Progress { at, of },
    17 => Notice { text },
    18 => Report(it),
});

/// A moment of a recorded run, and what recording takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Instructions executed so far.
    pub at: u64,
    /// Instructions executed where the run itself stands.
    pub present: u64,
    /// Processes that are kept to go back to.
    pub checkpoints: u64,
    /// The memory that they take, in bytes.
    pub bytes: u64,
}

wire_struct!(Moment { at, present, checkpoints, bytes });

/// Where output went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    Stdout,
    Stderr,
}

wire_enum!(Stream { 0 => Stdout, 1 => Stderr });

/// Why the program stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum StopReason {
    /// Before its first line.
    Entry,
    /// The step asked for is done.
    Step,
    /// At a breakpoint.
    Breakpoint,
    /// [`Request::Pause`].
    Pause,
    /// [`Step::NextFree`]: these were freed.
    Freed(Vec<ObjectLabel>),
    /// [`Step::NextCollection`].
    Collected(CollectionReport),
    /// An exception that nobody catches, before its frames are unwound.
    Exception { type_name: Arc<str>, message: String },
    /// After its last line, before the interpreter is torn down.
    End { code: i32 },
}

wire_enum!(StopReason {
    0 => Entry,
    1 => Step,
    2 => Breakpoint,
    3 => Pause,
    4 => Freed(it),
    5 => Collected(it),
    6 => Exception { type_name, message },
    7 => End { code },
});

/// A line at which the program stops.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Breakpoint {
    pub file: Arc<str>,
    pub line: u32,
}

wire_struct!(Breakpoint { file, line });

/// Something that happened to an object or the collector.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryEvent {
    /// Counts up by one per event in a session, skipped ones included.
    pub sequence: u64,
    /// The line that did it, where one is known.
    pub location: Option<Location>,
    pub kind: MemoryEventKind,
}

wire_struct!(MemoryEvent { sequence, location, kind });

/// The kinds of memory event.
#[derive(Clone, Debug, PartialEq)]
pub enum MemoryEventKind {
    /// A new object.
    Created { object: ObjectLabel },
    /// Its reference count between two lines.
    CountChanged { object: ObjectLabel, from: u64, to: u64 },
    /// Freed, when its last reference went.
    Freed { object: ObjectLabel },
    /// Its finalizer brought it back.
    Resurrected { object: ObjectLabel },
    /// Moved to `gc.garbage`.
    Uncollectable { object: ObjectLabel },
    /// A collection ended.
    Collected(CollectionReport),
}

wire_enum!(MemoryEventKind {
    0 => Created { object },
    1 => CountChanged { object, from, to },
    2 => Freed { object },
    3 => Resurrected { object },
    4 => Uncollectable { object },
    5 => Collected(it),
});

/// What one collection did.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionReport {
    /// 0, 1 or 2.
    pub generation: u8,
    pub trigger: Trigger,
    /// Objects found unreachable: what `gc.collect()` returns (collected plus uncollectable).
    pub unreachable: u64,
    pub collected: u64,
    pub uncollectable: u64,
    /// How long the program stood still.
    pub pause: Duration,
}

wire_struct!(CollectionReport { generation, trigger, unreachable, collected, uncollectable, pause });

/// Who asked for a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The allocation that exceeded the threshold.
    Threshold,
    /// `gc.collect()`, or the user's command.
    Explicit,
    /// The end of the interpreter.
    Exit,
}

wire_enum!(Trigger { 0 => Threshold, 1 => Explicit, 2 => Exit });

// ---------------------------------------------------------------- heap rows

/// What identifies a row of the heap view from one update to the next.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowKey {
    Object { id: ObjectId, number: u64 },
    Group { type_name: Arc<str>, baseline: bool },
    Baseline,
}

wire_enum!(RowKey {
    0 => Object { id, number },
    1 => Group { type_name, baseline },
    2 => Baseline,
});

/// One row of the heap view.
#[derive(Clone, Debug, PartialEq)]
pub enum HeapRow {
    /// One object.
    Object(ObjectRow),
    /// All other objects of a type.
    Group(GroupRow),
    /// Everything that was alive before the user's first line.
    Baseline { count: u64, bytes: u64, open: bool },
}

wire_enum!(HeapRow { 0 => Object(it), 1 => Group(it), 2 => Baseline { count, bytes, open } });

impl HeapRow {
    /// The row's identity.
    pub fn key(&self) -> RowKey {
        match self {
            HeapRow::Object(row) => RowKey::Object { id: row.label.id, number: row.label.number },
            HeapRow::Group(row) => RowKey::Group { type_name: row.type_name.clone(), baseline: row.baseline },
            HeapRow::Baseline { .. } => RowKey::Baseline,
        }
    }
}

/// One object, as the memory panel shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRow {
    pub label: ObjectLabel,
    /// Where the user finds it: `c1`, `self` of a frame. Empty when no name leads to it.
    pub names: Vec<Name>,
    pub refcount: u64,
    pub generation: Generation,
    /// `sys.getsizeof`, in bytes.
    pub size: u64,
    /// Short form made without running user code; one line, may be long.
    pub repr: String,
    /// Instance of a class that the user's code defined.
    pub user: bool,
    pub pinned: bool,
    pub state: RowState,
    /// Indented below an open group.
    pub in_group: bool,
}

wire_struct!(ObjectRow { label, names, refcount, generation, size, repr, user, pinned, state, in_group });

/// A name that leads to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub scope: Scope,
    pub name: Arc<str>,
}

wire_struct!(Name { scope, name });

/// Whose name it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A global of `__main__`.
    Global,
    /// A local of a running function.
    Local { function: Arc<str> },
    /// A class or instance attribute one step from a named object: `c1.t`.
    Attribute { owner: Arc<str> },
}

wire_enum!(Scope { 0 => Global, 1 => Local { function }, 2 => Attribute { owner } });

/// Which of the collector's lists an object is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// 0 (youngest), 1 or 2.
    Tracked(u8),
    /// Could be tracked and is not (an empty dict, a tuple of atoms).
    Untracked,
    /// Of a type that the collector never looks at.
    Atomic,
    /// `gc.freeze()` put it aside: the permanent generation.
    Permanent,
}

wire_enum!(Generation { 0 => Tracked(it), 1 => Untracked, 2 => Atomic, 3 => Permanent });

/// What became of a row since the last push.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowState {
    #[default]
    Live,
    New,
    /// Its count, generation, size or names changed.
    Changed,
    /// Freed; shown for a moment so that the eye catches it.
    Ghost,
}

wire_enum!(RowState { 0 => Live, 1 => New, 2 => Changed, 3 => Ghost });

/// All objects of a type that have no row of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRow {
    pub type_name: Arc<str>,
    pub count: u64,
    /// Sum of their sizes.
    pub bytes: u64,
    /// How the count changed since the last stop or prompt.
    pub change: i64,
    /// A class of the user's.
    pub user: bool,
    /// Its objects follow one by one.
    pub open: bool,
    /// Below the baseline row.
    pub baseline: bool,
}

wire_struct!(GroupRow { type_name, count, bytes, change, user, open, baseline });

/// The subscribed heap window after a change: its rows in order, unchanged ones by key only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeapUpdate {
    /// Index of the first row.
    pub first: usize,
    /// Rows there are in all, so that a scroll bar can be drawn.
    pub total: usize,
    pub rows: Vec<RowDelta>,
    /// Rows of the last window whose object was freed since, with the line that did it.
    pub gone: Vec<Gone>,
    /// Objects alive, and the sum of their sizes in bytes.
    pub live_objects: u64,
    pub live_bytes: u64,
}

wire_struct!(HeapUpdate { first, total, rows, gone, live_objects, live_bytes });

/// A row of an update.
#[derive(Clone, Debug, PartialEq)]
pub enum RowDelta {
    /// As sent before.
    Same(RowKey),
    /// New or changed.
    Row(HeapRow),
}

wire_enum!(RowDelta { 0 => Same(it), 1 => Row(it) });

/// An object that was on screen and is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    pub object: ObjectLabel,
    pub location: Option<Location>,
}

wire_struct!(Gone { object, location });

/// The collector's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GcState {
    pub enabled: bool,
    /// `gc.get_count()`.
    pub counts: [i64; 3],
    /// `gc.get_threshold()`.
    pub thresholds: [i64; 3],
    /// `gc.get_stats()`.
    pub stats: [GenerationStats; 3],
    /// Objects now in each generation's list.
    pub tracked: [u64; 3],
    /// `gc.get_freeze_count()`.
    pub frozen: u64,
    /// `gc.get_debug()`.
    pub debug: u32,
    /// What keeps a full collection back: pending must exceed total / 4.
    pub long_lived_pending: u64,
    pub long_lived_total: u64,
    /// `len(gc.garbage)`, and its first objects.
    pub garbage_len: u64,
    pub garbage: Vec<ObjectLabel>,
    /// The last collection, and the last one that somebody asked for.
    pub last: Option<CollectionReport>,
    pub last_explicit: Option<CollectionReport>,
}

wire_struct!(GcState {
    enabled,
    counts,
    thresholds,
    stats,
    tracked,
    frozen,
    debug,
    long_lived_pending,
    long_lived_total,
    garbage_len,
    garbage,
    last,
    last_explicit
});

/// One generation's line of `gc.get_stats()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenerationStats {
    pub collections: u64,
    pub collected: u64,
    pub uncollectable: u64,
}

wire_struct!(GenerationStats { collections, collected, uncollectable });

// ---------------------------------------------------------------- answers

/// Reply to a [`Query`].
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Heap(HeapUpdate),
    Object(Box<ObjectDetails>),
    Holders(HolderList),
    Why(Box<WhyReport>),
    /// The number of the mark, and how many objects there are now.
    Marked {
        mark: u32,
        objects: u64,
    },
    Growth(GrowthReport),
    Sizes(SizeTable),
    Leaks(LeakReport),
    Graph(ObjectGraph),
    /// What was written to the file.
    Written {
        nodes: u64,
        edges: u64,
    },
    Links(Vec<Link>),
    Frames(Vec<FrameRow>),
    Dis(DisListing),
    Gc(Arc<GcState>),
    Source(SourceText),
    Completion(Completion),
    Audit(AuditReport),
    /// What it is about, and its value.
    State(Vec<(String, String)>),
    /// The question has no answer; why, in a sentence for the user.
    Unknown {
        reason: String,
    },
}

wire_enum!(Answer {
    0 => Heap(it),
    1 => Object(it),
    2 => Holders(it),
    3 => Frames(it),
    4 => Dis(it),
    5 => Gc(it),
    6 => Source(it),
    7 => Completion(it),
    8 => Audit(it),
    9 => Unknown { reason },
    10 => Why(it),
    11 => State(it),
    12 => Marked { mark, objects },
    13 => Growth(it),
    14 => Sizes(it),
    15 => Leaks(it),
    16 => Graph(it),
    17 => Written { nodes, edges },
    30 => Links(it),
});

/// One object holds another, both by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub from: u64,
    pub to: u64,
    /// `.t`, `[3]`, `.items[0]`.
    pub path: String,
}

wire_struct!(Link { from, to, path });

/// Everything about one object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectDetails {
    pub row: ObjectRow,
    /// Bytes really taken, header and buffers included.
    pub real_size: u64,
    /// Labelled facts (length, hash, `__slots__`, …).
    pub facts: Vec<(String, String)>,
    /// What it refers to, in traverse order; capped, see `referents_total`.
    pub referents: Vec<Edge>,
    pub referents_total: u64,
    pub holders: HolderList,
    /// The shortest way to it from a root; empty if none leads to it.
    pub path: Vec<PathStep>,
    /// What is worth knowing about its count, in sentences.
    pub notes: Vec<String>,
    /// Where it was created, if that was recorded.
    pub created: Option<Location>,
}

wire_struct!(ObjectDetails {
    row,
    real_size,
    facts,
    referents,
    referents_total,
    holders,
    path,
    notes,
    created
});

/// Why an object is alive.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyReport {
    pub holders: HolderList,
    /// Short form of the object.
    pub repr: String,
    /// The shortest way to it from a root, the object last; empty if no root leads to it.
    pub path: Vec<PathStep>,
    /// What is worth knowing about its count, in sentences.
    pub notes: Vec<String>,
    /// Where it was created, if that was recorded.
    pub created: Option<Location>,
}

wire_struct!(WhyReport { holders, repr, path, notes, created });

/// One step of the way to an object.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// What the object there is called: `global c1`, `c1.t`.
    pub text: String,
    pub object: Option<ObjectLabel>,
    pub repr: String,
    /// Steps that are not listed; such a step has no object.
    pub left_out: u64,
}

wire_struct!(PathStep { text, object, repr, left_out });

impl PathStep {
    /// So many steps are not listed.
    pub fn gap(left_out: u64) -> PathStep {
        PathStep { text: String::new(), object: None, repr: String::new(), left_out }
    }
}

/// By what memory is summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizesBy {
    /// Type name.
    Type,
    /// The name that alone keeps it alive.
    Owner,
    /// The line that made it.
    Line,
}

wire_enum!(SizesBy { 0 => Type, 1 => Owner, 2 => Line });

/// Where the memory is.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeTable {
    pub by: SizesBy,
    /// Largest first; capped, see `rows_total`.
    pub rows: Vec<SizeRow>,
    pub rows_total: u64,
    /// All live objects, and the sum of their sizes in bytes.
    pub objects: u64,
    pub bytes: u64,
}

wire_struct!(SizeTable { by, rows, rows_total, objects, bytes });

/// One line of such a table.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeRow {
    pub name: String,
    pub count: u64,
    /// Bytes; of an owner, all that only it keeps alive.
    pub bytes: u64,
}

wire_struct!(SizeRow { name, count, bytes });

/// What came and went since a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthReport {
    /// Types that grew most first; capped, see `rows_total`.
    pub rows: Vec<GrowthRow>,
    pub rows_total: u64,
    /// What is new, by the line that made it; largest first, capped.
    pub lines: Vec<SizeRow>,
    pub new: u64,
    pub gone: u64,
}

wire_struct!(GrowthReport { rows, rows_total, lines, new, gone });

/// How the objects of a type changed.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthRow {
    pub type_name: Arc<str>,
    pub user: bool,
    pub new: u64,
    pub gone: u64,
    pub now: u64,
    /// Bytes more than before.
    pub bytes: i64,
}

wire_struct!(GrowthRow { type_name, user, new, gone, now, bytes });

/// What was made and is left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeakReport {
    /// What nothing leads to first, then by size; capped, see `groups_total`.
    pub groups: Vec<LeakGroup>,
    pub groups_total: u64,
    /// All that is left, what is inside other objects included; bytes.
    pub objects: u64,
    pub bytes: u64,
    /// Made by `import` statements and left out above; bytes.
    pub imported: u64,
    pub imported_bytes: u64,
}

wire_struct!(LeakReport { groups, groups_total, objects, bytes, imported, imported_bytes });

/// Objects of one type that one line made.
#[derive(Clone, Debug, PartialEq)]
pub struct LeakGroup {
    pub type_name: Arc<str>,
    /// A class of the user's.
    pub user: bool,
    pub location: Option<Location>,
    pub count: u64,
    /// Bytes of the objects themselves, and with all that only they keep alive.
    pub bytes: u64,
    pub retained: u64,
    /// No root leads to them: they wait for the collector.
    pub unreachable: bool,
    /// One of them, and the shortest way to it from a root.
    pub example: ObjectLabel,
    pub repr: String,
    pub path: Vec<PathStep>,
}

wire_struct!(LeakGroup {
    type_name,
    user,
    location,
    count,
    bytes,
    retained,
    unreachable,
    example,
    repr,
    path
});

/// Objects around one, to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectGraph {
    /// The object asked about is the first.
    pub nodes: Vec<GraphNode>,
    pub edges: Vec<GraphEdge>,
    /// Objects for which there was no room.
    pub left_out: u64,
}

wire_struct!(ObjectGraph { nodes, edges, left_out });

/// An object in a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphNode {
    pub object: ObjectLabel,
    /// Names that lead to it.
    pub names: Vec<String>,
    /// Short form, where that says more than the type; may be empty.
    pub repr: String,
    pub refcount: u64,
    /// Steps from the object in the middle, which is in layer 1; who holds that is in layer 0.
    pub layer: u32,
    /// Small values that it holds: `.name = 'x'`.
    pub fields: Vec<String>,
    pub in_cycle: bool,
}

wire_struct!(GraphNode { object, names, repr, refcount, layer, fields, in_cycle });

/// A reference in a drawing, between places in `nodes`.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphEdge {
    pub from: u32,
    pub to: u32,
    /// `.t`, `[3]`.
    pub label: String,
    pub in_cycle: bool,
}

wire_struct!(GraphEdge { from, to, label, in_cycle });

/// One reference, from the point of view of the other end.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// `.t`, `[3]`, `['key']`, `__class__`.
    pub path: String,
    pub object: ObjectLabel,
    pub repr: String,
}

wire_struct!(Edge { path, object, repr });

/// Who holds an object.
#[derive(Clone, Debug, PartialEq)]
pub struct HolderList {
    pub object: ObjectLabel,
    pub refcount: u64,
    /// One per reference; capped, see `total`.
    pub holders: Vec<Holder>,
    pub total: u64,
    /// References that could not be named; 0 when every count is explained.
    pub unexplained: i64,
}

wire_struct!(HolderList { object, refcount, holders, total, unexplained });

/// One reference to an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The holding object, if it is one (a root is not).
    pub object: Option<ObjectLabel>,
    /// `global c1`, `local self of f line 3`, `c2.t`, `value stack of <module> line 2, slot 1`, `the last result (_)`.
    pub description: String,
}

wire_struct!(Holder { object, description });

/// A frame of the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameRow {
    pub location: Location,
    /// Locals in slot order (module frames: names in order of binding).
    pub locals: Vec<LocalRow>,
    /// Value stack, bottom first.
    pub stack: Vec<LocalRow>,
    /// Offset in bytes of the instruction about to run.
    pub offset: u32,
}

wire_struct!(FrameRow { location, locals, stack, offset });

/// A local variable or a slot of the value stack.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalRow {
    pub name: Arc<str>,
    /// Unbound: `None`.
    pub object: Option<ObjectRow>,
    pub cell: bool,
}

wire_struct!(LocalRow { name, object, cell });

/// Bytecode as text.
#[derive(Clone, Debug, PartialEq)]
pub struct DisListing {
    /// `co_qualname` and file.
    pub title: String,
    pub rows: Vec<DisRow>,
}

wire_struct!(DisListing { title, rows });

/// One instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct DisRow {
    /// Set where a new source line begins.
    pub line: Option<u32>,
    /// Offset in bytes, as `dis` shows it.
    pub offset: u32,
    pub name: String,
    pub argument: Option<u32>,
    /// The argument in words: a name, a constant, a jump target.
    pub meaning: String,
    pub jump_target: bool,
    /// About to run.
    pub current: bool,
}

wire_struct!(DisRow { line, offset, name, argument, meaning, jump_target, current });

/// A source file.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceText {
    pub file: Arc<str>,
    pub lines: Vec<String>,
    /// Lines at which the program can stop, ascending.
    pub stops: Vec<u32>,
}

wire_struct!(SourceText { file, lines, stops });

/// What could follow the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Byte offset in the line from which the candidates replace.
    pub start: usize,
    pub candidates: Vec<Candidate>,
}

wire_struct!(Completion { start, candidates });

/// One completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub text: String,
    /// `function`, `module`, `int`, `keyword`, …
    pub kind: Arc<str>,
}

wire_struct!(Candidate { text, kind });

/// What the audit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditReport {
    pub objects: u64,
    /// References found, over all objects.
    pub holders: u64,
    /// Those of them that native code holds in variables of its own.
    pub in_native_code: u64,
    /// Objects whose count differs from their holders; capped.
    pub differences: Vec<HolderList>,
    pub differences_total: u64,
}

wire_struct!(AuditReport { objects, holders, in_native_code, differences, differences_total });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vm::wire::{Wire, from_bytes, to_bytes};

    fn there_and_back<T: Wire + PartialEq + std::fmt::Debug>(value: T) {
        let bytes = to_bytes(&value);
        assert_eq!(from_bytes::<T>(&bytes), Some(value));
        for cut in 0..bytes.len() {
            assert!(from_bytes::<T>(&bytes[..cut]).is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn messages_come_back_as_they_went() {
        there_and_back(Request::Step(Step::ToLine { file: "a.py".into(), line: 7 }));
        there_and_back(Request::Stdin { text: "é\n".into() });
        let location = Location { file: "a.py".into(), line: 7, function: "<module>".into() };
        there_and_back(Event::Stopped {
            reason: StopReason::Exception { type_name: "ValueError".into(), message: "no".into() },
            location,
            depth: 3,
        });
    }

    #[test]
    fn a_nonsensical_length_is_refused() {
        assert_eq!(from_bytes::<Vec<u64>>(&u64::MAX.to_le_bytes()), None);
        assert_eq!(from_bytes::<String>(&u64::MAX.to_le_bytes()), None);
        assert_eq!(from_bytes::<Event>(&[250]), None);
    }
}
