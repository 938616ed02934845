//! Iterators of no one container: by index, by calling, and the built-in `enumerate`, `zip`,
//! `map`, `filter`, `reversed`.

pub mod common;
pub mod enumerate;
pub mod map;
pub mod plain;
pub mod reversed;
pub mod zip;

pub use enumerate::ENUMERATE;
pub use map::{FILTER, MAP};
pub use plain::{CALLABLE_ITERATOR, ITERATOR, new_callable_iterator, new_sequence_iterator};
pub use reversed::REVERSED;
pub use zip::ZIP;
