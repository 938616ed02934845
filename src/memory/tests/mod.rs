//! Tests of memory with toy types, a toy host and no interpreter.

mod alloc;
mod collect;
mod dealloc;
mod events;
mod lists;
mod random;
mod toy;
mod weak;
