//! `classobj`: an old-style class. Name, bases and dict, looked up depth first; no type at all.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::{CLASSOBJ, instance};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::attr::{generic_get_attr_opt, generic_set_attr};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{DictObject, PyResult, StrObject, TupleObject, exceptions, names};
use crate::vm::Ctx;

/// An old-style class.
#[repr(C)]
pub struct ClassObject {
    pub object: Object,
    pub bases: Slot<TupleObject>,
    pub dict: Slot<DictObject>,
    pub name: Slot<StrObject>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for ClassObject {}

impl ClassObject {
    /// The object as an old-style class, if it is one.
    pub fn from(object: &Object) -> Option<&ClassObject> {
        // SAFETY: every instance of the type has this layout; it cannot be derived from.
        CLASSOBJ.is_exact(object).then(|| unsafe { object.cast() })
    }

    /// The name, for messages.
    pub fn name_text(&self) -> String {
        self.name.peek().map_or_else(|| "?".to_owned(), StrObject::to_string_lossy)
    }

    /// What `name` means in the class: its own dict first, then each base with all of its.
    pub fn lookup(&self, cx: Ctx, name: &StrObject) -> Option<Ref> {
        if let Some(found) = self.dict.peek().and_then(|dict| dict.get_str(cx, name)) {
            return Some(found);
        }
        let bases = self.bases.peek()?;
        bases.as_slice().iter().find_map(|base| ClassObject::from(base)?.lookup(cx, name))
    }

    /// Whether `self` is `other` or derived from it.
    pub fn is_subclass(&self, other: &Object) -> bool {
        std::ptr::eq(self.object.as_ptr().as_ptr(), other)
            || self.bases.peek().is_some_and(|bases| {
                bases
                    .as_slice()
                    .iter()
                    .any(|base| ClassObject::from(base).is_some_and(|base| base.is_subclass(other)))
            })
    }

    /// `module.name`, as `str()` of the class shows it.
    pub fn qualified(&self, cx: Ctx) -> String {
        let module = self.dict.peek().and_then(|dict| dict.get_str(cx, &names().module));
        match module.as_ref().and_then(|module| module.downcast::<StrObject>()) {
            Some(module) => format!("{}.{}", module.to_string_lossy(), self.name_text()),
            None => self.name_text(),
        }
    }
}

/// A class over a namespace (`PyClass_New`); a base of another kind makes the class instead.
pub fn new_class(cx: Ctx, name: &Ref, bases: &Ref, dict: &Ref) -> PyResult {
    let Some(text) = name.downcast::<StrObject>() else {
        return Err(cx.type_error("PyClass_New: name must be a string"));
    };
    let Some(namespace) = dict.downcast::<DictObject>() else {
        return Err(cx.type_error("PyClass_New: dict must be a dictionary"));
    };
    let Some(tuple) = bases.downcast::<TupleObject>() else {
        return Err(cx.type_error("PyClass_New: bases must be a tuple"));
    };
    if namespace.get_str(cx, &names().doc).is_none() {
        namespace.set_str(cx, &names().doc, cx.none())?;
    }
    if namespace.get_str(cx, &names().module).is_none()
        && let Some(module) = cx.current_globals().and_then(|globals| globals.get_str(cx, &names().name))
    {
        namespace.set_str(cx, &names().module, module)?;
    }
    for base in tuple.as_slice() {
        if ClassObject::from(base).is_some() {
            continue;
        }
        if base.ty().slots().call.is_some() {
            return cx.call(base.ty().as_object(), &[name.clone(), bases.clone(), dict.clone()]);
        }
        return Err(cx.type_error("PyClass_New: base must be a class"));
    }
    let ty = CLASSOBJ.get(cx)?;
    let class = memory::new_ref(&ty.core, |object| ClassObject {
        object,
        bases: Slot::new(tuple.to_ref()),
        dict: Slot::new(namespace.to_ref()),
        name: Slot::new(text.to_ref()),
        weaklist: Cell::new(0),
    });
    memory::track(&class.object);
    Ok(class.into_object())
}

fn this(object: &Object) -> &ClassObject {
    // SAFETY: slots of `classobj` are called on its instances only.
    unsafe { object.cast() }
}

fn new(cx: Ctx, _: &crate::objects::TypeObject, args: Args<'_>) -> PyResult {
    let args = crate::objects::args::positional(cx, "classobj", args, 3, 3)?;
    new_class(cx, &args[0], &args[1], &args[2])
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    let class = this(object);
    let special = match name.to_string_lossy().as_str() {
        "__dict__" => class.dict.get().map(Ref::into_object),
        "__bases__" => class.bases.get().map(Ref::into_object),
        "__name__" => class.name.get().map(Ref::into_object),
        _ => None,
    };
    if let Some(value) = special {
        return Ok(value);
    }
    let Some(found) = class.lookup(cx, name) else {
        // What every object has: `__class__`, `__repr__` and the like.
        if name.eq_str("__class__")
            && let Some(value) = generic_get_attr_opt(cx, object, name)?
        {
            return Ok(value);
        }
        return Err(cx.raise(
            exceptions().attribute_error,
            format!("class {} has no attribute '{}'", class.name_text(), name.to_string_lossy()),
        ));
    };
    match found.ty().slots().descr_get {
        Some(get) => get(cx, &found, None, Some(object)),
        None => Ok(found),
    }
}

fn setattro(cx: Ctx, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    let class = this(object);
    match (name.to_string_lossy().as_str(), value) {
        ("__dict__", Some(value)) => {
            let Some(dict) = value.downcast::<DictObject>() else {
                return Err(cx.type_error("__dict__ must be a dictionary object"));
            };
            class.dict.set(Some(dict.to_ref()));
            return Ok(());
        }
        ("__bases__", Some(value)) => {
            let bases = value.downcast::<TupleObject>();
            let Some(bases) = bases.filter(|b| b.as_slice().iter().all(|b| ClassObject::from(b).is_some()))
            else {
                let what = if bases.is_some() {
                    "__bases__ items must be classes"
                } else {
                    "__bases__ must be a tuple object"
                };
                return Err(cx.type_error(what));
            };
            class.bases.set(Some(bases.to_ref()));
            return Ok(());
        }
        ("__name__", Some(value)) => {
            let Some(text) = value.downcast::<StrObject>() else {
                return Err(cx.type_error("__name__ must be a string object"));
            };
            class.name.set(Some(text.to_ref()));
            return Ok(());
        }
        _ => {}
    }
    let Some(dict) = class.dict.get() else { return generic_set_attr(cx, object, name, value) };
    match value {
        Some(value) => dict.set_str(cx, name, value.to_object()),
        None if dict.remove(cx, name.as_object())? => Ok(()),
        None => Err(cx.raise(
            exceptions().attribute_error,
            format!("class {} has no attribute '{}'", class.name_text(), name.to_string_lossy()),
        )),
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let class = this(object);
    let module = class.dict.peek().and_then(|dict| dict.get_str(cx, &names().module));
    let module = match module.as_ref().and_then(|module| module.downcast::<StrObject>()) {
        Some(module) => module.to_string_lossy(),
        None => "?".to_owned(),
    };
    let text = format!("<class {module}.{} at {:#x}>", class.name_text(), object.address());
    Ok(cx.new_str(&text).into_object())
}

fn str(cx: Ctx, object: &Object) -> PyResult {
    Ok(cx.new_str(&this(object).qualified(cx)).into_object())
}

fn call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    instance::make(cx, this(object), args)
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let class = object.as_ref().cast::<ClassObject>();
        memory::untrack(&class.object);
        if class.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(&class.object);
        }
        drop(class.bases.take());
        drop(class.dict.take());
        drop(class.name.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let class = unsafe { object.as_ref().cast::<ClassObject>() };
    class.bases.trace(visitor);
    class.dict.trace(visitor);
    class.name.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "classobj",
    doc: Some(
        "classobj(name, bases, dict)\n\nCreate a class object.  The name must be a string; the second argument\na tuple of classes, and the third a dictionary.",
    ),
    layout: Layout::gc::<ClassObject>().weaklist(offset_of!(ClassObject, weaklist)),
    basicsize: 72,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(str),
        call: Some(call),
        getattro: Some(getattro),
        setattro: Some(setattro),
        ..Slots::EMPTY
    },
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
