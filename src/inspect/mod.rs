//! Looking at a program: which objects there are, what they are called, who holds them. Reads only.
//!
//! | file | holds |
//! | --- | --- |
//! | `numbers` | `ClassA #12`: small numbers for addresses, never reused |
//! | `origin` | what is the user's own code, classes and objects |
//! | `short` | values in a few words, made without running user code |
//! | `size` | `sys.getsizeof` without calling it |
//! | `names` | which names lead to which objects |
//! | `edges`, `roots`, `holders` | who holds what, and by which way |
//! | `survey`, `window` | the heap by type; the rows of the memory panel |
//! | `resolve`, `complete` | expressions and completions, found by looking |
//!
//! What is always true: everything is done while the program stands still ([`crate::memory::look::Still`]); no
//! count moves, no object is made, no user code runs. What leaves this module is plain data.
#![forbid(unsafe_code)]

pub mod complete;
pub mod edges;
pub mod holders;
pub mod names;
pub mod numbers;
pub mod origin;
pub mod resolve;
pub mod roots;
pub mod row;
pub mod short;
pub mod size;
pub mod survey;
pub mod window;
