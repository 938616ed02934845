//! Calling.

use std::ptr::NonNull;

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{with_borrowed, with_borrowed_slice, with_first};
use crate::objects::native::NativeFunctionObject;
use crate::objects::{Args, PyResult, StrObject, TypeFlags, TypeObject};
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
            Some(_) => self.with_argument_tuple(args, |args| self.call_held(callable, args)),
            None => Err(self.type_error(format!("'{}' object is not callable", callable.ty().tp_name()))),
        }
    }
    /// Runs `call` with the arguments held by a tuple and, where some are given by name, a dict, as
    /// CPython calls what has no vectorcall (`_PyObject_MakeTpCall`): the callee sees one reference
    /// more to each. A tuple that holds them already serves.
    #[inline]
    pub fn with_argument_tuple<R>(
        self,
        args: Args<'_>,
        call: impl FnOnce(Args<'_>) -> PyResult<R>,
    ) -> PyResult<R> {
        if args.all().is_empty() || args.tuple().is_some() {
            return call(args);
        }
        let held = self.tuple_from_slice(args.pos());
        let _hold = self.hold("the call (its arguments)", held.as_object());
        if !args.has_keywords() {
            return call(Args::positional(held.as_slice()).held_by(&held));
        }
        let dict = self.new_dict();
        for (name, value) in args.keywords() {
            dict.set(self, name.as_object(), value.clone())?;
        }
        let _hold = self.hold("the call (its keyword arguments)", dict.as_object());
        let all: Vec<&Object> = args.all().iter().map(|value| &**value).collect();
        with_borrowed_slice(&all, |all| call(Args::new(all, args.names()).held_by(&held)))
    }
    /// `callable(*args, **kwargs)` from a tuple and a dict.
    pub fn call_tuple_dict(
        self,
        callable: &Object,
        args: &crate::objects::TupleObject,
        kwargs: Option<&crate::objects::DictObject>,
    ) -> PyResult {
        let kwargs = kwargs.filter(|dict| !dict.is_empty());
        let is_direct = takes_tuple(callable);
        let Some(kwargs) = kwargs else {
            let values = Args::positional(args.as_slice());
            return match is_direct {
                true => self.call_held(callable, values.held_by(args)),
                false if is_varargs(callable) => self.call_args(callable, values.held_by(args)),
                false => self.call_args(callable, values),
            };
        };
        let mut names = Vec::with_capacity(kwargs.len());
        let mut values = Vec::with_capacity(kwargs.len());
        for (key, value) in kwargs.to_vec() {
            if key.downcast::<StrObject>().is_none() {
                return Err(self.type_error("keywords must be strings"));
            }
            names.push(key);
            values.push(value);
        }
        if is_direct {
            let names = crate::objects::tuple::Unseen::new(names);
            // Tuple and dict hold the arguments; no further references are taken.
            let mut all: Vec<&Object> = args.as_slice().iter().map(|arg| &**arg).collect();
            if kwargs.as_object().refcount() > 1 {
                all.extend(values.iter().map(|value| &**value));
                return with_borrowed_slice(&all, |all| {
                    self.call_held(callable, Args::new(all, Some(&names)).held_by(args))
                });
            }
            let borrowed: Vec<NonNull<Object>> = values.iter().map(Ref::as_raw).collect();
            drop(values);
            // SAFETY: the dict is the caller's alone and holds the values during the call.
            all.extend(borrowed.iter().map(|value| unsafe { value.as_ref() }));
            return with_borrowed_slice(&all, |all| {
                self.call_held(callable, Args::new(all, Some(&names)).held_by(args))
            });
        }
        if is_varargs(callable) {
            let names = crate::objects::tuple::Unseen::new(names);
            let mut all: Vec<&Object> = args.as_slice().iter().map(|arg| &**arg).collect();
            all.extend(values.iter().map(|value| &**value));
            return with_borrowed_slice(&all, |all| {
                self.call_args(callable, Args::new(all, Some(&names)).held_by(args))
            });
        }
        let names = self.new_tuple(names);
        let mut all = args.as_slice().to_vec();
        all.append(&mut values);
        self.call_args(callable, Args::new(&all, Some(&names)))
    }
    /// `callable(*args, **kwargs)` from a slice and a dict (`PyObject_VectorcallDict`).
    pub fn call_with_dict(
        self,
        callable: &Object,
        args: &[Ref],
        kwargs: Option<&crate::objects::DictObject>,
    ) -> PyResult {
        let Some(kwargs) = kwargs.filter(|dict| !dict.is_empty()) else { return self.call(callable, args) };
        if takes_tuple(callable) {
            return self.call_tuple_dict(callable, &self.tuple_from_slice(args), Some(kwargs));
        }
        let pairs = kwargs.to_vec();
        let names = self.new_tuple(pairs.iter().map(|(name, _)| name.clone()).collect());
        let all: Vec<Ref> = args.iter().cloned().chain(pairs.into_iter().map(|(_, value)| value)).collect();
        self.call_args(callable, Args::new(&all, Some(&names)))
    }
    /// Calls what has no vectorcall with arguments that a tuple holds already.
    fn call_held(self, callable: &Object, args: Args<'_>) -> PyResult {
        let _guard = self.enter_recursion(" while calling a Python object")?;
        match callable.ty().slots().call {
            Some(call) if call as usize == crate::objects::type_::call as *const () as usize => {
                crate::objects::type_::call_held(self, callable, args)
            }
            Some(call) => call(self, callable, args),
            None => Err(self.type_error(format!("'{}' object is not callable", callable.ty().tp_name()))),
        }
    }
    /// `callable(first, *args, **keywords)` without copying a reference.
    pub fn call_with_first(self, callable: &Object, first: &Object, args: Args<'_>) -> PyResult {
        with_first(first, args.all(), |all| self.call_args(callable, Args::new(all, args.names())))
    }
    /// `object.name(*args)`, without a bound method where possible.
    pub fn call_method(self, object: &Object, name: &StrObject, args: &[Ref]) -> PyResult {
        let (function, unbound) = self.get_method(object, name)?;
        let _hold = self.hold("the call of a method", &function);
        if unbound {
            with_first(object, args, |all| self.call(&function, all))
        } else {
            self.call(&function, args)
        }
    }
    /// Calls a special method found on the type and bound to the object; `None` when the type has none.
    pub fn call_special(self, object: &Object, name: &StrObject, args: &[Ref]) -> PyResult<Option<Ref>> {
        let Some(method) = self.lookup_special(object, name)? else {
            return Ok(None);
        };
        let _hold = self.hold("the call of a special method", &method);
        self.call(&method, args).map(Some)
    }
    /// As [`Ctx::call_special`] without a bound method where possible, as the slots of classes call.
    pub fn call_special_unbound(self, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
        let Some((function, unbound)) = self.lookup_maybe_method(object, name)? else {
            return Ok(None);
        };
        let _hold = self.hold("the call of a special method", &function);
        if unbound { self.call1(&function, object).map(Some) } else { self.call0(&function).map(Some) }
    }
    /// A special method looked up on the type: the function, and whether the object still has to
    /// be passed first (`lookup_maybe_method`). `None` when the type has none.
    #[inline]
    pub fn lookup_maybe_method(self, object: &Object, name: &StrObject) -> PyResult<Option<(Ref, bool)>> {
        let ty = object.ty();
        let Some(found) = self.type_lookup(ty, name) else { return Ok(None) };
        // Python 2.7 makes a method of it, which holds the object during the call.
        let is_function = crate::era::is_classic() && found.is_exact(crate::objects::types().function);
        if found.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) && !is_function {
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

/// Whether CPython hands a call's tuple to the callable as it is: everything without vectorcall,
/// most classes among them.
fn takes_tuple(callable: &Object) -> bool {
    match callable.downcast::<TypeObject>() {
        Some(ty) => !ty.has_flag(TypeFlags::VECTORCALL_TYPE),
        None => !callable.ty().has_flag(TypeFlags::HAVE_VECTORCALL),
    }
}

/// Whether it is a native function that wants its arguments in a tuple, which then is the caller's.
fn is_varargs(callable: &Object) -> bool {
    callable
        .downcast_exact::<NativeFunctionObject>()
        .is_some_and(|function| function.def.function.is_varargs())
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
