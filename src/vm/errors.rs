//! Raising, taking and clearing exceptions.

use std::fmt::Display;

use super::Ctx;
use crate::memory::{Object, Ref};
use crate::objects::exceptions::ExceptionObject;
use crate::objects::{PyResult, Raised, TypeObject, exceptions};

impl Ctx {
    /// Raises `ty(message)`. The instance is made only when somebody looks (as in CPython).
    #[cold]
    pub fn raise(self, ty: &TypeObject, message: impl Display) -> Raised {
        let _ = (ty, message.to_string());
        todo!("core")
    }

    /// Raises `ty` with one argument that is no message (`KeyError(key)`, `StopIteration(value)`).
    /// As `PyErr_SetObject`: a tuple is spread into several arguments, an instance of `ty` is
    /// raised itself.
    #[cold]
    pub fn raise_with(self, ty: &TypeObject, argument: Ref) -> Raised {
        let _ = (ty, argument);
        todo!("core")
    }

    /// Raises an exception instance.
    pub fn raise_instance(self, exception: Ref<ExceptionObject>) -> Raised {
        let _ = exception;
        todo!("core")
    }

    #[cold]
    pub fn type_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().type_error, message)
    }
    #[cold]
    pub fn value_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().value_error, message)
    }
    #[cold]
    pub fn index_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().index_error, message)
    }
    #[cold]
    pub fn overflow_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().overflow_error, message)
    }
    #[cold]
    pub fn zero_division_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().zero_division_error, message)
    }
    #[cold]
    pub fn runtime_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().runtime_error, message)
    }
    #[cold]
    pub fn system_error(self, message: impl Display) -> Raised {
        self.raise(exceptions().system_error, message)
    }
    #[cold]
    pub fn key_error(self, key: Ref) -> Raised {
        // A tuple key must not be spread.
        self.raise_with(exceptions().key_error, self.new_tuple(vec![key]).into_object())
    }
    /// `MemoryError` without a message.
    #[cold]
    pub fn memory_error(self) -> Raised {
        todo!("core")
    }
    /// `AttributeError` with `name` and `obj` set.
    #[cold]
    pub fn attribute_error(
        self,
        object: &Object,
        name: &crate::objects::StrObject,
        message: impl Display,
    ) -> Raised {
        let _ = (object, name, message.to_string());
        todo!("core")
    }
    /// The `AttributeError` of a failed generic lookup: "'T' object has no attribute 'name'".
    #[cold]
    pub fn no_attribute(self, object: &Object, name: &crate::objects::StrObject) -> Raised {
        let message =
            format!("'{}' object has no attribute '{}'", object.ty().tp_name(), name.to_string_lossy());
        self.attribute_error(object, name, message)
    }

    /// Whether the pending exception is an instance of `ty` (or derived).
    pub fn raised_is(self, raised: &Raised, ty: &TypeObject) -> bool {
        let _ = (raised, ty);
        todo!("core")
    }

    /// Takes the pending exception as a normalized instance; nothing is pending afterwards.
    pub fn take_exception(self, raised: Raised) -> Ref<ExceptionObject> {
        let _ = raised;
        todo!("core")
    }

    /// Swallows the pending exception.
    pub fn clear_exception(self, raised: Raised) {
        let _ = raised;
        todo!("core")
    }

    /// Turns a result into an option when the error is of type `ty`; passes other errors on.
    pub fn catch<T>(self, result: PyResult<T>, ty: &TypeObject) -> PyResult<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(raised) if self.raised_is(&raised, ty) => {
                self.clear_exception(raised);
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    /// Reports an exception that cannot be raised (`sys.unraisablehook`), and clears it.
    pub fn write_unraisable(self, raised: Raised, message: Option<&str>, object: Option<&Object>) {
        let _ = (raised, message, object);
        todo!("core")
    }

    /// Counts one more level of native recursion; `RecursionError` ("maximum recursion depth
    /// exceeded" + `place`, such as " while calling a Python object") past the limit.
    pub fn enter_recursion(self, place: &'static str) -> PyResult<RecursionGuard> {
        let _ = place;
        todo!("core")
    }

    /// Marks `object` as being printed on this thread; `None` when it already is (`Py_ReprEnter`).
    pub fn enter_repr(self, object: &Object) -> Option<ReprGuard> {
        let _ = object;
        todo!("core")
    }

    /// A warning through the `warnings` machinery; an error when it is turned into one.
    pub fn warn(self, category: &TypeObject, message: &str, stacklevel: usize) -> PyResult<()> {
        let _ = (category, message, stacklevel);
        todo!("core")
    }
}

/// Lowers the native recursion count when dropped.
pub struct RecursionGuard(());

impl Drop for RecursionGuard {
    fn drop(&mut self) {
        todo!("core")
    }
}

/// Ends the "being printed" mark when dropped.
pub struct ReprGuard {
    address: usize,
}

impl Drop for ReprGuard {
    fn drop(&mut self) {
        let _ = self.address;
        todo!("core")
    }
}
