//! The interpreter frame: the activation of a code object, living on the data stack or inside a
//! generator (`_PyInterpreterFrame`). A frame *object* exists only once somebody asks for it.
//!
//! ```text
//!   Frame header | localsplus: locals, cells, free variables | value stack ...
//! ```

use std::ptr::NonNull;

use super::code_object::Code;
use super::frame_object::FrameObject;
use super::function::FunctionObject;
use crate::memory::{Object, Visitor, decref};
use crate::objects::DictObject;

/// A value-stack or local slot: an owned reference or null.
pub type Raw = *mut Object;

/// Who owns a frame's memory.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// The data stack.
    Thread,
    /// A generator object.
    Generator,
    /// A frame object, after the activation ended.
    FrameObject,
}

/// One activation. Pointers marked "owned" hold a counted reference.
#[repr(C)]
pub struct Frame {
    /// Owned.
    pub func: *mut FunctionObject,
    /// Borrowed from the function.
    pub globals: *mut DictObject,
    /// Borrowed from the function: usually a dict.
    pub builtins: *mut Object,
    /// Owned; null in optimized functions until asked for.
    pub locals: *mut Object,
    /// Owned.
    pub code: *mut Code,
    /// Owned; null until asked for.
    pub frame_obj: *mut FrameObject,
    pub previous: *mut Frame,
    /// The last instruction executed (one before the first at the start), as code unit.
    pub prev_instr: *mut u16,
    /// Words of localsplus in use, locals and stack, valid when the frame is not executing.
    pub stacktop: i32,
    /// Returning from this frame leaves the native eval function.
    pub is_entry: bool,
    pub owner: Owner,
    /// The `yield` instruction's offset to resume a generator at.
    pub yield_offset: i32,
    /// Words of localsplus in use when the instruction that runs now began, if it was traced; else -1. Explains
    /// what the frame holds while a native function runs on its behalf.
    pub traced_top: i32,
    pub localsplus: [Raw; 0],
}

/// Words of the header.
pub const FRAME_WORDS: usize = size_of::<Frame>() / size_of::<usize>();

impl Frame {
    #[inline(always)]
    pub fn slots(&self) -> *mut Raw {
        self.localsplus.as_ptr().cast_mut()
    }

    #[inline(always)]
    pub fn code(&self) -> &Code {
        // SAFETY: a frame owns its code.
        unsafe { &*self.code }
    }

    #[inline(always)]
    pub fn function(&self) -> &FunctionObject {
        // SAFETY: a frame owns its function.
        unsafe { &*self.func }
    }

    #[inline(always)]
    pub fn globals(&self) -> &DictObject {
        // SAFETY: the function keeps its globals alive.
        unsafe { &*self.globals }
    }

    #[inline(always)]
    pub fn builtins(&self) -> &Object {
        // SAFETY: the function keeps its builtins alive.
        unsafe { &*self.builtins }
    }

    /// Index of the last instruction executed, in code units; -1 before the first.
    #[inline]
    pub fn instr_index(&self) -> isize {
        // SAFETY: `prev_instr` points into the code's units or one before them.
        unsafe { self.prev_instr.cast_const().offset_from(self.code().first_instr()) }
    }

    /// `f_lasti`: byte offset of the last instruction executed.
    pub fn lasti(&self) -> i32 {
        (self.instr_index() * 2) as i32
    }

    /// The current line; `None` for an instruction without one.
    pub fn line(&self) -> Option<i32> {
        self.code().line_of(self.lasti())
    }

    /// The slot's value, borrowed.
    ///
    /// # Safety
    /// `index` is below `stacktop` or the number of localsplus slots.
    pub unsafe fn slot(&self, index: usize) -> Option<&Object> {
        // SAFETY: promised by the caller.
        unsafe { (*self.slots().add(index)).as_ref() }
    }

    /// The words in use: locals and, when not executing, the value stack.
    pub fn live_slots(&self) -> &[Raw] {
        // SAFETY: `stacktop` words are initialised (null or owned).
        unsafe { std::slice::from_raw_parts(self.slots(), self.stacktop.max(0) as usize) }
    }

    /// Whether the frame has not reached its first traceable instruction (`_PyFrame_IsIncomplete`):
    /// it is not shown to anyone yet.
    pub fn is_incomplete(&self) -> bool {
        self.owner != Owner::Generator && self.instr_index() < self.code().first_traceable.get() as isize
    }

    /// Shows everything the frame owns.
    pub fn trace(&self, visitor: &mut Visitor<'_>) {
        let mut visit = |object: *mut Object| {
            if let Some(object) = NonNull::new(object) {
                visitor.visit(object);
            }
        };
        visit(self.frame_obj.cast());
        visit(self.locals);
        visit(self.func.cast());
        visit(self.code.cast());
        for &slot in self.live_slots() {
            visit(slot);
        }
    }
}

/// Releases what a slot holds and leaves null there.
///
/// # Safety
/// `slot` points to a slot of a live frame.
#[inline]
pub unsafe fn clear_slot(slot: *mut Raw) {
    // SAFETY: promised by the caller; the slot is emptied before the release runs code.
    unsafe {
        let value = *slot;
        *slot = std::ptr::null_mut();
        if let Some(value) = NonNull::new(value) {
            decref(value);
        }
    }
}
