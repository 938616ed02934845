//! Calling.

use crate::memory::{Object, Ref};
use crate::objects::{Args, PyResult, StrObject};
use crate::vm::Ctx;

impl Ctx {
    /// `callable(*args)`; "'T' object is not callable" otherwise. Counts native recursion.
    pub fn call(self, callable: &Object, args: &[Ref]) -> PyResult {
        self.call_args(callable, Args::positional(args))
    }
    pub fn call0(self, callable: &Object) -> PyResult {
        self.call_args(callable, Args::EMPTY)
    }
    pub fn call1(self, callable: &Object, arg: &Object) -> PyResult {
        use crate::memory::Layout;
        self.call(callable, &[arg.to_ref()])
    }
    /// The general call.
    pub fn call_args(self, callable: &Object, args: Args<'_>) -> PyResult {
        let _ = (callable, args);
        todo!("types helper")
    }
    /// `callable(*args, **kwargs)` from a tuple and a dict.
    pub fn call_tuple_dict(
        self,
        callable: &Object,
        args: &crate::objects::TupleObject,
        kwargs: Option<&crate::objects::DictObject>,
    ) -> PyResult {
        let _ = (callable, args, kwargs);
        todo!("types helper")
    }
    /// `object.name(*args)`, without a bound method where possible.
    pub fn call_method(self, object: &Object, name: &StrObject, args: &[Ref]) -> PyResult {
        let _ = (object, name, args);
        todo!("types helper")
    }
    /// Calls a special method found on the type; `None` when the type has none.
    pub fn call_special(self, object: &Object, name: &StrObject, args: &[Ref]) -> PyResult<Option<Ref>> {
        let _ = (object, name, args);
        todo!("types helper")
    }
}
