//! What memory needs from above: one trait, implemented by the virtual machine.
//!
//! Memory never calls up otherwise. Finalizers, traverse and clear are slots of the type and need
//! no host. Until [`set_host`] is called, a host that does nothing stands in.

use super::gc::CollectResult;
use super::heap::HEAP;
use super::object::Object;

/// What runs around a collection and beside it.
pub trait Host {
    /// Calls `callback(weakref)`. An exception that it raises is reported as unraisable; one that
    /// is pending now is pending afterwards.
    fn call_weakref_callback(&self, callback: &Object, weakref: &Object);
    /// Calls each function in `gc.callbacks` with "start" or "stop" and the info dict.
    fn run_gc_callbacks(&self, phase: CallbackPhase, generation: usize, result: &CollectResult);
    /// Whether an exception is set: no automatic collection starts then.
    fn exception_pending(&self) -> bool;
    /// Reports the pending exception as unraisable, if there is one ("in garbage collection",
    /// "in tp_clear of" and the type).
    fn report_pending(&self, context: &str, about: Option<&Object>);
    /// Appends to `gc.garbage`; a failure is swallowed.
    fn append_garbage(&self, object: &Object);
    /// Forgets what is cached for speed only; the free lists of memory are cleared already.
    fn clear_caches(&self);
    /// A line of `gc.set_debug` output, without its newline, for `sys.stderr`.
    fn debug_line(&self, line: &str);
    /// The name of the object's type, as `tp_name` has it.
    fn type_name(&self, object: &Object) -> String;
    /// Classic era: whether the object has a finalizer that makes a cycle uncollectable.
    fn has_classic_finalizer(&self, _object: &Object) -> bool {
        false
    }
    /// Classic era: how many objects, seen by nobody here, Python 2.7 has beside this one: a generator's frame.
    fn unseen_beside(&self, _object: &Object) -> usize {
        0
    }
    /// Classic era: the class name of an old-style instance; `None` for anything else.
    fn classic_instance(&self, _object: &Object) -> Option<String> {
        None
    }
    /// Seconds of a clock that never goes back.
    fn clock(&self) -> f64;
    /// The memory limit was exceeded by an allocation that cannot fail: raise `MemoryError` at
    /// the next safepoint. Called once each time [`super::heap::limit_exceeded`] becomes true.
    fn memory_limit_exceeded(&self) {}
}

/// Which of the two calls to `gc.callbacks`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallbackPhase {
    Start,
    Stop,
}

impl CallbackPhase {
    /// The first argument of the callback.
    pub const fn name(self) -> &'static str {
        match self {
            CallbackPhase::Start => "start",
            CallbackPhase::Stop => "stop",
        }
    }
}

/// Installs the host; it stays until the heap is given up.
pub fn set_host(host: &'static dyn Host) {
    HEAP.host.set(Some(host));
}

/// The installed host, or one that does nothing.
#[inline]
pub(super) fn host() -> &'static dyn Host {
    HEAP.host.get().unwrap_or(&NoHost)
}

struct NoHost;

impl Host for NoHost {
    fn call_weakref_callback(&self, _: &Object, _: &Object) {}
    fn run_gc_callbacks(&self, _: CallbackPhase, _: usize, _: &CollectResult) {}
    fn exception_pending(&self) -> bool {
        false
    }
    fn report_pending(&self, _: &str, _: Option<&Object>) {}
    fn append_garbage(&self, _: &Object) {}
    fn clear_caches(&self) {}
    fn debug_line(&self, _: &str) {}
    fn type_name(&self, _: &Object) -> String {
        "object".to_owned()
    }
    fn clock(&self) -> f64 {
        0.0
    }
}
