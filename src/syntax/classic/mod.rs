//! The classic era's source text: tokens of Python 2.7 with their places, literals with their values.
//!
//! The grammar itself stands in `compile::classic`, which makes the same tree of these tokens that the modern
//! dialect is lowered to. Every token carries its line and column, so that tracebacks and errors name the original.

mod complete;
mod number;
mod string;
mod token;

pub use complete::{completeness, interactive_units};
pub use token::{Fault, Kind, Literal, Token, Tokens, tokenize};
