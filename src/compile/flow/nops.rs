//! Removes NOPs that no line needs.

use super::{BlockId, Graph};
use crate::code::opcode::Opcode::NOP;

/// Cleans every block by itself.
pub(super) fn clean_all(graph: &mut Graph) {
    for id in graph.order() {
        clean(graph, id, -1);
    }
}

/// Cleans every block, knowing the line that falls into it.
pub(super) fn clean_with_predecessors(graph: &mut Graph) {
    let mut before: Option<BlockId> = None;
    for id in graph.order() {
        let line = before.and_then(|id| graph.blocks[id].instrs.last()).map_or(-1, |last| last.loc.line);
        clean(graph, id, line);
        before = (!graph.blocks[id].no_fallthrough).then_some(id);
    }
}

/// Removes the NOPs of a block whose line is that of a neighbour. `line` is that of what comes
/// before the block, -1 if unknown.
pub(super) fn clean(graph: &mut Graph, id: BlockId, mut line: i32) {
    if graph.blocks[id].instrs.iter().all(|instr| instr.op != NOP) {
        return;
    }
    let following = graph.blocks[id].next.map(|next| graph.skip_empty(next));
    let after = following.and_then(|next| graph.blocks[next].instrs.first()).map(|first| first.loc.line);
    let mut kept = Vec::with_capacity(graph.blocks[id].instrs.len());
    let mut instrs = std::mem::take(&mut graph.blocks[id].instrs).into_iter().peekable();
    while let Some(instr) = instrs.next() {
        let own = instr.loc.line;
        if instr.op == NOP {
            if own < 0 || own == line {
                continue;
            }
            if let Some(next) = instrs.peek_mut() {
                if next.loc.line < 0 {
                    next.loc = instr.loc;
                    continue;
                }
                if next.loc.line == own {
                    continue;
                }
            } else if after == Some(own) {
                continue;
            }
        }
        line = own;
        kept.push(instr);
    }
    graph.blocks[id].instrs = kept;
}
