//! Bytes to objects, as `Python/marshal.c` reads them. Broken input gives CPython's errors; memory stays
//! proportional to the input, nesting is bounded.

use std::borrow::Cow;
use std::sync::Arc;

use super::raise;
use crate::code::marshal::read::{decode_utf8_surrogates, digit_count, float_from_text, long_from_digits};
use crate::code::marshal::{MAX_DEPTH, MarshalError, MarshalErrorKind, tag};
use crate::code::object::{CodeObject, Const, Text};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::bytes::BytesObject;
use crate::objects::set;
use crate::objects::{IntObject, PyResult, Raised, StrObject, TupleObject, exceptions, types};
use crate::vm::Ctx;
use crate::vm::code_attrs::plain_text;
use crate::vm::code_object::{Parts, assemble};

/// The value that bytes start with.
pub(super) fn loads(cx: Ctx, bytes: &[u8]) -> PyResult {
    Reader::new(cx, Source::Bytes { bytes, position: 0 }).whole()
}

/// The value that comes next in a binary file; what follows it stays unread.
pub(super) fn load(cx: Ctx, file: &Object) -> PyResult {
    Reader::new(cx, Source::File(file)).whole()
}

/// Where the bytes come from.
enum Source<'a> {
    Bytes {
        bytes: &'a [u8],
        position: usize,
    },
    /// An object with `readinto`.
    File(&'a Object),
}

/// Read from a file in one piece.
const PIECE: usize = 1 << 16;
/// Values that the constants of code objects may come to, references followed.
const MAX_CONSTANTS: usize = 1 << 21;
const MISPLACED_END: &str = "EOF read where not expected";
const NO_OBJECT: &str = "EOF read where object expected";

struct Reader<'a> {
    cx: Ctx,
    source: Source<'a>,
    /// `None` while the value that reserved the index is still being read.
    refs: Vec<Option<Ref>>,
    depth: u32,
    /// How many more constants of code objects may be made plain.
    constants_left: usize,
}

impl<'a> Reader<'a> {
    fn new(cx: Ctx, source: Source<'a>) -> Self {
        let given = match &source {
            Source::Bytes { bytes, .. } => bytes.len(),
            Source::File(_) => 0,
        };
        Reader { cx, source, refs: Vec::new(), depth: 0, constants_left: MAX_CONSTANTS + given }
    }

    fn whole(mut self) -> PyResult {
        match self.object()? {
            Some(value) => Ok(value),
            None => Err(self.null("object")),
        }
    }

    fn fail<T>(&self, result: Result<T, MarshalError>) -> PyResult<T> {
        result.map_err(|error| raise(self.cx, error))
    }

    fn bad(&self, what: &str) -> Raised {
        raise(self.cx, MarshalError::bad(what))
    }

    fn null(&self, owner: &str) -> Raised {
        raise(self.cx, MarshalError::null(owner))
    }

    fn end(&self, message: &str) -> Raised {
        raise(self.cx, MarshalError { kind: MarshalErrorKind::EofError, message: message.to_string() })
    }

    // --- bytes ---------------------------------------------------------------------------------

    fn take(&mut self, len: usize) -> PyResult<Cow<'a, [u8]>> {
        match &mut self.source {
            Source::Bytes { bytes, position } => {
                let taken = bytes.get(*position..).and_then(|rest| rest.get(..len));
                match taken {
                    Some(taken) => {
                        *position += len;
                        Ok(Cow::Borrowed(taken))
                    }
                    None => Err(self.end("marshal data too short")),
                }
            }
            Source::File(file) => {
                let file = *file;
                let mut all = Vec::new();
                while all.len() < len {
                    let piece = (len - all.len()).min(PIECE);
                    all.extend(self.read_piece(file, piece)?);
                }
                Ok(Cow::Owned(all))
            }
        }
    }

    fn read_piece(&self, file: &Object, len: usize) -> PyResult<Vec<u8>> {
        let cx = self.cx;
        let buffer = cx.call(types().bytearray.as_object(), &[cx.new_uint(len)])?;
        let count = cx.call_method(file, &cx.intern("readinto"), std::slice::from_ref(&buffer))?;
        let count = cx.to_i64(&count)?;
        if count > len as i64 {
            return Err(cx.value_error(format_args!(
                "read() returned too much data: {len} bytes requested, {count} returned"
            )));
        }
        if count != len as i64 {
            return Err(self.end(MISPLACED_END));
        }
        cx.with_bytes(&buffer, <[u8]>::to_vec)
    }

    fn array<const N: usize>(&mut self) -> PyResult<[u8; N]> {
        let taken = self.take(N)?;
        let mut array = [0; N];
        for (to, from) in array.iter_mut().zip(taken.iter()) {
            *to = *from;
        }
        Ok(array)
    }

    fn byte(&mut self, at_end: &str) -> PyResult<u8> {
        let at = match &mut self.source {
            Source::Bytes { bytes, position } => {
                let byte = bytes.get(*position).copied();
                *position += usize::from(byte.is_some());
                byte
            }
            Source::File(file) => {
                let file = *file;
                match self.read_piece(file, 1) {
                    Ok(read) => read.first().copied(),
                    Err(raised) if self.cx.raised_is(&raised, exceptions().eof_error) => {
                        self.cx.clear_exception(raised);
                        None
                    }
                    Err(raised) => return Err(raised),
                }
            }
        };
        at.ok_or_else(|| self.end(at_end))
    }

    fn long(&mut self) -> PyResult<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    fn size(&mut self, what: &str) -> PyResult<usize> {
        let size = self.long()?;
        usize::try_from(size).map_err(|_| self.bad(&format!("{what} size out of range")))
    }

    // --- values --------------------------------------------------------------------------------

    /// One value; `Ok(None)` for the NULL mark that ends a dict.
    fn object(&mut self) -> PyResult<Option<Ref>> {
        let code = self.byte(NO_OBJECT)?;
        if self.depth >= MAX_DEPTH {
            return Err(self.cx.value_error("recursion limit exceeded"));
        }
        self.depth += 1;
        let read = stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            self.value(code & !tag::FLAG_REF, code & tag::FLAG_REF != 0)
        });
        self.depth -= 1;
        read
    }

    fn value(&mut self, code: u8, flag: bool) -> PyResult<Option<Ref>> {
        let cx = self.cx;
        let leaf = match code {
            tag::NULL => return Ok(None),
            tag::NONE => return Ok(Some(cx.none())),
            tag::STOP_ITERATION => return Ok(Some(exceptions().stop_iteration.to_object())),
            tag::ELLIPSIS => return Ok(Some(cx.ellipsis())),
            tag::FALSE => return Ok(Some(cx.bool(false))),
            tag::TRUE => return Ok(Some(cx.bool(true))),
            tag::REF => return self.referred().map(Some),
            tag::INT => cx.new_int(i64::from(self.long()?)),
            tag::LONG => {
                let size = self.long()?;
                let len = self.fail(digit_count(size))?;
                let digits = self.take(len * 2)?;
                cx.new_bigint(self.fail(long_from_digits(size, &digits))?)
            }
            tag::FLOAT => cx.new_float(self.float_text()?),
            tag::BINARY_FLOAT => cx.new_float(f64::from_le_bytes(self.array()?)),
            tag::COMPLEX => cx.new_complex(self.float_text()?, self.float_text()?),
            tag::BINARY_COMPLEX => {
                cx.new_complex(f64::from_le_bytes(self.array()?), f64::from_le_bytes(self.array()?))
            }
            tag::STRING => {
                let len = self.size("bytes object")?;
                cx.new_bytes(&self.take(len)?).into_object()
            }
            tag::ASCII | tag::ASCII_INTERNED => {
                let len = self.size("string")?;
                self.ascii(len, code == tag::ASCII_INTERNED)?
            }
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED => {
                let len = usize::from(self.byte(MISPLACED_END)?);
                self.ascii(len, code == tag::SHORT_ASCII_INTERNED)?
            }
            tag::INTERNED | tag::UNICODE => {
                let len = self.size("string")?;
                let bytes = self.take(len)?;
                let text = decode_utf8_surrogates(&bytes).map_err(|at| self.bad_utf8(&bytes, at))?;
                self.string(&text, code == tag::INTERNED)
            }
            _ => return self.container(code, flag).map(Some),
        };
        if flag {
            self.refs.push(Some(leaf.clone()));
        }
        Ok(Some(leaf))
    }

    fn string(&self, text: &Text, interned: bool) -> Ref {
        let made = match text.as_str() {
            Some(text) => self.cx.new_str(text),
            None => self.cx.new_str_from_code_points(&text.code_points().collect::<Vec<_>>()),
        };
        if interned { self.cx.intern_ref(made).into_object() } else { made.into_object() }
    }

    /// The format promises ASCII; other bytes are taken as Latin-1.
    fn ascii(&mut self, len: usize, interned: bool) -> PyResult {
        let bytes = self.take(len)?;
        let text = Text::from_code_points(bytes.iter().map(|&byte| u32::from(byte)));
        Ok(self.string(&text, interned))
    }

    fn bad_utf8(&self, bytes: &[u8], at: usize) -> Raised {
        let cx = self.cx;
        let how = [cx.new_str("utf8").into_object(), cx.new_str("surrogatepass").into_object()];
        match cx.call_method(cx.new_bytes(bytes).as_object(), &cx.intern("decode"), &how) {
            Err(raised) => raised,
            Ok(_) => cx.value_error(format_args!("invalid utf-8 at {at}")),
        }
    }

    fn float_text(&mut self) -> PyResult<f64> {
        let len = usize::from(self.byte(MISPLACED_END)?);
        let text = self.take(len)?;
        self.fail(float_from_text(&text))
    }

    fn referred(&mut self) -> PyResult {
        let index = usize::try_from(self.long()?).ok();
        let found = index.and_then(|index| self.refs.get(index)).and_then(Option::clone);
        found.ok_or_else(|| self.bad("invalid reference"))
    }

    /// Takes the next index, before the content is read, so that indexes agree with the writer's.
    fn reserve(&mut self, flag: bool) -> Option<usize> {
        flag.then(|| {
            self.refs.push(None);
            self.refs.len() - 1
        })
    }

    fn known(&mut self, slot: Option<usize>, value: &Ref) {
        if let Some(slot) = slot.and_then(|slot| self.refs.get_mut(slot)) {
            *slot = Some(value.clone());
        }
    }

    fn container(&mut self, code: u8, flag: bool) -> PyResult {
        let cx = self.cx;
        let len = match code {
            tag::SMALL_TUPLE => usize::from(self.byte(MISPLACED_END)?),
            tag::TUPLE => self.size("tuple")?,
            tag::LIST => self.size("list")?,
            tag::SET | tag::FROZENSET => self.size("set")?,
            tag::DICT | tag::CODE => 0,
            _ => return Err(self.bad("unknown type code")),
        };
        let slot = self.reserve(flag);
        match code {
            tag::LIST => {
                // Known at once: a list may hold itself.
                let list = cx.new_list(Vec::new())?;
                self.known(slot, &list.to_object());
                for _ in 0..len {
                    let Some(item) = self.object()? else { return Err(self.null("list")) };
                    list.push(cx, item)?;
                }
                Ok(list.into_object())
            }
            tag::DICT => {
                let dict = cx.new_dict();
                self.known(slot, &dict.to_object());
                while let Some(key) = self.object()? {
                    let Some(value) = self.object()? else { break };
                    dict.set(cx, &key, value)?;
                }
                Ok(dict.into_object())
            }
            tag::SET => {
                let made = set::new_set(cx);
                self.known(slot, &made);
                for _ in 0..len {
                    let Some(item) = self.object()? else { return Err(self.null("set")) };
                    set::add(cx, &made, &item)?;
                }
                Ok(made)
            }
            // DIFFERENCE: a tuple is known only when it is complete; one that holds itself (through a
            // list) is refused.
            _ => {
                let made = match code {
                    tag::FROZENSET => set::new_frozenset(cx, &self.items(len, "set")?)?,
                    tag::CODE => self.code()?,
                    _ => cx.new_tuple(self.items(len, "tuple")?).into_object(),
                };
                self.known(slot, &made);
                Ok(made)
            }
        }
    }

    fn items(&mut self, len: usize, owner: &str) -> PyResult<Vec<Ref>> {
        // Every element takes a byte at least; a file's length is not known.
        let most = match &self.source {
            Source::Bytes { bytes, position } => bytes.len() - (*position).min(bytes.len()),
            Source::File(_) => PIECE,
        };
        let mut items = Vec::with_capacity(len.min(most));
        for _ in 0..len {
            match self.object()? {
                Some(item) => items.push(item),
                None => return Err(self.null(owner)),
            }
        }
        Ok(items)
    }

    // --- code ----------------------------------------------------------------------------------

    fn code(&mut self) -> PyResult {
        let cx = self.cx;
        let mut numbers = [0u32; 5];
        for number in &mut numbers {
            *number = self.long()? as u32;
        }
        let [argcount, posonlyargcount, kwonlyargcount, stacksize, flags] = numbers;
        let code = self.bytes_field()?;
        let consts = self.tuple_field()?;
        let names = self.names_field()?;
        let localsplusnames = self.names_field()?;
        let localspluskinds = self.bytes_field()?;
        let filename = self.text_field()?;
        let name = self.text_field()?;
        let qualname = self.text_field()?;
        let firstlineno = self.long()?;
        let linetable = self.bytes_field()?;
        let exceptiontable = self.bytes_field()?;
        let mut plain_consts = Vec::with_capacity(consts.len());
        for item in consts.as_slice() {
            plain_consts.push(self.plain(item, 0)?);
        }
        let texts = |tuple: &TupleObject| -> Vec<Text> {
            tuple.as_slice().iter().filter_map(|item| item.downcast::<StrObject>().map(plain_text)).collect()
        };
        let weight = names.len() + localsplusnames.len() + (code.len() + linetable.len()) / 16;
        self.weigh(weight + exceptiontable.len() / 16)?;
        let plain = CodeObject {
            argcount,
            posonlyargcount,
            kwonlyargcount,
            stacksize,
            flags,
            code,
            consts: plain_consts,
            names: texts(&names),
            localsplusnames: texts(&localsplusnames),
            localspluskinds,
            filename: plain_text(&filename),
            name: plain_text(&name),
            qualname: plain_text(&qualname),
            firstlineno,
            linetable,
            exceptiontable,
        };
        plain.check_fields().map_err(|what| self.bad(&format!("invalid code object, {what}")))?;
        let name = cx.intern_ref(name);
        let qualname = cx.intern_ref(qualname);
        let parts = Parts { consts, names, localsplusnames, filename, name, qualname };
        Ok(assemble(cx, Arc::new(plain), parts, false).into_object())
    }

    fn weigh(&mut self, weight: usize) -> PyResult<()> {
        match self.constants_left.checked_sub(weight + 1) {
            Some(left) => {
                self.constants_left = left;
                Ok(())
            }
            None => Err(self.bad("references multiply")),
        }
    }

    /// A constant as plain data; what no code object holds shows as `None`.
    fn plain(&mut self, object: &Object, depth: u32) -> PyResult<Const> {
        self.weigh(0)?;
        if let Some(tuple) = object.downcast_exact::<TupleObject>() {
            return Ok(Const::Tuple(self.plain_items(tuple.as_slice(), depth)?));
        }
        if object.is_exact(types().frozenset) {
            let items = set::as_any_set(object).map(|set| set.to_vec()).unwrap_or_default();
            return Ok(Const::FrozenSet(self.plain_items(&items, depth)?));
        }
        let len = if let Some(text) = object.downcast_exact::<StrObject>() {
            text.len()
        } else if let Some(bytes) = object.downcast_exact::<BytesObject>() {
            bytes.len()
        } else if let Some(int) = object.downcast_exact::<IntObject>() {
            int.bit_length() as usize / 8
        } else {
            0
        };
        self.weigh(len / 16)?;
        Ok(crate::vm::code_attrs::plain_const(self.cx, object).unwrap_or(Const::None))
    }

    fn plain_items(&mut self, items: &[Ref], depth: u32) -> PyResult<Arc<[Const]>> {
        if depth >= MAX_DEPTH {
            return Err(self.cx.value_error("recursion limit exceeded"));
        }
        let mut plain = Vec::with_capacity(items.len());
        for item in items {
            let one = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.plain(item, depth + 1))?;
            plain.push(one);
        }
        Ok(plain.into())
    }

    fn field(&mut self) -> PyResult {
        match self.object()? {
            Some(value) => Ok(value),
            None => Err(self.bad("invalid code object, nothing where a field should be")),
        }
    }

    fn bytes_field(&mut self) -> PyResult<Vec<u8>> {
        let value = self.field()?;
        match value.downcast_exact::<BytesObject>() {
            Some(bytes) => {
                self.weigh(bytes.len() / 16)?;
                Ok(bytes.as_slice().to_vec())
            }
            None => Err(self.bad("invalid code object, bytes")),
        }
    }

    fn tuple_field(&mut self) -> PyResult<Ref<TupleObject>> {
        let value = self.field()?;
        let is_tuple = value.is_exact(types().tuple);
        match value.downcast_ref::<TupleObject>() {
            Ok(tuple) if is_tuple => Ok(tuple),
            _ => Err(self.bad("invalid code object, tuple")),
        }
    }

    fn text_field(&mut self) -> PyResult<Ref<StrObject>> {
        let value = self.field()?;
        let is_text = value.is_exact(types().str);
        match value.downcast_ref::<StrObject>() {
            Ok(text) if is_text => {
                self.weigh(text.len() / 16)?;
                Ok(text)
            }
            _ => Err(self.bad("invalid code object, str")),
        }
    }

    /// A tuple of names, interned as every code object has them.
    fn names_field(&mut self) -> PyResult<Ref<TupleObject>> {
        let cx = self.cx;
        let tuple = self.tuple_field()?;
        let mut interned = true;
        for item in tuple.as_slice() {
            match item.downcast_exact::<StrObject>() {
                Some(text) => {
                    self.weigh(text.len() / 16)?;
                    interned &= text.is_interned();
                }
                None => {
                    return Err(cx.type_error(format_args!(
                        "name tuple must contain only strings, not '{}'",
                        item.ty().tp_name()
                    )));
                }
            }
        }
        if interned {
            return Ok(tuple);
        }
        let names = tuple.as_slice().iter().filter_map(|item| item.clone().downcast_ref::<StrObject>().ok());
        Ok(cx.new_tuple(names.map(|name| cx.intern_ref(name).into_object()).collect()))
    }
}
