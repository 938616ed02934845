//! From the finished flow graph to the bytes of a code object.

mod exceptions;
mod lines;

use super::flow::{Graph, Instr};
use crate::code::opcode::{ArgKind, Opcode};

/// The bytes that the assembler makes.
pub struct Assembled {
    pub code: Vec<u8>,
    pub linetable: Vec<u8>,
    pub exceptiontable: Vec<u8>,
}

/// Lays out the instructions, whose jumps have a direction by now.
pub fn assemble(graph: &mut Graph, firstlineno: i32) -> Assembled {
    let order = graph.order();
    resolve_jumps(graph, &order);
    let mut code = Vec::new();
    let mut linetable = lines::LineTable::new(firstlineno);
    for &id in &order {
        for instr in &graph.blocks[id].instrs {
            emit(instr, &mut code);
            linetable.add(instr.loc, size(instr));
        }
    }
    let exceptiontable = exceptions::table(graph, &order);
    Assembled { code, linetable: linetable.finish(), exceptiontable }
}

/// Code units of an instruction: prefixes, itself, caches.
fn size(instr: &Instr) -> u32 {
    extended_args(instr.arg) + 1 + instr.op.caches() as u32
}

fn extended_args(arg: u32) -> u32 {
    u32::from(arg > 0xff) + u32::from(arg > 0xffff) + u32::from(arg > 0xff_ffff)
}

/// Sets block offsets and jump arguments, until no argument grows any more.
fn resolve_jumps(graph: &mut Graph, order: &[usize]) {
    loop {
        let mut offset = 0;
        for &id in order {
            graph.blocks[id].offset = offset;
            offset += graph.blocks[id].instrs.iter().map(size).sum::<u32>();
        }
        let mut grown = false;
        for &id in order {
            let mut end = graph.blocks[id].offset;
            for at in 0..graph.blocks[id].instrs.len() {
                let before = size(&graph.blocks[id].instrs[at]);
                end += before;
                let Some(target) = graph.blocks[id].instrs[at].target else { continue };
                let target = graph.blocks[target].offset;
                let instr = &mut graph.blocks[id].instrs[at];
                instr.arg = match instr.op.arg_kind() {
                    ArgKind::JumpBack => end.saturating_sub(target),
                    _ => target.saturating_sub(end),
                };
                grown |= size(instr) != before;
            }
        }
        if !grown {
            return;
        }
    }
}

fn emit(instr: &Instr, code: &mut Vec<u8>) {
    let prefixes = extended_args(instr.arg);
    for at in (1..=prefixes).rev() {
        code.extend([Opcode::EXTENDED_ARG as u8, (instr.arg >> (8 * at)) as u8]);
    }
    code.extend([instr.op as u8, instr.arg as u8]);
    code.resize(code.len() + 2 * instr.op.caches(), 0);
}
