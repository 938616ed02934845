//! Code objects as plain data, and everything that reads or writes them as such.
pub mod object;
pub mod opcode;
