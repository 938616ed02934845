//! Iteration over any object.

use crate::memory::{Object, Ref};
use crate::objects::{IntObject, ListObject, PyResult, TupleObject, exceptions, names};
use crate::vm::Ctx;

/// `tp_iternext` of a class whose `__next__` is missing: it makes the object no iterator
/// (`_PyObject_NextNotImplemented`).
pub fn next_not_implemented(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    Err(cx.type_error(format!("'{}' object is not iterable", object.ty().tp_name())))
}

impl Ctx {
    /// Whether the object can be advanced (`PyIter_Check`).
    pub fn is_iterator(self, object: &Object) -> bool {
        object
            .ty()
            .slots()
            .iternext
            .is_some_and(|next| next as usize != next_not_implemented as *const () as usize)
    }
    /// Whether old-style iteration by index works (`PySequence_Check`).
    pub fn is_sequence(self, object: &Object) -> bool {
        !object.ty().has_flag(crate::objects::TypeFlags::DICT_SUBCLASS)
            && object.ty().slots().sq_item.is_some()
    }
    /// `iter(object)`; "'T' object is not iterable" otherwise.
    pub fn iter(self, object: &Object) -> PyResult {
        let Some(iter) = object.ty().slots().iter else {
            if self.is_sequence(object) {
                return crate::objects::iterators::new_sequence_iterator(self, object);
            }
            return Err(self.type_error(format!("'{}' object is not iterable", object.ty().tp_name())));
        };
        let iterator = iter(self, object)?;
        if !self.is_iterator(&iterator) {
            return Err(self
                .type_error(format!("iter() returned non-iterator of type '{}'", iterator.ty().tp_name())));
        }
        Ok(iterator)
    }
    /// The next item, `None` at the end (a raised StopIteration is swallowed: `PyIter_Next`).
    #[inline]
    pub fn next(self, iterator: &Object) -> PyResult<Option<Ref>> {
        let Some(next) = iterator.ty().slots().iternext else {
            return Err(self.type_error(format!("'{}' object is not an iterator", iterator.ty().tp_name())));
        };
        match next(self, iterator) {
            Ok(item) => Ok(item),
            Err(raised) if self.raised_is(&raised, exceptions().stop_iteration) => {
                self.clear_exception(raised);
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }
    /// All items of an iterable (`PySequence_List` as a vector).
    pub fn collect(self, iterable: &Object) -> PyResult<Vec<Ref>> {
        if let Some(list) = iterable.downcast_exact::<ListObject>() {
            return Ok(list.to_vec());
        }
        if let Some(tuple) = iterable.downcast_exact::<TupleObject>() {
            return Ok(tuple.as_slice().to_vec());
        }
        let iterator = self.iter(iterable)?;
        let hint = self.length_hint(iterable, 8)?;
        let mut items = Vec::with_capacity(hint.min(1 << 16));
        while let Some(item) = self.next(&iterator)? {
            items.push(item);
        }
        Ok(items)
    }
    /// `operator.length_hint(object, default)`.
    pub fn length_hint(self, object: &Object, default: usize) -> PyResult<usize> {
        let slots = object.ty().slots();
        if let Some(length) = slots.sq_length.or(slots.mp_length) {
            match length(self, object) {
                Ok(length) => return Ok(length),
                Err(raised)
                    if self.raised_is(&raised, exceptions().type_error)
                        || (crate::era::is_classic()
                            && self.raised_is(&raised, exceptions().attribute_error)) =>
                {
                    self.clear_exception(raised);
                }
                Err(raised) => return Err(raised),
            }
        }
        let Some(hint) = self.lookup_special(object, &names().length_hint)? else { return Ok(default) };
        let result = match self.call0(&hint) {
            Ok(result) => result,
            Err(raised) if self.raised_is(&raised, exceptions().type_error) => {
                self.clear_exception(raised);
                return Ok(default);
            }
            Err(raised) => return Err(raised),
        };
        if self.is_not_implemented(&result) {
            return Ok(default);
        }
        if result.downcast::<IntObject>().is_none() {
            return Err(
                self.type_error(format!("__length_hint__ must be an integer, not {}", result.ty().tp_name()))
            );
        }
        let length = self.index_sized(&result, exceptions().overflow_error)?;
        usize::try_from(length).map_err(|_| self.value_error("__length_hint__() should return >= 0"))
    }
}
