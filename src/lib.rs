//! ouro: a Python you can see through.
pub mod code;
pub mod syntax;
