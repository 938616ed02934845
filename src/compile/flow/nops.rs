//! Removes NOPs that no line needs.

use super::{BlockId, Graph};
use crate::code::opcode::Opcode::NOP;

/// Cleans every block by itself.
pub(super) fn clean_all(graph: &mut Graph) {
    for id in graph.order() {
        clean(graph, id);
    }
}

/// Removes the NOPs of a block whose line is that of a neighbour within it, or of what follows.
pub(super) fn clean(graph: &mut Graph, id: BlockId) {
    if graph.blocks[id].instrs.iter().all(|instr| instr.op != NOP) {
        return;
    }
    let mut line = -1;
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
