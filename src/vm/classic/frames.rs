//! How Python 2.7 counts frames: each is an object that the collector counts. A code object keeps the frame of its last
//! call for the next one; what is left over goes to a list that a full collection empties. Frames here are no such
//! objects, but `gc.get_count()` and the moment of an automatic collection are to be the same.

use std::cell::Cell;

use crate::code::object::flags;
use crate::memory::{Object, Ref, gc};
use crate::objects::descr::MethodDescriptor;
use crate::objects::native::NativeFunctionObject;
use crate::objects::{NativeFn, TupleObject, TypeFlags, TypeObject, types};
use crate::vm::Ctx;
use crate::vm::code_object::Code;
use crate::vm::frame::{Frame, Owner};

/// The most frames that wait for another code object.
const MOST_SPARE: u32 = 200;

/// Frames that wait, and objects for bound native methods.
pub struct SpareFrames(Cell<u32>, Cell<u32>);

impl SpareFrames {
    pub const fn new() -> SpareFrames {
        SpareFrames(Cell::new(0), Cell::new(0))
    }
}

/// What Python 2.7 makes for a call of something that is no Python function: a tuple of the arguments, and an object
/// for a method of a built-in type. Here the tuple holds nothing of the program's.
pub struct Unseen {
    tuple: Option<Ref<TupleObject>>,
    bound: bool,
}

/// A native call begins.
pub fn begin_native(cx: Ctx, callable: &Object, total: usize, has_names: bool) -> Unseen {
    let types = types();
    if callable.is_exact(types.function) {
        return Unseen { tuple: None, bound: false };
    }
    // A class that takes its arguments as a tuple gets one in either era.
    if callable.downcast::<TypeObject>().is_some_and(|ty| !ty.has_flag(TypeFlags::VECTORCALL_TYPE)) {
        return Unseen { tuple: None, bound: false };
    }
    let bound = callable.is_exact(types.method_descriptor);
    let count = total - usize::from(bound && total > 0);
    let takes_one = match native_function(callable) {
        Some(NativeFn::NoArgs(_)) => count == 0,
        Some(NativeFn::One(_)) => count == 1 && !has_names,
        _ => false,
    };
    if bound {
        let spare = &cx.vm().spare_frames.1;
        match spare.get() {
            0 => gc::count_unseen(),
            left => spare.set(left - 1),
        }
    }
    let tuple = (count > 0 && !takes_one).then(|| cx.new_tuple(vec![cx.none(); count]));
    Unseen { tuple, bound }
}

/// It has ended.
pub fn end_native(cx: Ctx, unseen: Unseen) {
    if unseen.bound {
        let spare = &cx.vm().spare_frames.1;
        spare.set(spare.get() + 1);
    }
    drop(unseen.tuple);
}

fn native_function(callable: &Object) -> Option<NativeFn> {
    if let Some(function) = callable.downcast_exact::<NativeFunctionObject>() {
        return Some(function.def.function);
    }
    callable.downcast_exact::<MethodDescriptor>().map(|method| method.def.function)
}

impl Default for SpareFrames {
    fn default() -> Self {
        SpareFrames::new()
    }
}

/// A call begins.
pub fn acquire(cx: Ctx, code: &Code) {
    if code.spare_frame.replace(false) {
        return;
    }
    let spare = &cx.vm().spare_frames.0;
    match spare.get() {
        0 => gc::count_unseen(),
        count => spare.set(count - 1),
    }
}

/// A call has ended and its frame is given up. A generator's goes on elsewhere.
pub fn release(cx: Ctx, frame: &Frame) {
    let code = frame.code();
    if code.flags & flags::GENERATOR != 0 && frame.owner == Owner::Thread {
        return;
    }
    if !code.spare_frame.replace(true) {
        return;
    }
    let spare = &cx.vm().spare_frames.0;
    if spare.get() < MOST_SPARE {
        spare.set(spare.get() + 1);
    } else {
        gc::uncount_unseen();
    }
}

/// A code object dies with the frame that it kept.
pub fn forget(code: &Code) {
    if code.spare_frame.replace(false) {
        gc::uncount_unseen();
    }
}

/// A full collection gives the waiting frames back.
pub fn clear(cx: Ctx) {
    let spare = &cx.vm().spare_frames;
    for _ in 0..spare.0.replace(0) + spare.1.replace(0) {
        gc::uncount_unseen();
    }
}

/// The frames that run and have one of the objects in a local variable, innermost first.
pub fn that_refer_to(cx: Ctx, targets: &[Ref]) -> Vec<Ref> {
    let mut found = Vec::new();
    let mut frame = cx.vm().frame.get();
    // SAFETY: frames of the running chain are alive; a slot of a variable holds null or an object.
    unsafe {
        while !frame.is_null() {
            let code = (*frame).code();
            let refers = (0..code.nlocalsplus as usize).any(|index| {
                (*frame).slot(index).is_some_and(|value| targets.iter().any(|target| target.is(value)))
            });
            if refers && !(*frame).is_incomplete() {
                found.push(crate::vm::frame_object::frame_object(cx, frame).into_object());
            }
            frame = (*frame).previous;
        }
    }
    found
}
