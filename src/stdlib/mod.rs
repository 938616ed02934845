//! The stdlib station.
