//! The repl station.
