//! Raising, taking and clearing exceptions.
//!
//! A pending exception is a type, a value that need not be an instance yet, and a traceback: as
//! in CPython 3.11 the instance is made when somebody looks, or at once when another exception is
//! being handled (its context must be set).

use std::fmt::Display;

use super::Ctx;
use super::state::HandledException;
use crate::memory::{Layout, Object, Ref};
use crate::objects::exceptions::ExceptionObject;
use crate::objects::{PyResult, Raised, StrObject, TupleObject, TypeObject, exceptions};

/// A pending exception taken out of the state as it is (`PyErr_Fetch`).
pub struct Fetched {
    pub ty: Ref<TypeObject>,
    pub value: Option<Ref>,
    pub traceback: Option<Ref>,
}

impl Ctx {
    /// Raises `ty(message)`. The instance is made only when somebody looks (as in CPython).
    #[cold]
    pub fn raise(self, ty: &TypeObject, message: impl Display) -> Raised {
        let message = message.to_string();
        if crate::era::is_classic() {
            let text = self.new_str(&crate::objects::classic::words::of(&message));
            return self.raise_with(ty, text.into_object());
        }
        let text = self.new_str(&message);
        self.raise_with(ty, text.into_object())
    }

    /// Raises `ty` with one argument that is no message (`KeyError(key)`, `StopIteration(value)`).
    /// As `PyErr_SetObject`: a tuple is spread into several arguments, an instance of `ty` is
    /// raised itself.
    #[cold]
    pub fn raise_with(self, ty: &TypeObject, argument: Ref) -> Raised {
        self.set_pending(ty, Some(argument))
    }

    /// Raises `ty` without arguments (`PyErr_SetNone`).
    #[cold]
    pub fn raise_bare(self, ty: &TypeObject) -> Raised {
        self.set_pending(ty, None)
    }

    /// Raises an exception instance.
    pub fn raise_instance(self, exception: Ref<ExceptionObject>) -> Raised {
        let ty = exception.object.ty().to_ref();
        self.set_pending(&ty, Some(exception.into_object()))
    }

    fn set_pending(self, ty: &TypeObject, value: Option<Ref>) -> Raised {
        let mut ty = ty.to_ref();
        let mut value = value;
        if let Some(handled) = self.topmost_handled() {
            // Already inside an `except` or `finally`: the instance is needed for its context.
            let is_instance = value.as_ref().is_some_and(|v| v.is_instance(exceptions().base_exception));
            if !is_instance {
                self.drop_pending();
                match self.create_exception(&ty, value) {
                    Ok(made) => {
                        ty = made.object.ty().to_ref();
                        value = Some(made.into_object());
                    }
                    Err(raised) => return raised,
                }
            }
            let new = value.as_ref().expect("an instance was just made");
            if !new.is(&handled) {
                break_context_loop(&handled, new);
                // SAFETY: checked or made as an exception instance above.
                let exception = unsafe { new.cast::<ExceptionObject>() };
                exception.context.set(Some(handled));
            }
        }
        let traceback = value.as_ref().and_then(|v| v.downcast::<ExceptionObject>()?.traceback.get());
        self.restore(Fetched { ty, value, traceback })
    }

    /// Makes an instance of an exception type from a raw value (`_PyErr_CreateException`).
    fn create_exception(self, ty: &TypeObject, value: Option<Ref>) -> PyResult<Ref<ExceptionObject>> {
        let made = match value {
            None => self.call0(ty.as_object())?,
            Some(value) if self.is_none(&value) => self.call0(ty.as_object())?,
            Some(value) => match value.downcast::<TupleObject>() {
                Some(args) => self.call_tuple_dict(ty.as_object(), args, None)?,
                None => self.call(ty.as_object(), std::slice::from_ref(&value))?,
            },
        };
        made.downcast_ref::<ExceptionObject>().map_err(|made| {
            self.type_error(format_args!(
                "calling {} should have returned an instance of BaseException, not {}",
                self.repr_text(ty.as_object()).unwrap_or_default(),
                made.ty().tp_name()
            ))
        })
    }

    /// The exception being handled, if any (`_PyErr_GetTopmostException`).
    pub fn topmost_handled(self) -> Option<Ref> {
        let mut item = self.vm().handled.get();
        loop {
            // SAFETY: items form a list from the innermost running generator to the thread's own,
            // each alive as long as it is linked.
            let handled: &HandledException = unsafe { &*item };
            match handled.value.peek() {
                Some(value) if !self.is_none(value) => return Some(value.to_ref()),
                _ => {}
            }
            if handled.previous.get().is_null() {
                return None;
            }
            item = handled.previous.get();
        }
    }

    /// Whether an exception is pending (`PyErr_Occurred`).
    #[inline]
    pub fn is_pending(self) -> bool {
        !self.vm().pending_type.is_empty()
    }

    /// Makes a fetched exception pending again, dropping what was pending (`PyErr_Restore`).
    pub fn restore(self, fetched: Fetched) -> Raised {
        let vm = self.vm();
        let old_type = vm.pending_type.replace(Some(fetched.ty));
        let old_value = vm.pending_value.replace(fetched.value);
        let old_traceback = vm.pending_traceback.replace(fetched.traceback);
        drop(old_type);
        drop(old_value);
        drop(old_traceback);
        Raised::new()
    }

    /// Takes the pending exception as it is.
    pub fn fetch(self, raised: Raised) -> Fetched {
        let Raised { .. } = raised;
        self.fetch_pending().unwrap_or_else(|| Fetched {
            ty: exceptions().system_error.to_ref(),
            value: Some(self.new_str("error return without exception set").into_object()),
            traceback: None,
        })
    }

    /// Takes whatever is pending, for code that must run with nothing pending (finalizers).
    pub fn fetch_pending(self) -> Option<Fetched> {
        let vm = self.vm();
        let ty = vm.pending_type.take()?;
        Some(Fetched { ty, value: vm.pending_value.take(), traceback: vm.pending_traceback.take() })
    }

    fn drop_pending(self) {
        drop(self.fetch_pending());
    }

    /// Makes sure that a fetched exception's value is an instance of its type
    /// (`PyErr_NormalizeException`).
    pub fn normalize(self, fetched: Fetched) -> Fetched {
        // Making the instance of a RecursionError may go beyond the limit.
        let headroom = &self.vm().recursion_headroom;
        headroom.set(headroom.get() + 1);
        let normalized = self.normalize_within_headroom(fetched);
        headroom.set(headroom.get() - 1);
        normalized
    }

    fn normalize_within_headroom(self, mut fetched: Fetched) -> Fetched {
        for _ in 0..32 {
            let subject = match &fetched.value {
                Some(value) if value.is_instance(exceptions().base_exception) => Some(value.ty().to_ref()),
                _ => None,
            };
            match subject {
                Some(actual) if actual.is_subtype(&fetched.ty) => {
                    fetched.ty = actual;
                    return fetched;
                }
                _ => {
                    let value = fetched.value.take();
                    match self.create_exception(&fetched.ty, value) {
                        Ok(made) => {
                            fetched.ty = made.object.ty().to_ref();
                            fetched.value = Some(made.into_object());
                            return fetched;
                        }
                        Err(raised) => {
                            let traceback = fetched.traceback.take();
                            fetched = self.fetch(raised);
                            if fetched.traceback.is_none() {
                                fetched.traceback = traceback;
                            }
                        }
                    }
                }
            }
        }
        fetched.value = self.vm().spare_memory_error.get();
        fetched
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
        // A tuple key must not be spread, nor `None` taken for no argument.
        let argument = crate::objects::tuple::of1(key).into_object();
        self.raise_with(exceptions().key_error, argument)
    }
    /// `MemoryError` without a message.
    #[cold]
    pub fn memory_error(self) -> Raised {
        self.raise_bare(exceptions().memory_error)
    }

    /// `AttributeError` with `name` and `obj` set.
    #[cold]
    pub fn attribute_error(self, object: &Object, name: &StrObject, message: impl Display) -> Raised {
        let raised = self.raise(exceptions().attribute_error, message);
        self.set_attribute_error_context(&raised, object, name);
        raised
    }

    /// Fills `name` and `obj` of a pending AttributeError that has neither.
    pub fn set_attribute_error_context(self, raised: &Raised, object: &Object, name: &StrObject) {
        // In the classic era an error holds nothing but its arguments.
        if crate::era::is_classic() || !self.raised_is(raised, exceptions().attribute_error) {
            return;
        }
        let Some(fetched) = self.fetch_pending() else { return };
        let fetched = self.normalize(fetched);
        if let Some(value) = &fetched.value
            && value.is_instance(exceptions().attribute_error)
        {
            crate::objects::exceptions::set_attribute_context(value, object, name);
        }
        let _ = self.restore(fetched);
    }

    /// `NameError` with `name` set.
    #[cold]
    pub fn name_error(self, ty: &TypeObject, name: &StrObject, message: impl Display) -> Raised {
        let raised = self.raise(ty, message);
        if crate::era::is_classic() {
            return raised;
        }
        let fetched = self.normalize(self.fetch(raised));
        if let Some(value) = &fetched.value
            && value.is_instance(exceptions().name_error)
        {
            crate::objects::exceptions::set_name_context(value, name);
        }
        self.restore(fetched)
    }

    /// The `AttributeError` of a failed generic lookup: "'T' object has no attribute 'name'".
    #[cold]
    pub fn no_attribute(self, object: &Object, name: &StrObject) -> Raised {
        let message =
            format!("'{}' object has no attribute '{}'", object.ty().tp_name(), name.to_string_lossy());
        self.attribute_error(object, name, message)
    }

    /// Whether the pending exception is an instance of `ty` (or derived).
    pub fn raised_is(self, raised: &Raised, ty: &TypeObject) -> bool {
        let _ = raised;
        self.vm().pending_type.peek().is_some_and(|pending| pending.is_subtype(ty))
    }

    /// Takes the pending exception as a normalized instance with its traceback; nothing is pending
    /// afterwards.
    pub fn take_exception(self, raised: Raised) -> Ref<ExceptionObject> {
        let fetched = self.normalize(self.fetch(raised));
        let exception = fetched
            .value
            .and_then(|value| value.downcast_ref::<ExceptionObject>().ok())
            .expect("normalizing gives an instance");
        if let Some(traceback) = fetched.traceback {
            exception.traceback.set(Some(traceback));
        }
        exception
    }

    /// Swallows the pending exception.
    pub fn clear_exception(self, raised: Raised) {
        let Raised { .. } = raised;
        self.drop_pending();
    }

    /// The token for an exception that is already pending.
    pub(crate) fn raised(self) -> Raised {
        debug_assert!(self.is_pending());
        Raised::new()
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

    /// Runs `body` with nothing pending and puts what was pending back afterwards.
    pub fn with_exception_saved<R>(self, body: impl FnOnce() -> R) -> R {
        let saved = self.fetch_pending();
        let result = body();
        if let Some(saved) = saved {
            let _ = self.restore(saved);
        }
        result
    }

    /// Counts one more level of native recursion; `RecursionError` ("maximum recursion depth
    /// exceeded" + `place`, such as " while calling a Python object") past the limit.
    #[inline]
    pub fn enter_recursion(self, place: &'static str) -> PyResult<RecursionGuard> {
        self.count_recursion(place)?;
        Ok(RecursionGuard(self))
    }

    /// As [`Ctx::enter_recursion`] without a guard: the caller adds one back.
    #[inline(always)]
    pub(crate) fn count_recursion(self, place: &'static str) -> PyResult<()> {
        let vm = self.vm();
        let left = vm.recursion_remaining.get() - 1;
        vm.recursion_remaining.set(left);
        let here = &raw const left as usize;
        if left < 0 || here < vm.native_stack_limit.get() {
            return self.recursion_exceeded(place);
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn recursion_exceeded(self, place: &'static str) -> PyResult<()> {
        let vm = self.vm();
        let here = &raw const place as usize;
        let native = here < vm.native_stack_limit.get();
        if vm.recursion_headroom.get() > 0 {
            // Handling an overflow already: some room is left for that, then nothing helps.
            if vm.recursion_remaining.get() >= -50 && !native {
                return Ok(());
            }
        } else if vm.recursion_remaining.get() >= 0 && !native {
            return Ok(());
        }
        vm.recursion_headroom.set(vm.recursion_headroom.get() + 1);
        let message = format!("maximum recursion depth exceeded{place}");
        let saved_limit = vm.native_stack_limit.replace(0);
        let ty =
            if crate::era::is_classic() { exceptions().runtime_error } else { exceptions().recursion_error };
        let raised = self.raise(ty, message);
        vm.native_stack_limit.set(saved_limit);
        vm.recursion_headroom.set(vm.recursion_headroom.get() - 1);
        vm.recursion_remaining.set(vm.recursion_remaining.get() + 1);
        Err(raised)
    }

    #[inline(always)]
    pub(crate) fn leave_recursion(self) {
        let remaining = &self.vm().recursion_remaining;
        remaining.set(remaining.get() + 1);
    }

    /// Marks `object` as being printed on this thread; `None` when it already is (`Py_ReprEnter`).
    pub fn enter_repr(self, object: &Object) -> Option<ReprGuard> {
        let address = object.address();
        let mut printing = self.vm().printing.borrow_mut();
        if printing.contains(&address) {
            return None;
        }
        printing.push(address);
        Some(ReprGuard { cx: self, address })
    }
}

/// `handled` becomes the context of `new`: if `new` is already somewhere in that chain, the chain
/// is cut there, so that it stays free of loops.
fn break_context_loop(handled: &Object, new: &Object) {
    let mut at = handled.to_ref();
    let mut slow = at.clone();
    let mut step = false;
    loop {
        // SAFETY: only exception instances are handled or stored as context.
        let next = unsafe { at.cast::<ExceptionObject>() }.context.get();
        let Some(context) = next else { return };
        if context.is(new) {
            // SAFETY: as above.
            unsafe { at.cast::<ExceptionObject>() }.context.set(None);
            return;
        }
        at = context;
        if step {
            // SAFETY: as above.
            match unsafe { slow.cast::<ExceptionObject>() }.context.get() {
                Some(next) => slow = next,
                None => return,
            }
            if slow.is(&at) {
                return;
            }
        }
        step = !step;
    }
}

/// Lowers the native recursion count when dropped.
pub struct RecursionGuard(Ctx);

impl Drop for RecursionGuard {
    #[inline]
    fn drop(&mut self) {
        self.0.leave_recursion();
    }
}

/// Ends the "being printed" mark when dropped.
pub struct ReprGuard {
    cx: Ctx,
    address: usize,
}

impl Drop for ReprGuard {
    fn drop(&mut self) {
        let mut printing = self.cx.vm().printing.borrow_mut();
        if let Some(index) = printing.iter().rposition(|&a| a == self.address) {
            printing.remove(index);
        }
    }
}
