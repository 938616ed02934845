//! The start of a code object: cells made, free variables copied, the generator returned; and the
//! place of each cell among the local variables.

use super::{Graph, Instr};
use crate::code::opcode::Opcode::*;
use crate::compile::ast::Location;

/// Where the cells and free variables of a code object are among `localsplus`.
pub struct CellMap {
    /// By the number the generator used: cells first, then free variables.
    fixed: Vec<u32>,
    cells: usize,
    frees: usize,
}

impl CellMap {
    /// `shared[i]` is the local variable that is the i-th cell as well, if there is one.
    pub fn new(locals: usize, shared: &[Option<usize>], frees: usize) -> CellMap {
        let fixed = (0..shared.len() + frees).map(|at| match shared.get(at) {
            Some(&Some(local)) => local as u32,
            _ => (locals + at) as u32,
        });
        CellMap { fixed: fixed.collect(), cells: shared.len(), frees }
    }
}

/// Inserts the prefix into the entry block and gives every cell instruction its final argument.
/// `generator` is the line of a generator's or coroutine's definition.
pub fn insert_prefix(graph: &mut Graph, map: &CellMap, locals: usize, generator: Option<i32>) {
    let mut prefix = Vec::new();
    if map.frees > 0 {
        prefix.push(Instr::new(COPY_FREE_VARS, map.frees as u32, Location::NONE));
    }
    let mut cells: Vec<usize> = (0..map.cells).collect();
    cells.sort_by_key(|&cell| map.fixed[cell]);
    prefix.extend(cells.into_iter().map(|cell| Instr::new(MAKE_CELL, cell as u32, Location::NONE)));
    if let Some(line) = generator {
        let loc = Location { line, end_line: line, col: -1, end_col: -1 };
        prefix.push(Instr::new(RETURN_GENERATOR, 0, loc));
        prefix.push(Instr::new(POP_TOP, 0, loc));
    }
    graph.blocks[0].instrs.splice(0..0, prefix);
    // Cells that share the slot of a parameter leave no gap.
    let mut dropped = 0;
    let mut fixed = map.fixed.clone();
    for (at, slot) in fixed.iter_mut().enumerate() {
        if *slot as usize == at + locals {
            *slot -= dropped;
        } else {
            dropped += 1;
        }
    }
    for block in &mut graph.blocks {
        for instr in &mut block.instrs {
            if matches!(
                instr.op,
                MAKE_CELL | LOAD_CLOSURE | LOAD_DEREF | STORE_DEREF | DELETE_DEREF | LOAD_CLASSDEREF
            ) && let Some(&slot) = fixed.get(instr.arg as usize)
            {
                instr.arg = slot;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::after;
    use super::*;

    #[test]
    fn a_parameter_that_is_a_cell_keeps_its_place() {
        // Locals x, y; cells y (the parameter) and z; one free variable.
        let map = CellMap::new(2, &[Some(1), None], 1);
        let made = after("RESUME @1; LOAD_DEREF 0 @2; LOAD_DEREF 1 @2; LOAD_DEREF 2 @2", |graph| {
            insert_prefix(graph, &map, 2, None);
        });
        let expected = "0: COPY_FREE_VARS 1; MAKE_CELL 1; MAKE_CELL 2; RESUME @1; LOAD_DEREF 1 @2; LOAD_DEREF 2 @2; LOAD_DEREF 3 @2\n";
        assert_eq!(made, expected);
    }

    #[test]
    fn a_generator_is_returned_first() {
        let map = CellMap::new(0, &[], 0);
        let made = after("RESUME @1", |graph| insert_prefix(graph, &map, 0, Some(1)));
        assert_eq!(made, "0: RETURN_GENERATOR @1; POP_TOP @1; RESUME @1\n");
    }
}
