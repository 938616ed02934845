//! The flow graph between the code generator and the assembler.
//!
//! A graph is a list of blocks in the order in which they will be emitted (`next` links them) and
//! instructions that jump from block to block. Each pass is a function over the whole graph in a
//! file of its own; [`optimize`] and [`finish`] run them in the reference's order, which is what
//! makes the output the same byte for byte.
//!
//! After [`normalize`]: a jump or an exit is the last instruction of its block.

mod blocks;
mod cells;
mod exits;
mod handlers;
mod jumps;
mod nops;
mod peephole;
mod reach;
mod stack;
mod swaps;
#[cfg(test)]
mod testing;

pub use cells::{CellMap, insert_prefix};
pub use stack::stack_depth;

use super::ast::Location;
use super::constants::Constants;
use crate::code::opcode::Opcode;

/// The index of a block in its graph.
pub type BlockId = usize;

/// One instruction, its argument not yet split into bytes.
#[derive(Clone, Debug)]
pub struct Instr {
    pub op: Opcode,
    pub arg: u32,
    /// Where a jump or a SETUP pseudo-instruction leads.
    pub target: Option<BlockId>,
    pub loc: Location,
    /// Where an exception goes that is raised here.
    pub except: Option<BlockId>,
}

impl Instr {
    pub fn new(op: Opcode, arg: u32, loc: Location) -> Instr {
        Instr { op, arg, target: None, loc, except: None }
    }

    /// A jump proper; SETUP pseudo-instructions are none.
    pub fn is_jump(&self) -> bool {
        self.op.is_jump() && !self.is_block_push()
    }

    pub fn is_block_push(&self) -> bool {
        matches!(self.op, Opcode::SETUP_FINALLY | Opcode::SETUP_CLEANUP | Opcode::SETUP_WITH)
    }

    pub fn is_unconditional_jump(&self) -> bool {
        matches!(self.op, Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT)
    }

    pub fn is_scope_exit(&self) -> bool {
        matches!(self.op, Opcode::RETURN_VALUE | Opcode::RAISE_VARARGS | Opcode::RERAISE)
    }

    /// Turns the instruction into a NOP that keeps its place.
    pub fn erase(&mut self) {
        self.op = Opcode::NOP;
        self.arg = 0;
        self.target = None;
    }
}

/// A run of instructions entered only at its start.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub instrs: Vec<Instr>,
    pub next: Option<BlockId>,
    /// Ends in a return or a raise.
    pub exit: bool,
    /// Control does not go on to `next`.
    pub no_fallthrough: bool,
    /// How many ways lead here, and how many of them are exceptions.
    pub predecessors: u32,
    pub except_predecessors: u32,
    /// An exception handler that wants the offset of the raising instruction.
    pub preserve_lasti: bool,
    /// Depth of the value stack at the start.
    pub start_depth: Option<i32>,
    /// In code units; set by the assembler.
    pub offset: u32,
}

/// The blocks of one code object. Block 0 is the entry.
#[derive(Debug, Default)]
pub struct Graph {
    pub blocks: Vec<Block>,
}

impl Graph {
    pub fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block::default());
        self.blocks.len() - 1
    }

    /// The blocks in emission order.
    pub fn order(&self) -> Vec<BlockId> {
        let mut order = Vec::new();
        let mut at = (!self.blocks.is_empty()).then_some(0);
        while let Some(id) = at {
            order.push(id);
            at = self.blocks[id].next;
        }
        order
    }

    /// The first block from `id` on that has instructions, or the last one there is.
    fn skip_empty(&self, mut id: BlockId) -> BlockId {
        while self.blocks[id].instrs.is_empty()
            && let Some(next) = self.blocks[id].next
        {
            id = next;
        }
        id
    }
}

/// From the generator's graph to the optimized one. Constants may be added (folded tuples) and
/// unused ones at the end are dropped.
pub fn optimize(graph: &mut Graph, consts: &mut Constants) {
    for id in graph.order() {
        peephole::run(graph, id, consts);
        nops::clean(graph, id);
    }
    exits::inline_small(graph);
    reach::mark(graph);
    reach::remove_unreachable(graph);
    nops::clean_all(graph);
    blocks::eliminate_empty(graph);
    jumps::remove_redundant(graph);
    exits::duplicate_without_line(graph);
    consts.trim(graph);
}

/// Lines for every instruction, and the order of blocks that keeps handlers out of the way.
/// Gives the stack size.
pub fn finish(graph: &mut Graph, firstlineno: i32, is_generator: bool) -> u32 {
    exits::propagate_lines(graph);
    exits::guarantee_lines(graph, firstlineno);
    let depth = stack_depth(graph, is_generator);
    handlers::label(graph);
    handlers::erase_pseudo(graph);
    nops::clean_all(graph);
    jumps::normalize(graph);
    depth
}

/// Marks blocks that do not fall through and makes jumps skip empty blocks.
pub fn normalize(graph: &mut Graph) {
    blocks::normalize(graph);
    exits::inline_small(graph);
}
