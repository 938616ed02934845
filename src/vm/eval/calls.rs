//! Calls from the loop: bound methods, spreading, natives, making functions.

use std::ptr::NonNull;

use crate::memory::{Layout, Object, Ref, decref, incref};
use crate::objects::dict::DictObject;
use crate::objects::method::MethodObject;
use crate::objects::{Args, PyResult, StrObject, TupleObject, exceptions, types};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::{Frame, Raw};
use crate::vm::function::{FunctionObject, new_function};

/// Opens a bound method on the stack into function and receiver.
///
/// # Safety
/// The stack holds null, an exact method object and `given` arguments.
#[inline(always)]
pub(super) unsafe fn open_method(sp: *mut Raw, given: usize) {
    // SAFETY: promised by the caller.
    unsafe {
        let place = sp.sub(given + 1);
        let method = *place;
        let bound = (*method).cast::<MethodObject>();
        let function = bound.function.as_raw().unwrap_unchecked();
        let receiver = bound.receiver.as_raw().unwrap_unchecked();
        incref(function);
        incref(receiver);
        *place = receiver.as_ptr();
        *place.sub(1) = function.as_ptr();
        decref(NonNull::new_unchecked(method));
    }
}

/// Calls anything that is not a plain Python function; arguments stay owned by the stack.
///
/// # Safety
/// `args` points to `total` owned, non-null references.
#[inline(always)]
pub(super) unsafe fn call_native(
    cx: Ctx,
    callable: &Object,
    args: *mut Raw,
    total: usize,
    names: Option<&TupleObject>,
) -> PyResult {
    // SAFETY: a slot is a non-null pointer here, which `Ref` is too.
    let values = unsafe { std::slice::from_raw_parts(args.cast::<Ref>(), total) };
    cx.call_args(callable, Args::new(values, names))
}

/// "module.qualname()" of a callable, for messages (`_PyObject_FunctionStr`).
pub(super) fn function_text(cx: Ctx, callable: &Object) -> String {
    crate::objects::protocol::call::function_text(cx, callable)
}

/// `callable(*args, **kwargs)`.
pub(super) fn call_spread(cx: Ctx, callable: &Object, args: Ref, kwargs: Option<Ref>) -> PyResult {
    let kwargs = match kwargs {
        None => None,
        Some(kwargs) if kwargs.is_exact(types().dict) => Some(kwargs),
        Some(mapping) => {
            let dict = cx.new_dict();
            dict_merge(cx, callable, &dict, &mapping)?;
            Some(dict.into_object())
        }
    };
    let args = if args.is_exact(types().tuple) {
        args
    } else {
        if args.ty().slots().iter.is_none() && args.ty().slots().sq_item.is_none() {
            return Err(cx.type_error(format_args!(
                "{} argument after * must be an iterable, not {}",
                function_text(cx, callable),
                args.ty().tp_name()
            )));
        }
        let items = cx.collect(&args)?;
        let tuple = cx.new_tuple(items).into_object();
        // What was spread is let go of before the call.
        drop(args);
        tuple
    };
    // SAFETY: made or checked as a tuple; `kwargs` as a dict.
    unsafe {
        let kwargs = kwargs.as_ref().map(|k| k.cast::<DictObject>());
        cx.call_tuple_dict(callable, args.cast::<TupleObject>(), kwargs)
    }
}

/// `**mapping` in a call: duplicates are errors.
pub(super) fn dict_merge(cx: Ctx, callable: &Object, dict: &DictObject, mapping: &Object) -> PyResult<()> {
    match dict.merge_unique(cx, mapping) {
        Ok(()) => Ok(()),
        Err(raised) if cx.raised_is(&raised, exceptions().attribute_error) => {
            cx.clear_exception(raised);
            Err(cx.type_error(format_args!(
                "{} argument after ** must be a mapping, not {}",
                function_text(cx, callable),
                mapping.ty().tp_name()
            )))
        }
        Err(raised) if cx.raised_is(&raised, exceptions().key_error) => {
            let fetched = cx.fetch(raised);
            let key = match &fetched.value {
                Some(value) => match value.downcast::<TupleObject>() {
                    Some(tuple) if tuple.len() == 1 => tuple.as_slice().first().cloned(),
                    _ => Some(value.clone()),
                },
                None => None,
            };
            match key {
                Some(key) if key.is_instance(types().str) => {
                    // SAFETY: just checked.
                    let text = unsafe { key.cast::<StrObject>() }.to_string_lossy();
                    Err(cx.type_error(format_args!(
                        "{} got multiple values for keyword argument '{text}'",
                        function_text(cx, callable)
                    )))
                }
                Some(_) => {
                    Err(cx
                        .type_error(format_args!("{} keywords must be strings", function_text(cx, callable))))
                }
                None => Err(cx.restore(fetched)),
            }
        }
        Err(raised) => Err(raised),
    }
}

/// What `MAKE_FUNCTION` finds on the stack besides the code.
pub(super) struct FunctionParts {
    pub closure: Option<Ref>,
    pub annotations: Option<Ref>,
    pub kwdefaults: Option<Ref>,
    pub defaults: Option<Ref>,
}

pub(super) fn make_function(cx: Ctx, frame: &Frame, code: Ref, parts: FunctionParts) -> PyResult {
    // SAFETY: the compiler pushes code, tuples and a dict, in that order of types.
    unsafe {
        let function: Ref<FunctionObject> =
            new_function(cx, code.cast_unchecked::<Code>(), frame.globals().to_ref())?;
        if let Some(closure) = parts.closure {
            function.closure.set(Some(closure.cast_unchecked()));
        }
        if let Some(annotations) = parts.annotations {
            function.annotations.set(Some(annotations));
        }
        if let Some(kwdefaults) = parts.kwdefaults {
            function.kwdefaults.set(Some(kwdefaults.cast_unchecked()));
        }
        if let Some(defaults) = parts.defaults {
            function.defaults.set(Some(defaults.cast_unchecked()));
        }
        Ok(function.into_object())
    }
}
