//! The tui station.
