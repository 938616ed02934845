//! Objects to bytes, as `Python/marshal.c` writes them.
//!
//! A value whose reference count is one is written plainly; any other gets the reference flag and an
//! index, and later occurrences are written as that index. Counts are the reference's, so bytes are.

use std::collections::HashMap;

use super::raise;
use crate::code::marshal::write::Writer as Encoder;
use crate::code::marshal::{MAX_DEPTH, MarshalError, tag};
use crate::code::object::Const;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::complex::ComplexObject;
use crate::objects::set::{self, SetObject};
use crate::objects::{
    DictObject, FloatObject, IntObject, ListObject, PyResult, StrObject, TupleObject, exceptions, types,
};
use crate::vm::Ctx;
use crate::vm::code_attrs::plain_text;
use crate::vm::code_object::Code;

/// The bytes of a value in a format version.
pub(super) fn dumps(cx: Ctx, value: &Object, version: u8) -> PyResult<Vec<u8>> {
    dumps_held(cx, value, version, 0)
}

/// As [`dumps`], of a value that is held `extra` times only because it is being written.
fn dumps_held(cx: Ctx, value: &Object, version: u8, extra: usize) -> PyResult<Vec<u8>> {
    let mut writer = Writer {
        cx,
        to: Encoder::new(version),
        version,
        indexes: HashMap::new(),
        next_index: 0,
        depth: 0,
        tables: HashMap::new(),
        counted: Vec::new(),
    };
    writer.held(value, extra)?;
    Ok(writer.to.out)
}

/// What an index of the stream stands for.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Object(usize),
    /// The `co_code` of a code object: made for the writer, and kept by the code object.
    Instructions(usize),
    /// A line or exception table: equal ones of one compilation are one object in the reference.
    Table(Vec<u8>),
}

struct Writer {
    cx: Ctx,
    to: Encoder,
    version: u8,
    indexes: HashMap<Key, u32>,
    next_index: u32,
    depth: u32,
    /// How many code objects have a table with these bytes.
    tables: HashMap<Vec<u8>, u32>,
    /// Addresses of the code objects whose tables are counted.
    counted: Vec<usize>,
}

impl Writer {
    fn fail(&self, error: MarshalError) -> crate::objects::Raised {
        raise(self.cx, error)
    }

    fn encoded(&self, result: Result<(), MarshalError>) -> PyResult<()> {
        result.map_err(|error| self.fail(error))
    }

    /// `None` when the value is written as a reference; else the flag for its type byte.
    fn reference(&mut self, key: Key, shared: bool) -> Option<u8> {
        if self.version < 3 || !shared {
            return Some(0);
        }
        if let Some(&index) = self.indexes.get(&key) {
            self.to.byte(tag::REF);
            self.to.long(index as i32);
            return None;
        }
        self.indexes.insert(key, self.next_index);
        self.next_index += 1;
        Some(tag::FLAG_REF)
    }

    fn object(&mut self, object: &Object) -> PyResult<()> {
        self.held(object, 0)
    }

    /// A value that is held `extra` times only because it is being written.
    fn held(&mut self, object: &Object, extra: usize) -> PyResult<()> {
        if self.depth >= MAX_DEPTH {
            return Err(self.cx.value_error("object too deeply nested to marshal"));
        }
        self.depth += 1;
        let done = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.value(object, extra));
        self.depth -= 1;
        done
    }

    fn value(&mut self, object: &Object, extra: usize) -> PyResult<()> {
        let cx = self.cx;
        let single = if cx.is_none(object) {
            Some(tag::NONE)
        } else if object.is(exceptions().stop_iteration.as_object()) {
            Some(tag::STOP_ITERATION)
        } else if object.is_exact(types().ellipsis_type) {
            Some(tag::ELLIPSIS)
        } else if object.is_exact(types().bool) {
            Some(if cx.is_true(object)? { tag::TRUE } else { tag::FALSE })
        } else {
            None
        };
        if let Some(single) = single {
            self.to.byte(single);
            return Ok(());
        }
        let shared = object.refcount() != 1 + extra;
        let Some(flag) = self.reference(Key::Object(object.address()), shared) else { return Ok(()) };
        if let Some(int) = object.downcast_exact::<IntObject>() {
            let done = self.to.int(&int.to_bigint(), flag);
            return self.encoded(done);
        }
        if let Some(float) = object.downcast_exact::<FloatObject>() {
            self.to.float(float.value, flag);
            return Ok(());
        }
        if let Some(complex) = object.downcast_exact::<ComplexObject>() {
            self.to.complex(complex.re, complex.im, flag);
            return Ok(());
        }
        if let Some(text) = object.downcast_exact::<StrObject>() {
            let done = self.to.text_body(&plain_text(text), text.is_interned(), flag);
            return self.encoded(done);
        }
        if let Some(bytes) = object.downcast_exact::<BytesObject>() {
            let done = self.to.bytes_body(bytes.as_slice(), flag);
            return self.encoded(done);
        }
        if let Some(tuple) = object.downcast_exact::<TupleObject>() {
            let done = self.to.tuple_header(tuple.len(), flag);
            self.encoded(done)?;
            return tuple.as_slice().iter().try_for_each(|item| self.object(item));
        }
        if let Some(list) = object.downcast_exact::<ListObject>() {
            self.header(tag::LIST | flag, list.len())?;
            // Nothing here runs user code: the list stays as it is.
            return list.peek_slice().iter().try_for_each(|item| self.object(item));
        }
        if let Some(dict) = object.downcast_exact::<DictObject>() {
            self.to.byte(tag::DICT | flag);
            let mut place = 0;
            while let Some((key, value)) = dict.next_entry(&mut place) {
                self.held(&key, 1)?;
                self.held(&value, 1)?;
            }
            self.to.byte(tag::NULL);
            return Ok(());
        }
        if object.is_exact(types().set) || object.is_exact(types().frozenset) {
            let code = if object.is_exact(types().set) { tag::SET } else { tag::FROZENSET };
            return self.set(object, code | flag);
        }
        if let Some(code) = object.downcast_exact::<Code>() {
            return self.code(code, flag);
        }
        if object.ty().slots().as_bytes.is_some() {
            let bytes: Vec<u8> = cx.with_bytes(object, |bytes| bytes.to_vec())?;
            let done = self.to.bytes_body(&bytes, flag);
            return self.encoded(done);
        }
        Err(cx.value_error("unmarshallable object"))
    }

    fn header(&mut self, code: u8, len: usize) -> PyResult<()> {
        self.to.byte(code);
        let done = self.to.size(len);
        self.encoded(done)
    }

    /// In the order of the elements' own bytes, so that equal sets give equal bytes. Each element is
    /// held twice while it is written.
    fn set(&mut self, object: &Object, code: u8) -> PyResult<()> {
        let Some(set) = set::as_any_set(object) else { return Ok(()) };
        self.header(code, SetObject::len(set))?;
        let mut keyed: Vec<(Vec<u8>, Ref)> = Vec::with_capacity(set.len());
        for item in set.to_vec() {
            // By itself, an element is held by the set only.
            keyed.push((dumps_held(self.cx, &item, self.version, 1)?, item));
        }
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        keyed.iter().try_for_each(|(_, item)| self.object(item))
    }

    fn code(&mut self, code: &Code, flag: u8) -> PyResult<()> {
        self.count_tables(code);
        let plain = &code.plain;
        self.to.byte(tag::CODE | flag);
        let numbers =
            [plain.argcount, plain.posonlyargcount, plain.kwonlyargcount, plain.stacksize, plain.flags];
        for number in numbers {
            self.to.long(number as i32);
        }
        self.bytes(Key::Instructions(code.object.address()), true, &plain.code)?;
        self.object(code.consts.as_object())?;
        self.object(code.names.as_object())?;
        self.object(code.localsplusnames.as_object())?;
        self.table(&plain.localspluskinds, false)?;
        self.object(code.filename.as_object())?;
        self.object(code.name.as_object())?;
        self.object(code.qualname.as_object())?;
        self.to.long(plain.firstlineno);
        self.table(&plain.linetable, true)?;
        self.table(&plain.exceptiontable, true)
    }

    fn bytes(&mut self, key: Key, shared: bool, bytes: &[u8]) -> PyResult<()> {
        let Some(flag) = self.reference(key, shared) else { return Ok(()) };
        let done = self.to.bytes_body(bytes, flag);
        self.encoded(done)
    }

    /// The empty bytes object is one; others are shared where they are `merged`.
    fn table(&mut self, bytes: &[u8], merged: bool) -> PyResult<()> {
        let shared = bytes.is_empty() || merged && self.tables.get(bytes).is_some_and(|&holders| holders > 1);
        self.bytes(Key::Table(if shared { bytes.to_vec() } else { Vec::new() }), shared, bytes)
    }

    /// Counts the tables of a code object and those in it.
    fn count_tables(&mut self, code: &Code) {
        let mut pending = vec![code.plain.clone()];
        while let Some(code) = pending.pop() {
            let address = std::sync::Arc::as_ptr(&code).addr();
            let Err(place) = self.counted.binary_search(&address) else { continue };
            self.counted.insert(place, address);
            for table in [&code.linetable, &code.exceptiontable] {
                *self.tables.entry(table.clone()).or_insert(0) += 1;
            }
            pending.extend(code.consts.iter().filter_map(|item| match item {
                Const::Code(code) => Some(code.clone()),
                _ => None,
            }));
        }
    }
}
