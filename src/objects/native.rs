//! `builtin_function_or_method`: native functions bound to a module, an object or a type.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::args::with_first;
use super::protocol::compare::hash_pointer;
use super::slots::{Args, CompareOp, Slots};
use super::spec::{GetSetDef, Layout, MemberDef, MethodDef, NativeFn, TypeFlags, TypeSpec};
use super::type_object::TypedLayout;
use super::{PyResult, StrObject, TypeObject, Types, names, types};
use crate::memory::{self, Layout as _, Object, Ref, Slot, Visitor};
use crate::vm::Ctx;

/// A native function together with what it is bound to.
#[repr(C)]
pub struct NativeFunctionObject {
    pub object: Object,
    pub def: &'static MethodDef,
    /// The receiver: a module, an object, a type; empty for static methods.
    pub self_: Slot,
    /// Name of the module the function belongs to (`__module__`).
    pub module: Slot,
    pub weaklist: Cell<usize>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl memory::Layout for NativeFunctionObject {}
// SAFETY: every native function has this layout; the type cannot be derived from.
unsafe impl TypedLayout for NativeFunctionObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.builtin_function
    }
}

/// A native function bound to `receiver` (the module for module functions).
pub fn new_native(
    _cx: Ctx,
    def: &'static MethodDef,
    receiver: Option<Ref>,
    module: Option<Ref>,
) -> Ref<NativeFunctionObject> {
    let function = memory::new_ref(&types().builtin_function.core, |object| NativeFunctionObject {
        object,
        def,
        self_: Slot::from_option(receiver),
        module: Slot::from_option(module),
        weaklist: Cell::new(0),
    });
    memory::track(&function.object);
    function
}

impl NativeFunctionObject {
    /// `__qualname__`: with the receiver's class for methods.
    pub fn qualname(&self, cx: Ctx) -> PyResult<String> {
        let name = self.def.name;
        match self.self_.peek() {
            None => Ok(name.to_string()),
            Some(receiver) if receiver.is_instance(types().module) => Ok(name.to_string()),
            Some(receiver) => {
                let class = match receiver.downcast::<TypeObject>() {
                    Some(class) => class.to_object(),
                    None => receiver.ty().to_object(),
                };
                let qualname = cx.get_attr(&class, &names().qualname)?;
                match qualname.downcast::<StrObject>() {
                    Some(text) => Ok(format!("{}.{name}", text.to_string_lossy())),
                    None => Err(cx.type_error("<method>.__class__.__qualname__ is not a unicode object")),
                }
            }
        }
    }

    /// The name as error messages show it (`_PyObject_FunctionStr`): `len()`, `math.sqrt()`.
    fn shown(&self, cx: Ctx) -> String {
        let name = self.qualname(cx).unwrap_or_else(|raised| {
            cx.clear_exception(raised);
            self.def.name.to_string()
        });
        match self.module.peek().and_then(|module| module.downcast::<StrObject>()) {
            Some(module) if !module.eq_str("builtins") => format!("{}.{name}()", module.to_string_lossy()),
            _ => format!("{name}()"),
        }
    }
}

/// Calls a native function by its convention, checking counts; `shown` names it in messages.
#[inline]
pub fn call_def(
    cx: Ctx,
    def: &MethodDef,
    receiver: &Object,
    args: Args<'_>,
    shown: impl FnOnce() -> String,
) -> PyResult {
    let _guard = cx.enter_recursion(" while calling a Python object")?;
    match def.function {
        NativeFn::Keywords(function) => return function(cx, receiver, args),
        NativeFn::VarargsKeywords(function) => {
            return cx.with_argument_tuple(args, |args| function(cx, receiver, args));
        }
        _ if args.has_keywords() => {
            return Err(cx.type_error(format!("{} takes no keyword arguments", shown())));
        }
        NativeFn::Fast(function) => return function(cx, receiver, args.pos()),
        NativeFn::Varargs(function) => {
            return cx.with_argument_tuple(args, |args| function(cx, receiver, args.pos()));
        }
        NativeFn::One(function) => {
            if let [argument] = args.pos() {
                return function(cx, receiver, argument);
            }
        }
        NativeFn::NoArgs(function) => {
            if args.pos().is_empty() {
                return function(cx, receiver);
            }
        }
    }
    let wanted = match def.function {
        NativeFn::One(_) => "exactly one argument",
        _ => "no arguments",
    };
    Err(cx.type_error(format!("{} takes {wanted} ({} given)", shown(), args.pos().len())))
}

/// `tp_call`.
pub fn call(cx: Ctx, callable: &Object, args: Args<'_>) -> PyResult {
    // SAFETY: the slot of this very type.
    let function = unsafe { callable.cast::<NativeFunctionObject>() };
    let receiver = function.self_.peek().unwrap_or(callable);
    call_def(cx, function.def, receiver, args, || match function.def.function {
        // Functions that take a tuple say only their name.
        NativeFn::Varargs(_) => format!("{}()", function.def.name),
        _ => function.shown(cx),
    })
}

/// The doc string without its text signature.
pub fn doc_of<'a>(name: &str, doc: &'a str) -> &'a str {
    match split_signature(name, doc) {
        Some((_, rest)) => rest,
        None => doc,
    }
}

/// `__text_signature__`, where the doc string begins with one.
pub fn signature_of<'a>(name: &str, doc: &'a str) -> Option<&'a str> {
    split_signature(name, doc).map(|(signature, _)| signature)
}

fn split_signature<'a>(name: &str, doc: &'a str) -> Option<(&'a str, &'a str)> {
    const MARK: &str = ")\n--\n\n";
    let name = name.rsplit('.').next().unwrap_or(name);
    let rest = doc.strip_prefix(name).filter(|rest| rest.starts_with('('))?;
    let end = rest.find(MARK)?;
    Some((&rest[..=end], &rest[end + MARK.len()..]))
}

/// `doc` as `__doc__` shows it: `None` when empty.
pub fn doc_object(cx: Ctx, name: &str, doc: &str) -> Ref {
    match doc_of(name, doc) {
        "" => cx.none(),
        text => cx.new_str(text).into_object(),
    }
}

/// `doc`'s signature as `__text_signature__` shows it.
pub fn signature_object(cx: Ctx, name: &str, doc: &str) -> Ref {
    match signature_of(name, doc) {
        None => cx.none(),
        Some(text) => cx.new_str(text).into_object(),
    }
}

fn this(object: &Object) -> &NativeFunctionObject {
    // SAFETY: only slots, methods and attributes of this type call this; it has no subclasses.
    unsafe { object.cast() }
}

fn bound_to_object(function: &NativeFunctionObject) -> Option<&Object> {
    function.self_.peek().filter(|receiver| !receiver.is_instance(types().module))
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let function = this(object);
    let text = match bound_to_object(function) {
        None => format!("<built-in function {}>", function.def.name),
        Some(receiver) => format!(
            "<built-in method {} of {} object at {:#x}>",
            function.def.name,
            receiver.ty().tp_name(),
            receiver.address()
        ),
    };
    Ok(cx.new_str(&text).into_object())
}

fn hash(_cx: Ctx, object: &Object) -> PyResult<i64> {
    let function = this(object);
    let receiver = function.self_.peek().map_or(0, |receiver| hash_pointer(receiver.address()));
    let code = hash_pointer(std::ptr::from_ref(function.def) as usize);
    Ok(match receiver ^ code {
        -1 => -2,
        hash => hash,
    })
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(other)) = (op, b.downcast_exact::<NativeFunctionObject>())
    else {
        return Ok(cx.not_implemented());
    };
    let function = this(a);
    let equal = function.self_.as_raw() == other.self_.as_raw() && std::ptr::eq(function.def, other.def);
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let function = this(object);
    let name = cx.new_str(function.def.name).into_object();
    match bound_to_object(function) {
        None => Ok(name),
        Some(receiver) => {
            let receiver = receiver.to_object();
            reduce_to_getattr(cx, receiver, name)
        }
    }
}

/// `(getattr, (object, name))`: how bound and unbound native methods are pickled.
pub fn reduce_to_getattr(cx: Ctx, object: Ref, name: Ref) -> PyResult {
    let getattr = cx.builtin("getattr")?;
    let args = cx.new_tuple(vec![object, name]).into_object();
    Ok(cx.new_tuple(vec![getattr, args]).into_object())
}

/// # Safety
/// As `DeallocFn`.
unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of this type, called once with the count at zero.
    unsafe {
        let function = object.as_ref().cast::<NativeFunctionObject>();
        memory::untrack(&function.object);
        if function.weaklist.get() != 0 {
            memory::weakref::clear_weakrefs(&function.object);
        }
        drop(function.self_.take());
        drop(function.module.take());
        memory::free_object(object);
    }
}

/// # Safety
/// As `TraverseFn`.
unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    use memory::Trace;
    // SAFETY: the slot of this type.
    let function = unsafe { object.as_ref().cast::<NativeFunctionObject>() };
    function.self_.trace(visitor);
    function.module.trace(visitor);
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    layout: Layout::gc::<NativeFunctionObject>().weaklist(offset_of!(NativeFunctionObject, weaklist)),
    basicsize: 56,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::HAVE_VECTORCALL).with(TypeFlags::DISALLOW_INSTANTIATION),
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        getattro: Some(super::attr::generic_get_attr),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", reduce, "")],
    members: &[MemberDef {
        name: "__module__",
        get: |cx, object| Ok(this(object).module.get().unwrap_or_else(|| cx.none())),
        set: Some(|_, object, value| {
            this(object).module.set(value.map(|value| value.to_object()));
            Ok(())
        }),
        doc: "",
    }],
    getset: &[
        GetSetDef {
            name: "__doc__",
            get: Some(|cx, object| Ok(doc_object(cx, this(object).def.name, this(object).def.doc))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__name__",
            get: Some(|cx, object| Ok(cx.new_str(this(object).def.name).into_object())),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__qualname__",
            get: Some(|cx, object| Ok(cx.new_str(&this(object).qualname(cx)?).into_object())),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__self__",
            get: Some(|cx, object| Ok(this(object).self_.get().unwrap_or_else(|| cx.none()))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__text_signature__",
            get: Some(|cx, object| Ok(signature_object(cx, this(object).def.name, this(object).def.doc))),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    trashcan: true,
    ..TypeSpec::EMPTY
};

/// Calls `function` with `first` before `args`, for bound methods.
#[inline]
pub fn call_bound(cx: Ctx, function: &Object, first: &Object, args: Args<'_>) -> PyResult {
    with_first(first, args.all(), |all| cx.call_args(function, Args::new(all, args.names())))
}
