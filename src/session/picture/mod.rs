//! Drawings of objects and the references between them: as text, for Graphviz, as a picture.
//!
//! | file | holds |
//! | --- | --- |
//! | `text` | a tree in the terminal; what was shown before is pointed back to |
//! | `layout` | where boxes stand: in layers, each as near to what it is joined with as can be |
//! | `svg`, `dot` | the picture, and the input of `dot` |
//!
//! A cycle is marked in each of them.
pub mod dot;
pub mod layout;
pub mod svg;
pub mod text;

use super::protocol::GraphNode;

/// What is written at an object: names, type and number, count, small values.
fn lines_of(node: &GraphNode) -> Vec<String> {
    let mut lines = Vec::new();
    let refs = if node.refcount == 1 { "1 ref".to_owned() } else { format!("{} refs", node.refcount) };
    let names = node.names.join(", ");
    lines.push(if names.is_empty() { node.object.to_string() } else { format!("{names}  {}", node.object) });
    lines.push(refs);
    if !node.repr.is_empty() {
        lines.push(cut(&node.repr));
    }
    lines.extend(node.fields.iter().map(|field| cut(field)));
    lines
}

/// At most so many characters of a text.
fn cut(text: &str) -> String {
    const LONGEST: usize = 34;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
