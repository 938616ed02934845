//! Tests of memory with toy types, a toy host and no interpreter.

mod alloc;
mod collect;
mod dealloc;
mod lists;
mod toy;
mod weak;
