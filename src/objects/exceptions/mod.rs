//! The exception tree.
//!
//! `table` lists the types, `kinds` their layouts, `base` what all share; the types with fields of
//! their own have a file each.

pub mod base;
pub mod fields;
pub mod group;
pub mod kinds;
pub mod os_error;
pub mod table;
pub mod unicode;

pub use fields::{raise_import_error, set_attribute_context, set_name_context, stop_iteration_value};
pub use kinds::{ExceptionObject, FieldsException};
pub use table::ExceptionTypes;
