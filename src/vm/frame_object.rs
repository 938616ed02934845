//! `frame`: the object that stands for an activation once somebody asks for it.
//!
//! While the activation runs, the object only points at it. When the activation ends and the
//! object is still referenced, the frame's contents move into the object.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::Ctx;
use super::frame::{FRAME_WORDS, Frame, Owner, Raw, clear_slot};
use crate::code::object::kind;
use crate::memory::{
    Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, decref, free_object, incref, new_object,
    track, untrack,
};
use crate::objects::spec::{Layout, TypeFlags};
use crate::objects::{
    CellObject, DictObject, GetSetDef, MemberDef, MethodDef, PyResult, Slots, TypeObject, TypeSpec,
    TypedLayout, Types, types,
};

/// A frame object; room for the frame itself follows it.
#[repr(C)]
pub struct FrameObject {
    pub object: Object,
    /// The outer frame, kept only once the activation has ended.
    pub back: Slot<FrameObject>,
    /// The activation: on the data stack, in a generator, or in this object.
    pub frame: Cell<*mut Frame>,
    pub trace: Slot,
    pub trace_lines: Cell<bool>,
    pub trace_opcodes: Cell<bool>,
    data: [usize; 0],
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for FrameObject {}
// SAFETY: `frame` cannot be subclassed; every instance has this layout.
unsafe impl TypedLayout for FrameObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.frame
    }
}

impl FrameObject {
    /// The activation.
    pub fn frame(&self) -> &Frame {
        // SAFETY: the pointer is valid as long as the object: see the module's doc.
        unsafe { &*self.frame.get() }
    }

    /// `f_lineno`, the code's first line where the instruction has none.
    pub fn line_number(&self) -> i32 {
        self.frame().line().unwrap_or(-1)
    }

    /// `f_back`.
    pub fn back(&self, cx: Ctx) -> Option<Ref<FrameObject>> {
        if let Some(back) = self.back.get() {
            return Some(back);
        }
        let mut previous = self.frame().previous;
        // SAFETY: outer frames are alive while inner ones run.
        unsafe {
            while !previous.is_null() && (*previous).is_incomplete() {
                previous = (*previous).previous;
            }
            (!previous.is_null()).then(|| frame_object(cx, previous))
        }
    }
}

/// The frame object of an activation, made if there is none yet; a new reference.
///
/// # Safety
/// The frame is alive.
pub unsafe fn frame_object(cx: Ctx, frame: *mut Frame) -> Ref<FrameObject> {
    let _ = cx;
    // SAFETY: promised by the caller; the object's fields are written before it is shown.
    unsafe {
        if let Some(existing) = NonNull::new((*frame).frame_obj) {
            return Ref::from_borrowed(existing);
        }
        let code = (*frame).code();
        let words = code.framesize as usize;
        let size = size_of::<FrameObject>() + words * size_of::<usize>();
        // Making the object can start a collection, whose finalizers may ask for this very frame.
        let object = new_object(&types().frame.core, size, false).cast::<FrameObject>();
        if let Some(existing) = NonNull::new((*frame).frame_obj) {
            object.as_ref().object.set_refcount(0);
            free_object(object.cast());
            return Ref::from_borrowed(existing);
        }
        let place = object.as_ptr();
        (&raw mut (*place).back).write(Slot::empty());
        (&raw mut (*place).frame).write(Cell::new(frame));
        (&raw mut (*place).trace).write(Slot::empty());
        (&raw mut (*place).trace_lines).write(Cell::new(true));
        (&raw mut (*place).trace_opcodes).write(Cell::new(false));
        // One reference for the frame, one for the caller.
        (*frame).frame_obj = place;
        Ref::from_borrowed(object)
    }
}

/// The innermost complete frame, as an object.
pub fn current_frame(cx: Ctx) -> Option<Ref<FrameObject>> {
    let mut frame = cx.vm().frame.get();
    // SAFETY: frames of the running chain are alive.
    unsafe {
        while !frame.is_null() && (*frame).is_incomplete() {
            frame = (*frame).previous;
        }
        (!frame.is_null()).then(|| frame_object(cx, frame))
    }
}

/// `_PyFrame_Clear`: releases what an ended activation owns. If its frame object lives on, the
/// contents move there instead.
///
/// # Safety
/// The activation has ended; its memory is given back by the caller.
pub unsafe fn release_frame(cx: Ctx, frame: *mut Frame) {
    // SAFETY: promised by the caller; each owned field is released exactly once.
    unsafe {
        if crate::era::is_classic() {
            super::classic::frames::release(cx, &*frame);
        }
        if let Some(object) = NonNull::new((*frame).frame_obj) {
            (*frame).frame_obj = std::ptr::null_mut();
            if object.as_ref().object.refcount() > 1 {
                take_ownership(cx, object, frame);
                decref(object.cast());
                return;
            }
            decref(object.cast());
        }
        release_contents(frame);
    }
}

unsafe fn release_contents(frame: *mut Frame) {
    // SAFETY: as in `release_frame`.
    unsafe {
        let cx = Ctx::current();
        let slots = (*frame).slots();
        let count = (*frame).stacktop.max(0) as usize;
        let rest: [Raw; 3] = [(*frame).locals, (*frame).func.cast(), (*frame).code.cast()];
        // While somebody steps, what is not released yet can be asked about by what the release runs.
        let mut holds = Vec::new();
        if cx.is_traced() {
            let slots = (0..count).map(|i| *slots.add(i));
            for value in slots.chain(rest).collect::<Vec<_>>().into_iter().rev().filter_map(NonNull::new) {
                holds.push(cx.hold("the frame that is left", value.as_ref()));
            }
        }
        for value in (0..count).map(|i| *slots.add(i)).chain(rest).filter_map(NonNull::new) {
            drop(holds.pop());
            decref(value);
        }
    }
}

unsafe fn take_ownership(cx: Ctx, object: NonNull<FrameObject>, frame: *mut Frame) {
    // SAFETY: the object has room for the whole frame behind it; the frame's references move.
    unsafe {
        let place = object.as_ptr();
        let copy = (&raw mut (*place).data).cast::<usize>();
        let words = FRAME_WORDS + (*frame).stacktop.max(0) as usize;
        std::ptr::copy_nonoverlapping(frame.cast::<usize>(), copy, words);
        let copy = copy.cast::<Frame>();
        (*place).frame.set(copy);
        (*copy).owner = Owner::FrameObject;
        if (*copy).is_incomplete() {
            // The frame may be seen now: it stands at its first instruction.
            (*copy).prev_instr = (*copy).code().first_instr().cast_mut();
        }
        let mut previous = (*frame).previous;
        while !previous.is_null() && (*previous).is_incomplete() {
            previous = (*previous).previous;
        }
        if !previous.is_null() {
            (*place).back.set(Some(frame_object(cx, previous)));
        }
        (*copy).previous = std::ptr::null_mut();
        if !crate::memory::is_tracked(object.as_ref().as_object()) {
            track(object.as_ref().as_object());
        }
    }
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the `frame` type; when the object owns its frame, that is released in
    // CPython's order: back, locals, the rest.
    unsafe {
        untrack(object.as_ref());
        let this = object.as_ref().cast::<FrameObject>();
        let frame = this.frame.get();
        if (*frame).owner == Owner::FrameObject {
            let func = std::mem::replace(&mut (*frame).func, std::ptr::null_mut());
            let slots = (*frame).slots();
            if let Some(locals) = NonNull::new(std::mem::replace(&mut (*frame).locals, std::ptr::null_mut()))
            {
                if let Some(func) = NonNull::new(func) {
                    decref(func.cast());
                }
                let code = (*frame).code;
                for i in 0..(*frame).stacktop.max(0) as usize {
                    clear_slot(slots.add(i));
                }
                decref(locals);
                decref(NonNull::new_unchecked(code).cast());
            } else {
                if let Some(func) = NonNull::new(func) {
                    decref(func.cast());
                }
                let code = (*frame).code;
                for i in 0..(*frame).stacktop.max(0) as usize {
                    clear_slot(slots.add(i));
                }
                decref(NonNull::new_unchecked(code).cast());
            }
        }
        drop(this.back.take());
        drop(this.trace.take());
        free_object(object);
    }
}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the `frame` type.
    let this = unsafe { object.as_ref().cast::<FrameObject>() };
    this.back.trace(visitor);
    this.trace.trace(visitor);
    if this.frame().owner == Owner::FrameObject {
        this.frame().trace(visitor);
    }
}

unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of the `frame` type; the frame has ended (a running one is reachable).
    unsafe {
        let this = object.as_ref().cast::<FrameObject>();
        drop(this.trace.take());
        let frame = this.frame.get();
        if (*frame).owner != Owner::FrameObject {
            return;
        }
        let count = (*frame).stacktop.max(0);
        // The stack above the locals does not exist any more while slots are being cleared.
        for i in 0..count as usize {
            clear_slot((*frame).slots().add(i));
        }
    }
}

fn receiver(object: &Object) -> &FrameObject {
    // SAFETY: attributes of the `frame` type are called with frames only.
    unsafe { object.cast() }
}

/// Brings `f_locals` up to date and returns it (`PyFrame_FastToLocalsWithError`).
///
/// # Safety
/// The frame is alive.
pub unsafe fn fast_to_locals(cx: Ctx, frame: *mut Frame) -> PyResult {
    // SAFETY: promised by the caller; slots are read, cells opened.
    unsafe {
        if (*frame).locals.is_null() {
            (*frame).locals = cx.new_dict().into_object().into_raw().as_ptr();
        }
        let locals = (*(*frame).locals).to_ref();
        let code = (*frame).code();
        if code.is_optimized() || code.nlocalsplus > 0 {
            open_free_variables(frame);
            for i in 0..code.nlocalsplus as usize {
                let kinds = code.local_kind(i);
                if kinds & kind::FREE != 0 && !code.is_optimized() {
                    continue;
                }
                let value = local_value(&*frame, i);
                let name = code.local_name(i).as_object();
                match value {
                    Some(value) => cx.set_item(&locals, name, Some(&value))?,
                    None => {
                        let removed = match locals.downcast_exact::<DictObject>() {
                            Some(dict) => dict.remove(cx, name).map(drop),
                            None => cx.set_item(&locals, name, None),
                        };
                        cx.catch(removed, crate::objects::exceptions().key_error)?;
                    }
                }
            }
        }
        Ok(locals)
    }
}

/// Takes the values of `f_locals` over into the frame's variables (`PyFrame_LocalsToFast`): after the `exec` of the
/// classic era, and after a trace function. With `clear`, variables that `f_locals` lacks lose their values.
///
/// # Safety
/// The frame is running, and `f_locals` has just been used.
pub unsafe fn locals_to_fast(cx: Ctx, frame: *mut Frame, clear: bool) {
    // SAFETY: promised by the caller; each slot owns what it holds, old values are dropped once replaced.
    unsafe {
        let code = (*frame).code();
        if !code.is_optimized() || (*frame).locals.is_null() {
            return;
        }
        let locals = (*(*frame).locals).to_ref();
        let Some(dict) = locals.downcast::<DictObject>() else { return };
        for i in 0..code.nlocalsplus as usize {
            let value = dict.get_str(cx, code.local_name(i));
            if value.is_none() && !clear {
                continue;
            }
            let slot = (*frame).slots().add(i);
            match (*slot).as_ref().and_then(|object| object.downcast_exact::<CellObject>()) {
                Some(cell) if code.local_kind(i) & (kind::CELL | kind::FREE) != 0 => {
                    cell.contents.set(value);
                }
                _ => {
                    let value = value.map_or(std::ptr::null_mut(), |value| value.into_raw().as_ptr());
                    let old = std::mem::replace(&mut *slot, value);
                    drop(std::ptr::NonNull::new(old).map(|old| Ref::from_owned(old)));
                }
            }
        }
    }
}

/// A frame that has not run `COPY_FREE_VARS` yet shows its free variables all the same.
unsafe fn open_free_variables(frame: *mut Frame) {
    // SAFETY: as in `fast_to_locals`.
    unsafe {
        let code = (*frame).code();
        if code.nfreevars == 0 || (*frame).instr_index() >= 0 || (*frame).func.is_null() {
            return;
        }
        let first = (code.nlocalsplus - code.nfreevars) as usize;
        if let Some(closure) = (*frame).function().closure.peek() {
            for (i, cell) in closure.as_slice().iter().enumerate() {
                let slot = (*frame).slots().add(first + i);
                if (*slot).is_null() {
                    incref(cell.as_raw());
                    *slot = cell.as_raw().as_ptr();
                }
            }
        }
        (*frame).prev_instr = code.first_instr().cast_mut();
    }
}

/// The value of a local variable, seen through its cell.
pub fn local_value(frame: &Frame, index: usize) -> Option<Ref> {
    let code = frame.code();
    // SAFETY: `index` is below the number of localsplus slots, which are always initialised.
    let value = unsafe { frame.slot(index) }?;
    let kinds = code.local_kind(index);
    if kinds & (kind::CELL | kind::FREE) != 0
        && let Some(cell) = value.downcast_exact::<CellObject>()
    {
        // A cell variable that is also an argument holds the bare value until `MAKE_CELL` ran.
        if kinds & kind::FREE != 0 || frame.instr_index() >= 0 {
            return cell.contents.get();
        }
    }
    Some(value.to_ref())
}

fn get_locals(cx: Ctx, object: &Object) -> PyResult {
    // SAFETY: the frame of a frame object is alive.
    unsafe { fast_to_locals(cx, receiver(object).frame.get()) }
}

fn clear_method(cx: Ctx, object: &Object) -> PyResult {
    let this = receiver(object);
    match this.frame().owner {
        Owner::Generator => {
            super::generator::clear_from_frame(cx, this)?;
            Ok(cx.none())
        }
        Owner::Thread => Err(cx.runtime_error("cannot clear an executing frame")),
        Owner::FrameObject => {
            // SAFETY: the activation has ended and the object owns the frame.
            unsafe { clear(object.as_ptr()) };
            Ok(cx.none())
        }
    }
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let slots = super::call::slots_of(receiver(object).frame().code());
    // CPython: the object's 56 bytes, the frame's header of 80 and its slots.
    Ok(cx.new_uint(56 + 80 + slots * 8 - 8))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let this = receiver(object);
    let code = this.frame().code();
    let file = cx.repr_text(code.filename.as_object())?;
    let text = format!(
        "<frame at {:#x}, file {file}, line {}, code {}>",
        object.address(),
        this.line_number(),
        code.name.to_string_lossy()
    );
    Ok(cx.new_str(&text).into_object())
}

static METHODS: &[MethodDef] = &[
    MethodDef::no_args(
        "clear",
        clear_method,
        "Clear all references that the frame holds to local variables.",
    ),
    MethodDef::no_args("__sizeof__", sizeof, "Return the size of the frame in memory, in bytes."),
];

static MEMBERS: &[MemberDef] = &[MemberDef {
    name: "f_trace_lines",
    get: |cx, f| Ok(cx.bool(receiver(f).trace_lines.get())),
    set: Some(|cx, f, value| {
        let on = value.is_some_and(|v| cx.is_true(v).unwrap_or(false));
        receiver(f).trace_lines.set(on);
        Ok(())
    }),
    doc: "",
}];

static GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "f_back",
        get: Some(|cx, f| Ok(receiver(f).back(cx).map_or_else(|| cx.none(), Ref::into_object))),
        set: None,
        doc: "",
    },
    GetSetDef { name: "f_locals", get: Some(get_locals), set: None, doc: "" },
    GetSetDef {
        name: "f_lineno",
        get: Some(|cx, f| {
            Ok(receiver(f).frame().line().map_or_else(|| cx.none(), |line| cx.new_int(i64::from(line))))
        }),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_trace",
        get: Some(|cx, f| Ok(receiver(f).trace.get().unwrap_or_else(|| cx.none()))),
        set: Some(|cx, f, value| {
            receiver(f).trace.set(value.filter(|v| !cx.is_none(v)).map(Object::to_ref));
            Ok(())
        }),
        doc: "",
    },
    GetSetDef {
        name: "f_globals",
        get: Some(|_, f| Ok(receiver(f).frame().globals().to_object())),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_builtins",
        get: Some(|_, f| Ok(receiver(f).frame().builtins().to_ref())),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_code",
        get: Some(|_, f| Ok(receiver(f).frame().code().to_object())),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_lasti",
        get: Some(|cx, f| {
            let lasti = receiver(f).frame().lasti();
            Ok(cx.new_int(i64::from(lasti.max(-1))))
        }),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_trace_opcodes",
        get: Some(|cx, f| Ok(cx.bool(receiver(f).trace_opcodes.get()))),
        set: Some(|cx, f, value| {
            let on = value.is_some_and(|v| cx.is_true(v).unwrap_or(false));
            receiver(f).trace_opcodes.set(on);
            Ok(())
        }),
        doc: "",
    },
];

/// Unused words of a slot array are never read; the type only marks the room behind the object.
const _: () = assert!(offset_of!(FrameObject, data) == size_of::<FrameObject>());
const _: () = assert!(size_of::<Raw>() == size_of::<usize>());

pub static SPEC: TypeSpec = TypeSpec {
    name: "frame",
    layout: Layout::gc::<FrameObject>().items(8),
    basicsize: 56,
    itemsize: 8,
    flags: TypeFlags::HAVE_GC,
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    trashcan: true,
    slots: Slots { repr: Some(repr), ..Slots::EMPTY },
    methods: METHODS,
    members: MEMBERS,
    getset: GETSET,
    ..TypeSpec::EMPTY
};
