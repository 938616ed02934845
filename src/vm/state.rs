//! The interpreter's state: what CPython keeps in `PyInterpreterState` and `PyThreadState`.
//!
//! There is one engine thread and one interpreter at a time (the heap guard sees to it), so the
//! state is a static that only this thread touches; other threads reach [`SIGNALS`] alone.

use std::cell::{Cell, RefCell, UnsafeCell};
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Ctx;
use super::frame::Frame;
use super::native_calls::TracedLoops;
use super::observe::Observer;
use super::stack::DataStack;
use crate::memory::{Object, Ref, Slot};
use crate::objects::{DictObject, ListObject, TypeObject};

/// Bits of [`SIGNALS`].
pub mod signal {
    /// Ctrl-C: raise `KeyboardInterrupt` at the next safepoint.
    pub const INTERRUPT: u32 = 1;
    /// The memory limit was passed: raise `MemoryError`.
    pub const MEMORY: u32 = 2;
    /// A front end has a request: the observer is asked at the next safepoint.
    pub const REQUEST: u32 = 4;
    /// Leave the plain eval loop for the one that reports each instruction.
    pub const TRACE: u32 = 8;
    /// The program has set a trace or a profile function.
    pub const HOOKS: u32 = 16;
    /// Whatever wants to look before each instruction.
    pub const WATCHED: u32 = TRACE | HOOKS;
}

/// Reasons to leave the straight path at the next safepoint (`eval_breaker`). Zero when there is none.
pub static SIGNALS: AtomicU32 = AtomicU32::new(0);

/// Asks the engine to look at `bits` at its next safepoint. Safe from any thread or signal handler.
pub fn raise_signal(bits: u32) {
    SIGNALS.fetch_or(bits, Ordering::SeqCst);
}

/// Takes `bits` back.
pub fn lower_signal(bits: u32) {
    SIGNALS.fetch_and(!bits, Ordering::SeqCst);
}

/// An exception being handled, one for each running frame stack: the thread's own and one for
/// each running generator (`_PyErr_StackItem`).
#[repr(C)]
pub struct HandledException {
    pub value: Slot,
    pub previous: Cell<*const HandledException>,
}

/// How the interpreter was started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `-B`: write no `.pyc`.
    pub dont_write_bytecode: bool,
    /// The folder that stands in for all `__pycache__` (`PYTHONPYCACHEPREFIX`, `-X pycache_prefix`).
    pub pycache_prefix: Option<String>,
    /// `-O` count, 0 to 2.
    pub optimize: u8,
    /// `-i`.
    pub inspect: bool,
    pub interactive: bool,
    pub quiet: bool,
    pub verbose: bool,
    pub unbuffered: bool,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// First entry of `sys.path`: script folder or "".
    pub path0: Option<String>,
    /// Folder of an installed CPython 3.11 standard library, instead of the built-in one.
    pub stdlib: Option<String>,
    /// `-W` options.
    pub warnings: Vec<String>,
    /// Bytes Python objects may occupy before `MemoryError`.
    pub memory_limit: Option<usize>,
    /// `sys.executable`.
    pub executable: String,
}

/// Shows every reference that a table of native code holds, with a name.
pub type RootTable = fn(&mut dyn FnMut(&str, &Object));

/// The state. Every field is a cell: the state is shared by all native code.
pub struct Vm {
    // The pending exception, not normalized until somebody looks (`curexc_*`).
    pub pending_type: Slot<TypeObject>,
    pub pending_value: Slot,
    pub pending_traceback: Slot,

    /// Exception being handled: innermost item.
    pub handled: Cell<*const HandledException>,
    pub base_handled: HandledException,

    /// The running frame, or null.
    pub frame: Cell<*mut Frame>,
    pub stack: DataStack,

    pub recursion_limit: Cell<isize>,
    pub recursion_remaining: Cell<isize>,
    pub recursion_headroom: Cell<u32>,
    /// Where the native stack of everything that runs Python begins; it grows downwards.
    pub native_base: Cell<usize>,
    /// Lowest address of the native stack that may still be used.
    pub native_stack_limit: Cell<usize>,
    /// Objects being printed, for recursive reprs.
    pub printing: RefCell<Vec<usize>>,

    pub async_gen_finalizer: Slot,
    pub async_gen_firstiter: Slot,
    /// `ExceptionGroup`, made as a class at start-up.
    pub exception_group: Slot,
    /// `__main__`'s dict, kept while code may still run in it.
    pub main: Slot<DictObject>,
    pub modules: Slot<DictObject>,
    pub builtins: Slot<DictObject>,
    pub sys_dict: Slot<DictObject>,
    /// `codec`, `atexit` callbacks: functions to run at exit, in order of registration.
    pub atexit: Slot<ListObject>,
    pub options: RefCell<Options>,
    pub observer: RefCell<Option<Box<dyn Observer>>>,
    /// How many trace and profile functions are running; what they do is not told to any.
    pub tracing: Cell<u32>,
    /// Instructions are counted: the run is recorded.
    pub counting: Cell<bool>,
    /// Instructions executed since counting began. This is the time of a recorded run.
    pub executed: Cell<u64>,
    /// The observer is asked when so many have been executed ([`Observer::reached`]).
    pub look_at: Cell<u64>,
    /// Some when the interpreter is shutting down.
    pub finalizing: Cell<bool>,
    /// A `MemoryError` made at start-up, for when making one is impossible.
    pub spare_memory_error: Slot,
    /// References that native functions hold while Python runs on their behalf ([`Ctx::hold`]).
    pub holds: RefCell<Vec<(&'static str, NonNull<Object>)>>,
    /// Tables of native modules that hold references: each function shows what its table holds.
    pub root_tables: RefCell<Vec<RootTable>>,
    pub named_roots: RefCell<Vec<(&'static str, Ref)>>,
    /// What `sys.exc_info()` remembers in the classic era.
    pub classic: super::classic::handled::Handled,
    /// Where the evaluation loops stand on the native stack, as far as they are traced.
    pub traced_loops: TracedLoops,
    pub spare_frames: super::classic::frames::SpareFrames,
}

struct StateCell(UnsafeCell<MaybeUninit<Vm>>);

// SAFETY: only the engine thread, which holds the heap guard, touches the state.
unsafe impl Sync for StateCell {}

static STATE: StateCell = StateCell(UnsafeCell::new(MaybeUninit::uninit()));

impl Ctx {
    /// The interpreter's state.
    #[inline(always)]
    pub fn vm(self) -> &'static Vm {
        // SAFETY: a `Ctx` exists only between `install` and `uninstall`.
        unsafe { (*STATE.0.get()).assume_init_ref() }
    }
}

/// Writes a fresh state in place and gives access to it.
///
/// # Safety
/// No interpreter is alive in this process, and the heap guard is held.
pub(super) unsafe fn install(options: Options) -> Ctx {
    let vm = Vm {
        pending_type: Slot::empty(),
        pending_value: Slot::empty(),
        pending_traceback: Slot::empty(),
        handled: Cell::new(std::ptr::null()),
        base_handled: HandledException { value: Slot::empty(), previous: Cell::new(std::ptr::null()) },
        frame: Cell::new(std::ptr::null_mut()),
        stack: DataStack::new(),
        recursion_limit: Cell::new(1000),
        recursion_remaining: Cell::new(1000),
        recursion_headroom: Cell::new(0),
        native_base: Cell::new(0),
        native_stack_limit: Cell::new(0),
        printing: RefCell::new(Vec::new()),
        async_gen_finalizer: Slot::empty(),
        async_gen_firstiter: Slot::empty(),
        exception_group: Slot::empty(),
        main: Slot::empty(),
        modules: Slot::empty(),
        builtins: Slot::empty(),
        sys_dict: Slot::empty(),
        atexit: Slot::empty(),
        options: RefCell::new(options),
        observer: RefCell::new(None),
        tracing: Cell::new(0),
        counting: Cell::new(false),
        executed: Cell::new(0),
        look_at: Cell::new(u64::MAX),
        finalizing: Cell::new(false),
        spare_memory_error: Slot::empty(),
        holds: RefCell::new(Vec::new()),
        root_tables: RefCell::new(Vec::new()),
        named_roots: RefCell::new(Vec::new()),
        classic: super::classic::handled::Handled::new(),
        traced_loops: RefCell::new(Vec::new()),
        spare_frames: super::classic::frames::SpareFrames::new(),
    };
    SIGNALS.store(0, Ordering::SeqCst);
    // SAFETY: promised by the caller: nobody holds a reference into the old state.
    unsafe {
        (*STATE.0.get()).write(vm);
        let cx = Ctx::current();
        let vm = cx.vm();
        vm.handled.set(&raw const vm.base_handled);
        cx
    }
}
