//! Bytes to values.

use std::sync::Arc;

use num_bigint::{BigInt, BigUint, Sign};

use super::super::object::{CodeObject, Const, Text};
use super::{MAX_DEPTH, MarshalError, Value, tag};

/// A value and how many bytes of the input described it.
pub struct Loaded {
    pub value: Value,
    pub consumed: usize,
}

/// Reads the value that `bytes` starts with; what follows it is not looked at.
///
/// # Errors
/// What CPython's `marshal.loads` says about the same bytes.
pub fn loads(bytes: &[u8]) -> Result<Value, MarshalError> {
    load(bytes).map(|loaded| loaded.value)
}

/// [`loads`], telling also where the value ended.
///
/// # Errors
/// As for [`loads`].
pub fn load(bytes: &[u8]) -> Result<Loaded, MarshalError> {
    let mut reader = Reader { bytes, position: 0, refs: Vec::new(), depth: 0 };
    let item = reader.object()?.ok_or_else(|| MarshalError::null("object"))?;
    Ok(Loaded { value: item.value, consumed: reader.position })
}

/// Reads a code object, as from the body of a `.pyc` file.
///
/// # Errors
/// As for [`loads`]; a value of another type is a `TypeError`.
pub fn loads_code(bytes: &[u8]) -> Result<Arc<CodeObject>, MarshalError> {
    match loads(bytes)? {
        Value::Plain(Const::Code(code)) => Ok(code),
        _ => Err(MarshalError {
            kind: super::MarshalErrorKind::TypeError,
            message: super::NOT_CODE.to_string(),
        }),
    }
}

/// How large a value is when all references in it are followed. References could otherwise stack
/// containers without bound, and dropping such a tower recurses; or double them level by level, and
/// whoever walks the value never ends.
#[derive(Clone, Copy)]
struct Extent {
    height: u32,
    /// Values, and sixteen bytes of text each, counted as often as they are met.
    weight: u64,
}

impl Extent {
    const LEAF: Extent = Extent { height: 0, weight: 1 };

    fn of_bytes(len: usize) -> Self {
        Extent { height: 0, weight: 1 + len as u64 / 16 }
    }

    fn add(&mut self, part: Extent) {
        self.height = self.height.max(part.height + 1);
        self.weight = self.weight.saturating_add(part.weight);
    }
}

#[derive(Clone)]
struct Item {
    value: Value,
    extent: Extent,
}

impl Item {
    fn leaf(value: Const) -> Self {
        let extent = match &value {
            Const::Str(text) => Extent::of_bytes(text.as_bytes().len()),
            Const::Bytes(bytes) => Extent::of_bytes(bytes.len()),
            Const::Int(value) => Extent::of_bytes(value.bits() as usize / 8),
            _ => Extent::LEAF,
        };
        Item { value: Value::Plain(value), extent }
    }
}

/// Native stack kept free below the reader, and how much is added when it runs out: nesting up to
/// [`MAX_DEPTH`] is fine on any thread.
const RED_ZONE: usize = 64 * 1024;
const STACK: usize = 1024 * 1024;

/// What a stream may unfold to, beside its own length: some ten times a large module.
const MAX_WEIGHT: u64 = 1 << 21;

struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    /// `None` while the container that reserved the slot is still being read.
    refs: Vec<Option<Item>>,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], MarshalError> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let taken = rest.get(..len).ok_or_else(|| MarshalError::eof("marshal data too short"))?;
        self.position += len;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MarshalError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn byte(&mut self) -> Result<u8, MarshalError> {
        let byte = self.bytes.get(self.position).copied();
        let byte = byte.ok_or_else(|| MarshalError::eof("EOF read where object expected"))?;
        self.position += 1;
        Ok(byte)
    }

    fn long(&mut self) -> Result<i32, MarshalError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    fn size(&mut self, what: &str) -> Result<usize, MarshalError> {
        usize::try_from(self.long()?).map_err(|_| MarshalError::bad(&format!("{what} size out of range")))
    }

    /// One value; `Ok(None)` for the NULL mark that ends a dict.
    fn object(&mut self) -> Result<Option<Item>, MarshalError> {
        let code = self.byte()?;
        let flag = code & tag::FLAG_REF != 0;
        if self.depth >= MAX_DEPTH {
            return Err(MarshalError::value("recursion limit exceeded"));
        }
        self.depth += 1;
        let item = stacker::maybe_grow(RED_ZONE, STACK, || self.body(code & !tag::FLAG_REF, flag));
        self.depth -= 1;
        item
    }

    fn body(&mut self, code: u8, flag: bool) -> Result<Option<Item>, MarshalError> {
        let leaf = match code {
            tag::NULL => return Ok(None),
            tag::NONE => return Ok(Some(Item::leaf(Const::None))),
            tag::STOP_ITERATION => {
                return Ok(Some(Item { value: Value::StopIteration, extent: Extent::LEAF }));
            }
            tag::ELLIPSIS => return Ok(Some(Item::leaf(Const::Ellipsis))),
            tag::FALSE => return Ok(Some(Item::leaf(Const::False))),
            tag::TRUE => return Ok(Some(Item::leaf(Const::True))),
            tag::REF => return self.reference().map(Some),
            tag::INT => Const::Int(BigInt::from(self.long()?)),
            tag::LONG => Const::Int(self.big_int()?),
            tag::FLOAT => Const::Float(self.float_text()?),
            tag::BINARY_FLOAT => Const::Float(f64::from_le_bytes(self.array()?)),
            tag::COMPLEX => Const::Complex { re: self.float_text()?, im: self.float_text()? },
            tag::BINARY_COMPLEX => Const::Complex {
                re: f64::from_le_bytes(self.array()?),
                im: f64::from_le_bytes(self.array()?),
            },
            tag::STRING => {
                let len = self.size("bytes object")?;
                Const::Bytes(self.take(len)?.into())
            }
            tag::ASCII | tag::ASCII_INTERNED => {
                let len = self.size("string")?;
                self.ascii(len)?
            }
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED => {
                let len = usize::from(self.byte()?);
                self.ascii(len)?
            }
            tag::INTERNED | tag::UNICODE => {
                let len = self.size("string")?;
                let position = self.position;
                let bytes = self.take(len)?;
                Const::Str(decode_utf8_surrogates(bytes).map_err(|at| {
                    MarshalError::value(&format!(
                        "'utf-8' codec can't decode byte 0x{:02x} in position {at}: invalid utf-8",
                        self.bytes.get(position + at).copied().unwrap_or(0)
                    ))
                })?)
            }
            _ => return self.container(code, flag).map(Some),
        };
        let item = Item::leaf(leaf);
        if flag {
            self.refs.push(Some(item.clone()));
        }
        Ok(Some(item))
    }

    fn container(&mut self, code: u8, flag: bool) -> Result<Item, MarshalError> {
        let (owner, len) = match code {
            tag::SMALL_TUPLE => ("tuple", usize::from(self.byte()?)),
            tag::TUPLE => ("tuple", self.size("tuple")?),
            tag::LIST => ("list", self.size("list")?),
            tag::SET | tag::FROZENSET => ("set", self.size("set")?),
            tag::DICT | tag::CODE => ("", 0),
            _ => return Err(MarshalError::bad("unknown type code")),
        };
        // The slot is taken before the content is read, so that indexes agree with the writer's.
        let slot = flag.then(|| {
            self.refs.push(None);
            self.refs.len() - 1
        });
        let (value, extent) = match code {
            tag::DICT => self.dict()?,
            tag::CODE => self.code()?,
            _ => {
                let (items, extent) = self.items(len, owner)?;
                (assemble(code, items), extent)
            }
        };
        if extent.height > MAX_DEPTH {
            return Err(MarshalError::value("recursion limit exceeded"));
        }
        if extent.weight > MAX_WEIGHT + self.bytes.len() as u64 {
            return Err(MarshalError::bad("references multiply"));
        }
        let item = Item { value, extent };
        if let Some(slot) = slot {
            self.refs[slot] = Some(item.clone());
        }
        Ok(item)
    }

    fn items(&mut self, len: usize, owner: &str) -> Result<(Vec<Value>, Extent), MarshalError> {
        // Every element takes a byte at least: never reserve more than the input can fill.
        let mut items = Vec::with_capacity(len.min(self.bytes.len() - self.position.min(self.bytes.len())));
        let mut extent = Extent::LEAF;
        for _ in 0..len {
            let item = self.object()?.ok_or_else(|| MarshalError::null(owner))?;
            extent.add(item.extent);
            items.push(item.value);
        }
        Ok((items, extent))
    }

    fn dict(&mut self) -> Result<(Value, Extent), MarshalError> {
        let mut pairs = Vec::new();
        let mut extent = Extent::LEAF;
        while let Some(key) = self.object()? {
            let Some(value) = self.object()? else { break };
            extent.add(key.extent);
            extent.add(value.extent);
            pairs.push((key.value, value.value));
        }
        Ok((Value::Dict(pairs.into()), extent))
    }

    fn reference(&mut self) -> Result<Item, MarshalError> {
        let index = usize::try_from(self.long()?).ok();
        let item = index.and_then(|index| self.refs.get(index)).and_then(Option::clone);
        item.ok_or_else(|| MarshalError::bad("invalid reference"))
    }

    fn big_int(&mut self) -> Result<BigInt, MarshalError> {
        let size = self.long()?;
        let len = digit_count(size)?;
        long_from_digits(size, self.take(len * 2)?)
    }

    fn float_text(&mut self) -> Result<f64, MarshalError> {
        let len = usize::from(self.byte()?);
        float_from_text(self.take(len)?)
    }

    fn ascii(&mut self, len: usize) -> Result<Const, MarshalError> {
        // The format promises ASCII; CPython takes other bytes as Latin-1, and so do we.
        Ok(Const::Str(Text::from_code_points(self.take(len)?.iter().map(|&byte| u32::from(byte)))))
    }

    fn code(&mut self) -> Result<(Value, Extent), MarshalError> {
        let mut extent = Extent::LEAF;
        let mut count = || self.long().map(|value| value as u32);
        let (argcount, posonlyargcount, kwonlyargcount) = (count()?, count()?, count()?);
        let (stacksize, flags) = (count()?, count()?);
        let code = self.bytes_field(&mut extent)?;
        let consts = match self.field(&mut extent)? {
            Value::Plain(Const::Tuple(items)) => items.to_vec(),
            _ => return Err(wrong_field("co_consts")),
        };
        let names = self.names_field(&mut extent)?;
        let localsplusnames = self.names_field(&mut extent)?;
        let localspluskinds = self.bytes_field(&mut extent)?;
        let filename = self.text_field(&mut extent)?;
        let name = self.text_field(&mut extent)?;
        let qualname = self.text_field(&mut extent)?;
        let firstlineno = self.long()?;
        let linetable = self.bytes_field(&mut extent)?;
        let exceptiontable = self.bytes_field(&mut extent)?;
        let object = CodeObject {
            argcount,
            posonlyargcount,
            kwonlyargcount,
            stacksize,
            flags,
            code,
            consts,
            names,
            localsplusnames,
            localspluskinds,
            filename,
            name,
            qualname,
            firstlineno,
            linetable,
            exceptiontable,
        };
        object.check_fields().map_err(wrong_field)?;
        Ok((Value::Plain(Const::Code(Arc::new(object))), extent))
    }

    fn field(&mut self, extent: &mut Extent) -> Result<Value, MarshalError> {
        let item = self.object()?.ok_or_else(|| MarshalError::null("object"))?;
        extent.add(item.extent);
        Ok(item.value)
    }

    fn bytes_field(&mut self, extent: &mut Extent) -> Result<Vec<u8>, MarshalError> {
        match self.field(extent)? {
            Value::Plain(Const::Bytes(bytes)) => Ok(bytes.to_vec()),
            _ => Err(wrong_field("bytes")),
        }
    }

    fn text_field(&mut self, extent: &mut Extent) -> Result<Text, MarshalError> {
        match self.field(extent)? {
            Value::Plain(Const::Str(text)) => Ok(text),
            _ => Err(wrong_field("str")),
        }
    }

    fn names_field(&mut self, extent: &mut Extent) -> Result<Vec<Text>, MarshalError> {
        let Value::Plain(Const::Tuple(items)) = self.field(extent)? else { return Err(wrong_field("names")) };
        let name = |item: &Const| match item {
            Const::Str(text) => Ok(text.clone()),
            _ => Err(wrong_field("name")),
        };
        items.iter().map(name).collect()
    }
}

/// How many 15-bit digits a size field announces; its sign is the number's.
pub(crate) fn digit_count(size: i32) -> Result<usize, MarshalError> {
    match size {
        i32::MIN => Err(MarshalError::bad("long size out of range")),
        size => Ok(size.unsigned_abs() as usize),
    }
}

/// The number of a `TYPE_LONG` record.
pub(crate) fn long_from_digits(size: i32, digits: &[u8]) -> Result<BigInt, MarshalError> {
    let len = digits.len() / 2;
    let mut bits = Vec::with_capacity(len * 15 / 32 + 1);
    let (mut pending, mut pending_bits) = (0u64, 0);
    for (index, pair) in digits.chunks_exact(2).enumerate() {
        let digit = u16::from_le_bytes([pair[0], pair[1]]);
        if digit >= 1 << 15 {
            return Err(MarshalError::bad("digit out of range in long"));
        }
        if digit == 0 && index + 1 == len {
            return Err(MarshalError::bad("unnormalized long data"));
        }
        pending |= u64::from(digit) << pending_bits;
        pending_bits += 15;
        if pending_bits >= 32 {
            bits.push(pending as u32);
            pending >>= 32;
            pending_bits -= 32;
        }
    }
    bits.push(pending as u32);
    let sign = if size < 0 { Sign::Minus } else { Sign::Plus };
    Ok(BigInt::from_biguint(sign, BigUint::new(bits)))
}

/// The number of a `TYPE_FLOAT` record, as C's `%.17g` wrote it.
pub(crate) fn float_from_text(bytes: &[u8]) -> Result<f64, MarshalError> {
    let text = std::str::from_utf8(bytes).unwrap_or("");
    text.parse().map_err(|_| {
        let shown = String::from_utf8_lossy(bytes);
        MarshalError::value(&format!("could not convert string to float: '{shown}'"))
    })
}

/// A code field of the wrong type: an internal error in CPython, bad data here.
fn wrong_field(what: &str) -> MarshalError {
    MarshalError::bad(&format!("invalid code object, {what}"))
}

/// A tuple, list or set of values; plain where all of them are and the type allows it.
fn assemble(code: u8, items: Vec<Value>) -> Value {
    match code {
        tag::LIST => Value::List(items.into()),
        tag::SET => Value::Set(items.into()),
        _ if items.iter().all(|item| matches!(item, Value::Plain(_))) => {
            let plain = items.into_iter().map(|item| match item {
                Value::Plain(value) => value,
                _ => Const::None,
            });
            let plain: Arc<[Const]> = plain.collect();
            Value::Plain(if code == tag::FROZENSET { Const::FrozenSet(plain) } else { Const::Tuple(plain) })
        }
        tag::FROZENSET => Value::FrozenSet(items.into()),
        _ => Value::Tuple(items.into()),
    }
}

/// UTF-8 in which surrogates may stand as three bytes each; the error is the offset of the bad byte.
pub(crate) fn decode_utf8_surrogates(bytes: &[u8]) -> Result<Text, usize> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Text::from(text));
    }
    let mut points = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        match rest {
            [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, tail @ ..] => {
                points.push(0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f));
                rest = tail;
            }
            _ => {
                let len = match rest[0] {
                    0..=0x7f => 1,
                    0xc2..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf4 => 4,
                    _ => return Err(at),
                };
                let char = rest.get(..len).and_then(|head| std::str::from_utf8(head).ok());
                points.extend(char.ok_or(at)?.chars().map(u32::from));
                rest = &rest[len..];
            }
        }
    }
    Ok(Text::from_code_points(points))
}
