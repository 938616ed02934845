//! Descriptors of built-in types: methods, computed attributes and fields. All begin with
//! [`DescrHead`]. Slot wrappers, `property` and `mappingproxy` have files of their own.

pub mod mappingproxy;
pub mod property;
pub mod slot_wrapper;

pub use mappingproxy::SPEC as MAPPINGPROXY;
pub use property::SPEC as PROPERTY;
pub use slot_wrapper::{
    METHOD_WRAPPER, MethodWrapper, WRAPPER_DESCRIPTOR, WrapperDescriptor, new_wrapper, wrapped_code,
};

use std::ptr::NonNull;

use super::attr::generic_get_attr;
use super::native::{self, call_def, doc_object, signature_object};
use super::slots::{Args, Slots};
use super::spec::{GetSetDef, Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use super::type_::instance::member_slot;
use super::type_object::TypedLayout;
use super::{PyResult, Raised, StrObject, TypeObject, Types, names, types};
use crate::memory::{self, Layout as _, Object, Ref, Slot, TypeCore, Visitor};
use crate::vm::Ctx;

/// What every descriptor of a built-in type begins with.
#[repr(C)]
pub struct DescrHead {
    pub object: Object,
    /// `__objclass__`.
    pub class: Slot<TypeObject>,
    pub name: Slot<StrObject>,
    /// `__qualname__`, made when first asked for.
    pub qualname: Slot,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for DescrHead {}

/// `method_descriptor` and `classmethod_descriptor`.
#[repr(C)]
pub struct MethodDescriptor {
    pub head: DescrHead,
    pub def: &'static MethodDef,
}

/// `getset_descriptor`.
#[repr(C)]
pub struct GetSetDescriptor {
    pub head: DescrHead,
    pub def: &'static GetSetDef,
}

/// `member_descriptor`: a field of a built-in type or a `__slots__` entry.
#[repr(C)]
pub struct MemberDescriptor {
    pub head: DescrHead,
    pub kind: Member,
}

/// What a member descriptor reads.
pub enum Member {
    Field(&'static MemberDef),
    /// A `Slot` at this offset (see [`member_slot`]).
    Slot(usize),
}

macro_rules! layouts {
    ($($name:ident: $ty:ident,)*) => {
        $(// SAFETY: `repr(C)` with the header first.
        unsafe impl memory::Layout for $name {}
        // SAFETY: every object of the type has this layout; it cannot be derived from.
        unsafe impl TypedLayout for $name {
            fn type_of(types: &Types) -> &'static TypeObject {
                types.$ty
            }
        })*
    };
}

layouts! {
    MethodDescriptor: method_descriptor,
    GetSetDescriptor: getset_descriptor,
    MemberDescriptor: member_descriptor,
}

fn head(object: Object, cx: Ctx, class: &TypeObject, name: &str) -> DescrHead {
    DescrHead {
        object,
        class: Slot::new(class.to_ref()),
        name: Slot::new(cx.intern(name)),
        qualname: Slot::empty(),
    }
}

fn finish<T: memory::Layout>(made: Ref<T>) -> Ref {
    let made = made.into_object();
    memory::track(&made);
    made
}

fn new_method_like(cx: Ctx, ty: &TypeCore, class: &TypeObject, def: &'static MethodDef) -> Ref {
    finish(memory::new_ref(ty, |object| MethodDescriptor { head: head(object, cx, class, def.name), def }))
}

/// A `method_descriptor` of `class`.
pub fn new_method(cx: Ctx, class: &TypeObject, def: &'static MethodDef) -> Ref {
    new_method_like(cx, &types().method_descriptor.core, class, def)
}

/// A `classmethod_descriptor` of `class`.
pub fn new_class_method(cx: Ctx, class: &TypeObject, def: &'static MethodDef) -> Ref {
    new_method_like(cx, &types().classmethod_descriptor.core, class, def)
}

/// A `getset_descriptor` of `class`.
pub fn new_getset(cx: Ctx, class: &TypeObject, def: &'static GetSetDef) -> Ref {
    finish(memory::new_ref(&types().getset_descriptor.core, |object| GetSetDescriptor {
        head: head(object, cx, class, def.name),
        def,
    }))
}

/// A `member_descriptor` of `class`.
pub fn new_member(cx: Ctx, class: &TypeObject, name: &StrObject, kind: Member) -> Ref {
    finish(memory::new_ref(&types().member_descriptor.core, |object| {
        let mut head = head(object, cx, class, "");
        head.name = Slot::new(name.to_ref());
        MemberDescriptor { head, kind }
    }))
}

fn head_of(object: &Object) -> &DescrHead {
    // SAFETY: only slots and attributes of descriptor types call this, and all begin so.
    unsafe { object.cast() }
}

impl DescrHead {
    fn name_text(&self) -> String {
        self.name.peek().map_or(String::new(), StrObject::to_string_lossy)
    }

    fn class_name(&self) -> String {
        self.class.peek().map_or(String::new(), TypeObject::tp_name)
    }

    fn class_ref(&self) -> Ref<TypeObject> {
        self.class.get().unwrap_or_else(|| types().object.to_ref())
    }

    fn qualname(&self, cx: Ctx) -> PyResult {
        if let Some(known) = self.qualname.get() {
            return Ok(known);
        }
        let class = self.class_ref();
        let outer = cx.get_attr(class.as_object(), &names().qualname)?;
        let Some(outer) = outer.downcast::<StrObject>() else {
            return Err(cx.type_error("<descriptor>.__objclass__.__qualname__ is not a unicode object"));
        };
        let text = cx.new_str(&format!("{}.{}", outer.to_string_lossy(), self.name_text())).into_object();
        self.qualname.set(Some(text.clone()));
        Ok(text)
    }

    /// The name in messages of native functions (`_PyObject_FunctionStr`).
    fn shown(&self, cx: Ctx) -> String {
        match self.qualname(cx) {
            Ok(name) => match name.downcast::<StrObject>() {
                Some(name) => format!("{}()", name.to_string_lossy()),
                None => format!("{}()", self.name_text()),
            },
            Err(raised) => {
                cx.clear_exception(raised);
                format!("{}()", self.name_text())
            }
        }
    }

    #[cold]
    fn wrong_receiver(&self, cx: Ctx, receiver: &Object) -> Raised {
        cx.type_error(format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            self.name_text(),
            self.class_name(),
            receiver.ty().tp_name()
        ))
    }

    #[inline]
    fn check(&self, cx: Ctx, receiver: &Object) -> PyResult<()> {
        match self.class.peek() {
            Some(class) if receiver.is_instance(class) => Ok(()),
            _ => Err(self.wrong_receiver(cx, receiver)),
        }
    }
}

// ---- method_descriptor ----

fn method_of(object: &Object) -> &MethodDescriptor {
    // SAFETY: only slots of the two method descriptor types call this.
    unsafe { object.cast() }
}

fn method_get(cx: Ctx, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let Some(instance) = instance else { return Ok(object.to_object()) };
    let descr = method_of(object);
    descr.head.check(cx, instance)?;
    Ok(native::new_native(cx, descr.def, Some(instance.to_object()), None).into_object())
}

fn method_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let descr = method_of(object);
    let Some(receiver) = args.pos().first() else {
        return Err(cx.type_error(format!("unbound method {} needs an argument", descr.head.shown(cx))));
    };
    descr.head.check(cx, receiver)?;
    call_def(cx, descr.def, receiver, Args::new(&args.all()[1..], args.names()), || descr.head.shown(cx))
}

fn class_method_get(cx: Ctx, object: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    let descr = method_of(object);
    let (name, class) = (descr.head.name_text(), descr.head.class_ref());
    let owner = match (owner, instance) {
        (Some(owner), _) => owner.to_object(),
        (None, Some(instance)) => instance.ty().to_object(),
        (None, None) => {
            return Err(cx.type_error(format!(
                "descriptor '{name}' for type '{}' needs either an object or a type",
                class.tp_name()
            )));
        }
    };
    let Some(owner_type) = owner.downcast::<TypeObject>() else {
        return Err(cx.type_error(format!(
            "descriptor '{name}' for type '{}' needs a type, not a '{}' as arg 2",
            class.tp_name(),
            owner.ty().tp_name()
        )));
    };
    if !owner_type.is_subtype(&class) {
        return Err(cx.type_error(format!(
            "descriptor '{name}' requires a subtype of '{}' but received '{}'",
            class.tp_name(),
            owner_type.tp_name()
        )));
    }
    Ok(native::new_native(cx, descr.def, Some(owner.clone()), None).into_object())
}

fn class_method_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let descr = method_of(object);
    let Some(owner) = args.pos().first() else {
        return Err(cx.type_error(format!(
            "descriptor '{}' of '{}' object needs an argument",
            descr.head.name_text(),
            descr.head.class_name()
        )));
    };
    let bound = class_method_get(cx, object, None, Some(owner))?;
    cx.call_args(&bound, Args::new(&args.all()[1..], args.names()))
}

// ---- getset_descriptor ----

fn getset_of(object: &Object) -> &GetSetDescriptor {
    // SAFETY: only slots of the getset type call this.
    unsafe { object.cast() }
}

fn getset_get(cx: Ctx, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let Some(instance) = instance else { return Ok(object.to_object()) };
    let descr = getset_of(object);
    descr.head.check(cx, instance)?;
    match descr.def.get {
        Some(get) => get(cx, instance),
        None => Err(unreadable(cx, &descr.head, instance)),
    }
}

#[cold]
fn unreadable(cx: Ctx, head: &DescrHead, _instance: &Object) -> Raised {
    cx.raise(
        super::exceptions().attribute_error,
        format!("attribute '{}' of '{}' objects is not readable", head.name_text(), head.class_name()),
    )
}

#[cold]
fn not_writable(cx: Ctx, head: &DescrHead) -> Raised {
    cx.raise(
        super::exceptions().attribute_error,
        format!("attribute '{}' of '{}' objects is not writable", head.name_text(), head.class_name()),
    )
}

fn getset_set(cx: Ctx, object: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let descr = getset_of(object);
    descr.head.check(cx, instance)?;
    match descr.def.set {
        Some(set) => set(cx, instance, value),
        None => Err(not_writable(cx, &descr.head)),
    }
}

// ---- member_descriptor ----

fn member_of(object: &Object) -> &MemberDescriptor {
    // SAFETY: only slots of the member type call this.
    unsafe { object.cast() }
}

fn member_get(cx: Ctx, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let Some(instance) = instance else { return Ok(object.to_object()) };
    let descr = member_of(object);
    descr.head.check(cx, instance)?;
    match &descr.kind {
        Member::Field(def) => (def.get)(cx, instance),
        Member::Slot(offset) => match member_slot(instance, *offset).get() {
            Some(value) => Ok(value),
            None => {
                let name = descr.head.name.get().unwrap_or_else(|| cx.new_str(""));
                Err(cx.raise(
                    super::exceptions().attribute_error,
                    format!(
                        "'{}' object has no attribute '{}'",
                        instance.ty().tp_name(),
                        name.to_string_lossy()
                    ),
                ))
            }
        },
    }
}

fn member_set(cx: Ctx, object: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let descr = member_of(object);
    descr.head.check(cx, instance)?;
    match &descr.kind {
        Member::Field(def) => match def.set {
            Some(set) => set(cx, instance, value),
            None => Err(cx.raise(super::exceptions().attribute_error, "readonly attribute")),
        },
        Member::Slot(offset) => {
            let slot = member_slot(instance, *offset);
            if value.is_none() && slot.is_empty() {
                return Err(cx.raise(super::exceptions().attribute_error, descr.head.name_text()));
            }
            slot.set(value.map(|value| value.to_object()));
            Ok(())
        }
    }
}

// ---- what they have in common ----

fn show(cx: Ctx, object: &Object, kind: &str) -> PyResult {
    let head = head_of(object);
    let text = format!("<{kind} '{}' of '{}' objects>", head.name_text(), head.class_name());
    Ok(cx.new_str(&text).into_object())
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let head = head_of(object);
    let name = head.name.get().map_or_else(|| cx.none(), Ref::into_object);
    native::reduce_to_getattr(cx, head.class_ref().into_object(), name)
}

fn get_objclass(_cx: Ctx, object: &Object) -> PyResult {
    Ok(head_of(object).class_ref().into_object())
}

fn get_name(cx: Ctx, object: &Object) -> PyResult {
    Ok(head_of(object).name.get().map_or_else(|| cx.none(), Ref::into_object))
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of descriptor types, called once with the count at zero.
    unsafe {
        let head = object.as_ref().cast::<DescrHead>();
        memory::untrack(&head.object);
        drop(head.class.take());
        drop(head.name.take());
        drop(head.qualname.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of descriptor types.
    let head = unsafe { object.as_ref().cast::<DescrHead>() };
    head.class.trace(visitor);
    // Names are strings, which CPython does not visit; the audit wants every reference.
    head.name.trace(visitor);
    head.qualname.trace(visitor);
}

const OBJCLASS: MemberDef = MemberDef { name: "__objclass__", get: get_objclass, set: None, doc: "" };
const NAME: MemberDef = MemberDef { name: "__name__", get: get_name, set: None, doc: "" };
const QUALNAME: GetSetDef = GetSetDef {
    name: "__qualname__",
    get: Some(|cx, object| head_of(object).qualname(cx)),
    set: None,
    doc: "",
};
const REDUCE: MethodDef = MethodDef::no_args("__reduce__", reduce, "");

const METHOD_GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "__doc__",
        get: Some(|cx, object| Ok(doc_object(cx, method_of(object).def.name, method_of(object).def.doc))),
        set: None,
        doc: "",
    },
    QUALNAME,
    GetSetDef {
        name: "__text_signature__",
        get: Some(|cx, object| {
            Ok(signature_object(cx, method_of(object).def.name, method_of(object).def.doc))
        }),
        set: None,
        doc: "",
    },
];

const EMPTY: TypeSpec = TypeSpec {
    layout: Layout::gc::<DescrHead>(),
    flags: TypeFlags::HAVE_GC.with(TypeFlags::DISALLOW_INSTANTIATION),
    members: &[OBJCLASS, NAME],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};

pub static METHOD_DESCRIPTOR: TypeSpec = TypeSpec {
    name: "method_descriptor",
    layout: Layout::gc::<MethodDescriptor>(),
    basicsize: 56,
    flags: EMPTY.flags.with(TypeFlags::HAVE_VECTORCALL).with(TypeFlags::METHOD_DESCRIPTOR),
    slots: Slots {
        repr: Some(|cx, object| show(cx, object, "method")),
        call: Some(method_call),
        getattro: Some(generic_get_attr),
        descr_get: Some(method_get),
        ..Slots::EMPTY
    },
    methods: &[REDUCE],
    getset: METHOD_GETSET,
    ..EMPTY
};

pub static CLASSMETHOD_DESCRIPTOR: TypeSpec = TypeSpec {
    name: "classmethod_descriptor",
    layout: Layout::gc::<MethodDescriptor>(),
    basicsize: 56,
    slots: Slots {
        repr: Some(|cx, object| show(cx, object, "method")),
        call: Some(class_method_call),
        getattro: Some(generic_get_attr),
        descr_get: Some(class_method_get),
        ..Slots::EMPTY
    },
    getset: METHOD_GETSET,
    ..EMPTY
};

pub static GETSET_DESCRIPTOR: TypeSpec = TypeSpec {
    name: "getset_descriptor",
    layout: Layout::gc::<GetSetDescriptor>(),
    basicsize: 48,
    slots: Slots {
        repr: Some(|cx, object| show(cx, object, "attribute")),
        getattro: Some(generic_get_attr),
        descr_get: Some(getset_get),
        descr_set: Some(getset_set),
        ..Slots::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "__doc__",
            get: Some(|cx, object| {
                let doc = getset_of(object).def.doc;
                Ok(if doc.is_empty() { cx.none() } else { cx.new_str(doc).into_object() })
            }),
            set: None,
            doc: "",
        },
        QUALNAME,
    ],
    ..EMPTY
};

pub static MEMBER_DESCRIPTOR: TypeSpec = TypeSpec {
    name: "member_descriptor",
    layout: Layout::gc::<MemberDescriptor>(),
    basicsize: 48,
    slots: Slots {
        repr: Some(|cx, object| show(cx, object, "member")),
        getattro: Some(generic_get_attr),
        descr_get: Some(member_get),
        descr_set: Some(member_set),
        ..Slots::EMPTY
    },
    methods: &[REDUCE],
    getset: &[
        GetSetDef {
            name: "__doc__",
            get: Some(|cx, object| match &member_of(object).kind {
                Member::Field(def) if !def.doc.is_empty() => Ok(cx.new_str(def.doc).into_object()),
                _ => Ok(cx.none()),
            }),
            set: None,
            doc: "",
        },
        QUALNAME,
    ],
    ..EMPTY
};
