//! Which names lead to which objects: the globals of `__main__`, and the locals of the user's running functions.
use std::sync::Arc;

use super::origin::{is_users_frame, module_dict};
use crate::code::object::kind;
use crate::memory::Object;
use crate::memory::look::Still;
use crate::objects::cell::CellObject;
use crate::objects::{DictObject, ModuleObject, StrObject};
use crate::session::protocol::{Name, Scope};
use crate::vm::Ctx;
use crate::vm::frame::Frame;

/// An object with the names that lead to it.
pub struct Named<'h> {
    pub object: &'h Object,
    pub names: Vec<Name>,
}

/// The named objects, in the order in which their first name was bound: locals of the innermost function first,
/// then globals. Modules come last: they are scenery.
pub fn named<'h>(cx: Ctx, still: Still<'h>) -> Vec<Named<'h>> {
    let mut found = Found::default();
    cx.each_frame(&mut |frame| {
        if is_users_frame(cx, frame) {
            locals(still, frame, &mut found);
        }
    });
    if let Some(dict) = module_dict(cx, still, "__main__") {
        namespace(still, dict, &Scope::Global, &mut found);
    }
    let (modules, mut others): (Vec<_>, Vec<_>) =
        found.named.into_iter().partition(|named| named.object.downcast::<ModuleObject>().is_some());
    others.extend(modules);
    others
}

#[derive(Default)]
struct Found<'h> {
    named: Vec<Named<'h>>,
    places: std::collections::HashMap<usize, usize>,
}

impl<'h> Found<'h> {
    fn add(&mut self, object: &'h Object, name: Name) {
        match self.places.get(&object.address()).and_then(|place| self.named.get_mut(*place)) {
            Some(named) => named.names.push(name),
            None => {
                self.places.insert(object.address(), self.named.len());
                self.named.push(Named { object, names: vec![name] });
            }
        }
    }
}

fn namespace<'h>(still: Still<'h>, dict: &DictObject, scope: &Scope, found: &mut Found<'h>) {
    dict.for_each_entry(&mut |key, value| {
        let Some(name) = key.downcast::<StrObject>().map(StrObject::to_string_lossy) else { return };
        let special = name.starts_with("__") && name.ends_with("__");
        if !special {
            found.add(still.keep(value), Name { scope: scope.clone(), name: name.into() });
        }
    });
}

fn locals<'h>(still: Still<'h>, frame: &Frame, found: &mut Found<'h>) {
    let code = frame.code();
    if !code.is_optimized() {
        // A module's locals are its globals; a class body has a dict of its own.
        return;
    }
    let function: Arc<str> = code.qualname.to_string_lossy().into();
    each_local(still, frame, &mut |name, value, _| {
        if let Some(value) = value {
            let scope = Scope::Local { function: function.clone() };
            found.add(value, Name { scope, name: name.into() });
        }
    });
}

/// The local variables of a frame in slot order, cells opened: name, value if bound, whether it is a cell.
pub fn each_local<'h>(
    still: Still<'h>,
    frame: &Frame,
    each: &mut dyn FnMut(String, Option<&'h Object>, bool),
) {
    let code = frame.code();
    for (index, slot) in frame.local_values().into_iter().enumerate() {
        let kinds = code.local_kind(index);
        let name = code.local_name(index).to_string_lossy();
        let held = slot.map(|object| still.keep(object));
        if kinds & (kind::CELL | kind::FREE) != 0 {
            // Before its cell is made, an argument lies in the slot itself.
            match held.map(|object| (object, object.downcast_exact::<CellObject>())) {
                Some((_, Some(cell))) => each(name, cell.contents.peek().map(|o| still.keep(o)), true),
                Some((object, None)) => each(name, Some(object), true),
                None => each(name, None, true),
            }
        } else {
            each(name, held, false);
        }
    }
}
