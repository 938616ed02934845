//! The registers of the loop: where it stands in which frame.
//!
//! Instructions see the frame only through here, as checked-by-construction operations on owned
//! references. All of `Regs` is inlined into the loop, so that its fields live in machine
//! registers; nothing that is not inlined may be given a `&Regs`.
//!
//! The one promise that everything here rests on is made where registers are loaded
//! ([`Regs::load`]): the code keeps the value stack balanced and within the frame's size, jumps land
//! on instructions, indices into names, constants and locals are in range. The compiler's code does;
//! code from elsewhere is verified to do the same (`code::verify`).

use std::ptr::NonNull;

use super::specialize::Cache;
use crate::memory::{Layout, Object, Ref, decref, incref};
use crate::objects::{CellObject, StrObject, TupleObject};
use crate::vm::code_object::Code;
use crate::vm::frame::{Frame, Raw};

pub(super) struct Regs {
    frame: *mut Frame,
    /// The unit behind the instruction that executes.
    pc: *const u16,
    /// One above the top of the value stack. Slots below own their reference or are null.
    sp: *mut Raw,
    locals: *mut Raw,
    consts: *const Raw,
    /// Set by `KW_NAMES` for the `CALL` that follows; null otherwise.
    kwnames: *const TupleObject,
}

/// Where frames begin and end.
impl Regs {
    /// Registers that stand before `frame`, nothing loaded yet.
    #[inline(always)]
    pub fn new(frame: *mut Frame) -> Regs {
        Regs {
            frame,
            pc: std::ptr::null(),
            sp: std::ptr::null_mut(),
            locals: std::ptr::null_mut(),
            consts: std::ptr::null(),
            kwnames: std::ptr::null(),
        }
    }

    /// Takes up the frame where it stands. Until [`Regs::save`] its `stacktop` is -1.
    ///
    /// # Safety
    /// The frame is complete, alive and not executing, and its code is well-formed (see above).
    #[inline(always)]
    pub unsafe fn load(&mut self) {
        // SAFETY: promised by the caller.
        unsafe {
            let frame = &mut *self.frame;
            let code: &Code = &*frame.code;
            self.pc = frame.prev_instr.cast_const().wrapping_add(1);
            self.locals = frame.slots();
            self.sp = self.locals.add(frame.stacktop as usize);
            self.consts = code.consts.as_slice().as_ptr().cast::<Raw>();
            frame.stacktop = -1;
        }
    }

    /// Shows the value stack to those who look at the frame.
    #[inline(always)]
    pub fn save(&mut self) {
        // SAFETY: both point into the frame's slots.
        unsafe { (*self.frame).stacktop = self.sp.offset_from(self.locals) as i32 }
    }

    /// Remembers how deep the stack is where the next instruction begins.
    #[inline(always)]
    pub fn mark_depth(&mut self) {
        // SAFETY: both point into the frame's slots.
        unsafe { (*self.frame).traced_top = self.sp.offset_from(self.locals) as i32 }
    }

    /// The value stack is the loop's own again.
    #[inline(always)]
    pub fn unsave(&mut self) {
        // SAFETY: the frame is alive while it executes.
        unsafe { (*self.frame).stacktop = -1 }
    }

    #[inline(always)]
    pub fn frame_ptr(&self) -> *mut Frame {
        self.frame
    }

    /// Turns to another frame; [`Regs::load`] follows.
    #[inline(always)]
    pub fn enter(&mut self, frame: *mut Frame) {
        self.frame = frame;
    }

    /// The frame. The borrow is not tied to the registers: it is good until the frame ends.
    #[inline(always)]
    pub fn frame<'a>(&self) -> &'a Frame {
        // SAFETY: the frame is alive while it executes.
        unsafe { &*self.frame }
    }

    #[inline(always)]
    pub fn code<'a>(&self) -> &'a Code {
        // SAFETY: the frame owns its code.
        unsafe { &*(*self.frame).code }
    }

    /// Puts a value on the stack of a frame that is not loaded: what a call returns to.
    #[inline(always)]
    pub fn push_saved(&mut self, value: Ref) {
        // SAFETY: a frame that waits for a call's result has room for it.
        unsafe {
            let frame = &mut *self.frame;
            let top = frame.stacktop;
            *frame.slots().add(top as usize) = value.into_raw().as_ptr();
            frame.stacktop = top + 1;
        }
    }
}

/// The instruction stream.
impl Regs {
    /// The next unit, as opcode and argument; the frame's `prev_instr` is at it from now on.
    #[inline(always)]
    pub fn fetch(&mut self) -> (u8, u32) {
        // SAFETY: code ends with an instruction that leaves it.
        unsafe {
            let unit = *self.pc;
            (*self.frame).prev_instr = self.pc.cast_mut();
            self.pc = self.pc.add(1);
            (unit as u8, u32::from(unit >> 8))
        }
    }

    /// The unit `ahead` of the next one, as opcode and argument.
    #[inline(always)]
    pub fn look_ahead(&self, ahead: usize) -> (u8, u32) {
        // SAFETY: asked only about units that follow the caches of the current instruction.
        let unit = unsafe { *self.pc.add(ahead) };
        (unit as u8, u32::from(unit >> 8))
    }

    /// Goes on with what is `ahead` units away, which counts as executed.
    #[inline(always)]
    pub fn skip_executing(&mut self, ahead: usize) {
        // SAFETY: as `look_ahead`.
        unsafe {
            (*self.frame).prev_instr = self.pc.add(ahead).cast_mut();
            self.pc = self.pc.add(ahead + 1);
        }
    }

    /// Passes over inline caches.
    #[inline(always)]
    pub fn skip(&mut self, caches: usize) {
        self.jump_forward(caches as u32);
    }

    #[inline(always)]
    pub fn jump_forward(&mut self, units: u32) {
        // SAFETY: jumps land on instructions of the same code.
        self.pc = unsafe { self.pc.add(units as usize) };
    }

    #[inline(always)]
    pub fn jump_backward(&mut self, units: u32) {
        // SAFETY: as above.
        self.pc = unsafe { self.pc.sub(units as usize) };
    }

    /// Goes on at a byte offset of the code (a handler's).
    #[inline(always)]
    pub fn jump_to(&mut self, offset: u32) {
        // SAFETY: as above.
        self.pc = unsafe { self.code().first_instr().add(offset as usize / 2) };
    }

    /// The frame is seen as standing at the last unit before the next instruction: behind the
    /// caches of a call, or before an instruction that has not begun.
    #[inline(always)]
    pub fn mark_previous(&mut self) {
        // SAFETY: the frame is alive; `pc` is behind a unit of its code or at the first.
        unsafe { (*self.frame).prev_instr = self.pc.wrapping_sub(1).cast_mut() }
    }

    /// The frame is seen as standing at the next instruction.
    #[inline(always)]
    pub fn mark_next(&mut self) {
        // SAFETY: the frame is alive.
        unsafe { (*self.frame).prev_instr = self.pc.cast_mut() }
    }

    /// The frame is seen as standing at the instruction with this index.
    #[inline(always)]
    pub fn mark_index(&mut self, index: isize) {
        // SAFETY: the index was taken from this code.
        unsafe { (*self.frame).prev_instr = self.code().first_instr().offset(index).cast_mut() }
    }

    /// Byte offset of the unit before the next instruction.
    #[inline(always)]
    pub fn previous_offset(&self) -> isize {
        // SAFETY: both point into the code's units.
        unsafe { self.pc.wrapping_sub(1).offset_from(self.code().first_instr()) * 2 }
    }

    /// The caches of the instruction that executes.
    #[inline(always)]
    pub fn cache(&self) -> Cache {
        // SAFETY: asked by instructions that have caches.
        unsafe { Cache::new(self.pc) }
    }
}

/// The value stack.
impl Regs {
    #[inline(always)]
    pub fn push_raw(&mut self, value: Raw) {
        // SAFETY: the frame's size covers the deepest stack of its code.
        unsafe {
            *self.sp = value;
            self.sp = self.sp.add(1);
        }
    }

    #[inline(always)]
    pub fn push(&mut self, value: Ref) {
        self.push_raw(value.into_raw().as_ptr());
    }

    #[inline(always)]
    pub fn push_null(&mut self) {
        self.push_raw(std::ptr::null_mut());
    }

    /// Pushes what is borrowed.
    #[inline(always)]
    pub fn push_borrowed(&mut self, value: &Object) {
        self.push(value.to_object());
    }

    #[inline(always)]
    pub fn pop_raw(&mut self) -> Raw {
        // SAFETY: the stack is balanced.
        unsafe {
            self.sp = self.sp.sub(1);
            *self.sp
        }
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Ref {
        // SAFETY: only `PUSH_NULL` and its like leave nulls, for calls, which look for them.
        unsafe { Ref::from_owned(NonNull::new_unchecked(self.pop_raw())) }
    }

    /// Pops if `present`.
    #[inline(always)]
    pub fn pop_if(&mut self, present: bool) -> Option<Ref> {
        if present { Some(self.pop()) } else { None }
    }

    /// Pops and releases, null or not.
    #[inline(always)]
    pub fn drop_top(&mut self) {
        // SAFETY: the slot owned what it held.
        unsafe { release(self.pop_raw()) }
    }

    /// Forgets the top slots, which hold nothing any more.
    #[inline(always)]
    pub fn shrink(&mut self, count: usize) {
        // SAFETY: the stack is balanced.
        self.sp = unsafe { self.sp.sub(count) };
    }

    /// The slot `depth` from above, 1 the topmost.
    #[inline(always)]
    pub fn raw(&self, depth: usize) -> Raw {
        // SAFETY: the stack is balanced.
        unsafe { *self.sp.sub(depth) }
    }

    #[inline(always)]
    pub fn set_raw(&mut self, depth: usize, value: Raw) {
        // SAFETY: the stack is balanced.
        unsafe { *self.sp.sub(depth) = value }
    }

    /// What lies `depth` from above, 1 the topmost. Good while it lies there.
    #[inline(always)]
    pub fn peek<'a>(&self, depth: usize) -> &'a Object {
        // SAFETY: asked only where something lies.
        unsafe { &*self.raw(depth) }
    }

    /// As [`Regs::peek`], where nothing may lie.
    #[inline(always)]
    pub fn peek_nullable<'a>(&self, depth: usize) -> Option<&'a Object> {
        // SAFETY: a slot holds a live object or null.
        unsafe { self.raw(depth).as_ref() }
    }

    /// Lets `body` work on the stack through its pointer.
    #[inline(always)]
    pub fn with_pointer<R>(&mut self, body: impl FnOnce(&mut *mut Raw) -> R) -> R {
        let mut sp = self.sp;
        let result = body(&mut sp);
        self.sp = sp;
        result
    }

    /// The address of the slot `depth` from above.
    #[inline(always)]
    pub fn slot(&self, depth: usize) -> *mut Raw {
        // SAFETY: the stack is balanced.
        unsafe { self.sp.sub(depth) }
    }

    /// Replaces the topmost.
    #[inline(always)]
    pub fn replace_top(&mut self, value: Ref) {
        let old = self.raw(1);
        self.set_raw(1, value.into_raw().as_ptr());
        // SAFETY: the slot owned what it held.
        unsafe { release(old) }
    }

    #[inline(always)]
    pub fn swap(&mut self, depth: usize) {
        // SAFETY: the stack is balanced.
        unsafe { std::ptr::swap(self.sp.sub(1), self.sp.sub(depth)) }
    }

    /// Moves the top `count` values off the stack, bottom first.
    #[inline(always)]
    pub fn take(&mut self, count: usize) -> Vec<Ref> {
        // SAFETY: the values are owned, non-null references (`Ref` is a non-null pointer).
        unsafe {
            self.sp = self.sp.sub(count);
            let mut items = Vec::with_capacity(count);
            std::ptr::copy_nonoverlapping(self.sp.cast::<Ref>(), items.as_mut_ptr(), count);
            items.set_len(count);
            items
        }
    }

    /// Releases from above until `depth` values are left.
    #[inline(always)]
    pub fn unwind_to(&mut self, depth: usize) {
        // SAFETY: locals lie below the stack.
        let base = unsafe { self.locals.add(self.code().nlocalsplus as usize + depth) };
        while self.sp > base {
            self.drop_top();
        }
    }
}

/// Locals, cells, constants, names.
impl Regs {
    #[inline(always)]
    pub fn local<'a>(&self, index: u32) -> Option<&'a Object> {
        // SAFETY: the index is in range.
        unsafe { (*self.locals.add(index as usize)).as_ref() }
    }

    /// Stores, and returns what the slot held before.
    #[inline(always)]
    pub fn replace_local(&mut self, index: u32, value: Option<Ref>) -> Option<Ref> {
        // SAFETY: the index is in range; a slot owns its reference or is null.
        unsafe {
            let slot = self.locals.add(index as usize);
            let old = NonNull::new(*slot).map(|old| Ref::from_owned(old));
            *slot = value.map_or(std::ptr::null_mut(), |value| value.into_raw().as_ptr());
            old
        }
    }

    #[inline(always)]
    pub fn cell<'a>(&self, index: u32) -> &'a CellObject {
        // SAFETY: the compiler's cell indices name slots that `MAKE_CELL` or `COPY_FREE_VARS` filled.
        unsafe { (**self.locals.add(index as usize)).cast::<CellObject>() }
    }

    #[inline(always)]
    pub fn constant<'a>(&self, index: u32) -> &'a Object {
        // SAFETY: the index is in range; the code owns its constants.
        unsafe { &**self.consts.add(index as usize) }
    }

    #[inline(always)]
    pub fn name<'a>(&self, index: u32) -> &'a StrObject {
        // SAFETY: the index is in range, and names are strings.
        unsafe {
            let names: &'a [Ref] = self.code().names.as_slice();
            &*std::ptr::from_ref::<Object>(names.get_unchecked(index as usize)).cast::<StrObject>()
        }
    }

    /// `KW_NAMES`.
    #[inline(always)]
    pub fn set_kwnames(&mut self, index: u32) {
        self.kwnames = std::ptr::from_ref(self.constant(index)).cast();
    }

    /// The keyword names for this call, once.
    #[inline(always)]
    pub fn take_kwnames<'a>(&mut self) -> Option<&'a TupleObject> {
        // SAFETY: null, or a constant of this code.
        unsafe { std::mem::replace(&mut self.kwnames, std::ptr::null()).as_ref() }
    }
}

/// Releases what a slot held, which may be null.
///
/// # Safety
/// The caller owns the reference.
#[inline(always)]
pub(super) unsafe fn release(value: Raw) {
    if let Some(value) = NonNull::new(value) {
        // SAFETY: promised by the caller.
        unsafe { decref(value) }
    }
}

/// One more reference to what a slot will hold.
///
/// # Safety
/// The object is alive.
#[inline(always)]
pub(super) unsafe fn acquire(value: &Object) -> Raw {
    let value = NonNull::from(value);
    // SAFETY: promised by the caller.
    unsafe { incref(value) };
    value.as_ptr()
}
