//! The session station.
