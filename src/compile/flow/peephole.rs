//! Rewrites within a block: constant conditions, constant tuples, jumps to jumps, swaps.

use super::{BlockId, Graph, Instr, swaps};
use crate::code::object::Const;
use crate::code::opcode::Opcode;
use crate::code::opcode::Opcode::*;
use crate::compile::constants::{Constants, is_true};

pub(super) fn run(graph: &mut Graph, id: BlockId, consts: &mut Constants) {
    let mut instrs = std::mem::take(&mut graph.blocks[id].instrs);
    let mut at = 0;
    // `rewrite` says what to look at next: the same place again after a change that may enable another.
    while at < instrs.len() {
        if let Some(target) = instrs[at].target {
            // The block's own instructions are out of the graph for the moment; it is not empty.
            let mut target = target;
            while target != id
                && graph.blocks[target].instrs.is_empty()
                && let Some(next) = graph.blocks[target].next
            {
                target = next;
            }
            instrs[at].target = Some(target);
        }
        at = rewrite(graph, id, &mut instrs, at, consts);
    }
    graph.blocks[id].instrs = instrs;
}

fn rewrite(graph: &mut Graph, id: BlockId, instrs: &mut [Instr], at: usize, consts: &mut Constants) -> usize {
    let next = instrs.get(at + 1).map(|next| next.op);
    let aim = match instrs[at].target {
        Some(target) if target == id => instrs.first().cloned(),
        Some(target) => graph.blocks[target].instrs.first().cloned(),
        None => None,
    };
    let arg = instrs[at].arg as usize;
    match instrs[at].op {
        LOAD_CONST => {
            if constant_condition(instrs, at, consts) {
                graph.blocks[id].no_fallthrough = true;
            }
        }
        BUILD_TUPLE => {
            if next == Some(UNPACK_SEQUENCE) && instrs[at + 1].arg as usize == arg {
                match arg {
                    1 => {
                        instrs[at].erase();
                        instrs[at + 1].erase();
                        return at + 1;
                    }
                    2 | 3 => {
                        instrs[at].erase();
                        instrs[at + 1].op = SWAP;
                        return at + 1;
                    }
                    _ => {}
                }
            }
            if at >= arg {
                fold_tuple(&mut instrs[at - arg..=at], consts);
            }
        }
        op @ (JUMP_IF_FALSE_OR_POP | JUMP_IF_TRUE_OR_POP) => {
            let Some(aim) = aim else { return at + 1 };
            let (pop, same, other, pop_other) = if op == JUMP_IF_FALSE_OR_POP {
                (POP_JUMP_IF_FALSE, JUMP_IF_FALSE_OR_POP, JUMP_IF_TRUE_OR_POP, POP_JUMP_IF_TRUE)
            } else {
                (POP_JUMP_IF_TRUE, JUMP_IF_TRUE_OR_POP, JUMP_IF_FALSE_OR_POP, POP_JUMP_IF_FALSE)
            };
            if aim.op == pop {
                return thread(&mut instrs[at], &aim, pop, at);
            }
            if aim.op == JUMP || aim.op == same {
                return thread(&mut instrs[at], &aim, same, at);
            }
            if (aim.op == other || aim.op == pop_other) && instrs[at].loc.line == aim.loc.line {
                // The second test goes the other way, so control ends up behind it.
                let behind = instrs[at].target.and_then(|target| graph.blocks[target].next);
                if behind.is_some() {
                    instrs[at].op = pop;
                    instrs[at].target = behind;
                    return at;
                }
            }
        }
        op @ (POP_JUMP_IF_NOT_NONE | POP_JUMP_IF_NONE | POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | JUMP) => {
            if let Some(aim) = aim
                && aim.op == JUMP
            {
                return thread(&mut instrs[at], &aim, op, at);
            }
        }
        SWAP => {
            if arg == 1 {
                instrs[at].erase();
                return at + 1;
            }
            let last = swaps::shorten(instrs, at);
            swaps::apply(instrs, last);
            return last + 1;
        }
        PUSH_NULL => {
            if next == Some(LOAD_GLOBAL) && instrs[at + 1].arg & 1 == 0 {
                instrs[at].erase();
                instrs[at + 1].arg |= 1;
            }
        }
        _ => {}
    }
    at + 1
}

/// Makes a jump to a jump go to where the second one leads, if that blurs no line.
fn thread(jump: &mut Instr, aim: &Instr, op: Opcode, at: usize) -> usize {
    if jump.loc.line == aim.loc.line && jump.target != aim.target {
        jump.target = aim.target;
        jump.op = op;
        return at;
    }
    at + 1
}

/// `LOAD_CONST` and a test of it. Whether the block does not fall through any more.
fn constant_condition(instrs: &mut [Instr], at: usize, consts: &Constants) -> bool {
    let Some(next) = instrs.get(at + 1).map(|next| next.op) else { return false };
    let value = consts.get(instrs[at].arg);
    match next {
        POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE => {
            instrs[at].erase();
            if is_true(value) == (next == POP_JUMP_IF_TRUE) {
                instrs[at + 1].op = JUMP;
                return true;
            }
            instrs[at + 1].erase();
        }
        JUMP_IF_FALSE_OR_POP | JUMP_IF_TRUE_OR_POP => {
            if is_true(value) == (next == JUMP_IF_TRUE_OR_POP) {
                instrs[at + 1].op = JUMP;
                return true;
            }
            instrs[at].erase();
            instrs[at + 1].erase();
        }
        IS_OP if matches!(value, Const::None) => {
            let Some(jump) = instrs.get(at + 2).map(|jump| jump.op) else { return false };
            if !matches!(jump, POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE) {
                return false;
            }
            let negated = instrs[at + 1].arg == 1;
            instrs[at].erase();
            instrs[at + 1].erase();
            instrs[at + 2].op =
                if negated ^ (jump == POP_JUMP_IF_FALSE) { POP_JUMP_IF_NOT_NONE } else { POP_JUMP_IF_NONE };
        }
        _ => {}
    }
    false
}

/// The loads of a tuple of constants, and its BUILD_TUPLE at the end, become one load.
fn fold_tuple(instrs: &mut [Instr], consts: &mut Constants) {
    let Some((build, loads)) = instrs.split_last_mut() else { return };
    if loads.iter().any(|load| load.op != LOAD_CONST) {
        return;
    }
    let elements: Vec<Const> = loads.iter().map(|load| consts.get(load.arg).clone()).collect();
    build.op = LOAD_CONST;
    build.arg = consts.append(Const::Tuple(elements.into()));
    loads.iter_mut().for_each(Instr::erase);
}

#[cfg(test)]
mod tests {
    use super::super::testing::after;
    use super::*;

    fn rewritten(source: &str, values: &[Const]) -> String {
        let mut consts = Constants::default();
        values.iter().for_each(|value| _ = consts.add(value.clone()));
        after(source, |graph| {
            for id in graph.order() {
                run(graph, id, &mut consts);
                super::super::nops::clean(graph, id);
            }
        })
    }

    #[test]
    fn constant_conditions_are_decided() {
        let (yes, no) = ([Const::True], [Const::None]);
        assert_eq!(
            rewritten("LOAD_CONST; POP_JUMP_IF_TRUE ->1 @1\nNOP @2", &yes),
            "0: JUMP ->1 @1\n1: NOP @2\n"
        );
        assert_eq!(rewritten("LOAD_CONST; POP_JUMP_IF_TRUE ->1\nNOP @2", &no), "0: -\n1: NOP @2\n");
        let tested = "LOAD_FAST @1; LOAD_CONST @1; IS_OP @1; POP_JUMP_IF_TRUE ->1 @1\nNOP @2";
        assert_eq!(rewritten(tested, &no), "0: LOAD_FAST @1; POP_JUMP_IF_NONE ->1 @1\n1: NOP @2\n");
    }

    #[test]
    fn tuples_of_constants_are_constants() {
        let source = "LOAD_CONST 0 @1; LOAD_CONST 1 @1; BUILD_TUPLE 2 @1";
        assert_eq!(rewritten(source, &[Const::None, Const::True]), "0: LOAD_CONST 2 @1\n");
        let unpacked = "LOAD_FAST @1; LOAD_FAST 1 @1; BUILD_TUPLE 2 @1; UNPACK_SEQUENCE 2 @1; STORE_FAST @1; STORE_FAST 1 @1";
        let swapped = "0: LOAD_FAST @1; LOAD_FAST 1 @1; STORE_FAST 1 @1; STORE_FAST @1\n";
        assert_eq!(rewritten(unpacked, &[]), swapped);
    }

    #[test]
    fn jumps_to_jumps_of_the_same_line_are_threaded() {
        let source = |line: i32| format!("POP_JUMP_IF_FALSE ->1 @1\nJUMP ->2 @{line}\nNOP @3");
        assert!(rewritten(&source(1), &[]).starts_with("0: POP_JUMP_IF_FALSE ->2 @1\n"));
        assert!(rewritten(&source(2), &[]).starts_with("0: POP_JUMP_IF_FALSE ->1 @1\n"));
    }
}
