//! What the types of both eras have besides in Python 2.7, and what they have differently.

use super::{unbound, unicode};
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::descr;
use crate::objects::method::MethodObject;
use crate::objects::spec::{GetSetDef, MethodDef};
use crate::objects::{DictObject, PyResult, StrObject, TypeObject, types};
use crate::vm::Ctx;

/// A second name for an attribute.
macro_rules! alias {
    ($name:literal, $modern:literal) => {
        GetSetDef {
            name: $name,
            get: Some(|cx, object| cx.get_attr_str(object, $modern)),
            set: Some(|cx, object, value| cx.set_attr(object, &cx.intern($modern), value)),
            doc: "",
        }
    };
}

static FUNCTION: &[GetSetDef] = &[
    alias!("func_name", "__name__"),
    alias!("func_code", "__code__"),
    alias!("func_defaults", "__defaults__"),
    alias!("func_globals", "__globals__"),
    alias!("func_doc", "__doc__"),
    alias!("func_dict", "__dict__"),
    alias!("func_closure", "__closure__"),
];

fn method(object: &Object) -> Option<&MethodObject> {
    object.downcast_exact::<MethodObject>()
}

static METHOD: &[GetSetDef] = &[
    alias!("im_func", "__func__"),
    alias!("im_self", "__self__"),
    GetSetDef {
        name: "im_class",
        get: Some(|cx, object| {
            let class = method(object).and_then(|method| method.class.get());
            Ok(class.unwrap_or_else(|| cx.none()))
        }),
        set: None,
        doc: "the class associated with a method",
    },
];

fn dict_of(object: &Object) -> &DictObject {
    // SAFETY: the call layer checks that methods of `dict` get an instance of it.
    unsafe { object.cast() }
}

fn list_of(cx: Ctx, items: Vec<Ref>) -> PyResult {
    Ok(cx.new_list(items)?.into_object())
}

fn dict_keys(cx: Ctx, object: &Object) -> PyResult {
    list_of(cx, dict_of(object).keys_to_vec())
}

fn dict_values(cx: Ctx, object: &Object) -> PyResult {
    list_of(cx, dict_of(object).to_vec().into_iter().map(|(_, value)| value).collect())
}

fn dict_items(cx: Ctx, object: &Object) -> PyResult {
    let items = dict_of(object).to_vec();
    list_of(cx, items.into_iter().map(|(key, value)| cx.new_tuple(vec![key, value]).into_object()).collect())
}

/// Calls the modern method of `dict` under a name that the classic era gives to something else.
fn modern_view(cx: Ctx, object: &Object, name: &str) -> PyResult {
    let def = crate::objects::dict::SPEC.methods.iter().find(|def| def.name == name);
    match def.map(|def| def.function) {
        Some(crate::objects::NativeFn::NoArgs(function)) => function(cx, object),
        _ => Err(cx.system_error("dict has no such view")),
    }
}

static DICT: &[MethodDef] = &[
    MethodDef::one(
        "has_key",
        |cx, object, key| Ok(cx.bool(dict_of(object).contains(cx, key)?)),
        "D.has_key(k) -> True if D has a key k, else False",
    ),
    MethodDef::no_args("keys", dict_keys, "D.keys() -> list of D's keys"),
    MethodDef::no_args("values", dict_values, "D.values() -> list of D's values"),
    MethodDef::no_args("items", dict_items, "D.items() -> list of D's (key, value) pairs, as 2-tuples"),
    MethodDef::no_args(
        "iterkeys",
        |cx, object| cx.iter(object),
        "D.iterkeys() -> an iterator over the keys of D",
    ),
    MethodDef::no_args(
        "itervalues",
        |cx, object| {
            let view = modern_view(cx, object, "values")?;
            cx.iter(&view)
        },
        "D.itervalues() -> an iterator over the values of D",
    ),
    MethodDef::no_args(
        "iteritems",
        |cx, object| {
            let view = modern_view(cx, object, "items")?;
            cx.iter(&view)
        },
        "D.iteritems() -> an iterator over the (key, value) items of D",
    ),
    MethodDef::no_args("viewkeys", |cx, object| modern_view(cx, object, "keys"), "D.viewkeys()"),
    MethodDef::no_args("viewvalues", |cx, object| modern_view(cx, object, "values"), "D.viewvalues()"),
    MethodDef::no_args("viewitems", |cx, object| modern_view(cx, object, "items"), "D.viewitems()"),
];

fn text(object: &Object) -> &StrObject {
    // SAFETY: the call layer checks that methods of `str` get an instance of it.
    unsafe { object.cast() }
}

fn encoding(args: &[Ref]) -> String {
    args.first()
        .and_then(|name| name.downcast::<StrObject>())
        .map_or_else(String::new, StrObject::to_string_lossy)
}

static STR: &[MethodDef] = &[
    MethodDef::fast(
        "decode",
        |cx, object, args| unicode::decode(cx, text(object), &encoding(args)),
        "S.decode([encoding[,errors]]) -> object",
    ),
    MethodDef::fast(
        "encode",
        |cx, object, args| unicode::encode(cx, text(object), &encoding(args)),
        "S.encode([encoding[,errors]]) -> object",
    ),
];

static LIST: &[MethodDef] = &[MethodDef::keywords(
    "sort",
    |cx, object, args| {
        crate::stdlib::classic::sort_in_place(cx, object, args)?;
        Ok(cx.none())
    },
    "L.sort(cmp=None, key=None, reverse=False) -- stable sort *IN PLACE*",
)];

static EXCEPTION: &[GetSetDef] = &[GetSetDef {
    name: "message",
    get: Some(|cx, object| {
        let args = cx.get_attr_str(object, "args")?;
        match args.downcast::<crate::objects::TupleObject>().map(crate::objects::TupleObject::as_slice) {
            Some([only]) => Ok(only.clone()),
            _ => Ok(cx.new_str("").into_object()),
        }
    }),
    set: None,
    doc: "exception message",
}];

fn dict_for(cx: Ctx, ty: &TypeObject) -> PyResult<Ref<DictObject>> {
    ty.dict.get().ok_or_else(|| cx.system_error("a type without a dict"))
}

fn add_methods(cx: Ctx, ty: &'static TypeObject, defs: &'static [MethodDef]) -> PyResult<()> {
    let dict = dict_for(cx, ty)?;
    for def in defs {
        dict.set_str(cx, &cx.intern(def.name), descr::new_method(cx, ty, def))?;
    }
    Ok(())
}

fn add_getset(cx: Ctx, ty: &'static TypeObject, defs: &'static [GetSetDef]) -> PyResult<()> {
    let dict = dict_for(cx, ty)?;
    for def in defs {
        dict.set_str(cx, &cx.intern(def.name), descr::new_getset(cx, ty, def))?;
    }
    Ok(())
}

fn remove(cx: Ctx, ty: &TypeObject, names: &[&str]) -> PyResult<()> {
    let dict = dict_for(cx, ty)?;
    for name in names {
        dict.remove(cx, cx.intern(name).as_object())?;
    }
    Ok(())
}

/// Gives the types of both eras what they have in Python 2.7.
pub fn install(cx: Ctx) -> PyResult<()> {
    let t = types();
    add_getset(cx, t.function, FUNCTION)?;
    add_getset(cx, t.method, METHOD)?;
    let base = crate::objects::exceptions().base_exception;
    add_getset(cx, base, EXCEPTION)?;
    remove(
        cx,
        base,
        &["with_traceback", "add_note", "__traceback__", "__cause__", "__context__", "__suppress_context__"],
    )?;
    t.generator.core.info.clear.set(Some(crate::vm::generator::clear_unrun));
    add_methods(cx, t.dict, DICT)?;
    add_methods(cx, t.str, STR)?;
    add_methods(cx, t.list, LIST)?;
    remove(cx, t.list, &["clear", "copy"])?;
    remove(cx, t.function, &["__annotations__", "__kwdefaults__", "__qualname__", "__builtins__"])?;
    remove(
        cx,
        t.str,
        &["isidentifier", "isprintable", "casefold", "isascii", "removeprefix", "removesuffix", "maketrans"],
    )?;
    t.str.set_slots(|slots| {
        slots.repr = Some(unicode::str_repr);
        slots.sq_concat = Some(unicode::concat);
        slots.nb_remainder = Some(unicode::remainder);
    });
    t.float.set_slots(|slots| {
        slots.str = Some(|cx, object| {
            let value = object.downcast::<crate::objects::FloatObject>().map_or(0.0, |float| float.value);
            let text = crate::objects::float::text::format(
                value,
                crate::objects::float::text::Style::General,
                12,
                false,
                true,
                false,
            );
            Ok(cx.new_str(&text).into_object())
        });
    });
    t.function.set_slots(|slots| slots.descr_get = Some(unbound::bind));
    // Equality of plain objects is left to the order of all things, which asks `__cmp__` first.
    let object_compare = t.object.slots().richcompare.map(|compare| compare as usize);
    for ty in crate::objects::types::all(t) {
        ty.set_slots(|slots| {
            if slots.richcompare.map(|compare| compare as usize) == object_compare {
                slots.richcompare = None;
            }
        });
    }
    remove(
        cx,
        t.object,
        &["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__init_subclass__", "__dir__"],
    )?;
    Ok(())
}
