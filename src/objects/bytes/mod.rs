//! `bytes`: the object, its shared instances, conversion from other objects.
//!
//! `methods` holds what `bytes` and `bytearray` share, `type_` the type itself and its iterator.

pub mod methods;
mod type_;

use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

use crate::memory::alloc::{raw_alloc, raw_free};
use crate::memory::{Layout, Object, Ref, free_object, new_object};
use crate::objects::{PyResult, TypeObject, types};
use crate::vm::Ctx;

pub use type_::{BYTES_ITERATOR, SPEC};
pub(crate) use type_::{Source, iterator_spec, new_iterator, source};

/// Header of a bytes object; the bytes follow it in the same block.
#[repr(C)]
pub struct BytesObject {
    pub object: Object,
    pub(super) len: usize,
    /// -1 until computed.
    pub(super) hash: Cell<i64>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for BytesObject {}
// SAFETY: every `bytes` instance begins with this layout.
unsafe impl crate::objects::TypedLayout for BytesObject {
    fn type_of(types: &crate::objects::Types) -> &'static crate::objects::TypeObject {
        types.bytes
    }
}

impl BytesObject {
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `len` bytes follow the header in the same block.
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).add(1).cast::<u8>(), self.len) }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The hash (cached), as `str`'s over the same bytes.
    pub fn hash(&self) -> i64 {
        if self.hash.get() == -1 {
            self.hash.set(crate::objects::str::hash_bytes(self.as_slice()));
        }
        self.hash.get()
    }
}

/// The objects that exist once: single bytes, and the empty one last.
struct Shared(UnsafeCell<[*mut BytesObject; 257]>);
// SAFETY: only the engine thread, which holds the heap guard, touches the table.
unsafe impl Sync for Shared {}
static SHARED: Shared = Shared(UnsafeCell::new([std::ptr::null_mut(); 257]));

/// A new object, shared with nobody. Instances of derived types have the bytes at the same place;
/// what such a type adds lies behind them.
pub(super) fn make(ty: &TypeObject, bytes: &[u8]) -> Ref<BytesObject> {
    let head = size_of::<BytesObject>();
    let size = (ty.core.info.size.get() as usize).max(head) + bytes.len();
    // SAFETY: header fields and bytes are written before the object is handed out.
    unsafe {
        let object = new_object(&ty.core, size, false);
        let header = object.as_ptr().read();
        let this = object.as_ptr().cast::<BytesObject>();
        this.write(BytesObject { object: header, len: bytes.len(), hash: Cell::new(-1) });
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), this.add(1).cast::<u8>(), bytes.len());
        Ref::from_owned(object.cast())
    }
}

/// A `bytes` object; the empty one and single bytes are shared.
pub fn from_slice(bytes: &[u8]) -> Ref<BytesObject> {
    let index = match bytes {
        [] => 256,
        [byte] => *byte as usize,
        _ => return make(types().bytes, bytes),
    };
    // SAFETY: entries own references to live objects, and no borrow of the table is held across
    // the allocation.
    unsafe {
        let entry = SHARED.0.get().cast::<*mut BytesObject>().add(index);
        match NonNull::new(entry.read()) {
            Some(shared) => Ref::from_borrowed(shared),
            None => {
                let made = make(types().bytes, bytes);
                entry.write(made.clone().into_raw().as_ptr());
                made
            }
        }
    }
}

/// Shows every shared object made so far (a root of the interpreter).
pub fn for_each_shared(each: &mut dyn FnMut(&Object)) {
    // SAFETY: as in `from_slice`.
    unsafe {
        for entry in (*SHARED.0.get()).iter().filter_map(|&entry| NonNull::new(entry)) {
            each(entry.as_ref().as_object());
        }
    }
}

/// Gives the shared objects back. For shutdown.
pub fn clear_shared() {
    for index in 0..257 {
        // SAFETY: as in `from_slice`; the entry is emptied before its reference is dropped.
        unsafe {
            let entry = SHARED.0.get().cast::<*mut BytesObject>().add(index);
            if let Some(shared) = NonNull::new(entry.replace(std::ptr::null_mut())) {
                drop(Ref::from_owned(shared));
            }
        }
    }
}

/// Forgets the shared objects without touching them: the heap they were in is gone.
pub fn forget_shared() {
    // SAFETY: as in `from_slice`.
    unsafe { *SHARED.0.get() = [std::ptr::null_mut(); 257] };
}

/// `MemoryError` when a block of this size cannot be had.
pub(crate) fn check_size(cx: Ctx, size: usize) -> PyResult<()> {
    if size >= 1 << 20 {
        match raw_alloc(size) {
            // SAFETY: the block was just made and nobody has seen it.
            Some(block) => unsafe { raw_free(block) },
            None => return Err(cx.memory_error()),
        }
    }
    Ok(())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: promised by the caller; the fields are plain data.
    unsafe { free_object(object) }
}

/// The bytes that any object can be made into: `__bytes__`, a buffer, integers one by one
/// (`PyObject_Bytes`).
pub fn from_object(cx: Ctx, object: &Object) -> PyResult<Vec<u8>> {
    if let Some(bytes) = object.downcast_exact::<BytesObject>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(result) = cx.call_special(object, &crate::objects::names().bytes, &[])? {
        let Some(bytes) = result.downcast::<BytesObject>() else {
            return Err(
                cx.type_error(format_args!("__bytes__ returned non-bytes (type {})", result.ty().tp_name()))
            );
        };
        return Ok(bytes.as_slice().to_vec());
    }
    from_buffer_or_items(cx, object)
}

/// As [`from_object`] without `__bytes__` (`PyBytes_FromObject`).
pub fn from_buffer_or_items(cx: Ctx, object: &Object) -> PyResult<Vec<u8>> {
    // Of a view the items may lie anywhere.
    if let Some(view) = object.downcast::<crate::objects::memoryview::MemoryViewObject>() {
        return view.to_vec(cx);
    }
    if object.ty().slots().as_bytes.is_some() {
        return cx.with_bytes(object, <[u8]>::to_vec);
    }
    let refuse = || cx.type_error(format_args!("cannot convert '{}' object to bytes", object.ty().tp_name()));
    if object.is_instance(types().str) {
        return Err(refuse());
    }
    let iterator = match cx.iter(object) {
        Err(raised) if cx.raised_is(&raised, crate::objects::exceptions().type_error) => {
            cx.clear_exception(raised);
            return Err(refuse());
        }
        other => other?,
    };
    let mut bytes = Vec::new();
    while let Some(item) = cx.next(&iterator)? {
        let value = cx.index_sized(&item, crate::objects::exceptions().value_error);
        match u8::try_from(value?) {
            Ok(byte) => bytes.push(byte),
            Err(_) => return Err(cx.value_error("bytes must be in range(0, 256)")),
        }
    }
    Ok(bytes)
}
