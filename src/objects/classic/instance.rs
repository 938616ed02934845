//! `instance`: what calling an old-style class gives. An object and a dict, both known to the collector; every
//! special method is looked up on the instance itself. Operators stand in [`super::operators`].

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::classobj::ClassObject;
use super::{INSTANCE, operators};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{Layout, TypeFlags, TypeSpec};
use crate::objects::{DictObject, PyResult, Raised, StrObject, exceptions, names};
use crate::vm::Ctx;

/// An instance of an old-style class.
#[repr(C)]
pub struct InstanceObject {
    pub object: Object,
    pub class: Slot<ClassObject>,
    pub dict: Slot<DictObject>,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for InstanceObject {}

impl InstanceObject {
    /// The object as an old-style instance, if it is one.
    pub fn from(object: &Object) -> Option<&InstanceObject> {
        // SAFETY: every instance of the type has this layout; it cannot be derived from.
        INSTANCE.is_exact(object).then(|| unsafe { object.cast() })
    }

    /// The name of the class, for messages.
    pub fn class_name(&self) -> String {
        self.class.peek().map_or_else(|| "?".to_owned(), ClassObject::name_text)
    }

    /// An attribute without `__getattr__` and without an error (`instance_getattr2`).
    pub fn find(&self, cx: Ctx, name: &StrObject) -> PyResult<Option<Ref>> {
        if let Some(found) = self.dict.peek().and_then(|dict| dict.get_str(cx, name)) {
            return Ok(Some(found));
        }
        let Some(class) = self.class.get() else { return Ok(None) };
        let Some(found) = class.lookup(cx, name) else { return Ok(None) };
        match found.ty().slots().descr_get {
            Some(get) => get(cx, &found, Some(&self.object), Some(class.as_object())).map(Some),
            None => Ok(Some(found)),
        }
    }

    /// A special method by name, `None` where there is none; `__getattr__` is asked, too.
    pub fn special(&self, cx: Ctx, name: &str) -> PyResult<Option<Ref>> {
        match getattro(cx, &self.object, &cx.intern(name)) {
            Ok(found) => Ok(Some(found)),
            Err(raised) if cx.raised_is(&raised, exceptions().attribute_error) => {
                cx.clear_exception(raised);
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }
}

/// An instance that no `__init__` has seen (`PyInstance_NewRaw`).
pub fn new_raw(cx: Ctx, class: &ClassObject, dict: Option<Ref<DictObject>>) -> PyResult<Ref<InstanceObject>> {
    let ty = INSTANCE.get(cx)?;
    let dict = dict.unwrap_or_else(|| cx.new_dict());
    let made = memory::new_ref(&ty.core, |object| InstanceObject {
        object,
        class: Slot::new(class.to_ref()),
        dict: Slot::new(dict),
        weaklist: Cell::new(0),
    });
    memory::track(&made.object);
    Ok(made)
}

/// `class(*args)`.
pub fn make(cx: Ctx, class: &ClassObject, args: Args<'_>) -> PyResult {
    let made = new_raw(cx, class, None)?;
    match made.find(cx, &names().init)? {
        None => {
            if !args.all().is_empty() {
                return Err(cx.type_error("this constructor takes no arguments"));
            }
        }
        Some(init) => {
            let result = cx.call_args(&init, args)?;
            if !cx.is_none(&result) {
                return Err(cx.type_error("__init__() should return None"));
            }
        }
    }
    Ok(made.into_object())
}

pub(super) fn this(object: &Object) -> &InstanceObject {
    // SAFETY: slots of `instance` are called on its instances only.
    unsafe { object.cast() }
}

pub(super) fn missing(cx: Ctx, object: &InstanceObject, name: &StrObject) -> Raised {
    let message = format!("{} instance has no attribute '{}'", object.class_name(), name.to_string_lossy());
    cx.raise(exceptions().attribute_error, message)
}

pub(super) fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    let instance = this(object);
    if name.eq_str("__dict__") {
        return Ok(instance.dict.get().map_or_else(|| cx.none(), Ref::into_object));
    }
    if name.eq_str("__class__") {
        return Ok(instance.class.get().map_or_else(|| cx.none(), Ref::into_object));
    }
    if let Some(found) = instance.find(cx, name)? {
        return Ok(found);
    }
    let hook = instance.class.get().and_then(|class| class.lookup(cx, &cx.intern("__getattr__")));
    match hook {
        Some(hook) => cx.call(&hook, &[object.to_ref(), name.to_object()]),
        None => Err(missing(cx, instance, name)),
    }
}

fn setattro(cx: Ctx, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    let instance = this(object);
    if name.eq_str("__dict__") {
        let Some(dict) = value.and_then(|value| value.downcast::<DictObject>()) else {
            return Err(cx.type_error("__dict__ must be set to a dictionary"));
        };
        instance.dict.set(Some(dict.to_ref()));
        return Ok(());
    }
    if name.eq_str("__class__") {
        let Some(class) = value.and_then(ClassObject::from) else {
            return Err(cx.type_error("__class__ must be set to a class"));
        };
        instance.class.set(Some(class.to_ref()));
        return Ok(());
    }
    let hook = if value.is_some() { "__setattr__" } else { "__delattr__" };
    if let Some(hook) = instance.class.get().and_then(|class| class.lookup(cx, &cx.intern(hook))) {
        let mut args = vec![object.to_ref(), name.to_object()];
        args.extend(value.map(Object::to_ref));
        return cx.call(&hook, &args).map(drop);
    }
    let dict = instance.dict.get().unwrap_or_else(|| cx.new_dict());
    match value {
        Some(value) => dict.set_str(cx, name, value.to_ref()),
        None if dict.remove(cx, name.as_object())? => Ok(()),
        None => Err(missing(cx, instance, name)),
    }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let instance = this(object);
    if let Some(method) = instance.special(cx, "__repr__")? {
        return operators::text_result(cx, cx.call0(&method)?, "__repr__");
    }
    let class = instance.class.get();
    let module = class.as_ref().and_then(|class| class.dict.peek()?.get_str(cx, &names().module));
    let module = match module.as_ref().and_then(|module| module.downcast::<StrObject>()) {
        Some(module) => module.to_string_lossy(),
        None => "?".to_owned(),
    };
    let text = format!("<{module}.{} instance at {:#x}>", instance.class_name(), object.address());
    Ok(cx.new_str(&text).into_object())
}

fn str(cx: Ctx, object: &Object) -> PyResult {
    match this(object).special(cx, "__str__")? {
        Some(method) => operators::text_result(cx, cx.call0(&method)?, "__str__"),
        None => repr(cx, object),
    }
}

/// The finalizer of an instance, if it has one; what the lookup raises is forgotten.
pub fn finalizer(cx: Ctx, object: &Object) -> Option<Ref> {
    cx.with_exception_saved(|| match this(object).find(cx, &names().del) {
        Ok(found) => found,
        Err(raised) => {
            cx.clear_exception(raised);
            None
        }
    })
}

/// Weak references go first, then `__del__` runs, then class and dict are given up.
///
/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called with the count at zero; while the count is 1 the object is an ordinary
    // live one.
    unsafe {
        let header = object.as_ref();
        let instance = header.cast::<InstanceObject>();
        memory::untrack(header);
        if instance.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(header);
        }
        let cx = Ctx::current();
        let finalizer = memory::dealloc::with_one_reference(object, || {
            let Some(method) = finalizer(cx, header) else { return };
            cx.with_exception_saved(|| {
                if let Err(raised) = cx.call0(&method) {
                    cx.write_unraisable(raised, None, Some(&method));
                }
            });
        });
        if finalizer {
            // Brought back.
            memory::track(header);
            return;
        }
        drop(instance.class.take());
        drop(instance.dict.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of this type.
    let instance = unsafe { object.as_ref().cast::<InstanceObject>() };
    instance.class.trace(visitor);
    instance.dict.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "instance",
    doc: Some(
        "instance(class[, dict])\n\nCreate an instance without calling its __init__() method.\nThe class must be a classic class.\nIf present, dict must be a dictionary or None.",
    ),
    layout: Layout::gc::<InstanceObject>().weaklist(offset_of!(InstanceObject, weaklist)),
    basicsize: 40,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(|cx, _, args| {
            let args = crate::objects::args::positional(cx, "instance", args, 1, 2)?;
            let Some(class) = ClassObject::from(&args[0]) else {
                return Err(cx.type_error(format!(
                    "instance() argument 1 must be classobj, not {}",
                    args[0].ty().tp_name()
                )));
            };
            let dict = args.get(1).and_then(|dict| dict.downcast::<DictObject>()).map(|dict| dict.to_ref());
            Ok(new_raw(cx, class, dict)?.into_object())
        }),
        repr: Some(repr),
        str: Some(str),
        getattro: Some(getattro),
        setattro: Some(setattro),
        ..operators::SLOTS
    },
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    trashcan: true,
    ..TypeSpec::EMPTY
};
