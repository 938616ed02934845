//! What the collector needs from above: callbacks, garbage list, reports.

use std::sync::OnceLock;
use std::time::Instant;

use super::Ctx;
use super::state::{raise_signal, signal};
use crate::memory::gc::CollectResult;
use crate::memory::host::{CallbackPhase, Host};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::args::with_borrowed;
use crate::objects::{ListObject, PyResult};

/// The interpreter as memory sees it.
pub struct VmHost;

/// Installs the host; right after the interpreter's state exists.
pub fn install() {
    crate::memory::host::set_host(&VmHost);
}

fn cx() -> Ctx {
    // SAFETY: memory calls its host on the thread that owns the heap, while the interpreter is alive.
    unsafe { Ctx::current() }
}

/// A list that `gc` shows and the collector uses: "gc.callbacks", "gc.garbage". It stays the
/// collector's when a program binds the name in `gc` to something else.
pub fn gc_list(cx: Ctx, name: &'static str) -> PyResult<Ref<ListObject>> {
    if let Some(list) = cx.named_root(name)
        && let Ok(list) = list.downcast_ref::<ListObject>()
    {
        return Ok(list);
    }
    let list = cx.new_list(Vec::new())?;
    cx.set_named_root(name, Some(list.to_object()));
    Ok(list)
}

impl Host for VmHost {
    fn call_weakref_callback(&self, callback: &Object, weakref: &Object) {
        let cx = cx();
        cx.with_exception_saved(|| {
            if let Err(raised) = cx.call1(callback, weakref) {
                cx.write_unraisable(raised, None, Some(callback));
            }
        });
    }

    fn run_gc_callbacks(&self, phase: CallbackPhase, generation: usize, result: &CollectResult) {
        let cx = cx();
        let found = cx.named_root("gc.callbacks");
        let Some(callbacks) = found.and_then(|list| list.downcast_ref::<ListObject>().ok()) else { return };
        if callbacks.is_empty() {
            return;
        }
        cx.with_exception_saved(|| {
            let info = match callback_info(cx, generation, result) {
                Ok(info) => info,
                Err(raised) => return cx.write_unraisable(raised, None, None),
            };
            let phase = cx.new_str(phase.name()).into_object();
            let mut index = 0;
            while let Some(callback) = callbacks.get(index) {
                if let Err(raised) = with_borrowed([&*phase, &*info], |args| cx.call(&callback, args)) {
                    cx.write_unraisable(raised, None, Some(&callback));
                }
                index += 1;
            }
        });
    }

    fn exception_pending(&self) -> bool {
        cx().is_pending()
    }

    fn report_pending(&self, context: &str, about: Option<&Object>) {
        let cx = cx();
        if cx.is_pending() {
            let raised = cx.raised();
            cx.write_unraisable(raised, Some(context), about);
        }
    }

    fn append_garbage(&self, object: &Object) {
        let cx = cx();
        let appended = gc_list(cx, "gc.garbage").and_then(|garbage| garbage.push(cx, object.to_ref()));
        if let Err(raised) = appended {
            cx.clear_exception(raised);
        }
    }

    fn clear_caches(&self) {
        if crate::era::is_classic() {
            super::classic::frames::clear(cx());
        }
    }

    fn debug_line(&self, line: &str) {
        cx().write_stderr(&format!("{line}\n"));
    }

    fn type_name(&self, object: &Object) -> String {
        object.ty().tp_name()
    }

    fn has_classic_finalizer(&self, object: &Object) -> bool {
        use crate::objects::classic::{INSTANCE, instance};
        if INSTANCE.is_exact(object) {
            return instance::finalizer(cx(), object).is_some();
        }
        let is_class_made = object.ty().has_flag(crate::objects::TypeFlags::HEAPTYPE);
        (is_class_made && object.type_core().info.finalize.get().is_some())
            || super::classic::needs_finalizing(object)
    }

    fn unseen_beside(&self, object: &Object) -> usize {
        usize::from(super::generator::has_frame(object))
    }

    fn classic_instance(&self, object: &Object) -> Option<String> {
        crate::objects::classic::instance::InstanceObject::from(object).map(|instance| instance.class_name())
    }

    fn clock(&self) -> f64 {
        static START: OnceLock<Instant> = OnceLock::new();
        super::outside::ask("clock", || START.get_or_init(Instant::now).elapsed().as_secs_f64())
    }

    fn memory_limit_exceeded(&self) {
        raise_signal(signal::MEMORY);
    }
}

/// The second argument of a callback.
fn callback_info(cx: Ctx, generation: usize, result: &CollectResult) -> PyResult<Ref> {
    let info = cx.new_dict();
    let numbers = [
        ("generation", generation),
        ("collected", result.collected),
        ("uncollectable", result.uncollectable),
    ];
    for (name, number) in numbers {
        info.set_str(cx, &cx.intern(name), cx.new_uint(number))?;
    }
    Ok(info.into_object())
}
