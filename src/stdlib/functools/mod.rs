//! `_functools`: `partial`, `reduce`, `cmp_to_key` and the wrapper behind `lru_cache`.

mod lru_cache;

use std::cell::Cell;
use std::mem::offset_of;

use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot, dealloc_as};
use crate::objects::attr;
use crate::objects::declare::{self, TypeCell};
use crate::objects::iterators::common;
use crate::objects::module::ModuleObject;
use crate::objects::spec::{GetSetDef, Layout, MemberDef, Signature, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::tuple::TupleBuilder;
use crate::objects::{
    Args, CompareOp, DictObject, MethodDef, ModuleSpec, PyResult, Slots, TupleObject, TypeFlags, TypeObject,
    args, exceptions, tuple, types,
};
use crate::vm::Ctx;

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_functools",
    doc: Some("Tools that operate on functions."),
    functions: &[
        MethodDef::varargs(
            "reduce",
            reduce,
            "reduce(function, iterable[, initial], /) -> value\n\n\
             Combines the items from left to right by a function of two arguments:\nreduce(lambda x, y: x+y, [1, 2, 3, 4, 5]) calculates ((((1+2)+3)+4)+5). The initial value,\nif there is one, stands before the items and is the result for none.",
        ),
        MethodDef::varargs_keywords(
            "cmp_to_key",
            cmp_to_key,
            "Makes a key function of a comparison function.",
        ),
    ],
    exec: Some(exec),
};

static PARTIAL: TypeCell = TypeCell::new();
static KEY: TypeCell = TypeCell::new();

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    KEY.set(crate::objects::type_::ready::new_static_type(cx, &KEY_SPEC)?);
    declare::add_types(cx, module, &[(&PARTIAL_SPEC, Some(&PARTIAL)), (&lru_cache::SPEC, None)])
}

/// `__dict__` of instances with a dict slot.
const DICT: GetSetDef =
    GetSetDef { name: "__dict__", get: Some(attr::get_dict), set: Some(attr::set_instance_dict), doc: "" };

fn is_callable(object: &Object) -> bool {
    object.ty().slots().call.is_some()
}

declare_object! {
    /// A function with arguments to start with.
    Partial {
        traced {
            function: Slot,
            args: Slot<TupleObject>,
            kwds: Slot<DictObject>,
            dict: Slot<DictObject>,
        }
        plain {
            weaklist: Cell<usize>,
            reserved: Cell<usize>,
        }
    }
}

pub static PARTIAL_SPEC: TypeSpec = TypeSpec {
    name: "functools.partial",
    doc: Some(
        "partial(func, *args, **keywords) - a function that calls func with these arguments and\n    keywords, and those that it is called with itself.\n",
    ),
    layout: Layout::gc::<Partial>().dict(offset_of!(Partial, dict)).weaklist(offset_of!(Partial, weaklist)),
    basicsize: 64,
    flags: TypeFlags::BASETYPE.with(TypeFlags::HAVE_GC),
    slots: Slots {
        new: Some(partial_new),
        repr: Some(partial_repr),
        call: Some(partial_call),
        getattro: Some(attr::generic_get_attr),
        setattro: Some(attr::generic_set_attr),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args("__reduce__", partial_reduce, ""),
        MethodDef::one("__setstate__", partial_setstate, ""),
        MethodDef::one("__class_getitem__", common::class_getitem, "See PEP 585").class(),
    ],
    members: &[
        MemberDef {
            name: "func",
            get: |cx, o| Ok(Partial::of(o).function.get().unwrap_or_else(|| cx.none())),
            set: None,
            doc: "function object to use in future partial calls",
        },
        MemberDef {
            name: "args",
            get: |_, o| Ok(Partial::of(o).args().into_object()),
            set: None,
            doc: "tuple of arguments to future partial calls",
        },
        MemberDef {
            name: "keywords",
            get: |cx, o| Ok(Partial::of(o).kwds.get().map_or_else(|| cx.none(), Ref::into_object)),
            set: None,
            doc: "dictionary of keyword arguments to future partial calls",
        },
    ],
    getset: &[DICT],
    dealloc: Some(dealloc_as::<Partial>),
    traverse: Some(Partial::traverse),
    ..TypeSpec::EMPTY
};

impl Partial {
    fn args(&self) -> Ref<TupleObject> {
        self.args.get().unwrap_or_else(tuple::empty_tuple)
    }
}

/// `first` followed by `rest`.
fn joined(first: &[Ref], rest: &[Ref]) -> Ref<TupleObject> {
    let mut all = TupleBuilder::new(first.len() + rest.len());
    for item in first.iter().chain(rest) {
        all.push(item.clone());
    }
    all.finish()
}

fn partial_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let Some((function, rest)) = args.pos().split_first() else {
        return Err(cx.type_error("type 'partial' takes at least one argument"));
    };
    if !is_callable(function) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    // A partial of a partial calls the innermost function, unless the inner one has attributes.
    let own = PARTIAL.get(cx)?;
    let inner = function
        .is_exact(own)
        .then(|| Partial::of(function))
        .filter(|inner| inner.dict.is_empty() && ty.is_type(own));
    let (function, arguments, kwds) = match inner {
        Some(inner) => {
            let kwds = match inner.kwds.get() {
                Some(kwds) => kwds.copy(cx)?,
                None => cx.new_dict(),
            };
            (inner.function.get(), joined(inner.args().as_slice(), rest), kwds)
        }
        None => (Some(function.clone()), cx.tuple_from_slice(rest), cx.new_dict()),
    };
    for (name, value) in args.keywords() {
        kwds.set_str(cx, name, value.clone())?;
    }
    let this = declare::make::<Partial>(cx, ty)?;
    this.function.set(function);
    this.args.set(Some(arguments));
    this.kwds.set(Some(kwds));
    Ok(this.into_object())
}

fn partial_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    let this = Partial::of(object);
    let (Some(function), first, Some(kwds)) = (this.function.peek(), this.args(), this.kwds.get()) else {
        return Err(cx.type_error("invalid partial state"));
    };
    if kwds.is_empty() && !args.has_keywords() {
        if first.is_empty() {
            return match args.tuple() {
                Some(tuple) => cx.call_tuple_dict(function, tuple, None),
                None => cx.call(function, args.pos()),
            };
        }
        if args.pos().is_empty() {
            return cx.call_tuple_dict(function, &first, None);
        }
        let all = joined(first.as_slice(), args.pos());
        return cx.call_tuple_dict(function, &all, None);
    }
    let all = joined(first.as_slice(), args.pos());
    let merged = kwds.copy(cx)?;
    for (name, value) in args.keywords() {
        merged.set_str(cx, name, value.clone())?;
    }
    cx.call_tuple_dict(function, &all, Some(&merged))
}

fn partial_repr(cx: Ctx, object: &Object) -> PyResult {
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str("...").into_object());
    };
    let this = Partial::of(object);
    let mut text = StrBuilder::new();
    text.push_str(&object.ty().tp_name());
    text.push_char('(');
    if let Some(function) = this.function.get() {
        text.push_obj(&*cx.repr(&function)?);
    }
    for argument in this.args().as_slice() {
        text.push_str(", ");
        text.push_obj(&*cx.repr(argument)?);
    }
    for (key, value) in this.kwds.get().map_or_else(Vec::new, |kwds| kwds.to_vec()) {
        text.push_str(", ");
        text.push_obj(&*cx.str(&key)?);
        text.push_char('=');
        text.push_obj(&*cx.repr(&value)?);
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn partial_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = Partial::of(object);
    let function = this.function.get().unwrap_or_else(|| cx.none());
    let kwds = this.kwds.get().map_or_else(|| cx.none(), Ref::into_object);
    let dict = this.dict.get().map_or_else(|| cx.none(), Ref::into_object);
    let state = cx.new_tuple(vec![function.clone(), this.args().into_object(), kwds, dict]);
    Ok(tuple::of3(object.ty().to_object(), tuple::of1(function).into_object(), state.into_object())
        .into_object())
}

fn partial_setstate(cx: Ctx, object: &Object, state: &Ref) -> PyResult {
    let invalid = || cx.type_error("invalid partial state");
    let Some(state) = state.downcast::<TupleObject>() else {
        return Err(invalid());
    };
    let [function, arguments, kwds, dict] = state.as_slice() else {
        return Err(invalid());
    };
    let none = |value: &Ref| cx.is_none(value);
    let (Some(args_tuple), true) = (arguments.downcast::<TupleObject>(), is_callable(function)) else {
        return Err(invalid());
    };
    let kwds = match kwds.downcast::<DictObject>() {
        Some(given) if kwds.is_exact(types().dict) => given.to_ref(),
        Some(given) => given.copy(cx)?,
        None if none(kwds) => cx.new_dict(),
        None => return Err(invalid()),
    };
    let args_tuple = if arguments.is_exact(types().tuple) {
        args_tuple.to_ref()
    } else {
        cx.tuple_from_slice(args_tuple.as_slice())
    };
    let dict = match dict.downcast::<DictObject>() {
        Some(dict) => Some(dict.to_ref()),
        None if none(dict) => None,
        None => return Err(invalid()),
    };
    let this = Partial::of(object);
    this.function.set(Some(function.clone()));
    this.args.set(Some(args_tuple));
    this.kwds.set(Some(kwds));
    this.dict.set(dict);
    Ok(cx.none())
}

fn reduce(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    args::check_count(cx, "reduce", args, 2, 3)?;
    let iterator = match cx.iter(&args[1]) {
        Err(raised) if cx.raised_is(&raised, exceptions().type_error) => {
            cx.clear_exception(raised);
            return Err(cx.type_error("reduce() arg 2 must support iteration"));
        }
        other => other?,
    };
    let mut result = args.get(2).cloned();
    while let Some(item) = cx.next(&iterator)? {
        result = Some(match result {
            None => item,
            Some(so_far) => cx.call_tuple_dict(&args[0], &tuple::of2(so_far, item), None)?,
        });
    }
    result.ok_or_else(|| cx.type_error("reduce() of empty iterable with no initial value"))
}

declare_object! {
    /// A key that compares by a function; without object, the key function itself.
    Key {
        traced {
            compare: Slot,
            object_: Slot,
        }
        plain {}
    }
}

pub static KEY_SPEC: TypeSpec = TypeSpec {
    name: "functools.KeyWrapper",
    layout: Layout::gc::<Key>(),
    basicsize: 32,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        call: Some(key_call),
        getattro: Some(attr::generic_get_attr),
        hash: Some(key_hash),
        richcompare: Some(key_compare),
        ..Slots::EMPTY
    },
    members: &[MemberDef {
        name: "obj",
        get: |cx, o| Ok(Key::of(o).object_.get().unwrap_or_else(|| cx.none())),
        set: Some(|_, o, value| {
            Key::of(o).object_.set(value.map(|value| value.to_ref()));
            Ok(())
        }),
        doc: "Value wrapped by a key function.",
    }],
    dealloc: Some(dealloc_as::<Key>),
    traverse: Some(Key::traverse),
    ..TypeSpec::EMPTY
};

fn cmp_to_key(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature =
        Signature { name: "cmp_to_key", params: &["mycmp"], required: 1, max_positional: 1 };
    let mut bound = [None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [compare] = bound;
    let this = declare::make::<Key>(cx, KEY.get(cx)?)?;
    this.compare.set(compare);
    Ok(this.into_object())
}

fn key_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    static SIGNATURE: Signature = Signature { name: "K", params: &["obj"], required: 1, max_positional: 1 };
    let mut bound = [None];
    args::bind(cx, &SIGNATURE, args, &mut bound)?;
    let [wrapped] = bound;
    let this = declare::make::<Key>(cx, KEY.get(cx)?)?;
    this.compare.set(Key::of(object).compare.get());
    this.object_.set(wrapped);
    Ok(this.into_object())
}

fn key_hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    Err(cx.type_error(format!("unhashable type: '{}'", object.ty().tp_name())))
}

fn key_compare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !b.is_exact(KEY.get(cx)?) {
        return Err(cx.type_error("other argument must be K instance"));
    }
    let (Some(compare), Some(x), Some(y)) =
        (Key::of(a).compare.get(), Key::of(a).object_.get(), Key::of(b).object_.get())
    else {
        return Err(cx.raise(exceptions().attribute_error, "object"));
    };
    let arguments = [x, y];
    let order = cx.call(&compare, &arguments)?;
    drop(arguments);
    cx.compare(&order, &cx.new_int(0), op)
}
