//! What an object refers to, each reference with the way to it: `.t`, `[3]`, `['key']`, `__class__`.
//!
//! The references are those of the object's `traverse`, as many as it owns; the ways are found by looking at the
//! same places under their names. What has no name of its own is called after its place.
use super::short::{peek_text, short};
use crate::memory::look::Still;
use crate::memory::{Layout, Object};
use crate::objects::attr::{dict_slot, inline_values, shared_keys};
use crate::objects::cell::CellObject;
use crate::objects::look::as_class;
use crate::objects::method::MethodObject;
use crate::objects::{DictObject, ListObject, StrObject, TupleObject, types};
use crate::vm::code_object::Code;
use crate::vm::function::FunctionObject;

/// One reference that an object owns.
#[derive(Clone)]
pub struct Way<'h> {
    pub path: String,
    pub object: &'h Object,
}

/// Everything that an object refers to. First what can be named, then the rest of what its `traverse` shows.
pub fn edges<'h>(still: Still<'h>, object: &'h Object) -> Vec<Way<'h>> {
    let mut named = Vec::new();
    name_edges(still, object, &mut named);
    let mut rest: Vec<&'h Object> = Vec::new();
    still.referents(object, &mut |held| rest.push(held));
    // Traverse shows what can be in a cycle; what cannot, it may leave out, as CPython's does.
    let is_traversed = object.type_core().info.traverse.get().is_some();
    let mut ways = named;
    for way in &ways {
        if let Some(place) = rest.iter().position(|held| held.is(way.object)) {
            rest.swap_remove(place);
        }
    }
    for (i, held) in rest.into_iter().enumerate() {
        let is_class = held.address() == object.type_ptr().addr();
        let path = if is_class { ".__class__".to_owned() } else { format!(" (reference {})", i + 1) };
        ways.push(Way { path, object: held });
    }
    if !is_traversed && object.type_core().info.is_heap_type.get() {
        ways.push(Way { path: ".__class__".to_owned(), object: still.keep(object.ty().as_object()) });
    }
    ways
}

fn push<'h>(ways: &mut Vec<Way<'h>>, path: impl Into<String>, object: Option<&'h Object>) {
    if let Some(object) = object {
        ways.push(Way { path: path.into(), object });
    }
}

fn name_edges<'h>(still: Still<'h>, object: &'h Object, ways: &mut Vec<Way<'h>>) {
    let ty = types();
    if let Some((keys, values)) = inline_values(object) {
        for position in 0..values.count() {
            let index = values.nth(position);
            let name = keys.key_text(index);
            push(ways, format!(".{name}"), values.peek(index));
        }
    } else if let Some(dict) = dict_slot(object).and_then(|slot| slot.peek()) {
        push(ways, ".__dict__", Some(still.keep(dict.as_object())));
    }
    if let Some(list) = object.downcast::<ListObject>() {
        for (i, item) in list.peek_slice().iter().enumerate() {
            push(ways, format!("[{i}]"), Some(still.keep(item)));
        }
    } else if let Some(tuple) = object.downcast::<TupleObject>() {
        for (i, item) in tuple.as_slice().iter().enumerate() {
            push(ways, format!("[{i}]"), Some(still.keep(item)));
        }
    } else if let Some(dict) = object.downcast::<DictObject>() {
        // The keys of a split dict belong to its class.
        let own_keys = !dict.is_split();
        dict.for_each_entry(&mut |key, value| {
            let name = short(still, key);
            push(ways, format!("[{name}]"), Some(still.keep(value)));
            if own_keys {
                push(ways, format!(" key {name}"), Some(still.keep(key)));
            }
        });
    } else if let Some(function) = object.downcast_exact::<FunctionObject>() {
        let keep = |object: Option<&Object>| object.map(|o| still.keep(o));
        push(ways, ".__globals__", keep(function.globals.peek().map(|o| o.as_object())));
        push(ways, ".__builtins__", keep(function.builtins.peek()));
        push(ways, ".__module__", keep(function.module.peek()));
        push(ways, ".__defaults__", keep(function.defaults.peek().map(|o| o.as_object())));
        push(ways, ".__kwdefaults__", keep(function.kwdefaults.peek().map(|o| o.as_object())));
        push(ways, ".__doc__", keep(function.doc.peek()));
        push(ways, ".__closure__", keep(function.closure.peek().map(|o| o.as_object())));
        push(ways, ".__annotations__", keep(function.annotations.peek()));
        push(ways, ".__code__", keep(function.code.peek().map(|o| o.as_object())));
        push(ways, ".__name__", keep(function.name.peek().map(|o| o.as_object())));
        push(ways, ".__qualname__", keep(function.qualname.peek().map(|o| o.as_object())));
    } else if let Some(code) = object.downcast_exact::<Code>() {
        push(ways, ".co_consts", Some(still.keep(code.consts.as_object())));
        push(ways, ".co_names", Some(still.keep(code.names.as_object())));
        push(ways, ".co_varnames", Some(still.keep(code.localsplusnames.as_object())));
        push(ways, ".co_filename", Some(still.keep(code.filename.as_object())));
        push(ways, ".co_name", Some(still.keep(code.name.as_object())));
        push(ways, ".co_qualname", Some(still.keep(code.qualname.as_object())));
    } else if let Some(cell) = object.downcast_exact::<CellObject>() {
        push(ways, ".cell_contents", cell.contents.peek().map(|o| still.keep(o)));
    } else if let Some(method) = object.downcast_exact::<MethodObject>() {
        push(ways, ".__func__", method.function.peek().map(|o| still.keep(o)));
        push(ways, ".__self__", method.receiver.peek().map(|o| still.keep(o)));
    } else if object.is_instance(ty.type_)
        && let Some(class) = as_class(object)
    {
        let keep = |object: Option<&Object>| object.map(|o| still.keep(o));
        push(ways, ".__base__", keep(class.base.peek().map(|o| o.as_object())));
        push(ways, ".__bases__", keep(class.bases.peek().map(|o| o.as_object())));
        push(ways, ".__mro__", keep(class.mro.peek().map(|o| o.as_object())));
        push(ways, ".__dict__", keep(class.dict.peek().map(|o| o.as_object())));
        push(ways, ".__name__", keep(class.name.peek().map(|o| o.as_object())));
        push(ways, ".__qualname__", keep(class.qualname.peek().map(|o| o.as_object())));
        push(ways, ".__slots__", keep(class.slot_names.peek()));
        push(ways, " table of subclasses", keep(class.subclasses.peek().map(|o| o.as_object())));
        if let Some(keys) = shared_keys(class) {
            for index in 0..keys.nentries() {
                push(ways, " attribute name", keys.key_object(index).map(|key| still.keep(key)));
            }
        }
    }
}

/// How a holder is called in a sentence: `.t of ClassA #12`, `global c1`.
pub fn describe(
    path: &str,
    holder: &Object,
    label: &str,
    module_names: &dyn Fn(&Object) -> Option<String>,
) -> String {
    if let Some(module) = module_names(holder) {
        if let Some(name) = path.strip_prefix("['").and_then(|p| p.strip_suffix("']")) {
            return if module == "__main__" { format!("global {name}") } else { format!("{module}.{name}") };
        }
        return format!("{path} of the namespace of {module}");
    }
    if let Some(function) = holder.downcast_exact::<FunctionObject>() {
        return format!("{path} of function {}", peek_text(function.qualname.peek()));
    }
    if let Some(class) = as_class(holder).filter(|_| holder.is_instance(types().type_)) {
        return format!("{path} of class {}", class.name_text());
    }
    if let Some(code) = holder.downcast_exact::<Code>() {
        return format!("{path} of the code of {}", code.qualname.to_string_lossy());
    }
    let _ = StrObject::to_string_lossy;
    format!("{} of {label}", path.trim_start())
}
