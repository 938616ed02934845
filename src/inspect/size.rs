//! `sys.getsizeof` in CPython 3.11's numbers, without calling `__sizeof__`, which may be the user's.
use crate::memory::{Object, PreHeader};
use crate::objects::attr::shared_keys;
use crate::objects::bytearray::ByteArrayObject;
use crate::objects::bytes::BytesObject;
use crate::objects::int::IntObject;
use crate::objects::look::{as_class, as_set};
use crate::objects::memoryview::MemoryViewObject;
use crate::objects::{DictObject, ListObject, StrObject, TupleObject, TypeFlags, TypeObject, types};
use crate::vm::code_object::Code;
use crate::vm::generator;

/// Bytes, pre-header included.
pub fn size_of(object: &Object) -> u64 {
    let ty = object.ty();
    let basic = ty.basicsize.get();
    let own = if let Some(text) = object.downcast::<StrObject>() {
        str_size(text, basic)
    } else if let Some(int) = object.downcast::<IntObject>() {
        let digits = usize::try_from(int.bit_length().div_ceil(30)).unwrap_or(0).max(1);
        24 + 4 * digits
    } else if let Some(list) = object.downcast::<ListObject>() {
        basic + 8 * list.allocated()
    } else if let Some(tuple) = object.downcast::<TupleObject>() {
        basic + 8 * tuple.len()
    } else if let Some(dict) = object.downcast::<DictObject>() {
        dict.sizeof(basic)
    } else if let Some(bytes) = object.downcast::<BytesObject>() {
        basic + bytes.len()
    } else if let Some(array) = object.downcast::<ByteArrayObject>() {
        basic + array.alloc.get()
    } else if let Some(set) = as_set(object) {
        set.sizeof(basic)
    } else if let Some(code) = object.downcast_exact::<Code>() {
        176 + code.plain.code.len()
    } else if object.is_exact(types().generator) || object.is_exact(types().coroutine) {
        generator::shown_size(object)
    } else if let Some(view) = object.downcast::<MemoryViewObject>() {
        basic + view.shown_extra()
    } else if let Some(class) = as_class(object) {
        class_size(class)
    } else {
        basic
    };
    (own + pre_header(object)) as u64
}

/// The bytes of every object of this one's type, when they do not depend on the object.
pub fn fixed_size(object: &Object) -> Option<u64> {
    let types = types();
    let varies = [
        types.str,
        types.int,
        types.list,
        types.tuple,
        types.dict,
        types.bytes,
        types.bytearray,
        types.memoryview,
        types.set,
        types.frozenset,
        types.code,
        types.generator,
        types.coroutine,
        types.type_,
    ];
    (!varies.iter().any(|ty| object.is_instance(ty))).then(|| size_of(object))
}

fn pre_header(object: &Object) -> usize {
    match object.type_core().info.pre_header.get() {
        PreHeader::Plain => 0,
        PreHeader::Managed if object.ty().has_flag(TypeFlags::MANAGED_DICT) => 32,
        _ => 16,
    }
}

fn str_size(text: &StrObject, basic: usize) -> usize {
    // CPython's three string layouts: ASCII after 48 bytes, others after 72, each with a final zero unit.
    let extra = basic.saturating_sub(80);
    if text.is_ascii() {
        return extra + 49 + text.len();
    }
    let unit = usize::from(text.units().kind());
    extra + 72 + unit * (text.len() + 1)
}

fn class_size(class: &TypeObject) -> usize {
    if class.has_flag(TypeFlags::HEAPTYPE) {
        904 + shared_keys(class).map_or(0, |keys| keys.bytes())
    } else {
        408
    }
}
