//! Native modules, one file or folder each: plain tables of names and functions.

pub mod abc;
pub mod array;
pub mod ast;
pub mod atexit;
pub mod binascii;
pub mod builtins;
pub mod classic;
pub mod cmath;
pub mod codecs;
pub mod collections;
pub mod contextvars;
pub mod csv;
pub mod dis;
pub mod errno;
pub mod functools;
pub mod gc;
pub mod hashes;
pub mod imp;
pub mod io;
pub mod itertools;
pub mod library;
pub mod marshal;
pub mod math;
pub mod operator;
pub mod posix;
pub mod queues;
pub mod random;
pub mod signal;
pub mod site;
pub mod small;
pub mod sre;
pub mod stat;
pub mod string;
pub mod structs;
pub mod support;
pub mod sys;
pub mod thread;
pub mod time;
pub mod traceback;
pub mod unicodedata;
pub mod unix;
pub mod warnings;
pub mod weakref;
pub mod zlib;

use crate::objects::ModuleSpec;

/// Every native module, by name.
pub static MODULES: &[&ModuleSpec] = &[
    &array::SPEC,
    &ast::SPEC,
    &binascii::SPEC,
    &collections::SPEC,
    &cmath::SPEC,
    &contextvars::SPEC,
    &csv::SPEC,
    &hashes::BLAKE2,
    &hashes::MD5,
    &hashes::SHA1,
    &hashes::SHA256,
    &hashes::SHA3,
    &hashes::SHA512,
    &queues::BISECT,
    &queues::HEAPQ,
    &small::FAULTHANDLER,
    &small::LOCALE,
    &small::SYSCONFIGDATA,
    &small::TRACEMALLOC,
    &small::TYPING,
    &unicodedata::SPEC,
    &unix::FCNTL,
    &unix::GRP,
    &unix::POSIXSUBPROCESS,
    &unix::PWD,
    &unix::RESOURCE,
    &unix::SELECT,
    &unix::SOCKET,
    &unix::TERMIOS,
    &zlib::SPEC,
    &abc::SPEC,
    &codecs::SPEC,
    &functools::SPEC,
    &operator::SPEC,
    &random::SPEC,
    &signal::SPEC,
    &sre::SPEC,
    &stat::SPEC,
    &thread::SPEC,
    &warnings::SPEC,
    &weakref::SPEC,
    &atexit::SPEC,
    &builtins::SPEC,
    &dis::SPEC,
    &dis::OPCODE,
    &dis::OPCODE_C,
    &errno::SPEC,
    &gc::SPEC,
    &imp::SPEC,
    &io::SPEC,
    &itertools::SPEC,
    &marshal::SPEC,
    &math::SPEC,
    &posix::SPEC,
    &string::SPEC,
    &structs::SPEC,
    &sys::SPEC,
    &time::SPEC,
];

/// The native module of this name.
pub fn find(name: &str) -> Option<&'static ModuleSpec> {
    MODULES.iter().copied().find(|spec| spec.name == name)
}

/// Makes `sys.stdin`, `sys.stdout` and `sys.stderr`.
pub fn init_streams(cx: crate::vm::Ctx) -> crate::objects::PyResult<()> {
    io::init_streams(cx)
}

/// Runs what was registered with `atexit`.
pub fn run_exit_functions(cx: crate::vm::Ctx) {
    atexit::run_all(cx);
}
