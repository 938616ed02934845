//! The objects around one: who holds it, and what it leads to, as nodes and edges to draw.
//!
//! What would only be in the way has no node of its own: small values stand in the node that holds them, an instance's
//! dict is the instance, and classes, modules and code are not followed.
use std::collections::HashMap;

use super::edges::{Place, each_edge};
use super::names::named;
use super::numbers::Numbers;
use super::resolve::name_text;
use super::short::short;
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::attr::dict_slot;
use crate::objects::look::as_class;
use crate::objects::{DictObject, ModuleObject, types};
use crate::session::protocol::{GraphEdge, GraphNode, ObjectGraph, Scope};
use crate::vm::Ctx;

/// Nodes at most.
const MAX_NODES: usize = 60;
/// Holders of the object in the middle that are shown.
const MAX_HOLDERS: usize = 12;
/// Edges of one object that are followed, and small values that are shown in it.
const MAX_EDGES: usize = 24;
const MAX_FIELDS: usize = 5;

/// What is drawn so far.
struct Drawing<'h> {
    still: Still<'h>,
    objects: Vec<&'h Object>,
    places: HashMap<usize, u32>,
    graph: ObjectGraph,
    names: HashMap<usize, Vec<String>>,
}

/// The objects around `target`, this many steps far.
pub fn around(cx: Ctx, still: Still<'_>, target: &Object, depth: u32, numbers: &mut Numbers) -> ObjectGraph {
    let target = still.keep(target);
    let mut names = HashMap::new();
    for named in named(cx, still) {
        let list = named.names.iter().map(|name| match &name.scope {
            Scope::Local { function } => format!("{} in {function}", name.name),
            _ => name.name.to_string(),
        });
        names.insert(named.object.address(), list.collect());
    }
    let mut drawing =
        Drawing { still, objects: Vec::new(), places: HashMap::new(), graph: ObjectGraph::default(), names };
    drawing.node(target, 1, numbers);
    let mut next = 0;
    while let Some(object) = drawing.objects.get(next).copied() {
        let layer = drawing.graph.nodes[next].layer;
        drawing.open(object, next as u32, layer, layer <= depth, numbers);
        next += 1;
    }
    // Who holds the middle and is not drawn yet.
    let mut holders: Vec<&Object> = Vec::new();
    still.objects(&mut |object| {
        let mut holds = false;
        if !is_scenery(object) && holders.len() < MAX_HOLDERS {
            still.owned(object, &mut |held| holds |= held.is(target));
        }
        if holds {
            holders.push(object);
        }
    });
    let owners = owners_of_dicts(still, &holders);
    for holder in holders {
        if is_namespace(cx, holder) {
            continue;
        }
        let (shown, dict) = match owners.get(&holder.address()) {
            Some(owner) => (*owner, Some(holder)),
            None => (holder, None),
        };
        if drawing.places.contains_key(&shown.address()) {
            continue;
        }
        let Some(from) = drawing.node(shown, 0, numbers) else { continue };
        let mut paths = Vec::new();
        each_edge(still, dict.unwrap_or(shown), &mut |place, held| {
            if held.is(target) && paths.len() < MAX_EDGES {
                paths.push(path(still, place, dict.is_some()));
            }
        });
        let edges = paths.into_iter().map(|label| GraphEdge { from, to: 0, label, in_cycle: false });
        drawing.graph.edges.extend(edges);
    }
    let mut graph = drawing.graph;
    mark_cycles(&mut graph);
    graph
}

impl<'h> Drawing<'h> {
    /// The node of an object, made if there is room.
    fn node(&mut self, object: &'h Object, layer: u32, numbers: &mut Numbers) -> Option<u32> {
        if let Some(place) = self.places.get(&object.address()) {
            return Some(*place);
        }
        if self.objects.len() >= MAX_NODES {
            self.graph.left_out += 1;
            return None;
        }
        let place = self.objects.len() as u32;
        self.places.insert(object.address(), place);
        self.objects.push(object);
        self.graph.nodes.push(GraphNode {
            object: numbers.label(object),
            names: self.names.get(&object.address()).cloned().unwrap_or_default(),
            repr: if is_plain(object) || is_scenery(object) {
                short(self.still, object)
            } else {
                String::new()
            },
            refcount: object.refcount() as u64,
            layer,
            fields: Vec::new(),
            in_cycle: false,
        });
        Some(place)
    }

    /// Adds what an object holds.
    fn open(&mut self, object: &'h Object, from: u32, layer: u32, follow: bool, numbers: &mut Numbers) {
        if is_scenery(object) {
            return;
        }
        let mut held_here: Vec<(String, &'h Object)> = Vec::new();
        let mut more = 0;
        let own_dict = dict_slot(object).and_then(|slot| slot.peek());
        let own_dict = own_dict.map(|dict| self.still.keep(dict.as_object()));
        each_edge(self.still, object, &mut |place, held| {
            if own_dict.is_some_and(|dict| dict.is(held)) || matches!(place, Place::Key(_)) && is_plain(held)
            {
                return;
            }
            if matches!(place, Place::Part(".__class__")) {
                return;
            }
            if held_here.len() < MAX_EDGES {
                held_here.push((path(self.still, place, false), held));
            } else {
                more += 1;
            }
        });
        if let Some(dict) = own_dict {
            each_edge(self.still, dict, &mut |place, held| {
                if matches!(place, Place::Value(_)) && held_here.len() < MAX_EDGES {
                    held_here.push((path(self.still, place, true), held));
                }
            });
        }
        let mut hidden = 0;
        for (label, held) in held_here {
            if is_plain(held) || as_class(held).is_some() || held.downcast::<ModuleObject>().is_some() {
                let fields = &mut self.graph.nodes[from as usize].fields;
                if fields.len() < MAX_FIELDS {
                    fields.push(format!("{label} = {}", short(self.still, held)));
                } else {
                    more += 1;
                }
            } else if !follow && !self.places.contains_key(&held.address()) {
                hidden += 1;
            } else if let Some(to) = self.node(held, layer + 1, numbers) {
                self.graph.edges.push(GraphEdge { from, to, label, in_cycle: false });
            }
        }
        if more + hidden > 0 {
            self.graph.nodes[from as usize].fields.push(format!("… {} more", more + hidden));
        }
    }
}

/// As written at an edge. In an instance's dict the entries are attributes.
fn path(still: Still<'_>, place: Place<'_>, attribute: bool) -> String {
    match place {
        Place::Value(key) if attribute => match name_text(key) {
            Some(name) => format!(".{name}"),
            None => place.path(still),
        },
        place => place.path(still).trim_start().to_owned(),
    }
}

/// Values that are shown inside what holds them.
fn is_plain(object: &Object) -> bool {
    let ty = types();
    [ty.int, ty.float, ty.str, ty.bytes, ty.bool, ty.none_type, ty.complex, ty.ellipsis_type]
        .iter()
        .any(|kind| object.is_exact(kind))
}

/// What everything leads to, and what is not followed.
fn is_scenery(object: &Object) -> bool {
    let ty = types();
    as_class(object).is_some()
        || object.downcast::<ModuleObject>().is_some()
        || object.is_exact(ty.function)
        || object.is_exact(ty.code)
        || object.is_exact(ty.frame)
}

/// Whether it is the dict of a module.
fn is_namespace(cx: Ctx, object: &Object) -> bool {
    let mut found = false;
    if let Some(modules) = cx.vm().modules.peek() {
        modules.for_each_entry(&mut |_, value| {
            found |= value
                .downcast::<ModuleObject>()
                .and_then(|module| module.dict.peek())
                .is_some_and(|dict| dict.as_object().is(object));
        });
    }
    found
}

/// Which of these dicts are the `__dict__` of what.
fn owners_of_dicts<'h>(still: Still<'h>, candidates: &[&'h Object]) -> HashMap<usize, &'h Object> {
    let mut owners = HashMap::new();
    let dicts: Vec<usize> = candidates
        .iter()
        .filter(|object| object.downcast_exact::<DictObject>().is_some())
        .map(|object| object.address())
        .collect();
    if !dicts.is_empty() {
        still.objects(&mut |object| {
            if let Some(dict) = dict_slot(object).and_then(|slot| slot.peek())
                && dicts.contains(&dict.as_object().address())
            {
                owners.insert(dict.as_object().address(), object);
            }
        });
    }
    owners
}

/// Marks nodes and edges that lie on a cycle: between nodes that lead to each other. Graphs are small here.
fn mark_cycles(graph: &mut ObjectGraph) {
    let count = graph.nodes.len();
    let mut reach = vec![vec![false; count]; count];
    for edge in &graph.edges {
        reach[edge.from as usize][edge.to as usize] = true;
    }
    for via in 0..count {
        for from in 0..count {
            if reach[from][via] {
                for to in 0..count {
                    if reach[via][to] {
                        reach[from][to] = true;
                    }
                }
            }
        }
    }
    for (place, node) in graph.nodes.iter_mut().enumerate() {
        node.in_cycle = reach[place][place];
    }
    for edge in &mut graph.edges {
        edge.in_cycle = reach[edge.to as usize][edge.from as usize];
    }
}
