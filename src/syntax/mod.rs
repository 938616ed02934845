//! Source text: bytes to text, text to a ruff AST, positions, and every `SyntaxError` of the
//! front end in the words and at the places of CPython 3.11.
//!
//! Nothing here knows the compiler or the VM; strings with surrogates are [`crate::code::object::Text`].
//! Positions are UTF-8 byte offsets into the newline-normalised source that [`Parsed`] carries;
//! [`LineMap`] turns them into lines and columns. Only on an error does the hand-written grammar in
//! `diagnose` run: ruff says *that* a source is broken, `diagnose` says *how*, as CPython would.

mod aliases;
mod anchors;
mod charmaps;
mod checks;
pub mod classic;
mod complete;
mod diagnose;
mod error;
mod ident;
pub mod literal;
mod parse;
mod position;
mod source;
mod suggest;

pub use anchors::{Anchors, Marks, anchors, caret_line};
pub use checks::{SourceWarning, WarningCategory};
pub use complete::{Completeness, completeness, interactive_units};
pub use error::{ErrorKind, SyntaxError};
pub use ident::{is_printable, normalize_identifier};
pub use literal::character_by_name;
pub use parse::{Mode, Parsed, parse, parse_with};
pub use position::{LineMap, Position};
pub use source::{Columns, Origin, decode_source};
pub use suggest::suggest;
