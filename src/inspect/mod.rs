//! Looking at a program: which objects there are, what they are called, who holds them. Reads only.
//!
//! | file | holds |
//! | --- | --- |
//! | `numbers` | `ClassA #12`: small numbers for addresses, never reused |
//! | `origin` | what is the user's own code, classes and objects |
//! | `short` | values in a few words, made without running user code |
//! | `size` | `sys.getsizeof` without calling it |
//! | `names` | which names lead to which objects |
//! | `edges`, `owned`, `roots`, `holders` | who holds what, and by which way |
//! | `why`, `phrase`, `stories` | why an object is alive: holders as a person would call them, the way from a root, what to know |
//! | `snapshot`, `index` | the whole heap at one moment as numbers |
//! | `births` | which line made what |
//! | `audit`, `tally` | whether every count is explained |
//! | `native`, `process_memory` | what native code at work holds in variables of its own |
//! | `left` | what is alive after shutdown, and why |
//! | `diff`, `dominators`, `sizes`, `leaks` | what a snapshot tells: changes, who alone keeps what, where the memory is, what is left |
//! | `around`, `devtools` | objects around one, to draw; the whole heap for a browser's developer tools |
//! | `survey`, `window` | the heap by type; the rows of the memory panel |
//! | `links` | references among a few objects |
//! | `recording` | a run as a page that replays it in a browser |
//! | `resolve`, `complete` | expressions and completions, found by looking |
//!
//! What is always true: everything is done while the program stands still ([`crate::memory::look::Still`]); no
//! count moves, no object is made, no user code runs. What leaves this module is plain data.
#![forbid(unsafe_code)]

pub mod around;
pub mod audit;
pub mod births;
pub mod complete;
pub mod devtools;
pub mod diff;
pub mod dominators;
pub mod edges;
pub mod holders;
pub mod index;
pub mod leaks;
pub mod left;
pub mod links;
pub mod names;
pub mod native;
pub mod numbers;
pub mod origin;
pub mod owned;
pub mod phrase;
mod process_memory;
pub mod recording;
pub mod resolve;
pub mod roots;
pub mod row;
pub mod seen;
pub mod short;
pub mod size;
pub mod sizes;
pub mod snapshot;
pub mod stories;
pub mod survey;
pub mod tally;
pub mod why;
pub mod window;
