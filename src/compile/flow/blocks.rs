//! The shape of the graph itself: which blocks fall through, which may go.

use super::Graph;

/// Marks exits and blocks that do not fall through; jumps skip empty blocks.
pub(super) fn normalize(graph: &mut Graph) {
    for id in 0..graph.blocks.len() {
        for at in 0..graph.blocks[id].instrs.len() {
            let instr = &graph.blocks[id].instrs[at];
            let (exit, jump) = (instr.is_scope_exit(), instr.is_unconditional_jump());
            let target = instr.target.filter(|_| instr.is_jump());
            if exit {
                graph.blocks[id].exit = true;
            }
            if exit || jump {
                graph.blocks[id].no_fallthrough = true;
            }
            if let Some(target) = target {
                let target = graph.skip_empty(target);
                graph.blocks[id].instrs[at].target = Some(target);
            }
        }
    }
}

/// Unlinks empty blocks; nothing leads to them afterwards.
pub(super) fn eliminate_empty(graph: &mut Graph) {
    let mut at = Some(0);
    while let Some(id) = at {
        if let Some(next) = graph.blocks[id].next {
            graph.blocks[id].next = Some(graph.skip_empty(next));
        }
        at = graph.blocks[id].next;
    }
    for id in graph.order() {
        for at in 0..graph.blocks[id].instrs.len() {
            if let Some(target) = graph.blocks[id].instrs[at].target {
                graph.blocks[id].instrs[at].target = Some(graph.skip_empty(target));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{after, graph};
    use super::*;

    #[test]
    fn exits_and_jumps_do_not_fall_through() {
        let mut made = graph("LOAD_CONST; JUMP ->2\nNOP\n-\nLOAD_CONST; RETURN_VALUE");
        normalize(&mut made);
        let flags: Vec<_> = made.blocks.iter().map(|block| (block.exit, block.no_fallthrough)).collect();
        assert_eq!(flags, [(false, true), (false, false), (false, false), (true, true)]);
        // The jump skips the empty block.
        assert_eq!(made.blocks[0].instrs[1].target, Some(3));
    }

    #[test]
    fn empty_blocks_are_unlinked() {
        let made = after("POP_JUMP_IF_FALSE ->2\n-\n-\nRETURN_VALUE", eliminate_empty);
        assert_eq!(made, "0: POP_JUMP_IF_FALSE ->3\n3: RETURN_VALUE\n");
    }
}
