//! How deep the value stack gets.

use super::{BlockId, Graph};
use crate::code::opcode::Branch;

/// Sets each block's depth at its start; gives the greatest depth there is.
pub fn stack_depth(graph: &mut Graph, is_generator: bool) -> u32 {
    let mut max = 0;
    let mut todo: Vec<BlockId> = Vec::new();
    // A generator is resumed with a value on its stack.
    push(graph, &mut todo, 0, i32::from(is_generator));
    while let Some(id) = todo.pop() {
        let mut depth = graph.blocks[id].start_depth.unwrap_or(0);
        let mut next = graph.blocks[id].next;
        for at in 0..graph.blocks[id].instrs.len() {
            let instr = &graph.blocks[id].instrs[at];
            let after = depth + instr.op.stack_effect(instr.arg, Branch::Falls);
            let dead = instr.is_unconditional_jump() || instr.is_scope_exit();
            max = max.max(after);
            if let Some(target) = instr.target {
                let there = depth + instr.op.stack_effect(instr.arg, Branch::Jumps);
                max = max.max(there);
                push(graph, &mut todo, target, there);
            }
            depth = after;
            if dead {
                next = None;
                break;
            }
        }
        if let Some(next) = next {
            push(graph, &mut todo, next, depth);
        }
    }
    max.max(0) as u32
}

fn push(graph: &mut Graph, todo: &mut Vec<BlockId>, id: BlockId, depth: i32) {
    let known = &mut graph.blocks[id].start_depth;
    debug_assert!(known.is_none_or(|known| known == depth), "block {id}: depth {known:?} and {depth}");
    if known.is_none_or(|known| known < depth) {
        *known = Some(depth);
        todo.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::graph;
    use super::*;

    #[test]
    fn the_deepest_way_counts() {
        let mut made = graph(
            "LOAD_FAST; POP_JUMP_IF_FALSE ->2\nLOAD_FAST; LOAD_FAST; BINARY_OP; RETURN_VALUE\nLOAD_CONST; RETURN_VALUE",
        );
        assert_eq!(stack_depth(&mut made, false), 2);
        assert_eq!(made.blocks[2].start_depth, Some(0));
        // What is behind an exit does not count.
        assert_eq!(stack_depth(&mut graph("LOAD_CONST; RETURN_VALUE; LOAD_CONST; LOAD_CONST"), false), 1);
        // A generator starts with the value that is sent to it.
        assert_eq!(stack_depth(&mut graph("POP_TOP; LOAD_CONST; RETURN_VALUE"), true), 1);
    }
}
