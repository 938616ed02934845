//! `method`: a callable bound to an object.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::attr::{generic_get_attr_opt, generic_set_attr};
use super::protocol::compare::hash_pointer;
use super::slots::{Args, CompareOp, Slots};
use super::spec::{GetSetDef, Layout, MemberDef, MethodDef, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{PyResult, StrObject, TypeObject, Types, names, types};
use crate::memory::free_list::FreeList;
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

#[repr(C)]
pub struct MethodObject {
    pub object: Object,
    pub function: Slot,
    pub receiver: Slot,
    /// Classic: the class in which the function was found.
    pub class: Slot,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for MethodObject {}
// SAFETY: every method has this layout; the type cannot be derived from.
unsafe impl TypedLayout for MethodObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.method
    }
}

/// Binds `function` to `instance`.
#[inline]
pub fn new_method(_cx: Ctx, function: Ref, instance: Ref) -> Ref<MethodObject> {
    let core = &types().method.core;
    if crate::era::is_classic() {
        // SAFETY: parked methods have this layout; all fields but the header are written here.
        unsafe {
            let Some(parked) = FREE.unpark(core) else { return new_counted(core, function, instance) };
            let method = parked.cast::<MethodObject>();
            let this = method.as_ptr();
            (&raw mut (*this).function).write(Slot::new(function));
            (&raw mut (*this).receiver).write(Slot::new(instance));
            (&raw mut (*this).class).write(Slot::empty());
            (&raw mut (*this).weaklist).write(Cell::new(0));
            memory::track(parked.as_ref());
            return Ref::from_owned(method);
        }
    }
    new_counted(core, function, instance)
}

#[inline]
fn new_counted(core: &memory::TypeCore, function: Ref, instance: Ref) -> Ref<MethodObject> {
    let method = memory::new_ref(core, |object| MethodObject {
        object,
        function: Slot::new(function),
        receiver: Slot::new(instance),
        class: Slot::empty(),
        weaklist: Cell::new(0),
    });
    memory::track(&method.object);
    method
}

/// Dead methods of the classic era kept for the next; the modern one keeps none.
static FREE: FreeList = FreeList::new(256);

fn this(object: &Object) -> &MethodObject {
    // SAFETY: only slots and attributes of `method` call this.
    unsafe { object.cast() }
}

impl MethodObject {
    /// Function and instance; both are there until the collector clears the method.
    #[inline]
    pub fn parts(&self) -> (Ref, Ref) {
        let none = || super::singletons::none().clone();
        (self.function.get().unwrap_or_else(none), self.receiver.get().unwrap_or_else(none))
    }
}

fn new(cx: Ctx, _ty: &TypeObject, args: Args<'_>) -> PyResult {
    let args = super::args::positional(cx, "method", args, 2, 2)?;
    if args[0].ty().slots().call.is_none() {
        return Err(cx.type_error("first argument must be callable"));
    }
    if cx.is_none(&args[1]) {
        return Err(cx.type_error("instance must not be None"));
    }
    Ok(new_method(cx, args[0].clone(), args[1].clone()).into_object())
}

fn call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let method = this(object);
    let (Some(function), Some(instance)) = (method.function.peek(), method.receiver.peek()) else {
        return Err(cx.type_error("method without a function"));
    };
    if crate::era::is_classic() {
        // Python 2.7 makes a tuple of the receiver and the arguments, which holds them during the call.
        let mut values = vec![instance.to_ref()];
        values.extend(args.all().iter().cloned());
        let held = cx.new_tuple(values);
        return cx.call_args(function, Args::new(held.as_slice(), args.names()));
    }
    // Both are kept alive by the method, which the caller keeps alive; methods never change.
    super::native::call_bound(cx, function, instance, args)
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    if crate::era::is_classic() {
        return super::classic::unbound::bound_repr(cx, this(object));
    }
    let (function, instance) = this(object).parts();
    let mut name = cx.get_attr_opt(&function, &names().qualname)?;
    if name.is_none() {
        name = cx.get_attr_opt(&function, &names().name)?;
    }
    let name = name
        .and_then(|name| name.downcast::<StrObject>().map(StrObject::to_string_lossy))
        .unwrap_or_else(|| "?".to_string());
    let text = format!("<bound method {name} of {}>", cx.repr_text(&instance)?);
    Ok(cx.new_str(&text).into_object())
}

fn hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    let (function, instance) = this(object).parts();
    let hash = hash_pointer(instance.address()) ^ cx.hash(&function)?;
    Ok(if hash == -1 { -2 } else { hash })
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, b.downcast_exact::<MethodObject>()) else {
        return Ok(cx.not_implemented());
    };
    let (function, instance) = this(a).parts();
    let (other_function, other_instance) = other.parts();
    let equal = cx.equal(&function, &other_function)? && instance.is(&other_instance);
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    // What the method does not have itself is asked of its function.
    let ty = object.ty();
    if cx.type_lookup(ty, name).is_some()
        && let Some(value) = generic_get_attr_opt(cx, object, name)?
    {
        return Ok(value);
    }
    let (function, _) = this(object).parts();
    cx.get_attr(&function, name)
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let method = object.as_ref().cast::<MethodObject>();
        memory::untrack(&method.object);
        if method.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(&method.object);
        }
        drop(method.function.take());
        drop(method.receiver.take());
        drop(method.class.take());
        if crate::era::is_classic() && FREE.park(object) {
            return;
        }
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    let method = unsafe { object.as_ref().cast::<MethodObject>() };
    method.function.trace(visitor);
    method.receiver.trace(visitor);
    method.class.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "method",
    doc: Some("method(function, instance)\n\nCreate a bound instance method object."),
    layout: Layout::gc::<MethodObject>().weaklist(offset_of!(MethodObject, weaklist)),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::HAVE_VECTORCALL),
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        getattro: Some(getattro),
        setattro: Some(generic_set_attr),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args(
        "__reduce__",
        |cx, object| {
            let (function, instance) = this(object).parts();
            let name = cx.get_attr(&function, &names().name)?;
            super::native::reduce_to_getattr(cx, instance, name)
        },
        "__reduce__($self, /)\n--\n\n",
    )],
    members: &[
        MemberDef {
            name: "__func__",
            get: |_, object| Ok(this(object).parts().0),
            set: None,
            doc: "the function (or other callable) implementing a method",
        },
        MemberDef {
            name: "__self__",
            get: |_, object| Ok(this(object).parts().1),
            set: None,
            doc: "the instance to which a method is bound",
        },
    ],
    getset: &[GetSetDef {
        name: "__doc__",
        get: Some(|cx, object| {
            let (function, _) = this(object).parts();
            Ok(cx.get_attr_opt(&function, &names().doc)?.unwrap_or_else(|| cx.none()))
        }),
        set: None,
        doc: "",
    }],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    ..TypeSpec::EMPTY
};
