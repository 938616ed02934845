//! `dict`: insertion-ordered, key-sharing for instances, CPython 3.11's growth rules.

pub mod raw;

use std::cell::Cell;

use super::spec::TypeSpec;
use super::type_object::TypedLayout;
use super::{PyResult, StrObject, TypeObject, Types};
use crate::memory::{Layout, Object, Ref};
use crate::vm::Ctx;

/// A dict. Layout as CPython's: used, version, keys, values (null unless split).
#[repr(C)]
pub struct DictObject {
    pub object: Object,
    pub(super) used: Cell<usize>,
    /// `ma_version_tag`.
    pub(super) version: Cell<u64>,
    pub(crate) keys: Cell<*mut raw::DictKeys>,
    pub(crate) values: Cell<*mut Option<Ref>>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for DictObject {}
// SAFETY: every `dict` instance begins with this layout.
unsafe impl TypedLayout for DictObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.dict
    }
}

impl DictObject {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a string key. Never runs Python code when all keys are exact strings; a
    /// comparison that raises is swallowed (`PyDict_GetItem` as used for namespaces).
    pub fn get_str(&self, cx: Ctx, key: &StrObject) -> Option<Ref> {
        let _ = (cx, key);
        todo!("containers helper")
    }

    /// The value of `key` (hash and comparison may run Python code).
    pub fn get(&self, cx: Ctx, key: &Object) -> PyResult<Option<Ref>> {
        let _ = (cx, key);
        todo!("containers helper")
    }

    /// As [`DictObject::get`] with the hash known.
    pub fn get_known_hash(&self, cx: Ctx, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
        let _ = (cx, key, hash);
        todo!("containers helper")
    }

    pub fn set(&self, cx: Ctx, key: &Object, value: Ref) -> PyResult<()> {
        let _ = (cx, key, value);
        todo!("containers helper")
    }

    /// Sets a string key (interned or not); raises only when memory is out or a foreign key's
    /// comparison does.
    pub fn set_str(&self, cx: Ctx, key: &StrObject, value: Ref) -> PyResult<()> {
        self.set(cx, key.as_object(), value)
    }

    /// Removes a key; `false` when it is not there (no KeyError raised).
    pub fn remove(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        Ok(self.pop(cx, key)?.is_some())
    }

    /// Removes a key and returns its value, `None` when it is not there.
    pub fn pop(&self, cx: Ctx, key: &Object) -> PyResult<Option<Ref>> {
        let _ = (cx, key);
        todo!("containers helper")
    }

    pub fn contains(&self, cx: Ctx, key: &Object) -> PyResult<bool> {
        Ok(self.get(cx, key)?.is_some())
    }

    /// Walks entries in order; `position` starts at 0 and is opaque. Robust against changes in
    /// between (entries may be missed or seen, nothing worse).
    pub fn next_entry(&self, position: &mut usize) -> Option<(Ref, Ref)> {
        let _ = position;
        todo!("containers helper")
    }

    /// New references to all entries, in order.
    pub fn to_vec(&self) -> Vec<(Ref, Ref)> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_entry(&mut position)).collect()
    }

    /// A shallow copy as a plain dict.
    pub fn copy(&self, cx: Ctx) -> PyResult<Ref<DictObject>> {
        let _ = cx;
        todo!("containers helper")
    }

    /// `dict.clear`.
    pub fn clear(&self, cx: Ctx) {
        let _ = cx;
        todo!("containers helper")
    }
}

pub static SPEC: TypeSpec = TypeSpec { name: "dict", ..TypeSpec::EMPTY };
pub static DICT_KEYS: TypeSpec = TypeSpec { name: "dict_keys", ..TypeSpec::EMPTY };
pub static DICT_VALUES: TypeSpec = TypeSpec { name: "dict_values", ..TypeSpec::EMPTY };
pub static DICT_ITEMS: TypeSpec = TypeSpec { name: "dict_items", ..TypeSpec::EMPTY };
pub static DICT_KEYITERATOR: TypeSpec = TypeSpec { name: "dict_keyiterator", ..TypeSpec::EMPTY };
pub static DICT_VALUEITERATOR: TypeSpec = TypeSpec { name: "dict_valueiterator", ..TypeSpec::EMPTY };
pub static DICT_ITEMITERATOR: TypeSpec = TypeSpec { name: "dict_itemiterator", ..TypeSpec::EMPTY };
pub static DICT_REVERSEKEYITERATOR: TypeSpec =
    TypeSpec { name: "dict_reversekeyiterator", ..TypeSpec::EMPTY };
pub static DICT_REVERSEVALUEITERATOR: TypeSpec =
    TypeSpec { name: "dict_reversevalueiterator", ..TypeSpec::EMPTY };
pub static DICT_REVERSEITEMITERATOR: TypeSpec =
    TypeSpec { name: "dict_reverseitemiterator", ..TypeSpec::EMPTY };
