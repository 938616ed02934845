//! Lengths, items, containment: sequences and mappings.

use crate::memory::{Object, Ref};
use crate::objects::{ListObject, PyResult, TupleObject, TypeObject, exceptions, names};
use crate::vm::Ctx;

impl Ctx {
    /// `len(object)`.
    #[inline]
    pub fn len(self, object: &Object) -> PyResult<usize> {
        let slots = object.ty().slots();
        match slots.sq_length.or(slots.mp_length) {
            Some(length) => length(self, object),
            None => Err(self.type_error(format!("object of type '{}' has no len()", object.ty().tp_name()))),
        }
    }
    /// `object[key]`.
    #[inline]
    pub fn get_item(self, object: &Object, key: &Object) -> PyResult {
        match object.ty().slots().mp_subscript {
            Some(subscript) => subscript(self, object, key),
            None => self.get_item_slow(object, key),
        }
    }
    fn get_item_slow(self, object: &Object, key: &Object) -> PyResult {
        let ty = object.ty();
        if ty.slots().sq_item.is_some() {
            if key.ty().slots().nb_index.is_some() {
                let index = self.index_sized(key, exceptions().index_error)?;
                return self.sequence_item(object, index);
            }
            return Err(
                self.type_error(format!("sequence index must be integer, not '{}'", key.ty().tp_name()))
            );
        }
        if let Some(class) = object.downcast::<TypeObject>() {
            // A class may be subscripted through `__class_getitem__`; `type[...]` always may.
            if class.is_type(crate::objects::types().type_) {
                return crate::objects::generic_alias::new_alias(self, object, key);
            }
            if let Some(method) = self.get_attr_opt(object, &names().class_getitem)?
                && !self.is_none(&method)
            {
                return self.call1(&method, key);
            }
            return Err(self.type_error(format!("type '{}' is not subscriptable", class.tp_name())));
        }
        Err(self.type_error(format!("'{}' object is not subscriptable", ty.tp_name())))
    }
    /// `object[key] = value`, or `del` with `None`.
    #[inline]
    pub fn set_item(self, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
        let slots = object.ty().slots();
        if let Some(assign) = slots.mp_ass_subscript {
            return assign(self, object, key, value);
        }
        if let Some(assign) = slots.sq_ass_item {
            if key.ty().slots().nb_index.is_some() {
                let mut index = self.index_sized(key, exceptions().index_error)?;
                if index < 0
                    && let Some(length) = slots.sq_length
                {
                    index += length(self, object)? as isize;
                }
                return assign(self, object, index, value);
            }
            return Err(
                self.type_error(format!("sequence index must be integer, not '{}'", key.ty().tp_name()))
            );
        }
        let name = object.ty().tp_name();
        Err(self.type_error(match value {
            Some(_) => format!("'{name}' object does not support item assignment"),
            None => format!("'{name}' object doesn't support item deletion"),
        }))
    }
    /// `PySequence_GetItem`: by plain index.
    pub fn sequence_item(self, object: &Object, mut index: isize) -> PyResult {
        let slots = object.ty().slots();
        let Some(item) = slots.sq_item else {
            let name = object.ty().tp_name();
            return Err(self.type_error(match slots.mp_subscript {
                Some(_) => format!("{name} is not a sequence"),
                None => format!("'{name}' object does not support indexing"),
            }));
        };
        if index < 0
            && let Some(length) = slots.sq_length
        {
            index += length(self, object)? as isize;
        }
        item(self, object, index)
    }
    /// `item in object`.
    #[inline]
    pub fn contains(self, object: &Object, item: &Object) -> PyResult<bool> {
        match object.ty().slots().sq_contains {
            Some(contains) => contains(self, object, item),
            None => self.contains_by_iteration(object, item),
        }
    }
    /// `item in object` by walking its iterator (`_PySequence_IterSearch`).
    pub fn contains_by_iteration(self, object: &Object, item: &Object) -> PyResult<bool> {
        let iterator = match self.iter(object) {
            Ok(iterator) => iterator,
            Err(raised) if self.raised_is(&raised, exceptions().type_error) => {
                self.clear_exception(raised);
                return Err(
                    self.type_error(format!("argument of type '{}' is not iterable", object.ty().tp_name()))
                );
            }
            Err(raised) => return Err(raised),
        };
        while let Some(found) = self.next(&iterator)? {
            if self.equal(&found, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
    /// Calls `each` with the bytes of a bytes-like object; "a bytes-like object is required, not 'T'".
    pub fn with_bytes<R>(self, object: &Object, each: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
        if let Some(bytes) = object.downcast_exact::<crate::objects::bytes::BytesObject>() {
            return Ok(each(bytes.as_slice()));
        }
        let Some(slot) = object.ty().slots().as_bytes else {
            return Err(self.type_error(format_args!(
                "a bytes-like object is required, not '{}'",
                object.ty().tp_name()
            )));
        };
        let (mut each, mut result) = (Some(each), None);
        slot(self, object, &mut |bytes| {
            if let Some(each) = each.take() {
                result = Some(each(bytes));
            }
        })?;
        result.ok_or_else(|| self.system_error("the object showed no bytes"))
    }
    /// The items of a list or tuple as they are, of anything else by iterating
    /// (`PySequence_Fast`, `message` for what cannot be iterated).
    pub fn sequence_fast(self, object: &Object, message: &str) -> PyResult<Vec<Ref>> {
        if let Some(list) = object.downcast::<ListObject>() {
            return Ok(list.to_vec());
        }
        if let Some(tuple) = object.downcast::<TupleObject>() {
            return Ok(tuple.as_slice().to_vec());
        }
        let iterator = match self.iter(object) {
            Ok(iterator) => iterator,
            Err(raised) if self.raised_is(&raised, exceptions().type_error) => {
                self.clear_exception(raised);
                return Err(self.type_error(message));
            }
            Err(raised) => return Err(raised),
        };
        self.collect(&iterator)
    }
}
