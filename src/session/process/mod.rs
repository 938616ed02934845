//! A recorded run: the engine in processes of its own, so that it can be forked, and the supervisor between them and
//! the front end.
//!
//! ```text
//!   front end ── protocol ── supervisor ──┬── the run: the only process that touches the outside world
//!                                         ├── checkpoints: forks of it that sleep
//!                                         └── a replay: a fork of a checkpoint, run forward to a moment of the past
//! ```
//!
//! A moment is a number: how many instructions have been executed. To go back, the nearest checkpoint before the moment
//! is forked and the fork runs forward to it, with the answers that the outside world gave the first time. The run
//! itself stays where it is; when a replay comes to that moment it ends, and the run goes on in its place. So nothing is
//! ever written or asked twice.
//!
//! | file | holds |
//! | --- | --- |
//! | `supervisor` | who is on the screen, searches, journeys; a thread of the front end's process |
//! | `checkpoints` | those that are kept, and which go first |
//! | `transcript` | what was printed and typed |
//! | `start` | the first fork |
//! | `messages` | what supervisor and processes say to each other |
//! | `port` | a socket with whole messages |
//! | `raw` | what is unsafe |
pub mod checkpoints;
pub mod messages;
pub mod port;
pub mod raw;
pub mod start;
pub mod supervisor;
pub mod transcript;

pub use start::spawn;
