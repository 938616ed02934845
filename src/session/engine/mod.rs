//! The engine: one thread that owns everything Python and serves one front end.
//!
//! | file | holds |
//! | --- | --- |
//! | `serve` | the thread: start-up, evaluating and running, requests at a prompt, the end |
//! | `stepper` | the observer between instructions: stepping, breakpoints, requests while code runs |
//! | `watcher` | the sink of memory events |
//! | `answers` | questions and how they are answered |
//! | `recorder` | leaving checkpoints of a recorded run, and being one |
//! | `journey` | a replay on its way to a moment of the past |
//! | `digest` | all of the program's state in few words |
//! | `past_lines` | memory as it was some lines ago, at a prompt |
//! | `desk` | what is kept for the front end, and what is pushed to it |
//! | `console`, `outbox`, `ticker` | the program's standard streams, and the clock that keeps them moving |
//!
//! What is always true: nothing here is seen by the program. It runs the same code, makes the same objects and
//! prints the same bytes whether somebody watches or not.
pub mod answers;
pub mod console;
pub mod desk;
pub mod digest;
pub mod journey;
pub mod outbox;
pub mod past_lines;
pub mod plain;
pub mod program;
pub mod recorder;
pub mod serve;
pub mod stepper;
pub mod ticker;
pub mod watcher;

pub use plain::{Companion, run_plain, run_with};
pub use serve::spawn;
