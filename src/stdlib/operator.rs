//! `_operator`: the operators as functions, and the getters behind `operator`.

use crate::declare_object;
use crate::memory::{Layout as _, Object, Ref, Slot, dealloc_as};
use crate::objects::iterators::common;
use crate::objects::module::ModuleObject;
use crate::objects::protocol::number::BinaryOp;
use crate::objects::spec::{Layout, TypeSpec};
use crate::objects::str::StrBuilder;
use crate::objects::tuple::TupleBuilder;
use crate::objects::{
    Args, CompareOp, DictObject, MethodDef, ModuleSpec, PyResult, Slots, StrObject, TupleObject, TypeFlags,
    TypeObject, args, declare, singletons, tuple, types,
};
use crate::vm::Ctx;

/// A function of two positional arguments.
macro_rules! binary {
    ($name:literal, $doc:literal, |$cx:ident, $a:ident, $b:ident| $body:expr) => {
        MethodDef::fast(
            $name,
            |$cx, _, args| {
                args::check_count($cx, $name, args, 2, 2)?;
                let ($a, $b): (&Object, &Object) = (&args[0], &args[1]);
                $body
            },
            concat!($name, "($module, a, b, /)\n--\n\nSame as ", $doc, "."),
        )
    };
}

/// A function of one positional argument.
macro_rules! unary {
    ($name:literal, $doc:literal, |$cx:ident, $a:ident| $body:expr) => {
        MethodDef::one(
            $name,
            |$cx, _, $a| $body,
            concat!($name, "($module, a, /)\n--\n\nSame as ", $doc, "."),
        )
    };
}

pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_operator",
    doc: Some("The operators of the language as functions: operator.add(x, y) is x+y, and so on."),
    functions: &[
        unary!("truth", "bool(a)", |cx, a| Ok(cx.bool(cx.is_true(a)?))),
        binary!("contains", "b in a (note reversed operands)", |cx, a, b| Ok(cx.bool(cx.contains(a, b)?))),
        binary!("indexOf", "finding the first place of b in a", |cx, a, b| index_of(cx, a, b)),
        binary!("countOf", "counting b in a", |cx, a, b| count_of(cx, a, b)),
        binary!("is_", "a is b", |cx, a, b| Ok(cx.bool(a.is(b)))),
        binary!("is_not", "a is not b", |cx, a, b| Ok(cx.bool(!a.is(b)))),
        unary!("index", "a.__index__()", |cx, a| Ok(cx.index(a)?.into_object())),
        binary!("add", "a + b", |cx, a, b| cx.binary_op(BinaryOp::Add, a, b)),
        binary!("sub", "a - b", |cx, a, b| cx.binary_op(BinaryOp::Subtract, a, b)),
        binary!("mul", "a * b", |cx, a, b| cx.binary_op(BinaryOp::Multiply, a, b)),
        binary!("matmul", "a @ b", |cx, a, b| cx.binary_op(BinaryOp::MatrixMultiply, a, b)),
        binary!("floordiv", "a // b", |cx, a, b| cx.binary_op(BinaryOp::FloorDivide, a, b)),
        binary!("truediv", "a / b", |cx, a, b| cx.binary_op(BinaryOp::TrueDivide, a, b)),
        binary!("mod", "a % b", |cx, a, b| cx.binary_op(BinaryOp::Remainder, a, b)),
        unary!("neg", "-a", |cx, a| cx.negative(a)),
        unary!("pos", "+a", |cx, a| cx.positive(a)),
        unary!("abs", "abs(a)", |cx, a| cx.absolute(a)),
        unary!("inv", "~a", |cx, a| cx.invert(a)),
        unary!("invert", "~a", |cx, a| cx.invert(a)),
        binary!("lshift", "a << b", |cx, a, b| cx.binary_op(BinaryOp::Lshift, a, b)),
        binary!("rshift", "a >> b", |cx, a, b| cx.binary_op(BinaryOp::Rshift, a, b)),
        unary!("not_", "not a", |cx, a| Ok(cx.bool(!cx.is_true(a)?))),
        binary!("and_", "a & b", |cx, a, b| cx.binary_op(BinaryOp::And, a, b)),
        binary!("xor", "a ^ b", |cx, a, b| cx.binary_op(BinaryOp::Xor, a, b)),
        binary!("or_", "a | b", |cx, a, b| cx.binary_op(BinaryOp::Or, a, b)),
        binary!("iadd", "a += b", |cx, a, b| cx.inplace_op(BinaryOp::Add, a, b)),
        binary!("isub", "a -= b", |cx, a, b| cx.inplace_op(BinaryOp::Subtract, a, b)),
        binary!("imul", "a *= b", |cx, a, b| cx.inplace_op(BinaryOp::Multiply, a, b)),
        binary!("imatmul", "a @= b", |cx, a, b| cx.inplace_op(BinaryOp::MatrixMultiply, a, b)),
        binary!("ifloordiv", "a //= b", |cx, a, b| cx.inplace_op(BinaryOp::FloorDivide, a, b)),
        binary!("itruediv", "a /= b", |cx, a, b| cx.inplace_op(BinaryOp::TrueDivide, a, b)),
        binary!("imod", "a %= b", |cx, a, b| cx.inplace_op(BinaryOp::Remainder, a, b)),
        binary!("ilshift", "a <<= b", |cx, a, b| cx.inplace_op(BinaryOp::Lshift, a, b)),
        binary!("irshift", "a >>= b", |cx, a, b| cx.inplace_op(BinaryOp::Rshift, a, b)),
        binary!("iand", "a &= b", |cx, a, b| cx.inplace_op(BinaryOp::And, a, b)),
        binary!("ixor", "a ^= b", |cx, a, b| cx.inplace_op(BinaryOp::Xor, a, b)),
        binary!("ior", "a |= b", |cx, a, b| cx.inplace_op(BinaryOp::Or, a, b)),
        binary!("concat", "a + b, for a and b sequences", |cx, a, b| concat(cx, a, b, false)),
        binary!("iconcat", "a += b, for a and b sequences", |cx, a, b| concat(cx, a, b, true)),
        binary!("getitem", "a[b]", |cx, a, b| cx.get_item(a, b)),
        MethodDef::fast(
            "setitem",
            |cx, _, args| {
                args::check_count(cx, "setitem", args, 3, 3)?;
                cx.set_item(&args[0], &args[1], Some(&args[2]))?;
                Ok(cx.none())
            },
            "setitem($module, a, b, c, /)\n--\n\nSame as a[b] = c.",
        ),
        binary!("delitem", "del a[b]", |cx, a, b| {
            cx.set_item(a, b, None)?;
            Ok(cx.none())
        }),
        binary!("pow", "a ** b", |cx, a, b| cx.power(a, b, singletons::none())),
        binary!("ipow", "a **= b", |cx, a, b| cx.inplace_op(BinaryOp::Power, a, b)),
        binary!("eq", "a == b", |cx, a, b| cx.compare(a, b, CompareOp::Eq)),
        binary!("ne", "a != b", |cx, a, b| cx.compare(a, b, CompareOp::Ne)),
        binary!("lt", "a < b", |cx, a, b| cx.compare(a, b, CompareOp::Lt)),
        binary!("le", "a <= b", |cx, a, b| cx.compare(a, b, CompareOp::Le)),
        binary!("gt", "a > b", |cx, a, b| cx.compare(a, b, CompareOp::Gt)),
        binary!("ge", "a >= b", |cx, a, b| cx.compare(a, b, CompareOp::Ge)),
        binary!("_compare_digest", "a == b, in a time that tells nothing", |cx, a, b| compare_digest(
            cx, a, b
        )),
        MethodDef::fast(
            "length_hint",
            |cx, _, args| {
                args::check_count(cx, "length_hint", args, 1, 2)?;
                let default = args.get(1).map_or(Ok(0), |default| common::size_arg(cx, default))?;
                // No object can be this long, so the mark means "no answer"; the default may be negative.
                Ok(match cx.length_hint(&args[0], usize::MAX)? {
                    usize::MAX => cx.new_int(default as i64),
                    length => cx.new_uint(length),
                })
            },
            "length_hint($module, obj, default=0, /)\n--\n\nAn estimate of how many items obj has.",
        ),
        MethodDef::keywords(
            "call",
            |cx, _, args| match args.all().split_first() {
                Some((function, rest)) if !args.pos().is_empty() => {
                    cx.call_args(function, Args::new(rest, args.names()))
                }
                _ => Err(cx.type_error("call expected at least 1 argument, got 0")),
            },
            "call($module, obj, /, *args, **kwargs)\n--\n\nSame as obj(*args, **kwargs).",
        ),
    ],
    exec: Some(exec),
};

fn exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    declare::add_types(cx, module, &[(&ATTRGETTER, None), (&ITEMGETTER, None), (&METHODCALLER, None)])
}

/// An iterator, or the error that searching in what has none gives.
fn search_iter(cx: Ctx, a: &Object) -> PyResult {
    match cx.iter(a) {
        Err(raised) if cx.raised_is(&raised, crate::objects::exceptions().type_error) => {
            cx.clear_exception(raised);
            Err(cx.type_error(format!("argument of type '{}' is not iterable", a.ty().tp_name())))
        }
        other => other,
    }
}

fn index_of(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let iterator = search_iter(cx, a)?;
    let mut index = 0;
    while let Some(item) = cx.next(&iterator)? {
        if cx.equal(&item, b)? {
            return Ok(cx.new_uint(index));
        }
        index += 1;
    }
    Err(cx.value_error("sequence.index(x): x not in sequence"))
}

fn count_of(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let iterator = search_iter(cx, a)?;
    let mut count = 0;
    while let Some(item) = cx.next(&iterator)? {
        count += usize::from(cx.equal(&item, b)?);
    }
    Ok(cx.new_uint(count))
}

fn concat(cx: Ctx, a: &Object, b: &Object, in_place: bool) -> PyResult {
    let slots = a.ty().slots();
    if in_place && let Some(concat) = slots.sq_inplace_concat {
        return concat(cx, a, b);
    }
    if let Some(concat) = slots.sq_concat {
        return concat(cx, a, b);
    }
    if cx.is_sequence(a) && cx.is_sequence(b) {
        let op = BinaryOp::Add;
        return if in_place { cx.inplace_op(op, a, b) } else { cx.binary_op(op, a, b) };
    }
    Err(cx.type_error(format!("'{}' object can't be concatenated", a.ty().tp_name())))
}

fn compare_digest(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let same = |a: &[u8], b: &[u8]| {
        a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
    };
    if let (Some(a), Some(b)) = (a.downcast::<StrObject>(), b.downcast::<StrObject>()) {
        return match (a.as_ascii(), b.as_ascii()) {
            (Some(a), Some(b)) => Ok(cx.bool(same(a.as_bytes(), b.as_bytes()))),
            _ => Err(cx.type_error("comparing strings with non-ASCII characters is not supported")),
        };
    }
    let left = cx.with_bytes(a, <[u8]>::to_vec)?;
    Ok(cx.bool(cx.with_bytes(b, |right| same(&left, right))?))
}

const GETTER_FLAGS: TypeFlags = TypeFlags::HAVE_GC;

declare_object! {
    /// What an `attrgetter` or `itemgetter` looks for.
    Getter {
        traced {
            /// The names (dotted ones as tuples of parts) or the items.
            wanted: Slot<TupleObject>,
        }
        plain { reserved: std::cell::Cell<[usize; 2]>, }
    }
}

const GETTER: TypeSpec = TypeSpec {
    layout: Layout::gc::<Getter>(),
    flags: GETTER_FLAGS,
    dealloc: Some(dealloc_as::<Getter>),
    traverse: Some(Getter::traverse),
    ..TypeSpec::EMPTY
};

fn wanted(object: &Object) -> &[Ref] {
    Getter::of(object).wanted.peek().map_or(&[][..], TupleObject::as_slice)
}

/// The one result, or a tuple of several.
fn results(object: &Object, mut get: impl FnMut(&Ref) -> PyResult) -> PyResult {
    match wanted(object) {
        [only] => get(only),
        several => {
            let mut result = TupleBuilder::new(several.len());
            for one in several {
                result.push(get(one)?);
            }
            Ok(result.finish().into_object())
        }
    }
}

pub static ATTRGETTER: TypeSpec = TypeSpec {
    name: "operator.attrgetter",
    doc: Some(
        "attrgetter(attr, ...) --> attrgetter object\n\nA callable that fetches the given attribute(s): with f = attrgetter('name'), f(r) is r.name;\n\
         with several, a tuple of them; dots in a name go from attribute to attribute.",
    ),
    basicsize: 40,
    slots: Slots {
        new: Some(attrgetter_new),
        repr: Some(attrgetter_repr),
        call: Some(attrgetter_call),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", attrgetter_reduce, "What is needed to pickle the getter.")],
    ..GETTER
};

fn attrgetter_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "attrgetter", args)?;
    if args.pos().is_empty() {
        return Err(cx.type_error("attrgetter expected 1 argument, got 0"));
    }
    let mut names = TupleBuilder::new(args.pos().len());
    for name in args.pos() {
        let Some(text) = name.downcast::<StrObject>() else {
            return Err(cx.type_error("attribute name must be a string"));
        };
        let dotted = text.to_string_lossy();
        if dotted.contains('.') {
            let parts = dotted.split('.').map(|part| cx.intern(part).into_object()).collect();
            names.push(cx.new_tuple(parts).into_object());
        } else if name.is_exact(types().str) {
            names.push(cx.intern_ref(text.to_ref()).into_object());
        } else {
            names.push(name.clone());
        }
    }
    let names = names.finish();
    let this = declare::make::<Getter>(cx, ty)?;
    this.wanted.set(Some(names));
    Ok(this.into_object())
}

fn get_dotted(cx: Ctx, object: &Object, name: &Ref) -> PyResult {
    if let Some(name) = name.downcast::<StrObject>() {
        return cx.get_attr(object, name);
    }
    let mut found = object.to_ref();
    for part in name.downcast::<TupleObject>().map_or(&[][..], TupleObject::as_slice) {
        if let Some(part) = part.downcast::<StrObject>() {
            found = cx.get_attr(&found, part)?;
        }
    }
    Ok(found)
}

fn attrgetter_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "attrgetter", args)?;
    args::check_count(cx, "attrgetter", args.pos(), 1, 1)?;
    results(object, |name| get_dotted(cx, &args.pos()[0], name))
}

/// The names as they were given.
fn attr_names(cx: Ctx, object: &Object) -> Ref<TupleObject> {
    let join = |name: &Ref| match name.downcast::<TupleObject>() {
        None => name.clone(),
        Some(parts) => {
            let parts = parts.as_slice().iter().filter_map(|part| part.downcast::<StrObject>());
            let parts: Vec<String> = parts.map(StrObject::to_string_lossy).collect();
            cx.new_str(&parts.join(".")).into_object()
        }
    };
    cx.new_tuple(wanted(object).iter().map(join).collect())
}

/// `operator.name(a, b)` of the parts' reprs.
fn getter_repr(cx: Ctx, object: &Object, parts: &[Ref]) -> PyResult {
    let name = object.ty().tp_name();
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str(&format!("{name}(...)")).into_object());
    };
    let mut text = StrBuilder::new();
    text.push_str(&name);
    text.push_char('(');
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_obj(&*cx.repr(part)?);
    }
    text.push_char(')');
    Ok(text.finish().into_object())
}

fn attrgetter_repr(cx: Ctx, object: &Object) -> PyResult {
    getter_repr(cx, object, attr_names(cx, object).as_slice())
}

fn attrgetter_reduce(cx: Ctx, object: &Object) -> PyResult {
    Ok(tuple::of2(object.ty().to_object(), attr_names(cx, object).into_object()).into_object())
}

pub static ITEMGETTER: TypeSpec = TypeSpec {
    name: "operator.itemgetter",
    doc: Some(
        "itemgetter(item, ...) --> itemgetter object\n\nA callable that fetches the given item(s): with f = itemgetter(2), f(r) is r[2];\nwith several, a tuple of them.",
    ),
    basicsize: 48,
    slots: Slots {
        new: Some(itemgetter_new),
        repr: Some(itemgetter_repr),
        call: Some(itemgetter_call),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", itemgetter_reduce, "What is needed to pickle the getter.")],
    ..GETTER
};

fn itemgetter_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "itemgetter", args)?;
    if args.pos().is_empty() {
        return Err(cx.type_error("itemgetter expected 1 argument, got 0"));
    }
    let this = declare::make::<Getter>(cx, ty)?;
    this.wanted.set(Some(args.to_tuple(cx)));
    Ok(this.into_object())
}

fn itemgetter_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "itemgetter", args)?;
    args::check_count(cx, "itemgetter", args.pos(), 1, 1)?;
    results(object, |item| cx.get_item(&args.pos()[0], item))
}

fn itemgetter_repr(cx: Ctx, object: &Object) -> PyResult {
    getter_repr(cx, object, wanted(object))
}

fn itemgetter_reduce(_: Ctx, object: &Object) -> PyResult {
    let items = Getter::of(object).wanted.get().unwrap_or_else(tuple::empty_tuple);
    Ok(tuple::of2(object.ty().to_object(), items.into_object()).into_object())
}

declare_object! {
    /// A method's name and what it is called with.
    MethodCaller {
        traced {
            name: Slot<StrObject>,
            args: Slot<TupleObject>,
            kwds: Slot<DictObject>,
        }
        plain {}
    }
}

pub static METHODCALLER: TypeSpec = TypeSpec {
    name: "operator.methodcaller",
    doc: Some(
        "methodcaller(name, ...) --> methodcaller object\n\nA callable that calls the method of that name: with f = methodcaller('name', 'date', foo=1),\nf(r) is r.name('date', foo=1).",
    ),
    layout: Layout::gc::<MethodCaller>(),
    basicsize: 40,
    flags: GETTER_FLAGS,
    slots: Slots {
        new: Some(methodcaller_new),
        repr: Some(methodcaller_repr),
        call: Some(methodcaller_call),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::no_args("__reduce__", methodcaller_reduce, "What is needed to pickle the caller.")],
    dealloc: Some(dealloc_as::<MethodCaller>),
    traverse: Some(MethodCaller::traverse),
    ..TypeSpec::EMPTY
};

fn methodcaller_new(cx: Ctx, ty: &TypeObject, args: Args<'_>) -> PyResult {
    let Some((name, rest)) = args.pos().split_first() else {
        return Err(cx.type_error("methodcaller needs at least one argument, the method name"));
    };
    let Some(name) = name.downcast::<StrObject>() else {
        return Err(cx.type_error("method name must be a string"));
    };
    let kwds = args.has_keywords().then(|| cx.new_dict());
    for (key, value) in args.keywords() {
        if let Some(kwds) = &kwds {
            kwds.set_str(cx, key, value.clone())?;
        }
    }
    let this = declare::make::<MethodCaller>(cx, ty)?;
    this.name.set(Some(cx.intern(&name.to_string_lossy())));
    this.args.set(Some(cx.tuple_from_slice(rest)));
    this.kwds.set(kwds);
    Ok(this.into_object())
}

fn methodcaller_call(cx: Ctx, object: &Object, args: Args<'_>) -> PyResult {
    args::no_keywords(cx, "methodcaller", args)?;
    args::check_count(cx, "methodcaller", args.pos(), 1, 1)?;
    let this = MethodCaller::of(object);
    let (Some(name), Some(arguments)) = (this.name.get(), this.args.get()) else {
        return Ok(cx.none());
    };
    let method = cx.get_attr(&args.pos()[0], &name)?;
    cx.call_tuple_dict(&method, &arguments, this.kwds.get().as_deref())
}

fn methodcaller_repr(cx: Ctx, object: &Object) -> PyResult {
    let this = MethodCaller::of(object);
    let type_name = object.ty().tp_name();
    let Some(_guard) = cx.enter_repr(object) else {
        return Ok(cx.new_str(&format!("{type_name}(...)")).into_object());
    };
    let mut text = StrBuilder::new();
    text.push_str(&type_name);
    text.push_char('(');
    if let Some(name) = this.name.get() {
        text.push_obj(&*cx.repr(&name.object)?);
    }
    let arguments = this.args.get();
    for argument in arguments.as_ref().map_or(&[][..], |arguments| arguments.as_slice()) {
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

fn methodcaller_reduce(cx: Ctx, object: &Object) -> PyResult {
    let this = MethodCaller::of(object);
    let ty = object.ty().to_object();
    let name = this.name.get().map_or_else(|| cx.none(), Ref::into_object);
    let arguments = this.args.get().unwrap_or_else(tuple::empty_tuple);
    match this.kwds.get().filter(|kwds| !kwds.is_empty()) {
        None => {
            let mut all = TupleBuilder::new(arguments.len() + 1);
            all.push(name);
            for argument in arguments.as_slice() {
                all.push(argument.clone());
            }
            Ok(tuple::of2(ty, all.finish().into_object()).into_object())
        }
        Some(kwds) => {
            let functools = crate::vm::import::import_module(cx, "functools")?;
            let partial = cx.get_attr_str(&functools, "partial")?;
            let bound = cx.call_tuple_dict(&partial, &tuple::of2(ty, name), Some(&kwds))?;
            Ok(tuple::of2(bound, arguments.into_object()).into_object())
        }
    }
}
