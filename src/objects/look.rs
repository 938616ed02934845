//! Looking into objects from outside, without counting: for [`crate::inspect`].

use super::dict::DictObject;
use super::dict::raw::Keys;
use super::str::StrObject;
use super::{TypeFlags, TypeObject};
use crate::memory::Object;

impl DictObject {
    /// Shows every entry in order, borrowed. `each` must not change the dict.
    pub fn for_each_entry(&self, each: &mut dyn FnMut(&Object, &Object)) {
        let mut position = 0;
        while let Some((key, value, _)) = self.next_raw(&mut position) {
            // SAFETY: the dict owns both, and nothing changes it meanwhile.
            unsafe { each(key.as_ref(), value.as_ref()) };
        }
    }
}

impl Keys {
    /// The text of the key with this number; empty if there is none or it is no text.
    pub fn key_text(self, index: usize) -> String {
        if index >= self.nentries() {
            return String::new();
        }
        // SAFETY: null or a key that the table owns.
        match unsafe { self.key(index).as_ref() }.and_then(|key| key.downcast::<StrObject>()) {
            Some(text) => text.to_string_lossy(),
            None => String::new(),
        }
    }
}

/// The object as a class, if it is one.
pub fn as_class(object: &Object) -> Option<&TypeObject> {
    // SAFETY: the flag is set on `type` and its subclasses, whose instances are type objects.
    object.ty().has_flag(TypeFlags::TYPE_SUBCLASS).then(|| unsafe { object.cast::<TypeObject>() })
}
