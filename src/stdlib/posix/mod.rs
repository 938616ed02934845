//! `posix`: what the operating system offers, as `os` wants it.

pub mod path;
pub mod raw;
