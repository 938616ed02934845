//! Moves blocks that only exceptions reach to the end.

use super::{Block, BlockId, Graph, Instr};
use crate::code::opcode::Opcode::JUMP;
use crate::compile::ast::Location;

pub(super) fn push_to_end(graph: &mut Graph) {
    if graph.blocks[0].next.is_none() {
        return;
    }
    mark_warm(graph);
    mark_cold(graph);
    // Where cold code falls into warm code, it will have to jump.
    for id in graph.order() {
        let block = &graph.blocks[id];
        let Some(next) = block.next else { continue };
        if block.cold && !block.no_fallthrough && graph.blocks[next].warm {
            let mut jump = Instr::new(JUMP, 0, Location::NONE);
            jump.target = Some(next);
            let new = graph.blocks.len();
            graph.blocks.push(Block {
                instrs: vec![jump],
                next: Some(next),
                no_fallthrough: true,
                predecessors: 1,
                cold: true,
                ..Block::default()
            });
            graph.blocks[id].next = Some(new);
        }
    }
    let (cold, warm): (Vec<BlockId>, Vec<BlockId>) =
        graph.order().into_iter().partition(|&id| graph.blocks[id].cold);
    let order: Vec<BlockId> = warm.into_iter().chain(cold).collect();
    for (at, &id) in order.iter().enumerate() {
        graph.blocks[id].next = order.get(at + 1).copied();
    }
}

/// Everything that control reaches without an exception.
fn mark_warm(graph: &mut Graph) {
    let mut stack = vec![0];
    graph.blocks[0].warm = true;
    while let Some(id) = stack.pop() {
        for way in ways(graph, id) {
            if !graph.blocks[way].warm {
                graph.blocks[way].warm = true;
                stack.push(way);
            }
        }
    }
}

fn mark_cold(graph: &mut Graph) {
    let mut stack: Vec<BlockId> =
        graph.order().into_iter().filter(|&id| graph.blocks[id].except_predecessors > 0).collect();
    for &id in &stack {
        graph.blocks[id].cold = !graph.blocks[id].warm;
    }
    while let Some(id) = stack.pop() {
        for way in ways(graph, id) {
            let block = &mut graph.blocks[way];
            if !block.warm && !block.cold {
                block.cold = true;
                stack.push(way);
            }
        }
    }
}

fn ways(graph: &Graph, id: BlockId) -> Vec<BlockId> {
    let block = &graph.blocks[id];
    let next = block.next.filter(|_| !block.no_fallthrough);
    let jumps = block.instrs.iter().filter(|instr| instr.is_jump()).filter_map(|instr| instr.target);
    next.into_iter().chain(jumps).collect()
}
