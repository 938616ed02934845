//! The vm station.
