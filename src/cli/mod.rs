//! The cli station.
