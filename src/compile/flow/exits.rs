//! Blocks that leave the code object: copied to where they are jumped to, and given a line.

use super::{Graph, blocks};
use crate::code::opcode::Opcode::RETURN_VALUE;

/// An exit of at most so many instructions is copied instead of jumped to.
const MAX_COPY: usize = 4;

/// Replaces a jump to a small exit block without a line by a copy of it. The last block made comes
/// first, as in the reference: a copy can make an earlier block an exit in its turn.
pub(super) fn inline_small(graph: &mut Graph) {
    for id in (0..graph.blocks.len()).rev() {
        let Some(last) = graph.blocks[id].instrs.last() else { continue };
        let Some(target) = last.target.filter(|_| last.op == crate::code::opcode::Opcode::JUMP) else {
            continue;
        };
        if !is_exit_without_line(graph, target) || graph.blocks[target].instrs.len() > MAX_COPY {
            continue;
        }
        let copy = graph.blocks[target].instrs.clone();
        let block = &mut graph.blocks[id];
        if let Some(last) = block.instrs.last_mut() {
            last.erase();
        }
        block.instrs.extend(copy);
        block.exit = true;
    }
}

fn is_exit_without_line(graph: &Graph, id: usize) -> bool {
    graph.blocks[id].exit && graph.blocks[id].instrs.iter().all(|instr| instr.loc.line < 0)
}

/// An exit without a line that several jumps lead to is copied for each, to take the jump's line.
pub(super) fn duplicate_without_line(graph: &mut Graph) {
    // The last made block goes first, which decides the order of the copies.
    for id in (0..graph.blocks.len()).rev() {
        let last = graph.blocks[id].instrs.last().filter(|last| last.is_jump());
        if let Some((target, loc)) = last.and_then(|last| Some((last.target?, last.loc)))
            && is_exit_without_line(graph, target)
            && graph.blocks[target].predecessors > 1
        {
            let mut copy = graph.blocks[target].clone();
            if let Some(first) = copy.instrs.first_mut() {
                first.loc = loc;
            }
            copy.predecessors = 1;
            copy.except_predecessors = 0;
            let new = graph.blocks.len();
            graph.blocks.push(copy);
            graph.blocks[target].predecessors -= 1;
            graph.blocks[target].next = Some(new);
            if let Some(last) = graph.blocks[id].instrs.last_mut() {
                last.target = Some(new);
            }
        }
    }
    blocks::eliminate_empty(graph);
    for id in graph.order() {
        let block = &graph.blocks[id];
        if block.no_fallthrough {
            continue;
        }
        let Some(next) = block.next else { continue };
        let Some(loc) = block.instrs.last().map(|last| last.loc) else { continue };
        if is_exit_without_line(graph, next)
            && let Some(first) = graph.blocks[next].instrs.first_mut()
        {
            first.loc = loc;
        }
    }
}

/// Instructions without a line take that of what comes before them, where that is unambiguous.
pub(super) fn propagate_lines(graph: &mut Graph) {
    for id in graph.order() {
        if graph.blocks[id].instrs.is_empty() {
            continue;
        }
        let mut loc = crate::compile::ast::Location::NONE;
        for instr in &mut graph.blocks[id].instrs {
            if instr.loc.line < 0 {
                instr.loc = loc;
            } else {
                loc = instr.loc;
            }
        }
        let block = &graph.blocks[id];
        let next = block.next.filter(|_| !block.no_fallthrough);
        let target = block.instrs.last().filter(|last| last.is_jump()).and_then(|last| last.target);
        for way in next.into_iter().chain(target) {
            if graph.blocks[way].predecessors == 1
                && let Some(first) = graph.blocks[way].instrs.first_mut()
                && first.loc.line < 0
            {
                first.loc = loc;
            }
        }
    }
}

/// A return that still has no line takes the last one before it.
pub(super) fn guarantee_lines(graph: &mut Graph, firstlineno: i32) {
    let mut line = firstlineno;
    for id in graph.order() {
        let block = &mut graph.blocks[id];
        let Some(last) = block.instrs.last() else { continue };
        if last.loc.line >= 0 {
            line = last.loc.line;
        } else if last.op == RETURN_VALUE {
            for instr in &mut block.instrs {
                instr.loc.line = line;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{after, graph, text};
    use super::*;

    #[test]
    fn small_exits_are_copied() {
        let made = after("JUMP ->1 @1\nLOAD_CONST; RETURN_VALUE", |graph| {
            blocks::normalize(graph);
            inline_small(graph);
        });
        assert_eq!(made, "0: NOP @1; LOAD_CONST; RETURN_VALUE\n1: LOAD_CONST; RETURN_VALUE\n");
        // One that has a line is that line's own.
        let made = after("JUMP ->1 @1\nLOAD_CONST @2; RETURN_VALUE @2", |graph| {
            blocks::normalize(graph);
            inline_small(graph);
        });
        assert!(made.starts_with("0: JUMP ->1 @1\n"));
    }

    #[test]
    fn shared_exits_take_the_lines_of_their_jumps() {
        let source = "POP_JUMP_IF_FALSE ->2 @1\nPOP_JUMP_IF_FALSE ->2 @2\nLOAD_CONST; RETURN_VALUE";
        let mut made = graph(source);
        blocks::normalize(&mut made);
        super::super::reach::mark(&mut made);
        duplicate_without_line(&mut made);
        let expected = "0: POP_JUMP_IF_FALSE ->4 @1\n1: POP_JUMP_IF_FALSE ->3 @2\n2: LOAD_CONST @2; RETURN_VALUE\n\
                        4: LOAD_CONST @1; RETURN_VALUE\n3: LOAD_CONST @2; RETURN_VALUE\n";
        assert_eq!(text(&made), expected);
    }

    #[test]
    fn lines_are_handed_on_where_there_is_one_way() {
        let made = after("LOAD_CONST @1; POP_TOP; POP_JUMP_IF_FALSE ->2 @2\nNOP\nRETURN_VALUE", |graph| {
            super::super::reach::mark(graph);
            propagate_lines(graph);
        });
        // The last block can be reached in two ways.
        assert_eq!(
            made,
            "0: LOAD_CONST @1; POP_TOP @1; POP_JUMP_IF_FALSE ->2 @2\n1: NOP @2\n2: RETURN_VALUE\n"
        );
    }

    #[test]
    fn every_return_gets_a_line() {
        let made = after("NOP @3\nLOAD_CONST; RETURN_VALUE", |graph| guarantee_lines(graph, 1));
        assert_eq!(made, "0: NOP @3\n1: LOAD_CONST @3; RETURN_VALUE @3\n");
    }
}
