//! What a learner should know about a count, in sentences: what a call adds, what asking adds, cycles, what nothing reaches.
use std::collections::{HashMap, HashSet};

use super::edges::{Place, each_edge};
use super::owned::{Kinds, each_owned};
use super::roots::FrameLabel;
use super::short::short;
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::look::as_class;
use crate::objects::{ModuleObject, types};
use crate::session::protocol::HolderList;
use crate::vm::Ctx;
use crate::vm::frame::Frame;
use crate::vm::frame_object::FrameObject;

/// Objects looked at in search of a cycle.
const SEARCHED: usize = 100_000;

/// What there is to say. `name` is how Python code can call the object, `loose` whether no root leads to it.
pub fn notes(
    cx: Ctx,
    still: Still<'_>,
    target: &Object,
    name: Option<&str>,
    holders: &HolderList,
    loose: bool,
) -> Vec<String> {
    let mut notes = Vec::new();
    calls(cx, target, &mut notes);
    if is_shared(target) {
        notes.push(format!(
            "Python keeps one {} for everybody: every use of it anywhere in the program, its library and the \
             interpreter counts.",
            short(still, target)
        ));
    }
    let cycle = cycle(cx, still, target);
    if let Some(way) = &cycle {
        let start = name.unwrap_or("the object");
        notes.push(format!(
            "It is part of a cycle: {} is {start} again. Deleting the other names leaves the cycle; then only the \
             garbage collector frees it.",
            way_text(still, start, way)
        ));
    }
    if loose && holders.refcount > 0 {
        notes.push(if holders.total == 0 {
            "Nothing that can be named holds it.".to_owned()
        } else if cycle.is_some() {
            "No name leads to it any more: it waits for the garbage collector.".to_owned()
        } else {
            "No name leads to it any more: it is held by garbage that waits for the collector.".to_owned()
        });
    }
    if let Some(name) = name.filter(|_| !loose) {
        notes.push(format!(
            "sys.getrefcount({name}) would answer {} here: while it counts, its own argument is one more reference.",
            holders.refcount + 1
        ));
    }
    notes
}

/// What the calls under way add.
fn calls(cx: Ctx, target: &Object, notes: &mut Vec<String>) {
    let mut depth = 0;
    let mut callee: Option<(String, bool)> = None;
    cx.each_frame(&mut |frame| {
        let label = FrameLabel::of(frame, depth);
        depth += 1;
        if frame.is_incomplete() {
            return;
        }
        let in_stack = on_stack(frame, target);
        if let Some((function, is_argument)) = callee.take()
            && is_argument
        {
            notes.push(match in_stack {
                0 => format!(
                    "The call took its reference over from the caller, {label}: the value stack there keeps none."
                ),
                _ => format!(
                    "The caller, {label}, still has the argument on its value stack: another reference until \
                     {function} returns."
                ),
            });
        } else if in_stack > 0 {
            notes.push(format!(
                "{} has it on its value stack: an intermediate value of the line that runs.",
                label
            ));
        }
        let mut is_argument = false;
        if frame.code().is_optimized() {
            let arguments = arguments(frame);
            for (index, slot) in frame.local_values().into_iter().enumerate() {
                if slot.is_some_and(|held| held.is(target)) {
                    let local = frame.code().local_name(index).to_string_lossy();
                    let function = &label.function;
                    if index < arguments {
                        is_argument = true;
                        notes.push(format!(
                            "It was passed to {function} as {local}: the call's local variable {local} is a \
                             reference of its own, until {function} returns."
                        ));
                    } else {
                        notes.push(format!(
                            "The local variable {local} of {function} holds it until {function} returns or {local} \
                             is bound to something else."
                        ));
                    }
                }
            }
        }
        callee = Some((label.function, is_argument));
    });
}

/// How many of the first locals are arguments.
fn arguments(frame: &Frame) -> usize {
    const VARARGS: u32 = 0x04;
    const VARKEYWORDS: u32 = 0x08;
    let code = frame.code();
    let spread = u32::from(code.flags & VARARGS != 0) + u32::from(code.flags & VARKEYWORDS != 0);
    (code.argcount + code.kwonlyargcount + spread) as usize
}

fn on_stack(frame: &Frame, target: &Object) -> usize {
    let known = frame.stack_values().into_iter().flatten().filter(|held| held.is(target)).count();
    known + frame.stack_before_call().iter().filter(|(_, address)| *address == target.address()).count()
}

/// Objects of which there is one for the whole program.
fn is_shared(target: &Object) -> bool {
    let mut shared = false;
    crate::objects::look::each_static(&mut |_, object| shared |= object.is(target));
    shared
}

/// The way from an object back to itself, through what it holds alone: not by way of its class, a module or a
/// running frame, which everything leads to.
fn cycle<'h>(cx: Ctx, still: Still<'h>, target: &Object) -> Option<Vec<(&'h Object, &'h Object)>> {
    let target = still.keep(target);
    let mut kinds = Kinds::default();
    let mut from: HashMap<usize, &'h Object> = HashMap::new();
    let mut queue = vec![target];
    let mut next = 0;
    let mut namespaces: HashSet<usize> = HashSet::new();
    if let Some(modules) = cx.vm().modules.peek() {
        modules.for_each_entry(&mut |_, value| {
            if let Some(dict) = value.downcast::<ModuleObject>().and_then(|module| module.dict.peek()) {
                namespaces.insert(dict.as_object().address());
            }
        });
    }
    let is_scenery = |object: &Object| {
        if namespaces.contains(&object.address()) {
            return true;
        }
        as_class(object).is_some()
            || object.downcast::<ModuleObject>().is_some()
            || object.downcast_exact::<FrameObject>().is_some_and(|frame| frame.frame().is_running())
            || object.is_exact(types().function)
            || object.is_exact(types().code)
    };
    if is_scenery(target) {
        return None;
    }
    while let Some(object) = queue.get(next).copied() {
        next += 1;
        let mut closed = false;
        each_owned(still, kinds.of(object), object, &mut |held| {
            closed |= held.is(target);
            if !from.contains_key(&held.address()) && queue.len() < SEARCHED && !is_scenery(held) {
                from.insert(held.address(), object);
                queue.push(held);
            }
        });
        if closed {
            let mut way = vec![(object, target)];
            let mut at = object;
            while !at.is(target) {
                let before = *from.get(&at.address())?;
                way.push((before, at));
                at = before;
            }
            way.reverse();
            return Some(way);
        }
    }
    None
}

fn way_text<'h>(still: Still<'h>, start: &str, way: &[(&'h Object, &'h Object)]) -> String {
    let mut text = start.to_owned();
    for (number, (holder, held)) in way.iter().enumerate() {
        if number == 8 {
            text.push_str(&format!("… ({} more steps)", way.len() - number));
            break;
        }
        let mut path = None;
        each_edge(still, holder, &mut |place, object| {
            if path.is_none() && object.is(held) {
                path = Some(match place {
                    Place::Part(".__dict__") => String::new(),
                    // An entry of an instance's dict is an attribute.
                    Place::Value(key) if number > 0 && is_dict_of(still, way[number - 1].0, holder) => {
                        format!(".{}", super::resolve::name_text(key).unwrap_or_default())
                    }
                    place => place.path(still),
                });
            }
        });
        text.push_str(&path.unwrap_or_default());
    }
    text
}

fn is_dict_of<'h>(_: Still<'h>, owner: &Object, dict: &Object) -> bool {
    crate::objects::attr::dict_slot(owner)
        .and_then(|slot| slot.peek())
        .is_some_and(|own| own.as_object().is(dict))
}
