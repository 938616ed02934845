//! Slot wrappers: slots as Python sees them (`int.__add__`), and bound to an object
//! (`(1).__add__`, a `method-wrapper`).

use std::ptr::NonNull;

use super::{DescrHead, EMPTY, QUALNAME, REDUCE, finish, head, show};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::objects::attr::generic_get_attr;
use crate::objects::native::{self, doc_object, signature_object};
use crate::objects::protocol::compare::hash_pointer;
use crate::objects::slots::{Args, CompareOp, Slots};
use crate::objects::spec::{GetSetDef, Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use crate::objects::type_::slotdefs::SlotDef;
use crate::objects::type_::wrap::call_wrapped;
use crate::objects::type_object::TypedLayout;
use crate::objects::{PyResult, TypeObject, Types, types};
use crate::vm::Ctx;

/// `wrapper_descriptor`: a slot of a type, callable from Python.
#[repr(C)]
pub struct WrapperDescriptor {
    pub head: DescrHead,
    pub def: &'static SlotDef,
    /// The slot function, of the type that `def` says.
    pub code: usize,
}

/// `method-wrapper`: a slot wrapper bound to an object.
#[repr(C)]
pub struct MethodWrapper {
    pub object: Object,
    pub descr: Slot<WrapperDescriptor>,
    pub self_: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for WrapperDescriptor {}
// SAFETY: every slot wrapper has this layout; the type cannot be derived from.
unsafe impl TypedLayout for WrapperDescriptor {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.wrapper_descriptor
    }
}
// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for MethodWrapper {}
// SAFETY: every method-wrapper has this layout; the type cannot be derived from.
unsafe impl TypedLayout for MethodWrapper {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.method_wrapper
    }
}

/// A `wrapper_descriptor` for the slot function `code`, which is of the type that `def` says.
pub fn new_wrapper(cx: Ctx, class: &TypeObject, def: &'static SlotDef, code: usize) -> Ref {
    finish(memory::new_ref(&types().wrapper_descriptor.core, |object| WrapperDescriptor {
        head: head(object, cx, class, def.name),
        def,
        code,
    }))
}

/// The slot function inside a slot wrapper; `None` for any other object.
pub fn wrapped_code(object: &Object) -> Option<usize> {
    object.downcast_exact::<WrapperDescriptor>().map(|wrapper| wrapper.code)
}

fn wrapper_of(object: &Object) -> &WrapperDescriptor {
    // SAFETY: only slots of the wrapper type call this.
    unsafe { object.cast() }
}

fn wrapper_get(cx: Ctx, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let Some(instance) = instance else { return Ok(object.to_object()) };
    let descr = wrapper_of(object);
    descr.head.check(cx, instance)?;
    Ok(finish(memory::new_ref(&types().method_wrapper.core, |object| MethodWrapper {
        object,
        descr: Slot::new(descr.to_ref()),
        self_: Slot::new(instance.to_object()),
    })))
}

fn wrapper_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let descr = wrapper_of(object);
    let Some(receiver) = args.pos().first() else {
        return Err(cx.type_error(format!(
            "descriptor '{}' of '{}' object needs an argument",
            descr.head.name_text(),
            descr.head.class_name()
        )));
    };
    if !descr.head.class.peek().is_some_and(|class| receiver.is_instance(class)) {
        return Err(cx.type_error(format!(
            "descriptor '{}' requires a '{}' object but received a '{}'",
            descr.head.name_text(),
            descr.head.class_name(),
            receiver.ty().tp_name()
        )));
    }
    // As `wrapperdescr_call`: a tuple of what follows the receiver.
    let rest = cx.tuple_from_slice(&args.pos()[1..]);
    let _hold = cx.hold("the call of a slot wrapper", rest.as_object());
    let rest = Args::new(&args.all()[1..], args.names()).held_by(&rest);
    call_wrapped(cx, descr.def, descr.code, receiver, rest)
}

fn bound_wrapper(object: &Object) -> &MethodWrapper {
    // SAFETY: only slots and attributes of method-wrapper call this.
    unsafe { object.cast() }
}

impl MethodWrapper {
    fn receiver(&self) -> Ref {
        self.self_.get().unwrap_or_else(|| crate::objects::singletons::none().clone())
    }
}

fn method_wrapper_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let this = bound_wrapper(object);
    let (Some(descr), Some(receiver)) = (this.descr.get(), this.self_.get()) else {
        return Err(cx.type_error("method-wrapper without an object"));
    };
    call_wrapped(cx, descr.def, descr.code, &receiver, args)
}

fn method_wrapper_repr(cx: Ctx, object: &Object) -> PyResult {
    let this = bound_wrapper(object);
    let name = this.descr.peek().map_or("", |descr| descr.def.name);
    let receiver = this.receiver();
    let text = format!(
        "<method-wrapper '{name}' of {} object at {:#x}>",
        receiver.ty().tp_name(),
        receiver.address()
    );
    Ok(cx.new_str(&text).into_object())
}

fn method_wrapper_hash(_cx: Ctx, object: &Object) -> PyResult<i64> {
    let this = bound_wrapper(object);
    let receiver = this.self_.as_raw().map_or(0, |raw| hash_pointer(raw.as_ptr() as usize));
    let descr = this.descr.as_raw().map_or(0, |raw| hash_pointer(raw.as_ptr() as usize));
    Ok(match receiver ^ descr {
        -1 => -2,
        hash => hash,
    })
}

fn method_wrapper_compare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, b.downcast_exact::<MethodWrapper>()) else {
        return Ok(cx.not_implemented());
    };
    let this = bound_wrapper(a);
    let equal = this.self_.as_raw() == other.self_.as_raw() && this.descr.as_raw() == other.descr.as_raw();
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

/// # Safety
/// As `DeallocFn`.
unsafe fn wrapper_dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of method-wrapper, called once with the count at zero.
    unsafe {
        let this = object.as_ref().cast::<MethodWrapper>();
        memory::untrack(&this.object);
        drop(this.descr.take());
        drop(this.self_.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn wrapper_traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of method-wrapper.
    let this = unsafe { object.as_ref().cast::<MethodWrapper>() };
    this.descr.trace(visitor);
    this.self_.trace(visitor);
}

pub static WRAPPER_DESCRIPTOR: TypeSpec = TypeSpec {
    name: "wrapper_descriptor",
    layout: Layout::gc::<WrapperDescriptor>(),
    basicsize: 56,
    flags: EMPTY.flags.with(TypeFlags::METHOD_DESCRIPTOR),
    slots: Slots {
        repr: Some(|cx, object| show(cx, object, "slot wrapper")),
        call: Some(wrapper_call),
        getattro: Some(generic_get_attr),
        descr_get: Some(wrapper_get),
        ..Slots::EMPTY
    },
    methods: &[REDUCE],
    getset: &[
        GetSetDef {
            name: "__doc__",
            get: Some(|cx, object| {
                Ok(doc_object(cx, wrapper_of(object).def.name, wrapper_of(object).def.doc))
            }),
            set: None,
            doc: "",
        },
        QUALNAME,
        GetSetDef {
            name: "__text_signature__",
            get: Some(|cx, object| {
                Ok(signature_object(cx, wrapper_of(object).def.name, wrapper_of(object).def.doc))
            }),
            set: None,
            doc: "",
        },
    ],
    ..EMPTY
};

fn wrapper_descr(cx: Ctx, object: &Object, of: fn(Ctx, &WrapperDescriptor) -> PyResult) -> PyResult {
    match bound_wrapper(object).descr.get() {
        Some(descr) => of(cx, &descr),
        None => Ok(cx.none()),
    }
}

pub static METHOD_WRAPPER: TypeSpec = TypeSpec {
    name: "method-wrapper",
    layout: Layout::gc::<MethodWrapper>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots {
        repr: Some(method_wrapper_repr),
        hash: Some(method_wrapper_hash),
        call: Some(method_wrapper_call),
        getattro: Some(generic_get_attr),
        richcompare: Some(method_wrapper_compare),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args(
        "__reduce__",
        |cx, object| {
            let this = bound_wrapper(object);
            let name = this.descr.peek().map_or("", |descr| descr.def.name);
            native::reduce_to_getattr(cx, this.receiver(), cx.new_str(name).into_object())
        },
        "",
    )],
    members: &[MemberDef {
        name: "__self__",
        get: |_, object| Ok(bound_wrapper(object).receiver()),
        set: None,
        doc: "",
    }],
    getset: &[
        GetSetDef {
            name: "__objclass__",
            get: Some(|cx, object| {
                wrapper_descr(cx, object, |_, descr| Ok(descr.head.class_ref().into_object()))
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__name__",
            get: Some(|cx, object| {
                wrapper_descr(cx, object, |cx, descr| Ok(cx.new_str(descr.def.name).into_object()))
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__qualname__",
            get: Some(|cx, object| wrapper_descr(cx, object, |cx, descr| descr.head.qualname(cx))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__doc__",
            get: Some(|cx, object| {
                wrapper_descr(cx, object, |cx, descr| Ok(doc_object(cx, descr.def.name, descr.def.doc)))
            }),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__text_signature__",
            get: Some(|cx, object| {
                wrapper_descr(cx, object, |cx, descr| Ok(signature_object(cx, descr.def.name, descr.def.doc)))
            }),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(wrapper_dealloc),
    traverse: Some(wrapper_traverse),
    trashcan: true,
    ..TypeSpec::EMPTY
};
