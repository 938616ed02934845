//! The whole heap as a `.heapsnapshot`: the JSON that a browser's developer tools load in their Memory panel.
//!
//! Nodes and edges are flat arrays of numbers, laid out as `meta` says; texts are numbers into `strings`; an edge names
//! its end by where that node begins in `nodes`. The first node is the root; below it hang the roots of the interpreter
//! and, as the entry points a reader starts from, the modules.
use std::collections::HashMap;
use std::io::{self, Write};

use super::edges::{Place, each_edge};
use super::resolve::name_text;
use super::short::short;
use super::snapshot::Snapshot;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::look::as_class;
use crate::objects::{ModuleObject, types};
use crate::vm::Ctx;
use crate::vm::function::FunctionObject;

/// Numbers for each node.
const NODE_FIELDS: usize = 7;

const META: &str = concat!(
    r#"{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],"#,
    r#""node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","#,
    r#""concatenated string","sliced string","symbol","bigint","object shape"],"#,
    r#""string","number","number","number","number","number"],"#,
    r#""edge_fields":["type","name_or_index","to_node"],"#,
    r#""edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"#,
    r#""string_or_number","node"],"#,
    r#""trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],"#,
    r#""trace_node_fields":["id","function_info_index","count","size","children"],"#,
    r#""sample_fields":["timestamp_us","last_assigned_id"],"#,
    r#""location_fields":["object_index","script_id","line","column"]}"#
);

/// Kinds of nodes, as in `node_types`.
mod node {
    pub const ARRAY: u32 = 1;
    pub const STRING: u32 = 2;
    pub const OBJECT: u32 = 3;
    pub const CODE: u32 = 4;
    pub const CLOSURE: u32 = 5;
    pub const NUMBER: u32 = 7;
    pub const NATIVE: u32 = 8;
    pub const SYNTHETIC: u32 = 9;
}

/// Kinds of edges, as in `edge_types`.
mod edge {
    pub const ELEMENT: u32 = 1;
    pub const PROPERTY: u32 = 2;
    pub const INTERNAL: u32 = 3;
    pub const SHORTCUT: u32 = 5;
}

/// Texts, each once.
#[derive(Default)]
struct Texts {
    places: HashMap<String, u32>,
    list: Vec<String>,
}

impl Texts {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.list.len() as u32;
        self.places.insert(text.to_owned(), place);
        self.list.push(text.to_owned());
        place
    }
}

/// Writes the heap; gives how many nodes and edges there are.
///
/// # Errors
/// When it cannot be written.
pub fn write(cx: Ctx, still: Still<'_>, shot: &Snapshot, out: &mut dyn Write) -> io::Result<(u64, u64)> {
    let mut texts = Texts::default();
    // Two nodes come before the objects: the root and what the interpreter holds.
    let node_of = |object: u32| (object as usize + 2) * NODE_FIELDS;
    let mut nodes: Vec<[u64; NODE_FIELDS]> = Vec::with_capacity(shot.len() + 2);
    let mut edges: Vec<[u64; 3]> = Vec::with_capacity(shot.edges.len() + shot.roots.len());
    let mut modules: Vec<(String, u32)> = Vec::new();
    if let Some(table) = cx.vm().modules.peek() {
        table.for_each_entry(&mut |key, value| {
            if let (Some(name), Some(object), true) =
                (name_text(key), shot.find(value.address()), value.downcast::<ModuleObject>().is_some())
            {
                modules.push((name, object));
            }
        });
    }
    edges.push([u64::from(edge::ELEMENT), 1, NODE_FIELDS as u64]);
    for (name, object) in &modules {
        let name = u64::from(texts.place(name));
        edges.push([u64::from(edge::SHORTCUT), name, node_of(*object) as u64]);
    }
    let root_edges = edges.len() as u64;
    for root in &shot.roots {
        let name = u64::from(texts.place(&root.name));
        edges.push([u64::from(edge::INTERNAL), name, node_of(root.object) as u64]);
    }
    let held = edges.len() as u64 - root_edges;
    let synthetic = u64::from(node::SYNTHETIC);
    nodes.push([synthetic, u64::from(texts.place("")), 1, 0, root_edges, 0, 0]);
    nodes.push([synthetic, u64::from(texts.place("(GC roots)")), 3, 0, held, 0, 0]);
    // The snapshot is of this very moment; the walk gives its objects in another order where large ones are.
    let mut objects: Vec<Option<&Object>> = vec![None; shot.len()];
    still.objects(&mut |object| {
        if let Some(place) = shot.find(object.address()) {
            objects[place as usize] = Some(object);
        }
    });
    for (place, object) in objects.into_iter().enumerate() {
        let before = edges.len();
        let size = u64::from(shot.sizes[place]);
        let type_name = &shot.type_row(place as u32).name;
        let id = place as u64 * 2 + 5;
        let Some(object) = object else {
            nodes.push([u64::from(node::NATIVE), u64::from(texts.place(type_name)), id, size, 0, 0, 0]);
            continue;
        };
        each_edge(still, object, &mut |way, held| {
            let Some(to) = shot.find(held.address()) else { return };
            let (kind, name) = match way {
                Place::Index(index) => (edge::ELEMENT, index as u64),
                Place::Attribute(name) => {
                    (edge::PROPERTY, u64::from(texts.place(&name_text(name).unwrap_or_default())))
                }
                Place::Value(key) => {
                    let name = name_text(key).unwrap_or_else(|| short(still, key));
                    (edge::PROPERTY, u64::from(texts.place(&name)))
                }
                Place::Key(_) => (edge::INTERNAL, u64::from(texts.place("key"))),
                other => {
                    let path = other.path(still);
                    (edge::INTERNAL, u64::from(texts.place(path.trim_start_matches([' ', '.']))))
                }
            };
            edges.push([u64::from(kind), name, node_of(to) as u64]);
        });
        let (kind, name) = describe(still, object, type_name);
        let count = (edges.len() - before) as u64;
        nodes.push([u64::from(kind), u64::from(texts.place(&name)), id, size, count, 0, 0]);
    }
    write!(
        out,
        "{{\"snapshot\":{{\"meta\":{META},\"node_count\":{},\"edge_count\":{},\"trace_function_count\":0}},\n\"nodes\":[",
        nodes.len(),
        edges.len()
    )?;
    write_rows(out, &nodes)?;
    out.write_all(b"],\n\"edges\":[")?;
    write_rows(out, &edges)?;
    out.write_all(
        b"],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[],\n\"strings\":[",
    )?;
    for (number, text) in texts.list.iter().enumerate() {
        out.write_all(if number > 0 { b",\n" } else { b"" })?;
        let mut quoted = String::new();
        // Writing to a string cannot fail.
        let _ = crate::session::json::quote(text, &mut quoted);
        out.write_all(quoted.as_bytes())?;
    }
    out.write_all(b"]}\n")?;
    Ok((nodes.len() as u64, edges.len() as u64))
}

fn write_rows<const N: usize>(out: &mut dyn Write, rows: &[[u64; N]]) -> io::Result<()> {
    for (number, row) in rows.iter().enumerate() {
        out.write_all(if number > 0 { b",\n" } else { b"" })?;
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                out.write_all(b",")?;
            }
            write!(out, "{value}")?;
        }
    }
    Ok(())
}

/// What kind of node an object is, and what it is called: strings and numbers by their values, the rest by type.
fn describe(still: Still<'_>, object: &Object, type_name: &str) -> (u32, String) {
    let ty = types();
    if object.is_exact(ty.str) {
        (node::STRING, name_text(object).unwrap_or_default())
    } else if object.is_exact(ty.int) || object.is_exact(ty.float) {
        (node::NUMBER, short(still, object))
    } else if object.is_exact(ty.list) || object.is_exact(ty.tuple) {
        (node::ARRAY, type_name.to_owned())
    } else if let Some(function) = object.downcast_exact::<FunctionObject>() {
        (node::CLOSURE, super::short::peek_text(function.qualname.peek()))
    } else if object.is_exact(ty.code) {
        (node::CODE, type_name.to_owned())
    } else if as_class(object).is_some() || object.downcast::<ModuleObject>().is_some() {
        (node::OBJECT, short(still, object))
    } else {
        (node::OBJECT, type_name.to_owned())
    }
}
