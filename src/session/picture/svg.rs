//! A drawing as SVG: boxes in columns, curves between them. Light and dark by the reader's preference.
use super::layout::{Frame, LINE, MARGIN, layout};
use crate::session::protocol::ObjectGraph;

const STYLE: &str = "\
svg{background:#fff;color:#1c1e21;font:12px ui-monospace,Menlo,Consolas,monospace}\
rect{fill:#f4f6f8;stroke:#8a939c}.middle{stroke-width:3}.cycle{stroke:#c2185b}\
path{fill:none;stroke:#8a939c;stroke-width:1.4}path.cycle{stroke:#c2185b;stroke-width:2}\
text{fill:currentColor}.label{font-size:11px;fill:#3b6ea5}.label.cycle{fill:#c2185b;stroke:none}\
.halo{stroke:#fff;stroke-width:4;paint-order:stroke}.quiet{fill:#6a737d}\
@media(prefers-color-scheme:dark){svg{background:#15181c;color:#e6e8ea}rect{fill:#22272e;stroke:#59626c}\
rect.cycle{stroke:#ff6090}path{stroke:#6d7681}path.cycle{stroke:#ff6090}.label{fill:#79b8ff}\
.label.cycle{fill:#ff6090}.halo{stroke:#15181c}.quiet{fill:#9aa4ae}}";

/// The picture.
pub fn svg(graph: &ObjectGraph) -> String {
    let placed = layout(graph);
    let (width, height) = (placed.width.ceil(), placed.height.ceil());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n<style>{STYLE}</style>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:#8a939c;stroke:none\"/></marker><marker id=\"ctip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:#c2185b;stroke:none\"/></marker></defs>\n"
    );
    let mut labels = String::new();
    for (number, edge) in graph.edges.iter().enumerate() {
        let (Some(from), Some(to)) =
            (placed.frames.get(edge.from as usize), placed.frames.get(edge.to as usize))
        else {
            continue;
        };
        // Several references between two objects are drawn beside each other.
        let earlier = graph.edges[..number].iter().filter(|e| e.from == edge.from && e.to == edge.to).count();
        let (curve, x, y) = curve(from, to, edge.from == edge.to, earlier);
        let (class, tip) = if edge.in_cycle { (" class=\"cycle\"", "ctip") } else { ("", "tip") };
        out.push_str(&format!("<path{class} d=\"{curve}\" marker-end=\"url(#{tip})\"/>\n"));
        let class = if edge.in_cycle { " cycle" } else { "" };
        let label = escape(&super::cut(&edge.label));
        labels.push_str(&format!(
            "<text class=\"label halo{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{label}</text>\n"
        ));
    }
    for (number, (frame, node)) in placed.frames.iter().zip(&graph.nodes).enumerate() {
        let mut classes = Vec::new();
        if number == 0 {
            classes.push("middle");
        }
        if node.in_cycle {
            classes.push("cycle");
        }
        out.push_str(&format!(
            "<rect class=\"{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"6\"/>\n",
            classes.join(" "),
            frame.x,
            frame.y,
            frame.width,
            frame.height
        ));
        for (row, text) in frame.lines.iter().enumerate() {
            let class = if row == 0 { "" } else { " class=\"quiet\"" };
            let (x, y) = (frame.x + MARGIN, frame.y + MARGIN + (row as f64 + 0.75) * LINE);
            out.push_str(&format!("<text{class} x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escape(text)));
        }
    }
    out.push_str(&labels);
    if graph.left_out > 0 {
        let y = height - MARGIN;
        out.push_str(&format!("<text class=\"quiet\" x=\"20\" y=\"{y}\">… {} more</text>\n", graph.left_out));
    }
    out.push_str("</svg>\n");
    out
}

/// The curve of a reference, and where its label stands.
fn curve(from: &Frame, to: &Frame, is_loop: bool, earlier: usize) -> (String, f64, f64) {
    let shift = earlier as f64 * 14.0;
    if is_loop {
        // From the right side up and back to the top.
        let (x, y) = (from.x + from.width, from.y + from.height / 2.0);
        let (tx, ty) = (from.x + from.width * 0.75, from.y);
        let curve = format!(
            "M{x:.1} {y:.1}C{:.1} {:.1} {:.1} {:.1} {tx:.1} {ty:.1}",
            x + 44.0 + shift,
            y - 6.0,
            tx + 24.0,
            ty - 44.0 - shift
        );
        return (curve, x + 14.0, ty - 16.0 - shift);
    }
    let (y, ty) = (from.y + from.height / 2.0 + shift, to.y + to.height / 2.0 + shift);
    if to.column > from.column {
        let (x, tx) = (from.x + from.width, to.x);
        let bend = (tx - x) / 2.0;
        let curve = format!("M{x:.1} {y:.1}C{:.1} {y:.1} {:.1} {ty:.1} {tx:.1} {ty:.1}", x + bend, tx - bend);
        return (curve, (x + tx) / 2.0, (y + ty) / 2.0 - 4.0);
    }
    if to.column == from.column {
        // Along the right side of the column.
        let (x, tx) = (from.x + from.width, to.x + to.width);
        let out = x.max(tx) + 50.0 + shift;
        let curve = format!("M{x:.1} {y:.1}C{out:.1} {y:.1} {out:.1} {ty:.1} {tx:.1} {ty:.1}");
        return (curve, out - 8.0, (y + ty) / 2.0);
    }
    // Backwards: below both, so that it does not lie on the way there.
    let (x, tx) = (from.x + from.width * 0.3, to.x + to.width * 0.7);
    let (y, ty) = (from.y + from.height, to.y + to.height);
    let low = y.max(ty) + 34.0 + shift;
    let curve = format!("M{x:.1} {y:.1}C{x:.1} {low:.1} {tx:.1} {low:.1} {tx:.1} {ty:.1}");
    (curve, (x + tx) / 2.0, low - 12.0)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
