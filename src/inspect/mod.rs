//! The inspect station.
