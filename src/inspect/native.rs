//! What native code holds in variables of its own while Python runs on its behalf.
//!
//! `sorted` keeps its items while it calls a key function, an import keeps the module that it runs, a store keeps
//! what it replaces while that is finalized. Where such a reference matters to a reader it has a name
//! ([`Ctx::hold`]), and the arguments of a call lie on the value stack of the Python frame that made it, whose words
//! are what they were when its instruction began. All others are found where they are: on the native stack between
//! that frame's evaluation loop and the one that runs now ([`crate::vm::native_calls`]), from where the blocks that
//! the native variables own (a vector of arguments) are followed, too.
//!
//! A word that is an object's address may also be a borrow, or left over from before. So these places are
//! *candidates*: they explain a count that nothing else explains, one reference for each word, and never make a
//! count too high. Where no native code is between two Python frames there are none, and a count must agree to the
//! last; and whatever native code fails to release is found out when its call returns.
use std::collections::{HashMap, HashSet};

use super::process_memory::ProcessMemory;
use super::roots::each_likely_root;
use crate::code::opcode::{Opcode, op};
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::look::as_class;
use crate::objects::native::NativeFunctionObject;
use crate::vm::Ctx;
use crate::vm::frame::Frame;
use crate::vm::function::FunctionObject;

/// Words read in such blocks at most, for one native call.
const MAX_WORDS: usize = 1 << 21;

/// How far to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// The native variables themselves.
    Stack,
    /// What they own, too: so many steps from block to block.
    Blocks(usize),
}

impl Reach {
    /// From the nearest to the farthest; each is slower than the one before.
    pub const ALL: [Reach; 4] = [Reach::Stack, Reach::Blocks(1), Reach::Blocks(2), Reach::Blocks(4)];
    /// The farthest.
    pub const FAR: Reach = Reach::Blocks(4);

    fn steps(self) -> usize {
        match self {
            Reach::Stack => 0,
            Reach::Blocks(steps) => steps,
        }
    }
}

/// Places in which native code may hold objects.
#[derive(Default)]
pub struct Candidates {
    /// By address: numbers of places, one for each word that is this address.
    words: HashMap<usize, Vec<u32>>,
    places: Vec<String>,
}

impl Candidates {
    /// Looks at everything that the running native calls may hold; `wanted` says which addresses matter.
    pub fn gather(
        cx: Ctx,
        still: Still<'_>,
        reach: Reach,
        wanted: &mut dyn FnMut(usize) -> bool,
    ) -> Candidates {
        let mut found = Candidates::default();
        let mut calls: HashMap<usize, String> = HashMap::new();
        cx.each_frame(&mut |frame| {
            if frame.stacktop < 0 {
                calls.insert(std::ptr::from_ref(frame).addr(), what_it_calls(still, frame));
            }
        });
        each_likely_root(cx, &mut |name, address| {
            if wanted(address) {
                found.note(address, name.to_string());
            }
        });
        let memory = match reach {
            Reach::Stack => ProcessMemory::of_stacks(),
            Reach::Blocks(_) => ProcessMemory::with_blocks(),
        };
        let callers = callers(cx);
        let loops = cx.traced_loops();
        // What lies above the outermost loop, or below none, is whoever runs the program: start-up and shutdown.
        if let Some(first) = loops.first() {
            found.native_call(
                still,
                &memory,
                reach,
                first.high,
                cx.native_base(),
                "whoever runs the program",
                wanted,
            );
        }
        for pair in loops.windows(2) {
            let [outer, inner] = pair else { continue };
            let caller = callers.get(&inner.entry).and_then(|caller| calls.get(caller));
            let name = caller.map_or("native code", String::as_str);
            // The outer loop itself holds what its instruction has taken from the value stack.
            found.native_call(still, &memory, reach, inner.low, outer.high, name, wanted);
        }
        found
    }

    fn note(&mut self, address: usize, place: String) {
        self.places.push(place);
        self.words.entry(address).or_default().push(self.places.len() as u32 - 1);
    }

    /// What the native code whose variables lie between two addresses may hold.
    #[expect(clippy::too_many_arguments, reason = "one caller, each is a different thing")]
    fn native_call(
        &mut self,
        still: Still<'_>,
        memory: &ProcessMemory,
        reach: Reach,
        low: usize,
        high: usize,
        name: &str,
        wanted: &mut dyn FnMut(usize) -> bool,
    ) {
        self.places.push(format!("{name}, in a variable of native code"));
        let place = self.places.len() as u32 - 1;
        let mut level = memory.words(low, high);
        let mut seen: HashSet<usize> = HashSet::new();
        let mut budget = MAX_WORDS;
        let depth = reach.steps();
        for step in 0..=depth {
            let mut next = Vec::new();
            for word in level {
                if wanted(word) {
                    self.words.entry(word).or_default().push(place);
                    continue;
                }
                if step == depth || word == 0 {
                    continue;
                }
                let buffer =
                    still.buffer_around(word).or_else(|| memory.block_at(word).map(|bytes| (word, bytes)));
                if let Some((start, bytes)) = buffer
                    && seen.insert(start)
                {
                    let words = memory.words(start, start + bytes.min(budget * size_of::<usize>()));
                    budget -= words.len().min(budget);
                    next.extend(words);
                }
            }
            level = next;
        }
    }

    /// The places that may hold the object at this address: those with a name first.
    pub fn of(&self, address: usize) -> impl ExactSizeIterator<Item = &str> {
        let places = self.words.get(&address).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| self.places.get(*place as usize).map_or("", String::as_str))
    }
}

/// For each frame on the way, the frame that called it.
fn callers(cx: Ctx) -> HashMap<usize, usize> {
    let mut callers = HashMap::new();
    cx.each_frame(&mut |frame| {
        callers.insert(std::ptr::from_ref(frame).addr(), frame.previous.addr());
    });
    callers
}

/// What a frame that is inside a native call has called, with its line: `sorted() in line 3 of f`.
fn what_it_calls(still: Still<'_>, frame: &Frame) -> String {
    let function = frame.code().qualname.to_string_lossy();
    let at = usize::try_from(frame.lasti()).unwrap_or(0);
    let units = &frame.code().plain.code;
    let (opcode, arg) = (units.get(at).copied().unwrap_or(0), units.get(at + 1).copied().unwrap_or(0));
    let what = match opcode {
        op::CALL => {
            let stack = frame.stack_before_call();
            // Callable and receiver, or nothing and callable, lie below the arguments.
            let below = stack.len().checked_sub(usize::from(arg) + 2).map(|first| &stack[first..first + 2]);
            let callee = below.and_then(|two| {
                two.iter().find(|(_, address)| *address != 0).and_then(|(_, address)| still.at(*address))
            });
            callee.map_or_else(|| "a call".to_owned(), callee_name)
        }
        op::IMPORT_NAME => "the import".to_owned(),
        op::FOR_ITER => "the for loop".to_owned(),
        op::BINARY_OP => "the operator".to_owned(),
        op::COMPARE_OP | op::CONTAINS_OP => "the comparison".to_owned(),
        op::STORE_FAST | op::STORE_NAME | op::STORE_GLOBAL | op::STORE_DEREF => "the assignment".to_owned(),
        op::STORE_ATTR | op::LOAD_ATTR | op::LOAD_METHOD => "the attribute".to_owned(),
        op::BINARY_SUBSCR | op::STORE_SUBSCR | op::DELETE_SUBSCR => "the subscript".to_owned(),
        op::DELETE_FAST | op::DELETE_NAME | op::DELETE_GLOBAL | op::DELETE_ATTR => "del".to_owned(),
        op::UNPACK_SEQUENCE | op::UNPACK_EX => "the unpacking".to_owned(),
        other => Opcode::from_u8(other).map_or("an instruction", Opcode::name).to_owned(),
    };
    match frame.line() {
        Some(line) => format!("{what} in line {line} of {function}"),
        None => format!("{what} in {function}"),
    }
}

fn callee_name(callee: &Object) -> String {
    if let Some(native) = callee.downcast_exact::<NativeFunctionObject>() {
        return format!("{}()", native.def.name);
    }
    if let Some(function) = callee.downcast_exact::<FunctionObject>() {
        return format!("{}()", super::short::peek_text(function.qualname.peek()));
    }
    match as_class(callee) {
        Some(class) => format!("{}()", class.name_text()),
        None => format!("the call of a {}", callee.ty().name_text()),
    }
}
