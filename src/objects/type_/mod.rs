//! `type`: the type of classes.
//!
//! | file | holds |
//! | --- | --- |
//! | `ready` | making built-in types from tables, inheritance of slots |
//! | `class` | `type.__new__`: what a class statement makes |
//! | `mro` | C3 linearization, layouts |
//! | `slotdefs`, `wrap`, `slot_functions`, `update` | special methods and slots, both ways |
//! | `cache` | attribute lookup by type version |
//! | `instance` | life and death of instances of classes |
//! | `assign` | `__class__` and `__bases__` assignment |
//! | `attributes` | `__name__`, `__module__`, ... of classes |

pub mod assign;
pub mod attributes;
pub mod cache;
pub mod class;
pub mod instance;
pub mod mro;
pub mod ready;
pub mod slot_functions;
pub mod slotdefs;
pub mod update;
pub mod wrap;

use std::cell::Cell;
use std::ptr::NonNull;

use super::slots::{Args, Slots};
use super::spec::{Layout, MethodDef, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{DictObject, PyResult, StrObject, TypeObject, Types, names, types};
use crate::memory::object::WeakKind;
use crate::memory::weakref::WeakRefCore;
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

pub use ready::{make_builtin_types, new_static_subtype, new_static_type};

// SAFETY: every class, of whatever metaclass, begins with this layout.
unsafe impl TypedLayout for TypeObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.type_
    }
}

// ---- subclasses ----

/// Enters `ty` into the list of its base's direct subclasses, by weak reference.
pub fn add_subclass(cx: Ctx, base: &TypeObject, ty: &TypeObject) -> PyResult<()> {
    let weakref = new_weakref(ty);
    let dict = match base.subclasses.get() {
        Some(dict) => dict,
        None => {
            let dict = cx.new_dict();
            base.subclasses.set(Some(dict.clone()));
            dict
        }
    };
    dict.set(cx, &cx.new_uint(ty.as_object().address()), weakref)
}

/// The shared weak reference without callback to a class.
fn new_weakref(ty: &TypeObject) -> Ref {
    if let Some(shared) = memory::weakref::find_shared(ty.as_object(), WeakKind::Ref) {
        return shared.into_object();
    }
    let made = memory::new_ref(&types().weakref.core, |object| WeakRefCore {
        object,
        referent: Cell::new(None),
        callback: Slot::empty(),
        hash: Cell::new(-1),
        prev: Cell::new(None),
        next: Cell::new(None),
    });
    memory::weakref::attach(&made, ty.as_object());
    if made.object.is_gc() {
        memory::track(&made.object);
    }
    made.into_object()
}

/// Takes `ty` out of the list of its base's direct subclasses.
pub fn remove_subclass(cx: Ctx, base: &TypeObject, ty: &TypeObject) {
    let Some(dict) = base.subclasses.get() else { return };
    if let Err(raised) = dict.remove(cx, &cx.new_uint(ty.as_object().address())) {
        cx.clear_exception(raised);
    }
    if dict.is_empty() {
        base.subclasses.set(None);
    }
}

/// The living direct subclasses, in the order in which they were made.
pub fn direct_subclasses(ty: &TypeObject) -> Vec<Ref<TypeObject>> {
    let Some(dict) = ty.subclasses.get() else { return Vec::new() };
    dict.to_vec()
        .into_iter()
        .filter_map(|(_, weakref)| {
            // SAFETY: only `add_subclass` writes to the dict, and writes weak references.
            let weakref = unsafe { weakref.cast::<WeakRefCore>() };
            memory::weakref::referent(weakref)?.downcast_ref::<TypeObject>().ok()
        })
        .collect()
}

/// Calls `each` with every living direct subclass.
pub fn for_each_subclass(ty: &TypeObject, each: &mut dyn FnMut(&TypeObject)) {
    if ty.subclasses.is_empty() {
        return;
    }
    for subclass in direct_subclasses(ty) {
        each(&subclass);
    }
}

// ---- calling ----

/// Calls the type's `new` slot. Instances of classes come out tracked, also where the slot is a
/// built-in type's that knows nothing of the collector.
#[inline]
pub fn call_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let Some(new) = ty.slots().new else {
        return Err(cx.type_error(format!("cannot create '{}' instances", ty.tp_name())));
    };
    let object = new(cx, ty, args)?;
    track_instance(&object);
    Ok(object)
}

#[inline]
fn track_instance(object: &Object) {
    let ty = object.ty();
    if ty.has_flag(TypeFlags::HEAPTYPE)
        && ty.has_flag(TypeFlags::HAVE_GC)
        && object.is_gc()
        && !memory::is_tracked(object)
    {
        memory::track(object);
    }
}

/// `tp_call` of classes.
pub fn call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    // SAFETY: the slot of `type`.
    let ty = unsafe { object.cast::<TypeObject>() };
    if ty.is_type(types().type_) {
        if let ([argument], false) = (args.pos(), args.has_keywords()) {
            return Ok(argument.ty().to_object());
        }
        if args.pos().len() != 3 {
            return Err(cx.type_error("type() takes 1 or 3 arguments"));
        }
    }
    let mut args = args;
    if ty.is_type(types().type_) {
        // `type` has a vectorcall for one argument, which makes a tuple of three.
        args = Args::new(args.all(), args.names());
    } else if ty.has_flag(TypeFlags::VECTORCALL_TYPE) {
        return create(cx, ty, args);
    }
    // All others count a level of native recursion and get their arguments in a tuple, as in
    // CPython.
    let _guard = cx.enter_recursion(" while calling a Python object")?;
    cx.with_argument_tuple(args, |args| create(cx, ty, args))
}

/// As [`call`] where a tuple holds the arguments already.
pub(super) fn call_held(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    create(cx, this(object), args)
}

/// Makes an instance and initializes it.
fn create(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let made = call_new(cx, ty, args)?;
    if !made.is_instance(ty) {
        return Ok(made);
    }
    if let Some(init) = made.ty().slots().init {
        let _hold = cx.hold("the call that makes it", &made);
        init(cx, &made, args)?;
    }
    Ok(made)
}

/// `__new__` of a built-in type as a function (`tp_new_wrapper`): the first argument is the class.
fn new_wrapper(cx: Ctx, owner: &Object, args: Args<'_>) -> PyResult {
    let Some(owner) = owner.downcast::<TypeObject>() else {
        return Err(cx.system_error("__new__() called with non-type 'self'"));
    };
    let name = owner.tp_name();
    let Some(first) = args.pos().first() else {
        return Err(cx.type_error(format!("{name}.__new__(): not enough arguments")));
    };
    let Some(ty) = first.downcast::<TypeObject>() else {
        return Err(
            cx.type_error(format!("{name}.__new__(X): X is not a type object ({})", first.ty().tp_name()))
        );
    };
    let shown = ty.tp_name();
    if !ty.is_subtype(owner) {
        return Err(cx.type_error(format!("{name}.__new__({shown}): {shown} is not a subtype of {name}")));
    }
    // The nearest built-in base must be made by its own `__new__`, which knows its layout.
    let mut static_base = Some(ty);
    while let Some(base) = static_base
        && base.slots().new.map(|new| new as usize) == Some(slot_functions::new as *const () as usize)
    {
        static_base = base.base.peek();
    }
    if let Some(base) = static_base
        && base.slots().new.map(|new| new as usize) != owner.slots().new.map(|new| new as usize)
    {
        return Err(
            cx.type_error(format!("{name}.__new__({shown}) is not safe, use {}.__new__()", base.tp_name()))
        );
    }
    let Some(new) = owner.slots().new else {
        return Err(cx.type_error(format!("cannot create '{shown}' instances")));
    };
    let rest = cx.tuple_from_slice(&args.pos()[1..]);
    let _hold = cx.hold("the call of __new__", rest.as_object());
    let made = new(cx, ty, Args::new(&args.all()[1..], args.names()).held_by(&rest))?;
    track_instance(&made);
    Ok(made)
}

fn init(cx: Ctx, _object: &Object, args: Args<'_>) -> PyResult<()> {
    let count = args.pos().len();
    if args.has_keywords() && count == 1 {
        return Err(cx.type_error("type.__init__() takes no keyword arguments"));
    }
    if count != 1 && count != 3 {
        return Err(cx.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(())
}

// ---- attributes of classes ----

/// `tp_getattro` of classes.
pub fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    match getattr_opt(cx, object, name)? {
        Some(value) => Ok(value),
        None => {
            // SAFETY: the slot of `type`.
            let ty = unsafe { object.cast::<TypeObject>() };
            Err(cx.attribute_error(
                object,
                name,
                format!("type object '{}' has no attribute '{}'", ty.tp_name(), name.to_string_lossy()),
            ))
        }
    }
}

/// An attribute of a class: data descriptors of the metaclass, the class's own MRO, then what the
/// metaclass has.
pub fn getattr_opt(cx: Ctx, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
    // SAFETY: called for classes only.
    let ty = unsafe { object.cast::<TypeObject>() };
    let metatype = object.ty();
    let meta = cx.type_lookup(metatype, name);
    let mut meta_get = None;
    if let Some(found) = &meta {
        meta_get = found.ty().slots().descr_get;
        if let Some(get) = meta_get
            && found.ty().slots().descr_set.is_some()
        {
            return get(cx, found, Some(object), Some(metatype.as_object())).map(Some);
        }
    }
    if let Some(found) = cx.type_lookup(ty, name) {
        return match found.ty().slots().descr_get {
            Some(get) => get(cx, &found, None, Some(object)).map(Some),
            None => Ok(Some(found)),
        };
    }
    match (meta, meta_get) {
        (Some(found), Some(get)) => get(cx, &found, Some(object), Some(metatype.as_object())).map(Some),
        (found, _) => Ok(found),
    }
}

/// `tp_setattro` of classes: the attribute, then versions and slots that depend on it.
fn setattro(cx: Ctx, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    // SAFETY: the slot of `type`.
    let ty = unsafe { object.cast::<TypeObject>() };
    if ty.has_flag(TypeFlags::IMMUTABLETYPE) {
        return Err(cx.type_error(format!(
            "cannot set '{}' attribute of immutable type '{}'",
            name.to_string_lossy(),
            ty.tp_name()
        )));
    }
    let name = &*if name.is_interned() || !name.as_object().is_exact(types().str) {
        name.to_ref()
    } else {
        cx.intern_ref(name.to_ref())
    };
    if let Some(found) = cx.type_lookup(object.ty(), name)
        && let Some(set) = found.ty().slots().descr_set
    {
        let result = set(cx, &found, object, value);
        cache::modified(ty);
        result?;
    } else {
        let Some(dict) = ty.dict.get() else {
            return Err(cx.no_attribute(object, name));
        };
        // The old value outlives the change: its end may look at the class.
        let old = dict.get_str(cx, name);
        let result = match value {
            Some(value) => dict.set_str(cx, name, value.to_object()),
            None => match dict.remove(cx, name.as_object()) {
                Ok(true) => Ok(()),
                Ok(false) => Err(cx.raise(
                    crate::objects::exceptions().attribute_error,
                    format!("type object '{}' has no attribute '{}'", ty.tp_name(), name.to_string_lossy()),
                )),
                Err(raised) => Err(raised),
            },
        };
        cache::modified(ty);
        result?;
        update::update_named(cx, ty, name);
        drop(old);
        return Ok(());
    }
    update::update_named(cx, ty, name);
    Ok(())
}

// ---- memory ----

/// `tp_dealloc` of classes: only heap types get here.
///
/// # Safety
/// As `DeallocFn`.
pub unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of `type`, called once with the count at zero.
    unsafe {
        let ty = object.as_ref().cast::<TypeObject>();
        memory::untrack(ty.as_object());
        let cx = Ctx::current();
        if let Some(bases) = ty.bases.peek() {
            for base in bases.as_slice() {
                if let Some(base) = base.downcast::<TypeObject>() {
                    remove_subclass(cx, base, ty);
                }
            }
        }
        memory::weakref::clear_weakrefs(ty.as_object());
        drop(ty.base.take());
        drop(ty.dict.take());
        drop(ty.bases.take());
        drop(ty.mro.take());
        drop(ty.subclasses.take());
        drop(ty.name.take());
        drop(ty.qualname.take());
        drop(ty.slot_names.take());
        super::dict::values::release_keys(ty.cached_keys.replace(std::ptr::null_mut()));
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of `type`.
    let ty = unsafe { object.as_ref().cast::<TypeObject>() };
    ty.dict.trace(visitor);
    ty.mro.trace(visitor);
    ty.bases.trace(visitor);
    ty.base.trace(visitor);
}

/// Breaks the cycles that every class is part of.
///
/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of `type`.
    let ty = unsafe { object.as_ref().cast::<TypeObject>() };
    // SAFETY: the collector runs on the engine thread while the interpreter is alive.
    let cx = unsafe { Ctx::current() };
    cache::modified(ty);
    if let Some(dict) = ty.dict.get() {
        dict.clear(cx);
    }
    // The instances that still need the keys are garbage as well, but may not be dead yet: the
    // keys stay until the class goes.
    drop(ty.mro.take());
}

// ---- methods ----

fn this(object: &Object) -> &TypeObject {
    // SAFETY: only slots, methods and attributes of `type` call this.
    unsafe { object.cast() }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let ty = this(object);
    if ty.name.is_empty() {
        return Ok(cx.new_str(&format!("<class at {:#x}>", object.address())).into_object());
    }
    let module = match attributes::get_module(cx, object) {
        Ok(module) => module.downcast::<StrObject>().map(StrObject::to_string_lossy),
        Err(raised) => {
            cx.clear_exception(raised);
            None
        }
    };
    if crate::era::is_classic() {
        let word = if ty.has_flag(TypeFlags::HEAPTYPE) { "class" } else { "type" };
        let text = match module {
            Some(module) if module != "builtins" => format!("<{word} '{module}.{}'>", ty.name_text()),
            _ if ty.has_flag(TypeFlags::BASE_EXC_SUBCLASS) => {
                format!("<type 'exceptions.{}'>", ty.name_text())
            }
            _ => format!("<{word} '{}'>", ty.tp_name()),
        };
        return Ok(cx.new_str(&text).into_object());
    }
    let qualname = ty.qualname.peek().map_or_else(|| ty.name_text(), StrObject::to_string_lossy);
    let text = match module {
        Some(module) if module != "builtins" => format!("<class '{module}.{qualname}'>"),
        _ => format!("<class '{}'>", ty.tp_name()),
    };
    Ok(cx.new_str(&text).into_object())
}

fn or(cx: Ctx, left: &Object, right: &Object) -> PyResult {
    super::generic_alias::union_or(cx, left, right)
}

fn subclasses(cx: Ctx, object: &Object) -> PyResult {
    let found = direct_subclasses(this(object)).into_iter().map(Ref::into_object).collect();
    Ok(cx.new_list(found)?.into_object())
}

fn mro_method(cx: Ctx, object: &Object) -> PyResult {
    Ok(mro::list(cx, this(object))?.into_object())
}

fn dir(cx: Ctx, object: &Object) -> PyResult {
    let names = cx.new_dict();
    merge_class_dict(cx, &names, object)?;
    Ok(cx.list_of_keys(&names)?.into_object())
}

/// Adds the names of a class and of its bases, bases last, to `into`.
pub fn merge_class_dict(cx: Ctx, into: &DictObject, class: &Object) -> PyResult<()> {
    if let Some(dict) = cx.get_attr_opt(class, &names().dict)? {
        // A `PyHeapTypeObject` and the shared keys.
        let keys = match dict.downcast::<DictObject>() {
            Some(dict) => dict.to_vec().into_iter().map(|(key, _)| key).collect(),
            None => cx.collect(&dict)?,
        };
        for key in keys {
            into.set(cx, &key, cx.none())?;
        }
    }
    if let Some(bases) = cx.get_attr_opt(class, &names().bases)? {
        let count = cx.len(&bases)?;
        for index in 0..count {
            let base = cx.sequence_item(&bases, index as isize)?;
            merge_class_dict(cx, into, &base)?;
        }
    }
    Ok(())
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let ty = this(object);
    let size = if ty.has_flag(TypeFlags::HEAPTYPE) {
        // A `PyHeapTypeObject` and the shared keys.
        let keys = super::attr::shared_keys(ty).map_or(0, |keys| keys.bytes());
        904 + keys
    } else {
        // A static type is a plain `PyTypeObject`.
        408
    };
    Ok(cx.new_uint(size))
}

fn prepare(cx: Ctx, _object: &Object, _args: Args<'_>) -> PyResult {
    Ok(cx.new_dict().into_object())
}

fn instance_check(cx: Ctx, class: &Object, object: &Ref) -> PyResult {
    Ok(cx.bool(cx.real_is_instance(object, class)?))
}

fn subclass_check(cx: Ctx, class: &Object, derived: &Ref) -> PyResult {
    Ok(cx.bool(cx.real_is_subclass(derived, class)?))
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "type",
    doc: Some("type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type"),
    layout: Layout {
        size: size_of::<TypeObject>(),
        item_size: 0,
        pre_header: memory::PreHeader::Gc,
        weaklist: std::mem::offset_of!(TypeObject, weaklist),
        dict: 0,
    },
    basicsize: 904,
    itemsize: 40,
    flags: TypeFlags::BASETYPE
        .with(TypeFlags::HAVE_GC)
        .with(TypeFlags::HAVE_VECTORCALL)
        .with(TypeFlags::TYPE_SUBCLASS),
    slots: Slots {
        new: Some(class::type_new),
        init: Some(init),
        call: Some(call),
        repr: Some(repr),
        getattro: Some(getattro),
        setattro: Some(setattro),
        nb_or: Some(or),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args(
            "mro",
            mro_method,
            "mro($self, /)\n--\n\nReturn a type's method resolution order.",
        ),
        MethodDef::no_args(
            "__subclasses__",
            subclasses,
            "__subclasses__($self, /)\n--\n\nReturn a list of immediate subclasses.",
        ),
        MethodDef::keywords(
            "__prepare__",
            prepare,
            "__prepare__() -> dict\nused to create the namespace for the class statement",
        )
        .class(),
        MethodDef::one(
            "__instancecheck__",
            instance_check,
            "__instancecheck__($self, instance, /)\n--\n\nCheck if an object is an instance.",
        ),
        MethodDef::one(
            "__subclasscheck__",
            subclass_check,
            "__subclasscheck__($self, subclass, /)\n--\n\nCheck if a class is a subclass.",
        ),
        MethodDef::no_args(
            "__dir__",
            dir,
            "__dir__($self, /)\n--\n\nSpecialized __dir__ implementation for types.",
        ),
        MethodDef::no_args(
            "__sizeof__",
            sizeof,
            "__sizeof__($self, /)\n--\n\nReturn memory consumption of the type object.",
        ),
    ],
    members: attributes::MEMBERS,
    getset: attributes::GETSET,
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};

#[cfg(test)]
mod tests;
