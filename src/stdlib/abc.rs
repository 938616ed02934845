//! `_abc`: the machinery of abstract base classes, with caches of weak references.

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::memory::{self, Layout as _, Object, Ref, Slot, Trace, Visitor, weakref};
use crate::objects::native::new_native;
use crate::objects::native_type::NativeType;
use crate::objects::set::{self, SetObject};
use crate::objects::spec::{Layout, ModuleSpec, TypeSpec};
use crate::objects::weakref::{as_weakref, new_weakref};
use crate::objects::{
    IntObject, MethodDef, ModuleObject, PyResult, StrObject, TupleObject, TypeFlags, TypeObject, args,
    exceptions, names,
};
use crate::vm::Ctx;

/// Goes up with every registration: negative caches from before count no more.
static COUNTER: AtomicI64 = AtomicI64::new(0);

/// What an abstract base class remembers: sets of weak references, made when first needed.
#[repr(C)]
struct AbcData {
    object: Object,
    registry: Slot<SetObject>,
    cache: Slot<SetObject>,
    negative_cache: Slot<SetObject>,
    negative_version: Cell<i64>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for AbcData {}

static DATA: NativeType = NativeType::new(&DATA_SPEC);

static DATA_SPEC: TypeSpec = TypeSpec {
    name: "_abc._abc_data",
    doc: Some("Internal state held by ABC machinery."),
    layout: Layout::gc::<AbcData>(),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};

fn data(object: &Object) -> &AbcData {
    // SAFETY: called with objects whose type has been checked, or by slots of the type.
    unsafe { object.cast() }
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the type.
    unsafe { memory::dealloc_as::<AbcData>(object) }
}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the type.
    let this = data(unsafe { object.as_ref() });
    this.registry.trace(visitor);
    this.cache.trace(visitor);
    this.negative_cache.trace(visitor);
}

unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of the type.
    let this = data(unsafe { object.as_ref() });
    drop(this.registry.take());
    drop(this.cache.take());
    drop(this.negative_cache.take());
}

/// The data of an abstract base class, kept alive while it is used.
fn data_of(cx: Ctx, class: &Object) -> PyResult {
    let found = cx.get_attr_str(class, "_abc_impl")?;
    if !found.is_exact(DATA.get(cx)?) {
        return Err(cx.type_error("_abc_impl is set to a wrong type"));
    }
    Ok(found)
}

/// Called when a referent dies: takes its weak reference out of the set.
static DESTROY: MethodDef = MethodDef::one("_destroy", destroy, "");

fn destroy(cx: Ctx, receiver: &Object, dead: &Ref) -> PyResult {
    if let Some(set) = as_weakref(receiver).and_then(weakref::referent)
        && let Some(set) = set::as_any_set(&set)
    {
        set.discard(cx, dead)?;
    }
    Ok(cx.none())
}

fn add_weak(cx: Ctx, slot: &Slot<SetObject>, object: &Object) -> PyResult<()> {
    let set = match slot.get() {
        Some(set) => set,
        None => {
            let made = set::new_empty(cx);
            slot.set(Some(made.clone()));
            made
        }
    };
    let set_object = set.clone().into_object();
    let to_set = new_weakref(cx, &set_object, None)?;
    let destroy = new_native(cx, &DESTROY, Some(to_set), None).into_object();
    let reference = new_weakref(cx, object, Some(&destroy))?;
    set.add(cx, &reference)
}

fn in_weak(cx: Ctx, slot: &Slot<SetObject>, object: &Object) -> PyResult<bool> {
    let Some(set) = slot.get().filter(|set| !set.is_empty()) else { return Ok(false) };
    match cx.catch(new_weakref(cx, object, None), exceptions().type_error)? {
        Some(reference) => set.contains(cx, &reference),
        None => Ok(false),
    }
}

fn is_abstract(cx: Ctx, value: &Object) -> PyResult<bool> {
    match cx.get_attr_opt(value, &cx.intern("__isabstractmethod__"))? {
        Some(mark) => cx.is_true(&mark),
        None => Ok(false),
    }
}

/// Sets `__abstractmethods__` from the class's own namespace and its bases'.
fn compute_abstract_methods(cx: Ctx, class: &Object) -> PyResult<()> {
    let mut found: Vec<Ref> = Vec::new();
    let namespace = cx.get_attr(class, &names().dict)?;
    let items = cx.call_method(&namespace, &names().items, &[])?;
    for item in cx.collect(&items)? {
        let Some([key, value]) = item.downcast::<TupleObject>().map(TupleObject::as_slice) else {
            return Err(cx.type_error("Iteration over class namespace must yield pairs"));
        };
        if is_abstract(cx, value)? {
            found.push(key.clone());
        }
    }
    let bases = cx.get_attr(class, &names().bases)?;
    let Some(bases) = bases.downcast::<TupleObject>() else {
        return Err(cx.type_error("__bases__ is not tuple"));
    };
    for base in bases.as_slice() {
        let Some(inherited) = cx.get_attr_opt(base, &names().abstractmethods)? else { continue };
        for key in cx.collect(&inherited)? {
            let Some(name) = key.downcast::<StrObject>() else { continue };
            if let Some(value) = cx.get_attr_opt(class, name)?
                && is_abstract(cx, &value)?
            {
                found.push(key.clone());
            }
        }
    }
    let methods = set::new_frozenset(cx, &found)?;
    cx.set_attr(class, &names().abstractmethods, Some(&methods))
}

/// The bits that make a class match sequence or mapping patterns.
const COLLECTION: TypeFlags = TypeFlags::SEQUENCE.with(TypeFlags::MAPPING);

fn init(cx: Ctx, _module: &Object, class: &Ref) -> PyResult {
    compute_abstract_methods(cx, class)?;
    let made = memory::new_ref(&DATA.get(cx)?.core, |object| AbcData {
        object,
        registry: Slot::empty(),
        cache: Slot::empty(),
        negative_cache: Slot::empty(),
        negative_version: Cell::new(COUNTER.load(Ordering::Relaxed)),
    });
    memory::track(&made.object);
    cx.set_attr(class, &cx.intern("_abc_impl"), Some(&made.into_object()))?;
    if let Some(ty) = class.downcast::<TypeObject>()
        && let Some(dict) = ty.dict.get()
    {
        let key = cx.intern("__abc_tpflags__");
        if let Some(flags) = dict.get_str(cx, &key) {
            let bits = flags.downcast::<IntObject>().and_then(IntObject::as_i64).unwrap_or(0) as u64;
            if bits & COLLECTION.0 == COLLECTION.0 {
                return Err(cx.type_error(
                    "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING",
                ));
            }
            set_collection(ty, TypeFlags(bits & COLLECTION.0), false);
            dict.remove(cx, key.as_object())?;
        }
    }
    Ok(cx.none())
}

/// Marks a class, and those derived from it, as a collection of one kind. Built-in types stay.
fn set_collection(ty: &TypeObject, flag: TypeFlags, derived: bool) {
    if flag.0 == 0
        || !ty.has_flag(TypeFlags::HEAPTYPE)
        || (derived && ty.flags.get().0 & COLLECTION.0 == flag.0)
    {
        return;
    }
    ty.flags.set(ty.flags.get().without(COLLECTION).with(flag));
    if derived {
        for subclass in crate::objects::type_::direct_subclasses(ty) {
            set_collection(&subclass, flag, true);
        }
    }
}

fn register(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "_abc_register", given, 2, 2)?;
    let (class, subclass) = (&given[0], &given[1]);
    let Some(subtype) = subclass.downcast::<TypeObject>() else {
        return Err(cx.type_error("Can only register classes"));
    };
    if cx.is_subclass(subclass, class)? {
        return Ok(subclass.clone());
    }
    // The other way round would make a loop of virtual inheritance.
    if cx.is_subclass(class, subclass)? {
        return Err(cx.runtime_error("Refusing to create an inheritance cycle"));
    }
    let data_object = data_of(cx, class)?;
    add_weak(cx, &data(&data_object).registry, subclass)?;
    COUNTER.fetch_add(1, Ordering::Relaxed);
    if let Some(ty) = class.downcast::<TypeObject>() {
        set_collection(subtype, TypeFlags(ty.flags.get().0 & COLLECTION.0), true);
    }
    Ok(subclass.clone())
}

fn instancecheck(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "_abc_instancecheck", given, 2, 2)?;
    let (class, instance) = (&given[0], &given[1]);
    let data_object = data_of(cx, class)?;
    let this = data(&data_object);
    let subclass = cx.get_attr(instance, &names().class)?;
    if in_weak(cx, &this.cache, &subclass)? {
        return Ok(cx.bool(true));
    }
    let check =
        |candidate: &Ref| cx.call_method(class, &names().subclasscheck, std::slice::from_ref(candidate));
    let subtype = instance.ty().to_object();
    if subtype.is(&subclass) {
        if this.negative_version.get() == COUNTER.load(Ordering::Relaxed)
            && in_weak(cx, &this.negative_cache, &subclass)?
        {
            return Ok(cx.bool(false));
        }
        return check(&subclass);
    }
    let result = check(&subclass)?;
    if cx.is_true(&result)? {
        return Ok(result);
    }
    check(&subtype)
}

fn subclasscheck(cx: Ctx, _module: &Object, given: &[Ref]) -> PyResult {
    args::check_count(cx, "_abc_subclasscheck", given, 2, 2)?;
    let (class, subclass) = (&given[0], &given[1]);
    let Some(subtype) = subclass.downcast::<TypeObject>() else {
        return Err(cx.type_error("issubclass() arg 1 must be a class"));
    };
    let data_object = data_of(cx, class)?;
    let this = data(&data_object);
    if in_weak(cx, &this.cache, subclass)? {
        return Ok(cx.bool(true));
    }
    let now = COUNTER.load(Ordering::Relaxed);
    if this.negative_version.get() < now {
        if let Some(negative) = this.negative_cache.get() {
            negative.clear();
        }
        this.negative_version.set(now);
    } else if in_weak(cx, &this.negative_cache, subclass)? {
        return Ok(cx.bool(false));
    }
    let remember = |yes: bool| -> PyResult {
        add_weak(cx, if yes { &this.cache } else { &this.negative_cache }, subclass)?;
        Ok(cx.bool(yes))
    };
    let answer = cx.call_method(class, &names().subclasshook, std::slice::from_ref(subclass))?;
    if answer.is(&cx.bool(true)) {
        return remember(true);
    }
    if answer.is(&cx.bool(false)) {
        return remember(false);
    }
    if !cx.is_not_implemented(&answer) {
        return Err(cx.raise(
            exceptions().assertion_error,
            "__subclasshook__ must return either False, True, or NotImplemented",
        ));
    }
    if class.downcast::<TypeObject>().is_some_and(|ty| subtype.is_subtype(ty)) {
        return remember(true);
    }
    if let Some(registry) = this.registry.get() {
        for reference in registry.to_vec() {
            let Some(registered) = as_weakref(&reference).and_then(weakref::referent) else { continue };
            if cx.is_subclass(subclass, &registered)? {
                return remember(true);
            }
        }
    }
    let derived = cx.call_method(class, &cx.intern("__subclasses__"), &[])?;
    for candidate in cx.collect(&derived)? {
        if cx.is_subclass(subclass, &candidate)? {
            return remember(true);
        }
    }
    remember(false)
}

fn dump(cx: Ctx, _module: &Object, class: &Ref) -> PyResult {
    let data_object = data_of(cx, class)?;
    let this = data(&data_object);
    let mut parts = Vec::new();
    for slot in [&this.registry, &this.cache, &this.negative_cache] {
        parts.push(match slot.get() {
            Some(set) => set.copy(cx)?.into_object(),
            None => set::new_set(cx),
        });
    }
    parts.push(cx.new_int(this.negative_version.get()));
    Ok(cx.new_tuple(parts).into_object())
}

fn reset_registry(cx: Ctx, _module: &Object, class: &Ref) -> PyResult {
    let data_object = data_of(cx, class)?;
    if let Some(registry) = data(&data_object).registry.get() {
        registry.clear();
    }
    Ok(cx.none())
}

fn reset_caches(cx: Ctx, _module: &Object, class: &Ref) -> PyResult {
    let data_object = data_of(cx, class)?;
    for slot in [&data(&data_object).cache, &data(&data_object).negative_cache] {
        if let Some(set) = slot.get() {
            set.clear();
        }
    }
    Ok(cx.none())
}

fn exec(cx: Ctx, _module: &ModuleObject) -> PyResult<()> {
    DATA.make(cx).map(drop)
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_abc",
    doc: Some("The native half of abc.ABCMeta."),
    functions: &[
        MethodDef::no_args(
            "get_cache_token",
            |cx, _| Ok(cx.new_int(COUNTER.load(Ordering::Relaxed))),
            "get_cache_token($module, /)\n--\n\nA number that changes with every call of register() on any ABC.",
        ),
        MethodDef::one("_abc_init", init, "_abc_init($module, self, /)\n--\n\nSet up a class as an ABC."),
        MethodDef::fast(
            "_abc_register",
            register,
            "_abc_register($module, self, subclass, /)\n--\n\nRegister a virtual subclass.",
        ),
        MethodDef::fast(
            "_abc_instancecheck",
            instancecheck,
            "_abc_instancecheck($module, self, instance, /)\n--\n\nWhat isinstance() asks an ABC.",
        ),
        MethodDef::fast(
            "_abc_subclasscheck",
            subclasscheck,
            "_abc_subclasscheck($module, self, subclass, /)\n--\n\nWhat issubclass() asks an ABC.",
        ),
        MethodDef::one(
            "_get_dump",
            dump,
            "_get_dump($module, self, /)\n--\n\nRegistry, caches and version of an ABC, for debugging.",
        ),
        MethodDef::one(
            "_reset_registry",
            reset_registry,
            "_reset_registry($module, self, /)\n--\n\nEmpty the registry, for tests.",
        ),
        MethodDef::one(
            "_reset_caches",
            reset_caches,
            "_reset_caches($module, self, /)\n--\n\nEmpty the caches, for tests.",
        ),
    ],
    exec: Some(exec),
};
