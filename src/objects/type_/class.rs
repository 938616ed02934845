//! `type.__new__`: making a class out of a name, bases and a namespace.

use super::instance::{subtype_clear, subtype_dealloc, subtype_traverse};
use super::mro::solid_base;
use super::{add_subclass, cache, ready, update};
use crate::memory::{self, Layout, Object, PreHeader, Ref};
use crate::objects::args::with_borrowed;
use crate::objects::cell::CellObject;
use crate::objects::descr::{self, Member};
use crate::objects::dict::raw::Keys;
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{GetSetDef, TypeFlags};
use crate::objects::{
    DictObject, PyResult, StrObject, TupleObject, TypeObject, attr, exceptions, names, types,
};
use crate::vm::Ctx;

/// What is known of the class to be made.
struct Plan<'a> {
    metatype: &'a TypeObject,
    name: &'a StrObject,
    bases: Ref<TupleObject>,
    base: Ref<TypeObject>,
    namespace: Ref<DictObject>,
    slots: Option<Vec<Ref<StrObject>>>,
    /// The names in `slots`, sorted, as the class keeps them.
    slot_names: Option<Ref<TupleObject>>,
    adds_dict: bool,
    adds_weakref: bool,
    may_add_dict: bool,
    may_add_weakref: bool,
}

/// `tp_new` of `type`.
pub fn type_new(cx: Ctx, metatype: &TypeObject, args: Args<'_>) -> PyResult {
    let [name, bases, namespace] = args.pos() else {
        return Err(
            cx.type_error(format!("type.__new__() takes exactly 3 arguments ({} given)", args.pos().len()))
        );
    };
    let wrong = |index: usize, wanted: &str, given: &Object| {
        cx.type_error(format!(
            "type.__new__() argument {index} must be {wanted}, not {}",
            given.ty().tp_name()
        ))
    };
    let name = name.downcast::<StrObject>().ok_or_else(|| wrong(1, "str", name))?;
    let bases = bases.downcast::<TupleObject>().ok_or_else(|| wrong(2, "tuple", bases))?;
    let namespace = namespace.downcast::<DictObject>().ok_or_else(|| wrong(3, "dict", namespace))?;

    let mut metatype = metatype;
    let winner;
    if !bases.is_empty() {
        for base in bases.as_slice() {
            if base.downcast::<TypeObject>().is_none()
                && cx.get_attr_opt(base, &names().mro_entries)?.is_some()
            {
                return Err(
                    cx.type_error("type() doesn't support MRO entry resolution; use types.new_class()")
                );
            }
        }
        winner = calculate_metaclass(cx, metatype, bases)?;
        if !winner.is_type(metatype) {
            if winner.slots().new.map(|new| new as usize) != Some(type_new as *const () as usize)
                && let Some(new) = winner.slots().new
            {
                return new(cx, &winner, args);
            }
            metatype = &winner;
        }
    }
    let bases =
        if bases.is_empty() { cx.new_tuple(vec![types().object.to_object()]) } else { bases.to_ref() };
    let base = best_base(cx, &bases)?;
    let mut plan = Plan {
        metatype,
        name,
        bases,
        base,
        namespace: namespace.copy(cx)?,
        slots: None,
        slot_names: None,
        adds_dict: false,
        adds_weakref: false,
        may_add_dict: false,
        may_add_weakref: false,
    };
    plan_slots(cx, &mut plan)?;
    let ty = allocate(cx, &plan)?;
    set_attributes(cx, &plan, &ty)?;
    ready::ready(cx, &ty)?;
    update::update_all(cx, &ty);
    for base in plan.bases.as_slice() {
        if let Some(base) = base.downcast::<TypeObject>() {
            add_subclass(cx, base, &ty)?;
        }
    }
    if ty.has_flag(TypeFlags::MANAGED_DICT) {
        let keys = Keys::new_shared().ok_or_else(|| cx.memory_error())?;
        ty.cached_keys.set(keys.as_ptr());
    }
    set_names(cx, &ty)?;
    init_subclass(cx, &ty, args)?;
    Ok(ty.into_object())
}

/// The most derived metaclass among `metatype` and those of the bases.
pub fn calculate_metaclass(cx: Ctx, metatype: &TypeObject, bases: &TupleObject) -> PyResult<Ref<TypeObject>> {
    let mut winner = metatype.to_ref();
    for base in bases.as_slice() {
        let candidate = base.ty();
        if winner.is_subtype(candidate) {
            continue;
        }
        if candidate.is_subtype(&winner) {
            winner = candidate.to_ref();
            continue;
        }
        return Err(cx.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// The base whose layout the class extends.
pub(super) fn best_base(cx: Ctx, bases: &TupleObject) -> PyResult<Ref<TypeObject>> {
    let mut chosen: Option<(&TypeObject, &TypeObject)> = None;
    for base in bases.as_slice() {
        let Some(class) = base.downcast::<TypeObject>() else {
            return Err(cx.type_error("bases must be types"));
        };
        if !class.has_flag(TypeFlags::BASETYPE) {
            return Err(cx.type_error(format!("type '{}' is not an acceptable base type", class.tp_name())));
        }
        let candidate = solid_base(class);
        match chosen {
            None => chosen = Some((class, candidate)),
            Some((_, winner)) if winner.is_subtype(candidate) => {}
            Some((_, winner)) if candidate.is_subtype(winner) => chosen = Some((class, candidate)),
            Some(_) => return Err(cx.type_error("multiple bases have instance lay-out conflict")),
        }
    }
    match chosen {
        Some((base, _)) => Ok(base.to_ref()),
        None => Err(cx.type_error("a new-style class can't have only classic bases")),
    }
}

/// `__slots__` of the class body: which members, dict and weak reference list the class adds.
fn plan_slots(cx: Ctx, plan: &mut Plan<'_>) -> PyResult<()> {
    let base = plan.base.clone();
    plan.may_add_dict = base.shown_dictoffset.get() == 0;
    plan.may_add_weakref = base.shown_weakrefoffset.get() == 0 && base.itemsize.get() == 0;
    let Some(given) = plan.namespace.get_str(cx, &names().slots) else {
        plan.adds_dict = plan.may_add_dict;
        plan.adds_weakref = plan.may_add_weakref;
        return Ok(());
    };
    let given = if given.downcast::<StrObject>().is_some() {
        cx.new_tuple(vec![given]).into_object()
    } else if given.is_exact(types().tuple) {
        given
    } else {
        cx.new_tuple(cx.collect(&given)?).into_object()
    };
    let items: Vec<Ref> =
        given.downcast::<TupleObject>().map_or_else(Vec::new, |given| given.as_slice().to_vec());
    if !items.is_empty() && base.itemsize.get() != 0 {
        return Err(
            cx.type_error(format!("nonempty __slots__ not supported for subtype of '{}'", base.tp_name()))
        );
    }
    let mut slots: Vec<Ref<StrObject>> = Vec::with_capacity(items.len());
    for item in &items {
        let Some(text) = item.downcast::<StrObject>() else {
            return Err(
                cx.type_error(format!("__slots__ items must be strings, not '{}'", item.ty().tp_name()))
            );
        };
        if !crate::objects::str::case::is_identifier(text) {
            return Err(cx.type_error("__slots__ must be identifiers"));
        }
        if text.eq_str("__dict__") {
            if !plan.may_add_dict || plan.adds_dict {
                return Err(cx.type_error("__dict__ slot disallowed: we already got one"));
            }
            plan.adds_dict = true;
        } else if text.eq_str("__weakref__") {
            if !plan.may_add_weakref || plan.adds_weakref {
                return Err(cx.type_error(
                    "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0",
                ));
            }
            plan.adds_weakref = true;
        } else {
            let mangled = mangle(cx, plan.name, text);
            if plan.namespace.get_str(cx, &mangled).is_some() {
                // `__qualname__` and `__classcell__` are removed from the class body anyway.
                let exempt = mangled.eq_str("__qualname__") || mangled.eq_str("__classcell__");
                if !exempt {
                    return Err(cx.value_error(format!(
                        "{} in __slots__ conflicts with class variable",
                        cx.repr_text(mangled.as_object())?
                    )));
                }
            }
            slots.push(mangled);
        }
    }
    let order = |text: &StrObject| -> Vec<u32> { text.code_points().collect() };
    slots.sort_by_cached_key(|text| order(text));
    // Sorted in a list, which becomes a tuple.
    let list = cx.new_list(slots.iter().map(|slot| slot.to_object()).collect())?;
    plan.slot_names = Some(cx.tuple_from_slice(list.peek_slice()));
    drop(list);
    drop(given);
    plan.slots = Some(slots);
    // A class with slots still gets dict and weak references when some other base has them.
    if plan.bases.len() > 1
        && ((plan.may_add_dict && !plan.adds_dict) || (plan.may_add_weakref && !plan.adds_weakref))
    {
        for other in plan.bases.as_slice() {
            let Some(other) = other.downcast::<TypeObject>() else { continue };
            if other.is_type(&base) {
                continue;
            }
            if plan.may_add_dict && !plan.adds_dict && other.shown_dictoffset.get() != 0 {
                plan.adds_dict = true;
            }
            if plan.may_add_weakref && !plan.adds_weakref && other.shown_weakrefoffset.get() != 0 {
                plan.adds_weakref = true;
            }
        }
    }
    Ok(())
}

/// A private name as the compiler mangles it: `__x` in class `_C` is `_C__x`.
pub fn mangle(cx: Ctx, class: &StrObject, name: &StrObject) -> Ref<StrObject> {
    let text = name.to_string_lossy();
    if !text.starts_with("__") || text.ends_with("__") || text.contains('.') {
        return cx.intern_ref(name.to_ref());
    }
    let class = class.to_string_lossy();
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return cx.intern_ref(name.to_ref());
    }
    cx.intern(&format!("_{class}{text}"))
}

/// The type object with its layout: sizes, flags and slots that do not depend on the MRO.
fn allocate(cx: Ctx, plan: &Plan<'_>) -> PyResult<Ref<TypeObject>> {
    let base = &plan.base;
    let count = plan.slots.as_ref().map_or(0, Vec::len);
    let metatype = plan.metatype;
    // Metaclasses may have fields of their own behind the type object: zeroed.
    let size = (metatype.core.info.size.get() as usize).max(size_of::<TypeObject>());
    // SAFETY: the payload is written right here, before anything else can look.
    let ty: Ref<TypeObject> = unsafe {
        let object =
            memory::alloc::new_object_with(&metatype.core, metatype.core.info.pre_header.get(), size, true);
        let header = object.as_ptr().read();
        object.as_ptr().cast::<TypeObject>().write(ready::blank(header));
        Ref::from_owned(object.cast())
    };
    // Marked at once: whether the object has a GC header is told by this flag.
    let mut flags = TypeFlags::HEAPTYPE.with(TypeFlags::BASETYPE).with(TypeFlags::HAVE_GC);

    // Real layout and the numbers that CPython shows go side by side.
    let info = &ty.core.info;
    let mut real = (base.core.info.size.get() as usize).next_multiple_of(8);
    let mut shown = base.basicsize.get();
    ty.member_offset.set(real as u32);
    ty.member_count.set(count as u32);
    real += count * 8;
    shown += count * 8;
    let mut pre_header = match base.core.info.pre_header.get() {
        PreHeader::Managed => PreHeader::Managed,
        _ => PreHeader::Gc,
    };
    info.weaklist_offset.set(base.core.info.weaklist_offset.get());
    ty.shown_dictoffset.set(base.shown_dictoffset.get());
    ty.shown_weakrefoffset.set(base.shown_weakrefoffset.get());
    ty.dict_offset.set(base.dict_offset.get());
    flags = flags.with(TypeFlags(
        base.flags.get().0
            & TypeFlags::HAS_DICT.with(TypeFlags::MANAGED_DICT).with(TypeFlags::INLINE_VALUES).0,
    ));
    if plan.adds_weakref {
        ty.shown_weakrefoffset.set(shown as isize);
        shown += 8;
        info.weaklist_offset.set(real as u32);
        real += 8;
    }
    if plan.adds_dict {
        pre_header = PreHeader::Managed;
        flags = flags.with(TypeFlags::HAS_DICT);
        if base.itemsize.get() != 0 {
            ty.shown_dictoffset.set(-8);
            shown += 8;
        } else if crate::era::is_classic() {
            // Every instance has a dict of its own as soon as it has an attribute.
            ty.shown_dictoffset.set(shown as isize);
            shown += 8;
        } else {
            ty.shown_dictoffset.set(-(shown as isize) - 24);
            flags = flags.with(TypeFlags::MANAGED_DICT).with(TypeFlags::INLINE_VALUES);
        }
    }
    if crate::era::is_classic()
        && base.core.info.pre_header.get() == PreHeader::Plain
        && shown == base.basicsize.get()
    {
        // Nothing is added that could be part of a cycle: the collector does not know the instances.
        pre_header = PreHeader::Plain;
        ty.flags.set(flags.without(TypeFlags::HAVE_GC));
    } else {
        ty.flags.set(flags);
    }
    info.size.set(real as u32);
    info.item_size.set(base.core.info.item_size.get());
    info.pre_header.set(pre_header);
    info.is_heap_type.set(true);
    info.uses_trashcan.set(true);
    info.dealloc.set(subtype_dealloc);
    info.traverse.set(Some(subtype_traverse));
    info.owned.set(base.core.info.owned.get());
    info.clear.set(Some(subtype_clear));
    info.finalize.set(base.core.info.finalize.get());
    info.maybe_untrack.set(None);
    info.weak_kind.set(match base.core.info.weak_kind.get() {
        memory::object::WeakKind::No => memory::object::WeakKind::No,
        _ => memory::object::WeakKind::Other,
    });
    if base.is_subtype(types().type_) {
        info.is_gc.set(types().type_.core.info.is_gc.get());
    }
    ty.basicsize.set(shown);
    ty.itemsize.set(base.itemsize.get());
    ty.name.set(Some(plan.name.to_ref()));
    ty.base.set(Some(plan.base.clone()));
    ty.bases.set(Some(plan.bases.clone()));
    ty.dict.set(Some(plan.namespace.clone()));
    if let Some(slots) = &plan.slot_names {
        ty.slot_names.set(Some(slots.clone().into_object()));
    }
    ty.set_slots(|slots| {
        *slots = Slots::EMPTY;
        slots.new = base.slots().new;
    });
    memory::track(ty.as_object());
    if plan.name.code_points().any(|point| point == 0) {
        return Err(cx.value_error("type name must not contain null characters"));
    }
    Ok(ty)
}

/// What the class dict gets before the type is made ready.
fn set_attributes(cx: Ctx, plan: &Plan<'_>, ty: &TypeObject) -> PyResult<()> {
    let dict = &plan.namespace;
    let names = names();
    if dict.get_str(cx, &names.module).is_none()
        && let Some(globals) = cx.current_globals()
        && let Some(module) = globals.get_str(cx, &names.name)
    {
        dict.set_str(cx, &names.module, module)?;
    }
    match dict.get_str(cx, &names.qualname) {
        Some(qualname) => {
            let Some(text) = qualname.downcast::<StrObject>() else {
                return Err(cx.type_error(format!(
                    "type __qualname__ must be a str, not {}",
                    qualname.ty().tp_name()
                )));
            };
            ty.qualname.set(Some(text.to_ref()));
            dict.remove(cx, names.qualname.as_object())?;
        }
        None => ty.qualname.set(Some(plan.name.to_ref())),
    }
    // These are static and class methods even when written as plain functions.
    if let Some(new) = dict.get_str(cx, &names.new)
        && new.is_exact(types().function)
    {
        dict.set_str(cx, &names.new, crate::objects::wrappers::new_static_method(new))?;
    }
    for name in [&names.init_subclass, &names.class_getitem] {
        if let Some(function) = dict.get_str(cx, name)
            && function.is_exact(types().function)
        {
            dict.set_str(cx, name, crate::objects::wrappers::new_class_method(function))?;
        }
    }
    if let Some(slots) = &plan.slots {
        for (index, name) in slots.iter().enumerate() {
            let offset = ty.member_offset.get() as usize + index * 8;
            dict.set_str(cx, name, descr::new_member(cx, ty, name, Member::Slot(offset)))?;
        }
    }
    if plan.adds_dict && dict.get_str(cx, &names.dict).is_none() {
        dict.set_str(cx, &names.dict, descr::new_getset(cx, ty, &DICT_GETSET))?;
    }
    if plan.adds_weakref && dict.get_str(cx, &names.weakref).is_none() {
        dict.set_str(cx, &names.weakref, descr::new_getset(cx, ty, &WEAKREF_GETSET))?;
    }
    if dict.get_str(cx, &names.doc).is_none() {
        dict.set_str(cx, &names.doc, cx.none())?;
    }
    if let Some(cell) = dict.get_str(cx, &names.classcell) {
        let Some(cell) = cell.downcast_exact::<CellObject>() else {
            return Err(cx.type_error(format!(
                "__classcell__ must be a nonlocal cell, not <class '{}'>",
                cell.ty().tp_name()
            )));
        };
        cell.contents.set(Some(ty.to_object()));
        dict.remove(cx, names.classcell.as_object())?;
    }
    cache::modified(ty);
    Ok(())
}

/// `__dict__` of instances.
static DICT_GETSET: GetSetDef = GetSetDef {
    name: "__dict__",
    get: Some(|cx, object| match builtin_dict_descriptor(cx, object) {
        Some(descr) => match descr.ty().slots().descr_get {
            Some(get) => get(cx, &descr, Some(object), Some(object.ty().as_object())),
            None => attr::get_dict(cx, object),
        },
        None => attr::get_dict(cx, object),
    }),
    set: Some(|cx, object, value| match builtin_dict_descriptor(cx, object) {
        Some(descr) => match descr.ty().slots().descr_set {
            Some(set) => set(cx, &descr, object, value),
            None => Err(attr::no_dict(cx)),
        },
        None => set_dict(cx, object, value),
    }),
    doc: "dictionary for instance variables (if defined)",
};

/// `del x.__dict__` empties the place, unlike `PyObject_GenericSetDict`.
fn set_dict(cx: Ctx, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(_) => attr::set_instance_dict(cx, object, value),
        None => {
            let Some(slot) = attr::dict_slot(object) else { return Err(attr::no_dict(cx)) };
            attr::drop_values(object, slot, None);
            Ok(())
        }
    }
}

/// The `__dict__` descriptor of a built-in base that keeps the dict itself (modules, ...).
fn builtin_dict_descriptor(cx: Ctx, object: &Object) -> Option<Ref> {
    let mut ty = object.ty();
    while let Some(base) = ty.base.peek() {
        if ty.dict_offset.get() != 0 && !ty.has_flag(TypeFlags::HEAPTYPE) {
            let found = cx.type_lookup(ty, &names().dict)?;
            return found.ty().slots().descr_set.is_some().then_some(found);
        }
        ty = base;
    }
    None
}

/// `__weakref__` of instances: the first weak reference, or `None`.
static WEAKREF_GETSET: GetSetDef = GetSetDef {
    name: "__weakref__",
    get: Some(|cx, object| {
        if object.ty().core.info.weaklist_offset.get() == 0 {
            return Err(cx.raise(exceptions().attribute_error, "This object has no __weakref__"));
        }
        let list = memory::weakref::list(object);
        Ok(list.into_iter().next().map_or_else(|| cx.none(), Ref::into_object))
    }),
    set: None,
    doc: "list of weak references to the object (if defined)",
};

/// Calls `__set_name__` of everything in the namespace that has it.
fn set_names(cx: Ctx, ty: &TypeObject) -> PyResult<()> {
    let Some(dict) = ty.dict.get() else { return Ok(()) };
    // Over a copy: `__set_name__` may change the class.
    let copy = dict.copy(cx)?;
    let _hold = cx.hold("the class statement", copy.as_object());
    let mut position = 0;
    while let Some((key, value)) = copy.next_entry(&mut position) {
        let held = value.as_raw();
        drop(value);
        // SAFETY: the copy, which nobody else knows, holds the value.
        let value: &Object = unsafe { held.as_ref() };
        let Some(method) = cx.lookup_special(value, &names().set_name)? else { continue };
        if let Err(raised) = with_borrowed([ty.as_object(), &*key], |args| cx.call(&method, args)) {
            let cause = cx.take_exception(raised);
            let message = format!(
                "Error calling __set_name__ on '{}' instance {} in '{}'",
                value.ty().tp_name(),
                cx.repr_text(&key)?,
                ty.tp_name()
            );
            return Err(raise_from(cx, exceptions().runtime_error, &message, cause.into_object()));
        }
    }
    Ok(())
}

/// Raises `ty(message)` with `cause` as its cause and context.
fn raise_from(cx: Ctx, ty: &TypeObject, message: &str, cause: Ref) -> crate::objects::Raised {
    let raised = cx.raise(ty, message);
    let exception = cx.take_exception(raised);
    exception.context.set(Some(cause.clone()));
    exception.cause.set(Some(cause));
    exception.suppress_context.set(true);
    cx.raise_instance(exception)
}

/// `super(cls, cls).__init_subclass__(**keywords)`.
fn init_subclass(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult<()> {
    let found = crate::objects::super_::lookup(cx, ty, ty.as_object(), &names().init_subclass)?;
    let Some(method) = found else { return Ok(()) };
    let Some(names) = args.names().filter(|_| args.has_keywords()) else {
        cx.call0(&method)?;
        return Ok(());
    };
    let names = cx.tuple_from_slice(names.as_slice());
    cx.call_args(&method, Args::new(&args.all()[args.pos().len()..], Some(&names)))?;
    Ok(())
}
