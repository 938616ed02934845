//! What is the user's own: code of `__main__` and of modules that are not of the standard library, classes that
//! such code defined, instances of such classes.
use std::collections::HashMap;

use super::short::entry;
use crate::memory::Object;
use crate::memory::events::{mark, unmark};
use crate::memory::look::{Still, stand_still};
use crate::objects::look::as_class;
use crate::objects::{DictObject, ModuleObject, StrObject, TypeFlags, TypeObject, types};
use crate::vm::Ctx;
use crate::vm::frame::Frame;

/// Remembers which classes are the user's.
#[derive(Debug, Default)]
pub struct Origin {
    classes: HashMap<usize, bool>,
}

impl Origin {
    /// Whether a class was defined by the user's code.
    pub fn is_users(&mut self, cx: Ctx, still: Still<'_>, class: &TypeObject) -> bool {
        if !class.has_flag(TypeFlags::HEAPTYPE) {
            return false;
        }
        let address = std::ptr::from_ref(class).addr();
        if let Some(known) = self.classes.get(&address) {
            return *known;
        }
        let module = class.dict.peek().and_then(|dict| entry(still, dict, "__module__"));
        let users = match module.and_then(|m| m.downcast::<StrObject>()) {
            // A class body that is still running has no module yet: ask again.
            None => return false,
            Some(name) => name.eq_str("__main__") || module_is_users(cx, still, &name.to_string_lossy()),
        };
        // What is known of a class is forgotten when it dies.
        mark(address);
        self.classes.insert(address, users);
        users
    }

    /// Whether an object is an instance of a class of the user's, or such a class.
    pub fn is_users_object(&mut self, cx: Ctx, still: Still<'_>, object: &Object) -> bool {
        self.is_users(cx, still, object.ty())
            || (object.is_instance(types().type_)
                && as_class(object).is_some_and(|class| self.is_users(cx, still, class)))
    }

    /// The object at this address is no more; it may have been a class.
    pub fn forget(&mut self, address: usize) {
        if self.classes.remove(&address).is_some() {
            unmark(address);
        }
    }
}

/// The namespace of an imported module.
pub fn module_dict<'h>(cx: Ctx, still: Still<'h>, name: &str) -> Option<&'h DictObject> {
    let modules = cx.vm().modules.peek()?;
    let module = entry(still, modules, name)?;
    module.downcast::<ModuleObject>()?.dict.peek()
}

fn module_is_users(cx: Ctx, still: Still<'_>, name: &str) -> bool {
    let Some(dict) = module_dict(cx, still, name) else { return false };
    match entry(still, dict, "__file__").and_then(|f| f.downcast::<StrObject>()) {
        Some(file) => is_users_file(&file.to_string_lossy()),
        None => false,
    }
}

/// Whether a file name of a code object is the user's: neither frozen nor of a standard library.
pub fn is_users_file(file: &str) -> bool {
    let library =
        file.contains("/lib/python3.") || file.contains("/site-packages/") || file.starts_with("<library>");
    !(library || file.starts_with("<frozen"))
}

/// Whether a frame runs the user's own code. Text that was run by `exec` is its author's: the library makes classes so.
pub fn is_users_frame(cx: Ctx, frame: &Frame) -> bool {
    let file = frame.code().filename.to_string_lossy();
    if !is_users_file(&file) {
        return false;
    }
    if !file.starts_with('<') || &*file == "<stdin>" {
        return true;
    }
    stand_still(|still| {
        let name = entry(still, frame.globals(), "__name__").and_then(|name| name.downcast::<StrObject>());
        match name {
            Some(name) => name.eq_str("__main__") || module_is_users(cx, still, &name.to_string_lossy()),
            None => true,
        }
    })
}
