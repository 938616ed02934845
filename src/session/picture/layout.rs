//! Where the boxes of a drawing stand: columns by distance from the middle, holders left of it; in each column
//! boxes are moved towards what they are joined with, a few times to and fro, which uncrosses most lines.
use std::collections::HashMap;

use super::lines_of;
use crate::session::protocol::ObjectGraph;

/// Points for a character and a line, and around the text of a box.
pub const CHARACTER: f64 = 7.2;
pub const LINE: f64 = 16.0;
pub const MARGIN: f64 = 10.0;
/// Between columns, and between boxes of a column.
const COLUMN_GAP: f64 = 110.0;
const ROW_GAP: f64 = 26.0;
/// Boxes of a column at most; more begin another beside it.
const TALLEST: usize = 12;
const SWEEPS: usize = 8;

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub lines: Vec<String>,
    /// Which column it stands in.
    pub column: usize,
}

/// All boxes, and how large the drawing is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub frames: Vec<Frame>,
    pub width: f64,
    pub height: f64,
}

/// Places the boxes.
pub fn layout(graph: &ObjectGraph) -> Layout {
    let mut frames: Vec<Frame> = graph
        .nodes
        .iter()
        .map(|node| {
            let lines = lines_of(node);
            let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
            Frame {
                x: 0.0,
                y: 0.0,
                width: longest as f64 * CHARACTER + 2.0 * MARGIN,
                height: lines.len() as f64 * LINE + 2.0 * MARGIN,
                lines,
                column: 0,
            }
        })
        .collect();
    let mut columns = columns(graph);
    for sweep in 0..SWEEPS {
        let order: HashMap<u32, f64> = columns
            .iter()
            .flat_map(|column| {
                let middle = (column.len() as f64 - 1.0) / 2.0;
                column.iter().enumerate().map(move |(row, node)| (*node, row as f64 - middle))
            })
            .collect();
        let count = columns.len();
        for step in 0..count {
            let place = if sweep % 2 == 0 { step } else { count - 1 - step };
            let mean = |node: &u32| {
                let joined: Vec<f64> = graph
                    .edges
                    .iter()
                    .filter(|edge| edge.from != edge.to)
                    .filter_map(|edge| match *node {
                        n if n == edge.from => order.get(&edge.to),
                        n if n == edge.to => order.get(&edge.from),
                        _ => None,
                    })
                    .copied()
                    .collect();
                match joined.len() {
                    0 => order.get(node).copied().unwrap_or(0.0),
                    count => joined.iter().sum::<f64>() / count as f64,
                }
            };
            columns[place].sort_by(|a, b| mean(a).total_cmp(&mean(b)).then(a.cmp(b)));
        }
    }
    let heights: Vec<f64> = columns
        .iter()
        .map(|column| {
            column.iter().map(|node| frames[*node as usize].height + ROW_GAP).sum::<f64>() - ROW_GAP
        })
        .collect();
    let height = heights.iter().copied().fold(0.0, f64::max);
    let mut x = MARGIN * 2.0;
    for (number, column) in columns.iter().enumerate() {
        let mut y = MARGIN * 3.0 + (height - heights[number]) / 2.0;
        let widest = column.iter().map(|node| frames[*node as usize].width).fold(0.0, f64::max);
        for node in column {
            let frame = &mut frames[*node as usize];
            (frame.x, frame.y, frame.column) = (x, y, number);
            y += frame.height + ROW_GAP;
        }
        x += widest + COLUMN_GAP;
    }
    Layout { frames, width: (x - COLUMN_GAP + MARGIN * 6.0).max(200.0), height: height + MARGIN * 9.0 }
}

/// The nodes of each column, first as they come.
fn columns(graph: &ObjectGraph) -> Vec<Vec<u32>> {
    let last = graph.nodes.iter().map(|node| node.layer).max().unwrap_or(0);
    let mut columns: Vec<Vec<u32>> = Vec::new();
    for layer in 0..=last {
        let nodes: Vec<u32> =
            (0..graph.nodes.len() as u32).filter(|node| graph.nodes[*node as usize].layer == layer).collect();
        columns.extend(nodes.chunks(TALLEST).map(<[u32]>::to_vec));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::protocol::{GraphEdge, GraphNode, ObjectLabel};

    fn graph(count: u64, edges: &[(u32, u32)]) -> ObjectGraph {
        let node = |number: u64| GraphNode {
            object: ObjectLabel { id: number, number, type_name: "Node".into() },
            names: Vec::new(),
            repr: String::new(),
            refcount: 1,
            layer: 1 + (number as u32) / 5,
            fields: vec![".value = 1".to_owned(); (number % 4) as usize],
            in_cycle: false,
        };
        let edge =
            |(from, to): &(u32, u32)| GraphEdge { from: *from, to: *to, label: ".t".into(), in_cycle: false };
        ObjectGraph {
            nodes: (0..count).map(node).collect(),
            edges: edges.iter().map(edge).collect(),
            left_out: 0,
        }
    }

    #[test]
    fn boxes_never_overlap_and_all_are_inside() {
        for count in [1, 2, 7, 30, 60] {
            let edges: Vec<(u32, u32)> = (1..count as u32).map(|to| (to * 7 % to.max(1), to)).collect();
            let placed = layout(&graph(count, &edges));
            for (number, a) in placed.frames.iter().enumerate() {
                assert!(
                    a.x >= 0.0
                        && a.y >= 0.0
                        && a.x + a.width <= placed.width
                        && a.y + a.height <= placed.height
                );
                for b in &placed.frames[number + 1..] {
                    let apart = a.x + a.width <= b.x
                        || b.x + b.width <= a.x
                        || a.y + a.height <= b.y
                        || b.y + b.height <= a.y;
                    assert!(apart, "{count}: {a:?} {b:?}");
                }
            }
        }
    }
}
