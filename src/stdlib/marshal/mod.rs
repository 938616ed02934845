//! `marshal`: values to bytes and back, as the reference does it on live objects: what is shared is
//! written once and read as one object. `code::marshal` has the same format for plain data.

mod read;
mod write;

use crate::code::marshal::{self, MarshalError, MarshalErrorKind};
use crate::memory::{Object, Ref};
use crate::objects::spec::ModuleSpec;
use crate::objects::{MethodDef, ModuleObject, PyResult, Raised, args, exceptions, types};
use crate::vm::Ctx;

fn raise(cx: Ctx, error: MarshalError) -> Raised {
    let e = exceptions();
    let ty = match error.kind {
        MarshalErrorKind::EofError => e.eof_error,
        MarshalErrorKind::ValueError => e.value_error,
        MarshalErrorKind::TypeError => e.type_error,
    };
    cx.raise(ty, error.message)
}

/// The format version asked for: beyond the newest is the newest, below zero is zero.
fn version_of(cx: Ctx, given: Option<&Ref>) -> PyResult<u8> {
    match given {
        Some(version) => Ok(cx.to_i32(version)?.clamp(0, i32::from(marshal::VERSION)) as u8),
        None => Ok(marshal::VERSION),
    }
}

fn dumps(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "dumps", given, 1, 2)?;
    let version = version_of(cx, given.get(1))?;
    Ok(cx.new_bytes(&write::dumps(cx, &given[0], version)?).into_object())
}

fn dump(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "dump", given, 2, 3)?;
    let version = version_of(cx, given.get(2))?;
    let bytes = cx.new_bytes(&write::dumps(cx, &given[0], version)?).into_object();
    cx.call_method(&given[1], &crate::objects::names().write, &[bytes])
}

fn loads(cx: Ctx, _module: &Object, bytes: &Ref) -> PyResult {
    // A copy: reading may run code (`__hash__` cannot, but the cycle collector's finalizers can).
    let bytes: Vec<u8> = cx.with_bytes(bytes, <[u8]>::to_vec)?;
    read::loads(cx, &bytes)
}

fn load(cx: Ctx, _module: &Object, file: &Ref) -> PyResult {
    let probe = cx.call_method(file, &cx.intern("read"), &[cx.new_int(0)])?;
    if !probe.is_instance(types().bytes) {
        let name = probe.ty().tp_name();
        return Err(cx.type_error(format_args!("file.read() returned not bytes but {name}")));
    }
    read::load(cx, file)
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "version", cx.new_int(i64::from(marshal::VERSION)))
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "marshal",
    doc: Some(
        "This module contains functions that can read and write Python values in\na binary format, \
         the one that .pyc files have.",
    ),
    functions: &[
        MethodDef::fast(
            "dump",
            dump,
            "dump($module, value, file, version=version, /)\n--\n\nWrite a value to an open binary file.",
        ),
        MethodDef::one(
            "load",
            load,
            "load($module, file, /)\n--\n\nRead one value from an open binary file.",
        ),
        MethodDef::fast(
            "dumps",
            dumps,
            "dumps($module, value, version=version, /)\n--\n\nThe bytes that dump() would write.",
        ),
        MethodDef::one(
            "loads",
            loads,
            "loads($module, bytes, /)\n--\n\nThe value that the bytes describe; bytes behind it do not count.",
        ),
    ],
    exec: Some(exec),
};
