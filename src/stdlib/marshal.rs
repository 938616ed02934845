//! `marshal`: values to bytes and back. The format is `code::marshal`'s; here plain data and objects
//! are turned into each other.

use std::collections::HashMap;
use std::sync::Arc;

use crate::code::marshal::{self, MAX_DEPTH, MarshalError, MarshalErrorKind, Value};
use crate::code::object::{Const, Text};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::complex::ComplexObject;
use crate::objects::set::{self, SetObject};
use crate::objects::spec::ModuleSpec;
use crate::objects::{
    DictObject, FloatObject, IntObject, ListObject, MethodDef, ModuleObject, PyResult, Raised, StrObject,
    TupleObject, args, exceptions, types,
};
use crate::vm::Ctx;
use crate::vm::code_object::{Code, make_const};

fn raise(cx: Ctx, error: MarshalError) -> Raised {
    let e = exceptions();
    let ty = match error.kind {
        MarshalErrorKind::EofError => e.eof_error,
        MarshalErrorKind::ValueError => e.value_error,
        MarshalErrorKind::TypeError => e.type_error,
    };
    cx.raise(ty, error.message)
}

/// The plain constant that a string is.
fn text_of(text: &StrObject) -> Text {
    match text.to_utf8() {
        Some(utf8) => Text::from(utf8.as_ref()),
        None => Text::from_code_points(text.code_points()),
    }
}

/// Plain data for an object, one level of nesting at a time.
fn to_value(cx: Ctx, object: &Object, depth: u32) -> PyResult<Value> {
    if depth > MAX_DEPTH {
        return Err(cx.value_error("object too deeply nested to marshal"));
    }
    let plain = |constant: Const| Ok(Value::Plain(constant));
    let all = |items: &[Ref]| -> PyResult<Vec<Value>> {
        items.iter().map(|item| to_value(cx, item, depth + 1)).collect()
    };
    if cx.is_none(object) {
        return plain(Const::None);
    }
    if object.is_exact(types().bool) {
        return plain(if cx.is_true(object)? { Const::True } else { Const::False });
    }
    if object.is_exact(types().ellipsis_type) {
        return plain(Const::Ellipsis);
    }
    if object.is(exceptions().stop_iteration.as_object()) {
        return Ok(Value::StopIteration);
    }
    if let Some(int) = object.downcast_exact::<IntObject>() {
        return plain(Const::Int(int.to_bigint()));
    }
    if let Some(float) = object.downcast_exact::<FloatObject>() {
        return plain(Const::Float(float.value));
    }
    if let Some(complex) = object.downcast_exact::<ComplexObject>() {
        return plain(Const::Complex { re: complex.re, im: complex.im });
    }
    if let Some(text) = object.downcast_exact::<StrObject>() {
        return plain(Const::Str(text_of(text)));
    }
    if let Some(bytes) = object.downcast_exact::<BytesObject>() {
        return plain(Const::Bytes(bytes.as_slice().into()));
    }
    if let Some(code) = object.downcast_exact::<Code>() {
        return plain(Const::Code(code.plain.clone()));
    }
    if let Some(tuple) = object.downcast_exact::<TupleObject>() {
        let items = all(tuple.as_slice())?;
        return Ok(match plain_items(&items) {
            Some(constants) => Value::Plain(Const::Tuple(constants.into())),
            None => Value::Tuple(items.into()),
        });
    }
    if let Some(list) = object.downcast_exact::<ListObject>() {
        return Ok(Value::List(all(&list.to_vec())?.into()));
    }
    if let Some(dict) = object.downcast_exact::<DictObject>() {
        let mut pairs = Vec::new();
        for (key, value) in dict.to_vec() {
            pairs.push((to_value(cx, &key, depth + 1)?, to_value(cx, &value, depth + 1)?));
        }
        return Ok(Value::Dict(pairs.into()));
    }
    if let Some(items) = set_items(object) {
        // Written in the order of their bytes, so that equal sets give equal bytes.
        let mut keyed = Vec::new();
        for value in all(&items)? {
            keyed.push((marshal::dumps(&value, marshal::VERSION).map_err(|error| raise(cx, error))?, value));
        }
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        let items: Vec<Value> = keyed.into_iter().map(|(_, value)| value).collect();
        if object.is_exact(types().set) {
            return Ok(Value::Set(items.into()));
        }
        return Ok(match plain_items(&items) {
            Some(constants) => Value::Plain(Const::FrozenSet(constants.into())),
            None => Value::FrozenSet(items.into()),
        });
    }
    if object.ty().slots().as_bytes.is_some() {
        return plain(Const::Bytes(cx.with_bytes(object, |bytes| bytes.into())?));
    }
    Err(cx.value_error("unmarshallable object"))
}

fn set_items(object: &Object) -> Option<Vec<Ref>> {
    let exact = object.is_exact(types().set) || object.is_exact(types().frozenset);
    if exact { set::as_any_set(object).map(SetObject::to_vec) } else { None }
}

/// The items as constants, if all of them are.
fn plain_items(items: &[Value]) -> Option<Vec<Const>> {
    items
        .iter()
        .map(|item| match item {
            Value::Plain(constant) => Some(constant.clone()),
            _ => None,
        })
        .collect()
}

/// Objects made of one stream: containers that the stream shares are shared.
struct Maker {
    cx: Ctx,
    made: HashMap<usize, Ref>,
}

impl Maker {
    fn all(&mut self, items: &[Value]) -> PyResult<Vec<Ref>> {
        items.iter().map(|item| self.object(item)).collect()
    }

    fn object(&mut self, value: &Value) -> PyResult {
        let cx = self.cx;
        let address = match value {
            Value::Plain(constant) => return Ok(make_const(cx, constant)),
            Value::StopIteration => return Ok(exceptions().stop_iteration.to_object()),
            Value::Tuple(items) | Value::List(items) | Value::Set(items) | Value::FrozenSet(items) => {
                Arc::as_ptr(items).cast::<u8>().addr()
            }
            Value::Dict(pairs) => Arc::as_ptr(pairs).cast::<u8>().addr(),
        };
        if let Some(known) = self.made.get(&address) {
            return Ok(known.clone());
        }
        let made = match value {
            Value::Tuple(items) => cx.new_tuple(self.all(items)?).into_object(),
            Value::List(items) => cx.new_list(self.all(items)?)?.into_object(),
            Value::FrozenSet(items) => set::new_frozenset(cx, &self.all(items)?)?,
            Value::Set(items) => {
                let made = set::new_set(cx);
                for item in self.all(items)? {
                    set::add(cx, &made, &item)?;
                }
                made
            }
            Value::Dict(pairs) => {
                let dict = cx.new_dict();
                for (key, value) in pairs.iter() {
                    let key = self.object(key)?;
                    let value = self.object(value)?;
                    dict.set(cx, &key, value)?;
                }
                dict.into_object()
            }
            Value::Plain(_) | Value::StopIteration => cx.none(),
        };
        // An empty container has no storage of its own to be known by.
        let is_empty = match value {
            Value::Tuple(items) | Value::List(items) | Value::Set(items) | Value::FrozenSet(items) => {
                items.is_empty()
            }
            Value::Dict(pairs) => pairs.is_empty(),
            _ => true,
        };
        if !is_empty {
            self.made.insert(address, made.clone());
        }
        Ok(made)
    }
}

fn version_of(cx: Ctx, given: Option<&Ref>) -> PyResult<u8> {
    match given {
        Some(version) => Ok(cx.to_i32(version)?.clamp(0, i32::from(marshal::VERSION)) as u8),
        None => Ok(marshal::VERSION),
    }
}

fn to_bytes(cx: Ctx, value: &Object, version: u8) -> PyResult<Vec<u8>> {
    let value = to_value(cx, value, 0)?;
    marshal::dumps(&value, version).map_err(|error| raise(cx, error))
}

fn dumps(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "dumps", given, 1, 2)?;
    let version = version_of(cx, given.get(1))?;
    Ok(cx.new_bytes(&to_bytes(cx, &given[0], version)?).into_object())
}

fn dump(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "dump", given, 2, 3)?;
    let version = version_of(cx, given.get(2))?;
    let bytes = cx.new_bytes(&to_bytes(cx, &given[0], version)?).into_object();
    cx.call_method(&given[1], &crate::objects::names().write, &[bytes])
}

fn loads(cx: Ctx, _module: &Object, bytes: &Ref) -> PyResult {
    let value = cx.with_bytes(bytes, marshal::loads)?.map_err(|error| raise(cx, error))?;
    Maker { cx, made: HashMap::new() }.object(&value)
}

/// Reads the rest of the file; what follows the value is given back by seeking.
fn load(cx: Ctx, _module: &Object, file: &Ref) -> PyResult {
    let read = cx.call_method(file, &cx.intern("read"), &[])?;
    if !read.is_instance(types().bytes) {
        return Err(cx.type_error(format_args!("file.read() returned not bytes but {}", read.ty().tp_name())));
    }
    let (loaded, len) = cx.with_bytes(&read, |bytes| (marshal::load(bytes), bytes.len()))?;
    let loaded = loaded.map_err(|error| raise(cx, error))?;
    let rest = len - loaded.consumed;
    if rest > 0 {
        let back = cx.new_int(-(rest as i64));
        cx.call_method(file, &cx.intern("seek"), &[back, cx.new_int(1)])?;
    }
    Maker { cx, made: HashMap::new() }.object(&loaded.value)
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
