//! What `sys.exc_info()` remembers in Python 2.7: the exception that a handler caught last, until the function that
//! caught it returns, `sys.exc_clear()` is called, or another one is caught.
//!
//! An exception carries no traceback of its own while it is handled: type, value and traceback are kept side by side,
//! here and in `sys.exc_type`, `sys.exc_value` and `sys.exc_traceback`. The modern list of handled exceptions stays
//! empty, so that nothing gets a context.

use std::cell::RefCell;

use crate::memory::{Layout as _, Object, Ref, Slot};
use crate::objects::exceptions::ExceptionObject;
use crate::vm::Ctx;
use crate::vm::errors::Fetched;
use crate::vm::frame::Frame;
use crate::vm::traceback::TracebackObject;

/// Type, value and traceback.
pub struct Triple {
    pub ty: Slot,
    pub value: Slot,
    pub traceback: Slot,
}

impl Triple {
    const fn empty() -> Triple {
        Triple { ty: Slot::empty(), value: Slot::empty(), traceback: Slot::empty() }
    }
}

/// The state of one thread.
pub struct Handled {
    current: Triple,
    /// What was there before a frame caught its first exception, for each such frame, outermost first.
    saved: RefCell<Vec<(*mut Frame, Option<Ref>, Option<Ref>, Option<Ref>)>>,
}

impl Handled {
    pub const fn new() -> Handled {
        Handled { current: Triple::empty(), saved: RefCell::new(Vec::new()) }
    }
}

impl Default for Handled {
    fn default() -> Self {
        Handled::new()
    }
}

fn set(cx: Ctx, ty: Option<Ref>, value: Option<Ref>, traceback: Option<Ref>) {
    let current = &cx.vm().classic.current;
    let old = (
        current.ty.replace(ty.clone()),
        current.value.replace(value.clone()),
        current.traceback.replace(traceback.clone()),
    );
    drop(old);
    let Some(sys) = cx.vm().sys_dict.get() else { return };
    // What there was nothing of before is not there afterwards, except for the type.
    let ty = Some(ty.unwrap_or_else(|| cx.none()));
    for (name, item) in [("exc_type", ty), ("exc_value", value), ("exc_traceback", traceback)] {
        let name = cx.intern(name);
        let result = match item {
            Some(item) => sys.set_str(cx, &name, item),
            None => sys.remove(cx, name.as_object()).map(drop),
        };
        if let Err(raised) = result {
            cx.clear_exception(raised);
        }
    }
}

/// The traceback of an exception that a `finally` holds up; it no longer carries it.
pub fn set_aside(cx: Ctx, exception: &Object) -> Ref {
    let traceback = exception.downcast::<ExceptionObject>().and_then(|exception| exception.traceback.take());
    traceback.unwrap_or_else(|| cx.none())
}

/// A handler of `frame` begins with this exception; gives its traceback, which it no longer carries.
pub fn catch(cx: Ctx, frame: *mut Frame, exception: &Object) -> Ref {
    let traceback = set_aside(cx, exception);
    let vm = cx.vm();
    let current = &vm.classic.current;
    let is_first = vm.classic.saved.borrow().last().is_none_or(|(owner, ..)| *owner != frame);
    if is_first {
        let before = (frame, current.ty.get(), current.value.get(), current.traceback.get());
        vm.classic.saved.borrow_mut().push(before);
    }
    set(cx, Some(exception.ty().to_object()), Some(exception.to_ref()), Some(traceback.clone()));
    traceback
}

/// A frame is left: what was remembered before it caught anything is remembered again.
pub fn leave(cx: Ctx, frame: *mut Frame) {
    let vm = cx.vm();
    let is_mine = vm.classic.saved.borrow().last().is_some_and(|(owner, ..)| *owner == frame);
    if !is_mine {
        return;
    }
    let Some((_, ty, value, traceback)) = vm.classic.saved.borrow_mut().pop() else { return };
    cx.with_exception_saved(|| set(cx, ty, value, traceback));
}

/// `sys.exc_clear()`.
pub fn clear(cx: Ctx) {
    set(cx, None, None, None);
    if let Some(sys) = cx.vm().sys_dict.get() {
        for name in ["exc_value", "exc_traceback"] {
            if let Err(raised) = sys.set_str(cx, &cx.intern(name), cx.none()) {
                cx.clear_exception(raised);
            }
        }
    }
}

/// `sys.exc_info()`.
pub fn info(cx: Ctx) -> [Ref; 3] {
    let current = &cx.vm().classic.current;
    [&current.ty, &current.value, &current.traceback].map(|slot| slot.get().unwrap_or_else(|| cx.none()))
}

/// The end of a handler that passes its exception on: raises it again with its traceback, which lies under it on the
/// stack while no other code has had it.
pub fn pass_on(cx: Ctx, exception: Ref, below: Option<&Object>) {
    let carried = exception.downcast::<ExceptionObject>().and_then(|exception| exception.traceback.take());
    let kept = below.filter(|below| below.is_instance(crate::objects::types().traceback)).map(Object::to_ref);
    raise_with(cx, exception, kept.or(carried));
}

fn raise_with(cx: Ctx, exception: Ref, traceback: Option<Ref>) {
    let ty = exception.ty().to_ref();
    let _ = cx.restore(Fetched { ty, value: Some(exception), traceback });
}

/// `raise` alone. True when the exception has a traceback, to which nothing is added here.
pub fn reraise(cx: Ctx) -> bool {
    let current = &cx.vm().classic.current;
    let Some(exception) = current.value.get() else {
        let _ =
            cx.type_error("exceptions must be old-style classes or derived from BaseException, not NoneType");
        return false;
    };
    let traceback = current.traceback.get();
    let is_traced = traceback.as_ref().is_some_and(|t| t.downcast::<TracebackObject>().is_some());
    raise_with(cx, exception, traceback);
    is_traced
}

/// Raises an instance that `raise` has prepared. True when it came with a traceback.
pub fn raise_prepared(cx: Ctx, exception: Ref) -> bool {
    let traceback = exception.downcast::<ExceptionObject>().and_then(|exception| exception.traceback.take());
    let is_traced = traceback.is_some();
    raise_with(cx, exception, traceback);
    is_traced
}

/// Shows every reference held here, with a name.
pub fn each_root(each: &mut dyn FnMut(&str, &Object)) {
    // SAFETY: roots are asked for on the engine thread of a live interpreter.
    let cx = unsafe { Ctx::current() };
    let classic = &cx.vm().classic;
    for slot in [&classic.current.ty, &classic.current.value, &classic.current.traceback] {
        if let Some(object) = slot.peek() {
            each("sys.exc_info()", object);
        }
    }
    for (_, ty, value, traceback) in classic.saved.borrow().iter() {
        for object in [ty, value, traceback].into_iter().flatten() {
            each("an outer sys.exc_info()", object);
        }
    }
}
