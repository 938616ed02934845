//! Toy types and a toy host. Whatever happens is written to a log, in order.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use crate::memory::gc::{self, CollectResult};
use crate::memory::host::{CallbackPhase, Host, set_host};
use crate::memory::object::{Object, PreHeader, TypeCore, TypeInfo, UntrackPass, WeakKind};
use crate::memory::refs::{Layout, Ref, Slot};
use crate::memory::visit::{Trace, Visitor};
use crate::memory::weakref::{self, WeakRefCore};
use crate::memory::{Heap, HeapGuard, finalize_from_dealloc, free_object, new_ref};

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static GARBAGE: RefCell<Vec<Ref>> = const { RefCell::new(Vec::new()) };
    static SAVED: RefCell<Vec<Ref>> = const { RefCell::new(Vec::new()) };
    static PENDING: Cell<bool> = const { Cell::new(false) };
}

pub fn log(line: String) {
    LOG.with_borrow_mut(|log| log.push(line));
}

/// The log since the last call.
pub fn take_log() -> Vec<String> {
    LOG.take()
}

pub fn take_garbage() -> Vec<Ref> {
    GARBAGE.take()
}

/// What finalizers have brought back.
pub fn take_saved() -> Vec<Ref> {
    SAVED.take()
}

pub fn set_pending(pending: bool) {
    PENDING.set(pending);
}

/// Keeps the heap for a test. Dropping it checks the heap and drops what the test left behind.
pub struct ToyHeap {
    _guard: HeapGuard,
}

impl ToyHeap {
    pub fn new() -> ToyHeap {
        let guard = Heap::acquire();
        take_log();
        set_pending(false);
        set_host(&ToyHost);
        ToyHeap { _guard: guard }
    }
}

impl Drop for ToyHeap {
    fn drop(&mut self) {
        take_garbage();
        take_saved();
        if !std::thread::panicking() {
            assert_eq!(crate::memory::verify::verify(), Ok(()));
        }
    }
}

struct ToyHost;

impl Host for ToyHost {
    fn call_weakref_callback(&self, callback: &Object, weakref: &Object) {
        let callback = as_toy(callback);
        // SAFETY: only weak references have callbacks.
        let weakref = unsafe { &*std::ptr::from_ref(weakref).cast::<WeakRefCore>() };
        let state = if weakref::referent(weakref).is_some() { "alive" } else { "empty" };
        log(format!("callback {} {state}", callback.id.get()));
    }
    fn run_gc_callbacks(&self, phase: CallbackPhase, generation: usize, result: &CollectResult) {
        log(format!("{} {generation} {} {}", phase.name(), result.collected, result.uncollectable));
    }
    fn exception_pending(&self) -> bool {
        PENDING.get()
    }
    fn report_pending(&self, context: &str, _: Option<&Object>) {
        PENDING.set(false);
        log(format!("unraisable {context}"));
    }
    fn append_garbage(&self, object: &Object) {
        GARBAGE.with_borrow_mut(|garbage| garbage.push(as_toy(object).to_object()));
    }
    fn clear_caches(&self) {
        log("clear caches".to_owned());
    }
    fn debug_line(&self, line: &str) {
        log(line.to_owned());
    }
    fn type_name(&self, _: &Object) -> String {
        "Toy".to_owned()
    }
    fn clock(&self) -> f64 {
        0.0
    }
    fn memory_limit_exceeded(&self) {
        log("limit".to_owned());
    }
}

/// A container of three references.
#[repr(C)]
pub struct Toy {
    pub object: Object,
    pub weaklist: Cell<Option<NonNull<WeakRefCore>>>,
    pub id: Cell<usize>,
    pub slots: [Slot; 3],
    /// What the finalizer brings back when it runs.
    pub saves: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl Layout for Toy {}

pub fn as_toy(object: &Object) -> &Toy {
    // SAFETY: the tests ask it of toys only.
    unsafe { &*std::ptr::from_ref(object).cast::<Toy>() }
}

impl Toy {
    pub fn set(&self, slot: usize, value: &Ref<Toy>) {
        self.slots[slot].set(Some(value.to_object()));
    }
}

unsafe fn toy_dealloc(object: NonNull<Object>) {
    // SAFETY: called with the count at zero.
    unsafe {
        let toy = object.cast::<Toy>();
        if object.as_ref().is_gc() {
            gc::untrack(object.as_ref());
        }
        if object.as_ref().type_core().info.finalize.get().is_some() && finalize_from_dealloc(object) {
            gc::track(object.as_ref());
            return;
        }
        weakref::clear_weakrefs(object.as_ref());
        if toy.as_ref().id.get() != 0 {
            log(format!("free {}", toy.as_ref().id.get()));
        }
        // Last to first, like a list.
        for slot in toy.as_ref().slots.iter().rev() {
            drop(slot.take());
        }
        drop(toy.as_ref().saves.take());
        free_object(object);
    }
}

unsafe fn toy_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: a live toy.
    let toy = unsafe { object.cast::<Toy>().as_ref() };
    toy.slots.trace(visitor);
    toy.saves.trace(visitor);
}

unsafe fn toy_clear(object: NonNull<Object>) {
    // SAFETY: a live toy.
    let toy = unsafe { object.cast::<Toy>().as_ref() };
    for slot in &toy.slots {
        drop(slot.take());
    }
    drop(toy.saves.take());
}

fn toy_finalize(object: &Object) {
    let toy = as_toy(object);
    log(format!("finalize {}", toy.id.get()));
    if let Some(saved) = toy.saves.get() {
        SAVED.with_borrow_mut(|all| all.push(saved));
    }
}

fn toy_maybe_untrack(object: &Object) {
    let toy = as_toy(object);
    if toy.slots.iter().all(|slot| slot.peek().is_none_or(|held| !gc::is_tracked(held))) {
        gc::untrack(object);
    }
}

/// A type outside the heap, alive for ever.
fn leak_type(info: TypeInfo) -> &'static TypeCore {
    // SAFETY: the type pointer is mended on the next line, before use.
    let core = unsafe { TypeCore { object: Object::header(1, NonNull::dangling()), info } };
    let core: &'static TypeCore = Box::leak(Box::new(core));
    core.object.set_type_uncounted(NonNull::from(core));
    core
}

fn toy_info() -> TypeInfo {
    let info = TypeInfo::new(size_of::<Toy>() as u32, toy_dealloc);
    info.pre_header.set(PreHeader::Gc);
    info.weaklist_offset.set(std::mem::offset_of!(Toy, weaklist) as u32);
    info.traverse.set(Some(toy_traverse));
    info.clear.set(Some(toy_clear));
    info
}

/// A container without finalizer, in the trashcan.
pub fn container() -> &'static TypeCore {
    let info = toy_info();
    info.uses_trashcan.set(true);
    leak_type(info)
}

/// A container that is not in the trashcan.
pub fn deep_container() -> &'static TypeCore {
    leak_type(toy_info())
}

/// A container that the collector does not know.
pub fn plain_container() -> &'static TypeCore {
    let info = toy_info();
    info.pre_header.set(PreHeader::Plain);
    leak_type(info)
}

/// Has a finalizer that logs, and saves what `saves` holds.
pub fn finalized() -> &'static TypeCore {
    let info = toy_info();
    info.uses_trashcan.set(true);
    info.finalize.set(Some(toy_finalize));
    leak_type(info)
}

/// Has a finalizer of the kind that makes cycles uncollectable.
pub fn legacy() -> &'static TypeCore {
    let info = toy_info();
    info.legacy_finalize.set(Some(toy_finalize));
    leak_type(info)
}

/// Is untracked when nothing in it is tracked.
pub fn untrackable(pass: UntrackPass) -> &'static TypeCore {
    let info = toy_info();
    info.uses_trashcan.set(true);
    info.maybe_untrack.set(Some(toy_maybe_untrack));
    info.untrack_pass.set(pass);
    leak_type(info)
}

/// A new toy, tracked if the collector can know it.
pub fn toy(ty: &'static TypeCore, id: usize) -> Ref<Toy> {
    let toy = new_ref(ty, |object| Toy {
        object,
        weaklist: Cell::new(None),
        id: Cell::new(id),
        slots: [const { Slot::empty() }; 3],
        saves: Slot::empty(),
    });
    if toy.object.is_gc() {
        gc::track(&toy.object);
    }
    toy
}

unsafe fn weakref_dealloc(object: NonNull<Object>) {
    // SAFETY: called with the count at zero.
    unsafe {
        gc::untrack(object.as_ref());
        weakref::clear(object.cast::<WeakRefCore>().as_ref());
        free_object(object);
    }
}

unsafe fn weakref_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: a live weak reference.
    unsafe { object.cast::<WeakRefCore>().as_ref() }.callback.trace(visitor);
}

unsafe fn weakref_clear(object: NonNull<Object>) {
    // SAFETY: a live weak reference.
    weakref::clear(unsafe { object.cast::<WeakRefCore>().as_ref() });
}

/// A type of weak references.
pub fn weak_type(kind: WeakKind) -> &'static TypeCore {
    let info = TypeInfo::new(size_of::<WeakRefCore>() as u32, weakref_dealloc);
    info.pre_header.set(PreHeader::Gc);
    info.traverse.set(Some(weakref_traverse));
    info.clear.set(Some(weakref_clear));
    info.weak_kind.set(kind);
    leak_type(info)
}

/// A new weak reference, always a fresh one.
pub fn weak(ty: &'static TypeCore, referent: &Ref<Toy>, callback: Option<&Ref<Toy>>) -> Ref<WeakRefCore> {
    let weak = new_ref(ty, |object| WeakRefCore {
        object,
        referent: Cell::new(None),
        callback: Slot::from_option(callback.map(|callback| callback.to_object())),
        hash: Cell::new(-1),
        prev: Cell::new(None),
        next: Cell::new(None),
    });
    weakref::attach(&weak, &referent.object);
    gc::track(&weak.object);
    weak
}
