//! The type `bytes`: constructor, operators, iterator.

use std::cell::Cell;

use super::methods::{self as m, Bytes, Family, family_methods};
use super::{BytesObject, check_size, from_buffer_or_items, from_slice, make};
use crate::memory::{Layout as _, Object, Ref, Slot, Trace, Visitor, new_ref, track};
use crate::objects::args::bind_borrowed;
use crate::objects::slice::{self, SliceObject};
use crate::objects::slots::{Args, CompareOp, Lent, PyResult, Slots};
use crate::objects::spec::{Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::str::codec;
use crate::objects::str::methods::named_text;
use crate::objects::{StrObject, TypeObject, exceptions, format, names, types};
use crate::vm::Ctx;

/// The bytes that the constructor's arguments stand for. `bytearray` shares the rules.
pub(crate) enum Source<'a> {
    Bytes(Vec<u8>),
    /// An object that is still to be taken apart: a buffer or integers.
    Object(&'a Ref),
    /// As `Object`, made by `__bytes__`.
    Made(Ref),
}

/// Source, encoding and errors, resolved as far as both constructors do alike.
pub(crate) fn source<'a>(cx: Ctx, name: &'static str, args: Args<'a>, dunder: bool) -> PyResult<Source<'a>> {
    let signature =
        Signature { name, params: &["source", "encoding", "errors"], required: 0, max_positional: 3 };
    let mut bound = [None, None, None];
    bind_borrowed(cx, &signature, args, &mut bound)?;
    let [source, encoding, errors] = bound;
    let encoding_given = encoding.is_some();
    let errors_given = errors.is_some();
    let encoding = named_text(cx, name, "encoding", &encoding.cloned(), "utf-8")?.into_owned();
    let errors = named_text(cx, name, "errors", &errors.cloned(), "strict")?.into_owned();
    let text = source.as_ref().and_then(|source| source.downcast::<StrObject>());
    // A `str` of a derived class may know its bytes itself.
    if dunder
        && !encoding_given
        && !errors_given
        && let Some(source) = source.filter(|source| text.is_some() && !source.is_exact(types().str))
        && let Some(result) = cx.call_special(source, &names().bytes, &[])?
    {
        if !result.is_instance(types().bytes) {
            let got = result.ty().tp_name();
            return Err(cx.type_error(format_args!("__bytes__ returned non-bytes (type {got})")));
        }
        return Ok(Source::Made(result));
    }
    if let Some(text) = text {
        if !encoding_given {
            return Err(cx.type_error("string argument without an encoding"));
        }
        return Ok(Source::Bytes(codec::encode(cx, text, &encoding, &errors)?));
    }
    if encoding_given || errors_given {
        let what = if encoding_given { "encoding" } else { "errors" };
        return Err(cx.type_error(format_args!("{what} without a string argument")));
    }
    let Some(source) = source else { return Ok(Source::Bytes(Vec::new())) };
    if dunder {
        if let Some(result) = cx.call_special(source, &names().bytes, &[])? {
            if !result.is_instance(types().bytes) {
                let got = result.ty().tp_name();
                return Err(cx.type_error(format_args!("__bytes__ returned non-bytes (type {got})")));
            }
            return Ok(Source::Made(result));
        }
    }
    if source.ty().slots().nb_index.is_some() {
        let size = match cx.index_sized(source, exceptions().overflow_error) {
            Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
                cx.clear_exception(raised);
                return Ok(Source::Object(source));
            }
            other => other?,
        };
        let Ok(size) = usize::try_from(size) else { return Err(cx.value_error("negative count")) };
        check_size(cx, size)?;
        return Ok(Source::Bytes(vec![0; size]));
    }
    Ok(Source::Object(source))
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let bytes = match source(cx, "bytes", args, true)? {
        Source::Object(object) if object.is_exact(types().bytes) && ty.is_type(types().bytes) => {
            return Ok(object.clone());
        }
        Source::Made(object) if object.is_exact(types().bytes) && ty.is_type(types().bytes) => {
            return Ok(object);
        }
        Source::Object(object) => from_buffer_or_items(cx, object)?,
        Source::Made(object) => from_buffer_or_items(cx, &object)?,
        Source::Bytes(bytes) => bytes,
    };
    Ok(if ty.is_type(types().bytes) { from_slice(&bytes) } else { make(ty, &bytes) }.into_object())
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_str(&m::literal(Bytes::slice(this))).into_object())
}

fn hash(_: Ctx, this: &Object) -> PyResult<i64> {
    // SAFETY: slots of `bytes` are called with its instances only.
    Ok(unsafe { this.cast::<BytesObject>() }.hash())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match (a.downcast::<BytesObject>(), b.downcast::<BytesObject>()) {
        (Some(a), Some(b)) => Ok(cx.bool(op.holds(a.as_slice().cmp(b.as_slice())))),
        _ => Ok(cx.not_implemented()),
    }
}

fn length(_: Ctx, this: &Object) -> PyResult<usize> {
    Ok(Bytes::slice(this).len())
}

fn concat(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let refuse = || cx.type_error(format_args!("can't concat {} to {}", b.ty().tp_name(), a.ty().tp_name()));
    if a.ty().slots().as_bytes.is_none() || b.ty().slots().as_bytes.is_none() {
        return Err(refuse());
    }
    if Bytes::slice(a).is_empty() && b.is_exact(types().bytes) {
        return Ok(b.to_ref());
    }
    let mut out = m::buffer(cx, a)?;
    cx.with_bytes(b, |bytes| out.extend_from_slice(bytes))?;
    if out.len() == Bytes::slice(a).len() && a.is_exact(types().bytes) {
        return Ok(a.to_ref());
    }
    Ok(from_slice(&out).into_object())
}

fn repeat(cx: Ctx, this: &Object, count: isize) -> PyResult {
    if count == 1 && this.is_exact(types().bytes) {
        return Ok(this.to_ref());
    }
    let count = usize::try_from(count).unwrap_or(0);
    let size = Bytes::slice(this).len().checked_mul(count).filter(|&size| size <= isize::MAX as usize);
    let size = size.ok_or_else(|| cx.overflow_error("repeated bytes are too long"))?;
    check_size(cx, size)?;
    Ok(from_slice(&Bytes::slice(this).repeat(count)).into_object())
}

fn item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    match usize::try_from(index).ok().and_then(|index| Bytes::slice(this).get(index)) {
        Some(byte) => Ok(cx.new_int((*byte).into())),
        None => Err(cx.index_error("index out of range")),
    }
}

fn subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    let bytes = Bytes::slice(this);
    if let Some(slice) = key.downcast::<SliceObject>() {
        let (start, stop, step) = slice::unpack(cx, slice)?;
        let range = slice::adjust(bytes.len(), start, stop, step);
        if range.step == 1 && range.len == bytes.len() && this.is_exact(types().bytes) {
            return Ok(this.to_ref());
        }
        let out: Vec<u8> = range.indices().map(|index| bytes[index]).collect();
        return Ok(from_slice(&out).into_object());
    }
    if key.ty().slots().nb_index.is_none() {
        return Err(cx.type_error(format_args!(
            "byte indices must be integers or slices, not {}",
            key.ty().tp_name()
        )));
    }
    let index = cx.index_sized(key, exceptions().index_error)?;
    item(cx, this, if index < 0 { index + bytes.len() as isize } else { index })
}

fn remainder(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let Some(bytes) = a.downcast::<BytesObject>() else { return Ok(cx.not_implemented()) };
    Ok(from_slice(&format::percent::format_bytes(cx, bytes.as_slice(), b)?).into_object())
}

fn as_bytes(_: Ctx, this: &Object, each: &mut dyn FnMut(&[u8])) -> PyResult<()> {
    each(Bytes::slice(this));
    Ok(())
}

fn fromhex(cx: Ctx, ty: &Object, text: &Ref) -> PyResult {
    let bytes = from_slice(&m::parse_hex(cx, text)?).into_object();
    if ty.is(types().bytes.as_object()) { Ok(bytes) } else { cx.call(ty, &[bytes]) }
}

fn getnewargs(cx: Ctx, this: &Object) -> PyResult {
    let bytes = from_slice(Bytes::slice(this)).into_object();
    Ok(cx.new_tuple(vec![bytes]).into_object())
}

fn dunder_bytes(cx: Ctx, this: &Object) -> PyResult {
    Ok(Bytes::unchanged(cx, this))
}

fn sizeof(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_uint(33 + Bytes::slice(this).len()))
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "bytes",
    doc: Some(
        "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> \
         immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of that many zeros\nbytes() -> empty bytes \
         object\n\nAn immutable array of bytes.",
    ),
    layout: Layout::plain::<BytesObject>().items(1),
    basicsize: 33,
    itemsize: 1,
    flags: TypeFlags::BASETYPE.with(TypeFlags::BYTES_SUBCLASS).with(TypeFlags::MATCH_SELF),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        iter: Some(iter),
        as_bytes: Some(as_bytes),
        get_buffer: Some(|_, this| Ok(Lent::read_only(Bytes::slice(this), b'B'))),
        nb_remainder: Some(remainder),
        sq_length: Some(length),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_item: Some(item),
        sq_contains: Some(m::contains::<Bytes>),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        ..Slots::EMPTY
    },
    methods: family_methods!(Bytes;
        MethodDef::no_args("__getnewargs__", getnewargs, ""),
        MethodDef::no_args("__bytes__", dunder_bytes, "__bytes__($self, /)\n--\n\nThe value as exact bytes."),
        MethodDef::no_args("__sizeof__", sizeof, "__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
    ),
    dealloc: Some(super::dealloc),
    ..TypeSpec::EMPTY
};

/// Iterates over `bytes` or `bytearray`: `index` runs until the length then in force.
#[repr(C)]
pub struct BytesIterator {
    pub object: Object,
    pub(crate) index: Cell<usize>,
    /// Empty once exhausted.
    pub(crate) bytes: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl crate::memory::Layout for BytesIterator {}

/// A tracked iterator of one of the two types.
pub(crate) fn new_iterator(ty: &TypeObject, bytes: &Object) -> Ref {
    let bytes = bytes.to_ref();
    let iterator =
        new_ref(&ty.core, |object| BytesIterator { object, index: Cell::new(0), bytes: Slot::new(bytes) });
    track(iterator.as_object());
    iterator.into_object()
}

fn iter(_: Ctx, this: &Object) -> PyResult {
    Ok(new_iterator(types().bytes_iterator, this))
}

fn iterator(object: &Object) -> &BytesIterator {
    // SAFETY: slots and methods of the iterators are called with their instances only.
    unsafe { object.cast() }
}

fn next(cx: Ctx, this: &Object) -> PyResult<Option<Ref>> {
    let this = iterator(this);
    let Some(bytes) = this.bytes.get() else { return Ok(None) };
    let index = this.index.get();
    match cx.with_bytes(&bytes, |bytes| bytes.get(index).copied())? {
        Some(byte) => {
            this.index.set(index + 1);
            Ok(Some(cx.new_int(byte.into())))
        }
        None => {
            this.bytes.set(None);
            Ok(None)
        }
    }
}

fn itself(_: Ctx, this: &Object) -> PyResult {
    Ok(this.to_ref())
}

fn length_hint(cx: Ctx, this: &Object) -> PyResult {
    let this = iterator(this);
    let len = match this.bytes.get() {
        Some(bytes) => cx.with_bytes(&bytes, <[u8]>::len)?,
        None => 0,
    };
    Ok(cx.new_uint(len.saturating_sub(this.index.get())))
}

fn reduce(cx: Ctx, this: &Object) -> PyResult {
    let this = iterator(this);
    let iter = crate::objects::str::iter::builtin_iter(cx)?;
    let items = match this.bytes.get() {
        Some(bytes) => {
            let args = cx.new_tuple(vec![bytes]).into_object();
            vec![iter, args, cx.new_uint(this.index.get())]
        }
        None => {
            let empty = cx.new_tuple(Vec::new()).into_object();
            vec![iter, cx.new_tuple(vec![empty]).into_object()]
        }
    };
    Ok(cx.new_tuple(items).into_object())
}

fn setstate(cx: Ctx, this: &Object, state: &Ref) -> PyResult {
    let index = cx.to_size(state)?;
    let this = iterator(this);
    if let Some(bytes) = this.bytes.get() {
        let len = cx.with_bytes(&bytes, <[u8]>::len)?;
        this.index.set(usize::try_from(index).unwrap_or(0).min(len));
    }
    Ok(cx.none())
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: std::ptr::NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<BytesIterator>().as_ref() }.bytes.trace(visitor);
}

const ITERATOR_METHODS: &[MethodDef] = &[
    MethodDef::no_args("__length_hint__", length_hint, "An estimate of how many items are left."),
    MethodDef::no_args("__reduce__", reduce, "The state, for pickling."),
    MethodDef::one("__setstate__", setstate, "Sets the state, for unpickling."),
];

pub(crate) const fn iterator_spec(name: &'static str) -> TypeSpec {
    TypeSpec {
        name,
        layout: Layout::gc::<BytesIterator>(),
        basicsize: 32,
        flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
        slots: Slots { iter: Some(itself), iternext: Some(next), ..Slots::EMPTY },
        methods: ITERATOR_METHODS,
        dealloc: Some(crate::memory::dealloc_as::<BytesIterator>),
        traverse: Some(traverse),
        ..TypeSpec::EMPTY
    }
}

pub static BYTES_ITERATOR: TypeSpec = iterator_spec("bytes_iterator");
