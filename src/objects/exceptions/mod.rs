//! The exception tree.

pub mod kinds;
pub mod table;

pub use kinds::{ExceptionObject, FieldsException};
pub use table::ExceptionTypes;
