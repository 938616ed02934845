//! `weakref.ProxyType` and `weakref.CallableProxyType`: weak references that act as their referent.
//!
//! Every operation takes the referent out first and holds it until it is done; with the referent
//! gone, every operation raises ReferenceError.

use super::protocol::number::BinaryOp;
use super::slots::{Args, CompareOp, PyResult, Slots};
use super::spec::{Layout, MethodDef, TypeFlags, TypeSpec};
use super::weakref::{clear, dealloc, this, traverse};
use super::{StrObject, exceptions, names, types};
use crate::memory::object::WeakKind;
use crate::memory::weakref::{self, WeakRefCore};
use crate::memory::{Layout as _, Object, Ref};
use crate::vm::Ctx;

/// Whether the object is a proxy of either type.
pub fn is_proxy(object: &Object) -> bool {
    object.is_exact(types().weakproxy) || object.is_exact(types().weakcallableproxy)
}

/// `weakref.proxy(referent, callback)`: without callback the one that exists already, if any.
pub fn new_proxy(cx: Ctx, referent: &Object, callback: Option<&Object>) -> PyResult {
    super::weakref::check_referable(cx, referent)?;
    let callback = callback.filter(|callback| !cx.is_none(callback));
    if callback.is_none()
        && let Some(shared) = weakref::find_shared(referent, WeakKind::Proxy)
    {
        return Ok(shared.into_object());
    }
    let is_callable = referent.ty().slots().call.is_some();
    let ty = if is_callable { types().weakcallableproxy } else { types().weakproxy };
    Ok(super::weakref::make(ty, referent, callback.map(Object::to_ref)))
}

/// The referent of a proxy; any other object is itself.
fn target(cx: Ctx, object: &Object) -> PyResult {
    if !is_proxy(object) {
        return Ok(object.to_ref());
    }
    weakref::referent(this(object))
        .ok_or_else(|| cx.raise(exceptions().reference_error, "weakly-referenced object no longer exists"))
}

macro_rules! binary {
    ($($name:ident = $op:ident,)*) => {
        $(fn $name(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            let (a, b) = (target(cx, a)?, target(cx, b)?);
            cx.binary_op(BinaryOp::$op, &a, &b)
        })*
    };
}

macro_rules! inplace {
    ($($name:ident = $op:ident,)*) => {
        $(fn $name(cx: Ctx, a: &Object, b: &Object) -> PyResult {
            let (a, b) = (target(cx, a)?, target(cx, b)?);
            cx.inplace_op(BinaryOp::$op, &a, &b)
        })*
    };
}

macro_rules! unary {
    ($($name:ident = $call:expr,)*) => {
        $(fn $name(cx: Ctx, a: &Object) -> PyResult {
            let a = target(cx, a)?;
            $call(cx, &a)
        })*
    };
}

binary! {
    add = Add, subtract = Subtract, multiply = Multiply, remainder = Remainder, lshift = Lshift, rshift = Rshift,
    and = And, xor = Xor, or = Or, floor_divide = FloorDivide, true_divide = TrueDivide,
    matrix_multiply = MatrixMultiply,
}

inplace! {
    inplace_add = Add, inplace_subtract = Subtract, inplace_multiply = Multiply, inplace_remainder = Remainder,
    inplace_lshift = Lshift, inplace_rshift = Rshift, inplace_and = And, inplace_xor = Xor, inplace_or = Or,
    inplace_floor_divide = FloorDivide, inplace_true_divide = TrueDivide, inplace_matrix_multiply = MatrixMultiply,
}

unary! {
    negative = |cx: Ctx, a: &Object| cx.negative(a),
    positive = |cx: Ctx, a: &Object| cx.positive(a),
    absolute = |cx: Ctx, a: &Object| cx.absolute(a),
    invert = |cx: Ctx, a: &Object| cx.invert(a),
    int = |cx: Ctx, a: &Object| cx.call1(types().int.as_object(), a),
    float = |cx: Ctx, a: &Object| cx.call1(types().float.as_object(), a),
    index = |cx: Ctx, a: &Object| cx.index(a).map(Ref::into_object),
    str = |cx: Ctx, a: &Object| cx.str(a).map(Ref::into_object),
    iter = |cx: Ctx, a: &Object| cx.iter(a),
}

fn divmod(cx: Ctx, a: &Object, b: &Object) -> PyResult {
    let (a, b) = (target(cx, a)?, target(cx, b)?);
    cx.divmod(&a, &b)
}

fn power(cx: Ctx, a: &Object, b: &Object, modulus: &Object) -> PyResult {
    let (a, b, modulus) = (target(cx, a)?, target(cx, b)?, target(cx, modulus)?);
    cx.power(&a, &b, &modulus)
}

fn inplace_power(cx: Ctx, a: &Object, b: &Object, _modulus: &Object) -> PyResult {
    let (a, b) = (target(cx, a)?, target(cx, b)?);
    cx.inplace_op(BinaryOp::Power, &a, &b)
}

fn truth(cx: Ctx, object: &Object) -> PyResult<bool> {
    let object = target(cx, object)?;
    cx.is_true(&object)
}

fn length(cx: Ctx, object: &Object) -> PyResult<usize> {
    let object = target(cx, object)?;
    cx.len(&object)
}

fn contains(cx: Ctx, object: &Object, item: &Object) -> PyResult<bool> {
    let object = target(cx, object)?;
    cx.contains(&object, item)
}

fn subscript(cx: Ctx, object: &Object, key: &Object) -> PyResult {
    let (object, key) = (target(cx, object)?, target(cx, key)?);
    cx.get_item(&object, &key)
}

fn assign_subscript(cx: Ctx, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let object = target(cx, object)?;
    cx.set_item(&object, key, value)
}

fn getattro(cx: Ctx, object: &Object, name: &StrObject) -> PyResult {
    let object = target(cx, object)?;
    cx.get_attr(&object, name)
}

fn setattro(cx: Ctx, object: &Object, name: &StrObject, value: Option<&Object>) -> PyResult<()> {
    let object = target(cx, object)?;
    cx.set_attr(&object, name, value)
}

fn richcompare(cx: Ctx, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (a, b) = (target(cx, a)?, target(cx, b)?);
    cx.compare(&a, &b, op)
}

fn iternext(cx: Ctx, object: &Object) -> PyResult<Option<Ref>> {
    let object = target(cx, object)?;
    if !cx.is_iterator(&object) {
        return Err(cx.type_error(format_args!(
            "Weakref proxy referenced a non-iterator '{}' object",
            object.ty().tp_name()
        )));
    }
    cx.next(&object)
}

fn call(cx: Ctx, object: &Object, given: Args<'_>) -> PyResult {
    let object = target(cx, object)?;
    cx.call_args(&object, given)
}

fn repr(cx: Ctx, object: &Object) -> PyResult {
    // A dead proxy shows what it refers to then: None.
    let referent = weakref::referent(this(object)).unwrap_or_else(|| cx.none());
    let text = format!(
        "<weakproxy at {:#x} to {} at {:#x}>",
        object.address(),
        referent.ty().tp_name(),
        referent.address()
    );
    Ok(cx.new_str(&text).into_object())
}

fn no_hash(cx: Ctx, object: &Object) -> PyResult<i64> {
    Err(cx.type_error(format_args!("unhashable type: '{}'", object.ty().tp_name())))
}

fn bytes(cx: Ctx, object: &Object) -> PyResult {
    let object = target(cx, object)?;
    cx.call_method(&object, &names().bytes, &[])
}

fn reversed(cx: Ctx, object: &Object) -> PyResult {
    let object = target(cx, object)?;
    cx.call_method(&object, &names().reversed, &[])
}

const SLOTS: Slots = Slots {
    repr: Some(repr),
    str: Some(str),
    hash: Some(no_hash),
    getattro: Some(getattro),
    setattro: Some(setattro),
    richcompare: Some(richcompare),
    iter: Some(iter),
    iternext: Some(iternext),
    nb_add: Some(add),
    nb_subtract: Some(subtract),
    nb_multiply: Some(multiply),
    nb_remainder: Some(remainder),
    nb_divmod: Some(divmod),
    nb_power: Some(power),
    nb_negative: Some(negative),
    nb_positive: Some(positive),
    nb_absolute: Some(absolute),
    nb_bool: Some(truth),
    nb_invert: Some(invert),
    nb_lshift: Some(lshift),
    nb_rshift: Some(rshift),
    nb_and: Some(and),
    nb_xor: Some(xor),
    nb_or: Some(or),
    nb_int: Some(int),
    nb_float: Some(float),
    nb_inplace_add: Some(inplace_add),
    nb_inplace_subtract: Some(inplace_subtract),
    nb_inplace_multiply: Some(inplace_multiply),
    nb_inplace_remainder: Some(inplace_remainder),
    nb_inplace_power: Some(inplace_power),
    nb_inplace_lshift: Some(inplace_lshift),
    nb_inplace_rshift: Some(inplace_rshift),
    nb_inplace_and: Some(inplace_and),
    nb_inplace_xor: Some(inplace_xor),
    nb_inplace_or: Some(inplace_or),
    nb_floor_divide: Some(floor_divide),
    nb_true_divide: Some(true_divide),
    nb_inplace_floor_divide: Some(inplace_floor_divide),
    nb_inplace_true_divide: Some(inplace_true_divide),
    nb_index: Some(index),
    nb_matrix_multiply: Some(matrix_multiply),
    nb_inplace_matrix_multiply: Some(inplace_matrix_multiply),
    sq_length: Some(length),
    sq_contains: Some(contains),
    mp_length: Some(length),
    mp_subscript: Some(subscript),
    mp_ass_subscript: Some(assign_subscript),
    ..Slots::EMPTY
};

pub static WEAKPROXY: TypeSpec = TypeSpec {
    name: "weakref.ProxyType",
    layout: Layout::gc::<WeakRefCore>(),
    basicsize: 64,
    flags: TypeFlags::HAVE_GC,
    slots: SLOTS,
    methods: &[MethodDef::no_args("__bytes__", bytes, ""), MethodDef::no_args("__reversed__", reversed, "")],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};

pub static WEAKCALLABLEPROXY: TypeSpec = TypeSpec {
    name: "weakref.CallableProxyType",
    layout: Layout::gc::<WeakRefCore>(),
    basicsize: 64,
    flags: TypeFlags::HAVE_GC,
    slots: Slots { call: Some(call), ..SLOTS },
    methods: &[MethodDef::no_args("__bytes__", bytes, "")],
    dealloc: Some(dealloc),
    traverse: Some(traverse),
    clear: Some(clear),
    ..TypeSpec::EMPTY
};
