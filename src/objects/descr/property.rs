//! `property`.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::objects::args::{bind, check_count};
use crate::objects::slots::{Args, Slots};
use crate::objects::spec::{GetSetDef, Layout, MemberDef, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::type_object::TypedLayout;
use crate::objects::{PyResult, Raised, TypeObject, Types, exceptions, names, types};
use crate::vm::Ctx;

/// A property: its three functions and its doc.
#[repr(C)]
pub struct PropertyObject {
    pub object: Object,
    pub get: Slot,
    pub set: Slot,
    pub del: Slot,
    pub doc: Slot,
    /// The name given by the class body, for messages.
    pub name: Slot,
    /// The doc is the getter's.
    pub getter_doc: Cell<bool>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for PropertyObject {}
// SAFETY: every property begins with this layout.
unsafe impl TypedLayout for PropertyObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.property
    }
}

fn this(object: &Object) -> &PropertyObject {
    // SAFETY: only slots, methods and attributes of `property` call this.
    unsafe { object.cast() }
}

fn new(_cx: Ctx, ty: &TypeObject, _args: Args<'_>) -> PyResult {
    let made = memory::new_ref(&ty.core, |object| PropertyObject {
        object,
        get: Slot::empty(),
        set: Slot::empty(),
        del: Slot::empty(),
        doc: Slot::empty(),
        name: Slot::empty(),
        getter_doc: Cell::new(false),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let signature = Signature {
        name: "property",
        params: &["fget", "fset", "fdel", "doc"],
        required: 0,
        max_positional: 4,
    };
    let mut out = [None, None, None, None];
    bind(cx, &signature, args, &mut out)?;
    let [get, set, del, doc] = out;
    let given = |value: Option<Ref>| value.filter(|value| !cx.is_none(value));
    let property = this(object);
    let (get, set, del) = (given(get), given(set), given(del));
    property.get.set(get.clone());
    property.set.set(set);
    property.del.set(del);
    property.doc.set(None);
    property.getter_doc.set(false);
    property.name.set(None);
    let no_doc = doc.as_ref().is_none_or(|doc| cx.is_none(doc));
    property.doc.set(doc);
    if no_doc && let Some(get) = get {
        let found = cx.get_attr_opt(&get, &names().doc)?;
        if let Some(found) = found {
            if object.is_exact(types().property) {
                property.doc.set(Some(found));
            } else {
                // A subclass has its class's `__doc__` in the way: the instance gets its own.
                cx.set_attr(object, &names().doc, Some(&found))?;
            }
            property.getter_doc.set(true);
        }
    }
    Ok(())
}

#[cold]
fn no_function(cx: Ctx, property: &PropertyObject, instance: &Object, kind: &str) -> PyResult<Raised> {
    let class = cx.get_attr(instance.ty().as_object(), &names().qualname)?;
    let class = cx.str(&class)?.to_string_lossy();
    let message = match property.name.get() {
        Some(name) => format!("property {} of '{class}' object has no {kind}", cx.repr_text(&name)?),
        None => format!("property of '{class}' object has no {kind}"),
    };
    Ok(cx.raise(exceptions().attribute_error, message))
}

fn descr_get(cx: Ctx, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let Some(instance) = instance.filter(|instance| !cx.is_none(instance)) else {
        return Ok(object.to_object());
    };
    let property = this(object);
    match property.get.get() {
        Some(get) => cx.call1(&get, instance),
        None => Err(no_function(cx, property, instance, "getter")?),
    }
}

fn descr_set(cx: Ctx, object: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let property = this(object);
    let (function, kind) = match value {
        Some(_) => (property.set.get(), "setter"),
        None => (property.del.get(), "deleter"),
    };
    let Some(function) = function else {
        return Err(no_function(cx, property, instance, kind)?);
    };
    match value {
        Some(value) => {
            crate::objects::args::with_borrowed([instance, value], |args| cx.call(&function, args))?
        }
        None => cx.call1(&function, instance)?,
    };
    Ok(())
}

/// A copy with one function replaced (`property.setter` and its like).
fn copy(cx: Ctx, object: &Object, get: Option<&Ref>, set: Option<&Ref>, del: Option<&Ref>) -> PyResult {
    let old = this(object);
    let pick = |new: Option<&Ref>, old: &Slot| {
        new.filter(|new| !cx.is_none(new)).cloned().or_else(|| old.get()).unwrap_or_else(|| cx.none())
    };
    let get = pick(get, &old.get);
    let doc = if old.getter_doc.get() && !cx.is_none(&get) {
        cx.none()
    } else {
        old.doc.get().unwrap_or_else(|| cx.none())
    };
    let class = object.ty().to_object();
    let args = [get, pick(set, &old.set), pick(del, &old.del), doc];
    let made = cx.call(&class, &args)?;
    if let Some(copy) = made.downcast::<PropertyObject>() {
        copy.name.set(old.name.get());
    }
    Ok(made)
}

fn is_abstract(cx: Ctx, object: &Object) -> PyResult {
    let property = this(object);
    for slot in [&property.get, &property.set, &property.del] {
        if let Some(function) = slot.get()
            && crate::objects::wrappers::is_abstract(cx, &function)?
        {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

fn set_name(cx: Ctx, object: &Object, args: &[Ref]) -> PyResult {
    if args.len() != 2 {
        return Err(cx.type_error(format!(
            "__set_name__() takes 2 positional arguments but {} were given",
            args.len()
        )));
    }
    check_count(cx, "__set_name__", args, 2, 2)?;
    this(object).name.set(Some(args[1].clone()));
    Ok(cx.none())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let property = object.as_ref().cast::<PropertyObject>();
        memory::untrack(&property.object);
        for slot in [&property.get, &property.set, &property.del, &property.doc, &property.name] {
            drop(slot.take());
        }
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    let property = unsafe { object.as_ref().cast::<PropertyObject>() };
    for slot in [&property.get, &property.set, &property.del, &property.doc, &property.name] {
        slot.trace(visitor);
    }
}

/// # Safety
/// As `ClearFn`.
unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of this type.
    let property = unsafe { object.as_ref().cast::<PropertyObject>() };
    drop(property.doc.take());
}

macro_rules! field {
    ($name:literal, $field:ident) => {
        MemberDef {
            name: $name,
            get: |cx, object| Ok(this(object).$field.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "",
        }
    };
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "property",
    doc: Some(
        "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\nAn attribute computed by functions.\n\n  fget\n    function that returns the value\n  fset\n    function that takes a new value\n  fdel\n    function that deletes it\n  doc\n    docstring\n\nMostly written as a decorator:\n\nclass C(object):\n    @property\n    def x(self):\n        \"The x of this object.\"\n        return self._x\n    @x.setter\n    def x(self, value):\n        self._x = value\n    @x.deleter\n    def x(self):\n        del self._x",
    ),
    layout: Layout::gc::<PropertyObject>(),
    basicsize: 64,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::BASETYPE),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        getattro: Some(crate::objects::attr::generic_get_attr),
        descr_get: Some(descr_get),
        descr_set: Some(descr_set),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one(
            "getter",
            |cx, object, f| copy(cx, object, Some(f), None, None),
            "A property with another getter.",
        ),
        MethodDef::one(
            "setter",
            |cx, object, f| copy(cx, object, None, Some(f), None),
            "A property with another setter.",
        ),
        MethodDef::one(
            "deleter",
            |cx, object, f| copy(cx, object, None, None, Some(f)),
            "A property with another deleter.",
        ),
        MethodDef::varargs("__set_name__", set_name, "Learn the name of the property."),
    ],
    members: &[
        field!("fget", get),
        field!("fset", set),
        field!("fdel", del),
        MemberDef {
            name: "__doc__",
            get: |cx, object| Ok(this(object).doc.get().unwrap_or_else(|| cx.none())),
            set: Some(|_, object, value| {
                this(object).doc.set(value.map(|value| value.to_object()));
                Ok(())
            }),
            doc: "",
        },
    ],
    getset: &[GetSetDef { name: "__isabstractmethod__", get: Some(is_abstract), set: None, doc: "" }],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
