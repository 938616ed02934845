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
