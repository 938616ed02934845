//! The six dict iterators: keys, values, items, and the same backwards.

use std::cell::Cell;
use std::ptr::NonNull;

use super::DictObject;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::iterators::common;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::{MethodDef, PyResult, TupleObject, TypeFlags, TypeObject, tuple, types};
use crate::vm::Ctx;

/// A place in a dict. The dict is gone once the iterator is exhausted.
#[repr(C)]
pub struct DictIterator {
    pub object: Object,
    pub dict: Slot<DictObject>,
    /// The tuple that the items iterators hand out again when nobody else holds it.
    pub result: Slot<TupleObject>,
    /// Entries of the dict at the start; -1 after a change was reported.
    used: Cell<isize>,
    position: Cell<isize>,
    /// Entries still to come.
    left: Cell<isize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for DictIterator {}

/// # Safety
/// As [`crate::memory::object::TraverseFn`]; the object is a dict iterator.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: promised by the caller.
    let iterator = unsafe { object.cast::<DictIterator>().as_ref() };
    iterator.dict.trace(visitor);
    iterator.result.trace(visitor);
}

const METHODS: &[MethodDef] = &[
    MethodDef::no_args("__length_hint__", length_hint, common::LENGTH_HINT_DOC),
    MethodDef::no_args("__reduce__", reduce, common::REDUCE_DOC),
];

const fn spec(name: &'static str, next: crate::objects::slots::NextFn) -> TypeSpec {
    let mut spec = TypeSpec::EMPTY;
    spec.name = name;
    spec.layout = Layout::gc::<DictIterator>();
    spec.basicsize = 56;
    spec.flags = TypeFlags::HAVE_GC;
    spec.slots.iter = Some(common::iter_self);
    spec.slots.iternext = Some(next);
    spec.methods = METHODS;
    spec.dealloc = Some(dealloc_as::<DictIterator>);
    spec.traverse = Some(traverse);
    spec
}

pub static DICT_KEYITERATOR: TypeSpec = spec("dict_keyiterator", next_key);
pub static DICT_VALUEITERATOR: TypeSpec = spec("dict_valueiterator", next_value);
pub static DICT_ITEMITERATOR: TypeSpec = spec("dict_itemiterator", next_item);
pub static DICT_REVERSEKEYITERATOR: TypeSpec = spec("dict_reversekeyiterator", next_key_reversed);
pub static DICT_REVERSEVALUEITERATOR: TypeSpec = spec("dict_reversevalueiterator", next_value_reversed);
pub static DICT_REVERSEITEMITERATOR: TypeSpec = spec("dict_reverseitemiterator", next_item_reversed);

/// An iterator of type `ty` over a dict.
pub(super) fn make(cx: Ctx, ty: &TypeObject, dict: &DictObject) -> Ref {
    let types = types();
    let is_items = ty.is_type(types.dict_itemiterator) || ty.is_type(types.dict_reverseitemiterator);
    let is_reversed = is_items && ty.is_type(types.dict_reverseitemiterator)
        || ty.is_type(types.dict_reversekeyiterator)
        || ty.is_type(types.dict_reversevalueiterator);
    let position = match (is_reversed, dict.is_split()) {
        (false, _) => 0,
        (true, true) => dict.len() as isize - 1,
        (true, false) => dict.raw_keys().nentries() as isize - 1,
    };
    let iterator = new_ref(&ty.core, |object| DictIterator {
        object,
        dict: Slot::new(dict.to_ref()),
        result: Slot::empty(),
        used: Cell::new(dict.len() as isize),
        position: Cell::new(position),
        left: Cell::new(dict.len() as isize),
    });
    if is_items {
        iterator.result.set(Some(tuple::of2(cx.none(), cx.none())));
    }
    track(&iterator.object);
    iterator.into_object()
}

pub(super) fn iter_keys(cx: Ctx, object: &Object) -> PyResult {
    // SAFETY: the slot is called on dicts only.
    Ok(make(cx, types().dict_keyiterator, unsafe { object.cast() }))
}

pub(super) fn reversed_keys(cx: Ctx, object: &Object) -> PyResult {
    // SAFETY: as above.
    Ok(make(cx, types().dict_reversekeyiterator, unsafe { object.cast() }))
}

#[inline(always)]
fn this(object: &Object) -> &DictIterator {
    // SAFETY: slots and methods of the types are called on their instances only.
    unsafe { object.cast() }
}

impl DictIterator {
    /// The next entry, both parts borrowed from the dict.
    #[inline]
    fn advance(&self, cx: Ctx) -> PyResult<Option<(NonNull<Object>, NonNull<Object>)>> {
        let Some(dict) = self.dict.peek() else {
            return Ok(None);
        };
        if self.used.get() != dict.len() as isize {
            self.used.set(-1);
            return Err(cx.runtime_error("dictionary changed size during iteration"));
        }
        let mut position = self.position.get() as usize;
        let Some((key, value, _)) = dict.next_raw(&mut position) else {
            self.dict.set(None);
            return Ok(None);
        };
        if self.left.get() == 0 {
            let raised = cx.runtime_error("dictionary keys changed during iteration");
            self.dict.set(None);
            return Err(raised);
        }
        self.position.set(position as isize);
        self.left.set(self.left.get() - 1);
        Ok(Some((key, value)))
    }

    fn advance_reversed(&self, cx: Ctx) -> PyResult<Option<(NonNull<Object>, NonNull<Object>)>> {
        let Some(dict) = self.dict.peek() else {
            return Ok(None);
        };
        if self.used.get() != dict.len() as isize {
            self.used.set(-1);
            return Err(cx.runtime_error("dictionary changed size during iteration"));
        }
        let mut position = self.position.get();
        while let Ok(at) = usize::try_from(position) {
            position -= 1;
            if let Some(entry) = dict.entry_at(at) {
                self.position.set(position);
                self.left.set(self.left.get() - 1);
                return Ok(Some(entry));
            }
        }
        self.dict.set(None);
        Ok(None)
    }

    /// A pair, in the result tuple when nobody else holds that.
    #[inline]
    fn pair(&self, key: Ref, value: Ref) -> Ref {
        if let Some(result) = self.result.peek()
            && result.object.refcount() == 1
        {
            let pair = result.to_ref();
            let old_key = pair.exchange(0, key);
            let old_value = pair.exchange(1, value);
            drop(old_key);
            drop(old_value);
            pair.ensure_tracked();
            return pair.into_object();
        }
        tuple::of2(key, value).into_object()
    }
}

/// The next key; for the interpreter's loops.
#[inline]
fn next_key(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    // SAFETY: the dict owns the key.
    Ok(this(object).advance(cx)?.map(|(key, _)| unsafe { Ref::from_borrowed(key) }))
}

fn next_value(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    // SAFETY: the dict owns the value.
    Ok(this(object).advance(cx)?.map(|(_, value)| unsafe { Ref::from_borrowed(value) }))
}

fn next_item(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    // SAFETY: the dict owns both.
    let entry = iterator
        .advance(cx)?
        .map(|(key, value)| unsafe { (Ref::from_borrowed(key), Ref::from_borrowed(value)) });
    Ok(entry.map(|(key, value)| iterator.pair(key, value)))
}

fn next_key_reversed(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    // SAFETY: the dict owns the key.
    Ok(this(object).advance_reversed(cx)?.map(|(key, _)| unsafe { Ref::from_borrowed(key) }))
}

fn next_value_reversed(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    // SAFETY: the dict owns the value.
    Ok(this(object).advance_reversed(cx)?.map(|(_, value)| unsafe { Ref::from_borrowed(value) }))
}

fn next_item_reversed(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let iterator = this(object);
    // SAFETY: the dict owns both.
    let entry = iterator
        .advance_reversed(cx)?
        .map(|(key, value)| unsafe { (Ref::from_borrowed(key), Ref::from_borrowed(value)) });
    Ok(entry.map(|(key, value)| iterator.pair(key, value)))
}

fn length_hint(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let unchanged = iterator.dict.peek().is_some_and(|dict| dict.len() as isize == iterator.used.get());
    Ok(cx.new_int(if unchanged { iterator.left.get() as i64 } else { 0 }))
}

/// `(iter, (list of what is left,))`; the iterator itself does not move.
fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let iterator = this(object);
    let copy = new_ref(&object.ty().core, |head| DictIterator {
        object: head,
        dict: Slot::from_option(iterator.dict.get()),
        result: Slot::from_option(iterator.result.get()),
        used: Cell::new(iterator.used.get()),
        position: Cell::new(iterator.position.get()),
        left: Cell::new(iterator.left.get()),
    });
    let list = cx.new_list(Vec::new())?;
    list.extend(cx, &copy.object)?;
    let function = common::builtin(cx, "iter")?;
    Ok(tuple::of2(function, tuple::of1(list.into_object()).into_object()).into_object())
}
