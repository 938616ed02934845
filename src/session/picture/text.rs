//! Objects as a tree of lines. An object that was shown before is only pointed to; on a cycle with `↺`.
use crate::session::protocol::{GraphNode, ObjectGraph};
use crate::session::report::{ReportLine, Tone};

/// A node still to be shown, with what is written before it.
struct Next {
    node: u32,
    label: String,
    in_cycle: bool,
    /// Before the branch sign, and what children get.
    before: String,
    last: bool,
    /// The nodes on the way here.
    way: Vec<u32>,
}

/// The drawing as lines.
pub fn lines(graph: &ObjectGraph) -> Vec<ReportLine> {
    let mut out = Vec::new();
    if graph.nodes.is_empty() {
        return out;
    }
    let mut shown = vec![false; graph.nodes.len()];
    // The middle first; then each holder, from which a branch leads back to the middle.
    tree(graph, 0, &mut shown, &mut out);
    let holders: Vec<u32> = (0..graph.nodes.len() as u32).filter(|node| !shown[*node as usize]).collect();
    if !holders.is_empty() {
        out.push(ReportLine::new());
        out.push(ReportLine::new().with(Tone::Strong, "Held by"));
        for holder in holders {
            if !shown[holder as usize] {
                tree(graph, holder, &mut shown, &mut out);
            }
        }
    }
    if graph.left_out > 0 {
        let text = format!("… {} more references to objects for which there is no room", graph.left_out);
        out.push(ReportLine::new().with(Tone::Muted, text));
    }
    if graph.nodes.iter().any(|node| node.in_cycle) {
        out.push(ReportLine::new());
        out.push(
            ReportLine::new()
                .with(Tone::Bad, "↺")
                .with(Tone::Muted, " closes a cycle: back to an object above"),
        );
    }
    out
}

fn tree(graph: &ObjectGraph, root: u32, shown: &mut [bool], out: &mut Vec<ReportLine>) {
    let mut stack = vec![Next {
        node: root,
        label: String::new(),
        in_cycle: false,
        before: String::new(),
        last: true,
        way: Vec::new(),
    }];
    while let Some(next) = stack.pop() {
        let node = &graph.nodes[next.node as usize];
        let is_root = next.way.is_empty();
        let branch = match (is_root, next.last) {
            (true, _) => "",
            (false, true) => "└─ ",
            (false, false) => "├─ ",
        };
        let mut line = ReportLine::new().with(Tone::Muted, format!("{}{branch}", next.before));
        if !next.label.is_empty() {
            let tone = if next.in_cycle { Tone::Bad } else { Tone::Plain };
            line = line.with(tone, format!("{} → ", next.label));
        }
        line = name(line, node);
        if next.way.contains(&next.node) {
            out.push(line.with(Tone::Bad, "  ↺"));
            continue;
        }
        if shown[next.node as usize] {
            out.push(line.with(Tone::Muted, "  (above)"));
            continue;
        }
        shown[next.node as usize] = true;
        let refs =
            if node.refcount == 1 { "  1 ref".to_owned() } else { format!("  {} refs", node.refcount) };
        line = line.with(Tone::Number, refs);
        if !node.repr.is_empty() {
            line = line.with(Tone::Muted, format!("  {}", super::cut(&node.repr)));
        }
        if !node.fields.is_empty() {
            let fields: Vec<String> = node.fields.iter().map(|field| super::cut(field)).collect();
            line = line.with(Tone::Muted, format!("  {}", fields.join(", ")));
        }
        out.push(line);
        let below = match (is_root, next.last) {
            (true, _) => String::new(),
            (false, true) => format!("{}   ", next.before),
            (false, false) => format!("{}│  ", next.before),
        };
        let edges: Vec<_> = graph.edges.iter().filter(|edge| edge.from == next.node).collect();
        let count = edges.len();
        let mut way = next.way;
        way.push(next.node);
        for (number, edge) in edges.into_iter().enumerate().rev() {
            stack.push(Next {
                node: edge.to,
                label: edge.label.clone(),
                in_cycle: edge.in_cycle,
                before: below.clone(),
                last: number + 1 == count,
                way: way.clone(),
            });
        }
    }
}

fn name(line: ReportLine, node: &GraphNode) -> ReportLine {
    let line = match node.names.is_empty() {
        true => line,
        false => line.with(Tone::Name, format!("{} ", node.names.join(", "))),
    };
    line.with(Tone::Type, node.object.to_string())
}
