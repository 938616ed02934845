//! Looking into objects from outside, without counting: for [`crate::inspect`].

use super::dict::DictObject;
use super::dict::raw::Keys;
use super::set::SetObject;
use super::str::StrObject;
use super::{TypeFlags, TypeObject};
use crate::memory::{Layout, Object};

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
    /// The key with this number, borrowed from the table.
    pub fn key_object<'a>(self, index: usize) -> Option<&'a Object> {
        if index >= self.nentries() {
            return None;
        }
        // SAFETY: null or a key that the table owns; the borrow is not kept over a change of the table.
        unsafe { self.key(index).as_ref() }
    }

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

/// Shows every object that native code keeps in statics, once for each reference, with a name.
pub fn each_static(each: &mut dyn FnMut(&str, &Object)) {
    super::int::for_each_shared(&mut |object| each("the table of small integers", object));
    super::str::raw::for_each_shared(&mut |object| each("the table of one-character strings", object));
    super::bytes::for_each_shared(&mut |object| each("the table of short bytes", object));
    super::tuple::for_each_shared(&mut |object| each("the empty tuple's place", object));
    super::singletons::each_shared(&mut |object| each("the interpreter (singletons)", object));
    super::names().each(&mut |object| each("the interpreter (well-known names)", object));
    for name in super::type_::update::slot_names() {
        each("the interpreter (names of slots)", name.as_object());
    }
}

/// The object as a set, if it is one or a frozenset.
pub fn as_set(object: &Object) -> Option<&SetObject> {
    let is_set = object.is_instance(super::types().set) || object.is_instance(super::types().frozenset);
    // SAFETY: both types and their subclasses have this layout.
    is_set.then(|| unsafe { object.cast::<SetObject>() })
}
