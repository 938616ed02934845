//! The full screen: a REPL or a stepper with a live memory panel beside it.
//!
//! `state` is plain data; `update` turns an action (key, mouse, tick, engine event) into a new state and effects;
//! `view` only draws; `run` alone touches the terminal and the engine. So everything but `run` and `terminal`
//! is tested without either.
//!
//! What is always true: nothing here holds an object. The panel shows rows that the engine sent, and asks for the
//! window that is on screen, so neither memory nor frame time depends on how large the heap is, and looking
//! changes no count.
pub mod highlight;
pub mod keymap;
pub mod layers;
pub mod layout;
pub mod run;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
