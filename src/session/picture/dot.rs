//! A drawing for Graphviz.
use super::lines_of;
use crate::session::protocol::ObjectGraph;

/// The input of `dot`.
pub fn dot(graph: &ObjectGraph) -> String {
    let mut out = String::from(
        "digraph objects {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"monospace\", fontsize=11];\n  edge [fontname=\"monospace\", fontsize=10];\n",
    );
    for (number, node) in graph.nodes.iter().enumerate() {
        let label: Vec<String> = lines_of(node).iter().map(|line| escape(line)).collect();
        let mut marks = String::new();
        if number == 0 {
            marks.push_str(", penwidth=2.5");
        }
        if node.in_cycle {
            marks.push_str(", color=\"#c2185b\"");
        }
        out.push_str(&format!("  n{number} [label=\"{}\"{marks}];\n", label.join("\\n")));
    }
    for edge in &graph.edges {
        let mark = if edge.in_cycle { ", color=\"#c2185b\", penwidth=2" } else { "" };
        out.push_str(&format!(
            "  n{} -> n{} [label=\"{}\"{mark}];\n",
            edge.from,
            edge.to,
            escape(&edge.label)
        ));
    }
    if graph.left_out > 0 {
        out.push_str(&format!("  more [label=\"… {} more\", style=dashed];\n", graph.left_out));
    }
    out.push_str("}\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}
