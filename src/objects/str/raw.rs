//! Making, growing and destroying strings: the only place that knows where the units lie.
//!
//! Short texts follow the header in its block; longer ones lie in a raw buffer, so that
//! `s += x` can grow them without copying and an absurd size is a `MemoryError`.

use std::alloc::Layout as Bytes;
use std::cell::UnsafeCell;
use std::ptr::NonNull;

use super::{StrObject, Unit, Units};
use crate::memory::alloc::{raw_alloc, raw_free, raw_realloc};
use crate::memory::{Layout, Object, Ref, free_object, new_object};
use crate::objects::{PyResult, TypeObject, types};
use crate::vm::Ctx;

/// Where the units are.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Behind the header in the same block.
    Inline,
    /// In a raw buffer.
    Raw,
    /// In memory of Rust's own allocator: past the memory limit, where failing is no option.
    Global,
}

/// Units of at most this many bytes are kept inline: header and units fill a 512-byte block.
const INLINE_BYTES: usize = 512 - 16 - size_of::<StrObject>();

/// The strings that exist once: single Latin-1 characters, and the empty one last. Each entry
/// owns a reference; null until first asked for.
struct Shared(UnsafeCell<[*mut StrObject; 257]>);
// SAFETY: only the engine thread, which holds the heap guard, touches the table.
unsafe impl Sync for Shared {}
static SHARED: Shared = Shared(UnsafeCell::new([std::ptr::null_mut(); 257]));
const EMPTY: usize = 256;

impl StrObject {
    /// The units as a slice; the caller has checked that `kind` is that of `T`.
    #[inline(always)]
    pub(super) fn units_unchecked<T: Unit>(&self) -> &[T] {
        debug_assert_eq!(T::KIND, self.kind);
        // SAFETY: `data` points to `len` initialised units of `kind` bytes, aligned to 8; they
        // change only while the sole reference is held by `append_in_place`.
        unsafe { std::slice::from_raw_parts(self.data.get().cast(), self.len.get()) }
    }

    /// The units as they lie in memory.
    #[inline(always)]
    pub fn unit_bytes(&self) -> &[u8] {
        // SAFETY: as in `units_unchecked`; any initialised memory is bytes.
        unsafe { std::slice::from_raw_parts(self.data.get(), self.len.get() * self.kind as usize) }
    }
}

/// Room for `len` units of `kind` bytes in a new object of type `ty` (`str` or derived). `None`
/// when memory is out.
///
/// # Safety
/// The caller writes all units before anybody else sees the string, and the `ascii` flag is right.
unsafe fn alloc(ty: &TypeObject, len: usize, kind: u8, ascii: bool, spare: usize) -> Option<Ref<StrObject>> {
    let bytes = len.checked_add(spare)?.checked_mul(kind as usize)?;
    let head = (ty.core.info.size.get() as usize).max(size_of::<StrObject>()).next_multiple_of(8);
    let storage = if bytes <= INLINE_BYTES && spare == 0 { Storage::Inline } else { Storage::Raw };
    let buffer = match storage {
        Storage::Inline => None,
        _ => Some(raw_alloc(bytes)?),
    };
    let inline = if buffer.is_none() { bytes } else { 0 };
    // SAFETY: all fields are written below; the units are owed by the caller.
    unsafe {
        let object = new_object(&ty.core, head + inline, head > size_of::<StrObject>());
        let data = match buffer {
            Some(buffer) => buffer.as_ptr(),
            None => object.as_ptr().cast::<u8>().add(head),
        };
        let header = object.as_ptr().read();
        object.as_ptr().cast::<StrObject>().write(StrObject {
            object: header,
            len: len.into(),
            hash: (-1).into(),
            data: data.into(),
            kind,
            ascii: ascii.into(),
            interned: false.into(),
            storage,
            spare: (spare as u32).into(),
        });
        Some(Ref::from_owned(object.cast()))
    }
}

/// As [`alloc`] where failing is no option: takes from Rust's allocator in the end.
///
/// # Safety
/// As [`alloc`].
unsafe fn alloc_always(ty: &TypeObject, len: usize, kind: u8, ascii: bool) -> Ref<StrObject> {
    // SAFETY: passed on to the caller.
    if let Some(string) = unsafe { alloc(ty, len, kind, ascii, 0) } {
        return string;
    }
    let layout = global_layout(len * kind as usize);
    // SAFETY: the layout has a size above `INLINE_BYTES`, so not zero; an empty inline string is
    // given the new buffer, and its length after it.
    unsafe {
        let data = std::alloc::alloc(layout);
        if data.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        let string = alloc(ty, 0, kind, ascii, 0).expect("an inline string needs no raw buffer");
        let raw = string.as_raw().as_ptr();
        (&raw mut (*raw).storage).write(Storage::Global);
        string.data.set(data);
        string.len.set(len);
        string
    }
}

fn global_layout(bytes: usize) -> Bytes {
    Bytes::from_size_align(bytes.max(1), 8).expect("the size of an existing text")
}

/// Copies `units` into a new string of `To` units; each fits.
fn copy_units<From: Unit, To: Unit>(
    ty: &TypeObject,
    units: &[From],
    ascii: bool,
    convert: impl Fn(From) -> To,
) -> Ref<StrObject> {
    // SAFETY: all units are written here, and the callers computed `ascii` from them.
    unsafe {
        let string = alloc_always(ty, units.len(), To::KIND, ascii);
        let data = string.data.get().cast::<To>();
        if From::KIND == To::KIND {
            std::ptr::copy_nonoverlapping(units.as_ptr().cast::<To>(), data, units.len());
        } else {
            for (index, unit) in units.iter().enumerate() {
                data.add(index).write(convert(*unit));
            }
        }
        string
    }
}

/// A `str` that exists once.
fn shared(index: usize) -> Ref<StrObject> {
    // SAFETY: the table is only touched here and in `clear_shared`, and no borrow is held across
    // the allocation; an entry that is set owns a reference to a live string.
    unsafe {
        let table = SHARED.0.get().cast::<*mut StrObject>();
        if let Some(string) = NonNull::new(table.add(index).read()) {
            return Ref::from_borrowed(string);
        }
        let units = [index as u8];
        let string = copy_units(
            types().str,
            if index == EMPTY { &units[..0] } else { &units },
            index < 128 || index == EMPTY,
            |u: u8| u,
        );
        table.add(index).write(string.clone().into_raw().as_ptr());
        string
    }
}

/// Shows every string held by the table of shared ones (a root of the interpreter).
pub fn for_each_shared(each: &mut dyn FnMut(&Object)) {
    // SAFETY: as in `shared`.
    unsafe {
        for entry in (*SHARED.0.get()).iter().filter_map(|&entry| NonNull::new(entry)) {
            each(entry.as_ref().as_object());
        }
    }
}

/// Gives the shared strings back. For shutdown, after everything that uses text.
pub fn clear_shared() {
    for index in 0..=EMPTY {
        // SAFETY: as in `shared`; the entry is emptied before its reference is dropped.
        unsafe {
            let entry = SHARED.0.get().cast::<*mut StrObject>().add(index);
            if let Some(string) = NonNull::new(entry.replace(std::ptr::null_mut())) {
                drop(Ref::from_owned(string));
            }
        }
    }
}

/// Forgets the shared strings without touching them: the heap they were in is gone.
pub fn forget_shared() {
    // SAFETY: as in `shared`.
    unsafe { *SHARED.0.get() = [std::ptr::null_mut(); 257] };
    super::intern::forget();
}

/// The empty string.
#[inline]
pub fn empty() -> Ref<StrObject> {
    shared(EMPTY)
}

/// The string of one code point.
#[inline]
pub fn from_point(point: u32) -> Ref<StrObject> {
    match point {
        0..=0xff => shared(point as usize),
        0x100..=0xffff => copy_units(types().str, &[point as u16], false, |u| u),
        _ => copy_units(types().str, &[point], false, |u| u),
    }
}

/// A string of Latin-1 characters.
pub fn from_latin1(bytes: &[u8]) -> Ref<StrObject> {
    match bytes {
        [] => empty(),
        [one] => shared(*one as usize),
        _ => copy_units(types().str, bytes, bytes.is_ascii(), |u| u),
    }
}

/// A string from units of any width; the result's kind is the narrowest.
pub fn from_units(units: Units<'_>) -> Ref<StrObject> {
    if units.len() <= 1 {
        return if units.is_empty() { empty() } else { from_point(units.at(0)) };
    }
    from_units_as(types().str, units)
}

/// As [`from_units`] for `str` or a type derived from it; nothing is shared.
pub fn from_units_as(ty: &TypeObject, units: Units<'_>) -> Ref<StrObject> {
    match units {
        Units::One(units) => copy_units(ty, units, units.is_ascii(), |u| u),
        Units::Two(units) => match units.iter().copied().fold(0, |a, b| a | b) {
            0..=0xff => copy_units(ty, units, units.iter().all(|&u| u < 128), |u| u as u8),
            _ => copy_units(ty, units, false, |u| u),
        },
        Units::Four(units) => match units.iter().copied().fold(0, |a, b| a | b) {
            0..=0xff => copy_units(ty, units, units.iter().all(|&u| u < 128), |u| u as u8),
            0x100..=0xffff => copy_units(ty, units, false, |u| u as u16),
            _ => copy_units(ty, units, false, |u| u),
        },
    }
}

/// A string of any code points, surrogates included.
pub fn from_points(points: &[u32]) -> Ref<StrObject> {
    from_units(Units::Four(points))
}

/// A string from valid UTF-8.
pub fn from_utf8(text: &str) -> Ref<StrObject> {
    if text.is_ascii() {
        return from_latin1(text.as_bytes());
    }
    let widest = text.chars().max().map_or(0, u32::from);
    if widest < 0x100 {
        from_latin1(&text.chars().map(|c| c as u32 as u8).collect::<Vec<u8>>())
    } else if widest < 0x10000 {
        from_units(Units::Two(&text.chars().map(|c| c as u32 as u16).collect::<Vec<u16>>()))
    } else {
        from_units(Units::Four(&text.chars().map(u32::from).collect::<Vec<u32>>()))
    }
}

/// Writes `units` at `data` as units of `To`; each fits.
///
/// # Safety
/// There is room for them.
unsafe fn write_units<To: Unit>(data: *mut u8, units: Units<'_>) {
    let data = data.cast::<To>();
    // SAFETY: the caller promised room; a unit that fits `To` has the same value there.
    unsafe {
        if units.kind() == To::KIND {
            super::with_units!(units, u => std::ptr::copy_nonoverlapping(u.as_ptr().cast::<To>(), data, u.len()));
            return;
        }
        super::with_units!(units, u => for (index, unit) in u.iter().enumerate() {
            let point = unit.point();
            match To::KIND {
                1 => data.cast::<u8>().add(index).write(point as u8),
                2 => data.cast::<u16>().add(index).write(point as u16),
                _ => data.cast::<u32>().add(index).write(point),
            }
        });
    }
}

/// # Safety
/// There is room for the units, each of which fits `kind` bytes.
unsafe fn write_kind(kind: u8, data: *mut u8, units: Units<'_>) {
    // SAFETY: passed on.
    unsafe {
        match kind {
            1 => write_units::<u8>(data, units),
            2 => write_units::<u16>(data, units),
            _ => write_units::<u32>(data, units),
        }
    }
}

/// The texts one after another; `MemoryError` when memory is out.
pub fn concat(cx: Ctx, parts: &[&StrObject]) -> PyResult<Ref<StrObject>> {
    let mut len = 0usize;
    let (mut kind, mut ascii) = (1, true);
    for part in parts {
        len = len
            .checked_add(part.len())
            .filter(|&len| len <= isize::MAX as usize)
            .ok_or_else(|| cx.overflow_error("strings are too large to concat"))?;
        if !part.is_empty() {
            kind = kind.max(part.kind);
            ascii &= part.is_ascii();
        }
    }
    if len == 0 {
        return Ok(empty());
    }
    // SAFETY: the parts fill exactly `len` units; none is wider than `kind`.
    unsafe {
        if len == 1 {
            let one = parts.iter().find(|part| !part.is_empty()).map_or(0, |part| part.code_point(0));
            return Ok(from_point(one));
        }
        let string = alloc(types().str, len, kind, ascii, 0).ok_or_else(|| cx.memory_error())?;
        let mut data = string.data.get();
        for part in parts {
            write_kind(kind, data, part.units());
            data = data.add(part.len() * kind as usize);
        }
        Ok(string)
    }
}

/// `text * count`.
pub fn repeat(cx: Ctx, text: &StrObject, count: isize) -> PyResult<Ref<StrObject>> {
    if count <= 0 || text.is_empty() {
        return Ok(empty());
    }
    if count == 1 && text.as_object().is_exact(types().str) {
        return Ok(text.to_ref());
    }
    let len = text.len().checked_mul(count as usize).filter(|&len| len <= isize::MAX as usize);
    let len = len.ok_or_else(|| cx.overflow_error("repeated string is too long"))?;
    if len == 1 {
        return Ok(from_point(text.code_point(0)));
    }
    let piece = text.unit_bytes();
    // SAFETY: `count` pieces fill exactly the `len` units.
    unsafe {
        let string =
            alloc(types().str, len, text.kind, text.is_ascii(), 0).ok_or_else(|| cx.memory_error())?;
        let data = string.data.get();
        if let [byte] = piece {
            data.write_bytes(*byte, len);
        } else {
            // Doubles what is there until all is filled.
            std::ptr::copy_nonoverlapping(piece.as_ptr(), data, piece.len());
            let (mut done, total) = (piece.len(), piece.len() * count as usize);
            while done < total {
                let step = done.min(total - done);
                std::ptr::copy_nonoverlapping(data, data.add(done), step);
                done += step;
            }
        }
        Ok(string)
    }
}

/// `text` with `left` and `right` times `fill` around it; `MemoryError` when memory is out.
pub fn pad(cx: Ctx, text: &StrObject, left: usize, right: usize, fill: u32) -> PyResult<Ref<StrObject>> {
    let filling = from_point(fill);
    let before = repeat(cx, &filling, isize::try_from(left).unwrap_or(isize::MAX))?;
    let after = repeat(cx, &filling, isize::try_from(right).unwrap_or(isize::MAX))?;
    concat(cx, &[&before, text, &after])
}

/// `target + more`, reusing `target` when the caller's reference is the only one (`s += x` on a
/// local). The result is `target` itself, grown, or a new string.
pub fn append_in_place(cx: Ctx, target: Ref<StrObject>, more: &StrObject) -> PyResult<Ref<StrObject>> {
    let exact = target.as_object().is_exact(types().str);
    if target.is_empty() && more.as_object().is_exact(types().str) {
        return Ok(more.to_ref());
    }
    if more.is_empty() && exact {
        return Ok(target);
    }
    if target.as_object().refcount() != 1 || !exact || target.is_interned() || more.kind > target.kind {
        return concat(cx, &[&target, more]);
    }
    let (old, added, kind) = (target.len(), more.len(), target.kind as usize);
    if target.storage != Storage::Raw {
        let len = old.saturating_add(added);
        if len * kind <= INLINE_BYTES {
            return concat(cx, &[&target, more]);
        }
        // SAFETY: both texts fill the units before the string is handed out.
        unsafe {
            let ascii = target.is_ascii() && more.is_ascii();
            let string =
                alloc(types().str, len, target.kind, ascii, len / 4).ok_or_else(|| cx.memory_error())?;
            write_kind(target.kind, string.data.get(), target.units());
            write_kind(target.kind, string.data.get().add(old * kind), more.units());
            return Ok(string);
        }
    }
    let mut spare = target.spare.get() as usize;
    // SAFETY: the buffer is raw memory of `old + spare` units; the sole reference is ours, so no
    // slice of the units is alive; `more` is another string, since a second reference to this one
    // would have shown in the count.
    unsafe {
        if spare < added {
            let room = (old + added) + ((old + added) / 4).min(1 << 26);
            let size = room.checked_mul(kind).ok_or_else(|| cx.memory_error())?;
            let buffer = NonNull::new_unchecked(target.data.get());
            let buffer = raw_realloc(buffer, size).ok_or_else(|| cx.memory_error())?;
            target.data.set(buffer.as_ptr());
            spare = room - old;
        }
        write_kind(target.kind, target.data.get().add(old * kind), more.units());
    }
    target.len.set(old + added);
    target.spare.set((spare - added) as u32);
    target.ascii.set(target.is_ascii() && more.is_ascii());
    target.hash.set(-1);
    Ok(target)
}

/// Destroys a string: leaves the interned table, frees the units and the object.
///
/// # Safety
/// As `DeallocFn`; the object is a `StrObject`.
pub unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the storage says where the units came from.
    unsafe {
        let string = object.cast::<StrObject>().as_ref();
        if string.is_interned() {
            super::intern::remove(string);
        }
        match string.storage {
            Storage::Inline => {}
            Storage::Raw => raw_free(NonNull::new_unchecked(string.data.get())),
            Storage::Global => {
                std::alloc::dealloc(string.data.get(), global_layout(string.len() * string.kind as usize))
            }
        }
        free_object(object);
    }
}
