//! `bytearray`: bytes that can change.
//!
//! While its bytes are lent out (a `memoryview`, or native code that looks at them) it cannot be
//! resized. How much CPython would have allocated is kept beside the real buffer, because
//! `sys.getsizeof` and `__alloc__` show it.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use super::bytes::methods::{self as m, Family, family_methods};
use super::bytes::{Source, check_size, from_buffer_or_items, iterator_spec, new_iterator, source};
use super::slice::{self, SliceObject};
use super::slots::{Args, CompareOp, Lent, PyResult, Slots};
use super::spec::{Layout as SpecLayout, TypeFlags};
use super::type_object::TypedLayout;
use super::{TypeObject, Types, exceptions, format, types};
use crate::memory::{Layout, Object, Ref, free_object, new_ref};
use crate::objects::args::check_count;
use crate::objects::spec::TypeSpec;
use crate::vm::Ctx;

#[repr(C)]
pub struct ByteArrayObject {
    pub object: Object,
    bytes: UnsafeCell<Vec<u8>>,
    /// How many have the bytes on loan.
    exports: Cell<usize>,
    /// What CPython would have allocated, and how far its start would have moved.
    pub(crate) alloc: Cell<usize>,
    start: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for ByteArrayObject {}
// SAFETY: every `bytearray` instance begins with this layout.
unsafe impl TypedLayout for ByteArrayObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.bytearray
    }
}

impl ByteArrayObject {
    /// The bytes, borrowed: no Python code may run and nothing may be written meanwhile.
    #[inline]
    pub fn peek(&self) -> &[u8] {
        // SAFETY: the documented rule keeps writers away while the borrow lasts.
        unsafe { &*self.bytes.get() }
    }

    /// Changes the bytes in place, or their number after [`ByteArrayObject::resized`] allowed it.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        // SAFETY: single-threaded; `change` in this file and in `memoryview` runs no Python code.
        change(unsafe { &mut *self.bytes.get() })
    }

    /// Lends the bytes out: until as many returns, the size is fixed.
    pub(crate) fn lend(&self) {
        self.exports.set(self.exports.get() + 1);
    }

    /// Whether the bytes are on loan: their number is fixed.
    pub(crate) fn is_lent(&self) -> bool {
        self.exports.get() > 0
    }

    /// A loan comes back.
    pub(crate) fn take_back(&self) {
        self.exports.set(self.exports.get() - 1);
    }

    /// Refuses a change of size while bytes are lent out.
    fn check_resizable(&self, cx: Ctx) -> PyResult<()> {
        if self.exports.get() > 0 {
            return Err(
                cx.raise(exceptions().buffer_error, "Existing exports of data: object cannot be re-sized")
            );
        }
        Ok(())
    }

    /// Before the size becomes `size`: whether it may, and what CPython would allocate.
    fn resized(&self, cx: Ctx, size: usize) -> PyResult<()> {
        if size == self.peek().len() {
            return Ok(());
        }
        self.check_resizable(cx)?;
        check_size(cx, size)?;
        let alloc = self.alloc.get();
        if size + self.start.get() < alloc {
            if size >= alloc / 2 {
                return Ok(());
            }
            self.alloc.set(size + 1);
        } else if size as f64 <= alloc as f64 * 1.125 {
            self.alloc.set(size + (size >> 3) + if size < 9 { 3 } else { 6 });
        } else {
            self.alloc.set(size + 1);
        }
        self.start.set(0);
        Ok(())
    }

    /// Replaces the bytes from `low` to `high`.
    fn splice(&self, cx: Ctx, low: usize, high: usize, new: &[u8]) -> PyResult<()> {
        let len = self.peek().len();
        let size = len - (high - low) + new.len();
        if size < len && low == 0 {
            self.check_resizable(cx)?;
            // CPython moves the start instead of the bytes.
            self.start.set(self.start.get() + (len - size));
        }
        self.resized(cx, size)?;
        self.change(|bytes| drop(bytes.splice(low..high, new.iter().copied())));
        Ok(())
    }
}

/// A `bytearray` with these bytes.
pub fn from_slice(bytes: &[u8]) -> Ref<ByteArrayObject> {
    make(types().bytearray, bytes)
}

fn make(ty: &TypeObject, bytes: &[u8]) -> Ref<ByteArrayObject> {
    let bytes = bytes.to_vec();
    let alloc = if bytes.is_empty() { 0 } else { bytes.len() + 1 };
    new_ref(&ty.core, |object| ByteArrayObject {
        object,
        bytes: UnsafeCell::new(bytes),
        exports: Cell::new(0),
        alloc: Cell::new(alloc),
        start: Cell::new(0),
    })
}

/// # Safety
/// As `DeallocFn`; the object is a `ByteArrayObject`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; only the buffer needs dropping.
    unsafe {
        std::ptr::drop_in_place(
            (&raw mut (*object.cast::<ByteArrayObject>().as_ptr()).bytes).cast::<Vec<u8>>(),
        );
        free_object(object);
    }
}

fn receiver(object: &Object) -> &ByteArrayObject {
    // SAFETY: slots and methods of `bytearray` are called with its instances only.
    unsafe { object.cast() }
}

/// `bytearray` for the shared methods.
pub struct ByteArray;

impl Family for ByteArray {
    const NAME: &'static str = "bytearray";
    fn slice(object: &Object) -> &[u8] {
        receiver(object).peek()
    }
    fn make(_: Ctx, bytes: &[u8]) -> Ref {
        from_slice(bytes).into_object()
    }
    fn unchanged(_: Ctx, object: &Object) -> Ref {
        from_slice(receiver(object).peek()).into_object()
    }
}

fn new(_: Ctx, ty: &TypeObject, _: Args<'_>) -> PyResult {
    Ok(make(ty, b"").into_object())
}

fn init(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver(this);
    if !this.peek().is_empty() {
        this.splice(cx, 0, this.peek().len(), b"")?;
    }
    let source = source(cx, "bytearray", args, false)?;
    let object = match source {
        Source::Bytes(bytes) => return this.splice(cx, 0, this.peek().len(), &bytes),
        Source::Object(object) => object,
        Source::Made(ref object) => object,
    };
    let whole = object.is_exact(types().list) || object.is_exact(types().tuple);
    if whole || object.ty().slots().as_bytes.is_some() {
        let bytes = items(cx, object)?;
        return this.splice(cx, 0, this.peek().len(), &bytes);
    }
    let iterator = match cx.iter(object) {
        Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            let ty = object.ty().tp_name();
            return Err(cx.type_error(format_args!("cannot convert '{ty}' object to bytearray")));
        }
        other => other?,
    };
    while let Some(item) = cx.next(&iterator)? {
        let byte = m::byte(cx, &item)?;
        this.resized(cx, this.peek().len() + 1)?;
        this.change(|bytes| bytes.push(byte));
    }
    Ok(())
}

/// The bytes of a buffer, or integers one by one with `bytearray`'s message.
fn items(cx: Ctx, object: &Object) -> PyResult<Vec<u8>> {
    if object.ty().slots().as_bytes.is_some() {
        return m::buffer(cx, object);
    }
    cx.collect(object)?.iter().map(|item| m::byte(cx, item)).collect()
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    // Unlike `bytes`, the apostrophe is escaped inside double quotes too.
    let literal = m::literal(receiver(this).peek());
    let literal = if literal.starts_with("b\"") { literal.replace('\'', "\\'") } else { literal.to_string() };
    let text = format!("{}({literal})", this.ty().name_text());
    Ok(cx.new_str(&text).into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if a.ty().slots().as_bytes.is_none() || b.ty().slots().as_bytes.is_none() {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (m::buffer(cx, a)?, m::buffer(cx, b)?);
    Ok(cx.bool(op.holds(a.cmp(&b))))
}

fn length(_: Ctx, this: &Object) -> PyResult<usize> {
    Ok(receiver(this).peek().len())
}

fn cannot_concat(cx: Ctx, a: &Object, b: &Object) -> super::Raised {
    cx.type_error(format_args!("can't concat {} to {}", b.ty().tp_name(), a.ty().tp_name()))
}

fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    if b.ty().slots().as_bytes.is_none() {
        return Err(cannot_concat(cx, a, b));
    }
    let mut out = m::buffer(cx, a)?;
    cx.with_bytes(b, |bytes| out.extend_from_slice(bytes))?;
    Ok(from_slice(&out).into_object())
}

fn inplace_concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    if b.ty().slots().as_bytes.is_none() {
        return Err(cannot_concat(cx, a, b));
    }
    let more = m::buffer(cx, b)?;
    let this = receiver(a);
    this.resized(cx, this.peek().len() + more.len())?;
    this.change(|bytes| bytes.extend_from_slice(&more));
    Ok(a.to_ref())
}

fn repeated(cx: Ctx, this: &Object, count: isize) -> PyResult<Vec<u8>> {
    let count = usize::try_from(count).unwrap_or(0);
    let size = receiver(this).peek().len().checked_mul(count).filter(|&size| size <= isize::MAX as usize);
    check_size(cx, size.ok_or_else(|| cx.memory_error())?)?;
    Ok(receiver(this).peek().repeat(count))
}

fn repeat(cx: Ctx, this: &Object, count: isize) -> PyResult {
    Ok(from_slice(&repeated(cx, this, count)?).into_object())
}

fn inplace_repeat(cx: Ctx, this: &Object, count: isize) -> PyResult {
    let out = repeated(cx, this, count)?;
    receiver(this).resized(cx, out.len())?;
    receiver(this).change(|bytes| *bytes = out);
    Ok(this.to_ref())
}

fn item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    match usize::try_from(index).ok().and_then(|index| receiver(this).peek().get(index)) {
        Some(byte) => Ok(cx.new_int((*byte).into())),
        None => Err(cx.index_error("bytearray index out of range")),
    }
}

/// An index key as a place, which may be out of range.
fn place(cx: Ctx, this: &Object, key: &Object) -> PyResult<isize> {
    if key.ty().slots().nb_index.is_none() {
        return Err(cx.type_error(format_args!(
            "bytearray indices must be integers or slices, not {}",
            key.ty().tp_name()
        )));
    }
    let index = cx.index_sized(key, exceptions().index_error)?;
    Ok(if index < 0 { index + receiver(this).peek().len() as isize } else { index })
}

fn subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    if let Some(slice) = key.downcast::<SliceObject>() {
        let (start, stop, step) = slice::unpack(cx, slice)?;
        let bytes = receiver(this).peek();
        let range = slice::adjust(bytes.len(), start, stop, step);
        let out: Vec<u8> = range.indices().map(|index| bytes[index]).collect();
        return Ok(from_slice(&out).into_object());
    }
    let index = place(cx, this, key)?;
    item(cx, this, index)
}

fn set_item(cx: Ctx, this: &Object, index: isize, value: Option<&Object>) -> PyResult<()> {
    let array = receiver(this);
    let out_of_range = || cx.index_error("bytearray index out of range");
    let index =
        usize::try_from(index).ok().filter(|&index| index < array.peek().len()).ok_or_else(out_of_range)?;
    let Some(value) = value else { return array.splice(cx, index, index + 1, b"") };
    let byte = m::byte(cx, value)?;
    if index >= array.peek().len() {
        return Err(out_of_range());
    }
    array.change(|bytes| bytes[index] = byte);
    Ok(())
}

fn set_subscript(cx: Ctx, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(slice) = key.downcast::<SliceObject>() else {
        let index = place(cx, this, key)?;
        return set_item(cx, this, index, value);
    };
    let new = match value {
        None => Vec::new(),
        Some(value) => {
            let slots = value.ty().slots();
            let number = slots.nb_index.is_some() || slots.nb_int.is_some() || slots.nb_float.is_some();
            if number || value.is_instance(types().str) {
                return Err(
                    cx.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)")
                );
            }
            from_buffer_or_items(cx, value)?
        }
    };
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let array = receiver(this);
    let range = slice::adjust(array.peek().len(), start, stop, step);
    if range.step == 1 {
        let low = range.start as usize;
        return array.splice(cx, low, low + range.len, &new);
    }
    if new.is_empty() {
        let gone: std::collections::BTreeSet<usize> = range.indices().collect();
        array.resized(cx, array.peek().len() - gone.len())?;
        array.change(|bytes| {
            let mut index = 0;
            bytes.retain(|_| {
                index += 1;
                !gone.contains(&(index - 1))
            });
        });
        return Ok(());
    }
    if new.len() != range.len {
        return Err(cx.value_error(format_args!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            range.len
        )));
    }
    array.change(|bytes| range.indices().zip(&new).for_each(|(index, byte)| bytes[index] = *byte));
    Ok(())
}

fn as_bytes(_: Ctx, this: &Object, each: &mut dyn FnMut(&[u8])) -> PyResult<()> {
    let this = receiver(this);
    this.lend();
    each(this.peek());
    this.take_back();
    Ok(())
}

fn remainder(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some(array) = a.downcast::<ByteArrayObject>() else { return Ok(cx.not_implemented()) };
    let template = array.peek().to_vec();
    Ok(from_slice(&format::percent::format_bytes(cx, &template, b)?).into_object())
}

fn iter(_: Ctx, this: &Object) -> PyResult {
    Ok(new_iterator(types().bytearray_iterator, this))
}

fn append(cx: Ctx, this: &Object, item: &Ref) -> PyResult {
    let byte = m::byte(cx, item)?;
    let this = receiver(this);
    this.resized(cx, this.peek().len() + 1)?;
    this.change(|bytes| bytes.push(byte));
    Ok(cx.none())
}

fn extend(cx: Ctx, this: &Object, items: &Ref) -> PyResult {
    let more = if items.ty().slots().as_bytes.is_some() {
        m::buffer(cx, items)?
    } else {
        let iterator = match cx.iter(items) {
            Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                cx.clear_exception(raised);
                let ty = items.ty().tp_name();
                return Err(cx.type_error(format_args!("can't extend bytearray with {ty}")));
            }
            other => other?,
        };
        let mut more = Vec::new();
        while let Some(item) = cx.next(&iterator)? {
            more.push(m::byte(cx, &item)?);
        }
        more
    };
    let array = receiver(this);
    let end = array.peek().len();
    array.splice(cx, end, end, &more)?;
    Ok(cx.none())
}

fn insert(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "insert", args, 2, 2)?;
    let index = cx.to_size(&args[0])?;
    let byte = m::byte(cx, &args[1])?;
    let this = receiver(this);
    let len = this.peek().len();
    this.resized(cx, len + 1)?;
    let index = if index < 0 { (index + len as isize).max(0) as usize } else { (index as usize).min(len) };
    this.change(|bytes| bytes.insert(index, byte));
    Ok(cx.none())
}

fn pop(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "pop", args, 0, 1)?;
    let index = match args.first() {
        Some(index) => cx.to_size(index)?,
        None => -1,
    };
    let this = receiver(this);
    let len = this.peek().len();
    if len == 0 {
        return Err(cx.index_error("pop from empty bytearray"));
    }
    let index = if index < 0 { index + len as isize } else { index };
    let Some(index) = usize::try_from(index).ok().filter(|&index| index < len) else {
        return Err(cx.index_error("pop index out of range"));
    };
    this.check_resizable(cx)?;
    this.resized(cx, len - 1)?;
    Ok(cx.new_int(this.change(|bytes| bytes.remove(index)).into()))
}

fn remove(cx: Ctx, this: &Object, value: &Ref) -> PyResult {
    let byte = m::byte(cx, value)?;
    let this = receiver(this);
    let Some(index) = this.peek().iter().position(|&b| b == byte) else {
        return Err(cx.value_error("value not found in bytearray"));
    };
    this.resized(cx, this.peek().len() - 1)?;
    this.change(|bytes| bytes.remove(index));
    Ok(cx.none())
}

fn reverse(cx: Ctx, this: &Object) -> PyResult {
    receiver(this).change(|bytes| bytes.reverse());
    Ok(cx.none())
}

fn clear(cx: Ctx, this: &Object) -> PyResult {
    let this = receiver(this);
    this.resized(cx, 0)?;
    this.change(Vec::clear);
    Ok(cx.none())
}

fn copy(_: Ctx, this: &Object) -> PyResult {
    Ok(from_slice(receiver(this).peek()).into_object())
}

fn alloc(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_uint(receiver(this).alloc.get()))
}

fn sizeof(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_uint(this.ty().basicsize.get() + receiver(this).alloc.get()))
}

fn fromhex(cx: Ctx, ty: &Object, text: &Ref) -> PyResult {
    let bytes = m::parse_hex(cx, text)?;
    if ty.is(types().bytearray.as_object()) {
        return Ok(from_slice(&bytes).into_object());
    }
    cx.call(ty, &[cx.new_bytes(&bytes).into_object()])
}

/// State for pickling: the bytes as Latin-1 text before protocol 3, as bytes since.
fn reduce_with(cx: Ctx, this: &Object, protocol: i32) -> PyResult {
    let state = super::object_type::state_of(cx, this)?;
    let array = receiver(this);
    let args = if protocol < 3 {
        let text = super::str::raw::from_latin1(array.peek()).into_object();
        vec![text, cx.new_str("latin-1").into_object()]
    } else if array.peek().is_empty() {
        Vec::new()
    } else {
        vec![cx.new_bytes(array.peek()).into_object()]
    };
    let args = cx.new_tuple(args).into_object();
    Ok(cx.new_tuple(vec![this.ty().to_object(), args, state]).into_object())
}

fn reduce(cx: Ctx, this: &Object) -> PyResult {
    reduce_with(cx, this, 2)
}

fn reduce_ex(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "__reduce_ex__", args, 0, 1)?;
    let protocol = match args.first() {
        Some(protocol) => cx.to_i32(protocol)?,
        None => 0,
    };
    reduce_with(cx, this, protocol)
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "bytearray",
    doc: Some(
        "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n\
         bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of that many \
         zeros\nbytearray() -> empty bytes array\n\nA mutable array of bytes.",
    ),
    layout: SpecLayout::plain::<ByteArrayObject>(),
    basicsize: 56,
    flags: TypeFlags::BASETYPE.with(TypeFlags::MATCH_SELF),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        str: Some(repr),
        richcompare: Some(richcompare),
        iter: Some(iter),
        as_bytes: Some(as_bytes),
        get_buffer: Some(|_, this| {
            let array = receiver(this);
            array.lend();
            Ok(array.change(|bytes| Lent::writable(bytes, b'B')))
        }),
        release_buffer: Some(|this| receiver(this).take_back()),
        nb_remainder: Some(remainder),
        sq_length: Some(length),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        sq_ass_item: Some(set_item),
        sq_contains: Some(m::contains::<ByteArray>),
        sq_inplace_concat: Some(inplace_concat),
        sq_inplace_repeat: Some(inplace_repeat),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        mp_ass_subscript: Some(set_subscript),
        ..Slots::EMPTY
    },
    methods: family_methods!(ByteArray;
        MethodDef::no_args("__alloc__", alloc, "B.__alloc__() -> int\n\nHow many bytes are allocated."),
        MethodDef::no_args("__reduce__", reduce, "__reduce__($self, /)\n--\n\nThe state, for pickling."),
        MethodDef::fast("__reduce_ex__", reduce_ex, "__reduce_ex__($self, proto=0, /)\n--\n\nThe state, for pickling."),
        MethodDef::no_args("__sizeof__", sizeof, "__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
        MethodDef::one("append", append, "append($self, item, /)\n--\n\nAdds one byte at the end."),
        MethodDef::no_args("clear", clear, "clear($self, /)\n--\n\nRemoves all bytes."),
        MethodDef::no_args("copy", copy, "copy($self, /)\n--\n\nA copy."),
        MethodDef::one("extend", extend, "extend($self, iterable_of_ints, /)\n--\n\nAdds all bytes of an iterable or buffer at the end."),
        MethodDef::fast("insert", insert, "insert($self, index, item, /)\n--\n\nPuts one byte before the index."),
        MethodDef::fast("pop", pop, "pop($self, index=-1, /)\n--\n\nRemoves the byte at the index, the last by default, and returns it."),
        MethodDef::one("remove", remove, "remove($self, value, /)\n--\n\nRemoves the first such byte."),
        MethodDef::no_args("reverse", reverse, "reverse($self, /)\n--\n\nTurns the order of the bytes around."),
    ),
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

pub static BYTEARRAY_ITERATOR: TypeSpec = iterator_spec("bytearray_iterator");
