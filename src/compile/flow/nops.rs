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

#[cfg(test)]
mod tests {
    use super::super::testing::after;
    use super::*;

    #[test]
    fn a_nop_stays_only_for_a_line_of_its_own() {
        assert_eq!(after("LOAD_CONST @1; NOP @1; POP_TOP @2", clean_all), "0: LOAD_CONST @1; POP_TOP @2\n");
        assert_eq!(after("NOP @1; POP_TOP @1", clean_all), "0: POP_TOP @1\n");
        assert_eq!(after("NOP; POP_TOP @1", clean_all), "0: POP_TOP @1\n");
        // What follows without a line takes it over.
        assert_eq!(after("NOP @1; POP_TOP", clean_all), "0: POP_TOP @1\n");
        assert_eq!(after("NOP @1; POP_TOP @2", clean_all), "0: NOP @1; POP_TOP @2\n");
        assert_eq!(after("NOP @2\n-\nPOP_TOP @2", clean_all), "0: -\n1: -\n2: POP_TOP @2\n");
    }
}
