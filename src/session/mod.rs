//! A session: one engine thread that owns everything Python, and the front ends that watch it.
//!
//! What is always true:
//! - front ends hold plain data keyed by object id, never an object, so looking cannot change a count;
//! - everything a front end wants is a [`protocol::Request`], everything it learns is a [`protocol::Event`];
//! - the two halves meet only in [`link`], two channels and a way to wake the engine, or the socket of a process.
//!
//! A program that is stepped through runs in processes of its own ([`process`]), so that one can go back.
//!
//! [`commands`] is the registry of commands as data; it feeds `:help`, completion, key hints and the manual.
//! [`report`], [`tables`], [`picture`] and [`json`] are the one wording of answers for all front ends.
pub mod commands;
pub mod engine;
pub mod json;
pub mod link;
pub mod picture;
pub mod process;
pub mod protocol;
pub mod recorder;
pub mod report;
pub mod tables;
