//! The exception table: runs of instructions that share a handler.

use crate::compile::flow::{BlockId, Graph};

pub(super) fn table(graph: &Graph, order: &[BlockId]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut open: Option<(u32, BlockId)> = None;
    let mut offset = 0;
    for &id in order {
        for instr in &graph.blocks[id].instrs {
            if instr.except != open.map(|(_, handler)| handler) {
                close(graph, open, offset, &mut out);
                open = instr.except.map(|handler| (offset, handler));
            }
            offset += super::size(instr);
        }
    }
    close(graph, open, offset, &mut out);
    out
}

fn close(graph: &Graph, open: Option<(u32, BlockId)>, end: u32, out: &mut Vec<u8>) {
    let Some((start, handler)) = open else { return };
    let handler = &graph.blocks[handler];
    let lasti = u32::from(handler.preserve_lasti);
    // The exception itself, and the offset if it is wanted, lie on top of the depth to go back to.
    let depth = handler.start_depth.unwrap_or(1).max(0) as u32;
    let depth = depth.saturating_sub(1 + lasti);
    varint(start, 0x80, out);
    varint(end - start, 0, out);
    varint(handler.offset, 0, out);
    varint(depth << 1 | lasti, 0, out);
}

/// Groups of six bits, the highest first; `mark` goes onto the first byte.
fn varint(value: u32, mark: u8, out: &mut Vec<u8>) {
    let groups = (1..=5).rev().find(|&group| value >> (6 * group) != 0).unwrap_or(0);
    let mut mark = mark;
    for group in (0..=groups).rev() {
        let more = if group > 0 { 0x40 } else { 0 };
        out.push((value >> (6 * group) & 0x3f) as u8 | more | mark);
        mark = 0;
    }
}
