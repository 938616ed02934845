//! `repr`, `str`, `ascii`, `format`, truth.

use crate::memory::{Object, Ref};
use crate::objects::{PyResult, StrObject, names, singletons};
use crate::vm::Ctx;

impl Ctx {
    /// `repr(object)`.
    pub fn repr(self, object: &Object) -> PyResult<Ref<StrObject>> {
        let Some(repr) = object.ty().slots().repr else {
            let text = format!("<{} object at {:#x}>", object.ty().tp_name(), object.address());
            return Ok(self.new_str(&text));
        };
        let _guard = self.enter_recursion(" while getting the repr of an object")?;
        self.text_result(repr(self, object)?, "__repr__")
    }
    /// `str(object)`.
    pub fn str(self, object: &Object) -> PyResult<Ref<StrObject>> {
        if let Some(text) = object.downcast_exact::<StrObject>() {
            use crate::memory::Layout;
            return Ok(text.to_ref());
        }
        let Some(str) = object.ty().slots().str else { return self.repr(object) };
        let _guard = self.enter_recursion(" while getting the str of an object")?;
        self.text_result(str(self, object)?, "__str__")
    }
    fn text_result(self, result: Ref, method: &str) -> PyResult<Ref<StrObject>> {
        result.downcast_ref::<StrObject>().map_err(|other| {
            self.type_error(format!("{method} returned non-string (type {})", other.ty().tp_name()))
        })
    }
    /// `ascii(object)`.
    pub fn ascii(self, object: &Object) -> PyResult<Ref<StrObject>> {
        use std::fmt::Write;
        let repr = self.repr(object)?;
        if repr.code_points().all(|point| point < 128) {
            return Ok(repr);
        }
        let mut text = String::with_capacity(repr.len() + 16);
        for point in repr.code_points() {
            // Writing to a `String` cannot fail.
            let _ = match point {
                0..128 => write!(text, "{}", point as u8 as char),
                128..=0xff => write!(text, "\\x{point:02x}"),
                0x100..=0xffff => write!(text, "\\u{point:04x}"),
                _ => write!(text, "\\U{point:08x}"),
            };
        }
        Ok(self.new_str(&text))
    }
    /// `format(object, spec)`.
    pub fn format(self, object: &Object, spec: &StrObject) -> PyResult<Ref<StrObject>> {
        use crate::memory::Layout;
        if spec.is_empty() {
            let types = crate::objects::types();
            if let Some(text) = object.downcast_exact::<StrObject>() {
                return Ok(text.to_ref());
            }
            if object.is_exact(types.int) {
                return self.str(object);
            }
        }
        let Some(method) = self.lookup_special(object, &names().format)? else {
            return Err(self.type_error(format!("Type {} doesn't define __format__", object.ty().tp_name())));
        };
        let result = self.call1(&method, spec.as_object())?;
        drop(method);
        result.downcast_ref::<StrObject>().map_err(|other| {
            self.type_error(format!("__format__ must return a str, not {}", other.ty().tp_name()))
        })
    }
    /// Truth of an object: `nb_bool`, then length, else true.
    #[inline]
    pub fn is_true(self, object: &Object) -> PyResult<bool> {
        if object.is(singletons::bool(true)) {
            return Ok(true);
        }
        if object.is(singletons::bool(false)) || object.is(singletons::none()) {
            return Ok(false);
        }
        let slots = object.ty().slots();
        if let Some(truth) = slots.nb_bool {
            truth(self, object)
        } else if let Some(length) = slots.mp_length.or(slots.sq_length) {
            Ok(length(self, object)? != 0)
        } else {
            Ok(true)
        }
    }
    /// `repr` as Rust text, surrogates replaced: for messages.
    pub fn repr_text(self, object: &Object) -> PyResult<String> {
        Ok(self.repr(object)?.to_string_lossy())
    }
}
