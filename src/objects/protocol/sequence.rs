//! Lengths, items, containment: sequences and mappings.

use crate::memory::{Object, Ref};
use crate::objects::PyResult;
use crate::objects::bytes::BytesObject;
use crate::vm::Ctx;

impl Ctx {
    /// `len(object)`.
    pub fn len(self, object: &Object) -> PyResult<usize> {
        let _ = object;
        todo!("types helper")
    }
    /// `object[key]`.
    pub fn get_item(self, object: &Object, key: &Object) -> PyResult {
        let _ = (object, key);
        todo!("types helper")
    }
    /// `object[key] = value`, or `del` with `None`.
    pub fn set_item(self, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
        let _ = (object, key, value);
        todo!("types helper")
    }
    /// `PySequence_GetItem`: by plain index.
    pub fn sequence_item(self, object: &Object, index: isize) -> PyResult {
        let _ = (object, index);
        todo!("types helper")
    }
    /// `item in object`.
    pub fn contains(self, object: &Object, item: &Object) -> PyResult<bool> {
        let _ = (object, item);
        todo!("types helper")
    }
    /// Calls `each` with the bytes of a bytes-like object; "a bytes-like object is required, not 'T'".
    pub fn with_bytes<R>(self, object: &Object, each: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
        if let Some(bytes) = object.downcast_exact::<BytesObject>() {
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
        let _ = (object, message);
        todo!("types helper")
    }
}
