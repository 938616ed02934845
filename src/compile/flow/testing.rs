//! Graphs as text, for the tests of the passes.
//!
//! One block a line, in emission order; instructions are parted by semicolons:
//! `LOAD_CONST 1 @3` is on line 3, `JUMP ->2` leads to the block on the third line, and what names no
//! line has none.

use std::fmt::Write;

use super::{Block, Graph, Instr};
use crate::code::opcode::Opcode;
use crate::compile::ast::Location;

/// The graph that a text describes.
pub fn graph(text: &str) -> Graph {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut graph = Graph::default();
    for (at, line) in lines.iter().enumerate() {
        let instrs = line.split(';').map(str::trim).filter(|instr| *instr != "-").map(instr).collect();
        let next = (at + 1 < lines.len()).then_some(at + 1);
        graph.blocks.push(Block { instrs, next, ..Block::default() });
    }
    graph
}

fn instr(text: &str) -> Instr {
    let mut words = text.split_whitespace();
    let name = words.next().expect("an instruction");
    let op = Opcode::ALL.iter().copied().find(|op| format!("{op:?}") == name);
    let mut instr = Instr::new(op.unwrap_or_else(|| panic!("no opcode {name}")), 0, Location::NONE);
    for word in words {
        if let Some(line) = word.strip_prefix('@') {
            let line = line.parse().expect("a line");
            instr.loc = Location { line, end_line: line, col: 0, end_col: 1 };
        } else if let Some(target) = word.strip_prefix("->") {
            instr.target = Some(target.parse().expect("a block"));
        } else {
            instr.arg = word.parse().expect("an argument");
        }
    }
    instr
}

/// The blocks that are emitted, one a line, headed by their numbers; a block without instructions is a
/// dash.
pub fn text(graph: &Graph) -> String {
    let mut out = String::new();
    for id in graph.order() {
        let instrs: Vec<String> = graph.blocks[id].instrs.iter().map(instr_text).collect();
        let instrs = if instrs.is_empty() { "-".to_string() } else { instrs.join("; ") };
        let _ = writeln!(out, "{id}: {instrs}");
    }
    out
}

fn instr_text(instr: &Instr) -> String {
    let mut out = format!("{:?}", instr.op);
    if instr.arg != 0 {
        let _ = write!(out, " {}", instr.arg);
    }
    if let Some(target) = instr.target {
        let _ = write!(out, " ->{target}");
    }
    if instr.loc.line >= 0 {
        let _ = write!(out, " @{}", instr.loc.line);
    }
    out
}

/// What a pass makes of a graph.
pub fn after(source: &str, pass: impl FnOnce(&mut Graph)) -> String {
    let mut graph = graph(source);
    pass(&mut graph);
    text(&graph)
}
