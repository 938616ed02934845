//! `_thread`: locks and what else makes sense with one thread.
//!
//! DIFFERENCE: a thread runs to its end when it is started, on the stack of the one that starts it.
//! So a lock that is held is held further up on this very stack, and waiting for it without a
//! timeout would never end.

use std::cell::Cell;
use std::ptr::NonNull;
use std::time::Duration;

use crate::memory::{self, Layout as _, Object, Ref};
use crate::objects::native_type::NativeType;
use crate::objects::spec::{Layout, ModuleSpec, Signature, TypeSpec};
use crate::objects::{Args, MethodDef, ModuleObject, PyResult, Slots, TypeObject, args, exceptions};
use crate::vm::Ctx;

/// The identity of the first thread.
pub const MAIN_IDENT: i64 = 140_737_353_000_768;

/// The thread that runs, and how many were started so far.
struct Running {
    ident: Cell<i64>,
    started: Cell<i64>,
    alive: Cell<i64>,
}

// SAFETY: only the engine thread touches the cells.
unsafe impl Sync for Running {}

static RUNNING: Running =
    Running { ident: Cell::new(MAIN_IDENT), started: Cell::new(0), alive: Cell::new(0) };
/// The lock that is released when the running thread ends.
const SENTINEL: &str = "thread.sentinel";
/// Longest timeout, in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// A lock; `count` is above one for recursive ones only.
#[repr(C)]
struct Lock {
    object: Object,
    count: Cell<usize>,
    /// The thread that holds a recursive one.
    owner: Cell<i64>,
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
    memory::new_ref(&ty.core, |object| Lock {
        object,
        count: Cell::new(0),
        owner: Cell::new(0),
        weaklist: Cell::new(0),
    })
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
    wait_in_vain(cx, wait)
}

/// Waits for a lock that nobody can release meanwhile.
fn wait_in_vain(cx: Ctx, wait: Option<Option<f64>>) -> PyResult {
    match wait {
        None => {}
        Some(Some(seconds)) => {
            crate::vm::outside::ask("wait", || std::thread::sleep(Duration::from_secs_f64(seconds)));
        }
        Some(None) => {
            return Err(cx.runtime_error("deadlock: a lock is waited for that nobody can release"));
        }
    }
    Ok(cx.bool(false))
}

fn acquire_recursive(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult {
    let wait = wait_of(cx, given)?;
    let lock = this(object);
    if lock.count.get() > 0 && lock.owner.get() != RUNNING.ident.get() {
        return wait_in_vain(cx, wait);
    }
    lock.owner.set(RUNNING.ident.get());
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
    if lock.count.get() == 0 || lock.owner.get() != RUNNING.ident.get() {
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
    let (state, owner) = if count != 0 { ("locked", this(object).owner.get()) } else { ("unlocked", 0) };
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
    if given[0].ty().slots().call.is_none() {
        return Err(cx.type_error("first arg must be callable"));
    }
    if !given[1].is_instance(crate::objects::types().tuple) {
        return Err(cx.type_error("2nd arg must be a tuple"));
    }
    let keywords = given.get(2);
    if keywords.is_some_and(|keywords| !keywords.is_instance(crate::objects::types().dict)) {
        return Err(cx.type_error("optional 3rd arg must be a dictionary"));
    }
    RUNNING.started.set(RUNNING.started.get() + 1);
    let ident = MAIN_IDENT + 4096 * RUNNING.started.get();
    let before = RUNNING.ident.replace(ident);
    RUNNING.alive.set(RUNNING.alive.get() + 1);
    let outer = cx.named_root(SENTINEL);
    cx.set_named_root(SENTINEL, None);
    let result = run_thread(cx, given);
    // The lock that `_set_sentinel` gave to this thread tells that it has ended.
    if let Some(sentinel) = cx.named_root(SENTINEL) {
        this(&sentinel).count.set(0);
    }
    cx.set_named_root(SENTINEL, outer);
    RUNNING.alive.set(RUNNING.alive.get() - 1);
    RUNNING.ident.set(before);
    match result {
        Ok(_) => {}
        Err(raised) if cx.raised_is(&raised, exceptions().system_exit) => cx.clear_exception(raised),
        Err(raised) => cx.write_unraisable(raised, Some("in thread started by"), Some(&given[0])),
    }
    Ok(cx.new_int(ident))
}

/// Calls a thread's function.
fn run_thread(cx: Ctx, given: &[Ref]) -> PyResult {
    let positional = cx.collect(&given[1])?;
    let Some(keywords) = given.get(2).and_then(|keywords| keywords.downcast::<crate::objects::DictObject>())
    else {
        return cx.call(&given[0], &positional);
    };
    let (mut all, mut names) = (positional, Vec::new());
    for (name, value) in keywords.to_vec() {
        names.push(name);
        all.push(value);
    }
    let names = cx.new_tuple(names);
    cx.call_args(&given[0], Args::new(&all, Some(&names)))
}

/// A lock that is released when the running thread ends.
fn set_sentinel(cx: Ctx, module: &Object) -> PyResult {
    let lock = allocate_lock(cx, module)?;
    cx.set_named_root(SENTINEL, Some(lock.clone()));
    Ok(lock)
}

fn ident(cx: Ctx, _module: &Object) -> PyResult {
    Ok(cx.new_int(RUNNING.ident.get()))
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
    RUNNING.ident.set(MAIN_IDENT);
    RUNNING.started.set(0);
    RUNNING.alive.set(0);
    // What is local to a thread is `_threading_local`'s.
    module.add(cx, "TIMEOUT_MAX", cx.new_float(TIMEOUT_MAX))
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
            "start_new_thread(function, args[, kwargs])\n\nStart a new thread and return its identifier.",
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
            |cx, _| Ok(cx.new_int(RUNNING.alive.get())),
            "_count() -> integer\n\nHow many threads were started and run.",
        ),
        MethodDef::varargs(
            "stack_size",
            stack_size,
            "stack_size([size]) -> size\n\nThe stack size of new threads.",
        ),
        MethodDef::no_args(
            "_set_sentinel",
            set_sentinel,
            "_set_sentinel() -> lock\n\nA lock that is released when the thread ends.",
        ),
    ],
    exec: Some(exec),
};
