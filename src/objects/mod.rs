//! The objects station.
