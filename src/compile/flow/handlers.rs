//! Which handler each instruction's exceptions go to.

use super::{BlockId, Graph};
use crate::code::opcode::Opcode::{POP_BLOCK, SETUP_CLEANUP, SETUP_WITH};

/// Follows SETUP and POP_BLOCK pseudo-instructions along the control flow and notes the innermost
/// handler on every instruction.
pub(super) fn label(graph: &mut Graph) {
    let mut visited = vec![false; graph.blocks.len()];
    visited[0] = true;
    let mut todo: Vec<(BlockId, Vec<BlockId>)> = vec![(0, Vec::new())];
    while let Some((id, mut stack)) = todo.pop() {
        for at in 0..graph.blocks[id].instrs.len() {
            let instr = &mut graph.blocks[id].instrs[at];
            let target = instr.target;
            let op = instr.op;
            // The marks themselves are nobody's, even where one stays as a NOP for its line.
            instr.except = stack.last().copied().filter(|_| op != POP_BLOCK && !instr.is_block_push());
            if op == POP_BLOCK {
                stack.pop();
            }
            let Some(target) = target else { continue };
            let push = instr.is_block_push();
            if !visited[target] {
                visited[target] = true;
                todo.push((target, stack.clone()));
            }
            if push {
                if matches!(op, SETUP_CLEANUP | SETUP_WITH) {
                    graph.blocks[target].preserve_lasti = true;
                }
                stack.push(target);
            }
        }
        if let Some(next) = graph.blocks[id].next.filter(|_| !graph.blocks[id].no_fallthrough)
            && !visited[next]
        {
            visited[next] = true;
            todo.push((next, stack));
        }
    }
}

/// The pseudo-instructions have done their work.
pub(super) fn erase_pseudo(graph: &mut Graph) {
    for id in graph.order() {
        for instr in &mut graph.blocks[id].instrs {
            if instr.is_block_push() || instr.op == POP_BLOCK {
                instr.erase();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{graph, text};
    use super::*;

    #[test]
    fn instructions_know_their_innermost_handler() {
        let source = "SETUP_FINALLY ->2 @1; LOAD_CONST @1; SETUP_WITH ->1 @1; POP_TOP @1; POP_BLOCK; POP_BLOCK; RETURN_VALUE\n\
                      RERAISE\nRERAISE";
        let mut made = graph(source);
        made.blocks[0].no_fallthrough = true;
        made.blocks[1].no_fallthrough = true;
        label(&mut made);
        let handlers: Vec<_> = made.blocks[0].instrs.iter().map(|instr| instr.except).collect();
        assert_eq!(handlers, [None, Some(2), None, Some(1), None, None, None]);
        // The handler of a `with` stands inside the `try`, and wants to know where it came from.
        assert_eq!(made.blocks[1].instrs[0].except, Some(2));
        assert!(made.blocks[1].preserve_lasti && !made.blocks[2].preserve_lasti);
        erase_pseudo(&mut made);
        assert!(
            text(&made).starts_with("0: NOP @1; LOAD_CONST @1; NOP @1; POP_TOP @1; NOP; NOP; RETURN_VALUE")
        );
    }
}
