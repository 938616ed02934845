//! `object`: what every object can do unless its type says otherwise.

use super::attr::{generic_get_attr, generic_set_attr, inline_values, instance_dict};
use super::memoryview::MemoryViewObject;
use super::slots::{Args, CompareOp, Slots};
use super::spec::{GetSetDef, Layout, MethodDef, TypeFlags, TypeSpec};
use super::type_::instance::new_instance;
use super::{DictObject, IntObject, ListObject, PyResult, StrObject, TupleObject, TypeObject, names, types};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::protocol::compare::hash_pointer;
use crate::vm::Ctx;

/// `object.__new__`.
pub fn new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    if !args.all().is_empty() {
        let slots = ty.slots();
        if slots.new.map(|f| f as usize) != Some(new as *const () as usize) {
            return Err(
                cx.type_error("object.__new__() takes exactly one argument (the type to instantiate)")
            );
        }
        if slots.init.map(|f| f as usize) == Some(init as *const () as usize) {
            return Err(cx.type_error(format!("{}() takes no arguments", ty.tp_name())));
        }
    }
    if ty.has_flag(TypeFlags::IS_ABSTRACT) {
        return Err(abstract_error(cx, ty)?);
    }
    new_instance(cx, ty)
}

#[cold]
fn abstract_error(cx: Ctx, ty: &TypeObject) -> PyResult<super::Raised> {
    let methods = cx.get_attr(ty.as_object(), &names().abstractmethods)?;
    let items = cx.collect(&methods)?;
    let list = cx.new_list(items)?;
    cx.call_method(list.as_object(), &names().sort, &[])?;
    let mut shown = Vec::new();
    for item in list.to_vec() {
        shown.push(cx.str(&item)?.to_string_lossy());
    }
    let plural = if shown.len() == 1 { "" } else { "s" };
    Ok(cx.type_error(format!(
        "Can't instantiate abstract class {} with abstract method{plural} {}",
        ty.tp_name(),
        shown.join(", ")
    )))
}

/// `object.__init__`.
pub fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    if !args.all().is_empty() {
        let ty = object.ty();
        let slots = ty.slots();
        if slots.init.map(|f| f as usize) != Some(init as *const () as usize) {
            return Err(
                cx.type_error("object.__init__() takes exactly one argument (the instance to initialize)")
            );
        }
        if slots.new.map(|f| f as usize) == Some(new as *const () as usize) {
            return Err(cx.type_error(format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                ty.tp_name()
            )));
        }
    }
    Ok(())
}

/// `object.__repr__`.
pub fn repr(cx: Ctx, object: &Object) -> PyResult {
    let ty = object.ty();
    let module = match super::type_::attributes::get_module(cx, ty.as_object()) {
        Ok(module) => module.downcast::<StrObject>().map(StrObject::to_string_lossy),
        Err(raised) => {
            cx.clear_exception(raised);
            None
        }
    };
    let text = match module {
        Some(module) if module != "builtins" => {
            let qualname = match ty.qualname.peek() {
                Some(qualname) if !crate::era::is_classic() => qualname.to_string_lossy(),
                _ => ty.name_text(),
            };
            format!("<{module}.{qualname} object at {:#x}>", object.address())
        }
        _ => format!("<{} object at {:#x}>", ty.tp_name(), object.address()),
    };
    Ok(cx.new_str(&text).into_object())
}

/// `object.__str__`: whatever `repr` gives.
pub fn str(cx: Ctx, object: &Object) -> PyResult {
    match object.ty().slots().repr {
        Some(slot) => slot(cx, object),
        None => repr(cx, object),
    }
}

/// `object.__hash__`: by address.
pub fn hash(_cx: Ctx, object: &Object) -> PyResult<i64> {
    Ok(hash_pointer(object.address()))
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq if a.is(b) => Ok(cx.bool(true)),
        CompareOp::Ne => {
            // By default `!=` is the opposite of what `==` says.
            let Some(compare) = a.ty().slots().richcompare else { return Ok(cx.not_implemented()) };
            let result = compare(cx, a, b, CompareOp::Eq)?;
            if cx.is_not_implemented(&result) {
                return Ok(result);
            }
            let equal = cx.is_true(&result)?;
            Ok(cx.bool(!equal))
        }
        _ => Ok(cx.not_implemented()),
    }
}

fn format(cx: Ctx, object: &Object, spec: &Ref) -> PyResult {
    let Some(text) = spec.downcast::<StrObject>() else {
        return Err(cx.type_error(format!("__format__() argument must be str, not {}", spec.ty().tp_name())));
    };
    if !text.is_empty() {
        return Err(cx.type_error(format!(
            "unsupported format string passed to {}.__format__",
            object.ty().tp_name()
        )));
    }
    Ok(cx.str(object)?.into_object())
}

fn sizeof(cx: Ctx, object: &Object) -> PyResult {
    let ty = object.ty();
    let items = match object.downcast::<TupleObject>() {
        Some(tuple) => tuple.len() * ty.itemsize.get(),
        None => object.downcast::<MemoryViewObject>().map_or(0, MemoryViewObject::shown_extra),
    };
    Ok(cx.new_uint(ty.basicsize.get() + items))
}

fn dir(cx: Ctx, object: &Object) -> PyResult {
    let into = match cx.dict_of(object)? {
        Some(dict) => dict.copy(cx)?,
        None => cx.new_dict(),
    };
    if let Some(class) = cx.get_attr_opt(object, &names().class)? {
        super::type_::merge_class_dict(cx, &into, &class)?;
    }
    Ok(cx.list_of_keys(&into)?.into_object())
}

// ---- copying and pickling ----

/// An attribute of the `copyreg` module.
fn copyreg(cx: Ctx, name: &str) -> PyResult {
    let import = cx.builtin("__import__")?;
    let module = cx.call1(&import, cx.new_str("copyreg").as_object())?;
    cx.get_attr_str(&module, name)
}

/// `copyreg._slotnames(cls)`: the names of all slots of the class and its bases.
fn slot_names(cx: Ctx, class: &TypeObject) -> PyResult<Vec<Ref>> {
    let cached = cx.intern("__slotnames__");
    if let Some(found) = class.dict.peek().and_then(|dict| dict.get_str(cx, &cached))
        && let Some(list) = found.downcast::<ListObject>()
    {
        return Ok(list.to_vec());
    }
    let has_slots = class.mro.peek().is_some_and(|mro| {
        mro.as_slice().iter().filter_map(|c| c.downcast::<TypeObject>()).any(|c| c.member_count.get() > 0)
    });
    // Asked for a class of Python's, `copyreg` keeps the list in the class.
    if !has_slots && !class.has_flag(TypeFlags::HEAPTYPE) {
        return Ok(Vec::new());
    }
    let function = copyreg(cx, "_slotnames")?;
    let found = cx.call1(&function, class.as_object())?;
    match found.downcast::<ListObject>() {
        Some(list) => Ok(list.to_vec()),
        None if cx.is_none(&found) => Ok(Vec::new()),
        None => Err(cx.type_error("copyreg._slotnames didn't return a list or None")),
    }
}

/// `object.__getstate__`; with `required`, objects that keep more than that cannot be pickled.
fn get_state_default(cx: Ctx, object: &Object, required: bool) -> PyResult {
    let ty = object.ty().to_ref();
    let cannot = || cx.type_error(format!("cannot pickle '{}' object", object.ty().tp_name()));
    if required && ty.itemsize.get() != 0 {
        return Err(cannot());
    }
    // Inline values that are all empty stay as they are.
    let has_attributes = inline_values(object).is_some_and(|(_, values)| values.count() > 0)
        || super::attr::dict_slot(object).is_some_and(|slot| !slot.is_empty());
    let mut state = cx.none();
    if has_attributes
        && let Some(dict) = instance_dict(cx, object)?
        && !dict.is_empty()
    {
        state = dict.into_object();
    }
    let names = slot_names(cx, &ty)?;
    if required {
        let mut size = types().object.basicsize.get();
        if ty.shown_dictoffset.get() > 0 {
            size += 8;
        }
        if ty.shown_weakrefoffset.get() > 0 {
            size += 8;
        }
        size += names.len() * 8;
        if ty.basicsize.get() > size {
            return Err(cannot());
        }
    }
    if names.is_empty() {
        return Ok(state);
    }
    let slots = cx.new_dict();
    for name in &names {
        let Some(text) = name.downcast::<StrObject>() else { continue };
        if let Some(value) = cx.get_attr_opt(object, text)? {
            slots.set(cx, name, value)?;
        }
    }
    if slots.is_empty() {
        return Ok(state);
    }
    Ok(cx.new_tuple(vec![state, slots.into_object()]).into_object())
}

/// What `__getstate__` gives, for the `__reduce__` of built-in types.
pub fn state_of(cx: Ctx, object: &Object) -> PyResult {
    get_state(cx, object, false)
}

fn get_state(cx: Ctx, object: &Object, required: bool) -> PyResult {
    let method = cx.get_attr(object, &names().getstate)?;
    // The inherited method is called with the stricter rule.
    if let Some(native) = method.downcast_exact::<super::native::NativeFunctionObject>()
        && native.def.name == "__getstate__"
        && native.self_.as_raw() == Some(object.as_ptr())
    {
        return get_state_default(cx, object, required);
    }
    cx.call0(&method)
}

/// Positional and keyword arguments, where the class gives any.
type NewArguments = (Option<Ref<TupleObject>>, Option<Ref<DictObject>>);

/// Arguments for `__newobj__`: from `__getnewargs_ex__` or `__getnewargs__`.
fn new_arguments(cx: Ctx, object: &Object) -> PyResult<NewArguments> {
    let extended = cx.intern("__getnewargs_ex__");
    if let Some(method) = cx.lookup_special(object, &extended)? {
        let found = cx.call0(&method)?;
        let Some(pair) = found.downcast::<TupleObject>() else {
            return Err(cx.type_error(format!(
                "__getnewargs_ex__ should return a tuple, not '{}'",
                found.ty().tp_name()
            )));
        };
        let [args, keywords] = pair.as_slice() else {
            return Err(cx.value_error(format!(
                "__getnewargs_ex__ should return a tuple of length 2, not {}",
                pair.len()
            )));
        };
        let args = args.clone().downcast_ref::<TupleObject>().map_err(|other| {
            cx.type_error(format!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                other.ty().tp_name()
            ))
        })?;
        let keywords = keywords.clone().downcast_ref::<DictObject>().map_err(|other| {
            cx.type_error(format!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                other.ty().tp_name()
            ))
        })?;
        return Ok((Some(args), Some(keywords)));
    }
    let plain = cx.intern("__getnewargs__");
    let Some(method) = cx.lookup_special(object, &plain)? else { return Ok((None, None)) };
    let found = cx.call0(&method)?;
    match found.downcast_ref::<TupleObject>() {
        Ok(args) => Ok((Some(args), None)),
        Err(other) => {
            Err(cx
                .type_error(format!("__getnewargs__ should return a tuple, not '{}'", other.ty().tp_name())))
        }
    }
}

/// `__reduce_ex__` for protocols from 2 on: `(copyreg.__newobj__, (cls, ...), state, items, pairs)`.
fn reduce_new_object(cx: Ctx, object: &Object) -> PyResult {
    let ty = object.ty().to_ref();
    if ty.slots().new.is_none() {
        return Err(cx.type_error(format!("cannot pickle '{}' object", ty.tp_name())));
    }
    let (args, keywords) = new_arguments(cx, object)?;
    let has_args = args.is_some();
    let keywords = keywords.filter(|keywords| !keywords.is_empty());
    let (function, function_args) = match keywords {
        None => {
            let mut items = vec![ty.to_object()];
            if let Some(args) = &args {
                items.extend(args.as_slice().iter().cloned());
            }
            (copyreg(cx, "__newobj__")?, cx.new_tuple(items))
        }
        Some(keywords) => {
            let args = args.unwrap_or_else(|| cx.new_tuple(Vec::new()));
            let items = vec![ty.to_object(), args.into_object(), keywords.into_object()];
            (copyreg(cx, "__newobj_ex__")?, cx.new_tuple(items))
        }
    };
    let is_list = object.downcast::<ListObject>().is_some();
    let is_dict = object.downcast::<DictObject>().is_some();
    let state = get_state(cx, object, !has_args && !is_list && !is_dict)?;
    let items = if is_list { cx.iter(object)? } else { cx.none() };
    let pairs = if is_dict {
        let view = cx.call_method(object, &names().items, &[])?;
        cx.iter(&view)?
    } else {
        cx.none()
    };
    Ok(cx.new_tuple(vec![function, function_args.into_object(), state, items, pairs]).into_object())
}

fn reduce_common(cx: Ctx, object: &Object, protocol: i64) -> PyResult {
    if protocol >= 2 {
        return reduce_new_object(cx, object);
    }
    let function = copyreg(cx, "_reduce_ex")?;
    cx.call(&function, &[object.to_object(), cx.new_int(protocol)])
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    reduce_common(cx, object, 0)
}

fn reduce_ex(cx: Ctx, object: &Object, protocol: &Ref) -> PyResult {
    let protocol = match protocol.downcast::<IntObject>().and_then(IntObject::as_i64) {
        Some(value) => value,
        None => i64::from(cx.to_i32(protocol)?),
    };
    // A `__reduce__` of the class's own goes first.
    let own = cx.type_lookup(object.ty(), &names().reduce);
    let inherited = cx.type_lookup(types().object, &names().reduce);
    if let (Some(own), Some(inherited)) = (own, inherited)
        && !own.is(&inherited)
    {
        let method = cx.get_attr(object, &names().reduce)?;
        return cx.call0(&method);
    }
    reduce_common(cx, object, protocol)
}

pub static SPEC: TypeSpec = TypeSpec {
    name: "object",
    doc: Some(
        "object()\n--\n\nThe base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
    ),
    layout: Layout::plain::<Object>(),
    basicsize: 16,
    flags: TypeFlags::BASETYPE,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        str: Some(str),
        hash: Some(hash),
        getattro: Some(generic_get_attr),
        setattro: Some(generic_set_attr),
        richcompare: Some(richcompare),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::one("__reduce_ex__", reduce_ex, "__reduce_ex__($self, protocol, /)\n--\n\nHelper for pickle."),
        MethodDef::no_args("__reduce__", reduce, "__reduce__($self, /)\n--\n\nHelper for pickle."),
        MethodDef::no_args(
            "__getstate__",
            |cx, object| get_state_default(cx, object, false),
            "__getstate__($self, /)\n--\n\nHelper for pickle.",
        ),
        MethodDef::varargs(
            "__subclasshook__",
            |cx, _, _| Ok(cx.not_implemented()),
            "Abstract classes can override this to customize issubclass().\n\nIt should return True, False or NotImplemented; the latter leaves the\nanswer to the usual rules.\n",
        )
        .class(),
        MethodDef::no_args(
            "__init_subclass__",
            |cx, _| Ok(cx.none()),
            "This method is called when a class is subclassed.\n\nThe default implementation does nothing. It may be\noverridden to extend subclasses.\n",
        )
        .class(),
        MethodDef::one("__format__", format, "__format__($self, format_spec, /)\n--\n\nDefault object formatter."),
        MethodDef::no_args("__sizeof__", sizeof, "__sizeof__($self, /)\n--\n\nSize of object in memory, in bytes."),
        MethodDef::no_args("__dir__", dir, "__dir__($self, /)\n--\n\nDefault dir() implementation."),
    ],
    getset: &[GetSetDef {
        name: "__class__",
        get: Some(|_, object| Ok(object.ty().to_object())),
        set: Some(super::type_::assign::set_class),
        doc: "the object's class",
    }],
    dealloc: Some(super::type_::ready::object_dealloc),
    ..TypeSpec::EMPTY
};
