//! `super`.

use std::ptr::NonNull;

use super::attr::generic_get_attr;
use super::slots::{Args, Slots};
use super::spec::{Layout, MemberDef, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{PyResult, StrObject, TypeObject, Types, names, types};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

#[repr(C)]
pub struct SuperObject {
    pub object: Object,
    /// `__thisclass__`: the class after which the search begins.
    pub class: Slot<TypeObject>,
    /// `__self__`: empty while unbound.
    pub instance: Slot,
    /// `__self_class__`: the class whose MRO is searched.
    pub instance_class: Slot<TypeObject>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for SuperObject {}
// SAFETY: every `super` begins with this layout.
unsafe impl TypedLayout for SuperObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.super_
    }
}

fn this(object: &Object) -> &SuperObject {
    // SAFETY: only slots and attributes of `super` call this.
    unsafe { object.cast() }
}

fn new(_cx: Ctx, ty: &TypeObject, _args: Args<'_>) -> PyResult {
    let made = memory::new_ref(&ty.core, |object| SuperObject {
        object,
        class: Slot::empty(),
        instance: Slot::empty(),
        instance_class: Slot::empty(),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

/// The class whose MRO `super(class, object)` searches: `object` itself when it is a subclass,
/// else its type, or what it says its `__class__` is.
fn check(cx: Ctx, class: &TypeObject, object: &Object) -> PyResult<Ref<TypeObject>> {
    if let Some(subclass) = object.downcast::<TypeObject>()
        && subclass.is_subtype(class)
    {
        return Ok(subclass.to_ref());
    }
    if object.ty().is_subtype(class) {
        return Ok(object.ty().to_ref());
    }
    if let Some(shown) = cx.get_attr_opt(object, &names().class)?
        && let Ok(shown) = shown.downcast_ref::<TypeObject>()
        && !shown.is_type(object.ty())
        && shown.is_subtype(class)
    {
        return Ok(shown);
    }
    Err(cx.type_error("super(type, obj): obj must be an instance or subtype of type"))
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let args = super::args::positional(cx, "super", args, 0, 2)?;
    let (class, instance) = match args {
        [] => {
            let (class, instance) = cx.super_arguments()?;
            (class, Some(instance))
        }
        [class, rest @ ..] => {
            let Ok(class) = class.clone().downcast_ref::<TypeObject>() else {
                return Err(
                    cx.type_error(format!("super() argument 1 must be a type, not {}", class.ty().tp_name()))
                );
            };
            (class, rest.first().filter(|instance| !cx.is_none(instance)).cloned())
        }
    };
    let instance_class = match &instance {
        Some(instance) => Some(check(cx, &class, instance)?),
        None => None,
    };
    let sup = this(object);
    sup.class.set(Some(class));
    sup.instance.set(instance);
    sup.instance_class.set(instance_class);
    Ok(())
}

/// `super(class, object).name` without making the `super`; `None` when nothing follows `class` in
/// the MRO that has the name.
pub fn lookup(cx: Ctx, class: &TypeObject, object: &Object, name: &StrObject) -> PyResult<Option<Ref>> {
    let start = check(cx, class, object)?;
    search(cx, class, &start, object, name)
}

fn search(
    cx: Ctx,
    class: &TypeObject,
    start: &Ref<TypeObject>,
    instance: &Object,
    name: &StrObject,
) -> PyResult<Option<Ref>> {
    let Some(mro) = start.mro.get() else { return Ok(None) };
    let behind = mro.as_slice().iter().skip_while(|entry| !entry.is(class.as_object())).skip(1);
    for entry in behind {
        let Some(entry) = entry.downcast::<TypeObject>() else { continue };
        let Some(found) = entry.dict.get().and_then(|dict| dict.get_str(cx, name)) else { continue };
        return match found.ty().slots().descr_get {
            Some(get) => {
                // Seen from the class itself there is no instance.
                let bound = (!instance.is(start.as_object())).then_some(instance);
                get(cx, &found, bound, Some(start.as_object())).map(Some)
            }
            None => Ok(Some(found)),
        };
    }
    Ok(None)
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    let sup = this(object);
    if let (Some(class), Some(start), Some(instance)) =
        (sup.class.get(), sup.instance_class.get(), sup.instance.get())
        && !name.eq_text(&names().class)
        && let Some(found) = search(cx, &class, &start, &instance, name)?
    {
        return Ok(found);
    }
    generic_get_attr(cx, object, name)
}

fn descr_get(cx: Ctx, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let sup = this(object);
    let Some(instance) = instance.filter(|instance| !cx.is_none(instance)) else {
        return Ok(object.to_object());
    };
    let (Some(class), true) = (sup.class.get(), sup.instance.is_empty()) else {
        return Ok(object.to_object());
    };
    if !object.is_exact(types().super_) {
        // A derived kind is bound by calling it.
        let args = [class.into_object(), instance.to_object()];
        return cx.call(object.ty().to_object().as_object(), &args);
    }
    let instance_class = check(cx, &class, instance)?;
    let made = memory::new_ref(&types().super_.core, |object| SuperObject {
        object,
        class: Slot::new(class),
        instance: Slot::new(instance.to_object()),
        instance_class: Slot::new(instance_class),
    });
    memory::track(&made.object);
    Ok(made.into_object())
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let sup = this(object);
    let name = sup.class.peek().map_or("NULL".to_string(), TypeObject::tp_name);
    let text = match sup.instance_class.peek() {
        Some(class) => format!("<super: <class '{name}'>, <{} object>>", class.tp_name()),
        None => format!("<super: <class '{name}'>, NULL>"),
    };
    Ok(cx.new_str(&text).into_object())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let sup = object.as_ref().cast::<SuperObject>();
        memory::untrack(&sup.object);
        drop(sup.instance.take());
        drop(sup.class.take());
        drop(sup.instance_class.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    let sup = unsafe { object.as_ref().cast::<SuperObject>() };
    sup.instance.trace(visitor);
    sup.class.trace(visitor);
    sup.instance_class.trace(visitor);
}

fn or_none<T: memory::Layout>(cx: Ctx, slot: &Slot<T>) -> Ref {
    slot.get().map_or_else(|| cx.none(), Ref::into_object)
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "super",
    doc: Some(
        "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)\nUsed to call a method of the next class in line:\nclass C(B):\n    def meth(self, arg):\n        super().meth(arg)\nand a class method likewise:\nclass C(B):\n    @classmethod\n    def cmeth(cls, arg):\n        super().cmeth(arg)\n",
    ),
    layout: Layout::gc::<SuperObject>(),
    basicsize: 40,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(getattro),
        descr_get: Some(descr_get),
        ..Slots::EMPTY
    },
    members: &[
        MemberDef {
            name: "__thisclass__",
            get: |cx, object| Ok(or_none(cx, &this(object).class)),
            set: None,
            doc: "the class invoking super()",
        },
        MemberDef {
            name: "__self__",
            get: |cx, object| Ok(or_none(cx, &this(object).instance)),
            set: None,
            doc: "the instance invoking super(); may be None",
        },
        MemberDef {
            name: "__self_class__",
            get: |cx, object| Ok(or_none(cx, &this(object).instance_class)),
            set: None,
            doc: "the type of the instance invoking super(); may be None",
        },
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
