//! `function`.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::Ctx;
use super::code_object::Code;
use crate::memory::{Layout as MemoryLayout, Object, Ref, Slot, Trace, Visitor, dealloc_as, new_ref, track};
use crate::objects::spec::{Layout, TypeFlags};
use crate::objects::{
    DictObject, GetSetDef, MemberDef, PyResult, Slots, StrObject, TupleObject, TypeObject, TypeSpec,
    TypedLayout, Types, names, types,
};

/// A function. Fields stand in the order in which CPython 3.11 releases them.
#[repr(C)]
pub struct FunctionObject {
    pub object: Object,
    pub globals: Slot<DictObject>,
    pub builtins: Slot,
    pub module: Slot,
    pub defaults: Slot<TupleObject>,
    pub kwdefaults: Slot<DictObject>,
    pub doc: Slot,
    pub dict: Slot<DictObject>,
    pub closure: Slot<TupleObject>,
    pub annotations: Slot,
    pub code: Slot<Code>,
    pub name: Slot<StrObject>,
    pub qualname: Slot<StrObject>,
    pub weaklist: Cell<usize>,
    /// Changes when code or defaults do; 0 when there is none yet. Inline caches key on it.
    pub version: Cell<u32>,
}

// SAFETY: `repr(C)` with the header first.
unsafe impl MemoryLayout for FunctionObject {}
// SAFETY: `function` cannot be subclassed; every instance has this layout.
unsafe impl TypedLayout for FunctionObject {
    fn type_of(types: &Types) -> &'static TypeObject {
        types.function
    }
}

impl FunctionObject {
    #[inline(always)]
    pub fn code(&self) -> &Code {
        self.code.peek().expect("a function has its code until it is cleared")
    }
}

/// Makes a function over `globals` (`PyFunction_NewWithQualName`).
pub fn new_function(cx: Ctx, code: Ref<Code>, globals: Ref<DictObject>) -> PyResult<Ref<FunctionObject>> {
    let builtins = builtins_of(cx, &globals)?;
    let doc = match code.consts.as_slice().first() {
        Some(first) if first.is_instance(types().str) => first.clone(),
        _ => cx.none(),
    };
    let module = globals.get_str(cx, &names().name);
    let name = code.name.clone();
    let qualname = code.qualname.clone();
    let function = new_ref(&types().function.core, |object| FunctionObject {
        object,
        globals: Slot::new(globals),
        builtins: Slot::new(builtins),
        module: Slot::from_option(module),
        defaults: Slot::empty(),
        kwdefaults: Slot::empty(),
        doc: Slot::new(doc),
        dict: Slot::empty(),
        closure: Slot::empty(),
        annotations: Slot::empty(),
        code: Slot::new(code),
        name: Slot::new(name),
        qualname: Slot::new(qualname),
        weaklist: Cell::new(0),
        version: Cell::new(0),
    });
    track(function.as_object());
    Ok(function)
}

/// `__builtins__` of a namespace: a module's dict, a dict, or the interpreter's own.
pub fn builtins_of(cx: Ctx, globals: &DictObject) -> PyResult {
    match globals.get_str(cx, &names().builtins) {
        Some(found) => match found.downcast::<crate::objects::ModuleObject>() {
            Some(module) => Ok(module.dict.get().map_or_else(|| cx.none(), Ref::into_object)),
            None => Ok(found),
        },
        None => Ok(cx.vm().builtins.get().map_or_else(|| cx.none(), Ref::into_object)),
    }
}

fn receiver(object: &Object) -> &FunctionObject {
    // SAFETY: slots and attributes of the `function` type are called with functions only.
    unsafe { object.cast() }
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let function = receiver(object);
    let name = if crate::era::is_classic() { &function.name } else { &function.qualname };
    let name = name.get().map_or_else(String::new, |n| n.to_string_lossy());
    Ok(cx.new_str(&format!("<function {name} at {:#x}>", object.address())).into_object())
}

fn descr_get(cx: Ctx, function: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    match instance {
        Some(instance) if !cx.is_none(instance) => {
            Ok(crate::objects::method::new_method(cx, function.to_ref(), instance.to_ref()).into_object())
        }
        _ => Ok(function.to_ref()),
    }
}

fn call(cx: Ctx, function: &Object, args: crate::objects::Args<'_>) -> PyResult {
    super::call::call_function(cx, receiver(function), args)
}

fn optional<T: MemoryLayout>(cx: Ctx, slot: &Slot<T>) -> Ref {
    slot.get().map_or_else(|| cx.none(), Ref::into_object)
}

static MEMBERS: &[MemberDef] = &[
    MemberDef {
        name: "__closure__",
        get: |cx, f| Ok(optional(cx, &receiver(f).closure)),
        set: None,
        doc: "",
    },
    MemberDef {
        name: "__doc__",
        get: |cx, f| Ok(optional(cx, &receiver(f).doc)),
        set: Some(|_, f, value| {
            receiver(f).doc.set(value.map(Object::to_ref));
            Ok(())
        }),
        doc: "",
    },
    MemberDef {
        name: "__globals__",
        get: |cx, f| Ok(optional(cx, &receiver(f).globals)),
        set: None,
        doc: "",
    },
    MemberDef {
        name: "__module__",
        get: |cx, f| Ok(optional(cx, &receiver(f).module)),
        set: Some(|_, f, value| {
            receiver(f).module.set(value.map(Object::to_ref));
            Ok(())
        }),
        doc: "",
    },
    MemberDef {
        name: "__builtins__",
        get: |cx, f| Ok(optional(cx, &receiver(f).builtins)),
        set: None,
        doc: "",
    },
];

fn set_code(cx: Ctx, f: &Object, value: Option<&Object>) -> PyResult<()> {
    let function = receiver(f);
    let Some(code) = value.and_then(|v| v.downcast::<Code>()) else {
        return Err(cx.type_error("__code__ must be set to a code object"));
    };
    let free = code.nfreevars as usize;
    let closure = function.closure.peek().map_or(0, |c| c.len());
    if free != closure {
        return Err(cx.value_error(format_args!(
            "{}() requires a code object with {closure} free vars, not {free}",
            function.name.get().map_or_else(String::new, |n| n.to_string_lossy())
        )));
    }
    function.version.set(0);
    function.code.set(Some(code.to_ref()));
    Ok(())
}

fn set_string(cx: Ctx, slot: &Slot<StrObject>, value: Option<&Object>, attribute: &str) -> PyResult<()> {
    match value.and_then(|v| v.downcast::<StrObject>()) {
        Some(text) => {
            slot.set(Some(text.to_ref()));
            Ok(())
        }
        None => Err(cx.type_error(format_args!("{attribute} must be set to a string object"))),
    }
}

fn set_defaults(cx: Ctx, f: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = value.filter(|v| !cx.is_none(v));
    let defaults = match value {
        None => None,
        Some(value) => match value.downcast::<TupleObject>() {
            Some(tuple) => Some(tuple.to_ref()),
            None => return Err(cx.type_error("__defaults__ must be set to a tuple object")),
        },
    };
    receiver(f).version.set(0);
    receiver(f).defaults.set(defaults);
    Ok(())
}

fn optional_dict(cx: Ctx, value: Option<&Object>, attribute: &str) -> PyResult<Option<Ref<DictObject>>> {
    match value.filter(|v| !cx.is_none(v)) {
        None => Ok(None),
        Some(value) => match value.downcast::<DictObject>() {
            Some(dict) => Ok(Some(dict.to_ref())),
            None => Err(cx.type_error(format_args!("{attribute} must be set to a dict object"))),
        },
    }
}

static GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "__code__",
        get: Some(|cx, f| Ok(optional(cx, &receiver(f).code))),
        set: Some(set_code),
        doc: "",
    },
    GetSetDef {
        name: "__defaults__",
        get: Some(|cx, f| Ok(optional(cx, &receiver(f).defaults))),
        set: Some(set_defaults),
        doc: "",
    },
    GetSetDef {
        name: "__kwdefaults__",
        get: Some(|cx, f| Ok(optional(cx, &receiver(f).kwdefaults))),
        set: Some(|cx, f, value| {
            let dict = optional_dict(cx, value, "__kwdefaults__")?;
            receiver(f).version.set(0);
            receiver(f).kwdefaults.set(dict);
            Ok(())
        }),
        doc: "",
    },
    GetSetDef {
        name: "__annotations__",
        get: Some(|cx, f| annotations(cx, receiver(f)).map(Ref::into_object)),
        set: Some(|cx, f, value| {
            let dict = optional_dict(cx, value, "__annotations__")?;
            receiver(f).annotations.set(dict.map(Ref::into_object));
            Ok(())
        }),
        doc: "",
    },
    GetSetDef {
        name: "__dict__",
        get: Some(|cx, f| {
            let slot = &receiver(f).dict;
            if slot.is_empty() {
                slot.set(Some(cx.new_dict()));
            }
            Ok(optional(cx, slot))
        }),
        set: Some(|cx, f, value| match value {
            None => Err(cx.type_error("cannot delete __dict__")),
            Some(value) => match value.downcast::<DictObject>() {
                Some(dict) => {
                    receiver(f).dict.set(Some(dict.to_ref()));
                    Ok(())
                }
                None => Err(cx.type_error(format_args!(
                    "__dict__ must be set to a dictionary, not a '{}'",
                    value.ty().tp_name()
                ))),
            },
        }),
        doc: "",
    },
    GetSetDef {
        name: "__name__",
        get: Some(|cx, f| Ok(optional(cx, &receiver(f).name))),
        set: Some(|cx, f, value| set_string(cx, &receiver(f).name, value, "__name__")),
        doc: "",
    },
    GetSetDef {
        name: "__qualname__",
        get: Some(|cx, f| Ok(optional(cx, &receiver(f).qualname))),
        set: Some(|cx, f, value| set_string(cx, &receiver(f).qualname, value, "__qualname__")),
        doc: "",
    },
];

/// The annotations as a dict; the flat tuple that `MAKE_FUNCTION` stores is turned into one here.
fn annotations(cx: Ctx, function: &FunctionObject) -> PyResult<Ref<DictObject>> {
    let dict = match function.annotations.get() {
        None => cx.new_dict(),
        Some(value) => match value.downcast_ref::<TupleObject>() {
            Err(dict) => {
                // SAFETY: anything but the tuple form is a dict (see the setter).
                return Ok(unsafe { dict.cast_unchecked() });
            }
            Ok(flat) => {
                let dict = cx.new_dict();
                for pair in flat.as_slice().chunks_exact(2) {
                    dict.set(cx, &pair[0], pair[1].clone())?;
                }
                dict
            }
        },
    };
    function.annotations.set(Some(dict.clone().into_object()));
    Ok(dict)
}

unsafe fn traverse(object: NonNull<Object>, visitor: &mut Visitor<'_>) {
    // SAFETY: the slot of the `function` type.
    let function = unsafe { object.as_ref().cast::<FunctionObject>() };
    function.code.trace(visitor);
    function.globals.trace(visitor);
    let classic = crate::era::is_classic();
    if !classic {
        function.builtins.trace(visitor);
    }
    function.module.trace(visitor);
    function.defaults.trace(visitor);
    function.kwdefaults.trace(visitor);
    function.doc.trace(visitor);
    function.name.trace(visitor);
    function.dict.trace(visitor);
    function.closure.trace(visitor);
    function.annotations.trace(visitor);
    if !classic {
        // Python 2.7 has neither; what is not shown is not taken for part of a cycle.
        function.qualname.trace(visitor);
    }
}

unsafe fn clear(object: NonNull<Object>) {
    // SAFETY: the slot of the `function` type. Code, name and qualname stay: a function taken
    // apart by the collector can still be called by a finalizer.
    let function = unsafe { object.as_ref().cast::<FunctionObject>() };
    drop(function.globals.take());
    drop(function.builtins.take());
    drop(function.module.take());
    drop(function.defaults.take());
    drop(function.kwdefaults.take());
    drop(function.doc.take());
    drop(function.dict.take());
    drop(function.closure.take());
    drop(function.annotations.take());
    // Name and qualname are strings, so they are not part of cycles, but a subclass could be: the
    // reference replaces them by an empty string.
}

unsafe fn dealloc(object: NonNull<Object>) {
    // SAFETY: the slot of the `function` type.
    unsafe { dealloc_as::<FunctionObject>(object) }
}

fn new(cx: Ctx, _ty: &TypeObject, args: crate::objects::Args<'_>) -> PyResult {
    super::function_new::new(cx, args)
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "function",
    doc: Some(super::function_new::DOC),
    layout: Layout::gc::<FunctionObject>()
        .weaklist(offset_of!(FunctionObject, weaklist))
        .dict(offset_of!(FunctionObject, dict)),
    basicsize: 136,
    flags: TypeFlags::HAVE_GC.with(TypeFlags::METHOD_DESCRIPTOR).with(TypeFlags::HAVE_VECTORCALL),
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    slots: Slots {
        new: Some(new),
        call: Some(call),
        repr: Some(repr),
        descr_get: Some(descr_get),
        ..Slots::EMPTY
    },
    members: MEMBERS,
    getset: GETSET,
    ..TypeSpec::EMPTY
};
