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

#[cfg(test)]
mod tests {
    use super::super::testing::{graph, text};
    use super::*;

    #[test]
    fn blocks_without_a_way_are_emptied() {
        let mut made = graph("SETUP_FINALLY ->3; JUMP ->2\nPOP_TOP\nRETURN_VALUE\nRERAISE");
        super::super::blocks::normalize(&mut made);
        mark(&mut made);
        let ways: Vec<_> = made.blocks.iter().map(|b| (b.predecessors, b.except_predecessors)).collect();
        assert_eq!(ways, [(1, 0), (0, 0), (1, 0), (1, 1)]);
        remove_unreachable(&mut made);
        assert_eq!(text(&made), "0: SETUP_FINALLY ->3; JUMP ->2\n1: -\n2: RETURN_VALUE\n3: RERAISE\n");
    }
}
