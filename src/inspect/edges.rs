//! What an object refers to, each reference with its place: `.t`, `[3]`, `['key']`, `.__class__`.
//!
//! The references are those that the object owns, as many as it owns; the places are found by looking at the
//! same fields under their names. What has no name of its own is called after its place in `traverse`.
use super::short::{peek_text, short};
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::attr::{dict_slot, inline_values, shared_keys};
use crate::objects::cell::CellObject;
use crate::objects::descr::property::PropertyObject;
use crate::objects::exceptions::ExceptionObject;
use crate::objects::look::{as_class, as_set};
use crate::objects::method::MethodObject;
use crate::objects::native::NativeFunctionObject;
use crate::objects::range::RangeObject;
use crate::objects::range::iter::long_parts;
use crate::objects::{DictObject, ListObject, StrObject, TupleObject, TypeFlags, exceptions, types};
use crate::vm::code_object::Code;
use crate::vm::frame::{Frame, Owner};
use crate::vm::frame_object::FrameObject;
use crate::vm::function::FunctionObject;
use crate::vm::generator;
use crate::vm::traceback::TracebackObject;

/// Where in its holder a reference is. Costs nothing to make: it becomes text only when it is shown.
#[derive(Clone, Copy)]
pub enum Place<'h> {
    /// A fixed field, as written after the holder: `.__dict__`, ` table of subclasses`.
    Part(&'static str),
    /// An instance's attribute; the name is a string object.
    Attribute(&'h Object),
    /// An item of a sequence.
    Index(usize),
    /// The value of this key.
    Value(&'h Object),
    /// A key.
    Key(&'h Object),
    /// An element of a set.
    Member,
    /// A local variable of a frame, by name.
    Local(&'h Object),
    /// A slot of a frame's value stack, from the bottom.
    Stack(usize),
    /// One that only `traverse` shows; the place there, from 1.
    Reference(usize),
}

impl From<&'static str> for Place<'_> {
    fn from(part: &'static str) -> Self {
        Place::Part(part)
    }
}

impl Place<'_> {
    /// As written after the holder.
    pub fn path(self, still: Still<'_>) -> String {
        match self {
            Place::Part(part) if part.starts_with(['.', ' ']) => part.to_owned(),
            Place::Part(part) => format!(" {part}"),
            Place::Attribute(name) => format!(".{}", peek_text(name.downcast::<StrObject>())),
            Place::Index(index) => format!("[{index}]"),
            Place::Value(key) => format!("[{}]", short(still, key)),
            Place::Key(key) => format!(" key {}", short(still, key)),
            Place::Member => " element".to_owned(),
            Place::Local(name) => format!(" local {}", peek_text(name.downcast::<StrObject>())),
            Place::Stack(slot) => format!(" stack slot {slot}"),
            Place::Reference(number) => format!(" (reference {number})"),
        }
    }
}

/// One reference that an object owns.
#[derive(Clone)]
pub struct Way<'h> {
    pub path: String,
    pub object: &'h Object,
}

/// Everything that an object refers to. First what can be named, then the rest of what it owns.
pub fn edges<'h>(still: Still<'h>, object: &'h Object) -> Vec<Way<'h>> {
    let mut ways = Vec::new();
    each_edge(still, object, &mut |place, held| ways.push(Way { path: place.path(still), object: held }));
    ways
}

/// Shows every reference that an object owns, with its place. First what can be named, then the rest.
pub fn each_edge<'h>(still: Still<'h>, object: &'h Object, each: &mut dyn FnMut(Place<'h>, &'h Object)) {
    let class = object.type_core();
    // Plain containers have a name for each of their references: nothing is left to look for.
    let ty = types();
    if object.is_exact(ty.list) || object.is_exact(ty.tuple) || object.is_exact(ty.dict) {
        return name_edges(still, object, &mut Ways { still, each });
    }
    let mut named: Vec<usize> = Vec::new();
    name_edges(
        still,
        object,
        &mut Ways {
            still,
            each: &mut |place, held| {
                named.push(held.address());
                each(place, held);
            },
        },
    );
    named.sort_unstable();
    // How often each was named and not yet met.
    let mut left: Vec<(usize, usize)> = Vec::new();
    for address in named {
        match left.last_mut() {
            Some((last, count)) if *last == address => *count += 1,
            _ => left.push((address, 1)),
        }
    }
    let mut number = 0;
    still.owned(object, &mut |held| {
        if let Ok(place) = left.binary_search_by_key(&held.address(), |(address, _)| *address)
            && let Some((_, count)) = left.get_mut(place)
            && *count > 0
        {
            *count -= 1;
            return;
        }
        number += 1;
        let is_class = held.address() == object.type_ptr().addr();
        each(if is_class { Place::Part(".__class__") } else { Place::Reference(number) }, held);
    });
    // Without a traverse nobody shows the class, which instances of heap types hold.
    if class.info.traverse.get().is_none() && class.info.is_heap_type.get() {
        each(Place::Part(".__class__"), still.keep(object.ty().as_object()));
    }
}

/// Shows the references of an object with their places.
struct Ways<'a, 'h> {
    still: Still<'h>,
    each: &'a mut dyn FnMut(Place<'h>, &'h Object),
}

fn push<'h>(ways: &mut Ways<'_, 'h>, place: impl Into<Place<'h>>, object: Option<&Object>) {
    if let Some(object) = object {
        (ways.each)(place.into(), ways.still.keep(object));
    }
}

fn name_edges<'h>(still: Still<'h>, object: &'h Object, ways: &mut Ways<'_, 'h>) {
    let ty = types();
    if let Some((keys, values)) = inline_values(object) {
        for position in 0..values.count() {
            let index = values.nth(position);
            if let Some(name) = keys.key_object(index) {
                push(ways, Place::Attribute(still.keep(name)), values.peek(index));
            }
        }
    } else if let Some(dict) = dict_slot(object).and_then(|slot| slot.peek()) {
        push(ways, ".__dict__", Some(dict.as_object()));
    }
    if let Some(list) = object.downcast::<ListObject>() {
        for (i, item) in list.peek_slice().iter().enumerate() {
            push(ways, Place::Index(i), Some(item));
        }
    } else if let Some(tuple) = object.downcast::<TupleObject>() {
        for (i, item) in tuple.as_slice().iter().enumerate() {
            push(ways, Place::Index(i), Some(item));
        }
    } else if let Some(dict) = object.downcast::<DictObject>() {
        // The keys of a split dict belong to its class.
        let own_keys = !dict.is_split();
        dict.for_each_entry(&mut |key, value| {
            push(ways, Place::Value(still.keep(key)), Some(value));
            if own_keys {
                push(ways, Place::Key(still.keep(key)), Some(key));
            }
        });
    } else if let Some(function) = object.downcast_exact::<FunctionObject>() {
        push(ways, ".__globals__", function.globals.peek().map(|o| o.as_object()));
        push(ways, ".__builtins__", function.builtins.peek());
        push(ways, ".__module__", function.module.peek());
        push(ways, ".__defaults__", function.defaults.peek().map(|o| o.as_object()));
        push(ways, ".__kwdefaults__", function.kwdefaults.peek().map(|o| o.as_object()));
        push(ways, ".__doc__", function.doc.peek());
        push(ways, ".__closure__", function.closure.peek().map(|o| o.as_object()));
        push(ways, ".__annotations__", function.annotations.peek());
        push(ways, ".__code__", function.code.peek().map(|o| o.as_object()));
        push(ways, ".__name__", function.name.peek().map(|o| o.as_object()));
        push(ways, ".__qualname__", function.qualname.peek().map(|o| o.as_object()));
    } else if let Some(code) = object.downcast_exact::<Code>() {
        push(ways, ".co_consts", Some(code.consts.as_object()));
        push(ways, ".co_names", Some(code.names.as_object()));
        push(ways, ".co_varnames", Some(code.localsplusnames.as_object()));
        push(ways, ".co_filename", Some(code.filename.as_object()));
        push(ways, ".co_name", Some(code.name.as_object()));
        push(ways, ".co_qualname", Some(code.qualname.as_object()));
    } else if let Some(cell) = object.downcast_exact::<CellObject>() {
        push(ways, ".cell_contents", cell.contents.peek());
    } else if as_set(object).is_some() {
        still.referents(object, &mut |held| {
            if held.address() != object.type_ptr().addr() {
                push(ways, Place::Member, Some(held));
            }
        });
    } else if let Some(frame) = generator::suspended_frame(object) {
        name_frame(still, frame, ways);
    } else if let Some(frame) = object.downcast_exact::<FrameObject>() {
        push(ways, ".f_back", frame.back.peek().map(|o| o.as_object()));
        push(ways, ".f_trace", frame.trace.peek());
        if frame.frame().owner == Owner::FrameObject {
            name_frame(still, frame.frame(), ways);
        }
    } else if let Some(entry) = object.downcast_exact::<TracebackObject>() {
        push(ways, ".tb_frame", entry.frame.peek().map(|o| o.as_object()));
        push(ways, ".tb_next", entry.next.peek());
    } else if let Some(exception) = as_exception(object) {
        push(ways, ".args", exception.args.peek().map(|o| o.as_object()));
        push(ways, ".__traceback__", exception.traceback.peek());
        push(ways, ".__cause__", exception.cause.peek());
        push(ways, ".__context__", exception.context.peek());
    } else if let Some(native) = object.downcast_exact::<NativeFunctionObject>() {
        push(ways, ".__self__", native.self_.peek());
        push(ways, ".__module__", native.module.peek());
    } else if let Some(range) = object.downcast_exact::<RangeObject>() {
        push(ways, ".start", Some(range.start.as_object()));
        push(ways, ".stop", Some(range.stop.as_object()));
        push(ways, ".step", Some(range.step.as_object()));
        push(ways, " length", Some(range.length.as_object()));
    } else if object.is_exact(ty.longrange_iterator) {
        long_parts(object, &mut |part| push(ways, " number", Some(part)));
    } else if let Some(property) = object.downcast::<PropertyObject>() {
        push(ways, ".fget", property.get.peek());
        push(ways, ".fset", property.set.peek());
        push(ways, ".fdel", property.del.peek());
        push(ways, ".__doc__", property.doc.peek());
    } else if let Some(method) = object.downcast_exact::<MethodObject>() {
        push(ways, ".__func__", method.function.peek());
        push(ways, ".__self__", method.receiver.peek());
    } else if object.is_instance(ty.type_)
        && let Some(class) = as_class(object)
    {
        push(ways, ".__base__", class.base.peek().map(|o| o.as_object()));
        push(ways, ".__bases__", class.bases.peek().map(|o| o.as_object()));
        push(ways, ".__mro__", class.mro.peek().map(|o| o.as_object()));
        push(ways, ".__dict__", class.dict.peek().map(|o| o.as_object()));
        push(ways, ".__name__", class.name.peek().map(|o| o.as_object()));
        push(ways, ".__qualname__", class.qualname.peek().map(|o| o.as_object()));
        push(ways, ".__slots__", class.slot_names.peek());
        push(ways, " table of subclasses", class.subclasses.peek().map(|o| o.as_object()));
        if let Some(keys) = shared_keys(class) {
            for index in 0..keys.nentries() {
                push(ways, " attribute name", keys.key_object(index));
            }
        }
    }
}

/// What a frame that does not run owns.
fn name_frame<'h>(still: Still<'h>, frame: &Frame, ways: &mut Ways<'_, 'h>) {
    let code = frame.code();
    frame.each_part(&mut |part, held| push(ways, part, Some(held)));
    for (index, slot) in frame.local_values().into_iter().enumerate() {
        push(ways, Place::Local(still.keep(code.local_name(index).as_object())), slot);
    }
    for (index, slot) in frame.stack_values().into_iter().enumerate() {
        push(ways, Place::Stack(index), slot);
    }
}

fn as_exception(object: &Object) -> Option<&ExceptionObject> {
    (object.ty().has_flag(TypeFlags::BASE_EXC_SUBCLASS) && object.is_instance(exceptions().base_exception))
        .then(|| object.downcast::<ExceptionObject>())
        .flatten()
}
