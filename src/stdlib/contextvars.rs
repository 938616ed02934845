//! `_contextvars`: context variables, contexts and tokens.
//!
//! A context is a dict from variable to value. Copying one copies the dict, which is fine for the
//! handful of variables that programs have. The current context is a named root.

use std::cell::Cell;

use crate::memory::{self, Layout as _, Object, Ref, Slot};
use crate::objects::args::{bind, check_count};
use crate::objects::declare::{self, TypeCell};
use crate::objects::module::ModuleObject;
use crate::objects::slots::CompareOp;
use crate::objects::spec::{GetSetDef, Layout, MethodDef, Signature, TypeFlags, TypeSpec};
use crate::objects::{Args, DictObject, ModuleSpec, PyResult, Slots, StrObject, TypeObject, exceptions};
use crate::vm::Ctx;

crate::declare_object! {
    /// `contextvars.Context`.
    Context {
        traced {
            values: Slot<DictObject>,
            /// The context that was current when this one was entered.
            previous: Slot,
        }
        plain {
            entered: Cell<bool>,
            weaklist: Cell<usize>,
        }
    }
}

crate::declare_object! {
    /// `contextvars.ContextVar`.
    ContextVar {
        traced {
            name: Slot,
            default: Slot,
        }
        plain {}
    }
}

crate::declare_object! {
    /// `contextvars.Token`: what `set` gives, for `reset`.
    Token {
        traced {
            context: Slot,
            var: Slot,
            old: Slot,
        }
        plain { used: Cell<bool>, }
    }
}

static CONTEXT: TypeCell = TypeCell::new();
static VAR: TypeCell = TypeCell::new();
static TOKEN: TypeCell = TypeCell::new();

const CURRENT: &str = "contextvars.current";
const MISSING: &str = "contextvars.missing";

fn values(cx: Ctx, context: &Object) -> Ref<DictObject> {
    let context = Context::of(context);
    match context.values.get() {
        Some(values) => values,
        None => {
            let made = cx.new_dict();
            context.values.set(Some(made.clone()));
            made
        }
    }
}

fn new_context(cx: Ctx) -> PyResult {
    Ok(declare::make::<Context>(cx, CONTEXT.get(cx)?)?.into_object())
}

fn current(cx: Ctx) -> PyResult {
    if let Some(context) = cx.named_root(CURRENT) {
        return Ok(context);
    }
    let context = new_context(cx)?;
    cx.set_named_root(CURRENT, Some(context.clone()));
    Ok(context)
}

fn copy_of(cx: Ctx, context: &Object) -> PyResult {
    let made = new_context(cx)?;
    let target = values(cx, &made);
    for (key, value) in values(cx, context).to_vec() {
        target.set(cx, &key, value)?;
    }
    Ok(made)
}

fn copy_context(cx: Ctx, _: &Object) -> PyResult {
    copy_of(cx, &*current(cx)?)
}

fn context_new(cx: Ctx, _: &TypeObject, args: Args<'_>) -> PyResult {
    if !args.all().is_empty() {
        return Err(cx.type_error("Context() does not accept any arguments"));
    }
    new_context(cx)
}

fn run(cx: Ctx, this: &Object, args: Args<'_>) -> PyResult {
    let Some((function, _)) = args.pos().split_first() else {
        return Err(cx.type_error("run() missing 1 required positional argument"));
    };
    let context = Context::of(this);
    if context.entered.get() {
        let shown = cx.repr(this)?.to_string_lossy();
        return Err(cx.runtime_error(format_args!("cannot enter context: {shown} is already entered")));
    }
    context.previous.set(Some(current(cx)?));
    context.entered.set(true);
    cx.set_named_root(CURRENT, Some(this.to_ref()));
    let result = cx.call_args(function, Args::new(&args.all()[1..], args.names()));
    context.entered.set(false);
    cx.set_named_root(CURRENT, context.previous.take());
    result
}

fn check_var(cx: Ctx, key: &Object) -> PyResult<()> {
    if key.is_instance(VAR.get(cx)?) {
        return Ok(());
    }
    let shown = cx.repr(key)?.to_string_lossy();
    Err(cx.type_error(format_args!("a ContextVar key was expected, got {shown}")))
}

fn context_subscript(cx: Ctx, this: &Object, key: &Object) -> PyResult {
    check_var(cx, key)?;
    match values(cx, this).get(cx, key)? {
        Some(value) => Ok(value),
        None => Err(cx.key_error(key.to_ref())),
    }
}

fn context_contains(cx: Ctx, this: &Object, key: &Object) -> PyResult<bool> {
    check_var(cx, key)?;
    Ok(values(cx, this).get(cx, key)?.is_some())
}

fn context_get(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "get", args, 1, 2)?;
    check_var(cx, &args[0])?;
    let found = values(cx, this).get(cx, &args[0])?;
    Ok(found.or_else(|| args.get(1).cloned()).unwrap_or_else(|| cx.none()))
}

fn context_compare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !b.is_instance(CONTEXT.get(cx)?) {
        return Ok(cx.not_implemented());
    }
    let equal = cx.equal(values(cx, a).as_object(), values(cx, b).as_object())?;
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn context_iter(cx: Ctx, this: &Object) -> PyResult {
    cx.iter(values(cx, this).as_object())
}

fn view(cx: Ctx, this: &Object, name: &str) -> PyResult {
    cx.call_method(values(cx, this).as_object(), &cx.intern(name), &[])
}

static CONTEXT_SPEC: TypeSpec = TypeSpec {
    name: "_contextvars.Context",
    layout: Layout::gc::<Context>().weaklist(std::mem::offset_of!(Context, weaklist)),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(context_new),
        richcompare: Some(context_compare),
        iter: Some(context_iter),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        mp_length: Some(|cx, this| Ok(values(cx, this).len())),
        mp_subscript: Some(context_subscript),
        sq_contains: Some(context_contains),
        ..Slots::EMPTY
    },
    methods: &[
        MethodDef::no_args(
            "copy",
            copy_of,
            "copy($self, /)\n--\n\nReturn a shallow copy of the context object.",
        ),
        MethodDef::fast(
            "get",
            context_get,
            "get($self, key, default=None, /)\n--\n\nReturn the value for `key` if `key` has the value in the context object.",
        ),
        MethodDef::no_args(
            "items",
            |cx, this| view(cx, this, "items"),
            "items($self, /)\n--\n\nReturn all variables and their values in the context object.",
        ),
        MethodDef::no_args(
            "keys",
            |cx, this| view(cx, this, "keys"),
            "keys($self, /)\n--\n\nReturn a list of all variables in the context object.",
        ),
        MethodDef::no_args(
            "values",
            |cx, this| view(cx, this, "values"),
            "values($self, /)\n--\n\nReturn a list of all variables' values in the context object.",
        ),
        MethodDef::keywords("run", run, ""),
    ],
    dealloc: Some(memory::dealloc_as::<Context>),
    traverse: Some(Context::traverse),
    clear: Some(context_clear),
    ..TypeSpec::EMPTY
};

impl Context {
    fn forget(&self) {
        self.previous.set(None);
        self.values.set(None);
    }
}
crate::declare_clear!(context_clear, Context, forget);

fn var_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    const SIGNATURE: Signature =
        Signature { name: "ContextVar", params: &["", "default"], required: 1, max_positional: 1 };
    let mut given = [None, None];
    bind(cx, &SIGNATURE, args, &mut given)?;
    let [Some(name), default] = given else { return Err(cx.system_error("bad internal call")) };
    if name.downcast::<StrObject>().is_none() {
        return Err(cx.type_error("context variable name must be a str"));
    }
    let made = declare::make::<ContextVar>(cx, ty)?;
    made.name.set(Some(name));
    made.default.set(default);
    Ok(made.into_object())
}

fn var_get(cx: Ctx, this: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "get", args, 0, 1)?;
    if let Some(value) = values(cx, &*current(cx)?).get(cx, this)? {
        return Ok(value);
    }
    if let Some(default) = args.first() {
        return Ok(default.clone());
    }
    match ContextVar::of(this).default.get() {
        Some(default) => Ok(default),
        None => Err(cx.raise_with(exceptions().lookup_error, this.to_ref())),
    }
}

fn missing(cx: Ctx) -> Ref {
    cx.named_root(MISSING).unwrap_or_else(|| cx.none())
}

fn var_set(cx: Ctx, this: &Object, value: &Ref) -> PyResult {
    let context = current(cx)?;
    let values = values(cx, &context);
    let token = declare::make::<Token>(cx, TOKEN.get(cx)?)?;
    token.old.set(values.get(cx, this)?);
    values.set(cx, this, value.clone())?;
    token.context.set(Some(context));
    token.var.set(Some(this.to_ref()));
    Ok(token.into_object())
}

fn var_reset(cx: Ctx, this: &Object, token: &Ref) -> PyResult {
    if !token.is_instance(TOKEN.get(cx)?) {
        let shown = cx.repr(token)?.to_string_lossy();
        return Err(cx.type_error(format_args!("expected an instance of Token, got {shown}")));
    }
    let context = current(cx)?;
    let shown = cx.repr(token)?.to_string_lossy();
    let state = Token::of(token);
    if state.used.get() {
        return Err(cx.runtime_error(format_args!("{shown} has already been used once")));
    }
    if !state.var.peek().is_some_and(|var| var.is(this)) {
        return Err(cx.value_error(format_args!("{shown} was created by a different ContextVar")));
    }
    if !state.context.peek().is_some_and(|made_in| made_in.is(&context)) {
        return Err(cx.value_error(format_args!("{shown} was created in a different Context")));
    }
    state.used.set(true);
    let values = values(cx, &context);
    match state.old.get() {
        Some(old) => values.set(cx, this, old)?,
        None => drop(values.remove(cx, this)?),
    }
    Ok(cx.none())
}

fn var_repr(cx: Ctx, this: &Object) -> PyResult {
    let var = ContextVar::of(this);
    let name = cx.repr_text(&var.name.get().unwrap_or_else(|| cx.none()))?;
    let default = match var.default.get() {
        Some(default) => format!(" default={}", cx.repr_text(&default)?),
        None => String::new(),
    };
    Ok(cx.new_str(&format!("<ContextVar name={name}{default} at {:#x}>", this.address())).into_object())
}

fn class_getitem(cx: Ctx, class: &Object, item: &Ref) -> PyResult {
    crate::objects::generic_alias::new_alias_method(cx, class, item)
}

static VAR_SPEC: TypeSpec = TypeSpec {
    name: "_contextvars.ContextVar",
    layout: Layout::gc::<ContextVar>(),
    basicsize: 64,
    flags: TypeFlags::HAVE_GC,
    slots: Slots { new: Some(var_new), repr: Some(var_repr), ..Slots::EMPTY },
    methods: &[
        MethodDef::fast(
            "get",
            var_get,
            "get([default])\n\nReturn a value for the context variable for the current context.",
        ),
        MethodDef::one(
            "set",
            var_set,
            "set($self, value, /)\n--\n\nCall to set a new value for the context variable in the current context.",
        ),
        MethodDef::one("reset", var_reset, "reset($self, token, /)\n--\n\nReset the context variable."),
        MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class(),
    ],
    getset: &[GetSetDef {
        name: "name",
        get: Some(|cx, this| Ok(ContextVar::of(this).name.get().unwrap_or_else(|| cx.none()))),
        set: None,
        doc: "",
    }],
    dealloc: Some(memory::dealloc_as::<ContextVar>),
    traverse: Some(ContextVar::traverse),
    clear: Some(var_clear),
    ..TypeSpec::EMPTY
};

impl ContextVar {
    fn forget(&self) {
        self.default.set(None);
    }
}
crate::declare_clear!(var_clear, ContextVar, forget);

fn token_new(cx: Ctx, _: &TypeObject, _: Args<'_>) -> PyResult {
    Err(cx.runtime_error("Tokens can only be created by ContextVars"))
}

fn token_repr(cx: Ctx, this: &Object) -> PyResult {
    let token = Token::of(this);
    let used = if token.used.get() { " used" } else { "" };
    let var = cx.repr_text(&token.var.get().unwrap_or_else(|| cx.none()))?;
    Ok(cx.new_str(&format!("<Token{used} var={var} at {:#x}>", this.address())).into_object())
}

static TOKEN_SPEC: TypeSpec = TypeSpec {
    name: "_contextvars.Token",
    layout: Layout::gc::<Token>(),
    basicsize: 48,
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(token_new),
        repr: Some(token_repr),
        hash: Some(crate::objects::type_::slot_functions::hash_not_implemented),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::one("__class_getitem__", class_getitem, "See PEP 585").class()],
    getset: &[
        GetSetDef {
            name: "var",
            get: Some(|cx, this| Ok(Token::of(this).var.get().unwrap_or_else(|| cx.none()))),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "old_value",
            get: Some(|cx, this| Ok(Token::of(this).old.get().unwrap_or_else(|| missing(cx)))),
            set: None,
            doc: "",
        },
    ],
    dealloc: Some(memory::dealloc_as::<Token>),
    traverse: Some(Token::traverse),
    clear: Some(token_clear),
    ..TypeSpec::EMPTY
};

impl Token {
    fn forget(&self) {
        self.context.set(None);
        self.var.set(None);
        self.old.set(None);
    }
}
crate::declare_clear!(token_clear, Token, forget);

/// The type of `Token.MISSING`.
static MISSING_SPEC: TypeSpec = TypeSpec {
    name: "Token.MISSING",
    layout: Layout::plain::<Object>(),
    basicsize: 16,
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { repr: Some(|cx, _| Ok(cx.new_str("<Token.MISSING>").into_object())), ..Slots::EMPTY },
    ..TypeSpec::EMPTY
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    let ready = crate::objects::type_::ready::new_static_type;
    for (name, spec, cell) in [
        ("Context", &CONTEXT_SPEC, &CONTEXT),
        ("ContextVar", &VAR_SPEC, &VAR),
        ("Token", &TOKEN_SPEC, &TOKEN),
    ] {
        let ty = ready(cx, spec)?;
        cell.set(ty);
        module.add(cx, name, ty.to_object())?;
    }
    let missing = memory::new_ref(&ready(cx, &MISSING_SPEC)?.core, |object| object);
    cx.set_named_root(MISSING, Some(missing.clone()));
    if let Some(dict) = TOKEN.get(cx)?.dict.peek() {
        dict.set_str(cx, &cx.intern("MISSING"), missing)?;
    }
    Ok(())
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_contextvars",
    doc: Some("Context Variables"),
    functions: &[MethodDef::no_args("copy_context", copy_context, "copy_context($module, /)\n--\n\n")],
    exec: Some(exec),
};
