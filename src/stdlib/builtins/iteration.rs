//! Functions that iterate: all, any, min, max, sum, sorted, iter, next.

use crate::memory::{Layout, Object, Ref};
use crate::objects::args::{bind_borrowed, check_count};
use crate::objects::protocol::number::BinaryOp;
use crate::objects::spec::Signature;
use crate::objects::{Args, CompareOp, FloatObject, IntObject, PyResult, exceptions, names, types};
use crate::vm::Ctx;

pub fn all(cx: Ctx, _: &Object, iterable: &Ref) -> PyResult {
    let iterator = cx.iter(iterable)?;
    while let Some(item) = cx.next(&iterator)? {
        if !cx.is_true(&item)? {
            return Ok(cx.bool(false));
        }
    }
    Ok(cx.bool(true))
}

pub fn any(cx: Ctx, _: &Object, iterable: &Ref) -> PyResult {
    let iterator = cx.iter(iterable)?;
    while let Some(item) = cx.next(&iterator)? {
        if cx.is_true(&item)? {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

pub fn iter(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "iter", args, 1, 2)?;
    match args {
        [callable, sentinel] => {
            if callable.ty().slots().call.is_none() {
                return Err(cx.type_error("iter(v, w): v must be callable"));
            }
            Ok(crate::objects::iterators::new_callable_iterator(cx, callable, sentinel)?)
        }
        _ => cx.iter(&args[0]),
    }
}

pub fn next(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "next", args, 1, 2)?;
    let iterator = &args[0];
    let Some(next) = iterator.ty().slots().iternext.filter(|_| cx.is_iterator(iterator)) else {
        return Err(cx.type_error(format_args!("'{}' object is not an iterator", iterator.ty().tp_name())));
    };
    match (next(cx, iterator), args.get(1)) {
        (Ok(Some(item)), _) => Ok(item),
        (Ok(None), Some(default)) => Ok(default.clone()),
        (Ok(None), None) => Err(cx.raise_bare(exceptions().stop_iteration)),
        (Err(raised), Some(default)) if cx.raised_is(&raised, exceptions().stop_iteration) => {
            cx.clear_exception(raised);
            Ok(default.clone())
        }
        (Err(raised), _) => Err(raised),
    }
}

pub fn aiter(cx: Ctx, _: &Object, iterable: &Ref) -> PyResult {
    let Some(get) = iterable.ty().slots().am_aiter else {
        return Err(
            cx.type_error(format_args!("'{}' object is not an async iterable", iterable.ty().tp_name()))
        );
    };
    let iterator = get(cx, iterable)?;
    if iterator.ty().slots().am_anext.is_none() {
        return Err(cx.type_error(format_args!(
            "aiter() returned not an async iterator of type '{}'",
            iterator.ty().tp_name()
        )));
    }
    Ok(iterator)
}

pub fn anext(cx: Ctx, _: &Object, args: &[Ref]) -> PyResult {
    check_count(cx, "anext", args, 1, 2)?;
    let Some(get) = args[0].ty().slots().am_anext else {
        return Err(
            cx.type_error(format_args!("'{}' object is not an async iterator", args[0].ty().tp_name()))
        );
    };
    if args.len() == 2 {
        return Err(cx.type_error("anext() with a default is not supported outside of await"));
    }
    get(cx, &args[0])
}

pub fn max(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    extreme(cx, "max", CompareOp::Gt, args)
}

pub fn min(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    extreme(cx, "min", CompareOp::Lt, args)
}

fn extreme(cx: Ctx, name: &str, op: CompareOp, args: Args<'_>) -> PyResult {
    let mut key = None;
    let mut default = None;
    for (keyword, value) in args.keywords() {
        if keyword.eq_str("key") {
            key = Some(value);
        } else if keyword.eq_str("default") {
            default = Some(value);
        } else {
            return Err(cx.type_error(format_args!(
                "'{}' is an invalid keyword argument for {name}()",
                keyword.to_string_lossy()
            )));
        }
    }
    let key = key.filter(|k| !cx.is_none(k));
    let several = args.pos().len() > 1;
    if args.pos().is_empty() {
        return Err(cx.type_error(format_args!("{name} expected at least 1 argument, got 0")));
    }
    if several && default.is_some() {
        return Err(cx.type_error(format_args!(
            "Cannot specify a default for {name}() with multiple positional arguments"
        )));
    }
    // Several values are the argument tuple itself.
    let source = several.then(|| args.to_tuple(cx).into_object());
    let iterator = cx.iter(source.as_ref().unwrap_or(&args.pos()[0]))?;
    let mut best: Option<(Ref, Ref)> = None;
    while let Some(item) = cx.next(&iterator)? {
        let value = match key {
            Some(key) => cx.call(key, std::slice::from_ref(&item))?,
            None => item.clone(),
        };
        let better = match &best {
            None => true,
            Some((_, known)) => {
                let result = cx.compare(&value, known, op)?;
                cx.is_true(&result)?
            }
        };
        if better {
            best = Some((item, value));
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(cx.value_error(format_args!("{name}() arg is an empty sequence"))),
    }
}

static SUM: Signature = Signature { name: "sum", params: &["", "start"], required: 1, max_positional: 2 };

pub fn sum(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    let mut values = [None, None];
    bind_borrowed(cx, &SUM, args, &mut values)?;
    let [iterable, start] = values;
    let none = cx.none();
    let iterator = cx.iter(iterable.unwrap_or(&none))?;
    let mut total = match start {
        None => cx.new_int(0),
        Some(start) => {
            let wrong = [
                (types().str, "strings [use ''.join(seq) instead]"),
                (types().bytes, "bytes [use b''.join(seq) instead]"),
                (types().bytearray, "bytearray [use b''.join(seq) instead]"),
            ];
            for (ty, what) in wrong {
                if start.is_instance(ty) {
                    return Err(cx.type_error(format_args!("sum() can't sum {what}")));
                }
            }
            start.clone()
        }
    };
    // Ints and floats are summed as machine numbers as long as they are just that.
    while let Some(item) = cx.next(&iterator)? {
        let fast = match (total.downcast_exact::<IntObject>(), item.downcast_exact::<IntObject>()) {
            (Some(a), Some(b)) => match (a.as_i64(), b.as_i64()) {
                (Some(a), Some(b)) => a.checked_add(b).map(|sum| cx.new_int(sum)),
                _ => None,
            },
            _ => match (total.downcast_exact::<FloatObject>(), item.downcast_exact::<FloatObject>()) {
                (Some(a), Some(b)) => Some(cx.new_float(a.value + b.value)),
                _ => None,
            },
        };
        total = match fast {
            Some(sum) => sum,
            None => cx.binary_op(BinaryOp::Add, &total, &item)?,
        };
    }
    Ok(total)
}

pub fn sorted(cx: Ctx, _: &Object, args: Args<'_>) -> PyResult {
    check_count(cx, "sorted", args.pos(), 1, 1)?;
    let list = cx.new_list(Vec::new())?;
    list.extend(cx, &args.pos()[0])?;
    let sort = cx.get_attr(list.as_object(), &names().sort)?;
    cx.call_args(&sort, Args::new(&args.all()[1..], args.names()))?;
    Ok(list.into_object())
}
