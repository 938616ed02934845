//! `defaultdict`.

use crate::memory::{Layout as _, Object, Ref};
use crate::objects::dict::default::{self, DefaultDict};
use crate::objects::iterators::common;
use crate::objects::spec::{Layout, MemberDef, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::{Args, DictObject, MethodDef, PyResult, Slots, TypeFlags, names, tuple, types};
use crate::vm::Ctx;

pub static SPEC: TypeSpec = TypeSpec {
    name: "collections.defaultdict",
    doc: Some(
        "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\n\
         The factory is called without arguments to make the value of a key that __getitem__ does not find.\n\
         Otherwise it is a dict, and what follows the factory is passed on to dict.",
    ),
    layout: Layout::gc::<DefaultDict>(),
    basicsize: 56,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    base: Some(|types| types.dict),
    slots: Slots { init: Some(init), repr: Some(repr), nb_or: Some(or), ..Slots::EMPTY },
    methods: &[
        MethodDef::one(
            "__missing__",
            missing,
            "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value\n",
        ),
        MethodDef::no_args("copy", copy, "D.copy() -> a shallow copy of D."),
        MethodDef::no_args("__copy__", copy, "D.copy() -> a shallow copy of D."),
        MethodDef::no_args("__reduce__", reduce, "What is needed to pickle the object."),
        MethodDef::one("__class_getitem__", common::class_getitem, "See PEP 585").class(),
    ],
    members: &[MemberDef {
        name: "default_factory",
        get: |cx, object| Ok(this(object).factory.get().unwrap_or_else(|| cx.none())),
        set: Some(|cx, object, value| {
            this(object).factory.set(value.filter(|value| !cx.is_none(value)).map(|value| value.to_ref()));
            Ok(())
        }),
        doc: "Factory for default value called by __missing__().",
    }],
    dealloc: Some(default::dealloc),
    traverse: Some(default::traverse),
    clear: Some(default::clear),
    trashcan: true,
    ..TypeSpec::EMPTY
};

fn this(object: &Object) -> &DefaultDict {
    DefaultDict::of(object)
}

fn init(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult<()> {
    let (factory, rest) = match args.pos().split_first() {
        None => (None, args),
        Some((factory, _)) => {
            let callable = factory.ty().slots().call.is_some();
            if !callable && !cx.is_none(factory) {
                return Err(cx.type_error("first argument must be callable or None"));
            }
            let factory = (!cx.is_none(factory)).then(|| factory.clone());
            (factory, Args::new(&args.all()[1..], args.names()))
        }
    };
    let old = this(object).factory.replace(factory);
    let result = match types().dict.slots().init {
        Some(init) => init(cx, object, rest),
        None => Ok(()),
    };
    drop(old);
    result
}

fn missing(cx: Ctx, object: &Object, key: &Ref) -> PyResult {
    let Some(factory) = this(object).factory.get() else {
        return Err(cx.key_error(key.clone()));
    };
    let value = cx.call0(&factory)?;
    drop(factory);
    cx.set_item(object, key, Some(&value))?;
    Ok(value)
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    let base = match types().dict.slots().repr {
        Some(repr) => repr(cx, object)?,
        None => cx.none(),
    };
    let mut text = StrBuilder::new();
    text.push_str(&object.ty().name_text());
    text.push_char('(');
    match this(object).factory.get() {
        None => text.push_str("None"),
        Some(factory) => match cx.enter_repr(&factory) {
            None => text.push_str("..."),
            Some(_guard) => text.push_obj(&*cx.repr(&factory)?),
        },
    }
    text.push_str(", ");
    text.push_obj(&*cx.str(&base)?);
    text.push_char(')');
    Ok(text.finish().into_object())
}

/// A copy of the same type, by calling it.
fn copy(cx: Ctx, object: &Object) -> PyResult {
    let factory = this(object).factory.get().unwrap_or_else(|| cx.none());
    let ty = object.ty().to_object();
    cx.call(&ty, &[factory, object.to_ref()])
}

fn reduce(cx: Ctx, object: &Object) -> PyResult {
    let arguments = match this(object).factory.get() {
        Some(factory) => tuple::of1(factory),
        None => tuple::empty_tuple(),
    };
    let items = cx.call_method(object, &names().items, &[])?;
    let iterator = cx.iter(&items)?;
    drop(items);
    let parts = vec![object.ty().to_object(), arguments.into_object(), cx.none(), cx.none(), iterator];
    Ok(cx.new_tuple(parts).into_object())
}

fn or(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let own = super::DEFAULTDICT.get(cx)?;
    let (own_side, other) = if a.is_instance(own) { (a, b) } else { (b, a) };
    if !other.is_instance(types().dict) {
        return Ok(cx.not_implemented());
    }
    // The result is of the type of the defaultdict, with the left side's entries first.
    let factory = this(own_side).factory.get().unwrap_or_else(|| cx.none());
    let ty = own_side.ty().to_object();
    let made = cx.call(&ty, &[factory, a.to_ref()])?;
    let Some(dict) = made.downcast::<DictObject>() else {
        return Ok(cx.not_implemented());
    };
    dict.update(cx, b)?;
    Ok(made)
}
