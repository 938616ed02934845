//! The compile station.
