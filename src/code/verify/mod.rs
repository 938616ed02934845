//! The bytecode verifier: whether a code object that did not come from our compiler is safe to run.
//!
//! The evaluation loop trusts its code: it checks neither indexes nor stack depth nor the types of what
//! the compiler itself put on the stack. Code from `marshal`, from a `.pyc` file, from `types.CodeType`
//! or `code.replace` may be anything, so it is checked once before it may run:
//!
//! - every reachable instruction is a known opcode with its inline caches behind it; jumps and handlers
//!   land on the first unit of an instruction; nothing runs off the end;
//! - indexes into constants, names and variables are in range and of the right sort;
//! - the stack has one depth at each place, whichever way it is reached, never below zero and never
//!   above `co_stacksize`; handlers cut it back to a depth that was there;
//! - values that the loop casts without looking (the list under `LIST_APPEND`, the code under
//!   `MAKE_FUNCTION`, cells, the previous exception under `POP_EXCEPT`) are what it takes them for;
//! - cells and free variables are set up first, and once; only a generator's code yields.
//!
//! Whatever CPython's compiler makes passes. The work is bounded by the size of the code.

mod step;

use super::exception_table;
use super::object::{CodeObject, Const, flags, kind};
use super::opcode::{Opcode, op};

/// What is known of a value on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Null,
    /// The slot below a callable: empty, or the callable when a receiver follows.
    MaybeNull,
    /// Some object.
    Any,
    List,
    Set,
    Dict,
    /// A tuple of so many items; `names`: all of them strings.
    Tuple {
        len: u32,
        names: bool,
    },
    /// A tuple of so many cells.
    Cells(u32),
    Str,
    Cell,
    /// The code object at this index of the constants.
    Code(u32),
    /// The exception that a handler was entered with.
    Exception,
    /// What was being handled before, an exception or `None`.
    Handled,
    /// The instruction index that a handler was entered with.
    Lasti,
}

impl Kind {
    /// What is known of a value that is one or the other.
    fn join(self, other: Kind) -> Kind {
        match (self, other) {
            (a, b) if a == b => a,
            (Kind::Null | Kind::MaybeNull, _) | (_, Kind::Null | Kind::MaybeNull) => Kind::MaybeNull,
            (Kind::Exception, Kind::Handled) | (Kind::Handled, Kind::Exception) => Kind::Handled,
            (Kind::Tuple { len, .. }, Kind::Tuple { len: other, .. }) if len == other => {
                Kind::Tuple { len, names: false }
            }
            _ => Kind::Any,
        }
    }

    fn is_object(self) -> bool {
        !matches!(self, Kind::Null | Kind::MaybeNull)
    }
}

/// An instruction with its prefixes.
#[derive(Clone, Copy)]
struct Instr {
    opcode: Opcode,
    arg: u32,
    /// The code unit of the first prefix, or of the instruction itself.
    start: u32,
    /// The code unit of the instruction itself.
    at: u32,
    /// The code unit behind its caches.
    next: u32,
}

/// The handler that covers a code unit.
#[derive(Clone, Copy)]
struct Cover {
    target: u32,
    depth: u32,
    lasti: bool,
}

/// Why code must not run. The text is for an error message.
pub type Refusal = &'static str;

/// Checks a code object, its nested ones aside. Returns the deepest stack it can reach.
///
/// # Errors
/// What is wrong first.
pub fn verify(code: &CodeObject) -> Result<u32, Refusal> {
    variables(code)?;
    Verifier::new(code, false)?.run()
}

/// As [`verify`], for code that may have the operations of the classic era.
///
/// # Errors
/// What is wrong first.
pub fn verify_classic(code: &CodeObject) -> Result<u32, Refusal> {
    variables(code)?;
    Verifier::new(code, true)?.run()
}

/// The tables of variables, arguments and flags agree.
fn variables(code: &CodeObject) -> Result<(), Refusal> {
    if code.localspluskinds.len() != code.localsplusnames.len() {
        return Err("variable names and kinds do not agree");
    }
    // Locals (some of them cells), then cells, then free variables.
    let mut stage = 0;
    for &bits in &code.localspluskinds {
        let wanted = match bits {
            kind::LOCAL => 0,
            bits if bits == kind::LOCAL | kind::CELL => 0,
            kind::CELL => 1,
            kind::FREE => 2,
            _ => return Err("unknown kind of variable"),
        };
        if wanted < stage {
            return Err("variables out of order");
        }
        stage = wanted;
    }
    let locals = code.localspluskinds.iter().filter(|bits| *bits & kind::LOCAL != 0).count() as u64;
    let stars = [flags::VARARGS, flags::VARKEYWORDS].iter().filter(|bit| code.flags & **bit != 0).count();
    let arguments = u64::from(code.argcount) + u64::from(code.kwonlyargcount) + stars as u64;
    if arguments > locals || code.posonlyargcount > code.argcount {
        return Err("more arguments than variables");
    }
    let generators = flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR;
    if (code.flags & generators).count_ones() > 1 {
        return Err("more than one kind of generator");
    }
    Ok(())
}

struct Verifier<'a> {
    code: &'a CodeObject,
    instrs: Vec<Instr>,
    /// The instruction that starts at a code unit; `NONE` inside one.
    index_of: Vec<u32>,
    covers: Vec<Option<Cover>>,
    /// Whether anything but the instruction before leads here.
    is_target: Vec<bool>,
    /// Known stacks at targets.
    states: Vec<Option<Box<[Kind]>>>,
    pending: Vec<u32>,
    deepest: usize,
    /// Kinds that may still be stored or compared.
    budget: usize,
    /// Instructions of the prologue (`COPY_FREE_VARS`, `MAKE_CELL`).
    prologue: usize,
    is_generator: bool,
}

const NONE: u32 = u32::MAX;
const FAR: Refusal = "jump to nowhere";

impl<'a> Verifier<'a> {
    fn new(code: &'a CodeObject, is_classic: bool) -> Result<Self, Refusal> {
        let bytes = &code.code;
        if bytes.is_empty() || !bytes.len().is_multiple_of(2) || bytes.len() > i32::MAX as usize {
            return Err("code of odd length");
        }
        let units = bytes.len() / 2;
        let mut index_of = vec![NONE; units];
        let mut instrs = Vec::with_capacity(units / 2);
        let mut at = 0usize;
        while at < units {
            let start = at;
            let mut arg = 0u32;
            while bytes[2 * at] == op::EXTENDED_ARG {
                arg = arg << 8 | u32::from(bytes[2 * at + 1]);
                at += 1;
                if at == units || at - start > 3 {
                    return Err("prefix without an instruction");
                }
            }
            let opcode = Opcode::from_u8(bytes[2 * at]).filter(|opcode| !opcode.is_pseudo());
            let opcode = opcode.filter(|opcode| is_classic || *opcode != Opcode::CLASSIC);
            let opcode = opcode.ok_or("unknown opcode")?;
            arg = arg << 8 | u32::from(bytes[2 * at + 1]);
            let next = at + 1 + opcode.caches();
            if next > units {
                return Err("inline caches are missing");
            }
            if bytes[2 * at + 2..2 * next].chunks_exact(2).any(|unit| unit[0] != op::CACHE) {
                return Err("inline caches are not empty");
            }
            index_of[start] = instrs.len() as u32;
            instrs.push(Instr { opcode, arg, start: start as u32, at: at as u32, next: next as u32 });
            at = next;
        }
        let generators = flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR;
        let mut verifier = Verifier {
            code,
            covers: covers(&code.exceptiontable, units),
            is_target: vec![false; instrs.len()],
            states: Vec::new(),
            pending: Vec::new(),
            deepest: 0,
            budget: 64 * units + (1 << 16),
            prologue: 0,
            is_generator: code.flags & generators != 0,
            instrs,
            index_of,
        };
        verifier.prologue()?;
        verifier.targets()?;
        verifier.states = vec![None; verifier.instrs.len()];
        Ok(verifier)
    }

    /// Free variables are copied, cells made, before anything else; then a generator is made of the
    /// frame, if it is to be one.
    fn prologue(&mut self) -> Result<(), Refusal> {
        let kinds = &self.code.localspluskinds;
        let free = kinds.iter().filter(|bits| **bits & kind::FREE != 0).count();
        let mut made = vec![false; kinds.len()];
        let mut count = 0;
        if let Some(first) = self.instrs.first()
            && first.opcode == Opcode::COPY_FREE_VARS
        {
            if first.arg as usize != free {
                return Err("wrong number of free variables");
            }
            count = 1;
        } else if free > 0 {
            return Err("free variables are not set up");
        }
        while let Some(instr) = self.instrs.get(count).filter(|instr| instr.opcode == Opcode::MAKE_CELL) {
            let slot = instr.arg as usize;
            if kinds.get(slot).is_none_or(|bits| bits & kind::CELL == 0) || made[slot] {
                return Err("cell of no variable");
            }
            made[slot] = true;
            count += 1;
        }
        if kinds.iter().zip(&made).any(|(bits, made)| bits & kind::CELL != 0 && !made) {
            return Err("cells are not set up");
        }
        let starts_generator =
            self.instrs.get(count).is_some_and(|instr| instr.opcode == Opcode::RETURN_GENERATOR);
        if starts_generator != self.is_generator {
            return Err("generator flag and code do not agree");
        }
        self.prologue = count + usize::from(starts_generator);
        let allowed = |index: usize, opcode: Opcode| match opcode {
            Opcode::COPY_FREE_VARS | Opcode::MAKE_CELL | Opcode::RETURN_GENERATOR => index < self.prologue,
            _ => true,
        };
        match self.instrs.iter().enumerate().all(|(index, instr)| allowed(index, instr.opcode)) {
            true => Ok(()),
            false => Err("variables are set up twice"),
        }
    }

    /// The instruction that starts at a code unit, if one may jump there.
    fn target(&self, unit: i64) -> Result<u32, Refusal> {
        let unit = usize::try_from(unit).map_err(|_| FAR)?;
        match self.index_of.get(unit) {
            Some(&index) if index != NONE && index as usize >= self.prologue => Ok(index),
            _ => Err(FAR),
        }
    }

    /// Where an instruction jumps to, as an index of instructions.
    fn jump(&self, instr: &Instr) -> Result<Option<u32>, Refusal> {
        use super::opcode::ArgKind;
        // None of the jumps has caches.
        let from = i64::from(instr.next);
        match instr.opcode.arg_kind() {
            ArgKind::Jump => self.target(from + i64::from(instr.arg)).map(Some),
            ArgKind::JumpBack => self.target(from - i64::from(instr.arg)).map(Some),
            _ => Ok(None),
        }
    }

    fn targets(&mut self) -> Result<(), Refusal> {
        let mut targets = Vec::new();
        for instr in &self.instrs {
            targets.extend(self.jump(instr)?);
            for unit in instr.start..=instr.at {
                if let Some(cover) = self.covers[unit as usize] {
                    targets.push(self.target(i64::from(cover.target))?);
                }
            }
        }
        for target in targets {
            self.is_target[target as usize] = true;
        }
        self.uninterrupted()
    }

    /// A loop that is never interrupted is one that yields each time round.
    fn uninterrupted(&self) -> Result<(), Refusal> {
        for (index, instr) in self.instrs.iter().enumerate() {
            if instr.opcode != Opcode::JUMP_BACKWARD_NO_INTERRUPT {
                continue;
            }
            let before = |back: usize, opcode: Opcode| {
                index.checked_sub(back).is_some_and(|at| self.instrs[at].opcode == opcode)
            };
            let target = self.jump(instr)?.map(|target| self.instrs[target as usize].opcode);
            let yields = before(1, Opcode::RESUME) && before(2, Opcode::YIELD_VALUE);
            let is_entered = self.is_target[index] || self.is_target[index - usize::from(index > 0)];
            if !yields || is_entered || target != Some(Opcode::SEND) {
                return Err("a loop that cannot be interrupted");
            }
        }
        Ok(())
    }

    fn spend(&mut self, amount: usize) -> Result<(), Refusal> {
        self.budget = self.budget.checked_sub(amount + 1).ok_or("code too intricate")?;
        Ok(())
    }

    /// One more way leads to an instruction, with this stack.
    fn arrive(&mut self, index: u32, stack: &[Kind]) -> Result<(), Refusal> {
        let at = index as usize;
        match &mut self.states[at] {
            Some(known) => {
                if known.len() != stack.len() {
                    return Err("stack depths do not agree");
                }
                let mut changed = false;
                for (known, new) in known.iter_mut().zip(stack) {
                    let joined = known.join(*new);
                    changed |= joined != *known;
                    *known = joined;
                }
                if changed {
                    self.spend(stack.len())?;
                    self.pending.push(index);
                } else {
                    self.spend(stack.len() / 8)?;
                }
            }
            empty => {
                *empty = Some(stack.into());
                self.spend(stack.len())?;
                self.pending.push(index);
            }
        }
        Ok(())
    }

    fn run(mut self) -> Result<u32, Refusal> {
        self.walk(0, Vec::new())?;
        while let Some(index) = self.pending.pop() {
            if let Some(state) = &self.states[index as usize] {
                let stack = state.to_vec();
                self.walk(index as usize, stack)?;
            }
        }
        Ok(self.deepest as u32)
    }

    /// Follows the instructions from one on until they jump, end, or reach a target.
    fn walk(&mut self, from: usize, mut stack: Vec<Kind>) -> Result<(), Refusal> {
        let mut index = from;
        loop {
            let Some(&instr) = self.instrs.get(index) else { return Err("the end is reached") };
            self.spend(0)?;
            let is_covered = !step::cannot_raise(instr.opcode)
                && (instr.start..=instr.at).any(|unit| self.covers[unit as usize].is_some());
            let found = if is_covered { stack.clone() } else { Vec::new() };
            self.spend(found.len() / 8)?;
            // Below this depth the instruction touches nothing, and what it leaves is there for a handler.
            let (mut low, mut jumped) = (stack.len(), None);
            let falls = self.step(index, &instr, &mut stack, &mut low, &mut jumped)?;
            self.deepest = self.deepest.max(stack.len());
            if self.deepest > self.code.stacksize as usize {
                return Err("stack deeper than co_stacksize");
            }
            if is_covered {
                self.handlers(&instr, low, &found)?;
            }
            if let Some(jumped) = jumped
                && let Some(target) = self.jump(&instr)?
            {
                self.arrive(target, &jumped)?;
            }
            if !falls {
                return Ok(());
            }
            index += 1;
            if index < self.is_target.len() && self.is_target[index] {
                return self.arrive(index as u32, &stack);
            }
        }
    }

    /// The instruction may raise: its handlers can be entered with what lies below, of which `kept`
    /// values are left as they were `found`.
    fn handlers(&mut self, instr: &Instr, kept: usize, found: &[Kind]) -> Result<(), Refusal> {
        let mut last = None;
        for unit in instr.start..=instr.at {
            let Some(cover) = self.covers[unit as usize] else { continue };
            let depth = cover.depth as usize;
            if depth > kept {
                return Err("handler deeper than the stack");
            }
            if last == Some((cover.target, cover.depth, cover.lasti)) {
                continue;
            }
            last = Some((cover.target, cover.depth, cover.lasti));
            let mut stack = found.get(..depth).ok_or("handler deeper than the stack")?.to_vec();
            if cover.lasti {
                stack.push(Kind::Lasti);
            }
            stack.push(Kind::Exception);
            self.deepest = self.deepest.max(stack.len());
            if self.deepest > self.code.stacksize as usize {
                return Err("stack deeper than co_stacksize");
            }
            let target = self.target(i64::from(cover.target))?;
            self.arrive(target, &stack)?;
        }
        Ok(())
    }

    /// The constant at an index.
    fn constant(&self, index: u32) -> Result<&'a Const, Refusal> {
        self.code.consts.get(index as usize).ok_or("constant out of range")
    }
}

/// The handler of each code unit, as [`exception_table::lookup`] finds it: the first entry that ends
/// beyond the unit decides.
fn covers(table: &[u8], units: usize) -> Vec<Option<Cover>> {
    let mut covers = vec![None; units];
    let mut decided = 0;
    for entry in exception_table::entries(table) {
        // Half a unit is looked up by the offset of its first byte.
        let end = (entry.end.div_ceil(2) as usize).min(units);
        for (unit, cover) in covers.iter_mut().enumerate().take(end).skip(decided) {
            if entry.start <= 2 * unit as u32 {
                *cover = Some(Cover { target: entry.target / 2, depth: entry.depth, lasti: entry.lasti });
            }
        }
        decided = decided.max(end);
    }
    covers
}

#[cfg(test)]
mod tests;
