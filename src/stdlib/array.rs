//! `array`: arrays of numbers of one machine type.

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use crate::memory::{self, Layout as _, Object, Ref, Slot, new_ref};
use crate::objects::args::{check_count, no_keywords};
use crate::objects::bytearray::ByteArrayObject;
use crate::objects::bytes::BytesObject;
use crate::objects::declare::TypeCell;
use crate::objects::module::ModuleObject;
use crate::objects::slice::{self, SliceObject};
use crate::objects::slots::{CompareOp, Lent};
use crate::objects::spec::{GetSetDef, Layout, MethodDef, TypeFlags, TypeSpec};
use crate::objects::{
    Args, ListObject, ModuleSpec, PyResult, Raised, Slots, StrObject, TypeObject, exceptions, types,
};
use crate::vm::Ctx;

/// The type codes, in the order of `array.typecodes`.
const CODES: &str = "bBuhHiIlLqQfd";

fn size_of_code(code: u8) -> Option<usize> {
    Some(match code {
        b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'u' | b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'd' => 8,
        _ => return None,
    })
}

#[repr(C)]
struct ArrayObject {
    object: Object,
    bytes: UnsafeCell<Vec<u8>>,
    /// How many have the bytes on loan.
    exports: Cell<usize>,
    /// Items that CPython would have room for.
    allocated: Cell<usize>,
    code: Cell<u8>,
    weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for ArrayObject {}

static TYPE: TypeCell = TypeCell::new();
static ITERATOR: TypeCell = TypeCell::new();

fn receiver(object: &Object) -> &ArrayObject {
    // SAFETY: slots and methods of `array` are called with its instances only.
    unsafe { object.cast() }
}

/// The array that an object is.
fn as_array(cx: Ctx, object: &Object) -> PyResult<Option<&ArrayObject>> {
    Ok(object.is_instance(TYPE.get(cx)?).then(|| receiver(object)))
}

impl ArrayObject {
    fn peek(&self) -> &[u8] {
        // SAFETY: single-threaded; writers run no Python code and no borrow outlives Python code.
        unsafe { &*self.bytes.get() }
    }

    fn change<R>(&self, change: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        // SAFETY: as in `peek`.
        change(unsafe { &mut *self.bytes.get() })
    }

    fn size(&self) -> usize {
        size_of_code(self.code.get()).unwrap_or(1)
    }

    fn len(&self) -> usize {
        self.peek().len() / self.size()
    }

    /// Before the number of items becomes `len`: whether it may.
    fn resized(&self, cx: Ctx, len: usize) -> PyResult<()> {
        let now = self.len();
        if self.exports.get() > 0 && len != now {
            return Err(
                cx.raise(exceptions().buffer_error, "cannot resize an array that is exporting buffers")
            );
        }
        if len > self.allocated.get() || len + 16 < now || len == 0 {
            let room = if len == 0 { 0 } else { (len >> 4) + if now < 8 { 3 } else { 7 } + len };
            self.allocated.set(room);
        }
        Ok(())
    }

    fn get(&self, cx: Ctx, index: usize) -> PyResult {
        let size = self.size();
        let mut item = [0; 8];
        match self.peek().get(index * size..(index + 1) * size) {
            Some(bytes) => item[..size].copy_from_slice(bytes),
            None => return Err(cx.index_error("array index out of range")),
        }
        unpack(cx, self.code.get(), &item[..size])
    }

    fn set(&self, cx: Ctx, index: usize, value: &Object) -> PyResult<()> {
        let item = pack(cx, self.code.get(), value)?;
        let at = index * item.len();
        self.change(|bytes| match bytes.get_mut(at..at + item.len()) {
            Some(place) => {
                place.copy_from_slice(&item);
                true
            }
            None => false,
        })
        .then_some(())
        .ok_or_else(|| cx.index_error("array assignment index out of range"))
    }

    fn insert(&self, cx: Ctx, index: usize, value: &Object) -> PyResult<()> {
        let item = pack(cx, self.code.get(), value)?;
        let len = self.len();
        self.resized(cx, len + 1)?;
        let at = index.min(len) * item.len();
        self.change(|bytes| drop(bytes.splice(at..at, item)));
        Ok(())
    }

    fn extend_bytes(&self, cx: Ctx, more: &[u8]) -> PyResult<()> {
        self.resized(cx, self.len() + more.len() / self.size())?;
        self.change(|bytes| bytes.extend_from_slice(more));
        Ok(())
    }
}

fn unpack(cx: Ctx, code: u8, bytes: &[u8]) -> PyResult {
    let mut wide = [0u8; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    let unsigned = u64::from_le_bytes(wide);
    let shift = 64 - 8 * bytes.len() as u32;
    Ok(match code {
        b'u' if unsigned >= 0x110000 => {
            return Err(
                cx.value_error(format_args!("character U+{unsigned:x} is not in range [U+0000; U+10ffff]"))
            );
        }
        b'u' => crate::objects::str::raw::from_point(unsigned as u32).into_object(),
        b'f' => cx.new_float(f32::from_bits(unsigned as u32).into()),
        b'd' => cx.new_float(f64::from_bits(unsigned)),
        b'b' | b'h' | b'i' | b'l' | b'q' => cx.new_int(((unsigned << shift) as i64) >> shift),
        _ => cx.new_uint(unsigned as usize),
    })
}

fn pack(cx: Ctx, code: u8, value: &Object) -> PyResult<Vec<u8>> {
    match code {
        b'u' => {
            let Some(text) = value.downcast::<StrObject>() else {
                let ty = value.ty().tp_name();
                return Err(cx.type_error(format_args!("array item must be a unicode character, not {ty}")));
            };
            if text.len() != 1 {
                return Err(cx.type_error("array item must be a unicode character, not str"));
            }
            Ok(text.code_point(0).to_le_bytes().to_vec())
        }
        b'f' => Ok((real(cx, value)? as f32).to_le_bytes().to_vec()),
        b'd' => Ok(real(cx, value)?.to_le_bytes().to_vec()),
        _ => pack_integer(cx, code, value),
    }
}

fn real(cx: Ctx, value: &Object) -> PyResult<f64> {
    cx.to_f64(value)
}

fn pack_integer(cx: Ctx, code: u8, value: &Object) -> PyResult<Vec<u8>> {
    if value.is_instance(types().float) || value.ty().slots().nb_index.is_none() {
        let ty = value.ty().tp_name();
        return Err(cx.type_error(format_args!("'{ty}' object cannot be interpreted as an integer")));
    }
    let int = cx.index(value)?.to_bigint();
    let size = size_of_code(code).unwrap_or(1);
    let bits = 8 * size as u32;
    let signed = code.is_ascii_lowercase();
    let (low, high) =
        if signed { (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1) } else { (0, (1i128 << bits) - 1) };
    let name = match code {
        b'b' => "signed char",
        b'B' => "unsigned byte integer",
        b'h' => "signed short integer",
        b'H' => "unsigned short",
        b'i' => "signed integer",
        b'I' => "unsigned int",
        b'l' => "C long",
        b'L' => "C unsigned long",
        b'q' => "C long long",
        _ => "C unsigned long long",
    };
    match i128::try_from(&int).ok() {
        Some(value) if (low..=high).contains(&value) => Ok(value.to_le_bytes()[..size].to_vec()),
        known => {
            let below = known.map_or(int.sign() == num_bigint::Sign::Minus, |value| value < low);
            let message = match code {
                b'l' | b'q' => format!("Python int too large to convert to {name}"),
                b'L' | b'Q' | b'I' | b'H' if below && !signed => {
                    "can't convert negative value to unsigned int".to_string()
                }
                _ if below => format!("{name} is less than minimum"),
                _ => format!("{name} is greater than maximum"),
            };
            Err(cx.overflow_error(message))
        }
    }
}

fn make(ty: &TypeObject, code: u8, bytes: Vec<u8>) -> Ref<ArrayObject> {
    let allocated = bytes.len() / size_of_code(code).unwrap_or(1);
    let made = new_ref(&ty.core, |object| ArrayObject {
        object,
        bytes: UnsafeCell::new(bytes),
        exports: Cell::new(0),
        allocated: Cell::new(allocated),
        code: Cell::new(code),
        weaklist: Cell::new(0),
    });
    memory::track(&made.object);
    made
}

fn new_like(cx: Ctx, array: &ArrayObject, bytes: Vec<u8>) -> PyResult {
    Ok(make(TYPE.get(cx)?, array.code.get(), bytes).into_object())
}

fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if ty.is_type(TYPE.get(cx)?) {
        no_keywords(cx, "array.array", args)?;
    }
    let given = args.pos();
    if given.is_empty() {
        return Err(cx.type_error("array() takes at least 1 argument (0 given)"));
    }
    if given.len() > 2 {
        return Err(cx.type_error(format_args!("array() takes at most 2 arguments ({} given)", given.len())));
    }
    let code = match given[0].downcast::<StrObject>() {
        Some(text) if text.len() == 1 => text.code_point(0),
        Some(_) => {
            return Err(cx.type_error("array() argument 1 must be a unicode character, not str"));
        }
        None => {
            let ty = given[0].ty().tp_name();
            return Err(
                cx.type_error(format_args!("array() argument 1 must be a unicode character, not {ty}"))
            );
        }
    };
    let code = u8::try_from(code)
        .ok()
        .filter(|code| size_of_code(*code).is_some())
        .ok_or_else(|| cx.value_error("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)"))?;
    let Some(initial) = given.get(1) else {
        return Ok(make(ty, code, Vec::new()).into_object());
    };
    let is_text = initial.downcast::<StrObject>().is_some();
    if is_text && code != b'u' {
        return Err(cx.type_error(format_args!(
            "cannot use a str to initialize an array with typecode '{}'",
            char::from(code)
        )));
    }
    let source = as_array(cx, initial)?;
    if let Some(source) = source
        && source.code.get() == b'u'
        && code != b'u'
    {
        return Err(cx.type_error(format_args!(
            "cannot use a unicode array to initialize an array with typecode '{}'",
            char::from(code)
        )));
    }
    if let Some(source) = source.filter(|source| source.code.get() == code) {
        return Ok(make(ty, code, source.peek().to_vec()).into_object());
    }
    let made = make(ty, code, Vec::new());
    let array: &ArrayObject = &made;
    if let Some(text) = initial.downcast::<StrObject>() {
        let bytes: Vec<u8> = text.code_points().flat_map(u32::to_le_bytes).collect();
        array.change(|all| *all = bytes);
    } else if initial.downcast::<BytesObject>().is_some() || initial.downcast::<ByteArrayObject>().is_some() {
        from_raw(cx, array, initial)?;
    } else {
        extend_from(cx, array, initial)?;
    }
    array.allocated.set(array.len());
    Ok(made.into_object())
}

/// Appends the items of an iterable.
fn extend_from(cx: Ctx, array: &ArrayObject, items: &Object) -> PyResult<()> {
    let iterator = cx.iter(items)?;
    while let Some(item) = cx.next(&iterator)? {
        array.insert(cx, array.len(), &item)?;
    }
    Ok(())
}

fn from_raw(cx: Ctx, array: &ArrayObject, bytes: &Object) -> PyResult<()> {
    let bytes = cx.with_bytes(bytes, <[u8]>::to_vec)?;
    if bytes.len() % array.size() != 0 {
        return Err(cx.value_error("bytes length not a multiple of item size"));
    }
    array.extend_bytes(cx, &bytes)
}

/// Numbers refer to nothing; only the type is the collector's business.
///
/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(_: NonNull<Object>, _: &mut memory::Visitor<'_>) {}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    unsafe { memory::dealloc_as::<ArrayObject>(object) }
}

// ---- slots ----

fn repr(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    let code = char::from(array.code.get());
    let name = this.ty().tp_name();
    let name = name.rsplit('.').next().unwrap_or(&name);
    if array.len() == 0 {
        return Ok(cx.new_str(&format!("{name}('{code}')")).into_object());
    }
    let items = if array.code.get() == b'u' { tounicode(cx, this)? } else { tolist(cx, this)? };
    let mut text = crate::objects::str::StrBuilder::new();
    text.push_str(&format!("{name}('{code}', "));
    let shown = cx.repr(&items)?;
    text.push_obj(&shown);
    text.push_str(")");
    Ok(text.finish().into_object())
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(left), Some(right)) = (as_array(cx, a)?, as_array(cx, b)?) else {
        return Ok(cx.not_implemented());
    };
    if left.len() != right.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.bool(op == CompareOp::Ne));
    }
    let mut index = 0;
    while index < left.len() && index < right.len() {
        let (x, y) = (left.get(cx, index)?, right.get(cx, index)?);
        if !cx.compare_bool(&x, &y, CompareOp::Eq)? {
            return match op {
                CompareOp::Eq => Ok(cx.bool(false)),
                CompareOp::Ne => Ok(cx.bool(true)),
                _ => cx.compare(&x, &y, op),
            };
        }
        index += 1;
    }
    Ok(cx.bool(op.holds(left.len().cmp(&right.len()))))
}

fn item(cx: Ctx, this: &Object, index: isize) -> PyResult {
    let array = receiver(this);
    match usize::try_from(index).ok().filter(|index| *index < array.len()) {
        Some(index) => array.get(cx, index),
        None => Err(cx.index_error("array index out of range")),
    }
}

fn index_of(cx: Ctx, array: &ArrayObject, key: &Object, message: &str) -> PyResult<usize> {
    let index = cx.index_sized(key, exceptions().index_error)?;
    let index = if index < 0 { index + array.len() as isize } else { index };
    usize::try_from(index).ok().filter(|i| *i < array.len()).ok_or_else(|| cx.index_error(message))
}

fn subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    let array = receiver(this);
    if key.ty().slots().nb_index.is_some() {
        return array.get(cx, index_of(cx, array, key, "array index out of range")?);
    }
    let Some(slice) = key.downcast::<SliceObject>() else {
        return Err(cx.type_error("array indices must be integers"));
    };
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(array.len(), start, stop, step);
    let (size, bytes) = (array.size(), array.peek());
    let picked = range.indices().flat_map(|i| bytes[i * size..(i + 1) * size].iter().copied()).collect();
    new_like(cx, array, picked)
}

fn set_subscript(cx: Ctx, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let array = receiver(this);
    let size = array.size();
    if key.ty().slots().nb_index.is_some() {
        let at = index_of(cx, array, key, "array assignment index out of range")?;
        return match value {
            Some(value) => array.set(cx, at, value),
            None => {
                array.resized(cx, array.len() - 1)?;
                array.change(|bytes| drop(bytes.drain(at * size..(at + 1) * size)));
                Ok(())
            }
        };
    }
    let Some(slice) = key.downcast::<SliceObject>() else {
        return Err(cx.type_error("array indices must be integers"));
    };
    let new = match value {
        None => Vec::new(),
        Some(value) => match as_array(cx, value)? {
            Some(other) if other.code.get() == array.code.get() => other.peek().to_vec(),
            Some(_) => return Err(bad_argument(cx)),
            None => {
                let ty = value.ty().tp_name();
                return Err(
                    cx.type_error(format_args!("can only assign array (not \"{ty}\") to array slice"))
                );
            }
        },
    };
    let (start, stop, step) = slice::unpack(cx, slice)?;
    let range = slice::adjust(array.len(), start, stop, step);
    if range.step == 1 {
        let (from, count) = (range.start.max(0) as usize, range.len);
        array.resized(cx, array.len() - count + new.len() / size)?;
        array.change(|bytes| drop(bytes.splice(from * size..(from + count) * size, new)));
        return Ok(());
    }
    if value.is_none() {
        array.resized(cx, array.len() - range.len)?;
        let mut gone: Vec<usize> = range.indices().collect();
        gone.sort_unstable();
        array.change(|bytes| {
            for at in gone.into_iter().rev() {
                bytes.drain(at * size..(at + 1) * size);
            }
        });
        return Ok(());
    }
    if new.len() / size != range.len {
        return Err(cx.value_error(format_args!(
            "attempt to assign array of size {} to extended slice of size {}",
            new.len() / size,
            range.len
        )));
    }
    array.change(|bytes| {
        for (at, item) in range.indices().zip(new.chunks_exact(size)) {
            bytes[at * size..(at + 1) * size].copy_from_slice(item);
        }
    });
    Ok(())
}

fn bad_argument(cx: Ctx) -> Raised {
    cx.type_error("bad argument type for built-in operation")
}

fn contains(cx: Ctx, this: &Object, wanted: &Object) -> PyResult<bool> {
    Ok(position(cx, receiver(this), wanted, 0, usize::MAX)?.is_some())
}

fn position(
    cx: Ctx,
    array: &ArrayObject,
    wanted: &Object,
    from: usize,
    to: usize,
) -> PyResult<Option<usize>> {
    let mut at = from;
    while at < array.len() && at < to {
        let item = array.get(cx, at)?;
        if cx.compare_bool(&item, wanted, CompareOp::Eq)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn concat(cx: Ctx, this: &Object, other: &Object) -> PyResult {
    let array = receiver(this);
    match as_array(cx, other)? {
        Some(other) if other.code.get() == array.code.get() => {
            new_like(cx, array, [array.peek(), other.peek()].concat())
        }
        Some(_) => Err(bad_argument(cx)),
        None => {
            let ty = other.ty().tp_name();
            Err(cx.type_error(format_args!("can only append array (not \"{ty}\") to array")))
        }
    }
}

fn repeated(cx: Ctx, array: &ArrayObject, count: isize) -> PyResult<Vec<u8>> {
    let count = count.max(0) as usize;
    match array.peek().len().checked_mul(count) {
        Some(size) if size < 1 << 40 => Ok(array.peek().repeat(count)),
        _ => Err(cx.memory_error()),
    }
}

fn repeat(cx: Ctx, this: &Object, count: isize) -> PyResult {
    let array = receiver(this);
    new_like(cx, array, repeated(cx, array, count)?)
}

fn inplace_repeat(cx: Ctx, this: &Object, count: isize) -> PyResult {
    let array = receiver(this);
    let bytes = repeated(cx, array, count)?;
    array.resized(cx, bytes.len() / array.size())?;
    array.change(|all| *all = bytes);
    Ok(this.to_ref())
}

fn inplace_concat(cx: Ctx, this: &Object, other: &Object) -> PyResult {
    if as_array(cx, other)?.is_none() {
        let ty = other.ty().tp_name();
        return Err(cx.type_error(format_args!("can only extend with array (not \"{ty}\")")));
    }
    extend(cx, this, &other.to_ref())?;
    Ok(this.to_ref())
}

// ---- methods ----

fn append(cx: Ctx, this: &Object, value: &Ref) -> PyResult {
    let array = receiver(this);
    array.insert(cx, array.len(), value)?;
    Ok(cx.none())
}

fn extend(cx: Ctx, this: &Object, items: &Ref) -> PyResult {
    let array = receiver(this);
    match as_array(cx, items)? {
        Some(other) if other.code.get() == array.code.get() => {
            let more = other.peek().to_vec();
            array.extend_bytes(cx, &more)?;
        }
        Some(_) => return Err(cx.type_error("can only extend with array of same kind")),
        None => extend_from(cx, array, items)?,
    }
    Ok(cx.none())
}

fn insert(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "insert", args, 2, 2)?;
    let array = receiver(this);
    let index = cx.index_sized(&args[0], exceptions().overflow_error)?;
    let len = array.len() as isize;
    let index = if index < 0 { (index + len).max(0) } else { index.min(len) };
    array.insert(cx, index as usize, &args[1])?;
    Ok(cx.none())
}

fn remove_at(cx: Ctx, array: &ArrayObject, at: usize) -> PyResult<()> {
    let size = array.size();
    array.resized(cx, array.len() - 1)?;
    array.change(|bytes| drop(bytes.drain(at * size..(at + 1) * size)));
    Ok(())
}

fn pop(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "pop", args, 0, 1)?;
    let array = receiver(this);
    let index = args.first().map_or(Ok(-1), |index| cx.index_sized(index, exceptions().index_error))?;
    if array.len() == 0 {
        return Err(cx.index_error("pop from empty array"));
    }
    let index = if index < 0 { index + array.len() as isize } else { index };
    let Some(at) = usize::try_from(index).ok().filter(|at| *at < array.len()) else {
        return Err(cx.index_error("pop index out of range"));
    };
    let value = array.get(cx, at)?;
    remove_at(cx, array, at)?;
    Ok(value)
}

fn remove(cx: Ctx, this: &Object, value: &Ref) -> PyResult {
    let array = receiver(this);
    match position(cx, array, value, 0, usize::MAX)? {
        Some(at) => remove_at(cx, array, at)?,
        None => return Err(cx.value_error("array.remove(x): x not in array")),
    }
    Ok(cx.none())
}

fn index(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "index", args, 1, 3)?;
    let array = receiver(this);
    let bound = |index: usize, default: isize| -> PyResult<usize> {
        let value = args.get(index).map_or(Ok(default), |value| cx.index_clipped(value))?;
        Ok(if value < 0 { (value + array.len() as isize).max(0) } else { value } as usize)
    };
    match position(cx, array, &args[0], bound(1, 0)?, bound(2, isize::MAX)?)? {
        Some(at) => Ok(cx.new_uint(at)),
        None => Err(cx.value_error("array.index(x): x not in array")),
    }
}

fn count(cx: Ctx, this: &Object, wanted: &Ref) -> PyResult {
    let array = receiver(this);
    let (mut found, mut from) = (0, 0);
    while let Some(at) = position(cx, array, wanted, from, usize::MAX)? {
        found += 1;
        from = at + 1;
    }
    Ok(cx.new_int(found))
}

fn reverse(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    let size = array.size();
    let turned = array.peek().chunks_exact(size).rev().flatten().copied().collect::<Vec<u8>>();
    array.change(|bytes| bytes.copy_from_slice(&turned));
    Ok(cx.none())
}

fn byteswap(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    let size = array.size();
    array.change(|bytes| bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse));
    Ok(cx.none())
}

fn buffer_info(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    let address = array.peek().as_ptr() as usize;
    Ok(cx.new_tuple(vec![cx.new_uint(address), cx.new_uint(array.len())]).into_object())
}

fn tolist(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    let items = (0..array.len()).map(|at| array.get(cx, at)).collect::<PyResult<Vec<Ref>>>()?;
    Ok(cx.new_list(items)?.into_object())
}

fn fromlist(cx: Ctx, this: &Object, list: &Ref) -> PyResult {
    let Some(items) = list.downcast::<ListObject>() else {
        return Err(cx.type_error("arg must be list"));
    };
    let array = receiver(this);
    let before = array.len();
    let count = items.len();
    for at in 0..count {
        let Some(item) = items.get(at) else {
            return Err(cx.runtime_error("list changed size during iteration"));
        };
        if let Err(raised) = array.insert(cx, array.len(), &item) {
            array.change(|bytes| bytes.truncate(before * array.size()));
            return Err(raised);
        }
        if items.len() != count {
            array.change(|bytes| bytes.truncate(before * array.size()));
            return Err(cx.runtime_error("list changed size during iteration"));
        }
    }
    Ok(cx.none())
}

fn tobytes(cx: Ctx, this: &Object) -> PyResult {
    Ok(cx.new_bytes(receiver(this).peek()).into_object())
}

fn frombytes(cx: Ctx, this: &Object, bytes: &Ref) -> PyResult {
    from_raw(cx, receiver(this), bytes)?;
    Ok(cx.none())
}

fn tounicode(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    if array.code.get() != b'u' {
        return Err(cx.value_error("tounicode() may only be called on unicode type arrays"));
    }
    let mut points = Vec::with_capacity(array.len());
    for item in array.peek().chunks_exact(4) {
        let point = u32::from_le_bytes([item[0], item[1], item[2], item[3]]);
        if point >= 0x110000 {
            return Err(
                cx.value_error(format_args!("character U+{point:x} is not in range [U+0000; U+10ffff]"))
            );
        }
        points.push(point);
    }
    Ok(cx.new_str_from_code_points(&points).into_object())
}

fn fromunicode(cx: Ctx, this: &Object, text: &Ref) -> PyResult {
    let array = receiver(this);
    let Some(text) = text.downcast::<StrObject>() else {
        let ty = text.ty().tp_name();
        return Err(cx.type_error(format_args!("fromunicode() argument must be str, not {ty}")));
    };
    if array.code.get() != b'u' {
        return Err(cx.value_error("fromunicode() may only be called on unicode type arrays"));
    }
    let bytes: Vec<u8> = text.code_points().flat_map(u32::to_le_bytes).collect();
    array.extend_bytes(cx, &bytes)?;
    Ok(cx.none())
}

fn tofile(cx: Ctx, this: &Object, file: &Ref) -> PyResult {
    let write = cx.get_attr_str(file, "write")?;
    let bytes = receiver(this).peek().to_vec();
    for block in bytes.chunks(64 * 1024) {
        cx.call(&write, &[cx.new_bytes(block).into_object()])?;
    }
    Ok(cx.none())
}

fn fromfile(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "fromfile", args, 2, 2)?;
    let array = receiver(this);
    let Ok(count) = usize::try_from(cx.index_sized(&args[1], exceptions().overflow_error)?) else {
        return Err(cx.value_error("negative count"));
    };
    let wanted = count.checked_mul(array.size()).ok_or_else(|| cx.memory_error())?;
    let read = cx.call_method(&args[0], &cx.intern("read"), &[cx.new_uint(wanted)])?;
    if read.downcast::<BytesObject>().is_none() {
        return Err(cx.type_error("read() didn't return bytes"));
    }
    let short = cx.with_bytes(&read, <[u8]>::len)? != wanted;
    from_raw(cx, array, &read)?;
    if short {
        return Err(cx.raise(exceptions().eof_error, "read() didn't return enough bytes"));
    }
    Ok(cx.none())
}

fn copy(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    new_like(cx, array, array.peek().to_vec())
}

fn deepcopy(cx: Ctx, this: &Object, _: &Ref) -> PyResult {
    copy(cx, this)
}

/// The number by which pickles name a machine format.
fn machine_format(code: u8) -> i64 {
    match code {
        b'B' => 0,
        b'b' => 1,
        b'H' => 2,
        b'h' => 4,
        b'I' => 6,
        b'i' => 8,
        b'L' | b'Q' => 10,
        b'l' | b'q' => 12,
        b'f' => 14,
        b'd' => 16,
        _ => 20,
    }
}

fn reduce_ex(cx: Ctx, this: &Object, protocol: &Ref) -> PyResult {
    let array = receiver(this);
    let protocol = cx.to_i64(protocol)?;
    let state = match cx.get_attr_opt(this, &cx.intern("__dict__"))? {
        Some(dict) => dict,
        None => cx.none(),
    };
    let class = this.ty().to_object();
    let code = cx.new_str(&char::from(array.code.get()).to_string()).into_object();
    let (function, args) = if protocol < 3 {
        let items = if array.code.get() == b'u' { tounicode(cx, this)? } else { tolist(cx, this)? };
        (class, vec![code, items])
    } else {
        let module = crate::vm::import::import_module(cx, "array")?;
        let rebuild = cx.get_attr_str(&module, "_array_reconstructor")?;
        let format = cx.new_int(machine_format(array.code.get()));
        (rebuild, vec![class, code, format, tobytes(cx, this)?])
    };
    Ok(cx.new_tuple(vec![function, cx.new_tuple(args).into_object(), state]).into_object())
}

/// `_array_reconstructor(type, code, format, bytes)`: what a pickle calls.
fn reconstruct(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "_array_reconstructor", args, 4, 4)?;
    let Some(class) = args[0].downcast::<TypeObject>() else {
        let ty = args[0].ty().tp_name();
        return Err(cx.type_error(format_args!("first argument must be a type object, not {ty}")));
    };
    let array_type = TYPE.get(cx)?;
    if !cx.is_subclass(&args[0], array_type.as_object())? {
        let name = class.tp_name();
        return Err(cx.type_error(format_args!("{name} is not a subtype of array.array")));
    }
    let code = args[1].downcast::<StrObject>().filter(|text| text.len() == 1).map(|text| text.code_point(0));
    let Some(code) =
        code.and_then(|code| u8::try_from(code).ok()).filter(|code| size_of_code(*code).is_some())
    else {
        return Err(cx.value_error("second argument must be a valid type code"));
    };
    let format = cx.to_i32(&args[2])?;
    if !(0..=21).contains(&format) {
        return Err(cx.value_error("third argument must be a valid machine format code."));
    }
    let Some(bytes) = args[3].downcast::<BytesObject>() else {
        let ty = args[3].ty().tp_name();
        return Err(cx.type_error(format_args!("fourth argument should be bytes, not {ty}")));
    };
    let bytes = bytes.as_slice();
    let (size, signed, big, real) = match format {
        0 | 1 => (1, format == 1, false, false),
        2..=5 => (2, format >= 4, format % 2 == 1, false),
        6..=9 => (4, format >= 8, format % 2 == 1, false),
        10..=13 => (8, format >= 12, format % 2 == 1, false),
        14 | 15 => (4, true, format == 15, true),
        16 | 17 => (8, true, format == 17, true),
        18 | 19 => (2, false, format == 19, false),
        _ => (4, false, format == 21, false),
    };
    if bytes.len() % size != 0 {
        return Err(cx.value_error("bytes length not a multiple of item size"));
    }
    let made = make(class, code, Vec::new());
    for item in bytes.chunks_exact(size) {
        let mut little = [0u8; 8];
        little[..size].copy_from_slice(item);
        if big {
            little[..size].reverse();
        }
        let word = u64::from_le_bytes(little);
        let value = if format >= 18 {
            crate::objects::str::raw::from_point((word as u32).min(0x10ffff)).into_object()
        } else if real {
            unpack(cx, if size == 4 { b'f' } else { b'd' }, &little[..size])?
        } else if signed {
            let shift = 64 - 8 * size as u32;
            cx.new_int(((word << shift) as i64) >> shift)
        } else {
            cx.new_uint(word as usize)
        };
        made.insert(cx, made.len(), &value)?;
    }
    Ok(made.into_object())
}

fn sizeof(cx: Ctx, this: &Object) -> PyResult {
    let array = receiver(this);
    Ok(cx.new_uint(64 + array.allocated.get() * array.size()))
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::generic_alias::new_alias_method(cx, class, item)
}

static SPEC_ARRAY: TypeSpec = TypeSpec {
    name: "array.array",
    doc: Some(
        "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode.",
    ),
    layout: Layout::gc::<ArrayObject>().weaklist(std::mem::offset_of!(ArrayObject, weaklist)),
    basicsize: 64,
    flags: TypeFlags::BASETYPE.with(TypeFlags::SEQUENCE).with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        richcompare: Some(richcompare),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        iter: Some(iterate),
        as_bytes: Some(|_, this, each| {
            let array = receiver(this);
            array.exports.set(array.exports.get() + 1);
            each(array.peek());
            array.exports.set(array.exports.get() - 1);
            Ok(())
        }),
        get_buffer: Some(|_, this| {
            let array = receiver(this);
            array.exports.set(array.exports.get() + 1);
            let code = if array.code.get() == b'u' { b'w' } else { array.code.get() };
            Ok(array.change(|bytes| Lent::writable(bytes, code)))
        }),
        release_buffer: Some(|this| {
            let array = receiver(this);
            array.exports.set(array.exports.get() - 1);
        }),
        sq_length: Some(|_, this| Ok(receiver(this).len())),
        sq_item: Some(item),
        sq_contains: Some(contains),
        sq_concat: Some(concat),
        sq_repeat: Some(repeat),
        sq_inplace_concat: Some(inplace_concat),
        sq_inplace_repeat: Some(inplace_repeat),
        mp_length: Some(|_, this| Ok(receiver(this).len())),
        mp_subscript: Some(subscript),
        mp_ass_subscript: Some(set_subscript),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one(
            "append",
            append,
            "append($self, v, /)\n--\n\nAppend new value v to the end of the array.",
        ),
        MethodDef::no_args(
            "buffer_info",
            buffer_info,
            "buffer_info($self, /)\n--\n\nReturn a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.",
        ),
        MethodDef::no_args(
            "byteswap",
            byteswap,
            "byteswap($self, /)\n--\n\nByteswap all items of the array.",
        ),
        MethodDef::one(
            "count",
            count,
            "count($self, v, /)\n--\n\nReturn number of occurrences of v in the array.",
        ),
        MethodDef::one("extend", extend, "extend($self, bb, /)\n--\n\nAppend items to the end of the array."),
        MethodDef::fast(
            "fromfile",
            fromfile,
            "fromfile($self, f, n, /)\n--\n\nRead n objects from the file object f and append them to the end of the array.",
        ),
        MethodDef::one(
            "fromlist",
            fromlist,
            "fromlist($self, list, /)\n--\n\nAppend items to array from list.",
        ),
        MethodDef::one(
            "frombytes",
            frombytes,
            "frombytes($self, buffer, /)\n--\n\nAppends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.",
        ),
        MethodDef::one(
            "fromunicode",
            fromunicode,
            "fromunicode($self, ustr, /)\n--\n\nExtends this array with data from the unicode string ustr.",
        ),
        MethodDef::fast(
            "index",
            index,
            "index($self, v, start=0, stop=sys.maxsize, /)\n--\n\nReturn index of first occurrence of v in the array.",
        ),
        MethodDef::fast(
            "insert",
            insert,
            "insert($self, i, v, /)\n--\n\nInsert a new item v into the array before position i.",
        ),
        MethodDef::fast(
            "pop",
            pop,
            "pop($self, i=-1, /)\n--\n\nReturn the i-th element and delete it from the array.",
        ),
        MethodDef::one(
            "remove",
            remove,
            "remove($self, v, /)\n--\n\nRemove the first occurrence of v in the array.",
        ),
        MethodDef::no_args(
            "reverse",
            reverse,
            "reverse($self, /)\n--\n\nReverse the order of the items in the array.",
        ),
        MethodDef::one(
            "tofile",
            tofile,
            "tofile($self, f, /)\n--\n\nWrite all items (as machine values) to the file object f.",
        ),
        MethodDef::no_args(
            "tolist",
            tolist,
            "tolist($self, /)\n--\n\nConvert array to an ordinary list with the same items.",
        ),
        MethodDef::no_args(
            "tobytes",
            tobytes,
            "tobytes($self, /)\n--\n\nConvert the array to an array of machine values and return the bytes representation.",
        ),
        MethodDef::no_args(
            "tounicode",
            tounicode,
            "tounicode($self, /)\n--\n\nExtends this array with data from the unicode string ustr.",
        ),
        MethodDef::no_args("__copy__", copy, "__copy__($self, /)\n--\n\nReturn a copy of the array."),
        MethodDef::one(
            "__deepcopy__",
            deepcopy,
            "__deepcopy__($self, unused, /)\n--\n\nReturn a copy of the array.",
        ),
        MethodDef::one(
            "__reduce_ex__",
            reduce_ex,
            "__reduce_ex__($self, value, /)\n--\n\nReturn state information for pickling.",
        ),
        MethodDef::no_args(
            "__sizeof__",
            sizeof,
            "__sizeof__($self, /)\n--\n\nSize of the array in memory, in bytes.",
        ),
        MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class(),
    ],
    getset: &[
        GetSetDef {
            name: "typecode",
            get: Some(|cx, this| {
                Ok(cx.new_str(&char::from(receiver(this).code.get()).to_string()).into_object())
            }),
            set: None,
            doc: "the typecode character used to create the array",
        },
        GetSetDef {
            name: "itemsize",
            get: Some(|cx, this| Ok(cx.new_uint(receiver(this).size()))),
            set: None,
            doc: "the size, in bytes, of one array item",
        },
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

// ---- the iterator ----

crate::declare_object! {
    /// `array.arrayiterator`.
    ArrayIterator {
        traced { array: Slot, }
        plain { at: Cell<usize>, }
    }
}

fn iterate(cx: Ctx, this: &Object) -> PyResult {
    let made = crate::objects::declare::make::<ArrayIterator>(cx, ITERATOR.get(cx)?)?;
    made.array.set(Some(this.to_ref()));
    Ok(made.into_object())
}

fn iterator_next(cx: Ctx, this: &Object) -> PyResult<Option<Ref>> {
    let iterator = ArrayIterator::of(this);
    let Some(array) = iterator.array.get() else { return Ok(None) };
    let at = iterator.at.get();
    if at < receiver(&array).len() {
        iterator.at.set(at + 1);
        return receiver(&array).get(cx, at).map(Some);
    }
    drop(iterator.array.take());
    Ok(None)
}

fn iterator_reduce(cx: Ctx, this: &Object) -> PyResult {
    let iterator = ArrayIterator::of(this);
    let iter = cx.builtin("iter")?;
    Ok(match iterator.array.get() {
        Some(array) => {
            let args = cx.new_tuple(vec![array]).into_object();
            cx.new_tuple(vec![iter, args, cx.new_uint(iterator.at.get())])
        }
        None => {
            let empty = cx.new_tuple(vec![cx.new_tuple(Vec::new()).into_object()]).into_object();
            cx.new_tuple(vec![iter, empty])
        }
    }
    .into_object())
}

fn iterator_setstate(cx: Ctx, this: &Object, state: &Ref) -> PyResult {
    let iterator = ArrayIterator::of(this);
    let at = cx.to_size(state)?.max(0) as usize;
    if let Some(array) = iterator.array.get() {
        iterator.at.set(at.min(receiver(&array).len()));
    }
    Ok(cx.none())
}

static SPEC_ITERATOR: TypeSpec = TypeSpec {
    name: "array.arrayiterator",
    layout: Layout::gc::<ArrayIterator>(),
    basicsize: 40,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots { iter: Some(|_, this| Ok(this.to_ref())), iternext: Some(iterator_next), ..Slots::EMPTY },
    methods: &[
        MethodDef::no_args(
            "__reduce__",
            iterator_reduce,
            "__reduce__($self, /)\n--\n\nReturn state information for pickling.",
        ),
        MethodDef::one(
            "__setstate__",
            iterator_setstate,
            "__setstate__($self, state, /)\n--\n\nSet state information for unpickling.",
        ),
    ],
    dealloc: Some(memory::dealloc_as::<ArrayIterator>),
    traverse: Some(ArrayIterator::traverse),
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let ready = crate::objects::type_::ready::new_static_type;
    ITERATOR.set(ready(cx, &SPEC_ITERATOR)?);
    let array = ready(cx, &SPEC_ARRAY)?;
    TYPE.set(array);
    module.add(cx, "array", array.to_object())?;
    module.add(cx, "ArrayType", array.to_object())?;
    module.add(cx, "typecodes", cx.new_str(CODES).into_object())?;
    // An array is a mutable sequence for `isinstance`.
    let abc = crate::vm::import::import_module(cx, "collections.abc")?;
    let sequence = cx.get_attr_str(&abc, "MutableSequence")?;
    cx.call_method(&sequence, &cx.intern("register"), &[array.to_object()])?;
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "array",
    doc: Some(
        "This module defines an object type which can efficiently represent an array of basic values: characters, integers, floating point numbers.",
    ),
    functions: &[MethodDef::fast(
        "_array_reconstructor",
        reconstruct,
        "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                     /)\n--\n\nInternal. Used for pickling support.",
    )],
    exec: Some(exec),
};
