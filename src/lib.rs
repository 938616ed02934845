//! ouro: a Python you can see through.
pub mod cli;
pub mod code;
pub mod compile;
pub mod era;
pub mod inspect;
pub mod memory;
pub mod objects;
pub mod repl;
pub mod session;
pub mod stdlib;
pub mod syntax;
pub mod tui;
pub mod vm;
