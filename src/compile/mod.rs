//! The compile station.

use std::sync::Arc;

use crate::code::object::CodeObject;
use crate::syntax::{Mode, SyntaxError};

/// What changes the output besides the source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// 0 keeps everything, 1 drops asserts, 2 docstrings too.
    pub optimize: u8,
    /// `__future__` bits in force from outside.
    pub future_flags: u32,
}

/// Compiles source text.
pub fn compile(
    _source: &str,
    filename: &str,
    _mode: Mode,
    _options: Options,
) -> Result<Arc<CodeObject>, SyntaxError> {
    Err(SyntaxError::new("the compiler is not there yet", filename))
}
