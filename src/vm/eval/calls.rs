//! Calls from the loop: bound methods, spreading, natives, making functions.

use std::ptr::NonNull;

use super::regs::{Regs, release};
use crate::era::is_classic;
use crate::memory::{Layout, Object, Ref, incref};
use crate::objects::dict::DictObject;
use crate::objects::method::MethodObject;
use crate::objects::names as interned;
use crate::objects::{Args, PyResult, StrObject, TupleObject, exceptions, types};
use crate::vm::Ctx;
use crate::vm::call as frames;
use crate::vm::classic::frames as unseen_frames;
use crate::vm::code_object::Code;
use crate::vm::frame::Frame;
use crate::vm::function::{FunctionObject, new_function};

/// Caches behind `CALL`, in units.
const CALL_CACHES: usize = 4;

/// What a call turned out to be.
pub(super) enum Called {
    /// A Python function: its frame is entered, its first instruction is next.
    Entered,
    /// Something native: the result is on the stack.
    Done,
}

/// `CALL`: null or a callable, a callable or a receiver, and `given` arguments on the stack.
#[inline(always)]
pub(super) fn call(r: &mut Regs, cx: Ctx, given: u32) -> PyResult<Called> {
    let given = given as usize;
    let mut is_method = !r.raw(given + 2).is_null();
    if !is_method && r.peek(given + 1).is_exact(types().method) {
        open_method(r, given);
        is_method = true;
    }
    let total = given + usize::from(is_method);
    let names = r.take_kwnames();
    // In the classic era the caller keeps its arguments on the stack.
    if r.peek(total + 1).is_exact(types().function) && !is_classic() {
        enter_function(r, cx, total, is_method, names)?;
        return Ok(Called::Entered);
    }
    let unseen =
        is_classic().then(|| unseen_frames::begin_native(cx, r.peek(total + 1), total, names.is_some()));
    // SAFETY: `total` references lie above the callable; a slot with one is what `Ref` is too. They
    // stay on the stack, so that they can be seen there, until the call is over.
    let result = unsafe {
        let values = std::slice::from_raw_parts(r.slot(total).cast::<Ref>(), total);
        cx.call_args(r.peek(total + 1), Args::new(values, names))
    };
    if let Some(unseen) = unseen {
        unseen_frames::end_native(cx, unseen);
        // Last argument first, the function at the end.
        for _ in 0..=total {
            r.drop_top();
        }
        r.shrink(1 - usize::from(is_method));
    } else {
        // SAFETY: the stack owned callable and arguments, and gives them up here: callable first.
        unsafe {
            release(r.raw(total + 1));
            let args = r.slot(total);
            for i in 0..total {
                release(*args.add(i));
            }
        }
        r.shrink(given + 2);
    }
    r.push(result?);
    r.skip(CALL_CACHES);
    Ok(Called::Done)
}

/// The instruction that stands for what only the classic era has.
#[inline(always)]
pub(super) fn classic(r: &mut Regs, cx: Ctx, operation: u32) -> PyResult<()> {
    let frame = r.frame_ptr();
    // SAFETY: the frame is executing, and the pointer is that of its stack.
    r.with_pointer(|sp| unsafe { crate::vm::classic::operate(cx, frame, operation, sp) })
}

/// `PRINT_EXPR`: an expression statement at the prompt, `sys.displayhook(value)`.
#[inline(always)]
pub(super) fn print_expr(r: &mut Regs, cx: Ctx) -> PyResult<()> {
    let value = r.pop();
    let hook = cx.vm().sys_dict.get().and_then(|sys| sys.get_str(cx, &interned().displayhook));
    match hook {
        Some(hook) => cx.call1(&hook, &value).map(drop),
        None => Err(cx.runtime_error("lost sys.displayhook")),
    }
}

/// Pushes the frame of the function below `total` arguments, which move there, and enters it.
#[inline(always)]
fn enter_function(
    r: &mut Regs,
    cx: Ctx,
    total: usize,
    is_method: bool,
    names: Option<&TupleObject>,
) -> PyResult<()> {
    let args = r.slot(total);
    // SAFETY: the stack gives up the function and its arguments, whatever comes of the call; they
    // are not touched again through the stack.
    let new_frame = unsafe {
        let func: Ref<FunctionObject> = Ref::from_owned(NonNull::from(r.peek(total + 1)).cast());
        r.shrink(total + 2 - usize::from(is_method));
        let locals = if func.code().is_optimized() {
            std::ptr::null_mut()
        } else {
            func.globals.get().map_or(std::ptr::null_mut(), |g| g.into_object().into_raw().as_ptr())
        };
        let named = names.map_or(0, TupleObject::len);
        if named == 0 && frames::fits_exactly(&func, total) {
            frames::push_simple(cx, func, locals, args, total)
        } else {
            frames::push_frame(cx, func, locals, args, total - named, names)?
        }
    };
    r.skip(CALL_CACHES);
    r.mark_previous();
    r.save();
    // SAFETY: the frame was just made.
    unsafe { (*new_frame).previous = r.frame_ptr() };
    r.enter(new_frame);
    cx.vm().frame.set(new_frame);
    Ok(())
}

/// Opens a bound method on the stack into function and receiver.
#[inline(always)]
fn open_method(r: &mut Regs, given: usize) {
    // SAFETY: the callable is an exact method object, with nothing in the slot below.
    unsafe {
        let method = r.raw(given + 1);
        let bound = (*method).cast::<MethodObject>();
        let function = bound.function.as_raw().unwrap_unchecked();
        let receiver = bound.receiver.as_raw().unwrap_unchecked();
        incref(function);
        incref(receiver);
        r.set_raw(given + 1, receiver.as_ptr());
        r.set_raw(given + 2, function.as_ptr());
        release(method);
    }
}

/// `CALL_FUNCTION_EX`.
#[inline(always)]
pub(super) fn call_function_ex(r: &mut Regs, cx: Ctx, how: u32) -> PyResult<()> {
    let kwargs = r.pop_if(how & 1 != 0);
    let args = r.pop();
    let callable = r.pop();
    // The empty slot below the callable.
    r.shrink(1);
    let result = call_spread(cx, &callable, args, kwargs);
    drop(callable);
    r.push(result?);
    Ok(())
}

/// `MAKE_FUNCTION`: `parts` tells what lies on the stack below the code.
#[inline(always)]
pub(super) fn make_function(r: &mut Regs, cx: Ctx, parts: u32) -> PyResult<()> {
    let code = r.pop();
    let closure = r.pop_if(parts & 8 != 0);
    let annotations = r.pop_if(parts & 4 != 0);
    let kwdefaults = r.pop_if(parts & 2 != 0);
    let defaults = r.pop_if(parts & 1 != 0);
    let parts = FunctionParts { closure, annotations, kwdefaults, defaults };
    r.push(function_of(cx, r.frame(), code, parts)?);
    Ok(())
}

/// "module.qualname()" of a callable, for messages (`_PyObject_FunctionStr`).
fn function_text(cx: Ctx, callable: &Object) -> String {
    crate::objects::protocol::call::function_text(cx, callable)
}

/// `callable(*args, **kwargs)`.
fn call_spread(cx: Ctx, callable: &Object, args: Ref, kwargs: Option<Ref>) -> PyResult {
    let kwargs = match kwargs {
        None => None,
        Some(kwargs) if kwargs.is_exact(types().dict) => Some(kwargs),
        Some(mapping) => {
            let dict = cx.new_dict();
            merge_keywords(cx, callable, &dict, &mapping)?;
            Some(dict.into_object())
        }
    };
    let args = if args.is_exact(types().tuple) && !crate::era::is_classic() {
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
        if crate::era::is_classic() {
            // Python 2.7 keeps what was spread beside the tuple that it makes of it.
            let spread = if args.is_exact(types().tuple) { args } else { tuple.clone() };
            // SAFETY: `tuple` was just made; `kwargs` is a dict or absent.
            let result = unsafe {
                let kwargs = kwargs.as_ref().map(|k| k.cast::<DictObject>());
                cx.call_tuple_dict(callable, tuple.cast::<TupleObject>(), kwargs)
            };
            drop(tuple);
            drop(spread);
            return result;
        }
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
pub(super) fn merge_keywords(
    cx: Ctx,
    callable: &Object,
    dict: &DictObject,
    mapping: &Object,
) -> PyResult<()> {
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
struct FunctionParts {
    closure: Option<Ref>,
    annotations: Option<Ref>,
    kwdefaults: Option<Ref>,
    defaults: Option<Ref>,
}

fn function_of(cx: Ctx, frame: &Frame, code: Ref, parts: FunctionParts) -> PyResult {
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
