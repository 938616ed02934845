//! `memoryview`: a window on the bytes of another object, in any number of dimensions.
//!
//! | file | holds |
//! | --- | --- |
//! | `managed` | the loan that the views of one object share |
//! | `items` | items as objects and back |
//! | `iter` | the iterator |
//! | `shape` | `cast`, and what follows from shape and strides |

mod items;
mod iter;
mod managed;
mod shape;

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use items::{item_size, pack, unpack};
pub use iter::SPEC as MEMORY_ITERATOR;
use managed::ManagedBuffer;
pub use managed::SPEC as MANAGED_BUFFER;

use super::bytes::methods::hex_of;
use super::slice::{self, SliceObject};
use super::slots::{Args, CompareOp, Lent, PyResult, Slots};
use super::spec::{GetSetDef, Layout as SpecLayout, MethodDef, Signature, TypeFlags};
use super::type_object::TypedLayout;
use super::{StrObject, TupleObject, TypeObject, Types, args::bind, exceptions, types};
use crate::memory::{Layout, Object, Ref, Slot, Trace, Visitor, new_ref, track};
use crate::objects::spec::TypeSpec;
use crate::vm::Ctx;

#[repr(C)]
pub struct MemoryViewObject {
    pub object: Object,
    /// The loan.
    managed: Slot<ManagedBuffer>,
    released: Cell<bool>,
    /// How many have this view's bytes on loan.
    exports: Cell<usize>,
    /// Where the first item begins in the lent bytes.
    offset: usize,
    shape: Box<[usize]>,
    /// Bytes from one item to the next along each dimension.
    strides: Box<[isize]>,
    format: u8,
    /// The format is shown with a `@`.
    prefixed: bool,
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

fn receiver(object: &Object) -> &MemoryViewObject {
    // SAFETY: slots and methods of `memoryview` are called with its instances only.
    unsafe { object.cast() }
}

/// What a view shows, apart from the loan.
struct Window {
    offset: usize,
    shape: Box<[usize]>,
    strides: Box<[isize]>,
    format: u8,
    prefixed: bool,
    readonly: bool,
}

impl MemoryViewObject {
    fn item_size(&self) -> usize {
        item_size(self.format).unwrap_or(1)
    }

    /// How many items the view has in all dimensions together.
    fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Dimensions.
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// The number that `sys.getsizeof` adds for shape, strides and suboffsets.
    pub fn shown_extra(&self) -> usize {
        24 * self.shape.len()
    }

    /// The error of a released view.
    fn check(&self, cx: Ctx) -> PyResult<()> {
        if self.released.get() {
            return Err(cx.value_error("operation forbidden on released memoryview object"));
        }
        Ok(())
    }

    fn window(&self) -> Window {
        Window {
            offset: self.offset,
            shape: self.shape.clone(),
            strides: self.strides.clone(),
            format: self.format,
            prefixed: self.prefixed,
            readonly: self.readonly,
        }
    }

    /// Where an item begins in the lent bytes.
    fn offset_of(&self, place: &[usize]) -> usize {
        let moved: isize =
            place.iter().zip(&self.strides[..]).map(|(index, stride)| *index as isize * stride).sum();
        (self.offset as isize + moved) as usize
    }

    /// The lent bytes: no Python code may run and nothing may be written meanwhile.
    fn lent_bytes(&self, cx: Ctx) -> PyResult<&[u8]> {
        self.check(cx)?;
        match self.managed.peek() {
            // SAFETY: a loan that is not given back stays where it is; views that are not
            // released keep it.
            Some(managed) => Ok(unsafe { managed.lent.bytes() }),
            None => Ok(&[]),
        }
    }

    /// The items' bytes one after another, in C order.
    pub fn to_vec(&self, cx: Ctx) -> PyResult<Vec<u8>> {
        let bytes = self.lent_bytes(cx)?;
        let size = self.item_size();
        if self.is_c_contiguous() {
            return Ok(bytes[self.offset..self.offset + self.count() * size].to_vec());
        }
        let mut out = Vec::with_capacity(self.count() * size);
        shape::for_each_place(&self.shape, &mut |place| {
            let at = self.offset_of(place);
            out.extend_from_slice(&bytes[at..at + size]);
        });
        Ok(out)
    }

    /// Writes item by item, in C order, what `bytes` holds.
    fn write(&self, cx: Ctx, bytes: &[u8]) -> PyResult<()> {
        self.check(cx)?;
        let Some(managed) = self.managed.peek() else { return Ok(()) };
        let size = self.item_size();
        let mut items = bytes.chunks_exact(size);
        shape::for_each_place(&self.shape, &mut |place| {
            if let Some(item) = items.next() {
                managed.lent.write(self.offset_of(place), item);
            }
        });
        Ok(())
    }

    fn release(&self) {
        if !self.released.replace(true)
            && let Some(managed) = self.managed.peek()
        {
            managed.forget_view();
        }
    }
}

/// A view on a loan.
fn make(managed: Ref<ManagedBuffer>, window: Window) -> Ref {
    managed.exports.set(managed.exports.get() + 1);
    let view = new_ref(&types().memoryview.core, |object| MemoryViewObject {
        object,
        managed: Slot::new(managed),
        released: Cell::new(false),
        exports: Cell::new(0),
        offset: window.offset,
        shape: window.shape,
        strides: window.strides,
        format: window.format,
        prefixed: window.prefixed,
        readonly: window.readonly,
        hash: Cell::new(-1),
        weaklist: Cell::new(0),
    });
    track(view.as_object());
    view.into_object()
}

/// Another view on the loan of `view`.
fn view_again(cx: Ctx, view: &MemoryViewObject, window: Window) -> PyResult {
    view.check(cx)?;
    match view.managed.get() {
        Some(managed) => Ok(make(managed, window)),
        None => Err(cx.system_error("a view without a loan")),
    }
}

/// `memoryview(object)`.
pub fn from_object(cx: Ctx, object: &Object) -> PyResult {
    if let Some(view) = object.downcast::<MemoryViewObject>() {
        return view_again(cx, view, view.window());
    }
    let managed = ManagedBuffer::lend(cx, object)?;
    let (format, readonly, bytes) = (managed.lent.format, managed.lent.readonly, managed.lent.len);
    let size = item_size(format).unwrap_or(1);
    let window = Window {
        offset: 0,
        shape: Box::new([bytes / size]),
        strides: Box::new([size as isize]),
        format,
        prefixed: false,
        readonly,
    };
    Ok(make(managed, window))
}

fn new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "memoryview", params: &["object"], required: 1, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let [Some(object)] = bound else { return Err(cx.system_error("bad internal call")) };
    from_object(cx, &object)
}

/// Releases the view and frees the object.
///
/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    unsafe {
        object.cast::<MemoryViewObject>().as_ref().release();
        crate::memory::dealloc_as::<MemoryViewObject>(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    unsafe { object.cast::<MemoryViewObject>().as_ref() }.managed.trace(visitor);
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: promised by the caller.
    let view = unsafe { object.cast::<MemoryViewObject>().as_ref() };
    view.release();
    drop(view.managed.take());
}

fn item_at(cx: Ctx, view: &MemoryViewObject, at: usize) -> PyResult {
    let mut item = [0; 8];
    let size = view.item_size();
    item[..size].copy_from_slice(&view.lent_bytes(cx)?[at..at + size]);
    Ok(unpack(cx, view.format, &item[..size]))
}

/// An index along a dimension as a number of its items.
fn place(cx: Ctx, view: &MemoryViewObject, dimension: usize, index: isize) -> PyResult<usize> {
    let length = view.shape[dimension];
    let index = if index < 0 { index + length as isize } else { index };
    usize::try_from(index)
        .ok()
        .filter(|&index| index < length)
        .ok_or_else(|| cx.index_error(format_args!("index out of bounds on dimension {}", dimension + 1)))
}

fn not_implemented(cx: Ctx, message: &str) -> super::Raised {
    cx.raise(exceptions().not_implemented_error, message)
}

fn item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    let view = receiver(this);
    view.check(cx)?;
    match view.ndim() {
        0 => Err(cx.type_error("invalid indexing of 0-dim memory")),
        1 => item_at(cx, view, view.offset_of(&[place(cx, view, 0, index)?])),
        _ => Err(not_implemented(cx, "multi-dimensional sub-views are not implemented")),
    }
}

/// What a key stands for.
enum Key<'a> {
    Index(isize),
    Slice(&'a SliceObject),
    /// One index for each dimension.
    Place(Vec<usize>),
    /// Several slices.
    Slices,
}

fn key_of<'a>(cx: Ctx, view: &MemoryViewObject, key: &'a Object) -> PyResult<Key<'a>> {
    if key.ty().slots().nb_index.is_some() {
        return Ok(Key::Index(cx.index_sized(key, exceptions().index_error)?));
    }
    if let Some(slice) = key.downcast::<SliceObject>() {
        return Ok(Key::Slice(slice));
    }
    let invalid = || cx.type_error("memoryview: invalid slice key");
    let parts = key.downcast::<TupleObject>().ok_or_else(invalid)?.as_slice();
    if !parts.is_empty() && parts.iter().all(|part| part.downcast::<SliceObject>().is_some()) {
        return Ok(Key::Slices);
    }
    if !parts.iter().all(|part| part.ty().slots().nb_index.is_some()) {
        return Err(invalid());
    }
    if parts.len() > view.ndim() {
        return Err(cx.type_error(format_args!(
            "cannot index {}-dimension view with {}-element tuple",
            view.ndim(),
            parts.len()
        )));
    }
    if parts.len() < view.ndim() {
        return Err(not_implemented(cx, "sub-views are not implemented"));
    }
    let mut found = Vec::with_capacity(parts.len());
    for (dimension, part) in parts.iter().enumerate() {
        found.push(place(cx, view, dimension, cx.index_sized(part, exceptions().index_error)?)?);
    }
    Ok(Key::Place(found))
}

/// The window that a slice along the first dimension shows.
fn sliced(cx: Ctx, view: &MemoryViewObject, slice: &SliceObject) -> PyResult<Window> {
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(view.shape[0], start, stop, step);
    let mut window = view.window();
    window.offset = (view.offset as isize + range.start.max(0) * view.strides[0]) as usize;
    if range.len == 0 {
        window.offset = view.offset;
    }
    window.shape[0] = range.len;
    window.strides[0] = view.strides[0] * range.step;
    Ok(window)
}

fn subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    let view = receiver(this);
    view.check(cx)?;
    if view.ndim() == 0 {
        if key.downcast::<TupleObject>().is_some_and(TupleObject::is_empty) {
            return item_at(cx, view, view.offset);
        }
        if key.is(&cx.ellipsis()) {
            return Ok(this.to_ref());
        }
        return Err(cx.type_error("invalid indexing of 0-dim memory"));
    }
    match key_of(cx, view, key)? {
        Key::Index(index) => item(cx, this, index),
        Key::Slice(slice) => {
            // The bounds' own methods may release this view; the loan lasts until the new one is made.
            let Some(managed) = view.managed.get() else {
                return Err(cx.system_error("a view without a loan"));
            };
            managed.exports.set(managed.exports.get() + 1);
            let made = sliced(cx, view, slice).map(|window| make(managed.clone(), window));
            managed.forget_view();
            made
        }
        Key::Place(place) => item_at(cx, view, view.offset_of(&place)),
        Key::Slices => Err(not_implemented(cx, "multi-dimensional slicing is not implemented")),
    }
}

/// Writes an item.
fn put(cx: Ctx, view: &MemoryViewObject, at: usize, value: &Object) -> PyResult<()> {
    let bytes = pack(cx, view.format, value)?;
    // The value's own methods may have released the view.
    view.check(cx)?;
    if let Some(managed) = view.managed.peek() {
        managed.lent.write(at, &bytes);
    }
    Ok(())
}

fn set_subscript(cx: Ctx, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let view = receiver(this);
    view.check(cx)?;
    if view.readonly {
        return Err(cx.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(cx.type_error("cannot delete memory")) };
    if view.ndim() == 0 {
        let whole =
            key.is(&cx.ellipsis()) || key.downcast::<TupleObject>().is_some_and(TupleObject::is_empty);
        if !whole {
            return Err(cx.type_error("invalid indexing of 0-dim memory"));
        }
        return put(cx, view, view.offset, value);
    }
    match key_of(cx, view, key)? {
        Key::Index(index) => {
            if view.ndim() > 1 {
                return Err(not_implemented(cx, "sub-views are not implemented"));
            }
            let at = view.offset_of(&[place(cx, view, 0, index)?]);
            put(cx, view, at, value)
        }
        Key::Place(place) => put(cx, view, view.offset_of(&place), value),
        Key::Slice(slice) if view.ndim() == 1 => {
            let source = match value.ty().slots().get_buffer {
                Some(_) => from_object(cx, value)?,
                None => {
                    let ty = value.ty().tp_name();
                    return Err(cx.type_error(format_args!("a bytes-like object is required, not '{ty}'")));
                }
            };
            let source = receiver(&source);
            let target = view_again(cx, view, sliced(cx, view, slice)?)?;
            let target = receiver(&target);
            if source.format != target.format || source.shape != target.shape {
                return Err(
                    cx.value_error("memoryview assignment: lvalue and rvalue have different structures")
                );
            }
            let bytes = source.to_vec(cx)?;
            target.write(cx, &bytes)
        }
        Key::Slice(_) | Key::Slices => {
            Err(not_implemented(cx, "memoryview slice assignments are currently restricted to ndim = 1"))
        }
    }
}

fn length(cx: Ctx, this: &Object) -> PyResult<usize> {
    let view = receiver(this);
    view.check(cx)?;
    match view.shape.first() {
        Some(length) => Ok(*length),
        None => Err(cx.type_error("0-dim memory has no length")),
    }
}

fn iter(cx: Ctx, this: &Object) -> PyResult {
    let view = receiver(this);
    view.check(cx)?;
    match view.ndim() {
        0 => Err(cx.type_error("invalid indexing of 0-dim memory")),
        1 => Ok(iter::make(view)),
        _ => Err(not_implemented(cx, "multi-dimensional sub-views are not implemented")),
    }
}

fn as_bytes(cx: Ctx, this: &Object, each: &mut dyn FnMut(&[u8])) -> PyResult<()> {
    receiver(this).check(cx)?;
    if !receiver(this).is_c_contiguous() {
        return Err(cx.raise(exceptions().buffer_error, "memoryview: underlying buffer is not C-contiguous"));
    }
    each(&receiver(this).to_vec(cx)?);
    Ok(())
}

fn repr(cx: Ctx, this: &Object) -> PyResult {
    let what = if receiver(this).released.get() { "released memory" } else { "memory" };
    Ok(cx.new_str(&format!("<{what} at {:#x}>", this.address())).into_object())
}

fn hash(cx: Ctx, this: &Object) -> PyResult<i64> {
    let view = receiver(this);
    if view.hash.get() == -1 {
        view.check(cx)?;
        if !view.readonly {
            return Err(cx.value_error("cannot hash writable memoryview object"));
        }
        if !matches!(view.format, b'B' | b'b' | b'c') {
            return Err(cx.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        // An object that can be written through another view has no hash that stays.
        if let Some(base) = view.managed.peek().and_then(ManagedBuffer::base) {
            cx.hash(&base)?;
        }
        view.hash.set(super::str::hash_bytes(&view.to_vec(cx)?));
    }
    Ok(view.hash.get())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let equal = op == CompareOp::Eq;
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.not_implemented());
    }
    let view = receiver(a);
    if view.released.get() || b.downcast::<MemoryViewObject>().is_some_and(|other| other.released.get()) {
        return Ok(cx.bool(a.is(b) == equal));
    }
    if b.ty().slots().get_buffer.is_none() {
        return Ok(cx.not_implemented());
    }
    let other = match from_object(cx, b) {
        Ok(other) => other,
        Err(raised) => {
            cx.clear_exception(raised);
            return Ok(cx.not_implemented());
        }
    };
    let other = receiver(&other);
    let same = if view.shape != other.shape {
        false
    } else if view.format == other.format && !matches!(view.format, b'f' | b'd') {
        view.to_vec(cx)? == other.to_vec(cx)?
    } else {
        // Items are compared by value.
        let (own, others) = (view.to_vec(cx)?, other.to_vec(cx)?);
        let mut same = true;
        for (own, item) in own.chunks(view.item_size()).zip(others.chunks(other.item_size())) {
            let (own, item) = (unpack(cx, view.format, own), unpack(cx, other.format, item));
            same = same && cx.compare_bool(&own, &item, CompareOp::Eq)?;
        }
        same
    };
    Ok(cx.bool(same == equal))
}

fn release(cx: Ctx, this: &Object) -> PyResult {
    let view = receiver(this);
    match view.exports.get() {
        0 => view.release(),
        count => {
            let plural = if count == 1 { "" } else { "s" };
            return Err(cx.raise(
                exceptions().buffer_error,
                format_args!("memoryview has {count} exported buffer{plural}"),
            ));
        }
    }
    Ok(cx.none())
}

fn tobytes(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "tobytes", params: &["order"], required: 0, max_positional: 1 };
    let mut bound = [None];
    bind(cx, &SIGNATURE, args, &mut bound)?;
    let view = receiver(this);
    view.check(cx)?;
    let mut fortran = false;
    if let Some(order) = bound[0].as_ref().filter(|order| !cx.is_none(order)) {
        fortran = match order.downcast::<StrObject>().and_then(StrObject::as_ascii) {
            Some("C") => false,
            Some("F") => true,
            Some("A") => !view.is_c_contiguous() && view.is_f_contiguous(),
            _ => return Err(cx.value_error("order must be 'C', 'F' or 'A'")),
        };
    }
    let bytes = if fortran { view.to_vec_fortran(cx)? } else { view.to_vec(cx)? };
    Ok(cx.new_bytes(&bytes).into_object())
}

fn hex(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    hex_of(cx, &receiver(this).to_vec(cx)?, args)
}

/// The items of the dimensions from `dimension` on, as nested lists.
fn nested(cx: Ctx, view: &MemoryViewObject, bytes: &[u8], dimension: usize) -> PyResult {
    let size = view.item_size();
    if dimension == view.ndim() {
        return Ok(unpack(cx, view.format, bytes));
    }
    let part: usize = view.shape[dimension + 1..].iter().product::<usize>() * size;
    let mut items = Vec::with_capacity(view.shape[dimension]);
    for index in 0..view.shape[dimension] {
        items.push(nested(cx, view, &bytes[index * part..(index + 1) * part], dimension + 1)?);
    }
    Ok(cx.new_list(items)?.into_object())
}

fn tolist(cx: Ctx, this: &Object) -> PyResult {
    let view = receiver(this);
    let bytes = view.to_vec(cx)?;
    nested(cx, view, &bytes, 0)
}

fn toreadonly(cx: Ctx, this: &Object) -> PyResult {
    let view = receiver(this);
    view_again(cx, view, Window { readonly: true, ..view.window() })
}

fn enter(cx: Ctx, this: &Object) -> PyResult {
    receiver(this).check(cx)?;
    Ok(this.to_ref())
}

fn exit(cx: Ctx, this: &Object, _: &[Ref]) -> PyResult {
    release(cx, this)
}

fn get_buffer(cx: Ctx, this: &Object) -> PyResult<Lent> {
    let view = receiver(this);
    view.check(cx)?;
    let Some(managed) = view.managed.peek().filter(|_| view.is_c_contiguous()) else {
        return Err(cx.raise(exceptions().buffer_error, "memoryview: underlying buffer is not C-contiguous"));
    };
    view.exports.set(view.exports.get() + 1);
    Ok(managed.lent.part(view.offset, view.count() * view.item_size(), view.format, view.readonly))
}

fn release_buffer(this: &Object) {
    let view = receiver(this);
    view.exports.set(view.exports.get() - 1);
}

/// A getter that first checks that the view is not released.
macro_rules! getters {
    ($($name:ident = |$cx:ident, $view:ident| $body:expr;)*) => {$(
        fn $name($cx: Ctx, this: &Object) -> PyResult {
            let $view = receiver(this);
            $view.check($cx)?;
            Ok($body)
        }
    )*};
}

fn numbers(cx: Ctx, numbers: impl Iterator<Item = i64>) -> Ref {
    cx.new_tuple(numbers.map(|number| cx.new_int(number)).collect()).into_object()
}

getters! {
    get_obj = |cx, view| view.managed.peek().and_then(ManagedBuffer::base).unwrap_or_else(|| cx.none());
    get_nbytes = |cx, view| cx.new_uint(view.count() * view.item_size());
    get_readonly = |cx, view| cx.bool(view.readonly);
    get_itemsize = |cx, view| cx.new_uint(view.item_size());
    get_format = |cx, view| {
        let at = if view.prefixed { "@" } else { "" };
        cx.new_str(&format!("{at}{}", char::from(view.format))).into_object()
    };
    get_ndim = |cx, view| cx.new_uint(view.ndim());
    get_shape = |cx, view| numbers(cx, view.shape.iter().map(|length| *length as i64));
    get_strides = |cx, view| numbers(cx, view.strides.iter().map(|stride| *stride as i64));
    get_suboffsets = |cx, _view| cx.new_tuple(Vec::new()).into_object();
    get_c_contiguous = |cx, view| cx.bool(view.is_c_contiguous());
    get_f_contiguous = |cx, view| cx.bool(view.is_f_contiguous());
    get_contiguous = |cx, view| cx.bool(view.is_c_contiguous() || view.is_f_contiguous());
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
        get_buffer: Some(get_buffer),
        release_buffer: Some(release_buffer),
        iter: Some(iter),
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
            shape::cast,
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
        getter("c_contiguous", get_c_contiguous, "Whether the memory is C contiguous."),
        getter("f_contiguous", get_f_contiguous, "Whether the memory is Fortran contiguous."),
        getter("contiguous", get_contiguous, "Whether the memory is contiguous."),
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
