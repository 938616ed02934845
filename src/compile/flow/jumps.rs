//! Jumps: those to the next instruction go, the rest get their direction.

use super::Graph;
use crate::code::opcode::Opcode::*;

/// Turns jumps to the block that follows into NOPs. They stay for now: one that stands alone takes
/// the line of what comes before it ([`super::exits::propagate_lines`]) and may so be kept.
pub(super) fn remove_redundant(graph: &mut Graph) {
    for id in graph.order() {
        let next = graph.blocks[id].next;
        let block = &mut graph.blocks[id];
        let Some(last) = block.instrs.last_mut() else { continue };
        if last.is_unconditional_jump() && next.is_some() && last.target == next {
            last.erase();
            block.no_fallthrough = false;
        }
    }
}

/// Chooses forward and backward jumps. The order of blocks is final.
pub(super) fn normalize(graph: &mut Graph) {
    let mut seen = vec![false; graph.blocks.len()];
    for id in graph.order() {
        seen[id] = true;
        let Some(last) = graph.blocks[id].instrs.last_mut() else { continue };
        let Some(target) = last.target else { continue };
        let back = seen[target];
        last.op = match last.op {
            JUMP => {
                if back {
                    JUMP_BACKWARD
                } else {
                    JUMP_FORWARD
                }
            }
            JUMP_NO_INTERRUPT => {
                if back {
                    JUMP_BACKWARD_NO_INTERRUPT
                } else {
                    JUMP_FORWARD
                }
            }
            POP_JUMP_IF_NONE => {
                if back {
                    POP_JUMP_BACKWARD_IF_NONE
                } else {
                    POP_JUMP_FORWARD_IF_NONE
                }
            }
            POP_JUMP_IF_NOT_NONE => {
                if back {
                    POP_JUMP_BACKWARD_IF_NOT_NONE
                } else {
                    POP_JUMP_FORWARD_IF_NOT_NONE
                }
            }
            POP_JUMP_IF_FALSE => {
                if back {
                    POP_JUMP_BACKWARD_IF_FALSE
                } else {
                    POP_JUMP_FORWARD_IF_FALSE
                }
            }
            POP_JUMP_IF_TRUE => {
                if back {
                    POP_JUMP_BACKWARD_IF_TRUE
                } else {
                    POP_JUMP_FORWARD_IF_TRUE
                }
            }
            other => other,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::after;
    use super::*;

    #[test]
    fn a_jump_to_what_follows_is_none() {
        let made = after("JUMP ->1 @1\nJUMP ->0 @2", remove_redundant);
        assert!(made.starts_with("0: NOP") && made.contains("1: JUMP ->0 @2"), "{made}");
    }

    #[test]
    fn jumps_get_their_direction() {
        let source = "NOP\nPOP_JUMP_IF_FALSE ->3\nJUMP ->0\nPOP_JUMP_IF_NONE ->1\nJUMP_NO_INTERRUPT ->4";
        let expected = "0: NOP\n1: POP_JUMP_FORWARD_IF_FALSE ->3\n2: JUMP_BACKWARD ->0\n\
                        3: POP_JUMP_BACKWARD_IF_NONE ->1\n4: JUMP_BACKWARD_NO_INTERRUPT ->4\n";
        assert_eq!(after(source, normalize), expected);
    }
}
