//! Values to bytes.
//!
//! Which values get [`FLAG_REF`](super::tag::FLAG_REF) depends in CPython on live reference counts: a value held
//! once is written plainly. Here the same is worked out from the data, knowing what the compiler
//! shares: equal constants and tuples within one top-level code object are one object, identifiers
//! are interned and so held elsewhere too, small integers, one-character strings and empty tuples
//! are cached. The result equals `py_compile`'s output for nearly every module of the library.

use std::collections::HashMap;

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use super::super::object::{CodeObject, Const, Text};
use super::{MAX_DEPTH, MarshalError, Value, tag};

/// `marshal.dumps(value, version)` of plain data.
///
/// # Errors
/// Nesting beyond [`MAX_DEPTH`], or something larger than the format's 31-bit sizes.
pub fn dumps(value: &Value, version: u8) -> Result<Vec<u8>, MarshalError> {
    let mut writer = Writer::new(version);
    writer.count_value(value, 0)?;
    writer.value(value)?;
    Ok(writer.out)
}

/// The body of a `.pyc` file for a compiled module.
///
/// # Errors
/// As for [`dumps`].
pub fn dumps_code(code: &CodeObject) -> Result<Vec<u8>, MarshalError> {
    let mut writer = Writer::new(super::VERSION);
    writer.count_code(code, 0)?;
    // The module's code is held by the caller as well as by the writer.
    writer.code(code, true)?;
    Ok(writer.out)
}

/// What makes two values one object: their type and exact content, or a code object's address.
type Key = Vec<u8>;

/// How a string came to be, which decides its type byte and whether it is held elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// An identifier: always interned.
    Name,
    /// `co_name`, `co_filename`: held elsewhere; interned when it looks like an identifier.
    Shared,
    /// A constant.
    Plain,
    /// Held by another owner for the moment of writing (elements of a frozenset).
    Held,
}

pub(crate) struct Writer {
    pub(crate) out: Vec<u8>,
    version: u8,
    holders: HashMap<Key, u32>,
    indexes: HashMap<Key, u32>,
    next_index: u32,
}

impl Writer {
    pub(crate) fn new(version: u8) -> Self {
        Writer { out: Vec::new(), version, holders: HashMap::new(), indexes: HashMap::new(), next_index: 0 }
    }

    // First walk: how many holders each object has.

    fn hold(&mut self, key: Key) -> bool {
        let count = self.holders.entry(key).or_insert(0);
        *count += 1;
        *count == 1
    }

    fn count_value(&mut self, value: &Value, depth: u32) -> Result<(), MarshalError> {
        check_depth(depth)?;
        match value {
            Value::Plain(item) => self.count_const(item, depth),
            Value::StopIteration => Ok(()),
            Value::Tuple(items) | Value::List(items) | Value::Set(items) | Value::FrozenSet(items) => {
                items.iter().try_for_each(|item| self.count_value(item, depth + 1))
            }
            Value::Dict(pairs) => pairs.iter().try_for_each(|(key, value)| {
                self.count_value(key, depth + 1)?;
                self.count_value(value, depth + 1)
            }),
        }
    }

    fn count_const(&mut self, item: &Const, depth: u32) -> Result<(), MarshalError> {
        check_depth(depth)?;
        let Some(key) = key_of(item, depth)? else { return Ok(()) };
        let first = self.hold(key);
        match item {
            Const::Tuple(items) | Const::FrozenSet(items) if first => {
                items.iter().try_for_each(|item| self.count_const(item, depth + 1))
            }
            Const::Code(code) if first => self.count_code(code, depth + 1),
            _ => Ok(()),
        }
    }

    fn count_code(&mut self, code: &CodeObject, depth: u32) -> Result<(), MarshalError> {
        check_depth(depth)?;
        self.count_tuple(code.consts.iter(), depth)?;
        for names in [&code.names, &code.localsplusnames] {
            self.hold(names_key(names));
        }
        if shares_qualname(code) {
            self.hold(text_key(&code.qualname));
        }
        self.hold(bytes_key(&code.linetable));
        self.hold(bytes_key(&code.exceptiontable));
        Ok(())
    }

    fn count_tuple<'a>(
        &mut self,
        items: impl Iterator<Item = &'a Const> + Clone,
        depth: u32,
    ) -> Result<(), MarshalError> {
        if self.hold(tuple_key(items.clone(), depth)?) {
            for item in items {
                self.count_const(item, depth + 1)?;
            }
        }
        Ok(())
    }

    // Second walk: writing.

    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub(crate) fn long(&mut self, value: i32) {
        self.out.extend(value.to_le_bytes());
    }

    pub(crate) fn size(&mut self, len: usize) -> Result<(), MarshalError> {
        let len = i32::try_from(len).map_err(|_| MarshalError::value("unmarshallable object"))?;
        self.long(len);
        Ok(())
    }

    /// Writes a reference if the object was written before (`true`), else remembers it when
    /// `shared` and gives the flag for its type byte.
    fn reference(&mut self, key: Key, shared: bool) -> Option<u8> {
        if self.version < 3 {
            return Some(0);
        }
        if let Some(&index) = self.indexes.get(&key) {
            self.byte(tag::REF);
            self.long(index as i32);
            return None;
        }
        let shared = shared || self.holders.get(&key).is_some_and(|&count| count > 1);
        if !shared {
            return Some(0);
        }
        self.indexes.insert(key, self.next_index);
        self.next_index += 1;
        Some(tag::FLAG_REF)
    }

    fn value(&mut self, value: &Value) -> Result<(), MarshalError> {
        match value {
            Value::Plain(item) => self.constant(item, Role::Plain),
            Value::StopIteration => {
                self.byte(tag::STOP_ITERATION);
                Ok(())
            }
            Value::Tuple(items) => {
                self.tuple_header(items.len(), 0)?;
                items.iter().try_for_each(|item| self.value(item))
            }
            Value::List(items) => self.sequence(tag::LIST, items),
            Value::Set(items) => self.sequence(tag::SET, &self.sorted(items)?),
            Value::FrozenSet(items) => self.sequence(tag::FROZENSET, &self.sorted(items)?),
            Value::Dict(pairs) => {
                self.byte(tag::DICT);
                for (key, value) in pairs.iter() {
                    self.value(key)?;
                    self.value(value)?;
                }
                self.byte(tag::NULL);
                Ok(())
            }
        }
    }

    fn sequence(&mut self, code: u8, items: &[Value]) -> Result<(), MarshalError> {
        self.byte(code);
        self.size(items.len())?;
        items.iter().try_for_each(|item| self.value(item))
    }

    /// Sets are written in the order of their elements' own bytes, so that output is reproducible.
    fn sorted(&self, items: &[Value]) -> Result<Vec<Value>, MarshalError> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            keyed.push((dumps(item, self.version)?, item.clone()));
        }
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(keyed.into_iter().map(|(_, item)| item).collect())
    }

    pub(crate) fn tuple_header(&mut self, len: usize, flag: u8) -> Result<(), MarshalError> {
        match u8::try_from(len) {
            Ok(short) if self.version >= 4 => {
                self.byte(tag::SMALL_TUPLE | flag);
                self.byte(short);
                Ok(())
            }
            _ => {
                self.byte(tag::TUPLE | flag);
                self.size(len)
            }
        }
    }

    fn constant(&mut self, item: &Const, role: Role) -> Result<(), MarshalError> {
        let held = role == Role::Held;
        match item {
            Const::None => self.byte(tag::NONE),
            Const::True => self.byte(tag::TRUE),
            Const::False => self.byte(tag::FALSE),
            Const::Ellipsis => self.byte(tag::ELLIPSIS),
            Const::Str(text) | Const::Unicode(text) => return self.text(text, role),
            Const::Bytes(bytes) => return self.bytes(bytes, held || bytes.len() == 1),
            Const::Code(code) => {
                let key = code_key(code);
                let Some(flag) = self.reference(key, held) else { return Ok(()) };
                return self.code_body(code, flag);
            }
            Const::Tuple(items) => {
                let shared = held || items.is_empty();
                let Some(flag) = self.reference(tuple_key(items.iter(), 0)?, shared) else { return Ok(()) };
                self.tuple_header(items.len(), flag)?;
                return items.iter().try_for_each(|item| self.constant(item, Role::Plain));
            }
            Const::FrozenSet(items) => {
                let Some(flag) = self.reference(require_key(item)?, held) else { return Ok(()) };
                self.byte(tag::FROZENSET | flag);
                self.size(items.len())?;
                let mut keyed = Vec::with_capacity(items.len());
                for item in items.iter() {
                    keyed.push((dumps(&Value::Plain(item.clone()), self.version)?, item));
                }
                keyed.sort_by(|a, b| a.0.cmp(&b.0));
                return keyed.into_iter().try_for_each(|(_, item)| self.constant(item, Role::Held));
            }
            Const::Int(value) | Const::Long(value) => {
                let cached = value.to_i64().is_some_and(|value| (-5..=256).contains(&value));
                let Some(flag) = self.reference(require_key(item)?, held || cached) else { return Ok(()) };
                return self.int(value, flag);
            }
            Const::Float(value) => {
                let Some(flag) = self.reference(require_key(item)?, held) else { return Ok(()) };
                self.float(*value, flag);
            }
            Const::Complex { re, im } => {
                let Some(flag) = self.reference(require_key(item)?, held) else { return Ok(()) };
                self.complex(*re, *im, flag);
            }
        }
        Ok(())
    }

    pub(crate) fn float(&mut self, value: f64, flag: u8) {
        if self.version > 1 {
            self.byte(tag::BINARY_FLOAT | flag);
            self.out.extend(value.to_le_bytes());
        } else {
            self.byte(tag::FLOAT | flag);
            self.float_text(value);
        }
    }

    pub(crate) fn complex(&mut self, re: f64, im: f64, flag: u8) {
        if self.version > 1 {
            self.byte(tag::BINARY_COMPLEX | flag);
            self.out.extend(re.to_le_bytes());
            self.out.extend(im.to_le_bytes());
        } else {
            self.byte(tag::COMPLEX | flag);
            self.float_text(re);
            self.float_text(im);
        }
    }

    pub(crate) fn int(&mut self, value: &BigInt, flag: u8) -> Result<(), MarshalError> {
        if let Some(small) = value.to_i32() {
            self.byte(tag::INT | flag);
            self.long(small);
            return Ok(());
        }
        self.byte(tag::LONG | flag);
        let digits = value.magnitude().to_u32_digits();
        let (mut pending, mut pending_bits) = (0u64, 0);
        let mut short = Vec::with_capacity(digits.len() * 32 / 15 + 1);
        for digit in digits {
            pending |= u64::from(digit) << pending_bits;
            pending_bits += 32;
            while pending_bits >= 15 {
                short.push((pending & 0x7fff) as u16);
                pending >>= 15;
                pending_bits -= 15;
            }
        }
        short.push(pending as u16);
        while short.last() == Some(&0) {
            short.pop();
        }
        let len = i32::try_from(short.len()).map_err(|_| MarshalError::value("unmarshallable object"))?;
        self.long(if value.sign() == Sign::Minus { -len } else { len });
        self.out.extend(short.into_iter().flat_map(u16::to_le_bytes));
        Ok(())
    }

    /// A float as text, which formats before version 2 have.
    fn float_text(&mut self, value: f64) {
        let text = if value.is_nan() {
            "nan".to_string()
        } else if value.is_infinite() {
            if value > 0.0 { "inf" } else { "-inf" }.to_string()
        } else {
            general_17(value)
        };
        self.byte(text.len() as u8);
        self.out.extend(text.bytes());
    }

    fn bytes(&mut self, bytes: &[u8], shared: bool) -> Result<(), MarshalError> {
        let shared = shared || bytes.is_empty();
        let Some(flag) = self.reference(bytes_key(bytes), shared) else { return Ok(()) };
        self.bytes_body(bytes, flag)
    }

    pub(crate) fn bytes_body(&mut self, bytes: &[u8], flag: u8) -> Result<(), MarshalError> {
        self.byte(tag::STRING | flag);
        self.size(bytes.len())?;
        self.out.extend(bytes);
        Ok(())
    }

    fn text(&mut self, text: &Text, role: Role) -> Result<(), MarshalError> {
        let interned = role == Role::Name || is_identifier_like(text);
        let latin1_char = {
            let mut points = text.code_points();
            points.next().is_none_or(|point| point < 256) && points.next().is_none()
        };
        let shared = interned || role != Role::Plain || latin1_char;
        let Some(flag) = self.reference(text_key(text), shared) else { return Ok(()) };
        self.text_body(text, interned, flag)
    }

    pub(crate) fn text_body(&mut self, text: &Text, interned: bool, flag: u8) -> Result<(), MarshalError> {
        let bytes = text.as_bytes();
        if self.version >= 4 && bytes.is_ascii() {
            match u8::try_from(bytes.len()) {
                Ok(len) => {
                    self.byte(if interned { tag::SHORT_ASCII_INTERNED } else { tag::SHORT_ASCII } | flag);
                    self.byte(len);
                }
                Err(_) => {
                    self.byte(if interned { tag::ASCII_INTERNED } else { tag::ASCII } | flag);
                    self.size(bytes.len())?;
                }
            }
        } else {
            let code = if interned && self.version >= 3 { tag::INTERNED } else { tag::UNICODE };
            self.byte(code | flag);
            self.size(bytes.len())?;
        }
        self.out.extend(bytes);
        Ok(())
    }

    fn names(&mut self, names: &[Text]) -> Result<(), MarshalError> {
        let Some(flag) = self.reference(names_key(names), names.is_empty()) else { return Ok(()) };
        self.tuple_header(names.len(), flag)?;
        names.iter().try_for_each(|name| self.text(name, Role::Name))
    }

    fn code(&mut self, code: &CodeObject, shared: bool) -> Result<(), MarshalError> {
        let flag = if shared && self.version >= 3 {
            self.next_index += 1;
            tag::FLAG_REF
        } else {
            0
        };
        self.code_body(code, flag)
    }

    fn code_body(&mut self, code: &CodeObject, flag: u8) -> Result<(), MarshalError> {
        self.byte(tag::CODE | flag);
        for count in [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags] {
            self.long(count as i32);
        }
        // `co_code` is made anew from the running instructions and kept by the code object: never
        // one with another bytes object, always held twice.
        let flag = if self.version >= 3 {
            self.next_index += 1;
            tag::FLAG_REF
        } else {
            0
        };
        self.bytes_body(&code.code, flag)?;
        let key = tuple_key(code.consts.iter(), 0)?;
        if let Some(flag) = self.reference(key, code.consts.is_empty()) {
            self.tuple_header(code.consts.len(), flag)?;
            code.consts.iter().try_for_each(|item| self.constant(item, Role::Plain))?;
        }
        self.names(&code.names)?;
        self.names(&code.localsplusnames)?;
        // Made for each code object, never one with equal bytes elsewhere.
        if code.localspluskinds.is_empty() {
            self.bytes(&code.localspluskinds, true)?;
        } else {
            self.bytes_body(&code.localspluskinds, 0)?;
        }
        self.text(&code.filename, Role::Shared)?;
        self.text(&code.name, Role::Shared)?;
        if shares_qualname(code) {
            self.text(&code.qualname, Role::Plain)?;
        } else {
            self.text_body(&code.qualname, false, 0)?;
        }
        self.long(code.firstlineno);
        self.bytes(&code.linetable, false)?;
        self.bytes(&code.exceptiontable, false)
    }
}

fn check_depth(depth: u32) -> Result<(), MarshalError> {
    if depth > MAX_DEPTH { Err(MarshalError::value("object too deeply nested to marshal")) } else { Ok(()) }
}

/// Whether `co_qualname` is one object with the name or with a constant of the body (a class body
/// stores it); otherwise it is a string of its own, even beside an equal one.
fn shares_qualname(code: &CodeObject) -> bool {
    code.qualname == code.name
        || code.consts.iter().any(|item| matches!(item, Const::Str(text) if *text == code.qualname))
}

/// Strings of ASCII letters, digits and underscores are interned when a code object is made, and
/// `*` always is, being what `from m import *` imports.
fn is_identifier_like(text: &Text) -> bool {
    text.as_bytes() == b"*"
        || text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn text_key(text: &Text) -> Key {
    [b"u", text.as_bytes()].concat()
}

fn bytes_key(bytes: &[u8]) -> Key {
    [b"s", bytes].concat()
}

fn code_key(code: &std::sync::Arc<CodeObject>) -> Key {
    [b"c", &(std::sync::Arc::as_ptr(code) as usize).to_le_bytes()[..]].concat()
}

fn names_key(names: &[Text]) -> Key {
    let mut key = vec![b'('];
    for name in names {
        push_key(&mut key, &text_key(name));
    }
    key
}

fn tuple_key<'a>(items: impl Iterator<Item = &'a Const>, depth: u32) -> Result<Key, MarshalError> {
    let mut key = vec![b'('];
    for item in items {
        match key_of(item, depth + 1)? {
            Some(item) => push_key(&mut key, &item),
            None => key.push(match item {
                Const::None => tag::NONE,
                Const::True => tag::TRUE,
                Const::False => tag::FALSE,
                _ => tag::ELLIPSIS,
            }),
        }
    }
    Ok(key)
}

/// Length-prefixed, so that different sequences never give the same key.
fn push_key(key: &mut Key, item: &[u8]) {
    key.extend((item.len() as u64).to_le_bytes());
    key.extend(item);
}

/// The identity of a constant; `None` for the singletons, which are never references.
fn key_of(item: &Const, depth: u32) -> Result<Option<Key>, MarshalError> {
    check_depth(depth)?;
    Ok(Some(match item {
        Const::None | Const::True | Const::False | Const::Ellipsis => return Ok(None),
        Const::Int(value) | Const::Long(value) => [b"i", &value.to_signed_bytes_le()[..]].concat(),
        Const::Float(value) => [b"g", &value.to_le_bytes()[..]].concat(),
        Const::Complex { re, im } => [b"y", &re.to_le_bytes()[..], &im.to_le_bytes()].concat(),
        Const::Str(text) | Const::Unicode(text) => text_key(text),
        Const::Bytes(bytes) => bytes_key(bytes),
        Const::Tuple(items) => tuple_key(items.iter(), depth)?,
        Const::FrozenSet(items) => {
            let mut key = tuple_key(items.iter(), depth)?;
            key[0] = b'>';
            key
        }
        Const::Code(code) => code_key(code),
    }))
}

fn require_key(item: &Const) -> Result<Key, MarshalError> {
    key_of(item, 0).map(Option::unwrap_or_default)
}

/// C's `%.17g`.
fn general_17(value: f64) -> String {
    let scientific = format!("{value:.16e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    };
    if (-4..17).contains(&exponent) {
        trim(&format!("{value:.*}", (16 - exponent) as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
    }
}
