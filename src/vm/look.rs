//! Looking at the interpreter from outside: its frames, and what it holds that no object holds.
//!
//! Everything here borrows while the program stands still (see [`crate::memory::look`]); no count moves.

use std::sync::atomic::Ordering;

use super::Ctx;
use super::frame::{Frame, Owner};
use super::state::SIGNALS;
use crate::code::opcode::op;
use crate::memory::{Object, Slot};
use crate::objects::DictObject;

/// Takes back what [`super::state::raise_signal`] asked for.
pub fn clear_signal(bits: u32) {
    SIGNALS.fetch_and(!bits, Ordering::SeqCst);
}

/// Takes a signal back; whether it was there.
pub fn take_signal(bit: u32) -> bool {
    SIGNALS.fetch_and(!bit, Ordering::SeqCst) & bit != 0
}

/// Says that a native function holds a reference, as long as this lives.
pub struct Hold {
    cx: Ctx,
    place: usize,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.place != usize::MAX {
            self.cx.vm().holds.borrow_mut().truncate(self.place);
        }
    }
}

impl Ctx {
    /// Whether somebody steps through the program.
    #[inline]
    pub fn is_traced(self) -> bool {
        SIGNALS.load(Ordering::Relaxed) & super::state::signal::TRACE != 0
    }

    /// Names a reference that native code holds while it runs Python, so that the count can be explained. Holds end
    /// in the reverse order in which they began. Costs nothing while nobody steps; what is held by calls that began
    /// before somebody did is then not known.
    #[inline]
    pub fn hold(self, name: &'static str, object: &Object) -> Hold {
        if !self.is_traced() && !self.vm().counting.get() {
            return Hold { cx: self, place: usize::MAX };
        }
        let mut holds = self.vm().holds.borrow_mut();
        holds.push((name, object.as_ptr()));
        Hold { cx: self, place: holds.len() - 1 }
    }

    /// The running frames, innermost first.
    pub fn each_frame(self, each: &mut dyn FnMut(&Frame)) {
        let mut frame = self.vm().frame.get();
        // SAFETY: the chain of running frames is intact while the program stands still.
        while let Some(running) = unsafe { frame.as_ref() } {
            each(running);
            frame = running.previous;
        }
    }

    /// The innermost running frame. It must not be kept while Python runs.
    pub fn innermost_frame(self) -> Option<&'static Frame> {
        // SAFETY: null or the frame that runs; the caller's promise limits the borrow, as everywhere in looking.
        unsafe { self.vm().frame.get().as_ref() }
    }

    /// What native calls at work have said they hold ([`Ctx::hold`]): name and address. Some only borrow it, so that
    /// another holder stands for the same reference.
    pub fn each_hold(self, each: &mut dyn FnMut(&'static str, usize)) {
        for (name, object) in self.vm().holds.borrow().iter() {
            each(name, object.addr().get());
        }
    }

    /// What the interpreter itself holds, with a name for each.
    pub fn each_root(self, each: &mut dyn FnMut(&str, &Object)) {
        let vm = self.vm();
        fn slot<T: crate::memory::Layout>(each: &mut dyn FnMut(&str, &Object), name: &str, slot: &Slot<T>) {
            if let Some(object) = slot.peek() {
                each(name, object.as_object());
            }
        }
        slot(each, "the pending exception's type", &vm.pending_type);
        slot(each, "the pending exception", &vm.pending_value);
        slot(each, "the pending exception's traceback", &vm.pending_traceback);
        slot(each, "the table of modules (sys.modules)", &vm.modules);
        slot(each, "the interpreter (builtins)", &vm.builtins);
        slot(each, "the interpreter (sys)", &vm.sys_dict);
        slot(each, "the interpreter (atexit)", &vm.atexit);
        slot(each, "the interpreter (__main__)", &vm.main);
        slot(each, "the interpreter (hooks for async generators)", &vm.async_gen_finalizer);
        slot(each, "the interpreter (hooks for async generators)", &vm.async_gen_firstiter);
        slot(each, "the interpreter (ExceptionGroup)", &vm.exception_group);
        slot(each, "the interpreter's spare MemoryError", &vm.spare_memory_error);
        let mut handled = vm.handled.get();
        // SAFETY: the chain of handled exceptions is intact while the program stands still.
        while let Some(item) = unsafe { handled.as_ref() } {
            // Those of running generators belong to their generator objects.
            if std::ptr::eq(item, &raw const vm.base_handled) {
                slot(each, "the exception being handled", &item.value);
            }
            handled = item.previous.get();
        }
        for table in vm.root_tables.borrow().iter() {
            table(each);
        }
        for (name, object) in vm.named_roots.borrow().iter() {
            each(name, object);
        }
    }
}

impl Frame {
    /// Whether the activation has not ended, and runs or is under way.
    pub fn is_running(&self) -> bool {
        self.owner == Owner::Thread
    }

    /// The frame that called this one, while both run.
    pub fn outer(&self) -> Option<&Frame> {
        // SAFETY: null or a running frame; outer frames outlive inner ones.
        unsafe { self.previous.as_ref() }
    }

    /// The local variables' slots: arguments, locals, cells and free variables, in the order of their names.
    pub fn local_values(&self) -> Vec<Option<&Object>> {
        // SAFETY: all localsplus slots are null or hold a reference from the frame's first moment on.
        (0..self.code().nlocalsplus as usize).map(|index| unsafe { self.slot(index) }).collect()
    }

    /// The value stack, bottom first, as far as it is known: while the frame is inside a native call it is not.
    pub fn stack_values(&self) -> Vec<Option<&Object>> {
        let locals = self.code().nlocalsplus as usize;
        let words = self.live_slots().len();
        // SAFETY: `words` slots are initialised.
        (locals..words).map(|index| unsafe { self.slot(index) }).collect()
    }

    /// The value stack of a frame that is inside a native call, as it was when the call's instruction began: slot
    /// numbers and addresses. What the call has taken and released is there no more: look before believing.
    pub fn stack_before_call(&self) -> Vec<(usize, usize)> {
        let locals = self.code().nlocalsplus as usize;
        let words = if self.stacktop < 0 { self.traced_top.max(0) as usize } else { 0 };
        let at = usize::try_from(self.lasti()).unwrap_or(0);
        let moved = match self.code().plain.code.get(at).copied() {
            // These give their operand away before anything else can run.
            Some(op::POP_TOP | op::STORE_FAST | op::STORE_NAME | op::STORE_GLOBAL | op::STORE_DEREF) => 1,
            Some(op::POP_EXCEPT) => 1,
            _ => 0,
        };
        let words = words.saturating_sub(moved);
        // SAFETY: the words below `traced_top` were initialised when the instruction began; they are read as numbers.
        (locals..words)
            .map(|index| (index - locals, unsafe { self.slots().add(index).read() }.addr()))
            .collect()
    }

    /// Whether its generator's `traverse` shows what the frame holds.
    pub fn is_shown_by_generator(&self) -> bool {
        self.owner == Owner::Generator && self.stacktop >= 0
    }

    /// The namespace in which names that are not local slots are bound: a module's or class body's.
    pub fn namespace(&self) -> &DictObject {
        // SAFETY: null or an object that the frame owns.
        match unsafe { self.locals.as_ref() }.and_then(|locals| locals.downcast::<DictObject>()) {
            Some(locals) => locals,
            None => self.globals(),
        }
    }

    /// The line of the instruction that runs next.
    pub fn next_line(&self) -> Option<i32> {
        self.code().line_of(self.lasti() + 2)
    }

    /// What the frame holds besides local variables and value stack, as it is called.
    pub fn each_part(&self, each: &mut dyn FnMut(&'static str, &Object)) {
        let mut hold = |name: &'static str, object: *mut Object| {
            // SAFETY: null or an object that the frame owns.
            if let Some(object) = unsafe { object.as_ref() } {
                each(name, object);
            }
        };
        hold("the running function", self.func.cast());
        hold("the running code", self.code.cast());
        hold("the namespace", self.locals);
        hold("the frame object", self.frame_obj.cast());
    }

    /// Everything the frame holds, with a name for each.
    pub fn each_held(&self, each: &mut dyn FnMut(String, &Object)) {
        self.each_part(&mut |name, object| each(name.to_owned(), object));
        for (index, object) in self.local_values().into_iter().enumerate() {
            if let Some(object) = object {
                each(format!("local {}", self.code().local_name(index).to_string_lossy()), object);
            }
        }
        for (index, object) in self.stack_values().into_iter().enumerate() {
            if let Some(object) = object {
                each(format!("stack slot {index}"), object);
            }
        }
    }
}
