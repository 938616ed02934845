//! Reachability: counts how many ways lead to each block.

use super::Graph;

/// Counts predecessors from the entry on. A block with none is unreachable.
pub(super) fn mark(graph: &mut Graph) {
    for block in &mut graph.blocks {
        block.predecessors = 0;
        block.except_predecessors = 0;
    }
    graph.blocks[0].predecessors = 1;
    let mut stack = vec![0];
    while let Some(id) = stack.pop() {
        let mut ways = Vec::new();
        if !graph.blocks[id].no_fallthrough {
            ways.extend(graph.blocks[id].next.map(|next| (next, false)));
        }
        for instr in &graph.blocks[id].instrs {
            ways.extend(instr.target.map(|target| (target, instr.is_block_push())));
        }
        for (target, exception) in ways {
            let block = &mut graph.blocks[target];
            if block.predecessors == 0 {
                stack.push(target);
            }
            block.predecessors += 1;
            block.except_predecessors += u32::from(exception);
        }
    }
}

/// Empties the blocks that nothing leads to.
pub(super) fn remove_unreachable(graph: &mut Graph) {
    for id in graph.order() {
        let block = &mut graph.blocks[id];
        if block.predecessors == 0 {
            block.instrs.clear();
            block.no_fallthrough = false;
            block.exit = false;
        }
    }
}
