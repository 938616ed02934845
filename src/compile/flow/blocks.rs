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
