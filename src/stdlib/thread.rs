//! `_thread`: locks and what else makes sense with one thread.
//!
//! DIFFERENCE: no second thread can be started. A lock that is held is held by the only thread
//! there is, so waiting for it without a timeout would never end.

use std::cell::Cell;
use std::ptr::NonNull;
use std::time::Duration;

use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::native_type::NativeType;
use crate::objects::spec::{Layout, ModuleSpec, Signature, TypeSpec};
use crate::objects::{Args, MethodDef, ModuleObject, PyResult, Slots, TypeObject, args, exceptions};
use crate::vm::Ctx;

/// The identity of the only thread.
pub const MAIN_IDENT: i64 = 140_737_353_000_768;
/// Longest timeout, in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// A lock; `count` is above one for recursive ones only.
#[repr(C)]
struct Lock {
    object: Object,
    count: Cell<usize>,
    weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for Lock {}

static LOCK: NativeType = NativeType::new(&LOCK_SPEC);
static RLOCK: NativeType = NativeType::new(&RLOCK_SPEC);

fn this(object: &Object) -> &Lock {
    // SAFETY: methods of the lock types are called with their instances only.
    unsafe { object.cast() }
}

fn make(ty: &TypeObject) -> Ref {
    memory::new_ref(&ty.core, |object| Lock { object, count: Cell::new(0), weaklist: Cell::new(0) })
        .into_object()
}

fn new_rlock(_cx: Ctx, ty: &TypeObject, _given: Args<'_>) -> PyResult {
    let lock = make(ty);
    memory::track(&lock);
    Ok(lock)
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the lock types.
    unsafe { memory::dealloc_as::<Lock>(object) }
}

static ACQUIRE: Signature =
    Signature { name: "acquire", params: &["blocking", "timeout"], required: 0, max_positional: 2 };

/// Whether the lock is to be waited for, and how long.
fn wait_of(cx: Ctx, given: Args<'_>) -> PyResult<Option<Option<f64>>> {
    let mut values = [None, None];
    args::bind(cx, &ACQUIRE, given, &mut values)?;
    let blocking = match &values[0] {
        Some(blocking) => cx.is_true(blocking)?,
        None => true,
    };
    let timeout = match &values[1] {
        Some(timeout) => cx.to_f64(timeout)?,
        None => -1.0,
    };
    if !blocking && timeout != -1.0 {
        return Err(cx.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(cx.value_error("timeout value must be a non-negative number"));
    }
    if timeout > TIMEOUT_MAX {
        return Err(cx.overflow_error("timeout value is too large"));
    }
    Ok(blocking.then_some((timeout >= 0.0).then_some(timeout)))
}

fn acquire(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult {
    let wait = wait_of(cx, given)?;
    let lock = this(object);
    if lock.count.get() == 0 {
        lock.count.set(1);
        return Ok(cx.bool(true));
    }
    match wait {
        None => {}
        Some(Some(seconds)) => {
            crate::vm::outside::ask("wait", || std::thread::sleep(Duration::from_secs_f64(seconds)));
        }
        Some(None) => {
            return Err(cx.runtime_error("deadlock: the only thread waits for a lock that it holds"));
        }
    }
    Ok(cx.bool(false))
}

fn acquire_recursive(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult {
    wait_of(cx, given)?;
    let lock = this(object);
    lock.count.set(lock.count.get() + 1);
    Ok(cx.bool(true))
}

fn release(cx: Ctx, object: &Object) -> PyResult {
    let lock = this(object);
    if lock.count.get() == 0 {
        return Err(cx.runtime_error("release unlocked lock"));
    }
    lock.count.set(0);
    Ok(cx.none())
}

fn release_recursive(cx: Ctx, object: &Object) -> PyResult {
    let lock = this(object);
    if lock.count.get() == 0 {
        return Err(cx.runtime_error("cannot release un-acquired lock"));
    }
    lock.count.set(lock.count.get() - 1);
    Ok(cx.none())
}

fn exit(cx: Ctx, object: &Object, _given: &[Ref]) -> PyResult {
    release(cx, object)
}

fn exit_recursive(cx: Ctx, object: &Object, _given: &[Ref]) -> PyResult {
    release_recursive(cx, object)
}

fn locked(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.bool(this(object).count.get() != 0))
}

fn forget(cx: Ctx, object: &Object) -> PyResult {
    this(object).count.set(0);
    Ok(cx.none())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let state = if this(object).count.get() != 0 { "locked" } else { "unlocked" };
    let text = format!("<{state} _thread.lock object at {:#x}>", object.address());
    Ok(cx.new_str(&text).into_object())
}

fn repr_recursive(cx: Ctx, object: &Object) -> PyResult {
    let count = this(object).count.get();
    let (state, owner) = if count != 0 { ("locked", MAIN_IDENT) } else { ("unlocked", 0) };
    let text = format!(
        "<{state} {} object owner={owner} count={count} at {:#x}>",
        object.ty().tp_name(),
        object.address()
    );
    Ok(cx.new_str(&text).into_object())
}

const ACQUIRE_DOC: &str = "acquire(blocking=True, timeout=-1) -> bool\n\nLock the lock; whether that worked.";

static LOCK_SPEC: TypeSpec = TypeSpec {
    name: "_thread.lock",
    doc: Some("A lock object is a synchronization primitive.  Make one with allocate_lock()."),
    layout: Layout::plain::<Lock>().weaklist(std::mem::offset_of!(Lock, weaklist)),
    basicsize: 40,
    flags: crate::objects::TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(repr), ..Slots::EMPTY },
    methods: &[
        MethodDef::varargs_keywords("acquire_lock", acquire, ACQUIRE_DOC),
        MethodDef::varargs_keywords("acquire", acquire, ACQUIRE_DOC),
        MethodDef::no_args("release_lock", release, "release()\n\nUnlock the lock."),
        MethodDef::no_args("release", release, "release()\n\nUnlock the lock."),
        MethodDef::no_args("locked_lock", locked, "locked() -> bool\n\nWhether the lock is locked."),
        MethodDef::no_args("locked", locked, "locked() -> bool\n\nWhether the lock is locked."),
        MethodDef::varargs_keywords("__enter__", acquire, ACQUIRE_DOC),
        MethodDef::varargs("__exit__", exit, "release()\n\nUnlock the lock."),
        MethodDef::no_args("_at_fork_reinit", forget, ""),
    ],
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

static RLOCK_SPEC: TypeSpec = TypeSpec {
    name: "_thread.RLock",
    layout: Layout::gc::<Lock>().weaklist(std::mem::offset_of!(Lock, weaklist)),
    basicsize: 48,
    flags: crate::objects::TypeFlags::BASETYPE.with(crate::objects::TypeFlags::HAVE_GC),
    slots: Slots { new: Some(new_rlock), repr: Some(repr_recursive), ..Slots::EMPTY },
    methods: &[
        MethodDef::varargs_keywords("acquire", acquire_recursive, ACQUIRE_DOC),
        MethodDef::no_args("release", release_recursive, "release()\n\nUnlock the lock once."),
        MethodDef::no_args("_is_owned", locked, "_is_owned() -> bool"),
        MethodDef::no_args(
            "_acquire_restore",
            |cx, lock| {
                this(lock).count.set(1);
                Ok(cx.none())
            },
            "",
        ),
        MethodDef::no_args("_release_save", forget, ""),
        MethodDef::varargs_keywords("__enter__", acquire_recursive, ACQUIRE_DOC),
        MethodDef::varargs("__exit__", exit_recursive, "release()\n\nUnlock the lock once."),
        MethodDef::no_args("_at_fork_reinit", forget, ""),
    ],
    dealloc: Some(dealloc),
    ..TypeSpec::EMPTY
};

fn allocate_lock(cx: Ctx, _module: &Object) -> PyResult {
    Ok(make(LOCK.get(cx)?))
}

fn start_new_thread(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "start_new_thread", given, 2, 3)?;
    Err(cx.runtime_error("can't start new thread"))
}

fn ident(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.new_int(MAIN_IDENT))
}

fn native_id(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.new_int(crate::vm::outside::ask("getpid", || i64::from(std::process::id()))))
}

fn exit_thread(cx: Ctx, _module: &Object) -> PyResult {
    Err(cx.raise_bare(exceptions().system_exit))
}

fn stack_size(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "stack_size", given, 0, 1)?;
    Ok(cx.new_int(0))
}

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let lock = LOCK.make(cx)?;
    module.add(cx, "LockType", lock.to_object())?;
    module.add(cx, "RLock", RLOCK.make(cx)?.to_object())?;
    module.add(cx, "error", exceptions().runtime_error.to_object())?;
    module.add(cx, "TIMEOUT_MAX", cx.new_float(TIMEOUT_MAX))?;
    // One thread: what is local to it is a plain namespace.
    let namespace = cx.new_dict();
    namespace.set_str(cx, &crate::objects::names().module, cx.intern("_thread").into_object())?;
    let bases = cx.new_tuple(vec![crate::objects::types().object.to_object()]).into_object();
    let name = cx.intern("_local").into_object();
    let local =
        cx.call(crate::objects::types().type_.as_object(), &[name, bases, namespace.into_object()])?;
    module.add(cx, "_local", local)
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_thread",
    doc: Some(
        "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    ),
    functions: &[
        MethodDef::varargs(
            "start_new_thread",
            start_new_thread,
            "start_new_thread(function, args[, kwargs])\n\nThere is one thread only: RuntimeError.",
        ),
        MethodDef::varargs(
            "start_new",
            start_new_thread,
            "start_new(function, args[, kwargs])\n\nSee start_new_thread.",
        ),
        MethodDef::no_args(
            "allocate_lock",
            allocate_lock,
            "allocate_lock() -> lock object\n\nCreate a new lock object.",
        ),
        MethodDef::no_args(
            "allocate",
            allocate_lock,
            "allocate() -> lock object\n\nCreate a new lock object.",
        ),
        MethodDef::no_args("exit_thread", exit_thread, "exit_thread()\n\nRaises SystemExit."),
        MethodDef::no_args("exit", exit_thread, "exit()\n\nRaises SystemExit."),
        MethodDef::no_args("get_ident", ident, "get_ident() -> integer\n\nThe identity of this thread."),
        MethodDef::no_args(
            "get_native_id",
            native_id,
            "get_native_id() -> integer\n\nThe identity of this thread for the operating system.",
        ),
        MethodDef::no_args(
            "_count",
            |cx, _| Ok(cx.new_int(0)),
            "_count() -> integer\n\nHow many threads were started and run.",
        ),
        MethodDef::varargs(
            "stack_size",
            stack_size,
            "stack_size([size]) -> size\n\nThe stack size of new threads.",
        ),
        MethodDef::no_args(
            "_set_sentinel",
            allocate_lock,
            "_set_sentinel() -> lock\n\nA lock that is released when the thread ends.",
        ),
    ],
    exec: Some(exec),
};
