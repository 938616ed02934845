//! What each instruction takes from the stack, asks of it, and leaves there.

use super::{Instr, Kind, Opcode, Refusal, Verifier};
use crate::code::object::{Const, kind};

/// Instructions that only move things about and never raise: the compiler leaves them in protected
/// ranges where the stack does not fit the handler any more.
pub(super) fn cannot_raise(opcode: Opcode) -> bool {
    use Opcode::*;
    matches!(
        opcode,
        NOP | CACHE
            | EXTENDED_ARG
            | POP_TOP
            | SWAP
            | COPY
            | PUSH_NULL
            | LOAD_CONST
            | PRECALL
            | KW_NAMES
            | POP_EXCEPT
            | PUSH_EXC_INFO
            | STORE_FAST
            | JUMP_FORWARD
            | JUMP_BACKWARD_NO_INTERRUPT
            | RETURN_VALUE
            | LOAD_CLOSURE
    )
}

/// The stack during one instruction.
struct Hand<'s> {
    stack: &'s mut Vec<Kind>,
    low: &'s mut usize,
}

impl Hand<'_> {
    fn take(&mut self) -> Result<Kind, Refusal> {
        let taken = self.stack.pop().ok_or("stack underflow")?;
        *self.low = (*self.low).min(self.stack.len());
        Ok(taken)
    }

    /// An object, never empty.
    fn object(&mut self) -> Result<Kind, Refusal> {
        let taken = self.take()?;
        if taken.is_object() { Ok(taken) } else { Err("empty value on the stack") }
    }

    fn objects(&mut self, count: u32) -> Result<(), Refusal> {
        (0..count).try_for_each(|_| self.object().map(drop))
    }

    fn put(&mut self, kind: Kind) {
        self.stack.push(kind);
    }

    /// The value so far from the top, 1 being the top itself.
    fn peek(&self, depth: u32) -> Result<Kind, Refusal> {
        let at = self.stack.len().checked_sub(depth as usize).ok_or("stack underflow")?;
        self.stack.get(at).copied().ok_or("stack underflow")
    }

    fn expect(&self, depth: u32, wanted: Kind) -> Result<(), Refusal> {
        if depth > 0 && self.peek(depth)? == wanted { Ok(()) } else { Err("wrong type on the stack") }
    }
}

/// Room that a dict may be made with before it has entries: more is memory for nothing.
const MAX_ROOM: u32 = 1 << 16;

/// The operations of Python 2.7, which take an empty slot for `None`.
fn classic_operation(hand: &mut Hand<'_>, operation: u32) -> Result<(), Refusal> {
    use crate::code::classic::*;
    let (takes, puts) = match operation {
        PRINT_ITEM | PRINT_DONE => (1, None),
        PRINT_NEWLINE => (0, None),
        PRINT_ITEM_TO => (2, Some(Kind::Any)),
        PRINT_NEWLINE_TO => (1, None),
        EXEC | DELETE_SLICE => (3, None),
        REPR | PREPARE_RAISE | DROP_TRACEBACK => (1, Some(Kind::Any)),
        PREPARE_RAISE_VALUE | DIVIDE | INPLACE_DIVIDE => (2, Some(Kind::Any)),
        PREPARE_RAISE_TRACEBACK | GET_SLICE | BUILD_CLASS => (3, Some(Kind::Any)),
        SET_SLICE => (4, None),
        NEW_MAP.. if operation - NEW_MAP <= MAX_ROOM => (0, Some(Kind::Dict)),
        _ => return Err("unknown opcode"),
    };
    for _ in 0..takes {
        hand.take()?;
    }
    if let Some(kind) = puts {
        hand.put(kind);
    }
    Ok(())
}

impl Verifier<'_> {
    fn name(&self, index: u32) -> Result<(), Refusal> {
        if (index as usize) < self.code.names.len() { Ok(()) } else { Err("name out of range") }
    }

    fn variable(&self, index: u32, as_cell: bool) -> Result<(), Refusal> {
        let bits = self.code.localspluskinds.get(index as usize).ok_or("variable out of range")?;
        if (bits & (kind::CELL | kind::FREE) != 0) == as_cell {
            Ok(())
        } else {
            Err("cell and local confused")
        }
    }

    fn kind_of(&self, index: u32) -> Result<Kind, Refusal> {
        Ok(match self.constant(index)? {
            Const::Str(_) => Kind::Str,
            Const::Code(_) => Kind::Code(index),
            Const::Tuple(items) => Kind::Tuple {
                len: items.len() as u32,
                names: items.iter().all(|item| matches!(item, Const::Str(_))),
            },
            _ => Kind::Any,
        })
    }

    /// Applies one instruction. `jumped` becomes the stack at the jump's target; the result tells
    /// whether the next instruction follows.
    pub(super) fn step(
        &mut self,
        index: usize,
        instr: &Instr,
        stack: &mut Vec<Kind>,
        low: &mut usize,
        jumped: &mut Option<Vec<Kind>>,
    ) -> Result<bool, Refusal> {
        use Opcode::*;
        let arg = instr.arg;
        // More values than could have been pushed: refused before anything is counted out.
        if matches!(instr.opcode, UNPACK_SEQUENCE | UNPACK_EX) {
            let count = if instr.opcode == UNPACK_EX { (arg & 0xff) + (arg >> 8) + 1 } else { arg };
            if count > self.code.stacksize {
                return Err("stack deeper than co_stacksize");
            }
            self.spend(count as usize)?;
        }
        let mut hand = Hand { stack, low };
        match instr.opcode {
            NOP | RESUME | COPY_FREE_VARS | MAKE_CELL | SETUP_ANNOTATIONS => {}
            // A slot of the caches, run into as a no-op, as in the reference.
            CACHE => {}
            PRECALL => {}
            KW_NAMES => self.keyword_names(index, arg)?,
            RETURN_GENERATOR => hand.put(Kind::Any),

            LOAD_FAST => {
                if self.code.localspluskinds.get(arg as usize).is_none() {
                    return Err("variable out of range");
                }
                hand.put(Kind::Any);
            }
            LOAD_CLOSURE => {
                self.variable(arg, true)?;
                hand.put(Kind::Cell);
            }
            STORE_FAST => {
                self.variable(arg, false)?;
                hand.object()?;
            }
            DELETE_FAST => self.variable(arg, false)?,
            LOAD_DEREF | LOAD_CLASSDEREF => {
                self.variable(arg, true)?;
                hand.put(Kind::Any);
            }
            STORE_DEREF => {
                self.variable(arg, true)?;
                hand.object()?;
            }
            DELETE_DEREF => self.variable(arg, true)?,
            LOAD_CONST => hand.put(self.kind_of(arg)?),

            POP_TOP => {
                hand.take()?;
            }
            PUSH_NULL => hand.put(Kind::Null),
            SWAP => {
                if arg == 0 {
                    return Err("stack underflow");
                }
                hand.peek(arg)?;
                let top = hand.stack.len() - 1;
                let other = hand.stack.len() - arg as usize;
                hand.stack.swap(top, other);
            }
            COPY => {
                let copied = if arg == 0 { Kind::Null } else { hand.peek(arg)? };
                if !copied.is_object() {
                    return Err("empty value on the stack");
                }
                hand.put(copied);
            }

            UNARY_POSITIVE | UNARY_NEGATIVE | UNARY_NOT | UNARY_INVERT | GET_ITER | GET_YIELD_FROM_ITER
            | GET_AITER | GET_AWAITABLE | ASYNC_GEN_WRAP => {
                hand.object()?;
                hand.put(Kind::Any);
            }
            BINARY_OP | COMPARE_OP | IS_OP | CONTAINS_OP | BINARY_SUBSCR => {
                let limit = match instr.opcode {
                    BINARY_OP => 26,
                    COMPARE_OP => 6,
                    _ => u32::MAX,
                };
                if arg >= limit {
                    return Err("unknown operator");
                }
                hand.objects(2)?;
                hand.put(Kind::Any);
            }
            STORE_SUBSCR => hand.objects(3)?,
            DELETE_SUBSCR => hand.objects(2)?,
            BUILD_SLICE => {
                hand.objects(if arg == 3 { 3 } else { 2 })?;
                hand.put(Kind::Any);
            }

            BUILD_TUPLE => self.build_tuple(&mut hand, arg)?,
            BUILD_LIST => {
                hand.objects(arg)?;
                hand.put(Kind::List);
            }
            LIST_TO_TUPLE => {
                hand.expect(1, Kind::List)?;
                hand.take()?;
                hand.put(Kind::Any);
            }
            BUILD_SET => {
                hand.objects(arg)?;
                hand.put(Kind::Set);
            }
            BUILD_MAP => {
                hand.objects(arg.checked_mul(2).ok_or("stack underflow")?)?;
                hand.put(Kind::Dict);
            }
            BUILD_CONST_KEY_MAP => {
                let Kind::Tuple { len, .. } = hand.object()? else { return Err("wrong type on the stack") };
                if len != arg {
                    return Err("keys and values do not agree");
                }
                hand.objects(arg)?;
                hand.put(Kind::Dict);
            }
            BUILD_STRING => {
                hand.objects(arg)?;
                hand.put(Kind::Str);
            }
            FORMAT_VALUE => {
                if arg & 4 != 0 && hand.object()? != Kind::Str {
                    return Err("wrong type on the stack");
                }
                hand.object()?;
                hand.put(Kind::Str);
            }
            LIST_APPEND | LIST_EXTEND => {
                hand.object()?;
                hand.expect(arg, Kind::List)?;
            }
            SET_ADD | SET_UPDATE => {
                hand.object()?;
                hand.expect(arg, Kind::Set)?;
            }
            MAP_ADD => {
                hand.objects(2)?;
                hand.expect(arg, Kind::Dict)?;
            }
            DICT_UPDATE => {
                hand.object()?;
                hand.expect(arg, Kind::Dict)?;
            }
            DICT_MERGE => {
                hand.object()?;
                hand.expect(arg, Kind::Dict)?;
                if !hand.peek(arg.checked_add(2).ok_or("stack underflow")?)?.is_object() {
                    return Err("empty value on the stack");
                }
            }

            FOR_ITER => {
                hand.object()?;
                *jumped = Some(hand.stack.clone());
                self.spend(hand.stack.len())?;
                hand.put(Kind::Any);
                hand.put(Kind::Any);
            }
            SEND => {
                hand.objects(2)?;
                hand.put(Kind::Any);
                *jumped = Some(hand.stack.clone());
                self.spend(hand.stack.len())?;
                hand.put(Kind::Any);
            }
            UNPACK_SEQUENCE => {
                hand.object()?;
                (0..arg).for_each(|_| hand.put(Kind::Any));
            }
            UNPACK_EX => {
                hand.object()?;
                (0..(arg & 0xff) + (arg >> 8)).for_each(|_| hand.put(Kind::Any));
                // What is left over, always a list.
                let after = (arg >> 8) as usize;
                let at = hand.stack.len() - after;
                hand.stack.insert(at, Kind::Any);
            }
            GET_LEN | GET_ANEXT | MATCH_MAPPING | MATCH_SEQUENCE => {
                if !hand.peek(1)?.is_object() {
                    return Err("empty value on the stack");
                }
                hand.put(Kind::Any);
            }

            JUMP_FORWARD | JUMP_BACKWARD | JUMP_BACKWARD_NO_INTERRUPT => {
                *jumped = Some(std::mem::take(hand.stack));
                return Ok(false);
            }
            POP_JUMP_FORWARD_IF_FALSE
            | POP_JUMP_FORWARD_IF_TRUE
            | POP_JUMP_FORWARD_IF_NONE
            | POP_JUMP_FORWARD_IF_NOT_NONE
            | POP_JUMP_BACKWARD_IF_FALSE
            | POP_JUMP_BACKWARD_IF_TRUE
            | POP_JUMP_BACKWARD_IF_NONE
            | POP_JUMP_BACKWARD_IF_NOT_NONE => {
                hand.object()?;
                self.spend(hand.stack.len())?;
                *jumped = Some(hand.stack.clone());
            }
            JUMP_IF_FALSE_OR_POP | JUMP_IF_TRUE_OR_POP => {
                let kept = hand.object()?;
                self.spend(hand.stack.len())?;
                let mut target = hand.stack.clone();
                target.push(kept);
                *jumped = Some(target);
            }

            LOAD_GLOBAL => {
                self.name(arg >> 1)?;
                if arg & 1 != 0 {
                    hand.put(Kind::Null);
                }
                hand.put(Kind::Any);
            }
            LOAD_NAME => {
                self.name(arg)?;
                hand.put(Kind::Any);
            }
            STORE_NAME | STORE_GLOBAL => {
                self.name(arg)?;
                hand.object()?;
            }
            DELETE_NAME | DELETE_GLOBAL => self.name(arg)?,
            LOAD_ATTR => {
                self.name(arg)?;
                hand.object()?;
                hand.put(Kind::Any);
            }
            STORE_ATTR => {
                self.name(arg)?;
                hand.objects(2)?;
            }
            DELETE_ATTR => {
                self.name(arg)?;
                hand.object()?;
            }
            LOAD_METHOD => {
                self.name(arg)?;
                hand.object()?;
                hand.put(Kind::MaybeNull);
                hand.put(Kind::Any);
            }

            CALL => {
                hand.objects(arg)?;
                hand.object()?;
                hand.take()?;
                hand.put(Kind::Any);
            }
            CALL_FUNCTION_EX => {
                hand.objects(2 + (arg & 1))?;
                if hand.take()? != Kind::Null {
                    return Err("wrong type on the stack");
                }
                hand.put(Kind::Any);
            }
            MAKE_FUNCTION => self.make_function(&mut hand, arg)?,
            LOAD_BUILD_CLASS | LOAD_ASSERTION_ERROR => hand.put(Kind::Any),
            RETURN_VALUE => {
                hand.object()?;
                return Ok(false);
            }
            YIELD_VALUE => self.yield_value(&mut hand, index)?,

            PUSH_EXC_INFO => {
                hand.expect(1, Kind::Exception)?;
                hand.take()?;
                hand.put(Kind::Handled);
                hand.put(Kind::Exception);
            }
            POP_EXCEPT => {
                if !matches!(hand.take()?, Kind::Handled | Kind::Exception) {
                    return Err("wrong type on the stack");
                }
            }
            CHECK_EXC_MATCH => {
                hand.object()?;
                if !hand.peek(1)?.is_object() {
                    return Err("empty value on the stack");
                }
                hand.put(Kind::Any);
            }
            CHECK_EG_MATCH => {
                hand.object()?;
                if !matches!(hand.object()?, Kind::Exception | Kind::Handled) {
                    return Err("wrong type on the stack");
                }
                // The rest may be `None`, and is raised again only when it is not.
                hand.put(Kind::Handled);
                hand.put(Kind::Any);
            }
            PREP_RERAISE_STAR => {
                let (raised, original) = (hand.object()?, hand.object()?);
                if raised != Kind::List || !matches!(original, Kind::Exception | Kind::Handled) {
                    return Err("wrong type on the stack");
                }
                hand.put(Kind::Any);
            }
            END_ASYNC_FOR => {
                hand.objects(2)?;
            }
            RAISE_VARARGS => {
                if arg > 2 {
                    return Err("unknown operator");
                }
                hand.objects(arg)?;
                return Ok(false);
            }
            RERAISE => {
                if arg != 0 {
                    hand.expect(arg.checked_add(1).ok_or("stack underflow")?, Kind::Lasti)?;
                }
                hand.object()?;
                return Ok(false);
            }
            BEFORE_WITH | BEFORE_ASYNC_WITH => {
                hand.object()?;
                hand.put(Kind::Any);
                hand.put(Kind::Any);
            }
            WITH_EXCEPT_START => {
                if !hand.peek(1)?.is_object() || !hand.peek(4)?.is_object() {
                    return Err("empty value on the stack");
                }
                hand.put(Kind::Any);
            }

            IMPORT_NAME => {
                self.name(arg)?;
                hand.objects(2)?;
                hand.put(Kind::Any);
            }
            IMPORT_FROM => {
                self.name(arg)?;
                if !hand.peek(1)?.is_object() {
                    return Err("empty value on the stack");
                }
                hand.put(Kind::Any);
            }
            IMPORT_STAR | PRINT_EXPR => {
                hand.object()?;
            }
            MATCH_KEYS => {
                if !matches!(hand.peek(1)?, Kind::Tuple { .. }) || !hand.peek(2)?.is_object() {
                    return Err("wrong type on the stack");
                }
                hand.put(Kind::Any);
            }
            MATCH_CLASS => {
                if !matches!(hand.object()?, Kind::Tuple { names: true, .. }) {
                    return Err("wrong type on the stack");
                }
                hand.objects(2)?;
                hand.put(Kind::Any);
            }
            CLASSIC => classic_operation(&mut hand, arg)?,
            _ => return Err("unknown opcode"),
        }
        Ok(true)
    }

    fn build_tuple(&self, hand: &mut Hand<'_>, count: u32) -> Result<(), Refusal> {
        let (mut cells, mut names) = (true, true);
        for _ in 0..count {
            let item = hand.object()?;
            cells &= item == Kind::Cell;
            names &= item == Kind::Str;
        }
        hand.put(match cells && count > 0 {
            true => Kind::Cells(count),
            // `FORMAT_VALUE` may give a subclass's instance: names are constants only.
            false => Kind::Tuple { len: count, names: names && count == 0 },
        });
        Ok(())
    }

    /// Code, closure, annotations, keyword defaults, defaults.
    fn make_function(&self, hand: &mut Hand<'_>, arg: u32) -> Result<(), Refusal> {
        let wrong = "wrong type on the stack";
        let Kind::Code(index) = hand.object()? else { return Err(wrong) };
        let Const::Code(code) = self.constant(index)? else { return Err(wrong) };
        let free = code.localspluskinds.iter().filter(|bits| **bits & kind::FREE != 0).count() as u32;
        let closed = if arg & 8 != 0 {
            match hand.object()? {
                Kind::Cells(count) => count,
                Kind::Tuple { len: 0, .. } => 0,
                _ => return Err(wrong),
            }
        } else {
            0
        };
        if closed != free {
            return Err("closure and free variables do not agree");
        }
        if arg & 4 != 0 && !matches!(hand.object()?, Kind::Tuple { .. }) {
            return Err(wrong);
        }
        if arg & 2 != 0 && hand.object()? != Kind::Dict {
            return Err(wrong);
        }
        if arg & 1 != 0 && !matches!(hand.object()?, Kind::Tuple { .. } | Kind::Cells(_)) {
            return Err(wrong);
        }
        hand.put(Kind::Any);
        Ok(())
    }

    /// The names belong to the call that follows at once.
    fn keyword_names(&self, index: usize, arg: u32) -> Result<(), Refusal> {
        let Kind::Tuple { len, names: true } = self.kind_of(arg)? else {
            return Err("keyword names are not strings");
        };
        let mut rest = self.instrs[index + 1..].iter().enumerate();
        let call = rest.find(|(_, instr)| !matches!(instr.opcode, Opcode::PRECALL | Opcode::NOP));
        match call {
            Some((_, call)) if call.opcode == Opcode::CALL && len <= call.arg => Ok(()),
            _ => Err("keyword names without a call"),
        }
    }

    fn yield_value(&self, hand: &mut Hand<'_>, index: usize) -> Result<(), Refusal> {
        if !self.is_generator {
            return Err("yield outside a generator");
        }
        hand.object()?;
        // `RESUME 2` and `RESUME 3` behind it say that the value below is what is delegated to.
        if let Some(next) = self.instrs.get(index + 1)
            && next.opcode == Opcode::RESUME
            && next.arg & 3 >= 2
            && !hand.peek(1)?.is_object()
        {
            return Err("empty value on the stack");
        }
        hand.put(Kind::Any);
        Ok(())
    }
}
