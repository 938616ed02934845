//! Code objects as plain data, and everything that reads or writes them as such.
pub mod classic;
pub mod dis;
pub mod exception_table;
pub mod location;
pub mod marshal;
pub mod object;
pub mod opcode;
pub mod pyc;
pub mod verify;
