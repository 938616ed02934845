//! Line mode: the REPL on a plain terminal or a pipe.
//!
//! A client of the session like any other: it sends [`Request`](crate::session::protocol::Request)s, prints what
//! comes back, and owns nothing but text. Nothing it does (completion, `:refs`, `:heap`) runs user code or moves a count.
//!
//! - [`lines`] reads lines: an editor on a terminal, plain reading elsewhere.
//! - [`helper`] is what the editor asks while a line is typed: completion, colours, hints, "is it complete?".
//! - [`block`] knows where interactive input ends, and takes pasted text apart.
//! - [`client`] keeps questions and events in step on the wire.
//! - [`commands`] carries out meta commands and prints answers.
//! - [`style`] names the roles of coloured text.
//!
//! [`line_mode`] is the loop that ties them together.

pub mod block;
pub mod client;
pub mod commands;
pub mod helper;
pub mod highlight;
pub mod line_mode;
pub mod lines;
pub mod style;

pub use line_mode::{LineMode, Settings};
