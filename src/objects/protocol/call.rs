//! Calling.

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{with_borrowed, with_first};
use crate::objects::{Args, PyResult, StrObject, TypeFlags};
use crate::vm::Ctx;

impl Ctx {
    /// `callable(*args)`; "'T' object is not callable" otherwise. Counts native recursion.
    #[inline]
    pub fn call(self, callable: &Object, args: &[Ref]) -> PyResult {
        self.call_args(callable, Args::positional(args))
    }
    #[inline]
    pub fn call0(self, callable: &Object) -> PyResult {
        self.call_args(callable, Args::EMPTY)
    }
    /// One argument, borrowed: the callee sees no other reference than its own.
    #[inline]
    pub fn call1(self, callable: &Object, arg: &Object) -> PyResult {
        with_borrowed([arg], |args| self.call(callable, args))
    }
    /// The general call.
    #[inline]
    pub fn call_args(self, callable: &Object, args: Args<'_>) -> PyResult {
        match callable.ty().slots().call {
            // Functions, methods and native functions count their own level.
            Some(call) if callable.ty().has_flag(TypeFlags::HAVE_VECTORCALL) => call(self, callable, args),
            Some(call) => {
                let _guard = self.enter_recursion(" while calling a Python object")?;
                call(self, callable, args)
            }
            None => Err(self.type_error(format!("'{}' object is not callable", callable.ty().tp_name()))),
        }
    }
    /// `callable(*args, **kwargs)` from a tuple and a dict.
    pub fn call_tuple_dict(
        self,
        callable: &Object,
        args: &crate::objects::TupleObject,
        kwargs: Option<&crate::objects::DictObject>,
    ) -> PyResult {
        let Some(kwargs) = kwargs.filter(|dict| !dict.is_empty()) else {
            return self.call(callable, args.as_slice());
        };
        let mut values = args.as_slice().to_vec();
        let mut names = Vec::with_capacity(kwargs.len());
        for (key, value) in kwargs.to_vec() {
            if key.downcast::<StrObject>().is_none() {
                return Err(self.type_error("keywords must be strings"));
            }
            names.push(key);
            values.push(value);
        }
        let names = self.new_tuple(names);
        self.call_args(callable, Args::new(&values, Some(&names)))
    }
    /// `callable(first, *args, **keywords)` without copying a reference.
    pub fn call_with_first(self, callable: &Object, first: &Object, args: Args<'_>) -> PyResult {
        with_first(first, args.all(), |all| self.call_args(callable, Args::new(all, args.names())))
    }
    /// `object.name(*args)`, without a bound method where possible.
    pub fn call_method(self, object: &Object, name: &StrObject, args: &[Ref]) -> PyResult {
        let (function, unbound) = self.get_method(object, name)?;
        if unbound {
            with_first(object, args, |all| self.call(&function, all))
        } else {
            self.call(&function, args)
        }
    }
    /// Calls a special method found on the type; `None` when the type has none.
    pub fn call_special(self, object: &Object, name: &StrObject, args: &[Ref]) -> PyResult<Option<Ref>> {
        let Some((function, unbound)) = self.lookup_maybe_method(object, name)? else {
            return Ok(None);
        };
        if unbound {
            with_first(object, args, |all| self.call(&function, all)).map(Some)
        } else {
            self.call(&function, args).map(Some)
        }
    }
    /// A special method looked up on the type: the function, and whether the object still has to
    /// be passed first (`lookup_maybe_method`). `None` when the type has none.
    #[inline]
    pub fn lookup_maybe_method(self, object: &Object, name: &StrObject) -> PyResult<Option<(Ref, bool)>> {
        let ty = object.ty();
        let Some(found) = self.type_lookup(ty, name) else { return Ok(None) };
        if found.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
            return Ok(Some((found, true)));
        }
        match found.ty().slots().descr_get {
            None => Ok(Some((found, false))),
            Some(get) => {
                let bound = get(self, &found, Some(object), Some(ty.as_object()))?;
                Ok(Some((bound, false)))
            }
        }
    }
}

/// A callable as messages name it (`_PyObject_FunctionStr`): `f()`, `mod.f()`; what has no
/// qualified name shows itself.
pub fn function_text(cx: Ctx, callable: &Object) -> String {
    let find = || -> PyResult<Option<String>> {
        let names = crate::objects::names();
        let Some(qualname) = cx.get_attr_opt(callable, &names.qualname)? else {
            return Ok(Some(cx.str(callable)?.to_string_lossy()));
        };
        let qualname = cx.str(&qualname)?.to_string_lossy();
        if let Some(module) = cx.get_attr_opt(callable, &names.module)?
            && let Some(module) = module.downcast::<StrObject>()
            && !module.eq_str("builtins")
        {
            return Ok(Some(format!("{}.{qualname}()", module.to_string_lossy())));
        }
        Ok(Some(format!("{qualname}()")))
    };
    match find() {
        Ok(text) => text.unwrap_or_default(),
        Err(raised) => {
            cx.clear_exception(raised);
            "function".to_string()
        }
    }
}
