//! The operations of Python 2.7 that 3.11's bytecode lacks (`CLASSIC`), and what the classic era remembers of
//! exceptions.

pub mod frames;
pub mod handled;
mod print;
mod raise;

use std::ptr::NonNull;

use super::Ctx;
use super::frame::{Frame, Raw};
use super::function::FunctionObject;
use crate::code::classic;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::classic::{CLASSOBJ, divide as divide_instances, instance::InstanceObject};
use crate::objects::protocol::number::BinaryOp;
use crate::objects::{FloatObject, IntObject, PyResult, TupleObject, TypeFlags, names, types};

pub use print::{end_line, write_object};

/// Carries out one operation on the value stack whose top is `sp`.
///
/// # Safety
/// The stack holds what [`classic`] says for the operation; slots that are not named as possibly empty are not.
pub(super) unsafe fn operate(cx: Ctx, frame: *mut Frame, operation: u32, sp: &mut *mut Raw) -> PyResult<()> {
    let mut take = || {
        // SAFETY: promised by the caller; each value taken is owned by its slot.
        unsafe {
            *sp = sp.sub(1);
            NonNull::new(**sp).map(|value| Ref::<Object>::from_owned(value))
        }
    };
    let mut value = || take().unwrap_or_else(|| cx.none());
    let result = match operation {
        classic::PRINT_ITEM => {
            let item = value();
            let out = print::stdout(cx)?;
            print::item(cx, &out, &item)?;
            None
        }
        classic::PRINT_NEWLINE => {
            let out = print::stdout(cx)?;
            print::newline(cx, &out)?;
            None
        }
        classic::PRINT_ITEM_TO => {
            let item = value();
            let out = value();
            let target = if cx.is_none(&out) { print::stdout(cx)? } else { out.clone() };
            let printed = print::item(cx, &target, &item);
            drop(item);
            // The file stays for the next item, also when this one failed: the handler pops it.
            push(sp, out);
            return printed;
        }
        classic::PRINT_NEWLINE_TO => {
            let out = value();
            let target = if cx.is_none(&out) { print::stdout(cx)? } else { out };
            print::newline(cx, &target)?;
            None
        }
        classic::PRINT_DONE | classic::DROP_TRACEBACK => {
            drop(value());
            (operation == classic::DROP_TRACEBACK).then(|| cx.none())
        }
        classic::EXEC => {
            let (locals, globals, code) = (value(), value(), value());
            // SAFETY: the frame is running.
            unsafe { exec(cx, frame, code, globals, locals)? };
            None
        }
        classic::REPR => {
            let object = value();
            Some(cx.repr(&object)?.into_object())
        }
        classic::PREPARE_RAISE => {
            let ty = value();
            Some(raise::prepare(cx, ty, None, None)?)
        }
        classic::PREPARE_RAISE_VALUE => {
            let (argument, ty) = (value(), value());
            Some(raise::prepare(cx, ty, Some(argument), None)?)
        }
        classic::PREPARE_RAISE_TRACEBACK => {
            let (traceback, argument, ty) = (value(), value(), value());
            Some(raise::prepare(cx, ty, Some(argument), Some(traceback))?)
        }
        classic::DIVIDE | classic::INPLACE_DIVIDE => {
            let (b, a) = (value(), value());
            let quotient = divide(cx, &a, &b, operation == classic::INPLACE_DIVIDE);
            drop(a);
            drop(b);
            Some(quotient?)
        }
        classic::GET_SLICE => {
            let (to, from) = (take(), take());
            let object = take().unwrap_or_else(|| cx.none());
            Some(get_slice(cx, &object, from, to)?)
        }
        classic::SET_SLICE => {
            let (to, from) = (take(), take());
            let object = take().unwrap_or_else(|| cx.none());
            let assigned = take();
            set_slice(cx, &object, from, to, assigned)?;
            None
        }
        classic::DELETE_SLICE => {
            let (to, from) = (take(), take());
            let object = take().unwrap_or_else(|| cx.none());
            set_slice(cx, &object, from, to, None)?;
            None
        }
        classic::BUILD_CLASS => {
            let (body, bases, name) = (value(), value(), value());
            Some(build_class(cx, name, bases, body)?)
        }
        classic::PUSH_FINALLY => {
            let exception = value();
            push(sp, handled::set_aside(cx, &exception));
            Some(exception)
        }
        size if size >= classic::NEW_MAP => {
            let room = (size - classic::NEW_MAP) as usize;
            Some(crate::objects::DictObject::with_capacity(cx, room, false)?.into_object())
        }
        _ => return Err(cx.system_error("unknown classic operation")),
    };
    if let Some(result) = result {
        push(sp, result);
    }
    Ok(())
}

fn push(sp: &mut *mut Raw, value: Ref) {
    // SAFETY: the operation has just taken at least as many values as it gives.
    unsafe {
        **sp = value.into_raw().as_ptr();
        *sp = sp.add(1);
    }
}

/// `a / b`: the floor for whole numbers, `__div__` for objects that have it.
fn divide(cx: Ctx, a: &Object, b: &Object, inplace: bool) -> PyResult {
    let whole = |object: &Object| object.downcast::<IntObject>().is_some();
    if whole(a) && whole(b) {
        return cx.binary_op(BinaryOp::FloorDivide, a, b);
    }
    if InstanceObject::from(a).is_some() || InstanceObject::from(b).is_some() {
        let result = divide_instances(cx, a, b, inplace)?;
        if !cx.is_not_implemented(&result) {
            return Ok(result);
        }
        return Err(division_error(cx, a, b));
    }
    let user = |object: &Object| object.ty().has_flag(TypeFlags::HEAPTYPE);
    if user(a) || user(b) {
        let calls =
            [(a, b, if inplace { "__idiv__" } else { "__div__" }), (a, b, "__div__"), (b, a, "__rdiv__")];
        for (object, other, name) in calls {
            if let Some(method) = cx.lookup_special(object, &cx.intern(name))? {
                let result = cx.call1(&method, other)?;
                if !cx.is_not_implemented(&result) {
                    return Ok(result);
                }
            }
        }
    }
    let number = |object: &Object| whole(object) || object.downcast::<FloatObject>().is_some();
    if number(a) && number(b)
        || a.ty().slots().nb_true_divide.is_some()
        || b.ty().slots().nb_true_divide.is_some()
    {
        return cx.binary_op(BinaryOp::TrueDivide, a, b);
    }
    Err(division_error(cx, a, b))
}

fn division_error(cx: Ctx, a: &Object, b: &Object) -> crate::objects::Raised {
    cx.type_error(format!(
        "unsupported operand type(s) for /: '{}' and '{}'",
        a.ty().tp_name(),
        b.ty().tp_name()
    ))
}

/// The method that answers a plain slice for an object made by a class, if the bounds suit it.
fn slice_method(cx: Ctx, object: &Object, name: &str, bounds: [Option<&Ref>; 2]) -> PyResult<Option<Ref>> {
    let whole = |bound: Option<&Ref>| bound.is_none_or(|bound| bound.ty().slots().nb_index.is_some());
    if !bounds.into_iter().all(whole) {
        return Ok(None);
    }
    if let Some(instance) = InstanceObject::from(object) {
        return instance.special(cx, name);
    }
    if object.ty().has_flag(TypeFlags::HEAPTYPE) {
        return cx.lookup_special(object, &cx.intern(name));
    }
    Ok(None)
}

/// The bounds as `__getslice__` gets them: 0 and `sys.maxint` for those left out, negative ones from the end.
fn slice_arguments(cx: Ctx, object: &Object, from: Option<Ref>, to: Option<Ref>) -> PyResult<Vec<Ref>> {
    let mut bounds = Vec::new();
    for (bound, default) in [(from, 0), (to, i64::MAX)] {
        let mut number = match bound {
            None => default,
            Some(bound) => cx.index_clipped(&bound)? as i64,
        };
        if number < 0 {
            number += cx.len(object)? as i64;
        }
        bounds.push(cx.new_int(number));
    }
    Ok(bounds)
}

fn slice_object(cx: Ctx, from: Option<Ref>, to: Option<Ref>) -> Ref {
    let or_none = |bound: Option<Ref>| bound.unwrap_or_else(|| cx.none());
    crate::objects::slice::new_slice(or_none(from), or_none(to), cx.none()).into_object()
}

fn get_slice(cx: Ctx, object: &Object, from: Option<Ref>, to: Option<Ref>) -> PyResult {
    if let Some(method) = slice_method(cx, object, "__getslice__", [from.as_ref(), to.as_ref()])? {
        let args = slice_arguments(cx, object, from, to)?;
        return cx.call(&method, &args);
    }
    cx.get_item(object, &slice_object(cx, from, to))
}

fn set_slice(
    cx: Ctx,
    object: &Object,
    from: Option<Ref>,
    to: Option<Ref>,
    value: Option<Ref>,
) -> PyResult<()> {
    let name = if value.is_some() { "__setslice__" } else { "__delslice__" };
    if let Some(method) = slice_method(cx, object, name, [from.as_ref(), to.as_ref()])? {
        let mut args = slice_arguments(cx, object, from, to)?;
        args.extend(value);
        return cx.call(&method, &args).map(drop);
    }
    cx.set_item(object, &slice_object(cx, from, to), value.as_deref())
}

/// A `class` statement: runs the body, finds the metaclass, calls it.
fn build_class(cx: Ctx, name: Ref, bases: Ref, body: Ref) -> PyResult {
    let Some(function) = body.downcast_exact::<FunctionObject>() else {
        return Err(cx.system_error("the body of a class is a function"));
    };
    let namespace = cx.new_dict();
    super::call_with_locals(cx, function, crate::objects::Args::EMPTY, Some(namespace.to_object()))?;
    drop(body);
    let hook = cx.intern("__metaclass__");
    let metaclass = match namespace.get_str(cx, &hook) {
        Some(metaclass) => metaclass,
        None => match bases.downcast::<TupleObject>().and_then(|bases| bases.as_slice().first()) {
            Some(base) => match cx.get_attr_opt(base, &names().class)? {
                Some(class) => class,
                None => base.ty().to_object(),
            },
            None => match cx.current_globals().and_then(|globals| globals.get_str(cx, &hook)) {
                Some(metaclass) => metaclass,
                None => CLASSOBJ.get(cx)?.to_object(),
            },
        },
    };
    cx.call(&metaclass, &[name, bases, namespace.into_object()])
}

/// `exec code in globals, locals`. Without namespaces a function's locals are written back.
///
/// # Safety
/// The frame is running.
unsafe fn exec(cx: Ctx, frame: *mut Frame, code: Ref, globals: Ref, locals: Ref) -> PyResult<()> {
    let exec = crate::stdlib::builtins::exec;
    let plain = cx.is_none(&globals);
    exec(cx, &globals, &[code, globals.clone(), locals])?;
    if plain {
        // SAFETY: promised by the caller.
        unsafe { super::frame_object::locals_to_fast(cx, frame, false) };
    }
    Ok(())
}

/// Whether a generator that stands where its frame does would have to run code to end (`PyGen_NeedsFinalizing`).
pub fn needs_finalizing(object: &Object) -> bool {
    if !object.is_exact(types().generator) {
        return false;
    }
    super::generator::stands_in_try(object)
}
