//! `memoryview`: a window on the bytes of another object, of one dimension.
//!
//! A view of a `bytearray` keeps its size fixed until the view is released.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::bytearray::ByteArrayObject;
use super::bytes::BytesObject;
use super::bytes::methods::hex_of;
use super::slice::{self, SliceObject};
use super::slots::{Args, CompareOp, PyResult, Slots};
use super::spec::{GetSetDef, Layout as SpecLayout, MethodDef, Signature, TypeFlags};
use super::type_object::TypedLayout;
use super::{FloatObject, StrObject, TypeObject, Types, args::bind, exceptions, types};
use crate::memory::{Layout, Object, Ref, Slot, Trace, Visitor, new_ref, track};
use crate::objects::spec::TypeSpec;
use crate::vm::Ctx;

#[repr(C)]
pub struct MemoryViewObject {
    pub object: Object,
    /// The object whose bytes are seen; empty once released.
    base: Slot,
    /// Where the view begins in the base's bytes.
    offset: usize,
    /// Items, and bytes from one to the next.
    len: usize,
    stride: isize,
    format: u8,
    readonly: bool,
    /// -1 until computed.
    hash: Cell<i64>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for MemoryViewObject {}
// SAFETY: every `memoryview` begins with this layout.
unsafe impl TypedLayout for MemoryViewObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.memoryview
    }
}

/// Bytes of an item of a native single-character format.
fn item_size(format: u8) -> Option<usize> {
    Some(match format {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

fn receiver(object: &Object) -> &MemoryViewObject {
    // SAFETY: slots and methods of `memoryview` are called with its instances only.
    unsafe { object.cast() }
}

impl MemoryViewObject {
    fn item_size(&self) -> usize {
        item_size(self.format).unwrap_or(1)
    }

    /// The base, or the error of a released view.
    fn base(&self, cx: Ctx) -> PyResult<Ref> {
        self.base.get().ok_or_else(|| cx.value_error("operation forbidden on released memoryview object"))
    }

    /// Where item `index` begins in the base's bytes.
    fn at(&self, index: usize) -> usize {
        (self.offset as isize + index as isize * self.stride) as usize
    }

    /// The items' bytes one after another.
    fn to_vec(&self, cx: Ctx) -> PyResult<Vec<u8>> {
        let base = self.base(cx)?;
        let size = self.item_size();
        cx.with_bytes(&base, |bytes| {
            if self.stride == size as isize {
                return bytes[self.offset..self.offset + self.len * size].to_vec();
            }
            (0..self.len)
                .flat_map(|index| bytes[self.at(index)..self.at(index) + size].iter().copied())
                .collect()
        })
    }

    fn release(&self) {
        if let Some(base) = self.base.take() {
            if let Some(array) = base.downcast::<ByteArrayObject>() {
                array.take_back();
            }
        }
    }
}

/// A view; lends the base's bytes out.
fn make(base: Ref, offset: usize, len: usize, stride: isize, format: u8, readonly: bool) -> Ref {
    if let Some(array) = base.downcast::<ByteArrayObject>() {
        array.lend();
    }
    let view = new_ref(&types().memoryview.core, |object| MemoryViewObject {
        object,
        base: Slot::new(base),
        offset,
        len,
        stride,
        format,
        readonly,
        hash: Cell::new(-1),
        weaklist: Cell::new(0),
    });
    track(view.as_object());
    view.into_object()
}

fn new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "memoryview", params: &["object"], required: 1, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(object)] = bound else { return Err(cx.system_error("bad internal call")) };
    if let Some(view) = object.downcast::<MemoryViewObject>() {
        return Ok(make(view.base(cx)?, view.offset, view.len, view.stride, view.format, view.readonly));
    }
    if let Some(bytes) = object.downcast::<BytesObject>() {
        let len = bytes.len();
        return Ok(make(object, 0, len, 1, b'B', true));
    }
    if let Some(array) = object.downcast::<ByteArrayObject>() {
        let len = array.peek().len();
        return Ok(make(object, 0, len, 1, b'B', false));
    }
    let ty = object.ty().tp_name();
    Err(cx.type_error(format_args!("memoryview: a bytes-like object is required, not '{ty}'")))
}

/// Releases the view and frees the object.
///
/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the base goes first, the rest is plain data.
    unsafe {
        object.cast::<MemoryViewObject>().as_ref().release();
        crate::memory::dealloc_as::<MemoryViewObject>(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<MemoryViewObject>().as_ref() }.base.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<MemoryViewObject>().as_ref() }.release();
}

/// An item as an object.
fn unpack(cx: Ctx, format: u8, bytes: &[u8]) -> Ref {
    let mut wide = [0u8; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    let unsigned = u64::from_le_bytes(wide);
    let shift = 64 - 8 * bytes.len() as u32;
    let signed = ((unsigned << shift) as i64) >> shift;
    match format {
        b'c' => cx.new_bytes(bytes).into_object(),
        b'?' => cx.bool(unsigned != 0),
        b'f' => cx.new_float(f32::from_bits(unsigned as u32).into()),
        b'd' => cx.new_float(f64::from_bits(unsigned)),
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => cx.new_int(signed),
        _ => cx.new_uint(unsigned as usize),
    }
}

/// An object as the bytes of an item.
fn pack(cx: Ctx, format: u8, value: &Object) -> PyResult<Vec<u8>> {
    let letter = format as char;
    let wrong_type = || cx.type_error(format_args!("memoryview: invalid type for format '{letter}'"));
    let wrong_value = || cx.value_error(format_args!("memoryview: invalid value for format '{letter}'"));
    let size = item_size(format).unwrap_or(1);
    match format {
        b'c' => match value.downcast::<BytesObject>().map(BytesObject::as_slice) {
            Some([byte]) => Ok(vec![*byte]),
            Some(_) => Err(wrong_value()),
            None => Err(wrong_type()),
        },
        b'?' => Ok(vec![cx.is_true(value)?.into()]),
        b'f' | b'd' => {
            if !value.is_instance(types().float) && value.ty().slots().nb_float.is_none() {
                return Err(wrong_type());
            }
            let number =
                value.downcast::<FloatObject>().map_or_else(|| cx.to_f64(value), |float| Ok(float.value))?;
            Ok(if format == b'f' {
                (number as f32).to_le_bytes().to_vec()
            } else {
                number.to_le_bytes().to_vec()
            })
        }
        _ => {
            if value.ty().slots().nb_index.is_none() {
                return Err(wrong_type());
            }
            let int = cx.index(value)?.to_bigint();
            let signed = matches!(format, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
            let mut bytes = if signed {
                super::int::ops::to_bytes(&int, size, true)
            } else if int.sign() == num_bigint::Sign::Minus {
                None
            } else {
                super::int::ops::to_bytes(&int, size, false)
            }
            .ok_or_else(wrong_value)?;
            bytes.reverse();
            Ok(bytes)
        }
    }
}

/// An index key as an item's number.
fn place(cx: Ctx, view: &MemoryViewObject, key: &Object) -> PyResult<usize> {
    let index = cx.index_sized(key, exceptions().index_error)?;
    item_place(cx, view, index)
}

fn item_place(cx: Ctx, view: &MemoryViewObject, index: isize) -> PyResult<usize> {
    let index = if index < 0 { index + view.len as isize } else { index };
    let index = usize::try_from(index).ok().filter(|&index| index < view.len);
    index.ok_or_else(|| cx.index_error("index out of bounds on dimension 1"))
}

fn read(cx: Ctx, view: &MemoryViewObject, index: usize) -> PyResult {
    let base = view.base(cx)?;
    let (at, size) = (view.at(index), view.item_size());
    let bytes = cx.with_bytes(&base, |bytes| bytes[at..at + size].to_vec())?;
    Ok(unpack(cx, view.format, &bytes))
}

fn item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    let view = receiver(this);
    view.base(cx)?;
    let index = item_place(cx, view, index)?;
    read(cx, view, index)
}

fn sub_view(cx: Ctx, view: &MemoryViewObject, slice: &SliceObject) -> PyResult {
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(view.len, start, stop, step);
    let offset = (view.offset as isize + range.start.max(0) * view.stride) as usize;
    let stride = view.stride * range.step;
    Ok(make(view.base(cx)?, offset, range.len, stride, view.format, view.readonly))
}

fn subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    let view = receiver(this);
    view.base(cx)?;
    if key.ty().slots().nb_index.is_some() {
        let index = place(cx, view, key)?;
        return read(cx, view, index);
    }
    match key.downcast::<SliceObject>() {
        Some(slice) => sub_view(cx, view, slice),
        None => Err(cx.type_error("memoryview: invalid slice key")),
    }
}

fn set_subscript(cx: Ctx, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let view = receiver(this);
    let base = view.base(cx)?;
    if view.readonly {
        return Err(cx.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(cx.type_error("cannot delete memory")) };
    let Some(array) = base.downcast::<ByteArrayObject>() else {
        return Err(cx.type_error("cannot modify read-only memory"));
    };
    if key.ty().slots().nb_index.is_some() {
        let index = place(cx, view, key)?;
        let bytes = pack(cx, view.format, value)?;
        view.base(cx)?;
        let at = view.at(index);
        array.change(|all| all[at..at + bytes.len()].copy_from_slice(&bytes));
        return Ok(());
    }
    let Some(slice) = key.downcast::<SliceObject>() else {
        return Err(cx.type_error("memoryview: invalid slice key"));
    };
    let target = sub_view(cx, view, slice)?;
    let target = receiver(&target);
    let bytes = cx.with_bytes(value, <[u8]>::to_vec)?;
    let format = value.downcast::<MemoryViewObject>().map_or(b'B', |view| view.format);
    let size = target.item_size();
    if format != target.format || bytes.len() != target.len * size {
        return Err(cx.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    array.change(|all| {
        for index in 0..target.len {
            let at = target.at(index);
            all[at..at + size].copy_from_slice(&bytes[index * size..(index + 1) * size]);
        }
    });
    Ok(())
}

fn length(cx: Ctx, this: &Object) -> PyResult<usize> {
    receiver(this).base(cx)?;
    Ok(receiver(this).len)
}

fn as_bytes(cx: Ctx, this: &Object, each: &mut dyn FnMut(&[u8])) -> PyResult<()> {
    each(&receiver(this).to_vec(cx)?);
    Ok(())
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    let what = if receiver(this).base.is_empty() { "released memory" } else { "memory" };
    Ok(cx.new_str(&format!("<{what} at {:#x}>", this.address())).into_object())
}

fn hash(cx: Ctx, this: &Object) -> PyResult<i64> {
    let view = receiver(this);
    if view.hash.get() == -1 {
        view.base(cx)?;
        if !view.readonly {
            return Err(cx.value_error("cannot hash writable memoryview object"));
        }
        if !matches!(view.format, b'B' | b'b' | b'c') {
            return Err(cx.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        view.hash.set(super::str::hash_bytes(&view.to_vec(cx)?));
    }
    Ok(view.hash.get())
}

fn items(cx: Ctx, view: &MemoryViewObject) -> PyResult<Vec<Ref>> {
    let bytes = view.to_vec(cx)?;
    Ok(bytes.chunks(view.item_size()).map(|item| unpack(cx, view.format, item)).collect())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let equal = op == CompareOp::Eq;
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.not_implemented());
    }
    let view = receiver(a);
    if view.base.is_empty() || b.downcast::<MemoryViewObject>().is_some_and(|other| other.base.is_empty()) {
        return Ok(cx.bool(a.is(b) == equal));
    }
    if b.ty().slots().as_bytes.is_none() {
        return Ok(cx.not_implemented());
    }
    let format = b.downcast::<MemoryViewObject>().map_or(b'B', |other| other.format);
    let bytes = cx.with_bytes(b, <[u8]>::to_vec)?;
    let same = if format == view.format && !matches!(format, b'f' | b'd') {
        view.to_vec(cx)? == bytes
    } else {
        // Items are compared by value.
        let own = items(cx, view)?;
        let others: Vec<Ref> =
            bytes.chunks(item_size(format).unwrap_or(1)).map(|item| unpack(cx, format, item)).collect();
        let mut same = own.len() == others.len();
        for (own, other) in own.iter().zip(&others) {
            let answer = cx.compare(own, other, CompareOp::Eq)?;
            same = same && cx.is_true(&answer)?;
        }
        same
    };
    Ok(cx.bool(same == equal))
}

fn release(cx: Ctx, this: &Object) -> PyResult {
    receiver(this).release();
    Ok(cx.none())
}

fn tobytes(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "tobytes", params: &["order"], required: 0, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    if let Some(order) = bound[0].as_ref().filter(|order| !cx.is_none(order)) {
        let known = order.downcast::<StrObject>().and_then(StrObject::as_ascii);
        if !matches!(known, Some("C" | "F" | "A")) {
            return Err(cx.value_error("order must be 'C', 'F' or 'A'"));
        }
    }
    Ok(cx.new_bytes(&receiver(this).to_vec(cx)?).into_object())
}

fn hex(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    hex_of(cx, &receiver(this).to_vec(cx)?, args)
}

fn tolist(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_list(items(cx, receiver(this))?)?.into_object())
}

fn cast(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "cast", params: &["format", "shape"], required: 1, max_positional: 2 };
    let mut bound = [None, None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let view = receiver(this);
    let base = view.base(cx)?;
    let format = bound[0].as_ref().and_then(|format| format.downcast::<StrObject>());
    let Some(format) = format else {
        return Err(cx.type_error("memoryview: format argument must be a string"));
    };
    let name = format.to_string_lossy();
    let wanted = match name.strip_prefix('@').unwrap_or(&name).as_bytes() {
        [letter] if item_size(*letter).is_some() => *letter,
        _ => {
            return Err(cx.value_error(
                "memoryview: destination format must be a native single character format prefixed with an optional '@'",
            ));
        }
    };
    if bound[1].is_some() {
        return Err(cx.raise(
            exceptions().not_implemented_error,
            "memoryview: casting to more than one dimension is not supported",
        ));
    }
    if view.stride != view.item_size() as isize {
        return Err(cx.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    if item_size(wanted) != Some(1) && view.item_size() != 1 {
        return Err(cx.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let (bytes, size) = (view.len * view.item_size(), item_size(wanted).unwrap_or(1));
    if bytes % size != 0 {
        return Err(cx.type_error("memoryview: length is not a multiple of itemsize"));
    }
    Ok(make(base, view.offset, bytes / size, size as isize, wanted, view.readonly))
}

fn toreadonly(cx: Ctx, this: &Object) -> PyResult {
    let view = receiver(this);
    Ok(make(view.base(cx)?, view.offset, view.len, view.stride, view.format, true))
}

fn enter(cx: Ctx, this: &Object) -> PyResult {
    receiver(this).base(cx)?;
    Ok(this.to_ref())
}

fn exit(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    release(cx, this)
}

/// A getter that first checks that the view is not released.
macro_rules! getters {
    ($($name:ident = |$cx:ident, $view:ident| $body:expr;)*) => {$(
        fn $name($cx: Ctx, this: &Object) -> PyResult {
            let $view = receiver(this);
            $view.base($cx)?;
            Ok($body)
        }
    )*};
}

getters! {
    get_obj = |cx, view| view.base(cx)?;
    get_nbytes = |cx, view| cx.new_uint(view.len * view.item_size());
    get_readonly = |cx, view| cx.bool(view.readonly);
    get_itemsize = |cx, view| cx.new_uint(view.item_size());
    get_format = |cx, view| cx.new_str(&char::from(view.format).to_string()).into_object();
    get_ndim = |cx, _view| cx.new_int(1);
    get_shape = |cx, view| cx.new_tuple(vec![cx.new_uint(view.len)]).into_object();
    get_strides = |cx, view| cx.new_tuple(vec![cx.new_int(view.stride as i64)]).into_object();
    get_suboffsets = |cx, _view| cx.new_tuple(Vec::new()).into_object();
    get_contiguous = |cx, view| cx.bool(view.len <= 1 || view.stride == view.item_size() as isize);
}

const fn getter(name: &'static str, get: fn(Ctx, &Object) -> PyResult, doc: &'static str) -> GetSetDef {
    GetSetDef { name, get: Some(get), set: None, doc }
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "memoryview",
    doc: Some("Makes a view of an object's bytes."),
    layout: SpecLayout::gc::<MemoryViewObject>().weaklist(offset_of!(MemoryViewObject, weaklist)),
    basicsize: 144,
    itemsize: 8,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::SEQUENCE),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        as_bytes: Some(as_bytes),
        sq_length: Some(length),
        sq_item: Some(item),
        mp_length: Some(length),
        mp_subscript: Some(subscript),
        mp_ass_subscript: Some(set_subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args(
            "release",
            release,
            "release($self, /)\n--\n\nLets go of the object whose bytes are seen.",
        ),
        MethodDef::keywords(
            "tobytes",
            tobytes,
            "tobytes($self, /, order='C')\n--\n\nThe bytes seen, as bytes.",
        ),
        MethodDef::keywords(
            "hex",
            hex,
            "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nThe bytes as hexadecimal text.",
        ),
        MethodDef::no_args("tolist", tolist, "tolist($self, /)\n--\n\nThe items as a list."),
        MethodDef::keywords(
            "cast",
            cast,
            "cast($self, /, format, shape=<unrepresentable>)\n--\n\nA view of the same bytes with items of another format.",
        ),
        MethodDef::no_args(
            "toreadonly",
            toreadonly,
            "toreadonly($self, /)\n--\n\nA view that cannot be written through.",
        ),
        MethodDef::no_args("__enter__", enter, ""),
        MethodDef::varargs("__exit__", exit, ""),
    ],
    getset: &[
        getter("obj", get_obj, "The object whose bytes are seen."),
        getter("nbytes", get_nbytes, "How many bytes the items take."),
        getter("readonly", get_readonly, "Whether the memory is read only."),
        getter("itemsize", get_itemsize, "The size of an item in bytes."),
        getter("format", get_format, "The format of an item, in the struct module's style."),
        getter("ndim", get_ndim, "How many dimensions the view has."),
        getter("shape", get_shape, "The number of items along each dimension."),
        getter("strides", get_strides, "The bytes from one item to the next along each dimension."),
        getter("suboffsets", get_suboffsets, "Used for arrays of pointers only: empty."),
        getter("c_contiguous", get_contiguous, "Whether the memory is C contiguous."),
        getter("f_contiguous", get_contiguous, "Whether the memory is Fortran contiguous."),
        getter("contiguous", get_contiguous, "Whether the memory is contiguous."),
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
